"""Cases: what a firm asked the desk for, everything that happened to it, its files, and drafts that were not lodged."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bridgehead.engines.cases.machine import Outcome
from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.models.firms import FIRMS_OWN

CASES = Visibility("cases", offices=("office_id", "lead_id"))
"""A case is the firm's, and that of the offices that have it now and took it in."""


class Turn(models.IntegerChoices):
    """Whom a case waits for."""

    OFFICE = 0
    TRADER = 1
    NOBODY = 2


class Case(models.Model):
    """One case of a firm: what it asked for, and where it stands by what happened so far.

    ``lead`` is the office that took it in, ``office`` the one that has it. All from ``state`` on but the rating follows
    from the events; it is kept so that lists filter and sort by an index. ``due_at`` is when the next promise runs out
    and ``late_at`` the first moment at which it is broken: both empty while the case waits for the trader, whose time
    runs out at ``next_limit_at``. ``act_by`` is by when whoever it waits for has to act, ``wakes_at`` when the clock
    has something to do next. ``overdue_at`` is the first moment a promise was broken, ``rung`` the rung of the ladder
    furthest up that it stands on. The first answer has a promise, too, until it is given. What it took is known at its
    end: ``in_time`` says whether the promise for the whole case was kept, ``first_in_time`` that for the first answer.
    ``urgent`` is what goes before others by what was filled in, until it ends.
    """

    RECORD: ClassVar = "case"
    VISIBILITY: ClassVar = CASES
    LEFT_OUT: ClassVar = ("form",)

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    form = models.JSONField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=60)
    turn = models.PositiveSmallIntegerField(choices=Turn.choices)
    urgent = models.BooleanField(default=False)
    act_by = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    next_limit_at = models.DateTimeField(null=True)
    wakes_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    rung = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Outcome], blank=True)
    basis = models.JSONField(null=True)
    gross_min = models.PositiveIntegerField(null=True)
    net_min = models.PositiveIntegerField(null=True)
    in_time = models.BooleanField(null=True)
    first_in_time = models.BooleanField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Whoever waits longest first; a refusal names its basis, an end its moment."""

        ordering = ("turn", "act_by", "id")
        indexes: ClassVar = [
            models.Index(fields=("owner", "turn", "act_by", "id"), name="cases_of_a_firm"),
            models.Index(fields=("office", "turn", "-urgent", "act_by", "id"), name="cases_of_an_office"),
            models.Index(fields=("lead", "turn", "-urgent", "act_by", "id"), name="cases_taken_in"),
            models.Index(fields=("turn", "-urgent", "act_by", "id"), name="cases_by_turn"),
            models.Index(fields=("service", "turn", "-urgent", "act_by", "id", "office"), name="cases_of_a_service"),
            models.Index(fields=("wakes_at",), condition=~Q(wakes_at=None), name="cases_the_clock_looks_at"),
            models.Index(
                fields=("service", "ended_at", "net_min", "in_time", "first_in_time", "outcome"), name="cases_measured"
            ),
            models.Index(
                fields=("office", "ended_at", "service", "owner", "rating"),
                condition=~Q(rating=None),
                name="cases_rated",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(outcome="refused") | ~Q(basis=None), name="a_refusal_has_a_basis"),
            models.CheckConstraint(
                condition=Q(turn=Turn.NOBODY, ended_at__isnull=False, outcome__gt="")
                | (~Q(turn=Turn.NOBODY) & Q(ended_at=None, outcome="")),
                name="a_case_that_ended_says_how",
            ),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__range=(1, 5)), name="a_rating_from_1_to_5"),
            models.CheckConstraint(condition=~Q(owner=F("office")), name="nobody_handles_their_own_case"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Its number, such as ``2026-000123``."""
        return f"{timezone.localdate(self.opened_at).year}-{self.pk:06d}"


class CaseEvent(models.Model):
    """One thing that happened to a case, in the order of its number; nothing is ever changed or taken away.

    ``body`` is for whom it was done: the firm, an office, or the broker that acted for the firm; ``role`` as which the
    machine knows them. ``given`` is what a move came with. An inside event is for the offices alone: it has no owner.
    """

    class Kind(models.TextChoices):
        """What happened. The first four are what the clocks are counted from."""

        LODGED = "lodged"
        MOVED = "moved"
        HANDED_OVER = "handed_over"
        EXTENDED = "extended"
        MESSAGE = "message"
        NOTE = "note"
        OVERDUE = "overdue"
        RUNG = "rung"
        RATED = "rated"

    RECORD: ClassVar = "case_event"
    VISIBILITY: ClassVar = CASES

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    role = models.CharField(max_length=10, blank=True)
    body = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    person_id = models.BigIntegerField(null=True)
    move = models.CharField(max_length=60, blank=True)
    to_state = models.CharField(max_length=60, blank=True)
    to_office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    given = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    longer = models.CharField(max_length=10, blank=True)
    stage = models.CharField(max_length=60, blank=True)
    rung = models.CharField(max_length=60, blank=True)

    class Meta:
        """In the order they happened."""

        ordering = ("case_id", "number")
        indexes: ClassVar = [
            models.Index(fields=("kind", "at", "body"), condition=Q(kind="overdue"), name="cases_that_became_overdue"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("case", "number"), name="one_case_event_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number} {self.kind}"

    @property
    def inside(self) -> bool:
        """Whether only the offices see it."""
        return self.owner_id is None


class CaseDraft(models.Model):
    """A form of a service as far as it is filled in: kept for the firm until it is lodged or dropped."""

    RECORD: ClassVar = "case_draft"
    VISIBILITY: ClassVar = FIRMS_OWN
    LEFT_OUT: ClassVar = ("form",)

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    form = models.JSONField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The one changed last first."""

        ordering = ("-changed_at", "-id")
        indexes: ClassVar = [models.Index(fields=("owner", "service"), name="case_drafts_of_a_firm")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.service}"


class CaseFile(models.Model):
    """A file that came with a draft, a case or something said about it; whoever sees that sees the file."""

    RECORD: ClassVar = "case_file"
    VISIBILITY: ClassVar = CASES

    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    draft = models.ForeignKey(CaseDraft, models.SET_NULL, null=True, related_name="files")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="files")
    event = models.ForeignKey(CaseEvent, models.CASCADE, null=True, related_name="files", db_index=False)
    field = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size_b = models.PositiveBigIntegerField()
    uploaded_by = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order they came; found by content when a backup is checked."""

        ordering = ("id",)
        indexes: ClassVar = [models.Index(fields=("sha256",), name="case_files_by_content")]

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:12]}"
