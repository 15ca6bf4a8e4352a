"""Points with their intervals over a number: what was simulated, beside the function or the tolerance that is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bridgehead.render.axes import Axes, EndName, is_number, left_pad, nice_ticks, right_pad, write_ends
from bridgehead.render.marks import mark
from bridgehead.render.svg import (
    Point,
    Size,
    Words,
    area,
    empty_figure,
    figure,
    grouped,
    line,
    polyline,
    tag,
    text,
)

_CAP_PX = 4.0


@dataclass(frozen=True)
class IntervalPoint:
    """A figure of a model at a place on the horizontal axis with its interval; `title` is the tooltip."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    title: str = ""


@dataclass(frozen=True)
class Through:
    """A line that is held against the points, such as a function fitted to them; its name stands at its end."""

    points: tuple[Point, ...]
    name: str
    label: str = ""


@dataclass(frozen=True)
class Within:
    """A band from `low` to `high` over the horizontal axis, such as a tolerance, by rising x; named at its end."""

    points: tuple[tuple[float, float, float], ...]
    name: str


@dataclass(frozen=True)
class Upright:
    """A vertical rule with its words at the top."""

    x: float
    label: str


def interval_points(
    points: Sequence[IntervalPoint],
    ticks: Sequence[tuple[float, str]],
    words: Words,
    size: Size,
    *,
    span: tuple[float, float] | None = None,
    name: str = "",
    joined: bool = False,
    through: Through | None = None,
    within: Within | None = None,
    upright: Upright | None = None,
    show: Callable[[float], str] = grouped,
) -> str:
    """Draw points with their intervals, and what they are held against.

    Parameters
    ----------
    points : sequence of IntervalPoint
        By rising x.
    ticks : sequence of (float, str)
        Words below the axis.
    words : Words
        Title, description, unit above the axis, sentence when there is nothing.
    size : Size
        The drawing.
    span : (float, float), optional
        Ends of the horizontal axis; from zero to the last point by default.
    name : str
        Name of the points, at the last one.
    joined : bool
        Whether a line joins the points.
    through, within, upright
        A line, a band and a vertical rule.
    show : callable
        How a value of the axis is written.
    """
    shown = [one for one in points if is_number(one.x) and is_number(one.y)]
    if not shown:
        return empty_figure(size, words)
    axes = _axes(shown, size, span, (name, through, within), show)
    ranges = axes.rules(nice_ticks(axes.y0, axes.y1), show, words.unit)
    parts = [_band(axes, within)] if within else []
    parts += [*ranges, *axes.ticks(ticks)]
    at = [(axes.x(one.x), axes.y(one.y)) for one in shown]
    paths: list[Sequence[Point]] = [at] if joined else []
    ends = []
    if through:
        path = [(axes.x(x), axes.y(y)) for x, y in through.points]
        parts.append(polyline(path, "l3"))
        paths.append(path)
        ends.append(EndName(path[-1], (through.name, through.label), "t2"))
    if upright and axes.x0 <= upright.x <= axes.x1:
        parts += _rule(axes, upright)
    if joined:
        parts.append(polyline(at, "l1"))
    marks = [_point(axes, one) for one in shown]
    parts.append(tag("g", "".join(marks), class_="s1"))
    if name:
        ends.append(EndName(at[-1], (name,), "ta"))
    if within and within.points:
        last = within.points[-1]
        ends.append(EndName((axes.right, axes.y(last[2])), (within.name,), "t2"))
    frame = (axes.left + 2, 2.0, size.width, axes.bottom - 2)
    return figure(size, words, [*parts, *write_ends(ends, frame, paths, at)])


def _axes(
    shown: Sequence[IntervalPoint],
    size: Size,
    span: tuple[float, float] | None,
    beside: tuple[str, Through | None, Within | None],
    show: Callable[[float], str],
) -> Axes:
    """Return axes that hold points, line and band, with room for the names at the right."""
    name, through, within = beside
    values = [v for one in shown for v in (one.y, one.low, one.high) if is_number(v)]
    values += [y for _x, y in through.points] if through else []
    values += [v for _x, low, high in within.points for v in (low, high)] if within else []
    marks = nice_ticks(min(0.0, *values), max(0.0, *values))
    names = [(name,), (through.name, through.label) if through else (), (within.name,) if within else ()]
    pad = (left_pad(marks, show), 40.0, right_pad(names, size), 30.0)
    return Axes(size, span or (0.0, max(one.x for one in shown)), (marks[0], marks[-1]), pad)


def _band(axes: Axes, within: Within) -> str:
    upper = [(axes.x(x), axes.y(high)) for x, _low, high in within.points]
    lower = [(axes.x(x), axes.y(low)) for x, low, _high in within.points]
    return area(upper, lower, "band")


def _rule(axes: Axes, upright: Upright) -> list[str]:
    x = axes.x(upright.x)
    anchor = "end" if x > (axes.left + axes.right) / 2 else "start"
    shift = -5 if anchor == "end" else 5
    return [
        line(x, axes.top, x, axes.bottom, "zero dash"),
        text(x + shift, axes.top + 15, upright.label, "halo tb tg", anchor=anchor),
    ]


def _point(axes: Axes, one: IntervalPoint) -> str:
    x, drawn = axes.x(one.x), []
    if is_number(one.low) and is_number(one.high):
        low, high = axes.y(one.low), axes.y(one.high)
        drawn = [line(x, low, x, high, "scale")]
        drawn += [line(x - _CAP_PX, y, x + _CAP_PX, y, "scale") for y in (low, high)]
    return "".join([*drawn, mark(x, axes.y(one.y), "model", 3.6, one.title)])
