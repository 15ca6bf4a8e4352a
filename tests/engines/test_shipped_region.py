"""The shipped region through the engines: conservation, plausibility of the ports, provenance and published figures."""

from __future__ import annotations

import math

import pytest

from bridgehead.engines.flows.all_or_nothing import assign
from bridgehead.engines.flows.results import Flows
from bridgehead.engines.network.costing import FEE_IN_RATE, Goods
from bridgehead.engines.network.routes import Consignment, find_route
from bridgehead.engines.network.topology import Kind
from bridgehead.engines.network.virtual import Network
from bridgehead.ground.published import comparisons
from bridgehead.regions.load import load_region


@pytest.fixture(scope="module")
def region():
    return load_region()


@pytest.fixture(scope="module")
def tables(region):
    return region.network()


@pytest.fixture(scope="module")
def flows(tables) -> Flows:
    return assign(tables)


@pytest.fixture(scope="module")
def network(tables) -> Network:
    return Network(tables)


def test_all_demand_is_served_and_conserved(flows, tables):
    assert flows.unserved == ()
    assert flows.conservation_error <= 1e-6
    assert flows.totals.served_t == pytest.approx(math.fsum(row.tonnes for row in tables.demand))
    assert sum(row.modelled_t for row in flows.port_totals) == pytest.approx(flows.totals.served_t)


def test_ports_that_are_not_open_carry_nothing(flows, tables):
    closed = {port.id for port in tables.ports if port.status != "open"}
    assert closed
    assert not closed & {row.port for row in flows.ports}


def test_the_great_ports_come_out_near_their_marks_without_being_forced(flows):
    total = {row.port: row for row in flows.port_totals}
    for port in ("ganqimaodu", "ceke", "zhuengadabuqi"):
        assert total[port].modelled_t == pytest.approx(total[port].marked_t, rel=0.15)
    for port in ("manzhouli-rail", "erenhot-rail"):
        assert total[port].modelled_t == pytest.approx(total[port].marked_t, rel=0.35)


def test_every_parameter_used_stands_in_the_table(flows, tables):
    known = {row.id for row in tables.parameters}
    assert set(flows.parameters) <= known
    assert len(flows.parameters) > 60


def test_the_result_comes_back_from_json(flows):
    assert Flows.from_json(flows.to_json()) == flows


def test_no_border_fee_is_added_where_the_rate_contains_it(network, tables):
    """Look at every border move of the region for every kind of goods."""
    seen = 0
    for commodity in tables.commodities:
        for boxed in (False, True):
            goods = Goods(commodity, boxed)
            priced = network.price(goods)
            for signature, charge in zip(network.topology.signatures, priced.charges, strict=True):
                if signature.kind not in (Kind.BORDER_EXIT, Kind.BORDER_ENTRY):
                    continue
                if network.model.rate_contains_border(signature.mode, signature.countries[0], goods):
                    seen += 1
                    assert charge.usd_per_t == charge.standing_usd_per_t == 0.0
                    assert FEE_IN_RATE in charge.left_out
    assert seen > 50


def test_no_speed_of_the_model_is_a_speed_with_border_delay(tables):
    for row in tables.parameters:
        if row.quantity == "haul_speed":
            assert "with delay" not in row.source.lower()


def test_every_place_with_links_can_be_priced_for_every_commodity(network, tables):
    for commodity in tables.commodities:
        priced = network.price(Goods(commodity, False))
        assert (priced.cost("generalised") >= 0).all()
        assert (priced.hours[network.topology.kind == Kind.LOAD] > 0).all()


def test_the_two_routes_the_issue_names(tables):
    boxes = find_route(tables, Consignment("hohhot", "duisburg", "cre-containers", teu=2), "time")
    assert 7 < boxes.hours / 24 < 20
    coal = find_route(tables, Consignment("tavan-tolgoi", "tangshan", "coking-coal", tonnes=5000), "cost")
    assert coal.ports == ("ganqimaodu",)
    assert 20 < coal.usd_per_t < 80


def test_imports_change_gauge_at_the_home_station_and_exports_abroad(tables):
    for origin, destination, where in (("moscow", "harbin", "manzhouli-rail"), ("harbin", "moscow", "zabaikalsk")):
        route = find_route(
            tables,
            Consignment(origin, destination, "cre-containers", teu=2),
            "cost",
            modes=("rail",),
            via="manzhouli-rail",
        )
        assert [leg.origin for leg in route.legs if leg.kind == "gauge_change"] == [where]


def test_published_figures_are_met_within_a_factor_of_two_or_the_gap_is_explained(region):
    found = comparisons(region)
    assert len(found) >= 20
    assert all(one.explained for one in found), [one.published.id for one in found if not one.explained]
    for one in found:
        if one.circular:
            assert one.published.note.find("circular") >= 0, one.published.id
    honest = [one for one in found if not one.circular and one.plausible]
    assert len(honest) >= 12
