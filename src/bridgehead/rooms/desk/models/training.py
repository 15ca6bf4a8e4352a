"""Training: sessions an office holds, and who takes part in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.models.cases import Case

OFFERED = Visibility("services", offices=(), public="is_open")
"""Everybody sees what an office offers; the office itself what it has not opened yet or took back."""


class TrainingSession(models.Model):
    """One session: when, where or under which link, in which language, for how many.

    ``texts`` are ``title``, ``gist`` and ``place`` by language. The link is for those who take part.
    """

    class State(models.TextChoices):
        """How far it is."""

        PLANNED = "planned"
        HELD = "held"
        CANCELLED = "cancelled"

    RECORD: ClassVar = "training_session"
    VISIBILITY: ClassVar = OFFERED

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    texts = models.JSONField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    link = models.URLField(max_length=300, blank=True)
    language = models.CharField(max_length=2)
    seats = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(max_length=500, blank=True)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By when they begin."""

        ordering = ("starts_at", "id")
        indexes: ClassVar = [models.Index(fields=("starts_at",), name="training_by_its_beginning")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_session_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="a_session_has_seats"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="a_session_is_cancelled_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.starts_at}"


class TrainingPlace(models.Model):
    """Somebody's place in a session: one of a firm's people, or a partner without an account.

    ``office`` holds the session; ``owner`` is the firm, None for a partner, whom number and code find again. The code
    is kept as a digest only, and the e-mail address only until the session is over. ``certificate`` is the number of
    the paper somebody got who attended. ``case`` is the request for training that was answered with it, if one was.
    """

    class State(models.TextChoices):
        """Whether there is a seat."""

        TAKEN = "taken"
        WAITING = "waiting"
        GIVEN_UP = "given_up"

    RECORD: ClassVar = "training_place"
    LEFT_OUT: ClassVar = ("email", "code_hash")
    VISIBILITY: ClassVar = Visibility("cases")

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="places")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+")
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.CharField(max_length=16, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    person_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=100)
    firm_name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=8, choices=State.choices, default=State.TAKEN)
    signed_at = models.DateTimeField()
    attended = models.BooleanField(null=True)
    certificate = models.CharField(max_length=20, unique=True, null=True)
    certified_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order of signing up; a certificate is for somebody who was there."""

        ordering = ("signed_at", "id")
        indexes: ClassVar = [models.Index(fields=("owner", "-signed_at"), name="places_of_a_firm")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(certificate=None, certified_on=None)
                | Q(certificate__isnull=False, certified_on__isnull=False, attended=True),
                name="a_certificate_is_for_who_attended",
            ),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(code_hash="", email=""), name="a_firms_place_needs_no_code"
            ),
        ]

    def __str__(self) -> str:
        return self.number
