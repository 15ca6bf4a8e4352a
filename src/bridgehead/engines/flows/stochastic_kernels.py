"""Compiled kernels of stochastic choice: paths through given arcs, and shifts towards equal perceived costs."""

# ruff: noqa: PLR0917 (kernels take arrays by position)

from __future__ import annotations

import math
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
    path_cost,
)
from bridgehead.engines.network.kernels import compiled

Float64 = npt.NDArray[np.float64]
LEAST = 1e-290
"""Share of a pair's demand below which a path counts as unused; keeps logarithms finite."""


@compiled(f"float64({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},int64,int64,int64,float64,float64)")
def _even_out(
    graph: Any, prices: Any, delays: Any, load: Any, demand: Any, store: Any, stamp: Any,
    pair: int, one: int, other: int, spread: float, extra: float,
) -> float:  # fmt: skip
    """Move flow from one path to another by a Newton step towards equal perceived cost; `extra` is known difference."""
    resource, state = graph[4], load[2]
    _, place, pool, flow = store
    mark, turn = stamp
    group = demand[3][pair]
    turn[0] += 2
    here = turn[0]
    for i in range(place[other], place[other + 1]):
        mark[pool[i]] = here
    rise = spread * (1.0 / flow[one] + 1.0 / flow[other])
    difference = extra + spread * math.log(flow[one] / flow[other])
    for i in range(place[one], place[one + 1]):
        arc = pool[i]
        if mark[arc] == here:
            mark[arc] = here + 1
            continue
        row, weight, hour = resource[arc], prices[group, arc, 1], prices[group, arc, 2]
        difference += prices[group, arc, 0] + hour * state[row, 0] + weight * state[row, 2]
        rise += weight * (hour * state[row, 1] + weight * state[row, 3])
    for i in range(place[other], place[other + 1]):
        arc = pool[i]
        if mark[arc] == here:
            row, weight, hour = resource[arc], prices[group, arc, 1], prices[group, arc, 2]
            difference -= prices[group, arc, 0] + hour * state[row, 0] + weight * state[row, 2]
            rise += weight * (hour * state[row, 1] + weight * state[row, 3])
    amount = max(min(difference / rise, 0.9 * flow[one]), -0.9 * flow[other])
    flow[one] -= amount
    flow[other] += amount
    for i in range(place[one], place[one + 1]):
        if mark[pool[i]] != here + 1:
            add_flow(graph, prices, delays, load, pool[i], group, -amount)
    for i in range(place[other], place[other + 1]):
        if mark[pool[i]] == here:
            add_flow(graph, prices, delays, load, pool[i], group, amount)
    return abs(amount)


@compiled(f"UniTuple(float64,2)({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},float64[::1],float64[::1])")
def choose(
    graph: Any,
    prices: Any,
    delays: Any,
    load: Any,
    demand: Any,
    store: Any,
    stamp: Any,
    spread: Float64,
    extra: Float64,
) -> tuple[float, float]:
    """Go over all pairs once, each path against the fullest; return the excess of perceived cost before, and cost.

    `spread` (float64, pairs) is the scale of the logit, `extra` (float64, paths) a known addition to a path's cost.
    """
    first, place, pool, flow = store
    gap, total = 0.0, 0.0
    for pair in range(spread.size):
        low, high = first[pair], first[pair + 1]
        group, scale, amount = demand[3][pair], spread[pair], demand[5][pair]
        least, sum_cost, sum_seen, fullest = np.inf, 0.0, 0.0, low
        for path in range(low, high):
            if flow[path] > flow[fullest]:
                fullest = path
            if place[path] == place[path + 1]:
                value = demand[6][pair] + demand[7][pair] * flow[path]
            else:
                value = path_cost(graph, prices, load, pool, place[path], place[path + 1], group)
            sum_cost += value * flow[path]
            seen = value + extra[path]
            if flow[path] > LEAST * amount:
                seen += scale * math.log(flow[path] / amount)
                sum_seen += seen * flow[path]
                least = min(least, seen)
        total += sum_cost
        if amount > 0.0 and high > low:
            gap += max(sum_seen - least * amount, 0.0)
        for path in range(low, high):
            if path == fullest or flow[path] <= LEAST * amount:
                continue
            known = extra[path] - extra[fullest]
            if place[path] == place[path + 1]:
                known += demand[6][pair] + demand[7][pair] * flow[path]
            elif place[fullest] == place[fullest + 1]:
                known -= demand[6][pair] + demand[7][pair] * flow[fullest]
            _even_out(graph, prices, delays, load, demand, store, stamp, pair, path, fullest, scale, known)
    return gap, total


@compiled(f"void({GRAPH},{PRICES},{LOAD},{DEMAND},{STORE},float64[::1],float64[::1])")
def first_choice(graph: Any, prices: Any, load: Any, demand: Any, store: Any, spread: Float64, extra: Float64) -> None:
    """Set the flows of all paths to their shares at the costs of now, by the logit."""
    first, place, pool, flow = store
    for pair in range(spread.size):
        group, scale = demand[3][pair], spread[pair]
        least = np.inf
        for path in range(first[pair], first[pair + 1]):
            if place[path] == place[path + 1]:
                value = demand[6][pair]
            else:
                value = path_cost(graph, prices, load, pool, place[path], place[path + 1], group)
            flow[path] = value + extra[path]
            least = min(least, flow[path])
        total = 0.0
        for path in range(first[pair], first[pair + 1]):
            flow[path] = math.exp(max((least - flow[path]) / scale, -600.0))
            total += flow[path]
        for path in range(first[pair], first[pair + 1]):
            flow[path] *= demand[5][pair] / total
