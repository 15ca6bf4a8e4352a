"""Sums over the flows of an assignment: total cost, the function an equilibrium minimises, and imbalance."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.problem import AssignmentProblem

Float64 = npt.NDArray[np.float64]


def plain_cost(problem: AssignmentProblem, arc_flow: Float64, time: Float64, unserved: Float64) -> float:
    """Return the cost of all flow without prices, overflow included.

    `arc_flow` (float64, classes x arcs), `time` (float64, resources), `unserved` (float64, pairs).
    """
    times = np.append(time, 0.0)[problem.resource]
    parts = [
        float(
            np.where(flow > 0.0, flow * (np.where(flow > 0.0, one.fixed, 0.0) + one.value_of_time * times), 0.0).sum()
        )
        for one, flow in zip(problem.classes, arc_flow, strict=True)
    ]
    return math.fsum([*parts, *_overflow_area(problem, unserved).tolist()])


def potential(problem: AssignmentProblem, arc_flow: Float64, volume: Float64, unserved: Float64) -> float | None:
    """Return what a user equilibrium minimises, or None where there is no such function.

    Source: Beckmann, M., McGuire, C. B. and Winsten, C. B. (1956), Studies in the economics of transportation; for
    several classes Dafermos, S. C. (1972), The traffic assignment problem for multiclass-user transportation networks,
    Transportation Science 6(1), 73-87. `volume` (float64, resources) is the weighted flow, background left out.
    """
    if not problem.integrable:
        return None
    from bridgehead.engines.flows.delay_kernels import integrals  # compiled; whoever reads results does without

    behind = problem.background
    area = integrals(problem.delays, volume + behind)
    parts = (area - integrals(problem.delays, behind) if behind.any() else area).tolist()
    scale = np.array([float(one.scale or 0.0) for one in problem.classes])
    for one, flow, factor in zip(problem.classes, arc_flow, scale.tolist(), strict=True):
        parts.append(factor * float(np.where(flow > 0.0, flow * np.where(flow > 0.0, one.fixed, 0.0), 0.0).sum()))
    parts += (scale[problem.pairs.group] * _overflow_area(problem, unserved)).tolist()
    return math.fsum(parts)


def imbalance(problem: AssignmentProblem, arc_flow: Float64, unserved: Float64) -> float:
    """Return the largest difference of what comes and what goes at any node for any class."""
    nodes, pairs, worst = problem.node_count, problem.pairs, 0.0
    for group, flow in enumerate(arc_flow):
        mine = pairs.group == group
        sent = pairs.amount[mine] - unserved[mine]
        balance = np.bincount(problem.head, flow, nodes) - np.bincount(problem.tail, flow, nodes)
        balance = (
            balance + np.bincount(pairs.origin[mine], sent, nodes) - np.bincount(pairs.destination[mine], sent, nodes)
        )
        worst = float(np.maximum(worst, np.abs(balance).max(initial=0.0)))
    return worst


def _overflow_area(problem: AssignmentProblem, unserved: Float64) -> Float64:
    pairs, sent = problem.pairs, unserved > 0.0
    area = np.zeros(len(pairs))
    area[sent] = pairs.overflow[sent] * unserved[sent] + 0.5 * pairs.overflow_slope[sent] * unserved[sent] ** 2
    return area
