"""Formulas of parameters: what is reckoned, and what is left to the reader."""

from __future__ import annotations

import pytest

from bridgehead.regions.checks.formulas import result


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("the value 52.2", 52.2),
        ("the value 2.5 of reloading coal", 2.5),
        ("440 USD / (500 km x 20 t)", 440 / (500 * 20)),
        ("440 USD / 500 km x 20 t", 440 / 500 * 20),
        ("1957 USD / 2 TEU / 19613.7 km (links.csv here - there)", 1957 / 2 / 19613.7),
        ("2 x 64.1: loaded one way, empty the other", 128.2),
        ("2 TEU x 10.2 t/TEU", 20.4),
        ("10000 t a day / 200 trucks a day", 50),
        ("((6) / 3)", 2),
    ],
)
def test_a_plain_product_or_quotient_is_reckoned(formula, found):
    assert result(formula) == pytest.approx(found)


@pytest.mark.parametrize(
    "formula",
    ["", "mean of three reports", "5271 km - 12 km", "1 / 0", "(2 x 3", "2 x", "2 3", "about 12 to 14", "2) x 3"],
)
def test_anything_else_is_left_alone(formula):
    assert result(formula) is None
