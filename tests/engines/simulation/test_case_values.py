"""What each figure of a case is over: its unit, node and class, and exact values of what can be read differently."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bridgehead.engines.simulation.case_format import read_cases_apart
from bridgehead.engines.simulation.metrics import MEASURES
from bridgehead.engines.simulation.verification import Checked, check
from tests.engines.simulation.test_case_forms import RING, TWO, exp, line, match, model, ring, source, station

PAIR = {"*": {"a": [["b", 1.0]]}}
EVERYTHING = {
    **line(PAIR),
    "nodes": [
        {
            **{"id": "a", "servers": 2, "service": {"*": exp(1)}, "patience": exp(5)},
            "breakdown": {"up": exp(50), "down": exp(2)},
        },
        {"id": "b", "servers": 1, "service": {"*": exp(1.2)}, "queue_capacity": 2, "on_full": "block_upstream"},
    ],
    "population": [],
}


def checked(told: dict[str, Any], *expect: dict[str, Any], horizon: float = 100_000, runs: int = 10) -> list[Checked]:
    run = {"warmup": horizon / 50, "horizon": horizon, "replications": runs}
    entries = [{"rel_tol": 0.03, "value": 1.0, **one} for one in expect]
    file = read_cases_apart({"cases": [{"id": "x", "model": told, "run": run, "expect": entries}]})
    return [one for case in file.entries for one in check(case)]


def met(told: dict[str, Any], *expect: dict[str, Any], **run: Any) -> None:
    for one in checked(told, *expect, **run):
        assert one.ok, (one.expected.metric, one.expected.value * one.scale, one.found.mean * one.scale, one.faults)


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_figure_is_in_the_unit_of_its_case(name):
    """The same numbers in minutes, hours, or days are the same system, and have the same answers in their units."""
    node = None if MEASURES[name].at_node is None else "a"
    asked = {"metric": name, "node": node, "q": 0.9}
    told = EVERYTHING
    if name == "cycle_time_mean":
        told = ring()
    found = {}
    for unit in ("min", "h", "d"):
        (one,) = checked({**told, "time_unit": unit}, asked, horizon=4000, runs=2)
        assert not one.faults
        assert one.expected.value * one.scale == pytest.approx(1.0)
        found[unit] = one.found.mean * one.scale
    near = 0.03 if "quantile" in name or "p95" in name else 1e-9
    assert found["h"] == pytest.approx(found["min"], rel=near)
    assert found["d"] == pytest.approx(found["min"], rel=near)


def test_the_time_at_a_node_is_waiting_service_and_blocking_there():
    sojourn, wait, service, blocked = (
        one.found.mean
        for one in checked(
            {**EVERYTHING, "nodes": [{**EVERYTHING["nodes"][0], "patience": None}, EVERYTHING["nodes"][1]]},
            *({"metric": f"{name}_mean", "node": "a"} for name in ("sojourn", "wait", "service", "blocked")),
        )
    )
    assert blocked > 0.05
    assert sojourn == pytest.approx(wait + service + blocked, rel=0.01)


def test_who_waits_outside_a_full_station_waits_for_it():
    """M/M/1 whose source is blocked is M/M/1, wherever the queue stands."""
    rho = 0.8
    wait = rho / (1 - rho)
    met(
        station(queue_capacity=1, on_full="block_upstream") | {"sources": source(interarrival=exp(1 / rho))["sources"]},
        {"metric": "wait_mean", "node": "a", "value": wait, "rel_tol": 0.05},
        {"metric": "queue_len_mean", "node": "a", "value": rho * wait, "rel_tol": 0.05},
        {"metric": "in_node_mean", "node": "a", "value": rho * wait + rho, "rel_tol": 0.05},
        {"metric": "wait_total_mean", "value": wait, "rel_tol": 0.05},
        {"metric": "sojourn_mean", "node": "a", "value": wait + 1, "rel_tol": 0.05},
        horizon=200_000,
    )


def impatient(rate: float, service: float, patience: float, servers: int) -> tuple[float, float, float]:
    """Return number in system, share that gives up, and mean number waiting of M/M/c with exponential patience."""
    weights = [1.0]
    for n in range(1, 400):
        weights.append(weights[-1] * rate / (min(n, servers) / service + max(0, n - servers) / patience))
    total = math.fsum(weights)
    waiting = math.fsum(w * max(0, n - servers) for n, w in enumerate(weights)) / total
    number = math.fsum(w * n for n, w in enumerate(weights)) / total
    return number, waiting / patience / rate, waiting


def test_those_who_give_up_leave_the_system_too():
    number, given_up, waiting = impatient(1.2, 1.5, 4.0, 2)
    served = 1.2 * (1 - given_up)
    met(
        model(
            nodes=[{"id": "a", "servers": 2, "service": {"*": exp(1.5)}, "patience": exp(4)}],
            sources=source(interarrival=exp(1 / 1.2))["sources"],
        ),
        {"metric": "sojourn_mean", "value": number / 1.2},
        {"metric": "sojourn_mean", "class": "u", "value": number / 1.2},
        {"metric": "sojourn_mean", "node": "a", "value": number / 1.2},
        {"metric": "renege_prob", "value": given_up},
        {"metric": "renege_rate", "value": given_up * 1.2},
        {"metric": "queue_len_mean", "value": waiting},
        {"metric": "throughput", "value": served},
        {"metric": "in_system_mean", "value": number},
        {"metric": "in_system_mean", "class": "u", "value": number},
        horizon=200_000,
    )


def test_those_turned_away_were_never_there():
    """M/M/1/3 with two places to wait: the sojourn is that of those let in."""
    weights = [0.5**n for n in range(4)]
    lost = weights[3] / sum(weights)
    number = sum(n * w for n, w in enumerate(weights)) / sum(weights)
    told = station(queue_capacity=2)
    met(
        told,
        {"metric": "sojourn_mean", "value": number / (0.5 * (1 - lost))},
        {"metric": "blocking_prob", "value": lost},
        {"metric": "loss_rate", "value": 0.5 * lost, "rel_tol": 0.05},
        {"metric": "utilization", "value": 0.5 * (1 - lost)},
        {"metric": "idle_prob", "value": 1 - 0.5 * (1 - lost)},
    )


def test_variance_and_deviation_of_waits_and_stays():
    """M/M/1: variance of the wait rho (2 - rho) / (mu - lambda)^2, of the stay 1 / (mu - lambda)^2."""
    met(
        model(),
        {"metric": "wait_var", "node": "a", "value": 0.5 * 1.5 / 0.25, "rel_tol": 0.06},
        {"metric": "wait_sd", "node": "a", "value": math.sqrt(3.0)},
        {"metric": "sojourn_sd", "value": 2.0},
        {"metric": "wait_p90", "value": math.log(0.5 / 0.1) / 0.5},
        {"metric": "wait_median", "value": 0.1, "abs_tol": 0.15, "rel_tol": 0.0},
        horizon=200_000,
    )


def test_batches_of_random_size():
    """M^X/M/1 with geometric batches of mean m: L = rho m / (1 - rho)."""
    told = source(interarrival=exp(6), batch={"dist": "geometric", "mean": 3})
    met(told, {"metric": "in_node_mean", "value": 3.0}, horizon=400_000)


def test_a_fleet_in_a_ring_has_one_throughput_and_a_cycle_time():
    """Two equal exponential servers and N units: throughput N / (N + 1)."""
    met(
        ring(),
        {"metric": "throughput", "value": 5 / 6, "rel_tol": 0.01},
        {"metric": "throughput", "node": "b", "value": 5 / 6, "rel_tol": 0.01},
        {"metric": "cycle_time_mean", "value": 6.0, "rel_tol": 0.01},
        {"metric": "in_system_mean", "value": 5.0, "rel_tol": 1e-9},
    )


def test_servers_that_fail_are_available_for_their_share_of_the_time():
    told = station(breakdown={"up": exp(40), "down": exp(10)})
    met(told, {"metric": "availability", "value": 0.8}, {"metric": "down_share", "value": 0.2})


def test_a_server_held_by_the_next_station_is_blocked_and_not_busy():
    """Two exponential stations, no places between, the first never short of work: it is blocked a third of the time."""
    nodes = [
        {"id": "a", "servers": 1, "service": {"*": exp(1)}},
        {"id": "b", "servers": 1, "service": {"*": exp(1)}, "queue_capacity": 0, "on_full": "block_upstream"},
    ]
    told = model(nodes=nodes, routes=PAIR, sources=source(interarrival=exp(1), batch=1)["sources"])
    told["population"] = [{"node": "a", "class": "u", "count": 5000}]
    met(
        told,
        {"metric": "blocking_prob", "node": "a", "value": 1 / 3},
        {"metric": "utilisation", "node": "a", "value": 2 / 3},
        {"metric": "throughput", "node": "b", "value": 2 / 3},
        horizon=10_000,
    )


@pytest.mark.parametrize(
    ("told", "asked", "code", "field"),
    [
        (model(), {"metric": "wait_mode", "node": "a"}, "simulation.unknown_metric", "metric"),
        (model(), {"metric": "wait_quantile", "node": "a"}, "simulation.metric_needs_q", "q"),
        (model(), {"metric": "wait_total_mean", "node": "a"}, "simulation.metric_without_node", "node"),
        (model(), {"metric": "sojourn_quantile", "node": "a", "q": 0.9}, "simulation.metric_without_node", "node"),
        (line(PAIR), {"metric": "wait_mean"}, "simulation.metric_needs_node", "node"),
        (line(PAIR), {"metric": "utilisation"}, "simulation.metric_needs_node", "node"),
        (line(PAIR), {"metric": "blocking_prob"}, "simulation.metric_needs_node", "node"),
        (
            ring(routes={"*": {"a": [["a", 0.5], ["b", 0.5]], "b": RING["*"]["b"]}}),
            {"metric": "throughput"},
            "simulation.metric_needs_node",
            "node",
        ),
        (
            model(classes=TWO, sources=[{"node": "a", "class": "c", "interarrival": exp(2)}]),
            {"metric": "idle_prob", "node": "a", "class": "c"},
            "simulation.metric_without_class",
            "class",
        ),
        (model(), {"metric": "wait_mean", "node": "z"}, "model.not_one_of", "node"),
        (model(), {"metric": "wait_mean", "node": "a", "class": "z"}, "model.not_one_of", "class"),
        (model(), {"metric": "wait_mean", "node": "a", "rel_tol": None}, "model.missing", "rel_tol"),
        (model(), {"metric": "wait_mean", "node": "a", "value": "one"}, "model.not_number", "value"),
    ],
)
def test_a_figure_nobody_can_give_is_refused_before_the_run_with_its_place(told, asked, code, field):
    (one,) = checked(told, asked, horizon=100, runs=2)
    assert not one.ok
    assert [(fault.code, fault.place.field) for fault in one.faults] == [(code, f"cases[0].expect[0].{field}")]


def test_a_figure_of_one_class_or_node_of_one_need_not_name_it():
    whole, named, every = checked(
        model(),
        {"metric": "wait_mean"},
        {"metric": "wait_mean", "node": "a", "class": "u"},
        {"metric": "wait_mean", "node": "a", "class": "*"},
        horizon=1000,
        runs=2,
    )
    assert whole.found == named.found == every.found


def test_each_side_of_a_match_has_its_own_queue():
    told = match(inputs=["c", "w"], queue_capacity=5)
    both, one, other = (
        entry.found.mean
        for entry in checked(told, *({"metric": "queue_len_mean", "class": side} for side in ("*", "c", "w")))
    )
    assert both == pytest.approx(one + other)
    assert min(one, other) > 0.5


def test_an_absolute_tolerance_stands_beside_or_in_the_place_of_the_relative_one():
    def verdict(**tolerance):
        (one,) = checked(
            {**model(), "time_unit": "h"}, {"metric": "wait_mean", "value": 1.2, "rel_tol": None, **tolerance}
        )
        return one.ok

    assert verdict(abs_tol=0.3)
    assert not verdict(abs_tol=0.1)
    assert not verdict(rel_tol=0.01)
    assert verdict(rel_tol=0.01, abs_tol=0.3)
