"""What the operations on port models and their runs give out."""

from __future__ import annotations

from typing import Any

from ninja import Schema


class PortFigureOut(Schema):
    """A figure of a model; ``assumed`` tells an assumption from an estimate of somebody else."""

    id: str
    label: str
    value: float | str
    unit: str
    standing: str
    assumed: bool
    source: str | None
    source_date: str | None
    note: str | None


class LoadOut(Schema):
    """How much a station has to do in the long run; ``load`` is null where nobody waits."""

    station: str
    name: str
    units_per_day: float | None
    load: float | None


class PortModelOut(Schema):
    """A port's model; an ``illustrative`` one has too few reported figures to staff a port by it."""

    port: str
    title: str
    sentence: str
    illustrative: bool
    figures: list[PortFigureOut]
    loads: list[LoadOut]
    warnings: list[dict[str, Any]]


class PortModelLineOut(Schema):
    """A port's model in the list of all; ``group`` is ``checked`` against reports, ``other`` or ``illustrative``."""

    port: str
    name: str
    title: str
    group: str
    stages: int
    figures: int
    reported: int
    checks: int
    units_per_day: float | None
    busiest: LoadOut


class PortModelsOut(Schema):
    """Every port model of the region."""

    sentence: str
    models: list[PortModelLineOut]


class LanesOut(Schema):
    """Lanes against stay once they are computed; ``refused`` says why a model gives no such answer."""

    port: str
    run: str
    lanes: str | None
    counts: list[int]
    key: str | None
    sentence: str | None
    curve: dict[str, Any] | None
    refused: dict[str, Any] | None


class StaffingOut(Schema):
    """The lanes that keep a promise once they are found; ``refused`` says why a model gives no such answer."""

    port: str
    run: str
    promise: str | None
    between: dict[str, tuple[int, int]]
    key: str | None
    sentence: str | None
    advice: dict[str, Any] | None
    refused: dict[str, Any] | None


class PortRunOut(Schema):
    """A run: how it was asked for, and its report once it is computed; see the documentation of port results."""

    id: str
    port: str
    title: str
    changed: dict[str, float | str]
    replications: int
    seed: int
    horizon_min: float
    warmup_min: float | None
    key: str
    withdrawn: bool
    sentence: str | None
    report: dict[str, Any] | None


class DifferenceOut(Schema):
    """A figure of two runs, second minus first with its 95 % interval; null where there is none."""

    name: str
    label: str
    first: float | None
    second: float | None
    difference: float | None
    low: float | None
    high: float | None


class PortRunsComparedOut(Schema):
    """Two runs side by side; ``paired`` tells whether they share their random numbers; no rows until both are there."""

    runs: list[str]
    paired: bool | None
    sentence: str | None
    rows: list[DifferenceOut]
