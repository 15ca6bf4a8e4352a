"""When units come: rates by hour and weekday net of closed time, batches, and whether arrivals are Poisson.

Counts by hour are held against their mean by chi-square; where they spread more than Poisson counts, all intervals and
tests are widened by that factor (P. McCullagh and J. A. Nelder, Generalized Linear Models, 1989, on over-dispersion).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from bridgehead.engines.simulation.calibration.estimates import (
    SIGNIFICANT,
    Spread,
    chi_square_tail,
    poisson_interval,
    poisson_tail,
    same_rates,
)
from bridgehead.engines.simulation.calibration.log_cells import MINUTES_A_DAY, Bool, Float64, Int64
from bridgehead.engines.simulation.calibration.open_time import OpenTime

HOURS = 24
HOUR_MIN = 60.0
WEEKEND = 5
"""Weekdays from this one on: Saturday."""
CLOSED_SHARE = 0.02
FEWEST_EXPECTED = 20.0
BATCHED_SHARE = 0.05
WORTH_HOURS = 1.0
"""With fewer arrivals an hour than that their spread is judged by days."""


@dataclass(frozen=True, eq=False, slots=True)
class ArrivalProfile:
    """What was found on the arrivals of one class at one activity.

    Parameters
    ----------
    times_min : ndarray
        The arrivals, rising; of batches each once.
    groups : tuple of tuple of int
        Weekdays (0 Monday) with a profile of their own; one group for all where no difference shows.
    rate, low, high : ndarray
        Arrivals a minute by group and hour, with the 95 % interval; 0 in hours without exposure.
    exposure_min : ndarray
        Minutes observed by group and hour, closed ones left out where nobody comes then.
    flat : bool
        Whether no difference between hours shows.
    hour_p, weekday_p : float
        P values of equal rates in all hours and on all weekdays.
    spread, spread_p : float
        Variance of counts over their mean, 1 for Poisson, and the p value of Poisson.
    in_open_hours : bool
        Whether units come in opening hours only.
    batches : tuple of int
        Sizes of batches in order of time, empty where units come one by one.
    batch_p : float
        Probability of so many equal times by chance.
    """

    times_min: Float64
    groups: tuple[tuple[int, ...], ...]
    rate: Float64
    low: Float64
    high: Float64
    exposure_min: Float64
    flat: bool
    hour_p: float
    weekday_p: float
    spread: float
    spread_p: float
    in_open_hours: bool
    batches: tuple[int, ...]
    batch_p: float

    @property
    def poisson(self) -> bool:
        """Whether counts spread like those of a Poisson process."""
        return self.spread_p >= SIGNIFICANT

    @property
    def per_day(self) -> float:
        """Mean number of arrivals in a day of observed time."""
        total = float(self.exposure_min.sum())
        return float((self.rate * self.exposure_min).sum()) / total * MINUTES_A_DAY if total else 0.0


def find_profile(
    times: Float64, window: tuple[float, float], time: OpenTime, weekday: int | None, resolution_min: float = 0.0
) -> ArrivalProfile:
    """Find the profile of arrivals.

    Parameters
    ----------
    times : ndarray
        Arrivals in minutes.
    window : tuple of float
        From when until when arrivals were observed.
    time : OpenTime
        Opening hours of where they come to.
    weekday : int or None
        Weekday of day 0.
    resolution_min : float
        To what times are rounded.
    """
    times = np.sort(times)
    batches, batch_p = _batches(times, window, resolution_min)
    if batches:
        times = np.unique(times)
    only_open = _only_open(times, window, time)
    counts, exposure, kinds = _cells(times, window, time if only_open else None, weekday)
    hourly, daily = _spread(counts, exposure, kinds), _spread(*_by_day(counts, exposure), kinds)
    groups, weekday_p = _groups(counts, exposure, kinds, daily)
    spread = hourly if counts.sum() >= WORTH_HOURS * np.count_nonzero(exposure > 0) else daily
    by_group = np.array([counts[np.isin(kinds, group)].sum(axis=0) for group in groups])
    seen = np.array([exposure[np.isin(kinds, group)].sum(axis=0) for group in groups])
    hour_p = same_rates(counts.sum(axis=0), exposure.sum(axis=0), spread)
    flat = hour_p >= SIGNIFICANT and len(groups) == 1
    if flat:
        by_group[:] = by_group.sum() * seen / max(float(seen.sum()), 1e-9)
    rate, low, high = _rates(by_group, seen, spread.widening)
    return ArrivalProfile(
        times_min=times,
        groups=groups,
        rate=rate,
        low=low,
        high=high,
        exposure_min=seen,
        flat=flat,
        hour_p=hour_p,
        weekday_p=weekday_p,
        spread=spread.value,
        spread_p=spread.p_value,
        in_open_hours=only_open,
        batches=batches,
        batch_p=batch_p,
    )


def _rates(counts: Float64, exposure: Float64, widening: float) -> tuple[Float64, Float64, Float64]:
    """Return rates a minute with their 95 % intervals, 0 where nothing was observed."""
    bounds = [[poisson_interval(float(count), widening) for count in row] for row in counts]
    table = np.array(bounds).reshape(*counts.shape, 2)
    seen = exposure > 0
    safe = np.where(seen, exposure, 1.0)
    rate, low, high = (np.where(seen, x / safe, 0.0) for x in (counts, table[:, :, 0], table[:, :, 1]))
    return rate, low, high


def _batches(times: Float64, window: tuple[float, float], resolution_min: float) -> tuple[tuple[int, ...], float]:
    """Return sizes of batches where more arrivals coincide than rounding explains."""
    distinct, sizes = np.unique(times, return_counts=True)
    together = int(times.size - distinct.size)
    if together == 0:
        return (), 1.0
    hour = (times // HOUR_MIN).astype(np.int64)
    # Within an hour of n arrivals, n (n - 1) / 2 pairs fall together with the chance of one rounding step.
    _, per_hour = np.unique(hour, return_counts=True)
    expected = float(np.sum(per_hour * (per_hour - 1.0) / 2.0)) * resolution_min / HOUR_MIN
    p_value = poisson_tail(together, max(expected, 1e-9))
    if p_value >= 1e-3 or together < BATCHED_SHARE * times.size or together < 2.0 * expected:
        return (), p_value
    return tuple(int(size) for size in sizes), p_value


def _only_open(times: Float64, window: tuple[float, float], time: OpenTime) -> bool:
    """Say whether arrivals keep to opening hours."""
    if time.always:
        return False
    inside = int(np.count_nonzero(time.is_open(times)))
    opened = float(time.between_min(np.array([window[0]]), np.array([window[1]]))[0])
    closed = window[1] - window[0] - opened
    expected = inside / max(opened, 1.0) * closed
    return expected > FEWEST_EXPECTED and times.size - inside < CLOSED_SHARE * expected


def _cells(
    times: Float64, window: tuple[float, float], time: OpenTime | None, weekday: int | None
) -> tuple[Float64, Float64, Int64]:
    """Return counts and minutes observed by day and hour, and the weekday of each day."""
    first, last = int(window[0] // MINUTES_A_DAY), int(window[1] // MINUTES_A_DAY)
    days = last - first + 1
    marks = np.clip(np.arange(days * HOURS + 1) * HOUR_MIN + first * MINUTES_A_DAY, *window)
    minutes = np.diff(marks if time is None else time.worked_min(marks)).reshape(days, HOURS)
    place = np.clip(((times - first * MINUTES_A_DAY) // HOUR_MIN).astype(np.int64), 0, days * HOURS - 1)
    counts = np.bincount(place, minlength=days * HOURS).reshape(days, HOURS).astype(float)
    # The few who come in closed time all the same must not give an hour without exposure a rate.
    counts[minutes <= 0] = 0.0
    kinds = np.zeros(days, np.int64) if weekday is None else (np.arange(first, last + 1) + weekday) % 7
    return counts, minutes, kinds


def _by_day(counts: Float64, exposure: Float64) -> tuple[Float64, Float64]:
    return counts.sum(axis=1, keepdims=True), exposure.sum(axis=1, keepdims=True)


def _spread(counts: Float64, exposure: Float64, kinds: Int64) -> Spread:
    """Return how counts vary between days, held against the mean of the same hours of the same weekdays."""
    chi, degrees = 0.0, 0
    # With fewer than three weeks a weekday of its own would leave nothing to compare.
    alike = kinds if kinds.size >= 21 else (kinds >= WEEKEND).astype(np.int64)
    for kind in np.unique(alike).tolist():
        here = alike == kind
        n, seen = counts[here], exposure[here]
        total = seen.sum(axis=0)
        rate = np.divide(n.sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
        mean = seen * rate
        used = mean > 0
        chi += float(np.sum((n[used] - mean[used]) ** 2 / mean[used]))
        degrees += int(np.count_nonzero(used)) - int(np.count_nonzero(rate > 0))
    if degrees < 1:
        return Spread()
    lower = float(special.chdtr(degrees, chi))
    return Spread(chi / degrees, min(1.0, 2.0 * min(chi_square_tail(chi, degrees), lower)), degrees)


def _groups(
    counts: Float64, exposure: Float64, kinds: Int64, spread: Spread
) -> tuple[tuple[tuple[int, ...], ...], float]:
    """Return the weekdays that have profiles of their own, and the p value of all being alike."""
    present = sorted({int(kind) for kind in kinds})
    if len(present) == 1:
        return (tuple(present),), 1.0
    by_kind = np.array([counts[kinds == kind].sum() for kind in present])
    seen = np.array([exposure[kinds == kind].sum() for kind in present])
    overall = same_rates(by_kind, seen, spread)
    week = tuple(kind for kind in present if kind < WEEKEND)
    weekend = tuple(kind for kind in present if kind >= WEEKEND)
    profile_p = _profile_p(counts, exposure, np.isin(kinds, weekend), spread) if week and weekend else 1.0
    # Two questions are asked, so the smaller p value is doubled.
    p_value = min(1.0, 2.0 * min(overall, profile_p))
    if p_value >= SIGNIFICANT:
        return (tuple(present),), p_value
    inside = [
        same_rates(by_kind[np.isin(present, part)], seen[np.isin(present, part)], spread) for part in (week, weekend)
    ]
    if min(inside) >= SIGNIFICANT:
        return tuple(part for part in (week, weekend) if part), p_value
    return tuple((kind,) for kind in present), p_value


def _profile_p(counts: Float64, exposure: Float64, other: Bool, spread: Spread) -> float:
    """Return the p value of two kinds of days having the same rate in each hour."""
    n = np.array([counts[~other].sum(axis=0), counts[other].sum(axis=0)])
    seen = np.array([exposure[~other].sum(axis=0), exposure[other].sum(axis=0)])
    used = (seen > 0).all(axis=0) & (n.sum(axis=0) > 0)
    n, seen = n[:, used], seen[:, used]
    expected = seen * n.sum(axis=0) / seen.sum(axis=0)
    return spread.tail(2.0 * float(np.sum(special.xlogy(n, n / expected))), int(np.count_nonzero(used)))
