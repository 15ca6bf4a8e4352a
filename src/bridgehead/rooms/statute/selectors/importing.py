"""What somebody sees before and after a text is imported: structure, counts, everything that is odd in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridgehead.engines.statute.model import Article, Chapter, Section, Statute
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import Fault, Place, Sentence, sentence
from bridgehead.rooms.statute.derived import needs_review
from bridgehead.rooms.statute.models import StatuteVersion
from bridgehead.rooms.statute.proposal import Proposal
from bridgehead.rooms.statute.selectors.comparison import counted
from bridgehead.rooms.statute.selectors.duties import MODALITIES, article_word, modality_word

EXCERPT = 40


@dataclass(frozen=True, slots=True)
class Oddity:
    """One thing that is odd in a text: where, what it means, and the words of the line."""

    line: int
    words: Sentence
    code: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """One chapter or section of the structure with the first words of each article."""

    label: str
    title: str
    lost: bool
    articles: Sequence[tuple[str, str, int, int]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would store."""

    proposal: Proposal
    branches: Sequence[Branch]
    oddities: Sequence[Oddity]
    modalities: Sequence[tuple[str, int]]
    paragraphs: int
    items: int
    to_review: int
    changed: Sequence[tuple[str, int]]

    @property
    def statute(self) -> Statute:
        """The statute read."""
        return self.proposal.reading.statute


def importers_of(viewer: Viewer) -> list[Organisation]:
    """Return the organisations somebody may import statutes for."""
    ids = {grant.organisation_id for grant in viewer.grants}
    able = {pk for pk in ids if viewer.grant_for("statute.import", pk, to_write=True)}
    return list(visible(Organisation, viewer).filter(pk__in=able, closed_on=None))


def preview(proposal: Proposal) -> Preview:
    """Return what an import would store, in words."""
    reading = proposal.reading
    statute = reading.statute
    kinds = Counter(duty.modality.value for duty in reading.duties)
    return Preview(
        proposal=proposal,
        branches=_branches(statute),
        oddities=[
            _oddity(one.code, one.line, dict(one.parameters), _line(statute, one.line)) for one in statute.anomalies
        ],
        modalities=[(modality_word(one), kinds[one]) for one in MODALITIES if kinds[one]],
        paragraphs=sum(len(one.paragraphs) for one in statute.articles),
        items=sum(len(paragraph.items) for one in statute.articles for paragraph in one.paragraphs),
        to_review=sum(needs_review(duty.doubts) for duty in reading.duties),
        changed=counted(proposal.comparison) if proposal.comparison else (),
    )


def oddities_of(version: StatuteVersion) -> list[Oddity]:
    """Return what was odd in a version that was imported."""
    return [_oddity(code, line, parameters) for code, line, parameters in version.anomalies]


def _oddity(code: str, line: int, parameters: Mapping[str, object], excerpt: str = "") -> Oddity:
    words = sentence(Fault(code, parameters, Place(row=line), "warning"), language())
    return Oddity(line, words, code, excerpt)


def _line(statute: Statute, line: int) -> str:
    lines = statute.source.text.split("\n", line)
    found = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return found if len(found) <= EXCERPT else found[:EXCERPT] + "…"


def _branches(statute: Statute) -> list[Branch]:
    under: dict[str, list[Article]] = {}
    for article in statute.articles:
        heading = statute.section_of(article) or statute.chapter_of(article)
        under.setdefault(heading.id if heading else "", []).append(article)
    found = [Branch("", "", False, _firsts(articles)) for name, articles in under.items() if not name]
    found += [_branch(section, str(section.number), under) for section in statute.sections if section.chapter is None]
    for chapter in statute.chapters:
        found.append(_branch(chapter, str(chapter.number), under))
        found += [
            _branch(section, f"{chapter.number}.{section.number}", under)
            for section in statute.sections
            if section.id.startswith(f"{chapter.id}__")
        ]
    return found


def _branch(heading: Chapter | Section, number: str, under: Mapping[str, list[Article]]) -> Branch:
    return Branch(number, heading.title or "", heading.title is None, _firsts(under.get(heading.id, [])))


def _firsts(articles: Sequence[Article]) -> list[tuple[str, str, int, int]]:
    """Return label, first words, paragraphs and items of each article."""
    return [
        (
            article_word(one.id, one.label),
            (one.text[:EXCERPT] + "…") if len(one.text) > EXCERPT else one.text,
            len(one.paragraphs),
            sum(len(paragraph.items) for paragraph in one.paragraphs),
        )
        for one in articles
    ]
