"""Law inspections: the articles looked at, questions, samples, what was found on site, and how it is mended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.rooms.ledger.models.parts import KEPT
from bridgehead.rooms.ledger.models.supervision import SupervisionCase


class Inspection(models.Model):
    """An inspection of how a regulation is carried out: by the congress, or by a government in its own house.

    ``group`` is JSON with the names of those who inspect. ``office`` is the body that is inspected. One that ended is
    read only; what was found goes on being mended, unless everything was mended or handed on.
    """

    class Ending(models.TextChoices):
        """How an inspection ends: its report was adopted, or every fault was mended or is on a list of problems."""

        ADOPTED = "adopted"
        SETTLED = "settled"

    RECORD: ClassVar = "inspection"
    VISIBILITY: ClassVar = KEPT

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    case = models.ForeignKey(SupervisionCase, models.PROTECT, null=True, related_name="inspections")
    title = models.CharField(max_length=200)
    plan = models.TextField(blank=True)
    articles = models.JSONField()
    group = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    suggestions = models.TextField(blank=True)
    closed_on = models.DateField(null=True)
    closed_how = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    closed_why = models.CharField(max_length=500, blank=True)
    author_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The latest first."""

        ordering = ("-starts_on", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="inspection_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """What is asked about an article, and how it is looked into."""

    RECORD: ClassVar = "inspection_question"
    VISIBILITY: ClassVar = KEPT

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="questions")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    article = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    check_what = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By article."""

        ordering = ("inspection_id", "article", "id")

    def __str__(self) -> str:
        return self.text

    @property
    def form_name(self) -> str:
        """What the form that corrects it is called on the page of its inspection."""
        return f"question-{self.pk}"


class Lot(models.Model):
    """A draw by lot: the seed, what was drawn from and how many, so that anybody can draw again.

    ``pool`` is JSON: a list of ``[id, Chinese name, English name]``.
    """

    RECORD: ClassVar = "inspection_lot"
    VISIBILITY: ClassVar = KEPT

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="lots")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    seed = models.CharField(max_length=64)
    pool = models.JSONField()
    wanted = models.PositiveIntegerField()
    drawn_on = models.DateField()
    author_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order they were drawn."""

        ordering = ("inspection_id", "id")

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.kind} {self.seed}"


class Sample(models.Model):
    """A place or body that is visited: chosen, or drawn by lot."""

    RECORD: ClassVar = "inspection_sample"
    VISIBILITY: ClassVar = KEPT

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="samples")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="samples")
    drawn_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    visit_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order they are visited; those without a day last."""

        ordering = ("inspection_id", F("visit_on").asc(nulls_last=True), "id")

    def __str__(self) -> str:
        return self.name

    @property
    def form_name(self) -> str:
        """What the form that corrects it is called on the page of its inspection."""
        return f"sample-{self.pk}"

    @property
    def called(self) -> str:
        """Its name in the language of the request; the one that was written where there is no other."""
        return speak(language(), self.name, self.name_en or self.name)


class Finding(models.Model):
    """What was found on site: in order, or a fault somebody has to mend.

    ``office`` is the body that answers for it. ``matter`` repeats the title of the inspection, which that body need
    not see. One recorded by mistake is withdrawn with a reason: it counts nowhere from that day on, and stays to be
    read.
    """

    class Severity(models.TextChoices):
        """How grave a fault is."""

        MINOR = "minor"
        SERIOUS = "serious"
        GRAVE = "grave"

    RECORD: ClassVar = "inspection_finding"
    VISIBILITY: ClassVar = KEPT

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    sample = models.ForeignKey(Sample, models.PROTECT, null=True, related_name="findings")
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="findings")
    article = models.PositiveIntegerField()
    matter = models.CharField(max_length=200)
    found_on = models.DateField()
    text = models.TextField()
    conforming = models.BooleanField()
    severity = models.CharField(max_length=8, choices=Severity.choices, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    withdrawn_on = models.DateField(null=True)
    withdrawn_why = models.CharField(max_length=500, blank=True)
    author_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By article, then as they were found; a fault has a body that answers for it and a weight."""

        ordering = ("inspection_id", "article", "id")
        indexes: ClassVar = [models.Index(fields=("article", "found_on"), name="findings_of_an_article")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(conforming=True) | (Q(office__isnull=False) & ~Q(severity="")),
                name="a_fault_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Rectification(models.Model):
    """What is done about a fault: the measure, its day, what the body handed in, and what somebody else said to it.

    ``handed_on`` is the day its inspection ended while it was not mended and stood on a list of problems, where it is
    followed from then on.
    """

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open"
        HANDED_IN = "handed_in"
        ACCEPTED = "accepted"
        RETURNED = "returned"

    RECORD: ClassVar = "rectification"
    VISIBILITY: ClassVar = KEPT

    finding = models.OneToOneField(Finding, models.PROTECT, related_name="rectification")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    measure = models.TextField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    evidence = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    author_id = models.BigIntegerField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    handed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """What is due first; nobody accepts their own evidence."""

        ordering = ("due_on", "id")
        indexes: ClassVar = [
            models.Index(fields=("office", "due_on"), condition=~Q(state="accepted"), name="rectification_owed_by"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(author_id=None) | ~Q(decided_by=F("author_id")),
                name="nobody_accepts_their_own_mending",
            ),
        ]

    def __str__(self) -> str:
        return self.measure[:60]
