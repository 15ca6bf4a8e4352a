"""Working minutes against a walk from minute to minute, on offices, zones and calendars of all kinds."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bridgehead.kernel.calendars import Calendar, Term
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.office_clocks import DueMoment, OfficeClock
from bridgehead.kernel.office_hours import CLOSED, Hours, OfficeHours, Promise, Season, read_hours

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DAYTIME = read_hours("08:30-12:00 14:30-17:30")
# Ulaanbaatar put its clocks forward at 2:00 on 26 March 2016 and back at 0:00 on 24 September.
ZONES = ["Asia/Shanghai", "Asia/Ulaanbaatar", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"]

day_hours = st.lists(st.integers(0, 48), min_size=0, max_size=6, unique=True).map(
    lambda marks: tuple((a * 30, b * 30) for a, b in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False))
)
weeks = st.lists(day_hours, min_size=7, max_size=7)
days = st.dates(date(2016, 3, 1), date(2016, 11, 30))


@st.composite
def clocks(draw: st.DrawFn) -> OfficeClock:
    week: list[Hours] = draw(weeks)
    assume(any(week))
    seasons = [Season((4, 15), (9, 24), draw(weeks))] if draw(st.booleans()) else []
    special = draw(st.dictionaries(days, day_hours, max_size=10))
    hours = OfficeHours(
        draw(st.sampled_from(ZONES)), week, seasons, special, draw(st.integers(1, 7)), draw(st.booleans())
    )
    off, worked = draw(st.frozensets(days, max_size=20)), draw(st.frozensets(days, max_size=20))
    return OfficeClock(hours, Calendar(off - worked, worked, date(2016, 9, 30)))


moments = st.one_of(
    st.datetimes(datetime(2016, 3, 20), datetime(2016, 11, 10)),  # noqa: DTZ001
    st.datetimes(datetime(2016, 3, 25), datetime(2016, 3, 28)),  # noqa: DTZ001
    st.datetimes(datetime(2016, 9, 23), datetime(2016, 9, 25)),  # noqa: DTZ001
).map(lambda moment: moment.replace(tzinfo=UTC))
short = st.timedeltas(timedelta(0), timedelta(days=5))


def open_on_the_wall(clock: OfficeClock, moment: datetime) -> bool:
    wall = moment.astimezone(ZoneInfo(clock.hours.zone))
    at = wall.hour * 60 + wall.minute
    return any(opens <= at < closes for opens, closes in clock.hours.on(wall.date(), clock.calendar))


def walked(clock: OfficeClock, begins: datetime, ends: datetime) -> int:
    here, last = (one.replace(second=0, microsecond=0) for one in (begins, ends))
    count = 0
    while here < last:
        count += open_on_the_wall(clock, here)
        here += MINUTE
    return count


@given(clocks(), moments, short)
def test_counting_is_walking_from_minute_to_minute(clock: OfficeClock, begins: datetime, length: timedelta) -> None:
    ends = begins + length
    minutes = walked(clock, begins, ends)
    assert clock.minutes_between(begins, ends) == minutes
    assert clock.minutes_between(ends, begins) == -minutes
    assert clock.is_open(begins) == open_on_the_wall(clock, begins)


@given(clocks(), moments, moments, moments)
def test_minutes_add_up(clock: OfficeClock, one: datetime, other: datetime, third: datetime) -> None:
    whole = clock.minutes_between(one, third)
    assert clock.minutes_between(one, other) + clock.minutes_between(other, third) == whole


@given(clocks(), moments, st.integers(1, 3000))
def test_adding_is_the_inverse_of_counting(clock: OfficeClock, begins: datetime, minutes: int) -> None:
    ends = clock.add(begins, minutes)
    assert clock.minutes_between(begins, ends) == minutes
    assert clock.is_open(ends - MINUTE), "it ends with the last minute, not with the next opening"
    assert clock.add(begins, minutes + 1) > ends


@given(clocks(), moments, short, st.integers(0, 3000))
def test_who_begins_later_ends_no_earlier(clock: OfficeClock, begins: datetime, later: timedelta, minutes: int) -> None:
    assert clock.add(begins + later, minutes) >= clock.add(begins, minutes)


@given(clocks(), moments)
def test_the_next_open_minute_is_open_and_none_before_it_is(clock: OfficeClock, moment: datetime) -> None:
    found = clock.next_open(moment)
    assert found >= moment.replace(second=0, microsecond=0)
    assert clock.is_open(found)
    assert clock.minutes_between(moment, found) == 0


@given(clocks(), moments, st.integers(1, 30))
def test_a_promise_in_days_ends_when_the_office_closes(clock: OfficeClock, begins: datetime, count: int) -> None:
    assume(any(clock.hours.week[:5]))
    due = clock.due(begins, Promise.read(f"{count}wd"))
    last = clock.day_of(due.at - MINUTE)
    legal = clock.calendar.due(clock.day_of(begins), Term.read(f"{count}wd")).day
    assert last >= legal
    assert clock.calendar.is_worked(last)
    assert clock.is_open(due.at - MINUTE)
    assert not any(
        clock.is_open(due.at + number * MINUTE)
        for number in range(26 * 60)
        if clock.day_of(due.at + number * MINUTE) == last
    )
    skipped = [legal + number * DAY for number in range((last - legal).days)]
    assert not any(clock.calendar.is_worked(day) and clock.hours.on(day, clock.calendar) for day in skipped)
    assert due.provisional == (last > date(2016, 9, 30))


@pytest.mark.parametrize(
    ("zone", "hours", "begins", "ends", "minutes"),
    [
        # clocks go forward from 2:00 to 3:00: five hours on the wall are four
        ("Europe/Berlin", "00:00-05:00", "2025-03-30T00:00+01:00", "2025-03-30T06:00+02:00", 240),
        # back from 3:00 to 2:00: the hour from 2 to 3 is there twice
        ("Europe/Berlin", "00:00-05:00", "2025-10-26T00:00+02:00", "2025-10-26T06:00+01:00", 360),
        # an office that would open within the hour that is left out opens when it is over
        ("Europe/Berlin", "02:30-04:00", "2025-03-30T00:00+01:00", "2025-03-30T06:00+02:00", 60),
        ("Europe/Berlin", "09:00-17:00", "2025-03-30T00:00+01:00", "2025-03-30T23:00+02:00", 480),
        # Mongolia had summer time in 2016: 9 to 18 o'clock is the same nine hours
        ("Asia/Ulaanbaatar", "09:00-18:00", "2016-03-26T00:00+08:00", "2016-03-26T23:00+09:00", 540),
        # China had summer time until 1991
        ("Asia/Shanghai", "00:00-24:00", "1991-04-14T00:00+08:00", "1991-04-15T00:00+09:00", 1380),
    ],
)
def test_days_on_which_clocks_are_changed(zone: str, hours: str, begins: str, ends: str, minutes: int) -> None:
    clock = OfficeClock(OfficeHours(zone, [read_hours(hours)] * 7), Calendar())
    assert clock.minutes_between(datetime.fromisoformat(begins), datetime.fromisoformat(ends)) == minutes


def test_seconds_are_cut_off() -> None:
    clock = OfficeClock(OfficeHours("Asia/Shanghai", [DAYTIME] * 7), Calendar())
    begins, ends = (datetime.fromisoformat(f"2026-01-05T09:0{at}+08:00") for at in ("0:59.999", "1:01"))
    assert clock.minutes_between(begins, ends) == 1
    assert clock.add(begins, 0) == clock.add(begins, 1) - MINUTE == datetime.fromisoformat("2026-01-05T09:00+08:00")


def test_an_office_closed_on_the_last_day_has_until_it_opens_on_a_working_day() -> None:
    snowed_in = {date(2026, 1, 9): CLOSED}
    hours = OfficeHours("Asia/Shanghai", [DAYTIME] * 6 + [CLOSED], special=snowed_in)
    begins = datetime.fromisoformat("2026-01-07T10:00+08:00")
    due = OfficeClock(hours, Calendar()).due(begins, Promise.read("2wd"))
    assert due == DueMoment(datetime.fromisoformat("2026-01-12T17:30+08:00")), "Saturday is open and no working day"


def test_ten_years_take_no_time() -> None:
    begins, ends = datetime(2016, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    clock = OfficeClock(OfficeHours("Europe/Berlin", [DAYTIME] * 5 + [CLOSED] * 2), Calendar())
    clock.minutes_between(begins, ends)
    started = time.perf_counter()
    for _ in range(1000):
        assert clock.minutes_between(begins, clock.add(begins, 600_000)) == 600_000
    assert time.perf_counter() - started < 1, "a millisecond each; walking took minutes"


def test_an_office_that_does_not_open_any_more_is_not_waited_for() -> None:
    shut = Season((1, 1), (12, 31), [CLOSED] * 7)
    clock = OfficeClock(OfficeHours("Asia/Shanghai", [DAYTIME] * 7, [shut]), Calendar())
    now = datetime(2026, 1, 5, tzinfo=UTC)
    for ask in (
        lambda: clock.add(now, 1),
        lambda: clock.next_open(now),
        lambda: clock.closing(now.date(), now),
        lambda: clock.due(now, Promise.read("5wd")),
    ):
        with pytest.raises(BridgeheadError) as refused:
            ask()
        assert refused.value.code == "clock.not_open"


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (datetime(2026, 1, 5), "clock.no_zone"),  # noqa: DTZ001
        (datetime(9999, 6, 1, tzinfo=UTC), "clock.beyond_dates"),
        (datetime.max.replace(tzinfo=UTC), "clock.beyond_dates"),
    ],
)
def test_moments_that_cannot_be_counted_from(moment: datetime, code: str) -> None:
    clock = OfficeClock(OfficeHours("Asia/Shanghai", [DAYTIME] * 7), Calendar())
    with pytest.raises(BridgeheadError) as refused:
        clock.add(moment, 5)
    assert refused.value.code == code
    with pytest.raises(BridgeheadError) as refused:
        clock.is_open(moment)
    assert refused.value.code == code


def test_no_negative_number_of_minutes_is_added() -> None:
    clock = OfficeClock(OfficeHours("Asia/Shanghai", [DAYTIME] * 7), Calendar())
    with pytest.raises(ValueError, match="not negative"):
        clock.add(datetime(2026, 1, 5, tzinfo=UTC), -1)
