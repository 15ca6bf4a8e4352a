"""A port model out of a log: what was put into a simulation comes out again, and what cannot be known is said."""

from __future__ import annotations

import json
import math
from datetime import date, datetime

import numpy as np
import pytest

from bridgehead.engines.simulation.calibration.calibrating import Calibration, as_description, calibrate
from bridgehead.engines.simulation.calibration.estimates import Estimate
from bridgehead.engines.simulation.calibration.event_log import parse_event_log
from bridgehead.engines.simulation.calibration.open_time import WHOLE_DAY, laid_out
from bridgehead.engines.simulation.calibration.opening_calendars import find_hours
from bridgehead.engines.simulation.calibration.priorities import find_overtakings
from bridgehead.engines.simulation.calibration.server_counts import count_servers
from bridgehead.engines.simulation.calibration.waiting import waiting
from bridgehead.engines.simulation.model import RateArrivals, Station
from bridgehead.engines.simulation.reading import read_model
from bridgehead.kernel.errors import sentence
from tests.engines.simulation.port_logs import DAY, Gate, as_csv, poisson, run, simple_log

MONDAY = datetime(2025, 3, 3)  # noqa: DTZ001 - a log has local times
DAYS = 28
HOLIDAY = 10
WORK = ((420.0, 1260.0),)
ALWAYS = laid_out({0: WHOLE_DAY}, frozenset(), None, 60)


