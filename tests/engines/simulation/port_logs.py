"""Event logs made by a small simulation of its own, which shares nothing with the engine: a heap and numpy's draws."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

DAY = 1440.0
Draw = Callable[[np.random.Generator, str], float]


@dataclass
class Gate:
    """A station: servers, a draw of service minutes by class, hours of the day, days closed, what closing does."""

    servers: int
    service: Draw
    hours: Sequence[tuple[float, float]] = ((0.0, DAY),)
    closed_days: frozenset[int] = frozenset()
    at_close: str = "finish"
    shifts: Mapping[int, int] = field(default_factory=dict)

    def open_until(self, t: float) -> float:
        """Return the closing time of the opening t lies in, 0 when closed."""
        day, minute = divmod(t, DAY)
        if int(day) in self.closed_days:
            return 0.0
        return next((day * DAY + end for begin, end in self.hours if begin <= minute < end), 0.0)

    def next_opening(self, t: float) -> float:
        day = int(t // DAY)
        times = (d * DAY + begin for d in range(day, day + 40) if d not in self.closed_days for begin, _ in self.hours)
        return next(x for x in times if x > t)

    def level(self, t: float) -> int:
        hour = int(t % DAY // 60)
        known = [servers for begin, servers in sorted(self.shifts.items()) if begin <= hour]
        return known[-1] if known else self.servers

    def end(self, t: float, minutes: float) -> float:
        """Return when a service that began at t is over."""
        if self.hours == ((0.0, DAY),) and not self.closed_days:
            return t + minutes
        until = self.open_until(t)
        if self.at_close == "finish" or t + minutes <= until:
            return t + minutes
        if self.at_close == "cut":
            return until
        return self.end(self.next_opening(until - 1e-9), minutes - (until - t))


@dataclass
class Row:
    unit: str
    activity: str
    start: float
    end: float
    resource: str
    unit_class: str


def _openings(gates: Mapping[str, Gate], until: float) -> Iterator[tuple[float, str]]:
    """Yield when a gate opens, or a shift of it begins."""
    for name, gate in gates.items():
        for day in range(int(until // DAY) + 1):
            yield from ((day * DAY + begin, name) for begin, _ in gate.hours)
            yield from ((day * DAY + hour * 60.0, name) for hour in gate.shifts)


def _way(shares: Sequence[tuple[float, str]], draw: float) -> str:
    for share, to in shares:
        if draw < share:
            return to
        draw -= share
    return "out"


def run(
    gates: Mapping[str, Gate],
    arrivals: Sequence[tuple[float, str]],
    routes: Mapping[str, Sequence[tuple[float, str]]],
    first: str,
    rng: np.random.Generator,
    *,
    until: float,
    priority: Mapping[str, int] | None = None,
) -> list[Row]:
    """Run units through gates until a time; who is in service then has an end of NaN."""
    priority = priority or {}
    ticket = itertools.count()
    events: list[tuple[float, int, str, str, tuple]] = []
    queues: dict[str, list[tuple[int, int, str, str]]] = {name: [] for name in gates}
    free: dict[str, list[int]] = {name: list(range(60)) for name in gates}
    busy = dict.fromkeys(gates, 0)
    rows: list[Row] = []
    for number, (time, kind) in enumerate(sorted(arrivals)):
        heapq.heappush(events, (time, next(ticket), "join", first, (f"u{number}", kind)))
        rows.append(Row(f"u{number}", "arrival", time, time, "", kind))
    for time, name in _openings(gates, until):
        heapq.heappush(events, (time, next(ticket), "opening", name, ()))
    while events:
        time, _, what, name, about = heapq.heappop(events)
        if time > until:
            break
        gate = gates[name]
        if what == "join":
            unit, kind = about
            heapq.heappush(queues[name], (priority.get(kind, 0), next(ticket), unit, kind))
        elif what == "end":
            unit, kind, server = about
            heapq.heappush(free[name], server)
            busy[name] -= 1
            target = _way(routes.get(name, ()), rng.random())
            if target != "out":
                heapq.heappush(events, (time, next(ticket), "join", target, (unit, kind)))
        while queues[name] and busy[name] < gate.level(time) and gate.open_until(time) > 0.0:
            _, _, unit, kind = heapq.heappop(queues[name])
            server = heapq.heappop(free[name])
            busy[name] += 1
            end = gate.end(time, gate.service(rng, kind))
            rows.append(Row(unit, name, time, end if end <= until else np.nan, f"{name}-{server}", kind))
            heapq.heappush(events, (end, next(ticket), "end", name, (unit, kind, server)))
    return [row for row in rows if row.start <= until]


def poisson(rng: np.random.Generator, rate: Callable[[float], float], most: float, until: float) -> list[float]:
    """Draw the times of a Poisson process by thinning; rates a minute."""
    count = rng.poisson(most * until)
    times = np.sort(rng.uniform(0.0, until, count))
    keep = rng.random(count) * most < np.array([rate(t) for t in times])
    return times[keep].tolist()


def as_csv(rows: Sequence[Row], start: datetime | None = None) -> str:
    """Write a log, in minutes or, with a start, in times of the clock to the second."""

    def time(minutes: float) -> str:
        if np.isnan(minutes):
            return ""
        if start is None:
            return f"{minutes:.6f}"
        return (start + timedelta(seconds=round(minutes * 60))).isoformat(sep=" ")

    lines = ["unit,activity,start,end,resource,class"]
    lines += [
        f"{row.unit},{row.activity},{time(row.start)},{time(row.end)},{row.resource},{row.unit_class}" for row in rows
    ]
    return "\n".join(lines) + "\n"


def simple_log(
    rng: np.random.Generator,
    gate: Gate | None = None,
    days: int = 20,
    rate: Callable[[float], float] = lambda t: 0.1,
    most: float = 0.1,
    start: datetime | None = None,
    priority: dict[str, int] | None = None,
    keep_arrivals: bool = True,
) -> str:
    """Return the log of one gate to which two classes come, by default at a steady rate and served alike."""
    gate = gate or Gate(2, lambda r, kind: float(r.exponential(10.0)))
    arrivals = [(t, "a" if rng.random() < 0.5 else "b") for t in poisson(rng, rate, most, days * DAY)]
    rows = run({"gate": gate}, arrivals, {}, "gate", rng, until=days * DAY, priority=priority)
    return as_csv([row for row in rows if keep_arrivals or row.activity != "arrival"], start)
