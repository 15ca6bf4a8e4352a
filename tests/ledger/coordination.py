"""Records of the coordination body for tests: a meeting with a decision, a problem, a request, an issued circular."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from bridgehead.ground.access.grants import today
from bridgehead.ground.region import current
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.regions.statute import statute_of
from bridgehead.rooms.ledger.actions.circulars import issue_circular
from bridgehead.rooms.ledger.actions.decisions import DecisionTold, give_decision, record_decision
from bridgehead.rooms.ledger.actions.inquiries import ask_bodies
from bridgehead.rooms.ledger.actions.meetings import MeetingTold, hold_meeting, plan_meeting
from bridgehead.rooms.ledger.actions.problems import ProblemTold, open_problem
from bridgehead.rooms.ledger.models import Circular, Decision, Inquiry, Meeting, Problem
from tests.ledger import LedgerWorld, seen_as

DAY = timedelta(days=1)
MONTH_BEFORE = str(Period.of(Frequency.MONTH, Period.of(Frequency.MONTH, today()).first - DAY))


def known(*numbers: int) -> tuple[int, ...]:
    """Return those of some articles that the region's regulation has: another region has none."""
    return tuple(one for one in numbers if one in statute_of(current().region).articles)


def a_meeting(world: LedgerWorld, *, held: bool = False, title: str = "第三次全体会议") -> Meeting:
    """Plan a meeting to which commerce and transport are asked; if it is held, only commerce came, an hour ago."""
    by = seen_as(world.coordinator)
    told = MeetingTold(
        title=title,
        kind="plenary",
        planned_at=timezone.now() + 3 * DAY,
        place="一号会议室",
        chair="王主任",
        agenda=("口岸扩能", "班列开行"),
        participants=(world.commerce.pk, world.transport.pk),
    )
    meeting = plan_meeting(by=by, organisation=world.office.pk, told=told)
    if not held:
        return meeting
    at = timezone.now() - timedelta(hours=1)
    return hold_meeting(
        by=by, meeting=meeting.pk, version=meeting.version, held_at=at, attended=(world.commerce.pk,), chair=""
    )


def a_decision(world: LedgerWorld, meeting: Meeting | None = None, *, text: str = "年内开通新的查验场地") -> Decision:
    """Record a decision that commerce owns and transport joins in."""
    meeting = meeting or a_meeting(world, held=True)
    told = DecisionTold(
        text=text,
        office=world.commerce.pk,
        due_on=today() + 30 * DAY,
        joint=(world.transport.pk,),
        articles=known(5, 14),
    )
    return record_decision(by=seen_as(world.coordinator), meeting=meeting.pk, told=told)


def a_problem(world: LedgerWorld, *, title: str = "查验设备老化", finding: str = "", days: int = 20) -> Problem:
    """Enter a problem that commerce has to mend."""
    return open_problem(
        by=seen_as(world.coordinator),
        organisation=world.office.pk,
        office=world.commerce.pk,
        origin="inspection",
        told=ProblemTold(
            title=title, due_on=today() + days * DAY, what="两台设备停用", place="口岸", articles=known(14)
        ),
        finding=finding,
    )


def an_inquiry(world: LedgerWorld) -> Inquiry:
    """Ask commerce and transport a question."""
    return ask_bodies(
        by=seen_as(world.coordinator),
        organisation=world.office.pk,
        title="征求对方案的意见",
        question="请答复是否同意。",
        bodies=(world.commerce.pk, world.transport.pk),
        due_on=today() + 5 * DAY,
        articles=known(5),
    )


def a_circular(world: LedgerWorld) -> Circular:
    """Issue the circular of the month before to commerce."""
    return issue_circular(
        by=seen_as(world.coordinator),
        organisation=world.office.pk,
        period=MONTH_BEFORE,
        addressees=(world.commerce.pk,),
        foreword="请各单位对照整改。",
    )


def make(world: LedgerWorld) -> None:
    """Make one record of each kind."""
    meeting = a_meeting(world, held=True)
    decision = a_decision(world, meeting)
    give_decision(by=seen_as(world.coordinator), decision=decision.pk, version=decision.version)
    a_meeting(world, title="第四次全体会议")
    a_problem(world)
    an_inquiry(world)
    a_circular(world)
