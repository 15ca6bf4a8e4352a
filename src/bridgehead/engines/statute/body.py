"""The body of a statute: its lines put together to articles, paragraphs, items and sub-items."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bridgehead.engines.statute.headings import is_below_part, title_of
from bridgehead.engines.statute.lines import CHAPTER, DIVISION, ITEM, SUBITEM, Line, look
from bridgehead.engines.statute.model import (
    Appendix,
    Article,
    Chapter,
    Item,
    Paragraph,
    Part,
    Passage,
    Section,
    Span,
    Subitem,
)

_OPENING = frozenset("（(【〔[1１①㈠")
_CAPTION = re.compile(r"[（(【〔\[][^（）()【】〔〕。；，：“”]{1,24}[）)】〕\]]")


@dataclass
class Body:
    """What was put together so far."""

    chapters: dict[str, Chapter] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    articles: list[Article] = field(default_factory=list)
    appendices: list[Appendix] = field(default_factory=list)
    strays: list[Line] = field(default_factory=list)
    doubled: list[Line] = field(default_factory=list)
    part: str = ""
    division: str = ""
    divisions: list[Line] = field(default_factory=list)
    chapter: int | None = None
    section: int | None = None
    pending: Line | None = None
    counts: dict[str, int] = field(default_factory=dict)

    def unique(self, wanted: str) -> str:
        """Return an id nobody has yet: the wanted one, or the wanted one with a number."""
        return _unique(wanted, self.counts)


def _unique(wanted: str, counts: dict[str, int]) -> str:
    counts[wanted] = count = counts.get(wanted, 0) + 1
    return wanted if count == 1 else f"{wanted}__dup_{count}"


def _form(label: str) -> str:
    """Return what is written around the number of a label such as 2． or (2), empty for （二）."""
    if "①" <= label[:1] <= "⒛":
        return "①"
    digits = "".join(mark for mark in label if mark.isdecimal())
    return label.replace(digits, "1") if digits else ""


def open_chapter(body: Body, line: Line) -> None:
    """Begin a chapter, a section or a division at its heading."""
    span = Span(line.at, line.end)
    if line.kind is DIVISION:
        # 分编 stands below 编; the chapters of both count on or anew, so both are in the id.
        if is_below_part(line):
            body.division = f"{body.part}subpart_{line.number}__"
        else:
            body.division = body.part = f"part_{line.number}__"
        body.divisions.append(line)
        body.chapter = body.section = None
        line.becomes(Part.CHAPTER, body.division.removesuffix("__"))
    elif line.kind is CHAPTER:
        name = f"{body.division}chp_{line.number}"
        if name in body.chapters:
            body.doubled.append(line)
        else:
            body.chapters[name] = Chapter(name, line.number, title_of(line), span)
        body.chapter, body.section = line.number, None
        line.becomes(Part.CHAPTER, name)
        if body.pending is not None:
            above, body.pending = body.pending, None
            open_chapter(body, above)
    else:
        name = f"sec_{line.number}"
        if body.chapter is not None:
            name = f"{body.division}chp_{body.chapter}__{name}"
        if name in body.sections:
            body.doubled.append(line)
        else:
            body.sections[name] = Section(name, body.chapter, line.number, title_of(line), span)
        body.section = line.number
        line.becomes(Part.SECTION, name)


class ArticleBuilder:
    """Puts the lines of one article together.

    Parameters
    ----------
    body : Body
        Where it goes.
    line : Line
        The line of its label.
    """

    def __init__(self, body: Body, line: Line) -> None:
        self.body = body
        self.line = line
        self.id = body.unique(f"art_{line.number}" + (f"_{line.suffix}" if line.suffix else ""))
        self.chapter, self.section = body.chapter, body.section
        self.paragraphs: list[Paragraph] = []
        self.own: Passage | None = None
        self.own_start = 0
        self.items: list[Item] = []
        self.item: tuple[str, int, str, Passage, Span] | None = None
        self.is_numbered = self.caption = False
        self.further: list[Passage] = []
        self.subitems: list[Subitem] = []
        self.names: dict[str, int] = {}
        self.end = line.place(line.cut)
        passage = line.passage(line.cut)
        line.becomes(Part.PARAGRAPH, f"{self.id}__para_1")
        if not passage.text or (passage.text[0] in _OPENING and self._begins_with_item(line, passage)):
            return
        self._begin_paragraph(passage, passage.pieces[0][1], line.end)

    def _begins_with_item(self, line: Line, passage: Passage) -> bool:
        """Whether the first item of a list stands right behind the label, and take it as one: 第三条 （一）…."""
        # 第一条 （目的）: a name in brackets, the words of which follow on the next line.
        self.caption = _CAPTION.fullmatch(passage.text) is not None
        first = Line(line.start, line.stop, passage.pieces[0][1], passage.text)
        first.pieces = passage.pieces
        look(first)
        if first.kind not in (ITEM, SUBITEM) or first.number != 1:
            return False
        self._add_item(first)
        line.becomes(first.part, first.provision)
        return True

    @property
    def is_complete(self) -> bool:
        """Whether its last words end as a sentence does."""
        if self.own is None:
            return False
        last = self._last_words
        return last[-1:] in "。！？" or last[-2:-1] == "。"

    def add(self, line: Line) -> None:
        """Add a line: an item, a sub-item, or a paragraph of its own."""
        if line.kind is ITEM and self._is_below(line):
            self._add_subitem(line)
        elif line.kind is ITEM:
            self._add_item(line)
        elif line.kind is SUBITEM and self.item is not None and not self._goes_on(line):
            self._add_subitem(line)
        elif line.kind is SUBITEM and self.own is not None:
            self._add_item(line)
        elif self.caption and self.own is not None and self.item is None:
            self.caption = False
            self.own, self.end = Passage.joined((self.own, line.passage())), line.end
            line.becomes(Part.PARAGRAPH, f"{self.id}__para_1")
        else:
            self._begin_paragraph(line.passage(), line.at, line.end)
            line.becomes(Part.PARAGRAPH, f"{self.id}__para_{len(self.paragraphs) + 1}")

    def _goes_on(self, line: Line) -> bool:
        """Whether a line such as 2． counts on from the item 1． it follows; under （一） it is below it."""
        return self.item is not None and _form(self.item[2]) == _form(line.label) != ""

    def _is_below(self, line: Line) -> bool:
        """Whether a line such as （一） is below an item 1．, against the usual order."""
        return self.item is not None and self.is_numbered and line.number == len(self.subitems) + 1

    def awaits(self, line: Line) -> bool:
        """Whether a label counts on from the list as it stands, so that what is between belongs to its last item."""
        if self.item is None or line.kind not in (ITEM, SUBITEM):
            return False
        if self.subitems and _form(self.subitems[-1].label) == _form(line.label):
            return line.number == self.subitems[-1].number + 1
        return _form(self.item[2]) == _form(line.label) and line.number == self.item[1] + 1

    @property
    def is_unfinished(self) -> bool:
        """Whether its last item announces more (：), or stands in what it announced (；)."""
        return self.item is not None and self._last_words[-1:] in (
            ("：", ":", "；", ";") if self.further else ("：", ":")
        )

    @property
    def _last_words(self) -> str:
        """What it says last."""
        if self.further:
            return self.further[-1].text
        last = self.subitems[-1].passage if self.subitems else self.item[3] if self.item else self.own
        return last.text if last is not None else ""

    def go_on(self, line: Line) -> None:
        """Add a plain line to the last item of the list, or to its last sub-item."""
        if self.item is None:
            return
        # Put together in one go when the item ends: line by line, a long list would take minutes.
        self.further.append(line.passage())
        self.end = line.end
        if self.subitems:
            line.becomes(Part.SUBITEM, self.subitems[-1].id)
        else:
            line.becomes(Part.ITEM, self.item[0])

    def _settle(self) -> None:
        """Put the lines an item goes on with to it."""
        if not self.further or self.item is None:
            return
        if self.subitems:
            last = self.subitems[-1]
            passage = Passage.joined((last.passage, *self.further))
            self.subitems[-1] = replace(last, passage=passage, span=Span(last.span.start, self.end))
        else:
            passage = Passage.joined((self.item[3], *self.further))
            self.item = (*self.item[:3], passage, Span(self.item[4].start, self.end))
        self.further = []

    def _begin_paragraph(self, passage: Passage, start: int, end: int) -> None:
        self._end_paragraph()
        self.own, self.own_start, self.end = passage, start, end

    def _add_item(self, line: Line) -> None:
        self._end_item()
        if self.own is None:
            self.own, self.own_start = Passage(), line.at
        name = _unique(f"{self.id}__para_{len(self.paragraphs) + 1}__item_{line.number}", self.names)
        self.item = (name, line.number, line.label, line.passage(), Span(line.at, line.end))
        self.is_numbered, self.caption = line.kind is SUBITEM, False
        self.end = line.end
        line.becomes(Part.ITEM, name)

    def _add_subitem(self, line: Line) -> None:
        if self.item is None:
            return
        self._settle()
        name = _unique(f"{self.item[0]}__subitem_{line.number}", self.names)
        span = Span(line.at, line.end)
        self.subitems.append(Subitem(name, line.number, line.label, line.passage(), span))
        self.end = line.end
        line.becomes(Part.SUBITEM, name)

    def _end_item(self) -> None:
        if self.item is None:
            return
        self._settle()
        name, number, label, passage, span = self.item
        end = self.subitems[-1].span.end if self.subitems else span.end
        self.items.append(Item(name, number, label, passage, Span(span.start, end), tuple(self.subitems)))
        self.item, self.subitems = None, []

    def _end_paragraph(self) -> None:
        self._end_item()
        if self.own is None:
            return
        number = len(self.paragraphs) + 1
        span = Span(self.own_start, self.end)
        self.paragraphs.append(Paragraph(f"{self.id}__para_{number}", number, self.own, span, tuple(self.items)))
        self.own, self.items = None, []

    def finish(self) -> Article:
        """Return the article."""
        self._end_paragraph()
        line = self.line
        article = Article(
            self.id,
            line.number,
            line.suffix,
            line.label.rstrip("：:"),
            self.chapter,
            self.section,
            tuple(self.paragraphs),
            Span(line.at, self.end),
            Span(line.at, line.place(line.cut)),
        )
        self.body.articles.append(article)
        return article
