"""Load the demand of a year onto the network, every flow on its one best way (all-or-nothing on generalised cost).

`assign` is the one call that a later equilibrium replaces: it takes component tables and gives `Flows`.
All-or-nothing knows no capacity, so links may end up overloaded; they are listed, not relieved.

The demand table of a region counts what crossed the border at the region's ports. Goods therefore cross the home
border at those ports only (`crossings="ports"`), as in any model whose demand was counted on a cordon; which port a
flow takes is free. With `crossings="all"` other crossings of the home country that the network holds are open to it
too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from bridgehead.engines.flows import folding
from bridgehead.engines.flows.capacity import utilisation
from bridgehead.engines.flows.demand import Group, demand_of, groups_of
from bridgehead.engines.flows.folding import ArcLoad
from bridgehead.engines.flows.results import Flows, Unserved
from bridgehead.engines.network.components import ComponentTables, Demand
from bridgehead.engines.network.costing import Goods
from bridgehead.engines.network.shortest import Graph
from bridgehead.engines.network.virtual import Network
from bridgehead.kernel.hashing import content_hash

__all__ = ["METHOD", "VERSION", "Crossings", "Flows", "Progress", "assign", "input_hash"]

METHOD = "all-or-nothing"
VERSION = 2
"""Raised whenever the same tables would give other flows, so that stored results are not taken for new ones."""

Crossings = Literal["ports", "all"]
Progress = Callable[[int, int], None]


@dataclass
class _Work:
    """Everything gathered while the groups of demand are loaded one after the other."""

    demand_year: int
    rows: tuple[Demand, ...]
    loaded: dict[Goods, ArcLoad] = field(default_factory=dict)
    unserved: list[Unserved] = field(default_factory=list)


def input_hash(
    tables: ComponentTables, year: int | None = None, *, include: Iterable[str] = (), crossings: Crossings = "ports"
) -> str:
    """Return the hash under which the flows of these tables and settings can be stored."""
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
    progress: Progress | None = None,
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
    progress : callable, optional
        Called with the number of groups of flows done and their total.
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
    network = Network(tables, year, include=include, home_ports_only=crossings == "ports")
    work = _Work(*demand_of(tables, network.year))
    groups = groups_of(tables, network, work.rows)
    for done, (group, members) in enumerate(groups.items()):
        if progress is not None:
            progress(done, len(groups))
        _load(work, network, group, members)
    if progress is not None:
        progress(len(groups), len(groups))
    return _result(tables, network, work, crossings)


def _load(work: _Work, network: Network, group: Group, rows: Iterable[Demand]) -> None:
    from bridgehead.engines.network.kernels import add_path

    topology = network.topology
    if group.goods not in work.loaded:
        work.loaded[group.goods] = ArcLoad.empty(network.price(group.goods))
    loaded = work.loaded[group.goods]
    source = topology.origin_node.get(group.origin)
    tree = None
    if source is not None:
        tree = Graph(topology.first, topology.head, loaded.priced.cost("generalised", group.closed)).tree(source)
    for row in rows:
        target = topology.destination_node.get(row.destination)
        if source is None or tree is None or target is None or not tree.reaches(target):
            work.unserved.append(Unserved(row.origin, row.destination, row.commodity, row.tonnes, "no_path"))
            continue
        add_path(tree.arc, tree.tail, target, row.tonnes, loaded.tonnes)
        if row.teu:
            add_path(tree.arc, tree.tail, target, row.teu, loaded.teu)
        loaded.put_in[source] += row.tonnes
        loaded.put_in[target] -= row.tonnes
        loaded.served_t += row.tonnes


def _result(tables: ComponentTables, network: Network, work: _Work, crossings: Crossings) -> Flows:
    rows = work.rows
    links, payloads = folding.link_flows(network, work.loaded)
    ports = folding.port_flows(tables, network, links)
    full, days = utilisation(tables, network.topology, network.book, links)
    demand_t = math.fsum(row.tonnes for row in rows)
    error = folding.refuse_loss(folding.imbalance(network, work.loaded), demand_t)
    return Flows(
        method=METHOD,
        year=network.year,
        demand_year=work.demand_year,
        crossings=crossings,
        include=tuple(sorted(network.include)),
        input_hash=input_hash(tables, network.year, include=network.include, crossings=crossings),
        links=links,
        ports=ports,
        utilisation=full,
        unserved=tuple(work.unserved),
        port_totals=folding.port_totals(tables, ports, rows),
        totals=folding.totals(network, work.loaded, work.unserved, demand_t),
        conservation_error=error,
        parameters=tuple(sorted(folding.parameters_of(work.loaded) | payloads | set(days))),
    )
