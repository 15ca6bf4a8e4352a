"""One sheet of an Excel workbook as rows of text: numbers, dates and words as a person sees them.

A formula counts by the value the spreadsheet kept beside it, which is what the person saw; one that was never worked
out, a cell with an error, a number the spreadsheet has already rounded, and merged cells are faults: each would have
to be guessed.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import FORMULA_TAG, INLINE_STRING, MERGE_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

from bridgehead.ground.imports.templates import EXPLANATION
from bridgehead.kernel.errors import Fault, Place
from bridgehead.kernel.tables import Record

LAST_ROW = 1_048_576
"""The last row a spreadsheet has."""
MOST_FAULTS = 200
EXACT_UP_TO = 10**15
"""Spreadsheets keep 15 digits of a number and put zeros for the rest."""

MOST_SHEETS_TOLD = 5
LONGEST_AREA = 30
"""Characters of a range of cells: ``XFD1048576`` twice, with its marks."""

_ZEROS = re.compile(r"0{2,40}")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a character that XML cannot hold, or what looks like this itself."""
_NOT_EXACT = "import.number_rounded"


@dataclass(frozen=True)
class Sheet:
    """What stands on a sheet."""

    records: list[Record]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


class _CellFault(Exception):  # noqa: N818 - caught where it is raised
    """A cell whose value would have to be guessed."""

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


class _TooManyRows(Exception):  # noqa: N818 - caught where it is raised
    """The sheet goes on behind the last row that is taken."""


