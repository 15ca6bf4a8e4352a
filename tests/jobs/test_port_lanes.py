"""Lanes against stay, and searches for a staffing: kept under all they depend on, taken up where they broke off."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, replicate
from bridgehead.engines.simulation.running import simulate
from bridgehead.engines.simulation.staffing.advice import plain
from bridgehead.engines.simulation.staffing.search import Question, find_staffing
from bridgehead.jobs import kept_replications
from bridgehead.jobs.answers import stored_answer
from bridgehead.jobs.kept_replications import keeping_runner
from bridgehead.jobs.port_lanes import LanesQuestion, make_lanes
from bridgehead.jobs.port_staffing import StaffingQuestion, make_staffing
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.exact.stations import mmc
from tests.engines.simulation.staffed_ports import description

DAYS = 1440.0
CURVE = LanesQuestion(description(), description(), "gate", (4, 7, 8, 10), "", 6, 1, 11 * DAYS, DAYS)
SEARCH = StaffingQuestion(description(), description(), "p90 stay <= 14 min", {"gate": (1, 9)}, 400, 3, 11 * DAYS, DAYS)
BARE = description(parameters={"lanes": {"value": 14, "standing": "assumption"}}, classes={"truck": {}})
"""A port of which nothing is reported; it runs as that of `description`."""


class _StopError(Exception):
    pass


class _Counted:
    """Counts replications that are really run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ran = 0
        whole = simulate

        def counted(*given: Any, **told: Any) -> Any:
            self.ran += 1
            return whole(*given, **told)

        monkeypatch.setattr(kept_replications, "simulate", counted)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> _Counted:
    return _Counted(monkeypatch)


@pytest.mark.article(11)
@pytest.mark.article(12)
@pytest.mark.article(13)
@pytest.mark.article(17)
@pytest.mark.article(25)
def test_the_stay_over_the_number_of_lanes_is_that_of_the_formula() -> None:
    found = make_lanes(CURVE, Store(None))
    assert (found["lanes"], found["station"], found["present"], found["standing"]) == ("gate", "gate", 14, "model")
    assert [one["lanes"] for one in found["points"]] == [4, 7, 8, 10]
    assert [one["growing"] for one in found["points"]] == [True, False, False, False]
    for one in found["points"][1:]:
        exact = mmc(1.0, 5.0, one["lanes"])["wait_mean"] + 5.0
        assert one["stay_mean_min"]["low"] * 0.97 <= exact <= one["stay_mean_min"]["high"] * 1.03
        assert one["stay_p50_min"]["mean"] < one["stay_mean_min"]["mean"] < one["stay_p90_min"]["mean"]
        assert one["stay_p90_min"]["low"] <= one["stay_p90_min"]["mean"] <= one["stay_p90_min"]["high"]
    assert found["points"][2]["stay_mean_change_min"]["high"] < 0.0
    assert found["points"][0]["stay_mean_change_min"] is None
    assert found["points"][1]["lane_hours_a_week"] == 7 * 168.0


def test_the_stay_with_the_lanes_of_the_model_is_that_of_its_own_replications() -> None:
    question = replace(CURVE, counts=(14,))
    [point] = make_lanes(question, Store(None))["points"]
    study = replicate(read_model(description()), Experiment(11 * DAYS, DAYS, 6, 1))
    done = sum(one.types["done"].sum() for one in study.outcomes)
    stays = sum(one.types["stay_sum"].sum() for one in study.outcomes)
    assert point["stay_mean_min"]["mean"] == pytest.approx(stays / done)


def test_the_stay_of_one_class_is_told_by_itself() -> None:
    slow = {"*": {"exp": 5}, "slow": {"exp": 25}}
    two = description(
        classes={**description()["classes"], "slow": {}},
        stations={"gate": {"servers": 14, "service": slow}},
        sources=[
            {"class": "truck", "node": "gate", "interarrival": {"exp": 1.2}},
            {"class": "slow", "node": "gate", "interarrival": {"exp": 12}},
        ],
    )
    whose = {
        units: make_lanes(replace(CURVE, description=two, counts=(14,), units=units), Store(None))["points"][0]
        for units in ("", "truck", "slow")
    }
    means = {units: one["stay_mean_min"]["mean"] for units, one in whose.items()}
    assert means["truck"] < means[""] < means["slow"]


def test_what_breaks_off_goes_on_where_it_was(tmp_path: Path, counted: _Counted) -> None:
    store = Store(tmp_path)

    def stop() -> None:
        if counted.ran == 9:
            raise _StopError

    with pytest.raises(_StopError):
        make_lanes(CURVE, store, check=stop)
    assert stored_answer(CURVE.key, store) is None
    told: list[tuple[int, int]] = []
    found = make_lanes(CURVE, store, progress=lambda done, total: told.append((done, total)))
    assert counted.ran == 24 + 1, "the replication that was stopped in its midst is run again, and no other"
    assert told[-1] == (24, 24)
    assert found == make_lanes(CURVE, Store(None))


