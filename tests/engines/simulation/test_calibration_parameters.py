"""The parameters of a model read from a log: each is used, and another value of it changes what is simulated."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from bridgehead.engines.simulation.calibration.calibrating import Calibration, as_description, calibrate
from bridgehead.engines.simulation.calibration.event_log import parse_event_log
from bridgehead.engines.simulation.loads import arrivals_per_min
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reading import read_and_warn, read_model, with_figures
from bridgehead.engines.simulation.replications import Experiment, replicate
from tests.engines.simulation.port_logs import DAY, Gate, as_csv, poisson, run

NAMES = {
    "service_mean.gate.a",
    "service_mean.gate.b",
    "service_mean.scan",
    "service_mean.hall",
    "servers.gate",
    "servers.scan",
    "servers.hall",
    "share.gate.scan",
    "share.scan.gate",
    "share.scan.hall",
    "arrivals_per_day.gate.a",
    "arrivals_per_day.gate.b",
}


@pytest.fixture(scope="module")
def found() -> Calibration:
    rng = np.random.default_rng(3)

    def two_humps(r: np.random.Generator, kind: str) -> float:
        return float(r.uniform(2.0, 3.0) if r.random() < 0.5 else r.uniform(11.0, 12.0))

    gates = {
        "gate": Gate(2, lambda r, kind: float(r.exponential(2.0 if kind == "a" else 9.0))),
        "scan": Gate(2, two_humps),
        "hall": Gate(2, lambda r, kind: float(r.weibull(2.5) * 18.0)),
    }
    routes = {"gate": [(0.7, "scan"), (0.3, "out")], "scan": [(0.1, "gate"), (0.5, "hall"), (0.4, "out")]}
    times = poisson(rng, lambda t: 0.2, 0.2, 25 * DAY)
    arrivals = [(t, "a" if rng.random() < 0.5 else "b") for t in times]
    rows = run(gates, arrivals, routes, "gate", rng, until=25 * DAY)
    return calibrate(parse_event_log(as_csv(rows, None)))


def result(model: Model) -> str:
    return replicate(model, Experiment(3 * DAY, 0.0, 1)).outcomes[0].content_hash


@pytest.mark.article(25)
def test_every_parameter_of_a_calibrated_model_is_used(found: Calibration) -> None:
    description = json.loads(json.dumps(as_description(found)))
    model, warnings = read_and_warn(description)
    assert {one.code for one in warnings} == set()
    assert {one.id for one in model.figures} == NAMES
    assert all(one.used and one.standing == "measured" for one in model.figures)
    assert model == found.model


@pytest.mark.parametrize("name", sorted(NAMES))
def test_another_value_of_a_parameter_changes_what_is_simulated(found: Calibration, name: str) -> None:
    description = as_description(found)
    value = description["parameters"][name]["value"]
    other: Any = value + 1 if name.startswith("servers") else 1.25 * value
    assert result(read_model(with_figures(description, {name: other}))) != result(found.model)


def test_figures_are_those_the_model_runs_on(found: Calibration) -> None:
    figures = {one.id: one for one in found.model.figures}
    per_day = sum(float(figures[f"arrivals_per_day.gate.{kind}"].value) for kind in "ab")
    assert per_day == pytest.approx(1440 * sum(arrivals_per_min(one, 1.0) for one in found.model.sources))
    assert per_day == pytest.approx(288, rel=0.05)
    assert float(figures["service_mean.scan"].value) == pytest.approx(7.0, rel=0.05)
    assert figures["service_mean.scan"].unit == "min"
    assert float(figures["share.scan.hall"].value) == pytest.approx(0.5, abs=0.05)


def test_shapes_keep_their_form_at_another_mean(found: Calibration) -> None:
    description = with_figures(as_description(found), {"service_mean.scan": 14.0, "service_mean.hall": 8.0})
    for model in (found.model, read_model(description)):
        kinds = {node.id: node.service["*"].kind for node in model.nodes if node.id != "gate"}  # type: ignore[union-attr]
        assert kinds["scan"] in {"quantiles", "empirical"}
    scan = found.model.nodes[1].service["*"]  # type: ignore[union-attr]
    wider = read_model(description).nodes[1].service["*"]  # type: ignore[union-attr]
    assert max(wider.numbers) / max(scan.numbers) == pytest.approx(14.0 / 7.0, rel=0.05)


def test_booked_units_a_day_are_a_parameter_where_they_are_as_many_every_day() -> None:
    rng = np.random.default_rng(5)
    times = sorted(day * DAY + float(t) for day in range(12) for t in rng.uniform(400, 1100, 20))
    gate = {"gate": Gate(2, lambda r, kind: float(r.exponential(5.0)))}
    rows = run(gate, [(t, "a") for t in times], {}, "gate", rng, until=12 * DAY)
    found = calibrate(parse_event_log(as_csv(rows, None)), booked=frozenset({"a"}))
    description = as_description(found)
    assert description["sources"][0]["appointments"]["count"] == "$arrivals_per_day.gate.a"
    assert description["parameters"]["arrivals_per_day.gate.a"]["value"] == 20.0
    assert read_model(description) == found.model
    assert result(read_model(with_figures(description, {"arrivals_per_day.gate.a": 30}))) != result(found.model)
