"""Native models: arrivals by the clock, appointments and timetables."""

from __future__ import annotations

from itertools import pairwise
from math import exp

from .. import periodic
from ..writing import Tree, case, expect, run
from . import NATIVE_FORMAT

TITLE = "Rates by the clock, appointments, timetables"
FORMAT = NATIVE_FORMAT
DAY = 1440.0


def cases() -> list[Tree]:
    return [
        *_windows(),
        _queue("rate-mm2", 10.0, 2, [(0.0, 0.04), (360.0, 0.18), (720.0, 0.1), (1080.0, 0.16)], 120),
        _queue("rate-mm1", 8.0, 1, [(0.0, 0.02), (540.0, 0.14), (1020.0, 0.05)], 160),
        *_appointments(),
        _timetable(),
    ]


def _hourly(steps: list[tuple[float, float]]) -> Tree:
    until = [*(start for start, _ in steps[1:]), DAY]
    clock = [f"{int(t) // 60:02d}:{int(t) % 60:02d}" for t in [0.0, *until]]
    return {f"{clock[i]}-{clock[i + 1]}": round(rate * 60, 9) for i, (_, rate) in enumerate(steps)}


def _model(node: str, servers: int | str, service: Tree, source: Tree) -> Tree:
    return {
        "schema": "bridgehead-port-model/1",
        "classes": {"truck": {}},
        "stations": {node: {"servers": servers, "service": {"*": service}}},
        "sources": [{"class": "truck", "node": node, **source}],
    }


def _windows() -> list[Tree]:
    """Stays of one day watched for some hours, long before the mean settles."""
    steps = [(0.0, 1.0), (360.0, 3.0), (480.0, 0.5)]
    listed = []
    for name, service, spread in (
        ("rate-inf-exponential", {"exp": 90.0}, lambda t: 90.0 * (1 - exp(-t / 90.0))),
        ("rate-inf-fixed", {"det": 75.0}, lambda t: min(t, 75.0)),
        ("rate-inf-uniform", {"uniform": {"from": 20.0, "to": 100.0}}, _uniform_spread(20.0, 100.0)),
    ):
        window = (300.0, 540.0)
        # points where a stay that began at a change of rate ends are cuts of the integrand as well
        marks = sorted({t + d for t, _ in steps for d in (0.0, 20.0, 75.0, 100.0)})
        there = _average(steps, spread, window, marks)
        tree = _model("hall", "inf", service, {"rate": _hourly(steps), "per": "h"})
        how = {"warmup": window[0], "horizon": window[1], "replications": 1000}
        values = [expect("in_node_mean", there, "hall")]
        source = "M(t)/G/inf: integral of rate and tail of the service"
        listed.append(case(name, "Hours of a day, no queue", source, tree, how, values))
    return listed


def _average(steps, spread, window: tuple[float, float], marks: list[float]) -> float:
    cuts = [window[0], *(m for m in marks if window[0] < m < window[1]), window[1]]
    total = 0.0
    for a, b in pairwise(cuts):
        total += periodic.infinite_servers(steps, spread, (a, b), 30) * (b - a)
    return total / (window[1] - window[0])


def _uniform_spread(a: float, b: float):
    def spread(t: float) -> float:
        if t <= a:
            return t
        inside = min(t, b) - a
        return a + inside - inside * inside / (2 * (b - a))

    return spread


def _queue(name: str, service: float, servers: int, steps: list[tuple[float, float]], most: int) -> Tree:
    until = [*(start for start, _ in steps[1:]), DAY]
    parts = [periodic.Phase(end - t, rate, servers) for (t, rate), end in zip(steps, until, strict=True)]
    waiting, served = periodic.Clockwork(parts, service, most).means()
    mean = sum(part.length * part.rate for part in parts) / DAY
    values = [
        expect("queue_len_mean", waiting, "gate"),
        expect("wait_mean", waiting / mean, "gate"),
        expect("utilisation", served / servers, "gate"),
        expect("throughput", mean, "gate"),
    ]
    tree = _model("gate", servers, {"exp": service}, {"rate": _hourly(steps), "per": "h"})
    source = "periodic solution of Kolmogorov's equations; wait by Little's law"
    how = run(2 * mean, 10 * DAY, 8e6, period=DAY)
    return case(name, f"M(t)/M/{servers}", source, tree, how, values)


