"""What became of a case by the engine: its events as the engine takes them, and the columns that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bridgehead.engines.cases.clocks import Clock, after_moment, runs_out
from bridgehead.engines.cases.course import Course, course
from bridgehead.engines.cases.escalation import Ladder, Reached, reached, upcoming
from bridgehead.engines.cases.events import Event, Extended, HandedOver, Lodged, Moved
from bridgehead.engines.cases.machine import Kind, Need, Outcome, Role
from bridgehead.engines.cases.services import ANSWERED
from bridgehead.kernel.office_hours import Promise
from bridgehead.rooms.desk.intake import as_typed
from bridgehead.rooms.desk.models import Case, CaseEvent, Turn
from bridgehead.rooms.desk.services import Service, clock_of, service_of

FIRST_ANSWER = "first_answer"
"""The stage of the rungs that are reached by the promise for the first answer."""
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""By when an office has to act that promised nothing."""

COUNTED = (CaseEvent.Kind.LODGED, CaseEvent.Kind.MOVED, CaseEvent.Kind.HANDED_OVER, CaseEvent.Kind.EXTENDED)
"""The events that clocks are counted from."""


def as_engine(row: CaseEvent) -> Event:
    """Return an event as the engine takes it; an office is known to it by its code."""
    role = Role(row.role)
    office = row.to_office.code if row.to_office is not None else ""
    if row.kind == CaseEvent.Kind.LODGED:
        return Lodged(row.at, office)
    if row.kind == CaseEvent.Kind.MOVED:
        given = {Need(name): str(text) for name, text in row.given.items() if name in set(Need)}
        return Moved(row.at, row.move, role, given, office)
    if row.kind == CaseEvent.Kind.HANDED_OVER:
        return HandedOver(row.at, office, role)
    return Extended(row.at, Promise.read(row.longer), role, row.stage)


def counted(case: Case) -> list[CaseEvent]:
    """Return the events of a case that clocks are counted from, with their offices."""
    rows = CaseEvent.objects.filter(case=case, kind__in=COUNTED)
    return list(rows.select_related("to_office").order_by("number"))


