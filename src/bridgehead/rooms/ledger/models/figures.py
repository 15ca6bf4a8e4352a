"""Figures: what an organisation reports for an indicator and a period, with everything it said before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.models import Organisation
from bridgehead.kernel.source import Standing
from bridgehead.rooms.ledger.models.parts import KEPT


class Figure(models.Model):
    """One value of an indicator for a period, as an organisation reported it from a source.

    ``office`` reports it, ``owner`` keeps it. A revision is another figure that replaces this one; both stay, and
    ``ended_at`` says since when one no longer holds. Figures of other organisations or sources for the same period
    stand beside it; ``counts`` marks the one that the coordination office lets count, and ``why`` says on what ground.
    ``value`` is in the unit of the indicator, ``given`` and ``given_unit`` are what was typed.
    """

    RECORD: ClassVar = "figure"
    VISIBILITY: ClassVar = KEPT

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=60)
    place = models.CharField(max_length=60, blank=True)
    period = models.CharField(max_length=20)
    first_on = models.DateField()
    last_on = models.DateField()
    value = models.DecimalField(max_digits=28, decimal_places=10)
    unit = models.CharField(max_length=20)
    given = models.DecimalField(max_digits=28, decimal_places=10)
    given_unit = models.CharField(max_length=20)
    standing = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Standing])
    source = models.CharField(max_length=300)
    source_on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    author_id = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    ended_at = models.DateTimeField(null=True)
    withdrawn = models.BooleanField(default=False)
    counts = models.BooleanField(default=False)
    why = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By period; what holds now is read from an index by indicator and by office."""

        ordering = ("indicator", "-last_on", "first_on", "id")
        indexes: ClassVar = [
            models.Index(fields=("indicator", "last_on"), condition=Q(ended_at=None), name="figures_that_hold"),
            models.Index(fields=("office", "last_on"), condition=Q(ended_at=None), name="figures_of_an_office"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("office", "indicator", "place", "period", "source"),
                condition=Q(ended_at=None),
                name="one_figure_of_a_source",
            ),
            models.UniqueConstraint(
                fields=("indicator", "place", "period"),
                condition=Q(ended_at=None, counts=True),
                name="one_figure_counts",
            ),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="figure_period_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"
