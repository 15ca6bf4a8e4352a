"""Native models: things that stations share."""

from __future__ import annotations

from math import inf

from .. import networks, sharing, stations
from .. import priorities as waits
from ..writing import Tree, case, expect, run
from . import NATIVE_FORMAT

TITLE = "Pools"
FORMAT = NATIVE_FORMAT


def cases() -> list[Tree]:
    return [
        _one_for_two(),
        _one_for_two_by_priority(),
        _amounts("amounts-small", 8, [(0.5, 4.0, 1), (0.2, 5.0, 3)]),
        _amounts("amounts-three", 12, [(0.6, 3.0, 1), (0.3, 4.0, 2), (0.1, 6.0, 4)]),
        _returning(),
        _tokens("tokens-three", 0.16, 3, 6.0, 3.0),
        _tokens("tokens-eight", 0.3, 8, 10.0, 2.6),
        _closed(),
    ]


def _flow(name: str, node: str, rate: float) -> Tree:
    return {"class": name, "node": node, "interarrival": {"exp": 1 / rate}}


def _two_stations(ranks: tuple[int, int]) -> Tree:
    return {
        "schema": "bridgehead-port-model/1",
        "classes": {"import": {"priority": ranks[0]}, "export": {"priority": ranks[1]}},
        "pools": {"inspector": 1},
        "stations": {
            "import_hall": {"servers": 1, "service": {"*": {"exp": 2.0}}, "needs": {"inspector": 1}},
            "export_hall": {"servers": 1, "service": {"*": {"det": 4.0}}, "needs": {"inspector": 1}},
        },
        "sources": [_flow("import", "import_hall", 0.15), _flow("export", "export_hall", 0.1)],
    }


def _one_for_two() -> Tree:
    """One inspector for two stations, in order of joining: one M/G/1."""
    mean, second = stations.mix_moments([(0.6, 2.0, 8.0), (0.4, 4.0, 16.0)])
    shared = stations.mg1(0.25, mean, second)
    values = [
        expect("wait_mean", shared["wait_mean"], "import_hall"),
        expect("wait_mean", shared["wait_mean"], "export_hall"),
        expect("wait_prob", shared["wait_prob"], "import_hall"),
        expect("queue_len_mean", 0.15 * shared["wait_mean"], "import_hall"),
        expect("utilisation", 0.3, "import_hall"),
    ]
    source = "Pollaczek-Khinchine of the mixture"
    tree = _two_stations((0, 0))
    return case("one-for-two", "One inspector, two stations", source, tree, run(0.5, 10000, 8e6), values)


def _one_for_two_by_priority() -> Tree:
    first, second = waits.cobham([(0.1, 4.0, 16.0), (0.15, 2.0, 8.0)])
    values = [expect("wait_mean", first, "export_hall"), expect("wait_mean", second, "import_hall")]
    tree = _two_stations((1, 0))
    source = "Cobham (1954)"
    return case("one-for-two-ranked", "One inspector, export first", source, tree, run(0.5, 10000, 8e6), values)


def _amounts(name: str, size: int, flows: list[tuple[float, float, int]]) -> Tree:
    lost = sharing.shared_capacity(size, flows)
    nodes = {}
    for i, (_, service, amount) in enumerate(flows):
        nodes[f"work_{i}"] = {
            "servers": size,
            "service": {"*": {"exp": service} if i % 2 == 0 else {"det": service}},
            "queue_capacity": 0,
            "on_full": "lose",
            "needs": {"crew": amount},
        }
    tree = {
        "schema": "bridgehead-port-model/1",
        "classes": {"truck": {}},
        "pools": {"crew": size},
        "stations": nodes,
        "sources": [_flow("truck", f"work_{i}", rate) for i, (rate, _, _) in enumerate(flows)],
    }
    values = [expect("loss_prob", share, f"work_{i}") for i, share in enumerate(lost)]
    values += [
        expect("throughput", rate * (1 - share), f"work_{i}")
        for i, ((rate, _, _), share) in enumerate(zip(flows, lost, strict=True))
    ]
    events = 1.8 * sum(rate for rate, _, _ in flows)
    source = "Kaufman (1981), Roberts (1981), whatever the distribution of service"
    return case(name, "Stations that need several each", source, tree, run(events, 2000, 4e6), values)


