"""Cases with known answers where a model is asked for: one by itself, one of a file, and the bare model of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bridgehead.engines.simulation.reading import read_model
from tests.cli.running import inside

BENCH = Path(__file__).resolve().parents[2].parent / "shared" / "bench" / "queueing.json"
MODEL: dict[str, Any] = {
    "time_unit": "h",
    "classes": [{"id": "truck"}],
    "nodes": [{"id": "booth", "kind": "station", "servers": 1, "service": {"*": {"dist": "exp", "mean": 0.1}}}],
    "sources": [{"node": "booth", "class": "truck", "interarrival": {"dist": "exp", "mean": 0.2}}],
    "routes": {"*": {}},
}
RUN = {"warmup": 20, "horizon": 4020, "replications": 5}
WAIT = {"metric": "wait_mean", "node": "booth", "value": 0.1, "rel_tol": 0.2}
CASE: dict[str, Any] = {"id": "mm1", "model": MODEL, "run": RUN, "expect": [WAIT]}


def busier(**more: Any) -> dict[str, Any]:
    source = {**MODEL["sources"][0], "interarrival": {"dist": "exp", "mean": 0.1 / 1.5}}
    return {**CASE, "id": "busy", "model": {**MODEL, "sources": [source]}, **more}


def written(folder: Path, told: object, name: str = "cases.json") -> str:
    file = folder / name
    file.write_text(json.dumps(told), encoding="utf-8")
    return str(file)


def simulated(file: str, *more: str) -> dict[str, Any]:
    said = inside("port", "simulate", file, "--workers", "0", "--json", *more)
    assert said.code == 0, said.out + said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def test_a_case_is_simulated_as_it_says(tmp_path: Path) -> None:
    # M/M/1 at one half: a truck waits as long as a service takes, 6 minutes
    for told in (CASE, {"cases": [CASE]}, {"cases": [CASE], "performance": [busier()]}):
        found = simulated(written(tmp_path, told))
        assert found["run"]["horizon_min"] == 4020 * 60
        assert found["run"]["warmup_min"] == 20 * 60
        assert found["run"]["replications"] == 5
        assert found["stations"][0]["wait_mean"]["mean"] == pytest.approx(6.0, rel=0.1)


def test_the_bare_model_of_a_case_is_simulated(tmp_path: Path) -> None:
    found = simulated(written(tmp_path, {"schema": "bridgehead-queue-case/1", **MODEL}), "--days", "60")
    assert found["stations"][0]["wait_mean"]["mean"] == pytest.approx(6.0, rel=0.2)


def test_of_several_cases_one_is_named_behind_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, {"cases": [CASE, busier()], "performance": [{**CASE, "id": "year"}]})
    said = inside("port", "simulate", file, "--json", "--lang", "en")
    assert said.code == 2
    error = json.loads(said.out)["error"]
    assert error["code"] == "model.several_cases"
    assert "cases.json#busy" in error["cure"]
    for name in ("mm1", "busy", "year"):
        assert name in error["cure"]
    waits = {
        name: simulated(f"{file}#{name}", "--days", "20")["stations"][0]["wait_mean"]["mean"]
        for name in ("mm1", "busy")
    }
    assert waits["busy"] > 20 * waits["mm1"]


@pytest.mark.parametrize(
    ("told", "words"),
    [({"cases": [CASE, busier()]}, "mm1"), ({"classes": {}, "stations": {}}, "leave out")],
)
def test_a_case_that_is_not_there_is_refused_with_those_there_are(
    tmp_path: Path, told: dict[str, Any], words: str
) -> None:
    said = inside("port", "simulate", written(tmp_path, told) + "#other", "--json", "--lang", "en")
    assert said.code == 2
    error = json.loads(said.out)["error"]
    assert error["code"] == "model.unknown_case"
    assert words in error["cure"]


def test_faults_of_a_case_have_the_paths_of_the_file(tmp_path: Path) -> None:
    bad = {**MODEL, "nodes": [{**MODEL["nodes"][0], "servers": 0, "queue_capacity": -1}]}
    run = {**RUN, "horizon": -4}
    for told, name, before in (
        ({**CASE, "model": bad, "run": run}, "", ""),
        ({"cases": [CASE, {**CASE, "id": "bad", "model": bad, "run": run}]}, "#bad", "cases[1]."),
    ):
        said = inside("port", "simulate", written(tmp_path, told) + name, "--json")
        places = {one["place"]["field"] for one in json.loads(said.out)["error"]["faults"]}
        inner = {"run.horizon", "model.nodes[0].servers", "model.nodes[0].queue_capacity"}
        assert places == {before + one for one in inner}


def test_one_case_needs_no_file_around_it_to_be_verified(tmp_path: Path) -> None:
    assert inside("port", "verify", written(tmp_path, CASE)).code == 0
    assert inside("port", "verify", written(tmp_path, {**CASE, "expect": [{**WAIT, "value": 0.2}]})).code == 1
    bad = {**CASE, "model": {**MODEL, "nodes": [{**MODEL["nodes"][0], "servers": 0}]}}
    said = inside("port", "verify", written(tmp_path, bad), "--json")
    assert [one["place"]["field"] for one in json.loads(said.out)["faults"]] == ["model.nodes[0].servers"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_queue_that_grows_is_told_where_cases_are_verified(tmp_path: Path, lang: str) -> None:
    overloaded = busier(expect=[{**WAIT, "metric": "utilisation", "value": 1.0, "rel_tol": 0.02}])
    file = written(tmp_path, {"cases": [CASE, overloaded]})
    said = inside("port", "verify", file, "--json", "--lang", lang)
    assert said.code == 0
    (fault,) = json.loads(said.out)["faults"]
    assert (fault["code"], fault["severity"]) == ("model.unstable", "warning")
    assert fault["place"]["field"] == "cases[1].model.nodes[0]"
    assert fault["parameters"]["load"] == pytest.approx(1.5)
    assert fault["message"] in simulated_warnings(file + "#busy", lang)
    said = inside("port", "verify", file, "--lang", lang)
    assert said.code == 0
    assert "cases[1].model.nodes[0]" in said.out


def simulated_warnings(file: str, lang: str) -> list[str]:
    return [one["message"] for one in simulated(file, "--days", "20", "--lang", lang)["warnings"]]


@pytest.mark.skipif(not BENCH.is_file(), reason="the shared bench file is not here")
def test_the_bench_file_is_read_as_it_stands() -> None:
    text = BENCH.read_text(encoding="utf-8")
    for case in json.loads(text)["cases"]:
        model = read_model(text, name="queueing.json", case=case["id"])
        assert [node.id for node in model.nodes] == [node["id"] for node in case["model"]["nodes"]]
        assert model == read_model(case) == read_model(json.dumps(case))
        assert model.nodes == read_model(case["model"]).nodes
