"""The tables an engine works on, as frozen records: places, ports, links, commodities, demand and parameters.

Nothing here has a name in a human language: a record carries ids and numbers only, so that an engine cannot come to
depend on what a region calls its places. `bridgehead.regions` builds these records from the checked tables of a
region.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType

from bridgehead.kernel.hashing import content_hash

OPEN = "open"
RAIL = "rail"
ROAD = "road"
SEA = "sea"
AIR = "air"
MODES = (RAIL, ROAD, SEA, AIR)
BILATERAL = "bilateral"


@dataclass(frozen=True, slots=True)
class Place:
    """A city, hub, mine, seaport, junction or foreign border station where links meet."""

    id: str
    country: str
    kind: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Port:
    """A border port of the home country: a place with a mode and a counterpart country.

    `opening_months` lists the months (1 to 12) in which the port works; empty means the months are not known, which
    the engines read as all year. A port whose `opening_scope` is `bilateral` serves goods that begin and end in the
    home country and the counterpart country only; goods of third countries may not pass it.
    """

    id: str
    mode: str
    status: str
    country: str
    counterpart_country: str
    lat: float | None
    lon: float | None
    opening_months: tuple[int, ...] = ()
    opening_scope: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch between two places, usable in both directions by one mode.

    `gauges_mm` is empty except on rail; two gauges mean that trains of both run on the stretch. `capacity` counts in
    `capacity_unit`; None means that the link is not limited or not modelled. A link whose `status` is not `open`
    exists from `status_year` on, or, without a year, only when a caller names it.
    """

    id: str
    origin: str
    destination: str
    mode: str
    length_km: float
    gauges_mm: tuple[int, ...] = ()
    link_class: str = ""
    electrified: bool | None = None
    tracks: int | None = None
    speed_kmh: float | None = None
    capacity: float | None = None
    capacity_unit: str = ""
    capacity_basis: str = ""
    status: str = OPEN
    status_year: int | None = None
    confidence: str = ""


def link_id(origin: str, destination: str, mode: str) -> str:
    """Return the id of the link between two places by one mode: `<from>--<to>--<mode>`."""
    return f"{origin}--{destination}--{mode}"


@dataclass(frozen=True, slots=True)
class Commodity:
    """A kind of goods with the classes that choose its rates and the value that prices its time."""

    id: str
    freight_class: str
    rail_tariff_class: str
    value_usd_per_t: float
    unit_load: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """A yearly flow of one commodity between two places.

    `teu` states the same cargo in containers and is None where it is not boxed. `calibration_port` is the port whose
    reported total the row was scaled to: a mark, not a route.
    """

    origin: str
    destination: str
    commodity: str
    tonnes: float
    teu: float | None
    year: int
    calibration_port: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the cost model with its selectors, unit and provenance.

    A blank selector fits everything. `standing` and `basis` say how far to trust the value; `basis` is `copied`,
    `derived` or `assumption`. `freight_class` fits a commodity's freight class or its rail tariff class.
    """

    id: str
    quantity: str
    mode: str
    country: str
    gauge_mm: int | None
    link_class: str
    freight_class: str
    place: str
    value: float
    unit: str
    standing: str = ""
    basis: str = ""
    source: str = ""
    year: int | None = None
    note: str = ""


@dataclass(frozen=True)
class ComponentTables:
    """Everything the network and flow engines read, in one immutable object."""

    home_country: str
    base_year: int
    places: tuple[Place, ...]
    ports: tuple[Port, ...]
    links: tuple[Link, ...]
    commodities: tuple[Commodity, ...]
    demand: tuple[Demand, ...]
    parameters: tuple[Parameter, ...]

    def __getstate__(self) -> Mapping[str, object]:
        """Return the rows alone: what is derived from them does not travel to another process."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def countries(self) -> Mapping[str, str]:
        """Country of every place and port by id."""
        found = {place.id: place.country for place in self.places}
        found.update({port.id: port.country for port in self.ports})
        return MappingProxyType(found)

    @cached_property
    def ports_by_id(self) -> Mapping[str, Port]:
        """Ports by id."""
        return MappingProxyType({port.id: port for port in self.ports})

    @cached_property
    def links_by_id(self) -> Mapping[str, Link]:
        """Links by id."""
        return MappingProxyType({link.id: link for link in self.links})

    @cached_property
    def commodities_by_id(self) -> Mapping[str, Commodity]:
        """Commodities by id."""
        return MappingProxyType({commodity.id: commodity for commodity in self.commodities})

    @cached_property
    def horizon(self) -> tuple[int, int]:
        """First and last year the tables can speak of.

        The first is the base year of costs and demand; the last is the latest year that a link's opening or a demand
        row names.
        """
        years = [link.status_year for link in self.links if link.status_year is not None]
        years += [row.year for row in self.demand]
        return self.base_year, max([self.base_year, *years])

    @cached_property
    def content_hash(self) -> str:
        """Hash of all rows, independent of the order in which a file lists them."""
        tables = {
            name: sorted((_plain(row) for row in getattr(self, name)), key=repr)
            for name in ("places", "ports", "links", "commodities", "demand", "parameters")
        }
        return content_hash({"home_country": self.home_country, "base_year": self.base_year, "tables": tables})


def _plain(row: Place | Port | Link | Commodity | Demand | Parameter) -> list[object]:
    values = (getattr(row, name) for name in row.__dataclass_fields__)
    return [list(value) if isinstance(value, tuple) else value for value in values]
