"""Drawings of port models: the flow with its words apart from each other, bands, weeks of shades, stacked bars."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.ground.language import django_code
from bridgehead.regions.load import load_region
from bridgehead.regions.port_models import ports_with_models
from bridgehead.render.axes import Axes
from bridgehead.render.bands import BandLine, band_chart
from bridgehead.render.flow_diagram import flow_diagram, wrapped
from bridgehead.render.flow_layers import FlowEdge, FlowNode, layout
from bridgehead.render.labels import boxes_overlap, text_width
from bridgehead.render.stacked import StackedBar, Stretch, stacked_bars
from bridgehead.render.svg import LEAST_TYPE_PX, Size, Words
from bridgehead.render.week_heat import week_heat

WIDTHS = (Size(1184, 400), Size(900, 400), Size(560, 400), Size(358, 400, narrow=True), Size(300, 400, narrow=True))
WORDS = Words("title", "desc", "units", "nothing")


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


def boxes(drawing: str) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return every text of a drawing with its box, as wide as the cautious estimate says."""
    found = []
    for one in parsed(drawing).iter("text"):
        size, words = float(one.get("font-size", "12")), one.text or ""
        assert size >= LEAST_TYPE_PX
        wide = text_width(words, size, bold="tb" in one.get("class", "").split())
        x, y = float(one.get("x", "0")), float(one.get("y", "0"))
        left = {"middle": x - wide / 2, "end": x - wide}.get(one.get("text-anchor", ""), x)
        found.append((words, (left, y - size * 0.85, left + wide, y + size * 0.2)))
    return found


def assert_apart(drawing: str, wide: float) -> None:
    found = boxes(drawing)
    for (a, first), (b, second) in combinations(found, 2):
        assert not boxes_overlap(first, second, -0.5, -0.5), f"{a!r} over {b!r}"
    for words, box in found:
        assert box[0] >= -0.5, words
        assert box[2] <= wide + 16, words


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("port", ports_with_models(load_region()))
def test_no_two_labels_of_a_port_overlap_at_any_width(port: str, language: str) -> None:
    from bridgehead.ground.region import current
    from bridgehead.rooms.gateway.selectors import port_models

    with override(django_code(language)):
        model = port_models.known(current(), port).model
        nodes, edges = port_models.flow_of(model)
    for size in WIDTHS:
        drawing = flow_diagram(nodes, edges, WORDS, size)
        assert_apart(drawing, size.width)
        told = " ".join(words for words, _ in boxes(drawing)).replace(" ", "")
        for node in nodes:
            if size.width in (1184, 358):
                assert node.name.replace(" ", "") in told, f"{node.name} is cut at {size.width} px"


ids = st.integers(0, 9).map(lambda n: f"n{n}")


@given(st.lists(st.tuples(ids, ids, st.floats(0.1, 50)), max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_flow_is_laid_out_with_every_way_going_on(pairs: list[tuple[str, str, float]]) -> None:
    nodes = [FlowNode(f"n{i}", f"Station {i}", ("2 × 5 min",), lanes=2) for i in range(10)]
    edges = [FlowEdge(a, b, f"{weight:.0f}%", weight) for a, b, weight in pairs]
    plan = layout(nodes, edges)
    assert len(set(plan.places.values())) == len(nodes), "no two stations stand in one place"
    for (tail, head), way in plan.ways.items():
        assert way[0] == plan.places[tail]
        assert way[-1] == plan.places[head]
        columns = [column for column, _ in way]
        assert columns == list(range(columns[0], columns[-1] + 1))
        bends = set(way[1:-1])
        assert not bends & set(plan.places.values()), "no way runs through a station"
    for size in WIDTHS[:1] + WIDTHS[3:4]:
        assert_apart(flow_diagram(nodes, edges, WORDS, size), size.width)


def test_a_way_back_and_a_way_to_nowhere_do_no_harm() -> None:
    nodes = [FlowNode("a", "A", lanes=1), FlowNode("b", "B", lanes=1)]
    edges = [FlowEdge("a", "b"), FlowEdge("b", "a"), FlowEdge("b", ""), FlowEdge("a", "gone"), FlowEdge("a", "a")]
    assert set(layout(nodes, edges).ways) == {("a", "b")}
    assert "<desc>nothing</desc>" in flow_diagram([], [], WORDS, WIDTHS[0])


@given(st.text("abc 中文，", max_size=40), st.floats(30, 200))
def test_wrapped_words_lose_nothing_where_there_is_room(words: str, room: float) -> None:
    lines = wrapped(words, 13.0, room, most=100)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert len(wrapped(words, 13.0, room)) <= 3


def test_a_band_breaks_where_nothing_is_known_and_the_line_with_it() -> None:
    line = BandLine("", [1.0, 2.0, None, 3.0, 4.0], [0.5, 1.0, None, 2.0, 3.0], [2.0, 3.0, None, 4.0, 6.0])
    drawn = parsed(band_chart([line], [(0.0, "0")], WORDS, WIDTHS[2]))
    assert len([one for one in drawn.iter("path") if one.get("class") == "band"]) == 2
    assert len([one for one in drawn.iter("path") if one.get("class") == "l1"]) == 2
    assert "nothing" in band_chart([], [], WORDS, WIDTHS[2])


def test_the_shades_of_a_week_grow_with_the_value_and_stand_on_a_phone_the_other_way() -> None:
    values = [float(hour) for hour in range(168)]
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    for size in (Size(560, 200), Size(358, 200, narrow=True)):
        drawn = parsed(week_heat(values, days, WORDS, size))
        shades = [float(one.get("fill-opacity", "0")) for one in drawn.iter("rect")]
        assert len(shades) == 168
        titles = [one.text or "" for one in drawn.iter("title")]
        assert "Sun 23:00: 167 units" in titles
        assert max(shades) == shades[-1]
        assert_apart(week_heat(values, days, WORDS, size), size.width)
    assert "nothing" in week_heat([], days, WORDS, Size(560, 200))


def test_stacked_bars_stand_on_one_scale_and_name_what_has_room() -> None:
    bars = [
        StackedBar("long", (Stretch(3.0, "wait", "queue"), Stretch(1.0, "work", "desk")), "4 h"),
        StackedBar("short", (Stretch(1.0, "work", "a very long name of a stage"), Stretch(0.0, "held", "no")), "1 h"),
    ]
    drawing = stacked_bars(bars, WORDS, WIDTHS[3])
    widths = [float(one.get("width", "0")) for one in parsed(drawing).iter("rect")]
    assert len(widths) == 3
    assert widths[0] + 1 == pytest.approx(3 * (widths[1] + 1), abs=0.2)
    assert widths[1] == pytest.approx(widths[2], abs=0.2)
    assert re.search("queue", drawing)
    assert "a very long name of a stage" not in [words for words, _ in boxes(drawing)]
    assert_apart(drawing, 358)


@pytest.mark.parametrize("wide", range(120, 420, 20))
def test_words_below_an_axis_stand_at_even_steps(wide: int) -> None:
    drawn = Axes(Size(wide, 200, narrow=True), (0.0, 23.0), (0.0, 1.0), (40.0, 20.0, 60.0, 20.0)).ticks(
        [(float(hour), f"{hour}:00") for hour in range(0, 24, 4)]
    )
    hours = [int(re.search(r">(\d+):00<", one)[1]) for one in drawn]  # type: ignore[index]
    steps = {b - a for a, b in pairwise(hours)}
    assert hours[0] == 0
    assert len(steps) <= 1, hours
