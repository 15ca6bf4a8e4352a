"""Opening hours laid out over the days of a log: what was open when, and the open minutes between two times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from bridgehead.engines.simulation.calibration.log_cells import MINUTES_A_DAY, Bool, Float64
from bridgehead.engines.simulation.model import Intervals

WHOLE_DAY: Intervals = ((0.0, MINUTES_A_DAY),)


@dataclass(frozen=True, eq=False, slots=True)
class OpenTime:
    """Open intervals from time 0 to the end of a log, joined where they touch.

    Parameters
    ----------
    opens_min, closes_min : ndarray
        Rising starts and ends.
    """

    opens_min: Float64
    closes_min: Float64
    _knots: Float64 = field(init=False)
    _worked: Float64 = field(init=False)

    def __post_init__(self) -> None:
        lengths = self.closes_min - self.opens_min
        knots = np.column_stack([self.opens_min, self.closes_min]).ravel()
        worked = np.column_stack([np.cumsum(lengths) - lengths, np.cumsum(lengths)]).ravel()
        object.__setattr__(self, "_knots", knots)
        object.__setattr__(self, "_worked", worked)

    def worked_min(self, times: Float64) -> Float64:
        """Return the open minutes from time 0 to each time."""
        return np.interp(times, self._knots, self._worked)

    def between_min(self, starts: Float64, ends: Float64) -> Float64:
        """Return the open minutes between times."""
        return self.worked_min(ends) - self.worked_min(starts)

    def is_open(self, times: Float64) -> Bool:
        """Say of each time whether it lies in open time, opening included and closing not."""
        place = np.searchsorted(self.opens_min, times, side="right") - 1
        inside: Bool = (place >= 0) & (times < self.closes_min[np.maximum(place, 0)])
        return inside

    def closing_after(self, times: Float64) -> Float64:
        """Return the first closing at or after each time, infinite where there is none."""
        return np.append(self.closes_min, np.inf)[np.searchsorted(self.closes_min, times, side="left")]

    def closing_near(self, times: Float64) -> Float64:
        """Return the closing nearest to each time."""
        later = np.searchsorted(self.closes_min, times)
        above = np.append(self.closes_min, np.inf)[later]
        below = np.append(self.closes_min, -np.inf)[later - 1]
        return np.where(np.abs(above - times) < np.abs(times - below), above, below)

    def opening_after(self, times: Float64) -> Float64:
        """Return the first opening after each time, infinite where there is none."""
        return np.append(self.opens_min, np.inf)[np.searchsorted(self.opens_min, times, side="right")]

    @property
    def always(self) -> bool:
        """Whether nothing was ever closed."""
        return self.opens_min.size == 1


def laid_out(hours: Mapping[int, Intervals], closed_days: frozenset[int], weekday: int | None, days: int) -> OpenTime:
    """Lay hours out over days.

    Parameters
    ----------
    hours : mapping
        Weekday (0 Monday) to the open intervals of such a day; with no weekday known, 0 stands for every day.
    closed_days : frozenset of int
        Days without any service.
    weekday : int or None
        Weekday of day 0.
    days : int
        How many days; one day more is laid out, so that closing at the end of the log has its opening.
    """
    pieces: list[list[float]] = []
    for begin, end in _pieces(hours, closed_days, weekday, days + 1):
        if pieces and begin <= pieces[-1][1]:
            pieces[-1][1] = end
        else:
            pieces.append([begin, end])
    table = np.array(pieces or [[0.0, 0.0]])
    return OpenTime(table[:, 0].copy(), table[:, 1].copy())


def _pieces(
    hours: Mapping[int, Intervals], closed_days: frozenset[int], weekday: int | None, days: int
) -> Iterator[tuple[float, float]]:
    for day in range(days):
        if day in closed_days:
            continue
        for begin, end in hours[0 if weekday is None else (weekday + day) % 7]:
            yield day * MINUTES_A_DAY + begin, day * MINUTES_A_DAY + end


def cycle(hours: Mapping[int, Intervals], weekday: int | None) -> tuple[float, Intervals]:
    """Return hours as a cycle from day 0: its period in minutes and its open intervals, a day where days are alike."""
    alike = weekday is None or len(set(hours.values())) == 1
    days = 1 if alike else 7
    pieces: list[tuple[float, float]] = []
    table = {0: next(iter(hours.values()))} if alike else hours
    for begin, end in _pieces(table, frozenset(), None if alike else weekday, days):
        if pieces and begin <= pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((begin, end))
    return days * MINUTES_A_DAY, tuple(pieces)
