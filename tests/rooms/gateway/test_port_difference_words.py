"""What two runs of a port differ by, in words: a row in one unit, shares in percentage points, enough places."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.simulation.intervals import Estimate
from bridgehead.engines.simulation.reports import Difference
from bridgehead.ground import region
from bridgehead.ground.language import django_code
from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway.port_difference_words import DifferenceRow, difference_rows, difference_sentence
from bridgehead.rooms.gateway.selectors import port_models

TINY = 3.38e-7


def _difference(name: str, first: float, second: float, low: float, high: float) -> Difference:
    return Difference(name, first, second, Estimate((low + high) / 2, (high - low) / 2, 10))


@pytest.fixture
def model(loaded: Loaded) -> port_models.Model:
    return port_models.known(region.current(), "ganqimaodu").model


def _row(model: port_models.Model, *said: object) -> DifferenceRow:
    [row] = difference_rows(model, [_difference(*said)])  # type: ignore[arg-type]
    return row


def test_a_row_is_told_in_one_unit(model: port_models.Model) -> None:
    row = _row(model, "stay_mean_h", 2.13, 1.97, -0.17, -0.15)
    assert (row.first, row.second) == ("2.13 小时", "1.97 小时")
    assert (row.difference, row.interval, row.sure) == ("−0.16 小时", "−0.17 至 −0.15 小时", True)


def test_differences_of_shares_are_percentage_points(model: port_models.Model) -> None:
    said = ("station/scan/utilisation", 0.668, 0.502, -0.17, -0.162)
    row = _row(model, *said)
    assert (row.first, row.second, row.difference) == ("66.8%", "50.2%", "−16.6 个百分点")
    assert row.interval == "−17 至 −16.2 个百分点"
    with override(django_code("en")):
        english = _row(model, *said)
    assert english.difference == "−16.6 percentage points"
    assert english.head.endswith(": utilisation")


def test_an_interval_without_zero_is_told_to_the_places_that_show_it(model: port_models.Model) -> None:
    row = _row(model, "dropped_share", 0.05, 0.0505, 0.0003, 0.0007)
    assert (row.difference, row.interval, row.sure) == ("+0.05 个百分点", "+0.03 至 +0.07 个百分点", True)
    row = _row(model, "station/scan/queue_mean", 0.5, 0.502, 0.0012, 0.0028)
    assert (row.first, row.second, row.difference) == ("0.5", "0.502", "+0.002")
    assert row.interval == "+0.001 至 +0.003"


def test_a_difference_that_may_be_nothing_is_told_to_the_places_of_its_figure(model: port_models.Model) -> None:
    row = _row(model, "station/scan/queue_mean", TINY, 2 * TINY, -TINY, 1.5)
    assert (row.first, row.second, row.interval, row.sure) == ("<0.01", "<0.01", "0 至 +1.5", False)
    row = _row(model, "stay_mean_h", 0.5, 0.5 + TINY, -TINY, TINY)
    assert (row.first, row.difference, row.interval) == ("30 分", "0 分", "0 至 0 分")


def test_the_sentence_tells_both_in_one_unit() -> None:
    said = difference_sentence(["甲", "乙"], [_difference("stay_p90_h", 2.0, 0.5, -1.6, -1.4)])
    assert said == "九成的停留：“甲”不超过 2 小时，“乙”不超过 0.5 小时，差的 95% 区间是 −1.6 至 −1.4 小时。"


@given(st.floats(1e-6, 1e5), st.floats(0.0, 0.999))
def test_no_sure_difference_has_an_end_at_nothing(mean: float, part: float) -> None:
    for low, high in ((mean * (1.0 - part), mean * (1.0 + part)), (-mean * (1.0 + part), -mean * (1.0 - part))):
        sentence = difference_sentence(["a", "b"], [_difference("stay_p90_h", 0.0, mean, low, high)])
        assert not re.search(r"(区间是|至) 0( |，|。)", sentence), sentence
        assert "分不出高下" not in sentence
