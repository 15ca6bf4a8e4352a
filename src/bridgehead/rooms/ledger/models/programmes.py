"""Programmes: one typed register of what the region builds and runs, with its stages, parties, items and money.

What a kind of programme records besides, and the stages it goes through, is declared by the region's tables.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.rooms.ledger.models.parts import KEPT

OVER = Q(over=True)
"""More was committed or paid than there is, as `ProgrammeTotal` keeps it."""


class Programme(models.Model):
    """One programme: what it is, where it stands, and what comes next by when.

    ``owner`` keeps it, ``office`` leads the work. ``stage`` moves by accepted `StageMove` only. ``fields`` is JSON
    with what its kind records, ``articles`` a list of the articles it serves. ``plan_line`` points
    to a row of the region's table of lines of the five-year plan, ``project`` to one of its table of projects.
    """

    class State(models.TextChoices):
        """Whether it goes on."""

        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"

    RECORD: ClassVar = "programme"
    VISIBILITY: ClassVar = KEPT

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    place_id = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    stage = models.CharField(max_length=40)
    stage_on = models.DateField()
    next_step = models.CharField(max_length=300, blank=True)
    next_due_on = models.DateField(null=True)
    source = models.CharField(max_length=300)
    source_on = models.DateField()
    plan_line = models.CharField(max_length=60, blank=True)
    project = models.CharField(max_length=60, blank=True)
    articles = models.JSONField()
    fields = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    state_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """By kind and code; a code once."""

        ordering = ("kind", "code", "id")
        indexes: ClassVar = [
            models.Index(fields=("state", "next_due_on"), name="programmes_by_next_due"),
            models.Index(fields=("kind", "stage"), name="programmes_of_a_kind"),
            models.Index(fields=("place_id",), condition=~Q(place_id=""), name="programmes_of_a_place"),
            models.Index(fields=("plan_line",), condition=~Q(plan_line=""), name="programmes_of_a_plan_line"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("code",), name="one_programme_of_a_code"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="no_programme_is_a_part_of_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class ProgrammeArticle(models.Model):
    """An article a programme serves: derived from its articles, for lists by article."""

    VISIBILITY: ClassVar = KEPT

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="article_rows")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    article = models.PositiveIntegerField()

    class Meta:
        """An article once."""

        ordering = ("programme_id", "article")
        indexes: ClassVar = [models.Index(fields=("article", "programme"), name="programmes_of_an_article")]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.article}"


class ProgrammeTotal(models.Model):
    """What the money of a programme comes to: derived from the entries, and never set by anybody.

    ``funds``, ``commitment`` and ``payment`` are those of the programme with all below it, each entry once; those that
    begin with ``own`` are of the programme alone. ``years`` and ``own_years`` hold the same by budget year, amounts as
    text. ``over`` tells whether more was committed or paid than there is: with all below it or alone, in a year or in
    all, so that what a part has left hides nothing.
    """

    VISIBILITY: ClassVar = KEPT

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="total")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    funds = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    commitment = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    payment = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    own_funds = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    own_commitment = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    own_payment = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    years = models.JSONField(default=dict)
    own_years = models.JSONField(default=dict)
    over = models.BooleanField(default=False)

    class Meta:
        """One a programme; those over budget are read from an index."""

        ordering = ("programme_id",)
        indexes: ClassVar = [models.Index(fields=("programme",), condition=OVER, name="programmes_over_budget")]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.funds}"


class ProgrammeParty(models.Model):
    """Somebody who has a part in a programme: an organisation of the register, or anybody by name."""

    class Role(models.TextChoices):
        """Which part."""

        LEAD = "lead"
        JOINT = "joint"
        FUNDER = "funder"
        OPERATOR = "operator"
        PARTNER = "partner"
        FOREIGN_PARTNER = "foreign_partner"
        CONTRACTOR = "contractor"

    RECORD: ClassVar = "programme_party"
    VISIBILITY: ClassVar = KEPT

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="parties")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    left_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order they were named; an organisation in a role once."""

        ordering = ("programme_id", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("programme", "organisation", "role"),
                condition=Q(left_on=None, organisation__isnull=False),
                name="one_role_of_a_party",
            ),
            models.CheckConstraint(condition=Q(organisation__isnull=False) | ~Q(name=""), name="a_party_is_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.role} {self.organisation_id or self.name}"


class StageMove(models.Model):
    """A move of a programme to another stage: proposed with evidence by one, decided on by another."""

    class State(models.TextChoices):
        """What became of it."""

        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        RETURNED = "returned"
        WITHDRAWN = "withdrawn"

    RECORD: ClassVar = "programme_stage"
    VISIBILITY: ClassVar = KEPT

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="moves")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    from_stage = models.CharField(max_length=40)
    to_stage = models.CharField(max_length=40)
    on = models.DateField()
    evidence = models.CharField(max_length=500)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    why_back = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first; one that waits a programme, and nobody decides on their own."""

        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=("owner", "proposed_at"), condition=Q(state="proposed"), name="stages_that_wait")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("programme",), condition=Q(state="proposed"), name="one_stage_waits_a_programme"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | Q(proposed_by=None)
                | ~Q(decided_by=F("proposed_by"))
                | Q(state="withdrawn"),
                name="nobody_decides_on_their_own_stage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.to_stage} {self.state}"


class ProgrammeMoney(models.Model):
    """One entry of the money of a programme; it is mended by a counter-entry and never edited.

    ``giver`` is the programme a transfer comes from, None where it comes from a budget outside the register.
    """

    class Kind(models.TextChoices):
        """What it says."""

        APPROPRIATION = "appropriation"
        SPECIAL_BOND = "special_bond"
        TRANSFER = "transfer"
        COMMITMENT = "commitment"
        PAYMENT = "payment"

    RECORD: ClassVar = "programme_money"
    VISIBILITY: ClassVar = KEPT

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="money")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    year = models.PositiveIntegerField()
    on = models.DateField()
    giver = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="given")
    source = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)
    line = models.CharField(max_length=120, blank=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first; only a counter-entry is below zero, and only a transfer has a giver."""

        ordering = ("-on", "-id")
        indexes: ClassVar = [
            models.Index(fields=("programme", "year", "kind"), name="money_of_a_programme"),
            models.Index(fields=("year", "programme"), name="money_of_a_year"),
            models.Index(fields=("giver", "year"), condition=Q(giver__isnull=False), name="money_given"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, corrects=None) | Q(amount__lt=0, corrects__isnull=False),
                name="only_a_counter_entry_is_below_zero",
            ),
            models.CheckConstraint(condition=Q(giver=None) | Q(kind="transfer"), name="only_a_transfer_has_a_giver"),
            models.CheckConstraint(condition=Q(giver=None) | ~Q(giver=F("programme")), name="nobody_gives_to_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.kind} {self.amount}"


class ProgrammeItem(models.Model):
    """One thing a programme records one by one, as its kind declares: a deal, a meeting, a visit."""

    RECORD: ClassVar = "programme_item"
    VISIBILITY: ClassVar = KEPT

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="items")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    on = models.DateField()
    fields = models.JSONField(default=dict)
    source = models.CharField(max_length=300)
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first."""

        ordering = ("-on", "-id")
        indexes: ClassVar = [models.Index(fields=("programme", "on"), name="items_of_a_programme")]

    def __str__(self) -> str:
        return self.title
