"""The best way of one consignment by a criterion, leg by leg, with the parameters behind every number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bridgehead.engines.network.components import ComponentTables, Link
from bridgehead.engines.network.costing import Goods
from bridgehead.engines.network.journey import Consignment, Leg, Route, legs_of, ports_of
from bridgehead.engines.network.labels import Arcs, best_paths, bound, twice
from bridgehead.engines.network.lookup import alike
from bridgehead.engines.network.shortest import Graph
from bridgehead.engines.network.topology import Float64
from bridgehead.engines.network.virtual import (
    DEFAULT_MODES,
    By,
    Network,
    VirtualNetwork,
    Weights,
    goods_of,
    mode_faults,
    year_faults,
)
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

__all__ = [
    "Consignment",
    "Leg",
    "Request",
    "Route",
    "check_consignment",
    "find_route",
    "prepare",
    "weight",
    "weight_faults",
]

LARGEST_T = 100_000_000.0
LARGEST_TEU = 10_000_000.0
"""A consignment above a region's whole yearly freight is a slip of the pen, not a question."""
LARGEST_WEIGHT = 1e9
"""USD; an hour or a kilogram worth more than that is no weight but a slip of the pen."""
TIE_WEIGHT = 1e-9
"""Weight of the other criterion among ways that are equally good: a dollar per tonne counts as 1e-9 hours, and an hour
as 1e-9 dollars per tonne. Without it the fastest way could contain a paid step that takes no time of its own.
"""
_SECOND: Mapping[By, By] = {"cost": "time", "time": "cost", "co2e": "cost", "mix": "time"}


@dataclass(frozen=True)
class Request:
    """A question that has been checked and may be searched: the priced network, what is closed, both ends as nodes.

    `closed` are links that may not be used; `tonnes_parameter` names the row the tonnes of containers rest on.
    """

    tables: ComponentTables
    network: Network
    priced: VirtualNetwork
    consignment: Consignment
    by: By
    weights: Weights | None
    tonnes: float
    tonnes_parameter: str
    closed: frozenset[str]
    source: int
    target: int

    @cached_property
    def criterion(self) -> Float64:
        """The criterion of every arc, infinite where closed."""
        return self.arc_cost(self.by)

    @cached_property
    def cost(self) -> Float64:
        """What is minimised, per arc, with the other criterion to part ways that are equally good."""
        cost = self.criterion
        return cost + TIE_WEIGHT * self.arc_cost(_SECOND[self.by]) if self.by in _SECOND else cost

    @cached_property
    def remaining(self) -> Float64:
        """The least of `cost` from every node to the destination."""
        return bound(self.priced.topology, self.cost, self.target)

    @cached_property
    def best(self) -> Arcs:
        """The best way as arcs of the virtual network.

        Raises
        ------
        BridgeheadError
            `route.no_path`.
        """
        self.check_linked()
        topology = self.priced.topology
        arcs = Graph(topology.first, topology.head, self.cost).tree(self.source).path(self.target)
        if arcs and twice(topology, arcs):
            arcs = next(iter(best_paths(topology, [self.cost], [self.remaining], self.source, self.target).paths), ())
        if not arcs:
            raise self.no_path()
        return arcs

    def check_linked(self) -> None:
        """Refuse a question one of whose ends no link touches (`route.no_path`)."""
        if self.source < 0 or self.target < 0:
            raise self.no_path()

    def no_path(self) -> BridgeheadError:
        """Return the error of a question that has no answer."""
        asked = self.consignment
        detail = {"origin": asked.origin, "destination": asked.destination, "year": self.network.year}
        return BridgeheadError("route.no_path", detail, Place(field="destination"))

    def arc_cost(self, by: By) -> Float64:
        """Return the cost of every arc by a criterion, infinite where closed."""
        return self.priced.cost(by, self.closed, weights=self.weights, tonnes=self.tonnes)

    def route(self, arcs: Sequence[int]) -> Route:
        """Return the route that a chain of arcs makes."""
        legs = tuple(legs_of(self.priced, arcs, self.tonnes))
        return Route(
            self.consignment,
            self.by,
            self.network.year,
            self.tonnes,
            self.consignment.teu,
            legs,
            ports_of(self.tables, legs),
            self.tonnes_parameter,
            self.weights,
        )

    def measure(self, arcs: Sequence[int]) -> float:
        """Return what a chain of arcs comes to by the criterion, per tonne or in hours."""
        return math.fsum(self.criterion[np.asarray(arcs, dtype=np.int64)])


