"""Native models: trains that become wagons and wagons that become trains."""

from __future__ import annotations

from .. import sharing, stations
from ..writing import Tree, case, expect, expects, run
from . import NATIVE_FORMAT

TITLE = "Splitting and combining"
FORMAT = NATIVE_FORMAT


def cases() -> list[Tree]:
    return [_split("split-four", 0.11, 4, 5.0, 3), _split("split-thirty", 0.02, 30, 12.0, 10), _combine(), _partial()]


def _split(name: str, rate: float, size: int, service: float, servers: int) -> Tree:
    found = stations.batches_on_servers(rate, size, service, servers)
    tree = {
        "schema": "bridgehead-port-model/1",
        "classes": {"train": {}, "wagon": {}},
        "stations": {
            "unload": {"kind": "split", "into": {"wagon": size}},
            "crane": {"servers": servers, "service": {"*": {"exp": service}}},
        },
        "routes": {"wagon": {"unload": {"crane": 1.0}}},
        "sources": [{"class": "train", "node": "unload", "interarrival": {"exp": 1 / rate}}],
    }
    values = expects(found, "wait_mean wait_prob queue_len_mean in_node_mean utilisation", "crane")
    values.append(expect("sojourn_mean", found["wait_mean"] + service, unit_class="wagon"))
    source = "chain of wagons there: batches on several servers"
    how = run((2 * size + 1) * rate, 10000, 8e6)
    return case(name, f"Trains of {size} on {servers} cranes", source, tree, how, values)


def _forming(rate: float, size: int, service: float, **rules: float) -> Tree:
    return {
        "schema": "bridgehead-port-model/1",
        "classes": {"wagon": {}, "train": {}},
        "stations": {
            "form": {"kind": "combine", "of": "wagon", "size": size, "as": "train", **rules},
            "depart": {"servers": 1, "service": {"*": {"exp": service}}},
        },
        "routes": {"train": {"form": {"depart": 1.0}}},
        "sources": [{"class": "wagon", "node": "form", "interarrival": {"exp": 1 / rate}}],
    }


def _combine() -> Tree:
    rate, size, service = 0.5, 3, 5.0
    found = stations.gm1(stations.erlang_transform(size, size / rate), rate / size, service)
    values = expects(found, "wait_mean wait_prob queue_len_mean utilisation", "depart")
    values.append(expect("throughput", rate / size, "depart"))
    values.append(expect("queue_len_mean", (size - 1) / 2, "form"))
    source = "Kendall (1953): every third Poisson arrival makes Erlang times between trains"
    how = run(rate + 2 * rate / size, 5000, 6e6)
    return case("combine-three", "Trains of three wagons", source, _forming(rate, size, service), how, values)


def _partial() -> Tree:
    rate, size, after = 0.2, 5, 15.0
    groups, _ = sharing.collected(rate, size, after)
    values = [expect("throughput", groups, "depart"), expect("utilisation", groups * 2.0, "depart")]
    source = "renewal: a group lasts until it is full or its time is over"
    how = run(rate + 2 * groups, 5000, 4e6)
    tree = _forming(rate, size, 2.0, after=after)
    return case("combine-in-time", "Trains that leave in time", source, tree, how, values)
