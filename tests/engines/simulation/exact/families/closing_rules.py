"""Native models: what happens at closing and while closed, and shifts of servers."""

from __future__ import annotations

from .. import periodic, traces
from ..writing import Tree, case, expect, run
from . import NATIVE_FORMAT
from .opening_hours import phases

TITLE = "Closing rules, arrivals while closed, shifts"
FORMAT = NATIVE_FORMAT
SOURCE = "periodic solution of Kolmogorov's equations; wait by Little's law"
DAY = 1440.0


def cases() -> list[Tree]:
    return [_paused(), _paused_fixed(), _emptied(), _turned_away(), *_shifts()]


def _model(rate: float, service: Tree, servers: int | Tree, calendar: Tree | None = None, fixed: bool = False) -> Tree:
    hall: Tree = {"servers": servers, "service": {"*": service}}
    tree: Tree = {"schema": "bridgehead-port-model/1", "classes": {"truck": {}}, "stations": {"hall": hall}}
    if calendar:
        tree["calendars"] = {"hours": calendar}
        hall["calendar"] = "hours"
    kind = "det" if fixed else "exp"
    tree["sources"] = [{"class": "truck", "node": "hall", "interarrival": {kind: 1 / rate}}]
    return tree


def _values(waiting: float, served: float, servers: int, rate: float, service: float) -> list[Tree]:
    return [
        expect("queue_len_mean", waiting, "hall"),
        expect("wait_mean", waiting / rate, "hall"),
        expect("utilisation", served / servers, "hall"),
        expect("throughput", rate, "hall"),
        expect("sojourn_mean", waiting / rate + service, unit_class="truck"),
    ]


def _paused() -> Tree:
    """Services stop at closing: their units stay with them over the night, so only the number there is checked."""
    rate, service, servers = 0.3, 4.0, 2
    clock = periodic.Clockwork(phases(rate, servers, 60.0, [(5.0, 50.0)], going_on=False), service, 110)
    waiting, held = clock.means()
    calendar = {"period": 60, "open": [[5, 50]], "at_close": "pause"}
    tree = _model(rate, {"exp": service}, servers, calendar)
    values = [
        expect("queue_len_mean", waiting, "hall"),
        expect("wait_mean", waiting / rate, "hall"),
        expect("in_node_mean", waiting + held, "hall"),
        expect("sojourn_mean", (waiting + held) / rate, unit_class="truck"),
        expect("throughput", rate, "hall"),
    ]
    how = run(2 * rate, 3000, 8e6, period=60)
    return case("pause-mm2", "Two servers, services stop at closing", SOURCE, tree, how, values)


def _paused_fixed() -> Tree:
    windows, period = [(3.0, 63.0)], 120.0
    start, end = 2 * period + 119.0, 12 * period + 119.0
    came = [12.0 * (i + 1) for i in range(int(end / 12.0))]
    spans = traces.paused_ends(came, 5.0, period, windows)
    # one service of every cycle stops in its middle
    queue = traces.overlap([(c, s) for c, (s, _) in zip(came, spans, strict=True)], (start, end))
    there = traces.overlap([(c, e) for c, (_, e) in zip(came, spans, strict=True)], (start, end))
    tree = _model(1 / 12.0, {"det": 5}, 1, {"period": 120, "open": [[3, 63]], "at_close": "pause"}, fixed=True)
    values = [
        expect("queue_len_mean", queue, "hall"),
        expect("in_node_mean", there, "hall"),
        expect("throughput", sum(start <= e < end for _, e in spans) / (end - start), "hall"),
    ]
    how = {"warmup": start, "horizon": end, "replications": 2}
    return case("pause-fixed", "Fixed times, services stop", "worked out unit by unit", tree, how, values, exact=True)


def _emptied() -> Tree:
    rate, service, servers = 0.09, 12.0, 3
    waiting, served = periodic.emptying_queue(rate, service, servers, 600.0, 840.0, 420)
    calendar = {"period": DAY, "open": [[420, 1020]], "at_close": "empty"}
    tree = _model(rate, {"exp": service}, servers, calendar)
    how = run(2 * rate, 20 * DAY, 6e6, period=DAY)
    values = _values(waiting, served, servers, rate, service)
    return case("empty-mm3", "Those waiting at closing are still served", SOURCE, tree, how, values)


def _turned_away() -> Tree:
    rate, service, servers, windows = 0.45, 3.0, 2, [(5.0, 45.0)]
    cut = phases(rate, servers, 60.0, windows)
    cut = [phase if phase.servers else periodic.Phase(phase.length, 0.0, 0) for phase in cut]
    waiting, served = periodic.Clockwork(cut, service, 110).means()
    taken = rate * 40 / 60
    calendar = {"period": 60, "open": [[5, 45]], "while_closed": "turn_away"}
    tree = _model(rate, {"exp": service}, servers, calendar)
    values = [
        expect("queue_len_mean", waiting, "hall"),
        expect("wait_mean", waiting / taken, "hall"),
        expect("utilisation", served / servers, "hall"),
        expect("loss_prob", 20 / 60, "hall"),
        expect("throughput", taken, "hall"),
    ]
    how = run(1.7 * rate, 3000, 6e6, period=60)
    return case("turn-away-mm2", "Arrivals while closed are turned away", SOURCE, tree, how, values)


def _shifts() -> list[Tree]:
    """Servers by the hour of the day; at a change to fewer, services under way are finished."""
    listed = []
    for name, rate, service, cut in (
        ("shifts-two", 0.16, 12.0, [(0.0, 1), (420.0, 3), (1260.0, 1)]),
        ("shifts-night-closed", 0.1, 9.0, [(0.0, 0), (360.0, 1), (600.0, 3), (1080.0, 1)]),
    ):
        until = [*(start for start, _ in cut[1:]), DAY]
        parts = [periodic.Phase(end - start, rate, n) for (start, n), end in zip(cut, until, strict=True)]
        waiting, served = periodic.Clockwork(parts, service, 200).means()
        servers = {f"{_clock(start)}-{_clock(end)}": n for (start, n), end in zip(cut, until, strict=True)}
        values = [
            expect("queue_len_mean", waiting, "hall"),
            expect("wait_mean", waiting / rate, "hall"),
            expect("in_node_mean", waiting + served, "hall"),
            expect("throughput", rate, "hall"),
            expect("sojourn_mean", waiting / rate + service, unit_class="truck"),
        ]
        tree = _model(rate, {"exp": service}, servers)
        how = run(2 * rate, 20 * DAY, 6e6, period=DAY)
        listed.append(case(name, "Servers by shift", SOURCE, tree, how, values))
    return listed


def _clock(minutes: float) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"
