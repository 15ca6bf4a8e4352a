"""A proposed division of work: for every market, which port leads, which supports and which leaves it to others.

A market is one commodity in one direction with one partner country. The proposal is made by rules, not by an optimum:
each port is put to five tests, every test is told with its numbers, and the port that passes most of them leads. A
test that lacks its data is not passed, and says that it is not known. It is a model of a judgement, to be discussed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bridgehead.engines.flows.port_costs import PortCosts
from bridgehead.engines.flows.port_profiles import APPORTIONED, REPORTED, Profile, Tonnage
from bridgehead.engines.network.components import RAIL, ComponentTables

LEADS, SUPPORTS, LEAVES = "leads", "supports", "leaves"
ROLES = (LEADS, SUPPORTS, LEAVES)

CARRIES, SPECIALISED, CHEAPEST, HAS_ROOM, MODE_FITS = "carries", "specialised", "cheapest", "room", "mode"
TESTS = (CARRIES, SPECIALISED, CHEAPEST, HAS_ROOM, MODE_FITS)

RAIL_CLASSES = ("bulk", "liquid", "container")
"""Freight classes that go by rail where they can; the others (general, perishable, vehicles) go by either mode."""

Market = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds of the tests; shares are 0 to 1.

    `carries_share` of the market; location quotient `quotient`; at most `near_cheapest` dearer than the cheapest port
    for `cheapest_share` of the market's tonnes; border used to less than `full`. A port that supports passes
    `support_tests` and carries `support_share` of the market or is cheapest for as much of it; a leader carries that
    share. A port's imports end near it within `near_km`; another port is a rival at most `margin` dearer.
    """

    carries_share: float = 1 / 3
    quotient: float = 1.25
    near_cheapest: float = 0.02
    cheapest_share: float = 0.5
    full: float = 0.9
    support_share: float = 0.05
    support_tests: int = 2
    margin: float = 0.05
    near_km: float = 200.0


@dataclass(frozen=True, slots=True)
class Room:
    """How full the border at a port is in one direction.

    `capacity_t` is the yearly capacity of the border links in tonnes, at the loads of the model's vehicles; `used_t`
    the port's freight in that direction; `capacity_basis` repeats where the capacity is from.
    """

    port: str
    direction: str
    used_t: float
    capacity_t: float
    capacity_basis: str

    @property
    def share(self) -> float:
        """Share of the capacity that is used."""
        return self.used_t / self.capacity_t


