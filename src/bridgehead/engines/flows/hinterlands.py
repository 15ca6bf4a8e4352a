"""Where the freight of a port begins and ends, how concentrated that is, and how much of it ends beside the port."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bridgehead.engines.flows.paths import FlowPath
from bridgehead.engines.flows.port_costs import IMPORT, direction_of
from bridgehead.engines.flows.port_profiles import DEMAND, MODEL, herfindahl, shares_of
from bridgehead.engines.network.components import ComponentTables, Demand, Port

EARTH_RADIUS_KM = 6371.0088

PROCESSING_KINDS = ("processing park", "border economic zone", "bonded zone")
"""Beginnings of the kinds of places that are made to work up what a port brings in."""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a hinterland, a league or city or else a country: tonnes a year and share of the port's freight."""

    id: str
    tonnes: float
    share: float


@dataclass(frozen=True, slots=True)
class Hinterland:
    """Where the freight of a port begins and ends.

    `basis` is `model` where the ways of the loading were counted, else `demand` where the loading sends nothing over
    the port and the ends of the demand that bears its mark stand in; distances are then None. Concentrations are
    Herfindahl indices of the areas, None without freight; means are weighted with tonnes.
    """

    port: str
    basis: str
    tonnes: float
    home: tuple[Area, ...]
    abroad: tuple[Area, ...]
    pairs: tuple[tuple[tuple[str, str], float], ...]
    home_concentration: float | None
    abroad_concentration: float | None
    home_km: float | None
    abroad_km: float | None


@dataclass(frozen=True, slots=True)
class Site:
    """A place for processing near a port: its kind, great-circle distance, and import tonnes that end there."""

    place: str
    kind: str
    km: float
    tonnes: float


@dataclass(frozen=True, slots=True)
class Nearby:
    """How much of a port's imports ends near it, by the destinations of the demand or the model (`basis`).

    `processed_t` ends at a place made for processing within reach, `other_near_t` at another place within reach:
    what happens to it there is not known. The rest, `onward_t`, goes farther. What is not known is None: a port
    without a position, or without imports.
    """

    port: str
    basis: str
    import_t: float
    processed_t: float | None
    other_near_t: float | None
    sites: tuple[Site, ...]

    @property
    def processed_share(self) -> float | None:
        """Share of imports that ends at a place for processing within reach."""
        return self.processed_t / self.import_t if self.processed_t is not None and self.import_t else None

    @property
    def onward_t(self) -> float | None:
        """Import tonnes that go on beyond reach."""
        if self.processed_t is None or self.other_near_t is None:
            return None
        return max(0.0, self.import_t - self.processed_t - self.other_near_t)


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the distance of two points on a sphere in km (haversine formula); degrees in."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def hinterlands(
    tables: ComponentTables,
    rows: Iterable[Demand],
    paths: Iterable[FlowPath],
    areas: Mapping[str, str],
) -> tuple[Hinterland, ...]:
    """Return the hinterland of every port with freight in the model or the demand, by id.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    rows : iterable of Demand
        Demand of the year.
    paths : iterable of FlowPath
        Ways of that demand in the model.
    areas : mapping
        Place to the id of its league or city; a place that is not named counts for its country.
    """
    ways: dict[str, list[FlowPath]] = defaultdict(list)
    for path in paths:
        for port in path.ports:
            ways[port].append(path)
    marked: dict[str, list[Demand]] = defaultdict(list)
    for row in rows:
        if row.calibration_port in tables.ports_by_id and direction_of(tables, row.origin, row.destination):
            marked[row.calibration_port].append(row)
    return tuple(
        _hinterland(tables, port, ways.get(port) or marked[port], MODEL if port in ways else DEMAND, areas)
        for port in sorted({*ways, *marked})
    )