def test_a_question_that_was_answered_is_answered_from_the_store(tmp_path: Path, counted: _Counted) -> None:
    store = Store(tmp_path)
    first = make_lanes(CURVE, store)
    ran = counted.ran
    assert make_lanes(CURVE, store) == first == stored_answer(CURVE.key, Store(tmp_path))
    assert counted.ran == ran
    others = (
        replace(CURVE, seed=2),
        replace(CURVE, counts=(4, 7)),
        replace(CURVE, units="truck"),
        replace(CURVE, replications=7),
        replace(CURVE, warmup_min=0.0),
        replace(CURVE, description=description(title={"en": "another"})),
    )
    assert len({one.key for one in (CURVE, *others)}) == 1 + len(others)
    make_lanes(replace(CURVE, counts=(4, 7)), store)
    assert counted.ran == ran, "another curve through the same numbers of lanes shares their replications"


def test_replications_are_kept_small_and_damaged_ones_are_run_again(tmp_path: Path, counted: _Counted) -> None:
    store, question = Store(tmp_path), replace(CURVE, counts=(7,))
    found = make_lanes(question, store)
    kept = sorted(tmp_path.glob("port-replication-*"))
    assert len(kept) == 6
    assert max(one.stat().st_size for one in kept) < 40_000
    key = kept[0].name.removesuffix(".result")
    store.write(key, b"of another version")
    (tmp_path / f"{question.key}.result").unlink()
    assert make_lanes(question, Store(tmp_path)) == found
    assert counted.ran == 7


def test_a_warm_up_is_found_once_for_all_numbers_of_lanes(counted: _Counted) -> None:
    found = make_lanes(replace(CURVE, counts=(8, 10), warmup_min=None), Store(None))
    assert counted.ran == 2 * 6 + 5, "five pilot runs"
    assert 0.0 <= found["run"]["warmup_min"] < 11 * DAYS


def test_too_little_reported_gives_neither_curve_nor_staffing(tmp_path: Path) -> None:
    for what_if in (BARE, description()):
        with pytest.raises(BridgeheadError, match=r"staffing\.illustrative"):
            make_lanes(replace(CURVE, description=what_if, shipped=BARE), Store(tmp_path))
        with pytest.raises(BridgeheadError, match=r"staffing\.illustrative"):
            make_staffing(replace(SEARCH, description=what_if, shipped=BARE), Store(tmp_path))
    assert not list(tmp_path.iterdir())


def test_a_what_if_on_reported_figures_is_answered_as_the_port_is_known() -> None:
    what_if = description(**{name: BARE[name] for name in ("parameters", "classes")})
    curve = make_lanes(replace(CURVE, description=what_if), Store(None))
    assert curve["points"] == make_lanes(CURVE, Store(None))["points"]
    advice = make_staffing(replace(SEARCH, description=what_if), Store(None))
    assert (advice["outcome"], advice["servers"]) == ("found", {"gate": 7})


def test_an_answer_that_is_kept_is_not_given_to_a_port_of_which_too_little_is_known() -> None:
    store = Store(None)
    make_lanes(CURVE, store)
    unknown = replace(CURVE, shipped=BARE)
    assert stored_answer(unknown.key, store), "no figure of a curve depends on what the port is known by"
    with pytest.raises(BridgeheadError, match=r"staffing\.illustrative"):
        make_lanes(unknown, store)


@pytest.mark.parametrize("question", [replace(CURVE, shipped=BARE), replace(SEARCH, shipped=BARE)])
def test_a_question_is_read_back_from_a_row_of_tasks(question: LanesQuestion | StaffingQuestion) -> None:
    again = type(question).of_plain(json.loads(json.dumps(question.as_plain(), sort_keys=True)))
    assert again == question
    assert list(again.description) == list(question.description), "the order of keys of a model matters"


def test_a_search_beside_the_pages_finds_what_the_search_finds(tmp_path: Path, counted: _Counted) -> None:
    told: list[tuple[int, int]] = []
    store = Store(tmp_path)
    found = make_staffing(SEARCH, store, progress=lambda done, total: told.append((done, total)))
    asked = Question({"gate": (1, 9)}, {}, 400, Experiment(11 * DAYS, DAYS, seed=3))
    assert found == plain(find_staffing(read_model(description()), "p90 stay <= 14 min", asked))
    assert (found["outcome"], found["servers"]) == ("found", {"gate": 7})
    assert told[-1] == (found["run"]["runs"], 400)
    ran = counted.ran
    assert make_staffing(SEARCH, store) == found == stored_answer(SEARCH.key, store)
    (tmp_path / f"{SEARCH.key}.result").unlink()
    assert make_staffing(SEARCH, store) == found
    assert counted.ran == ran, "the runs that were spent are there"
    assert len({one.key for one in (SEARCH, replace(SEARCH, budget=500), replace(SEARCH, between={}))}) == 3


def test_a_runner_without_a_folder_keeps_nothing(counted: _Counted) -> None:
    model = read_model(description())
    for _ in range(2):
        replicate(model, Experiment(2 * DAYS, 0.0, 2), runner=keeping_runner(Store(None)))
    assert counted.ran == 4
