"""Lines of a source and what each looks like by itself: a label of an article, a heading, an item, plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum

from bridgehead.engines.statute.model import Part, Passage
from bridgehead.engines.statute.numerals import NUMBER, number_of
from bridgehead.engines.statute.run_on import MEMBER, itemised, runs_on


class Kind(IntEnum):
    """What a line looks like."""

    PLAIN = 0
    ARTICLE = 1
    CHAPTER = 2
    SECTION = 3
    DIVISION = 4
    ITEM = 5
    SUBITEM = 6
    HAN = 7
    NOISE = 8
    CONTENTS = 9
    APPENDIX = 10
    HEAD = 11
    STRAY = 12
    TAIL = 13
    NAME = 14


# Members by names of their own: looked up in their class, which each line is compared with dozens of times, they take
# as long as all the rest of a test.
PLAIN, ARTICLE, CHAPTER, SECTION, DIVISION = Kind.PLAIN, Kind.ARTICLE, Kind.CHAPTER, Kind.SECTION, Kind.DIVISION
ITEM, SUBITEM, HAN, NOISE, CONTENTS = Kind.ITEM, Kind.SUBITEM, Kind.HAN, Kind.NOISE, Kind.CONTENTS
APPENDIX, HEAD, STRAY, TAIL, NAME = Kind.APPENDIX, Kind.HEAD, Kind.STRAY, Kind.TAIL, Kind.NAME
_UNTOLD = Part.NOISE

ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
CLOSED = frozenset("。；;：:！!？?")
"""Marks a line ends with when what it says is complete."""
CLOSING = frozenset('”’"』」》〉）)】〕]')

_ZERO_WIDTH = re.compile(f"[{ZERO_WIDTH}]+")
_MASKED = re.compile(r"\[bookmark:[^\]\n\r]{0,120}\]|<!--(?:[^-]|-(?!->)){0,200}-->", re.IGNORECASE)
_EMPHASIS = re.compile(r"^[ \t]*(?:[-+>][ \t]+)?\*{1,3}第|^[ \t]*[-+*>][ \t]+第", re.MULTILINE)
# What stands at every such mark, and now and then elsewhere; 第 itself is looked for many times as quickly as marks.
_MARKED = re.compile(r"第(?:(?<=[-+*>]第)|(?<=[-+*>][ \t]第)|(?<=[ \t][ \t]第))")
_EMPHASISED = re.compile(r"\*{1,3}|^[ \t]*[-+>][ \t]+", re.MULTILINE)
_MARKS = re.compile(r"#{1,6}(?=[^#])[ \t\u3000]*")

_ARTICLE = re.compile(
    rf"第[ \t\u3000]*({NUMBER})[ \t\u3000]*[条條](?:[ \t\u3000]*之[ \t\u3000]*([一二三四五六七八九十]{{1,3}}))?"
    r"(?:[：:](?=[^\s第《“]))?"
)
_HEADING = re.compile(rf"第[ \t\u3000]*({NUMBER})[ \t\u3000]*([分]?[编編]|章|[节節])")
_ITEM = re.compile(r"[（(][ \t\u3000]*([一二三四五六七八九十百零〇]{1,6})[ \t\u3000]*[）)]")
_SUBITEM = re.compile(
    r"[（(][ \t\u3000]*([\d０-９]{1,3})[ \t\u3000]*[）)]|([\d０-９]{1,3})[ \t\u3000]*(?:[．、)）]|\.(?![\d０-９]))"
)
_HAN = re.compile(r"([一二三四五六七八九十百]{1,6})[ \t\u3000]*[、．.]")
_INNER = re.compile(
    rf"(?<=[。”])[ \t\u3000]*(?=第{NUMBER}[条章][ \t\u3000])|(?<=[ \t\u3000])(?=第{NUMBER}条[ \t\u3000])"
)
_LABELS = re.compile(rf"第{NUMBER}[条章][ \t\u3000]")
_HEADED = re.compile(rf"[#\s]*第[ \t\u3000]*{NUMBER}[ \t\u3000]*[章节]")
_APPENDIX = re.compile(
    r"附[ \t\u3000]*[件表录图][ \t\u3000]*([一二三四五六七八九十\d０-９]{0,4})[ \t\u3000]*"
    r"(?=[：:、．. \t\u3000《（(]|$)"
    r"|附[ \t\u3000]*[：:]"
)
_REFERENCE = re.compile(
    r"的(?!士)|规定[的，、；。处执]|所(?:列|称|规定|指|述)|之规定|第[\d０-９一二三四五六七八九十]+[款项条]|款|项(?!目)|目(?![前标的])|"
    r"[、，,；;。：:)）》”’」]|(?:至|和|与|或者?|以?及)(?:本|第|其他|《)|中(?:的|所|规定)|修改为|删去|改为|作为第"
)
_LOOSE_REFERENCE = re.compile(r"规定|至|和|与|或|及|以及|以(?:前|后|上|下|外|内)|前|之前|修改|增加")
_LONGEST_AFTER_COLON = 30
CIRCLED = {chr(start + step): step + 1 for start in (0x2460, 0x2474, 0x2488) for step in range(20)}
BRACKETED_HAN = {chr(0x3220 + step): step + 1 for step in range(10)}
_LEADS = frozenset("0123456789０１２３４５６７８９")
_HAN_LEADS = frozenset("一二三四五六七八九十")


class Line:
    """One line of a source; after wrapped lines were joined, one with those that continue it.

    Attributes
    ----------
    start, stop : int
        Where it begins in the source, and where the next line does.
    at, text : int, str
        Where its first clean character stands, and its clean text.
    pieces : tuple or None
        Map of the clean text where it is not one stretch of the source.
    kind : Kind
        What it looks like.
    cut : int
        Where its label ends in the clean text.
    number, suffix : int
        Number of the label; 之一 as suffix.
    indent : int
        Blanks before it.
    inner : bool
        Whether it begins inside a line of the source: 。第四条 or 第一章 总则 第一条.
    level : int
        Number of the heading marks (#) before it.
    more : list of Line
        Lines that continue it.
    part, provision : Part, str
        What it turned out to be, and the id of the provision it belongs to.
    """

    __slots__ = (
        "at",
        "cut",
        "indent",
        "inner",
        "kind",
        "level",
        "more",
        "number",
        "part",
        "pieces",
        "provision",
        "start",
        "stop",
        "suffix",
        "text",
    )

    def __init__(self, start: int, stop: int, at: int, text: str) -> None:
        self.start = start
        self.stop = stop
        self.at = at
        self.text = text
        self.indent = 0
        self.inner = False
        self.level = 0
        self.pieces: tuple[tuple[int, int, int], ...] | None = None
        self.kind = PLAIN
        self.cut = 0
        self.number = 0
        self.suffix = 0
        self.more: list[Line] | None = None
        self.part = _UNTOLD
        self.provision = ""

    def becomes(self, part: Part, provision: str = "") -> None:
        """Note what the line, and those that continue it, turned out to be."""
        self.part = part
        self.provision = provision
        for line in self.more or ():
            line.becomes(part, provision)

    @property
    def label(self) -> str:
        """Its label as it stands, without blanks."""
        return "".join(self.text[: self.cut].split())

    @property
    def rest(self) -> str:
        """What follows the label on the line itself."""
        return self.text[self.cut :].lstrip() if self.cut else self.text

    @property
    def whole(self) -> str:
        """Its clean text with that of the lines that continue it."""
        return self.text if self.more is None else self.text + "".join(line.text for line in self.more)

    def passage(self, cut: int = 0) -> Passage:
        """Return its clean text from a place on, with that of the lines that continue it."""
        text = self.text
        while cut < len(text) and text[cut].isspace():
            cut += 1
        if self.pieces is not None:
            pieces = _cut_pieces(self.pieces, cut)
        else:
            pieces = ((0, self.at + cut, len(text) - cut),) if cut < len(text) else ()
        own = Passage(text[cut:], pieces)
        return own if self.more is None else Passage.joined([own, *(line.passage() for line in self.more)])

    @property
    def end(self) -> int:
        """Place in the source after its last clean character, those of continuing lines included."""
        line = self if self.more is None else self.more[-1]
        if line.pieces is not None:
            return line.pieces[-1][1] + line.pieces[-1][2] if line.pieces else line.at
        return line.at + len(line.text)

    def place(self, cut: int) -> int:
        """Return where a character of the clean text of the line itself stands in the source."""
        if self.pieces is None:
            return self.at + cut
        if cut >= len(self.text):
            _, there, count = self.pieces[-1] if self.pieces else (0, self.at, 0)
            return there + count
        return Passage(self.text, self.pieces).source(cut)

    @property
    def is_open(self) -> bool:
        """Whether what it says is not complete at its end."""
        last = self.text[-1:]
        if last in CLOSED:
            return False
        return not (last in CLOSING and self.text[-2:-1] in CLOSED)

    @property
    def is_reference(self) -> bool:
        """Whether its label reads as the beginning of a reference: 第十三条规定的."""
        after = self.text[self.cut : self.cut + 12]
        return bool(after) and not after[0].isspace() and _REFERENCE.match(after) is not None

    @property
    def may_be_reference(self) -> bool:
        """Whether its label may as well be the beginning of a reference; only its number can tell."""
        return self.is_reference or _LOOSE_REFERENCE.match(self.text, self.cut) is not None


def _cut_pieces(pieces: tuple[tuple[int, int, int], ...], cut: int) -> tuple[tuple[int, int, int], ...]:
    kept = []
    for here, there, count in pieces:
        skip = min(max(0, cut - here), count)
        if skip < count:
            kept.append((here + skip - cut, there + skip, count - skip))
    return tuple(kept)


def masked(text: str) -> str:
    """Return the text with bookmarks, comments and marks of emphasis replaced by zero-width characters.

    So every place stays. The marks of emphasis and of lists are taken where labels of articles or headings carry them.
    """
    if _MARKED.search(text) and _EMPHASIS.search(text):
        text = _EMPHASISED.sub(lambda found: "\u200b" * len(found[0]), text)
    if "[bookmark" in text or ("<!--" in text and "-->" in text):
        end = max(text.rfind("]") + 1, text.rfind("-->") + 3)
        return _MASKED.sub(lambda found: "\u200b" * len(found[0]), text[:end]) + text[end:]
    return text


def split(view: str) -> list[Line]:
    """Return the lines of a text that are not blank, each with its look; noise inside lines is zero-width here."""
    lines: list[Line] = []
    hidden = any(mark in view for mark in ZERO_WIDTH)
    previous: Line | None = None
    stretches = _stretches(view)
    if runs_on(view):
        stretches = itemised(stretches)
    for start, raw, inner in stretches:
        text = raw.strip()
        if not text:
            continue
        indent = len(raw) - len(raw.lstrip())
        line = Line(start, len(view), start + indent, text)
        line.indent, line.inner = indent, inner
        if hidden and not text.isprintable() and _ZERO_WIDTH.search(raw):
            _clean(line, raw)
        if line.text[:1] == "#" and (marks := _MARKS.match(line.text)):
            _without_marks(line, marks.end())
        if not line.text:
            line.kind = NOISE
        else:
            look(line)
        if previous is not None:
            previous.stop = start
        lines.append(line)
        previous = line
    return lines


def _stretches(view: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the lines that are not blank, cut where a label of an article stands inside: start, words, if inside."""
    stop = 0
    for raw in view.splitlines(keepends=True):
        start, stop = stop, stop + len(raw)
        if raw.isspace():
            continue
        if raw.find("第", 1) < 0 or _LABELS.search(raw, 1) is None:
            yield start, raw, False
            continue
        headed = _HEADED.match(raw) is not None
        at = 0
        for inner in _INNER.finditer(raw, 1):
            # Behind a blank only a heading is cut: elsewhere a blank before 第三条 tells nothing.
            behind = raw[: inner.start()].rstrip()[-1:]
            if behind and (behind in "。”" or (headed and at == 0 and behind not in "第至、，和或及与")):
                yield start + at, raw[at : inner.start()], at > 0
                at = inner.start()
        yield start + at, raw[at:], at > 0


def _clean(line: Line, raw: str) -> None:
    """Take the zero-width characters out and keep where the others stand."""
    begin = line.start
    parts: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    at = length = 0
    for hole in (*_ZERO_WIDTH.finditer(raw), None):
        end = len(raw) if hole is None else hole.start()
        if end > at:
            parts.append(raw[at:end])
            pieces.append((length, begin + at, end - at))
            length += end - at
        at = len(raw) if hole is None else hole.end()
    text = "".join(parts)
    left = len(text) - len(text.lstrip())
    line.text = text.strip()
    kept = []
    for here, there, count in _cut_pieces(tuple(pieces), left):
        if here < len(line.text):
            kept.append((here, there, min(count, len(line.text) - here)))
    line.pieces = tuple(kept)
    line.at = kept[0][1] if kept else line.start
    line.indent = left


def _without_marks(line: Line, length: int) -> None:
    """Take the marks of a markdown heading away."""
    if length >= len(line.text):
        return
    line.level = line.text[:length].count("#")
    if line.pieces is not None:
        line.pieces = _cut_pieces(line.pieces, length)
        line.at = line.pieces[0][1]
    else:
        line.at += length
    line.text = line.text[length:]


def look(line: Line) -> None:
    """Note what a line looks like by its first characters."""
    text = line.text
    first = text[0]
    if first == "第":
        _look_at_number(line)
    elif first in "（(":
        if found := _ITEM.match(text):
            _labelled(line, ITEM, found.end(), number_of(found[1]))
        elif found := _SUBITEM.match(text):
            _labelled(line, SUBITEM, found.end(), number_of(found[1]))
    elif first in _LEADS:
        if found := _SUBITEM.match(text):
            _labelled(line, SUBITEM, found.end(), number_of(found[2]))
    elif first in _HAN_LEADS:
        if found := _HAN.match(text):
            _labelled(line, HAN, found.end(), number_of(found[1]))
    elif first in BRACKETED_HAN:
        _labelled(line, ITEM, 1, BRACKETED_HAN[first])
    elif first in CIRCLED:
        _labelled(line, SUBITEM, 1, CIRCLED[first])
    elif first == "附" and len(text) <= 60 and (found := _APPENDIX.match(text)):
        _labelled(line, APPENDIX, found.end(), number_of(found[1] or "") or 1)


def _look_at_number(line: Line) -> None:
    text = line.text
    if found := _ARTICLE.match(text):
        _labelled(line, ARTICLE, found.end(), number_of(found[1]))
        line.suffix = (number_of(found[2]) or 0) if found[2] else 0
    elif len(text) <= 80 and (found := _HEADING.match(text)):
        kind = {"章": CHAPTER, "节": SECTION, "節": SECTION}.get(found[2], DIVISION)
        rest = text[found.end() :]
        if rest[:1] in ("：", ":") and "第" not in rest and len(rest) <= _LONGEST_AFTER_COLON:
            rest = rest[1:]
        if not _REFERENCE.match(rest) and not any(mark in "。；;，,：:！？" for mark in rest):
            _labelled(line, kind, len(text) - len(rest), number_of(found[1]))


def _labelled(line: Line, kind: Kind, cut: int, number: int | None) -> None:
    if number is None or (kind in (ITEM, SUBITEM) and MEMBER.match(line.text, cut)):
        return
    line.kind = kind
    line.cut = cut
    line.number = number


def demote(line: Line) -> None:
    """Make a line that looked like more a plain one."""
    line.kind, line.cut = PLAIN, 0


def is_blank_label(line: Line) -> bool:
    """Whether the label of an article is followed by a blank, or by nothing."""
    after = line.text[line.cut : line.cut + 1]
    return not after or after.isspace()
