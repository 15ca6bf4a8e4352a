"""A small port to be run many times, and what studies leave behind: outcomes, files, processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, Study
from bridgehead.jobs.port_runs import run_study
from bridgehead.jobs.store import Store

ROOT = Path(__file__).parents[2]
WAIT_S = 180.0
DAYS = 1440.0
SHORT = Experiment(10 * DAYS, warmup_min=DAYS, replications=7, seed=3)
LONG = Experiment(500 * DAYS, replications=12, seed=3)
"""Long enough to be killed in the middle."""


def port(lanes: int = 4, title: str = "") -> Model:
    """Two stages with hours, priority, breakdowns and a share inspected."""
    return read_model(
        {
            "schema": "bridgehead-port-model/1",
            "title": {"en": title},
            "classes": {"booked": {"priority": 0}, "walk_in": {"priority": 1, "risk": {"low": 0.9, "high": 0.1}}},
            "calendars": {"day": {"open": ["07:00-21:00"]}},
            "stations": {
                "gate": {"servers": lanes, "calendar": "day", "service": {"*": {"exp": 1.8}}},
                "scan": {
                    "servers": 3,
                    "service": {"*": {"lognormal": {"mean": 2.6, "cv": 0.5}}},
                    "breakdown": {"up": {"exp": 2880}, "down": {"exp": 90}},
                },
            },
            "routes": {
                "booked": {"gate": {"scan": 0.1, "out": "rest"}},
                "walk_in": {"gate": {"scan": {"rate": {"low": 0.2, "high": 0.9}}, "out": "rest"}},
            },
            "sources": [
                {"class": "booked", "node": "gate", "interarrival": {"exp": 4}},
                {"class": "walk_in", "node": "gate", "interarrival": {"exp": 2}},
            ],
        }
    )


def hashes(study: Study) -> list[str]:
    """Return the hash of each replication's outcome."""
    return [one.content_hash for one in study.outcomes]


def contents(folder: Path) -> dict[str, bytes]:
    """Return what a store holds by the names of its files."""
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.result"))}


def run_for_the_test(folder: str, processes: int) -> None:
    """Run a long study in a process that the test kills."""
    run_study(port(), LONG, processes=processes, store=Store(Path(folder)), block=3)


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Have Python do something in a process of its own, and end it afterwards."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen([sys.executable, *words], env=environment, cwd=ROOT) as begun:
        try:
            yield begun
        finally:
            begun.kill()


def until(true: object, failed: str) -> None:
    """Wait until something is true; fail when that takes too long."""
    end = time.monotonic() + WAIT_S
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, failed
        time.sleep(0.01)


def children(of: int) -> list[int]:
    """Return the processes an own process began, that run Python code of ours."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == of:
                found.append((int(entry.name), (entry / "cmdline").read_text()))
        except OSError:
            continue
    return [number for number, command in found if "spawn_main" in command]
