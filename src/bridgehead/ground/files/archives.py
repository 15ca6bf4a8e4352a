"""Zip archives, inflated under a limit: what the headers say of sizes is checked, never believed.

Every byte of the archive must be accounted for: it begins with its first member, members touch without overlap, and
nothing follows the end. What would hide a second file, or unfold without end, is found before anything else reads it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from bridgehead.ground.files.findings import Findings

MOST_MEMBERS = 2_000
LARGEST_DIRECTORY_B = 1_000_000
LARGEST_CONTENT_B = 200_000_000
LARGEST_RATIO = 100
RATIO_COUNTS_FROM_B = 1_000_000
"""A small file of blanks shrinks a thousandfold and harms nobody; a member is held against its own packed bytes, so
that nothing beside it lends it weight.
"""
CHUNK_B = 256 * 1024

_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_DESCRIPTORS_B = frozenset((0, 12, 16, 20, 24))
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ", b"BZh")

Reader = Callable[[bytes], None]
"""Takes the content of a member chunk by chunk, then no bytes at its end."""
Readers = Callable[[str], Reader | None]
"""Gives the reader of a member by its name, or None where nobody wants it."""


def read_archive(content: bytes, findings: Findings, readers: Readers) -> dict[str, bytes]:
    """Inflate every member under the limits and return name to first bytes; what is wrong goes into the findings.

    Parameters
    ----------
    content : bytes
        The archive.
    findings : Findings
        Takes ``file.archive_*``, ``file.encrypted``, ``file.mixed`` and ``file.damaged_content``.
    readers : callable
        Gives the reader of each member.
    """
    heads: dict[str, bytes] = {}
    members = _members(content, findings)
    if members is None:
        return heads
    inflated_b = 0
    for member, start in members:
        head, before_b = b"", inflated_b
        try:
            read = readers(member.filename)
            for chunk in _inflate(content, member, start):
                inflated_b += len(chunk)
                head = head or chunk[:16]
                if inflated_b > LARGEST_CONTENT_B or _blown_up(inflated_b - before_b, member.compress_size):
                    findings.note("file.archive_bomb", member.filename, limit_mb=LARGEST_CONTENT_B // 1_000_000)
                    return heads
                if read and chunk:
                    read(chunk)
            if read:
                read(b"")
        except _Lies:
            findings.note("file.archive_lies", member.filename)
        except zlib.error:
            findings.note("file.damaged_content", member.filename)
        if head.startswith(_PACKED):
            findings.note("file.archive_nested", member.filename)
        heads[member.filename] = head
    return heads


class _Lies(Exception):  # noqa: N818 - caught where it is raised
    """A member is not as long as its header says, or has another checksum."""


def _blown_up(inflated_b: int, packed_b: int) -> bool:
    return inflated_b > RATIO_COUNTS_FROM_B and inflated_b > LARGEST_RATIO * packed_b


def _inflate(content: bytes, member: zipfile.ZipInfo, start: int) -> Iterator[bytes]:
    """Give a member's bytes as they really unfold; raise `_Lies` at the end if its header says otherwise."""
    size_b, checksum = 0, 0
    packed = memoryview(content)[start : start + member.compress_size]
    for chunk in _chunks(packed, member.compress_type):
        size_b += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        yield chunk
    if size_b != member.file_size or checksum != member.CRC:
        raise _Lies


def _chunks(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for place in range(0, len(packed), CHUNK_B):
            yield bytes(packed[place : place + CHUNK_B])
        return
    inflate = zlib.decompressobj(-15)
    for place in range(0, len(packed), CHUNK_B):
        left: bytes = bytes(packed[place : place + CHUNK_B])
        while left and not inflate.eof:
            yield inflate.decompress(left, CHUNK_B)
            left = inflate.unconsumed_tail
        if inflate.eof:
            if inflate.unused_data or left or place + CHUNK_B < len(packed):
                raise _Lies  # bytes behind the end of the stream belong to nothing
            return
    while not inflate.eof:
        rest = inflate.decompress(inflate.unconsumed_tail, CHUNK_B)
        if not rest:
            raise zlib.error("cut off")
        yield rest


def _members(content: bytes, findings: Findings) -> list[tuple[zipfile.ZipInfo, int]] | None:
    """Return the members with the place of their bytes, None if the archive is not worth looking into further."""
    if len(content) < _END.size or not _ends_properly(content, findings):
        findings.note("file.damaged_content")
        return None
    if _END.unpack(content[-_END.size :])[5] > LARGEST_DIRECTORY_B:
        findings.note("file.archive_parts", limit=MOST_MEMBERS)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            directory = archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        findings.note("file.damaged_content")
        return None
    if len(members) > MOST_MEMBERS:
        findings.note("file.archive_parts", limit=MOST_MEMBERS)
        return None
    _check_names(members, findings)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        findings.note("file.encrypted")
        return None
    if any(member.compress_type not in _METHODS for member in members):
        findings.note("file.damaged_content")
        return None
    return _laid_out(content, members, directory, findings)


def _ends_properly(content: bytes, findings: Findings) -> bool:
    """Tell whether the end of the directory is the end of the file; note what was put behind it."""
    signature, *_, comment_b = _END.unpack(content[-_END.size :])
    if signature == b"PK\x05\x06" and not comment_b:
        return True
    if content.rfind(b"PK\x05\x06") >= 0:
        findings.note("file.mixed")
    return False


def _check_names(members: list[zipfile.ZipInfo], findings: Findings) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.orig_filename
        path = PurePosixPath(name)
        folded = name.lower()
        strange = not name or "\\" in name or ":" in name or not name.isprintable()
        if strange or path.is_absolute() or ".." in path.parts or folded in seen:
            findings.note("file.archive_names", name)
        seen.add(folded)


def _laid_out(
    content: bytes, members: list[zipfile.ZipInfo], directory: int, findings: Findings
) -> list[tuple[zipfile.ZipInfo, int]] | None:
    """Return where each member's bytes begin; note overlaps and gaps, in which something could hide."""
    found: list[tuple[zipfile.ZipInfo, int]] = []
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        gap = member.header_offset - end
        header = content[member.header_offset : member.header_offset + _LOCAL.size]
        if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
            findings.note("file.damaged_content", member.filename)
            return None
        if gap < 0 or gap not in (_DESCRIPTORS_B if found else (0,)):
            findings.note("file.archive_lies" if gap < 0 else "file.mixed", member.filename)
            return None
        *_, name_b, extra_b = _LOCAL.unpack(header)
        start = member.header_offset + _LOCAL.size + name_b + extra_b
        name = content[member.header_offset + _LOCAL.size :][:name_b]
        if name != _raw_name(member):
            findings.note("file.archive_lies", member.filename)
        end = start + member.compress_size
        if end > directory:
            findings.note("file.damaged_content", member.filename)
            return None
        found.append((member, start))
    if directory - end not in _DESCRIPTORS_B:
        findings.note("file.mixed")
        return None
    return found


def _raw_name(member: zipfile.ZipInfo) -> bytes:
    return member.orig_filename.encode("utf-8" if member.flag_bits & 0x800 else "cp437")
