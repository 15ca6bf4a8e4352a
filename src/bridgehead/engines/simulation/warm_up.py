"""Where the beginning of a run ends: the warm-up that is left out, found from the course of pilot runs.

Method: the marginal standard error rule on batches of five, MSER-5; White, K. P., Cobb, M. J. and Spratt, S. C. (2000),
A comparison of five steady-state truncation heuristics for simulation, Winter Simulation Conference, 755-760. Where the
port opens and closes, the course is averaged over whole cycles first, so that the rule sees the beginning and not the
night.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bridgehead.engines.simulation.model import MINUTES_A_DAY, AppointmentArrivals, Model, RateArrivals, Station

BATCH = 5
_FEWEST_CYCLES = 6


def mser(course: Any, batch: int = BATCH) -> int:
    """Return how many values at the beginning of a course to leave out; none of the second half is.

    Parameters
    ----------
    course : array of float
        Means over equal spans, of several replications if possible.
    batch : int
        So many values are one batch.
    """
    values = np.asarray(course, dtype=np.float64)
    count = values.size // batch
    if count < 4:
        return 0
    means = values[: count * batch].reshape(count, batch).mean(axis=1)
    best, least = 0, math.inf
    for cut in range(count // 2 + 1):
        rest = means[cut:]
        error = float(((rest - rest.mean()) ** 2).sum()) / rest.size**2
        if error < least:
            best, least = cut, error
    return best * batch


def cycle_min(model: Model) -> float:
    """Return the length of the cycle a model repeats, zero for none."""
    periods = [calendar.period_min for calendar in model.calendars]
    periods += [
        source.arrivals.period_min
        for source in model.sources
        if isinstance(source.arrivals, RateArrivals | AppointmentArrivals)
    ]
    if any(isinstance(node, Station) and node.shifts for node in model.nodes):
        periods.append(MINUTES_A_DAY)
    return max(periods, default=0.0)


def warm_up_of(model: Model, course: Any, bin_min: float, horizon_min: float) -> float:
    """Return the warm-up of a model in minutes: whole cycles where it has one.

    Parameters
    ----------
    model : Model
        Whose cycle counts.
    course : array of float
        Mean number in the system by bin.
    bin_min : float
        Width of the bins.
    horizon_min : float
        End of the run.
    """
    course = np.asarray(course)[: max(1, int(horizon_min // bin_min))]
    cycle = cycle_min(model)
    span = round(cycle / bin_min) if bin_min > 0 else 0
    if span > 1 and course.size >= _FEWEST_CYCLES * span:
        cycles = course.size // span
        means = course[: cycles * span].reshape(cycles, span).mean(axis=1)
        return float(mser(means, 1 if cycles < 40 else BATCH) * cycle)
    return float(mser(course) * bin_min)
