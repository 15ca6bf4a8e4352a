"""Linear axes: round ticks, horizontal rules, names at the ends of lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeGuard

from bridgehead.render.labels import Box, Label, LabelLine, place_labels, text_width
from bridgehead.render.svg import Point, Size, line, text

TYPE_PX = 12.5
NOTE_PX = 12.0


MOST = 1e150
"""Values beyond are taken as no number: no quantity of this world is that large, and their differences overflow."""


def is_number(value: float | None) -> TypeGuard[float]:
    """Tell whether a value can be drawn: there, finite and not beyond :data:`MOST`."""
    return value is not None and math.isfinite(value) and abs(value) <= MOST


def nice_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return at most `most` (3 or more) round values that reach from at or below `low` to at or above `high`.

    Zero is among them if it is inside. A span of nothing is widened to zero, and nothing at all to one.
    """
    low, high = min(low, high), max(low, high)
    if high - low <= 1e-9 * max(abs(low), abs(high)) or high - low < 1 / MOST:
        low, high = min(low, 0.0), max(high, 0.0)
        if high - low < 1 / MOST:
            low, high = 0.0, 1.0
    power = 10.0 ** math.floor(math.log10((high - low) / (most - 1)))
    for step in (k * power for k in (1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0)):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first + 1 <= most:
            break
    return [i * step for i in range(first, last + 1)]


class Axes:
    """Axes of a chart: horizontal rules only, values at the rule, zero drawn darker, no axis lines.

    `pad` is the free margin left, top, right, bottom.
    """

    def __init__(
        self, size: Size, x: tuple[float, float], y: tuple[float, float], pad: tuple[float, float, float, float]
    ) -> None:
        self.left, self.top = pad[0], pad[1]
        self.right, self.bottom = max(pad[0] + 1, size.width - pad[2]), max(pad[1] + 1, size.height - pad[3])
        self.x0, self.x1 = x
        self.y0, self.y1 = y

    def x(self, value: float) -> float:
        """Pixels of a value on the horizontal axis."""
        return self.left + _share(value, self.x0, self.x1) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Pixels of a value on the vertical axis."""
        return self.bottom - _share(value, self.y0, self.y1) * (self.bottom - self.top)

    def rules(self, ticks: Sequence[float], show: Callable[[float], str], unit: str) -> list[str]:
        """Draw the horizontal rules with their values; the unit stands once, above the top rule."""
        out = [text(0, self.y(ticks[-1]) - 12, unit, "t2", size=NOTE_PX)] if unit and ticks else []
        for value in ticks:
            y = self.y(value)
            out.append(line(self.left, y, self.right, y, "zero" if value == 0 else "rule"))
            out.append(text(self.left - 10, y + 4, show(value), "t2", anchor="end", size=NOTE_PX))
        return out

    def ticks(self, pairs: Sequence[tuple[float, str]]) -> list[str]:
        """Write words below the axis; every second, third and so on where more would touch each other."""
        every = next((n for n in range(1, len(pairs)) if self._apart(pairs[::n])), max(1, len(pairs)))
        return [
            text(self.x(value), self.bottom + 20, words, "t2", anchor="middle", size=NOTE_PX)
            for value, words in pairs[::every]
        ]

    def _apart(self, pairs: Sequence[tuple[float, str]]) -> bool:
        """Tell whether words below the axis stand clear of each other."""
        ends = [(self.x(value), text_width(words, NOTE_PX) / 2) for value, words in pairs]
        return all(b - half >= a + before + 8 for (a, before), (b, half) in pairwise(ends))


def _share(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5


def left_pad(ticks: Sequence[float], show: Callable[[float], str]) -> float:
    """Return the room that the values of an axis need at the left."""
    return max((text_width(show(v), NOTE_PX) for v in ticks), default=0.0) + 12


def shortened(words: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return the words, cut with an ellipsis where they are wider than the room."""
    if text_width(words, size, bold=bold) <= room:
        return words
    cut = words
    while cut and text_width(cut + "…", size, bold=bold) > room:
        cut = cut[:-1]
    return cut.rstrip() + "…"


@dataclass(frozen=True)
class EndName:
    """Words at the end of a line: first row bold, the others plain; `tip` is where the line ends."""

    tip: Point
    rows: tuple[str, ...]
    cls: str

    def label(self, key: str, room: float) -> Label:
        """Return it as a label of at most `room` pixels."""
        lines = tuple(
            LabelLine(shortened(row, TYPE_PX, room, bold=i == 0), TYPE_PX, self.cls, bold=i == 0)
            for i, row in enumerate(self.rows)
            if row
        )
        return Label(key, *self.tip, 5.0, lines, rank=0, prefer="E")


def right_pad(names: Sequence[tuple[str, ...]], size: Size) -> float:
    """Return the room that names at the right end need, at most two fifths of the drawing."""
    widest = max((text_width(row, TYPE_PX, bold=True) for rows in names for row in rows), default=0.0)
    return min(size.width * 0.4, widest + 18)


def write_ends(
    ends: Sequence[EndName], frame: Box, lines: Iterable[Sequence[Point]], marks: Sequence[Point]
) -> list[str]:
    """Write the names beside the ends of their lines, off the lines and marks and never over each other.

    Parameters
    ----------
    ends
        The names; those without words are passed over.
    frame
        Box (left, top, right, bottom) that holds all of them.
    lines
        The lines of the chart as points, which the names avoid where possible.
    marks
        Centres of the data points, which stay free.
    """
    ink = [(x, y, 1.4) for each in lines for x, y in dense(each)]
    room = 0.55 * (frame[2] - frame[0])
    labels = [end.label(str(i), room) for i, end in enumerate(ends) if any(end.rows)]
    placement = place_labels(labels, frame, markers=[(x, y, 4.5) for x, y in marks], inked=ink)
    placed = list(placement.placed)
    if placement.left_out:
        placed = list(place_labels(labels, frame).placed)
    out = []
    for each in placed:
        if each.leader:
            (x0, y0), (x1, y1) = each.tether()
            out.append(line(x0, y0, x1, y1, "leader"))
        for x, y, row in each.baselines():
            cls = f"halo tb {row.cls}" if row.bold else f"halo {row.cls}"
            out.append(text(x, y, row.words, cls, anchor=each.anchor, size=row.size))
    return out


def dense(points: Sequence[Point]) -> Iterable[Point]:
    """Yield points along a broken line, five pixels apart."""
    for (x0, y0), (x1, y1) in pairwise(points):
        count = max(1, math.ceil(math.dist((x0, y0), (x1, y1)) / 5.0))
        for i in range(count + 1):
            yield x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count
