"""What the operations on corridors, places and routes answer: types that OpenAPI describes."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from bridgehead.rooms.gateway.schemas.flows import FlowParameterOut
from bridgehead.rooms.gateway.schemas.ports import Named, PolicyOut, ProjectOut


class LinkFlowOut(Schema):
    """Modelled freight of a link in one direction."""

    origin: str
    destination: str
    tonnes: float
    utilisation: float | None


class LegOut(Schema):
    """A stretch of a corridor; ``link`` is null where the tables have none."""

    origin: Named
    destination: Named
    mode: str
    link: str | None
    status: str | None
    length_km: float | None
    gauges_mm: list[int]
    speed_kmh: float | None
    capacity: float | None
    capacity_unit: str | None
    capacity_standing: str | None
    capacity_basis: str | None
    border: bool
    gauge_change: bool
    modelled: list[LinkFlowOut]
    standing: str = "model"


class CorridorOut(Schema):
    """A corridor in a list."""

    id: str
    name: str
    name_zh: str
    name_en: str
    origin: Named
    destination: Named
    ports: list[Named]
    modes: list[str]
    length_km: float
    legs_without_link: int
    most_t: float | None
    fullest_share: float | None
    standing: str


class CorridorsOut(Schema):
    """All corridors."""

    statement: str
    base_year: int
    corridors: list[CorridorOut]


class ReportedIndicatorOut(Schema):
    """What CAREC reports of an indicator for a country, in the latest year the facts have."""

    country: str
    value: float
    year: str
    standing: str
    source: str


class IndicatorOut(Schema):
    """A CAREC indicator of a mode: tfi1_h, tfi2_usd, tfi3_usd, swod_kmh or swd_kmh, of the model and as reported.

    ``circular`` where a parameter behind it comes out of the same reports; ``in_rate`` where the cost of a border
    point is part of the rate.
    """

    mode: str
    measure: str
    value: float | None
    in_rate: bool
    circular: bool
    reported: list[ReportedIndicatorOut]
    standing: str = "model"


class PassageOut(Schema):
    """What a stated consignment takes and costs over the whole corridor; null where it cannot pass."""

    consignment: str
    scenario: bool
    hours: float | None
    usd_per_t: float | None
    local_per_t: float | None
    currency: str
    kg_co2e: float | None
    standing: str = "model"


class CorridorPageOut(CorridorOut):
    """A corridor leg by leg."""

    legs: list[LegOut]
    passage: PassageOut
    indicators: list[IndicatorOut]
    notes: list[str]


class PlaceOut(Schema):
    """A place in a list, with the demand that begins and ends there; ``standing`` is that of its weakest row."""

    id: str
    name: str
    name_zh: str
    name_en: str
    kind: str
    country: str
    district: str | None
    out_t: float
    in_t: float
    links: int
    standing: str | None


class PlacesOut(Schema):
    """All places."""

    base_year: int
    places: list[PlaceOut]


class DemandOut(Schema):
    """Yearly demand between a place and another."""

    direction: str
    other: Named
    commodity: str
    tonnes: float
    standing: str
    confidence: str


class PlaceLinkOut(Schema):
    """A link of a place; without freight ``modelled_t`` is null where the link was not open in the base year."""

    id: str
    other: Named
    mode: str
    status: str
    length_km: float
    modelled_t: float | None
    utilisation: float | None


class PortShareOut(Schema):
    """A port that the freight of a place uses in the model."""

    port: Named
    tonnes: float
    standing: str = "model"


class PlacePageOut(Schema):
    """Everything the page of a place shows."""

    id: str
    name: str
    name_zh: str
    name_en: str
    kind: str
    country: str
    district: str | None
    lat: float
    lon: float
    standing: str
    source: str
    answer: list[str]
    demand: list[DemandOut]
    links: list[PlaceLinkOut]
    ports: list[PortShareOut]
    passing_t: float
    corridors: list[Named]
    projects: list[ProjectOut]
    policies: list[PolicyOut]


class ParameterOut(FlowParameterOut):
    """A parameter a route rests on, with the row of the costs table behind it."""

    cost_key: str


class MoneyOut(Schema):
    """Money as text with two decimals, in USD and in the region's currency where the parameters have a rate."""

    usd: str
    local: str | None
    currency: str
    rate: float | None
    rate_standing: str | None


class WayOut(Schema):
    """A way: its course in words, and the engine's own record with legs, totals and parameters used."""

    course: str
    by: str
    money: MoneyOut
    money_per_t: MoneyOut
    route: dict[str, Any]


class AlternativeOut(WayOut):
    """One of the routes that differ: share in common with each better one, what differs from the first, how much more.

    ``differs`` holds port, crossing, mode, gauge_station, transfer or course; ``more`` is a share of the first.
    """

    common: list[float]
    differs: list[str]
    more: float


class AlternativesOut(Schema):
    """The routes that differ, best first; where fewer are found than asked, ``exhausted`` says that no other does."""

    asked: int
    found: int
    most_in_common: float
    exhausted: bool
    routes: list[AlternativeOut]


class ParetoWayOut(WayOut):
    """A route that no other beats in money, time and emissions at once; ``least`` names those it is least in."""

    least: list[str]
    differs: list[str]


class ParetoOut(Schema):
    """All routes that no other beats, the cheapest first; ``complete`` unless the search was given up."""

    complete: bool
    routes: list[ParetoWayOut]


class ExampleOut(Schema):
    """A question somebody may ask; ``query`` goes behind the address of the page or of the operation."""

    origin: str
    destination: str
    commodity: str
    tonnes: float | None
    teu: float | None
    query: str


class RouteOut(Schema):
    """The cheapest, the fastest and the routes that differ; results of the model and no quotation.

    ``train`` is the best by rail all the way where it is none of the others. Where nothing was asked the ways are null
    and ``examples`` are questions one may ask.
    """

    statement: str
    same: bool
    cheapest: WayOut | None
    fastest: WayOut | None
    alternatives: AlternativesOut | None = None
    train: WayOut | None = None
    pareto: ParetoOut | None = None
    parameters: list[ParameterOut]
    examples: list[ExampleOut] = Field(default_factory=list)
    standing: str = "model"
    quotation: bool = False
