"""Circulars: counted from the records by organisation, issued once, and never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system, viewing
from bridgehead.ground.journal.entries import as_text
from bridgehead.ground.models import JournalEntry
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.render.docx_paper import Grid, Text
from bridgehead.rooms.ledger import circular_parts
from bridgehead.rooms.ledger.actions.circulars import issue_circular
from bridgehead.rooms.ledger.actions.decisions import DecisionTold, record_decision, settle_decision
from bridgehead.rooms.ledger.actions.figures import enter_figure
from bridgehead.rooms.ledger.actions.inquiries import ask_bodies
from bridgehead.rooms.ledger.actions.problems import ProblemTold, ask_to_close, close_problem, open_problem
from bridgehead.rooms.ledger.actions.tasks import change_task, give_task
from bridgehead.rooms.ledger.models import Circular, Meeting, Task
from bridgehead.rooms.ledger.models import articles as article_column
from bridgehead.rooms.ledger.papers.circulars import circular_paper
from bridgehead.rooms.ledger.selectors.circular_content import COUNTED, content_of
from bridgehead.rooms.ledger.selectors.circular_words import Table
from bridgehead.rooms.ledger.selectors.circulars import Seen, circular_list, circular_page, draft
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import DAY, a_circular, a_meeting

pytestmark = pytest.mark.django_db

MONTH = Period.of(Frequency.MONTH, Period.of(Frequency.MONTH, today()).first - DAY)
"""The month before this one."""
THIS = Period.of(Frequency.MONTH, today())


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    return {fault.code for fault in refused.value.faults}


def task(world: LedgerWorld, lead: int, due: date, done: date | None = None) -> Task:
    """Give a task in the month before its due day; it was done on a day, as spells and fields say it then."""
    given_on = due - 20 * DAY
    made = give_task(
        by=seen_as(world.coordinator),
        owner=world.office.pk,
        lead=lead,
        title=f"任务 {due}",
        due_on=due,
        given_on=given_on,
    )
    if done is not None:
        with as_system("tests"):
            spell, since = made.spells.get(), max(done, given_on + DAY)
            made.spells.update(until_on=since)
            then = {"until_on": spell.until_on, "owed": False, "done_on": done, "share": 1}
            same = {name: getattr(spell, name) for name in ("owner_id", "office_id", "due_on", "met_on")}
            made.spells.create(**same, **then, from_on=since)
            Task.objects.filter(pk=made.pk).update(done_on=done)
    return made


def counted(world: LedgerWorld, period: Period, on: date) -> dict[str, Any]:
    """Return what the coordination office counts of a period, read as one of its people."""
    viewer = seen_as(world.coordinator)
    with viewing(viewer):
        return content_of(viewer, world.office.pk, period, on)


def drafted(world: LedgerWorld, period: str) -> Seen:
    """Return the draft of a period, read as somebody of the coordination office."""
    viewer = seen_as(world.coordinator)
    with viewing(viewer):
        return draft(viewer, period)


def table(seen: Seen, key: str) -> Table:
    return next(one for one in seen.tables if one.key == key)


def row(content: dict[str, Any], office: int) -> dict[str, Any]:
    return next(one for one in content["offices"] if one["office"] == office)


@pytest.mark.article(5)
@pytest.mark.article(79)
def test_a_month_is_counted_by_organisation_as_of_its_last_day(world: LedgerWorld) -> None:
    by, commerce, transport = seen_as(world.coordinator), world.commerce.pk, world.transport.pk
    due = MONTH.first + 9 * DAY
    task(world, commerce, due, due)
    task(world, commerce, due, due + 2 * DAY)
    task(world, commerce, due)
    task(world, commerce, due, THIS.first)  # done, but after the month
    task(world, transport, THIS.last)
    late = task(world, transport, MONTH.first - DAY)
    problem = open_problem(
        by=by,
        organisation=world.office.pk,
        office=transport,
        origin="complaint",
        told=ProblemTold(title="排队", due_on=MONTH.first + DAY),
        found_on=MONTH.first,
    )
    problem = ask_to_close(
        by=seen_as(world.transport_officer), problem=problem.pk, version=problem.version, result="好了", on=MONTH.first
    )
    close_problem(by=by, problem=problem.pk, version=problem.version, on=THIS.first)
    ask_bodies(
        by=by,
        organisation=world.office.pk,
        title="征求意见",
        question="是否同意",
        bodies=(commerce,),
        given_on=MONTH.first,
        due_on=MONTH.first + DAY,
    )
    content = counted(world, MONTH, MONTH.last)
    told = row(content, commerce)
    assert {name: told[name] for name in ("due", "on_time", "late", "open", "overdue", "silent")} == {
        "due": 4,
        "on_time": 1,
        "late": 1,
        "open": 2,
        "overdue": 2,
        "silent": 1,
    }
    told = row(content, transport)
    assert (told["due"], told["overdue"], told["found"], told["closed"], told["problems_late"]) == (0, 1, 1, 0, 1)
    assert content["total"] == {name: sum(one[name] for one in content["offices"]) for name in COUNTED}
    assert content["late"]["tasks"][0]["task"] == late.pk
    assert [one["title"] for one in content["unanswered"]] == ["征求意见"]
    this = row(counted(world, THIS, today()), transport)
    assert (this["found"], this["closed"], this["problems_late"]) == (0, 1, 0)


def test_a_term_moved_after_a_month_does_not_change_what_was_due_in_it(world: LedgerWorld) -> None:
    made = task(world, world.commerce.pk, MONTH.first + 9 * DAY)
    before = counted(world, MONTH, MONTH.last)["total"]
    assert (before["due"], before["open"], before["overdue"]) == (1, 1, 1)
    told = {"title": made.title, "lead": made.office_id, "due_on": today() + 40 * DAY, "reason": "对方推迟"}
    change_task(by=seen_as(world.coordinator), task=made.pk, version=made.version, **told)
    assert counted(world, MONTH, MONTH.last)["total"] == before
    now = counted(world, THIS, today())["total"]
    assert (now["due"], now["overdue"]) == (0, 0), "that of this month has the new term"


def test_a_half_year_stands_beside_the_same_half_of_the_year_before(world: LedgerWorld) -> None:
    half = Period.read(f"{today().year - 1}H1")
    task(world, world.commerce.pk, half.first + 40 * DAY, half.first + 30 * DAY)
    task(world, world.transport.pk, half.year_before.first + 40 * DAY)
    content = counted(world, half, half.last)
    assert content["before"]["period"] == str(half.year_before)
    assert (content["total"]["due"], content["total"]["on_time"]) == (1, 1)
    assert (content["before"]["total"]["due"], content["before"]["total"]["open"]) == (1, 1)
    seen = drafted(world, str(half))
    told = {cells[0]: cells[1:] for cells in table(seen, "compared").rows}
    assert told["没有办结"] == ["0", "1", "-1"]
    assert told["按期办结率"] == ["100%", "0%", "+100 个百分点"]
    assert {"督促次数", "议定事项", "新列问题", "销号", "收到的征询", "召开的会议"} <= set(told)
    assert [cells[:5] for cells in table(seen, "compared_bodies").rows] == [
        ["商务厅", "1", "0", "100%", "—"],
        ["交通厅", "0", "1", "—", "0%"],
        ["合计", "1", "1", "100%", "0%"],
    ]


@pytest.mark.article(5)
def test_what_was_late_is_named_with_who_answers_for_it_and_meetings_are_told(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    by = seen_as(world.coordinator)
    meeting = a_meeting(world, held=True, title="专题会议")
    with as_system("tests"):
        held = timezone.make_aware(datetime.combine(MONTH.first, time(9)))
        Meeting.objects.filter(pk=meeting.pk).update(held_at=held, planned_at=held)
    told = {"office": world.commerce.pk, "due_on": MONTH.first + 2 * DAY}
    record_decision(by=by, meeting=meeting.pk, told=DecisionTold(text="扩建货场", **told))
    settled = record_decision(by=by, meeting=meeting.pk, told=DecisionTold(text="换标牌", **told))
    settle_decision(by=by, decision=settled.pk, version=settled.version, note="已换", on=MONTH.first + DAY)
    problem = open_problem(
        by=by,
        organisation=world.office.pk,
        office=world.transport.pk,
        origin="complaint",
        told=ProblemTold(title="排队", due_on=MONTH.first + 3 * DAY),
        found_on=MONTH.first,
    )
    mending = seen_as(world.transport_officer)
    ask_to_close(by=mending, problem=problem.pk, version=problem.version, result="好了", on=MONTH.last)
    seen = drafted(world, str(MONTH))
    late = table(seen, "late_problems").rows
    assert [(one[0], one[1], one[3]) for one in late] == [("排队", "交通厅", "待确认")]
    late = table(seen, "late_decisions").rows
    assert [(one[0], one[1], one[3]) for one in late] == [("扩建货场", "商务厅", "待布置")]
    assert [(one[0], *one[3:]) for one in table(seen, "meetings").rows] == [("专题会议", "1 / 2", "2")]
    others = table(seen, "others")
    assert dict(zip(others.heads, others.rows[0], strict=True))["议定事项"] == "2"
    assert dict(zip(others.heads, others.rows[0], strict=True))["办结的议定事项"] == "1"


@pytest.mark.article(79)
def test_a_half_year_says_each_indicator_beside_the_year_before_with_its_sources(world: LedgerWorld) -> None:
    half = Period.read(f"{today().year - 1}H1")
    for period, value in ((half, "1,300".replace(",", "")), (half.year_before, "1000")):
        enter_figure(
            by=seen_as(world.commerce_officer),
            organisation=world.commerce.pk,
            indicator="port_freight",
            period=str(period),
            value=value,
            unit="10^4 t",
            source="口岸月报",
            source_on=period.last,
        )
    told = table(drafted(world, str(half)), "figures")
    row = next(one for one in told.rows if one[0].startswith("口岸"))
    assert "万吨" in row[0]
    assert row[1:5] == ["1,300", "1,000", "+300", "+30.0%"]
    assert row[5].count("报告 商务厅 口岸月报") == 2
    assert "没有数，没有列出" in told.more
    assert "figures" not in {one.key for one in drafted(world, str(MONTH)).tables}


def test_a_circular_on_paper_says_to_whom_it_goes_and_who_issues_it_when(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    task(world, world.commerce.pk, MONTH.first + 9 * DAY)
    paper = circular_paper(seen_by(world.commerce_officer, circular_page, a_circular(world).pk))
    texts = [one.text for one in paper.blocks if isinstance(one, Text)]
    assert paper.title.startswith("关于")
    assert paper.title.endswith("任务办结和问题整改情况的通报")
    assert texts[1] == "主送：商务厅"
    assert texts.index("请各单位对照整改。") < next(at for at, one in enumerate(texts) if "到期 1 项任务" in one)
    signed = [one.text for one in paper.blocks if isinstance(one, Text) and one.at_right]
    assert signed[1] == "协调机构"
    assert signed[2].startswith(f"{today().year} 年")
    grids = [one for one in paper.blocks if isinstance(one, Grid)]
    assert all(len(one.heads) <= 9 and one.widths_cm[0] > 1.5 * one.widths_cm[1] for one in grids if len(one.heads) > 5)


@pytest.mark.article(5)
def test_an_issued_circular_is_frozen_and_read_by_whom_it_was_sent_to(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    due = MONTH.first + 9 * DAY
    task(world, world.commerce.pk, due)
    circular = a_circular(world)
    task(world, world.commerce.pk, due)
    seen = seen_by(world.commerce_officer, circular_page, circular.pk)
    assert seen.content["total"]["due"] == 1, "what came later is not in it"
    assert "到期 1 项任务，1 项没有办结" in seen.headline
    assert circular.sha256 == hashlib.sha256(as_text(seen.content).encode()).hexdigest()
    assert (circular.number, circular.year) == (1, today().year)
    with pytest.raises(BridgeheadError, match=r"circular\.no_such_circular"):
        seen_by(world.transport_officer, circular_page, circular.pk)
    assert seen_by(world.transport_officer, circular_list).found.total == 0
    with as_system("tests"):
        assert "content" not in JournalEntry.objects.get(record_kind="circular").after
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Circular.objects.update(foreword="改过")
        circular.foreword = "改过"
        with pytest.raises(TypeError, match="never changes"):
            circular.save()


@pytest.mark.parametrize(
    ("period", "sent", "code"),
    [
        (str(THIS), True, "circular.not_over"),
        (str(MONTH), True, "circular.issued"),
        (f"{today().year - 1}H1", False, "circular.to_nobody"),
        (f"{today().year + 1}H1", True, "circular.not_begun"),
        (f"{today().year - 1}Q1", True, "circular.no_such_period"),
        ("May", True, "circular.no_such_period"),
    ],
)
def test_a_circular_that_cannot_be_issued_is_refused(world: LedgerWorld, period: str, sent: bool, code: str) -> None:
    a_circular(world)
    addressees = (world.commerce.pk,) if sent else ()
    with pytest.raises(BridgeheadError) as refused:
        issue_circular(
            by=seen_as(world.second_coordinator),
            organisation=world.office.pk,
            period=period,
            addressees=addressees,
        )
    assert codes(refused) == {code}


def test_only_the_coordination_office_drafts_and_another_subject_adds_its_block(
    world: LedgerWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trains(asked: circular_parts.PartAsked) -> circular_parts.Block:
        return circular_parts.Block("班列", ("口岸", "列数"), [("二连浩特", "312")], numbers=(1,))

    monkeypatch.setattr(circular_parts, "_registered", dict(circular_parts._registered))
    circular_parts.register("trains", 90, trains)
    seen = drafted(world, str(MONTH))
    assert [one.title for one in seen.tables[-2:]] == ["目标进度", "班列"]
    assert seen.tables[-1].rows == [["二连浩特", "312"]]
    with pytest.raises(BridgeheadError, match=r"circular\.no_office"):
        draft(seen_as(world.commerce_head), str(MONTH))
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        issue_circular(
            by=seen_as(world.commerce_head),
            organisation=world.commerce.pk,
            period=str(MONTH),
            addressees=(world.transport.pk,),
        )


@given(st.lists(st.integers(1, 999)))
def test_articles_are_kept_once_and_in_order_and_found_by_number_alone(numbers: list[int]) -> None:
    column = article_column.kept(numbers)
    assert article_column.told(column) == tuple(sorted(set(numbers)))
    for number in range(1, 120):
        assert (article_column.sought(number) in column) == (number in numbers)
