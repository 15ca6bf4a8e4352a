import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.render.scenes import FRAME, WORDS, made_up, real_links, real_places

from bridgehead.render import map as maps
from bridgehead.render.labels import LINE_HEIGHT, text_width
from bridgehead.render.map import NARROW, WIDE, Frame, LegendWords, MapLink, MapPlace, MapWords, Size
from bridgehead.render.schematic import merge
from bridgehead.render.sheet import Sheet, Style
from bridgehead.render.ways import way_through

LEGEND = LegendWords(
    "图例", "货运量，万吨/年", 1e4, "能力占用", ports="口岸类别", rings=((0, "枢纽"), (1, "重点"), (2, "一般"))
)
SIZES = [WIDE, NARROW, Size(560, 480), Size(1100, 900), Size(320, 300, narrow=True), Size(640, 300)]
EVIL = '</text><script>alert("1")</script>&amp; \' " ]]> \x00\x0b\ud800 <!-- 甘{km}%s'


def parsed(svg):
    return ET.fromstring(svg)


def strokes(svg):
    """Title and width of every line of freight."""
    out = {}
    for group in parsed(svg).iter("a"):
        for path in group.iter("path"):
            if "flow" in path.get("class", "").split():
                out[group.find("title").text] = float(path.get("stroke-width"))
    return out


def text_boxes(svg):
    """Boxes of all written words, from the SVG itself: the second line of a name belongs to its first."""
    boxes, root = [], parsed(svg)
    moved = {
        t: map(float, re.findall(r"[\d.]+", g.get("transform", ""))) for g in root.iter("g") for t in g.iter("text")
    }
    for node in root.iter("text"):
        size, x, y = (float(node.get(k)) for k in ("font-size", "x", "y"))
        dx, dy = [*moved.get(node, ()), 0.0, 0.0][:2]
        x, y = x + dx, y + dy
        width = text_width(node.text or "", size, bold="l-port" in node.get("class"))
        left = x - {None: 0.0, "middle": 0.5, "end": 1.0}[node.get("text-anchor")] * width
        top = y + 0.24 * size - LINE_HEIGHT * size
        boxes.append((left, top, left + width, top + LINE_HEIGHT * size, node.text))
    return boxes


def assert_apart(svg, least=3):
    boxes = text_boxes(svg)
    assert len(boxes) >= least
    for a, b in combinations(boxes, 2):
        wide = min(a[2], b[2]) - max(a[0], b[0])
        high = min(a[3], b[3]) - max(a[1], b[1])
        assert wide <= 0.2 or high <= 0.2, (a[4], b[4])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("with_table", [True, False], ids=["table", "no table"])
