"""The stylesheet: contrast of its tokens, nothing fetched, every class of a figure known."""

import re
from pathlib import Path

import pytest
from tests.render.scenes import FRAME, WORDS, real_links, real_places

import bridgehead
from bridgehead.render import charts
from bridgehead.render import map as maps
from bridgehead.render.charts import Advance, Bar, DayPoint, DistanceLine, Pace, PairedBar, Piece, Size, Target, Words
from bridgehead.render.legs import KINDS
from bridgehead.render.marks import STANDINGS, glyph
from bridgehead.render.sheet import _PORT_TYPE

FOLDER = Path(bridgehead.__file__).parent / "site" / "static" / "bridgehead"
CSS = (FOLDER / "bridgehead.css").read_text(encoding="utf-8")
ROOTS = re.findall(r":root \{(.*?)\}", CSS, re.S)
TOKENS = [dict(re.findall(r"--([\w-]+): (#\w{3,6})", block)) for block in ROOTS]
LIGHT, DARK = TOKENS[0], TOKENS[0] | TOKENS[1]
PRINT = LIGHT | dict(re.findall(r"--([\w-]+): (#\w{3,6})", CSS[CSS.index("@media print {") :].split("}")[0]))

TEXT = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent", "alarm") for ground in ("paper", "wash")]
TEXT += [(ink, "accent-wash") for ink in ("accent", "ink", "ink-2", "ink-3")] + [("on-accent", "accent")]
MARKS = [(mark, "paper") for mark in ("u0", "u1", "u2", "u3", "u4", "grey-line", "accent", "alarm")]
MARKS += [("accent", "band"), ("ink-2", "band")]


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("name", "tokens"), [("light", LIGHT), ("dark", DARK), ("print", PRINT)])
def test_text_and_marks_keep_the_contrast_of_wcag_aa(name, tokens):
    for pairs, least in ((TEXT, 4.5), (MARKS, 3.0)):
        for fore, ground in pairs:
            assert contrast(tokens[fore], tokens[ground]) >= least, f"{name}: {fore} on {ground}"


def test_the_dark_set_names_every_colour_of_the_light_one_and_differs():
    assert set(TOKENS[1]) == set(TOKENS[0])
    assert all(TOKENS[1][name] != TOKENS[0][name] for name in TOKENS[0])


def test_every_token_in_use_is_defined():
    used = set(re.findall(r"var\(--([\w-]+)", CSS))
    assert used <= set(re.findall(r"--([\w-]+):", CSS))


def test_the_stylesheet_is_small_fetches_nothing_and_is_balanced():
    assert len(CSS.encode()) < 30_000
    assert not re.search(r"url\(|@import|@font-face|http", CSS.replace('[href^="http"]', ""))
    assert CSS.count("{") == CSS.count("}")
    assert CSS.isascii() or set(re.findall(r"[^\x00-\x7f]", CSS)) <= {"−"}


def test_the_mark_fetches_nothing():
    mark = (FOLDER / "mark.svg").read_text(encoding="utf-8")
    assert "href" not in mark
    assert len(mark) < 600


def figures():
    places, links = real_places(), real_links()
    yield maps.gateway_map(places, links, WORDS, frame=FRAME)
    yield maps.gateway_map([], [], WORDS)
    yield maps.hinterland_map(places, links, "ganqimaodu", WORDS)
    yield maps.corridor_map(places, links, ["hohhot", "erenhot-rail", "duisburg"], WORDS)
    yield maps.locator(places, links, "hohhot", WORDS)
    legend = maps.LegendWords("t", "f", 1e4, "u", ports="p", rings=((0, "a"), (1, "b"), (2, "c")))
    yield maps.legend(places, links, legend, frame=FRAME)
    words, size = Words("t", unit="u", empty="e"), Size(560, 300)
    points = tuple(charts.YearPoint(2016 + i * i, i + 1, s) for i, s in enumerate(STANDINGS))
    series = [charts.YearSeries(str(i), points, "l", i) for i in (1, 2, 3)]
    yield charts.sparkline(points, 2016, 2040, words)
    yield charts.years_chart(series, words, size, target=Target(5, "x"))
    yield charts.year_lines([charts.YearLine("a", (DayPoint(0.5, 1, "model"),))], [(0, "a")], words, size)
    yield charts.bars([Bar("a", 1, "1", "derived", "/a/", meant=True), Bar("b", -1, "-1")], words, size)
    yield charts.paired_bars([PairedBar("a", 1, 2)], ("r", "m"), words, size)
    yield charts.route_strip([Piece(kind, 3, "x") for kind in KINDS], 30, "t", words, size)
    steps = (Advance(1, 1), Advance(0, 1, "border"), Advance(0, 1, "wait"))
    yield charts.distance_chart([DistanceLine(str(i), steps, i) for i in (1, 2, 3)], "{km}", words, size)
    yield charts.pace_bar(Pace(3, 2, 0.5), "x")
    for kind in KINDS:
        yield charts.stop_piece(kind, kind) + charts.leg_piece(kind) + charts.piece_key(kind)
    for standing in STANDINGS:
        yield glyph(standing)


UNSTYLED = {"t", "bars", "strip", "legend", "locator", "spark", "map", "none"}


def test_every_class_that_a_figure_uses_is_in_the_stylesheet():
    used = {name for svg in figures() for found in re.findall(r'class="([^"]*)"', svg) for name in found.split()}
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", CSS))
    assert len(used) > 40
    assert used - known <= UNSTYLED


def test_every_line_of_a_figure_gets_its_stroke_from_a_class():
    stroked = {
        name
        for head, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS)
        if re.search(r"(^|[; ])stroke: (?!none)", body)
        for name in re.findall(r"\.([a-zA-Z][\w-]*)", head)
    }
    for svg in figures():
        for node in re.findall(r"<(?:line|path)[^>]*>", svg):
            classes = set(re.search(r'class="([^"]*)"', node).group(1).split())
            assert classes & stroked, node


def test_port_names_grow_with_their_class():
    for sizes in _PORT_TYPE.values():
        assert list(sizes) == sorted(sizes, reverse=True)
