"""What exactly happens at a port, in small traces that can be worked out by hand."""

import numpy as np
import pytest

from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.event_logs import event_log
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.reference.engine import simulate_reference
from bridgehead.engines.simulation.running import Run, simulate
from bridgehead.kernel.errors import BridgeheadError

DAY = {"period": 100, "open": [[0, 50]]}


def port(stations, arrivals, *, classes=("a",), routes=None, **rest):
    """A port from stations and (class, node, times)."""
    sources = [{"class": one, "node": node, "times": times} for one, node, times in arrivals]
    given = dict(classes) if isinstance(classes, dict) else {name: {} for name in classes}
    whole = {"schema": "bridgehead-port-model/1", "classes": given, "stations": stations, "sources": sources}
    return read_model({**whole, **({"routes": {"*": routes}} if routes else {}), **rest})


def run(model, horizon_min=1000.0):
    """Run both engines, which have to agree; return the counts of nodes and classes by name."""
    compiled = compile_model(model)
    tally = simulate(compiled, Run(horizon_min, log=True))
    reference = simulate_reference(compiled, Run(horizon_min, log=True))
    assert [tuple(row.item()) for row in tally.log] == reference.log
    return tally


def at(tally, node, name, unit_class=None):
    """A count at a node, of all classes or of one."""
    numbers = list(tally.compiled.node_index[node])
    kinds = tally.compiled.type_index[unit_class] if unit_class else range(len(tally.compiled.types))
    return sum(tally.pairs[n, k][name].item() for n in numbers for k in kinds)


def services(tally, node):
    """Beginnings and ends of the services at a node."""
    (number,) = tally.compiled.node_index[node]
    return [(row["start"].item(), row["end"].item()) for row in tally.log if row["node"] == number]


PRIORITIES = {"good": {"priority": 0}, "bad": {"priority": 1}}


def test_nobody_is_interrupted_at_a_closed_station():
    booth = {"servers": 1, "service": {"det": 20}, "calendar": "day", "preempt": "resume"}
    model = port(
        {"booth": booth}, [("bad", "booth", [40]), ("good", "booth", [55])], classes=PRIORITIES, calendars={"day": DAY}
    )
    assert services(run(model), "booth") == [(40.0, 60.0), (100.0, 120.0)]


def test_who_was_interrupted_does_not_take_along_once_more():
    stations = {
        "load": {
            "servers": 1,
            "service": {"det": 10},
            "preempt": "resume",
            "needs": {"crane": 1},
            "takes": {"cart": 1},
        },
        "unload": {"servers": 1, "service": {"det": 1}, "returns": {"cart": 1}},
    }
    model = port(
        stations,
        [("bad", "load", [0]), ("good", "load", [4])],
        classes=PRIORITIES,
        routes={"load": "unload"},
        pools={"crane": 1, "cart": 2},
    )
    tally = run(model)
    assert services(tally, "load") == [(4.0, 14.0), (0.0, 20.0)]
    assert tally.pools["free"].tolist()[:2] == [1, 2]


def test_nobody_is_interrupted_for_a_newcomer_who_lacks_a_pool():
    stations = {
        "load": {"servers": 1, "service": {"det": 10}, "preempt": "resume", "takes": {"cart": 1}},
        "unload": {"servers": 1, "service": {"det": 1}, "returns": {"cart": 1}},
    }
    arrivals = [("bad", "load", [0]), ("good", "load", [4])]
    model = port(stations, arrivals, classes=PRIORITIES, routes={"load": "unload"}, pools={"cart": 1})
    assert services(run(model), "load") == [(0.0, 10.0), (11.0, 21.0)]


def test_a_lane_closes_when_the_queue_has_given_up():
    booth = {
        "servers": 1,
        "service": {"det": 100},
        "patience": {"det": 50},
        "lanes": {"extra": 1, "open_when": 3, "close_when": 1, "delay": 1},
    }
    model = port({"booth": booth}, [("a", "booth", [0, 1, 2, 3, 60])])
    # A lane opens at 4 for the first in line; the two behind give up at 52 and 53, and the lane closes.
    assert services(run(model), "booth") == [(0.0, 100.0), (4.0, 104.0), (104.0, 204.0)]


def test_two_full_stations_that_send_on_to_each_other_lose_who_finds_no_place():
    def full(other):
        return {"servers": 1, "service": {"det": 50}, "queue_capacity": 0, "on_full": {"divert": other}}

    tally = run(port({"left": full("right"), "right": full("left")}, [("a", "left", [0, 1, 2])]))
    assert at(tally, "left", "started") == at(tally, "right", "started") == 1
    assert at(tally, "left", "lost") + at(tally, "right", "lost") == 1


