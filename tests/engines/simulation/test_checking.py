"""What the parts of a description say of each other: pools, loads, loops, stations nobody comes to, its size."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bridgehead.engines.simulation.reading import read_and_warn, read_model, warnings_of
from tests.engines.simulation.descriptions import REMOVED, SMALL, changed, faults_of, found

GATE = ("stations", "gate")


def test_pools_that_never_come_back_are_warned_of() -> None:
    model = read_model(changed({("stations", "crane", "returns"): REMOVED}))
    (warning,) = warnings_of(model)
    assert (warning.code, warning.place.field) == ("model.pool_never_returned", "stations.yard.takes.tractor")
    model = read_model(changed({("stations", "yard", "takes"): REMOVED}))
    (warning,) = warnings_of(model)
    assert (warning.code, warning.place.field) == ("model.pool_never_taken", "stations.crane.returns.tractor")


def test_a_load_above_one_is_warned_of_and_read_all_the_same() -> None:
    model, warnings = read_and_warn(changed({(*GATE, "service"): {"exp": 12}}), name="p.yaml")
    (warning,) = warnings
    assert (warning.code, warning.place.file, warning.place.field) == ("model.unstable", "p.yaml", "stations.gate")
    assert warning.parameters["node"] == "gate"
    assert warning.parameters["load"] == pytest.approx(
        (600 * 0.95 / 1440 + 600 / 1440 + 3 / 43200) * 12 / (4 * 14 / 24), rel=1e-3
    )
    assert model.nodes


def closed(service: Any) -> dict[str, Any]:
    return {
        "classes": {"agv": {}},
        "stations": {"a": {"servers": 1, "service": service}, "b": {"servers": 1, "service": service}},
        "routes": {"*": {"a": "b", "b": "a"}},
        "population": [{"node": "a", "class": "agv", "count": 5}],
    }


def test_a_closed_fleet_never_leaves_and_may() -> None:
    assert read_model(closed({"exp": 1})).population[0].count == 5


def test_a_loop_that_takes_no_time_is_refused() -> None:
    assert found(faults_of(closed(0))) == {("model.endless_loop", "stations.a")}


def test_a_loop_with_a_way_out_by_patience_or_loss_has_a_way_out() -> None:
    loop = changed({("routes",): {"*": {"gate": "gate"}}}, SMALL)
    assert found(faults_of(loop)) == {("model.no_way_out", "stations.gate")}
    for way in ({"patience": {"exp": 5}}, {"queue_capacity": 3}, {"balk": {"from": 3}}):
        assert read_model(changed({(*GATE, name): value for name, value in way.items()}, loop))


def test_a_share_of_zero_leads_somewhere_on_paper_only() -> None:
    two = changed(
        {("stations", "shed"): {"servers": 1, "service": 1}, ("routes",): {"*": {"gate": {"shed": 0}}}}, SMALL
    )
    assert read_model(two), "a variant without inspections is no fault"


def test_a_model_in_which_nothing_moves_is_refused() -> None:
    assert found(faults_of(changed({("sources",): []}, SMALL))) == {("model.nothing_enters", None)}


def test_an_unused_figure_is_a_warning() -> None:
    _, warnings = read_and_warn(changed({("parameters", "spare"): {"value": 1}}), name="p")
    assert [(one.code, one.place.field, one.severity) for one in warnings] == [
        ("model.unused_parameter", "parameters.spare", "warning")
    ]


def ring(length: int, classes: int) -> dict[str, Any]:
    names = [f"s{i}" for i in range(length)]
    return {
        "classes": {f"c{i}": {} for i in range(classes)},
        "stations": {name: {"servers": 1, "service": 0.001} for name in names},
        "routes": {"*": dict(zip(names, [*names[1:], "out"], strict=True))},
        "sources": [{"class": f"c{i}", "node": "s0", "interarrival": 2} for i in range(classes)],
    }


def test_long_models_are_checked_in_time_that_grows_with_their_length() -> None:
    begun = time.process_time()
    assert len(read_and_warn(ring(3000, 2))[0].nodes) == 3000
    assert time.process_time() - begun < 10


def test_a_model_whose_ways_nobody_could_follow_is_refused() -> None:
    assert found(faults_of(ring(400, 300))) == {("model.too_many_ways", "routes")}
