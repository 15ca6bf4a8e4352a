"""Supervision by the congress: cases with frozen clocks, their steps, opinions, votes and extensions."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.rooms.ledger.models.parts import KEPT


class SupervisionCase(models.Model):
    """One case of supervision, gone through step by step.

    ``owner`` is the congress, ``office`` the body that answers. ``steps`` is JSON with the steps of the template and
    the clocks of the body as they were on the day it was opened: what the tables say later moves no running clock.
    ``waits``, ``waits_for``, ``due_on`` and ``provisional`` say which step is next and who owes it by when; they follow
    from the steps that were taken, and nobody sets them.
    """

    class State(models.TextChoices):
        """Whether something is still to be done."""

        OPEN = "open"
        CLOSED = "closed"

    RECORD: ClassVar = "supervision_case"
    VISIBILITY: ClassVar = KEPT

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    template = models.CharField(max_length=60)
    template_zh = models.CharField(max_length=100)
    template_en = models.CharField(max_length=100)
    valid_from = models.DateField(null=True)
    steps = models.JSONField()
    articles = models.JSONField(default=list)
    opened_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    waits = models.CharField(max_length=60, blank=True)
    waits_for = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)
    author_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """What is due first; what a body owes is read from an index."""

        ordering = (F("due_on").asc(nulls_last=True), "id")
        indexes: ClassVar = [
            models.Index(fields=("waits_for", "due_on"), condition=Q(state="open"), name="supervision_owed_by"),
        ]

    def __str__(self) -> str:
        return self.title


class CaseEvent(models.Model):
    """A step that was taken: on which day, how it ended, with what paper. ``taken`` is the so-many-th time.

    ``on`` is what the side that owed it says, ``recorded_on`` the day it said so, ``received_on`` what the congress
    says of a step it was owed. ``despite`` says why the case went on while opinions were open.
    """

    RECORD: ClassVar = "supervision_event"
    VISIBILITY: ClassVar = KEPT

    case = models.ForeignKey(SupervisionCase, models.PROTECT, related_name="events")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    step = models.CharField(max_length=60)
    taken = models.PositiveIntegerField()
    on = models.DateField()
    recorded_on = models.DateField()
    received_on = models.DateField(null=True)
    received_by = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    summary = models.TextField(blank=True)
    despite = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    author_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order they were taken; a step once each time it is its turn."""

        ordering = ("case_id", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("case", "step", "taken"), name="a_step_is_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step} {self.on}"

    @property
    def counts_on(self) -> date:
        """The day that clocks go by: that of its receipt where it was confirmed, else the day it says itself."""
        return self.received_on or self.on


class Vote(models.Model):
    """The votes counted at a step. What came of them is worked out and stands with the step."""

    RECORD: ClassVar = "supervision_vote"
    VISIBILITY: ClassVar = KEPT

    event = models.OneToOneField(CaseEvent, models.PROTECT, related_name="vote")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    satisfied = models.PositiveIntegerField()
    basically_satisfied = models.PositiveIntegerField()
    not_satisfied = models.PositiveIntegerField()
    abstained = models.PositiveIntegerField()
    members = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """No more votes than members."""

        ordering = ("event_id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    members__gte=F("satisfied") + F("basically_satisfied") + F("not_satisfied") + F("abstained")
                ),
                name="no_more_votes_than_members",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.satisfied}/{self.members}"


class Opinion(models.Model):
    """One opinion of the deliberation, the body that handles it, what that body answered and what became of it.

    ``matter`` repeats the title of the case, which the body that handles the opinion need not see.
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open"
        ANSWERED = "answered"
        ACCEPTED = "accepted"
        RETURNED = "returned"

    RECORD: ClassVar = "supervision_opinion"
    VISIBILITY: ClassVar = KEPT

    case = models.ForeignKey(SupervisionCase, models.PROTECT, related_name="opinions")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    matter = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    text = models.TextField()
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    author_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By case and number; nobody decides on an answer of their own."""

        ordering = ("case_id", "number")
        indexes: ClassVar = [
            models.Index(fields=("office", "due_on"), condition=~Q(state="accepted"), name="opinions_owed_by"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("case", "number"), name="one_opinion_of_a_number"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(author_id=None) | ~Q(decided_by=F("author_id")),
                name="nobody_decides_on_their_own_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter} {self.number}"


class CaseExtension(models.Model):
    """A request in writing to extend the term of a step, and what the congress said to it."""

    class State(models.TextChoices):
        """What became of it."""

        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"

    RECORD: ClassVar = "supervision_extension"
    VISIBILITY: ClassVar = KEPT

    case = models.ForeignKey(SupervisionCase, models.PROTECT, related_name="extensions")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    step = models.CharField(max_length=60)
    taken = models.PositiveIntegerField()
    until = models.DateField()
    reason = models.CharField(max_length=500)
    asked_on = models.DateField()
    author_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    decided_on = models.DateField(null=True)
    decided_by = models.BigIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order they were asked for; one waits at a time, and nobody grants their own."""

        ordering = ("case_id", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("case",), condition=Q(state="asked"), name="one_extension_waits"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(author_id=None) | ~Q(decided_by=F("author_id")),
                name="nobody_grants_their_own_extension",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step} {self.until}"
