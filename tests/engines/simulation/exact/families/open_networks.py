"""Open networks of exponential stations."""

from __future__ import annotations

from math import inf

from .. import networks as exact
from ..writing import Tree, arrivals, case, expect, expects, exponential, model, run, station
from . import BENCH_FORMAT

TITLE = "Open networks"
FORMAT = BENCH_FORMAT
SOURCE = "Jackson (1957): stations are independent M/M/c of their flows"


def cases() -> list[Tree]:
    return [_feedback(), _rework(), _two_classes()]


def _nodes(stations: dict[str, tuple[float, float]]) -> list[Tree]:
    return [station(n, exponential(s), "inf" if c == inf else int(c)) for n, (s, c) in stations.items()]


def _feedback() -> Tree:
    """Gate, scanner with a share opened and sent through again, exit; a second way in."""
    stations = {"gate": (1.5, 2), "scan": (1.8, 2), "open": (10.0, 3), "road": (25.0, inf), "exit": (0.8, 1)}
    routing = {
        "gate": {"scan": 1.0},
        "scan": {"open": 0.2, "road": 0.8},
        "open": {"scan": 0.5, "exit": 0.3},
        "road": {"exit": 1.0},
    }
    outside = {"gate": 0.6, "scan": 0.15}
    flows = exact.visits(list(stations), outside, routing)
    found = exact.open_network(stations, flows)
    values = []
    for node, here in found.items():
        values += expects(here, "throughput in_node_mean" if node == "road" else "wait_mean throughput", node)
    values.append(expect("sojourn_mean", sum(v["in_node_mean"] for v in found.values()) / 0.75, unit_class="truck"))
    tree = model(
        _nodes(stations),
        [arrivals(node, exponential(1 / rate)) for node, rate in outside.items()],
        {"*": {node: [[to, share] for to, share in ways.items()] for node, ways in routing.items()}},
    )
    return case("jackson-feedback", "Five stations with feedback", SOURCE, tree, run(4.3, 5000, 1e7), values)


def _rework() -> Tree:
    """A station whose units may have to pass it once more at once."""
    stations = {"check": (3.0, 3), "seal": (1.2, 1)}
    routing = {"check": {"check": 0.25, "seal": 0.75}}
    flows = exact.visits(list(stations), {"check": 0.55}, routing)
    found = exact.open_network(stations, flows)
    values = [item for node, here in found.items() for item in expects(here, "wait_mean throughput utilisation", node)]
    values.append(expect("sojourn_mean", sum(v["in_node_mean"] for v in found.values()) / 0.55, unit_class="truck"))
    tree = model(
        _nodes(stations),
        [arrivals("check", exponential(1 / 0.55))],
        {"*": {"check": [["check", 0.25], ["seal", 0.75]]}},
    )
    return case("jackson-rework", "Two stations, one with a loop to itself", SOURCE, tree, run(2.6, 5000, 8e6), values)


def _two_classes() -> Tree:
    stations = {"gate": (1.0, 1), "scan": (2.4, 2), "lab": (6.0, 2), "exit": (0.9, 1)}
    ways = {
        "fresh": {"gate": {"lab": 1.0}, "lab": {"exit": 1.0}},
        "coal": {"gate": {"scan": 1.0}, "scan": {"lab": 0.15, "exit": 0.85}, "lab": {"scan": 0.3, "exit": 0.7}},
    }
    rates = {"fresh": 0.15, "coal": 0.55}
    counts = {name: exact.visits(list(stations), {"gate": 1.0}, routing) for name, routing in ways.items()}
    flows = {node: sum(rates[name] * counts[name][node] for name in ways) for node in stations}
    found = exact.open_network(stations, flows)
    values = [expect("wait_mean", here["wait_mean"], node) for node, here in found.items()]
    values += [expect("wait_mean", found["lab"]["wait_mean"], "lab", name) for name in ways]
    for name in ways:
        total = sum(counts[name][node] * found[node]["sojourn_mean"] for node in stations)
        values.append(expect("sojourn_mean", total, unit_class=name))
    values.append(expect("throughput", flows["scan"], "scan"))
    tree = model(
        _nodes(stations),
        [arrivals("gate", exponential(1 / rate), name) for name, rate in rates.items()],
        {name: {n: [[to, p] for to, p in w.items()] for n, w in routing.items()} for name, routing in ways.items()},
        classes=dict.fromkeys(ways, 0),
    )
    source = "Baskett, Chandy, Muntz and Palacios (1975): one exponential service for all classes, FIFO"
    return case("two-routes", "Two classes with their own routes", source, tree, run(3.6, 5000, 1.2e7), values)