def find_route(
    tables: ComponentTables,
    consignment: Consignment,
    by: By = "cost",
    *,
    include: Iterable[str] = (),
    modes: Sequence[str] = DEFAULT_MODES,
    via: str = "",
    avoid: Sequence[str] = (),
    usd_per_h: float | None = None,
    usd_per_kg_co2e: float | None = None,
    network: Network | None = None,
) -> Route:
    """Find the way of a consignment that is best by a criterion; it enters no place twice.

    Of several ways that cost the same money the fastest is taken, of several that take the same time the cheapest.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    consignment : Consignment
        What goes from where to where.
    by : {"cost", "time", "co2e", "mix", "generalised"}
        What is minimised: USD, hours, kg of CO2 equivalents, USD with hours and emissions at stated weights, or
        generalised cost.
    include : iterable of str
        Links opened for a scenario.
    modes : sequence of str
        Modes that may be used.
    via : str, optional
        Port of the home country through which alone the home border may be crossed.
    avoid : sequence of str
        Ports at which the home border may not be crossed.
    usd_per_h, usd_per_kg_co2e : float, optional
        Weights of a mix for the whole consignment. Without `usd_per_h` an hour counts what the parameters of the goods
        say, without `usd_per_kg_co2e` emissions count nothing.
    network : Network, optional
        A network of the same tables built before; it then decides year, links and modes.

    Raises
    ------
    BridgeheadError
        With every fault of the question: `route.unknown_place`, `route.same_place`, `route.unknown_commodity`,
        `route.bad_consignment`, `route.date_outside_year`, `route.port_avoided`, `route.bad_weight`,
        `route.year_outside_data`, `route.unknown_mode`; or `route.bad_criterion`, `route.no_path`,
        `network.unknown_link`, or a fault of the parameters.
    """
    request = prepare(
        tables, consignment, by, include=include, modes=modes, via=via, avoid=avoid,
        usd_per_h=usd_per_h, usd_per_kg_co2e=usd_per_kg_co2e, network=network,
    )  # fmt: skip
    return request.route(request.best)


def prepare(
    tables: ComponentTables,
    consignment: Consignment,
    by: By = "cost",
    *,
    include: Iterable[str] = (),
    modes: Sequence[str] = DEFAULT_MODES,
    via: str = "",
    avoid: Sequence[str] = (),
    usd_per_h: float | None = None,
    usd_per_kg_co2e: float | None = None,
    network: Network | None = None,
) -> Request:
    """Check a question and price its network; parameters and errors are those of `find_route`."""
    faults = [
        *_consignment_faults(tables, consignment),
        *_port_faults(tables, via, avoid),
        *weight_faults(by, usd_per_h, usd_per_kg_co2e),
    ]
    year = consignment.date.year if consignment.date is not None else consignment.year
    if network is None:
        faults += [*year_faults(tables, year), *mode_faults(modes)]
    if faults:
        raise BridgeheadError.of(faults)
    net = network or Network(tables, year, include=include, modes=modes)
    if consignment.date is not None and net.year != consignment.date.year:
        raise BridgeheadError.of([_outside(consignment.date.isoformat(), net.year)])
    goods = goods_of(tables, consignment.commodity, boxed=consignment.teu is not None)
    priced = net.price(goods)
    tonnes, row = weight(net, goods, consignment)
    weights = None
    if by == "mix":
        own = usd_per_h is None
        hour = priced.time_value_usd_per_t_h * tonnes if usd_per_h is None else usd_per_h
        weights = Weights(hour, usd_per_kg_co2e or 0.0, priced.time_value_parameter if own else "")
    topology = net.topology
    source = topology.origin_node.get(consignment.origin, -1)
    target = topology.destination_node.get(consignment.destination, -1)
    closed = frozenset(_closed(tables, net, consignment, via, avoid))
    return Request(tables, net, priced, consignment, by, weights, tonnes, row, closed, source, target)


