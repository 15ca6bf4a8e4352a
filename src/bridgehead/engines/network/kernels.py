"""Compiled shortest-path and loading kernels on compressed sparse rows.

Arrays: `first` (int32, nodes + 1) and `head` (int32, arcs) hold the graph, `cost` (float64, arcs) what is minimised.
Costs may be zero but not negative; a node that cannot be reached keeps the distance infinity and the predecessor -1.
`pred` holds the **arc** by which the shortest path enters a node, so parallel arcs stay distinguishable.

The kernels are compiled for one explicit signature when this module is first imported and kept on disk; import it
only where a path is needed. They hold no Python object and release the interpreter lock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]
_Function = TypeVar("_Function", bound=Callable[..., Any])

_I = "int32[::1]"
_F = "float64[::1]"


def compiled(signature: Any, *, allocates: bool = False) -> Callable[[_Function], _Function]:
    """Compile a function for one signature, text or types, without the interpreter lock; keep it on disk if possible.

    A function that makes no arrays is compiled without counting who refers to the arrays it is given: taking them out
    of tuples would cost more than the work. Where neither the package's folder nor the user's cache can be written, the
    function is compiled anew at each start.
    """

    def compile_(function: _Function) -> _Function:
        options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": allocates}
        try:
            made = numba.njit(signature, cache=True, **options)(function)
        except RuntimeError:
            made = numba.njit(signature, **options)(function)
        return cast("_Function", made)

    return compile_


@compiled(f"void({_I},{_I},{_F},boolean[::1],int64,boolean[::1],int64,{_F},{_I},{_F},{_I},{_I})")
def heap_tree(  # noqa: PLR0915, PLR0917 (compiled as one; arrays are passed by position)
    first: Int32,
    head: Int32,
    cost: Float64,
    no_through: npt.NDArray[np.bool_],
    source: int,
    goal: npt.NDArray[np.bool_],
    goals: int,
    dist: Float64,
    pred: Int32,
    heap_key: Float64,
    heap_node: Int32,
    slot: Int32,
) -> None:
    """Grow the shortest-path tree of one source with Dijkstra's method and a 4-ary heap that decreases keys in place.

    Paths may begin and end in a node that is `no_through`, but not pass it. Once so many as `goals` of the nodes marked
    in `goal` are reached, the search ends, and labels of nodes it has not come to mean nothing; with `goals` zero it
    goes everywhere. `heap_key`, `heap_node` and `slot` are working arrays as long as there are nodes.

    Method: Dijkstra, E. W. (1959), A note on two problems in connexion with graphs; d-ary heap after Johnson, D. B.
    (1975), Priority queues with update and finding minimum spanning trees.
    """
    for i in range(dist.size):
        dist[i] = np.inf
        pred[i] = -1
        slot[i] = -1
    dist[source] = 0.0
    heap_key[0] = 0.0
    heap_node[0] = source
    slot[source] = 0
    size = 1
    while size > 0:
        u = heap_node[0]
        reach = heap_key[0]
        slot[u] = -1
        if goal[u]:
            goals -= 1
            if goals == 0:
                return
        size -= 1
        if size > 0:
            key = heap_key[size]
            node = heap_node[size]
            i = 0
            while True:
                child = 4 * i + 1
                if child >= size:
                    break
                best = child
                best_key = heap_key[child]
                for j in range(child + 1, min(child + 4, size)):
                    if heap_key[j] < best_key:
                        best_key = heap_key[j]
                        best = j
                if best_key >= key:
                    break
                moved = heap_node[best]
                heap_key[i] = best_key
                heap_node[i] = moved
                slot[moved] = i
                i = best
            heap_key[i] = key
            heap_node[i] = node
            slot[node] = i
        if no_through[u] and u != source:
            continue
        for arc in range(first[u], first[u + 1]):
            v = head[arc]
            label = reach + cost[arc]
            if label < dist[v]:
                dist[v] = label
                pred[v] = arc
                i = slot[v]
                if i < 0:
                    i = size
                    size += 1
                while i > 0:
                    parent = (i - 1) // 4
                    if heap_key[parent] <= label:
                        break
                    moved = heap_node[parent]
                    heap_key[i] = heap_key[parent]
                    heap_node[i] = moved
                    slot[moved] = i
                    i = parent
                heap_key[i] = label
                heap_node[i] = v
                slot[v] = i


@compiled(f"void({_I},{_I},{_F},int64,float64,{_F},{_I},{_I},{_I},{_I},{_I})")
def bucket_tree(  # noqa: PLR0915, PLR0917 (compiled as one; arrays are passed by position)
    first: Int32,
    head: Int32,
    cost: Float64,
    source: int,
    width: float,
    dist: Float64,
    pred: Int32,
    after: Int32,
    before: Int32,
    bucket_of: Int32,
    buckets: Int32,
) -> None:
    """Grow the shortest-path tree of one source with a ring of buckets, correcting labels inside a bucket.

    `after`, `before` and `bucket_of` are working arrays as long as there are nodes, `buckets` is the ring. The result
    is exact for any width and any ring: a node whose label falls after it was scanned is queued again. Method:
    approximate buckets after Cherkassky, B. V., Goldberg, A. V. and Radzik, T. (1996), Shortest paths algorithms:
    theory and experimental evaluation, Mathematical Programming 73, 129-174.
    """
    for i in range(dist.size):
        dist[i] = np.inf
        pred[i] = -1
        bucket_of[i] = -1
    ring = buckets.size
    for i in range(ring):
        buckets[i] = -1
    scale = 1.0 / width
    dist[source] = 0.0
    buckets[0] = source
    after[source] = -1
    before[source] = -1
    bucket_of[source] = 0
    waiting = 1
    current = 0
    here = 0
    while waiting > 0:
        u = buckets[here]
        if u < 0:
            current += 1
            here += 1
            if here == ring:
                here = 0
            continue
        second = after[u]
        buckets[here] = second
        if second >= 0:
            before[second] = -1
        bucket_of[u] = -1
        waiting -= 1
        reach = dist[u]
        for arc in range(first[u], first[u + 1]):
            v = head[arc]
            label = reach + cost[arc]
            if label < dist[v]:
                dist[v] = label
                pred[v] = arc
                place = here + max(int(label * scale) - current, 0)
                if place >= ring:
                    place = place % ring
                old = bucket_of[v]
                if old == place:
                    continue
                if old >= 0:
                    left = before[v]
                    right = after[v]
                    if left >= 0:
                        after[left] = right
                    else:
                        buckets[old] = right
                    if right >= 0:
                        before[right] = left
                else:
                    waiting += 1
                second = buckets[place]
                after[v] = second
                before[v] = -1
                if second >= 0:
                    before[second] = v
                buckets[place] = v
                bucket_of[v] = place


@compiled(f"void({_I},{_I},{_F},{_I},float64,float64[:,::1],int32[:,::1],int32[:,::1],{_I})")
def bucket_trees(  # noqa: PLR0917 (arrays are passed by position)
    first: Int32,
    head: Int32,
    cost: Float64,
    sources: Int32,
    width: float,
    dist: Float64,
    pred: Int32,
    work: Int32,
    buckets: Int32,
) -> None:
    """Grow the trees of many sources in one call, a row of `dist` and `pred` each; see `bucket_tree`."""
    for i in range(sources.size):
        bucket_tree(first, head, cost, sources[i], width, dist[i], pred[i], work[0], work[1], work[2], buckets)


@compiled(f"int64({_I},{_I},int64,float64,{_F})")
def add_path(pred: Int32, tail: Int32, target: int, amount: float, flow: Float64) -> int:
    """Add an amount to every arc of the path that ends in a node; return the number of arcs."""
    node = target
    count = 0
    while pred[node] >= 0:
        arc = pred[node]
        flow[arc] += amount
        node = tail[arc]
        count += 1
    return count
