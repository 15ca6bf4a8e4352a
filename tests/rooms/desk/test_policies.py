"""Policies are told by dated editions two people stand for; what was told before stays as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import ANONYMOUS, as_system
from bridgehead.ground.models import JournalEntry, Person
from bridgehead.ground.region import current
from bridgehead.ground.search.find import find
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.policies import (
    check_edition,
    drop_edition,
    enter_policy,
    publish_edition,
    return_edition,
    take_over,
    withdraw_policy,
    write_edition,
)
from bridgehead.rooms.desk.models import Policy, PolicyEdition
from bridgehead.rooms.desk.rules import shipped
from bridgehead.rooms.desk.selectors.answering import told_of
from bridgehead.rooms.desk.selectors.editions import answering
from bridgehead.rooms.desk.selectors.library import library
from bridgehead.rooms.desk.selectors.policy_desk import policy_desk
from tests.desk.policies import DAY, PolicyWorld, brought_out, changed, policy_world, published, rule, told
from tests.ledger import seen_as

FACTS = {"staff.average": Decimal(120), "industry.restricted_or_prohibited": False}


@pytest.fixture(autouse=True)
def _all_is_seen() -> Iterator[None]:
    with as_system("tests"):
        yield


@pytest.fixture
def world(db: None) -> PolicyWorld:
    return policy_world()


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    return {fault.code for fault in refused.value.faults}


def entered(world: PolicyWorld, text: str = "") -> PolicyEdition:
    return enter_policy(by=seen_as(world.officer), owner=world.keeper.pk, told=told(text or rule()))


def checked(world: PolicyWorld, row: PolicyEdition, by: Person | None = None, days: int = 90) -> PolicyEdition:
    who = seen_as(by or world.officer)
    expires = today() + days * DAY
    return check_edition(by=who, edition=row.pk, version=row.version, compared_with="公告原文", expires_on=expires)


def verdict(facts: dict[str, Any] = FACTS, **asked: Any) -> str:
    (one,) = told_of(facts, **asked)
    return one.verdict


@pytest.mark.article(76)
def test_a_policy_answers_once_somebody_checked_it_and_somebody_else_published_it(world: PolicyWorld) -> None:
    row = entered(world)
    assert not answering()
    row = checked(world, row)
    assert not answering()
    row = publish_edition(by=seen_as(world.head), edition=row.pk, version=row.version)
    assert verdict() == "eligible"
    assert (row.checker, row.checked_on) == ("钱经办", today())
    done = JournalEntry.objects.filter(record_kind="policy_edition").order_by("id").values_list("action", flat=True)
    assert list(done) == ["policy.enter", "policy.check", "policy.publish"]


def test_nobody_publishes_what_they_wrote_or_checked(world: PolicyWorld) -> None:
    by_head = enter_policy(by=seen_as(world.head), owner=world.keeper.pk, told=told(rule()))
    row = checked(world, by_head, world.officer)
    with pytest.raises(BridgeheadError) as refused:
        publish_edition(by=seen_as(world.head), edition=row.pk, version=row.version)
    assert codes(refused) == {"policy.own_work"}


def test_the_database_itself_refuses_one_pair_of_eyes(world: PolicyWorld) -> None:
    row = published(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyEdition.objects.filter(pk=row.pk).update(checked_by=row.published_by)


def test_an_officer_cannot_publish(world: PolicyWorld) -> None:
    row = checked(world, entered(world))
    with pytest.raises(BridgeheadError) as refused:
        publish_edition(by=seen_as(world.second_officer), edition=row.pk, version=row.version)
    assert codes(refused) == {"action.not_allowed"}


def test_another_body_neither_sees_nor_publishes_a_draft(world: PolicyWorld) -> None:
    row = checked(world, entered(world))
    assert not visible(PolicyEdition, seen_as(world.stranger)).exists()
    with pytest.raises(BridgeheadError) as refused:
        publish_edition(by=seen_as(world.stranger), edition=row.pk, version=row.version)
    assert codes(refused) == {"action.no_such_record"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (rule(evidence="recalled"), "policy.only_recalled"),
        (rule(scope="other-region"), "policy.of_another_region"),
        *(
            (rule(scope=scope), "policy.scope_not_allowed")
            for scope in ("other_region", "Other-region", "zhejiang", "''")
        ),
        (rule().replace("scope: national\n", ""), "policy.scope_not_allowed"),
        *((rule(evidence=one), "policy.evidence_not_allowed") for one in ("Recalled", "from memory", "Seen", "''")),
        (rule().replace("evidence: seen\n", ""), "policy.evidence_not_allowed"),
    ],
)
def test_what_is_recalled_or_of_another_region_stays_a_draft(world: PolicyWorld, text: str, code: str) -> None:
    row = entered(world, text)
    with pytest.raises(BridgeheadError) as refused:
        brought_out(world, row)
    assert {(one.code, one.place.field) for one in refused.value.faults} == {(code, "rule")}
    assert not answering()
    (waiting,) = policy_desk(seen_as(world.officer)).kept_back
    assert waiting.edition.pk == row.pk


@pytest.mark.parametrize("scope", ["national", "inner-mongolia"])
def test_a_rule_of_the_country_and_of_the_region_is_published(world: PolicyWorld, scope: str) -> None:
    published(world, rule(scope=scope))
    assert len(answering()) == 1


def test_a_check_has_a_source_and_an_end(world: PolicyWorld) -> None:
    row = entered(world)
    with pytest.raises(BridgeheadError) as refused:
        check_edition(
            by=seen_as(world.officer), edition=row.pk, version=row.version, compared_with=" ", expires_on=None
        )
    assert {(one.code, one.place.field) for one in refused.value.faults} == {
        ("form.missing", "compared_with"),
        ("form.missing", "expires_on"),
    }
    for days, code in ((0, "policy.check_ends_too_soon"), (401, "policy.check_ends_too_late")):
        with pytest.raises(BridgeheadError) as refused:
            checked(world, row, days=days)
        assert codes(refused) == {code}


def test_a_change_unchecks_a_draft(world: PolicyWorld) -> None:
    row = checked(world, entered(world))
    row = write_edition(
        by=seen_as(world.officer), policy=row.policy_id, version=row.version, told=told(rule(staff=500))
    )
    assert (row.state, row.checker, row.checked_on) == ("draft", "", None)
    with pytest.raises(BridgeheadError) as refused:
        publish_edition(by=seen_as(world.head), edition=row.pk, version=row.version)
    assert codes(refused) == {"policy.not_checked"}


@pytest.mark.article(76)
def test_a_change_that_holds_next_month_is_entered_today(world: PolicyWorld) -> None:
    first = published(world)
    later = today() + 30 * DAY
    changed(world, first, rule(staff=100), later)
    assert verdict() == "eligible"
    assert verdict(as_of=later - DAY) == "eligible"
    assert verdict(as_of=later) == "not_eligible"


def test_what_was_known_then_answers_as_it_did(world: PolicyWorld) -> None:
    first = published(world)
    before = timezone.now()
    later = today() + 30 * DAY
    changed(world, first, rule(staff=100), later)
    assert verdict(as_of=later, known_at=before) == "eligible"
    assert verdict(as_of=later) == "not_eligible"


def test_nothing_changes_what_was_told_before_today(world: PolicyWorld) -> None:
    first = published(world)
    with pytest.raises(BridgeheadError) as refused:
        changed(world, first, rule(staff=100), today() - DAY)
    assert codes(refused) == {"policy.change_in_the_past"}


def test_a_second_draft_or_no_change_is_refused(world: PolicyWorld) -> None:
    first = published(world)
    by = seen_as(world.officer)
    with pytest.raises(BridgeheadError) as refused:
        write_edition(by=by, policy=first.policy_id, version=None, told=told(rule(), holds_from=first.holds_from))
    assert codes(refused) >= {"policy.no_change"}
    write_edition(by=by, policy=first.policy_id, version=None, told=told(rule(staff=9), holds_from=today() + DAY))
    with pytest.raises(BridgeheadError) as refused:
        write_edition(by=by, policy=first.policy_id, version=None, told=told(rule(staff=8), holds_from=today() + DAY))
    assert codes(refused) == {"policy.draft_open"}


def test_every_fault_of_a_rule_is_told_with_its_line(world: PolicyWorld) -> None:
    text = rule(formula="'cit.taxable_income_cny / 0'").replace("staff.average", "staff.averige")
    lines = text.splitlines()
    with pytest.raises(BridgeheadError) as refused:
        entered(world, text)
    found = {one.code: one for one in refused.value.faults}
    assert {"policy.unknown_fact"} <= set(found)
    assert len(found) == 2
    for one in found.values():
        assert one.place.field == "rule"
    assert found["policy.unknown_fact"].parameters["line"] == lines.index("- fact: staff.averige") + 1


@pytest.mark.parametrize("text", ["", "id: [", "- id: a\n- id: b", "a: &a [*a]", "just words", "id: x\n" * 3])
def test_no_text_breaks_the_editor(world: PolicyWorld, text: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        enter_policy(by=seen_as(world.officer), owner=world.keeper.pk, told=told(text))
    assert refused.value.faults
    assert not Policy.objects.exists()


def test_a_rule_of_another_code_is_refused(world: PolicyWorld) -> None:
    first = published(world)
    with pytest.raises(BridgeheadError) as refused:
        changed(world, first, rule("other"), today() + DAY)
    assert codes(refused) == {"policy.other_code"}
    with pytest.raises(BridgeheadError) as refused:
        entered(world)
    assert codes(refused) == {"policy.code_taken"}


def test_a_head_sends_back_with_a_reason(world: PolicyWorld) -> None:
    row = checked(world, entered(world))
    by = seen_as(world.head)
    with pytest.raises(BridgeheadError) as refused:
        return_edition(by=by, edition=row.pk, version=row.version)
    assert codes(refused) == {"form.missing"}
    row = return_edition(by=by, edition=row.pk, version=row.version, reason="文号不对")
    assert (row.state, row.returned, row.checked_by) == ("draft", "文号不对", None)


def test_the_library_is_searched_as_data_as_on_its_page(world: PolicyWorld) -> None:
    row = published(world)

    def told(query: str) -> dict[str, Any]:
        return Client().get(f"/api/policies?{query}").json()

    listed = told("")
    assert [one["policy"] for one in listed["policies"]] == [row.policy.code]
    found = told("q=小企业")
    assert found["policies"] == listed["policies"]
    assert (found["total"], found["page"], found["pages"]) == (1, 1, 1)
    assert told("q=小企业&subject=export_lot")["total"] == 1, "as on the page, only the words count"
    missed = told("q=羊绒检疫")
    assert (missed["policies"], missed["total"]) == ([], 0)
    assert "没有找到" in Client().get("/policies/?q=羊绒检疫").content.decode()
    assert told("q=%20")["policies"] == listed["policies"]
    assert told("words=羊绒检疫")["policies"] == listed["policies"], "what is not known asks for nothing"
    assert Client().get("/api/policies?q=" + "字" * 1000).status_code == 422
    assert Client().get("/api/policies?page=0").status_code == 422
    policy = Policy.objects.get()
    withdraw_policy(by=seen_as(world.head), policy=policy.pk, version=policy.version, reason="文件废止")
    assert told("q=小企业")["policies"] == []


def test_a_withdrawn_policy_answers_no_more_and_its_page_stays(world: PolicyWorld) -> None:
    row = published(world)
    policy = Policy.objects.get()
    with pytest.raises(BridgeheadError):
        withdraw_policy(by=seen_as(world.head), policy=policy.pk, version=policy.version)
    withdraw_policy(by=seen_as(world.head), policy=policy.pk, version=policy.version, reason="文件废止")
    assert not answering()
    page = Client().get(f"/policies/{row.policy.code}/")
    assert page.status_code == 200
    assert "文件废止" in page.content.decode()
    assert Client().get(f"/api/policies/{row.policy.code}").json()["state"] == "withdrawn"


def found(q: str) -> list[str]:
    return [hit.title_zh for group in find(current(), ANONYMOUS, q).groups for hit in group.hits]


def test_a_withdrawn_policy_is_found_by_nobody(world: PolicyWorld) -> None:
    published(world)
    assert found("小企业优惠") == ["小企业优惠"]
    policy = Policy.objects.get()
    withdraw_policy(by=seen_as(world.head), policy=policy.pk, version=policy.version, reason="文件废止")
    assert found("小企业优惠") == []
    assert "小企业优惠" not in json.dumps(Client().get("/api/search?q=小企业").json(), ensure_ascii=False)


def test_a_policy_that_holds_only_later_says_so_and_offers_nothing(world: PolicyWorld) -> None:
    later = told(rule(), holds_from=today() + 20 * DAY)
    row = brought_out(world, enter_policy(by=seen_as(world.officer), owner=world.keeper.pk, told=later))
    address = f"policies/{row.policy.code}"
    assert Client().get(f"/api/{address}").json()["state"] == "not_yet"
    page = Client().get(f"/{address}/").content.decode()
    assert "起才适用" in page
    assert "看看适不适合我" not in page
    assert "起有变化" not in page
    assert "看看适不适合我" in Client().get(f"/policies/{published(world, rule('now')).policy.code}/").content.decode()


def test_a_policy_is_found_by_what_it_says_today_and_by_what_is_to_come(world: PolicyWorld) -> None:
    row = published(world)
    later = told(rule(staff=10), holds_from=today() + 30 * DAY, title="下月新标题")
    brought_out(world, write_edition(by=seen_as(world.officer), policy=row.policy_id, version=None, told=later))
    assert found("小企业优惠") == found("下月新标题") == ["小企业优惠"]


def test_a_dropped_draft_makes_room(world: PolicyWorld) -> None:
    row = entered(world)
    drop_edition(by=seen_as(world.officer), edition=row.pk, version=row.version)
    again = write_edition(by=seen_as(world.officer), policy=row.policy_id, version=None, told=told(rule(staff=7)))
    assert again.number == 2


def test_a_check_is_renewed_by_somebody_who_did_not_publish(world: PolicyWorld) -> None:
    row = published(world)
    with pytest.raises(BridgeheadError) as refused:
        checked(world, row, world.head)
    assert codes(refused) == {"policy.own_publication"}
    row = checked(world, row, world.second_officer, days=200)
    assert (row.state, row.checker) == ("published", "周经办")


def test_a_check_that_ran_out_is_said(world: PolicyWorld) -> None:
    row = published(world)
    PolicyEdition.objects.filter(pk=row.pk).update(checked_on=today() - 90 * DAY, check_expires_on=today() - DAY)
    (entry,) = library().entries
    assert entry.unchecked
    (waiting,) = policy_desk(seen_as(world.officer)).runs_out
    assert waiting.edition.pk == row.pk
    assert "核对在" in Client().get(f"/policies/{row.policy.code}/").content.decode()


def test_the_regions_own_policies_become_drafts_once(world: PolicyWorld) -> None:
    by = seen_as(world.officer)
    done = take_over(by=by, owner=world.keeper.pk)
    assert (done.made, done.changed, done.held_up) == (len(shipped()), 0, ())
    assert not answering()
    assert not visible(Policy, ANONYMOUS).exists()
    again = take_over(by=by, owner=world.keeper.pk)
    assert (again.made, again.changed) == (0, 0)


def test_a_changed_file_makes_a_new_draft_beside_what_is_published(world: PolicyWorld) -> None:
    if not shipped():
        pytest.skip("the region has no policies")
    by = seen_as(world.officer)
    take_over(by=by, owner=world.keeper.pk)
    seen = [one for one in shipped() if "evidence: seen" in one.rule and "scope: national" in one.rule]
    row = PolicyEdition.objects.get(policy__code=seen[0].code)
    brought_out(world, row)
    Policy.objects.filter(pk=row.policy_id).update(region_sha256="of another day")
    assert take_over(by=by, owner=world.keeper.pk).changed == 1
    assert PolicyEdition.objects.filter(policy=row.policy_id, state="draft").count() == 1
    Policy.objects.filter(pk=row.policy_id).update(region_sha256="of another day again")
    assert take_over(by=by, owner=world.keeper.pk).held_up == (seen[0].code,)


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    def client_of(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return client_of


def test_a_draft_is_no_page_for_others(world: PolicyWorld, signed_in: Callable[[Person], Client]) -> None:
    row = entered(world)
    address = f"/policies/{row.policy.code}/"
    assert Client().get(address).status_code == 404
    assert signed_in(world.trader).get(address).status_code == 404
    page = signed_in(world.officer).get(address)
    assert page.status_code == 200
    assert "这是草稿" in page.content.decode()


def test_the_pages_bring_a_change_out(world: PolicyWorld, signed_in: Callable[[Person], Client]) -> None:
    first = published(world)
    officer, head = signed_in(world.officer), signed_in(world.head)
    code = first.policy.code
    later = today() + timedelta(days=30)
    fields = {
        "form": "write",
        "once": "once-write",
        "rule": rule(staff=100),
        "holds_from": str(later),
        "change": "收紧",
    }
    words = {"title_zh": "小企业优惠", "title_en": "Small firms", "change": "收紧"}
    assert officer.post(f"/desk/policies/{code}/", fields | words).status_code == 302
    draft = PolicyEdition.objects.get(state="draft")
    check = {"form": "check", "once": "once-check", "version": draft.version, "compared_with": "公告"}
    check["expires_on"] = str(today() + 90 * DAY)
    assert officer.post(f"/policies/{code}/", check).status_code == 302
    draft.refresh_from_db()
    publish = {"form": "publish", "once": "once-publish", "version": draft.version}
    assert officer.post(f"/policies/{code}/", publish).status_code == 403
    assert head.post(f"/policies/{code}/", publish).status_code == 302
    assert verdict(as_of=later) == "not_eligible"
    assert f"{later.year}" in Client().get(f"/policies/{code}/").content.decode()
