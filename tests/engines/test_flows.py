"""Loading demand: sums by hand, conservation as a property, capacity in all its units, and the way to JSON and back."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.flows.all_or_nothing import assign, flow_paths, input_hash
from bridgehead.engines.flows.freight_flows import equilibrate
from bridgehead.engines.flows.results import Flows
from bridgehead.engines.network.components import Port, link_id
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.small import PLACES, PORTS, RAILWAY, ROADS, demand, link, parameter, parameters, tables

YEAR = 365.0


def test_tonnes_by_link_direction_commodity_and_port():
    rows = (
        demand("inland", "abroad", 1000.0),
        demand("abroad", "inland", 400.0),
        demand("abroad", "inland", 100.0, "boxes", teu=10.0),
    )
    flows = assign(tables(demand=rows))
    assert flows.link_tonnes["inland--port--rail", "inland", "port"] == 1000.0
    assert flows.link_tonnes["inland--port--rail", "port", "inland"] == 500.0
    assert flows.port_tonnes == {
        ("port", "export", "coal"): 1000.0,
        ("port", "import", "boxes"): 100.0,
        ("port", "import", "coal"): 400.0,
    }
    (boxes,) = [row for row in flows.ports if row.commodity == "boxes"]
    assert boxes.teu == 10.0
    assert boxes.vehicles == pytest.approx(100 / 1000)
    total = {row.port: row for row in flows.port_totals}
    assert (total["port"].modelled_export_t, total["port"].modelled_import_t) == (1000.0, 500.0)
    assert total["port"].modelled_t == 1500.0
    assert flows.conservation_error == 0.0


def test_totals_are_the_sums_written_out():
    flows = assign(tables(demand=(demand("inland", "abroad", 1000.0),)))
    assert flows.totals.demand_t == flows.totals.served_t == 1000.0
    assert flows.totals.tonne_km == {"rail": pytest.approx(310_000.0)}
    assert flows.totals.money_usd == pytest.approx(64_000.0)
    assert flows.totals.t_co2e == pytest.approx((310 * 0.01 + 3.0) * 1000 / 1000)
    assert flows.totals.tonne_hours == pytest.approx(1000 * (5 + 2.5 + 7 + 0.5 + 6 + 8 + 5 + 4))


def test_the_mark_of_a_flow_is_reported_but_not_followed():
    flows = assign(tables(links=RAILWAY + ROADS, demand=(demand("inland", "abroad", 10.0, calibration_port="gate"),)))
    total = {row.port: row for row in flows.port_totals}
    assert (total["gate"].marked_t, total["gate"].modelled_t) == (10.0, 0.0)
    assert (total["port"].marked_t, total["port"].modelled_t) == (0.0, 10.0)


def test_flows_take_the_way_of_least_generalised_cost_not_of_least_money():
    quick = parameters(
        parameter("freight_rate", 0.3, "USD/tkm", mode="road"),
        parameter("haul_speed", 5.0, "km/h", mode="rail"),
    )
    rows = (demand("inland", "abroad", 10.0), demand("inland", "abroad", 20.0, "boxes"))
    flows = assign(tables(links=RAILWAY + ROADS, demand=rows, parameters=quick))
    assert flows.port_tonnes[("port", "export", "coal")] == 10.0
    assert flows.port_tonnes[("gate", "export", "boxes")] == 20.0


@pytest.mark.parametrize(
    ("capacity", "unit", "load", "of", "shown"),
    [
        (4.0, "trains/day/direction", 730_000 / 1000 / YEAR, 4.0, "trains/day/direction"),
        (4.0, "trains/day", 730_000 / 1000 / YEAR, 2.0, "trains/day/direction"),
        (4.0, "vehicles/day both directions", 730_000 / 1000 / YEAR, 2.0, "vehicles/day/direction"),
        (2.0, "Mt/yr", 0.73, 2.0, "Mt/yr"),
        (2_000_000.0, "t/yr", 0.73, 2.0, "Mt/yr"),
    ],
)
def test_each_unit_of_capacity_is_held_against_each_direction(capacity, unit, load, of, shown):
    first = replace(RAILWAY[0], capacity=capacity, capacity_unit=unit, capacity_basis="somebody's figure")
    rows = (demand("inland", "abroad", 730_000.0), demand("abroad", "inland", 365_000.0))
    flows = assign(tables(links=(first, *RAILWAY[1:]), demand=rows))
    there, back = flows.utilisation
    assert (there.origin, there.destination) == ("inland", "port")
    assert there.load == pytest.approx(load)
    assert there.capacity == pytest.approx(of)
    assert there.share == pytest.approx(load / of)
    assert (there.unit, there.capacity_basis) == (shown, "somebody's figure")
    assert back.share == pytest.approx(there.share / 2)
    assert flows.busiest(first.id) == there
    assert flows.busiest("nothing") is None


def test_trucks_are_counted_with_the_payload_of_the_place():
    rows = parameters(parameter("vehicle_payload", 100.0, "t", mode="road", place="gate"))
    flows = assign(tables(links=ROADS, demand=(demand("abroad", "inland", 36_500.0),), parameters=rows))
    vehicles = {row.link: row.vehicles for row in flows.links}
    assert vehicles[link_id("gate", "station", "road")] == pytest.approx(365.0)
    assert vehicles[link_id("station", "abroad", "road")] == pytest.approx(36_500 / 20)


def test_overloads_are_listed_the_fullest_first_and_nothing_is_relieved():
    links = tuple(
        replace(row, capacity=c, capacity_unit="Mt/yr") for row, c in zip(RAILWAY, (2.0, 0.5, 1.0), strict=True)
    )
    flows = assign(tables(links=links, demand=(demand("inland", "abroad", 1.5e6),)))
    assert [row.link for row in flows.overloads] == ["port--station--rail", "station--abroad--rail"]
    assert flows.overloads[0].share == pytest.approx(3.0)
    assert flows.totals.served_t == 1.5e6


def test_a_seasonal_port_has_fewer_days_at_its_crossing_only():
    months = Port("port", "rail", "open", "HH", "FF", 43.7, 112.0, opening_months=(4, 5, 6))
    links = tuple(replace(row, capacity=1.0, capacity_unit="trains/day/direction") for row in RAILWAY)
    flows = assign(tables(links=links, ports=(months, PORTS[1]), demand=(demand("inland", "abroad", 365_000.0),)))
    share = {row.link: row.share for row in flows.utilisation}
    assert share["inland--port--rail"] == pytest.approx(1.0)
    assert share["port--station--rail"] == pytest.approx(4.0)


@pytest.mark.parametrize("load", [assign, equilibrate])
def test_an_unknown_unit_of_capacity_is_an_error(load):
    odd = replace(RAILWAY[0], capacity=1.0, capacity_unit="camels/day")
    with pytest.raises(BridgeheadError) as caught:
        load(tables(links=(odd, *RAILWAY[1:]), demand=(demand("inland", "abroad", 1.0),)))
    assert caught.value.code == "network.unknown_capacity_unit"


def test_demand_without_a_path_is_listed_and_counted():
    island = replace(PLACES[0], id="island")
    rows = (demand("inland", "abroad", 5.0), demand("island", "abroad", 7.0), demand("inland", "island", 9.0))
    flows = assign(tables(places=(*PLACES, island), demand=rows))
    assert {(row.origin, row.destination, row.tonnes, row.reason) for row in flows.unserved} == {
        ("island", "abroad", 7.0, "no_path"),
        ("inland", "island", 9.0, "no_path"),
    }
    assert (flows.totals.served_t, flows.totals.unserved_t, flows.totals.demand_t) == (5.0, 16.0, 21.0)


def test_goods_cross_the_home_border_at_ports_of_the_region_unless_all_crossings_are_open():
    elsewhere = replace(PLACES[0], id="elsewhere")
    short = (link("inland", "elsewhere", 1.0, gauges=(1435,)), link("elsewhere", "abroad", 1.0, gauges=(1435, 1520)))
    region = tables(places=(*PLACES, elsewhere), links=RAILWAY + short, demand=(demand("inland", "abroad", 5.0),))
    assert assign(region).port_tonnes == {("port", "export", "coal"): 5.0}
    assert assign(region, crossings="all").port_tonnes == {}
    assert assign(region, crossings="all").link_tonnes["elsewhere--abroad--rail", "elsewhere", "abroad"] == 5.0


def test_a_crossing_that_a_scenario_names_is_open_wherever_it_is():
    elsewhere = replace(PLACES[0], id="elsewhere")
    planned = link("elsewhere", "abroad", 1.0, gauges=(1435, 1520), status="planned")
    links = (*RAILWAY, link("inland", "elsewhere", 1.0, gauges=(1435,)), planned)
    region = tables(places=(*PLACES, elsewhere), links=links, demand=(demand("inland", "abroad", 5.0),))
    assert planned.id not in {row.link for row in assign(region).links}
    flows = assign(region, include={planned.id})
    assert planned.id in {row.link for row in flows.links}
    assert flows.include == (planned.id,)


def test_flows_between_two_places_at_home_or_two_abroad_load_too():
    second = replace(PLACES[1], id="second")
    links = (*RAILWAY, link("abroad", "second", 30.0, gauges=(1520,)))
    rows = (demand("inland", "port", 3.0), demand("abroad", "second", 4.0))
    flows = assign(tables(places=(*PLACES, second), links=links, demand=rows))
    assert flows.link_tonnes == {
        ("inland--port--rail", "inland", "port"): 3.0,
        ("abroad--second--rail", "abroad", "second"): 4.0,
    }
    assert flows.ports == ()


def test_the_latest_demand_not_after_the_year_is_loaded():
    rows = (demand("inland", "abroad", 3.0), demand("inland", "abroad", 8.0, year=2025))
    region = tables(demand=rows)
    assert assign(region, 2023).totals.served_t == assign(region, 2024).totals.served_t == 3.0
    assert assign(region, 2025).totals.served_t == 8.0
    with pytest.raises(BridgeheadError) as caught:
        assign(region, 2026)
    assert caught.value.code == "route.year_outside_data"


def test_a_region_without_demand_gives_empty_flows():
    flows = assign(tables())
    assert flows.links == flows.ports == flows.utilisation == flows.unserved == ()
    assert flows.conservation_error == 0.0
    assert Flows.from_json(flows.to_json()) == flows


@pytest.mark.parametrize("share", [0.999, 1.001, float("nan")])
def test_freight_that_gets_lost_on_the_way_is_refused(monkeypatch, share):
    def lose(arc, tail, target, amount, flow):
        flow[arc[target]] += amount * share

    monkeypatch.setattr("bridgehead.engines.network.kernels.add_path", lose)
    with pytest.raises(BridgeheadError) as caught:
        assign(tables(demand=(demand("inland", "abroad", 1000.0),)))
    assert caught.value.code == "flows.not_conserved"


def test_json_gives_back_an_equal_result_and_strange_text_an_error():
    first = replace(RAILWAY[0], capacity=1.0, capacity_unit="Mt/yr")
    rows = (demand("inland", "abroad", 1e6 / 3), demand("inland", "nowhere", 1.0))
    nowhere = replace(PLACES[0], id="nowhere")
    flows = assign(tables(places=(*PLACES, nowhere), links=(first, *RAILWAY[1:]), demand=rows))
    text = flows.to_json()
    again = Flows.from_json(text)
    assert again == flows
    assert again.to_json() == text
    assert again.overloads == flows.overloads
    for strange in (
        "",
        "[]",
        "null",
        "{}",
        text[:-2],
        text.replace('"format":1', '"format":99'),
        b"\xff\xfe",
        '{"format":1}',
    ):
        with pytest.raises(BridgeheadError) as caught:
            Flows.from_json(strange)
        assert caught.value.code == "flows.unreadable"
    extra = json.loads(text) | {"surprise": 1}
    with pytest.raises(BridgeheadError):
        Flows.from_json(json.dumps(extra))


def test_the_input_hash_changes_with_what_matters_only():
    region = tables(demand=(demand("inland", "abroad", 1.0),))
    same = replace(region, links=RAILWAY[::-1])
    assert input_hash(region) == input_hash(same) == input_hash(region, 2023) == assign(region).content_hash
    changed = [
        replace(region, links=(replace(RAILWAY[0], length_km=101.0), *RAILWAY[1:])),
        replace(region, parameters=region.parameters[:-1]),
        replace(region, demand=(demand("inland", "abroad", 2.0),)),
    ]
    hashes = {input_hash(one) for one in (region, *changed)}
    hashes |= {input_hash(region, crossings="all"), input_hash(region, include={"inland--port--rail"})}
    assert len(hashes) == 6


def test_paths_tell_whose_freight_a_link_carries():
    rows = (demand("inland", "abroad", 5.0, calibration_port="gate"), demand("abroad", "inland", 7.0, "boxes"))
    region = tables(demand=rows)
    carried: dict[tuple[str, str, str], float] = defaultdict(float)
    for path in flow_paths(region):
        assert path.ports == ("port",)
        for step in path.steps:
            carried[step.link, step.origin, step.destination] += path.tonnes
    assert dict(carried) == assign(region).link_tonnes


@st.composite
def regions(draw):
    """A random region: places in two countries, ports between them, links of two modes and gauges, and demand."""
    count = draw(st.integers(3, 7))
    places = tuple(replace(PLACES[0], id=f"p{i}", country="HH" if i % 2 else "FF") for i in range(count))
    links, seen = [], set()
    names = [place.id for place in places] + ["port", "gate"]
    for _ in range(draw(st.integers(2, 14))):
        one, other = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        mode = draw(st.sampled_from(["rail", "road"]))
        if one == other or (frozenset({one, other}), mode) in seen:
            continue
        seen.add((frozenset({one, other}), mode))
        gauges = draw(st.sampled_from([(1435,), (1520,), (1435, 1520)])) if mode == "rail" else ()
        links.append(link(one, other, draw(st.floats(0.0, 900.0)), mode, gauges))
    rows = []
    for _ in range(draw(st.integers(0, 8))):
        one, other = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        if one != other:
            commodity = draw(st.sampled_from(["coal", "boxes"]))
            rows.append(demand(one, other, draw(st.floats(0.1, 1e7)), commodity))
    return tables(places=places, links=tuple(links), demand=tuple(rows))


@settings(max_examples=60, deadline=None)
@given(regions(), st.randoms(use_true_random=False))
def test_freight_is_conserved_and_the_order_of_rows_does_not_matter(region, random):
    flows = assign(region, crossings="all")
    assert flows.conservation_error <= 1e-12
    net: dict[tuple[str, str], float] = defaultdict(float)
    unserved = {(row.origin, row.destination, row.commodity, row.tonnes) for row in flows.unserved}
    for row in region.demand:
        if (row.origin, row.destination, row.commodity, row.tonnes) not in unserved:
            net[row.origin, row.commodity] += row.tonnes
            net[row.destination, row.commodity] -= row.tonnes
    for flow in flows.links:
        assert flow.tonnes > 0
        net[flow.origin, flow.commodity] -= flow.tonnes
        net[flow.destination, flow.commodity] += flow.tonnes
    assert all(abs(left) <= 1e-6 for left in net.values())
    served, left = flows.totals.served_t, flows.totals.unserved_t
    assert served + left == pytest.approx(flows.totals.demand_t)
    mixed_links, mixed_demand = list(region.links), list(region.demand)
    random.shuffle(mixed_links)
    random.shuffle(mixed_demand)
    assert assign(replace(region, links=tuple(mixed_links), demand=tuple(mixed_demand)), crossings="all") == flows
