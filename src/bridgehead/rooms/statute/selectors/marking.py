"""The words of a provision cut where a duty or a reference begins or ends, for pages that show them marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bridgehead.engines.statute.model import Passage, Span


@dataclass(frozen=True, slots=True)
class Mark:
    """Something said about a stretch of the source.

    Attributes
    ----------
    span : Span
        The stretch.
    number : str
        What ties it to its duty beside the text; empty for a reference.
    look : str
        Class of the underline; empty for a plain statement.
    anchor, target : str
        Id of the words on the page, and of what stands beside them.
    address : str
        Where a reference leads.
    title : str
        What a reader with a mouse, or a screen reader, is told.
    """

    span: Span
    number: str = ""
    look: str = ""
    anchor: str = ""
    target: str = ""
    address: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, with the duty and the reference they belong to.

    Attributes
    ----------
    text : str
        The words.
    duty, reference : Mark or None
        What they belong to.
    first, last : bool
        Whether the duty begins, and ends, with this piece.
    """

    text: str
    duty: Mark | None = None
    reference: Mark | None = None
    first: bool = False
    last: bool = False


def pieces(passage: Passage, duties: Sequence[Mark], references: Iterable[Mark] = ()) -> list[Piece]:
    """Cut a passage at the ends of its duties and references.

    Where stretches of duties overlap, the one that begins later is the more exact and has the words. The pieces put
    together are the passage.
    """
    placed = [
        (place(passage, one.span), one) for one in sorted(duties, key=lambda one: (one.span.start, -one.span.end))
    ]
    linked = [(place(passage, one.span), one) for one in references]
    length = len(passage.text)
    cuts = sorted({0, length, *(at for where, _ in (*placed, *linked) for at in where)})
    found: list[Piece] = []
    for start, end in pairwise(cuts):
        duty = _last(placed, start)
        reference = _last(linked, start)
        found.append(Piece(passage.text[start:end], duty, reference))
    return _ends(found)


def place(passage: Passage, span: Span) -> tuple[int, int]:
    """Return where a stretch of the source stands in a passage; an empty stretch where it is outside of it."""
    start = end = None
    for here, there, count in passage.pieces:
        if there < span.end and span.start < there + count:
            first = here + max(0, span.start - there)
            start = first if start is None else start
            end = here + min(count, span.end - there)
    return (0, 0) if start is None or end is None else (start, end)


def _last(placed: Iterable[tuple[tuple[int, int], Mark]], at: int) -> Mark | None:
    found = None
    for (start, end), one in placed:
        if start <= at < end:
            found = one
    return found


def _ends(found: list[Piece]) -> list[Piece]:
    """Say of each piece whether it is the first and the last of its duty in the passage."""
    seen: set[int] = set()
    last = {id(one.duty): at for at, one in enumerate(found) if one.duty is not None}
    said = []
    for at, one in enumerate(found):
        key = id(one.duty)
        if one.duty is None:
            said.append(one)
            continue
        said.append(Piece(one.text, one.duty, one.reference, key not in seen, last[key] == at))
        seen.add(key)
    return said
