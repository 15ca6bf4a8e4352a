"""The benchmark register: its subjects run in smoke size, and its generator makes what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.drivers import simulation
from benchmarks.drivers.aequilibrae_peer import Answer
from benchmarks.drivers.equilibrium import conservation_error, equilibrium, true_gap
from benchmarks.models import road_port
from benchmarks.models.assignment_city import MEAN_RATIO, assignment_city
from benchmarks.models.city import city
from benchmarks.models.rail import rail
from benchmarks.registry import subjects, table

from bridgehead.engines.flows.equilibrium import solve
from bridgehead.engines.network.delays import DelayTable


def test_the_generator_keeps_its_seed_and_its_shape():
    one, same, other = city(4_000), city(4_000), city(4_000, seed=2)
    assert np.array_equal(one.head, same.head)
    assert not np.array_equal(one.head, other.head)
    assert one.links == pytest.approx(4_000, rel=0.1)
    tails = np.repeat(np.arange(one.nodes), np.diff(one.first))
    both = set(zip(tails.tolist(), one.head.tolist(), strict=True))
    assert {(b, a) for a, b in both} == both
    assert (one.cost > 0).all()


def test_rail_like_networks_are_lines_between_the_junctions_of_a_city():
    net, base = rail(20_000), city(round(20_000 / 6))
    assert net.links == pytest.approx(20_000, rel=0.1)
    assert net.cost.sum() == pytest.approx(base.cost.sum())  # every link is cut, none is lost
    degree = np.bincount(np.diff(net.first))
    assert degree[2] > 0.8 * net.nodes
    assert np.array_equal(degree[3:], np.bincount(np.diff(base.first))[3:])
    tails = np.repeat(np.arange(net.nodes), np.diff(net.first))
    both = set(zip(tails.tolist(), net.head.tolist(), strict=True))
    assert {(b, a) for a, b in both} == both
    assert np.array_equal(rail(20_000).head, net.head)


def test_a_city_with_demand_follows_its_rule():
    case, problem = assignment_city(3_000), assignment_city(3_000).problem()
    network = case.network
    assert len(network.zones) == network.node_count // 7
    assert np.array_equal(np.flatnonzero(network.no_through), network.zones)
    length, capacity, b, power = network.delays.parameters[:, :4].T
    assert np.array_equal(length, network.length)
    assert 500.0 <= capacity.min() < capacity.max() <= 2_000.0
    assert set(b.tolist()) == {0.0, 0.15}
    assert np.mean(b == 0.0) == pytest.approx(0.05, abs=0.02)
    assert set(power.tolist()) == {4.0}
    free = solve(replace(problem, delays=DelayTable.constant(length)), 1e-12)
    assert (free.volume / capacity).mean() == pytest.approx(MEAN_RATIO)
    pairs = len(network.zones) * (len(network.zones) - 1)
    assert len(problem.pairs) == pairs
    assert problem.content_hash == assignment_city(3_000).problem().content_hash
    few = assignment_city(3_000, nearest=10).trips[0]
    assert np.bincount(few.origin).max() == 10


def test_flows_are_judged_by_other_code_than_the_solver_s():
    problem = assignment_city(400).problem()
    good, poor = solve(problem, 1e-8), solve(problem, 1.0, most_iterations=1)
    assert 0.0 <= true_gap(problem, good.arc_flow) <= 1e-8
    assert true_gap(problem, poor.arc_flow) == pytest.approx(poor.relative_gap)
    assert conservation_error(problem, good.arc_flow) < 1e-12
    torn = good.arc_flow.copy()
    torn[0, np.argmax(torn[0])] *= 0.9
    assert conservation_error(problem, torn) == pytest.approx(0.1 * good.arc_flow.max() / problem.pairs.amount.sum())


def test_a_peer_s_time_is_that_of_its_first_iteration_below_the_gap():
    answer = Answer(np.array([0.5, 1e-2, 2e-2, 1e-3]), np.arange(4.0), np.arange(4.0), np.empty((1, 0)))
    assert answer.first_below(1e-2) == 1
    assert answer.first_below(1e-3) == answer.first_below(1e-9) == 3


def test_without_the_peer_ours_is_measured_alone_and_that_is_said(capsys, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    rows = equilibrium(0)
    assert "AequilibraE is not installed here" in capsys.readouterr().out
    assert [row["wall ratio"] for row in rows] == ["-", "-"]
    assert all(float(row["ours s"]) > 0.0 for row in rows)


def test_the_road_port_keeps_its_arrivals_and_its_shape():
    given, same, other = road_port.arrivals(20), road_port.arrivals(20), road_port.arrivals(20, seed=2)
    assert np.array_equal(given.time_min, same.time_min)
    assert not np.array_equal(given.time_min, other.time_min)
    assert (np.diff(given.time_min) >= 0.0).all()
    assert given.of(0).size / 20 == pytest.approx(road_port.BOOKED_A_DAY, rel=0.05)
    assert given.of(1).size / 20 == pytest.approx(road_port.WALK_IN_A_DAY, rel=0.05)
    minute = given.of(0) % road_port.DAY_MIN
    assert np.mean((minute > road_port.OPENS_MIN) & (minute < road_port.CLOSES_MIN)) > 0.95
    model = road_port.replaying_port(given)
    assert [node.servers for node in model.nodes] == list(road_port.SERVERS)
    assert sum(len(source.arrivals.times_min) for source in model.sources) == given.time_min.size


def test_a_program_with_other_waits_is_refused():
    bounds = [(10.0, 12.0), (200.0, 210.0)]
    simulation.refuse_other_waits("peer", (11.0, 205.0), bounds)
    for waits in ((9.0, 205.0), (11.0, 211.0), (float("nan"), 205.0)):
        with pytest.raises(AssertionError, match="peer: "):
            simulation.refuse_other_waits("peer", waits, bounds)


def test_erlang_s_wait_is_that_of_tables():
    """One server: rho / (1 - rho) services; two at rho = 1/2: a third of a service."""
    assert simulation.erlang_wait(1, 5.0, 10.0) == pytest.approx(5.0)
    assert simulation.erlang_wait(2, 3.0, 3.0) == pytest.approx(1.0)
    assert simulation.erlang_wait(3, 5.0, 2.0) == pytest.approx(7.02247191)


@pytest.mark.slow
@pytest.mark.parametrize("subject", [s for s in subjects() if s.name != "kernel-start"], ids=lambda s: s.name)
def test_every_subject_runs_in_smoke_size(subject):
    rows = subject.rows(smoke=True)
    # The published networks and the railways of the world are not part of the repository.
    assert rows or not subject.smoke or subject.name == "known-answers"
    assert len(table(rows).splitlines()) == (len(rows) + 2 if rows else 1)
    for row in rows:
        assert all(value > 0 for value in row.values() if isinstance(value, float))


def test_scipy_is_measured_in_its_fastest_form_too():
    """With all sources in one call scipy saves its overhead; a table without that column would flatter us."""
    for name in ("shortest-paths", "rail-paths"):
        subject = next(s for s in subjects() if s.name == name)
        (row,) = replace(subject, smoke=(400,)).rows(smoke=True)
        assert float(row["scipy batch ms"]) > 0


def test_full_sizes_reach_a_hundred_thousand_links():
    sizes = next(s.sizes for s in subjects() if s.name == "shortest-paths")
    assert max(sizes) >= 100_000
