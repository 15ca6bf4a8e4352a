"""Compiled Newton steps over all known paths at once, for where shifts of one pair after the other get nowhere.

Where many pairs share a few congested arcs, each shift between two paths undoes part of the one before; where classes
differ in what they pay, each waits for another to make room, and both move by a little at a time. Here one quadratic
problem is solved for the shifts of all pairs together, no flow below zero, so that everybody knows what the others do.

The shifts are unknowns: what moves from the path of most flow of a pair, its *base*, to another. `system` holds them in
tuples: the other path, the base and the pair of each (those of a pair in a row), how much dearer the other path is, how
fast that rises with the shift, and in compressed rows which volumes a shift raises by how much. After the volumes of
the resources follow those of the overflows, one for each pair. Costs are divided by the value a class gives to time
relative to its weight, so that the matrix is symmetric: `worth`, which must be the same on all arcs of a class.

Methods: Bertsekas, D. P. and Gafni, E. M. (1983), Projected Newton methods and optimization of multicommodity flows,
IEEE Transactions on Automatic Control 28 (12), 1090-1096; for the quadratic problem conjugate gradients on the shifts
that are free, along a path bent at the bounds, after Moré, J. J. and Toraldo, G. (1991), On the solution of large
quadratic programming problems with bound constraints, SIAM Journal on Optimization 1 (1), 93-113.
"""

# ruff: noqa: PLR0917 (kernels take arrays by position)

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.cost_kernels import (
    DELAYS,
    DEMAND,
    GRAPH,
    LOAD,
    PRICES,
    STAMP,
    STORE,
    refresh,
    serve,
)
from bridgehead.engines.flows.equilibrium_kernels import compare
from bridgehead.engines.network.kernels import compiled

Float64 = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_I, _L, _F, _B = "int32[::1]", "int64[::1]", "float64[::1]", "boolean[::1]"
SYSTEM = f"Tuple(({_L},{_L},{_L},{_F},{_F},{_L},{_I},{_F}))"
RESIDUAL = 0.05
"""Share of the differences in cost, in the norm of their steepness, that may be left of the quadratic problem."""
MOST_PRODUCTS = 500
"""Most products with the matrix in one step."""
_DAMPING = 1e-6
"""Share of its own steepness that is added to each shift, so that the shifts are determined."""
_NOTHING = 1e-12
"""Share of a pair's demand below which a flow is none."""
_BOLDNESS = 16.0
"""How many times the way to the first bound is tried first; it is adapted on the way."""
_NEAR = 0.1
"""Part of the descent at which a step is as long as it should be."""
_TRIALS = 12
"""Most trials of the length of a step."""


@compiled(f"int64({STORE},int64)")
def _base_of(store: Any, pair: int) -> int:
    """Return the path of a pair with most flow."""
    first, flow = store[0], store[3]
    best = first[pair]
    for path in range(first[pair] + 1, first[pair + 1]):
        if flow[path] > flow[best]:
            best = path
    return int(best)


