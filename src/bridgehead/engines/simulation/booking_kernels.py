"""Compiled drawing of booked arrivals: how many a period has, their slots, how late they come, who does not come."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from bridgehead.engines.network.kernels import compiled
from bridgehead.engines.simulation.compile_kernels import apart, sources_stamp
from bridgehead.engines.simulation.draw_kernels import GOLDEN, mix, sample, state_of, uniform
from bridgehead.engines.simulation.table_kernels import WORLD

_COUNT = np.uint64(0xA54FF53A5F1D36F1)
_SLOT = np.uint64(0x510E527FADE682D1)
_LATE = np.uint64(0x9B05688C2B3E6C1F)
_SHOW = np.uint64(0x1F83D9ABFB41BD6B)
PERIOD_SHIFT = 24
"""A period has fewer than 2 ** PERIOD_SHIFT bookings; unit `i` of period `p` has the number `p << PERIOD_SHIFT | i`."""

_F, _L = numba.float64[::1], numba.int64[::1]
_F64, _I64 = numba.float64, numba.int64


@apart
def _spread(intervals: Any, first: int, end: int, share: float) -> float:
    """Return the time at a share of the open minutes of a period."""
    total = 0.0
    for i in range(first, end, 2):
        total += intervals[i + 1] - intervals[i]
    left = share * total
    for i in range(first, end, 2):
        length = intervals[i + 1] - intervals[i]
        if left < length or i == end - 2:
            return intervals[i] + min(left, length)
        left -= length
    return 0.0


@apart
def _counts_of_periods(world: Any, key: Any, count: int, counts: Any) -> int:
    """Draw the bookings of each period that is not closed (`counts` is -1 there); return how many there are."""
    total, w = 0, world[0]
    for period in range(counts.size):
        if counts[period] < 0:
            counts[period] = 0
            continue
        state = state_of(mix(key + np.uint64(period) * GOLDEN), _COUNT, 0)
        counts[period] = max(0, int(sample(w, count, state)))
        total += counts[period]
    return total


@apart
def _book(  # noqa: PLR0917 - arrays by position
    world: Any,
    key: Any,
    period_min: float,
    counts: Any,
    opens: Any,
    intervals: Any,
    slot: int,
    lateness: int,
    no_show: float,
    fixed: Any,
    horizon: float,
    times: Any,
    numbers: Any,
) -> int:
    """Write time and number of everybody who comes before the horizon; return how many come.

    Slots are `fixed` ones where there are any, else those of distribution `slot`, else (-1) spread evenly over the open
    intervals of the period, whose pairs begin at ``opens[period]`` in `intervals`.
    """
    coming, w = 0, world[0]
    for period in range(counts.size):
        begin = period * period_min
        for i in range(counts[period]):
            number = (period << PERIOD_SHIFT) | i
            unit = mix(key + np.uint64(number + 1) * GOLDEN)
            if no_show > 0.0 and uniform(state_of(unit, _SHOW, 0), 0) < no_show:
                continue
            if fixed.size:
                at = begin + fixed[i % fixed.size]
            elif slot >= 0:
                at = begin + sample(w, slot, state_of(unit, _SLOT, 0))
            else:
                at = _spread(intervals, opens[period], opens[period + 1], uniform(state_of(unit, _SLOT, 0), 0))
            if lateness >= 0:
                at += sample(w, lateness, state_of(unit, _LATE, 0))
            if 0.0 <= at < horizon:
                times[coming] = at
                numbers[coming] = number
                coming += 1
    return coming


def _of_these_sources(stamp: str) -> tuple[Any, Any]:
    """Return both kernels; `stamp` is bound in them so that what is kept on disk is that of these very sources."""

    @compiled(numba.int64(WORLD, numba.uint64, numba.int64, _L))
    def counts_of_periods(world: Any, key: Any, count: int, counts: Any) -> int:
        _ = stamp
        return _counts_of_periods(world, key, count, counts)

    @compiled(numba.int64(WORLD, numba.uint64, _F64, _L, _L, _F, _I64, _I64, _F64, _F, _F64, _F, _L))
    def book(  # noqa: PLR0917 - arrays by position
        world: Any,
        key: Any,
        period_min: float,
        counts: Any,
        opens: Any,
        intervals: Any,
        slot: int,
        lateness: int,
        no_show: float,
        fixed: Any,
        horizon: float,
        times: Any,
        numbers: Any,
    ) -> int:
        _ = stamp
        return _book(
            world, key, period_min, counts, opens, intervals, slot, lateness, no_show, fixed, horizon, times, numbers
        )

    return counts_of_periods, book


counts_of_periods, book = _of_these_sources(sources_stamp())
