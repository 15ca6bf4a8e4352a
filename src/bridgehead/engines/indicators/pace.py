"""Pace: the share of a target that is done against the share the year usually has behind it by then.

Half of the freight does not come in half of the year. What is usual is the mean, over the years there are, of the
share of the year's total that each month had brought, or each quarter or half-year of what is reported by those; where
no year is known, an even spread, which is an estimate.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bridgehead.kernel.errors import BridgeheadError, Place

MONTHS = 12
PARTS = (12, 4, 2)
"""Into how many values a year may be told: of months, quarters or half-years."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The usual course of a year.

    Parameters
    ----------
    shares : tuple of float
        Share of the year's total by the end of each month, twelve of them, the last 1.
    years : tuple of int
        The years it was seen in; none where it is an even spread.
    parts : int
        Of how many parts those years were known, 12, 4 or 2; within a part it grows evenly.
    """

    shares: tuple[float, ...]
    years: tuple[int, ...] = ()
    parts: int = MONTHS

    def share(self, day: date) -> float:
        """Return the share of the year's total by the end of a day; within a month it grows evenly."""
        before = self.shares[day.month - 2] if day.month > 1 else 0.0
        part = day.day / calendar.monthrange(day.year, day.month)[1]
        return before + (self.shares[day.month - 1] - before) * part

    def between(self, first: date, last: date, day: date) -> float:
        """Return the share of what the days from `first` to `last` usually bring that is there by the end of a day.

        Nothing is there before the first day and all of it after the last; the days may lie in several years, which
        are taken to bring as much each.
        """
        before = self._laid(first - timedelta(days=1))
        whole = self._laid(last) - before
        return min(1.0, max(0.0, (self._laid(day) - before) / whole)) if whole > 0 else float(day >= last)

    def _laid(self, day: date) -> float:
        return day.year + self.share(day)


EVEN = Pattern(tuple(month / MONTHS for month in range(1, MONTHS + 1)))


def usual(years: Mapping[int, Sequence[float]]) -> Pattern:
    """Return the usual course of a year from what its months, quarters or half-years brought.

    Parameters
    ----------
    years : mapping of int to sequence of float
        Twelve, four or two values of each year, none below zero; within a quarter or half-year the months are taken to
        bring as much each. A year that brought nothing tells nothing and is left out.

    Raises
    ------
    BridgeheadError
        ``pace.incomplete_year`` for a year with another number of values, ``pace.negative`` for a value below zero.
    """
    seen: dict[int, list[float]] = {}
    parts = MONTHS
    for year, values in sorted(years.items()):
        if len(values) not in PARTS:
            raise BridgeheadError("pace.incomplete_year", {"year": year, "values": len(values)}, Place(field="values"))
        if min(values) < 0:
            raise BridgeheadError("pace.negative", {"year": year}, Place(field="values"))
        if total := sum(values):
            parts = min(parts, len(values))
            seen[year] = [there / total for there in _by_month(values)]
    if not seen:
        return EVEN
    shares = [sum(one[month] for one in seen.values()) / len(seen) for month in range(MONTHS - 1)]
    return Pattern((*shares, 1.0), tuple(seen), parts)


def _by_month(values: Sequence[float]) -> list[float]:
    """Return what is there by the end of each month of a year that is told in equal parts."""
    length = MONTHS // len(values)
    single = [value / length for value in values for _ in range(length)]
    return [sum(single[: month + 1]) for month in range(MONTHS)]


class PaceStatus(StrEnum):
    """Where a target stands."""

    REACHED = "reached"
    AHEAD = "ahead"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a target is.

    Parameters
    ----------
    done : float
        Share of the target that is done; may be above 1.
    usual : float
        Share of the total of the year, or of the span, that is usually there by then, above 0.
    ratio : float
        The first by the second: 1 is on pace.
    projected : float
        What the year, or the span, comes to if the rest of it is as usual, in the unit of the target.
    status : PaceStatus
        In a word.
    """

    done: float
    usual: float
    ratio: float
    projected: float
    status: PaceStatus


def pace(
    done: float,
    target: float,
    through: date,
    pattern: Pattern = EVEN,
    *,
    span: tuple[date, date] | None = None,
    tolerance: float = 0.05,
) -> Pace:
    """Return the pace of an amount that adds up over the year, or over the days of a task.

    Parameters
    ----------
    done : float
        What the year has brought from 1 January through a day, or the span from its first day.
    target : float
        What it is to bring, above zero.
    through : date
        The day, at whose end `done` was counted.
    pattern : Pattern
        The usual course of the year.
    span : tuple of date, optional
        First and last day of a task the target is of; the year of the day by default.
    tolerance : float
        How far the ratio may be from 1 and still be on pace; three times as far below is far behind.

    Raises
    ------
    BridgeheadError
        ``pace.no_target`` for a target that is not above zero, ``pace.nothing_usual`` where usually nothing is there
        by then, so that no pace can be told.
    """
    if target <= 0:
        raise BridgeheadError("pace.no_target", {"target": target}, Place(field="target"))
    expected = pattern.share(through) if span is None else pattern.between(*span, through)
    if expected <= 0:
        raise BridgeheadError("pace.nothing_usual", {"day": str(through)}, Place(field="through"))
    ratio = done / target / expected
    return Pace(done / target, expected, ratio, done / expected, _status(done / target, ratio, tolerance))


def _status(done: float, ratio: float, tolerance: float) -> PaceStatus:
    if done >= 1:
        return PaceStatus.REACHED
    if ratio > 1 + tolerance:
        return PaceStatus.AHEAD
    if ratio >= 1 - tolerance:
        return PaceStatus.ON_PACE
    return PaceStatus.BEHIND if ratio >= 1 - 3 * tolerance else PaceStatus.FAR_BEHIND
