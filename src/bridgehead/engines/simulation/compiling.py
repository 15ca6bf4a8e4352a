"""A port model turned into the arrays the kernel runs on.

Every random stream is named by words, not by position: the purpose of a draw is a hash of, say, *service* and the name
of the station, the key of a source a hash of its own name. A variant with a station more asks the same numbers for all
that both have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from bridgehead.engines.simulation import layout
from bridgehead.engines.simulation.compiled import Compiled, NodePart, UnitType, purpose
from bridgehead.engines.simulation.model import (
    AppointmentArrivals,
    Distribution,
    Full,
    ListedArrivals,
    Match,
    Model,
    RateArrivals,
    RenewalArrivals,
    Route,
    Source,
    Split,
    Station,
)
from bridgehead.engines.simulation.record_rows import constants, records

_FULL = {"lose": layout.LOSE, "block": layout.BLOCK, "divert": layout.DIVERT}
_AT_CLOSE = {"finish": layout.FINISH, "pause": layout.PAUSE, "empty": layout.EMPTY}
_REPAIR = {"resume": layout.RESUME, "repeat": layout.REPEAT, "rejoin": layout.REJOIN}
_KINDS = {
    name: number
    for number, name in enumerate(
        [
            "exp",
            "det",
            "erlang",
            "uniform",
            "normal",
            "lognormal",
            "gamma",
            "weibull",
            "triangular",
            "mix",
            "empirical",
            "quantiles",
            "poisson",
        ]
    )
}


def compile_model(model: Model) -> Compiled:
    """Return the arrays of a checked model."""
    return _Compiler(model).compiled()


class _Compiler:
    """Collects the tables of a model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.parts = tuple(
            NodePart(node, side) for node in model.nodes for side in range(2 if isinstance(node, Match) else 1)
        )
        self.types = tuple(
            UnitType(one, band) for one in model.classes for band in (tuple(one.risk) if one.risk else (None,))
        )
        self.node_at: dict[str, int] = {}
        for at, part in enumerate(self.parts):
            self.node_at.setdefault(part.node.id, at)
        self.type_at: dict[str, int] = {}
        for at, kind in enumerate(self.types):
            self.type_at.setdefault(kind.unit_class.id, at)
        self.pool_at = {pool.id: at for at, pool in enumerate(model.pools)}
        self.distributions: list[tuple[int, int, int, int, float, float, float]] = []
        self.known: dict[Distribution, int] = {}
        self.values: list[float] = []
        self.amounts: list[tuple[int, int]] = []
        self.ways: list[tuple[float, int, int]] = []
        self.rates: list[tuple[float, float]] = []
        self.histograms = 0

    def compiled(self) -> Compiled:
        """Return all tables together."""
        nodes, pairs = self.node_table(), self.pair_table()
        groups, ages, types = self.type_tables()
        sources = self.source_table()
        pools = self.pool_table()
        slots, free_slots = self.slot_tables(nodes)
        tables = {
            "node": nodes,
            "pair": pairs,
            "type": types,
            "group": groups,
            "age": ages,
            "way": records("way", self.ways),
            "distribution": records("distribution", self.distributions),
            "value": records("value", [(value,) for value in self.values]),
            "source": sources,
            "rate": records("rate", self.rates),
            "amount": records("amount", self.amounts),
            "slot": slots,
            "free_slot": free_slots,
            "pool": pools,
        }
        names = tuple(source.id for source in self.all_sources())
        return Compiled(self.model, self.parts, self.types, tables, self.histograms, self.known, names)

    def distribution(self, given: Distribution | None) -> int:
        """Return the row of a distribution, -1 for none."""
        if given is None:
            return -1
        if given not in self.known:
            row = self._row(given)
            self.known[given] = len(self.distributions)
            self.distributions.append(row)
        return self.known[given]

    def _row(self, given: Distribution) -> tuple[int, int, int, int, float, float, float]:
        kind, numbers = _KINDS[given.kind], given.numbers
        first = count = 0
        if given.kind == "mix":
            parts = [self.distribution(part) for part in given.parts]
            first, count = len(self.values), len(parts)
            self.values += [*np.cumsum(numbers).tolist(), *(float(part) for part in parts)]
        elif given.kind in {"empirical", "quantiles"}:
            first, count = len(self.values), len(numbers) // (2 if given.kind == "quantiles" else 1)
            self.values += numbers
        a, b, c = constants(given)
        return kind, first, count, 0, a, b, c

    def entries(self, wanted: Mapping[str, int], index: Mapping[str, int]) -> tuple[int, int]:
        """Return where the amounts of pools, or of types, stand."""
        begin = len(self.amounts)
        self.amounts += [(index[name], amount) for name, amount in wanted.items()]
        return begin, len(self.amounts)

    def to(self, name: str | None, kind: int) -> int:
        """Return the kernel node units of a type go to, -1 for out."""
        if name is None:
            return -1
        at = self.node_at[name]
        node = self.parts[at].node
        if isinstance(node, Match) and node.inputs[1].unit_class == self.types[kind].unit_class.id:
            return at + 1
        return at

    def node_table(self) -> Any:
        """Return the records of the nodes without state."""
        table = np.zeros(len(self.parts), dtype=layout.NODE)
        table["capacity"] = table["balk_at"] = table["up"] = table["down_for"] = table["becomes"] = -1
        table["full_to"] = table["balk_to"] = table["gives_up_to"] = table["partner"] = -1
        table["blocked_first"] = table["blocked_last"] = -1
        table["after"] = -1.0
        table["size"] = 1
        slot = 0
        order = {node.id: at for at, node in enumerate(self.model.nodes)}
        for at, part in enumerate(self.parts):
            row, node = table[at], part.node
            row["report"] = order[node.id]
            for word in ("service", "patience", "route", "balk", "up", "down", "child"):
                row[f"{word}_purpose"] = purpose(word, part.name)
            if isinstance(node, Station):
                row["slot"] = slot
                self.station(row, node)
                slot += max(0, int(row["servers"]))
            elif isinstance(node, Match):
                self.match(row, node, at, part.side)
            elif isinstance(node, Split):
                row["kind"] = layout.SPLIT
                row["take"], row["take_end"] = self.children(node)
            else:
                row["kind"], row["size"] = layout.COMBINE, node.size
                row["becomes"] = self.type_at[node.becomes]
                row["after"] = -1.0 if node.after_min is None else node.after_min
        table["plain"] = layout.plain(table)
        return table

    def children(self, node: Split) -> tuple[int, int]:
        """Return where the types of the parts of a unit stand; parts are of the first band of their class."""
        return self.entries(node.into, self.type_at)

    def station(self, row: Any, node: Station) -> None:
        """Fill the record of a station."""
        row["kind"] = layout.STATION
        extra = node.lanes.extra if node.lanes else 0
        row["servers"] = -1 if node.servers is None else node.servers + extra
        row["capacity"] = -1 if node.queue_capacity is None else node.queue_capacity
        self.full(row, node.full)
        if node.balking:
            row["balk_at"], row["balk_probability"] = node.balking.at, node.balking.probability
            row["balk_to"] = self.to(node.balking.to, 0)
        row["patient"] = bool(node.patience)
        row["gives_up_to"] = self.to(node.gives_up_to, 0)
        if node.breakdown:
            row["up"] = self.distribution(node.breakdown.up_min)
            row["down_for"] = self.distribution(node.breakdown.down_min)
            row["while_idle"], row["repair"] = node.breakdown.while_idle, _REPAIR[node.breakdown.mode]
        if node.lanes:
            row["lanes"], row["delay"] = extra, node.lanes.delay_min
            row["open_when"], row["close_when"] = node.lanes.open_when, node.lanes.close_when
        row["preempt"] = node.preempt
        row["need"], row["need_end"] = self.entries(node.needs, self.pool_at)
        row["take"], row["take_end"] = self.entries(node.takes, self.pool_at)
        row["give"], row["give_end"] = self.entries(node.returns, self.pool_at)
        calendar = next((one for one in self.model.calendars if one.id == node.calendar), None)
        if calendar is not None:
            row["at_close"] = _AT_CLOSE[calendar.at_close]
            row["turn_away"] = calendar.while_closed == "turn_away"

    def full(self, row: Any, full: Full) -> None:
        """Say what a full node does."""
        row["full"] = _FULL[full.kind]
        row["full_to"] = self.to(full.to, 0)

    def match(self, row: Any, node: Match, at: int, side: int) -> None:
        """Fill the record of one input of a match."""
        given = node.inputs[side]
        row["kind"], row["side"], row["partner"] = layout.INPUT, side, at + 1 - 2 * side
        row["level"] = 1
        row["accepts"] = [one.id for one in self.model.classes].index(given.unit_class)
        row["capacity"] = -1 if given.capacity is None else given.capacity
        self.full(row, given.full)
        if node.becomes is not None:
            row["becomes"] = self.type_at[node.becomes]

    def pair_table(self) -> Any:
        """Return the records of nodes and types without state."""
        table = np.zeros(len(self.parts) * len(self.types), dtype=layout.PAIR)
        routes = {(route.node, route.unit_class): route for route in self.model.routes}
        for at, part in enumerate(self.parts):
            for number, kind in enumerate(self.types):
                row, name = table[at * len(self.types) + number], kind.unit_class.id
                row["service"] = row["patience"] = -1
                if isinstance(part.node, Station):
                    row["service"] = self.distribution(part.node.service.get(name, part.node.service.get("*")))
                    row["patience"] = self.distribution(part.node.patience.get(name, part.node.patience.get("*")))
                route = routes.get((part.node.id, name), routes.get((part.node.id, "*")))
                row["way"], row["way_end"] = self.ways_of(route, at, number)
                row["shortest"] = bool(route and route.shortest)
                row["wait_histogram"] = self._histogram()
        return table

    def _histogram(self) -> int:
        self.histograms += 1
        return self.histograms - 1

    def ways_of(self, route: Route | None, at: int, kind: int) -> tuple[int, int]:
        """Write the ways out of a node for a type, and return where they stand; no ways leave."""
        begin = len(self.ways)
        if route is None:
            return begin, begin
        if route.shortest:
            self.ways += [
                (1.0, self.to(name, kind), self.leads_back(at, self.to(name, kind))) for name in route.shortest
            ]
            return begin, len(self.ways)
        band, total = self.types[kind].band, 0.0
        for way in route.ways:
            share = way.shares.get(band, way.shares.get("*", 0.0)) if band is not None else way.shares.get("*", 0.0)
            if share > 0.0:
                total += share
                to = self.to(way.to, kind)
                self.ways.append((total, to, self.leads_back(at, to)))
        if total < 1.0 - 1e-9:  # what is not said leaves
            self.ways.append((1.0, -1, 0))
        return begin, len(self.ways)

    def leads_back(self, at: int, to: int) -> int:
        """Tell whether a way leads to a node from which this one can be reached."""
        return int(to >= 0 and at in self.reach[to])

    @cached_property
    def reach(self) -> list[set[int]]:
        """Nodes that can be reached from each node, itself included, along all ways of all classes."""
        after: list[set[int]] = [set() for _ in self.parts]
        for route in self.model.routes:
            names = [way.to for way in route.ways if way.to is not None] + list(route.shortest)
            for at in self.around(route.node):
                after[at].update(near for name in names for near in self.around(name))
        found = []
        for at in range(len(self.parts)):
            seen, stack = {at}, [at]
            while stack:
                for near in after[stack.pop()] - seen:
                    seen.add(near)
                    stack.append(near)
            found.append(seen)
        return found

    def around(self, name: str) -> tuple[int, ...]:
        """Return the kernel nodes of a node of the model."""
        at = self.node_at[name]
        return (at, at + 1) if isinstance(self.parts[at].node, Match) else (at,)

    def type_tables(self) -> tuple[Any, Any, Any]:
        """Return groups, steps of ageing, and types."""
        behaviours: dict[Any, int] = {}
        groups: list[tuple[float, float, int, int]] = []
        ages: list[tuple[float, float]] = []
        table = np.zeros(len(self.types), dtype=layout.TYPE)
        order = {one.id: at for at, one in enumerate(self.model.classes)}
        for at, kind in enumerate(self.types):
            one = kind.unit_class
            behaviour = (one.priority, one.ages, one.accrues)
            if behaviour not in behaviours:
                behaviours[behaviour] = len(groups)
                begin = len(ages)
                ages += [(step.after_min, step.to) for step in one.ages]
                groups.append((one.priority, one.accrues, begin, len(ages)))
            row = table[at]
            row["group"], row["unit_class"] = behaviours[behaviour], order[one.id]
            row["band"] = at - self.type_at[one.id]
            row["cumulative"] = sum(list(one.risk.values())[: int(row["band"]) + 1]) if one.risk else 1.0
            row["stay_histogram"], row["wait_histogram"] = self._histogram(), self._histogram()
        return (
            records("group", groups),
            records("age", ages),
            table,
        )

    def all_sources(self) -> Iterable[Source]:
        """Return the sources, and the closed population as arrivals at time 0."""
        yield from self.model.sources
        for at, one in enumerate(self.model.population):
            arrivals = ListedArrivals((0.0,) * one.count)
            yield Source(f"population/{at}/{one.node}/{one.unit_class}", one.node, one.unit_class, arrivals)

    def source_table(self) -> Any:
        """Return the records of the sources."""
        rows = list(self.all_sources())
        table = np.zeros(len(rows), dtype=layout.SOURCE)
        for row, source in zip(table, rows, strict=True):
            kind = self.type_at[source.unit_class]
            row["node"], row["type"] = self.to(source.node, kind), kind
            row["bands"] = max(1, len(self.types[kind].unit_class.risk))
            row["batch"] = row["distribution"] = -1
            self.arrivals(row, source)
        return table

    def arrivals(self, row: Any, source: Source) -> None:
        """Fill what a source says of its arrivals; listed ones are drawn for each replication."""
        given = source.arrivals
        if isinstance(given, RenewalArrivals):
            row["kind"] = layout.RENEWAL
            row["distribution"] = self.distribution(given.interarrival_min)
            row["batch"] = self.distribution(given.batch)
        elif isinstance(given, RateArrivals):
            row["kind"], row["period"] = layout.RATE, given.period_min
            row["first"] = row["at"] = len(self.rates)
            self.rates += given.rates
            row["last"] = len(self.rates)
        else:
            row["kind"] = layout.LISTED
            if isinstance(given, AppointmentArrivals):
                for one in (given.count, given.lateness_min):  # drawn beside the kernel
                    self.distribution(one)
                if isinstance(given.slot_min, Distribution):
                    self.distribution(given.slot_min)

    def pool_table(self) -> Any:
        """Return the records of the pools."""
        table = np.zeros(max(1, len(self.model.pools)), dtype=layout.POOL)
        table["back"] = -1
        for row, pool in zip(table, self.model.pools, strict=False):
            row["purpose"] = purpose("return", pool.id)
            row["size"] = row["free"] = pool.size
            row["back"] = self.distribution(pool.return_min)
        return table

    def slot_tables(self, nodes: Any) -> tuple[Any, Any]:
        """Return the servers of all stations, and the stacks of those that are free, the first on top."""
        total = int(np.maximum(nodes["servers"], 0).sum())
        slots = np.zeros(max(1, total), dtype=layout.SLOT)
        slots["unit"] = -1
        free = np.zeros(max(1, total), dtype=layout.INDEX)
        for at, node in enumerate(nodes):
            first, count = int(node["slot"]), max(0, int(node["servers"]))
            if node["kind"] == layout.STATION and count:
                slots["node"][first : first + count] = at
                free["value"][first : first + count] = np.arange(first + count - 1, first - 1, -1)
                nodes["free_slots"][at] = count
        return slots, free
