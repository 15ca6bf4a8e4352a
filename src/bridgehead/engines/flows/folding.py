"""Fold the flows on arcs of the virtual network back to real links, ports and sums, and check that none got lost.

Every way of loading demand ends here: it gives tonnes and containers on the arcs, by goods.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bridgehead.engines.flows.results import LinkFlow, PortFlow, PortTotal, Totals, Unserved
from bridgehead.engines.network.components import ComponentTables, Demand
from bridgehead.engines.network.costing import Goods, Use
from bridgehead.engines.network.topology import Float64, Kind
from bridgehead.engines.network.virtual import Network, VirtualNetwork
from bridgehead.kernel.errors import BridgeheadError

LARGEST_IMBALANCE = 1e-6
"""Share of all demand that may be missing or too much at a node through rounding; more is refused, not reported."""


@dataclass
class ArcLoad:
    """Yearly tonnes and TEU on the arcs of one kind of goods, and what was put in (or, negative, out) at each node."""

    priced: VirtualNetwork
    tonnes: Float64
    teu: Float64
    put_in: Float64
    served_t: float = 0.0

    @classmethod
    def empty(cls, priced: VirtualNetwork) -> ArcLoad:
        """Return a load of nothing."""
        arcs, nodes = priced.topology.arc_count, len(priced.topology.nodes)
        return cls(priced, np.zeros(arcs), np.zeros(arcs), np.zeros(nodes))


Loads = Mapping[Goods, ArcLoad]


def link_flows(network: Network, loads: Loads) -> tuple[tuple[LinkFlow, ...], set[str]]:
    """Return the flows of links by direction and goods, vehicles by the payload of each arc, and the payloads used."""
    topology = network.topology
    sums: dict[tuple[int, bool, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    used: set[str] = set()
    for goods, loaded in loads.items():
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


def port_flows(tables: ComponentTables, network: Network, links: Iterable[LinkFlow]) -> tuple[PortFlow, ...]:
    """Return the freight over the home border by port, direction and goods."""
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


def port_totals(
    tables: ComponentTables, ports: Iterable[PortFlow], rows: Iterable[Demand], share: float = 1.0
) -> tuple[PortTotal, ...]:
    """Return the modelled freight of every port beside that share of the demand rows marked with it."""
    modelled: dict[tuple[str, str], float] = defaultdict(float)
    marked: dict[str, float] = defaultdict(float)
    for flow in ports:
        modelled[flow.port, flow.direction] += flow.tonnes
    for row in rows:
        marked[row.calibration_port] += row.tonnes * share
    return tuple(
        PortTotal(port.id, modelled[port.id, "import"], modelled[port.id, "export"], marked[port.id])
        for port in sorted(tables.ports, key=lambda port: port.id)
    )


def totals(network: Network, loads: Loads, unserved: Iterable[Unserved], demand_t: float) -> Totals:
    """Return the sums over all served demand."""
    topology = network.topology
    mode = np.array([signature.mode for signature in topology.signatures])[topology.signature]
    tonne_km: dict[str, float] = defaultdict(float)
    money = hours = kg = 0.0
    for loaded in loads.values():
        for name in sorted(set(mode.tolist())):
            here = mode == name
            tonne_km[name] += float(loaded.tonnes[here] @ topology.length_km[here])
        money += float(loaded.tonnes @ loaded.priced.usd_per_t)
        hours += float(loaded.tonnes @ loaded.priced.hours)
        kg += float(loaded.tonnes @ loaded.priced.kg_per_t)
    served = math.fsum(loaded.served_t for loaded in loads.values())
    left = math.fsum(row.tonnes for row in unserved)
    return Totals(demand_t, served, left, dict(sorted(tonne_km.items())), money, hours, kg / 1000.0)


def imbalance(network: Network, loads: Loads) -> float:
    """Return the largest difference at any node between what flows in, out, and was put in or taken out, in tonnes."""
    topology = network.topology
    worst = 0.0
    for loaded in loads.values():
        nodes = len(topology.nodes)
        arriving = np.bincount(topology.head, weights=loaded.tonnes, minlength=nodes)
        leaving = np.bincount(topology.tail, weights=loaded.tonnes, minlength=nodes)
        # Unlike max(), numpy hands a sum that is no number on.
        worst = float(np.maximum(worst, np.abs(leaving - arriving - loaded.put_in).max(initial=0.0)))
    return worst


def refuse_loss(lost_t: float, demand_t: float) -> float:
    """Return an imbalance as a share of all demand.

    Raises
    ------
    BridgeheadError
        `flows.not_conserved` if it is more than rounding explains.
    """
    # Said this way round, a sum that is no number is refused too.
    if not lost_t <= LARGEST_IMBALANCE * demand_t:
        raise BridgeheadError("flows.not_conserved", {"tonnes": lost_t})
    return lost_t / demand_t if demand_t else 0.0


def parameters_of(loads: Loads) -> set[str]:
    """Return the ids of the parameters behind the costs of all arcs with freight."""
    used = {use.parameter for one in loads.values() for use in _uses(one)}
    return used | {one.priced.time_value_parameter for one in loads.values()}


def _uses(loaded: ArcLoad) -> list[Use]:
    signatures = set(loaded.priced.topology.signature[loaded.tonnes > 0].tolist())
    return [use for index in signatures for use in loaded.priced.charges[index].uses]
