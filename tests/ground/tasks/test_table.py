"""The task table as a state machine: whatever runners, people, crashes and time do to it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import JournalEntry, Task
from bridgehead.ground.tasks import table
from bridgehead.ground.tasks.actions import cancel_task, retry_task
from bridgehead.ground.tasks.handlers import Assignment, Cancelled, Handler, LeaseLost
from bridgehead.kernel.errors import BridgeheadError, Fault

BY = system("tests")
LEASE = timedelta(seconds=60)
State = Task.State
ENDED = (State.DONE, State.FAILED, State.CANCELLED)


class Crash(BaseException):
    """The process dies in the middle of the effect."""


def _effect(deed: Deed, assignment: Assignment, computed: Any) -> Any:
    deed.note("effect", assignment.task_id)
    if computed == "crash":
        raise Crash
    if computed == "fault":
        raise BridgeheadError("action.conflict", {"action": "tests", "reason": ""})
    return computed


HANDLER = Handler("tests.work", "测试", "Test", _effect)


@action("test.enqueue")
def enqueue(deed: Deed, *, key: str | None, most_attempts: int, run_after: datetime) -> int:
    task = deed.enqueue("tests.work", key=key, most_attempts=most_attempts, run_after=run_after)
    return int(task.pk)


def _refusal(done: Any, task: int) -> str:
    """Do something to a task and return the code it was refused with."""
    try:
        done(by=BY, task=task)
    except BridgeheadError as refused:
        return refused.code
    return ""


class TaskTable(RuleBasedStateMachine):
    """Runners that take up, renew, finish, fail, give back and die; people who cancel and retry; time that passes."""

    tasks: Bundle[int] = Bundle("tasks")
    held: Bundle[Assignment] = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.now = timezone.now() + timedelta(days=1)  # what people do bears the time of the machine, before
        self.numbers = count()
        self.dead: set[str] = set()
        self.live: dict[int, tuple[str, datetime]] = {}
        self.enqueued: set[int] = set()
        self.lost: Counter[int] = Counter()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    @initialize(target=tasks, most_attempts=st.integers(1, 4))
    def begin(self, most_attempts: int) -> int:
        return self._enqueue(None, most_attempts, 0)

    @rule(
        target=tasks,
        key=st.sampled_from([None, "a", "b"]),
        most_attempts=st.integers(1, 4),
        later_s=st.sampled_from([0, 0, 30]),
    )
    def enqueue(self, key: str | None, most_attempts: int, later_s: int) -> int:
        return self._enqueue(key, most_attempts, later_s)

    def _enqueue(self, key: str | None, most_attempts: int, later_s: int) -> int:
        pk = enqueue(by=BY, key=key, most_attempts=most_attempts, run_after=self.now + timedelta(seconds=later_s))
        self.enqueued.add(pk)
        return pk

    @rule(target=held)
    def claim(self) -> Any:
        found = self._claim()
        return found if found is not None else multiple()

    def _claim(self) -> Assignment | None:
        found = table.claim(
            ("tests.work",),
            now=self.now,
            lease_for=LEASE,
            is_dead=self.dead.__contains__,
            new_lease=lambda: f"lease-{next(self.numbers)}",
        )
        if found is not None:
            other = self.live.get(found.task_id)
            assert other is None or other[0] in self.dead or other[1] <= self.now, "two live leases of one task"
            assert found.attempt <= found.most_attempts
            self.lost[found.task_id] += other is not None
            self.live[found.task_id] = found.lease, self.now + LEASE
        return found

    @rule(assignment=held)
    def renew(self, assignment: Assignment) -> None:
        if assignment.lease in self.dead:
            return
        try:
            table.renew(assignment, now=self.now, lease_for=LEASE, done=1, total=2)
        except LeaseLost:
            assert not self._holds(assignment), "a held lease was lost"
        else:
            self.live[assignment.task_id] = assignment.lease, self.now + LEASE

    # Whoever holds a stale lease, a dead process's included, may still try to finish: it must change nothing.

    @rule(assignment=held, computed=st.sampled_from(["done", "done", "crash", "fault"]))
    def finish(self, assignment: Assignment, computed: str) -> None:
        self._finish(assignment, computed)

    def _finish(self, assignment: Assignment, computed: str) -> None:
        lent = self.live.get(assignment.task_id, ("",))[0] == assignment.lease
        try:
            table.finish(assignment, HANDLER, computed, now=self.now)
        except LeaseLost:
            assert not self._holds(assignment)
        except Cancelled:
            table.cancel(assignment, now=self.now)
            self._let_go(assignment)
        except (Crash, BridgeheadError):
            assert lent
        else:
            assert lent, "somebody without the lease finished it"
            self._let_go(assignment)

    def _holds(self, assignment: Assignment) -> bool:
        """Tell whether nobody may have taken the task away: its lease has not run out and its holder lives."""
        lease, until = self.live.get(assignment.task_id, ("", self.now))
        return lease == assignment.lease and until > self.now and lease not in self.dead

    @rule(assignment=held, again=st.booleans())
    def fail(self, assignment: Assignment, again: bool) -> None:
        at = self.now + timedelta(seconds=2) if again and assignment.attempt < assignment.most_attempts else None
        table.fail(assignment, [Fault("task.went_wrong", {"reason": "X"})], now=self.now, again_at=at)
        self._let_go(assignment)

    @rule(assignment=consumes(held))
    def give_back(self, assignment: Assignment) -> None:
        table.give_back(assignment, now=self.now, at=self.now)
        self._let_go(assignment)

    @rule(assignment=held)
    def crash(self, assignment: Assignment) -> None:
        self.dead.add(assignment.lease)

    def _let_go(self, assignment: Assignment) -> None:
        if self.live.get(assignment.task_id, ("",))[0] == assignment.lease:
            del self.live[assignment.task_id]

    @rule(task=tasks)
    def cancel(self, task: int) -> None:
        over = self._row(task).state in ENDED
        assert _refusal(cancel_task, task) == ("task.over" if over else "")

    @rule(task=tasks)
    def retry(self, task: int) -> None:
        codes = {State.DONE: "task.over", State.WAITING: "task.not_over", State.RUNNING: "task.not_over"}
        expected = codes.get(State(self._row(task).state), "")
        assert _refusal(retry_task, task) == expected
        if not expected:
            self.live.pop(task, None)
            self.lost[task] = 0

    @rule(seconds=st.sampled_from([1, 30, 61, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def _row(self, pk: int) -> Task:
        with as_system("tests"):
            return Task.objects.get(pk=pk)

    @invariant()
    def every_effect_happened_exactly_once_when_done_and_never_before(self) -> None:
        with as_system("tests"):
            rows = {int(row.pk): row for row in Task.objects.all()}
            notes = [
                int(pk) for pk in JournalEntry.objects.filter(record_kind="effect").values_list("record_id", flat=True)
            ]
        assert set(rows) == self.enqueued, "a task was lost"
        for pk, row in rows.items():
            assert notes.count(pk) == (1 if row.state == State.DONE else 0)
            assert row.attempts <= row.most_attempts
            assert row.times_lost == self.lost[pk]
            assert bool(row.lease) == (row.state == State.RUNNING)
            assert (row.finished_at is not None) == (row.state in ENDED)

    def teardown(self) -> None:
        """Let everybody die and one diligent runner come: every task comes to an end."""
        self.now += timedelta(days=1)
        while (found := self._claim()) is not None:
            self._finish(found, "done")
        with as_system("tests"):
            left = list(Task.objects.exclude(state__in=ENDED))
        self.every_effect_happened_exactly_once_when_done_and_never_before()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        assert not left


@pytest.mark.django_db
def test_no_order_of_events_loses_a_task_or_does_one_twice() -> None:
    run_state_machine_as_test(
        TaskTable,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_no_long_order_of_events_does_either() -> None:
    run_state_machine_as_test(
        TaskTable,
        settings=settings(
            max_examples=40, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