def _returning() -> Tree:
    """One driverless truck that has to come back before it can be taken again: M/G/1 of service and return."""
    values = [
        expect("wait_mean", stations.mg1(0.08, 8.0, 9.0 + 2 * 3.0 * 5.0 + 50.0)["wait_mean"], "lift"),
        expect("wait_prob", 0.64, "lift"),
        expect("utilisation", 0.24, "lift"),
    ]
    tree = {
        "schema": "bridgehead-port-model/1",
        "classes": {"box": {}},
        "pools": {"agv": {"size": 1, "return": {"exp": 5.0}}},
        "stations": {"lift": {"servers": 1, "service": {"*": {"det": 3.0}}, "needs": {"agv": 1}}},
        "sources": [_flow("box", "lift", 0.08)],
    }
    source = "Pollaczek-Khinchine of service and return together"
    return case("returning", "One truck that returns", source, tree, run(0.24, 10000, 8e6), values)


def _tokens(name: str, rate: float, size: int, first: float, second: float) -> Tree:
    """A pool taken for a way out and given back after the crane."""
    found = sharing.tokens(rate, size, first, second, 500)
    tree = {
        "schema": "bridgehead-port-model/1",
        "classes": {"box": {}},
        "pools": {"agv": size},
        "stations": {
            "way": {"servers": "inf", "service": {"*": {"exp": first}}, "takes": {"agv": 1}},
            "crane": {"servers": 1, "service": {"*": {"exp": second}}, "returns": {"agv": 1}},
        },
        "routes": {"*": {"way": {"crane": 1.0}}},
        "sources": [_flow("box", "way", rate)],
    }
    values = [
        expect("wait_mean", found["wait_first"], "way"),
        expect("wait_prob", found["wait_prob"], "way"),
        expect("wait_mean", found["wait_second"], "crane"),
        expect("in_node_mean", found["in_second"], "crane"),
        expect("sojourn_mean", found["sojourn_mean"], unit_class="box"),
    ]
    source = "chain of those waiting for the pool, on their way, and at the crane"
    return case(name, f"{size} trucks held over two stages", source, tree, run(3 * rate, 5000, 8e6), values)


def _closed() -> Tree:
    """Five machines tended by two men of a pool at two stations: a closed network with two servers."""
    found = networks.closed_network([(1, 40.0, inf), (1, 10.0, 2)], 5)
    tree = {
        "schema": "bridgehead-port-model/1",
        "classes": {"crane": {}},
        "pools": {"fitter": 2},
        "stations": {
            "work": {"servers": "inf", "service": {"*": {"exp": 40.0}}},
            "east": {"servers": 5, "service": {"*": {"exp": 10.0}}, "needs": {"fitter": 1}},
            "west": {"servers": 5, "service": {"*": {"exp": 10.0}}, "needs": {"fitter": 1}},
        },
        "routes": {"*": {"work": {"east": 0.3, "west": "rest"}, "east": {"work": 1.0}, "west": {"work": 1.0}}},
        "population": [{"node": "work", "class": "crane", "count": 5}],
    }
    pace = found[1]["throughput"]
    values = [
        expect("throughput", pace, "work"),
        expect("in_node_mean", found[0]["in_node_mean"], "work"),
        expect("throughput", 0.3 * pace, "east"),
        expect("wait_mean", found[1]["wait_mean"], "east"),
        expect("wait_mean", found[1]["wait_mean"], "west"),
    ]
    source = "Gordon and Newell (1967): in order of joining the two stations are one"
    return case("fitters", "Two fitters for two stations", source, tree, run(2 * pace, 5000, 6e6), values)
