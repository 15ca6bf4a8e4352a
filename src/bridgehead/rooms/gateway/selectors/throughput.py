"""Reported throughput: points with standing and source, the best figure of a year, and reports that disagree."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Figure, Qualifier, Standing, standing_of
from bridgehead.kernel.tables import Row

FREIGHT = "cargo_tonnes"
CUMULATIVE = "_cumulative"
_TRUST = {standing: rank for rank, standing in enumerate(Standing)}
# Relative difference below which two figures count as the same report, rounded differently.
_SAME = 0.005
NINE_MONTHS = 0.74
"""Share of the year from which a running total may stand in a row of years."""


@dataclass(frozen=True, slots=True)
class Point:
    """One reported value of a metric for a port, a group of ports or the region.

    Attributes
    ----------
    subject, metric : str
        What is counted, and how.
    year : int
        Year of the last day.
    full_year : bool
        Whether the value covers the whole of that year.
    figure : Figure
        Value with standing, source and period.
    yoy_pct : float or None
        Growth over the same period a year before, in percent, as published.
    line : int
        Row of ``port_throughput.csv``.
    """

    subject: str
    metric: str
    year: int
    full_year: bool
    figure: Figure
    yoy_pct: float | None
    line: int

    @property
    def running(self) -> bool:
        """Whether the value runs from 1 January of its year, so that it can stand for the year so far."""
        start, end = self.figure.period_from, self.figure.period_to
        if start is None or end is None:
            return self.full_year
        return (start.month, start.day) == (1, 1) and start.year == end.year

    @property
    def gone(self) -> float:
        """Share of the year that is over on the last day of the period, 0 to 1."""
        return share_of_year(self.figure.period_to)


def share_of_year(day: date | None) -> float:
    """Return which share of its year is over at the end of a day; 1 where no day is known."""
    if day is None:
        return 1.0
    return day.timetuple().tm_yday / (366 if calendar.isleap(day.year) else 365)


def cell(row: Row, name: str) -> str:
    """Return a cell as text, empty where the table lacks the column."""
    if name not in row:
        return ""
    value = row[name]
    return "" if value is None else value if isinstance(value, str) else row.text(name)


def figure_of(row: Row, value: str = "value", unit: str | None = None, confidence: str = "confidence") -> Figure:
    """Return the figure a row of the facts states, with everything it says about it.

    Parameters
    ----------
    row : Row
        A row with the common columns of the facts (source, source_date, confidence, qualifier, note, period).
    value : str
        Column of the number.
    unit : str, optional
        The unit; by default that of the column ``unit``.
    confidence : str
        Column of the confidence word; a table without one counts as reported.
    """
    stated = row.get(value)
    said = cell(row, confidence)
    qualifier = cell(row, "qualifier")
    return Figure(
        value=float(stated) if isinstance(stated, int | float) else None,
        unit=cell(row, "unit") if unit is None else unit,
        standing=standing_of(said) if confidence in row else Standing.REPORTED,
        qualifier=qualifier_of(qualifier),
        confidence=said,
        source=cell(row, "source"),
        source_date=cell(row, "source_date"),
        period_from=_day(row.get("period_from")),
        period_to=_day(row.get("period_to")),
        note=cell(row, "note"),
    )


def qualifier_of(word: str) -> Qualifier:
    """Return the qualifier a table names; none is exact, an unknown one counts as about: nothing may look firmer."""
    if not word:
        return Qualifier.EXACT
    return Qualifier(word) if word in set(Qualifier) else Qualifier.ABOUT


def weakest(standings: Iterable[Standing]) -> Standing:
    """Return the weakest of several standings, an estimate where there is none: a sum is no better than its parts."""
    return max(standings, key=lambda standing: _TRUST[standing], default=Standing.ESTIMATE)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def rows(loaded: Loaded, table: str) -> tuple[Row, ...]:
    """Return the rows of a table; none where the region does without it."""
    return loaded.region.rows(table) if table in loaded.region.tables else ()


def _index(loaded: Loaded) -> Mapping[str, Mapping[str, tuple[Point, ...]]]:
    found: dict[str, dict[str, list[Point]]] = {}
    for row in rows(loaded, "port_throughput"):
        subject, metric = cell(row, "port_id"), cell(row, "metric")
        growth = row.get("yoy_pct")
        figure = figure_of(row)
        year = row.get("year") or (figure.period_to.year if figure.period_to else 0)
        point = Point(
            subject=subject,
            metric=metric,
            year=int(year),  # type: ignore[call-overload]
            full_year=bool(row.get("full_year")),
            figure=figure,
            yoy_pct=float(growth) if isinstance(growth, int | float) else None,
            line=row.line,
        )
        found.setdefault(subject, {}).setdefault(metric, []).append(point)
    return {
        subject: {metric: tuple(sorted(points, key=_in_time)) for metric, points in metrics.items()}
        for subject, metrics in found.items()
    }


def _in_time(point: Point) -> tuple[date, date, int]:
    end = point.figure.period_to or date(max(point.year, 1), 12, 31)
    return end, point.figure.period_from or end, point.line


def by_metric(loaded: Loaded, subject: str) -> Mapping[str, tuple[Point, ...]]:
    """Return the points of a port, group or region by metric, each in time; empty where nothing was reported."""
    index: Mapping[str, Mapping[str, tuple[Point, ...]]] = loaded.remember("gateway.throughput", lambda: _index(loaded))
    return index.get(subject, {})


def points(loaded: Loaded, subject: str, metric: str = FREIGHT) -> tuple[Point, ...]:
    """Return the points of one metric of a port, group or region, in time."""
    return by_metric(loaded, subject).get(metric, ())


def best(candidates: Iterable[Point], year: int) -> Point | None:
    """Return the point that stands for a year: the full year, else the running total that goes furthest.

    Of several reports of the same period the better founded one counts, then the later source. Sums over several
    years and single months stand for no year.
    """
    usable = [p for p in candidates if p.year == year and p.figure.value is not None and (p.full_year or p.running)]
    if not usable:
        return None

    def worth(point: Point) -> tuple[bool, float, int, str, int]:
        return (
            point.full_year,
            point.gone,
            -_TRUST[point.figure.standing],
            point.figure.source_date,
            point.line,
        )

    return max(usable, key=worth)


def years(candidates: Iterable[Point]) -> tuple[Point, ...]:
    """Return the best point of every year that has one, in order of the years."""
    listed = tuple(candidates)
    found = (best(listed, year) for year in sorted({point.year for point in listed}))
    return tuple(point for point in found if point is not None)


def nearly_years(candidates: Iterable[Point]) -> tuple[Point, ...]:
    """Return the best point of every year that can stand beside whole years: at least nine months of it."""
    return tuple(point for point in years(candidates) if point.full_year or point.gone >= NINE_MONTHS)


def latest(candidates: Iterable[Point], full_year: bool = False) -> Point | None:
    """Return the best point of the last year that has one; with ``full_year`` of the last whole year."""
    found = [point for point in years(candidates) if point.full_year or not full_year]
    return found[-1] if found else None


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
