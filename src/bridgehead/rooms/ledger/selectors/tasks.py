"""Tasks as pages show them: how each stands, who takes part, what was done about its being late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from bridgehead.engines.obligations import progress as engine
from bridgehead.engines.obligations.escalation import Ladder, follows_on, reached, upcoming
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.indicators import indicators
from bridgehead.rooms.ledger.models import Duty, Escalation, Evidence, Milestone, Target, Task, TaskPart
from bridgehead.rooms.ledger.region import calendar, ladder_of, rung_name, rung_words
from bridgehead.rooms.ledger.selectors.as_of import known_on
from bridgehead.rooms.ledger.selectors.begun import as_revised, begun_by_others, was_begun_by_others
from bridgehead.rooms.ledger.selectors.tasks_then import spells_on, tasks_on
from bridgehead.rooms.ledger.spells import counted_as, goals_of
from bridgehead.rooms.ledger.who import names_of
from bridgehead.rooms.ledger.wording import due_word, evidence_word, part_word, waiting_word

Kept = TypeVar("Kept", bound=Model)
Point = TypeVar("Point", Milestone, Target)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder beside a task: ``done`` when it was taken, ``now`` when it is reached and was not."""

    id: str
    name: str
    look: str
    on: date
    outside: bool = False
    """Whether it is addressed to a discipline body, and not to who leads the task."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list.

    Attributes
    ----------
    task : Task
        The task.
    office : str
        Who leads it.
    due_on : date
        By when it is owed on the day asked for.
    when : str
        How far off that is, or that it waits.
    late : bool
        Whether it is owed and late.
    share : float
        How far it is, from 0 to 1.
    ladder : tuple of Step
        The rungs that hold for it where it is late, or one of them is reached.
    waits : bool
        Whether all it needs was handed in by its due day, and only waits to be accepted: then it is not late.
    """

    task: Task
    office: str
    due_on: date
    when: str
    late: bool
    share: float
    ladder: tuple[Step, ...] = ()
    waits: bool = False

    @property
    def next_rung(self) -> Step | None:
        """The mildest rung that is reached and was not taken."""
        return next((one for one in self.ladder if one.look == "now"), None)

    @property
    def articles(self) -> tuple[int, ...]:
        """The article it serves, for its chip."""
        return (self.task.article,) if self.task.article else ()


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A piece of evidence in a list: its state in words, of what it speaks, who wrote it and who decided."""

    row: Evidence
    state: str
    office: str
    of: str
    author: str
    decider: str

    @property
    def day(self) -> date:
        """The day it counts for: that of its figure, else that it bears."""
        return self.row.as_of or self.row.dated_on


@dataclass(frozen=True, slots=True)
class Goal:
    """A milestone or target of a task: whether it is reached, and how far."""

    record: Milestone | Target
    name: str
    share: float
    value: Decimal | None = None
    as_of: date | None = None

    @property
    def reached(self) -> bool:
        """Whether nothing of it is lacking."""
        return self.share >= 1


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Everything about one task as it stood on a day."""

    line: TaskLine
    on: date
    today: bool
    owner: str
    duty: Duty | None
    above: Task | None
    below: Sequence[TaskLine]
    parts: Sequence[tuple[TaskPart, str, str]]
    milestones: Sequence[Goal]
    targets: Sequence[Goal]
    evidence: Sequence[EvidenceLine]
    escalations: Sequence[tuple[Escalation, str, str]]
    upcoming: tuple[str, date] | None
    rung_from: date | None = None
    """The day from which the next rung may be taken, where the term of the one before has still to run."""

    @property
    def lacking(self) -> int:
        """How many milestones, targets and parts are not done; a part that was ended counts nowhere."""
        goals = [*self.milestones, *self.targets]
        parts = [one for one in self.below if one.task.state != Task.State.ENDED]
        return sum(not one.reached for one in goals) + sum(one.share < 1 for one in parts)


def task_seen(viewer: Viewer, task: int) -> Task:
    """Return a task somebody may open: one that they see, or one in which a body of theirs has a part.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``.
    """
    rows = Task.objects.select_related("office", "owner")
    found = visible(rows, viewer).filter(pk=task).first()
    if found is None and visible(TaskPart, viewer).filter(task=task, left_on=None).exists():
        with as_system("opening a task somebody takes part in"):
            found = rows.filter(pk=task).first()
    if found is None:
        raise BridgeheadError("action.no_such_record", {"kind": Task.RECORD, "id": str(task)})
    return found


