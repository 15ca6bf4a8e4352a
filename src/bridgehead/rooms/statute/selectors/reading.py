"""A statute to be read: its text with duties and references marked, and its duties beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse

from bridgehead.engines.statute.model import Article, Chapter, Passage, Reference, Section, Span, Statute
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.rooms.statute.models import DutyRow, StatuteVersion
from bridgehead.rooms.statute.parsing import Reading, reading_of
from bridgehead.rooms.statute.proposal import plain_title
from bridgehead.rooms.statute.selectors.articles import statute as region_statute
from bridgehead.rooms.statute.selectors.duties import MODALITIES, DutyLine, article_word, lines, modality_word
from bridgehead.rooms.statute.selectors.marking import Mark, Piece, pieces
from bridgehead.rooms.statute.selectors.statutes import Law, Listed, laws, regulation_law

_DIVISION = re.compile(r"(?:^|__)(?:sub)?part_\d+$")


@dataclass(frozen=True, slots=True)
class Block:
    """One 款, 项 or 目: its id, how deep it stands, its words cut at the marks."""

    id: str
    depth: int
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Beside:
    """One article beside its duties.

    Attributes
    ----------
    id, label : str
        Of the article.
    gist : str
        The region's, in our own words, where it is its regulation.
    blocks : sequence of Block
        Its text.
    duties : sequence of DutyLine
        Its duties.
    address : str
        Its page, where it has one.
    named_in : sequence of (str, str)
        Address and label of the other articles of the text that name it, such as those on penalties.
    """

    id: str
    label: str
    gist: str
    blocks: Sequence[Block]
    duties: Sequence[DutyLine]
    address: str = ""
    named_in: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Links:
    """Where the references of a text lead: as marks, and back from the articles they name, both by article."""

    marks: Mapping[str, Sequence[Mark]]
    named_in: Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with the articles below it: a ``division`` (编, 分编), a ``chapter``, a ``section``, or ``none``."""

    id: str
    level: str
    label: str
    title: str
    articles: list[Beside]


@dataclass(frozen=True, slots=True)
class Page:
    """A statute to be read."""

    law: Law
    parts: Sequence[Part]
    counts: Sequence[tuple[str, str, int]]
    duties: int
    to_review: int
    appendices: Sequence[Block]

    @property
    def tops(self) -> list[Part]:
        """The headings a reader goes to first: the 编 where there are some, else the chapters."""
        divisions = [one for one in self.parts if one.level == "division"]
        return divisions or [one for one in self.parts if one.level == "chapter"]


def read_page(viewer: Viewer, law: Law) -> Page:
    """Return a version beside its duties.

    Raises
    ------
    BridgeheadError
        ``file.missing`` or ``file.damaged`` where its text cannot be had.
    """
    reading = reading_of(law.shown)
    found = duties_of_version(viewer, law.shown)
    by_article: dict[str, list[DutyLine]] = {}
    for line in found:
        by_article.setdefault(line.article, []).append(line)
    linked = links(viewer, reading)
    besides = {
        article.id: beside(article, by_article.get(article.id, []), linked, law) for article in reading.statute.articles
    }
    held = [line for line in found if not line.rejected]
    counted = {one: sum(line.row.modality == one for line in held) for one in MODALITIES}
    return Page(
        law=law,
        parts=_parts(reading, besides),
        counts=[(line, modality_word(line), count) for line, count in counted.items() if count],
        duties=len(held),
        to_review=sum(line.row.to_review for line in found),
        appendices=[Block(one.id, 0, pieces(one.passage, ())) for one in reading.statute.appendices],
    )


def imported_article(viewer: Viewer, number: int) -> tuple[Law, Beside] | None:
    """Return an article of the region's regulation beside its duties, None where its text was not imported.

    Articles added later as 第N条之一 stand on the page of the statute.
    """
    law = regulation_law(viewer)
    if law is None:
        return None
    reading = reading_of(law.shown)
    article = next((one for one in reading.statute.articles if one.number == number and not one.suffix), None)
    if article is None:
        return None
    rows = visible(DutyRow, viewer).filter(statute=law.shown, article_eid=article.id).prefetch_related("bearers")
    return law, beside(article, lines(rows), links(viewer, reading, text_address(law.shown)), law)


def text_address(version: StatuteVersion) -> str:
    """Return the address of a text, for links to its provisions from other pages."""
    return f"{reverse('statute:statute', args=[version.work_id])}?version={version.pk}"


def duties_of_version(viewer: Viewer, version: StatuteVersion) -> list[DutyLine]:
    """Return the duties of a version in words, in the order of the text; what a person says is none, too."""
    return lines(visible(DutyRow, viewer).filter(statute=version).prefetch_related("bearers"))


