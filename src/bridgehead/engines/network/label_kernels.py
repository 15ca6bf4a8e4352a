"""Compiled label setting: best paths under limits, and all paths that no other beats, on compressed sparse rows.

A *label* is a path to a node with the sums of several weights along it. The kernel is compiled for one explicit
signature when this module is first imported and kept on disk; import it only where labels are needed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.kernels import Float64, Int32, compiled

Int64 = npt.NDArray[np.int64]

SLACK = 1e-13
"""Share by which a sum may be larger and still count as equal: sums of the same weights in another order differ."""

_I = "int32[::1]"
_F = "float64[::1]"
_L = "int64[::1]"
_T = "float64[:,::1]"


@compiled(f"boolean({_T},int64,{_F})")
def _beats(value: Float64, label: int, other: Float64) -> bool:
    """Whether no sum of a label is larger than another's."""
    for d in range(other.size):  # noqa: SIM110 (compiled)
        if value[label, d] > other[d] + SLACK * abs(other[d]):
            return False
    return True


@compiled(f"boolean({_I},{_I},{_T},{_L},boolean[::1],int64,int64,{_F})")
def _holds(  # noqa: PLR0917 (arrays are passed by position)
    newest: Int32,
    after: Int32,
    value: Float64,
    mask: Int64,
    beaten: npt.NDArray[np.bool_],
    node: int,
    bits: int,
    fresh: Float64,
) -> bool:
    """Whether a node keeps a new label: no label there beats it; those it beats are taken out.

    A label beats another only if it has entered no watched place that the other has not.
    """
    before = -1
    other = newest[node]
    while other >= 0:
        if (mask[other] & ~bits) == 0 and _beats(value, other, fresh):
            return False
        worse = (bits & ~mask[other]) == 0
        for d in range(fresh.size):
            if fresh[d] > value[other, d]:
                worse = False
        if not worse:
            before = other
        elif before < 0:
            newest[node] = after[other]
        else:
            after[before] = after[other]
        beaten[other] = worse
        other = after[other]
    return True


@compiled(f"boolean({_I},{_I},{_T},int64,{_F})")
def _any_beats(newest: Int32, after: Int32, value: Float64, node: int, hoped: Float64) -> bool:
    """Whether a label at a node beats what another may still come to there."""
    other = newest[node]
    while other >= 0 and not _beats(value, other, hoped):
        other = after[other]
    return bool(other >= 0)


@compiled(f"void({_F},{_I},int64,float64,int64)")
def _push(key: Float64, heap: Int32, size: int, new_key: float, label: int) -> None:
    """Put a label into a binary heap of `size` entries."""
    i = size
    while i > 0:
        above = (i - 1) // 2
        if key[above] <= new_key:
            break
        key[i] = key[above]
        heap[i] = heap[above]
        i = above
    key[i] = new_key
    heap[i] = label


@compiled(f"int64({_F},{_I},int64)")
def _pop(key: Float64, heap: Int32, size: int) -> int:
    """Take the label with the least key out of a binary heap of `size` entries."""
    least = heap[0]
    last_key = key[size - 1]
    last = heap[size - 1]
    size -= 1
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and key[child + 1] < key[child]:
            child += 1
        if key[child] >= last_key:
            break
        key[i] = key[child]
        heap[i] = heap[child]
        i = child
    key[i] = last_key
    heap[i] = last
    return int(least)


@compiled(
    f"Tuple((int64,{_I},{_I},{_I}))({_I},{_I},{_T},{_T},{_F},{_L},int64,int64,int64,boolean,int64)", allocates=True
)
def set_labels(  # noqa: PLR0915, PLR0917 (compiled as one; arrays are passed by position)
    first: Int32,
    head: Int32,
    weight: Float64,
    lower: Float64,
    limit: Float64,
    entry: Int64,
    source: int,
    seen: int,
    target: int,
    every: bool,
    room: int,
) -> tuple[int, Int32, Int32, Int32]:
    """Set labels from a source until the target is reached, or until all paths to it that no other beats are known.

    Parameters
    ----------
    first, head : int32 arrays
        Compressed sparse rows.
    weight : float64 array, shape (arcs, sums)
        What is summed along a path; the first column orders the search, infinite where an arc is closed.
    lower : float64 array, shape (nodes, sums)
        A lower bound of every sum from a node to the target, exact for the first column.
    limit : float64 array, shape (sums,)
        What no path may exceed.
    entry : int64 array, shape (arcs,)
        Bit of the watched place an arc leads into, 0 for none; a path may enter each watched place once.
    source, seen, target : int
        Node to start from, bits of the watched places already entered there, node to reach.
    every : bool
        Whether to go on after the first path; `weight` then holds what is compared.
    room : int
        Most labels.

    Returns
    -------
    tuple
        1 if the search ended, 0 if it needs more labels than there is room for; labels that reached the target in
        order of the first sum; of every label its parent and the arc by which it came.

    Notes
    -----
    Method: label setting with bounds, ordered as in A*: Martins, E. Q. V. (1984), On a multicriteria shortest path
    problem, European Journal of Operational Research 16(2), 236-245; Hart, P. E., Nilsson, N. J. and Raphael, B.
    (1968), A formal basis for the heuristic determination of minimum cost paths.
    """
    sums = weight.shape[1]
    value = np.empty((room, sums), dtype=np.float64)
    mask = np.empty(room, dtype=np.int64)
    node = np.empty(room, dtype=np.int32)
    parent = np.empty(room, dtype=np.int32)
    came = np.empty(room, dtype=np.int32)
    after = np.empty(room, dtype=np.int32)
    beaten = np.zeros(room, dtype=np.bool_)
    key = np.empty(room, dtype=np.float64)
    heap = np.empty(room, dtype=np.int32)
    newest = np.full(first.size - 1, -1, dtype=np.int32)
    found = np.empty(room, dtype=np.int32)
    reached = 0
    fresh = np.empty(sums, dtype=np.float64)
    hoped = np.empty(sums, dtype=np.float64)
    value[0, :] = 0.0
    mask[0] = seen
    node[0] = source
    parent[0] = -1
    came[0] = -1
    after[0] = -1
    newest[source] = 0
    count = 1
    waiting = 0
    if np.isfinite(lower[source, 0]):
        _push(key, heap, waiting, lower[source, 0], 0)
        waiting = 1
    while waiting > 0:
        label = _pop(key, heap, waiting)
        waiting -= 1
        if beaten[label]:
            continue
        u = node[label]
        if u == target:
            found[reached] = label
            reached += 1
            if every:
                continue
            break
        for arc in range(first[u], first[u + 1]):
            v = head[arc]
            bits = mask[label]
            if not np.isfinite(weight[arc, 0] + lower[v, 0]) or (entry[arc] & bits) != 0:
                continue
            bits |= entry[arc]
            fits = True
            for d in range(sums):
                fresh[d] = value[label, d] + weight[arc, d]
                hoped[d] = fresh[d] + lower[v, d]
                if hoped[d] > limit[d]:
                    fits = False
            if not fits:
                continue
            if v == target:
                bits = 0
            if every and _any_beats(newest, after, value, target, hoped):
                continue
            if not _holds(newest, after, value, mask, beaten, v, bits, fresh):
                continue
            if count == room:
                return 0, found[:reached], parent[:count], came[:count]
            value[count, :] = fresh
            mask[count] = bits
            node[count] = v
            parent[count] = label
            came[count] = arc
            after[count] = newest[v]
            newest[v] = count
            _push(key, heap, waiting, hoped[0], count)
            waiting += 1
            count += 1
    return 1, found[:reached], parent[:count], came[:count]
