"""Choice by a logit under congestion, held against its formula from outside, and the region by each rule of choice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bridgehead.engines.flows.equilibrium import solve
from bridgehead.engines.flows.freight_flows import equilibrate
from bridgehead.engines.flows.path_store import PathStore
from bridgehead.engines.flows.problem import AssignmentProblem, Pairs
from bridgehead.engines.flows.stochastic import solve_stochastic
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.assignments import Float64, assignment, constant, random_problem
from tests.engines.optimiser import every_path
from tests.engines.test_scenario_runs import TABLES


def all_ways(problem: AssignmentProblem) -> PathStore:
    """Return a store of every path of every pair, as nobody has chosen yet."""
    pairs, ways = problem.pairs, []
    for i in range(len(pairs)):
        ends = int(pairs.origin[i]), int(pairs.destination[i]), int(pairs.group[i])
        ways.append([arcs[::-1] for arcs in every_path(problem, *ends)])
    lengths = [len(arcs) for own in ways for arcs in own]
    return PathStore(
        np.concatenate(([0], np.cumsum([len(own) for own in ways]))).astype(np.int64),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        np.array([arc for own in ways for arcs in own for arc in arcs], dtype=np.int32),
        np.zeros(len(lengths)),
    )


def shares(problem: AssignmentProblem, paths: PathStore, time: Float64, spread: Float64, size: Float64) -> Float64:
    """Return the share of every path by the formula, at given times."""
    found = np.zeros(paths.path_count)
    for i, one in enumerate(problem.pairs.group.tolist()):
        user, own = problem.classes[one], range(int(paths.pair_first[i]), int(paths.pair_first[i + 1]))
        arcs = user.fixed + user.value_of_time * time[problem.resource]
        cost = np.array([arcs[paths.path(path)].sum() for path in own]) - spread[i] * np.log(size[own.start : own.stop])
        odds = np.exp((cost.min() - cost) / spread[i])
        found[own.start : own.stop] = odds / odds.sum()
    return found


@given(st.integers(0, 10**6), st.floats(0.2, 5.0))
@example(12165, 0.5)
@settings(max_examples=15, deadline=None)
def test_every_path_has_the_share_that_its_own_cost_gives_it(seed: int, width: float) -> None:
    problem = random_problem(seed, classes=2)
    paths = all_ways(problem)
    spread = np.full(len(problem.pairs), width)
    size = np.random.default_rng(seed).uniform(0.3, 1.0, paths.path_count)
    # Around the kink of a delay the last digits go round: 2 of 500 such problems stay between 1e-12 and 1e-9.
    found = solve_stochastic(problem, paths, spread, 1e-9, size=size)
    assert found.reached
    wanted = shares(problem, paths, found.time, spread, size) * problem.pairs.amount[paths.pair_of_path]
    assert found.paths.flow == pytest.approx(wanted, rel=1e-4, abs=1e-6 * float(problem.pairs.amount.max()))
    assert found.conservation_error <= 1e-12


@given(st.integers(0, 10**6))
@example(56825)  # a path that nobody takes at first and many do in the end
@settings(max_examples=10, deadline=None)
def test_a_narrow_spread_is_all_but_exact_equilibrium(seed: int) -> None:
    problem = random_problem(seed)
    exact = solve(problem, 1e-10)
    found = solve_stochastic(problem, all_ways(problem), np.full(len(problem.pairs), 1e-3), 1e-8)
    assert found.objective == pytest.approx(exact.objective, rel=2e-3)


def test_the_excess_is_of_perceived_cost_like_the_gap() -> None:
    problem = random_problem(7)
    found = solve_stochastic(problem, all_ways(problem), np.full(len(problem.pairs), 1.0), 1e-3)
    demand = float(problem.pairs.amount.sum())
    assert found.average_excess_cost == pytest.approx(found.relative_gap * found.total_cost / demand, rel=0.05)


def test_limits_are_refused_for_nothing_would_price_them() -> None:
    arcs = [(0, 1, constant(1.0)), (0, 1, constant(3.0))]
    problem = assignment(arcs, Pairs.of([0], [1], [12.0]), limit={0: 4.0})
    with pytest.raises(BridgeheadError) as caught:
        solve_stochastic(problem, all_ways(problem), np.ones(1), 1e-6)
    assert caught.value.code == "flows.no_potential"


@pytest.mark.article(13)
def test_least_cost_of_all_is_no_dearer_than_each_for_itself() -> None:
    """Crowded links: a planner who could send freight anywhere would pay less than those who choose alone."""
    demand = tuple(replace(one, tonnes=one.tonnes * 2) for one in TABLES.demand)
    tables = replace(TABLES, demand=demand)
    alone = equilibrate(tables, 2023, exact=True, gap=1e-9)
    together = equilibrate(tables, 2023, system_optimum=True, gap=1e-7)
    assert alone.flows.method == "user equilibrium"
    assert together.flows.method == "system optimum"
    assert together.quality.total_cost < alone.quality.total_cost
    chosen = equilibrate(tables, 2023)
    assert chosen.quality.iterations > 0
    assert chosen.quality.average_excess_cost < 1e-4
