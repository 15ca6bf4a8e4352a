"""All that is read from an event log, part by part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.calibration.arrival_profiles import ArrivalProfile, find_profile
from bridgehead.engines.simulation.calibration.event_log import EventLog
from bridgehead.engines.simulation.calibration.log_cells import Float64, Int64
from bridgehead.engines.simulation.calibration.open_time import OpenTime
from bridgehead.engines.simulation.calibration.priorities import Overtaking, find_overtakings
from bridgehead.engines.simulation.calibration.routing import Routing, find_routing
from bridgehead.engines.simulation.calibration.server_counts import ServerCount, count_servers
from bridgehead.engines.simulation.calibration.service_fits import ServiceFit, fit_services, pooled
from bridgehead.engines.simulation.calibration.services import Services, find_services, resolution
from bridgehead.engines.simulation.calibration.unserved import Entries, Unserved, find_entries, find_unserved

ALL = "*"


@dataclass(frozen=True, eq=False, slots=True)
class FoundServices:
    """Service times of one activity: ``*`` for all classes, and one fit a class where classes differ."""

    fits: dict[str, ServiceFit]
    pooled: bool
    p_value: float


@dataclass(frozen=True, eq=False, slots=True)
class FoundArrivals:
    """Arrivals of one class at one activity; `from_starts` where the log has no arrivals of their own."""

    unit_class: str
    activity: str
    profile: ArrivalProfile
    from_starts: bool


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """All that was read from a log, by activity in the order of `EventLog.activities`."""

    log: EventLog
    resolution_min: float
    services: Services
    fits: tuple[FoundServices, ...]
    arrivals: tuple[FoundArrivals, ...]
    servers: tuple[ServerCount, ...]
    overtakings: tuple[tuple[Overtaking, ...], ...]
    routing: Routing
    unserved: tuple[Unserved, ...]
    booked: frozenset[str]

    def turns_away(self, activity: str) -> bool:
        """Say whether who comes to an activity in closed time is turned away in the model.

        That is seen, or all who come keep to opening hours: a rate by the clock knows no dates, and units that wait for
        the opening on no other day would do so on the single closed ones.
        """
        place = self.log.activities.index(activity)
        dated = any(not closure.weekly for closure in self.services.hours[place].closures)
        coming = [found.profile.in_open_hours for found in self.arrivals if found.activity == activity]
        return self.unserved[place].turned_away or (dated and bool(coming) and all(coming))


def gather(log: EventLog, booked: frozenset[str]) -> Evidence:
    """Read every part from the log."""
    step = resolution(log)
    entries = find_entries(log)
    services = find_services(log, entries, step)
    places = [services.of(activity) for activity in range(len(log.activities))]
    return Evidence(
        log=log,
        resolution_min=step,
        services=services,
        fits=tuple(_fits(log, services, where, step) for where in places),
        arrivals=_arrivals(log, services, entries, step),
        servers=tuple(
            count_servers(
                services.start_min[where],
                services.end_min[where],
                services.joined_min[where],
                services.resource[where],
                services.hours[activity].time,
                until_min=log.until_min,
                tolerance_min=step,
            )
            for activity, where in enumerate(places)
        ),
        overtakings=tuple(
            find_overtakings(
                services.start_min[where],
                services.joined_min[where],
                services.unit_class[where],
                len(log.classes),
                step,
            )
            for where in places
        ),
        routing=find_routing(log, services),
        unserved=tuple(
            find_unserved(log, entries, activity, services.hours[activity].time) for activity in range(len(places))
        ),
        booked=booked,
    )


def _fits(log: EventLog, services: Services, where: Int64, step: float) -> FoundServices:
    lengths, cut, classes = services.net_min[where], services.cut[where], services.unit_class[where]
    fits = {ALL: fit_services(lengths, cut, step)}
    alike, p_value = pooled(lengths, cut, classes, step)
    if not alike:
        for kind in np.unique(classes).tolist():
            own = fit_services(lengths[classes == kind], cut[classes == kind], step)
            if own.n:
                fits[log.classes[kind]] = own
    return FoundServices(fits, alike, p_value)


def _arrivals(log: EventLog, services: Services, entries: Entries, step: float) -> tuple[FoundArrivals, ...]:
    """Return the arrivals of every class at every activity where units of it begin."""
    firsts = np.append(True, services.unit[1:] != services.unit[:-1])
    owners = services.unit[firsts]
    recorded = bool(np.isfinite(log.arrived_min).any())
    entry = entries.activity
    started: Float64 = np.full(len(log.units), np.nan)
    started[owners] = services.start_min[firsts]
    times = np.where(np.isnan(log.arrived_min), started, log.arrived_min)
    known = np.isfinite(times) & (entry >= 0)
    window = float(times[known].min()), float(times[known].max())
    found = []
    for kind, name in enumerate(log.classes):
        for activity in np.unique(entry[known & (log.class_of_unit == kind)]).tolist():
            mine = known & (log.class_of_unit == kind) & (entry == activity)
            time: OpenTime = services.hours[activity].time
            profile = find_profile(times[mine], window, time, log.weekday, step)
            found.append(FoundArrivals(name, log.activities[activity], profile, not recorded))
    return tuple(found)
