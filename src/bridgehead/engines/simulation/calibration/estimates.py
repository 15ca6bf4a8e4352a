"""An estimated figure with its interval, and the tests and intervals several parts share.

Tails of chi-square, Poisson and t come from `scipy.special`; `scipy.stats` takes a second to import.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from bridgehead.engines.simulation.calibration.log_cells import Float64

Z95 = 1.959963984540054
SIGNIFICANT = 0.01
"""A difference less likely than that by chance is taken for real."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure read from a log.

    Parameters
    ----------
    name : str
        What it is: ``service_mean``, ``servers``, ``share`` and so on.
    value, low, high : float
        The estimate and its 95 % interval; NaN where there is no interval.
    n : int
        How many observations it rests on.
    unit : str
        Unit of the figure.
    activity, unit_class, to : str
        Where it belongs; empty for all.
    p_value : float or None
        Of the test behind it, where there is one.
    method : str
        How it was found, a word of its part.
    """

    name: str
    value: float
    low: float
    high: float
    n: int
    unit: str = ""
    activity: str = ""
    unit_class: str = ""
    to: str = ""
    p_value: float | None = None
    method: str = ""


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = hits / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return low, 1.0 if hits == n else min(1.0, middle + half)


def poisson_interval(count: float, spread: float = 1.0) -> tuple[float, float]:
    """Return the 95 % interval of the mean of a count, exact for Poisson, wider where counts spread more."""
    scaled = count / spread
    low = 0.0 if scaled <= 0 else float(special.gammaincinv(scaled, 0.025))
    return low * spread, float(special.gammaincinv(scaled + 1.0, 0.975)) * spread


def chi_square_tail(value: float, degrees: float) -> float:
    """Return the probability of a chi-square at least so large."""
    return 1.0 if degrees <= 0 else float(special.chdtrc(degrees, max(value, 0.0)))


def poisson_tail(count: int, mean: float) -> float:
    """Return the probability of a Poisson count at least so large."""
    return 1.0 if count <= 0 else float(special.gammainc(count, mean))


def t_quantile(n: int) -> float:
    """Return the 97.5 % quantile of Student's t for a mean of `n` values."""
    return float(special.stdtrit(max(n - 1, 1), 0.975))


@dataclass(frozen=True, slots=True)
class Spread:
    """How much counts vary: variance over mean, 1 for Poisson, the p value of Poisson, degrees of freedom."""

    value: float = 1.0
    p_value: float = 1.0
    degrees: float = math.inf

    @property
    def widening(self) -> float:
        """By how much variances are multiplied: only where counts certainly vary more than Poisson ones."""
        return max(self.value, 1.0) if self.p_value < SIGNIFICANT else 1.0

    def tail(self, statistic: float, degrees: float) -> float:
        """Return the probability of a likelihood ratio at least so large; F where the spread is estimated."""
        if self.widening == 1.0:
            return chi_square_tail(statistic, degrees)
        if degrees <= 0:
            return 1.0
        return float(special.fdtrc(degrees, self.degrees, max(statistic, 0.0) / degrees / self.widening))


def same_rates(counts: Float64, exposures: Float64, spread: Spread) -> float:
    """Return the p value of equal rates, from counts with unequal exposures, by the likelihood ratio."""
    used = exposures > 0
    counts, exposures = counts[used], exposures[used]
    if counts.size < 2 or counts.sum() == 0:
        return 1.0
    expected = exposures * counts.sum() / exposures.sum()
    terms = special.xlogy(counts, counts / expected)
    return spread.tail(2.0 * float(np.sum(terms)), counts.size - 1)


def same_shares(table: Float64) -> float:
    """Return the p value of equal shares in the rows of a table of counts, by the likelihood ratio."""
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape) < 2:
        return 1.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / table.sum()
    statistic = 2.0 * float(np.sum(special.xlogy(table, table / expected)))
    return chi_square_tail(statistic, (table.shape[0] - 1) * (table.shape[1] - 1))
