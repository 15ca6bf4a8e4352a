"""The same port under another load: all arrivals, or those of some classes, times a factor.

Units keep their numbers and so their random numbers, so that the stays at two loads differ by the load and hardly by
chance. Timetables and lists cannot be stretched without inventing trains: of a timetable more or fewer slots are taken,
spread over the period as the given ones are; a list keeps every so many-th of its times and cannot grow.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from bridgehead.engines.simulation.distributions import mean, stretched
from bridgehead.engines.simulation.model import (
    AppointmentArrivals,
    Arrivals,
    Distribution,
    ListedArrivals,
    Model,
    RateArrivals,
    RenewalArrivals,
)
from bridgehead.kernel.errors import BridgeheadError


def scaled(model: Model, factor: float, classes: Collection[str] = ()) -> Model:
    """Return a model whose arrivals are so many times as frequent.

    Parameters
    ----------
    model : Model
        The port.
    factor : float
        Above zero.
    classes : collection of str
        Only sources of these classes; all where none is named.

    Raises
    ------
    BridgeheadError
        ``simulation.bad_factor``; ``simulation.list_cannot_grow`` for listed arrivals that would have to be more.
    """
    if not (factor > 0.0 and np.isfinite(factor)):
        raise BridgeheadError("simulation.bad_factor", {"factor": factor})
    sources = tuple(
        one
        if classes and one.unit_class not in classes
        else replace(one, arrivals=_scaled(one.arrivals, factor, one.id))
        for one in model.sources
    )
    return replace(model, sources=sources)


def _scaled(arrivals: Arrivals, factor: float, source: str) -> Arrivals:
    if isinstance(arrivals, RenewalArrivals | RateArrivals):
        return faster(arrivals, factor)
    if isinstance(arrivals, AppointmentArrivals):
        return _more_slots(arrivals, factor)
    if factor > 1.0:
        raise BridgeheadError("simulation.list_cannot_grow", {"source": source, "factor": factor})
    kept = np.linspace(0, len(arrivals.times_min) - 1, max(1, round(len(arrivals.times_min) * factor)))
    return ListedArrivals(tuple(arrivals.times_min[int(at)] for at in kept))


def faster(arrivals: RenewalArrivals | RateArrivals, factor: float) -> RenewalArrivals | RateArrivals:
    """Return arrivals of the same course that are so many times as frequent."""
    if isinstance(arrivals, RenewalArrivals):
        return replace(arrivals, interarrival_min=stretched(arrivals.interarrival_min, 1.0 / factor))
    return replace(arrivals, rates=tuple((begin, rate * factor) for begin, rate in arrivals.rates))


def _more_slots(arrivals: AppointmentArrivals, factor: float) -> AppointmentArrivals:
    if not isinstance(arrivals.slot_min, tuple):
        return replace(arrivals, count=_counted(arrivals.count, factor))
    given = np.sort(np.array(arrivals.slot_min))
    many = max(1, round(given.size * factor))
    # The slots as a distribution over the period, read at evenly spread shares.
    shares = (np.arange(many) + 0.5) / many
    slots = np.interp(shares, (np.arange(given.size) + 0.5) / given.size, given)
    return replace(arrivals, slot_min=tuple(map(float, slots)), count=Distribution("det", (float(many),)))


def _counted(count: Distribution, factor: float) -> Distribution:
    """Return a number of bookings times a factor; a fixed number that is no longer whole becomes a Poisson one."""
    if count.kind == "poisson":
        return Distribution("poisson", (count.numbers[0] * factor,))
    wanted = mean(count) * factor
    return Distribution("det", (wanted,)) if wanted == round(wanted) else Distribution("poisson", (wanted,))
