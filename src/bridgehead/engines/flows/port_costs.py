"""What every flow of a year would cost over each port by itself: which ports can serve the same flows.

A loading tells which port a flow takes; it does not tell how near the next port was. Here the home border is closed
except at one port after the other, and every flow is sent once over each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bridgehead.engines.flows.demand import demand_of, groups_of
from bridgehead.engines.network.components import ComponentTables
from bridgehead.engines.network.shortest import Graph
from bridgehead.engines.network.topology import Topology
from bridgehead.engines.network.virtual import Network

EXPORT, IMPORT = "export", "import"
BEYOND = "beyond"
"""Partner of a flow whose far end lies in no country that a home port faces."""


@dataclass(frozen=True, slots=True)
class PortCosts:
    """One yearly flow over the home border and its generalised cost over each port that can serve it, in USD per t.

    `partner` is the country of the far end where a home port faces it, else `BEYOND`. `usd_per_t` lists (port, cost),
    the cheapest first, ports of equal cost by id; it is empty for a flow that no port can serve.
    """

    origin: str
    destination: str
    commodity: str
    tonnes: float
    calibration_port: str
    direction: str
    partner: str
    usd_per_t: tuple[tuple[str, float], ...]


def direction_of(tables: ComponentTables, origin: str, destination: str) -> str:
    """Return `import` or `export` for a flow with one end at home, and an empty text for any other."""
    home = tables.home_country
    inside = tables.countries[origin] == home, tables.countries[destination] == home
    return {(True, False): EXPORT, (False, True): IMPORT}.get(inside, "")


def partner_of(tables: ComponentTables, origin: str, destination: str) -> str:
    """Return the country at the far end of a flow if a port of the region faces it, else `BEYOND`."""
    home = tables.home_country
    far = tables.countries[destination] if tables.countries[origin] == home else tables.countries[origin]
    return far if far in {port.counterpart_country for port in tables.ports} else BEYOND


def port_costs(
    tables: ComponentTables, year: int | None = None, *, include: Iterable[str] = ()
) -> tuple[PortCosts, ...]:
    """Return the cost of every flow over the home border at each port by itself.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    year : int, optional
        Year whose network is used; the base year if not given.
    include : iterable of str
        Links opened for a scenario whatever their status.

    Returns
    -------
    tuple of PortCosts
        One record per demand row with one end at home, in the order of the groups of the demand. Costs are
        generalised costs in USD per t, as the loading minimises them, without congestion.

    Raises
    ------
    BridgeheadError
        `route.year_outside_data`, `route.unknown_commodity`, `network.unknown_link`, or a fault of the parameters.
    """
    network = Network(tables, year, include=include, home_ports_only=True)
    topology = network.topology
    at_port = border_links_of(tables, topology)
    every = frozenset(link for links in at_port.values() for link in links)
    _, rows = demand_of(tables, network.year)
    found = []
    for group, members in groups_of(tables, network, rows).items():
        crossing = [row for row in members if direction_of(tables, row.origin, row.destination)]
        source = topology.origin_node.get(group.origin)
        costs: list[dict[str, float]] = [{} for _ in crossing]
        for port, links in at_port.items() if source is not None and crossing else ():
            closed = group.closed | (every - links)
            cost = network.price(group.goods).cost("generalised", closed)
            tree = Graph(topology.first, topology.head, cost).tree(source or 0)
            for row, over in zip(crossing, costs, strict=True):
                target = topology.destination_node.get(row.destination)
                if target is not None and tree.reaches(target):
                    over[port] = float(tree.distance[target])
        for row, over in zip(crossing, costs, strict=True):
            found.append(
                PortCosts(
                    row.origin,
                    row.destination,
                    row.commodity,
                    row.tonnes,
                    row.calibration_port,
                    direction_of(tables, row.origin, row.destination),
                    partner_of(tables, row.origin, row.destination),
                    tuple(sorted(over.items(), key=lambda item: (item[1], item[0]))),
                )
            )
    return tuple(found)


def border_links_of(tables: ComponentTables, topology: Topology) -> Mapping[str, frozenset[str]]:
    """Return the open links across the home border by the home port at their end, ports by id."""
    found: dict[str, set[str]] = {}
    for link in topology.links:
        ends = link.origin, link.destination
        if link.id in topology.border_links and tables.home_country in {tables.countries[end] for end in ends}:
            for end in ends:
                if end in tables.ports_by_id:
                    found.setdefault(end, set()).add(link.id)
    return {port: frozenset(found[port]) for port in sorted(found)}
