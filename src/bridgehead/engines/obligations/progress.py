"""How far a task has come: a function of the evidence that was accepted, and of nothing else.

Whoever is to do a thing does not say how far it is. A milestone is reached when evidence of it was accepted, a target
has come as far as the newest accepted figure, a task that is made of neither is done when evidence of its completion
was accepted, and a task is as far as its parts are, each counted once by its weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bridgehead.kernel.errors import BridgeheadError, Place

ONE = Decimal(1)
NONE, WHOLE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A point a task passes.

    Parameters
    ----------
    id : str
        Its id, unique within the task.
    weight : Decimal
        How much it counts among the parts of its task; above zero.
    """

    id: str
    weight: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to be reached, upward or downward.

    Parameters
    ----------
    id : str
        Its id, unique within the task.
    baseline, goal : Decimal
        Where it starts and where it is to end, in the unit of its indicator.
    weight : Decimal
        How much it counts among the parts of its task; above zero.
    """

    id: str
    baseline: Decimal
    goal: Decimal
    weight: Decimal = ONE

    def share(self, value: Decimal) -> Fraction:
        """Return which part of the way a figure has come, from 0 to 1; a goal that is the baseline is to be held."""
        way = Fraction(self.goal) - Fraction(self.baseline)
        if not way:
            return WHOLE if value == self.goal else NONE
        return min(WHOLE, max(NONE, (Fraction(value) - Fraction(self.baseline)) / way))


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done, with what it is made of.

    Parameters
    ----------
    id : str
        Its id.
    parent : str
        The task it is a part of, empty for one that stands by itself.
    weight : Decimal
        How much it counts among the parts of that one; above zero.
    milestones, targets : sequence
        What it is made of besides its sub-tasks.
    """

    id: str
    parent: str = ""
    weight: Decimal = ONE
    milestones: Sequence[Milestone] = ()
    targets: Sequence[Target] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was handed in and accepted.

    Parameters
    ----------
    id : str
        Its id.
    task : str
        What it was handed in for.
    accepted_on : date
        The day it was accepted.
    part : str
        Milestone or target it speaks of, empty where it speaks of the task as a whole.
    value : Decimal, optional
        The figure it gives for a target.
    as_of : date, optional
        The day that figure speaks of.
    completes : bool
        Whether it says that the task is done.
    taken_back_on : date, optional
        The day on which the acceptance was taken back.
    handed_on : date, optional
        The day it was handed in, that of its acceptance by default.
    """

    id: str
    task: str
    accepted_on: date
    part: str = ""
    value: Decimal | None = None
    as_of: date | None = None
    completes: bool = False
    taken_back_on: date | None = None
    handed_on: date | None = None

    def counts(self, on: date) -> bool:
        """Tell whether it counts on a day."""
        return self.accepted_on <= on and (self.taken_back_on is None or on < self.taken_back_on)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task is.

    Parameters
    ----------
    share : Fraction
        From 0 to 1, exact.
    counted : tuple of str
        The evidence it rests on, of the task itself, not of its sub-tasks.
    lacking : tuple of str
        Milestones, targets and sub-tasks that are not done; the task itself where it is made of none and is not done.
    """

    share: Fraction
    counted: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def done(self) -> bool:
        """Whether nothing is lacking."""
        return self.share == WHOLE


def progress(tasks: Iterable[Task], evidence: Iterable[Evidence], on: date) -> dict[str, Progress]:
    """Return how far every task was on a day, sub-tasks before what they are part of.

    Parameters
    ----------
    tasks : iterable of Task
        Tasks with all they are part of and all their parts, in any order.
    evidence : iterable of Evidence
        Accepted evidence of them; that of others is ignored.
    on : date
        The day.

    Raises
    ------
    BridgeheadError
        ``task.cycle``, ``task.unknown_parent`` or ``task.bad_weight`` where the tasks make no tree.
    """
    known = {one.id: one for one in tasks}
    below = _below(known)
    handed: dict[str, list[Evidence]] = {}
    for one in evidence:
        if one.task in known and one.counts(on):
            handed.setdefault(one.task, []).append(one)
    found: dict[str, Progress] = {}
    for task in _from_the_leaves(known, below):
        found[task.id] = _of(task, below.get(task.id, ()), handed.get(task.id, ()), found)
    return found


