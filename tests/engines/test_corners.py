"""System optima of piecewise delays: a toll at a corner may be anything between those of its two sides."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.engines.flows.equilibrium import Equilibrium, solve
from bridgehead.engines.flows.problem import AssignmentProblem, Pairs
from bridgehead.engines.network.delays import DelayKind
from tests.engines.assignments import SMOOTH, Row, assignment, random_row, row
from tests.engines.optimiser import rows_of, sound


def town(seed: int, nodes: int, pairs: int, kinds: tuple[DelayKind, ...]) -> AssignmentProblem:
    """Return a ring of nodes with chords and elastic demand, more than its delays make worth sending."""
    random = np.random.default_rng(seed)
    ends = {(i, (i + 1) % nodes) for i in range(nodes)}
    while len(ends) < 3 * nodes:
        i, j = random.integers(0, nodes, 2).tolist()
        if i != j:
            ends.add((i, j))
    arcs = [(i, j, random_row(random, kinds, convex=True)) for i, j in sorted(ends)]
    origin = random.integers(0, nodes, pairs)
    destination = (origin + random.integers(1, nodes, pairs)) % nodes
    most = random.uniform(20.0, 90.0, pairs)
    return assignment(arcs, Pairs.of(origin, destination, random.uniform(1.0, 15.0, pairs), 0, most, 0.3))


def slopes(one: Row, volume: float) -> tuple[float, float]:
    """Return the slopes of a piecewise time on both sides of a volume, corners taken as wide as is allowed."""
    (free, capacity), points = one[1], np.array(one[2])
    rises = np.diff(points[:, 1]) / np.diff(points[:, 0]) * free / capacity
    corners, slack = points[1:-1, 0] * capacity, 2e-6 * max(volume, 1e-9)
    left, right = (int(np.searchsorted(corners, volume + sign * slack)) for sign in (-1.0, 1.0))
    return float(rises[left]), float(rises[right])


def certified(problem: AssignmentProblem, found: Equilibrium) -> int:
    """Hold tolls against the slopes of both sides, which with the equilibrium at these tolls proves the least cost.

    Returns how many volumes rest at a corner.
    """
    resting = 0
    for i, one in enumerate(rows_of(problem.delays)):
        if one[0] is DelayKind.PIECEWISE and found.volume[i] > 0.0:
            volume, (left, right) = float(found.volume[i]), slopes(one, float(found.volume[i]))
            assert left * volume * (1 - 1e-5) <= found.price[i] <= right * volume * (1 + 1e-5)
            resting += left < right
    return resting


def test_two_ways_share_at_the_corner_of_one() -> None:
    """At 5 the marginal cost of the first jumps from 2 to 4; the second costs 2.8 always."""
    bent = row(DelayKind.PIECEWISE, 1.0, 10.0, points=[(0.0, 1.0), (0.5, 1.5), (1.0, 4.0)])
    flat = row(DelayKind.CONSTANT, 2.8)
    problem = assignment([(0, 1, bent), (0, 1, flat)], Pairs.of([0], [1], [8.0]))
    found = sound(problem, solve(problem, 1e-10, system_optimum=True))
    assert found.volume == pytest.approx([5.0, 3.0], abs=1e-5)
    assert found.price[0] == pytest.approx(2.8 - 1.5, abs=1e-5)
    assert certified(problem, found) == 1


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("kinds", [(DelayKind.PIECEWISE,), (DelayKind.PIECEWISE, *SMOOTH)])
def test_the_optimum_proves_itself_by_its_tolls(seed: int, kinds: tuple[DelayKind, ...]) -> None:
    problem = town(seed, 8, 10, kinds)
    found = sound(problem, solve(problem, 1e-7, system_optimum=True), 1e-7)
    certified(problem, found)
    alone = solve(problem, 1e-7)
    assert found.total_cost <= alone.total_cost * (1 + 1e-7)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 5, 8])
def test_a_town_full_of_corners_settles(seed: int) -> None:
    problem = town(seed, 12, 20, (DelayKind.PIECEWISE,))
    found = sound(problem, solve(problem, 1e-6, system_optimum=True), 1e-6)
    assert certified(problem, found) > 0
