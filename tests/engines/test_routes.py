"""Routes leg by leg: merging, sums, the other criterion, JSON, and one clear error for every impossible question."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal

import pytest

from bridgehead.engines.network.components import Link
from bridgehead.engines.network.routes import Consignment, find_route
from bridgehead.engines.network.virtual import Network, build
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.small import PLACES, RAILWAY, ROADS, link, parameter, parameters, tables

COAL = Consignment("inland", "abroad", "coal", tonnes=123.0)


def code_of(call) -> tuple[str, object]:
    with pytest.raises(BridgeheadError) as caught:
        call()
    return caught.value.code, caught.value


def test_hauls_along_a_line_are_one_leg_that_lists_its_places():
    middle = replace(PLACES[1], id="halfway")
    links = (
        *RAILWAY[:2],
        link("station", "halfway", 80.0, gauges=(1520,)),
        link("halfway", "abroad", 120.0, gauges=(1520,)),
    )
    route = find_route(tables(places=(*PLACES, middle), links=links), COAL, "cost")
    last = route.legs[-2]
    assert last.places == ("station", "halfway", "abroad")
    assert last.links == ("station--halfway--rail", "halfway--abroad--rail")
    assert last.km == pytest.approx(200.0)
    assert last.countries == ("FF",)


def test_the_border_stretch_is_a_leg_of_its_own_with_both_countries():
    border = next(leg for leg in find_route(tables(), COAL, "cost").legs if leg.border)
    assert border.places == ("port", "station")
    assert border.countries == ("HH", "FF")
    assert find_route(tables(), COAL, "cost").ports == ("port",)


def test_the_countries_of_the_border_stretch_stand_in_the_order_of_the_journey():
    back = find_route(tables(), replace(COAL, origin="abroad", destination="inland"), "cost")
    border = next(leg for leg in back.legs if leg.border)
    assert border.places == ("station", "port")
    assert border.countries == ("FF", "HH")


def test_of_equally_fast_ways_the_cheapest_is_taken():
    timeless = parameters(
        parameter("border_entry_time_including_gauge_change", 8.0, "h"), without=("border_entry_time",)
    )
    region = tables(parameters=timeless, links=RAILWAY[:2] + ROADS[2:] + RAILWAY[2:])
    for origin, destination in (("inland", "station"), ("abroad", "port")):
        route = find_route(region, replace(COAL, origin=origin, destination=destination), "time")
        assert "gauge_change" not in {leg.kind for leg in route.legs}


def test_of_equally_cheap_ways_the_fastest_is_taken():
    middle = tuple(replace(PLACES[0], id=name) for name in ("slow", "quick"))
    links = tuple(
        link(*ends, 50.0, "road", speed_kmh=speed)
        for way, speed in (("slow", 10.0), ("quick", 50.0))
        for ends in (("inland", way), (way, "gate"))
    )
    for order in (links, links[::-1]):
        region = tables(places=(*PLACES, *middle), links=order)
        assert "quick" in find_route(region, replace(COAL, destination="gate"), "cost").places


def test_a_change_of_gauge_names_both_gauges():
    change = next(leg for leg in find_route(tables(), COAL, "cost").legs if leg.kind == "gauge_change")
    assert (change.gauge_mm, change.new_gauge_mm) == (1435, 1520)


def test_legs_add_up_to_the_totals_and_money_to_the_cent():
    route = find_route(tables(), COAL, "cost")
    assert route.km == pytest.approx(sum(leg.km for leg in route.legs)) == pytest.approx(310.0)
    assert route.hours == pytest.approx(sum(leg.hours for leg in route.legs))
    assert isinstance(route.money_usd, Decimal)
    assert route.money_usd == sum(leg.money_usd for leg in route.legs)
    assert abs(float(route.money_usd) - route.usd_per_t * 123.0) <= 0.005 * len(route.legs)
    assert all(leg.money_usd == leg.money_usd.quantize(Decimal("0.01")) for leg in route.legs)


def test_every_number_names_a_parameter_that_exists():
    region = tables()
    known = {row.id for row in region.parameters}
    for leg in find_route(region, COAL, "cost").legs:
        assert leg.uses
        assert {use.parameter for use in leg.uses} <= known
        items = {use.item for use in leg.uses}
        assert items >= ({"rate", "speed", "stops", "co2e"} if leg.kind == "haul" else set())


def test_the_fastest_way_may_be_another_than_the_cheapest():
    slow_train = parameters(
        parameter("haul_speed", 10.0, "km/h", mode="rail"), parameter("freight_rate", 1.0, "USD/tkm", mode="road")
    )
    region = tables(links=RAILWAY + ROADS, parameters=slow_train)
    cheap, fast = find_route(region, COAL, "cost"), find_route(region, COAL, "time")
    assert {leg.mode for leg in cheap.legs} == {"rail"}
    assert "road" in {leg.mode for leg in fast.legs}
    assert fast.hours < cheap.hours
    assert cheap.usd_per_t < fast.usd_per_t
    both = find_route(region, COAL, "generalised")
    assert cheap.usd_per_t <= both.usd_per_t + 1e-9
    assert fast.hours <= both.hours + 1e-9


def test_a_way_may_be_bound_to_a_port_or_to_modes():
    region = tables(links=RAILWAY + ROADS)
    assert find_route(region, COAL, "cost", via="port").ports == ("port",)
    assert find_route(region, COAL, "cost", via="gate").ports == ("gate",)
    assert {leg.mode for leg in find_route(region, COAL, "cost", modes=("road",)).legs} == {"road"}
    code, error = code_of(lambda: find_route(region, COAL, "cost", via="gat"))
    assert code == "route.unknown_place"
    assert error.place.field == "via"
    assert "gate" in str(error.parameters["close"])


def test_containers_are_priced_per_container():
    route = find_route(tables(), Consignment("inland", "abroad", "boxes", teu=2.0), "cost")
    assert route.boxed
    assert route.tonnes == 20.0
    assert route.usd_per_teu == (route.money_usd / 2).quantize(Decimal("0.01"))
    assert find_route(tables(), COAL, "cost").usd_per_teu is None


def test_a_route_survives_json():
    route = find_route(tables(), COAL, "cost")
    plain = json.loads(json.dumps(route.as_json(), allow_nan=False))
    assert plain["totals"]["money_usd"] == str(route.money_usd)
    assert plain["totals"]["km"] == route.km
    assert [leg["kind"] for leg in plain["legs"]] == [leg.kind for leg in route.legs]
    assert Decimal(plain["legs"][1]["money_usd"]) == route.legs[1].money_usd
    assert plain["places"] == ["inland", "port", "station", "abroad"]
    assert plain["parameters"] == list(route.parameters)


def test_a_kept_network_gives_the_same_route():
    region = tables()
    assert find_route(region, COAL, "cost", network=Network(region)) == find_route(region, COAL, "cost")


@pytest.mark.parametrize("field", ["origin", "destination"])
def test_an_unknown_place_is_named_with_ids_that_look_alike(field):
    code, error = code_of(lambda: find_route(tables(), replace(COAL, **{field: "abraod"}), "cost"))
    assert code == "route.unknown_place"
    assert error.place.field == field
    assert "abroad" in str(error.parameters["close"])


@pytest.mark.parametrize(
    "amount",
    [
        {},
        {"tonnes": 1.0, "teu": 1.0},
        {"tonnes": 0.0},
        {"tonnes": -5.0},
        {"tonnes": math.nan},
        {"tonnes": math.inf},
        {"tonnes": 1e9},
        {"teu": 0.0},
        {"teu": -1.0},
        {"teu": math.nan},
        {"teu": 1e8},
    ],
)
def test_an_amount_that_cannot_be_is_refused(amount):
    consignment = Consignment("inland", "abroad", "coal", **amount)
    assert code_of(lambda: find_route(tables(), consignment, "cost"))[0] == "route.bad_consignment"


def test_the_other_impossible_questions_have_codes_of_their_own():
    region = tables()
    assert code_of(lambda: find_route(region, replace(COAL, destination="inland"), "cost"))[0] == "route.same_place"
    code, error = code_of(lambda: find_route(region, replace(COAL, commodity="cole"), "cost"))
    assert code == "route.unknown_commodity"
    assert "coal" in str(error.parameters["close"])
    assert code_of(lambda: find_route(region, COAL, "beauty"))[0] == "route.bad_criterion"
    assert code_of(lambda: find_route(region, COAL, "cost", include={"a--b--rail"}))[0] == "network.unknown_link"


@pytest.mark.parametrize("year", [1900, 2022, 2024, 9999])
def test_a_year_the_tables_say_nothing_of_is_refused_with_those_they_do(year):
    code, error = code_of(lambda: find_route(tables(), replace(COAL, year=year), "cost"))
    assert code == "route.year_outside_data"
    assert (error.parameters["first"], error.parameters["last"]) == (2023, 2023)


def test_no_path_is_said_for_an_island_and_for_a_place_without_links():
    alone = replace(PLACES[0], id="island")
    region = tables(places=(*PLACES, alone))
    assert code_of(lambda: find_route(region, replace(COAL, destination="island"), "cost"))[0] == "route.no_path"
    split = tables(links=RAILWAY[:1])
    assert code_of(lambda: find_route(split, COAL, "cost"))[0] == "route.no_path"


def test_zero_lengths_and_zero_prices_are_no_trouble():
    nothing: tuple[Link, ...] = tuple(replace(row, length_km=0.0) for row in RAILWAY)
    free = tuple(
        replace(row, value=0.0) if row.unit.startswith("USD") or row.unit in {"h", "h/h"} else row
        for row in parameters()
    )
    route = find_route(tables(links=nothing, parameters=free), COAL, "cost")
    assert route.usd_per_t == 0.0
    assert route.places == ("inland", "port", "station", "abroad")


def test_build_prices_the_network_of_a_year_for_one_commodity():
    priced = build(tables(), commodity="coal")
    assert priced.topology.head.dtype == "int32"
    assert priced.topology.first.dtype == "int32"
    assert priced.cost("cost").dtype == "float64"
    assert len(priced.usd_per_t) == priced.topology.arc_count
    assert (priced.cost("generalised") >= priced.cost("cost")).all()
