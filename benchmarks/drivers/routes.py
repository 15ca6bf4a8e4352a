"""k routes that differ, and the Pareto set, over the shipped region, beside listing paths in order until k differ."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import numpy as np

from benchmarks.registry import Figures, Subject
from bridgehead.engines.network.alternatives import DEFAULT_COMMON, DEFAULT_K, find_routes, points_of, share
from bridgehead.engines.network.labels import Arcs
from bridgehead.engines.network.pareto import pareto_set
from bridgehead.engines.network.routes import Consignment, Request, find_route, prepare
from bridgehead.engines.network.shortest import Graph
from bridgehead.engines.network.virtual import Network
from bridgehead.regions.load import load_region

MOST_LISTED = 100
"""Paths that listing may go through for one consignment before it is given up."""


def routes(rows: int) -> Figures:
    """Measure five routes and the Pareto set of so many demand rows, and listing for every tenth of them."""
    tables = load_region().network()
    network = Network(tables)
    ours, listing, pareto, sizes, short = [], [], [], [], 0
    for i, row in enumerate(tables.demand[:: max(1, len(tables.demand) // rows)][:rows]):
        amount = {"teu": row.teu} if row.teu else {"tonnes": row.tonnes}
        asked = Consignment(row.origin, row.destination, row.commodity, **amount)
        if not ours:  # compiled code is loaded by the first question
            find_routes(prepare(tables, asked, network=network), DEFAULT_K)
        find_route(tables, asked, network=network)
        begin = time.perf_counter()
        request = prepare(tables, asked, network=network)
        found = find_routes(request, DEFAULT_K)
        ours.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        sizes.append(len(pareto_set(request).routes))
        pareto.append(time.perf_counter() - begin)
        if i % 10 == 0:
            begin = time.perf_counter()
            listed = differing(request, len(found.routes))
            listing.append(time.perf_counter() - begin)
            short += len(listed) < len(found.routes)
    return {
        "consignments": float(len(ours)),
        "five routes ms": 1e3 * statistics.median(ours),
        "five routes worst ms": 1e3 * max(ours),
        "Pareto set ms": 1e3 * statistics.median(pareto),
        "largest set": float(max(sizes)),
        "listing ms": 1e3 * statistics.median(listing),
        f"not found in {MOST_LISTED} listed": f"{short} of {len(listing)}",
    }


def differing(request: Request, k: int) -> list[Arcs]:
    """Return the paths that differ enough among those listed in order."""
    kept: list[Arcs] = []
    shares = []
    topology = request.priced.topology
    for listed, path in enumerate(in_order(request)):
        arcs = list(path)
        if all(one[arcs].sum() <= DEFAULT_COMMON for one in shares):
            kept.append(path)
            shares.append(share(topology, path, points_of(topology)))
        if len(kept) == k or listed + 1 == MOST_LISTED:
            break
    return kept


def in_order(request: Request) -> Iterator[Arcs]:
    """List the paths of a request from the best on, on our own shortest-path kernel.

    Method: Yen, J. Y. (1971), Finding the k shortest loopless paths in a network, Management Science 17(11), 712-716.
    """
    topology = request.priced.topology
    path: Arcs = request.best
    done: list[Arcs] = []
    waiting: dict[Arcs, float] = {}
    while True:
        yield path
        done.append(path)
        for i in range(len(path)):
            root = path[:i]
            cost = request.cost.copy()
            cost[[one[i] for one in done if one[:i] == root and len(one) > i]] = np.inf
            before = [int(topology.tail[arc]) for arc in root]
            cost[np.isin(topology.head, before)] = np.inf
            here = int(topology.tail[path[i]])
            tree = Graph(topology.first, topology.head, cost).tree(here)
            if tree.reaches(request.target):
                new = root + tree.path(request.target)
                waiting.setdefault(new, float(request.cost[list(new)].sum()))
        if not waiting:
            return
        path = min(waiting, key=waiting.__getitem__)
        del waiting[path]


SUBJECTS = (
    Subject(
        "routes",
        "five routes that differ and the Pareto set of a consignment, beside listing paths in order (Yen)",
        (335,),
        (3,),
        routes,
    ),
)
