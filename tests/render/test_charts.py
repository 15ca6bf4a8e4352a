import math
import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.render import charts
from bridgehead.render.axes import nice_ticks, shortened
from bridgehead.render.charts import (
    Advance,
    Bar,
    DayPoint,
    DistanceLine,
    Pace,
    PairedBar,
    Piece,
    Size,
    Target,
    Words,
    YearLine,
    YearPoint,
    YearSeries,
)
from bridgehead.render.labels import LINE_HEIGHT, text_width
from bridgehead.render.legs import KINDS
from bridgehead.render.marks import STANDINGS, glyph, mark
from bridgehead.render.ratios import ratio_strip
from bridgehead.render.svg import clean, grouped, num, tag, text, utilisation_class

WIDE, NARROW = Size(760, 400), Size(358, 300, narrow=True)
WORDS = Words("货运量", "说明", "万吨", "没有查到")
MONTHS = ((0.0, "1月"), (0.25, "4月"), (0.5, "7月"), (0.75, "10月"), (1.0, "年末"))
EVIL = "</text><script>alert(1)</script>&\"'\x00\ud800{km}"


def parsed(svg):
    return ET.fromstring(svg)


def written(svg):
    return [node.text for node in parsed(svg).iter("text")]


def numbers(svg):
    """All coordinates of a drawing."""
    for node in parsed(svg).iter():
        for key in ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height", "d", "viewBox"):
            yield from (float(n) for n in re.findall(r"-?[\d.]+(?:e-?\d+)?", node.get(key, "")))


def assert_sound(svg, least_px=10.5):
    root = parsed(svg)
    assert root.tag == "svg"
    assert root.find("title").text
    assert root.get("aria-label")
    assert all(math.isfinite(n) and abs(n) < 5000 for n in numbers(svg))
    for node in root.iter():
        assert not {"fill", "stroke", "style"} & set(node.keys())
        if node.tag == "text":
            assert float(node.get("font-size")) >= least_px
    return root


def assert_names_apart(svg):
    """Names at line ends (halo) meet neither each other nor leave the drawing."""
    root, boxes = parsed(svg), []
    for node in root.iter("text"):
        if "halo" not in node.get("class"):
            continue
        size, x, y = (float(node.get(k)) for k in ("font-size", "x", "y"))
        width = text_width(node.text, size, bold="tb" in node.get("class").split())
        left = x - {None: 0.0, "middle": 0.5, "end": 1.0}[node.get("text-anchor")] * width
        boxes.append((left, y + 0.24 * size - LINE_HEIGHT * size, left + width, y + 0.24 * size, node.text))
    for a, b in combinations(boxes, 2):
        wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        assert wide <= 0.3 or high <= 0.3, (a[4], b[4])
    for left, _, right, _, words in boxes:
        assert left >= -0.3, words
        assert right <= float(root.get("width")) + 0.3, words
    return boxes


def years(values, start=2016, standing="reported"):
    return tuple(YearPoint(start + i, v, standing, f"{start + i}") for i, v in enumerate(values) if v is not None)


# --- years ------------------------------------------------------------------


def test_sparkline_dashes_cross_years_without_a_figure_and_marks_tell_the_standing():
    points = (
        YearPoint(2016, 80, "derived", "2016"),
        YearPoint(2017, 226, "reported", "2017"),
        YearPoint(2023, 528, "measured", "2023"),
        YearPoint(2024, 701, "estimate", "2024"),
    )
    root = assert_sound(charts.sparkline(points, 2016, 2025, WORDS))
    lines = [node.get("class") for node in root.iter("line")]
    assert lines == ["rule", "l1", "l1 dash", "l1"]
    marks = [node.get("class") for node in root.iter() if (node.get("class") or "").startswith("m ")]
    assert marks == ["m m-derived", "m m-reported", "m m-measured", "m m-estimate"]


