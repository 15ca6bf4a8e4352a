"""Units: exact conversions both ways, and one clear error for what measures something else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.units import convert, measures

MASSES = ["t", "10^3 t", "10^4 t", "10^6 t", "10^8 t", "Mt"]


@pytest.mark.parametrize(
    ("value", "unit", "into", "expected"),
    [
        ("13200", "10^4 t", "Mt", "132"),
        ("1.32", "10^8 t", "10^4 t", "13200"),
        ("1963.3", "10^8 CNY", "CNY", "196330000000"),
        ("48", "%", "ratio", "0.48"),
        ("90", "min", "h", "1.5"),
        ("429", "trains", "trains", "429"),
        ("2710", "10^4 CNY", "10^8 CNY", "0.271"),
        ("5000", "kgce", "tce", "5"),
        ("0.5", "MW", "kW", "500"),
        ("2500", "Mbit/s", "Gbit/s", "2.5"),
        ("1.2", "10^4 m3", "m3", "12000"),
        ("18", "months", "months", "18"),
    ],
)
def test_figures_as_reports_state_them(value: str, unit: str, into: str, expected: str) -> None:
    assert convert(Decimal(value), unit, into) == Decimal(expected)


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from(MASSES), st.sampled_from(MASSES))
def test_there_and_back_is_the_same(value: Decimal, unit: str, into: str) -> None:
    assert convert(convert(value, unit, into), into, unit) == value
    assert measures(unit)[0] == "t"


@pytest.mark.parametrize(
    ("unit", "into", "code"),
    [
        ("10^4 t", "10^8 CNY", "unit.other_kind"),
        ("t", "t/year", "unit.other_kind"),
        ("CNY", "USD", "unit.other_kind"),
        ("bushels", "t", "unit.unknown"),
        ("months", "days", "unit.other_kind"),
        ("kgce", "kgce/t", "unit.other_kind"),
        ("t/day", "t/year", "unit.other_kind"),
        ("", "t", "unit.unknown"),
        ("k CNY", "CNY", "unit.unknown"),
        ("10^5 t", "t", "unit.unknown"),
    ],
)
def test_what_does_not_fit_is_refused(unit: str, into: str, code: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        convert(Decimal(1), unit, into)
    assert refused.value.code == code
