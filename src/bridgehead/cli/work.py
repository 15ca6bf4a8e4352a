"""``bridgehead work``: background work in processes of their own, beside the server or on other computers."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.run import compiled_code_goes_to, data_folder, writable
from bridgehead.cli.terminal import DataFolder, Language, RegionFolder, say, start_django

if TYPE_CHECKING:
    from types import FrameType

LOOK_S = 0.2
PAUSE_S = 1.0
"""Before a process that died is started again."""


def work(
    processes: Annotated[
        int, typer.Option(min=1, max=64, help=say("同时工作的进程数", "processes that work at the same time"))
    ] = 1,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Do background work until a signal ends it."""
    assert lang is not None
    folder = data_folder()
    writable(folder)
    compiled_code_goes_to(folder)
    start_django()
    from bridgehead.ground import database
    from bridgehead.ground.tasks.background import background
    from bridgehead.ground.tasks.handlers import handlers

    ending = _Ending()
    kinds = len(handlers())
    words = (
        f"后台任务 · {processes} 个进程 · {kinds} 种任务",
        f"background work · {processes} processes · {kinds} kinds",
    )
    print(f"bridgehead · {say(*words, lang)}", flush=True)
    while not database.exists() and not ending.wanted:  # `bridgehead run` makes it
        time.sleep(LOOK_S)
    with background(threads=1 if processes == 1 else 0):
        if processes == 1:
            while not ending.wanted:
                time.sleep(LOOK_S)
        else:
            _supervise(processes, ending)


class _Ending:
    """Remembers that SIGTERM or ctrl-C asked for the end; what is at work may finish."""

    def __init__(self) -> None:
        self.wanted = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.wanted = True


def _supervise(processes: int, ending: _Ending) -> None:
    """Keep so many processes at work, and end them when the end is asked for."""
    spawn = multiprocessing.get_context("spawn")
    running: list[Any] = []
    try:
        while not ending.wanted:
            while len(running) < processes:
                one = spawn.Process(target=_work_beside, name="bridgehead work")
                one.start()
                running.append(one)
            wait([one.sentinel for one in running], LOOK_S)
            died = [one for one in running if not one.is_alive()]
            for one in died:
                running.remove(one)
                one.close()
            if died and not ending.wanted:
                time.sleep(PAUSE_S)
    finally:
        for one in running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGTERM)
        for one in running:
            one.join()


def _work_beside() -> None:
    """Work in a process of its own, until it is told to end or the one that started it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C reaches the whole group; the parent passes it on
    start_django()
    from bridgehead.ground.tasks.runner import Runner

    ended = threading.Event()
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=lambda: (wait([parent.sentinel]), ended.set()), daemon=True).start()
    ending = _Ending()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    runner = Runner()
    runner.start()
    while not ending.wanted and not ended.wait(LOOK_S):
        pass
    runner.stop()
