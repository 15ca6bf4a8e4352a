"""The duty matrix: who owes what in which article of one statute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bridgehead.ground.access.viewer import Viewer
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.statute.models import Bearer, DutyRow
from bridgehead.rooms.statute.selectors.duties import (
    MODALITIES,
    article_word,
    counting,
    kind_word,
    look_of,
    modality_word,
    organ_word,
)
from bridgehead.rooms.statute.selectors.statutes import Law

KINDS = ("government", "department", "congress", "court", "party", "polity", "body", "private", "unknown")
SIGNS = {"must": "●", "must_not": "✕", "may": "○", "encourage": "◇", "support": "△", "declarative": "·"}
"""What stands in a cell: readable without colour, and in print."""
A_SHEET = 30
"""Articles on a printed page."""
A_PART = 210
"""Articles on a page of the screen; a code has more than a table can show at once."""
WITH = "+"
"""What stands in a cell of an organ that only takes part."""


@dataclass(frozen=True, slots=True)
class Column:
    """One article."""

    id: str
    label: str
    short: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What an organ owes in an article: the signs of its duties, strongest first, and the words for them."""

    article: Column
    signs: str = ""
    words: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One organ with its cells in the order of the articles; `filled` are those that are not empty."""

    organ: str
    kind: str
    count: int
    cells: Sequence[Cell]

    @property
    def label(self) -> str:
        """Its name in the language of the request."""
        return organ_word(self.organ)

    @property
    def kind_word(self) -> str:
        """What kind of body it is."""
        return kind_word(self.kind)

    @property
    def filled(self) -> list[Cell]:
        """The cells that are not empty."""
        return [cell for cell in self.cells if cell.signs]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of the matrix that a printed page holds."""

    columns: Sequence[Column]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter."""

    value: str
    word: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Organs by articles, and what was chosen."""

    law: Law
    columns: Sequence[Column]
    rows: Sequence[Row]
    unnamed: Row | None
    sheets: Sequence[Sheet]
    parts: Sequence[Choice]
    duties: int
    modalities: Sequence[Choice]
    kinds: Sequence[Choice]
    chapters: Sequence[Choice]
    q: str
    filtered: bool
    key: Sequence[tuple[str, str]]


def page_of(whole: Matrix, part: int) -> Matrix:
    """Return the part of a matrix that a page shows, from 1: some of the articles, and who owes something in them."""
    ends = range(0, len(whole.columns), A_PART)
    part = min(max(1, part), len(ends) or 1)
    start = (part - 1) * A_PART
    page = _cut(whole.columns, [*whole.rows, *([whole.unnamed] if whole.unnamed else [])], start, A_PART)
    spans = [whole.columns[at : at + A_PART] for at in ends]
    return replace(
        whole,
        columns=page.columns,
        rows=[row for row in page.rows if row.organ],
        unnamed=next((row for row in page.rows if not row.organ), None),
        sheets=_sheets(page.columns, page.rows),
        parts=[
            Choice(str(number), f"{span[0].label} – {span[-1].label}", number == part)
            for number, span in enumerate(spans, 1)
        ],
    )


