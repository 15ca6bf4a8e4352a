"""A scenario run: the freight of its days in equilibrium, summed up to what a comparison needs.

Every period of a scenario is put into equilibrium by itself, with its links closed and its share of the year, and the
results are added. What a scenario is held against is the base on the same days with nothing closed, so ten days of a
closed port are compared with ten days of the year as it is. Freight of those days may wait for a port to open.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from bridgehead.engines.flows.demand import demand_of
from bridgehead.engines.flows.freight import Settings, freight_problem
from bridgehead.engines.flows.freight_flows import VERSION, FreightFlows, Queue, fold, solution
from bridgehead.engines.flows.perceived_cost import perceived_cost
from bridgehead.engines.flows.reopening import Waiting, added
from bridgehead.engines.flows.results import PortFlow, unreadable
from bridgehead.engines.network.applied import Applied, Background, Period
from bridgehead.engines.network.components import ComponentTables
from bridgehead.engines.network.costing import HOURS_PER_DAY
from bridgehead.engines.network.virtual import Network, goods_of
from bridgehead.kernel.hashing import content_hash

FORMAT = 2
"""Version of the JSON form and of what it holds."""
UNSENT = ("unsent",)
"""Stands for the border ports of freight that is not sent."""
GAP = 1e-6
Told = Callable[[int, int], None]
Way = tuple[str, str, str]
"""Origin, destination and commodity."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Freight of one commodity between two places by the home ports it crosses the border at, in order.

    Sums over `tonnes`: money, hours on the way and hours in queues, emissions, and `time_usd`, what all those hours
    are worth to the owners of the goods. Freight that is not sent has ports `UNSENT` and no other figures.
    """

    origin: str
    destination: str
    commodity: str
    ports: tuple[str, ...]
    tonnes: float
    money_usd: float = 0.0
    tonne_hours: float = 0.0
    wait_tonne_hours: float = 0.0
    t_co2e: float = 0.0
    time_usd: float = 0.0

    @property
    def sent(self) -> bool:
        """Whether it is sent at all."""
        return self.ports != UNSENT

    @property
    def cost_usd(self) -> float:
        """Money and the worth of time."""
        return self.money_usd + self.time_usd


@dataclass(frozen=True, slots=True)
class Asked:
    """Freight that is asked for, and what it costs in all: `perceived_usd`, with not sending as one of the choices.

    See `bridgehead.engines.flows.perceived_cost`.
    """

    origin: str
    destination: str
    commodity: str
    tonnes: float
    perceived_usd: float


@dataclass(frozen=True, slots=True)
class LinkTonnes:
    """Freight over a link in one direction."""

    link: str
    origin: str
    destination: str
    tonnes: float


@dataclass(frozen=True)
class Outcome:
    """What a run comes to, over `days` of a year of `days_in_year` days.

    `gap` is the worst relative gap of its periods, `reached` whether all reached the one asked for,
    `conservation_error` the largest imbalance as a share of demand. `queues` holds for every queue the period in which
    its wait is longest, `waiting` what waits for closed links. `input_hash` names tables, periods and settings;
    `parameters` are the rows used.
    """

    method: str
    year: int
    demand_year: int
    days: int
    days_in_year: int
    input_hash: str
    gap: float
    reached: bool
    conservation_error: float
    asked: tuple[Asked, ...]
    lanes: tuple[Lane, ...]
    ports: tuple[PortFlow, ...]
    links: tuple[LinkTonnes, ...]
    tonne_km: Mapping[str, float]
    queues: tuple[Queue, ...]
    waiting: tuple[Waiting, ...]
    parameters: tuple[str, ...]

    def to_json(self) -> str:
        """Return the outcome as JSON text that `from_json` reads back to an equal object."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        for name, kind in _ROWS.items():
            values = attrgetter(*(one.name for one in fields(kind)))
            plain[name] = [values(row) for row in plain[name]]
        return json.dumps({"format": FORMAT, **plain}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Outcome:
        """Read an outcome from JSON text.

        Raises
        ------
        BridgeheadError
            `flows.unreadable` when the text is not an outcome of this form and version.
        """
        with unreadable():
            plain = json.loads(text)
            if plain.pop("format") != FORMAT:
                raise ValueError("format")
            for row in plain["lanes"]:
                row[3] = tuple(row[3])
            plain |= {name: tuple(kind(*row) for row in plain[name]) for name, kind in _ROWS.items()}
            plain["parameters"] = tuple(plain["parameters"])
            return cls(**plain)


_ROWS: Mapping[str, Any] = {
    "asked": Asked, "lanes": Lane, "ports": PortFlow, "links": LinkTonnes, "queues": Queue, "waiting": Waiting,
}  # fmt: skip


class Workbench:
    """Keeps the network that was built first, for runs on the same tables and as a store of prices for others."""

    def __init__(self) -> None:
        self._first: Network | None = None

    def network(self, tables: ComponentTables, year: int) -> Network:
        """Return the virtual network of a year with the home border open at ports only."""
        if self._first is None:
            self._first = Network(tables, year, home_ports_only=True)
            return self._first
        return self._first.like(tables, year)


def base_periods(periods: Sequence[Period]) -> tuple[Period, ...]:
    """Return what the base is run for, to be held against a scenario: as many days, with nothing closed."""
    return (Period(sum(one.days for one in periods), periods[0].days_in_year, frozenset()),)


def run_key(content: str, year: int, periods: Sequence[Period] = (), *, exact: bool = False) -> str:
    """Return the content hash of a run: the same question has the same key, whoever asks it.

    Parameters
    ----------
    content : str
        Content hash of the scenario, or of the tables where these are run as they are.
    year : int
        Year of the run.
    periods : sequence of Period
        What is run of it; a scenario says that itself.
    exact : bool
        As for `run_scenario`.
    """
    days = [[one.days, one.days_in_year, sorted(one.closed_links)] for one in periods]
    said = {"content": content, "year": year, "periods": days, "exact": exact, "version": [VERSION, FORMAT]}
    return content_hash(said)


def run_scenario(
    applied: Applied,
    *,
    gap: float = GAP,
    exact: bool = False,
    workbench: Workbench | None = None,
    progress: Told | None = None,
) -> Outcome:
    """Run a scenario: each of its periods with closures, or the whole year where it has none.

    Parameters
    ----------
    applied : Applied
        The scenario with the tables it comes to.
    gap : float
        Relative gap to reach.
    exact : bool
        As for `bridgehead.engines.flows.freight_flows.equilibrate`.
    workbench : Workbench, optional
        What runs in one process share.
    progress : callable, optional
        Called with (periods done, periods).

    Raises
    ------
    BridgeheadError
        What `bridgehead.engines.flows.freight_flows.equilibrate` raises.
    """
    scenario = applied.scenario
    key = run_key(scenario.content_hash, scenario.year, exact=exact)
    bench = workbench or Workbench()
    network = bench.network(applied.tables, scenario.year)
    return _run(network, applied.runs, applied.background, key, gap, exact, progress)


def run_base(
    tables: ComponentTables,
    year: int,
    periods: Sequence[Period],
    *,
    gap: float = GAP,
    exact: bool = False,
    workbench: Workbench | None = None,
    progress: Told | None = None,
) -> Outcome:
    """Run periods of a year, those of `base_periods`, on tables as they are; the rest is as for `run_scenario`."""
    key = run_key(tables.content_hash, year, periods, exact=exact)
    network = (workbench or Workbench()).network(tables, year)
    return _run(network, periods, {}, key, gap, exact, progress)


def _run(  # noqa: PLR0917 - one call for both kinds
    network: Network,
    periods: Sequence[Period],
    background: Mapping[str, Background],
    key: str,
    gap: float,
    exact: bool,
    progress: Told | None,
) -> Outcome:
    demand_year, rows = demand_of(network.tables, network.year)
    found, asked = [], defaultdict[Way, float](float)
    perceived: dict[Way, float] = defaultdict(float)
    for number, period in enumerate(periods):
        if progress is not None:
            progress(number, len(periods))
        settings = Settings.of_period(period, background)
        solved = solution(freight_problem(network, rows, settings), gap, exact=exact)
        found.append(fold(solved, demand_year, input_hash=key))
        cost = perceived_cost(solved)
        for row, pair in zip(rows, solved.freight.row_pair.tolist(), strict=True):
            way = (row.origin, row.destination, row.commodity)
            asked[way] += row.tonnes * period.share
            perceived[way] += row.tonnes * period.share * (float(cost[pair]) if pair >= 0 else 0.0)
    asked_for = tuple(Asked(*way, tonnes, perceived[way]) for way, tonnes in sorted(asked.items()))
    return _summed(network, periods, found, asked_for, key)


def _summed(
    network: Network, periods: Sequence[Period], found: Sequence[FreightFlows], asked: tuple[Asked, ...], key: str
) -> Outcome:
    first = found[0].flows
    return Outcome(
        method=first.method,
        year=first.year,
        demand_year=first.demand_year,
        days=sum(one.days for one in periods),
        days_in_year=periods[0].days_in_year,
        input_hash=key,
        gap=max(one.quality.relative_gap for one in found),
        reached=all(one.quality.reached for one in found),
        conservation_error=max(max(one.quality.conservation_error, one.flows.conservation_error) for one in found),
        asked=asked,
        lanes=_lanes(network, found),
        ports=_ports(found),
        links=_links(found),
        tonne_km=_added(one.flows.totals.tonne_km for one in found),
        queues=_queues(found),
        waiting=added(one for flows, period in zip(found, periods, strict=True) for one in _waiting(flows, period)),
        parameters=tuple(sorted({name for one in found for name in one.flows.parameters})),
    )


def _lanes(network: Network, found: Iterable[FreightFlows]) -> tuple[Lane, ...]:
    sums: dict[tuple[str, str, str, tuple[str, ...]], list[float]] = defaultdict(lambda: [0.0] * 6)
    worth: dict[str, float] = {}
    for one in found:
        for path in one.paths:
            if path.commodity not in worth:
                worth[path.commodity] = network.model.value_of_time(goods_of(network.tables, path.commodity))[0]
            hours = path.hours + path.wait_h
            each = (1.0, path.usd_per_t, hours, path.wait_h, path.kg_co2e_per_t / 1000.0, hours * worth[path.commodity])
            total = sums[path.origin, path.destination, path.commodity, path.ports]
            for i, figure in enumerate(each):
                total[i] += path.tonnes * figure
        for row in one.flows.unserved:
            sums[row.origin, row.destination, row.commodity, UNSENT][0] += row.tonnes
    return tuple(Lane(*key, *figures) for key, figures in sorted(sums.items()))


def _ports(found: Iterable[FreightFlows]) -> tuple[PortFlow, ...]:
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0] * 3)
    for one in found:
        for row in one.flows.ports:
            total = sums[row.port, row.direction, row.commodity]
            for i, figure in enumerate((row.tonnes, row.teu, row.vehicles)):
                total[i] += figure
    return tuple(PortFlow(*key, *figures) for key, figures in sorted(sums.items()))


