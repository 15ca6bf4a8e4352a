"""How a source says when its units come: one way, of five."""

from __future__ import annotations

from typing import Any

from bridgehead.engines.simulation.description import AppointmentsPart, SourcePart
from bridgehead.engines.simulation.distribution_reading import read_distribution
from bridgehead.engines.simulation.distributions import mean
from bridgehead.engines.simulation.fields import MOST_UNITS
from bridgehead.engines.simulation.hours import MINUTES_A_WEEK, read_rates
from bridgehead.engines.simulation.loads import mean_rate
from bridgehead.engines.simulation.model import (
    MINUTES_A_DAY,
    AppointmentArrivals,
    Arrivals,
    Distribution,
    ListedArrivals,
    RateArrivals,
    RenewalArrivals,
)
from bridgehead.engines.simulation.noting import Flaw, Notes, Path, UnfitError
from bridgehead.engines.simulation.quantities import Setting, days_of, listed, moment_min, to_minutes
from bridgehead.engines.simulation.scaled_loads import faster

WAYS = ("interarrival", "rate", "appointments", "timetable", "times")
_GOES_WITH = {"batch": "interarrival", "per": "rate", "lateness": "timetable", "cancelled": "timetable"}


def read_arrivals(part: SourcePart, setting: Setting, notes: Notes, path: Path) -> Arrivals | None:
    """Return when the units of a source come, None with the reason noted where that cannot be read."""
    given = [way for way in WAYS if getattr(part, way) is not None]
    if len(given) != 1:
        if given or not any(notes.faulty(*path, way) for way in WAYS):
            notes.note(path, "model.one_way_of_arriving", options=list(WAYS), given=given or ["–"])
        return None
    for field, way in _GOES_WITH.items():
        if getattr(part, field) is not None and given[0] != way:
            notes.note((*path, field), "model.needs_other", name=field, other=way)
    before = len(notes.faults)
    try:
        found = _read(given[0], part, setting)
    except UnfitError as error:
        notes.note_flaws((*path, given[0]), error)
        return None
    if isinstance(found, RenewalArrivals):
        _check_renewal(found, notes, path)
    if len(notes.faults) != before:
        return None
    return found if part.per_day is None else _with_mean(found, part.per_day, given[0], notes, path)


def _read(way: str, part: SourcePart, setting: Setting) -> Arrivals:
    if part.interarrival is not None:
        batch = None if part.batch in (None, Distribution("det", (1.0,))) else part.batch
        return RenewalArrivals(part.interarrival, batch)
    if way == "rate":
        return RateArrivals(*read_rates(part.rate, setting, to_minutes(1.0, part.per or setting.unit)))
    if part.appointments is not None:
        return _appointments(part.appointments, setting)
    if part.times is not None:
        return ListedArrivals(part.times)
    period, slots = read_timetable(part.timetable, setting)
    count = Distribution("det", (float(len(slots)),))
    return AppointmentArrivals(period, count, slots, part.lateness, part.cancelled or 0.0)


def _with_mean(found: Arrivals, per_day: float, way: str, notes: Notes, path: Path) -> Arrivals | None:
    """Return arrivals of the same course of which so many come a day on average."""
    if not isinstance(found, RenewalArrivals | RateArrivals):
        notes.note((*path, "per_day"), "model.needs_other", name="per_day", other="rate")
        return None
    present = mean_rate(found, MINUTES_A_DAY) * MINUTES_A_DAY
    if not present > 0.0:
        notes.note((*path, way), "model.nobody_comes")
        return None
    return faster(found, per_day / present) if per_day else ListedArrivals(())


def _check_renewal(found: RenewalArrivals, notes: Notes, path: Path) -> None:
    if not mean(found.interarrival_min) > 0.0:
        notes.note((*path, "interarrival"), "model.no_time_passes")
    batch = found.batch
    if batch is not None and not 0.0 < mean(batch) <= MOST_UNITS:
        notes.note((*path, "batch"), "model.out_of_range", value=mean(batch), least=1, most=MOST_UNITS)
    elif batch is not None and batch.kind == "det" and not (batch.numbers[0] >= 1 and batch.numbers[0].is_integer()):
        notes.note((*path, "batch"), "model.not_whole", value=str(batch.numbers[0]))


def _appointments(part: AppointmentsPart, setting: Setting) -> AppointmentArrivals:
    flaws: list[Flaw] = []
    slots_given = [name for name in ("slots", "slot") if getattr(part, name) is not None]
    counts_given = [name for name in ("per_day", "count") if getattr(part, name) is not None]
    if part.per_day is not None and part.period != MINUTES_A_DAY:
        flaws.append(Flaw(("per_day",), "model.not_together", {"name": "per_day", "other": "period"}))
    for given, options in ((slots_given, ("slots", "slot")), (counts_given, ("per_day", "count"))):
        if len(given) > 1:
            flaws.append(Flaw((given[1],), "model.not_together", {"name": given[1], "other": given[0]}))
        if not given:
            flaws.append(Flaw((options[0],), "model.missing", {"name": options[0]}))
    count = part.per_day or part.count
    if count is not None and count.kind == "det" and not count.numbers[0].is_integer():
        flaws.append(Flaw((counts_given[0],), "model.not_whole", {"value": str(count.numbers[0])}))
    if not part.drop_outside_horizon:
        flaws.append(Flaw(("drop_outside_horizon",), "model.only_true", {}))
    slots: Any = part.slots if part.slots is not None else part.slot
    if flaws or count is None:
        raise UnfitError.of(flaws)
    if isinstance(slots, str):
        whole = Distribution("uniform", (0.0, part.period))
        return AppointmentArrivals(part.period, count, whole, part.lateness, part.no_show, slots)
    try:
        drawn = read_distribution(slots, setting)
    except UnfitError as error:
        raise UnfitError.of(error.inside(slots_given[0])) from None
    return AppointmentArrivals(part.period, count, drawn, part.lateness, part.no_show)


def read_timetable(value: object, setting: Setting) -> tuple[float, tuple[float, ...]]:
    """Return the length of the cycle and the moments in it, of a list for every day or of lists by day of the week."""
    flaws: list[Flaw] = []
    found: list[float] = []
    week = isinstance(value, dict)
    first = setting.start.weekday() if setting.start else 0
    for name, times in value.items() if isinstance(value, dict) else [("", value)]:
        path = (name,) if week else ()
        try:
            begins = [((day - first) % 7) * MINUTES_A_DAY for day in days_of(name)] if week else [0.0]
            entries = listed(times)
        except UnfitError as error:
            flaws += error.inside(*path)
            continue
        for index, one in enumerate(entries):
            try:
                moment = moment_min(one, setting)
                if moment >= MINUTES_A_DAY:
                    raise UnfitError("model.interval_outside", period=MINUTES_A_DAY)
                found += [begin + moment for begin in begins]
            except UnfitError as error:
                flaws += error.inside(*path, index)
    if not flaws and not found:
        flaws.append(Flaw((), "model.missing", {"name": "timetable"}))
    if flaws:
        raise UnfitError.of(flaws)
    return MINUTES_A_WEEK if week else MINUTES_A_DAY, tuple(sorted(found))
