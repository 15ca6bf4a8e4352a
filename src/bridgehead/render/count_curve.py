"""Curves over a whole number, such as lanes: each with its band, today's number marked, a limit drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bridgehead.render.axes import (
    NOTE_PX,
    TYPE_PX,
    Axes,
    dense,
    is_number,
    left_pad,
    nice_ticks,
    right_pad,
    shortened,
)
from bridgehead.render.labels import LINE_HEIGHT, Box, text_width
from bridgehead.render.marks import mark
from bridgehead.render.series import EMPHASIS
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
    rect,
    tag,
    text,
)


@dataclass(frozen=True)
class CountPoint:
    """A value at a whole number with the ends of its interval; `title` is its tooltip."""

    count: int
    value: float
    low: float
    high: float
    title: str = ""


@dataclass(frozen=True)
class CountLine:
    """A curve: its name stands at its end. `emphasis` as in `bridgehead.render.series`: 1 accent, 2 ink, 3 grey."""

    name: str
    points: tuple[CountPoint, ...]
    emphasis: int = 1


@dataclass(frozen=True)
class Marked:
    """What is marked on the axis and across it.

    Parameters
    ----------
    now : int or None
        The number that stands today, with `now_words`.
    limit : float or None
        A value that must not be passed, with `limit_words`.
    without : tuple of int
        Numbers that were tried and have no value, with `without_words`.
    """

    now: int | None = None
    now_words: str = ""
    limit: float | None = None
    limit_words: str = ""
    without: tuple[int, ...] = ()
    without_words: str = ""


def count_curve(
    lines: Sequence[CountLine],
    words: Words,
    size: Size,
    *,
    marked: Marked | None = None,
    axis: str = "",
    show: Callable[[float], str] = grouped,
) -> str:
    """Draw curves over a whole number.

    Parameters
    ----------
    lines : sequence of CountLine
        The one that is meant has emphasis 1.
    words : Words
        Title, description, unit above the axis, sentence when there is nothing.
    size : Size
        The drawing.
    marked : Marked, optional
        The number of today, the limit, and numbers without a value.
    axis : str
        What the numbers below the axis count.
    show : callable
        How a value of the axis is written.
    """
    said = marked or Marked()
    known = [p for each in lines for p in _drawn(each)]
    if not known:
        return empty_figure(size, words)
    counts = sorted({p.count for p in known} | set(said.without) | ({said.now} if said.now is not None else set()))
    limit = [said.limit] if said.limit is not None else []
    marks = nice_ticks(0.0, max(*(end for p in known for end in (p.value, p.high) if is_number(end)), *limit, 0.0))
    span = (counts[0] - 0.5, counts[-1] + 0.5)
    names = [(each.name,) for each in lines] + ([(said.limit_words,)] if limit else [])
    pad = (left_pad(marks, show), 62.0, right_pad(names, size), 46.0)
    axes = Axes(size, span, (marks[0], marks[-1]), pad)
    parts = [*_without(axes, said, counts), *axes.rules(marks, show, words.unit)]
    parts += [*axes.ticks([(float(count), str(count)) for count in counts]), *_now(axes, said)]
    parts.append(text((axes.left + axes.right) / 2, axes.bottom + 40, axis, "t2", anchor="middle", size=NOTE_PX))
    ends: list[_End] = []
    ink: list[Point] = []
    for each in sorted(lines, key=lambda one: -one.emphasis):
        parts += _curve(axes, each, ends, ink)
    if said.now is not None:
        ink += dense([(axes.x(said.now), axes.top - 22), (axes.x(said.now), axes.bottom)])
    parts += _limit(axes, said, ink, ends)
    return figure(size, words, [*parts, *_names(axes, ends, size.width)])


@dataclass(frozen=True)
class _End:
    """Words that stand at the right, level with where a line ends or as near to that as the others let them."""

    tip: Point
    words: str
    cls: str
    size: float = TYPE_PX
    bold: bool = True


def _drawn(each: CountLine) -> list[CountPoint]:
    return sorted((p for p in each.points if is_number(p.value)), key=lambda p: p.count)


def _curve(axes: Axes, each: CountLine, ends: list[_End], ink: list[Point]) -> list[str]:
    """Draw one curve with its band, and keep where it ends and what words must keep off."""
    points = _drawn(each)
    if not points:
        return []
    cls, marks, tone = EMPHASIS[each.emphasis]
    bounded = [p for p in points if is_number(p.low) and is_number(p.high)]
    band = area(
        [(axes.x(p.count), axes.y(p.high)) for p in bounded],
        [(axes.x(p.count), axes.y(p.low)) for p in bounded],
        "band" if each.emphasis == 1 else "bar0",
    )
    at = [(axes.x(p.count), axes.y(p.value)) for p in points]
    # Between numbers there is nothing: the line only leads the eye.
    shown = [mark(x, y, "model", 3.6, p.title) for p, (x, y) in zip(points, at, strict=True)]
    ink += dense(at)
    ink += [(x + dx, y + dy) for x, y in at for dx, dy in ((-4.5, 0.0), (4.5, 0.0), (0.0, -4.5), (0.0, 4.5))]
    ends.append(_End(at[-1], each.name, tone))
    return [band, polyline(at, cls), tag("g", "".join(shown), class_=marks)]


def _now(axes: Axes, said: Marked) -> list[str]:
    if said.now is None:
        return []
    x = axes.x(said.now)
    half = text_width(said.now_words, NOTE_PX) / 2
    at = min(max(x, axes.left + half), max(axes.right - half, axes.left + half))
    return [
        line(x, axes.top - 22, x, axes.bottom, "leader"),
        text(at, axes.top - 28, said.now_words, "halo tg", anchor="middle", size=NOTE_PX),
    ]


def _limit(axes: Axes, said: Marked, ink: Sequence[Point], ends: list[_End]) -> list[str]:
    """Draw the limit; its words stand beside it where nothing is in their way, else with the names at the right."""
    if said.limit is None:
        return []
    y = axes.y(said.limit)
    rule = line(axes.left, y, axes.right, y, "tick dash")
    boxes = _beside_rule(axes, y, text_width(said.limit_words, NOTE_PX))
    free = next((box for box in boxes if not any(_inside(box, point) for point in ink)), None)
    if free is None:
        ends.append(_End((axes.right, y), said.limit_words, "tg", NOTE_PX, bold=False))
        return [rule]
    return [rule, text(free[0], free[3] - 4, said.limit_words, "halo tg", size=NOTE_PX)]


def _beside_rule(axes: Axes, y: float, width: float) -> Iterator[Box]:
    """Yield where words beside a rule may stand, the most liked first: above it, then below, from the left."""
    height = NOTE_PX * LINE_HEIGHT
    for top in (y - height - 1, y + 3):
        if top >= 2.0 and top + height <= axes.bottom:
            for step in range(int((axes.right - axes.left - width - 4) // 8) + 1):
                left = axes.left + 4 + 8 * step
                yield left, top, left + width, top + height


def _names(axes: Axes, ends: Sequence[_End], most: float) -> list[str]:
    """Write the names right of the plot, in the order in which the lines end, so that no leader crosses another."""
    ordered = sorted(ends, key=lambda one: one.tip[1])
    height = TYPE_PX * LINE_HEIGHT + 2
    levels: list[float] = []
    for one in ordered:
        levels.append(max(one.tip[1], levels[-1] + height) if levels else one.tip[1])
    lowest = axes.bottom + 2
    for at in reversed(range(len(levels))):
        levels[at] = min(levels[at], lowest)
        lowest = levels[at] - height
    out, left = [], axes.right + 8
    for one, y in zip(ordered, levels, strict=True):
        if left - one.tip[0] > 12 or abs(y - one.tip[1]) > 4:
            out.append(line(one.tip[0] + 5, one.tip[1], left - 3, y, "leader"))
        words = shortened(one.words, one.size, most - left, bold=one.bold)
        out.append(text(left, y + 4, words, f"halo tb {one.cls}" if one.bold else f"halo {one.cls}", size=one.size))
    return out


def _inside(box: Box, point: Point) -> bool:
    left, top, right, bottom = box
    return left - 6 < point[0] < right + 6 and top - 2 < point[1] < bottom + 2


def _without(axes: Axes, said: Marked, counts: Sequence[int]) -> list[str]:
    """Shade the numbers without a value, each half way to its neighbours; the words stand once, in the widest span."""
    spans: list[list[float]] = []
    edges = [axes.x0, *((a + b) / 2 for a, b in pairwise(counts)), axes.x1]
    for i, count in enumerate(counts):
        if count in said.without:
            if spans and spans[-1][1] == edges[i]:
                spans[-1][1] = edges[i + 1]
            else:
                spans.append([edges[i], edges[i + 1]])
    out = [
        tag("g", rect(axes.x(a), axes.top, axes.x(b) - axes.x(a), axes.bottom - axes.top, "bar0",
                      title=said.without_words), opacity="0.45")
        for a, b in spans
    ]  # fmt: skip
    if spans:
        a, b = max(spans, key=lambda span: span[1] - span[0])
        if text_width(said.without_words, NOTE_PX) <= axes.x(b) - axes.x(a) - 8:
            middle = (axes.x(a) + axes.x(b)) / 2
            out.append(text(middle, axes.bottom - 10, said.without_words, "t2", anchor="middle", size=NOTE_PX))
    return out
