"""What the operations of the gateway answer: types that OpenAPI describes."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema

from bridgehead.kernel.source import Figure
from bridgehead.rooms.gateway.selectors.throughput import Point


class FigureOut(Schema):
    """One figure with what it rests on; ``value`` is null where nothing was found."""

    value: float | None
    unit: str
    standing: str
    qualifier: str
    confidence: str
    source: str
    source_date: str
    period_from: date | None
    period_to: date | None
    note: str


class PointOut(Schema):
    """A reported value of a metric in a year, for a port or a group of ports."""

    subject: str
    metric: str
    year: int
    full_year: bool
    yoy_pct: float | None
    figure: FigureOut


class Named(Schema):
    """A thing with its id and its name in the language asked for."""

    id: str
    name: str


class ClassOut(Schema):
    """The class of a port: ``statutory`` where the regulation's is assigned, ``plan`` for that of a plan, or none."""

    kind: str
    word: str
    label: str
    standing: str | None
    source: str


class TargetOut(Schema):
    """A target and what was reached of it."""

    subject: Named
    metric: str
    label: str
    year: int
    stretch: bool
    target: FigureOut
    reached: FigureOut | None
    share: float | None
    share_of_year: float | None
    words: str


class PortOut(Schema):
    """A port in a list; ``reported`` may speak of the group named in ``reported_of``."""

    id: str
    name: str
    name_zh: str
    name_en: str
    mode: str
    status: str
    counterpart: str
    counterpart_country: str
    port_class: ClassOut
    imports: list[str]
    exports: list[str]
    year: int
    reported: FigureOut | None
    reported_of: str | None
    modelled: FigureOut | None
    modelled_border_utilisation: float | None
    series: list[PointOut]
    members: list[str]


class HomeOut(Schema):
    """The first page."""

    headline: str
    lead: str
    year: int | None
    figure: FigureOut | None
    target_year: int | None
    targets: list[TargetOut]
    ports: list[PortOut]
    base_year: int
    modelled_t: float
    links_with_capacity: int
    links_with_sourced_capacity: int
    overloads: int


class PortsOut(Schema):
    """A list of ports."""

    found: int
    every: int
    base_year: int
    ports: list[PortOut]


class FactOut(Schema):
    """A line of the facts of a port; ``text`` is null where nothing was found."""

    label: str
    text: str | None
    standing: str | None
    source: str
    source_date: str
    note: str


class GoodsOut(Schema):
    """Modelled tonnes of a commodity by direction."""

    id: str
    name: str
    import_t: float
    export_t: float
    standing: str = "model"


class EndOut(Schema):
    """An end of the freight of a port in the model."""

    id: str
    name: str
    tonnes: float
    standing: str = "model"


class ComparisonOut(Schema):
    """Model beside report; ``difference_t`` is model minus report."""

    year: int
    reported: FigureOut | None
    reported_of: str | None
    modelled: FigureOut | None
    difference_t: float | None
    ratio: float | None
    reasons: list[str]


class ClearanceOut(Schema):
    """A figure on crossing."""

    label: str
    direction: str
    year: int | None
    figure: FigureOut


class ProjectOut(Schema):
    """A project."""

    id: str
    name: str
    kind: str
    status: str
    capacity: str | None
    cost: str | None
    start: str | None
    finish: str | None
    standing: str
    source: str
    source_date: str
    note: str


class PolicyOut(Schema):
    """A reported target, plan or figure."""

    kind: str
    label: str
    subject: str
    year: int | None
    words: str
    figure: FigureOut


class ConflictOut(Schema):
    """Reports that do not fit together."""

    kind: str
    metric: str
    label: str
    subject: str
    points: list[PointOut]


class QuestionOut(Schema):
    """What is not known, and the table and column that would answer it."""

    text: str
    table: str
    column: str


class PortPageOut(Schema):
    """Everything the page of a port shows."""

    id: str
    name: str
    name_zh: str
    name_en: str
    mode: str
    status: str
    answer: list[str]
    port_class: ClassOut
    class_facts: list[FactOut]
    capacity_facts: list[FactOut]
    imports: list[str]
    exports: list[str]
    throughput: list[PointOut]
    other_metrics: list[PointOut]
    comparison: ComparisonOut
    modelled_goods: list[GoodsOut]
    hinterland_home: list[EndOut]
    hinterland_abroad: list[EndOut]
    clearance: list[ClearanceOut]
    projects: list[ProjectOut]
    targets: list[TargetOut]
    same_class: list[Named]
    conflicts: list[ConflictOut]
    questions: list[QuestionOut]
    policies: list[PolicyOut]


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
    notes: list[str]


class PlaceOut(Schema):
    """A place in a list, with the demand that begins and ends there."""

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
    standing: str = "estimate"


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
    """A link of a place."""

    id: str
    other: Named
    mode: str
    status: str
    length_km: float
    modelled_t: float
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


class ParameterOut(Schema):
    """A parameter a route rests on."""

    id: str
    quantity: str
    label: str
    scope: str
    value: float
    unit: str
    standing: str
    basis: str
    source: str
    year: int | None
    cost_key: str
    note: str


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


class ExampleOut(Schema):
    """A question somebody may ask; ``query`` goes behind the address of the page or of the operation."""

    origin: str
    destination: str
    commodity: str
    tonnes: float | None
    teu: float | None
    query: str


class RouteOut(Schema):
    """The cheapest and the fastest way; results of the model and no quotation.

    Where nothing was asked the ways are null and ``examples`` are questions one may ask.
    """

    statement: str
    same: bool
    cheapest: WayOut | None
    fastest: WayOut | None
    parameters: list[ParameterOut]
    examples: list[ExampleOut] = []
    standing: str = "model"
    quotation: bool = False


def figure(value: Figure | None) -> FigureOut | None:
    """Return a figure as the interface gives it."""
    if value is None:
        return None
    return FigureOut(
        value=value.value,
        unit=value.unit,
        standing=str(value.standing),
        qualifier=str(value.qualifier),
        confidence=value.confidence,
        source=value.source,
        source_date=value.source_date,
        period_from=value.period_from,
        period_to=value.period_to,
        note=value.note,
    )


def point(value: Point) -> PointOut:
    """Return a point as the interface gives it."""
    shown = figure(value.figure)
    assert shown is not None
    return PointOut(
        subject=value.subject,
        metric=value.metric,
        year=value.year,
        full_year=value.full_year,
        yoy_pct=value.yoy_pct,
        figure=shown,
    )
