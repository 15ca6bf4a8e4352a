"""Which lanes bear on a promise: cars in a hall of their own are left alone, what trucks share with them is not."""

from __future__ import annotations

from typing import Any

import pytest

from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.staffing.bearing import bearing_lanes
from bridgehead.engines.simulation.staffing.lanes import lanes_of
from bridgehead.engines.simulation.staffing.promises import read_promise


def border(**changes: Any) -> dict[str, Any]:
    """Trucks through gate and customs, cars through a hall; changes by station."""
    stations: dict[str, dict[str, Any]] = {
        name: {"servers": 3, "service": {"exp": 2}, **changes.get(name, {})} for name in ("gate", "customs", "hall")
    }
    return {
        "schema": "bridgehead-port-model/1",
        "time_unit": "min",
        "classes": {"truck": {"unit": "truck"}, "car": {"unit": "car"}},
        "pools": {"inspectors": 2},
        "stations": stations,
        "routes": {"truck": {"gate": {"customs": 1}}},
        "sources": [
            {"class": "truck", "node": "gate", "interarrival": {"exp": 4}},
            {"class": "car", "node": "hall", "interarrival": {"exp": 4}},
        ],
        "run": {"horizon": "5d"},
    }


def bearing(description: dict[str, Any], promise: str) -> list[str]:
    model = read_model(description)
    return [one.id for one in bearing_lanes(model, read_promise(promise, model), lanes_of(model))]


@pytest.mark.parametrize(
    ("promise", "decided"),
    [
        ("p90 stay <= 4 h", ["gate", "customs"]),
        ("p90 stay of truck <= 4 h", ["gate", "customs"]),
        ("p90 stay of car <= 1 h", ["hall"]),
        ("mean queue at customs <= 5", ["gate", "customs"]),
        ("mean wait <= 10 min", ["gate", "customs", "hall"]),
        ("p90 stay <= 4 h; p90 stay of car <= 1 h", ["gate", "customs", "hall"]),
    ],
)
def test_lanes_that_no_promised_unit_meets_are_left_alone(promise: str, decided: list[str]) -> None:
    assert bearing(border(), promise) == decided


def test_a_shared_pool_and_a_way_aside_bear_on_a_promise() -> None:
    shared = border(customs={"needs": {"inspectors": 1}}, hall={"needs": {"inspectors": 1}})
    aside = border(hall={"queue_capacity": 4, "on_full": {"divert": "customs"}})

    assert bearing(shared, "p90 stay <= 4 h") == ["gate", "customs", "hall"]
    assert bearing(aside, "p90 stay <= 4 h") == ["gate", "customs", "hall"]
