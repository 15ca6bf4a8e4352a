"""Scenarios that people saved, and the runs of them.

What a saved scenario says never changes: a later one supersedes it. So its content hash, and every result stored under
it, holds for good.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation

OWNED = Visibility("scenarios", offices=())
"""What a body looks at for itself is its own until it says otherwise."""


class Scenario(models.Model):
    """A scenario as somebody saved it: ``edits`` is JSON, a list of edits in their plain form and order.

    ``base_hash`` names the tables it was written on, ``content_hash`` those with year and edits. ``supersedes`` is the
    scenario it stands in the place of.
    """

    RECORD: ClassVar = "scenario"
    VISIBILITY: ClassVar = OWNED

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    base_year = models.PositiveIntegerField()
    edits = models.JSONField()
    base_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    saved_by = models.BigIntegerField(null=True)
    saved_by_name = models.CharField(max_length=200, blank=True)
    saved_at = models.DateTimeField()
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=("content_hash",), name="scenarios_by_content")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(supersedes=models.F("id")), name="no_scenario_supersedes_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ScenarioRun(models.Model):
    """One run of a scenario by the model: where its result lies, how long it took and how exact it is.

    ``shipped`` is the id of a scenario of the region's tables where ``scenario`` is None. ``gap`` is the relative gap
    that was reached.
    """

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked"
        DONE = "done"
        FAILED = "failed"

    RECORD: ClassVar = "scenario_run"
    VISIBILITY: ClassVar = OWNED

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    scenario = models.ForeignKey(Scenario, models.PROTECT, null=True, related_name="runs")
    shipped = models.CharField(max_length=100, blank=True)
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    result_key = models.CharField(max_length=200, blank=True)
    seconds = models.FloatField(null=True)
    gap = models.FloatField(null=True)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=("content_hash",), name="scenario_runs_by_content")]

    def __str__(self) -> str:
        return f"{self.content_hash[:12]} {self.state}"
