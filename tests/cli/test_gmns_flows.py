"""`bridgehead flows solve --gmns`: every kind of delay and hard limits, with trips in three formats."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bridgehead.engines.network.directed import Trips
from bridgehead.engines.network.formats import omx, parquet, tntp
from tests.cli.running import inside
from tests.cli.running import solve_faults as faults_of

pytest.importorskip("h5py")

UNREAD = "flows.file_not_readable"

# Two ways from a to b: one of a minute that four vehicles an hour can take, one of three minutes.
GMNS = {
    "node.csv": "node_id,x_coord,y_coord,zone_id\na,0,0,7\nb,1,0,8\nm,0,1,\n",
    "link.csv": "link_id,from_node_id,to_node_id,length,toll\nshort,a,b,1,0\nlong,a,m,1,0\nlast,m,b,1,5\n",
    "link_delay.csv": "link_id,kind,free_flow_time,limit\nshort,constant,1,4\nlong,constant,1,\nlast,constant,2,\n",
}
TEN = "<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 7\n8 : 10;\n"
SMALL_TRIPS = Trips(np.array([0], dtype=np.int32), np.array([1], dtype=np.int32), np.array([10.0]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "net"
    found.mkdir()
    for name, text in GMNS.items():
        (found / name).write_text(text, encoding="utf-8")
    (tmp_path / "trips.tntp").write_text(TEN, encoding="utf-8")
    matrices = omx.write_matrices(omx.of_trips([SMALL_TRIPS, replace(SMALL_TRIPS, name="none")], ("7", "8")))
    (tmp_path / "trips.omx").write_bytes(matrices)
    (tmp_path / "trips.parquet").write_bytes(parquet.write_trips([SMALL_TRIPS], ("7", "8")))
    return found


@pytest.mark.parametrize("trips", ["trips.tntp", "trips.omx#trips", "trips.parquet"])
def test_a_gmns_network_is_solved_and_its_limits_have_a_price(folder: Path, tmp_path: Path, trips: str) -> None:
    out = tmp_path / "out"
    asked = ("flows", "solve", "--gmns", str(folder), str(tmp_path / trips), "--gap", "1e-9", "--out", str(out))
    said = inside(*asked, "--lang", "en")
    assert said.code == 0, said.err
    assert "shadow price" in said.out
    found = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert found["total_cost"] == pytest.approx(4 * 1 + 6 * 3)
    assert found["limit_excess"] <= 1e-6
    table = parquet.read_flows((out / "link_flows.parquet").read_bytes())
    assert table.link_ids == ("short", "long", "last")
    assert table.columns["volume"].tolist() == pytest.approx([4.0, 6.0, 6.0], rel=1e-6)
    assert table.columns["price"].tolist() == pytest.approx([2.0, 0.0, 0.0], rel=1e-6), "what the short way saves"
    flows = tntp.read_flows((out / "flow.tntp").read_text(encoding="utf-8"))
    assert (out / "node.csv").read_text(encoding="utf-8") == "number,node\n1,a\n2,b\n3,m\n"
    assert (flows.init_node.tolist(), flows.term_node.tolist()) == ([1, 1, 3], [2, 3, 2])


def test_every_kind_of_delay_is_solved_from_a_table(folder: Path, tmp_path: Path) -> None:
    # Side by side, so that all take equally long; the times are those of the papers named in engines.network.delays.
    links = "".join(f"{i},a,b\n" for i in range(5))
    (folder / "link.csv").write_text("link_id,from_node_id,to_node_id\n" + links, encoding="utf-8")
    (folder / "link_delay.csv").write_text(
        "link_id,kind,free_flow_time,capacity,b,power,alpha,delay_parameter,period,servers,variability,join,points\n"
        "0,bpr,1,2,0.15,4,,,,,,,\n1,conical,1,2,,,4,,,,,,\n2,akcelik,1,2,,,,0.4,1,,,,\n"
        "3,piecewise,1,2,,,,,,,,,0 1; 1 1.5; 2 4\n4,port_queue,0.5,2,,,,,,1,1,0.9,\n",
        encoding="utf-8",
    )
    asked = ("--gmns", str(folder), str(tmp_path / "trips.tntp"), "--gap", "1e-12", "--out", str(tmp_path / "o"))
    assert inside("flows", "solve", *asked).code == 0
    table = parquet.read_flows((tmp_path / "o" / "link_flows.parquet").read_bytes())
    x = table.columns["volume"] / 2.0
    assert x.sum() * 2.0 == pytest.approx(10.0)
    free, beta = 1.0 - x[1], 7.0 / 6.0
    z = x[2] - 1.0
    times = [
        1.0 + 0.15 * x[0] ** 4,
        2.0 + (16.0 * free**2 + beta**2) ** 0.5 - 4.0 * free - beta,
        1.0 + 0.25 * (z + (z * z + 8.0 * 0.4 * x[2] / 2.0) ** 0.5),
        np.interp(x[3], [0.0, 1.0, 2.0], [1.0, 1.5, 4.0]),
        0.5 + x[4] / (2.0 * (1.0 - x[4])),
    ]
    assert x[4] < 0.9, "on the part of the queue that is Erlang's"
    assert times == pytest.approx(table.columns["time"].tolist(), rel=1e-9)
    assert times == pytest.approx([times[0]] * 5, rel=1e-6)


def test_faults_of_gmns_tables_and_trips_come_together(folder: Path, tmp_path: Path) -> None:
    (folder / "link_delay.csv").write_text(
        GMNS["link_delay.csv"].replace("1,4", "-1,0").replace("long", "wide"), encoding="utf-8"
    )
    (tmp_path / "trips.tntp").write_text(TEN.replace(": 10", ": -10"), encoding="utf-8")
    found = faults_of("--gmns", str(folder), str(tmp_path / "trips.tntp"), "--year", "2023", "--tntp", "x", "y")
    assert {code for code, *_ in found} >= {"flows.two_networks", "flows.option_of_region"}
    assert faults_of("--gmns", str(folder), str(tmp_path / "trips.tntp"), "--gap", "2") == {
        ("flows.bad_gap", None, None, "gap"),
        ("network_file.no_delay", "link.csv", 3, "link_id"),
        ("delays.bad_row", "link_delay.csv", 2, None),
        ("gmns.zero_limit", "link_delay.csv", 2, "limit"),
        ("network_file.unknown_link", "link_delay.csv", 3, "link_id"),
        ("network_file.too_small", "trips.tntp", 4, None),
    }
    for name, text in GMNS.items():
        (folder / name).write_text(text.replace("constant,2,", "bpr,2,"), encoding="utf-8")
    several = ("omx.unknown_name", "trips.omx", None, None)
    assert several in faults_of("--gmns", str(folder), str(tmp_path / "trips.omx#car"))
    (folder / "link_delay.csv").write_text(
        "link_id,kind,free_flow_time,capacity,b,power\nshort,bpr,1,1,1,61\nlong,constant,1,,,\nlast,constant,2,,,\n",
        encoding="utf-8",
    )
    assert faults_of("--gmns", str(folder), str(tmp_path / "trips.omx")) == {
        ("delays.bad_row", "link_delay.csv", 2, "power"),
        ("flows.several_tables", "trips.omx", None, None),
    }
    none = faults_of("--gmns", str(folder / "none"), str(tmp_path / "none.omx"))
    assert none == {(UNREAD, name, None, "gmns") for name in ("node.csv", "link.csv", "none.omx")}


@pytest.mark.parametrize(("trips", "row"), [("trips.tntp", 6), ("trips.omx#trips", 2), ("trips.parquet", 1)])
def test_a_pair_no_gmns_path_joins_is_told_with_its_row(folder: Path, tmp_path: Path, trips: str, row: int) -> None:
    back = replace(SMALL_TRIPS, origin=SMALL_TRIPS.destination, destination=SMALL_TRIPS.origin)
    (tmp_path / "trips.tntp").write_text(TEN + "Origin 8\n7 : 1;\n", encoding="utf-8")
    (tmp_path / "trips.omx").write_bytes(omx.write_matrices(omx.of_trips([back], ("7", "8"))))
    (tmp_path / "trips.parquet").write_bytes(parquet.write_trips([back], ("7", "8")))
    assert faults_of("--gmns", str(folder), str(tmp_path / trips)) == {
        ("flows.disconnected", trips.partition("#")[0], row, None)
    }
    words = (folder / "node.csv").read_text(encoding="utf-8").replace(",7", ",west")
    (folder / "node.csv").write_text(words, encoding="utf-8")
    code = {"trips.tntp": "flows.zones_not_numbers", "trips.parquet": "tntp.unknown_zone"}.get(
        trips, "omx.zones_differ"
    )
    assert {one[0] for one in faults_of("--gmns", str(folder), str(tmp_path / trips))} == {code}


def test_limits_that_the_demand_does_not_fit_through_are_said(folder: Path, tmp_path: Path) -> None:
    tight = GMNS["link_delay.csv"].replace("long,constant,1,", "long,constant,1,5")
    (folder / "link_delay.csv").write_text(tight, encoding="utf-8")
    said = inside("flows", "solve", "--gmns", str(folder), str(tmp_path / "trips.tntp"), "--lang", "en")
    assert said.code == 1
    assert "flows.limits_not_kept" in said.err


def test_a_system_optimum_counts_the_time_of_every_trip_alike(folder: Path, tmp_path: Path) -> None:
    # c cars and k trucks of two units on x, whose time is 1 + c + 2 k, the others on y, which takes 2: the least sum of
    # times has half a car on x and 2 * 4 - 0.25; least money would have a quarter of a truck there.
    (folder / "link.csv").write_text("link_id,from_node_id,to_node_id\nx,a,b\ny,a,b\n", encoding="utf-8")
    delays = "link_id,kind,free_flow_time,capacity,b,power\nx,bpr,1,1,1,1\ny,constant,2,,,\n"
    (folder / "link_delay.csv").write_text(delays, encoding="utf-8")
    (tmp_path / "trips.tntp").write_text(TEN.replace("10", "4"), encoding="utf-8")
    classes = tmp_path / "classes.csv"
    classes.write_text("name,share,pce,value_of_time\ncar,0.5,1,1\ntruck,0.5,2,5\n", encoding="utf-8")
    asked = ("--gmns", str(folder), str(tmp_path / "trips.tntp"), "--classes", str(classes), "--gap", "1e-10")
    found = json.loads(inside("flows", "solve", *asked, "--so", "--json").out)
    assert found["total_cost"] == pytest.approx(7.75, rel=1e-9)
    assert json.loads(inside("flows", "solve", *asked, "--json").out)["total_cost"] >= found["total_cost"]
