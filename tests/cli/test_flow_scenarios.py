"""Scenarios on the command line: the list, and what cannot be read told before anything is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bridgehead.cli.flow_scenarios import register
from bridgehead.jobs import scenario_runs
from bridgehead.kernel.errors import BridgeheadError

APP = typer.Typer()
register(APP)


def asked(*words: str) -> tuple[str, BaseException | None]:
    found = CliRunner().invoke(APP, list(words))
    return found.output, found.exception


def test_the_scenarios_of_the_region_are_listed() -> None:
    told, _none = asked("scenarios", "--json")
    listed = {one["id"]: one for one in json.loads(told)["scenarios"]}
    assert len(listed) == 5
    assert listed["erenhot-closed"]["edits"][0]["edit"] == "close_port"
    for language, word in (("zh", "煤炭需求下降三成"), ("en", "Coal demand down 30 %")):
        assert word in asked("scenarios", "--lang", language)[0]


@pytest.mark.django_db
def test_what_cannot_be_read_is_told_at_once_and_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenario_runs, "run_plan", lambda *_, **__: pytest.fail("something was run"))
    file = tmp_path / "wrong.toml"
    edits = '[[edits]]\nedit = "close_port"\nport = "nowhere"\n[[edits]]\nedit = "demand"\nfactor = -1\n'
    file.write_text(edits, encoding="utf-8")
    _told, refused = asked("run", str(file))
    assert isinstance(refused, BridgeheadError)
    assert {(fault.place.row, fault.place.file) for fault in refused.faults} == {(3, str(file)), (6, str(file))}
    other = tmp_path / "other.toml"
    other.write_text('[[edits]]\nedit = "demand"\nfactor = 0\n', encoding="utf-8")
    _told, refused = asked("compare", str(file), str(other), "nobody")
    assert isinstance(refused, BridgeheadError)
    codes = {(fault.code, fault.place.file) for fault in refused.faults}
    assert codes >= {("scenario.unknown_id", str(file)), ("scenario.no_demand", str(other))}
    assert "scenario.unknown_scenario" in {code for code, _ in codes}, "of every scenario that was named"
    for paper in ("memo.odt", str(file)):
        _told, refused = asked("compare", "erenhot-closed", "--docx", paper)
        assert isinstance(refused, BridgeheadError), "before anything is run"
    _told, refused = asked("run", str(tmp_path / "absent.toml"))
    assert isinstance(refused, BridgeheadError)
    assert refused.code == "scenario.unreadable"
    _told, refused = asked("compare", "nowhere")
    assert isinstance(refused, BridgeheadError)
    assert refused.code == "scenario.unknown_scenario"
