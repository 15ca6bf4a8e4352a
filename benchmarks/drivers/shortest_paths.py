"""One-to-all shortest paths with predecessors beside scipy's, on generated networks of growing size.

scipy has a call with one source and one with many; both are measured, because on a small network the call itself costs
more than the search.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.models.city import City, city
from benchmarks.models.rail import rail
from benchmarks.models.world_railways import HOW, world_railways
from benchmarks.registry import Figures, Subject, side_by_side
from bridgehead.engines.network.shortest import Graph, Method

SOURCES = 16
REPEATS = 5
_TIMED_IMPORT = (
    "import time; t = time.perf_counter(); import bridgehead.engines.network.kernels; print(time.perf_counter() - t)"
)


def scaling(links: int) -> Figures:
    """Measure both methods and scipy on a city network; refuse to report when the distances differ."""
    net = city(links)
    graph, matrix, sources = _subjects(net)
    took = _in_turn(graph, matrix, sources, ("heap", "buckets"))
    return {
        "nodes": float(net.nodes),
        "links": float(net.links),
        "scipy ms": took["scipy"],
        "scipy batch ms": took["scipy batch"],
        "4-ary heap ms": took["heap"],
        "buckets ms": took["buckets"],
        "batch ms": took["batch"],
        "scipy / heap": took["scipy"] / took["heap"],
        "scipy / buckets": took["scipy"] / took["buckets"],
        "scipy batch / buckets": took["scipy batch"] / took["buckets"],
        "batch / batch": took["scipy batch"] / took["batch"],
    }


def lines(links: int) -> Figures:
    """Measure the contraction beside buckets and scipy on a rail-like network."""
    return _contracted(rail(links))


def railways(_: int) -> Figures:
    """Measure the same on the railways of the world, where their package is installed."""
    net = world_railways()
    if net is None:
        return {"not measured": f"scgraph_data is not installed ({HOW})"}
    return _contracted(net)


def _contracted(net: City) -> Figures:
    graph, matrix, sources = _subjects(net)
    begin = time.perf_counter()
    junctions = Graph(net.first, net.head, net.cost).contraction.junctions
    prepared = (time.perf_counter() - begin) * 1000.0
    took = _in_turn(graph, matrix, sources, ("buckets", "contracted"))
    return {
        "nodes": float(net.nodes),
        "links": float(net.links),
        "junctions": float(junctions),
        "scipy ms": took["scipy"],
        "scipy batch ms": took["scipy batch"],
        "buckets ms": took["buckets"],
        "contracted ms": took["contracted"],
        "prepared ms": prepared,
        "scipy / buckets": took["scipy"] / took["buckets"],
        "scipy / contracted": took["scipy"] / took["contracted"],
        "scipy batch / contracted": took["scipy batch"] / took["contracted"],
    }


def _subjects(net: City) -> tuple[Graph, csr_array, list[int]]:
    """Return a network for both programs and the sources to ask; refuse it when their distances differ."""
    graph = Graph(net.first, net.head, net.cost)
    matrix = csr_array((net.cost, net.head, net.first), shape=(net.nodes, net.nodes))
    sources = np.random.default_rng(2).integers(0, net.nodes, SOURCES).tolist()
    theirs = dijkstra(matrix, indices=sources[:4])
    for source, distance, tree in zip(sources[:4], theirs, graph.trees(sources[:4]), strict=True):
        heap, buckets = graph.tree(source, "heap").distance, graph.tree(source).distance
        same = np.array_equal(heap, buckets) and np.array_equal(tree.distance, buckets)
        contracted = graph.tree(source, "contracted").distance
        if not same or not all(np.allclose(one, distance, rtol=1e-12, atol=0) for one in (buckets, contracted)):
            raise AssertionError(f"distances differ at {net.links} links")
    return graph, matrix, sources


def _in_turn(graph: Graph, matrix: csr_array, sources: list[int], methods: Sequence[Method]) -> dict[str, float]:
    """Return milliseconds a source: of single calls, and of all sources in one call where a program offers it."""
    turn = {name: itertools.cycle(sources) for name in ("scipy", *methods)}
    works: dict[str, Callable[[], object]] = {
        "scipy": lambda: dijkstra(matrix, indices=next(turn["scipy"]), return_predecessors=True)
    }
    for method in methods:
        works[method] = lambda method=method: graph.tree(next(turn[method]), method)  # type: ignore[misc]
    took = side_by_side(works, REPEATS * SOURCES)
    batches = side_by_side(
        {
            "scipy batch": lambda: dijkstra(matrix, indices=sources, return_predecessors=True),
            "batch": lambda: graph.trees(sources),
        },
        2 * REPEATS,
    )
    return took | {name: value / SOURCES for name, value in batches.items()}


def start(_: int) -> Figures:
    """Measure how long the compiled kernels take to be ready: compiled anew, and read from the cache."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
        command = [sys.executable, "-c", _TIMED_IMPORT]
        first, second = (
            float(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
            for _ in range(2)
        )
    return {"compiled s": first, "from cache s": second}


SUBJECTS = (
    Subject(
        "shortest-paths",
        "one-to-all with predecessors, median per source, same run as scipy.sparse.csgraph.dijkstra called once a "
        "source, and once for all",
        (400, 1_200, 4_000, 12_000, 40_000, 100_000, 200_000),
        (400, 4_000),
        scaling,
    ),
    Subject(
        "rail-paths",
        "the same on rail-like networks, with nodes of few neighbours taken off; median per source, preparation apart",
        (4_000, 40_000, 200_000, 650_000),
        (4_000,),  # of 400 links no node is left to search
        lines,
    ),
    Subject(
        "world-railways",
        "the same on the railways of the world (OpenStreetMap, ODbL, by way of scgraph_data)",
        (1,),
        (),
        railways,
    ),
    Subject("kernel-start", "importing the compiled kernels with an empty and with a filled cache", (1,), (1,), start),
)
