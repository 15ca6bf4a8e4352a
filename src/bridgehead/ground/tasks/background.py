"""What goes on beside the pages: tasks are done, the journal is sealed, files nobody wants any more are removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bridgehead.ground.files.kept import Tidier
from bridgehead.ground.journal.seal import Sealer
from bridgehead.ground.tasks.runner import Runner

THREADS = 2
"""So that a long import keeps no mail waiting."""


@contextmanager
def background(threads: int = THREADS) -> Iterator[Runner]:
    """Do tasks, seal and tidy in threads of this process while the block lasts; with 0 threads no tasks are done."""
    sealer, runner, tidier = Sealer(), Runner(threads), Tidier()
    sealer.start()
    runner.start()
    tidier.start()
    try:
        yield runner
    finally:
        runner.stop()
        tidier.end()
        sealer.end()
