"""Care for projects abroad: the register of a firm, visits of an office, signals that arrive."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation

CARED_FOR = Visibility("outbound")
"""The firm's own people, and the office it named; no broker, for projects abroad cannot be entrusted."""


class OutboundProject(models.Model):
    """A firm's project abroad.

    ``office`` is the one the firm agreed to be seen by, since ``consents_on``; without it nobody but its own people
    sees anything of it. ``answers`` maps the items of the region's checklist to ``answer``, ``on`` and ``note``.
    """

    RECORD: ClassVar = "outbound_project"
    LEFT_OUT: ClassVar = ("name", "place", "contact_there", "note", "answers")
    VISIBILITY: ClassVar = CARED_FOR

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    consents_on = models.DateField(null=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    place = models.CharField(max_length=200)
    people = models.PositiveIntegerField()
    contact_there = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    note = models.CharField(max_length=1000, blank=True)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Those that go on last come first; an office is named by consent alone."""

        ordering = ("-starts_on", "-id")
        indexes: ClassVar = [models.Index(fields=("country", "ends_on"), name="projects_in_a_country")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(office=None, consents_on=None) | Q(office__isnull=False, consents_on__isnull=False),
                name="an_office_sees_a_project_by_consent",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="a_project_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.country}"


class PatrolVisit(models.Model):
    """A visit an office pays a project: planned, then what was found and what is to be done about it by when."""

    class State(models.TextChoices):
        """How far it is."""

        PLANNED = "planned"
        OPEN = "open"
        CLOSED = "closed"
        DROPPED = "dropped"

    RECORD: ClassVar = "patrol_visit"
    VISIBILITY: ClassVar = CARED_FOR

    project = models.ForeignKey(OutboundProject, models.PROTECT, related_name="visits")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.PLANNED)
    planned_on = models.DateField()
    purpose = models.CharField(max_length=500)
    visited_on = models.DateField(null=True)
    findings = models.TextField(blank=True)
    follow_up = models.TextField(blank=True)
    follow_up_by = models.DateField(null=True)
    outcome = models.CharField(max_length=1000, blank=True)
    closed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The next one first."""

        ordering = ("-planned_on", "-id")
        indexes: ClassVar = [models.Index(fields=("office", "state", "planned_on"), name="visits_of_an_office")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("planned", "dropped"), visited_on=None)
                | (Q(state__in=("open", "closed"), visited_on__isnull=False) & ~Q(findings="")),
                name="a_visit_that_was_paid_has_findings",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | (~Q(follow_up="") & Q(follow_up_by__isnull=False)),
                name="what_is_to_be_done_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.planned_on}"


class OutboundSignal(models.Model):
    """A signal about a country that reached a project there; ``reference`` is what its sender calls it."""

    class Level(models.TextChoices):
        """How serious it is."""

        NOTICE = "notice"
        WARNING = "warning"
        DANGER = "danger"

    RECORD: ClassVar = "outbound_signal"
    VISIBILITY: ClassVar = CARED_FOR

    project = models.ForeignKey(OutboundProject, models.PROTECT, related_name="signals")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=100)
    level = models.CharField(max_length=7, choices=Level.choices)
    texts = models.JSONField()
    source = models.CharField(max_length=300)
    raised_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The newest first; a signal reaches a project once."""

        ordering = ("-raised_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("project", "reference"), name="a_signal_reaches_a_project_once"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.reference}"
