"""One reader for CSV files and Excel workbooks: from the bytes of a file to the rows of a table, as they are seen.

The header is the first row with text. The row below it may explain the columns; it does so where its first cell
begins with ``#``, as in the template, and is then no data. Row numbers are those a spreadsheet shows.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from bridgehead.ground.files.texts import decode_text, encoding_of
from bridgehead.ground.imports.templates import without_remark
from bridgehead.ground.imports.workbooks import read_workbook
from bridgehead.kernel.errors import Fault, Place
from bridgehead.kernel.schemas import TableSchema
from bridgehead.kernel.tables import Record, Table, parse_records, split_records

MOST_ROWS = 2_000
"""All of them are written in one transaction, for which others wait."""
MOST_COLUMNS = 200
LONGEST_CELL = 10_000
SEPARATORS = ",;\t"

_SEP_LINE = "sep="


@dataclass(frozen=True)
class Reading:
    """What was read: the table, everything wrong with it, and what the person should know besides."""

    table: Table
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def read(content: bytes, kind: str, schema: TableSchema, name: str) -> Reading:
    """Read an uploaded table.

    Parameters
    ----------
    content : bytes
        The file, whose kind has been recognised.
    kind : str
        ``csv`` or ``xlsx``.
    schema : TableSchema
        What the table must look like; a workbook is read at the sheet of this name, else at its first visible one.
    name : str
        Name of the file, for the faults.

    Returns
    -------
    Reading
        Never raises for what a file contains.
    """
    warnings: tuple[Fault, ...] = ()
    if kind == "xlsx":
        sheet = read_workbook(content, schema.name, name, most_rows=MOST_ROWS + 2, most_columns=MOST_COLUMNS)
        records, faults, warnings = sheet.records, sheet.faults, sheet.warnings
    else:
        records, faults = _csv_records(content, schema, name)
    if any(fault.place.row is None for fault in faults):
        return Reading(Table(schema, complete=False), faults, warnings)
    records = [(line, cells) for line, cells in records if any(cell.strip() for cell in cells)]
    if kind == "csv":
        records, noticed = without_remark(records, schema, name)
        warnings += noticed
    capped = _caps(records, name)
    if capped:
        return Reading(Table(schema, complete=False), (*faults, *capped), warnings)
    table, found = parse_records(records, schema, name)
    told = {(fault.place.row, fault.place.column) for fault in faults}
    # Where the cell itself could not be taken, what its emptiness leads to is no news.
    found = tuple(one for one in found if one.place.row is None or (one.place.row, one.place.column) not in told)
    ordered = sorted((*faults, *found), key=lambda fault: fault.place.row or 0)
    return Reading(table, tuple(ordered), warnings)


def _caps(records: list[Record], name: str) -> tuple[Fault, ...]:
    """Return the faults of a table that is larger than an import takes."""
    found: list[Fault] = []
    if len(records) > MOST_ROWS + 1:
        found.append(Fault("import.too_many_rows", {"limit": MOST_ROWS}, Place(name)))
    widest = max((len(cells) for _, cells in records), default=0)
    if widest > MOST_COLUMNS:
        found.append(Fault("import.too_many_columns", {"limit": MOST_COLUMNS}, Place(name)))
    for line, cells in records[: MOST_ROWS + 1]:
        if any(len(cell) > LONGEST_CELL for cell in cells):
            found.append(Fault("import.cell_too_long", {"limit": LONGEST_CELL}, Place(name, line)))
            break
    return tuple(found)


def _csv_records(content: bytes, schema: TableSchema, name: str) -> tuple[list[Record], tuple[Fault, ...]]:
    text = decode_text(content)
    if text is None:
        guess = encoding_of(content)
        code = "file.wrong_encoding" if guess else "table.not_text"
        return [], (Fault(code, {"guess": guess} if guess else {}, Place(name)),)
    text, separator = _separated(text, schema)
    records, faults = split_records(text, separator, name)
    return records, faults


def _separated(text: str, schema: TableSchema) -> tuple[str, str]:
    """Return the text and the separator of its cells: the one some spreadsheets name in front, or the likeliest."""
    first, end, rest = text.partition("\n")
    named = first.strip()
    if named.lower().startswith(_SEP_LINE) and len(named) == len(_SEP_LINE) + 1 and named[-1] in SEPARATORS:
        return rest if end else "", named[-1]
    if first.rstrip("\r").lower() == f"{_SEP_LINE}\t":
        return rest if end else "", "\t"
    known = set(schema.names)
    matches = {mark: len(known.intersection(_header(text, mark))) for mark in SEPARATORS}
    return text, max(SEPARATORS, key=lambda mark: matches[mark])


def _header(text: str, separator: str) -> list[str]:
    """Return the names in the first row that holds any, were the cells separated by a mark."""
    try:
        for cells in csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=separator):
            if any(cell.strip() for cell in cells):
                return [cell.strip() for cell in cells]
    except csv.Error:
        pass
    return []
