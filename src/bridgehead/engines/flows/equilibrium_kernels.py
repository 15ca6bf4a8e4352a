"""Compiled path-based gradient projection: column generation, shifts between paths, and what they leave behind.

The arrays are those of `bridgehead.engines.flows.cost_kernels`.

Method: Jayakrishnan, R., Tsai, W. K., Prashker, J. N. and Rajadhyaksha, S. (1994), A faster path-based algorithm for
traffic assignment, Transportation Research Record 1443, 75-83, with the pairs served one after the other and costs
brought up to date after each shift.
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
    add_flow,
    cost_of,
    path_cost,
    serve,
    tree_to,
)
from bridgehead.engines.network.kernels import compiled

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]

_I, _F = "int32[::1]", "float64[::1]"
ALIKE = 1.0 - 1e-14
"""Share of a cost below which another differs from it by more than rounding."""
_SHORTENINGS = 60
"""Most trials of one step that goes too far."""


@compiled(f"UniTuple(float64,2)({LOAD},{DEMAND},{STORE},{STAMP},int64,int64,int64)")
def compare(load: Any, demand: Any, store: Any, stamp: Any, pair: int, costly: int, cheap: int) -> tuple[float, float]:
    """Return by how much one path of a pair is dearer than another, and how fast that falls when flow moves over.

    Arcs of both are left out. For `carry`, arcs of the second alone are marked with the turn, those of both with one
    more, and those of the first alone with two more.
    """
    cost, rise = load[3], load[4]
    _, place, pool, flow = store
    mark, turn = stamp
    turn[0] += 3
    here = turn[0]
    for i in range(place[cheap], place[cheap + 1]):
        mark[pool[i]] = here
    difference, fall = 0.0, 0.0
    for i in range(place[costly], place[costly + 1]):
        arc = pool[i]
        if mark[arc] == here:
            mark[arc] = here + 1
        else:
            mark[arc] = here + 2
            difference += cost[arc]
            fall += rise[arc]
    for i in range(place[cheap], place[cheap + 1]):
        arc = pool[i]
        if mark[arc] == here:
            difference -= cost[arc]
            fall += rise[arc]
    if place[costly] == place[costly + 1]:
        difference += demand[6][pair] + demand[7][pair] * flow[costly]
        fall += demand[7][pair]
    elif place[cheap] == place[cheap + 1]:
        difference -= demand[6][pair] + demand[7][pair] * flow[cheap]
        fall += demand[7][pair]
    return difference, fall


@compiled(f"void({GRAPH},{PRICES},{DELAYS},{LOAD},{STORE},{STAMP},int64,int64,int64,float64)")
def carry(
    graph: Any,
    prices: Any,
    delays: Any,
    load: Any,
    store: Any,
    stamp: Any,
    group: int,
    costly: int,
    cheap: int,
    amount: float,
) -> None:
    """Move flow from the arcs of one path to those of another that `compare` has just stamped."""
    place, pool = store[1], store[2]
    mark, here = stamp[0], stamp[1][0]
    add_flow(graph, prices, delays, load, mark, pool, place[costly], place[costly + 1], here + 2, group, -amount)
    add_flow(graph, prices, delays, load, mark, pool, place[cheap], place[cheap + 1], here, group, amount)


@compiled(f"void({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},int64,int64,int64,float64,float64)")
def _shorten(
    graph: Any,
    prices: Any,
    delays: Any,
    load: Any,
    demand: Any,
    store: Any,
    stamp: Any,
    pair: int,
    costly: int,
    cheap: int,
    amount: float,
    before: float,
) -> None:
    """Take back part of a step that went so far beyond equal cost that the next would come back as far.

    Such are steps over a delay that is flat, then steep, then flat, over a toll with a bend, or over the price of a
    limit. The part is found by false position and halving in turn. `before` is the difference before the step.
    """
    flow = store[3]
    from_costly, from_cheap = flow[costly] + amount, flow[cheap] - amount
    short, short_left, far, moved = 0.0, before, amount, amount
    for turn in range(_SHORTENINGS):
        left, _ = compare(load, demand, store, stamp, pair, costly, cheap)
        if abs(left) <= 0.5 * abs(before) or (turn == 0 and left * before > 0.0):
            return
        if left * before > 0.0:
            short, short_left = moved, left
        else:
            far, far_left = moved, left
        step = 0.5 * (short + far)
        if turn % 2 == 0:
            step = short + (far - short) * short_left / (short_left - far_left)
        carry(graph, prices, delays, load, store, stamp, demand[3][pair], costly, cheap, step - moved)
        moved = step
        flow[costly], flow[cheap] = max(from_costly - moved, 0.0), max(from_cheap + moved, 0.0)


@compiled(f"float64({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},int64,int64,int64)")
def shift(
    graph: Any,
    prices: Any,
    delays: Any,
    load: Any,
    demand: Any,
    store: Any,
    stamp: Any,
    pair: int,
    costly: int,
    cheap: int,
) -> float:
    """Move flow between two paths of a pair towards equal cost by one Newton step; return what was moved."""
    flow = store[3]
    difference, fall = compare(load, demand, store, stamp, pair, costly, cheap)
    if difference == 0.0:
        return 0.0
    amount = difference / fall if fall > 0.0 else np.inf * difference
    amount = max(min(amount, flow[costly]), -flow[cheap])
    if amount == 0.0:
        return 0.0
    flow[costly] = flow[costly] - amount if amount < flow[costly] else 0.0
    flow[cheap] = flow[cheap] + amount if -amount < flow[cheap] else 0.0
    carry(graph, prices, delays, load, store, stamp, demand[3][pair], costly, cheap, amount)
    if delays[9]:
        _shorten(graph, prices, delays, load, demand, store, stamp, pair, costly, cheap, amount, difference)
    return float(abs(amount))


@compiled(f"UniTuple(float64,2)({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},int64,float64,{_F})")
def settle(
    graph: Any,
    prices: Any,
    delays: Any,
    load: Any,
    demand: Any,
    store: Any,
    stamp: Any,
    pair: int,
    least: float,
    cost: Float64,
) -> tuple[float, float]:
    """Shift flow of a pair from every dearer path to its cheapest; return excess cost before it, and cost.

    `cost` holds the costs of the pair's paths. Paths whose excess is not above the share `least` of the cheapest cost
    are left alone.
    """
    first, _, _, flow = store
    low, high = first[pair], first[pair + 1]
    best, cheapest, total = low, np.inf, 0.0
    for path in range(low, high):
        value = cost[path - low]
        if flow[path] > 0.0:  # a path may be closed, its cost infinite
            total += value * flow[path]
        if value < cheapest:
            best, cheapest = path, value
    excess = total - cheapest * demand[5][pair]
    line = cheapest + least * abs(cheapest)
    for path in range(low, high):
        if path != best and flow[path] > 0.0 and cost[path - low] > line:
            shift(graph, prices, delays, load, demand, store, stamp, pair, path, best)
    return max(excess, 0.0), total


@compiled(f"UniTuple(float64,2)({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},int64,float64,{_F})")
def balance(
    graph: Any,
    prices: Any,
    delays: Any,
    load: Any,
    demand: Any,
    store: Any,
    stamp: Any,
    pair: int,
    least: float,
    cost: Float64,
) -> tuple[float, float]:
    """Work out the costs of a pair's paths and settle it; `cost` is a working array."""
    first = store[0]
    for path in range(first[pair], first[pair + 1]):
        cost[path - first[pair]] = cost_of(load, demand, store, pair, path)
    return settle(graph, prices, delays, load, demand, store, stamp, pair, least, cost)


