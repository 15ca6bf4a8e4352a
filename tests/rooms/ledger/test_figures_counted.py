"""Figures that nobody reports: the ledger counts its own tasks, those due and those done in time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Organisation
from bridgehead.ground.region import current
from bridgehead.kernel.periods import Period
from bridgehead.kernel.source import Standing
from bridgehead.rooms.ledger.indicators import indicators
from bridgehead.rooms.ledger.models import FOREVER, Spell, Task
from bridgehead.rooms.ledger.selectors.figures import Reckoner
from bridgehead.rooms.ledger.selectors.figures_counted import COUNTED
from bridgehead.rooms.ledger.selectors.figures_owed import figures_owed
from bridgehead.rooms.ledger.selectors.figures_register import last_values
from tests.ground.world import member
from tests.ledger import LedgerWorld

Read = Callable[..., Any]
GIVEN = date(2025, 1, 2)
Told = tuple[date, date, bool, int]


def stood(world: LedgerWorld, *spells: Told) -> None:
    """Make a task that stood so: from a day, with a term, owed or not, with a share."""
    with as_system("tests"):
        task = Task.objects.create(
            owner=world.office, office=world.commerce, title="办一件事", given_on=GIVEN, due_on=spells[-1][1]
        )
        for at, (begins, due, owed, share) in enumerate(spells):
            until = spells[at + 1][0] if at + 1 < len(spells) else FOREVER
            who = {"task": task, "owner": world.office, "office": world.commerce}
            Spell.objects.create(from_on=begins, until_on=until, due_on=due, owed=owed, share=share, **who)


@pytest.fixture
def spring(world: LedgerWorld) -> LedgerWorld:
    """Five terms in March 2025: two kept, one kept late, one extended to May before it came, one task ended before."""
    term, may = date(2025, 3, 20), date(2025, 5, 10)
    stood(world, (GIVEN, term, True, 0), (date(2025, 3, 5), term, False, 1))
    stood(world, (GIVEN, term, True, 0), (term, term, False, 1))
    stood(world, (GIVEN, term, True, 0), (date(2025, 3, 21), term, False, 1))
    stood(world, (GIVEN, term, True, 0), (date(2025, 3, 10), may, True, 0))
    stood(world, (GIVEN, term, True, 0), (date(2025, 3, 12), term, False, 0))
    return world


def value(viewer: Any, indicator: str, period: str, known_on: date | None = None) -> Any:
    reckoner = Reckoner.of(viewer, [indicator], [2025], known_on=known_on)
    return reckoner.value(indicator, Period.read(period))


@pytest.mark.article(79)
@pytest.mark.article(81)
def test_tasks_due_and_done_in_time_are_counted_as_they_stood_on_the_day_of_their_term(
    spring: LedgerWorld, seen_by: Read
) -> None:
    def told(indicator: str, period: str, known_on: date | None = None) -> Any:
        return seen_by(spring.coordinator, value, indicator, period, known_on)

    due = told("tasks_due", "2025-03")
    assert (due.value, due.how, due.standing, due.source_date) == (3, "counted", Standing.DERIVED, "2025-03-31")
    assert "台账" in due.source
    assert told("tasks_on_time", "2025-03").value == 2
    assert [told("tasks_due", period).value for period in ("2025-02", "2025-05", "2025Q1", "2025-01..05")] == [
        *(0, 1, 3, 4),
    ]
    rate = told("duty_on_time", "2025-03")
    assert (round(rate.value, 2), rate.how) == (Decimal("66.67"), "formula")
    assert told("duty_on_time", "2025-05").value == 0
    assert told("duty_on_time", "2025-02").value is None, "no task was due"
    assert told("tasks_due", "2024-03").value is None
    assert told("tasks_due", "2025-03", date(2025, 3, 31)).value is None, "the month was not over"
    assert told("tasks_due", "2025-03", date(2025, 4, 1)).value == 3


def test_who_does_not_see_every_task_is_told_no_number(
    spring: LedgerWorld, seen_by: Read, browser: Callable[..., Any]
) -> None:
    term = timezone.localdate().replace(day=1) - timedelta(days=1)
    stood(spring, (GIVEN, term, True, 0), (term, term, False, 1))
    stood(spring, (GIVEN, term, True, 0))
    month = f"{term.year} 年 {term.month} 月："
    for address, said in (("duty_on_time", "50 %"), ("tasks_due", "2 件")):
        page = browser(spring.coordinator).get(f"/indicators/{address}/").content.decode()
        assert month + said in re.sub(r"<[^>]+>", "", page)
    assert seen_by(spring.coordinator, last_values, ["duty_on_time"])["duty_on_time"].value == 50
    assert seen_by(spring.commerce_officer, last_values, ["duty_on_time"]) == {}
    assert seen_by(spring.commerce_officer, value, "tasks_due", "2025-03").value is None
    page = browser(spring.commerce_officer).get("/indicators/tasks_due/").content.decode()
    assert "没有你能看到的数" in page
    assert "不用填报" in page


def test_nobody_owes_what_the_ledger_counts(world: LedgerWorld, seen_by: Read) -> None:
    column = next(one for one in current().region.tables["series"].schema.columns if one.name == "counted")
    assert set(column.allowed) == set(COUNTED)
    assert {one for one in COUNTED if indicators().latest(one).counted == one} == set(COUNTED)
    with as_system("tests"):
        body = Organisation.objects.get(code="nm-coord")
        officer = member(body, "coordination", "counting-officer", "郑经办")
    owed = seen_by(officer, figures_owed, [body.pk], date(2026, 4, 10))
    assert not {one.indicator for one in owed} & set(COUNTED)
