"""Selectors of reported figures against the files of the region, read on their own with the csv module."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.ground import words
from bridgehead.ground.region import current
from bridgehead.kernel.source import Figure, Qualifier, Standing
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import disagreements, names, ports, targets
from bridgehead.rooms.gateway.selectors import throughput as reports
from tests.rooms.gateway.reading import day, freight, furthest, table


def test_the_figure_of_a_year_is_the_full_year_or_the_one_that_goes_furthest() -> None:
    loaded = current()
    seen = 0
    subjects = {row["port_id"] for row in table("port_throughput")}
    for subject in sorted(subjects):
        for year in range(2000, 2027):
            wanted = furthest(subject, year)
            found = reports.best(reports.points(loaded, subject), year)
            if wanted is None:
                assert found is None, (subject, year)
                continue
            assert found is not None
            same_end = {float(r["value"]) for r in freight(subject, year) if r["period_to"] == wanted["period_to"]}
            assert found.figure.value in same_end, (subject, year)
            assert found.figure.period_to == day(wanted["period_to"])
            assert found.full_year == (wanted["full_year"] == "1")
            seen += 1
    assert seen > 40


def test_sums_over_several_years_and_single_months_stand_for_no_year() -> None:
    loaded = current()
    odd = [
        row
        for row in table("port_throughput")
        if row["metric"] == "cargo_tonnes" and row["period_from"] != f"{row['year']}-01-01"
    ]
    assert {row["port_id"] for row in odd} >= {"mandula", "erenhot-all"}
    for row in odd:
        stands = reports.best(reports.points(loaded, row["port_id"]), int(row["year"]))
        assert stands is None or stands.figure.value != float(row["value"])


def test_every_point_keeps_its_qualifier_standing_source_and_period() -> None:
    loaded = current()
    rows = table("port_throughput")
    count = 0
    for row in rows:
        matches = [
            p
            for p in reports.points(loaded, row["port_id"], row["metric"])
            if p.figure.source == row["source"] and p.figure.value == float(row["value"])
            and p.figure.period_to == day(row["period_to"])
        ]  # fmt: skip
        assert matches, row
        figure = matches[0].figure
        assert str(figure.qualifier) == row["qualifier"]
        assert figure.confidence == row["confidence"]
        assert figure.source_date == row["source_date"]
        count += 1
    assert count == len(rows)


def test_two_values_for_one_period_are_found_where_the_file_has_them() -> None:
    loaded = current()
    periods: dict[tuple[str, ...], set[float]] = defaultdict(set)
    exact: dict[tuple[str, ...], set[float]] = defaultdict(set)
    for row in table("port_throughput"):
        key = (row["port_id"], row["metric"], row["period_from"], row["period_to"])
        periods[key].add(float(row["value"]))
        if row["qualifier"] == "exact":
            exact[key].add(float(row["value"]))
    apart = {key for key, values in exact.items() if len(values) > 1 and max(values) > 1.01 * min(values)}
    assert apart, "the facts hold reports that contradict each other"
    for port, metric, start, end in apart:
        found = [
            conflict
            for conflict in reports.conflicts(loaded, port)
            if conflict.kind == "values" and conflict.metric == metric
        ]
        spans = {(c.points[0].figure.period_from, c.points[0].figure.period_to) for c in found}
        assert (day(start), day(end)) in spans, (port, metric)
    single = {key for key, values in periods.items() if len(values) == 1}
    for port, metric, start, end in single:
        for conflict in reports.conflicts(loaded, port):
            same = conflict.kind == "values" and conflict.metric == metric
            span = (conflict.points[0].figure.period_from, conflict.points[0].figure.period_to)
            assert not (same and span == (day(start), day(end)))


def _point(value: float, qualifier: Qualifier = Qualifier.EXACT, end: date = date(2023, 6, 30)) -> reports.Point:
    figure = Figure(value, "t", Standing.REPORTED, qualifier, period_from=date(2023, 1, 1), period_to=end)
    return reports.Point("p", "cargo_tonnes", 2023, False, figure, None, 1)


@pytest.mark.parametrize(
    ("values", "agree"),
    [
        ((_point(100), _point(100.2)), True),
        ((_point(100), _point(110)), False),
        ((_point(100), _point(104, Qualifier.ABOUT)), True),
        ((_point(100), _point(130, Qualifier.ABOUT)), False),
        ((_point(100, Qualifier.AT_LEAST), _point(140)), True),
        ((_point(100, Qualifier.AT_LEAST), _point(90)), False),
        ((_point(100, Qualifier.AT_MOST), _point(90)), True),
        ((_point(100, Qualifier.AT_MOST), _point(120, Qualifier.AT_LEAST)), False),
    ],
)
def test_bounds_and_rounding_are_no_contradiction(values: tuple[reports.Point, ...], agree: bool) -> None:
    assert bool(reports._two_values("cargo_tonnes", values)) is not agree


def test_a_running_total_that_falls_is_told() -> None:
    fallen = (_point(100, end=date(2023, 3, 31)), _point(80, end=date(2023, 6, 30)))
    assert [conflict.kind for conflict in reports._falls("cargo_tonnes", fallen)] == ["falls"]
    assert not reports._falls("cargo_tonnes", tuple(reversed(fallen))[:1])


def test_a_total_since_opening_is_no_running_total_of_a_year() -> None:
    # Its metric carries the ending, it is not the ending: a later source may correct it downward.
    totals = (_point(100, end=date(2023, 3, 31)), _point(80, end=date(2023, 6, 30)))
    assert not reports._falls("cargo_tonnes_cumulative", totals)


def test_an_unknown_qualifier_never_looks_exact() -> None:
    assert reports.qualifier_of("") is Qualifier.EXACT
    assert reports.qualifier_of("at_least") is Qualifier.AT_LEAST
    assert reports.qualifier_of("roughly") is Qualifier.ABOUT


@pytest.mark.parametrize(
    ("standings", "weakest"),
    [
        ((Standing.REPORTED, Standing.DERIVED), Standing.DERIVED),
        ((Standing.MEASURED, Standing.ESTIMATE, Standing.REPORTED), Standing.ESTIMATE),
        ((Standing.MEASURED,), Standing.MEASURED),
        ((), Standing.ESTIMATE),
    ],
)
def test_a_sum_is_no_better_founded_than_its_weakest_part(standings: tuple[Standing, ...], weakest: Standing) -> None:
    assert reports.weakest(standings) is weakest


def test_figures_of_a_year_that_differ_by_rounding_only_do_not_disagree() -> None:
    # One rule for the throughput table and for the tables that name a year only.
    loaded = current()
    told = [one for row in table("ports") for one in disagreements.disagreements(loaded, row["id"])]
    assert told
    for one in told:
        figures = [stated.figure for stated in one.stated]
        assert one.kind not in ("year", "values") or not reports.agree(figures), one
    assert reports.agree((_point(100).figure, _point(100.4).figure))
    assert not reports.agree((_point(100).figure, _point(101).figure))


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)))
def test_the_share_of_a_year_grows_to_one(end: date) -> None:
    share = reports.share_of_year(end)
    assert 0 < share <= 1
    assert (share == 1) == ((end.month, end.day) == (12, 31))


def test_a_port_without_a_figure_borrows_the_one_of_its_group_and_says_so() -> None:
    loaded = current()
    year = loaded.region.settings.base_year
    members = {row["id"]: row["members"].split(";") for row in table("aggregates") if row["kind"] == "port_group"}
    borrowed = 0
    for row in table("ports"):
        point, group = ports.base_figure(loaded, row["id"], year)
        own = furthest(row["id"], year)
        if own is not None:
            assert not group
            assert point is not None
            assert point.subject == row["id"]
            continue
        land = row["mode"] != "air"
        groups = [g for g, ids in members.items() if land and row["id"] in ids and furthest(g, year) is not None]
        assert bool(group) == bool(groups), row["id"]
        if group:
            assert group in groups
            assert point is not None
            assert point.subject == group
            borrowed += 1
    assert borrowed


def test_the_sites_hold_every_open_land_port_once() -> None:
    loaded = current()
    open_land = {row["id"] for row in table("ports") if row["status"] == "open" and row["mode"] != "air"}
    listed = [m.id for site in ports.sites(loaded) for m in (site.members or (site,))]
    assert Counter(listed) == Counter(open_land)


def test_every_target_is_read_and_its_share_is_that_of_the_file() -> None:
    loaded = current()
    rows = [row for row in table("policies_reported") if row["kind"] == "target"]
    found = targets.targets(loaded)
    assert len(found) == len(rows)
    by_line = {target.line: target for target in found}
    with (loaded.region.path / "policies_reported.csv").open(encoding="utf-8", newline="") as stream:
        lines = {line: row for line, row in enumerate(csv.DictReader(stream), start=2) if row["kind"] == "target"}
    assert set(by_line) == set(lines)
    for line, row in lines.items():
        assert by_line[line].figure.value == float(row["value"])
        if row["metric"] == "cargo_tonnes_target":
            done = furthest(row["port_id"], int(row["year"]))
            share = by_line[line].share
            assert (share is None) == (done is None)
            if done is not None:
                assert share == pytest.approx(float(done["value"]) / float(row["value"]))


def test_the_pace_is_that_of_the_newest_year_of_which_something_was_reported() -> None:
    loaded = current()
    year, listed = targets.pace(loaded)
    ours = names.own_subjects(loaded)
    assert year == max(t.year for t in targets.targets(loaded) if t.amount and t.subject in ours and t.done)
    assert {t.subject for t in listed} <= ours
    assert listed[0].subject == names.whole(loaded)
    assert any(t.done is None for t in listed), "a target without a figure stays on the list"


WORDS = {
    "ports": {"mode": "mode", "status": "port_status", "class": "port_class", "opening_type": "opening_type",
              "opening_scope": "opening_scope", "cluster_2021": "cluster"},
    "projects": {"kind": "project_kind", "status": "project_status", "unit": "unit"},
    "places": {"kind": "place_kind"},
    "links": {"status": "link_status", "mode": "mode", "capacity_unit": "unit"},
    "policies_reported": {"unit": "unit", "kind": "policy_kind"},
    "port_throughput": {"unit": "unit"},
    "clearance": {"unit": "unit", "direction": "direction"},
    "port_commodities": {"commodity": "goods", "direction": "direction"},
    "parameters": {"quantity": "quantity", "unit": "unit"},
    "freight_classes": {"freight_class": "freight_class"},
    "published_routes": {"unit": "unit"},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WORDS))
def test_every_word_of_the_shipped_tables_has_its_chinese_and_english(name: str) -> None:
    lacking = {
        (column, row[column])
        for row in table(name)
        for column, kind in WORDS[name].items()
        if row[column] and not words.known(kind, row[column])
    }
    assert not lacking


@pytest.mark.parametrize("name", ["port_throughput", "clearance", "policies_reported"])
def test_every_metric_has_a_name(name: str) -> None:
    for metric in sorted({row["metric"] for row in table(name)}):
        zh = words.metric(metric, lambda slug: f"「{slug}」", "zh")
        assert not any("a" <= letter <= "z" for letter in zh.split("「")[0]), (metric, zh)


def test_places_and_countries_in_a_metric_are_called_by_name() -> None:
    loaded = current()
    assert names.metric(loaded, "cargo_tonnes_mongolia") == "货运量（蒙古国）"
    assert "乌兰巴托" in names.metric(loaded, "waiting_time_to_ulaanbaatar_high")


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [(0, "零", "no"), (2, "两", "two"), (10, "十", "ten"), (14, "十四", "fourteen"), (20, "二十", "twenty"),
     (25, "二十五", "twenty-five"), (99, "九十九", "ninety-nine"), (140, "140", "140")],
)  # fmt: skip
def test_small_numbers_are_words(number: int, zh: str, en: str) -> None:
    assert words.count(number, "zh") == zh
    assert words.count(number, "en") == en


def test_goods_begin_small_inside_a_sentence_unless_a_proper_name_begins_them() -> None:
    listed = ["Coking coal", "Food, fruit and vegetables (export, Mongolia)", "China-Europe train containers (mixed)"]
    with override("en"):
        told = prose.goods(listed)
    assert told == ("Coking coal; food, fruit and vegetables (export, Mongolia); China-Europe train containers (mixed)")
    with override("zh-hans"):
        assert prose.goods(["炼焦煤", "铁矿石/铁精矿"]) == "炼焦煤、铁矿石/铁精矿"
    assert prose.inside("LNG") == "LNG"
