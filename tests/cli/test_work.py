"""``bridgehead work`` as whole processes: tasks done, killed processes replaced, their tasks taken over at once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, bridgehead, environment, free_port, server

PREPARE = """
import os, sys
os.environ["BRIDGEHEAD_DATA"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "bridgehead.site.settings"
import django
django.setup()
from bridgehead.ground import database
from bridgehead.ground.access.viewer import system
from bridgehead.ground.actions import action
database.bring_up_to_date()

@action("test.enqueue")
def enqueue(deed):
    for number in range(int(sys.argv[2])):
        deed.enqueue("mail.send", {"person": None, "to": "", "words": "password_changed", "address": ""})

enqueue(by=system("tests"))
"""


def _prepared(folder: Path, tasks: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PREPARE, str(folder), str(tasks)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def _working(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [*COMMAND, "work", "--data", str(folder), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def _asked(folder: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "bridgehead.sqlite3", timeout=10)) as db:
        return db.execute(question).fetchall()


def _until(found: Callable[[], object], wait_s: float = 60) -> None:
    until = time.monotonic() + wait_s
    while not found():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.1)


def _states(folder: Path) -> dict[str, int]:
    return dict(_asked(folder, "SELECT state, count(*) FROM ground_task GROUP BY state"))  # type: ignore[arg-type]


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [one for one in map(int, found) if b"multiprocessing.spawn" in Path(f"/proc/{one}/cmdline").read_bytes()]


@pytest.mark.slow
def test_it_does_the_tasks_seals_the_journal_and_ends_when_told(tmp_path: Path) -> None:
    _prepared(tmp_path, 3)
    with _working(tmp_path) as process:
        _until(lambda: _states(tmp_path) == {"done": 3})
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert "background work" in out


@pytest.mark.slow
def test_processes_that_are_killed_are_replaced_and_all_end_with_their_parent(tmp_path: Path) -> None:
    if not Path("/proc/self/task").exists():
        pytest.skip("no /proc on this system")
    _prepared(tmp_path, 1)
    with _working(tmp_path, "--processes", "2") as process:
        _until(lambda: _states(tmp_path) == {"done": 1})
        _until(lambda: len(_children(process.pid)) == 2)
        first = _children(process.pid)
        os.kill(first[0], signal.SIGKILL)
        _until(lambda: len(set(_children(process.pid)) - {first[0]}) == 2)
        left = _children(process.pid)
        process.kill()
        process.wait()
        _until(lambda: not any(Path(f"/proc/{one}").exists() for one in left))


@pytest.mark.slow
def test_what_a_killed_process_held_is_taken_over_at_once(tmp_path: Path) -> None:
    _prepared(tmp_path, 1)
    # A lease as a process of this computer held it that runs no more.
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        lease = holder.stdout.readline().strip()
        with closing(sqlite3.connect(tmp_path / "bridgehead.sqlite3")) as db, db:
            held = "state = 'running', attempts = 1, lease = ?, lease_until = '2099-01-01 00:00:00'"
            db.execute(f"UPDATE ground_task SET {held}", (lease,))
        with _working(tmp_path):
            time.sleep(4)
            assert _states(tmp_path) == {"running": 1}, "it was taken from somebody who lives"
            holder.kill()
            holder.wait()
            _until(lambda: _states(tmp_path) == {"done": 1}, 15)
    assert _asked(tmp_path, "SELECT attempts, times_lost FROM ground_task") == [(1, 1)]


HOLD = """
import time
from bridgehead.ground.tasks.lease import new_lease
print(new_lease(), flush=True)
time.sleep(600)
"""


@pytest.mark.slow
def test_it_waits_for_a_database_that_is_not_made_yet_and_makes_none(tmp_path: Path) -> None:
    with _working(tmp_path) as process:
        assert process.stdout is not None
        assert "background work" in process.stdout.readline()
        time.sleep(1)
        assert not (tmp_path / "bridgehead.sqlite3").exists()
        _prepared(tmp_path, 1)
        _until(lambda: _states(tmp_path) == {"done": 1})


@pytest.mark.slow
def test_the_server_does_tasks_beside_its_pages(tmp_path: Path) -> None:
    _prepared(tmp_path, 2)
    with server("--port", str(free_port()), "--data", str(tmp_path)):
        _until(lambda: _states(tmp_path) == {"done": 2})
        _until(lambda: _asked(tmp_path, "SELECT position FROM ground_journalhead")[0][0])


def test_how_many_processes_is_a_number_from_one_on() -> None:
    said = bridgehead("work", "--processes", "0")
    assert said.code == 2
    assert "Traceback" not in said.err
