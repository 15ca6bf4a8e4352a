"""Compiled waiting lines, servers, pools and breakdowns of one node."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.engines.simulation.draw_kernels import apart, duration, inlined, state_of, uniform
from bridgehead.engines.simulation.event_kernels import available, count, leave_work, schedule, touch
from bridgehead.engines.simulation.layout import (
    ADMIT,
    BREAK,
    END,
    IN_SERVICE,
    INTERRUPTED,
    LANE,
    PATIENCE,
    POOLS,
    RETURN,
    WAITING,
)


@inlined
def group_of(w: Any, unit: Any) -> Any:
    """Return the line a unit waits in at any node."""
    return w.types[unit.type].group


@inlined
def priority(w: Any, group: Any, waited: Any) -> Any:
    """Return the priority number of somebody who has waited so long."""
    g = w.groups[group]
    value = g.priority
    for i in range(g.age, g.age_end):
        if waited >= w.ages[i, 0]:
            value = w.ages[i, 1]
    return value - g.accrues * waited


@inlined
def append(w: Any, clock: Any, node: Any, at: Any, u: Any) -> None:
    """Put a unit at the end of its line; the areas are up to date."""
    unit = w.units[u]
    line = at * clock.groups + group_of(w, unit)
    unit.next = -1
    unit.prev = w.last[line]
    if w.last[line] < 0:
        w.first[line] = u
    else:
        w.units[w.last[line]].next = u
    w.last[line] = u
    unit.state = WAITING
    node.queue += 1
    node.longest = max(node.longest, np.int64(node.queue))


@apart
def put_first(w: Any, clock: Any, node: Any, at: Any, u: Any) -> None:
    """Put a unit whose service was interrupted back at the head of its line."""
    unit = w.units[u]
    line = at * clock.groups + group_of(w, unit)
    unit.prev = -1
    unit.next = w.first[line]
    if w.first[line] < 0:
        w.last[line] = u
    else:
        w.units[w.first[line]].prev = u
    w.first[line] = u
    unit.state = WAITING
    unit.slot = -1
    node.queue += 1


@inlined
def take_out(w: Any, clock: Any, node: Any, at: Any, u: Any) -> None:
    """Take a unit out of its line; a place opens."""
    unit = w.units[u]
    line = at * clock.groups + group_of(w, unit)
    if unit.prev < 0:
        w.first[line] = unit.next
    else:
        w.units[unit.prev].next = unit.next
    if unit.next < 0:
        w.last[line] = unit.prev
    else:
        w.units[unit.next].prev = unit.prev
    node.queue -= 1
    if node.blocked_first >= 0:
        leave_work(w, clock, ADMIT, at, -1)


@inlined
def join(w: Any, clock: Any, node: Any, at: Any, u: Any, limited: Any) -> None:
    """Let a unit wait, with its patience and the lanes that a long queue opens."""
    unit = w.units[u]
    unit.joined = clock.now
    unit.seq = clock.joins
    clock.joins += 1
    append(w, clock, node, at, u)
    if limited:
        which = w.pairs[at * clock.types + unit.type].patience
        if which >= 0:
            state = state_of(unit.key, node.patience_purpose, unit.loop)
            schedule(w.heap, clock, clock.now + duration(w.distributions, w.values, which, state), PATIENCE, u, unit.version
            )
    if node.lanes > 0:
        want_lane(w, clock, node, at)


@apart
def want_lane(w: Any, clock: Any, node: Any, at: Any) -> None:
    """Order one lane more where the queue is long enough, none is ordered and the station is open."""
    if node.queue >= node.open_when and node.lane_due == 0 and node.extra < node.lanes and node.level > 0:
        node.lane_due = 1
        schedule(w.heap, clock, clock.now + node.delay, LANE, at, 0)


@inlined
def has_pools(w: Any, node: Any) -> Any:
    """Tell whether all that a service takes is there."""
    for i in range(node.need, node.need_end):
        if w.pools[w.amounts[i, 0]].free < w.amounts[i, 1]:
            return False
    for i in range(node.take, node.take_end):
        if w.pools[w.amounts[i, 0]].free < w.amounts[i, 1] + _needed(w, node, w.amounts[i, 0]):
            return False
    return True


@inlined
def _needed(w: Any, node: Any, pool: Any) -> Any:
    total = 0
    for i in range(node.need, node.need_end):
        if w.amounts[i, 0] == pool:
            total += w.amounts[i, 1]
    return total


@apart
def touch_pool(clock: Any, pool: Any) -> None:
    """Bring the area of what is taken of a pool up to now."""
    pool.area += (pool.size - pool.free) * (clock.now - pool.last)
    pool.last = clock.now


@apart
def take_pools(w: Any, clock: Any, node: Any, u: Any) -> None:
    """Take what a service needs, and what a unit carries on from here."""
    for i in range(node.need, node.need_end):
        pool = w.pools[w.amounts[i, 0]]
        touch_pool(clock, pool)
        pool.free -= w.amounts[i, 1]
    for i in range(node.take, node.take_end):
        which = w.amounts[i, 0]
        pool = w.pools[which]
        touch_pool(clock, pool)
        pool.free -= w.amounts[i, 1]
        w.held[u * clock.pools + which] += w.amounts[i, 1]


@apart
def give_back(w: Any, clock: Any, which: Any, amount: Any) -> None:
    """Give so many back to a pool, at once or after their way back."""
    pool = w.pools[which]
    if pool.back < 0:
        touch_pool(clock, pool)
        pool.free += amount
        leave_work(w, clock, POOLS, -1, -1)
        return
    for _ in range(amount):
        state = state_of(np.uint64(pool.returns), pool.purpose, 0)
        pool.returns += 1
        pool.away += 1
        schedule(w.heap, clock, clock.now + duration(w.distributions, w.values, pool.back, state), RETURN, which, 1)


@apart
def release_needs(w: Any, clock: Any, node: Any) -> None:
    """Give back what a service held."""
    for i in range(node.need, node.need_end):
        give_back(w, clock, w.amounts[i, 0], w.amounts[i, 1])


@apart
def release_returns(w: Any, clock: Any, node: Any, u: Any) -> None:
    """Give back of what a unit carries what this station takes."""
    for i in range(node.give, node.give_end):
        which = w.amounts[i, 0]
        amount = min(w.amounts[i, 1], w.held[u * clock.pools + which])
        if amount > 0:
            w.held[u * clock.pools + which] -= amount
            give_back(w, clock, which, amount)


@apart
def release_all(w: Any, clock: Any, u: Any) -> None:
    """Give back all a unit carries when it leaves."""
    for which in range(clock.pools):
        amount = w.held[u * clock.pools + which]
        if amount > 0:
            w.held[u * clock.pools + which] = 0
            give_back(w, clock, which, amount)


@inlined
def free_slot(w: Any, node: Any, unit: Any) -> None:
    """Let a unit give up its server; one that is down is not free before it is repaired."""
    s = unit.slot
    if s >= 0:
        slot = w.slots[s]
        slot.unit = -1
        if slot.down == 0:
            w.free_slots[node.slot + node.free_slots] = s
            node.free_slots += 1
    unit.slot = -1


@apart
def stop_running(w: Any, clock: Any, node: Any, unit: Any) -> None:
    """Interrupt a service: what remains of it is kept."""
    ran = clock.now - unit.ran
    unit.left = max(0.0, unit.left - ran)
    unit.version += 1
    unit.state = INTERRUPTED
    node.serving -= 1
    if unit.slot >= 0 and node.up >= 0 and node.while_idle == 0:
        worked(w.slots[unit.slot], ran)


@apart
def worked(slot: Any, ran: Any) -> None:
    """Take work off the life of a server that fails by work only."""
    slot.up_left -= ran
    slot.version += 1


@inlined
def go_on(w: Any, clock: Any, node: Any, u: Any) -> None:
    """Let a service run: its end is certain but for interruptions."""
    unit = w.units[u]
    unit.state = IN_SERVICE
    unit.ran = clock.now
    node.serving += 1
    if node.up >= 0 and node.while_idle == 0 and unit.slot >= 0:
        _may_break(w, clock, unit)
    schedule(w.heap, clock, clock.now + unit.left, END, u, unit.version)


@apart
def _may_break(w: Any, clock: Any, unit: Any) -> None:
    slot = w.slots[unit.slot]
    if slot.up_left < unit.left:
        schedule(w.heap, clock, clock.now + max(0.0, slot.up_left), BREAK, unit.slot, slot.version)


@inlined
def start(w: Any, clock: Any, node: Any, at: Any, u: Any, waited: Any) -> None:
    """Begin or resume the service of a unit on a free server; the areas are up to date."""
    unit = w.units[u]
    if node.need_end > node.need or (node.take_end > node.take and unit.left < 0.0):
        take_pools(w, clock, node, u)
    if node.servers >= 0:
        node.free_slots -= 1
        s = w.free_slots[node.slot + node.free_slots]
        w.slots[s].unit = u
        unit.slot = s
    unit.version += 1
    if unit.left < 0.0:
        pair = w.pairs[at * clock.types + unit.type]
        pair.started += 1
        if waited > 0.0:
            pair.waited += 1
            pair.wait_sum += waited
            pair.wait_square += waited * waited
            unit.waited += waited
        count(w, pair.wait_histogram, waited)
        unit.began = clock.now
        state = state_of(unit.key, node.service_purpose, unit.loop)
        unit.total = duration(w.distributions, w.values, pair.service, state)
        unit.left = unit.total
    go_on(w, clock, node, u)


@inlined
def best(w: Any, clock: Any, node: Any, at: Any) -> Any:
    """Return who is next in line, or -1: by priority, then by time of joining."""
    found, rank = -1, 0.0
    for group in range(clock.groups):
        u = w.first[at * clock.groups + group]
        if u >= 0:
            unit = w.units[u]
            if node.overtime and unit.seq > node.last_seq:
                continue
            value = priority(w, group, clock.now - unit.joined)
            if found < 0 or value < rank or (value == rank and unit.seq < w.units[found].seq):
                found, rank = u, value
    return found


@inlined
def refill(w: Any, clock: Any, at: Any) -> None:
    """Begin as many services as there are free servers and units waiting."""
    node = w.nodes[at]
    while node.queue > 0 and available(node) > 0:
        u = best(w, clock, node, at)
        if u < 0:
            break
        if not has_pools(w, node):
            node.pool_wait = 1
            break
        node.pool_wait = 0
        touch(w, clock, node, at)
        take_out(w, clock, node, at, u)
        start(w, clock, node, at, u, clock.now - w.units[u].joined)
        if node.lanes > 0 and node.extra > 0 and node.queue <= node.close_when:
            node.extra -= 1
    if node.queue == 0:
        node.pool_wait = 0
        if node.overtime:
            end_overtime(w, clock, node, at)
        if node.blocked_first >= 0 and available(node) > 0:
            leave_work(w, clock, ADMIT, at, -1)
    elif node.overtime and best(w, clock, node, at) < 0:
        end_overtime(w, clock, node, at)


@apart
def end_overtime(w: Any, clock: Any, node: Any, at: Any) -> None:
    """Close a station that has served all who waited at its closing."""
    touch(w, clock, node, at)
    node.overtime = 0
    node.level = 0
    node.extra = 0


@apart
def worst(w: Any, clock: Any, node: Any, unit: Any) -> Any:
    """Return who is in service of a worse priority than a newcomer, or -1: the worst, of equals the latest begun."""
    mine = w.groups[group_of(w, unit)].priority
    found, rank = -1, mine
    for i in range(node.servers):
        u = w.slots[node.slot + i].unit
        if u >= 0 and w.units[u].state == IN_SERVICE:
            value = w.groups[group_of(w, w.units[u])].priority
            later = found >= 0 and value == rank and w.units[u].ran > w.units[found].ran
            if value > rank or later:
                found, rank = u, value
    return found


@inlined
def balks(w: Any, node: Any, unit: Any) -> Any:
    """Tell whether a newcomer goes away at the sight of the queue."""
    if node.balk_at < 0 or node.queue < node.balk_at:
        return False
    return uniform(state_of(unit.key, node.balk_purpose, unit.loop), 0) < node.balk_probability
