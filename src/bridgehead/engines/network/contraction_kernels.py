"""Compiled kernels of the contraction: take dead ends and chains off a graph, and put them back under a search.

The arrays are those of `bridgehead.engines.network.contraction.Contraction`. Like the other kernels these are compiled
for one explicit signature when the module is first imported; import it only where a path is needed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.kernels import bucket_tree, compiled

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]

_I = "int32[::1]"
_I2 = "int32[:,::1]"
_F = "float64[::1]"
_F2 = "float64[:,::1]"


@compiled(f"int64({_I},{_I},{_I2},{_I},{_I},{_I})")
def strip(first: Int32, edge: Int32, ends: Int32, degree: Int32, order: Int32, up: Int32) -> int:  # noqa: PLR0917
    """Take dead ends off one by one; return how many nodes went.

    `order` gets the nodes in the order they went, `up` of each the edge to its last neighbour, -1 for those that stay.
    """
    waiting = 0
    for node in range(degree.size):
        up[node] = -1
        if degree[node] == 1:
            order[waiting] = node
            waiting += 1
    gone = 0
    done = 0
    while done < waiting:
        node = order[done]
        done += 1
        if degree[node] != 1:
            continue
        for i in range(first[node], first[node + 1]):
            other = ends[edge[i], 0] + ends[edge[i], 1] - node
            if up[other] < 0:
                up[node] = edge[i]
                degree[other] -= 1
                if degree[other] == 1:
                    order[waiting] = other
                    waiting += 1
        degree[node] = 0
        order[gone] = node
        gone += 1
    return gone


@compiled(f"void({_I},{_I},{_I2},{_I},{_I},{_I},{_I},{_I2},{_I2},{_I})", allocates=True)
def trace(  # noqa: PLR0917 (arrays are passed by position)
    first: Int32,
    edge: Int32,
    ends: Int32,
    degree: Int32,
    up: Int32,
    junction: Int32,
    place: Int32,
    inner: Int32,
    chain: Int32,
    counts: Int32,
) -> None:
    """Find junctions and the chains between them, in the order of a search that goes outward from each first junction.

    `junction` gets the number of each junction, `place` of each node inside a chain its row in `inner` (node and edge
    from the node before), `chain` the first and the row after the last of each chain, its two junctions as nodes and
    the edge to the second. A ring without a junction gets one. `counts` are junctions, inner nodes and chains.
    """
    queue = np.empty(degree.size, dtype=np.int32)
    for rings in range(2):
        for seed in range(degree.size):
            if up[seed] >= 0 or junction[seed] >= 0 or place[seed] >= 0 or (rings == 0 and degree[seed] == 2):
                continue
            done = counts[0]
            junction[seed] = counts[0]
            queue[counts[0]] = seed
            counts[0] += 1
            while done < counts[0]:
                start = queue[done]
                done += 1
                for i in range(first[start], first[start + 1]):
                    before = edge[i]
                    node = ends[before, 0] + ends[before, 1] - start
                    if up[node] >= 0 or place[node] >= 0:
                        continue
                    begin = counts[1]
                    while degree[node] == 2 and junction[node] < 0:
                        place[node] = counts[1]
                        inner[counts[1], 0] = node
                        inner[counts[1], 1] = before
                        counts[1] += 1
                        after = before
                        for k in range(first[node], first[node + 1]):
                            beyond = ends[edge[k], 0] + ends[edge[k], 1] - node
                            if edge[k] != before and up[beyond] < 0:
                                after = edge[k]
                        node = ends[after, 0] + ends[after, 1] - node
                        before = after
                    if counts[1] > begin:
                        chain[counts[2], 0] = begin
                        chain[counts[2], 1] = counts[1]
                        chain[counts[2], 2] = start
                        chain[counts[2], 3] = node
                        chain[counts[2], 4] = before
                        counts[2] += 1
                    if junction[node] < 0:
                        junction[node] = counts[0]
                        queue[counts[0]] = node
                        counts[0] += 1


@compiled(f"int64({_I2},{_F},{_I},int64,{_F},{_I})")
def climb(where: Int32, up_cost: Float64, up_arc: Int32, source: int, dist: Float64, pred: Int32) -> int:  # noqa: PLR0917
    """Go from the source out of its dead end; return the node where it joins the rest, -1 if no arc leads there."""
    node = source
    dist[node] = 0.0
    while where[node, 3] >= 0:
        beyond = where[node, 3]
        label = dist[node] + up_cost[node]
        if not label < np.inf:
            return -1
        dist[beyond] = label
        pred[beyond] = up_arc[node]
        node = beyond
    return node


@compiled(f"void(int64,{_I2},{_I2},{_F2},{_I2},{_F2},{_F},{_I},{_F},{_I})")
def leave(  # noqa: PLR0917
    root: int,
    where: Int32,
    inner: Int32,
    inner_cost: Float64,
    chain: Int32,
    exit_cost: Float64,
    dist: Float64,
    core_head: Int32,
    core_cost: Float64,
    entry: Int32,
) -> None:
    """Set the last two arcs of the core graph: from the start of the search to the junctions the root reaches first."""
    last = core_cost.size - 2
    entry[0] = -1
    entry[1] = -1
    core_cost[last] = np.inf
    core_cost[last + 1] = np.inf
    if where[root, 0] >= 0:
        core_head[last] = where[root, 0]
        core_cost[last] = dist[root]
        return
    row = where[root, 1]
    c = where[root, 2]
    label = dist[root]
    for p in range(row - 1, chain[c, 0] - 1, -1):
        label += inner_cost[p, 1]
    core_head[last] = chain[c, 2]
    core_cost[last] = label + exit_cost[c, 1]
    entry[0] = chain[c, 7]
    label = dist[root]
    for p in range(row + 1, chain[c, 1]):
        label += inner_cost[p, 0]
    core_head[last + 1] = chain[c, 3]
    core_cost[last + 1] = label + exit_cost[c, 0]
    entry[1] = chain[c, 6]


@compiled(f"void(int64,int64,int64,float64,{_I2},{_F2},int64,{_F},{_I})")
def walk(  # noqa: PLR0917
    begin: int,
    stop: int,
    step: int,
    label: float,
    inner: Int32,
    inner_cost: Float64,
    side: int,
    dist: Float64,
    pred: Int32,
) -> None:
    """Hand a label on along a chain until it no longer improves; from there on it never will."""
    for p in range(begin, stop, step):
        label += inner_cost[p, side]
        node = inner[p, 0]
        if not label < dist[node]:
            return
        dist[node] = label
        pred[node] = inner[p, 1 + side]


@compiled(f"void(int64,{_I2},{_I2},{_F2},{_I2},{_F},{_I},int64,{_F},{_I})")
def fill_chains(  # noqa: PLR0917
    root: int,
    where: Int32,
    inner: Int32,
    inner_cost: Float64,
    chain: Int32,
    core_dist: Float64,
    core_pred: Int32,
    last: int,
    dist: Float64,
    pred: Int32,
) -> None:
    """Reach the nodes inside chains from both ends, and in the chain of the root from the root.

    A junction that was reached through a chain leaves that chain to the end it was reached from: sums of the same
    costs in another order may differ in the last bit, and a tree must not bend back into itself for that.
    """
    own = where[root, 2] if root >= 0 and where[root, 0] < 0 else -1
    for c in range(chain.shape[0]):
        begin = chain[c, 0]
        end = chain[c, 1]
        through_first = core_pred[chain[c, 2]]
        through_second = core_pred[chain[c, 3]]
        from_first = core_dist[chain[c, 2]]
        from_second = core_dist[chain[c, 3]]
        if c == own:
            row = where[root, 1]
            walk(row - 1, begin - 1, -1, dist[root], inner, inner_cost, 1, dist, pred)
            walk(row + 1, end, 1, dist[root], inner, inner_cost, 0, dist, pred)
            if through_first != last and through_first != chain[c, 5]:
                walk(begin, row, 1, from_first, inner, inner_cost, 0, dist, pred)
            if through_second != last + 1 and through_second != chain[c, 4]:
                walk(end - 1, row, -1, from_second, inner, inner_cost, 1, dist, pred)
            continue
        if through_first != chain[c, 5]:
            walk(begin, end, 1, from_first, inner, inner_cost, 0, dist, pred)
        if through_second != chain[c, 4]:
            walk(end - 1, begin - 1, -1, from_second, inner, inner_cost, 1, dist, pred)


@compiled(
    f"void(int64,{_I2},{_F},{_I},{_I2},{_F},{_I2},{_F2},{_I2},{_F2},{_I},{_I},{_I},{_F},{_I},float64,"
    f"{_F},{_I},{_I2},{_I},{_F},{_I})",
    allocates=True,
)
def contracted_tree(  # noqa: PLR0917
    source: int,
    where: Int32,
    up_cost: Float64,
    up_arc: Int32,
    dead: Int32,
    down_cost: Float64,
    inner: Int32,
    inner_cost: Float64,
    chain: Int32,
    exit_cost: Float64,
    core_node: Int32,
    core_first: Int32,
    core_head: Int32,
    core_cost: Float64,
    core_last: Int32,
    width: float,
    core_dist: Float64,
    core_pred: Int32,
    work: Int32,
    buckets: Int32,
    dist: Float64,
    pred: Int32,
) -> None:
    """Grow the shortest-path tree of one source: out of its dead end, over the core, back into chains and dead ends."""
    for node in range(dist.size):
        dist[node] = np.inf
        pred[node] = -1
    root = climb(where, up_cost, up_arc, source, dist, pred)
    if root >= 0:
        entry = np.empty(2, dtype=np.int32)
        leave(root, where, inner, inner_cost, chain, exit_cost, dist, core_head, core_cost, entry)
        last = core_cost.size - 2
        bucket_tree(
            core_first, core_head, core_cost, core_node.size, width,
            core_dist, core_pred, work[0], work[1], work[2], buckets,
        )  # fmt: skip
        for j in range(core_node.size):
            node = core_node[j]
            if node != root:
                arc = core_pred[j]
                dist[node] = core_dist[j]
                pred[node] = -1 if arc < 0 else core_last[arc] if arc < last else entry[arc - last]
        fill_chains(root, where, inner, inner_cost, chain, core_dist, core_pred, last, dist, pred)
    for i in range(dead.shape[0] - 1, -1, -1):
        node = dead[i, 0]
        label = dist[dead[i, 1]] + down_cost[i]
        if label < dist[node] and not dist[node] < np.inf:
            dist[node] = label
            pred[node] = dead[i, 2]
