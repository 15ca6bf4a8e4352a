"""Bars cut into stretches: where the time of a unit goes, each stretch named where it has room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridgehead.render.axes import NOTE_PX, TYPE_PX, is_number, shortened
from bridgehead.render.labels import text_width
from bridgehead.render.svg import Size, Words, empty_figure, figure, grouped, hint, rect, tag, text

BAR_PX = 16.0
ROW_PX = 58.0
KINDS = {"work": "bar2", "wait": "bar1", "held": "mw"}
"""Work in grey, waiting in accent, being held up in alarm."""


@dataclass(frozen=True)
class Stretch:
    """A part of a bar: how long, one of `KINDS`, its name and its tooltip."""

    value: float
    kind: str
    name: str = ""
    title: str = ""


@dataclass(frozen=True)
class StackedBar:
    """A bar of stretches with its name above and the words of its total at its tip."""

    name: str
    stretches: tuple[Stretch, ...]
    total: str


def stacked_bars(bars: Sequence[StackedBar], words: Words, size: Size) -> str:
    """Draw bars on one scale below each other; names of stretches that have no room are left to the table beside."""
    shown = [(bar, [one for one in bar.stretches if is_number(one.value) and one.value > 0]) for bar in bars]
    shown = [(bar, parts) for bar, parts in shown if parts]
    if not shown:
        return empty_figure(size, words)
    longest = max(sum(one.value for one in parts) for _, parts in shown)
    room = size.width - max(text_width(bar.total, TYPE_PX, bold=True) for bar, _ in shown) - 10
    out = []
    for row, (bar, parts) in enumerate(shown):
        y = row * ROW_PX
        out.append(text(0, y + 13, shortened(bar.name, TYPE_PX, size.width), "t", size=TYPE_PX))
        out += _bar(parts, room / longest, y + 20)
        end = sum(one.value for one in parts) * room / longest
        out.append(text(end + 7, y + 20 + BAR_PX - 3.5, bar.total, "tb", size=TYPE_PX))
    return figure(Size(size.width, len(shown) * ROW_PX, size.narrow, size.alone), words, out)


def _bar(parts: Sequence[Stretch], scale: float, y: float) -> list[str]:
    """Return one bar; the name of a stretch stands below it where it is no wider than the stretch."""
    out, x = [], 0.0
    for one in parts:
        wide = one.value * scale
        gap = 1.0 if wide > 3 else 0.0
        drawn = rect(x, y, wide - gap, BAR_PX, KINDS[one.kind])
        name = ""
        if one.name and text_width(one.name, NOTE_PX) <= wide - 4:
            name = text(x, y + BAR_PX + 13, one.name, "t2", size=NOTE_PX)
        out.append(tag("g", hint(one.title or f"{one.name} {grouped(one.value)}") + drawn + name))
        x += wide
    return out