def taking_part(viewer: Viewer) -> list[int]:
    """Return the tasks in which bodies of somebody have a part without leading them."""
    offices = viewer.organisations
    if not offices:
        return []
    return list(visible(TaskPart, viewer).filter(office__in=offices, left_on=None).values_list("task", flat=True))


def lines(tasks: Iterable[Task], on: date, *, ladders: bool = True) -> list[TaskLine]:
    """Return tasks in a list as they stand, or as `tasks_on` gave them of a day that is past.

    ``ladders`` says whether what was done about those that are late is told, too.
    """
    shown = list(tasks)
    taken: dict[tuple[int, date], set[str]] = {}
    if ladders:
        rows = Escalation.objects.filter(task__in=[one.pk for one in shown], taken_on__lte=on)
        with as_system("reading what was done about tasks that are shown"):
            for task, due, rung in rows.values_list("task", "due_on", "rung"):
                taken.setdefault((task, due), set()).add(rung)
    return [line(one, on, taken.get((one.pk, one.due_on), set()) if ladders else None) for one in shown]


def line(task: Task, on: date, taken: set[str] | None = None) -> TaskLine:
    """Return one task in a list; ``taken`` are the rungs taken for its term, None where its ladder is not told."""
    owing = task.state == Task.State.OPEN and task.done_on is None
    waits = owing and task.met_on is not None and task.met_on <= task.due_on
    late = owing and task.due_on < on and not waits
    ladder = ladder_beside(task, on, taken) if taken is not None and owing and not waits else ()
    return TaskLine(
        task,
        task.office.name(language()),
        task.due_on,
        (waiting_word() if waits else due_word(task.due_on, on)) if owing else "",
        late,
        float(task.share),
        ladder if late or any(one.look for one in ladder) else (),
        waits,
    )


def ladder_beside(task: Task, on: date, taken: set[str]) -> tuple[Step, ...]:
    """Return the ladder of a task on a day: what was taken, and the one rung that is due next."""
    due = task.due_on
    ladder = ladder_of(due, task.office.kind == "vertical")
    if ladder is None:
        return ()
    there = {one.rung.id: one.on for one in reached(ladder, due, on, calendar())}
    waiting = next((one.id for one in ladder.rungs if one.id in there and one.id not in taken), "")
    # What only reminds before the due day is past once the task is late.
    if waiting and due < on:
        graver = [one.id for one in ladder.rungs if one.id in there and one.id not in taken and one.after_wd >= 0]
        waiting = graver[0] if graver else (waiting if len(ladder.rungs) == 1 else "")
    steps = []
    for rung in ladder.rungs:
        look = "done" if rung.id in taken else "now" if rung.id == waiting else ""
        words = rung_words(ladder.version, rung.id)
        outside = words is not None and words.to_discipline
        steps.append(Step(rung.id, rung_name(ladder.version, rung.id), look, rung.on(due, calendar()), outside))
    return tuple(steps)


def evidence_lines(rows: Iterable[Evidence]) -> list[EvidenceLine]:
    """Return pieces of evidence in a list, newest first."""
    shown = list(rows)
    people = names_of({one.author_id for one in shown} | {one.decided_by for one in shown})
    return [
        EvidenceLine(
            one,
            evidence_word(one.state),
            one.office.name(language()),
            one.milestone.title if one.milestone else indicator_name(one.target.indicator) if one.target else "",
            people.get(one.author_id or 0, ""),
            people.get(one.decided_by or 0, ""),
        )
        for one in shown
    ]


def indicator_name(indicator: str) -> str:
    """Return the name of an indicator in the language of the request, its id where the region does not know it."""
    known = indicators().latest(indicator)
    return known.name if known is not None else indicator


def task_page(viewer: Viewer, task: int, on: date | None = None) -> TaskPage:
    """Return everything about a task as it was known at the end of a day, today by default.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``; ``ledger.not_given_yet`` for a day on which there was no such task yet.
    """
    record = task_seen(viewer, task)
    day = on or timezone.localdate()
    # Whoever may open a task sees all of it: who takes part, and what the others handed in, not what they began.
    with as_system("reading a task somebody may open"):
        stood = tasks_on([record], day)
        if not stood:
            told = {"title": record.title, "given": str(record.given_on), "day": str(day)}
            raise BridgeheadError("ledger.not_given_yet", told, Place(field="on"))
        return _page(viewer, stood[0], day)


