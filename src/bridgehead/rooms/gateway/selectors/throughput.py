"""Reported throughput of the region served, and reports that disagree; `regions.reported` reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Figure, Qualifier
from bridgehead.kernel.tables import Row
from bridgehead.regions.reported import (
    CUMULATIVE,
    FREIGHT,
    NINE_MONTHS,
    Point,
    best,
    cell,
    figure_of,
    latest,
    nearly_years,
    points_of,
    qualifier_of,
    share_of_year,
    weakest,
    years,
)

__all__ = [
    "CUMULATIVE",
    "FREIGHT",
    "NINE_MONTHS",
    "Conflict",
    "Point",
    "agree",
    "best",
    "by_metric",
    "cell",
    "conflicts",
    "figure_of",
    "latest",
    "nearly_years",
    "points",
    "qualifier_of",
    "rows",
    "share_of_year",
    "weakest",
    "within_rounding",
    "years",
]

# Relative difference below which two figures count as the same report, rounded differently.
_SAME = 0.005


def rows(loaded: Loaded, table: str) -> tuple[Row, ...]:
    """Return the rows of a table; none where the region does without it."""
    return loaded.region.rows(table) if table in loaded.region.tables else ()


def by_metric(loaded: Loaded, subject: str) -> Mapping[str, tuple[Point, ...]]:
    """Return the points of a port, group or region by metric, each in time; empty where nothing was reported."""
    index: Mapping[str, Mapping[str, tuple[Point, ...]]] = loaded.remember(
        "gateway.throughput", lambda: points_of(rows(loaded, "port_throughput"))
    )
    return index.get(subject, {})


def points(loaded: Loaded, subject: str, metric: str = FREIGHT) -> tuple[Point, ...]:
    """Return the points of one metric of a port, group or region, in time."""
    return by_metric(loaded, subject).get(metric, ())


@dataclass(frozen=True, slots=True)
class Conflict:
    """Reports that do not fit together.

    ``kind`` is ``values`` (two values for one period), ``falls`` (a running total below an earlier one of the same
    year) or ``totals`` (totals since opening that grew by less, or more, than the year's own figure).
    """

    kind: str
    metric: str
    points: tuple[Point, ...]


def conflicts(loaded: Loaded, subject: str) -> tuple[Conflict, ...]:
    """Return what the reports of a port, group or region say against each other, metric by metric."""
    metrics = by_metric(loaded, subject)
    found: list[Conflict] = []
    for metric, listed in metrics.items():
        found += _two_values(metric, listed)
        found += _falls(metric, listed)
        found += _totals(metric, listed, metrics.get(metric.removesuffix(CUMULATIVE), ()))
    return tuple(found)


def _two_values(metric: str, listed: Iterable[Point]) -> list[Conflict]:
    periods: dict[tuple[date | None, date | None], list[Point]] = {}
    for point in listed:
        if point.figure.value is not None:
            periods.setdefault((point.figure.period_from, point.figure.period_to), []).append(point)
    together = (Conflict("values", metric, tuple(same)) for same in periods.values() if len(same) > 1)
    return [conflict for conflict in together if not agree(point.figure for point in conflict.points)]


def within_rounding(one: float, other: float, about: bool = False) -> bool:
    """Tell whether two values may be one report, rounded differently; ``about`` allows ten times as much."""
    return abs(one - other) <= max(abs(one), abs(other)) * (10 * _SAME if about else _SAME)


def agree(figures: Iterable[Figure]) -> bool:
    """Tell whether figures of one period can all be true: within rounding, or inside the bounds that some state."""
    known: dict[Qualifier, list[float]] = {qualifier: [] for qualifier in Qualifier}
    for figure in figures:
        if figure.value is not None:
            known[figure.qualifier].append(figure.value)
    exact, about = known[Qualifier.EXACT], known[Qualifier.ABOUT]
    least, most = known[Qualifier.AT_LEAST], known[Qualifier.AT_MOST]
    stated = exact + about
    if stated and not within_rounding(max(stated), min(stated), about=bool(about)):
        return False
    slack = 1 + _SAME
    low, high = max(least, default=0.0), min(most, default=float("inf"))
    return low <= high * slack and all(low <= value * slack and value <= high * slack for value in stated)


def _falls(metric: str, listed: Iterable[Point]) -> list[Conflict]:
    found = []
    in_year: dict[int, list[Point]] = {}
    for point in listed:
        if point.running and point.figure.value is not None and not metric.endswith(CUMULATIVE):
            in_year.setdefault(point.year, []).append(point)
    for running in in_year.values():
        for before, after in pairwise(running):
            start, end = before.figure, after.figure
            if start.period_to == end.period_to or end.qualifier in (Qualifier.AT_LEAST, Qualifier.ABOUT):
                continue
            if (end.value or 0.0) < (start.value or 0.0) * (1 - _SAME) and start.qualifier is not Qualifier.AT_MOST:
                found.append(Conflict("falls", metric, (before, after)))
    return found


def _totals(metric: str, listed: tuple[Point, ...], yearly: tuple[Point, ...]) -> list[Conflict]:
    """Compare the growth of a total since opening with the year's own figure."""
    if not metric.endswith(CUMULATIVE):
        return []
    found = []
    ends = [p for p in listed if p.figure.value is not None and p.figure.period_to and p.figure.period_to.month == 12]
    for before, after in pairwise(ends):
        own = best(yearly, after.year)
        if after.year != before.year + 1 or own is None or not own.full_year or own.figure.value is None:
            continue
        grown = (after.figure.value or 0.0) - (before.figure.value or 0.0)
        least = own.figure.qualifier is Qualifier.AT_LEAST
        apart = own.figure.value - grown if least else abs(own.figure.value - grown)
        if apart > own.figure.value * 10 * _SAME:
            found.append(Conflict("totals", metric, (before, after, own)))
    return found
