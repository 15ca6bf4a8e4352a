"""``bridgehead work`` on a PostgreSQL server that goes away for a while: it waits and goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripts.postgres import NoServerError, Server, programs, server

from tests.cli.running import COMMAND, environment
from tests.cli.test_work import PREPARE

GONE_S = 3.0


@pytest.fixture
def database() -> Iterator[Server]:
    try:
        programs()
    except NoServerError:
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    with server(fsync=False) as one:
        yield one


def _prepared(database: Server, folder: Path, tasks: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PREPARE, str(folder), str(tasks)],
        check=False,
        capture_output=True,
        text=True,
        env=environment(BRIDGEHEAD_DATABASE_URL=database.url),
    )
    assert done.returncode == 0, done.stderr


def _done(database: Server) -> int:
    import psycopg

    with psycopg.connect(database.url) as line:
        line.execute("SELECT set_config('bridgehead.viewer', '{\"all\":true}', false)")
        row = line.execute("SELECT count(*) FROM ground_task WHERE state = 'done'").fetchone()
    assert row is not None
    return int(row[0])


def _until(database: Server, done: int) -> None:
    until = time.monotonic() + 60
    while _done(database) != done:
        assert time.monotonic() < until, _done(database)
        time.sleep(0.2)


@pytest.mark.slow
def test_a_runner_waits_for_its_database_and_goes_on(database: Server, tmp_path: Path) -> None:
    _prepared(database, tmp_path, 1)
    process = subprocess.Popen(
        [*COMMAND, "work", "--data", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(BRIDGEHEAD_DATABASE_URL=database.url),
    )
    try:
        _until(database, 1)
        database.stop()
        time.sleep(GONE_S)
        assert process.poll() is None
        database.start()
        _prepared(database, tmp_path, 5)
        _until(database, 6)
        process.terminate()
        _, told = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "Traceback" not in told
        assert 1 <= told.count("background work waits") <= 4
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
