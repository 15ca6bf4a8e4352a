"""Chapters and sections of two versions: which became which, and which articles left theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridgehead.engines.statute.model import Article, Chapter, Section, Statute
from bridgehead.engines.statute.versions.alignment import in_order
from bridgehead.engines.statute.versions.model import Change, Kind, Level, Mark, Piece
from bridgehead.engines.statute.versions.normal import key_of
from bridgehead.engines.statute.versions.words import pieces_of, tokens_of

_SAME_TITLE = 0.6
_SAME_PLACE = 0.1
_ENOUGH = 0.5

Place = tuple[int | None, int | None]
"""Number of a chapter, and of a section of it; None for the section of a chapter itself."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter or a section: its place, its id, its title, and the articles under it by their place in the text."""

    place: Place
    id: str
    title: str
    articles: frozenset[int]


def headings_of(statute: Statute, level: Level) -> list[Heading]:
    """Return the chapters or the sections of a statute, with their articles."""
    under: dict[str, set[int]] = {}
    parts: Sequence[Chapter | Section] = statute.chapters if level is Level.CHAPTER else statute.sections
    for at, article in enumerate(statute.articles):
        # Chapters begin anew in each 编: of several with one number the last before the article is meant.
        here = [part for part in parts if _place(part) == place_of(article, level)]
        before = [part for part in here if part.span is None or part.span.start <= article.span.start]
        if here:
            under.setdefault((before or here)[-1].id, set()).add(at)
    return [Heading(_place(part), part.id, part.title or "", frozenset(under.get(part.id, ()))) for part in parts]


def _place(part: Chapter | Section) -> Place:
    return (part.number, None) if isinstance(part, Chapter) else (part.chapter, part.number)


def place_of(article: Article, level: Level) -> Place:
    """Return the chapter or the section an article stands in."""
    return article.chapter, (article.section if level is Level.SECTION else None)


def matched(old: Sequence[Heading], new: Sequence[Heading], links: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return which heading became which, by title and by the articles that went from one to the other.

    Parameters
    ----------
    old, new : sequence of Heading
        In the order of the text.
    links : sequence of (int, int)
        Articles matched with each other, by place.
    """
    of_old = {article: at for at, heading in enumerate(old) for article in heading.articles}
    of_new = {article: at for at, heading in enumerate(new) for article in heading.articles}
    shared = Counter((of_old[a], of_new[b]) for a, b in links if a in of_old and b in of_new)
    scores: dict[tuple[int, int], float] = {
        (a, b): 2 * count / (len(old[a].articles) + len(new[b].articles)) + (_SAME_PLACE if a == b else 0.0)
        for (a, b), count in shared.items()
    }
    for a, before in enumerate(old):
        for b, after in enumerate(new):
            if before.title and key_of(before.title) == key_of(after.title):
                scores[a, b] = scores.get((a, b), 0.0) + _SAME_TITLE
    pairs: list[tuple[int, int]] = []
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for (a, b), score in sorted(scores.items(), key=lambda entry: (-entry[1], abs(entry[0][0] - entry[0][1]), entry)):
        if score >= _ENOUGH and a not in taken_old and b not in taken_new:
            pairs.append((a, b))
            taken_old.add(a)
            taken_new.add(b)
    return sorted(pairs)


def changes_of(
    level: Level, old: Sequence[Heading], new: Sequence[Heading], pairs: Sequence[tuple[int, int]]
) -> list[Change]:
    """Return what became of the headings, by their place in the new version; those gone stand last."""
    kept_order = set(in_order(pairs, lambda pair: 1.0 + len(old[pair[0]].articles) + len(new[pair[1]].articles)))
    partner = {b: a for a, b in pairs}
    changes: list[Change] = []
    for b, after in enumerate(new):
        if b not in partner:
            words = (Piece(Mark.INSERT, after.title),) if after.title else ()
            changes.append(Change(level, Kind.NEW, (), (after.id,), words))
            continue
        before = old[partner[b]]
        pieces = pieces_of(tokens_of(before.title), tokens_of(after.title), lambda _a, _b: True)
        changed = any(piece.real for piece in pieces) and bool(before.title and after.title)
        moved = (partner[b], b) not in kept_order
        renumbered = before.place != after.place
        kind = kind_of(changed=changed, moved=moved, renumbered=renumbered)
        changes.append(Change(level, kind, (before.id,), (after.id,), pieces, reworded=changed, renumbered=renumbered))
    gone = {a for a, _ in pairs}
    for a, before in enumerate(old):
        if a not in gone:
            words = (Piece(Mark.DELETE, before.title),) if before.title else ()
            changes.append(Change(level, Kind.REPEALED, (before.id,), (), words))
    return changes


def kind_of(*, changed: bool, moved: bool, renumbered: bool) -> Kind:
    """Return what became of something that has one counterpart."""
    if moved:
        return Kind.MOVED_AND_CHANGED if changed else Kind.MOVED
    if changed:
        return Kind.CHANGED
    return Kind.RENUMBERED if renumbered else Kind.KEPT


class Zones:
    """In which surviving heading each article stands, so that crossing from one to another counts as a move.

    A heading only one version has counts as part of the surviving one most of its articles came from or went to: an
    article before which a heading was put in has not moved.

    Parameters
    ----------
    old, new : sequence of Heading
        The headings.
    pairs : sequence of (int, int)
        Which became which.
    links : sequence of (int, int)
        Articles matched with each other, by place.
    """

    def __init__(
        self,
        old: Sequence[Heading],
        new: Sequence[Heading],
        pairs: Sequence[tuple[int, int]],
        links: Sequence[tuple[int, int]],
    ) -> None:
        sure_old = _surviving(old, {a: number for number, (a, _) in enumerate(pairs)})
        sure_new = _surviving(new, {b: number for number, (_, b) in enumerate(pairs)})
        self.old = sure_old | _adopted(old, sure_old, links, sure_new)
        self.new = sure_new | _adopted(new, sure_new, [(b, a) for a, b in links], sure_old)

    def of(self, old: int, new: int) -> int:
        """Return the surviving heading a pair of articles stands under, -1 where neither of its headings survives."""
        return self.new.get(new, self.old.get(old, -1))

    def crosses(self, old: int, new: int) -> bool:
        """Say whether an article went from one surviving heading to another."""
        return old in self.old and new in self.new and self.old[old] != self.new[new]


def _surviving(headings: Sequence[Heading], number: Mapping[int, int]) -> dict[int, int]:
    return {article: number[at] for at, heading in enumerate(headings) if at in number for article in heading.articles}


def _adopted(
    headings: Sequence[Heading], sure: Mapping[int, int], links: Sequence[tuple[int, int]], others: Mapping[int, int]
) -> dict[int, int]:
    adopted: dict[int, int] = {}
    for heading in headings:
        votes = Counter(others[there] for here, there in links if here in heading.articles and there in others)
        if votes and not any(article in sure for article in heading.articles):
            home = min(votes, key=lambda zone: (-votes[zone], zone))
            adopted |= dict.fromkeys(heading.articles, home)
    return adopted
