"""A graph without its dead ends and chains, exact: searches run over the junctions and are filled in afterwards.

Railways are lines: most nodes have two neighbours. A chain of such nodes between two junctions becomes one arc each
way; a dead end hangs on the node it leads to. Distances are those of the whole graph up to rounding, for any source
and target, inside chains and dead ends too. Two-degree contraction is the first step of contraction hierarchies
(Geisberger, R., Sanders, P., Schultes, D. and Delling, D. (2008), Contraction hierarchies: faster and simpler
hierarchical routing in road networks, WEA 2008, LNCS 5038, 319-333) and needs no witness search.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.shortest import bucket_plan

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]


class Contraction:
    """The core of a graph with what was taken off it.

    Parameters
    ----------
    first, head, tail : int32 arrays
        The graph in compressed sparse rows, and the node each arc starts from.
    cost : float64 array
        Costs of the arcs, not negative.
    """

    def __init__(self, first: Int32, head: Int32, tail: Int32, cost: Float64) -> None:
        from bridgehead.engines.network.contraction_kernels import strip, trace

        nodes = len(first) - 1
        self.ends, arcs = _edges(head, tail, cost)
        priced = np.append(cost, np.inf)
        both = self.ends.ravel()
        edge = np.argsort(both, kind="stable").astype(np.int32)
        degree = np.bincount(both, minlength=nodes).astype(np.int32)
        rows = np.concatenate(([0], np.cumsum(degree))).astype(np.int32)
        edge //= 2
        order, up = np.empty((2, nodes), np.int32)
        gone = order[: strip(rows, edge, self.ends, degree, order, up)]
        junction, place = np.full((2, nodes), -1, np.int32)
        inner, chain = np.empty((nodes, 2), np.int32), np.empty((nodes, 5), np.int32)
        counts = np.zeros(3, np.int32)
        trace(rows, edge, self.ends, degree, up, junction, place, inner, chain, counts)
        inner, chain = inner[: counts[1]], chain[: counts[2]]
        self.where = np.full((nodes, 4), -1, np.int32)
        self.where[:, 0], self.where[:, 1] = junction, place
        self._dead_ends(gone, up, arcs, priced)
        self._chains(inner, chain, arcs, priced)
        self._core(int(counts[0]), arcs, priced)
        self.width, ring = bucket_plan(self.core_cost[:-2])
        self._buckets = np.empty(ring, np.int32)
        self._work = np.empty((4, counts[0] + 1), np.int32)
        self._core_dist = np.empty(counts[0] + 1, np.float64)

    @property
    def junctions(self) -> int:
        """Number of nodes that stay."""
        return len(self.core_node)

    def grow(self, source: int, distance: Float64, arc: Int32) -> None:
        """Write the shortest-path tree of a source: the distance of every node, and the arc entering it."""
        from bridgehead.engines.network.contraction_kernels import contracted_tree

        contracted_tree(
            source, self.where, self.up_cost, self.up_arc, self.dead, self.down_cost, self.inner, self.inner_cost,
            self.chain, self.exit_cost, self.core_node, self.core_first, self.core_head, self.core_cost,
            self.core_last, self.width, self._core_dist, self._work[3], self._work[:3], self._buckets, distance, arc,
        )  # fmt: skip

    def _toward(self, edges: Int32, nodes: Int32, arcs: Int32) -> Int32:
        """Return the cheapest arc along an edge into one of its ends, -1 for none."""
        return np.asarray(np.where(self.ends[edges, 1] == nodes, arcs[edges, 0], arcs[edges, 1]), dtype=np.int32)

    def _dead_ends(self, gone: Int32, up: Int32, arcs: Int32, priced: Float64) -> None:
        edges = up[gone]
        parents = self.ends[edges].sum(axis=1, dtype=np.int32) - gone
        self.where[gone, 3] = parents
        down = self._toward(edges, gone, arcs)
        self.dead = np.ascontiguousarray(np.column_stack((gone, parents, down)), dtype=np.int32)
        self.down_cost = priced[down]
        self.up_arc = np.full(len(up), -1, np.int32)
        self.up_arc[gone] = self._toward(edges, parents, arcs)
        self.up_cost = priced[self.up_arc]

    def _chains(self, inner: Int32, chain: Int32, arcs: Int32, priced: Float64) -> None:
        """Set the arcs into every inner node from both sides, and those out of each chain."""
        node, before = inner[:, 0], inner[:, 1]
        begin, end, start, stop, out = chain.T
        after = np.append(before[1:], np.int32(0)).astype(np.int32)[: len(before)]
        after[end - 1] = out
        self.inner = np.ascontiguousarray(
            np.column_stack((node, self._toward(before, node, arcs), self._toward(after, node, arcs))), dtype=np.int32
        )
        self.inner_cost = np.ascontiguousarray(priced[self.inner[:, 1:]])
        last_f, last_b = self._toward(out, stop, arcs), self._toward(before[begin], start, arcs)
        self.exit_cost = np.ascontiguousarray(np.column_stack((priced[last_f], priced[last_b])))
        none = np.full(len(chain), -2, np.int32)
        ends = self.where[start, 0], self.where[stop, 0]
        self.chain = np.ascontiguousarray(
            np.column_stack((begin, end, *ends, none, none, last_f, last_b)), dtype=np.int32
        )
        chain_of = np.full(len(self.where), -1, np.int32)
        chain_of[node] = np.repeat(np.arange(len(chain), dtype=np.int32), end - begin)
        self.where[:, 2] = chain_of

    def _core(self, count: int, arcs: Int32, priced: Float64) -> None:
        """Join the junctions by direct arcs and by one arc each way for every chain; leave room for two to start on."""
        junction = self.where[:, 0]
        self.core_node = np.empty(count, np.int32)
        self.core_node[junction[junction >= 0]] = np.flatnonzero(junction >= 0)
        direct = np.flatnonzero((junction[self.ends] >= 0).all(axis=1))
        pairs = junction[self.ends[direct]]
        begin, one, other = self.chain[:, 0], self.chain[:, 2], self.chain[:, 3]
        way = self.exit_cost + np.add.reduceat(self.inner_cost, begin, axis=0) if len(begin) else self.exit_cost
        tail = np.concatenate((pairs[:, 0], pairs[:, 1], one, other))
        head = np.concatenate((pairs[:, 1], pairs[:, 0], other, one))
        last = np.concatenate((arcs[direct, 0], arcs[direct, 1], self.chain[:, 6], self.chain[:, 7]))
        cost = np.concatenate((priced[arcs[direct, 0]], priced[arcs[direct, 1]], way[:, 0], way[:, 1]))
        kept = np.flatnonzero((tail != head) & np.isfinite(cost))
        kept = kept[np.argsort(tail[kept], kind="stable")]
        number = np.full(len(tail), -2, np.int32)
        number[kept] = np.arange(len(kept), dtype=np.int32)
        self.chain[:, 4], self.chain[:, 5] = np.split(number[2 * len(direct) :], 2)
        rows = np.bincount(tail[kept], minlength=count + 1)
        rows[count] = 2
        self.core_first = np.concatenate(([0], np.cumsum(rows))).astype(np.int32)
        self.core_head = np.append(head[kept], [0, 0]).astype(np.int32)
        self.core_cost = np.append(cost[kept], [np.inf, np.inf])
        self.core_last = np.append(last[kept], [-1, -1]).astype(np.int32)


def _edges(head: Int32, tail: Int32, cost: Float64) -> tuple[Int32, Int32]:
    """Return the pairs of neighbours, the smaller node first, and the cheapest arc each way, -1 for none."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    order = np.lexsort((cost, tail > head, high, low))
    order = order[low[order] != high[order]]
    a, b, back = low[order], high[order], (tail > head)[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    number = np.cumsum(fresh) - 1
    ends = np.ascontiguousarray(np.column_stack((a[fresh], b[fresh])), dtype=np.int32).reshape(-1, 2)
    arcs = np.full((len(ends), 2), -1, np.int32)
    first_of_way = fresh.copy()
    first_of_way[1:] |= back[1:] != back[:-1]
    arcs[number[first_of_way], back[first_of_way].astype(int)] = order[first_of_way]
    return ends, arcs
