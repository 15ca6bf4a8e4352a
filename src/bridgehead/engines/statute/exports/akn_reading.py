"""Akoma Ntoso back to a statute, with a plain text put together from it as the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from bridgehead.engines.statute.exports.akn_duties import read_duties, span_of
from bridgehead.engines.statute.exports.xml import OURS, akn, ours, taken
from bridgehead.engines.statute.model import (
    Appendix,
    Article,
    Chapter,
    Duty,
    Effect,
    Event,
    Item,
    Paragraph,
    Part,
    Passage,
    Section,
    Segment,
    Source,
    Span,
    Statute,
    Subitem,
)
from bridgehead.kernel.errors import BridgeheadError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True)
class Document:
    """What an XML document holds: a statute, and the duties that were read from it."""

    statute: Statute
    duties: tuple[Duty, ...] = ()


def from_akn(data: bytes) -> Document:
    """Return the statute and the duties of an act that `to_akn` wrote.

    The source of the statute is a text put together from the XML: title, events, preamble, headings, articles and
    appendices, one line each. Titles, words, numbers and ids are those of the statute that was written; places are
    those in the new text, and anomalies of the old one are not among them.

    Raises
    ------
    BridgeheadError
        Where it is no XML, or no act of Akoma Ntoso.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as reason:
        raise BridgeheadError("statute.not_akoma_ntoso", {"reason": str(reason) or type(reason).__name__}) from reason
    act = root.find(akn("act"))
    body = act.find(akn("body")) if act is not None else None
    if root.tag != akn("akomaNtoso") or act is None or body is None:
        raise BridgeheadError("statute.not_akoma_ntoso", {"reason": root.tag.rpartition("}")[2]})
    try:
        return _Reading(act).document(body)
    except (ValueError, OverflowError) as reason:
        raise BridgeheadError("statute.not_akoma_ntoso", {"reason": str(reason)}) from reason


@dataclass
class _Text:
    """A text being put together, and what each stretch of it is."""

    parts: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    length: int = 0

    def add(self, words: str, part: Part, provision: str = "") -> Passage:
        """Append words; return them as a passage."""
        start = self.length
        if words:
            self.parts.append(words)
            self.length += len(words)
            self.segments.append(Segment(part, Span(start, self.length), provision))
        return Passage(words, ((0, start, len(words)),) if words else ())

    def end_line(self) -> None:
        """End the line."""
        self.add("\n", Part.BLANK)


