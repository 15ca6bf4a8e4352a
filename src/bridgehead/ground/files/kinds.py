"""Which files are taken, recognised from their content and held against what their name and sender claim."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bridgehead.ground.files.findings import Findings
from bridgehead.ground.files.office import read_office
from bridgehead.ground.files.pictures import JPEG, PNG, read_jpeg, read_png
from bridgehead.ground.files.portable import SIGNATURE, read_portable
from bridgehead.ground.files.texts import decode_text, encoding_of, read_plain
from bridgehead.ground.language import LANGUAGES
from bridgehead.kernel.errors import BridgeheadError

TABLE = Path(__file__).with_name("kinds.csv")
LONGEST_NAME = 200
"""Characters; file systems stop at 255 bytes."""
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\x00asm",
)
_LATE_PDF = re.compile(rb"%PDF-[0-9]\.[0-9]")
_LATE_PDF_B = 2048
_TEXT = "text"
_SAYS_NOTHING = ("", "application/octet-stream", "binary/octet-stream")
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@dataclass(frozen=True)
class Kind:
    """One kind of file that is taken.

    Parameters
    ----------
    name : str
        Short name, for instance ``pdf``.
    endings : tuple of str
        Endings of its names, in small letters; the first one is used for writing.
    media_type : str
        The type it is sent with.
    declared : frozenset of str
        Types a browser may declare for it.
    titles : mapping
        What people call it, by language.
    """

    name: str
    endings: tuple[str, ...]
    media_type: str
    declared: frozenset[str]
    titles: Mapping[str, str]

    def title(self, language: str) -> str:
        """Return what people call it in a language."""
        return self.titles[language]


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds of files that are taken, by name, as the table lists them."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        found = [
            Kind(
                row["kind"],
                tuple(row["ending"].split("|")),
                row["media_type"],
                frozenset(filter(None, (row["media_type"], *row["also_declared_as"].split("|")))),
                {one: row[f"title_{one}"] for one in LANGUAGES},
            )
            for row in csv.DictReader(stream, strict=True)
        ]
    return MappingProxyType({kind.name: kind for kind in found})


def inspect(
    content: bytes, name: str, declared: str = "", *, taken: Iterable[str] = (), as_table: bool = False
) -> Kind:
    """Return the kind of a file, or refuse it with everything that is wrong with it.

    Parameters
    ----------
    content : bytes
        All of it; whoever reads it from outside stops at the limit of the store.
    name : str
        Its name, as `plain_name` gives it.
    declared : str
        The media type its sender declares; browsers that know none say so.
    taken : iterable of str
        Names of the kinds that are wanted here; all by default.
    as_table : bool
        Whether a workbook is going to be read, and not only kept; it may then weigh no more than `weights` allows.

    Raises
    ------
    BridgeheadError
        One fault a reason: ``file.unknown_type``, ``file.type_mismatch``, ``file.mixed``, ``file.macros`` ...
    """
    findings = Findings(name)
    found = _recognise(content, findings, as_table=as_table)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    named = next((kind for kind in kinds().values() if ending in kind.endings), None)
    if found == _TEXT:
        kind = named if named is not None and named.name in ("csv", "txt") else kinds()["txt"]
    else:
        kind = kinds().get(found)
    if kind is not None:
        if kind is not named:
            findings.note("file.type_mismatch", found=kind.name, claimed=f".{ending}" if ending else name)
        elif _plain_type(declared) not in (*_SAYS_NOTHING, *kind.declared):
            findings.note("file.type_mismatch", found=kind.name, claimed=_plain_type(declared))
        wanted = list(taken)
        if wanted and kind.name not in wanted:
            findings.note("file.kind_not_taken_here", found=kind.name, allowed=wanted)
    if findings:
        raise BridgeheadError.of(findings)
    if kind is None:
        raise AssertionError("a file without a kind has a finding")
    return kind


def plain_name(given: str) -> str:
    """Return the name of a file without the folders some senders put before it.

    Raises
    ------
    BridgeheadError
        ``file.bad_name`` if nothing is left, if it is too long, or if it holds characters that cannot be seen: one of
        them turns ``exe.pdf`` into what reads as ``fdp.exe``.
    """
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2]).strip()
    if not name.strip(". ") or len(name) > LONGEST_NAME or any(unicodedata.category(mark) in _UNSEEN for mark in name):
        raise BridgeheadError("file.bad_name", {"name": name, "limit": LONGEST_NAME})
    return name


def _plain_type(declared: str) -> str:
    return declared.partition(";")[0].strip().lower()


def _recognise(content: bytes, findings: Findings, *, as_table: bool) -> str:
    """Return the kind the content shows, ``text`` for any text, empty for what is not taken; note what is wrong."""
    if content.startswith(SIGNATURE):
        read_portable(content, findings)
        return "pdf"
    if content.startswith(PNG):
        read_png(content, findings)
        return "png"
    if content.startswith(JPEG):
        read_jpeg(content, findings)
        return "jpeg"
    if content.startswith(_ZIP):
        found = read_office(content, findings, weighed=as_table)
        if not found and not findings:
            findings.note("file.unknown_type", looks_like="ZIP")
        return found
    late = _LATE_PDF.search(content, 0, _LATE_PDF_B)
    if late and b"%%EOF" in content:
        findings.note("file.mixed")
    elif content.startswith(_OLD_OFFICE):
        findings.note("file.old_office")
    elif not content:
        findings.note("file.empty")
    elif (text := decode_text(content)) is not None:
        read_plain(text, findings)
        return _TEXT
    elif content.startswith(_PROGRAMS):
        findings.note("file.executable")
    else:
        _note_unknown(content, findings)
    return ""


def _note_unknown(content: bytes, findings: Findings) -> None:
    """Say what a file looks like that is not taken, because that is what its owner needs to know."""
    if encoding := encoding_of(content):
        findings.note("file.wrong_encoding", guess=encoding)
        return
    import puremagic

    try:
        looks_like = puremagic.from_string(content[:8192]).lstrip(".").upper()
    except (puremagic.PureError, ValueError):
        looks_like = ""
    findings.note("file.unknown_type", **({"looks_like": looks_like} if looks_like else {}))
