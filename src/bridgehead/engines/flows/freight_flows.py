"""The freight of a region in equilibrium: who goes where, by which port, how long vehicles wait, what is not sent."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from bridgehead.engines.flows import folding
from bridgehead.engines.flows.choice_sets import choice_set, path_size
from bridgehead.engines.flows.demand import demand_of
from bridgehead.engines.flows.equilibrium import Equilibrium, Progress, solve
from bridgehead.engines.flows.folding import ArcLoad
from bridgehead.engines.flows.freight import FreightProblem, Settings, freight_problem
from bridgehead.engines.flows.path_store import PathStore
from bridgehead.engines.flows.paths import FlowPath, Hauls, Step
from bridgehead.engines.flows.results import Flows, Unserved, Utilisation
from bridgehead.engines.flows.stochastic import solve_stochastic
from bridgehead.engines.network.components import ComponentTables
from bridgehead.engines.network.costing import HOURS_PER_DAY, Goods
from bridgehead.engines.network.topology import Float64
from bridgehead.engines.network.virtual import Network
from bridgehead.kernel.hashing import content_hash

EXACT = "user equilibrium"
OPTIMUM = "system optimum"
STOCHASTIC = "stochastic user equilibrium"
VERSION = 2
"""Raised whenever the same tables would give other flows."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How full a link in one direction, or a change of gauge at a `place`, is, and how long vehicles wait there.

    `load` and `capacity` count in `unit`; `background` is the part of the load that is not in the demand. Where a link
    is closed for now, the load is what waits for it, and the wait holds the days until it opens.
    """

    link: str
    place: str
    origin: str
    destination: str
    load: float
    background: float
    capacity: float
    unit: str
    basis: str
    share: float
    wait_h: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a solution is: what `bridgehead.engines.flows.equilibrium.Equilibrium` says of itself."""

    relative_gap: float
    average_excess_cost: float
    objective: float | None
    total_cost: float
    conservation_error: float
    iterations: int
    passes: int
    reached: bool
    seconds: float | None
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class FreightFlows:
    """Flows in equilibrium. `share` is the part of the year they are of; `closed` are links closed in it."""

    flows: Flows
    quality: Quality
    queues: tuple[Queue, ...]
    paths: tuple[FlowPath, ...]
    share: float
    closed: tuple[str, ...]

    def to_json(self) -> str:
        """Return the result as JSON text that `from_json` reads back to an equal object."""
        number = {step: i for i, step in enumerate(dict.fromkeys(step for path in self.paths for step in path.steps))}
        plain = {
            "flows": self.flows.as_plain(),
            "quality": asdict(self.quality),
            "queues": [asdict(one) for one in self.queues],
            "steps": [[getattr(step, name) for name in Step.__dataclass_fields__] for step in number],
            "paths": [one.as_list(number) for one in self.paths],
            "share": self.share,
            "closed": list(self.closed),
        }
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> FreightFlows:
        """Read a result from JSON text.

        Raises
        ------
        BridgeheadError
            `flows.unreadable` when the text is not a result of this form and version.
        """
        from bridgehead.engines.flows.results import unreadable

        with unreadable():
            plain = json.loads(text)
            steps = [Step(*step) for step in plain["steps"]]
            return cls(
                Flows.from_plain(plain["flows"]),
                Quality(**plain["quality"]),
                tuple(Queue(**one) for one in plain["queues"]),
                tuple(FlowPath.from_list(one, steps) for one in plain["paths"]),
                float(plain["share"]),
                tuple(plain["closed"]),
            )


@dataclass(frozen=True)
class Solution:
    """An equilibrium with the problem it solves, from which a similar one can begin."""

    freight: FreightProblem
    equilibrium: Equilibrium
    spread: Float64 | None


