"""Akoma Ntoso 1.0 (OASIS LegalDocML): a statute, its events and its duties as XML, and back.

Ids follow the naming convention (``chp_2__art_16__para_1``); the stable id of a provision stands beside it as
``wId``. What the standard has no word for, the duties first of all, stands in a namespace of our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from xml.etree import ElementTree as ET

from bridgehead.engines.statute.exports.akn_meta import Edition, write_appendix_meta, write_meta
from bridgehead.engines.statute.exports.akn_reading import from_akn
from bridgehead.engines.statute.exports.identity import COUNTRY
from bridgehead.engines.statute.exports.xml import akn, child, ours, put, written
from bridgehead.engines.statute.model import (
    Appendix,
    Article,
    Chapter,
    Duty,
    Event,
    Item,
    Paragraph,
    Section,
    Statute,
    Subitem,
)
from bridgehead.engines.statute.numerals import han

__all__ = ["from_akn", "to_akn"]

EDITORIAL = "editorial"
"""Status of what stands in the XML but not in the text: the number of a chapter whose heading was lost."""


def to_akn(statute: Statute, duties: Sequence[Duty] = (), *, country: str = COUNTRY, made: date | None = None) -> bytes:
    """Return a statute as Akoma Ntoso.

    Parameters
    ----------
    statute : Statute
        What was read.
    duties : sequence of Duty
        Its duties; they become proprietary metadata that points at the provisions.
    country : str
        Country of the addresses.
    made : date, optional
        Day of the manifestation; the day of the expression where nobody says.
    """
    root = ET.Element(akn("akomaNtoso"))
    act = child(root, "act", {"name": "statute", "contains": "singleVersion"})
    meta = child(act, "meta")
    _write_preface(act, statute)
    if statute.preamble.text:
        put(child(child(act, "preamble"), "p"), statute.preamble.text)
    names = _Body(child(act, "body")).write(statute)
    if statute.appendices:
        attachments = child(act, "attachments")
        for at, appendix in enumerate(statute.appendices, 1):
            _write_appendix(attachments, statute, appendix, Edition(country, made, f"att_{at}"))
    write_meta(meta, statute, duties, names, Edition(country, made))
    return written(root)


def _write_preface(act: ET.Element, statute: Statute) -> None:
    preface = child(act, "preface")
    put(child(child(preface, "p"), "docTitle"), statute.title)
    for event in statute.events:
        line = child(preface, "p", {"class": "event"})
        day = event.day
        attributes = {"date": day.isoformat(), ours("kind"): event.kind}
        put(child(line, "docDate", attributes), date_words(event))
        put(line, event.what)


def date_words(event: Event) -> str:
    """Return the day of an event in Chinese words."""
    return f"{event.day.year}年{event.day.month}月{event.day.day}日"


class _Body:
    """The body being written: which chapter and section are open, and the eIds given so far.

    Parameters
    ----------
    root : Element
        The body.
    """

    def __init__(self, root: ET.Element) -> None:
        self.root = root
        self.taken: set[str] = set()
        self.names: dict[str, str] = {}
        self.chapters: dict[int, Chapter] = {}
        self.sections: dict[tuple[int | None, int], Section] = {}
        self.chapter: tuple[int | None, ET.Element] = (None, root)
        self.section: tuple[int | None, ET.Element] = (None, root)

    def write(self, statute: Statute) -> dict[str, str]:
        """Write every provision in the order of the text; return the eIds by the stable ids."""
        for provision in _in_order(statute):
            if isinstance(provision, Chapter):
                self.chapters[provision.number] = provision
                self._open_chapter(provision.number)
            elif isinstance(provision, Section):
                self.sections[provision.chapter, provision.number] = provision
                if self.chapter[0] != provision.chapter:
                    self._open_chapter(provision.chapter)
                self._open_section(provision.chapter, provision.number)
            else:
                self._write_article(provision)
        return self.names

    def _open_chapter(self, number: int | None) -> None:
        self.chapter = (number, self.root)
        if number is not None:
            chapter = self.chapters.get(number)
            wanted = chapter.id if chapter else f"chp_{number}"
            lost = chapter is None or chapter.span is None
            element = self._place(self.root, "chapter", wanted, chapter.id if chapter else "", number)
            put(child(element, "num", {"status": EDITORIAL if lost else None}), f"第{han(number)}章")
            if chapter is not None and chapter.title is not None:
                put(child(element, "heading"), chapter.title)
            self.chapter = (number, element)
        self.section = (None, self.chapter[1])

    def _open_section(self, chapter: int | None, number: int | None) -> None:
        self.section = (number, self.chapter[1])
        if number is None:
            return
        section = self.sections.get((chapter, number))
        wanted = f"{self.chapter[1].get('eId', '')}__sec_{number}".removeprefix("__")
        lost = section is None or section.span is None
        element = self._place(self.chapter[1], "section", wanted, section.id if section else "", number)
        put(child(element, "num", {"status": EDITORIAL if lost else None}), f"第{han(number)}节")
        if section is not None and section.title is not None:
            put(child(element, "heading"), section.title)
        self.section = (number, element)

    def _write_article(self, article: Article) -> None:
        if self.chapter[0] != article.chapter:
            self._open_chapter(article.chapter)
        if self.section[0] != article.section:
            self._open_section(article.chapter, article.section)
        inside = self.section[1]
        wanted = f"{inside.get('eId', '')}__{article.id}".removeprefix("__")
        element = self._place(inside, "article", wanted, article.id, article.number)
        if article.suffix:
            element.set(ours("suffix"), str(article.suffix))
        put(child(element, "num"), article.label)
        for paragraph in article.paragraphs:
            self._write_paragraph(element, paragraph)
        if not article.paragraphs:
            element.set("status", "incomplete")

    def _write_paragraph(self, article: ET.Element, paragraph: Paragraph) -> None:
        wanted = f"{article.get('eId')}__para_{paragraph.number}"
        element = self._place(article, "paragraph", wanted, paragraph.id, paragraph.number)
        self._write_words(element, paragraph.passage.text, paragraph.items)

    def _write_words(self, element: ET.Element, words: str, points: Iterable[Item | Subitem]) -> None:
        """Write the words of a provision, as the introduction of its list where it has one."""
        points = tuple(points)
        if not points:
            put(child(child(element, "content"), "p"), words)
            return
        inside = self._place(element, "list", f"{element.get('eId')}__list_1")
        if words:
            put(child(child(inside, "intro"), "p"), words)
        for point in points:
            self._write_point(inside, point)

    def _write_point(self, inside: ET.Element, point: Item | Subitem) -> None:
        wanted = f"{inside.get('eId')}__point_{point.number}"
        element = self._place(inside, "point", wanted, point.id, point.number)
        words = point.passage.text
        stands = words.startswith(point.label)
        put(child(element, "num", {"status": None if stands else EDITORIAL}), point.label)
        own = words[len(point.label) :] if stands else words
        self._write_words(element, own, point.subitems if isinstance(point, Item) else ())

    def _place(
        self, inside: ET.Element, name: str, wanted: str, stable: str = "", number: int | None = None
    ) -> ET.Element:
        """Append an element with an eId nobody has yet, and remember it for the stable id."""
        found, count = wanted, 1
        while found in self.taken:
            count += 1
            found = f"{wanted}__dup_{count}"
        self.taken.add(found)
        if stable:
            self.names.setdefault(stable, found)
        return child(inside, name, {"eId": found, "wId": stable, ours("number"): number})


def _in_order(statute: Statute) -> list[Chapter | Section | Article]:
    """Return chapters, sections and articles in the order of the text; a lost chapter stands before its articles."""
    placed: list[tuple[int, int, int, Chapter | Section | Article]] = []
    following = len(statute.source.text)
    for at, chapter in reversed(list(enumerate(statute.chapters))):
        if chapter.span is not None:
            following = chapter.span.start
        else:
            own = (article.span.start for article in statute.articles if article.chapter == chapter.number)
            following = min(own, default=following)
        placed.append((following, 0, at, chapter))
    for at, section in enumerate(statute.sections):
        place = (section.chapter, section.number)
        own = (one.span.start for one in statute.articles if (one.chapter, one.section) == place)
        placed.append((section.span.start if section.span else min(own, default=following), 1, at, section))
    placed += [(article.span.start, 2, at, article) for at, article in enumerate(statute.articles)]
    return [provision for *_, provision in sorted(placed, key=lambda one: one[:3])]


def _write_appendix(attachments: ET.Element, statute: Statute, appendix: Appendix, edition: Edition) -> None:
    attachment = child(attachments, "attachment", {"eId": edition.part, "wId": appendix.id})
    attachment.set(ours("number"), str(appendix.number))
    words = appendix.passage.text
    stands = bool(appendix.label) and words.startswith(appendix.label)
    put(child(attachment, "heading", {"status": None if stands else EDITORIAL}), appendix.label)
    doc = child(attachment, "doc", {"name": "appendix"})
    write_appendix_meta(child(doc, "meta"), statute, edition)
    put(child(child(doc, "mainBody"), "p"), words[len(appendix.label) :] if stands else words)
