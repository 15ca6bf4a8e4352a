"""Compiled entering: stations, matches, divisions and collections, and what happens when there is no place."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.engines.simulation.arrival_kernels import new_unit
from bridgehead.engines.simulation.compile_kernels import apart, inlined, rare
from bridgehead.engines.simulation.draw_kernels import GOLDEN, mix
from bridgehead.engines.simulation.event_kernels import available, count, leave_work, schedule, touch
from bridgehead.engines.simulation.layout import (
    ADMIT,
    BLOCK,
    BLOCKED,
    COMBINE_DUE,
    DIVERT,
    DIVIDE,
    DIVIDING,
    ENTER,
    INPUT,
    NOWHERE,
    OUTSIDE,
    SPLIT,
    STATION,
)
from bridgehead.engines.simulation.leaving_kernels import drop, finish, way_of
from bridgehead.engines.simulation.pool_kernels import has_pools, release_needs
from bridgehead.engines.simulation.queue_kernels import (
    append,
    balks,
    best,
    count_wait,
    displaces,
    free_slot,
    join,
    put_first,
    start,
    stop_running,
    suspect,
    take_out,
)
from bridgehead.engines.simulation.table_kernels import amount_at, node_at, pair_at, type_at, unit_at


@inlined
def closed(node: Any) -> Any:
    """Tell whether newcomers find a station closed."""
    return node.level == 0 or node.overtime


@inlined
def takes_in(w: Any, node: Any) -> Any:
    """Tell whether a newcomer would begin at once or find a place."""
    if node.kind == STATION:
        if node.capacity < 0 or node.queue < node.capacity:
            return True
        return node.queue == 0 and node.overtime == 0 and available(node) > 0 and has_pools(w, node, False)
    if node.kind == INPUT:
        return node.capacity < 0 or node.queue < node.capacity or node_at(w, node.partner).queue > 0
    return True


@inlined
def must_block(w: Any, to: Any, unit: Any) -> Any:
    """Tell whether a unit has to stay where it is because the next node has no place for it."""
    return node_at(w, to).full == BLOCK and _must_block(w, to, unit)


@rare
def _must_block(w: Any, to: Any, unit: Any) -> Any:
    node = node_at(w, to)
    if node.turn_away and closed(node):
        return False
    if node.kind == STATION and (balks(w, node, unit) or displaces(w, node, unit) >= 0):
        return False
    return node.waiting_outside > 0 or not takes_in(w, node)


@rare
def wait_for_place(w: Any, to: Any, u: Any, state: Any) -> None:
    """Put a unit at the end of those who wait for a place at a node, on its server or outside."""
    unit, node = unit_at(w, u), node_at(w, to)
    unit.state = state
    unit.to = to
    unit.joined = w.now
    unit.next = -1
    unit.prev = node.blocked_last
    if node.blocked_last < 0:
        node.blocked_first = u
    else:
        unit_at(w, node.blocked_last).next = u
    node.blocked_last = u
    node.waiting_outside += 1
    suspect(w, node)


@inlined
def enter(w: Any, u: Any, at: Any) -> Any:
    """Let a unit enter a node; return whether it has to move on at once, to `unit.to` (-1 for out)."""
    node, unit = node_at(w, at), unit_at(w, u)
    unit.node = at
    if node.kind == STATION:
        return enter_station(w, node, at, u)
    if node.kind == INPUT:
        return enter_input(w, at, u)
    if node.kind == SPLIT:
        return begin_division(w, at, u)
    return enter_collection(w, at, u)


@inlined
def enter_station(w: Any, node: Any, at: Any, u: Any) -> Any:
    """Let a unit begin service, wait, or find no place."""
    unit = unit_at(w, u)
    if node.plain == 0:
        return enter_special(w, node, at, u)
    pair_at(w, at * w.type_count + unit.type).arrivals += 1
    touch(w, node, at)
    unit.joined = w.now
    unit.seq = w.joins
    w.joins += 1
    if node.queue > 0 or available(node) <= 0:
        append(w, node, at, u)
    else:
        start(w, node, at, u, 0.0)
    return False


@apart
def enter_special(w: Any, node: Any, at: Any, u: Any) -> Any:
    """Let a unit begin service, wait, or find no place, whatever there is to a station."""
    unit = unit_at(w, u)
    pair = pair_at(w, at * w.type_count + unit.type)
    pair.arrivals += 1
    if node.balk_at >= 0 or node.turn_away:
        if node.turn_away and closed(node):
            pair.lost += 1
            drop(w, u)
            return False
        if balks(w, node, unit):
            pair.balked += 1
            return _elsewhere(w, u, node.balk_to)
    behind = node.waiting_outside > 0 and not has_waited(unit)
    free = available(node) > 0
    if behind or node.queue > 0 or node.overtime or not free or not has_pools(w, node, False):
        victim = displaces(w, node, unit)
        if victim < 0:
            if behind or (node.capacity >= 0 and node.queue >= node.capacity):
                return no_place(w, at, u)
            touch(w, node, at)
            if free and not has_pools(w, node, False):
                node.pool_wait = 1
                suspect(w, node)
            join(w, node, at, u)
            return False
        _interrupt(w, node, at, victim)
    touch(w, node, at)
    unit.joined = w.now
    unit.seq = w.joins
    w.joins += 1
    start(w, node, at, u, 0.0)
    return False


@inlined
def has_waited(unit: Any) -> Any:
    """Tell whether a unit comes in from among those who waited for a place."""
    return unit.state in (BLOCKED, OUTSIDE)


@rare
def _interrupt(w: Any, node: Any, at: Any, victim: Any) -> None:
    """Let somebody of worse priority give up the server and go back to the head of the line."""
    touch(w, node, at)
    stop_running(w, node, unit_at(w, victim))
    free_slot(w, node, unit_at(w, victim))
    release_needs(w, node)
    put_first(w, node, at, victim)


@rare
def no_place(w: Any, at: Any, u: Any) -> bool:
    """Let a full node lose, keep waiting outside, or send on a unit."""
    node = node_at(w, at)
    pair = pair_at(w, at * w.type_count + unit_at(w, u).type)
    if node.full == BLOCK:
        pair.arrivals -= 1  # it counts when it comes in
        wait_for_place(w, at, u, OUTSIDE)
        return False
    if node.full == DIVERT:
        pair.diverted += 1
        return _elsewhere(w, u, node.full_to)
    pair.lost += 1
    drop(w, u)
    return False


@rare
def _elsewhere(w: Any, u: Any, to: Any) -> Any:
    """Send a unit to another node, or away."""
    if to < 0:
        drop(w, u)
        return False
    unit, node = unit_at(w, u), node_at(w, to)
    if node.kind == INPUT and node.accepts != type_at(w, unit.type).unit_class:
        to = node.partner
    unit.state = NOWHERE
    unit.loop += 1
    unit.to = to
    return True


@rare
def lose(w: Any, u: Any) -> None:
    """Lose a unit that was sent from one full node to the next more often than there are nodes."""
    unit = unit_at(w, u)
    pair_at(w, unit.node * w.type_count + unit.type).lost += 1
    drop(w, u)


@rare
def enter_input(w: Any, at: Any, u: Any) -> bool:
    """Let a unit meet one of the other class, or wait for it."""
    node, unit = node_at(w, at), unit_at(w, u)
    pair = pair_at(w, at * w.type_count + unit.type)
    pair.arrivals += 1
    unit.joined = w.now
    unit.seq = w.joins
    w.joins += 1
    other = node_at(w, node.partner)
    if node.waiting_outside > 0 and not has_waited(unit):
        return no_place(w, at, u)
    if other.queue == 0:
        if node.capacity < 0 or node.queue < node.capacity:
            touch(w, node, at)
            append(w, node, at, u)
            if other.blocked_first >= 0:
                leave_work(w, ADMIT, node.partner, -1)
            return False
        return no_place(w, at, u)
    partner = best(w, other, node.partner)
    touch(w, other, node.partner)
    take_out(w, other, node.partner, partner)
    _leave_line(w, node.partner, partner)
    _leave_line(w, at, u)
    node_at(w, at if node.side == 0 else node.partner).pairs += 1
    return meet(w, at, u, partner)


@rare
def _leave_line(w: Any, at: Any, u: Any) -> None:
    """Count the wait of a unit that leaves an input or a collection."""
    unit = unit_at(w, u)
    pair = pair_at(w, at * w.type_count + unit.type)
    pair.ended += 1
    count_wait(w, pair, unit, w.now - unit.joined)


@rare
def meet(w: Any, at: Any, u: Any, partner: Any) -> bool:
    """Send a pair on: as one unit of another class, or each on its way, the newcomer first."""
    node = node_at(w, at)
    if node.becomes < 0:
        leave_work(w, ENTER, partner, way_of(w, node_at(w, node.partner), node.partner, partner))
        unit_at(w, u).to = way_of(w, node, at, u)
        if unit_at(w, u).to < 0:
            finish(w, u)
            return False
        return True
    first, second = (u, partner) if node.side == 0 else (partner, u)
    finish(w, second)
    return become(w, at if node.side == 0 else node.partner, first)


@rare
def become(w: Any, at: Any, u: Any) -> bool:
    """Let a unit go on as one of another class; the stay of the old one ends, that of the new one counts on."""
    node, unit = node_at(w, at), unit_at(w, u)
    key, born = mix(unit.key + node.child_purpose), unit.born
    number, source = unit.number, unit.source
    finish(w, u)
    new = new_unit(w, key, node.becomes, born)
    made = unit_at(w, new)
    made.number, made.source = number, source
    made.to = way_of(w, node, at, new)
    if made.to < 0:
        finish(w, new)
        return False
    made.node = -1
    leave_work(w, ENTER, new, made.to)
    return False


@rare
def begin_division(w: Any, at: Any, u: Any) -> bool:
    """Begin to divide a unit into others, one after the other."""
    pair = pair_at(w, at * w.type_count + unit_at(w, u).type)
    pair.arrivals += 1
    pair.started += 1
    pair.ended += 1
    count(w, pair.wait_histogram, 0.0)
    unit_at(w, u).state = DIVIDING
    unit_at(w, u).slot = 0
    leave_work(w, DIVIDE, u, at)
    return False


@rare
def divide(w: Any, u: Any, at: Any) -> Any:
    """Make the next part of a unit, or end it; return the part, or -1."""
    node, unit = node_at(w, at), unit_at(w, u)
    left = unit.slot
    for i in range(node.take, node.take_end):  # of a division: types and how many of each
        if left < amount_at(w, i).amount:
            key = mix(unit.key + node.child_purpose + np.uint64(unit.slot + 1) * GOLDEN)
            new = new_unit(w, key, amount_at(w, i).which, unit.born)
            made = unit_at(w, new)
            made.number, made.source = unit.number, unit.source
            made.to = way_of(w, node, at, new)
            unit.slot += 1
            leave_work(w, DIVIDE, u, at)
            return new
        left -= amount_at(w, i).amount
    finish(w, u)
    return -1


@rare
def enter_collection(w: Any, at: Any, u: Any) -> bool:
    """Let a unit wait until there are enough."""
    node, unit = node_at(w, at), unit_at(w, u)
    pair_at(w, at * w.type_count + unit.type).arrivals += 1
    unit.joined = w.now
    unit.seq = w.joins
    w.joins += 1
    touch(w, node, at)
    append(w, node, at, u)
    if node.queue == 1 and node.after >= 0.0 and node.size > 1:
        node.mark += 1
        schedule(w, w.now + node.after, COMBINE_DUE, at, node.mark)
    if node.queue >= node.size:
        collect(w, at)
    return False


@rare
def collect(w: Any, at: Any) -> None:
    """Let those who wait at a collection become one unit, born when the first of them was."""
    node = node_at(w, at)
    touch(w, node, at)
    node.mark += 1
    keep = -1
    while node.queue > 0:
        u = best(w, node, at)
        take_out(w, node, at, u)
        _leave_line(w, at, u)
        if keep < 0:
            keep = u
        else:
            finish(w, u)
    node.pairs += 1
    become(w, at, keep)
