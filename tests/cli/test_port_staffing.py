"""``bridgehead port staff``: what it prints, as words and as JSON, and when it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bridgehead.cli.port_staffing import staff
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.staffed_ports import description

COMMAND = typer.Typer()
COMMAND.command()(staff)


@pytest.fixture
def port(tmp_path: Path) -> str:
    file = tmp_path / "port.yaml"
    file.write_text(json.dumps(description()), encoding="utf-8")
    return str(file)


def told(*arguments: str) -> Result:
    return CliRunner().invoke(COMMAND, list(arguments))


def test_the_staffing_is_told_with_how_sure_it_is(port: str) -> None:
    said = told(port, "--promise", "mean wait at gate <= 1.5 min", "--between", "gate=2..12", "--lang", "en")
    assert said.exit_code == 0, said.output
    assert "Staffing: gate 7. 1,176.0 lane-hours a week (now 2,352.0 lane-hours)." in said.stdout
    assert "At least 95 % sure: the promise holds with this, and with nothing cheaper." in said.stdout
    rows = [line.split() for line in said.stdout.splitlines() if line.startswith("gate ")]
    assert [(row[1], row[-1]) for row in rows] == [("6", "no"), ("8", "yes")]


def test_the_staffing_is_told_in_chinese(port: str) -> None:
    said = told(port, "--promise", "mean wait at gate <= 1.5 min", "--lang", "zh")
    assert "配员：gate 7。每周 1,176.0 通道小时（现有 2,352.0 通道小时）。" in said.stdout
    assert "至少 95% 确定：这样守得住承诺，更省的都守不住。" in said.stdout


def test_json_holds_the_choice_the_neighbours_and_the_runs(port: str) -> None:
    said = told(port, "--promise", "p90 stay <= 14 min", "--cost", "gate=120", "--seed", "3", "--json")
    found = json.loads(said.stdout)
    assert (found["outcome"], found["servers"], found["sure"]) == ("found", {"gate": 7}, 0.95)
    assert found["chosen"]["cost_a_week"] == 7 * 168 * 120
    assert [(one["change"], one["verdict"]) for one in found["neighbours"]] == [(-1, "broken"), (1, "kept")]
    assert found["chosen"]["clauses"][0]["low"] <= found["chosen"]["clauses"][0]["estimate"] <= 14.0
    assert found["run"]["seed"] == 3
    assert 0 < found["run"]["runs"] <= found["run"]["budget"] == 1000


def test_a_promise_that_cannot_be_held_has_an_exit_code_of_its_own(port: str) -> None:
    said = told(port, "--promise", "mean stay <= 4 min", "--lang", "en")
    assert said.exit_code == 1
    assert "The promise cannot be held within these bounds" in said.stdout
    assert "--between" in said.stdout
    assert "5.0 min [" in said.stdout
    crowded = told(port, "--promise", "mean stay <= 4 min", "--between", "gate=1..4", "--lang", "en")
    assert "Needed at least: gate 5" in crowded.stdout


def test_who_leaves_unserved_stands_beside_the_promise(tmp_path: Path) -> None:
    stations = {"gate": {"servers": 14, "service": {"exp": 5}, "queue_capacity": 2, "on_full": "lose"}}
    file = tmp_path / "port.yaml"
    file.write_text(json.dumps(description(stations=stations)), encoding="utf-8")
    asked = (str(file), "--promise", "p90 stay <= 60 min", "--between", "gate=1..6")
    english, chinese = (told(*asked, "--lang", language).stdout for language in ("en", "zh"))
    assert "With this staffing more leave unserved than now, by 8" in english
    assert "to bound who leaves, add to it: share lost <= 1 %." in english
    assert "没办成就离去的比现在多 8" in chinese
    assert "在承诺里加上 share lost <= 1 %。" in chinese
    row = next(line for line in english.splitlines() if line.startswith("leave unserved"))
    assert row.count("[") == 2
    bound = told(*asked, "--promise", "p90 stay <= 60 min; share lost <= 90 %", "--json").stdout
    lost = json.loads(bound)["lost"]
    assert lost["promised"]
    assert lost["chosen"]["low"] <= lost["chosen"]["share"] <= lost["chosen"]["high"] <= 0.9
    assert lost["present"]["share"] < 0.01


def test_opening_hours_of_a_parameter_can_be_compared(tmp_path: Path) -> None:
    hours = {"hours": {"value": "06:00-20:00", "standing": "assumption"}}
    stations = {"gate": {"servers": 14, "calendar": "day", "service": {"exp": 5}}}
    calendars = {"day": {"open": ["$hours"]}}
    text = description(stations=stations, calendars=calendars)
    file = tmp_path / "port.yaml"
    file.write_text(json.dumps({**text, "parameters": {**text["parameters"], **hours}}), encoding="utf-8")
    asked = (str(file), "--promise", "p90 stay <= 9 h", "--json")
    day, always = (json.loads(told(*asked, *more).stdout) for more in ((), ("--set", "hours=00:00-24:00")))
    assert (day["lanes"][0]["hours_a_week"], always["lanes"][0]["hours_a_week"]) == (98.0, 168.0)
    assert day["servers"]["gate"] > always["servers"]["gate"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--promise", "soon"), "staffing.bad_promise"),
        (("--promise", "mean stay <= 9 min", "--between", "gate=few"), "staffing.unreadable_bounds"),
        (("--promise", "mean stay <= 9 min", "--cost", "gate"), "staffing.unreadable_cost"),
        (("--promise", "mean stay <= 9 min", "--budget", "3"), "staffing.budget_too_small"),
    ],
)
def test_what_cannot_be_asked_is_refused(port: str, arguments: tuple[str, ...], code: str) -> None:
    raised = told(port, *arguments).exception
    assert isinstance(raised, BridgeheadError)
    assert raised.code == code


def test_a_port_of_assumptions_is_not_staffed() -> None:
    raised = told("wuliji", "--promise", "p90 stay <= 4 h").exception
    assert isinstance(raised, BridgeheadError)
    assert raised.code == "staffing.illustrative"
    assert raised.parameters["missing"]


def test_a_what_if_on_a_reported_figure_is_answered(port: str) -> None:
    said = told(port, "--promise", "mean wait at gate <= 1.5 min", "--set", "priority=2", "--json")
    assert said.exit_code == 0, said.output
    assert json.loads(said.stdout)["servers"] == {"gate": 7}


@pytest.mark.slow
def test_the_hours_of_a_shipped_port_can_be_asked_for() -> None:
    asked = ("erenhot-road", "--promise", "p90 stay <= 12 h", "--budget", "60", "--json")
    said = told(*asked, "--set", "passenger_hours=07:00-20:00")
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
    assert json.loads(said.stdout)["outcome"] in {"found", "undecided", "impossible", "overloaded"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_staffings_that_were_not_run_are_counted_and_have_no_empty_reading(lang: str) -> None:
    asked = ("manzhouli-road", "--promise", "p90 stay <= 4 h", "--budget", "40", "--workers", "0")
    found = json.loads(told(*asked, "--json").stdout)
    idle = [one for one in found["undecided"] if not one["replications"]]
    assert idle
    said = told(*asked, "--lang", lang).stdout
    assert said.count({"zh": "没有运行，也就不能确定", "en": "Not run, and so not settled"}[lang]) == 1
    assert f"{len(idle)} {('种配员' if lang == 'zh' else 'staffing')}" in said
    for empty in (",  (", "，，", "，（", "(0 runs)", "0 次）"):
        assert empty not in said
