"""What is decided: how many servers each station, or each of its shifts, has, between which bounds and at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import lcm

from bridgehead.engines.simulation.hours import MOST_SERVERS
from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model, Node, OpeningHours, Station
from bridgehead.engines.simulation.noting import near_and_known
from bridgehead.engines.simulation.quantities import quoted
from bridgehead.engines.simulation.timelines import timeline
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

HOURS_A_WEEK = 168.0
MOST_TIMES = 2
"""How many times the servers of today may at most become where nobody gives bounds."""
Counts = tuple[int, ...]
"""Servers along the lanes that are decided."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """The servers of a station, or of one of its shifts, as something to be decided.

    Parameters
    ----------
    station : str
        Which.
    shift : int or None
        Number of the step of its shifts; None where it has the same servers at all open hours.
    id : str
        ``gate``, or ``gate@07:00`` for the shift from seven on.
    least, most : int
        Bounds, both included.
    hours_a_week : float
        Open hours of one server.
    cost : float
        Of one hour of one server.
    """

    station: str
    shift: int | None
    id: str
    least: int
    most: int
    hours_a_week: float
    cost: float = 1.0

    @property
    def weight(self) -> float:
        """Cost of one server a week."""
        return self.hours_a_week * self.cost


def lanes_of(
    model: Model, between: Mapping[str, tuple[int, int]] | None = None, cost: Mapping[str, float] | None = None
) -> tuple[Lanes, ...]:
    """Return what is to be decided.

    Parameters
    ----------
    model : Model
        The port.
    between : mapping, optional
        Station, or station and begin of a shift such as ``gate@07:00``, to the bounds. Without any, all stations with
        servers are decided, between one server and twice those they have; a search gives none more than it has where
        those of today keep the promise.
    cost : mapping, optional
        Station to the cost of an hour of one server; then every station that is decided needs one.

    Raises
    ------
    BridgeheadError
        With every fault, codes ``staffing.unknown_lanes``, ``staffing.bad_bounds``, ``staffing.bad_cost``,
        ``staffing.cost_missing``, ``staffing.nothing_to_decide``.
    """
    every = {lanes.id: lanes for node in model.nodes if isinstance(node, Station) for lanes in _of(node, model)}
    stations = {lanes.station for lanes in every.values()}
    faults = [
        Fault("staffing.unknown_lanes", near_and_known(name, frozenset({*stations, *every})), Place(field=field))
        for field, names in (("between", between or {}), ("cost", cost or {}))
        for name in names
        if name not in stations and name not in every
    ]
    faults += [
        Fault("staffing.bad_bounds", {"name": name, "least": low, "most": high}, Place(field="between"))
        for name, (low, high) in (between or {}).items()
        if not 0 <= low <= high <= MOST_SERVERS or high < 1
    ]
    faults += [
        Fault("staffing.bad_cost", {"name": name, "cost": value}, Place(field="cost"))
        for name, value in (cost or {}).items()
        if not 0.0 < value < 1e12
    ]
    chosen = tuple(bounded for lanes in every.values() if (bounded := _bounded(lanes, between)) is not None)
    if cost:
        missing = sorted({lanes.station for lanes in chosen} - {name.partition("@")[0] for name in cost})
        if missing:
            faults.append(Fault("staffing.cost_missing", {"missing": missing}, Place(field="cost")))
        chosen = tuple(replace(one, cost=cost.get(one.id, cost.get(one.station, 1.0))) for one in chosen)
    if not chosen and not faults:
        faults.append(Fault("staffing.nothing_to_decide", {}, Place(field="between")))
    if faults:
        raise BridgeheadError.of(faults)
    return chosen


def _bounded(lanes: Lanes, between: Mapping[str, tuple[int, int]] | None) -> Lanes | None:
    """Return lanes with the bounds asked for, None where they are not to be decided."""
    if not between:
        return lanes
    bounds = between.get(lanes.id, between.get(lanes.station))
    if bounds is None:
        return None
    least = bounds[0] if lanes.shift is not None else max(1, bounds[0])
    return replace(lanes, least=least, most=bounds[1])


def _of(station: Station, model: Model) -> Sequence[Lanes]:
    """Return the lanes of a station from one server to twice those it has; none where as many work as are needed."""
    if station.servers is None:
        return ()
    calendar = next((one for one in model.calendars if one.id == station.calendar), None)
    if not station.shifts:
        hours = _hours_a_week(replace(station, servers=1), calendar, model)
        return (Lanes(station.id, None, station.id, 1, _most(station.servers), hours),)
    found = []
    for number, (begin, count) in enumerate(station.shifts):
        if count == 0:
            continue
        alone = tuple((start, int(at == number)) for at, (start, _) in enumerate(station.shifts))
        hours = _hours_a_week(replace(station, servers=1, shifts=alone), calendar, model)
        name = f"{station.id}@{int(begin // 60):02d}:{int(begin % 60):02d}"
        if hours > 0.0:
            found.append(Lanes(station.id, number, name, 1, _most(max(n for _, n in station.shifts)), hours))
    return found


def _most(servers: int) -> int:
    """Return the upper bound where nobody gives one."""
    return min(MOST_SERVERS, MOST_TIMES * servers)


def _hours_a_week(station: Station, calendar: OpeningHours | None, model: Model) -> float:
    """Return for how many hours of a mean week one server is there."""
    span = MINUTES_A_DAY
    if calendar is not None and calendar.exceptions:
        span = model.run.horizon_min
    elif calendar is not None:
        period = calendar.period_min
        span = float(lcm(int(period), int(MINUTES_A_DAY))) if period.is_integer() else model.run.horizon_min
    found = timeline(station, calendar, span)
    times, levels = (0.0, *found.times_min, span), (found.level, *found.levels)
    open_min = sum(level * (times[at + 1] - times[at]) for at, level in enumerate(levels))
    return open_min / span * HOURS_A_WEEK


def staffed(model: Model, lanes: Sequence[Lanes], counts: Counts) -> Model:
    """Return the model with so many servers."""
    wanted: dict[str, dict[int | None, int]] = {}
    for one, count in zip(lanes, counts, strict=True):
        wanted.setdefault(one.station, {})[one.shift] = count
    return replace(model, nodes=tuple(_with_servers(node, wanted.get(node.id)) for node in model.nodes))


def _with_servers(node: Node, wanted: Mapping[int | None, int] | None) -> Node:
    if wanted is None or not isinstance(node, Station):
        return node
    if None in wanted:
        return replace(node, servers=wanted[None])
    shifts = tuple((begin, wanted.get(number, count)) for number, (begin, count) in enumerate(node.shifts))
    return replace(node, servers=max(1, *(count for _, count in shifts)), shifts=shifts)


def present(model: Model, lanes: Sequence[Lanes]) -> Counts:
    """Return how many servers there are in the model as it stands."""
    stations = {node.id: node for node in model.nodes if isinstance(node, Station)}
    return tuple(
        (stations[one.station].servers or 0) if one.shift is None else stations[one.station].shifts[one.shift][1]
        for one in lanes
    )


def lane_hours(lanes: Sequence[Lanes], counts: Counts) -> float:
    """Return hours of servers a week."""
    return sum(one.hours_a_week * count for one, count in zip(lanes, counts, strict=True))


def weekly_cost(lanes: Sequence[Lanes], counts: Counts) -> float:
    """Return the cost of a week, which is its lane-hours where no costs are given."""
    return sum(one.weight * count for one, count in zip(lanes, counts, strict=True))


def read_between(texts: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return bounds written as ``gate=2..12`` or ``gate=3``.

    Raises
    ------
    BridgeheadError
        ``staffing.unreadable_bounds`` for each that is not.
    """
    found: dict[str, tuple[int, int]] = {}
    faults = []
    for text in texts:
        name, _, bounds = text.partition("=")
        low, dots, high = bounds.partition("..")
        if not name.strip() or not low.strip().isdecimal() or (dots and not high.strip().isdecimal()):
            faults.append(Fault("staffing.unreadable_bounds", {"value": quoted(text)}, Place(field="between")))
            continue
        found[name.strip()] = (int(low[:9]), int((high if dots else low)[:9]))
    if faults:
        raise BridgeheadError.of(faults)
    return found


def read_costs(texts: Sequence[str]) -> dict[str, float]:
    """Return costs of an hour of one server written as ``gate=120``.

    Raises
    ------
    BridgeheadError
        ``staffing.unreadable_cost`` for each that is not.
    """
    found: dict[str, float] = {}
    faults = []
    for text in texts:
        name, _, value = text.partition("=")
        try:
            if not name.strip():
                raise ValueError
            found[name.strip()] = float(value)
        except ValueError:
            faults.append(Fault("staffing.unreadable_cost", {"value": quoted(text)}, Place(field="cost")))
    if faults:
        raise BridgeheadError.of(faults)
    return found
