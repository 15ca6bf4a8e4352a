"""Lines of stations with limited places: a finished unit keeps its server until the next station has a place."""

from __future__ import annotations

from collections.abc import Sequence

from .chains import Chain, solve

Line = tuple[tuple[int, int], ...]
"""By station: units waiting or in service there, and finished units that keep their servers there."""


class ServiceLine:
    """Exponential stations in line with blocking after service and Poisson arrivals.

    Parameters
    ----------
    rate : float
        Of arrivals.
    services, servers, places : sequences
        Mean service, number of servers and waiting places by station; the first station's places end the chain,
        be it that arrivals are lost there or that hardly any come so far.
    """

    def __init__(self, rate: float, services: Sequence[float], servers: Sequence[int], places: Sequence[int]):
        self.rate, self.services, self.servers, self.places = rate, services, servers, places
        self.chain: Chain = solve(tuple((0, 0) for _ in services), self.moves)

    def has_place(self, line: list[tuple[int, int]], i: int) -> bool:
        return sum(line[i]) < self.servers[i] + self.places[i]

    def moved_up(self, line: list[tuple[int, int]], i: int) -> Line:
        """Let those blocked before i move in, and so on against the stream."""
        while i > 0 and line[i - 1][1] and self.has_place(line, i):
            line[i - 1] = (line[i - 1][0], line[i - 1][1] - 1)
            line[i] = (line[i][0] + 1, line[i][1])
            i -= 1
        return tuple(line)

    def moves(self, state: Line):
        if self.has_place(list(state), 0):
            yield self.rate, ((state[0][0] + 1, state[0][1]), *state[1:])
        for i, (there, blocked) in enumerate(state):
            serving = min(there, self.servers[i] - blocked)
            if not serving:
                continue
            line = list(state)
            line[i] = (there - 1, blocked)
            if i + 1 < len(line) and not self.has_place(line, i + 1):
                line[i] = (there - 1, blocked + 1)
                yield serving / self.services[i], tuple(line)
                continue
            if i + 1 < len(line):
                line[i + 1] = (line[i + 1][0] + 1, line[i + 1][1])
            yield serving / self.services[i], self.moved_up(line, i)

    def waiting(self, state: Line, i: int) -> int:
        return max(0, state[i][0] - (self.servers[i] - state[i][1]))

    def lost(self) -> float:
        return self.chain.share(lambda s: not self.has_place(list(s), 0))

    def throughput(self) -> float:
        last = len(self.services) - 1
        return self.chain.mean(lambda s: min(s[last][0], self.servers[last])) / self.services[last]

    def queue(self, i: int, most: int | None = None) -> float:
        return self.chain.mean(lambda s: self.waiting(s, i) if most is None else min(most, self.waiting(s, i)))

    def there(self) -> float:
        return self.chain.mean(lambda s: sum(map(sum, s)))

    def at(self, i: int) -> float:
        return self.chain.mean(lambda s: s[i][0])


def saturated_pair(first: float, second: float, places: int) -> float:
    """Give the throughput of two single exponential servers with places between, the first never short of work."""
    ratio = second / first
    most = places + 2
    weights = [ratio**n for n in range(most + 1)]
    return sum(weights[1:]) / sum(weights) / second
