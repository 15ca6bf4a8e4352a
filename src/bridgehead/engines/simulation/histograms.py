"""Quantiles from histograms whose cells grow with the value, so that the relative error is bounded and sums are exact.

A cell spans a sixty-fourth part of a doubling; a quantile is read off inside its cell by a straight line, so it is
within 1/64 of the exact one of the same data, mostly within a few thousandths. Histograms of replications add up.

Method: log-linear cells as in Tene, G., HdrHistogram.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.simulation.layout import CELLS, LOWEST_EXPONENT, OCTAVE_BITS

RELATIVE_ERROR = 2.0**-OCTAVE_BITS
"""Largest relative error of a quantile of at least `LOWEST` minutes."""
LOWEST = 2.0**LOWEST_EXPONENT
"""Times below this, in minutes, share one cell; most of them are zero."""


def edges() -> npt.NDArray[np.float64]:
    """Return the lower edges of all cells in minutes, and the upper edge of the last."""
    number = np.arange(CELLS)
    octave, part = number >> OCTAVE_BITS, number & ((1 << OCTAVE_BITS) - 1)
    upper = 2.0 ** (LOWEST_EXPONENT + octave) * (1.0 + part * RELATIVE_ERROR)
    return np.concatenate([[0.0], upper])


_EDGES = edges()


def quantile(counts: Any, q: float, zeros: int = 0) -> float:
    """Return the `q` quantile in minutes of what a histogram counted, nan of nothing.

    Parameters
    ----------
    counts : array of int
        Along the cells.
    q : float
        Between 0 and 1.
    zeros : int
        How many of the first cell are exactly zero.
    """
    total = int(counts.sum())
    if total == 0:
        return math.nan
    rank = max(q * total, 1e-9)
    if rank <= zeros:
        return 0.0
    below = np.cumsum(counts)
    cell = int(np.searchsorted(below, rank, side="left"))
    before = float(below[cell - 1]) if cell else float(zeros)
    within = float(below[cell]) - before
    share = (rank - before) / within if within > 0 else 1.0
    return float(_EDGES[cell] + share * (_EDGES[cell + 1] - _EDGES[cell]))


def share_within(counts: Any, limit_min: float) -> float:
    """Return the share of what was counted that is at most a limit, nan of nothing."""
    total = int(counts.sum())
    if total == 0:
        return math.nan
    cell = int(np.searchsorted(_EDGES, limit_min, side="right")) - 1
    if cell >= CELLS:
        return 1.0
    inside = (limit_min - _EDGES[cell]) / (_EDGES[cell + 1] - _EDGES[cell])
    return float((counts[:cell].sum() + inside * counts[cell]) / total)
