"""Reading the tables as they are: rows searched, sorted and paged; assumptions; what is in use."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import bridgehead
from bridgehead.ground import editions
from bridgehead.ground.region import Loaded
from bridgehead.ground.search.find import checked_search
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.tables import Row, Table
from bridgehead.regions.load import Region

PAGE_SIZE = 50
ASSUMPTION = "assumption"
SCHEMA_HEAD = (
    "column", "type", "unit", "required", "key", "references", "allowed", "minimum", "maximum",
    "description_zh", "description_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the rows of one table.

    ``found`` counts the rows the search leaves, ``page`` and ``pages`` start at 1; ``sort`` is a column, with a
    minus sign in front for the reverse order, or empty for the order of the file.
    """

    table: Table
    rows: tuple[Row, ...]
    q: str
    sort: str
    found: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        """The place of the first row shown among the rows found, from 1."""
        return (self.page - 1) * PAGE_SIZE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return (self.page - 1) * PAGE_SIZE + len(self.rows)


def table_named(region: Region, name: str) -> Table:
    """Return a table of the region; ``request.unknown_table`` if there is none."""
    if name not in region.tables:
        known = {"table": name, "tables": sorted(region.tables)}
        raise BridgeheadError("request.unknown_table", known, Place(field="table"))
    return region.tables[name]


def listing(loaded: Loaded, name: str, q: str = "", sort: str = "", page: int = 1) -> Listing:
    """Return one page of a table's rows.

    Parameters
    ----------
    loaded : Loaded
        The region in use.
    name : str
        Table.
    q : str
        Words that must all occur in a row, in any column; letter case does not matter.
    sort : str
        Column to sort by, with a minus sign in front for the reverse order. Empty cells come last either way.
    page : int
        From 1; beyond the last page the last one is given, and the answer says which it is.

    Raises
    ------
    BridgeheadError
        ``request.unknown_table``, ``request.unknown_column``, ``request.too_long``.
    """
    table = table_named(loaded.region, name)
    q = checked_search(q)
    rows: Sequence[Row] = table.rows
    if q:
        words = q.casefold().split()
        texts = loaded.remember(("data.texts", name), lambda: _texts(table))
        rows = [row for row, text in zip(rows, texts, strict=True) if all(word in text for word in words)]
    if sort:
        rows = _sorted(table, rows, sort)
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = tuple(rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return Listing(table, shown, q, sort, len(rows), page, pages)


def _texts(table: Table) -> tuple[str, ...]:
    """Return each row as one text to search in; cells are kept apart by a line break, which no search holds."""
    return tuple("\n".join(row.text(name) for name in row).casefold() for row in table.rows)


def _sorted(table: Table, rows: Sequence[Row], sort: str) -> list[Row]:
    column = sort.removeprefix("-")
    if column not in table.schema.names:
        known = {"table": table.schema.name, "column": column, "columns": table.schema.names}
        raise BridgeheadError("request.unknown_column", known, Place(field="sort"))
    filled = [row for row in rows if row[column] is not None]
    empty = [row for row in rows if row[column] is None]
    key: Callable[[Row], Any] = lambda row: row[column]  # noqa: E731
    return sorted(filled, key=key, reverse=sort.startswith("-")) + empty


def is_standing(column: str) -> bool:
    """Tell whether a column holds the standing of a row or of some of its cells."""
    return column in ("confidence", "standing") or column.endswith(("_confidence", "_standing"))


def is_source(column: str) -> bool:
    """Tell whether a column names sources."""
    return column in ("source", "address") or column.endswith("_source")


@dataclass(frozen=True, slots=True)
class Assumed:
    """The assumed rows of one table, with the columns that say something in them."""

    table: Table
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class AssumedColumn:
    """A column that says of some rows that a value in them is an assumption: how many, and the words it uses."""

    table: Table
    column: str
    rows: int
    words: str


def assumed_rows(region: Region) -> tuple[Assumed, ...]:
    """Return every row of every table whose standing is an assumption, table by table."""
    found = []
    for table in region.tables.values():
        marks = [name for name in table.schema.names if is_standing(name)]
        rows = tuple(row for row in table.rows if any(row[name] == ASSUMPTION for name in marks))
        if rows:
            columns = tuple(name for name in table.schema.names if any(row[name] not in (None, ()) for row in rows))
            found.append(Assumed(table, columns, rows))
    return tuple(found)


def assumed_columns(region: Region) -> tuple[AssumedColumn, ...]:
    """Return the columns that call a value of their row an assumption without marking the whole row.

    The links do so: their length is published, while speed and capacity of many follow from their class.
    """
    found = []
    for table in region.tables.values():
        for column in table.schema.columns:
            if is_standing(column.name) or column.type != "text":
                continue
            words: dict[str, int] = {}
            for row in table.rows:
                text = row.text(column.name)
                if text.casefold().startswith(ASSUMPTION) or text.casefold().startswith(f"class {ASSUMPTION}"):
                    words[text] = words.get(text, 0) + 1
            found += [AssumedColumn(table, column.name, count, text) for text, count in words.items()]
    return tuple(found)


def file_bytes(region: Region, table: Table) -> bytes:
    """Return the table's file as it was read and checked; a table without a file gives its header."""
    return region.files.get(table.schema.name) or template_bytes(table)


def template_bytes(table: Table) -> bytes:
    """Return the header line of a table, to be filled in."""
    return _csv([table.schema.names])


def schema_bytes(table: Table) -> bytes:
    """Return the schema of a table in the form the platform reads it."""
    rows = [
        (
            column.name,
            column.type,
            column.unit,
            "y" if column.required else "",
            "y" if column.key else "",
            "|".join(f"{table}.{name}" for table, name in column.references),
            "|".join(column.allowed),
            "" if column.minimum is None else f"{column.minimum:g}",
            "" if column.maximum is None else f"{column.maximum:g}",
            column.description_zh,
            column.description_en,
        )
        for column in table.schema.columns
    ]
    return _csv([SCHEMA_HEAD, *rows])


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as JSON takes it: numbers as numbers, dates as text, nothing as null."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def in_use(loaded: Loaded) -> dict[str, Any]:
    """Return what is running: version, region, its content hash, and the editions served from this data folder."""
    region = loaded.region
    return {
        "version": bridgehead.__version__,
        "region": region.id,
        "name_zh": region.name_zh,
        "name_en": region.name_en,
        "time_zone": region.settings.time_zone,
        "content_hash": region.content_hash,
        "tables": len(region.tables),
        "rows": sum(len(table) for table in region.tables.values()),
        "editions": [
            {"content_hash": one.content_hash, "version": one.version, "loaded_at": one.loaded_at}
            for one in editions.served(region)
        ],
    }
