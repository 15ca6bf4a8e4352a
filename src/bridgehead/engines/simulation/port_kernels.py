"""The compiled kernel: what every event does to a port, from the first arrival to the horizon.

One event after the other is taken; what it leaves to be done (a freed server, an opened place, pools that came back)
stands in a work list, first in first out, and is done before time goes on. A unit that enters a node does so at once,
as part of what sent it. All state is in the arrays of the world, so the kernel can come back for more room, for
somebody who wants to see progress, or for a deadlock, and be called again.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from bridgehead.engines.network.kernels import compiled
from bridgehead.engines.simulation.draw_kernels import (
    GOLDEN,
    apart,
    duration,
    inlined,
    mix,
    state_of,
    uniform,
)
from bridgehead.engines.simulation.event_kernels import (
    available,
    count,
    fill_hole,
    leave_work,
    schedule,
    touch,
    touch_system,
)
from bridgehead.engines.simulation.layout import (
    ADMIT,
    BLOCK,
    BLOCKED,
    BREAK,
    COMBINE,
    COMBINE_DUE,
    DEADLOCK,
    DIVERT,
    DIVIDE,
    DIVIDING,
    DONE,
    EMPTY,
    END,
    ENTER,
    INPUT,
    INTERRUPTED,
    IN_SERVICE,
    LANE,
    LEVEL,
    LISTED,
    MORE_EVENTS,
    MORE_LOG,
    MORE_UNITS,
    MORE_WORK,
    NOWHERE,
    OUTSIDE,
    PATIENCE,
    PAUSE,
    PAUSED,
    POOLS,
    RANK_SHIFT,
    REFILL,
    REJOIN,
    RENEWAL,
    REPAIR,
    REPEAT,
    RETURN,
    SPLIT,
    STATION,
    WAITING,
    WARM,
)
from bridgehead.engines.simulation.queue_kernels import (
    append,
    balks,
    best,
    free_slot,
    give_back,
    go_on,
    has_pools,
    join,
    put_first,
    refill,
    release_all,
    release_needs,
    release_returns,
    start,
    stop_running,
    take_out,
    touch_pool,
    want_lane,
    worked,
    worst,
)
from bridgehead.engines.simulation.signature import WORLD

_RISK = np.uint64(0x6A09E667F3BCC909)
_BATCH = np.uint64(0xBB67AE8584CAA73B)
_GAP = np.uint64(0x3C6EF372FE94F82B)


# ------------------------------------------------------------------------------------------------ arrivals


@inlined
def new_unit(w: Any, clock: Any, key: Any, kind: Any, born: Any) -> Any:
    """Make a unit of a type; there is room for it."""
    clock.free_units -= 1
    u = w.free_units[clock.free_units]
    unit = w.units[u]
    unit.key = key
    unit.born = born
    unit.waited = 0.0
    unit.left = -1.0
    unit.type = kind
    unit.node = -1
    unit.slot = -1
    unit.loop = 0
    unit.state = NOWHERE
    w.types[kind].born += 1
    touch_system(w, clock, 1)
    return u


@inlined
def _band(w: Any, source_type: Any, bands: Any, key: Any) -> Any:
    """Return the type of a unit of a class with risk bands."""
    if bands == 1:
        return source_type
    u = uniform(state_of(key, _RISK, 0), 0)
    kind = source_type
    while u >= w.bands[kind] and kind < source_type + bands - 1:
        kind += 1
    return kind


@apart
def _by_rate(rates: Any, source: Any, need: float) -> float:
    """Return when so much of the integral of a rate is used up from the source's last arrival on."""
    t = source.next
    while True:
        begin = source.cycle + rates[source.at, 0]
        end = source.cycle + (rates[source.at + 1, 0] if source.at + 1 < source.last else source.period)
        rate = rates[source.at, 1]
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


@inlined
def next_of(w: Any, source: Any) -> None:
    """Set the next arrival of a source."""
    if source.kind == LISTED:
        source.next = w.listed[source.position] if source.position < source.position_end else np.inf
        return
    state = state_of(mix(source.key + np.uint64(source.arrivals) * GOLDEN), _GAP, 0)
    if source.kind == RENEWAL:
        source.next += duration(w.distributions, w.values, source.distribution, state)
    else:
        source.next = _by_rate(w.rates, source, -math.log(1.0 - uniform(state, 0)))


