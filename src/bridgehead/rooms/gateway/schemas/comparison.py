"""What the operation on compared scenarios gives out."""

from __future__ import annotations

from ninja import Schema


class PairOut(Schema):
    """A figure of the base and of the scenario, and the difference."""

    base: float
    scenario: float
    change: float


class MeasureOut(Schema):
    """One of the figures that stand side by side."""

    name: str
    label: str
    unit: str
    figure: PairOut


class PortChangeOut(Schema):
    """Freight over the home border at a port, of one commodity in one direction, in tonnes."""

    port: str
    direction: str
    commodity: str
    tonnes: PairOut


class MoveOut(Schema):
    """Tonnes that cross the border elsewhere; ``unsent`` and ``demand`` stand for not sent and not asked for."""

    commodity: str
    before: list[str]
    after: list[str]
    tonnes: float


class QueueChangeOut(Schema):
    """A queue before a link in one direction or a change of gauge; null vehicles where the load counts tonnes."""

    link: str | None
    place: str | None
    origin: str
    destination: str
    use: PairOut
    wait_h: PairOut
    vehicles: PairOut | None


class WaitOut(Schema):
    """Freight that waits for a closed link: mean days, backlog in days of work, days until it is gone (null: never)."""

    link: str
    origin: str
    destination: str
    tonnes: float
    days: float
    backlog_days: float
    clearing_days: float | None


class LinkChangeOut(Schema):
    """Freight over a link in one direction, in tonnes."""

    link: str
    origin: str
    destination: str
    tonnes: PairOut


class DistrictChangeOut(Schema):
    """What a scenario does to shippers (cost in USD) and ports (tonnes) of a league or city."""

    district: str
    name: str
    shippers: str
    shippers_cost_usd: PairOut
    not_sent_t: PairOut
    ports: str
    ports_t: PairOut


class ComparedOut(Schema):
    """One scenario beside the base of as many days."""

    id: str
    title: str
    year: int
    days: int
    findings: list[str]
    measures: list[MeasureOut]
    tonne_km: dict[str, PairOut]
    ports: list[PortChangeOut]
    moves: list[MoveOut]
    queues: list[QueueChangeOut]
    waits: list[WaitOut]
    links: list[LinkChangeOut]
    districts: list[DistrictChangeOut]
    relative_gap: float
    gap_reached: bool
    conservation_error: float
    method: str
    parameters: list[str]
    input_hash: str
    base_hash: str
    standing: str = "model"


class ScenarioComparisonOut(Schema):
    """Scenarios side by side; until all were run only how far that is, ``done`` of ``total``."""

    computed: bool
    done: int
    total: int
    headline: str
    scenarios: list[ComparedOut]