def met(tasks: Iterable[Task], evidence: Iterable[Evidence]) -> dict[str, date]:
    """Return the day by which each task had all it needs, of those that lack nothing.

    Parameters
    ----------
    tasks : iterable of Task
        As `progress` takes them.
    evidence : iterable of Evidence
        Evidence of them that counts, or would count if it was accepted on the day it bears as that of its acceptance.
        Which of it counts is what `progress` says; the day by which it was there is that on which it was handed in: who
        does a thing answers for that day, not for how long somebody takes to look at it.

    Raises
    ------
    BridgeheadError
        What `progress` raises.
    """
    known = {one.id: one for one in tasks}
    below = _below(known)
    handed: dict[str, list[Evidence]] = {}
    for one in evidence:
        handed.setdefault(one.task, []).append(one)
    found: dict[str, date] = {}
    for task in _from_the_leaves(known, below):
        days = _met(task, below.get(task.id, ()), handed.get(task.id, ()), found)
        if all(days):
            found[task.id] = max(day for day in days if day)
    return found


def _met(task: Task, below: Sequence[Task], handed: Sequence[Evidence], found: Mapping[str, date]) -> list[date | None]:
    """Return for all a task is made of the day it was met, None for what is not."""
    if not (task.milestones or task.targets or below):
        return [_first(one for one in handed if one.completes and not one.part)]
    days = [_first(one for one in handed if one.part == milestone.id) for milestone in task.milestones]
    for target in task.targets:
        newest = _newest(target, handed)
        reached = newest is not None and newest.value is not None and target.share(newest.value) == WHOLE
        days.append(_handed(newest) if newest and reached else None)
    return days + [found.get(one.id) for one in below]


def _first(evidence: Iterable[Evidence]) -> date | None:
    return min(map(_handed, evidence), default=None)


def _handed(one: Evidence) -> date:
    return one.handed_on or one.accepted_on


def _below(known: Mapping[str, Task]) -> dict[str, list[Task]]:
    below: dict[str, list[Task]] = {}
    for one in known.values():
        if one.parent and one.parent not in known:
            raise BridgeheadError("task.unknown_parent", {"task": one.id, "parent": one.parent}, Place(field="parent"))
        weights = [part.weight for part in one.milestones] + [part.weight for part in one.targets]
        if min([one.weight, *weights]) <= 0:
            raise BridgeheadError("task.bad_weight", {"task": one.id}, Place(field="weight"))
        if one.parent:
            below.setdefault(one.parent, []).append(one)
    return below


def _from_the_leaves(known: Mapping[str, Task], below: Mapping[str, Sequence[Task]]) -> list[Task]:
    order: list[Task] = [one for one in known.values() if not one.parent]
    for one in order:
        order += below.get(one.id, ())
    if len(order) < len(known):
        within = sorted(known.keys() - {one.id for one in order})
        raise BridgeheadError("task.cycle", {"tasks": ", ".join(within[:10])}, Place(field="parent"))
    return order[::-1]


def _of(task: Task, below: Sequence[Task], handed: Sequence[Evidence], found: Mapping[str, Progress]) -> Progress:
    """Return how far a task is whose sub-tasks are known."""
    if not (task.milestones or task.targets or below):
        closing = tuple(one.id for one in handed if one.completes and not one.part)
        return Progress(WHOLE if closing else NONE, closing, () if closing else (task.id,))
    shares: list[tuple[str, Decimal, Fraction]] = []
    counted: list[str] = []
    for milestone in task.milestones:
        reached = [one.id for one in handed if one.part == milestone.id]
        counted += reached
        shares.append((milestone.id, milestone.weight, WHOLE if reached else NONE))
    for target in task.targets:
        newest = _newest(target, handed)
        counted += [newest.id] if newest else []
        share = target.share(newest.value) if newest and newest.value is not None else NONE
        shares.append((target.id, target.weight, share))
    shares += [(one.id, one.weight, found[one.id].share) for one in below]
    whole = sum(Fraction(weight) for _, weight, _ in shares)
    share = sum((Fraction(weight) * part for _, weight, part in shares), NONE) / whole
    return Progress(share, tuple(counted), tuple(name for name, _, part in shares if part != WHOLE))


def _newest(target: Target, handed: Sequence[Evidence]) -> Evidence | None:
    figures = [one for one in handed if one.part == target.id and one.value is not None]
    return max(figures, key=_place, default=None)


def _place(one: Evidence) -> tuple[date, date, int, str]:
    """Return by what figures are put in order: of one day and one acceptance, the one with the higher number counts."""
    return (one.as_of or one.accepted_on, one.accepted_on, len(one.id), one.id)
