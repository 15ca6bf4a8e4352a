"""What the port commands print of faults: every one with its path, and only what repeats itself folded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import inside
from tests.engines.simulation.staffed_ports import description

LISTED = 20
REST = {"zh": "处同类问题", "en": "more of the same kinds"}


def written(folder: Path, model: dict[str, object], name: str = "model.json") -> str:
    file = folder / name
    file.write_text(json.dumps(model), encoding="utf-8")
    return str(file)


def crossing(lanes: int = 1, **more: object) -> dict[str, object]:
    names = [f"lane-{number}" for number in range(lanes)]
    return {
        "classes": {"truck": {}},
        "stations": {name: {"servers": 1, "service": {"*": {"exp": 2}}, **more} for name in names},
        "sources": [{"class": "truck", "node": name, "interarrival": {"exp": 5}} for name in names],
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_field_at_fault_is_named_on_the_terminal(tmp_path: Path, lang: str) -> None:
    file = written(tmp_path, crossing(9, servers=0, queue_capacity=-4))
    said = inside("port", "simulate", file, "--lang", lang)
    assert said.code == 2
    for number in range(9):
        for field in ("servers", "queue_capacity"):
            assert f"stations.lane-{number}.{field}" in said.err
    assert REST[lang] not in said.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_only_very_many_entries_of_a_list_with_the_same_fault_are_counted(tmp_path: Path, lang: str) -> None:
    source = {"class": "truck", "node": "lane-0", "interarrival": {"exp": -5}}
    for count in (LISTED, LISTED + 7):
        file = written(tmp_path, {**crossing(), "sources": [source] * count})
        said = inside("port", "simulate", file, "--lang", lang)
        assert said.err.count("sources[") >= LISTED
        assert (REST[lang] in said.err) == (count > LISTED)
    assert f"sources[{LISTED - 1}].interarrival" in said.err
    assert f"sources[{LISTED}].interarrival" not in said.err
    assert " 7 " in said.err.splitlines()[-1]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", ["simulate", "staff"])
def test_a_data_folder_that_takes_no_results_is_told_of_once(tmp_path: Path, command: str, lang: str) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    if command == "simulate":
        more = ("--days", "5", "--replications", "3")
    else:
        more = ("--promise", "p90 stay <= 30 min", "--budget", "40")
    asked = ("port", command, written(tmp_path, description()), *more, "--workers", "0", "--lang", lang)
    for said in (inside(*asked, "--data", str(taken)), inside(*asked, BRIDGEHEAD_DATA=str(taken))):
        assert said.code in (0, 1)
        assert said.err.count("server.results_not_kept") == 1
        assert str(taken) in said.err
    kept = inside(*asked, "--data", str(tmp_path / "free"))
    assert "server.results_not_kept" not in kept.err


NONE = {"zh": "一个", "en": "There are no "}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("more", "options", "code"),
    [
        ({"needs": ["crane"]}, (), "model.unknown_pool"),
        ({"calendar": "day"}, (), "model.unknown_calendar"),
        ({}, ("--set", "x=1"), "model.unknown_parameter"),
        ({"servers": "$x"}, (), "model.unknown_parameter"),
    ],
)
def test_where_there_are_none_none_are_listed(
    tmp_path: Path, lang: str, more: dict[str, object], options: tuple[str, ...], code: str
) -> None:
    said = inside("port", "simulate", written(tmp_path, crossing(**more)), *options, "--json", "--lang", lang)
    (fault,) = json.loads(said.out)["error"]["faults"]
    assert fault["code"] == code
    assert fault["cure"].startswith(NONE[lang])
    assert ": ." not in fault["cure"]
    assert "：。" not in fault["cure"]


@pytest.mark.parametrize("form", ["native", "case"])
@pytest.mark.parametrize("nothing", [None, {}])
def test_a_section_that_is_missing_is_the_one_fault(tmp_path: Path, form: str, nothing: object) -> None:
    named = {"native": ("stations", "classes"), "case": ("nodes", "classes")}[form]
    whole = crossing()
    if form == "case":
        whole["nodes"] = whole.pop("stations")
    for section in named:
        said = inside("port", "simulate", written(tmp_path, {**whole, section: nothing}), "--json", "--lang", "en")
        (fault,) = json.loads(said.out)["error"]["faults"]
        assert (fault["code"], fault["place"]["field"]) == ("model.missing", section)
        assert f"“{section}” is missing" in fault["message"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fault_of_a_whole_model_has_its_path_on_the_terminal(tmp_path: Path, lang: str) -> None:
    case = {"id": "a", "model": {**crossing(), "sources": []}, "run": {"horizon": 100}, "expect": []}
    said = inside("port", "verify", written(tmp_path, {"cases": [case, case]}, "cases.json"), "--lang", lang)
    assert "cases.json:cases[1].model " in said.out.replace("\n", " ")
