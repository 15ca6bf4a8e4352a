"""A deadlock put into words: which stations wait for each other in a circle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.simulation import layout
from bridgehead.engines.simulation.compiled import Compiled


@dataclass(frozen=True, slots=True)
class Deadlock:
    """A circle of stations whose servers all hold units that wait for a place at the next.

    Parameters
    ----------
    at_min : float
        When it came about.
    cycle : tuple of str
        Stations, the first again at the end.
    """

    at_min: float
    cycle: tuple[str, ...]

    def parameters(self) -> dict[str, object]:
        """Return what the sentence of the error needs."""
        return {"cycle": " -> ".join(self.cycle), "minute": round(self.at_min, 1), "stations": list(self.cycle[:-1])}


def deadlock_of(compiled: Compiled, tables: Mapping[str, Any], world: Any) -> Deadlock:
    """Return the circle the kernel came back with."""
    nodes, units = tables["node"], tables["unit"]
    at = next(n for n in range(nodes.size) if nodes["mark"][n] == world["stamp"] and nodes["blocked"][n] > 0)
    path: list[int] = []
    while at not in path:
        path.append(at)
        first = int(nodes["slot"][at])
        held = [int(u) for u in tables["slot"]["unit"][first : first + int(nodes["servers"][at])] if u >= 0]
        at = next(int(units["to"][u]) for u in held if units["state"][u] == layout.BLOCKED)
    cycle = [*path[path.index(at) :], at]
    return Deadlock(float(world["now"]), tuple(compiled.parts[n].node.id for n in cycle))
