"""What an office files as Word documents says what its page says, in both languages; a stranger gets none."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import ANONYMOUS
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import Person
from bridgehead.ground.wording import day
from bridgehead.rooms.ledger.actions.decisions import give_decision
from bridgehead.rooms.ledger.actions.inquiries import answer_inquiry, close_inquiry, remind_bodies
from bridgehead.rooms.ledger.actions.inspection_changes import correct_finding, withdraw_finding
from bridgehead.rooms.ledger.actions.inspections import record_finding
from bridgehead.rooms.ledger.actions.questions import approve_answer, ask_again, draft_answer, publish_answer, route
from bridgehead.rooms.ledger.actions.rectifications import decide_mending, hand_in_mending
from bridgehead.rooms.ledger.models import Inquiry, PublicQuestion, Rectification, Reply
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import DAY, a_decision, an_inquiry
from tests.ledger.publication import asked
from tests.ledger.supervision import planned

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


def words(answer: Any) -> str:
    """Return everything a Word document says."""
    assert answer.status_code == 200, answer.content
    paper = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def offered(client: Client, page: str, paper: str) -> None:
    """Check that a page offers its paper in its own language, and a stranger gets neither."""
    assert f"{paper}?lang=zh" in client.get(page).content.decode()
    assert f"{paper}?lang=en" in client.get(f"/en{page}").content.decode()
    assert client.get(paper)["Content-Disposition"].startswith("attachment")
    assert Client().get(paper).status_code in (302, 401, 403)


@pytest.mark.article(5, 7)
def test_a_request_on_paper_names_who_has_not_answered_and_every_reply(world: LedgerWorld, browser: Browser) -> None:
    inquiry = an_inquiry(world)
    page, paper = f"/requests/{inquiry.pk}/", f"/requests/{inquiry.pk}.docx"
    mine = Reply.objects.get(office=world.commerce)
    answer_inquiry(by=seen_as(world.commerce_officer), reply=mine.pk, version=mine.version, text="商务厅同意。")
    Inquiry.objects.filter(pk=inquiry.pk).update(given_on=today() - 40 * DAY, due_on=today() - 30 * DAY)
    remind_bodies(by=seen_as(world.coordinator), inquiry=inquiry.pk, version=inquiry.version)
    office = browser(world.coordinator)
    offered(office, page, paper)
    said = words(office.get(paper))
    silent = said.split("没有答复的单位", 1)[1].split("各单位的答复", 1)[0]
    assert "交通厅" in silent
    assert "逾期" in silent
    assert "提醒 1 次" in silent
    assert "商务厅" not in silent
    for part in (
        "征询函：征求对方案的意见",
        "主送：",
        "请答复是否同意。",
        "协调机构的台账",
        "征询单位数：2；没有答复：1。",
    ):
        assert part in said
    assert "征询单位数：2；没有答复：1。" in said
    assert "商务厅同意。" in said
    assert "本文不向任何机关报送" in said
    english = words(office.get(f"{paper}?lang=en"))
    for part in ("Request: ", "Bodies asked: 2; without an answer: 1.", "reminded 1 time", "商务厅同意。"):
        assert part in english
    asked = words(browser(world.transport_officer).get(paper))
    assert "商务厅同意。" not in asked, "a body sees its own reply alone"
    assert "商务厅" not in asked
    assert "只含生成它的人能看到的记录" in asked
    assert browser(world.customs_officer).get(paper).status_code == 404, "it was not asked"
    inquiry.refresh_from_db()
    close_inquiry(by=seen_as(world.coordinator), inquiry=inquiry.pk, version=inquiry.version, note="不再等交通厅")
    assert "不再等交通厅" in words(office.get(paper))


@pytest.mark.article(7)
def test_an_answer_is_on_paper_once_it_is_approved_without_how_to_reach_who_asked(
    world: LedgerWorld, browser: Browser
) -> None:
    row, code = asked("查验能不能晚一点结束？", contact="13800001234")
    page, paper = f"/questions/{row.pk}/", f"/questions/{row.pk}.docx"
    office, officer = browser(world.coordinator), browser(world.commerce_officer)
    assert officer.get(paper).status_code == 404, "it is not theirs yet"
    row = route(by=seen_as(world.coordinator), question=row.pk, version=row.version, organisation=world.commerce.pk)
    told = {"question": row.pk, "answer": "查验时间已经延长到 20 时。"}
    row = draft_answer(by=seen_as(world.commerce_officer), version=row.version, **told)
    early = office.get(paper)
    assert early.status_code == 422
    assert "查验时间已经延长" not in early.content.decode()
    assert paper not in office.get(page).content.decode()
    row = approve_answer(by=seen_as(world.commerce_head), question=row.pk, version=row.version)
    PublicQuestion.objects.filter(pk=row.pk).update(contact="13800001234")  # approving it erased it
    offered(office, page, paper)
    said = words(office.get(paper))
    for part in (row.number, "查验能不能晚一点结束？", "查验时间已经延长到 20 时。", "商务厅", "核准日期"):
        assert part in said
    assert day(today(), "zh") in said
    assert "协调机构的台账" in said
    for part in ("13800001234", code, code.replace("-", ""), world.commerce_head.name, world.commerce_officer.name):
        assert part not in said
    english = words(officer.get(f"{paper}?lang=en"))
    for part in (f"Answer to {row.number}", "Approved on", "查验时间已经延长到 20 时。"):
        assert part in english
    assert browser(world.transport_officer).get(paper).status_code == 404, "it was not given to them"
    publish_answer(by=seen_as(world.coordinator), question=row.pk, version=row.version, asked="查验能否延时？")
    assert Client().get(paper).status_code in (302, 401, 403), "what is public is the page of the public"
    ask_again(by=ANONYMOUS, number=row.number, code=code, text="周末呢？")
    assert office.get(paper).status_code == 422, "asked again it waits for an answer"
    row.refresh_from_db()
    row = route(by=seen_as(world.coordinator), question=row.pk, version=row.version, organisation=world.commerce.pk)
    told |= {"answer": "周末查验到 18 时。"}
    row = draft_answer(by=seen_as(world.commerce_officer), version=row.version, **told)
    approve_answer(by=seen_as(world.commerce_head), question=row.pk, version=row.version)
    again = words(office.get(paper))
    for part in ("第一次", "查验能不能晚一点结束？", "查验时间已经延长到 20 时。", "周末呢？", "周末查验到 18 时。"):
        assert part in again


@pytest.mark.article(83)
def test_the_notice_of_a_fault_says_what_is_to_be_mended_and_how_it_was(world: LedgerWorld, browser: Browser) -> None:
    began = today() - 30 * DAY
    inspection = planned(world, began)
    kept = {"inspection": inspection.pk, "found_on": began, "article": 6}
    given = {"severity": "serious", "office": world.commerce.pk, "measure": "建立记录", "due_on": today() - 10 * DAY}
    clerk = seen_as(world.congress_clerk)
    fault = record_finding(by=clerk, text="没有会商记录。", conforming=False, **kept, **given)
    fits = record_finding(by=clerk, text="分工清楚。", conforming=True, **kept)
    page, paper = f"/inspections/findings/{fault.pk}/", f"/inspections/findings/{fault.pk}.docx"
    client = browser(world.commerce_officer)
    offered(client, page, paper)
    said = words(client.get(paper))
    for part in (
        "整改通知书：桥头堡条例执法检查",
        "主送：商务厅",
        "没有会商记录。",
        "建立记录",
        "待整改，逾期",
        "请在整改期限前整改",
    ):
        assert part in said
    assert day(today() - 10 * DAY, "zh") in said
    assert "人大常委会的台账" in said
    assert "本文不向任何机关报送" in said
    record = Rectification.objects.get(finding=fault)
    file = receive("会商记录".encode(), "record.txt", "text/plain")
    hand_in_mending(by=seen_as(world.commerce_officer), rectification=record.pk, evidence="已建立台账。", file=file)
    decide_mending(by=clerk, rectification=record.pk, accepted=True)
    after = words(browser(world.congress_clerk).get(paper))
    assert "请在整改期限前整改" not in after
    for part in ("已建立台账。", "record.txt", "已整改", world.congress_clerk.name):
        assert part in after
    english = words(client.get(f"{paper}?lang=en"))
    for part in ("Notice to mend: ", "Inspected by", "已建立台账。"):
        assert part in english
    then = words(client.get(f"{paper}?on={today() - DAY}"))
    assert "已建立台账。" not in then, "it was handed in later"
    assert f"on={today() - DAY}&amp;lang=zh" in client.get(f"{page}?on={today() - DAY}").content.decode()
    assert browser(world.transport_officer).get(paper).status_code == 404, "it is nothing of theirs"
    clear = browser(world.congress_clerk)
    assert ".docx" not in clear.get(f"/inspections/findings/{fits.pk}/").content.decode()
    assert clear.get(f"/inspections/findings/{fits.pk}.docx").status_code == 422


@pytest.mark.article(83)
def test_the_notice_of_a_fault_that_was_corrected_and_withdrawn_says_so(world: LedgerWorld, browser: Browser) -> None:
    began = today() - 30 * DAY
    told = {"found_on": began, "article": 6, "text": "没有会商记录。", "conforming": False, "severity": "serious"}
    given = {"office": world.commerce.pk, "measure": "建立记录", "due_on": today() - 10 * DAY}
    clerk = seen_as(world.congress_clerk)
    fault = record_finding(by=clerk, inspection=planned(world, began).pk, **told, **given)
    again = {"text": "会商记录不全。", "why": "复核了材料", "article": 6, "severity": "minor"}
    fault = correct_finding(by=clerk, finding=fault.pk, version=fault.version, **again)
    withdraw_finding(by=clerk, finding=fault.pk, version=fault.version, why="记错了单位")
    said = words(browser(world.commerce_officer).get(f"/inspections/findings/{fault.pk}.docx"))
    for part in ("这条发现已经撤回", "记错了单位", "会商记录不全。", "没有会商记录。", "复核了材料"):
        assert part in said
    assert "请在整改期限前整改" not in said
    assert "待整改" not in said
    assert "逾期" not in said


@pytest.mark.article(5, 79)
def test_the_notice_of_a_decision_goes_to_whoever_owns_it(world: LedgerWorld, browser: Browser) -> None:
    decision = a_decision(world)
    page, paper = f"/decisions/{decision.pk}/", f"/decisions/{decision.pk}.docx"
    client = browser(world.commerce_officer)
    offered(client, page, paper)
    said = words(client.get(paper))
    for part in ("议定事项通知：第三次全体会议第 1 项", "主送：商务厅、交通厅", "年内开通新的查验场地", "待布置"):
        assert part in said
    assert day(decision.due_on, "zh") in said
    assert "协调机构的台账" in said
    assert "本文不向任何机关报送" in said
    give_decision(by=seen_as(world.coordinator), decision=decision.pk, version=decision.version)
    english = words(browser(world.transport_officer).get(f"{paper}?lang=en"))
    for part in ("Notice of decision 1 of ", "\nMeeting\n", "年内开通新的查验场地", "0%"):
        assert part in english
    assert browser(world.customs_officer).get(paper).status_code == 404, "it has no part in it"
