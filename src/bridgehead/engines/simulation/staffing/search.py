"""The search for the fewest lane-hours, or the least cost, that keep a promise.

Costs are known, so that only *whether* a staffing keeps the promise has to be estimated. The search goes down from the
most servers to a staffing that keeps it and cannot do with one server less, then tries the largest staffings that cost
less until none is left: what has no more servers anywhere than one that breaks the promise breaks it, too. Where that
is not certain (priorities, blocking, shared pools), exchanges of one server for a cheaper one are tried besides. All
staffings run on common random numbers; how verdicts come about is told in
`bridgehead.engines.simulation.staffing.keeping`.

Methods: feasibility by simulation as in Batur and Kim (2010); errors of all staffings that may be tried add up to at
most 1 - `SURE` (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.replications import Experiment, Runner, run_here
from bridgehead.engines.simulation.staffing.advice import SURE, Advice, Neighbour, Outcome, Staffing, staffing_of
from bridgehead.engines.simulation.staffing.evidence import require_evidence
from bridgehead.engines.simulation.staffing.keeping import Verdict
from bridgehead.engines.simulation.staffing.lanes import Counts, Lanes, lanes_of, present
from bridgehead.engines.simulation.staffing.lattice import Lattice
from bridgehead.engines.simulation.staffing.promises import Promise, read_promise
from bridgehead.engines.simulation.staffing.screening import fewest_by_load, likely_servers, not_monotone
from bridgehead.engines.simulation.staffing.trials import Trials
from bridgehead.kernel.errors import BridgeheadError, Place

BUDGET = 1000
MOST_TRIED = 400
"""Staffings between which the error is divided at most; a search that would need more says that it is not complete."""
_BOUND, _TRIAL, _SHOWN = 16, 128, 16
"""Replications at most for a bound, for a staffing at first, and at least for what is shown."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked besides the promise.

    Parameters
    ----------
    between : mapping
        Bounds by station or shift; see `bridgehead.engines.simulation.staffing.lanes.lanes_of`.
    cost : mapping
        Cost of an hour of one server by station.
    budget : int
        Runs that may be spent.
    experiment : Experiment, optional
        Horizon, warm-up and seed; those of the model without.
    """

    between: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    cost: Mapping[str, float] = field(default_factory=dict)
    budget: int = BUDGET
    experiment: Experiment | None = None


def find_staffing(model: Model, promise: str, question: Question | None = None, *, runner: Runner = run_here) -> Advice:
    """Return the fewest lane-hours, or the least cost, that keep a promise, and how sure that is.

    Parameters
    ----------
    model : Model
        A port of which enough is reported.
    promise : str
        As in `bridgehead.engines.simulation.staffing.promises`.
    question : Question, optional
        Bounds, costs, budget.
    runner : callable
        Runs replications, as in `bridgehead.engines.simulation.replications.replicate`.

    Raises
    ------
    BridgeheadError
        ``staffing.illustrative``; every fault of promise, bounds and costs, codes ``staffing.*``.
    """
    asked = question or Question()
    require_evidence(model)
    wanted = read_promise(promise, model)
    lanes = lanes_of(model, asked.between, asked.cost)
    if asked.budget < 2 * 4:
        raise BridgeheadError("staffing.budget_too_small", {"budget": asked.budget, "least": 8}, Place(field="budget"))
    run = asked.experiment or Experiment(model.run.horizon_min, model.run.warmup_min)
    return _Search(model, lanes, wanted, budget=asked.budget, experiment=run, runner=runner).advice()


class _Search:
    """The state of a search."""

    def __init__(
        self,
        model: Model,
        lanes: tuple[Lanes, ...],
        promise: Promise,
        *,
        budget: int,
        experiment: Experiment,
        runner: Runner,
    ) -> None:
        self.lanes, self.promise = lanes, promise
        self.by_load = fewest_by_load(model, lanes)
        self.guesses = likely_servers(model, lanes, promise)
        self.not_monotone = not_monotone(model)
        self.present = present(model, lanes)
        self.least = tuple(max(one.least, self.by_load.get(one.id, 0)) for one in lanes)
        most = tuple(one.most for one in lanes)
        self.lattice = Lattice(self.least, most, tuple(one.weight for one in lanes))
        self.at_most = max(1, min(self.lattice.size(), MOST_TRIED))
        error = (1.0 - SURE) / self.at_most
        self.trials = Trials(model, lanes, promise, experiment, budget, error, runner)
        self.aside: list[Counts] = []
        self.complete = True

    def advice(self) -> Advice:
        """Search, and return what was found."""
        top = self.lattice.most
        if any(low > high for low, high in zip(self.least, top, strict=True)):
            return self.told("overloaded", staffing_of(self.lanes, top, "broken"))
        settled = self.trials.decide(top, self.trials.budget)
        if settled != "kept":
            return self.told("impossible" if settled == "broken" else "undecided", self.shown(top))
        if len(self.lanes) > 1:
            self.raise_bounds()
        best = self.settle_aside(self.prove(self.descend(top)))
        best, neighbours = self.around(best)
        return self.told("found", self.shown(best), neighbours)

    def spent(self) -> bool:
        """Say whether no further staffing can be tried."""
        return self.trials.runs + 4 > self.trials.budget or len(self.trials.tried) >= self.at_most

    def decide(self, counts: Counts, most: int) -> Verdict:
        """Try a staffing, and keep what follows of it."""
        if self.lattice.breaks(counts):
            return "broken"
        if counts not in self.trials.tried and self.spent():
            return "open"
        found = self.trials.decide(counts, most)
        if found == "broken":
            self.lattice.rule_out(counts)
        return found

    def raise_bounds(self) -> None:
        """Raise the lower bounds: servers a place needs even with the most everywhere else."""
        for at in range(len(self.lanes)):
            low, high = self.lattice.least[at], self.lattice.most[at]
            probes = [self.guesses[at] - 1, self.guesses[at]]
            while low < high and not self.spent():
                probe = probes.pop(0) if probes else (low + high) // 2
                if not low <= probe < high:
                    continue
                if self.decide(self.changed(self.lattice.most, at, probe), _BOUND) == "broken":
                    low = probe + 1
                else:
                    high = probe
            self.lattice.least = self.changed(self.lattice.least, at, low)

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
                tried = self.changed(counts, at, probe)
                found = self.decide(tried, _TRIAL)
                if found == "kept":
                    high = probe
                else:
                    low = probe + 1
                    self.put_aside(tried, found)
            counts = self.changed(counts, at, high)
        return counts

    def put_aside(self, counts: Counts, found: Verdict) -> None:
        """Keep a staffing that could not be settled for later."""
        if found == "open" and counts in self.trials.tried and counts not in self.aside:
            self.aside.append(counts)

    def prove(self, best: Counts) -> Counts:
        """Try what is cheaper until nothing is left, and return the cheapest that keeps the promise."""
        while True:
            tried, finished = self.lattice.cheaper(self.lattice.cost(best))
            if tried is None:
                self.complete = finished
                return best
            if tried not in self.trials.tried and self.spent():
                self.complete = False
                return best
            found = self.decide(tried, _TRIAL)
            if found == "kept":
                best = self.descend(tried)
            elif found == "open":
                self.put_aside(tried, found)
                self.lattice.parked.append(tried)

    def settle_aside(self, best: Counts) -> Counts:
        """Spend what is left of the budget on the staffings put aside."""
        most = 2 * _TRIAL
        while self.open_below(best) and most <= 2 * self.trials.budget:
            for tried in self.open_below(best):
                found = self.trials.decide(tried, most)
                if found == "broken":
                    self.lattice.rule_out(tried)
                elif found == "kept":
                    self.lattice.parked.clear()
                    best = self.prove(self.descend(tried))
                    break
            most *= 2
        return best

    def open_below(self, best: Counts) -> list[Counts]:
        """Return what was put aside, costs less than a staffing and is still open.

        First those that seem to keep the promise, the cheapest first: once it is sure the others are no longer needed.
        """
        cost = self.lattice.cost(best)
        found = [
            one for one in self.aside if self.trials.trial(one).verdict == "open" and self.lattice.cost(one) < cost
        ]
        slack = {one: self.trials.slack(one) for one in found}
        return sorted(found, key=lambda one: (self.lattice.cost(one) if slack[one] > 0.0 else cost, -slack[one]))

    def around(self, best: Counts) -> tuple[Counts, tuple[Neighbour, ...]]:
        """Try one server less everywhere, exchanges where more may hurt, and one more; return the best and these."""
        while True:
            better = next((one for one in self.exchanges(best) if self.tried_directly(one) == "kept"), None)
            if better is None:
                break
            best = self.descend(better)
        self.trials.extend(self.trials.trial(best), max(_SHOWN, self.trials.trial(best).replications))
        changes = [(at, change) for at in range(len(best)) for change in (-1, 1)]
        return best, tuple(self.neighbour(best, at, change) for at, change in changes)

    def exchanges(self, best: Counts) -> list[Counts]:
        """Return what has one server less, and where more may hurt also what has one moved to a cheaper place."""
        fewer = [at for at in range(len(best)) if best[at] > self.least[at]]
        found = [self.changed(best, at, best[at] - 1) for at in fewer]
        if self.not_monotone:
            found += [
                self.changed(self.changed(best, at, best[at] - 1), to, best[to] + 1)
                for at in fewer
                for to in range(len(best))
                if self.lattice.weights[to] < self.lattice.weights[at] and best[to] < self.lattice.most[to]
            ]
        return found

    def tried_directly(self, counts: Counts) -> Verdict:
        """Return the verdict of a staffing of its own runs, not of comparison."""
        if counts not in self.trials.tried and self.spent():
            return "open"
        found = self.trials.decide(counts, _TRIAL)
        self.put_aside(counts, found)
        return found

    def neighbour(self, best: Counts, at: int, change: int) -> Neighbour:
        """Return what comes of one server more or less at a place."""
        counts, lanes = self.changed(best, at, best[at] + change), self.lanes[at]
        if not lanes.least <= counts[at] <= lanes.most:
            return Neighbour(lanes.id, change, staffing_of(self.lanes, counts, "open"), why="bound")
        if counts[at] < self.least[at]:
            return Neighbour(lanes.id, change, staffing_of(self.lanes, counts, "broken"), why="load")
        trial = self.trials.trial(counts)
        if change > 0:
            self.trials.show(trial)
        differences = (
            tuple(self.trials.difference(best, counts, number) for number in range(len(self.promise.clauses)))
            if trial.replications
            else ()
        )
        return Neighbour(lanes.id, change, self.shown(counts), differences)

    def shown(self, counts: Counts) -> Staffing:
        """Return a staffing that was tried."""
        trial = self.trials.trial(counts)
        return staffing_of(
            self.lanes,
            counts,
            trial.verdict,
            readings=self.trials.readings(counts),
            replications=trial.replications,
            failure=trial.failure,
            growing=trial.growing,
        )

    def told(self, outcome: Outcome, best: Staffing, neighbours: tuple[Neighbour, ...] = ()) -> Advice:
        """Return the advice."""
        if outcome != "overloaded":
            self.trials.show(self.trials.trial(self.present))
        undecided = tuple(self.shown(one) for one in self.open_below(best.counts)) if outcome == "found" else ()
        run = self.trials.experiment
        return Advice(
            outcome=outcome,
            promise=self.promise,
            lanes=self.lanes,
            best=best,
            separated=outcome == "found" and not undecided and self.complete,
            neighbours=neighbours,
            undecided=undecided,
            complete=self.complete,
            present=self.shown(self.present),
            by_load=self.by_load,
            not_monotone=self.not_monotone,
            runs=self.trials.runs,
            budget=self.trials.budget,
            tried=sum(bool(one.looks or one.failure) for one in self.trials.tried.values()),
            seed=run.seed,
            horizon_min=run.horizon_min,
            warmup_min=run.warmup_min or 0.0,
        )

    @staticmethod
    def changed(counts: Counts, at: int, count: int) -> Counts:
        """Return a staffing with another number at one place."""
        return (*counts[:at], count, *counts[at + 1 :])
