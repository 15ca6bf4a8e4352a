"""A text as it came in: its characters and bytes, clean passages of it, what each stretch is, and what is odd in it.

Offsets are always characters of `Source.text`; an end is the place after the last one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bridgehead.engines.statute.frozen import frozen


@frozen
class Span:
    """A stretch of the source: first character and the one after the last."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the stretch of a text."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One thing in a source that is not as it should be.

    Parameters
    ----------
    code : str
        Stable code, for instance ``statute.lost_heading``; its sentence stands with the others of the product.
    line : int
        Line of the source, from 1.
    span : Span, optional
        Where in the source.
    parameters : tuple of (str, str or int)
        What the sentence names.
    """

    code: str
    line: int
    span: Span | None = None
    parameters: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A text as it came in.

    Parameters
    ----------
    name : str
        Name of the document: the file's name without its ending.
    text : str
        Every character of it, line ends as they were.
    encoding : str
        Codec that turns the text back into the bytes, for instance ``utf-8`` or ``gb18030``.
    mark : bytes
        Byte order mark that stood before it.
    kind : str
        ``text``, ``markdown``, ``html`` or ``docx``; of a docx the text is what its paragraphs say and the bytes are
        another file's business.
    sha256 : str
        Hash of the bytes as they came.
    anomalies : tuple of Anomaly
        What was noticed when the bytes became text: another encoding, deleted words of a .docx left out.
    """

    name: str
    text: str
    encoding: str = "utf-8"
    mark: bytes = b""
    kind: str = "text"
    sha256: str = ""
    anomalies: tuple[Anomaly, ...] = ()

    @property
    def bytes(self) -> bytes:
        """The bytes the text was decoded from; for a docx those of its text."""
        return self.mark + self.text.encode(self.encoding)

    def line_of(self, offset: int) -> int:
        """Return the line, from 1, in which a character stands."""
        before = self.text[:offset]
        return before.count("\n") + before.count("\r") - before.count("\r\n") + 1


@frozen
class Passage:
    """Clean text and where each character of it stands in the source.

    A character that a web page writes as an entity (``&ldquo;``) stands where the entity begins. Page numbers,
    zero-width characters, wrapped lines and white space at the ends are left out; blanks between Han characters are
    kept as they were.

    Parameters
    ----------
    text : str
        The clean text.
    pieces : tuple of (int, int, int)
        Place in the clean text, place in the source, number of characters; in order and without a gap in the text.
    """

    text: str = ""
    pieces: tuple[tuple[int, int, int], ...] = ()

    def source(self, place: int) -> int:
        """Return where a character of the clean text stands in the source."""
        at = bisect_left(self.pieces, (place + 1,)) - 1
        here, there, _ = self.pieces[at]
        return there + place - here

    def span(self, start: int, end: int) -> Span:
        """Return the stretch of the source that a stretch of the clean text comes from; what lies between included."""
        if start >= end:
            place = self.source(start) if self.pieces else 0
            return Span(place, place)
        return Span(self.source(start), self.source(end - 1) + 1)

    def within(self, span: Span) -> str:
        """Return the clean words of a stretch of the source: the characters of this passage that stand in it."""
        return "".join(
            self.text[here + max(0, span.start - there) : here + min(count, span.end - there)]
            for here, there, count in self.pieces
            if there < span.end and span.start < there + count
        )

    @classmethod
    def joined(cls, passages: Iterable[Passage]) -> Passage:
        """Return several passages as one, with nothing put between them."""
        text: list[str] = []
        pieces: list[tuple[int, int, int]] = []
        length = 0
        for passage in passages:
            text.append(passage.text)
            pieces.extend((length + here, there, count) for here, there, count in passage.pieces)
            length += len(passage.text)
        return cls("".join(text), tuple(pieces))


class Part(StrEnum):
    """What a line, or a stretch of one, of the source is."""

    TITLE = "title"
    EVENT = "event"
    CONTENTS = "contents"
    PREAMBLE = "preamble"
    CHAPTER = "chapter"
    SECTION = "section"
    LABEL = "label"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    SUBITEM = "subitem"
    APPENDIX = "appendix"
    STRAY = "stray"
    NOISE = "noise"
    BLANK = "blank"


@frozen
class Segment:
    """A stretch of the source and what it is; the segments of a statute follow each other without gap or overlap."""

    part: Part
    span: Span
    provision: str = ""
