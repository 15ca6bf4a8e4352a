"""The compiled kernel: what every event does to a port, from the first arrival to the horizon.

One event after the other is taken; what it leaves to be done (a freed server, an opened place, pools that came back)
stands in a work list, first in first out, and is done before time goes on. A unit that enters a node does so at once,
as part of what sent it. What a freed server begins comes first in the list, as a rule; then it is done in the step of
the event without standing there. All state is in the tables of the world, so the kernel can come back for more room,
for somebody who wants to see progress, or for a deadlock, and be called again.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from bridgehead.engines.network.kernels import compiled
from bridgehead.engines.simulation.arrival_kernels import arrive
from bridgehead.engines.simulation.compile_kernels import inlined, rare, sources_stamp
from bridgehead.engines.simulation.deadlock_kernels import some_deadlock
from bridgehead.engines.simulation.entering_kernels import collect, divide, enter, lose
from bridgehead.engines.simulation.event_kernels import fill_hole, leave_work, touch, touch_system
from bridgehead.engines.simulation.incident_kernels import (
    admit,
    begin,
    break_down,
    change_level,
    end_service,
    give_up,
    open_lane,
    repair,
    serve_pools,
    warm_up_ends,
)
from bridgehead.engines.simulation.layout import (
    ADMIT,
    BREAK,
    COMBINE_DUE,
    DEADLOCK,
    DONE,
    END,
    ENTER,
    LANE,
    LEVEL,
    MORE_EVENTS,
    MORE_LOG,
    MORE_UNITS,
    MORE_WORK,
    NOT_RISING,
    PATIENCE,
    PAUSED,
    POOLS,
    RANK_SHIFT,
    REFILL,
    REPAIR,
    RETURN,
    WARM,
)
from bridgehead.engines.simulation.leaving_kernels import _bin_of, finish
from bridgehead.engines.simulation.pool_kernels import touch_pool
from bridgehead.engines.simulation.queue_kernels import refill, refill_here
from bridgehead.engines.simulation.table_kernels import (
    WORLD,
    count_at,
    event_at,
    node_at,
    pool_at,
    slot_at,
    source_at,
    type_at,
    unit_at,
    work_at,
)

OVER = -2
MOST_STEPS = 20_000_000
"""Steps of the kernel at one moment, after which units are taken to go round for ever without time passing."""


@rare
def happens_rarely(w: Any, what: Any, which: Any, version: Any) -> Any:
    """Let any event but the end of a service happen."""
    if what == PATIENCE:
        if unit_at(w, which).version == version and give_up(w, which):
            return which
    elif what == REPAIR:
        repair(w, which)
    elif what == BREAK:
        if slot_at(w, which).version == version:
            break_down(w, which)
    elif what == LEVEL:
        change_level(w, which)
    elif what == RETURN:
        pool = pool_at(w, which)
        touch_pool(w, pool)
        pool.free += 1
        pool.away -= 1
        leave_work(w, POOLS, -1, -1)
    elif what == LANE:
        open_lane(w, which)
    elif what == COMBINE_DUE:
        if node_at(w, which).mark == version and node_at(w, which).queue > 0:
            collect(w, which)
    elif what == WARM:
        warm_up_ends(w)
    return -1


@rare
def next_work(w: Any) -> Any:
    """Do the first thing of the work list; return a unit that enters a node, `unit.to`, or -1."""
    entry = work_at(w, w.work_first)
    w.work_first += 1
    if w.work_first == w.work_room:
        w.work_first = 0
    w.work_count -= 1
    what, which, to = entry.what, entry.which, entry.to
    if what == REFILL:
        refill(w, which)
    elif what == ADMIT:
        return admit(w, which)
    elif what == POOLS:
        serve_pools(w)
    elif what == ENTER:
        if to >= 0:
            unit_at(w, which).to = to
            return which
        finish(w, which)
    else:
        made = divide(w, which, to)
        if made < 0 or unit_at(w, made).to >= 0:
            return made
        finish(w, made)
    return -1


@inlined
def room(w: Any) -> Any:
    """Return what there is too little of, or DONE."""
    if w.free_units < 2:
        return MORE_UNITS
    if w.entries + w.event_margin > w.event_room:
        return MORE_EVENTS
    if w.work_count + w.work_margin > w.work_room:
        return MORE_WORK
    if w.logging and w.logged + 4 > w.log_room:
        return MORE_LOG
    return DONE


@inlined
def next_event(w: Any) -> Any:
    """Take the next event or arrival; return a unit that enters a node, `unit.to`, or -1, or OVER at the horizon."""
    if w.batch_left == 0:
        if w.hole:
            fill_hole(w)
        if w.entries > 0:
            e = event_at(w, 0)
            what = np.int64(e.key >> np.uint64(RANK_SHIFT))
            if e.time < w.next_arrival or (e.time == w.next_arrival and what <= WARM):
                if e.time >= w.horizon:
                    return OVER
                w.now = e.time
                w.hole = 1
                w.events += 1
                which, version = e.load & 0xFFFFFFFF, e.load >> 32
                if what != END:
                    return happens_rarely(w, what, which, version)
                if unit_at(w, which).version == version and end_service(w, which):
                    return which
                return -1
        if w.next_arrival >= w.horizon:
            return OVER
        w.now = w.next_arrival
    w.events += 1
    s = w.next_source
    u = arrive(w, s)
    if u >= 0:
        unit_at(w, u).to = source_at(w, s).node
        type_at(w, unit_at(w, u).type).arrived += 1
        count_at(w, unit_at(w, u).type * w.bin_count + _bin_of(w)).value += 1
    return u


@rare
def end(w: Any) -> None:
    """Bring all areas up to the horizon."""
    w.now = w.horizon
    for at in range(w.node_count):
        touch(w, node_at(w, at), at)
    for i in range(w.pool_count):
        touch_pool(w, pool_at(w, i))
    touch_system(w, 0)


def _of_these_sources(stamp: str) -> Any:
    """Return the compiled kernel; `stamp` is bound in it so that what is kept on disk is that of these very sources."""

    @compiled(numba.int64(WORLD))
    def run(world: Any) -> int:
        _ = stamp
        w = world[0]
        if w.started == 0:
            begin(w)
        pause = w.events + w.left
        while True:
            lacking = room(w)
            if lacking != DONE:
                return lacking
            if w.work_count > 0:
                u = next_work(w)
            elif w.events >= pause:
                return PAUSED
            else:
                u = next_event(w)
                if u == OVER:
                    end(w)
                    return DONE
            if w.now > w.moment:
                w.moment, w.steps = w.now, 0
            else:
                w.steps += 1
                if w.steps > MOST_STEPS:
                    return NOT_RISING
            moves = 0
            while u >= 0 and enter(w, u, unit_at(w, u).to):
                moves += 1
                if moves > w.node_count:
                    lose(w, u)
                    break
            if w.freed >= 0:
                at = w.freed
                w.freed = -1
                refill_here(w, at)
            if w.suspects and w.work_count == 0 and some_deadlock(w):
                return DEADLOCK

    return run


run = _of_these_sources(sources_stamp())
"""Run the worlds of an array of one until the horizon or a reason to come back; return the reason."""
