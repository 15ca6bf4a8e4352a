"""TNTP files: every variant of the collection, round trips to the bit, and all faults at once with their rows."""

from __future__ import annotations

import csv
import math
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.network.delays import DelayKind
from bridgehead.engines.network.directed import Trips
from bridgehead.engines.network.formats import tntp
from bridgehead.kernel.errors import BridgeheadError, Fault
from tests.engines.directed_networks import AMOUNTS, same

BENCH = Path(__file__).resolve().parents[2].parent / "shared" / "bench" / "tntp"
needs_networks = pytest.mark.skipif(not BENCH.is_dir(), reason="the benchmark networks are not beside this checkout")

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 4
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 3
<END OF METADATA>

~ \tInit node \tTerm node \tCapacity \tLength \tFree Flow Time \tB\tPower\tSpeed limit \tToll \tType\t;
\t1\t3\t1.49999e+006\t100\t0.00000001\t 1000000000\t1\t0\t0\t1;
\t3\t2\t10\t100\t50\t0.02\t1\t0\t2.5\t1 ;\t
\t3\t4\t1\t7.07070707071e-005\t0\t0\t0\t0\t0\t1
"""


def faults_of(text: str, read: object = tntp.read_network, *more: object) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(BridgeheadError) as caught:
        read(text, *more)  # type: ignore[operator]
    found = [(fault.code, fault.place.row, fault.place.column) for fault in caught.value.faults]
    rows = [row or 0 for _, row, _ in found if row]
    assert rows == sorted(rows)
    return sorted(found, key=lambda fault: (fault[1] or 0, fault[0], fault[2] or ""))


def test_a_network_is_read_as_it_stands() -> None:
    network = tntp.read_network(NET)
    assert network.zones == 2
    assert network.first_thru_node == 3
    assert network.init_node.tolist() == [1, 3, 3]
    assert network.capacity.tolist() == [1499990.0, 10.0, 1.0]
    assert network.free_flow_time.tolist() == [1e-8, 50.0, 0.0]
    assert network.b.tolist() == [1e9, 0.02, 0.0]
    assert network.length[2] == 7.07070707071e-05
    assert network.toll.tolist() == [0.0, 2.5, 0.0]
    assert network.link_type.tolist() == [1.0, 1.0, 1.0]


VARIANTS = {
    "line ends of Windows": NET.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + NET,
    "blanks for tabs": NET.replace("\t", "   "),
    "no semicolons": NET.replace(";", ""),
    "metadata in another order": NET.replace("<FIRST THRU NODE> 3\n", "").replace(
        "<END", "<FIRST THRU NODE>3 \t\t\n<ORIGINAL HEADER>~ \tTail\n<END"
    ),
    "no count of links": NET.replace("<NUMBER OF LINKS> 3\n", ""),
    "comments and blank lines": "~ a comment\n" + NET.replace("\n\n", "\n\t\t\t\n~ init of nothing\n\n"),
    "a header without the type": NET.replace("Toll \tType\t;", "Toll\t"),
    "a header that ends in a point": NET.replace("Toll \tType\t;", "Toll \tType\t;\t."),
    "from and to": NET.replace("Init node \tTerm node", "from\tto"),
    "tail and head with units": NET.replace("Init node \tTerm node \tCapacity", "Tail\tHead\tCapacity (veh/h)"),
    "a comment that is no header": NET.replace("~ \tInit node", "~ nothing of the kind"),
    "a comment below the header": NET.replace("Type\t;\n", "Type\t;\n~ links go from A to B\n"),
    "units in square brackets": NET.replace("Length ", "Length [km] ").replace(
        "Free Flow Time ", "Free Flow Time [min]"
    ),
    "names without blanks": NET.replace("Free Flow Time ", "FreeFlowTime(min)").replace("Init node", "InitNode"),
    "names in a row of their own": NET.replace("~ \tInit", "\tInit"),
    "a comment with a foreign word before the names": NET.replace(
        "Type\t;\n", "Type\t;\n~ was " + " ".join(tntp.COLUMNS) + "\n"
    ),
    "comments behind rows and metadata": NET.replace("\t1;\n", "\t1; ~ a ramp\n").replace(
        "LINKS> 3", "LINKS>\t3 ; ~ links"
    ),
    "small letters": NET.lower(),
    "words in a column of another program": NET.replace("\t1;", "\t1\tramp;")
    .replace("\t1 ;", "\t1 x;")
    .replace("\t1\n", "\t1\ty\n"),
    "no header": "\n".join(line for line in NET.split("\n") if not line.startswith("~")),
}


@pytest.mark.parametrize("text", VARIANTS.values(), ids=VARIANTS)
def test_variants_of_the_collection_say_the_same(text: str) -> None:
    found, plain = tntp.read_network(text), tntp.read_network(NET)
    assert all(
        getattr(found, name).tobytes() == getattr(plain, name).tobytes() for name in ("node_numbers", *tntp.COLUMNS)
    )
    assert (found.zones, found.first_thru_node, dict(found.extra)) == (2, 3, {})


def test_columns_go_by_their_names_and_unknown_ones_are_kept() -> None:
    header = NET.partition("~")[0]
    rows = [line.strip(" ;\t").split("\t") for line in NET.split("\n")[7:10]]
    order = [9, 1, 0, 3, 2, 4, 5, 6, 7, 8]
    names = [tntp.COLUMNS[i] for i in order]
    body = ["\t".join([*(row[i] for i in order), "2.5"]) for row in rows]
    found = tntp.read_network(header + "~ " + "\t".join([*names, "Lanes"]) + "\n" + "\n".join(body))
    assert all(
        getattr(found, name).tobytes() == getattr(tntp.read_network(NET), name).tobytes() for name in tntp.COLUMNS
    )
    assert found.extra["lanes"].tolist() == [2.5, 2.5, 2.5]
    assert same(tntp.read_network(tntp.write_network(found)), found)


def test_nodes_may_be_numbered_by_another_program() -> None:
    text = (
        NET.replace("\t1\t3\t", "\t70\t75674\t")
        .replace("\t3\t2\t", "\t75674\t71\t")
        .replace("\t3\t4\t", "\t75674\t99999\t")
    )
    network = tntp.read_network(text.replace("<FIRST THRU NODE> 3", "<FIRST THRU NODE> 75674"))
    directed = network.directed()
    assert directed.node_ids == ("70", "71", "75674", "99999")
    assert directed.tail.tolist() == [0, 2, 2]
    assert directed.no_through.tolist() == [True, True, False, False]
    trips = tntp.read_trips("Origin 71\n 70 : 4;\n", network.zone_numbers)
    assert (trips.origin.tolist(), trips.destination.tolist()) == ([1], [0])
    assert faults_of("Origin 71\n 75674 : 4;\n", tntp.read_trips, network.zone_numbers) == [
        ("tntp.unknown_zone", 2, None)
    ]


def test_the_directed_network_has_bpr_functions_and_coordinates() -> None:
    nodes = tntp.read_nodes("NodeID       Xcoord       Ycoord\n3   426415.75   -0.5\n1 1 2;\n9 0 0\n")
    found = tntp.read_network(NET).directed(nodes)
    assert found.zones.tolist() == [0, 1]
    assert found.no_through.tolist() == [True, True, False, False]
    assert np.array_equal(found.x, [1.0, math.nan, 426415.75, math.nan], equal_nan=True)
    assert set(found.delays.kind.tolist()) == {DelayKind.BPR}
    assert found.delays.column("power").tolist() == [1.0, 1.0, 0.0]
    assert not list(found.delays.faults())
    assert found.toll.tolist() == [0.0, 2.5, 0.0]


def test_a_bad_first_node_hides_no_other_fault_of_the_head() -> None:
    head = "<NUMBER OF ZONES> 9\n<NUMBER OF NODES> 2\n<FIRST THRU NODE> x\n<NUMBER OF LINKS> 1\n<END OF METADATA>\n"
    assert {fault[0] for fault in faults_of(head + "1 2 1 1 1 1 1 0 0 1;\n")} == {
        "network_file.not_integer",
        "tntp.more_zones_than_nodes",
    }


def test_every_fault_of_a_network_is_named_at_once() -> None:
    text = """<NUMBER OF ZONES> 9
