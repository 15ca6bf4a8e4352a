"""Reported figures of ports, groups of ports and the region: every one with its standing, and the best of a year."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bridgehead.kernel.source import Figure, Qualifier, Standing, standing_of
from bridgehead.kernel.tables import Row

FREIGHT = "cargo_tonnes"
CUMULATIVE = "_cumulative"
_TRUST = {standing: rank for rank, standing in enumerate(Standing)}
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


def points_of(rows: Iterable[Row]) -> Mapping[str, Mapping[str, tuple[Point, ...]]]:
    """Return the rows of ``port_throughput.csv`` as points by subject and metric, each in time."""
    found: dict[str, dict[str, list[Point]]] = {}
    for row in rows:
        subject, metric = cell(row, "port_id"), cell(row, "metric")
        growth = row.get("yoy_pct")
        figure = figure_of(row)
        year = row.get("year") or (figure.period_to.year if figure.period_to else 0)
        point = Point(
            subject=subject,
            metric=metric,
            year=int(year),  # type: ignore[arg-type]
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
