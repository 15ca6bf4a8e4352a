"""Figures of one replication by their names in the case format, for a station, a class, or the whole port.

What each figure is over, where the words leave room, is told in ``docs/explanation/port-simulation.md``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
        One of `MEASURES`.
    node : str, optional
        Which station.
    unit_class : str or tuple of str, optional
        Which class, or several together.
    q : float, optional
        Of a quantile.

    Raises
    ------
    BridgeheadError
        ``simulation.unknown_metric``, ``simulation.unknown_node``, ``simulation.unknown_class``,
        ``simulation.metric_needs_node``, ``simulation.metric_without_node``, ``simulation.metric_needs_q``.
    """
    at = _nodes(outcome, node)
    types = _types(outcome, unit_class)
    found = measure(name, node, q)
    if node is not None and found.at_node is not None:
        return found.at_node(_AtNode(outcome, at, types, unit_class), q)
    assert found.in_system is not None
    return found.in_system(_InSystem(outcome, types, unit_class), q)


def measure(name: str, node: str | None = None, q: float | None = None) -> Measure:
    """Return what is known of a figure, if it can be asked of this node, or of none, with this quantile.

    Raises
    ------
    BridgeheadError
        As `metric`, but for names of nodes and classes.
    """
    found = MEASURES.get(name)
    if found is None:
        raise BridgeheadError("simulation.unknown_metric", {"metric": name, "known": sorted(MEASURES)})
    if node is None and found.in_system is None:
        raise BridgeheadError("simulation.metric_needs_node", {"metric": name})
    if node is not None and found.at_node is None:
        raise BridgeheadError("simulation.metric_without_node", {"metric": name})
    if found.quantile and q is None:
        raise BridgeheadError("simulation.metric_needs_q", {"metric": name})
    return found


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
        self.outcome, self.time, self.unit_class = outcome, outcome.counted_min, unit_class
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

    def units(self) -> float:
        """Return how many units there are at the node on average, those at failed servers and blocked ones included."""
        areas = ("queue_area", "serving_area", "blocked_area", "stopped_area", "stuck_area")
        return self.spent(*_HERE) if self.of_class else self.area(*areas) + self.spent("outside_sum")

    def servers(self) -> float:
        """Return how many servers there are, nan where as many as needed."""
        servers = int(self.nodes["servers"][0])
        return float(servers) if isinstance(self.model, Station) and servers > 0 else math.nan


class _InSystem:
    """The whole of one replication, seen for some types."""

    def __init__(self, outcome: Outcome, types: tuple[int, ...], unit_class: Classes) -> None:
        self.outcome, self.time, self.at = outcome, outcome.counted_min, list(types)
        self.types = outcome.types[self.at]
        self.of_class = unit_class is not None

    def total(self, name: str) -> float:
        """Return a sum over the types."""
        return float(self.types[name].sum())

    def histogram(self, name: str) -> Any:
        """Return a histogram of the types together."""
        return self.outcome.histograms[self.types[name]].sum(axis=0)

    def units(self) -> float:
        """Return how many units there are on average."""
        if not self.of_class:
            return self.outcome.system_area / self.time
        pairs = self.outcome.pairs[:, self.at]
        return float(sum(pairs[name].sum() for name in _HERE)) / self.time

    def outside(self) -> float:
        """Return the time spent waiting for places without holding a server."""
        return float(self.outcome.pairs[:, self.at]["outside_sum"].sum())

    def sojourn_mean(self) -> float:
        """Return the mean time of all who left but those turned away.

        What those spent who gave up is counted together with what those spent who were turned away on their way; where
        a class has both, both count. Who is turned away where a source brings him has spent nothing.
        """
        gave_up = turned_away = 0.0
        doors = {source.node for source in self.outcome.compiled.model.sources}
        for row, part in enumerate(self.outcome.compiled.parts):
            pairs = self.outcome.pairs[row, self.at]
            if not isinstance(part.node, Station) or part.node.gives_up_to is None:
                gave_up += float(pairs["gave_up"].sum())
            if part.node.id not in doors:
                turned_away += float(pairs["lost"].sum())
                balking = part.node.balking if isinstance(part.node, Station) else None
                turned_away += float(pairs["balked"].sum()) if balking is not None and balking.to is None else 0.0
        if not gave_up:
            return _ratio(self.total("stay_sum"), self.total("done"))
        spent = self.total("stay_sum") + self.total("dropped_sum")
        return _ratio(spent, self.total("done") + gave_up + turned_away)

    def throughput(self) -> float:
        """Return how many units come to the end of their way; a closed fleet has none."""
        if not self.outcome.compiled.model.sources:
            raise BridgeheadError("simulation.metric_needs_node", {"metric": "throughput"})
        return self.total("done") / self.time


