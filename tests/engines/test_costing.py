"""Prices, hours and emissions against sums written out by hand, and what must not be counted twice."""

from __future__ import annotations

import pytest

from bridgehead.engines.network.components import Commodity
from bridgehead.engines.network.costing import FEE_IN_RATE, TIME_IN_BORDER
from bridgehead.engines.network.routes import Consignment, find_route
from bridgehead.engines.network.virtual import Network, goods_of
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.small import ROADS, link, parameter, parameters, tables


def export(region, by="cost", **more):
    amount = more or {"tonnes": 100.0}
    return find_route(region, Consignment("inland", "abroad", "coal", **amount), by)


def legs_of(route):
    return {(leg.kind, leg.origin): leg for leg in route.legs}


def test_the_price_of_an_export_is_the_sum_written_out():
    route = export(tables())
    load = 1.0 + 5.0  # loading and the terminal part of the home tariff
    home = 100 * 0.1
    leaving = 60 / 60
    border = 10 * (0.1 + 0.2) / 2  # half the way at each country's rate
    change = 2.0
    entering = 120 / 60
    abroad = 200 * 0.2
    unload = 1.5
    assert route.usd_per_t == pytest.approx(load + home + leaving + border + change + entering + abroad + unload)


def test_the_hours_of_an_export_are_the_sum_written_out():
    load, unload = 2.0 + 3.0, 4.0
    home, border, abroad = 100 / 50 * 1.25, 10 / 25 * 1.25, 200 / 50 * 1.25  # the border link caps the speed at 25 km/h
    assert export(tables()).hours == pytest.approx(load + home + 7.0 + border + 6.0 + 8.0 + abroad + unload)


def test_the_emissions_of_an_export_are_the_sum_written_out():
    haul = 310 * 10 / 1000
    handling = 3 * 1.0  # loading, change of gauge, unloading
    assert export(tables()).kg_co2e == pytest.approx((haul + handling) * 100)


def test_an_import_pays_the_home_terminal_part_once_when_it_crosses():
    route = find_route(tables(), Consignment("abroad", "inland", "coal", tonnes=1.0), "cost")
    crossing = next(leg for leg in route.legs if leg.border)
    assert crossing.usd_per_t == pytest.approx(10 * 0.15 + 5.0)
    assert legs_of(route)["load", "abroad"].usd_per_t == pytest.approx(1.0)


def test_the_generalised_cost_adds_the_value_of_time_and_the_standing_of_vehicles():
    network = Network(tables())
    priced = network.price(goods_of(tables(), "coal"))
    assert priced.time_value_usd_per_t_h == pytest.approx(240 * 0.01 / 24)
    arcs = {}
    for arc, total in enumerate(priced.cost("generalised")):
        signature = network.topology.signatures[network.topology.signature[arc]]
        arcs[signature.kind.name, network.topology.nodes[network.topology.tail[arc]].place] = total
    assert arcs["BORDER_EXIT", "port"] == pytest.approx(60 / 60 + 0.1 * 7.0 + 7.0 * 100 / 1000)
    assert arcs["GAUGE_CHANGE", "port"] == pytest.approx(2.0 + 0.1 * 6.0 + 6.0 * 100 / 1000)
    assert arcs["UNLOAD", "abroad"] == pytest.approx(1.5 + 0.1 * 4.0)


def test_a_rate_that_contains_the_border_switches_off_that_countrys_fees_and_only_those():
    contained = parameter("freight_rate_including_border", 0.2, "USD/tkm", country="FF", mode="rail")
    plain, cheaper = export(tables()), export(tables(parameters=parameters(contained)))
    assert plain.usd_per_t - cheaper.usd_per_t == pytest.approx(120 / 60)
    assert legs_of(cheaper)["border_entry", "station"].usd_per_t == 0.0
    assert legs_of(cheaper)["border_entry", "station"].left_out == (FEE_IN_RATE,)
    assert legs_of(cheaper)["border_exit", "port"].usd_per_t == pytest.approx(1.0)
    assert cheaper.hours == pytest.approx(plain.hours)


def test_a_contained_border_also_switches_off_cargo_swap_and_standing_cost():
    rows = parameters(parameter("freight_rate_including_border", 0.2, "USD/tkm", country="FF", mode="road"))
    region = tables(links=ROADS, parameters=rows)
    network = Network(region)
    priced = network.price(goods_of(region, "coal"))
    for arc, kind in enumerate(network.topology.kind):
        signature = network.topology.signatures[network.topology.signature[arc]]
        if signature.kind.name == "BORDER_ENTRY" and signature.countries == ("FF",):
            assert priced.usd_per_t[arc] == 0.0
            assert priced.standing_usd_per_t[arc] == 0.0
        elif signature.kind.name == "BORDER_ENTRY":
            assert priced.usd_per_t[arc] == pytest.approx(120 / 20 + 2.5)
            assert priced.standing_usd_per_t[arc] == pytest.approx(8.0 * 20 / 20)
        assert kind == signature.kind


def test_a_rate_with_border_on_one_class_of_line_is_enough_to_leave_the_fee_out():
    rows = parameters(
        parameter("freight_rate_including_border", 0.2, "USD/tkm", country="FF", link_class="M1", mode="rail")
    )
    links = (
        link("inland", "port", 100.0, gauges=(1435,)),
        link("port", "station", 10.0, gauges=(1520, 1435)),
        link("station", "abroad", 200.0, gauges=(1520,), link_class="M1"),
    )
    route = export(tables(links=links, parameters=rows))
    assert legs_of(route)["border_entry", "station"].left_out == (FEE_IN_RATE,)


