"""Duties the region follows, and who answers for each: the list of responsibilities."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bridgehead.ground.models import Organisation
from bridgehead.rooms.ledger.models.parts import OPEN, Part


class Duty(models.Model):
    """One duty of a statute as it was taken over into the ledger, with the words it had then.

    ``eid`` is its stable id in its statute, ``anchor`` that of its words. ``state`` says what became of it in the text
    that holds now; a duty that is gone stays, with all that was done for it.
    """

    class State(models.TextChoices):
        """How it stands beside the text that holds."""

        HOLDS = "holds"
        CHANGED = "changed"
        GONE = "gone"

    RECORD: ClassVar = "ledger_duty"
    VISIBILITY: ClassVar = OPEN

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    is_open = models.BooleanField(default=True)
    work = models.BigIntegerField()
    statute = models.BigIntegerField()
    title = models.CharField(max_length=300)
    eid = models.CharField(max_length=80)
    anchor = models.CharField(max_length=64)
    article = models.PositiveIntegerField(null=True)
    label = models.CharField(max_length=60)
    modality = models.CharField(max_length=12)
    what = models.TextField()
    organs = models.JSONField()
    deadline = models.CharField(max_length=200, blank=True)
    frequency = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.HOLDS)
    now = models.JSONField(default=dict)
    taken_over_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order of the text; a duty once."""

        ordering = ("work", "article", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("owner", "work", "eid"), condition=~Q(state="gone"), name="one_ledger_duty_of_an_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.what[:40]}"


class Responsibility(models.Model):
    """An organisation that answers for a duty from a day on: it leads, joins in, or is supervised in it."""

    RECORD: ClassVar = "responsibility"
    VISIBILITY: ClassVar = OPEN

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="responsibilities")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)
    part = models.CharField(max_length=10, choices=Part.choices)
    note = models.CharField(max_length=500, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Who leads first; one open part of an organisation in a duty, and one lead."""

        ordering = ("duty_id", "part", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("duty", "office"), condition=Q(until_on=None), name="one_open_part_in_a_duty"
            ),
            models.UniqueConstraint(
                fields=("duty",), condition=Q(until_on=None, part="lead"), name="one_lead_of_a_duty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.part} {self.office_id}"
