"""How often every unit of a class is served at a node, where that is the same whatever way it takes.

What is the same for every unit needs no estimate from counts: those of a stretch of time have units in them that were
served before it and leave in it, or are served in it and leave after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bridgehead.engines.simulation.model import Combine, Match, Node, Split
from bridgehead.engines.simulation.reaching import LEFT, State, Ways


def certain_visits(ways: Ways, unit_class: str, node: str) -> int | None:
    """Return how often every unit of a class ends a service (match, division) at a node, None where units differ.

    From where units of the class begin to where they leave or become others. Units that are turned away or give up
    and leave for that are none of these; those that go on elsewhere are, without the service they missed.

    Parameters
    ----------
    ways : Ways
        Those of the model.
    unit_class : str
        Whose units.
    node : str
        Where.
    """
    served: dict[State, int] = {}
    due = [(state, 0) for state in _begun(ways, unit_class)]
    while due:
        state, so_far = due.pop()
        if state not in served:
            served[state] = so_far
            due += _steps(ways, state, so_far, node)
        elif served[state] != so_far:
            return None
    return served.get(LEFT)


def become_others(node: Node | None, unit_class: str) -> bool:
    """Tell whether units of a class that come to a node end there as what they are."""
    match node:
        case Split():
            return True
        case Match(becomes=str()):
            return unit_class in [one.unit_class for one in node.inputs]
        case Combine():
            return unit_class == node.unit_class
    return False


def _begun(ways: Ways, unit_class: str) -> Iterator[State]:
    """Yield where units of a class begin: as newcomers, in a queue at time 0, made of others."""
    model = ways.model
    yield from ((one.node, unit_class) for one in model.sources if one.unit_class == unit_class)
    yield from ((one.node, unit_class) for one in model.population if one.unit_class == unit_class)
    for node in model.nodes:
        made = node.into if isinstance(node, Split) else {getattr(node, "becomes", None)}
        if unit_class in made:
            yield from (flow.to for flow in ways.onward(node.id, unit_class) if flow.share > 0.0)


def _steps(ways: Ways, state: State, so_far: int, node: str) -> Iterator[tuple[State, int]]:
    """Yield where a unit can go from a state, and how often it has been served at the node by then."""
    if state == LEFT:
        return
    at, unit_class = state
    after = so_far + (at == node)
    ends = become_others(ways.nodes.get(at), unit_class)
    if ends:
        yield LEFT, after
    for flow in ways.flows(state):
        if flow.aside and flow.to != LEFT:
            yield flow.to, so_far
        elif not flow.aside and not ends and flow.share > 0.0:
            yield flow.to, after
