"""An independent answer to small assignments: all paths counted up, a general optimiser, and the gap from outside."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from bridgehead.engines.flows.equilibrium import Equilibrium
from bridgehead.engines.flows.problem import AssignmentProblem
from bridgehead.engines.network.delays import PARAMETERS, DelayKind, DelayTable
from tests.engines.assignments import Row, area_to, row, time_at

Float64 = npt.NDArray[np.float64]


# --- The answer by a general optimiser ---


def rows_of(table: DelayTable) -> list[Row]:
    found = []
    for i in range(len(table)):
        kind = DelayKind(int(table.kind[i]))
        values = tuple(table.parameters[i, : len(PARAMETERS[kind])].tolist())
        found.append(row(kind, *values, points=[(x, y) for x, y in table.points_of(i).tolist()]))
    return found


def every_path(problem: AssignmentProblem, origin: int, destination: int, group: int) -> Iterator[list[int]]:
    """Yield every simple path as a list of arcs."""
    fixed = problem.classes[group].fixed

    def go(node: int, seen: frozenset[int], arcs: list[int]) -> Iterator[list[int]]:
        if node == destination:
            yield arcs
            return
        if arcs and problem.no_through[node]:
            return
        for arc in range(problem.first[node], problem.first[node + 1]):
            following = int(problem.head[arc])
            if following not in seen and np.isfinite(fixed[arc]):
                yield from go(following, seen | {following}, [*arcs, arc])

    yield from go(origin, frozenset({origin}), [])


@dataclass(frozen=True)
class Answer:
    """What the optimiser found: value of the function, volumes, and demand not sent."""

    objective: float
    volume: Float64
    unserved: Float64


class ByPaths:
    """An assignment written out in all its paths, as a function of their flows."""

    def __init__(self, problem: AssignmentProblem, system_optimum: bool = False) -> None:
        self.problem, self.social = problem, system_optimum
        self.rows = rows_of(problem.delays)
        pairs = problem.pairs
        self.paths: list[tuple[int, list[int]]] = []
        for i in range(len(pairs)):
            ends = int(pairs.origin[i]), int(pairs.destination[i]), int(pairs.group[i])
            self.paths += [(i, arcs) for arcs in every_path(problem, *ends)]
            self.paths += [(i, [])] if np.isfinite(pairs.overflow[i]) else []
        count, rows = len(self.paths), len(self.rows)
        self.by_row, self.money = np.zeros((rows, count)), np.zeros((rows, count))
        self.fixed, self.scale = np.zeros(count), np.ones(count)
        self.over = np.array([not arcs for _, arcs in self.paths])
        self.pair = np.array([pair for pair, _ in self.paths])
        for j, (pair, arcs) in enumerate(self.paths):
            one = problem.classes[int(pairs.group[pair])]
            self.scale[j] = 1.0 if system_optimum else float(one.scale or 1.0)
            self.fixed[j] = one.fixed[arcs].sum()
            for arc in arcs:
                self.by_row[problem.resource[arc], j] += one.weight[arc]
                self.money[problem.resource[arc], j] += one.value_of_time[arc]
        self.level = np.where(self.over, pairs.overflow[self.pair], 0.0)
        self.steep = np.where(self.over, pairs.overflow_slope[self.pair], 0.0)
        self.served = (self.pair[None, :] == np.arange(len(pairs))[:, None]).astype(float)

    def value(self, flow: Float64) -> float:
        """Return Beckmann's function, or the total cost for the system optimum."""
        flow = np.maximum(flow, 0.0)
        volume, behind = self.by_row @ flow, self.problem.background
        if self.social:
            times = [float(time_at(one, np.array(x))) for one, x in zip(self.rows, volume + behind, strict=True)]
            cost = float(np.array(times) @ (self.money @ flow))
        else:
            cost = math.fsum(
                area_to(one, x + y) - (area_to(one, y) if y else 0.0)
                for one, x, y in zip(self.rows, volume, behind, strict=True)
            )
        rest = self.scale * ((self.fixed + self.level) * flow + 0.5 * self.steep * flow**2)
        return cost + float(rest.sum())

    def value_of(self, found: Equilibrium) -> float:
        """Return the same for flows on arcs."""
        problem, behind, pairs = self.problem, self.problem.background, self.problem.pairs
        times = [float(time_at(one, np.array(x))) for one, x in zip(self.rows, found.volume + behind, strict=True)]
        total = 0.0
        for one, flow in zip(problem.classes, found.arc_flow, strict=True):
            scale = 1.0 if self.social else float(one.scale or 1.0)
            total += scale * float(one.fixed[flow > 0.0] @ flow[flow > 0.0])
            if self.social:
                total += float((one.value_of_time * np.append(times, 0.0)[problem.resource]) @ flow)
        if not self.social:
            ends = zip(self.rows, found.volume, behind, strict=True)
            total += math.fsum(area_to(one, x + y) - (area_to(one, y) if y else 0.0) for one, x, y in ends)
        scales = np.array([1.0 if self.social else float(one.scale or 1.0) for one in problem.classes])[pairs.group]
        lost = found.unserved > 0.0
        unsent = found.unserved[lost]
        rest = pairs.overflow[lost] * unsent + 0.5 * pairs.overflow_slope[lost] * unsent**2
        return total + float(scales[lost] @ rest)

    def slope(self, flow: Float64) -> Float64:
        """Return its gradient."""
        flow = np.maximum(flow, 0.0)
        volume = self.by_row @ flow + self.problem.background
        times = np.array([float(time_at(one, np.array(x))) for one, x in zip(self.rows, volume, strict=True)])
        rest = self.scale * (self.fixed + self.level + self.steep * flow)
        if not self.social:
            return self.by_row.T @ times + rest
        rises = np.array([_slope(one, x) for one, x in zip(self.rows, volume, strict=True)])
        return self.money.T @ times + self.by_row.T @ (rises * (self.money @ flow)) + rest

    def solve(self, start: Float64 | None = None) -> Answer:
        """Minimise with sequential quadratic programming, limits as inequalities."""
        problem, amount = self.problem, self.problem.pairs.amount
        size = self.served.sum(axis=1)
        begin = (amount / size)[self.pair] if start is None else start
        unit = max(abs(self.value(begin)), 1e-9)
        rules: list[dict[str, Any]] = [
            {"type": "eq", "fun": lambda f: self.served @ f - amount, "jac": lambda _: self.served}
        ]
        tight = np.flatnonzero(np.isfinite(problem.limit))
        if tight.size:
            room = (problem.limit - problem.background)[tight]
            rules.append({"type": "ineq", "fun": lambda f: room - self.by_row[tight] @ f,
                          "jac": lambda _: -self.by_row[tight]})  # fmt: skip
        found = minimize(
            lambda f: self.value(f) / unit, begin, jac=lambda f: self.slope(f) / unit, method="SLSQP",
            bounds=[(0.0, None)] * len(begin), constraints=rules, options={"ftol": 1e-14, "maxiter": 500},
        )  # fmt: skip
        flow = np.maximum(found.x, 0.0)
        flow *= (amount / (self.served @ flow))[self.pair]
        unserved = np.bincount(self.pair[self.over], flow[self.over], minlength=len(amount))
        return Answer(self.value(flow), self.by_row @ flow, unserved)


