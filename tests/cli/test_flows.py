"""`bridgehead flows solve`: files and regions to equilibrium, what is written, and what is refused."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import brentq

from bridgehead.engines.network.formats import parquet, tntp
from tests.cli.running import inside
from tests.cli.running import solve_faults as faults_of

UNREAD = "flows.file_not_readable"
Float64 = npt.NDArray[np.float64]
SECOND_REGION = Path(__file__).parents[1] / "second_region"
REGION = ("--region", str(SECOND_REGION))
BENCH = Path(__file__).resolve().parents[2].parent / "shared" / "bench" / "tntp"
OBJECTIVES = {"SiouxFalls": 4231335.28710744, "Anaheim": 1286032.171096032}

# Braess, D. (1968): six drivers, 83 minutes each without the short cut and 92 with it.
BRAESS = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 4
<FIRST THRU NODE> 3
<NUMBER OF LINKS> {links}
<END OF METADATA>
~ init term capacity length fft b power speed toll type ;
1 3 1 0 1e-8 1e9 1 0 0 1 ;
3 2 1 0 50 0.02 1 0 2 1 ;
1 4 1 0 50 0.02 1 0 0 1 ;
4 2 1 0 1e-8 1e9 1 0 0 1 ;
{cut}"""
CUT = "3 4 1 0 10 0.1 1 0 0 1 ;\n"
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 6
<END OF METADATA>
Origin 1
2 : 6.0;
"""


@pytest.fixture
def braess(tmp_path: Path) -> tuple[Path, Path]:
    net, trips = tmp_path / "net.tntp", tmp_path / "trips.tntp"
    net.write_text(BRAESS.format(links=5, cut=CUT), encoding="utf-8")
    trips.write_text(TRIPS, encoding="utf-8")
    return net, trips


def test_the_short_cut_makes_everybody_slower(braess: tuple[Path, Path], tmp_path: Path) -> None:
    asked = ("flows", "solve", "--tntp", *map(str, braess), "--gap", "1e-12", "--json")
    said = inside(*asked)
    assert said.code == 0, said.err
    found = json.loads(said.out)
    assert found["reached"]
    assert found["relative_gap"] <= 1e-12
    assert found["total_cost"] == pytest.approx(6 * 92, rel=1e-9)
    best = json.loads(inside(*asked, "--so").out)
    assert best["total_cost"] == pytest.approx(6 * 83, rel=1e-6), "without the short cut, as the planner would"
    assert best["input_hash"] == found["input_hash"]
    other = tmp_path / "open.tntp"
    other.write_text(BRAESS.format(links=4, cut=""), encoding="utf-8")
    without = json.loads(inside("flows", "solve", "--tntp", str(other), str(braess[1]), "--gap", "1e-12", "--json").out)
    assert without["total_cost"] == pytest.approx(6 * 83, rel=1e-9)
    assert without["input_hash"] != found["input_hash"]


def test_flows_are_written_as_parquet_and_tntp(braess: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    said = inside("flows", "solve", "--tntp", *map(str, braess), "--gap", "1e-10", "--out", str(out), "--lang", "en")
    assert said.code == 0, said.err
    assert "model" in said.out
    flows = tntp.read_flows((out / "flow.tntp").read_text(encoding="utf-8"))
    table = parquet.read_flows((out / "link_flows.parquet").read_bytes())
    assert table.columns["volume"].tolist() == flows.volume.tolist() == pytest.approx([4.0, 2.0, 2.0, 4.0, 2.0])
    assert flows.cost.tolist() == pytest.approx([40.0, 52.0, 52.0, 40.0, 12.0])
    assert json.loads((out / "result.json").read_text(encoding="utf-8"))["iterations"] >= 1
    assert not list(out.glob(".*")), "nothing half-written is left"


def test_a_toll_has_the_weight_it_is_given(braess: tuple[Path, Path]) -> None:
    asked = ("flows", "solve", "--tntp", *map(str, braess), "--gap", "1e-12", "--json")
    free, paid = (json.loads(inside(*asked, *more).out) for more in ((), ("--toll-weight", "100")))
    # With a toll of 200 minutes on 3-2 nobody takes it: 1-4-2 and, cheaper, nothing else.
    assert paid["total_cost"] > free["total_cost"]
    assert paid["input_hash"] != free["input_hash"]


def test_weights_of_toll_and_length_count_as_the_collection_counts_them(tmp_path: Path) -> None:
    # Chicago Sketch is published with 0.02 for tolls and 0.04 for length. Three parallel links, solved by scipy.
    links = ((10.0, 12.0, 8.0, 0.15, 4.0, 0.0), (6.0, 3.0, 9.0, 0.5, 2.0, 120.0), (4.0, 20.0, 10.0, 0.15, 4.0, 15.0))
    rows = [f"1 2 {cap} {length} {fft} {b} {power} 0 {toll} 3 ;" for cap, length, fft, b, power, toll in links]
    net, trips = tmp_path / "net.tntp", tmp_path / "trips.tntp"
    head = BRAESS.partition("1 3")[0].format(links=3)
    net.write_text(head + "\n".join(rows), encoding="utf-8")
    trips.write_text(TRIPS.replace("6", "30"), encoding="utf-8")
    cap, length, fft, b, power, toll = (np.array(column) for column in zip(*links, strict=True))
    fixed = 0.02 * toll + 0.04 * length

    def flow(cost: float) -> Float64:
        slow: Float64 = np.maximum((cost - fixed) / fft - 1.0, 0.0) / b
        return cap * slow ** (1.0 / power)

    cost = brentq(lambda one: flow(one).sum() - 30.0, fixed.min(), 1e3, xtol=1e-14)
    objective = float((flow(cost) * (fft * (1.0 + b / (power + 1.0) * (flow(cost) / cap) ** power) + fixed)).sum())
    out = tmp_path / "out"
    asked = ("--toll-weight", "0.02", "--distance-weight", "0.04", "--gap", "1e-12", "--out", str(out), "--json")
    found = json.loads(inside("flows", "solve", "--tntp", str(net), str(trips), *asked).out)
    assert found["objective"] == pytest.approx(objective, rel=1e-12)
    assert found["total_cost"] == pytest.approx(30.0 * cost, rel=1e-9)
    assert found["parameters"]["toll_weight"] == 0.02
    flows = tntp.read_flows((out / "flow.tntp").read_text(encoding="utf-8"))
    assert flows.volume.tolist() == pytest.approx(flow(cost).tolist(), rel=1e-9)
    assert flows.cost.tolist() == pytest.approx([cost] * 3, rel=1e-9), "what users see, as in the collection"


def test_classes_share_the_trips_and_weigh_their_own(braess: tuple[Path, Path], tmp_path: Path) -> None:
    classes = tmp_path / "classes.csv"
    classes.write_text("name,share,pce,value_of_time,per_link\ncar,0.5,1,1,0\ntruck,0.5,2,0.5,1\n", encoding="utf-8")
    out = tmp_path / "out"
    asked = ("flows", "solve", "--tntp", *map(str, braess), "--classes", str(classes), "--gap", "1e-9", "--json")
    found = json.loads(inside(*asked, "--out", str(out)).out)
    assert found["classes"] == ["car", "truck"]
    table = parquet.read_flows((out / "link_flows.parquet").read_bytes())
    cars, trucks = table.columns["flow_car"], table.columns["flow_truck"]
    assert table.columns["volume"].tolist() == pytest.approx((cars + 2 * trucks).tolist())
    assert cars[0] + cars[2] == pytest.approx(3.0)
    assert trucks[0] + trucks[2] == pytest.approx(3.0)


def test_every_fault_of_all_files_comes_at_once(tmp_path: Path) -> None:
    net, trips, classes = tmp_path / "net.tntp", tmp_path / "trips.tntp", tmp_path / "classes.csv"
    net.write_text(BRAESS.format(links=7, cut=CUT), encoding="utf-8")
    trips.write_text(TRIPS, encoding="utf-8")
    classes.write_text("name,share,speed\ncar,half,1\ncar,-1,1\n", encoding="utf-8")
    said = inside("flows", "solve", "--tntp", str(net), str(trips), "--classes", str(classes), "--json")
    assert said.code == 2
    faults = json.loads(said.out)["error"]["faults"]
    where = {(fault["place"]["file"], fault["place"]["row"], fault["place"]["column"]) for fault in faults}
    assert {("classes.csv", 1, "speed"), ("classes.csv", 2, "share"), ("classes.csv", 3, "share")} <= where
    assert any(file == "net.tntp" for file, _, _ in where)
    assert all(fault["cure"] for fault in faults)


def test_faults_of_every_kind_come_together(braess: tuple[Path, Path], tmp_path: Path) -> None:
    net, trips = braess
    bad = (
        BRAESS.format(links=7, cut=CUT)
        .replace("3 2 1 0 50 0.02 1", "3 2 1 0 50 -0.02 1")
        .replace("1 4 1 0 50 0.02 1", "1 4 0 0 50 0.02 1")
        .replace("4 2 1 0 1e-8 1e9 1", "4 3 1 0 nan 1e9 99")
        .replace("3 4 1 0 10", "3 4 1 0 -10")
    )
    net.write_text(bad, encoding="utf-8")
    trips.write_text(
        TRIPS.replace("2 : 6.0;", "2 : 6.0; 9 : 1.0;\nOrigin 2\n1 : 3;\nOrigin x\n1 : -1"), encoding="utf-8"
    )
    found = faults_of(
        "--tntp", str(net), str(trips), "--gap", "2", "--toll-weight", "nan", "--out", str(tmp_path / "o")
    )
    assert found == {
        ("flows.bad_gap", None, None, "gap"),
        ("flows.bad_weight", None, None, "toll_weight"),
        ("tntp.wrong_link_count", "net.tntp", 4, None),
        ("network_file.too_small", "net.tntp", 8, "b"),
        ("network_file.zero_capacity", "net.tntp", 9, "capacity"),
        ("network_file.not_finite", "net.tntp", 10, "free_flow_time"),
        ("delays.bad_row", "net.tntp", 10, "power"),
        ("network_file.too_small", "net.tntp", 11, "free_flow_time"),
        ("tntp.unknown_zone", "trips.tntp", 5, None),
        ("network_file.bad_number", "trips.tntp", 8, None),
        ("network_file.too_small", "trips.tntp", 9, None),
        ("flows.disconnected", "trips.tntp", 7, None),
    }
    assert not (tmp_path / "o").exists(), "nothing is written"


def test_a_network_that_cannot_be_read_hides_no_fault_of_the_trips(braess: tuple[Path, Path]) -> None:
    net, trips = braess
    net.write_text(BRAESS.format(links=5, cut="3 4 1\n"), encoding="utf-8")
    trips.write_text(TRIPS.replace("2 : 6.0", "9 : -6.0"), encoding="utf-8")
    assert faults_of("--tntp", str(net), str(trips)) == {
        ("network_file.wrong_width", "net.tntp", 11, None),
        ("tntp.unknown_zone", "trips.tntp", 5, None),
        ("network_file.too_small", "trips.tntp", 5, None),
    }
    found = faults_of("--tntp", str(net.with_name("none")), str(trips))
    assert {code for code, *_ in found} == {"flows.file_not_readable", "network_file.too_small"}


def test_files_in_the_wrong_order_are_recognised(braess: tuple[Path, Path]) -> None:
    net, trips = braess
    assert faults_of("--tntp", str(trips), str(net)) == {
        ("tntp.other_kind", "trips.tntp", 4, None),
        ("tntp.other_kind", "net.tntp", 7, None),
    }


def test_a_pair_without_a_path_is_told_with_its_line(braess: tuple[Path, Path], tmp_path: Path) -> None:
    net, trips = braess
    trips.write_text(TRIPS + "\nOrigin 2\n\n1 : 0.5; 2 : 4\n", encoding="utf-8")
    assert faults_of("--tntp", str(net), str(trips)) == {("flows.disconnected", "trips.tntp", 9, None)}
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "trips.tntp").write_text("Origin 2\n1 : 3\n", encoding="utf-8")
    classes = tmp_path / "classes.csv"
    classes.write_text("name,share,trips\ncar,1,\nbus,,own/trips.tntp\n", encoding="utf-8")
    found = faults_of("--tntp", str(net), str(trips), "--classes", str(classes))
    assert found == {
        ("flows.disconnected", "trips.tntp", 9, None),
        ("flows.disconnected", str(tmp_path / "own" / "trips.tntp"), 2, None),
    }, "files of one name are told apart"


@pytest.mark.parametrize("pairs", ["2 : 0.0;", "1 : 6;", ""])
def test_a_trip_table_without_demand_is_refused(braess: tuple[Path, Path], pairs: str) -> None:
    braess[1].write_text(TRIPS.replace("2 : 6.0;", pairs), encoding="utf-8")
    assert faults_of("--tntp", *map(str, braess)) == {("flows.no_demand", "trips.tntp", 2, None)}


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("", {("table.empty_file", None, None)}),
        ("name;share\na;1\n", {("table.wrong_separator", 1, None)}),
        ("name,share,share\na,1,1\n", {("table.duplicate_column", 1, "share")}),
        ("share\n1\n", {("flows.class_column", 1, None)}),
        ("name,share\n", {("flows.class_shares", 1, "share")}),
        ("name,share\n\na,0.4\n\na,0.6\n", {("flows.class_value", 5, "name")}),
        ("name,share\na,1,7\n", {("table.ragged_row", 2, None)}),
        ("name,share,trips\na,1,x\n", {("flows.class_value", 2, "share"), (UNREAD, None, "classes")}),
        ("name,share,pce\na,,1_0\n", {("flows.class_value", 2, "share"), ("flows.class_value", 2, "pce")}),
        ("name,share,value_of_time\na,1,0\n", {("flows.class_value", 2, "value_of_time")}),
        ('name,share\n"a,1\n', {("table.broken_quotes", 2, None), ("flows.class_shares", 1, "share")}),
    ],
)  # fmt: skip
def test_a_table_of_classes_that_is_none_is_refused(
    braess: tuple[Path, Path], tmp_path: Path, table: str, found: set[tuple[str, int | None, str | None]]
) -> None:
    classes = tmp_path / "classes.csv"
    classes.write_text(table, encoding="utf-8")
    faults = faults_of("--tntp", *map(str, braess), "--classes", str(classes))
    assert {(code, row, column) for code, _, row, column in faults} == found


def test_a_run_that_stops_early_says_which_gap_it_has(braess: tuple[Path, Path]) -> None:
    said = inside("flows", "solve", "--tntp", *map(str, braess), "--gap", "1e-15", "--iterations", "1", "--lang", "en")
    assert said.code == 1
    assert "flows.gap_not_reached" in said.err
    assert "--iterations" in said.err
    assert "relative gap" in said.out, "the result is given all the same"
    odd = braess[0].with_name("odd.tntp")
    odd.write_text(braess[0].read_text(encoding="utf-8").replace(" 50 0.02 1 ", " 50 0.02 1.7 "), encoding="utf-8")
    said = inside("flows", "solve", "--tntp", str(odd), str(braess[1]), "--gap", "1e-300", "--lang", "en")
    assert "flows.gap_not_reached" in said.err
    assert "--iterations" not in said.err, "more of them would change nothing"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--gap", "0", *REGION), "flows.bad_gap"),
        (("--gap", "nan", *REGION), "flows.bad_gap"),
        (("--iterations", "7", *REGION), "flows.option_of_files"),
        (("--exact", "--tntp", "none.tntp", "none.tntp"), "flows.option_of_region"),
        ((*REGION, "--tntp", "none.tntp", "none.tntp"), "flows.option_of_region"),
        (("--tntp", "none.tntp", "none.tntp"), "flows.file_not_readable"),
        (("--scenario", "no-such-scenario", *REGION), "region.unknown_id"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: tuple[str, ...], code: str) -> None:
    said = inside("flows", "solve", *arguments, "--json")
    assert said.code == 2, said
    assert json.loads(said.out)["error"]["code"].startswith(code)


def test_faults_of_options_year_and_scenario_come_together(tmp_path: Path) -> None:
    assert faults_of(*REGION, "--scenario", "nope", "--year", "1900", "--toll-weight", "2") == {
        ("flows.option_of_files", None, None, "tntp"),
        ("route.year_outside_data", None, None, "year"),
        ("region.unknown_id", "scenarios.csv", None, None),
    }
    scenario = tmp_path / "s.json"
    scenario.write_text('{"edits": [{"edit": "close_port", "port": "moon"}]}', encoding="utf-8")
    assert faults_of(*REGION, "--scenario", str(scenario), "--year", "1900", "--gap", "3") == {
        ("flows.bad_gap", None, None, "gap"),
        ("route.year_outside_data", None, None, "year"),
        ("scenario.unknown_id", str(scenario), 1, "port"),
    }


@pytest.mark.article(11)
@pytest.mark.article(31)
def test_the_freight_of_any_region_is_solved(tmp_path: Path) -> None:
    asked = ("flows", "solve", "--region", str(SECOND_REGION), "--json")
    found = json.loads(inside(*asked, "--out", str(tmp_path)).out)
    assert found["reached"]
    assert found["relative_gap"] <= 1e-6
    assert found["conservation_error"] <= 1e-6
    assert found["demand"] > found["unserved"]
    exact = json.loads(inside(*asked, "--exact", "--gap", "1e-9").out)
    assert exact["relative_gap"] <= 1e-9
    assert exact["method"] != found["method"]
    best = json.loads(inside(*asked, "--so").out)
    assert best["method"] == "system optimum"
    assert best["total_cost"] <= exact["total_cost"] * (1 + 1e-6)
    table = parquet.read_flows((tmp_path / "link_flows.parquet").read_bytes())
    assert table.units["tonnes"] == "t/year"
    assert (table.columns["tonnes"] > 0.0).all()
    flows = tntp.read_flows((tmp_path / "flow.tntp").read_text(encoding="utf-8"))
    ends = list(zip(flows.init_node.tolist(), flows.term_node.tolist(), strict=True))
    lines = (tmp_path / "node.csv").read_text(encoding="utf-8").splitlines()[1:]
    nodes = {int(number): node.rpartition(":") for number, node in (line.split(",") for line in lines)}
    assert len(set(ends)) == len(ends) == len(table.link_ids)
    named = [f"{table.from_node_ids[i]}:{name.rpartition('--')[2]}" for i, name in enumerate(table.link_ids)]
    assert [":".join(nodes[tail][::2]) for tail, _ in ends] == named


def test_a_scenario_that_closes_for_days_says_whose_tonnes_they_are(tmp_path: Path) -> None:
    """Rule 1, no silent wrong answers: the tonnes of ten days are none of a year."""
    with (SECOND_REGION / "ports.csv").open(encoding="utf-8") as table:
        port = next(row["id"] for row in csv.DictReader(table) if row["status"] == "open")
    scenario = tmp_path / "closed.toml"
    days = "from = 2022-07-01\nto = 2022-07-10"
    scenario.write_text(f'[[edits]]\nedit = "close_port"\nport = "{port}"\n{days}\n', encoding="utf-8")
    asked = ("flows", "solve", "--region", str(SECOND_REGION), "--lang", "en")
    year = json.loads(inside(*asked, "--json").out)
    closed = json.loads(inside(*asked, "--scenario", str(scenario), "--json", "--out", str(tmp_path / "out")).out)
    assert (year["days"], closed["days"]) == (None, 10)
    assert closed["demand"] == pytest.approx(year["demand"] * 10 / 365)
    written = parquet.read_flows((tmp_path / "out" / "link_flows.parquet").read_bytes())
    assert written.units["tonnes"] == "t/10 days"
    assert json.loads((tmp_path / "out" / "flows.json").read_bytes())["days"] == 10
    head = inside(*asked, "--scenario", str(scenario)).out.partition("\n")[0]
    assert "closed.toml (10 closed days), stochastic user equilibrium" in head
    assert inside(*asked, "--exact").out.partition("\n")[0].endswith(", user equilibrium")


def test_a_region_without_demand_is_refused(tmp_path: Path) -> None:
    region = tmp_path / "region"
    shutil.copytree(SECOND_REGION, region)
    header = (region / "demand.csv").read_text(encoding="utf-8").partition("\n")[0]
    (region / "demand.csv").write_text(header + "\n", encoding="utf-8")
    assert faults_of("--region", str(region)) == {("flows.no_demand", "demand.csv", None, "tonnes_per_year")}


@pytest.mark.skipif(not BENCH.is_dir(), reason="the benchmark networks are not beside this checkout")
@pytest.mark.parametrize("name", sorted(OBJECTIVES))
def test_published_networks_reach_their_published_objective(name: str) -> None:
    files = (str(BENCH / f"{name}_net.tntp"), str(BENCH / f"{name}_trips.tntp"))
    found = json.loads(inside("flows", "solve", "--tntp", *files, "--gap", "1e-10", "--json").out)
    assert found["relative_gap"] <= 1e-10
    assert found["objective"] == pytest.approx(OBJECTIVES[name], rel=1e-12)
    assert found["conservation_error"] <= 1e-12
