"""How tasks stand, derived: shares from accepted evidence, and the spells that boards of any day read.

Nothing here is journalled: all of it follows from tasks, their terms and evidence, which are. Whoever changes one of
these, or hands evidence in, calls `restate` in the same transaction.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from bridgehead.engines.obligations import progress as engine
from bridgehead.ground.access.viewer import as_system
from bridgehead.rooms.ledger.models import FOREVER, Evidence, Milestone, Spell, Target, Task

SIXTH = Decimal("0.000001")
AT_ONCE = 500
"""Trees that are compared with their evidence at once."""


def restate(tasks: Iterable[int], on: date) -> None:
    """Work out anew how tasks stand from a day on, with all they are part of and all their parts.

    Parameters
    ----------
    tasks : iterable of int
        Whatever changed.
    on : date
        Today.
    """
    with as_system("restating tasks"):
        for tree in _trees(tasks):
            _restate_tree(tree, on)


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a task is, and by when all it needs had been handed in; None where that is not so."""

    far: engine.Progress
    met_on: date | None


def stands(tree: Sequence[Task], on: date) -> Mapping[int, Stand]:
    """Return how far the tasks of some trees are today, by number; ended ones count nowhere."""
    counted = [one for one in tree if one.state != Task.State.ENDED]
    ids = {one.pk for one in counted}
    told = [
        engine.Task(
            str(one.pk),
            str(one.parent_id) if one.parent_id in ids else "",
            one.weight,
            *goals_of(one.milestones.all(), one.targets.all()),
        )
        for one in counted
    ]
    rows = Evidence.objects.filter(Q(accepted_on__isnull=False) | Q(state=Evidence.State.HANDED_IN), task__in=ids)
    accepted, waiting = [], []
    for row in rows:
        (waiting if row.accepted_on is None else accepted).append(row)
    far = engine.progress(told, [counted_as(row) for row in accepted], on)
    standing = [counted_as(row) for row in accepted if row.taken_back_on is None]
    done = engine.met(told, standing)
    would = engine.met(told, [*standing, *(_reckoned(row, on) for row in waiting)]) if waiting else done
    return {pk: Stand(one, (done if one.done else would).get(str(pk))) for pk in ids for one in (far[str(pk)],)}


def goals_of(
    milestones: Iterable[Milestone], targets: Iterable[Target]
) -> tuple[list[engine.Milestone], list[engine.Target]]:
    """Return milestones and targets of a task as what progress is reckoned from."""
    return (
        [engine.Milestone(f"m{one.pk}", one.weight) for one in milestones],
        [engine.Target(f"t{one.pk}", one.baseline, one.goal, one.weight) for one in targets],
    )


def tree_of(task: int) -> list[Task]:
    """Return a task with everything above and below it, whoever reads."""
    with as_system("reading a tree of tasks"):
        return next(iter(_trees([task])), [])


def counted_as(row: Evidence) -> engine.Evidence:
    """Return accepted evidence as what progress is reckoned from."""
    assert row.accepted_on is not None
    return _reckoned(row, row.accepted_on)


def _reckoned(row: Evidence, accepted_on: date) -> engine.Evidence:
    handed_on = timezone.localdate(row.handed_in_at) if row.handed_in_at else None
    part = f"m{row.milestone_id}" if row.milestone_id else f"t{row.target_id}" if row.target_id else ""
    told = (row.value, row.as_of, row.completes, row.taken_back_on, handed_on)
    return engine.Evidence(str(row.pk), str(row.task_id), accepted_on, part, *told)


def _trees(tasks: Iterable[int]) -> Iterable[list[Task]]:
    """Yield each tree that holds one of some tasks."""
    done: set[int] = set()
    for task in tasks:
        if task in done:
            continue
        root = task
        while above := Task.objects.filter(pk=root).values_list("parent_id", flat=True).first():
            root = above
        tree = _below([root])
        done |= {one.pk for one in tree}
        yield tree


def kept_goals() -> list[Prefetch[str]]:
    """Return what reads the milestones and targets of tasks without those that were dropped."""
    return [
        Prefetch("milestones", Milestone.objects.filter(dropped_on=None)),
        Prefetch("targets", Target.objects.filter(dropped_on=None)),
    ]


