"""Files to download that a page puts together: one way to write CSV and JSON for every room."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpResponse

from bridgehead.ground.screens.attachments import attachment
from bridgehead.kernel.cells import is_formula


def csv_response(name: str, head: Sequence[str], lines: Iterable[Sequence[object]]) -> HttpResponse:
    """Return lines as a CSV file; a text a spreadsheet would run as a formula gets an apostrophe in front.

    UTF-8 with the mark at the beginning by which spreadsheets know it, comma, LF.

    Parameters
    ----------
    name : str
        Name of the file without its ending.
    head : sequence of str
        Names of the columns.
    lines : iterable of sequences
        Cells; None is an empty cell.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for line in lines:
        writer.writerow([_cell(value) for value in line])
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def json_response(name: str, content: Mapping[str, object]) -> HttpResponse:
    """Return plain values as a JSON file; ``name`` is without its ending."""
    body = json.dumps(content, ensure_ascii=False, indent=1)
    return attachment(body.encode(), f"{name}.json", "application/json")


def _cell(value: object) -> object:
    if isinstance(value, str) and is_formula(value):
        return f"'{value}"
    return "" if value is None else value
