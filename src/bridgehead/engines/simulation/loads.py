"""How much each station and pool has to do in the long run: traffic equations, mean services, open and working time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.engines.simulation.distributions import mean
from bridgehead.engines.simulation.model import (
    MINUTES_A_DAY,
    AppointmentArrivals,
    Arrivals,
    ListedArrivals,
    Match,
    Model,
    OpeningHours,
    RateArrivals,
    RenewalArrivals,
    Source,
    Station,
)
from bridgehead.engines.simulation.reaching import State, Ways

FloatArray = npt.NDArray[np.float64]
_MOST_ROUNDS = 100_000
_MOST_STEPS = 100_000_000
_SAME = 1e-14
_ENDLESS = 1e12


@dataclass(frozen=True, slots=True)
class StationLoad:
    """What a station has to do in the long run if nobody is lost, gives up or is held up.

    Parameters
    ----------
    node : str
        The station.
    arrivals_per_min : float
        Units that come to it.
    load : float
        Mean number of servers at work over those there are on average; 0 where there are as many as needed.
    offered : float
        Mean number of servers needed (erlangs).
    servers : float
        Servers there on average: shifts, opening hours and breakdowns counted; infinite where as many as needed.
    """

    node: str
    arrivals_per_min: float
    load: float
    offered: float
    servers: float


def arrivals_per_min(source: Source, horizon_min: float) -> float:
    """Return how many units a source brings a minute on average."""
    return mean_rate(source.arrivals, horizon_min)


def mean_rate(arrivals: Arrivals, horizon_min: float) -> float:
    """Return how many units come a minute on average; of a list those up to a horizon."""
    match arrivals:
        case RenewalArrivals(interarrival, batch):
            between = mean(interarrival)
            return (mean(batch) if batch else 1.0) / between if between > 0.0 else float("inf")
        case RateArrivals(period, rates):
            ends = [*(start for start, _ in rates[1:]), period]
            return sum(rate * (end - start) for (start, rate), end in zip(rates, ends, strict=True)) / period
        case AppointmentArrivals() as booked:
            return mean(booked.count) * (1.0 - booked.no_show) / booked.period_min
        case ListedArrivals(times):
            return sum(time <= horizon_min for time in times) / horizon_min
    raise TypeError(arrivals)


def visits_per_min(model: Model, *, held_up: bool = False) -> dict[State, float]:
    """Return how many units of each class come to each node a minute, by the traffic equations.

    Nobody is taken to be lost, to give up or to be blocked; a match passes what its slower side brings.

    Parameters
    ----------
    model : Model
        The port.
    held_up : bool
        Whether stations pass no more than their servers can do, of all classes in the same proportion; the rest waits.
        Method: Goodman, J. B. and Massey, W. A. (1984), The non-ergodic Jackson network, J. Appl. Prob. 21, 860-869.
    """
    ways = Ways(model)
    entering: dict[State, float] = {}
    for source in model.sources:
        state = (source.node, source.unit_class)
        entering[state] = entering.get(state, 0.0) + arrivals_per_min(source, model.run.horizon_min)
    states = sorted(ways.reached(entering))
    at = {state: index for index, state in enumerate(states)}
    flows = [(at[state], at[way.to], way.share) for state in states for way in ways.flows(state) if way.to in at]
    coming = np.array([entering.get(state, 0.0) for state in states])
    limits = _Limits(model, states) if held_up else None
    return dict(zip(states, map(float, _solved(model, at, flows, coming, limits)), strict=True))


class _Limits:
    """What stations can pass."""

    def __init__(self, model: Model, states: list[State]) -> None:
        stations = [node for node in model.nodes if isinstance(node, Station)]
        calendars = {one.id: one for one in model.calendars}
        place = {node.id: number for number, node in enumerate(stations)}
        self.servers = np.array([*(mean_servers(one, calendars.get(one.calendar or "")) for one in stations), np.inf])
        self.of = np.array([place.get(node, len(stations)) for node, _ in states], dtype=np.int64)
        self.service = np.array(
            [service_min(stations[place[node]], one) if node in place else 0.0 for node, one in states]
        )

    def passing(self, coming: FloatArray) -> FloatArray:
        """Return the share of what comes to each state that its station passes."""
        needed = np.bincount(self.of, coming * self.service, self.servers.size)
        share = np.divide(self.servers, needed, out=np.ones_like(needed), where=needed > self.servers)
        return np.asarray(share[self.of])


def _solved(
    model: Model,
    at: Mapping[State, int],
    flows: list[tuple[int, int, float]],
    coming: FloatArray,
    limits: _Limits | None,
) -> FloatArray:
    """Return the flows that feed themselves, by repetition; infinite where they grow without end."""
    begin, end = (np.array([flow[side] for flow in flows], dtype=np.int64) for side in (0, 1))
    share = np.array([flow[2] for flow in flows])
    pairs = []
    for node in model.nodes:
        if isinstance(node, Match):
            sides = [at[state] for one in node.inputs if (state := (node.id, one.unit_class)) in at]
            pairs.append((sides, 0.5 if node.becomes else 1.0, len(sides) == 2))
    found = coming
    for _ in range(max(100, min(_MOST_ROUNDS, _MOST_STEPS // (len(flows) + 1)))):
        going = found.copy() if limits is None else found * limits.passing(found)
        for sides, part, both in pairs:
            going[sides] = part * float(going[sides].min()) if both else 0.0
        before, found = found, coming + np.bincount(end, share * going[begin], len(at))
        largest = float(found.max(initial=0.0))
        if largest > _ENDLESS:
            return np.where(found > _ENDLESS * 1e-6, np.inf, found)
        if float(np.abs(found - before).max(initial=0.0)) <= _SAME * largest:
            break
    return found


def station_loads(model: Model, *, held_up: bool = False) -> tuple[StationLoad, ...]:
    """Return the load of every station, in the order of the model; `held_up` as in `visits_per_min`."""
    visits = visits_per_min(model, held_up=held_up)
    calendars = {one.id: one for one in model.calendars}
    by_node: dict[str, dict[str, float]] = {}
    for (at, unit_class), rate in visits.items():
        by_node.setdefault(at, {})[unit_class] = rate
    found = []
    for node in model.nodes:
        if not isinstance(node, Station):
            continue
        here = by_node.get(node.id, {})
        offered = sum(rate * service_min(node, one) for one, rate in here.items())
        servers = mean_servers(node, calendars.get(node.calendar or ""))
        load = 0.0 if node.servers is None or not offered else (offered / servers if servers else float("inf"))
        found.append(StationLoad(node.id, sum(here.values()), load, offered, servers))
    return tuple(found)


def service_min(station: Station, unit_class: str) -> float:
    """Return the mean service time of a class at a station, 0 where none is given."""
    service = station.service.get(unit_class) or station.service.get("*")
    return mean(service) if service else 0.0


def mean_servers(station: Station, calendar: OpeningHours | None) -> float:
    """Return how many servers there are on average: shifts, lanes, opening hours and breakdowns counted."""
    if station.servers is None:
        return float("inf")
    shifts = station.shifts or ((0.0, station.servers),)
    extra = station.lanes.extra if station.lanes else 0
    period = calendar.period_min if calendar else MINUTES_A_DAY
    hours = calendar.open if calendar else ((0.0, period),)
    total = sum(_server_minutes(shifts, extra, *one, daily=period % MINUTES_A_DAY == 0.0) for one in hours) / period
    broken = station.breakdown
    if broken is not None:
        up, down = mean(broken.up_min), mean(broken.down_min)
        total *= up / (up + down) if up + down > 0.0 else 0.0
    return total


def _server_minutes(
    shifts: tuple[tuple[float, int], ...], extra: int, start: float, end: float, *, daily: bool
) -> float:
    """Return the minutes of servers between two moments of a cycle; one out of step with days has their average."""
    ends = [*(begin for begin, _ in shifts[1:]), MINUTES_A_DAY]
    steps = [(begin, until, count + extra) for (begin, count), until in zip(shifts, ends, strict=True)]
    if not daily:
        return (end - start) * sum((until - begin) * count for begin, until, count in steps) / MINUTES_A_DAY
    found, day = 0.0, start // MINUTES_A_DAY * MINUTES_A_DAY
    while day < end:
        found += sum(max(0.0, min(end, day + u) - max(start, day + b)) * count for b, u, count in steps)
        day += MINUTES_A_DAY
    return found
