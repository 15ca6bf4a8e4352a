"""What a table must look like: columns with type, unit, key, references and description, read from a schema file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bridgehead.kernel.cells import PARSERS
from bridgehead.kernel.errors import BridgeheadError, Place

SCHEMA_COLUMNS = (
    "column",
    "type",
    "unit",
    "required",
    "key",
    "references",
    "allowed",
    "minimum",
    "maximum",
    "description_zh",
    "description_en",
)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Name in the header line.
    type : str
        One of ``bridgehead.kernel.cells.PARSERS``.
    unit : str
        Unit of the numbers, empty where it has none or stands in another column.
    required : bool
        Whether every row must fill it.
    key : bool
        Whether it belongs to the key; no two rows may agree in all key columns.
    references : tuple of (table, column)
        The value must be an id of one of these.
    allowed : tuple of str
        Words the cell (or each part of a list) may hold; empty means any.
    minimum, maximum : float, optional
        Bounds of a number, inclusive.
    description_zh, description_en : str
        What the column says.
    """

    name: str
    type: str = "text"
    unit: str = ""
    required: bool = False
    key: bool = False
    references: tuple[tuple[str, str], ...] = ()
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    description_zh: str = ""
    description_en: str = ""

    def description(self, language: str) -> str:
        """Return the description in a language, Chinese for any but English."""
        return self.description_en if not language.startswith("zh") else self.description_zh


@dataclass(frozen=True)
class TableSchema:
    """What a table must look like.

    Parameters
    ----------
    name : str
        Name of the table, which is the file name without its ending; a folder stands before a slash.
    title_zh, title_en, description_zh, description_en : str
        For screens and documentation.
    columns : tuple of Column
        In the order of a template; files may order them otherwise.
    optional : bool
        Whether a region may do without the file.
    """

    name: str
    title_zh: str = ""
    title_en: str = ""
    description_zh: str = ""
    description_en: str = ""
    columns: tuple[Column, ...] = ()
    optional: bool = False

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns."""
        return tuple(column.name for column in self.columns if column.key)

    def column(self, name: str) -> Column:
        """Return a column by name; `KeyError` if there is none."""
        return self.columns[self.names.index(name)] if name in self.names else _no_column(self.name, name)

    def title(self, language: str) -> str:
        """Return the title in a language, Chinese for any but English."""
        return self.title_en if not language.startswith("zh") else self.title_zh

    def description(self, language: str) -> str:
        """Return the description in a language, Chinese for any but English."""
        return self.description_en if not language.startswith("zh") else self.description_zh


def read_schema(path: Path) -> TableSchema:
    """Read a schema file; title, description and ``optional`` come from ``tables.csv`` in the folder of all schemas.

    Parameters
    ----------
    path : Path
        File such as ``schemas/ports.csv``; a schema in a subfolder belongs to a table in that subfolder.

    Raises
    ------
    BridgeheadError
        ``schema.unreadable`` or ``schema.bad_column``: a schema is part of the program, so it is not forgiven.
    """
    folder = path.parent
    prefix = ""
    while not (folder / "tables.csv").is_file() and folder != folder.parent:
        prefix = f"{folder.name}/{prefix}"
        folder = folder.parent
    name = f"{prefix}{path.stem}"
    titles = {row["table"]: row for row in _plain_rows(folder / "tables.csv")}
    if name not in titles:
        raise BridgeheadError("schema.unreadable", {"name": name}, Place(file="tables.csv"))
    title = titles[name]
    columns = tuple(_column(row, path.name, line) for line, row in enumerate(_plain_rows(path), start=2))
    return TableSchema(
        name,
        title["title_zh"],
        title["title_en"],
        title["description_zh"],
        title["description_en"],
        columns,
        title["optional"] == "y",
    )


def nearest(word: str, words: Iterable[str]) -> str:
    """Return the known word that looks most like a mistyped one, or an empty text."""
    from difflib import get_close_matches

    found = get_close_matches(word[:80], sorted(words), n=1, cutoff=0.75)
    return found[0] if found else ""


class Guesses:
    """Nearest known words for many mistyped ones, each looked up once and only so many at all.

    A lookup compares with every known word; a table in which thousands of ids are wrong has another problem than slips
    of the pen, and would take minutes.

    Parameters
    ----------
    known : iterable of str
        The words that exist.
    most : int
        How many different words to look up before giving up.
    """

    def __init__(self, known: Iterable[str], most: int = 50) -> None:
        self.known = frozenset(known)
        self.left = most
        self.found: dict[str, str] = {}

    def of(self, word: str) -> str:
        """Return the nearest known word, or an empty text."""
        if word not in self.found:
            if self.left <= 0:
                return ""
            self.left -= 1
            self.found[word] = nearest(word, self.known)
        return self.found[word]


def _plain_rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [
                {name: text or "" for name, text in row.items() if name} for row in csv.DictReader(stream, strict=True)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BridgeheadError("schema.unreadable", {"name": path.stem}, Place(file=path.name)) from error


def _column(row: Mapping[str, str], file: str, line: int) -> Column:
    """Build a column out of one row of a schema file."""
    name = row.get("column", "")
    if set(row) != set(SCHEMA_COLUMNS) or not name or row["type"] not in PARSERS:
        raise BridgeheadError("schema.bad_column", {"name": name, "types": sorted(PARSERS)}, Place(file, line))
    try:
        minimum, maximum = (float(row[bound]) if row[bound] else None for bound in ("minimum", "maximum"))
        references = tuple(_reference(target) for target in row["references"].split("|") if target)
    except ValueError as error:
        given = {"name": name, "types": sorted(PARSERS)}
        raise BridgeheadError("schema.bad_column", given, Place(file, line)) from error
    return Column(
        name,
        row["type"],
        row["unit"],
        row["required"] == "y",
        row["key"] == "y",
        references,
        tuple(word for word in row["allowed"].split("|") if word),
        minimum,
        maximum,
        row["description_zh"],
        row["description_en"],
    )


def _reference(target: str) -> tuple[str, str]:
    table, dot, column = target.rpartition(".")
    if not dot:
        raise ValueError(target)
    return table, column


def _no_column(table: str, name: str) -> Column:
    raise KeyError(f"{table}.{name}")
