"""What a past day shows of tasks, duties and bodies: what was known at its end, whatever was said later."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import docx
import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.grants import today
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.journal import clock
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.duties import end_responsibility, set_responsibility, take_over
from bridgehead.rooms.ledger.actions.escalation import take_rung
from bridgehead.rooms.ledger.actions.evidence import (
    Told,
    accept_evidence,
    draft_evidence,
    return_evidence,
    revise_evidence,
    take_back_acceptance,
)
from bridgehead.rooms.ledger.actions.goals import drop_milestone, set_milestone, set_target
from bridgehead.rooms.ledger.actions.tasks import change_task, end_task, give_task, join_in, leave
from bridgehead.rooms.ledger.models import Duty, Evidence, Milestone, Part, Task
from bridgehead.rooms.ledger.selectors.as_of import known_on
from bridgehead.rooms.ledger.selectors.board import Filters, board, board_rows
from bridgehead.rooms.ledger.selectors.bodies import body
from bridgehead.rooms.ledger.selectors.duties import duty_page, register
from bridgehead.rooms.ledger.selectors.giving import giving
from bridgehead.rooms.ledger.selectors.tasks import TaskPage, task_page
from bridgehead.rooms.ledger.spells import amiss
from tests.ledger import LedgerWorld, seen_as
from tests.statutes import EARLIER, imported

DAY = timedelta(days=1)
PAPER = ("验收单".encode(), "report.txt")
Read = Callable[..., Any]


@dataclass
class Time:
    """The clock of the region: it is moved on, never back."""

    now: datetime

    def on(self, days: int) -> date:
        """Let days pass, and return the new one."""
        self.now += days * DAY
        return timezone.localdate(self.now)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch, world: LedgerWorld) -> Iterator[Time]:
    """Let time pass as a test says."""
    # Noon on a Monday far off: no day begins while a test counts days, and only weekends are off.
    told = Time(clock.beginning(date(2031, 3, 3)) + timedelta(hours=12))
    monkeypatch.setattr(timezone, "now", lambda: told.now)
    yield told
    clock.forget()


def given(world: LedgerWorld, **told: Any) -> Task:
    """Give commerce a task that is due in four weeks, unless it is told otherwise."""
    kept = {"owner": world.office.pk, "lead": world.commerce.pk, "title": "开通新的查验场地"}
    return give_task(by=seen_as(world.coordinator), **(kept | {"due_on": today() + 28 * DAY} | told))


def handed_in(task: Task, by: Person, **told: Any) -> Evidence:
    """Hand in evidence of a task, of the whole of it unless told otherwise."""
    kept = {"claim": "已经办好", "issuer": "商务厅", "dated_on": today(), "completes": True} | told
    at = task.office_id
    return draft_evidence(
        by=seen_as(by), task=task.pk, organisation=at, told=Told(**kept), file=receive(*PAPER), hand_in=True
    )


def accepted(world: LedgerWorld, one: Evidence) -> Evidence:
    return accept_evidence(by=seen_as(world.coordinator), evidence=one.pk, version=one.version)


def changed(world: LedgerWorld, task: Task, **told: Any) -> Task:
    """Change a task, leaving what is not told as it is."""
    task.refresh_from_db()
    kept = {"title": task.title, "what": task.what, "lead": task.office_id, "due_on": task.due_on}
    return change_task(
        by=seen_as(world.coordinator), task=task.pk, version=task.version, reason="另有安排", **(kept | told)
    )


def ended(world: LedgerWorld, task: Task) -> None:
    task.refresh_from_db()
    end_task(by=seen_as(world.coordinator), task=task.pk, version=task.version, reason="并入别的任务")


def names(page: TaskPage) -> set[str]:
    return {name for _, name, _ in page.parts}


@pytest.mark.article(79)
def test_a_task_shows_on_a_past_day_what_was_known_at_the_end_of_it(
    world: LedgerWorld, time: Time, seen_by: Read
) -> None:
    by = seen_as(world.coordinator)
    task = given(world, what="老要求", joint=[world.customs.pk], supervised=[world.transport.pk])
    due = task.due_on
    kept, dropped = (set_milestone(by=by, task=task.pk, title=title) for title in ("验收", "招标"))
    part = given(world, parent=task.pk, title="修连接线")
    first = time.on(1) - DAY
    for one in task.parts.filter(left_on=None):
        leave(by=by, part=one.pk, version=one.version)
    changed(world, task, title="新题目", what="新要求", lead=world.transport.pk, due_on=due + 28 * DAY)
    now = Milestone.objects.get(pk=dropped.pk).version
    drop_milestone(by=by, milestone=dropped.pk, version=now, reason="不再招标")
    ended(world, part)
    task.refresh_from_db()
    accepted(world, handed_in(task, world.transport_officer, milestone=kept.pk, completes=False))
    then = seen_by(world.coordinator, task_page, task.pk, first)
    assert (then.line.task.title, then.line.task.what, then.line.office) == ("开通新的查验场地", "老要求", "商务厅")
    assert (then.line.due_on, then.line.share, then.evidence) == (due, 0, [])
    assert [(one.name, one.reached) for one in then.milestones] == [("验收", False), ("招标", False)]
    assert names(then) == {"海关", "交通厅"}
    assert [(one.task.title, one.task.state) for one in then.below] == [("修连接线", "open")]
    now = seen_by(world.coordinator, task_page, task.pk)
    assert (now.line.task.title, now.line.office, now.line.share) == ("新题目", "交通厅", 1)
    assert ([one.name for one in now.milestones], names(now)) == (["验收"], set())
    with pytest.raises(BridgeheadError) as refused:
        seen_by(world.coordinator, task_page, task.pk, first - DAY)
    assert refused.value.code == "ledger.not_given_yet"


def test_the_board_of_a_past_day_is_that_of_the_evening_of_that_day(
    world: LedgerWorld, time: Time, seen_by: Read
) -> None:
    task, other = given(world), given(world, title="会终止的任务", due_on=today() + 2 * DAY)
    share = given(world, title="走了一半的任务", due_on=today() + 60 * DAY)
    half, _ = (set_milestone(by=seen_as(world.coordinator), task=share.pk, title=title) for title in ("开工", "验收"))
    first = today()
    third = time.on(3)
    accepted(world, handed_in(share, world.commerce_officer, milestone=half.pk, completes=False))
    time.on(1)
    changed(world, task, title="新题目", lead=world.transport.pk, due_on=task.due_on + 7 * DAY)
    ended(world, other)
    time.on(1)
    accepted(world, handed_in(Task.objects.get(pk=task.pk), world.transport_officer))

    def told(day: date) -> list[tuple[Any, ...]]:
        shown = seen_by(world.coordinator, board, Filters(day)).tasks
        return [(one.task.title, one.office, one.due_on, one.late, one.share) for one in shown]

    assert told(first) == [
        ("会终止的任务", "商务厅", first + 2 * DAY, False, 0),
        ("开通新的查验场地", "商务厅", first + 28 * DAY, False, 0),
        ("走了一半的任务", "商务厅", share.due_on, False, 0),
    ]
    assert [one[3:] for one in told(third)] == [(True, 0), (False, 0), (False, 0.5)]
    assert [one[0] for one in told(today())] == ["走了一半的任务"]
    rows = [row[0] for row in seen_by(world.coordinator, lambda viewer: list(board_rows(viewer, Filters(first))))]
    assert rows == ["会终止的任务", "开通新的查验场地", "走了一半的任务"], "the table says what the page says"


def test_what_was_handed_in_again_had_been_handed_in_before(world: LedgerWorld, time: Time, seen_by: Read) -> None:
    task = given(world)
    first = handed_in(task, world.commerce_officer, claim="第一次的说法")
    handed = time.on(1) - DAY
    back = return_evidence(by=seen_as(world.coordinator), evidence=first.pk, version=first.version, reason="没有印章")
    returned = time.on(1) - DAY
    told = Told("第二次的说法", "商务厅", today(), completes=True)
    again = revise_evidence(
        by=seen_as(world.commerce_officer), evidence=back.pk, version=back.version, told=told, hand_in=True
    )
    time.on(1)
    accepted(world, again)
    said = [
        [(one.row.claim, one.row.state) for one in seen_by(world.coordinator, task_page, task.pk, day).evidence]
        for day in (handed, returned, returned + DAY, today())
    ]
    assert said == [
        [("第一次的说法", "handed_in")],
        [("第一次的说法", "returned")],
        [("第二次的说法", "handed_in")],
        [("第二次的说法", "accepted")],
    ]


def test_a_record_the_journal_does_not_know_is_shown_as_it_is_and_one_entered_later_is_not(
    world: LedgerWorld, time: Time
) -> None:
    days = {"given_on": today(), "due_on": today() + 28 * DAY}
    Task.objects.create(owner=world.office, office=world.commerce, title="成批装入的任务", **days)
    task = given(world)
    day = time.on(1) - DAY
    later = given(world, title="后来的任务")
    changed(world, task, title="新题目")
    changed(world, later, title="又改了的任务")
    rows = list(Task.objects.order_by("pk"))
    assert [one.title for one in known_on(rows, day)] == ["成批装入的任务", "开通新的查验场地"]
    entered = [one.title for one in known_on(rows, day, as_entered=True)]
    assert entered == ["成批装入的任务", "开通新的查验场地", "后来的任务"], "in the words it was entered with"


@pytest.mark.article(79)
def test_what_was_handed_in_in_time_waits_and_is_not_late(
    world: LedgerWorld, time: Time, seen_by: Read, browser: Callable[[Person], Client]
) -> None:
    prompt, tardy = given(world, due_on=today() + 2 * DAY), given(world, title="晚交的", due_on=today() + 2 * DAY)
    first = handed_in(prompt, world.commerce_officer)
    time.on(4)
    second = handed_in(tardy, world.commerce_officer)
    late = time.on(3) - DAY

    def states() -> dict[str, tuple[bool, bool]]:
        shown = seen_by(world.coordinator, board, Filters(today()))
        assert shown.late == sum(one.late for one in shown.tasks)
        return {one.task.title: (one.late, one.waits) for one in shown.tasks}

    assert states() == {prompt.title: (False, True), "晚交的": (True, False)}
    client = browser(world.coordinator)
    page = client.get(f"/ledger/tasks/{prompt.pk}/").content.decode()
    assert "已按时提交，等人核对" in page
    assert "过期 " not in page
    assert seen_by(world.coordinator, body, "commerce").late == 1
    with pytest.raises(BridgeheadError) as refused:
        take_rung(by=seen_as(world.coordinator), task=prompt.pk, rung="circular")
    assert refused.value.code == "ledger.waits_for_acceptance"
    for one in (first, second):
        accepted(world, one)
    prompt.refresh_from_db()
    assert (prompt.done_on, prompt.met_on) == (today(), prompt.due_on - 2 * DAY)
    done = seen_by(world.coordinator, body, "commerce")
    assert (done.done_this_year, done.in_time) == (2, 1)
    before = seen_by(world.coordinator, board, Filters(late))
    assert (before.owed, before.late) == (2, 1), "of a day before, too"


def test_what_was_returned_waits_no_more(world: LedgerWorld, time: Time) -> None:
    task = given(world, due_on=today() + 2 * DAY)
    one = handed_in(task, world.commerce_officer)
    time.on(3)
    back = return_evidence(by=seen_as(world.coordinator), evidence=one.pk, version=one.version, reason="没有印章")
    task.refresh_from_db()
    assert task.met_on is None
    told = Told("补了印章", "商务厅", today(), completes=True)
    again = revise_evidence(
        by=seen_as(world.commerce_officer), evidence=back.pk, version=back.version, told=told, hand_in=True
    )
    done = accepted(world, again)
    task.refresh_from_db()
    assert (task.met_on, task.done_on) == (today(), today()), "the accepted evidence was handed in after the due day"
    take_back_acceptance(by=seen_as(world.coordinator), evidence=done.pk, version=done.version, reason="日期不对")
    task.refresh_from_db()
    assert (task.met_on, task.done_on) == (None, None)


@pytest.mark.article(6)
def test_duties_and_bodies_show_a_past_day(
    world: LedgerWorld, time: Time, seen_by: Read, browser: Callable[[Person], Client]
) -> None:
    by = seen_as(world.coordinator)
    work = imported(EARLIER)[0].work_id
    take_over(by=by, owner=world.office.pk, work=work)
    duty = Duty.objects.order_by("pk")[0]
    led = set_responsibility(by=by, duty=duty.pk, organisation=world.commerce.pk, part="lead")
    task = given(world, duty=duty.pk, joint=[world.transport.pk], due_on=today() + 2 * DAY)
    first = today()
    time.on(5)
    set_responsibility(by=by, duty=duty.pk, organisation=world.transport.pk, part="lead", from_on=first)
    changed(world, task, title="新题目", lead=world.customs.pk, due_on=today() + 70 * DAY)
    late = today() - DAY
    time.on(1)
    accepted(world, handed_in(Task.objects.get(pk=task.pk), world.customs_officer))
    time.on(1)

    def line(day: date) -> tuple[Any, ...]:
        page = seen_by(world.coordinator, duty_page, duty.pk, day)
        [one] = [one for one in seen_by(world.coordinator, register, on=day).lines if one.row.pk == duty.pk]
        assert one.lead is not None
        assert one.lead.name == page.line.lead.name
        assert [shown.late for shown in page.tasks] == [bool(one.late)]
        return one.lead.name, page.tasks[0].task.title, one.tasks, one.done, one.late

    assert line(first) == ("商务厅", "开通新的查验场地", 1, 0, 0)
    assert line(late) == ("商务厅", "开通新的查验场地", 1, 0, 1), "another lead was named later, from an earlier day on"
    assert line(today()) == ("交通厅", "新题目", 1, 1, 0)
    commerce = seen_by(world.coordinator, body, "commerce", late)
    assert (commerce.owed, commerce.late, [one.task.title for one in commerce.tasks]) == (1, 1, ["开通新的查验场地"])
    assert [part for _, part in commerce.duties] == ["牵头"]
    assert seen_by(world.coordinator, body, "commerce").owed == 0
    assert [one.task.title for one, _ in seen_by(world.coordinator, body, "transport", late).joined] == [
        "开通新的查验场地"
    ]
    client = browser(world.coordinator)
    addresses = ("duties/", f"duties/{duty.pk}/", "bodies/commerce/", "board/", f"tasks/{task.pk}/")
    for address in addresses:
        page = client.get(f"/ledger/{address}?on={late}").content.decode()
        assert f'name="on" type="date" value="{late}"' in page, address
        assert 'method="post"' not in page.split("<main", 1)[1], f"the past is not changed: {address}"
        assert client.get(f"/ledger/{address}?on=yesterday").status_code == 422, address
    for address in ("responsibilities.docx", f"duties/{duty.pk}.docx", "bodies/commerce.docx"):
        paper = docx.Document(io.BytesIO(client.get(f"/ledger/{address}?on={late}").content))
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        assert any("商务厅" in cell or cell == "牵头" for cell in cells), address
        assert "交通厅" not in cells, address
    told = client.get(f"/api/ledger/bodies/commerce?on={late}").json()
    assert (told["on"], told["owed"]) == (str(late), 1)
    with pytest.raises(BridgeheadError) as refused:
        seen_by(world.coordinator, duty_page, duty.pk, first - DAY)
    assert refused.value.code == "ledger.not_taken_over_yet"
    led.refresh_from_db()
    assert seen_by(world.coordinator, register, on=first - DAY).total == 0


def test_who_begins_later_is_named_as_such(world: LedgerWorld, time: Time, seen_by: Read) -> None:
    by = seen_as(world.coordinator)
    take_over(by=by, owner=world.office.pk, work=imported(EARLIER)[0].work_id)
    duty = Duty.objects.order_by("pk")[0]
    set_responsibility(by=by, duty=duty.pk, organisation=world.commerce.pk, part="lead")
    coming = today() + 5 * DAY
    set_responsibility(by=by, duty=duty.pk, organisation=world.transport.pk, part="lead", from_on=coming)
    page = seen_by(world.coordinator, duty_page, duty.pk)
    assert page.line.lead.name == "商务厅"
    assert [one.name for one in page.coming] == ["交通厅"]
    assert seen_by(world.coordinator, giving, duty.pk, 0, "", 0).lead == str(world.commerce.pk)
    time.on(5)
    assert seen_by(world.coordinator, duty_page, duty.pk).line.lead.name == "交通厅"


def test_a_part_is_taken_away_once_and_given_again(world: LedgerWorld) -> None:
    by = seen_as(world.coordinator)
    task = given(world, joint=[world.customs.pk])
    part = task.parts.get()
    leave(by=by, part=part.pk, version=part.version)
    part.refresh_from_db()
    with pytest.raises(BridgeheadError) as refused:
        leave(by=by, part=part.pk, version=part.version)
    assert refused.value.code == "ledger.part_left"
    with pytest.raises(BridgeheadError) as refused:
        handed_in_by_customs(task, world)
    assert refused.value.code == "ledger.not_taking_part"
    join_in(by=by, task=task.pk, organisation=world.customs.pk, part=Part.JOINT)
    assert handed_in_by_customs(task, world).state == "handed_in"


def handed_in_by_customs(task: Task, world: LedgerWorld) -> Evidence:
    told = Told("已经办好", "海关", today(), completes=True)
    by = seen_as(world.customs_officer)
    return draft_evidence(
        by=by, task=task.pk, organisation=world.customs.pk, told=told, file=receive(*PAPER), hand_in=True
    )


def test_a_responsibility_that_ended_was_there_before(world: LedgerWorld, time: Time, seen_by: Read) -> None:
    by = seen_as(world.coordinator)
    take_over(by=by, owner=world.office.pk, work=imported(EARLIER)[0].work_id)
    duty = Duty.objects.order_by("pk")[0]
    led = set_responsibility(by=by, duty=duty.pk, organisation=world.commerce.pk, part="lead")
    day = time.on(1) - DAY
    end_responsibility(by=by, responsibility=led.pk, version=led.version)
    assert seen_by(world.coordinator, duty_page, duty.pk).line.lead is None
    assert seen_by(world.coordinator, duty_page, duty.pk, day).line.lead.name == "商务厅"


def test_a_task_is_met_by_the_figure_that_counts_whichever_was_handed_in_later(world: LedgerWorld, time: Time) -> None:
    by = seen_as(world.coordinator)
    task = given(world, due_on=today() + 2 * DAY)
    told = {"indicator": "port_freight", "baseline": Decimal(0), "goal": Decimal(100), "unit": "10^4 t"}
    target = set_target(by=by, task=task.pk, **told)
    first = today()
    figure = {"completes": False, "target": target.pk, "unit": "10^4 t", "as_of": first, "source": "月报"}
    whole = handed_in(task, world.commerce_officer, value=Decimal(100), **figure)
    time.on(3)
    accepted(world, handed_in(task, world.commerce_officer, value=Decimal(50), **figure))
    time.on(4)
    accepted(world, whole)
    task.refresh_from_db()
    assert (task.done_on, task.met_on) == (today(), first), "the figure accepted last was handed in by the due day"
    assert not amiss([task.pk], today())
