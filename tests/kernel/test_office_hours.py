"""Office hours as they are written, seasons, special days, make-up days, and everything that is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.kernel.calendars import Calendar
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.office_hours import (
    CLOSED,
    Measure,
    OfficeHours,
    Promise,
    Season,
    hours_text,
    read_hours,
    read_month_day,
)

WINTER, SUMMER = read_hours("08:30-12:00 14:30-17:30"), read_hours("08:30-12:00 15:00-18:00")
SATURDAY = read_hours("09:00-12:00")
MORNING = read_hours("08:30-12:00")
HOHHOT = OfficeHours(
    "Asia/Shanghai",
    [WINTER] * 5 + [SATURDAY, CLOSED],
    [Season((5, 1), (9, 30), [SUMMER] * 5 + [CLOSED] * 2)],
    {date(2026, 2, 14): MORNING, date(2026, 3, 3): CLOSED},
)
# Spring Festival 2026 as announced: 15 to 23 February off, 14 and 28 February worked.
SPRING = Calendar([date(2026, 2, day) for day in range(15, 24)], [date(2026, 2, 14), date(2026, 2, 28)])


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-01-05", WINTER),
        ("2026-01-10", SATURDAY),
        ("2026-01-11", CLOSED),
        ("2026-04-30", WINTER),
        ("2026-05-01", SUMMER),  # not off in this calendar
        ("2026-05-09", CLOSED),  # no Saturdays in summer
        ("2026-09-30", SUMMER),
        ("2026-10-01", WINTER),
        ("2026-02-14", MORNING),  # worked, with hours of its own
        ("2026-02-16", CLOSED),  # a Monday off
        ("2026-02-21", CLOSED),  # a Saturday within the holidays
        ("2026-02-28", WINTER),  # a Saturday worked with Monday's hours
        ("2026-03-03", CLOSED),
    ],
)
def test_the_hours_of_a_day(day: str, hours: object) -> None:
    assert HOHHOT.on(date.fromisoformat(day), SPRING) == hours


def test_a_make_up_day_has_the_hours_of_the_weekday_that_is_named() -> None:
    week = [read_hours(f"09:00-1{number}:00") for number in range(5)]
    office = OfficeHours("Asia/Shanghai", [*week, CLOSED, CLOSED], make_up_weekday=5)
    assert office.on(date(2026, 2, 28), SPRING) == week[4]


def test_an_office_that_works_on_holidays_does() -> None:
    port = OfficeHours("Asia/Shanghai", [read_hours("00:00-24:00")] * 7, on_holidays=True)
    assert port.on(date(2026, 2, 16), SPRING) == port.on(date(2026, 2, 21), SPRING) == ((0, 1440),)


def test_a_season_may_run_over_the_end_of_the_year() -> None:
    winter = Season((11, 16), (2, 28), [MORNING] * 7)
    inside = ["2025-11-16", "2025-12-31", "2026-01-01", "2026-02-28"]
    assert all(winter.covers(date.fromisoformat(day)) for day in inside)
    assert not any(winter.covers(date.fromisoformat(day)) for day in ("2025-11-15", "2024-02-29", "2026-03-01"))


@given(st.lists(st.integers(0, 1440), min_size=0, max_size=8, unique=True).map(sorted))
def test_hours_are_read_as_they_are_written(marks: list[int]) -> None:
    hours = tuple(zip(marks[::2], marks[1::2], strict=False))
    assert read_hours(hours_text(hours)) == hours


@given(st.integers(1, 99_999), st.sampled_from(list(Measure)))
def test_a_promise_is_read_as_it_is_written(count: int, measure: Measure) -> None:
    assert Promise.read(str(Promise(count, measure))) == Promise(count, measure)


def test_a_promise_counts_minutes_or_days() -> None:
    assert [(one.amount, one.in_days) for one in map(Promise.read, ("8wh", "90wmin", "5wd"))] == [
        (480, False),
        (90, False),
        (5, True),
    ]


@pytest.mark.parametrize("text", ["", "0wh", "8h", "-5wd", "5 wd", "1.5wh", "123456wmin", "wd", "\uff15wd"])
def test_a_promise_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        Promise.read(text)
    assert refused.value.code == "clock.bad_promise"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9-12", "hours.unreadable"),
        ("\uff108:30-12:00", "hours.unreadable"),
        ("08:30-12:\uff100", "hours.unreadable"),
        ("08:60-12:00", "hours.unreadable"),
        ("08.30-12.00", "hours.unreadable"),
        ("12:00-08:30", "hours.not_rising"),
        ("09:00-09:00", "hours.not_rising"),
        ("22:00-06:00", "hours.not_rising"),
        ("08:30-12:00 11:00-17:00", "hours.not_rising"),
        ("14:30-17:30 08:30-12:00", "hours.not_rising"),
        ("08:30-24:01", "hours.not_rising"),
    ],
)
def test_hours_that_are_none_are_refused(text: str, code: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        read_hours(text)
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["5-1x", "13-01", "02-30", "", "2026-05-01", "05-1\uff10"])
def test_a_month_and_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        read_month_day(text)
    assert refused.value.code == "hours.bad_month_day"
    assert read_month_day("02-29") == (2, 29)


@pytest.mark.parametrize("zone", ["Asia/Huhehaote", "", "../etc", "Asia"])
def test_all_that_is_wrong_with_office_hours_is_said_at_once(zone: str) -> None:
    seasons = [Season((5, 1), (9, 30), [CLOSED] * 7), Season((9, 30), (10, 31), [CLOSED] * 6)]
    with pytest.raises(BridgeheadError) as refused:
        OfficeHours(zone, [CLOSED] * 7, seasons, make_up_weekday=0)
    assert [one.code for one in refused.value.faults] == [
        "hours.unknown_zone",
        "hours.bad_week",
        "hours.bad_make_up",
        "hours.seasons_overlap",
        "hours.never_open",
    ]
    assert refused.value.faults[3].parameters == {"day": "09-30"}
