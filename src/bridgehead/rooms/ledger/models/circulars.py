"""Circulars as they were issued: of a month, or a half-year beside the same one of the year before."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from bridgehead.ground.models import Organisation
from bridgehead.rooms.ledger.models.parts import KEPT


class Circular(models.Model):
    """A circular: what the records said of a period on the day it was issued, frozen with its number.

    It never changes: a second writing is refused, and ``sha256`` in the journal is that of what it said.
    """

    class Kind(models.TextChoices):
        """Of which period."""

        MONTH = "month"
        HALF = "half"

    RECORD: ClassVar = "circular"
    VISIBILITY: ClassVar = KEPT
    LEFT_OUT: ClassVar = ("content",)
    DIGEST_OF: ClassVar = ("content",)

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    period = models.CharField(max_length=20)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    foreword = models.TextField(blank=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    issued_on = models.DateField()
    issued_by = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The latest first; a period is told once, a number given once a year."""

        ordering = ("-issued_on", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("owner", "period"), name="one_circular_of_a_period"),
            models.UniqueConstraint(fields=("owner", "year", "number"), name="one_circular_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number} {self.period}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it the first time; what was issued is not written again."""
        if not self._state.adding:
            raise TypeError("a circular that was issued never changes")
        super().save(*args, **kwargs)


class CircularCopy(models.Model):
    """A body a circular is addressed to; it sees it."""

    RECORD: ClassVar = "circular_copy"
    VISIBILITY: ClassVar = KEPT

    circular = models.ForeignKey(Circular, models.PROTECT, related_name="copies")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """A body gets one copy."""

        ordering = ("circular_id", "id")
        constraints: ClassVar = [models.UniqueConstraint(fields=("circular", "office"), name="one_copy_of_a_body")]

    def __str__(self) -> str:
        return f"{self.circular_id} {self.office_id}"
