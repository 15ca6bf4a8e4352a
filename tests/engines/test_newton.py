"""Newton steps over all pairs at once: what they keep, what they gain, and where they are not taken."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from benchmarks.models.assignment_city import assignment_city
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.flows.equilibrium import Run, solve
from bridgehead.engines.flows.path_store import PathStore
from bridgehead.engines.flows.problem import AssignmentProblem, UserClass, problem_of
from bridgehead.engines.flows.totals import potential
from bridgehead.engines.network.delays import PARAMETERS, DelayKind
from tests.engines.assignments import random_problem

SEEDS = st.integers(0, 2**32 - 1)
VALUES_OF_TIME = (0.1, 0.2, 0.3, 0.4, 0.5)


def crowded(links: int = 400) -> AssignmentProblem:
    """Return a city whose trips are five classes alike, but for what a kilometre costs them in time."""
    case = assignment_city(links)
    (trips,) = case.trips
    case = replace(case, trips=(replace(trips, amount=trips.amount / 5.0),) * 5)
    problem = case.problem()
    length = case.network.length[problem.resource]
    dear = 0.02 * problem.delays.parameters[:, 0].mean() * length / length.mean() / 3.0
    classes = zip(problem.classes, VALUES_OF_TIME, strict=True)
    return replace(problem, classes=tuple(replace(one, fixed=dear / worth) for one, worth in classes))


def begun(problem: AssignmentProblem, searches: int, *, social: bool = False) -> Run:
    """Return a run that goes on from the paths of a few searches."""
    begun = solve(problem, 1e-12, system_optimum=social, most_iterations=searches)
    return Run(problem, social, begun.paths.scaled(problem))


def step(run: Run) -> None:
    assert run.worth is not None
    run.newton(run.graph, run.prices, run.delays, run.load, run.demand, run.store, run.stamp, run.worth)


def beckmann(run: Run) -> float:
    run.reload()
    unserved = PathStore(*run.store).unserved(len(run.problem.pairs))
    found = potential(run.problem, run.arc_flow, run.load[0][:-1], unserved)
    assert found is not None
    return found


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(1, 3), st.booleans(), st.booleans(), st.integers(2, 5))
def test_a_step_keeps_the_demand_and_costs_no_more(
    seed: int, classes: int, overflow: bool, background: bool, searches: int
) -> None:
    problem = random_problem(seed, classes=classes, overflow=overflow, background=background)
    run = begun(problem, searches)
    before = beckmann(run)
    step(run)
    volume = run.load[0].copy()
    after = beckmann(run)
    flow, first = run.store[3], run.store[0]
    assert (flow >= 0.0).all()
    sent = np.array([flow[low:high].sum() for low, high in pairwise(first)])
    np.testing.assert_allclose(sent, problem.pairs.amount, rtol=1e-12)
    np.testing.assert_allclose(volume, run.load[0], rtol=1e-9, atol=1e-9)
    assert after <= before + 1e-9 * abs(before)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_near_the_optimum_a_step_gains_most_of_what_there_is_to_gain(seed: int) -> None:
    problem = random_problem(seed, kinds=(DelayKind.BPR, DelayKind.CONICAL), overflow=True)
    run = begun(problem, 500)
    least = beckmann(run)
    first, flow, random = run.store[0], run.store[3], np.random.default_rng(seed)
    for low, high in pairwise(first):
        used = np.flatnonzero(flow[low:high] > 0.1) + low
        if len(used) > 1:
            moved = 0.05 * random.random()
            flow[used[0]] -= moved
            flow[used[1]] += moved
    worse = beckmann(run)
    run.costs.refresh_all(run.delays, run.load)
    step(run)
    assert beckmann(run) - least <= 0.2 * (worse - least) + 1e-12 * least


def test_classes_that_wait_for_each_other_settle() -> None:
    """Without such steps the gap is still about 1e-5 after 500 searches."""
    problem = crowded()
    found = solve(problem, 1e-6, most_iterations=150)
    assert found.reached
    assert found.objective is not None
    finer = solve(problem, 1e-9, most_iterations=400)
    assert finer.reached
    assert finer.objective is not None
    assert finer.objective <= found.objective <= finer.objective + 1e-6 * found.total_cost


def test_no_step_is_taken_where_no_one_function_is_minimised() -> None:
    problem = random_problem(7, classes=2)
    one, other = problem.classes
    uneven = replace(other, weight=np.linspace(1.0, 2.0, problem.arc_count))
    weightless = UserClass("light", other.fixed, np.zeros(problem.arc_count), other.value_of_time)
    cap = np.full(len(problem.limit), 40.0)

    def worth(*classes: UserClass, limited: bool = False, social: bool = False) -> object:
        changed = replace(problem, classes=classes, limit=cap if limited else problem.limit)
        return Run(changed, social, PathStore.empty(len(changed.pairs))).worth

    assert worth(one, uneven) is None
    assert worth(one, weightless) is None
    assert worth(one, other, limited=True) is None, "they value the price of a limit differently"
    assert worth(one, other, social=True) is None
    alike = replace(one, name="alike")
    for found in (worth(one, alike, limited=True), worth(one, alike, social=True)):
        np.testing.assert_array_equal(found, [1.0, 1.0])
    np.testing.assert_allclose(worth(one, other), [1.0, other.value_of_time[0] / other.weight[0]])  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [303, 417, 1486, 1937, 2544, 2689])
def test_a_flow_that_only_begins_is_left_to_grow(seed: int) -> None:
    """A delay of a power under one is endlessly steep at no volume, and so what begins there is next to nothing."""
    problem = random_problem(seed, kinds=tuple(DelayKind), classes=1 + seed % 3, overflow=True)
    parameters, roads = problem.delays.parameters.copy(), problem.delays.kind == DelayKind.BPR
    power = PARAMETERS[DelayKind.BPR].index("power")
    parameters[roads, power] = np.random.default_rng(seed).choice([0.1, 0.3, 0.5, 0.9], roads.sum())
    found = solve(replace(problem, delays=replace(problem.delays, parameters=parameters)), 1e-8)
    assert found.reached


def test_stored_paths_of_nothing_begin_nothing() -> None:
    case = assignment_city(400)
    problem = problem_of(case.network, [])
    assert solve(problem, start=PathStore.empty(0)).reached
