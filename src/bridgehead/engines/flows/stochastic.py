"""Stochastic user equilibrium on given paths: a logit of perceived cost, with congestion.

Of a pair's paths each is chosen with the share of ``exp(-(cost - spread * ln(path size)) / spread)``, at the costs that
follow from all choices. It is the fixed point of Fisk, C. (1980), Some developments in equilibrium traffic assignment,
Transportation Research B 14, 243-255, found by Newton shifts between paths; the smaller the spread, the nearer to exact
equilibrium.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.equilibrium import Equilibrium, Progress, Run
from bridgehead.engines.flows.path_store import PathStore
from bridgehead.engines.flows.problem import AssignmentProblem
from bridgehead.kernel.errors import BridgeheadError, Place

Float64 = npt.NDArray[np.float64]
MOST_PASSES = 2000


def solve_stochastic(
    problem: AssignmentProblem,
    paths: PathStore,
    spread: Float64,
    gap: float = 1e-6,
    *,
    size: Float64 | None = None,
    warm: bool = False,
    clock: Callable[[], float] | None = None,
    progress: Progress | None = None,
) -> Equilibrium:
    """Find the flows at which every path has the share that its cost gives it.

    Parameters
    ----------
    problem : AssignmentProblem
        Graph, delays, classes and demand.
    paths : PathStore
        What can be chosen.
    spread : float64 array, shape (pairs,)
        Scale of the logit in units of cost, above zero.
    gap : float
        Excess of perceived cost to reach, as a share of all cost. The result's `relative_gap` and `average_excess_cost`
        are of perceived cost, too.
    size : float64 array, shape (paths,), optional
        Path sizes between 0 and 1; 1 if not given.
    warm : bool
        Whether to begin from the flows of `paths`.
    clock, progress : callable, optional
        As for `bridgehead.engines.flows.equilibrium.solve`.

    Raises
    ------
    BridgeheadError
        `flows.bad_spread` for a spread that is not above zero, `flows.no_potential` for limits, which choice by a logit
        does not price, and what `AssignmentProblem.check` finds.
    """
    from bridgehead.engines.flows import stochastic_kernels as kernels

    begin = clock() if clock else 0.0
    problem.check()
    if not ((spread > 0.0) & np.isfinite(spread)).all():
        raise BridgeheadError("flows.bad_spread", {"least": float(np.min(spread))}, Place(field="spread"))
    if np.isfinite(problem.limit).any():
        raise BridgeheadError("flows.no_potential", {"limits": True})
    run = Run(problem, False, paths)
    pair = paths.pair_of_path
    extra = np.zeros(paths.path_count) if size is None else -spread[pair] * np.log(size)
    common = (run.graph, run.prices, run.delays, run.load, run.demand)
    run.store = (paths.pair_first, paths.path_first, paths.arcs, paths.flow.copy())
    if not warm:
        kernels.first_choice(run.graph, run.prices, run.load, run.demand, run.store, spread, extra)
    run.reload()
    excess, over = np.inf, 0.0
    while run.passes < MOST_PASSES:
        over, total = kernels.choose(*common, run.store, run.stamp, spread, extra)
        run.passes += 1
        excess = over / total if total > 0.0 else 0.0
        if progress is not None:
            progress(run.passes, excess)
        if excess <= gap:
            break
    run.exact()
    asked = {"gap": gap, "stochastic": True, "spread": float(np.mean(spread)) if len(spread) else 0.0, "warm": warm}
    seconds = clock() - begin if clock else None
    demand = float(problem.pairs.amount.sum())
    found = run.result(excess <= gap, excess, seconds, asked)
    return replace(found, average_excess_cost=over / demand if demand > 0.0 else 0.0)
