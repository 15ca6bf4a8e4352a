"""Native models: lanes opened by the queue, newcomers who go away or to the shortest queue, units sent on."""

from __future__ import annotations

from .. import impatience, sharing, stations
from ..writing import Tree, case, expect, expects, run
from . import NATIVE_FORMAT

TITLE = "Lanes by queue, balking, shortest queue, diversion"
FORMAT = NATIVE_FORMAT


def cases() -> list[Tree]:
    return [
        _lanes("lanes-one", 0.45, 2.8, 1, 4, 1),
        _lanes("lanes-three", 0.9, 3.6, 3, 6, 0),
        _balking("balk-certain", 0.5, 3.0, 2, 3, 1.0),
        _balking("balk-half", 0.6, 2.0, 1, 2, 0.5),
        _shortest("shortest-alike", 0.85, (2.0, 2.0), (1, 1)),
        _shortest("shortest-unlike", 0.9, (1.4, 2.6), (1, 2)),
        _giving_up(),
        _diverted(),
    ]


def _model(nodes: Tree, node: str, rate: float, routes: Tree | None = None) -> Tree:
    tree: Tree = {"schema": "bridgehead-port-model/1", "classes": {"truck": {}}, "stations": nodes}
    if routes:
        tree["routes"] = {"*": routes}
    tree["sources"] = [{"class": "truck", "node": node, "interarrival": {"exp": 1 / rate}}]
    return tree


def _lanes(name: str, rate: float, service: float, base: int, open_when: int, close_when: int) -> Tree:
    found = sharing.lanes(rate, service, base, open_when, close_when)
    rule = {"extra": 1, "open_when": open_when, "close_when": close_when, "delay": 0}
    tree = _model({"gate": {"servers": base, "service": {"*": {"exp": service}}, "lanes": rule}}, "gate", rate)
    values = expects(found, "queue_len_mean wait_mean in_node_mean throughput", "gate")
    values.append(expect("sojourn_mean", found["wait_mean"] + service, unit_class="truck"))
    source = "chain of those waiting, in service, and the extra lane; a closing lane finishes its service"
    return case(name, f"{base} lanes and one more", source, tree, run(2 * rate, 5000, 6e6), values)


def _balking(name: str, rate: float, service: float, servers: int, at: int, leaves: float) -> Tree:
    found = sharing.balking(rate, service, servers, at, leaves)
    nodes = {
        "gate": {
            "servers": servers,
            "service": {"*": {"exp": service}},
            "balk": {"from": at, "probability": leaves, "to": "other"},
        },
        "other": {"servers": "inf", "service": {"*": {"exp": 10.0}}},
    }
    values = [
        *expects(found, "queue_len_mean wait_mean throughput", "gate"),
        expect("throughput", found["gone"], "other"),
        expect("in_node_mean", 10.0 * found["gone"], "other"),
    ]
    source = "birth-death chain; a newcomer sees the queue as it is over time"
    return case(
        name,
        "Newcomers who see a queue go elsewhere",
        source,
        _model(nodes, "gate", rate),
        run(2 * rate, 5000, 5e6),
        values,
    )


def _shortest(name: str, rate: float, services: tuple[float, float], servers: tuple[int, int]) -> Tree:
    found = sharing.shortest(rate, services, servers, 110)
    nodes: Tree = {"road": {"kind": "delay", "service": {"*": {"exp": 5.0}}}}
    for name_of, service, c in zip(("north", "south"), services, servers, strict=True):
        nodes[name_of] = {"servers": c, "service": {"*": {"exp": service}}}
    tree = _model(nodes, "road", rate, {"road": {"shortest": ["north", "south"]}})
    values = [expect("sojourn_mean", found["there"] / rate + 5.0, unit_class="truck")]
    for i, node in enumerate(("north", "south")):
        values.append(expect("throughput", found[f"throughput_{i}"], node))
        values.append(expect("utilisation", found[f"utilisation_{i}"], node))
        values.append(expect("wait_mean", found[f"wait_{i}"], node))
        values.append(expect("queue_len_mean", found[f"queue_{i}"], node))
    source = "chain of the numbers at both stations"
    return case(name, "The shorter of two queues", source, tree, run(3 * rate, 5000, 8e6), values)


def _giving_up() -> Tree:
    """Those who give up go to another station, as a stream that is not Poisson: only its flow is checked there."""
    found = impatience.fixed_patience(1.6, 2.0, 3, 4.0)
    nodes = {
        "gate": {"servers": 3, "service": {"*": {"exp": 2.0}}, "patience": {"det": 4.0}, "gives_up_to": "other"},
        "other": {"servers": "inf", "service": {"*": {"exp": 10.0}}},
    }
    away = 1.6 * found["renege_prob"]
    values = [
        *expects(found, "renege_prob wait_mean queue_len_mean", "gate"),
        expect("throughput", away, "other"),
        expect("in_node_mean", 10.0 * away, "other"),
    ]
    source = "Baccelli and Hebuterne (1981)"
    return case(
        "give-up-to", "Those who give up go elsewhere", source, _model(nodes, "gate", 1.6), run(3.5, 2000, 6e6), values
    )


def _diverted() -> Tree:
    """Overflow of a loss system of three to another of ample servers."""
    found = stations.mmck(1.0, 2.5, 3, 1)
    over = found["loss_prob"]
    nodes = {
        "gate": {
            "servers": 3,
            "service": {"*": {"exp": 2.5}},
            "queue_capacity": 1,
            "on_full": {"divert": "other"},
        },
        "other": {"servers": "inf", "service": {"*": {"exp": 10.0}}},
    }
    values = [
        *expects(found, "queue_len_mean wait_mean utilisation throughput", "gate"),
        expect("throughput", over, "other"),
        expect("in_node_mean", 10.0 * over, "other"),
    ]
    return case(
        "divert",
        "Those who find no place go elsewhere",
        "birth-death chain",
        _model(nodes, "gate", 1.0),
        run(2.2, 2000, 5e6),
        values,
    )
