"""Compiled path-based gradient projection: column generation, shifts between paths, and what they leave behind.

The arrays travel in tuples. `graph`: first, head, tail, no_through, resource of every arc. `prices`: fixed cost, weight
and value of time of every arc by class (float64, classes x arcs x 3). `delays`: the delay table, then background
volume, limit, price and penalty of every resource, then whether marginal costs are wanted. `load`: volume and money
volume of every resource, and its state (time, slope, toll, slope of the toll). `demand`: class, origin and first pair
of every group; class, destination, amount, cost and slope of the overflow of every pair. `store`: first path of every
pair, first arc of every path, the arcs (from the destination back to the origin), and flow of every path. A path
without arcs is the overflow of its pair.

Method: Jayakrishnan, R., Tsai, W. K., Prashker, J. N. and Rajadhyaksha, S. (1994), A faster path-based algorithm for
traffic assignment, Transportation Research Record 1443, 75-83, with the pairs served one after the other and costs
brought up to date after each shift.
"""

# ruff: noqa: PLR0917 (kernels take arrays by position)

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.delay_kernels import delay_at
from bridgehead.engines.network.kernels import compiled, heap_tree

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

_I, _L, _F, _M = "int32[::1]", "int64[::1]", "float64[::1]", "float64[:,::1]"
GRAPH = f"Tuple(({_I},{_I},{_I},boolean[::1],{_I}))"
PRICES = "float64[:,:,::1]"
DELAYS = f"Tuple((int8[::1],{_M},{_I},{_M},{_F},{_F},{_F},{_F},boolean))"
LOAD = f"Tuple(({_F},{_F},{_M}))"
DEMAND = f"Tuple(({_I},{_I},{_L},{_I},{_I},{_F},{_F},{_F}))"
STORE = f"Tuple(({_L},{_L},{_I},{_F}))"
STAMP = "Tuple((int64[::1],int64[::1]))"
_STEP = 1e-6
"""Share of a volume over which the curvature of a delay is measured, which serves only the length of a step."""


@compiled(f"void({DELAYS},{LOAD},int64)")
def refresh(delays: Any, load: Any, row: int) -> None:
    """Bring the state of a resource up to date with its volume."""
    kind, parameters, first, points, background, limit, price, penalty, marginal = delays
    volume, money, state = load
    if row == kind.size:  # stands for arcs without a delay
        return
    whole = volume[row] + background[row]
    time, slope = delay_at(kind, parameters, first, points, row, whole)
    state[row, 0], state[row, 1] = time, slope
    toll, rise = 0.0, 0.0
    if marginal and slope > 0.0 and volume[row] > 0.0:
        step = _STEP * whole
        _, ahead = delay_at(kind, parameters, first, points, row, whole + step)
        toll = slope * money[row]
        rise = max(ahead - slope, 0.0) / step * money[row] + toll / volume[row]
    if limit[row] < np.inf:
        queue = price[row] + penalty[row] * (whole - limit[row])
        if queue > 0.0:
            toll += queue
            rise += penalty[row]
    state[row, 2], state[row, 3] = toll, rise


@compiled(f"void({DELAYS},{LOAD})")
def refresh_all(delays: Any, load: Any) -> None:
    """Bring the state of every resource up to date."""
    for row in range(delays[0].size):
        refresh(delays, load, row)


@compiled(f"void({GRAPH},{PRICES},{LOAD},int64,{_F})")
def arc_costs(graph: Any, prices: Any, load: Any, group: int, cost: Float64) -> None:
    """Write the costs of all arcs for a class."""
    resource, state = graph[4], load[2]
    for arc in range(cost.size):
        row = resource[arc]
        cost[arc] = (
            prices[group, arc, 0] + prices[group, arc, 2] * state[row, 0] + prices[group, arc, 1] * state[row, 2]
        )


@compiled(f"float64({GRAPH},{PRICES},{LOAD},{_I},int64,int64,int64)")
def path_cost(graph: Any, prices: Any, load: Any, pool: Int32, low: int, high: int, group: int) -> float:
    """Return the cost of the arcs of a path for a class."""
    resource, state = graph[4], load[2]
    total = 0.0
    for place in range(low, high):
        arc = pool[place]
        row = resource[arc]
        total += prices[group, arc, 0] + prices[group, arc, 2] * state[row, 0] + prices[group, arc, 1] * state[row, 2]
    return total


