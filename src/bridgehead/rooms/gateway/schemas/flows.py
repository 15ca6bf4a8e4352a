"""What the operations beside the flows and the published routes answer: types that OpenAPI describes."""

from __future__ import annotations

from ninja import Schema

from bridgehead.rooms.gateway.schemas.ports import FigureOut, Named, PointOut


class TotalsOut(Schema):
    """Sums over the loading; tonnes a year. ``import_t`` and ``export_t`` pass the region's ports."""

    demand_rows: int
    demand_t: float
    demand_standing: str
    served_t: float
    unserved_t: float
    import_t: float
    export_t: float
    tonne_km: dict[str, float]
    money_usd: float
    t_co2e: float
    conservation_error: float
    standing: str = "model"


class LinkWayOut(Schema):
    """Freight of a link in one direction. ``load`` and ``capacity`` count in ``unit``; null without a capacity."""

    origin: str
    destination: str
    tonnes: float
    load: float | None
    capacity: float | None
    unit: str | None
    utilisation: float | None
    wait_h: float | None


class LinkOut(Schema):
    """A link with its freight; ``origin`` is the end most of it comes from, ``utilisation`` that of the fuller way."""

    link: str
    mode: str
    length_km: float
    origin: Named
    destination: Named
    directions: list[LinkWayOut]
    utilisation: float | None
    commodities: dict[str, float]
    standing: str = "model"
    capacity: FigureOut | None


class PortCheckOut(Schema):
    """Model beside report; ``members`` are the ports summed over, empty for the whole region."""

    id: str
    name: str
    reported: PointOut | None
    reported_of: str | None
    modelled: FigureOut | None
    difference_t: float | None
    ratio: float | None
    members: list[str]
    remarks: list[str]


class ModeOut(Schema):
    """Freight over the home border by mode, with the share of all modes named."""

    mode: str
    reported: PointOut | None
    reported_share: float | None
    modelled: FigureOut
    modelled_share: float | None


class FlowParameterOut(Schema):
    """A parameter the loading rests on."""

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
    note: str


class QueueOut(Schema):
    """A queue before a link in one direction, or before the change of gauge at a ``place``; loads count in ``unit``."""

    link: str | None
    place: str | None
    origin: str
    destination: str
    load: float
    background: float
    unit: str
    utilisation: float
    wait_h: float
    standing: str = "model"
    capacity: FigureOut


class NotSentOut(Schema):
    """Tonnes of a demand row that are not sent; ``reason`` is no_path or overflow."""

    origin: Named
    destination: Named
    commodity: Named
    tonnes: float
    reason: str


class QualityOut(Schema):
    """How good the equilibrium is."""

    relative_gap: float
    reached: bool
    average_excess_cost: float
    conservation_error: float
    iterations: int
    passes: int


class FlowsOut(Schema):
    """The loading of the base year; a result of the model and no forecast.

    ``found`` links are left by the filters, on ``pages`` pages; without ``page`` all of them are given.
    """

    statement: str
    method: str
    year: int
    demand_year: int
    crossings: str
    input_hash: str
    standing: str = "model"
    forecast: bool = False
    totals: TotalsOut
    quality: QualityOut
    queues: list[QueueOut]
    unserved: list[NotSentOut]
    overloads: list[LinkOut]
    ports: list[PortCheckOut]
    region: PortCheckOut | None
    modes: list[ModeOut]
    links_with_freight: int
    links_with_capacity: int
    links_with_sourced_capacity: int
    found: int
    page: int
    pages: int
    links: list[LinkOut]
    parameters_by_standing: dict[str, int]
    parameters: list[FlowParameterOut]


class PublishedOut(Schema):
    """A published figure with ours; ``ratio`` is ours over published, ``circular`` the parameters made from it.

    ``crossings`` are the borders our way crosses on land; ``over_ports`` gives our figure over each port of the region
    where the source names no crossing and our way passes them all by.
    """

    id: str
    origin: Named
    destination: Named
    commodity: Named
    tonnes: float | None
    teu: float | None
    by: str
    modes: list[str]
    via: str | None
    ports: list[str]
    crossings: list[list[str]]
    over_ports: dict[str, float]
    metric: str
    metric_name: str
    meaning: str
    published: FigureOut
    ours: FigureOut
    ratio: float
    plausible: bool
    circular: list[str]
    explanation: str | None


class PublishedRoutesOut(Schema):
    """Every published figure with ours; empty for a region without such a table."""

    statement: str
    low: float
    high: float
    every: int
    near: int
    circular: int
    explained: int
    unexplained: int
    routes: list[PublishedOut]
