"""Things several stations share, lanes that open and close, queues that send units elsewhere, pairs: by chains."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, factorial

import numpy as np
from scipy.integrate import quad

from .chains import birth_death, solve

Values = dict[str, float]


def double_ended(first: float, second: float, places: tuple[int, int]) -> dict[str, float]:
    """Two Poisson streams that wait for each other in so many places (Kashyap 1966), by a walk between two walls."""
    ahead, behind = places
    shares = birth_death(lambda n: first, lambda n: second, ahead + behind)
    lost = (float(shares[-1]), float(shares[0]))
    return {
        "loss_first": lost[0],
        "loss_second": lost[1],
        "queue_first": float(sum(p * max(n - behind, 0) for n, p in enumerate(shares))),
        "queue_second": float(sum(p * max(behind - n, 0) for n, p in enumerate(shares))),
        "pairs": first * (1 - lost[0]),
        "pairs_second": second * (1 - lost[1]),
    }


def blocked_pairing(rate: float, service: float, queue: int, partner: float, places: tuple[int, int]) -> Values:
    """A crane that may be blocked by a full yard, whose units wait there for a partner; both sides have so many places.

    State: units at the crane, whether its finished unit is blocked, and the lead of units over partners in the yard.
    """

    def moves(state):
        there, blocked, lead = state
        if there + blocked < queue + 1:
            yield rate, (there + 1, blocked, lead)
        if there and not blocked:
            yield 1 / service, ((there - 1, 0, lead + 1) if lead < places[0] else (there - 1, 1, lead))
        if blocked:
            yield partner, (there, 0, lead)
        elif lead > -places[1]:
            yield partner, (there, 0, lead - 1)

    chain = solve((0, 0, 0), moves)
    lost = chain.share(lambda s: s[0] + s[1] == queue + 1)
    return {
        "loss_units": lost,
        "loss_partners": chain.share(lambda s: s[2] == -places[1]),
        "pairs": rate * (1 - lost),
        "queue_units": chain.mean(lambda s: max(s[2], 0)),
        "queue_partners": chain.mean(lambda s: max(-s[2], 0)),
        "queue_crane": chain.mean(lambda s: max(0, s[0] - (1 - s[1]))),
    }


def tokens(rate: float, size: int, first: float, second: float, most: int) -> dict[str, float]:
    """A pool taken for a first stage without queue and given back after a second of one server.

    State: waiting for the pool, in the first stage, at the second.
    """

    def moves(state):
        waiting, out, back = state
        if out + back < size:
            yield rate, (waiting, out + 1, back)
        elif waiting < most:
            yield rate, (waiting + 1, out, back)
        if out:
            yield out / first, (waiting, out - 1, back + 1)
        if back:
            yield 1 / second, ((waiting - 1, out + 1, back - 1) if waiting else (waiting, out, back - 1))

    chain = solve((0, 0, 0), moves)
    waiting = chain.mean(lambda s: s[0])
    there = chain.mean(sum)
    behind = chain.mean(lambda s: max(s[2] - 1, 0))
    return {
        "wait_first": waiting / rate,
        "wait_prob": chain.share(lambda s: s[1] + s[2] == size),
        "wait_second": behind / rate,
        "sojourn_mean": there / rate,
        "in_second": chain.mean(lambda s: s[2]),
    }


def shared_capacity(size: int, flows: Sequence[tuple[float, float, int]]) -> list[float]:
    """Losses by class where classes of (rate, mean service, amount) share so many units (Kaufman 1981, Roberts)."""
    weights = np.zeros(size + 1)
    weights[0] = 1.0
    for n in range(1, size + 1):
        weights[n] = sum(r * s * b * weights[n - b] for r, s, b in flows if b <= n) / n
    weights /= weights.sum()
    return [float(weights[size - b + 1 :].sum()) for _, _, b in flows]


def shared_capacity_chain(size: int, flows: Sequence[tuple[float, float, int]]) -> list[float]:
    """Solve for the same by the chain of units of every class in service."""

    def used(state):
        return sum(n * flow[2] for n, flow in zip(state, flows, strict=True))

    def moves(state):
        for k, (rate, service, amount) in enumerate(flows):
            more = tuple(n + (i == k) for i, n in enumerate(state))
            if used(state) + amount <= size:
                yield rate, more
            if state[k]:
                yield state[k] / service, tuple(n - (i == k) for i, n in enumerate(state))

    chain = solve((0,) * len(flows), moves)
    return [chain.share(lambda s, b=b: used(s) + b > size) for _, _, b in flows]


def lanes(rate: float, service: float, base: int, open_when: int, close_when: int, most: int = 400) -> Values:
    """One extra lane, opened when the queue reaches one length, closed when it falls to another; services are finished.

    State: waiting, in service, extra lane open.
    """

    def moves(state):
        waiting, served, extra = state
        level = base + extra
        if served < level:
            yield rate, (waiting, served + 1, extra)
        elif waiting < most:
            reached = waiting + 1 >= open_when and not extra
            free = served < base + 1
            yield (
                rate,
                ((waiting, served + 1, 1) if reached and free else (waiting + 1, served, 1 if reached else extra)),
            )
        if served:
            refilled = waiting > 0 and served <= level
            after = (waiting - 1, served) if refilled else (waiting, served - 1)
            yield served / service, (*after, 0 if extra and after[0] <= close_when else extra)

    chain = solve((0, 0, 0), moves)
    waiting = chain.mean(lambda s: s[0])
    return {
        "queue_len_mean": waiting,
        "wait_mean": waiting / rate,
        "in_node_mean": chain.mean(lambda s: s[0] + s[1]),
        "throughput": rate,
    }


def balking(rate: float, service: float, servers: int, at: int, leaves: float, most: int = 2000) -> Values:
    """M/M/c where a newcomer who sees so long a queue goes away with a probability."""

    def coming(n: int) -> float:
        return rate * (1 - leaves) if n - servers >= at else rate

    most = servers + at if leaves == 1 else most
    shares = birth_death(coming, lambda n: min(n, servers) / service, most)
    gone = leaves * float(sum(p for n, p in enumerate(shares) if n - servers >= at))
    queue = float(sum(p * max(n - servers, 0) for n, p in enumerate(shares)))
    taken = rate * (1 - gone)
    return {"queue_len_mean": queue, "wait_mean": queue / taken, "throughput": taken, "gone": rate * gone}


def shortest(rate: float, services: Sequence[float], servers: Sequence[int], most: int) -> Values:
    """Two stations, newcomers go where fewest are there per server, to the first on ties."""

    def moves(state):
        one, two = state
        target = 0 if one * servers[1] <= two * servers[0] else 1
        if state[target] < most:
            yield rate, ((one + 1, two) if target == 0 else (one, two + 1))
        if one:
            yield min(one, servers[0]) / services[0], (one - 1, two)
        if two:
            yield min(two, servers[1]) / services[1], (one, two - 1)

    chain = solve((0, 0), moves)
    values: Values = {"there": chain.mean(sum)}
    for i in (0, 1):
        served = chain.mean(lambda s, i=i: min(s[i], servers[i]))
        values[f"throughput_{i}"] = served / services[i]
        values[f"queue_{i}"] = chain.mean(lambda s, i=i: max(s[i] - servers[i], 0))
        values[f"utilisation_{i}"] = served / servers[i]
        values[f"wait_{i}"] = values[f"queue_{i}"] / values[f"throughput_{i}"]
    return values


def collected(rate: float, size: int, after: float) -> tuple[float, float]:
    """Groups a time unit and mean members, where a group leaves full or so long after its first member came."""

    def fewer(t: float) -> float:
        load = rate * t
        return exp(-load) * sum(load**n / factorial(n) for n in range(size - 1))

    lasting = quad(fewer, 0, after, epsabs=1e-14, epsrel=1e-13)[0]
    groups = 1 / (1 / rate + lasting)
    return groups, rate / groups


def collected_by_members(rate: float, size: int, after: float) -> float:
    """Mean members of such a group by the Poisson number that comes within the time."""
    load = rate * after
    shares = [exp(-load) * load**n / factorial(n) for n in range(size - 1)]
    return sum((n + 1) * p for n, p in enumerate(shares)) + size * (1 - sum(shares))
