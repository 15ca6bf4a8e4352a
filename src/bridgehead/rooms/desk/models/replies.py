"""Public replies: questions on policy that were answered, worded anew without who asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.models.cases import Case
from bridgehead.rooms.desk.models.training import OFFERED


class PublicReply(models.Model):
    """One question with its answer, for everybody, until it ends or is withdrawn.

    ``texts`` are ``question`` and ``answer`` by language; ``policies`` the codes of those it is about, between commas.
    ``writers`` are all who wrote at it; none of them releases it. ``case`` is what it came from: it is told nobody.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft"
        RELEASED = "released"
        WITHDRAWN = "withdrawn"

    RECORD: ClassVar = "public_reply"
    VISIBILITY: ClassVar = OFFERED

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    texts = models.JSONField()
    policies = models.CharField(max_length=600, blank=True)
    expires_on = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    writers = models.JSONField(default=list)
    returned = models.CharField(max_length=500, blank=True)
    written_by = models.BigIntegerField(null=True)
    released_by = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    is_open = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The newest first; nobody releases what they wrote, and a case has one reply at a time."""

        ordering = ("-released_at", "-id")
        indexes: ClassVar = [
            models.Index(
                fields=("expires_on", "-released_at"), condition=Q(is_open=True), name="replies_that_are_open"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(released_by=None) | Q(written_by=None) | ~Q(released_by=F("written_by")),
                name="nobody_releases_their_own_reply",
            ),
            models.CheckConstraint(
                condition=Q(state="released", is_open=True, released_at__isnull=False)
                | Q(state="draft", is_open=False, released_at=None)
                | (Q(state="withdrawn", is_open=False) & ~Q(reason="")),
                name="a_reply_is_open_while_released",
            ),
            models.UniqueConstraint(fields=("case",), condition=~Q(state="withdrawn"), name="one_reply_of_a_case"),
        ]

    def __str__(self) -> str:
        return str(self.texts.get("question", {}).get("zh", self.pk))