@inlined
def first_source(w: Any, clock: Any) -> None:
    """Find whose arrival comes next."""
    found, time = -1, np.inf
    for s in range(w.sources.size):
        if w.sources[s].next < time:
            found, time = s, w.sources[s].next
    clock.next_source = found
    clock.next_arrival = time


@inlined
def arrive(w: Any, clock: Any, s: Any) -> Any:
    """Make the next unit of a source; the source's next arrival is set with the last of a batch."""
    source = w.sources[s]
    if clock.batch_left == 0:
        clock.batch_left = 1
        if source.batch >= 0:
            state = state_of(mix(source.key + np.uint64(source.arrivals) * GOLDEN), _BATCH, 0)
            clock.batch_left = int(duration(w.distributions, w.values, source.batch, state))
    u = -1
    if clock.batch_left > 0:
        clock.batch_left -= 1
        number = source.units
        if source.kind == LISTED:
            number = w.listed_number[source.position]
        key = mix(source.key + np.uint64(number + 1) * GOLDEN)
        u = new_unit(w, clock, key, _band(w, source.type, source.bands, key), clock.now)
        w.units[u].number = number
        w.units[u].source = s
        source.units += 1
        if clock.logging:
            log_arrival(w, clock, u, source.node)
    if clock.batch_left == 0:
        source.arrivals += 1
        source.position += 1
        next_of(w, source)
        first_source(w, clock)
    return u


@apart
def log_arrival(w: Any, clock: Any, u: Any, node: Any) -> None:
    """Keep the arrival of a unit."""
    entry, unit = w.log[clock.logged], w.units[u]
    entry.number, entry.source, entry.type = unit.number, unit.source, unit.type
    entry.node, entry.slot = -1 - node, -1
    entry.joined = entry.start = entry.end = clock.now
    clock.logged += 1


@apart
def log_service(w: Any, clock: Any, u: Any, node: Any) -> None:
    """Keep a service that ended."""
    entry, unit = w.log[clock.logged], w.units[u]
    entry.number, entry.source, entry.type = unit.number, unit.source, unit.type
    entry.node, entry.slot = node, unit.slot
    entry.joined, entry.start, entry.end = unit.joined, unit.began, clock.now
    clock.logged += 1


# ------------------------------------------------------------------------------------------------ leaving


@inlined
def _bin_of(w: Any, clock: Any) -> Any:
    return min(int(clock.now / clock.bin), w.counts.shape[1] - 1)


@inlined
def vanish(w: Any, clock: Any, u: Any) -> None:
    """Give a unit's place back."""
    if clock.pools > 0:
        release_all(w, clock, u)
    unit = w.units[u]
    unit.version += 1
    unit.state = NOWHERE
    w.free_units[clock.free_units] = u
    clock.free_units += 1
    touch_system(w, clock, -1)


@inlined
def finish(w: Any, clock: Any, u: Any) -> None:
    """Count a unit that has come to the end of its way."""
    unit = w.units[u]
    kind = w.types[unit.type]
    stay = clock.now - unit.born
    kind.done += 1
    kind.stay_sum += stay
    kind.stay_square += stay * stay
    kind.wait_sum += unit.waited
    kind.wait_square += unit.waited * unit.waited
    count(w, kind.stay_histogram, stay)
    count(w, kind.wait_histogram, unit.waited)
    w.counts[clock.types + unit.type, _bin_of(w, clock)] += 1
    vanish(w, clock, u)


@apart
def drop(w: Any, clock: Any, u: Any) -> None:
    """Count a unit that leaves without having come to the end of its way."""
    unit = w.units[u]
    kind = w.types[unit.type]
    kind.dropped += 1
    kind.dropped_sum += clock.now - unit.born
    vanish(w, clock, u)


@inlined
def way_of(w: Any, clock: Any, node: Any, at: Any, u: Any) -> Any:
    """Return where a unit goes from a node, -1 for out, and count the loop if the way leads back."""
    unit = w.units[u]
    pair = w.pairs[at * clock.types + unit.type]
    way = pair.way
    if way == pair.way_end:
        return -1
    if pair.shortest:
        way = shortest(w, pair.way, pair.way_end)
    elif pair.way_end - way > 1:
        x = uniform(state_of(unit.key, node.route_purpose, unit.loop), 0)
        while x >= w.ways[way].cumulative and way < pair.way_end - 1:
            way += 1
    if w.ways[way].back:
        unit.loop += 1
    return w.ways[way].to


