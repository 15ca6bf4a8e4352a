"""How well a promise was kept in replications: margins that are positive in the mean where it holds, and tests of them.

Every clause becomes the mean of one number a replication, its margin, which needs no estimate of a quantile: ninety in
hundred stays are within four hours where *stays within* less nine tenths of *stays* is positive in the mean. Stays and
waits are those of units that pass, as in all results; those who are still there though they came long before the end
count as not kept. Who leaves without having been served is told apart, by ``share lost``; only where nobody passes at
all do those who left stand for them, as not kept.

Method: whether a mean is above a limit is decided by Student's t, all clauses together, as in Batur, D. and Kim, S.-H.
(2010), Finding feasible systems in the presence of constraints on multiple performance measures, ACM TOMACS 20(3),
without their indifference zone. For longest queues, which are kept or not, the bounds are those of Clopper and Pearson
(1934).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from bridgehead.engines.simulation.histograms import edges, share_within
from bridgehead.engines.simulation.intervals import LEVEL, Estimate, estimate, t_quantile
from bridgehead.engines.simulation.model import Combine, Match, Split
from bridgehead.engines.simulation.outcomes import Outcome
from bridgehead.engines.simulation.staffing.promises import Clause
from bridgehead.engines.simulation.unit_stays import of_main_unit

Verdict = Literal["kept", "broken", "open"]
_EDGES = edges()
_GROWTH, _WAITING_MIN = 0.01, 2880.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What one replication says of a clause.

    Parameters
    ----------
    amount : float
        Units within the limit, sum of minutes, mean or longest queue, or units lost.
    of : float
        Units it is about, one for queues.
    cells : array or None
        Histogram of the times, for quantiles.
    """

    amount: float
    of: float
    cells: Any = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause over replications: what is promised, estimated with its 95 % interval.

    Parameters
    ----------
    clause : Clause
        Which.
    value, low, high : float
        In minutes, units or shares; infinite above where no bound was found, nan where nothing was counted.
    verdict : str
        ``kept``, ``broken``, or ``open`` while the two cannot be told apart.
    """

    clause: Clause
    value: float
    low: float
    high: float
    verdict: Verdict


def seen(clause: Clause, outcome: Outcome) -> Seen:
    """Return what a replication says of a clause."""
    if clause.quantity == "queue":
        at = list(outcome.compiled.node_index[clause.node or ""])
        if clause.statistic == "max":
            return Seen(float(outcome.nodes["longest"][at].max()), 1.0)
        return Seen(float(outcome.nodes["queue_area"][at].sum()) / outcome.counted_min, 1.0)
    types = _types(outcome, clause)
    if clause.quantity == "lost":
        rows = outcome.types[types]
        return Seen(float(rows["dropped"].sum()), float(rows["born"].sum()))
    if clause.node is None:
        return _of_stays(clause, outcome, types)
    return _of_waits(clause, outcome, types)


def _types(outcome: Outcome, clause: Clause) -> list[int]:
    """Return the types a clause is about; where no class is named, of stays and losses those of the main units."""
    compiled = outcome.compiled
    if clause.unit_class is not None:
        return list(compiled.type_index[clause.unit_class])
    if clause.quantity not in {"stay", "lost"}:
        return list(range(len(compiled.types)))
    classes = compiled.main_classes if clause.quantity == "stay" else of_main_unit(compiled.model)
    return [at for one in classes for at in compiled.type_index.get(one, ())]


def _of_stays(clause: Clause, outcome: Outcome, types: list[int]) -> Seen:
    rows = outcome.types[types]
    done, dropped, born = (float(rows[name].sum()) for name in ("done", "dropped", "born"))
    changes = any(isinstance(node, Match | Split | Combine) for node in outcome.compiled.model.nodes)
    missed = _missed(0.0 if changes else _still_there(born, born - done - dropped, clause, outcome), done, dropped)
    if clause.statistic == "mean":
        name = "stay_sum" if clause.quantity == "stay" else "wait_sum"
        return Seen(float(rows[name].sum()) + 2.0 * clause.limit * missed, done + missed)
    return _within(clause, outcome.histograms[rows["stay_histogram"]].sum(axis=0), done, missed)


def _of_waits(clause: Clause, outcome: Outcome, types: list[int]) -> Seen:
    rows = outcome.pairs[np.ix_(list(outcome.compiled.node_index[clause.node or ""]), types)].ravel()
    came, started = float(rows["arrivals"].sum()), float(rows["started"].sum())
    left = float(sum(rows[name].sum() for name in ("lost", "balked", "gave_up")))
    still = _still_there(came, came - started - left - float(rows["diverted"].sum()), clause, outcome)
    missed = _missed(still, started, left)
    if clause.statistic == "mean":
        return Seen(float(rows["wait_sum"].sum()) + 2.0 * clause.limit * missed, started + missed)
    return _within(clause, outcome.histograms[rows["wait_histogram"]].sum(axis=0), started, missed)


def _still_there(came: float, more: float, clause: Clause, outcome: Outcome) -> float:
    """Return how many units are more at the end than could have come within the limit: they have waited longer."""
    return max(0.0, more - came * clause.limit / outcome.counted_min)


def _missed(still: float, served: float, left: float) -> float:
    """Return how many units count as not kept: those still there, and those who left where nobody was served at all."""
    return still if served else still + left


def _within(clause: Clause, cells: Any, served: float, missed: float) -> Seen:
    within = share_within(cells, clause.limit)
    return Seen(0.0 if math.isnan(within) else within * served, served + missed, cells)


def flows(stations: Sequence[str], outcome: Outcome) -> Any:
    """Return for stations how many units more could wait at the end before their queues count as growing.

    A station keeps up where all but a hundredth of those who come are served in the end, apart from what comes in two
    days, which may just wait for the opening.
    """
    allowed = max(_GROWTH, _WAITING_MIN / outcome.counted_min)
    found = []
    for station in stations:
        rows = outcome.pairs[list(outcome.compiled.node_index[station])]
        came = float(rows["arrivals"].sum())
        ended = float(sum(rows[name].sum() for name in ("started", "lost", "balked", "gave_up", "diverted")))
        found.append(allowed * came - (came - ended))
    return np.array(found)


def margins(clause: Clause, found: Sequence[Seen]) -> Any:
    """Return the margin of each replication; for a longest queue one where it is kept and zero where it is not."""
    amount, of = (np.array([getattr(one, name) for one in found]) for name in ("amount", "of"))
    if clause.statistic == "max":
        return (amount <= clause.limit).astype(np.float64)
    if clause.statistic in {"quantile", "share"} and clause.quantity != "lost":
        return amount - clause.share * of
    return clause.limit * of - amount


def bounds(clause: Clause, values: Any, error: float) -> tuple[float, float]:
    """Return a lower and an upper bound of the mean margin, each wrong with the probability `error`."""
    n = len(values)
    if clause.statistic == "max":
        from scipy.special import betaincinv

        hits = int(values.sum())
        low = float(betaincinv(hits, n - hits + 1, error)) if hits else 0.0
        high = float(betaincinv(hits + 1, n - hits, 1.0 - error)) if hits < n else 1.0
        return low - clause.share, high - clause.share
    if n < 2:
        return -math.inf, math.inf
    mean, deviation = float(values.mean()), float(values.std(ddof=1))
    half = t_quantile(1.0 - error, n - 1) * deviation / math.sqrt(n)
    return mean - half, mean + half


def verdict(clauses: Sequence[Clause], found: Sequence[Sequence[Seen]], error: float) -> tuple[Verdict, ...]:
    """Return what is settled of each clause.

    Parameters
    ----------
    clauses : sequence of Clause
        All of a promise.
    found : sequence of sequence of Seen
        Replications along the clauses.
    error : float
        Probability that the promise as a whole is taken to be kept though it is not, and the other way round. All
        clauses have to be kept, so that each is tested with it; one is enough to break it, so that they share a half
        of it there. The other half is for `growing`.
    """
    settled: list[Verdict] = []
    for clause, one in zip(clauses, found, strict=True):
        values = margins(clause, one)
        low, high = bounds(clause, values, error)[0], bounds(clause, values, error / (2 * len(clauses)))[1]
        settled.append("kept" if low >= 0.0 else "broken" if high < 0.0 else "open")
    return tuple(settled)


def growing(stations: Sequence[str], found: Sequence[Any], error: float) -> tuple[str, ...]:
    """Return the stations whose queue surely grows without end; they share a half of `error`, see `verdict`."""
    values, n = np.array(found), len(found)
    if n < 2:
        return ()
    quantile = t_quantile(1.0 - error / (2 * len(stations)), n - 1)
    high = values.mean(axis=0) + quantile * values.std(axis=0, ddof=1) / math.sqrt(n)
    return tuple(station for station, bound in zip(stations, high, strict=True) if bound < 0.0)


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Return what is settled of the whole promise."""
    return "broken" if "broken" in verdicts else "open" if "open" in verdicts else "kept"


