"""The cheapest or the fastest way of one consignment, leg by leg, with the parameters behind every number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

import numpy as np

from bridgehead.engines.network.components import RAIL, ROAD, ComponentTables, Link
from bridgehead.engines.network.costing import Goods, Use
from bridgehead.engines.network.lookup import alike
from bridgehead.engines.network.shortest import Graph
from bridgehead.engines.network.topology import Kind, Stage
from bridgehead.engines.network.virtual import DEFAULT_MODES, By, Network, VirtualNetwork, goods_of
from bridgehead.kernel.errors import BridgeheadError, Place

CENT = Decimal("0.01")
LARGEST_T = 100_000_000.0
LARGEST_TEU = 10_000_000.0
"""A consignment above a region's whole yearly freight is a slip of the pen, not a question."""
TIE_WEIGHT = 1e-9
"""Weight of the other criterion among ways that are equally good: a dollar per tonne counts as 1e-9 hours, and an hour
as 1e-9 dollars per tonne. Without it the fastest way could contain a paid step that takes no time of its own.
"""
_SECOND: Mapping[By, By] = {"cost": "time", "time": "cost"}


@dataclass(frozen=True, slots=True)
class Consignment:
    """Goods to be sent once: either tonnes or containers, from one place to another, in a year."""

    origin: str
    destination: str
    commodity: str
    tonnes: float | None = None
    teu: float | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of a route.

    `kind` is load, haul, border_exit, border_entry, gauge_change, transfer or unload. A haul runs over `places` (both
    ends included) and `links` without a change of means or country; `border` marks the stretch across a customs
    border, and `countries` of a stretch between two countries stand in the order of the journey. `gauge_mm` of a gauge
    change is the gauge left behind, `new_gauge_mm` the one gained. `money_usd` is rounded to cents, and the legs add up
    to the total.
    """

    kind: str
    mode: str
    gauge_mm: int | None
    new_gauge_mm: int | None
    countries: tuple[str, ...]
    places: tuple[str, ...]
    links: tuple[str, ...]
    border: bool
    km: float
    hours: float
    usd_per_t: float
    money_usd: Decimal
    kg_co2e_per_t: float
    kg_co2e: float
    uses: tuple[Use, ...]
    left_out: tuple[str, ...]

    @property
    def origin(self) -> str:
        """Place where the leg begins."""
        return self.places[0]

    @property
    def destination(self) -> str:
        """Place where the leg ends."""
        return self.places[-1]


@dataclass(frozen=True)
class Route:
    """A way from door to door and what it comes to.

    `tonnes` is the net weight, worked out from containers where `boxed`; `teu` is None unless containers were asked
    for. `ports` are the ports of the home country where the route crosses its border, in order.
    """

    consignment: Consignment
    by: str
    year: int
    tonnes: float
    teu: float | None
    legs: tuple[Leg, ...]
    ports: tuple[str, ...]
    tonnes_parameter: str

    @property
    def boxed(self) -> bool:
        """Whether the consignment travels in containers."""
        return self.teu is not None

    @cached_property
    def km(self) -> float:
        """Length in km."""
        return math.fsum(leg.km for leg in self.legs)

    @cached_property
    def hours(self) -> float:
        """Time from door to door in hours."""
        return math.fsum(leg.hours for leg in self.legs)

    @cached_property
    def usd_per_t(self) -> float:
        """Price in USD per tonne."""
        return math.fsum(leg.usd_per_t for leg in self.legs)

    @cached_property
    def money_usd(self) -> Decimal:
        """Price of the whole consignment in USD, the sum of its legs."""
        return sum((leg.money_usd for leg in self.legs), Decimal(0))

    @cached_property
    def usd_per_teu(self) -> Decimal | None:
        """Price of one container (TEU) in USD, or None where no containers were asked for."""
        return None if self.teu is None else (self.money_usd / Decimal(str(self.teu))).quantize(CENT, ROUND_HALF_UP)

    @cached_property
    def kg_co2e(self) -> float:
        """Emissions of the whole consignment in kg of CO2 equivalents."""
        return math.fsum(leg.kg_co2e for leg in self.legs)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """All places on the way, each change of leg listed once."""
        return tuple(place for place, _ in _runs(place for leg in self.legs for place in leg.places))

    @property
    def crossings(self) -> tuple[tuple[str, str], ...]:
        """Places on both sides of every customs border crossed on land, in order."""
        return tuple((leg.origin, leg.destination) for leg in self.legs if leg.border and leg.mode in {RAIL, ROAD})

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Ids of all parameters used, in order of first use."""
        used = [self.tonnes_parameter] if self.tonnes_parameter else []
        return tuple(dict.fromkeys([*used, *(use.parameter for leg in self.legs for use in leg.uses)]))

    def as_json(self) -> dict[str, Any]:
        """Return the route as a mapping of JSON types; money stands as text with two decimals."""
        legs = []
        for leg in self.legs:
            plain = asdict(leg)
            plain["money_usd"] = str(leg.money_usd)
            legs.append(plain)
        return {
            "consignment": asdict(self.consignment),
            "by": self.by,
            "year": self.year,
            "tonnes": self.tonnes,
            "teu": self.teu,
            "totals": {
                "km": self.km,
                "hours": self.hours,
                "usd_per_t": self.usd_per_t,
                "money_usd": str(self.money_usd),
                "usd_per_teu": None if self.usd_per_teu is None else str(self.usd_per_teu),
                "kg_co2e": self.kg_co2e,
            },
            "ports": list(self.ports),
            "places": list(self.places),
            "parameters": list(self.parameters),
            "legs": legs,
        }


