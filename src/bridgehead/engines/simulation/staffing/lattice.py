"""Staffings ordered by their servers: what follows of one for others, and which are still worth a trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bridgehead.engines.simulation.staffing.lanes import Counts

_MOST_STEPS = 100_000
_SAME = 1e-9


@dataclass(slots=True)
class Lattice:
    """The staffings between bounds, and those known to break the promise.

    Whoever has no more servers anywhere than one that breaks the promise breaks it, too.

    Parameters
    ----------
    least, most : tuple of int
        Bounds, both included.
    weights : tuple of float
        Cost of one server.
    broken : list of tuple of int
        Staffings that break the promise.
    parked : list of tuple of int
        Staffings set aside for the time being; those with no more servers wait with them.
    """

    least: Counts
    most: Counts
    weights: Sequence[float]
    broken: list[Counts] = field(default_factory=list)
    parked: list[Counts] = field(default_factory=list)

    def cost(self, counts: Counts) -> float:
        """Return the cost of a staffing."""
        return sum(weight * count for weight, count in zip(self.weights, counts, strict=True))

    def breaks(self, counts: Counts) -> bool:
        """Say whether a staffing is known to break the promise."""
        return any(not_above(counts, one) for one in self.broken)

    def rule_out(self, counts: Counts) -> None:
        """Keep that a staffing breaks the promise."""
        self.broken = [one for one in self.broken if not not_above(one, counts)] + [counts]

    def size(self) -> int:
        """Return how many staffings there are."""
        found = 1
        for low, high in zip(self.least, self.most, strict=True):
            found *= max(0, high - low + 1)
        return found

    def cheaper(self, below: float) -> tuple[Counts | None, bool]:
        """Return a staffing that costs less than `below`, is not known to break the promise, and is not set aside.

        It has as many servers as the cost allows, so that its trial says the most about others.

        Returns
        -------
        tuple of int or None
            None where there is none.
        bool
            Whether all were looked at.
        """
        below -= _SAME * max(1.0, abs(below))
        stack, known, steps, obstacles = [self.least], {self.least}, 0, [*self.broken, *self.parked]
        while stack:
            counts = stack.pop()
            steps += 1
            if steps > _MOST_STEPS:
                return None, False
            if self.cost(counts) >= below:
                continue
            obstacle = next((one for one in obstacles if not_above(counts, one)), None)
            if obstacle is None:
                return self._filled(counts, below), True
            for at in range(len(counts)):
                raised = (*counts[:at], obstacle[at] + 1, *counts[at + 1 :])
                if raised[at] <= self.most[at] and raised not in known:
                    known.add(raised)
                    stack.append(raised)
        return None, True

    def _filled(self, counts: Counts, below: float) -> Counts:
        """Add servers, one a station in turn, while the cost stays below."""
        grown = True
        while grown:
            grown = False
            for at in range(len(counts)):
                more = (*counts[:at], counts[at] + 1, *counts[at + 1 :])
                if more[at] <= self.most[at] and self.cost(more) < below:
                    counts, grown = more, True
        return counts


def not_above(first: Counts, second: Counts) -> bool:
    """Say whether a staffing has nowhere more servers than another."""
    return all(a <= b for a, b in zip(first, second, strict=True))
