"""What holds for every run of the compiled kernel, whatever the port."""

import math

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.outcomes import outcome_of
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.running import Room, Run, simulate
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.random_ports import ports, runs

QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
SMALLEST = Room(units=2, events=1, work=1, log=8)


def bytes_of(model, run, **more):
    """All that a run counts and logs, or how it came to stand still."""
    try:
        tally = simulate(compile_model(model), run, **more)
    except BridgeheadError as error:
        return str(error.faults[0].parameters)
    return outcome_of(tally).packed() + tally.log.tobytes()


@QUICK
@given(ports(), runs())
def test_the_same_seed_gives_the_same_bytes(model, run):
    assert bytes_of(model, run) == bytes_of(model, run)


@QUICK
@given(ports(), runs())
def test_running_out_of_room_changes_no_byte(model, run):
    assert bytes_of(model, run, room=SMALLEST) == bytes_of(model, run)


@QUICK
@given(ports(), runs())
def test_pauses_change_no_byte(model, run):
    assert bytes_of(model, run, events_a_look=100) == bytes_of(model, run)


@QUICK
@given(ports(), runs())
def test_units_are_neither_lost_nor_found(model, run):
    run = Run(run.horizon_min, 0.0, run.seed)
    try:
        tally = simulate(compile_model(model), run)
    except BridgeheadError:
        return
    types = tally.types
    assert types["born"].sum() == types["done"].sum() + types["dropped"].sum() + tally.in_system
    assert (tally.pools["free"] >= 0).all()


def queue(servers, *, patience=None, service=None, interarrival=None, times=None, more=None, routes=None):
    booth = {"servers": servers, "service": service or {"gamma": {"mean": 5, "cv": 0.8}}}
    if patience:
        booth["patience"] = {"exp": patience}
    source = {"class": "a", "node": "booth", **({"times": times} if times else {"interarrival": interarrival})}
    whole = {
        "schema": "bridgehead-port-model/1",
        "classes": {"a": {}},
        "stations": {"booth": booth, **(more or {})},
        "sources": [source],
    }
    return read_model({**whole, **({"routes": {"*": routes}} if routes else {})})


arrival_times = st.lists(st.floats(0, 200, allow_nan=False), min_size=1, max_size=80).map(sorted)


@QUICK
@given(arrival_times, st.integers(1, 3), st.one_of(st.none(), st.sampled_from([3.0, 20.0])), st.integers(1, 1000))
def test_the_queue_is_what_everybody_waited_together(times, servers, patience, seed):
    tally = simulate(compile_model(queue(servers, patience=patience, times=times)), Run(1e6, seed=seed))
    pair, node = tally.pairs[0, 0], tally.nodes[0]
    assert tally.in_system == 0
    assert pair["arrivals"] == pair["ended"] + pair["gave_up"]
    assert math.isclose(node["queue_area"], pair["wait_sum"] + pair["gave_up_sum"], rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(node["serving_area"], pair["service_sum"], rel_tol=1e-9)
    kind = tally.types[0]
    assert math.isclose(tally.system_area, kind["stay_sum"] + kind["dropped_sum"], rel_tol=1e-9, abs_tol=1e-9)


@QUICK
@given(arrival_times, st.integers(1, 4), st.integers(1, 1000))
def test_one_server_more_makes_nobody_wait_longer(times, servers, seed):
    def begun(count):
        tally = simulate(compile_model(queue(count, times=times)), Run(1e6, seed=seed, log=True))
        return sorted((row["key"].item(), row["start"].item()) for row in tally.log if row["node"] == 0)

    fewer, more = begun(servers), begun(servers + 1)
    assert [key for key, _ in fewer] == [key for key, _ in more]
    assert all(late >= early - 1e-9 for (_, late), (_, early) in zip(fewer, more, strict=True))


def test_a_station_more_moves_no_draw_of_the_others():
    behind = {"office": {"servers": 2, "service": {"exp": 3}}}
    alone = simulate(compile_model(queue(2, interarrival={"exp": 3})), Run(5000.0, seed=7, log=True))
    longer = simulate(
        compile_model(queue(2, interarrival={"exp": 3}, more=behind, routes={"booth": "office"})),
        Run(5000.0, seed=7, log=True),
    )
    assert longer.pairs[1, 0]["ended"] > 1000
    assert (alone.log == longer.log[longer.log["node"] != 1]).all()
