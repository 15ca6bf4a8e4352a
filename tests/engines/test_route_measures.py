"""Time and cost against distance, and the CAREC indicators, against sums worked out by hand."""

from __future__ import annotations

import pytest

from bridgehead.engines.network.journey import Consignment
from bridgehead.engines.network.profile import profile
from bridgehead.engines.network.routes import find_route
from bridgehead.engines.network.trade_facilitation import trade_facilitation
from tests.engines.small import RAILWAY, ROADS, parameter, parameters, tables

COAL = Consignment("inland", "abroad", "coal", tonnes=123.0)


def test_the_profile_rises_on_the_spot_and_ends_at_the_totals():
    route = find_route(tables(), COAL)
    points = profile(route)
    assert (points[0].km, points[0].hours, points[0].usd_per_t, points[0].place) == (0.0, 0.0, 0.0, "inland")
    last = points[-1]
    totals = (route.km, route.hours, route.usd_per_t, route.kg_co2e_per_t)
    assert (last.km, last.hours, last.usd_per_t, last.kg_co2e_per_t) == totals
    for before, point, leg in zip(points, points[1:], route.legs, strict=False):
        assert point.vertical == (leg.kind != "haul")
        assert point.km - before.km == pytest.approx(leg.km)
        assert point.hours - before.hours == pytest.approx(leg.hours)
    assert [p.kind for p in points if p.vertical] == ["load", "border_exit", "gauge_change", "border_entry", "unload"]


@pytest.mark.article(14)
def test_the_indicators_of_a_railway_by_hand():
    (rail,) = trade_facilitation(find_route(tables(), COAL))
    assert (rail.mode, rail.km) == ("rail", 310.0)
    # Out at the port: 7 h, 60 USD for 60 t. In: change of gauge 6 h, 2 USD/t, and entry 8 h, 120 USD for 60 t.
    assert [(p.place, p.leaving, p.hours, pytest.approx(p.usd)) for p in rail.points] == [
        ("port", True, 7.0, 20.0), ("station", False, 14.0, 80.0)
    ]  # fmt: skip
    assert rail.tfi1_h == pytest.approx((7 + 14) / 2)
    assert rail.tfi2_usd == pytest.approx((20 + 80) / 2)
    # 100 km at 0.1, 10 km half at 0.1 and half at 0.2, 200 km at 0.2 USD/tkm; both sides of the border.
    assert rail.tfi3_usd == pytest.approx((10 + 1.5 + 40 + 1 + 2 + 2) * 20 * 500 / 310)
    moving = 100 / 50 + 10 / 25 + 200 / 50
    assert rail.swod_kmh == pytest.approx(310 / moving)
    assert rail.swd_kmh == pytest.approx(310 / (moving * 1.25 + 7 + 14))
    assert rail.as_json()["parameters"]["swod_kmh"] == ["haul_speed"]


def test_a_cost_within_the_rate_is_not_counted_again_and_none_is_not_nought():
    contained = parameter("freight_rate_including_border", 0.3, "USD/tkm", country="FF", mode="rail")
    (rail,) = trade_facilitation(find_route(tables(parameters=parameters(contained)), COAL))
    assert [point.usd is None for point in rail.points] == [False, True]
    assert rail.tfi2_usd == pytest.approx(20.0)
    both = parameter("freight_rate_including_border", 0.3, "USD/tkm", country="HH", mode="rail")
    (rail,) = trade_facilitation(find_route(tables(parameters=parameters(contained, both)), COAL))
    assert rail.tfi2_usd is None


def test_every_mode_on_land_has_indicators_of_its_own():
    mixed = tables(links=(*RAILWAY[:2], ROADS[2]))
    found = {one.mode: one for one in trade_facilitation(find_route(mixed, COAL))}
    assert list(found) == ["rail", "road"]
    assert found["road"].tfi1_h is None
    assert found["road"].tfi2_usd is None
    assert found["rail"].tfi1_h is not None
    # The transfer (5 h) and the wait for a truck (3 h) count for the road the goods are moved onto.
    assert found["road"].swd_kmh == pytest.approx(200 / (200 / 50 * 1.25 + 5 + 3))
    inside = find_route(tables(links=RAILWAY[:1]), Consignment("inland", "port", "coal", tonnes=1.0))
    (home,) = trade_facilitation(inside)
    assert (home.tfi1_h, home.tfi2_usd) == (None, None)
