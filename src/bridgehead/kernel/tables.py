"""Read a table by its schema and report every fault of it at once.

A schema is itself a small CSV file (`TableSchema`), one row a column. Loader, checks, documentation and upload
template read the same file. Reading never raises for what a file contains: whatever is wrong becomes a `Fault` with
file, row and column, and the table holds what could be read. A row with a bad cell stays in the table with that cell
empty and named in `Row.damaged`, so that one slip does not look like twenty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bridgehead.kernel.cells import BOUNDS, FORMULA_SUSPECTS, PARSERS, CellFault, Value, is_formula
from bridgehead.kernel.decoding import read_text
from bridgehead.kernel.errors import Fault, Place
from bridgehead.kernel.schemas import Column, TableSchema, nearest, read_schema

__all__ = [
    "Column",
    "Row",
    "Table",
    "TableSchema",
    "cell_value",
    "parse_table",
    "read_schema",
    "read_table",
]

MOST_FAULTS_PER_TABLE = 1000
"""After that many the reader says how many more there are: a list nobody can read helps nobody."""
LONGEST_CELL = 100_000


class Row(Mapping[str, Value]):
    """One row: column name to typed value, None where the cell is empty.

    Attributes
    ----------
    line : int
        Row number a spreadsheet shows; the header is row 1.
    damaged : frozenset of str
        Columns whose cell could not be read; their value is None. Empty in every row of a loaded region.
    """

    __slots__ = ("_index", "_texts", "_values", "damaged", "line")

    def __init__(
        self,
        index: Mapping[str, int],
        values: tuple[Value, ...],
        texts: tuple[str, ...],
        line: int,
        damaged: frozenset[str] = frozenset(),
    ) -> None:
        self._index = index
        self._values = values
        self._texts = texts
        self.line = line
        self.damaged = damaged

    def __getitem__(self, name: str) -> Value:
        """Return the typed value of a column."""
        return self._values[self._index[name]]

    def __iter__(self) -> Iterator[str]:
        """Go through the column names in schema order."""
        return iter(self._index)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._index)

    def text(self, name: str) -> str:
        """Return the cell as it stands in the file, without blanks around it."""
        return self._texts[self._index[name]]

    def several(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the texts of several columns."""
        return tuple([self._texts[self._index[name]] for name in names])

    def __repr__(self) -> str:
        """Show line and values."""
        return f"Row({self.line}, {dict(self)!r})"


@dataclass(frozen=True)
class Table:
    """A table that has been read: its schema and its rows.

    Parameters
    ----------
    schema : TableSchema
        Its schema.
    rows : tuple of Row
        Rows in file order.
    present : bool
        Whether there was a file.
    complete : bool
        Whether every row was read; where it is not, nobody may conclude that an id does not exist.
    missing : frozenset of str
        Columns the file lacks.
    """

    schema: TableSchema
    rows: tuple[Row, ...] = ()
    present: bool = True
    complete: bool = True
    missing: frozenset[str] = frozenset()

    @property
    def file(self) -> str:
        """Name of the file inside the region's folder."""
        return f"{self.schema.name}.csv"

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def texts(self, name: str) -> frozenset[str]:
        """Return the distinct texts of a column; those of damaged rows count too."""
        if name in self.missing:
            return frozenset()
        return frozenset(text for row in self.rows if (text := row.text(name)))


def read_table(path: Path, schema: TableSchema) -> tuple[Table, tuple[Fault, ...]]:
    """Read a table and report everything that is wrong with it.

    Parameters
    ----------
    path : Path
        The file; it need not exist, and may be anything.
    schema : TableSchema
        What it must look like.

    Returns
    -------
    Table
        What could be read.
    tuple of Fault
        Every fault in file order. References into other tables are not checked here; that is
        `bridgehead.kernel.references.reference_faults`.
    """
    content = read_text(path, f"{schema.name}.csv", optional=schema.optional)
    if content.text is None:
        return Table(schema, present=content.present, complete=content.complete), content.faults
    table, faults = parse_table(content.text, schema)
    return table, (*content.faults, *faults)


def parse_table(text: str, schema: TableSchema) -> tuple[Table, tuple[Fault, ...]]:
    """Read a table out of a text; see `read_table`."""
    reader = _Reader(schema)
    table = reader.read(text)
    return table, reader.finished()


