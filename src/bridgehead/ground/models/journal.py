"""The one journal: entries nobody changes, and the chain they are sealed into."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bridgehead.ground.access.visibility import Visibility


class JournalEntry(models.Model):
    """What somebody did to a record: one row a change, written in the transaction of the change.

    Ids of people and organisations are plain numbers: an entry outlives what it speaks of. ``before`` holds the old
    values of the fields that changed, ``after`` the whole record as it was then, both as canonical JSON text.
    """

    VISIBILITY: ClassVar = Visibility("journal", persons=("actor_id",), anybody_adds=True)

    recorded_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)
    on_behalf_of = models.BigIntegerField(null=True)
    role = models.CharField(max_length=32)
    mandate_id = models.BigIntegerField(null=True)
    delegation_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=64)
    record_kind = models.CharField(max_length=32)
    record_id = models.CharField(max_length=64)
    owner_id = models.BigIntegerField(null=True)
    office_id = models.BigIntegerField(null=True)
    before = models.TextField()
    after = models.TextField()
    reason = models.CharField(max_length=1000)
    request = models.CharField(max_length=64)
    once = models.CharField(max_length=64, null=True, unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        """Found by record and by owner, newest last."""

        indexes: ClassVar = [
            models.Index(fields=("record_kind", "record_id", "id"), name="journal_by_record"),
            models.Index(fields=("owner_id", "id"), name="journal_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action} {self.record_kind}:{self.record_id}"


class JournalSeal(models.Model):
    """The place of an entry in the chain: positions run from 1 without a gap."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    chain = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.position} {self.chain[:12]}"


class JournalHead(models.Model):
    """The last link of the chain and the latest time in the journal; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)
    chain = models.CharField(max_length=64)
    latest_at = models.DateTimeField(null=True)

    class Meta:
        """One row."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_head_of_the_journal")]

    def __str__(self) -> str:
        return f"{self.position} {self.chain[:12]}"