def test_sparklines_share_their_axis_of_years():
    def at(points, year):
        root = parsed(charts.sparkline(points, 2016, 2025, WORDS))
        (x,) = (float(c.get("cx")) for c in root.iter("circle") if c.find("title").text == str(year))
        return x

    assert at(years([1, 2, 3]), 2018) == at(years([5], 2018), 2018)
    assert at(years([5], 2025), 2025) == 144.0
    assert at(years([5]), 2016) == 6.0


def test_two_figures_of_one_year_are_both_shown_and_not_joined():
    points = (*years([3, 4]), YearPoint(2017, 9.0, "estimate", "other source"))
    root = parsed(charts.sparkline(points, 2016, 2025, WORDS))
    assert len(list(root.iter("circle"))) == 3
    assert [n.get("class") for n in root.iter("line")] == ["rule", "l1"]


def test_years_outside_the_axis_and_values_that_are_none_are_left_out():
    points = (*years([3, float("nan"), float("inf"), 5]), YearPoint(1999, 1.0, "reported"))
    assert len(list(parsed(charts.sparkline(points, 2016, 2025, WORDS)).iter("circle"))) == 2


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_series_over_years_are_named_at_their_end_with_their_last_value(size):
    series = (
        YearSeries("甘其毛都", years([1500, 1821, None, None, 1900, 3800]), "≥3,800", 1),
        YearSeries("策克", years([None, 1300, None, None, None, 1900, 2400, 3000]), "约 3,000", 2),
        YearSeries("满都拉", years([80, 226, None, None, None, 528, 701]), "701", 3),
    )
    svg = charts.years_chart(series, WORDS, size, target=Target(3500, "目标 3,500"))
    assert_sound(svg)
    assert {"甘其毛都", "≥3,800", "策克", "约 3,000", "满都拉", "701", "目标 3,500", "万吨"} <= set(written(svg))
    assert len(assert_names_apart(svg)) == 7
    assert svg.count("dash") == 3


def test_lines_that_end_together_keep_their_names_apart():
    for count in (2, 3):
        series = [YearSeries(f"口岸{i}", years([10, 20, 30 + i / 10]), f"{30 + i / 10}", i + 1) for i in range(count)]
        for size in (WIDE, NARROW):
            svg = charts.years_chart(series, WORDS, size)
            assert len(assert_names_apart(svg)) == 2 * count


# --- running totals ----------------------------------------------------------


def line_of(year, values, **more):
    points = tuple(DayPoint((i + 1) / 12, v, "reported", f"≥{v:,.0f}", f"{year}-{i + 1}") for i, v in values)
    return YearLine(f"{year} 年", points, **more)


def test_running_totals_start_at_zero_and_say_qualifier_and_target():
    lines = [
        line_of(2022, [(8, 1148), (11, 1900)], emphasis=3),
        line_of(2023, [(0, 200), (5, 1633), (11, 3800)], emphasis=2),
        line_of(2024, [(3, 1000), (9, 3414)], emphasis=1),
        line_of(2025, [(11, 4000)], emphasis=1, joined=False),
    ]
    for size in (WIDE, NARROW):
        svg = charts.year_lines(lines, MONTHS, WORDS, size, target=Target(3500, "目标 3,500"))
        root = assert_sound(svg)
        assert {"2022 年", "≥1,900", "≥3,800", "≥3,414", "≥4,000", "目标 3,500"} <= set(written(svg))
        assert_names_apart(svg)
        paths = [node.get("d") for node in root.iter("path") if node.get("class") in ("l1", "l2", "l3")]
        assert len(paths) == 3, "a year of single figures has no line"
        starts = {path[1:].split("L")[0] for path in paths}
        assert len(starts) == 1, "all lines start at zero on 1 January"
        assert len(list(root.iter("circle"))) == 8


@pytest.mark.parametrize("at", [-0.1, 1.01, float("nan")])
def test_a_point_outside_the_year_is_no_point(at):
    svg = charts.year_lines([YearLine("x", (DayPoint(at, 5.0, "reported"),))], MONTHS, WORDS, WIDE)
    assert "没有查到" in svg


