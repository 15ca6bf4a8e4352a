"""What a route is made of: the consignment, the legs, their sums, and how legs come from arcs."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

import numpy as np

from bridgehead.engines.network.components import RAIL, ROAD, ComponentTables, Link
from bridgehead.engines.network.costing import Use
from bridgehead.engines.network.topology import Kind, Stage
from bridgehead.engines.network.virtual import VirtualNetwork, Weights

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Consignment:
    """Goods to be sent once: either tonnes or containers, from one place to another, in a year or on a day.

    On a day (`date`) the ports that do not work in that month are closed; a year alone closes none.
    """

    origin: str
    destination: str
    commodity: str
    tonnes: float | None = None
    teu: float | None = None
    year: int | None = None
    date: datetime.date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the consignment as a mapping of JSON types."""
        return asdict(self) | {"date": None if self.date is None else self.date.isoformat()}


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of a route.

    `kind` is load, haul, border_exit, border_entry, gauge_change, transfer or unload. A haul runs over `places` (both
    ends included) and `links` without a change of means or country; `border` marks the stretch across a customs
    border, and `countries` of a stretch between two countries stand in the order of the journey. `gauge_mm` of a gauge
    change is the gauge left behind, `new_gauge_mm` the one gained. `moving_hours` are those of a haul without stops.
    `money_usd` is rounded to cents, and the legs add up to the total.
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
    moving_hours: float
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
    for. `ports` are the ports of the home country where the route crosses its border, in order. `weights` are those
    of a mix, None where another criterion was asked for.
    """

    consignment: Consignment
    by: str
    year: int
    tonnes: float
    teu: float | None
    legs: tuple[Leg, ...]
    ports: tuple[str, ...]
    tonnes_parameter: str
    weights: Weights | None = None

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
    def kg_co2e_per_t(self) -> float:
        """Emissions in kg of CO2 equivalents per tonne."""
        return math.fsum(leg.kg_co2e_per_t for leg in self.legs)

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
        own = (self.tonnes_parameter, self.weights.parameter if self.weights else "")
        used = [id_ for id_ in own if id_]
        return tuple(dict.fromkeys([*used, *(use.parameter for leg in self.legs for use in leg.uses)]))

    def as_json(self) -> dict[str, Any]:
        """Return the route as a mapping of JSON types; money stands as text with two decimals."""
        legs = []
        for leg in self.legs:
            plain = asdict(leg)
            plain["money_usd"] = str(leg.money_usd)
            legs.append(plain)
        return {
            "consignment": self.consignment.as_json(),
            "by": self.by,
            "weights": None if self.weights is None else asdict(self.weights),
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


def legs_of(priced: VirtualNetwork, arcs: Sequence[int], tonnes: float) -> Iterator[Leg]:
    """Yield the legs that a chain of arcs from an origin to a destination makes."""
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
        moving_hours=math.fsum(
            charge.moving_hours_per_km * km for charge, km in zip(charges, topology.length_km[index], strict=True)
        ),
        usd_per_t=usd_per_t,
        money_usd=Decimal(repr(usd_per_t * tonnes)).quantize(CENT, ROUND_HALF_UP),
        kg_co2e_per_t=kg_per_t,
        kg_co2e=kg_per_t * tonnes,
        uses=tuple(dict.fromkeys(use for charge in charges for use in charge.uses)),
        left_out=tuple(dict.fromkeys(item for charge in charges for item in charge.left_out)),
    )


def ports_of(tables: ComponentTables, legs: Sequence[Leg]) -> tuple[str, ...]:
    """Home ports at which the route crosses the home border."""
    found = [place for leg in legs if leg.border for place in leg.places if place in tables.ports_by_id]
    return tuple(dict.fromkeys(found))