@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s.width}x{s.height}")
def test_no_two_names_of_the_real_map_overlap_at_any_size(size, with_table, language):
    frame = FRAME if with_table else None
    assert_apart(maps.gateway_map(real_places(language, with_table), real_links(), WORDS, size, frame=frame))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_port_and_every_main_city_of_the_real_map_has_its_name(size, language):
    sheet = Sheet(real_places(language), real_links(), size, FRAME, Style())
    sheet.draw_corridors()
    sheet.draw_ports()
    sheet.draw_cities()
    sheet.draw_exits()
    assert sum(label.rank <= 2 for label in sheet.labels) >= 20
    left_out = set(sheet.place().left_out)
    assert not {label.key for label in sheet.labels if label.rank <= 2} & left_out
    assert {key for key, node in sheet.schematic.nodes.items() if node.place.ring is not None} <= {
        label.key for label in sheet.labels
    }


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_place_lies_under_a_line_that_does_not_stop_there(size):
    places = [
        MapPlace("a", 43.6, 105.5, "A", rank=0),
        MapPlace("b", 42.4, 107.6, "B", rank=0),
        MapPlace("near", 43.0, 106.6, "Near", rank=0),
        MapPlace("c", 44.6, 107.6, "C", rank=0),
    ]
    links = [MapLink("a", "b", 4e7), MapLink("near", "b", 1e6), MapLink("c", "a", 1e6)]
    sheet = Sheet(places, links, size, Frame(window=((42.0, 105.0), (45.0, 108.0))), Style())
    before = sheet.project(43.0, 106.6)
    (x0, y0), (x1, y1), (x, y) = sheet.at["a"], sheet.at["b"], sheet.at["near"]
    off = abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / math.dist((x0, y0), (x1, y1))
    half = 40 * sheet.px_per_mt / 2
    assert half > 2
    assert off > half + 2.6, "the dot stands clear of the wide line"
    assert math.dist(before, (x, y)) < half + 15, "and not far from where it is"
    assert sheet.at["a"] == sheet.project(43.6, 105.5), "what stops at the line stays"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_line_of_the_real_map_ends_in_mid_air(size):
    root = parsed(maps.gateway_map(real_places(), real_links(), WORDS, size, frame=FRAME))
    marks = [(float(n.get("cx")), float(n.get("cy"))) for n in root.iter("circle") if n.get("class") != "grip"]
    sheet = Sheet(real_places(), real_links(), size, FRAME, Style())
    ends = [end for edge in sheet.edges for end in edge]
    alone = [end for end in set(ends) if ends.count(end) == 1 and sheet.inside(end)]
    assert len(alone) > 5
    for end in alone:
        assert min(math.dist(sheet.at[end], mark) for mark in marks) < 1, end


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_widest_lines_that_leave_the_real_map_say_where_they_go(language):
    sheet = Sheet(real_places(language), real_links(), WIDE, FRAME, Style())
    leaving = {edge: c.tonnes for edge, c in sheet.edges.items() if sum(not sheet.inside(end) for end in edge) == 1}
    sheet.draw_corridors()
    sheet.draw_exits()
    out = {end for edge in leaving for end in edge if not sheet.inside(end)}
    named = {sheet.schematic.nodes[end].place.exit for end in out} - {""}
    said = {label.lines[0].words.strip("←↑→↓ ") for label in sheet.labels}
    assert said == named
    for edge in sorted(leaving, key=leaving.get)[-4:]:
        assert any(sheet.schematic.nodes[end].place.exit for end in set(edge) & out), edge


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from([(47, 110), (-33, -66), (0, 20), (-17, 179.5), (70, -100), (89, 0)]),
    st.sampled_from(SIZES),
)
def test_any_region_of_the_globe_draws_well_formed_without_overlap(seed, at, size):
    places, links = made_up(seed, *at)
    svg = maps.gateway_map(places, links, WORDS, size)
    assert_apart(svg)
    root = parsed(svg)
    left, top, right, bottom = 0.0, 0.0, size.width, size.height
    for node in root.iter("circle"):
        assert left <= float(node.get("cx")) <= right
        assert top <= float(node.get("cy")) <= bottom
    rings = [node for node in root.iter("circle") if "port" in node.get("class").split()]
    assert rings, "ports of a derived window are inside it"


def test_southern_region_has_north_up_and_shows_all_its_ports():
    places = [
        MapPlace("north", -18.0, -57.0, "Norte", ring=0, href="/n/"),
        MapPlace("south", -33.0, -57.0, "Sur", ring=1, href="/s/"),
        MapPlace("east", -25.0, -48.0, "Este", ring=2, href="/e/"),
    ]
    links = [MapLink("north", "south", 5e6, 0.5, "/l/", "N-S"), MapLink("south", "east", 1e6, 0.1, "/m/", "S-E")]
    root = parsed(maps.gateway_map(places, links, WORDS))
    at = {}
    for group in root.iter("a"):
        for node in group.iter("circle"):
            if "port" in node.get("class").split():
                at[group.get("href")] = float(node.get("cx")), float(node.get("cy"))
    assert at["/n/"][1] < at["/e/"][1] < at["/s/"][1]
    assert at["/e/"][0] > at["/n/"][0]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_width_of_a_line_is_strictly_proportional_to_its_freight(size):
    places = [MapPlace(k, 40 + i, 100 + 3 * (i % 2), k, ring=2, href="/x/") for i, k in enumerate("abcdefg")]
    tonnes = {"ab": 3e7, "bc": 1.5e7, "cd": 6e6, "de": 2.9e7, "ef": 1e5, "fg": 1e7}
    links = [MapLink(k[0], k[1], t, 0.2, f"/{k}/", k) for k, t in tonnes.items()]
    drawn = strokes(maps.gateway_map(places, links, WORDS, size))
    assert drawn["ef"] == 1.0
    for a, b in combinations([k for k in tonnes if k != "ef"], 2):
        assert drawn[a] / drawn[b] == pytest.approx(tonnes[a] / tonnes[b], abs=0.06 / min(drawn[a], drawn[b]) * 6)
    twice = strokes(maps.gateway_map(places, links, WORDS, size, frame=Frame(px_per_mt=0.1)))
    assert twice["ab"] == pytest.approx(3.0)
    assert twice["bc"] == pytest.approx(1.5)