def test_a_unit_sent_on_to_a_match_comes_to_the_side_of_its_class():
    stations = {
        "booth": {"servers": 1, "service": {"det": 50}, "queue_capacity": 0, "on_full": {"divert": "pair"}},
        "pair": {"kind": "match", "inputs": {"a": {}, "b": {}}},
    }
    arrivals = [("b", "booth", [0, 10]), ("a", "pair", [5])]
    tally = run(port(stations, arrivals, classes=("a", "b")))
    assert tally.nodes["pairs"].sum() == 1


def test_sides_of_a_match_without_places_meet_before_the_door():
    sides = {"a": {"capacity": 0, "on_full": "block_upstream"}, "b": {"capacity": 1, "on_full": "block_upstream"}}
    stations = {"pair": {"kind": "match", "inputs": sides}}
    tally = run(port(stations, [("a", "pair", [0, 1]), ("b", "pair", [5, 6])], classes=("a", "b")))
    assert tally.nodes["pairs"].sum() == 2
    assert at(tally, "pair", "outside_sum") == 10.0


def test_who_is_turned_away_does_not_wait_behind_those_outside():
    booth = {"servers": 1, "service": {"det": 40}, "queue_capacity": 0, "on_full": "block_upstream", "calendar": "day"}
    day = {**DAY, "while_closed": "turn_away"}
    tally = run(port({"booth": booth}, [("a", "booth", [20, 30, 55])], calendars={"day": day}))
    assert at(tally, "booth", "lost") == 1
    assert services(tally, "booth") == [(20.0, 60.0), (100.0, 140.0)]


def test_the_shortest_of_two_stations_counts_who_is_at_a_broken_server():
    broken = {"servers": 1, "service": {"det": 30}, "breakdown": {"up": {"det": 5}, "down": {"det": 500}}}
    whole = {"servers": 1, "service": {"det": 30}}
    stations = {"gate": {"kind": "delay", "service": {"det": 0}}, "one": broken, "two": whole}
    tally = run(port(stations, [("a", "gate", [0, 10, 11])], routes={"gate": {"shortest": ["one", "two"]}}), 100.0)
    assert (at(tally, "one", "arrivals"), at(tally, "two", "arrivals")) == (2, 1)


def test_the_longest_queue_counts_who_was_sent_back_to_it():
    booth = {"servers": 1, "service": {"det": 20}, "preempt": "resume"}
    tally = run(port({"booth": booth}, [("bad", "booth", [0]), ("good", "booth", [5])], classes=PRIORITIES))
    assert tally.nodes["longest"][0] == 1


def test_any_number_may_begin_at_one_moment():
    park = {"kind": "delay", "service": {"det": 5}, "calendar": "day"}
    tally = run(port({"park": park}, [("a", "park", [60] * 5000)], calendars={"day": DAY}), 200.0)
    assert at(tally, "park", "started") == at(tally, "park", "ended") == 5000


def test_who_comes_early_for_a_later_period_is_not_forgotten_at_the_horizon():
    source = {
        "class": "a",
        "node": "booth",
        "appointments": {
            "period": 100,
            "count": 1,
            "slot": {"det": 0},
            "lateness": {"uniform": {"from": -350, "to": -340}},
        },
    }
    whole = {
        "schema": "bridgehead-port-model/1",
        "classes": {"a": {}},
        "stations": {"booth": {"servers": 1, "service": {"det": 1}}},
        "sources": [source],
    }
    tally = run(read_model(whole), 200.0)
    assert at(tally, "booth", "arrivals") == 2  # those of 400 and 500


def ring(**more):
    """Two stations without waiting places that send units to each other."""

    def one():
        return {"servers": 1, "service": {"det": 10}, "queue_capacity": 0, "on_full": "block_upstream"}

    return {"left": {**one(), **more}, "right": one()}


def test_a_circle_of_full_stations_is_reported():
    model = port(
        ring(), [("a", "left", [0]), ("a", "right", [1])], routes={"left": {"right": 0.999}, "right": {"left": 0.999}}
    )
    with pytest.raises(BridgeheadError) as found:
        simulate(compile_model(model), Run(1000.0))
    (fault,) = found.value.faults
    assert fault.code == "simulation.deadlock"
    assert fault.parameters["cycle"] == "left -> right -> left"
    assert fault.parameters["minute"] == 11.0


def test_a_circle_is_no_deadlock_while_a_shift_with_more_servers_is_to_come():
    left = {"servers": {"00:00-01:00": 1, "01:00-24:00": 2}}
    arrivals = [("a", "left", [0]), ("a", "right", [1])]
    model = port(ring(**left), arrivals, routes={"left": {"right": 0.999}, "right": {"left": 0.999}})
    tally = run(model, 65.0)
    assert services(tally, "left") == [(0.0, 10.0)]
    assert at(tally, "left", "started") == 2


