"""Arrivals read from a log: their course, their bunching and batches, and who comes by appointment."""

from __future__ import annotations

import numpy as np
import pytest

from bridgehead.engines.simulation.calibration.arrival_profiles import find_profile
from bridgehead.engines.simulation.calibration.calibrating import Calibration, calibrate
from bridgehead.engines.simulation.calibration.estimates import Estimate
from bridgehead.engines.simulation.calibration.event_log import parse_event_log
from bridgehead.engines.simulation.calibration.open_time import WHOLE_DAY, laid_out
from bridgehead.engines.simulation.model import AppointmentArrivals, RateArrivals, RenewalArrivals
from tests.engines.simulation.port_logs import DAY, Gate, simple_log

ALWAYS = laid_out({0: WHOLE_DAY}, frozenset(), None, 60)


def the(found: Calibration, name: str, activity: str, unit_class: str = "", to: str = "") -> Estimate:
    key = (name, activity, unit_class, to)
    (one,) = (e for e in found.estimates if (e.name, e.activity, e.unit_class, e.to) == key)
    return one


def codes(found: Calibration) -> set[str]:
    return {fault.code for fault in found.findings}


def test_without_arrivals_hours_rest_on_starts_and_that_is_said() -> None:
    gate = Gate(3, lambda r, kind: float(r.exponential(10.0)), ((480.0, 1080.0),))
    found = calibrate(parse_event_log(simple_log(np.random.default_rng(7), gate, 30, keep_arrivals=False)))
    assert found.model.calendars[0].open == ((480.0, 1080.0),)
    assert the(found, "closes", "gate").method == "starts"
    assert "port_log.no_arrivals" in codes(found)


def test_who_comes_in_opening_hours_only_has_a_rate_net_of_closed_time() -> None:
    gate = Gate(2, lambda r, kind: float(r.exponential(8.0)), ((450.0, 1050.0),), frozenset({8}))
    inside = lambda t: 0.2 if 450.0 <= t % DAY < 1050.0 and t // DAY != 8 else 0.0  # noqa: E731
    found = calibrate(parse_event_log(simple_log(np.random.default_rng(8), gate, 30, inside, 0.2)))
    assert "port_log.come_while_open" in codes(found)
    (calendar,) = found.model.calendars
    assert calendar.open == ((450.0, 1050.0),)
    assert calendar.while_closed == "turn_away"
    for source in found.model.sources:
        assert isinstance(source.arrivals, RateArrivals)
        rates = source.arrivals.rates
        assert [t for t, rate in rates if rate == 0.0] == [0.0, 1050.0]
        assert rates[1][0] == 450.0
        assert [rate for _, rate in rates if rate > 0.0] == pytest.approx([0.1] * (len(rates) - 2), rel=0.15)


def test_batches_are_found_with_their_sizes() -> None:
    rng = np.random.default_rng(20)
    times = np.cumsum(rng.exponential(120.0, 200))
    lines = ["unit,activity,start,end"]
    for number, time in enumerate(times):
        for part in range(int(rng.integers(1, 6))):
            lines += [f"w{number}.{part},arrival,{time},{time}", f"w{number}.{part},yard,{time},{time + 30.0}"]
    found = calibrate(parse_event_log("\n".join(lines)))
    arrivals = found.model.sources[0].arrivals
    assert isinstance(arrivals, RenewalArrivals)
    assert arrivals.batch is not None
    assert arrivals.batch.kind == "empirical"
    assert set(arrivals.batch.numbers) == {1.0, 2.0, 3.0, 4.0, 5.0}
    assert np.mean(arrivals.batch.numbers) == pytest.approx(3.0, rel=0.1)
    assert arrivals.interarrival_min.kind == "exp"
    assert arrivals.interarrival_min.numbers[0] == pytest.approx(120.0, rel=0.2)
    assert "port_log.batches" in codes(found)


def test_arrivals_rounded_to_the_minute_are_no_batches() -> None:
    rng = np.random.default_rng(11)
    times = np.floor(np.sort(rng.uniform(0.0, 30 * DAY, 8000)))
    profile = find_profile(times, (0.0, 30 * DAY), ALWAYS, None, 1.0)
    assert times.size - np.unique(times).size > 500
    assert profile.batches == ()


def test_poisson_regular_and_bunched_arrivals_are_told_apart() -> None:
    rng = np.random.default_rng(12)
    window = (0.0, 40 * DAY)
    even = np.sort(rng.uniform(*window, 6000))
    regular = np.cumsum(rng.gamma(9.0, 9.6 / 9.0, 5900))
    days = rng.gamma(4.0, 1.0 / 4.0, 40)
    bunched = np.sort(
        np.concatenate([rng.uniform(d * DAY, (d + 1) * DAY, rng.poisson(150 * days[d])) for d in range(40)])
    )
    found = [find_profile(times, window, ALWAYS, 0) for times in (even, regular, bunched)]
    assert [one.poisson for one in found] == [True, False, False]
    assert found[1].spread < 0.6
    assert found[2].spread > 1.5
    assert found[0].flat
    # Days that differ by chance are no weekdays.
    assert [len(one.groups) for one in found] == [1, 1, 1]


def test_weekdays_and_hours_that_do_not_differ_get_one_rate() -> None:
    rng = np.random.default_rng(13)
    flat = 0
    for _ in range(100):
        times = np.sort(rng.uniform(0.0, 28 * DAY, 1500))
        flat += find_profile(times, (0.0, 28 * DAY), ALWAYS, 2).flat
    assert flat >= 94


def test_booked_classes_come_by_appointment_where_somebody_says_so() -> None:
    found = calibrate(parse_event_log(simple_log(np.random.default_rng(14))), booked=frozenset({"a"}))
    kinds = {source.unit_class: source.arrivals for source in found.model.sources}
    assert isinstance(kinds["b"], RateArrivals)
    booked = kinds["a"]
    assert isinstance(booked, AppointmentArrivals)
    assert np.mean(booked.count.numbers) == pytest.approx(72.0, rel=0.1)
    assert not isinstance(booked.slot_min, tuple)
    assert booked.slot_min.kind == "quantiles"