@apart
def shortest(w: Any, first: int, end: int) -> int:
    """Return the way to the node with the fewest units per server, the first of equals."""
    found, least = first, np.inf
    for way in range(first, end):
        node = w.nodes[w.ways[way].to]
        load = (node.queue + node.serving + node.blocked + node.stopped) / max(1, node.servers)
        if load < least:
            found, least = way, load
    return found


# ------------------------------------------------------------------------------------------------ entering


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
        return node.queue == 0 and available(node) > 0 and has_pools(w, node)
    if node.kind == INPUT:
        return node.capacity < 0 or node.queue < node.capacity or w.nodes[node.partner].queue > 0
    return True


@inlined
def must_block(w: Any, clock: Any, to: Any, unit: Any) -> Any:
    """Tell whether a unit has to stay where it is because the next node has no place for it."""
    node = w.nodes[to]
    if node.full != BLOCK or (node.turn_away and closed(node)):
        return False
    if balks(w, node, unit):
        return False
    return not (takes_in(w, node) and node.waiting_outside == 0) and not (
        node.preempt and worst(w, clock, node, unit) >= 0
    )


@apart
def wait_for_place(w: Any, clock: Any, to: Any, u: Any, state: Any) -> None:
    """Put a unit at the end of those who wait for a place at a node, on its server or outside."""
    unit, node = w.units[u], w.nodes[to]
    unit.state = state
    unit.to = to
    unit.joined = clock.now
    unit.next = -1
    unit.prev = node.blocked_last
    if node.blocked_last < 0:
        node.blocked_first = u
    else:
        w.units[node.blocked_last].next = u
    node.blocked_last = u
    node.waiting_outside += 1


@inlined
def enter(w: Any, clock: Any, u: Any, at: Any) -> Any:
    """Let a unit enter a node; return whether it has to move on at once, to `unit.to` (-1 for out)."""
    node, unit = w.nodes[at], w.units[u]
    unit.node = at
    if node.kind == STATION:
        return enter_station(w, clock, node, at, u)
    if node.kind == INPUT:
        return enter_input(w, clock, at, u)
    if node.kind == SPLIT:
        return begin_division(w, clock, at, u)
    return enter_collection(w, clock, at, u)


@inlined
def enter_station(w: Any, clock: Any, node: Any, at: Any, u: Any) -> Any:
    """Let a unit begin service, wait, or find no place."""
    unit = w.units[u]
    pair = w.pairs[at * clock.types + unit.type]
    pair.arrivals += 1
    if node.waiting_outside > 0 and node.full == BLOCK and unit.state != BLOCKED and unit.state != OUTSIDE:
        return no_place(w, clock, at, u)
    if node.balk_at >= 0 or node.turn_away:
        if node.turn_away and closed(node):
            pair.lost += 1
            drop(w, clock, u)
            return False
        if balks(w, node, unit):
            pair.balked += 1
            return _elsewhere(w, clock, u, node.balk_to)
    if node.queue == 0 and node.overtime == 0 and available(node) > 0 and has_pools(w, node):
        touch(w, clock, node, at)
        unit.joined = clock.now
        unit.seq = clock.joins
        clock.joins += 1
        start(w, clock, node, at, u, 0.0)
        return False
    if node.preempt and available(node) <= 0:
        victim = worst(w, clock, node, unit)
        if victim >= 0:
            _displace(w, clock, node, at, u, victim)
            return False
    if node.capacity < 0 or node.queue < node.capacity:
        touch(w, clock, node, at)
        join(w, clock, node, at, u, node.patient)
        return False
    return no_place(w, clock, at, u)


@apart
def _displace(w: Any, clock: Any, node: Any, at: Any, u: Any, victim: Any) -> None:
    """Let a newcomer take the server of somebody of worse priority, who goes back to the head of the line."""
    touch(w, clock, node, at)
    stop_running(w, clock, node, w.units[victim])
    free_slot(w, node, w.units[victim])
    release_needs(w, clock, node)
    put_first(w, clock, node, at, victim)
    unit = w.units[u]
    unit.joined = clock.now
    unit.seq = clock.joins
    clock.joins += 1
    start(w, clock, node, at, u, 0.0)


@apart
def no_place(w: Any, clock: Any, at: Any, u: Any) -> bool:
    """Let a full node lose, keep waiting outside, or send on a unit."""
    node = w.nodes[at]
    pair = w.pairs[at * clock.types + w.units[u].type]
    if node.full == BLOCK:
        pair.arrivals -= 1  # it counts when it comes in
        wait_for_place(w, clock, at, u, OUTSIDE)
        return False
    if node.full == DIVERT:
        pair.diverted += 1
        return _elsewhere(w, clock, u, node.full_to)
    pair.lost += 1
    drop(w, clock, u)
    return False


