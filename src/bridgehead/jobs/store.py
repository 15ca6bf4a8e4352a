"""Results on disk, named by the content they were computed from.

A result is one file: a first line with the checksum and length of the rest, then the result itself. It is written
to a temporary file in the same folder and renamed, so a reader sees all of it or nothing, and an interrupted run
leaves nothing half-built. What fails the check on reading counts as absent and is computed again.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.hashing import content_hash

T = TypeVar("T")

_MAGIC = b"bridgehead-result-1"
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,180}")
_STALE_S = 3600.0


def result_key(kind: str, told: object) -> str:
    """Return the key of a result: its kind, and a hash of all it depends on."""
    return f"{kind}-{content_hash(told)[:40]}"


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
    trouble : list of OSError
        Why results could not be written, if that happened; they are then kept in memory.
    """

    folder: Path | None
    trouble: list[OSError] = field(default_factory=list, compare=False, repr=False)
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

    def write(self, key: str, payload: bytes, *, instead_of: str = "") -> bool:
        """Write a result and tell whether it is on disk; a folder that takes no files costs a recomputation only.

        Parameters
        ----------
        key : str
            Its name.
        payload : bytes
            The result.
        instead_of : str, optional
            Beginning of the key that older results of the same question have in common; they are removed.
        """
        file = self._file(key)
        if file is None:
            self._memory[key] = payload
            return False
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._sweep()
            part = file.with_name(f".part-{secrets.token_hex(8)}")
            try:
                with part.open("xb") as out:  # with the permissions of any other file
                    out.write(_pack(payload))
                    out.flush()
                    os.fsync(out.fileno())
                os.replace(part, file)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        except OSError as reason:
            self.trouble.append(reason)
            self._memory[key] = payload
            return False
        if instead_of:
            self._retire(instead_of, file)
        return True

    def get(self, key: str, unpack: Callable[[bytes], T]) -> T | None:
        """Return the result under a key, None if it is not there, or not in the form `unpack` takes.

        `unpack` raises a BridgeheadError for bytes that are whole, but not in the form this version writes.
        """
        stored = self.read(key)
        if stored is None:
            return None
        try:
            return unpack(stored)
        except BridgeheadError:
            return None

    def get_or_compute(
        self,
        key: str,
        compute: Callable[[], T],
        *,
        pack: Callable[[T], bytes] = bytes,  # type: ignore[assignment]
        unpack: Callable[[bytes], T] = bytes,  # type: ignore[assignment]
        instead_of: str = "",
    ) -> T:
        """Return the result under a key, computing and keeping it if it is not there whole.

        Parameters
        ----------
        key : str
            Its name.
        compute : callable
            Gives the result.
        pack, unpack : callable
            Turn the result into bytes and back; what `unpack` does not take, as for `get`, is replaced like damaged
            bytes. No result is None.
        instead_of : str, optional
            As for `write`.
        """
        found = self.get(key, unpack)
        if found is None:
            found = compute()
            self.write(key, pack(found), instead_of=instead_of)
        return found

    def _retire(self, beginning: str, kept: Path) -> None:
        """Remove the results whose key is this beginning and a hash, all but one."""
        assert self.folder is not None
        old = re.compile(re.escape(beginning) + r"[0-9a-f]{40}\.result")
        for file in self.folder.iterdir():
            if file != kept and old.fullmatch(file.name):
                try:
                    file.unlink()
                except OSError:
                    continue  # another process was faster

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
