"""Which ways a flow may choose from: the best one over every border port, and those an equilibrium found.

The set is what a forwarder would put side by side. Ways that cost more than `FARTHEST` spreads above the cheapest are
left out; their share would be below one in a hundred thousand.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.freight import FreightProblem, home_port
from bridgehead.engines.flows.path_store import PathStore
from bridgehead.engines.network.topology import Float64, Kind, Topology

FARTHEST = 12.0
Arcs = tuple[int, ...]


def port_arcs(freight: FreightProblem) -> Mapping[str, npt.NDArray[np.bool_]]:
    """Return for every home port a mask of the arcs that cross the home border there."""
    topology, tables = freight.network.topology, freight.network.tables
    found: dict[str, npt.NDArray[np.bool_]] = {}
    for arc in np.flatnonzero(topology.kind == Kind.HAUL).tolist():
        link = topology.links[int(topology.link[arc])]
        port = home_port(link, topology.border_links, tables.countries, tables.home_country, tables.ports_by_id)
        if port is not None:
            found.setdefault(port, np.zeros(topology.arc_count, dtype=np.bool_))[arc] = True
    return dict(sorted(found.items()))


def choice_set(freight: FreightProblem, spread: Float64, known: Iterable[PathStore] = ()) -> PathStore:
    """Return the paths of every pair with no flow on them: its overflow, its best way over each port, and known ones.

    Parameters
    ----------
    freight : FreightProblem
        The assignment.
    spread : float64 array, shape (pairs,)
        Scale of the logit of each pair.
    known : iterable of PathStore
        Stores of the same problem whose paths with flow are added.
    """
    ways: list[dict[Arcs, float]] = [{} for _ in range(len(freight.problem.pairs))]
    ports = list(port_arcs(freight).values())
    crossing = np.logical_or.reduce(ports) if ports else np.zeros(freight.problem.arc_count, dtype=np.bool_)
    for mask in [~crossing, *(~crossing | mask for mask in ports), np.ones_like(crossing)]:
        _add_best(freight, mask, ways)
    for store in known:
        _add_known(freight, store, ways)
    return _store(freight, ways, spread)


def _add_best(freight: FreightProblem, allowed: npt.NDArray[np.bool_], ways: list[dict[Arcs, float]]) -> None:
    from bridgehead.engines.flows.choice_kernels import best_ways

    problem, pairs = freight.problem, freight.problem.pairs
    for group, one in enumerate(problem.classes):
        mine = np.flatnonzero(pairs.group == group)
        cost = np.where(allowed, one.fixed, np.inf)
        arcs, begins, costs = best_ways(
            problem.first, problem.head, problem.tail, cost, problem.no_through,
            pairs.origin[mine].astype(np.int64), pairs.destination[mine].astype(np.int64),
        )  # fmt: skip
        listed, begin = arcs.tolist(), begins.tolist()
        for i, (pair, least) in enumerate(zip(mine.tolist(), costs.tolist(), strict=True)):
            if least < math.inf:
                ways[pair].setdefault(tuple(listed[begin[i] : begin[i + 1]]), least)


def _add_known(freight: FreightProblem, store: PathStore, ways: list[dict[Arcs, float]]) -> None:
    pair = store.pair_of_path
    for path in np.flatnonzero((store.flow > 0.0) & ~store.is_overflow).tolist():
        arcs = store.arcs[store.path_first[path] : store.path_first[path + 1]]
        fixed = freight.problem.classes[int(freight.problem.pairs.group[pair[path]])].fixed
        ways[pair[path]].setdefault(tuple(arcs.tolist()), float(fixed[arcs].sum()))


def _store(freight: FreightProblem, ways: list[dict[Arcs, float]], spread: Float64) -> PathStore:
    pairs = freight.problem.pairs
    counts, lengths, arcs = [], [], []
    for pair, found in enumerate(ways):
        best = min(found.values(), default=np.inf)
        kept = [way for way, cost in sorted(found.items(), key=lambda item: (item[1], item[0]))
                if cost <= best + FARTHEST * spread[pair]]  # fmt: skip
        overflow = bool(np.isfinite(pairs.overflow[pair]))
        counts.append(len(kept) + overflow)
        lengths += [0] * overflow + [len(way) for way in kept]
        arcs += [arc for way in kept for arc in way]
    return PathStore(
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        np.array(arcs, dtype=np.int32),
        np.zeros(len(lengths)),
    )


def path_size(topology: Topology, store: PathStore) -> Float64:
    """Return the path size of every path: one for a way of its own, less where it shares its length with others.

    Ben-Akiva, M. and Bierlaire, M. (1999), Discrete choice methods and their applications to short term travel
    decisions, in Handbook of Transportation Science. Length is that of the hauls; an overflow has size one.
    """
    from bridgehead.engines.flows.choice_kernels import path_sizes

    return path_sizes(topology.length_km, store.pair_first, store.path_first, store.arcs)