@inlined
def _elsewhere(w: Any, clock: Any, u: Any, to: Any) -> Any:
    """Send a unit to another node, or away."""
    if to < 0:
        drop(w, clock, u)
        return False
    w.units[u].loop += 1
    w.units[u].to = to
    return True


@apart
def enter_input(w: Any, clock: Any, at: Any, u: Any) -> bool:
    """Let a unit meet one of the other class, or wait for it."""
    node, unit = w.nodes[at], w.units[u]
    pair = w.pairs[at * clock.types + unit.type]
    pair.arrivals += 1
    unit.joined = clock.now
    unit.seq = clock.joins
    clock.joins += 1
    other = w.nodes[node.partner]
    if other.queue == 0:
        if node.capacity < 0 or node.queue < node.capacity:
            touch(w, clock, node, at)
            append(w, clock, node, at, u)
            return False
        return no_place(w, clock, at, u)
    partner = best(w, clock, other, node.partner)
    touch(w, clock, other, node.partner)
    take_out(w, clock, other, node.partner, partner)
    _leave_line(w, clock, node.partner, partner)
    _leave_line(w, clock, at, u)
    w.nodes[at if node.side == 0 else node.partner].pairs += 1
    return meet(w, clock, at, u, partner)


@apart
def _leave_line(w: Any, clock: Any, at: Any, u: Any) -> None:
    """Count the wait of a unit that leaves an input or a collection."""
    unit = w.units[u]
    pair = w.pairs[at * clock.types + unit.type]
    waited = clock.now - unit.joined
    pair.started += 1
    pair.ended += 1
    if waited > 0.0:
        pair.waited += 1
        pair.wait_sum += waited
        pair.wait_square += waited * waited
        unit.waited += waited
    count(w, pair.wait_histogram, waited)


@apart
def meet(w: Any, clock: Any, at: Any, u: Any, partner: Any) -> bool:
    """Send a pair on: as one unit of another class, or each on its way, the newcomer first."""
    node = w.nodes[at]
    if node.becomes < 0:
        leave_work(w, clock, ENTER, partner, way_of(w, clock, w.nodes[node.partner], node.partner, partner))
        w.units[u].to = way_of(w, clock, node, at, u)
        if w.units[u].to < 0:
            finish(w, clock, u)
            return False
        return True
    first, second = (u, partner) if node.side == 0 else (partner, u)
    finish(w, clock, second)
    return become(w, clock, at, first)


@apart
def become(w: Any, clock: Any, at: Any, u: Any) -> bool:
    """Let a unit go on as one of another class; the stay of the old one ends, that of the new one counts on."""
    node, unit = w.nodes[at], w.units[u]
    key, born = mix(unit.key + node.child_purpose), unit.born
    number, source = unit.number, unit.source
    finish(w, clock, u)
    new = new_unit(w, clock, key, node.becomes, born)
    made = w.units[new]
    made.number, made.source = number, source
    made.to = way_of(w, clock, node, at, new)
    if made.to < 0:
        finish(w, clock, new)
        return False
    made.node = -1
    leave_work(w, clock, ENTER, new, made.to)
    return False


@apart
def begin_division(w: Any, clock: Any, at: Any, u: Any) -> bool:
    """Begin to divide a unit into others, one after the other."""
    pair = w.pairs[at * clock.types + w.units[u].type]
    pair.arrivals += 1
    pair.started += 1
    pair.ended += 1
    count(w, pair.wait_histogram, 0.0)
    w.units[u].state = DIVIDING
    w.units[u].slot = 0
    leave_work(w, clock, DIVIDE, u, at)
    return False


@apart
def divide(w: Any, clock: Any, u: Any, at: Any) -> Any:
    """Make the next part of a unit, or end it; return the part, or -1."""
    node, unit = w.nodes[at], w.units[u]
    left = unit.slot
    for i in range(node.take, node.take_end):  # of a division: types and how many of each
        if left < w.amounts[i, 1]:
            key = mix(unit.key + node.child_purpose + np.uint64(unit.slot + 1) * GOLDEN)
            new = new_unit(w, clock, key, w.amounts[i, 0], unit.born)
            made = w.units[new]
            made.number, made.source = unit.number, unit.source
            made.to = way_of(w, clock, node, at, new)
            unit.slot += 1
            leave_work(w, clock, DIVIDE, u, at)
            return new
        left -= w.amounts[i, 1]
    finish(w, clock, u)
    return -1


