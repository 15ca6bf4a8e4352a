"""Lines over years and within the year, with the standing of every point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bridgehead.render.svg import Size, Words, grouped


@dataclass(frozen=True)
class YearPoint:
    """One figure of a year: value in the unit shown, standing, the words of its tooltip ("2023 年 ≥3,800 万吨")."""

    year: int
    value: float
    standing: str
    title: str = ""


@dataclass(frozen=True)
class YearSeries:
    """Figures over years: its name stands at the end of the line, `label` below it (value of the last point).

    `emphasis` 1 is the series that is meant (accent), 2 ink, 3 grey.
    """

    name: str
    points: tuple[YearPoint, ...]
    label: str = ""
    emphasis: int = 1


@dataclass(frozen=True)
class DayPoint:
    """A running total within a year.

    `at` is the share of the year gone (0 to 1); `value` in the unit shown, `label` the value as words with its
    qualifier ("≥3,800", "约 1,633", "≤50"), `title` the tooltip.
    """

    at: float
    value: float
    standing: str
    label: str = ""
    title: str = ""


@dataclass(frozen=True)
class YearLine:
    """Running totals of one year, drawn from zero on 1 January; name and label of the last point stand at its end.

    `joined` False draws the points only, for a year of which single figures are known.
    """

    name: str
    points: tuple[DayPoint, ...]
    emphasis: int = 2
    joined: bool = True


@dataclass(frozen=True)
class Target:
    """A target for the end of the year: a tick at the right edge with its words."""

    value: float
    label: str


SPARK = Size(150, 34, alone=True)


def sparkline(points: Sequence[YearPoint], first_year: int, last_year: int, words: Words, size: Size = SPARK) -> str:
    """Years in a row of a table, on the common axis `first_year` to `last_year`; dashes cross years without a figure."""
    raise NotImplementedError


def years_chart(
    series: Sequence[YearSeries],
    words: Words,
    size: Size,
    *,
    target: Target | None = None,
    show: Callable[[float], str] = grouped,
) -> str:
    """Figures over years with an axis, one to three series named at their end; dashes cross years without a figure."""
    raise NotImplementedError


def year_lines(
    lines: Sequence[YearLine],
    months: Sequence[tuple[float, str]],
    words: Words,
    size: Size,
    *,
    target: Target | None = None,
    show: Callable[[float], str] = grouped,
) -> str:
    """Running totals within the year, one line a year, named at their end; `months` are (share of the year, word)."""
    raise NotImplementedError
