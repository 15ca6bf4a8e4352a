"""Routes with simulated stays at their ports: steps, sums and speeds worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from bridgehead.engines.network.journey import Consignment
from bridgehead.engines.network.profile import profile
from bridgehead.engines.network.routes import find_route
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, replicate
from bridgehead.engines.simulation.reports import report
from bridgehead.engines.simulation.results import results
from bridgehead.engines.simulation.route_stays import (
    Interval,
    PortStay,
    freight_classes,
    port_stay,
    simulated_route,
)
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.small import tables

COAL = Consignment("inland", "abroad", "coal", tonnes=123.0)


def stay(mean: float, low: float | None, high: float | None, port: str = "port") -> PortStay:
    return PortStay(port, Interval(mean, low, high), (), 10, 1, 365.0)


@pytest.mark.article(12)
def test_the_step_at_the_port_becomes_the_simulated_stay_with_its_interval() -> None:
    route = find_route(tables(), COAL)
    found = simulated_route(route, [stay(10.0, 8.0, 12.0)])
    assert found is not None
    # The network has 7 hours to leave at the port; the simulation has 10 from 8 to 12.
    (crossing,) = found.crossings
    assert (crossing.kinds, crossing.tabled_h) == (("border_exit",), 7.0)
    assert found.hours.mean == pytest.approx(route.hours + 3.0)
    assert found.hours.low == pytest.approx(route.hours + 1.0)
    assert found.hours.high == pytest.approx(route.hours + 5.0)
    assert found.simulated.usd_per_t == route.usd_per_t
    before, after = profile(route), found.points
    step = next(at for at, one in enumerate(after) if one.kind == "border_exit")
    assert after[step].vertical
    assert after[step - 1].hours == Interval(before[step - 1].hours, before[step - 1].hours, before[step - 1].hours)
    assert after[step].hours.mean - after[step - 1].hours.mean == pytest.approx(10.0)
    assert after[step].hours.high - after[step].hours.low == pytest.approx(4.0)  # type: ignore[operator]
    assert after[-1].hours == found.hours
    assert after[-1].km == pytest.approx(310.0)


def test_speed_with_delay_follows_and_speed_without_delay_stays() -> None:
    route = find_route(tables(), COAL)
    found = simulated_route(route, [stay(10.0, 8.0, 12.0)])
    assert found is not None
    (rail,) = found.speeds
    moving = 310 / (rail.swod_kmh or 0.0)
    assert rail.tabled_swd_kmh == pytest.approx(310 / (moving * 1.25 + 7 + 14))
    assert rail.swd_kmh is not None
    assert rail.swd_kmh.mean == pytest.approx(310 / (moving * 1.25 + 10 + 14))
    assert rail.swd_kmh.low == pytest.approx(310 / (moving * 1.25 + 12 + 14))
    assert rail.swd_kmh.high == pytest.approx(310 / (moving * 1.25 + 8 + 14))
    # Two border points: 10 h (8 to 12) and the 14 h of the other side.
    assert rail.tabled_tfi1_h == pytest.approx((7 + 14) / 2)
    assert rail.tfi1_h is not None
    assert (rail.tfi1_h.mean, rail.tfi1_h.low, rail.tfi1_h.high) == pytest.approx((12.0, 11.0, 13.0))


def test_parameters_of_the_tabled_time_are_no_longer_named_and_those_of_the_price_are() -> None:
    route = find_route(tables(), COAL)
    found = simulated_route(route, [stay(10.0, 8.0, 12.0)])
    assert found is not None
    (before,) = [leg for leg in route.legs if leg.kind == "border_exit"]
    (after,) = [leg for leg in found.simulated.legs if leg.kind == "border_exit"]
    assert {use.item for use in before.uses} - {use.item for use in after.uses} == {"border_time"}
    assert after.money_usd == before.money_usd


def test_one_replication_has_no_interval_and_other_ports_change_nothing() -> None:
    route = find_route(tables(), COAL)
    alone = simulated_route(route, [stay(10.0, None, None)])
    assert alone is not None
    assert (alone.hours.low, alone.hours.high) == (None, None)
    assert alone.speeds[0].swd_kmh is not None
    assert alone.speeds[0].swd_kmh.low is None
    assert simulated_route(route, [stay(10.0, 8.0, 12.0, port="elsewhere")]) is None
    assert simulated_route(route, []) is None


def test_json_says_that_it_is_a_model() -> None:
    found = simulated_route(find_route(tables(), COAL), [stay(10.0, 8.0, 12.0)])
    assert found is not None
    told = found.as_json()
    assert told["standing"] == "model"
    assert told["ports"][0]["simulated_h"] == {"mean": 10.0, "low": 8.0, "high": 12.0}
    assert told["hours"]["tabled"] < told["hours"]["simulated"]["mean"]


TWO_CLASSES: dict[str, Any] = {
    "schema": "bridgehead-port-model/1",
    "port": "port",
    "parameters": {name: {"value": 60, "unit": "t"} for name in ("slow_payload_t", "fast_payload_t")},
    "classes": {"slow": {}, "fast": {}, "bus": {}},
    "stations": {
        "gate": {"servers": "inf", "service": {"slow": {"det": "4h"}, "fast": {"det": "1h"}, "bus": {"det": "9h"}}}
    },
    "sources": [
        {"class": "slow", "node": "gate", "times": [0]},
        {"class": "fast", "node": "gate", "times": [0, 1, 2]},
        {"class": "bus", "node": "gate", "times": [0]},
    ],
    "about": {"payload_t": ["$slow_payload_t", "$fast_payload_t"]},
}


def test_the_stay_of_goods_is_that_of_the_classes_that_carry_them_weighted_by_how_many_leave() -> None:
    model = read_model(TWO_CLASSES)
    assert freight_classes(model) == ("slow", "fast")
    study = replicate(model, Experiment(6000.0, 0.0, 2, bin_min=6000.0))
    made = report(study)
    assert port_stay("port", made, ("slow", "fast")).hours.mean == pytest.approx((4 + 3 * 1) / 4)
    assert port_stay("port", made, ("fast",)).hours.mean == pytest.approx(1.0)
    assert port_stay("port", made).hours.mean == pytest.approx((4 + 3 + 9) / 5)


def test_classes_nobody_has_and_results_without_replications_are_refused() -> None:
    study = replicate(read_model(TWO_CLASSES), Experiment(6000.0, 0.0, 2, bin_min=6000.0))
    wrong = (
        (report(study), ("slo",), "simulation.unknown_class"),
        (results(study), ("slow", "fast"), "simulation.no_replications"),
    )
    for told, classes, code in wrong:
        with pytest.raises(BridgeheadError) as refused:
            port_stay("port", told, classes)
        assert refused.value.code == code
    early = replicate(read_model(TWO_CLASSES), Experiment(30.0, 0.0, 2, bin_min=30.0))
    with pytest.raises(BridgeheadError) as refused:
        port_stay("port", report(early))
    assert refused.value.code == "simulation.no_stay"
