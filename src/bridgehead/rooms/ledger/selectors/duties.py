"""Duties and the list of responsibilities: who answers for what, how it stands, and what it became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.models import Duty, Part, Responsibility
from bridgehead.rooms.ledger.selectors.as_of import known_on
from bridgehead.rooms.ledger.selectors.board import stood
from bridgehead.rooms.ledger.selectors.tasks import TaskLine
from bridgehead.rooms.ledger.selectors.tasks_then import late_on, spells_on
from bridgehead.rooms.ledger.wording import duty_word, part_word
from bridgehead.rooms.statute.public import HeldDuty, held_duties, held_laws, modality, organ

MOST_TASKS = 200


@dataclass(frozen=True, slots=True)
class Answering:
    """An organisation that answers for a duty."""

    row: Responsibility
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty in the list of responsibilities, with the tasks it became."""

    row: Duty
    modality: str
    organs: tuple[str, ...]
    state: str
    answering: Sequence[Answering]
    tasks: int
    done: int
    late: int

    @property
    def lead(self) -> Answering | None:
        """Who leads it."""
        return next((one for one in self.answering if one.row.part == Part.LEAD), None)

    @property
    def joint(self) -> list[Answering]:
        """Who has another part in it."""
        return [one for one in self.answering if one.row.part != Part.LEAD]

    @property
    def articles(self) -> tuple[int, ...]:
        """Its article, for the chip."""
        return (self.row.article,) if self.row.article else ()


@dataclass(frozen=True, slots=True)
class Register:
    """The list of responsibilities.

    Attributes
    ----------
    lines : sequence of DutyLine
        The duties asked for, in the order of the text.
    total, without_lead, without_task, changed : int
        Of all duties somebody sees: how many, without a lead, without a task, with words that changed or are gone.
    waiting : int
        Duties of the text that holds which were not taken over.
    laws : sequence of (int, str)
        Laws whose duties can be taken over.
    on, today : date, bool
        The day of which it speaks, and whether that is today.
    """

    lines: Sequence[DutyLine]
    total: int
    without_lead: int
    without_task: int
    changed: int
    waiting: int
    laws: Sequence[tuple[int, str]]
    on: date
    today: bool


@dataclass(frozen=True, slots=True)
class DutyPage:
    """One duty with who answers for it on a day, who did before and will from a later day on, and its tasks."""

    line: DutyLine
    past: Sequence[Answering]
    coming: Sequence[Answering]
    tasks: Sequence[TaskLine]
    now: HeldDuty | None
    address: str
    on: date
    today: bool


def register(
    viewer: Viewer,
    *,
    article: int | None = None,
    lacking: str = "",
    work: int | None = None,
    on: date | None = None,
) -> Register:
    """Return the list of responsibilities as it was known at the end of a day.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    article : int, optional
        Only the duties of an article.
    lacking : str
        ``lead``, ``task`` or ``text``: only duties without a lead, without a task, or with other words by now.
    work : int, optional
        Only those of a law.
    on : date, optional
        The day, today by default. Of one that is past it says nothing of what waits in the text that holds today.

    Articles: 6
    """
    today = timezone.localdate()
    day = on or today
    whole = duty_lines(visible(Duty, viewer), day)
    held = held_duties(viewer) if day == today else []
    known = {(one.row.work, one.row.eid) for one in whole if one.row.state != Duty.State.GONE}
    shown = [
        one
        for one in whole
        if article in (None, one.row.article)
        and work in (None, one.row.work)
        and (lacking != "lead" or one.lead is None)
        and (lacking != "task" or not one.tasks)
        and (lacking != "text" or one.row.state != Duty.State.HOLDS)
    ]
    return Register(
        shown,
        len(whole),
        sum(one.lead is None for one in whole),
        sum(not one.tasks for one in whole),
        sum(one.row.state != Duty.State.HOLDS for one in whole),
        sum((one.work, one.eid) not in known for one in held),
        held_laws(viewer) if day == today else [],
        day,
        day == today,
    )


