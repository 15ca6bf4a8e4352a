"""Closed periods are told before somebody types: on the forms they close, and in a list everybody can read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.models import Person
from bridgehead.rooms.ledger.actions.evidence import Told, draft_evidence
from bridgehead.rooms.ledger.actions.figures import enter_figure
from bridgehead.rooms.ledger.actions.periods import close_period, open_period
from bridgehead.rooms.ledger.models import ClosedPeriod
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.duties import make

Browser = Callable[[Person], Client]
YEAR = today().year - 2
"""Another year than the one that the records of these tests close."""


def closed(world: LedgerWorld, period: str) -> ClosedPeriod:
    return close_period(by=seen_as(world.coordinator), owner=world.office.pk, period=period, note="内部的说明")


def test_the_form_of_evidence_says_which_periods_are_closed(world: LedgerWorld, browser: Browser) -> None:
    task = make(world)
    officer, here = browser(world.commerce_officer), f"/ledger/tasks/{task.pk}/"
    shut = closed(world, f"{YEAR}Q2")
    assert f"{YEAR} 年第 2 季度" in officer.get(here).content.decode()
    assert f"Q2 {YEAR}. " in " ".join(officer.get(f"/en{here}").content.decode().split()).replace(".", ". ")
    open_period(by=seen_as(world.coordinator), period=shut.pk, version=shut.version, reason="补报")
    assert "第 2 季度" not in officer.get(here).content.decode()


def test_more_periods_than_a_form_names_are_counted(world: LedgerWorld, browser: Browser) -> None:
    task = make(world)
    before = ClosedPeriod.objects.filter(owner=world.office).count()
    for month in range(1, 11):
        closed(world, f"{YEAR}-{month:02}")
    page = browser(world.commerce_officer).get(f"/ledger/tasks/{task.pk}/").content.decode()
    assert f"另有 {10 + before - 6} 个时期" in page


def test_who_decides_on_evidence_is_told_that_its_period_is_closed(world: LedgerWorld, browser: Browser) -> None:
    task = make(world)
    told = Told("那年做的", "商务厅", date(YEAR, 5, 5))
    row = draft_evidence(by=seen_as(world.commerce_officer), task=task.pk, organisation=world.commerce.pk, told=told)
    here = f"/ledger/evidence/{row.pk}/"
    officer = browser(world.commerce_officer)
    assert f"{YEAR} 年 5 月。" not in officer.get(here).content.decode()
    closed(world, f"{YEAR}-05")
    assert re.search(rf"不再收：[^。]*{YEAR} 年 5 月。", officer.get(here).content.decode()), "its form says so"
    row.state = "handed_in"
    row.save()
    assert f"{YEAR} 年 5 月 已经关账，这份证据现在不能认可" in browser(world.coordinator).get(here).content.decode()


def test_the_forms_of_figures_say_which_periods_are_closed(world: LedgerWorld, browser: Browser) -> None:
    officer = browser(world.commerce_officer)
    told = {"indicator": "port_freight", "period": f"{YEAR}-03", "source": "月报", "unit": "10^4 t"}
    by = seen_as(world.commerce_officer)
    made = enter_figure(by=by, organisation=world.commerce.pk, value=Decimal(1100), **told)  # type: ignore[arg-type]
    assert "现在不能更正" not in officer.get(f"/figures/{made.pk}/").content.decode()
    closed(world, f"{YEAR}Q1")
    assert f"不再收：{YEAR} 年第 1 季度" in officer.get("/indicators/port_freight/").content.decode()
    assert f"{YEAR} 年第 1 季度 已经关账，这个数现在不能更正" in officer.get(f"/figures/{made.pk}/").content.decode()


def test_everybody_reads_the_list_and_only_its_keeper_changes_it(world: LedgerWorld, browser: Browser) -> None:
    make(world)
    closed(world, f"{YEAR}H1")
    officer = browser(world.commerce_officer)
    page = officer.get("/ledger/periods/").content.decode()
    assert f"{YEAR} 年上半年" in page
    assert "协调机构" in page
    assert "内部的说明" not in page, "the remark is for who keeps the records"
    assert 'method="post"' not in page.partition("<main")[2].partition("</main>")[0]
    assert f"{YEAR}H1" in {one["period"] for one in officer.get("/api/ledger/periods").json()["periods"]}
    keeper = browser(world.coordinator).get("/ledger/periods/").content.decode()
    assert "内部的说明" in keeper
    assert 'value="close"' in keeper
