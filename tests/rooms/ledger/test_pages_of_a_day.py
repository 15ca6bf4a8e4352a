"""What the pages of single records show of a past day: what was known at its end, whatever was said later."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.grants import today
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import Person
from bridgehead.rooms.ledger.actions.decisions import DecisionTold, edit_decision, give_decision, record_decision
from bridgehead.rooms.ledger.actions.evidence import (
    Told,
    accept_evidence,
    draft_evidence,
    return_evidence,
    revise_evidence,
)
from bridgehead.rooms.ledger.actions.inquiries import answer_inquiry, close_inquiry, remind_bodies
from bridgehead.rooms.ledger.actions.meetings import MeetingTold, edit_meeting, file_minutes, hold_meeting
from bridgehead.rooms.ledger.actions.problems import (
    ProblemTold,
    ask_to_close,
    close_problem,
    edit_problem,
    open_problem,
    plan_measures,
)
from bridgehead.rooms.ledger.models import Problem, Reply, Task
from bridgehead.rooms.ledger.selectors.findings import as_problem, findings_unlisted
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import DAY, a_decision, a_meeting, a_problem, an_inquiry
from tests.ledger.supervision import make as make_supervision
from tests.rooms.ledger.test_tasks_as_of import Time, changed, given, time

pytestmark = pytest.mark.django_db
__all__ = ["time"]

Browser = Callable[[Person], Client]


def main_of(client: Client, address: str, on: date | str = "") -> str:
    """Return what the page of a record says on a day."""
    answer = client.get(f"{address}?on={on}")
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode().split("<main", 1)[1]


def written(client: Client, address: str) -> str:
    """Return what a Word document says."""
    paper = docx.Document(io.BytesIO(client.get(address).content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def is_of_a_past_day(client: Client, address: str, on: date, first: date) -> None:
    """Check what all pages of a day that is past do."""
    page = main_of(client, address, on)
    assert f'name="on" type="date" value="{on}"' in page
    assert "那天的样子" in page
    assert 'method="post"' not in page, "the past is not changed"
    assert "那天的样子" not in main_of(client, address)
    assert client.get(f"{address}?on=yesterday").status_code == 422
    assert client.get(f"/api{address.rstrip('/')}?on=yesterday").status_code == 422
    refused = client.get(f"/api{address.rstrip('/')}?on={first - DAY}")
    assert (refused.status_code // 100, refused.json()["error"]["code"]) == (4, "ledger.not_there_yet")
    assert client.get(f"{address}?on={first - DAY}").status_code == refused.status_code


@pytest.mark.article(79)
def test_a_problem_is_shown_as_it_was_known_on_a_day(world: LedgerWorld, time: Time, browser: Browser) -> None:
    by, mending, first = seen_as(world.coordinator), seen_as(world.commerce_officer), today()
    problem = a_problem(world, days=3)
    address = f"/problems/{problem.pk}/"
    time.on(1)
    problem = plan_measures(by=mending, problem=problem.pk, version=problem.version, measures="加班")
    planned = time.on(5)
    told = {"title": "新题目", "what": "新情况", "due_on": first + 30 * DAY}
    problem = edit_problem(by=by, problem=problem.pk, version=problem.version, told=ProblemTold(**told), note="推迟")
    problem = ask_to_close(by=mending, problem=problem.pk, version=problem.version, result="换了设备")
    asked = today()
    time.on(1)
    close_problem(by=by, problem=problem.pk, version=problem.version)
    time.on(1)
    client = browser(world.coordinator)

    def said(on: date) -> tuple[Any, ...]:
        found = client.get(f"/api/problems/{problem.pk}?on={on}").json()
        names = ("title", "what", "measures", "result", "state", "waits", "due_on")
        return *(found[name] for name in names), found["late_wd"] > 0, len(found["steps"])

    due, later = str(first + 3 * DAY), str(first + 30 * DAY)
    assert said(first) == ("查验设备老化", "两台设备停用", "", "", "open", False, due, False, 1)
    before = planned - DAY
    assert said(before) == ("查验设备老化", "两台设备停用", "加班", "", "mending", False, due, True, 2)
    assert said(asked) == ("新题目", "新情况", "加班", "换了设备", "mending", True, later, False, 4)
    assert said(today())[4:] == ("closed", False, later, False, 5)
    page = main_of(client, address, before)
    assert "查验设备老化：逾期" in page
    assert "换了设备" not in page
    assert f'href="/problems/?on={before}"' in page
    assert f'href="{address}?on={before}"' in main_of(client, "/problems/", before)
    assert "申请销号，等确认" in main_of(client, address, asked)
    is_of_a_past_day(client, address, before, first)


def test_a_problem_that_was_entered_later_for_a_day_is_shown_as_it_was_entered(
    world: LedgerWorld, time: Time, browser: Browser
) -> None:
    by, first = seen_as(world.coordinator), today()
    time.on(5)
    told = ProblemTold(title="排队", due_on=first + 2 * DAY)
    found = {"organisation": world.office.pk, "office": world.commerce.pk, "origin": "complaint", "found_on": first}
    problem = open_problem(by=by, told=told, **found)
    edited = ProblemTold(title="不排队", due_on=first + 2 * DAY)
    edit_problem(by=by, problem=problem.pk, version=problem.version, told=edited)
    page = main_of(browser(world.coordinator), f"/problems/{problem.pk}/", first + 4 * DAY)
    assert "<h1>" in page
    assert "排队：逾期 " in page
    assert "不排队" not in page


@pytest.mark.article(79, 83)
def test_the_list_of_a_past_day_names_the_findings_that_were_not_listed_then(
    world: LedgerWorld, time: Time, seen_by: Callable[..., Any], browser: Browser
) -> None:
    make_supervision(world)
    [fault] = seen_by(world.coordinator, findings_unlisted)
    first = today()
    time.on(2)
    values = as_problem(seen_as(world.coordinator), fault.id)
    told = ProblemTold(title=values["title"], due_on=today() + 9 * DAY, articles=(fault.article,))
    found = {"organisation": world.office.pk, "office": world.commerce.pk, "origin": "inspection"}
    open_problem(by=seen_as(world.coordinator), told=told, finding=fault.matter, found_on=today(), **found)
    time.on(1)
    assert Problem.objects.filter(finding=fault.matter).exists()
    assert seen_by(world.coordinator, findings_unlisted) == []
    assert seen_by(world.coordinator, findings_unlisted, first) == [fault]
    assert seen_by(world.coordinator, findings_unlisted, fault.found_on - DAY) == []
    client = browser(world.coordinator)
    page = main_of(client, "/problems/", first)
    assert fault.text[:20] in page
    assert f"?finding={fault.id}" not in page, "nothing is entered into the list of a day that is past"
    address = f"/inspections/findings/{fault.id}/"
    assert f'href="{address}?on={first}"' in page
    assert address not in main_of(client, "/problems/")


@pytest.mark.article(5)
def test_a_decision_is_shown_as_it_was_known_on_a_day(world: LedgerWorld, time: Time, browser: Browser) -> None:
    by, first = seen_as(world.coordinator), today()
    decision = a_decision(world)
    due, moved = str(decision.due_on), first + 60 * DAY
    time.on(3)
    told = {"text": "扩建货场", "office": world.transport.pk, "due_on": moved, "joint": (world.customs.pk,)}
    decision = edit_decision(
        by=by, decision=decision.pk, version=decision.version, told=DecisionTold(**told), reason="推迟"
    )
    edited = time.on(2)
    give_decision(by=by, decision=decision.pk, version=decision.version)
    given = time.on(2)
    changed(world, Task.objects.get(matter=f"decision {decision.pk}"), title="扩建两个货场")
    time.on(40)
    client, address = browser(world.coordinator), f"/decisions/{decision.pk}/"

    def said(on: date) -> tuple[Any, ...]:
        found = client.get(f"/api/decisions/{decision.pk}?on={on}").json()
        names = ("text", "office", "joint", "due_on", "state")
        return *(found[name] for name in names), found["task"] is not None, found["share"]

    was = ("年内开通新的查验场地", "商务厅", ["交通厅"], due, "open", False, None)
    assert said(first) == said(edited - 3 * DAY) == was
    assert said(edited - DAY) == ("扩建货场", "交通厅", ["海关"], str(moved), "open", False, None)
    assert said(given - DAY) == ("扩建货场", "交通厅", ["海关"], str(moved), "given", True, 0.0)
    page = main_of(client, address, first)
    assert "商务厅负责，待布置" in page
    assert f'href="/meetings/{decision.meeting_id}/?on={first}"' in page
    page = main_of(client, address, given - DAY)
    assert f'/?on={given - DAY}">扩建货场</a>' in page, "the task, as it was called"
    assert "扩建两个货场</a>" in main_of(client, address)
    for day, name in ((first, "商务厅"), (given - DAY, "扩建货场"), (today(), "扩建两个货场")):
        told = written(client, f"/decisions/{decision.pk}.docx?on={day}&lang=zh").splitlines()
        assert name in told, "in a cell of its own"
    is_of_a_past_day(client, address, first, first)


@pytest.mark.article(5)
def test_a_request_is_shown_with_its_replies_as_they_were_known_on_a_day(
    world: LedgerWorld, time: Time, browser: Browser
) -> None:
    by, answering, first = seen_as(world.coordinator), seen_as(world.commerce_officer), today()
    inquiry = an_inquiry(world)
    reply = Reply.objects.get(office=world.commerce)
    time.on(2)
    remind_bodies(by=by, inquiry=inquiry.pk, version=inquiry.version)
    time.on(7)
    reply.refresh_from_db()
    reply = answer_inquiry(by=answering, reply=reply.pk, version=reply.version, text="同意")
    answered = time.on(2) - 2 * DAY
    answer_inquiry(by=answering, reply=reply.pk, version=reply.version, text="不同意")
    time.on(2)
    close_inquiry(by=by, inquiry=inquiry.pk, version=inquiry.version, note="不再等")
    closed = time.on(1) - DAY
    client, address = browser(world.coordinator), f"/requests/{inquiry.pk}/"

    def said(on: date) -> tuple[Any, ...]:
        found = client.get(f"/api/requests/{inquiry.pk}?on={on}").json()
        names = ("name", "answered_on", "text", "reminders")
        replies = [(*(one[name] for name in names), one["late_wd"] > 0) for one in found["replies"]]
        return found["state"], found["silent"], found["late_wd"] > 0, replies

    came = str(answered)
    silent = [("商务厅", None, "", 0, False), ("交通厅", None, "", 0, False)]
    assert said(first)[:3] == ("open", 2, False)
    assert sorted(said(first)[3]) == sorted(silent)
    assert sorted(said(answered - DAY)[3]) == sorted((name, None, "", 1, True) for name, *_ in silent)
    late, yes = ("交通厅", None, "", 1, True), ("商务厅", came, "同意", 1, True)
    assert said(answered) == said(answered + DAY) == ("open", 1, True, [late, yes])
    assert said(closed - DAY) == ("open", 1, True, [late, ("商务厅", came, "不同意", 1, True)])
    assert said(closed)[:3] == ("closed", 1, False)
    page = main_of(client, address, answered)
    assert "1 个单位没有答复" in page
    assert "不再等" not in page
    assert "已结束" not in page
    assert "不再等" in main_of(client, address)
    paper = f"/requests/{inquiry.pk}.docx?on={answered}&lang=zh"
    assert paper.replace("&", "&amp;") in page or paper in page, "the paper of that day"
    assert "同意" in written(client, paper)
    assert "不再等" not in written(client, paper)
    assert "不再等" in written(client, f"/requests/{inquiry.pk}.docx?lang=zh")
    assert f'href="{address}?on={answered}"' in main_of(client, "/requests/", answered)
    is_of_a_past_day(client, address, answered, first)
    theirs = main_of(browser(world.commerce_officer), address, first)
    assert "没有答复" in theirs
    assert "同意</td>" not in theirs


@pytest.mark.article(5)
def test_a_meeting_is_shown_as_it_was_known_on_a_day_with_what_it_had_decided(
    world: LedgerWorld, time: Time, browser: Browser
) -> None:
    by, first = seen_as(world.coordinator), today()
    meeting = a_meeting(world)
    time.on(2)
    told = {"title": "第三次会议", "kind": "plenary", "planned_at": timezone.now() + 3 * DAY, "place": "二号会议室"}
    told |= {"chair": "李主任", "agenda": ("扩能",), "participants": (world.transport.pk, world.customs.pk)}
    meeting = edit_meeting(by=by, meeting=meeting.pk, version=meeting.version, told=MeetingTold(**told))
    edited = time.on(4) - 4 * DAY
    came = {"held_at": timezone.now() - timedelta(hours=1), "attended": (world.customs.pk,)}
    meeting = hold_meeting(by=by, meeting=meeting.pk, version=meeting.version, **came)
    new = {"text": "扩建货场", "office": world.transport.pk, "due_on": today() + 2 * DAY}
    decision = record_decision(by=by, meeting=meeting.pk, told=DecisionTold(**new))
    held = time.on(9) - 9 * DAY
    paper = receive(b"minutes", "minutes.txt")
    file_minutes(by=by, meeting=meeting.pk, version=meeting.version, file=paper)
    new |= {"text": "扩建两个货场", "due_on": today() + 30 * DAY}
    edit_decision(by=by, decision=decision.pk, version=decision.version, told=DecisionTold(**new), reason="推迟")
    record_decision(by=by, meeting=meeting.pk, told=DecisionTold(**new | {"text": "再加一项"}))
    late = time.on(1) - 2 * DAY
    client, address = browser(world.coordinator), f"/meetings/{meeting.pk}/"

    def said(on: date) -> tuple[Any, ...]:
        found = client.get(f"/api/meetings/{meeting.pk}?on={on}").json()
        names = ("title", "place", "chair", "state", "minutes")
        seats = {one["name"]: one["state"] for one in found["bodies"]}
        decided = [(one["text"], one["late_wd"] > 0) for one in found["decisions"]]
        return tuple(found[name] for name in names), seats, decided

    planned = ("第三次全体会议", "一号会议室", "王主任", "planned", None)
    assert said(first) == (planned, {"商务厅": "invited", "交通厅": "invited"}, [])
    planned = ("第三次会议", "二号会议室", "李主任", "planned", None)
    assert said(edited) == (planned, {"交通厅": "invited", "海关": "invited"}, [])
    done, seats = (*planned[:3], "held", None), {"交通厅": "absent", "海关": "attended"}
    more = ("再加一项", False)  # entered later, it was decided at the meeting all the same
    assert said(held) == (done, seats, [("扩建货场", False), more])
    assert said(late) == (done, seats, [("扩建货场", True), more])
    assert said(today()) == ((*done[:4], "minutes.txt"), seats, [("扩建两个货场", False), ("再加一项", False)])
    page = main_of(client, address, late)
    assert "1 项议定事项逾期" in page
    assert f'href="/decisions/{decision.pk}/?on={late}"' in page
    assert "/requests/new/" not in page
    assert f'href="{address}?on={late}"' in main_of(client, "/meetings/", late)
    is_of_a_past_day(client, address, first, first)
    sent = client.get(f"{address.rstrip('/')}.docx?on={late}")
    texts = [one.text for one in docx.Document(io.BytesIO(sent.content)).paragraphs]
    assert any(one.startswith("截至") for one in texts)


@pytest.mark.article(6, 79)
def test_evidence_is_shown_as_it_was_known_on_a_day(world: LedgerWorld, time: Time, browser: Browser) -> None:
    by, handing = seen_as(world.coordinator), seen_as(world.commerce_officer)
    task, begun = given(world), today()
    told = {"issuer": "商务厅", "dated_on": begun, "completes": True}
    at = {"task": task.pk, "organisation": world.commerce.pk}
    paper = receive("头一份".encode(), "first.txt")
    row = draft_evidence(by=handing, told=Told(claim="草稿", **told), file=paper, hand_in=False, **at)
    handed = time.on(2)
    same = {"by": handing, "evidence": row.pk}
    row = revise_evidence(version=row.version, told=Told(claim="办好了", **told), hand_in=True, **same)
    time.on(1)
    row = return_evidence(by=by, evidence=row.pk, version=row.version, reason="没有盖章")
    returned = time.on(2) - 2 * DAY
    paper = receive("后一份".encode(), "second.txt")
    row = revise_evidence(version=row.version, told=Told(claim="盖章了", **told), file=paper, hand_in=True, **same)
    time.on(1)
    accept_evidence(by=by, evidence=row.pk, version=row.version)
    changed(world, task, title="新题目")
    time.on(1)
    client, own = browser(world.coordinator), browser(world.commerce_officer)
    address = f"/ledger/evidence/{row.pk}/"

    def said(on: date, reader: Client = client) -> tuple[Any, ...]:
        found = reader.get(f"/api{address.rstrip('/')}?on={on}").json()
        return found["claim"], found["state"], found["reason"], found["task"]["title"], found["accepted_on"]

    title = task.title
    assert said(handed) == ("办好了", "handed_in", "", title, None)
    assert said(returned) == said(returned + DAY) == ("办好了", "returned", "没有盖章", title, None)
    assert said(today())[:2] == ("盖章了", "accepted")
    assert said(begun, own) == ("草稿", "draft", "", title, None), "their own"
    assert client.get(f"/api{address.rstrip('/')}?on={begun}").json()["error"]["code"] == "ledger.not_there_yet"
    page = main_of(client, address, returned)
    assert "first.txt" in page
    assert "second.txt" not in page
    assert f'?on={returned}">{title}</a>' in page
    file = f"{address.rstrip('/')}/file?on={returned}"
    assert f'href="{file}"' in page
    assert b"".join(client.get(file)).decode() == "头一份"
    assert b"".join(client.get(file.split("?", maxsplit=1)[0])).decode() == "后一份"
    assert f'href="{address}?on={returned}"' in main_of(client, f"/ledger/tasks/{task.pk}/", returned)
    is_of_a_past_day(own, address, returned, begun)