@apart
def enter_collection(w: Any, clock: Any, at: Any, u: Any) -> bool:
    """Let a unit wait until there are enough."""
    node, unit = w.nodes[at], w.units[u]
    w.pairs[at * clock.types + unit.type].arrivals += 1
    unit.joined = clock.now
    unit.seq = clock.joins
    clock.joins += 1
    touch(w, clock, node, at)
    append(w, clock, node, at, u)
    if node.queue == 1 and node.after >= 0.0 and node.size > 1:
        node.mark += 1
        schedule(w.heap, clock, clock.now + node.after, COMBINE_DUE, at, node.mark)
    if node.queue >= node.size:
        collect(w, clock, at)
    return False


@apart
def collect(w: Any, clock: Any, at: Any) -> None:
    """Let those who wait at a collection become one unit, born when the first of them was."""
    node = w.nodes[at]
    touch(w, clock, node, at)
    node.mark += 1
    keep = -1
    while node.queue > 0:
        u = best(w, clock, node, at)
        take_out(w, clock, node, at, u)
        _leave_line(w, clock, at, u)
        if keep < 0:
            keep = u
        else:
            finish(w, clock, u)
    node.pairs += 1
    become(w, clock, at, keep)


# ------------------------------------------------------------------------------------------------ events


@inlined
def end_service(w: Any, clock: Any, u: Any) -> Any:
    """End a service; return whether the unit enters another node at once, `unit.to`."""
    unit = w.units[u]
    at = unit.node
    node = w.nodes[at]
    touch(w, clock, node, at)
    pair = w.pairs[at * clock.types + unit.type]
    pair.ended += 1
    pair.service_sum += clock.now - unit.began
    unit.left = -1.0
    if clock.logging:
        log_service(w, clock, u, at)
    if node.need_end > node.need:
        release_needs(w, clock, node)
    if node.give_end > node.give:
        release_returns(w, clock, node, u)
    if unit.slot >= 0 and node.up >= 0 and node.while_idle == 0:
        worked(w.slots[unit.slot], clock.now - unit.ran)
    node.serving -= 1
    to = way_of(w, clock, node, at, u)
    if to >= 0 and must_block(w, clock, to, unit):
        node.blocked += 1
        wait_for_place(w, clock, to, u, BLOCKED)
        clock.stuck = at
        return False
    free_slot(w, node, unit)
    leave_work(w, clock, REFILL, at, -1)
    if to < 0:
        finish(w, clock, u)
        return False
    unit.to = to
    return True


@apart
def admit(w: Any, clock: Any, at: Any) -> Any:
    """Let the first of those who wait for a place come in if there is one; return it, or -1."""
    node = w.nodes[at]
    u = node.blocked_first
    if u < 0 or not takes_in(w, node):
        return -1
    unit = w.units[u]
    node.blocked_first = unit.next
    if unit.next < 0:
        node.blocked_last = -1
    else:
        w.units[unit.next].prev = -1
        leave_work(w, clock, ADMIT, at, -1)
    node.waiting_outside -= 1
    delayed = clock.now - unit.joined
    if unit.state == BLOCKED:
        upstream = w.nodes[unit.node]
        touch(w, clock, upstream, unit.node)
        w.pairs[unit.node * clock.types + unit.type].blocked_sum += delayed
        if unit.slot < 0 or w.slots[unit.slot].down == 0:
            upstream.blocked -= 1
        free_slot(w, upstream, unit)
        leave_work(w, clock, REFILL, unit.node, -1)
    else:
        w.pairs[at * clock.types + unit.type].outside_sum += delayed
    unit.to = at
    return u


@apart
def change_level(w: Any, clock: Any, at: Any) -> None:
    """Open or close a station, or change how many of its servers work."""
    node = w.nodes[at]
    touch(w, clock, node, at)
    before, now = node.level, w.timeline_level[node.timeline]
    node.timeline += 1
    if node.timeline < node.timeline_end:
        schedule(w.heap, clock, w.timeline[node.timeline], LEVEL, at, 0)
    if now == 0 and before > 0 and node.at_close == EMPTY and node.queue > 0:
        node.overtime = 1
        node.last_seq = clock.joins - 1
        leave_work(w, clock, REFILL, at, -1)
        return
    node.overtime = 0
    node.level = now
    if now == 0:
        node.extra = 0
        if node.at_close == PAUSE:
            _pause(w, clock, node)
        return
    if before == 0 and node.at_close == PAUSE:
        _resume(w, clock, node)
    if node.lanes > 0:
        want_lane(w, clock, node, at)
    leave_work(w, clock, REFILL, at, -1)