# --- bars ----------------------------------------------------------------------


def test_bars_are_sorted_and_proportional_and_the_missing_one_stands_last():
    rows = [
        Bar("其他", 105, "105"),
        Bar("石家庄", None, "未查到"),
        Bar("园区", 1460, "1,460", meant=True, href="/p/"),
        Bar("唐山", 803, "803", "derived"),
    ]
    root = assert_sound(charts.bars(rows, WORDS, Size(560, 10)))
    drawn = [(n.get("class"), float(n.get("width"))) for n in root.iter("rect") if n.get("class").startswith("bar")]
    assert [cls for cls, _ in drawn] == ["bar1", "bar2", "bar2"]
    assert drawn[1][1] / drawn[0][1] == pytest.approx(803 / 1460, abs=0.002)
    assert written(charts.bars(rows, WORDS, WIDE))[-2:] == ["石家庄", "未查到"]
    assert root.get("role") == "group"
    assert [n.get("href") for n in root.iter("a")] == ["/p/"]
    assert len(list(root.iter("circle"))) == 1
    assert written(charts.bars(rows, WORDS, WIDE, sort=False))[0] == "其他"


def test_bars_below_zero_go_to_the_left_of_zero():
    root = assert_sound(charts.bars([Bar("a", 5, "5"), Bar("b", -5, "-5")], WORDS, WIDE))
    right, left = (n for n in root.iter("rect") if n.get("class") == "bar2")
    (zero,) = (n for n in root.iter("line") if n.get("class") == "zero")
    assert float(right.get("x")) == pytest.approx(float(zero.get("x1")), abs=0.1)
    assert float(left.get("x")) + float(left.get("width")) == pytest.approx(float(zero.get("x1")), abs=0.1)


def test_paired_bars_stand_on_one_scale_and_name_the_missing_half():
    rows = [
        PairedBar("甘其毛都", 3800, 1900, "≥3,800", "1,900"),
        PairedBar("乌力吉", None, 35, "未查到", "35", href="/w/"),
    ]
    root = assert_sound(charts.paired_bars(rows, ("报告", "模型"), WORDS, Size(560, 10)))
    samples, drawn = {}, []
    for n in root.iter("rect"):
        if n.get("class") in ("bar1", "bar2"):
            (samples if n.get("height") == "8" else None) is not None or drawn.append(n)
    assert [n.get("class") for n in drawn] == ["bar2", "bar1", "bar1"]
    assert float(drawn[1].get("width")) / float(drawn[0].get("width")) == pytest.approx(0.5, abs=0.002)
    assert {"未查到", "报告", "模型", "≥3,800"} <= {n.text for n in root.iter("text")}
    marks = [n.get("class") for n in root.iter() if (n.get("class") or "").startswith("m ")]
    assert marks == ["m m-reported", "m m-model", "m m-model"]


def rects(svg):
    return {n.get("class"): float(n.get("width")) for n in parsed(svg).iter("rect")}


def test_pace_shows_share_of_target_and_of_the_year():
    svg = charts.pace_bar(Pace(2200, 1963, 0.92), "89%")
    got = rects(svg)
    (tick,) = (float(n.get("x1")) for n in parsed(svg).iter("line") if n.get("class") == "tick")
    assert got["bar1"] / got["bar0"] == pytest.approx(1963 / 2200, abs=0.002)
    assert tick / got["bar0"] == pytest.approx(0.92, abs=0.002)


def test_pace_beyond_the_target_passes_its_rule_and_stays_in_the_box():
    for done in (13200, 1e9):
        svg = charts.pace_bar(Pace(13000, done), "x")
        got = rects(svg)
        assert got["bar0"] < got["bar1"] <= 296.0
        (rule,) = (float(n.get("x1")) for n in parsed(svg).iter("line") if n.get("class") == "zero")
        assert rule == pytest.approx(got["bar0"], abs=0.1)


