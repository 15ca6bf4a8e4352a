"""Distributions of service times: families by maximum likelihood, the choice between them, and how well they fit.

Lengths cut short enter the likelihood by their tail, rounded ones as intervals. The best family is the one with the
smallest criterion of Akaike; a simpler one inside it takes its place where the difference may be chance. Whether it
fits is asked by Kolmogorov's distance, whose chance is found by drawing from the fit, cutting and rounding as in the
log, and fitting again: parameters taken from the same data make the textbook table far too mild (H. W. Lilliefors,
JASA 62 (1967) 399-402). The distances of drawn samples that are smaller are carried over by M. A. Stephens' factor
(JASA 69 (1974) 730-737). Drawing stops once enough distances were larger (J. Besag and P. Clifford, Biometrika 78
(1991) 301-304): a good fit needs few draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from bridgehead.engines.simulation.calibration.estimates import SIGNIFICANT, chi_square_tail, t_quantile
from bridgehead.engines.simulation.calibration.families import (
    FAMILIES,
    Family,
    Fit,
    Sample,
    fit,
    sample,
    spread_of_log_mean,
)
from bridgehead.engines.simulation.calibration.log_cells import Bool, Float64, Int64
from bridgehead.engines.simulation.calibration.survival import cutting_times, kaplan_meier, mean_length
from bridgehead.engines.simulation.model import Distribution

FEWEST = 5
"""With fewer services seen to their end only an exponential mean is estimated."""
DRAWS, ENOUGH_LARGER = 199, 20
LARGEST_DRAW, LARGEST_DRAW_SLOW = 500, 250
MATTERS = 0.03
"""A distance below that is of no account even where a very long log shows that it is no chance."""
FEWEST_EMPIRICAL = 50
LISTED_VALUES = 200
QUANTILES = 101


@dataclass(frozen=True, slots=True)
class ServiceFit:
    """What was found on the service times of an activity, of all classes or of one.

    Parameters
    ----------
    distribution : Distribution
        As a port model says it.
    mean_min, low_min, high_min : float
        Mean with its 95 % interval.
    n, n_cut : int
        Services seen to their end, and those cut short.
    distance, p_value : float
        Kolmogorov's distance between fit and log, and its probability by chance; NaN where not asked.
    candidates : mapping
        Akaike's criterion of each family tried.
    rejected : str
        The best family, where it fits too badly to be used.
    naive_mean_min : float
        Mean of those seen to their end alone.
    """

    distribution: Distribution
    mean_min: float
    low_min: float
    high_min: float
    n: int
    n_cut: int
    distance: float
    p_value: float
    candidates: dict[str, float]
    rejected: str
    naive_mean_min: float


def fit_services(lengths: Float64, cut: Bool, resolution_min: float = 0.0) -> ServiceFit:
    """Fit the distribution of lengths of time.

    Parameters
    ----------
    lengths : ndarray
        Net lengths in minutes.
    cut : ndarray of bool
        Which of them are lower bounds.
    resolution_min : float
        To what the times of the log are rounded.

    Returns
    -------
    ServiceFit
        With a mean of NaN where no service was seen to its end.
    """
    data = sample(lengths, cut, resolution_min)
    if data.n == 0:
        nothing = Distribution("det", (math.nan,))
        return ServiceFit(nothing, *(math.nan,) * 3, 0, data.n_cut, math.nan, math.nan, {}, "", math.nan)
    if (constant := _constant(data, resolution_min)) is not None:
        return constant
    families = FAMILIES if data.n >= FEWEST else FAMILIES[:1]
    fits = [fit(family, data) for family in families]
    candidates = {found.family.name: found.aic for found in fits}
    uniform = _uniform(data)
    if uniform is not None:
        candidates["uniform"] = uniform[1]
    best = _chosen(fits)
    if uniform is not None and data.n >= 2 * FEWEST and uniform[1] < best.aic - 2.0:
        return _uniform_fit(data, uniform[0], candidates)
    return _checked(data, best, candidates)


def pooled(lengths: Float64, cut: Bool, classes: Int64, resolution_min: float = 0.0) -> tuple[bool, float]:
    """Say whether classes have the same service times, and the p value of that by the likelihood ratio."""
    kinds = [kind for kind in np.unique(classes).tolist() if np.count_nonzero(~cut & (classes == kind)) >= FEWEST]
    if len(kinds) < 2:
        return True, 1.0
    used = np.isin(classes, kinds)
    together = sample(lengths[used], cut[used], resolution_min)
    if together.whole.size < 2:
        return True, 1.0
    parts = [sample(lengths[classes == kind], cut[classes == kind], resolution_min) for kind in kinds]
    if any(part.whole.size < 2 for part in parts):
        # A constant has no likelihood beside that of spread values; other constants are other services.
        return False, 0.0
    family = min((fit(family, together) for family in FAMILIES if family.name != "erlang"), key=lambda f: f.aic).family
    gain = sum(fit(family, part).log_likelihood for part in parts) - fit(family, together).log_likelihood
    p_value = chi_square_tail(2.0 * gain, family.parameters * (len(kinds) - 1))
    return p_value >= SIGNIFICANT, p_value


def _chosen(fits: list[Fit]) -> Fit:
    """Return the best family, or a simpler one inside it that is as good but for chance."""
    by_name = {found.family.name: found for found in fits}
    best = min(fits, key=lambda found: found.aic)
    inside = {"gamma": ("exp", "erlang"), "erlang": ("exp",), "weibull": ("exp",)}
    for name in inside.get(best.family.name, ()):
        simpler = by_name[name]
        if chi_square_tail(2.0 * (best.log_likelihood - simpler.log_likelihood), 1) > 0.05:
            return simpler
    return best


def _constant(data: Sample, resolution_min: float) -> ServiceFit | None:
    """Return a constant where all lengths are the same but for rounding."""
    least = float(data.whole[0])
    if float(data.whole[-1]) - least > max(2.0 * resolution_min if data.n > 2 else 0.0, 1e-6 * least):
        return None
    if data.n < 2 or (data.whole.size > 1 and data.width > 0.0 and float(data.whole[-1]) < 10.0 * resolution_min):
        return None
    mean = data.mean
    half = max(data.width, resolution_min) / 2.0
    fitted = Distribution("det", (mean,))
    return ServiceFit(
        fitted, mean, mean - half, mean + half, data.n, data.n_cut, 0.0, math.nan, {"det": -math.inf}, "", mean
    )


def _uniform(data: Sample) -> tuple[tuple[float, float], float] | None:
    """Return the ends of a uniform distribution and Akaike's criterion; only where nothing was cut."""
    if data.cut.size or data.whole.size < 2:
        return None
    low, high = float(data.whole[0]), float(data.whole[-1])
    reach = (high - low) / max(data.n - 1, 1)
    likelihood = -data.n * math.log((high - low) + data.width)
    likelihood += data.n * math.log(data.width) if data.width else 0.0
    return (max(0.0, low - reach), high + reach), 4.0 - 2.0 * likelihood


