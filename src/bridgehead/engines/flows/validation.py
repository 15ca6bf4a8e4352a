"""Validation: what a calibrated model says of figures it was not held to, beside a naive guess.

Each line sets a report beside the model's figure and what somebody without a model would say: the marks of the demand
rows themselves, and for later years that every port grows as the region did. A model that comes no nearer adds nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from bridgehead.engines.flows.calibration import Calibration, Constant, Target, calibrate
from bridgehead.engines.flows.demand import demand_of
from bridgehead.engines.flows.freight import Settings
from bridgehead.engines.flows.freight_flows import FreightFlows, equilibrate
from bridgehead.engines.flows.results import unreadable
from bridgehead.engines.flows.train_goods import TrainGoods, train_goods
from bridgehead.engines.network.components import OPEN, RAIL, ComponentTables, Demand
from bridgehead.engines.network.virtual import Network
from bridgehead.kernel.source import Figure, Qualifier, Standing

VERSION = 2
"""Raised whenever the same tables would give another report."""
TARGET, UNUSED, MODE, COUNTRY, TRAINS, CHANGE, LEFT_OUT = (
    "target", "unused", "mode", "country", "trains", "change", "left_out",
)  # fmt: skip
KINDS = (TARGET, UNUSED, MODE, COUNTRY, TRAINS, CHANGE, LEFT_OUT)
NEARER = 0.005
"""Share of a report by which the model must be nearer to it than the guess, to count as nearer."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Told:
    """A reported figure that was not targeted.

    Parameters
    ----------
    kind : str
        `UNUSED` (freight of ports), `MODE`, `COUNTRY` or `TRAINS`.
    subject : str
        The port, group or region it speaks of.
    members : tuple of str
        Ports counted together; empty for all.
    key : str
        The mode, the country on the other side, or the commodity that the trains carry.
    figure : Figure
        What was reported, in tonnes or trains.
    part : float
        Part of the year it covers.
    """

    kind: str
    subject: str
    members: tuple[str, ...]
    key: str
    figure: Figure
    part: float


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of a later year with that of the same days of the base year; `key` as in `Told`, empty for freight."""

    subject: str
    members: tuple[str, ...]
    key: str
    year: int
    before: Figure
    figure: Figure


@dataclass(frozen=True)
class Evidence:
    """What a region's tables report: targets of the base year, what is left to check against, and how demand grew.

    `growth` is the total of all ports in a later year as a multiple of the base year's.
    """

    year: int
    targets: tuple[Target, ...]
    told: tuple[Told, ...] = ()
    changes: tuple[Change, ...] = ()
    growth: Mapping[int, float] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One reported figure with the model's and a naive guess, all in `unit` and for the same days.

    Parameters
    ----------
    kind, subject, key, year, unit
        As in `Told` and `Change`; `LEFT_OUT` is a target when the constants were found without it.
    reported, modelled, naive : float
        The three figures.
    before : float or None
        Of a change: what was reported for the same days of the base year.
    before_standing : str
        How that came about.
    standing, qualifier, source, source_date, period_from, period_to, note : str
        What is said of the report; days in ISO form, empty if unknown.
    """

    kind: str
    subject: str
    key: str
    year: int
    unit: str
    reported: float
    modelled: float
    naive: float
    before: float | None
    before_standing: str
    standing: str
    qualifier: str
    source: str
    source_date: str
    period_from: str
    period_to: str
    note: str

    @property
    def error(self) -> float:
        """Model minus report."""
        return self.modelled - self.reported

    @property
    def error_share(self) -> float | None:
        """The error as a share of the report."""
        return self.error / self.reported if self.reported else None

    @property
    def naive_error(self) -> float:
        """Guess minus report."""
        return self.naive - self.reported

    @property
    def better(self) -> bool:
        """Whether the model is nearer to the report than the guess, by more than rounding."""
        return abs(self.error) < abs(self.naive_error) - NEARER * abs(self.reported)

    @property
    def figure(self) -> Figure:
        """The report as a figure."""
        return Figure(
            self.reported, self.unit, Standing(self.standing), Qualifier(self.qualifier), source=self.source,
            source_date=self.source_date, period_from=_day(self.period_from), period_to=_day(self.period_to),
            note=self.note,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConstantLine:
    """A calibrated constant in USD per tonne with its bounds."""

    id: str
    ports: tuple[str, ...]
    lower: float
    upper: float
    value: float
    at_bound: bool


@dataclass(frozen=True)
class Validation:
    """Calibration and validation of a region as one report.

    `before_t` and `after_t` are yearly tonnes of every port without and with the calibrated constants; `misfit` is the
    mean square of the misses of targets in tolerances, before and after; `background` is traffic beside the demand.
    """

    year: int
    constants: tuple[ConstantLine, ...]
    lines: tuple[Line, ...]
    before_t: Mapping[str, float]
    after_t: Mapping[str, float]
    misfit: tuple[float, float]
    settled: bool
    equilibria: int
    relative_gap: float
    growth: Mapping[int, float]
    background: Mapping[str, float]
    input_hash: str
    train_goods: tuple[TrainGoods, ...] = ()

    def of_kind(self, kind: str) -> tuple[Line, ...]:
        """Return the lines of a kind."""
        return tuple(line for line in self.lines if line.kind == kind)

    def to_json(self) -> str:
        """Return the report as JSON text that `from_json` reads back to an equal object."""
        return json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> Validation:
        """Read a report from JSON text.

        Raises
        ------
        BridgeheadError
            `flows.unreadable` when the text is not a report of this form and version.
        """
        with unreadable():
            plain = json.loads(text)
            if plain.pop("version") != VERSION:
                raise ValueError("another version")
            plain["constants"] = tuple(
                ConstantLine(**one | {"ports": tuple(one["ports"])}) for one in plain["constants"]
            )
            plain["lines"] = tuple(Line(**one) for one in plain["lines"])
            plain["misfit"] = tuple(plain["misfit"])
            plain["train_goods"] = tuple(TrainGoods(**one) for one in plain["train_goods"])
            plain["growth"] = {int(year): value for year, value in plain["growth"].items()}
            return cls(**plain)


def validate(
    tables: ComponentTables,
    evidence: Evidence,
    constants: Sequence[Constant],
    *,
    settings: Settings | None = None,
    leave_out: bool = True,
    progress: Progress | None = None,
) -> Validation:
    """Calibrate a region, and hold the result against what was not used.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    evidence : Evidence
        What was reported.
    constants : sequence of Constant
        What may be adjusted.
    settings : Settings, optional
        Background traffic and closures.
    leave_out : bool
        Whether to calibrate once more without each target.
    progress : callable, optional
        Called with (steps done, all steps).

    Raises
    ------
    BridgeheadError
        What `bridgehead.engines.flows.calibration.calibrate` raises.
    """
    years = sorted({one.year for one in evidence.changes})
    steps = 2 + len(years) + (len(evidence.targets) if leave_out else 0)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, steps)

    plain = settings or Settings()
    network = Network(tables, evidence.year, home_ports_only=True)
    _, rows = demand_of(tables, network.year)
    found = calibrate(network, rows, evidence.targets, constants, settings=plain)
    step()
    chosen = replace(plain, constants=found.by_port)
    base = equilibrate(tables, evidence.year, settings=chosen, network=network)
    step()
    marks = _Marks(tables, rows, base)
    lines = [_line(TARGET, one.target, one.after_t, one.before_t) for one in found.fits]
    lines += [_told(one, base, tables, marks) for one in evidence.told]
    growth = dict(evidence.growth or {})
    for year in years:
        later = _grown(tables, year, rows, growth[year], chosen)
        lines += [_changed(one, base, later, growth[year]) for one in evidence.changes if one.year == year]
        step()
    for target in evidence.targets if leave_out else ():
        lines.append(_left_out(network, rows, evidence.targets, target, constants, plain, marks))
        step()
    counted = [(one.key, float(one.figure.value or 0.0) / one.part) for one in evidence.told if one.kind == TRAINS]
    report = _report(found, base, tuple(lines), growth, plain)
    return replace(report, train_goods=train_goods(counted, rows, base.flows.ports, tables.ports))


