"""The way down to the cheapest staffing that seems to keep a promise, by few replications of many staffings.

Nothing here is sure, and nothing has to be: what comes out is held against fresh replications afterwards, see
`bridgehead.engines.simulation.staffing.confirming`. So a staffing is settled by two replications where it is far from
the limit, and by what sixteen say in the mean where it is near.

The search goes down from the servers of today, or the most, to a staffing that keeps the promise and cannot do with one
server less, then tries the largest staffings that cost less until none is left: what has no more servers anywhere than
one that breaks the promise breaks it, too. Where that is not certain (priorities, blocking, shared pools), exchanges of
one server for a cheaper one are tried besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bridgehead.engines.simulation.staffing.keeping import Verdict
from bridgehead.engines.simulation.staffing.lanes import Counts
from bridgehead.engines.simulation.staffing.lattice import Lattice
from bridgehead.engines.simulation.staffing.trials import Trials

LIKELY_WRONG = 0.2
"""Probability with which one staffing may be settled wrongly on the way."""
FIRST, MOST = 2, 16
"""Replications at the first look at a staffing, and at most."""


class Explorer:
    """What is known of staffings so far.

    Parameters
    ----------
    trials : Trials
        Staffings tried on the way.
    lattice : Lattice
        Those between the bounds.
    guesses : sequence of int
        Where the search begins at each place.
    not_monotone : bool
        Whether one server more may hurt.
    """

    def __init__(self, trials: Trials, lattice: Lattice, guesses: Sequence[int], *, not_monotone: bool) -> None:
        self.trials, self.lattice, self.guesses, self.not_monotone = trials, lattice, guesses, not_monotone
        self.floor = lattice.least
        self.known: dict[Counts, Verdict] = {}
        self.complete = True

    def lean(self, every: Iterable[Counts], *, by_comparison: bool = True) -> list[Verdict]:
        """Return what each staffing seems to do, trying together those nothing is known of; open where none can be."""
        every = list(every)
        new = [one for one in every if one not in self.known and not (by_comparison and self.lattice.breaks(one))]
        self.trials.decide(new, FIRST, MOST)
        for one in new:
            trial = self.trials.trial(one)
            if trial.looks or trial.failure:
                settled = trial.verdict
                sign: Verdict = "kept" if self.trials.seems_kept(one) else "broken"
                self.learn(one, sign if settled == "open" else settled)
        compared: Verdict = "broken"
        return [
            self.known.get(one, compared if by_comparison and self.lattice.breaks(one) else "open") for one in every
        ]

    def learn(self, counts: Counts, found: Verdict) -> None:
        """Keep what a staffing does, and what follows of it."""
        before = self.known.get(counts)
        self.known[counts] = found
        if before == "broken" != found:
            self.lattice.broken, self.lattice.least = [], self.floor
            for one, verdict in self.known.items():
                if verdict == "broken" and not self.lattice.breaks(one):
                    self.lattice.rule_out(one)
        elif found == "broken" and not self.lattice.breaks(counts):
            self.lattice.rule_out(counts)
        self.lattice.parked = [one for one, verdict in self.known.items() if verdict == "open"]

    def raise_bounds(self, kept: Counts) -> None:
        """Raise the lower bounds: servers a place needs even with the most everywhere else; all places together.

        Parameters
        ----------
        kept : tuple of int
            A staffing that keeps the promise, so that no place needs more than it has there.
        """
        places = range(len(self.lattice.most))
        low, high = list(self.lattice.least), list(kept)
        probes = {at: [self.guesses[at] - 1, self.guesses[at]] for at in places}
        while True:
            tried: dict[int, int] = {}
            for at in places:
                while low[at] < high[at] and at not in tried:
                    probe = probes[at].pop(0) if probes[at] else (low[at] + high[at]) // 2
                    if low[at] <= probe < high[at]:
                        tried[at] = probe
            if not tried:
                break
            found = self.lean(changed(self.lattice.most, at, probe) for at, probe in tried.items())
            for (at, probe), verdict in zip(tried.items(), found, strict=True):
                if verdict == "broken":
                    low[at] = probe + 1
                else:
                    high[at] = probe
        self.lattice.least = tuple(low)

    def best(self, begin: Counts) -> Counts:
        """Return the cheapest staffing that seems to keep the promise, from one on that does."""
        best = self.prove(self.descend(begin))
        while self.not_monotone:
            every = self.exchanges(best)
            found = self.lean(every, by_comparison=False)
            better = next((one for one, verdict in zip(every, found, strict=True) if verdict == "kept"), None)
            if better is None:
                break
            best = self.prove(self.descend(better))
        return best

    def descend(self, counts: Counts) -> Counts:
        """Return a staffing below one that keeps the promise, which keeps it and can spare no server by itself."""
        order = sorted(range(len(counts)), key=lambda at: -self.lattice.weights[at])
        for at in order:
            low, high = self.lattice.least[at], counts[at]
            probes = [low, self.guesses[at], self.guesses[at] - 1]
            while low < high:
                probe = probes.pop(0) if probes else (low + high) // 2
                if not low <= probe < high:
                    continue
                if self.lean([changed(counts, at, probe)])[0] == "kept":
                    high = probe
                else:
                    low = probe + 1
            counts = changed(counts, at, high)
        return counts

    def prove(self, best: Counts) -> Counts:
        """Try what is cheaper until nothing is left, and return the cheapest that seems to keep the promise."""
        while True:
            tried, self.complete = self.lattice.cheaper(self.lattice.cost(best))
            if tried is None:
                return best
            found = self.lean([tried])[0]
            if found == "kept":
                best = self.descend(tried)
            elif found == "open":
                self.complete = False
                return best

    def exchanges(self, best: Counts) -> list[Counts]:
        """Return what has one server less, also with one more at a cheaper place."""
        least, most, weights = self.lattice.least, self.lattice.most, self.lattice.weights
        fewer = [at for at in range(len(best)) if best[at] > least[at]]
        return [changed(best, at, best[at] - 1) for at in fewer] + [
            changed(changed(best, at, best[at] - 1), to, best[to] + 1)
            for at in fewer
            for to in range(len(best))
            if weights[to] < weights[at] and best[to] < most[to]
        ]


def changed(counts: Counts, at: int, count: int) -> Counts:
    """Return a staffing with another number at one place."""
    return (*counts[:at], count, *counts[at + 1 :])
