"""The calendar: what every subject puts on its days, who sees it there, and how it is taken over by others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.periods import Period
from bridgehead.rooms.ledger import falling
from bridgehead.rooms.ledger.actions.evidence import take_back_acceptance
from bridgehead.rooms.ledger.actions.tasks import leave
from bridgehead.rooms.ledger.falling import KINDS, Between, Coming, Fallen
from bridgehead.rooms.ledger.models import (
    Decision,
    Evidence,
    Inquiry,
    Inspection,
    Meeting,
    Milestone,
    Opinion,
    Problem,
    Programme,
    PublicQuestion,
    Rectification,
    Reply,
    SupervisionCase,
    Task,
)
from bridgehead.rooms.ledger.papers.icalendar import icalendar
from bridgehead.rooms.ledger.procedures import step_name
from bridgehead.rooms.ledger.selectors.calendar import coming, kinds_of, month, recurring, things
from tests.ground.world import member, organisation
from tests.ledger import LedgerWorld, made, seen_as
from tests.ledger.coordination import a_decision, a_meeting, an_inquiry
from tests.ledger.duties import make

DAY = timedelta(days=1)


@pytest.fixture
def full(db: None) -> LedgerWorld:
    """Return the world with one record of each kind, all of it due within the next days."""
    here = made()
    with as_system("tests"):
        a_decision(here)
        for model, told in (
            (Milestone, {"due_on": today() + DAY}),
            (Decision, {"due_on": today() + DAY}),
            (Inquiry, {"due_on": today() + DAY}),
            (Problem, {"due_on": today() + DAY}),
            (SupervisionCase, {"due_on": today() + DAY, "waits_for": here.office}),
            (Opinion, {"due_on": today() + DAY, "state": Opinion.State.OPEN}),
            (Rectification, {"due_on": today() + DAY}),
            (Inspection, {"starts_on": today() + DAY, "ends_on": today() + 9 * DAY}),
            (Programme, {"next_due_on": today() + DAY, "next_step": "开工报批", "state": Programme.State.RUNNING}),
            (PublicQuestion, {"due_on": today() + DAY}),
        ):
            assert model.objects.update(**told), model.__name__
    return here


def seen_kinds(found: Fallen) -> Counter[str]:
    return Counter(one.kind for one in found.things)


@pytest.mark.article(5, 79)
def test_every_subject_puts_what_is_due_on_its_day(full: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    found = seen_by(full.coordinator, things, today(), today() + 40 * DAY)
    assert {"meeting", "decision", "request", "problem", "question", "programme", "figure", "milestone"} <= set(
        seen_kinds(found)
    )
    assert {"task", "recurring"} <= set(seen_kinds(seen_by(full.coordinator, things, today() - 300 * DAY, today())))
    assert list(found.things) == sorted(found.things, key=falling.place)
    by_kind = {kind: seen_by(full.coordinator, things, today(), today() + 40 * DAY, [kind]).things for kind in KINDS}
    assert [one for kind in KINDS for one in by_kind[kind]] == sorted(
        found.things, key=lambda one: (KINDS.index(one.kind), one.on, one.at.isoformat() if one.at else "", one.title)
    ), "each kind alone is what it is among all"
    step = by_kind["programme"][0]
    assert step.title.endswith("：开工报批")
    assert by_kind["request"][0].who == "2 个单位还没有答复"
    for one in found.things:
        assert today() <= one.on <= today() + 40 * DAY
        assert one.who


def test_the_congress_sees_what_is_owed_to_it(full: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    found = seen_by(full.congress_clerk, things, today(), today() + 2 * DAY, ["supervision", "inspection"]).things
    with as_system("tests"):
        case, opinions = SupervisionCase.objects.get(state="open"), list(Opinion.objects.all())
        look, mended = Inspection.objects.get(), Rectification.objects.get()
    assert {one.title for one in found} == {
        f"{case.title}：{step_name(case, case.waits)}",
        *(f"{one.matter}：答复审议意见" for one in opinions),
        look.title,
        f"{look.title}：整改检查发现的问题",
    }
    assert step_name(case, case.waits)
    assert {one.who for one in found} == {"协调机构", "商务厅"}
    assert f"/inspections/findings/{mended.finding_id}/" in {one.address for one in found}


def test_what_is_done_leaves_the_calendar(full: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    with as_system("tests"):
        Meeting.objects.filter(state="planned").update(state="cancelled")
        Decision.objects.filter(state="open").update(state="settled")
        Reply.objects.update(answered_on=today(), text="同意")
        Problem.objects.update(state="closed", result="换新", closed_on=today())
        SupervisionCase.objects.update(state="closed")
        Opinion.objects.update(state="accepted")
        Rectification.objects.update(state="accepted")
        Programme.objects.update(state="done")
        PublicQuestion.objects.update(state="answered", office=full.commerce)
        Task.objects.update(state="ended")
        Inspection.objects.all().update(starts_on=today() - DAY)
    found = seen_by(full.coordinator, things, today() + DAY, today() + 40 * DAY)
    assert set(seen_kinds(found)) <= {"figure", "recurring", "task"}


def test_a_body_sees_what_concerns_it_and_no_more(full: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    with as_system("tests"):
        Reply.objects.filter(office=full.commerce).update(answered_on=today(), text="同意")
    span, kinds = (today() + DAY, today() + 40 * DAY), ["meeting", "decision", "request", "problem", "supervision"]
    commerce = seen_by(full.commerce_officer, things, *span, kinds)
    transport = seen_by(full.transport_officer, things, *span, kinds)
    assert seen_kinds(commerce) == {"meeting": 1, "decision": 1, "problem": 1, "supervision": 3}, "it answered"
    told = {one.title.partition("：")[2] for one in commerce.things if one.kind == "supervision"}
    assert told == {"答复审议意见", "整改检查发现的问题"}, "steps are owed by others"
    assert seen_kinds(transport) == {"meeting": 1, "decision": 1, "request": 1}, "it joins in the decision"
    assert [one.who for one in transport.things if one.kind == "request"] == ["1 个单位还没有答复"]
    assert not seen_by(full.customs_officer, things, *span, [*kinds, "question", "inspection"]).things


def test_a_meeting_has_its_hour(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    meeting = a_meeting(world)
    one = seen_by(world.commerce_officer, things, today(), today() + 9 * DAY, ["meeting"]).things[0]
    at = timezone.localtime(meeting.planned_at)
    assert (one.on, one.who) == (at.date(), f"{at:%H:%M}，一号会议室，协调机构")
    told = icalendar(Fallen([one], cut=False), today()).decode()
    assert f"DTSTART:{meeting.planned_at:%Y%m%dT%H%M%SZ}" in told
    assert "DTEND" not in told
    assert "CATEGORIES:会议" in told
    assert one in seen_by(world.commerce_officer, coming, today(), 8), "the morning tells it ahead"


def test_what_is_left_out_is_said(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    for _ in range(3):
        an_inquiry(world)
    viewer = seen_as(world.coordinator)
    day = today() + 5 * DAY
    found = falling.falling(Between(viewer, day, day, 2), ["request"])
    assert (len(found.things), found.cut) == (2, True)
    found = falling.falling(Between(viewer, day, day, 3), ["request"])
    assert (len(found.things), found.cut) == (3, False)


def test_the_page_and_its_file_show_the_kinds_that_are_chosen(
    full: LedgerWorld, browser: Callable[..., Client]
) -> None:
    with as_system("tests"):
        meeting = Meeting.objects.filter(state="planned").first()
        problem = Problem.objects.first()
    assert meeting is not None
    assert problem is not None
    client, at = browser(full.coordinator), f"{timezone.localtime(meeting.planned_at):%Y-%m}"
    page = client.get(f"/ledger/calendar/?month={at}&kind=meeting").content.decode()
    assert meeting.title in page
    assert problem.title not in page
    assert 'value="meeting" checked' in page
    link = re.search(r'href="(/[^"]*calendar\.ics[^"]*)"', page)
    assert link
    sent = client.get(link[1].replace("&amp;", "&"))
    assert meeting.title in sent.content.decode().replace("\r\n ", "")
    assert problem.title not in sent.content.decode().replace("\r\n ", "")
    assert problem.title in client.get("/ledger/calendar.ics").content.decode().replace("\r\n ", "")
    assert "会议、征询答复" in client.get("/ledger/calendar/?kind=request&kind=meeting").content.decode(), "it prints"
    assert client.get("/ledger/calendar/?kind=party").status_code == 422
    told = client.get(f"/api/ledger/calendar?month={at}&kind=meeting&kind=problem").json()
    assert told["kinds"] == ["meeting", "problem"]
    assert {one["kind"] for day in told["days"] for one in day["things"]} <= {"meeting", "problem"}
    with pytest.raises(BridgeheadError):
        kinds_of(["party"])


def test_a_day_shows_what_is_rare_before_its_tasks(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    from bridgehead.rooms.ledger.actions.tasks import give_task
    from bridgehead.rooms.ledger.selectors.calendar import MOST_A_DAY

    inquiry = an_inquiry(world)
    for number in range(MOST_A_DAY + 3):
        give_task(
            by=seen_as(world.coordinator),
            owner=world.office.pk,
            lead=world.commerce.pk,
            title=f"任务 {number}",
            due_on=inquiry.due_on,
        )
    found = seen_by(world.coordinator, month, Period.read(f"{inquiry.due_on:%Y-%m}"), ["request", "task"])
    day = found.days[inquiry.due_on.day - 1]
    assert (len(day.things), day.more, day.things[0].title) == (MOST_A_DAY, 4, inquiry.title)
    assert found.due == MOST_A_DAY + 4


def test_who_joins_in_a_task_has_it_in_the_calendar(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    task = make(world)
    span = (task.due_on, task.due_on, ["task"])
    for person in (world.coordinator, world.commerce_officer, world.customs_officer):
        assert task.title in {one.title for one in seen_by(person, things, *span).things}, person.login
    with as_system("tests"):
        stranger = member(organisation("water", "department", "水利厅"), "officer")
    assert not seen_by(stranger, things, *span).things


def test_a_milestone_is_in_the_calendar_of_who_joins_in_until_it_is_reached(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    task = make(world)
    with as_system("tests"):
        assert task.milestones.update(due_on=today() + 3 * DAY) == 2
        opened = Evidence.objects.get(milestone__title="开工")
        stranger = member(organisation("water", "department", "水利厅"), "officer")
        supervised = task.parts.get(office=world.transport)
    taking = (world.coordinator, world.commerce_officer, world.customs_officer, world.transport_officer)

    def listed(person: Person) -> list[str]:
        found = seen_by(person, things, today() + DAY, today() + 9 * DAY, ["milestone"]).things
        assert [one.title for one in seen_by(person, coming, today(), 8) if one.kind == "milestone"] == [
            one.title for one in found
        ]
        return [one.title for one in found]

    assert [listed(one) for one in taking] == [["验收"]] * 4
    assert not listed(stranger)
    by = seen_as(world.coordinator)
    take_back_acceptance(by=by, evidence=opened.pk, version=opened.version, reason="没有开工")
    leave(by=by, part=supervised.pk, version=supervised.version)
    assert [listed(one) for one in taking] == [["开工", "验收"]] * 3 + [[]]


def test_what_recurs_falls_into_every_year_of_a_span() -> None:
    once = [one for one in recurring(date(2024, 7, 1), date(2027, 6, 30)) if one.title == "边境防火隔离带机耕"]
    assert [one.on for one in once] == [date(2024, 9, 30), date(2025, 9, 30), date(2026, 9, 30)]
    every = [one.on for one in recurring(date(2024, 7, 1), date(2027, 6, 30)) if one.title == "口岸运行定期通报"]
    assert len(every) == 36
    assert (every[0].year, every[-1].year) == (2024, 2027)


def test_a_month_has_its_days_off_and_what_recurs(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    make(world)
    found = seen_by(world.coordinator, month, Period.read("2026-10"))
    off = [one.on.day for one in found.days if one.off]
    assert off == [1, 2, 3, 4, 5, 6, 7, 11, 17, 18, 24, 25, 31], "National Day off, Saturday the 10th worked"
    assert [one.on.day for one in found.days if one.worked] == [10]
    assert found.before == range(3), "a Thursday"
    year = list(recurring(date(2026, 1, 1), date(2026, 12, 31)))
    circulars = [one.on for one in year if one.title == "口岸运行定期通报"]
    assert len(circulars) == 12
    assert circulars[0] == date(2026, 1, 30), "the 31st is a Saturday"
    assert [one.on for one in year if one.title == "边境防火隔离带机耕"] == [date(2026, 9, 30)]


def test_the_calendar_of_others_is_folded_and_escaped() -> None:
    title = "审议、签发；口岸,运行通报" * 6
    content = icalendar(Fallen([Coming(date(2026, 11, 30), title, "口岸办")], cut=True), date(2026, 11, 26))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    unfolded = content.decode().replace("\r\n ", "")
    assert "SUMMARY:" + title.replace(",", r"\,") in unfolded
    assert "X-WR-CALDESC:" in unfolded, "it says that there are more"
    assert "DTSTART;VALUE=DATE:20261130\r\nDTEND;VALUE=DATE:20261201" in unfolded
