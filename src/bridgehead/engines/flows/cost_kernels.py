"""Compiled costs of arcs and paths at the volumes of now, and the arrays of an assignment.

The arrays travel in tuples. `graph`: first, head, tail, no_through, resource of every arc, and the arcs of every
resource in compressed rows. `prices`: fixed cost, weight and value of time of every arc by class (float64, classes x
arcs x 3). `delays`: the delay table, background volume, limit, price and penalty of every resource, whether marginal
costs are wanted, whether steps may go too far. `load`: volume and money volume of every resource, its state (time,
slope, toll, slope of the toll), and of every arc what it costs the class that is being served and how fast that rises
with its flow; `serve` chooses the class. `demand`: class, origin and first pair of every group; class, destination,
amount, cost and slope of the overflow of every pair. `store`: first path of every pair, first arc of every path, the
arcs (from the destination back to the origin), and flow of every path. A path without arcs is the overflow of its pair.
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
GRAPH = f"Tuple(({_I},{_I},{_I},boolean[::1],{_I},{_I},{_I}))"
PRICES = "float64[:,:,::1]"
DELAYS = f"Tuple((int8[::1],{_M},{_I},{_M},{_F},{_F},{_F},{_F},boolean,boolean))"
LOAD = f"Tuple(({_F},{_F},{_M},{_F},{_F}))"
DEMAND = f"Tuple(({_I},{_I},{_L},{_I},{_I},{_F},{_F},{_F}))"
STORE = f"Tuple(({_L},{_L},{_I},{_F}))"
STAMP = f"Tuple(({_L},{_L}))"
_BPR = 1
_STEP = 1e-6
"""Share of a volume over which the curvature of a delay is measured, which serves only the length of a step."""


@compiled(f"void({DELAYS},{LOAD},int64)")
def refresh(delays: Any, load: Any, row: int) -> None:
    """Bring the state of a resource up to date with its volume."""
    kind, parameters, first, points, background, limit, price, penalty, marginal, _ = delays
    volume, money, state = load[0], load[1], load[2]
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


@compiled(f"void({GRAPH},{PRICES},{LOAD},int64)")
def serve(graph: Any, prices: Any, load: Any, group: int) -> None:
    """Work out what all arcs cost a class."""
    resource = graph[4]
    _, _, state, cost, rise = load
    for arc in range(cost.size):
        row, weight, hour = resource[arc], prices[group, arc, 1], prices[group, arc, 2]
        cost[arc] = prices[group, arc, 0] + hour * state[row, 0] + weight * state[row, 2]
        rise[arc] = weight * (hour * state[row, 1] + weight * state[row, 3])


@compiled(f"float64({LOAD},{_I},int64,int64)")
def path_cost(load: Any, pool: Int32, low: int, high: int) -> float:
    """Return the cost of the arcs of a path for the class that is being served."""
    cost, total = load[3], 0.0
    for place in range(low, high):
        total += cost[pool[place]]
    return total


@compiled(f"float64({LOAD},{DEMAND},{STORE},int64,int64)")
def cost_of(load: Any, demand: Any, store: Any, pair: int, path: int) -> float:
    """Return the cost of a path of a pair of the class that is being served, that of the overflow at its flow."""
    _, place, pool, flow = store
    if place[path] == place[path + 1]:
        return float(demand[6][pair] + demand[7][pair] * flow[path])
    return path_cost(load, pool, place[path], place[path + 1])


@compiled(f"void({GRAPH},{PRICES},{DELAYS},{LOAD},{_L},{_I},int64,int64,int64,int64,float64)")
def add_flow(
    graph: Any,
    prices: Any,
    delays: Any,
    load: Any,
    mark: Int64,
    pool: Int32,
    low: int,
    high: int,
    chosen: int,
    group: int,
    amount: float,
) -> None:
    """Add flow of the class that is being served to those arcs of a path whose mark is `chosen`.

    Their resources and the costs of all arcs of these are brought up to date.
    """
    resource, row_first, row_arc = graph[4], graph[5], graph[6]
    kind, parameters, background, limit, marginal = delays[0], delays[1], delays[4], delays[5], delays[8]
    volume, money, state, cost, rise = load
    for place in range(low, high):
        arc = pool[place]
        row = resource[arc]
        if mark[arc] != chosen or row == kind.size:
            continue
        # Below zero, where rounding may lead, a delay of a power under one would stay infinitely steep.
        volume[row] = max(volume[row] + prices[group, arc, 1] * amount, 0.0)
        money[row] = max(money[row] + prices[group, arc, 2] * amount, 0.0)
        whole = volume[row] + background[row]
        free, capacity, more = parameters[row, 0], parameters[row, 1], parameters[row, 0] * parameters[row, 2]
        usual = kind[row] == _BPR and parameters[row, 3] == 4.0 and more > 0.0 and whole > 0.0
        if usual and limit[row] == np.inf and not marginal:
            # The usual case stands here, for a call takes ten times as long.
            ratio = whole / capacity
            cube = ratio * ratio * ratio
            state[row, 0] = free + more * cube * ratio
            state[row, 1] = 4.0 * more * cube / capacity
        else:
            refresh(delays, load, row)
        for i in range(row_first[row], row_first[row + 1]):
            one = row_arc[i]
            weight, hour = prices[group, one, 1], prices[group, one, 2]
            cost[one] = prices[group, one, 0] + hour * state[row, 0] + weight * state[row, 2]
            rise[one] = weight * (hour * state[row, 1] + weight * state[row, 3])


@compiled(f"void({GRAPH},{LOAD},int64,{_I},int64,int64,boolean[::1],{_F},{_I},{_F},{_I},{_I})")
def tree_to(
    graph: Any,
    load: Any,
    origin: int,
    target: Int32,
    low: int,
    high: int,
    goal: npt.NDArray[np.bool_],
    reach: Float64,
    entering: Int32,
    key: Float64,
    heap: Int32,
    slot: Int32,
) -> None:
    """Search from an origin until the targets of its pairs are reached, at the costs of the class that is served.

    Arrays are those of `heap_tree`; `goal` is all false before and after.
    """
    for pair in range(low, high):
        goal[target[pair]] = True
    heap_tree(graph[0], graph[1], load[3], graph[3], origin, goal, high - low, reach, entering, key, heap, slot)
    for pair in range(low, high):
        goal[target[pair]] = False


@compiled(f"UniTuple(float64,2)({GRAPH},{PRICES},{LOAD},{DEMAND},{STORE})", allocates=True)
def exact_gap(graph: Any, prices: Any, load: Any, demand: Any, store: Any) -> tuple[float, float]:
    """Return the cost of all flow and the cost if all went on cheapest paths, at the costs of now."""
    group_class, group_origin, group_first, _, target, amount, _, _ = demand
    own, place, _, flow = store
    nodes = graph[0].size - 1
    reach, key, goal = np.empty(nodes), np.empty(nodes), np.zeros(nodes, np.bool_)
    entering, heap, slot = np.empty(nodes, np.int32), np.empty(nodes, np.int32), np.empty(nodes, np.int32)
    total, least, served = 0.0, 0.0, -1
    for one in range(group_class.size):
        if group_class[one] != served:
            served = group_class[one]
            serve(graph, prices, load, served)
        low, high = group_first[one], group_first[one + 1]
        tree_to(graph, load, group_origin[one], target, low, high, goal, reach, entering, key, heap, slot)
        for pair in range(low, high):
            cheapest = reach[target[pair]]
            for path in range(own[pair], own[pair + 1]):
                value = cost_of(load, demand, store, pair, path)
                if place[path] == place[path + 1]:
                    cheapest = min(cheapest, value)
                total += value * flow[path]
            least += cheapest * amount[pair]
    return total, least


@compiled(f"void({GRAPH},{PRICES},{DEMAND},{STORE},{LOAD},float64[:,::1])")
def reload(graph: Any, prices: Any, demand: Any, store: Any, load: Any, arc_flow: Float64) -> None:
    """Add up the flows of all paths anew: flow of every arc by class, volumes and money volumes of the resources."""
    resource = graph[4]
    own, place, pool, flow = store
    volume, money = load[0], load[1]
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