def equilibrate(
    tables: ComponentTables,
    year: int | None = None,
    *,
    gap: float = 1e-6,
    exact: bool = False,
    system_optimum: bool = False,
    include: Iterable[str] = (),
    settings: Settings | None = None,
    network: Network | None = None,
    clock: Callable[[], float] | None = None,
    progress: Progress | None = None,
) -> FreightFlows:
    """Put the demand of a year onto the network of a region until nobody can gain by another way.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    year : int, optional
        Year whose network is used; the base year if not given. Demand is that of the latest demand year not after it.
    gap : float
        Relative gap to reach.
    exact, system_optimum : bool
        Whether costs alone decide, for each (user equilibrium) or for all together, waits counted; otherwise ways of
        nearly equal cost share the freight by the spread of the parameter table (with path sizes).
    include : iterable of str
        Links opened for a scenario whatever their status.
    settings : Settings, optional
        Closures, share of the year, background traffic and constants.
    network : Network, optional
        A network of the same tables built before with home ports only; it then decides year and links.
    clock, progress : callable, optional
        As for `bridgehead.engines.flows.equilibrium.solve`.

    Raises
    ------
    BridgeheadError
        Faults of tables, parameters and problem; `flows.not_conserved`.
    """
    begin = clock() if clock else 0.0
    net = network or Network(tables, year, include=include, home_ports_only=True)
    demand_year, rows = demand_of(tables, net.year)
    freight = freight_problem(net, rows, settings)
    found = solution(freight, gap, exact=exact, system_optimum=system_optimum, progress=progress)
    seconds = clock() - begin if clock else None
    return fold(found, demand_year, seconds)


def solution(
    freight: FreightProblem,
    gap: float = 1e-6,
    *,
    exact: bool = False,
    system_optimum: bool = False,
    progress: Progress | None = None,
) -> Solution:
    """Solve the assignment of a region, in exact or stochastic equilibrium or for least cost of all."""
    first = solve(freight.problem, gap, system_optimum=system_optimum, progress=progress)
    if exact or system_optimum:
        return Solution(freight, first, None)
    spread = spread_of(freight)
    paths = choice_set(freight, spread, [first.paths])
    size = path_size(freight.network.topology, paths)
    last = solve_stochastic(freight.problem, paths, spread, gap, size=size, progress=progress)
    return Solution(freight, replace(last, iterations=first.iterations, passes=first.passes + last.passes), spread)


def spread_of(freight: FreightProblem) -> Float64:
    """Return the scale of the logit of every pair in USD per tonne, by the parameter table."""
    book = freight.network.book
    by_class = [book.find("choice_spread", freight_classes=goods.classes).value for goods, _ in freight.groups]
    return np.array(by_class, dtype=np.float64)[freight.problem.pairs.group]


def fold(found: Solution, demand_year: int, seconds: float | None = None, input_hash: str = "") -> FreightFlows:
    """Return what a solution says of links, ports and ways, with its sums and its quality.

    `input_hash` names its input where the caller has a name for it; otherwise it is worked out.

    Raises
    ------
    BridgeheadError
        `flows.not_conserved` if freight got lost on the way.
    """
    freight, equilibrium, share = found.freight, found.equilibrium, found.freight.settings.share
    network, tables, rows = freight.network, freight.network.tables, freight.rows
    served, unserved, paths = _rows(freight, equilibrium)
    loads = _loads(freight, equilibrium.paths, served)
    links, payloads = folding.link_flows(network, loads)
    ports = folding.port_flows(tables, network, links)
    demand_t = math.fsum(row.tonnes for row in rows) * share
    queues = _queues(freight, equilibrium)
    used = folding.parameters_of(loads) | payloads | freight.parameters
    if found.spread is not None:
        book = network.book
        used |= {book.find("choice_spread", freight_classes=goods.classes).id for goods, _ in freight.groups}
    method = STOCHASTIC if found.spread is not None else OPTIMUM if equilibrium.parameters["system_optimum"] else EXACT
    flows = Flows(
        method=method,
        year=network.year,
        demand_year=demand_year,
        crossings="ports",
        include=tuple(sorted(network.include)),
        input_hash=input_hash or _input_hash(freight, method),
        links=links,
        ports=ports,
        utilisation=_utilisation(network, queues, links),
        unserved=unserved,
        port_totals=folding.port_totals(tables, ports, rows, share),
        totals=folding.totals(network, loads, unserved, demand_t),
        conservation_error=folding.refuse_loss(folding.imbalance(network, loads), demand_t),
        parameters=tuple(sorted(used)),
    )
    closed = freight.settings.closed | {one.link for one in freight.settings.waits}
    return FreightFlows(flows, _quality(equilibrium, seconds), queues, paths, share, tuple(sorted(closed)))


