"""Flows and simulation agree where a formula says they must."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.flows.problem import problem_of
from bridgehead.engines.network.delays import DelayKind, DelayTable
from bridgehead.engines.network.directed import DirectedNetwork, Trips
from bridgehead.engines.planning.port_loops import PortInFlows, agree
from bridgehead.engines.planning.stay_curves import StayCurve, StayPoint, pooled, sample_stays, with_stay_curve
from bridgehead.engines.simulation.intervals import Estimate
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment
from bridgehead.kernel.errors import BridgeheadError

LANES, SERVICE = 3, 5.0
EXPERIMENT = Experiment(horizon_min=60_000.0, warmup_min=2_000.0, replications=8, seed=5, bin_min=1440.0)


def erlang_stay(rate: float) -> float:
    """Mean stay in M/M/c by Erlang's formula."""
    load = rate * SERVICE
    blocked = 1.0
    for servers in range(1, LANES + 1):
        blocked = load * blocked / (servers + load * blocked)
    waits = LANES * blocked / (LANES - load * (1.0 - blocked))
    return SERVICE + waits * SERVICE / (LANES - load)


def port(per_min: float = 0.4):
    return read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"truck": {}},
            "stations": {"gate": {"servers": LANES, "service": {"*": {"exp": SERVICE}}}},
            "sources": [{"class": "truck", "node": "gate", "interarrival": {"exp": 1.0 / per_min}}],
        }
    )


def test_sampled_stays_are_those_of_erlang():
    loads = [0.2 * 1440, 0.4 * 1440, 0.5 * 1440]
    curve = sample_stays(port(), loads, 0.4 * 1440, EXPERIMENT)
    for point in curve.points:
        exact = erlang_stay(point.load_per_day / 1440)
        assert abs(point.stay_min.mean - exact) < max(2.0 * point.stay_min.half_width, 0.02 * exact)


def two_ways(alternative_min: float, demand: float):
    """One way through the port, one around it that takes the same time whatever comes."""
    delays = DelayTable.constant([0.0, alternative_min])
    network = DirectedNetwork(
        node_ids=("a", "b"),
        x=np.zeros(2),
        y=np.zeros(2),
        zones=np.array([0, 1], dtype=np.int32),
        no_through=np.zeros(2, dtype=np.bool_),
        link_ids=("port", "around"),
        tail=np.array([0, 0], dtype=np.int32),
        head=np.array([1, 1], dtype=np.int32),
        length=np.zeros(2),
        toll=np.zeros(2),
        delays=delays,
    )
    return problem_of(
        network, [Trips(np.array([0], dtype=np.int32), np.array([1], dtype=np.int32), np.array([demand]))]
    )


def test_the_loop_finds_the_load_at_which_the_port_is_no_better_than_the_way_around():
    alternative = 12.0
    found = agree(two_ways(alternative, 1000.0), [PortInFlows("port", 0, port(), EXPERIMENT)])
    assert found.reached
    load = found.rounds[-1][0].load_per_day
    low, high = 0.1, 0.599
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if erlang_stay(middle) < alternative else (low, middle)
    assert load == pytest.approx(low * 1440, rel=0.02)
    assert abs(found.rounds[-1][0].difference_min) <= max(
        found.rounds[-1][0].simulated.stay_min.half_width, 0.01 * alternative
    )


def test_a_loop_that_may_not_go_on_says_that_it_did_not_agree():
    found = agree(two_ways(30.0, 1000.0), [PortInFlows("port", 0, port(), EXPERIMENT)], most_rounds=1, tolerance=1e-9)
    assert len(found.rounds) == 1
    assert found.reached == found.rounds[0][0].agrees


def test_a_wide_interval_does_not_stand_for_agreement():
    short = Experiment(EXPERIMENT.horizon_min / 50.0, EXPERIMENT.warmup_min / 50.0, replications=2, seed=3)
    found = agree(two_ways(12.0, 1000.0), [PortInFlows("port", 0, port(), short)])
    last = found.rounds[-1][0]
    assert last.simulated.stay_min.half_width > 0.1 * last.simulated.stay_min.mean
    assert found.reached
    assert abs(last.difference_min) <= 0.05 * last.simulated.stay_min.mean


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=12), st.data())
def test_pooled_values_do_not_fall_and_keep_the_weighted_mean(values, data):
    weights = np.array(data.draw(st.lists(st.floats(0.1, 5), min_size=len(values), max_size=len(values))))
    found = pooled(np.array(values), weights)
    assert (np.diff(found) >= -1e-12).all()
    assert float(found @ weights) == pytest.approx(float(np.array(values) @ weights), abs=1e-9)
    if (np.diff(values) >= 0).all():
        assert found == pytest.approx(np.array(values))


def test_a_curve_becomes_a_sound_delay_row_with_its_base_taken_off():
    points = tuple(
        StayPoint(load, Estimate(stay, 0.1, 5)) for load, stay in ((100.0, 10.0), (200.0, 9.9), (300.0, 25.0))
    )
    delays = with_stay_curve(
        DelayTable.constant([1.0, 2.0]), 1, StayCurve(points), units_per_volume=2.0, minutes_per_time=60.0, base_min=4.0
    )
    assert not list(delays.faults())
    assert delays.kind[1] == DelayKind.PIECEWISE
    unit, capacity = delays.parameters[1, :2]
    got = delays.points_of(1)
    assert got[-1, 0] * capacity == pytest.approx(150.0)
    assert got[-1, 1] * unit == pytest.approx(21.0 / 60.0)
    assert got[0, 1] * unit == pytest.approx((9.95 - 4.0) / 60.0)


def test_a_listed_source_cannot_be_made_to_send_more():
    from bridgehead.engines.simulation.scaled_loads import scaled

    listed = read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"truck": {}},
            "stations": {"gate": {"servers": 1, "service": {"*": {"exp": 1.0}}}},
            "sources": [{"class": "truck", "node": "gate", "times": [1, 2, 3, 4]}],
        }
    )
    assert scaled(listed, 0.5).sources[0].arrivals.times_min == (1.0, 4.0)
    with pytest.raises(BridgeheadError, match="list_cannot_grow"):
        scaled(listed, 1.5)
    with pytest.raises(BridgeheadError, match="bad_factor"):
        scaled(listed, math.nan)
