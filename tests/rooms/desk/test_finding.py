"""A firm finds its policies by questions, keeps what it was told, and can look up later what that was and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import ANONYMOUS, as_system
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.firms import consent, keep_answer, say_claim, tell_facts
from bridgehead.rooms.desk.explaining import explained
from bridgehead.rooms.desk.models import FirmProfile, Policy, PolicyAnswer
from bridgehead.rooms.desk.rules import read_rule
from bridgehead.rooms.desk.selectors import firms
from bridgehead.rooms.desk.selectors.finding import finding
from bridgehead.rooms.desk.selectors.firms import answer_page, entitled, firm_page
from tests.desk.policies import DAY, PolicyWorld, changed, published, rule
from tests.ground.world import mandate, member, organisation
from tests.ledger import seen_as

SMALL = {"staff.average": "120", "industry.restricted_or_prohibited": "no", "cit.taxable_income_cny": "1800000.5"}


@pytest.fixture(autouse=True)
def _all_is_seen() -> Iterator[None]:
    with as_system("tests"):
        yield


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    def client_of(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return client_of


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    return {fault.code for fault in refused.value.faults}


def kept(world: PolicyWorld, by: Person | None = None, **facts: str) -> PolicyAnswer:
    who = seen_as(by or world.trader)
    return keep_answer(by=who, firm=world.firm.pk, as_of=today(), subject="enterprise", facts=facts or SMALL)


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def asked(client: Client, **answers: str) -> str:
    """Send answers as the form does, with those given before, and return the page as text."""
    page = client.post("/policies/find/", {"subject": "enterprise", **{f"a:{k}": v for k, v in answers.items()}})
    assert page.status_code == 200
    return page.content.decode()


def test_an_unknown_answer_is_never_taken_as_zero_or_no(world: PolicyWorld) -> None:
    seen = finding({})
    assert [one.told.verdict for one in seen.open] == ["unknown"]
    assert {one.fact for one in seen.questions} == {"staff.average", "industry.restricted_or_prohibited"}


def test_one_failed_condition_stops_the_questions(world: PolicyWorld) -> None:
    seen = finding({"staff.average": Decimal(301)})
    assert not seen.questions
    (one,) = seen.unfit
    assert "301" in one.why_not
    assert "1 " in one.why_not
    assert "300" in one.would_fit
    changes, unknown = one.would_fit.split("还没填的要是：")
    assert "300" in changes
    assert "300" not in unknown
    (one,) = finding({"staff.average": Decimal(301), "industry.restricted_or_prohibited": False}).unfit
    assert "还没填" not in one.would_fit


@pytest.mark.article(76)
def test_amounts_are_asked_for_once_the_verdict_is_settled(world: PolicyWorld) -> None:
    facts = {"staff.average": Decimal(300), "industry.restricted_or_prohibited": False}
    seen = finding(facts)
    assert seen.for_amounts
    assert [one.fact for one in seen.questions] == ["cit.taxable_income_cny"]
    seen = finding({**facts, "cit.taxable_income_cny": Decimal("1800000.5")})
    assert not seen.questions
    assert "90,000.03" in seen.fits[0].amount


DIVIDES = rule("test-divides", formula="'100 / staff.average'")


def test_what_fits_without_an_amount_is_no_policy_that_does_not_fit(world: PolicyWorld) -> None:
    published(world, DIVIDES)
    seen = finding({"staff.average": Decimal(0), "industry.restricted_or_prohibited": False})
    assert [one.rule.id for one in seen.amountless] == ["test-divides"]
    assert [one.rule.id for one in seen.fits] == ["test-small"]
    assert not seen.unfit
    page = text_of(asked(Client(), **{"staff.average": "0", "industry.restricted_or_prohibited": "no"}))
    assert "2 项政策适用" in page
    assert "按填的数算不出金额，请核对：从业人数" in page


def test_an_answer_without_an_amount_is_the_same_again(
    world: PolicyWorld, signed_in: Callable[[Person], Client]
) -> None:
    published(world, DIVIDES)
    row = kept(world, **SMALL | {"staff.average": "0"})
    seen = answer_page(seen_as(world.trader), row.pk)
    assert [(one.verdict, one.differs) for one in seen.lines] == [("eligible", False), ("refused", False)]
    page = text_of(signed_in(world.trader).get(f"/desk/answers/{row.pk}/").content.decode())
    assert "按当时的版本重算，结果一样。" in page
    assert "重算不同" not in page


def test_a_firm_whose_amount_cannot_be_worked_out_is_entitled_all_the_same(world: PolicyWorld) -> None:
    published(world, DIVIDES)
    tell_facts(by=seen_as(world.trader), firm=world.firm.pk, version=None, facts=SMALL | {"staff.average": "0"})
    consent(by=seen_as(world.trader), firm=world.firm.pk, agrees=True)
    assert [(one.firm.code, one.amount) for one in entitled("test-divides").firms] == [("alpha", "算不出")]


def test_what_is_not_known_is_not_asked_again(world: PolicyWorld) -> None:
    seen = finding({}, ["staff.average"])
    assert [one.fact for one in seen.questions] == ["industry.restricted_or_prohibited"]


@pytest.mark.article(51)
def test_anybody_finds_policies_and_nothing_is_kept(world: PolicyWorld) -> None:
    client = Client()
    page = asked(client, **{"staff.average": "120", "industry.restricted_or_prohibited": "no"})
    assert "1 项政策适用" in text_of(page)
    assert 'name="g:staff.average" value="120"' in page
    again = client.post(
        "/policies/find/",
        {
            "subject": "enterprise",
            "g:staff.average": "120",
            "g:industry.restricted_or_prohibited": "no",
            "a:cit.taxable_income_cny": "1800000.5",
        },
    )
    assert "90,000.03" in again.content.decode()
    assert again["Cache-Control"] == "no-store"
    assert not FirmProfile.objects.exists()
    assert not PolicyAnswer.objects.exists()


@pytest.mark.parametrize(
    ("fact", "typed"), [("staff.average", "-1"), ("staff.average", "1,5 Mio"), ("staff.average", "１２")]
)
def test_a_wrong_answer_is_told_beside_its_field_and_the_others_stay(world: PolicyWorld, fact: str, typed: str) -> None:
    page = Client().post(
        "/policies/find/", {f"a:{fact}": typed, "a:industry.restricted_or_prohibited": "no", "subject": "enterprise"}
    )
    said = page.content.decode()
    assert page.status_code == 422
    assert f'value="{typed}"' in said
    assert 'class="says"' in said
    assert 'name="g:industry.restricted_or_prohibited" value="no"' in said


def test_a_decimal_comma_is_read_where_people_write_one(world: PolicyWorld) -> None:
    facts = {"a:staff.average": "120,5", "a:cit.taxable_income_cny": "1 800 000,5", "subject": "enterprise"}
    page = Client().post("/ru/policies/find/", facts | {"a:industry.restricted_or_prohibited": "no"})
    assert page.status_code == 200
    assert "90\u00a0000,03" in page.content.decode()


def test_an_undeclared_fact_is_ignored_by_the_page_and_refused_by_the_action(world: PolicyWorld) -> None:
    assert Client().post("/policies/find/", {"a:staff.averige": "1"}).status_code == 200
    with pytest.raises(BridgeheadError) as refused:
        kept(world, **{"staff.averige": "1"})
    assert codes(refused) == {"case.unknown_fact"}


def test_a_kept_answer_says_what_was_told_and_why(world: PolicyWorld) -> None:
    row = kept(world)
    (one,) = row.results
    assert (one["verdict"], one["amount_cny"], one["number"]) == ("eligible", "90000.03", 1)
    assert [line["result"] for line in one["explanation"]] == ["true", "true"]
    assert (row.fits, row.open) == (1, 0)


@pytest.mark.article(51)
def test_an_answer_stays_reproducible_after_the_rule_changed(world: PolicyWorld) -> None:
    row = kept(world)
    first = Policy.objects.get().editions.get(number=1)
    changed(world, first, rule(staff=100), today())
    seen = answer_page(seen_as(world.trader), row.pk)
    assert not seen.again.differs
    assert seen.lines[0].verdict == "eligible"
    assert list(seen.since) == ["test-small"]
    assert finding(dict.fromkeys([])).total == 1
    assert [one.told.verdict for one in finding({"staff.average": Decimal(120)}).unfit] == ["not_eligible"]


def test_an_answer_that_was_tampered_with_is_told(world: PolicyWorld) -> None:
    row = kept(world)
    results = row.results
    results[0]["amount_cny"] = "1.00"
    PolicyAnswer.objects.filter(pk=row.pk).update(results=results)
    assert list(answer_page(seen_as(world.trader), row.pk).again.differs) == ["test-small"]


def test_what_was_answered_is_known_next_time(world: PolicyWorld, signed_in: Callable[[Person], Client]) -> None:
    kept(world)
    page = signed_in(world.trader).get("/policies/find/").content.decode()
    assert "90,000.03" in page
    assert signed_in(world.rival).get("/policies/find/").content.decode().count("90,000.03") == 0


def test_nobody_else_reads_what_a_firm_told(world: PolicyWorld, signed_in: Callable[[Person], Client]) -> None:
    row = kept(world)
    for person in (world.rival, world.officer, world.head, world.stranger):
        viewer = seen_as(person)
        assert not visible(PolicyAnswer, viewer).exists()
        assert not visible(FirmProfile, viewer).exists()
        assert signed_in(person).get(f"/desk/answers/{row.pk}/").status_code == (404 if person == world.rival else 403)
    assert not visible(PolicyAnswer, ANONYMOUS).exists()
    assert signed_in(world.trader).get(f"/desk/answers/{row.pk}/").status_code == 200


def test_a_broker_asks_for_a_firm_while_its_mandate_holds(world: PolicyWorld) -> None:
    broker = organisation("broker", "broker", "报关行")
    person = member(broker, "broker", "broker-person")
    given = mandate(world.firm, broker, "cases")
    assert kept(world, person).fits == 1
    type(given).objects.filter(pk=given.pk).update(ends_on=today() - DAY)
    with pytest.raises(BridgeheadError) as refused:
        kept(world, person)
    assert codes(refused) == {"action.mandate_over"}


def test_facts_can_be_taken_back(world: PolicyWorld) -> None:
    kept(world)
    by = seen_as(world.trader)
    row = tell_facts(by=by, firm=world.firm.pk, version=None, facts={"staff.average": None})
    assert set(row.facts) == {"cit.taxable_income_cny", "industry.restricted_or_prohibited"}
    assert {one.fact for one in firm_page(by).facts} == set(row.facts)


def test_a_fact_keeps_the_day_it_was_first_told(world: PolicyWorld) -> None:
    kept(world)
    row = FirmProfile.objects.get()
    row.facts["staff.average"]["on"] = "2020-01-01"
    FirmProfile.objects.filter(pk=row.pk).update(facts=row.facts)
    kept(world)
    seen = {one.fact: one for one in firm_page(seen_as(world.trader)).facts}
    assert seen["staff.average"].old
    kept(world, **{"staff.average": "121"})
    seen = {one.fact: one for one in firm_page(seen_as(world.trader)).facts}
    assert not seen["staff.average"].old


@pytest.mark.article(76)
def test_only_firms_that_consented_are_looked_at(world: PolicyWorld) -> None:
    kept(world)
    assert (entitled("test-small").asked, list(entitled("test-small").firms)) == (0, [])
    by = seen_as(world.trader)
    consent(by=by, firm=world.firm.pk, agrees=True)
    (one,) = entitled("test-small").firms
    assert (one.firm.pk, one.amount) == (world.firm.pk, "90,000.03")
    say_claim(by=by, firm=world.firm.pk, policy=Policy.objects.get().pk, state="applied")
    assert not entitled("test-small").firms
    consent(by=by, firm=world.firm.pk, agrees=False)
    assert entitled("test-small").asked == 0


def test_the_list_of_those_entitled_is_turned_page_by_page(
    world: PolicyWorld, signed_in: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firms, "FIRMS_A_PAGE", 1)
    for code in ("one", "two"):
        firm = organisation(f"fits-{code}", "enterprise", f"第{code}家")
        by = seen_as(member(firm, "enterprise_admin"))
        keep_answer(by=by, firm=firm.pk, as_of=today(), subject="enterprise", facts=SMALL)
        consent(by=by, firm=firm.pk, agrees=True)
    pages = [signed_in(world.officer).get(f"/desk/policies/test-small/entitled/?page={at}") for at in (1, 2)]
    first, second = (page.content.decode() for page in pages)
    assert [("第one家" in page, "第two家" in page) for page in (first, second)] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )
    assert ("上一页" in first, "下一页" in first) == (False, True)
    assert ("上一页" in second, "下一页" in second) == (True, False)


def test_only_officers_see_who_is_entitled(world: PolicyWorld, signed_in: Callable[[Person], Client]) -> None:
    address = "/desk/policies/test-small/entitled/"
    assert Client().get(address).status_code in (302, 401, 403)
    assert signed_in(world.rival).get(address).status_code == 403
    assert signed_in(world.officer).get(address).status_code == 200


def test_a_firm_cannot_answer_for_another(world: PolicyWorld) -> None:
    with pytest.raises(BridgeheadError) as refused:
        kept(world, world.rival)
    assert codes(refused) == {"action.not_allowed"}


def test_conditions_are_told_in_sentences(world: PolicyWorld) -> None:
    text = rule(staff=300)
    block = explained(read_rule(text), {"staff.average": Decimal(312), "industry.restricted_or_prohibited": False})
    said = [part.sentence for part in block.parts]  # type: ignore[union-attr]
    assert said == [
        "从业人数（全年平均）：312 人，要求不超过 300 人，超出 12 人。",
        "限制或禁止行业：否，要求：否，符合。",
    ]


def test_the_page_keeps_the_answer_for_the_firm(world: PolicyWorld, signed_in: Callable[[Person], Client]) -> None:
    client = signed_in(world.trader)
    sent = {f"g:{fact}": text for fact, text in SMALL.items()} | {"subject": "enterprise", "form": "keep"}
    answer = client.post("/policies/find/", sent | {"once": "keep-once-1"})
    row = PolicyAnswer.objects.get()
    assert answer["Location"] == f"/desk/answers/{row.pk}/"
    assert client.post("/policies/find/", sent | {"once": "keep-once-1"}).status_code == 409
    assert PolicyAnswer.objects.count() == 1
