"""Compiled search for stations that can never go on, because all they wait for waits for them."""

from __future__ import annotations

from typing import Any

from bridgehead.engines.simulation.compile_kernels import rare
from bridgehead.engines.simulation.event_kernels import available
from bridgehead.engines.simulation.layout import BLOCKED, NOWHERE, OUTSIDE, STATION, WAITING
from bridgehead.engines.simulation.table_kernels import (
    amount_at,
    change_at,
    held_at,
    line_at,
    node_at,
    pair_at,
    pool_at,
    slot_at,
    unit_at,
)


@rare
def some_deadlock(w: Any) -> Any:
    """Look into every station at which somebody just began to wait for others."""
    w.suspects = 0
    for at in range(w.node_count):
        node = node_at(w, at)
        if node.suspect:
            node.suspect = 0
            if deadlocked(w, at):
                return True
    return False


@rare
def deadlocked(w: Any, at: Any) -> bool:
    """Tell whether a station can never go on: all it waits for waits in turn for stations that cannot go on.

    Stations of the knot carry the mark of this search.
    """
    if node_at(w, at).kind != STATION:
        return False
    w.stamp += 1
    node_at(w, at).mark = w.stamp
    w.grown = 1
    while w.grown:
        w.grown = 0
        for n in range(w.node_count):
            node = node_at(w, n)
            if node.mark == w.stamp and node.kind == STATION and not (_stands(w, node, n) and _waits(w, node)):
                return False
    return True


@rare
def _stands(w: Any, node: Any, at: Any) -> Any:
    """Tell whether nothing will happen at a station by itself."""
    if node.serving > 0 or node.stopped > 0 or node.down > 0 or node.level == 0:
        return False
    if node.lane_due or node.extra < node.lanes:
        return False
    for i in range(node.timeline, node.timeline_end):
        if change_at(w, i).level > node.level:
            return False
    return not (node.patient and node.queue > 0 and _somebody_gives_up(w, at))


@rare
def _somebody_gives_up(w: Any, at: Any) -> bool:
    for group in range(w.group_count):
        u = line_at(w, at * w.group_count + group).first
        while u >= 0:
            unit = unit_at(w, u)
            if unit.left < 0.0 and pair_at(w, at * w.type_count + unit.type).patience >= 0:
                return True
            u = unit.next
    return False


@rare
def _joins(w: Any, to: Any) -> bool:
    """Take a node into the knot; return whether it may be part of one."""
    node = node_at(w, to)
    if node.kind != STATION:
        return False
    if node.mark != w.stamp:
        node.mark = w.stamp
        w.grown = 1
    return True


@rare
def _waits(w: Any, node: Any) -> bool:
    """Tell whether all that holds up a station may be part of the knot, and take it in."""
    for i in range(node.servers):
        u = slot_at(w, node.slot + i).unit
        if u >= 0 and unit_at(w, u).state == BLOCKED and not _joins(w, unit_at(w, u).to):
            return False
    if available(node) <= 0:
        return True
    if node.queue == 0 and node.waiting_outside == 0:
        return False
    lacking = False
    for i in range(node.need, node.need_end):
        lacking = lacking or pool_at(w, amount_at(w, i).which).free < amount_at(w, i).amount
        if pool_at(w, amount_at(w, i).which).free < amount_at(w, i).amount and not _held_up(w, amount_at(w, i).which):
            return False
    for i in range(node.take, node.take_end):
        wanted = amount_at(w, i).amount
        for k in range(node.need, node.need_end):
            if amount_at(w, k).which == amount_at(w, i).which:
                wanted += amount_at(w, k).amount
        if pool_at(w, amount_at(w, i).which).free < wanted:
            lacking = True
            if not _held_up(w, amount_at(w, i).which):
                return False
    return lacking


@rare
def _held_up(w: Any, which: Any) -> bool:
    """Tell whether all that is taken of a pool is held by units that may be part of the knot."""
    pool = pool_at(w, which)
    if pool.away > 0:
        return False
    for at in range(w.node_count):
        node = node_at(w, at)
        if node.kind == STATION and node.serving + node.stopped + node.stuck > 0:
            for i in range(node.need, node.need_end):
                if amount_at(w, i).which == which:
                    return False
    left = pool.size - pool.free
    u = 0
    while left > 0 and u < w.unit_room:
        held = held_at(w, u * w.pool_count + which).value
        unit = unit_at(w, u)
        if held > 0 and unit.state != NOWHERE:
            left -= held
            if unit.state in (BLOCKED, OUTSIDE):
                if not _joins(w, unit.to):
                    return False
            elif unit.state != WAITING or not _joins(w, unit.node):
                return False
        u += 1
    return True
