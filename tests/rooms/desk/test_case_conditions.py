"""Conditions of moves: open for one answer of the form, the same body as before, dates that lie where they may."""

from __future__ import annotations

import pytest
from django.test import Client

from bridgehead.ground.access.viewer import as_system, viewing
from bridgehead.ground.files.uploads import receive
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import Case, CaseEvent
from bridgehead.rooms.desk.selectors.case_page import case_page
from tests.desk.cases import CONSIGNMENT, CaseWorld, lodged, moved
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db

INSURANCE = {"free_policy": "yes", "export_value": "1000", "payment_terms": "open_account"}
FINANCE = {"finance_purpose": "export_order", "finance_amount": "100000", "finance_months": "6"}
CLAIM = {
    **{"policy_number": "P-1", "loss_cause": "default", "loss_amount": "5000"},
    **{"loss_on": "2026-02-01", "shipped_on": "2026-01-01"},
}
BANK, INSURER = "第一银行", "信保公司"
ISSUED = {"decision": "同意", "date": "2026-03-02"}


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> list[str]:
    return sorted(f"{one.code}@{one.place.field}" for one in refused.value.faults)


def moves_of(case: Case, there: CaseWorld, client: Client) -> str:
    client.force_login(there.officer)
    return client.get(f"/desk/cases/{case.pk}/").content.decode()


def unmoved(case: Case) -> None:
    """Hold that nothing was written of a case since it was returned."""
    with as_system("tests"):
        row = Case.objects.get(pk=case.pk)
        assert (row.version, row.state) == (case.version, case.state)
        last = CaseEvent.objects.filter(case=case).order_by("number").last()
        assert last is not None
        assert last.to_state == case.state


def checked(there: CaseWorld, service: str, form: dict[str, str], by: str = "officer") -> Case:
    case = lodged(there, service=service, form=form, title="一件事")
    return moved(case, getattr(there, by), "check")


def forwarded(there: CaseWorld, service: str, form: dict[str, str], body: str, by: str = "officer") -> Case:
    papers = [receive(b"papers\n", "papers.txt", "text/plain")]
    return moved(checked(there, service, form, by), getattr(there, by), "forward", body=body, files=papers)


@pytest.mark.article(76)
def test_a_free_policy_is_recorded_for_whoever_asked_for_one(there: CaseWorld, client: Client) -> None:
    case = checked(there, "export_credit_insurance", INSURANCE)
    assert "登记免费保单" in moves_of(case, there, client)
    assert moved(case, there.officer, "issue_free", **ISSUED).state == "insured"


def test_a_free_policy_is_not_given_to_whoever_asked_for_none(there: CaseWorld, client: Client) -> None:
    case = checked(there, "export_credit_insurance", {**INSURANCE, "free_policy": "no"})
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.officer, "issue_free", **ISSUED)
    assert codes(refused) == ["case.answer_otherwise@move"]
    told = refused.value.faults[0].parameters
    assert (told["field"], told["answer"], told["move"]) == ("申领小微企业免费保单", "是", "登记免费保单")
    unmoved(case)
    html = moves_of(case, there, client)
    assert "登记免费保单" not in html
    assert "转给承保机构" in html
    with viewing(seen_as(there.officer)) as viewer:
        page = case_page(viewer, case.pk)
    assert [one.move.id for one in page.moves if one.is_next] == ["forward"], "the only way to a policy"


@pytest.mark.parametrize(
    ("service", "form", "by", "move", "given"),
    [
        ("trade_finance", FINANCE, "financier", "finance", {"decision": "同意", "amount": "5"}),
        ("trade_finance", FINANCE, "financier", "record_no", {"decision": "不同意", "reason": "负债高"}),
        ("export_credit_insurance", INSURANCE, "officer", "insure", {**ISSUED, "amount": "5"}),
        ("export_credit_insurance", INSURANCE, "officer", "record_no", {"decision": "不承保", "reason": "国别"}),
        ("export_credit_claim", CLAIM, "officer", "pay", {**ISSUED, "amount": "5"}),
        ("export_credit_claim", CLAIM, "officer", "record_no", {"decision": "不赔", "reason": "逾期"}),
    ],
)
def test_a_decision_is_that_of_the_body_the_case_was_passed_to(
    there: CaseWorld, service: str, form: dict[str, str], by: str, move: str, given: dict[str, str]
) -> None:
    case = forwarded(there, service, form, BANK, by)
    with pytest.raises(BridgeheadError) as refused:
        moved(case, getattr(there, by), move, body=INSURER, **given)
    assert codes(refused) == ["case.not_as_before@body"]
    unmoved(case)
    assert moved(case, getattr(there, by), move, body=BANK, **given).ended_at is not None


def test_the_page_says_which_body_and_does_not_ask_for_it_again(there: CaseWorld, client: Client) -> None:
    case = forwarded(there, "export_credit_insurance", INSURANCE, INSURER)
    html = moves_of(case, there, client)
    assert f"</span> {INSURER}</p>" in html
    assert 'name="body"' not in html
    told = {"form": "move-record_no", "once": "once-body-0001", "version": case.version}
    told |= {"decision": "不承保", "reason": "国别风险", "body": "别的公司"}
    assert client.post(f"/desk/cases/{case.pk}/", told).status_code == 302
    with as_system("tests"):
        last = CaseEvent.objects.filter(case=case).order_by("number").last()
        assert last is not None
        assert last.given["body"] == INSURER


def test_a_case_passed_on_anew_is_decided_by_whom_it_was_passed_to_last(there: CaseWorld) -> None:
    case = forwarded(there, "trade_finance", FINANCE, BANK, "financier")
    papers = [receive(b"more\n", "more.txt", "text/plain")]
    case = moved(case, there.financier, "ask_papers", reason="缺合同")
    case = moved(case, there.trader, "hand_in", files=papers)
    case = moved(case, there.financier, "forward", body="第二银行", files=papers)
    given = {"decision": "同意", "amount": "5"}
    with pytest.raises(BridgeheadError, match=r"case\.not_as_before"):
        moved(case, there.financier, "finance", body=BANK, **given)
    assert moved(case, there.financier, "finance", body="第二银行", **given).state == "financed"


def test_a_case_decided_by_another_body_before_that_was_asked_stands_as_it_did(
    there: CaseWorld, client: Client
) -> None:
    case = forwarded(there, "export_credit_insurance", INSURANCE, INSURER)
    case = moved(case, there.officer, "record_no", body=INSURER, decision="不承保", reason="国别")
    with as_system("tests"):
        event = CaseEvent.objects.filter(case=case, move="record_no").get()
        CaseEvent.objects.filter(pk=event.pk).update(given={**event.given, "body": "别的公司"})
    assert "别的公司" in moves_of(case, there, client)


def test_a_payment_is_recorded_when_it_was_made(there: CaseWorld) -> None:
    case = forwarded(there, "export_credit_claim", CLAIM, INSURER)
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.officer, "pay", body=INSURER, decision="赔付", amount="5", date="2026-03-03")
    assert codes(refused) == ["case.date_to_come@date"]
    unmoved(case)


def test_goods_are_booked_for_a_day_that_is_to_come(there: CaseWorld) -> None:
    case = lodged(there, service="logistics_request", form=CONSIGNMENT, title="两个柜")
    case = moved(case, there.officer, "match")
    case = moved(case, there.officer, "offer", offer="火车")
    case = moved(case, there.trader, "choose", offer="火车")
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.officer, "book", body="某公司", date="2026-03-01")
    assert codes(refused) == ["case.date_past@date"]
    assert moved(case, there.officer, "book", body="某公司", date="2026-03-02").ended_at is not None
