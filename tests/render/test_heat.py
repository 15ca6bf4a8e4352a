"""The matrix of shares and the strip: shades that follow the numbers, nothing outside, nothing on the diagonal."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.render.heat import DARKEST, heat_matrix, share_strip
from bridgehead.render.svg import LEAST_TYPE_PX, Size, Words

WIDE, NARROW = Size(760, 400), Size(358, 330, narrow=True)
shares = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))


def read(markup: str) -> ET.Element:
    return ET.fromstring(markup)


def test_every_pair_has_its_number_and_its_shade():
    drawing = read(heat_matrix(["a", "b"], [[1.0, 0.4], [0.4, 1.0]], Words("alike"), WIDE))
    shades = [one.get("fill-opacity") for one in drawing.iter("rect")]
    assert shades == [f"{0.4 * DARKEST:.2f}"] * 2
    assert [one.text for one in drawing.iter("text")].count("40") == 2
    assert "a – b: 40%" in [one.text for one in drawing.iter("title")]
    assert drawing.get("aria-label") == "alike"


def test_names_lead_to_their_pages_and_the_drawing_is_then_a_group():
    drawing = read(heat_matrix(["a", "b"], [[1.0, 0.4], [0.4, 1.0]], Words("x"), WIDE, ["/a/", ""]))
    assert [one.get("href") for one in drawing.iter("a")] == ["/a/"]
    assert drawing.get("role") == "group"


def test_nothing_to_compare_says_so():
    assert "nothing here" in heat_matrix([], [], Words("x", empty="nothing here"), WIDE)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@settings(max_examples=15)
@given(st.data())
def test_whatever_the_names_and_numbers_everything_lies_inside(size, data):
    names = data.draw(st.lists(st.text(max_size=30), min_size=1, max_size=14))
    row = st.lists(shares, min_size=len(names), max_size=len(names))
    matrix = data.draw(st.lists(row, min_size=len(names), max_size=len(names)))
    drawing = read(heat_matrix(names, matrix, Words("x"), size))
    for one in drawing.iter("rect"):
        assert 0 <= float(one.get("x", "")) <= float(one.get("x", "")) + float(one.get("width", "")) <= size.width
        assert 0 <= float(one.get("fill-opacity", "")) <= DARKEST
    assert all(float(one.get("font-size", "")) >= LEAST_TYPE_PX for one in drawing.iter("text"))


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=8))
def test_a_strip_is_never_longer_than_the_whole(listed):
    boxes = [(float(r.get("x", "")), float(r.get("width", ""))) for r in read(share_strip(listed, "x")).iter("rect")]
    assert all(x >= 0 and x + width <= 180.1 for x, width in boxes)


def test_a_strip_has_its_first_share_in_accent():
    classes = [one.get("class") for one in read(share_strip([0.5, 0.25], "x", width=100)).iter("rect")]
    assert classes == ["bar0", "bar1", "bar2"]
    widths = [float(one.get("width", "")) for one in read(share_strip([0.5, 0.25], "x", width=100)).iter("rect")]
    assert widths == [100.0, 49.0, 24.0]
