"""Compiled leaving: what is counted of a unit at its end, and which way it takes out of a node."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.engines.simulation.compile_kernels import inlined, rare
from bridgehead.engines.simulation.draw_kernels import state_of, uniform
from bridgehead.engines.simulation.event_kernels import count, touch_system
from bridgehead.engines.simulation.layout import NOWHERE
from bridgehead.engines.simulation.pool_kernels import release_all
from bridgehead.engines.simulation.table_kernels import (
    count_at,
    free_unit_at,
    node_at,
    pair_at,
    type_at,
    unit_at,
    way_at,
)


@inlined
def _bin_of(w: Any) -> Any:
    return min(int(w.now / w.bin_width), w.bin_count - 1)


@inlined
def vanish(w: Any, u: Any) -> None:
    """Give a unit's place back."""
    if w.pool_count > 0:
        release_all(w, u)
    unit = unit_at(w, u)
    unit.version += 1
    unit.state = NOWHERE
    free_unit_at(w, w.free_units).value = u
    w.free_units += 1
    touch_system(w, -1)


@inlined
def finish_here(w: Any, u: Any) -> None:
    """Count a unit that has come to the end of its way; for the one place where nearly all of them do."""
    unit = unit_at(w, u)
    kind = type_at(w, unit.type)
    stay = w.now - unit.born
    kind.done += 1
    kind.stay_sum += stay
    kind.stay_square += stay * stay
    kind.wait_sum += unit.waited
    kind.wait_square += unit.waited * unit.waited
    count(w, kind.stay_histogram, stay)
    count(w, kind.wait_histogram, unit.waited)
    count_at(w, (w.type_count + unit.type) * w.bin_count + _bin_of(w)).value += 1
    vanish(w, u)


@rare
def finish(w: Any, u: Any) -> None:
    """Count a unit that has come to the end of its way."""
    finish_here(w, u)


@rare
def drop(w: Any, u: Any) -> None:
    """Count a unit that leaves without having come to the end of its way."""
    unit = unit_at(w, u)
    kind = type_at(w, unit.type)
    kind.dropped += 1
    kind.dropped_sum += w.now - unit.born
    vanish(w, u)


@inlined
def way_here(w: Any, node: Any, at: Any, u: Any) -> Any:
    """Return where a unit goes from a node, -1 for out, and count the loop; for the end of a service."""
    unit = unit_at(w, u)
    pair = pair_at(w, at * w.type_count + unit.type)
    way = pair.way
    if way == pair.way_end:
        return -1
    if pair.shortest:
        way = shortest(w, pair.way, pair.way_end)
    elif pair.way_end - way > 1:
        x = uniform(state_of(unit.key, node.route_purpose, unit.loop), 0)
        while x >= way_at(w, way).cumulative and way < pair.way_end - 1:
            way += 1
    if way_at(w, way).back:
        unit.loop += 1
    return way_at(w, way).to


@rare
def way_of(w: Any, node: Any, at: Any, u: Any) -> Any:
    """Return where a unit goes from a node, -1 for out, and count the loop if the way leads back."""
    return way_here(w, node, at, u)


@rare
def shortest(w: Any, first: int, end: int) -> int:
    """Return the way to the node with the fewest units per server, the first of equals."""
    found, least = first, np.inf
    for way in range(first, end):
        node = node_at(w, way_at(w, way).to)
        load = (node.queue + node.serving + node.blocked + node.stopped + node.stuck) / max(1, node.servers)
        if load < least:
            found, least = way, load
    return found
