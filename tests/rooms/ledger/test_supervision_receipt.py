"""What a side says of its own day is confirmed by the other, and no case ends over opinions nobody accepted."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError, messages
from bridgehead.rooms.ledger.actions.supervision import take_step
from bridgehead.rooms.ledger.actions.supervision_answers import answer_opinion, decide_opinion
from bridgehead.rooms.ledger.actions.supervision_receipt import confirm_receipt
from bridgehead.rooms.ledger.models import CaseEvent, Opinion, SupervisionCase
from bridgehead.rooms.ledger.selectors.supervision_case import case_page
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.supervision import COUNTED, opened, taken
from tests.rooms.ledger.test_supervision_pages import fields

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    found = {one.code for one in refused.value.faults}
    assert found <= set(messages("zh")), "a refusal without a sentence"
    return found


def handled(world: LedgerWorld) -> tuple[SupervisionCase, CaseEvent]:
    """Return a case whose handling was reported long after it was due, as if it had been in time."""
    case = opened(world, date(2025, 9, 1), "special-report")
    for on in (date(2025, 9, 1), date(2025, 9, 25), date(2025, 9, 30), date(2025, 11, 28)):
        case = taken(world, case, on)
    return case, CaseEvent.objects.get(case=case, step="handling")


def late(seen_by: Read, world: LedgerWorld, case: SupervisionCase, on: date) -> int:
    chain = seen_by(world.deputy, case_page, case.pk, on).chain
    return next(one.late_wd for one in chain if one.name == "研究处理情况报告")


@pytest.mark.article(83)
def test_lateness_counts_to_the_day_the_congress_received_a_step(
    world: LedgerWorld, seen_by: Read, browser: Callable[[Person], Client]
) -> None:
    case, event = handled(world)
    assert (event.recorded_on, event.counts_on) == (timezone.localdate(), date(2025, 11, 28))
    assert late(seen_by, world, case, timezone.localdate()) == 0
    client, page = browser(world.congress_clerk), f"/supervision/{case.pk}/"
    assert 'value="receipt"' not in browser(world.coordinator).get(page).content.decode()
    shown = client.get(page).content.decode()
    assert "记录" in seen_by(world.deputy, case_page, case.pk, timezone.localdate()).events[-1].days
    assert client.post(page, {**fields(shown, "receipt"), "received_on": "2025-12-05"}).status_code == 302
    assert late(seen_by, world, case, timezone.localdate()) == 4
    assert seen_by(world.deputy, case_page, case.pk, date(2025, 12, 4)).line.step == "研究处理情况报告"
    assert "2025 年 12 月 5 日 收到" in docx_words(client.get(f"{page[:-1]}.docx"))
    told = client.get(f"/api{page[:-1]}").json()["events"][-1]
    assert (told["on"], told["received_on"]) == ("2025-11-28", "2025-12-05")
    assert told["recorded_on"] == timezone.localdate().isoformat()
    with pytest.raises(BridgeheadError) as refused:
        taken(world, case, date(2025, 12, 4))
    assert codes(refused) == {"procedure.before_previous"}


def docx_words(response: Any) -> str:
    return "\n".join(one.text for one in docx.Document(io.BytesIO(response.content)).paragraphs)


def test_a_receipt_is_confirmed_by_the_other_side_of_the_last_step_only(world: LedgerWorld) -> None:
    case, event = handled(world)
    clerk = seen_as(world.congress_clerk)
    with pytest.raises(BridgeheadError) as refused:
        confirm_receipt(by=seen_as(world.coordinator), event=event.pk, received_on=date(2025, 12, 1))
    assert codes(refused) == {"action.not_allowed"}
    with pytest.raises(BridgeheadError) as refused:
        confirm_receipt(by=clerk, event=event.pk, received_on=date(2025, 11, 27))
    assert codes(refused) == {"supervision.received_before"}
    with pytest.raises(BridgeheadError) as refused:
        confirm_receipt(by=clerk, event=event.pk, received_on=date(2999, 1, 1))
    assert codes(refused) == {"supervision.not_yet"}
    own = CaseEvent.objects.get(case=case, step="opinions")
    with pytest.raises(BridgeheadError) as refused:
        confirm_receipt(by=clerk, event=own.pk, received_on=own.on)
    assert codes(refused) == {"supervision.own_step", "supervision.step_followed"}


@pytest.mark.article(83)
def test_a_case_is_not_voted_on_over_open_opinions_without_a_reason(world: LedgerWorld, seen_by: Read) -> None:
    case, _event = handled(world)
    clerk = seen_as(world.congress_clerk)
    while next(one for one in case.steps if one["step"] == case.waits)["form"] != "vote":
        case = taken(world, case, date(2025, 12, 8))
    page = seen_by(world.congress_clerk, case_page, case.pk, timezone.localdate())
    assert page.asks_despite
    assert page.answer.endswith("；第 1 条审议意见还没有认可")
    given: dict[str, Any] = {"case": case.pk, "step": case.waits, "on": date(2025, 12, 9), "votes": COUNTED}
    with pytest.raises(BridgeheadError) as refused:
        take_step(by=clerk, **given)
    assert codes(refused) == {"supervision.opinions_open"}
    assert {one.place.field for one in refused.value.faults} == {"despite"}
    event = take_step(by=clerk, **given, despite="涉及国家政策，另行反映")
    assert CaseEvent.objects.get(pk=event.pk).despite == "涉及国家政策，另行反映"
    assert "第 1 条审议意见还没有认可" in seen_by(world.deputy, case_page, case.pk, timezone.localdate()).answer


def test_a_case_whose_opinions_are_accepted_is_voted_on(world: LedgerWorld) -> None:
    case, _event = handled(world)
    opinion = Opinion.objects.get(case=case)
    answer_opinion(by=seen_as(world.commerce_officer), opinion=opinion.pk, answer="已办。")
    decide_opinion(by=seen_as(world.congress_clerk), opinion=opinion.pk, accepted=True)
    while case.state == SupervisionCase.State.OPEN:
        case = taken(world, case, date(2025, 12, 9))
    assert not CaseEvent.objects.filter(case=case).exclude(despite="").exists()