class _Parser(WorkSheetParser):  # type: ignore[misc]
    """The cells of the sheet parser of openpyxl, and which of them hold formulas or are merged; nothing else."""

    merged: tuple[str, ...] = ()

    def parse(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Go through the rows; widths, views, rules and what else a sheet has cost time and say nothing here."""
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()
            elif element.tag == MERGE_TAG:
                self.merged = tuple(str(area.get("ref", ""))[:LONGEST_AREA] for area in element)
                element.clear()

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Parse a cell and say whether a formula stands in it."""
        found: dict[str, Any] = super().parse_cell(element)
        found["formula"] = element.find(FORMULA_TAG) is not None
        return found


class _Book(ExcelReader):  # type: ignore[misc]
    """What is needed of a workbook: its texts, its formats, and where its sheets are; they are not looked into."""

    def read(self) -> None:
        """Read it."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.sheets = [
            (sheet, relation.target)
            for sheet, relation in self.parser.find_sheets()
            if relation.target in self.valid_files and "chartsheet" not in relation.Type
        ]


def read_workbook(content: bytes, sheet: str, name: str, *, most_rows: int, most_columns: int) -> Sheet:
    """Read a sheet of a workbook that has passed the checks of files.

    Parameters
    ----------
    content : bytes
        The workbook.
    sheet : str
        Name of the sheet; where there is none of it, the first visible one is read.
    name : str
        Name of the file, for the faults.
    most_rows, most_columns : int
        Rows with anything in them, and columns, after which reading stops; the caller tells it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that say nothing about the values
        try:
            book = _Book(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            book.read()
        except Exception as reason:  # openpyxl raises whatever its code stumbled over
            return Sheet([], (Fault("import.unreadable_workbook", {"reason": type(reason).__name__}, Place(name)),))
        try:
            visible = [one for one in book.sheets if one[0].state == "visible"]
            chosen = [one for one in book.sheets if one[0].name == sheet[:31]] or visible
            if not chosen:
                return Sheet([], (Fault("import.no_sheet", {"sheet": sheet}, Place(name)),))
            found = _SheetReader(book, chosen[0][1], name, most_rows, most_columns).read()
            others = _filled(book, {part: one.name for one, part in reversed(visible) if part != chosen[0][1]})
            return replace(found, warnings=(*_left_out(chosen[0][0].name, others, name), *found.warnings))
        finally:
            book.archive.close()


def _filled(book: _Book, parts: Mapping[str, str]) -> list[str]:
    """Return the names of the sheets with anything in them; the explanation of the template is none of them."""
    found = []
    for part, title in parts.items():
        if title == EXPLANATION:
            continue
        try:
            with book.archive.open(part) as source:
                if any(element.tag in (VALUE_TAG, INLINE_STRING) for _, element in iterparse(source)):
                    found.append(title)
        except (zipfile.BadZipFile, SyntaxError):
            found.append(title)
    return found[::-1]


def _left_out(chosen: str, others: list[str], name: str) -> tuple[Fault, ...]:
    """Tell of sheets that are not read."""
    given = {"sheet": chosen, "others": others[:MOST_SHEETS_TOLD]}
    return (Fault("import.other_sheets", given, Place(name), "warning"),) if others else ()


class _SheetReader:
    """One reading of one sheet."""

    def __init__(self, book: _Book, part: str, name: str, most_rows: int, most_columns: int) -> None:
        self.book, self.part, self.name = book, part, name
        self.most_rows, self.most_columns = most_rows, most_columns
        self.faults: list[Fault] = []
        self.hidden_rows = 0
        self.formulas = 0
        self.header: list[str] = []

    def read(self) -> Sheet:
        """Read everything, or say why it cannot be read."""
        records: list[Record] = []
        parser = None
        try:
            with self.book.archive.open(self.part) as source:
                parser = _Parser(
                    source,
                    self.book.shared_strings,
                    data_only=True,
                    epoch=self.book.wb.epoch,
                    date_formats=self.book.wb._date_formats,
                    timedelta_formats=self.book.wb._timedelta_formats,
                )
                for line, cells in self.rows(parser):
                    texts = self.texts(line, cells)
                    if any(text.strip() for text in texts):
                        records.append((line, texts))
                        self.header = self.header or texts
                        if len(records) > self.most_rows:
                            break
        except (_TooManyRows, zipfile.BadZipFile, ValueError, KeyError, IndexError, TypeError, SyntaxError) as reason:
            fault = Fault("import.unreadable_workbook", {"reason": type(reason).__name__}, Place(self.name))
            return Sheet([], (fault,))
        self.merged(parser)
        return Sheet(records, tuple(self.faults), self.warnings())

    def rows(self, parser: _Parser) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Go through the rows that hold cells; the numbers must rise and stay on the sheet."""
        last = 0
        for line, cells in parser.parse():
            if not last < line <= LAST_ROW:
                raise _TooManyRows
            last = line
            row = parser.row_dimensions.pop(str(line), {})
            if row.get("hidden") in ("1", "true") and any(cell["value"] is not None for cell in cells):
                self.hidden_rows += 1
            yield line, cells

    def texts(self, line: int, cells: list[dict[str, Any]]) -> list[str]:
        """Return the cells of a row as text, by column; what cannot be taken is noted and left empty."""
        found: list[str] = []
        for cell in cells:
            place = cell["column"]
            try:
                text = self.text(cell)
            except _CellFault as fault:
                self.note(fault.code, line, place, **fault.parameters)
                text = ""
            if not text:
                continue
            # One column beyond the limit is enough for the caller to tell.
            place = min(place, self.most_columns + 1)
            found.extend([""] * (place - len(found)))
            found[place - 1] = text
        width = len(self.header)
        found.extend([""] * (width - len(found)))
        return found

    def text(self, cell: dict[str, Any]) -> str:
        """Return a cell as a person sees it; raise `_CellFault` where that is not to be known."""
        value, kind = cell["value"], cell["data_type"]
        if value is None or value == "":
            if cell["formula"]:
                raise _CellFault("import.formula_without_value")
            return ""
        self.formulas += cell["formula"]
        if kind == "e":
            raise _CellFault("import.error_in_cell", value=str(value))
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, datetime | date | time | timedelta):
            return _moment(value)
        if isinstance(value, int | float):
            return self.number(value, cell["style_id"])
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))

    def number(self, value: float, style: int) -> str:
        """Return a number without what the spreadsheet adds; a code written with leading zeros keeps them."""
        if abs(value) >= EXACT_UP_TO:
            raise _CellFault(_NOT_EXACT, value=f"{value:.0f}")
        if value != int(value):
            return format(value, ".15g") if abs(value) >= 1e-5 else repr(value)
        whole = str(int(value))
        shape = self.format(style)
        return whole.zfill(len(shape)) if _ZEROS.fullmatch(shape) and value >= 0 else whole

    def format(self, style: int) -> str:
        """Return the number format of a style."""
        try:
            number = self.book.wb._cell_styles[style].numFmtId
        except IndexError:
            return ""
        return str(self.book.wb._number_formats[number - 164]) if number >= 164 else ""

    def merged(self, parser: _Parser | None) -> None:
        """Note merged cells: which rows their value belongs to would be a guess."""
        for area in (parser.merged if parser else ())[:MOST_FAULTS]:
            row = int(re.sub(r"[^0-9]", "", area.partition(":")[0]) or 0)
            self.faults.append(Fault("import.merged_cells", {"cells": area}, Place(self.name, row or 1)))

    def note(self, code: str, line: int, column: int, /, **parameters: object) -> None:
        """Note a fault at a cell, called by its column's name where there is one."""
        if len(self.faults) < MOST_FAULTS:
            called = self.header[column - 1] if column <= len(self.header) else ""
            place = Place(self.name, line, called.strip() or get_column_letter(column))
            self.faults.append(Fault(code, parameters, place))

    def warnings(self) -> tuple[Fault, ...]:
        """Return what the person should know although nothing is wrong."""
        found = []
        if self.hidden_rows:
            found.append(Fault("import.hidden_rows", {"count": self.hidden_rows}, Place(self.name), "warning"))
        if self.formulas:
            found.append(Fault("import.formulas_by_value", {"count": self.formulas}, Place(self.name), "warning"))
        return tuple(found)


def _moment(value: datetime | date | time | timedelta) -> str:
    """Return a day as ``2023-07-31``, a time of a day behind it only where it says something."""
    if isinstance(value, datetime):
        value = _whole_second(value)
        at_midnight = value.time() == time(0)
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ", timespec=_finest(value))
    if isinstance(value, time):
        value = _whole_second(datetime.combine(date(2000, 1, 1), value)).time()
        return value.isoformat(timespec=_finest(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _whole_second(value: datetime) -> datetime:
    """Return the nearest second: a spreadsheet keeps a time as a fraction of a day, which is seldom exact."""
    return (value + timedelta(milliseconds=500)).replace(microsecond=0)


def _finest(value: datetime | time) -> str:
    """Return how fine a time has to be written to lose nothing."""
    return "seconds" if value.second else "minutes"