def _ratio(top: float, below: float) -> float:
    return top / below if below else math.nan


def _variance(square: float, total: float, count: float) -> float:
    return max(0.0, square / count - (total / count) ** 2) if count else math.nan


def _wait_variance(node: _AtNode) -> float:
    return _variance(node.total("wait_square"), node.total("wait_sum"), node.total("started"))


def _wait_quantile(node: _AtNode, q: float | None) -> float:
    assert q is not None
    return quantile(node.histogram(), q, int(node.total("started") - node.total("waited")))


def _throughput(node: _AtNode) -> float:
    if isinstance(node.model, Match) or hasattr(node.model, "size"):
        rows = list(node.outcome.compiled.node_index[node.model.id])
        return float(node.outcome.nodes["pairs"][rows].sum()) / node.time
    return node.total("ended") / node.time


def _cycle_time(node: _AtNode) -> float:
    """Return the mean time between two times a unit leaves the node, by Little's formula for a closed fleet."""
    asked = (node.unit_class,) if isinstance(node.unit_class, str) else node.unit_class
    fleet = [one for one in node.outcome.compiled.model.population if asked is None or one.unit_class in asked]
    return _ratio(float(sum(one.count for one in fleet)), _throughput(node))


def _stay_quantile(system: _InSystem, q: float | None) -> float:
    assert q is not None
    return quantile(system.histogram("stay_histogram"), q)


def _stay_variance(system: _InSystem) -> float:
    return _variance(system.total("stay_square"), system.total("stay_sum"), system.total("done"))


_WAITS = ("wait_sum", "gave_up_sum", "outside_sum")
_HERE = (*_WAITS, "service_sum", "blocked_sum")
"""All a unit spends at a node; outside it are only those who hold no server."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure is.

    Parameters
    ----------
    power : int
        Of time in its unit: 1 of a time, -1 of a rate, 2 of a variance, 0 of shares and numbers.
    at_node, in_system : callable, optional
        Where it comes from at a node, and of the whole port.
    quantile : bool
        Whether it needs to be said which one.
    by_class : bool
        Whether there is such a figure of one class at a station.
    """

    power: int
    at_node: Callable[[_AtNode, float | None], float] | None = None
    in_system: Callable[[_InSystem, float | None], float] | None = None
    quantile: bool = False
    by_class: bool = True


def _at_node(power: int, read: Callable[[_AtNode], float], *, by_class: bool = True) -> Measure:
    return Measure(power, lambda node, q: read(node), by_class=by_class)


def _in_system(power: int, read: Callable[[_InSystem], float]) -> Measure:
    return Measure(power, None, lambda system, q: read(system))


def _share_of_arrivals(name: str) -> Measure:
    return _at_node(0, lambda n: _ratio(n.total(name), n.total("arrivals")))


def _share_of_servers(name: str) -> Measure:
    return _at_node(0, lambda n: _ratio(n.area(name), n.servers()), by_class=False)


def _rate(name: str) -> Measure:
    return _at_node(-1, lambda n: n.total(name) / n.time)