def _report(
    found: Calibration, base: FreightFlows, lines: tuple[Line, ...], growth: Mapping[int, float], settings: Settings
) -> Validation:
    constants = tuple(
        ConstantLine(c.constant.id, c.constant.ports, c.constant.lower, c.constant.upper, c.value, c.at_bound)
        for c in found.constants
    )
    return Validation(
        found.year, constants, lines, {port: both[0] for port, both in found.totals_t.items()},
        {port: both[1] for port, both in found.totals_t.items()}, found.misfit, found.settled, found.equilibria,
        base.quality.relative_gap, growth, dict(settings.background), found.input_hash,
    )  # fmt: skip


class _Marks:
    """The naive guess: every demand row goes over the port it was scaled to."""

    def __init__(self, tables: ComponentTables, rows: Iterable[Demand], base: FreightFlows) -> None:
        self.tables = tables
        self.tonnes: Counter[tuple[str, str]] = Counter()
        for row in rows:
            self.tonnes[row.calibration_port, row.commodity] += row.tonnes  # type: ignore[assignment]
        trains = [row for row in base.flows.ports if tables.ports_by_id[row.port].mode == RAIL]
        self.sent: Counter[str] = Counter()
        self.trains: Counter[str] = Counter()
        for flow in trains:
            self.sent[flow.commodity] += flow.tonnes  # type: ignore[assignment]
            self.trains[flow.commodity] += flow.vehicles  # type: ignore[assignment]

    def of(self, ports: Iterable[str], commodity: str = "") -> float:
        """Return the tonnes marked with some ports, or the trains that one commodity takes at the model's load."""
        chosen = set(ports)
        tonnes = sum(t for (port, goods), t in self.tonnes.items() if port in chosen and commodity in {"", goods})
        if not commodity:
            return tonnes
        return tonnes * self.trains[commodity] / self.sent[commodity] if self.sent[commodity] else 0.0


