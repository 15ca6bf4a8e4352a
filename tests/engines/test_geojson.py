"""GeoJSON: networks as RFC 7946 has them, back to the bit, and all faults at once with their features."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from bridgehead.engines.network.delays import DelayTable
from bridgehead.engines.network.directed import DirectedNetwork
from bridgehead.engines.network.formats import geojson
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.directed_networks import directed_networks, same

NETWORK = DirectedNetwork(
    ("二连浩特", "b", "c"),
    np.array([111.97, 111.9, np.nan]),
    np.array([43.65, 43.7, np.nan]),
    np.array([1, 0], np.int32),
    np.array([True, False, False]),
    ("1", "2"),
    np.array([0, 1], np.int32),
    np.array([1, 2], np.int32),
    np.array([8.5, 0.0]),
    np.array([0.0, 2.0]),
    DelayTable.constant([0.1, 2.5]),
)


def faults_of(text: str) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(BridgeheadError) as caught:
        geojson.read_network(text)
    return [(fault.code, fault.place.row, fault.place.column) for fault in caught.value.faults]


def test_a_network_is_written_as_the_standard_has_it() -> None:
    found = json.loads(geojson.write_network(NETWORK))
    assert found["type"] == "FeatureCollection"
    nodes, links = found["features"][:3], found["features"][3:]
    assert nodes[0] == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [111.97, 43.65]},
        "properties": {"node_id": "二连浩特", "zone": 1, "no_through": True},
    }
    assert nodes[2]["geometry"] is None
    assert links[0]["geometry"] == {"type": "LineString", "coordinates": [[111.97, 43.65], [111.9, 43.7]]}
    assert links[1]["geometry"] is None
    assert links[1]["properties"] == {
        "link_id": "2",
        "from_node_id": "b",
        "to_node_id": "c",
        "length": 0.0,
        "toll": 2.0,
        "kind": "constant",
        "free_flow_time": 2.5,
    }


@settings(max_examples=30, deadline=None)
@given(directed_networks(degrees=True))
def test_networks_come_back_to_the_bit(network: DirectedNetwork) -> None:
    text = geojson.write_network(network)
    assert same(geojson.read_network(text), network)
    assert geojson.write_network(geojson.read_network(text)) == text


def test_coordinates_that_are_no_degrees_are_refused() -> None:
    with pytest.raises(BridgeheadError, match=r"geojson\.not_degrees"):
        geojson.write_network(replace(NETWORK, x=np.array([322754.0, 0.0, 0.0])))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("", 1),
        ("{\n,}", 2),
        ('{"type": "Feature"}', None),
        ('{"type": "FeatureCollection"}', None),
        ('{"type": "FeatureCollection", "features": [NaN]}', None),
        ("[" * 100_000, None),
    ],
)
def test_what_is_no_collection_of_features_is_refused(text: str, row: int | None) -> None:
    assert faults_of(text) == [("geojson.unreadable", row, None)]


def test_every_fault_is_named_at_once() -> None:
    def node(name: Any, place: Any, **more: Any) -> dict[str, Any]:
        return {"geometry": {"type": "Point", "coordinates": place}, "properties": {"node_id": name, **more}}

    def link(geometry: Any = None, **more: Any) -> dict[str, Any]:
        good = {"link_id": "l", "from_node_id": "a", "to_node_id": "a", "length": 1, "toll": 0, "kind": "constant"}
        return {"geometry": geometry, "properties": {**good, "free_flow_time": 1, **more}}

    features = [
        node("a", [0, 0], zone=0),
        node("a", ["x", 0], zone=0),
        node(None, None),
        {"geometry": {"type": "Polygon"}, "properties": {"node_id": "p"}},
        "text",
        link(length=-1, toll=None),
        link(from_node_id="z", length=True),
        link(link_id="m", kind="bpr", capacity=10**400),
        link(link_id="n", kind="round", points=[[1]]),
        link({"type": "Point"}, link_id="o"),
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}).replace('"toll": 0', '"toll": 0.0')
    assert sorted(faults_of(text), key=str) == sorted(
        [
            ("network_file.repeated", 2, "node_id"),
            ("network_file.repeated", 2, "zone"),
            ("network_file.bad_number", 2, "coordinates"),
            ("network_file.empty_cell", 3, "node_id"),
            ("network_file.empty_cell", 3, "coordinates"),
            ("geojson.bad_feature", 4, None),
            ("geojson.bad_feature", 5, None),
            ("network_file.too_small", 6, "length"),
            ("network_file.empty_cell", 6, "toll"),
            ("network_file.repeated", 7, "link_id"),
            ("network_file.unknown_node", 7, "from_node_id"),
            ("network_file.bad_number", 7, "length"),
            ("network_file.not_finite", 8, "capacity"),
            ("network_file.empty_cell", 8, "b"),
            ("network_file.empty_cell", 8, "power"),
            ("table.not_allowed", 9, "kind"),
            ("network_file.bad_number", 9, "points"),
            ("geojson.bad_feature", 10, None),
        ],
        key=str,
    )
