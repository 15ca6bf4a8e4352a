"""A region's port as it stands in the freight of the region, ready to be simulated in a loop with it.

The flow engine lets vehicles queue at the border link of a port, in each direction, a number a working day; the port
model counts units over all days of the year. What the flows count elsewhere, the handling at an empty port, is taken
off the simulated stay, so that only the waiting goes into the flows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bridgehead.engines.flows.capacity import operating_days
from bridgehead.engines.flows.equilibrium import Equilibrium
from bridgehead.engines.flows.freight import FreightProblem, home_port
from bridgehead.engines.flows.freight_flows import solution
from bridgehead.engines.flows.problem import AssignmentProblem
from bridgehead.engines.planning.port_loops import GAP, PortInFlows, Solver
from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model
from bridgehead.engines.simulation.replications import Experiment
from bridgehead.kernel.errors import BridgeheadError, Place

DIRECTIONS = ("import", "export")
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
    network, topology = freight.network, freight.network.topology
    tables = network.tables
    links = {link.id: link for link in topology.links}
    for row, one in enumerate(freight.resources):
        link = links.get(one.link)
        if link is None:
            continue
        at = home_port(link, topology.border_links, tables.countries, tables.home_country, tables.ports_by_id)
        inward = one.destination == port
        if at == port and inward == (direction == "import"):
            days, _ = operating_days(tables, topology, network.book, link)
            return PortInFlows(
                name=port,
                row=row,
                model=model,
                experiment=experiment,
                units_per_volume=one.rate_per_day / one.capacity * days / _DAYS_A_YEAR,
                minutes_per_time=MINUTES_A_DAY,
                classes=tuple(classes),
                base_min=None,
            )
    raise BridgeheadError("planning.no_port_queue", {"port": port, "direction": direction}, Place(field="port"))


def freight_solver(freight: FreightProblem, *, exact: bool = False) -> Solver:
    """Return what solves the freight with other delays, in the equilibrium the region's flows are shown in."""

    def solved(problem: AssignmentProblem) -> Equilibrium:
        return solution(replace(freight, problem=problem), GAP, exact=exact).equilibrium

    return solved
