"""User equilibrium and system optimum on arc flows alone, by the bi-conjugate method of Frank and Wolfe.

It keeps no paths, so that its memory does not grow with the demand, and comes near an equilibrium much more slowly than
`bridgehead.engines.flows.equilibrium.solve`: a fallback for problems whose paths do not fit in memory, and a check of
that method by another.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.equilibrium import Equilibrium, Progress
from bridgehead.engines.flows.path_store import PathStore
from bridgehead.engines.flows.problem import AssignmentProblem
from bridgehead.engines.flows.totals import imbalance, plain_cost, potential
from bridgehead.kernel.errors import BridgeheadError

Float64 = npt.NDArray[np.float64]
MOST_ITERATIONS = 2000
HALVINGS = 60
"""Halvings of the search along a direction, which find the best step to the last digit."""
LONGEST_MEMORY = 0.99
"""Largest share an earlier target may have in the next, so that the new search always counts."""


def frank_wolfe(
    problem: AssignmentProblem,
    gap: float = 1e-4,
    *,
    system_optimum: bool = False,
    most_iterations: int = MOST_ITERATIONS,
    clock: Callable[[], float] | None = None,
    progress: Progress | None = None,
) -> Equilibrium:
    """Find the flows at which nobody can save by another path, or whose total cost is least, without keeping paths.

    Parameters are those of `bridgehead.engines.flows.equilibrium.solve`, and so is the result, but for `paths`, which
    is empty. Method: Mitradjieva, M. and Lindberg, P. O. (2013), The stiff is moving - conjugate direction Frank-Wolfe
    methods with applications to traffic assignment, Transportation Science 47(2), 280-293. A pair's overflow counts as
    one more arc.

    Raises
    ------
    BridgeheadError
        What `AssignmentProblem.check` finds; `flows.no_potential` for limits, or classes that see different times, for
        which no function to minimise exists.
    """
    begin = clock() if clock else 0.0
    problem.check()
    _refuse(problem, system_optimum)
    run = _Descent(problem, system_optimum)
    found, iterations = math.inf, 0
    while True:
        found = run.search()
        iterations += 1
        if progress is not None:
            progress(iterations, found)
        if found <= gap or iterations >= most_iterations or not run.advance():
            break
    asked = {"gap": gap, "system_optimum": system_optimum, "most_iterations": most_iterations, "method": "frank-wolfe"}
    return run.result(found, found <= gap, iterations, clock() - begin if clock else None, asked)


def _refuse(problem: AssignmentProblem, system_optimum: bool) -> None:
    reasons = []
    if np.isfinite(problem.limit).any():
        reasons.append("limits")
    shares = {one.scale for one in problem.classes}
    if not problem.integrable or (system_optimum and len(shares) > 1):
        reasons.append("classes")
    if reasons:
        raise BridgeheadError("flows.no_potential", dict.fromkeys(reasons, True))


class _Descent:
    """Flows of classes on arcs and of pairs on their overflow, as one vector, with the last two targets."""

    def __init__(self, problem: AssignmentProblem, system_optimum: bool) -> None:
        from bridgehead.engines.flows import delay_kernels
        from bridgehead.engines.network import kernels

        self.kernels, self.times = kernels, delay_kernels.times
        self.problem, self.social = problem, system_optimum
        self.cells = len(problem.classes) * problem.arc_count
        scale = np.array([float(one.scale or 1.0) for one in problem.classes])
        group = np.append(np.repeat(np.arange(len(problem.classes)), problem.arc_count), problem.pairs.group)
        self.share = scale[group.astype(np.int64)] if len(group) else np.empty(0)
        self.fixed = _joined([one.fixed for one in problem.classes])
        self.weight = _joined([one.weight for one in problem.classes])
        self.hour = _joined([one.value_of_time for one in problem.classes])
        self.resource = np.tile(problem.resource, len(problem.classes))
        self.overflow = np.where(np.isfinite(problem.pairs.overflow), problem.pairs.overflow, 0.0)
        self.flow: Float64 = np.zeros(self.cells + len(problem.pairs))
        self.target: Float64 = self.flow
        self.known: list[Float64] = []
        self.begun, self.last_step = False, 0.0
        self.totals = 0.0, 0.0

    def volume(self, flow: Float64) -> Float64:
        """Return the volumes of the resources, the last standing for arcs without one."""
        rows = len(self.problem.delays) + 1
        return np.bincount(self.resource, self.weight * flow[: self.cells], minlength=rows).astype(np.float64)

    def costs(self, flow: Float64) -> Float64:
        """Return the cost of each class on each arc, and of each overflow."""
        whole = self.volume(flow)[:-1] + self.problem.background
        time, slope = self.times(self.problem.delays, whole)
        toll = slope * self._money(flow) if self.social else np.zeros(len(whole))
        time, toll = (np.append(column, 0.0)[self.resource] for column in (time, toll))
        over = self.overflow + self.problem.pairs.overflow_slope * flow[self.cells :]
        return np.concatenate((self.fixed + self.hour * time + self.weight * toll, over))

    def _money(self, flow: Float64) -> Float64:
        """Return what a unit of time costs all users of each resource together."""
        rows = len(self.problem.delays)
        return np.bincount(self.resource, self.hour * flow[: self.cells], minlength=rows + 1)[:rows].astype(np.float64)

    def potential_slope(self, flow: Float64, direction: Float64) -> float:
        """Return the slope of the function to minimise along a direction."""
        cost = self.costs(flow)
        moved = direction != 0.0  # a closed arc costs infinity and carries nothing
        return float((self.share * direction)[moved] @ cost[moved])

    def search(self) -> float:
        """Put all demand on cheapest paths at the costs of now; return the relative gap."""
        problem, pairs = self.problem, self.problem.pairs
        cost = self.costs(self.flow)
        nodes = problem.node_count
        reach, key = np.empty(nodes), np.empty(nodes)
        arc, heap, slot = (np.empty(nodes, dtype=np.int32) for _ in range(3))
        self.target, least, last = np.zeros(len(self.flow)), [0.0], (-1, -1)
        elastic = np.isfinite(pairs.overflow)
        for i in range(len(pairs)):
            group, origin, end, amount = (int(pairs.group[i]), int(pairs.origin[i]), int(pairs.destination[i]),
                                          float(pairs.amount[i]))  # fmt: skip
            own = slice(group * problem.arc_count, (group + 1) * problem.arc_count)
            if (group, origin) != last:
                last = group, origin
                tree = (reach, arc, key, heap, slot)
                shut = problem.no_through
                self.kernels.heap_tree(problem.first, problem.head, cost[own], shut, origin, shut, 0, *tree)
            if elastic[i] and cost[self.cells + i] < reach[end]:
                self.target[self.cells + i] = amount
                least.append(float(cost[self.cells + i]) * amount)
            else:
                self.kernels.add_path(arc, problem.tail, end, amount, self.target[own])
                least.append(float(reach[end]) * amount)
        if not self.begun:
            return math.inf if len(pairs) else 0.0
        used = self.flow > 0.0
        total = float(cost[used] @ self.flow[used])
        self.totals = total, math.fsum(least)
        return max(total - self.totals[1], 0.0) / total if total > 0.0 else 0.0

    def advance(self) -> bool:
        """Go towards a target conjugate to the last two; return whether that changed anything."""
        if not self.begun:
            self.flow, self.begun = self.target, True
            return True
        chosen = self._conjugate()
        direction = chosen - self.flow
        if self.potential_slope(self.flow, direction) >= 0.0:
            chosen, self.known = self.target, []
            direction = chosen - self.flow
        step = self._step(direction)
        if step == 0.0:
            return False
        self.flow = np.maximum(self.flow + step * direction, 0.0)
        self.known = [] if step >= 1.0 else [chosen, *self.known][:2]
        self.last_step = step
        return True

    def _conjugate(self) -> Float64:
        """Return the mixture of the new target with the last two that is conjugate to the last two directions."""
        _, slope = self.times(self.problem.delays, self.volume(self.flow)[:-1] + self.problem.background)
        bend = np.minimum(slope, 1.0 / np.finfo(np.float64).eps)
        over = self.share[self.cells :] * self.problem.pairs.overflow_slope

        def product(one: Float64, other: Float64) -> float:
            """Return the second derivative of the function in two directions, up to a factor."""
            arcs = float((self.volume(one)[:-1] * bend) @ self.volume(other)[:-1])
            return arcs + float((one[self.cells :] * over) @ other[self.cells :])

        fresh = self.target - self.flow
        if not self.known:
            return self.target
        near = self.known[0] - self.flow
        if len(self.known) < 2:
            under = product(near, self.target - self.known[0])
            share = min(max(product(near, fresh) / under, 0.0), LONGEST_MEMORY) if under != 0.0 else 0.0
            return share * self.known[0] + (1.0 - share) * self.target
        step = self.last_step
        far = step * self.known[0] - self.flow + (1.0 - step) * self.known[1]
        apart, along = product(far, self.known[1] - self.known[0]), product(near, near)
        older = max(-product(far, fresh) / apart, 0.0) if apart != 0.0 else 0.0
        newer = -product(near, fresh) / along if along != 0.0 else 0.0
        newer = max(newer + older * step / (1.0 - step), 0.0)
        return (self.target + newer * self.known[0] + older * self.known[1]) / (1.0 + newer + older)

    def _step(self, direction: Float64) -> float:
        if self.potential_slope(self.flow + direction, direction) <= 0.0:
            return 1.0
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            if self.potential_slope(self.flow + middle * direction, direction) <= 0.0:
                low = middle
            else:
                high = middle
        return low

    def result(self, gap: float, reached: bool, iterations: int, seconds: float | None, asked: Any) -> Equilibrium:
        """Gather what the run leaves behind."""
        problem = self.problem
        demand = float(problem.pairs.amount.sum())
        volume = self.volume(self.flow)[:-1]
        time, slope = self.times(problem.delays, volume + problem.background)
        arc_flow = self.flow[: self.cells].reshape(len(problem.classes), problem.arc_count)
        unserved = self.flow[self.cells :]
        cost = plain_cost(problem, arc_flow, time, unserved)
        total, least = self.totals
        return Equilibrium(
            arc_flow=arc_flow,
            volume=volume,
            time=time,
            price=slope * self._money(self.flow) if self.social else np.zeros(len(volume)),
            unserved=unserved,
            relative_gap=gap,
            average_excess_cost=max(total - least, 0.0) / demand if demand else 0.0,
            objective=cost if self.social else potential(problem, arc_flow, volume, unserved),
            total_cost=cost,
            conservation_error=imbalance(problem, arc_flow, unserved) / demand if demand else 0.0,
            iterations=iterations,
            passes=0,
            limit_excess=0.0,
            reached=reached,
            seconds=seconds,
            parameters=asked,
            input_hash=problem.content_hash,
            paths=PathStore.empty(len(problem.pairs)),
        )


def _joined(columns: list[Float64]) -> Float64:
    return np.concatenate([np.empty(0), *columns])