@compiled(f"{SYSTEM}({GRAPH},{PRICES},{LOAD},{DEMAND},{STORE},{STAMP},{_F})", allocates=True)
def _system(graph: Any, prices: Any, load: Any, demand: Any, store: Any, stamp: Any, worth: Float64) -> Any:
    """Write down the quadratic problem at the costs of now."""
    resource, rows = graph[4], load[0].size
    first, place, pool, _ = store
    mark, turn = stamp
    most = store[3].size
    other, base, owner = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    dearer, steep, begin = np.empty(most), np.empty(most), np.zeros(most + 1, np.int64)
    row, weight = np.empty(1024, np.int32), np.empty(1024)
    count, used, served = 0, 0, -1
    for pair in range(demand[5].size):
        if first[pair + 1] - first[pair] < 2:
            continue
        group = demand[3][pair]
        if group != served:
            served = group
            serve(graph, prices, load, group)
        from_path = _base_of(store, pair)
        for path in range(first[pair], first[pair + 1]):
            if path == from_path:
                continue
            difference, fall = compare(load, demand, store, stamp, pair, path, from_path)
            if not (abs(difference) < np.inf and 0.0 < fall < np.inf):
                continue
            need = used + place[path + 1] - place[path] + place[from_path + 1] - place[from_path] + 1
            if need > row.size:
                row, weight = np.append(row, np.empty(need, np.int32)), np.append(weight, np.empty(need))
            for one, sign in ((path, 1.0), (from_path, -1.0)):
                own = turn[0] + 2 if one == path else turn[0]
                for i in range(place[one], place[one + 1]):
                    if mark[pool[i]] == own:
                        row[used], weight[used] = resource[pool[i]], sign * prices[group, pool[i], 1]
                        used += 1
                if place[one] == place[one + 1] and demand[7][pair] > 0.0:
                    row[used], weight[used] = rows + pair, sign
                    used += 1
            other[count], base[count], owner[count] = path, from_path, pair
            dearer[count], steep[count] = difference / worth[group], fall / worth[group]
            count += 1
            begin[count] = used
    return (other[:count], base[:count], owner[:count], dearer[:count], steep[:count], begin[: count + 1], row, weight)


@compiled(f"void({SYSTEM},{_F},{_F},{_F},{_F})")
def _product(system: Any, slope: Float64, move: Float64, volume: Float64, found: Float64) -> None:
    """Multiply the matrix with a move; `volume` is left with by how much the cost of every volume rises."""
    _, _, _, _, steep, begin, row, weight = system
    volume[:] = 0.0
    for k in range(move.size):
        if move[k] != 0.0:
            for i in range(begin[k], begin[k + 1]):
                volume[row[i]] += weight[i] * move[k]
    for i in range(volume.size):
        volume[i] *= slope[i]
    for k in range(move.size):
        total = _DAMPING * steep[k] * move[k]
        for i in range(begin[k], begin[k + 1]):
            total += weight[i] * volume[row[i]]
        found[k] = total


@compiled(f"float64({SYSTEM},{_F},{_F},{_F},float64)")
def _first_bound(system: Any, flow: Float64, shift: Float64, move: Float64, length: float) -> float:
    """Return how far a move may go, up to a length, before a flow is zero."""
    other, base, owner = system[0], system[1], system[2]
    longest, low, count = length, 0, move.size
    while low < count:
        high, total, taken = low, 0.0, 0.0
        while high < count and owner[high] == owner[low]:
            if move[high] < 0.0:
                longest = min(longest, (shift[high] + flow[other[high]]) / -move[high])
            total += move[high]
            taken += shift[high]
            high += 1
        if total > 0.0:
            longest = min(longest, max(flow[base[low]] - taken, 0.0) / total)
        low = high
    return longest


@compiled(f"void({SYSTEM},{_F},{_F},{_F},float64,{_F})")
def _bend(system: Any, flow: Float64, shift: Float64, move: Float64, length: float, bent: Float64) -> None:
    """Work out how far a move of a length comes if every flow stops at zero."""
    other, base, owner = system[0], system[1], system[2]
    low, count = 0, move.size
    while low < count:
        high, raised, room = low, 0.0, flow[base[low]]
        while high < count and owner[high] == owner[low]:
            bent[high] = max(length * move[high], -flow[other[high]] - shift[high])
            room -= shift[high] + min(bent[high], 0.0)
            raised += max(bent[high], 0.0)
            high += 1
        if raised > room:
            for k in range(low, high):
                if bent[k] > 0.0:
                    bent[k] *= max(room, 0.0) / raised
        low = high


@compiled(f"void({SYSTEM},{_F},{_F},{_F},{_F},{_B},{_B})")
def _hold(system: Any, amount: Float64, flow: Float64, shift: Float64, move: Float64, free: Mask, held: Mask) -> None:
    """Hold fast what a move has brought to zero: a path, and all of a pair whose base is empty, until the next step."""
    other, base, owner = system[0], system[1], system[2]
    low, count = 0, move.size
    while low < count:
        high, room, nothing = low, flow[base[low]], _NOTHING * amount[owner[low]]
        while high < count and owner[high] == owner[low]:
            if move[high] < 0.0 and shift[high] + flow[other[high]] <= nothing:
                free[high], shift[high] = False, -flow[other[high]]
            room -= shift[high]
            high += 1
        if room <= nothing:
            for k in range(low, high):
                free[k], held[k] = False, True
        low = high


