"""Engine functions in local processes: results, progress, an end from outside, killed processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bridgehead.jobs.processes import WHOLE, Call, run_all, run_one
from bridgehead.kernel.errors import BridgeheadError
from tests.jobs import functions


class EnoughError(Exception):
    pass


def _gone(pid: int, wait_s: float = 10) -> bool:
    until = time.monotonic() + wait_s
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        state = Path(f"/proc/{pid}/stat")
        if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def _pid(file: Path, wait_s: float = 30) -> int:
    until = time.monotonic() + wait_s
    while time.monotonic() < until:
        if file.exists() and file.read_text():
            return int(file.read_text())
        time.sleep(0.02)
    raise AssertionError("it never began")


@pytest.mark.parametrize("processes", [0, 2])
def test_results_stand_in_the_order_of_the_calls(processes: int) -> None:
    told: list[tuple[int, int]] = []
    found = run_all(
        [Call(functions.squared, (n,)) for n in range(6)],
        processes=processes,
        progress=lambda done, total: told.append((done, total)),
    )
    assert [square for square, _ in found] == [0, 1, 4, 9, 16, 25]
    pids = {pid for _, pid in found}
    assert (pids == {os.getpid()}) if processes == 0 else (os.getpid() not in pids and len(pids) <= 2)
    assert told[-1] == (6 * WHOLE, 6 * WHOLE)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_one_call_tells_its_own_progress() -> None:
    told: list[tuple[int, int]] = []
    square, _ = run_one(Call(functions.squared, (5,)), progress=lambda *so_far: told.append(so_far))
    assert square == 25
    assert told[-1] == (4, 4)


def test_nothing_to_do_is_done_at_once() -> None:
    assert run_all([]) == []


@pytest.mark.parametrize("function", [functions.endless, functions.silent])
def test_who_says_stop_ends_the_process_even_one_that_tells_nothing(
    function: Callable[..., None], tmp_path: Path
) -> None:
    file = tmp_path / "pid"

    def check() -> None:
        if file.exists():
            raise EnoughError

    with pytest.raises(EnoughError):
        run_one(Call(function, (str(file),)), check=check)
    assert _gone(_pid(file))


def test_progress_that_raises_ends_the_process(tmp_path: Path) -> None:
    file = tmp_path / "pid"

    def tell(done: int, total: int) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        run_one(Call(functions.endless, (str(file),)), progress=tell)
    assert _gone(_pid(file))


def test_a_killed_process_is_noticed_and_its_call_begun_again(tmp_path: Path) -> None:
    calls = [Call(functions.killed_once, (str(tmp_path / f"{n}"),)) for n in range(3)]
    assert run_all(calls, processes=2) == ["done"] * 3


def test_a_call_that_kills_every_process_is_told_by_name() -> None:
    with pytest.raises(BridgeheadError) as told:
        run_all([Call(functions.always_killed)], processes=1)
    assert told.value.code == "jobs.process_died"
    assert told.value.parameters == {"function": "always_killed", "reason": "SIGKILL"}


def test_the_faults_of_an_engine_come_through_whole() -> None:
    with pytest.raises(BridgeheadError) as told:
        run_one(Call(functions.refuses))
    assert told.value.code == "network.bad_graph"
    assert told.value.parameters == {"reason": "a loop"}


def test_what_breaks_says_where() -> None:
    with pytest.raises(ZeroDivisionError, match="by nothing") as told:
        run_one(Call(functions.breaks))
    assert "functions.py" in "".join(told.value.__notes__)
    with pytest.raises(RuntimeError, match="OddError"):
        run_one(Call(functions.breaks_oddly))


def test_a_result_that_cannot_travel_is_told() -> None:
    with pytest.raises(Exception, match=r"pickle|local object"):
        run_one(Call(functions.gives_what_cannot_travel))


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    source = f"from tests.jobs.functions import in_processes; in_processes({str(tmp_path)!r})"
    with subprocess.Popen([sys.executable, "-c", source]) as parent:
        pid = _pid(tmp_path / "pid")
        parent.send_signal(signal.SIGKILL)
    assert _gone(pid)
