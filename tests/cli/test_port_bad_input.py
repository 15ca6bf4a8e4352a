"""What cannot be asked of the commands of a port: one clear refusal, every fault of it, and no file half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridgehead.cli.port import port_app
from bridgehead.kernel.errors import BridgeheadError, sentence
from tests.engines.simulation.staffed_ports import description

LOG = "unit,activity,start,end,class\n" + "".join(f"u{n},gate,{10 * n},{10 * n + 5},a\n" for n in range(40))


@pytest.fixture
def port(tmp_path: Path) -> str:
    file = tmp_path / "port.json"
    file.write_text(json.dumps(description()), encoding="utf-8")
    return str(file)


def refused(*arguments: str) -> list[tuple[str, str | None]]:
    raised = CliRunner().invoke(port_app, list(arguments)).exception
    assert isinstance(raised, BridgeheadError), raised
    return [(fault.code, fault.place.field) for fault in raised.faults]


@pytest.mark.parametrize("warmup", ["nan", "inf", "1e400", "-3", "soon"])
def test_a_warm_up_that_is_no_number_of_days_is_refused(port: str, warmup: str) -> None:
    assert refused("simulate", port, "--warmup", warmup) == [("simulation.bad_warmup", "warmup")]


@pytest.mark.parametrize(
    ("command", "option", "value"),
    [
        ("simulate", "--days", "inf"),
        ("simulate", "--days", "nan"),
        ("simulate", "--days", "1e300"),
        ("simulate", "--replications", "0"),
        ("simulate", "--replications", "99999999999999999999"),
        ("simulate", "--workers", "-1"),
        ("simulate", "--workers", "100000"),
        ("staff", "--budget", "99999999999999999999"),
        ("staff", "--workers", "100000"),
        ("agree", "--days", "1e300"),
        ("agree", "--tolerance", "inf"),
    ],
)
def test_numbers_without_measure_are_refused_before_anything_is_run(
    port: str, command: str, option: str, value: str
) -> None:
    promise = ("--promise", "mean stay <= 9 min") if command == "staff" else ()
    said = CliRunner().invoke(port_app, [command, port, *promise, option, value])
    assert said.exit_code == 2
    assert "Traceback" not in said.output


def test_a_staffing_question_is_refused_with_all_its_faults(port: str) -> None:
    asked = ("staff", port, "--promise", "soon", "--between", "gat=1..2", "--cost", "gate=nan", "--budget", "3")
    assert refused(*asked) == [
        ("staffing.bad_promise", "promise"),
        ("staffing.unknown_lanes", "between"),
        ("staffing.bad_cost", "cost"),
        ("staffing.budget_too_small", "budget"),
    ]
    unreadable = ("--set", "x", "--between", "gate", "--cost", "gate=")
    assert refused("staff", port, "--promise", "soon", *unreadable) == [
        ("model.unreadable_change", "set"),
        ("staffing.bad_promise", "promise"),
        ("staffing.unreadable_bounds", "between"),
        ("staffing.unreadable_cost", "cost"),
    ]


def test_what_cannot_be_read_of_an_option_hides_nothing_else_of_it(port: str) -> None:
    bounds = ("--between", "nosuch=1..2", "--between", "gate=5..2", "--between", "gate")
    costs = ("--cost", "y=-3", "--cost", "gate=abc")
    assert sorted(refused("staff", port, "--promise", "mean stay <= 9 min", *bounds, *costs)) == [
        ("staffing.bad_bounds", "between"),
        ("staffing.bad_cost", "cost"),
        ("staffing.unknown_lanes", "between"),
        ("staffing.unknown_lanes", "cost"),
        ("staffing.unreadable_bounds", "between"),
        ("staffing.unreadable_cost", "cost"),
    ]


def test_a_cost_that_cannot_be_read_is_not_said_to_be_missing_too(tmp_path: Path) -> None:
    stations = {name: {"servers": 14, "service": {"exp": 5}} for name in ("gate", "scan")}
    file = tmp_path / "port.json"
    two = description(stations=stations, routes={"*": {"gate": "scan", "scan": "out"}})
    file.write_text(json.dumps(two), encoding="utf-8")
    asked = ("staff", str(file), "--promise", "mean stay <= 9 min", "--cost", "scan=2", "--cost", "gate=abc")
    assert refused(*asked) == [("staffing.unreadable_cost", "cost")]


def test_all_that_is_changed_is_looked_at(tmp_path: Path) -> None:
    told = description()
    told["parameters"] = {**told.get("parameters", {}), "lanes": 2}
    told["stations"]["gate"]["servers"] = "$lanes"
    file = tmp_path / "port.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    nowhere = str(tmp_path / "nowhere" / "log.csv")
    changes = ("--set", "lanes=-4", "--set", "lines=3", "--set", "a")
    assert refused("simulate", str(file), *changes, "--warmup", "soon", "--log", nowhere) == [
        ("model.unwritable_file", "log"),
        ("model.unknown_parameter", "parameters.lines"),
        ("model.unreadable_change", "set"),
        ("model.out_of_range", "stations.gate.servers"),
        ("simulation.bad_warmup", "warmup"),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_warm_up_longer_than_the_run_is_told_in_days(port: str, lang: str) -> None:
    raised = CliRunner().invoke(port_app, ["simulate", port, "--warmup", "400", "--days", "300"]).exception
    assert isinstance(raised, BridgeheadError)
    (fault,) = raised.faults
    assert (fault.code, fault.place.field) == ("simulation.bad_run", "warmup")
    said = sentence(fault, lang)
    assert " 300 " in said.message
    assert " 400 " in said.message
    assert not any(word in said.message + said.cure for word in ("minute", "分钟", "bin", "分段", "000"))


def test_faults_of_all_files_of_cases_are_told(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text("[]", encoding="utf-8")
    files = [str(tmp_path / name) for name in ("a.json", "b.json", "c.json")]
    found = [code for code, _ in refused("verify", *files)]
    assert found == ["model.no_description", "model.no_description", "model.unreadable_file"]


def test_a_place_where_nothing_can_be_written_is_refused_before_the_run(
    port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridgehead.jobs.port_runs.run_study", lambda *_, **__: pytest.fail("it was run"))
    for place in (tmp_path, tmp_path / "nowhere" / "log.csv"):
        assert refused("simulate", port, "--log", str(place)) == [("model.unwritable_file", "log")]


def test_a_model_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(LOG, encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    for place in (tmp_path, tmp_path / "nowhere" / "model.yaml"):
        assert refused("calibrate", str(log), "--out", str(place)) == [("model.unwritable_file", "out")]
    assert refused("calibrate", str(log), "--out", str(tmp_path / "model.yaml"), "--booked", "b") == [
        ("simulation.unknown_class", "booked")
    ]
    assert sorted(tmp_path.iterdir()) == before