@compiled(f"void({_F},{_F},{_B},{_F})")
def _scale(left: Float64, steep: Float64, free: Mask, found: Float64) -> None:
    """Divide what is left on the free shifts by their steepness."""
    for k in range(left.size):
        found[k] = left[k] / steep[k] if free[k] else 0.0


@compiled(f"float64({_F},{_F})")
def _dot(one: Float64, other: Float64) -> float:
    total = 0.0
    for k in range(one.size):
        total += one[k] * other[k]
    return total


@compiled(f"void(float64,{_F},{_F},{_F},{_F})")
def _advance(length: float, move: Float64, rise: Float64, shift: Float64, left: Float64) -> None:
    for k in range(move.size):
        shift[k] += length * move[k]
        left[k] -= length * rise[k]


@compiled(f"boolean({_F},{_B},{_B})")
def _let_go(left: Float64, free: Mask, held: Mask) -> bool:
    """Free the paths at zero that would rather have flow; return whether there are any."""
    found = False
    for k in range(left.size):
        if not free[k] and not held[k] and left[k] > 0.0:
            free[k] = found = True
    return found


@compiled(f"int64({SYSTEM},{_F},{_F},{_F},{_F})", allocates=True)
def _minimise(system: Any, amount: Float64, flow: Float64, slope: Float64, shift: Float64) -> int:
    """Find the shifts that cost least by the quadratic problem; return how many products that took.

    `shift` is zero before. What is left of the problem, `left`, is how much cheaper the other path still is.
    """
    other, _, _, dearer, steep, _, _, _ = system
    count = shift.size
    left, free, held = -dearer, np.empty(count, np.bool_), np.zeros(count, np.bool_)
    for k in range(count):
        free[k] = flow[other[k]] > 0.0 or left[k] > 0.0
    scaled, move, rise, bent, volume = np.empty(count), np.empty(count), np.empty(count), np.empty(count), slope.copy()
    _scale(left, steep, free, scaled)
    enough = RESIDUAL * RESIDUAL * _dot(left, scaled)
    products, boldness = 0, _BOLDNESS
    while True:
        _scale(left, steep, free, move)
        size = _dot(left, move)
        if not size > enough:
            if not _let_go(left, free, held):
                return products
            continue
        while size > enough:
            if products >= MOST_PRODUCTS:
                return products
            _product(system, slope, move, volume, rise)
            products += 1
            curve = _dot(rise, move)
            whole = size / curve if curve > 0.0 else np.inf
            length = _first_bound(system, flow, shift, move, whole)
            if length == np.inf:
                return products
            if length == whole:
                _advance(length, move, rise, shift, left)
                _scale(left, steep, free, scaled)
                new = _dot(left, scaled)
                for k in range(count):
                    move[k] = scaled[k] + new / size * move[k]
                size = new
                continue
            # The first bound is nearer than the least cost: further on along the bent path, if that costs still less.
            gain, further = length * size - 0.5 * length * length * curve, min(boldness * length, whole)
            while further > 2.0 * length:
                _bend(system, flow, shift, move, further, bent)
                _product(system, slope, bent, volume, scaled)
                products += 1
                if _dot(left, bent) - 0.5 * _dot(scaled, bent) > gain:
                    break
                further, boldness = 0.25 * further, max(0.25 * boldness, 2.0)
            if further > 2.0 * length:
                boldness *= 4.0
                _advance(1.0, bent, scaled, shift, left)
            else:
                _advance(length, move, rise, shift, left)
            _hold(system, amount, flow, shift, move, free, held)
            break


