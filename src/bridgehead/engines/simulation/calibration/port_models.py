"""The port model that says what was read from a log."""

from __future__ import annotations

import numpy as np

from bridgehead.engines.simulation.calibration.arrival_profiles import HOUR_MIN, HOURS, ArrivalProfile
from bridgehead.engines.simulation.calibration.estimates import Estimate
from bridgehead.engines.simulation.calibration.evidence import ALL, Evidence, FoundArrivals
from bridgehead.engines.simulation.calibration.log_cells import MINUTES_A_DAY, Float64
from bridgehead.engines.simulation.calibration.open_time import cycle
from bridgehead.engines.simulation.calibration.opening_calendars import FoundHours
from bridgehead.engines.simulation.calibration.parameters import measured
from bridgehead.engines.simulation.calibration.priorities import ranks
from bridgehead.engines.simulation.calibration.service_fits import LISTED_VALUES, QUANTILES, ServiceFit, fit_services
from bridgehead.engines.simulation.calibration.services import AtClosing
from bridgehead.engines.simulation.model import (
    AppointmentArrivals,
    Arrivals,
    AtClose,
    Distribution,
    ListedArrivals,
    Model,
    OpeningHours,
    RateArrivals,
    RenewalArrivals,
    RunDefaults,
    Source,
    Station,
    UnitClass,
)

FIRST_MIN = 1.0
"""Length of what stands for a day that is booked."""


def assemble(evidence: Evidence, estimates: tuple[Estimate, ...], port: str) -> Model:
    """Put a port model together.

    Parameters
    ----------
    evidence : Evidence
        What was read from a log.
    estimates : tuple of Estimate
        The figures; those the model rests on go into it with the log as their source.
    port : str
        Id of the port.
    """
    log = evidence.log
    calendars, calendar_of = _calendars(evidence)
    numbers = ranks(evidence.overtakings, len(log.classes))
    days = _booking_days(evidence)
    found = Model(
        classes=tuple(
            UnitClass(name, priority=float(number)) for name, number in zip(log.classes, numbers, strict=True)
        ),
        nodes=tuple(_station(evidence, place, calendar_of[place]) for place in range(len(log.activities))),
        sources=tuple(_source(evidence, found, days) for found in evidence.arrivals),
        routes=evidence.routing.routes,
        calendars=(*calendars, *days.values()),
        run=RunDefaults(warmup_min=0.0, horizon_min=log.days * MINUTES_A_DAY),
        start=log.first_day,
        port=port,
    )
    return measured(found, estimates, log.file)


def _station(evidence: Evidence, place: int, calendar: str | None) -> Station:
    name = evidence.log.activities[place]
    found = evidence.servers[place]
    service = {kind: fitted.distribution for kind, fitted in evidence.fits[place].fits.items() if fitted.n}
    if not service:
        # All of its services were cut short: what they lasted is the least they would have.
        where = evidence.services.of(place)
        service = {ALL: Distribution("det", (float(evidence.services.net_min[where].max(initial=0.0)),))}
    unserved = evidence.unserved[place]
    return Station(
        name,
        max(1, found.servers),
        service,
        shifts=found.shifts,
        calendar=calendar,
        balking=unserved.balking,
        patience={ALL: unserved.patience} if unserved.patience else {},
        activity=name,
    )


def _calendars(evidence: Evidence) -> tuple[tuple[OpeningHours, ...], list[str | None]]:
    """Return the opening hours, equal ones once, and which each activity keeps."""
    known: dict[OpeningHours | tuple[object, ...], OpeningHours] = {}
    kept: list[str | None] = []
    for name, hours, closing in zip(
        evidence.log.activities, evidence.services.hours, evidence.services.closing, strict=True
    ):
        if hours.always_open:
            kept.append(None)
            continue
        period, opened = cycle(hours.hours, evidence.log.weekday)
        closed = tuple(sorted(closure.day for closure in hours.closures if not closure.weekly))
        turned = evidence.turns_away(name)
        behaviour = _at_close(hours, closing)
        key = (period, opened, closed, behaviour, turned)
        if key not in known:
            known[key] = OpeningHours(
                f"hours-{len(known) + 1}",
                period,
                opened,
                dict.fromkeys(closed, ()),
                at_close=behaviour,
                while_closed="turn_away" if turned else "wait",
            )
        kept.append(known[key].id)
    return tuple(known.values()), kept


def _booking_days(evidence: Evidence) -> dict[str, OpeningHours]:
    """Return the days for which units are booked, by activity, where it is closed on some.

    They are the first minutes of its open days: who is booked comes so long after them as units of the log did.
    """
    booked = [found.activity for found in evidence.arrivals if found.unit_class in evidence.booked]
    days: dict[str, OpeningHours] = {}
    for name in dict.fromkeys(booked):
        hours = evidence.services.hours[evidence.log.activities.index(name)]
        if hours.closures:
            first = {kind: ((0.0, FIRST_MIN),) if opened else () for kind, opened in hours.hours.items()}
            closed = dict.fromkeys(sorted(closure.day for closure in hours.closures if not closure.weekly), ())
            days[name] = OpeningHours(f"booked-{name}", *cycle(first, evidence.log.weekday), closed)
    return days


