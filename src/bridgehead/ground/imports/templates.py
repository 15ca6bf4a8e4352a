"""The template of a table, to be filled in: a CSV file or an Excel workbook, with the columns explained."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from bridgehead.kernel.errors import Fault, Place
from bridgehead.kernel.schemas import Column, TableSchema
from bridgehead.kernel.tables import Record

REMARK = "#"
"""Begins the row below the header that explains the columns."""
EXPLANATION = "说明 Explanation"
ROWS_READY = 1_000
"""Rows of the workbook that are set to text, so that a code keeps its leading zeros."""

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST_LIST = 250
_HEAD = ("列 Column", "必填 Required", "类型 Type", "说明", "Meaning", "可用的词 Allowed words")
_WIDTHS = (18, 14, 12, 44, 44, 40)


def explanation(column: Column) -> str:
    """Return what a cell of a column takes, in both languages."""
    parts = [column.description_zh, column.description_en]
    if column.required:
        parts.append("必填 required")
    if column.allowed:
        parts.append("|".join(column.allowed))
    return " / ".join(part for part in parts if part)


def remark(schema: TableSchema) -> list[str]:
    """Return the row below the header of a CSV template."""
    cells = [explanation(column) for column in schema.columns]
    return [f"{REMARK} {cells[0]}", *cells[1:]]


def write_csv(schema: TableSchema, rows: Iterable[Sequence[str]] = ()) -> bytes:
    """Return the template as CSV: UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(schema.names)
    writer.writerow(remark(schema))
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def write_workbook(schema: TableSchema, rows: Iterable[Sequence[str]] = ()) -> bytes:
    """Return the template as an Excel workbook: the table on its sheet, the explanation on a second one."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = schema.name[:31]
    filled = [list(schema.names), *(list(row) for row in rows)]
    for line in range(1, max(len(filled), ROWS_READY) + 1):
        for place in range(1, len(schema.columns) + 1):
            cell = sheet.cell(line, place)
            cell.number_format = "@"
            if line <= len(filled) and filled[line - 1][place - 1]:
                cell.value = _LOOKS_ESCAPED.sub("_x005F_", filled[line - 1][place - 1])
                cell.data_type = "s"  # what begins with = is text here
    for place, column in enumerate(schema.columns, start=1):
        letter = get_column_letter(place)
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = max(14, len(column.name) + 4)
        words = ",".join(column.allowed)
        if words and len(words) <= _LONGEST_LIST and column.type not in ("texts", "ids"):
            choice = DataValidation(type="list", formula1=f'"{words}"', allow_blank=not column.required)
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{ROWS_READY}")
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet(EXPLANATION), schema)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _explain(sheet: object, schema: TableSchema) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    assert isinstance(sheet, Worksheet)
    sheet.append(_HEAD)
    for column in schema.columns:
        need = "是 yes" if column.required else ""
        words = ", ".join(column.allowed)
        sheet.append((column.name, need, column.type, column.description_zh, column.description_en, words))
    for place, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.cell(1, place).font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def without_remark(records: list[Record], schema: TableSchema, name: str) -> tuple[list[Record], tuple[Fault, ...]]:
    """Return the records without the row that explains the columns; one in other words than ours is told of."""
    if len(records) < 2 or not any(cell.startswith(REMARK) for cell in records[1][1][:1]):
        return records, ()
    line, cells = records[1]
    ours = {cell.strip() for cell in remark(schema)}
    known = ours.issuperset(cell.strip() for cell in cells if cell.strip())
    told = () if known else (Fault("import.remark_left_out", {}, Place(name, line), "warning"),)
    return [records[0], *records[2:]], told
