"""Units that came and were never served: turned away while closed, gone at the sight of the queue, or out of patience.

A log has their arrival and nothing else. Who was still waiting when the log ended is told from who had gone by others
of the class that came later and were begun. What made those go who came in open time is the likeliest of three rules:
a queue from a length on makes a share turn back (from 0 on: a share of all), or patience ends, exponentially. Of who
went only a bound of the patience is known, the wait there would have been; of who was served another, the wait there
was: the current status data of D. G. Hoel and H. E. Walburg, J. National Cancer Inst. 49 (1972), 361-372.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from bridgehead.engines.simulation.calibration.event_log import EventLog
from bridgehead.engines.simulation.calibration.log_cells import Bool, Float64, Int64
from bridgehead.engines.simulation.calibration.open_time import OpenTime
from bridgehead.engines.simulation.model import Balking, Distribution

FEWEST_GONE = 20
"""Fewer make no rule."""
TURNED_AWAY_SHARE = 0.9
STRAY_SHARE = 0.02
"""Of those who turn back no more may have seen a shorter queue than the rule says: a log has its strays."""
SHORTEST_MIN, LONGEST_MIN = 1e-2, 1e6


@dataclass(frozen=True, eq=False, slots=True)
class Entries:
    """Where units came from outside: their first activity (-1 where nobody knows), and who left it without a service.

    Both arrays run along the units of the log. Who has no service is taken to have come to where most of its class do.
    """

    activity: Int64
    gone: Bool

    def gone_min(self, log: EventLog, activity: int) -> Float64:
        """Return when those came, rising, who left an activity without a service."""
        return np.sort(log.arrived_min[self.gone & (self.activity == activity)])


@dataclass(frozen=True, slots=True)
class Unserved:
    """What was found on those who came to an activity from outside and were never served.

    Parameters
    ----------
    came : int
        Units that came, those still waiting at the end of the log left out.
    while_closed, while_open : int
        How many of them left without a service, by when they came.
    turned_away : bool
        Whether nearly all who came in closed time were.
    balking : Balking or None
        The rule by which units turn back, where that explains best who left.
    patience : Distribution or None
        Patience, where that does.
    """

    came: int = 0
    while_closed: int = 0
    while_open: int = 0
    turned_away: bool = False
    balking: Balking | None = None
    patience: Distribution | None = None

    @property
    def gone(self) -> int:
        """How many were never served."""
        return self.while_closed + self.while_open


def find_entries(log: EventLog) -> Entries:
    """Find where units came, and who was never served."""
    first = np.append(True, log.unit[1:] != log.unit[:-1])
    entry = np.full(len(log.units), -1, np.int64)
    entry[log.unit[first]] = log.activity[first]
    served = entry >= 0
    gone = np.zeros(len(log.units), np.bool_)
    for kind in range(len(log.classes)):
        mine = log.class_of_unit == kind
        seen = entry[mine & served]
        if not seen.size:
            continue
        place = int(np.bincount(seen).argmax())
        entry[mine & ~served] = place
        # Services going on when a log ends may be missing in it, but none that began a longest one before.
        here = first & (log.activity == place) & (log.unit_class == kind) & np.isfinite(log.joined_min)
        lasted = (log.end_min - log.start_min)[log.activity == place]
        done = here & (log.start_min <= log.until_min - np.nanmax(lasted, initial=0.0))
        gone |= mine & ~served & (log.arrived_min < log.joined_min[done].max(initial=-np.inf))
    return Entries(entry, gone)


def find_unserved(log: EventLog, entries: Entries, activity: int, time: OpenTime) -> Unserved:
    """Find who was never served at an activity, and the rule of that.

    Parameters
    ----------
    log : EventLog
        The log.
    entries : Entries
        Who came where.
    activity : int
        Which activity.
    time : OpenTime
        Its opening hours.
    """
    here = log.activity == activity
    known = np.isfinite(log.joined_min[here])
    joined, started, ended = (times[here][known] for times in (log.joined_min, log.start_min, log.end_min))
    # Who went on here from another activity could have gone as well, but then the log shows a unit that is through.
    first = np.append(True, log.unit[1:] != log.unit[:-1])[here][known]
    gone = entries.gone_min(log, activity)
    if not gone.size:
        return Unserved(int(first.sum()))
    came = np.append(joined[first], gone)
    left = np.append(np.zeros(int(first.sum()), np.bool_), np.ones(gone.size, np.bool_))
    closed = ~time.is_open(came)
    many = int(closed.sum())
    turned = many >= FEWEST_GONE and int(np.count_nonzero(closed & left)) >= TURNED_AWAY_SHARE * many
    asked = ~closed if turned else np.ones(came.size, np.bool_)
    balking, patience = _rule(_Line.of(joined, started, ended), came[asked], left[asked])
    return Unserved(
        came=came.size,
        while_closed=int(np.count_nonzero(closed & left)),
        while_open=int(np.count_nonzero(~closed & left)),
        turned_away=turned,
        balking=balking,
        patience=patience,
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Line:
    """The queue of those who were served: when they came, rising, and were begun; all starts and all ends, rising."""

    joined: Float64
    begun: Float64
    started: Float64
    ended: Float64

    @classmethod
    def of(cls, joined: Float64, started: Float64, ended: Float64) -> _Line:
        order = np.lexsort((started, joined))
        return cls(joined[order], started[order], np.sort(started), np.sort(ended[np.isfinite(ended)]))

    def seen(self, times: Float64) -> Int64:
        """Return how many were waiting at each time, who comes then not counted."""
        came = np.searchsorted(self.joined, times, "left")
        return np.asarray(np.maximum(came - np.searchsorted(self.started, times, "right"), 0))

    def wait_min(self, times: Float64) -> Float64:
        """Return how long who comes at each time waits, in turn: until a server is free once the one before has begun.

        Nobody waits longer than until who came next is begun.
        """
        place = np.searchsorted(self.joined, times, "left")
        turn = np.maximum(times, np.append(-np.inf, self.begun)[place])
        free = np.append(self.ended, np.inf)[np.searchsorted(self.ended, turn, "right")]
        begun = np.minimum(free, np.append(self.begun, np.inf)[place])
        return np.asarray(np.where(np.isfinite(begun), begun - times, 0.0).clip(0.0))


def _rule(line: _Line, came: Float64, left: Bool) -> tuple[Balking | None, Distribution | None]:
    """Return the likeliest of the rules that make units go."""
    if np.count_nonzero(left) < FEWEST_GONE:
        return None, None
    likelihood, balking = max(_turning_back(line.seen(came), left), key=lambda one: one[0])
    mean, of_patience = _patience(line.wait_min(came), left)
    if of_patience > likelihood:
        return None, Distribution("exp", (mean,))
    return balking, None


def _turning_back(seen: Int64, left: Bool) -> Iterator[tuple[float, Balking]]:
    """Yield the log likelihood of a share of all, and of a share of those who see the likeliest length."""
    all_, gone = np.bincount(seen).astype(float), np.bincount(seen[left], minlength=int(seen.max()) + 1).astype(float)
    # From each length on, and below it.
    n1, g1 = all_[::-1].cumsum()[::-1], gone[::-1].cumsum()[::-1]
    n0, g0 = all_.sum() - n1, gone.sum() - g1
    at = np.flatnonzero((n1 > 0) & (g0 <= STRAY_SHARE * gone.sum()))
    found = _bernoulli(g1[at], n1[at]) + _bernoulli(g0[at], n0[at])
    best = int(np.argmax(found))
    # A length and a share are one parameter more than a share alone.
    for place, penalty in ((0, 0.0), (best, 1.0)):
        length = int(at[place])
        yield float(found[place]) - penalty, Balking(length, float(g1[length] / n1[length]))


def _bernoulli(hits: Float64, n: Float64) -> Float64:
    share = np.divide(hits, n, out=np.zeros_like(n), where=n > 0)
    return np.asarray(special.xlogy(hits, share) + special.xlogy(n - hits, 1.0 - share))


def _patience(waits: Float64, left: Bool) -> tuple[float, float]:
    """Return the mean of an exponential patience and its log likelihood."""
    from scipy.optimize import minimize_scalar

    stayed, bounds = float(waits[~left].sum()), np.maximum(waits[left], 1e-6)

    def unlikely(log_mean: float) -> float:
        mean = math.exp(log_mean)
        return stayed / mean - float(np.log(-np.expm1(-bounds / mean)).sum())

    found = minimize_scalar(unlikely, bounds=(math.log(SHORTEST_MIN), math.log(LONGEST_MIN)), method="bounded")
    return math.exp(float(found.x)), -float(found.fun)
