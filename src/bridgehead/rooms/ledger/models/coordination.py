"""Meetings of the coordination body, who is asked to them, and what they decide."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.rooms.ledger.models import articles
from bridgehead.rooms.ledger.models.parts import KEPT
from bridgehead.rooms.ledger.models.tasks import Task


class Meeting(models.Model):
    """A meeting: planned for a time, held or cancelled; with its agenda and, when it was held, its minutes.

    Who is asked sees it through an `Attendance` of its own; ``asked`` holds their numbers too, so that a change of them
    is a change of the meeting, which two officers cannot make at once.
    """

    class State(models.TextChoices):
        """What became of it."""

        PLANNED = "planned"
        HELD = "held"
        CANCELLED = "cancelled"

    class Kind(models.TextChoices):
        """Who meets for what."""

        PLENARY = "plenary"
        OFFICE = "office"
        SPECIAL = "special"
        LIAISON = "liaison"

    RECORD: ClassVar = "meeting"
    VISIBILITY: ClassVar = KEPT

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    planned_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    chair = models.CharField(max_length=100, blank=True)
    agenda = models.JSONField(default=list)
    asked = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    minutes = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The latest first."""

        ordering = ("-planned_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(state="held") & ~Q(held_at=None)) | (~Q(state="held") & Q(held_at=None)),
                name="a_held_meeting_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """An organisation that is asked to a meeting, and whether it came; it sees the meeting and what was decided."""

    class State(models.TextChoices):
        """Whether it came."""

        INVITED = "invited"
        ATTENDED = "attended"
        ABSENT = "absent"

    RECORD: ClassVar = "attendance"
    VISIBILITY: ClassVar = KEPT

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.INVITED)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """An organisation is asked to a meeting once."""

        ordering = ("meeting_id", "id")
        constraints: ClassVar = [models.UniqueConstraint(fields=("meeting", "office"), name="one_seat_in_a_meeting")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.office_id} {self.state}"


class Decision(models.Model):
    """What a meeting decided: which organisation owns it, by when, for which articles.

    It becomes a task, and then its progress is that of the task; or it is settled with a note where there is nothing
    to do, or dropped.
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open"
        GIVEN = "given"
        SETTLED = "settled"
        DROPPED = "dropped"

    RECORD: ClassVar = "decision"
    VISIBILITY: ClassVar = KEPT

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    text = models.TextField()
    decided_on = models.DateField()
    due_on = models.DateField()
    articles = models.CharField(max_length=articles.LONGEST, blank=True)
    joint = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order they were taken; what is open is read by day from an index."""

        ordering = ("meeting_id", "number")
        indexes: ClassVar = [
            models.Index(fields=("owner", "decided_on"), name="decisions_by_day"),
            models.Index(fields=("office", "due_on"), condition=Q(state="open"), name="decisions_that_are_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("meeting", "number"), name="one_decision_of_a_number"),
            models.CheckConstraint(condition=Q(due_on__gte=F("decided_on")), name="decision_due_after_it_is_taken"),
            models.CheckConstraint(
                condition=(Q(state="given") & ~Q(task=None)) | (~Q(state="given") & Q(task=None)),
                name="a_given_decision_has_its_task",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class DecisionPart(models.Model):
    """An organisation that joins in what was decided; it sees the decision."""

    RECORD: ClassVar = "decision_part"
    VISIBILITY: ClassVar = KEPT

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="parts")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One part of an organisation in a decision."""

        ordering = ("decision_id", "id")
        constraints: ClassVar = [models.UniqueConstraint(fields=("decision", "office"), name="one_part_in_a_decision")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.office_id}"
