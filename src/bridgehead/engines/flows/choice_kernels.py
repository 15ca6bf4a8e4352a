"""Compiled kernels of choice sets: best ways of many pairs at once, and how much of their length ways share.

They are compiled for one explicit signature when this module is first imported and kept on disk, as those of
`bridgehead.engines.network.kernels`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.kernels import compiled, heap_tree

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

_I, _L, _F = "int32[::1]", "int64[::1]", "float64[::1]"


@compiled(f"Tuple(({_I},{_L},{_F}))({_I},{_I},{_I},{_F},boolean[::1],{_L},{_L})", allocates=True)
def best_ways(  # noqa: PLR0917 (arrays are passed by position)
    first: Int32,
    head: Int32,
    tail: Int32,
    cost: Float64,
    no_through: npt.NDArray[np.bool_],
    origin: Int64,
    destination: Int64,
) -> tuple[Int32, Int64, Float64]:
    """Return the best way of every pair at one cost of arcs: arcs from the destination back, where each begins, costs.

    One tree serves pairs with the same origin that stand one after the other. A pair that cannot be reached has a way
    without arcs at infinite cost.
    """
    nodes = first.size - 1
    distance, key = np.empty(nodes), np.empty(nodes)
    entering, heap, slot = np.empty(nodes, np.int32), np.empty(nodes, np.int32), np.empty(nodes, np.int32)
    begins, costs = np.zeros(origin.size + 1, np.int64), np.empty(origin.size)
    arcs = np.empty(64 * (origin.size + 1), np.int32)
    used, last = 0, -1
    for pair in range(origin.size):
        if origin[pair] != last:
            last = origin[pair]
            heap_tree(first, head, cost, no_through, last, no_through, 0, distance, entering, key, heap, slot)
        node = destination[pair]
        costs[pair] = distance[node]
        while np.isfinite(costs[pair]) and entering[node] >= 0:
            if used == arcs.size:
                longer = np.empty(2 * arcs.size, np.int32)
                longer[:used] = arcs
                arcs = longer
            arcs[used] = entering[node]
            node = tail[entering[node]]
            used += 1
        begins[pair + 1] = used
    return arcs[:used].copy(), begins, costs


@compiled(f"{_F}({_F},{_L},{_L},{_I})", allocates=True)
def path_sizes(length: Float64, pair_first: Int64, path_first: Int64, arcs: Int32) -> Float64:
    """Return of every path the mean over its length of one by the ways of its pair that run there; one without length.

    `length` runs along arcs; the rest is as in `bridgehead.engines.flows.path_store.PathStore`.
    """
    size = np.ones(path_first.size - 1)
    ways = np.zeros(length.size, np.int64)
    for pair in range(pair_first.size - 1):
        begin, end = path_first[pair_first[pair]], path_first[pair_first[pair + 1]]
        for i in range(begin, end):
            ways[arcs[i]] += 1
        for path in range(pair_first[pair], pair_first[pair + 1]):
            total = shared = 0.0
            for i in range(path_first[path], path_first[path + 1]):
                total += length[arcs[i]]
                shared += length[arcs[i]] / ways[arcs[i]]
            if total > 0.0:
                size[path] = shared / total
        for i in range(begin, end):
            ways[arcs[i]] = 0
    return size
