"""What firms and offices are told: notices, who has read them, and which of them somebody wants by e-mail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation

THEIR_OWN = Visibility("cases", owners=(), offices=(), persons=("person_id",))
"""Somebody's alone."""


class Notice(models.Model):
    """Something the people of a firm or an office are told: its kind, what its sentence needs, and where to look.

    ``person_id`` is the one it is meant for; without it, it is for everybody there. ``page`` is the name of a page
    declaration, ``kwargs`` the values of its path.
    """

    RECORD: ClassVar = "notice"
    LEFT_OUT: ClassVar = ("words",)
    WITHOUT_REASON: ClassVar = True
    """The reason of an act is for those who see what it was done to, who need not be those who are told of it."""
    VISIBILITY: ClassVar = Visibility("cases", offices=())

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    words = models.JSONField(default=dict)
    page = models.CharField(max_length=60, blank=True)
    kwargs = models.JSONField(default=dict)
    told_at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-told_at", "-id")
        indexes: ClassVar = [models.Index(fields=("owner", "-told_at"), name="notices_of_an_organisation")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(kind=""), name="a_notice_has_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.kind}"


class NoticeRead(models.Model):
    """That somebody has read one notice."""

    RECORD: ClassVar = "notice_read"
    VISIBILITY: ClassVar = THEIR_OWN

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    person_id = models.BigIntegerField()

    class Meta:
        """Once is enough."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("person_id", "notice"), name="a_notice_is_read_once_by_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.notice_id}"


class NoticeReader(models.Model):
    """How somebody reads their notices: up to when all are read, and by kind whether they want them by e-mail."""

    RECORD: ClassVar = "notice_reader"
    VISIBILITY: ClassVar = THEIR_OWN

    person_id = models.BigIntegerField(unique=True)
    read_until = models.DateTimeField(null=True)
    mailed = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.person_id)
