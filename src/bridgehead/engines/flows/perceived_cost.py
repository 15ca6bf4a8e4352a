"""What it costs a flow to get to its destination, all its choices taken together.

In exact equilibrium that is the cost of the ways in use, which is the same for all. Where ways of nearly equal cost
share the freight, the mean cost of those in use is the wrong measure: a new way that some prefer for reasons the cost
does not know can raise it. The right one is the expected least perceived cost, ``-spread * ln(sum of exp(-cost /
spread))`` (Williams, H. C. W. L. (1977), On the formation of travel demand models and economic evaluation measures of
user benefit, Environment and Planning A 9(3), 285-344). Not sending is one of the choices.
"""

from __future__ import annotations

import numpy as np

from bridgehead.engines.flows.choice_sets import path_size
from bridgehead.engines.flows.freight_flows import Solution
from bridgehead.engines.network.topology import Float64


def path_costs(found: Solution) -> Float64:
    """Return the cost of every path in USD per tonne, waits included; of an overflow what not sending costs."""
    problem, store = found.freight.problem, found.equilibrium.paths
    pair = store.pair_of_path
    time = np.append(found.equilibrium.time, 0.0)[problem.resource]
    arc_cost = np.stack([one.fixed + one.value_of_time * time for one in problem.classes])
    owner = np.repeat(np.arange(store.path_count), np.diff(store.path_first))
    group = problem.pairs.group[pair]
    cost = np.bincount(owner, arc_cost[group[owner], store.arcs], store.path_count)
    over = store.is_overflow
    slope = problem.pairs.overflow_slope[pair] * store.flow
    return np.where(over, problem.pairs.overflow[pair] + slope, cost)


def perceived_cost(found: Solution) -> Float64:
    """Return the perceived cost of every pair in USD per tonne; infinite for a pair without any path."""
    store = found.equilibrium.paths
    cost, pair = path_costs(found), store.pair_of_path
    pairs = len(store.pair_first) - 1
    best = np.full(pairs, np.inf)
    if found.spread is None:
        np.minimum.at(best, pair, cost)
        return best
    cost -= found.spread[pair] * np.log(path_size(found.freight.network.topology, store))
    np.minimum.at(best, pair, cost)
    total = np.bincount(pair, np.exp(-(cost - best[pair]) / found.spread[pair]), pairs)
    with np.errstate(divide="ignore"):
        return best - found.spread * np.log(total)
