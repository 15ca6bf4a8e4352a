"""The distribution of times some of which were cut short, without any family: Kaplan and Meier's estimate.

Source: E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations, JASA 53 (1958) 457-481.
"""

from __future__ import annotations

import numpy as np

from bridgehead.engines.simulation.calibration.families import Sample
from bridgehead.engines.simulation.calibration.log_cells import Float64


def kaplan_meier(data: Sample) -> Float64:
    """Return the probability of at most each distinct whole length; those cut at the same time count as longer."""
    below: Float64 = 1.0 - np.cumprod(1.0 - data.whole_count / _at_risk(data.whole, data, "left"), dtype=np.float64)
    return below


def cutting_times(data: Sample) -> tuple[Float64, Float64]:
    """Return when units are cut short and the probability of being cut by then, had services no end."""
    if data.cut.size == 0:
        return data.cut, data.cut_count
    chances: Float64 = 1.0 - np.cumprod(1.0 - data.cut_count / _at_risk(data.cut, data, "right"), dtype=np.float64)
    return data.cut, chances


def mean_length(data: Sample) -> tuple[float, float]:
    """Return the mean and its standard error; what lies beyond the longest whole length is not known and left out."""
    if data.cut.size == 0:
        mean = data.mean
        squares = float(np.dot(data.whole_count, (data.whole - mean) ** 2))
        return mean, (squares / max(data.n - 1, 1) / data.n) ** 0.5
    below = kaplan_meier(data)
    above = np.concatenate([[1.0], 1.0 - below[:-1]])
    widths = np.diff(np.concatenate([[0.0], data.whole]))
    steps = above * widths
    at_risk = _at_risk(data.whole, data, "left")
    left = np.concatenate([np.cumsum(steps[::-1])[::-1][1:], [0.0]])
    spread = at_risk * np.maximum(at_risk - data.whole_count, 1.0)
    return float(steps.sum()), float(np.sum(left * left * data.whole_count / spread)) ** 0.5


def _at_risk(times: Float64, data: Sample, side: str) -> Float64:
    """Return how many are not over and not cut before each time; `side` says which of those cut then count as cut."""
    whole = np.append(0.0, np.cumsum(data.whole_count))
    cut = np.append(0.0, np.cumsum(data.cut_count))
    over = whole[np.searchsorted(data.whole, times, "left" if side == "left" else "right")]
    gone = cut[np.searchsorted(data.cut, times, "left")]
    risk: Float64 = whole[-1] - over + cut[-1] - gone
    return risk
