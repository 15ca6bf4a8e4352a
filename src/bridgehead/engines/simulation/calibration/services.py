"""Services net of closed time: what closing did to them, pieces put together again, and which were cut short.

A service that is going on at closing is finished in overtime, or rests until opening, or is broken off. A log writes
the last two in different ways: one row over the night, two rows of the same activity, or one row that ends at closing.
The net length of a service cut at closing or by the end of the log is a lower bound of what it would have been.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.calibration.estimates import poisson_tail
from bridgehead.engines.simulation.calibration.event_log import EventLog
from bridgehead.engines.simulation.calibration.log_cells import Bool, Float64, Int64
from bridgehead.engines.simulation.calibration.open_time import OpenTime
from bridgehead.engines.simulation.calibration.opening_calendars import FoundHours, find_hours
from bridgehead.engines.simulation.calibration.unserved import Entries

MOST_CHANCE = 1e-3
COMPARED_MIN = 60.0
"""Minutes before closing with which the ends at closing are compared."""


@dataclass(frozen=True, slots=True)
class AtClosing:
    """What became of the services that were going on at closing time.

    Parameters
    ----------
    finished, rested, cut, resumed : int
        Ended in closed time; ended after the next opening; ended at closing, and of these how many go on in a row of
        their own after the opening.
    p_value : float
        Probability of so many ends at closing by chance.
    """

    finished: int = 0
    rested: int = 0
    cut: int = 0
    resumed: int = 0
    p_value: float = 1.0

    @property
    def cuts(self) -> bool:
        """Whether services are cut at closing."""
        return self.p_value < MOST_CHANCE

    @property
    def pauses(self) -> bool:
        """Whether services rest while closed."""
        return self.rested + (self.cut if self.cuts else 0) > self.finished


@dataclass(frozen=True, eq=False, slots=True)
class Services:
    """All services of a log, one entry each, pieces of one put together; order and columns as in the log.

    `end_min` is the end of the last piece (NaN when going on at the end of the log), `net_min` the length without
    closed time where it rests, `cut` says of a length that it is a lower bound.
    """

    unit: Int64
    activity: Int64
    resource: Int64
    unit_class: Int64
    start_min: Float64
    end_min: Float64
    joined_min: Float64
    net_min: Float64
    cut: Bool
    hours: tuple[FoundHours, ...]
    closing: tuple[AtClosing, ...]

    def of(self, activity: int) -> Int64:
        """Return the places of the services of an activity."""
        return np.flatnonzero(self.activity == activity)


def find_services(log: EventLog, entries: Entries, resolution_min: float) -> Services:
    """Find opening hours and the net services of every activity."""
    count = log.unit.size
    net = np.empty(count)
    cut, kept = np.isnan(log.end_min), np.ones(count, np.bool_)
    end = log.end_min.copy()
    closing = []
    hours = _hours(log, entries)
    for activity, found in enumerate(hours):
        where = np.flatnonzero(log.activity == activity)
        behaviour, at_closing, resumed = _at_closing(log, where, found.time, resolution_min)
        closing.append(behaviour)
        ends = np.where(np.isnan(end[where]), log.until_min, end[where])
        net[where] = ends - log.start_min[where]
        if behaviour.pauses:
            net[where] = _net(found.time, log.start_min[where], ends)
        if behaviour.cuts:
            cut[where[at_closing]] = True
            _put_together(where[resumed], net, cut, end, kept)
    return Services(
        unit=log.unit[kept],
        activity=log.activity[kept],
        resource=log.resource[kept],
        unit_class=log.unit_class[kept],
        start_min=log.start_min[kept],
        end_min=end[kept],
        joined_min=log.joined_min[kept],
        net_min=net[kept],
        cut=cut[kept],
        hours=hours,
        closing=tuple(closing),
    )


def _hours(log: EventLog, entries: Entries) -> tuple[FoundHours, ...]:
    """Find the opening hours of every activity; a day on which one was closed is looked at again for the others."""
    places = [np.flatnonzero(log.activity == activity) for activity in range(len(log.activities))]

    def of(activity: int, suspected: frozenset[int] = frozenset()) -> FoundHours:
        where, gone = places[activity], entries.gone_min(log, activity)
        return find_hours(log.start_min[where], log.joined_min[where], log.days, log.weekday, suspected, gone=gone)

    first = [of(activity) for activity in range(len(places))]
    suspected = frozenset(closure.day for found in first for closure in found.closures)
    return tuple(
        # One that is always open was without work that day, not closed.
        found
        if found.always_open or suspected <= {closure.day for closure in found.closures}
        else of(activity, suspected)
        for activity, found in enumerate(first)
    )


def _net(time: OpenTime, starts: Float64, ends: Float64) -> Float64:
    """Return open minutes; a service begun in closed time all the same keeps its whole length."""
    return np.where(time.is_open(starts), time.between_min(starts, ends), ends - starts)


def _at_closing(log: EventLog, where: Int64, time: OpenTime, resolution_min: float) -> tuple[AtClosing, Bool, Int64]:
    """Count what became of services at closing; say which end there, and which of those go on in the next row."""
    nobody = np.zeros(where.size, np.bool_)
    if time.always or where.size == 0:
        return AtClosing(), nobody, np.empty(0, np.int64)
    near = max(resolution_min, 0.05)
    start, end = log.start_min[where], log.end_min[where]
    closes = time.closing_after(start)
    reopens = time.opening_after(closes)
    at_closing = np.abs(end - closes) <= near
    over = np.isfinite(end) & (end > closes + near) & time.is_open(start)
    expected = np.count_nonzero((end < closes - near) & (end > closes - COMPARED_MIN)) * 2.0 * near / COMPARED_MIN
    cut = int(at_closing.sum())
    follows = np.append(
        (log.unit[1:] == log.unit[:-1])
        & (log.activity[1:] == log.activity[:-1])
        & (log.start_min[1:] >= time.opening_after(log.end_min[:-1]) - near),
        False,
    )
    resumed = np.flatnonzero(at_closing & follows[where])
    rested = int(np.count_nonzero(over & (end >= reopens - near)))
    finished = int(np.count_nonzero(over)) - rested
    return AtClosing(finished, rested, cut, int(resumed.size), poisson_tail(cut, expected)), at_closing, resumed


def _put_together(pieces: Int64, net: Float64, cut: Bool, end: Float64, kept: Bool) -> None:
    """Join each piece with the next row, the last pair first, so that many pieces become one."""
    for place in pieces[::-1].tolist():
        net[place] += net[place + 1]
        cut[place] = cut[place + 1]
        end[place] = end[place + 1]
        kept[place + 1] = False


def resolution(log: EventLog) -> float:
    """Return to how many minutes the times of a log are rounded: 1, a quarter hour and so on, 0 for finely written."""
    finite = np.concatenate([log.start_min, log.end_min[np.isfinite(log.end_min)]])
    for step in (60.0, 30.0, 15.0, 10.0, 5.0, 1.0, 1.0 / 60.0):
        off = np.abs(finite / step - np.rint(finite / step))
        if float(np.mean(off < 1e-6)) > 0.999:
            return step
    return 0.0
