"""The store of files: named by the sha-256 of their content, written once, never changed.

A file is streamed into a temporary file beside the others, made durable, and then gets its name in one step: a reader
sees all of it or nothing, and the same content is kept once however often it is handed in.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bridgehead.kernel.errors import BridgeheadError

CHUNK_B = 64 * 1024
MEGABYTE_B = 1_000_000
_NAME = re.compile(r"[0-9a-f]{64}")
_INCOMING = ".incoming-"
_AWAITING = ".awaiting"
"""Folder of marks: one for each file that waits for a record to name it."""
_STALE_S = 3600.0
_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(frozen=True)
class Kept:
    """What the store knows of a file: its name, its length, and whether it was new."""

    sha256: str
    size_b: int
    fresh: bool


@dataclass(frozen=True)
class FileStore:
    """A folder of files named by their content.

    Parameters
    ----------
    folder : Path
        Where they lie, ``ab/cdef...`` for the file whose sha-256 begins with ``abcdef``; made on the first write.
    largest_b : int
        Bytes after which a stream is cut off and refused.
    """

    folder: Path
    largest_b: int = 20 * MEGABYTE_B

    def path(self, sha256: str) -> Path:
        """Return where a file lies or would lie; ValueError for what is no sha-256."""
        if not _NAME.fullmatch(sha256):
            raise ValueError(f"not a sha-256: {sha256!r}")
        return self.folder / sha256[:2] / sha256[2:]

    def put(self, chunks: Iterable[bytes]) -> Kept:
        """Keep a stream of bytes.

        Raises
        ------
        BridgeheadError
            ``file.empty``, ``file.too_large`` (the rest of the stream is not read), ``file.disk_full``,
            ``file.folder_read_only`` or ``file.not_kept``. Nothing is left behind in any of these cases.
        """
        part = self.folder / f"{_INCOMING}{secrets.token_hex(8)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            try:
                sha256, size_b = self._write(part, chunks)
                return Kept(sha256, size_b, self._name(part, sha256))
            finally:
                # A disk that refuses even this must not hide what went wrong before.
                with suppress(OSError):
                    part.unlink(missing_ok=True)
        except OSError as reason:
            raise _worded(reason) from reason

    def open_whole(self, sha256: str) -> bytes:
        """Return the content of a file, which is known to be whole.

        Raises
        ------
        BridgeheadError
            ``file.missing`` or ``file.damaged``.
        """
        content = b"".join(self._chunks(sha256))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BridgeheadError("file.damaged", {"sha256": sha256})
        return content

    def verify(self, sha256: str) -> int:
        """Read a file through and return its length; raises as `open_whole` does, but holds one chunk at a time."""
        digest, size_b = hashlib.sha256(), 0
        for chunk in self._chunks(sha256):
            digest.update(chunk)
            size_b += len(chunk)
        if digest.hexdigest() != sha256:
            raise BridgeheadError("file.damaged", {"sha256": sha256})
        return size_b

    def names(self) -> Iterator[str]:
        """Go through the names of all files that are kept, in order."""
        for first in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(first.iterdir()):
                if _NAME.fullmatch(name := first.name + path.name):
                    yield name

    def await_name(self, sha256: str) -> None:
        """Mark a file that no record names yet, so that it can be found and removed if none ever does."""
        mark = self._mark(sha256)
        mark.parent.mkdir(exist_ok=True)
        mark.touch()

    def awaiting(self, until: float) -> list[str]:
        """Return the files that were marked before a time and never again."""
        marks = [one for one in self.folder.glob(f"{_AWAITING}/*") if _NAME.fullmatch(one.name)]
        return sorted(one.name for one in marks if _age(one) <= until)

    def await_no_more(self, sha256: str, until: float) -> None:
        """Take the mark of a file away, unless it was made anew since a time."""
        mark = self._mark(sha256)
        if _age(mark) <= until:
            mark.unlink(missing_ok=True)

    def renew(self, sha256: str) -> bool:
        """Keep a file from being removed as one that was put now; return whether it is there."""
        path = self.path(sha256)
        with suppress(OSError):
            os.utime(path)
        return path.exists()

    def remove(self, sha256: str, until: float) -> bool:
        """Remove a file that no record names, unless it was put or renewed since a time; return whether it is gone.

        It is moved aside first: who puts it meanwhile sees that it is not there and writes it anew, or renewed it
        before, and then it is moved back.
        """
        path = self.path(sha256)
        aside = path.with_name(f"{path.name}.leaving")
        try:
            if _age(path) > until:
                return False
            path.rename(aside)
            if _age(aside) > until:
                aside.rename(path)
                return False
            aside.unlink()
        except FileNotFoundError:
            pass
        return True

    def _mark(self, sha256: str) -> Path:
        self.path(sha256)
        return self.folder / _AWAITING / sha256

    def _chunks(self, sha256: str) -> Iterator[bytes]:
        try:
            with self.path(sha256).open("rb") as stream:
                while chunk := stream.read(CHUNK_B):
                    yield chunk
        except FileNotFoundError as reason:
            raise BridgeheadError("file.missing", {"sha256": sha256}) from reason
        except OSError as reason:
            raise BridgeheadError("file.unreadable", {"reason": reason.strerror or str(reason)}) from reason

    def _write(self, part: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
        digest, size_b = hashlib.sha256(), 0
        with part.open("xb") as out:
            for chunk in chunks:
                size_b += len(chunk)
                if size_b > self.largest_b:
                    raise too_large(self.largest_b)
                digest.update(chunk)
                out.write(chunk)
            if not size_b:
                raise BridgeheadError("file.empty")
            out.flush()
            os.fsync(out.fileno())
        return digest.hexdigest(), size_b

    def _name(self, part: Path, sha256: str) -> bool:
        """Give the finished file its name; return False where the same content is kept already."""
        path = self.path(sha256)
        path.parent.mkdir(exist_ok=True)
        part.chmod(0o440)
        if path.exists():
            try:
                self.verify(sha256)
            except BridgeheadError:
                # The kept copy has gone bad; it is moved aside for whoever looks into the disk, not overwritten.
                path.rename(path.with_name(f"{path.name}.damaged-{time.time_ns()}"))
            else:
                if self.renew(sha256):
                    return False
        part.rename(path)
        for folder in (path.parent, self.folder):
            make_durable(folder)
        return True

    def _sweep(self) -> None:
        """Remove what writers that were killed left behind; one that is still writing is younger than that."""
        for left in self.folder.glob(f"{_INCOMING}*"):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > _STALE_S:
                    left.unlink()


def _age(path: Path) -> float:
    """Return when a file was written or renewed; what is not there is as old as can be."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def too_large(largest_b: int) -> BridgeheadError:
    """Return the refusal of a file that is larger than the limit."""
    return BridgeheadError("file.too_large", {"limit_mb": round(largest_b / MEGABYTE_B, 1)})


def make_durable(folder: Path) -> None:
    """Write a folder's own list of names to the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _worded(reason: OSError) -> BridgeheadError:
    if reason.errno in _FULL:
        return BridgeheadError("file.disk_full")
    if reason.errno in _CLOSED:
        return BridgeheadError("file.folder_read_only")
    return BridgeheadError("file.not_kept", {"reason": reason.strerror or type(reason).__name__})