@dataclass(frozen=True, slots=True)
class Reason:
    """One test of a port in a market: whether it is passed, None where the data to tell are missing, and its numbers.

    `carries`: `value` share of the market. `specialised`: location quotient. `cheapest`: share of the market's tonnes
    for which the port is the cheapest or near it; `gap_usd_per_t` is the mean cost over the port minus that over the
    cheapest other port, over those tonnes or, where there are none, over all it could serve; `other` is the port that
    is the cheapest other one for most of them. `room`: share of the border's capacity used. `mode`: no number;
    `other` is the port's mode.
    """

    test: str
    passed: bool | None
    value: float | None = None
    gap_usd_per_t: float | None = None
    other: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What a port does in a market: its role, tonnes carried, share of the market, and the five reasons."""

    port: str
    role: str
    tonnes: float
    share: float
    reasons: tuple[Reason, ...]

    @property
    def passed(self) -> int:
        """How many tests the port passes."""
        return sum(reason.passed is True for reason in self.reasons)

    def reason(self, test: str) -> Reason:
        """Return the reason of a test."""
        return next(reason for reason in self.reasons if reason.test == test)


@dataclass(frozen=True, slots=True)
class Assignment:
    """The proposal for one market: ports in order of role and tests passed.

    `tied` names the ports that pass as many tests as the leader, which then leads by its tonnes. `firm_share` is the
    share of the tonnes that rests on reports, at least on the total; `unserved_t` are tonnes that no port can serve.
    """

    direction: str
    commodity: str
    partner: str
    tonnes: float
    parts: tuple[Part, ...]
    tied: tuple[str, ...]
    firm_share: float
    unserved_t: float

    @property
    def leader(self) -> str:
        """The port that leads, or an empty text."""
        return next((part.port for part in self.parts if part.role == LEADS), "")

    @property
    def weak(self) -> bool:
        """Whether less than half of the tonnes rests on reports."""
        return self.firm_share < 0.5


@dataclass
class _Gap:
    """Cost over a port minus that over the cheapest other one, times tonnes; and tonnes by that other port."""

    usd: float = 0.0
    tonnes: float = 0.0
    others: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, gap_usd_per_t: float, tonnes: float, other: str) -> None:
        self.usd += gap_usd_per_t * tonnes
        self.tonnes += tonnes
        self.others[other] += tonnes


@dataclass
class _Cheap:
    """Tonnes of a market that a port serves at about the least cost, and its gaps on those and on all it can serve."""

    near_t: float = 0.0
    near: _Gap = field(default_factory=_Gap)
    every: _Gap = field(default_factory=_Gap)


def divide(
    tables: ComponentTables,
    freight: Iterable[Tonnage],
    profiles: Iterable[Profile],
    costs: Iterable[PortCosts],
    *,
    rooms: Iterable[Room],
    rules: Rules,
) -> tuple[Assignment, ...]:
    """Return the proposal for every market with freight, the largest market first.

    Parameters
    ----------
    tables : ComponentTables
        The region, for the modes of ports and the classes of commodities.
    freight : iterable of Tonnage
        Freight of the ports; see `bridgehead.engines.flows.port_profiles.tonnages`.
    profiles : iterable of Profile
        Profiles of the same freight.
    costs : iterable of PortCosts
        Cost of every flow over each port.
    rooms : iterable of Room
        Use of the borders.
    rules : Rules
        Thresholds.
    """
    markets: dict[Market, list[Tonnage]] = defaultdict(list)
    for row in freight:
        markets[row.direction, row.commodity, row.partner].append(row)
    flows: dict[Market, list[PortCosts]] = defaultdict(list)
    for flow in costs:
        flows[flow.direction, flow.commodity, flow.partner].append(flow)
    quotients = {(one.port, line.direction, line.commodity): line.quotient for one in profiles for line in one.lines}
    used = {(room.port, room.direction): room for room in rooms}
    found = [
        _assignment(_Case(tables, market, rows, flows.get(market, []), quotients, used, rules))
        for market, rows in markets.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.tonnes, one.direction, one.commodity, one.partner)))


@dataclass(frozen=True)
class _Case:
    """A market with everything its tests read."""

    tables: ComponentTables
    market: Market
    rows: list[Tonnage]
    flows: list[PortCosts]
    quotients: Mapping[tuple[str, str, str], float]
    rooms: Mapping[tuple[str, str], Room]
    rules: Rules


def _assignment(case: _Case) -> Assignment:
    carried: dict[str, float] = defaultdict(float)
    for row in case.rows:
        carried[row.port] += row.tonnes
    whole = math.fsum(carried.values())
    cheap, served_t = _cheapest(case)
    parts = []
    for port in sorted({*carried, *cheap}):
        reasons = _reasons(case, port, carried.get(port, 0.0) / whole, cheap.get(port), served_t)
        parts.append(Part(port, LEAVES, carried.get(port, 0.0), carried.get(port, 0.0) / whole, reasons))
    parts.sort(key=lambda part: (-part.passed, -part.tonnes, part.port))
    able = [part for part in parts if part.share >= case.rules.support_share]
    roles = {part.port: _role(part, able, case.rules) for part in parts}
    told = [Part(p.port, roles[p.port], p.tonnes, p.share, p.reasons) for p in parts if roles[p.port]]
    firm = math.fsum(row.tonnes for row in case.rows if row.basis in (REPORTED, APPORTIONED))
    return Assignment(
        *case.market,
        tonnes=whole,
        parts=tuple(sorted(told, key=lambda part: ROLES.index(part.role))),
        tied=tuple(part.port for part in able[1:] if part.passed == able[0].passed),
        firm_share=firm / whole,
        unserved_t=math.fsum(flow.tonnes for flow in case.flows if not flow.usd_per_t),
    )


def _role(part: Part, able: list[Part], rules: Rules) -> str:
    """Return the role of a port; empty for one that carries nothing of the market and should not."""
    if able and part.port == able[0].port:
        return LEADS
    cheapest = part.reason(CHEAPEST).value or 0.0
    if part.passed >= rules.support_tests and max(part.share, cheapest) >= rules.support_share:
        return SUPPORTS
    return LEAVES if part.tonnes > 0 else ""


def _cheapest(case: _Case) -> tuple[Mapping[str, _Cheap], float]:
    """Return the cost standing of every port that a flow of the market can use, and the tonnes that can be served."""
    found: dict[str, _Cheap] = defaultdict(_Cheap)
    served = 0.0
    for flow in case.flows:
        if not flow.usd_per_t:
            continue
        served += flow.tonnes
        best = flow.usd_per_t[0][1]
        for port, cost in flow.usd_per_t:
            standing, near = found[port], cost <= best * (1.0 + case.rules.near_cheapest)
            standing.near_t += flow.tonnes if near else 0.0
            other, value = next((one for one in flow.usd_per_t if one[0] != port), ("", 0.0))
            for gap in (standing.every, standing.near) if near else (standing.every,):
                if other:
                    gap.add(cost - value, flow.tonnes, other)
    return found, served


def _reasons(case: _Case, port: str, share: float, cheap: _Cheap | None, served_t: float) -> tuple[Reason, ...]:
    direction, commodity, _ = case.market
    rules = case.rules
    quotient = case.quotients.get((port, direction, commodity), 0.0)
    room = case.rooms.get((port, direction))
    return (
        Reason(CARRIES, share >= rules.carries_share, share),
        Reason(SPECIALISED, quotient >= rules.quotient, quotient),
        _cost_reason(cheap, served_t, rules),
        Reason(HAS_ROOM, room.share < rules.full if room else None, room.share if room else None),
        _mode_reason(case, port),
    )


def _cost_reason(cheap: _Cheap | None, served_t: float, rules: Rules) -> Reason:
    if cheap is None or not served_t:
        return Reason(CHEAPEST, None)
    share = cheap.near_t / served_t
    gap = cheap.near if cheap.near_t else cheap.every
    other = min(gap.others, key=lambda name: (-gap.others[name], name), default="")
    mean = gap.usd / gap.tonnes if gap.tonnes else None
    return Reason(CHEAPEST, share >= rules.cheapest_share, share, mean, other)


def _mode_reason(case: _Case, port: str) -> Reason:
    mode = case.tables.ports_by_id[port].mode
    commodity = case.tables.commodities_by_id.get(case.market[1])
    if commodity is None:
        return Reason(MODE_FITS, None, other=mode)
    return Reason(MODE_FITS, mode == RAIL or commodity.freight_class not in RAIL_CLASSES, other=mode)
