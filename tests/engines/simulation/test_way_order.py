"""Nodes in the order in which units come by them, whatever the order a model names them in."""

from __future__ import annotations

from typing import Any

from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, replicate
from bridgehead.engines.simulation.results import results
from bridgehead.engines.simulation.way_order import nodes_on_way

STATION = {"servers": 9, "service": {"exp": 1.0}}


def port(names: str, routes: dict[str, Any], **more: Any) -> Any:
    return read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"truck": {}, "car": {}},
            "stations": dict.fromkeys(names.split(), STATION),
            "routes": routes,
            "sources": [
                {"class": "truck", "node": "gate", "interarrival": {"exp": 3.0}},
                {"class": "car", "node": "hall", "interarrival": {"exp": 3.0}},
            ],
            **more,
        }
    )


WAYS = {
    "truck": {"gate": {"scan": 0.5, "yard": 0.5}, "scan": "desk", "yard": "desk"},
    "car": {"hall": "gate"},
}


def test_nodes_come_along_the_way_and_where_ways_part_as_they_are_named() -> None:
    for names, told in (
        ("desk yard scan gate hall", ("gate", "yard", "scan", "desk")),
        ("hall scan desk gate yard", ("gate", "scan", "yard", "desk")),
    ):
        model = port(names, WAYS)
        assert nodes_on_way(model, "truck")[:4] == told
        assert nodes_on_way(model, "car")[:2] == ("hall", "gate")
        assert set(nodes_on_way(model, "car")) == set(names.split())


def test_a_way_back_changes_nothing() -> None:
    back = {"desk": {"yard": 0.1, "out": 0.9}}
    model = port("desk yard gate hall", {"truck": {"gate": "yard", "yard": "desk", **back}, "car": {"hall": "gate"}})
    assert nodes_on_way(model, "truck")[:3] == ("gate", "yard", "desk")


def test_results_tell_the_time_of_each_class_along_its_way() -> None:
    study = replicate(port("desk yard scan gate hall", WAYS), Experiment(2_000.0, 100.0, 2))
    told = {one["id"]: [row["station"] for row in one["time_by_activity"]] for one in results(study)["classes"]}
    assert told == {"truck": ["gate", "yard", "scan", "desk"], "car": ["hall", "gate"]}