def reading(clause: Clause, found: Sequence[Seen], settled: Verdict) -> Reading:
    """Return the estimate of a clause with its 95 % interval."""
    amount, of = (np.array([getattr(one, name) for one in found]) for name in ("amount", "of"))
    if clause.statistic == "max":
        return Reading(clause, *_of_runs(np.sort(amount), clause.share), settled)
    if clause.quantity == "queue":
        one = estimate(amount.tolist())
        return Reading(clause, one.mean, one.low, one.high, settled)
    if not of.sum() > 0.0:
        return Reading(clause, math.nan, math.nan, math.nan, settled)
    if clause.statistic == "quantile":
        return Reading(clause, *_quantile(np.array([one.cells for one in found]), of, clause.share), settled)
    one = ratio(amount, of)
    return Reading(clause, one.mean, one.low, one.high, settled)


def _of_runs(rising: Any, q: float) -> tuple[float, float, float]:
    """Return a quantile over runs with its interval by order statistics."""
    from scipy.special import bdtr

    n, tail = len(rising), (1.0 - LEVEL) / 2.0
    below = bdtr(np.arange(n + 1), n, q)  # that at most so many runs are below the quantile
    low, high = int(np.searchsorted(below, tail)), int(np.searchsorted(below, 1.0 - tail))
    value = float(rising[min(n - 1, math.ceil(q * n) - 1)])
    return value, float(rising[low - 1]) if low else 0.0, float(rising[high]) if high < n else math.inf


