"""Scenarios run in processes: results are kept at once, a kill loses nothing, the bytes are the same for all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bridgehead.engines.network.applied import Applied
from bridgehead.engines.network.scenario_reading import scenario_from_plain
from bridgehead.engines.network.scenarios import apply
from bridgehead.jobs import scenario_runs as job
from bridgehead.jobs.store import Store
from tests.engines.test_scenario_runs import TABLES

WAIT_S = 60.0


def scenarios(count: int) -> list[Applied]:
    edits = [{"edit": "demand", "commodity": "coal", "factor": 1.0 + 0.01 * n} for n in range(1, count)]
    closed = {"edit": "close_port", "port": "port", "from": "2023-07-01", "to": "2023-07-10"}
    return [apply(scenario_from_plain({"year": 2023, "edits": [one]}, TABLES), TABLES) for one in (closed, *edits)]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.result"))}


def run_for_the_test(folder: str, count: int) -> None:
    """Run scenarios in a process that the test kills."""
    job.run_plan(job.plan(scenarios(count), TABLES), TABLES, Store(Path(folder)), processes=2)


def test_a_plan_runs_every_base_once() -> None:
    listed = scenarios(4)
    planned = job.plan([*listed, listed[1]], TABLES)
    assert len(planned.wanted) == 2 + 4, "the year and ten days, and four scenarios"
    assert planned.base_of[0] != planned.base_of[1] == planned.base_of[2]
    assert planned.key_of[1] == planned.key_of[4]
    assert len(set(planned.key_of)) == 4


def test_results_are_found_again_and_damaged_ones_computed_again(tmp_path: Path) -> None:
    planned, store = job.plan(scenarios(2), TABLES), Store(tmp_path)
    assert job.outcomes(planned, store) is None
    told: list[tuple[int, int]] = []
    found = job.run_plan(planned, TABLES, store, processes=0, progress=lambda *one: told.append(one))
    assert told[-1][0] == told[-1][1]
    assert job.missing(planned, store) == ()
    assert job.outcomes(planned, store) == found
    before = contents(tmp_path)
    damaged = tmp_path / f"{planned.key_of[0]}.result"
    damaged.write_bytes(damaged.read_bytes()[:-5])
    assert [one.key for one in job.missing(planned, store)] == [planned.key_of[0]]
    assert job.run_plan(planned, TABLES, store, processes=0) == found
    assert contents(tmp_path) == before


@pytest.mark.slow
def test_a_kill_loses_nothing_and_changes_no_byte(tmp_path: Path) -> None:
    count = 8
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    planned = job.plan(scenarios(count), TABLES)
    job.run_plan(planned, TABLES, Store(whole), processes=0)
    source = f"from tests.jobs.test_scenario_jobs import run_for_the_test; run_for_the_test({str(killed)!r}, {count})"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen([sys.executable, "-c", source], env=environment, cwd=Path(__file__).parents[2]) as parent:
        until = time.monotonic() + WAIT_S
        while len(contents(killed)) < 3 and time.monotonic() < until and parent.poll() is None:
            time.sleep(0.01)
        parent.send_signal(signal.SIGKILL)
    kept = contents(killed)
    assert len(kept) >= 3, "what was finished before the kill is there"
    left = job.missing(planned, Store(killed))
    assert len(left) == len(planned.wanted) - len(kept)
    job.run_plan(planned, TABLES, Store(killed), processes=2)
    again = contents(killed)
    assert again == contents(whole)
    assert {name: again[name] for name in kept} == kept
    memory = Store(None)
    found = job.run_plan(planned, TABLES, memory, processes=2)
    assert job.outcomes(planned, memory) == found == job.outcomes(planned, Store(killed)), "without a folder too"