@apart
def _pause(w: Any, clock: Any, node: Any) -> None:
    for i in range(node.servers):
        u = w.slots[node.slot + i].unit
        if u >= 0 and w.units[u].state == IN_SERVICE:
            stop_running(w, clock, node, w.units[u])
            node.stopped += 1


@apart
def _resume(w: Any, clock: Any, node: Any) -> None:
    for i in range(node.servers):
        slot = w.slots[node.slot + i]
        if slot.unit >= 0 and slot.down == 0 and w.units[slot.unit].state == INTERRUPTED:
            node.stopped -= 1
            go_on(w, clock, node, slot.unit)


@apart
def break_down(w: Any, clock: Any, s: Any) -> None:
    """Let a server fail."""
    slot = w.slots[s]
    at = slot.node
    node = w.nodes[at]
    touch(w, clock, node, at)
    slot.down = 1
    slot.version += 1
    node.down += 1
    state = state_of(np.uint64(s - node.slot), node.down_purpose, slot.breaks)
    schedule(w.heap, clock, clock.now + duration(w.distributions, w.values, node.down_for, state), REPAIR, s, 0)
    u = slot.unit
    if u < 0:
        _no_longer_free(w, node, s)
        return
    unit = w.units[u]
    if unit.state == BLOCKED:
        node.blocked -= 1
    elif unit.state == INTERRUPTED:
        node.stopped -= 1
    else:
        stop_running(w, clock, node, unit)
        if node.repair == REPEAT:
            unit.left = unit.total
        elif node.repair == REJOIN:
            free_slot(w, node, unit)
            release_needs(w, clock, node)
            put_first(w, clock, node, at, u)
            leave_work(w, clock, REFILL, at, -1)


@apart
def _no_longer_free(w: Any, node: Any, s: Any) -> None:
    for i in range(node.free_slots):
        if w.free_slots[node.slot + i] == s:
            node.free_slots -= 1
            w.free_slots[node.slot + i] = w.free_slots[node.slot + node.free_slots]
            return


@apart
def repair(w: Any, clock: Any, s: Any) -> None:
    """Let a server work again."""
    slot = w.slots[s]
    at = slot.node
    node = w.nodes[at]
    touch(w, clock, node, at)
    slot.down = 0
    node.down -= 1
    slot.breaks += 1
    plan_failure(w, clock, node, s)
    u = slot.unit
    if u < 0:
        w.free_slots[node.slot + node.free_slots] = s
        node.free_slots += 1
    elif w.units[u].state == BLOCKED:
        node.blocked += 1
    elif node.level == 0 and node.at_close == PAUSE:
        node.stopped += 1
    else:
        go_on(w, clock, node, u)
    leave_work(w, clock, REFILL, at, -1)


@apart
def plan_failure(w: Any, clock: Any, node: Any, s: Any) -> None:
    """Draw how long a server lives, and say when it fails if its clock runs at all times."""
    slot = w.slots[s]
    state = state_of(np.uint64(s - node.slot), node.up_purpose, slot.breaks)
    life = duration(w.distributions, w.values, node.up, state)
    slot.version += 1
    if node.while_idle:
        schedule(w.heap, clock, clock.now + life, BREAK, s, slot.version)
    else:
        slot.up_left = life


@apart
def give_up(w: Any, clock: Any, u: Any) -> bool:
    """Let a unit whose patience has ended go; return whether it enters another node, `unit.to`."""
    unit = w.units[u]
    at = unit.node
    node = w.nodes[at]
    touch(w, clock, node, at)
    pair = w.pairs[at * clock.types + unit.type]
    pair.gave_up += 1
    pair.gave_up_sum += clock.now - unit.joined
    unit.waited += clock.now - unit.joined
    unit.version += 1
    take_out(w, clock, node, at, u)
    if node.pool_wait or node.overtime:
        leave_work(w, clock, REFILL, at, -1)
    return _elsewhere(w, clock, u, node.gives_up_to)


@apart
def open_lane(w: Any, clock: Any, at: Any) -> None:
    """Open a lane that was ordered, unless the queue or the day has ended."""
    node = w.nodes[at]
    touch(w, clock, node, at)
    node.lane_due = 0
    if node.level > 0 and node.queue > node.close_when:
        node.extra += 1
        leave_work(w, clock, REFILL, at, -1)
        want_lane(w, clock, node, at)


