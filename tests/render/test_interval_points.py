"""Points with intervals: all of them drawn inside the picture, labelled on the thing, nothing drawn of nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.render.test_port_drawings import assert_apart, boxes

from bridgehead.render.interval_points import IntervalPoint, Through, Upright, Within, interval_points
from bridgehead.render.svg import Size, Words

SIZES = (Size(560, 300), Size(358, 260, narrow=True))
WORDS = Words("title", "desc", "minutes", "nothing")
CURVE = [IntervalPoint(100.0 * n, 20.0 + n * n, 18.0 + n * n, 22.0 + n * n, f"point {n}") for n in range(1, 7)]


def numbers(drawing: str) -> list[float]:
    paths = re.findall(r'd="([^"]*)"', drawing)
    return [float(one) for path in paths for one in re.findall(r"-?\d+\.?\d*", path)]


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
def test_points_function_and_mark_are_labelled_where_they_are(size: Size) -> None:
    line = Through(tuple((one.x, one.y) for one in CURVE), "what the flows use")
    ticks = [(0.0, "0"), (300.0, "300"), (600.0, "600 a day")]
    drawing = interval_points(
        CURVE, ticks, WORDS, size, span=(0.0, 612.0), through=line, upright=Upright(450.0, "450 a day")
    )
    assert_apart(drawing, size.width)
    words = {said for said, _box in boxes(drawing)}
    assert {"minutes", "what the flows use", "450 a day", "600 a day"} <= words
    tree = ElementTree.fromstring(drawing)
    assert sum("m-model" in one.get("class", "") for one in tree.iter("path")) == len(CURVE)
    assert sum(one.get("class") == "scale" for one in tree.iter("line")) == 3 * len(CURVE), "whiskers with two caps"
    assert [one.text for one in tree.iter("title")][1:] == [one.title for one in CURVE]


def test_a_single_round_lies_in_a_band_that_can_be_seen() -> None:
    band = Within(((0.5, -3.0, 3.0), (1.5, -3.0, 3.0)), "agreement")
    one = [IntervalPoint(1.0, -2.0)]
    for size in SIZES:
        drawing = interval_points(one, [(1.0, "round 1")], WORDS, size, span=(0.5, 1.5), joined=True, within=band)
        assert_apart(drawing, size.width)
        tree = ElementTree.fromstring(drawing)
        [drawn] = [path for path in tree.iter("path") if path.get("class") == "band"]
        xs = [float(x) for x in re.findall(r"([\d.]+) [\d.]+", drawn.get("d", ""))]
        assert max(xs) - min(xs) > 100.0
        assert "agreement" in {said for said, _box in boxes(drawing)}


def test_nothing_is_told_as_nothing() -> None:
    drawing = interval_points([], [], WORDS, SIZES[0])
    assert "nothing" in drawing
    assert "none" in ElementTree.fromstring(drawing).get("class", "")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1e4), st.floats(-1e4, 1e6), st.one_of(st.none(), st.floats(0, 1e5))),
        min_size=1,
        max_size=9,
    ),
    st.booleans(),
)
def test_every_point_lies_inside_the_picture(values: list[tuple[float, float, float | None]], joined: bool) -> None:
    points = [
        IntervalPoint(x, y, None if half is None else y - half, None if half is None else y + half)
        for x, y, half in sorted(values, key=lambda one: one[0])
    ]
    for size in SIZES:
        drawing = interval_points(points, [(0.0, "0")], WORDS, size, joined=joined)
        ElementTree.fromstring(drawing)
        found = numbers(drawing)
        assert all(-6.0 <= one <= size.width + 6.0 for one in found)
