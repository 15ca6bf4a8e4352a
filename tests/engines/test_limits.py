"""Hard limits of an assignment: kept, with the dual of an independent solver as their price; and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from bridgehead.engines.flows.class_file import ClassRow
from bridgehead.engines.flows.equilibrium import LIMIT_TOLERANCE, Equilibrium, solve
from bridgehead.engines.flows.frank_wolfe import frank_wolfe
from bridgehead.engines.flows.path_store import PathStore
from bridgehead.engines.flows.problem import AssignmentProblem, Pairs, UserClass, problem_of
from bridgehead.engines.network.delays import DelayKind, DelayTable
from bridgehead.engines.network.directed import DirectedNetwork, Trips
from bridgehead.kernel.errors import BridgeheadError, sentence
from tests.engines.assignments import assignment, bpr, constant, random_problem
from tests.engines.optimiser import ByPaths, gap_of

SEEDS = st.integers(0, 2**32 - 1)
few = settings(max_examples=5, deadline=None)


def kept(problem: AssignmentProblem, found: Equilibrium, gap: float = 1e-8) -> None:
    """Hold limits, prices and the condition of equilibrium against the result."""
    assert found.reached
    assert found.relative_gap <= gap
    assert found.limit_excess <= LIMIT_TOLERANCE
    tight = np.flatnonzero(np.isfinite(problem.limit))
    whole = (found.volume + problem.background)[tight]
    assert (whole <= problem.limit[tight] * (1 + 1e-6)).all()
    outside = gap_of(problem, found.arc_flow, found.time, found.price, found.unserved)
    assert outside == pytest.approx(found.relative_gap, abs=1e-12)
    assert found.conservation_error <= 1e-12


# --- Prices ---


@pytest.mark.article(11)
def test_the_price_of_a_port_is_what_the_way_around_costs_more() -> None:
    """Ten units, six of them over the cheap port of cost 3; the others go around for 5, so the port is worth 2."""
    arcs = [(0, 1, constant(3.0)), (0, 1, constant(5.0))]
    problem = assignment(arcs, Pairs.of([0], [1], [10.0]), limit={0: 6.0})
    found = solve(problem, 1e-9)
    kept(problem, found)
    assert found.volume == pytest.approx([6.0, 4.0], rel=1e-5)
    assert found.price == pytest.approx([2.0, 0.0], rel=1e-5)
    assert found.total_cost == pytest.approx(6 * 3 + 4 * 5, rel=1e-5), "prices are not part of the cost"


@few
@given(SEEDS)
def test_prices_are_the_duals_of_the_linear_program(seed: int) -> None:
    problem = random_problem(seed, kinds=[DelayKind.CONSTANT], limits=3, overflow=True)
    problem = replace(problem, pairs=replace(problem.pairs, overflow_slope=0.0 * problem.pairs.amount))
    found = solve(problem, 1e-9)
    kept(problem, found)
    paths, tight = ByPaths(problem), np.isfinite(problem.limit)
    cost = paths.by_row.T @ problem.delays.parameters[:, 0] + paths.fixed + paths.level
    exact = linprog(cost, A_ub=paths.by_row[tight], b_ub=problem.limit[tight], A_eq=paths.served,
                    b_eq=problem.pairs.amount)  # fmt: skip
    assert found.objective == pytest.approx(exact.fun, rel=1e-5)
    # Duals may not be the only ones; by duality those of the result must give the same bound as those of the program.
    priced = cost + paths.by_row[tight].T @ found.price[tight]
    least = [priced[paths.pair == i].min() for i in range(len(problem.pairs))]
    bound = float(problem.pairs.amount @ least - found.price[tight] @ problem.limit[tight])
    assert bound == pytest.approx(exact.fun, rel=1e-5)


@few
@given(SEEDS, st.integers(1, 5))
def test_limited_equilibrium_is_the_least_of_beckmanns_function(seed: int, limits: int) -> None:
    problem = random_problem(seed, kinds=[DelayKind.BPR], limits=limits, overflow=True, background=True)
    found = solve(problem, 1e-7)
    kept(problem, found, 1e-7)
    reference = ByPaths(problem)
    other = reference.solve()
    assert reference.value_of(found) <= other.objective * (1 + 3e-7)
    assert found.objective == pytest.approx(other.objective, rel=1e-4)
    # what is bound below by the prices (Lagrange's dual) is met: neither can be improved
    tight = np.isfinite(problem.limit)
    room = (problem.limit - problem.background)[tight]
    assert float(found.price[tight] @ (room - found.volume[tight])) == pytest.approx(0.0, abs=1e-4 * found.total_cost)


@few
@given(SEEDS)
def test_limited_system_optimum(seed: int) -> None:
    problem = random_problem(seed, kinds=[DelayKind.BPR, DelayKind.CONSTANT], limits=3, overflow=True)
    found = solve(problem, 1e-6, system_optimum=True)
    kept(problem, found, 1e-6)
    reference = ByPaths(problem, system_optimum=True)
    assert reference.value_of(found) <= reference.solve().objective * (1 + 2e-6)


@few
@given(SEEDS)
def test_limits_with_several_classes_and_corners(seed: int) -> None:
    kinds = tuple(DelayKind)
    problem = random_problem(seed, kinds=kinds, limits=4, overflow=True, classes=2, background=True)
    found = solve(problem, 1e-6)
    kept(problem, found, 1e-6)
    hours = {one.value_of_time[0] for one in problem.classes}
    assert (found.objective is None) == (len(hours) > 1 and bool(found.price.any()))


@few
@given(SEEDS)
def test_a_limit_that_nobody_reaches_changes_nothing(seed: int) -> None:
    problem = random_problem(seed)
    wide = replace(problem, limit=np.full(len(problem.delays), 1e6))
    one, two = solve(problem, 1e-10), solve(wide, 1e-10)
    assert two.objective == pytest.approx(one.objective, rel=1e-9)
    assert not two.price.any()


@settings(max_examples=8, deadline=None)
@given(SEEDS, st.integers(1, 4))
def test_a_run_reaches_its_limits_if_and_only_if_the_demand_fits(seed: int, limits: int) -> None:
    """Without overflow the demand may not fit; a linear program says when, and then the run says so."""
    problem = random_problem(seed, kinds=[DelayKind.BPR, DelayKind.CONSTANT], limits=limits)
    paths, tight = ByPaths(problem), np.isfinite(problem.limit)
    fits = linprog(np.zeros(len(paths.paths)), A_ub=paths.by_row[tight], b_ub=problem.limit[tight] * (1 - 1e-7),
                   A_eq=paths.served, b_eq=problem.pairs.amount).status == 0  # fmt: skip
    found = solve(problem, 1e-6)
    assert found.reached == fits
    assert (found.limit_excess <= LIMIT_TOLERANCE) == fits
    assert found.conservation_error <= 1e-12


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(SEEDS, st.integers(1, 8), st.booleans())
def test_many_limited_networks(seed: int, limits: int, social: bool) -> None:
    kinds = [DelayKind.BPR, DelayKind.CONSTANT, DelayKind.PORT_QUEUE, DelayKind.CONICAL]
    problem = random_problem(seed, kinds=kinds, limits=limits, overflow=True, background=True)
    kept(problem, solve(problem, 1e-6, system_optimum=social), 1e-6)


# --- Refusals ---


def codes(act: Callable[[], object]) -> list[str]:
    with pytest.raises(BridgeheadError) as refused:
        act()
    for fault in refused.value.faults:
        for language in ("zh", "en"):
            text = sentence(fault, language)
            assert "{" not in text.message + text.cure, (fault, text)
    return [fault.code for fault in refused.value.faults]


def plain(pairs: Pairs | None = None) -> AssignmentProblem:
    arcs = [(0, 1, bpr(1.0, 5.0)), (1, 2, bpr(1.0, 5.0)), (2, 0, constant(1.0))]
    return assignment(arcs, pairs or Pairs.of([0, 1], [2, 0], [3.0, 4.0]))


def test_every_fault_is_told_at_once() -> None:
    good = plain()
    values = good.delays.parameters.copy()
    values[1, 1] = 0.0
    one = UserClass("lorries", np.array([0.0, -1.0, np.nan]), np.ones(3), np.array([1.0, np.inf, 1.0]))
    bad = replace(
        good,
        delays=replace(good.delays, parameters=values),
        classes=(one,),
        pairs=replace(good.pairs, amount=np.array([-3.0, 4.0]), destination=np.array([2, 9], dtype=np.int32)),
        limit=np.array([0.0, np.nan, np.inf]),
        background=np.array([0.0, 0.0, -1.0]),
        node_labels=("乌兰察布", "二连浩特", "扎门乌德"),
        resource_labels=("road", "gate", "rail"),
    )
    for method in (solve, frank_wolfe):
        told = codes(lambda method=method: method(bad))
        assert told == ["delays.bad_row", "flows.bad_cost", "flows.bad_demand", "flows.bad_limit"]
    with pytest.raises(BridgeheadError) as refused:
        bad.check()
    said = {fault.code: sentence(fault, "en").message for fault in refused.value.faults}
    assert "“gate” (bpr)" in said["delays.bad_row"]
    assert "“lorries”" in said["flows.bad_cost"]
    assert "二连浩特→扎门乌德, 扎门乌德→乌兰察布" in said["flows.bad_cost"]
    assert "(2 in all): 乌兰察布→扎门乌德, 二连浩特→9" in said["flows.bad_demand"]
    assert said["flows.bad_limit"].endswith("road, gate, rail.")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": np.array([math.nan, 1.0])},
        {"amount": np.array([math.inf, 1.0])},
        {"overflow": np.array([-1.0, 1.0])},
        {"overflow": np.array([math.nan, 1.0])},
        {"overflow_slope": np.array([-1.0, 1.0])},
        {"overflow_slope": np.array([math.inf, 1.0])},
        {"origin": np.array([-1, 1], dtype=np.int32)},
        {"group": np.array([0, 1], dtype=np.int32)},
    ],
)
def test_bad_demand(change: dict[str, object]) -> None:
    problem = plain()
    assert codes(lambda: solve(replace(problem, pairs=replace(problem.pairs, **change)))) == ["flows.bad_demand"]


def test_background_beyond_the_limit_leaves_no_room() -> None:
    problem = replace(plain(), limit=np.array([5.0, 5.0, np.inf]), background=np.array([6.0, 5.0, 0.0]))
    assert codes(lambda: solve(problem)) == ["flows.bad_limit"]


def test_a_negative_amount_does_not_hide_behind_another() -> None:
    pairs = Pairs.of([0, 0, 1], [2, 2, 0], [-3.0, 5.0, 1.0])
    assert codes(lambda: solve(plain(pairs))) == ["flows.bad_demand"]


def test_a_pair_that_nothing_joins_is_named_unless_it_may_stay() -> None:
    arcs = [(0, 1, constant(1.0)), (2, 0, constant(1.0))]
    labels = ("a", "b", "c")
    problem = replace(assignment(arcs, Pairs.of([0, 0, 2], [1, 2, 1], [1.0, 1.0, 1.0])), node_labels=labels)
    with pytest.raises(BridgeheadError) as refused:
        solve(problem)
    assert refused.value.code == "flows.disconnected"
    assert sentence(refused.value.faults[0], "en").message.endswith("(1 in all): a→c.")
    assert solve(replace(problem, pairs=replace(problem.pairs, overflow=np.full(3, 9.0)))).unserved.tolist() == [
        0,
        1,
        0,
    ]


def network(tail: list[int], head: list[int], zones: int) -> DirectedNetwork:
    nodes = tuple("xyz")
    return DirectedNetwork(
        nodes, np.zeros(3), np.zeros(3), np.arange(zones, dtype=np.int32), np.zeros(3, dtype=bool),
        tuple(f"l{i}" for i in range(len(tail))), np.array(tail, dtype=np.int32), np.array(head, dtype=np.int32),
        np.ones(len(tail)), np.ones(len(tail)), DelayTable.constant(np.arange(1.0, len(tail) + 1)),
    )  # fmt: skip


def test_a_problem_of_a_network_keeps_labels_and_refuses_zones_that_are_not_there() -> None:
    roads = network([1, 0, 0], [2, 1, 2], 2)
    trips = Trips(np.array([0, 0], dtype=np.int32), np.array([1, 0], dtype=np.int32), np.array([2.0, 7.0]))
    problem = problem_of(
        roads,
        [trips],
        toll_weight=2.0,
        distance_weight=0.5,
        classes=[ClassRow("all", pce=1.0, value_of_time=4.0, per_link=8.0)],
    )
    found = solve(problem)
    assert found.total_cost == pytest.approx(2 * (2 + 2.0 + 0.5 + 8 / 4)), "trips within a zone are left out"
    assert problem.resource.tolist() == [1, 2, 0]
    assert (problem.node_labels, problem.resource_labels) == (("x", "y", "z"), ("l0", "l1", "l2"))
    lost = [replace(trips, destination=np.array([2, -1], dtype=np.int32), name="coal"), trips,
            replace(trips, origin=np.array([0, 5], dtype=np.int32))]  # fmt: skip
    assert codes(lambda: problem_of(roads, lost)) == ["flows.unknown_zone", "flows.unknown_zone"]
    assert solve(problem_of(roads, [])).reached
    worthless = problem_of(roads, [trips], classes=[ClassRow("all", value_of_time=0.0, per_link=1.0)])
    assert codes(lambda: solve(worthless)) == ["flows.bad_cost"]
    assert codes(lambda: solve(problem_of(roads, [trips], toll_weight=-5.0))) == ["flows.bad_cost"]


def test_paths_of_another_problem_are_refused() -> None:
    problem = plain()
    start = solve(problem).paths
    assert start is not None
    fewer = plain(Pairs.of([0], [2], [3.0]))
    other_ends = plain(Pairs.of([0, 1], [1, 0], [3.0, 4.0]))
    other_roads = assignment([(0, 2, constant(1.0)), (1, 0, constant(1.0))], problem.pairs)
    astray = PathStore(start.pair_first, start.path_first, start.arcs + 7, start.flow)
    for one, begin in ((fewer, start), (other_ends, start), (other_roads, start), (problem, astray)):
        assert codes(lambda one=one, begin=begin: solve(one, start=begin)) == ["flows.other_problem"]
    assert solve(problem, start=start).reached


def test_methods_that_need_a_function_say_so() -> None:
    limited = replace(plain(), limit=np.full(3, 50.0))
    assert codes(lambda: frank_wolfe(limited)) == ["flows.no_potential"]
    users = [UserClass(str(i), np.zeros(3), np.full(3, i), np.ones(3)) for i in (1.0, 2.0)]
    mixed = replace(plain(), classes=tuple(users))
    assert frank_wolfe(mixed, 1e-6).reached
    assert codes(lambda: frank_wolfe(mixed, system_optimum=True)) == ["flows.no_potential"]
