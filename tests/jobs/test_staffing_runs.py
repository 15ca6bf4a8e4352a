"""Staffing searches whose replications run elsewhere: the same advice to the last bit, taken up again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridgehead.engines.simulation.staffing.advice import Advice
from bridgehead.engines.simulation.staffing.observing import Asked, Observed, evaluate_here
from bridgehead.engines.simulation.staffing.search import Question, find_staffing
from bridgehead.jobs import staffing_tasks
from bridgehead.jobs.staffing_runs import evaluator
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.staffed_ports import day_port, gate

PROMISE = "p90 stay <= 14 min"


def advice(**how: Any) -> Advice:
    with evaluator(**how) as running:
        return find_staffing(gate(), PROMISE, evaluator=running)


def jam(**changes: Any) -> Any:
    """Two stations that send all units to each other, with no place to wait: they lock up as soon as both are full."""
    place = {"servers": 3, "service": {"exp": 5}, "queue_capacity": 0, "on_full": "block_upstream"}
    return gate(
        stations={"gate": place, "scan": place},
        routes={"*": {"gate": {"scan": 0.9, "out": "rest"}, "scan": {"gate": 0.9, "out": "rest"}}},
        sources=[{"class": "truck", "node": "gate", "interarrival": {"exp": 30}}],
        **changes,
    )


def test_the_advice_is_the_same_to_the_last_bit_with_any_number_of_workers() -> None:
    here = repr(find_staffing(gate(), PROMISE))
    for processes in (0, 1, 2, 3):
        assert repr(advice(processes=processes)) == here


def test_two_stations_are_staffed_the_same_in_processes() -> None:
    model, promise = day_port(), "p90 stay <= 600 min"
    with evaluator(processes=2) as running:
        assert repr(find_staffing(model, promise, evaluator=running)) == repr(find_staffing(model, promise))


def test_a_search_that_is_asked_again_runs_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    first = advice(processes=2, store=store)
    assert len(list(tmp_path.glob("staffing-*.result"))) == first.runs
    monkeypatch.setattr(staffing_tasks, "observe", lambda *_: pytest.fail("it is on disk"))
    assert repr(advice(processes=0, store=store)) == repr(first)


def test_what_was_finished_before_a_search_was_ended_is_not_lost(tmp_path: Path) -> None:
    class EndedError(Exception):
        pass

    def end() -> None:
        if len(list(tmp_path.glob("staffing-*.result"))) >= 6:
            raise EndedError

    with pytest.raises(EndedError):
        advice(processes=2, store=Store(tmp_path), check=end)
    before = {file.name: file.read_bytes() for file in tmp_path.glob("staffing-*.result")}
    found = advice(processes=2, store=Store(tmp_path))
    assert 6 <= len(before) < found.runs
    assert all((tmp_path / name).read_bytes() == content for name, content in before.items())
    assert repr(found) == repr(find_staffing(gate(), PROMISE))


def test_a_damaged_observation_is_run_again(tmp_path: Path) -> None:
    first = advice(processes=0, store=Store(tmp_path))
    for file in tmp_path.glob("staffing-*.result"):
        file.write_bytes(file.read_bytes()[:-7])
    assert repr(advice(processes=0, store=Store(tmp_path))) == repr(first)


def test_how_many_replications_there_were_is_told_and_only_grows() -> None:
    told: list[float] = []
    found = advice(processes=2, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == found.runs


def test_a_staffing_that_locks_up_is_told_by_its_error_and_ends_no_search() -> None:
    told: list[list[Observed]] = []

    def here(asked: Any) -> list[Observed]:
        told.append(evaluate_here(asked))
        return told[-1]

    first = find_staffing(jam(), "mean stay <= 400 min", Question(budget=60), evaluator=here)
    assert any(one.failure == "simulation.deadlock" for batch in told for one in batch)
    for processes in (0, 2):
        with evaluator(processes=processes) as running:
            again = find_staffing(jam(), "mean stay <= 400 min", Question(budget=60), evaluator=running)
        assert repr(again) == repr(first)


def test_another_engine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    part = next(staffing_tasks.parts(Asked(gate(), (), (), ()), 1, None), None)
    assert part is None
    monkeypatch.setattr(staffing_tasks, "staffing_version", lambda: "another")
    with pytest.raises(BridgeheadError) as raised:
        staffing_tasks.answer(staffing_tasks.Part(Asked(gate(), (), (), ()), None, "this"), progress=lambda *_: None)
    assert raised.value.code == "jobs.other_engine"


@pytest.mark.slow
def test_a_cluster_gives_the_same_advice() -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as machines,
        evaluator(scheduler=machines.scheduler_address) as running,
    ):
        assert repr(find_staffing(gate(), PROMISE, evaluator=running)) == repr(find_staffing(gate(), PROMISE))
