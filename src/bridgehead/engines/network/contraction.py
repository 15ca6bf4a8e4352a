"""A graph without its nodes of few neighbours, exact: a search over what is left and one sweep over what was taken off.

Railways are lines: most nodes have two neighbours. A node with few is taken off and its neighbours are joined by
shortcuts through it, one each way and the cheaper where there was a way already; then the next, and so on. A tree grows
from its source upward to nodes that went later, over those that stay, and downward in one sweep against the order in
which the nodes went. Nodes joined both ways by arcs without cost are one. Distances are those of the whole graph up to
rounding, from and to anywhere.

The order is that of contraction hierarchies (Geisberger, R., Sanders, P., Schultes, D. and Delling, D. (2008),
Contraction hierarchies: faster and simpler hierarchical routing in road networks, WEA 2008, LNCS 5038, 319-333),
without their search for witnesses; the sweep is PHAST (Delling, D., Goldberg, A. V., Nowatzyk, A. and Werneck, R. F.
(2011), PHAST: hardware-accelerated shortest path trees, IPDPS 2011, 921-931).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.shortest import bucket_plan

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

MOST_NEIGHBOURS = 6
"""A node with more stays. On railways of the world and on generated ones the fastest, by little: 4 to 8 are near."""


class Contraction:
    """The nodes of a graph that stay, and those taken off in the order in which they are put back.

    Positions number the nodes that stay, then one more to start a search from, then the others, the last to go first.

    Parameters
    ----------
    first, head, tail : int32 arrays
        The graph in compressed sparse rows, and the node each arc starts from.
    cost : float64 array
        Costs of the arcs, not negative.
    most : int, optional
        Nodes with more neighbours stay.
    """

    def __init__(self, first: Int32, head: Int32, tail: Int32, cost: Float64, *, most: int = MOST_NEIGHBOURS) -> None:
        from bridgehead.engines.network.elimination_kernels import eliminate, link

        nodes = len(first) - 1
        self._graph = first, head, tail, cost
        arcs = self._merge()
        room = len(arcs) + nodes * max(most * (most - 3) // 2, 0)
        edges = (
            np.empty((2 * room, 4), np.int32), np.empty(2 * room, np.float64),
            np.full(nodes, -1, np.int32), np.zeros(nodes, np.int32), np.array([0, -1], np.int64),
        )  # fmt: skip
        order, rows = np.empty(nodes, np.int32), np.empty(nodes + 1, np.int32)
        level = np.zeros(nodes, np.int32)
        slots = np.empty(nodes * most, np.int32), np.empty((nodes * most, 2)), np.empty((nodes * most, 2), np.int32)
        link(arcs, tail, head, cost, self._root, *edges)
        gone = eliminate(most, *edges, order, level, rows, *slots)
        self._junction = np.flatnonzero(level < 0).astype(np.int32)
        self._position = np.empty(nodes, np.int32)
        self._position[self._junction] = np.arange(self.junctions)
        self._lay_out(order[:gone], level, rows[: gone + 1], slots)
        self._position[self._merged] = self._position[self._root[self._merged]]
        self._join(edges, float(cost[arcs].max(initial=0.0)))
        self._label, self._enter = np.empty(nodes + 1, np.float64), np.empty(nodes + 1, np.int32)
        # A label is a sum of sums, rounded at most so many times: in shortcuts, on both ways, and over the junctions.
        roundings = 3 * (int(level.max(initial=0)) + 1) + self.junctions
        self._slack = 4.0 * roundings * float(np.finfo(np.float64).eps)
        self._least = float(cost[arcs].min(initial=np.inf))

    @property
    def junctions(self) -> int:
        """Number of nodes that stay."""
        return len(self._junction)

    def grow(self, source: int, distance: Float64, arc: Int32) -> None:
        """Write the shortest-path tree of a source: the distance of every node, and the arc entering it."""
        from bridgehead.engines.network.contraction_kernels import contracted_tree, enter_merged, goes_round
        from bridgehead.engines.network.kernels import heap_tree

        first, head, tail, cost = self._graph
        longest = contracted_tree(
            source, self._position, self._block, self._up, self._way, self._last, *self._core, self._width,
            self._label, self._enter, self._work, self._buckets, distance, arc,
        )  # fmt: skip
        if len(self._merged):
            enter_merged(source, self._merged, self._root, self._by, self._back, tail, head, distance, arc)
        # Each arc of the tree leads away from the source if the cheapest costs more than rounding can hide. Otherwise
        # shortcuts of equal cost may each lead through the end of another, round a circle that costs next to nothing.
        if not self._slack * longest < self._least and goes_round(tail, arc):
            key, (node, slot) = np.empty(len(arc)), np.empty((2, len(arc)), np.int32)
            none = np.zeros(len(arc), np.bool_)
            heap_tree(first, head, cost, none, source, none, 0, distance, arc, key, node, slot)

    def _merge(self) -> Int32:
        """Merge nodes that are reached from each other without cost; return the arcs that are left, root by root."""
        from bridgehead.engines.network.elimination_kernels import merge

        first, head, tail, cost = self._graph
        nodes = len(first) - 1
        self._back = _free_both_ways(tail, head, cost)
        self._root, self._by = np.full((2, nodes), -1, np.int32)
        merge(first, head, self._back, self._root, self._by)
        self._merged = np.flatnonzero(np.bincount(self._root, minlength=nodes)[self._root] > 1).astype(np.int32)
        arcs = np.flatnonzero((self._root[head] != self._root[tail]) & np.isfinite(cost)).astype(np.int32)
        if len(self._merged):
            arcs = arcs[np.argsort(self._root[tail[arcs]], kind="stable")]
        return arcs

    def _lay_out(self, order: Int32, level: Int32, rows: Int32, slots: tuple[Int32, Float64, Int32]) -> None:
        """Put the nodes taken off in the order of the sweep: blocks of one level and one number of neighbours."""
        height, degree = level[order], np.diff(rows)
        kind = (int(level.max(initial=0)) - height) * (int(degree.max(initial=0)) + 1) + degree
        sequence = np.argsort(kind, kind="stable")
        kind, degree = kind[sequence], degree[sequence]
        begin = self.junctions + 1
        self._position[order[sequence]] = np.arange(begin, begin + len(order))
        starts = np.concatenate(([0], np.cumsum(degree)))
        pick = np.repeat(rows[sequence] - starts[:-1], degree) + np.arange(starts[-1])
        up, cost, arc = slots
        self._up = self._position[up[pick]]
        self._way, self._last = np.ascontiguousarray(cost[pick].T), np.ascontiguousarray(arc[pick].T)
        fresh = np.flatnonzero(np.diff(kind, prepend=-1))
        ends = np.append(fresh[1:], len(kind)) if len(fresh) else fresh
        self._block = np.column_stack((begin + fresh, begin + ends, degree[fresh], starts[fresh])).astype(np.int32)

    def _join(self, edges: tuple[Int32, Float64, Int32, Int32, Int64], longest: float) -> None:
        """Put the nodes that stay in rows of their own, with room for the arcs of the node to start from."""
        from bridgehead.engines.network.elimination_kernels import gather

        half, way, start, degree, _ = edges
        count = self.junctions
        room = int(degree[self._junction].sum()) + count
        (head, last), cost = np.empty((2, room), np.int32), np.empty(room, np.float64)
        self._core: tuple[Int32, Int32, Float64, Int32] = np.empty(count + 2, np.int32), head, cost, last
        arcs = gather(self._junction, self._position, half, way, start, *self._core)
        self._width, ring = bucket_plan(np.append(cost[:arcs], longest))
        self._buckets = np.empty(ring, np.int32)
        self._work = np.empty((3, count + 1), np.int32)


def _free_both_ways(tail: Int32, head: Int32, cost: Float64) -> Int32:
    """Return for each arc without cost one back that has none either, -1 where there is none."""
    back = np.full(len(cost), -1, np.int32)
    free = np.flatnonzero((cost == 0.0) & (head != tail))
    if len(free):
        nodes = int(max(head[free].max(), tail[free].max())) + 1
        there, here = tail[free] + np.int64(nodes) * head[free], head[free] + np.int64(nodes) * tail[free]
        sequence = np.argsort(here, kind="stable")
        found = np.minimum(np.searchsorted(here[sequence], there), len(free) - 1)
        answers = sequence[found]
        back[free] = np.where(here[answers] == there, free[answers], -1)
    return back
