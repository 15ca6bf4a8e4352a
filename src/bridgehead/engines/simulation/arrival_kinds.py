"""How units come to a port: by chance, at a rate that follows the clock, by appointment or timetable, as listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution of times or counts.

    Parameters
    ----------
    kind : str
        One of exp, det, erlang, uniform, normal, lognormal, gamma, weibull, triangular, mix, empirical, quantiles,
        poisson.
    numbers : tuple of float
        In this order: exp (mean), det (value), erlang (k, mean), uniform (from, to), normal (mean, sd),
        lognormal (mean, cv), gamma (mean, cv), weibull (shape, scale), triangular (from, mode, to),
        mix (the shares), empirical (the values), quantiles (p, v, p, v, ...), poisson (mean).
    parts : tuple of Distribution
        Of a mix, along its shares.
    """

    kind: str
    numbers: tuple[float, ...]
    parts: tuple[Distribution, ...] = ()


@dataclass(frozen=True, slots=True)
class RenewalArrivals:
    """Batches of arrivals with independent times between them, the first counted from time 0."""

    interarrival_min: Distribution
    batch: Distribution | None = None


@dataclass(frozen=True, slots=True)
class RateArrivals:
    """Poisson arrivals whose rate follows the clock.

    Parameters
    ----------
    period_min : float
        Length of the cycle from time 0.
    rates : tuple of (float, float)
        From this minute of the cycle on, so many a minute; the first begins at 0.
    """

    period_min: float
    rates: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class AppointmentArrivals:
    """Booked units: in each period so many, each with a slot, coming at slot plus lateness, or not at all.

    Parameters
    ----------
    period_min : float
        Length of the period.
    count : Distribution
        Units in a period.
    slot_min : Distribution or tuple of float
        Distribution of the slot inside the period, or the slots themselves (a timetable: `count` is then their number).
    lateness_min : Distribution, optional
        Added to the slot; may be negative.
    no_show : float
        Probability of not coming at all.
    calendar : str, optional
        Slots are then spread evenly over the open minutes of every period, exceptions included.
    """

    period_min: float
    count: Distribution
    slot_min: Distribution | tuple[float, ...]
    lateness_min: Distribution | None = None
    no_show: float = 0.0
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class ListedArrivals:
    """Arrivals at exactly these times, rising: a tuple, or an array where there are very many."""

    times_min: Sequence[float]


Arrivals = RenewalArrivals | RateArrivals | AppointmentArrivals | ListedArrivals