def _runs(items: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield each item with how often it follows itself."""
    last, count = None, 0
    for item in items:
        if item != last and last is not None:
            yield last, count
            count = 0
        last, count = item, count + 1
    if last is not None:
        yield last, count


def find_route(
    tables: ComponentTables,
    consignment: Consignment,
    by: By = "cost",
    *,
    include: Iterable[str] = (),
    modes: Sequence[str] = DEFAULT_MODES,
    via: str = "",
    network: Network | None = None,
) -> Route:
    """Find the way of a consignment that costs least money, least time or least of both together.

    Of several ways that cost the same money the fastest is taken, of several that take the same time the cheapest.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    consignment : Consignment
        What goes from where to where.
    by : {"cost", "time", "generalised"}
        What is minimised: USD, hours, or generalised cost.
    include : iterable of str
        Links opened for a scenario.
    modes : sequence of str
        Modes that may be used.
    via : str, optional
        Port of the home country through which alone the home border may be crossed.
    network : Network, optional
        A network of the same tables built before; it then decides year, links and modes.

    Raises
    ------
    BridgeheadError
        `route.unknown_place`, `route.same_place`, `route.unknown_commodity`, `route.bad_consignment`,
        `route.year_outside_data`, `route.bad_criterion`, `route.unknown_mode`, `route.no_path`,
        `network.unknown_link`, or a fault of the parameters.
    """
    check_consignment(tables, consignment)
    net = network or Network(tables, consignment.year, include=include, modes=modes)
    goods = goods_of(tables, consignment.commodity, boxed=consignment.teu is not None)
    priced = net.price(goods)
    ends = frozenset({tables.countries[consignment.origin], tables.countries[consignment.destination]})
    closed = net.topology.closed_to(ends) | _other_crossings(tables, net, via)
    arcs = _search(priced, consignment, by, closed)
    tonnes, row = weight(net, goods, consignment)
    legs = tuple(_legs(priced, arcs, tonnes))
    return Route(consignment, by, net.year, tonnes, consignment.teu, legs, _ports(tables, legs), row)


def check_consignment(tables: ComponentTables, consignment: Consignment) -> None:
    """Refuse a consignment that cannot be: unknown or equal places, no amount, two, or one out of all reason."""
    for name in ("origin", "destination"):
        place = getattr(consignment, name)
        if place not in tables.countries:
            close = ", ".join(alike(place, tables.countries))
            raise BridgeheadError("route.unknown_place", {"place": place, "close": close}, Place(field=name))
    if consignment.origin == consignment.destination:
        raise BridgeheadError("route.same_place", {"place": consignment.origin}, Place(field="destination"))
    given = {name: value for name in ("tonnes", "teu") if (value := getattr(consignment, name)) is not None}
    limits = {"tonnes": LARGEST_T, "teu": LARGEST_TEU}
    good = len(given) == 1 and all(math.isfinite(v) and 0 < v <= limits[k] for k, v in given.items())
    if not good:
        stated = ", ".join(f"{name}={value:g}" for name, value in given.items())
        raise BridgeheadError("route.bad_consignment", {"given": stated}, Place(field=next(iter(given), "tonnes")))


def _other_crossings(tables: ComponentTables, net: Network, via: str) -> frozenset[str]:
    """Return the links across the home border that do not touch a port; none where no port is prescribed."""
    if not via:
        return frozenset()
    if via not in tables.ports_by_id:
        close = ", ".join(alike(via, tables.ports_by_id))
        raise BridgeheadError("route.unknown_place", {"place": via, "close": close}, Place(field="via"))
    home = tables.home_country
    return frozenset(
        link.id
        for link in net.topology.links
        if via not in {link.origin, link.destination}
        and (tables.countries[link.origin] == home) != (tables.countries[link.destination] == home)
    )


def weight(net: Network, goods: Goods, consignment: Consignment) -> tuple[float, str]:
    """Return the tonnes of a consignment and the id of the parameter they rest on, blank where tonnes were given."""
    if consignment.teu is None:
        return float(consignment.tonnes or 0.0), ""
    row = net.model.tonnes_per_teu(goods)
    return consignment.teu * row.value, row.id


def _search(priced: VirtualNetwork, consignment: Consignment, by: By, closed: frozenset[str]) -> tuple[int, ...]:
    topology = priced.topology
    source = topology.origin_node.get(consignment.origin)
    target = topology.destination_node.get(consignment.destination)
    cost = priced.cost(by, closed)
    if by in _SECOND:
        cost = cost + TIE_WEIGHT * priced.cost(_SECOND[by], closed)
    if source is not None and target is not None:
        tree = Graph(topology.first, topology.head, cost).tree(source)
        if tree.reaches(target):
            return tree.path(target)
    detail = {"origin": consignment.origin, "destination": consignment.destination, "year": topology.year}
    raise BridgeheadError("route.no_path", detail, Place(field="destination"))


def _legs(priced: VirtualNetwork, arcs: Sequence[int], tonnes: float) -> Iterator[Leg]:
    topology = priced.topology
    group: list[int] = []
    for arc in arcs:
        if group and not _joins(priced, group[-1], arc):
            yield _leg(priced, group, tonnes)
            group = []
        group.append(arc)
    if group:
        yield _leg(priced, group, tonnes)
    assert not arcs or topology.nodes[int(topology.tail[arcs[0]])].stage is Stage.ORIGIN


def _joins(priced: VirtualNetwork, last: int, arc: int) -> bool:
    """Whether two arcs belong to one leg: inland hauls on the same means in the same country."""
    topology = priced.topology
    if topology.kind[last] != Kind.HAUL or topology.kind[arc] != Kind.HAUL:
        return False
    one, other = (topology.signatures[int(topology.signature[a])] for a in (last, arc))
    same = (one.mode, one.gauge_mm, one.countries) == (other.mode, other.gauge_mm, other.countries)
    return same and not one.customs and not other.customs and len(one.countries) == 1


def _leg(priced: VirtualNetwork, arcs: Sequence[int], tonnes: float) -> Leg:
    topology = priced.topology
    index = np.asarray(arcs)
    kind = Kind(int(topology.kind[arcs[0]]))
    start, end = topology.nodes[int(topology.tail[arcs[0]])], topology.nodes[int(topology.head[arcs[-1]])]
    signatures = [topology.signatures[int(topology.signature[arc])] for arc in arcs]
    charges = [priced.charges[int(topology.signature[arc])] for arc in arcs]
    links: list[Link] = [topology.links[int(topology.link[arc])] for arc in arcs if topology.link[arc] >= 0]
    places = [start.place, *(topology.nodes[int(topology.head[arc])].place for arc in arcs)] if links else [start.place]
    usd_per_t = math.fsum(priced.usd_per_t[index])
    kg_per_t = math.fsum(priced.kg_per_t[index])
    first = signatures[0]
    return Leg(
        kind=kind.name.lower(),
        mode=first.mode,
        gauge_mm=first.gauge_mm,
        new_gauge_mm=end.gauge_mm if kind is Kind.GAUGE_CHANGE else None,
        countries=first.countries if not first.into or first.countries[-1] == first.into else first.countries[::-1],
        places=tuple(places),
        links=tuple(link.id for link in links),
        border=kind is Kind.HAUL and first.customs,
        km=math.fsum(topology.length_km[index]),
        hours=math.fsum(priced.hours[index]),
        usd_per_t=usd_per_t,
        money_usd=Decimal(repr(usd_per_t * tonnes)).quantize(CENT, ROUND_HALF_UP),
        kg_co2e_per_t=kg_per_t,
        kg_co2e=kg_per_t * tonnes,
        uses=tuple(dict.fromkeys(use for charge in charges for use in charge.uses)),
        left_out=tuple(dict.fromkeys(item for charge in charges for item in charge.left_out)),
    )


def _ports(tables: ComponentTables, legs: Sequence[Leg]) -> tuple[str, ...]:
    """Home ports at which the route crosses the home border."""
    found = [place for leg in legs if leg.border for place in leg.places if place in tables.ports_by_id]
    return tuple(dict.fromkeys(found))
