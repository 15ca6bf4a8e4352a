"""Whose stay is whose: units that leave the port apart from those that only become others there.

A train that is taken apart ends as a train; its wagons begin, born when it was; what is made up of them counts on from
the same arrival. So the stay of a class that leaves the port runs from arrival to departure, and that of a class that
becomes another one from arrival to there. The two are never put into one figure, and neither are trains and wagons:
the figures of a port as a whole are those of its main units, those that leave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bridgehead.engines.simulation.model import Combine, Match, Model, Split
from bridgehead.engines.simulation.reaching import LEFT, State, Ways

LEAVES, SPLIT, MATCH, COMBINE = "leaves", "split", "match", "combine"


@dataclass(frozen=True, slots=True)
class ClassStay:
    """What the stay of a class runs from and to.

    Parameters
    ----------
    unit_class, unit : str
        The class, and what one of it is.
    since : tuple of str
        Classes at whose arrival the stay begins: the class itself where it comes from outside, else what its units
        were made of.
    until : str
        ``leaves`` for out of the port; else what makes another unit of it: ``split``, ``match`` or ``combine``.
    at : str
        The node at which it becomes another; empty where it leaves.
    """

    unit_class: str
    unit: str
    since: tuple[str, ...]
    until: str
    at: str = ""

    @property
    def leaves(self) -> bool:
        """Whether units of the class leave the port as they are."""
        return self.until == LEAVES


def class_stays(model: Model) -> tuple[ClassStay, ...]:
    """Return what the stay of each class runs from and to, in the order of the model.

    A class some of whose units leave while others become something else counts as one that leaves.
    """
    begun = _begun(model)
    come = {unit_class for _node, unit_class in begun}
    ways = Ways(model)
    reached = ways.reached(begun)
    changes = list(_changes(ways, reached))
    ends: dict[str, _Change] = {}
    for change in changes:
        ends.setdefault(change.unit_class, change)
    before = _before(changes)
    leaving = _leaving(ways, reached, changes)
    found = []
    for one in model.classes:
        since = tuple(other.id for other in model.classes if other.id in _origins(one.id, before) & come)
        end = ends.get(one.id)
        if end is None or one.id in leaving:
            found.append(ClassStay(one.id, one.unit, since or (one.id,), LEAVES))
        else:
            found.append(ClassStay(one.id, one.unit, since or (one.id,), end.kind, end.node))
    return tuple(found)


def made_of(model: Model, classes: Collection[str]) -> frozenset[str]:
    """Return some classes and all that their units may have been made of since they arrived."""
    ways = Ways(model)
    before = _before(_changes(ways, ways.reached(_begun(model))))
    return frozenset(origin for one in classes for origin in _origins(one, before))


def main_unit(model: Model) -> str:
    """Return what the main units of a port are: those of the class that is named first."""
    return model.classes[0].unit if model.classes else ""


def of_main_unit(model: Model) -> tuple[str, ...]:
    """Return all classes of the main unit, those too that become others on their way."""
    unit = main_unit(model)
    return tuple(one.id for one in model.classes if one.unit == unit)


def main_classes(model: Model) -> tuple[str, ...]:
    """Return the classes whose stay is that of the port: those of the main unit that leave it."""
    return main_of(class_stays(model), main_unit(model))


def main_of(stays: Collection[ClassStay], unit: str) -> tuple[str, ...]:
    """Return those of some classes that leave and are a unit, all that leave where none is."""
    leaving = [one for one in stays if one.leaves]
    chosen = [one for one in leaving if one.unit == unit] or leaving or stays
    return tuple(one.unit_class for one in chosen)


def leaving_with(model: Model, classes: Collection[str] = ()) -> tuple[str, ...]:
    """Return the classes that leave the port and whose stay began with some; all that leave where none is named."""
    found = [
        one.unit_class
        for one in class_stays(model)
        if one.leaves and (not classes or not set(one.since).isdisjoint(classes))
    ]
    return tuple(found) or tuple(classes)


@dataclass(frozen=True, slots=True)
class _Change:
    """Units of a class become others at a node; `into` are those that count on from the same arrival."""

    unit_class: str
    kind: str
    node: str
    into: tuple[str, ...]


def _begun(model: Model) -> list[State]:
    """Return where units of which class come in or are from the beginning."""
    begun = [(one.node, one.unit_class) for one in model.sources]
    return begun + [(one.node, one.unit_class) for one in model.population]


def _before(changes: Iterable[_Change]) -> Mapping[str, set[str]]:
    """Return what units of a class were just before, by class."""
    found: dict[str, set[str]] = {}
    for change in changes:
        for other in change.into:
            found.setdefault(other, set()).add(change.unit_class)
    return found


def _changes(ways: Ways, reached: Collection[State]) -> Iterator[_Change]:
    for node in ways.model.nodes:
        for name in sorted(unit_class for at, unit_class in reached if at == node.id):
            match node:
                case Split(into=into):
                    yield _Change(name, SPLIT, node.id, tuple(into))
                case Match(inputs=inputs, becomes=str(becomes)):
                    yield _Change(name, MATCH, node.id, (becomes,) if name == inputs[0].unit_class else ())
                case Combine(becomes=becomes):
                    yield _Change(name, COMBINE, node.id, (becomes,))


def _leaving(ways: Ways, reached: Collection[State], changes: Collection[_Change]) -> set[str]:
    """Return the classes some of whose units leave the port in the ordinary way."""
    found = set()
    changing = {(one.node, one.unit_class): one for one in changes}
    for state in reached:
        if any(flow.to == LEFT and not flow.aside and flow.share > 0.0 for flow in ways.flows(state)):
            change = changing.get(state)
            found |= {state[1]} if change is None else set(_leaving_parts(ways, change))
    return found


def _leaving_parts(ways: Ways, change: _Change) -> Iterator[str]:
    """Yield what begins at a node and leaves from there at once."""
    for name in change.into:
        route = ways.route(change.node, name)
        if route is None or not (route.ways or route.shortest) or any(way.to is None for way in route.ways):
            yield name


def _origins(name: str, before: Mapping[str, Collection[str]]) -> set[str]:
    """Return a class and all that its units may have been made of."""
    found: set[str] = set()
    due = [name]
    while due:
        one = due.pop()
        if one not in found:
            found.add(one)
            due += before.get(one, ())
    return found
