"""PNG and JPEG pictures, walked from their first byte to their last: nothing in front, nothing behind."""

from __future__ import annotations

import re
import struct
import zlib

from bridgehead.ground.files.findings import Findings

LARGEST_PICTURE_PX = 120_000_000
"""Pixels; a small file can unfold into a picture that no browser survives."""
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"

_MARKUP = re.compile(rb"<(?:!doctype|html|script|svg|iframe|\?php)", re.IGNORECASE)
_LOOKED_AT_B = 4096
_SCAN_ENDS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SIZES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))
_BARE = frozenset((0x01, *range(0xD0, 0xD8)))


def read_png(content: bytes, findings: Findings) -> None:
    """Walk the chunks of a PNG picture; each must have its checksum, and the last one must end the file."""
    place, seen = len(PNG), b""
    while place + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        kind = content[place + 4 : place + 8]
        end = place + 12 + length
        if end > len(content) or not kind.isalpha() or (not seen and kind != b"IHDR"):
            break
        if zlib.crc32(content[place + 4 : end - 4]) != struct.unpack_from(">I", content, end - 4)[0]:
            break
        if kind == b"IHDR" and length == 13:
            _check_size(*struct.unpack_from(">II", content, place + 8), findings)
        seen, place = kind, end
        if kind == b"IEND":
            if place != len(content):
                findings.note("file.mixed")
            check_head(content, findings)
            return
    findings.note("file.damaged_content")


def read_jpeg(content: bytes, findings: Findings) -> None:
    """Walk the segments of a JPEG picture; cameras may put a second picture behind it, and nothing else."""
    place: int | None = 0
    while place is not None and content[place : place + 3] == JPEG:
        place = _end_of_jpeg(content, place + 2, findings)
    if place is None:
        findings.note("file.damaged_content")
    elif content[place:].strip(b"\x00"):
        findings.note("file.mixed")
    check_head(content, findings)


def _end_of_jpeg(content: bytes, place: int, findings: Findings) -> int | None:
    """Return where the picture ends that begins before a place, None if its segments do not hold together."""
    while place + 2 <= len(content):
        if content[place] != 0xFF:
            return None
        marker = content[place + 1]
        place += 2
        if marker == 0xFF:
            place -= 1
        elif marker == 0xD9:
            return place
        elif marker not in _BARE:
            if place + 2 > len(content):
                return None
            (length,) = struct.unpack_from(">H", content, place)
            if length < 2 or place + length > len(content):
                return None
            if marker in _SIZES and length >= 7:
                height, width = struct.unpack_from(">HH", content, place + 3)
                _check_size(width, height, findings)
            place += length
            if marker == 0xDA:
                found = _SCAN_ENDS.search(content, place)
                if found is None:
                    return None
                place = found.start()
    return None


def _check_size(width: int, height: int, findings: Findings) -> None:
    if width * height > LARGEST_PICTURE_PX:
        findings.note("file.picture_too_large", width=width, height=height, limit=LARGEST_PICTURE_PX // 1_000_000)


def check_head(content: bytes, findings: Findings) -> None:
    """Note markup near the beginning, where programs that guess a type look for it."""
    if _MARKUP.search(content, 0, _LOOKED_AT_B):
        findings.note("file.mixed")
