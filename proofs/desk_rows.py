"""Cases of a desk after some years, made from a seed by the region's own machines and loaded past the actions.

What the actions do is proved by tests; here they would take hours. The columns of every case are what the engine says
of its events, so the doctor's check holds for all of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

DAYS_BACK = 700
CHUNK = 2_000
MOST_STEPS = 9
ONGOING = 0.08
"""Share of cases that are not brought to their end."""
OF_ONE_FIRM = 0.05
"""Share of cases of one firm, which has pages and pages of them."""
STEP_MIN = (20, 900)
FILLED = 0.7
"""Share of the fields that may stay empty and do not."""
PLACES = ("呼和浩特", "满洲里", "乌兰巴托", "Erenhot", "不知何处")
TOLD = "怎么办？" * 20
GIVEN = {"papers": "材料.txt", "amount": "120000.50", "date": "2026-09-01"}
"""What is given with a move, where it is no text."""


@dataclass(slots=True)
class Desk:
    """Who asks and who handles, and what is made for them."""

    now: datetime
    firms: Sequence[Any]
    offices: dict[str, Any]
    chance: random.Random
    cases: list[Any] = field(default_factory=list)
    events: list[list[Any]] = field(default_factory=list)

    def case(self, number: int) -> None:
        """Make one case: lodged some day, moved as its machine lets it, its columns by the engine."""
        from bridgehead.engines.cases.machine import Role
        from bridgehead.rooms.desk.courses import columns, course_of
        from bridgehead.rooms.desk.models import Case, CaseEvent
        from bridgehead.rooms.desk.services import clock_of, services

        service = self.chance.choice([one for one in services().values() if one.owner in self.offices])
        ongoing = self.chance.random() < ONGOING
        days = self.chance.randrange(1, 6 if ongoing else DAYS_BACK)
        begun = clock_of(service.owner).next_open(self.now - timedelta(days=days, minutes=self.chance.randrange(1440)))
        begun = min(begun, self.now - timedelta(minutes=1))
        lead = self.offices[service.owner]
        firm = self.firms[0] if self.chance.random() < OF_ONE_FIRM else self.chance.choice(self.firms)
        lodged = CaseEvent(kind="lodged", at=begun, role=Role.TRADER, body=firm, to_office=lead)
        events, office, form = [lodged], lead, self._form(service)
        for _ in range(self.chance.randrange(3) if ongoing else MOST_STEPS):
            moved = self._step(service, events, office, form, ongoing)
            if moved is None:
                break
            events.append(moved)
            office = moved.to_office or office
        events = self._lapsed(service, events, form)
        row = Case(owner=firm, lead=lead, office=office, service=service.id, title=f"{service.name.zh} {number}")
        row.form, row.opened_at = form, begun
        told = columns(service, course_of(service, events, self.now, form), self.now, row)
        row.basis = {"id": "regulation:45", "label": "第 45 条"} if told["outcome"] == "refused" else None
        for name, value in told.items():
            setattr(row, name, value)
        self.cases.append(row)
        self.events.append(events)

    def _step(self, service: Any, events: Sequence[Any], office: Any, form: dict[str, Any], ongoing: bool) -> Any:
        """Return a move out of where a case stands, None where it has ended or would be made later than now."""
        from bridgehead.engines.cases.machine import Kind, Role
        from bridgehead.rooms.desk.courses import course_of
        from bridgehead.rooms.desk.models import CaseEvent
        from bridgehead.rooms.desk.services import clock_of

        found = course_of(service, events, events[-1].at, form)
        if found.state.kind is Kind.ENDED:
            return None
        at = clock_of(office.code).add(events[-1].at, self.chance.randint(*STEP_MIN))
        moves = [one for one in found.moves if Role.CLOCK not in one.who]
        if ongoing:
            moves = [one for one in moves if service.machine.by_id[one.to].kind is not Kind.ENDED]
        if at >= self.now or not moves or (found.limit is not None and at >= found.limit.at):
            return None
        move = self.chance.choice(moves)
        to = self.offices.get(service.office_after(move.to, service.owner))
        event = CaseEvent(kind="moved", at=at, role=sorted(move.who)[0], move=move.id, to_state=move.to)
        event.body, event.to_office = office, to if to is not None and to != office else None
        event.given = {need.value: GIVEN.get(need, TOLD) for need in move.needs}
        return event

    def _form(self, service: Any) -> dict[str, Any]:
        """Return a form of a service as the desk itself reads what somebody typed: every required field, most others.

        Raises
        ------
        ValueError
            Where the desk would refuse the form.
        """
        from bridgehead.rooms.desk.intake import read_form

        asked = [one for one in service.fields if one.required or self.chance.random() < FILLED]
        typed = {one.id: self._typed(one) for one in asked if one.type != "file"}
        values, faults = read_form(service, typed, [one.id for one in service.fields if one.type == "file"])
        if faults:
            raise ValueError(f"{service.id}: {[(fault.code, fault.place.field) for fault in faults]}")
        return values

    def _typed(self, field: Any) -> str:
        """Return what somebody types into a field."""
        from bridgehead.rooms.desk.services import DISTRICT, districts

        match field.type:
            case "choice":
                return str(self.chance.choice(field.choices).id)
            case "yes_no":
                return self.chance.choice(("yes", "no"))
            case "country":
                return self.chance.choice(("MN", "RU", "KZ", "DE"))
            case "place" if field.id == DISTRICT:
                return str(self.chance.choice(districts())[0])
            case "place":
                return self.chance.choice(PLACES)
            case "date":
                return str((self.now + timedelta(days=self.chance.randrange(1, 30))).date())
            case "number" | "money":
                low, high = field.minimum or 0, min(field.maximum or 10**6, 10**6)
                return str(self.chance.randint(int(low) + (low % 1 > 0), int(high)))
            case _:
                return TOLD[: field.longest]

    def _lapsed(self, service: Any, events: list[Any], form: dict[str, Any]) -> list[Any]:
        """Return the events with what the clock did since."""
        from bridgehead.engines.cases.machine import Role
        from bridgehead.rooms.desk.courses import course_of
        from bridgehead.rooms.desk.models import CaseEvent

        found = course_of(service, events, self.now, form)
        while found.limit is not None and found.limit_has_run_out:
            move = found.limit.move
            events = [*events, CaseEvent(kind="moved", at=found.limit.at, role=Role.CLOCK, move=move, given={})]
            found = course_of(service, events, self.now, form)
            events[-1].to_state = found.state.id
        return events


def load(made: Desk, count: int) -> None:
    """Make cases and put them into the database, with their events."""
    from bridgehead.rooms.desk.models import Case, CaseEvent

    for begin in range(0, count, CHUNK):
        made.cases, made.events = [], []
        for number in range(begin, min(begin + CHUNK, count)):
            made.case(number)
        cases = Case.objects.bulk_create(made.cases)
        CaseEvent.objects.bulk_create(list(_belonging(cases, made.events)), batch_size=CHUNK)


def _belonging(cases: Sequence[Any], events: Sequence[Sequence[Any]]) -> Iterator[Any]:
    for case, own in zip(cases, events, strict=True):
        for number, event in enumerate(own, 1):
            event.case, event.number = case, number
            event.owner_id, event.lead_id, event.office_id = case.owner_id, case.lead_id, case.office_id
            yield event