class _Reader:
    """One reading of one table; collects the faults on the way."""

    def __init__(self, schema: TableSchema) -> None:
        self.schema = schema
        self.file = f"{schema.name}.csv"
        self.faults: list[Fault] = []
        self.left_out = 0
        self.complete = True

    def fault(self, code: str, row: int | None, column: str | None = None, /, **parameters: object) -> None:
        """Note a fault, or only count it when there are too many already."""
        if len(self.faults) >= MOST_FAULTS_PER_TABLE:
            self.left_out += 1
        else:
            self.faults.append(Fault(code, parameters, Place(self.file, row, column)))

    def finished(self) -> tuple[Fault, ...]:
        """Return all faults in file order."""
        faults = sorted(self.faults, key=lambda fault: fault.place.row or 0)
        if self.left_out:
            faults.append(Fault("table.more_faults", {"count": self.left_out}, Place(self.file)))
        return tuple(faults)

    def read(self, text: str) -> Table:
        """Read everything."""
        records = self.records(text)
        if not records:
            self.fault("table.empty_file", None)
            return Table(self.schema, complete=False)
        header_line, header = records[0]
        if len(header) == 1 and (separator := self.other_separator(header[0])):
            self.fault("table.wrong_separator", header_line, separator=separator)
            return Table(self.schema, complete=False)
        positions = self.header(header_line, header)
        body = records[1:]
        ragged = frozenset(
            line for line, cells in body if len(cells) != len(header) and self.ragged(line, cells, len(header))
        )
        rows = self.rows(body, positions, ragged)
        missing = frozenset(name for name, position in positions.items() if position is None)
        if missing.isdisjoint(self.schema.key):
            self.duplicates(rows)
        return Table(self.schema, rows, complete=self.complete, missing=missing)

    def records(self, text: str) -> list[tuple[int, list[str]]]:
        """Split the text into records with the row number a spreadsheet shows; blank lines count but hold nothing."""
        found: list[tuple[int, list[str]]] = []
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        previous_limit = csv.field_size_limit(LONGEST_CELL)
        line = 0
        try:
            while True:
                line += 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return found
                except csv.Error as error:
                    self.complete = False
                    if "field larger" in str(error):
                        self.fault("table.cell_too_long", line, limit=LONGEST_CELL)
                        return found
                    self.fault("table.broken_quotes", line)
                    continue
                if cells and any(cells):
                    found.append((line, cells))
        finally:
            csv.field_size_limit(previous_limit)

    def header(self, line: int, header: Sequence[str]) -> dict[str, int | None]:
        """Match the header with the schema; return column name to position, None for a missing one."""
        positions: dict[str, int | None] = {}
        names = [name.strip() for name in header]
        for place, name in enumerate(names):
            if name in positions:
                self.fault("table.duplicate_column", line, name)
            elif name in self.schema.names:
                positions[name] = place
            elif is_formula(header[place]):
                self.fault("table.formula", line, name, value=name)
            elif name:
                self.fault("table.extra_column", line, name, columns=self.schema.names)
            elif any(names[place:]):
                self.fault("table.unnamed_column", line, number=place + 1)
        for column in self.schema.columns:
            if column.name not in positions:
                near = nearest(column.name, [name for name in names if name not in self.schema.names])
                self.fault("table.missing_column", line, column.name, **({"near": near} if near else {}))
                positions[column.name] = None
        return positions

    def other_separator(self, header: str) -> str:
        """Return the mark between the column names of a header that has no commas, empty if there is none."""
        for mark, shown in ((";", ";"), ("\t", "Tab"), ("|", "|"), ("，", "，"), ("；", "；")):
            names = {name.strip().strip('"') for name in header.split(mark)}
            if len(names) > 1 and names.intersection(self.schema.names):
                return shown
        return ""

    def ragged(self, line: int, cells: Sequence[str], width: int) -> bool:
        """Report a row with more or fewer cells than the header; trailing empty cells are harmless."""
        if len(cells) > width and not any(cells[width:]):
            return False
        self.fault("table.ragged_row", line, found=len(cells), expected=width)
        return True

    def rows(
        self,
        body: Sequence[tuple[int, list[str]]],
        positions: Mapping[str, int | None],
        ragged: frozenset[int],
    ) -> tuple[Row, ...]:
        """Turn cells into typed rows, column by column because that is several times faster than cell by cell."""
        index = {name: place for place, name in enumerate(self.schema.names)}
        damaged: dict[int, set[str]] = {}
        values: list[list[Value]] = []
        texts: list[list[str]] = []
        lines = [line for line, _ in body]
        for column in self.schema.columns:
            position = positions[column.name]
            if position is None:
                values.append([None] * len(body))
                texts.append([""] * len(body))
                continue
            cells = [record[position] if position < len(record) else "" for _, record in body]
            texts.append([text.strip() for text in cells])
            values.append(self.column_values(column, cells, lines, ragged, damaged))
        everything = frozenset(self.schema.names)
        return tuple(
            Row(
                index,
                row_values,
                row_texts,
                line,
                everything if line in ragged else frozenset(damaged.get(line, ())),
            )
            for line, row_values, row_texts in zip(
                lines,
                zip(*values, strict=True),
                zip(*texts, strict=True),
                strict=True,
            )
        )

    def column_values(
        self,
        column: Column,
        cells: Sequence[str],
        lines: Sequence[int],
        ragged: frozenset[int],
        damaged: dict[int, set[str]],
    ) -> list[Value]:
        """Parse the cells of one column; repeated texts are parsed once."""
        known: dict[str, Value | CellFault] = dict.fromkeys(cells)
        bad = False
        for text in known:
            try:
                known[text] = cell_value(column, text)
            except CellFault as found:
                known[text] = found
                bad = True
        if not bad and not ragged:
            return cast("list[Value]", [known[text] for text in cells])
        out: list[Value] = []
        for line, text in zip(lines, cells, strict=True):
            value = known[text] if line not in ragged else None
            if isinstance(value, CellFault):
                damaged.setdefault(line, set()).add(column.name)
                self.fault(value.code, line, column.name, **value.parameters)
                value = None
            out.append(value)
        return out

    def duplicates(self, rows: Sequence[Row]) -> None:
        """Report every row whose key another row above it has."""
        key = self.schema.key
        seen: dict[tuple[str, ...], int] = {}
        for row in rows if key else ():
            if row.damaged and row.damaged.intersection(key):
                continue
            value = row.several(key)
            if not any(value):
                continue
            first = seen.setdefault(value, row.line)
            if first != row.line:
                column = key[0] if len(key) == 1 else None
                shown = [f"{name}={text}" for name, text in zip(key, value, strict=True) if text][:6]
                self.fault(
                    "table.duplicate_key", row.line, column, key=value[0] if len(key) == 1 else shown, first=first
                )