<NUMBER OF NODES> 4
<NUMBER OF LINKS> 7
<NUMBER OF LINKS> 7
<END OF METADATA>
1 5 1 1 1 1 1 0 0 1;
1 -1 1 1 1 1 1 0 0 1;
1 2 nan 1 -1 1 1 0 0 1;
1 2 1 1 1 1_0 x 0 -3 1;
1 2 1 1 1 1 1 0 0;
1 2.5 1 1 inf 1 1 0 0 1;
"""
    assert faults_of(text) == [
        ("tntp.more_zones_than_nodes", 1, None),
        ("tntp.wrong_link_count", 3, None),
        ("network_file.repeated", 4, None),
        ("network_file.unknown_node", 6, "term_node"),
        ("network_file.unknown_node", 7, "term_node"),
        ("network_file.not_finite", 8, "capacity"),
        ("network_file.too_small", 8, "free_flow_time"),
        ("network_file.bad_number", 9, "b"),
        ("network_file.bad_number", 9, "power"),
        ("network_file.too_small", 9, "toll"),
        ("network_file.wrong_width", 10, None),
        ("network_file.not_finite", 11, "free_flow_time"),
        ("network_file.not_integer", 11, "term_node"),
    ]


def test_a_capacity_of_zero_counts_where_the_time_depends_on_it() -> None:
    assert faults_of(NET.replace("\t3\t2\t10\t", "\t3\t2\t0\t")) == [("network_file.zero_capacity", 9, "capacity")]
    assert tntp.read_network(NET.replace("\t3\t4\t1\t", "\t3\t4\t0\t")).capacity[2] == 0.0


def test_missing_metadata_and_columns_are_named() -> None:
    found = faults_of("~ init_node term_node capacity\n1 2 3;\n")
    assert sorted(code for code, _, _ in found) == ["network_file.missing_column"] * 4 + ["tntp.missing_metadata"] * 2


def test_a_missing_column_hides_and_brings_no_other_fault() -> None:
    text = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 5\n<NUMBER OF LINKS> 3\n<END OF METADATA>\n"
    text += "init_node term_node length free_flow_time b power\n1 3 1 2 0.15 4;\n3 9 1 2 0.15 4;\n3 2 1 -2 0.15 4;\n"
    assert faults_of(text) == [
        ("network_file.missing_column", None, None),
        ("network_file.unknown_node", 7, "term_node"),
        ("network_file.too_small", 8, "free_flow_time"),
    ]


def test_counts_beyond_reason_are_refused() -> None:
    text = NET.replace("OF ZONES> 2", "OF ZONES> -2").replace("OF NODES> 4", "OF NODES> 99999999999")
    assert faults_of(text) == [("network_file.too_small", 1, None), ("network_file.too_large", 2, None)]
    text = NET.replace("OF ZONES> 2", "OF ZONES> 2.5").replace("OF NODES> 4", "OF NODES> four")
    assert faults_of(text) == [("network_file.not_integer", 1, None), ("network_file.not_integer", 2, None)]


def test_a_file_full_of_faults_is_not_listed_to_the_end() -> None:
    text = NET.replace("<NUMBER OF LINKS> 3\n", "") + "1 2 x 1 1 1 1 0 0 1;\n" * 1500
    found = faults_of(text)
    assert len(found) == 1001
    assert "table.more_faults" in {code for code, _, _ in found}


TRIPS = """<NUMBER OF ZONES> 3
<TOTAL OD FLOW>   26.5
<END OF METADATA>

