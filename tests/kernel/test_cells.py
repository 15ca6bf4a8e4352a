"""Cells: strict parsing with a code for each kind of slip, and the rule about formulas."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.kernel.cells import PARSERS, CellFault, is_formula
from bridgehead.kernel.tables import Column, cell_value

FORMULAS = [
    "=1+1",
    "==1",
    "@SUM(A1:A9)",
    "+A1",
    "-A1",
    "+1+1",
    "-1-1",
    "-2+3+cmd|' /C calc'!A0",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    "＝1+1",
    "＋A1",
    "－A1",
    "＠SUM(A1)",
    " =1",
    "\u3000=1",
    "\u00a0@x",
    "\ufeff=1",
    "\u200b=1",
    "\tplain",
    "\rplain",
    "\nplain",
    " \t=1",
    "- a point in a list",
    "-(5)",
    "+7 495 123",
    "=",
    "@",
    "-1,23,4",
    "-|exchange rate",
]
HARMLESS = [
    "",
    "-",
    "--",
    "---",
    "－",
    "+",
    "-5",
    "+5",
    "-5.25",
    "-.5",
    "-5.",
    "-12.4",
    "-1,234,567.8",
    "-1e-5",
    "+3.2E+10",
    "-5%",
    "-5 %",
    "-57.718",
    "－5",
    "a=1",
    "5-1",
    "1=1",
    "—",
    "−5",
    "口岸",
    "'=1",
    " plain",
    "   ",
    "x@y.org",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_found(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_cells_are_left_alone(text: str) -> None:
    assert not is_formula(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_is_a_formula(number: float) -> None:
    assert not is_formula(repr(number))
    assert not is_formula(f"{number:+}")


@given(st.sampled_from("=@＝＠"), st.text())
def test_equals_and_at_always_are(first: str, rest: str) -> None:
    assert is_formula(first + rest)


@given(st.text())
def test_only_a_suspect_first_mark_makes_a_formula(text: str) -> None:
    if is_formula(text):
        assert text[0] in "\t\r\n" or text.lstrip(" \u00a0\u3000\u200b\ufeff")[0] in "=+-@＝＋－＠\t\r\n"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", " 满洲里 ", "满洲里"),
        ("id", "manzhouli-rail", "manzhouli-rail"),
        ("id", "150100", "150100"),
        ("country", "CN", "CN"),
        ("integer", "1435", 1435),
        ("integer", "-3", -3),
        ("integer", "3.0", 3),
        ("integer", "1e3", 1000),
        ("number", "-57.718", -57.718),
        ("number", ".5", 0.5),
        ("number", "1e3", 1000.0),
        ("decimal", "4700000000", Decimal("4700000000")),
        ("boolean", "y", True),
        ("boolean", "0", False),
        ("date", "2023-07-31", date(2023, 7, 31)),
        ("partial_date", "2023-07", "2023-07"),
        ("texts", "coal; iron ore;;timber；fish", ("coal", "iron ore", "timber", "fish")),
        ("integers", "1520/1435", (1520, 1435)),
        ("ranges", "9-11,15", (9, 10, 11, 15)),
        ("ranges", "68 (subject matter; not named)", (68,)),
        ("length", "0", 0.0),
        ("latitude", "-90", -90.0),
        ("longitude", "180", 180.0),
        ("year", "2023", 2023),
        ("number", "  ", None),
    ],
)
def test_good_cells(kind: str, text: str, value: object) -> None:
    found = cell_value(Column("x", kind), text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("number", "abc", "table.bad_number"),
        ("number", "12 km", "table.bad_number"),
        ("number", "0x10", "table.bad_number"),
        ("number", "1_000", "table.thousands_separator"),
        ("number", "1e", "table.bad_number"),
        ("number", "-", "table.bad_number"),
        ("number", "9" * 5000, "table.bad_number"),
        ("number", "nan", "table.not_finite"),
        ("number", "NaN", "table.not_finite"),
        ("number", "inf", "table.not_finite"),
        ("number", "-Infinity", "table.not_finite"),
        ("number", "1e999", "table.not_finite"),
        ("number", "#DIV/0!", "table.not_finite"),
        ("number", "1,234,567", "table.thousands_separator"),
        ("number", "1 234", "table.thousands_separator"),
        ("number", "1\u202f234.5", "table.thousands_separator"),
        ("number", "12,5", "table.decimal_comma"),
        ("number", "１２", "table.full_width_number"),
        ("number", "٣", "table.bad_number"),
        ("number", "2023-07-31", "table.number_is_date"),
        ("number", "5/12", "table.number_is_date"),
        ("number", "12-Mar", "table.number_is_date"),
        ("number", "2023年7月31日", "table.number_is_date"),
        ("number", "=1", "table.formula"),
        ("integer", "2.5", "table.not_integer"),
        ("integer", "1e30", "table.not_integer"),
        ("integer", "many", "table.bad_number"),
        ("integer", "9" * 5000, "table.bad_number"),
        ("decimal", "1,000", "table.thousands_separator"),
        ("boolean", "perhaps", "table.bad_boolean"),
        ("date", "2023-02-30", "table.bad_date"),
        ("date", "2023-02", "table.bad_date"),
        ("date", "31.7.2023", "table.bad_date"),
        ("partial_date", "2023-13", "table.bad_date"),
        ("partial_date", "0000", "table.bad_date"),
        ("partial_date", "about 2004", "table.bad_date"),
        ("id", "two words", "table.bad_id"),
        ("id", "满洲里", "table.bad_id"),
        ("id", "a/../b", "table.bad_id"),
        ("country", "cn", "table.bad_country"),
        ("country", "CHN", "table.bad_country"),
        ("ranges", "9-", "table.bad_range"),
        ("ranges", "9-3", "table.bad_range"),
        ("ranges", "1-999999", "table.bad_range"),
        ("integers", "1520/wide", "table.bad_number"),
        ("length", "-1", "table.negative_length"),
        ("latitude", "90.1", "table.coordinate_outside_globe"),
        ("longitude", "-181", "table.coordinate_outside_globe"),
        ("year", "0", "table.bad_year"),
        ("year", "20233", "table.bad_year"),
        ("text", "a\x00b", "table.control_character"),
        ("text", "a\x1b[31mb", "table.control_character"),
    ],
)
def test_bad_cells(kind: str, text: str, code: str) -> None:
    with pytest.raises(CellFault) as caught:
        cell_value(Column("x", kind), text)
    assert caught.value.code == code


def test_words_and_bounds_of_a_column() -> None:
    mode = Column("mode", allowed=("rail", "road"))
    assert cell_value(mode, "rail") == "rail"
    with pytest.raises(CellFault, match=re.escape("table.not_allowed")):
        cell_value(mode, "Rail")
    listed = Column("modes", "texts", allowed=("rail", "road"))
    with pytest.raises(CellFault) as caught:
        cell_value(listed, "rail;boat")
    assert caught.value.parameters["value"] == "boat"
    lanes = Column("lanes", "integer", minimum=0, maximum=20)
    assert cell_value(lanes, "20") == 20
    with pytest.raises(CellFault, match=re.escape("table.above_maximum")):
        cell_value(lanes, "21")
    with pytest.raises(CellFault, match=re.escape("table.below_minimum")):
        cell_value(lanes, "-1")
    with pytest.raises(CellFault, match=re.escape("table.empty_cell")):
        cell_value(Column("id", required=True), " ")


@given(st.sampled_from(sorted(PARSERS)), st.text())
def test_any_text_gives_a_value_or_a_fault(kind: str, text: str) -> None:
    with suppress(CellFault):
        value = cell_value(Column("x", kind), text)
        assert not isinstance(value, float) or math.isfinite(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_round_trip(number: float) -> None:
    assert cell_value(Column("x", "number"), repr(number)) == number


@given(st.integers(-(10**15), 10**15))
def test_integers_round_trip(number: int) -> None:
    assert cell_value(Column("x", "integer"), str(number)) == number


@given(st.dates())
def test_dates_round_trip(day: date) -> None:
    assert cell_value(Column("x", "date"), day.isoformat()) == day
