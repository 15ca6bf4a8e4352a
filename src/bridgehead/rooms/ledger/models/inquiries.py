"""Requests to several bodies with a question and a day, and the reply of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.rooms.ledger.models import articles
from bridgehead.rooms.ledger.models.coordination import Meeting
from bridgehead.rooms.ledger.models.parts import KEPT


class Inquiry(models.Model):
    """A question that several bodies are asked; each sees it through a `Reply` of its own."""

    class State(models.TextChoices):
        """Whether replies are still taken."""

        OPEN = "open"
        CLOSED = "closed"

    RECORD: ClassVar = "inquiry"
    VISIBILITY: ClassVar = KEPT

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="inquiries")
    title = models.CharField(max_length=200)
    question = models.TextField()
    articles = models.CharField(max_length=articles.LONGEST, blank=True)
    given_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The latest first."""

        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(due_on__gte=F("given_on")), name="inquiry_due_after_it_is_made"),
        ]

    def __str__(self) -> str:
        return self.title


class Reply(models.Model):
    """What one body answered, or that it has not yet; with how often it was reminded, and when last."""

    RECORD: ClassVar = "reply"
    VISIBILITY: ClassVar = KEPT

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="replies")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)
    answered_by = models.BigIntegerField(null=True)
    reminders = models.PositiveIntegerField(default=0)
    reminded_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """A body is asked once; who has not answered is read from an index."""

        ordering = ("inquiry_id", "id")
        indexes: ClassVar = [
            models.Index(fields=("office",), condition=Q(answered_on=None), name="replies_that_are_owed"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("inquiry", "office"), name="one_reply_of_a_body"),
            models.CheckConstraint(condition=Q(answered_on=None) | ~Q(text=""), name="an_answer_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.office_id}"