def _links(found: Iterable[FreightFlows]) -> tuple[LinkTonnes, ...]:
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for one in found:
        for key, tonnes in one.flows.link_tonnes.items():
            sums[key] += tonnes
    return tuple(LinkTonnes(*key, tonnes) for key, tonnes in sorted(sums.items()))


def _queues(found: Iterable[FreightFlows]) -> tuple[Queue, ...]:
    longest: dict[tuple[str, str, str], Queue] = {}
    for one in found:
        for queue in one.queues:
            key = (queue.link, queue.place, queue.origin)
            if queue.link in one.closed:
                continue
            if key not in longest or queue.wait_h > longest[key].wait_h:
                longest[key] = queue
    return tuple(queue for _, queue in sorted(longest.items()))


def _waiting(found: FreightFlows, period: Period) -> Iterable[Waiting]:
    """Yield what waits for the links that are closed in a period; one without a capacity lets it pass at once."""
    opening = {one.link: one.days_left for one in period.waits}
    queues = {(queue.link, queue.origin): queue for queue in found.queues if queue.link in opening}
    for (link, origin, destination), tonnes in found.flows.link_tonnes.items():
        if link in opening and tonnes > 0.0:
            queue = queues.get((link, origin))
            days = opening[link] if queue is None else queue.wait_h / HOURS_PER_DAY
            yield Waiting(link, origin, destination, tonnes, days, queue.share * period.days if queue else 0.0)


def _added(mappings: Iterable[Mapping[str, float]]) -> Mapping[str, float]:
    sums: dict[str, list[float]] = defaultdict(list)
    for one in mappings:
        for name, value in one.items():
            sums[name].append(value)
    return {name: math.fsum(values) for name, values in sorted(sums.items())}