def cell_value(column: Column, text: str) -> Value:
    """Return the typed value of a cell, None if it is empty.

    Raises
    ------
    CellFault
        If the cell does not fit the column.
    """
    if text and text[0] in FORMULA_SUSPECTS and is_formula(text):
        raise CellFault("table.formula", value=text)
    if not text.isprintable() and any((mark < " " and mark not in "\n\r\t") or mark == "\x7f" for mark in text):
        raise CellFault("table.control_character", value=text)
    bare = text.strip()
    if not bare:
        if column.required:
            raise CellFault("table.empty_cell")
        return None
    value = PARSERS[column.type](bare)
    if column.allowed:
        for part in value if isinstance(value, tuple) else (bare,):
            if str(part) not in column.allowed:
                raise CellFault("table.not_allowed", value=str(part), allowed=column.allowed)
    for number in value if isinstance(value, tuple) else (value,):
        if isinstance(number, int | float) and not isinstance(number, bool):
            _check_bounds(column, number, text)
    return value


def _check_bounds(column: Column, number: float, text: str) -> None:
    if column.type in BOUNDS:
        low, high, code = BOUNDS[column.type]
        if not low <= number <= high:
            raise CellFault(code, value=text, minimum=low, maximum=high)
    if column.minimum is not None and number < column.minimum:
        raise CellFault("table.below_minimum", value=text, minimum=column.minimum, unit=column.unit)
    if column.maximum is not None and number > column.maximum:
        raise CellFault("table.above_maximum", value=text, maximum=column.maximum, unit=column.unit)
