"""Tasks: who is to do what by when, made of milestones, targets and sub-tasks; and how each stood on any day."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.rooms.ledger.models.duties import Duty
from bridgehead.rooms.ledger.models.parts import KEPT, Part

FOREVER = date(9999, 12, 31)


class Task(models.Model):
    """Something an organisation is to do by a day.

    ``owner`` gave it, ``office`` leads it. ``due_on``, ``done_on``, ``met_on`` and ``share`` are what its spells say of
    now: they follow from its terms and from evidence, and nobody sets them. It is done on the day the last evidence it
    needs is accepted, and was met on the day that was handed in; one that was met and is not done waits for acceptance.
    ``matter`` names what it was given for, where that is no duty: ``decision 12``, ``problem 3``.
    """

    class State(models.TextChoices):
        """Whether it still counts."""

        OPEN = "open"
        ENDED = "ended"

    RECORD: ClassVar = "ledger_task"
    VISIBILITY: ClassVar = KEPT

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="subtasks")
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, related_name="tasks", db_index=False)
    article = models.PositiveIntegerField(null=True)
    matter = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    what = models.TextField(blank=True)
    period = models.CharField(max_length=20, blank=True)
    weight = models.DecimalField(max_digits=9, decimal_places=4, default=1)
    given_on = models.DateField()
    due_on = models.DateField()
    term = models.CharField(max_length=8, blank=True)
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    ended_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    met_on = models.DateField(null=True)
    share = models.DecimalField(max_digits=7, decimal_places=6, default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """What is due first."""

        ordering = ("due_on", "id")
        indexes: ClassVar = [
            # Holds all that is counted for a duty, and who may see it.
            models.Index(
                fields=("duty", "state", "done_on", "due_on", "owner", "office"),
                condition=Q(duty__isnull=False),
                name="tasks_of_a_duty",
            ),
            models.Index(fields=("article",), name="tasks_of_an_article"),
            models.Index(fields=("matter",), condition=~Q(matter=""), name="tasks_of_a_matter"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(due_on__gte=F("given_on")), name="task_due_after_it_is_given"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="no_task_is_a_part_of_itself"),
        ]

    def __str__(self) -> str:
        return self.title


class TaskPart(models.Model):
    """An organisation that has a part in a task besides who leads it; it sees the task and hands in evidence.

    One that left keeps its row, with the day from which it has no part any more.
    """

    RECORD: ClassVar = "task_part"
    VISIBILITY: ClassVar = KEPT

    task = models.ForeignKey(Task, models.PROTECT, related_name="parts")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One part of an organisation in a task."""

        ordering = ("task_id", "part", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("task", "office"), condition=Q(left_on=None), name="one_part_in_a_task")
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.part} {self.office_id}"


class Milestone(models.Model):
    """A point a task passes, reached when evidence of it was accepted; one that was dropped counts no more."""

    RECORD: ClassVar = "milestone"
    VISIBILITY: ClassVar = KEPT

    task = models.ForeignKey(Task, models.PROTECT, related_name="milestones")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    weight = models.DecimalField(max_digits=9, decimal_places=4, default=1)
    dropped_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order they were set."""

        ordering = ("task_id", "id")
        indexes: ClassVar = [models.Index(fields=("due_on", "task"), name="milestones_due")]

    def __str__(self) -> str:
        return self.title


class Target(models.Model):
    """A figure a task is to reach: from a baseline to a goal, in the unit of its indicator; or one that was dropped."""

    RECORD: ClassVar = "target"
    VISIBILITY: ClassVar = KEPT

    task = models.ForeignKey(Task, models.PROTECT, related_name="targets")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=60)
    baseline = models.DecimalField(max_digits=20, decimal_places=6)
    goal = models.DecimalField(max_digits=20, decimal_places=6)
    unit = models.CharField(max_length=20)
    weight = models.DecimalField(max_digits=9, decimal_places=4, default=1)
    dropped_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One target of an indicator in a task."""

        ordering = ("task_id", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("task", "indicator"), condition=Q(dropped_on=None), name="one_target_an_indicator"
            )
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.indicator}"