def _slope(one: Row, volume: float) -> float:
    step = 1e-6 * max(volume, 1e-3)
    low = max(volume - step, 0.0)
    high = volume + step
    return float((time_at(one, np.array(high)) - time_at(one, np.array(low))) / (high - low))


# --- The condition of equilibrium, looked at from outside ---


def gap_of(problem: AssignmentProblem, flow: Float64, time: Float64, price: Float64, unserved: Float64) -> float:
    """Return the relative gap of class flows at times and prices of the resources, with scipy's shortest paths."""
    total = least = 0.0
    pairs, nodes = problem.pairs, problem.node_count
    for group, one in enumerate(problem.classes):
        row_time, row_price = np.append(time, 0.0)[problem.resource], np.append(price, 0.0)[problem.resource]
        cost = one.fixed + one.value_of_time * row_time + one.weight * row_price
        used = flow[group] > 0.0
        total += float(cost[used] @ flow[group][used])
        mine = np.flatnonzero(pairs.group == group)
        reach = _distances(problem, np.where(np.isfinite(cost), cost, np.inf), nodes)
        for i in mine:
            top = pairs.overflow[i] + pairs.overflow_slope[i] * unserved[i]
            total += top * unserved[i] if unserved[i] else 0.0
            least += min(reach[pairs.origin[i], pairs.destination[i]], top) * pairs.amount[i]
    return (total - least) / total if total else 0.0


def _distances(problem: AssignmentProblem, cost: Float64, nodes: int) -> Float64:
    """Return the distances between all nodes; parallel arcs count by the cheaper, closed nodes only as ends."""
    found = np.full((nodes, nodes), np.inf)
    for origin in range(nodes):
        usable = np.isfinite(cost) & (~problem.no_through[problem.tail] | (problem.tail == origin))
        best: dict[tuple[int, int], float] = {}
        for arc in np.flatnonzero(usable):
            ends = int(problem.tail[arc]), int(problem.head[arc])
            best[ends] = min(best.get(ends, np.inf), max(float(cost[arc]), 1e-300))  # scipy takes zero for no arc
        if best:
            i, j = np.array(list(best)).T
            graph = csr_matrix((list(best.values()), (i, j)), shape=(nodes, nodes))
            found[origin] = dijkstra(graph, indices=origin)
        found[origin, origin] = 0.0
    return found


def sound(problem: AssignmentProblem, found: Equilibrium, gap: float = 1e-9) -> Equilibrium:
    """Hold a result against what every equilibrium is, looked at from outside."""
    assert found.reached
    assert found.relative_gap <= gap
    outside = gap_of(problem, found.arc_flow, found.time, found.price, found.unserved)
    assert outside == pytest.approx(found.relative_gap, abs=1e-12)
    assert (found.arc_flow >= 0.0).all()
    assert (found.unserved >= 0.0).all()
    assert found.conservation_error <= 1e-12
    return found