def _uniform_fit(data: Sample, ends: tuple[float, float], candidates: dict[str, float]) -> ServiceFit:
    low, high = ends
    inner = data.whole[1:-1], data.whole_count[1:-1]
    # Between the smallest and the largest the others are uniform with nothing estimated: the textbook table holds.
    below = np.cumsum(inner[1])
    n = float(below[-1]) if below.size else 0.0
    distance, p_value = math.nan, math.nan
    if n:
        expected = (inner[0] + data.width / 2.0 - data.whole[0]) / (data.whole[-1] - data.whole[0] + data.width)
        gaps = np.abs(below / n - expected), np.abs((below - inner[1]) / n - expected) * (data.width == 0.0)
        distance = float(np.max(gaps))
        p_value = float(special.kolmogorov(_stephens(n) * distance))
    mean = (low + high) / 2.0
    # The middle of the extremes errs like the range over the number.
    half = (high - low) * 3.0 / max(data.n, 1)
    fitted = Distribution("uniform", (low, high))
    bounds = mean, mean - half, mean + half
    if p_value < SIGNIFICANT and distance > MATTERS and data.n >= FEWEST_EMPIRICAL:
        return _empirical(data, distance, p_value, candidates, "uniform")
    return ServiceFit(fitted, *bounds, data.n, 0, distance, p_value, candidates, "", data.mean)


