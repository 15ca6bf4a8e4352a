"""Firms are told of what they are entitled to: once, only those that agreed to it, and they say how they stand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.firms import consent, say_claim, tell_facts
from bridgehead.rooms.desk.actions.policies import (
    EditionTold,
    check_edition,
    enter_policy,
    publish_edition,
    withdraw_policy,
    write_edition,
)
from bridgehead.rooms.desk.actions.telling import tell_firms
from bridgehead.rooms.desk.models import Notice, Policy, PolicyAnswer, PolicyClaim
from tests.desk.services import ServiceWorld, service_world
from tests.ground.world import member
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db

RULE = """id: test-small
title: Small firms
title_zh: 小企业
issuer: Ministry
doc_no: 2023 No.1
scope: national
valid_from: '2023-01-01'
valid_to: null
subject: enterprise
conditions:
- fact: staff.average
  op: le
  value: 300
benefit:
  kind: procedure
  measure: none
  unit: null
  formula: null
  rounding: null
source: the announcement itself
evidence: seen
confidence: high
articles: [76]
note: ''
"""


@pytest.fixture
def world() -> ServiceWorld:
    here = service_world()
    told = EditionTold(RULE, {"title": {"zh": "小企业优惠", "en": "Small firms"}})
    row = enter_policy(by=seen_as(here.officer), owner=here.office.pk, told=told)
    ends = today() + timedelta(days=90)
    row = check_edition(
        by=seen_as(here.officer), edition=row.pk, version=row.version, compared_with="公告原文", expires_on=ends
    )
    publish_edition(by=seen_as(here.head), edition=row.pk, version=row.version)
    for person, firm, staff in ((here.trader, here.firm, "40"), (here.rival, here.other_firm, "40")):
        tell_facts(by=seen_as(person), firm=firm.pk, version=None, facts={"staff.average": staff})
    consent(by=seen_as(here.trader), firm=here.firm.pk, agrees=True)
    return here


def policy() -> Policy:
    with as_system("tests"):
        return Policy.objects.get()


def claims() -> list[tuple[int, str]]:
    with as_system("tests"):
        return list(PolicyClaim.objects.order_by("owner_id").values_list("owner_id", "state"))


def notices() -> list[tuple[int, str]]:
    with as_system("tests"):
        return list(Notice.objects.filter(kind="policy_fits").values_list("owner_id", "kwargs__policy"))


@pytest.mark.article(76)
def test_firms_that_agreed_are_told_once(world: ServiceWorld) -> None:
    by = seen_as(world.officer)
    assert tell_firms(by=by, policy=policy().pk) == 1
    assert claims() == [(world.firm.pk, "told")]
    assert notices() == [(world.firm.pk, "test-small")]
    with pytest.raises(BridgeheadError, match=r"policy\.nobody_to_tell"):
        tell_firms(by=by, policy=policy().pk)
    consent(by=seen_as(world.rival), firm=world.other_firm.pk, agrees=True)
    assert tell_firms(by=by, policy=policy().pk) == 1
    assert len(notices()) == 2
    with as_system("tests"):
        entry = JournalEntry.objects.filter(action="policy.tell_firms", record_kind="policy_claim").first()
    assert entry is not None
    assert entry.actor_id == world.officer.pk


def test_who_applied_or_does_not_want_it_is_left_alone(world: ServiceWorld) -> None:
    say_claim(by=seen_as(world.trader), firm=world.firm.pk, policy=policy().pk, state="unwanted")
    with pytest.raises(BridgeheadError, match=r"policy\.nobody_to_tell"):
        tell_firms(by=seen_as(world.officer), policy=policy().pk)


def test_only_the_body_that_keeps_a_policy_tells_of_it(world: ServiceWorld) -> None:
    for person in (world.stranger, world.trader):
        with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
            tell_firms(by=seen_as(person), policy=policy().pk)


def test_a_firm_is_told_on_the_page_and_answers_from_its_notice(world: ServiceWorld, client: Client) -> None:
    address = "/desk/policies/test-small/entitled/"
    client.force_login(world.stranger)
    assert "<form" not in client.get(address).content.decode().partition("<main")[2]
    client.force_login(world.officer)
    assert "告诉没有告诉过的 1 家" in client.get(address).content.decode()
    assert client.post(address, {"form": "tell", "once": "a" * 16}).status_code == 302
    assert "告诉没有告诉过的" not in client.get(address).content.decode()
    client.force_login(world.trader)
    html = client.get("/en/desk/notices/").content.decode()
    assert "you have not applied for it: Small firms" in html
    told = {"form": "claim", "firm": world.firm.pk, "policy": policy().pk}
    assert client.post("/desk/notices/", {**told, "once": "b" * 16, "state": "told"}).status_code == 422
    assert client.post("/desk/notices/", {**told, "once": "c" * 16, "state": "applied"}).status_code == 302
    assert claims() == [(world.firm.pk, "applied")]
    assert 'value="applied"' not in client.get("/desk/notices/").content.decode()
    client.force_login(member(world.other_firm, "enterprise", "second-rival"))
    assert client.post("/desk/notices/", {**told, "once": "d" * 16, "state": "unwanted"}).status_code == 403


def paying(world: ServiceWorld, amount: int) -> None:
    """Publish another edition of the policy, which pays so much a head."""
    rule = RULE.replace("kind: procedure", "kind: cash").replace("measure: none", "measure: grant")
    rule = rule.replace("unit: null", "unit: CNY").replace("formula: null", f"formula: staff.average * {amount}")
    rule = rule.replace("rounding: null", "rounding: {places: 0, mode: half_up}")
    told = EditionTold(rule, {"title": {"zh": "小企业优惠", "en": "Small firms"}}, today())
    row = write_edition(by=seen_as(world.officer), policy=policy().pk, version=None, told=told)
    ends = today() + timedelta(days=90)
    row = check_edition(
        by=seen_as(world.officer), edition=row.pk, version=row.version, compared_with="公告原文", expires_on=ends
    )
    publish_edition(by=seen_as(world.head), edition=row.pk, version=row.version)


def test_what_a_firm_was_told_is_kept_with_its_edition_and_can_be_worked_out_again(
    world: ServiceWorld, client: Client
) -> None:
    paying(world, 100)
    tell_firms(by=seen_as(world.officer), policy=policy().pk)
    # What happens afterwards: the firm takes a fact back and applies, the policy pays more.
    tell_facts(by=seen_as(world.trader), firm=world.firm.pk, version=None, facts={"staff.average": None})
    say_claim(by=seen_as(world.trader), firm=world.firm.pk, policy=policy().pk, state="applied")
    paying(world, 200)
    with as_system("tests"):
        claim = PolicyClaim.objects.select_related("answer").get()
        kept = claim.answer
        assert kept is not None
        (told,) = kept.results
        entry = JournalEntry.objects.get(action="policy.tell_firms", record_kind="policy_answer")
    assert (kept.told_by_id, kept.as_of, kept.facts) == (world.office.pk, today(), {"staff.average": "40"})
    assert (told["number"], told["verdict"], told["amount_cny"]) == (2, "eligible", "4000")
    assert "staff.average" not in entry.after, "facts are in no journal"
    client.force_login(world.trader)
    assert "主管部门主动告诉您的" in client.get("/desk/firm/").content.decode()
    html = client.get(f"/desk/answers/{kept.pk}/").content.decode()
    assert "主动告诉您的" in html
    assert "按当时的版本重算，结果一样" in html
    assert "4,000" in html
    client.force_login(world.rival)
    assert client.get(f"/desk/answers/{kept.pk}/").status_code == 404


def test_the_office_reads_what_it_told_without_the_facts(world: ServiceWorld, client: Client) -> None:
    address = "/desk/policies/test-small/told/"
    paying(world, 100)
    client.force_login(world.officer)
    assert "还没有主动告诉过哪家企业" in client.get(address).content.decode()
    tell_firms(by=seen_as(world.officer), policy=policy().pk)
    say_claim(by=seen_as(world.trader), firm=world.firm.pk, policy=policy().pk, state="received")
    paying(world, 200)
    withdraw_policy(by=seen_as(world.head), policy=policy().pk, version=policy().version, reason="停办")
    main = client.get(address).content.decode().partition("<main")[2]
    with as_system("tests"):
        kept = PolicyAnswer.objects.get()
    for word in ("主动告诉过 1 家企业", "适用", "版本 2", "4,000"):
        assert word in main, word
    assert "重算不同" not in main
    assert "40<" not in main
    assert kept.sha256[:8] not in main, "who knows the digest can try every number of staff"
    with as_system("tests"):
        PolicyAnswer.objects.update(facts={"staff.average": "50"})
    assert "重算不同" in client.get(address).content.decode(), "somebody changed what it rested on"
    assert "已享受" not in main, "what a firm says of itself is its own"
    consent(by=seen_as(world.trader), firm=world.firm.pk, agrees=False)
    assert world.firm.name_zh not in client.get(address).content.decode()
    client.force_login(world.trader)
    assert client.get(address).status_code == 403
    client.force_login(world.officer)
    assert client.get("/desk/policies/nothing/told/").status_code == 404
