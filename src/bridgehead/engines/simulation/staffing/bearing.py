"""Which lanes bear on a promise: those of the units it is about, and of all that meets them on the way.

Where cars and trucks share no hall, no pool and no yard, lanes for cars change nothing for trucks; a search that
decided them would take from cars every lane but the last, because the promise says nothing of cars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bridgehead.engines.simulation.loads import visits_per_min
from bridgehead.engines.simulation.model import Model, Station
from bridgehead.engines.simulation.reaching import LEFT, Ways
from bridgehead.engines.simulation.staffing.lanes import Lanes
from bridgehead.engines.simulation.staffing.promises import Clause, Promise
from bridgehead.engines.simulation.unit_stays import main_classes, of_main_unit

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


def _about(model: Model, clause: Clause) -> Iterable[Thing]:
    """Return whose promise a clause is."""
    if clause.node is not None:
        return [("node", clause.node)]
    if clause.unit_class is not None:
        return [("class", clause.unit_class)]
    if clause.quantity in {"stay", "lost"}:
        return [("class", one) for one in {*main_classes(model), *of_main_unit(model)}]
    return [("class", one.id) for one in model.classes]


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
