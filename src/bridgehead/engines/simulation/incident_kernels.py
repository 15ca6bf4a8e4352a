"""Compiled events of a port: ends of services, openings, failures, patience, pools, the end of the warm-up."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.engines.simulation.arrival_kernels import first_source, log_service, next_of
from bridgehead.engines.simulation.compile_kernels import inlined, rare
from bridgehead.engines.simulation.draw_kernels import duration, state_of
from bridgehead.engines.simulation.entering_kernels import _elsewhere, must_block, takes_in, wait_for_place
from bridgehead.engines.simulation.event_kernels import available, leave_work, schedule, touch, touch_system
from bridgehead.engines.simulation.layout import (
    ADMIT,
    BLOCKED,
    BREAK,
    CELLS,
    EMPTY,
    IN_SERVICE,
    INTERRUPTED,
    LEVEL,
    PAUSE,
    POOLS,
    REFILL,
    REJOIN,
    REPAIR,
    REPEAT,
    STATION,
    WARM,
)
from bridgehead.engines.simulation.leaving_kernels import finish_here, way_here
from bridgehead.engines.simulation.pool_kernels import has_pools, release_needs, release_returns, touch_pool
from bridgehead.engines.simulation.queue_kernels import (
    begin_next,
    best,
    free_slot,
    go_on,
    priority,
    put_first,
    settle,
    stop_running,
    suspect,
    take_out,
    want_lane,
    worked,
)
from bridgehead.engines.simulation.table_kernels import (
    cell_at,
    change_at,
    free_slot_at,
    node_at,
    pair_at,
    pool_at,
    slot_at,
    source_at,
    type_at,
    unit_at,
)


@inlined
def end_service(w: Any, u: Any) -> Any:
    """End a service; return whether the unit enters another node at once, `unit.to`."""
    unit = unit_at(w, u)
    at = unit.node
    node = node_at(w, at)
    touch(w, node, at)
    pair = pair_at(w, at * w.type_count + unit.type)
    pair.ended += 1
    pair.service_sum += w.now - unit.began
    unit.left = -1.0
    if w.logging:
        log_service(w, u, at)
    if node.plain == 0:
        if node.need_end > node.need:
            release_needs(w, node)
        if node.give_end > node.give:
            release_returns(w, node, u)
        if unit.slot >= 0 and node.up >= 0 and node.while_idle == 0:
            worked(slot_at(w, unit.slot), w.now - unit.ran)
    node.serving -= 1
    to = way_here(w, node, at, u)
    if to >= 0 and must_block(w, to, unit):
        node.blocked += 1
        wait_for_place(w, to, u, BLOCKED)
        suspect(w, node)
        return False
    free_slot(w, node, unit)
    if w.work_count:
        leave_work(w, REFILL, at, -1)
    else:
        w.freed = at
    if to < 0:
        finish_here(w, u)
        return False
    unit.to = to
    return True


@rare
def admit(w: Any, at: Any) -> Any:
    """Let the first of those who wait for a place come in if there is one; return it, or -1."""
    node = node_at(w, at)
    u = node.blocked_first
    if u < 0 or not takes_in(w, node):
        return -1
    unit = unit_at(w, u)
    node.blocked_first = unit.next
    if unit.next < 0:
        node.blocked_last = -1
    else:
        unit_at(w, unit.next).prev = -1
        leave_work(w, ADMIT, at, -1)
    node.waiting_outside -= 1
    delayed = w.now - unit.joined
    if unit.state == BLOCKED:
        upstream = node_at(w, unit.node)
        touch(w, upstream, unit.node)
        pair_at(w, unit.node * w.type_count + unit.type).blocked_sum += delayed
        if unit.slot < 0 or slot_at(w, unit.slot).down == 0:
            upstream.blocked -= 1
        else:
            upstream.stuck -= 1
        free_slot(w, upstream, unit)
        leave_work(w, REFILL, unit.node, -1)
    else:
        pair_at(w, at * w.type_count + unit.type).outside_sum += delayed
    unit.to = at
    return u


@rare
def change_level(w: Any, at: Any) -> None:
    """Open or close a station, or change how many of its servers work."""
    node = node_at(w, at)
    touch(w, node, at)
    before, now = node.level, change_at(w, node.timeline).level
    node.timeline += 1
    if node.timeline < node.timeline_end:
        schedule(w, change_at(w, node.timeline).time, LEVEL, at, 0)
    if now == 0 and before > 0 and node.at_close == EMPTY and node.queue > 0:
        node.overtime = 1
        node.last_seq = w.joins - 1
        leave_work(w, REFILL, at, -1)
        return
    node.overtime = 0
    node.level = now
    suspect(w, node)
    if now == 0:
        node.extra = 0
        if node.at_close == PAUSE:
            _pause(w, node)
        return
    if before == 0 and node.at_close == PAUSE:
        _resume(w, node)
    if node.lanes > 0:
        want_lane(w, node, at)
    leave_work(w, REFILL, at, -1)


@rare
def _pause(w: Any, node: Any) -> None:
    for i in range(node.servers):
        u = slot_at(w, node.slot + i).unit
        if u >= 0 and unit_at(w, u).state == IN_SERVICE:
            stop_running(w, node, unit_at(w, u))
            node.stopped += 1


@rare
def _resume(w: Any, node: Any) -> None:
    for i in range(node.servers):
        slot = slot_at(w, node.slot + i)
        if slot.unit >= 0 and slot.down == 0 and unit_at(w, slot.unit).state == INTERRUPTED:
            node.stopped -= 1
            go_on(w, node, slot.unit)


@rare
def break_down(w: Any, s: Any) -> None:
    """Let a server fail."""
    slot = slot_at(w, s)
    at = slot.node
    node = node_at(w, at)
    touch(w, node, at)
    slot.down = 1
    slot.version += 1
    node.down += 1
    state = state_of(np.uint64(s - node.slot), node.down_purpose, slot.breaks)
    schedule(w, w.now + duration(w, node.down_for, state), REPAIR, s, 0)
    u = slot.unit
    if u < 0:
        _no_longer_free(w, node, s)
        return
    unit = unit_at(w, u)
    node.stuck += 1
    if unit.state == BLOCKED:
        node.blocked -= 1
    elif unit.state == INTERRUPTED:
        node.stopped -= 1
    else:
        stop_running(w, node, unit)
        if node.repair == REPEAT:
            unit.left = unit.total
        elif node.repair == REJOIN:
            node.stuck -= 1
            free_slot(w, node, unit)
            release_needs(w, node)
            put_first(w, node, at, u)
            leave_work(w, REFILL, at, -1)


@rare
def _no_longer_free(w: Any, node: Any, s: Any) -> None:
    found = 0
    for i in range(node.free_slots):
        if free_slot_at(w, node.slot + i).value == s:
            found = 1
        elif found:
            free_slot_at(w, node.slot + i - 1).value = free_slot_at(w, node.slot + i).value
    node.free_slots -= found


@rare
def repair(w: Any, s: Any) -> None:
    """Let a server work again."""
    slot = slot_at(w, s)
    at = slot.node
    node = node_at(w, at)
    touch(w, node, at)
    slot.down = 0
    node.down -= 1
    slot.breaks += 1
    plan_failure(w, node, s)
    u = slot.unit
    if u >= 0:
        node.stuck -= 1
    if u < 0:
        free_slot_at(w, node.slot + node.free_slots).value = s
        node.free_slots += 1
    elif unit_at(w, u).state == BLOCKED:
        node.blocked += 1
        suspect(w, node)
    elif node.level == 0 and node.at_close == PAUSE:
        node.stopped += 1
    else:
        go_on(w, node, u)
    leave_work(w, REFILL, at, -1)


@rare
def plan_failure(w: Any, node: Any, s: Any) -> None:
    """Draw how long a server lives, and say when it fails if its clock runs at all times."""
    slot = slot_at(w, s)
    state = state_of(np.uint64(s - node.slot), node.up_purpose, slot.breaks)
    life = duration(w, node.up, state)
    slot.version += 1
    if node.while_idle:
        schedule(w, w.now + life, BREAK, s, slot.version)
    else:
        slot.up_left = life


@rare
def give_up(w: Any, u: Any) -> bool:
    """Let a unit whose patience has ended go; return whether it enters another node, `unit.to`."""
    unit = unit_at(w, u)
    at = unit.node
    node = node_at(w, at)
    touch(w, node, at)
    pair = pair_at(w, at * w.type_count + unit.type)
    pair.gave_up += 1
    pair.gave_up_sum += w.now - unit.joined
    unit.waited += w.now - unit.joined
    unit.version += 1
    take_out(w, node, at, u)
    suspect(w, node)
    if node.pool_wait or node.overtime:
        leave_work(w, REFILL, at, -1)
    return _elsewhere(w, u, node.gives_up_to)


@rare
def open_lane(w: Any, at: Any) -> None:
    """Open a lane that was ordered, unless the queue or the day has ended."""
    node = node_at(w, at)
    touch(w, node, at)
    node.lane_due = 0
    suspect(w, node)
    if node.level > 0 and node.queue > node.close_when:
        node.extra += 1
        leave_work(w, REFILL, at, -1)
        want_lane(w, node, at)


@rare
def serve_pools(w: Any) -> None:
    """Let the stations that take of pools begin, in order of who is next in their lines."""
    found, rank, seq = -1, 0.0, np.int64(0)
    for at in range(w.node_count):
        node = node_at(w, at)
        takes = node.need_end > node.need or node.take_end > node.take
        if node.kind == STATION and takes and node.queue > 0 and available(node) > 0:
            u = best(w, node, at)
            if u >= 0 and has_pools(w, node, unit_at(w, u).left >= 0.0):
                unit = unit_at(w, u)
                value = priority(w, type_at(w, unit.type).group, w.now - unit.joined)
                if found < 0 or value < rank or (value == rank and unit.seq < seq):
                    found, rank, seq = at, value, unit.seq
    if found >= 0:
        node = node_at(w, found)
        begin_next(w, node, found, best(w, node, found))
        settle(w, node, found)
        leave_work(w, POOLS, -1, -1)
        return
    for at in range(w.node_count):
        node = node_at(w, at)
        if node.blocked_first >= 0:
            leave_work(w, ADMIT, at, -1)
        if node.pool_wait:
            suspect(w, node)


@rare
def warm_up_ends(w: Any) -> None:
    """Forget what was counted so far; the state and what is kept by time of day stay."""
    for at in range(w.node_count):
        node = node_at(w, at)
        touch(w, node, at)
        node.pairs = 0
        node.longest = node.queue
        node.queue_area = node.closed_queue_area = node.serving_area = node.blocked_area = 0.0
        node.stopped_area = node.down_area = node.stuck_area = node.idle_area = node.open_time = 0.0
    for i in range(w.node_count * w.type_count):
        p = pair_at(w, i)
        p.arrivals = p.lost = p.diverted = p.balked = p.gave_up = p.started = p.waited = p.ended = 0
        p.wait_sum = p.wait_square = p.gave_up_sum = p.service_sum = p.blocked_sum = p.outside_sum = 0.0
    for i in range(w.type_count):
        t = type_at(w, i)
        t.arrived = t.born = t.done = t.dropped = 0
        t.stay_sum = t.stay_square = t.wait_sum = t.wait_square = t.dropped_sum = 0.0
    for i in range(w.pool_count):
        touch_pool(w, pool_at(w, i))
        pool_at(w, i).area = 0.0
    touch_system(w, 0)
    w.system_area = 0.0
    for i in range(w.histogram_count * CELLS):
        cell_at(w, i).value = 0


@rare
def begin(w: Any) -> None:
    """Set the first events: arrivals, openings, failures."""
    for s in range(w.source_count):
        next_of(w, source_at(w, s))
    first_source(w)
    for at in range(w.node_count):
        node = node_at(w, at)
        if node.timeline < node.timeline_end:
            schedule(w, change_at(w, node.timeline).time, LEVEL, at, 0)
        if node.up >= 0:
            for i in range(node.servers):
                plan_failure(w, node, node.slot + i)
    if w.warmup > 0.0:
        schedule(w, w.warmup, WARM, 0, 0)
    w.started = 1
