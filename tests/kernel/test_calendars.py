"""Working days and due dates against a walk from day to day, and against cases worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.kernel.calendars import Calendar, Due, Term, Unit
from bridgehead.kernel.errors import BridgeheadError

DAY = timedelta(days=1)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
special = st.frozensets(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=60)
near = st.dates(date(2023, 6, 1), date(2027, 6, 1))

# National Day and Mid-Autumn of 2025 as announced: 1 to 8 October off, 28 September and 11 October worked.
AUTUMN = Calendar(
    off=[date(2025, 10, day) for day in range(1, 9)],
    worked=[date(2025, 9, 28), date(2025, 10, 11)],
    announced_until=date(2025, 12, 31),
)


def walked(calendar: Calendar, day: date, working_days: int) -> date:
    step = DAY if working_days > 0 else -DAY
    left = abs(working_days)
    while left:
        day += step
        left -= calendar.is_worked(day)
    return day


@given(special, special, near, st.integers(-40, 40).filter(bool))
def test_adding_working_days_is_walking_from_day_to_day(
    off: frozenset[date], worked: frozenset[date], day: date, count: int
) -> None:
    calendar = Calendar(off - worked, worked)
    assert calendar.add(day, count) == walked(calendar, day, count)


@given(special, special, near, near)
def test_counting_working_days_is_counting_them(
    off: frozenset[date], worked: frozenset[date], one: date, other: date
) -> None:
    calendar = Calendar(off - worked, worked)
    first, last = sorted((one, other))
    between = sum(calendar.is_worked(first + number * DAY) for number in range(1, (last - first).days + 1))
    assert calendar.working_days(first, last) == between
    assert calendar.working_days(last, first) == -between


@given(special, near, st.sampled_from(list(Unit)), st.integers(1, 30))
def test_a_term_ends_on_a_working_day_after_its_event(
    off: frozenset[date], begins: date, unit: Unit, count: int
) -> None:
    calendar = Calendar(off)
    due = calendar.due(begins, Term(count, unit)).day
    assert due > begins
    assert calendar.is_worked(due)
    assert calendar.due(begins, Term(count + 1, unit)).day >= due


@pytest.mark.parametrize(
    ("begins", "term", "day"),
    [
        ("2025-09-26", "1wd", "2025-09-28"),  # the Sunday that is worked
        ("2025-09-26", "5wd", "2025-10-10"),  # 28, 29 and 30 September, 9 and 10 October
        ("2025-09-30", "3wd", "2025-10-11"),
        ("2025-09-24", "7d", "2025-10-09"),  # 1 October and the week after are off
        ("2025-08-31", "1m", "2025-09-30"),  # no 31 September
        ("2025-09-08", "1m", "2025-10-09"),
        ("2024-02-29", "1y", "2025-02-28"),
        ("2024-12-31", "2m", "2025-02-28"),
        ("2025-11-15", "1w", "2025-11-24"),  # a Saturday
        ("2025-10-20", "2m", "2025-12-22"),  # 20 December is a Saturday
    ],
)
def test_due_dates_worked_out_by_hand(begins: str, term: str, day: str) -> None:
    assert AUTUMN.due(date.fromisoformat(begins), Term.read(term)) == Due(date.fromisoformat(day))


def test_a_due_date_beyond_what_was_announced_is_provisional() -> None:
    assert AUTUMN.due(date(2025, 12, 1), Term.read("1m")) == Due(date(2026, 1, 1), provisional=True)
    assert not Calendar().due(date(2025, 12, 1), Term.read("1m")).provisional


@given(st.integers(1, 9999), st.sampled_from(list(Unit)))
def test_a_term_is_read_as_it_is_written(count: int, unit: Unit) -> None:
    assert Term.read(str(Term(count, unit))) == Term(count, unit)


@pytest.mark.parametrize("text", ["", "0d", "-3d", "3", "3 weeks", "d", "1.5m", "12345d", "\uff13d"])
def test_a_term_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        Term.read(text)
    assert refused.value.code == "calendar.bad_term"


def test_a_day_is_not_both_off_and_worked() -> None:
    with pytest.raises(BridgeheadError) as refused:
        Calendar([date(2025, 10, 1)], [date(2025, 10, 1)])
    assert refused.value.code == "calendar.both"


def test_no_number_of_working_days_is_not_zero() -> None:
    with pytest.raises(ValueError, match="other than 0"):
        Calendar().add(date(2025, 1, 1), 0)


@given(days)
def test_without_holidays_the_week_has_five_days(day: date) -> None:
    assert Calendar().working_days(day, day + 7 * DAY) == 5


def test_what_lies_beyond_all_dates_ends_with_them() -> None:
    ends = date(9999, 12, 31)
    assert Calendar().add(ends, 1) == Calendar().add(ends - DAY, 60) == ends
    assert Calendar([ends]).ending(ends).day == ends
    assert Calendar().add(date(1, 1, 1), -1) == date(1, 1, 1)


@pytest.mark.parametrize("term", ["9999y", "9999m", "8000y"])
def test_a_term_that_ends_on_no_date_is_refused(term: str) -> None:
    begins = date(9999, 12, 1) if term.endswith("m") else date(2026, 1, 5)
    with pytest.raises(BridgeheadError) as refused:
        Calendar().due(begins, Term.read(term))
    assert refused.value.code == "calendar.bad_term"
