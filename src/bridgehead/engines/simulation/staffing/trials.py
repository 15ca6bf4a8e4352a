"""Staffings tried on common random numbers: replications are added to a staffing until its promise is settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bridgehead.engines.simulation.intervals import Estimate, estimate
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.replications import Experiment, runs_of
from bridgehead.engines.simulation.staffing.keeping import (
    Reading,
    Seen,
    Verdict,
    growing,
    margins,
    reading,
    together,
    verdict,
)
from bridgehead.engines.simulation.staffing.lanes import Counts, Lanes, staffed
from bridgehead.engines.simulation.staffing.observing import Asked, Evaluator, Observed
from bridgehead.engines.simulation.staffing.promises import Clause, Promise


@dataclass(slots=True)
class Spent:
    """Runs spent by all streams of a search together."""

    runs: int = 0


@dataclass(slots=True)
class Trial:
    """One staffing as far as it was tried.

    Parameters
    ----------
    counts : tuple of int
        Servers along the lanes.
    found : list of list of Seen
        Replications along the clauses.
    lost : list of Seen
        Who leaves without having been served, by replication; empty where nobody can.
    looks : int
        How often its replications were looked at.
    verdicts : tuple of str
        What is settled of each clause.
    failure : str
        Code of the error that ended a replication: a deadlock, or more units than fit.
    flows : list of array
        By replication, how far the stations that are decided are from a queue that grows without end.
    growing : tuple of str
        Stations whose queue grows without end.
    """

    counts: Counts
    found: list[list[Seen]]
    lost: list[Seen] = field(default_factory=list)
    looks: int = 0
    verdicts: tuple[Verdict, ...] = ()
    failure: str = ""
    flows: list[Any] = field(default_factory=list)
    growing: tuple[str, ...] = ()

    @property
    def replications(self) -> int:
        """How many there were."""
        return len(self.found[0])

    @property
    def verdict(self) -> Verdict:
        """What is settled of the whole promise."""
        if self.failure or self.growing:
            return "broken"
        found = together(self.verdicts or ("open",))
        return "open" if found == "kept" and self.worst_flow < 0.0 else found

    @property
    def worst_flow(self) -> float:
        """How far the station that is nearest to it is from a queue that grows without end."""
        return float(np.mean(self.flows, axis=0).min())

    def take(self, observed: Observed) -> None:
        """Keep what further replications said."""
        self.failure = observed.failure
        for one in observed.observations:
            self.flows.append(one.flows)
            promised = len(self.found)
            for kept, seen in zip(self.found, one.seen[:promised], strict=True):
                kept.append(seen)
            self.lost += one.seen[promised:]


@dataclass(slots=True)
class Trials:
    """Staffings tried for one promise on one stream of random numbers.

    Parameters
    ----------
    model : Model
        The port.
    lanes : sequence of Lanes
        What is decided.
    promise : Promise
        What has to hold.
    experiment : Experiment
        Horizon, warm-up, and the seed common to all.
    spent : Spent
        Runs, shared with other streams.
    allowed : int
        How many runs all streams together may have spent before this one stops.
    error : float
        Probability with which the verdict on one staffing may be wrong, all looks at it together.
    evaluator : Evaluator
        Runs replications.
    begin : int
        Number of the first replication; streams that begin far apart are independent.
    lost : Clause, optional
        The share that leaves without having been served, which is shown beside the promise; None where nobody can.
    """

    model: Model
    lanes: Sequence[Lanes]
    promise: Promise
    experiment: Experiment
    spent: Spent
    allowed: int
    error: float
    evaluator: Evaluator
    begin: int = 0
    lost: Clause | None = None
    tried: dict[Counts, Trial] = field(default_factory=dict)

    @property
    def stations(self) -> tuple[str, ...]:
        """Stations whose servers are decided."""
        return tuple(dict.fromkeys(one.station for one in self.lanes))

    def stream(self, begin: int, error: float) -> Trials:
        """Return trials of the same promise on other random numbers."""
        return replace(self, begin=begin, error=error, tried={})

    def trial(self, counts: Counts) -> Trial:
        """Return a staffing, tried or not."""
        if counts not in self.tried:
            self.tried[counts] = Trial(counts, [[] for _ in self.promise.clauses])
        return self.tried[counts]

    def look(self, counts: Counts) -> Verdict:
        """Look at the replications of a staffing, keep what they settle, and return it."""
        trial = self.trial(counts)
        if not trial.failure:
            trial.looks += 1
            here = self.error / (trial.looks * (trial.looks + 1))
            trial.verdicts = verdict(self.promise.clauses, trial.found, here)
            trial.growing = growing(self.stations, trial.flows, here)
        return trial.verdict

    def ask(self, wanted: Mapping[Counts, int]) -> bool:
        """Bring staffings to so many replications, all at once; false, with nothing run, where that costs too much."""
        more = {counts: n for counts, n in wanted.items() if self._missing(counts, n)}
        runs = sum(self._missing(counts, n) for counts, n in more.items())
        if self.spent.runs + runs > self.allowed:
            return False
        self.spent.runs += runs
        asked = [self._asked(counts, n) for counts, n in more.items()]
        for counts, observed in zip(more, self.evaluator(asked) if asked else (), strict=True):
            self.trial(counts).take(observed)
        return True

    def _missing(self, counts: Counts, replications: int) -> int:
        trial = self.trial(counts)
        return 0 if trial.failure else max(0, replications - trial.replications)

    def _asked(self, counts: Counts, replications: int) -> Asked:
        there = self.begin + self.trial(counts).replications
        runs = tuple(runs_of(self.experiment, there, self.begin + replications))
        clauses = self.promise.clauses if self.lost is None else (*self.promise.clauses, self.lost)
        return Asked(staffed(self.model, self.lanes, counts), runs, clauses, self.stations)

    def decide(self, every: Iterable[Counts], first: int, most: int) -> None:
        """Add replications to staffings until each is settled, has `most`, or the budget is spent.

        Parameters
        ----------
        every : iterable of tuple of int
            The staffings; all that are open are brought to the next look together.
        first, most : int
            Replications at the first look, which double from one look to the next, and at most.
        """
        every = tuple(dict.fromkeys(every))
        while True:
            sizes = {counts: first << self.trial(counts).looks for counts in every if self.is_open(counts)}
            sizes = {counts: size for counts, size in sizes.items() if size <= most}
            if not sizes:
                return
            if not self.ask(sizes):
                sizes = self._affordable(sizes)
                if not sizes or not self.ask(sizes):
                    return
            for counts in sizes:
                self.look(counts)

    def _affordable(self, sizes: Mapping[Counts, int]) -> dict[Counts, int]:
        """Return of the staffings to be brought to a look those that the budget allows, in their order."""
        found, left = {}, self.allowed - self.spent.runs
        for counts, size in sizes.items():
            if self._missing(counts, size) <= left:
                found[counts] = size
                left -= self._missing(counts, size)
        return found

    def is_open(self, counts: Counts) -> bool:
        """Say whether a staffing is not settled."""
        return self.trial(counts).verdict == "open"

    def readings(self, counts: Counts) -> tuple[Reading, ...]:
        """Return the estimates of a staffing that was tried."""
        trial = self.trial(counts)
        if not trial.replications:
            return ()
        unsettled: Verdict = "open"
        verdicts = trial.verdicts or (unsettled,) * len(self.promise.clauses)
        return tuple(
            reading(clause, one, settled_as)
            for clause, one, settled_as in zip(self.promise.clauses, trial.found, verdicts, strict=True)
        )

    def lost_of(self, counts: Counts) -> Reading | None:
        """Return the share that leaves without having been served; None where nobody can, or nothing was run."""
        found = self.trial(counts).lost
        return None if self.lost is None or not found else reading(self.lost, found, "open")

    def excess(self, counts: Counts) -> float:
        """Return by how much the clause that is kept least is off its limit, as a share of what it is about."""
        trial = self.trial(counts)
        if trial.failure:
            return -1.0
        found = []
        for clause, one in zip(self.promise.clauses, trial.found, strict=True):
            of = float(np.mean([seen.of for seen in one])) * (1.0 if clause.share else clause.limit)
            found.append(float(margins(clause, one).mean()) / max(of, 1e-12))
        return min(found)

    def seems_kept(self, counts: Counts) -> bool:
        """Say whether the replications so far speak for a staffing, be it not surely."""
        trial = self.trial(counts)
        if trial.failure or not trial.replications or trial.worst_flow < 0.0:
            return False
        return all(
            float(margins(clause, one).mean()) - (clause.share if clause.statistic == "max" else 0.0) >= 0.0
            for clause, one in zip(self.promise.clauses, trial.found, strict=True)
        )

    def difference(self, first: Counts, second: Counts, clause: int) -> Estimate:
        """Return by how much the figure of a clause is larger with `second`, by pairs of replications.

        Pairs are the replications both have, on the same random numbers. The figure is that of single replications:
        minutes, units, or shares within the limit for quantiles.
        """
        return _difference(*(self.trial(counts).found[clause] for counts in (first, second)))

    def more_lost(self, first: Counts, second: Counts) -> Estimate:
        """Return by how much the share that leaves without having been served is larger with `second`, by pairs."""
        return _difference(self.trial(first).lost, self.trial(second).lost)


def _difference(first: Sequence[Seen], second: Sequence[Seen]) -> Estimate:
    pairs = zip(first, second, strict=False)
    return estimate([_figure(y) - _figure(x) for x, y in pairs if x.of > 0.0 and y.of > 0.0])


def _figure(one: Seen) -> float:
    return one.amount / one.of
