"""Imports: one row for each table somebody handed in, with the preview it was shown as and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models.people import Organisation


class ImportRun(models.Model):
    """One table handed in for import: the preview first, then whether it was applied.

    ``preview`` is what was shown, as JSON; it stays out of the journal, where each changed record has its own entry.
    ``fingerprint`` is that of the state it was previewed against.
    """

    class State(models.TextChoices):
        """Where an import stands."""

        PREVIEWED = "previewed"
        REFUSED = "refused"
        STALE = "stale"
        APPLIED = "applied"

    RECORD: ClassVar = "import"
    LEFT_OUT: ClassVar = ("preview",)
    VISIBILITY: ClassVar = Visibility("imports")

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="imports")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    file_kind = models.CharField(max_length=16)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size_b = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64)
    preview = models.JSONField()
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    applied_by = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first; found by content when a backup is checked."""

        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=("sha256",), name="imports_by_content")]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"
