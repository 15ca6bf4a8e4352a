"""The search for the fewest lane-hours, or the least cost, that keep a promise.

Costs are known, so that only *whether* a staffing keeps the promise has to be estimated: a quick search, down from the
servers of today where these keep it (where nobody gives bounds, no place is then given more) and else from the most,
finds what seems to be the cheapest
(`bridgehead.engines.simulation.staffing.exploring`), and fresh replications show that it is, or send the search on
(`bridgehead.engines.simulation.staffing.confirming`). All staffings run on common random numbers; how verdicts come
about is told in `bridgehead.engines.simulation.staffing.keeping`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.noting import all_of
from bridgehead.engines.simulation.replications import Experiment, settled
from bridgehead.engines.simulation.staffing.advice import Advice, Lost, Neighbour, Outcome, Staffing, staffing_of
from bridgehead.engines.simulation.staffing.bearing import bearing_lanes
from bridgehead.engines.simulation.staffing.confirming import (
    KEPT_FIRST,
    Statement,
    doubtful,
    fresh,
    hold,
    hopeless,
    statement,
)
from bridgehead.engines.simulation.staffing.evidence import require_evidence
from bridgehead.engines.simulation.staffing.exploring import LIKELY_WRONG, Explorer, changed
from bridgehead.engines.simulation.staffing.lanes import Counts, Lanes, lanes_of, present
from bridgehead.engines.simulation.staffing.lattice import Lattice
from bridgehead.engines.simulation.staffing.observing import Evaluator, evaluate_here
from bridgehead.engines.simulation.staffing.promises import Promise, read_promise
from bridgehead.engines.simulation.staffing.screening import fewest_by_load, likely_servers, may_lose, not_monotone
from bridgehead.engines.simulation.staffing.trials import Spent, Trials
from bridgehead.kernel.errors import BridgeheadError, Place

BUDGET = 1000
LEAST_BUDGET = 8
_SHOWN = 8
"""Replications of what is only shown."""
_MOST_SHOWN = 32
"""Replications at most of what is shown beside the choice."""
_PRESENT = 16
"""Replications of the servers of today, at most; a tenth of the budget is set aside for them."""
_STATEMENTS = 12
"""Statements that are tried at most."""


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
    shipped : Model, optional
        The port before any what-if: its figures, not those of the what-if, decide whether it may be staffed.
    """

    between: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    cost: Mapping[str, float] = field(default_factory=dict)
    budget: int = BUDGET
    experiment: Experiment | None = None
    shipped: Model | None = None


