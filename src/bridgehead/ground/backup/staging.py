"""Where a backup or a restore works: a folder that is gone afterwards, also if the process was killed meanwhile."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

LOCK = ".lock"
YOUNG_S = 3600.0
"""A folder without a lock is left alone so long: its owner may be about to take it."""


@contextmanager
def staged(prefix: str, folder: Path) -> Iterator[Path]:
    """Give a new folder beside the goal, after sweeping those whose process was killed.

    Parameters
    ----------
    prefix : str
        What the name begins with.
    folder : Path
        Where it lies: on the disk of the goal, so that the result gets its name in one step.
    """
    _sweep(prefix, folder)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder) as place, ExitStack() as held:
        new = Path(place) / f"{LOCK}-new"
        stream = held.enter_context(new.open("w"))
        _lock(stream)
        new.rename(Path(place) / LOCK)  # whoever sweeps sees no lock, or one that is held
        yield Path(place)


def _sweep(prefix: str, folder: Path) -> None:
    for left in folder.glob(f"{prefix}*"):
        with suppress(OSError):
            if _abandoned(left):
                shutil.rmtree(left)


def _abandoned(left: Path) -> bool:
    lock = left / LOCK
    if not lock.exists():
        return left.is_dir() and time.time() - left.stat().st_mtime > YOUNG_S
    with lock.open("r+") as stream:
        try:
            return _lock(stream)
        except OSError:  # its owner lives
            return False


def _lock(stream: IO[str]) -> bool:
    """Take the lock, which goes with the process; return False where the system has none."""
    try:
        import fcntl
    except ImportError:
        return False
    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True
