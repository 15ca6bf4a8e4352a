"""Bars: pace against a target, places compared, reports beside the model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bridgehead.render.axes import NOTE_PX, TYPE_PX, is_number, shortened
from bridgehead.render.labels import text_width
from bridgehead.render.marks import mark
from bridgehead.render.svg import Size, Words, empty_figure, figure, grouped, hint, line, link, num, rect, tag, text

ROW_PX = 29.0
PAIR_PX = 40.0


@dataclass(frozen=True)
class Pace:
    """Progress against a target, both in one unit; `gone` is the share of the year that is over, None if it is whole.

    `done` None means that no figure was found: the track stays empty.
    """

    target: float
    done: float | None = None
    gone: float | None = None


@dataclass(frozen=True)
class Bar:
    """One bar: name at the left, value in the unit shown, `label` at the tip; `meant` takes the accent.

    `value` None is a row without a figure: `label` says so in place of a bar.
    """

    name: str
    value: float | None
    label: str
    standing: str = ""
    href: str = ""
    title: str = ""
    meant: bool = False


@dataclass(frozen=True)
class PairedBar:
    """Reported and modelled value of one thing, in one unit; None is drawn as its label ("未查到") without a bar."""

    name: str
    reported: float | None
    modelled: float | None
    reported_label: str = ""
    modelled_label: str = ""
    standing: str = "reported"
    href: str = ""
    title: str = ""


def pace_bar(pace: Pace, title: str, width: float = 296) -> str:
    """Draw bar = share of the target, black tick = share of the year gone, thin rule = the target; it fills its box.

    A figure that was not found leaves the track empty, a target that is not above zero leaves it without the rule.
    """
    whole = is_number(pace.target) and pace.target > 0
    known = whole and is_number(pace.done)
    done = max(0.0, pace.done / pace.target) if whole and is_number(pace.done) else 0.0
    px = width / (max(1.0, min(done, 4.0)) * 1.02)
    parts = [rect(0, 4, px if whole else width, 6, "bar0")]
    if known:
        parts.append(rect(0, 4, min(done * px, width), 6, "bar1"))
    if whole:
        parts.append(line(px, 1, px, 13, "zero"))
    if whole and is_number(pace.gone):
        at = max(0.0, min(1.0, pace.gone)) * px
        parts.append(line(at, 0, at, 14, "tick"))
    return tag(
        "svg",
        hint(title) + tag("desc", _told(pace)) + "".join(parts),
        class_="fig",
        viewBox=f"0 0 {num(width)} 14",
        preserveAspectRatio="none",
        role="img",
        aria_label=title,
    )


def _told(pace: Pace) -> str:
    """Return the numbers behind a pace bar: done / target, and the share of the year gone."""
    done, target = (grouped(value) if is_number(value) else "–" for value in (pace.done, pace.target))
    return f"{done} / {target}" + (f" · {pace.gone:.0%}" if is_number(pace.gone) else "")


def bars(rows: Sequence[Bar], words: Words, size: Size, *, sort: bool = True) -> str:
    """Draw horizontal bars on one scale from zero, largest first, value at the tip; the height follows the rows.

    Values below zero go to the left of the zero rule. Rows without a figure stand last and say so.
    """
    if not rows:
        return empty_figure(size, words)
    known = [row.value for row in rows if is_number(row.value)]
    if sort:
        rows = sorted(rows, key=lambda row: row.value if is_number(row.value) else -math.inf, reverse=True)
    names, tips = _columns([row.name for row in rows], [row.label for row in rows], size)
    scale = _Scale(known, names, size.width - tips, size.width)
    parts = []
    for i, row in enumerate(rows):
        y = i * ROW_PX
        name = shortened(row.name, TYPE_PX, names - 10)
        drawn = [hint(row.title or f"{row.name} {row.label}"), rect(0, y, size.width, ROW_PX, "grip")]
        drawn.append(text(names - 10, y + 19, name, "t", anchor="end", size=TYPE_PX))
        tip = names
        if is_number(row.value):
            left, right = scale.span(row.value)
            drawn.append(rect(left, y + 7, right - left, 16, "bar1" if row.meant else "bar2"))
            tip = right
        if row.standing:
            drawn.append(mark(tip + 11, y + 15, row.standing, 3.4))
            tip += 14
        shown = shortened(row.label, TYPE_PX, size.width - tip - 7)
        drawn.append(text(tip + 7, y + 20, shown, "t" if is_number(row.value) else "t2", size=TYPE_PX))
        parts.append(link("".join(drawn), row.href))
    if known and min(known) < 0:
        parts.append(line(scale.x(0.0), 0, scale.x(0.0), len(rows) * ROW_PX, "zero"))
    tall = Size(size.width, len(rows) * ROW_PX + 4, size.narrow, size.alone)
    said = Words(words.title, words.desc or "; ".join(f"{row.name} {row.label}" for row in rows))
    return figure(tall, said, parts, "bars", group=any(row.href for row in rows))


def paired_bars(rows: Sequence[PairedBar], heads: tuple[str, str], words: Words, size: Size) -> str:
    """Draw two thin bars a row, reported (grey, with its mark) above modelled (accent); `heads` name the two."""
    if not rows:
        return empty_figure(size, words)
    labels = [label for row in rows for label in (row.reported_label, row.modelled_label)]
    names, tips = _columns([row.name for row in rows], labels, size)
    scale = _Scale(
        [v for row in rows for v in (row.reported, row.modelled) if is_number(v)],
        names,
        size.width - tips - 14,
        size.width,
    )
    parts, top = _heads(heads, names, size), 26.0
    for i, row in enumerate(rows):
        y = top + i * PAIR_PX
        title = row.title or f"{row.name}: {heads[0]} {row.reported_label}, {heads[1]} {row.modelled_label}"
        drawn = [hint(title), rect(0, y, size.width, PAIR_PX, "grip")]
        name = shortened(row.name, TYPE_PX, names - 10)
        drawn.append(text(names - 10, y + 23, name, "t", anchor="end", size=TYPE_PX))
        drawn += _half(row.reported, row.reported_label, row.standing, scale, y=y + 5)
        drawn += _half(row.modelled, row.modelled_label, "model", scale, y=y + 20)
        parts.append(link("".join(drawn), row.href))
    tall = Size(size.width, top + len(rows) * PAIR_PX + 4, size.narrow, size.alone)
    said = "; ".join(f"{row.name}: {row.reported_label} / {row.modelled_label}" for row in rows)
    return figure(tall, Words(words.title, words.desc or said), parts, "bars", group=any(row.href for row in rows))


class _Scale:
    """Values to pixels between two edges, zero always inside."""

    def __init__(self, values: Sequence[float], left: float, right: float, width: float) -> None:
        self.low, self.high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
        self.left, self.right, self.width = left, max(left + 1, right), width

    def x(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return self.left + share * (self.right - self.left)

    def span(self, value: float) -> tuple[float, float]:
        """Left and right of a bar, at least one pixel long so that a small value is seen."""
        a, b = sorted((self.x(0.0), self.x(value)))
        return a, max(b, a + 1.0)


def _columns(names: Sequence[str], labels: Sequence[str], size: Size) -> tuple[float, float]:
    """Width of the names at the left and of the words at the tips, neither more than its share of the drawing."""
    left = max(text_width(name, TYPE_PX) for name in names) + 12
    right = max(text_width(label, TYPE_PX) for label in labels) + 24
    return min(left, size.width * (0.44 if size.narrow else 0.36)), min(right, size.width * 0.3)


def _heads(heads: tuple[str, str], names: float, size: Size) -> list[str]:
    """Name the two bars above the first row, each with a sample of its bar."""
    out, x = [], names
    for word, cls in zip(heads, ("bar2", "bar1"), strict=True):
        out.append(rect(x, 6, 16, 8, cls))
        out.append(text(x + 22, 14, shortened(word, NOTE_PX, size.width - x - 22), "t2", size=NOTE_PX))
        x += 22 + text_width(word, NOTE_PX) + 20
    return out


def _half(value: float | None, label: str, standing: str, scale: _Scale, *, y: float) -> list[str]:
    if not is_number(value):
        return [text(scale.left, y + 10, shortened(label, NOTE_PX, scale.width - scale.left), "t2", size=NOTE_PX)]
    start, end = scale.span(value)
    shown = shortened(label, NOTE_PX, scale.width - end - 22)
    return [
        rect(start, y, end - start, 11, "bar1" if standing == "model" else "bar2"),
        mark(end + 10, y + 5.5, standing, 3.2),
        text(end + 20, y + 10, shown, "t", size=NOTE_PX),
    ]
