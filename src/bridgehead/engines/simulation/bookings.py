"""Arrivals that are known before a run begins: appointments, timetables, lists."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.distributions import least
from bridgehead.engines.simulation.model import AppointmentArrivals, Distribution, ListedArrivals, Model
from bridgehead.engines.simulation.timelines import open_intervals


def listed_arrivals(compiled: Compiled, world: Any, at: int, key: int, horizon_min: float) -> tuple[Any, Any]:
    """Return rising times and the numbers of the units of one source of listed arrivals in one replication.

    Parameters
    ----------
    compiled : Compiled
        The model.
    world : array
        Where the distributions are.
    at : int
        Which source.
    key : int
        Key of the source in this replication.
    horizon_min : float
        Only arrivals before it.
    """
    sources = compiled.model.sources
    if at >= len(sources):  # the closed population
        count = compiled.model.population[at - len(sources)].count
        return np.zeros(count), np.arange(count)
    arrivals = sources[at].arrivals
    if isinstance(arrivals, ListedArrivals):
        times = np.asarray(arrivals.times_min, dtype=np.float64)
        times = times[slice(*np.searchsorted(times, (0.0, horizon_min)))]
        return times, np.arange(times.size)
    assert isinstance(arrivals, AppointmentArrivals)
    return _booked(compiled, world, arrivals, key, horizon_min)


def _booked(
    compiled: Compiled, world: Any, arrivals: AppointmentArrivals, key: int, horizon_min: float
) -> tuple[Any, Any]:
    from bridgehead.engines.simulation.booking_kernels import book, counts_of_periods

    distribution = compiled.distribution_row
    periods = int(np.ceil((horizon_min + earliness_min(arrivals)) / arrivals.period_min))
    counts = np.zeros(periods, dtype=np.int64)
    opens, intervals = _open_slots(compiled.model, arrivals, periods)
    if arrivals.calendar is not None:
        counts[np.diff(opens) == 0] = -1
    key64 = np.uint64(key)
    total = counts_of_periods(world, key64, distribution(arrivals.count), counts)
    fixed = arrivals.slot_min if isinstance(arrivals.slot_min, tuple) else ()
    drawn = None if isinstance(arrivals.slot_min, tuple) or arrivals.calendar is not None else arrivals.slot_min
    times, numbers = np.empty(total), np.empty(total, dtype=np.int64)
    coming = book(
        world,
        key64,
        arrivals.period_min,
        counts,
        opens,
        intervals,
        distribution(drawn),
        distribution(arrivals.lateness_min),
        arrivals.no_show,
        np.array(fixed, dtype=np.float64),
        horizon_min,
        times,
        numbers,
    )
    order = np.argsort(times[:coming], kind="stable")
    return times[:coming][order], numbers[:coming][order]


def earliness_min(arrivals: AppointmentArrivals) -> float:
    """Return how long before the beginning of its period a unit may come, so that nobody early is left out."""
    slot, late = arrivals.slot_min, arrivals.lateness_min
    earliest = least(slot) if isinstance(slot, Distribution) else min(slot)
    return max(0.0, -(earliest + (least(late) if late is not None else 0.0)))


def _open_slots(model: Model, arrivals: AppointmentArrivals, periods: int) -> tuple[Any, Any]:
    """Return where the open intervals of each period begin, and all of them."""
    if arrivals.calendar is None:
        return np.zeros(periods + 1, dtype=np.int64), np.zeros(0)
    calendar = next(one for one in model.calendars if one.id == arrivals.calendar)
    cut: list[list[float]] = [[] for _ in range(periods)]
    for begin, end in open_intervals(calendar, periods * arrivals.period_min):
        _cut(cut, begin, end, arrivals.period_min)
    lengths = [len(one) for one in cut]
    flat = [value for one in cut for value in one]
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), np.array(flat, dtype=np.float64)


def _cut(cut: list[list[float]], begin: float, end: float, period: float) -> None:
    at = int(begin // period)
    while at < len(cut) and at * period < end:
        low, high = max(begin, at * period), min(end, (at + 1) * period)
        if low < high:
            cut[at] += [low, high]
        at += 1