@apart
def serve_pools(w: Any, clock: Any) -> None:
    """Let the stations that wait for pools begin, in order of who is next in their lines."""
    found, rank, seq = -1, 0.0, np.int64(0)
    for at in range(w.nodes.size):
        node = w.nodes[at]
        if node.pool_wait and node.queue > 0 and available(node) > 0 and has_pools(w, node):
            u = best(w, clock, node, at)
            if u >= 0:
                unit = w.units[u]
                value = w.groups[w.types[unit.type].group].priority
                if found < 0 or value < rank or (value == rank and unit.seq < seq):
                    found, rank, seq = at, value, unit.seq
    if found >= 0:
        node = w.nodes[found]
        u = best(w, clock, node, found)
        touch(w, clock, node, found)
        take_out(w, clock, node, found, u)
        start(w, clock, node, found, u, clock.now - w.units[u].joined)
        leave_work(w, clock, POOLS, -1, -1)
        return
    for at in range(w.nodes.size):
        if w.nodes[at].blocked_first >= 0:
            leave_work(w, clock, ADMIT, at, -1)


@apart
def warm_up_ends(w: Any, clock: Any) -> None:
    """Forget what was counted so far; the state and what is kept by time of day stay."""
    for at in range(w.nodes.size):
        node = w.nodes[at]
        touch(w, clock, node, at)
        node.pairs = 0
        node.longest = node.queue
        node.queue_area = node.closed_queue_area = node.serving_area = node.blocked_area = 0.0
        node.stopped_area = node.down_area = node.idle_area = node.open_time = 0.0
    for i in range(w.pairs.size):
        p = w.pairs[i]
        p.arrivals = p.lost = p.diverted = p.balked = p.gave_up = p.started = p.waited = p.ended = 0
        p.wait_sum = p.wait_square = p.gave_up_sum = p.service_sum = p.blocked_sum = p.outside_sum = 0.0
    for i in range(w.types.size):
        t = w.types[i]
        t.born = t.done = t.dropped = 0
        t.stay_sum = t.stay_square = t.wait_sum = t.wait_square = t.dropped_sum = 0.0
    for i in range(w.pools.size):
        touch_pool(clock, w.pools[i])
        w.pools[i].area = 0.0
    touch_system(w, clock, 0)
    clock.system_area = 0.0
    w.histograms[:, :] = 0


@apart
def begin(w: Any, clock: Any) -> None:
    """Set the first events: arrivals, openings, failures."""
    for s in range(w.sources.size):
        next_of(w, w.sources[s])
    first_source(w, clock)
    for at in range(w.nodes.size):
        node = w.nodes[at]
        if node.timeline < node.timeline_end:
            schedule(w.heap, clock, w.timeline[node.timeline], LEVEL, at, 0)
        if node.up >= 0:
            for i in range(node.servers):
                plan_failure(w, clock, node, node.slot + i)
    if clock.warmup > 0.0:
        schedule(w.heap, clock, clock.warmup, WARM, 0, 0)
    clock.started = 1


# ------------------------------------------------------------------------------------------------ deadlock


@apart
def deadlocked(w: Any, clock: Any, at: int) -> bool:
    """Tell whether a station can never go on: all it holds waits for stations that wait in turn for each other.

    Stations of the knot carry the mark of this search.
    """
    clock.stamp += 1
    stamp = clock.stamp
    w.nodes[at].mark = stamp
    grown = True
    while grown:
        grown = False
        for n in range(w.nodes.size):
            node = w.nodes[n]
            if node.mark != stamp or node.kind != STATION:
                continue
            if node.servers < 0 or node.serving > 0 or node.stopped > 0 or node.down > 0 or node.level == 0:
                return False
            if available(node) > 0:
                return False
            for i in range(node.servers):
                u = w.slots[node.slot + i].unit
                if u >= 0 and w.units[u].state == BLOCKED:
                    to = w.nodes[w.units[u].to]
                    if to.kind != STATION:
                        return False
                    if to.mark != stamp:
                        to.mark = stamp
                        grown = True
    return True


# ------------------------------------------------------------------------------------------------ the loop


@inlined
def happens(w: Any, clock: Any, what: Any, which: Any, version: Any) -> Any:
    """Let an event of the list happen; return a unit that enters a node, `unit.to`, or -1."""
    if what == END:
        if w.units[which].version == version and end_service(w, clock, which):
            return which
        return -1
    return happens_rarely(w, clock, what, which, version)


