"""Files handed in: what is known of each; the content lies in the store under its sha-256."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models.people import Organisation


class StoredFile(models.Model):
    """One file an organisation handed in. A withdrawn one is listed and not given out; its content stays for proof."""

    RECORD: ClassVar = "file"
    VISIBILITY: ClassVar = Visibility("files")

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="files")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size_b = models.PositiveBigIntegerField()
    note = models.CharField(max_length=500, blank=True)
    uploaded_by = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first; found by content when a backup is checked."""

        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=("sha256",), name="files_by_content")]

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:12]}"
