"""What ``bridgehead port`` says around the figures: warnings, what is only an example, what fits a narrow terminal."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from rich.console import Console

from bridgehead.cli.port_agreement import _makes_up_trains, _verdict
from bridgehead.cli.port_files import model_named
from bridgehead.cli.port_words import fitting
from bridgehead.cli.terminal import NARROWEST, print_table
from tests.cli.running import inside

QUICK = ("--workers", "0", "--replications", "2", "--lang", "en")
REPORTED = {name: {"value": value, "standing": "reported"} for name, value in (("lanes", 1), ("mean", 4), ("rate", 6))}
GATE: dict[str, Any] = {
    "schema": "bridgehead-port-model/1",
    "start": "2025-01-06",
    "parameters": REPORTED,
    "classes": {"truck": {}},
    "stations": {"gate": {"servers": "$lanes", "service": {"exp": "$mean"}}},
    "sources": [{"class": "truck", "node": "gate", "rate": "$rate", "per": "h"}],
    "run": {"warmup": 0, "horizon": "10d", "replications": 2},
}


def written(folder: Path, description: dict[str, Any]) -> str:
    file = folder / "gate.yaml"
    file.write_text(yaml.safe_dump(description), encoding="utf-8")
    return str(file)


@pytest.mark.article(9)
def test_a_model_of_assumptions_opens_with_the_word_illustrative() -> None:
    said = inside("port", "simulate", "shiwei", "--days", "15", *QUICK)
    assert said.code == 0, said.err
    assert said.out.startswith("Illustrative")
    chinese = inside("port", "simulate", "shiwei", "--days", "15", *QUICK[:4], "--lang", "zh")
    assert chinese.out.startswith("示意")
    assert (
        json.loads(inside("port", "simulate", "shiwei", "--days", "15", *QUICK, "--json").out)["illustrative"] is True
    )


def test_a_what_if_makes_no_reported_model_illustrative(tmp_path: Path) -> None:
    file = written(tmp_path, GATE)
    said = inside("port", "simulate", file, *QUICK, "--set", "lanes=2", "--set", "mean=5", "--json")
    assert json.loads(said.out)["illustrative"] is False
    assert "Illustrative" not in inside("port", "simulate", file, *QUICK, "--set", "lanes=2").out


def test_warnings_in_json_name_the_station_and_its_load(tmp_path: Path) -> None:
    file = written(tmp_path, {**GATE, "parameters": {**REPORTED, "rate": {"value": 30, "standing": "reported"}}})
    (warning,) = json.loads(inside("port", "simulate", file, *QUICK, "--json").out)["warnings"]
    assert warning["code"] == "model.unstable"
    assert warning["parameters"] == {"node": "gate", "load": 2.0}
    assert warning["place"]["field"] == "stations.gate"
    assert warning["severity"] == "warning"
    assert "gate" in warning["message"]


def test_a_data_folder_that_is_named_is_made_and_keeps_the_runs(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    said = inside("port", "simulate", written(tmp_path, GATE), *QUICK, "--data", str(folder), "--json")
    assert said.code == 0, said.err
    assert [one for one in (folder / "results").rglob("*") if one.is_file()]


def test_a_precision_that_is_not_reached_is_said(tmp_path: Path) -> None:
    file = written(tmp_path, {**GATE, "run": {"horizon": "2h"}})
    said = inside("port", "simulate", file, "--workers", "0", "--precision", "0.0001", "--lang", "en")
    assert "The precision asked for was not reached: after 400 replications" in said.out
    assert "not at most 0.01%" in said.out
    reached = inside("port", "simulate", file, "--workers", "0", "--precision", "0.9", "--lang", "en")
    assert "not reached" not in reached.out


def test_a_port_in_its_closed_season_says_when_it_opens() -> None:
    said = inside("port", "simulate", "arxan", "--days", "20", *QUICK)
    assert "The port was closed on all the days that were counted and opens on day 91 (2025-04-01)." in said.out
    chinese = inside("port", "simulate", "arxan", "--days", "20", *QUICK[:4], "--lang", "zh")
    assert "第 91 天（2025-04-01）才开放" in chinese.out


def test_a_port_to_which_nobody_comes_says_so(tmp_path: Path) -> None:
    source = {"class": "truck", "node": "gate", "times": ["9d"]}
    said = inside("port", "simulate", written(tmp_path, {**GATE, "sources": [source]}), *QUICK, "--days", "2")
    assert "Nobody came in the days that were counted." in said.out
    assert "closed" not in said.out.splitlines()[2]


def test_open_hours_stand_beside_the_hours_a_station_is_busy(tmp_path: Path) -> None:
    hours = {"calendars": {"day": {"open": ["06:00-18:00"]}}}
    gate = {"gate": {**GATE["stations"]["gate"], "calendar": "day"}}
    said = inside("port", "simulate", written(tmp_path, {**GATE, **hours, "stations": gate}), *QUICK)
    lines = said.out.splitlines()
    assert any(line.split() == ["busy", "%"] for line in lines)
    assert any("of all hours" in line and "open %" in line for line in lines)
    (row,) = [line for line in lines if line.startswith("gate ")]
    assert "50.0 ±0.0" in row


def test_a_table_of_rates_lies_beside_the_model_and_nowhere_else(tmp_path: Path) -> None:
    source = {"class": "truck", "node": "gate", "rate": {"table": "hourly.csv"}, "per": "h"}
    file = written(tmp_path, {**GATE, "sources": [source]})
    missing = inside("port", "simulate", file, *QUICK, "--json")
    assert json.loads(missing.out)["error"]["code"] == "model.no_table"
    (tmp_path / "hourly.csv").write_text("hour,rate\n0,0\n12,12\n", encoding="utf-8")
    said = inside("port", "simulate", file, *QUICK, "--json", "--set", "lanes=2")
    assert json.loads(said.out)["whole"]["throughput_per_day"]["mean"] == pytest.approx(144, rel=0.1)
    (tmp_path / "ports").mkdir()
    source["rate"] = {"table": "../hourly.csv"}
    elsewhere = inside("port", "simulate", written(tmp_path / "ports", {**GATE, "sources": [source]}), *QUICK, "--json")
    assert json.loads(elsewhere.out)["error"]["code"] == "model.no_table"


def printed(width: int, *, terminal: bool) -> list[str]:
    out = Console(file=io.StringIO(), width=width, force_terminal=terminal, color_system=None)
    heads = ("station", "done/day", "mean wait min", "longest", "mean queue")
    rows = [("Gate of the north", "1,885.3 ±38.1", "147.7 ±28.9", "1,160 ±170", "129.3 ±20.2")]
    print_table(out, fitting(heads, rows, (3, 4), out))
    return out.file.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]


def test_on_a_narrow_terminal_columns_go_and_names_stay() -> None:
    wide, narrow, narrower = printed(200, terminal=True), printed(64, terminal=True), printed(50, terminal=True)
    assert "longest" in wide[0]
    assert "mean queue" in wide[0]
    assert "longest" not in narrow[0]
    assert "mean queue" in narrow[0]
    assert "mean queue" not in narrower[0]
    assert narrower[1].startswith("Gate of the")
    assert "147.7 ±28.9" in narrower[1]
    assert max(map(len, narrow)) <= 64


def test_where_nobody_looks_at_a_terminal_every_column_is_printed_and_names_keep_their_width() -> None:
    lines = printed(40, terminal=False)
    assert "longest" in lines[0]
    assert "mean queue" in lines[0]
    assert lines[1][:NARROWEST].strip() == "Gate of the"


def test_one_round_is_one_round() -> None:
    def of(count: int, *, reached: bool) -> str:
        rounds = [[SimpleNamespace(difference_min=0.4, tolerated_min=0.5)]] * count
        found = SimpleNamespace(rounds=rounds, reached=reached, stands_still=False)
        return _verdict(found, "en", trains=True)  # type: ignore[arg-type]

    assert of(1, reached=True) == "Agreed after 1 round: +0.40 min apart, ±0.50 min allowed."
    assert of(3, reached=True) == "Agreed after 3 rounds: +0.40 min apart, ±0.50 min allowed."
    assert "after 1 round still" in of(1, reached=False)


@pytest.mark.parametrize(("lang", "trains"), [("zh", "编组"), ("en", "trains")])
def test_only_where_trains_are_made_up_does_a_port_that_does_not_agree_speak_of_them(lang: str, trains: str) -> None:
    still = SimpleNamespace(rounds=[[SimpleNamespace(difference_min=9.0)]], reached=False, stands_still=True)
    for port, made_up in (("erenhot-road", False), ("erenhot-rail", True)):
        said = _verdict(still, lang, trains=_makes_up_trains(model_named(port, None).model))  # type: ignore[arg-type]
        assert (trains in said) == made_up
        assert "+9.00" in said
