"""What is a value of which type, and what is said of what is none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.eligibility.facts import FactType, WrongValueError, read_register
from bridgehead.kernel.errors import sentence

SIZES = ("big", "tiny")


@pytest.mark.parametrize(
    ("kind", "given_value", "value"),
    [
        ("bool", True, True),
        ("int", 12, Decimal(12)),
        ("int", 12.0, Decimal(12)),
        ("int", 0, Decimal(0)),
        ("int", -0.0, Decimal(0)),
        ("int", Decimal("5.00"), Decimal(5)),
        ("number", 0.1, Decimal("0.1")),
        ("number", 1e22, Decimal("1E+22")),
        ("money", 8000.004, Decimal("8000.004")),
        ("money", 10**60 + 1, Decimal(10**60 + 1)),
        ("money", 5e-324, Decimal("5E-324")),
        ("money_signed", -0.01, Decimal("-0.01")),
        ("share", 0, Decimal(0)),
        ("share", 1, Decimal(1)),
        ("share", 0.05, Decimal("0.05")),
        ("enum", "big", "big"),
        ("text", "9810", "9810"),
        ("text", " ", " "),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("date", date(2024, 1, 1), date(2024, 1, 1)),
    ],
)
def test_values(kind, given_value, value):
    found = FactType(kind, SIZES).value(given_value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "given_value"),
    [
        ("bool", "yes"), ("bool", 1), ("bool", 0), ("bool", "true"), ("bool", None),
        ("int", 12.5), ("int", -1), ("int", True), ("int", "12"), ("int", float("nan")), ("int", float("inf")),
        ("number", -0.1), ("number", False), ("number", "1"), ("number", [1]), ("number", Decimal("NaN")),
        ("money", -1), ("money", "100,000"), ("money", Decimal("1E+999999999")),
        pytest.param("money", 10**5000, id="huge"),
        ("money", Decimal("1E-999999")), ("money_signed", Decimal("sNaN")), ("money_signed", Decimal("-Infinity")),
        ("share", 1.2), ("share", -0.01), ("share", 5), ("share", "5%"), ("share", True),
        ("enum", "Big"), ("enum", "mid"), ("enum", ""), ("enum", 5), ("enum", ["big"]),
        ("text", ""), ("text", 9810), ("text", True), ("text", date(2024, 1, 1)),
        ("date", "2024-02-30"), ("date", "2024-2-1"), ("date", "20240201"), ("date", "2024-W01-1"), ("date", 20240201),
        ("date", datetime(2024, 1, 1, tzinfo=UTC)), ("date", "２０２４-01-01"),
    ],
)  # fmt: skip
def test_what_is_no_value(kind, given_value):
    with pytest.raises(WrongValueError):
        FactType(kind, SIZES).value(given_value)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=0))
def test_a_float_is_its_shortest_written_form(number):
    assert FactType("money").value(number) == Decimal(repr(number))


REGISTER, _ = read_register("fact,types\nstaff.average,number\nstaff.share,share\nstaff.size,enum(big|tiny)\n")


def test_every_fact_given_is_checked_and_what_is_null_is_unknown():
    typed = REGISTER.typed(
        {"staff.averag": 5, "staff.share": 1.2, "staff.size": "big", "staff.average": None, "a.b": None}, case="c7"
    )
    assert typed.values == {"staff.size": "big"}
    told = [(fault.code, fault.place.field, fault.parameters["case"]) for fault in typed.faults]
    assert told == [
        ("case.unknown_fact", "staff.averag", "c7"),
        ("case.wrong_value", "staff.share", "c7"),
        ("case.unknown_fact", "a.b", "c7"),
    ]
    assert "staff.average" in sentence(typed.faults[0], "en").cure
    assert "5% is 0.05" in sentence(typed.faults[1], "en").cure


def test_the_cure_of_a_wrong_value_is_that_of_its_type():
    cures = set()
    for kind in ("bool", "int", "number", "money", "money_signed", "share", "text", "date", "enum(x|y)"):
        register, _ = read_register(f"fact,types\na.b,{kind}\n")
        (fault,) = register.typed({"a.b": [1]}).faults
        for language in ("zh", "en"):
            cures.add(sentence(fault, language).cure)
    assert len(cures) == 18
    assert "x, y" in str(cures)


def test_many_misspelt_facts_do_not_take_for_ever():
    import time

    begin = time.perf_counter()
    typed = REGISTER.typed({f"staff.averag{number}": 1 for number in range(20_000)})
    assert len(typed.faults) == 20_000
    assert time.perf_counter() - begin < 3
