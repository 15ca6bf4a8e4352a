"""What a comparison of two versions of a statute says: changes, marked words, ids, likeness, duties.

Everything is frozen. Ids are those of the two statutes: ``old`` ids belong to the earlier version, ``new`` ids to the
later one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bridgehead.engines.statute.model import Event, Statute


class Level(StrEnum):
    """What kind of provision a change is about."""

    CHAPTER = "chapter"
    SECTION = "section"
    ARTICLE = "article"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    APPENDIX = "appendix"


class Kind(StrEnum):
    """What became of a provision.

    ``RENUMBERED`` has another number only because something before it came or went; ``MOVED`` stands in another place:
    out of order, in another chapter that both versions have, or under another article.
    """

    KEPT = "kept"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    MOVED = "moved"
    MOVED_AND_CHANGED = "moved_and_changed"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    REPEALED = "repealed"


class Mark(StrEnum):
    """How a stretch of words relates to the two versions."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


class Cause(StrEnum):
    """Why words differ: they say something else, they follow a renumbering, or only their look differs."""

    WORDING = "wording"
    RENUMBERING = "renumbering"
    LAYOUT = "layout"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words.

    Parameters
    ----------
    mark : Mark
        Equal and deleted pieces together are the old text, equal and inserted ones the new text, character by
        character.
    text : str
        The words.
    cause : Cause
        Why they differ; ``WORDING`` for equal ones too.
    """

    mark: Mark
    text: str
    cause: Cause = Cause.WORDING

    @property
    def real(self) -> bool:
        """Whether it says something else, rather than following a renumbering or looking different."""
        return self.mark is not Mark.EQUAL and self.cause is Cause.WORDING


def old_text(pieces: tuple[Piece, ...]) -> str:
    """Return the old text pieces were made from."""
    return "".join(piece.text for piece in pieces if piece.mark is not Mark.INSERT)


def new_text(pieces: tuple[Piece, ...]) -> str:
    """Return the new text pieces were made from."""
    return "".join(piece.text for piece in pieces if piece.mark is not Mark.DELETE)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one provision, or of several that were split or merged.

    Parameters
    ----------
    level : Level
        What kind of provision it is.
    kind : Kind
        What became of it.
    old, new : tuple of str
        Ids in the old and in the new version; none of one side where it is new or repealed.
    pieces : tuple of Piece
        Its words; of several provisions those of all, on lines of their own. Paragraphs that left for another article
        or came from one are deleted and inserted words here.
    parts : tuple of Change
        Changes of its paragraphs or items; empty where all were kept one for one.
    reworded : bool
        Whether any of its words say something else; of a paragraph with items only the words before them, of an
        article those of its paragraphs.
    follows : bool
        Whether a number in it was changed because what it names was renumbered.
    renumbered : bool
        Whether its own number is another.
    chapter_changed : bool
        Whether it stands in another chapter, for instance because a heading was put in before it.
    likeness : float
        From 0 to 1: how alike the words are.
    """

    level: Level
    kind: Kind
    old: tuple[str, ...]
    new: tuple[str, ...]
    pieces: tuple[Piece, ...] = ()
    parts: tuple[Change, ...] = ()
    reworded: bool = False
    follows: bool = False
    renumbered: bool = False
    chapter_changed: bool = False
    likeness: float = 1.0

    @property
    def touched(self) -> bool:
        """Whether anything but numbers is different."""
        return self.kind not in (Kind.KEPT, Kind.RENUMBERED)

    @property
    def edits(self) -> Iterator[Change]:
        """The changes somebody decided on, as deep as they go: what merely follows from another one is left out."""
        deeper = self.kind is Kind.CHANGED and self.parts
        if self.touched and (not deeper or (self.level is Level.PARAGRAPH and self.reworded)):
            yield self
        for part in self.parts:
            yield from part.edits


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two texts are, or are not, taken for versions of one law.

    Parameters
    ----------
    code : str
        ``same_title``, ``like_title``, ``other_title``, ``other_place``, ``shared_text``, ``little_shared_text``,
        ``amending_decision`` or ``no_articles``.
    value : str
        What was found: a share from 0 to 1, or a title.
    """

    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are.

    Parameters
    ----------
    title, text : float
        From 0 to 1: likeness of the titles; share of the shorter text's words found in the other.
    reasons : tuple of Reason
        What decided.
    """

    title: float
    text: float
    same_law: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a statute side by side.

    Parameters
    ----------
    old, new : Statute
        The versions.
    likeness : Likeness
        Whether they are versions of one law; where they are not, everything below is empty.
    title, preamble : tuple of Piece
        Words of the title and of what stands before the first article.
    headings : tuple of Change
        Chapters and sections, by their place in the new version, repealed ones where they stood.
    articles, appendices : tuple of Change
        The same of articles and appendices.
    moved_parts : tuple of Change
        Paragraphs and items that went to another provision; each is a part of the one it came from and of the one it
        went to, and once here.
    events_added, events_dropped : tuple of Event
        Events of the head only one version names.
    """

    old: Statute = field(repr=False)
    new: Statute = field(repr=False)
    likeness: Likeness
    title: tuple[Piece, ...] = ()
    preamble: tuple[Piece, ...] = ()
    headings: tuple[Change, ...] = ()
    articles: tuple[Change, ...] = ()
    appendices: tuple[Change, ...] = ()
    moved_parts: tuple[Change, ...] = ()
    events_added: tuple[Event, ...] = ()
    events_dropped: tuple[Event, ...] = ()
    links: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def same_law(self) -> bool:
        """Whether the two are versions of one law."""
        return self.likeness.same_law

    @property
    def edits(self) -> tuple[Change, ...]:
        """Every change somebody decided on, once; see `Change.edits`."""
        found: dict[tuple[Level, Kind, tuple[str, ...], tuple[str, ...]], Change] = {}
        for change in (*self.headings, *self.articles, *self.appendices):
            for edit in change.edits:
                found.setdefault((edit.level, edit.kind, edit.old, edit.new), edit)
        return tuple(found.values())

    def new_ids(self, old_id: str) -> tuple[str, ...]:
        """Return the ids a provision has in the new version: none where it was repealed, several where it was split."""
        return tuple(new for old, new in self.links if old == old_id)

    def old_ids(self, new_id: str) -> tuple[str, ...]:
        """Return the ids a provision had in the old version."""
        return tuple(old for old, new in self.links if new == new_id)


@dataclass(frozen=True, slots=True)
class DutyChange:
    """What became of one duty.

    Parameters
    ----------
    kind : Kind
        ``KEPT``, ``RENUMBERED``, ``CHANGED``, ``MOVED``, ``MOVED_AND_CHANGED``, ``NEW`` or ``REPEALED``.
    old, new : str or None
        Its ids.
    fields : tuple of str
        What differs: ``actors``, ``co_actors``, ``leads``, ``open_list``, ``modality``, ``action``, ``deadline``,
        ``frequency``, ``reporting``, ``budget``, ``assessment``.
    likeness : float
        How alike what they say is.
    """

    kind: Kind
    old: str | None
    new: str | None
    fields: tuple[str, ...] = ()
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a statute and the days it is in force.

    Parameters
    ----------
    since, until : date or None
        First day in force and first day no longer in force; None where the text names none, or where it still is.
    basis : str
        What the first day rests on: ``effect`` (the text names it), ``publication`` (in force on publication, whose day
        the head names), ``event`` (the latest event of the head, because nothing says better) or ``unknown``.
    """

    statute: Statute = field(repr=False)
    since: date | None
    until: date | None
    basis: str
