"""What the ground keeps in the database."""

from __future__ import annotations

from django.db import models


class RegionEdition(models.Model):
    """A region's content that was served, and since when: one row per content and version of the platform."""

    region = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    loaded_at = models.DateTimeField()

    class Meta:
        """One row per content and version, newest first."""

        constraints = [  # noqa: RUF012 - Django reads a plain list
            models.UniqueConstraint(fields=("region", "content_hash", "version"), name="one_row_per_edition"),
        ]
        ordering = ("-loaded_at", "-id")

    def __str__(self) -> str:
        return f"{self.region} {self.content_hash[:12]} ({self.version})"
