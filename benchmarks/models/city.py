"""Generated city networks: places on a square, joined to their neighbours and by a few long links.

The recipe: n nodes uniform on a unit square, two-way links to the three nearest nodes, plus 10 % random two-way links;
the cost of a link is its length. The seed makes the network; the same seed gives the same arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

NEIGHBOURS = 3
LONG_SHARE = 0.1
ARCS_PER_NODE = 4.11
"""Arcs a node ends up with on average; turns a wanted number of links into a number of nodes."""


@dataclass(frozen=True)
class City:
    """A network in compressed sparse rows: `first` (int32, nodes + 1), `head` (int32, arcs), `cost` (float64, arcs)."""

    first: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    cost: npt.NDArray[np.float64]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.first) - 1

    @property
    def links(self) -> int:
        """Number of directed links."""
        return len(self.head)


def city(links: int, seed: int = 1) -> City:
    """Return a network with about the given number of directed links."""
    where, tail, head, cost = plane(links, np.random.default_rng(seed))
    order = np.lexsort((head, tail))
    counts = np.bincount(tail, minlength=len(where))
    return City(
        np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        head[order].astype(np.int32),
        np.ascontiguousarray(cost[order]),
    )


def plane(links: int, random: np.random.Generator) -> tuple[Float64, Int64, Int64, Float64]:
    """Return where the nodes lie (nodes x 2), and tail, head and length of about that many directed links."""
    nodes = max(round(links / ARCS_PER_NODE), NEIGHBOURS + 1)
    where = random.random((nodes, 2))
    _, near = cKDTree(where).query(where, k=NEIGHBOURS + 1)
    pairs = np.column_stack((np.repeat(np.arange(nodes), NEIGHBOURS), near[:, 1:].ravel()))
    long = random.integers(0, nodes, (max(round(LONG_SHARE * len(np.unique(np.sort(pairs), axis=0))), 1), 2))
    pairs = np.unique(np.sort(np.concatenate((pairs, long[long[:, 0] != long[:, 1]]))), axis=0)
    length = np.hypot(*(where[pairs[:, 0]] - where[pairs[:, 1]]).T)
    tail = np.concatenate((pairs[:, 0], pairs[:, 1]))
    head = np.concatenate((pairs[:, 1], pairs[:, 0]))
    return where, tail, head, np.concatenate((length, length))
