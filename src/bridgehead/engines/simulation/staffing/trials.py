"""Staffings tried on common random numbers: replications are added to a staffing until its promise is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.intervals import Estimate, estimate
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.replications import Experiment, Runner, run_here, runs_of, settled
from bridgehead.engines.simulation.staffing.keeping import (
    Reading,
    Seen,
    Verdict,
    flows,
    growing,
    margins,
    reading,
    seen,
    together,
    verdict,
)
from bridgehead.engines.simulation.staffing.lanes import Counts, Lanes, staffed
from bridgehead.engines.simulation.staffing.promises import Promise
from bridgehead.kernel.errors import BridgeheadError

FIRST_LOOK = 4
"""Replications at the first look at a staffing; each look after it has twice as many."""
_SHOWN = 8
"""Replications of a staffing that is only shown."""
_IMPOSSIBLE = ("simulation.deadlock", "simulation.too_many_units")


@dataclass(slots=True)
class Trial:
    """One staffing as far as it was tried.

    Parameters
    ----------
    counts : tuple of int
        Servers along the lanes.
    compiled : Compiled
        The model with them.
    found : list of list of Seen
        Replications along the clauses.
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
    compiled: Compiled
    found: list[list[Seen]]
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
        return "open" if found == "kept" and np.mean(self.flows, axis=0).min() < 0.0 else found


@dataclass(slots=True)
class Trials:
    """All staffings tried for one promise.

    Parameters
    ----------
    model : Model
        The port.
    lanes : sequence of Lanes
        What is decided.
    promise : Promise
        What has to hold.
    experiment : Experiment
        Horizon, warm-up, and the seed common to all; a warm-up of None is found once, with the servers of the model.
    budget : int
        Runs that may be spent.
    error : float
        Probability with which the verdict on one staffing may be wrong.
    runner : Runner
        Runs replications.
    """

    model: Model
    lanes: Sequence[Lanes]
    promise: Promise
    experiment: Experiment
    budget: int
    error: float
    runner: Runner = run_here
    runs: int = 0
    tried: dict[Counts, Trial] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.experiment = settled(compile_model(self.model), self.experiment, self.runner)

    @property
    def stations(self) -> tuple[str, ...]:
        """Stations whose servers are decided."""
        return tuple(dict.fromkeys(one.station for one in self.lanes))

    def trial(self, counts: Counts) -> Trial:
        """Return a staffing, tried or not."""
        if counts not in self.tried:
            compiled = compile_model(staffed(self.model, self.lanes, counts))
            self.tried[counts] = Trial(counts, compiled, [[] for _ in self.promise.clauses])
        return self.tried[counts]

    def decide(self, counts: Counts, most: int) -> Verdict:
        """Add replications until the promise is settled, `most` replications are there, or the budget is spent."""
        trial = self.trial(counts)
        while trial.verdict == "open":
            wanted = FIRST_LOOK << trial.looks
            if wanted > most or not self.extend(trial, wanted):
                break
            self.look(trial)
        return trial.verdict

    def look(self, trial: Trial) -> None:
        """Look at the replications of a staffing, and keep what they settle."""
        if trial.failure:
            return
        trial.looks += 1
        trial.verdicts = verdict(self.promise.clauses, trial.found, self.error, trial.looks)
        trial.growing = growing(self.stations, trial.flows, self.error, trial.looks)

    def extend(self, trial: Trial, replications: int) -> bool:
        """Bring a staffing to so many replications; false where the budget does not allow it."""
        more = replications - trial.replications
        if self.runs + more > self.budget:
            return False
        if more <= 0 or trial.failure:
            return True
        try:
            outcomes = self.runner(trial.compiled, runs_of(self.experiment, trial.replications, replications))
        except BridgeheadError as error:
            if error.code not in _IMPOSSIBLE:
                raise
            trial.failure, self.runs = error.code, self.runs + 1
            return True
        self.runs += more
        for outcome in outcomes:
            trial.flows.append(flows(self.stations, outcome))
            for clause, one in zip(self.promise.clauses, trial.found, strict=True):
                one.append(seen(clause, outcome))
        return True

    def show(self, trial: Trial) -> None:
        """Run a staffing that need not be settled, as far as its figures are to be shown."""
        if self.extend(trial, max(_SHOWN, trial.replications)) and not trial.looks:
            self.look(trial)

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

    def slack(self, counts: Counts) -> float:
        """Return the smallest margin of a staffing in units of its own spread: how clearly it keeps the promise."""
        trial = self.trial(counts)
        if trial.failure or not trial.replications:
            return -np.inf
        found = []
        for clause, one in zip(self.promise.clauses, trial.found, strict=True):
            values = margins(clause, one) - (clause.share if clause.statistic == "max" else 0.0)
            found.append(float(values.mean()) / max(float(values.std()), 1e-12))
        return min(found)

    def difference(self, first: Counts, second: Counts, clause: int) -> Estimate:
        """Return by how much the figure of a clause is larger with `second`, by pairs of replications.

        Pairs are the replications both have, on the same random numbers. The figure is that of single replications:
        minutes, units, or shares within the limit for quantiles.
        """
        a, b = (self.trial(counts).found[clause] for counts in (first, second))
        pairs = zip(a, b, strict=False)
        return estimate([_figure(y) - _figure(x) for x, y in pairs if x.of > 0.0 and y.of > 0.0])


def _figure(one: Seen) -> float:
    return one.amount / one.of
