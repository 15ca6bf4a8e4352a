"""What was planned and asked is corrected by those who inspect, each time with an entry in the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.models import JournalEntry, Person
from bridgehead.kernel.errors import BridgeheadError, messages
from bridgehead.rooms.ledger.actions.inspection_changes import (
    change_plan,
    change_question,
    change_sample,
    move_mending,
)
from bridgehead.rooms.ledger.actions.inspections import ask_question, draw_samples
from bridgehead.rooms.ledger.actions.rectifications import decide_mending, hand_in_mending
from bridgehead.rooms.ledger.models import Inspection, Rectification, Sample
from bridgehead.rooms.ledger.selectors.inspections import inspection_page
from bridgehead.rooms.ledger.selectors.supervision import findings_open
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.supervision import planned
from tests.rooms.ledger.test_supervision_as_of import fault
from tests.rooms.ledger.test_supervision_pages import fields

pytestmark = pytest.mark.django_db
BEGAN = date(2026, 6, 1)


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    found = {one.code for one in refused.value.faults}
    assert found <= set(messages("zh")), "a refusal without a sentence"
    return found


@pytest.mark.article(83)
def test_the_page_of_an_inspection_corrects_its_plan_its_questions_and_its_visits(
    world: LedgerWorld, browser: Callable[[Person], Client]
) -> None:
    inspection, clerk = planned(world, BEGAN), seen_as(world.congress_clerk)
    question = ask_question(by=clerk, inspection=inspection.pk, article=6, text="是否会商")
    draw_samples(by=clerk, inspection=inspection.pk, kind="body", seed="一", wanted=1)
    sample = Sample.objects.get()
    client, page = browser(world.congress_clerk), f"/inspections/{inspection.pk}/"
    for form, given in (
        ("plan", {"plan": "先看材料", "group": "吴秘书、李代表", "ends_on": "2026-06-30"}),
        (f"question-{question.pk}", {"text": "是否定期会商？", "check_what": "纪要"}),
        (f"sample-{sample.pk}", {"place": "甲口岸", "visit_on": "2026-06-08"}),
    ):
        sent = fields(client.get(page).content.decode(), form)
        assert client.post(page, {**sent, **given}).status_code == 302
    inspection, question, sample = Inspection.objects.get(), type(question).objects.get(), Sample.objects.get()
    assert (inspection.plan, inspection.group) == ("先看材料", ["吴秘书", "李代表"])
    assert inspection.ends_on == date(2026, 6, 30)
    assert (question.text, question.check_what) == ("是否定期会商？", "纪要")
    assert (sample.place, sample.visit_on) == ("甲口岸", date(2026, 6, 8))
    done = {"inspection.change_plan", "inspection.change_question", "inspection.change_sample"}
    assert (
        set(JournalEntry.objects.filter(action__startswith="inspection.change").values_list("action", flat=True))
        == done
    )
    assert "更正" not in browser(world.coordinator).get(page).content.decode()
    assert "更正" not in client.get(f"{page}?on=2026-06-02").content.decode()


@pytest.mark.article(83)
def test_the_day_of_a_mending_is_moved_with_a_reason(world: LedgerWorld, browser: Callable[[Person], Client]) -> None:
    found = fault(world, planned(world, BEGAN))
    client, page = browser(world.congress_clerk), f"/inspections/findings/{found.pk}/"
    sent = fields(client.get(page).content.decode(), "move")
    assert client.post(page, {**sent, "due_on": "2026-10-01", "why": ""}).status_code == 422
    assert client.post(page, {**sent, "due_on": "2026-10-01", "why": "汛期延后"}).status_code == 302
    record = Rectification.objects.get()
    assert record.due_on == date(2026, 10, 1)
    assert JournalEntry.objects.filter(action="rectification.move", reason="汛期延后").exists()
    assert 'value="move"' not in browser(world.commerce_officer).get(page).content.decode()
    clerk = seen_as(world.congress_clerk)
    with pytest.raises(BridgeheadError) as refused:
        move_mending(by=clerk, rectification=record.pk, due_on=BEGAN, why="早")
    assert codes(refused) == {"supervision.due_before"}
    hand_in_mending(by=seen_as(world.commerce_officer), rectification=record.pk, evidence="已建立。")
    decide_mending(by=clerk, rectification=record.pk, accepted=True)
    with pytest.raises(BridgeheadError) as refused:
        move_mending(by=clerk, rectification=record.pk, due_on=date(2026, 11, 1), why="晚")
    assert codes(refused) == {"supervision.mended_already"}


def test_a_correction_is_checked_as_what_it_corrects(world: LedgerWorld) -> None:
    inspection, clerk = planned(world, BEGAN), seen_as(world.congress_clerk)
    question = ask_question(by=clerk, inspection=inspection.pk, article=6, text="是否会商")
    with pytest.raises(BridgeheadError) as refused:
        change_plan(by=clerk, inspection=inspection.pk, plan="", group=[" "], ends_on=BEGAN - timedelta(days=1))
    assert codes(refused) == {"form.missing", "supervision.ends_before"}
    with pytest.raises(BridgeheadError) as refused:
        change_question(by=clerk, question=question.pk, text=" ", check_what="长" * 501)
    assert codes(refused) == {"form.missing", "supervision.too_long"}
    draw_samples(by=clerk, inspection=inspection.pk, kind="body", seed="一", wanted=1)
    with pytest.raises(BridgeheadError) as refused:
        change_sample(by=seen_as(world.coordinator), sample=Sample.objects.get().pk, place="他处")
    assert codes(refused) == {"action.not_allowed"}


@pytest.mark.article(83)
def test_a_finding_made_by_mistake_is_withdrawn_counts_no_more_and_stays_to_be_read(
    world: LedgerWorld, browser: Callable[[Person], Client]
) -> None:
    finding, clerk = fault(world, planned(world, BEGAN)), seen_as(world.congress_clerk)
    mending = Rectification.objects.get()
    page = f"/inspections/findings/{finding.pk}/"
    client = browser(world.congress_clerk)
    assert len(findings_open(clerk)) == 1
    sent = fields(client.get(page).content.decode(), "withdraw")
    assert client.post(page, {**sent, "why": ""}).status_code == 422
    assert client.post(page, {**sent, "why": "记错了口岸"}).status_code == 302
    told = client.get(page).content.decode()
    assert "这条发现已经撤回" in told
    assert "记错了口岸" in told
    assert findings_open(clerk) == []
    assert inspection_page(clerk, finding.inspection_id, today()).findings == []
    before = inspection_page(clerk, finding.inspection_id, today() - timedelta(days=1))
    assert [one.finding.pk for one in before.findings] == [finding.pk]
    body = seen_as(world.commerce_officer)
    with pytest.raises(BridgeheadError) as refused:
        hand_in_mending(by=body, rectification=mending.pk, evidence="已改")
    assert codes(refused) == {"supervision.finding_withdrawn"}
    entry = JournalEntry.objects.get(action="inspection.withdraw_finding")
    assert entry.reason == "记错了口岸"
