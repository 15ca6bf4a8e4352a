"""Paths on the virtual network by label setting: the best one within limits, or all that no other path beats.

No path enters a place twice: going out and back may pay in states (by train into a station, by truck out again), and
yet nobody would call it a way. Watching all places at once would multiply the labels, so a place is watched only once
a path is found that enters it twice, and the search begins anew: decremental state space relaxation, Righini, G. and
Salani, M. (2008), New dynamic programming algorithms for the resource constrained elementary shortest path problem,
Networks 51(3), 155-170.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bridgehead.engines.network.shortest import Graph
from bridgehead.engines.network.topology import Float64, Topology

MOST_WATCHED = 62
"""Places that can be watched at once: bits of an integer."""
LABELS = (1 << 12, 1 << 15, 1 << 19)
"""Room a search is given, one after the other; one that needs more than the last is given up, and the result says so.
"""

Arcs = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Paths in order of the first sum; `ended` is False where the search was given up before all were known."""

    paths: tuple[Arcs, ...]
    ended: bool


def bound(topology: Topology, weight: Float64, target: int) -> Float64:
    """Return the least sum of a weight from every node to the target, infinite where none leads there."""
    first, head, arcs = topology.backward
    return Graph(first, head, weight[arcs]).tree(target).distance


def best_paths(
    topology: Topology,
    weights: Sequence[Float64],
    lower: Sequence[Float64],
    source: int,
    target: int,
    *,
    limits: Sequence[float] = (),
    every: bool = False,
) -> Found:
    """Return the path with the least first sum, or every path that no other beats in all sums at once.

    Parameters
    ----------
    topology : Topology
        The network.
    weights : sequence of float64 arrays, shape (arcs,)
        What is summed along a path, not negative; infinite in the first where an arc is closed.
    lower : sequence of float64 arrays, shape (nodes,)
        Of every weight what `bound` gives.
    source, target : int
        Nodes.
    limits : sequence of float, optional
        What each sum may not exceed; unlimited if not given.
    every : bool
        Whether all paths are wanted that no other beats; of several with equal sums one is given.
    """
    from bridgehead.engines.network.label_kernels import set_labels

    weight = np.ascontiguousarray(np.stack(weights, axis=1))
    below = np.ascontiguousarray(np.stack(lower, axis=1))
    limit = np.array(limits or [np.inf] * len(weights))
    watched: list[int] = []
    while True:
        entry, bits = _entries(topology, watched)
        seen = int(bits[topology.place_number[source]])
        for room in LABELS:
            ended, reached, parent, came = set_labels(
                topology.first, topology.head, weight, below, limit, entry, source, seen, target, every, room
            )
            if ended:
                break
        paths = tuple(_back(int(label), parent, came) for label in reached)
        again = sorted({place for path in paths for place in twice(topology, path)} - set(watched))
        if not again:
            return Found(paths, bool(ended))
        if len(watched) + len(again) > MOST_WATCHED:
            return Found(tuple(path for path in paths if not twice(topology, path)), ended=False)
        watched += again


def _entries(topology: Topology, watched: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the bit of the watched place each arc leads into, and the bit of every place."""
    bits = np.zeros(int(topology.place_number.max(initial=-1)) + 1, dtype=np.int64)
    for position, place in enumerate(watched):
        bits[place] = 1 << position
    to, start = topology.place_number[topology.head], topology.place_number[topology.tail]
    return np.where(to != start, bits[to], 0), bits


def _back(label: int, parent: np.ndarray, came: np.ndarray) -> Arcs:
    arcs = []
    while (arc := int(came[label])) >= 0:
        arcs.append(arc)
        label = int(parent[label])
    return tuple(reversed(arcs))


def twice(topology: Topology, path: Iterable[int]) -> frozenset[int]:
    """Return the numbers of the places that a path enters more than once, its first place counted as entered."""
    found: set[int] = set()
    entered: set[int] = set()
    number = topology.place_number
    here = -1
    for arc in path:
        for node in (topology.tail[arc], topology.head[arc]):
            place = int(number[node])
            if place != here:
                if place in entered:
                    found.add(place)
                entered.add(place)
                here = place
    return frozenset(found)