def matrix(viewer: Viewer, law: Law, *, modality: str = "", kind: str = "", chapter: str = "", q: str = "") -> Matrix:
    """Return who owes what in which article.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    law : Law
        The statute; its shown version counts.
    modality, kind, chapter : str
        Only duties of this modality, organs of this kind, articles of this chapter.
    q : str
        Only organs whose name, in Chinese or in the language of the request, holds this.

    Raises
    ------
    BridgeheadError
        ``request.bad_filter`` for a modality, kind or chapter there is none of.
    """
    every = list(counting(viewer).filter(statute=law.shown).prefetch_related("bearers"))
    chapters = sorted({row.chapter for row in every if row.chapter is not None})
    allowed = {"modality": MODALITIES, "kind": KINDS, "chapter": tuple(map(str, chapters))}
    for field, value in (("modality", modality), ("kind", kind), ("chapter", chapter)):
        if value and value not in allowed[field]:
            given = {"value": value, "allowed": list(allowed[field])}
            raise BridgeheadError("request.bad_filter", given, Place(field=field))
    rows = [
        row
        for row in every
        if (not modality or row.modality == modality)
        and (not chapter or str(row.chapter) == chapter)
        and (not (kind or q) or any(_asked_for(one.organ, one.kind, kind, q) for one in row.bearers.all()))
    ]
    columns = _columns(rows)
    organs = [one for one in _organs(rows, columns) if _asked_for(one.organ, one.kind, kind, q)]
    present = {one.kind for row in every for one in row.bearers.all()}
    nobody = [row for row in rows if not row.bearers.all()]
    unnamed = _row("", "", [(row, Bearer.Part.ACTOR.value) for row in nobody], columns) if nobody else None
    return Matrix(
        law=law,
        columns=columns,
        rows=organs,
        unnamed=unnamed,
        sheets=(),
        parts=(),
        duties=len(rows),
        modalities=[Choice(one, modality_word(one), one == modality) for one in MODALITIES],
        kinds=[Choice(one, kind_word(one), one == kind) for one in KINDS if one in present],
        chapters=[Choice(str(one), str(one), str(one) == chapter) for one in chapters],
        q=q,
        filtered=bool(modality or kind or chapter or q),
        key=[(SIGNS[one], modality_word(one)) for one in MODALITIES],
    )


def _asked_for(organ: str, of_kind: str, kind: str, q: str) -> bool:
    """Tell whether an organ is of a kind, and goes by a name, that was asked for."""
    part = q.casefold()
    return (not kind or of_kind == kind) and (part in organ.casefold() or part in organ_word(organ).casefold())


def _sheets(columns: Sequence[Column], rows: Sequence[Row]) -> list[Sheet]:
    """Return the matrix in sheets as wide as a printed page."""
    return [_cut(columns, rows, start, A_SHEET) for start in range(0, len(columns), A_SHEET)]


def _cut(columns: Sequence[Column], rows: Sequence[Row], start: int, most: int) -> Sheet:
    """Return some of the columns with the organs that have something in them."""
    part = [replace(row, cells=row.cells[start : start + most]) for row in rows]
    return Sheet(columns[start : start + most], [row for row in part if row.filled])


def _columns(rows: Iterable[DutyRow]) -> list[Column]:
    found = {row.article_eid: row.label for row in rows}
    return [_column(eid, label) for eid, label in found.items()]


def _column(eid: str, label: str) -> Column:
    return Column(eid, article_word(eid, label), eid.removeprefix("art_").replace("_", "-"))


def _organs(rows: Iterable[DutyRow], columns: Sequence[Column]) -> list[Row]:
    """Return the organs, those who owe most first."""
    held: dict[str, list[tuple[DutyRow, str]]] = {}
    kinds: dict[str, str] = {}
    for row in rows:
        for one in row.bearers.all():
            held.setdefault(one.organ, []).append((row, one.part))
            kinds.setdefault(one.organ, one.kind)
    found = [_row(organ, kinds[organ], duties, columns) for organ, duties in held.items()]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), -one.count, one.organ))


def _row(organ: str, kind: str, duties: Sequence[tuple[DutyRow, str]], columns: Sequence[Column]) -> Row:
    by_article: dict[str, list[tuple[DutyRow, str]]] = {}
    for row, part in duties:
        by_article.setdefault(row.article_eid, []).append((row, part))
    cells = [_cell(column, by_article.get(column.id, ())) for column in columns]
    return Row(organ, kind, len(duties), cells)


def _cell(column: Column, duties: Sequence[tuple[DutyRow, str]]) -> Cell:
    if not duties:
        return Cell(column)
    own: Mapping[str, None] = dict.fromkeys(row.modality for row, part in duties if part != Bearer.Part.CO_ACTOR)
    found = [one for one in MODALITIES if one in own]
    if not found:
        helped = [one for one in MODALITIES if any(row.modality == one for row, _ in duties)]
        words = ", ".join(map(modality_word, helped))
        return Cell(column, WITH, f"{WITH} {words}", look_of(helped[0]))
    return Cell(column, "".join(SIGNS[one] for one in found), ", ".join(map(modality_word, found)), look_of(found[0]))
