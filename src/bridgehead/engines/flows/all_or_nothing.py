"""Load the demand of a year onto the network, every flow on its one best way (all-or-nothing on generalised cost).

Pages and commands take the equilibrium of `bridgehead.engines.flows.freight_flows`. This is what it is held against:
the loading without limits that the page on the model tells of, and sums that can be worked out by hand. It knows no
capacity, so links may end up overloaded; they are listed, not relieved.

The demand table of a region counts what crossed the border at the region's ports. Goods therefore cross the home
border at those ports only (`crossings="ports"`), as in any model whose demand was counted on a cordon; which port a
flow takes is free. With `crossings="all"` other crossings of the home country that the network holds are open to it
too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Literal

from bridgehead.engines.flows import folding
from bridgehead.engines.flows.capacity import utilisation
from bridgehead.engines.flows.demand import demand_of, groups_of
from bridgehead.engines.flows.folding import ArcLoad
from bridgehead.engines.flows.paths import FlowPath, Hauls
from bridgehead.engines.flows.results import Flows, Unserved
from bridgehead.engines.network.components import ComponentTables, Demand
from bridgehead.engines.network.costing import Goods
from bridgehead.engines.network.shortest import Graph, Tree
from bridgehead.engines.network.virtual import Network, VirtualNetwork
from bridgehead.kernel.hashing import content_hash

METHOD = "all-or-nothing"
VERSION = 2
"""Raised whenever the same tables would give other flows."""

Crossings = Literal["ports", "all"]


def input_hash(
    tables: ComponentTables, year: int | None = None, *, include: Iterable[str] = (), crossings: Crossings = "ports"
) -> str:
    """Return the hash that names the flows of these tables and settings."""
    settings = {
        "method": METHOD,
        "version": VERSION,
        "year": year or tables.base_year,
        "include": sorted(include),
        "crossings": crossings,
    }
    return content_hash({"tables": tables.content_hash, "settings": settings})


def assign(
    tables: ComponentTables,
    year: int | None = None,
    *,
    include: Iterable[str] = (),
    crossings: Crossings = "ports",
) -> Flows:
    """Load the demand of a year, every flow on its way of least generalised cost.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    year : int, optional
        Year whose network is used; the base year if not given. Demand is that of the latest demand year not after it.
    include : iterable of str
        Links opened for a scenario whatever their status.
    crossings : {"ports", "all"}
        Where the home border may be crossed.

    Returns
    -------
    Flows
        Freight by link and port, utilisation, unserved demand and checks.

    Raises
    ------
    BridgeheadError
        `route.year_outside_data`, `route.unknown_commodity`, `network.unknown_link`, a fault of the parameters, or
        `flows.not_conserved` if freight got lost or appeared on the way.
    """
    from bridgehead.engines.network.kernels import add_path

    network = Network(tables, year, include=include, home_ports_only=crossings == "ports")
    topology = network.topology
    demand_year, rows = demand_of(tables, network.year)
    loads: dict[Goods, ArcLoad] = {}
    unserved: list[Unserved] = []
    for row, priced, tree, target in _ways(tables, network, rows):
        if priced.goods not in loads:
            loads[priced.goods] = ArcLoad.empty(priced)
        loaded = loads[priced.goods]
        if tree is None:
            unserved.append(Unserved(row.origin, row.destination, row.commodity, row.tonnes, "no_path"))
            continue
        add_path(tree.arc, tree.tail, target, row.tonnes, loaded.tonnes)
        if row.teu:
            add_path(tree.arc, tree.tail, target, row.teu, loaded.teu)
        loaded.put_in[tree.source] += row.tonnes
        loaded.put_in[target] -= row.tonnes
        loaded.served_t += row.tonnes
    links, payloads = folding.link_flows(network, loads)
    ports = folding.port_flows(tables, network, links)
    full, days = utilisation(tables, topology, network.book, links)
    demand_t = math.fsum(row.tonnes for row in rows)
    return Flows(
        method=METHOD,
        year=network.year,
        demand_year=demand_year,
        crossings=crossings,
        include=tuple(sorted(network.include)),
        input_hash=input_hash(tables, network.year, include=network.include, crossings=crossings),
        links=links,
        ports=ports,
        utilisation=full,
        unserved=tuple(unserved),
        port_totals=folding.port_totals(tables, ports, rows),
        totals=folding.totals(network, loads, unserved, demand_t),
        conservation_error=folding.refuse_loss(folding.imbalance(network, loads), demand_t),
        parameters=tuple(sorted(folding.parameters_of(loads) | payloads | set(days))),
    )


def flow_paths(tables: ComponentTables, year: int | None = None) -> tuple[FlowPath, ...]:
    """Return the way of every served flow of a year, the ways that `assign` loads with the same arguments.

    Raises
    ------
    BridgeheadError
        As `assign` does.
    """
    network = Network(tables, year, home_ports_only=True)
    hauls = Hauls(tables, network.topology)
    found: list[FlowPath] = []
    for row, priced, tree, target in _ways(tables, network, demand_of(tables, network.year)[1]):
        if tree is None:
            continue
        arcs = list(tree.path(target))
        steps, ports = hauls.of(priced, arcs, {})
        found.append(
            FlowPath(
                row.origin, row.destination, row.commodity, row.tonnes, row.calibration_port, steps, ports,
                usd_per_t=float(priced.usd_per_t[arcs].sum()), hours=float(priced.hours[arcs].sum()),
                kg_co2e_per_t=float(priced.kg_per_t[arcs].sum()),
            )
        )  # fmt: skip
    return tuple(found)


def _ways(
    tables: ComponentTables, network: Network, rows: Iterable[Demand]
) -> Iterator[tuple[Demand, VirtualNetwork, Tree | None, int]]:
    """Yield every flow with its prices, the tree of best ways from its origin, None without a way, and its end."""
    topology = network.topology
    for group, members in groups_of(tables, network, rows).items():
        priced = network.price(group.goods)
        source = topology.origin_node.get(group.origin)
        tree = None
        if source is not None:
            tree = Graph(topology.first, topology.head, priced.cost("generalised", group.closed)).tree(source)
        for row in members:
            target = topology.destination_node.get(row.destination, -1)
            reached = tree is not None and target >= 0 and tree.reaches(target)
            yield row, priced, tree if reached else None, target
