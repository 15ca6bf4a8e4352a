"""Closed networks: fleets that go round."""

from __future__ import annotations

from math import inf

from .. import networks as exact
from ..writing import Tree, case, expect, expects, exponential, fixed, model, run, station
from . import BENCH_FORMAT

TITLE = "Closed networks"
FORMAT = BENCH_FORMAT
SOURCE = "Gordon and Newell (1967), by Buzen's convolution"


def cases() -> list[Tree]:
    return [_repair(), _central(), _fleet(), _two_fleets()]


def _values(name: str, found: dict[str, float], waits: bool) -> list[Tree]:
    return expects(
        found, "throughput utilisation queue_len_mean wait_mean" if waits else "throughput in_node_mean", name
    )


def _repair() -> Tree:
    """Machine repair: ten machines, two repairers; working times are fixed, which changes nothing."""
    found = exact.closed_network([(1, 90.0, inf), (1, 14.0, 2)], 10)
    tree = model(
        [station("work", fixed(90.0), "inf"), station("repair", exponential(14.0), 2)],
        routes={"*": {"work": [["repair", 1.0]], "repair": [["work", 1.0]]}},
        population=[{"node": "work", "class": "truck", "count": 10}],
    )
    values = [*_values("work", found[0], False), *_values("repair", found[1], True)]
    events = 2 * found[0]["throughput"]
    source = "Engset; insensitive to the distribution of the working time"
    return case("machine-repair", "Ten machines, two repairers", source, tree, run(events, 10000, 5e6), values)


def _central() -> Tree:
    found = exact.closed_network([(1, 2.0, 1), (0.6, 3.0, 1), (0.4, 9.0, 2)], 8)
    tree = model(
        [station("hub", exponential(2.0)), station("crane", exponential(3.0)), station("lab", exponential(9.0), 2)],
        routes={"*": {"hub": [["crane", 0.6], ["lab", 0.4]], "crane": [["hub", 1.0]], "lab": [["hub", 1.0]]}},
        population=[{"node": "hub", "class": "truck", "count": 8}],
    )
    values = [item for name, v in zip(("hub", "crane", "lab"), found, strict=True) for item in _values(name, v, True)]
    events = 2 * found[0]["throughput"]
    return case("central-server", "Hub, crane and laboratory", SOURCE, tree, run(events, 5000, 5e6), values)


def _fleet() -> Tree:
    """Driverless trucks: travel there, crane, travel back, yard."""
    found = exact.closed_network([(1, 12.0, inf), (1, 2.2, 1), (1, 10.0, inf), (1, 3.8, 2)], 14)
    names = ("outbound", "crane", "back", "yard")
    tree = model(
        [
            station("outbound", fixed(12.0), "inf"),
            station("crane", exponential(2.2)),
            station("back", exponential(10.0), "inf"),
            station("yard", exponential(3.8), 2),
        ],
        routes={"*": {name: [[names[(i + 1) % 4], 1.0]] for i, name in enumerate(names)}},
        population=[{"node": "outbound", "class": "agv", "count": 14}],
        classes={"agv": 0},
    )
    values = [
        item for name, v in zip(names, found, strict=True) for item in _values(name, v, name in ("crane", "yard"))
    ]
    events = 4 * found[0]["throughput"]
    return case("agv-fleet", "Fourteen driverless trucks", SOURCE, tree, run(events, 5000, 5e6), values)


def _two_fleets() -> Tree:
    services, servers = [15.0, 2.0, 4.0], [inf, 1, 1]
    found = exact.closed_classes(services, servers, [[1, 1, 0], [1, 1, 1]], [5, 4])
    names, fleets = ("road", "gate", "crane"), ("coal", "box")
    tree = model(
        [
            station("road", exponential(15.0), "inf"),
            station("gate", exponential(2.0)),
            station("crane", exponential(4.0)),
        ],
        routes={
            "coal": {"road": [["gate", 1.0]], "gate": [["road", 1.0]]},
            "box": {"road": [["gate", 1.0]], "gate": [["crane", 1.0]], "crane": [["road", 1.0]]},
        },
        population=[{"node": "road", "class": name, "count": n} for name, n in zip(fleets, (5, 4), strict=True)],
        classes=dict.fromkeys(fleets, 0),
    )
    values = [
        expect("wait_mean", found[1][0]["wait_mean"], "gate", "coal"),
        expect("wait_mean", found[1][1]["wait_mean"], "gate", "box"),
        expect("wait_mean", found[2][1]["wait_mean"], "crane", "box"),
        expect("throughput", found[1][0]["throughput"] + found[1][1]["throughput"], "gate"),
        expect("throughput", found[2][1]["throughput"], "crane"),
        expect("in_node_mean", sum(v["in_node_mean"] for v in found[0]), names[0]),
        expect("queue_len_mean", sum(v["queue_len_mean"] for v in found[1]), "gate"),
    ]
    source = "mean value analysis of two classes (Reiser and Lavenberg 1980)"
    return case("two-fleets", "Two fleets at one gate", source, tree, run(1.6, 5000, 6e6), values)
