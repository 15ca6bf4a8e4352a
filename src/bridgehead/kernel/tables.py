"""Read a table by its schema and report every fault of it at once.

A schema is itself a small CSV file (`TableSchema`), one row a column. Loader, checks, documentation and upload
template read the same file. Reading never raises for what a file contains: whatever is wrong becomes a `Fault` with
file, row and column, and the table holds what could be read. A row with a bad cell stays in the table with that cell
empty and named in `Row.damaged`, so that one slip does not look like twenty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from bridgehead.kernel.cells import BOUNDS, FORMULA_SUSPECTS, PARSERS, CellFault, Value, is_formula
from bridgehead.kernel.decoding import read_text
from bridgehead.kernel.errors import Fault, Place
from bridgehead.kernel.rows import Row, Table
from bridgehead.kernel.schemas import Column, TableSchema, nearest, read_schema

__all__ = [
    "Column",
    "Row",
    "Table",
    "TableSchema",
    "cell_value",
    "parse_records",
    "parse_table",
    "read_schema",
    "read_table",
    "split_records",
]

MOST_FAULTS_PER_TABLE = 1000
"""After that many the reader says how many more there are: a list nobody can read helps nobody."""
LONGEST_CELL = 100_000

Record = tuple[int, list[str]]
"""The row number a spreadsheet shows, and the cells as they stand there."""


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


def parse_records(records: list[Record], schema: TableSchema, file: str) -> tuple[Table, tuple[Fault, ...]]:
    """Read a table out of records that came from a workbook or from `split_records`; see `read_table`.

    Parameters
    ----------
    records : list of Record
        Header first; records without any text are left out.
    schema : TableSchema
        What the table must look like.
    file : str
        How faults call it.
    """
    reader = _Reader(schema, file)
    table = reader.of(records)
    return table, reader.finished()


def split_records(text: str, separator: str, file: str) -> tuple[list[Record], tuple[Fault, ...]]:
    """Split a text into records at a separator of cells; what cannot be split is a fault."""
    reader = _Reader(TableSchema(file), file)
    return reader.records(text, separator), reader.finished()


class _Reader:
    """One reading of one table; collects the faults on the way."""

    def __init__(self, schema: TableSchema, file: str = "") -> None:
        self.schema = schema
        self.file = file or f"{schema.name}.csv"
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
        return self.of(self.records(text))

    def of(self, records: list[Record]) -> Table:
        """Read the records: header, rows, keys."""
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

    def records(self, text: str, separator: str = ",") -> list[Record]:
        """Split the text into records with the row number a spreadsheet shows; blank lines count but hold nothing."""
        found: list[Record] = []
        reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
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
        body: Sequence[Record],
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