def _input_hash(freight: FreightProblem, method: str) -> str:
    settings = freight.settings
    said = {
        "tables": freight.network.tables.content_hash,
        "problem": freight.problem.content_hash,
        "method": method,
        "version": VERSION,
        "closed": settings.closed,
        "waits": [[one.link, one.days_left, one.days_shut] for one in settings.waits],
        "share": settings.share,
    }
    return content_hash(said)


def _quality(found: Equilibrium, seconds: float | None) -> Quality:
    return Quality(
        found.relative_gap, found.average_excess_cost, found.objective, found.total_cost, found.conservation_error,
        found.iterations, found.passes, found.reached, seconds, dict(found.parameters),
    )  # fmt: skip


SMALLEST = 1e-9
"""Share of a flow below which a way or a rest is rounding."""


def _rows(
    freight: FreightProblem, equilibrium: Equilibrium
) -> tuple[Float64, tuple[Unserved, ...], tuple[FlowPath, ...]]:
    """Return for each demand row the share of it that is sent, what is not sent and why, and its ways."""
    pairs, share, store = freight.problem.pairs, freight.settings.share, equilibrium.paths
    left = store.unserved(len(pairs))
    with np.errstate(invalid="ignore", divide="ignore"):
        sent = np.where(pairs.amount > 0.0, 1.0 - left / pairs.amount, 0.0)
    served = np.zeros(len(freight.rows))
    unserved: list[Unserved] = []
    paths: list[FlowPath] = []
    ways = _Ways(freight, equilibrium)
    for i, row in enumerate(freight.rows):
        pair = int(freight.row_pair[i])
        tonnes = row.tonnes * share
        served[i] = 0.0 if pair < 0 else sent[pair]
        missing = float(tonnes * (1.0 - served[i]))
        if missing > SMALLEST * tonnes:
            alone = pair < 0 or store.pair_first[pair + 1] - store.pair_first[pair] == 1
            unserved.append(
                Unserved(row.origin, row.destination, row.commodity, missing, "no_path" if alone else "overflow")
            )
        if pair >= 0:
            ends = (row.origin, row.destination, row.commodity)
            paths += [FlowPath(*ends, tonnes * part, row.calibration_port, *rest) for part, *rest in ways.of_pair(pair)]
    return served, tuple(unserved), tuple(paths)


class _Ways:
    """The ways of pairs: the share of the demand on each, steps, ports, and what it comes to, waits included."""

    def __init__(self, freight: FreightProblem, found: Equilibrium) -> None:
        self.freight, self.store = freight, found.paths
        problem, store = freight.problem, found.paths
        self.priced = [freight.network.price(goods) for goods, _ in freight.groups]
        self.hauls = Hauls(freight.network.tables, freight.network.topology)
        self.steps: dict[Goods, dict[int, Step]] = {}
        owner = np.repeat(np.arange(store.path_count), np.diff(store.path_first))
        group = problem.pairs.group[store.pair_of_path][owner]
        waits = np.append(found.time, 0.0)[problem.resource] + freight.waiting_days
        prices = np.zeros((3, len(self.priced), problem.arc_count))
        for i, one in enumerate(self.priced):
            prices[:, i] = one.usd_per_t, one.hours, one.kg_per_t
        usd, hours, kg = (np.bincount(owner, each[group, store.arcs], store.path_count) for each in prices)
        wait_h = np.bincount(owner, waits[store.arcs], store.path_count) * HOURS_PER_DAY
        self.figures = np.stack((usd, hours, wait_h, kg), axis=1).tolist()
        self.known: dict[int, list[tuple[Any, ...]]] = {}

    def of_pair(self, pair: int) -> list[tuple[Any, ...]]:
        """Return of each way of a pair its share and what `FlowPath` holds from the steps on."""
        if pair not in self.known:
            self.known[pair] = list(self._ways(pair))
        return self.known[pair]

    def _ways(self, pair: int) -> Iterable[tuple[Any, ...]]:
        store, pairs = self.store, self.freight.problem.pairs
        group = int(pairs.group[pair])
        made = self.steps.setdefault(self.freight.groups[group][0], {})
        for path in range(int(store.pair_first[pair]), int(store.pair_first[pair + 1])):
            part = float(store.flow[path] / pairs.amount[pair])
            arcs = store.path(path)
            if len(arcs) and part > SMALLEST:
                yield part, *self.hauls.of(self.priced[group], arcs.tolist(), made), *self.figures[path]