def _appointments() -> list[Tree]:
    """Slots spread over the open hours, one in ten does not come; stays of fixed length inside the day."""
    booked = {"appointments": {"per_day": 96, "slots": "day", "no_show": 0.1}}
    tree = _model("hall", "inf", {"det": 30}, booked)
    tree["calendars"] = {"day": {"open": ["07:00-21:00"]}}
    how = {"warmup": DAY, "horizon": 401 * DAY, "replications": 10}
    come = 96 * 0.9
    values = [expect("throughput", come / DAY, "hall"), expect("in_node_mean", come * 30 / DAY, "hall")]
    whole = case("no-shows", "Appointments, one in ten does not come", "count", tree, how, values)
    every = {"appointments": {"per_day": 96, "slots": "day"}}
    tree = _model("hall", "inf", {"det": 30}, every)
    tree["calendars"] = {"day": {"open": ["07:00-21:00"]}}
    how = {"warmup": DAY, "horizon": 11 * DAY, "replications": 2}
    values = [expect("throughput", 96 / DAY, "hall"), expect("in_node_mean", 96 * 30 / DAY, "hall")]
    sure = case("all-come", "Appointments, all come", "count", tree, how, values, exact=True)
    return [whole, sure, _appointment_queue()]


def _appointment_queue() -> Tree:
    """A Poisson number of slots anywhere in the open hours, no lateness: Poisson arrivals at a rate in those hours."""
    steps = [(0.0, 0.0), (420.0, 100 * 0.9 / 840.0), (1260.0, 0.0)]
    until = [420.0, 1260.0, DAY]
    parts = [periodic.Phase(end - t, rate, 1) for (t, rate), end in zip(steps, until, strict=True)]
    waiting, served = periodic.Clockwork(parts, 8.0, 160).means()
    booked = {
        "period": DAY,
        "count": {"dist": "poisson", "mean": 100},
        "slot": {"dist": "uniform", "from": 420, "to": 1260},
        "no_show": 0.1,
    }
    tree = _model("gate", 1, {"exp": 8.0}, {"appointments": booked})
    values = [
        expect("queue_len_mean", waiting, "gate"),
        expect("wait_mean", waiting * DAY / 90.0, "gate"),
        expect("utilisation", served, "gate"),
        expect("throughput", 90.0 / DAY, "gate"),
    ]
    source = "a Poisson number of uniform slots is a Poisson stream; periodic solution of Kolmogorov's equations"
    how = run(2 * 90.0 / DAY, 10 * DAY, 4e6, period=DAY)
    return case("appointments-mm1", "Appointments at one server", source, tree, how, values)


def _timetable() -> Tree:
    """Three trains a day, each 20 minutes late and 100 minutes on a track for one: the second waits 50 minutes."""
    tree = _model("track", 1, {"det": 100}, {"timetable": ["03:10", "04:00", "09:00"], "lateness": {"det": 20}})
    tree["classes"] = {"train": {}}
    tree["sources"][0]["class"] = "train"
    values = [
        expect("throughput", 3 / DAY, "track"),
        expect("utilisation", 300 / DAY, "track"),
        expect("wait_mean", 50 / 3, "track"),
        expect("queue_len_mean", 50 / DAY, "track"),
        expect("sojourn_mean", 100 + 50 / 3, unit_class="train"),
    ]
    how = {"warmup": 0, "horizon": 5 * DAY, "replications": 2}
    return case("timetable", "Three trains a day on one track", "worked out by hand", tree, how, values, exact=True)
