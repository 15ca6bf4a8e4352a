"""A region's port as it stands in the freight of the region, ready to be simulated in a loop with it.

The flow engine lets vehicles queue at the border link of a port, in each direction, a number a working day; the port
model counts units over all days of the year. What the flows count elsewhere, the handling at an empty port, is taken
off the simulated stay, so that only the waiting goes into the flows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from bridgehead.engines.flows.capacity import operating_days
from bridgehead.engines.flows.equilibrium import Equilibrium
from bridgehead.engines.flows.freight import FreightProblem, home_port
from bridgehead.engines.flows.freight_flows import solution
from bridgehead.engines.flows.problem import AssignmentProblem
from bridgehead.engines.planning.port_loops import GAP, PortInFlows, Solver
from bridgehead.engines.simulation.description import DIRECTIONS
from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model
from bridgehead.engines.simulation.replications import Experiment
from bridgehead.engines.simulation.unit_stays import of_main_unit
from bridgehead.kernel.errors import BridgeheadError, Place

_DAYS_A_YEAR = 365.0


def port_in_freight(  # noqa: PLR0917 - what it is made of
    freight: FreightProblem,
    port: str,
    direction: str,
    model: Model,
    experiment: Experiment,
    classes: Collection[str] = (),
) -> PortInFlows:
    """Return a port of a region as it stands in the freight.

    Parameters
    ----------
    freight : FreightProblem
        The freight of a year.
    port : str
        Its id.
    direction : str
        ``import`` or ``export``: which of the two queues of its border link.
    model : Model
        How the port works.
    experiment : Experiment
        How it is simulated.
    classes : collection of str
        Classes of the model that are this freight; all where none is named.

    Raises
    ------
    BridgeheadError
        ``planning.no_port_queue`` where no link over the border at the port has a capacity in this direction;
        ``planning.unknown_direction``, ``simulation.unknown_class``.
    """
    if direction not in DIRECTIONS:
        raise BridgeheadError("planning.unknown_direction", {"direction": direction}, Place(field="direction"))
    known = [one.id for one in model.classes]
    for name in classes:
        if name not in known:
            raise BridgeheadError("simulation.unknown_class", {"class": name, "known": known}, Place(field="class"))
    row = port_queues(freight).get((port, direction))
    if row is None:
        raise BridgeheadError("planning.no_port_queue", {"port": port, "direction": direction}, Place(field="port"))
    network, queue = freight.network, freight.resources[row]
    link = next(one for one in network.topology.links if one.id == queue.link)
    days, _ = operating_days(network.tables, network.topology, network.book, link)
    return PortInFlows(
        name=port,
        row=row,
        model=model,
        experiment=experiment,
        units_per_volume=queue.rate_per_day / queue.capacity * days / _DAYS_A_YEAR,
        minutes_per_time=MINUTES_A_DAY,
        classes=tuple(classes),
        base_min=None,
    )


def freight_classes(model: Model, direction: str) -> tuple[str, ...]:
    """Return the classes of a model that come with the freight of a direction; none where the model does not tell.

    Those are the classes that say so. Where no class says anything and only one of the main unit arrives, it is meant.
    """
    arriving = {one.unit_class for one in model.sources}
    told = {one.id: one.direction for one in model.classes if one.id in arriving}
    if any(told.values()):
        return tuple(name for name, way in told.items() if way == direction)
    main = [name for name in told if name in of_main_unit(model)]
    return tuple(main) if len(main) == 1 else ()


def port_queues(freight: FreightProblem) -> Mapping[tuple[str, str], int]:
    """Return the rows of the queues at border links by port and direction, the first of a port's links."""
    topology, tables = freight.network.topology, freight.network.tables
    links = {link.id: link for link in topology.links}
    found: dict[tuple[str, str], int] = {}
    for row, one in enumerate(freight.resources):
        if one.link not in links:
            continue
        port = home_port(
            links[one.link], topology.border_links, tables.countries, tables.home_country, tables.ports_by_id
        )
        if port:
            direction = "import" if one.destination == port else "export"
            found.setdefault((port, direction), row)
    return found


def freight_solver(freight: FreightProblem, *, exact: bool = False) -> Solver:
    """Return what solves the freight with other delays, in the equilibrium the region's flows are shown in."""

    def solved(problem: AssignmentProblem) -> Equilibrium:
        return solution(replace(freight, problem=problem), GAP, exact=exact).equilibrium

    return solved
