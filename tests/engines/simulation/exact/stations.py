"""One station by itself: formulas for Poisson and renewal arrivals, with and without waiting room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, factorial, log

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammainc, gammaincc

from .chains import birth_death, solve

Values = dict[str, float]


def erlang_b(servers: int, load: float) -> float:
    """Give the share of arrivals lost at so many servers without a queue (Erlang 1917), by recursion."""
    lost = 1.0
    for c in range(1, servers + 1):
        lost = load * lost / (c + load * lost)
    return lost


def erlang_c(servers: int, load: float) -> float:
    """Give the share of arrivals that wait at so many servers (Erlang 1917)."""
    lost = erlang_b(servers, load)
    used = load / servers
    return lost / (1 - used * (1 - lost))


def mmc(rate: float, service: float, servers: int = 1) -> Values:
    """M/M/c without limit."""
    load = rate * service
    waits = erlang_c(servers, load)
    wait = waits / (servers / service - rate)
    return {
        "wait_mean": wait,
        "wait_prob": waits,
        "queue_len_mean": rate * wait,
        "in_node_mean": rate * wait + load,
        "utilisation": load / servers,
        "throughput": rate,
        "sojourn_mean": wait + service,
    }


def mmc_wait_quantile(rate: float, service: float, servers: int, q: float) -> float:
    """Give the q-quantile of the wait in M/M/c: its tail is the waiting share times an exponential."""
    return max(0.0, -log((1 - q) / erlang_c(servers, rate * service)) / (servers / service - rate))


def mmck_stay_quantile(rate: float, service: float, servers: int, most: int, q: float) -> float:
    """Give the q-quantile of the stay in M/M/c/K of those who are let in, for at least two servers.

    Who finds n there begins at once, or after n - c + 1 of the c servers' ends: an Erlang time and then a service.
    """
    shares = birth_death(lambda _: rate, lambda n: min(n, servers) / service, most)[:most]
    fast, slow = servers / service, 1.0 / service

    def longer(t: float, k: int) -> float:
        if k <= 0:
            return exp(-slow * t)
        ended = (fast / (fast - slow)) ** k * gammainc(k, (fast - slow) * t)
        return float(gammaincc(k, fast * t) + exp(-slow * t) * ended)

    def excess(t: float) -> float:
        tail = sum(share * longer(t, n - servers + 1) for n, share in enumerate(shares)) / shares.sum()
        return float(tail - (1 - q))

    return float(brentq(excess, 0.0, 100.0 * service * most))


def mg1(rate: float, mean: float, second: float) -> Values:
    """M/G/1 by Pollaczek (1930) and Khinchine (1932), of the first two moments of the service."""
    used = rate * mean
    wait = rate * second / (2 * (1 - used))
    return {
        "wait_mean": wait,
        "wait_prob": used,
        "queue_len_mean": rate * wait,
        "in_node_mean": rate * wait + used,
        "utilisation": used,
        "throughput": rate,
        "sojourn_mean": wait + mean,
    }


def erlang_moments(k: int, mean: float) -> tuple[float, float]:
    """First two moments of an Erlang time (k = 1 is exponential)."""
    return mean, mean * mean * (1 + 1 / k)


def mix_moments(parts: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """First two moments of a mixture of (share, mean, second moment)."""
    return sum(p * m for p, m, _ in parts), sum(p * s for p, _, s in parts)


def mdc(rate: float, service: float, servers: int) -> Values:
    """M/D/c by Crommelin (1932): who is there one service time later is who waited, plus Poisson arrivals."""
    load = rate * service
    most = 40 * servers + 200
    arriving = np.array([exp(n * log(load) - load - sum(log(i) for i in range(2, n + 1))) for n in range(most + 1)])
    step = np.zeros((most + 1, most + 1))
    for n in range(most + 1):
        left = max(n - servers, 0)
        step[n, left:] = arriving[: most + 1 - left]
        step[n, most] += 1 - step[n].sum()
    system = np.vstack([(step.T - np.eye(most + 1))[1:], np.ones(most + 1)])
    shares = np.linalg.solve(system, np.concatenate([np.zeros(most), [1.0]]))
    queue = float(sum(p * max(n - servers, 0) for n, p in enumerate(shares)))
    return {
        "wait_mean": queue / rate,
        "wait_prob": float(shares[servers:].sum()),
        "queue_len_mean": queue,
        "utilisation": load / servers,
    }


def gm1(transform: Callable[[float], float], rate: float, service: float) -> Values:
    """GI/M/1 by the root of the arrival transform (Kendall 1953); `rate` is that of the arrivals."""
    mu = 1 / service
    root = brentq(lambda z: transform(mu * (1 - z)) - z, 1e-12, 1 - 1e-9, xtol=1e-15, rtol=1e-14)
    wait = root / (mu * (1 - root))
    return {
        "root": root,
        "wait_mean": wait,
        "wait_prob": root,
        "queue_len_mean": rate * wait,
        "utilisation": rate * service,
        "in_node_mean": rate * (wait + service),
    }


def gm1_wait_quantile(root: float, service: float, q: float) -> float:
    """Give the q-quantile of the wait in GI/M/1."""
    return max(0.0, log(root / (1 - q)) * service / (1 - root))


def erlang_transform(k: int, mean: float) -> Callable[[float], float]:
    """Laplace transform of an Erlang time."""
    return lambda s: (1 + s * mean / k) ** (-k)


def fixed_transform(value: float) -> Callable[[float], float]:
    """Laplace transform of a fixed time."""
    return lambda s: exp(-s * value)


def mixed_exponential_transform(parts: Sequence[tuple[float, float]]) -> Callable[[float], float]:
    """Laplace transform of a mixture of exponential times (share, mean)."""
    return lambda s: sum(p / (1 + s * m) for p, m in parts)


def erlang_arrivals_chain(k: int, mean: float, service: float, servers: int, most: int = 600) -> Values:
    """E_k/M/c by the chain of (units there, phase of the next arrival)."""

    def moves(state):
        n, phase = state
        if phase < k - 1:
            yield k / mean, (n, phase + 1)
        elif n < most:
            yield k / mean, (n + 1, 0)
        if n:
            yield min(n, servers) / service, (n - 1, phase)

    chain = solve((0, 0), moves)
    arriving = chain.share(lambda s: s[1] == k - 1)
    queue = chain.mean(lambda s: max(s[0] - servers, 0))
    return {
        "wait_mean": queue * mean,
        "wait_prob": chain.share(lambda s: s[1] == k - 1 and s[0] >= servers) / arriving,
        "queue_len_mean": queue,
        "utilisation": chain.mean(lambda s: min(s[0], servers)) / servers,
    }


def mmck(rate: float, service: float, servers: int, places: int) -> Values:
    """M/M/c with so many waiting places; who finds none is lost."""
    full = servers + places
    shares = birth_death(lambda n: rate, lambda n: min(n, servers) / service, full)
    taken = rate * (1 - shares[full])
    queue = float(sum(p * max(n - servers, 0) for n, p in enumerate(shares)))
    return {
        "loss_prob": float(shares[full]),
        "queue_len_mean": queue,
        "wait_mean": queue / taken,
        "wait_prob": float(shares[servers:full].sum() / (1 - shares[full])),
        "utilisation": taken * service / servers,
        "throughput": taken,
        "in_node_mean": queue + taken * service,
    }


def batches_on_servers(rate: float, size: int, service: float, servers: int) -> Values:
    """Batches of fixed size with Poisson arrivals on exponential servers, by the chain of units there."""
    most = 60 * size * servers + 400

    def moves(n):
        if n + size <= most:
            yield rate, n + size
        if n:
            yield min(n, servers) / service, n - 1

    chain = solve(0, moves)
    queue = chain.mean(lambda n: max(n - servers, 0))
    waits = sum(chain.share(lambda n, j=j: n + j >= servers) for j in range(size)) / size
    ahead = sum(chain.mean(lambda n, j=j: max(n + j - servers + 1, 0)) for j in range(size)) / size
    return {
        "wait_mean": queue / (rate * size),
        "wait_mean_seen": ahead * service / servers,
        "wait_prob": waits,
        "queue_len_mean": queue,
        "utilisation": rate * size * service / servers,
        "in_node_mean": queue + rate * size * service,
    }


def batches_at_one(rate: float, size: float, second: float, service: float) -> float:
    """Mean number in M[X]/M/1, of the first two moments of the batch (Gross and Harris)."""
    used = rate * size * service
    return used * (1 + second / size) / (2 * (1 - used))


def erlang_b_sum(servers: int, load: float) -> float:
    """Give Erlang's loss by the sum it is defined by."""
    terms = [load**n / factorial(n) for n in range(servers + 1)]
    return terms[-1] / sum(terms)
