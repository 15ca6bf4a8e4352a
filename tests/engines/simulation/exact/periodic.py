"""Exponential stations with opening hours, shifts and rates by the clock, from Kolmogorov's equations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import comb, exp

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import expm

Pair = tuple[int, int]
"""Units waiting and in service."""


@dataclass(frozen=True)
class Phase:
    """A stretch of the period: its length, arrivals, how many servers may start, and whether those in service go on."""

    length: float
    rate: float
    servers: int
    going_on: bool = True


class Clockwork:
    """An M(t)/M/c(t) station over a period of phases; services under way are finished when servers leave.

    Parameters
    ----------
    phases : sequence of Phase
        In order; together they are the period.
    service : float
        Mean service.
    most : int
        Units in the queue at which the equations end.
    """

    def __init__(self, phases: Sequence[Phase], service: float, most: int):
        self.phases, self.service, self.most = phases, service, most
        servers = max(phase.servers for phase in phases)
        self.servers = servers
        self.states: list[Pair] = [(q, s) for q in range(most + 1) for s in range(servers + 1)]
        self.number = {state: i for i, state in enumerate(self.states)}
        self.period = sum(phase.length for phase in phases)

    def generator(self, phase: Phase) -> np.ndarray:
        rates = np.zeros((len(self.states), len(self.states)))
        for i, (q, s) in enumerate(self.states):
            if phase.rate:
                following = (q, s + 1) if s < phase.servers and q == 0 else (q + 1, s)
                if following in self.number:
                    rates[i, self.number[following]] += phase.rate
            if s and phase.going_on:
                following = (q - 1, s) if q and s <= phase.servers else (q, s - 1)
                rates[i, self.number[following]] += s / self.service
        return rates - np.diag(rates.sum(axis=1))

    def begun(self, shares: np.ndarray, phase: Phase) -> np.ndarray:
        """Let as many begin as a phase has servers free."""
        moved = np.zeros_like(shares)
        for i, (q, s) in enumerate(self.states):
            start = max(0, min(q, phase.servers - s))
            moved[self.number[q - start, s + start]] += shares[i]
        return moved

    def means(self) -> tuple[float, float]:
        """Averages over the period of units waiting and in service, in the periodic state."""
        size = len(self.states)
        worth = np.array(self.states, float)
        steps, gains = [], []
        for phase in self.phases:
            block = np.zeros((size + 2, size + 2))
            block[:size, :size] = self.generator(phase)
            block[:size, size:] = worth
            whole = expm(block * phase.length)
            steps.append(whole[:size, :size])
            gains.append(whole[:size, size:])
        shares = np.zeros(size)
        shares[self.number[0, 0]] = 1.0
        for _ in range(20000):
            before, total = shares, np.zeros(2)
            for phase, step, gain in zip(self.phases, steps, gains, strict=True):
                shares = self.begun(shares, phase)
                total += shares @ gain
                shares = shares @ step
            shares = shares / shares.sum()
            if np.abs(shares - before).sum() < 1e-14:
                break
        waiting, served = total / self.period
        return float(waiting), float(served)

    def means_by_steps(self, cycles: int) -> tuple[float, float]:
        """Find the same by integrating the equations from an empty start, cycle after cycle."""
        shares = np.zeros(len(self.states))
        shares[self.number[0, 0]] = 1.0
        worth = np.array(self.states, float)
        total = np.zeros(2)
        generators = [self.generator(phase).T for phase in self.phases]
        for _ in range(cycles):
            total = np.zeros(2)
            for phase, generator in zip(self.phases, generators, strict=True):
                start = np.concatenate([self.begun(shares, phase), [0.0, 0.0]])

                def slope(t, y, generator=generator):
                    return np.concatenate([generator @ y[:-2], worth.T @ y[:-2]])

                end = solve_ivp(slope, (0, phase.length), start, method="DOP853", rtol=1e-10, atol=1e-13).y[:, -1]
                shares, total = end[:-2], total + end[-2:]
        waiting, served = total / self.period
        return float(waiting), float(served)


def _poisson(mean: float, most: int) -> np.ndarray:
    weights = np.zeros(most + 1)
    weights[0] = exp(-mean)
    for n in range(1, most + 1):
        weights[n] = weights[n - 1] * mean / n
    return weights


def _opened(rate: float, service: float, servers: int, most: int) -> np.ndarray:
    rates = np.zeros((most + 1, most + 1))
    for n in range(most + 1):
        if n < most:
            rates[n, n + 1] = rate
        if n:
            rates[n, n - 1] = min(n, servers) / service
    return rates - np.diag(rates.sum(axis=1))


def _integrated(generator: np.ndarray, length: float, worth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    size = len(generator)
    block = np.zeros((size + 1, size + 1))
    block[:size, :size] = generator
    block[:size, size] = worth
    whole = expm(block * length)
    return whole[:size, :size], whole[:size, size]


def _cycled(day: np.ndarray, night: np.ndarray) -> np.ndarray:
    """Find the shares at opening that come back after a day and a night."""
    step = day @ night
    size = len(step)
    system = np.vstack([(step.T - np.eye(size))[1:], np.ones(size)])
    return np.linalg.solve(system, np.concatenate([np.zeros(size - 1), [1.0]]))


def finishing_queue(rate: float, service: float, servers: int, opened: float, closed: float, most: int) -> float:
    """Mean number waiting at a station open and closed in turn, where services under way are finished.

    By what happens while closed: arrivals are Poisson, everyone in service ends by himself.
    """
    counts = np.arange(most + 1)
    day, gain = _integrated(_opened(rate, service, servers, most), opened, np.maximum(counts - servers, 0.0))
    coming, stays = _poisson(rate * closed, most), exp(-closed / service)
    night = np.zeros((most + 1, most + 1))
    for n in range(most + 1):
        busy = min(n, servers)
        for left in range(busy + 1):
            here = comb(busy, left) * stays**left * (1 - stays) ** (busy - left)
            base = n - busy + left
            night[n, base:] += here * coming[: most + 1 - base]
    shares = _cycled(day, night)
    over = (shares @ day) @ np.maximum(counts - servers, 0.0) * closed + rate * closed**2 / 2
    return float((shares @ gain + over) / (opened + closed))


def emptying_queue(
    rate: float, service: float, servers: int, opened: float, closed: float, most: int
) -> tuple[float, float]:
    """Mean numbers waiting and in service where those waiting at closing are still served, newcomers are not."""
    counts = np.arange(most + 1)
    waiting, busy = np.maximum(counts - servers, 0.0), np.minimum(counts, servers).astype(float)
    day, gain = _integrated(_opened(rate, service, servers, most), opened, waiting)
    _, served = _integrated(_opened(rate, service, servers, most), opened, busy)
    drained, gain_closed = _integrated(_opened(0.0, service, servers, most), closed, waiting)
    _, served_closed = _integrated(_opened(0.0, service, servers, most), closed, busy)
    coming = _poisson(rate * closed, most)
    joining = np.zeros((most + 1, most + 1))
    for n in range(most + 1):
        joining[n, n:] = coming[: most + 1 - n]
    shares = _cycled(day, drained @ joining)
    at_close = shares @ day
    queue = shares @ gain + at_close @ gain_closed + rate * closed**2 / 2
    return (
        float(queue / (opened + closed)),
        float((shares @ served + at_close @ served_closed) / (opened + closed)),
    )


def infinite_servers(
    rates: Sequence[tuple[float, float]], spread: Callable[[float], float], window: tuple[float, float], points: int
) -> float:
    """Mean number in M(t)/G/inf over a window, empty at 0; rates are (from, rate) steps, `spread` integrates the tail.

    The mean at t sums over steps the rate times the integral of the tail of the service from t - to to t - from.
    """
    start, end = window
    nodes, weights = np.polynomial.legendre.leggauss(points)
    cuts = sorted({start, end, *(t for t, _ in rates if start < t < end)})
    total = 0.0
    for a, b in pairwise(cuts):
        for x, w in zip(nodes, weights, strict=True):
            t = (a + b) / 2 + x * (b - a) / 2
            total += w * (b - a) / 2 * _mean_at(t, rates, spread)
    return total / (end - start)


def _mean_at(t: float, rates: Sequence[tuple[float, float]], spread: Callable[[float], float]) -> float:
    mean = 0.0
    for i, (begin, rate) in enumerate(rates):
        until = rates[i + 1][0] if i + 1 < len(rates) else t
        if begin < t:
            mean += rate * (spread(t - begin) - spread(max(0.0, t - until)))
    return mean