Origin \t1
    1 :      4.0;     2 :    2.25e+001;
Origin  2

origin 3
3 \t: \t0.0; \t
\t1 :\t0"""


def test_trips_are_read_as_they_stand() -> None:
    warnings: list[Fault] = []
    trips = tntp.read_trips(TRIPS, 3, warnings=warnings)
    assert trips.origin.tolist() == [0, 0, 2, 2]
    assert trips.destination.tolist() == [0, 1, 2, 0]
    assert trips.amount.tolist() == [4.0, 22.5, 0.0, 0.0]
    assert not warnings
    for text in (
        TRIPS.replace("\n", "\r\n"),
        TRIPS.replace("Origin  2\n\n", ""),
        "~ x\n" + TRIPS,
    ):
        assert same(tntp.read_trips(text, 3), trips)


def test_odd_trips_are_noticed_and_read() -> None:
    warnings: list[Fault] = []
    tntp.read_trips(TRIPS.replace("26.5", "27"), 4, warnings=warnings)
    assert [(fault.code, fault.place.row, fault.severity) for fault in warnings] == [
        ("tntp.zones_differ", 1, "warning"),
        ("tntp.total_differs", 2, "warning"),
    ]


def test_every_fault_of_a_trip_table_is_named_at_once() -> None:
    text = """<TOTAL OD FLOW> much
