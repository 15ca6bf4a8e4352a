"""Exact shortest paths from one node to all others on compressed sparse rows.

Two methods give the same distances to the last bit: a ring of buckets (the fast one, default) and a 4-ary heap. A third
takes nodes of few neighbours off the graph first (`bridgehead.engines.network.contraction`): it pays on large networks
of lines such as railways, is worth its preparation from a few searches on, and gives the same distances up to rounding.
All are measured beside scipy in `benchmarks/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from bridgehead.kernel.errors import BridgeheadError

if TYPE_CHECKING:
    from bridgehead.engines.network.contraction import Contraction

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]
Method = Literal["buckets", "heap", "contracted"]

LARGEST_RING = 1 << 20


@dataclass(frozen=True)
class Tree:
    """Shortest paths from one node: distances (float64) and the arc (int32) entering each node, -1 for none."""

    source: int
    distance: Float64
    arc: Int32
    tail: Int32

    def path(self, target: int) -> tuple[int, ...]:
        """Return the arcs from the source to a node in order; empty for the source and for a node out of reach."""
        arcs = []
        node = target
        while (arc := int(self.arc[node])) >= 0:
            arcs.append(arc)
            node = int(self.tail[arc])
        return tuple(reversed(arcs))

    def reaches(self, target: int) -> bool:
        """Whether there is a path to a node."""
        return bool(np.isfinite(self.distance[target]))


class Graph:
    """A graph in compressed sparse rows with one cost per arc, ready for many searches.

    Parameters
    ----------
    first : int32 array, shape (nodes + 1,)
        Row starts.
    head : int32 array, shape (arcs,)
        Node each arc leads to.
    cost : float64 array, shape (arcs,)
        What is minimised; not negative, infinite where an arc is closed.

    Raises
    ------
    BridgeheadError
        `network.bad_cost` when a cost is negative or not a number, `network.bad_graph` when the rows do not fit
        together.
    """

    def __init__(self, first: Int32, head: Int32, cost: Float64) -> None:
        self.first = np.ascontiguousarray(first, dtype=np.int32)
        self.head = np.ascontiguousarray(head, dtype=np.int32)
        self.cost = np.ascontiguousarray(cost, dtype=np.float64)
        self.node_count = len(self.first) - 1
        self._check()
        self.tail = np.repeat(np.arange(self.node_count, dtype=np.int32), np.diff(self.first))
        self.width, self.ring = bucket_plan(self.cost)
        self._work = np.empty((3, self.node_count), dtype=np.int32)
        self._buckets = np.empty(self.ring, dtype=np.int32)

    def _check(self) -> None:
        nodes, arcs = self.node_count, len(self.head)
        fits = nodes >= 0 and len(self.cost) == arcs and self.first[0] == 0 and self.first[-1] == arcs
        if not fits or (np.diff(self.first) < 0).any() or (arcs and (self.head.min() < 0 or self.head.max() >= nodes)):
            raise BridgeheadError("network.bad_graph", {"nodes": nodes, "arcs": arcs})
        bad = ~(self.cost >= 0.0)
        if bad.any():
            raise BridgeheadError("network.bad_cost", {"count": int(bad.sum()), "example": float(self.cost[bad][0])})

    def tree(self, source: int, method: Method = "buckets") -> Tree:
        """Return the shortest paths from a node to all others.

        Parameters
        ----------
        source : int
            Node to start from.
        method : {"buckets", "heap", "contracted"}
            How to search; the distances are the same.
        """
        from bridgehead.engines.network.kernels import bucket_tree, heap_tree

        self._know((source,))
        distance = np.empty(self.node_count, dtype=np.float64)
        arc = np.empty(self.node_count, dtype=np.int32)
        one, two, three = self._work
        if method == "heap":
            key = np.empty(self.node_count, dtype=np.float64)
            nowhere = np.zeros(self.node_count, dtype=np.bool_)
            heap_tree(self.first, self.head, self.cost, nowhere, source, nowhere, 0, distance, arc, key, one, two)
        elif method == "contracted":
            self.contraction.grow(source, distance, arc)
        else:
            bucket_tree(
                self.first, self.head, self.cost, source, self.width, distance, arc, one, two, three, self._buckets
            )
        return Tree(source, distance, arc, self.tail)

    def trees(self, sources: Sequence[int]) -> tuple[Tree, ...]:
        """Return the shortest paths from several nodes, searched in one call: on small graphs calls are what costs."""
        from bridgehead.engines.network.kernels import bucket_trees

        self._know(sources)
        starts = np.asarray(sources, dtype=np.int32)
        distance = np.empty((len(starts), self.node_count), dtype=np.float64)
        arc = np.empty((len(starts), self.node_count), dtype=np.int32)
        bucket_trees(self.first, self.head, self.cost, starts, self.width, distance, arc, self._work, self._buckets)
        return tuple(Tree(int(starts[i]), distance[i], arc[i], self.tail) for i in range(len(starts)))

    @cached_property
    def contraction(self) -> Contraction:
        """The graph without its nodes of few neighbours, prepared at the first use."""
        from bridgehead.engines.network.contraction import Contraction

        return Contraction(self.first, self.head, self.tail, self.cost)

    def _know(self, sources: Sequence[int]) -> None:
        """Refuse a source that is no node."""
        if any(not 0 <= source < self.node_count for source in sources):
            raise BridgeheadError("network.bad_graph", {"nodes": self.node_count, "arcs": len(self.head)})


def bucket_plan(cost: Float64) -> tuple[float, int]:
    """Choose the width of a bucket and the length of the ring.

    Half the median of the positive costs keeps few nodes in a bucket without leaving many buckets empty; the ring
    covers the longest arc, unless that would make it absurdly long.
    """
    positive = cost[(cost > 0.0) & np.isfinite(cost)]
    if not len(positive):
        return 1.0, 2
    longest = float(positive.max())
    width = max(float(np.median(positive)) / 2.0, longest / LARGEST_RING, np.finfo(np.float64).tiny)
    return width, int(longest / width) + 3