def test_scale_follows_the_data_so_that_small_regions_show_too():
    places = [MapPlace("a", 10, 10, "A", ring=0, href="/a/"), MapPlace("b", 12, 12, "B", ring=0, href="/b/")]
    for most in (3e3, 4e5, 3.7e7, 2e9):
        svg = maps.gateway_map(places, [MapLink("a", "b", most, 0.5, "/l/", "l")], WORDS)
        assert 9.9 < strokes(svg)["l"] <= 16.0


def test_every_shape_is_a_link_with_a_title_and_ports_come_in_the_tab_order():
    root = parsed(maps.gateway_map(real_places(), real_links(), WORDS, WIDE, frame=FRAME))
    parents = {child: parent for parent in root.iter() for child in parent}
    shapes = 0
    for node in root.iter():
        classes = set((node.get("class") or "").split())
        if classes & {"flow", "port", "city"}:
            holder = parents[node]
            assert holder.tag == "a", classes
            assert holder.get("href", "").startswith("/")
            assert holder.find("title").text.strip()
            assert (holder.get("tabindex") is None) == ("port" in classes)
            shapes += 1
    assert shapes > 80


@pytest.mark.parametrize("share", [None, 0.1, 0.3, 0.6, 0.8, 0.95, 1.4])
def test_colour_is_the_class_of_utilisation_and_only_a_full_border_is_red(share):
    places = [
        MapPlace("a", 10, 10, "A", ring=0, href="/a/", utilisation=share),
        MapPlace("b", 12, 12, "B", ring=1, href="/b/"),
    ]
    root = parsed(maps.gateway_map(places, [MapLink("a", "b", 1e6, share, "/l/", "l")], WORDS))
    classes = [set(node.get("class", "").split()) for node in root.iter()]
    step = "un" if share is None else {0.1: "u0", 0.3: "u1", 0.6: "u2", 0.8: "u3"}.get(share, "u4")
    assert {"flow", step} in classes
    assert ({"port", "full"} in classes) == (share is not None and share >= 0.9)


def test_both_drawings_may_stand_on_one_page():
    svg = "".join(maps.gateway_map(real_places(), real_links(), WORDS, size, frame=FRAME) for size in (WIDE, NARROW))
    assert " id=" not in svg
    assert "url(#" not in svg
    assert svg.count("only-wide") == svg.count("only-narrow") == 1


def drawings():
    places, links = real_places(), real_links()
    yield maps.gateway_map(places, links, WORDS, WIDE, frame=FRAME)
    yield maps.gateway_map(places, links, WORDS, NARROW, frame=FRAME)
    yield maps.hinterland_map(places, links, "ganqimaodu", WORDS)
    yield maps.hinterland_map(places, links, "manzhouli-rail", WORDS, maps.HINTERLAND_NARROW)
    yield maps.corridor_map(places, links, ["tianjin-port", "erenhot-rail", "ulaanbaatar"], WORDS)
    yield maps.corridor_map(places, links, ["tianjin-port", "erenhot-rail", "ulaanbaatar"], WORDS, NARROW)
    yield maps.locator(places, links, "hohhot", WORDS, frame=FRAME)
    yield maps.legend(places, links, LEGEND, WIDE, frame=FRAME)
    yield maps.legend(places, links, LEGEND, NARROW, frame=FRAME)


