"""Evidence: a file or a figure that says what was done, handed in by one person and decided on by another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.rooms.ledger.models.parts import KEPT
from bridgehead.rooms.ledger.models.tasks import Milestone, Target, Task


class Evidence(models.Model):
    """One piece of evidence: its claim, who issued it when, and what was decided about it.

    ``office`` handed it in; ``issuer`` is who issued what it rests on. A figure is given for a target, in a unit and
    for a day. ``completes`` says that it is about the whole task being done. What was accepted may be taken back, and
    then counts no more from that day on. ``authors`` are all who wrote at it or handed it in: none of them decides.
    ``revision`` and ``revised_file`` are what returned evidence is being changed to; until it is handed in again it
    says to others what it said when it was returned.
    """

    class State(models.TextChoices):
        """What became of it."""

        DRAFT = "draft"
        HANDED_IN = "handed_in"
        ACCEPTED = "accepted"
        RETURNED = "returned"
        TAKEN_BACK = "taken_back"
        WITHDRAWN = "withdrawn"

    RECORD: ClassVar = "evidence"
    VISIBILITY: ClassVar = KEPT

    task = models.ForeignKey(Task, models.PROTECT, related_name="evidence", db_index=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, related_name="evidence")
    target = models.ForeignKey(Target, models.PROTECT, null=True, related_name="evidence")
    completes = models.BooleanField(default=False)
    claim = models.CharField(max_length=500)
    issuer = models.CharField(max_length=200)
    dated_on = models.DateField()
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    unit = models.CharField(max_length=20, blank=True)
    as_of = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author_id = models.BigIntegerField(null=True)
    authors = models.JSONField(default=list)
    handed_in_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    accepted_on = models.DateField(null=True)
    taken_back_on = models.DateField(null=True)
    revision = models.JSONField(null=True)
    revised_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Newest first; what waits for a decision is read from an index."""

        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(
                fields=("owner", "handed_in_at", "office", "author_id", "authors", "state"),
                condition=Q(state="handed_in"),
                name="evidence_that_waits",
            ),
            models.Index(fields=("author_id",), condition=Q(state="draft"), name="evidence_begun"),
            models.Index(
                fields=("handed_in_at", "office", "state", "file"),
                condition=Q(handed_in_at=None, file__isnull=False),
                name="files_of_evidence_begun",
            ),
            models.Index(
                fields=("office", "revised_file"),
                condition=Q(revised_file__isnull=False),
                name="files_of_evidence_revised",
            ),
            models.Index(fields=("office", "decided_at"), condition=Q(state="returned"), name="evidence_returned"),
            models.Index(fields=("task", "state"), name="evidence_of_a_task"),
            models.Index(
                fields=("task", "accepted_on", "taken_back_on", "owner", "office"),
                condition=Q(accepted_on__isnull=False),
                name="evidence_that_counts",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(author_id=None) | ~Q(decided_by=F("author_id")),
                name="nobody_decides_on_their_own_evidence",
            ),
            models.CheckConstraint(condition=Q(milestone=None) | Q(target=None), name="evidence_speaks_of_one_part"),
        ]

    def __str__(self) -> str:
        return self.claim
