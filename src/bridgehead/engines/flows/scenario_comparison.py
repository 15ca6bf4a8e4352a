"""A scenario held against its base: what moves, what it costs, who gains and who loses.

Every record holds the figure of the base and that of the scenario, never a difference alone. Swapping the two swaps the
figures and turns the sign of every change.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from bridgehead.engines.flows.freight_flows import Queue
from bridgehead.engines.flows.reopening import Waited, until_clear
from bridgehead.engines.flows.scenario_runs import UNSENT, Lane, Outcome, Way
from bridgehead.kernel.errors import BridgeheadError

K = TypeVar("K")
Ports = tuple[str, ...]
DEMAND = ("demand",)
"""Stands for the border ports of freight that is in one of the two demands only."""
NOISE = 1e-5
"""Share of a total below which a change is put down to the gap that a run stops at."""
Verdict = Literal["gains", "loses", "same"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure of the base and of the scenario."""

    base: float
    scenario: float

    @property
    def change(self) -> float:
        """Scenario less base."""
        return self.scenario - self.base

    @property
    def share(self) -> float | None:
        """Change as a share of the base; None where the base is zero."""
        return self.change / self.base if self.base else None

    @property
    def told(self) -> bool:
        """Whether the change is more than the gap of a run explains."""
        return abs(self.change) > NOISE * max(abs(self.base), abs(self.scenario))


@dataclass(frozen=True, slots=True)
class Sums:
    """Freight and what it costs: tonnes asked for, sent, not sent, money, hours with waits, waits, worth of time, CO2e.

    Averages are per tonne sent. `perceived_usd` is what the freight that both ask for costs by all ways open to it; its
    change is what shippers lose.
    """

    demand_t: Pair
    sent_t: Pair
    unsent_t: Pair
    money_usd: Pair
    tonne_hours: Pair
    wait_tonne_hours: Pair
    time_usd: Pair
    t_co2e: Pair
    perceived_usd: Pair

    @property
    def cost_usd(self) -> Pair:
        """Money and the worth of time."""
        return Pair(self.money_usd.base + self.time_usd.base, self.money_usd.scenario + self.time_usd.scenario)

    def per_tonne(self, figure: Pair, factor: float = 1.0) -> Pair:
        """Return a sum per tonne sent, times a factor; 0 where nothing is sent."""
        sent = self.sent_t
        base = factor * figure.base / sent.base if sent.base else 0.0
        return Pair(base, factor * figure.scenario / sent.scenario if sent.scenario else 0.0)


@dataclass(frozen=True, slots=True)
class PortChange:
    """Freight over the home border at a port, of one commodity in one direction."""

    port: str
    direction: str
    commodity: str
    tonnes: Pair


@dataclass(frozen=True, slots=True)
class Named:
    """Tonnes, or tonne-km, of one thing: a port, a mode, a commodity."""

    name: str
    amount: Pair


@dataclass(frozen=True, slots=True)
class LinkChange:
    """Freight over a link in one direction."""

    link: str
    origin: str
    destination: str
    tonnes: Pair


@dataclass(frozen=True, slots=True)
class QueueChange:
    """A queue before a link in one direction, or a change of gauge at a `place`: how full, how long, how many.

    `vehicles` is the mean number that waits, arrivals a day times the wait (Little, J. D. C. (1961), A proof for the
    queuing formula L = lambda W, Operations Research 9(3), 383-387); None where the load counts tonnes.
    """

    link: str
    place: str
    origin: str
    destination: str
    unit: str
    share: Pair
    wait_h: Pair
    vehicles: Pair | None


@dataclass(frozen=True, slots=True)
class Move:
    """Tonnes of a commodity that cross the border elsewhere, or that are no longer, or newly, sent or asked for."""

    commodity: str
    before: Ports
    after: Ports
    tonnes: float


@dataclass(frozen=True, slots=True)
class DistrictChange:
    """What a scenario does to a league or city: to freight that begins or ends there, and to its ports.

    `perceived_usd` is the cost of the freight that is asked for in both cases, by all ways open to it, with not sending
    as one of them. Freight between two districts counts in both. `shippers` tells whether those who send or receive
    there gain, `ports` whether its ports handle more.
    """

    district: str
    perceived_usd: Pair
    unsent_t: Pair
    ports_t: Pair
    shippers: Verdict
    ports: Verdict


def _verdict(pair: Pair, total: float, good: float) -> Verdict:
    """Return who gains and who loses by a change that is more than noise in the total of all."""
    if abs(pair.change) <= NOISE * total:
        return "same"
    return "gains" if good * pair.change > 0.0 else "loses"


