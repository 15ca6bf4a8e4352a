"""What the reference engine counts, under the names the kernel's records use."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from bridgehead.engines.simulation.layout import CELLS, HIGHEST_EXPONENT, LOWEST_EXPONENT, OCTAVE_BITS


@dataclass(eq=False)
class Counts:
    """Counts that can be forgotten at the end of the warm-up."""

    def forget(self) -> None:
        """Set all to zero."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Counter):
                value.clear()
            else:
                setattr(self, one.name, type(value)(0))

    def plain(self) -> dict[str, Any]:
        """Return counts by name, histograms left out."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in found.items() if not isinstance(value, Counter)}


@dataclass(eq=False)
class NodeCounts(Counts):
    """Of a node: integrals over time of who is where, and the longest queue."""

    pairs: int = 0
    longest: int = 0
    queue_area: float = 0.0
    closed_queue_area: float = 0.0
    serving_area: float = 0.0
    blocked_area: float = 0.0
    stopped_area: float = 0.0
    down_area: float = 0.0
    stuck_area: float = 0.0
    idle_area: float = 0.0
    open_time: float = 0.0


@dataclass(eq=False)
class PairCounts(Counts):
    """Of a type at a node."""

    arrivals: int = 0
    lost: int = 0
    diverted: int = 0
    balked: int = 0
    gave_up: int = 0
    started: int = 0
    waited: int = 0
    ended: int = 0
    wait_sum: float = 0.0
    wait_square: float = 0.0
    gave_up_sum: float = 0.0
    service_sum: float = 0.0
    blocked_sum: float = 0.0
    outside_sum: float = 0.0
    waits: Counter[int] = field(default_factory=Counter)

    def begins_after(self, waited: float) -> None:
        """Count a beginning and the wait before it."""
        self.started += 1
        if waited > 0.0:
            self.waited += 1
            self.wait_sum += waited
            self.wait_square += waited * waited
        self.waits[cell_of(waited)] += 1


@dataclass(eq=False)
class TypeCounts(Counts):
    """Of a type in the whole port."""

    arrived: int = 0
    born: int = 0
    done: int = 0
    dropped: int = 0
    stay_sum: float = 0.0
    stay_square: float = 0.0
    wait_sum: float = 0.0
    wait_square: float = 0.0
    dropped_sum: float = 0.0
    stays: Counter[int] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)


def cell_of(time_min: float) -> int:
    """Return the cell of a histogram a time falls into."""
    if time_min < 2.0**LOWEST_EXPONENT:
        return 0
    if time_min >= 2.0**HIGHEST_EXPONENT:
        return CELLS - 1
    fraction, exponent = math.frexp(time_min)  # time = fraction * 2 ** exponent, fraction from 1/2 to 1
    part = int((2.0 * fraction - 1.0) * 2**OCTAVE_BITS)
    return 1 + ((exponent - 1 - LOWEST_EXPONENT) << OCTAVE_BITS) + part


class Logged(NamedTuple):
    """One service, or with node -1 - n the arrival of a unit at node n."""

    key: int
    start: float
    end: float
    number: int
    server: int
    """Among those of all stations; -1 for none."""
    source: int
    kind: int
    node: int


@dataclass
class ReferenceTally:
    """What one replication counted.

    Parameters
    ----------
    nodes : list of NodeCounts
        Along the nodes of the compiled model (a match is two).
    pairs : list of list of PairCounts
        By node and type.
    types : list of TypeCounts
        Along the types of the compiled model.
    pools : list of float
        Integral of what is taken of each pool.
    bins : list of Counter
        Integral of the queue by bin for each node, and last of the number in the system.
    arrived, done : list of Counter
        Arrivals from outside, and departures at the end of the way, by bin for each type.
    log : list of Logged
        Arrivals and services in the order in which they ended.
    events, in_system : int
        Events that happened, called off ones included; units that are still there.
    system_area : float
        Integral of the number in the system.
    """

    nodes: list[NodeCounts]
    pairs: list[list[PairCounts]]
    types: list[TypeCounts]
    pools: list[float]
    bins: list[Counter[int]]
    arrived: list[Counter[int]]
    done: list[Counter[int]]
    log: list[Logged]
    events: int = 0
    system_area: float = 0.0
    in_system: int = 0
