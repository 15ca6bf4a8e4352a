"""Programmes: what nobody confirmed, who sees what proves a stage, what is handed over, budgets that hide nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.journal import clock
from bridgehead.ground.models import JournalEntry, Person, StoredFile
from bridgehead.rooms.ledger.actions.programmes import change_programme, end_programme, set_next_step
from bridgehead.rooms.ledger.actions.programmes_money import correct_money
from bridgehead.rooms.ledger.actions.programmes_parts import add_item
from bridgehead.rooms.ledger.actions.programmes_stages import accept_stage
from bridgehead.rooms.ledger.models import Programme
from bridgehead.rooms.ledger.programme_kinds import kinds
from bridgehead.rooms.ledger.selectors.programme import programme_page
from bridgehead.rooms.ledger.selectors.programmes import Asked, register
from bridgehead.rooms.ledger.selectors.programmes_by_kind import kind_page
from bridgehead.rooms.ledger.selectors.programmes_due import programmes_due
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.programmes import opened, paid, said
from tests.rooms.ledger.test_programmes import faults, proposed

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]
Browser = Callable[[Person], Client]


@pytest.fixture
def _own_store(tmp_path: Any, settings: Any) -> None:
    settings.BRIDGEHEAD_DATA = tmp_path


def sees(viewer: Any, file: int) -> bool:
    return visible(StoredFile, viewer).filter(pk=file).exists()


@pytest.mark.usefixtures("_own_store")
@pytest.mark.parametrize("by", ["commerce_officer", "transport_officer"])
def test_both_sides_and_who_decides_see_what_proves_a_stage(
    world: LedgerWorld, seen_by: Read, browser: Browser, by: str
) -> None:
    record = opened(world, office=world.transport.pk)
    file = receive(b"hello", "list.txt", "text/plain")
    move = proposed(world, record, "invited", by=getattr(world, by), file=file)
    for person in (world.commerce_head, world.transport_officer, world.coordinator):
        assert seen_by(person, sees, move.file_id)
    assert not seen_by(world.customs_officer, sees, move.file_id)
    head = browser(world.commerce_head)
    page = head.get(reverse("ledger:programme", args=[record.pk])).content.decode()
    link = reverse("files:file", args=[move.file_id])
    assert f'href="{link}"' in page
    assert head.get(link).status_code == 200
    record.refresh_from_db()
    told = {"programme": record.pk, "version": record.version, "said": said("exhibition")}
    change_programme(by=seen_as(world.commerce_officer), **told)
    assert seen_by(world.commerce_head, sees, move.file_id)
    assert not seen_by(world.transport_officer, sees, move.file_id)


def test_handing_over_is_journalled_record_by_record(world: LedgerWorld) -> None:
    record = opened(world)
    entry = paid(world, record, "appropriation", "100")
    told = {"programme": record.pk, "version": record.version, "said": said("exhibition", office=world.transport.pk)}
    change_programme(by=seen_as(world.commerce_officer), **told)
    entry.refresh_from_db()
    line = JournalEntry.objects.filter(record_kind="programme_money", action="programme.change").get()
    assert (entry.office, line.record_id, line.before) == (
        *(world.transport, str(entry.pk)),
        f'{{"office_id":{world.commerce.pk}}}',
    )


def test_what_was_entered_at_a_later_stage_is_not_drawn_as_done(world: LedgerWorld, seen_by: Read) -> None:
    record = opened(world, stage="deals-filed")

    def steps() -> list[tuple[str, bool]]:
        return [(one.where, one.confirmed) for one in seen_by(world.commerce_head, programme_page, record.pk).steps]

    assert steps() == [*[("done", False)] * 3, ("now", False), *[("to_come", True)] * (len(steps()) - 4)]
    assert "按登记，未核对" in seen_by(world.commerce_head, programme_page, record.pk).sentence
    for stage, why in (("held", "重新核对"), ("deals-filed", "")):
        move = proposed(world, record, stage, why_back=why)
        accept_stage(by=seen_as(world.commerce_head), move=move.pk, version=move.version)
    assert steps()[:4] == [("done", False), ("done", False), ("done", True), ("now", True)]
    assert "未核对" not in seen_by(world.commerce_head, programme_page, record.pk).sentence
    usual = opened(world)
    assert all(one.confirmed for one in seen_by(world.commerce_head, programme_page, usual.pk).steps)


def test_whatever_goes_on_has_a_next_step_and_its_day(world: LedgerWorld) -> None:
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    missing = {("form.missing", "next_step"), ("form.missing", "next_due_on")}
    past = {("programme.due_before_today", "next_due_on")}
    assert faults(opened, world, next_step=" ", next_due_on=None) == missing
    assert faults(opened, world, next_due_on=yesterday) == past
    record = opened(world)
    change = {"by": seen_as(world.commerce_officer), "programme": record.pk, "version": record.version}
    assert faults(change_programme, **change, said=said("exhibition", next_step="", next_due_on=None)) == missing
    assert faults(change_programme, **change, said=said("exhibition", next_due_on=yesterday)) == past
    assert faults(set_next_step, **change, next_step="", next_due_on=None) == missing
    assert faults(set_next_step, **change, next_step="x", next_due_on=yesterday) == past
    Programme.objects.filter(pk=record.pk).update(next_due_on=yesterday)
    changed = change_programme(**change, said=said("exhibition", name_zh="新名", next_due_on=yesterday))
    assert changed.name_zh == "新名"
    change["version"] = changed.version
    change["version"] = end_programme(**change, state="stopped", why="停办").version
    change["version"] = change_programme(**change, said=said("exhibition", next_step="", next_due_on=None)).version
    assert faults(end_programme, **change, state="running", why="再办") == {("programme.resumed_without_step", "state")}


@pytest.mark.article(74)
@pytest.mark.parametrize("case", ["own", "year"])
def test_the_alarm_hears_what_a_part_or_another_year_hides(
    world: LedgerWorld, seen_by: Read, browser: Browser, case: str
) -> None:
    """150 of 100 spent beside a part with 100 left; 60 of 10 spent in a year beside 100 of the year before."""
    top = opened(world)
    part = opened(world, parent=top.pk)
    if case == "own":
        wrong = [paid(world, top, "payment", "150")]
        paid(world, top, "appropriation", "100")
        paid(world, part, "appropriation", "100")
    else:
        paid(world, top, "appropriation", "100", year=2025)
        paid(world, top, "appropriation", "10", year=2026)
        wrong = [paid(world, top, "payment", "60", year=2026)]
    page = seen_by(world.commerce_officer, programme_page, top.pk)
    assert (page.line.over, page.over_in) == (
        True,
        ["本项目自身", "本项目自身 2026 年"] if case == "own" else ["2026 年"],
    )
    assert [one.record.pk for one in seen_by(world.commerce_officer, register, Asked(only="over")).lines] == [top.pk]
    assert seen_by(world.commerce_officer, register, Asked()).counts.over == 1
    due = seen_by(world.commerce_officer, programmes_due, [world.commerce.pk], timezone.localdate())
    assert [one.why for one in due] == ["over_budget"]
    told = f"超预算：承诺或支付超过可用资金：{'、'.join(page.over_in)}。"
    assert page.alarm[0] == told
    assert [("结转的钱算在支付的那一年" in one) for one in page.alarm[1:]] == ([True] if case == "year" else [])
    shown = browser(world.commerce_officer).get(reverse("ledger:programme", args=[top.pk])).content.decode()
    assert f'<p class="alarm">{told}</p>' in shown
    assert all(f"<p>{one}</p>" in shown for one in page.alarm[1:])
    for one in wrong:
        correct_money(by=seen_as(world.commerce_officer), entry=one.pk, version=one.version, why="记错")
    assert not seen_by(world.commerce_officer, programme_page, top.pk).line.over


def test_money_carried_over_as_the_alarm_says_counts_in_the_year_it_is_paid(world: LedgerWorld, seen_by: Read) -> None:
    """100 of last year, of which 60 are paid this year: nothing rings once 40 stay and 60 are carried over."""
    record, viewer = opened(world), seen_as(world.commerce_officer)
    given = paid(world, record, "appropriation", "100", year=2025)
    paid(world, record, "payment", "40", year=2025)
    paid(world, record, "payment", "60", year=2026)
    assert seen_by(world.commerce_officer, programme_page, record.pk).over_in == ["2026 年"]
    correct_money(by=viewer, entry=given.pk, version=given.version, why="结转 60 到 2026 年")
    paid(world, record, "appropriation", "40", year=2025)
    paid(world, record, "appropriation", "60", year=2026)
    page = seen_by(world.commerce_officer, programme_page, record.pk)
    assert (page.line.over, page.alarm, page.all_years.totals.funds) == (False, [], 100)


def test_years_move_with_a_part(world: LedgerWorld, seen_by: Read) -> None:
    first, second, part = opened(world), opened(world), opened(world)
    paid(world, part, "payment", "5", year=2025)
    for parent, others in ((first, {first.pk, part.pk}), (second, {second.pk, part.pk}), (None, {part.pk})):
        part.refresh_from_db()
        told = said("exhibition", parent=parent.pk if parent else None)
        change_programme(by=seen_as(world.commerce_officer), programme=part.pk, version=part.version, said=told)
        found = seen_by(world.commerce_officer, register, Asked(only="over")).lines
        assert {one.record.pk for one in found} == others
    first.refresh_from_db()
    assert Decimal(first.total.years.get("2025", {}).get("payment", "0")) == 0


def test_meetings_of_the_year_are_measured_by_those_due_in_it(world: LedgerWorld, seen_by: Read) -> None:
    """Of 40 meetings due this year one was held; another lies years back."""
    today = timezone.localdate()
    record = opened(world, "foreign-mechanism")
    fields = {"place": "乌兰巴托", "level": "leaders", "agreed": "3", "carried_out": "1"}
    told = {"by": seen_as(world.commerce_officer), "programme": record.pk, "title": "会", "source": "纪要"}
    for day in (today, date(2019, 1, 1)):
        add_item(**told, on=day, fields=fields)
    for read in (
        seen_by(world.commerce_officer, kind_page, "foreign-mechanism"),
        seen_by(world.commerce_officer, programme_page, record.pk),
    ):
        held = next(one for one in read.results if one.indicator.id == "meetings-held")
        assert (held.value, held.on) == (Decimal("2.5"), today)


def test_the_register_leads_to_every_kind_with_its_count(world: LedgerWorld, browser: Browser) -> None:
    opened(world)
    opened(world)
    page = browser(world.commerce_head).get(reverse("ledger:programmes")).content.decode()
    for one in kinds().values():
        count = 2 if one.id == "exhibition" else 0
        link = reverse("ledger:programme-kind", args=[one.id])
        assert f'<a href="{link}">{one.name_zh}</a> <span class="fine">{count}</span>' in page


def test_a_programme_points_to_a_line_of_a_plan(world: LedgerWorld, seen_by: Read, browser: Browser) -> None:
    assert faults(opened, world, plan_line="whatever") == {("programme.unknown_plan_line", "plan_line")}
    record = opened(world, plan_line="fyp14-ceke-freight")
    paid(world, record, "appropriation", "10")
    opened(world)
    found = seen_by(world.commerce_officer, register, Asked(plan="fyp14-ceke-freight", by="plan"))
    assert [one.record.pk for one in found.lines] == [record.pk]
    assert [(one.id, one.programmes, one.funds) for one in found.scopes] == [("fyp14-ceke-freight", 1, 10)]
    assert len(seen_by(world.commerce_officer, register, Asked(by="plan")).scopes) == 1
    officer = browser(world.commerce_officer)
    assert "策克口岸 2025 年过货量" in officer.get(reverse("ledger:programme", args=[record.pk])).content.decode()
    form = officer.get(reverse("ledger:edit-programme", args=[record.pk])).content.decode()
    assert '<option value="fyp14-ceke-freight" selected>' in form


def test_a_programme_is_shown_as_it_was_known_on_a_day(
    world: LedgerWorld, seen_by: Read, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entered ten days ago with 100; a week on it was invited and a deal signed; yesterday it was stopped."""
    now, viewer = timezone.now(), seen_as(world.commerce_officer)
    days = {at: timezone.localdate() - timedelta(days=at) for at in (1, 3, 5, 10, 11)}

    def it_is(days_ago: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now - timedelta(days=days_ago))

    monkeypatch.setattr(clock, "stamp", lambda: timezone.now())  # noqa: PLW0108 - `now` is changed below
    it_is(10)
    record = opened(world, next_due_on=timezone.localdate() + timedelta(days=30))
    paid(world, record, "appropriation", "100", year=2026)
    it_is(3)
    move = proposed(world, record, "invited", on=days[5])
    accept_stage(by=seen_as(world.commerce_head), move=move.pk, version=move.version)
    record.refresh_from_db()
    told = {"programme": record.pk, "next_step": "开幕", "next_due_on": days[1]}
    record = set_next_step(by=viewer, version=record.version, **told)
    paid(world, record, "payment", "150", year=2026)
    it_is(1)
    end_programme(by=viewer, programme=record.pk, version=record.version, state="stopped", why="停办")
    it_is(0)

    def known(on: date | None) -> Any:
        return seen_by(world.commerce_head, programme_page, record.pk, on)

    first, later, last = known(days[5]), known(days[3]), known(None)
    assert (first.record.stage, first.record.next_step, first.line.over) == ("approved-fair", "发出邀请", False)
    assert (first.moves, first.all_years.totals.payment) == ([], 0)
    assert (later.record.stage, later.record.next_step, later.record.state) == ("invited", "开幕", "running")
    assert (later.line.over, later.line.payment, later.past) == (True, 150, True)
    assert (last.record.state, last.past) == ("stopped", False)
    assert faults(known, days[11]) == {("programme.not_there_yet", None)}
    head = browser(world.commerce_officer)
    address = reverse("ledger:programme", args=[record.pk])
    page = head.get(f"{address}?on={days[5]}").content.decode()
    assert "发出邀请" in page
    assert 'name="version"' not in page
    assert head.get(f"{address}?on={days[11]}").status_code == 404
    assert head.get(f"/api/programmes/{record.pk}?on={days[3]}").json()["stage"] == "invited"
    file = f"{reverse('files:programme-docx', args=[record.pk])}?on={days[5]}"
    paper = docx.Document(BytesIO(head.get(file).content))
    assert "发出邀请" in {cell.text for table in paper.tables for row in table.rows for cell in row.cells}
