"""Generated rail-like networks: city networks whose links are lines of several stations, numbered at random.

The recipe: the city network of `benchmarks.models.city`, each two-way link cut into 1 to 11 pieces of random length
that add up to it, and the nodes numbered at random, as stations of a map are. Most nodes then have two neighbours.
"""

from __future__ import annotations

import numpy as np

from benchmarks.models.city import City, city

MOST_PIECES = 11
MEAN_PIECES = (1 + MOST_PIECES) / 2


def rail(links: int, seed: int = 1) -> City:
    """Return a network with about the given number of directed links."""
    base = city(max(round(links / MEAN_PIECES), 16), seed)
    random = np.random.default_rng(seed)
    tail = np.repeat(np.arange(base.nodes), np.diff(base.first))
    once = np.flatnonzero(tail < base.head)
    pieces = random.integers(1, MOST_PIECES + 1, len(once))
    line = np.repeat(np.arange(len(once)), pieces)
    step = np.arange(len(line)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = random.uniform(0.5, 1.5, len(line))
    length = base.cost[once][line] * share / np.bincount(line, share)[line]
    # A piece begins where the one before ends: at a station of its own, but for the ends of the line.
    inner = step > 0
    station = base.nodes + np.cumsum(inner) - 1
    begin = np.where(inner, station, tail[once][line])
    last = step == pieces[line] - 1
    end = np.where(last, base.head[once][line], np.append(station[1:], 0))
    nodes = base.nodes + int(inner.sum())
    number = random.permutation(nodes)
    tails = number[np.concatenate((begin, end))]
    heads = number[np.concatenate((end, begin))]
    cost = np.concatenate((length, length))
    order = np.lexsort((heads, tails))
    first = np.concatenate(([0], np.cumsum(np.bincount(tails, minlength=nodes))))
    return City(first.astype(np.int32), heads[order].astype(np.int32), np.ascontiguousarray(cost[order]))
