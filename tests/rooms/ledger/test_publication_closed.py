"""Questions of the public that are declined or ask the same as another, and how many an address may send."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from bridgehead.ground.access import limits
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import ANONYMOUS, as_system
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.questions import approve_answer, ask_again, draft_answer, route
from bridgehead.rooms.ledger.actions.questions_closed import decline_question, same_question
from bridgehead.rooms.ledger.models import PublicQuestion
from bridgehead.rooms.ledger.selectors.publication_due import questions_due
from bridgehead.rooms.ledger.selectors.publication_questions import question_page, questions
from bridgehead.rooms.ledger.selectors.question_codes import AskerPage, asker_page, held_by
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.publication import answered, asked

pytestmark = pytest.mark.django_db
KEYS = (f"a-closed-form-{number}" for number in itertools.count())


@pytest.fixture
def _counted_from_nothing() -> Iterator[None]:
    """Count the questions of an address anew."""
    limits.limiter.cache_clear()
    yield
    limits.limiter.cache_clear()


def told(row: PublicQuestion, code: str) -> AskerPage:
    return asker_page(held_by(row.number, code))


def looked_up(row: PublicQuestion, code: str) -> str:
    sent = {"once": next(KEYS), "form": "look", "number": row.number, "password": code}
    answer = Client().post("/public/state/", sent)
    assert answer.status_code == 200
    return answer.content.decode()


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    return {fault.code for fault in refused.value.faults}


@pytest.mark.article(7)
def test_one_that_is_declined_says_why_and_may_be_asked_once_more(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    by = seen_as(world.coordinator)
    row, code = asked("彩票号码是多少？", contact="13800000000")
    with pytest.raises(BridgeheadError) as refused:
        decline_question(by=by, question=row.pk, version=row.version, reason=" ")
    assert codes(refused) == {"form.missing"}
    with pytest.raises(BridgeheadError) as refused:
        decline_question(by=seen_as(world.commerce_head), question=row.pk, version=row.version, reason="无关")
    assert codes(refused) == {"action.not_allowed"}
    row = decline_question(by=by, question=row.pk, version=row.version, reason="不属于本条例")
    assert (row.state, row.contact, row.answered_on) == ("declined", "", today())
    page = looked_up(row, code)
    assert "不属于本条例" in page
    assert "没有受理" in page
    assert "协调机构" in page
    assert 'name="form" value="again"' in page
    assert seen_by(world.coordinator, questions).says == "公众来件都已答复"
    assert not seen_by(world.coordinator, questions_due, [world.office.pk], today())
    assert [one.record.pk for one in seen_by(world.coordinator, questions, "declined").rows] == [row.pk]
    with pytest.raises(BridgeheadError) as refused:
        decline_question(by=by, question=row.pk, version=row.version, reason="又一次")
    assert codes(refused) == {"question.not_waiting"}
    row = ask_again(by=ANONYMOUS, number=row.number, code=code, text="口岸的彩票点开吗？")
    assert (row.state, row.refusal, row.earlier_answer) == ("new", "", "不属于本条例")
    assert not told(row, code).told


def test_one_that_was_declined_is_taken_up_again(world: LedgerWorld) -> None:
    by = seen_as(world.coordinator)
    row, code = asked("口岸几点开？")
    row = decline_question(by=by, question=row.pk, version=row.version, reason="看错了")
    row = route(by=by, question=row.pk, version=row.version, organisation=world.commerce.pk)
    assert (row.state, row.refusal, row.answered_on) == ("routed", "", None)
    assert (told(row, code).told, told(row, code).due_on, told(row, code).body) == ([], row.due_on, "商务厅")


@pytest.mark.article(7)
def test_one_that_asks_the_same_shows_the_answer_of_the_other_and_not_its_text(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    by = seen_as(world.coordinator)
    other, _ = asked("我是冯某，口岸几点开？")
    other = route(by=by, question=other.pk, version=other.version, organisation=world.commerce.pk)
    row, code = asked("口岸开门时间？", contact="13800000000")
    row = same_question(by=by, question=row.pk, version=row.version, number=f" {other.number} ")
    assert (row.state, row.contact, row.office) == ("same", "", None)
    seen = told(row, code)
    assert (seen.told, seen.due_on, seen.body) == ([], other.due_on, "商务厅")
    assert other.number in seen.says
    assert [one.pk for one in seen_by(world.coordinator, question_page, other.pk).repeats] == [row.pk]
    other = draft_answer(
        by=seen_as(world.commerce_officer), question=other.pk, version=other.version, answer="八点，冬天九点。"
    )
    assert "八点" not in looked_up(row, code), "it is not approved"
    approve_answer(by=seen_as(world.commerce_head), question=other.pk, version=other.version)
    page = looked_up(row, code)
    assert "八点，冬天九点。" in page
    assert "商务厅" in page
    assert "冯某" not in page


def test_what_was_the_same_as_one_that_ends_follows_it(world: LedgerWorld) -> None:
    by = seen_as(world.coordinator)
    (first, _), (second, _), (third, code) = (asked(f"口岸几点开？{n}") for n in range(3))
    third = same_question(by=by, question=third.pk, version=third.version, number=second.number)
    second = same_question(by=by, question=second.pk, version=second.version, number=first.number)
    third.refresh_from_db()
    assert third.same_as_id == first.pk
    decline_question(by=by, question=first.pk, version=first.version, reason="已在网站公布")
    seen = told(third, code)
    assert [(one.text, one.declined) for one in seen.told] == [("已在网站公布", True)]
    assert seen.may_ask_again
    again = ask_again(by=ANONYMOUS, number=third.number, code=code, text="冬天呢？")
    assert (again.same_as_id, again.earlier_answer) == (None, "已在网站公布")


def test_what_was_answered_before_the_other_was_asked_again_is_still_told(world: LedgerWorld) -> None:
    other, key = answered(world, "查验能不能晚一点结束？")
    row, code = asked("查验几点结束？")
    row = same_question(by=seen_as(world.coordinator), question=row.pk, version=row.version, number=other.number)
    assert [one.text for one in told(row, code).told] == ["查验时间已经延长到 20 时。"]
    ask_again(by=ANONYMOUS, number=other.number, code=key, text="周末呢？")
    assert [one.text for one in told(row, code).told] == ["查验时间已经延长到 20 时。"]


@pytest.mark.parametrize("which", ["itself", "declined", "same", "nothing", "none"])
def test_what_cannot_answer_for_another(world: LedgerWorld, which: str) -> None:
    by = seen_as(world.coordinator)
    row, _ = asked("口岸几点开？")
    other, _ = asked("几点开？")
    if which == "declined":
        decline_question(by=by, question=other.pk, version=other.version, reason="无关")
    if which == "same":
        third, _ = asked("开门？")
        same_question(by=by, question=other.pk, version=other.version, number=third.number)
    number = {"itself": row.number, "nothing": "2026-x", "none": ""}.get(which, other.number)
    with pytest.raises(BridgeheadError) as refused:
        same_question(by=by, question=row.pk, version=row.version, number=number)
    expected = {"nothing": "question.no_such_number", "none": "form.missing"}.get(which, "question.no_original")
    assert codes(refused) == {expected}


def test_the_office_declines_and_joins_on_the_page(world: LedgerWorld, browser: Callable[[Person], Client]) -> None:
    office = browser(world.coordinator)
    other, _ = asked("几点开？")
    row, _ = asked("口岸几点开？")
    forms = office.get(f"/questions/{row.pk}/").context["forms"]
    assert {"decline", "same", "route"} <= forms.keys()
    sent = {"form": "same", "once": forms["same"].once, "version": str(forms["same"].version), "number": "2026-1"}
    refused = office.post(f"/questions/{row.pk}/", sent)
    assert refused.status_code == 422
    assert 'value="2026-1"' in refused.content.decode()
    sent |= {"once": next(KEYS), "number": other.number}
    assert office.post(f"/questions/{row.pk}/", sent).status_code == 302
    page = office.get(f"/questions/{row.pk}/")
    assert page.context["forms"].keys() == {"route"}
    assert other.number in page.content.decode()
    assert row.number in office.get(f"/questions/{other.pk}/").content.decode()
    told_by_api = office.get(f"/api/questions/{row.pk}").json()
    assert (told_by_api["state"], told_by_api["same_as"]) == ("same", other.number)


@pytest.mark.usefixtures("_counted_from_nothing")
def test_an_address_sends_so_many_a_day_and_loses_nothing_it_wrote(world: LedgerWorld) -> None:
    allowed = limits.LIMITS["question"][limits.BY_ADDRESS].amount
    client = Client()

    def sent(text: str, address: str = "203.0.113.7") -> Any:
        told = {"once": next(KEYS), "form": "ask", "kind": "question", "article": "", "text": text, "contact": ""}
        return client.post("/public/ask/", told, REMOTE_ADDR=address)

    for number in range(allowed):
        assert sent("").status_code == 422, "one with a fault is not counted"
        assert sent(f"第 {number} 个问题").status_code == 200
    over = sent("写了很久的一段话")
    assert over.status_code == 429
    assert "写了很久的一段话" in over.content.decode()
    assert "24 小时" in over.content.decode()
    assert sent("别处来的", "203.0.113.8").status_code == 200
    with as_system("tests"):
        assert PublicQuestion.objects.count() == allowed + 1
    kept = repr(vars(limits.limiter().storage))
    assert "question" in kept
    assert "203.0.113" not in kept, "addresses are counted under digests"


@pytest.mark.parametrize("number", [0, 999, 2**80])
def test_what_is_not_there_is_not_found(world: LedgerWorld, browser: Callable[[Person], Client], number: int) -> None:
    client = browser(world.coordinator)
    paths = ("public/{}", "questions/{}", "dossiers/{}")
    for address in [f"/api/{one}" for one in paths] + [f"/{one}/" for one in (*paths, "dossiers/{}/publish")]:
        assert client.get(address.format(number)).status_code == 404, address
