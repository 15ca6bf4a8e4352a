"""Scenarios that people saved, and runs of port models.

What a saved scenario says never changes: a later one supersedes it. So its content hash, and every result stored under
it, holds for good. A run keeps the whole description of the model it was made of, for the same reason.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation

OWNED = Visibility("scenarios", offices=())
"""What a body looks at for itself is its own until it says otherwise."""
RUNS = Visibility("scenarios", offices=(), public="shared")
"""Runs of port models lie open to all officers; pages and operations ask for the permission first."""


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


class PortRun(models.Model):
    """A variant of a port's model with how it is run: ``description`` is the whole model, ``changed`` what differs.

    ``changed`` maps the name of a figure to its value; the description is kept as text, since the order of its classes
    matters and a database may change the order of keys. The result lies in the store under what follows from
    description, ``replications``, ``seed``, ``horizon_d`` and ``warmup_d`` (None finds the warm-up by itself).
    """

    RECORD: ClassVar = "port_run"
    VISIBILITY: ClassVar = RUNS

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    port = models.CharField(max_length=100)
    title = models.CharField(max_length=120)
    changed = models.JSONField()
    description = models.JSONField()
    replications = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    horizon_d = models.FloatField()
    warmup_d = models.FloatField(null=True)
    shared = models.BooleanField(default=True)
    saved_by = models.BigIntegerField(null=True)
    saved_by_name = models.CharField(max_length=200, blank=True)
    saved_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=("port",), name="port_runs_by_port")]

    def __str__(self) -> str:
        return self.title
