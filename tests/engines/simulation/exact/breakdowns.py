"""Servers that fail, each by itself, and are repaired."""

from __future__ import annotations

from math import exp

from .chains import solve
from .stations import mg1

Values = dict[str, float]


def kept_units(
    rate: float, service: float, servers: int, up: float, down: float, while_idle: bool, most: int
) -> Values:
    """M/M/c where a unit stays at its failed server and goes on after the repair.

    State: waiting, served, held at failed servers, failed servers without a unit.
    """

    def moves(state):
        waiting, served, held, empty = state
        idle = servers - served - held - empty
        if idle:
            yield rate, (waiting, served + 1, held, empty)
        elif waiting < most:
            yield rate, (waiting + 1, served, held, empty)
        onward = (waiting - 1, served) if waiting else (waiting, served - 1)
        if served:
            yield served / service, (*onward, held, empty)
            yield served / up, (waiting, served - 1, held + 1, empty)
        if held:
            yield held / down, (waiting, served + 1, held - 1, empty)
        if idle and while_idle:
            yield idle / up, (waiting, served, held, empty + 1)
        if empty:
            begun = (waiting - 1, served + 1) if waiting else (waiting, served)
            yield empty / down, (*begun, held, empty - 1)

    chain = solve((0, 0, 0, 0), moves)
    queue = chain.mean(lambda s: s[0])
    return {
        "wait_mean": queue / rate,
        "wait_prob": chain.share(lambda s: sum(s[1:]) == servers),
        "queue_len_mean": queue,
        "in_node_mean": chain.mean(lambda s: s[0] + s[1] + s[2]),
        "sojourn_mean": chain.mean(lambda s: s[0] + s[1] + s[2]) / rate,
        "throughput": rate,
    }


def free_units(rate: float, service: float, servers: int, up: float, down: float, most: int) -> Values:
    """M/M/c where an interrupted unit goes back to the head of the queue; servers fail idle or not (Mitrany 1968)."""

    def moves(state):
        there, working = state
        if there < most:
            yield rate, (there + 1, working)
        if there and working:
            yield min(there, working) / service, (there - 1, working)
        if working:
            yield working / up, (there, working - 1)
        if working < servers:
            yield (servers - working) / down, (there, working + 1)

    chain = solve((0, servers), moves)
    there = chain.mean(lambda s: s[0])
    return {"in_node_mean": there, "sojourn_mean": there / rate, "throughput": rate}


def white_christie(rate: float, service: float, up: float, down: float) -> float:
    """Give the mean number in M/M/1 whose server fails idle or not (White and Christie 1958)."""
    mu, fail, mend = 1 / service, 1 / up, 1 / down
    return rate * ((fail + mend) ** 2 + mu * fail) / ((fail + mend) * (mu * mend - rate * (fail + mend)))


def resumed(rate: float, mean: float, second: float, up: float, down: float, down_second: float) -> Values:
    """M/G/1 that fails only while it serves and goes on afterwards (Avi-Itzhak and Naor 1963): completion times."""
    stretch = 1 + down / up
    return _completed(rate, mean, mean * stretch, second * stretch**2 + mean * down_second / up)


def repeated(rate: float, fixed: float, up: float, down: float, down_second: float) -> Values:
    """M/D/1 that fails only while it serves and starts the same service again (Gaver 1962)."""
    through = exp(-fixed / up)
    failures = (1 - through) / through
    spread = (1 - through) / through**2
    cut = up - fixed * through / (1 - through)
    cut_second = 2 * up**2 - (fixed**2 + 2 * up * fixed) * through / (1 - through)
    loop = cut + down
    loop_variance = cut_second - cut**2 + down_second - down**2
    mean = fixed + failures * loop
    second = mean**2 + failures * loop_variance + spread * loop**2
    return _completed(rate, fixed, mean, second)


def _completed(rate: float, service: float, mean: float, second: float) -> Values:
    values = mg1(rate, mean, second)
    values["utilisation"] = rate * service
    return values
