"""Lines over years and within the year, with the standing of every point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bridgehead.render.axes import Axes, EndName, is_number, left_pad, nice_ticks, right_pad, write_ends
from bridgehead.render.marks import mark
from bridgehead.render.svg import Point, Size, Words, empty_figure, figure, grouped, line, polyline, tag


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
EMPHASIS = {1: ("l1", "s1", "ta"), 2: ("l2", "s2", "tg"), 3: ("l3", "s3", "t2")}


def sparkline(points: Sequence[YearPoint], first_year: int, last_year: int, words: Words, size: Size = SPARK) -> str:
    """Draw years in a row of a table on the common axis `first_year` to `last_year`; dashes cross years without one."""
    shown = _by_year(points, first_year, last_year)
    if not shown:
        return empty_figure(size, words, "spark") if words.empty else ""
    low, high = min(0.0, *(p.value for p in shown)), max(0.0, *(p.value for p in shown))
    axes = Axes(size, (first_year, last_year), (low, high if high > low else 1.0), (6, 7, 6, 6))
    at = [(axes.x(p.year), axes.y(p.value)) for p in shown]
    parts = [line(2, axes.y(0.0), size.width - 2, axes.y(0.0), "rule")]
    parts += _steps(shown, at, "l1")
    parts += [mark(x, y, p.standing, 2.8, _told(p)) for p, (x, y) in zip(shown, at, strict=True)]
    said = Words(words.title, words.desc or "; ".join(p.title for p in shown if p.title))
    return figure(size, said, [tag("g", "".join(parts), class_="s1")], "spark")


def years_chart(
    series: Sequence[YearSeries],
    words: Words,
    size: Size,
    *,
    target: Target | None = None,
    show: Callable[[float], str] = grouped,
) -> str:
    """Draw figures over years with an axis, each series named at its end; dashes cross years without a figure."""
    known = [(each, _by_year(each.points)) for each in series]
    known = [(each, points) for each, points in known if points]
    if not known:
        return empty_figure(size, words)
    years = [p.year for _, points in known for p in points]
    ticks = _ticks([p.value for _, points in known for p in points], target)
    span = (min(years), max(years)) if max(years) > min(years) else (min(years) - 1, max(years) + 1)
    names = [(each.name, each.label) for each, _ in known]
    pad = (left_pad(ticks, show), 34.0, right_pad([*names, _said(target)], size), 30.0)
    axes = Axes(size, span, (ticks[0], ticks[-1]), pad)
    chart = _Chart(axes, [*axes.rules(ticks, show, words.unit), *axes.ticks(_year_words(span, axes))])
    for each, points in sorted(known, key=lambda pair: -pair[0].emphasis):
        cls, marks, tone = EMPHASIS[each.emphasis]
        at = [(axes.x(p.year), axes.y(p.value)) for p in points]
        dots = [mark(x, y, p.standing, 4.2, _told(p)) for p, (x, y) in zip(points, at, strict=True)]
        chart.add([*_steps(points, at, cls), *dots], marks, at, at)
        chart.ends.append(EndName(at[-1], (each.name, each.label), tone))
    return chart.svg(words, size, target)


def year_lines(
    lines: Sequence[YearLine],
    months: Sequence[tuple[float, str]],
    words: Words,
    size: Size,
    *,
    target: Target | None = None,
    show: Callable[[float], str] = grouped,
) -> str:
    """Draw running totals within the year, one line a year, named at their end.

    Parameters
    ----------
    lines
        The years; the one that is meant has emphasis 1.
    months
        Words below the axis: (share of the year, word).
    words
        Title, description, unit above the axis, sentence when there is nothing.
    size
        The drawing.
    target
        A tick at the end of the year.
    show
        How a value of the axis is written.
    """
    known = [(each, _in_year(each.points)) for each in lines]
    known = [(each, points) for each, points in known if points]
    if not known:
        return empty_figure(size, words)
    ticks = _ticks([p.value for _, points in known for p in points], target)
    late = [(each.name, points[-1].label) for each, points in known if points[-1].at > 0.85]
    pad = (left_pad(ticks, show), 34.0, right_pad([*late, _said(target)], size), 30.0)
    axes = Axes(size, (0.0, 1.0), (ticks[0], ticks[-1]), pad)
    chart = _Chart(axes, [*axes.rules(ticks, show, words.unit), *axes.ticks(months)])
    for each, points in sorted(known, key=lambda pair: -pair[0].emphasis):
        cls, marks, tone = EMPHASIS[each.emphasis]
        at = [(axes.x(p.at), axes.y(p.value)) for p in points]
        path = [*([(axes.x(0.0), axes.y(0.0))] if points[0].at > 0 else []), *at] if each.joined else []
        dots = [mark(x, y, p.standing, 4.2, _told(p)) for p, (x, y) in zip(points, at, strict=True)]
        chart.add([polyline(path, cls), *dots], marks, path, at)
        chart.ends.append(EndName(at[-1], (each.name, points[-1].label), tone))
    return chart.svg(words, size, target)


class _Chart:
    """The parts of a line chart while it is drawn, with what its names must keep off."""

    def __init__(self, axes: Axes, parts: list[str]) -> None:
        self.axes, self.parts = axes, parts
        self.paths: list[Sequence[Point]] = []
        self.dots: list[Point] = []
        self.ends: list[EndName] = []

    def add(self, drawn: Sequence[str], marks: str, path: Sequence[Point], dots: Sequence[Point]) -> None:
        """Add one series."""
        self.parts.append(tag("g", "".join(drawn), class_=marks))
        self.paths.append(path)
        self.dots += dots

    def svg(self, words: Words, size: Size, target: Target | None) -> str:
        """Draw the target, write the names and close the figure."""
        axes = self.axes
        if target:
            y = axes.y(target.value)
            start = axes.right - 0.08 * (axes.right - axes.left)
            self.parts.append(line(start, y, axes.right, y, "tick"))
            self.paths.append([(start, y), (axes.right, y)])
            self.ends.append(EndName((axes.right, y), ("", target.label), "tg"))
        frame = (axes.left + 2, 2.0, size.width, axes.bottom + 12)
        return figure(size, words, [*self.parts, *write_ends(self.ends, frame, self.paths, self.dots)])


def _ticks(values: Sequence[float], target: Target | None) -> list[float]:
    every = [*values, *([target.value] if target else [])]
    return nice_ticks(min(0.0, *every), max(0.0, *every))


def _said(target: Target | None) -> tuple[str, ...]:
    return (target.label,) if target else ()


def _told(point: YearPoint | DayPoint) -> str:
    """Return the words of a point's tooltip: its own, or what can be said without words."""
    if isinstance(point, DayPoint):
        return point.title or point.label or grouped(point.value)
    return point.title or f"{point.year}: {grouped(point.value)}"


