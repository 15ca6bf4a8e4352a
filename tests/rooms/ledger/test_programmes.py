"""Programmes: entering and changing them, stages with four eyes, parties and items, what waits for whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import JournalEntry, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.programmes import change_programme, end_programme, set_next_step
from bridgehead.rooms.ledger.actions.programmes_parts import add_item, add_party, change_item, let_party_go
from bridgehead.rooms.ledger.actions.programmes_stages import (
    accept_stage,
    propose_stage,
    return_stage,
    withdraw_stage,
)
from bridgehead.rooms.ledger.models import Programme, ProgrammeArticle, ProgrammeItem, StageMove
from bridgehead.rooms.ledger.programme_kinds import kind_of, kinds
from bridgehead.rooms.ledger.selectors.programme import programme_page
from bridgehead.rooms.ledger.selectors.programmes import Asked, register
from bridgehead.rooms.ledger.selectors.programmes_by_kind import kind_page
from bridgehead.rooms.ledger.selectors.programmes_due import programmes_due
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.programmes import neglected, opened, paid, said

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]


def faults(call: Callable[..., object], *args: object, **kwargs: object) -> set[tuple[str, str | None]]:
    with pytest.raises(BridgeheadError) as caught:
        call(*args, **kwargs)
    return {(one.code, one.place.field) for one in caught.value.faults}


def proposed(world: LedgerWorld, record: Programme, stage: str, **told: Any) -> StageMove:
    record.refresh_from_db()
    first = {"on": timezone.localdate(), "evidence": "批复文件"}
    viewer = seen_as(told.pop("by", world.commerce_officer))
    return propose_stage(by=viewer, programme=record.pk, version=record.version, stage=stage, **first | told)


def test_a_programme_says_what_its_kind_says_of_it(world: LedgerWorld) -> None:
    record = opened(world, office=world.transport.pk, place="甘其毛都", project="gq-ganquan-rail")
    assert (record.stage, record.articles) == ("approved-fair", [30, 54])
    assert record.fields["edition"] == 40
    assert record.place_id.startswith("ganqimaodu")
    assert (record.owner, record.office) == (world.commerce, world.transport)
    assert list(ProgrammeArticle.objects.values_list("article", flat=True)) == [30, 54]
    assert record.code.startswith("exhibition-")


@pytest.mark.article(
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
    17,
    18,
    19,
    20,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
    28,
    30,
    31,
    32,
    33,
    34,
    35,
    37,
    38,
    43,
    44,
    45,
    46,
    47,
    48,
    50,
    52,
    53,
    54,
    55,
    56,
    57,
    60,
    64,
    65,
    66,
    67,
    69,
    70,
    71,
    74,
    75,
    78,
    80,
)
@pytest.mark.parametrize("kind", list(kinds()))
def test_every_kind_can_be_entered_and_taken_to_its_end(kind: str) -> None:
    """The stages of each kind, walked as the action walks them; what is written then is the same for all."""
    declared = kind_of(kind)
    here = declared.stages[0].id
    passed = [here]
    while (following := declared.next(here)) is not None:
        assert declared.back(here, following.id) is False
        here = following.id
        passed.append(here)
    assert passed == [one.id for one in declared.stages]
    assert set(declared.read(said(kind).fields)) == {one.id for one in declared.fields}
    if declared.item:
        from tests.ledger.programmes import typed

        typed_item = {one.id: typed(one) for one in declared.item_fields}
        assert set(declared.read(typed_item, item=True)) == set(typed_item)


def test_a_code_given_by_hand_is_not_given_again(world: LedgerWorld) -> None:
    first = opened(world)
    # A database may skip numbers, and the next code follows the last record.
    taken, following = (f"exhibition-{first.pk + more:04d}" for more in (2, 3))
    assert opened(world, code=taken).pk == first.pk + 1
    assert opened(world).code == following


def test_everything_wrong_with_a_programme_is_told_at_once(world: LedgerWorld) -> None:
    opened(world, code="taken")
    to_come = timezone.localdate() + timedelta(days=1)
    found = faults(
        opened,
        world,
        code="taken",
        name_zh=" ",
        source="",
        source_on=to_come,
        next_step="",
        office=999_999,
        parent=999_999,
        place="Atlantis",
        project="no-such",
        articles=(0, 30, 99),
        fields={"edition": "x", "height": "1"},
        stage="no-such-stage",
        stage_on=to_come,
        plan_line="no-such-line",
    )
    assert found == {
        ("form.missing", "name_zh"),
        ("form.missing", "source"),
        ("programme.day_to_come", "source_on"),
        ("form.missing", "next_step"),
        ("ledger.unknown_body", "office"),
        ("programme.unknown_parent", "parent"),
        ("programme.unknown_place", "place"),
        ("programme.unknown_project", "project"),
        ("programme.unknown_article", "articles"),
        ("programme.field_not_a_number", "field-edition"),
        ("programme.field_missing", "field-opens_on"),
        ("programme.field_unknown", "field-height"),
        ("programme.code_taken", "code"),
        ("programme.unknown_stage", "stage"),
        ("programme.day_to_come", "stage_on"),
        ("programme.unknown_plan_line", "plan_line"),
    }
    assert Programme.objects.count() == 1


@pytest.mark.parametrize("code", ["-x", "a b", "项目", "x" * 41, "x/y"])
def test_a_code_stands_in_addresses(world: LedgerWorld, code: str) -> None:
    assert faults(opened, world, code=code) == {("programme.bad_code", "code")}


def test_only_who_keeps_or_leads_it_changes_it(world: LedgerWorld) -> None:
    record = opened(world)
    told = {"programme": record.pk, "version": record.version, "said": said("exhibition", name_zh="新名")}
    assert faults(change_programme, by=seen_as(world.transport_officer), **told) == {("action.no_such_record", None)}
    assert faults(change_programme, by=seen_as(world.deputy), **told) == {("action.not_allowed", None)}
    changed = change_programme(
        by=seen_as(world.commerce_officer), **told | {"said": said("exhibition", office=world.transport.pk)}
    )
    told = told | {"version": changed.version, "said": said("exhibition", office=world.transport.pk, articles=(9,))}
    change_programme(by=seen_as(world.transport_officer), **told)
    assert list(ProgrammeArticle.objects.values_list("article", "office")) == [(9, world.transport.pk)]


def test_two_officers_do_not_overwrite_each_other(world: LedgerWorld) -> None:
    record = opened(world)
    told = {"programme": record.pk, "version": record.version, "next_due_on": timezone.localdate()}
    set_next_step(by=seen_as(world.commerce_officer), next_step="甲", **told)
    found = faults(set_next_step, by=seen_as(world.commerce_head), next_step="乙", **told)
    assert found == {("action.changed_meanwhile", None)}


def test_a_programme_is_no_part_of_its_parts(world: LedgerWorld) -> None:
    top = opened(world)
    middle = opened(world, parent=top.pk)
    low = opened(world, parent=middle.pk)
    told = {"programme": top.pk, "version": top.version, "by": seen_as(world.commerce_officer)}
    for under in (low, middle, top):
        found = faults(change_programme, **told, said=said("exhibition", parent=under.pk))
        assert found == {("programme.parent_cycle", "parent")}


@pytest.mark.article(9)
def test_a_stage_is_proposed_by_one_and_accepted_by_another(world: LedgerWorld) -> None:
    record = opened(world)
    move = proposed(world, record, "invited", by=world.commerce_head)
    record.refresh_from_db()
    assert record.stage == "approved-fair"
    again = {"move": move.pk, "version": move.version}
    assert faults(accept_stage, by=seen_as(world.commerce_head), **again) == {("programme.own_stage", None)}
    assert faults(accept_stage, by=seen_as(world.commerce_officer), **again) == {("action.not_allowed", None)}
    accept_stage(by=seen_as(world.coordinator), **again)
    record.refresh_from_db()
    move.refresh_from_db()
    assert (record.stage, move.state, move.decided_by) == ("invited", "accepted", world.coordinator.pk)
    assert faults(return_stage, by=seen_as(world.coordinator), move=move.pk, version=move.version, comment="晚了") == {
        ("programme.stage_decided", None)
    }
    told = JournalEntry.objects.filter(record_kind="programme", action="programme.accept_stage").get()
    assert '"invited"' in told.after


@pytest.mark.parametrize(
    ("stage", "told", "code", "field"),
    [
        ("held", {}, "programme.stage_skipped", "stage"),
        ("approved-fair", {}, "programme.same_stage", "stage"),
        ("nowhere", {}, "programme.unknown_stage", "stage"),
        ("invited", {"evidence": " "}, "form.missing", "evidence"),
        ("invited", {"on": None}, "form.missing", "on"),
        ("invited", {"on": timezone.localdate() + timedelta(days=1)}, "programme.day_to_come", "on"),
        ("invited", {"on": timezone.localdate() - timedelta(days=1)}, "programme.before_the_stage", "on"),
    ],
)
def test_a_bad_move_is_refused(world: LedgerWorld, stage: str, told: dict[str, Any], code: str, field: str) -> None:
    assert faults(proposed, world, opened(world), stage, **told) == {(code, field)}


def test_a_page_leads_to_the_file_that_proves_a_stage(world: LedgerWorld, browser: Callable[[Person], Client]) -> None:
    record = opened(world)
    move = proposed(world, record, "invited", file=receive("邀请函".encode(), "invited.txt"))
    page = browser(world.commerce_head).get(f"/programmes/{record.pk}/")
    assert f'href="{reverse("files:file", args=[move.file_id])}"' in page.content.decode()


def test_who_decides_sees_the_file_and_a_programme_that_ended_moves_no_more(
    world: LedgerWorld, browser: Callable[[Person], Client]
) -> None:
    record = opened(world, office=world.transport.pk)
    paper = receive("邀请函".encode(), "invited.txt")
    move = proposed(world, record, "invited", by=world.transport_officer, file=paper)
    file = reverse("files:file", args=[move.file_id])
    assert browser(world.commerce_head).get(file).status_code == 200
    assert browser(world.customs_officer).get(file).status_code == 404
    record.refresh_from_db()
    ended = {"programme": record.pk, "version": record.version, "state": "stopped", "why": "不办了"}
    end_programme(by=seen_as(world.commerce_officer), **ended)
    again = {"move": move.pk, "version": move.version}
    assert ("programme.not_running", None) in faults(accept_stage, by=seen_as(world.commerce_head), **again)


def test_nobody_works_abroad_before_they_are_insured(world: LedgerWorld, browser: Callable[[Person], Client]) -> None:
    record = opened(world, "outbound-support", stage="outbound-filed")
    assert faults(proposed, world, record, "under-way") == {("programme.stage_skipped", "stage")}
    page = browser(world.commerce_head).get(f"/programmes/{record.pk}/")
    said = [one.name for one in page.context["seen"].steps]
    assert said[2:5] == ["核准或备案", "保险和安保到位", "境外实施"]
    ladder = re.search(r'<ol class="ladder">(.*?)</ol>', page.content.decode(), re.S)
    assert ladder
    assert [ladder[1].index(one) for one in said] == sorted(ladder[1].index(one) for one in said)
    move = proposed(world, record, "insured")
    record = accept_stage(by=seen_as(world.commerce_head), move=move.pk, version=move.version)
    assert proposed(world, record, "under-way").to_stage == "under-way"


def test_it_goes_back_for_a_reason_only_and_one_move_waits_at_a_time(world: LedgerWorld) -> None:
    record = opened(world, stage="held")
    assert faults(proposed, world, record, "invited") == {("programme.back_without_reason", "why_back")}
    move = proposed(world, record, "invited", why_back="展会改期")
    assert faults(proposed, world, record, "deals-filed") == {("programme.stage_waits", None)}
    withdraw_stage(by=seen_as(world.commerce_officer), move=move.pk, version=move.version)
    move = proposed(world, record, "invited", why_back="展会改期")
    head = seen_as(world.commerce_head)
    assert faults(return_stage, by=head, move=move.pk, version=move.version, comment="") == {("form.missing", "reason")}
    return_stage(by=head, move=move.pk, version=move.version, comment="没有改期")
    record.refresh_from_db()
    assert record.stage == "held"


def test_it_ends_at_its_last_stage_or_is_stopped_for_a_reason(world: LedgerWorld) -> None:
    top = opened(world)
    child = opened(world, parent=top.pk, stage="closed-book")
    end = {"by": seen_as(world.commerce_officer), "programme": top.pk, "version": top.version}
    assert faults(end_programme, **end, state="done", why="") == {
        *(("form.missing", "reason"), ("programme.not_at_its_end", "state"), ("programme.children_run", "state"))
    }
    assert faults(end_programme, **end, state="running", why="再来") == {("programme.unknown_state", "state")}
    end_programme(by=end["by"], programme=child.pk, version=child.version, state="done", why="履约结清")
    stopped = end_programme(**end, state="stopped", why="停办")
    assert faults(proposed, world, stopped, "invited") == {("programme.not_running", None)}
    again = {"programme": top.pk, "version": stopped.version, "next_step": "x", "next_due_on": timezone.localdate()}
    assert faults(set_next_step, by=end["by"], **again) == {("programme.not_running", None)}


def test_parties_come_and_go(world: LedgerWorld) -> None:
    record = opened(world)
    add = {"by": seen_as(world.commerce_officer), "programme": record.pk}
    party = add_party(**add, role="joint", organisation=world.transport.pk)
    assert faults(add_party, **add, role="joint", organisation=world.transport.pk) == {
        ("programme.party_doubled", "name")
    }
    assert faults(add_party, **add, role="king", name="") == {
        *(("programme.unknown_role", "role"), ("programme.party_unnamed", "name"))
    }
    assert faults(add_party, **add, role="joint", organisation=99_999) == {("programme.unknown_party", "organisation")}
    party = let_party_go(by=add["by"], party=party.pk, version=party.version)
    assert faults(let_party_go, by=add["by"], party=party.pk, version=party.version) == {("programme.party_left", None)}
    add_party(**add, role="joint", organisation=world.transport.pk)


@pytest.mark.article(30)
def test_deals_are_followed_from_signing_to_fulfilment(world: LedgerWorld, seen_by: Read) -> None:
    """1,000 signed and 250 fulfilled: 25 %; then 800, and 1,200 of 3,000 beside it: 2,000 of 4,000."""
    record = opened(world)
    viewer, today = seen_as(world.commerce_officer), timezone.localdate()
    deal = {"title": "肉类", "on": today, "source": "签约册"}
    fields = {"counterparty": "甲", "signed_value": "1000", "fulfilled_value": "250", "trade_or_investment": "trade"}
    item = add_item(by=viewer, programme=record.pk, **deal, fields=fields)

    def share() -> list[str]:
        page = seen_by(world.commerce_head, kind_page, "exhibition")
        return [f"{one.value:.1f}" for one in page.results if one.value is not None]

    assert share() == ["25.0", "100.0"]
    add_item(
        by=viewer, programme=record.pk, **deal, fields=fields | {"signed_value": "3,000", "fulfilled_value": "1200"}
    )
    more = {"item": item.pk, "version": 1, **deal, "fields": fields | {"fulfilled_value": "2000"}}
    assert faults(change_item, by=viewer, **more) == {("programme.field_over_whole", "field-fulfilled_value")}
    change_item(by=viewer, **more | {"fields": fields | {"fulfilled_value": "800"}})
    assert share() == ["50.0", "100.0"]
    first = JournalEntry.objects.filter(record_kind="programme_item", record_id=str(item.pk)).order_by("id").first()
    assert first is not None
    assert "250" in first.after
    bad = faults(add_item, by=viewer, programme=record.pk, title="", on=None, source="", fields={"signed_value": "-1"})
    assert bad == {
        *(("form.missing", name) for name in ("title", "on", "source")),
        *(("programme.field_missing", f"field-{name}") for name in fields if name != "signed_value"),
        ("programme.field_below_zero", "field-signed_value"),
    }
    other = opened(world, "standards")
    assert faults(add_item, by=viewer, programme=other.pk, **deal, fields={}) == {("programme.no_items", None)}
    assert ProgrammeItem.objects.count() == 2


@pytest.mark.article(54)
def test_indicators_name_their_inputs_and_leave_out_what_was_stopped(world: LedgerWorld, seen_by: Read) -> None:
    """Of three leads one came to a contract; 40 of 40 arrived each; the stopped one counts nowhere."""
    opened(world, "investment-lead")
    opened(world, "investment-lead", stage="contract")
    gone = opened(world, "investment-lead", stage="producing")
    by = seen_as(world.commerce_officer)
    end_programme(by=by, programme=gone.pk, version=gone.version, state="stopped", why="撤资")
    page = seen_by(world.commerce_officer, kind_page, "investment-lead")
    results = {one.indicator.id: (one.value, [(two.series, two.value) for two in one.inputs]) for one in page.results}
    assert results == {
        "capital-arrived": (100, [("arrived", 80), ("intended", 80)]),
        "lead-to-contract": (50, [("reached_contract", 1), ("count", 2)]),
    }
    assert {one.stage.id: one.count for one in page.stages if one.count} == {"lead": 1, "contract": 1}
    assert (page.total, page.running) == (3, 2)


def test_the_register_says_what_is_the_matter(world: LedgerWorld, seen_by: Read) -> None:
    today = timezone.localdate()
    opened(world)
    late = neglected(world, next_step="发函", next_due_on=today - timedelta(days=1))
    unsaid = neglected(world, next_step="", next_due_on=None)
    opened(world, "standards", office=world.transport.pk)
    paid(world, late, "payment", "5")
    found = seen_by(world.commerce_officer, register, Asked())
    counts = found.counts
    assert (counts.every, counts.running, counts.unsaid, counts.late, counts.over) == (4, 4, 1, 1, 1)
    assert counts.sentence() == "4 个项目在进行，1 个下一步逾期，1 个没有下一步，1 个超预算"
    for asked, wanted in (
        (Asked(only="late"), {late.pk, unsaid.pk}),
        (Asked(only="over"), {late.pk}),
        (Asked(article=71, kind="exhibition"), set()),
    ):
        assert {one.record.pk for one in seen_by(world.commerce_officer, register, asked).lines} == wanted
    assert seen_by(world.commerce_officer, register, Asked(article=71)).total == 1
    assert seen_by(world.commerce_officer, register, Asked(organisation=world.transport.pk)).total == 1
    assert seen_by(world.transport_officer, register, Asked()).counts.every == 1
    assert seen_by(world.customs_officer, register, Asked()).counts.every == 0


def test_what_waits_is_told_to_whom_it_waits_for(world: LedgerWorld, seen_by: Read) -> None:
    today = timezone.localdate()
    late = neglected(world, next_step="发函", next_due_on=today - timedelta(days=3), name_zh="迟")
    neglected(world, next_step="", next_due_on=None, name_zh="空")
    opened(world)
    move = proposed(world, late, "invited")
    ids = [world.commerce.pk]
    head = [(one.title, one.why) for one in seen_by(world.commerce_head, programmes_due, ids, today)]
    assert head == [("迟", "overdue"), ("空", "no_next_step"), ("迟", "to_decide")]
    officer = {one.why for one in seen_by(world.commerce_officer, programmes_due, ids, today)}
    assert officer == {"overdue", "no_next_step"}
    accept_stage(by=seen_as(world.commerce_head), move=move.pk, version=move.version)
    assert "to_decide" not in {one.why for one in seen_by(world.commerce_head, programmes_due, ids, today)}
    assert seen_by(world.customs_officer, programmes_due, ids, today) == []


def test_a_page_shows_the_linked_project_with_its_source(world: LedgerWorld, seen_by: Read) -> None:
    record = opened(world, "transport-construction", project="gq-ganquan-rail", place="ganqimaodu")
    page = seen_by(world.commerce_officer, programme_page, record.pk)
    assert page.project["cost_cny"] == 4_700_000_000
    assert page.project.text("source").startswith("Modern Logistics News")
    assert [one.where for one in page.steps] == ["now", *["to_come"] * 6]
    assert page.steps[1].expected_on is not None
    due = record.next_due_on
    assert page.sentence == f"在“项目建议书”阶段，第 1 步，共 7 步；下一步 {due.year} 年 {due.month} 月 {due.day} 日 前"
    with pytest.raises(BridgeheadError) as caught:
        seen_by(world.customs_officer, programme_page, record.pk)
    assert caught.value.code == "action.no_such_record"
