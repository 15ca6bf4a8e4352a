"""How tasks stand, derived: shares from accepted evidence, and the spells that boards of any day read.

Nothing here is journalled: all of it follows from tasks, their terms and evidence, which are. Whoever changes one of
these calls `restate` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from bridgehead.engines.obligations import progress as engine
from bridgehead.ground.access.viewer import as_system
from bridgehead.rooms.ledger.models import FOREVER, Evidence, Spell, Task

SIXTH = Decimal("0.000001")


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


def progress_of(tree: Sequence[Task], on: date) -> Mapping[str, engine.Progress]:
    """Return how far the tasks of a tree were on a day, by number; ended ones count nowhere."""
    counted = [one for one in tree if one.state != Task.State.ENDED]
    ids = {one.pk for one in counted}
    told = [
        engine.Task(
            str(one.pk),
            str(one.parent_id) if one.parent_id in ids else "",
            one.weight,
            [engine.Milestone(f"m{part.pk}", part.weight) for part in one.milestones.all()],
            [engine.Target(f"t{part.pk}", part.baseline, part.goal, part.weight) for part in one.targets.all()],
        )
        for one in counted
    ]
    rows = Evidence.objects.filter(task__in=ids, accepted_on__isnull=False)
    return engine.progress(told, [_counted(row) for row in rows], on)


def tree_of(task: int) -> list[Task]:
    """Return a task with everything above and below it, whoever reads."""
    with as_system("reading a tree of tasks"):
        return next(iter(_trees([task])), [])


def _counted(row: Evidence) -> engine.Evidence:
    assert row.accepted_on is not None
    part = f"m{row.milestone_id}" if row.milestone_id else f"t{row.target_id}" if row.target_id else ""
    return engine.Evidence(
        str(row.pk), str(row.task_id), row.accepted_on, part, row.value, row.as_of, row.completes, row.taken_back_on
    )


def _trees(tasks: Iterable[int]) -> Iterable[list[Task]]:
    """Yield each tree that holds one of some tasks."""
    done: set[int] = set()
    for task in tasks:
        if task in done:
            continue
        root = task
        while above := Task.objects.filter(pk=root).values_list("parent_id", flat=True).first():
            root = above
        tree, level = [], [root]
        while level:
            rows = Task.objects.filter(pk__in=level).prefetch_related("milestones", "targets")
            tree += rows
            level = list(Task.objects.filter(parent__in=level).values_list("pk", flat=True))
        done |= {one.pk for one in tree}
        yield tree


def _restate_tree(tree: Sequence[Task], on: date) -> None:
    found = progress_of(tree, on)
    current = {one.task_id: one for one in Spell.objects.filter(task__in=tree, until_on=FOREVER)}
    for task in tree:
        far = found.get(str(task.pk))
        share = Decimal(far.share.numerator) / Decimal(far.share.denominator) if far else task.share
        # Rounding must not make a task done that is not.
        share = share.quantize(SIXTH, "ROUND_DOWN") if share < 1 else Decimal(1)
        done = far is not None and far.done
        done_on = (task.done_on or on) if done else (task.done_on if far is None else None)
        if (task.share, task.done_on) != (share, done_on):
            Task.objects.filter(pk=task.pk).update(share=share, done_on=done_on)
            task.share, task.done_on = share, done_on
        _spell(task, current.get(task.pk), owed=far is not None and not done, on=on)


def _spell(task: Task, current: Spell | None, *, owed: bool, on: date) -> None:
    told = {
        "owner_id": task.owner_id,
        "office_id": task.office_id,
        "article": task.article,
        "due_on": task.due_on,
        "owed": owed,
        "share": task.share,
    }
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
