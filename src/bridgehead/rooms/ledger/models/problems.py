"""The list of problems: what is wrong, who mends it by when, and each step until it was confirmed as mended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.rooms.ledger.models import articles
from bridgehead.rooms.ledger.models.parts import KEPT


class Problem(models.Model):
    """Something that is to be mended.

    ``owner`` keeps the list it stands in, ``office`` has to mend it. It is closed on a written result of that office,
    and confirmed by somebody other than who asked for it; ``asked_on`` says that it waits for that. ``finding`` is
    the id of what it came from, such as ``finding 7`` of an inspection.
    """

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open"
        MENDING = "mending"
        CLOSED = "closed"
        REOPENED = "reopened"

    class Origin(models.TextChoices):
        """Where it was found."""

        INSPECTION = "inspection"
        COMPLAINT = "complaint"
        MEETING = "meeting"
        REPORT = "report"
        SIGNAL = "signal"

    class Severity(models.TextChoices):
        """How grave it is."""

        GRAVE = "grave"
        SERIOUS = "serious"
        ORDINARY = "ordinary"

    RECORD: ClassVar = "problem"
    VISIBILITY: ClassVar = KEPT

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    what = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    finding = models.CharField(max_length=60, blank=True)
    articles = models.CharField(max_length=articles.LONGEST, blank=True)
    severity = models.CharField(max_length=8, choices=Severity.choices, default=Severity.ORDINARY)
    found_on = models.DateField()
    due_on = models.DateField()
    measures = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    result = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    asked_by = models.BigIntegerField(null=True)
    asked_on = models.DateField(null=True)
    decided_by = models.BigIntegerField(null=True)
    closed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """What is due first; lists and counts by office, day and state are read from an index."""

        ordering = ("due_on", "id")
        indexes: ClassVar = [
            models.Index(fields=("owner", "due_on"), condition=~Q(state="closed"), name="problems_that_run"),
            models.Index(fields=("office", "due_on"), condition=~Q(state="closed"), name="problems_of_an_office"),
            models.Index(fields=("owner", "asked_on"), condition=~Q(asked_on=None), name="problems_that_wait"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("finding",), condition=~Q(finding=""), name="one_problem_of_a_finding"),
            models.CheckConstraint(condition=Q(due_on__gte=F("found_on")), name="problem_due_after_it_is_found"),
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(result="") & ~Q(closed_on=None)),
                name="a_closed_problem_has_a_result",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(decided_by=None) | Q(asked_by=None) | ~Q(decided_by=F("asked_by")),
                name="nobody_confirms_what_they_asked_for",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProblemStep(models.Model):
    """One step in the history of a problem; the last one of a day says how it stood then, by when it was due."""

    class Kind(models.TextChoices):
        """What was done."""

        OPENED = "opened"
        CHANGED = "changed"
        MEASURES = "measures"
        ASKED = "asked"
        RETURNED = "returned"
        CLOSED = "closed"
        REOPENED = "reopened"

    RECORD: ClassVar = "problem_step"
    VISIBILITY: ClassVar = KEPT

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="steps")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField()
    due_on = models.DateField()
    by = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In time."""

        ordering = ("problem_id", "id")
        indexes: ClassVar = [models.Index(fields=("owner", "kind", "on"), name="problem_steps_by_day")]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.kind} {self.on}"
