"""The money of programmes: entries and counter-entries, totals kept beside them, the alarm, shares by scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from bridgehead.engines.programmes.money import Entry, MoneyKind, own_totals, tree_totals
from bridgehead.kernel.errors import BridgeheadError, sentence
from bridgehead.rooms.ledger.actions.programmes import change_programme, open_programme
from bridgehead.rooms.ledger.actions.programmes_money import correct_money, enter_money
from bridgehead.rooms.ledger.dossier import Asked as DossierAsked
from bridgehead.rooms.ledger.models import Programme, ProgrammeMoney, ProgrammeTotal
from bridgehead.rooms.ledger.selectors.programme import programme_page
from bridgehead.rooms.ledger.selectors.programmes import Asked, register
from bridgehead.rooms.ledger.selectors.programmes_elsewhere import dossier_of
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.programmes import neglected, opened, paid, said

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]
D = Decimal


def faults(call: Callable[..., object], **kwargs: object) -> set[tuple[str, str | None]]:
    with pytest.raises(BridgeheadError) as caught:
        call(**kwargs)
    return {(one.code, one.place.field) for one in caught.value.faults}


@pytest.mark.article(74)
@pytest.mark.article(75)
def test_a_parent_counts_each_entry_once_and_no_transfer_twice(world: LedgerWorld, seen_by: Read) -> None:
    top = opened(world)
    child = opened(world, parent=top.pk)
    paid(world, top, "appropriation", "100")
    paid(world, child, "transfer", "40", giver=top.pk)
    paid(world, child, "special_bond", "5")
    paid(world, child, "transfer", "7")
    paid(world, child, "payment", "60", year=2025)
    page = seen_by(world.commerce_officer, programme_page, top.pk)
    totals = page.all_years.totals
    assert (totals.appropriation, totals.special_bond, totals.transfer) == (100, 5, 7)
    assert (totals.funds, totals.payment) == (112, 60)
    assert [(one.year, one.totals.payment) for one in page.years] == [(2025, 60), (2026, 0)]
    assert page.over_in == ["2025 年"]
    below = seen_by(world.commerce_officer, programme_page, child.pk)
    assert (below.all_years.totals.funds, below.line.over) == (52, True)
    found = seen_by(world.commerce_officer, register, Asked(only="over")).lines
    assert {one.record.pk for one in found} == {top.pk, child.pk}
    assert below.sentence.endswith("；超预算")


def test_a_parent_that_overspends_is_told_though_a_part_of_it_has_money_left(world: LedgerWorld, seen_by: Read) -> None:
    top = opened(world)
    child = opened(world, parent=top.pk)
    paid(world, top, "appropriation", "100")
    paid(world, child, "appropriation", "100")
    paid(world, top, "payment", "150")
    page = seen_by(world.commerce_officer, programme_page, top.pk)
    assert (page.all_years.totals.funds, page.all_years.totals.payment, page.line.over) == (200, 150, True)
    over = seen_by(world.commerce_officer, register, Asked(only="over"))
    assert [one.record.pk for one in over.lines] == [top.pk]
    assert over.counts.over == 1
    assert not seen_by(world.commerce_officer, programme_page, child.pk).line.over


def test_kept_totals_are_those_of_the_entries_whatever_is_moved(world: LedgerWorld) -> None:
    """Entries, counter-entries and moves to other parents in an order drawn by lot; totals by the engine beside."""
    lot = Random(5)
    programmes = [opened(world) for _ in range(4)]
    officer = seen_as(world.commerce_officer)
    for _ in range(24):
        one, other = lot.sample(programmes, 2)
        what = lot.choice(["enter", "enter", "correct", "move"])
        if what == "enter":
            kind = lot.choice(list(MoneyKind))
            giver = other.pk if kind == "transfer" and lot.random() < 0.7 else None
            paid(world, one, kind, f"{lot.randint(1, 99_999)}.{lot.randint(10, 99)}", giver=giver)
        elif what == "correct" and (open_ones := ProgrammeMoney.objects.filter(corrects=None, corrected_by=None)):
            entry = lot.choice(list(open_ones))
            correct_money(by=officer, entry=entry.pk, version=entry.version, why="记错了")
        elif what == "move":
            one.refresh_from_db()
            told = {"programme": one.pk, "version": one.version, "said": said("exhibition", parent=other.pk)}
            try:
                change_programme(by=officer, **told)
            except BridgeheadError as refused:
                assert refused.code == "programme.parent_cycle"  # noqa: PT017 - most moves are taken
    entries = [
        Entry(one.programme_id, MoneyKind(one.kind), one.amount, one.giver_id) for one in ProgrammeMoney.objects.all()
    ]
    parents = dict(Programme.objects.values_list("pk", "parent_id"))
    trees, own = tree_totals(entries, parents), own_totals(entries)
    assert any(parents.values())
    for total in ProgrammeTotal.objects.all():
        tree = trees[total.programme_id]
        assert (total.funds, total.commitment, total.payment) == (tree.funds, tree.commitment, tree.payment)
        if total.programme_id in own:
            mine = own[total.programme_id]
            kept = (total.own_funds, total.own_commitment, total.own_payment)
            assert kept == (mine.funds, mine.commitment, mine.payment)


@pytest.mark.parametrize(
    ("told", "code", "field"),
    [
        ({"amount": "0"}, "programme.bad_amount", "amount"),
        ({"amount": "-5"}, "programme.bad_amount", "amount"),
        ({"amount": "1.005"}, "programme.bad_amount", "amount"),
        ({"amount": "1e5"}, "programme.bad_amount", "amount"),
        ({"amount": "NaN"}, "programme.bad_amount", "amount"),
        ({"amount": "十万"}, "programme.bad_amount", "amount"),
        ({"amount": "1" * 14}, "programme.bad_amount", "amount"),
        ({"kind": "gift"}, "programme.unknown_money", "kind"),
        ({"year": 1899}, "programme.bad_year", "year"),
        ({"year": None}, "programme.bad_year", "year"),
        ({"on": None}, "form.missing", "on"),
        ({"source": " "}, "form.missing", "source"),
        ({"note": "长" * 301}, "programme.too_long", "note"),
        ({"giver": 999_999, "kind": "transfer"}, "programme.unknown_giver", "giver"),
        ({"giver": 999_999}, "programme.giver_not_for_this", "giver"),
    ],
)
def test_a_bad_entry_is_refused(world: LedgerWorld, told: dict[str, Any], code: str, field: str) -> None:
    record = opened(world)
    first = {"kind": "payment", "amount": "5", "year": 2026, "on": timezone.localdate(), "source": "凭证"}
    call = {"by": seen_as(world.commerce_officer), "programme": record.pk, **first, **told}
    assert faults(enter_money, **call) == {(code, field)}
    assert not ProgrammeMoney.objects.exists()


@pytest.mark.parametrize(
    ("tongue", "known"), [("zh-hans", "预算安排、专项债、转移支付"), ("en", "Appropriations, Special bonds, Transfers")]
)
def test_a_kind_of_money_there_is_not_is_refused_with_the_names_of_the_form(
    world: LedgerWorld, tongue: str, known: str
) -> None:
    record = opened(world)
    with override(tongue), pytest.raises(BridgeheadError) as caught:
        paid(world, record, "gift", "5")
    assert known in sentence(caught.value.faults[0], tongue).cure


def test_an_entry_is_mended_once_and_never_edited(world: LedgerWorld, seen_by: Read) -> None:
    record = opened(world)
    wrong = paid(world, record, "payment", "1,000")
    assert seen_by(world.commerce_officer, programme_page, record.pk).line.over
    call = {"by": seen_as(world.commerce_officer), "entry": wrong.pk, "version": wrong.version}
    assert faults(correct_money, **call, why=" ") == {("form.missing", "note")}
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert faults(correct_money, **call, why="x", on=tomorrow) == {("programme.day_to_come", "on")}
    before = wrong.on - timedelta(days=1)
    assert faults(correct_money, **call, why="x", on=before) == {("programme.counter_before_entry", "on")}
    counter = correct_money(**call, why="重复记账", on=wrong.on)
    assert (counter.amount, counter.corrects_id, counter.year) == (D(-1000), wrong.pk, wrong.year)
    assert faults(correct_money, **call, why="再来") == {("programme.already_corrected", None)}
    again = {"by": call["by"], "entry": counter.pk, "version": counter.version}
    assert faults(correct_money, **again, why="再来") == {("programme.is_counter_entry", None)}
    page = seen_by(world.commerce_officer, programme_page, record.pk)
    assert (page.line.over, page.all_years.totals.payment, len(page.entries)) == (False, 0, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeMoney.objects.filter(pk=wrong.pk).update(amount=-1)


def test_strangers_enter_nothing(world: LedgerWorld) -> None:
    record = opened(world)
    told = {"programme": record.pk, "kind": "payment", "amount": "5", "year": 2026, "on": timezone.localdate()}
    assert faults(enter_money, by=seen_as(world.customs_officer), source="x", **told) == {
        ("action.no_such_record", None)
    }
    assert faults(enter_money, by=seen_as(world.deputy), source="x", **told) == {("action.not_allowed", None)}


def test_money_is_taken_from_what_one_keeps_or_is_a_part_of(world: LedgerWorld) -> None:
    """The department of transport leads a part of commerce's programme: it takes from that, and from no other."""
    top, other = opened(world), opened(world)
    part = opened(world, parent=top.pk, office=world.transport.pk)
    told = {"programme": part.pk, "kind": "transfer", "amount": "5", "year": 2026, "on": timezone.localdate()}
    found = faults(enter_money, by=seen_as(world.transport_officer), source="x", giver=other.pk, **told)
    assert found == {("programme.unknown_giver", "giver")}
    by = seen_as(world.second_coordinator)
    mine = open_programme(by=by, organisation=world.office.pk, kind="exhibition", said=said("exhibition"))
    found = faults(enter_money, by=by, source="x", giver=top.pk, **told | {"programme": mine.pk})
    assert found == {("programme.giver_not_theirs", "giver")}
    paid(world, part, "transfer", "5", giver=top.pk)