def _ports_of(tables: ComponentTables, one: Told) -> tuple[str, ...]:
    if one.kind == MODE:
        return tuple(port.id for port in tables.ports if port.mode == one.key)
    if one.kind == COUNTRY:
        return tuple(port.id for port in tables.ports if port.counterpart_country == one.key)
    return one.members


def _amount(flows: FreightFlows, ports: Iterable[str], commodity: str = "") -> float:
    """Return the tonnes over some ports, or the vehicles that carry one commodity."""
    chosen = set(ports)
    listed = [row for row in flows.flows.ports if row.port in chosen]
    if commodity:
        return sum(row.vehicles for row in listed if row.commodity == commodity)
    return sum(row.tonnes for row in listed)


def _told(one: Told, base: FreightFlows, tables: ComponentTables, marks: _Marks) -> Line:
    ports = _ports_of(tables, one)
    commodity = one.key if one.kind == TRAINS else ""
    modelled, naive = _amount(base, ports, commodity) * one.part, marks.of(ports, commodity) * one.part
    return _of_figure(one.kind, one.subject, one.key, base.flows.year, one.figure, modelled, naive)


def _grown(
    tables: ComponentTables, year: int, rows: Iterable[Demand], factor: float, settings: Settings
) -> FreightFlows:
    """Return the flows of a later year: its network, and the demand of the base year times one factor."""
    scaled = tuple(
        replace(row, tonnes=row.tonnes * factor, teu=None if row.teu is None else row.teu * factor, year=year)
        for row in rows
    )
    return equilibrate(replace(tables, demand=scaled), year, settings=settings)


def _changed(one: Change, base: FreightFlows, later: FreightFlows, factor: float) -> Line:
    now, then = (_amount(flows, one.members, one.key) for flows in (later, base))
    start = float(one.before.value or 0.0)
    modelled = start * (now / then) if then else 0.0
    line = _of_figure(CHANGE, one.subject, one.key, one.year, one.figure, modelled, start * factor)
    return replace(line, before=start, before_standing=str(one.before.standing))


def _left_out(  # noqa: PLR0917 - all that one calibration takes
    network: Network, rows: Sequence[Demand], targets: Sequence[Target], target: Target,
    constants: Sequence[Constant], settings: Settings, marks: _Marks,
) -> Line:  # fmt: skip
    """Calibrate without a target, and without the constants that only its ports have: nothing else speaks of those.

    It begins at zero: the constants found before know what is left out.
    """
    others = [one for one in targets if one is not target]
    there = {port.id for port in network.tables.ports if port.status == OPEN}
    kept = [one for one in constants if not set(one.ports) & there <= set(target.members)]
    again = calibrate(network, rows, others, kept, settings=settings)
    modelled = sum(again.totals_t[port][1] for port in target.members if port in again.totals_t)
    return _line(LEFT_OUT, target, modelled * target.part, marks.of(target.members) * target.part, network.year)


def _line(kind: str, target: Target, modelled: float, naive: float, year: int = 0) -> Line:
    end = target.figure.period_to
    return _of_figure(kind, target.subject, "", year or (end.year if end else 0), target.figure, modelled, naive)


def _of_figure(  # noqa: PLR0917 - a record in the making
    kind: str, subject: str, key: str, year: int, figure: Figure, modelled: float, naive: float
) -> Line:
    return Line(
        kind, subject, key, year, figure.unit, float(figure.value or 0.0), modelled, naive, None, "",
        str(figure.standing), str(figure.qualifier), figure.source, figure.source_date,
        figure.period_from.isoformat() if figure.period_from else "",
        figure.period_to.isoformat() if figure.period_to else "", figure.note,
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
