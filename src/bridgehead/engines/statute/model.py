"""What a statute is made of: provisions with their places in the source, events and effect, and duties.

Everything here is frozen and free of behaviour beyond lookups: `read` makes a `Statute` of a text, `duties_of` makes
`Duty` records of a statute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from bridgehead.engines.statute.frozen import frozen
from bridgehead.engines.statute.source import Anomaly, Part, Passage, Segment, Source, Span

__all__ = [
    "Actor",
    "Anomaly",
    "Appendix",
    "Article",
    "Chapter",
    "Duty",
    "Effect",
    "Event",
    "Item",
    "Modality",
    "Paragraph",
    "Part",
    "Passage",
    "Reference",
    "Section",
    "Segment",
    "Source",
    "Span",
    "Statute",
    "Subitem",
    "Term",
]


@frozen
class Subitem:
    """One 目 of an item: ``1．`` and what follows."""

    id: str
    number: int
    label: str
    passage: Passage
    span: Span


@frozen
class Item:
    """One 项 of a paragraph: ``（一）`` and what follows; the passage holds the label too.

    A list numbered ``1．`` without 项 above it is kept as items as well; `is_counted` tells them apart.
    """

    id: str
    number: int
    label: str
    passage: Passage
    span: Span
    subitems: tuple[Subitem, ...] = ()

    @property
    def is_counted(self) -> bool:
        """Whether it is a 项 in the words of the law: its label is （一）, not 1．."""
        return not any(mark.isdecimal() for mark in self.label) and not "①" <= self.label[:1] <= "⒛"


@frozen
class Paragraph:
    """One 款 of an article.

    Parameters
    ----------
    id : str
        ``art_16__para_1``.
    number : int
        From 1 within the article.
    passage : Passage
        Its own words, without those of its items; the first paragraph without the label of the article.
    span : Span
        Where it stands, its items included.
    items : tuple of Item
        Its list.
    """

    id: str
    number: int
    passage: Passage
    span: Span
    items: tuple[Item, ...] = ()

    @property
    def whole(self) -> Passage:
        """Its words with those of its items and their sub-items, one after the other."""
        return Passage.joined(self._passages()) if self.items else self.passage

    def _passages(self) -> Iterator[Passage]:
        yield self.passage
        for item in self.items:
            yield item.passage
            for subitem in item.subitems:
                yield subitem.passage


@frozen
class Article:
    """One 条.

    Parameters
    ----------
    id : str
        ``art_16``; ``art_16_1`` for 第十六条之一.
    number, suffix : int
        16 and 0; 16 and 1 for 第十六条之一.
    label : str
        As it stands: ``第十六条``.
    chapter, section : int or None
        Numbers of those it stands in.
    paragraphs : tuple of Paragraph
        In order; none where only the label is there.
    span, label_span : Span
        Where it stands, and its label.
    """

    id: str
    number: int
    suffix: int
    label: str
    chapter: int | None
    section: int | None
    paragraphs: tuple[Paragraph, ...]
    span: Span
    label_span: Span

    @property
    def text(self) -> str:
        """Its clean text, paragraphs on lines of their own."""
        return "\n".join(paragraph.whole.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One 章; without title and span where its heading was lost and only the numbers tell that it is there."""

    id: str
    number: int
    title: str | None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One 节 of a chapter."""

    id: str
    chapter: int | None
    number: int
    title: str | None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Appendix:
    """One 附件 or 附表 after the last article."""

    id: str
    number: int
    label: str
    passage: Passage
    span: Span


@dataclass(frozen=True, slots=True)
class Event:
    """One dated event of a text's head: adopted, approved, amended, published."""

    day: date
    what: str
    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class Effect:
    """From when a statute is in force: a day, or a rule such as ``公布之日`` where it names none."""

    day: date | None = None
    rule: str | None = None
    article: str = ""
    span: Span | None = None


_Heading = TypeVar("_Heading", Chapter, Section)


def _last_before(article: Article, headings: Iterator[_Heading]) -> _Heading | None:
    found: _Heading | None = None
    for one in headings:
        if found is None or (one.span is not None and one.span.start <= article.span.start):
            found = one
    return found