@apart
def happens_rarely(w: Any, clock: Any, what: int, which: int, version: int) -> int:
    """Let any event but the end of a service happen."""
    if what == PATIENCE:
        if w.units[which].version == version and give_up(w, clock, which):
            return which
    elif what == REPAIR:
        repair(w, clock, which)
    elif what == BREAK:
        if w.slots[which].version == version:
            break_down(w, clock, which)
    elif what == LEVEL:
        change_level(w, clock, which)
    elif what == RETURN:
        pool = w.pools[which]
        touch_pool(clock, pool)
        pool.free += 1
        pool.away -= 1
        leave_work(w, clock, POOLS, -1, -1)
    elif what == LANE:
        open_lane(w, clock, which)
    elif what == COMBINE_DUE:
        if w.nodes[which].mark == version and w.nodes[which].queue > 0:
            collect(w, clock, which)
    elif what == WARM:
        warm_up_ends(w, clock)
    return -1


@inlined
def does(w: Any, clock: Any, what: Any, which: Any, to: Any) -> Any:
    """Do one thing of the work list; return a unit that enters a node, `unit.to`, or -1."""
    if what == REFILL:
        refill(w, clock, which)
        return -1
    if what == ADMIT:
        return admit(w, clock, which)
    return does_rarely(w, clock, what, which, to)


@apart
def does_rarely(w: Any, clock: Any, what: int, which: int, to: int) -> int:
    """Do what only pools, pairs and divisions leave to be done."""
    if what == POOLS:
        serve_pools(w, clock)
        return -1
    if what == ENTER:
        if to < 0:
            finish(w, clock, which)
            return -1
        w.units[which].to = to
        return which
    made = divide(w, clock, which, to)
    if made >= 0 and w.units[made].to < 0:
        finish(w, clock, made)
        return -1
    return made


@inlined
def room(w: Any, clock: Any) -> Any:
    """Return what there is too little of, or DONE."""
    if clock.free_units < 2:
        return MORE_UNITS
    if clock.entries + 2 * w.nodes.size + 64 > w.heap.size:
        return MORE_EVENTS
    if clock.works + 2 * w.nodes.size + 64 > w.work.size:
        return MORE_WORK
    if clock.logging and clock.logged + 4 > w.log.size:
        return MORE_LOG
    return DONE


@inlined
def next_thing(w: Any, clock: Any) -> Any:
    """Take the next thing to do; return (a unit that enters a node or -1, whether the horizon was reached)."""
    if clock.works > 0:
        entry = w.work[clock.work]
        clock.work += 1
        if clock.work == w.work.size:
            clock.work = 0
        clock.works -= 1
        return does(w, clock, entry.what, entry.which, entry.to), False
    if clock.batch_left == 0:
        fill_hole(w, clock)
        if clock.entries > 0:
            e = w.heap[0]
            rank = e.key >> RANK_SHIFT
            if e.time < clock.next_arrival or (e.time == clock.next_arrival and rank <= WARM):
                if e.time >= clock.horizon:
                    return -1, True
                clock.now = e.time
                clock.hole = 1
                clock.events += 1
                clock.left -= 1
                return happens(w, clock, e.what, e.which, e.version), False
        if clock.next_arrival >= clock.horizon:
            return -1, True
        clock.now = clock.next_arrival
    clock.events += 1
    clock.left -= 1
    s = clock.next_source
    u = arrive(w, clock, s)
    if u >= 0:
        w.units[u].to = w.sources[s].node
        w.counts[w.units[u].type, _bin_of(w, clock)] += 1
    return u, False


@compiled(numba.int64(WORLD))
def run(w: Any) -> int:
    """Run until the horizon, or until there is a reason to come back; return the reason."""
    clock = w.clock[0]
    if clock.started == 0:
        begin(w, clock)
    while True:
        lacking = room(w, clock)
        if lacking != DONE:
            return lacking
        if clock.left <= 0 and clock.works == 0:
            return PAUSED
        u, over = next_thing(w, clock)
        if over:
            break
        while u >= 0 and enter(w, clock, u, w.units[u].to):
            pass
        if clock.stuck >= 0:
            at = clock.stuck
            clock.stuck = -1
            if deadlocked(w, clock, at):
                return DEADLOCK
    clock.now = clock.horizon
    for at in range(w.nodes.size):
        touch(w, clock, w.nodes[at], at)
    for i in range(w.pools.size):
        touch_pool(clock, w.pools[i])
    touch_system(w, clock, 0)
    return DONE