def ratio(amount: Any, of: Any) -> Estimate:
    """Return the estimate of a mean of all units over replications of different size (the delta method)."""
    value, n = float(amount.sum() / of.sum()), len(of)
    if n < 2:
        return Estimate(value, math.inf, n)
    deviation = float((amount - value * of).std(ddof=1)) / float(of.mean())
    return Estimate(value, t_quantile((1.0 + LEVEL) / 2.0, n - 1) * deviation / math.sqrt(n), n)


def _quantile(cells: Any, of: Any, q: float) -> tuple[float, float, float]:
    """Return a quantile of all units with its interval: where the bounds of the share within a time pass `q`."""
    course = np.cumsum(cells, axis=1) - q * of[:, None]
    n, mean = len(of), course.mean(axis=0)
    half = np.full(mean.shape, math.inf)
    if n > 1:
        half = t_quantile((1.0 + LEVEL) / 2.0, n - 1) * course.std(axis=0, ddof=1) / math.sqrt(n)
    return _crossing(mean), _crossing(mean + half), _crossing(mean - half)


def _crossing(course: Any) -> float:
    """Return the time at which a course first is not negative, by a straight line inside its cell."""
    above = np.nonzero(course >= 0.0)[0]
    if above.size == 0:
        return math.inf
    cell = int(above[0])
    if cell == 0:
        return 0.0
    before, now = float(course[cell - 1]), float(course[cell])
    share = before / (before - now) if math.isfinite(before) and now > before else 0.0
    return float(_EDGES[cell] + share * (_EDGES[cell + 1] - _EDGES[cell]))
