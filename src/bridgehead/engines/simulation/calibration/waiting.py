"""When somebody was waiting: the queue of an activity over time, out of when units came to it and were begun."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.calibration.log_cells import Float64


@dataclass(frozen=True, eq=False, slots=True)
class Waiting:
    """Intervals during which at least one unit was waiting, rising and apart.

    Parameters
    ----------
    begins_min, ends_min : ndarray
        The intervals.
    starts_min : ndarray
        Starts of service of those who had waited, rising.
    known : bool
        Whether the log says when units came.
    """

    begins_min: Float64
    ends_min: Float64
    starts_min: Float64
    known: bool

    def waited_until(self, times: Float64) -> Float64:
        """Return the minutes with somebody waiting from time 0 to each time."""
        if self.begins_min.size == 0:
            return np.zeros_like(times)
        lengths = self.ends_min - self.begins_min
        knots = np.column_stack([self.begins_min, self.ends_min]).ravel()
        total = np.column_stack([np.cumsum(lengths) - lengths, np.cumsum(lengths)]).ravel()
        return np.interp(times, knots, total)

    def minutes(self, begins: Float64, ends: Float64) -> float:
        """Return for how long somebody was waiting inside the intervals given, altogether."""
        return float(np.sum(self.waited_until(ends) - self.waited_until(begins)))

    def starts_within(self, begins: Float64, ends: Float64) -> int:
        """Return how many who had waited were begun after the beginnings and up to the ends of the intervals given."""
        inside = np.searchsorted(self.starts_min, ends, "right") - np.searchsorted(self.starts_min, begins, "right")
        return int(inside.sum())


def waiting(joined: Float64, started: Float64, least_min: float = 1e-6) -> Waiting:
    """Return when somebody waited, out of when each unit came and was begun."""
    known = np.isfinite(joined)
    waited = known & (started - joined > least_min)
    came, begun = joined[waited], started[waited]
    order = np.argsort(came, kind="stable")
    came, latest = came[order], np.maximum.accumulate(begun[order]) if came.size else begun
    fresh = np.ones(came.size, np.bool_)
    fresh[1:] = came[1:] > latest[:-1]
    last = np.append(np.flatnonzero(fresh)[1:] - 1, came.size - 1) if came.size else np.empty(0, np.int64)
    return Waiting(came[fresh], latest[last], np.sort(begun), bool(known.any()))
