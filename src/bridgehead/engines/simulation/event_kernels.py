"""Compiled event list, work list, clocks of areas and the histogram cell; all of it is inlined into the kernel.

The event list is a binary heap that holds what is certain to happen to units in service and a few deadlines; arrivals,
which are many, are not in it. The root that was taken stays as a hole until the next entry fills it, most often with
the next service of the same server.
"""

# ruff: noqa: PLR0917 (kernels take numbers by position)

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.engines.simulation.compile_kernels import apart, inlined, rare
from bridgehead.engines.simulation.layout import CELLS, LOWEST_EXPONENT, OCTAVE_BITS, RANK_SHIFT
from bridgehead.engines.simulation.table_kernels import bin_at, bits_of, cell_at, earlier, event_at, work_at

_LOWEST = 2.0**LOWEST_EXPONENT
_SHIFT = 52 - OCTAVE_BITS
_OFFSET = ((1023 + LOWEST_EXPONENT) << OCTAVE_BITS) - 1


@inlined
def put(w: Any, i: Any, time: Any, key: Any, load: Any) -> None:
    """Put an event at a place of the list, or above it as far as it happens before those who stand there."""
    while i > 0:
        parent = (i - 1) >> 1
        p = event_at(w, parent)
        if p.time < time or (p.time == time and p.key < key):
            break
        h = event_at(w, i)
        h.time, h.key, h.load = p.time, p.key, p.load
        i = parent
    h = event_at(w, i)
    h.time, h.key, h.load = time, key, load


@inlined
def sink(w: Any, size: Any) -> Any:
    """Let the first of each two children move up, from the root to the bottom; return the place left empty there.

    An event that comes in late most often belongs near the bottom: one that goes down all the way and then up again
    costs fewer comparisons, and none whose outcome has to be guessed (Wegener, I. (1993), Bottom-up heapsort,
    Theoretical Computer Science 118, 81-98).
    """
    i, child = 0, 1
    while child < size:
        if child + 1 < size:
            child += earlier(w, child + 1, child)
        c, h = event_at(w, child), event_at(w, i)
        h.time, h.key, h.load = c.time, c.key, c.load
        i = child
        child = 2 * i + 1
    return i


@inlined
def schedule_here(w: Any, time: Any, what: Any, which: Any, version: Any) -> None:
    """Put an event on the list; for the one place where nearly all of them come from."""
    key = np.uint64(np.int64(what) << RANK_SHIFT | w.seq)
    load = np.int64(version) << 32 | np.int64(which)
    w.seq += 1
    i = w.entries
    if w.hole:
        w.hole = 0
        i = sink(w, i)
    else:
        w.entries += 1
    put(w, i, time, key, load)


@rare
def schedule(w: Any, time: Any, what: Any, which: Any, version: Any) -> None:
    """Put an event on the list."""
    schedule_here(w, time, what, which, version)


@apart
def fill_hole(w: Any) -> None:
    """Close the hole at the root with the last entry."""
    w.hole = 0
    w.entries -= 1
    e = event_at(w, w.entries)
    if w.entries > 0:
        put(w, sink(w, w.entries), e.time, e.key, e.load)


@inlined
def leave_work(w: Any, what: Any, which: Any, to: Any) -> None:
    """Add to the list of what an event leaves to be done."""
    at = w.work_first + w.work_count
    if at >= w.work_room:
        at -= w.work_room
    entry = work_at(w, at)
    entry.what, entry.which, entry.to = what, which, to
    w.work_count += 1


@rare
def leave_first(w: Any, what: Any, which: Any) -> None:
    """Put what is not yet finished back at the head of what is to be done."""
    w.work_first -= 1
    if w.work_first < 0:
        w.work_first = w.work_room - 1
    entry = work_at(w, w.work_first)
    entry.what, entry.which, entry.to = what, which, -1
    w.work_count += 1


@rare
def _spill(w: Any, row: Any, bin_: Any, begin: Any, end: Any, until: Any, width: Any, height: Any) -> Any:
    """Add an area that reaches over the ends of bins; return the bin that `until` lies in."""
    at = begin
    while end < until:
        bin_at(w, row * w.bin_count + bin_).value += height * (end - at)
        at = end
        end += width
        bin_ += 1
    bin_at(w, row * w.bin_count + bin_).value += height * (until - at)
    return bin_


@inlined
def touch(w: Any, node: Any, at: Any) -> None:
    """Bring the areas of a node up to now, before something of it changes."""
    now = w.now
    dt = now - node.last
    if dt > 0.0:
        area = node.queue * dt
        node.queue_area += area
        if node.level == 0:
            node.closed_queue_area += area
        if now <= node.bin_end:
            bin_at(w, at * w.bin_count + node.bin).value += area
        else:
            end = node.bin_end
            node.bin = _spill(w, at, node.bin, node.last, end, now, w.bin_width, float(node.queue))
            node.bin_end = w.bin_width * (node.bin + 1)
        node.serving_area += node.serving * dt
        if node.blocked:
            node.blocked_area += node.blocked * dt
        if node.down:
            node.down_area += node.down * dt
            node.stuck_area += node.stuck * dt
        if node.stopped:
            node.stopped_area += node.stopped * dt
        if node.level > 0:
            node.open_time += dt
            node.idle_area += max(available(node), 0) * dt
        node.last = now


@inlined
def available(node: Any) -> Any:
    """Return how many servers could begin a service; a great number where there are as many as needed."""
    if node.level == 0:
        return 0
    if node.servers < 0:
        return 1 << 30
    return min(node.level + node.extra, node.servers - node.down) - node.serving - node.blocked - node.stopped


@inlined
def touch_system(w: Any, change: Any) -> None:
    """Bring the number of units in the system up to now and change it."""
    now = w.now
    row = w.node_count
    dt = now - w.system_last
    if dt > 0.0:
        w.system_area += w.in_system * dt
        if now <= w.system_bin_end:
            bin_at(w, row * w.bin_count + w.system_bin).value += w.in_system * dt
        else:
            end = w.system_bin_end
            w.system_bin = _spill(w, row, w.system_bin, w.system_last, end, now, w.bin_width, float(w.in_system))
            w.system_bin_end = w.bin_width * (w.system_bin + 1)
        w.system_last = now
    w.in_system += change


@inlined
def count(w: Any, row: Any, time: Any) -> None:
    """Count a time in a histogram."""
    if time < _LOWEST:
        cell_at(w, row * CELLS).value += 1
        return
    cell = (bits_of(time) >> _SHIFT) - _OFFSET
    cell_at(w, row * CELLS + min(cell, CELLS - 1)).value += 1
