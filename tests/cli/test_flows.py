"""`bridgehead flows solve`: files and regions to equilibrium, what is written, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridgehead.engines.network.formats import parquet, tntp
from tests.cli.running import inside

SECOND_REGION = Path(__file__).parents[1] / "second_region"
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


def test_trips_to_a_zone_that_is_not_there_are_refused(braess: tuple[Path, Path]) -> None:
    braess[1].write_text(TRIPS.replace("2 : 6.0;", "2 : 6.0; 9 : 1.0;"), encoding="utf-8")
    said = inside("flows", "solve", "--tntp", *map(str, braess), "--json")
    assert said.code == 2
    (fault,) = json.loads(said.out)["error"]["faults"]
    assert (fault["place"]["file"], fault["place"]["row"]) == ("trips.tntp", 5)


def test_a_run_that_stops_early_says_which_gap_it_has(braess: tuple[Path, Path]) -> None:
    said = inside("flows", "solve", "--tntp", *map(str, braess), "--gap", "1e-15", "--iterations", "1", "--lang", "en")
    assert said.code == 1
    assert "flows.gap_not_reached" in said.err
    assert "relative gap" in said.out, "the result is given all the same"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--gap", "0"), "flows.bad_gap"),
        (("--gap", "nan"), "flows.bad_gap"),
        (("--so",), "flows.option_of_files"),
        (("--tntp", "none.tntp", "none.tntp"), "flows.file_not_readable"),
        (("--scenario", "no-such-scenario"), "region.unknown_id"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: tuple[str, ...], code: str) -> None:
    said = inside("flows", "solve", *arguments, "--json")
    assert said.code == 2, said
    assert json.loads(said.out)["error"]["code"].startswith(code)


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
    table = parquet.read_flows((tmp_path / "link_flows.parquet").read_bytes())
    assert table.units["tonnes"] == "t/year"
    assert (table.columns["tonnes"] > 0.0).all()


@pytest.mark.skipif(not BENCH.is_dir(), reason="the benchmark networks are not beside this checkout")
@pytest.mark.parametrize("name", sorted(OBJECTIVES))
def test_published_networks_reach_their_published_objective(name: str) -> None:
    files = (str(BENCH / f"{name}_net.tntp"), str(BENCH / f"{name}_trips.tntp"))
    found = json.loads(inside("flows", "solve", "--tntp", *files, "--gap", "1e-10", "--json").out)
    assert found["relative_gap"] <= 1e-10
    assert found["objective"] == pytest.approx(OBJECTIVES[name], rel=1e-12)
    assert found["conservation_error"] <= 1e-12
