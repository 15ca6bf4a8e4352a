"""Compiled waiting lines, servers, pools and breakdowns of one node."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.engines.simulation.compile_kernels import apart, inlined, rare
from bridgehead.engines.simulation.draw_kernels import duration, state_of, uniform
from bridgehead.engines.simulation.event_kernels import (
    available,
    count,
    leave_first,
    leave_work,
    schedule,
    schedule_here,
    touch,
)
from bridgehead.engines.simulation.layout import (
    ADMIT,
    BREAK,
    END,
    IN_SERVICE,
    INTERRUPTED,
    LANE,
    PATIENCE,
    REFILL,
    WAITING,
)
from bridgehead.engines.simulation.pool_kernels import free_after, has_pools, needed, take_pools
from bridgehead.engines.simulation.table_kernels import (
    age_at,
    amount_at,
    free_slot_at,
    group_at,
    line_at,
    node_at,
    pair_at,
    slot_at,
    type_at,
    unit_at,
)

MOST_BEGUN = 32
"""Services begun in one piece of work; the room kept free in the event list is enough for so many."""


@inlined
def group_of(w: Any, unit: Any) -> Any:
    """Return the line a unit waits in at any node."""
    return type_at(w, unit.type).group


@inlined
def priority(w: Any, group: Any, waited: Any) -> Any:
    """Return the priority number of somebody who has waited so long."""
    g = group_at(w, group)
    value = g.priority
    for i in range(g.age, g.age_end):
        if waited >= age_at(w, i).after:
            value = age_at(w, i).to
    return value - g.accrues * waited


@inlined
def append(w: Any, node: Any, at: Any, u: Any) -> None:
    """Put a unit at the end of its line; the areas are up to date."""
    unit = unit_at(w, u)
    line = at * w.group_count + group_of(w, unit)
    unit.next = -1
    unit.prev = line_at(w, line).last
    if line_at(w, line).last < 0:
        line_at(w, line).first = u
    else:
        unit_at(w, line_at(w, line).last).next = u
    line_at(w, line).last = u
    unit.state = WAITING
    node.queue += 1
    node.longest = max(node.longest, np.int64(node.queue))


@rare
def put_first(w: Any, node: Any, at: Any, u: Any) -> None:
    """Put a unit whose service was interrupted back at the head of its line."""
    unit = unit_at(w, u)
    line = at * w.group_count + group_of(w, unit)
    unit.prev = -1
    unit.next = line_at(w, line).first
    if line_at(w, line).first < 0:
        line_at(w, line).last = u
    else:
        unit_at(w, line_at(w, line).first).prev = u
    line_at(w, line).first = u
    unit.state = WAITING
    unit.slot = -1
    node.queue += 1
    node.longest = max(node.longest, np.int64(node.queue))


@inlined
def take_out(w: Any, node: Any, at: Any, u: Any) -> None:
    """Take a unit out of its line; a place opens."""
    unit = unit_at(w, u)
    line = at * w.group_count + group_of(w, unit)
    if unit.prev < 0:
        line_at(w, line).first = unit.next
    else:
        unit_at(w, unit.prev).next = unit.next
    if unit.next < 0:
        line_at(w, line).last = unit.prev
    else:
        unit_at(w, unit.next).prev = unit.prev
    node.queue -= 1
    if node.plain == 0:
        if node.extra > 0 and node.queue <= node.close_when:
            node.extra -= 1
        if node.blocked_first >= 0:
            leave_work(w, ADMIT, at, -1)


@inlined
def join(w: Any, node: Any, at: Any, u: Any) -> None:
    """Let a unit wait, with its patience and the lanes that a long queue opens."""
    unit = unit_at(w, u)
    unit.joined = w.now
    unit.seq = w.joins
    w.joins += 1
    append(w, node, at, u)
    if node.patient:
        _limit(w, node, at, u)
    if node.lanes > 0:
        want_lane(w, node, at)


@rare
def _limit(w: Any, node: Any, at: Any, u: Any) -> None:
    """Let a unit that waits have its patience."""
    unit = unit_at(w, u)
    which = pair_at(w, at * w.type_count + unit.type).patience
    if which >= 0:
        state = state_of(unit.key, node.patience_purpose, unit.loop)
        schedule(w, w.now + duration(w, which, state), PATIENCE, u, unit.version)


@rare
def want_lane(w: Any, node: Any, at: Any) -> None:
    """Order one lane more where the queue is long enough, none is ordered and the station is open."""
    if node.queue >= node.open_when and node.lane_due == 0 and node.extra < node.lanes and node.level > 0:
        node.lane_due = 1
        schedule(w, w.now + node.delay, LANE, at, 0)


@inlined
def free_slot(w: Any, node: Any, unit: Any) -> None:
    """Let a unit give up its server; one that is down is not free before it is repaired."""
    s = unit.slot
    if s >= 0:
        slot = slot_at(w, s)
        slot.unit = -1
        if slot.down == 0:
            free_slot_at(w, node.slot + node.free_slots).value = s
            node.free_slots += 1
    unit.slot = -1


@rare
def stop_running(w: Any, node: Any, unit: Any) -> None:
    """Interrupt a service: what remains of it is kept."""
    ran = w.now - unit.ran
    unit.left = max(0.0, unit.left - ran)
    unit.version += 1
    unit.state = INTERRUPTED
    node.serving -= 1
    if unit.slot >= 0 and node.up >= 0 and node.while_idle == 0:
        worked(slot_at(w, unit.slot), ran)


@rare
def worked(slot: Any, ran: Any) -> None:
    """Take work off the life of a server that fails by work only."""
    slot.up_left -= ran
    slot.version += 1


@inlined
def run_service(w: Any, node: Any, u: Any) -> None:
    """Let a service run: its end is certain but for interruptions."""
    unit = unit_at(w, u)
    unit.state = IN_SERVICE
    unit.ran = w.now
    node.serving += 1
    if node.plain == 0 and node.up >= 0 and node.while_idle == 0 and unit.slot >= 0:
        _may_break(w, unit)
    schedule_here(w, w.now + unit.left, END, u, unit.version)


@rare
def go_on(w: Any, node: Any, u: Any) -> None:
    """Let an interrupted service go on."""
    run_service(w, node, u)


@rare
def _may_break(w: Any, unit: Any) -> None:
    slot = slot_at(w, unit.slot)
    if slot.up_left < unit.left:
        schedule(w, w.now + max(0.0, slot.up_left), BREAK, unit.slot, slot.version)


@inlined
def count_wait(w: Any, pair: Any, unit: Any, waited: Any) -> None:
    """Count the wait of a unit that is over."""
    pair.started += 1
    if waited > 0.0:
        pair.waited += 1
        pair.wait_sum += waited
        pair.wait_square += waited * waited
        unit.waited += waited
    count(w, pair.wait_histogram, waited)


@inlined
def start(w: Any, node: Any, at: Any, u: Any, waited: Any) -> None:
    """Begin or resume the service of a unit on a free server; the areas are up to date."""
    unit = unit_at(w, u)
    if node.plain == 0 and (node.need_end > node.need or (node.take_end > node.take and unit.left < 0.0)):
        take_pools(w, node, u)
    if node.plain or node.servers >= 0:
        node.free_slots -= 1
        s = free_slot_at(w, node.slot + node.free_slots).value
        slot_at(w, s).unit = u
        unit.slot = s
    unit.version += 1
    if unit.left < 0.0:
        pair = pair_at(w, at * w.type_count + unit.type)
        count_wait(w, pair, unit, waited)
        unit.began = w.now
        state = state_of(unit.key, node.service_purpose, unit.loop)
        unit.total = duration(w, pair.service, state)
        unit.left = unit.total
    run_service(w, node, u)


@inlined
def best_here(w: Any, node: Any, at: Any) -> Any:
    """Return who is next in line, or -1: by priority, then by time of joining."""
    found, rank = -1, 0.0
    for group in range(w.group_count):
        u = line_at(w, at * w.group_count + group).first
        if u >= 0:
            unit = unit_at(w, u)
            if node.overtime and unit.seq > node.last_seq:
                continue
            value = priority(w, group, w.now - unit.joined)
            if found < 0 or value < rank or (value == rank and unit.seq < unit_at(w, found).seq):
                found, rank = u, value
    return found


@rare
def best(w: Any, node: Any, at: Any) -> Any:
    """Return who is next in line, or -1."""
    return best_here(w, node, at)


@rare
def refill(w: Any, at: Any) -> None:
    """Begin as many services as there are free servers and units waiting."""
    refill_here(w, at)


@inlined
def refill_here(w: Any, at: Any) -> None:
    """Begin as many services as there are free servers and units waiting; after the end of a service."""
    node = node_at(w, at)
    begun = 0
    while node.queue > 0 and available(node) > 0:
        if begun == MOST_BEGUN:
            leave_first(w, REFILL, at)
            return
        u = best_here(w, node, at)
        if u < 0:
            break
        if node.plain == 0:
            node.pool_wait = not has_pools(w, node, unit_at(w, u).left >= 0.0)
            if node.pool_wait:
                suspect(w, node)
                break
        touch(w, node, at)
        take_out(w, node, at, u)
        start(w, node, at, u, w.now - unit_at(w, u).joined)
        begun += 1
    if node.plain == 0 and (node.queue == 0 or node.overtime):
        settle(w, node, at)


@rare
def begin_next(w: Any, node: Any, at: Any, u: Any) -> None:
    """Begin the service of somebody who waits."""
    node.pool_wait = 0
    touch(w, node, at)
    take_out(w, node, at, u)
    start(w, node, at, u, w.now - unit_at(w, u).joined)


@apart
def settle(w: Any, node: Any, at: Any) -> None:
    """Draw the consequences of a line that is served: no overtime any more, room for those outside."""
    if node.queue == 0:
        node.pool_wait = 0
        if node.overtime:
            end_overtime(w, node, at)
        if node.blocked_first >= 0 and available(node) > 0:
            leave_work(w, ADMIT, at, -1)
    elif node.overtime and best(w, node, at) < 0:
        end_overtime(w, node, at)


@rare
def end_overtime(w: Any, node: Any, at: Any) -> None:
    """Close a station that has served all who waited at its closing."""
    touch(w, node, at)
    node.overtime = 0
    node.level = 0
    node.extra = 0


@rare
def worst(w: Any, node: Any, unit: Any) -> Any:
    """Return who is in service of a worse priority than a newcomer, or -1: the worst, of equals the latest begun."""
    mine = group_at(w, group_of(w, unit)).priority
    found, rank = -1, mine
    for i in range(node.servers):
        u = slot_at(w, node.slot + i).unit
        if u >= 0 and unit_at(w, u).state == IN_SERVICE:
            value = group_at(w, group_of(w, unit_at(w, u))).priority
            later = found >= 0 and value == rank and unit_at(w, u).ran > unit_at(w, found).ran
            if value > rank or later:
                found, rank = u, value
    return found


@inlined
def displaces(w: Any, node: Any, unit: Any) -> Any:
    """Return whose service a newcomer interrupts, or -1."""
    return _displaced(w, node, unit) if node.preempt else -1


@rare
def _displaced(w: Any, node: Any, unit: Any) -> Any:
    """Return whose service a newcomer interrupts, or -1; what that one gives back may be what the newcomer needs."""
    if node.level == 0 or node.overtime or available(node) > 0:
        return -1
    for i in range(node.need, node.need_end):
        if free_after(w, node, amount_at(w, i).which) < amount_at(w, i).amount:
            return -1
    for i in range(node.take, node.take_end):
        which = amount_at(w, i).which
        if free_after(w, node, which) < amount_at(w, i).amount + needed(w, node, which):
            return -1
    return worst(w, node, unit)


@inlined
def suspect(w: Any, node: Any) -> None:
    """Have it looked into, once the event is over, whether a station stands still for ever."""
    node.suspect = 1
    w.suspects = 1


@inlined
def balks(w: Any, node: Any, unit: Any) -> Any:
    """Tell whether a newcomer goes away at the sight of the queue."""
    if node.balk_at < 0 or node.queue < node.balk_at:
        return False
    return _lot(unit, node)


@rare
def _lot(unit: Any, node: Any) -> Any:
    return uniform(state_of(unit.key, node.balk_purpose, unit.loop), 0) < node.balk_probability
