"""What the operations on the first page and the ports answer: types that OpenAPI describes."""

from __future__ import annotations

from datetime import date

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


class StatedOut(Schema):
    """One of the figures that do not fit together, with the day or year it speaks of."""

    when: str
    figure: FigureOut


class ConflictOut(Schema):
    """Reports that do not fit together; ``kind`` is values, year, falls or totals."""

    kind: str
    metric: str
    label: str
    subject: str
    stated: list[StatedOut]


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