@pytest.mark.article(74)
def test_the_share_that_was_spent_is_told_by_scope(world: LedgerWorld, seen_by: Read) -> None:
    """A fair serves two articles and counts in each; a parent's scope holds its own money only."""
    fair = opened(world)
    part = opened(world, "standards", office=world.transport.pk, parent=fair.pk)
    paid(world, fair, "appropriation", "200")
    paid(world, fair, "payment", "50")
    paid(world, part, "appropriation", "10")
    paid(world, part, "payment", "10")
    found = {
        by: {
            (one.name, one.funds, one.payment, one.executed)
            for one in seen_by(world.commerce_officer, register, Asked(by=by)).scopes
        }
        for by in ("kind", "organisation", "article")
    }
    spent, all_spent = (D(200), D(50), D("0.25")), (D(10), D(10), D(1))
    assert found == {
        "kind": {("展会", *spent), ("标准", *all_spent)},
        "organisation": {("商务厅", *spent), ("交通厅", *all_spent)},
        "article": {("第 30 条", *spent), ("第 54 条", *spent), ("第 71 条", *all_spent)},
    }


@pytest.mark.article(75)
def test_the_dossier_of_an_article_has_its_programmes_beside_last_year(world: LedgerWorld, seen_by: Read) -> None:
    today = timezone.localdate()
    fair = neglected(world, next_step="发函", next_due_on=today - timedelta(days=1))
    opened(world, name_zh="另一届")
    paid(world, fair, "appropriation", "2,000,000", year=2025)
    paid(world, fair, "payment", "500,000", year=2025)
    paid(world, fair, "appropriation", "3,000,000")

    def read(viewer: Any, articles: tuple[int, ...]) -> Any:
        return dossier_of(DossierAsked(viewer, articles, 2026, today, 1))

    found = seen_by(world.commerce_officer, read, (30, 60))
    section = found[30]
    assert [(line.cells[0], line.cells[4:], line.late) for line in section.lines] == [
        ("向北开放洽谈会", ("300.00", "—"), True)
    ]
    assert [line.cells[4:] for line in section.before] == [("200.00", "50.00")]
    assert [line.standing for line in (*section.lines, *section.before)] == ["", "reported"], "none of no amount"
    assert (section.more, section.gap, section.numbers) == (1, "", (4, 5))
    assert found[60].gap == "没有登记为这一条的项目。"
    assert not seen_by(world.customs_officer, read, (30,))[30].lines
