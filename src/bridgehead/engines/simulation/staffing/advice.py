"""What a search for a staffing found, as values and as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bridgehead.engines.simulation.intervals import Estimate
from bridgehead.engines.simulation.staffing.keeping import Reading, Verdict
from bridgehead.engines.simulation.staffing.lanes import Counts, Lanes, lane_hours, weekly_cost
from bridgehead.engines.simulation.staffing.promises import Promise

SCHEMA = "bridgehead-port-staffing/2"
SURE = 0.95
"""Probability of the whole statement: the promise holds with the staffing chosen, and with nothing cheaper."""

Outcome = Literal["found", "impossible", "overloaded", "undecided"]
Why = Literal["tried", "load", "bound"]


@dataclass(frozen=True, slots=True)
class Staffing:
    """A staffing with what it does for the promise.

    Parameters
    ----------
    counts : tuple of int
        Servers along the lanes.
    lane_hours, cost : float
        A week.
    verdict : str
        Whether the promise is kept, broken, or open.
    readings : tuple of Reading
        Estimates along the clauses, none where it was not run.
    replications : int
        Behind them.
    failure : str
        Code of the error that ended its runs, empty for none.
    growing : tuple of str
        Stations whose queue grows without end.
    """

    counts: Counts
    lane_hours: float
    cost: float
    verdict: Verdict
    readings: tuple[Reading, ...] = ()
    replications: int = 0
    failure: str = ""
    growing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One server more or less at one place.

    Parameters
    ----------
    lanes : str
        Where.
    change : int
        One or minus one.
    staffing : Staffing
        What comes of it.
    differences : tuple of Estimate
        By how much the figure of each clause is larger than with the staffing chosen, on the same random numbers; of
        quantiles the share within the limit.
    why : str
        ``tried``; ``load`` where a queue would grow without end; ``bound`` where it lies outside the bounds.
    """

    lanes: str
    change: int
    staffing: Staffing
    differences: tuple[Estimate, ...] = ()
    why: Why = "tried"


@dataclass(frozen=True, slots=True)
class Lost:
    """Who leaves without having been served: told beside the promise, no part of it.

    Parameters
    ----------
    chosen, present : Reading
        The share with the staffing chosen, and as it is now.
    difference : Estimate
        By how much it is larger with the staffing chosen, on the same random numbers.
    promised : bool
        Whether the promise itself bounds it.
    """

    chosen: Reading
    present: Reading
    difference: Estimate
    promised: bool

    @property
    def more(self) -> bool:
        """Whether the share is surely larger with the staffing chosen."""
        return self.difference.low > 0.0

    @property
    def bounding(self) -> str:
        """The clause that would keep the share about where it is now."""
        now = self.present.value
        return f"{self.chosen.clause.text} <= {max(1, math.ceil(100.0 * now)) if math.isfinite(now) else 1} %"


@dataclass(frozen=True, slots=True)
class Advice:
    """The result of a search.

    Parameters
    ----------
    outcome : str
        ``found``; ``impossible`` where even the most servers break the promise; ``overloaded`` where with the most
        servers a queue grows without end; ``undecided`` where the budget was spent before any staffing was sure.
    promise : Promise
        What has to hold.
    lanes : tuple of Lanes
        What was decided.
    best : Staffing
        The staffing chosen, or the best reached.
    separated : bool
        Whether everything cheaper is ruled out with the probability `SURE`.
    neighbours : tuple of Neighbour
        One server less and one more at each place.
    undecided : tuple of Staffing
        Cheaper ones that could not be told from keeping the promise before the budget was spent.
    complete : bool
        Whether every cheaper staffing was tried, ruled out or listed as undecided.
    present : Staffing
        The servers of the model as it stands.
    lost : Lost or None
        Who leaves without having been served; None where nobody can, or nothing was run.
    by_load : mapping
        Fewest servers under which no queue grows without end, where that is known.
    not_monotone : tuple of str
        Why one server more might hurt in this model, so that what is ruled out by comparison is not certain.
    runs, budget, tried, seed : int
        Replications spent and allowed, staffings tried, the seed.
    horizon_min, warmup_min : float
        Of every replication.
    left_alone : tuple of str
        Lanes that were not decided, because nothing of them bears on the promise.
    """

    outcome: Outcome
    promise: Promise
    lanes: tuple[Lanes, ...]
    best: Staffing
    separated: bool
    neighbours: tuple[Neighbour, ...]
    undecided: tuple[Staffing, ...]
    complete: bool
    present: Staffing
    lost: Lost | None
    by_load: Mapping[str, int]
    not_monotone: tuple[str, ...]
    runs: int
    budget: int
    tried: int
    seed: int
    horizon_min: float
    warmup_min: float
    left_alone: tuple[str, ...] = ()

    @property
    def servers(self) -> dict[str, int]:
        """Servers of the staffing chosen by lanes."""
        return {lanes.id: count for lanes, count in zip(self.lanes, self.best.counts, strict=True)}


