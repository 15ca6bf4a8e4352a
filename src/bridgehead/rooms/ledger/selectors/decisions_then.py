"""How decisions stood on a day, and which were not done: one that became a task is done when the task is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import CharField, DateField, Exists, F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import LessThan
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry
from bridgehead.rooms.ledger.models import Decision, Spell, Task
from bridgehead.rooms.ledger.selectors.as_of import end_of
from bridgehead.rooms.ledger.selectors.tasks_then import late_on as tasks_late_on


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision stands: its state, how far its task is, by when it is due, and whether it is still to be done.

    One whose task was handed in in time only waits for acceptance.
    """

    state: str
    share: Decimal | None
    done_on: date | None
    due_on: date
    runs: bool


def standing_now(record: Decision) -> Standing:
    """Return how a decision stands today."""
    task = record.task
    if task is None:
        return Standing(record.state, None, None, record.due_on, record.state == Decision.State.OPEN)
    runs = task.done_on is None and task.state == "open" and not _waits(task)
    return Standing(record.state, task.share, task.done_on, task.due_on, runs)


def standings_on(records: Iterable[Decision], due: Mapping[int, date], on: date) -> Mapping[int, Standing]:
    """Return how decisions stood at the end of a day, by number: those of them that were tasks as these stood then.

    ``due`` is by when each of them was due, as it was known on that day.
    """
    rows = list(records)
    given = {one.pk: one.task for one in rows if one.task is not None and one.task.given_on <= on}
    spells = Spell.objects.filter(task__in=[task.pk for task in given.values()], from_on__lte=on, until_on__gt=on)
    stood = {spell.task_id: spell for spell in spells} if given else {}
    spell_of = {one.pk: stood.get(one.task_id or 0) for one in rows}
    return {one.pk: _standing_on(one, spell_of[one.pk], due[one.pk], on, given=one.pk in given) for one in rows}


def _standing_on(record: Decision, spell: Spell | None, due_on: date, on: date, *, given: bool) -> Standing:
    if record.closed_on is not None and record.closed_on <= on:
        return Standing(record.state, None, None, due_on, runs=False)
    if not given:
        return Standing(Decision.State.OPEN, None, None, due_on, runs=True)
    if spell is None:
        return Standing(Decision.State.GIVEN, None, None, due_on, runs=False)
    return Standing(Decision.State.GIVEN, spell.share, spell.done_on, spell.due_on, spell.owed and not _waits(spell))


def _waits(one: Task | Spell) -> bool:
    """Tell whether all a task needs was handed in by its day: it only waits for acceptance."""
    return one.met_on is not None and one.met_on <= one.due_on


def task_then(on: date, prefix: str = "") -> QuerySet[Spell]:
    """Return the spell of the task of a decision on a day, to be asked within a query of decisions."""
    return Spell.objects.filter(task=OuterRef(f"{prefix}task"), from_on__lte=on, until_on__gt=on).order_by()


def undone_on(on: date, prefix: str = "") -> Q:
    """Return the filter for decisions that were neither done, settled nor dropped on a day."""
    over = Q(**{f"{prefix}closed_on__lte": on}) | Q(Exists(task_then(on, prefix).filter(owed=False)))
    return Q(**{f"{prefix}decided_on__lte": on}) & ~over


def due_then(on: date) -> Combinable:
    """Return by when a decision was due as it was known at the end of a day, to be asked within a query of decisions.

    What moved its day first after that says in the journal from which day it was moved.
    """
    if on >= timezone.localdate():
        return F("due_on")
    with as_system("reading by when decisions were due"):
        moved = JournalEntry.objects.filter(
            record_kind=Decision.RECORD,
            record_id=Cast(OuterRef("pk"), CharField()),
            recorded_at__gte=end_of(on),
            before__contains='"due_on":',
        )
    said = moved.order_by("id").annotate(said=Cast("before", JSONField())).values(day=KT("said__due_on"))
    return Coalesce(Cast(Subquery(said[:1], output_field=CharField()), DateField()), F("due_on"))


def late_on(on: date) -> Q:
    """Return the filter for decisions that were past their day and not done on a day, nor handed in by then.

    One that was a task then was due when the task was, as that stood on the day; any other by the day it had then.
    """
    own = Q(LessThan(due_then(on), on)) & ~Q(task__given_on__lte=on)
    given = Q(Exists(task_then(on).filter(tasks_late_on(on), owed=True)))
    return (own | given) & undone_on(on)