def _hinterland(
    tables: ComponentTables, port: str, flows: Iterable[FlowPath | Demand], basis: str, areas: Mapping[str, str]
) -> Hinterland:
    listed = list(flows)
    pairs: dict[tuple[str, str], float] = defaultdict(float)
    home: dict[str, float] = defaultdict(float)
    abroad: dict[str, float] = defaultdict(float)
    for flow in listed:
        ends = sorted((flow.origin, flow.destination), key=lambda end: tables.countries[end] != tables.home_country)
        inside, outside = (areas.get(end, tables.countries[end]) for end in ends)
        home[inside] += flow.tonnes
        abroad[outside] += flow.tonnes
        pairs[inside, outside] += flow.tonnes
    whole = math.fsum(flow.tonnes for flow in listed)
    known = [flow for flow in listed if isinstance(flow, FlowPath)] if whole > 0 else []
    return Hinterland(
        port=port,
        basis=basis,
        tonnes=whole,
        home=_areas(home),
        abroad=_areas(abroad),
        pairs=tuple(sorted(shares_of(pairs).items())),
        home_concentration=herfindahl(shares_of(home).values()) if whole > 0 else None,
        abroad_concentration=herfindahl(shares_of(abroad).values()) if whole > 0 else None,
        home_km=_mean_km(tables, known, at_home=True),
        abroad_km=_mean_km(tables, known, at_home=False),
    )


def _areas(tonnes: Mapping[str, float]) -> tuple[Area, ...]:
    shares = shares_of(tonnes)
    listed = sorted(tonnes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Area(id_, amount, shares.get(id_, 0.0)) for id_, amount in listed)


def _mean_km(tables: ComponentTables, ways: list[FlowPath], *, at_home: bool) -> float | None:
    """Return the mean length of the part at home or abroad; the link over the border counts abroad."""
    if not ways:
        return None
    run = 0.0
    for way in ways:
        for step in way.steps:
            inside = {tables.countries[step.origin], tables.countries[step.destination]} == {tables.home_country}
            if inside == at_home:
                run += tables.links_by_id[step.link].length_km * way.tonnes
    return run / math.fsum(way.tonnes for way in ways)


def nearby(
    tables: ComponentTables, rows: Iterable[Demand], paths: Iterable[FlowPath], near_km: float
) -> tuple[Nearby, ...]:
    """Return how much of the imports of each port ends near it, ports by id.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    rows, paths : iterables
        Demand of the year and its ways; the marked demand of a port goes before its ways in the model.
    near_km : float
        Great-circle distance from the port that counts as near.
    """
    ends: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    bases: dict[str, str] = {}
    for row in rows:
        if direction_of(tables, row.origin, row.destination) == IMPORT and row.calibration_port in tables.ports_by_id:
            ends[row.calibration_port][row.destination] += row.tonnes
            bases[row.calibration_port] = DEMAND
    for path in paths:
        if direction_of(tables, path.origin, path.destination) != IMPORT:
            continue
        for port in path.ports:
            if bases.setdefault(port, MODEL) == MODEL:
                ends[port][path.destination] += path.tonnes
    return tuple(
        _nearby(tables, port, ends.get(port.id, {}), bases.get(port.id, ""), near_km)
        for port in sorted(tables.ports, key=lambda port: port.id)
    )


def _nearby(tables: ComponentTables, port: Port, ends: Mapping[str, float], basis: str, near_km: float) -> Nearby:
    whole = math.fsum(ends.values())
    if port.lat is None or port.lon is None:
        return Nearby(port.id, basis, whole, None, None, ())
    sites, other = [], 0.0
    for place in tables.places:
        if place.country != tables.home_country:
            continue
        km = great_circle_km(port.lat, port.lon, place.lat, place.lon)
        if km > near_km:
            continue
        if place.kind.startswith(PROCESSING_KINDS):
            sites.append(Site(place.id, place.kind, km, ends.get(place.id, 0.0)))
        else:
            other += ends.get(place.id, 0.0)
    listed = tuple(sorted(sites, key=lambda site: (-site.tonnes, site.km, site.place)))
    if not whole:
        return Nearby(port.id, basis, 0.0, None, None, listed)
    return Nearby(port.id, basis, whole, math.fsum(site.tonnes for site in listed), other, listed)
