"""How many servers of a station work at which time: opening hours, their exceptions and shifts as changes of level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bridgehead.engines.simulation.model import MINUTES_A_DAY, OpeningHours, Station


@dataclass(frozen=True, slots=True)
class Timeline:
    """Levels of a station: the first at time 0, then changes at rising times before the horizon."""

    level: int
    times_min: tuple[float, ...]
    levels: tuple[int, ...]


def open_intervals(calendar: OpeningHours, horizon_min: float) -> Iterator[tuple[float, float]]:
    """Yield the open intervals of a calendar up to a horizon, rising, joined where they touch."""
    begin, end = None, None
    for a, b in _pieces(calendar, horizon_min):
        if end is not None and begin is not None and a > end:
            yield begin, end
            begin, end = a, b
        else:
            begin, end = (a if begin is None else begin), b
    if begin is not None and end is not None:
        yield begin, end


def _pieces(calendar: OpeningHours, horizon_min: float) -> Iterator[tuple[float, float]]:
    """Yield open intervals by cycle, each day with an exception replaced."""
    if not calendar.exceptions:
        cycle = 0
        while cycle * calendar.period_min < horizon_min:
            at = cycle * calendar.period_min
            for a, b in calendar.open:
                if at + a < horizon_min:
                    yield at + a, min(at + b, horizon_min)
            cycle += 1
        return
    day = 0
    while day * MINUTES_A_DAY < horizon_min:
        at = day * MINUTES_A_DAY
        intervals = calendar.exceptions.get(day)
        for a, b in _day_of(calendar, day) if intervals is None else intervals:
            if at + a < horizon_min:
                yield at + a, min(at + b, horizon_min)
        day += 1


def _day_of(calendar: OpeningHours, day: int) -> Iterator[tuple[float, float]]:
    """Yield the open intervals of one day of the cycle, in minutes after its midnight."""
    at = day * MINUTES_A_DAY
    first = int(at // calendar.period_min)
    cycle = first
    while cycle * calendar.period_min < at + MINUTES_A_DAY:
        for a, b in calendar.open:
            low = max(cycle * calendar.period_min + a, at)
            high = min(cycle * calendar.period_min + b, at + MINUTES_A_DAY)
            if low < high:
                yield low - at, high - at
        cycle += 1


def timeline(station: Station, calendar: OpeningHours | None, horizon_min: float) -> Timeline:
    """Return the levels of a station from time 0 to a horizon."""
    if calendar is None and not station.shifts:
        return Timeline(1 if station.servers is None else station.servers, (), ())
    if calendar is None:
        intervals: Iterator[tuple[float, float]] = iter([(0.0, horizon_min)])
    else:
        intervals = open_intervals(calendar, horizon_min)
    level = 0
    times: list[float] = []
    levels: list[int] = []
    for at, now in _steps(station, intervals, horizon_min):
        if at <= 0.0:
            level = now
        elif now != (levels[-1] if levels else level):
            times.append(at)
            levels.append(now)
    return Timeline(level, tuple(times), tuple(levels))


def _steps(
    station: Station, intervals: Iterator[tuple[float, float]], horizon_min: float
) -> Iterator[tuple[float, int]]:
    """Yield from which time on which level holds."""
    full = 1 if station.servers is None else station.servers
    for begin, end in intervals:
        if not station.shifts:
            yield begin, full
        else:
            yield from _shifts(station.shifts, begin, end)
        if end < horizon_min:
            yield end, 0


def _shifts(shifts: tuple[tuple[float, int], ...], begin: float, end: float) -> Iterator[tuple[float, int]]:
    day = begin // MINUTES_A_DAY * MINUTES_A_DAY
    of_day = begin - day
    current = max((shift for shift in shifts if shift[0] <= of_day), default=shifts[-1])[1]
    yield begin, current
    while day < end:
        for at, level in shifts:
            if begin < day + at < end:
                yield day + at, level
        day += MINUTES_A_DAY
