"""Differences of two versions of a statute."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.engines.statute.model import Event, Statute
from bridgehead.engines.statute.versions.headings import changes_of
from bridgehead.engines.statute.versions.likeness import likeness
from bridgehead.engines.statute.versions.matching import Matching
from bridgehead.engines.statute.versions.model import Change, Comparison, Kind, Level, Mark, Piece
from bridgehead.engines.statute.versions.normal import key_of
from bridgehead.engines.statute.versions.provisions import Writer
from bridgehead.engines.statute.versions.words import pieces_of, tokens_of


def compare(old: Statute, new: Statute) -> Comparison:
    """Return the differences of two versions of a statute, and which id became which.

    Parameters
    ----------
    old, new : Statute
        The earlier and the later version.

    Returns
    -------
    Comparison
        Of two different laws, or a law and a decision that amends it, `same_law` is False and no change is listed.
    """
    alike = likeness(old, new)
    if not alike.same_law:
        return Comparison(old, new, alike)
    matching = Matching(old, new)
    writer = Writer(matching)
    headings = [
        change
        for level in (Level.CHAPTER, Level.SECTION)
        for change in changes_of(level, *matching.headings[level], matching.heading_pairs[level])
    ]
    appendices = _appendices(old, new)
    return Comparison(
        old,
        new,
        alike,
        title=_plain(old.title, new.title),
        preamble=_plain(old.preamble.text, new.preamble.text),
        headings=tuple(headings),
        articles=writer.articles,
        appendices=appendices,
        moved_parts=writer.moved,
        events_added=_without(new, old),
        events_dropped=_without(old, new),
        links=tuple(dict.fromkeys(_links([*writer.changes, *headings, *appendices]))),
    )


def _plain(old: str, new: str) -> tuple[Piece, ...]:
    if old == new:
        return (Piece(Mark.EQUAL, old),) if old else ()
    return pieces_of(tokens_of(old), tokens_of(new), lambda _old, _new: False)


def _without(statute: Statute, other: Statute) -> tuple[Event, ...]:
    known = {(event.day, key_of(event.what)) for event in other.events}
    return tuple(event for event in statute.events if (event.day, key_of(event.what)) not in known)


def _appendices(old: Statute, new: Statute) -> tuple[Change, ...]:
    changes: list[Change] = []
    for at in range(max(len(old.appendices), len(new.appendices))):
        before = old.appendices[at] if at < len(old.appendices) else None
        after = new.appendices[at] if at < len(new.appendices) else None
        pieces = _plain(before.passage.text if before else "", after.passage.text if after else "")
        changed = any(piece.real for piece in pieces)
        kind = (
            Kind.NEW if before is None else Kind.REPEALED if after is None else Kind.CHANGED if changed else Kind.KEPT
        )
        ids = (before.id,) if before else (), (after.id,) if after else ()
        changes.append(Change(Level.APPENDIX, kind, *ids, pieces, reworded=changed))
    return tuple(changes)


def _links(changes: Iterable[Change]) -> list[tuple[str, str]]:
    return [(old, new) for change in changes for old in change.old for new in change.new]