def _by_year(points: Sequence[YearPoint], first: int | None = None, last: int | None = None) -> list[YearPoint]:
    """Return the points in order of the years inside the axis, without those that are no numbers."""
    inside = [
        p
        for p in points
        if is_number(p.value) and (first is None or p.year >= first) and (last is None or p.year <= last)
    ]
    return sorted(inside, key=lambda p: p.year)


def _in_year(points: Sequence[DayPoint]) -> list[DayPoint]:
    return sorted((p for p in points if is_number(p.value) and 0 <= p.at <= 1), key=lambda p: p.at)


def _steps(points: Sequence[YearPoint], at: Sequence[Point], cls: str) -> list[str]:
    """Join years that follow each other by a line, others by dashes; two figures of one year are not joined."""
    out = []
    for (p, a), (q, b) in pairwise(zip(points, at, strict=True)):
        if q.year > p.year:
            out.append(line(*a, *b, cls if q.year - p.year == 1 else f"{cls} dash"))
    return out


def _year_words(span: tuple[int, int], axes: Axes) -> list[tuple[float, str]]:
    """Return the years to be written: all where there is room, else every second, fifth, ... from the last."""
    room = max(1.0, (axes.right - axes.left) / 42.0)
    count = span[1] - span[0]
    step = next((k for k in (1, 2, 5, 10, 20, 50, 100) if count / k <= room), max(1, count))
    return [(float(year), str(year)) for year in range(span[1], span[0] - 1, -step)][::-1]
