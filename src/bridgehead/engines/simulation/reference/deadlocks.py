"""Deadlocks of the reference engine: stations that can never go on because all they wait for waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridgehead.engines.simulation.reference.places import Place
from bridgehead.engines.simulation.reference.stations import StationPlace
from bridgehead.engines.simulation.reference.things import Whereabouts

if TYPE_CHECKING:
    from bridgehead.engines.simulation.reference.engine import Port


class Standstill(Exception):  # noqa: N818 - no error of anybody, but what a model leads to
    """Some stations can never go on.

    Parameters
    ----------
    at_min : float
        When it came about.
    knot : set of str
        The stations.
    """

    def __init__(self, at_min: float, knot: set[str]) -> None:
        super().__init__(at_min, sorted(knot))
        self.at_min, self.knot = at_min, knot


def knot_around(port: Port, place: Place) -> set[str]:
    """Return stations that wait for nothing but each other, of which one is given; none if something may still help."""
    knot: set[Place] = set()
    due = [place]
    while due:
        one = due.pop()
        if one in knot:
            continue
        needs = _waits_for(port, one)
        if needs is None:
            return set()
        knot.add(one)
        due += needs
    return {one.name for one in knot}


def _waits_for(port: Port, place: Place) -> list[Place] | None:
    """Return the places that hold up a station, or None if it can go on without them or nobody can tell."""
    if not isinstance(place, StationPlace) or _may_move(place):
        return None
    found = [unit.target for unit in place.present if unit.target is not None and unit.server is not None]
    if place.available > 0:
        if place.queue == 0 and not place.outside:
            return None
        lacking = port.pools.lacking(place.model)
        if not lacking:
            return None
        for pool in lacking:
            holders = _holders(port, pool)
            if holders is None:
                return None
            found += holders
    return found


def _may_move(station: StationPlace) -> bool:
    """Tell whether something will happen at a station by itself."""
    if station.serving or station.stopped or station.down or station.level == 0:
        return True
    lanes = station.lanes
    if lanes.model is not None and (lanes.ordered or lanes.extra < lanes.model.extra):
        return True
    if any(level > station.level for _, level in station.hours.changes):
        return True
    return any(unit.patience is not None for unit in station.waiting)


def _holders(port: Port, pool: str) -> list[Place] | None:
    """Return the places that those wait for who hold a pool, or None if somebody may give something back."""
    if port.pools.states[pool].away:
        return None
    for station in port.stations:
        if pool in station.model.needs and (station.serving or station.stopped or station.stuck):
            return None
    found: list[Place] = []
    for unit in port.units:
        if unit.carries.get(pool, 0):
            if unit.at in {Whereabouts.BLOCKED, Whereabouts.OUTSIDE}:
                assert unit.target is not None
                found.append(unit.target)
            elif unit.at is Whereabouts.WAITING and unit.place is not None:
                found.append(unit.place)
            else:
                return None
    return found
