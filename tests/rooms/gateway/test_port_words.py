"""Figures of port models in words: no more places than anybody reads, and less than nothing never written out."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.ground.language import django_code
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway.drawings.port_models import queue_over_day, queue_over_year

TINY = 3.38e-7


@pytest.mark.parametrize(
    ("value_min", "said"),
    [(TINY, "<0.1 分"), (0.0, "0 分"), (0.338, "0.3 分"), (0.06, "0.1 分"), (12.34, "12.3 分"), (270.0, "4.5 小时")],
)
def test_a_duration_is_told_to_a_tenth_of_a_minute(value_min: float, said: str) -> None:
    assert told.minutes(value_min) == said
    assert told.hours(value_min / 60.0) == said


def test_a_duration_is_told_in_english_alike() -> None:
    with override(django_code("en")):
        assert told.minutes(TINY) == "<0.1 min"
        assert told.minutes_between(-TINY, TINY, TINY) == "0 to 0 min"


def test_intervals_and_differences_end_where_the_figure_does() -> None:
    assert told.minutes_between(TINY, 0.26, 0.1) == "0 至 0.3 分"
    assert told.minutes_between(-TINY, 0.26, 0.1, signed=True) == "0 至 +0.3 分"


def test_durations_of_a_table_are_told_in_the_unit_of_the_longest() -> None:
    like = told.like_all([86.4, 127.8, None, 0.2])
    assert [told.minutes(one, like) for one in (86.4, 127.8, 0.2)] == ["1.44 小时", "2.13 小时", "<0.01 小时"]
    assert told.minutes(4000.0, told.like_all([4000.0, 20.0])) == "66.7 小时", "no days beside minutes"
    assert told.minutes(4000.0, told.like_all([4000.0, 9000.0])) == "2.78 天"
    assert told.minutes(0.0, told.like_all([])) == "0 分"


@given(st.floats(-1e6, 1e6))
def test_no_number_has_more_than_three_places(value: float) -> None:
    for said in (
        told.number(abs(value)),
        told.minutes(abs(value)),
        told.signed_minutes(value),
        told.minutes_between(value, value, value),
    ):
        assert not re.search(r"\.\d{3}", said), said
        assert "+0 " not in said
        assert said != "+0"


def test_a_queue_of_a_millionth_is_drawn_as_none() -> None:
    rows = {"mean": [TINY] * 24, "low": [0.0] * 24, "high": [2 * TINY] * 24}
    report = {
        "queues": {"gate": {"day": rows, "year": {name: values * 15 for name, values in rows.items()}}},
        "start": None,
        "run": {"warmup_min": 0.0},
    }
    for drawing in (queue_over_day({"": report}, "gate", "卡口"), queue_over_year({"": report}, "gate", "卡口")):
        assert "0.00000" not in drawing
