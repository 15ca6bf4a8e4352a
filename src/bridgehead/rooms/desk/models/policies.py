"""The policy library: every policy with its dated editions, who checked each against its source and who approved it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.models import Organisation

OPEN = Visibility("policies", offices=(), public="is_open")
"""Everybody sees what was published; the body that keeps it sees its drafts, too."""


class Policy(models.Model):
    """A policy under one code, whatever its rule says from one day to the next.

    ``owner`` keeps it in the library; ``region_sha256`` is the digest of what the region's own file said of it when it
    was taken over last, ``published`` the number of the edition published last. It is open from its first published
    edition on, and stays so when it is withdrawn: what was told by it can still be looked up.
    """

    RECORD: ClassVar = "policy"
    VISIBILITY: ClassVar = OPEN

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(max_length=100, unique=True)
    region_sha256 = models.CharField(max_length=64, blank=True)
    published = models.PositiveIntegerField(null=True)
    withdrawn_on = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    is_open = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order of their codes."""

        ordering = ("code",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | ~Q(reason=""), name="a_policy_is_withdrawn_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PolicyEdition(models.Model):
    """A policy as it is told from a day on: its rule in the format of the policies file, and its words.

    ``holds_from`` is the first day questions are answered by it, ``published_at`` the moment it was decided: an answer
    given before is by the edition known then. ``words`` maps ``title``, ``gist`` and ``apply`` to their texts by
    language. ``writers`` are all who wrote at it or checked it; none of them publishes it. A check is somebody's word,
    with their name, that it agrees with the source, good until a day.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft"
        CHECKED = "checked"
        PUBLISHED = "published"
        DROPPED = "dropped"

    RECORD: ClassVar = "policy_edition"
    VISIBILITY: ClassVar = OPEN
    DIGEST_OF: ClassVar = ("rule", "words")

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="editions")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    rule = models.TextField()
    words = models.JSONField()
    sha256 = models.CharField(max_length=64)
    holds_from = models.DateField()
    change = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    writers = models.JSONField(default=list)
    checked_by = models.BigIntegerField(null=True)
    checker = models.CharField(max_length=100, blank=True)
    checked_on = models.DateField(null=True)
    check_expires_on = models.DateField(null=True)
    compared_with = models.CharField(max_length=500, blank=True)
    returned = models.CharField(max_length=500, blank=True)
    published_by = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """The newest edition of a policy first; a check has a name and an end, and nobody publishes their own work."""

        ordering = ("policy_id", "-number")
        indexes: ClassVar = [
            models.Index(fields=("owner", "state", "check_expires_on"), name="policy_editions_by_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("policy", "number"), name="one_policy_edition_of_a_number"),
            models.UniqueConstraint(
                fields=("policy",), condition=Q(state__in=("draft", "checked")), name="one_open_draft_of_a_policy"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "dropped"))
                | (
                    ~Q(checker="")
                    & Q(checked_by__isnull=False, checked_on__isnull=False)
                    & Q(check_expires_on__gte=F("checked_on"))
                ),
                name="a_checked_edition_has_a_checker",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("checked_by")),
                name="nobody_publishes_what_they_checked",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False, is_open=True)
                | (~Q(state="published") & Q(published_at=None, is_open=False)),
                name="what_is_published_is_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.number}"
