"""Imported statutes: the laws, their versions, what is read out of them, and what people said about it.

A version is one text as it was handed in; its bytes lie in the store of files. Its provisions, duties and the organs
they name are derived from the text by the rules, and from people's answers: they can be made anew at any time and have
no journal of their own. Answers are records: each is journalled, and survives every new reading and every new version.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation

OPEN = Visibility("statutes", offices=(), public="is_open")
"""Statutes are public; the column is there for those that must not be shown yet."""


class Work(models.Model):
    """One law, whatever its versions. ``is_regulation`` marks the one the region package is built on."""

    RECORD: ClassVar = "statute"
    VISIBILITY: ClassVar = OPEN

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)
    title = models.CharField(max_length=300)
    is_regulation = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The region's own first, then by title."""

        ordering = ("-is_regulation", "title", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("is_regulation",), condition=models.Q(is_regulation=True), name="one_regulation_of_the_region"
            )
        ]

    def __str__(self) -> str:
        return self.title


class StatuteVersion(models.Model):
    """One text of a law as it was handed in, with what its head says and what was counted in it.

    ``effective_on`` is empty where the text names no day; ``effective_rule`` then says by which rule. ``begins_on`` is
    from when this text holds: an amended text names the day the first one came into force, and holds from its last
    amendment; ``begins_given`` says that a person gave the day. ``rules`` is the edition of the rules its duties were
    read by; ``anomalies`` what the reader found odd, as JSON.
    """

    RECORD: ClassVar = "statute_version"
    LEFT_OUT: ClassVar = ("anomalies",)
    VISIBILITY: ClassVar = OPEN

    work = models.ForeignKey(Work, models.PROTECT, related_name="versions")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)
    file_name = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64)
    size_b = models.PositiveBigIntegerField()
    adopted_on = models.DateField(null=True)
    last_event_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    effective_rule = models.CharField(max_length=40, blank=True)
    begins_on = models.DateField(null=True)
    begins_given = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    chapters = models.PositiveIntegerField()
    articles = models.PositiveIntegerField()
    paragraphs = models.PositiveIntegerField()
    duties = models.PositiveIntegerField()
    anomalies = models.JSONField()
    rules = models.CharField(max_length=64)
    imported_by = models.BigIntegerField(null=True)
    imported_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The latest first; one text once."""

        ordering = (models.F("begins_on").desc(nulls_last=True), "-id")
        indexes: ClassVar = [models.Index(fields=("sha256",), name="statutes_by_content")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("sha256",), condition=models.Q(withdrawn_at=None), name="one_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.sha256[:12]}"

    def count_duties(self) -> int:
        """Return how many duties it has, without what a person says is none."""
        return self.duty_rows.exclude(standing=DutyRow.Standing.REJECTED).count()


class Provision(models.Model):
    """One article of a version, for search and for lists: derived."""

    VISIBILITY: ClassVar = OPEN

    statute = models.ForeignKey(StatuteVersion, models.CASCADE, related_name="provisions")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)
    eid = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=40)
    chapter = models.CharField(max_length=200, blank=True)
    text = models.TextField()

    class Meta:
        """In the order of the text."""

        ordering = ("statute", "position")
        constraints: ClassVar = [models.UniqueConstraint(fields=("statute", "eid"), name="one_provision_of_an_id")]

    def __str__(self) -> str:
        return f"{self.statute_id} {self.eid}"


class Answer(models.Model):
    """What a person decided about a duty; found again by the anchor, whatever is read anew.

    ``bearers`` is JSON: a list of ``{"organ", "name", "part"}`` with the parts ``actor``, ``co_actor`` and ``lead``.
    ``corrections`` is JSON with what the person says otherwise than the rules read it, by the field of the duty;
    ``asks`` all of what they saw it ask and let stand, which holds for that text whatever rules read it later. An
    answer taken back stays, with the time in ``withdrawn_at``; ``carried_from`` is the answer on other words the duty
    went by before.
    """

    class Verdict(models.TextChoices):
        """Whether what the rules read was right; whether it is a duty at all."""

        CONFIRMED = "confirmed"
        CORRECTED = "corrected"
        REJECTED = "rejected"

    RECORD: ClassVar = "duty_answer"
    VISIBILITY: ClassVar = OPEN

    work = models.ForeignKey(Work, models.PROTECT, related_name="answers")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)
    anchor = models.CharField(max_length=64)
    statute = models.ForeignKey(StatuteVersion, models.PROTECT, related_name="+")
    duty_eid = models.CharField(max_length=80)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    bearers = models.JSONField()
    open_list = models.BooleanField(default=False)
    corrections = models.JSONField(default=dict)
    asks = models.JSONField(default=dict)
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    comment = models.CharField(max_length=500, blank=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first; one standing answer a duty."""

        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("work", "anchor"), condition=models.Q(withdrawn_at=None), name="one_answer_a_duty"
            )
        ]

    def __str__(self) -> str:
        return f"{self.work_id} {self.duty_eid} {self.verdict}"


