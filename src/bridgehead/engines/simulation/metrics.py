"""Figures of one replication by their names in the case format, for a station, a class, or the whole port."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bridgehead.engines.simulation.histograms import quantile
from bridgehead.engines.simulation.model import Match, Station
from bridgehead.engines.simulation.outcomes import Outcome
from bridgehead.kernel.errors import BridgeheadError

Classes = str | tuple[str, ...] | None
"""A class, several together, or all."""


def metric(
    outcome: Outcome, name: str, *, node: str | None = None, unit_class: Classes = None, q: float | None = None
) -> float:
    """Return a figure in minutes, shares, units, or units a minute; nan where nothing was counted that it rests on.

    Parameters
    ----------
    outcome : Outcome
        One replication.
    name : str
        A metric of the case format.
    node : str, optional
        Which station.
    unit_class : str or tuple of str, optional
        Which class, or several together.
    q : float, optional
        Of a quantile.

    Raises
    ------
    BridgeheadError
        ``simulation.unknown_metric``, ``simulation.unknown_node``, ``simulation.unknown_class``.
    """
    at = _nodes(outcome, node)
    types = _types(outcome, unit_class)
    if name in _OF_NODES:
        if node is None:
            raise BridgeheadError("simulation.metric_needs_node", {"metric": name})
        return _OF_NODES[name](_AtNode(outcome, at, types, unit_class), q)
    if name in _OF_CLASSES:
        return _OF_CLASSES[name](outcome, types, q)
    raise BridgeheadError("simulation.unknown_metric", {"metric": name, "known": sorted({**_OF_NODES, **_OF_CLASSES})})


def _nodes(outcome: Outcome, node: str | None) -> tuple[int, ...]:
    if node is None:
        return ()
    found = outcome.compiled.node_index.get(node)
    if found is None:
        raise BridgeheadError("simulation.unknown_node", {"node": node, "known": list(outcome.compiled.node_index)})
    return found


def _types(outcome: Outcome, unit_class: Classes) -> tuple[int, ...]:
    if unit_class is None:
        return tuple(range(len(outcome.compiled.types)))
    if not isinstance(unit_class, str):
        return tuple(at for one in unit_class for at in _types(outcome, one))
    found = outcome.compiled.type_index.get(unit_class)
    if found is None:
        known = list(outcome.compiled.type_index)
        raise BridgeheadError("simulation.unknown_class", {"class": unit_class, "known": known})
    return found


class _AtNode:
    """A node of the model in one replication, seen for some types."""

    def __init__(self, outcome: Outcome, at: tuple[int, ...], types: tuple[int, ...], unit_class: Classes) -> None:
        self.outcome, self.time = outcome, outcome.counted_min
        node = outcome.compiled.parts[at[0]].node
        if isinstance(node, Match) and unit_class is not None:
            asked = (unit_class,) if isinstance(unit_class, str) else unit_class
            at = tuple(n for n in at if node.inputs[outcome.compiled.parts[n].side].unit_class in asked) or at
        self.at, self.model = list(at), node
        self.pairs = outcome.pairs[np.ix_(self.at, list(types))].ravel()
        self.of_class = unit_class is not None and isinstance(node, Station)
        self.nodes = outcome.nodes[self.at]

    def total(self, *names: str) -> float:
        """Return a sum over the types."""
        return float(sum(self.pairs[name].sum() for name in names))

    def histogram(self) -> Any:
        """Return the waits of the types together."""
        return self.outcome.histograms[self.pairs["wait_histogram"]].sum(axis=0)

    def spent(self, *names: str) -> float:
        """Return the mean number of units that spend these times, from the times of those that ended them."""
        return self.total(*names) / self.time

    def area(self, *names: str) -> float:
        """Return an average over time."""
        return float(sum(self.nodes[name].sum() for name in names)) / self.time

    def servers(self) -> float:
        """Return how many servers there are, nan where as many as needed."""
        servers = int(self.nodes["servers"][0])
        return float(servers) if isinstance(self.model, Station) and servers > 0 else math.nan


def _ratio(top: float, below: float) -> float:
    return top / below if below else math.nan


def _wait_quantile(node: _AtNode, q: float | None) -> float:
    if q is None:
        raise BridgeheadError("simulation.metric_needs_q", {"metric": "wait_quantile"})
    return quantile(node.histogram(), q, int(node.total("started") - node.total("waited")))


def _throughput(node: _AtNode, q: float | None) -> float:
    if isinstance(node.model, Station):
        return node.total("ended") / node.time
    if isinstance(node.model, Match) or hasattr(node.model, "size"):
        return (
            float(node.outcome.nodes["pairs"][list(node.outcome.compiled.node_index[node.model.id])].sum()) / node.time
        )
    return node.total("ended") / node.time


_IN_NODE = ("queue_area", "serving_area", "blocked_area", "stopped_area", "stuck_area")
_WAITS = ("wait_sum", "gave_up_sum")

_OF_NODES: Mapping[str, Callable[[_AtNode, float | None], float]] = {
    "wait_mean": lambda n, q: _ratio(n.total("wait_sum"), n.total("started")),
    "wait_prob": lambda n, q: _ratio(n.total("waited"), n.total("started")),
    "wait_quantile": _wait_quantile,
    "queue_len_mean": lambda n, q: n.spent(*_WAITS) if n.of_class else n.area("queue_area"),
    "queue_len_max": lambda n, q: float(n.nodes["longest"].max()),
    "in_node_mean": lambda n, q: n.spent(*_WAITS, "service_sum", "blocked_sum") if n.of_class else n.area(*_IN_NODE),
    "utilisation": lambda n, q: _ratio(n.spent("service_sum") if n.of_class else n.area("serving_area"), n.servers()),
    "blocked_share": lambda n, q: _ratio(n.area("blocked_area"), n.servers()),
    "down_share": lambda n, q: _ratio(n.area("down_area"), n.servers()),
    "idle_share": lambda n, q: _ratio(n.area("idle_area"), n.servers()),
    "stopped_share": lambda n, q: _ratio(n.area("stopped_area"), n.servers()),
    "open_share": lambda n, q: n.area("open_time") / len(n.at),
    "throughput": _throughput,
    "arrival_rate": lambda n, q: n.total("arrivals") / n.time,
    "loss_prob": lambda n, q: _ratio(n.total("lost"), n.total("arrivals")),
    "divert_prob": lambda n, q: _ratio(n.total("diverted"), n.total("arrivals")),
    "balk_prob": lambda n, q: _ratio(n.total("balked"), n.total("arrivals")),
    "renege_prob": lambda n, q: _ratio(n.total("gave_up"), n.total("arrivals")),
    "service_mean": lambda n, q: _ratio(n.total("service_sum"), n.total("ended")),
    "blocked_mean": lambda n, q: _ratio(n.total("blocked_sum"), n.total("ended")),
}


def _sojourn_quantile(outcome: Outcome, types: tuple[int, ...], q: float | None) -> float:
    if q is None:
        raise BridgeheadError("simulation.metric_needs_q", {"metric": "sojourn_quantile"})
    rows = outcome.types["stay_histogram"][list(types)]
    return quantile(outcome.histograms[rows].sum(axis=0), q)


def _of_types(outcome: Outcome, types: tuple[int, ...], name: str) -> float:
    return float(outcome.types[name][list(types)].sum())


_OF_CLASSES: Mapping[str, Callable[[Outcome, tuple[int, ...], float | None], float]] = {
    "sojourn_mean": lambda o, t, q: _ratio(_of_types(o, t, "stay_sum"), _of_types(o, t, "done")),
    "sojourn_quantile": _sojourn_quantile,
    "sojourn_p95": lambda o, t, q: _sojourn_quantile(o, t, 0.95),
    "wait_total_mean": lambda o, t, q: _ratio(_of_types(o, t, "wait_sum"), _of_types(o, t, "done")),
    "system_throughput": lambda o, t, q: _of_types(o, t, "done") / o.counted_min,
    "system_arrival_rate": lambda o, t, q: _of_types(o, t, "arrived") / o.counted_min,
    "dropped_share": lambda o, t, q: _ratio(_of_types(o, t, "dropped"), _of_types(o, t, "born")),
    "in_system_mean": lambda o, t, q: o.system_area / o.counted_min,
}

METRICS = (*_OF_NODES, *_OF_CLASSES)
"""Names of all figures; those up to ``blocked_mean`` are of a node."""
