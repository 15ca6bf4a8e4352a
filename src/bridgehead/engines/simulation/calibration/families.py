"""Families of distributions fitted to times that may be cut short or rounded: likelihood, maximum, draws.

Every family is written in the logarithm of its mean and, where it has one, of its shape, so that the interval of the
mean comes straight out of the likelihood. Gamma and Erlang: shape k, cv = k to the power of -1/2. Weibull: shape k.
Lognormal: shape is the standard deviation of the logarithm.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from bridgehead.engines.simulation.calibration.log_cells import Bool, Float64
from bridgehead.engines.simulation.model import Distribution

COARSE = 0.02
"""Times rounded to more than that share of their median are fitted as intervals, not as points."""
LARGEST_ERLANG = 20
_LEAST_SHAPE, _MOST_SHAPE = 0.02, 5000.0


@dataclass(frozen=True, eq=False, slots=True)
class Sample:
    """Lengths of time: whole ones and lower bounds, with how often each occurs.

    Parameters
    ----------
    whole, whole_count : ndarray
        Distinct lengths seen to their end, rising, and their numbers.
    cut, cut_count : ndarray
        Distinct lower bounds and their numbers.
    width : float
        Width of the interval a rounded time stands for; 0 where times are points.
    """

    whole: Float64
    whole_count: Float64
    cut: Float64
    cut_count: Float64
    width: float = 0.0

    @property
    def n(self) -> int:
        """How many were seen to their end."""
        return int(self.whole_count.sum())

    @property
    def n_cut(self) -> int:
        """How many were cut short."""
        return int(self.cut_count.sum())

    @property
    def mean(self) -> float:
        """Mean of those seen to their end; biased downwards where some were cut."""
        return float(np.average(self.whole, weights=self.whole_count))

    @property
    def plain(self) -> bool:
        """Whether there is neither cutting nor rounding."""
        return self.width == 0.0 and self.cut.size == 0


def sample(lengths: Float64, cut: Bool, resolution_min: float) -> Sample:
    """Return a sample out of net lengths and which of them are lower bounds."""
    lengths = np.maximum(lengths, 0.0)
    whole, whole_count = np.unique(lengths[~cut], return_counts=True)
    bounds, cut_count = np.unique(lengths[cut & (lengths > 0.0)], return_counts=True)
    width = 0.0
    if whole.size and resolution_min > COARSE * float(np.median(lengths[~cut])):
        width = resolution_min
    elif whole.size and whole[0] == 0.0:
        # A length of nothing is one too short for the clock.
        positive = whole[whole > 0.0]
        whole[0] = min(resolution_min or 1.0, float(positive[0]) if positive.size else 1.0) / 2.0
    return Sample(whole, whole_count.astype(float), bounds, cut_count.astype(float), width)


@dataclass(frozen=True, slots=True)
class Family:
    """A family of distributions; functions take times, mean and shape."""

    name: str
    parameters: int
    log_density: Callable[[Float64, float, float], Float64]
    below: Callable[[Float64, float, float], Float64]
    above: Callable[[Float64, float, float], Float64]
    draw: Callable[[np.random.Generator, int, float, float], Float64]


def _gamma_log_density(t: Float64, mean: float, shape: float) -> Float64:
    rate = shape / mean
    found: Float64 = shape * math.log(rate) + (shape - 1.0) * np.log(t) - rate * t - float(special.gammaln(shape))
    return found


def _weibull_scale(mean: float, shape: float) -> float:
    return mean / math.exp(float(special.gammaln(1.0 + 1.0 / shape)))


def _weibull_log_density(t: Float64, mean: float, shape: float) -> Float64:
    relative = np.log(t / _weibull_scale(mean, shape))
    found: Float64 = math.log(shape) - np.log(t) + shape * relative - np.exp(np.minimum(shape * relative, 700.0))
    return found


def _weibull_above(t: Float64, mean: float, shape: float) -> Float64:
    found: Float64 = np.exp(-np.power(t / _weibull_scale(mean, shape), shape))
    return found


def _normal_score(t: Float64, mean: float, shape: float) -> Float64:
    found: Float64 = (np.log(np.maximum(t, 1e-300)) - math.log(mean) + shape * shape / 2.0) / shape
    return found


def _lognormal_log_density(t: Float64, mean: float, shape: float) -> Float64:
    score = _normal_score(t, mean, shape)
    found: Float64 = -np.log(t) - math.log(shape) - 0.5 * math.log(2.0 * math.pi) - score * score / 2.0
    return found


EXP = Family(
    "exp",
    1,
    lambda t, m, s: -t / m - math.log(m),
    lambda t, m, s: -np.expm1(-t / m),
    lambda t, m, s: np.exp(-t / m),
    lambda rng, n, m, s: rng.exponential(m, n),
)
GAMMA = Family(
    "gamma",
    2,
    _gamma_log_density,
    lambda t, m, s: special.gammainc(s, t * s / m),
    lambda t, m, s: special.gammaincc(s, t * s / m),
    lambda rng, n, m, s: rng.gamma(s, m / s, n),
)
ERLANG = Family("erlang", 2, GAMMA.log_density, GAMMA.below, GAMMA.above, GAMMA.draw)
WEIBULL = Family(
    "weibull",
    2,
    _weibull_log_density,
    lambda t, m, s: 1.0 - _weibull_above(t, m, s),
    _weibull_above,
    lambda rng, n, m, s: _weibull_scale(m, s) * rng.weibull(s, n),
)
LOGNORMAL = Family(
    "lognormal",
    2,
    _lognormal_log_density,
    lambda t, m, s: special.ndtr(_normal_score(t, m, s)),
    lambda t, m, s: special.ndtr(-_normal_score(t, m, s)),
    lambda rng, n, m, s: rng.lognormal(math.log(m) - s * s / 2.0, s, n),
)
FAMILIES = (EXP, ERLANG, GAMMA, WEIBULL, LOGNORMAL)


@dataclass(frozen=True, slots=True)
class Fit:
    """A family at its maximum of likelihood."""

    family: Family
    mean: float
    shape: float
    log_likelihood: float

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return 2.0 * self.family.parameters - 2.0 * self.log_likelihood

    def distribution(self) -> Distribution:
        """Return it as a port model says it."""
        if self.family.name == "exp":
            return Distribution("exp", (self.mean,))
        if self.family.name == "erlang":
            return Distribution("erlang", (self.shape, self.mean))
        if self.family.name == "gamma":
            return Distribution("gamma", (self.mean, self.shape**-0.5))
        if self.family.name == "weibull":
            return Distribution("weibull", (self.shape, _weibull_scale(self.mean, self.shape)))
        return Distribution("lognormal", (self.mean, math.sqrt(math.expm1(self.shape * self.shape))))


def log_likelihood(family: Family, data: Sample, mean: float, shape: float) -> float:
    """Return the log-likelihood: density or interval of whole lengths, tail of those cut short."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        if data.width > 0.0:
            low, high = np.maximum(data.whole - data.width / 2.0, 0.0), data.whole + data.width / 2.0
            # The difference of tails keeps its digits far to the right.
            mass = family.above(low, mean, shape) - family.above(high, mean, shape)
            total = float(np.dot(data.whole_count, np.log(np.maximum(mass, 1e-300))))
        else:
            total = float(np.dot(data.whole_count, family.log_density(data.whole, mean, shape)))
        if data.cut.size:
            tail = np.maximum(family.above(data.cut, mean, shape), 1e-300)
            total += float(np.dot(data.cut_count, np.log(tail)))
    return total if math.isfinite(total) else -1e300


