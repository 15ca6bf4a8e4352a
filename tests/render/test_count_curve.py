"""Curves over a whole number: words apart from each other, today's number and the limit where they belong."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.render.test_port_drawings import boxes

from bridgehead.render.count_curve import CountLine, CountPoint, Marked, count_curve
from bridgehead.render.labels import boxes_overlap
from bridgehead.render.svg import Size, Words

WORDS = Words("lanes against stay", "desc", "stay, h", "nothing")
SIZES = (Size(776, 380), Size(358, 340, narrow=True))
COUNTS = (3, 4, 5, 6, 7)
VALUES = (6.0, 3.0, 2.2, 2.0, 1.9)


def line(name: str, values: tuple[float, ...], emphasis: int = 1, spread: float = 0.2) -> CountLine:
    points = [CountPoint(n, v, v - spread, v + spread, f"{n}: {v}") for n, v in zip(COUNTS, values, strict=True)]
    return CountLine(name, tuple(points), emphasis)


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


@pytest.mark.parametrize("size", SIZES)
def test_lines_are_named_at_their_ends_and_no_words_touch(size: Size) -> None:
    half = tuple(v / 2 for v in VALUES)
    marked = Marked(5, "now 5 lanes", 4.0, "promise 4 h", (1, 2), "the queue grows")
    lines = [line("nine in ten within", VALUES), line("half within", half, 3)]
    drawing = count_curve(lines, WORDS, size, marked=marked, axis="lanes")
    words = [said for said, _ in boxes(drawing)]
    for name in ("nine in ten within", "half within", "now 5 lanes", "promise 4 h", "lanes"):
        assert name in words
    assert ("the queue grows" in words) != size.narrow, "words that are wider than the shade are its tooltip only"
    assert "the queue grows" in drawing
    assert [n for n in words if n.isdigit() and n in "1234567"][-7:] == ["1", "2", "3", "4", "5", "6", "7"]
    for (a, first), (b, second) in combinations(boxes(drawing), 2):
        assert not boxes_overlap(first, second, -0.5, -0.5), f"{a!r} over {b!r}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("limit", [0.9, 1.1, 1.9, 2.2, 3.5, 6.0])
def test_the_words_of_the_limit_and_the_names_stand_off_lines_and_points(size: Size, limit: float) -> None:
    low = tuple(v / 2 for v in VALUES)
    lines = [line("nine in ten within", VALUES), line("half within", low, 3)]
    drawing = count_curve(lines, WORDS, size, marked=Marked(5, "now", limit, "promise 60 min"), axis="lanes")
    paths = [_points(one) for one in parsed(drawing).iter("path") if one.get("class") in {"l1", "l3"}]
    assert len(paths) == 2
    rule = next(one for one in parsed(drawing).iter("line") if one.get("class") == "tick dash")
    paths.append([(float(rule.get(f"x{i}", "")), float(rule.get(f"y{i}", ""))) for i in (1, 2)])
    for said, (left, top, right, bottom) in boxes(drawing):
        if said not in {"promise 60 min", "nine in ten within", "half within"}:
            continue
        for at, path in enumerate(paths):
            for (x0, y0), (x1, y1) in pairwise(path):
                for i in range(101):
                    x, y = x0 + (x1 - x0) * i / 100, y0 + (y1 - y0) * i / 100
                    crossed = left < x < right and top + 3 < y < bottom - 3
                    assert not crossed, f"{said!r} on line {at} at {x:.0f}, {y:.0f}"


def test_names_stand_in_the_order_in_which_their_lines_end() -> None:
    lines = [line(name, tuple(v * share for v in VALUES), n) for n, (name, share) in
             enumerate((("high", 1.0), ("low", 0.9), ("middle", 0.95)), 1)]  # fmt: skip
    at = {said: box[1] for said, box in boxes(count_curve(lines, WORDS, SIZES[1], marked=Marked(limit=1.8)))}
    assert at["high"] < at["middle"] < at["low"]


def _points(path: ElementTree.Element) -> list[tuple[float, float]]:
    steps = (step.split() for step in path.get("d", "")[1:].split("L"))
    return [(float(x), float(y)) for x, y in steps]


def test_today_the_limit_and_the_points_stand_at_their_values() -> None:
    drawing = parsed(count_curve([line("stay", VALUES)], WORDS, SIZES[0], marked=Marked(4, "now", 3.0, "limit")))
    limit = next(one for one in drawing.iter("line") if one.get("class") == "tick dash")
    [now] = [one for one in drawing.iter("line") if one.get("class") == "leader" and one.get("x1") == one.get("x2")]
    assert limit.get("y1") == limit.get("y2")
    [path] = [one for one in drawing.iter("path") if one.get("class") == "l1"]
    at = [tuple(map(float, step.split())) for step in path.get("d", "")[1:].split("L")]
    assert at[1][0] == pytest.approx(float(now.get("x1", "0")), abs=0.2), "today's number is the second"
    assert at[1][1] == pytest.approx(float(limit.get("y1", "0")), abs=0.2), "its value is the limit"
    assert [y for _, y in at] == sorted(y for _, y in at), "smaller values stand lower"
    titles = [one.text for one in drawing.iter("title")]
    assert "3: 6.0" in titles


def test_numbers_without_a_value_are_shaded_and_leave_the_scale_alone() -> None:
    lines = [line("stay", VALUES)]
    plain = parsed(count_curve(lines, WORDS, SIZES[0]))
    shaded = parsed(count_curve(lines, WORDS, SIZES[0], marked=Marked(without=(1, 2), without_words="grows")))
    assert len(list(shaded.iter("rect"))) == len(list(plain.iter("rect"))) + 1, "neighbours share one span"
    scale = [[t.text for t in one.iter("text") if t.get("text-anchor") == "end"] for one in (plain, shaded)]
    assert scale[0] == scale[1]


def test_nothing_to_draw_is_said() -> None:
    nowhere = CountLine("stay", (CountPoint(3, math.nan, math.nan, math.nan),))
    assert "nothing" in count_curve([nowhere], WORDS, SIZES[0], marked=Marked(without=(3,)))


finite = st.floats(0.0, 1e7)
points = st.builds(CountPoint, st.integers(1, 500), finite, finite | st.just(math.nan), finite | st.just(math.inf))


@given(
    st.lists(st.builds(CountLine, st.text(max_size=8), st.lists(points, max_size=12).map(tuple), st.integers(1, 3)),
             max_size=3),
    st.none() | st.integers(1, 500),
    st.none() | finite,
    st.sampled_from(SIZES),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_numbers_give_a_drawing(lines: list[CountLine], now: int | None, limit: float | None, size: Size) -> None:
    drawing = count_curve(lines, WORDS, size, marked=Marked(now, "now", limit, "limit", (4,), "grows"), axis="lanes")
    assert parsed(drawing).tag.endswith("svg")
