"""Every article with how far it is carried out: the list that leads to the dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.dossier import Asked, sections
from bridgehead.rooms.ledger.selectors.dossier_counts import NOTHING, Counted, counted, together
from bridgehead.rooms.ledger.selectors.dossiers import Gap, When, chapters, says_of_all, structure
from bridgehead.rooms.statute.public import article_numbers, title

ONE = 1
"""The list only asks whether a section has anything."""


@dataclass(frozen=True, slots=True)
class Row:
    """An article: its numbers, and in which sections something is missing."""

    article: int
    title: str
    numbers: Counted
    gaps: Sequence[Gap]

    @property
    def articles(self) -> tuple[int, ...]:
        """Its number, for the chip."""
        return (self.article,)


@dataclass(frozen=True, slots=True)
class Group:
    """The articles of a chapter, with their numbers together."""

    number: int
    title: str
    rows: Sequence[Row]
    numbers: Counted


@dataclass(frozen=True, slots=True)
class Index:
    """The list: the answer, the articles by chapter, and what it was narrowed to."""

    when: When
    says: str
    groups: Sequence[Group]
    chapter: int | None
    only_gaps: bool
    chapters: Sequence[tuple[int, str]]

    @property
    def rows(self) -> list[Row]:
        """Every article of the list."""
        return [row for group in self.groups for row in group.rows]


def index_of(viewer: Viewer, asked: When, chapter: str = "", only_gaps: bool = False) -> Index:
    """Return the articles with how far each is carried out.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    asked : When
        The year.
    chapter : str
        Number of a chapter; all by default.
    only_gaps : bool
        Whether only those articles are shown for which something is missing.

    Raises
    ------
    BridgeheadError
        ``request.bad_filter`` for a chapter there is none of.

    Articles: 6, 79
    """
    known = [(one.number, one.title(language())) for one in chapters()]
    if chapter and chapter not in {str(number) for number, _ in known}:
        allowed = [number for number, _ in known]
        raise BridgeheadError("request.bad_filter", {"value": chapter, "allowed": allowed}, Place(field="chapter"))
    numbers = counted(viewer, asked.year, asked.on)
    found = sections(Asked(viewer, article_numbers(), asked.year, asked.on, ONE))
    groups = []
    for part in chapters():
        if chapter and int(chapter) != part.number:
            continue
        rows = [
            Row(
                number, title(number), numbers.get(number, NOTHING), [Gap(s.key, s.title, s.gap) for s in held if s.gap]
            )
            for number, held in sorted(found.items())
            if chapter_of(number) == part.number
        ]
        shown = [row for row in rows if row.gaps or not only_gaps]
        if shown:
            groups.append(Group(part.number, part.title(language()), shown, together(row.numbers for row in shown)))
    listed = [row.article for group in groups for row in group.rows]
    return Index(asked, says_of_all(listed, numbers), groups, int(chapter) if chapter else None, only_gaps, known)


def chapter_of(article: int) -> int:
    """Return the chapter an article stands in."""
    return structure().articles[article].chapter
