"""GMNS tables: tolerant of order and extra columns, back to the bit, all faults of all tables at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from bridgehead.engines.network.delays import DelayKind
from bridgehead.engines.network.directed import DirectedNetwork
from bridgehead.engines.network.formats import geojson, gmns, parquet
from bridgehead.kernel.errors import BridgeheadError, Fault
from tests.engines.directed_networks import directed_networks, same

NODES = """name,zone_id,node_id,y_coord,x_coord,ctrl_type
"Port, west",Z2,1,4698346,322754,
,,2,,NaN,signal
"the ""inner"" one",Z1,3,4698062.5,322989,
"""
LINKS = """link_id,name,from_node_id,to_node_id,directed,length,free_speed,geometry
10,a road,1,2,1,750,50,"LINESTRING(1 2,3 4)"
11,,2,3,0,100,25,
12,,3,1,true,0,,
"""
ZONES = "zone_id,name\nZ1,one\nZ2,two\n"
DELAYS = """link_id,points,kind,free_flow_time,capacity,b,power,alpha,note
11,,BPR,4,900,0.15,4,,x
12,0 1; 0.5 1.25; 1 2,piecewise,2,10,,,,
10,,conical,1,5,,,4,
11-back,,constant,7,,,,,
"""
TABLES = {"node.csv": NODES, "link.csv": LINKS, "zone.csv": ZONES, "link_delay.csv": DELAYS}


def faults_of(tables: Mapping[str, str]) -> list[tuple[str, str | None, int | None, str | None]]:
    with pytest.raises(BridgeheadError) as caught:
        gmns.read_network(tables)
    return [(fault.code, fault.place.file, fault.place.row, fault.place.column) for fault in caught.value.faults]


def test_a_network_is_read_as_it_stands() -> None:
    network = gmns.read_network(TABLES).directed
    assert network.node_ids == ("1", "2", "3")
    assert np.array_equal(network.x, [322754.0, np.nan, 322989.0], equal_nan=True)
    assert network.zones.tolist() == [2, 0], "in the order of zone.csv"
    assert not network.no_through.any()
    assert network.link_ids == ("10", "11", "12", "11-back")
    assert network.tail.tolist() == [0, 1, 2, 2]
    assert network.head.tolist() == [1, 2, 0, 1]
    assert network.length.tolist() == [750.0, 100.0, 0.0, 100.0]
    assert network.toll.tolist() == [0.0] * 4
    kinds = [DelayKind.CONICAL, DelayKind.BPR, DelayKind.PIECEWISE, DelayKind.CONSTANT]
    assert network.delays.kind.tolist() == kinds
    assert network.delays.parameters[1, :4].tolist() == [4.0, 900.0, 0.15, 4.0]
    assert network.delays.points_of(2).tolist() == [[0.0, 1.0], [0.5, 1.25], [1.0, 2.0]]


def test_the_way_back_has_the_function_of_the_link_unless_it_has_its_own() -> None:
    delays = "\n".join(line for line in DELAYS.split("\n") if "back" not in line)
    network = gmns.read_network({**TABLES, "link_delay.csv": delays}).directed
    assert network.delays.kind[3] == DelayKind.BPR
    assert network.delays.parameters[3].tolist() == network.delays.parameters[1].tolist()


def test_zones_come_from_the_nodes_where_there_is_no_table_of_them() -> None:
    tables = {name: text for name, text in TABLES.items() if name != "zone.csv"}
    assert gmns.read_network(tables).directed.zones.tolist() == [0, 2]


def test_without_delays_links_take_their_free_flow_time_and_that_is_said() -> None:
    tables = {name: text for name, text in TABLES.items() if name != "link_delay.csv"}
    warnings: list[Fault] = []
    network = gmns.read_network(tables, warnings=warnings).directed
    assert [fault.code for fault in warnings] == ["gmns.no_delays"]
    assert network.delays.parameters[:, 0].tolist() == [15.0, 4.0, 0.0, 4.0]
    slow = LINKS.replace("100,25,", "100,0,").replace("750,50", "750,")
    assert faults_of({**tables, "link.csv": slow}) == [
        ("gmns.no_time", "link.csv", 2, None),
        ("gmns.no_time", "link.csv", 3, None),
    ]


def test_cells_and_columns_the_model_does_not_use_are_kept() -> None:
    written = gmns.write_network(gmns.read_network(TABLES))
    for name, text in TABLES.items():
        plain = [row for row in csv.reader(io.StringIO(text)) if row]
        assert [row for row in csv.reader(io.StringIO(written[name])) if row] == plain
    assert gmns.write_network(gmns.read_network(written)) == written


@pytest.mark.parametrize("change", ["\r\n", "mark"])
def test_line_ends_and_byte_order_marks_do_not_matter(change: str) -> None:
    def changed(text: str) -> str:
        return "\ufeff" + text if change == "mark" else text.replace("\n", change)

    tables = {name: changed(text) for name, text in TABLES.items()}
    assert same(gmns.read_network(tables).directed, gmns.read_network(TABLES).directed)


def test_a_length_that_is_wrong_is_told_once_without_delays() -> None:
    links = (
        "link_id,from_node_id,to_node_id,length,free_speed\na,1,2,-1,5\nb,1,2,x,5\nc,1,2,1,-5\nd,1,2,1,\ne,1,2,1,0\n"
    )
    tables = {"node.csv": "node_id,x_coord,y_coord,zone_id\n1,0,0,Z1\n2,0,0,Z2\n", "link.csv": links}
    assert sorted(faults_of(tables), key=str) == [
        ("gmns.no_time", "link.csv", 5, None),
        ("gmns.no_time", "link.csv", 6, None),
        ("network_file.bad_number", "link.csv", 3, "length"),
        ("network_file.too_small", "link.csv", 2, "length"),
        ("network_file.too_small", "link.csv", 4, "free_speed"),
    ]


def test_every_fault_of_every_table_is_named_at_once() -> None:
    tables = {
        "node.csv": "node_id,x_coord,y_coord,zone_id,no_through\n1,x,inf,Z1,maybe\n1,0,0,Z1,\n,0,0,Z9,0\n4,0\n",
        "link.csv": "link_id,from_node_id,to_node_id,length,directed\n7,1,2,-1,1\n7,1,1,1_0,perhaps\n8,1,1,0,0\n",
        "zone.csv": "zone_id,name,name\nZ1,,\nZ1,,\n",
        "link_delay.csv": "link_id,kind,free_flow_time,b,points\n7,bpr,1,0.15,0 1\n9,square,1,,\n9,constant,,,0 1 2\n",
    }
    assert sorted(faults_of(tables), key=str) == sorted(
        [
            ("network_file.bad_number", "node.csv", 2, "x_coord"),
            ("network_file.not_finite", "node.csv", 2, "y_coord"),
            ("table.bad_boolean", "node.csv", 2, "no_through"),
            ("network_file.repeated", "node.csv", 3, "node_id"),
            ("network_file.repeated", "node.csv", 3, "zone_id"),
            ("network_file.empty_cell", "node.csv", 4, "node_id"),
            ("gmns.unknown_zone", "node.csv", 4, "zone_id"),
            ("table.ragged_row", "node.csv", 5, None),
            ("network_file.too_small", "link.csv", 2, "length"),
            ("network_file.unknown_node", "link.csv", 2, "to_node_id"),
            ("network_file.repeated", "link.csv", 3, "link_id"),
            ("network_file.bad_number", "link.csv", 3, "length"),
            ("table.bad_boolean", "link.csv", 3, "directed"),
            ("network_file.no_delay", "link.csv", 4, "link_id"),
            ("table.duplicate_column", "zone.csv", 1, "name"),
            ("network_file.repeated", "zone.csv", 3, "zone_id"),
            ("network_file.empty_cell", "link_delay.csv", 2, "capacity"),
            ("network_file.empty_cell", "link_delay.csv", 2, "power"),
            ("network_file.unused_cell", "link_delay.csv", 2, "points"),
            ("network_file.unknown_link", "link_delay.csv", 3, "link_id"),
            ("table.not_allowed", "link_delay.csv", 3, "kind"),
            ("network_file.unknown_link", "link_delay.csv", 4, "link_id"),
            ("network_file.repeated", "link_delay.csv", 4, "link_id"),
            ("network_file.empty_cell", "link_delay.csv", 4, "free_flow_time"),
            ("gmns.bad_points", "link_delay.csv", 4, "points"),
        ],
        key=str,
    )


def test_a_function_that_cannot_be_is_named_with_its_row() -> None:
    assert faults_of({**TABLES, "link_delay.csv": DELAYS.replace("0.5 1.25", "0.5 0.5")}) == [
        ("delays.bad_row", "link_delay.csv", 3, None)
    ]


def test_a_limit_may_be_left_empty_but_not_be_zero_or_less() -> None:
    table = DELAYS.replace("note\n", "limit\n").replace("4,,x", "4,,12.5")
    assert gmns.read_network({**TABLES, "link_delay.csv": table}).limit.tolist() == [np.inf, 12.5, np.inf, np.inf]
    assert gmns.read_network(TABLES).limit.tolist() == [np.inf] * 4
    for cell, code in (("0", "gmns.zero_limit"), ("-1", "network_file.too_small"), ("x", "network_file.bad_number")):
        bad = {**TABLES, "link_delay.csv": table.replace("12.5", cell)}
        assert faults_of(bad) == [(code, "link_delay.csv", 2, "limit")]


def test_a_function_that_falls_is_named_beside_other_faults_and_a_cell_has_one_fault() -> None:
    table = DELAYS.replace("0.5 1.25", "0.5 0.5").replace(",BPR,4", ",BPR,x4")
    assert faults_of({**TABLES, "link_delay.csv": table}) == [
        ("network_file.bad_number", "link_delay.csv", 2, "free_flow_time"),
        ("delays.bad_row", "link_delay.csv", 3, None),
    ]


@pytest.mark.parametrize("name", ["", " a", "nan", "NULL", "twice"])
def test_ids_that_would_not_come_back_are_not_written(name: str) -> None:
    network = gmns.read_network(TABLES).directed
    bad = replace(network, link_ids=(name, *network.link_ids[1:-1], "twice"))
    with pytest.raises(BridgeheadError, match=r"network_file\.(not_writable|repeated)"):
        gmns.of_directed(bad)
    for write in (geojson.write_network, parquet.write_network) if name in {"", "twice"} else ():
        with pytest.raises(BridgeheadError, match=r"network_file\.(not_writable|repeated)"):
            write(bad)  # type: ignore[operator]


def test_missing_tables_and_columns_are_named() -> None:
    assert faults_of({"zone.csv": "name\nx\n"}) == [
        ("table.missing_column", "zone.csv", 1, "zone_id"),
        ("network_file.missing_table", "node.csv", None, None),
        ("network_file.missing_table", "link.csv", None, None),
    ]
    short = {**TABLES, "link.csv": "link_id,from_node_id\n1,2\n"}
    assert faults_of(short) == [("table.missing_column", "link.csv", 1, "to_node_id")]


@settings(max_examples=25, deadline=None)
@given(directed_networks())
def test_directed_networks_come_back_to_the_bit(network: DirectedNetwork) -> None:
    limit = np.resize(np.array([np.inf, 0.1, 1e-300, 7.0]), network.link_count)
    given = gmns.of_directed(network, limit)
    tables = gmns.write_network(given)
    again = gmns.read_network(tables)
    assert same(again.directed, network)
    assert again.limit.tobytes() == limit.tobytes()
    assert (again.zone_ids, again.delay_rows) == (given.zone_ids, given.delay_rows)
    assert gmns.write_network(again) == tables