@pytest.mark.parametrize("pace", [Pace(500), Pace(500, None, 0.5), Pace(500, float("nan"))])
def test_pace_without_a_figure_is_an_empty_track(pace):
    assert set(rects(charts.pace_bar(pace, "x"))) == {"bar0"}


@pytest.mark.parametrize("target", [0.0, -5.0, float("inf"), float("nan")])
def test_pace_without_a_target_has_no_rule(target):
    root = parsed(charts.pace_bar(Pace(target, 3.0, 0.5), "x"))
    assert not list(root.iter("line"))


# --- routes ----------------------------------------------------------------------

ROUTE = (
    Piece("rail-other", 17, title="铁路 1520"),
    Piece("border", 4.1, "甘其毛都 4 小时", "过境"),
    Piece("road", 0.5),
    Piece("wait", 6, "装车"),
    Piece("rail", 101),
)


def test_strips_of_a_page_stand_on_one_scale_in_time():
    def length(pieces, longest):
        root = assert_sound(charts.route_strip(pieces, longest, "128 小时", WORDS, Size(460, 34)))
        ends = [float(n.get("cx")) for n in root.iter("circle")]
        return ends[-1] - ends[0]

    assert length(ROUTE[:1], 200) / length(ROUTE, 200) == pytest.approx(17 / 128.6, abs=0.002)
    assert length(ROUTE, 257.2) / length(ROUTE, 128.6) == pytest.approx(0.5, abs=0.002)
    svg = charts.route_strip(ROUTE, 128.6, "128 小时", WORDS, Size(460, 34))
    kinds = [n.get("class") for n in parsed(svg).iter("line")]
    assert kinds == ["k-rail-other", "k-core", "k-border", "k-road", "k-wait", "k-rail"]
    assert "128 小时" in written(svg)


def test_strip_labels_do_not_run_into_each_other():
    pieces = [Piece("rail", 1.0, f"很长的说明文字 {i}") for i in range(12)]
    svg = charts.route_strip(pieces, 12, "12", WORDS, Size(358, 34, narrow=True))
    boxes = []
    for node in parsed(svg).iter("text"):
        if node.get("class") == "t2":
            half = text_width(node.text, 12.0) / 2
            boxes.append((float(node.get("x")) - half, float(node.get("x")) + half))
    assert len(boxes) >= 2
    assert all(a[1] <= b[0] for a, b in pairwise(boxes))
    assert boxes[0][0] >= -0.1
    assert boxes[-1][1] <= 358.1


def test_distance_chart_rises_by_speed_and_steps_at_the_border():
    steps = (Advance(200, 20), Advance(0, 10, "border", "过境"), Advance(300, 10), Advance(0, 2, "wait", "装车"))
    for size in (WIDE, NARROW):
        svg = charts.distance_chart([DistanceLine("经口岸", steps, 1)], "{km} 公里", WORDS, size)
        root = assert_sound(svg)
        (path,) = (n.get("d") for n in root.iter("path") if n.get("class") == "l1")
        xy = [tuple(map(float, p.split())) for p in path[1:].split("L")]
        assert xy[1][0] == xy[2][0]
        assert xy[2][1] < xy[1][1]
        assert (xy[3][0] - xy[0][0]) * 2 == pytest.approx((xy[1][0] - xy[0][0]) * 5, abs=0.5)
        assert [n.get("class") for n in root.iter("circle")] == ["mw", "mg"]
        assert any("公里" in (t or "") for t in written(svg))
        assert_names_apart(svg)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_leg_has_its_line_in_strip_ladder_and_key(kind):
    for svg in (charts.leg_piece(kind), charts.stop_piece(kind, kind), charts.piece_key(kind)):
        assert f"k-{kind}" in {n.get("class") for n in parsed(svg).iter("line")}
        assert parsed(svg).get("aria-hidden") == "true"


