"""Whether the queue is emptied after closing: who had come by then is still served, who comes later waits for opening.

Where services just stop to be begun at closing, the first one left for the next opening came now earlier and now later,
as the queue was long or short. Where the queue is emptied all who came before one time of the day were served, on every
day, and nobody who came after it; and services begin after that time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.calibration.log_cells import MINUTES_A_DAY, Float64, Int64

CLOCKS_MIN = 1.0
"""By how much clocks may differ."""
FEWEST_SERVED, FEWEST_DAYS = 10, 3
"""Starts after closing time that are no chance, and days on which there were any."""


@dataclass(frozen=True, slots=True)
class Overtime:
    """What was found.

    Parameters
    ----------
    closes_between : tuple of float
        Minutes of the day between which closing time lies.
    served : int
        How many were begun after it.
    """

    closes_between: tuple[float, float]
    served: int


def overtime(joined: Float64, started: Float64, days: Int64, opens: float) -> Overtime | None:
    """Return when the queue begins to be emptied, None where it is not or nobody knows.

    Parameters
    ----------
    joined, started : ndarray
        When units came to the activity (NaN where nobody knows), and when they were begun.
    days : ndarray of int
        Open days.
    opens : float
        Opening time, in minutes after the midnight of the day that closed before it.
    """
    known = np.isfinite(joined)
    came, begun = joined[known], started[known]
    first = opens - MINUTES_A_DAY
    day = np.floor((came - first) / MINUTES_A_DAY)
    mine = np.isin(day, days)
    day, came, begun = day[mine], came[mine] - day[mine] * MINUTES_A_DAY, begun[mine] - day[mine] * MINUTES_A_DAY
    before = begun < opens - CLOCKS_MIN
    if not before.any() or before.all():
        return None
    last, earliest = float(came[before].max()), float(came[~before].min())
    if last > earliest + CLOCKS_MIN:
        return None
    late = before & (begun > earliest + CLOCKS_MIN)
    if np.count_nonzero(late) < FEWEST_SERVED or np.unique(day[late]).size < FEWEST_DAYS:
        return None
    return Overtime((min(last, earliest), earliest), int(np.count_nonzero(late)))