_OF_NODES: Mapping[str, Measure] = {
    "wait_mean": _at_node(1, lambda n: _ratio(n.total("wait_sum", "outside_sum"), n.total("started"))),
    "wait_prob": _at_node(0, lambda n: _ratio(n.total("waited"), n.total("started"))),
    "wait_quantile": Measure(1, _wait_quantile, quantile=True),
    "wait_var": _at_node(2, _wait_variance),
    "wait_sd": _at_node(1, lambda n: math.sqrt(_wait_variance(n))),
    "queue_len_mean": _at_node(
        0, lambda n: n.spent(*_WAITS) if n.of_class else n.area("queue_area") + n.spent("outside_sum")
    ),
    "queue_len_max": _at_node(0, lambda n: float(n.nodes["longest"].max()), by_class=False),
    "in_node_mean": _at_node(0, lambda n: n.units()),
    "utilisation": _at_node(
        0, lambda n: _ratio(n.spent("service_sum") if n.of_class else n.area("serving_area"), n.servers())
    ),
    "blocked_share": _share_of_servers("blocked_area"),
    "down_share": _share_of_servers("down_area"),
    "availability": _at_node(0, lambda n: 1.0 - _ratio(n.area("down_area"), n.servers()), by_class=False),
    "idle_share": _share_of_servers("idle_area"),
    "stopped_share": _share_of_servers("stopped_area"),
    "open_share": _at_node(0, lambda n: n.area("open_time") / len(n.at), by_class=False),
    "arrival_rate": _rate("arrivals"),
    "loss_rate": _rate("lost"),
    "balk_rate": _rate("balked"),
    "renege_rate": _rate("gave_up"),
    "loss_prob": _share_of_arrivals("lost"),
    "divert_prob": _share_of_arrivals("diverted"),
    "balk_prob": _share_of_arrivals("balked"),
    "renege_prob": _share_of_arrivals("gave_up"),
    "service_mean": _at_node(1, lambda n: _ratio(n.total("service_sum"), n.total("ended"))),
    "blocked_mean": _at_node(1, lambda n: _ratio(n.total("blocked_sum"), n.total("ended"))),
    "cycle_time_mean": _at_node(1, _cycle_time),
}

_OF_BOTH: Mapping[str, Measure] = {
    "throughput": Measure(-1, lambda n, q: _throughput(n), lambda s, q: s.throughput()),
    "sojourn_mean": Measure(
        1,
        lambda n, q: _ratio(n.total(*_HERE), n.total("ended", "gave_up")),
        lambda s, q: s.sojourn_mean(),
    ),
}

_OF_PORT: Mapping[str, Measure] = {
    "stay_mean": _in_system(1, lambda s: _ratio(s.total("stay_sum"), s.total("done"))),
    "sojourn_quantile": Measure(1, None, _stay_quantile, quantile=True),
    "sojourn_p95": _in_system(1, lambda s: _stay_quantile(s, 0.95)),
    "sojourn_var": _in_system(2, _stay_variance),
    "sojourn_sd": _in_system(1, lambda s: math.sqrt(_stay_variance(s))),
    "wait_total_mean": _in_system(1, lambda s: _ratio(s.total("wait_sum") + s.outside(), s.total("done"))),
    "system_throughput": _in_system(-1, lambda s: s.total("done") / s.time),
    "system_arrival_rate": _in_system(-1, lambda s: s.total("arrived") / s.time),
    "dropped_share": _in_system(0, lambda s: _ratio(s.total("dropped"), s.total("born"))),
    "in_system_mean": _in_system(0, lambda s: s.units()),
}

MEASURES: Mapping[str, Measure] = {**_OF_NODES, **_OF_BOTH, **_OF_PORT}
"""All figures by name."""


def in_unit(name: str, unit_min: float) -> float:
    """Return by what a figure in minutes is multiplied to be in a unit of so many minutes."""
    return float(unit_min ** -MEASURES[name].power) if name in MEASURES else 1.0
