"""Compiled arrivals: when the next unit of a source comes, its risk band, its batch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bridgehead.engines.simulation.compile_kernels import apart, inlined, rare
from bridgehead.engines.simulation.draw_kernels import GOLDEN, duration, mix, state_of, uniform
from bridgehead.engines.simulation.event_kernels import touch_system
from bridgehead.engines.simulation.layout import LISTED, NOWHERE, RENEWAL
from bridgehead.engines.simulation.table_kernels import (
    free_unit_at,
    listed_at,
    logged_at,
    rate_at,
    source_at,
    type_at,
    unit_at,
)

_RISK = np.uint64(0x6A09E667F3BCC909)
_BATCH = np.uint64(0xBB67AE8584CAA73B)
_GAP = np.uint64(0x3C6EF372FE94F82B)


@rare
def new_unit(w: Any, key: Any, kind: Any, born: Any) -> Any:
    """Make a unit of a type; there is room for it."""
    return new_here(w, key, kind, born)


@inlined
def new_here(w: Any, key: Any, kind: Any, born: Any) -> Any:
    """Make a unit of a type; for arrivals."""
    w.free_units -= 1
    u = free_unit_at(w, w.free_units).value
    unit = unit_at(w, u)
    unit.key = key
    unit.born = born
    unit.waited = 0.0
    unit.left = -1.0
    unit.type = kind
    unit.node = -1
    unit.slot = -1
    unit.loop = 0
    unit.state = NOWHERE
    type_at(w, kind).born += 1
    touch_system(w, 1)
    return u


@inlined
def _band(w: Any, source_type: Any, bands: Any, key: Any) -> Any:
    """Return the type of a unit of a class."""
    return source_type if bands == 1 else _drawn_band(w, source_type, bands, key)


@rare
def _drawn_band(w: Any, source_type: Any, bands: Any, key: Any) -> Any:
    """Return the type of a unit of a class with risk bands."""
    u = uniform(state_of(key, _RISK, 0), 0)
    kind = source_type
    while u >= type_at(w, kind).cumulative and kind < source_type + bands - 1:
        kind += 1
    return kind


@rare
def _by_rate(w: Any, source: Any, need: float) -> float:
    """Return when so much of the integral of a rate is used up from the last arrival on; infinity after the horizon."""
    t = source.next
    while t < w.horizon:
        begin = source.cycle + rate_at(w, source.at).begin
        end = source.cycle + (rate_at(w, source.at + 1).begin if source.at + 1 < source.last else source.period)
        rate = rate_at(w, source.at).rate
        t = max(t, begin)
        if rate > 0.0:
            if t + need / rate <= end:
                return t + need / rate
            need -= (end - t) * rate
        t = end
        source.at += 1
        if source.at == source.last:
            source.at = source.first
            source.cycle += source.period
    return np.inf


@apart
def next_of(w: Any, source: Any) -> None:
    """Set the next arrival of a source."""
    if source.kind == LISTED:
        source.next = listed_at(w, source.position).time if source.position < source.position_end else np.inf
        return
    state = state_of(mix(source.key + np.uint64(source.arrivals) * GOLDEN), _GAP, 0)
    if source.kind == RENEWAL:
        source.next += duration(w, source.distribution, state)
    else:
        source.next = _by_rate(w, source, -math.log(1.0 - uniform(state, 0)))


@apart
def first_source(w: Any) -> None:
    """Find whose arrival comes next."""
    found, time = -1, np.inf
    for s in range(w.source_count):
        if source_at(w, s).next < time:
            found, time = s, source_at(w, s).next
    w.next_source = found
    w.next_arrival = time


@inlined
def arrive(w: Any, s: Any) -> Any:
    """Make the next unit of a source; the source's next arrival is set with the last of a batch."""
    source = source_at(w, s)
    if w.batch_left == 0:
        w.batch_left = 1
        if source.batch >= 0:
            state = state_of(mix(source.key + np.uint64(source.arrivals) * GOLDEN), _BATCH, 0)
            w.batch_left = int(duration(w, source.batch, state))
    u = -1
    if w.batch_left > 0:
        w.batch_left -= 1
        number = source.units
        if source.kind == LISTED:
            number = listed_at(w, source.position).number
        key = mix(source.key + np.uint64(number + 1) * GOLDEN)
        u = new_here(w, key, _band(w, source.type, source.bands, key), w.now)
        unit_at(w, u).number = number
        unit_at(w, u).source = s
        source.units += 1
        if w.logging:
            log_arrival(w, u, source.node)
    if w.batch_left == 0:
        source.arrivals += 1
        source.position += 1
        next_of(w, source)
        first_source(w)
    return u


@rare
def log_arrival(w: Any, u: Any, node: Any) -> None:
    """Keep the arrival of a unit."""
    entry, unit = logged_at(w, w.logged), unit_at(w, u)
    entry.key, entry.number, entry.source, entry.type = unit.key, unit.number, unit.source, unit.type
    entry.node, entry.slot = -1 - node, -1
    entry.start = entry.end = w.now
    w.logged += 1


@rare
def log_service(w: Any, u: Any, node: Any) -> None:
    """Keep a service that ended."""
    entry, unit = logged_at(w, w.logged), unit_at(w, u)
    entry.key, entry.number, entry.source, entry.type = unit.key, unit.number, unit.source, unit.type
    entry.node, entry.slot = node, unit.slot
    entry.start, entry.end = unit.began, w.now
    w.logged += 1