@compiled(
    f"Tuple((float64,float64,int64))({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},{_F},float64,float64)",
    allocates=True,
)
def pass_over(
    graph: Any,
    prices: Any,
    delays: Any,
    load: Any,
    demand: Any,
    store: Any,
    stamp: Any,
    excess: Float64,
    least: float,
    cut: float,
) -> tuple[float, float, int]:
    """Balance the pairs of several paths whose last excess cost is above `cut`.

    Returns the excess cost of all pairs, the cost of those that were balanced, and how many arcs their paths have.
    `excess` (float64, pairs) keeps each pair's excess cost before its last balancing.
    """
    first, place = store[0], store[1]
    pairs = demand[5].size
    most = 0
    for pair in range(pairs):
        most = max(most, first[pair + 1] - first[pair])
    cost = np.empty(most)
    gap, total, arcs, served = 0.0, 0.0, 0, -1
    for pair in range(pairs):
        if first[pair + 1] - first[pair] > 1 and excess[pair] >= cut:
            if demand[3][pair] != served:
                served = demand[3][pair]
                serve(graph, prices, load, served)
            excess[pair], part = balance(graph, prices, delays, load, demand, store, stamp, pair, least, cost)
            total += part
            arcs += place[first[pair + 1]] - place[first[pair]]
        gap += excess[pair]
    return gap, total, arcs


