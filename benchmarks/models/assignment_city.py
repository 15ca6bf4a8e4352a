"""City networks with congestion and demand, for measuring equilibria.

The recipe: the geometry of `benchmarks.models.city`; a seventh of the nodes, at random, are zones, which paths may not
pass; free-flow time is the length, delays follow the formula of the Bureau of Public Roads with B = 0.15 and power 4
(5 % of the links at random with B = 0) and a capacity of 500 to 2,000; demand between all zones follows gravity (sizes
of 0.5 to 1.5, squared distance) and is scaled until the mean volume of a link is 0.8 of its capacity when all take the
way that is shortest without traffic. Pairs without a way are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from benchmarks.models.city import plane
from bridgehead.engines.flows.equilibrium import solve
from bridgehead.engines.flows.problem import AssignmentProblem, problem_of
from bridgehead.engines.flows.reach import unreachable
from bridgehead.engines.network.delays import DelayKind, DelayTable
from bridgehead.engines.network.directed import DirectedNetwork, Trips

NODES_PER_ZONE = 7
B, POWER, CONSTANT_SHARE = 0.15, 4.0, 0.05
CAPACITY = (500.0, 2_000.0)
MEAN_RATIO = 0.8
NEAR = 0.05
"""Distance below which gravity grows no further, the side of the square being 1."""


@dataclass(frozen=True)
class Case:
    """A network and its trips, by class."""

    name: str
    network: DirectedNetwork
    trips: tuple[Trips, ...]

    def problem(self) -> AssignmentProblem:
        """Return the assignment of the trips to the network."""
        return problem_of(self.network, self.trips)


def assignment_city(links: int, seed: int = 1, *, zones: int | None = None, nearest: int | None = None) -> Case:
    """Return a city network with demand.

    Parameters
    ----------
    links : int
        About how many directed links.
    seed : int
        Makes the network; the same seed gives the same arrays.
    zones : int, optional
        How many zones, if not a seventh of the nodes.
    nearest : int, optional
        Demand of a zone goes to so many of the nearest others only, so that pairs grow as links do.
    """
    random = np.random.default_rng(seed)
    where, tail, head, length = plane(links, random)
    nodes, arcs = len(where), len(tail)
    capacity = random.uniform(*CAPACITY, arcs)
    b = np.where(random.random(arcs) < CONSTANT_SHARE, 0.0, B)
    chosen = np.sort(random.choice(nodes, zones or max(nodes // NODES_PER_ZONE, 2), replace=False)).astype(np.int32)
    no_through = np.zeros(nodes, dtype=bool)
    no_through[chosen] = True
    network = DirectedNetwork(
        tuple(map(str, range(nodes))), where[:, 0].copy(), where[:, 1].copy(), chosen, no_through,
        tuple(map(str, range(arcs))), tail.astype(np.int32), head.astype(np.int32), length, np.zeros(arcs),
        DelayTable.of(DelayKind.BPR, length, capacity, b, np.full(arcs, POWER)),
    )  # fmt: skip
    trips = _reachable(network, _gravity(where[chosen], random.uniform(0.5, 1.5, len(chosen)), nearest))
    problem = replace(problem_of(network, [trips]), delays=DelayTable.constant(length))
    factor = MEAN_RATIO / float((solve(problem, 1.0).volume / capacity).mean())
    return Case(f"city {arcs:,}", network, (replace(trips, amount=trips.amount * factor),))


def _gravity(where: npt.NDArray[np.float64], size: npt.NDArray[np.float64], nearest: int | None) -> Trips:
    """Return demand by size of both zones over squared distance."""
    rows = []
    for origin, here in enumerate(where):
        distance = np.hypot(*(where - here).T)
        others = np.argsort(distance, kind="stable")[1 : None if nearest is None else nearest + 1]
        others.sort()
        amount = size[origin] * size[others] / np.maximum(distance[others], NEAR) ** 2
        rows.append((np.full(len(others), origin, dtype=np.int32), others.astype(np.int32), amount))
    return Trips(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def _reachable(network: DirectedNetwork, trips: Trips) -> Trips:
    """Return the trips that have a way."""
    problem = problem_of(network, [trips])
    zone = np.zeros(network.node_count, dtype=np.int32)
    zone[network.zones] = np.arange(len(network.zones))
    kept, pairs = ~unreachable(problem), problem.pairs
    return Trips(zone[pairs.origin[kept]], zone[pairs.destination[kept]], pairs.amount[kept])
