"""`bridgehead port verify`: a line for every value, whatever is wrong with another."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.running import inside

EXP = {"dist": "exp", "mean": 1}
MODEL = {
    "time_unit": "min",
    "classes": [{"id": "truck"}],
    "nodes": [{"id": "a", "kind": "station", "servers": 1, "service": {"*": EXP}}],
    "sources": [{"node": "a", "class": "truck", "interarrival": {"dist": "exp", "mean": 2}}],
}
WAIT = {"metric": "wait_mean", "node": "a", "value": 1.0, "rel_tol": 0.3}
RUN = {"warmup": 100, "horizon": 20000, "replications": 5}
DEAD = {
    "classes": [{"id": "truck"}],
    "nodes": [
        {"id": name, "servers": 1, "service": {"*": EXP}, "queue_capacity": 0, "on_full": "block_upstream"}
        for name in ("a", "b")
    ],
    "sources": MODEL["sources"],
    "routes": {"*": {"a": [["b", 1.0]], "b": [["a", 0.5]]}},
}


def case(name, model=None, expect=(WAIT,)):
    return {"id": name, "model": model or MODEL, "run": RUN, "expect": list(expect)}


def verified(tmp_path, *cases, more=(), name="cases.json"):
    file = tmp_path / name
    file.write_text(json.dumps({"schema": "bridgehead-queue-case/1", "cases": list(cases)}), encoding="utf-8")
    return inside("port", "verify", str(file), *more)


def broken(**changes):
    return {**MODEL, "nodes": [{**MODEL["nodes"][0], **changes}]}


def test_a_line_for_each_value_and_exit_1_if_one_is_missed(tmp_path):
    said = verified(tmp_path, case("mm1"))
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[1].split()[0] == "mm1"
    assert lines[1].split()[-1] == "ok"
    said = verified(tmp_path, case("mm1", expect=[{**WAIT, "value": 2.0}]), more=["--json"])
    assert said.code == 1
    found = json.loads(said.out)
    assert not found["ok"]
    assert found["faults"] == []
    assert found["values"][0]["estimate"] == pytest.approx(1.0, rel=0.3)
    assert found["values"][0]["error"] is None


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (case("bad", broken(queue_capacity=-3)), "model.out_of_range"),
        (case("bad", broken(servers="many")), "model.not_number"),
        (case("bad", DEAD), "simulation.deadlock"),
        (case("bad", expect=[{**WAIT, "metric": "wait_mode"}]), "simulation.unknown_metric"),
        (case("bad", expect=[{**WAIT, "metric": "wait_quantile"}]), "simulation.metric_needs_q"),
        (case("bad", expect=[{**WAIT, "metric": "wait_total_mean"}]), "simulation.metric_without_node"),
        (case("bad", expect=[{**WAIT, "node": "b"}]), "model.not_one_of"),
        (case("bad", expect=[{"metric": "wait_mean", "node": "a", "value": 1}]), "model.missing"),
        (case("bad", {**MODEL, "classes": ["truck", "car"]}, [{**WAIT, "class": "car"}]), "simulation.nothing_counted"),
        ({"id": "bad", "model": MODEL, "expect": [WAIT]}, "model.missing"),
        ({"id": "bad", "model": MODEL, "run": RUN}, "model.missing"),
        (case("bad", expect=[]), "model.missing"),
        ({**case("bad"), "expect": "one"}, "model.not_list"),
        (case("bad", broken(servers="inf"), [{**WAIT, "metric": "utilisation"}]), "simulation.metric_needs_servers"),
    ],
)
def test_one_bad_case_leaves_the_others_alone(tmp_path, bad, code):
    said = verified(tmp_path, case("first"), bad, case("last"))
    assert said.code == 1
    verdicts = {line.split()[0]: re.split(r"\s{2,}", line)[-1] for line in said.out.splitlines()[1:4]}
    assert verdicts == {"first": "ok", "bad": f"FAIL {code}", "last": "ok"}
    assert code in said.out.split("\n\n", 1)[1]
    said = verified(tmp_path, case("first"), bad, case("last"), more=["--json"])
    assert said.code == 1
    found = json.loads(said.out)
    assert [one["ok"] for one in found["values"]] == [True, False, True]
    assert found["values"][1]["estimate"] is None
    assert found["values"][1]["error"]["code"] == code
    assert {one["code"] for one in found["faults"]} == {code}


def test_one_bad_value_leaves_the_others_of_its_case_alone_and_is_named_with_its_place(tmp_path):
    told = [{**WAIT, "metric": "wait_mode"}, WAIT, {**WAIT, "metric": "wait_quantile"}]
    found = json.loads(verified(tmp_path, case("mm1", expect=told), more=["--json", "--lang", "en"]).out)
    assert [one["ok"] for one in found["values"]] == [False, True, False]
    places = [one["place"]["field"] for one in found["faults"]]
    assert places == ["cases[0].expect[0].metric", "cases[0].expect[2].q"]
    assert found["faults"][0]["message"].startswith("cases[0].expect[0].metric")


def test_what_is_not_finite_is_null(tmp_path):
    one = {**case("one"), "run": {**RUN, "replications": 1}}
    said = verified(tmp_path, one, more=["--json"])
    assert json.loads(said.out)["values"][0]["half_width"] is None


def test_a_field_nobody_knows_is_said_and_the_value_judged_all_the_same(tmp_path):
    said = verified(tmp_path, case("mm1", expect=[{**WAIT, "colour": "red", "about": "x"}]), more=["--json"])
    assert said.code == 0
    found = json.loads(said.out)
    assert [(one["code"], one["severity"], one["place"]["field"]) for one in found["faults"]] == [
        ("model.unknown_field", "warning", "cases[0].expect[0].colour")
    ]


def test_a_file_that_is_none_leaves_other_files_alone(tmp_path):
    good = tmp_path / "good.json"
    good.write_text(json.dumps({"cases": [case("mm1")]}), encoding="utf-8")
    bad = tmp_path / "bad.json"
    bad.write_text("{", encoding="utf-8")
    said = inside("port", "verify", str(bad), str(good), "--json")
    assert said.code == 1
    found = json.loads(said.out)
    assert [one["ok"] for one in found["values"]] == [True]
    assert found["faults"][0]["place"]["file"] == "bad.json"
    alone = inside("port", "verify", str(bad), "--json")
    assert alone.code == 2
    assert json.loads(alone.out)["error"]["place"]["file"] == "bad.json"


def test_the_example_of_the_guide_is_met(tmp_path):
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "simulate-a-port.md"
    file = tmp_path / "example.json"
    file.write_text(guide.read_text(encoding="utf-8").split("```json\n")[1].split("```")[0], encoding="utf-8")
    said = inside("port", "verify", str(file))
    assert said.code == 0, said.out
    assert said.out.count(" ok\n") == 3


def test_a_model_that_is_only_there_for_its_speed_is_named_and_spoils_nothing(tmp_path):
    file = tmp_path / "cases.json"
    slow = {"id": "slow", "model": broken(servers=0), "run": RUN}
    file.write_text(json.dumps({"cases": [case("mm1")], "performance": [slow]}), encoding="utf-8")
    said = inside("port", "verify", str(file), "--json")
    assert said.code == 0
    assert [one["place"]["field"] for one in json.loads(said.out)["faults"]] == [
        "performance[0].model.nodes[0].servers"
    ]


@pytest.mark.parametrize("word", ["expects", "expected", "expectations", "answers"])
def test_fields_of_a_case_have_other_words_too(tmp_path, word):
    told = {"name": "mm1", "system": MODEL, "run": RUN, word: [{**WAIT, "value": 2.0}]}
    said = verified(tmp_path, told)
    assert said.code == 1
    line = said.out.splitlines()[1].split()
    assert (line[0], line[-1]) == ("mm1", "MISS")


def test_a_field_that_looks_like_a_slip_of_the_pen_is_told_of(tmp_path):
    said = verified(tmp_path, {**case("mm1"), "sourse": "a book", "logical_events": 3}, more=["--json"])
    assert said.code == 0
    faults = json.loads(said.out)["faults"]
    assert [(one["code"], one["place"]["field"]) for one in faults] == [("model.unknown_field", "cases[0].sourse")]


def test_the_throughput_of_a_lone_match_is_that_of_pairs(tmp_path):
    # What arrives more on one side is turned away by the four places of the other: pairs are made at most at the rate
    # of the slower side, and each pair takes one unit of either.
    side = {"interarrival": {"dist": "det", "value": 10}}
    match = {
        "classes": ["truck", "wagon"],
        "nodes": [
            {
                "id": "a",
                "kind": "match",
                "inputs": [{"class": "truck", "capacity": 4}, {"class": "wagon", "capacity": 4}],
            }
        ],
        "sources": [{"node": "a", "class": one, **side} for one in ("truck", "wagon")],
    }
    pairs = {"metric": "throughput", "value": 0.1, "rel_tol": 0.01}
    assert verified(tmp_path, case("pairs", match, [pairs])).code == 0
    assert verified(tmp_path, case("units", match, [{**pairs, "value": 0.2}])).code == 1


def test_of_an_entry_that_is_no_case_nothing_is_said_that_only_follows(tmp_path):
    said = verified(tmp_path, 5, case("mm1"), more=["--json"])
    assert said.code == 1
    found = json.loads(said.out)
    assert [one["ok"] for one in found["values"]] == [False, True]
    assert [(one["code"], one["place"]["field"]) for one in found["faults"]] == [("model.not_mapping", "cases[0]")]
