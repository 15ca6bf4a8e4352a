"""Where units of which class can come to and where they go from there: the states of a model and the ways between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bridgehead.engines.simulation.model import Combine, Match, Model, Node, Route, Split, Station

State = tuple[str, str]
"""A node and the class of a unit that is there."""
LEFT: State = ("", "")
"""Out of the system."""


@dataclass(slots=True)
class Flow:
    """A way from a state: where to, how many units for each one that comes, and whether it is only taken in trouble."""

    to: State
    share: float
    aside: bool = False


@dataclass
class Ways:
    """All ways between the states of a model.

    Parameters
    ----------
    model : Model
        The model.
    unread : frozenset of str
        Nodes of which only the name is known; units of any class may come out of them.
    """

    model: Model
    unread: frozenset[str] = frozenset()
    nodes: Mapping[str, Node] = field(init=False)
    _routes: Mapping[State, Route] = field(init=False)
    _known: dict[State, tuple[Flow, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = {node.id: node for node in self.model.nodes}
        self._routes = {(route.node, route.unit_class): route for route in self.model.routes}

    @cached_property
    def _risk(self) -> Mapping[str, Mapping[str, float]]:
        return {one.id: one.risk for one in self.model.classes}

    @cached_property
    def _turning_away(self) -> frozenset[str]:
        return frozenset(one.id for one in self.model.calendars if one.while_closed == "turn_away")

    def route(self, node: str, unit_class: str) -> Route | None:
        """Return the route of a class from a node: its own, or that of all."""
        return self._routes.get((node, unit_class)) or self._routes.get((node, "*"))

    def flows(self, state: State) -> tuple[Flow, ...]:
        """Return the ways from a state; units of a class a match or combine does not take go nowhere."""
        if state not in self._known:
            self._known[state] = tuple(self._flows(*state))
        return self._known[state]

    def _flows(self, node: str, unit_class: str) -> Iterator[Flow]:
        if node in self.unread:
            for other in self.model.classes:
                yield from self.onward(node, other.id)
        what = self.nodes.get(node)
        match what:
            case Station():
                yield from self.onward(node, unit_class)
                yield from self._aside(what, unit_class)
            case Match():
                sides = {one.unit_class: one for one in what.inputs}
                if unit_class in sides:
                    yield from self.onward(node, what.becomes or unit_class)
                    yield from self._full(sides[unit_class].full.to, sides[unit_class].full.kind, unit_class)
            case Split():
                for one, count in what.into.items():
                    yield from (Flow(way.to, way.share * count) for way in self.onward(node, one))
            case Combine() if unit_class == what.unit_class:
                yield from (Flow(way.to, way.share / what.size) for way in self.onward(node, what.becomes))

    def onward(self, node: str, unit_class: str) -> Iterator[Flow]:
        """Yield the ways of a class out of a node by its route; there is one out of the system where it has none."""
        route = self.route(node, unit_class)
        if route is None or not (route.ways or route.shortest):
            yield Flow(LEFT, 1.0)
            return
        for name in route.shortest:
            yield Flow((name, unit_class), 1.0 / len(route.shortest))
        for way in route.ways:
            risk = self._risk.get(unit_class, {})
            other = way.shares.get("*", 0.0)
            share = sum(part * way.shares.get(band, other) for band, part in risk.items()) if risk else other
            yield Flow(LEFT if way.to is None else (way.to, unit_class), share)

    def _aside(self, station: Station, unit_class: str) -> Iterator[Flow]:
        """Yield where units go that do not get, or do not wait for, their service."""
        if station.queue_capacity is not None:
            yield from self._full(station.full.to, station.full.kind, unit_class)
        if station.balking is not None and station.balking.probability > 0.0:
            yield Flow(_at(station.balking.to, unit_class), 0.0, aside=True)
        if unit_class in station.patience or "*" in station.patience:
            yield Flow(_at(station.gives_up_to, unit_class), 0.0, aside=True)
        if station.calendar in self._turning_away:
            yield Flow(LEFT, 0.0, aside=True)

    def _full(self, to: str | None, kind: str, unit_class: str) -> Iterator[Flow]:
        if kind != "block":
            yield Flow(_at(to if kind == "divert" else None, unit_class), 0.0, aside=True)

    def reached(self, starts: Iterable[State], *, drawn: bool = True) -> frozenset[State]:
        """Return every state units can come to from some, by ways with a share above zero alone or by all there are.

        A match sends somebody on only when both it waits for can come.
        """
        found: set[State] = set()
        held: dict[str, set[str]] = defaultdict(set)
        due = list(starts)
        while due:
            state = due.pop()
            if state in found or state == LEFT:
                continue
            found.add(state)
            node = self.nodes.get(state[0])
            if isinstance(node, Match):
                held[node.id].add(state[1])
                sides = {one.unit_class for one in node.inputs}
                asides = [flow.to for flow in self.flows(state) if flow.aside]
                complete = sides <= held[node.id]
                due += asides
                for one in sorted(sides) if complete else ():
                    due += [way.to for way in self._used((node.id, one), drawn)]
            else:
                due += [flow.to for flow in self._used(state, drawn)]
        return frozenset(found)

    def _used(self, state: State, drawn: bool = True) -> list[Flow]:
        return [flow for flow in self.flows(state) if flow.share > 0.0 or flow.aside or not drawn]

    def can_leave(self, states: Iterable[State]) -> frozenset[State]:
        """Return those states from which a unit can leave the system."""
        states = list(states)
        behind: dict[State, list[State]] = defaultdict(list)
        for state in states:
            for flow in self._used(state):
                behind[flow.to].append(state)
        found: set[State] = set()
        due = [LEFT]
        while due:
            for state in behind[due.pop()]:
                if state not in found:
                    found.add(state)
                    due.append(state)
        return frozenset(found)


def _at(node: str | None, unit_class: str) -> State:
    return LEFT if node is None else (node, unit_class)