@dataclass(frozen=True, slots=True)
class Statute:
    """A text as provisions.

    Parameters
    ----------
    source : Source
        The text itself; the segments cover all of it.
    title : str
        Its name, broken lines joined and blanks taken out.
    style : str
        ``条``, or ``一、`` where provisions are numbered that way.
    """

    source: Source
    title: str
    style: str
    events: tuple[Event, ...]
    effect: Effect
    chapters: tuple[Chapter, ...]
    sections: tuple[Section, ...]
    articles: tuple[Article, ...]
    appendices: tuple[Appendix, ...]
    segments: tuple[Segment, ...]
    anomalies: tuple[Anomaly, ...]
    title_span: Span | None = None
    preamble: Passage = field(default_factory=Passage)

    @property
    def adopted(self) -> date | None:
        """The earliest dated event of its head that made it; the day it came into force does not."""
        return min((event.day for event in self.events if event.kind != "in_force"), default=None)

    @property
    def last_event(self) -> date | None:
        """The latest dated event of its head that changed it."""
        return max((event.day for event in self.events if event.kind != "in_force"), default=None)

    def chapter_of(self, article: Article) -> Chapter | None:
        """Return the chapter an article stands in; where 编 begin the numbers anew, the last one before it."""
        return _last_before(article, (one for one in self.chapters if one.number == article.chapter))

    def section_of(self, article: Article) -> Section | None:
        """Return the section an article stands in."""
        place = (article.chapter, article.section)
        return _last_before(article, (one for one in self.sections if (one.chapter, one.number) == place))

    def rebuilt(self) -> str:
        """Return the source put together from the segments."""
        return "".join(segment.span.of(self.source.text) for segment in self.segments)


class Modality(StrEnum):
    """How strongly a provision asks."""

    MUST = "must"
    MUST_NOT = "must_not"
    MAY = "may"
    ENCOURAGE = "encourage"
    SUPPORT = "support"
    DECLARATIVE = "declarative"


@frozen
class Actor:
    """Who a duty binds, or with whom.

    Parameters
    ----------
    name : str
        As the text says it, without place and condition, 其 resolved: ``商务主管部门``.
    organ : str
        Canonical name in the gazetteer: ``商务``; the name itself where the gazetteer does not know it.
    kind : str
        ``government``, ``department``, ``congress``, ``court``, ``party``, ``polity``, ``body``, ``private`` or
        ``unknown``.
    span : Span or None
        Where it is named; None where nothing names it in this sentence.
    known : bool
        Whether the gazetteer knows it.
    inherited : bool
        Whether it was carried over from an earlier clause or stands for 其.
    """

    name: str
    organ: str
    kind: str = "unknown"
    span: Span | None = None
    known: bool = False
    inherited: bool = False


@frozen
class Term:
    """A deadline or a frequency as the text states it."""

    text: str
    kind: str
    span: Span
    amount: int | None = None
    unit: str = ""


@frozen
class Reference:
    """A cross reference: words that name another provision.

    Parameters
    ----------
    text : str
        As it stands: ``本条例第十三条``, ``前款``, ``《…法》第五条``.
    provision : str
        Id of the provision it stands in.
    span : Span
        Where it stands.
    law : str
        Title of the other law; empty for this one.
    targets : tuple of str
        Ids of the provisions named; of another law's they follow the same scheme. Empty where the law as a whole is
        meant, or where they could not be resolved.
    resolved : bool
        Whether every target is there; a reference to another law counts as resolved once it names one.
    """

    text: str
    provision: str
    span: Span
    law: str = ""
    targets: tuple[str, ...] = ()
    resolved: bool = True


@frozen
class Duty:
    """One duty: who, how strongly, what, by when.

    At most one per sentence, subject group and modality; a sentence ends at 。 and holds its list.

    Parameters
    ----------
    id : str
        ``art_16__para_1__duty_1``.
    article, paragraph : str
        Ids of the provisions it stands in.
    modality : Modality
        How strongly it asks.
    actors, co_actors, leads : tuple of Actor
        Who is bound; who takes part (会同, 配合); which of the actors leads (牵头), none where the text says none.
    open_list : bool
        Whether the list of actors ends open (等部门).
    action : Span
        The stretch that says what is to be done, from the modal word on: the gist span.
    evidence : Span
        The stretch the duty was read from: subject, modal word and action.
    word : str
        The modal word, empty for a plain verb.
    deadline, frequency : Term or None
        As stated.
    reporting, budget, assessment : bool
        Flags.
    confidence : float
        From 0 to 1; a rule of thumb of the rules that fired, not a probability measured.
    doubts : tuple of str
        Codes of what a person should look at: ``unnamed``, ``inherited``, ``unknown_organ``, ``open_list``,
        ``several`` …; every duty with one of the first two goes to the review queue.
    anchor : str
        Hash of what is said (sentence, modality, number among the like), so that a person's answer finds it again.
    """

    id: str
    article: str
    paragraph: str
    modality: Modality
    actors: tuple[Actor, ...]
    action: Span
    evidence: Span
    co_actors: tuple[Actor, ...] = ()
    leads: tuple[Actor, ...] = ()
    open_list: bool = False
    word: str = ""
    deadline: Term | None = None
    frequency: Term | None = None
    reporting: bool = False
    budget: bool = False
    assessment: bool = False
    confidence: float = 1.0
    doubts: tuple[str, ...] = ()
    anchor: str = ""