def _checked(data: Sample, best: Fit, candidates: dict[str, float]) -> ServiceFit:
    """Return the family with its interval and fit, or the values themselves where it fits badly."""
    distance, p_value = goodness(data, best)
    if p_value < SIGNIFICANT and distance > MATTERS and data.n >= FEWEST_EMPIRICAL:
        return _empirical(data, distance, p_value, candidates, best.family.name)
    low, high = mean_interval(data, best)
    return ServiceFit(
        best.distribution(), best.mean, low, high, data.n, data.n_cut, distance, p_value, candidates, "", data.mean
    )


def mean_interval(data: Sample, best: Fit) -> tuple[float, float]:
    """Return the 95 % interval of the mean of a fit."""
    if best.family.name == "exp" and data.width == 0.0:
        # Twice the time spent over the mean is chi-square: exactly so where nothing was cut, closely else.
        twice = 2.0 * best.mean * data.n
        low, high = (float(2.0 * special.gammaincinv(data.n, p)) for p in (0.025, 0.975))
        return twice / high, twice / low
    half = t_quantile(data.n) * spread_of_log_mean(best, data)
    return best.mean * math.exp(-half), best.mean * math.exp(min(half, 50.0))


def _empirical(
    data: Sample, distance: float, p_value: float, candidates: dict[str, float], rejected: str
) -> ServiceFit:
    """Return the values of the log themselves: all of them where they are few and whole, else their quantiles."""
    mean, error = mean_length(data)
    if data.cut.size == 0 and data.n <= LISTED_VALUES:
        values = np.repeat(data.whole, data.whole_count.astype(int))
        fitted = Distribution("empirical", tuple(float(value) for value in values))
    else:
        below = kaplan_meier(data)
        shares = np.linspace(0.0, 1.0, QUANTILES)
        places = np.minimum(np.searchsorted(below, shares * below[-1], side="left"), data.whole.size - 1)
        pairs = np.column_stack([shares, data.whole[places]])
        fitted = Distribution("quantiles", tuple(float(value) for value in pairs.ravel()))
    half = t_quantile(data.n) * error
    return ServiceFit(
        fitted, mean, mean - half, mean + half, data.n, data.n_cut, distance, p_value, candidates, rejected, data.mean
    )


def goodness(data: Sample, best: Fit, seed: int = 20250101) -> tuple[float, float]:
    """Return Kolmogorov's distance between a fit and its data, and the probability of a larger one by chance.

    Parameters
    ----------
    data : Sample
        What was fitted.
    best : Fit
        The fit.
    seed : int
        Of the drawn samples; the same data give the same answer.
    """
    seen = _distance(data, best)
    total = data.n + data.n_cut
    size = min(total, LARGEST_DRAW if data.plain else LARGEST_DRAW_SLOW)
    if data.n < FEWEST:
        return seen, math.nan
    rng = np.random.default_rng(seed)
    times, chances = cutting_times(data)
    limit, larger = _stephens(data.n) * seen, 0
    for drawn_so_far in range(1, DRAWS + 1):
        drawn = best.family.draw(rng, size, best.mean, best.shape)
        place = np.searchsorted(chances, rng.random(size), side="left")
        limits = np.append(times, np.inf)[place]
        lengths, cut = np.minimum(drawn, limits), drawn > limits
        if data.width:
            lengths = np.rint(lengths / data.width) * data.width
        if np.count_nonzero(~cut) < 2:
            continue
        again = sample(lengths, cut, data.width)
        if again.whole.size > 1:
            larger += _stephens(again.n) * _distance(again, fit(best.family, again)) >= limit
        if larger == ENOUGH_LARGER:
            return seen, larger / drawn_so_far
    return seen, (1 + larger) / (DRAWS + 1)


def _stephens(n: float) -> float:
    root = math.sqrt(n)
    return root + 0.12 + 0.11 / root


def _distance(data: Sample, found: Fit) -> float:
    steps = kaplan_meier(data)
    family: Family = found.family
    if data.width:
        return float(np.max(np.abs(steps - family.below(data.whole + data.width / 2.0, found.mean, found.shape))))
    fitted = family.below(data.whole, found.mean, found.shape)
    before = np.concatenate([[0.0], steps[:-1]])
    return float(max(np.max(np.abs(steps - fitted)), np.max(np.abs(before - fitted))))
