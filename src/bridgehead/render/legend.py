"""The legend of the gateway map: three widths, five steps of utilisation, the classes of ports."""

from __future__ import annotations

from collections.abc import Sequence

from bridgehead.render.axes import shortened
from bridgehead.render.geometry import round_below, width_px
from bridgehead.render.labels import text_width
from bridgehead.render.schematic import WIDE, Frame, LegendWords, MapLink, MapPlace
from bridgehead.render.sheet import RING_PX, Sheet, Style
from bridgehead.render.svg import Size, Words, circle, figure, grouped, tag, text

Group = tuple[str, float, float]
"""Markup, width and height of a part of the legend."""

_TYPE = 12.0
_LOW = 50.0
_ROUND = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)


def legend(
    places: Sequence[MapPlace],
    links: Sequence[MapLink],
    words: LegendWords,
    size: Size = WIDE,
    *,
    frame: Frame | None = None,
) -> str:
    """Draw the legend of a gateway map; the same places, links, size and frame make its widths true.

    The groups stand side by side and wrap where the drawing is too narrow for them; the height follows.
    """
    groups = []
    if places and links:
        sheet = Sheet(places, links, size, frame or Frame(), Style())
        most = max((c.tonnes for c in sheet.edges.values()), default=0.0)
        if most > 0:
            groups.append(_widths(words, most, sheet.px_per_mt, size))
            groups.append(_colours(words, size))
    if words.rings:
        groups.append(_rings(words, size))
    parts, x, y, bottom = [], 0.0, 0.0, 0.0
    for body, width, height in groups:
        if x > 0 and x + width > size.width:
            x, y = 0.0, bottom + 8
        parts.append(tag("g", body, transform=f"translate({x:.0f} {y:.0f})"))
        x, bottom = x + width + 30, max(bottom, y + height)
    box = Size(size.width, bottom, size.narrow, size.alone)
    desc = "; ".join(part for part in (words.freight, words.utilisation, words.ports) if part)
    return figure(box, Words(words.title, desc), parts, "legend")


def _head(words: str, size: Size) -> str:
    return text(0, 12, shortened(words, _TYPE, size.width), "t2", size=_TYPE)


def _widths(words: LegendWords, most: float, px_per_mt: float, size: Size) -> Group:
    """Three round amounts up to the largest flow, as wide as on the map."""
    top = round_below(most / words.tonnes_per_unit, _ROUND)
    amounts = sorted({round_below(top / 30), round_below(top / 3), top})
    parts, x = [_head(words.freight, size)], 0.0
    for amount in amounts:
        w = width_px(amount * words.tonnes_per_unit, px_per_mt)
        parts.append(tag("line", x1=x, y1=30.0, x2=x + 26, y2=30.0, class_="u1", stroke_width=w))
        parts.append(text(x + 32, 34, grouped(amount), "t2", size=_TYPE))
        x += 32 + text_width(grouped(amount), _TYPE) + 14
    return "".join(parts), max(x - 14, text_width(words.freight, _TYPE)), _LOW


def _colours(words: LegendWords, size: Size) -> Group:
    """Draw the five steps, each with its words below."""
    widest = max(text_width(step, _TYPE) for step in words.steps)
    cell = min(max(50.0, widest + 6), (size.width - 16) / 5)
    parts = [_head(words.utilisation, size)]
    for i, step in enumerate(words.steps):
        x = i * (cell + 4)
        parts.append(tag("line", x1=x, y1=25.5, x2=x + cell, y2=25.5, class_=f"u{i}", stroke_width=7.0))
        parts.append(text(x, 45, shortened(step, _TYPE, cell), "t2", size=_TYPE))
    return "".join(parts), max(5 * (cell + 4) - 4, text_width(words.utilisation, _TYPE)), _LOW


def _rings(words: LegendWords, size: Size) -> Group:
    """Draw the rings with their words, in as many rows as the width needs."""
    shrink = 0.8 if size.narrow else 1.0
    parts, x, y, wide = [_head(words.ports, size)], 0.0, 30.0, 0.0
    for step, word in words.rings:
        r = RING_PX[min(max(step, 0), 2)] * shrink
        lead = 2 * r + 9
        shown = shortened(word, _TYPE, size.width - lead)
        long = lead + text_width(shown, _TYPE)
        if x > 0 and x + long > size.width:
            x, y = 0.0, y + 24
        parts.append(circle(x + r + 1.5, y, r, "port"))
        if step <= 0:
            parts.append(circle(x + r + 1.5, y, r * 0.42, "port-dot"))
        parts.append(text(x + lead, y + 4, shown, "t2", size=_TYPE))
        wide = max(wide, x + long)
        x += long + 16
    return "".join(parts), max(wide, text_width(words.ports, _TYPE)), y + 20