def _loads(freight: FreightProblem, store: PathStore, served: Float64) -> Mapping[Goods, ArcLoad]:
    """Return tonnes and TEU on the arcs by goods."""
    problem, topology = freight.problem, freight.network.topology
    pairs = problem.pairs
    boxes = np.zeros(len(pairs))
    tonnes = np.zeros(len(pairs))
    loads = {goods: ArcLoad.empty(freight.network.price(goods)) for goods, _ in freight.groups}
    for i, row in enumerate(freight.rows):
        if (pair := int(freight.row_pair[i])) < 0:
            continue
        boxes[pair] += row.teu or 0.0
        tonnes[pair] += row.tonnes
        load = loads[freight.groups[int(pairs.group[pair])][0]]
        sent = row.tonnes * freight.settings.share * served[i]
        load.put_in[pairs.origin[pair]] += sent
        load.put_in[pairs.destination[pair]] -= sent
        load.served_t += sent
    per_t = np.divide(boxes, tonnes, out=np.zeros(len(pairs)), where=tonnes > 0.0)
    lengths = np.diff(store.path_first)
    pair_of = np.repeat(store.pair_of_path, lengths)
    flow = np.repeat(store.flow, lengths)
    group = pairs.group[pair_of]
    for number, (goods, _) in enumerate(freight.groups):
        mine = group == number
        arcs = store.arcs[mine]
        loads[goods].tonnes += np.bincount(arcs, flow[mine], topology.arc_count)
        loads[goods].teu += np.bincount(arcs, flow[mine] * per_t[pair_of[mine]], topology.arc_count)
    return loads


def _queues(freight: FreightProblem, found: Equilibrium) -> tuple[Queue, ...]:
    background = freight.problem.background
    capacity = freight.problem.delays.column("capacity")
    opening = {one.link: one.days_left for one in freight.settings.waits}
    listed = []
    for i, one in enumerate(freight.resources):
        load = float(found.volume[i] + background[i])
        if load <= 0.0:
            continue
        listed.append(
            Queue(
                one.link, one.place, one.origin, one.destination, load, float(background[i]), float(capacity[i]),
                one.unit, one.basis, load / float(capacity[i]),
                (float(found.time[i]) + opening.get(one.link, 0.0)) * HOURS_PER_DAY,
            )
        )  # fmt: skip
    return tuple(sorted(listed, key=lambda row: (row.link, row.place, row.origin)))


def _utilisation(network: Network, queues: Iterable[Queue], links: Iterable[Any]) -> tuple[Utilisation, ...]:
    tonnes: dict[tuple[str, str], float] = {}
    for row in links:
        tonnes[row.link, row.origin] = tonnes.get((row.link, row.origin), 0.0) + row.tonnes
    modes = {link.id: link.mode for link in network.topology.links}
    return tuple(
        Utilisation(
            one.link, modes[one.link], one.origin, one.destination, tonnes.get((one.link, one.origin), 0.0),
            one.load, one.capacity, one.unit, one.basis, one.share,
        )
        for one in queues
        if one.link
    )  # fmt: skip
