"""Functions for the tests of processes; they stand at the top of a module, so that another process finds them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from bridgehead.kernel.errors import BridgeheadError

Tell = Callable[[int, int], None]


def squared(number: int, *, progress: Tell) -> tuple[int, int]:
    for step in range(4):
        progress(step + 1, 4)
    return number * number, os.getpid()


def endless(file: str, *, progress: Tell) -> None:
    Path(file).write_text(str(os.getpid()))
    while True:
        time.sleep(0.05)
        progress(1, 2)


def silent(file: str, *, progress: Tell) -> None:
    Path(file).write_text(str(os.getpid()))
    time.sleep(600)


def killed_once(file: str, *, progress: Tell) -> str:
    mark = Path(file)
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def always_killed(*, progress: Tell) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(*, progress: Tell) -> None:
    raise BridgeheadError("network.bad_graph", {"reason": "a loop"})


def breaks(*, progress: Tell) -> None:
    raise ZeroDivisionError("by nothing")


class OddError(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__("odd")


def breaks_oddly(*, progress: Tell) -> None:
    raise OddError(1, 2)


def gives_what_cannot_travel(*, progress: Tell) -> object:
    return lambda: None


def in_processes(folder: str) -> None:
    """Run a silent function beside this process, which is then killed by the test."""
    from bridgehead.jobs.processes import Call, run_one

    run_one(Call(silent, (f"{folder}/pid",)))
