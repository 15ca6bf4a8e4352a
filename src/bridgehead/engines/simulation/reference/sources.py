"""Arrivals of the reference engine: when who comes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bridgehead.engines.simulation.bookings import earliness_min
from bridgehead.engines.simulation.model import (
    AppointmentArrivals,
    ListedArrivals,
    Model,
    RateArrivals,
    RenewalArrivals,
    Source,
)
from bridgehead.engines.simulation.reference.draws import GOLDEN, Stream, draw, duration, mix
from bridgehead.engines.simulation.timelines import open_intervals

if TYPE_CHECKING:
    from bridgehead.engines.simulation.reference.engine import Port

# Purposes of draws that belong to no station.
_RISK = 0x6A09E667F3BCC909
_BATCH = 0xBB67AE8584CAA73B
_GAP = 0x3C6EF372FE94F82B
_COUNT = 0xA54FF53A5F1D36F1
_SLOT = 0x510E527FADE682D1
_LATE = 0x9B05688C2B3E6C1F
_SHOW = 0x1F83D9ABFB41BD6B
_PERIOD = 1 << 24
"""Unit `i` of period `p` of a source of bookings has the number ``p * _PERIOD + i``."""


class SourceState:
    """A source, and what of it is to come."""

    def __init__(self, port: Port, number: int, model: Source, key: int) -> None:
        self.port, self.number, self.model, self.key = port, number, model, key
        self.arrivals = self.units = 0
        self.listed: list[tuple[float, int]] = []
        given = model.arrivals
        horizon = port.run.horizon_min
        if isinstance(given, ListedArrivals):
            self.listed = list(enumerated(given.times_min, horizon))
        elif isinstance(given, AppointmentArrivals):
            self.listed = booked(port.compiled.model, given, key, horizon)
        self.next = 0.0
        self._plan()

    def _stream(self, purpose: int) -> Stream:
        return Stream(mix(self.key + self.arrivals * GOLDEN), purpose)

    def _plan(self) -> None:
        """Find when the next arrival is."""
        given = self.model.arrivals
        if isinstance(given, RenewalArrivals):
            self.next += duration(given.interarrival_min, self._stream(_GAP))
        elif isinstance(given, RateArrivals):
            self.next = _by_rate(given, self.next, self._stream(_GAP).exponential(), self.port.run.horizon_min)
        else:
            self.next = self.listed[self.arrivals][0] if self.arrivals < len(self.listed) else math.inf

    def batch(self) -> int:
        """Return how many units come with the arrival that is due."""
        given = self.model.arrivals
        if isinstance(given, RenewalArrivals) and given.batch is not None:
            return int(duration(given.batch, self._stream(_BATCH)))
        return 1

    def unit_key(self) -> tuple[int, int]:
        """Return number and key of the unit that comes now."""
        number = self.listed[self.arrivals][1] if self.listed else self.units
        self.units += 1
        return number, mix(self.key + (number + 1) * GOLDEN)

    def kind_of(self, key: int) -> int:
        """Return the type of a unit: its class, and a risk band drawn by the shares of the class."""
        first = self.port.type_of(self.model.unit_class)
        risk = self.port.compiled.types[first].unit_class.risk
        if len(risk) < 2:
            return first
        x, total = Stream(key, _RISK).uniform(), 0.0
        for band, share in enumerate(risk.values()):
            total += share
            if x < total:
                return first + band
        return first + len(risk) - 1

    def arrived(self) -> None:
        """Go on to the next arrival."""
        self.arrivals += 1
        self._plan()


def _by_rate(given: RateArrivals, last: float, wanted: float, horizon_min: float) -> float:
    """Return when the integral of the rate from the last arrival on reaches what was drawn; infinity if too late."""
    cycle = int(last // given.period_min)
    while cycle * given.period_min < horizon_min:
        for at, (begin, rate) in enumerate(given.rates):
            ends = given.rates[at + 1][0] if at + 1 < len(given.rates) else given.period_min
            low, high = max(last, cycle * given.period_min + begin), cycle * given.period_min + ends
            if high <= last:
                continue
            if rate > 0.0:
                if low + wanted / rate <= high:
                    return low + wanted / rate
                wanted -= (high - low) * rate
        cycle += 1
    return math.inf


def enumerated(times: Sequence[float], horizon_min: float) -> list[tuple[float, int]]:
    """Return times before a horizon with their numbers."""
    within = [time for time in times if 0.0 <= time < horizon_min]
    return [(time, number) for number, time in enumerate(within)]


def booked(model: Model, given: AppointmentArrivals, key: int, horizon_min: float) -> list[tuple[float, int]]:
    """Return when those with a booking come before the horizon, in order, with their numbers."""
    found = []
    calendar = next((one for one in model.calendars if one.id == given.calendar), None)
    periods = math.ceil((horizon_min + earliness_min(given)) / given.period_min)
    opened = list(open_intervals(calendar, periods * given.period_min)) if calendar else []
    for period in range(periods):
        begin, end = period * given.period_min, (period + 1) * given.period_min
        pieces = [(max(a, begin), min(b, end)) for a, b in opened if a < end and b > begin]
        if calendar and not pieces:
            continue
        count = int(draw(given.count, Stream(mix(key + period * GOLDEN), _COUNT)))
        for at in range(max(0, count)):
            number = period * _PERIOD + at
            unit = mix(key + (number + 1) * GOLDEN)
            if given.no_show > 0.0 and Stream(unit, _SHOW).uniform() < given.no_show:
                continue
            if isinstance(given.slot_min, tuple):
                time = begin + given.slot_min[at % len(given.slot_min)]
            elif calendar:
                time = _spread(pieces, Stream(unit, _SLOT).uniform())
            else:
                time = begin + draw(given.slot_min, Stream(unit, _SLOT))
            if given.lateness_min is not None:
                time += draw(given.lateness_min, Stream(unit, _LATE))
            if 0.0 <= time < horizon_min:
                found.append((time, number))
    return sorted(found)


def _spread(pieces: list[tuple[float, float]], share: float) -> float:
    """Return the moment at a share of the open time."""
    left = share * sum(b - a for a, b in pieces)
    for a, b in pieces[:-1]:
        if left < b - a:
            return a + left
        left -= b - a
    a, b = pieces[-1]
    return a + min(left, b - a)
