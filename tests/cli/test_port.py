"""`bridgehead port`: simulate, verify and calibrate as a user calls them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import yaml

from tests.cli.running import inside

GATE = {
    "schema": "bridgehead-port-model/1",
    "start": "2025-01-06",
    "parameters": {"lanes": {"value": 2, "standing": "assumption"}},
    "classes": {"truck": {}},
    "calendars": {"day": {"open": ["08:00-18:00"]}},
    "stations": {"gate": {"servers": "$lanes", "calendar": "day", "service": {"*": {"exp": 4.0}}}},
    "sources": [{"class": "truck", "node": "gate", "rate": {"08:00-18:00": 24, "18:00-08:00": 0}, "per": "h"}],
    "run": {"warmup": 0, "horizon": 14400, "replications": 4},
}


@pytest.fixture
def model(tmp_path):
    file = tmp_path / "gate.yaml"
    file.write_text(yaml.safe_dump(GATE), encoding="utf-8")
    return file


@pytest.mark.article(9)
def test_a_file_is_simulated_with_intervals_and_the_same_seed_gives_the_same_words(model):
    first = inside("port", "simulate", str(model), "--json", "--workers", "0")
    again = inside("port", "simulate", str(model), "--json", "--workers", "0")
    assert first.code == 0, first.err
    assert first.out == again.out
    found = json.loads(first.out)
    assert found["standing"] == "model"
    assert found["run"]["replications"] == 4
    stay = found["classes"][0]["stay_mean_h"]
    assert 0 < stay["low"] < stay["mean"] < stay["high"]
    assert found["stations"][0]["utilisation"]["mean"] == pytest.approx(240 * 4 / (2 * 1440), rel=0.1)


def test_another_lane_shortens_the_stay(model):
    def stay(*more):
        said = inside("port", "simulate", str(model), "--json", "--workers", "0", *more)
        return json.loads(said.out)["whole"]["stay_mean_h"]["mean"]

    assert stay("--set", "lanes=3") < stay()


def test_more_days_and_precision_are_taken_from_the_line(model):
    options = ("--workers", "0", "--days", "20", "--warmup", "2", "--precision", "0.2")
    said = inside("port", "simulate", str(model), "--json", *options)
    run = json.loads(said.out)["run"]
    assert run["horizon_min"] == 20 * 1440
    assert run["warmup_min"] == 2 * 1440
    assert run["precise"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--set", "lines=3"), "model.unknown_parameter"),
        (("--set", "lanes"), "model.unreadable_change"),
        (("--set", "lanes=-1"), "model"),
        (("--warmup", "soon"), "simulation.bad_warmup"),
        (("--warmup", "nan"), "simulation.bad_warmup"),
        (("--warmup", "inf"), "simulation.bad_warmup"),
        (("--warmup", "30"), "simulation.bad_run"),
    ],
)
def test_what_cannot_be_run_is_refused_with_a_code(model, more, code):
    said = inside("port", "simulate", str(model), "--json", "--workers", "0", *more)
    assert said.code == 2
    assert json.loads(said.out)["error"]["code"].startswith(code)


def test_a_port_nobody_has_described_is_refused_with_those_there_are():
    said = inside("port", "simulate", "ganqimaod", "--json")
    error = json.loads(said.out)["error"]
    assert said.code == 2
    assert error["code"] == "region.no_port_model"
    assert "ganqimaodu" in error["message"] + error["cure"]


def log_of(folder: Path) -> Path:
    draw, rows, free = random.Random(7), ["unit,activity,start,end,resource,class"], [0.0, 0.0]
    at = 0.0
    for unit in range(1500):
        at += draw.expovariate(1 / 5.0)
        lane = free.index(min(free))
        start = max(at, free[lane])
        free[lane] = start + draw.expovariate(1 / 6.0)
        rows.append(f"u{unit},arrival,{at:.3f},{at:.3f},,truck")
        rows.append(f"u{unit},gate,{start:.3f},{free[lane]:.3f},lane{lane},truck")
    file = folder / "log.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


@pytest.mark.article(25)
def test_a_log_becomes_a_model_that_can_be_simulated(tmp_path):
    out = tmp_path / "model.yaml"
    said = inside("port", "calibrate", str(log_of(tmp_path)), "--out", str(out), "--json")
    assert said.code == 0, said.err + said.out
    estimates = json.loads(said.out)["estimates"]
    service = next(one for one in estimates if one["name"] == "service_mean" and one["activity"] == "gate")
    assert service["low"] < 6.0 < service["high"]
    asked = ("port", "simulate", str(out), "--json", "--workers", "0", "--days", "5", "--replications", "2")
    again = json.loads(inside(*asked).out)
    assert "model.unused_parameter" not in {one["code"] for one in again["warnings"]}
    faster = json.loads(inside(*asked, "--set", "service_mean.gate=2min").out)
    assert faster["whole"]["sojourn_mean"]["mean"] < 0.5 * again["whole"]["sojourn_mean"]["mean"]


def test_figures_read_from_a_log_keep_their_names_on_a_narrow_terminal(tmp_path):
    said = inside("port", "calibrate", str(log_of(tmp_path)), "--lang", "en")
    names = [line.split()[1] for line in said.out.splitlines()[1:] if len(line.split()) > 3]
    assert {"service_mean", "services_cut", "arrivals_per_day", "arrival_spread"} <= set(names)
    assert "…" not in said.out


def test_faults_of_a_log_come_all_at_once(tmp_path):
    file = tmp_path / "log.csv"
    text = "unit,activity,start,end,resource,class\na,gate,5,3,l,t\n,gate,1,2,l,t\n"
    file.write_text(text, encoding="utf-8")
    said = inside("port", "calibrate", str(file), "--json")
    assert said.code == 2
    rows = {one["place"]["row"] for one in json.loads(said.out)["error"]["faults"]}
    assert {2, 3} <= rows


def test_the_example_of_the_guide_is_a_sound_model_that_runs(tmp_path):
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "simulate-a-port.md"
    example = guide.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    file = tmp_path / "example.yaml"
    file.write_text(example, encoding="utf-8")
    said = inside("port", "simulate", str(file), "--json", "--workers", "0", "--replications", "2", "--days", "3")
    assert said.code == 0, said.err + said.out
    assert json.loads(said.out)["whole"]["throughput_per_day"]["mean"] > 500


@pytest.mark.slow
def test_freight_and_a_simulated_port_agree_and_say_how_far_apart_they_are():
    said = inside("port", "agree", "ganqimaodu", "--class", "booked", "--class", "walk_in", "--json")
    assert said.code == 0, said.err
    found = json.loads(said.out)
    last = found["rounds"][-1]
    stay = last["simulated_min"]
    assert last["agrees"]
    assert abs(last["difference_min"]) <= max(stay["mean"] - stay["low"], 0.01 * stay["mean"])
    loads = [one["load_per_day"] for one in found["curve"]]
    assert loads == sorted(loads)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--direction", "inward"), "planning.unknown_direction"),
        (("--class", "lorry"), "simulation.unknown_class"),
    ],
)
def test_what_cannot_be_brought_to_agreement_is_refused(more, code):
    said = inside("port", "agree", "ganqimaodu", "--json", *more)
    assert said.code == 2
    assert json.loads(said.out)["error"]["code"] == code


def test_the_log_of_a_run_is_written_and_read_back_by_calibration(model, tmp_path):
    log = tmp_path / "log.csv"
    said = inside("port", "simulate", str(model), "--json", "--workers", "0", "--replications", "2", "--log", str(log))
    assert said.code == 0, said.err + said.out
    again = inside("port", "calibrate", str(log), "--json")
    assert again.code == 0, again.err + again.out
    services = [one for one in json.loads(again.out)["estimates"] if one["name"] == "service_mean"]
    assert services[0]["value"] == pytest.approx(4.0, rel=0.05)


def test_a_log_that_cannot_be_written_is_refused(model, tmp_path):
    to = tmp_path / "none" / "log.parquet"
    said = inside("port", "simulate", str(model), "--json", "--workers", "0", "--replications", "2", "--log", str(to))
    assert said.code == 2
    assert json.loads(said.out)["error"]["code"] == "model.unwritable_file"


@pytest.mark.article(12)
def test_a_log_tells_what_set_the_stay_of_a_unit_and_of_all(model, tmp_path):
    log = tmp_path / "log.parquet"
    assert inside("port", "simulate", str(model), "--log", str(log), "--workers", "0").code == 0
    found = json.loads(inside("port", "path", str(log), "--model", str(model), "--json").out)
    assert sum(one["end_min"] - one["begin_min"] for one in found["time"]) == pytest.approx(found["stay_min"])
    assert sum(one["end_min"] - one["begin_min"] for one in found["critical_path"]) == pytest.approx(found["stay_min"])
    whole = found["sets_the_stay"]
    assert whole["units"] > 1000
    assert sum(one["share"] for one in whole["causes"]) == pytest.approx(1.0)
    assert {one["cause"] for one in whole["causes"]} <= {"service", "queue", "closed"}
    named = json.loads(inside("port", "path", str(log), "--model", str(model), "--unit", found["unit"], "--json").out)
    assert named["time"] == found["time"]
    words = inside("port", "path", str(log), "--model", str(model), "--lang", "en")
    assert words.code == 0, words.err
    assert "Critical path" in words.out
    assert "What sets the stay: all units" in words.out


def test_a_log_of_another_port_is_refused_and_one_of_more_than_the_model_is_warned_of(model, tmp_path):
    log = tmp_path / "log.csv"
    rows = ["u1,gate,1,2,,truck", "u2,quay,1,2,,truck", "u3,quay,4,5,,truck"]
    found = []
    for several in (rows, rows[1:], rows[:1]):
        log.write_text("unit,activity,start,end,resource,class\n" + "\n".join(several) + "\n", encoding="utf-8")
        said = inside("port", "path", str(log), "--model", str(model), "--json")
        told = json.loads(said.out)
        found.append((said.code, told["error"]["code"] if said.code else [one["code"] for one in told["warnings"]]))
    assert found == [(0, ["event_log.partly_other_model"]), (2, "event_log.other_model"), (0, [])]


def test_a_log_that_is_not_there_is_no_table_of_a_region(tmp_path):
    for command, name in (("calibrate", "nosuch.csv"), ("path", "nosuch.csv"), ("path", "nosuch.parquet")):
        said = inside("port", command, str(tmp_path / name), "--json")
        assert said.code == 2
        assert json.loads(said.out)["error"]["code"] == "event_log.unreadable_file"


def test_a_unit_or_class_a_log_does_not_have_is_refused(model, tmp_path):
    log = tmp_path / "log.csv"
    inside("port", "simulate", str(model), "--log", str(log), "--workers", "0")
    for given, code in (("--unit", "event_log.unknown_unit"), ("--class", "event_log.unknown_class")):
        refused = inside("port", "path", str(log), given, "nobody", "--json")
        assert refused.code == 2
        assert json.loads(refused.out)["error"]["code"] == code
    nobody = inside("port", "path", str(log), "--warmup", "99", "--json")
    assert json.loads(nobody.out)["error"]["code"] == "event_log.nobody_done"


def test_the_cost_of_clearance_is_told_with_its_money_or_that_it_is_not_known(model, tmp_path):
    silent = inside("port", "simulate", str(model), "--workers", "0", "--lang", "en")
    assert "knows no charge" in silent.out
    file = tmp_path / "charged.yaml"
    fee = {"value": 35.5, "unit": "CNY", "standing": "reported", "source": "a notice", "date": "2024"}
    charge = {"class": "truck", "station": "gate", "amount": "$fee", "year": 2024}
    parameters = {**GATE["parameters"], "fee": fee}
    file.write_text(yaml.safe_dump({**GATE, "parameters": parameters, "charges": [charge]}), encoding="utf-8")
    said = inside("port", "simulate", str(file), "--workers", "0", "--lang", "en")
    assert said.code == 0, said.err
    assert "clearance cost (TFI2)" in said.out
    assert "35.50" in said.out
    found = json.loads(inside("port", "simulate", str(file), "--workers", "0", "--json").out)
    assert found["whole"]["clearance_cost"]["CNY 2024"]["mean"] == "35.50"
    assert found["clearance"]["charges"][0]["source"] == "a notice"
    dearer = json.loads(inside("port", "simulate", str(file), "--workers", "0", "--set", "fee=40", "--json").out)
    assert dearer["whole"]["clearance_cost"]["CNY 2024"]["mean"] == "40.00"
    assert dearer["clearance"]["charges"][0]["standing"] == "assumption"


def test_the_cost_of_a_wagon_is_told_as_one_of_a_wagon_and_not_of_a_train(tmp_path):
    yard = {
        **GATE,
        "classes": {"train": {"unit": "train"}, "wagon": {"unit": "wagon"}},
        "stations": {**GATE["stations"], "apart": {"kind": "split", "into": {"wagon": 50}}},
        "routes": {"train": {"gate": "apart"}, "wagon": {"apart": "out"}},
        "sources": [{"class": "train", "node": "gate", "times": [600, 1200]}],
        "charges": [{"amount": 7, "currency": "USD", "year": 2024}],
    }
    file = tmp_path / "yard.yaml"
    file.write_text(yaml.safe_dump(yard), encoding="utf-8")
    for lang, words in (("en", ("wagon", "train", "no charge known")), ("zh", ("车辆", "列车", "没有已知的收费"))):
        out = inside("port", "simulate", str(file), "--workers", "0", "--lang", lang, COLUMNS="160").out
        lines = [line.split() for line in out.splitlines()]
        assert ["wagon", words[0], "7.00", "USD", "2024", "7.00", "–", "7.00"] in lines
        assert ["train", words[1], *words[2].split()] in lines
    found = json.loads(inside("port", "simulate", str(file), "--workers", "0", "--json").out)
    assert found["whole"]["clearance_cost"] is None
    assert found["clearance"]["units"] == ["wagon"]