def test_maps_carry_classes_instead_of_colours_and_no_small_type():
    for svg in drawings():
        root = parsed(svg)
        assert root.find("title").text
        for node in root.iter():
            assert not {"fill", "stroke", "style", "color"} & set(node.keys())
            if node.tag == "text":
                assert float(node.get("font-size")) >= 11.0


def test_names_do_not_overlap_in_any_kind_of_map():
    for svg in drawings():
        assert_apart(svg)


def test_hostile_names_stay_words():
    places = [
        MapPlace("a", 10, 10, EVIL, EVIL, '" onload="x', EVIL, 0, '/"><script>', EVIL, 0.95, rank=1),
        MapPlace("b", 12, 12, EVIL, ring=1, href="javascript&'", exit=EVIL),
        MapPlace("far", 60, 80, EVIL, ring=None, href="/f/", exit=EVIL, exit_second=EVIL),
    ]
    links = [MapLink("a", "b", 5e6, 0.9, EVIL, EVIL), MapLink("b", "far", 5e6, 0.9, EVIL, EVIL)]
    words = MapWords(EVIL, EVIL, EVIL, EVIL, EVIL)
    frame = Frame(window=((9, 9), (13, 13)))
    legend = LegendWords(EVIL, EVIL, 1e6, EVIL, (EVIL,) * 5, EVIL, ((0, EVIL),))
    for svg in (
        maps.gateway_map(places, links, words, frame=frame),
        maps.gateway_map([], [], words),
        maps.hinterland_map(places, links, "a", words),
        maps.corridor_map(places, links, ["a", "far", "b"], words),
        maps.locator(places, links, "a", words),
        maps.legend(places, links, legend),
    ):
        root = parsed(svg)
        assert not list(root.iter("script"))
        assert all("onload" not in node.attrib for node in root.iter())


@pytest.mark.parametrize("draw", [maps.gateway_map], ids=["gateway"])
def test_nothing_to_draw_is_said(draw):
    root = parsed(draw([], [], WORDS))
    assert "没有口岸" in "".join(root.itertext())
    assert not list(root.iter("a"))


def test_unknown_places_give_the_empty_picture_or_are_passed_over():
    places, links = made_up(1, 40, 40)
    assert "没有口岸" in maps.hinterland_map(places, links, "nowhere", WORDS)
    assert "没有口岸" in maps.locator(places, links, "nowhere", WORDS)
    assert "没有口岸" in maps.corridor_map(places, links, ["nowhere"], WORDS)
    odd = [*links, MapLink("nowhere", "p1", 9e9), MapLink("p1", "p1", 9e9), MapLink("p1", "p2", float("nan"))]
    odd.append(MapLink("p1", "p3", -5.0))
    assert maps.gateway_map(places, odd, WORDS) == maps.gateway_map(places, links, WORDS)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_region_of_few_places_is_drawn(count):
    places, links = made_up(5, -12, 30, count=5)
    places = [replace(place, ring=0) for place in places[:count]]
    svg = maps.gateway_map(places, [x for x in links if {x.origin, x.destination} <= {p.id for p in places}], WORDS)
    assert sum("port" in (n.get("class") or "").split() for n in parsed(svg).iter("circle")) == count


def test_places_without_any_port_are_drawn_as_cities():
    places, links = made_up(8, 20, 20)
    svg = maps.gateway_map([replace(place, ring=None) for place in places], links, WORDS)
    assert sum("city" in (n.get("class") or "").split() for n in parsed(svg).iter("circle")) > 5


def at(lat, lon):
    return lon * 10.0, -lat * 10.0


