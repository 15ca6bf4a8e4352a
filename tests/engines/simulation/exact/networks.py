"""Open and closed networks with product form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import inf

import numpy as np

from .chains import solve
from .stations import mmc

Routing = Mapping[str, Mapping[str, float]]


def visits(nodes: Sequence[str], entering: Mapping[str, float], routing: Routing) -> dict[str, float]:
    """Solve the traffic equations: flow into each node, of the flows from outside."""
    number = {node: i for i, node in enumerate(nodes)}
    onward = np.zeros((len(nodes), len(nodes)))
    for node, ways in routing.items():
        for target, share in ways.items():
            onward[number[node], number[target]] = share
    outside = np.array([entering.get(node, 0.0) for node in nodes])
    flows = np.linalg.solve(np.eye(len(nodes)) - onward.T, outside)
    return dict(zip(nodes, flows.tolist(), strict=True))


def open_network(
    stations: Mapping[str, tuple[float, float]], flows: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Jackson (1957): every station, given as (mean service, servers), is an M/M/c of its flow."""
    values = {}
    for node, (service, servers) in stations.items():
        if servers == inf:
            load = flows[node] * service
            values[node] = {"in_node_mean": load, "wait_mean": 0.0, "sojourn_mean": service, "throughput": flows[node]}
        else:
            values[node] = mmc(flows[node], service, int(servers))
    return values


def closed_network(stations: Sequence[tuple[float, float, float]], population: int) -> list[dict[str, float]]:
    """Gordon and Newell (1967) by Buzen's convolution; stations are (visits, mean service, servers)."""
    factors = []
    for count, service, servers in stations:
        weights = np.ones(population + 1)
        for n in range(1, population + 1):
            weights[n] = weights[n - 1] * count * service / min(n, servers)
        factors.append(weights)
    whole = _convolved(factors, population)
    pace = whole[population - 1] / whole[population]
    values = []
    for i, (count, service, servers) in enumerate(stations):
        others = _convolved(factors[:i] + factors[i + 1 :], population)
        there = [factors[i][n] * others[population - n] / whole[population] for n in range(population + 1)]
        values.append(
            {
                "throughput": count * pace,
                "in_node_mean": sum(n * p for n, p in enumerate(there)),
                "queue_len_mean": sum(max(n - servers, 0) * p for n, p in enumerate(there)),
                "utilisation": count * pace * service / servers,
            }
        )
        values[-1]["wait_mean"] = values[-1]["queue_len_mean"] / values[-1]["throughput"]
    return values


def _convolved(factors: Sequence[np.ndarray], population: int) -> np.ndarray:
    total = np.zeros(population + 1)
    total[0] = 1.0
    for weights in factors:
        total = np.convolve(total, weights)[: population + 1]
    return total


def closed_chain(
    services: Sequence[float], servers: Sequence[float], routing: Sequence[Sequence[float]], population: int
) -> list[dict[str, float]]:
    """Solve a closed network by the chain of units at each station."""

    def moves(state):
        for i, n in enumerate(state):
            if n:
                for j, share in enumerate(routing[i]):
                    following = list(state)
                    following[i] -= 1
                    following[j] += 1
                    yield min(n, servers[i]) / services[i] * share, tuple(following)

    chain = solve((population, *[0] * (len(services) - 1)), moves)
    return [
        {
            "throughput": chain.mean(lambda s, i=i: min(s[i], servers[i])) / services[i],
            "in_node_mean": chain.mean(lambda s, i=i: s[i]),
            "queue_len_mean": chain.mean(lambda s, i=i: max(s[i] - servers[i], 0)),
        }
        for i in range(len(services))
    ]


def closed_classes(
    services: Sequence[float], servers: Sequence[float], counts: Sequence[Sequence[float]], population: Sequence[int]
) -> list[list[dict[str, float]]]:
    """Mean value analysis of several closed classes (Reiser and Lavenberg 1980).

    Stations have one server or infinitely many; `counts` are visits by class and station. Values by station and class.
    """
    classes, stations = range(len(population)), range(len(services))
    there: dict[tuple[int, ...], list[list[float]]] = {}
    paces: list[float] = []
    times: list[list[float]] = []
    for vector in product(*(range(n + 1) for n in population)):
        there[vector] = [[0.0 for _ in classes] for _ in stations]
        times, paces = [[0.0 for _ in classes] for _ in stations], [0.0 for _ in classes]
        for r in classes:
            if not vector[r]:
                continue
            less = tuple(n - (k == r) for k, n in enumerate(vector))
            for i in stations:
                ahead = 0.0 if servers[i] == inf else sum(there[less][i])
                times[i][r] = services[i] * (1 + ahead)
            paces[r] = vector[r] / sum(counts[r][i] * times[i][r] for i in stations)
        for i in stations:
            there[vector][i] = [paces[r] * counts[r][i] * times[i][r] for r in classes]
    return [
        [
            {
                "throughput": paces[r] * counts[r][i],
                "in_node_mean": there[tuple(population)][i][r],
                "wait_mean": times[i][r] - services[i],
                "queue_len_mean": paces[r] * counts[r][i] * (times[i][r] - services[i]),
            }
            for r in classes
        ]
        for i in stations
    ]


def closed_classes_chain(
    services: Sequence[float], servers: Sequence[float], cycles: Sequence[Sequence[int]], population: Sequence[int]
) -> list[list[dict[str, float]]]:
    """Solve closed classes that go round in fixed cycles, by the chain of the order of classes in every queue."""
    after = [{i: cycle[(k + 1) % len(cycle)] for k, i in enumerate(cycle)} for cycle in cycles]
    start: list[tuple[int, ...]] = [() for _ in services]
    for r, n in enumerate(population):
        start[cycles[r][0]] += (r,) * n

    def moves(state):
        for i, queue in enumerate(state):
            for place in range(int(min(len(queue), servers[i]))):
                r = queue[place]
                following = list(state)
                following[i] = queue[:place] + queue[place + 1 :]
                following[after[r][i]] += (r,)
                yield 1 / services[i], tuple(following)

    chain = solve(tuple(start), moves)
    return [
        [
            {
                "throughput": chain.mean(lambda s, i=i, r=r: s[i][: int(min(len(s[i]), servers[i]))].count(r))
                / services[i],
                "in_node_mean": chain.mean(lambda s, i=i, r=r: s[i].count(r)),
            }
            for r in range(len(population))
        ]
        for i in range(len(services))
    ]
