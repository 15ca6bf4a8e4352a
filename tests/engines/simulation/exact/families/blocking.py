"""Lines with limited places, blocked after service."""

from __future__ import annotations

from .. import blocking as exact
from ..writing import Tree, arrivals, case, expect, exponential, model, run, station
from . import BENCH_FORMAT

TITLE = "Lines with limited places"
FORMAT = BENCH_FORMAT
SOURCE = "chain of units and blocked servers by station"
NAMES = ("gate", "check", "exit")


def cases() -> list[Tree]:
    return [
        _line("pair-lost-first", 0.5, [1.8, 2.0], [1, 1], [3, 1]),
        _line("pair-no-buffer", 0.9, [1.0, 1.5], [2, 1], [2, 0]),
        _line("three-lost-first", 0.45, [1.6, 1.7, 1.9], [1, 1, 1], [4, 1, 2]),
        _line("three-several-servers", 0.8, [2.0, 3.4, 1.1], [2, 3, 1], [3, 1, 1]),
        _ample(),
        _outside(),
    ]


def _model(rate: float, services: list[float], servers: list[int], places: list[int | None], first: str) -> Tree:
    nodes = []
    for i, (service, c, room) in enumerate(zip(services, servers, places, strict=True)):
        rules = {} if room is None else {"queue_capacity": room, "on_full": "block_upstream" if i else first}
        nodes.append(station(NAMES[i], exponential(service), c, **rules))
    routes = {"*": {NAMES[i]: [[NAMES[i + 1], 1.0]] for i in range(len(services) - 1)}}
    return model(nodes, [arrivals(NAMES[0], exponential(1 / rate))], routes)


def _after_first(line: exact.ServiceLine, flow: float) -> list[Tree]:
    values = []
    for i in range(1, len(line.services)):
        values.append(expect("queue_len_mean", line.queue(i), NAMES[i]))
        values.append(expect("wait_mean", line.queue(i) / flow, NAMES[i]))
    last = len(line.services) - 1
    values.append(expect("in_node_mean", line.at(last), NAMES[last]))
    values.append(expect("throughput", flow, NAMES[last]))
    values.append(expect("sojourn_mean", line.there() / flow, unit_class="truck"))
    return values


def _line(name: str, rate: float, services: list[float], servers: list[int], places: list[int]) -> Tree:
    line = exact.ServiceLine(rate, services, servers, places)
    flow = line.throughput()
    values = [
        expect("loss_prob", line.lost(), NAMES[0]),
        expect("queue_len_mean", line.queue(0), NAMES[0]),
        expect("wait_mean", line.queue(0) / flow, NAMES[0]),
        *_after_first(line, flow),
    ]
    tree = _model(rate, services, servers, list(places), "lose")
    title = f"{len(services)} stations, arrivals lost at the first"
    return case(name, title, SOURCE, tree, run(rate + len(services) * flow, 2000, 5e6), values)


def _ample() -> Tree:
    """The first station has ample room; the second blocks it."""
    line = exact.ServiceLine(0.4, [1.5, 1.6], [1, 1], [300, 1])
    values = [
        expect("queue_len_mean", line.queue(0), NAMES[0]),
        expect("wait_mean", line.queue(0) / 0.4, NAMES[0]),
        *_after_first(line, 0.4),
    ]
    tree = _model(0.4, [1.5, 1.6], [1, 1], [None, 1], "lose")
    return case("pair-ample-first", "Two stations, ample room before", SOURCE, tree, run(1.2, 5000, 8e6), values)


def _outside() -> Tree:
    """The first station has few places: who finds none waits outside, which is waiting for it all the same."""
    line = exact.ServiceLine(0.4, [1.5, 1.6], [1, 1], [300, 1])
    values = [
        expect("queue_len_mean", line.queue(0), NAMES[0]),
        expect("wait_mean", line.queue(0) / 0.4, NAMES[0]),
        expect("loss_prob", 0.0, NAMES[0]),
        *_after_first(line, 0.4),
    ]
    tree = _model(0.4, [1.5, 1.6], [1, 1], [2, 1], "block_upstream")
    source = "the same chain; who waits outside counts as waiting at the first station"
    return case("pair-outside", "Two stations, waiting outside the first", source, tree, run(1.2, 5000, 8e6), values)