def find_staffing(
    model: Model, promise: str, question: Question | None = None, *, evaluator: Evaluator = evaluate_here
) -> Advice:
    """Return the fewest lane-hours, or the least cost, that keep a promise, and how sure that is.

    Parameters
    ----------
    model : Model
        A port of which enough is reported.
    promise : str
        As in `bridgehead.engines.simulation.staffing.promises`.
    question : Question, optional
        Bounds, costs, budget.
    evaluator : callable
        Runs replications, many at once; the advice is the same whoever does, and in what order.

    Raises
    ------
    BridgeheadError
        ``staffing.illustrative``; every fault of promise, bounds and costs, codes ``staffing.*``.
    """
    asked = question or Question()
    wanted, lanes = settled_question(model, promise, asked)
    if not asked.between:
        every, lanes = lanes, bearing_lanes(model, wanted, lanes)
        left = tuple(one.id for one in every if one not in lanes)
    else:
        left = ()
    run = asked.experiment or Experiment(model.run.horizon_min, model.run.warmup_min)
    run = settled(compile_model(model), run)
    lost = wanted.lost if may_lose(model) else None
    trials = Trials(model, lanes, wanted, run, Spent(), asked.budget // 2, LIKELY_WRONG, evaluator, lost=lost)
    return replace(_Search(trials, asked.budget, narrow=not asked.between).advice(), left_alone=left)


def settled_question(model: Model, promise: str, asked: Question) -> tuple[Promise, tuple[Lanes, ...]]:
    """Return what is promised and what may be decided; nothing is run.

    Raises
    ------
    BridgeheadError
        As `find_staffing`.
    """
    require_evidence(asked.shipped or model)
    wanted, lanes, _ = all_of(
        lambda: read_promise(promise, model),
        lambda: lanes_of(model, asked.between, asked.cost),
        lambda: _require_budget(asked.budget),
    )
    return wanted, lanes


def _require_budget(budget: int) -> None:
    """Refuse a budget that could settle nothing."""
    if budget < LEAST_BUDGET:
        told = {"budget": budget, "least": LEAST_BUDGET}
        raise BridgeheadError("staffing.budget_too_small", told, Place(field="budget"))


class _Search:
    """The state of a search."""

    def __init__(self, trials: Trials, budget: int, *, narrow: bool) -> None:
        model, lanes, promise = trials.model, trials.lanes, trials.promise
        self.trials, self.lanes, self.promise, self.allowed = trials, list(lanes), promise, budget
        self.narrow = narrow
        self.budget = budget - min(_PRESENT, budget // 10)
        self.by_load = fewest_by_load(model, lanes)
        self.not_monotone = not_monotone(model)
        self.present = present(model, lanes)
        self.least = tuple(max(one.least, self.by_load.get(one.id, 0)) for one in lanes)
        self.most = tuple(one.most for one in lanes)
        lattice = Lattice(self.least, self.most, tuple(one.weight for one in lanes))
        guesses = likely_servers(model, lanes, promise)
        self.explorer = Explorer(trials, lattice, guesses, not_monotone=bool(self.not_monotone))
        self.tried: set[Counts] = set()
        self.statements = 0
        self.claim = Statement(self.most, (), whole=True)

    def advice(self) -> Advice:
        """Search, and return what was found."""
        if any(low > high for low, high in zip(self.least, self.most, strict=True)):
            return self.told("overloaded", staffing_of(self.lanes, self.most, "broken"))
        if self.narrow and self.present_is_enough():
            self.up_to(self.present)
            found = self.searched()
            if found.outcome == "found":
                return found
            self.up_to(tuple(one.most for one in self.trials.lanes))
        return self.searched()

    def up_to(self, most: Counts) -> None:
        """Set the upper bounds of the search; the lower ones were raised for others, and begin anew."""
        self.most = self.explorer.lattice.most = most
        self.explorer.lattice.least = self.explorer.floor
        self.lanes = [replace(one, most=count) for one, count in zip(self.lanes, most, strict=True)]

    def searched(self) -> Advice:
        """Search between the bounds, and return what was found."""
        begin = self.present if self.present_is_enough() else self.most
        if begin == self.most and self.explorer.lean([self.most])[0] != "kept":
            self.trials = hopeless(self.explorer, self.budget)
            self.trials.decide([self.most], 4, self.budget)
            if self.trials.trial(self.most).verdict != "kept":
                return self.without()
            self.explorer.learn(self.most, "kept")
        if len(self.lanes) > 1:
            self.explorer.raise_bounds(begin)
        return self.sure_of(self.explorer.best(begin))

    def present_is_enough(self) -> bool:
        """Say whether the servers of today lie within the bounds and seem to keep the promise."""
        inside = all(low <= now <= high for low, now, high in zip(self.least, self.present, self.most, strict=True))
        return inside and self.explorer.lean([self.present])[0] == "kept"

    def sure_of(self, best: Counts) -> Advice:
        """Show that a staffing is the one that is looked for, or look on until another is shown to be."""
        held: tuple[Trials, Statement] | None = None
        for _ in range(_STATEMENTS):
            self.keep_tried()
            self.statements += 1
            self.trials = fresh(self.explorer, self.statements, self.budget)
            self.explorer.trials.allowed = (self.trials.spent.runs + self.budget) // 2
            found = hold(best, self.trials)
            if found != "kept":
                self.explorer.learn(best, found)
                if best == self.most or self.over():
                    break
                best = self.explorer.best(self.most)
                continue
            claim = statement(best, self.explorer)
            wrong = doubtful(claim, self.explorer, self.trials)
            if held is None or self.explorer.lattice.cost(best) <= self.explorer.lattice.cost(held[1].best):
                held = self.trials, claim
            if wrong is None or self.over():
                break
            self.explorer.learn(wrong, "kept")
            cheaper = self.explorer.lattice.cost(wrong) < self.explorer.lattice.cost(best)
            best = self.explorer.best(wrong if cheaper else best)
        if held is None:
            return self.without()
        self.keep_tried()
        self.trials, self.claim = held
        self.show_present()
        neighbours = self.neighbours(self.claim.best)
        return self.told("found", self.shown(self.claim.best), neighbours)

    def show_present(self) -> None:
        """Run the servers of today on the same random numbers, as often as the budget allows."""
        self.trials.allowed = self.allowed
        replications = _PRESENT
        while replications > 1 and not self.trials.ask({self.present: replications}):
            replications //= 2
        trial = self.trials.trial(self.present)
        if not trial.looks and trial.replications > 1:
            self.trials.look(self.present)

    def over(self) -> bool:
        """Say whether too little of the budget is left for another statement."""
        return self.trials.spent.runs + KEPT_FIRST > self.budget

    def without(self) -> Advice:
        """Return that no staffing is surely found: not even with the most servers."""
        self.show_present()
        found = self.trials.trial(self.most).verdict
        return self.told("impossible" if found == "broken" else "undecided", self.shown(self.most))

    def keep_tried(self) -> None:
        """Remember which staffings were run on the random numbers that are given up."""
        every = {**self.explorer.trials.tried, **self.trials.tried}
        self.tried |= {counts for counts, trial in every.items() if trial.replications or trial.failure}

    def neighbours(self, best: Counts) -> tuple[Neighbour, ...]:
        """Return what comes of one server less and one more at each place.

        One more is run as often as the choice, up to a limit, so that both figures rest on the same random numbers.
        """
        changes = [(at, change, changed(best, at, best[at] + change)) for at in range(len(best)) for change in (-1, 1)]
        more = [counts for at, change, counts in changes if change > 0 and counts[at] <= self.most[at]]
        shown = min(self.trials.trial(best).replications, _MOST_SHOWN)
        self.trials.decide(more, shown, shown)
        return tuple(self.neighbour(best, counts, at, change) for at, change, counts in changes)

    def neighbour(self, best: Counts, counts: Counts, at: int, change: int) -> Neighbour:
        """Return what comes of one server more or less at a place."""
        lanes = self.lanes[at]
        if not lanes.least <= counts[at] <= lanes.most:
            return Neighbour(lanes.id, change, staffing_of(self.lanes, counts, "open"), why="bound")
        if counts[at] < self.least[at]:
            return Neighbour(lanes.id, change, staffing_of(self.lanes, counts, "broken"), why="load")
        clauses = range(len(self.promise.clauses) if self.trials.trial(counts).replications else 0)
        differences = tuple(self.trials.difference(best, counts, number) for number in clauses)
        return Neighbour(lanes.id, change, self.shown(counts), differences)

    def shown(self, counts: Counts) -> Staffing:
        """Return a staffing with what the last replications say of it."""
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

    def lost(self, best: Counts) -> Lost | None:
        """Return who leaves without having been served, with a staffing and as it is now."""
        chosen, present = (self.trials.lost_of(counts) for counts in (best, self.present))
        if chosen is None or present is None:
            return None
        promised = any(
            one.quantity == "lost" and one.unit_class == chosen.clause.unit_class for one in self.promise.clauses
        )
        return Lost(chosen, present, self.trials.more_lost(self.present, best), promised)

    def open(self) -> list[Counts]:
        """Return what has to break the promise and does not surely, the cheapest first."""
        found = [one for one in self.claim.broken if self.trials.trial(one).verdict != "broken"]
        return sorted(found, key=self.explorer.lattice.cost)

    def told(self, outcome: Outcome, best: Staffing, neighbours: tuple[Neighbour, ...] = ()) -> Advice:
        """Return the advice."""
        if outcome != "overloaded" and not self.trials.trial(self.present).replications:
            self.trials.decide([self.present], _SHOWN, _SHOWN)
        self.keep_tried()
        still = self.open() if outcome == "found" else []
        cheaper = [one for one in still if self.explorer.lattice.cost(one) < self.explorer.lattice.cost(best.counts)]
        complete = outcome != "found" or (self.claim.whole and len(cheaper) == len(still))
        run = self.trials.experiment
        return Advice(
            outcome=outcome,
            promise=self.promise,
            lanes=tuple(self.lanes),
            best=best,
            separated=outcome == "found" and self.claim.whole and not still,
            neighbours=neighbours,
            undecided=tuple(map(self.shown, cheaper)),
            complete=complete,
            present=self.shown(self.present),
            lost=self.lost(best.counts),
            by_load=self.by_load,
            not_monotone=self.not_monotone,
            runs=self.trials.spent.runs,
            budget=self.allowed,
            tried=len(self.tried),
            seed=run.seed,
            horizon_min=run.horizon_min,
            warmup_min=run.warmup_min or 0.0,
        )
