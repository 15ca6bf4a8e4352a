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
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from bridgehead.engines.flows.capacity import utilisation
from bridgehead.engines.flows.demand import Group, demand_of, groups_of
from bridgehead.engines.flows.results import Flows, LinkFlow, PortFlow, PortTotal, Totals, Unserved
from bridgehead.engines.network.components import ComponentTables, Demand
from bridgehead.engines.network.costing import Goods, Use
from bridgehead.engines.network.shortest import Graph
from bridgehead.engines.network.topology import Float64, Kind
from bridgehead.engines.network.virtual import Network, VirtualNetwork
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.hashing import content_hash

__all__ = ["METHOD", "VERSION", "Crossings", "Flows", "Progress", "assign", "input_hash"]

METHOD = "all-or-nothing"
VERSION = 2
"""Raised whenever the same tables would give other flows, so that stored results are not taken for new ones."""

LARGEST_IMBALANCE = 1e-6
"""Share of all demand that may be missing or too much at a node through rounding; more is refused, not reported."""

Crossings = Literal["ports", "all"]
Progress = Callable[[int, int], None]


@dataclass
class _Loaded:
    """Yearly tonnes and TEU on the arcs of one kind of goods."""

    priced: VirtualNetwork
    tonnes: Float64
    teu: Float64
    put_in: Float64
    paths: int = 0
    served_t: float = 0.0


@dataclass
class _Work:
    """Everything gathered while the groups of demand are loaded one after the other."""

    demand_year: int
    rows: tuple[Demand, ...]
    loaded: dict[Goods, _Loaded] = field(default_factory=dict)
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
        arcs, nodes = topology.arc_count, len(topology.nodes)
        work.loaded[group.goods] = _Loaded(network.price(group.goods), np.zeros(arcs), np.zeros(arcs), np.zeros(nodes))
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
        loaded.paths += 1


def _result(tables: ComponentTables, network: Network, work: _Work, crossings: Crossings) -> Flows:
    rows = work.rows
    links, payloads = _link_flows(network, work)
    ports = _port_flows(tables, network, links)
    full, days = utilisation(tables, network.topology, network.book, links)
    demand_t = math.fsum(row.tonnes for row in rows)
    lost_t = _imbalance(network, work)
    # Said this way round, a sum that is no number is refused too.
    if not lost_t <= LARGEST_IMBALANCE * demand_t:
        raise BridgeheadError("flows.not_conserved", {"tonnes": lost_t})
    used = {use.parameter for one in work.loaded.values() for use in _uses(one)} | payloads | set(days)
    used |= {one.priced.time_value_parameter for one in work.loaded.values()}
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
        port_totals=_port_totals(tables, ports, rows),
        totals=_totals(network, work, demand_t),
        conservation_error=lost_t / demand_t if demand_t else 0.0,
        parameters=tuple(sorted(used)),
    )


def _uses(loaded: _Loaded) -> list[Use]:
    signatures = set(loaded.priced.topology.signature[loaded.tonnes > 0].tolist())
    return [use for index in signatures for use in loaded.priced.charges[index].uses]


def _link_flows(network: Network, work: _Work) -> tuple[tuple[LinkFlow, ...], set[str]]:
    """Fold the arcs back to real links and directions, with vehicles by the payload of each arc."""
    topology = network.topology
    sums: dict[tuple[int, bool, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    used: set[str] = set()
    for goods, loaded in work.loaded.items():
        for arc in np.flatnonzero((loaded.tonnes > 0) & (topology.kind == Kind.HAUL)).tolist():
            signature = topology.signatures[int(topology.signature[arc])]
            payload = network.model.vehicle_payload(goods, signature)
            used.add(payload.id)
            total = sums[int(topology.link[arc]), bool(topology.forward[arc]), goods.commodity.id]
            total[0] += float(loaded.tonnes[arc])
            total[1] += float(loaded.teu[arc])
            total[2] += float(loaded.tonnes[arc]) / payload.value
    flows = []
    for (index, forward, commodity), (tonnes, teu, vehicles) in sums.items():
        link = topology.links[index]
        start, end = (link.origin, link.destination) if forward else (link.destination, link.origin)
        flows.append(LinkFlow(link.id, link.mode, start, end, commodity, tonnes, teu, vehicles))
    return tuple(sorted(flows, key=lambda row: (row.link, row.origin, row.commodity))), used


def _port_flows(tables: ComponentTables, network: Network, links: Iterable[LinkFlow]) -> tuple[PortFlow, ...]:
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row in links:
        one, other = tables.countries[row.origin], tables.countries[row.destination]
        if row.link not in network.topology.border_links or tables.home_country not in {one, other}:
            continue
        inside, direction = (row.origin, "export") if one == tables.home_country else (row.destination, "import")
        if inside in tables.ports_by_id:
            total = sums[inside, direction, row.commodity]
            for i, amount in enumerate((row.tonnes, row.teu, row.vehicles)):
                total[i] += amount
    return tuple(PortFlow(*key, *amounts) for key, amounts in sorted(sums.items()))


def _port_totals(tables: ComponentTables, ports: Iterable[PortFlow], rows: Iterable[Demand]) -> tuple[PortTotal, ...]:
    modelled: dict[tuple[str, str], float] = defaultdict(float)
    marked: dict[str, float] = defaultdict(float)
    for flow in ports:
        modelled[flow.port, flow.direction] += flow.tonnes
    for row in rows:
        marked[row.calibration_port] += row.tonnes
    return tuple(
        PortTotal(port.id, modelled[port.id, "import"], modelled[port.id, "export"], marked[port.id])
        for port in sorted(tables.ports, key=lambda port: port.id)
    )


def _totals(network: Network, work: _Work, demand_t: float) -> Totals:
    topology = network.topology
    mode = np.array([signature.mode for signature in topology.signatures])[topology.signature]
    tonne_km: dict[str, float] = defaultdict(float)
    money = hours = kg = 0.0
    for loaded in work.loaded.values():
        for name in sorted(set(mode.tolist())):
            here = mode == name
            tonne_km[name] += float(loaded.tonnes[here] @ topology.length_km[here])
        money += float(loaded.tonnes @ loaded.priced.usd_per_t)
        hours += float(loaded.tonnes @ loaded.priced.hours)
        kg += float(loaded.tonnes @ loaded.priced.kg_per_t)
    served = math.fsum(loaded.served_t for loaded in work.loaded.values())
    left = math.fsum(row.tonnes for row in work.unserved)
    return Totals(demand_t, served, left, dict(sorted(tonne_km.items())), money, hours, kg / 1000.0)


def _imbalance(network: Network, work: _Work) -> float:
    """Return the largest difference at any node between what flows in, out, and was put in or taken out, in tonnes."""
    topology = network.topology
    worst = 0.0
    for loaded in work.loaded.values():
        nodes = len(topology.nodes)
        arriving = np.bincount(topology.head, weights=loaded.tonnes, minlength=nodes)
        leaving = np.bincount(topology.tail, weights=loaded.tonnes, minlength=nodes)
        # Unlike max(), numpy hands a sum that is no number on.
        worst = float(np.maximum(worst, np.abs(leaving - arriving - loaded.put_in).max(initial=0.0)))
    return worst
