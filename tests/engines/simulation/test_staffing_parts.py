"""Promises as they are written, bounds and costs, screening, and the order of staffings."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.simulation.hours import MOST_SERVERS
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.staffing.lanes import lanes_of, read_between, read_costs
from bridgehead.engines.simulation.staffing.lattice import Lattice, not_above
from bridgehead.engines.simulation.staffing.promises import FORMS, read_promise
from bridgehead.engines.simulation.staffing.screening import (
    erlang_c,
    fewest_by_load,
    fluid_wait,
    not_monotone,
    stationary_wait,
)
from bridgehead.kernel.errors import BridgeheadError, sentence
from tests.engines.simulation.descriptions import PORT
from tests.engines.simulation.exact.stations import erlang_c as exact_erlang_c
from tests.engines.simulation.exact.stations import mmc, mmc_wait_quantile
from tests.engines.simulation.staffed_ports import day_port, gate, tandem

MODEL = gate()


def one(text: str) -> tuple[object, ...]:
    clause = read_promise(text, read_model(PORT)).clauses[0]
    return (
        clause.quantity,
        clause.statistic,
        clause.limit,
        round(clause.share, 6),
        clause.node,
        clause.unit_class,
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("p90 stay <= 4 h", ("stay", "quantile", 240.0, 0.9, None, None)),
        ("mean wait at gate <= 30 min", ("wait", "mean", 30.0, 0.0, "gate", None)),
        ("p95 stay of booked ≤ 90min", ("stay", "quantile", 90.0, 0.95, None, "booked")),
        ("p99.5 wait at scan of booked < 2d", ("wait", "quantile", 2880.0, 0.995, "scan", "booked")),
        ("median stay <= 90 s", ("stay", "quantile", 1.5, 0.5, None, None)),
        ("share stay <= 4 h >= 90 %", ("stay", "share", 240.0, 0.9, None, None)),
        ("share wait at gate <= 4 h ≥ 0.9", ("wait", "share", 240.0, 0.9, "gate", None)),
        ("max queue at gate <= 200", ("queue", "max", 200.0, 0.9, "gate", None)),
        ("mean queue at gate <= 20", ("queue", "mean", 20.0, 0.0, "gate", None)),
        ("share lost of walk_in <= 1 %", ("lost", "share", 0.01, 0.01, None, "walk_in")),
        ("mean wait <= 2 h", ("wait", "mean", 120.0, 0.0, None, None)),
        ("P90 STAY <= 4H", ("stay", "quantile", 240.0, 0.9, None, None)),
        ("p90 stay<=4hours", ("stay", "quantile", 240.0, 0.9, None, None)),
        ("Median Stay Of booked <= 4 hr", ("stay", "quantile", 240.0, 0.5, None, "booked")),
        ("Mean wait AT gate <= 30 Minutes", ("wait", "mean", 30.0, 0.0, "gate", None)),
        ("mean wait <= 1 minute", ("wait", "mean", 1.0, 0.0, None, None)),
        ("mean stay <= 2 days", ("stay", "mean", 2880.0, 0.0, None, None)),
        ("mean stay <= 1 day", ("stay", "mean", 1440.0, 0.0, None, None)),
        ("p90 stay <= 4 小时", ("stay", "quantile", 240.0, 0.9, None, None)),
        ("SHARE stay ≤ 90分钟 ≥ 80 %", ("stay", "share", 90.0, 0.8, None, None)),
        ("mean stay <= 2天", ("stay", "mean", 2880.0, 0.0, None, None)),
    ],
)
def test_a_promise_is_read_as_it_is_meant(text: str, meant: tuple[object, ...]) -> None:
    assert one(text) == meant


def test_several_clauses_hold_together() -> None:
    promise = read_promise("p90 stay <= 4 h AND max queue at gate <= 200; mean stay <= 2 h", read_model(PORT))
    assert [clause.quantity for clause in promise.clauses] == ["stay", "queue", "stay"]
    assert promise.text == "p90 stay <= 4 h; max queue at gate <= 200; mean stay <= 2 h"


def test_the_forms_the_error_shows_are_forms_that_are_read() -> None:
    for form in FORMS:
        assert read_promise(form.replace("STATION", "gate").replace("CLASS", "booked"), read_model(PORT)).clauses


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["staffing.bad_promise"]),
        ("fast", ["staffing.bad_promise"]),
        ("p90 stay <= 4", ["staffing.bad_promise"]),
        ("p90 stay <= 4 weeks", ["staffing.bad_promise"]),
        ("p90 stay of BOOKED <= 4 h", ["staffing.unknown_class"]),
        ("p90 stay >= 4 h", ["staffing.bad_promise"]),
        ("p90 wait <= 4 h", ["staffing.bad_promise"]),
        ("max queue <= 9", ["staffing.bad_promise"]),
        ("p100 stay <= 4 h", ["staffing.promise_out_of_range"]),
        ("p0 stay <= 4 h", ["staffing.promise_out_of_range"]),
        ("share stay <= 4 h >= 120 %", ["staffing.promise_out_of_range"]),
        ("p90 stay <= 0 h", ["staffing.promise_out_of_range"]),
        ("mean wait at gat <= 3 min", ["staffing.unknown_station"]),
        ("mean wait at pair <= 3 min", ["staffing.unknown_station"]),
        ("p90 stay of bookd <= 4 h", ["staffing.unknown_class"]),
        (
            "x; mean wait at a of b <= 3 min",
            ["staffing.bad_promise", "staffing.unknown_station", "staffing.unknown_class"],
        ),
        ("p90 stay <= 4 h; " * 200, ["staffing.bad_promise"]),
    ],
)
def test_what_is_no_promise_is_refused_with_all_faults(text: str, codes: list[str]) -> None:
    with pytest.raises(BridgeheadError) as raised:
        read_promise(text, read_model(PORT))
    assert [fault.code for fault in raised.value.faults] == codes
    for fault in raised.value.faults:
        assert fault.place.field == "promise"
        for language in ("zh", "en"):
            assert "{" not in "".join((sentence(fault, language).message, sentence(fault, language).cure))


def test_unknown_names_are_answered_with_those_there_are() -> None:
    with pytest.raises(BridgeheadError) as raised:
        read_promise("mean wait at gat <= 3 min", read_model(PORT))
    assert raised.value.parameters["near"] == "gate"
    assert raised.value.parameters["known"] == ["crane", "exit", "gate", "inspect", "scan", "yard"]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        promise = read_promise(text, MODEL)
    except BridgeheadError as error:
        refused = error.code
    else:
        assert promise.clauses
        return
    assert refused.startswith("staffing.")


def test_bounds_and_costs_are_read() -> None:
    assert read_between(["gate=2..12", " scan = 3"]) == {"gate": (2, 12), "scan": (3, 3)}
    assert read_costs(["gate=120", "scan=.5"]) == {"gate": 120.0, "scan": 0.5}
    for wrong in ("gate", "gate=", "=2..3", "gate=2..x", "gate=-1..3"):
        with pytest.raises(BridgeheadError, match=r"staffing\.unreadable_bounds"):
            read_between([wrong])
    with pytest.raises(BridgeheadError, match=r"staffing\.unreadable_cost"):
        read_costs(["gate=dear"])


def test_without_bounds_stations_have_between_one_and_twice_the_lanes_there_are() -> None:
    assert [(lanes.id, lanes.least, lanes.most) for lanes in lanes_of(tandem())] == [("gate", 1, 20), ("scan", 1, 16)]
    many = gate(stations={"gate": {"servers": MOST_SERVERS - 1, "service": {"exp": 5}}})
    assert lanes_of(many)[0].most == MOST_SERVERS
    only = lanes_of(tandem(), {"scan": (2, 20)})
    assert [(lanes.id, lanes.least, lanes.most) for lanes in only] == [("scan", 2, 20)]


def test_faults_of_bounds_and_costs_come_all_at_once() -> None:
    with pytest.raises(BridgeheadError) as raised:
        lanes_of(tandem(), {"gate": (5, 2), "gat": (1, 2), "scan": (1, 3)}, {"gate": -3.0})
    assert {fault.code for fault in raised.value.faults} == {
        "staffing.bad_bounds",
        "staffing.unknown_lanes",
        "staffing.bad_cost",
        "staffing.cost_missing",
    }


def test_open_hours_count_exceptions_and_days_of_the_week() -> None:
    week = {"week": {"open": {"mon-fri": ["08:00-12:00", "14:00-18:00"], "sat": ["09:00-12:00"]}}}
    stations = {"gate": {"servers": 2, "calendar": "week", "service": {"exp": 5}}}
    assert lanes_of(gate(calendars=week, stations=stations))[0].hours_a_week == pytest.approx(43.0)
    day = {"week": {"open": ["08:00-12:00"], "except": {"2025-01-07": "closed"}}}
    closed = gate(calendars=day, stations=stations, start="2025-01-06", run={"horizon": "14d"})
    assert lanes_of(closed)[0].hours_a_week == pytest.approx(26.0)


def test_servers_by_load_count_opening_hours_and_breakdowns() -> None:
    assert fewest_by_load(tandem(), lanes_of(tandem())) == {"gate": 5, "scan": 3}
    port = day_port()
    assert fewest_by_load(port, lanes_of(port)) == {"gate": 1, "check": 2}
    broken = {"servers": 9, "service": {"exp": 5}, "breakdown": {"up": {"exp": 90}, "down": {"exp": 30}}}
    model = gate(stations={"gate": broken})
    assert fewest_by_load(model, lanes_of(model)) == {"gate": 7}  # 5 / 0.75 = 6.67
    leaving = gate(stations={"gate": {"servers": 9, "service": {"exp": 5}, "queue_capacity": 5}})
    assert fewest_by_load(leaving, lanes_of(leaving)) == {}


def test_approximations_are_the_formulas_where_these_hold() -> None:
    for servers, load in itertools.product((6, 9), (2.0, 5.0)):
        assert erlang_c(servers, load) == pytest.approx(exact_erlang_c(servers, load))
        assert stationary_wait(servers, load, 5.0, 1.0) == pytest.approx(mmc(load / 5, 5.0, servers)["wait_mean"])
        assert stationary_wait(servers, load, 5.0, 1.0, 0.99) == pytest.approx(
            mmc_wait_quantile(load / 5, 5.0, servers, 0.99)
        )
    assert stationary_wait(5, 5.0, 1.0, 1.0) == float("inf")
    minutes = 0.0  # one unit a minute comes, half a day closed, then three a minute served: summed by the minute
    queue = 0.0
    for minute in range(1440):
        queue = queue + 1.0 if minute < 720 else max(0.0, queue - 2.0)
        minutes += queue
    assert fluid_wait(3.0, 1.0, 0.5, 1440.0) == pytest.approx(minutes / 1440.0, rel=0.01)


def test_a_plain_network_is_told_from_one_where_more_may_hurt() -> None:
    assert not_monotone(tandem()) == ()
    assert {"priorities", "blocking", "pools", "leaving", "matching"} <= set(not_monotone(read_model(PORT)))


COUNTS = st.tuples(*[st.integers(1, 4)] * 3)


@given(st.lists(COUNTS, max_size=6), st.tuples(*[st.integers(1, 5)] * 3), st.integers(5, 40))
def test_a_cheaper_staffing_is_found_if_and_only_if_there_is_one(
    broken: list[tuple[int, ...]], weights: tuple[int, ...], below: int
) -> None:
    lattice = Lattice((1, 1, 1), (4, 4, 4), [float(weight) for weight in weights])
    for counts in broken:
        lattice.rule_out(counts)
    left = [
        counts
        for counts in itertools.product(range(1, 5), repeat=3)
        if lattice.cost(counts) < below and not any(not_above(counts, other) for other in broken)
    ]
    found, finished = lattice.cheaper(float(below))
    assert finished
    assert (found is None) == (not left)
    if found is not None:
        assert found in left
        more = [tuple(n + (at == i) for at, n in enumerate(found)) for i in range(3)]
        assert not any(counts in left for counts in more)
