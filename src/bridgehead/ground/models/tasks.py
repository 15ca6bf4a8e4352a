"""The durable task table, which is the outbox too: a row written with a change is work that follows the change."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bridgehead.ground.access.visibility import Visibility


class Task(models.Model):
    """One piece of background work with its lease, progress and outcome."""

    class State(models.TextChoices):
        """Where a task stands."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    RECORD: ClassVar = "task"
    LEFT_OUT: ClassVar = (
        "arguments",
        "result",
        "fault",
        "lease",
        "lease_until",
        "done",
        "total",
        "message",
        "counted_from",
        "counted_at",
    )
    VISIBILITY: ClassVar = Visibility("tasks", offices=(), persons=("asked_by",), anybody_adds=True)

    kind = models.CharField(max_length=64)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=128, null=True, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    most_attempts = models.PositiveSmallIntegerField(default=5)
    times_lost = models.PositiveSmallIntegerField(default=0, db_default=0)
    run_after = models.DateTimeField()
    lease = models.CharField(max_length=128, blank=True)
    lease_until = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counted_from = models.PositiveIntegerField(default=0, db_default=0)
    counted_at = models.DateTimeField(null=True)
    message = models.CharField(max_length=200, blank=True)
    cancel_wanted = models.BooleanField(default=False)
    result = models.JSONField(null=True)
    fault = models.JSONField(null=True)
    owner_id = models.BigIntegerField(null=True)
    asked_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """The runner looks for what is due."""

        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=("state", "run_after", "id"), name="tasks_that_are_due")]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"
