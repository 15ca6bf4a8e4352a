"""In which order units come by the nodes of a port: along their ways, not as a model happens to name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reaching import LEFT, State, Ways


def nodes_on_way(model: Model, unit_class: str) -> tuple[str, ...]:
    """Return the nodes of a model in the order in which units of a class come by them.

    Where ways part, those to nodes that are named first come first. A way that leads back counts for nothing, and nodes
    the class does not come by stand last; both as far as the routes tell.
    """
    there = [node for node, of in _states(model) if of == unit_class]
    return tuple(dict.fromkeys([*there, *(node.id for node in model.nodes)]))


def _states(model: Model) -> list[State]:
    """Return the states units come to, each before those it leads to but for ways back (reverse postorder)."""
    ways = Ways(model)
    place = {node.id: at for at, node in enumerate(model.nodes)}
    done: list[State] = []
    seen: set[State] = set()
    due = [(state, False) for state in _by_place(_entries(model), place)]
    while due:
        state, left = due.pop()
        if left:
            done.append(state)
        elif state not in seen:
            seen.add(state)
            onward = [flow.to for flow in ways.flows(state) if flow.to != LEFT and (flow.share > 0.0 or flow.aside)]
            due += [(state, True), *((one, False) for one in _by_place(onward, place))]
    return done[::-1]


def _entries(model: Model) -> list[State]:
    begun = [(one.node, one.unit_class) for one in model.sources]
    return begun + [(one.node, one.unit_class) for one in model.population]


def _by_place(states: Iterable[State], place: Mapping[str, int]) -> list[State]:
    """Return states as their nodes are named: the last is gone into first, and so stands last of them in the end."""
    return sorted(states, key=lambda state: place[state[0]])
