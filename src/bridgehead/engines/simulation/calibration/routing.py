"""Where units go from each activity: shares with intervals, by class where classes differ, loops, and who leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.calibration.estimates import SIGNIFICANT, Estimate, same_shares, wilson
from bridgehead.engines.simulation.calibration.event_log import EventLog
from bridgehead.engines.simulation.calibration.log_cells import Bool, Float64, Int64
from bridgehead.engines.simulation.calibration.services import Services
from bridgehead.engines.simulation.model import Route, Share

OUT = "out"
UNFINISHED_QUANTILE = 0.995
APART, FEWEST_VISITS = 0.2, 20
"""By how much shares after first and later visits differ where they are those of two places, and of how many visits."""


@dataclass(frozen=True, eq=False, slots=True)
class Routing:
    """What was found on routes.

    Parameters
    ----------
    routes : tuple of Route
        Routes of a port model; an activity after which everybody leaves has none.
    shares : tuple of Estimate
        Every share with its interval: of the departures of an activity, ``out`` for those who leave.
    visits : tuple of Estimate
        The share of units that go through each activity at all, by class: the inspection rate is one of them.
    loops : tuple of Estimate
        The share of departures of an activity that lead back to where the unit was before.
    differs : mapping
        Activity to the p value of equal shares in all classes.
    by_visit : tuple of str
        Activities after whose first visit units go elsewhere than after later ones: perhaps two places of one name.
    left_open : int
        Departures not counted because what came next may lie after the end of the log.
    """

    routes: tuple[Route, ...]
    shares: tuple[Estimate, ...]
    visits: tuple[Estimate, ...]
    loops: tuple[Estimate, ...]
    differs: dict[str, float]
    by_visit: tuple[str, ...]
    left_open: int


def find_routing(log: EventLog, services: Services) -> Routing:
    """Find the routes between activities."""
    unit, activity = services.unit, services.activity
    follows = np.append(unit[1:] == unit[:-1], False)
    following = np.where(follows, np.append(activity[1:], -1), -1)
    ends = np.where(np.isnan(services.end_min), np.inf, services.end_min)
    gaps = np.append(services.start_min[1:], 0.0)[follows] - ends[follows]
    horizon = float(np.quantile(gaps, UNFINISHED_QUANTILE)) if gaps.size else 0.0
    counted = ends <= log.until_min - horizon
    tables = _tables(log, services, following, counted)
    routes: list[Route] = []
    shares: list[Estimate] = []
    differs: dict[str, float] = {}
    for place, name in enumerate(log.activities):
        table = tables[place]
        p_value = same_shares(table)
        differs[name] = p_value
        if table[:, :-1].sum() > 0:
            routes.append(Route(name, "*", _ways(log, table.sum(axis=0))))
        shares += _estimates(log, name, "", table.sum(axis=0), p_value)
        for kind in np.flatnonzero(table.sum(axis=1)).tolist() if p_value < SIGNIFICANT else ():
            routes.append(Route(name, log.classes[kind], _ways(log, table[kind])))
            shares += _estimates(log, name, log.classes[kind], table[kind], p_value)
    # As a description has them: those of all classes first, then class by class.
    routes.sort(key=lambda route: log.classes.index(route.unit_class) if route.unit_class != "*" else -1)
    visits = tuple(_visits(log, services, horizon))
    again = _again(log, services)
    loops = tuple(_loops(log, services, following, counted, again))
    by_visit = tuple(_by_visit(log, services, following, counted, again))
    return Routing(tuple(routes), tuple(shares), visits, loops, differs, by_visit, int(np.count_nonzero(~counted)))


def _tables(log: EventLog, services: Services, following: Int64, counted: Bool) -> Float64:
    """Return counts by activity, class and next activity; the last column counts those who leave."""
    size = len(log.activities), len(log.classes), len(log.activities) + 1
    targets = np.where(following < 0, size[2] - 1, following)
    flat = np.ravel_multi_index((services.activity, services.unit_class, targets), size)
    return np.bincount(flat[counted], minlength=int(np.prod(size))).reshape(size).astype(float)


def _ways(log: EventLog, counts: Float64) -> tuple[Share, ...]:
    total = float(counts.sum())
    names = (*log.activities, None)
    taken = np.flatnonzero(counts).tolist()
    shares = [float(counts[i]) / total for i in taken[:-1]]
    # The last is what the others leave over, as it is in a description.
    shares.append(1.0 - math.fsum(shares))
    return tuple(Share(names[i], {"*": share}) for i, share in zip(taken, shares, strict=True))


def _estimates(log: EventLog, activity: str, unit_class: str, counts: Float64, p_value: float) -> list[Estimate]:
    n = int(counts.sum())
    names = (*log.activities, OUT)
    found = []
    for i in np.flatnonzero(counts).tolist():
        low, high = wilson(int(counts[i]), n)
        found.append(
            Estimate("share", float(counts[i]) / n, low, high, n, "", activity, unit_class, names[i], p_value, "wilson")
        )
    return found


def _visits(log: EventLog, services: Services, horizon: float) -> list[Estimate]:
    """Return the share of the units that are through which went through each activity."""
    last = np.append(services.unit[1:] != services.unit[:-1], True)
    through = np.zeros(len(log.units), np.bool_)
    through[services.unit[last]] = np.nan_to_num(services.end_min[last], nan=np.inf) <= log.until_min - horizon
    pairs = np.unique(services.unit * len(log.activities) + services.activity)
    owners, places = pairs // len(log.activities), pairs % len(log.activities)
    found = []
    for kind, name in enumerate(log.classes):
        among = through & (log.class_of_unit == kind)
        n = int(among.sum())
        for place, activity in enumerate(log.activities):
            hits = int(np.count_nonzero(among[owners] & (places == place)))
            low, high = wilson(hits, n)
            found.append(Estimate("visited", hits / n if n else np.nan, low, high, n, "", activity, name, "", None, ""))
    return found


def _again(log: EventLog, services: Services) -> Bool:
    """Return which services are of units that have been at the same activity before."""
    keys = services.unit * len(log.activities) + services.activity
    _, first = np.unique(keys, return_index=True)
    again = np.ones(keys.size, np.bool_)
    again[first] = False
    return again


def _by_visit(log: EventLog, services: Services, following: Int64, counted: Bool, again: Bool) -> Iterator[str]:
    """Yield the activities whose routes depend on whether the unit has been there before, which no route can say."""
    for place, name in enumerate(log.activities):
        here = counted & (services.activity == place)
        table = np.array(
            [np.bincount(following[here & of] + 1, minlength=len(log.activities) + 1) for of in (~again, again)], float
        )
        visits = table.sum(axis=1, keepdims=True)
        if visits.min() < FEWEST_VISITS or np.abs(np.diff(table / visits, axis=0)).max() < APART:
            continue
        if same_shares(table) < SIGNIFICANT:
            yield name


def _loops(log: EventLog, services: Services, following: Int64, counted: Bool, repeated: Bool) -> list[Estimate]:
    """Return how often departures lead to an activity the unit has been at, this one included."""
    back = np.append(repeated[1:], False) & (following >= 0)
    found = []
    for place, activity in enumerate(log.activities):
        among = counted & (services.activity == place)
        n, hits = int(among.sum()), int(np.count_nonzero(among & back))
        if hits:
            low, high = wilson(hits, n)
            found.append(Estimate("loop", hits / n, low, high, n, "", activity, "", "", None, "wilson"))
    return found
