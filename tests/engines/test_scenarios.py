"""Scenarios: edits are made as written, in order, on a base that stays; what cannot be made is told all at once."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.flows.all_or_nothing import assign
from bridgehead.engines.network.applied import Applied, Scenario, Wait
from bridgehead.engines.network.components import OPEN, ComponentTables
from bridgehead.engines.network.edits import KINDS, AddLink, CloseLink, ClosePort, ScaleDemand, as_plain, field_names
from bridgehead.engines.network.opening import open_links
from bridgehead.engines.network.scenario_reading import (
    MOST_EDITS,
    scenario_from_json,
    scenario_from_plain,
    scenario_from_toml,
    scenario_to_json,
    type_of,
)
from bridgehead.engines.network.scenarios import apply, undo
from bridgehead.kernel.errors import BridgeheadError
from tests.engines import small

Plain = Mapping[str, object]

DEMAND = (
    small.demand("abroad", "inland", 1000.0, calibration_port="port"),
    small.demand("inland", "abroad", 300.0, "boxes", teu=30.0, calibration_port="gate"),
)
BORDER = "port--station--rail"
BASE = small.tables(
    ports=(*small.PORTS, replace(small.PORTS[0], id="siding", status="under_construction")),
    links=(
        *(replace(one, capacity=20.0, capacity_unit="trains/day/direction") for one in small.RAILWAY),
        *small.ROADS,
        small.link("siding", "station", 12.0, gauges=(1520, 1435), status="planned"),
        small.link("inland", "siding", 90.0, gauges=(1435,)),
    ),
    demand=DEMAND,
    parameters=small.parameters(
        small.parameter("gauge_change_capacity", 20.0, "Mt/yr"),
        small.parameter("gauge_change_capacity", 5.0, "Mt/yr", place="port"),
    ),
)


def read(*edits: Plain, tables: ComponentTables = BASE, year: int = 2023) -> Scenario:
    return scenario_from_plain({"year": year, "edits": list(edits)}, tables)


def made(*edits: Plain, tables: ComponentTables = BASE) -> Applied:
    return apply(read(*edits, tables=tables), tables)


def faults(*edits: object, year: object = 2023) -> set[tuple[str, int | None, str | None]]:
    with pytest.raises(BridgeheadError) as refused:
        scenario_from_plain({"year": year, "edits": list(edits)}, BASE)
    return {(one.code.partition(".")[2], one.place.row, one.place.field) for one in refused.value.faults}


ONE_OF_EACH: tuple[Plain, ...] = (
    {"edit": "open_link", "link": "siding--station--rail"},
    {"edit": "add_link", "origin": "inland", "destination": "station", "mode": "road", "length_km": 99.5},
    {"edit": "close_link", "link": "inland--gate--road", "from": "2023-03-01", "to": "2023-03-31"},
    {"edit": "close_port", "port": "port"},
    {"edit": "capacity", "link": "inland--port--rail", "factor": 1.5},
    {"edit": "parameter", "quantity": "freight_rate", "country": "HH", "value": 0.09},
    {"edit": "gauge_change_capacity", "place": "port", "factor": 2.0},
    {"edit": "demand", "commodity": "coal", "factor": 0.7},
    {"edit": "background", "link": "station--abroad--rail", "value": 4.0},
)


@pytest.mark.article(8)
@pytest.mark.article(19)
def test_opening_a_planned_railway_brings_its_port_along() -> None:
    assert "siding--station--rail" not in {one.id for one in open_links(BASE, 2023)}
    tables = made({"edit": "open_link", "link": "siding--station--rail"}).tables
    assert "siding--station--rail" in {one.id for one in open_links(tables, 2023, home_ports_only=True)}
    assert tables.ports_by_id["siding"].status == OPEN
    # The same freight as where the caller names the link himself, as `assign` has always let him.
    before = assign(BASE, include=["siding--station--rail"])
    assert assign(tables).link_tonnes == before.link_tonnes


@pytest.mark.article(12)
def test_a_closed_port_lets_nothing_through_in_its_days_and_keeps_the_rest_of_the_year() -> None:
    applied = made({"edit": "close_port", "port": "port", "from": "2023-07-01", "to": "2023-07-10"})
    assert applied.tables == BASE, "the tables speak of the days on which it is open"
    assert applied.days == 10
    assert applied.open_share(BORDER) == pytest.approx(355 / 365)
    assert applied.open_share("inland--port--rail") == 1.0, "the railway behind it goes on"
    (run,) = applied.runs
    assert (run.days, run.closed_links, run.share) == (10, frozenset({BORDER}), 10 / 365)
    assert sum(period.days for period in applied.periods) == 365


def test_a_port_closed_for_good_has_no_open_crossing() -> None:
    tables = made({"edit": "close_port", "port": "port"}).tables
    assert BORDER not in {one.id for one in open_links(tables, 2023)}
    assert "inland--port--rail" in {one.id for one in open_links(tables, 2023)}
    assert {row.port for row in assign(tables).port_totals if row.modelled_t} == {"gate"}


def test_capacity_background_and_gauge_change() -> None:
    applied = made(
        {"edit": "capacity", "link": BORDER, "factor": 1.5},
        {"edit": "background", "link": BORDER, "value": 3},
        {"edit": "gauge_change_capacity", "place": "port", "factor": 2},
        {"edit": "gauge_change_capacity", "place": "station", "value": 7},
    )
    assert applied.tables.links_by_id[BORDER].capacity == 30.0
    assert (applied.background[BORDER].value, applied.background[BORDER].unit) == (3.0, "trains/day/direction")
    rows = {row.place: row.value for row in applied.tables.parameters if row.quantity == "gauge_change_capacity"}
    assert rows == {"": 20.0, "port": 10.0, "station": 7.0}, "a station without a row of its own gets one"


def test_parameters_by_id_and_by_selectors() -> None:
    one = made({"edit": "parameter", "parameter": "haul_speed", "factor": 0.5}).tables
    assert [row.value for row in one.parameters if row.quantity == "haul_speed"] == [25.0]
    both = made({"edit": "parameter", "quantity": "freight_rate", "factor": 2}).tables
    assert sorted(row.value for row in both.parameters if row.quantity == "freight_rate") == [0.2, 0.4]
    home = made({"edit": "parameter", "quantity": "freight_rate", "country": "HH", "value": 1}).tables
    assert sorted(row.value for row in home.parameters if row.quantity == "freight_rate") == [0.2, 1.0]


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ({}, (500.0, 150.0)),
        ({"commodity": "coal"}, (500.0, 300.0)),
        ({"country": "HH"}, (1000.0, 150.0)),
        ({"port": "gate"}, (1000.0, 150.0)),
        ({"direction": "import"}, (500.0, 300.0)),
    ],
)
def test_demand_is_scaled_where_it_fits(selectors: Plain, expected: tuple[float, float]) -> None:
    tables = made({"edit": "demand", "factor": 0.5, **selectors}).tables
    assert tuple(row.tonnes for row in tables.demand) == expected
    teu = tables.demand[1].teu
    assert teu is not None
    assert teu / tables.demand[1].tonnes == pytest.approx(0.1), "the boxes go with their tonnes"


def test_a_factor_on_everything_and_one_on_a_part_multiply() -> None:
    tables = made({"edit": "demand", "factor": 0.5}, {"edit": "demand", "factor": 0.5, "commodity": "coal"}).tables
    assert tuple(row.tonnes for row in tables.demand) == (250.0, 150.0)


def test_order_matters_where_it_must() -> None:
    add: Plain = {"edit": "add_link", "origin": "inland", "destination": "station", "mode": "road", "length_km": 50}
    add = {**add, "capacity": 100, "capacity_unit": "trains/day/direction"}
    widen = {"edit": "capacity", "link": "inland--station--road", "factor": 2}
    assert made(add, widen).tables.links_by_id["inland--station--road"].capacity == 200.0
    assert faults(widen, add) == {("unknown_id", 1, "link")}


def test_the_hash_is_that_of_base_year_and_edits_in_order() -> None:
    first, second = {"edit": "demand", "factor": 0.5}, {"edit": "close_port", "port": "port"}
    scenario = read(first, second)
    assert scenario.content_hash == read(dict(reversed(first.items())), second).content_hash
    assert scenario.content_hash == read({"edit": "demand", "factor": 0.50, "commodity": ""}, second).content_hash
    others = [
        read(second, first),
        read(first),
        read({"edit": "demand", "factor": 0.51}, second),
        read(first, second, tables=replace(BASE, demand=DEMAND[:1])),
    ]
    assert len({scenario.content_hash, *(one.content_hash for one in others)}) == 5
    # Written out: a change of the form would lose every saved result.
    plain = Scenario("00", 2023, (ScaleDemand(0.7, commodity="coal"), ClosePort("port")))
    edits = '[{"commodity":"coal","edit":"demand","factor":0.7},{"edit":"close_port","port":"port"}]'
    text = f'{{"base":"00","edits":{edits},"year":2023}}'
    assert plain.content_hash == hashlib.sha256(text.encode()).hexdigest()


def test_every_kind_of_edit_is_undone_and_read_back() -> None:
    assert {one["edit"] for one in ONE_OF_EACH} == set(KINDS)
    scenario = read(*ONE_OF_EACH)
    applied = apply(scenario, BASE)
    assert applied.tables != BASE
    assert undo(applied) == BASE
    assert scenario_from_json(scenario_to_json(scenario), BASE) == scenario
    for position, edit in enumerate(scenario.edits, 1):
        plain = as_plain(edit)
        assert set(plain) <= {"edit", *field_names(type(edit))}
        told = {change.edit for change in applied.changes} | ({position} if edit.KIND == "background" else set())
        assert position in told or isinstance(edit, CloseLink)
        assert all(type_of(name) in {"text", "number", "integer", "integers", "day"} for name in plain)


@given(st.permutations(ONE_OF_EACH), st.integers(1, len(ONE_OF_EACH)))
def test_undoing_any_edits_in_any_order_gives_the_base(edits: list[Plain], count: int) -> None:
    chosen = edits[:count]
    applied = made(*chosen)
    assert undo(applied) == BASE
    assert undo(applied).content_hash == BASE.content_hash
    assert applied.scenario.content_hash == read(*chosen).content_hash


@given(st.lists(st.tuples(st.integers(0, 364), st.integers(0, 364)), min_size=1, max_size=4))
def test_periods_share_out_every_day_of_the_year(spans: list[tuple[int, int]]) -> None:
    links = ("inland--port--rail", BORDER, "inland--gate--road", "station--abroad--rail")
    days = {}
    edits = []
    for link, span in zip(links, spans, strict=False):
        first, last = (date(2023, 1, 1) + timedelta(days=one) for one in sorted(span))
        edits.append({"edit": "close_link", "link": link, "from": str(first), "to": str(last)})
        days[link] = {first + timedelta(days=one) for one in range((last - first).days + 1)}
    applied = made(*edits)
    assert sum(period.days for period in applied.periods) == 365
    assert len({period.closed_links for period in applied.periods}) == len(applied.periods)
    assert applied.days == len(set().union(*days.values()))
    for link, closed in days.items():
        assert applied.open_share(link) == pytest.approx(1 - len(closed) / 365)
        waits = [(one, period.days) for period in applied.periods for one in period.waits if one.link == link]
        assert sum(count for _one, count in waits) == len(closed)
        # In a closure of n days in a row the middles of its days lie n / 2 from both ends in the mean.
        for name in ("days_left", "days_shut"):
            assert sum(getattr(one, name) * count for one, count in waits) == pytest.approx(len(closed) ** 2 / 2)


def test_a_second_closure_of_the_same_link_does_not_lengthen_the_wait() -> None:
    spans = (("2023-03-01", "2023-03-04"), ("2023-08-01", "2023-08-08"))
    applied = made(*({"edit": "close_link", "link": BORDER, "from": first, "to": last} for first, last in spans))
    (run,) = applied.runs
    assert run.days == 12
    assert run.waits == (Wait(BORDER, pytest.approx((4 * 2 + 8 * 4) / 12), pytest.approx((4 * 2 + 8 * 4) / 12)),)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = faults(
        {"edit": "open_link", "link": "nowhere--station--rail"},
        {"edit": "open_link", "link": "inland--port--rail"},
        {"edit": "close_port", "port": "port", "from": "2022-12-30", "to": "2023-01-02"},
        {"edit": "close_link", "link": BORDER, "from": "2023-02-02", "to": "2023-02-01"},
        {"edit": "close_link", "link": BORDER, "from": "2023-02-02"},
        {"edit": "capacity", "link": BORDER, "factor": 0},
        {"edit": "capacity", "link": "inland--gate--road", "factor": 2},
        {"edit": "parameter", "parameter": "haul_speed", "value": 0},
        {"edit": "parameter", "quantity": "freight_rate", "country": "XX", "factor": 2},
        {"edit": "demand", "factor": -0.5, "commodity": "copper"},
        {"edit": "gauge_change_capacity", "place": "inland", "factor": 2, "value": 3},
        {"edit": "demand", "share": 2},
        {"edit": "widen", "link": BORDER},
        {"edit": "background", "link": BORDER, "value": "many"},
        7,
    )
    assert found == {
        ("unknown_id", 1, "link"),
        ("already_open", 2, "link"),
        ("outside_year", 3, "from"),
        ("days_reversed", 4, "to"),
        ("one_day_missing", 5, "to"),
        ("impossible_value", 6, "value"),
        ("no_capacity", 7, "link"),
        ("impossible_value", 8, "value"),
        ("nothing_selected", 9, "quantity"),
        ("impossible_value", 10, "factor"),
        ("unknown_id", 10, "commodity"),
        ("no_gauge_change", 11, "place"),
        ("factor_or_value", 11, "factor"),
        ("unknown_field", 12, "share"),
        ("missing_field", 12, "factor"),
        ("unknown_edit", 13, "edit"),
        ("bad_field", 14, "value"),
        ("bad_field", 15, "edit"),
    }


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ({"edit": "close_port", "port": "port"}, {"edit": "close_link", "link": BORDER}, "link"),
        ({"edit": "capacity", "link": BORDER, "factor": 2}, {"edit": "capacity", "link": BORDER, "value": 2}, "link"),
        (
            {"edit": "parameter", "parameter": "haul_speed", "factor": 2},
            {"edit": "parameter", "quantity": "haul_speed", "factor": 2},
            "quantity",
        ),
        (
            {"edit": "gauge_change_capacity", "place": "port", "factor": 2},
            {"edit": "parameter", "parameter": "gauge_change_capacity-port", "factor": 2},
            "parameter",
        ),
        ({"edit": "demand", "factor": 2}, {"edit": "demand", "factor": 3}, "commodity"),
        (
            {"edit": "close_port", "port": "port", "from": "2023-01-01", "to": "2023-01-10"},
            {"edit": "close_port", "port": "port", "from": "2023-01-10", "to": "2023-01-12"},
            "port",
        ),
        (
            {"edit": "close_port", "port": "port", "from": "2023-01-01", "to": "2023-01-10"},
            {"edit": "close_port", "port": "port"},
            "port",
        ),
        (
            {"edit": "close_port", "port": "port"},
            {"edit": "close_link", "link": BORDER, "from": "2023-01-01", "to": "2023-01-10"},
            "link",
        ),
    ],
)
def test_the_same_thing_is_not_edited_twice(first: Plain, second: Plain, field: str) -> None:
    assert faults(first, second) == {("edited_twice", 2, field)}


def test_what_is_edited_twice_may_be_wrong_besides() -> None:
    twice = [{"edit": "capacity", "link": BORDER, "factor": 2}, {"edit": "capacity", "link": BORDER, "factor": 0}]
    assert faults(*twice) == {("edited_twice", 2, "link"), ("impossible_value", 2, "value")}
    for what in ({"edit": "parameter", "quantity": "haul_speed"}, {"edit": "gauge_change_capacity", "place": "port"}):
        found = faults({**what, "factor": 2}, {**what, "factor": -2})
        assert {code for code, _, _ in found} == {"edited_twice", "impossible_value"}
    shut: Plain = {"edit": "close_port", "port": "port"}
    assert faults({**shut, "from": "2023-07-02", "to": "2023-07-01"}, shut) == {
        ("days_reversed", 1, "to"),
        ("edited_twice", 2, "port"),
    }


def test_some_demand_has_to_be_left() -> None:
    assert faults({"edit": "demand", "factor": 0}) == {("no_demand", 1, "factor")}
    assert made({"edit": "demand", "factor": 0, "commodity": BASE.demand[0].commodity}).changes


def test_a_new_link_is_checked_whole() -> None:
    bad: Plain = {"edit": "add_link", "origin": "inland", "destination": "moon", "mode": "pipe", "length_km": 0}
    bad = {**bad, "link_class": "Z", "capacity": 5, "gauges_mm": [1435]}
    assert faults(bad) == {
        ("unknown_id", 1, "destination"),
        ("not_among", 1, "mode"),
        ("not_among", 1, "link_class"),
        ("impossible_value", 1, "length_km"),
        ("capacity_and_unit", 1, "capacity_unit"),
        ("gauge_of_rail", 1, "gauges_mm"),
    }
    there: Plain = {"edit": "add_link", "origin": "port", "destination": "inland", "mode": "rail", "length_km": 9}
    assert faults({**there, "gauges_mm": [1435]}) == {("link_exists", 1, "destination")}, "a link has two directions"
    assert AddLink("a", "b", "road", 1.0).record().status == OPEN


def test_a_name_where_an_id_belongs_finds_the_ids_made_of_it() -> None:
    tables = replace(BASE, links=(*BASE.links, small.link("rio-grande", "inland", 9.0)))
    with pytest.raises(BridgeheadError) as refused:
        read({"edit": "close_link", "link": "Rio Grande"}, tables=tables)
    assert refused.value.parameters["close"] == "rio-grande--inland--rail"


def test_an_empty_or_broken_scenario_is_refused() -> None:
    assert faults() == {("no_edits", None, "edits")}
    assert faults({"edit": "demand", "factor": 1}, year="soon") == {("bad_field", None, "year")}
    assert faults(*[{"edit": "demand", "factor": 1}] * (MOST_EDITS + 1)) == {("too_many_edits", None, "edits")}
    for text in ("{", "[]", '{"edits": [], "edits": []}', '"x"', b"\xff", "[" * 100_000):
        with pytest.raises(BridgeheadError) as refused:
            scenario_from_json(text, BASE, file="s.json")
        assert refused.value.code in {"scenario.unreadable", "scenario.no_edits"}
        assert refused.value.place.file == "s.json"
    with pytest.raises(BridgeheadError, match="unreadable"):
        scenario_from_toml("edits = [", BASE)


def test_toml_and_json_say_the_same() -> None:
    text = 'year = 2023\n[[edits]]\nedit = "close_port"\nport = "port"\nfrom = 2023-07-01\nto = 2023-07-10\n'
    plain = {"edit": "close_port", "port": "port", "from": "2023-07-01", "to": "2023-07-10"}
    as_json = json.dumps({"name": "Ten days", "reason": "flood", "year": 2023, "edits": [plain]})
    assert scenario_from_toml(text, BASE) == scenario_from_json(as_json, BASE)


def test_faults_of_a_toml_file_have_its_lines() -> None:
    text = """year = 1066
