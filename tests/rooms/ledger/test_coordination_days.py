"""Lists of the coordination body as they were on any day; reminders and imports where people look first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Person
from bridgehead.rooms.ledger.actions.decisions import DecisionTold, record_decision, settle_decision
from bridgehead.rooms.ledger.actions.inquiries import answer_inquiry, ask_bodies, remind_bodies
from bridgehead.rooms.ledger.actions.problems import (
    ProblemTold,
    ask_to_close,
    close_problem,
    open_problem,
    plan_measures,
    reopen_problem,
)
from bridgehead.rooms.ledger.models import Meeting, Reply
from bridgehead.rooms.ledger.selectors.inquiries import inquiry_list
from bridgehead.rooms.ledger.selectors.meetings import meeting_list
from bridgehead.rooms.ledger.selectors.problems import Filter, problem_list
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import DAY, a_meeting, a_problem

pytestmark = pytest.mark.django_db


@pytest.mark.article(79)
def test_the_list_is_as_it_was_on_a_day_that_is_past(
    world: LedgerWorld, seen_by: Callable[..., Any], browser: Callable[[Person], Client]
) -> None:
    by, mending = seen_as(world.coordinator), seen_as(world.commerce_officer)
    first = today() - 20 * DAY
    problem = open_problem(
        by=by,
        organisation=world.office.pk,
        office=world.commerce.pk,
        origin="complaint",
        told=ProblemTold(title="排队", due_on=first + 3 * DAY),
        found_on=first,
    )
    a_problem(world, title="今天发现的")
    problem = plan_measures(
        by=mending, problem=problem.pk, version=problem.version, measures="加班", on=first + 2 * DAY
    )
    problem = ask_to_close(by=mending, problem=problem.pk, version=problem.version, result="好了", on=first + 8 * DAY)
    problem = close_problem(by=by, problem=problem.pk, version=problem.version, on=first + 10 * DAY)
    problem = reopen_problem(
        by=by, problem=problem.pk, version=problem.version, note="又排队", due_on=today() + DAY, on=first + 12 * DAY
    )

    def listed(days: int, state: str = "running") -> list[tuple[str, str, date]]:
        seen = seen_by(world.coordinator, problem_list, Filter(state=state, on=first + days * DAY))
        return [(one.record.title, one.code + (" waits" if one.waits else ""), one.due_on) for one in seen.lines]

    due = first + 3 * DAY
    assert listed(-1) == []
    assert listed(0) == [("排队", "open", due)]
    assert listed(4) == listed(4, "mending") == [("排队", "mending", due)]
    assert listed(9) == listed(9, "waiting") == [("排队", "mending waits", due)]
    assert listed(11) == []
    assert listed(11, "closed") == [("排队", "closed", due)]
    assert listed(13) == listed(13, "reopened") == [("排队", "reopened", today() + DAY)]
    assert {one[0] for one in listed(20)} == {"排队", "今天发现的"}
    then = seen_by(world.coordinator, problem_list, Filter(on=first + 9 * DAY))
    assert (then.running, then.late, then.waiting) == (1, 1, 1)
    client, on = browser(world.coordinator), f"on={first + 9 * DAY}"
    page = client.get(f"/problems/?{on}").content.decode()
    assert "期限和状态是当日的" in page
    assert "今天发现的" not in page
    assert f"{on}&amp;lang=zh" in page
    assert "今天发现的" not in client.get(f"/problems.csv?{on}").content.decode()
    told = client.get(f"/api/problems?{on}").json()
    assert (told["on"], [one["waits"] for one in told["problems"]]) == (f"{first + 9 * DAY}", [True])
    assert client.get("/problems/?on=never").status_code == 422


@pytest.mark.article(5)
def test_decisions_and_requests_are_as_they_were_and_a_reminder_is_seen_in_the_morning(
    world: LedgerWorld, seen_by: Callable[..., Any], browser: Callable[[Person], Client]
) -> None:
    by, first = seen_as(world.coordinator), today() - 20 * DAY
    meeting = a_meeting(world, held=True)
    with as_system("tests"):
        held = timezone.make_aware(datetime.combine(first, time(9)))
        Meeting.objects.filter(pk=meeting.pk).update(held_at=held, planned_at=held)
    told = DecisionTold(text="扩建货场", office=world.commerce.pk, due_on=first + 2 * DAY)
    decision = record_decision(by=by, meeting=meeting.pk, told=told)
    settle_decision(by=by, decision=decision.pk, version=decision.version, note="已扩建", on=first + 5 * DAY)
    inquiry = ask_bodies(
        by=by,
        organisation=world.office.pk,
        title="征求意见",
        question="是否同意",
        bodies=(world.commerce.pk, world.transport.pk),
        given_on=first,
        due_on=first + 2 * DAY,
    )
    with as_system("tests"):
        reply = Reply.objects.get(office=world.commerce)
    answer_inquiry(
        by=seen_as(world.commerce_officer), reply=reply.pk, version=reply.version, text="同意", on=first + 6 * DAY
    )
    remind_bodies(by=by, inquiry=inquiry.pk, version=inquiry.version)

    def stood(days: int) -> tuple[tuple[int, int], tuple[int, int]]:
        meetings = seen_by(world.coordinator, meeting_list, on=first + days * DAY)
        asked = seen_by(world.coordinator, inquiry_list, on=first + days * DAY)
        return (sum(one.left for one in meetings.found.rows), meetings.late), (asked.missing, asked.late)

    assert stood(-1) == ((0, 0), (0, 0))
    assert stood(0) == ((1, 0), (2, 0))
    assert stood(4) == ((1, 1), (2, 2))
    assert stood(7) == ((0, 0), (1, 1))
    assert stood(20) == ((0, 0), (1, 1))
    morning = browser(world.transport_officer).get("/ledger/").content.decode()
    assert "已催办 1 次，最近一次" in morning
    client = browser(world.coordinator)
    assert client.get(f"/api/meetings?on={first}").json()["late"] == 0
    assert client.get(f"/api/requests?on={first}").json()["missing"] == 2
    for address in ("/meetings/", "/requests/"):
        assert f'value="{first}"' in client.get(f"{address}?on={first}").content.decode()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/figures/owed/", "figures"),
        ("/indicators/port_freight/", "figures"),
        ("/ledger/board/", "ledger_tasks"),
        ("/programmes/", "programmes"),
    ],
)
def test_the_pages_of_a_subject_lead_to_its_import(
    world: LedgerWorld, browser: Callable[[Person], Client], address: str, kind: str
) -> None:
    able = browser(world.coordinator if kind == "ledger_tasks" else world.commerce_officer)
    assert f"/imports/?kind={kind}" in able.get(address).content.decode()
    assert "/imports/?kind=" not in browser(world.deputy).get(address).content.decode()
