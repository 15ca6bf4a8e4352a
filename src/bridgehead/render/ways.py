"""Ways over the schematic network: the nodes of a sequence of places, and what lies between them."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bridgehead.render.geometry import Edge
from bridgehead.render.schematic import Schematic
from bridgehead.render.svg import Point


def nodes_of(schematic: Schematic, ids: Iterable[str]) -> list[str]:
    """Return the nodes of places in order, without repeats next to each other and without places that are not there."""
    out: list[str] = []
    for each in ids:
        node = schematic.into.get(each)
        if node and (not out or out[-1] != node):
            out.append(node)
    return out


def way_through(stops: Sequence[str], at: Mapping[str, Point], corridors: Iterable[Edge]) -> list[str]:
    """Return the nodes of a sequence with those between: where no link joins two stops, the shortest way over links.

    A way more than 1.8 times as long as the straight line is none; the two stops then stay neighbours.
    """
    near: dict[str, list[str]] = defaultdict(list)
    for a, b in corridors:
        near[a].append(b)
        near[b].append(a)
    out = list(stops[:1])
    for a, b in pairwise(stops):
        out += _shortest(a, b, at, near)[1:]
    return out


def _shortest(start: str, end: str, at: Mapping[str, Point], near: Mapping[str, Sequence[str]]) -> list[str]:
    if end in near.get(start, ()):
        return [start, end]
    most = 1.8 * math.dist(at[start], at[end])
    heap: list[tuple[float, list[str]]] = [(0.0, [start])]
    done: set[str] = set()
    while heap:
        length, path = heapq.heappop(heap)
        here = path[-1]
        if here == end:
            return path
        if here in done:
            continue
        done.add(here)
        for to in sorted(near.get(here, ())):
            reach = length + math.dist(at[here], at[to])
            if to not in done and reach + math.dist(at[to], at[end]) <= most:
                heapq.heappush(heap, (reach, [*path, to]))
    return [start, end]
