"""The freight of a region as an assignment: goods as classes, links, borders and changes of gauge with their queues.

A class is one kind of goods with the links closed to it. Its fixed cost on an arc of the virtual network is the
generalised cost there (money, value of time and standing cost at free flow). What freight adds is waiting: on every
link with a capacity, in each direction, and at every station that changes gauges, vehicles queue as before a group of
servers (`DelayKind.PORT_QUEUE`), in days. A day costs a tonne the value of its time and its share of a standing
vehicle. Every pair has an overflow, so each scenario has a solution and what is not sent is part of it. How freight
waits for a link that is closed for days is in `bridgehead.engines.flows.reopening`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.capacity import MT_PER_YEAR, PER_YEAR_MT, of_direction, operating_days
from bridgehead.engines.flows.demand import Group, groups_of
from bridgehead.engines.flows.problem import AssignmentProblem, Pairs, UserClass
from bridgehead.engines.flows.reopening import behind_closed_links, days_until_open
from bridgehead.engines.network.applied import Background, Period, Wait
from bridgehead.engines.network.components import Demand, Link
from bridgehead.engines.network.costing import HOURS_PER_DAY, Goods, ask
from bridgehead.engines.network.delays import DelayKind, DelayTable
from bridgehead.engines.network.quantities import currency_of
from bridgehead.engines.network.topology import Float64, Kind, Signature
from bridgehead.engines.network.virtual import Network

JOIN = 0.95
"""Utilisation from which a queue's wait grows along a straight line."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Where vehicles queue: a link in one direction (`link` and its ends), or a change of gauge at a `place`.

    `capacity` and loads count in `unit`: trains, vehicles or Mt. `rate_per_day` turns the capacity into services a day,
    for the wait. `basis` repeats where the capacity is from.
    """

    link: str
    place: str
    origin: str
    destination: str
    capacity: float
    unit: str
    basis: str
    servers: float
    variability: float
    rate_per_day: float
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """What a run supposes beside the tables.

    Parameters
    ----------
    closed : frozenset of str
        Links that nothing may use.
    share : float
        Part of the year that is run: demand and yearly capacities count times it.
    background : mapping of str to float
        Traffic on a link that is not in the demand, in each direction, in the unit of its capacity a direction.
    constants : mapping of str to float
        USD per tonne that speak against a home port, instead of those of the parameter table.
    waits : tuple of Wait
        Links closed for now, which freight may wait for.
    """

    closed: frozenset[str] = frozenset()
    share: float = 1.0
    background: Mapping[str, float] = field(default_factory=dict)
    constants: Mapping[str, float] | None = None
    waits: tuple[Wait, ...] = ()

    @classmethod
    def of_period(cls, period: Period, background: Mapping[str, Background]) -> Settings:
        """Return what is supposed for the days of a scenario on which the same links are closed."""
        beside = {one.link: one.value * PER_YEAR_MT.get(one.unit, 1.0) for one in background.values()}
        opening = {one.link for one in period.waits}
        return cls(period.closed_links - opening, period.share, beside, waits=period.waits)


@dataclass(frozen=True)
class FreightProblem:
    """An assignment with what its numbers stand for.

    `groups` are goods and closed links of each class, `resources` run along the rows of the delay table, `row_pair`
    is the pair each demand row belongs to (-1 for rows that are not sent anywhere: no path), `constant` (float64, arcs)
    is the part of the fixed costs that is a calibrated constant, `waiting_days` (float64, arcs) the days until the link
    of an arc opens, and `parameters` names the rows of the table used.
    """

    network: Network
    rows: tuple[Demand, ...]
    settings: Settings
    problem: AssignmentProblem
    groups: tuple[tuple[Goods, frozenset[str]], ...]
    resources: tuple[Resource, ...]
    row_pair: npt.NDArray[np.int64]
    constant: Float64
    waiting_days: Float64
    parameters: frozenset[str]


def freight_problem(network: Network, rows: Iterable[Demand], settings: Settings | None = None) -> FreightProblem:
    """Put the demand of a year onto a virtual network as an assignment problem.

    Parameters
    ----------
    network : Network
        The virtual network, with prices.
    rows : iterable of Demand
        Yearly flows.
    settings : Settings, optional
        Closures, share of the year, background traffic and constants.

    Raises
    ------
    BridgeheadError
        `parameter.missing` for a capacity without servers or an overflow without cost; what pricing raises.
    """
    chosen = settings or Settings()
    return _Builder(network, tuple(rows), chosen).build()


class _Builder:
    """One object for one call of `freight_problem`."""

    def __init__(self, network: Network, rows: tuple[Demand, ...], settings: Settings) -> None:
        self.network = network
        self.topology = network.topology
        self.rows = rows
        self.settings = settings
        self.used: set[str] = set()
        self.resources: list[Resource] = []
        self.resource: npt.NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self.days: list[float] = []
        self.vehicles: dict[tuple[str, ...], Float64] = {}
        self.waiting_days = days_until_open(self.topology, settings.waits)

    def build(self) -> FreightProblem:
        members = groups_of(self.network.tables, self.network, self.rows)
        groups = tuple(dict.fromkeys((group.goods, group.closed) for group in members))
        self._place_resources([goods for goods, _ in groups])
        constant = self._constants()
        classes = tuple(self._class(goods, closed, constant) for goods, closed in groups)
        pairs, row_pair = self._pairs(members, {group: i for i, group in enumerate(groups)})
        problem = AssignmentProblem(
            first=self.topology.first,
            head=self.topology.head,
            tail=self.topology.tail,
            no_through=np.zeros(len(self.topology.nodes), dtype=np.bool_),
            resource=self.resource,
            delays=self._delays(),
            limit=np.full(len(self.resources), np.inf),
            background=self._background(),
            classes=classes,
            pairs=pairs,
        )
        used = self.used | {name for one in self.resources for name in one.parameters}
        return FreightProblem(
            self.network, self.rows, self.settings, problem, groups, tuple(self.resources), row_pair, constant,
            self.waiting_days, frozenset(used),
        )  # fmt: skip

    def _ask(
        self, *quantities: str, mode: str = "", places: Sequence[str] = (), classes: Sequence[str] = ()
    ) -> tuple[float, str]:
        row = self.network.book.find(*quantities, mode=mode, places=places, freight_classes=classes)
        return row.value, row.id

    def _place_resources(self, goods: Sequence[Goods]) -> None:
        """Give every link direction with a capacity, and every station that changes gauges, a queue."""
        topology = self.topology
        at = np.full(topology.arc_count, -1, dtype=np.int64)
        haul, gauge = topology.kind == Kind.HAUL, topology.kind == Kind.GAUGE_CHANGE
        at[haul] = 2 * topology.link[haul] + topology.forward[haul]
        at[gauge] = 2 * len(topology.links) + topology.place_number[topology.tail[gauge]]
        keys, begins, owner = np.unique(at, return_index=True, return_inverse=True)
        number = np.full(len(keys), -1, dtype=np.int32)
        for i in np.argsort(begins).tolist():
            made = self._queue(int(begins[i]), goods) if keys[i] >= 0 else None
            if made is not None:
                number[i] = len(self.resources)
                self.resources.append(made)
        number[number < 0] = len(self.resources)
        self.resource = number[owner]

    def _queue(self, arc: int, goods: Sequence[Goods]) -> Resource | None:
        topology = self.topology
        signature = topology.signatures[int(topology.signature[arc])]
        if topology.kind[arc] == Kind.GAUGE_CHANGE:
            place = topology.nodes[int(topology.tail[arc])].place
            capacity, row = self._ask("gauge_change_capacity", mode=signature.mode, places=(place,))
            return self._resource("", place, place, place, capacity, MT_PER_YEAR, row, signature, goods, 365.0, (row,))
        link = topology.links[int(topology.link[arc])]
        if not link.capacity:
            return None
        days, days_row = operating_days(self.network.tables, topology, self.network.book, link)
        ends = (link.origin, link.destination) if topology.forward[arc] else (link.destination, link.origin)
        return self._resource(
            link.id, "", *ends, *of_direction(link), link.capacity_basis, signature, goods, days, (days_row,)
        )

    def _resource(  # noqa: PLR0917 - a record in the making
        self, link: str, place: str, origin: str, destination: str, capacity: float, unit: str, basis: str,
        signature: Signature, goods: Sequence[Goods], days: float, rows: tuple[str, ...],
    ) -> Resource:  # fmt: skip
        places = (place,) if place else (origin, destination)
        self.days.append(days)
        servers, servers_row = self._ask("queue_servers", mode=signature.mode, places=places)
        spread, spread_row = self._ask("queue_variability", mode=signature.mode, places=places)
        rate = capacity
        if unit == MT_PER_YEAR:
            largest = max(self._payload(one, signature) for one in goods)
            rate = capacity * 1e6 / days / largest
        return Resource(
            link, place, origin, destination, capacity, unit, basis, servers, spread, rate,
            (*rows, servers_row, spread_row),
        )  # fmt: skip

    def _payload(self, goods: Goods, signature: Signature) -> float:
        row = self.network.model.vehicle_payload(goods, signature)
        self.used.add(row.id)
        return row.value

    def _delays(self) -> DelayTable:
        """Return the queues with the wait in days: capacity and volume in the unit of each resource."""
        number = len(self.resources)
        rate = np.array([one.rate_per_day for one in self.resources])
        servers = np.array([one.servers for one in self.resources])
        # A wait scales with the time of a service. The table's is 1 / capacity in units of the volume, so the factor
        # between the two is put into the variability.
        capacity = self._capacities()
        factor = np.array([one.variability for one in self.resources]) * capacity / rate
        queues = DelayTable.of(DelayKind.PORT_QUEUE, np.zeros(number), capacity, servers, factor, np.full(number, JOIN))
        return behind_closed_links(queues, [one.link for one in self.resources], self.settings.waits)

    def _capacities(self) -> Float64:
        share = self.settings.share
        return np.array([one.capacity * (share if one.unit == MT_PER_YEAR else 1.0) for one in self.resources])

    def _background(self) -> Float64:
        given = self.settings.background
        found = np.array([given.get(one.link, 0.0) if one.link else 0.0 for one in self.resources])
        return np.where(
            np.array([one.unit == MT_PER_YEAR for one in self.resources]), found * self.settings.share, found
        )

    def _constants(self) -> Float64:
        """Return the constant of every arc over the home border at a port, moved so that none is negative."""
        topology, tables = self.topology, self.network.tables
        found = np.zeros(topology.arc_count)
        at_border = np.zeros(topology.arc_count, dtype=np.bool_)
        for arc in np.flatnonzero(topology.kind == Kind.HAUL).tolist():
            link = topology.links[int(topology.link[arc])]
            port = home_port(link, topology.border_links, tables.countries, tables.home_country, tables.ports_by_id)
            if port is None:
                continue
            at_border[arc] = True
            if self.settings.constants is not None:
                found[arc] = self.settings.constants.get(port, 0.0)
            else:
                found[arc], row = self._ask("choice_constant", mode=link.mode, places=(port,))
                self.used.add(row)
        return _without_gain(found, at_border)

    def _class(self, goods: Goods, closed: frozenset[str], constant: Float64) -> UserClass:
        topology, settings = self.topology, self.settings
        priced = self.network.price(goods)
        worth = priced.time_value_usd_per_t_h
        fixed = priced.cost("generalised", closed | settings.closed) + constant
        fixed += worth * HOURS_PER_DAY * self.waiting_days
        payload, standing = self._vehicles(goods)[topology.signature].T
        queued = self.resource < len(self.resources)
        by_mass = np.array([one.unit == MT_PER_YEAR for one in self.resources] + [False])[self.resource]
        days = np.array([*self.days, 1.0])[self.resource]
        with np.errstate(divide="ignore", invalid="ignore"):
            weight = np.where(by_mass, 1e-6, 1.0 / (payload * days * settings.share))
            hour = worth + np.where(self.waiting_days > 0.0, 0.0, standing / payload)
        weight = np.where(queued, weight, 0.0)
        value = np.where(queued, hour * HOURS_PER_DAY, 0.0)
        kind = "boxed" if goods.boxed else "loose"
        name = " ".join([goods.commodity.id, kind, *sorted(closed)])
        return UserClass(name, fixed, weight, value)

    def _vehicles(self, goods: Goods) -> Float64:
        """Return payload in t and standing cost in USD per hour of the vehicles of each signature."""
        if goods.classes not in self.vehicles:
            table = np.zeros((len(self.topology.signatures), 2))
            for i, signature in enumerate(self.topology.signatures):
                if signature.kind in {Kind.HAUL, Kind.GAUGE_CHANGE}:
                    table[i] = self._payload(goods, signature), self._standing(goods, signature)
            self.vehicles[goods.classes] = table
        return self.vehicles[goods.classes]

    def _standing(self, goods: Goods, signature: Signature) -> float:
        row = ask(self.network.book, signature, goods, signature.countries[0], "waiting_cost")
        self.used.add(row.id)
        return self._usd(row.value, row.unit)

    def _usd(self, value: float, unit: str) -> float:
        currency = currency_of(unit)
        rate = self.network.book.exchange(currency) if currency else None
        if rate is not None:
            self.used.add(rate.id)
            return value / rate.value
        return value

    def _pairs(
        self, members: Mapping[Group, list[Demand]], number: Mapping[tuple[Goods, frozenset[str]], int]
    ) -> tuple[Pairs, npt.NDArray[np.int64]]:
        topology = self.topology
        listed, keys, over = [], [], []
        for group, rows in members.items():
            row = self.network.book.find("overflow_share", freight_classes=group.goods.classes)
            self.used.add(row.id)
            cost = row.value * group.goods.commodity.value_usd_per_t
            for one in rows:
                ends = topology.origin_node.get(one.origin, -1), topology.destination_node.get(one.destination, -1)
                listed.append(one)
                keys.append((number[group.goods, group.closed], *ends))
                over.append(cost)
        table = np.array(keys, dtype=np.int64).reshape(-1, 3)
        tonnes = np.array([one.tonnes for one in listed]) * self.settings.share
        there = (table[:, 1:] >= 0).all(axis=1)
        pairs = Pairs.of(
            table[there, 1], table[there, 2], tonnes[there], table[there, 0], overflow=np.array(over)[there]
        )
        place = {key: i for i, key in enumerate(zip(pairs.group, pairs.origin, pairs.destination, strict=True))}
        order = {id(one): i for i, one in enumerate(self.rows)}
        row_pair = np.full(len(self.rows), -1, dtype=np.int64)
        for one, key in zip(listed, keys, strict=True):
            row_pair[order[id(one)]] = place.get(key, -1)
        return pairs, row_pair


def _without_gain(constant: Float64, at_border: npt.NDArray[np.bool_]) -> Float64:
    """Return the constants moved together so that none is negative: costs of an arc may not be."""
    if at_border.any():
        constant[at_border] -= min(float(constant[at_border].min()), 0.0)
    return constant


def with_constants(
    freight: FreightProblem, constants: Mapping[str, float], arcs: Mapping[str, npt.NDArray[np.bool_]]
) -> FreightProblem:
    """Return the same problem with other constants of ports.

    Parameters
    ----------
    freight : FreightProblem
        The problem.
    constants : mapping of str to float
        USD per tonne by home port; a port that is not named has none.
    arcs : mapping of str to bool array, shape (arcs,)
        Arcs of every home port, as `bridgehead.engines.flows.choice_sets.port_arcs` gives them.
    """
    found = np.zeros(freight.problem.arc_count)
    at_border = np.zeros(freight.problem.arc_count, dtype=np.bool_)
    for port, mask in arcs.items():
        found[mask] = constants.get(port, 0.0)
        at_border |= mask
    found = _without_gain(found, at_border)
    classes = tuple(replace(one, fixed=one.fixed - freight.constant + found) for one in freight.problem.classes)
    settings = replace(freight.settings, constants=dict(constants))
    return replace(freight, settings=settings, problem=replace(freight.problem, classes=classes), constant=found)


def home_port(
    link: Link, borders: frozenset[str], countries: Mapping[str, str], home: str, ports: Mapping[str, object]
) -> str | None:
    """Return the port of the home country at which a link crosses the home border, or None."""
    if link.id not in borders:
        return None
    for end in (link.origin, link.destination):
        if countries[end] == home and end in ports:
            return end
    return None
