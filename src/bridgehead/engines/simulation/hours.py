"""Opening hours, shifts and rates by the clock: from what people write to intervals in minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bridgehead.engines.simulation.model import MINUTES_A_DAY, Intervals
from bridgehead.engines.simulation.noting import Flaw, Path, UnfitError
from bridgehead.engines.simulation.quantities import (
    Setting,
    are_days,
    clock_min,
    day_of,
    days_of,
    listed,
    moment_min,
    number,
    quoted,
    whole,
)

MINUTES_A_WEEK = 7 * MINUTES_A_DAY
MOST_SERVERS = 10_000
"""Servers of one station; where there is no limit a description says ``inf``."""
LONGEST_RUN_DAYS = 36_600
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class _Span:
    """From when to when, and where that is written."""

    start: float
    end: float
    path: Path


def read_interval(value: object, setting: Setting, *, over_midnight: bool) -> tuple[float, float]:
    """Return begin and end of ``07:00-21:00`` or ``[420, 1260]``; over midnight the end is that of the next day."""
    if isinstance(value, str):
        first, dash, last = value.replace("–", "-").partition("-")
        if not dash:
            raise UnfitError("model.not_interval", value=quoted(value))
        start, end = clock_min(first), clock_min(last)
        if end < start and over_midnight:
            return start, end + MINUTES_A_DAY
    else:
        if not isinstance(value, list) or len(value) != 2:
            raise UnfitError("model.not_interval", value=quoted(value)[:80])
        start, end = (moment_min(one, setting) for one in value)
    if end <= start:
        raise UnfitError("model.interval_backwards", value=quoted(value))
    return start, end


def read_hours(value: object, setting: Setting, period_min: float | None) -> tuple[float, Intervals]:
    """Return the length of the cycle and its open intervals, of a list of intervals or of days with such lists.

    Without a period a list is that of every day, and days make a week; the week begins as the setting's first day does.
    """
    flaws: list[Flaw] = []
    spans: list[_Span] = []
    if isinstance(value, dict):
        period = MINUTES_A_WEEK
        for name, entry in value.items():
            try:
                days = days_of(name)
                for day in days:
                    begin = ((day - _first_weekday(setting)) % 7) * MINUTES_A_DAY
                    spans += _spans(entry, setting, begin, (name,), over_midnight=True)
            except UnfitError as error:
                flaws += error.flaws if error.flaws[0].path[:1] == (name,) else error.inside(name)
        if period_min not in (None, MINUTES_A_WEEK):
            flaws.append(Flaw((), "model.week_has_seven_days", {}))
    else:
        period = MINUTES_A_DAY if period_min is None else period_min
        try:
            spans += _spans(value, setting, 0.0, (), over_midnight=period == MINUTES_A_DAY)
        except UnfitError as error:
            flaws += error.flaws
    if flaws:
        raise UnfitError.of(flaws)
    return period, merged(spans, period)


def _first_weekday(setting: Setting) -> int:
    return setting.start.weekday() if setting.start else 0


def _spans(value: object, setting: Setting, begin: float, path: Path, *, over_midnight: bool) -> list[_Span]:
    if value == CLOSED:
        return []
    flaws: list[Flaw] = []
    found = []
    for index, one in enumerate(_intervals_of(value, path)):
        try:
            start, end = read_interval(one, setting, over_midnight=over_midnight)
            found.append(_Span(begin + start, begin + end, (*path, index)))
        except UnfitError as error:
            flaws += error.inside(*path, index)
    if flaws:
        raise UnfitError.of(flaws)
    return found


def _intervals_of(value: object, path: Path) -> list[Any]:
    """Return the intervals of a list; a single one needs no list around it."""
    if isinstance(value, str):
        return [value]
    try:
        return listed(value)
    except UnfitError as error:
        raise UnfitError.of(error.inside(*path)) from None


def merged(spans: Iterable[_Span], period: float) -> Intervals:
    """Return intervals inside the cycle, rising, those that touch made one; what passes its end begins it.

    Raises
    ------
    UnfitError
        Where two overlap or one lies outside the cycle.
    """
    pieces: list[_Span] = []
    flaws: list[Flaw] = []
    for span in spans:
        if span.start >= period or span.end > period + MINUTES_A_DAY or (span.end > period and period % MINUTES_A_DAY):
            flaws.append(Flaw(span.path, "model.interval_outside", {"period": period}))
        elif span.end > period:
            pieces += [_Span(span.start, period, span.path), _Span(0.0, span.end - period, span.path)]
        else:
            pieces.append(span)
    pieces.sort(key=lambda one: (one.start, one.end))
    joined: list[tuple[float, float]] = []
    for piece in pieces:
        if joined and piece.start < joined[-1][1]:
            flaws.append(Flaw(piece.path, "model.intervals_overlap", {}))
        elif joined and piece.start == joined[-1][1]:
            joined[-1] = (joined[-1][0], piece.end)
        else:
            joined.append((piece.start, piece.end))
    if flaws:
        raise UnfitError.of(flaws)
    return tuple(joined)


def read_exceptions(value: Mapping[str, Any], setting: Setting) -> dict[int, Intervals]:
    """Return day numbers from time 0 to the hours of that day, of dates or spans of dates ``a..b``."""
    found: dict[int, Intervals] = {}
    flaws: list[Flaw] = []
    for name, entry in value.items():
        try:
            first, dots, last = name.partition("..")
            begin = day_of(first.strip())
            end = day_of(last.strip()) if dots else begin
            if setting.start is None:
                raise UnfitError("model.needs_start")
            if end < begin or (end - begin).days > LONGEST_RUN_DAYS:
                raise UnfitError("model.interval_backwards", value=quoted(name))
            hours = merged(_spans(entry, setting, 0.0, (), over_midnight=False), MINUTES_A_DAY)
            for step in range((end - begin).days + 1):
                day = (begin + timedelta(days=step) - setting.start).days
                if day in found:
                    raise UnfitError("model.intervals_overlap")
                if 0 <= day <= LONGEST_RUN_DAYS:
                    found[day] = hours
        except UnfitError as error:
            flaws += error.inside(name)
    if flaws:
        raise UnfitError.of(flaws)
    return dict(sorted(found.items()))


def read_shifts(value: Mapping[str, Any], setting: Setting) -> tuple[tuple[float, int], ...]:
    """Return from which minute of the day on there are how many servers; outside all shifts there are none."""
    steps = _steps(value, setting, lambda one: float(whole(one, 0, MOST_SERVERS)))
    if steps[0][2] == "gap":
        raise UnfitError("model.shifts_start")
    if not any(count for _, count, _ in steps):
        raise UnfitError("model.no_servers")
    return tuple((start, int(count)) for start, count, _ in steps)


def read_rates(value: object, setting: Setting, per_min: float) -> tuple[float, tuple[tuple[float, float], ...]]:
    """Return the length of the cycle and from which of its minutes on how many arrive a minute."""
    if not isinstance(value, dict):
        return MINUTES_A_DAY, ((0.0, _rate(value) / per_min),)
    if set(value) == {"days"} and isinstance(value["days"], dict):
        try:
            return read_rates(value["days"], setting, per_min)
        except UnfitError as error:
            raise UnfitError.of(error.inside("days")) from None
    if not are_days(value):
        return MINUTES_A_DAY, _joined((start, rate / per_min) for start, rate, _ in _steps(value, setting, _rate))
    week: list[tuple[float, float]] = []
    flaws: list[Flaw] = []
    named: set[int] = set()
    for name, entry in value.items():
        try:
            days = days_of(name)
            if named & set(days):
                raise UnfitError("model.intervals_overlap")
            named |= set(days)
            steps = _steps(entry, setting, _rate) if isinstance(entry, dict) else [(0.0, _rate(entry), "")]
            for day in days:
                begin = ((day - _first_weekday(setting)) % 7) * MINUTES_A_DAY
                week += [(begin + start, rate / per_min) for start, rate, _ in steps]
        except UnfitError as error:
            flaws += error.inside(name)
    if flaws:
        raise UnfitError.of(flaws)
    absent = set(range(7)) - {int(start // MINUTES_A_DAY) for start, _ in week}
    week += [(day * MINUTES_A_DAY, 0.0) for day in absent]
    return MINUTES_A_WEEK, _joined(sorted(week))


def _rate(value: object) -> float:
    found = number(value)
    if found < 0:
        raise UnfitError("model.negative_number", value=quoted(value))
    return found


def _joined(steps: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return steps without those that change nothing."""
    found: list[tuple[float, float]] = []
    for start, value in steps:
        if not found or found[-1][1] != value:
            found.append((start, value))
    return tuple(found)