5 : 1;
Origin 1
1 : 2; 1 : -3; 2 : x;
9 : 1; 2 3; y : 1; 2 : 1 3 : 1;
Origin 1
3 : nan;
Origin
Origin 7
"""
    assert faults_of(text, tntp.read_trips, 3) == [
        ("network_file.bad_number", 1, None),
        ("tntp.pair_without_origin", 2, None),
        ("tntp.unknown_zone", 2, None),
        ("network_file.bad_number", 4, None),
        ("network_file.too_small", 4, None),
        ("network_file.bad_number", 5, None),
        ("network_file.bad_number", 5, None),
        ("tntp.not_a_pair", 5, None),
        ("tntp.unknown_zone", 5, None),
        ("network_file.repeated", 6, None),
        ("network_file.not_finite", 7, None),
        ("network_file.bad_number", 8, None),
        ("tntp.unknown_zone", 9, None),
    ]


def test_a_pair_that_stands_twice_is_refused() -> None:
    assert faults_of("Origin 1\n2 : 1;\n2 : 1;\n", tntp.read_trips, 2) == [("network_file.repeated", 3, None)]
    twice = Trips(np.zeros(2, np.int32), np.ones(2, np.int32), np.ones(2))
    with pytest.raises(BridgeheadError, match=r"tntp\.repeated_pairs"):
        tntp.write_trips(twice, 2)
    with pytest.raises(BridgeheadError, match=r"network_file\.not_writable"):
        tntp.write_trips(Trips(np.zeros(1, np.int32), np.ones(1, np.int32), np.ones(1), "two\nlines"), 2)


@pytest.mark.parametrize(
    "text",
    [
        "1 30208 74789\n2 0.5 -1e-3",
        "Node \tX \tY \t;\n1   \t30208.0 \t \t74789 \t \t; \n2 \t.5 \t \t-0.001\t;",
        "node\tX\tY\t;\n1\t30208\t74789\t;\n2\t0.5\t-0.001\t;",
    ],
)
def test_nodes_are_read_with_and_without_names(text: str) -> None:
    nodes = tntp.read_nodes(text)
    assert (nodes.number.tolist(), nodes.x.tolist(), nodes.y.tolist()) == ([1, 2], [30208.0, 0.5], [74789.0, -0.001])


def test_faults_of_nodes_and_flows_are_named() -> None:
    assert faults_of("node x y x\n1 0 0 0", tntp.read_nodes) == [("table.duplicate_column", None, "x")]
    assert faults_of("1 0 0\n1 0 0\n2 x 0\n3 0", tntp.read_nodes) == [
        ("network_file.repeated", 2, "node"),
        ("network_file.bad_number", 3, "x"),
        ("network_file.wrong_width", 4, None),
    ]
    assert faults_of("From To Volume Cost\n1 2 nan 3", tntp.read_flows) == [("network_file.not_finite", 2, "volume")]


def test_flows_are_read_in_both_forms() -> None:
    new = tntp.read_flows("From \tTo \tVolume \tCost \n1 \t117 \t7074.9000000000015 \t1.15 \n")
    old = tntp.read_flows(
        "<NUMBER OF NODES> 3\n~ \tTail\tHead\t:\tVolume\tCost\t;\n\t1\t117\t:\t7074.9000000000015\t1.15\t;\n"
    )
    assert same(new, old)
    assert new.volume[0] == 7074.9000000000015
    bare = tntp.read_flows("From\tTo\tVolume\n1\t2\t3\n")
    assert math.isnan(bare.cost[0])
    assert same(tntp.read_flows(tntp.write_flows(bare)), bare)


ANY = st.floats(allow_infinity=False, allow_nan=False)


@st.composite
def networks(draw: st.DrawFn) -> tntp.TntpNetwork:
    nodes, links = draw(st.integers(1, 5)), draw(st.integers(0, 4))
    ends = st.lists(st.integers(1, nodes), min_size=links, max_size=links)
    column = st.lists(AMOUNTS, min_size=links, max_size=links)
    free = st.lists(ANY, min_size=links, max_size=links)
    values = [np.array(draw(free if name in {"speed", "link_type"} else column)) for name in tntp.COLUMNS[2:]]
    values[0] = np.maximum(values[0], 1e-300)
    words = st.text(alphabet=st.characters(exclude_categories=("C", "Z")), max_size=5)
    return tntp.TntpNetwork(
        draw(st.integers(0, nodes)),
        draw(st.integers(0, 9)),
        np.arange(1, nodes + 1, dtype=np.int64),
        np.array(draw(ends), dtype=np.int64),
        np.array(draw(ends), dtype=np.int64),
        *(value.astype(np.float64) for value in values),
        extra=draw(st.dictionaries(st.sampled_from(["lanes", "x_1"]), column.map(lambda row: np.array(row, float)))),
        metadata=draw(st.dictionaries(st.sampled_from(["ORIGINAL HEADER", "NAME"]), words)),
    )


@settings(max_examples=40, deadline=None)
@given(networks())
def test_networks_come_back_to_the_bit(network: tntp.TntpNetwork) -> None:
    assert same(tntp.read_network(tntp.write_network(network)), network)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda zones: st.tuples(
            st.lists(st.integers(0, 10_000), min_size=zones, max_size=zones, unique=True),
            st.dictionaries(
                st.tuples(st.integers(0, zones - 1), st.integers(0, zones - 1)), AMOUNTS.filter(lambda x: x < 1e300)
            ),
        )
    ),
    st.sampled_from(["", "trucks of 载货"]),
)
def test_trips_come_back_to_the_bit(case: tuple[list[int], dict[tuple[int, int], float]], name: str) -> None:
    zones, cells = case
    pairs = sorted(cells, key=lambda pair: (pair[0] * 7) % 5)
    trips = Trips(
        np.array([origin for origin, _ in pairs], np.int32),
        np.array([destination for _, destination in pairs], np.int32),
        np.array([cells[pair] for pair in pairs], float),
        name,
    )
    warnings: list[Fault] = []
    assert same(tntp.read_trips(tntp.write_trips(trips, zones), zones, warnings=warnings), trips)
    assert not warnings


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**40), ANY, ANY), unique_by=lambda row: row[0]))
def test_nodes_and_flows_come_back_to_the_bit(rows: list[tuple[int, float, float]]) -> None:
    number, x, y = (np.array([row[i] for row in rows], float if i else np.int64) for i in range(3))
    nodes = tntp.TntpNodes(number, x, y)
    assert same(tntp.read_nodes(tntp.write_nodes(nodes)), nodes)
    flows = tntp.TntpFlows(number, number[::-1].copy(), x, y)
    assert same(tntp.read_flows(tntp.write_flows(flows)), flows)


@needs_networks
@pytest.mark.parametrize("name", ["SiouxFalls", "Anaheim"])
def test_published_flows_give_the_published_costs_and_objective(name: str) -> None:
    def text(part: str) -> str:
        return (BENCH / f"{name}_{part}.tntp").read_text(encoding="utf-8")

    with (BENCH / "TRUTH.csv").open(encoding="utf-8") as stream:
        truth = next(row for row in csv.DictReader(stream) if row["network"] == name)
    network, flows = tntp.read_network(text("net")), tntp.read_flows(text("flow"))
    trips = tntp.read_trips(text("trips"), network.zone_numbers, warnings=(odd := []))
    assert not odd
    assert trips.total == pytest.approx(float(truth["trips_total"]), rel=1e-12)
    assert np.count_nonzero((trips.amount > 0) & (trips.origin != trips.destination)) == int(
        truth["od_pairs_interzonal"]
    )
    counts = (network.zones, len(network.node_numbers), len(network.init_node), network.first_thru_node)
    assert counts == tuple(int(truth[key]) for key in ("zones", "nodes", "links", "first_thru_node"))
    assert flows.init_node.tolist() == network.init_node.tolist()
    assert flows.term_node.tolist() == network.term_node.tolist()
    share = flows.volume / network.capacity
    assert np.allclose(network.free_flow_time * (1 + network.b * share**network.power), flows.cost, rtol=1e-13)
    area = flows.volume * (1 + network.b * share**network.power / (network.power + 1))
    beckmann = math.fsum((network.free_flow_time * area).tolist())
    assert beckmann == pytest.approx(float(truth["beckmann_objective_of_published_flows"]), rel=1e-13)
    assert same(tntp.read_network(tntp.write_network(network)), network)
    assert same(tntp.read_trips(tntp.write_trips(trips, network.zones), network.zones), trips)


@pytest.mark.slow
def test_large_files_take_seconds() -> None:
    rng = np.random.default_rng(1)
    links, zones = 50_000, 500
    ends = rng.integers(1, 40_001, (2, links))
    columns = rng.random((8, links)) * 1e3
    numbers = np.arange(1, 40_001, dtype=np.int64)
    network = tntp.TntpNetwork(zones, zones + 1, numbers, ends[0], ends[1], *columns, {}, {})
    trips = Trips.of_matrix(rng.random((zones, zones)) + 0.01)
    texts = tntp.write_network(network), tntp.write_trips(trips, zones)
    start = time.process_time()
    assert same(tntp.read_network(texts[0]), network)
    assert same(tntp.read_trips(texts[1], zones), trips)
    assert time.process_time() - start < 8.0, "1 s of one core in November 2026"