def test_declared_merging_adds_freight_and_keeps_the_busier_mode():
    places = [
        MapPlace("town", 10, 10, "Town"),
        MapPlace("rail", 10.1, 10, "Rail", ring=1, href="/rail/", title="rail", utilisation=0.2, merged_into="town"),
        MapPlace("road", 10, 10.1, "Road", ring=0, href="/road/", title="road", utilisation=0.9, merged_into="town"),
        MapPlace("mine", 14, 10, "Mine"),
    ]
    links = [
        MapLink("mine", "rail", 3e6, 0.7, "/by-rail/", "by rail"),
        MapLink("road", "mine", 1e6, 0.1, "/by-road/", "by road"),
        MapLink("road", "rail", 9e6, 0.5, "/inside/", "inside"),
    ]
    schematic = merge(places, links, at, 9.0)
    assert set(schematic.nodes) == {"town", "mine"}
    (corridor,) = schematic.corridors.values()
    assert (corridor.a, corridor.b, corridor.tonnes) == ("mine", "town", 4e6)
    assert (corridor.utilisation, corridor.href, corridor.title) == (0.7, "/by-rail/", "by rail\nby road")
    town = schematic.nodes["town"]
    assert (town.place.ring, town.place.href, town.place.utilisation) == (0, "/road/", 0.9)
    assert town.place.title == "road\nrail"
    assert town.members == ("town", "rail", "road")


def test_a_port_that_is_the_head_keeps_its_own_page():
    places = [
        MapPlace("port", 10, 10, "Port", ring=2, href="/port/", title="port"),
        MapPlace("yard", 10, 10, "Yard", ring=0, href="/yard/", title="yard", merged_into="port"),
    ]
    node = merge(places, [], at, 9.0).nodes["port"]
    assert (node.place.href, node.place.ring) == ("/port/", 0)


def test_merging_in_a_circle_or_into_nothing_ends():
    places = [
        MapPlace("a", 1, 1, "A", merged_into="b"),
        MapPlace("b", 2, 2, "B", merged_into="a"),
        MapPlace("c", 3, 3, "C", merged_into="gone"),
    ]
    schematic = merge(places, [], at, 9.0)
    assert schematic.into["c"] == "c"
    assert set(schematic.nodes) == set(schematic.into.values())


def test_without_a_table_places_that_touch_become_one_under_the_port():
    places = [
        MapPlace("city", 10.0, 10.0, "City"),
        MapPlace("port", 10.0, 10.5, "Port", ring=2),
        MapPlace("mine", 10.0, 11.5, "Mine"),
    ]
    assert merge(places, [], at, 9.0).into == {"city": "port", "port": "port", "mine": "mine"}
    assert merge(places, [], at, 2.0).into == {"city": "city", "port": "port", "mine": "mine"}


def test_a_way_is_found_over_places_the_sequence_leaves_out():
    spots = {"a": (0.0, 0.0), "b": (50.0, 5.0), "c": (100.0, 0.0), "d": (50.0, 400.0), "e": (200.0, 0.0)}
    edges = [("a", "b"), ("b", "c"), ("a", "d"), ("c", "d")]
    assert way_through(["a", "c"], spots, edges) == ["a", "b", "c"]
    assert way_through(["a", "c", "e"], spots, edges) == ["a", "b", "c", "e"]
    assert way_through(["a", "c"], spots, [("a", "d"), ("c", "d")]) == ["a", "c"], "a way eight times as long is none"
    assert way_through([], spots, edges) == []


def test_corridor_is_lit_and_a_missing_link_is_dashed():
    places = [MapPlace(k, 10 + i, 10, k, href=f"/{k}/", ring=1 if k == "b" else None) for i, k in enumerate("abcd")]
    links = [MapLink("a", "b", 0.0, None, "/ab/", "ab"), MapLink("b", "c", 1e6, 0.5, "/bc/", "bc")]
    root = parsed(maps.corridor_map(places, [*links, MapLink("a", "d", 3e6, 0.5, "/ad/", "ad")], list("abc"), WORDS))
    lit = {}
    for group in root.iter("a"):
        for path in group.iter("path"):
            if "flow" in path.get("class").split():
                lit[group.get("href")] = path.get("class"), float(path.get("stroke-width"))
    assert lit["/ab/"] == ("flow ua", 3.0)
    assert lit["/bc/"][0] == "flow ua"
    assert lit["/ad/"][0] == "flow back"
    gap = parsed(maps.corridor_map(places[:2] + places[3:], links[:1], ["a", "b", "d"], WORDS))
    assert sum(node.get("class") == "gap-line" for node in gap.iter("line")) == 1


