"""Which ways a flow may choose from: the best one over every border port, and those an equilibrium found.

The set is what a forwarder would put side by side. Ways that cost more than `FARTHEST` spreads above the cheapest are
left out; their share would be below one in a hundred thousand.
"""

from __future__ import annotations

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
    from bridgehead.engines.network.kernels import heap_tree

    problem, pairs = freight.problem, freight.problem.pairs
    nodes = problem.node_count
    distance, key = np.empty(nodes), np.empty(nodes)
    entering, heap, slot = (np.empty(nodes, dtype=np.int32) for _ in range(3))
    cost, last = np.empty(0), (-1, -1)
    for pair in range(len(pairs)):
        group, origin = int(pairs.group[pair]), int(pairs.origin[pair])
        if (group, origin) != last:
            if group != last[0]:
                cost = np.where(allowed, problem.classes[group].fixed, np.inf)
            tree = (distance, entering, key, heap, slot)
            shut = problem.no_through
            heap_tree(problem.first, problem.head, cost, shut, origin, shut, 0, *tree)
            last = (group, origin)
        node = int(pairs.destination[pair])
        if not np.isfinite(distance[node]):
            continue
        arcs = []
        while (arc := int(entering[node])) >= 0:
            arcs.append(arc)
            node = int(problem.tail[arc])
        ways[pair].setdefault(tuple(arcs), float(distance[pairs.destination[pair]]))


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
    size = np.ones(store.path_count)
    for pair in range(len(store.pair_first) - 1):
        paths = range(int(store.pair_first[pair]), int(store.pair_first[pair + 1]))
        links = {p: store.arcs[store.path_first[p] : store.path_first[p + 1]] for p in paths}
        used: dict[int, int] = {}
        for path in paths:
            for arc in links[path].tolist():
                used[arc] = used.get(arc, 0) + 1
        for path in paths:
            km = topology.length_km[links[path]]
            if km.sum() > 0.0:
                shared = np.array([used[arc] for arc in links[path].tolist()])
                size[path] = float((km / shared).sum() / km.sum())
    return size
