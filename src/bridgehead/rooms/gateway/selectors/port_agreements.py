"""The loop of flows and simulation for a port: what is asked in an address, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.flows.demand import demand_of
from bridgehead.engines.flows.freight import freight_problem
from bridgehead.engines.network.virtual import Network
from bridgehead.engines.planning.freight_ports import freight_classes, port_queues
from bridgehead.engines.simulation.description import DIRECTIONS
from bridgehead.engines.simulation.loads import arrivals_per_min
from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.region import Loaded
from bridgehead.jobs.port_agreements import LoopQuestion, rounds_so_far
from bridgehead.kernel.cells import CellFault, parse_number
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.gateway.selectors import port_models, port_runs

TOLERANCES = (0.005, 0.01, 0.02, 0.05)
TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an address asks it: the run whose model and settings are used, and what the loop is about.

    `classes` are those that are the freight, by name; none as long as they are to be chosen.
    """

    run: port_runs.Seen
    model: Model
    directions: tuple[str, ...]
    classes: tuple[str, ...]
    question: LoopQuestion

    @property
    def possible(self) -> bool:
        """Whether the flows have a queue at the port that can be replaced."""
        return self.question.direction in self.directions

    @property
    def unchosen(self) -> BridgeheadError | None:
        """Why there is no question yet: the model does not tell which classes are the freight, and nobody chose."""
        if self.classes or not self.possible:
            return None
        known = {"classes": list(arrivals_per_day(self.model))}
        return BridgeheadError("planning.no_freight_classes", known, Place(field="class"))

    @property
    def ready(self) -> bool:
        """Whether there is a question that can be answered."""
        return self.possible and self.unchosen is None


def queued_directions(loaded: Loaded) -> Mapping[str, tuple[str, ...]]:
    """Return the directions in which the flows let vehicles queue at each port that has a model, by port."""
    found: Mapping[str, tuple[str, ...]] = loaded.remember("gateway.port_agreements", lambda: _directions(loaded))
    return found


def _directions(loaded: Loaded) -> Mapping[str, tuple[str, ...]]:
    tables = loaded.components
    network = Network(tables, tables.base_year, home_ports_only=True)
    rows = port_queues(freight_problem(network, demand_of(tables, network.year)[1]))
    known = {port: tuple(one for one in DIRECTIONS if (port, one) in rows) for port in port_models.ports(loaded)}
    return {port: directions for port, directions in known.items() if directions}


def arrivals_per_day(model: Model) -> Mapping[str, float]:
    """Return the classes that come from outside with how many of each come a day, in the order of the model."""
    found = {one.id: 0.0 for one in model.classes if any(source.unit_class == one.id for source in model.sources)}
    for source in model.sources:
        found[source.unit_class] += arrivals_per_min(source, model.run.horizon_min) * MINUTES_A_DAY
    return found


def against(one: Asked) -> list[str]:
    """Return the classes of a question that carry the freight of the other direction."""
    ways = {each.id: each.direction for each in one.model.classes}
    return [name for name in one.classes if ways[name] not in ("", one.question.direction)]


def asked(
    loaded: Loaded,
    viewer: Viewer,
    port: str,
    *,
    run: str = port_runs.BASE,
    direction: str = "",
    classes: Sequence[str] = (),
    tolerance: str = "",
) -> Asked:
    """Return what an address asks; without classes those are meant that the model tells are the freight.

    Raises
    ------
    BridgeheadError
        What `port_runs.seen` raises; ``planning.unknown_direction``, ``simulation.unknown_class``,
        ``planning.bad_tolerance``.
    """
    seen = port_runs.seen(loaded, viewer, port, run)
    model = port_runs.model_of(loaded, seen)
    directions = queued_directions(loaded).get(port, ())
    chosen = direction or next(iter(directions), DIRECTIONS[0])
    if chosen not in DIRECTIONS:
        raise BridgeheadError("planning.unknown_direction", {"direction": chosen}, Place(field="direction"))
    coming = tuple(arrivals_per_day(model))
    for name in classes:
        if name not in coming:
            known = {"class": name, "known": list(coming)}
            raise BridgeheadError("simulation.unknown_class", known, Place(field="class"))
    named = tuple(name for name in coming if name in (classes or freight_classes(model, chosen)))
    about = () if len(named) == len(coming) else named
    question = LoopQuestion(port, chosen, about, _tolerance(tolerance), seen.question)
    return Asked(seen, model, directions, named, question)


def _tolerance(text: str) -> float:
    if not text:
        return TOLERANCE
    try:
        found = parse_number(text)
    except CellFault:
        found = 0.0
    if not 1e-6 <= found < 1.0:
        raise BridgeheadError("planning.bad_tolerance", {"tolerance": text[:40]}, Place(field="tolerance"))
    return found


def answer(loaded: Loaded, one: Asked) -> Mapping[str, Any] | None:
    """Return what there is of an answer: all, or rounds of a loop that goes on (``complete`` false); None for none."""
    return rounds_so_far(one.question, loaded.components, loaded.store)


def key(loaded: Loaded, one: Asked) -> str:
    """Return what names the computation of a question."""
    return one.question.key(loaded.components)
