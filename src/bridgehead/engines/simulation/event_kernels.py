"""Compiled event list, work list, clocks of areas and the histogram cell; all of it is inlined into the kernel.

The event list is a binary heap that holds what is certain to happen to units in service and a few deadlines; arrivals,
which are many, are not in it. The root that was taken stays as a hole until the next entry fills it, which is most often
the next service of the same server.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.engines.simulation.draw_kernels import apart, inlined
from bridgehead.engines.simulation.layout import (
    CELLS,
    LOWEST_EXPONENT,
    OCTAVE_BITS,
    RANK_SHIFT,
)

_LOWEST = 2.0**LOWEST_EXPONENT
_SHIFT = 52 - OCTAVE_BITS
_OFFSET = ((1023 + LOWEST_EXPONENT) << OCTAVE_BITS) - 1


@inlined
def sift_down(heap: Any, size: Any, time: Any, key: Any, what: Any, which: Any, version: Any) -> None:
    """Put an entry where the root was."""
    i, child = 0, 1
    while child < size:
        c = heap[child]
        if child + 1 < size:
            d = heap[child + 1]
            if d.time < c.time or (d.time == c.time and d.key < c.key):
                child += 1
                c = heap[child]
        if time < c.time or (time == c.time and key < c.key):
            break
        h = heap[i]
        h.time, h.key, h.what, h.which, h.version = c.time, c.key, c.what, c.which, c.version
        i = child
        child = 2 * i + 1
    h = heap[i]
    h.time, h.key, h.what, h.which, h.version = time, key, what, which, version


@inlined
def sift_up(heap: Any, size: Any, time: Any, key: Any, what: Any, which: Any, version: Any) -> None:
    """Add an entry at the end and bring it up."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        p = heap[parent]
        if p.time < time or (p.time == time and p.key < key):
            break
        h = heap[i]
        h.time, h.key, h.what, h.which, h.version = p.time, p.key, p.what, p.which, p.version
        i = parent
    h = heap[i]
    h.time, h.key, h.what, h.which, h.version = time, key, what, which, version


@apart
def schedule(heap: Any, clock: Any, time: Any, what: Any, which: Any, version: Any) -> None:
    """Put an event on the list."""
    key = (np.int64(what) << RANK_SHIFT) | clock.seq
    clock.seq += 1
    if clock.hole:
        clock.hole = 0
        sift_down(heap, clock.entries, time, key, what, which, version)
    else:
        sift_up(heap, clock.entries, time, key, what, which, version)
        clock.entries += 1


@inlined
def fill_hole(w: Any, clock: Any) -> None:
    """Close the hole at the root with the last entry."""
    if clock.hole:
        clock.hole = 0
        clock.entries -= 1
        if clock.entries > 0:
            e = w.heap[clock.entries]
            sift_down(w.heap, clock.entries, e.time, e.key, e.what, e.which, e.version)


@inlined
def leave_work(w: Any, clock: Any, what: Any, which: Any, to: Any) -> None:
    """Add to the list of what an event leaves to be done."""
    at = clock.work + clock.works
    if at >= w.work.size:
        at -= w.work.size
    entry = w.work[at]
    entry.what, entry.which, entry.to = what, which, to
    clock.works += 1


@apart
def _spill(bins: Any, row: Any, bin_: Any, begin: Any, end: Any, until: Any, width: Any, height: Any) -> Any:
    """Add an area that reaches over the ends of bins; return the bin that `until` lies in."""
    at = begin
    while end < until:
        bins[row, bin_] += height * (end - at)
        at = end
        end += width
        bin_ += 1
    bins[row, bin_] += height * (until - at)
    return bin_


@inlined
def touch(w: Any, clock: Any, node: Any, at: Any) -> None:
    """Bring the areas of a node up to now, before something of it changes."""
    now = clock.now
    dt = now - node.last
    if dt > 0.0:
        if node.queue > 0:
            area = node.queue * dt
            node.queue_area += area
            if node.level == 0:
                node.closed_queue_area += area
        if now <= node.bin_end:
            w.bins[at, node.bin] += node.queue * dt
        else:
            end = node.bin_end
            node.bin = _spill(w.bins, at, node.bin, node.last, end, now, clock.bin, float(node.queue))
            node.bin_end = clock.bin * (node.bin + 1)
        node.serving_area += node.serving * dt
        if node.blocked:
            node.blocked_area += node.blocked * dt
        if node.down:
            node.down_area += node.down * dt
        if node.stopped:
            node.stopped_area += node.stopped * dt
        if node.level > 0:
            node.open_time += dt
            free = available(node)
            if free > 0:
                node.idle_area += free * dt
        node.last = now


@inlined
def available(node: Any) -> Any:
    """Return how many servers could begin a service; a great number where there are as many as needed."""
    if node.level == 0:
        return 0
    if node.servers < 0:
        return 1 << 30
    return min(node.level + node.extra, node.servers - node.down) - node.serving - node.blocked - node.stopped


@apart
def touch_system(w: Any, clock: Any, change: Any) -> None:
    """Bring the number of units in the system up to now and change it."""
    now = clock.now
    row = w.bins.shape[0] - 1
    dt = now - clock.system_last
    if dt > 0.0:
        clock.system_area += clock.in_system * dt
        if now <= clock.system_bin_end:
            w.bins[row, clock.system_bin] += clock.in_system * dt
        else:
            end = clock.system_bin_end
            clock.system_bin = _spill(
                w.bins, row, clock.system_bin, clock.system_last, end, now, clock.bin, float(clock.in_system)
            )
            clock.system_bin_end = clock.bin * (clock.system_bin + 1)
        clock.system_last = now
    clock.in_system += change


@inlined
def count(w: Any, row: Any, time: Any) -> None:
    """Count a time in a histogram."""
    if time < _LOWEST:
        w.histograms[row, 0] += 1
        return
    w.real[0] = time
    cell = (w.bits[0] >> _SHIFT) - _OFFSET
    w.histograms[row, min(cell, CELLS - 1)] += 1