reason = '''
[[edits]]
factor = 1'''

[[edits]]  # the first
edit = "demand"
"factor" = -1

[["edits"]]
port = "port"
edit = "close_port"
to = 2023-07-10
colour = 7
[[edits]]
link = "nowhere"
edit = "open_link"
"""
    with pytest.raises(BridgeheadError) as refused:
        scenario_from_toml(text, BASE, file="s.toml")
    found = {(one.code.partition(".")[2], one.place.row, one.place.field) for one in refused.value.faults}
    assert found == {
        ("year_outside_data", 1, "year"),
        ("impossible_value", 8, "factor"),
        ("unknown_field", 14, "colour"),
        ("unknown_id", 16, "link"),
    }
    with pytest.raises(BridgeheadError) as refused:
        scenario_from_toml('edits = [{edit = "demand"}]', BASE, file="s")
    assert refused.value.place.row is None, "no line is better than a wrong one; the sentence says which edit"
    assert "Edit 1" in str(refused.value)
    with pytest.raises(BridgeheadError) as refused:
        scenario_from_toml('\n[[edits]]\nedit = "demand"\n', BASE)
    assert refused.value.place.row == 2, "a field that is not there: the header"
    with pytest.raises(BridgeheadError) as refused:
        scenario_from_toml("year = 2023\n[[edits]\n", BASE)
    assert refused.value.place.row == 2, "what is no TOML"
    long = "k" * 300
    with pytest.raises(BridgeheadError) as refused:
        scenario_from_toml(f'\na = {{"line 77" = 1, "{long}" = 1, "{long}" = 2}}\n', BASE)
    assert refused.value.place.row == 2, "the line of the parser, not one in the words of the file"


def test_faults_of_a_json_file_have_its_lines() -> None:
    text = """
{"reason": "a \\"brace\\" {, [ and\\nanother",
 "year": 1066,
 "colours": {"edits": [1, 2]},
 "edits" : [
  {"edit": "demand",
   "factor": -1}
  , {"port": "port", "edit": "close_port", "to": "2023-07-10",
     "colour": {"port": []}},
  5,
  {
   "edit": "open_link", "link" :
     "nowhere"
  },
  {"edit": "demand"}
 ]}"""
    for written in (text, text.encode("utf-16")):
        with pytest.raises(BridgeheadError) as refused:
            scenario_from_json(written, BASE, file="s.json")
        assert {(one.code.partition(".")[2], one.place.row, one.place.field) for one in refused.value.faults} == {
            ("year_outside_data", 3, "year"),
            ("unknown_field", 4, "colours"),
            ("impossible_value", 7, "factor"),
            ("unknown_field", 9, "colour"),
            ("bad_field", 10, "edit"),
            ("unknown_id", 12, "link"),
            ("missing_field", 15, "factor"),
        }
    with pytest.raises(BridgeheadError) as refused:
        scenario_from_json('{"year": 2023,\n "edits": [}', BASE)
    assert refused.value.place.row == 2, "what is no JSON"
    with pytest.raises(BridgeheadError) as refused:
        scenario_from_json('{"line 7": 1,\n "line 7": 2}', BASE)
    assert refused.value.place.row is None, "the words of the file name no line"


def test_one_fault_of_an_edit_hides_no_unknown_name() -> None:
    found = faults(
        {"edit": "demand", "factor": math.nan, "commodity": "gold", "direction": "up"},
        {"edit": "gauge_change_capacity", "place": "inland", "factor": 2, "colour": 7},
        {"edit": "capacity", "link": "nowhere", "factor": "two"},
        {"edit": "open_link", "link": ["a"]},
        {"edit": "capacity", "link": "inland--port--rail", "factor": "two"},
    )
    assert found == {
        ("bad_field", 1, "factor"),
        ("unknown_id", 1, "commodity"),
        ("not_among", 1, "direction"),
        ("unknown_field", 2, "colour"),
        ("no_gauge_change", 2, "place"),
        ("bad_field", 3, "factor"),
        ("unknown_id", 3, "link"),
        ("bad_field", 4, "link"),
        ("bad_field", 5, "factor"),
    }


def test_a_scenario_of_other_tables_is_not_made() -> None:
    scenario = read({"edit": "demand", "factor": 2})
    with pytest.raises(BridgeheadError, match="other_base"):
        apply(scenario, replace(BASE, base_year=2022))
