"""Compiled kernels of the contraction: a tree upward, over the nodes that stay, and downward.

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


@compiled(f"void(int64,{_I2},{_I},{_F},{_I},{_F},{_I})")
def climb(  # noqa: PLR0917
    source: int, block: Int32, up: Int32, way: Float64, last: Int32, label: Float64, enter: Int32
) -> None:
    """Hand the label of an eliminated node on to its neighbours, theirs to theirs, up to the nodes that stay."""
    for b in range(block.shape[0] - 1, -1, -1):
        for p in range(min(block[b, 1] - 1, source), block[b, 0] - 1, -1):
            if label[p] < np.inf:
                slot = block[b, 3] + (p - block[b, 0]) * block[b, 2]
                for i in range(slot, slot + block[b, 2]):
                    if label[p] + way[i] < label[up[i]]:
                        label[up[i]] = label[p] + way[i]
                        enter[up[i]] = last[i]


@compiled(f"void({_I2},{_I},{_F},{_I},{_F},{_I})")
def descend(  # noqa: PLR0917
    block: Int32, up: Int32, way: Float64, last: Int32, label: Float64, enter: Int32
) -> None:
    """Label the eliminated nodes from their neighbours in one sweep, the last to go first.

    Two neighbours are the rule and have a loop of their own, whose choices the compiler makes without a branch.
    """
    for b in range(block.shape[0]):
        degree = block[b, 2]
        slot = block[b, 3]
        if degree == 2:
            for p in range(block[b, 0], block[b, 1]):
                reach = label[up[slot]] + way[slot]
                other = label[up[slot + 1]] + way[slot + 1]
                arc = last[slot + 1] if other < reach else last[slot]
                reach = other if other < reach else reach
                enter[p] = arc if reach < label[p] else enter[p]
                label[p] = reach if reach < label[p] else label[p]
                slot += 2
        else:
            for p in range(block[b, 0], block[b, 1]):
                best = label[p]
                arc = enter[p]
                for i in range(slot, slot + degree):
                    reach = label[up[i]] + way[i]
                    arc = last[i] if reach < best else arc
                    best = reach if reach < best else best
                label[p] = best
                enter[p] = arc
                slot += degree


@compiled(f"void({_I},{_I},{_F},{_I},float64,{_F},{_I},{_I2},{_I})")
def across(  # noqa: PLR0917
    first: Int32,
    head: Int32,
    cost: Float64,
    last: Int32,
    width: float,
    label: Float64,
    enter: Int32,
    work: Int32,
    buckets: Int32,
) -> None:
    """Search the nodes that stay from all that have a label, by arcs from one more node to each of those."""
    core = label.size - 1
    stop = first[core]
    for j in range(core):
        if label[j] < np.inf:
            head[stop] = j
            cost[stop] = label[j]
            last[stop] = enter[j]
            stop += 1
    first[core + 1] = stop
    bucket_tree(first, head, cost, core, width, label, enter, work[0], work[1], work[2], buckets)
    for j in range(core):
        if enter[j] >= 0:
            enter[j] = last[enter[j]]


@compiled(f"void(int64,{_I},{_I},{_I},{_I},{_I},{_I},{_F},{_I})")
def enter_merged(  # noqa: PLR0917
    source: int,
    merged: Int32,
    root: Int32,
    by: Int32,
    back: Int32,
    tail: Int32,
    head: Int32,
    dist: Float64,
    pred: Int32,
) -> None:
    """Enter merged nodes from their root, but those on the way to it from where they are entered the other way."""
    for node in merged:
        if dist[node] < np.inf and node != root[node]:
            pred[node] = by[node]
    for seed in merged:
        if seed != root[seed] or not dist[seed] < np.inf:
            continue
        arc = pred[seed]
        node = source if arc < 0 else head[arc]
        while node != seed:
            up = by[node]
            pred[node] = arc
            arc = back[up]
            node = tail[up]
        pred[seed] = arc


@compiled(f"boolean({_I},{_I})", allocates=True)
def goes_round(tail: Int32, pred: Int32) -> bool:
    """Whether arcs followed back from some node come to it again."""
    asked = np.full(pred.size, -1, dtype=np.int32)
    for node in range(pred.size):
        here = node
        while asked[here] < 0:
            asked[here] = node
            if pred[here] < 0:
                break
            here = tail[pred[here]]
            if asked[here] == node:
                return True
    return False


@compiled(
    f"float64(int64,{_I},{_I2},{_I},{_F2},{_I2},{_I},{_I},{_F},{_I},float64,{_F},{_I},{_I2},{_I},{_F},{_I})",
)
def contracted_tree(  # noqa: PLR0917
    source: int,
    position: Int32,
    block: Int32,
    up: Int32,
    way: Float64,
    last: Int32,
    core_first: Int32,
    core_head: Int32,
    core_cost: Float64,
    core_last: Int32,
    width: float,
    label: Float64,
    enter: Int32,
    work: Int32,
    buckets: Int32,
    dist: Float64,
    pred: Int32,
) -> float:
    """Grow the tree of one source: upward, over the nodes that stay, downward; return the largest distance.

    `way` and `last` hold the cost and the last arc of the way to each of the nodes in `up` (first row) and from it
    (second), `label` and `enter` the tree by position.
    """
    for p in range(label.size):
        label[p] = np.inf
        enter[p] = -1
    label[position[source]] = 0.0
    climb(position[source], block, up, way[0], last[0], label, enter)
    core = core_first.size - 1
    across(
        core_first, core_head, core_cost, core_last, width, label[:core], enter[:core], work, buckets
    )  # fmt: skip
    descend(block, up, way[1], last[1], label, enter)
    longest = 0.0
    for node in range(dist.size):
        p = position[node]
        dist[node] = label[p]
        pred[node] = enter[p] if label[p] < np.inf else -1
        longest = max(longest, label[p] if label[p] < np.inf else 0.0)
    return longest
