"""Port models run on a cluster: the same bytes, whatever is killed, and sentences for a cluster that is not there."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bridgehead.engines.simulation.replications import replicate
from bridgehead.jobs.port_runs import run_study
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from tests.jobs.port_studies import LONG, SHORT, WAIT_S, contents, hashes, port, process, until

needs_dask = pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="distributed is not installed")


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler and machines as processes of their own; yield the address and the scheduler."""
    file = folder / "scheduler.json"
    main = "from distributed.cli.{0} import main; main()"
    about = ["--scheduler-file", str(file)]
    options = ["--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]
    quiet = ["--port", "0", "--host", "127.0.0.1", "--no-dashboard"]
    with process("-c", main.format("dask_scheduler"), *about, *quiet) as scheduler:
        until(file.exists, "no scheduler came up")
        with process("-c", main.format("dask_worker"), *about, *options, "--nworkers", str(workers)):
            yield json.loads(file.read_text())["address"], scheduler


@needs_dask
@pytest.mark.filterwarnings("default")
def test_a_dask_cluster_gives_the_same_bytes(tmp_path: Path) -> None:
    expected = hashes(replicate(port(), SHORT))
    with dask_cluster(tmp_path) as (address, _):
        for block in (1, 3, None):
            folder, told = tmp_path / f"block{block}", []
            found = run_study(
                port(),
                SHORT,
                scheduler=address,
                store=Store(folder),
                block=block,
                progress=lambda *one, told=told: told.append(one),
            )
            assert hashes(found) == expected
            assert len(contents(folder)) == SHORT.replications
            assert told[-1] == (7000, 7000)
        assert hashes(run_study(port(), SHORT, scheduler=address)) == expected, "without a store too"
        with pytest.raises(BridgeheadError) as refused:
            run_study(port(), replace(SHORT, warmup_min=1e9), scheduler=address)
        assert refused.value.faults[0].code == "simulation.bad_run"


@needs_dask
@pytest.mark.filterwarnings("default")
def test_a_dask_worker_killed_in_the_middle_changes_no_bit(tmp_path: Path) -> None:
    from distributed import Client

    folder, killed = tmp_path / "outcomes", []
    many = replace(LONG, replications=36)
    with dask_cluster(tmp_path) as (address, _):
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=WAIT_S)
            victim = min(client.run(os.getpid).values())

        def check() -> None:
            if not killed and len(contents(folder)) >= 2:
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)

        found = run_study(port(), many, scheduler=address, store=Store(folder), block=3, check=check)
    assert killed
    assert hashes(found) == hashes(run_study(port(), many, processes=0))
    assert len(contents(folder)) == many.replications


@needs_dask
@pytest.mark.filterwarnings("default")
def test_a_study_on_a_cluster_ends_when_somebody_says_stop_or_the_scheduler_dies(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        if contents(tmp_path / "stopped"):
            raise StopError

    def kill() -> None:
        if contents(tmp_path / "killed"):
            scheduler.kill()

    many = replace(LONG, replications=200)
    with dask_cluster(tmp_path) as (address, scheduler):
        with pytest.raises(StopError):
            run_study(port(), many, scheduler=address, store=Store(tmp_path / "stopped"), block=2, check=stop)
        begin = time.monotonic()
        with pytest.raises(BridgeheadError) as refused:
            run_study(port(), many, scheduler=address, store=Store(tmp_path / "killed"), block=2, check=kill)
        assert refused.value.faults[0].code == "jobs.no_scheduler"
        assert time.monotonic() - begin < WAIT_S
    assert 0 < len(contents(tmp_path / "killed")) < many.replications


@needs_dask
@pytest.mark.filterwarnings("default")
def test_a_scheduler_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridgehead.jobs.clusters.CONNECT_S", 1.0)
    with pytest.raises(BridgeheadError) as refused:
        run_study(port(), SHORT, scheduler="tcp://127.0.0.1:9")
    assert refused.value.faults[0].code == "jobs.no_scheduler"


def test_a_cluster_without_dask_or_without_a_scheduler_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BridgeheadError) as refused:
        run_study(port(), SHORT, scheduler="tcp://127.0.0.1:1")
    assert refused.value.faults[0].code == "jobs.no_dask"