def beside(article: Article, duties: Sequence[DutyLine], linked: Links, law: Law | None = None) -> Beside:
    """Return one article with its text cut at the marks."""
    marks = [_mark(line) for line in duties if not line.rejected]
    blocks = [
        Block(identity, depth, pieces(passage, marks, linked.marks.get(article.id, ())))
        for identity, depth, passage in _passages(article)
    ]
    _number_once(blocks)
    own = region_statute().articles.get(article.number) if law and law.work.is_regulation else None
    return Beside(
        id=article.id,
        label=article.label,
        gist=own.title(language()) if own and not article.suffix else "",
        blocks=blocks,
        duties=duties,
        address=reverse("statute:article", args=[article.number]) if own and not article.suffix else "",
        named_in=linked.named_in.get(article.id, ()),
    )


def _number_once(blocks: Sequence[Block]) -> None:
    """Let a duty that runs over several blocks have its id in the first of them and its number in the last."""
    held = [(block, at, piece) for block in blocks for at, piece in enumerate(block.pieces) if piece.duty is not None]
    first = {piece.duty.anchor: (block.id, at) for block, at, piece in reversed(held) if piece.duty}
    last = {piece.duty.anchor: (block.id, at) for block, at, piece in held if piece.duty}
    for block, at, piece in held:
        here, anchor = (block.id, at), piece.duty.anchor if piece.duty else ""
        block.pieces[at] = replace(piece, first=first[anchor] == here, last=last[anchor] == here)


def links(viewer: Viewer, reading: Reading, at: str = "") -> Links:
    """Return the references of a text that lead somewhere.

    Another law's provision is a link where that law was imported; the rest stays plain text.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    reading : Reading
        The text.
    at : str
        Address of the page its provisions are on; empty for the page the links stand on.
    """
    others = _by_title(laws(viewer)) if any(one.law for one in reading.references) else {}
    labels = {one.id: article_word(one.id, one.label) for one in reading.statute.articles}
    marks: dict[str, list[Mark]] = {}
    named: dict[str, dict[str, str]] = {}
    for reference in reading.references:
        article = _article_of(reference.provision)
        address = _address(reference, others, at)
        if address:
            marks.setdefault(article, []).append(Mark(reference.span, address=address))
        if address and not reference.law:
            for target in {_article_of(one) for one in reference.targets} - {article}:
                named.setdefault(target, {})[f"{at}#{article}"] = labels.get(article, article)
    return Links(marks, {target: list(found.items()) for target, found in named.items()})


def _by_title(listed: Iterable[Listed]) -> dict[str, Law]:
    """Return laws by the titles they go or went by: an amendment may give a law another."""
    return {
        title: one.law
        for one in listed
        for title in (one.law.work.title, *(plain_title(version.title) for version in one.law.versions))
    }


def _article_of(provision: str) -> str:
    return provision.partition("__")[0]


def _address(reference: Reference, others: Mapping[str, Law], at: str) -> str:
    target = f"#{reference.targets[0]}" if reference.targets else ""
    if not reference.law:
        return at + target if reference.resolved and target else ""
    law = next((law for title, law in others.items() if _alike(title, reference.law)), None)
    return reverse("statute:statute", args=[law.work.pk]) + target if law else ""


def _alike(title: str, named: str) -> bool:
    """Tell whether a law goes by a name: laws are named with or without the name of the state before them."""
    return title.removeprefix("中华人民共和国") == named.removeprefix("中华人民共和国")


def _mark(line: DutyLine) -> Mark:
    return Mark(
        Span(line.row.what_start, line.row.what_end),
        number=str(line.number),
        look=line.look,
        anchor=f"say-{line.row.eid}",
        target=line.row.eid,
        title=f"{line.modality}　{line.number}",
    )


def _passages(article: Article) -> Iterable[tuple[str, int, Passage]]:
    for paragraph in article.paragraphs:
        yield paragraph.id, 0, paragraph.passage
        for item in paragraph.items:
            yield item.id, 1, item.passage
            for subitem in item.subitems:
                yield subitem.id, 2, subitem.passage


def _parts(reading: Reading, besides: Mapping[str, Beside]) -> list[Part]:
    """Return the articles by the headings above them; those before the first heading in a part without one."""
    statute = reading.statute
    found: list[Part] = []
    waiting = _divisions(statute)
    place: tuple[Chapter | None, Section | None] | None = None
    for article in statute.articles:
        chapter, section = here = (statute.chapter_of(article), statute.section_of(article))
        begun = len(found)
        while waiting and waiting[0][0] < article.span.start:
            found.append(waiting.pop(0)[1])
        if here != place or len(found) > begun:
            if chapter is not None and (place is None or place[0] != chapter):
                found.append(Part(chapter.id, "chapter", str(chapter.number), chapter.title or "", []))
            if section is not None and (place is None or place[1] != section):
                found.append(Part(section.id, "section", str(section.number), section.title or "", []))
            if len(found) == begun:
                found.append(Part("", "none", "", "", []))
            place = here
        found[-1].articles.append(besides[article.id])
    return found


def _divisions(statute: Statute) -> list[tuple[int, Part]]:
    """Return the headings above the chapters, with where each stands; the engine keeps them in the ids alone."""
    headings = (one for one in statute.segments if _DIVISION.search(one.provision))
    return [
        (one.span.start, Part(one.provision, "division", "", one.span.of(statute.source.text).strip(" \t\u3000#*"), []))
        for one in headings
    ]
