"""Supervision as it stood on a day, what the papers of it say, and who is told of a visit before it is made."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.test import Client
from django.utils import timezone, translation

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.inspections import ask_question, choose_sample, draw_samples, record_finding
from bridgehead.rooms.ledger.actions.rectifications import decide_mending, hand_in_mending
from bridgehead.rooms.ledger.actions.supervision_answers import (
    answer_opinion,
    decide_opinion,
)
from bridgehead.rooms.ledger.models import CaseExtension, Finding, Inspection, Opinion, Rectification
from bridgehead.rooms.ledger.selectors.as_of import extension_on
from bridgehead.rooms.ledger.selectors.inspections import inspection_page
from bridgehead.rooms.ledger.selectors.supervision import overview
from bridgehead.rooms.ledger.selectors.supervision_case import case_page
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.supervision import opened, planned, taken
from tests.rooms.ledger.test_supervision_pages import fields

pytestmark = pytest.mark.django_db
BEGAN = date(2026, 6, 1)
Read = Callable[..., Any]
Browser = Callable[[Person], Client]


def fault(world: LedgerWorld, inspection: Inspection, **more: Any) -> Finding:
    given: dict[str, Any] = {
        "article": 6,
        "found_on": BEGAN + timedelta(days=9),
        "text": "没有会商记录。",
        "conforming": False,
        "severity": "serious",
        "office": world.commerce.pk,
        "measure": "建立记录",
        "due_on": date(2026, 9, 1),
    }
    return record_finding(by=seen_as(world.congress_clerk), inspection=inspection.pk, **{**given, **more})


def mended(world: LedgerWorld, finding: Finding) -> Rectification:
    record = Rectification.objects.get(finding=finding)
    paper = receive("会商记录".encode(), "record.txt", "text/plain")
    hand_in_mending(by=seen_as(world.commerce_officer), rectification=record.pk, evidence="已建立。", file=paper)
    return decide_mending(by=seen_as(world.congress_clerk), rectification=record.pk, accepted=True)


def words(response: Any) -> str:
    paper = docx.Document(io.BytesIO(response.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


@pytest.mark.article(83)
def test_an_inspection_on_a_day_knows_nothing_of_what_was_found_or_mended_later(
    world: LedgerWorld, seen_by: Read, browser: Browser
) -> None:
    inspection = planned(world, BEGAN)
    found = fault(world, inspection)
    mended(world, found)
    before = seen_by(world.deputy, inspection_page, inspection.pk, BEGAN + timedelta(days=8))
    assert (before.answer, before.findings) == ("还没有检查发现", [])
    then = seen_by(world.deputy, inspection_page, inspection.pk, date(2026, 9, 2))
    assert then.answer == "发现 1 个问题，1 个没有整改完，其中 1 个逾期"
    (line,) = then.faults
    assert (line.state, line.handed_in_by, line.decided_by) == ("待整改", "", "")
    assert (line.mending.evidence, line.mending.file) == ("", None)
    assert seen_by(world.deputy, inspection_page, inspection.pk, timezone.localdate()).answer.endswith("都已整改")
    assert "1 个检查发现没有整改完" in seen_by(world.deputy, overview, date(2026, 9, 2)).answer
    assert seen_by(world.deputy, overview, BEGAN).answer == "没有在办的监督"
    assert seen_by(world.deputy, overview, timezone.localdate()).answer == "没有在办的监督"
    client = browser(world.congress_clerk)
    assert "没有发现问题" in words(client.get(f"/inspections/{inspection.pk}.docx?on=2026-06-02"))
    assert 'name="form"' not in client.get(f"/inspections/{inspection.pk}/?on=2026-06-02").content.decode()
    assert client.get(f"/api/inspections/{inspection.pk}?on=2026-06-02").json()["answer"] == "还没有检查发现"


@pytest.mark.article(83)
def test_a_case_on_a_day_knows_nothing_of_what_was_answered_or_granted_later(world: LedgerWorld, seen_by: Read) -> None:
    case = opened(world, date(2025, 9, 1), "special-report")
    for on in (date(2025, 9, 1), date(2025, 9, 25), date(2025, 9, 30)):
        case = taken(world, case, on)
    opinion = Opinion.objects.get(case=case)
    answer_opinion(by=seen_as(world.commerce_officer), opinion=opinion.pk, answer="已办。")
    decide_opinion(by=seen_as(world.congress_clerk), opinion=opinion.pk, accepted=True, why="可以")
    then = seen_by(world.deputy, case_page, case.pk, date(2025, 10, 1))
    (line,) = then.opinions
    assert (line.state, line.opinion.answer, line.opinion.reason, line.decided_by) == ("待办理", "", "", "")
    assert [one.state for one in seen_by(world.deputy, overview, date(2025, 10, 1)).opinions] == ["待办理"]
    assert seen_by(world.deputy, overview, date(2025, 9, 29)).opinions == []
    today = timezone.localdate()
    assert seen_by(world.deputy, overview, today).opinions == []
    assert [one.state for one in seen_by(world.deputy, case_page, case.pk, today).opinions] == ["已认可"]


def test_a_longer_term_is_asked_for_until_the_day_it_was_decided() -> None:
    asked = CaseExtension(state="granted", decided_on=date(2026, 6, 9), decided_by=3, note="同意")
    then = extension_on(asked, date(2026, 6, 8))
    assert (then.state, then.decided_on, then.decided_by, then.note) == ("asked", None, None, "")
    assert extension_on(asked, date(2026, 6, 9)) is asked


@pytest.mark.article(83)
def test_the_report_says_what_was_handed_in_and_who_accepted_it_when(world: LedgerWorld, browser: Browser) -> None:
    inspection = planned(world, BEGAN)
    mended(world, fault(world, inspection))
    said = words(browser(world.congress_clerk).get(f"/inspections/{inspection.pk}.docx"))
    today = timezone.localdate()
    for one in ("已建立。", "record.txt", f"{today.year} 年 {today.month} 月 {today.day} 日 吴秘书"):
        assert one in said


def test_a_finding_shows_its_article_its_question_and_where_it_was_made(world: LedgerWorld, browser: Browser) -> None:
    inspection, clerk = planned(world, BEGAN), seen_as(world.congress_clerk)
    question = ask_question(by=clerk, inspection=inspection.pk, article=6, text="是否会商？", check_what="纪要")
    sample = choose_sample(by=clerk, inspection=inspection.pk, name="甲口岸", place="边境", visit_on=BEGAN)
    found = fault(world, inspection, question=question.pk, sample=sample.pk)
    shown = browser(world.congress_clerk).get(f"/inspections/findings/{found.pk}/").content.decode()
    for one in ("是否会商？", "纪要", "甲口岸", "边境", "/articles/6/"):
        assert one in shown
    theirs = browser(world.commerce_officer).get(f"/inspections/findings/{found.pk}/").content.decode()
    assert "甲口岸" not in theirs, "who mends a fault need not see the inspection"
    with pytest.raises(BridgeheadError) as refused:
        fault(world, inspection, article=83, question=question.pk)
    assert refused.value.code == "supervision.question_elsewhere"
    assert fault(world, inspection, article=None, question=question.pk).article == 6


@pytest.mark.article(83)
def test_who_is_inspected_is_not_told_before_whom_a_visit_is_made_to(
    world: LedgerWorld, seen_by: Read, browser: Browser
) -> None:
    today, clerk = timezone.localdate(), seen_as(world.congress_clerk)
    inspection = planned(world, today + timedelta(days=30))
    choose_sample(by=clerk, inspection=inspection.pk, name="暗访点", visit_on=today + timedelta(days=31))
    choose_sample(by=clerk, inspection=inspection.pk, name="去过的点", visit_on=today)
    draw_samples(by=clerk, inspection=inspection.pk, kind="body", seed="一", wanted=2)
    theirs = seen_by(world.coordinator, inspection_page, inspection.pk, today)
    assert ([one.name for one in theirs.samples], theirs.unlisted, theirs.lots) == (["去过的点"], 3, [])
    client = browser(world.coordinator)
    page, there = f"/inspections/{inspection.pk}/", "还没有去的对象到检查那天才列出"
    shown = client.get(page).content.decode() + words(client.get(f"{page[:-1]}.docx"))
    assert shown.count(there) == 2
    assert "暗访点" not in shown + client.get(f"/api{page[:-1]}").content.decode()
    for person in (world.congress_clerk, world.deputy):
        own = seen_by(person, inspection_page, inspection.pk, today)
        assert (len(own.samples), own.unlisted, len(own.lots)) == (4, 0, 1)


def test_drawn_bodies_are_called_by_their_names_in_both_languages(world: LedgerWorld, seen_by: Read) -> None:
    inspection = planned(world, BEGAN)
    lot = draw_samples(by=seen_as(world.congress_clerk), inspection=inspection.pk, kind="body", seed="一", wanted=99)
    assert ["commerce", world.commerce.name_zh, world.commerce.name_en] in lot.pool
    with translation.override("en"):
        names = [
            one.called for one in seen_by(world.deputy, inspection_page, inspection.pk, timezone.localdate()).samples
        ]
    assert (world.commerce.name_en or world.commerce.name_zh) in names


def test_an_opinion_with_a_body_or_a_day_and_no_text_is_refused(world: LedgerWorld, browser: Browser) -> None:
    case = opened(world, date(2025, 9, 1), "special-report")
    for on in (date(2025, 9, 1), date(2025, 9, 25)):
        case = taken(world, case, on)
    client, page = browser(world.congress_clerk), f"/supervision/{case.pk}/"
    given: dict[str, Any] = {"on": "2025-09-30", "summary": "印发意见", "opinion_text": ["改进通关", ""]}
    given |= {"opinion_office": [str(world.commerce.pk), str(world.transport.pk)], "opinion_due": ["", "2025-12-31"]}
    refused = client.post(page, {**fields(client.get(page).content.decode(), "step"), **given})
    assert refused.status_code == 422
    assert 'value="2025-12-31"' in refused.content.decode(), "what was filled in stays"
    with as_system("tests"):
        assert not Opinion.objects.exists()