@compiled(f"{_I}({_I},int64)", allocates=True)
def _longer(array: Int32, size: int) -> Int32:
    found = np.empty(size, np.int32)
    found[: array.size] = array
    return found


@compiled(
    f"Tuple(({STORE},float64,float64,int64))({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},{_F},float64)",
    allocates=True,
)
def sweep(  # noqa: PLR0915 (arrays are passed by position)
    graph: Any, prices: Any, delays: Any, load: Any, demand: Any, store: Any, stamp: Any, excess: Float64, least: float
) -> tuple[Any, float, float, int]:
    """Search every group's tree, add the paths that are cheaper than all known, balance, and drop unused paths.

    Returns the new store, the excess cost and the cost of all pairs as met on the way, and how many paths were added.
    """
    tail = graph[2]
    group_class, group_origin, group_first, _, target, amount, _, _ = demand
    old_first, old_place, old_pool, old_flow = store
    mark, turn = stamp
    nodes, pairs = graph[0].size - 1, amount.size
    reach, key, goal = np.empty(nodes), np.empty(nodes), np.zeros(nodes, np.bool_)
    entering, heap, slot = np.empty(nodes, np.int32), np.empty(nodes, np.int32), np.empty(nodes, np.int32)
    most = old_flow.size + pairs + 1
    new_first, place, flow = np.empty(pairs + 1, np.int64), np.empty(most + 1, np.int64), np.empty(most)
    pool = np.empty(old_pool.size + 16 * pairs + nodes, np.int32)
    several = 1
    for pair in range(pairs):
        several = max(several, old_first[pair + 1] - old_first[pair] + 1)
    work = np.empty(several)
    new_first[0], place[0] = 0, 0
    paths, used, added = 0, 0, 0
    gap, total, group = 0.0, 0.0, -1
    for one in range(group_class.size):
        if group_class[one] != group:
            group = group_class[one]
            serve(graph, prices, load, group)
        low, high = group_first[one], group_first[one + 1]
        tree_to(graph, load, group_origin[one], target, low, high, goal, reach, entering, key, heap, slot)
        for pair in range(low, high):
            begin = paths
            cheapest = np.inf
            for path in range(old_first[pair], old_first[pair + 1]):
                length = old_place[path + 1] - old_place[path]
                if old_flow[path] <= 0.0 and length > 0:
                    continue
                if used + length > pool.size:
                    pool = _longer(pool, 2 * pool.size + length)
                for i in range(length):
                    pool[used + i] = old_pool[old_place[path] + i]
                value = cost_of(load, demand, store, pair, path)
                cheapest = min(cheapest, value)
                work[paths - begin] = value
                flow[paths] = old_flow[path]
                used += length
                paths += 1
                place[paths] = used
            # A tree that is no cheaper than the known paths gives one of them again.
            if reach[target[pair]] < cheapest * ALIKE:
                node, length = target[pair], 0
                while entering[node] >= 0:
                    if used + length == pool.size:
                        pool = _longer(pool, 2 * pool.size + 1)
                    pool[used + length] = entering[node]
                    node = tail[entering[node]]
                    length += 1
                value = path_cost(load, pool, used, used + length)
                if value < cheapest:
                    work[paths - begin] = value
                    flow[paths] = 0.0
                    if paths == begin:
                        flow[paths] = amount[pair]
                        turn[0] += 3
                        for i in range(used, used + length):
                            mark[pool[i]] = turn[0]
                        add_flow(
                            graph, prices, delays, load, mark, pool, used, used + length, turn[0], group, amount[pair]
                        )
                    used += length
                    paths += 1
                    place[paths] = used
                    added += 1
            new_first[pair + 1] = paths
            if paths - begin > 1:
                now = (new_first, place, pool, flow)
                excess[pair], part = settle(graph, prices, delays, load, demand, now, stamp, pair, least, work)
                gap += excess[pair]
                total += part
            elif paths > begin:
                excess[pair] = 0.0
                total += flow[begin] * work[0]
    return (new_first, place[: paths + 1].copy(), pool[:used].copy(), flow[:paths].copy()), gap, total, added