def rate(t: float) -> float:
    """Few at night, half of that at the weekend."""
    weekend = 0.5 if int(t // DAY) % 7 >= 5 else 1.0
    return weekend * (0.15 if t % DAY < 360.0 else 0.5)


def port_log(seed: int, days: int, *, first: bool, start: datetime | None) -> str:
    """Two classes through gate, scan, now and then inspection, and exit; `first` lets the booked ones go first."""
    rng = np.random.default_rng(seed)
    closed = frozenset({HOLIDAY})
    gates = {
        "gate": Gate(3, lambda r, kind: float(r.exponential(3.0 if kind == "booked" else 4.2)), WORK, closed),
        "scan": Gate(4, lambda r, kind: float(r.lognormal(math.log(5.0) - 0.125, 0.5)), WORK, closed),
        "inspect": Gate(2, lambda r, kind: float(r.gamma(4.0, 7.5)), WORK, closed, "pause"),
        "exit": Gate(9, lambda r, kind: 1.5),
    }
    times = poisson(rng, rate, 0.5, days * DAY)
    arrivals = [(t, "booked" if rng.random() < 0.4 else "walk_in") for t in times]
    routes = {
        "gate": [(1.0, "scan")],
        "scan": [(0.1, "inspect"), (0.9, "exit")],
        "inspect": [(0.05, "scan"), (0.95, "exit")],
    }
    priority = {"booked": 0, "walk_in": 1} if first else None
    return as_csv(run(gates, arrivals, routes, "gate", rng, until=days * DAY, priority=priority), start)


@pytest.fixture(scope="module")
def port() -> Calibration:
    """A port of four weeks, written to the second with dates."""
    return calibrate(parse_event_log(port_log(3, DAYS, first=True, start=MONDAY)), port="erenhot-road")


@pytest.mark.parametrize(("seed", "first", "start"), [(21, True, MONDAY), (22, False, MONDAY), (23, False, None)])
def test_two_weeks_are_enough_for_hours_servers_and_the_order_of_service(
    seed: int, first: bool, start: datetime | None
) -> None:
    found = calibrate(parse_event_log(port_log(seed, 14, first=first, start=start)))
    assert [(c.open, dict(c.exceptions), c.at_close) for c in found.model.calendars] in (
        [(WORK, {HOLIDAY: ()}, "finish"), (WORK, {HOLIDAY: ()}, "pause")],
        [(WORK, {HOLIDAY: ()}, "pause"), (WORK, {HOLIDAY: ()}, "finish")],
    )
    assert [station(found, name).servers for name in ("gate", "scan", "inspect")] == [3, 4, 2]
    numbers = {one.id: one.priority for one in found.model.classes}
    assert numbers == ({"booked": 0.0, "walk_in": 1.0} if first else {"booked": 0.0, "walk_in": 0.0})
    assert not codes(found) & {"port_log.no_family_fits", "port_log.cut_at_closing", "port_log.batches"}


def the(found: Calibration, name: str, activity: str, unit_class: str = "", to: str = "") -> Estimate:
    key = (name, activity, unit_class, to)
    (one,) = (e for e in found.estimates if (e.name, e.activity, e.unit_class, e.to) == key)
    return one


def station(found: Calibration, name: str) -> Station:
    (one,) = (node for node in found.model.nodes if isinstance(node, Station) and node.id == name)
    return one


def level(rates: tuple[tuple[float, float], ...], t: float) -> float:
    return [rate for begin, rate in rates if begin <= t][-1]


def codes(found: Calibration) -> set[str]:
    return {fault.code for fault in found.findings}


def test_mean_services_lie_in_their_intervals_and_families_are_found(port: Calibration) -> None:
    for activity, unit_class, mean, family in (
        ("gate", "booked", 3.0, "exp"),
        ("gate", "walk_in", 4.2, "exp"),
        ("scan", "", 5.0, "lognormal"),
        ("inspect", "", 30.0, "erlang"),
        ("exit", "", 1.5, "det"),
    ):
        one = the(port, "service_mean", activity, unit_class)
        assert one.low <= mean <= one.high, one
        assert one.high - one.low < 0.15 * mean
        assert one.method == family
    assert set(station(port, "gate").service) == {"*", "booked", "walk_in"}
    assert set(station(port, "scan").service) == {"*"}
    assert station(port, "inspect").service["*"].numbers[0] == 4.0


def test_opening_hours_and_the_holiday_are_found_and_sure(port: Calibration) -> None:
    calendars = {calendar.id: calendar for calendar in port.model.calendars}
    for activity in ("gate", "scan", "inspect"):
        name = station(port, activity).calendar
        assert name is not None
        assert calendars[name].period_min == DAY
        assert calendars[name].open == WORK
        assert dict(calendars[name].exceptions) == {HOLIDAY: ()}
        assert calendars[name].at_close == ("pause" if activity == "inspect" else "finish")
        opens, closes = the(port, "opens", activity), the(port, "closes", activity)
        assert opens.low <= 420.0 <= opens.high
        assert closes.low <= 1260.0 <= closes.high
        assert closes.p_value is not None
        assert closes.p_value < 1e-6
        assert closes.method == "waiting"
    assert station(port, "gate").calendar == station(port, "scan").calendar


def test_hours_without_demand_are_left_open_and_said_to_be_undecided(port: Calibration) -> None:
    assert station(port, "exit").calendar is None
    undecided = [fault for fault in port.findings if fault.code == "port_log.hours_undecided"]
    assert [fault.parameters["activity"] for fault in undecided] == ["exit"]


def test_servers_are_counted_and_a_bound_is_called_one(port: Calibration) -> None:
    assert [station(port, name).servers for name in ("gate", "scan", "inspect")] == [3, 4, 2]
    assert the(port, "servers", "gate").high == 3.0
    assert the(port, "servers", "exit").high == math.inf
    bounds = [fault.parameters["activity"] for fault in port.findings if fault.code == "port_log.servers_at_least"]
    assert bounds == ["exit"]
    assert all(not station(port, name).shifts for name in ("gate", "scan", "inspect", "exit"))


def test_routes_lie_in_their_intervals(port: Calibration) -> None:
    for activity, to, share in (
        ("gate", "scan", 1.0),
        ("scan", "inspect", 0.1),
        ("scan", "exit", 0.9),
        ("inspect", "scan", 0.05),
        ("exit", "out", 1.0),
    ):
        one = the(port, "share", activity, to=to)
        assert one.low <= share <= one.high, one
    assert [route.node for route in port.model.routes] == ["gate", "scan", "inspect"]
    for route in port.model.routes:
        assert math.fsum(way.shares["*"] for way in route.ways) == pytest.approx(1.0, abs=1e-12)
    loop = the(port, "loop", "inspect")
    assert loop.low <= 0.05 <= loop.high
    for unit_class in ("booked", "walk_in"):
        visited = the(port, "visited", "inspect", unit_class)
        assert visited.low <= 0.1 / (1 - 0.005) <= visited.high + 0.005


def test_arrivals_follow_the_clock_and_the_weekend(port: Calibration) -> None:
    for source, share in zip(port.model.sources, (0.4, 0.6), strict=True):
        assert source.node == "gate"
        assert isinstance(source.arrivals, RateArrivals)
        assert source.arrivals.period_min == 7 * DAY
        rates = source.arrivals.rates
        night = [rate for t, rate in rates if t < 360.0]
        assert np.mean(night) == pytest.approx(0.15 * share, rel=0.15)
        assert level(rates, 600.0) == pytest.approx(0.5 * share, rel=0.3)
        assert level(rates, 5 * DAY + 600.0) == pytest.approx(0.25 * share, rel=0.5)
    for found in port.evidence.arrivals:
        assert found.profile.groups == ((0, 1, 2, 3, 4), (5, 6))
        assert found.profile.poisson
        assert not found.profile.in_open_hours
    inside = 0
    hourly = [e for e in port.estimates if e.name == "arrival_rate"]
    assert len(hourly) == 2 * 2 * 24
    for one in hourly:
        share = 0.4 if one.unit_class == "booked" else 0.6
        weekend = 0.5 if "6/7" in one.to else 1.0
        true = 60.0 * share * weekend * (0.15 if int(one.to[:2]) < 6 else 0.5)
        inside += one.low <= true <= one.high
    assert inside >= 0.88 * len(hourly)


def test_the_class_that_goes_first_is_found_with_its_evidence(port: Calibration) -> None:
    assert [(one.id, one.priority) for one in port.model.classes] == [("walk_in", 1.0), ("booked", 0.0)][::-1]
    one = the(port, "overtakes", "gate", "booked", "walk_in")
    assert one.value == 1.0
    assert one.n > 1000
    assert the(port, "overtakes", "gate", "walk_in", "booked").value == 0.0
    found = [fault for fault in port.findings if fault.code == "port_log.priority"]
    assert {fault.parameters["activity"] for fault in found} == {"gate", "scan", "inspect"}
    assert all(fault.parameters["ahead"] == "booked" for fault in found)


def test_the_model_names_its_start_its_log_and_its_port(port: Calibration) -> None:
    assert port.model.start == date(2025, 3, 3)
    assert port.model.port == "erenhot-road"
    assert port.model.run.horizon_min == DAYS * DAY
    figures = {figure.id: figure for figure in port.model.figures}
    assert figures["servers.gate"].value == 3.0
    assert figures["servers.gate"].standing == "measured"
    assert figures["service_mean.scan"].source == "log.csv"


def test_the_description_of_a_calibration_is_read_back_as_the_same_model(port: Calibration) -> None:
    again = read_model(json.loads(json.dumps(as_description(port))))
    assert again == port.model


def test_names_of_any_language_make_a_model_that_is_read_back() -> None:
    text = simple_log(np.random.default_rng(18)).replace(",gate,", ",查验 1,").replace(",a\n", ",预约\n")
    found = calibrate(parse_event_log(text))
    assert read_model(as_description(found)) == found.model


def test_every_finding_is_a_sentence(port: Calibration) -> None:
    assert port.findings
    for fault in port.findings:
        assert fault.severity == "warning"
        for language in ("zh", "en"):
            words = sentence(fault, language)
            assert "{" not in words.message + words.cure


def test_the_same_log_gives_the_same_calibration() -> None:
    text = simple_log(np.random.default_rng(1))
    one, two = calibrate(parse_event_log(text)), calibrate(parse_event_log(text))
    assert one.model == two.model
    assert [repr(e) for e in one.estimates] == [repr(e) for e in two.estimates]


def test_a_station_that_is_always_open_gets_no_hours() -> None:
    for seed in range(10):
        found = calibrate(parse_event_log(simple_log(np.random.default_rng(seed), start=MONDAY)))
        assert found.model.calendars == ()
        assert station(found, "gate").calendar is None
        assert not codes(found) & {"port_log.priority", "port_log.partly_first", "port_log.hours_undecided"}
        assert [one.priority for one in found.model.classes] == [0.0, 0.0]
        assert station(found, "gate").servers == 2


def test_a_midday_break_a_short_saturday_and_a_free_sunday_are_found() -> None:
    class Week(Gate):
        def of(self, day: int) -> tuple[tuple[float, float], ...]:
            kind = day % 7
            return () if kind == 6 else ((540.0, 720.0),) if kind == 5 else ((480.0, 720.0), (840.0, 1080.0))

        def open_until(self, t: float) -> float:
            day, minute = divmod(t, DAY)
            return next((day * DAY + end for begin, end in self.of(int(day)) if begin <= minute < end), 0.0)

    gate = Week(5, lambda r, kind: float(r.exponential(9.0)), ((480.0, 0.0), (540.0, 0.0), (840.0, 0.0)))
    text = simple_log(np.random.default_rng(4), gate, 56, lambda t: 0.15, 0.15, MONDAY)
    found = calibrate(parse_event_log(text))
    (calendar,) = found.model.calendars
    assert calendar.period_min == 7 * DAY
    week = [((480.0, 720.0), (840.0, 1080.0))] * 5 + [((540.0, 720.0),)]
    assert calendar.open == tuple((d * DAY + b, d * DAY + e) for d, hours in enumerate(week) for b, e in hours)
    assert dict(calendar.exceptions) == {}


def test_hours_past_midnight_are_one_opening() -> None:
    gate = Gate(3, lambda r, kind: float(r.exponential(12.0)), ((0.0, 120.0), (1080.0, 1440.0)))
    found = calibrate(parse_event_log(simple_log(np.random.default_rng(5), gate)))
    assert found.model.calendars[0].open == ((0.0, 120.0), (1080.0, 1440.0))


def test_a_few_starts_in_closed_time_do_not_hide_it() -> None:
    gate = Gate(3, lambda r, kind: float(r.exponential(10.0)), ((480.0, 1080.0),))
    text = simple_log(np.random.default_rng(6), gate, 30)
    text += "x1,gate,1800,1805,,a\nx2,gate,4700,4701,,a\n"
    found = calibrate(parse_event_log(text))
    assert found.model.calendars[0].open == ((480.0, 1080.0),)
    assert "port_log.starts_while_closed" in codes(found)


def test_shifts_are_found_where_levels_differ_by_hour() -> None:
    gate = Gate(4, lambda r, kind: float(r.exponential(20.0)), shifts={0: 2, 8: 4, 18: 3})
    found = calibrate(parse_event_log(simple_log(np.random.default_rng(9), gate, 30, lambda t: 0.15, 0.15)))
    assert station(found, "gate").servers == 4
    shifts = dict(station(found, "gate").shifts)
    assert (shifts[480.0], shifts[1080.0]) == (4, 3)
    assert found.evidence.servers[0].sure


def test_overtaking_by_hand() -> None:
    """B waits from 0, A comes at 2: A is begun at 3, B at 5; later A waits from 10, B from 12, begun in turn."""
    started = np.array([3.0, 5.0, 13.0, 14.0])
    joined = np.array([2.0, 0.0, 10.0, 12.0])
    classes = np.array([0, 1, 0, 1])
    found = {(one.ahead, one.behind): one for one in find_overtakings(started, joined, classes, 2, 0.0)}
    assert (found[0, 1].overtook, found[0, 1].choices) == (1, 1)
    assert (found[1, 0].overtook, found[1, 0].choices) == (0, 1)


def test_first_come_first_served_shows_no_overtaking_and_a_mixed_rule_is_called_one() -> None:
    slow = lambda: Gate(1, lambda r, kind: float(r.exponential(9.0)))  # noqa: E731
    fair = calibrate(parse_event_log(simple_log(np.random.default_rng(15), slow())))
    pairs = fair.evidence.overtakings[0]
    assert len(pairs) == 2
    assert all(one.choices > 100 and one.overtook == 0 for one in pairs)

    rng = np.random.default_rng(16)
    started, joined, classes = [], [], []
    queue: list[tuple[float, int]] = []
    for number in range(4000):
        queue.append((float(number), int(rng.integers(2))))
        if number > 20:
            first = [k for k, one in enumerate(queue) if one[1] == 0]
            place = first[0] if first and rng.random() < 0.5 else 0
            join, kind = queue.pop(place)
            started.append(number + 0.5)
            joined.append(join)
            classes.append(kind)
    mixed = find_overtakings(np.array(started), np.array(joined), np.array(classes), 2, 0.0)
    shares = {(one.ahead, one.behind): one.share for one in mixed}
    assert 0.3 < shares[0, 1] < 0.7


def test_waiting_time_is_the_union_of_waits() -> None:
    queue = waiting(np.array([0.0, 2.0, 10.0, 20.0, np.nan]), np.array([5.0, 6.0, 12.0, 20.0, 30.0]))
    assert queue.begins_min.tolist() == [0.0, 10.0]
    assert queue.ends_min.tolist() == [6.0, 12.0]
    assert queue.minutes(np.array([1.0]), np.array([11.0])) == 6.0


def test_open_minutes_between_two_times_leave_closed_ones_out() -> None:
    time = laid_out({0: ((480.0, 720.0), (840.0, 1080.0))}, frozenset({1}), None, 4)
    starts, ends = np.array([700.0, 700.0, 0.0]), np.array([860.0, 2 * DAY + 500.0, 480.0])
    assert time.between_min(starts, ends).tolist() == [40.0, 280.0, 0.0]
    assert time.is_open(np.array([480.0, 720.0, 800.0, DAY + 500.0])).tolist() == [True, False, False, False]


def test_a_server_that_changes_units_at_once_is_one_server() -> None:
    started, ended = np.array([0.0, 5.0, 10.0]), np.array([5.0, 10.0, 15.0])
    found = count_servers(started, ended, np.zeros(3), np.full(3, -1), ALWAYS, until_min=15.0, tolerance_min=0.0)
    assert found.servers == 1


def test_hours_from_few_starts_are_not_guessed() -> None:
    started = np.array([100.0, 700.0, DAY + 300.0])
    assert find_hours(started, started - 1.0, 2, None).always_open


def test_units_on_their_way_at_the_end_of_the_log_do_not_count_as_leaving() -> None:
    """A slow second stage: at the end of a short log many are before it, and none leaves after the gate."""
    rng = np.random.default_rng(17)
    gates = {
        "gate": Gate(9, lambda r, kind: 1.0),
        "yard": Gate(1, lambda r, kind: float(r.exponential(10.0))),
    }
    times = [(t, "a") for t in poisson(rng, lambda t: 0.11, 0.11, 3 * DAY)]
    rows = run(gates, times, {"gate": [(1.0, "yard")]}, "gate", rng, until=3 * DAY)
    found = calibrate(parse_event_log(as_csv(rows)))
    assert the(found, "share", "gate", to="yard").value == 1.0
    assert found.evidence.routing.left_open > 10