def answers_of(service: Service, form: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers of a form that a move may be for: ``yes``, ``no``, the ids of choices."""
    asked = [one for one in service.fields if one.type in ANSWERED and one.id in form]
    return {one.id: as_typed(one, form[one.id]) for one in asked}


def course_of(
    service: Service,
    events: Iterable[CaseEvent],
    now: datetime,
    form: Mapping[str, Any],
    adding: CaseEvent | None = None,
) -> Course:
    """Return where a case stands at a moment, by its events.

    Parameters
    ----------
    service : Service
        Its service.
    events : iterable of CaseEvent
        What happened.
    now : datetime
        The moment.
    form : mapping
        What was filled in: whether it is urgent, and which moves are open that are for one answer of it.
    adding : CaseEvent, optional
        What happens now, which has to keep the conditions of its move.

    Raises
    ------
    BridgeheadError
        What the engine says of the event that cannot be; see `bridgehead.engines.cases.course.course`.
    """
    taken = [as_engine(one) for one in events]
    return course(
        service.machine,
        service.promise,
        taken,
        clock_of,
        now,
        first_answer=service.first_answer_for(form),
        answers=answers_of(service, form),
        adding=as_engine(adding) if adding is not None else None,
    )


def watched(found: Course) -> tuple[Clock, ...]:
    """Return the clocks of a case that somebody may be late by.

    They are those of the whole case and of the stage it is in, and that of the first answer until it is given.
    """
    first = (found.first_answer,) if found.awaits_first_answer else ()
    return (*_of_work(found), *first)


def _of_work(found: Course) -> tuple[Clock, ...]:
    return (found.clock, *(one.clock for one in found.stages if one.lasts))


def due_first(found: Course) -> Clock | None:
    """Return the watched clock that is due first; None where nothing was promised."""
    return _due_first(watched(found))


def work_clock(found: Course) -> Clock:
    """Return the clock of the whole case or of its stage, whichever is due first, apart from the first answer."""
    return _due_first(_of_work(found)) or found.clock


def _due_first(clocks: Iterable[Clock]) -> Clock | None:
    due = [one for one in clocks if one.due is not None]
    return min(due, key=lambda one: one.due.at, default=None)  # type: ignore[union-attr]


def first_late(found: Course) -> datetime | None:
    """Return the first moment the promise for the whole case or for a stage was broken, None where both were kept.

    A late first answer is not among them: the office above is told of it, and the case can still be in time.
    """
    clocks = (*found.rounds, *(one.clock for one in found.stages))
    return min((one.due.at for one in clocks if one.late and one.due is not None), default=None)


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung that was reached, and by which promise: `FIRST_ANSWER`, or empty for that of the whole case."""

    reached: Reached
    stage: str


def rungs(ladder: Ladder | None, found: Course) -> list[Climbed]:
    """Return the rungs a case has reached since it was last opened, in the order it did.

    The ladder is climbed by the promise for the whole case, and by that for the first answer as long as it is awaited:
    once it was given nobody need be told of it any more.
    """
    if ladder is None:
        return []
    climbing = [(found.clock, "")] + ([(found.first_answer, FIRST_ANSWER)] if found.awaits_first_answer else [])
    climbed = [Climbed(one, stage) for clock, stage in climbing for one in reached(ladder, clock, clock_of)]
    return sorted(climbed, key=lambda one: one.reached.at)


def _gravest(ladder: Ladder | None, found: Course) -> str:
    """Return the rung furthest up that a case stands on, empty for none."""
    there = {one.reached.rung.id for one in rungs(ladder, found)}
    up = [one.id for one in ladder.rungs if one.id in there] if ladder is not None else []
    return up[-1] if up else ""


def columns(service: Service, found: Course, now: datetime, before: Case) -> dict[str, Any]:
    """Return the columns of a case that follow from where it stands.

    Parameters
    ----------
    service : Service
        Its service.
    found : Course
        Where it stands.
    now : datetime
        The moment.
    before : Case
        The case as it was: what was filled in says whether it is urgent, and when it was first overdue stays.
    """
    turn = {Kind.OPEN: Turn.OFFICE, Kind.PAUSE: Turn.TRADER, Kind.ENDED: Turn.NOBODY}[found.state.kind]
    told: dict[str, Any] = {"state": found.state.id, "turn": turn}
    told |= dict.fromkeys(("due_at", "late_at", "next_limit_at", "ended_at", "gross_min", "net_min"))
    told |= {"outcome": "", "in_time": None, "first_in_time": None}
    told["urgent"] = turn != Turn.NOBODY and service.is_urgent(before.form)
    told["overdue_at"] = before.overdue_at or first_late(found)
    told["rung"] = _gravest(service.ladder, found)
    if turn == Turn.NOBODY:
        ended_at = found.clock.until
        told |= {"ended_at": ended_at, "act_by": ended_at, "wakes_at": None, "outcome": _outcome(found).value}
        told |= {"gross_min": found.gross_minutes, "net_min": found.net_minutes}
        in_time = None if found.clock.promise is None else not found.is_late
        return told | {"in_time": in_time, "first_in_time": found.first_answer_in_time}
    if turn == Turn.TRADER:
        assert found.limit is not None
        return told | dict.fromkeys(("next_limit_at", "act_by", "wakes_at"), found.limit.at)
    first = due_first(found)
    if first is None or first.due is None:
        return told | {"act_by": NEVER, "wakes_at": None}
    late_at = _late_at(first, first.due.at, found.office)
    lates = [_late_at(one, one.due.at, found.office) for one in watched(found) if one.due is not None]
    wakes = [one for one in (*lates, *_coming(service.ladder, found)) if one > now]
    told |= {"due_at": first.due.at, "late_at": late_at, "act_by": first.due.at}
    return told | {"wakes_at": min(wakes, default=None)}


def _coming(ladder: Ladder | None, found: Course) -> list[datetime]:
    """Return when the next rungs are reached by the promises that run."""
    climbing = (found.clock, *((found.first_answer,) if found.awaits_first_answer else ()))
    coming = [upcoming(ladder, one, clock_of) for one in climbing] if ladder is not None else []
    return [one.at for one in coming if one is not None]


def _late_at(clock: Clock, due: datetime, office: str) -> datetime:
    """Return when the first minute ends that the clock runs after it was due: with the office open, in no pause."""
    after = after_moment(clock.stays, due, clock_of)
    return runs_out(after, 1, False, clock_of).at if after else clock_of(office).add(due, 1)


def _outcome(found: Course) -> Outcome:
    assert found.state.outcome is not None
    return found.state.outcome


def begun_as(case: Case, begins: CaseEvent) -> Case:
    """Return a case that is not kept yet with the columns that follow from how it begins."""
    service = service_of(case.service)
    found = course_of(service, [begins], begins.at, case.form)
    for name, value in columns(service, found, begins.at, case).items():
        setattr(case, name, value)
    return case


def stand(case: Case, now: datetime) -> tuple[Course, dict[str, Any]]:
    """Return where a case stands at a moment by its events, and the columns that follow."""
    service = service_of(case.service)
    found = course_of(service, counted(case), now, case.form)
    return found, columns(service, found, now, case)


def differing(case: Case, told: Mapping[str, Any]) -> list[str]:
    """Return the columns of a case that are not what follows from its events."""
    return [name for name, value in told.items() if getattr(case, name) != value]