class _Reading:
    """One act being read.

    Parameters
    ----------
    act : Element
        The act.
    """

    def __init__(self, act: Element) -> None:
        self.act = act
        self.text = _Text()
        self.chapters: dict[str, Chapter] = {}
        self.sections: dict[str, Section] = {}
        self.articles: list[Article] = []
        proprietary = act.find(f"{akn('meta')}/{akn('proprietary')}")
        self.own = {inner.tag: inner for inner in proprietary} if proprietary is not None else {}

    def document(self, body: Element) -> Document:
        """Read everything, in the order of the text."""
        preface = self.act.find(akn("preface"))
        title, title_span, events = self._preface(preface)
        words = taken(self.act.find(f"{akn('preamble')}/{akn('p')}"))
        preamble = self.text.add(words, Part.PREAMBLE)
        if words:
            self.text.end_line()
        self._inside(body, None, None)
        appendices = tuple(
            self._appendix(one) for one in self.act.iterfind(f"{akn('attachments')}/{akn('attachment')}")
        )
        statute = Statute(
            source=self._source(),
            title=title,
            style=self._own("reading").get("style", "条"),
            events=events,
            effect=self._effect(),
            chapters=tuple(self.chapters.values()),
            sections=tuple(self.sections.values()),
            articles=tuple(self.articles),
            appendices=appendices,
            segments=tuple(self.text.segments),
            anomalies=(),
            title_span=title_span,
            preamble=preamble,
        )
        duties = self.own.get(ours("duties"))
        return Document(statute, () if duties is None else read_duties(duties, statute, f"{{{OURS}}}"))

    def _own(self, name: str) -> dict[str, str]:
        element = self.own.get(ours(name))
        return {} if element is None else dict(element.attrib)

    def _source(self) -> Source:
        own = self._own("source")
        return Source(own.get("name", ""), "".join(self.text.parts), kind="akn", sha256=own.get("sha256", ""))

    def _effect(self) -> Effect:
        own = self._own("effect")
        day = own.get("day")
        wanted = own.get("paragraph", "")
        within = [one for article in self.articles for one in article.paragraphs if one.id == wanted]
        span = span_of(within[0].whole, self.own[ours("effect")]) if within else None
        return Effect(date.fromisoformat(day) if day else None, own.get("rule"), own.get("article", ""), span)

    def _preface(self, preface: Element | None) -> tuple[str, Span | None, tuple[Event, ...]]:
        title, span = "", None
        events: list[Event] = []
        for line in preface if preface is not None else ():
            start = self.text.length
            heading, day = line.find(akn("docTitle")), line.find(akn("docDate"))
            if heading is not None:
                title = taken(heading)
                self.text.add(title, Part.TITLE)
                span = Span(start, self.text.length) if title else None
            elif day is not None:
                words = taken(line)
                self.text.add(words, Part.EVENT)
                happened = date.fromisoformat(day.get("date", ""))
                what = words.removeprefix(taken(day))
                events.append(Event(happened, what, day.get(ours("kind"), "other"), Span(start, self.text.length)))
            self.text.end_line()
        return title, span, tuple(events)

    def _inside(self, parent: Element, chapter: int | None, section: int | None) -> None:
        for element in parent:
            if element.tag == akn("chapter"):
                number = _number(element)
                span = self._heading(element, Part.CHAPTER)
                if name := element.get("wId"):
                    title = _title(element)
                    self.chapters.setdefault(name, Chapter(name, number, title, span))
                self._inside(element, number, None)
            elif element.tag == akn("section"):
                number = _number(element)
                span = self._heading(element, Part.SECTION)
                if name := element.get("wId"):
                    self.sections.setdefault(name, Section(name, chapter, number, _title(element), span))
                self._inside(element, chapter, number)
            elif element.tag == akn("article"):
                self.articles.append(self._article(element, chapter, section))

    def _heading(self, element: Element, part: Part) -> Span | None:
        """Write the heading of a chapter or a section; one that is not in the text is left out."""
        num = element.find(akn("num"))
        if num is None or num.get("status") == "editorial":
            return None
        start = self.text.length
        title = _title(element)
        words = taken(num) + (f"\u3000{title}" if title else "")
        self.text.add(words, part, element.get("wId", ""))
        span = Span(start, self.text.length)
        self.text.end_line()
        return span

    def _article(self, element: Element, chapter: int | None, section: int | None) -> Article:
        name = element.get("wId", "")
        start = self.text.length
        label = taken(element.find(akn("num")))
        self.text.add(label, Part.LABEL, name)
        label_span = Span(start, self.text.length)
        found = element.findall(akn("paragraph"))
        if found:
            self.text.add("\u3000", Part.BLANK)
        paragraphs = tuple(self._paragraph(one) for one in found)
        if not found:
            self.text.end_line()
        end = paragraphs[-1].span.end if paragraphs else label_span.end
        suffix = int(element.get(ours("suffix"), "0"))
        return Article(
            name, _number(element), suffix, label, chapter, section, paragraphs, Span(start, end), label_span
        )

    def _paragraph(self, element: Element) -> Paragraph:
        name = element.get("wId", "")
        start = self.text.length
        passage = self.text.add(_words(element), Part.PARAGRAPH, name)
        end = self.text.length
        self.text.end_line()
        items = tuple(self._item(point) for point in _points(element))
        end = items[-1].span.end if items else end
        return Paragraph(name, _number(element), passage, Span(start, end), items)

    def _item(self, element: Element) -> Item:
        name, label, passage, span = self._point(element, Part.ITEM)
        subitems = []
        for point in _points(element):
            inner, inner_label, inner_passage, inner_span = self._point(point, Part.SUBITEM)
            subitems.append(Subitem(inner, _number(point), inner_label, inner_passage, inner_span))
        end = subitems[-1].span.end if subitems else span.end
        return Item(name, _number(element), label, passage, Span(span.start, end), tuple(subitems))

    def _point(self, element: Element, part: Part) -> tuple[str, str, Passage, Span]:
        name = element.get("wId", "")
        num = element.find(akn("num"))
        label = taken(num)
        start = self.text.length
        words = _words(element) if num is not None and num.get("status") == "editorial" else label + _words(element)
        passage = self.text.add(words, part, name)
        span = Span(start, self.text.length)
        self.text.end_line()
        return name, label, passage, span

    def _appendix(self, element: Element) -> Appendix:
        heading = element.find(akn("heading"))
        label = taken(heading)
        words = taken(element.find(f"{akn('doc')}/{akn('mainBody')}/{akn('p')}"))
        if heading is not None and heading.get("status") != "editorial":
            words = label + words
        start = self.text.length
        passage = self.text.add(words, Part.APPENDIX, element.get("wId", ""))
        span = Span(start, self.text.length)
        self.text.end_line()
        return Appendix(element.get("wId", ""), _number(element), label, passage, span)


def _number(element: Element) -> int:
    return int(element.get(ours("number"), "0"))


def _title(element: Element) -> str | None:
    heading = element.find(akn("heading"))
    return None if heading is None else taken(heading)


def _points(element: Element) -> list[Element]:
    return element.findall(f"{akn('list')}/{akn('point')}")


def _words(element: Element) -> str:
    """Return the words of a provision: those of its content, or those before its list."""
    found = element.find(f"{akn('content')}/{akn('p')}")
    return taken(found if found is not None else element.find(f"{akn('list')}/{akn('intro')}/{akn('p')}"))