def _below(roots: Sequence[int]) -> list[Task]:
    """Return some tasks with everything below them and what they are made of, those above first."""
    found: list[Task] = []
    level = list(roots)
    while level:
        found += Task.objects.filter(pk__in=level).prefetch_related(*kept_goals())
        level = list(Task.objects.filter(parent__in=level).values_list("pk", flat=True))
    return found


def _restate_tree(tree: Sequence[Task], on: date) -> None:
    found = stands(tree, on)
    current = {one.task_id: one for one in Spell.objects.filter(task__in=tree, until_on=FOREVER)}
    for task in tree:
        there = found.get(task.pk)
        # One that counts nowhere keeps what it had.
        if there is not None:
            done_on = (task.done_on or on) if there.far.done else None
            told = {"share": share_of(there.far), "done_on": done_on, "met_on": there.met_on}
            if any(getattr(task, name) != value for name, value in told.items()):
                Task.objects.filter(pk=task.pk).update(**told)
                for name, value in told.items():
                    setattr(task, name, value)
        _spell(task, current.get(task.pk), owed=there is not None and not there.far.done, on=on)


def share_of(far: engine.Progress) -> Decimal:
    """Return the share of a task as it is kept."""
    share = Decimal(far.share.numerator) / Decimal(far.share.denominator)
    # Rounding must not make a task done that is not.
    return share.quantize(SIXTH, "ROUND_DOWN") if share < 1 else Decimal(1)


def amiss(roots: Iterable[int], on: date) -> list[int]:
    """Return the tasks whose share, end or spells are not those that follow from their evidence.

    Parameters
    ----------
    roots : iterable of int
        Tasks that are no part of another; everything below them is looked at.
    on : date
        Today.
    """
    found = []
    with as_system("comparing how tasks stand with their evidence"):
        wanted = list(roots)
        for begin in range(0, len(wanted), AT_ONCE):
            below = _below(wanted[begin : begin + AT_ONCE])
            found_now = stands(below, on)
            spells: dict[int, list[Spell]] = {}
            for spell in Spell.objects.filter(task__in=below).order_by("task", "from_on"):
                spells.setdefault(spell.task_id, []).append(spell)
            found += [one.pk for one in below if not _sound(one, found_now.get(one.pk), spells.get(one.pk, []))]
    return found


def mend(tasks: Iterable[int], on: date) -> None:
    """Let the spells of some tasks cover every day again, each up to the next, and work out anew how they stand."""
    wrong = list(tasks)
    with as_system("mending spells"):
        for task in Task.objects.filter(pk__in=wrong):
            begins = task.given_on
            spells = list(Spell.objects.filter(task=task).order_by("from_on"))
            for one, then in zip(spells, [*spells[1:], None], strict=True):
                until = then.from_on if then else FOREVER
                if (one.from_on, one.until_on) != (begins, until):
                    Spell.objects.filter(pk=one.pk).update(from_on=begins, until_on=until)
                begins = until
    restate(wrong, on)


def _sound(task: Task, there: Stand | None, spells: Sequence[Spell]) -> bool:
    if there is not None:
        kept = (task.share, task.done_on is not None, task.met_on)
        if kept != (share_of(there.far), there.far.done, there.met_on):
            return False
    if not spells or spells[0].from_on != task.given_on or spells[-1].until_on != FOREVER:
        return False
    if any(one.until_on != then.from_on for one, then in itertools.pairwise(spells)):
        return False
    told = _told(task, owed=there is not None and not there.far.done)
    return all(getattr(spells[-1], name) == value for name, value in told.items())


def _told(task: Task, *, owed: bool) -> dict[str, Any]:
    """Return what a spell says of a task as it stands."""
    return {
        "owner_id": task.owner_id,
        "office_id": task.office_id,
        "parent_id": task.parent_id,
        "duty_id": task.duty_id,
        "article": task.article,
        "due_on": task.due_on,
        "owed": owed,
        "done_on": task.done_on,
        "met_on": task.met_on,
        "share": task.share,
    }


def _spell(task: Task, current: Spell | None, *, owed: bool, on: date) -> None:
    told = _told(task, owed=owed)
    if current is not None and all(getattr(current, name) == value for name, value in told.items()):
        return
    begins = task.given_on if current is None else max(on, current.from_on)
    if current is not None and current.from_on < begins:
        Spell.objects.filter(pk=current.pk).update(until_on=begins)
        current = None
    if current is not None:
        Spell.objects.filter(pk=current.pk).update(**told)
    else:
        Spell.objects.create(task=task, from_on=begins, **told)