def _page(viewer: Viewer, record: Task, day: date) -> TaskPage:
    escalations = list(record.escalations.filter(taken_on__lte=day).select_related("to"))
    taken = {one.rung: one.taken_on for one in escalations if one.due_on == record.due_on}
    head = line(record, day, set(taken))
    ladder = ladder_of(record.due_on, record.office.kind == "vertical")
    owed = record.state == Task.State.OPEN and record.done_on is None and not head.waits
    then = upcoming(ladder, record.due_on, day, calendar()) if ladder and owed else None
    milestones = _undropped(_then(record.milestones.all(), day), day)
    targets = _undropped(_then(record.targets.all(), day), day)
    handed = record.evidence.select_related("office", "milestone", "target", "file").exclude(begun_by_others(viewer))
    evidence = [one for one in _then(handed, day) if not was_begun_by_others(viewer, one)]
    evidence = as_revised(viewer, evidence)
    accepted = [one for one in evidence if one.accepted_on and one.accepted_on <= day]
    goals = engine.Task("", "", record.weight, *goals_of(milestones, targets))
    far = engine.progress([goals], [replace(counted_as(one), task="") for one in accepted], day)[""]
    lacking, counting = set(far.lacking), {int(one) for one in far.counted}
    return TaskPage(
        head,
        day,
        day == timezone.localdate(),
        record.owner.name(language()),
        next(iter(_then([record.duty] if record.duty else [], day)), None),
        next(iter(tasks_on([record.parent] if record.parent else [], day)), None),
        lines(_parts_of(record, day), day, ladders=False),
        [(one, one.office.name(language()), part_word(one.part)) for one in _taking_part(record, day)],
        [Goal(one, one.title, 0.0 if f"m{one.pk}" in lacking else 1.0) for one in milestones],
        [_target(one, accepted, counting) for one in targets],
        evidence_lines(evidence),
        [(one, rung_name(one.ladder, one.rung), one.addressee) for one in escalations],
        (rung_name(ladder.version, then.rung.id), then.on) if ladder and then else None,
        _rung_from(head.next_rung, ladder, taken, day),
    )


def _rung_from(step: Step | None, ladder: Ladder | None, taken: Mapping[str, date], day: date) -> date | None:
    """Return from which day the next rung may be taken; None where it may be taken by now."""
    if step is None or ladder is None:
        return None
    rung = next(one for one in ladder.rungs if one.id == step.id)
    since = follows_on(ladder, rung, taken, calendar())
    return since if since is not None and since > day else None


def _then(records: Iterable[Kept], day: date) -> list[Kept]:
    """Return what belongs to a task as it was known at the end of a day."""
    return list(records) if day >= timezone.localdate() else known_on(records, day)


def _undropped(goals: Iterable[Point], day: date) -> list[Point]:
    return [one for one in goals if one.dropped_on is None or one.dropped_on > day]


def _parts_of(record: Task, day: date) -> list[Task]:
    """Return the tasks that were parts of another one on a day."""
    rows = Task.objects.select_related("office")
    if day >= timezone.localdate():
        return list(rows.filter(parent=record))
    ids = spells_on(day).filter(parent=record).order_by("due_on", "task").values_list("task", flat=True)
    found = rows.in_bulk(list(ids))
    return tasks_on(found.values(), day)


def _taking_part(record: Task, day: date) -> QuerySet[TaskPart]:
    """Return who had a part in a task on a day."""
    return record.parts.filter(parts_held(day)).select_related("office")


def parts_held(day: date) -> Q:
    """Return the filter for parts in tasks that bodies had on a day."""
    return Q(joined_on__lte=day) & (Q(left_on=None) | Q(left_on__gt=day))


def _target(target: Target, accepted: Sequence[Evidence], counting: set[int]) -> Goal:
    """Return how far a target is by the newest accepted figure."""
    newest = next((one for one in accepted if one.target_id == target.pk and one.pk in counting), None)
    share = 0.0
    if newest is not None and newest.value is not None:
        share = float(engine.Target("", target.baseline, target.goal).share(newest.value))
    name = indicator_name(target.indicator)
    return Goal(target, name, share, newest.value if newest else None, newest.as_of if newest else None)