def _steps(
    value: Mapping[str, Any], setting: Setting, read: Callable[[object], float]
) -> list[tuple[float, float, str]]:
    """Return from when on which number counts in a day; what no interval covers is a gap with the number 0.

    Keys are intervals ``00:00-07:00``, or moments ``07:00`` from which on the number counts until the next.
    """
    spans: list[tuple[_Span, float]] = []
    flaws: list[Flaw] = []
    moments = bool(value) and not any("-" in name for name in value)
    for name, one in value.items():
        try:
            start, end = (
                (clock_min(name), MINUTES_A_DAY) if moments else read_interval(name, setting, over_midnight=True)
            )
            spans.append((_Span(start, end, (name,)), read(one)))
        except UnfitError as error:
            flaws += error.inside(name)
    if not value:
        flaws.append(Flaw((), "model.not_interval", {"value": "{}"}))
    if flaws:
        raise UnfitError.of(flaws)
    return _covered(_until_next(spans) if moments else spans)


def _until_next(spans: list[tuple[_Span, float]]) -> list[tuple[_Span, float]]:
    spans = sorted(spans, key=lambda one: one[0].start)
    ends = [*(span.start for span, _ in spans[1:]), MINUTES_A_DAY]
    return [(_Span(span.start, end, span.path), one) for (span, one), end in zip(spans, ends, strict=True)]


def _covered(spans: list[tuple[_Span, float]]) -> list[tuple[float, float, str]]:
    pieces: list[tuple[float, float, float, Path]] = []
    for span, one in spans:
        if span.end > MINUTES_A_DAY:
            pieces.append((0.0, span.end - MINUTES_A_DAY, one, span.path))
        pieces.append((span.start, min(span.end, MINUTES_A_DAY), one, span.path))
    found: list[tuple[float, float, str]] = []
    reached = 0.0
    for start, end, one, path in sorted(pieces):
        if start < reached or end <= start:
            raise UnfitError("model.intervals_overlap", *path)
        if start > reached:
            found.append((reached, 0.0, "gap"))
        found.append((start, one, ""))
        reached = end
    if reached < MINUTES_A_DAY:
        found.append((reached, 0.0, "gap"))
    return found