class Spell(models.Model):
    """How a task stood over a span of days: derived from its terms, its lead, what it is a part of, and evidence.

    From ``from_on`` up to, not with, ``until_on``. A board of any day reads the spells of that day and nothing else.
    """

    VISIBILITY: ClassVar = KEPT

    task = models.ForeignKey(Task, models.CASCADE, related_name="spells", db_index=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    parent = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="+", db_index=False)
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, related_name="+", db_index=False)
    article = models.PositiveIntegerField(null=True)
    from_on = models.DateField()
    until_on = models.DateField(default=FOREVER)
    due_on = models.DateField()
    owed = models.BooleanField()
    done_on = models.DateField(null=True)
    met_on = models.DateField(null=True)
    share = models.DecimalField(max_digits=7, decimal_places=6)

    class Meta:
        """In time; what is owed on a day is read from an index alone, what stands today in the order of its due day."""

        ordering = ("task_id", "from_on")
        # No other index of what is owed: with one of the owner or the office, a database reads the table row by row.
        indexes: ClassVar = [
            models.Index(
                fields=("until_on", "due_on", "task", "office", "owner", "article", "from_on", "owed", "met_on"),
                condition=Q(owed=True),
                name="owed_on",
            ),
            models.Index(
                fields=("office", "done_on", "until_on", "from_on", "met_on", "due_on", "owner"),
                condition=Q(done_on__isnull=False),
                name="done_by",
            ),
            models.Index(
                fields=("duty", "until_on", "from_on", "owed", "done_on", "due_on", "met_on", "owner", "office"),
                condition=Q(duty__isnull=False),
                name="spells_of_a_duty",
            ),
            models.Index(fields=("parent", "until_on"), condition=Q(parent__isnull=False), name="parts_on"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("task", "from_on"), name="one_spell_of_a_day"),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="spell_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.from_on} {self.until_on}"


class Escalation(models.Model):
    """A rung of the ladder that was taken because something was late for the term it had then.

    ``to`` is whom it is addressed to, ``to_text`` that in words where the register of organisations has them not.
    ``number`` is that of its paper among those of its kind and year; ``early_why`` says why it was taken before the
    term of the rung before had run.
    """

    RECORD: ClassVar = "escalation"
    VISIBILITY: ClassVar = KEPT

    task = models.ForeignKey(Task, models.PROTECT, related_name="escalations")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    ladder = models.CharField(max_length=40)
    rung = models.CharField(max_length=40)
    due_on = models.DateField()
    taken_on = models.DateField()
    to = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    to_text = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    early_why = models.CharField(max_length=500, blank=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In time; a rung once for a term, with a number of its own, addressed to somebody."""

        ordering = ("task_id", "taken_on", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("task", "due_on", "rung"), name="one_rung_for_a_term"),
            models.UniqueConstraint(fields=("owner", "rung", "year", "number"), name="one_number_for_a_rung"),
            models.CheckConstraint(
                condition=Q(to__isnull=False) | ~Q(to_text=""), name="a_rung_is_addressed_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.rung} {self.taken_on}"

    @property
    def addressee(self) -> str:
        """Whom it is addressed to, in the language of the request."""
        return self.to.name(language()) if self.to is not None else self.to_text


class ClosedPeriod(models.Model):
    """A period whose records are closed: nothing is handed in for it, accepted or entered until it is opened again."""

    RECORD: ClassVar = "closed_period"
    VISIBILITY: ClassVar = KEPT

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    period = models.CharField(max_length=20)
    first_on = models.DateField()
    last_on = models.DateField()
    closed_on = models.DateField()
    opened_on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The latest first; a period is closed once."""

        ordering = ("-last_on", "-first_on", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("owner", "period"), condition=Q(opened_on=None), name="a_period_is_closed_once"
            ),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="period_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.period