def test_a_circle_is_no_deadlock_while_somebody_may_give_up():
    def one():
        return {"servers": 1, "service": {"det": 10}, "queue_capacity": 1, "on_full": "block_upstream"}

    stations = {"left": {**one(), "patience": {"det": 100}}, "right": one()}
    arrivals = [("a", "left", [0, 0]), ("a", "right", [1, 1])]
    model = port(stations, arrivals, routes={"left": {"right": 0.999}, "right": {"left": 0.999}})
    tally = run(model, 105.0)
    assert at(tally, "left", "gave_up") == 1
    assert at(tally, "left", "arrivals") == 3


def test_a_fleet_held_by_those_who_wait_for_it_is_a_deadlock():
    stations = {
        "load": {"servers": 2, "service": {"det": 5}, "takes": {"cart": 1}},
        "lift": {"servers": 1, "service": {"det": 5}, "takes": {"cart": 1}},
        "unload": {"servers": 1, "service": {"det": 5}, "returns": {"cart": 2}},
    }
    routes = {"load": "lift", "lift": "unload"}
    model = port(stations, [("a", "load", [0, 0, 30])], routes=routes, pools={"cart": 2})
    with pytest.raises(BridgeheadError) as found:
        simulate(compile_model(model), Run(1000.0))
    (fault,) = found.value.faults
    assert fault.parameters["cycle"] == "lift -> cart -> lift"
    assert fault.parameters["stations"] == ["lift"]
    assert fault.parameters["minute"] == 5.0


def test_who_comes_back_to_its_own_station_takes_its_own_server_again():
    booth = {"servers": 1, "service": {"det": 10}, "queue_capacity": 0, "on_full": "block_upstream"}
    tally = run(port({"booth": booth}, [("a", "booth", [0])], routes={"booth": {"booth": 0.999}}), 35.0)
    assert services(tally, "booth") == [(0.0, 10.0), (10.0, 20.0), (20.0, 30.0)]


def test_going_round_without_time_passing_is_reported():
    stations = {
        "booth": {"servers": 1, "service": {"det": 50}, "queue_capacity": 0, "on_full": {"divert": "form"}},
        "form": {"kind": "combine", "of": "a", "size": 1, "as": "a"},
    }
    model = port(stations, [("a", "booth", [0, 1])], routes={"form": "booth"})
    with pytest.raises(BridgeheadError) as found:
        simulate(compile_model(model), Run(100.0))
    (fault,) = found.value.faults
    assert (fault.code, fault.parameters["minute"]) == ("simulation.no_time_passes", 1.0)


def test_a_pool_that_comes_back_after_a_day_is_a_quota_of_inspections() -> None:
    """One in five of some 720 trucks a day is chosen, thirty of them are inspected in any 24 hours."""
    model = read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"truck": {}},
            "pools": {"quota": {"size": 30, "return": {"det": 1440}}},
            "stations": {
                "gate": {"servers": 3, "service": {"exp": 1}},
                "inspect": {
                    "servers": 30,
                    "service": {"exp": 20},
                    "needs": {"quota": 1},
                    "queue_capacity": 0,
                    "on_full": {"divert": "exit"},
                },
                "exit": {"servers": 3, "service": {"exp": 1}},
            },
            "routes": {"*": {"gate": {"inspect": 0.2, "exit": "rest"}, "inspect": "exit", "exit": "out"}},
            "sources": [{"class": "truck", "node": "gate", "interarrival": {"exp": 2}}],
        }
    )
    log = event_log(simulate(compile_model(model), Run(20 * 1440.0, log=True)))
    begun = np.sort(log.start_min[np.array(log.activities)[log.activity] == "inspect"])
    within = np.searchsorted(begun, begun + 1440.0) - np.arange(begun.size)
    assert within.max() == 30
    assert begun.size >= 19 * 30


@pytest.mark.parametrize("rate", [{"0:00": 0}, {"0:00": 1e-300}, 0])
def test_a_source_whose_rate_is_nothing_or_next_to_nothing_lets_nobody_come(rate):
    model = port({"gate": {"servers": 1, "service": {"det": 10}}}, [("a", "gate", [5])])
    silent = read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"a": {}, "b": {}},
            "stations": {"gate": {"servers": 1, "service": {"det": 10}}},
            "sources": [{"class": "a", "node": "gate", "times": [5]}, {"class": "b", "node": "gate", "rate": rate}],
        }
    )

    assert at(run(silent, 1e6), "gate", "ended") == at(run(model, 1e6), "gate", "ended") == 1
