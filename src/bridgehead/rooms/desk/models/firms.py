"""What a firm told of itself, the answers it was given, and which policies it applied for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.models.policies import Policy

FIRMS_OWN = Visibility("cases", offices=())
"""A firm's own people, and the broker it entrusted with its cases."""


class FirmProfile(models.Model):
    """What a firm told of itself, by fact: the value as text, and the day it was told.

    ``consents_on`` is the day it agreed to be looked at for policies it has not applied for; without it nobody but its
    own people reads any of this.
    """

    RECORD: ClassVar = "firm_profile"
    LEFT_OUT: ClassVar = ("facts",)
    VISIBILITY: ClassVar = FIRMS_OWN

    owner = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)
    consents_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Those that consented are read from an index."""

        indexes: ClassVar = [
            models.Index(fields=("consents_on",), condition=~models.Q(consents_on=None), name="firms_that_consented"),
        ]

    def __str__(self) -> str:
        return str(self.owner_id)


class PolicyAnswer(models.Model):
    """What a firm was told on a day: the facts it gave, and for each policy the edition and what came out.

    Kept whole, so that it can be read and worked out again whatever changed since. ``told_by`` is the office that told
    it unasked; None for what the firm asked itself.
    """

    RECORD: ClassVar = "policy_answer"
    LEFT_OUT: ClassVar = ("facts", "results")
    VISIBILITY: ClassVar = FIRMS_OWN
    DIGEST_OF: ClassVar = ("facts", "as_of", "results")

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_by = models.BigIntegerField(null=True)
    told_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    as_of = models.DateField()
    subject = models.CharField(max_length=40)
    facts = models.JSONField()
    results = models.JSONField()
    fits = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        """The newest first."""

        ordering = ("-asked_at", "-id")
        indexes: ClassVar = [models.Index(fields=("owner", "-asked_at"), name="policy_answers_of_a_firm")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.as_of}"


class PolicyClaim(models.Model):
    """How a firm stands to a policy that fits it: it was told, applied, had it, or does not want it.

    ``answer`` is what an office told it unasked; it stays whatever the firm says afterwards.
    """

    class State(models.TextChoices):
        """Where it stands."""

        TOLD = "told"
        APPLIED = "applied"
        RECEIVED = "received"
        UNWANTED = "unwanted"

    RECORD: ClassVar = "policy_claim"
    VISIBILITY: ClassVar = FIRMS_OWN

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices)
    on = models.DateField()
    answer = models.ForeignKey(PolicyAnswer, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One a firm and policy."""

        ordering = ("policy_id", "owner_id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("owner", "policy"), name="one_claim_of_a_firm_and_policy"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.policy_id} {self.state}"