def test_a_border_time_measured_with_the_gauge_change_switches_off_its_hours_but_not_its_price():
    measured = parameter("border_entry_time_including_gauge_change", 20.0, "h", country="FF")
    route = export(tables(parameters=parameters(measured)))
    change = legs_of(route)["gauge_change", "station"]
    assert change.hours == 0.0
    assert change.usd_per_t == pytest.approx(2.0)
    assert change.left_out == (TIME_IN_BORDER,)
    assert legs_of(route)["border_entry", "station"].hours == 20.0
    assert export(tables()).hours - route.hours == pytest.approx(6.0 + 8.0 - 20.0)


def test_prices_in_another_currency_per_box_and_per_crossing_come_to_dollars_per_tonne():
    rows = parameters(
        parameter("exchange_rate", 8.0, "CNY/USD"),
        parameter("freight_rate", 1.6, "CNY/FEU-km", country="HH", freight_class="container"),
        parameter("terminal_charge", 400.0, "CNY/TEU", country="HH", mode="rail", freight_class="container"),
        parameter("loading_cost", 80.0, "CNY/crossing", country="HH"),
    )
    route = find_route(tables(parameters=rows), Consignment("inland", "abroad", "boxes", teu=3.0), "cost")
    found = legs_of(route)
    assert found["haul", "inland"].usd_per_t == pytest.approx(100 * 1.6 / 8 / 2 / 10)
    assert found["load", "inland"].usd_per_t == pytest.approx(400 / 8 / 10 + 80 / 8 / 60)
    assert route.tonnes == pytest.approx(30.0)
    assert {"exchange_rate", "tonnes_per_teu"} <= set(route.parameters)


def test_goods_in_boxes_are_priced_as_boxes_whatever_they_are():
    rows = parameters(
        parameter("freight_rate", 5.0, "USD/TEU-km", country="HH", freight_class="container"),
        parameter("freight_rate", 0.4, "USD/tkm", country="HH", freight_class="wagonload-4"),
    )
    region = tables(parameters=rows)
    loose = export(region)
    boxed = export(region, teu=1.0)
    assert legs_of(loose)["haul", "inland"].usd_per_t == pytest.approx(40.0)
    assert legs_of(boxed)["haul", "inland"].usd_per_t == pytest.approx(100 * 5.0 / 10)


def test_a_place_with_a_figure_of_its_own_overrules_the_country():
    rows = parameters(parameter("border_entry_time", 31.0, "h", place="station"))
    assert legs_of(export(tables(parameters=rows)))["border_entry", "station"].hours == 31.0


def test_moving_from_rail_to_road_costs_a_transfer_and_waits_for_a_departure():
    links = (link("inland", "port", 100.0, gauges=(1435,)), link("port", "gate", 1.0, "road"), *ROADS[1:])
    route = export(tables(links=links))
    transfer = legs_of(route)["transfer", "port"]
    assert transfer.mode == "road"
    assert transfer.usd_per_t == pytest.approx(3.0)
    assert transfer.hours == pytest.approx(5.0 + 3.0)


def test_a_quantity_without_a_row_is_an_error_not_a_zero():
    with pytest.raises(BridgeheadError) as caught:
        export(tables(parameters=parameters(without=("gauge_change_cost",))))
    assert caught.value.code == "parameter.missing"
    assert caught.value.parameters["quantity"] == "gauge_change_cost"


def test_time_is_dearer_for_dear_goods():
    region = tables(commodities=(Commodity("coal", "bulk", "", 100.0), Commodity("gold", "general", "", 1e6)))
    network = Network(region)
    coal, gold = (network.price(goods_of(region, name)).time_value_usd_per_t_h for name in ("coal", "gold"))
    assert gold == pytest.approx(coal * 1e4)


def test_a_border_time_with_a_gauge_change_loses_its_share_where_no_gauge_ends():
    """Both railways of the crossing have one gauge: 20 h with a change of 6 h come to 14 h without one."""
    rows = parameters(parameter("border_entry_time_including_gauge_change", 20.0, "h", country="FF", mode="rail"))
    links = (
        link("inland", "port", 100.0, gauges=(1520,)),
        link("port", "station", 10.0, gauges=(1520,)),
        link("station", "abroad", 200.0, gauges=(1520,)),
    )
    same = legs_of(export(tables(links=links, parameters=rows)))
    assert ("gauge_change", "station") not in same
    assert same["border_entry", "station"].hours == pytest.approx(20.0 - 6.0)
    assert {use.parameter for use in same["border_entry", "station"].uses} >= {"gauge_change_time"}
    assert legs_of(export(tables(parameters=rows)))["border_entry", "station"].hours == 20.0
    short = parameters(parameter("border_entry_time_including_gauge_change", 4.0, "h", country="FF", mode="rail"))
    assert legs_of(export(tables(links=links, parameters=short)))["border_entry", "station"].hours == 0.0


def test_swapping_trucks_at_a_border_takes_its_time_even_where_a_rate_holds_its_price():
    swap = parameter("border_transshipment_time", 5.0, "h", mode="road")
    rate = parameter("freight_rate_including_border", 0.2, "USD/tkm", country="FF", mode="road")
    for rows in (parameters(swap), parameters(swap, rate)):
        entry = legs_of(export(tables(links=ROADS, parameters=rows)))["border_entry", "station"]
        assert entry.hours == pytest.approx(8.0 + 5.0)
    region = tables(links=ROADS, parameters=parameters(swap))
    priced = Network(region).price(goods_of(region, "coal"))
    entries = [charge for charge in priced.charges if charge.hours == pytest.approx(13.0)]
    assert [charge.standing_usd_per_t for charge in entries] == pytest.approx([8.0 * 20 / 20] * len(entries))
    assert entries
    by_rail = legs_of(export(tables(parameters=parameters(swap))))["border_entry", "station"]
    assert by_rail.hours == 8.0
