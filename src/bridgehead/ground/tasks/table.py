"""The task table: every step a task takes, each in one transaction and only by whoever holds its lease.

Nothing here is journalled: that a runner took a task up or gave it back is no change of a record. What a task does is
journalled by its effect, and what a person does to a task by the actions beside this module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import Viewer, as_system, system, viewing
from bridgehead.ground.actions import Deed
from bridgehead.ground.database import writing
from bridgehead.ground.models import Person, Task
from bridgehead.ground.tasks import lease as leases
from bridgehead.ground.tasks.handlers import MOST_TIMES_LOST, Assignment, Cancelled, Handler, LeaseLost
from bridgehead.kernel.errors import Fault, Place, fault_as_json

State = Task.State
LEASE = timedelta(seconds=60)
_FREE = {"lease": "", "lease_until": None}


def claim(
    kinds: Collection[str],
    *,
    now: datetime,
    lease_for: timedelta = LEASE,
    is_dead: Callable[[str], bool] = leases.is_dead,
    new_lease: Callable[[], str] = leases.new_lease,
) -> Assignment | None:
    """Take up one task that is due, or one whose holder is dead or let its lease run out; None if there is none.

    Parameters
    ----------
    kinds : collection of str
        Kinds the caller has handlers for; others stay where they are.
    now : datetime
        The time.
    lease_for : timedelta
        How long it may be silent.
    is_dead, new_lease : callable
        Tell whether the holder of a lease is gone for sure, and make a new lease.
    """
    with as_system("taking up a task"):
        wanted = [_left(now, is_dead), Q(state=State.WAITING, run_after__lte=now)]
        rows = Task.objects.filter(kind__in=kinds).order_by("run_after", "id")
        # Looked at first without holding anything: an idle runner must not stand in a writer's way.
        for which in [one for one in wanted if rows.filter(one).exists()]:
            while True:
                with writing(), transaction.atomic():
                    row = _skipping_locked(rows).filter(which).first()
                    if row is None:
                        break
                    if not _ended(row, now):
                        return _lend(row, new_lease(), now, lease_for)
    return None


def _left(now: datetime, is_dead: Callable[[str], bool]) -> Q:
    """Return the running tasks whose lease ran out or whose holder is dead."""
    held = Task.objects.filter(state=State.RUNNING, lease_until__gt=now).order_by().values_list("lease", flat=True)
    return Q(state=State.RUNNING) & (Q(lease_until__lte=now) | Q(lease__in=[one for one in held if is_dead(one)]))


def _skipping_locked(rows: QuerySet[Task]) -> QuerySet[Task]:
    return rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def _ended(row: Task, now: datetime) -> bool:
    """End a task that was left behind and is not to be begun again; tell whether it was one."""
    if row.state != State.RUNNING:
        return False
    if row.cancel_wanted:
        _write(row, state=State.CANCELLED, finished_at=now, **_FREE)
        return True
    if row.times_lost + 1 >= MOST_TIMES_LOST:
        lost = row.times_lost + 1
        fault = Fault("task.broke_off", {"times": lost})
        _write(row, state=State.FAILED, times_lost=lost, finished_at=now, fault=kept([fault]), **_FREE)
        return True
    return False


def _lend(row: Task, lease: str, now: datetime, lease_for: timedelta) -> Assignment:
    """Give a task to a new holder; one that was left behind is on the same attempt again, and counted as lost."""
    left = row.state == State.RUNNING
    _write(
        row,
        state=State.RUNNING,
        lease=lease,
        lease_until=now + lease_for,
        attempts=row.attempts + (not left),
        times_lost=row.times_lost + left,
        started_at=now,
        done=0,
        total=0,
        counted_from=0,
        counted_at=None,
        message="",
    )
    return Assignment(
        int(row.pk),
        row.kind,
        row.arguments,
        row.attempts,
        row.most_attempts,
        row.owner_id,
        row.asked_by,
        lease,
    )


def _write(row: Task, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def _held(assignment: Assignment) -> QuerySet[Task]:
    """Return the row of a task if this lease still holds it."""
    return Task.objects.filter(pk=assignment.task_id, lease=assignment.lease, state=State.RUNNING)


def renew(assignment: Assignment, *, now: datetime, lease_for: timedelta = LEASE, **told: Any) -> bool:
    """Hold a task for longer, and write its progress; return whether somebody wants it cancelled.

    Raises
    ------
    LeaseLost
        If somebody else has it.
    """
    with as_system("renewing a lease"):
        with writing():
            renewed = _held(assignment).update(lease_until=now + lease_for, **told)
        wanted = _held(assignment).values_list("cancel_wanted", flat=True).first() if renewed else None
    if wanted is None:
        raise LeaseLost(assignment.key)
    return bool(wanted)


def finish(assignment: Assignment, handler: Handler, computed: Any, *, now: datetime) -> None:
    """Let the effect happen and mark the task done, in one transaction.

    Raises
    ------
    LeaseLost
        If somebody else has it; nothing happened.
    Cancelled
        If somebody wants it cancelled; nothing happened.
    BridgeheadError
        What the effect raises; nothing happened.
    """
    by = _acting(assignment, handler)
    with writing(), transaction.atomic():
        with as_system("finishing a task"):
            row = _held(assignment).select_for_update().first()
        if row is None:
            raise LeaseLost(assignment.key)
        if row.cancel_wanted:
            raise Cancelled(assignment.key)
        with viewing(by):
            deed = Deed(by, assignment.kind, "", reason="", once="", effective=None)
            result = handler.effect(deed, assignment, computed)
        with as_system("finishing a task"):
            done = row.total or 1
            _write(row, state=State.DONE, result=result, fault=None, done=done, total=done, finished_at=now, **_FREE)


def _acting(assignment: Assignment, handler: Handler) -> Viewer:
    if handler.acts_as == "platform":
        return system(assignment.kind, assignment.key)
    with as_system("reading who asked"):
        return viewer_of(Person.objects.filter(pk=assignment.asked_by).first(), assignment.key)


def give_back(assignment: Assignment, *, now: datetime, at: datetime) -> None:
    """Let a task wait until a time without counting the attempt: the fault was not its own."""
    _put_back(assignment, now, run_after=at, attempts=assignment.attempt - 1, started_at=None)


def fail(assignment: Assignment, faults: Collection[Fault], *, now: datetime, again_at: datetime | None) -> None:
    """Note what went wrong; the task is tried again at a time, or has failed."""
    if again_at is not None:
        _put_back(assignment, now, run_after=again_at, fault=kept(faults))
    else:
        _release(assignment, state=State.FAILED, finished_at=now, fault=kept(faults))


def cancel(assignment: Assignment, *, now: datetime) -> None:
    """Mark a task cancelled whose holder gave up on being told so."""
    _release(assignment, state=State.CANCELLED, finished_at=now)


def _put_back(assignment: Assignment, now: datetime, **fields: Any) -> None:
    """Let a task wait; one that somebody wants cancelled ends here."""
    with as_system("releasing a task"), writing(), transaction.atomic():
        row = _held(assignment).select_for_update().first()
        if row is None:
            return
        if row.cancel_wanted:
            _write(row, state=State.CANCELLED, finished_at=now, **_FREE)
        else:
            _write(row, state=State.WAITING, **fields, **_FREE)


def _release(assignment: Assignment, **fields: Any) -> None:
    with as_system("releasing a task"), writing():
        _held(assignment).update(**fields, **_FREE)


def kept(faults: Collection[Fault]) -> list[dict[str, Any]]:
    """Return faults as the table keeps them, without words: they are worded for whoever reads.

    What the database said stays in the log: it concerns the operator alone.
    """
    return [
        {
            "code": fault.code,
            "parameters": {} if fault.code.startswith("database.") else fault_as_json(fault)["parameters"],
            "place": fault.place.as_json(),
            "severity": fault.severity,
        }
        for fault in faults
    ]


def faults_of(row: Task) -> list[Fault]:
    """Return the faults a task ended with or was put off for."""
    return [Fault(one["code"], one["parameters"], Place(**one["place"]), one["severity"]) for one in row.fault or ()]
