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
    cost_of,
    path_cost,
    serve,
)
from bridgehead.engines.flows.equilibrium_kernels import carry, compare
from bridgehead.engines.network.kernels import compiled

Float64 = npt.NDArray[np.float64]
LEAST = 1e-290
"""Share of a pair's demand that no path falls below; keeps logarithms finite."""


@compiled(f"float64({GRAPH},{PRICES},{DELAYS},{LOAD},{DEMAND},{STORE},{STAMP},int64,int64,int64,float64,float64)")
def _even_out(
    graph: Any, prices: Any, delays: Any, load: Any, demand: Any, store: Any, stamp: Any,
    pair: int, one: int, other: int, spread: float, extra: float,
) -> float:  # fmt: skip
    """Move flow from one path to another by a Newton step towards equal perceived cost; `extra` is known difference."""
    flow = store[3]
    difference, fall = compare(load, demand, store, stamp, pair, one, other)
    difference += extra + spread * math.log(flow[one] / flow[other])
    fall += spread * (1.0 / flow[one] + 1.0 / flow[other])
    amount = max(min(difference / fall, 0.9 * flow[one]), -0.9 * flow[other])
    flow[one] -= amount
    flow[other] += amount
    carry(graph, prices, delays, load, store, stamp, demand[3][pair], one, other, amount)
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
    first, _, _, flow = store
    gap, total, served = 0.0, 0.0, -1
    for pair in range(spread.size):
        if demand[3][pair] != served:
            served = demand[3][pair]
            serve(graph, prices, load, served)
        low, high = first[pair], first[pair + 1]
        scale, amount = spread[pair], demand[5][pair]
        least, sum_cost, sum_seen, fullest = np.inf, 0.0, 0.0, low
        for path in range(low, high):
            if flow[path] > flow[fullest]:
                fullest = path
            value = cost_of(load, demand, store, pair, path)
            sum_cost += value * flow[path]
            if amount > 0.0:
                seen = value + extra[path] + scale * math.log(max(flow[path] / amount, LEAST))
                sum_seen += seen * flow[path]
                least = min(least, seen)
        total += sum_cost
        if amount > 0.0 and high > low:
            gap += max(sum_seen - least * amount, 0.0)
        for path in range(low, high):
            if path == fullest or amount <= 0.0:
                continue
            # What nobody takes now may be worth taking once others are full.
            flow[path] = max(flow[path], LEAST * amount)
            known = extra[path] - extra[fullest]
            _even_out(graph, prices, delays, load, demand, store, stamp, pair, path, fullest, scale, known)
    return gap, total


@compiled(f"void({GRAPH},{PRICES},{LOAD},{DEMAND},{STORE},float64[::1],float64[::1])")
def first_choice(graph: Any, prices: Any, load: Any, demand: Any, store: Any, spread: Float64, extra: Float64) -> None:
    """Set the flows of all paths to their shares at the costs of now, by the logit."""
    first, place, pool, flow = store
    served = -1
    for pair in range(spread.size):
        if demand[3][pair] != served:
            served = demand[3][pair]
            serve(graph, prices, load, served)
        scale = spread[pair]
        least = np.inf
        for path in range(first[pair], first[pair + 1]):
            if place[path] == place[path + 1]:
                value = demand[6][pair]
            else:
                value = path_cost(load, pool, place[path], place[path + 1])
            flow[path] = value + extra[path]
            least = min(least, flow[path])
        total = 0.0
        for path in range(first[pair], first[pair + 1]):
            flow[path] = math.exp(max((least - flow[path]) / scale, -600.0))
            total += flow[path]
        for path in range(first[pair], first[pair + 1]):
            flow[path] *= demand[5][pair] / total
