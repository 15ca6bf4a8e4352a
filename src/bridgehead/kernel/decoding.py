"""From a path to the text of a file, or the fault that says why there is none."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from bridgehead.kernel.errors import Fault, Place

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; the tables of a region are a thousand times smaller."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Content:
    """What was found at a path: the text, or None with the faults that say why.

    Parameters
    ----------
    text : str or None
        The decoded text.
    faults : tuple of Fault
        Why there is no text.
    present : bool
        Whether anything lies at the path.
    complete : bool
        False where a file should have been read and could not be.
    data : bytes
        The bytes as read, for hashing.
    """

    text: str | None
    faults: tuple[Fault, ...] = ()
    present: bool = True
    complete: bool = True
    data: bytes = b""


def read_text(path: Path, name: str, *, optional: bool = False) -> Content:
    """Read a UTF-8 file without ever raising for what lies at the path.

    Parameters
    ----------
    path : Path
        Where it should be.
    name : str
        How faults call it.
    optional : bool
        Whether its absence is fine.

    Returns
    -------
    Content
        A byte order mark in front is tolerated and dropped.
    """
    try:
        info = path.stat()
    except FileNotFoundError:
        if optional and not path.is_symlink():
            return Content(None, present=False)
        return _failed("table.missing_file", name, present=False)
    except (OSError, ValueError) as error:
        return _failed("table.unreadable", name, reason=_reason(error))
    if not stat.S_ISREG(info.st_mode):
        return _failed("table.not_a_file", name)
    if info.st_size > LARGEST_FILE:
        return _failed("table.too_large", name, size_mb=round(info.st_size / 1e6), limit_mb=round(LARGEST_FILE / 1e6))
    try:
        data = path.read_bytes()
    except OSError as error:
        return _failed("table.unreadable", name, reason=_reason(error))
    return decode(data, name)


def decode(data: bytes, name: str) -> Content:
    """Decode bytes that should be UTF-8; the fault names the encoding they look like and the first bad row."""
    body = data.removeprefix(_BYTE_ORDER_MARK)
    if data.startswith(_WIDE_MARKS):
        return _failed("table.wrong_encoding", name, guess="UTF-16")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start) + 1
        guess = guess_encoding(body)
        if guess is None:
            return _failed("table.not_text", name, row=row)
        return _failed("table.wrong_encoding", name, row=row, guess=guess)
    if "\x00" in text:
        if _looks_wide(body):
            return _failed("table.wrong_encoding", name, guess="UTF-16")
        return _failed("table.not_text", name, row=text.count("\n", 0, text.index("\x00")) + 1)
    return Content(text, data=data)


def guess_encoding(data: bytes) -> str | None:
    """Return the likeliest encoding of bytes that are not UTF-8, or None if they look like no text at all."""
    sample = data[:200_000]
    if b"\x00" in sample:
        return "UTF-16" if _looks_wide(sample) else None
    if any(byte < 32 and byte not in b"\t\r\n" for byte in sample):
        return None
    for encoding, shown, common in _CHINESE:
        leads = _lead_bytes(sample, encoding)
        if leads and sum(lead in common for lead in leads) >= 0.6 * len(leads):
            return shown
    return "Windows-1252 / Windows-1251"


_CHINESE = (
    ("gb18030", "GBK/GB18030", frozenset((*range(0xA1, 0xA4), *range(0xB0, 0xD8)))),
    ("big5", "Big5", frozenset(range(0xA1, 0xC7))),
)
"""Chinese encodings with the lead bytes of punctuation and of the characters in daily use; bytes of another alphabet
decode as Chinese too, but as characters nobody uses.
"""


def _lead_bytes(sample: bytes, encoding: str) -> list[int]:
    """Return the first byte of every character beyond ASCII, nothing if the bytes are not of that encoding."""
    # A cut may fall into the middle of a character, so a few bytes at the end may be left over.
    for cut in range(4):
        try:
            text = sample[: len(sample) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return [mark.encode(encoding)[0] for mark in text if mark > "\x7f"]
    return []


def _looks_wide(data: bytes) -> bool:
    """Say whether bytes read as UTF-16 are text, that is, nearly all printable."""
    sample = data[: min(len(data), 2000) // 2 * 2]
    if len(data) % 2:
        return False
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        good = sum(mark.isprintable() or mark in "\t\r\n" for mark in text)
        latin = sum(" " <= mark <= "~" for mark in text)
        if text and good >= 0.95 * len(text) and latin >= 0.1 * len(text):
            return True
    return False


def _reason(error: BaseException) -> str:
    """Return the system's own short word for an error, without the path."""
    return getattr(error, "strerror", None) or type(error).__name__


def _failed(code: str, name: str, *, row: int | None = None, present: bool = True, **parameters: object) -> Content:
    # A cure that speaks of spreadsheets would lead nobody to a settings file.
    if not name.endswith(".csv"):
        parameters["format"] = name.rpartition(".")[2].upper()
    return Content(None, (Fault(code, parameters, Place(name, row)),), present=present, complete=False)
