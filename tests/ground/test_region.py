"""The region in service: what is computed from it is computed once, and holds up nobody who asks for something else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bridgehead.ground import region as ground
from bridgehead.ground.region import Loaded, current
from bridgehead.jobs.store import Store

PATIENCE_S = 20.0


@pytest.fixture
def loaded() -> Loaded:
    return Loaded(current().region, Store(None))


def test_a_slow_computation_holds_up_nobody_else(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "_current", loaded)
    begun, let_go = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert let_go.wait(PATIENCE_S)
        return "slow"

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(loaded.remember, "slow", slow)
        assert begun.wait(PATIENCE_S)
        other = threads.submit(lambda: (current(), loaded.components, loaded.remember("quick", lambda: "quick")))
        try:
            served, components, quick = other.result(PATIENCE_S / 2)
        finally:
            let_go.set()
        assert served is loaded
        assert components is loaded.region.network()
        assert quick == "quick"
        assert first.result(PATIENCE_S) == "slow"


def test_two_who_ask_for_the_same_wait_for_one_computation(loaded: Loaded) -> None:
    calls: list[int] = []
    together = threading.Barrier(4)

    def compute() -> object:
        calls.append(1)
        threading.Event().wait(0.05)
        return object()

    def ask() -> object:
        together.wait(PATIENCE_S)
        return loaded.remember("same", compute)

    with ThreadPoolExecutor(4) as threads:
        found = {id(one.result(PATIENCE_S)) for one in [threads.submit(ask) for _ in range(4)]}
    assert len(found) == 1
    assert len(calls) == 1


def test_a_computation_may_ask_for_others_and_a_failed_one_is_tried_again(loaded: Loaded) -> None:
    assert loaded.remember("outer", lambda: loaded.remember("inner", lambda: 1) + 1) == 2
    with pytest.raises(ZeroDivisionError):
        loaded.remember("fails", lambda: 1 // 0)
    assert loaded.remember("fails", lambda: "now") == "now"


def test_a_data_folder_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground.settings, "BRIDGEHEAD_DATA", tmp_path / "data")
    assert ground._load(None).store.folder is None
    (tmp_path / "data").mkdir()
    assert ground._load(None).store.folder == tmp_path / "data" / "results"
    assert list((tmp_path / "data").iterdir()) == []