class DutyRow(models.Model):
    """One duty of a version: derived from the text by the rules, and from the answer of a person where there is one.

    ``read`` is JSON with what the rules read and an answer may change. Places are characters of the source.
    ``standing`` says whose word it is; `carried` is an answer given for other words, to be looked at again; `rejected`
    is what a person says is no duty: it counts nowhere.
    """

    class Standing(models.TextChoices):
        """Whose word it is who bears the duty."""

        READ = "read"
        CONFIRMED = "confirmed"
        CORRECTED = "corrected"
        REJECTED = "rejected"
        CARRIED = "carried"

    VISIBILITY: ClassVar = OPEN

    statute = models.ForeignKey(StatuteVersion, models.CASCADE, related_name="duty_rows")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)
    answer = models.ForeignKey(Answer, models.SET_NULL, null=True, related_name="rows")
    eid = models.CharField(max_length=80)
    position = models.PositiveIntegerField()
    article_eid = models.CharField(max_length=64)
    paragraph_eid = models.CharField(max_length=64)
    label = models.CharField(max_length=60)
    chapter = models.PositiveIntegerField(null=True)
    modality = models.CharField(max_length=12)
    word = models.CharField(max_length=20, blank=True)
    what = models.TextField()
    evidence = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    what_start = models.PositiveIntegerField()
    what_end = models.PositiveIntegerField()
    deadline = models.CharField(max_length=200, blank=True)
    frequency = models.CharField(max_length=200, blank=True)
    reporting = models.BooleanField(default=False)
    budget = models.BooleanField(default=False)
    assessment = models.BooleanField(default=False)
    open_list = models.BooleanField(default=False)
    confidence = models.FloatField()
    doubts = models.JSONField()
    anchor = models.CharField(max_length=64)
    read = models.JSONField()
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.READ)
    to_review = models.BooleanField(default=False)

    class Meta:
        """In the order of the text."""

        ordering = ("statute", "position")
        indexes: ClassVar = [models.Index(fields=("to_review",), name="duties_to_review")]
        constraints: ClassVar = [models.UniqueConstraint(fields=("statute", "eid"), name="one_duty_of_an_id")]

    def __str__(self) -> str:
        return f"{self.statute_id} {self.eid}"


class Bearer(models.Model):
    """One organ that bears a duty or takes part in it: derived, for the matrix and the pages of organs."""

    class Part(models.TextChoices):
        """What it does in the duty."""

        ACTOR = "actor"
        CO_ACTOR = "co_actor"
        LEAD = "lead"

    VISIBILITY: ClassVar = OPEN

    duty = models.ForeignKey(DutyRow, models.CASCADE, related_name="bearers")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)
    position = models.PositiveIntegerField()
    part = models.CharField(max_length=8, choices=Part.choices)
    organ = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16)
    known = models.BooleanField(default=False)
    inherited = models.BooleanField(default=False)

    class Meta:
        """As the text names them."""

        ordering = ("duty", "position")
        indexes: ClassVar = [models.Index(fields=("organ",), name="bearers_by_organ")]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.organ}"
