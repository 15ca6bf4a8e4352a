"""Which lanes bear on a promise: those of the units it is about, and of all that meets them on the way.

Where cars and trucks share no hall, no pool and no yard, lanes for cars change nothing for trucks; a search that
decided them would take from cars every lane but the last, because the promise says nothing of cars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from bridgehead.engines.simulation.loads import visits_per_min
from bridgehead.engines.simulation.model import Model, Station
from bridgehead.engines.simulation.reaching import LEFT, Ways
from bridgehead.engines.simulation.staffing.lanes import Lanes
from bridgehead.engines.simulation.staffing.promises import Clause, Promise
from bridgehead.engines.simulation.unit_stays import made_of, main_classes, of_main_unit

Thing = tuple[str, str]
"""A class, a node or a pool, by kind and name."""


def bearing_lanes(model: Model, promise: Promise, lanes: tuple[Lanes, ...]) -> tuple[Lanes, ...]:
    """Return the lanes that can change anything of what is promised; all where that would be none.

    Parameters
    ----------
    model : Model
        The port.
    promise : Promise
        What has to hold.
    lanes : tuple of Lanes
        All there are.
    """
    met = _met(model, {thing for clause in promise.clauses for thing in _about(model, clause)})
    return tuple(one for one in lanes if ("node", one.station) in met) or lanes


def passed_stations(model: Model, units: str = "") -> frozenset[str]:
    """Return the nodes that units of a class, or what they were made of, pass; without a class the main units."""
    asked = made_of(model, [units] if units else main_classes(model))
    return frozenset(node for node, unit_class in visits_per_min(model) if unit_class in asked)


def met_stations(model: Model, units: str = "") -> frozenset[str]:
    """Return the nodes at which anything can change the stay of a class; without one that of the main units."""
    met = _met(model, set(_classes([units] if units else _main(model))))
    return frozenset(name for kind, name in met if kind == "node")


def _about(model: Model, clause: Clause) -> Iterable[Thing]:
    """Return whose promise a clause is."""
    if clause.node is not None:
        return [("node", clause.node)]
    if clause.unit_class is not None:
        return [("class", clause.unit_class)]
    if clause.quantity in {"stay", "lost"}:
        return _classes(_main(model))
    return _classes(one.id for one in model.classes)


def _main(model: Model) -> Collection[str]:
    return {*main_classes(model), *of_main_unit(model)}


def _classes(names: Iterable[str]) -> list[Thing]:
    return [("class", one) for one in names]


def _met(model: Model, starts: set[Thing]) -> set[Thing]:
    """Return all that shares a node, a pool or a way with some things, directly or by what is between."""
    beside: dict[Thing, set[Thing]] = defaultdict(set)
    ways = Ways(model)
    for node, unit_class in visits_per_min(model):
        _join(beside, ("node", node), ("class", unit_class))
        for way in ways.flows((node, unit_class)):
            if way.to != LEFT:
                _join(beside, ("node", node), ("node", way.to[0]))
                _join(beside, ("class", unit_class), ("class", way.to[1]))
    for one in model.nodes:
        if isinstance(one, Station):
            for pool in {*one.needs, *one.takes, *one.returns}:
                _join(beside, ("node", one.id), ("pool", pool))
    met, due = set(starts), list(starts)
    while due:
        new = beside[due.pop()] - met
        met |= new
        due += new
    return met


def _join(beside: dict[Thing, set[Thing]], one: Thing, other: Thing) -> None:
    beside[one].add(other)
    beside[other].add(one)
