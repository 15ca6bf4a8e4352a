"""How many servers an activity has: the most at work at once, and by hour of the day while somebody was waiting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.calibration.log_cells import MINUTES_A_DAY, Float64, Int64
from bridgehead.engines.simulation.calibration.open_time import OpenTime
from bridgehead.engines.simulation.calibration.waiting import waiting

HOURS = 24
AGREEMENT = 0.8
"""Share of the time with somebody waiting in which all servers of a level must be at work."""
LEAST_EVIDENCE_MIN = 30.0
FEWEST_DAYS = 3


@dataclass(frozen=True, slots=True)
class ServerCount:
    """What was found on the servers of an activity.

    Parameters
    ----------
    servers : int
        The most at work at once.
    resources : int
        Distinct names of servers in the log; 0 where it names none.
    waited_min : float
        Minutes with somebody waiting in open time.
    all_busy_share : float
        In how much of that time all were at work: near one where `servers` is the number there are, NaN where nobody
        waited, and then there may be more.
    shifts : tuple of (float, int)
        From these minutes of the day on so many, where levels differ by hour; else empty.
    """

    servers: int
    resources: int
    waited_min: float
    all_busy_share: float
    shifts: tuple[tuple[float, int], ...] = ()

    @property
    def sure(self) -> bool:
        """Whether nobody waited beside a free server."""
        return bool(self.all_busy_share >= AGREEMENT) or bool(self.shifts)


def count_servers(
    started: Float64,
    ended: Float64,
    joined: Float64,
    resource: Int64,
    time: OpenTime,
    *,
    until_min: float,
    tolerance_min: float,
) -> ServerCount:
    """Count the servers of an activity.

    Parameters
    ----------
    started, ended, joined : ndarray
        Its services; an end of NaN is after the end of the log.
    resource : ndarray of int
        Their servers, -1 for unknown.
    time : OpenTime
        Opening hours.
    until_min : float
        End of the log.
    tolerance_min : float
        By how much services may overlap without two servers.
    """
    ends = np.where(np.isnan(ended), until_min, ended)
    _, levels = _levels(started, np.maximum(ends - tolerance_min, started + 0.5 * (ends - started)))
    most = int(levels.max(initial=0))
    # The level while somebody waits is taken without tolerance: else every change of unit looks like a free server.
    exact_moments, exact = _levels(started, ends)
    begins, lasts, level = _while_waiting(joined, started, exact_moments, exact, time)
    total = float(lasts.sum())
    share = float(lasts[level >= most].sum()) / total if total > LEAST_EVIDENCE_MIN else float("nan")
    resources = int(np.unique(resource[resource >= 0]).size)
    shifts = _shifts(begins, lasts, level, most) if share < AGREEMENT else ()
    return ServerCount(most, resources, total, share, shifts)


def _levels(started: Float64, ended: Float64) -> tuple[Float64, Int64]:
    """Return the moments of change and how many are at work from each on; at equal times ends come first."""
    moments = np.concatenate([ended, started])
    steps = np.concatenate([np.full(ended.size, -1), np.full(started.size, 1)])
    order = np.lexsort((steps, moments))
    return moments[order], np.cumsum(steps[order])


def _while_waiting(
    joined: Float64, started: Float64, moments: Float64, levels: Int64, time: OpenTime
) -> tuple[Float64, Float64, Int64]:
    """Return the stretches with somebody waiting in open time, cut at full hours: begin, length, number at work."""
    queue = waiting(joined, started)
    if not queue.known or queue.begins_min.size == 0:
        return np.empty(0), np.empty(0), np.empty(0, np.int64)
    last = float(moments[-1])
    hours = np.arange(0.0, last + 60.0, 60.0)
    marks = [moments, queue.begins_min, queue.ends_min, time.opens_min, time.closes_min, hours]
    cuts = np.unique(np.concatenate(marks))
    begins, lasts = cuts[:-1], np.diff(cuts)
    middle = begins + lasts / 2.0
    place = np.searchsorted(queue.begins_min, middle, "right") - 1
    waits = (place >= 0) & (middle < queue.ends_min[np.maximum(place, 0)]) & time.is_open(middle)
    at = np.searchsorted(moments, middle, "right") - 1
    level = np.where(at >= 0, levels[np.maximum(at, 0)], 0)
    return begins[waits], lasts[waits], level[waits]


def _shifts(begins: Float64, lasts: Float64, level: Int64, most: int) -> tuple[tuple[float, int], ...]:
    """Return levels by hour of the day where they are steady and not all the same."""
    hour = (begins % MINUTES_A_DAY // 60.0).astype(np.int64)
    day = (begins // MINUTES_A_DAY).astype(np.int64)
    found: list[int | None] = []
    for h in range(HOURS):
        here = hour == h
        weights = np.bincount(level[here], weights=lasts[here], minlength=most + 1)
        usual = int(np.argmax(weights))
        enough = weights.sum() >= LEAST_EVIDENCE_MIN and np.unique(day[here]).size >= FEWEST_DAYS
        steady = weights[usual] >= AGREEMENT * weights.sum()
        found.append(usual if enough and steady and usual > 0 else None)
    known = [value for value in found if value is not None]
    if len(set(known)) < 2:
        return ()
    # Hours without evidence keep the level of the hour before.
    current = known[-1]
    shifts: list[tuple[float, int]] = []
    for h, value in enumerate(found):
        current = current if value is None else value
        if not shifts or shifts[-1][1] != current:
            shifts.append((60.0 * h, current))
    return tuple(shifts)
