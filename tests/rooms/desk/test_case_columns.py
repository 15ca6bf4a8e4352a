"""Whatever happens to a case in whatever order, its columns are what the engine says of its events."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bridgehead.engines.cases.course import course
from bridgehead.engines.cases.events import Moved
from bridgehead.engines.cases.machine import Kind, Need, Role
from bridgehead.ground.access.viewer import Viewer, as_system, system
from bridgehead.ground.files.uploads import Received, receive
from bridgehead.ground.models import Organisation, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.case_moves import Given, extend, hand_over, move_case, tick_case
from bridgehead.rooms.desk.actions.case_talk import write
from bridgehead.rooms.desk.courses import as_engine, columns, counted
from bridgehead.rooms.desk.models import Case, CaseEvent
from bridgehead.rooms.desk.services import clock_of, service_of
from tests.desk.cases import BASIS, QUESTION, RELIEF, CaseWorld, Now, lodged
from tests.ground.world import member
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db

FORMS = {"policy_question": QUESTION, "relief": RELIEF}
STEPS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60 * 24 * 9)), min_size=3, max_size=10)
GIVEN = {
    **dict.fromkeys((Need.REASON, Need.ANSWER, Need.DECISION, Need.OFFER, Need.BODY), "这样"),
    Need.BASIS: BASIS,
    Need.AMOUNT: "12.50",
    Need.DATE: "2026-04-01",
}


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # every step is a transaction: a walk is told as it was found
)
@given(st.sampled_from(sorted(FORMS)), STEPS)
def test_columns_follow_from_events_after_any_walk(
    there: CaseWorld, now: Now, service: str, steps: list[tuple[int, int]]
) -> None:
    case = lodged(there, service=service, form=FORMS[service], title="一件事")
    paper = receive(b"paper\n", "paper.txt", "text/plain")
    offices = {one.pk: _staff(one) for one in (there.commerce, there.finance, there.city)}
    for choice, minutes in steps:
        now.moment += timedelta(minutes=minutes)
        try:
            case = _step(there, case, choice, offices, paper)
        except BridgeheadError as refused:
            if not refused.code.startswith("case."):  # what the machine itself or the clock forbids
                raise
            with as_system("tests"):
                case = Case.objects.get(pk=case.pk)
        case = _holds(case, now.moment)


def _staff(office: Organisation) -> tuple[Viewer, Viewer]:
    """Return an officer and the head of an office."""
    found = []
    for role in ("officer", "head"):
        login = f"{office.code}-{role}-walks"
        with as_system("tests"):
            there = Person.objects.filter(login=login).first()
        found.append(seen_as(there or member(office, role, login)))
    return found[0], found[1]


def _step(
    there: CaseWorld, case: Case, choice: int, offices: dict[int, tuple[Viewer, Viewer]], paper: Received
) -> Case:
    service = service_of(case.service)
    moves = [one for one in service.machine.moves_from(case.state) if Role.CLOCK not in one.who]
    officer, head = offices.get(case.office_id) or _staff(case.office)
    told = {"case": case.pk, "version": case.version}
    if choice % 7 == 5:
        other = next(pk for pk in offices if pk != case.office_id)
        return hand_over(by=officer, office=other, reason="归口", **told)
    if choice % 7 == 6:
        write(by=seen_as(there.trader), case=case.pk, text="催一下")
        return extend(by=head, longer=str(service.promise), reason="会商", **told)
    if choice % 7 == 4:
        return tick_case(by=system("tests"), case=case.pk)
    move = moves[choice % len(moves)] if moves else None
    if move is None:
        return case
    who = seen_as(there.trader) if Role.TRADER in move.who else officer if Role.OFFICER in move.who else head
    return move_case(by=who, move=move.id, given=Given(GIVEN, [paper]), **told)


def _holds(case: Case, moment: datetime) -> Case:
    """Hold the row that is kept against the engine, asked anew; return it as the clock leaves it."""
    with as_system("tests"):
        row = Case.objects.get(pk=case.pk)
        service = service_of(row.service)
        events = [as_engine(one) for one in counted(row)]
        # What the clock has to do is done when it looks; columns are as of the last step until then.
        latest = max(row_at for row_at in CaseEvent.objects.filter(case=row).values_list("at", flat=True))
        told = {"first_answer": service.first_answer}
        found = course(service.machine, service.promise, events, clock_of, max(latest, moment), **told)
        assert (row.state, row.office.code) == (found.state.id, found.office)
        assert (row.ended_at is None) == (found.state.kind is not Kind.ENDED)
        if row.ended_at is not None:
            assert (row.net_min, row.gross_min) == (found.net_minutes, found.gross_minutes)
            assert row.in_time == (not found.is_late)
            assert row.first_in_time == (not found.first_answer.late if found.is_answered else None)
        assert (row.next_limit_at is None) == (found.limit is None)
        if found.limit is not None:
            assert row.next_limit_at == found.limit.at
        if found.state.kind is Kind.OPEN:
            by_office = any(isinstance(one, Moved) and one.by in (Role.OFFICER, Role.HEAD) for one in events)
            first = found.clock if by_office else min(found.clock, found.first_answer, key=lambda one: one.due.at)
            assert row.due_at == row.act_by == first.due.at
            assert (row.late_at <= timezone.now()) == (first.late or row.late_at == timezone.now())
        tick_case(by=system("tests"), case=row.pk)
        row.refresh_from_db()
        with_clock = [as_engine(one) for one in counted(row)]
        after = course(service.machine, service.promise, with_clock, clock_of, moment, **told)
        assert (row.overdue_at is None) <= (not after.is_late)
        assert {name: getattr(row, name) for name in columns(service, after, moment, row)} == columns(
            service, after, moment, row
        )
    return row