def test_ends_of_the_ladder_have_one_line():
    assert len(list(parsed(charts.stop_piece("", "rail")).iter("line"))) == 1
    assert len(list(parsed(charts.stop_piece()).iter("line"))) == 0


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.leg_piece("camel"),
        lambda: charts.stop_piece("camel"),
        lambda: charts.piece_key("camel"),
        lambda: charts.route_strip([Piece("camel", 3)], 3, "3", WORDS, WIDE),
        lambda: mark(0, 0, "rumour"),
    ],
)
def test_unknown_kinds_are_an_error_that_lists_the_known_ones(draw):
    with pytest.raises(ValueError, match=r"camel|rumour") as caught:
        draw()
    assert "rail" in str(caught.value) or "reported" in str(caught.value)


# --- all of them --------------------------------------------------------------------


def every_chart(size, values):
    """All charts made of the same values."""
    points = tuple(YearPoint(2000 + i, v, STANDINGS[i % 5], str(v)) for i, v in enumerate(values))
    days = tuple(DayPoint((i + 1) / (len(values) + 1), v, STANDINGS[i % 5], str(v)) for i, v in enumerate(values))
    yield charts.sparkline(points, 2000, 2000 + len(values), WORDS)
    yield charts.years_chart([YearSeries("甲", points, "末")] if points else [], WORDS, size)
    yield charts.year_lines([YearLine("甲", days)] if days else [], MONTHS, WORDS, size)
    yield charts.bars([Bar(str(i), v, str(v)) for i, v in enumerate(values)], WORDS, size)
    yield charts.paired_bars(
        [PairedBar(str(i), v, -v, str(v), str(-v)) for i, v in enumerate(values)], ("报告", "模型"), WORDS, size
    )
    yield charts.route_strip([Piece(KINDS[i % 7], v) for i, v in enumerate(values)], 10.0, "共", WORDS, size)
    yield charts.distance_chart(
        [DistanceLine("线", tuple(Advance(abs(v), abs(v), KINDS[i % 7]) for i, v in enumerate(values)))]
        if values
        else [],
        "{km} 公里",
        WORDS,
        size,
    )


extreme = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -0.0, 5e-324, 1e-300, 1e300, -1e300, 1.7e308, -1.7e308, 1.0]),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(extreme, max_size=9), st.sampled_from([WIDE, NARROW, Size(120, 60)]))
def test_charts_take_any_values(values, size):
    for svg in every_chart(size, values):
        assert_sound(svg)


def test_charts_of_nothing_say_so():
    for svg in every_chart(WIDE, []):
        root = assert_sound(svg)
        assert "没有查到" in "".join(root.itertext())
        assert not list(root.iter("circle"))
        assert float(root.get("height")) <= 64


def test_hostile_words_stay_words():
    words, size = Words(EVIL, EVIL, EVIL, EVIL), Size(560, 300)
    points = (YearPoint(2020, 1.0, "reported", EVIL), YearPoint(2021, 2.0, "model", EVIL))
    for svg in (
        charts.sparkline(points, 2019, 2022, words),
        charts.sparkline([], 2019, 2022, words),
        charts.years_chart([YearSeries(EVIL, points, EVIL)], words, size, target=Target(3, EVIL)),
        charts.year_lines([YearLine(EVIL, (DayPoint(0.5, 1, "derived", EVIL, EVIL),))], [(0.5, EVIL)], words, size),
        charts.bars([Bar(EVIL, 1, EVIL, "estimate", EVIL, EVIL)], words, size),
        charts.paired_bars([PairedBar(EVIL, 1, 2, EVIL, EVIL, "derived", EVIL, EVIL)], (EVIL, EVIL), words, size),
        charts.route_strip([Piece("rail", 3, EVIL, EVIL)], 3, EVIL, words, size),
        charts.distance_chart([DistanceLine(EVIL, (Advance(3, 3, "rail", EVIL),))], EVIL, words, size),
        charts.pace_bar(Pace(1, 1), EVIL),
    ):
        root = parsed(svg)
        assert not list(root.iter("script"))
        assert "\x00" not in svg


