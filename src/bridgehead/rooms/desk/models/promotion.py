"""Promotion: fairs and who goes there, what firms say of themselves, enquiries from one firm to another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.models.training import OFFERED


class Fair(models.Model):
    """A fair an office takes firms to.

    ``texts`` are ``title``, ``gist``, ``place``, ``organiser`` and ``cost`` by language; without a capacity everybody
    may come.
    """

    class State(models.TextChoices):
        """Whether it takes place."""

        PLANNED = "planned"
        CANCELLED = "cancelled"

    RECORD: ClassVar = "fair"
    VISIBILITY: ClassVar = OFFERED

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    texts = models.JSONField()
    country = models.CharField(max_length=2)
    goods = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    deadline = models.DateField()
    capacity = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=300)
    source_on = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(max_length=500, blank=True)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By when they begin."""

        ordering = ("starts_on", "id")
        indexes: ClassVar = [models.Index(fields=("ends_on",), name="fairs_by_their_end")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), deadline__lte=F("ends_on")),
                name="a_fair_has_its_days_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="a_fair_is_cancelled_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.starts_on}"


class FairEntry(models.Model):
    """A firm that goes to a fair, or waits for room; ``office`` is the one that takes it there."""

    class State(models.TextChoices):
        """Whether there is room."""

        TAKEN = "taken"
        WAITING = "waiting"
        GIVEN_UP = "given_up"

    RECORD: ClassVar = "fair_entry"
    VISIBILITY: ClassVar = Visibility("cases")

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="entries")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    brings = models.CharField(max_length=500)
    contact = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.TAKEN)
    signed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order of signing up; a firm goes to a fair once."""

        ordering = ("signed_at", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("fair", "owner"), condition=~Q(state="given_up"), name="a_firm_goes_to_a_fair_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair_id} {self.owner_id}"


class FirmCard(models.Model):
    """What a firm says of itself to others: in public only where it says so.

    ``texts`` are ``title`` (its name), ``makes``, ``buys`` and ``gist`` by language; ``languages`` those in which it
    can be written to.
    """

    RECORD: ClassVar = "firm_card"
    VISIBILITY: ClassVar = Visibility("cases", offices=(), public="is_open")

    owner = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    texts = models.JSONField()
    goods = models.CharField(max_length=200, blank=True)
    countries = models.CharField(max_length=200, blank=True)
    languages = models.JSONField(default=list)
    is_open = models.BooleanField(default=False)
    changed_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The newest first."""

        ordering = ("-changed_on", "-id")

    def __str__(self) -> str:
        return str(self.owner_id)


class Enquiry(models.Model):
    """What one firm asks another. How to reach either is shown to the other only once it was accepted."""

    class State(models.TextChoices):
        """What became of it."""

        SENT = "sent"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    RECORD: ClassVar = "enquiry"
    LEFT_OUT: ClassVar = ("contact", "contact_there")
    VISIBILITY: ClassVar = Visibility("cases", owners=("owner_id", "to_id"), offices=())

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    to = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    text = models.TextField()
    contact = models.CharField(max_length=200)
    contact_there = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENT)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The newest first; nobody asks themselves."""

        ordering = ("-sent_at", "-id")
        indexes: ClassVar = [
            models.Index(fields=("to", "-sent_at"), name="enquiries_to_a_firm"),
            models.Index(fields=("owner", "-sent_at"), name="enquiries_of_a_firm"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(owner=F("to")), name="no_firm_asks_itself"),
            models.CheckConstraint(
                condition=Q(state="accepted", answered_at__isnull=False) & ~Q(contact_there="")
                | Q(state__in=("sent", "declined"), contact_there=""),
                name="who_accepts_says_how_to_reach_them",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.to_id}"
