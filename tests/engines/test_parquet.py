"""Parquet: networks, trips and flows back to the bit, units in the metadata, all faults at once."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.network.directed import DirectedNetwork, Trips
from bridgehead.engines.network.formats import parquet
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.directed_networks import AMOUNTS, LABELS, directed_networks, same


def faults_of(call: Any, *more: Any) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(BridgeheadError) as caught:
        call(*more)
    return [(fault.code, fault.place.row, fault.place.column) for fault in caught.value.faults]


def file_of(columns: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    pl.DataFrame(columns).write_parquet(stream)
    return stream.getvalue()


@settings(max_examples=25, deadline=None)
@given(directed_networks())
def test_networks_come_back_to_the_bit(network: DirectedNetwork) -> None:
    assert same(parquet.read_network(parquet.write_network(network)), network)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_trips_come_back_to_the_bit(data: st.DataObject) -> None:
    zones = data.draw(st.lists(LABELS, min_size=1, max_size=4, unique=True))
    ends = st.integers(0, len(zones) - 1)
    several = []
    for name in data.draw(st.lists(st.sampled_from(["", "煤", "ore"]), max_size=3, unique=True)):
        rows = data.draw(st.lists(st.tuples(ends, ends, AMOUNTS), max_size=4))
        columns = [np.array([row[i] for row in rows], float if i == 2 else np.int32) for i in range(3)]
        several.append(Trips(*columns, name))
    found = parquet.read_trips(parquet.write_trips(several, zones, "t"), zones)
    assert len(found) == len(several)
    assert all(same(one, other) for one, other in zip(found, several, strict=True))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(LABELS, LABELS, LABELS, st.floats(allow_infinity=False), AMOUNTS), max_size=4))
def test_flows_come_back_to_the_bit_with_their_units(rows: list[tuple[str, str, str, float, float]]) -> None:
    labels = [tuple(row[i] for row in rows) for i in range(3)]
    volume, cost = (np.array([row[i] for row in rows], float) for i in (3, 4))
    units = {"volume": "t/year", "cost": "h"}
    flows = parquet.LinkFlows(*labels, {"volume": np.where(np.isnan(volume), np.nan, volume), "cost": cost}, units)
    assert same(parquet.read_flows(parquet.write_flows(flows)), flows)


def test_other_programs_find_plain_columns_and_the_units() -> None:
    flows = parquet.LinkFlows(("1",), ("a",), ("b",), {"volume": np.array([2.5])}, {"volume": "t/year"})
    data = parquet.write_flows(flows)
    frame = pl.read_parquet(io.BytesIO(data))
    assert frame.to_dict(as_series=False) == {
        "link_id": ["1"],
        "from_node_id": ["a"],
        "to_node_id": ["b"],
        "volume": [2.5],
    }
    assert '"volume": "t/year"' in pl.read_parquet_metadata(io.BytesIO(data))["bridgehead"]


def test_what_is_no_parquet_is_refused() -> None:
    assert faults_of(parquet.read_network, {}) == [("network_file.missing_table", None, None)] * 2
    data = parquet.write_trips([Trips.of_matrix(np.ones((2, 2)))], ["a", "b"])
    for damaged in (b"", b"PAR1", data[: len(data) // 2], data[:4] + bytes(60) + data[64:], data[:-60] + bytes(60)):
        assert faults_of(parquet.read_trips, damaged, ["a", "b"]) == [("parquet.unreadable", None, None)]


def test_every_fault_of_trips_is_named_at_once() -> None:
    good = {"name": ["", ""], "origin": ["a", "z"], "destination": ["a", None], "amount": [-1.0, np.nan]}
    assert sorted(faults_of(parquet.read_trips, file_of(good), ["a"]), key=str) == sorted(
        [
            ("network_file.too_small", 1, "amount"),
            ("network_file.not_finite", 2, "amount"),
            ("tntp.unknown_zone", 2, "origin"),
            ("network_file.empty_cell", 2, "destination"),
        ],
        key=str,
    )
    assert faults_of(parquet.read_trips, file_of({"name": [1], "origin": ["a"], "amount": ["x"]}), ["a"]) == [
        ("parquet.wrong_type", None, "amount"),
        ("network_file.missing_column", None, "destination"),
        ("parquet.wrong_type", None, "name"),
    ]
    twice = [Trips.of_matrix(np.ones((1, 1)))] * 2
    assert faults_of(parquet.write_trips, twice, ["a"]) == [("network_file.repeated", 2, "name")]


def test_every_fault_of_a_network_is_named_at_once() -> None:
    node = {"node_id": ["a", "a"], "x": [np.inf, None], "y": [0.0, 0.0], "zone": [0, 0], "no_through": [True, None]}
    link = {
        "link_id": ["1", "1"],
        "from_node_id": ["a", "b"],
        "to_node_id": ["a", "a"],
        "length": [1.0, None],
        "toll": [0, -1],
        "kind": ["piecewise", "constant"],
        "volume_points": [[0.0, 1.0], []],
        "time_points": [[1.0], []],
        **{name: [1.0, None] for name in parquet.DELAY_COLUMNS},
    }
    found = faults_of(parquet.read_network, {"node.parquet": file_of(node), "link.parquet": file_of(link)})
    unused = set(parquet.DELAY_COLUMNS) - {"free_flow_time", "capacity"}
    assert sorted(found, key=str) == sorted(
        [
            ("network_file.not_finite", 1, "x"),
            ("network_file.repeated", 2, "node_id"),
            ("network_file.repeated", 2, "zone"),
            ("network_file.repeated", 2, "link_id"),
            ("network_file.unknown_node", 2, "from_node_id"),
            ("network_file.not_finite", 2, "length"),
            ("network_file.too_small", 2, "toll"),
            ("network_file.wrong_width", 1, "time_points"),
            ("network_file.empty_cell", 2, "free_flow_time"),
            *(("network_file.unused_cell", 1, name) for name in unused),
        ],
        key=str,
    )