@compiled(f"float64({DELAYS},{LOAD},float64,{_F},{_F},float64)", allocates=True)
def _go(delays: Any, load: Any, worth: float, slope: Float64, raised: Float64, descent: float) -> float:
    """Raise the volumes by as much of a step as costs least or nearly so, and return which part of it that is.

    `descent` is by how much the cost of the step itself falls at its beginning, below zero; the part is found by false
    position, within a tenth of it.
    """
    volume, money, state = load[0], load[1], load[2]
    rows, still, gone, part = volume.size, 0.0, 0.0, 1.0
    before = np.empty(rows)
    for i in range(rows):
        before[i] = state[i, 0] + state[i, 2] / worth
    for i in range(rows, raised.size):
        still += slope[i] * raised[i] * raised[i]
    if not descent < 0.0:
        return 0.0
    short, short_left, far, far_left = 0.0, descent, 1.0, 0.0
    for trial in range(_TRIALS):
        left = descent + part * still
        for i in range(rows):
            if raised[i] != 0.0:
                volume[i] = max(volume[i] + (part - gone) * raised[i], 0.0)
                # Tolls depend on it, and then all classes have the same worth.
                money[i] = max(money[i] + (part - gone) * worth * raised[i], 0.0)
                refresh(delays, load, i)
                left += raised[i] * (state[i, 0] + state[i, 2] / worth - before[i])
        gone = part
        if (trial == 0 and left <= 0.0) or abs(left) <= _NEAR * abs(descent):
            break
        if left > 0.0:
            far, far_left = part, left
        else:
            short, short_left = part, left
        part = 0.5 * (short + far)
        if trial % 2 == 0 and far_left > 0.0:
            part = short - (far - short) * short_left / (far_left - short_left)
    return gone


@compiled(f"void({SYSTEM},{_F},{STORE},{_F},float64)")
def _write_back(system: Any, amount: Float64, store: Any, shift: Float64, part: float) -> None:
    """Change the flows by a part of the shifts; the base of a pair gets what is left of the demand."""
    other, base, owner = system[0], system[1], system[2]
    first, flow = store[0], store[3]
    for k in range(shift.size):
        flow[other[k]] += part * shift[k]
        if shift[k] < 0.0 and flow[other[k]] <= _NOTHING * amount[owner[k]]:
            flow[other[k]] = 0.0
    for k in range(shift.size):
        rest = amount[owner[k]]
        for path in range(first[owner[k]], first[owner[k] + 1]):
            if path != base[k]:
                rest -= flow[path]
        flow[base[k]] = max(rest, 0.0)


@compiled(f"int64({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},{_F})", allocates=True)
def newton(
    graph: Any,
    prices: Any,
    delays: Any,
    load: Any,
    demand: Any,
    store: Any,
    stamp: Any,
    worth: Float64,
) -> int:
    """Shift the flows of all pairs at once towards equal cost by one Newton step; return how much work that was.

    A unit of work is one number of the matrix in one product.

    `worth` (float64, classes) is what a class pays for a unit of time by its weight on every arc. It is one number for
    all classes where users pay more than time.
    """
    state, amount, flow = load[2], demand[5], store[3]
    system = _system(graph, prices, load, demand, store, stamp, worth)
    _, _, _, dearer, _, begin, row, weight = system
    rows = state.shape[0]
    slope = np.zeros(rows + amount.size if (demand[7] > 0.0).any() else rows)
    for i in range(slope.size):
        rise = state[i, 1] + state[i, 3] / worth[0] if i < rows else demand[7][i - rows] / worth[demand[3][i - rows]]
        slope[i] = rise if rise < np.inf else 0.0  # nothing that could move touches an endless rise
    shift, raised = np.zeros(dearer.size), np.zeros(slope.size)
    size = max(begin[dearer.size], 1)
    products = _minimise(system, amount, flow, slope, shift)
    for k in range(shift.size):
        for i in range(begin[k], begin[k + 1]):
            raised[row[i]] += weight[i] * shift[k]
    part = _go(delays, load, worth[0], slope, raised, _dot(dearer, shift))
    _write_back(system, amount, store, shift, part)
    return int(products * size)
