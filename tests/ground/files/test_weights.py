"""Workbooks that unfold into more than a table needs are refused before anything is built of them."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable

import pytest

from bridgehead.ground.files.kinds import inspect
from bridgehead.ground.files.weights import MOST_ELEMENTS, MOST_IN_ONE_PIECE, MOST_OF
from bridgehead.ground.imports.workbooks import read_workbook
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.files import samples

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHARED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def noisy(piece: str, count: int) -> str:
    """Repeat a piece, with marks between that do not shrink: the ratio says nothing of it."""
    marks = random.Random(1)
    return "".join(piece + ("" if n % 40 else f"<!--{marks.getrandbits(96):x}-->") for n in range(count))


def texts(body: str, name: str = "xl/sharedStrings.xml") -> bytes:
    types = samples.part(samples.workbook(), samples.CONTENT_TYPES)
    own = f'<Override PartName="/{name}" ContentType="{SHARED}"/></Types>'
    return samples.repacked(
        samples.workbook(),
        {samples.CONTENT_TYPES: types.replace("</Types>", own), name: f"<sst {NS}>{body}</sst>"},
    )


def sheet(rows: str, rest: str = "") -> bytes:
    whole = f"<worksheet {NS}><sheetData>{rows}</sheetData>{rest}</worksheet>"
    return samples.repacked(samples.workbook(), {"xl/worksheets/sheet1.xml": whole})


def styles(body: str) -> bytes:
    return samples.repacked(samples.workbook(), {"xl/styles.xml": f"<styleSheet {NS}>{body}</styleSheet>"})


def listed(body: str) -> bytes:
    whole = samples.part(samples.workbook(), "xl/workbook.xml")
    return samples.repacked(samples.workbook(), {"xl/workbook.xml": whole.replace("</workbook>", f"{body}</workbook>")})


def digits(length: int) -> str:
    marks = random.Random(2)
    return "".join(f"{marks.getrandbits(64):016x}" for _ in range(length // 16))


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "texts": (lambda: texts(noisy("<si/>", 500_000)), "<si>"),
    "texts in a part with another ending": (lambda: texts(noisy("<si/>", 500_000), "xl/texts.bin"), "<si>"),
    "pieces of texts": (lambda: texts(f"<si>{noisy('<r><t>a</t></r>', 200_000)}</si>"), "<r>"),
    "formats": (lambda: styles(f"<cellXfs>{noisy('<xf/>', 500_000)}</cellXfs>"), "<xf>"),
    "fonts": (lambda: styles(f"<fonts>{noisy('<font><b/></font>', 20_000)}</fonts>"), "<font>"),
    "what is no format": (lambda: styles(noisy("<v/>", MOST_IN_ONE_PIECE + 1)), "elements"),
    "cells in a row": (lambda: sheet(f"<row>{noisy('<c/>', 2_000_000)}</row>"), "<c>"),
    "rows": (lambda: sheet(noisy("<row/>", 1_000_000)), "<row>"),
    "merged cells": (lambda: sheet("", f"<m>{noisy('<mergeCell/>', 300_000)}</m>"), "<mergeCell>"),
    "columns": (lambda: sheet("", noisy("<col/>", MOST_ELEMENTS + 1)), "elements"),
    "names": (lambda: listed(noisy("<definedName name='a'>A1</definedName>", 100_000)), "<definedName>"),
    "sheets": (lambda: listed(noisy("<sheet name='a'/>", 9_000)), "<sheet>"),
    "levels": (lambda: texts(f"{'<si>' * 90_000}{'</si>' * 90_000}"), "levels"),
    "attributes": (lambda: sheet("<row " + " ".join(f"a{n}='{n}'" for n in range(9_000)) + "/>"), "attributes"),
    "an endless tag": (lambda: sheet("", f"<d sqref='{digits(3_000_000)}'/>"), "bytes"),
    "an endless remark": (lambda: sheet("", f"<!--{digits(3_000_000)}-->"), "bytes"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_workbook_too_heavy_to_read_is_refused_in_a_moment(bomb: str) -> None:
    make, what = BOMBS[bomb]
    content = make()
    started = time.monotonic()
    with pytest.raises(BridgeheadError) as caught:
        inspect(content, "a.xlsx", as_table=True)
    taken_s = time.monotonic() - started
    assert [(fault.code, fault.parameters["what"]) for fault in caught.value.faults] == [
        ("file.workbook_too_heavy", what)
    ]
    assert taken_s < 3  # under one on an idle machine
    if what not in ("levels", "<sheet>"):
        assert inspect(content, "a.xlsx").name == "xlsx"  # to be kept, nobody unfolds it


def test_the_bomb_of_small_texts_shrinks_too_well_to_be_kept_at_all() -> None:
    content = texts("<si/>" * 400_000)
    assert len(content) < 15_000
    with pytest.raises(BridgeheadError) as caught:
        inspect(content, "a.xlsx")
    assert caught.value.code == "file.archive_bomb"


def test_what_is_beside_a_bomb_lends_it_no_weight() -> None:
    content = samples.repacked(
        texts("<si/>" * 400_000), {"xl/media/image1.png": samples.png() + random.Random(3).randbytes(500_000)}
    )
    with pytest.raises(BridgeheadError) as caught:
        inspect(content, "a.xlsx")
    assert caught.value.code == "file.archive_bomb"


def test_refusing_a_bomb_takes_little_room() -> None:
    content = texts(noisy("<si/>", 500_000))
    tracemalloc.start()
    with pytest.raises(BridgeheadError):
        inspect(content, "a.xlsx", as_table=True)
    _, peak_b = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_b < 5_000_000


def test_a_full_workbook_as_spreadsheets_write_it_is_taken() -> None:
    rows, columns = 2_000, 30
    strings = "".join(f'<si><t xml:space="preserve">货物 {n} of many</t></si>' for n in range(50_000))
    cells = "".join(
        f'<row r="{row}" spans="1:{columns}" ht="15" customHeight="1">'
        + "".join(
            f'<c r="{chr(65 + at // 26 - 1) if at > 25 else ""}{chr(65 + at % 26)}{row}" s="0" t="s">'
            f"<v>{(row * columns + at) % 50_000}</v></c>"
            for at in range(columns)
        )
        + "</row>"
        for row in range(1, rows + 1)
    )
    content = samples.repacked(
        texts(strings), {"xl/worksheets/sheet1.xml": f"<worksheet {NS}><sheetData>{cells}</sheetData></worksheet>"}
    )
    assert inspect(content, "a.xlsx", as_table=True).name == "xlsx"
    found = read_workbook(content, "x", "a.xlsx", most_rows=2_002, most_columns=200)
    assert not found.faults
    assert len(found.records) == rows
    assert found.records[1][1][3] == f"货物 {2 * columns + 3} of many"


def test_the_heaviest_workbooks_that_are_taken_are_read_in_seconds() -> None:
    drawn = random.Random(4)
    cells = "".join(
        "<row>" + "".join(f"<c><v>{drawn.getrandbits(32)}</v></c>" for _ in range(75)) + "</row>" for _ in range(2_000)
    )
    for content in (texts(noisy("<si><t>a</t></si>", MOST_OF["si"])), sheet(cells)):
        started = time.monotonic()
        inspect(content, "a.xlsx", as_table=True)
        read_workbook(content, "x", "a.xlsx", most_rows=2_002, most_columns=200)
        assert time.monotonic() - started < 5
