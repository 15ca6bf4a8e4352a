"""The shape of the virtual network: where gauges change, which controls are passed, which links exist when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bridgehead.engines.network.components import AIR, Port
from bridgehead.engines.network.routes import Consignment, find_route
from bridgehead.engines.network.topology import Kind, Stage
from bridgehead.engines.network.virtual import Network
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.small import PLACES, PORTS, RAILWAY, ROADS, link, parameter, parameters, tables


def kinds(region, origin, destination, **more):
    route = find_route(region, Consignment(origin, destination, "coal", tonnes=1.0), "cost", **more)
    return [(leg.kind, leg.origin) for leg in route.legs]


def test_exports_change_gauge_at_the_foreign_station_before_entry():
    assert kinds(tables(), "inland", "abroad") == [
        ("load", "inland"),
        ("haul", "inland"),
        ("border_exit", "port"),
        ("haul", "port"),
        ("gauge_change", "station"),
        ("border_entry", "station"),
        ("haul", "station"),
        ("unload", "abroad"),
    ]


def test_imports_change_gauge_at_the_home_station_before_entry():
    assert kinds(tables(), "abroad", "inland") == [
        ("load", "abroad"),
        ("haul", "abroad"),
        ("border_exit", "station"),
        ("haul", "station"),
        ("gauge_change", "port"),
        ("border_entry", "port"),
        ("haul", "port"),
        ("unload", "inland"),
    ]


def test_the_direction_in_which_the_table_writes_a_link_does_not_matter():
    turned = tuple(
        link(row.destination, row.origin, row.length_km, gauges=row.gauges_mm[::-1], speed_kmh=row.speed_kmh)
        for row in RAILWAY
    )
    assert kinds(tables(links=turned), "abroad", "inland") == kinds(tables(), "abroad", "inland")
    assert kinds(tables(links=turned), "inland", "abroad") == kinds(tables(), "inland", "abroad")


def test_where_links_of_two_gauges_meet_inland_both_changes_are_offered():
    links = (link("inland", "port", 100.0, gauges=(1435,)), link("port", "far", 50.0, gauges=(1520,)))
    places = (*PLACES, replace(PLACES[0], id="far"))
    region = tables(links=links, places=places)
    assert ("gauge_change", "port") in kinds(region, "inland", "far")
    assert ("gauge_change", "port") in kinds(region, "far", "inland")


def test_an_inland_link_with_two_gauges_changes_at_the_station_of_arrival():
    places = (*PLACES, replace(PLACES[0], id="middle"), replace(PLACES[0], id="end"))
    links = (
        link("inland", "port", 100.0, gauges=(1435,)),
        link("port", "middle", 5.0, gauges=(1435, 1520)),
        link("middle", "end", 50.0, gauges=(1520,)),
    )
    region = tables(links=links, places=places)
    assert ("gauge_change", "middle") in kinds(region, "inland", "end")
    assert ("gauge_change", "port") in kinds(region, "end", "inland")


def test_goods_that_end_at_the_station_of_arrival_need_no_change_of_gauge():
    steps = kinds(tables(), "inland", "station")
    assert [kind for kind, _ in steps] == ["load", "haul", "border_exit", "haul", "border_entry", "unload"]


def test_goods_are_put_only_onto_trains_of_the_own_gauge():
    network = Network(tables())
    onto = {
        (node.place, node.gauge_mm)
        for tail, head, kind in zip(network.topology.tail, network.topology.head, network.topology.kind, strict=True)
        if kind == Kind.LOAD and (node := network.topology.nodes[head]) and tail >= 0
    }
    assert onto == {("inland", 1435), ("port", 1435), ("station", 1520), ("abroad", 1520)}


def test_a_customs_union_has_no_customs_border_but_another_country_does():
    union = (parameter("customs_union", 7, "union", country="HH"), parameter("customs_union", 7, "union", country="FF"))
    steps = [kind for kind, _ in kinds(tables(parameters=parameters(*union)), "inland", "abroad")]
    assert "border_exit" not in steps
    assert "border_entry" not in steps
    assert "gauge_change" in steps
    other = (union[0], replace(union[1], value=8))
    assert "border_exit" in [kind for kind, _ in kinds(tables(parameters=parameters(*other)), "inland", "abroad")]


def test_every_crossing_passes_one_exit_and_one_entry():
    topology = Network(tables(links=RAILWAY + ROADS)).topology
    for tail, head, kind in zip(topology.tail, topology.head, topology.kind, strict=True):
        before, after = topology.nodes[tail].stage, topology.nodes[head].stage
        if kind == Kind.BORDER_EXIT:
            assert before in {Stage.FREE, Stage.ABOARD}
            assert after is Stage.LEAVING
        if kind == Kind.BORDER_ENTRY:
            assert (before, after) == (Stage.ARRIVED, Stage.FREE)
        if before is Stage.LEAVING:
            assert (kind, after) == (Kind.HAUL, Stage.ARRIVED)


@pytest.mark.parametrize(
    ("status", "status_year", "year", "there"),
    [
        ("open", None, 2023, True),
        ("planned", 2025, 2024, False),
        ("planned", 2025, 2025, True),
        ("under construction", 2025, 2026, True),
        ("under_construction", 2025, 2026, True),
        ("planned", None, 2026, False),
        ("not verified", None, 2026, False),
        ("not verified", 2020, 2026, False),
    ],
)
def test_links_exist_from_their_year_on(status, status_year, year, there):
    new = link("inland", "station", 50.0, gauges=(1520,), status=status, status_year=status_year)
    horizon = link("inland", "inland", 1.0, "road", status="planned", status_year=2026)
    names = {one.id for one in Network(tables(links=(*RAILWAY, new, horizon)), year).topology.links}
    assert (new.id in names) is there
    assert horizon.id not in names or year == 2026


def test_a_link_without_a_year_opens_only_when_named():
    new = link("inland", "station", 50.0, gauges=(1520,), status="planned")
    region = tables(links=(*RAILWAY, new))
    assert new.id in {one.id for one in Network(region, include={new.id}).topology.links}
    with pytest.raises(BridgeheadError) as caught:
        Network(region, include={"nowhere--else--rail"})
    assert caught.value.code == "network.unknown_link"


def test_a_port_that_is_not_open_carries_nothing_but_its_inland_links_remain():
    closed = tables(ports=(replace(PORTS[0], status="under_construction"), PORTS[1]))
    names = {one.id for one in Network(closed).topology.links}
    assert RAILWAY[0].id in names
    assert RAILWAY[1].id not in names


def test_a_crossing_that_its_year_opens_brings_its_port_along():
    building = replace(RAILWAY[1], status="under construction", status_year=2025)
    region = tables(
        ports=(replace(PORTS[0], status="under_construction"), PORTS[1]), links=(RAILWAY[0], building, RAILWAY[2])
    )
    assert building.id not in {one.id for one in Network(region, 2024).topology.links}
    assert building.id in {one.id for one in Network(region, 2025).topology.links}


def test_air_is_used_only_when_named():
    service = link("inland", "abroad", 900.0, AIR, status="service not verified")
    region = tables(links=(*RAILWAY, service))
    assert service.id not in {one.id for one in Network(region).topology.links}
    assert service.id in {one.id for one in Network(region, modes=("rail", AIR)).topology.links}
    assert service.id in {one.id for one in Network(region, include={service.id}).topology.links}


def test_goods_may_start_or_end_at_a_closed_place_but_not_pass_it():
    zone = replace(PLACES[0], id="zone")
    links = (
        link("inland", "zone", 1.0, "road"),
        link("zone", "station", 1.0, "road"),
        *ROADS,
    )
    closed = parameters(parameter("closed_to_through_traffic", 1, "flag", place="zone"))
    region = tables(places=(*PLACES, zone), links=links, parameters=closed)
    assert "zone" not in dict(kinds(region, "inland", "abroad")).values()
    assert kinds(region, "zone", "abroad")[-1] == ("unload", "abroad")
    assert kinds(region, "abroad", "zone")[-1] == ("unload", "zone")
    free = tables(places=(*PLACES, zone), links=links)
    assert ("border_exit", "zone") in kinds(free, "inland", "abroad")


def test_goods_of_third_countries_do_not_pass_a_bilateral_port():
    third = replace(PLACES[1], id="third", country="TT")
    links = (*RAILWAY, link("abroad", "third", 100.0, gauges=(1520,)))
    both = Port("port", "rail", "open", "HH", "FF", 43.7, 112.0, opening_scope="bilateral")
    region = tables(places=(*PLACES, third), ports=(both, PORTS[1]), links=links)
    assert kinds(region, "inland", "abroad")
    with pytest.raises(BridgeheadError) as caught:
        kinds(region, "inland", "third")
    assert caught.value.code == "route.no_path"
    assert kinds(replace(region, ports=PORTS), "inland", "third")


def test_the_order_of_the_rows_does_not_change_the_network():
    one, other = Network(tables()).topology, Network(tables(links=RAILWAY[::-1])).topology
    assert one.nodes == other.nodes
    assert one.head.tolist() == other.head.tolist()


def test_parallel_links_of_one_mode_stay_apart():
    twin = replace(RAILWAY[0], id="inland--port--rail-2", length_km=90.0)
    region = tables(links=(*RAILWAY, twin))
    route = find_route(region, Consignment("inland", "abroad", "coal", tonnes=1.0), "cost")
    assert "inland--port--rail-2" in [name for leg in route.legs for name in leg.links]


def test_goods_put_aboard_are_hauled_before_they_are_moved_or_unloaded_again() -> None:
    topology = Network(tables(links=RAILWAY + ROADS)).topology
    stage = np.array([node.stage for node in topology.nodes])
    kinds = set(topology.kind[stage[topology.tail] == Stage.ABOARD].tolist())
    assert kinds == {Kind.HAUL, Kind.BORDER_EXIT}
    put = np.isin(topology.kind, (Kind.LOAD, Kind.TRANSFER))
    assert (stage[topology.head[put]] == Stage.ABOARD).all()
    taken = topology.kind == Kind.UNLOAD
    assert not (stage[topology.tail[taken]] == Stage.ABOARD).any()
