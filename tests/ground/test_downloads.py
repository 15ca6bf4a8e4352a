"""Files to download: no cell of them runs in a spreadsheet, and nothing else is changed."""

from __future__ import annotations

import csv
import io

import pytest

from bridgehead.ground.downloads import csv_response


def _cells(*cells: object) -> list[str]:
    answer = csv_response("name", ("a",) * len(cells), [cells])
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1]


@pytest.mark.parametrize("cell", ["=1+1", "＝1", " =1", "-2+3", "+1+1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_a_cell_that_would_run_gets_an_apostrophe(cell: str) -> None:
    assert _cells(cell) == [f"'{cell}"]


@pytest.mark.parametrize("cell", ["-2", "-2.5e3", "-", "2023-12-31", "a = b", "口岸", "", "1+1", "'=1"])
def test_an_innocent_cell_stays_as_it_is(cell: str) -> None:
    assert _cells(cell) == [cell]


def test_numbers_and_gaps_are_no_text() -> None:
    assert _cells(-2, -2.5, None, True) == ["-2", "-2.5", "", "True"]


def test_the_file_has_a_mark_a_name_and_line_feeds() -> None:
    answer = csv_response("ports", ("id", "note"), [("x", 'with "quotes", commas')])
    assert answer.content == '\ufeffid,note\nx,"with ""quotes"", commas"\n'.encode()
    assert answer["Content-Disposition"] == 'attachment; filename="ports.csv"'
