"""Units that give up waiting: Erlang A by its chain, and any patience by Baccelli and Hebuterne (1981)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import exp

from scipy.integrate import quad

from .chains import birth_death
from .stations import erlang_b

Values = dict[str, float]


def erlang_a(rate: float, service: float, servers: int, patience: float) -> Values:
    """M/M/c+M by its birth-death chain; waits of the served by the transform of the wait offered."""
    most = servers + 2000
    give = 1 / patience

    def pace(j: int) -> float:
        return servers / service + j * give

    shares = birth_death(lambda n: rate, lambda n: min(n, servers) / service + max(n - servers, 0) * give, most)
    served = waited = after_wait = 0.0
    kept, slope = 1.0, 0.0
    for n, share in enumerate(shares.tolist()):
        if n < servers:
            served += share
            continue
        kept *= pace(n - servers) / pace(n - servers + 1)
        slope += 1 / pace(n - servers + 1)
        served += share * kept
        after_wait += share * kept
        waited += share * kept * slope
    queue = float(sum(p * max(n - servers, 0) for n, p in enumerate(shares)))
    return {
        "renege_prob": give * queue / rate,
        "wait_mean": waited / served,
        "wait_prob": after_wait / served,
        "queue_len_mean": queue,
        "utilisation": float(sum(p * min(n, servers) for n, p in enumerate(shares))) / servers,
        "served_share": served,
        "throughput": rate * served,
    }


def any_patience(
    rate: float,
    service: float,
    servers: int,
    alive: Callable[[float], float],
    alive_until: Callable[[float], float],
    breaks: Sequence[float] = (),
) -> Values:
    """M/M/c+G by the density of the wait offered, proportional to exp(rate * integral of alive - servers x / service).

    `alive` is the share still waiting after a time, `alive_until` its integral from 0, `breaks` where it jumps.
    """

    def density(x: float) -> float:
        return exp(rate * alive_until(x) - servers * x / service)

    def whole(worth: Callable[[float], float]) -> float:
        cuts = [0.0, *breaks]
        width = service * 4
        while density(cuts[-1]) > 1e-17 or len(cuts) < 4:
            cuts.append(cuts[-1] + width)
        pieces = pairwise(cuts)
        return sum(quad(lambda x: worth(x) * density(x), a, b, epsabs=1e-15, epsrel=1e-13)[0] for a, b in pieces)

    load = rate * service
    lost = erlang_b(servers - 1, load)
    at_once = 1 / lost  # of Erlang's loss system with one server fewer: all its states over its last
    total = at_once + rate * whole(lambda x: 1.0)
    served_late = rate * whole(alive) / total
    served = at_once / total + served_late
    queue = rate * rate * whole(alive_until) / total
    return {
        "renege_prob": 1 - served,
        "wait_mean": rate * whole(lambda x: x * alive(x)) / total / served,
        "wait_prob": served_late / served,
        "queue_len_mean": queue,
        "utilisation": load * served / servers,
        "throughput": rate * served,
    }


def fixed_patience(rate: float, service: float, servers: int, patience: float) -> Values:
    """M/M/c with patience of one fixed time."""
    return any_patience(
        rate,
        service,
        servers,
        lambda x: 1.0 if x < patience else 0.0,
        lambda x: min(x, patience),
        [patience],
    )


def mixed_patience(rate: float, service: float, servers: int, parts: Sequence[tuple[float, float]]) -> Values:
    """M/M/c with patience a mixture of exponential times (share, mean)."""
    return any_patience(
        rate,
        service,
        servers,
        lambda x: sum(p * exp(-x / m) for p, m in parts),
        lambda x: sum(p * m * (1 - exp(-x / m)) for p, m in parts),
    )


def fixed_patience_at_one(rate: float, service: float, patience: float) -> float:
    """Give the share that gives up in M/M/1+D in closed form (Barrer 1957)."""
    used, net = rate * service, 1 / service - rate
    if net == 0:
        return 1 / (2 + rate * patience)
    left = exp(-net * patience)
    return (1 - used) * used * left / (1 - used * used * left)
