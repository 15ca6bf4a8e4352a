"""The bell of the runner: rung when a task was committed in this process."""

from __future__ import annotations

import threading

bell = threading.Event()


def wake() -> None:
    """Let a runner in this process look at once; runners elsewhere look on their own."""
    bell.set()
