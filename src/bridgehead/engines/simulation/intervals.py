"""Estimates with their 95 % intervals, from independent replications.

Method: Student's t on the means of replications; Law, A. M. (2015), Simulation modeling and analysis, 5th ed., ch. 9.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications and how sure it is.

    Parameters
    ----------
    mean : float
        Over the replications in which the figure exists; nan where there is none.
    half_width : float
        Of the interval at `LEVEL`; infinite for a single replication.
    replications : int
        How many there were.
    """

    mean: float
    half_width: float
    replications: int

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half_width

    @property
    def relative(self) -> float:
        """Half the width over the mean."""
        if self.half_width == 0.0:
            return 0.0
        return self.half_width / abs(self.mean) if self.mean else math.inf


def t_quantile(p: float, degrees: float) -> float:
    """Return the quantile of Student's t distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, p))


def estimate(values: Iterable[float], level: float = LEVEL) -> Estimate:
    """Return mean and interval of one figure of several replications; those without the figure (nan) do not count."""
    found = np.array([value for value in values if not math.isnan(value)], dtype=np.float64)
    if found.size == 0:
        return Estimate(math.nan, math.nan, 0)
    mean = float(found.mean())
    if found.size == 1:
        return Estimate(mean, math.inf, 1)
    deviation = float(found.std(ddof=1))
    half = t_quantile((1.0 + level) / 2.0, found.size - 1) * deviation / math.sqrt(found.size)
    return Estimate(mean, half, int(found.size))


def paired_difference(first: Sequence[float], second: Sequence[float], level: float = LEVEL) -> Estimate:
    """Return the estimate of second minus first, of variants that were run on common random numbers."""
    return estimate([b - a for a, b in zip(first, second, strict=True)], level)


def independent_difference(first: Sequence[float], second: Sequence[float], level: float = LEVEL) -> Estimate:
    """Return the estimate of second minus first, of variants that were run apart from each other.

    Method: Welch, B. L. (1947), The generalization of Student's problem, Biometrika 34, 28-35, with the degrees of
    freedom of Satterthwaite. The count is that of the shorter of both.
    """
    a, b = (np.array([v for v in values if not math.isnan(v)], dtype=np.float64) for values in (first, second))
    fewest = int(min(a.size, b.size))
    if fewest == 0:
        return Estimate(math.nan, math.nan, 0)
    mean = float(b.mean() - a.mean())
    if fewest == 1:
        return Estimate(mean, math.inf, 1)
    parts = [float(values.var(ddof=1)) / values.size for values in (a, b)]
    if not sum(parts):
        return Estimate(mean, 0.0, fewest)
    degrees = sum(parts) ** 2 / sum(part**2 / (values.size - 1) for part, values in zip(parts, (a, b), strict=True))
    return Estimate(mean, t_quantile((1.0 + level) / 2.0, degrees) * math.sqrt(sum(parts)), fewest)
