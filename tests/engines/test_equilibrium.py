"""User equilibrium and system optimum against published answers, a general optimiser and their own condition."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.flows.equilibrium import solve
from bridgehead.engines.flows.frank_wolfe import frank_wolfe
from bridgehead.engines.flows.problem import AssignmentProblem, Pairs, UserClass, problem_of
from bridgehead.engines.network.delays import DelayKind
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.assignments import SMOOTH, TNTP, assignment, bpr, constant, random_problem, row, tntp
from tests.engines.optimiser import ByPaths, gap_of, sound

ALL = tuple(DelayKind)
SEEDS = st.integers(0, 2**32 - 1)
few = settings(max_examples=6, deadline=None)
fewer = settings(max_examples=3, deadline=None)
shared = pytest.mark.skipif(not TNTP.is_dir(), reason="no ../shared/bench/tntp: academic networks are not shipped")


# --- Published answers ---


@shared
@pytest.mark.article(11)
@pytest.mark.parametrize("name", ["SiouxFalls", "Anaheim"])
def test_published_networks_to_ten_digits(name: str) -> None:
    with (TNTP / "TRUTH.csv").open() as stream:
        truth = {line["network"]: line for line in csv.DictReader(stream)}[name]
    network, trips, published = tntp(name)
    problem = problem_of(network, [trips])
    found = solve(problem, 1e-10)
    assert found.reached
    assert found.relative_gap <= 1e-10
    assert found.objective == pytest.approx(float(truth["beckmann_objective_of_published_flows"]), rel=1e-12)
    outside = gap_of(problem, found.arc_flow, found.time, found.price, found.unserved)
    assert outside == pytest.approx(found.relative_gap, abs=1e-13)
    delays = network.delays
    unique = (delays.column("b") > 0) & (delays.column("power") > 0) & (delays.column("free_flow_time") > 0)
    np.testing.assert_allclose(found.volume[unique], published[unique], rtol=1e-3)
    # one vehicle on an empty road of flat delay costs next to nothing: to the thousandth of a vehicle takes more digits
    finer = solve(problem, 1e-13)
    assert finer.reached
    assert np.abs(finer.volume - published)[unique].max() <= 1e-3
    assert found.conservation_error <= 1e-12
    assert len(problem.pairs) == int(truth["od_pairs_interzonal"])


@pytest.mark.article(11)
def test_braess() -> None:
    """Braess, D. (1968): a new road makes everybody slower, 83 before and 92 after it; the optimum does not use it."""
    steep, flat, new = (row(DelayKind.BPR, *values) for values in ((1e-9, 1.0, 1e10, 1.0), (50.0, 50.0, 1.0, 1.0),
                                                                   (10.0, 10.0, 1.0, 1.0)))  # fmt: skip
    old = [(0, 1, steep), (0, 2, flat), (1, 3, flat), (2, 3, steep)]
    pairs = Pairs.of([0], [3], [6.0])
    before = solve(assignment(old, pairs), 1e-12)
    after = solve(assignment([*old[:2], (1, 2, new), *old[2:]], pairs), 1e-12)
    assert before.total_cost / 6 == pytest.approx(83.0)
    assert after.total_cost / 6 == pytest.approx(92.0)
    np.testing.assert_allclose(after.volume, [4, 2, 2, 2, 4], atol=1e-6)
    best = solve(assignment([*old[:2], (1, 2, new), *old[2:]], pairs), 1e-12, system_optimum=True)
    assert best.total_cost / 6 == pytest.approx(83.0)


# --- Random networks against a general optimiser ---


def against(problem: AssignmentProblem, *, social: bool = False, volumes: bool = False) -> None:
    found = sound(problem, solve(problem, 1e-10, system_optimum=social))
    reference = ByPaths(problem, social)
    other = reference.solve()
    mine, size = reference.value_of(found), abs(other.objective) + 1e-12
    assert found.objective == pytest.approx(mine, rel=1e-6)
    assert mine <= other.objective + 1e-9 * size, "the optimiser found a better point"
    if volumes and other.objective - mine < 1e-11 * size:
        np.testing.assert_allclose(found.volume, other.volume, atol=0.02 * (1 + found.volume.max()))


@fewer
@given(SEEDS)
def test_equilibrium_is_the_least_of_beckmanns_function(seed: int) -> None:
    against(random_problem(seed), volumes=True)


@few
@given(SEEDS)
def test_so_it_is_with_delays_of_every_kind_and_corners(seed: int) -> None:
    against(random_problem(seed, kinds=ALL))


@fewer
@given(SEEDS)
def test_so_it_is_with_classes_background_and_elastic_demand(seed: int) -> None:
    against(random_problem(seed, classes=3, overflow=True, background=True))


@fewer
@given(SEEDS)
def test_system_optimum_is_the_least_total_cost(seed: int) -> None:
    against(random_problem(seed), social=True, volumes=True)


@fewer
@given(SEEDS)
def test_so_it_is_with_background_and_elastic_demand(seed: int) -> None:
    against(random_problem(seed, overflow=True, background=True), social=True)


@few
@given(SEEDS, st.booleans())
def test_two_methods_agree(seed: int, social: bool) -> None:
    """Frank and Wolfe know arc flows only; classes of one weight and value of time keep the total cost convex."""
    problem = random_problem(seed, overflow=True, background=True, classes=1 if social else 3)
    found, other = (method(problem, 1e-7, system_optimum=social) for method in (solve, frank_wolfe))
    sound(problem, other, 1e-7)
    assert other.paths.path_count == 0
    assert found.objective == pytest.approx(other.objective, rel=2e-7)
    assert found.input_hash == other.input_hash


@few
@given(SEEDS)
def test_classes_that_see_different_times_meet_the_condition_though_no_function_exists(seed: int) -> None:
    problem = random_problem(seed, classes=2, overflow=True)
    random = np.random.default_rng(seed)
    one = problem.classes[1]
    unequal = replace(one, weight=one.weight * random.uniform(0.8, 1.2, problem.arc_count))
    changed = replace(problem, classes=(problem.classes[0], unequal))
    assert sound(changed, solve(changed, 1e-10)).objective is None
    with pytest.raises(BridgeheadError) as refused:
        frank_wolfe(changed)
    assert refused.value.code == "flows.no_potential"


@few
@given(SEEDS)
def test_system_optimum_never_costs_more_than_equilibrium(seed: int) -> None:
    problem = random_problem(seed, overflow=True, background=True)
    user, best = (solve(problem, 1e-9, system_optimum=social) for social in (False, True))
    assert best.total_cost <= user.total_cost * (1 + 1e-8)
    assert best.total_cost == pytest.approx(best.objective)


@few
@given(SEEDS)
def test_system_optimum_of_bpr_is_equilibrium_with_b_times_power_plus_one(seed: int) -> None:
    problem = random_problem(seed, kinds=[DelayKind.BPR])
    values = problem.delays.parameters.copy()
    values[:, 2] *= values[:, 3] + 1
    dearer = replace(problem, delays=replace(problem.delays, parameters=values))
    best, user = solve(problem, 1e-11, system_optimum=True), solve(dearer, 1e-11)
    assert best.objective == pytest.approx(user.objective, rel=1e-9)
    np.testing.assert_allclose(best.volume, user.volume, atol=1e-2)


@few
@given(SEEDS)
def test_background_is_a_delay_that_begins_further_on(seed: int) -> None:
    """A BPR row of power one with background is one without, of longer free time."""
    problem = random_problem(seed, kinds=[DelayKind.BPR], background=True)
    values = problem.delays.parameters.copy()
    values[:, 3] = 1.0
    behind = replace(problem, delays=replace(problem.delays, parameters=values))
    shifted = values.copy()
    more = values[:, 2] * problem.background / values[:, 1]
    shifted[:, 0] *= 1 + more
    shifted[:, 2] /= 1 + more
    ahead = replace(behind, delays=replace(problem.delays, parameters=shifted), background=0 * problem.background)
    one, two = solve(behind, 1e-11), solve(ahead, 1e-11)
    np.testing.assert_allclose(one.time, shifted[:, 0] * (1 + shifted[:, 2] * one.volume / values[:, 1]), rtol=1e-12)
    assert one.objective == pytest.approx(two.objective, rel=1e-9)
    np.testing.assert_allclose(one.volume, two.volume, atol=1e-3)


# --- Elastic demand ---


def test_elastic_demand_by_its_formula() -> None:
    """One road, time 1 + x: at overflow 5 + unsent, 1 + x = 5 + (20 - x), so 12 are sent and 8 are not."""
    problem = assignment([(0, 1, bpr(1.0, 1.0, 1.0, 1.0))], Pairs.of([0], [1], [20.0], 0, 5.0, 1.0))
    found = sound(problem, solve(problem, 1e-12))
    assert found.volume == pytest.approx([12.0])
    assert found.unserved == pytest.approx([8.0])
    assert found.total_cost == pytest.approx(12 * 13 + 8 * 5 + 8**2 / 2)
    assert found.objective == pytest.approx(12 + 12**2 / 2 + 8 * 5 + 8**2 / 2)
    best = solve(problem, 1e-12, system_optimum=True)  # 1 + 2x = 5 + (20 - x)
    assert best.volume == pytest.approx([8.0])
    assert best.price == pytest.approx([8.0]), "the toll is the delay caused to others"


def test_what_has_no_path_stays_and_is_counted() -> None:
    problem = assignment([(0, 1, constant(1.0))], Pairs.of([0, 0], [1, 2], [3.0, 4.0], 0, 10.0))
    found = sound(problem, solve(problem))
    np.testing.assert_array_equal(found.unserved, [0.0, 4.0])
    assert found.total_cost == pytest.approx(3 * 1 + 4 * 10)


# --- Zeros ---


def test_zeros_work() -> None:
    """Power zero, b zero, time zero, and a zero-cost circle."""
    arcs = [
        (0, 1, bpr(2.0, 0.0, 0.0, 4.0)),
        (0, 2, bpr(1.0, 5.0, 0.15, 0.0)),
        (1, 3, constant(0.0)),
        (2, 1, bpr(0.0, 0.0, 0.15, 4.0)),
        (2, 3, bpr(1.0, 5.0, 1.0, 0.5)),
        (3, 2, constant(0.0)),
    ]
    problem = assignment(arcs, Pairs.of([0, 2], [3, 1], [10.0, 3.0]))
    for social in (False, True):
        found = sound(problem, solve(problem, 1e-10, system_optimum=social))
        other = ByPaths(problem, social).solve()
        assert found.objective == pytest.approx(other.objective, rel=1e-7)


@pytest.mark.parametrize("gap", [0.0, -1e-6, math.nan, math.inf])
def test_a_gap_that_no_run_can_end_at_is_refused(gap: float) -> None:
    problem = assignment([(0, 1, constant(1.0))], Pairs.of([0], [1], [1.0]))
    with pytest.raises(BridgeheadError) as caught:
        solve(problem, gap)
    assert caught.value.code == "flows.bad_gap"


@pytest.mark.parametrize("seed", [79, 114, 116, 137, 170])
def test_flow_that_comes_and_goes_does_not_leave_a_steep_delay_shut(seed: int) -> None:
    """Rounding may leave a volume below zero, where a power under one is infinitely steep: no step would leave it."""
    random = np.random.default_rng(seed)
    ends = [(a, b) for a in range(5) for b in range(5) if a != b]
    free, capacity, b = random.uniform(0.1, 5.0, 20), random.uniform(1.0, 50.0, 20), random.uniform(0.0, 2.0, 20)
    rows = [bpr(*one) for one in zip(free, capacity, b, random.choice([0.5, 4.0], 20), strict=True)]
    arcs = [(*way, one) for way, one in zip(ends, rows, strict=True)]
    origin, destination = random.integers(0, 5, (2, 12))
    problem = assignment(arcs, Pairs.of(origin, destination, random.uniform(0.1, 90.0, 12), 0, 80.0, 1.0))
    sound(problem, solve(problem, 1e-9))


@few
@given(st.floats(0.2, 0.9), st.floats(0.1, 3.0), st.floats(1.0, 30.0))
def test_a_power_below_one_rises_without_bound_at_no_volume(power: float, free: float, demand: float) -> None:
    arcs = [(0, 1, bpr(1.0, 5.0, 1.0, power)), (0, 1, bpr(free, 5.0, 2.0, power))]
    problem = assignment(arcs, Pairs.of([0], [1], [demand]))
    for social in (False, True):
        sound(problem, solve(problem, 1e-10, system_optimum=social))


def test_a_delay_that_is_flat_then_steep_then_flat_does_not_make_flows_swing() -> None:
    """Newton's step from either flat side goes past the steep middle, where the times are equal."""
    stairs = row(DelayKind.PIECEWISE, 1.0, 1.0, points=[(0.0, 1.0), (9.9, 1.001), (10.1, 9.0), (30.0, 9.001)])
    problem = assignment([(0, 1, stairs), (0, 1, constant(5.0))], Pairs.of([0], [1], [20.0]))
    found = sound(problem, solve(problem, 1e-11))
    assert found.time[0] == pytest.approx(5.0)
    assert 9.9 < found.volume[0] < 10.1


