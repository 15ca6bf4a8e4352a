"""Waits by class under priorities: Cobham, Kella and Yechiali, preemption, Kleinrock's rising priorities."""

from __future__ import annotations

from collections.abc import Sequence

from .chains import solve
from .stations import erlang_c

Flow = tuple[float, float, float]
"""Rate, mean and second moment of the service of a class; first in the list is served first."""


def cobham(flows: Sequence[Flow]) -> list[float]:
    """Waits in M/G/1 with priorities that do not interrupt (Cobham 1954)."""
    residual = sum(rate * second for rate, _, second in flows) / 2
    waits, before = [], 0.0
    for rate, mean, _ in flows:
        upto = before + rate * mean
        waits.append(residual / ((1 - before) * (1 - upto)))
        before = upto
    return waits


def several_servers(rates: Sequence[float], service: float, servers: int) -> list[float]:
    """Waits in M/M/c with priorities and one service time for all (Davis 1966; Kella and Yechiali 1985)."""
    base = erlang_c(servers, sum(rates) * service) * service / servers
    waits, before = [], 0.0
    for rate in rates:
        upto = before + rate * service / servers
        waits.append(base / ((1 - before) * (1 - upto)))
        before = upto
    return waits


def several_servers_chain(rates: Sequence[float], services: Sequence[float], servers: int, most: int) -> list[float]:
    """Solve for waits of two classes by the chain of (in service by class, waiting by class)."""

    def begin(busy, waiting):
        if sum(busy) < servers:
            for k in (0, 1):
                if waiting[k]:
                    return _plus(busy, k, 1), _plus(waiting, k, -1)
        return busy, waiting

    def moves(state):
        busy, waiting = state
        for k in (0, 1):
            if sum(busy) < servers:
                yield rates[k], (_plus(busy, k, 1), waiting)
            elif waiting[k] < most:
                yield rates[k], (busy, _plus(waiting, k, 1))
            if busy[k]:
                yield busy[k] / services[k], begin(_plus(busy, k, -1), waiting)

    chain = solve(((0, 0), (0, 0)), moves)
    return [chain.mean(lambda s, k=k: s[1][k]) / rates[k] for k in (0, 1)]


def _plus(pair, k, step):
    return tuple(v + step if i == k else v for i, v in enumerate(pair))


def preemptive_resume(flows: Sequence[Flow]) -> list[float]:
    """Times in the system in M/G/1 where a better class interrupts and the interrupted go on later (Kleinrock)."""
    times, before, residual = [], 0.0, 0.0
    for rate, mean, second in flows:
        upto = before + rate * mean
        residual += rate * second / 2
        times.append(mean / (1 - before) + residual / ((1 - before) * (1 - upto)))
        before = upto
    return times


def preemptive_chain(rates: Sequence[float], services: Sequence[float], servers: int, most: int) -> list[float]:
    """Solve for times in the system of two exponential classes, the first interrupting the second."""

    def moves(state):
        first, second = state
        if first < most:
            yield rates[0], (first + 1, second)
        if second < most:
            yield rates[1], (first, second + 1)
        ahead = min(first, servers)
        if first:
            yield ahead / services[0], (first - 1, second)
        if second:
            yield min(second, servers - ahead) / services[1], (first, second - 1)

    chain = solve((0, 0), moves)
    return [chain.mean(lambda s, k=k: s[k]) / rates[k] for k in (0, 1)]


def rising(flows: Sequence[Flow], slopes: Sequence[float]) -> list[float]:
    """Waits where priority rises from zero at a slope of the class (Kleinrock 1964), for any service times.

    Classes come with the steepest slope first.
    """
    used = [rate * mean for rate, mean, _ in flows]
    base = sum(rate * second for rate, _, second in flows) / 2 / (1 - sum(used))
    waits = [0.0] * len(flows)
    for p in reversed(range(len(flows))):
        flatter = sum(used[i] * waits[i] * (1 - slopes[i] / slopes[p]) for i in range(p + 1, len(flows)))
        steeper = sum(used[i] * (1 - slopes[p] / slopes[i]) for i in range(p))
        waits[p] = (base - flatter) / (1 - steeper)
    return waits
