"""The end of an inspection: by what, on which day, read only from then on; findings corrected before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.grants import today
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.inspection_changes import (
    change_plan,
    change_question,
    change_sample,
    correct_finding,
    move_mending,
    withdraw_finding,
)
from bridgehead.rooms.ledger.actions.inspection_endings import end_inspection
from bridgehead.rooms.ledger.actions.inspections import (
    ask_question,
    choose_sample,
    draw_samples,
    record_finding,
    write_suggestions,
)
from bridgehead.rooms.ledger.actions.problems import ProblemTold, open_problem
from bridgehead.rooms.ledger.actions.rectifications import decide_mending, hand_in_mending
from bridgehead.rooms.ledger.models import Finding, Inspection, Rectification
from bridgehead.rooms.ledger.selectors.inspection_history import corrections
from bridgehead.rooms.ledger.selectors.inspections import finding_page, inspection_page
from bridgehead.rooms.ledger.selectors.supervision import findings_open, overview
from bridgehead.rooms.ledger.selectors.supervision_due import supervision_due
from bridgehead.rooms.ledger.selectors.supervision_papers import inspection_paper
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.supervision import planned
from tests.rooms.ledger.test_duty_pages import fields_of

DAY = timedelta(days=1)
Browser = Callable[[Person], Client]
MEETING = "常委会第三次会议通过报告"


def inspected(world: LedgerWorld, began: date | None = None) -> tuple[Inspection, Finding]:
    """Return an inspection that found one fault, which commerce has to mend."""
    clerk, began = seen_as(world.congress_clerk), began or today() - 30 * DAY
    record = planned(world, began)
    fault = record_finding(
        by=clerk,
        inspection=record.pk,
        article=6,
        found_on=began,
        text="没有会商记录。",
        conforming=False,
        severity="serious",
        office=world.commerce.pk,
        measure="建立会商记录",
        due_on=today() + 20 * DAY,
    )
    return record, fault


def ended(world: LedgerWorld, record: Inspection, how: str = "adopted", on: date | None = None) -> Inspection:
    return end_inspection(
        by=seen_as(world.congress_clerk), inspection=record.pk, how=how, on=on or today(), why=MEETING
    )


def codes(action: Callable[..., Any], **told: Any) -> set[str]:
    with pytest.raises(BridgeheadError) as refused:
        action(**told)
    return {one.code for one in refused.value.faults}


def listed(world: LedgerWorld, fault: Finding) -> None:
    told = ProblemTold(title="没有会商记录", due_on=today() + 20 * DAY, what="没有会商记录", articles=())
    at = {"organisation": world.office.pk, "office": world.commerce.pk, "origin": "inspection"}
    open_problem(by=seen_as(world.coordinator), told=told, finding=f"finding {fault.pk}", **at)  # type: ignore[arg-type]


@pytest.mark.article(83)
def test_an_inspection_that_ended_is_read_only(world: LedgerWorld) -> None:
    record, fault = inspected(world)
    clerk = seen_as(world.congress_clerk)
    question = ask_question(by=clerk, inspection=record.pk, article=6, text="部门是否各负其责？")
    sample = choose_sample(by=clerk, inspection=record.pk, name="甲口岸")
    ended(world, record)
    fresh = {"by": clerk, "inspection": record.pk}
    tried: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (ask_question, {**fresh, "article": 6, "text": "x"}),
        (choose_sample, {**fresh, "name": "x"}),
        (draw_samples, {**fresh, "kind": "body", "seed": "1", "wanted": 1}),
        (write_suggestions, {**fresh, "suggestions": "x"}),
        (change_plan, {**fresh, "plan": "", "group": ["x"], "ends_on": today()}),
        (record_finding, {**fresh, "article": 6, "found_on": today(), "text": "x", "conforming": True}),
        (change_question, {"by": clerk, "question": question.pk, "text": "x"}),
        (change_sample, {"by": clerk, "sample": sample.pk}),
        (
            correct_finding,
            {"by": clerk, "finding": fault.pk, "text": "x", "why": "y", "article": 6, "severity": "minor"},
        ),
        (withdraw_finding, {"by": clerk, "finding": fault.pk, "why": "x"}),
        (end_inspection, {**fresh, "how": "adopted", "on": today(), "why": "x"}),
    ]
    for action, told in tried:
        assert codes(action, **told) == {"supervision.inspection_ended"}, action.__name__


def test_faults_go_on_being_mended_after_the_report_was_adopted(world: LedgerWorld) -> None:
    record, fault = inspected(world)
    ended(world, record)
    mending = Rectification.objects.get(finding=fault)
    clerk, officer = seen_as(world.congress_clerk), seen_as(world.commerce_officer)
    move_mending(by=clerk, rectification=mending.pk, due_on=today() + 40 * DAY, why="雨季")
    hand_in_mending(by=officer, rectification=mending.pk, evidence="建立了")
    assert decide_mending(by=clerk, rectification=mending.pk, accepted=True).state == "accepted"


def test_an_inspection_is_settled_when_every_fault_is_mended_or_on_a_list(world: LedgerWorld) -> None:
    record, fault = inspected(world)
    with pytest.raises(BridgeheadError) as refused:
        ended(world, record, "settled")
    assert (refused.value.code, refused.value.parameters) == ("supervision.faults_left", {"count": 1})
    listed(world, fault)
    officer = seen_as(world.commerce_officer)
    assert supervision_due(officer, [world.commerce.pk], today())
    ended(world, record, "settled")
    mending = Rectification.objects.get(finding=fault)
    assert mending.handed_on == today()
    assert not supervision_due(officer, [world.commerce.pk], today()), "it is owed on the list of problems alone"
    assert codes(hand_in_mending, by=officer, rectification=mending.pk, evidence="x") == {"supervision.handed_on"}
    clerk = seen_as(world.congress_clerk)
    given = {"due_on": today() + DAY, "why": "x"}
    assert codes(move_mending, by=clerk, rectification=mending.pk, **given) == {"supervision.handed_on"}
    assert fault.pk not in {one.id for one in findings_open(clerk)}
    line = finding_page(clerk, fault.pk, today())
    assert (line.state, line.to_mend, line.late) == ("已转入问题清单", False, False)


def test_everything_wrong_with_an_ending_is_told_at_once(world: LedgerWorld) -> None:
    record, fault = inspected(world)
    told = {"by": seen_as(world.congress_clerk), "inspection": record.pk}
    wrong = {"how": "", "on": today() + DAY, "why": ""}
    assert codes(end_inspection, **told, **wrong) == {"form.missing", "supervision.not_yet"}
    early = {"how": "adopted", "on": record.starts_on - DAY, "why": "x"}
    found = codes(end_inspection, **told, **early)
    assert found == {"supervision.before_inspection", "supervision.found_later"}
    assert codes(end_inspection, **(told | {"by": seen_as(world.commerce_officer)}), **early) <= {
        "action.not_allowed",
        "action.no_such_record",
    }
    assert Rectification.objects.get(finding=fault).handed_on is None


@pytest.mark.article(83)
def test_an_ending_shows_from_its_day_on(world: LedgerWorld, browser: Browser) -> None:
    record, fault = inspected(world)
    listed(world, fault)
    on = today() - 3 * DAY
    ended(world, record, "settled", on)
    clerk = seen_as(world.congress_clerk)
    before, since = (inspection_page(clerk, record.pk, day) for day in (on - DAY, on))
    assert (before.ended, before.inspection.closed_on) == ("", None)
    assert "结束：问题都已整改或转出" in since.ended
    assert [one.to_mend for one in before.faults] == [True]
    assert [one.to_mend for one in since.faults] == [False]
    assert [left for _one, _every, left in overview(clerk, on - DAY).inspections] == [1]
    assert [(one.closed_on, left) for one, _every, left in overview(clerk, on).inspections] == [(on, 0)]
    page = browser(world.congress_clerk)
    here = f"/inspections/{record.pk}/"
    assert MEETING in page.get(here).content.decode()
    assert MEETING not in page.get(f"{here}?on={on - DAY}").content.decode()
    assert 'name="form"' not in page.get(here).content.decode().partition("<main")[2].partition("</main>")[0]
    said = str(inspection_paper(since, "zh").blocks)
    assert MEETING in said


def test_an_inspection_is_ended_by_its_form(world: LedgerWorld, browser: Browser) -> None:
    record, _fault = inspected(world)
    clerk, here = browser(world.congress_clerk), f"/inspections/{record.pk}/"
    given = fields_of(clerk.get(here).content.decode(), "end")
    answer = clerk.post(here, {**given, "how": "settled", "on": "gestern", "why": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count('aria-invalid="true"') == 3, "the day, the way and the reason, at once"
    told = {"how": "adopted", "on": str(today()), "why": MEETING}
    assert clerk.post(here, {**fields_of(page, "end"), **told}).status_code == 302
    record.refresh_from_db()
    assert (record.closed_on, record.closed_how, record.closed_why) == (today(), "adopted", MEETING)


@pytest.mark.article(83)
def test_a_finding_is_corrected_and_what_it_said_stays_to_be_read(world: LedgerWorld, browser: Browser) -> None:
    record, fault = inspected(world)
    clerk, here = browser(world.congress_clerk), f"/inspections/findings/{fault.pk}/"
    told = {"text": "有会商记录，没有签字。", "article": "6", "severity": "minor", "why": "补看了档案"}
    given = {**fields_of(clerk.get(here).content.decode(), "correct"), **told}
    assert clerk.post(here, {**given, "why": ""}).status_code == 422
    assert clerk.post(here, given).status_code == 302
    fault.refresh_from_db()
    assert (fault.text, fault.severity, fault.found_on) == ("有会商记录，没有签字。", "minor", record.starts_on)
    for person in (world.congress_clerk, world.commerce_officer):
        page = browser(person).get(here).content.decode()
        assert "有会商记录，没有签字。" in page
        assert "没有会商记录。" in page, "what it said before is shown to both sides"
        assert "补看了档案" in page
    assert codes(correct_finding, by=seen_as(world.commerce_officer), finding=fault.pk, text="x", why="y") == {
        "action.not_allowed"
    }


def test_a_finding_of_a_past_day_says_what_it_said_then(world: LedgerWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    record, fault = inspected(world)
    clerk, then, now = seen_as(world.congress_clerk), today(), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + 7 * DAY)
    correct_finding(by=clerk, finding=fault.pk, text="改过的话。", why="笔误", article=83, severity="minor")
    for day, said, severity, article in ((then, "没有会商记录。", "较重", 6), (today(), "改过的话。", "一般", 83)):
        line = finding_page(clerk, fault.pk, day)
        assert (line.finding.text, line.severity, line.finding.article) == (said, severity, article)
        (found,) = inspection_page(clerk, record.pk, day).findings
        assert (found.finding.text, found.finding.article) == (said, article)
        assert len(corrections(line.finding, day)) == (day > then)
