"""What the region publishes of its dossiers, and what the public asks, suggests or complains of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation
from bridgehead.rooms.ledger.models.parts import KEPT

OPEN = Visibility("duties", offices=(), public="is_open")
"""Everybody sees it while it is open; afterwards only the body that published it."""
WAITING = Q(state__in=("new", "routed", "drafted"))
"""Questions somebody has to do something about."""


class Publication(models.Model):
    """A copy of an article's dossier as the public sees it, frozen on the day it was published.

    ``content`` is JSON in both languages; its words are kept once, here: the journal keeps their digest. ``note`` is
    what the body that published it says to the public beside it.
    """

    RECORD: ClassVar = "publication"
    LEFT_OUT: ClassVar = ("content",)
    DIGEST_OF: ClassVar = ("content",)
    VISIBILITY: ClassVar = OPEN

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    article = models.PositiveIntegerField()
    year = models.PositiveIntegerField()
    as_of = models.DateField()
    sections = models.JSONField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True)
    published_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The newest first; one open copy of an article and year."""

        ordering = ("-published_on", "-id")
        indexes: ClassVar = [models.Index(fields=("article", "year"), name="copies_of_an_article")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("owner", "article", "year"), condition=Q(withdrawn_on=None), name="one_open_copy_of_a_year"
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, withdrawn_on=None) | Q(is_open=False, withdrawn_on__isnull=False),
                name="a_copy_is_open_until_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article} {self.year}"


class PublicQuestion(models.Model):
    """What somebody from the public asked: routed to a body, answered by one person and approved by another.

    ``owner`` took it in, ``office`` answers it. The asker needs no account: number and code find it again, and the
    code is kept as a digest only. ``contact`` is erased when the answer is approved. Asked again, the text and the
    answer of the first round stay in ``earlier`` and ``earlier_answer``. ``writers`` are all who wrote at the answer:
    none of them approves it. One that was declined has its reason in ``refusal``; one that asks the same as another
    names it in ``same_as`` and shows its answer.
    """

    class Kind(models.TextChoices):
        """What it is."""

        QUESTION = "question"
        SUGGESTION = "suggestion"
        COMPLAINT = "complaint"

    class State(models.TextChoices):
        """What it waits for: a body, its answer, approval; or how it ended."""

        NEW = "new"
        ROUTED = "routed"
        DRAFTED = "drafted"
        ANSWERED = "answered"
        DECLINED = "declined"
        SAME = "same"

    RECORD: ClassVar = "public_question"
    LEFT_OUT: ClassVar = ("contact", "code_hash")
    VISIBILITY: ClassVar = KEPT

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=16, unique=True)
    code_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    article = models.PositiveIntegerField(null=True)
    text = models.TextField()
    contact = models.CharField(max_length=200, blank=True)
    asked_on = models.DateField()
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    routed_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    drafted_by = models.BigIntegerField(null=True)
    drafted_at = models.DateTimeField(null=True)
    writers = models.JSONField(default=list)
    returned = models.CharField(max_length=500, blank=True)
    approved_by = models.BigIntegerField(null=True)
    answered_on = models.DateField(null=True)
    refusal = models.CharField(max_length=500, blank=True)
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    again_on = models.DateField(null=True)
    earlier = models.TextField(blank=True)
    earlier_answer = models.TextField(blank=True)
    earlier_answered_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """What is due first; what waits is read from an index."""

        ordering = ("due_on", "id")
        indexes: ClassVar = [
            models.Index(fields=("owner", "due_on"), condition=WAITING, name="questions_that_wait"),
            models.Index(fields=("office", "due_on"), condition=WAITING, name="questions_to_answer"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(drafted_by=None) | ~Q(approved_by=F("drafted_by")),
                name="nobody_approves_their_own_answer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("new", "declined", "same")) | Q(office__isnull=False),
                name="a_routed_question_has_a_body",
            ),
            models.CheckConstraint(
                condition=(Q(state="declined") & ~Q(refusal="")) | (~Q(state="declined") & Q(refusal="")),
                name="a_declined_question_has_a_reason",
            ),
            models.CheckConstraint(
                condition=(Q(state="same") & Q(same_as__isnull=False)) | (~Q(state="same") & Q(same_as=None)),
                name="a_question_is_the_same_as_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PublicAnswer(models.Model):
    """An answer everybody may read, beside the question in the words the office gave it: no contact, no name."""

    RECORD: ClassVar = "public_answer"
    VISIBILITY: ClassVar = OPEN

    question = models.ForeignKey(PublicQuestion, models.PROTECT, related_name="published")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    body_zh = models.CharField(max_length=200)
    body_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=PublicQuestion.Kind.choices)
    article = models.PositiveIntegerField(null=True)
    asked = models.TextField()
    answer = models.TextField()
    asked_on = models.DateField()
    answered_on = models.DateField()
    published_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The newest first; an answer is published once."""

        ordering = ("-published_on", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("question", "answered_on"), condition=Q(withdrawn_on=None), name="an_answer_is_published_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.published_on}"
