"""``bridgehead route``: several routes that differ, the Pareto set, the day, ports to avoid and weights of a mix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridgehead.engines.network.alternatives import find_routes
from bridgehead.engines.network.pareto import pareto_set
from bridgehead.engines.network.routes import Consignment, prepare
from bridgehead.regions.load import load_region
from tests.cli.running import inside

ASKED = ("route", "tavan-tolgoi", "tangshan", "--commodity", "coking-coal", "--tonnes", "5000")
COAL = Consignment("tavan-tolgoi", "tangshan", "coking-coal", tonnes=5000.0)


@pytest.mark.article(12)
def test_five_routes_stand_in_json_with_how_they_differ_and_where_every_number_comes_from() -> None:
    answer = json.loads(inside(*ASKED, "-k", "5", "--pareto", "--json").out)
    request = prepare(load_region().network(), COAL)
    found, none_beats = find_routes(request, 5), pareto_set(request)
    told = answer["alternatives"]
    assert (told["asked"], told["found"], told["most_in_common"]) == (5, 5, 0.6)
    costs = [one["totals"]["usd_per_t"] for one in told["routes"]]
    assert costs == [one.route.usd_per_t for one in found.routes] == sorted(costs)
    known = {row.id for row in load_region().network().parameters}
    for one, mine in zip(told["routes"], found.routes, strict=True):
        assert one["differs"] == list(mine.differs)
        assert set(one["parameters"]) <= known
        assert one["profile"][-1]["usd_per_t"] == one["totals"]["usd_per_t"]
        assert {leg["kind"] for leg in one["legs"]} >= {"load", "haul", "border_exit", "border_entry", "unload"}
        assert all(place in answer["names"] for place in one["places"])
    assert [one["totals"]["hours"] for one in answer["pareto"]["routes"]] == [o.route.hours for o in none_beats.routes]
    alone = json.loads(inside(*ASKED, "--json").out)
    assert "alternatives" not in alone
    assert all(answer[key] == alone[key] for key in alone if key != "names")


def test_several_routes_are_printed_side_by_side_and_leg_by_leg() -> None:
    for lang, other, heading in (
        ("zh", "口岸不同", "费用、时间、排放上各有所长"),
        ("en", "other port", "no other beats"),
    ):
        said = inside(*ASKED, "-k", "3", "--pareto", "--lang", lang, COLUMNS="160").out
        assert other in said
        assert heading in said
        assert "60 %" in said
    few = inside(*ASKED, "-k", "20", "--most-in-common", "0.05", "--lang", "en", COLUMNS="160").out
    assert "20 routes asked for" in few


def test_day_ports_to_avoid_and_weights_change_the_answer() -> None:
    def ports(*more: str) -> list[str]:
        return list(json.loads(inside(*ASKED, *more, "--json").out)["ports"])

    assert ports() == ["ganqimaodu"]
    assert "ganqimaodu" not in ports("--avoid", "ganqimaodu")
    assert ports("--avoid", "Ganqimaodu road port") == ports("--avoid", "ganqimaodu")
    mixed = json.loads(
        inside(*ASKED, "--by", "mix", "--value-of-time", "20000", "--value-of-carbon", "0.2", "--json").out
    )
    assert mixed["weights"] == {"usd_per_h": 20000.0, "usd_per_kg_co2e": 0.2, "parameter": ""}
    dated = json.loads(inside(*ASKED, "--date", "2024-07-11", "--json").out)
    assert (dated["year"], dated["consignment"]["date"]) == (2024, "2024-07-11")
    assert json.loads(inside(*ASKED, "--by", "co2e", "--json").out)["by"] == "co2e"
    assert "value-of-time" in inside(*ASKED, "--by", "mix", "--lang", "en").out


def test_everything_that_is_wrong_is_told_at_once() -> None:
    refused = inside(*ASKED, "-k", "0", "--most-in-common", "2", "--date", "2024-02-30", "--avoid", "atlantis",
                     "--value-of-carbon", "1", "--year", "1990", "--modes", "rail,foot", "--json")  # fmt: skip
    assert refused.code == 2
    faults = json.loads(refused.out or refused.err)["error"]["faults"]
    assert {(fault["code"], fault["place"]["field"]) for fault in faults} == {
        ("route.bad_count", "k"), ("route.bad_share", "most_in_common"), ("route.bad_date", "date"),
        ("route.unknown_place", "avoid"), ("route.bad_weight", "value_of_carbon"),
        ("route.year_outside_data", "year"), ("route.unknown_mode", "modes"),
    }  # fmt: skip


def test_where_there_is_no_way_every_condition_that_can_be_loosened_is_named() -> None:
    for language in ("zh", "en"):
        refused = inside(*ASKED, "--via", "ganqimaodu", "--modes", "rail", "--lang", language)
        assert refused.code == 2
        assert "route.no_path" in refused.err
        assert all(option in refused.err for option in ("--modes", "--via", "--avoid", "--date"))


@pytest.mark.article(12)
def test_the_stay_at_a_port_may_be_simulated_and_is_told_beside_the_tabled_one(tmp_path: Path) -> None:
    run = inside("port", "simulate", "ganqimaodu", "--replications", "3", "--days", "28", "--workers", "0", "--json")
    file = tmp_path / "run.json"
    file.write_text(run.out, encoding="utf-8")
    (answer,) = json.loads(inside(*ASKED, "--port-run", str(file), "--port-class", "walk_in", "--json").out)[
        "simulated"
    ]
    shown = next(one for one in json.loads(run.out)["classes"] if one["id"] == "walk_in")["stay_mean_h"]
    (port,) = answer["ports"]
    assert (answer["standing"], port["port"], port["classes"]) == ("model", "ganqimaodu", ["walk_in"])
    assert port["simulated_h"] == shown
    change = shown["mean"] - port["tabled_h"]
    assert answer["hours"]["simulated"]["mean"] == pytest.approx(answer["hours"]["tabled"] + change)
    said = inside(*ASKED, "--port-run", str(file), "--port-class", "walk_in", "--lang", "en", COLUMNS="160").out
    assert "The stay at the port by simulation" in said
    assert "SWD road, km/h" in said
    assert "no observation" in said


def test_where_no_class_is_named_the_stay_is_that_of_the_main_units_that_leave_served(tmp_path: Path) -> None:
    run = inside("port", "simulate", "ganqimaodu", "--replications", "2", "--days", "7", "--workers", "0", "--json")
    file = tmp_path / "run.json"
    file.write_text(run.out, encoding="utf-8")
    (answer,) = json.loads(inside(*ASKED, "--port-run", str(file), "--json").out)["simulated"]
    assert answer["ports"][0]["simulated_h"] == json.loads(run.out)["whole"]["stay_mean_h"]
    for lang, whose in (
        ("zh", "没写类别的，是办成后离开口岸的主要单位的平均停留"),
        ("en", "that of the main units that leave the port served"),
    ):
        assert whose in inside(*ASKED, "--port-run", str(file), "--lang", lang, COLUMNS="160").out


def test_runs_of_ports_elsewhere_and_files_of_something_else_are_refused(tmp_path: Path) -> None:
    run = inside("port", "simulate", "wuliji", "--replications", "2", "--days", "7", "--workers", "0", "--json")
    file = tmp_path / "run.json"
    file.write_text(run.out, encoding="utf-8")
    refused = inside(*ASKED, "--port-run", str(file), "--json")
    assert refused.code == 2
    error = json.loads(refused.out)["error"]
    assert (error["code"], error["parameters"]["ports"]) == ("route.port_run_unused", ["ganqimaodu"])
    for text in ("no json", json.dumps({"schema": "other", "run": {}})):
        file.write_text(text, encoding="utf-8")
        wrong = inside(*ASKED, "--port-run", str(file), "--json")
        assert json.loads(wrong.out)["error"]["code"] == "route.bad_port_run"
