"""How a run of an assignment goes: stopped, cancelled, repeated, begun from an earlier result; and its path store."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.flows.equilibrium import Equilibrium, solve
from bridgehead.engines.flows.frank_wolfe import frank_wolfe
from bridgehead.engines.network.delays import DelayKind
from tests.engines.assignments import TNTP, random_problem, tntp_problem
from tests.engines.optimiser import gap_of, sound

ALL = tuple(DelayKind)
SEEDS = st.integers(0, 2**32 - 1)
few = settings(max_examples=6, deadline=None)
fewer = settings(max_examples=4, deadline=None)
shared = pytest.mark.skipif(not TNTP.is_dir(), reason="no ../shared/bench/tntp: academic networks are not shipped")


# --- How a run goes ---


def test_a_run_that_is_stopped_says_so_and_gives_the_gap_it_has() -> None:
    problem = random_problem(16, classes=2)
    found = solve(problem, 1e-15, most_iterations=2)
    assert not found.reached
    assert found.iterations == 2
    outside = gap_of(problem, found.arc_flow, found.time, found.price, found.unserved)
    assert found.relative_gap == pytest.approx(outside, abs=1e-12)
    assert found.average_excess_cost >= 0.0
    assert found.conservation_error <= 1e-12


def test_a_gap_that_rounding_forbids_ends_the_run() -> None:
    found = solve(random_problem(16, classes=2), 1e-30)
    assert found.relative_gap < 1e-13
    assert found.iterations < 200


def test_progress_is_told_and_may_end_the_run() -> None:
    class Cancelled(Exception):  # noqa: N818 (as a caller would name it)
        pass

    told: list[tuple[int, float]] = []

    def tell(iteration: int, gap: float) -> None:
        told.append((iteration, gap))
        if iteration == 3:
            raise Cancelled

    for method in (solve, frank_wolfe):
        told.clear()
        with pytest.raises(Cancelled):
            method(random_problem(16, classes=2), 1e-15, progress=tell)
        assert [iteration for iteration, _ in told] == [1, 2, 3]


def test_the_same_input_gives_the_same_bytes() -> None:
    one, two = (solve(random_problem(5, classes=3, overflow=True), clock=iter((1.0, 3.5)).__next__) for _ in range(2))
    assert one.arc_flow.tobytes() == two.arc_flow.tobytes()
    assert one.paths.arcs.tobytes() == two.paths.arcs.tobytes()
    assert one.input_hash == two.input_hash == random_problem(5, classes=3, overflow=True).content_hash
    assert one.input_hash != random_problem(6, classes=3, overflow=True).content_hash
    assert one.seconds == 2.5
    assert dict(one.parameters) == {"gap": 1e-6, "system_optimum": False, "most_iterations": 500, "warm": False}


@few
@given(SEEDS)
def test_the_path_store_adds_up_to_the_flows(seed: int) -> None:
    problem = random_problem(seed, classes=2, overflow=True)
    found = solve(problem)
    store = found.paths
    assert store is not None
    flow = np.zeros_like(found.arc_flow)
    for path, pair in enumerate(store.pair_of_path.tolist()):
        arcs = store.path(path)
        np.add.at(flow[problem.pairs.group[pair]], arcs, store.flow[path])
        if len(arcs):
            assert problem.tail[arcs[0]] == problem.pairs.origin[pair]
            assert problem.head[arcs[-1]] == problem.pairs.destination[pair]
            assert (problem.head[arcs[:-1]] == problem.tail[arcs[1:]]).all()
    np.testing.assert_allclose(flow, found.arc_flow, atol=1e-9)
    sent = np.bincount(store.pair_of_path, store.flow, len(problem.pairs))
    np.testing.assert_allclose(sent, problem.pairs.amount)
    busiest = int(found.arc_flow.sum(axis=0).argmax())
    using = store.paths_over([busiest])
    assert store.flow[using].sum() == pytest.approx(found.arc_flow[:, busiest].sum())


# --- Warm start ---


@few
@given(SEEDS, st.floats(0.5, 1.5))
def test_a_warm_start_ends_where_a_cold_one_does(seed: int, factor: float) -> None:
    problem = random_problem(seed, classes=2, overflow=True)
    values = problem.delays.parameters.copy()
    values[0, 1] *= factor
    changed = replace(
        problem,
        delays=replace(problem.delays, parameters=values),
        pairs=replace(problem.pairs, amount=problem.pairs.amount * factor),
    )
    cold, warm = solve(changed, 1e-11), solve(changed, 1e-11, start=solve(problem, 1e-3).paths)
    sound(changed, warm)
    assert warm.parameters["warm"] is True
    assert warm.objective == pytest.approx(cold.objective, rel=1e-10)


@few
@given(SEEDS)
def test_a_warm_start_survives_closed_arcs_and_lost_or_new_overflow(seed: int) -> None:
    problem = random_problem(seed, overflow=True)
    start = solve(problem, 1e-8).paths
    busy = solve(problem).arc_flow[0].argsort()[-3:]
    fixed = problem.classes[0].fixed.copy()
    fixed[busy] = np.inf
    closed = replace(problem, classes=(replace(problem.classes[0], fixed=fixed),))
    rigid = replace(problem, pairs=replace(problem.pairs, overflow=np.full(len(problem.pairs), np.inf)))
    for changed, begin in ((closed, start), (rigid, start), (problem, solve(rigid).paths)):
        warm = sound(changed, solve(changed, 1e-10, start=begin))
        assert warm.objective == pytest.approx(solve(changed, 1e-10).objective, rel=1e-9)


@shared
@pytest.mark.article(11)
def test_a_warm_start_spares_most_of_the_work() -> None:
    """The claim in seconds belongs to the benchmarks; here searches and passes are counted."""
    problem = tntp_problem("Anaheim")
    cold_before = solve(problem, 1e-6)
    values = problem.delays.parameters.copy()
    values[int(cold_before.volume.argmax()), 1] *= 0.9
    changed = replace(problem, delays=replace(problem.delays, parameters=values))
    cold, warm = solve(changed, 1e-6), solve(changed, 1e-6, start=cold_before.paths)
    assert warm.reached
    assert warm.objective == pytest.approx(cold.objective, rel=2e-6)
    assert work(warm) <= 0.3 * work(cold)


def work(found: Equilibrium) -> int:
    return found.iterations + found.passes
