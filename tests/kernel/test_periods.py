"""Periods are read as they are written, lie where the calendar says, and are the same a year before."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.periods import Frequency, Period, span

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
frequencies = st.sampled_from(list(Frequency))


@given(frequencies, days)
def test_a_period_holds_its_day_and_is_read_as_it_is_written(frequency: Frequency, day: date) -> None:
    period = Period.of(frequency, day)
    assert period.first <= day <= period.last
    assert period.frequency is frequency
    assert Period.read(str(period)) == period


@given(st.integers(1990, 2060), st.integers(1, 12), st.integers(1, 12))
def test_months_from_and_to_are_read_as_they_are_written(year: int, one: int, other: int) -> None:
    first, last = sorted((one, other))
    period = Period.read(f"{year}-{first:02}..{last:02}")
    assert (period.first, period.last.month) == (date(year, first, 1), last)
    assert Period.read(str(period)) == period
    assert period.year_before.first == date(year - 1, first, 1)
    assert period.year_to_date == Period.read(f"{year}-01..{last:02}")


@given(frequencies, frequencies, days)
def test_the_parts_of_a_period_cover_it_once(whole: Frequency, part: Frequency, day: date) -> None:
    period = Period.of(whole, day)
    parts = list(period.parts(part))
    if list(Frequency).index(part) < list(Frequency).index(whole):
        return
    assert parts[0].first == period.first
    assert parts[-1].last == period.last
    assert all(one.last + timedelta(days=1) == other.first for one, other in itertools.pairwise(parts))
    assert all(period.holds(one) for one in parts)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023H1", "2023-01-01", "2023-06-30"),
        ("2023H2", "2023-07-01", "2023-12-31"),
        ("2024Q1", "2024-01-01", "2024-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-01..11", "2025-01-01", "2025-11-30"),
        ("2025-12-22", "2025-12-22", "2025-12-22"),
    ],
)
def test_periods_as_reports_write_them(text: str, first: str, last: str) -> None:
    assert Period.read(text) == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["", "25", "2025H3", "2025Q0", "2025-13", "2025-00", "2025-11..03", "2025-02-30", "2025 target", "2025-1"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        Period.read(text)
    assert refused.value.code == "period.unreadable"


def test_the_29th_of_february_a_year_before_is_the_28th() -> None:
    assert str(Period.read("2024-02-29").year_before) == "2023-02-28"
    assert str(Period.read("2024-02").year_before) == "2023-02"


def test_the_span_of_a_partial_date() -> None:
    assert span("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert span("2024") == (date(2024, 1, 1), date(2024, 12, 31))
    assert span("2024-02-03") == (date(2024, 2, 3), date(2024, 2, 3))
    with pytest.raises(ValueError, match="month"):
        span("2024-00")