def check_consignment(tables: ComponentTables, consignment: Consignment) -> None:
    """Refuse a consignment that cannot be: unknown or equal places, no amount, two, or one out of all reason."""
    if faults := list(_consignment_faults(tables, consignment)):
        raise BridgeheadError.of(faults)


def _consignment_faults(tables: ComponentTables, consignment: Consignment) -> Iterator[Fault]:
    for name in ("origin", "destination"):
        place = getattr(consignment, name)
        if place not in tables.countries:
            yield _unknown(place, tables.countries, name)
    if consignment.origin == consignment.destination:
        yield Fault("route.same_place", {"place": consignment.origin}, Place(field="destination"))
    given = {name: value for name in ("tonnes", "teu") if (value := getattr(consignment, name)) is not None}
    limits = {"tonnes": LARGEST_T, "teu": LARGEST_TEU}
    good = len(given) == 1 and all(math.isfinite(v) and 0 < v <= limits[k] for k, v in given.items())
    if not good:
        stated = ", ".join(f"{name}={value:g}" for name, value in given.items())
        yield Fault("route.bad_consignment", {"given": stated}, Place(field=next(iter(given), "tonnes")))
    yield from date_faults(consignment)


def date_faults(consignment: Consignment) -> Iterator[Fault]:
    """Yield a fault for a day that is none of the year."""
    date, year = consignment.date, consignment.year
    if date is not None and year is not None and date.year != year:
        yield _outside(date.isoformat(), year)


def _outside(date: str, year: int) -> Fault:
    return Fault("route.date_outside_year", {"date": date, "year": year}, Place(field="date"))


def _unknown(place: str, known: Mapping[str, object], field: str) -> Fault:
    return Fault("route.unknown_place", {"place": place, "close": ", ".join(alike(place, known))}, Place(field=field))


def _port_faults(tables: ComponentTables, via: str, avoid: Sequence[str]) -> Iterator[Fault]:
    named = [("via", via)] if via else []
    for field, port in (*named, *(("avoid", port) for port in avoid)):
        if port not in tables.ports_by_id:
            yield _unknown(port, tables.ports_by_id, field)
    if via and via in avoid:
        yield Fault("route.port_avoided", {"port": via}, Place(field="avoid"))


def weight_faults(by: str, usd_per_h: float | None, usd_per_kg_co2e: float | None) -> Iterator[Fault]:
    """Yield a fault for each weight that is no amount of money, or that was given although nothing is mixed."""
    for field, value in (("value_of_time", usd_per_h), ("value_of_carbon", usd_per_kg_co2e)):
        if value is not None and (by != "mix" or not 0.0 <= value <= LARGEST_WEIGHT):
            yield Fault("route.bad_weight", {"value": value, "by": by}, Place(field=field))


def _closed(
    tables: ComponentTables, net: Network, consignment: Consignment, via: str, avoid: Sequence[str]
) -> Iterator[str]:
    """Yield the links that are closed to the goods, on the day, or by the question."""
    ends = frozenset({tables.countries[consignment.origin], tables.countries[consignment.destination]})
    yield from net.topology.closed_to(ends)
    shut = set(avoid)
    if (date := consignment.date) is not None:
        shut |= {port.id for port in tables.ports if port.opening_months and date.month not in port.opening_months}
    if via or shut:
        for link in net.topology.links:
            touched = {link.origin, link.destination}
            if _crosses_home(tables, link) and (touched & shut or (via and via not in touched)):
                yield link.id


def _crosses_home(tables: ComponentTables, link: Link) -> bool:
    home = tables.home_country
    return (tables.countries[link.origin] == home) != (tables.countries[link.destination] == home)


def weight(net: Network, goods: Goods, consignment: Consignment) -> tuple[float, str]:
    """Return the tonnes of a consignment and the id of the parameter they rest on, blank where tonnes were given."""
    if consignment.teu is None:
        return float(consignment.tonnes or 0.0), ""
    row = net.model.tonnes_per_teu(goods)
    return consignment.teu * row.value, row.id
