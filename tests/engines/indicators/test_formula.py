"""Formulas: against Python's own arithmetic, with what is missing named and nothing made up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.indicators.formula import Formula, Lookup, Missing
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.periods import Period

YEAR, BEFORE = Period.read("2025"), Period.read("2024")
VALUES = {"a": Decimal(12), "b": Decimal(5), "c": Decimal("0.5")}


def given_values(values: dict[tuple[str, str], str]) -> Lookup:
    table = {(name, Period.read(period)): Decimal(value) for (name, period), value in values.items()}
    return lambda name, period: table.get((name, period))


def steady(name: str, period: Period) -> Decimal | None:
    return VALUES.get(name)


expressions = st.recursive(
    st.sampled_from(["a", "b", "c", "2", "0.25", "7"]),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda one: f"({one[0]} {one[1]} {one[2]})"),
    max_leaves=12,
)


@given(expressions)
def test_arithmetic_is_what_python_says(text: str) -> None:
    exact = {name: Fraction(value) for name, value in VALUES.items()}
    found = Formula(text).value(steady, YEAR)
    plain = text.replace("0.25", "Q").replace("2", "N2").replace("7", "N7")
    try:
        expected = eval(plain, {"Q": Fraction(1, 4), "N2": Fraction(2), "N7": Fraction(7), **exact})
    except ZeroDivisionError:
        assert found.value is None
        assert Missing("", YEAR) in found.missing
        return
    assert found.value is not None
    assert float(found.value) == pytest.approx(float(expected), rel=1e-12, abs=1e-15)


def test_shares_and_growth_worked_out_by_hand() -> None:
    lookup = given_values(
        {
            ("processed", "2025"): "4.8",
            ("imported", "2025"): "10",
            ("trade", "2025"): "1963.3",
            ("trade", "2024"): "1884.2",
        }
    )
    assert Formula("100 * processed / imported").value(lookup, YEAR).value == 48
    growth = Formula("growth(trade)").value(lookup, YEAR).value
    assert growth is not None
    assert round(growth, 1) == Decimal("4.2")
    assert Formula("before(trade)").value(lookup, YEAR).value == Decimal("1884.2")
    assert Formula("most(processed, imported) - least(processed, imported)").value(lookup, YEAR).value == Decimal("5.2")
    assert Formula("mean(processed, imported) * 2 - total(processed, imported)").value(lookup, YEAR).value == 0


def test_a_figure_to_date_is_the_one_reported_for_that_span() -> None:
    lookup = given_values({("trade", "2025-01..11"): "1963.3", ("trade", "2025-11"): "211.6"})
    assert Formula("to_date(trade)").value(lookup, Period.read("2025-11")).value == Decimal("1963.3")


def test_what_is_missing_is_named_once_and_is_never_zero() -> None:
    found = Formula("100 * a / gone + gone + growth(never)").value(steady, YEAR)
    assert found.value is None
    assert found.missing == (Missing("gone", YEAR), Missing("never", BEFORE), Missing("never", YEAR))
    nothing = Formula("a / (b - b)").value(steady, YEAR)
    assert (nothing.value, nothing.missing) == (None, (Missing("", YEAR),))


def test_the_series_of_a_formula() -> None:
    assert Formula("growth(a) + b / a").series == ("a", "b")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "formula.unreadable"),
        ("a +", "formula.unreadable"),
        ("a ** b", "formula.not_allowed"),
        ("a.b", "formula.not_allowed"),
        ("__import__('os')", "formula.not_allowed"),
        ("total()", "formula.not_allowed"),
        ("growth(a, b)", "formula.not_allowed"),
        ("mean(x=a)", "formula.not_allowed"),
        ("[a for a in b]", "formula.not_allowed"),
        ("True", "formula.not_allowed"),
        ("'a'", "formula.not_allowed"),
        ("a if b else c", "formula.not_allowed"),
        ("lambda: 1", "formula.not_allowed"),
        ("(" * 300 + "a" + ")" * 300, "formula.too_long"),
        ("a\0", "formula.unreadable"),
    ],
)
def test_whatever_is_more_than_arithmetic_is_refused(text: str, code: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        Formula(text)
    assert refused.value.code == code
