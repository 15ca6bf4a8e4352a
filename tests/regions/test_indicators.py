"""The indicators of the shipped region: each measures an article, in a unit that can be told, by a body there is."""

from __future__ import annotations

import pytest

from bridgehead.engines.indicators.formula import Formula
from bridgehead.kernel.units import measures
from bridgehead.regions.load import load_region

MEASURED = (5, 14, 27, 28, 40, 41, 42, 47, 54, 75, 78, 79, 81)
"""Articles on whose pages the board of pace and the register of indicators stand."""


@pytest.mark.article(14, 27, 28, 40, 41, 42, 47, 54, 75, 78, 79, 81)
def test_every_article_the_board_serves_has_an_indicator() -> None:
    measured = {number for row in load_region().rows("indicators") for number in row["articles"] or ()}
    assert set(MEASURED) - {5} <= measured, "5 is the mechanism that looks at all of them"


def test_every_indicator_can_be_told() -> None:
    region = load_region()
    rows = region.rows("indicators")
    known = {row.text("id") for row in rows} | {row.text("id") for row in region.rows("series")}
    for row in rows:
        measures(row.text("unit"))
        if row.text("formula"):
            assert set(Formula(row.text("formula")).series) <= known, row.text("id")
    assert len({row.text("id") for row in rows}) == 71
