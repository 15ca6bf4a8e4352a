"""Compiled costs of arcs and paths at the volumes of now, and the arrays of an assignment.

The arrays travel in tuples. `graph`: first, head, tail, no_through, resource of every arc. `prices`: fixed cost, weight
and value of time of every arc by class (float64, classes x arcs x 3). `delays`: the delay table, background volume,
limit, price and penalty of every resource, whether marginal costs are wanted, whether steps may go too far. `load`:
volume and money volume of every resource, and its state (time, slope, toll, slope of the toll). `demand`: class, origin
and first pair of every group; class, destination, amount, cost and slope of the overflow of every pair. `store`: first
path of every pair, first arc of every path, the arcs (from the destination back to the origin), and flow of every path.
A path without arcs is the overflow of its pair.
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

_I, _L, _F, _M = "int32[::1]", "int64[::1]", "float64[::1]", "float64[:,::1]"
GRAPH = f"Tuple(({_I},{_I},{_I},boolean[::1],{_I}))"
PRICES = "float64[:,:,::1]"
DELAYS = f"Tuple((int8[::1],{_M},{_I},{_M},{_F},{_F},{_F},{_F},boolean,boolean))"
LOAD = f"Tuple(({_F},{_F},{_M}))"
DEMAND = f"Tuple(({_I},{_I},{_L},{_I},{_I},{_F},{_F},{_F}))"
STORE = f"Tuple(({_L},{_L},{_I},{_F}))"
STAMP = f"Tuple(({_L},{_L}))"
_STEP = 1e-6
"""Share of a volume over which the curvature of a delay is measured, which serves only the length of a step."""


@compiled(f"void({DELAYS},{LOAD},int64)")
def refresh(delays: Any, load: Any, row: int) -> None:
    """Bring the state of a resource up to date with its volume."""
    kind, parameters, first, points, background, limit, price, penalty, marginal, _ = delays
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
