"""Pace against the usual course of a year, worked out by hand and by its invariants."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.indicators.pace import EVEN, PaceStatus, Pattern, pace, usual
from bridgehead.kernel.errors import BridgeheadError

years = st.dictionaries(
    st.integers(2010, 2030), st.lists(st.integers(0, 1000).map(float), min_size=12, max_size=12), max_size=5
)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def test_a_year_that_is_slow_in_winter() -> None:
    # 4 a month in the first quarter, 8 in every other month: 84 a year, 12 of them by the end of March.
    slow = usual({2024: [4.0] * 3 + [8.0] * 9})
    assert slow.share(date(2026, 3, 31)) == pytest.approx(12 / 84)
    assert slow.share(date(2026, 4, 15)) == pytest.approx(16 / 84)
    by_march = pace(1800, 13000, date(2026, 3, 31), slow)
    assert by_march.done == pytest.approx(1800 / 13000)
    assert by_march.ratio == pytest.approx(1800 / 13000 * 7)
    assert by_march.status is PaceStatus.ON_PACE
    assert by_march.projected == pytest.approx(12600)
    assert pace(1800, 13000, date(2026, 3, 31)).status is PaceStatus.FAR_BEHIND, "an even spread would say otherwise"


def test_what_is_reported_by_quarters_or_half_years_has_a_course_too() -> None:
    # By the end of the quarters 10, 30 and 60 of 100 in one year, 30, 60 and 80 of 100 in the other: 20, 45, 70.
    quarters = usual({2023: [10.0, 20.0, 30.0, 40.0], 2024: [30.0, 30.0, 20.0, 20.0]})
    assert (quarters.years, quarters.parts) == ((2023, 2024), 4)
    assert [quarters.shares[month - 1] for month in (3, 6, 9, 12)] == pytest.approx([0.2, 0.45, 0.7, 1.0])
    assert quarters.share(date(2026, 5, 31)) == pytest.approx(0.2 + 0.25 * 2 / 3), "evenly within a quarter"
    halves = usual({2024: [3.0, 1.0]})
    assert (halves.parts, halves.share(date(2026, 3, 31)), halves.share(date(2026, 6, 30))) == (2, 0.375, 0.75)
    months = [5.0] * 3 + [10.0] * 3 + [15.0] * 3 + [3.0] * 3
    both = usual({2023: months, 2024: [15.0, 30.0, 45.0, 9.0]})
    assert both.parts == 4
    assert both.shares == pytest.approx(usual({2023: months}).shares)


@given(years)
def test_the_usual_course_rises_from_nothing_to_everything(months: dict[int, list[float]]) -> None:
    found = usual(months)
    assert all(before <= after + 1e-12 for before, after in zip((0.0, *found.shares), found.shares, strict=False))
    assert found.shares[-1] == 1
    assert set(found.years) == {year for year, values in months.items() if sum(values)}


@given(years, st.integers(1, 10**6), days)
def test_who_does_what_is_usual_is_on_pace_on_every_day(months: dict[int, list[float]], target: int, day: date) -> None:
    course = usual(months)
    if course.share(day) <= 0:
        with pytest.raises(BridgeheadError, match="usual"):
            pace(1, target, day, course)
        return
    found = pace(course.share(day) * target, target, day, course)
    assert found.ratio == pytest.approx(1)
    assert found.projected == pytest.approx(target)
    assert found.status in {PaceStatus.ON_PACE, PaceStatus.REACHED}


@given(st.floats(0, 2), days)
def test_more_is_never_worse(share: float, day: date) -> None:
    order = list(PaceStatus)
    less, more = pace(share * 100, 100, day), pace(share * 100 + 1, 100, day)
    assert order.index(more.status) <= order.index(less.status)


@pytest.mark.parametrize(
    ("ratio", "status"),
    [
        (1.06, PaceStatus.AHEAD),
        (1.04, PaceStatus.ON_PACE),
        (0.96, PaceStatus.ON_PACE),
        (0.94, PaceStatus.BEHIND),
        (0.86, PaceStatus.BEHIND),
        (0.84, PaceStatus.FAR_BEHIND),
    ],
)
def test_where_the_bounds_lie(ratio: float, status: PaceStatus) -> None:
    assert pace(50 * ratio, 100, date(2026, 6, 30)).status is status


def test_without_years_the_spread_is_even() -> None:
    assert usual({}) is EVEN
    assert usual({2024: [0.0] * 12}) is EVEN
    assert EVEN.share(date(2026, 2, 14)) == pytest.approx(1.5 / 12)


def test_what_tells_no_pace_is_refused() -> None:
    cases = {
        "pace.incomplete_year": lambda: usual({2024: [1.0] * 11}),
        "pace.negative": lambda: usual({2024: [1.0] * 11 + [-1.0]}),
        "pace.no_target": lambda: pace(1, 0, date(2026, 1, 1)),
        "pace.nothing_usual": lambda: pace(1, 1, date(2026, 1, 1), usual({2024: [0.0] * 6 + [1.0] * 6})),
    }
    for code, work in cases.items():
        with pytest.raises(BridgeheadError) as refused:
            work()
        assert refused.value.code == code


def test_the_span_of_a_task_is_a_part_of_the_year_or_of_several() -> None:
    """Spread evenly: half of a half-year by the end of March; two years bring as much each."""
    half = (date(2025, 1, 1), date(2025, 6, 30))
    assert EVEN.between(*half, date(2025, 3, 31)) == pytest.approx(0.5)
    assert EVEN.between(*half, date(2024, 12, 31)) == 0
    assert EVEN.between(*half, date(2025, 6, 30)) == EVEN.between(*half, date(2026, 1, 1)) == 1
    late = Pattern((0.0,) * 6 + (1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0), (2022,))
    assert late.between(date(2025, 1, 1), date(2025, 12, 31), date(2025, 9, 30)) == pytest.approx(0.5)
    assert late.between(date(2024, 7, 1), date(2025, 12, 31), date(2024, 12, 31)) == pytest.approx(0.5)
    found = pace(30.0, 100.0, date(2025, 3, 31), span=half)
    assert (found.usual, found.ratio, found.projected) == pytest.approx((0.5, 0.6, 60.0))
    with pytest.raises(BridgeheadError, match=r"pace\.nothing_usual"):
        pace(1.0, 100.0, date(2024, 12, 31), span=half)
