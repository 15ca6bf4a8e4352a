"""One-to-all shortest paths with predecessors beside scipy's, on generated networks of growing size."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.models.city import city
from benchmarks.registry import Figures, Subject, side_by_side
from bridgehead.engines.network.shortest import Graph

SOURCES = 16
REPEATS = 5
_TIMED_IMPORT = (
    "import time; t = time.perf_counter(); import bridgehead.engines.network.kernels; print(time.perf_counter() - t)"
)


def scaling(links: int) -> Figures:
    """Measure both methods and scipy on one network; refuse to report when the distances differ."""
    net = city(links)
    graph = Graph(net.first, net.head, net.cost)
    matrix = csr_array((net.cost, net.head, net.first), shape=(net.nodes, net.nodes))
    sources = np.random.default_rng(2).integers(0, net.nodes, SOURCES).tolist()
    for source in sources[:4]:
        theirs = dijkstra(matrix, indices=source)
        heap, buckets = graph.tree(source, "heap").distance, graph.tree(source).distance
        if not (np.array_equal(heap, buckets) and np.allclose(buckets, theirs, rtol=1e-12, atol=0)):
            raise AssertionError(f"distances differ at {links} links")
    turn = {name: itertools.cycle(sources) for name in ("scipy", "heap", "buckets")}
    took = side_by_side(
        {
            "scipy": lambda: dijkstra(matrix, indices=next(turn["scipy"]), return_predecessors=True),
            "heap": lambda: graph.tree(next(turn["heap"]), "heap"),
            "buckets": lambda: graph.tree(next(turn["buckets"])),
        },
        REPEATS * SOURCES,
    )
    return {
        "nodes": float(net.nodes),
        "links": float(net.links),
        "scipy ms": took["scipy"],
        "4-ary heap ms": took["heap"],
        "buckets ms": took["buckets"],
        "scipy / heap": took["scipy"] / took["heap"],
        "scipy / buckets": took["scipy"] / took["buckets"],
    }


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
        "one-to-all with predecessors, median per source, same run as scipy.sparse.csgraph.dijkstra",
        (400, 1_200, 4_000, 12_000, 40_000, 100_000, 200_000),
        (400, 4_000),
        scaling,
    ),
    Subject("kernel-start", "importing the compiled kernels with an empty and with a filled cache", (1,), (1,), start),
)
