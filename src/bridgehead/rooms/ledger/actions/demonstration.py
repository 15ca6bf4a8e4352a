"""The action that takes the demonstration of the ledger away."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.db.models.deletion import Collector, ProtectedError

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.demonstration.people import MARK_ZH
from bridgehead.ground.demonstration.registry import BY
from bridgehead.ground.models import JournalEntry, Person
from bridgehead.ground.told import today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.programmes import move_money
from bridgehead.rooms.ledger.models import (
    ClosedPeriod,
    Duty,
    Escalation,
    Evidence,
    Milestone,
    Programme,
    ProgrammeItem,
    ProgrammeMoney,
    ProgrammeParty,
    Responsibility,
    StageMove,
    Target,
    Task,
    TaskPart,
)
from bridgehead.rooms.ledger.spells import restate

MARK = "demonstration:"
"""What the matter of a task of the demonstration begins with."""

PROGRAMME_MARK = "demonstration-"
"""What the code of a programme of the demonstration begins with."""

_HANGING: tuple[type[Model], ...] = (Evidence, Escalation, TaskPart, Milestone, Target)
_OF_A_PROGRAMME: tuple[type[Model], ...] = (StageMove, ProgrammeItem, ProgrammeMoney, ProgrammeParty)


@action("ledger_demonstration.remove")
def remove_demonstration(deed: Deed) -> tuple[int, int]:
    """Remove what the demonstration made in the ledger; what real records rest on is ended instead.

    Returns
    -------
    tuple of int
        How many records were removed, and how many tasks and programmes ended.
    """
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"})
    real = set(Person.objects.filter(demo=False).values_list("pk", flat=True))
    removed, ended = _programmes(deed, real)
    for task in _deepest_first():
        if not _is_demonstration(task, real):
            continue
        if _rests_on(task, real):
            ended += _end(deed, task)
        else:
            removed += _remove(deed, task, _HANGING, "task")
    for row in (*Responsibility.objects.filter(note=MARK_ZH), *ClosedPeriod.objects.filter(note__endswith=MARK_ZH)):
        deed.remove(row)
        removed += 1
    for duty in Duty.objects.filter(pk__in=_taken_over()):
        if not _protected(duty):
            deed.remove(duty)
            removed += 1
    return removed, ended


def _deepest_first() -> list[Task]:
    """Return the marked tasks with all their parts, whoever gave these."""
    found: list[Task] = []
    level = list(Task.objects.filter(matter__startswith=MARK, parent=None))
    while level:
        found += level
        level = list(Task.objects.filter(parent__in=level))
    return found[::-1]


def _is_demonstration(task: Task, real: set[int]) -> bool:
    """Tell whether a task is marked, or is a part of a marked one that somebody of the demonstration gave."""
    if task.matter.startswith(MARK):
        return True
    rows = JournalEntry.objects.filter(record_kind=Task.RECORD, record_id=str(task.pk)).order_by("id")
    given = rows.values_list("actor_id", "actor_name").first()
    return given is not None and given[0] not in real and (given[0] is not None or given[1] == BY)


def _rests_on(task: Task, real: set[int]) -> bool:
    """Tell whether something rests on a task that is not of the demonstration: another record, a real person's work."""
    if any(not isinstance(one, _HANGING) for one in _protected(task)):
        return True
    return any(real.intersection(one.authors) for one in task.evidence.all())


def _protected(record: Model) -> set[Any]:
    """Return the records that keep one from being removed."""
    try:
        Collector(using="default", origin=record).collect([record])
    except ProtectedError as held:
        return set(held.protected_objects)
    return set()


def _programmes(deed: Deed, real: set[int]) -> tuple[int, int]:
    """Remove the programmes of the demonstration, parts before what they are parts of."""
    opened = JournalEntry.objects.filter(record_kind=Programme.RECORD, action="programme.open", actor_name=BY)
    made = [int(pk) for pk in opened.values_list("record_id", flat=True)]
    removed = ended = 0
    left = list(Programme.objects.filter(pk__in=made, code__startswith=PROGRAMME_MARK).order_by("-id"))
    while left:
        ends = [one for one in left if not any(other.parent_id == one.pk for other in left)]
        for record in ends:
            if _real_in(record, real):
                ended += _stop(deed, record)
                continue
            if record.parent_id is not None:
                move_money(record, None)
            removed += _remove(deed, record, _OF_A_PROGRAMME, "programme")
        left = [one for one in left if one not in ends]
    return removed, ended


def _real_in(record: Programme, real: set[int]) -> bool:
    """Tell whether something rests on a programme that is not of the demonstration, or somebody real worked on it."""
    if any(not isinstance(one, _OF_A_PROGRAMME) for one in _protected(record)):
        return True
    money = ProgrammeMoney.objects
    if money.filter(giver=record).exists() or money.filter(programme=record, giver__isnull=False).exists():
        return True
    for model in (Programme, *_OF_A_PROGRAMME):
        rows = model._default_manager.filter(**{"pk" if model is Programme else "programme": record.pk})
        said = JournalEntry.objects.filter(
            record_kind=model.RECORD,  # type: ignore[attr-defined]
            record_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)],
        )
        if real.intersection(said.values_list("actor_id", flat=True)):
            return True
    return False


def _stop(deed: Deed, record: Programme) -> int:
    if record.state != Programme.State.RUNNING:
        return 0
    deed.change(record, state=Programme.State.STOPPED, state_reason=f"清除示意数据{MARK_ZH}")
    return 1


def _remove(deed: Deed, record: Model, hanging: tuple[type[Model], ...], by: str) -> int:
    removed = 1
    for model in hanging:
        for row in model._default_manager.filter(**{by: record}).order_by("-pk"):
            file = getattr(row, "file", None)
            deed.remove(row)
            removed += 1
            if file is not None and not _protected(file):
                deed.remove(file)
                removed += 1
    deed.remove(record)
    return removed


def _end(deed: Deed, task: Task) -> int:
    if task.state == Task.State.ENDED:
        return 0
    deed.change(task, state=Task.State.ENDED, ended_on=today(deed))
    restate([task.pk], today(deed))
    return 1


def _taken_over() -> list[int]:
    """Return the duties that the demonstration took over, which the journal knows."""
    rows = JournalEntry.objects.filter(record_kind=Duty.RECORD, action="ledger_duty.take_over", actor_name=BY)
    return [int(pk) for pk in rows.values_list("record_id", flat=True)]