@dataclass(frozen=True)
class Comparison:
    """A scenario beside its base. Changes are listed with the largest first, ties by name."""

    base: Outcome
    scenario: Outcome
    sums: Sums
    ports: tuple[Named, ...]
    port_goods: tuple[PortChange, ...]
    border_modes: tuple[Named, ...]
    tonne_km: tuple[Named, ...]
    queues: tuple[QueueChange, ...]
    waited: tuple[Waited, ...]
    links: tuple[LinkChange, ...]
    moves: tuple[Move, ...]
    districts: tuple[DistrictChange, ...] = field(default=())

    @property
    def days(self) -> int:
        """Days that both speak of."""
        return self.scenario.days

    @property
    def whole_year(self) -> bool:
        """Whether they are all days of a year."""
        return self.scenario.days == self.scenario.days_in_year

    @property
    def waited_t(self) -> float:
        """Tonnes that wait for a closed link to open."""
        return math.fsum(one.tonnes for one in self.waited)

    @property
    def rerouted_t(self) -> float:
        """Tonnes that cross the border at another port."""
        return math.fsum(one.tonnes for one in self.moves if not {UNSENT, DEMAND} & {one.before, one.after})


def compare(
    base: Outcome, scenario: Outcome, port_modes: Mapping[str, str], districts: Mapping[str, str] | None = None
) -> Comparison:
    """Hold a scenario against the base of the same days.

    Parameters
    ----------
    base, scenario : Outcome
        Runs over as many days of the same year.
    port_modes : mapping of str to str
        Mode of every home port.
    districts : mapping of str to str, optional
        League or city of places and ports; what is not in it lies outside.

    Raises
    ------
    BridgeheadError
        `scenario.not_comparable` where days, year or method differ.
    """
    if (base.days, base.year, base.method) != (scenario.days, scenario.year, scenario.method):
        told = {"base": f"{base.year}, {base.days} d, {base.method}"}
        raise BridgeheadError(
            "scenario.not_comparable", told | {"scenario": f"{scenario.year}, {scenario.days} d, {scenario.method}"}
        )
    goods = _paired(*({(r.port, r.direction, r.commodity): r.tonnes for r in one.ports} for one in (base, scenario)))
    links = _paired(*({(r.link, r.origin, r.destination): r.tonnes for r in one.links} for one in (base, scenario)))
    by_port = _gathered((key[0], pair) for key, pair in goods.items())
    return Comparison(
        base=base,
        scenario=scenario,
        sums=_sums(base, scenario),
        ports=tuple(sorted((Named(*item) for item in by_port.items()), key=_named_order)),
        port_goods=tuple(sorted((PortChange(*key, pair) for key, pair in goods.items()), key=_port_order)),
        border_modes=tuple(
            Named(*item)
            for item in sorted(_gathered((port_modes[port], pair) for port, pair in by_port.items()).items())
        ),
        tonne_km=tuple(Named(*item) for item in sorted(_paired(base.tonne_km, scenario.tonne_km).items())),
        queues=_queues(base.queues, scenario.queues),
        waited=until_clear(scenario.waiting, {(one.link, one.origin): one.share for one in base.queues}),
        links=tuple(
            sorted(
                (LinkChange(*key, pair) for key, pair in links.items()),
                key=lambda one: (-abs(one.tonnes.change), one.link, one.origin),
            )
        ),
        moves=_moves(base.lanes, scenario.lanes),
        districts=_districts(base, scenario, by_port, districts or {}),
    )


def _named_order(one: Named) -> tuple[float, str]:
    return -abs(one.amount.change), one.name


def _port_order(one: PortChange) -> tuple[float, str, str, str]:
    return -abs(one.tonnes.change), one.port, one.direction, one.commodity


def _paired(base: Mapping[K, float], scenario: Mapping[K, float]) -> dict[K, Pair]:
    return {key: Pair(base.get(key, 0.0), scenario.get(key, 0.0)) for key in dict.fromkeys([*base, *scenario])}


def _gathered(items: Iterable[tuple[str, Pair]]) -> dict[str, Pair]:
    found: dict[str, Pair] = defaultdict(lambda: Pair(0.0, 0.0))
    for name, pair in items:
        found[name] = Pair(found[name].base + pair.base, found[name].scenario + pair.scenario)
    return dict(found)


def _sums(base: Outcome, scenario: Outcome) -> Sums:
    one, other = _totals(base.lanes), _totals(scenario.lanes)
    costs = _gathered(("", pair) for pair in _perceived(base, scenario).values()).get("", Pair(0.0, 0.0))
    pairs = [*(Pair(a, b) for a, b in zip(one, other, strict=True)), costs]
    return Sums(*pairs)


def _totals(lanes: Iterable[Lane]) -> tuple[float, ...]:
    listed = list(lanes)
    sent = math.fsum(one.tonnes for one in listed if one.sent)
    unsent = math.fsum(one.tonnes for one in listed if not one.sent)
    figures = ("money_usd", "tonne_hours", "wait_tonne_hours", "time_usd", "t_co2e")
    return sent + unsent, sent, unsent, *(math.fsum(getattr(one, name) for one in listed) for name in figures)