def _at_close(hours: FoundHours, closing: AtClosing) -> AtClose:
    """Return what happens at closing time."""
    return "empty" if hours.emptied else "pause" if closing.pauses else "finish"


def _source(evidence: Evidence, found: FoundArrivals, days: dict[str, OpeningHours]) -> Source:
    place = evidence.log.activities.index(found.activity)
    hours = evidence.services.hours[place]
    if found.unit_class in evidence.booked:
        arrivals: Arrivals = _appointments(found.profile, hours, evidence.log.days, days.get(found.activity))
    else:
        arrivals = _arrivals(found.profile, hours, evidence.log.weekday, evidence.resolution_min)
    return Source(f"{found.unit_class}-{found.activity}", found.activity, found.unit_class, arrivals)


def _appointments(
    profile: ArrivalProfile, hours: FoundHours, days: int, booked: OpeningHours | None
) -> AppointmentArrivals:
    """Return appointments whose slots are the times of the day units came at, lateness and no-shows included."""
    day = (profile.times_min // MINUTES_A_DAY).astype(np.int64)
    counts = np.bincount(day, minlength=days)
    closed = {closure.day for closure in hours.closures}
    whole = [int(counts[d]) for d in range(days) if d not in closed and 0 < d < days - 1]
    per_day = _values(np.array(whole or counts[counts > 0].tolist(), dtype=float))
    shares = np.linspace(0.0, 1.0, QUANTILES)
    slots = np.quantile(profile.times_min % MINUTES_A_DAY, shares)
    pairs = tuple(float(value) for value in np.column_stack([shares, slots]).ravel())
    if booked is None:
        return AppointmentArrivals(MINUTES_A_DAY, per_day, Distribution("quantiles", pairs))
    whole_day = Distribution("uniform", (0.0, MINUTES_A_DAY))
    return AppointmentArrivals(MINUTES_A_DAY, per_day, whole_day, Distribution("quantiles", pairs), calendar=booked.id)


def _values(values: Float64) -> Distribution:
    """Return values as a distribution to draw from; of very many, a spread of them."""
    if np.unique(values).size == 1:
        return Distribution("det", (float(values[0]),))
    if values.size > LISTED_VALUES:
        values = np.sort(values)[np.linspace(0, values.size - 1, LISTED_VALUES).round().astype(int)]
    return Distribution("empirical", tuple(float(value) for value in values))


def _arrivals(profile: ArrivalProfile, hours: FoundHours, weekday: int | None, step: float) -> Arrivals:
    if not profile.rate.any():
        return ListedArrivals(tuple(profile.times_min.tolist()))  # too few, or all at once: there is no rate
    steady = profile.flat and not profile.in_open_hours
    if profile.batches or (steady and not profile.poisson):
        between = np.diff(profile.times_min)
        if between.size:
            fitted: ServiceFit = fit_services(between, np.zeros(between.size, np.bool_), step)
            batch = _values(np.array(profile.batches, dtype=float)) if profile.batches else None
            return RenewalArrivals(fitted.distribution, batch)
    if steady:
        return RateArrivals(MINUTES_A_DAY, ((0.0, float(profile.rate.max())),))
    weekly = len(profile.groups) > 1 or (profile.in_open_hours and not hours.daily)
    days = 7 if weekly else 1
    rates: list[tuple[float, float]] = []
    for begin, rate in _steps(profile, hours, weekday, days):
        if not rates or rates[-1][1] != rate:
            rates.append((begin, rate))
    return RateArrivals(days * MINUTES_A_DAY, tuple(rates))


def _steps(profile: ArrivalProfile, hours: FoundHours, weekday: int | None, days: int) -> list[tuple[float, float]]:
    """Return rates from each change on over the days of a cycle: at full hours, and at opening and closing."""
    found = []
    for day in range(days):
        kind = 0 if weekday is None else (weekday + day) % 7
        group = next((i for i, kinds in enumerate(profile.groups) if kind in kinds), 0)
        opened = hours.hours.get(kind, ()) if profile.in_open_hours else ((0.0, MINUTES_A_DAY),)
        marks = {h * HOUR_MIN for h in range(HOURS)} | {edge for interval in opened for edge in interval}
        for begin in sorted(mark for mark in marks if mark < MINUTES_A_DAY):
            inside = any(low <= begin < high for low, high in opened)
            rate = float(profile.rate[group, int(begin // HOUR_MIN)]) if inside else 0.0
            found.append((day * MINUTES_A_DAY + begin, rate))
    return found