def duty_lines(rows: QuerySet[Duty], on: date) -> list[DutyLine]:
    """Return duties in a list as of a day, with who answers for them and how many tasks they became, of those seen."""
    shown = list(rows.order_by("work", "article", "id"))
    if on < timezone.localdate():
        shown = known_on(shown, on)
    ids = [one.pk for one in shown]
    answering: dict[int, list[Responsibility]] = {}
    for one in answering_on(Responsibility.objects.filter(duty__in=ids), on):
        answering.setdefault(one.duty_id, []).append(one)
    counted = _counted(ids, on)
    return [_line(one, answering.get(one.pk, ()), *counted.get(one.pk, (0, 0, 0))) for one in shown]


def answering_on(rows: QuerySet[Responsibility], on: date) -> list[Responsibility]:
    """Return who answers for duties on a day, as it was known at the end of that day."""
    told = rows.filter(from_on__lte=on).select_related("office").order_by("id")
    if on >= timezone.localdate():
        return list(told.filter(_not_over(on)))
    return [one for one in known_on(told, on) if one.until_on is None or one.until_on > on]


def _not_over(on: date) -> Q:
    return Q(until_on=None) | Q(until_on__gt=on)


def _counted(duties: Sequence[int], on: date) -> dict[int, tuple[int, int, int]]:
    """Return how many tasks some duties had become by a day, how many of them were done and late; from an index."""
    rows = visible(spells_on(on).filter(duty__isnull=False, duty__in=duties)).order_by().values_list("duty")
    told = rows.annotate(
        given=Count("pk", filter=Q(owed=True) | Q(done_on__isnull=False)),
        finished=Count("pk", filter=Q(done_on__isnull=False)),
        overdue=Count("pk", filter=Q(owed=True) & late_on(on)),
    )
    return {duty: (given, finished, overdue) for duty, given, finished, overdue in told}


def _line(row: Duty, answering: Sequence[Responsibility], given: int, finished: int, overdue: int) -> DutyLine:
    leads_first = sorted(answering, key=lambda one: (one.part != Part.LEAD, one.pk))
    return DutyLine(
        row,
        modality(row.modality),
        tuple(organ(name) for name, _ in row.organs),
        duty_word(row.state),
        [_answering(one) for one in leads_first],
        given,
        finished,
        overdue,
    )


def _answering(row: Responsibility) -> Answering:
    return Answering(row, row.office.name(language()), part_word(row.part))


def duty_page(viewer: Viewer, duty: int, on: date | None = None) -> DutyPage:
    """Return one duty as it was known at the end of a day, today by default.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``; ``ledger.not_taken_over_yet`` for a day on which the ledger did not have it yet.
    """
    today = timezone.localdate()
    day = on or today
    rows = visible(Duty, viewer).filter(pk=duty)
    found = duty_lines(rows, day)
    if not found:
        row = rows.first()
        if row is None:
            raise BridgeheadError("action.no_such_record", {"kind": Duty.RECORD, "id": str(duty)})
        told = {"day": str(day), "taken": str(timezone.localdate(row.taken_over_at))}
        raise BridgeheadError("ledger.not_taken_over_yet", told, Place(field="on"))
    [line] = found
    answered = visible(Responsibility, viewer).filter(duty=duty).select_related("office")
    known = list(answered) if day >= today else known_on(answered, day)
    ids = visible(spells_on(day), viewer).filter(duty=duty).order_by("due_on", "task").values_list("task", flat=True)
    held = held_duties(viewer, line.row.work) if day == today else []
    now = next((one for one in held if one.eid == line.row.eid), None)
    return DutyPage(
        line,
        [_answering(one) for one in known if one.until_on is not None and one.until_on <= day],
        [_answering(one) for one in known if one.from_on > day and (one.until_on is None or one.until_on > day)],
        stood(ids[:MOST_TASKS], day),
        now,
        now.page if now else "",
        day,
        day == today,
    )