def test_a_toll_fits_where_the_optimum_lies_at_a_corner() -> None:
    """Up to 10 the road costs 1, beyond it more: 10 go, and the toll is what the way around costs more."""
    bent = row(DelayKind.PIECEWISE, 1.0, 1.0, points=[(0.0, 1.0), (10.0, 1.0), (20.0, 11.0)])
    problem = assignment([(0, 1, bent), (0, 1, constant(5.0))], Pairs.of([0], [1], [20.0]))
    found = sound(problem, solve(problem, 1e-10, system_optimum=True))
    assert found.volume == pytest.approx([10.0, 10.0], rel=1e-4)
    assert found.price[0] == pytest.approx(4.0, rel=1e-3)
    assert found.total_cost == pytest.approx(60.0, rel=1e-4)


def test_nothing_to_move() -> None:
    arcs = [(0, 1, bpr(1.0, 5.0))]
    for pairs in (Pairs.of([], [], []), Pairs.of([0], [1], [0.0]), Pairs.of([1], [1], [5.0])):
        found = solve(assignment(arcs, pairs))
        assert found.reached
        assert (found.relative_gap, found.total_cost, found.objective) == (0.0, 0.0, 0.0)
        np.testing.assert_array_equal(found.arc_flow, np.zeros((1, 1)))
    empty = solve(assignment([], Pairs.of([], [], [])))
    assert empty.reached
    assert frank_wolfe(assignment(arcs, Pairs.of([], [], []))).reached


