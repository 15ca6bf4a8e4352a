"""What goes on beside the pages: tasks are done and the journal is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bridgehead.ground.journal.seal import Sealer
from bridgehead.ground.tasks.runner import Runner

THREADS = 2
"""So that a long import keeps no mail waiting."""


@contextmanager
def background(threads: int = THREADS) -> Iterator[Runner]:
    """Do tasks and seal the journal in threads of this process while the block lasts; 0 threads only seal."""
    sealer, runner = Sealer(), Runner(threads)
    sealer.start()
    runner.start()
    try:
        yield runner
    finally:
        runner.stop()
        sealer.end()
