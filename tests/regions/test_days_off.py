"""Working calendars of regions: announced days, days the law names before they are announced, days of the region."""

from __future__ import annotations

from datetime import date

import pytest

from bridgehead.kernel.calendars import Term
from bridgehead.regions.calendars import calendar_of
from bridgehead.regions.load import load_region


@pytest.mark.article(79)
def test_a_day_the_law_names_is_off_before_the_year_is_announced() -> None:
    calendar = calendar_of(load_region())
    last = calendar.announced_until
    assert last is not None
    new_year, year = date(last.year + 1, 1, 1), last.year + 1
    for day in (new_year, date(year, 5, 1), date(year, 5, 2), date(year, 10, 1), date(year, 10, 2), date(year, 10, 3)):
        assert not calendar.is_worked(day)
        due = calendar.ending(day)
        assert due.day > day
        assert due.provisional, "days off between and days worked instead are announced later"
    assert calendar.due(last, Term.read("1wd")).day > new_year


@pytest.mark.article(79)
def test_what_was_announced_is_not_mixed_with_what_the_law_names() -> None:
    calendar = calendar_of(load_region())
    assert calendar.is_worked(date(2026, 2, 14)), "worked instead"
    assert not calendar.is_worked(date(2026, 2, 23))
    assert calendar.due(date(2026, 2, 13), Term.read("2wd")).day == date(2026, 2, 24)
    assert calendar.due(date(2026, 9, 30), Term.read("3wd")).day == date(2026, 10, 10)
