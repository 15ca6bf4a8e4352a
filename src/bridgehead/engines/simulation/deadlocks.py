"""A deadlock put into words: which stations wait for each other in a circle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.engines.simulation import layout
from bridgehead.engines.simulation.compiled import Compiled


@dataclass(frozen=True, slots=True)
class Deadlock:
    """A circle of stations each of which can only go on when the next does.

    A station waits for a place at the next, or for what is taken of a pool by units that wait there.

    Parameters
    ----------
    at_min : float
        When it came about.
    cycle : tuple of str
        Stations, and after a station the pool it waits for; the first again at the end.
    stations : tuple of str
        The stations alone.
    """

    at_min: float
    cycle: tuple[str, ...]
    stations: tuple[str, ...]

    def parameters(self) -> dict[str, object]:
        """Return what the sentence of the error needs."""
        return {"cycle": " -> ".join(self.cycle), "minute": round(self.at_min, 1), "stations": list(self.stations)}


def deadlock_of(compiled: Compiled, tables: Mapping[str, Any], world: Any) -> Deadlock:
    """Return a circle in the knot the kernel came back with."""
    nodes = tables["node"]
    marked = (nodes["mark"] == world["stamp"]) & (nodes["kind"] == layout.STATION)
    at = int(np.flatnonzero(marked)[0])
    path: list[tuple[int, str]] = []
    while at not in [node for node, _ in path]:
        to, pool = _held_up_by(compiled, tables, at)
        path.append((at, pool))
        at = to
    circle = path[[node for node, _ in path].index(at) :]
    words: list[str] = []
    for node, pool in circle:
        words += [compiled.parts[node].node.id, *([pool] if pool else [])]
    stations = tuple(compiled.parts[node].node.id for node, _ in circle)
    return Deadlock(float(world["now"]), (*words, words[0]), stations)


def _held_up_by(compiled: Compiled, tables: Mapping[str, Any], at: int) -> tuple[int, str]:
    """Return a station another one waits for, and the pool it waits for if it is not a place."""
    nodes, units = tables["node"], tables["unit"]
    first = int(nodes["slot"][at])
    servers = tables["slot"]["unit"][first : first + max(0, int(nodes["servers"][at]))]
    for u in servers[servers >= 0]:
        if units["state"][u] == layout.BLOCKED:
            return int(units["to"][u]), ""
    pools = compiled.model.pools
    held = tables["held"]["value"][: units.size * len(pools)].reshape(-1, len(pools))
    wanted = np.zeros(len(pools), dtype=np.int64)
    for word in ("need", "take"):
        for row in tables["amount"][nodes[word][at] : nodes[f"{word}_end"][at]]:
            wanted[row["which"]] += row["amount"]
    lacking = int(np.flatnonzero(wanted > tables["pool"]["free"][: len(pools)])[0])
    u = int(np.flatnonzero((held[:, lacking] > 0) & (units["state"] != layout.NOWHERE))[0])
    waits = units["state"][u] == layout.WAITING
    return int(units["node"][u] if waits else units["to"][u]), pools[lacking].id