def fit(family: Family, data: Sample) -> Fit:
    """Return the maximum of likelihood."""
    if family.name == "erlang":
        return _fit_erlang(data)
    mean, shape = _plain_fit(family, data)
    if not data.plain:
        mean, shape = _searched(family, data, mean, shape)
    return Fit(family, mean, shape, log_likelihood(family, data, mean, shape))


def _fit_erlang(data: Sample) -> Fit:
    around = fit(GAMMA, data).shape
    best: Fit | None = None
    for k in {min(max(math.floor(around), 1), LARGEST_ERLANG), min(max(math.ceil(around), 1), LARGEST_ERLANG)}:
        mean = data.mean
        if not data.plain:
            mean = _best_mean(data, float(k))
        found = Fit(ERLANG, mean, float(k), log_likelihood(ERLANG, data, mean, float(k)))
        best = found if best is None or found.log_likelihood > best.log_likelihood else best
    assert best is not None
    return best


def _best_mean(data: Sample, shape: float) -> float:
    middle = math.log(data.mean + data.width + 1e-12)
    found = optimize.minimize_scalar(
        lambda x: -log_likelihood(GAMMA, data, math.exp(x), shape), bracket=(middle, middle + 0.5), tol=1e-7
    )
    return math.exp(float(found.x))