def test_one_pair_on_one_road() -> None:
    problem = assignment([(0, 1, bpr(10.0, 100.0))], Pairs.of([0], [1], [150.0]))
    found = sound(problem, solve(problem))
    assert found.time == pytest.approx([10 * (1 + 0.15 * 1.5**4)])
    assert found.paths.path(0).tolist() == [0]


def test_nodes_that_are_not_for_passing_are_not_passed() -> None:
    arcs = [(0, 1, constant(1.0)), (0, 2, constant(5.0)), (1, 2, constant(1.0))]
    problem = assignment(arcs, Pairs.of([0, 0], [1, 2], [1.0, 1.0]))
    closed = replace(problem, no_through=np.array([False, True, False]))
    assert solve(problem).volume.tolist() == [2.0, 0.0, 1.0]
    assert solve(closed).volume.tolist() == [1.0, 1.0, 0.0]


def test_a_resource_of_several_arcs_counts_all_of_them_and_weights() -> None:
    """Two arcs over one bridge; a lorry counts as three cars."""
    arcs = [(0, 1, bpr(1.0, 1.0, 1.0, 1.0)), (0, 1, constant(100.0)), (1, 0, constant(1.0))]
    closed = np.array([0.0, np.inf, 0.0])
    users = [UserClass(name, closed, np.full(3, w), np.ones(3)) for name, w in (("cars", 1.0), ("lorries", 3.0))]
    problem = assignment(arcs, Pairs.of([0, 1], [1, 0], [4.0, 2.0], [0, 1]), classes=users)
    joint = replace(problem, resource=np.array([0, 3, 0], dtype=np.int32))
    found = solve(joint)
    assert found.volume[0] == pytest.approx(10.0)
    assert found.time[0] == pytest.approx(11.0)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(SEEDS, st.sampled_from([SMOOTH, ALL]), st.integers(1, 3), st.booleans(), st.booleans())
def test_many_networks(seed: int, kinds: Any, classes: int, overflow: bool, background: bool) -> None:
    problem = random_problem(seed, kinds=kinds, classes=classes, overflow=overflow, background=background)
    sound(problem, solve(problem, 1e-9))
    smooth = random_problem(seed, classes=1, overflow=overflow, background=background)
    sound(smooth, solve(smooth, 1e-9, system_optimum=True))


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(SEEDS, st.booleans())
def test_more_networks_against_the_optimiser(seed: int, social: bool) -> None:
    against(random_problem(seed, overflow=True, background=True, classes=1 if social else 3), social=social)