def test_hinterland_is_one_colour_and_rings_its_port_only():
    root = parsed(maps.hinterland_map(real_places(), real_links(), "ganqimaodu", WORDS))
    flows = {node.get("class") for node in root.iter("path") if "flow" in node.get("class", "").split()}
    assert flows == {"flow ua"}
    rings = [node for node in root.iter("circle") if "port" in node.get("class", "").split()]
    assert [ring.get("class") for ring in rings] == ["port"]


def test_exits_name_where_a_corridor_goes_once():
    places = [
        MapPlace("a", 10, 10, "A", ring=0, href="/a/"),
        MapPlace("b", 12, 12, "B", ring=0, href="/b/"),
        MapPlace("east1", 11, 40, "East one", exit="To the east"),
        MapPlace("east2", 12, 40, "East two", exit="To the east"),
        MapPlace("west", 11, -20, "West", exit="To the west"),
    ]
    links = [MapLink("a", x, 1e6, 0.1, "/l/", "l") for x in ("b", "east1", "east2", "west")]
    words = [n.text for n in parsed(maps.gateway_map(places, links, WORDS)).iter("text")]
    assert words.count("To the east →") == 1
    assert words.count("← To the west") == 1


def test_legend_widths_are_those_of_the_map():
    places, links = real_places(), real_links()
    scale = Sheet(places, links, WIDE, FRAME, Style()).px_per_mt
    root = parsed(maps.legend(places, links, LEGEND, WIDE, frame=FRAME))
    told = [n.text for n in root.iter("text")]
    widths = [float(n.get("stroke-width")) for n in root.iter("line") if n.get("stroke-width") != "7"]
    amounts = [float(t.replace(",", "")) for t in told if re.fullmatch(r"[\d,]+", t)]
    assert len(amounts) == len(widths) == 3
    for amount, width in zip(amounts, widths, strict=True):
        assert width == pytest.approx(max(1.0, amount * 1e4 / 1e6 * scale), abs=0.06)
    assert "一般" in told
    assert float(root.get("width")) == 773


LONG = LegendWords(
    "Legend",
    "Freight in both directions, million tonnes a year, all commodities and all modes together",
    1e6,
    "Share of capacity",
    ("below a quarter",) * 5,
    "Class of port, and a red ring where the links across the border are nearly or wholly full",
    ((0, "comprehensive hub"), (1, "key specialised port"), (2, "characteristic port"), (2, "none of these")),
)


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s.width}x{s.height}")
def test_long_words_of_the_legend_wrap_inside_the_drawing(size):
    svg = maps.legend(real_places(), real_links(), LONG, size, frame=FRAME)
    assert_apart(svg)
    for _, _, right, bottom, words in text_boxes(svg):
        assert right <= size.width + 0.1, words
        assert bottom <= float(parsed(svg).get("height")), words


def test_scale_bar_is_as_long_as_it_says():
    sheet = Sheet(real_places(), real_links(), WIDE, FRAME, Style())
    root = parsed(maps.gateway_map(real_places(), real_links(), WORDS, WIDE, frame=FRAME))
    (bar,) = (n for n in root.iter("line") if n.get("class") == "scale")
    (told,) = (t for t in (n.text for n in root.iter("text")) if t.endswith("公里"))
    km = float(told.split()[0].replace(",", ""))
    assert float(bar.get("x2")) - float(bar.get("x1")) == pytest.approx(km * sheet.project.px_per_km, abs=0.1)
    assert "示意图，不表示任何界线" in [n.text for n in root.iter("text")]


def test_every_row_of_the_map_table_names_a_place_and_merges_into_one_that_stands_for_itself():
    rows = {place.id: place for place in real_places()}
    for place in rows.values():
        if place.merged_into:
            assert rows[place.merged_into].merged_into == ""


def test_nothing_of_a_region_stands_in_the_code():
    code = "".join(path.read_text(encoding="utf-8") for path in Path(maps.__file__).parent.glob("*.py")).lower()
    for word in ("mongolia", "manzhouli", "erenhot", "ganqimaodu", "内蒙古", "满洲里", "二连"):
        assert word not in code
