"""The text of a .docx: paragraphs, line breaks, tabs, cells, and the numbers its lists make."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bridgehead.engines.statute.docx_lists import Lists, lists_of
from bridgehead.engines.statute.model import Anomaly
from bridgehead.kernel.errors import BridgeheadError, Place

MOST_MEMBERS = 2000
LARGEST_MEMBER_B = 40_000_000
LARGEST_WHOLE_B = 200_000_000
WIDEST_RATIO = 250
MOST_ELEMENTS = 1_500_000
DEEPEST = 200
DOCUMENT = "word/document.xml"

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FORMER = frozenset((f"{W}pPrChange", f"{W}rPrChange"))
"""How a paragraph or a run looked before its format was changed: its list counts no more."""
_SKIPPED = frozenset((f"{W}del", f"{W}moveFrom", _FALLBACK, f"{W}rt", *_FORMER))
_UNTOLD = frozenset((_FALLBACK, f"{W}rt", *_FORMER))
_FOOTNOTES = frozenset((f"{W}footnoteReference", f"{W}endnoteReference"))
_DAMAGED = (ParseError, DefusedXmlException, zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError)


def is_docx(data: bytes) -> bool:
    """Whether a zip holds a document of a word processor."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return DOCUMENT in archive.namelist()
    except (*_DAMAGED, NotImplementedError, RecursionError):
        # A file cut off has lost its directory; its first members still tell what it was.
        return b"word/document.xml" in data


def text_of_docx(data: bytes, name: str, place: Place) -> tuple[str, tuple[Anomaly, ...]]:
    """Return the text of a .docx, a line for each paragraph, and what was left out.

    Raises
    ------
    BridgeheadError
        Where it is damaged, protected by a password, or made to swell.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _weigh(archive, name, place)
            lists = lists_of(
                _member(archive, "word/numbering.xml", name, place), _member(archive, "word/styles.xml", name, place)
            )
            walk = _Walk(lists, name, place)
            walk.read(_member(archive, DOCUMENT, name, place))
    except (*_DAMAGED, NotImplementedError, RuntimeError) as error:
        raise BridgeheadError("statute.docx_damaged", {"name": name}, place) from error
    return "\n".join(walk.lines) + "\n", tuple(walk.anomalies())


def _weigh(archive: zipfile.ZipFile, name: str, place: Place) -> None:
    members = archive.infolist()
    whole = sum(member.file_size for member in members)
    swollen = any(
        member.file_size > LARGEST_MEMBER_B
        or (member.file_size > 1_000_000 and member.file_size > WIDEST_RATIO * max(1, member.compress_size))
        for member in members
    )
    if len(members) > MOST_MEMBERS or whole > LARGEST_WHOLE_B or swollen:
        raise BridgeheadError("statute.docx_bomb", {"name": name}, place)
    if any(member.flag_bits & 1 for member in members):
        raise BridgeheadError("statute.docx_protected", {"name": name}, place)


def _member(archive: zipfile.ZipFile, member: str, name: str, place: Place) -> bytes:
    """Return a part of the archive, nothing where it has none; what it says about its size is not believed."""
    if member not in archive.namelist():
        return b""
    with archive.open(member) as stream:
        content = stream.read(LARGEST_MEMBER_B + 1)
    if len(content) > LARGEST_MEMBER_B:
        raise BridgeheadError("statute.docx_bomb", {"name": name}, place)
    return content.replace(_STRICT, _USUAL)


class _Walk:
    """Goes through the elements of a document and collects its lines."""

    def __init__(self, lists: Lists, name: str, place: Place) -> None:
        self.lists = lists
        self.name = name
        self.place = place
        self.lines: list[str] = []
        self.left_out: Counter[str] = Counter()
        self.open: list[list[str]] = []
        self.skipping = 0
        self.inserted = 0
        self.style = ""
        self.hidden = False
        self.numbered: tuple[str | None, int | None] = (None, None)

    def read(self, content: bytes) -> None:
        """Read the document part."""
        elements = depth = 0
        for event, element in _elements(content):
            if event == "start":
                elements += 1
                depth += 1
                if elements > MOST_ELEMENTS or depth > DEEPEST:
                    raise BridgeheadError("statute.docx_bomb", {"name": self.name}, self.place)
                self._start(element)
            else:
                depth -= 1
                self._end(element)
        for parts in self.open:
            self._line("".join(parts))

    def _start(self, element: Element) -> None:
        tag = element.tag
        if tag in _SKIPPED:
            self.skipping += 1
            self.left_out["deleted"] += tag not in _UNTOLD
        elif self.skipping:
            return
        elif tag == f"{W}p":
            self.open.append([])
            self.style, self.numbered = "", (None, None)
        elif tag == f"{W}r":
            self.hidden = False
        elif tag == f"{W}ins":
            self.left_out["inserted"] += 1
        elif tag in _FOOTNOTES:
            self.left_out["footnote"] += 1

    def _end(self, element: Element) -> None:
        tag = element.tag
        if tag in _SKIPPED:
            self.skipping -= 1
        elif not self.skipping and self.open:
            self._words(tag, element)
        if tag in (f"{W}p", f"{W}tbl"):
            element.clear()

    def _words(self, tag: str, element: Element) -> None:
        parts = self.open[-1]
        if tag == f"{W}t":
            if self.hidden:
                self.left_out["hidden"] += 1
            else:
                parts.append(element.text or "")
        elif tag == f"{W}vanish":
            self.hidden = element.get(f"{W}val", "1") not in ("0", "false", "off")
        elif tag in (f"{W}br", f"{W}cr"):
            parts.append("\n")
        elif tag == f"{W}tab":
            parts.append("\t")
        elif tag == f"{W}noBreakHyphen":
            parts.append("-")
        elif tag == f"{W}pStyle":
            self.style = element.get(f"{W}val", "")
        elif tag == f"{W}numId":
            self.numbered = (element.get(f"{W}val"), self.numbered[1])
        elif tag == f"{W}ilvl":
            self.numbered = (self.numbered[0], _whole(element.get(f"{W}val")))
        elif tag == f"{W}pPr":
            self.hidden = False
            self._number(parts)
        elif tag == f"{W}p":
            self._line("".join(self.open.pop()))

    def _number(self, parts: list[str]) -> None:
        label = self.lists.label(self.numbered[0], self.numbered[1], self.style)
        if label:
            parts.append(label)
            self.left_out["numbered"] += 1

    def _line(self, text: str) -> None:
        self.lines.append(text)

    def anomalies(self) -> Iterator[Anomaly]:
        """Yield what was left out, or is not in the text of the document itself."""
        found = self.left_out
        if found["deleted"]:
            yield Anomaly("statute.docx_deleted", 1, None, (("count", found["deleted"]),))
        if found["inserted"]:
            yield Anomaly("statute.docx_inserted", 1, None, (("count", found["inserted"]),))
        if found["hidden"]:
            yield Anomaly("statute.docx_hidden", 1, None, (("count", found["hidden"]),))
        if found["footnote"]:
            yield Anomaly("statute.docx_footnotes", 1, None, (("count", found["footnote"]),))
        if found["numbered"]:
            yield Anomaly("statute.docx_numbered", 1, None, (("count", found["numbered"]),))


def _elements(content: bytes) -> Iterator[tuple[str, Element]]:
    yield from iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 4 else None