def _queues(base: Iterable[Queue], scenario: Iterable[Queue]) -> tuple[QueueChange, ...]:
    one, other = ({(q.link, q.place, q.origin): q for q in queues} for queues in (base, scenario))
    found = []
    for key in dict.fromkeys([*one, *other]):
        a, b = one.get(key), other.get(key)
        some = a or b
        assert some is not None
        vehicles = None
        if some.unit.endswith("/day/direction"):
            vehicles = Pair(*(0.0 if q is None else q.load * q.wait_h / 24.0 for q in (a, b)))
        found.append(
            QueueChange(
                some.link, some.place, some.origin, some.destination, some.unit,
                Pair(*(0.0 if q is None else q.share for q in (a, b))),
                Pair(*(0.0 if q is None else q.wait_h for q in (a, b))), vehicles,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda q: (-max(q.wait_h.base, q.wait_h.scenario), q.link, q.place, q.origin)))


def _ways(lanes: Iterable[Lane]) -> Mapping[Way, Mapping[Ports, float]]:
    found: dict[Way, dict[Ports, float]] = defaultdict(dict)
    for one in lanes:
        found[one.origin, one.destination, one.commodity][one.ports] = one.tonnes
    return found


def _moves(base: Iterable[Lane], scenario: Iterable[Lane]) -> tuple[Move, ...]:
    """Return which ports lose tonnes to which, commodity by commodity.

    Between two places, what each losing port loses goes to the gaining ones in proportion to what they gain; this is
    the split of largest entropy and does not depend on an order.
    """
    one, other = _ways(base), _ways(scenario)
    sums: dict[tuple[str, Ports, Ports], list[float]] = defaultdict(list)
    for way in sorted({*one, *other}):
        pairs = _paired(one.get(way, {}), other.get(way, {}))
        change = {ports: pair.change for ports, pair in pairs.items()}
        change[DEMAND] = -math.fsum(change.values())
        smallest = NOISE * math.fsum(max(pair.base, pair.scenario) for pair in pairs.values())
        lost = {ports: -value for ports, value in change.items() if value < -smallest}
        won = {ports: value for ports, value in change.items() if value > smallest}
        largest = max(math.fsum(lost.values()), math.fsum(won.values()))
        for before, left in lost.items():
            for after, come in won.items():
                sums[way[2], before, after].append(left * come / largest)
    moves = (Move(*key, math.fsum(values)) for key, values in sums.items())
    return tuple(sorted(moves, key=lambda move: (-move.tonnes, move.commodity, move.before, move.after)))


def _districts(
    base: Outcome, scenario: Outcome, by_port: Mapping[str, Pair], districts: Mapping[str, str]
) -> tuple[DistrictChange, ...]:
    costs = _perceived(base, scenario)
    unsent = _paired(*(_unsent(one.lanes) for one in (base, scenario)))
    cost_of = _gathered((name, pair) for way, pair in costs.items() for name in _touched(way, districts))
    left_of = _gathered((name, pair) for way, pair in unsent.items() for name in _touched(way, districts))
    handled = _gathered((districts[port], pair) for port, pair in by_port.items() if port in districts)
    paid = math.fsum(pair.base for pair in costs.values())
    crossed = math.fsum(pair.base for pair in by_port.values())
    found = []
    for name in {*cost_of, *left_of, *handled}:
        cost, left, ports = (of.get(name, Pair(0.0, 0.0)) for of in (cost_of, left_of, handled))
        verdicts = _verdict(cost, paid, -1.0), _verdict(ports, crossed, 1.0)
        found.append(DistrictChange(name, cost, left, ports, *verdicts))
    return tuple(sorted(found, key=lambda one: (-abs(one.perceived_usd.change), one.district)))


def _touched(way: Way, districts: Mapping[str, str]) -> list[str]:
    return sorted({districts[end] for end in way[:2] if end in districts})


def _unsent(lanes: Iterable[Lane]) -> Mapping[Way, float]:
    return {(one.origin, one.destination, one.commodity): one.tonnes for one in lanes if not one.sent}


def _perceived(base: Outcome, scenario: Outcome) -> Mapping[Way, Pair]:
    """Return the perceived cost of the freight that both ask for."""
    one, other = ({(r.origin, r.destination, r.commodity): r for r in run.asked} for run in (base, scenario))
    found = {}
    for way in one:
        if way in other and (both := min(one[way].tonnes, other[way].tonnes)) > 0.0:
            found[way] = Pair(*(both * row.perceived_usd / row.tonnes for row in (one[way], other[way])))
    return found
