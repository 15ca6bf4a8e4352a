"""Lines with the band between which most replications of a model lie, over hours or days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bridgehead.render.axes import Axes, EndName, is_number, left_pad, nice_ticks, right_pad, write_ends
from bridgehead.render.series import EMPHASIS
from bridgehead.render.svg import Point, Size, Words, area, empty_figure, figure, grouped, line, polyline, rect, tag

Values = Sequence[float | None]


@dataclass(frozen=True)
class BandLine:
    """A line of values at equal steps with the band around it; its name and label stand at its end.

    `emphasis` as in `bridgehead.render.series`: 1 accent, 2 ink, 3 grey. Without `low` and `high` there is no band.
    """

    name: str
    values: Values
    low: Values = ()
    high: Values = ()
    label: str = ""
    emphasis: int = 1


def band_chart(
    lines: Sequence[BandLine],
    ticks: Sequence[tuple[float, str]],
    words: Words,
    size: Size,
    *,
    shaded: Sequence[tuple[float, float]] = (),
    show: Callable[[float], str] = grouped,
) -> str:
    """Draw lines with their bands over steps counted from 0.

    Parameters
    ----------
    lines : sequence of BandLine
        All of the same length; the one that is meant has emphasis 1.
    ticks : sequence of (float, str)
        Words below the axis.
    words : Words
        Title, description, unit above the axis, sentence when there is nothing.
    size : Size
        The drawing.
    shaded : sequence of (float, float)
        Spans of steps that are shaded from top to bottom.
    show : callable
        How a value of the axis is written.
    """
    steps = max((len(each.values) for each in lines), default=0)
    known = [v for each in lines for v in (*each.values, *each.low, *each.high) if is_number(v)]
    if steps < 2 or not known:
        return empty_figure(size, words)
    marks = nice_ticks(min(0.0, *known), max(known))
    names = [(each.name, each.label) for each in lines]
    pad = (left_pad(marks, show), 34.0, right_pad(names, size) if any(map(any, names)) else 8.0, 30.0)
    axes = Axes(size, (0.0, steps - 1.0), (marks[0], marks[-1]), pad)
    parts = [
        rect(axes.x(max(0.0, begin)), axes.top, axes.x(min(end, steps - 1.0)) - axes.x(max(0.0, begin)),
             axes.bottom - axes.top, "bar0", title="")
        for begin, end in shaded
    ]  # fmt: skip
    parts = [tag("g", "".join(parts), opacity="0.45")] if parts else []
    parts += axes.rules(marks, show, words.unit)
    parts += axes.ticks(ticks)
    ends: list[EndName] = []
    paths: list[Sequence[Point]] = []
    for each in sorted(lines, key=lambda one: -one.emphasis):
        parts += [_band(axes, run, each) for run in _runs(each.low, each.high)]
        for run in _runs(each.values):
            path = [(axes.x(i), axes.y(each.values[i] or 0.0)) for i in run]
            parts.append(polyline(path, EMPHASIS[each.emphasis][0]))
            paths.append(path)
        if (each.name or each.label) and paths:
            ends.append(EndName(paths[-1][-1], (each.name, each.label), EMPHASIS[each.emphasis][2]))
    frame = (axes.left + 2, 2.0, size.width, axes.bottom + 12)
    return figure(size, words, [*parts, line(axes.left, axes.bottom, axes.right, axes.bottom, "rule"),
                                *write_ends(ends, frame, paths, [])])  # fmt: skip


def _band(axes: Axes, run: Sequence[int], each: BandLine) -> str:
    upper = [(axes.x(i), axes.y(each.high[i] or 0.0)) for i in run]
    lower = [(axes.x(i), axes.y(each.low[i] or 0.0)) for i in run]
    drawn = area(upper, lower, "band" if each.emphasis == 1 else "bar0")
    return drawn if each.emphasis == 1 else tag("g", drawn, opacity="0.7")


def _runs(*values: Values) -> list[list[int]]:
    """Return the stretches of steps at which all of some rows of values are numbers."""
    steps = min((len(row) for row in values), default=0)
    there = groupby(range(steps), key=lambda i: all(is_number(row[i]) for row in values))
    return [list(run) for known, run in there if known]
