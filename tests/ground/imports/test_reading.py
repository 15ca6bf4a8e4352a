"""Tables as people save them: every encoding, separator and spreadsheet habit, read as it is seen or refused."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bridgehead.ground.files.kinds import inspect
from bridgehead.ground.imports.reading import MOST_ROWS, Reading, read
from bridgehead.ground.imports.templates import write_csv, write_workbook
from bridgehead.kernel.cells import is_formula
from bridgehead.kernel.schemas import Column, TableSchema
from tests.ground.files import samples

SCHEMA = TableSchema(
    "goods",
    columns=(
        Column("id", required=True, key=True, description_zh="编号", description_en="id"),
        Column("name", description_zh="名称", description_en="name"),
        Column("kind", allowed=("a", "b"), description_zh="类别", description_en="kind"),
    ),
)


def csv_read(text: str, encoding: str = "utf-8") -> Reading:
    return read(text.encode(encoding), "csv", SCHEMA, "t.csv")


def rows(reading: Reading) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.line, row.several(SCHEMA.names)) for row in reading.table.rows]


def told(reading: Reading) -> list[tuple[str, int | None, str | None]]:
    return [(fault.code, fault.place.row, fault.place.column) for fault in reading.faults]


CELL = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"),
    max_size=20,
).filter(lambda text: not is_formula(text))
ROWS = st.lists(
    st.tuples(CELL.filter(lambda text: text.strip() != ""), CELL, st.sampled_from(["", "a", "b"])),
    max_size=8,
    unique_by=lambda row: row[0].strip(),
)


@given(ROWS)
def test_whatever_the_csv_template_is_filled_with_reads_back(filled: list[tuple[str, str, str]]) -> None:
    reading = read(write_csv(SCHEMA, filled), "csv", SCHEMA, "t.csv")
    assert not reading.faults
    assert not reading.warnings
    assert [texts for _, texts in rows(reading)] == [tuple(cell.strip() for cell in row) for row in filled]
    assert [line for line, _ in rows(reading)] == list(range(3, 3 + len(filled)))


@settings(max_examples=15, deadline=None)
@given(ROWS)
@example([("_x0041_", "a _x000D__x005F_", "a")])
def test_whatever_the_workbook_template_is_filled_with_reads_back(filled: list[tuple[str, str, str]]) -> None:
    content = write_workbook(SCHEMA, filled)
    assert inspect(content, "t.xlsx").name == "xlsx"
    reading = read(content, "xlsx", SCHEMA, "t.xlsx")
    assert not reading.faults
    assert [texts for _, texts in rows(reading)] == [tuple(cell.strip() for cell in row) for row in filled]
    assert [line for line, _ in rows(reading)] == list(range(2, 2 + len(filled)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_encoding_and_separator_reads_the_same(encoding: str, separator: str, end: str) -> None:
    text = end.join(
        separator.join(f'"{cell}"' if any(mark in cell for mark in ",;\t\n") else cell for cell in cells)
        for cells in (["id", "name", "kind"], ["1", "甲,乙;\t丙", "a"], [], ["2", "两\n行", "b"])
    )
    reading = csv_read(text, encoding)
    assert not reading.faults
    assert rows(reading) == [(2, ("1", "甲,乙;\t丙", "a")), (4, ("2", "两\n行", "b"))]


def test_the_line_by_which_a_spreadsheet_names_the_separator_is_no_row() -> None:
    assert rows(csv_read("sep=;\nid;name;kind\n1;a,b;a\n")) == [(2, ("1", "a,b", "a"))]


def test_unknown_missing_and_doubled_columns_are_named() -> None:
    reading = csv_read("id,nme,id,extra\n1,2,3,4\n")
    assert {(code, column) for code, _, column in told(reading)} == {
        ("table.extra_column", "nme"),
        ("table.extra_column", "extra"),
        ("table.duplicate_column", "id"),
        ("table.missing_column", "name"),
        ("table.missing_column", "kind"),
    }


def test_every_fault_of_every_row_is_told_with_row_and_column() -> None:
    reading = csv_read('id,name,kind\n,x,c\n1,=HYPERLINK("http://a"),a\n2,x\n1,y,b\n')
    assert told(reading) == [
        ("table.empty_cell", 2, "id"),
        ("table.not_allowed", 2, "kind"),
        ("table.formula", 3, "name"),
        ("table.ragged_row", 4, None),
        ("table.duplicate_key", 5, "id"),
    ]


def test_the_row_that_explains_is_left_out_and_another_one_like_it_is_told_of() -> None:
    ours = write_csv(SCHEMA, [("1", "x", "a")])
    assert not read(ours, "csv", SCHEMA, "t.csv").warnings
    other = csv_read("id,name,kind\n#1,x,a\n#2,x,a\n")
    assert [fault.code for fault in other.warnings] == ["import.remark_left_out"]
    assert rows(other) == [(3, ("#2", "x", "a"))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "table.empty_file"),
        ("id,name,kind\n" + "1,x,a\n" * (MOST_ROWS + 1), "import.too_many_rows"),
        ("id,name,kind" + ",x" * 300, "import.too_many_columns"),
        ("id,name,kind\n1," + "x" * 10_001 + ",a\n", "import.cell_too_long"),
        ("id,name,kind\n1," + "x" * 200_000 + ",a\n", "table.cell_too_long"),
        ('id,name,kind\n1,"x,a\n', "table.broken_quotes"),
    ],
)
def test_tables_beyond_the_limits_are_refused(text: str, code: str) -> None:
    assert code in [fault.code for fault in csv_read(text).faults]


def book(fill: object) -> bytes:
    made = Workbook()
    sheet = made.active
    sheet.append(["id", "name", "kind"])
    fill(sheet)  # type: ignore[operator]
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def xlsx_read(content: bytes) -> Reading:
    assert inspect(content, "t.xlsx").name == "xlsx"
    return read(content, "xlsx", SCHEMA, "t.xlsx")


def test_cells_of_a_workbook_read_as_they_are_seen() -> None:
    def fill(sheet: object) -> None:
        moment = datetime(2023, 7, 31, 9, 5)  # noqa: DTZ001 - a cell knows no zone
        values = [1, 1.5, 0.1, 1e-7, 123456789012345, date(2023, 7, 31), moment, True, "  文 "]
        for place, value in enumerate(values):
            sheet.append([f"r{place}", value])  # type: ignore[attr-defined]
        sheet.append([7, "code"])  # type: ignore[attr-defined]
        sheet.cell(11, 1).number_format = "00000"  # type: ignore[attr-defined]

    reading = xlsx_read(book(fill))
    assert not reading.faults
    names = [texts[1] for _, texts in rows(reading)]
    assert names[:5] == ["1", "1.5", "0.1", "1e-07", "123456789012345"]
    assert names[5:] == ["2023-07-31", "2023-07-31 09:05", "TRUE", "文", "code"]
    assert rows(reading)[-1][1][0] == "00007"


def test_times_keep_their_seconds_and_lose_what_a_fraction_of_a_day_adds() -> None:
    def fill(sheet: object) -> None:
        for text in ("2023-07-31 09:05:41", "2023-07-31 09:04:59.999", "2023-07-31 23:59:59.9996"):
            sheet.append(["a", datetime.fromisoformat(text)])  # type: ignore[attr-defined]
        for text in ("09:05:00", "09:05:41"):
            sheet.append(["a", clock.fromisoformat(text)])  # type: ignore[attr-defined]

    assert [texts[1] for _, texts in rows(xlsx_read(book(fill)))] == [
        "2023-07-31 09:05:41",
        "2023-07-31 09:05",
        "2023-08-01",
        "09:05",
        "09:05:41",
    ]


def test_sheets_that_are_not_read_are_named() -> None:
    made = Workbook()
    made.active.title = "货物"
    for title in ("货物", "二月", "empty", "hidden"):
        sheet = made[title] if title in made else made.create_sheet(title)
        if title != "empty":
            sheet.append(["id", "name", "kind"])
    made["hidden"].sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    reading = xlsx_read(out.getvalue())
    assert [(fault.code, fault.severity, fault.parameters) for fault in reading.warnings] == [
        ("import.other_sheets", "warning", {"sheet": "货物", "others": ["二月"]})
    ]
    assert not xlsx_read(write_workbook(SCHEMA, [("1", "x", "a")])).warnings


def test_what_would_have_to_be_guessed_is_refused() -> None:
    def fill(sheet: object) -> None:
        sheet.append(["a", "=1+1"])  # type: ignore[attr-defined]
        sheet.append(["b", "#REF!"])  # type: ignore[attr-defined]
        sheet.append(["c", 91150000123456789])  # type: ignore[attr-defined]
        sheet.append(["d", "x"])  # type: ignore[attr-defined]
        sheet.merge_cells("B5:B6")  # type: ignore[attr-defined]

    assert told(xlsx_read(book(fill))) == [
        ("import.formula_without_value", 2, "name"),
        ("import.error_in_cell", 3, "name"),
        ("import.number_rounded", 4, "name"),
        ("import.merged_cells", 5, None),
    ]


def test_a_formula_counts_by_the_value_that_was_seen_and_that_is_told() -> None:
    content = book(lambda sheet: sheet.append(["a", "=1+1"]))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        old = packed.read("xl/worksheets/sheet1.xml").decode()
    new = re.sub(r'(<c r="B2"[^>]*><f>1\+1</f>)<v ?/?>(</v>)?', r"\1<v>2</v>", old)
    reading = xlsx_read(samples.repacked(content, {"xl/worksheets/sheet1.xml": new}))
    assert rows(reading) == [(2, ("a", "2", ""))]
    assert [fault.code for fault in reading.warnings] == ["import.formulas_by_value"]


def test_rows_that_a_filter_hides_are_read_and_told_of() -> None:
    def fill(sheet: object) -> None:
        sheet.append(["a", "x"])  # type: ignore[attr-defined]
        sheet.append(["b", "y"])  # type: ignore[attr-defined]
        sheet.row_dimensions[3].hidden = True  # type: ignore[attr-defined]

    reading = xlsx_read(book(fill))
    assert len(rows(reading)) == 2
    assert [(fault.code, fault.parameters["count"]) for fault in reading.warnings] == [("import.hidden_rows", 1)]


def test_empty_rows_between_and_behind_count_but_hold_nothing() -> None:
    def fill(sheet: object) -> None:
        sheet["A5"] = "a"  # type: ignore[index]
        for line in range(6, 3_000):
            sheet.cell(line, 2).number_format = "@"  # type: ignore[attr-defined]

    reading = xlsx_read(book(fill))
    assert not reading.faults
    assert rows(reading) == [(5, ("a", "", ""))]


def test_the_sheet_of_the_template_is_read_before_the_first_visible_one() -> None:
    made = Workbook()
    made.active.append(["other"])
    named = made.create_sheet("goods")
    named.append(["id", "name", "kind"])
    named.append(["a", "x", "a"])
    out = io.BytesIO()
    made.save(out)
    assert rows(xlsx_read(out.getvalue())) == [(2, ("a", "x", "a"))]
    made.remove(named)
    made.active.sheet_state = "hidden"
    second = made.create_sheet("data")
    second.append(["id", "name", "kind"])
    out = io.BytesIO()
    made.save(out)
    assert not xlsx_read(out.getvalue()).faults


def _sheet(rows_xml: str) -> bytes:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    names = "".join(
        f'<c r="{c}1" t="inlineStr"><is><t>{n}</t></is></c>' for c, n in zip("ABC", SCHEMA.names, strict=True)
    )
    whole = f'{head}<row r="1">{names}</row>{rows_xml}</sheetData></worksheet>'
    return samples.repacked(samples.workbook(), {"xl/worksheets/sheet1.xml": whole})


@pytest.mark.parametrize(
    ("rows_xml", "code"),
    [
        ('<row r="999999999"><c r="A999999999"><v>1</v></c></row>', "import.unreadable_workbook"),
        (
            '<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
            "import.unreadable_workbook",
        ),
        ('<row r="2"><c r="ZZZZ2"><v>1</v></c></row>', "import.unreadable_workbook"),
        ('<row r="2"><c r="A2" t="s"><v>99</v></c></row>', "import.unreadable_workbook"),
        ('<row r="2"><c r="A2"><v>x</v></c></row>', "import.unreadable_workbook"),
        ('<row r="2"><c r="XFD2"><v>1</v></c></row>', "import.too_many_columns"),
        ("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 5_100)), "import.too_many_rows"),
    ],
)
def test_a_sheet_that_is_no_sheet_is_refused_quickly(rows_xml: str, code: str) -> None:
    started = time.monotonic()
    assert [fault.code for fault in read(_sheet(rows_xml), "xlsx", SCHEMA, "t.xlsx").faults] == [code]
    assert time.monotonic() - started < 5


def test_a_million_empty_rows_of_the_widest_kind_are_passed_over() -> None:
    wide = "".join(f'<row r="{n}"><c r="XFD{n}" s="0"/></row>' for n in range(2, 100_000))
    started = time.monotonic()
    reading = read(_sheet(wide), "xlsx", SCHEMA, "t.xlsx")
    assert not reading.faults
    assert not rows(reading)
    assert time.monotonic() - started < 10


def test_a_full_table_of_either_kind_is_read_in_seconds() -> None:
    filled = [(f"k{n}", f"名称 {n}", "a") for n in range(MOST_ROWS)]
    for kind, content in (("csv", write_csv(SCHEMA, filled)), ("xlsx", write_workbook(SCHEMA, filled))):
        started = time.monotonic()
        reading = read(content, kind, SCHEMA, f"t.{kind}")
        assert len(reading.table.rows) == MOST_ROWS
        assert time.monotonic() - started < 5