def _plain_fit(family: Family, data: Sample) -> tuple[float, float]:
    """Return the maximum for points seen to their end; with others a place to begin at."""
    t, weights = np.maximum(data.whole, data.width / 4.0 or 1e-9), data.whole_count
    mean, logs = float(np.average(t, weights=weights)), np.log(t)
    log_mean = float(np.average(logs, weights=weights))
    if family.name == "exp":
        return mean * (1.0 + data.n_cut / max(data.n, 1)), 1.0
    if family.name == "lognormal":
        spread = math.sqrt(max(float(np.average((logs - log_mean) ** 2, weights=weights)), 1e-10))
        return math.exp(log_mean + spread * spread / 2.0), spread
    if family.name == "gamma":
        return mean, _gamma_shape(math.log(mean) - log_mean)
    shape = _weibull_shape(logs - logs.max(), weights / weights.sum())
    scale = math.exp(logs.max()) * float(np.average(np.exp(shape * (logs - logs.max())), weights=weights)) ** (
        1 / shape
    )
    return scale * math.exp(float(special.gammaln(1.0 + 1.0 / shape))), shape


def _gamma_shape(gap: float) -> float:
    """Solve log k - digamma(k) = gap by Newton's method."""
    gap = max(gap, 1e-8)
    shape = (3.0 - gap + math.sqrt((gap - 3.0) ** 2 + 24.0 * gap)) / (12.0 * gap)
    for _ in range(20):
        error = math.log(shape) - float(special.digamma(shape)) - gap
        step = error / (1.0 / shape - float(special.polygamma(1, shape)))
        shape = max(shape - step, shape / 3.0)
        if abs(step) < 1e-9 * shape:
            break
    return min(max(shape, _LEAST_SHAPE), _MOST_SHAPE)


def _weibull_shape(logs: Float64, weights: Float64) -> float:
    """Solve the likelihood equation of the shape, from logarithms that are at most 0."""
    middle = float(np.dot(weights, logs))

    def equation(shape: float) -> float:
        powers = weights * np.exp(shape * logs)
        return float(np.dot(powers, logs) / powers.sum()) - 1.0 / shape - middle

    low, high = _LEAST_SHAPE, 1.0
    while equation(high) < 0.0 and high < _MOST_SHAPE:
        low, high = high, high * 2.0
    if equation(low) >= 0.0 or equation(high) <= 0.0:
        return high
    return float(optimize.brentq(equation, low, high, xtol=1e-8))


def _searched(family: Family, data: Sample, mean: float, shape: float) -> tuple[float, float]:
    """Climb to the maximum from a place to begin at."""
    if family.parameters == 1:
        if data.width == 0.0:
            exposure = np.dot(data.whole, data.whole_count) + np.dot(data.cut, data.cut_count)
            return float(exposure) / data.n, 1.0
        found = optimize.minimize_scalar(
            lambda x: -log_likelihood(family, data, math.exp(x), 1.0),
            bracket=(math.log(mean), math.log(mean) + 0.3),
            tol=1e-7,
        )
        return math.exp(float(found.x)), 1.0
    low, high = math.log(_LEAST_SHAPE), math.log(_MOST_SHAPE)

    def loss(x: Float64) -> float:
        return -log_likelihood(family, data, math.exp(min(x[0], 50.0)), math.exp(min(max(x[1], low), high)))

    begin = np.array([math.log(mean), math.log(shape)])
    simplex = begin + np.array([[0.0, 0.0], [0.1, 0.0], [0.0, 0.1]])
    options = {"initial_simplex": simplex, "xatol": 1e-6, "fatol": 1e-7, "maxfev": 600}
    best = optimize.minimize(loss, begin, method="Nelder-Mead", options=options).x
    return math.exp(float(best[0])), math.exp(min(max(float(best[1]), low), high))


def spread_of_log_mean(found: Fit, data: Sample) -> float:
    """Return the standard error of the logarithm of the mean, out of the curvature of the likelihood."""
    free = 1 if found.family.name in ("exp", "erlang") else 2
    at, step = np.array([math.log(found.mean), math.log(found.shape)]), 1e-3

    def value(x: Float64) -> float:
        return log_likelihood(found.family, data, math.exp(x[0]), math.exp(x[1]))

    information = np.empty((free, free))
    for i in range(free):
        for j in range(i, free):
            di, dj = np.zeros(2), np.zeros(2)
            di[i], dj[j] = step, step
            second = value(at + di + dj) - value(at + di - dj) - value(at - di + dj) + value(at - di - dj)
            information[i, j] = information[j, i] = -second / (4.0 * step * step)
    try:
        variance = float(np.linalg.inv(information)[0, 0])
    except np.linalg.LinAlgError:
        return math.inf
    return math.sqrt(variance) if variance > 0.0 else math.inf