def staffing_of(lanes: Sequence[Lanes], counts: Counts, verdict: Verdict, **more: Any) -> Staffing:
    """Return a staffing with its lane-hours and cost."""
    return Staffing(counts, lane_hours(lanes, counts), weekly_cost(lanes, counts), verdict, **more)


def plain(advice: Advice) -> dict[str, Any]:
    """Return the advice as plain values; times are minutes, what does not exist is null."""
    return {
        "schema": SCHEMA,
        "standing": "model",
        "outcome": advice.outcome,
        "promise": advice.promise.text,
        "sure": SURE if advice.separated else None,
        "separated": advice.separated,
        "complete": advice.complete,
        "servers": advice.servers,
        "chosen": _staffing(advice, advice.best),
        "present": _staffing(advice, advice.present),
        "lost": None if advice.lost is None else _lost(advice.lost),
        "neighbours": [_neighbour(advice, one) for one in advice.neighbours],
        "undecided": [_staffing(advice, one) for one in advice.undecided],
        "lanes": [
            {
                "id": one.id,
                "station": one.station,
                "least": one.least,
                "most": one.most,
                "hours_a_week": one.hours_a_week,
                "cost_per_hour": one.cost,
            }
            for one in advice.lanes
        ],
        "left_alone": list(advice.left_alone),
        "fewest_by_load": dict(advice.by_load),
        "not_monotone": list(advice.not_monotone),
        "run": {
            "runs": advice.runs,
            "budget": advice.budget,
            "tried": advice.tried,
            "seed": advice.seed,
            "horizon_min": advice.horizon_min,
            "warmup_min": advice.warmup_min,
        },
    }


def _staffing(advice: Advice, one: Staffing) -> dict[str, Any]:
    return {
        "servers": {lanes.id: count for lanes, count in zip(advice.lanes, one.counts, strict=True)},
        "lane_hours_a_week": one.lane_hours,
        "cost_a_week": one.cost,
        "verdict": one.verdict,
        "replications": one.replications,
        "failure": one.failure or None,
        "growing": list(one.growing),
        "clauses": [plain_reading(reading) for reading in one.readings],
    }


def _lost(one: Lost) -> dict[str, Any]:
    shares = {
        name: {"share": finite(found.value), "low": finite(found.low), "high": finite(found.high)}
        for name, found in (("chosen", one.chosen), ("present", one.present))
    }
    return {
        "class": one.chosen.clause.unit_class,
        **shares,
        "difference": _difference(one.difference),
        "more": one.more,
        "promised": one.promised,
        "clause": one.bounding,
    }


def _difference(found: Estimate) -> dict[str, Any]:
    return {"mean": finite(found.mean), "low": finite(found.low), "high": finite(found.high)}


def plain_reading(one: Reading) -> dict[str, Any]:
    """Return the estimate of a clause as plain values."""
    clause = one.clause
    return {
        "clause": clause.text,
        "quantity": clause.quantity,
        "statistic": clause.statistic,
        "limit": clause.limit,
        "share": clause.share or None,
        "node": clause.node,
        "class": clause.unit_class,
        "estimate": finite(one.value),
        "low": finite(one.low),
        "high": finite(one.high),
        "verdict": one.verdict,
    }


def _neighbour(advice: Advice, one: Neighbour) -> dict[str, Any]:
    return {
        "lanes": one.lanes,
        "change": one.change,
        "why": one.why,
        **_staffing(advice, one.staffing),
        "differences": [_difference(found) for found in one.differences],
    }


def finite(value: float) -> float | None:
    """Return a number, or None for one that does not exist, as JSON has no word for it."""
    return value if math.isfinite(value) else None
