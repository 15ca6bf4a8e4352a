"""Compiled kernels that take nodes with few neighbours out of a graph and join what they joined.

They prepare a `bridgehead.engines.network.contraction.Contraction`. Like the other kernels these are compiled
for one explicit signature when the module is first imported; import it only where a graph is contracted.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.kernels import compiled

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

_I = "int32[::1]"
_I2 = "int32[:,::1]"
_F = "float64[::1]"
_F2 = "float64[:,::1]"
_EDGES = f"{_I2},{_F},{_I},{_I},int64[::1]"


@compiled(f"int64(int64,int64,{_EDGES})")
def pair(one: int, other: int, half: Int32, way: Float64, start: Int32, degree: Int32, free: Int64) -> int:  # noqa: PLR0917
    """Make an edge between two nodes that leads nowhere yet; return its half at the first.

    Edges lie in two halves, 2 k and 2 k + 1, one in the list of each end: `half` holds the other end, the next and the
    previous half in the list (-1 for none) and the last arc of the way from this end to the other, `way` what that way
    costs. `start` holds the first half of each node, `free` the number of halves ever used and the first of those given
    back.
    """
    h = free[1]
    if h >= 0:
        free[1] = half[h, 1]
    else:
        h = free[0]
        free[0] += 2
    for side in range(2):
        near = other if side else one
        mine = h + side
        after = start[near]
        half[mine, 0] = one if side else other
        half[mine, 1] = after
        half[mine, 2] = -1
        half[mine, 3] = -1
        way[mine] = np.inf
        if after >= 0:
            half[after, 2] = mine
        start[near] = mine
        degree[near] += 1
    return int(h)


@compiled(f"int64(int64,int64,{_EDGES})")
def between(one: int, other: int, half: Int32, way: Float64, start: Int32, degree: Int32, free: Int64) -> int:  # noqa: PLR0917
    """Return the half at the first of two nodes of the edge between them, made if there is none."""
    fewer, more = (one, other) if degree[one] < degree[other] else (other, one)
    h = start[fewer]
    while h >= 0 and half[h, 0] != more:
        h = half[h, 1]
    if h < 0:
        return pair(one, other, half, way, start, degree, free)
    return int(h if fewer == one else h ^ 1)


@compiled(f"void({_I},{_I},{_I},{_I},{_I})", allocates=True)
def merge(first: Int32, head: Int32, back: Int32, root: Int32, by: Int32) -> None:
    """Merge nodes joined by arcs that have an equal one `back`: find the root of each, and the arc `by` which to it."""
    queue = np.empty(root.size, dtype=np.int32)
    for seed in range(root.size):
        if root[seed] >= 0:
            continue
        root[seed] = seed
        queue[0] = seed
        done = 0
        found = 1
        while done < found:
            node = queue[done]
            done += 1
            for arc in range(first[node], first[node + 1]):
                if back[arc] >= 0 and root[head[arc]] < 0:
                    root[head[arc]] = seed
                    by[head[arc]] = arc
                    queue[found] = head[arc]
                    found += 1


@compiled(f"void({_I},{_I},{_I},{_F},{_I},{_EDGES})", allocates=True)
def link(  # noqa: PLR0917 (arrays are passed by position)
    arcs: Int32,
    tail: Int32,
    head: Int32,
    cost: Float64,
    root: Int32,
    half: Int32,
    way: Float64,
    start: Int32,
    degree: Int32,
    free: Int64,
) -> None:
    """Join the roots of tails and heads by edges, the cheapest arc each way; the arcs come root by root."""
    seen = np.full(start.size, -1, dtype=np.int32)
    edge = np.empty(start.size, dtype=np.int32)
    u = -1
    for arc in arcs:
        v = root[head[arc]]
        if root[tail[arc]] != u:
            u = root[tail[arc]]
            h = start[u]
            while h >= 0:
                seen[half[h, 0]] = u
                edge[half[h, 0]] = h
                h = half[h, 1]
        if seen[v] != u:
            seen[v] = u
            edge[v] = pair(u, v, half, way, start, degree, free)
        h = edge[v]
        if cost[arc] < way[h]:
            way[h] = cost[arc]
            half[h, 3] = arc


@compiled(f"void(int64,{_I2},{_I},{_I})")
def unlink(h: int, half: Int32, start: Int32, degree: Int32) -> None:
    """Take the far half of an edge out of the list of the node there."""
    twin = h ^ 1
    far = half[h, 0]
    after = half[twin, 1]
    before = half[twin, 2]
    if after >= 0:
        half[after, 2] = before
    if before >= 0:
        half[before, 1] = after
    else:
        start[far] = after
    degree[far] -= 1


@compiled(f"int64(int64,int64,{_EDGES},{_I},{_F2},{_I2})")
def take(  # noqa: PLR0917
    node: int,
    slot: int,
    half: Int32,
    way: Float64,
    start: Int32,
    degree: Int32,
    free: Int64,
    up: Int32,
    up_cost: Float64,
    up_arc: Int32,
) -> int:
    """Take a node out and join its neighbours through it; return the slot after its last neighbour.

    From `slot` on `up` gets the neighbours, `up_cost` and `up_arc` the cost and the last arc of the way to each (first
    column) and from it (second).
    """
    stop = slot
    h = start[node]
    while h >= 0:
        up[stop] = half[h, 0]
        for way_back in range(2):
            up_cost[stop, way_back] = way[h ^ way_back]
            up_arc[stop, way_back] = half[h ^ way_back, 3]
        stop += 1
        unlink(h, half, start, degree)
        after = half[h, 1]
        half[h & ~1, 1] = free[1]
        free[1] = h & ~1
        h = after
    for i in range(slot, stop):
        for j in range(i + 1, stop):
            there = up_cost[i, 1] + up_cost[j, 0]
            back = up_cost[j, 1] + up_cost[i, 0]
            if there < np.inf or back < np.inf:
                h = between(up[i], up[j], half, way, start, degree, free)
                if there < way[h]:
                    way[h] = there
                    half[h, 3] = up_arc[j, 0]
                if back < way[h ^ 1]:
                    way[h ^ 1] = back
                    half[h ^ 1, 3] = up_arc[i, 0]
    return stop


@compiled(f"int64(int64,{_EDGES},{_I},{_I},{_I},{_I},{_F2},{_I2})", allocates=True)
def eliminate(  # noqa: PLR0917
    most: int,
    half: Int32,
    way: Float64,
    start: Int32,
    degree: Int32,
    free: Int64,
    order: Int32,
    level: Int32,
    rows: Int32,
    up: Int32,
    up_cost: Float64,
    up_arc: Int32,
) -> int:
    """Take nodes with at most so many neighbours out, round by round, none beside another in a round; return how many.

    `order` gets them as they went, `rows` where the neighbours of each begin; the `level` of a node is above that of
    all that went from beside it, -1 for nodes that stay.
    """
    nodes = degree.size
    waiting, later = np.empty(nodes, dtype=np.int32), np.empty(nodes, dtype=np.int32)
    beside, queued = np.full(nodes, -1, dtype=np.int32), np.full(nodes, -1, dtype=np.int32)
    gone = np.zeros(nodes, dtype=np.bool_)
    rows[0] = 0
    count = 0
    turn = 0
    for few in range(min(2, most), most + 1):
        size = 0
        for node in range(nodes):
            if not gone[node] and degree[node] <= few:
                waiting[size] = node
                size += 1
        while size > 0:
            turn += 1
            left = 0
            for k in range(size):
                node = waiting[k]
                if gone[node] or degree[node] > few:
                    continue
                if beside[node] == turn:
                    if queued[node] != turn:
                        queued[node] = turn
                        later[left] = node
                        left += 1
                    continue
                stop = take(node, rows[count], half, way, start, degree, free, up, up_cost, up_arc)
                gone[node] = True
                order[count] = node
                for i in range(rows[count], stop):
                    other = up[i]
                    beside[other] = turn
                    level[other] = max(level[other], level[node] + 1)
                    if degree[other] <= few and queued[other] != turn:
                        queued[other] = turn
                        later[left] = other
                        left += 1
                count += 1
                rows[count] = stop
            waiting, later = later, waiting
            size = left
    for node in range(nodes):
        if not gone[node]:
            level[node] = -1
    return count


@compiled(f"int64({_I},{_I},{_I2},{_F},{_I},{_I},{_I},{_F},{_I})")
def gather(  # noqa: PLR0917
    core: Int32,
    position: Int32,
    half: Int32,
    way: Float64,
    start: Int32,
    first: Int32,
    head: Int32,
    cost: Float64,
    last: Int32,
) -> int:
    """Write the arcs between the nodes that stay in compressed sparse rows; return how many there are."""
    count = 0
    for j in range(core.size):
        first[j] = count
        h = start[core[j]]
        while h >= 0:
            if way[h] < np.inf:
                head[count] = position[half[h, 0]]
                cost[count] = way[h]
                last[count] = half[h, 3]
                count += 1
            h = half[h, 1]
    first[core.size] = count
    return count
