"""Figures a case asks for: other names they have in the literature, and what is meant where no node is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bridgehead.engines.simulation.case_spelling import words
from bridgehead.engines.simulation.metrics import MEASURES, measure
from bridgehead.engines.simulation.model import Match, Model, Station
from bridgehead.engines.simulation.noting import UnfitError
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.schemas import nearest

_SAME: Mapping[str, tuple[str, ...]] = {
    "wait_mean": ("wait", "mean_wait", "wait_time_mean", "mean_wait_time", "waiting_time_mean", "delay_mean", "wq"),
    "wait_prob": ("prob_wait", "delay_prob", "wait_probability", "wait_share"),
    "wait_var": ("wait_variance",),
    "wait_sd": ("wait_std",),
    "queue_len_mean": ("queue_length_mean", "mean_queue_len", "mean_queue_length", "queue_mean", "lq"),
    "queue_len_max": ("queue_length_max", "longest_queue"),
    "in_node_mean": ("number_in_node_mean", "in_station_mean"),
    "utilisation": ("utilization", "busy_share", "busy_prob"),
    "idle_share": ("idle_prob",),
    "down_share": ("down_prob", "unavailability"),
    "blocked_share": ("blocked_prob",),
    "loss_prob": ("loss_probability", "loss_share", "lost_share", "rejection_prob"),
    "renege_prob": ("reneging_prob", "abandon_prob", "abandonment_prob", "renege_share"),
    "balk_prob": ("balking_prob", "balk_share"),
    "renege_rate": ("abandon_rate", "abandonment_rate", "reneging_rate"),
    "balk_rate": ("balking_rate",),
    "throughput": ("departure_rate", "throughput_rate"),
    "cycle_time_mean": ("cycle_time", "cycle_mean"),
    "sojourn_mean": ("sojourn", "mean_sojourn", "sojourn_time_mean", "response_time_mean", "time_in_system_mean"),
    "sojourn_var": ("sojourn_variance",),
    "sojourn_sd": ("sojourn_std",),
    "in_system_mean": ("number_in_system_mean", "system_len_mean"),
    "wait_total_mean": ("total_wait_mean",),
}
_NAMES = {other: name for name, others in _SAME.items() for other in others}
_PERCENT = re.compile(r"(wait|sojourn)_p([0-9]{1,2})(?:_([0-9]+))?")
"""Quantiles by their name: ``wait_p95``, ``sojourn_p99_9``."""
_AMBIGUOUS = "blocking_prob"
_OF_SERVERS = ("utilisation", "blocked_share", "down_share", "availability", "idle_share", "stopped_share")
_PLACES = {
    "simulation.unknown_metric": "metric",
    "simulation.metric_needs_q": "q",
    "simulation.metric_without_class": "class",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure of the engine, of a node or of all, of a class or of all, and of which quantile."""

    metric: str
    node: str | None = None
    unit_class: str | None = None
    q: float | None = None


def asked(told: Asked, model: Model) -> Asked:
    """Return what a case means in the names of the engine.

    Raises
    ------
    UnfitError
        At ``metric``, ``node``, ``class`` or ``q``.
    """
    name, q = _named(words(told.metric), told.q)
    nodes = {node.id: node for node in model.nodes}
    where, unit_class = told.node, told.unit_class
    found = MEASURES.get(name)
    of_node = name == _AMBIGUOUS or (found is not None and found.in_system is None)
    if where is None and (of_node or (name == "throughput" and (not model.sources or _is_match(model)))):
        where = _only_node(name, model)
    if name == _AMBIGUOUS and where is not None:
        name = _blocking(nodes.get(where))
    if len(model.classes) == 1 and where is not None:
        unit_class = None
    try:
        if name == _AMBIGUOUS or (where is None and name == "throughput" and not model.sources):
            raise BridgeheadError("simulation.metric_needs_node", {"metric": told.metric})
        known = measure(name, where, q)
        if name in _OF_SERVERS and where in nodes and not _has_servers(nodes[where]):
            raise BridgeheadError("simulation.metric_needs_servers", {"metric": told.metric, "node": where})
        if unit_class is not None and not known.by_class and not isinstance(nodes.get(where or ""), Match):
            raise BridgeheadError("simulation.metric_without_class", {"metric": told.metric})
    except BridgeheadError as error:
        near = nearest(words(told.metric), (*MEASURES, *_NAMES)) if error.code == "simulation.unknown_metric" else ""
        parameters = {**error.parameters, "metric": told.metric, **({"near": near} if near else {})}
        raise UnfitError(error.code, _PLACES.get(error.code, "node"), **parameters) from None
    return Asked(name, where, unit_class, q)


def _named(name: str, q: float | None) -> tuple[str, float | None]:
    """Return the name of the engine, and the quantile a name such as ``wait_p95`` says itself."""
    if name.endswith("_median"):
        return f"{name.removesuffix('_median')}_quantile", 0.5
    percent = _PERCENT.fullmatch(name)
    if percent and name not in MEASURES:
        return f"{percent[1]}_quantile", float(f"{percent[2]}.{percent[3] or 0}") / 100.0
    return _NAMES.get(name, name), q


def _only_node(name: str, model: Model) -> str | None:
    """Return the node that is meant where none is said: the only one, or any of a fleet that goes round in a ring."""
    ring = all(len(route.ways) == 1 and route.ways[0].to is not None for route in model.routes)
    round_trip = not model.sources and bool(model.routes) and ring and len({way.node for way in model.routes})
    if name in ("throughput", "cycle_time_mean") and round_trip == len(model.nodes):
        return model.nodes[0].id
    return model.nodes[0].id if len(model.nodes) == 1 else None


def _is_match(model: Model) -> bool:
    """Say whether a system is a match and nothing else, whose throughput is that of pairs."""
    return len(model.nodes) == 1 and isinstance(model.nodes[0], Match)


def _has_servers(node: object) -> bool:
    """Say whether a node has a number of servers, so that there can be a share of them."""
    return isinstance(node, Station) and node.servers is not None


def _blocking(node: object) -> str:
    """Return what *blocking* is at a node: to find no place there where one is lost, else to be held at a server."""
    full = isinstance(node, Station) and node.queue_capacity is not None and node.full.kind == "lose"
    return "loss_prob" if full or isinstance(node, Match) else "blocked_share"
