"""Results on disk, named by the content they were computed from.

A result is one file: a first line with the checksum and length of the rest, then the result itself. It is written
to a temporary file in the same folder and renamed, so a reader sees all of it or nothing, and an interrupted run
leaves nothing half-built. What fails the check on reading counts as absent and is computed again.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

_MAGIC = b"bridgehead-result-1"
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,180}")
_STALE_S = 3600.0


def _pack(payload: bytes) -> bytes:
    head = b" ".join((_MAGIC, hashlib.sha256(payload).hexdigest().encode(), str(len(payload)).encode()))
    return head + b"\n" + payload


def _unpack(content: bytes) -> bytes | None:
    """Return the payload, or None if anything of the file is not as it was written."""
    head, newline, payload = content.partition(b"\n")
    return payload if newline and content == _pack(payload) and head.startswith(_MAGIC) else None


@dataclass(frozen=True)
class Store:
    """A folder of results, read and written by key.

    Parameters
    ----------
    folder : Path or None
        Where results lie; made on the first write. None keeps them in memory only.
    """

    folder: Path | None
    _memory: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    def _file(self, key: str) -> Path | None:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a key of a result: {key!r}")
        return None if self.folder is None else self.folder / f"{key}.result"

    def read(self, key: str) -> bytes | None:
        """Return the result under a key, or None if there is none or its file is damaged."""
        file = self._file(key)
        if key in self._memory:
            return self._memory[key]
        if file is None:
            return None
        try:
            return _unpack(file.read_bytes())
        except OSError:
            return None

    def write(self, key: str, payload: bytes) -> bool:
        """Write a result and tell whether it is on disk; a folder that takes no files costs a recomputation only."""
        file = self._file(key)
        if file is None:
            self._memory[key] = payload
            return False
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._sweep()
            handle, name = tempfile.mkstemp(prefix=".part-", dir=file.parent)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(_pack(payload))
                    out.flush()
                    os.fsync(out.fileno())
                os.replace(name, file)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError:
            self._memory[key] = payload
            return False
        return True

    def get_or_compute(self, key: str, compute: Callable[[], bytes]) -> bytes:
        """Return the result under a key, computing and keeping it if it is not there whole."""
        found = self.read(key)
        if found is None:
            found = compute()
            self.write(key, found)
        return found

    def _sweep(self) -> None:
        """Remove parts that a killed process left behind; young ones may belong to a process still writing."""
        assert self.folder is not None
        oldest = time.time() - _STALE_S
        for part in self.folder.glob(".part-*"):
            try:
                if part.stat().st_mtime < oldest:
                    part.unlink()
            except OSError:
                continue  # another process was faster
