"""Means, variances and loads against values by hand and by numerical integration."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from bridgehead.engines.simulation.distributions import mean, squared_variation, variance
from bridgehead.engines.simulation.growing_queues import load_warnings
from bridgehead.engines.simulation.loads import station_loads, visits_per_min
from bridgehead.engines.simulation.model import Distribution
from bridgehead.engines.simulation.reading import read_model
from bridgehead.kernel.errors import sentence
from tests.engines.simulation.descriptions import PORT, REMOVED, changed

POSITIVE = st.floats(0.05, 50)


def of(kind: str, *numbers: float, parts: tuple[Distribution, ...] = ()) -> Distribution:
    return Distribution(kind, tuple(map(float, numbers)), parts)


@pytest.mark.parametrize(
    ("distribution", "frozen"),
    [
        (of("exp", 5), stats.expon(scale=5)),
        (of("erlang", 4, 2), stats.gamma(4, scale=0.5)),
        (of("uniform", 2, 5), stats.uniform(2, 3)),
        (of("gamma", 3, 0.5), stats.gamma(4, scale=0.75)),
        (of("lognormal", 3, 0.5), stats.lognorm(math.sqrt(math.log(1.25)), scale=3 / math.sqrt(1.25))),
        (of("weibull", 1.7, 4), stats.weibull_min(1.7, scale=4)),
        (of("triangular", 1, 2, 7), stats.triang(1 / 6, loc=1, scale=6)),
        (of("poisson", 7), stats.poisson(7)),
    ],
)
def test_moments_are_those_of_the_textbook(distribution: Distribution, frozen: Any) -> None:
    assert mean(distribution) == pytest.approx(float(frozen.mean()))
    assert variance(distribution) == pytest.approx(float(frozen.var()))


@settings(max_examples=30, deadline=None)
@given(st.floats(-5, 20), st.floats(0.1, 8))
def test_a_normal_service_is_cut_at_zero(m: float, sd: float) -> None:
    density = stats.norm(m, sd).pdf
    first = integrate.quad(lambda x: x * density(x), 0, m + 12 * sd if m > -12 * sd else 1, limit=200)[0]
    second = integrate.quad(lambda x: x * x * density(x), 0, m + 12 * sd if m > -12 * sd else 1, limit=200)[0]
    assert mean(of("normal", m, sd)) == pytest.approx(first, rel=1e-6, abs=1e-9)
    assert variance(of("normal", m, sd)) == pytest.approx(second - first**2, rel=1e-5, abs=1e-9)
    assert mean(of("normal", m, sd), floored=False) == m
    assert variance(of("normal", m, sd), floored=False) == pytest.approx(sd * sd)


def test_moments_of_mixes_samples_and_points() -> None:
    mix = of("mix", 0.25, 0.75, parts=(of("det", 4), of("exp", 2)))
    assert mean(mix) == pytest.approx(2.5)
    assert variance(mix) == pytest.approx(0.25 * 16 + 0.75 * 8 - 6.25)
    sample = of("empirical", 1, 2, 6)
    assert (mean(sample), variance(sample)) == pytest.approx((3.0, np.var([1, 2, 6])))
    points = of("quantiles", 0, 1, 0.5, 3, 1, 9)
    draws = np.interp(np.linspace(0, 1, 400_001), [0, 0.5, 1], [1, 3, 9])
    assert (mean(points), variance(points)) == pytest.approx((draws.mean(), draws.var()), rel=1e-4)
    assert squared_variation(of("erlang", 4, 9)) == pytest.approx(0.25)
    assert (mean(of("det", 3)), variance(of("det", 3))) == (3.0, 0.0)


@given(POSITIVE, POSITIVE, st.floats(0, 1))
def test_a_mix_varies_at_least_as_its_parts_do_on_average(a: float, b: float, p: float) -> None:
    parts = (of("exp", a), of("uniform", 0, b))
    mix = of("mix", p, 1 - p, parts=parts)
    assert variance(mix) >= (p * variance(parts[0]) + (1 - p) * variance(parts[1])) * (1 - 1e-9)


def loads(description: dict[str, Any]) -> dict[str, Any]:
    return {one.node: one for one in station_loads(read_model(description))}


NETWORK: dict[str, Any] = {
    "classes": {"a": {}, "b": {}, "c": {}},
    "stations": {
        "first": {"servers": 2, "service": {"a": {"exp": 1}, "b": {"det": 2}}},
        "again": {"servers": 1, "service": {"exp": 1}},
    },
    "routes": {"*": {"first": {"again": 0.5}, "again": {"first": 0.4}}},
    "sources": [
        {"class": "a", "node": "first", "interarrival": {"exp": 4}, "batch": {"uniform": {"from": 1, "to": 3}}},
        {"class": "b", "node": "again", "rate": 6, "per": "h"},
    ],
}


def test_loads_solve_the_traffic_equations() -> None:
    """By hand: a returns with 0.2, b comes to the first with 0.4 and again with 0.2."""
    found = loads(NETWORK)
    a_first = 0.5 / 0.8
    b_again = 0.1 / 0.8
    assert found["first"].arrivals_per_min == pytest.approx(a_first + 0.4 * b_again)
    assert found["first"].offered == pytest.approx(a_first * 1 + 0.4 * b_again * 2)
    assert found["first"].load == pytest.approx(found["first"].offered / 2)
    assert found["again"].load == pytest.approx(0.5 * a_first + b_again)
    visits = visits_per_min(read_model(NETWORK))
    assert visits["first", "b"] == pytest.approx(0.4 * b_again)


def test_shifts_hours_lanes_and_breakdowns_change_the_servers_there_are() -> None:
    def servers(**fields: Any) -> float:
        hours = {"calendars": {"day": {"open": ["07:00-21:00"]}, "odd": {"period": 100, "open": [[0, 30]]}}}
        return float(
            loads({**changed({("stations", "first"): {"service": 1, **fields}}, NETWORK), **hours})["first"].servers
        )

    assert servers(servers=2, calendar="day") == pytest.approx(2 * 14 / 24)
    assert servers(servers=2, calendar="odd") == pytest.approx(0.6)
    assert servers(shifts={"00:00-12:00": 1, "12:00-24:00": 3}) == pytest.approx(2.0)
    assert servers(shifts={"00:00-12:00": 1, "12:00-24:00": 3}, calendar="day") == pytest.approx((5 + 27) / 24)
    assert servers(servers=1, lanes={"extra": 2, "open_when": 5, "close_when": 1}) == 3.0
    assert servers(servers=4, breakdown={"up": {"exp": 90}, "down": {"exp": 10}}) == pytest.approx(3.6)
    assert servers(servers="inf") == math.inf


def test_trains_become_wagons_and_wagons_pair_at_the_pace_of_the_slower_side() -> None:
    visits = visits_per_min(read_model(PORT))
    wagons = 20 * 2 * 0.95 / 1440
    assert visits["crane", "wagon"] == pytest.approx(wagons)
    assert visits["pair", "empty"] == pytest.approx(1 / 40)
    assert visits["form", "loaded"] == pytest.approx(1 / 40), "the empty ones are fewer"
    more = visits_per_min(read_model(changed({("sources", 3, "interarrival"): 1})))
    assert more["form", "loaded"] == pytest.approx(wagons)
    alone = changed({("stations", "pair", "as"): None, ("stations", "form", "of"): "wagon"})
    alone["routes"]["empty"] = {"pair": "out"}
    assert visits_per_min(read_model(alone))["form", "wagon"] == pytest.approx(1 / 40)


def unstable(description: dict[str, Any]) -> list[tuple[str, str | None, float]]:
    told = load_warnings(read_model(description))
    assert all(one.severity == "warning" and one.code == "model.unstable" for one in told)
    return [(str(one.parameters["node"]), one.place.field, float(str(one.parameters["load"]))) for one in told]


def test_only_queues_that_grow_without_end_are_unstable() -> None:
    slow = changed({("stations", "again", "service"): {"exp": 4}}, NETWORK)
    assert unstable(NETWORK) == []
    assert unstable(slow) == [("again", "stations.again", 1.75)]
    for fields in (
        {"queue_capacity": 3},
        {"queue_capacity": 3, "on_full": {"divert": "first"}},
        {"patience": {"exp": 9}},
        {"balk": {"from": 9}},
    ):
        assert unstable(changed({("stations", "again", name): one for name, one in fields.items()}, slow)) == []
    blocking = changed(
        {("stations", "again", "queue_capacity"): 3, ("stations", "again", "on_full"): "block_upstream"}, slow
    )
    assert [one[0] for one in unstable(blocking)] == ["again"]


def test_a_load_of_just_one_is_unstable_already() -> None:
    full = changed({("sources",): [{"class": "a", "node": "again", "interarrival": 2}], ("routes",): {}}, NETWORK)
    del full["stations"]["first"]
    assert unstable(changed({("stations", "again", "service"): 2}, full)) == [("again", "stations.again", 1.0)]
    assert unstable(changed({("stations", "again", "service"): 1.999}, full)) == []


def test_a_pool_too_small_for_the_work_is_unstable() -> None:
    crew = changed({("stations", "first", "needs"): {"crew": 2}, ("stations", "first", "servers"): 9}, NETWORK)
    busy = {**crew, "pools": {"crew": 2}}
    busy["sources"] = [{"class": "a", "node": "first", "interarrival": 0.5}]
    assert [one[:2] for one in unstable(busy) if one[0] == "crew"] == [("crew", "pools.crew")]


def test_a_closed_fleet_has_no_load_from_outside() -> None:
    ring = {
        "classes": {"agv": {}},
        "stations": {"a": {"servers": 1, "service": {"exp": 1}}},
        "routes": {"*": {"a": "a"}},
        "population": [{"node": "a", "class": "agv", "count": 5}],
    }
    assert loads(ring)["a"].load == 0.0


TWO: dict[str, Any] = {
    "classes": {"a": {}, "b": {}},
    "stations": {"first": {"servers": 1, "service": 3}, "second": {"servers": 1, "service": 1.2}},
    "routes": {"*": {"first": "second"}},
    "sources": [{"class": "a", "node": "first", "interarrival": {"exp": 1.1}}],
}
FIRST, SECOND = ("stations", "first"), ("stations", "second")


def told(description: Any) -> dict[str, str]:
    return {str(one.place.field): one.code for one in load_warnings(read_model(description))}


def test_what_a_station_before_cannot_pass_overloads_nobody_behind_it() -> None:
    assert told(TWO) == {"stations.first": "model.unstable"}
    lossy = changed({(*FIRST, "queue_capacity"): 2}, TWO)
    assert told(lossy) == {}
    assert told(changed({(*FIRST, "patience"): {"exp": 4}}, TWO)) == {}


def test_the_load_behind_a_full_station_is_that_of_what_it_passes() -> None:
    both = changed({(*SECOND, "service"): 4.5}, TWO)
    assert unstable(both) == [
        ("first", "stations.first", pytest.approx(3 / 1.1, abs=1e-4)),
        ("second", "stations.second", 1.5),
    ]


def test_behind_a_station_that_turns_units_away_a_load_above_one_is_only_possible() -> None:
    doubtful = changed({(*FIRST, "queue_capacity"): 2, (*SECOND, "service"): 4.5}, TWO)
    (warning,) = load_warnings(read_model(doubtful))
    assert (warning.code, warning.place.field) == ("model.perhaps_unstable", "stations.second")
    assert warning.parameters == {"node": "second", "load": 1.5, "before": ["first"]}
    for language in ("zh", "en"):
        assert "first" in sentence(warning, language).message


def test_classes_that_may_be_kept_waiting_make_the_load_behind_them_doubtful() -> None:
    ranked = changed({("classes", "b"): {"priority": 1}, (*SECOND, "service"): {"a": 1, "b": 9}}, TWO)
    ranked["sources"] = [{"class": one, "node": "first", "interarrival": {"exp": 4}} for one in ("a", "b")]
    assert told(ranked) == {"stations.first": "model.unstable", "stations.second": "model.perhaps_unstable"}


def test_patience_given_by_class_bounds_the_queue_if_the_others_do_not_fill_the_servers() -> None:
    pair = changed({SECOND: REMOVED, ("routes",): {}, (*FIRST, "service"): 1.3}, TWO)
    pair["sources"] = [{"class": one, "node": "first", "interarrival": {"exp": 2}} for one in ("a", "b")]
    patient = {"a": {"exp": 5}, "b": {"exp": 5}}
    assert told(pair) == {"stations.first": "model.unstable"}
    assert told(changed({(*FIRST, "patience"): patient}, pair)) == {}
    assert told(changed({(*FIRST, "patience"): {"a": {"exp": 5}}}, pair)) == {}
    crowded = changed({(*FIRST, "patience"): {"a": {"exp": 5}}, ("sources", 1, "interarrival"): {"exp": 1}}, pair)
    assert told(crowded) == {"stations.first": "model.unstable"}


def test_a_station_that_turns_away_who_comes_at_night_may_have_less_to_do() -> None:
    day = changed({("calendars",): {"day": {"open": ["06:00-18:00"], "while_closed": "turn_away"}}}, TWO)
    day = changed({(*SECOND, "calendar"): "day", (*FIRST, "service"): 1, (*SECOND, "service"): 0.9}, day)
    assert told(day) == {"stations.second": "model.perhaps_unstable"}


def test_a_pool_behind_a_full_station_has_as_much_to_do_as_that_passes() -> None:
    crew = changed({("pools",): {"crew": 1}, (*SECOND, "needs"): {"crew": 1}, (*SECOND, "servers"): 4}, TWO)
    slow = changed({(*SECOND, "service"): 2.9}, crew)
    assert told(slow) == {"stations.first": "model.unstable"}
    slower = changed({(*SECOND, "service"): 3.1}, crew)
    assert told(slower) == {"stations.first": "model.unstable", "pools.crew": "model.unstable"}
    assert told(changed({(*FIRST, "queue_capacity"): 2}, slower)) == {"pools.crew": "model.perhaps_unstable"}
