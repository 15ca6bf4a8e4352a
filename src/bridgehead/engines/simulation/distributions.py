"""Mean and variance of distributions, exactly, and distributions stretched to another mean."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from bridgehead.engines.simulation.model import Distribution

_SCALES = {"exp": (0,), "det": (0,), "erlang": (1,), "lognormal": (0,), "gamma": (0,), "weibull": (1,)}
_ALL = {"uniform", "triangular", "empirical"}


def mean(distribution: Distribution, *, floored: bool = True) -> float:
    """Return the mean, in minutes or things.

    Parameters
    ----------
    distribution : Distribution
        Any.
    floored : bool
        Take a negative draw of a normal distribution as 0, as services do; lateness does not.
    """
    return _moments(distribution, floored)[0]


def variance(distribution: Distribution, *, floored: bool = True) -> float:
    """Return the variance; see `mean`."""
    first, second = _moments(distribution, floored)
    return max(0.0, second - first * first)


def squared_variation(distribution: Distribution) -> float:
    """Return variance over squared mean, 0 where the mean is 0."""
    first = mean(distribution)
    return variance(distribution) / first**2 if first else 0.0


def least(distribution: Distribution) -> float:
    """Return the least value that is ever drawn; of a normal distribution nine deviations below its mean."""
    numbers = distribution.numbers
    match distribution.kind:
        case "mix":
            return min(least(part) for part in distribution.parts)
        case "det" | "empirical":
            return min(numbers)
        case "uniform" | "triangular":
            return numbers[0]
        case "quantiles":
            return numbers[1]
        case "normal":
            return numbers[0] - 9.0 * numbers[1]
        case _:
            return 0.0


def _moments(distribution: Distribution, floored: bool) -> tuple[float, float]:
    """Return the mean and the mean of squares."""
    match distribution.kind:
        case "mix":
            parts = [_moments(part, floored) for part in distribution.parts]
            weighted = list(zip(distribution.numbers, parts, strict=True))
            return math.fsum(p * m for p, (m, _) in weighted), math.fsum(p * s for p, (_, s) in weighted)
        case "empirical":
            count = len(distribution.numbers)
            return math.fsum(distribution.numbers) / count, math.fsum(v * v for v in distribution.numbers) / count
        case "quantiles":
            points = list(zip(distribution.numbers[::2], distribution.numbers[1::2], strict=True))
            pieces = [(q - p, a, b) for (p, a), (q, b) in pairwise(points)]
            return (
                math.fsum(share * (a + b) / 2 for share, a, b in pieces),
                math.fsum(share * (a * a + a * b + b * b) / 3 for share, a, b in pieces),
            )
        case "normal":
            return _normal(*distribution.numbers) if floored else _with_variance(*_plain(distribution))
        case _:
            return _with_variance(*_plain(distribution))


def _with_variance(first: float, spread: float) -> tuple[float, float]:
    return first, spread + first * first


def _plain(distribution: Distribution) -> tuple[float, float]:
    """Return mean and variance of a distribution given by its parameters."""
    numbers = distribution.numbers
    match distribution.kind, numbers:
        case "exp", (m,):
            return m, m * m
        case "det", (v,):
            return v, 0.0
        case "poisson", (m,):
            return m, m
        case "erlang", (k, m):
            return m, m * m / k
        case "uniform", (a, b):
            return (a + b) / 2, (b - a) ** 2 / 12
        case "normal", (m, sd):
            return m, sd * sd
        case (("lognormal" | "gamma"), (m, cv)):
            return m, (cv * m) ** 2
        case "triangular", (a, c, b):
            return (a + b + c) / 3, (a * a + b * b + c * c - a * b - a * c - b * c) / 18
        case "weibull", (shape, scale):
            first = scale * math.gamma(1 + 1 / shape)
            return first, max(0.0, scale * scale * math.gamma(1 + 2 / shape) - first * first)
    raise ValueError(f"no distribution {distribution.kind} with {len(numbers)} numbers")


def _normal(m: float, sd: float) -> tuple[float, float]:
    """Return the moments of the larger of 0 and a normal draw."""
    if sd == 0.0:
        return max(0.0, m), max(0.0, m) ** 2
    z = m / sd
    above = 0.5 * math.erfc(-z / math.sqrt(2.0))
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return m * above + sd * density, (m * m + sd * sd) * above + m * sd * density


def stretched(given: Distribution, factor: float) -> Distribution:
    """Return a distribution whose values are all times a factor."""
    if given.kind == "mix":
        return replace(given, parts=tuple(stretched(part, factor) for part in given.parts))
    numbers = list(given.numbers)
    if given.kind == "quantiles":
        places: tuple[int, ...] = tuple(range(1, len(numbers), 2))
    elif given.kind in _ALL or given.kind == "normal":
        places = tuple(range(len(numbers)))
    else:
        places = _SCALES[given.kind]
    for at in places:
        numbers[at] *= factor
    return replace(given, numbers=tuple(numbers))