@compiled(f"void({GRAPH},{PRICES},{DELAYS},{LOAD},int64,int64,float64)")
def add_flow(graph: Any, prices: Any, delays: Any, load: Any, arc: int, group: int, amount: float) -> None:
    """Add flow of a class to an arc and bring its resource up to date."""
    row = graph[4][arc]
    load[0][row] += prices[group, arc, 1] * amount
    load[1][row] += prices[group, arc, 2] * amount
    refresh(delays, load, row)


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
    resource, state = graph[4], load[2]
    _, place, pool, flow = store
    mark, turn = stamp
    group = demand[3][pair]
    turn[0] += 2
    here = turn[0]
    for i in range(place[cheap], place[cheap + 1]):
        mark[pool[i]] = here
    difference, rise = 0.0, 0.0
    for i in range(place[costly], place[costly + 1]):
        arc = pool[i]
        if mark[arc] == here:
            mark[arc] = here + 1
            continue
        row, weight, hour = resource[arc], prices[group, arc, 1], prices[group, arc, 2]
        difference += prices[group, arc, 0] + hour * state[row, 0] + weight * state[row, 2]
        rise += weight * (hour * state[row, 1] + weight * state[row, 3])
    for i in range(place[cheap], place[cheap + 1]):
        arc = pool[i]
        if mark[arc] == here:
            row, weight, hour = resource[arc], prices[group, arc, 1], prices[group, arc, 2]
            difference -= prices[group, arc, 0] + hour * state[row, 0] + weight * state[row, 2]
            rise += weight * (hour * state[row, 1] + weight * state[row, 3])
    if place[costly] == place[costly + 1]:
        difference += demand[6][pair] + demand[7][pair] * flow[costly]
        rise += demand[7][pair]
    elif place[cheap] == place[cheap + 1]:
        difference -= demand[6][pair] + demand[7][pair] * flow[cheap]
        rise += demand[7][pair]
    if difference == 0.0:
        return 0.0
    amount = difference / rise if rise > 0.0 else np.inf * difference
    amount = max(min(amount, flow[costly]), -flow[cheap])
    if amount == 0.0:
        return 0.0
    flow[costly] = flow[costly] - amount if amount < flow[costly] else 0.0
    flow[cheap] = flow[cheap] + amount if -amount < flow[cheap] else 0.0
    for i in range(place[costly], place[costly + 1]):
        if mark[pool[i]] != here + 1:
            add_flow(graph, prices, delays, load, pool[i], group, -amount)
    for i in range(place[cheap], place[cheap + 1]):
        if mark[pool[i]] == here:
            add_flow(graph, prices, delays, load, pool[i], group, amount)
    return abs(amount)


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
    """Shift flow of a pair from every dearer path to its cheapest; return excess cost before it, and cost.

    Paths whose excess is not above the share `least` of the cheapest cost are left alone. `cost` is a working array.
    """
    first, place, pool, flow = store
    low, high = first[pair], first[pair + 1]
    group = demand[3][pair]
    best, cheapest, total = low, np.inf, 0.0
    for path in range(low, high):
        if place[path] == place[path + 1]:
            value = demand[6][pair] + demand[7][pair] * flow[path]
        else:
            value = path_cost(graph, prices, load, pool, place[path], place[path + 1], group)
        cost[path - low] = value
        total += value * flow[path]
        if value < cheapest:
            best, cheapest = path, value
    excess = total - cheapest * demand[5][pair]
    line = cheapest + least * abs(cheapest)
    for path in range(low, high):
        if path != best and flow[path] > 0.0 and cost[path - low] > line:
            shift(graph, prices, delays, load, demand, store, stamp, pair, path, best)
    return max(excess, 0.0), total


@compiled(f"UniTuple(float64,2)({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},{_F},float64,float64)")
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
) -> tuple[float, float]:
    """Balance the pairs with several paths whose last excess cost is above `cut`; return excess and cost of all.

    `excess` (float64, pairs) keeps each pair's excess cost before its last balancing.
    """
    first = store[0]
    pairs = demand[5].size
    most = 0
    for pair in range(pairs):
        most = max(most, first[pair + 1] - first[pair])
    cost = np.empty(most)
    gap, total = 0.0, 0.0
    for pair in range(pairs):
        if first[pair + 1] - first[pair] > 1 and excess[pair] >= cut:
            excess[pair], part = balance(graph, prices, delays, load, demand, store, stamp, pair, least, cost)
            total += part
        gap += excess[pair]
    return gap, total


@compiled(f"{_I}({_I},int64)")
def _longer(array: Int32, size: int) -> Int32:
    found = np.empty(size, np.int32)
    found[: array.size] = array
    return found


