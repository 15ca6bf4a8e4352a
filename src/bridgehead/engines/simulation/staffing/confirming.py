"""How what a search found becomes sure: its statement is fixed first, then held against replications nobody has seen.

The statement is that one staffing keeps the promise, and that each of a list of others breaks it; the list is chosen so
that everything cheaper has no more servers anywhere than one of them. All of it has to be shown at once, each part with
the whole error: if the statement is false one of its parts is, and that part passes with at most this probability,
however many others there are (an intersection-union test). Nothing of the way to the statement counts, as its random
numbers are others; where the fresh ones say that it is false the search goes on and comes back with another statement,
again on fresh numbers and with a smaller error, so that all statements together err with at most 1 - `SURE`.

That a promise is kept rests on no fewer replications than `KEPT_FIRST`: margins have their long tail where it is broken
(a bad week is much worse than a good one is good), and a few replications may have met none. The same tail makes the
claim that it is broken an over-careful one, so that a few are enough.

Methods: R. L. Berger (1982), Multiparameter hypothesis testing and acceptance sampling, Technometrics 24, for the test
of all parts at once; looks at sizes that double share the error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bridgehead.engines.simulation.staffing.advice import SURE
from bridgehead.engines.simulation.staffing.exploring import Explorer, changed
from bridgehead.engines.simulation.staffing.keeping import Verdict
from bridgehead.engines.simulation.staffing.lanes import Counts
from bridgehead.engines.simulation.staffing.trials import Trials

KEPT_FIRST, BROKEN_FIRST, ENOUGH_TO_DOUBT = 16, 4, 16
"""Replications at the first look at what is to keep and to break the promise, and before a statement is given up."""
_HOPELESS = 0.1
"""Share of the error for the statement that not even the most servers keep the promise."""
_FAR = 10_000_000
"""Between the first replications of two streams."""


def fresh(explorer: Explorer, number: int, budget: int) -> Trials:
    """Return trials on fresh random numbers for the statement with this number, from one on."""
    error = (1.0 - SURE) * (1.0 - _HOPELESS) / (number * (number + 1))
    return replace(explorer.trials.stream(number * _FAR, error), allowed=budget)


def hopeless(explorer: Explorer, budget: int) -> Trials:
    """Return trials on fresh random numbers for the statement that nothing between the bounds keeps the promise."""
    error = (1.0 - SURE) * _HOPELESS
    return replace(explorer.trials.stream(_FAR // 2, error), allowed=budget)


def hold(best: Counts, trials: Trials) -> Verdict:
    """Say whether a staffing surely keeps the promise; at most half of what is left of the budget is spent on it."""
    whole = trials.allowed
    left = whole - trials.spent.runs
    trials.allowed = trials.spent.runs + min(left, max(KEPT_FIRST, left // 2))
    trials.decide([best], KEPT_FIRST, whole)
    trials.allowed = whole
    return trials.trial(best).verdict


@dataclass(frozen=True, slots=True)
class Statement:
    """What is to be shown.

    Parameters
    ----------
    best : tuple of int
        Keeps the promise.
    broken : tuple of tuple of int
        Break it, and with them all that have no more servers anywhere.
    whole : bool
        Whether these are all that costs less.
    """

    best: Counts
    broken: tuple[Counts, ...]
    whole: bool


def statement(best: Counts, explorer: Explorer) -> Statement:
    """Return what has to be shown so that a staffing is the cheapest that keeps the promise."""
    lattice, cost = explorer.lattice, explorer.lattice.cost(best)
    broken, whole = cover(best, explorer)
    parked = [one for one in lattice.parked if lattice.cost(one) < cost]
    return Statement(best, tuple(dict.fromkeys([*broken, *one_less(best, explorer), *parked])), whole)


def doubtful(claim: Statement, explorer: Explorer, trials: Trials) -> Counts | None:
    """Try what has to break the promise, and return what seems to keep it against what the search found, if any."""
    claims = claim.broken
    most = ENOUGH_TO_DOUBT
    while any(trials.is_open(one) for one in claims) and most <= 2 * trials.allowed:
        trials.decide(claims, BROKEN_FIRST, most)
        wrong = next((one for one in claims if explorer.known.get(one) != "open" and _doubted(one, trials)), None)
        if wrong is not None:
            return wrong
        most *= 2
    return None


def _doubted(counts: Counts, trials: Trials) -> bool:
    """Say whether a staffing that has to break the promise rather seems to keep it."""
    trial = trials.trial(counts)
    near = trial.verdict == "open" and trial.replications >= ENOUGH_TO_DOUBT
    return trial.verdict == "kept" or (near and trials.seems_kept(counts))


def one_less(best: Counts, explorer: Explorer) -> list[Counts]:
    """Return what has one server less than a staffing at one place."""
    least = explorer.floor
    return [changed(best, at, best[at] - 1) for at in range(len(best)) if best[at] > least[at]]


def cover(best: Counts, explorer: Explorer) -> tuple[list[Counts], bool]:
    """Return as few staffings that seem to break the promise as rule out all that costs less, and whether they do.

    What is nearest to the limit is left out first, as it is the dearest to show.
    """
    lattice, cost = explorer.lattice, explorer.lattice.cost(best)
    kept = sorted(lattice.broken, key=explorer.trials.excess)
    whole = replace(lattice, least=explorer.floor, parked=list(lattice.parked))
    if whole.cheaper(cost) != (None, True):
        return kept, False
    for one in reversed(tuple(kept)):
        rest = [other for other in kept if other != one]
        if replace(whole, broken=rest).cheaper(cost) == (None, True):
            kept = rest
    return kept, True