def test_a_title_is_on_every_point_and_bar():
    for svg in every_chart(WIDE, [1.0, 2.0, 3.0]):
        root = parsed(svg)
        parents = {child: parent for parent in root.iter() for child in parent}
        for node in root.iter():
            if (node.get("class") or "").startswith("m m-") and node.find("title") is None:
                assert parents[node].find("title") is not None


# --- the small parts -------------------------------------------------------------------


@given(st.floats(-1e150, 1e150), st.floats(-1e150, 1e150), st.integers(3, 8))
def test_ticks_are_evenly_spaced_hold_the_range_and_are_few(a, b, most):
    low, high = min(a, b), max(a, b)
    ticks = nice_ticks(low, high, most)
    assert 2 <= len(ticks) <= most
    assert all(math.isfinite(t) for t in ticks)
    span = high / 2 - low / 2
    slack = 1e-6 * span + 1e-12 * max(abs(low), abs(high)) + 1e-149
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert all(a < b for a, b in pairwise(ticks))


def test_ticks_are_round():
    assert nice_ticks(0, 4000) == [0, 1000, 2000, 3000, 4000]
    assert nice_ticks(0, 3800) == [0, 1000, 2000, 3000, 4000]
    assert nice_ticks(-7, 5) == [-10, -5, 0, 5]
    assert nice_ticks(0, 0) == [0, 0.5, 1.0] or nice_ticks(0, 0)[0] == 0


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (3800, "3,800"), (26.44, "26.4"), (0.35, "0.35"), (0.0012, "0.0012"), (-5, "-5"), (12.0, "12")],
)
def test_numbers_have_the_decimals_their_size_needs(value, shown):
    assert grouped(value) == shown


def test_coordinates_must_be_finite():
    assert num(0.04) == "0"
    assert num(-0.04) == "0"
    assert num(100) == "100"
    assert num(1.25) in ("1.2", "1.3")
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite"):
            num(bad)


def test_tags_escape_and_leave_out_nothing_but_none():
    assert tag("a", "x", href="/?a=1&b=2", tabindex=None) == '<a href="/?a=1&amp;b=2">x</a>'
    assert tag("line", class_="l1", stroke_width=2.0) == '<line class="l1" stroke-width="2"/>'
    assert clean("a\x00b\x1fc\td") == "abc\td"
    assert 'font-size="10.5"' in text(0, 0, "x", size=3)


@pytest.mark.parametrize("standing", STANDINGS)
def test_each_standing_has_a_shape_of_its_own(standing):
    shapes = {s: re.sub(r' class="[^"]*"', "", mark(6, 6, s)) for s in STANDINGS}
    assert f"m-{standing}" in mark(6, 6, standing)
    same = [s for s, shape in shapes.items() if shape == shapes[standing]]
    assert same == [standing] or set(same) == {"reported", "derived", "estimate"}, (
        "those three differ by filling and dashes"
    )
    assert parsed(glyph(standing)).get("aria-hidden") == "true"


def test_classes_of_utilisation():
    shares = (None, float("nan"), -1, 0, 0.249, 0.25, 0.5, 0.75, 0.899, 0.9, 2)
    assert [utilisation_class(s) for s in shares] == ["un", "un", "u0", "u0", "u0", "u1", "u2", "u3", "u3", "u4", "u4"]


def test_words_are_cut_with_an_ellipsis_only_where_they_do_not_fit():
    assert shortened("口岸加工园区", 10, 60) == "口岸加工园区"
    assert shortened("口岸加工园区", 10, 45).endswith("…")
    assert text_width(shortened("口岸加工园区", 10, 45), 10) <= 45


def test_pace_bars_and_ratio_strips_describe_their_numbers():
    assert "<desc>3,291 / 4,000 · 83%</desc>" in charts.pace_bar(Pace(4000, 3291, 0.83), "x")
    assert "<desc>– / 4,000</desc>" in charts.pace_bar(Pace(4000), "x")
    assert "<desc>0.83 (0.5–2)</desc>" in ratio_strip(0.83, "x")
    assert "<desc>– (0.5–2)</desc>" in ratio_strip(None, "x")