@compiled(
    f"Tuple(({STORE},float64,float64,int64))({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},{_F},float64)"
)
def sweep(  # noqa: PLR0915 (compiled as one)
    graph: Any, prices: Any, delays: Any, load: Any, demand: Any, store: Any, stamp: Any, excess: Float64, least: float
) -> tuple[Any, float, float, int]:
    """Search every group's tree, add the paths that are cheaper than all known, balance, and drop unused paths.

    Returns the new store, the excess cost and the cost of all pairs as met on the way, and how many paths were added.
    """
    first, head, tail, no_through, _ = graph
    group_class, group_origin, group_first, _, target, amount, over, over_slope = demand
    old_first, old_place, old_pool, old_flow = store
    nodes, pairs = first.size - 1, amount.size
    cost = np.empty(head.size)
    reach, key = np.empty(nodes), np.empty(nodes)
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
    gap, total = 0.0, 0.0
    for one in range(group_class.size):
        group = group_class[one]
        arc_costs(graph, prices, load, group, cost)
        heap_tree(first, head, cost, no_through, group_origin[one], reach, entering, key, heap, slot)
        for pair in range(group_first[one], group_first[one + 1]):
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
                if length == 0:
                    value = over[pair] + over_slope[pair] * old_flow[path]
                else:
                    value = path_cost(graph, prices, load, pool, used, used + length, group)
                cheapest = min(cheapest, value)
                flow[paths] = old_flow[path]
                used += length
                paths += 1
                place[paths] = used
            if reach[target[pair]] < np.inf:
                node, length = target[pair], 0
                while entering[node] >= 0:
                    if used + length == pool.size:
                        pool = _longer(pool, 2 * pool.size + 1)
                    pool[used + length] = entering[node]
                    node = tail[entering[node]]
                    length += 1
                value = path_cost(graph, prices, load, pool, used, used + length, group)
                if value < cheapest:
                    flow[paths] = 0.0
                    if paths == begin:
                        flow[paths] = amount[pair]
                        for i in range(used, used + length):
                            add_flow(graph, prices, delays, load, pool[i], group, amount[pair])
                    used += length
                    paths += 1
                    place[paths] = used
                    added += 1
            new_first[pair + 1] = paths
            if paths - begin > 1:
                now = (new_first, place, pool, flow)
                excess[pair], part = balance(graph, prices, delays, load, demand, now, stamp, pair, least, work)
                gap += excess[pair]
                total += part
            elif paths > begin:
                excess[pair] = 0.0
                total += flow[begin] * path_cost(graph, prices, load, pool, place[begin], used, group)
    return (new_first, place[: paths + 1].copy(), pool[:used].copy(), flow[:paths].copy()), gap, total, added


@compiled(f"UniTuple(float64,2)({GRAPH},{PRICES},{LOAD},{DEMAND},{STORE})")
def exact_gap(graph: Any, prices: Any, load: Any, demand: Any, store: Any) -> tuple[float, float]:
    """Return the cost of all flow and the cost if all went on cheapest paths, at the costs of now."""
    first, head, _, no_through, _ = graph
    group_class, group_origin, group_first, _, target, amount, over, over_slope = demand
    own, place, pool, flow = store
    nodes = first.size - 1
    cost = np.empty(head.size)
    reach, key = np.empty(nodes), np.empty(nodes)
    entering, heap, slot = np.empty(nodes, np.int32), np.empty(nodes, np.int32), np.empty(nodes, np.int32)
    total, least = 0.0, 0.0
    for one in range(group_class.size):
        group = group_class[one]
        arc_costs(graph, prices, load, group, cost)
        heap_tree(first, head, cost, no_through, group_origin[one], reach, entering, key, heap, slot)
        for pair in range(group_first[one], group_first[one + 1]):
            cheapest = reach[target[pair]]
            for path in range(own[pair], own[pair + 1]):
                if place[path] == place[path + 1]:
                    value = over[pair] + over_slope[pair] * flow[path]
                    cheapest = min(cheapest, value)
                else:
                    value = path_cost(graph, prices, load, pool, place[path], place[path + 1], group)
                total += value * flow[path]
            least += cheapest * amount[pair]
    return total, least


@compiled(f"void({GRAPH},{PRICES},{DEMAND},{STORE},{LOAD},float64[:,::1])")
def reload(graph: Any, prices: Any, demand: Any, store: Any, load: Any, arc_flow: Float64) -> None:
    """Add up the flows of all paths anew: flow of every arc by class, volumes and money volumes of the resources."""
    resource = graph[4]
    own, place, pool, flow = store
    volume, money, _ = load
    arc_flow[:] = 0.0
    volume[:] = 0.0
    money[:] = 0.0
    for pair in range(demand[5].size):
        group = demand[3][pair]
        for path in range(own[pair], own[pair + 1]):
            for i in range(place[path], place[path + 1]):
                arc_flow[group, pool[i]] += flow[path]
    for group in range(arc_flow.shape[0]):
        for arc in range(arc_flow.shape[1]):
            row = resource[arc]
            volume[row] += prices[group, arc, 1] * arc_flow[group, arc]
            money[row] += prices[group, arc, 2] * arc_flow[group, arc]
