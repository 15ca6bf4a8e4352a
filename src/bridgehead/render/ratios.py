"""A ratio as a point on one logarithmic scale, so that twice and half lie equally far from one."""

from __future__ import annotations

import math

from bridgehead.render.axes import is_number
from bridgehead.render.marks import mark
from bridgehead.render.svg import Size, Words, figure, line, polyline, rect

SCALE = (0.1, 10.0)
"""Ratios at the two ends of the scale; what lies beyond stands at the end with an arrow."""


def ratio_strip(
    ratio: float | None,
    title: str,
    *,
    band: tuple[float, float] = (0.5, 2.0),
    standing: str = "model",
    width: float = 150.0,
    height: float = 20.0,
) -> str:
    """Draw a ratio between `SCALE`: shaded band of what is plausible, rule at one, a mark at the ratio.

    Parameters
    ----------
    ratio : float or None
        Ours over theirs. None, zero, or what is no number leaves the scale without a mark.
    title : str
        What the strip says.
    band : tuple of float
        Lower and upper end of the band.
    standing : str
        Standing of the ratio, which is its mark.
    width, height : float
        Size in pixels.
    """
    middle = height / 2
    parts = [
        rect(_x(band[0], width), 1, _x(band[1], width) - _x(band[0], width), height - 2, "band"),
        line(0, middle, width, middle, "rule"),
        line(_x(1.0, width), 1, _x(1.0, width), height - 1, "zero"),
    ]
    if is_number(ratio) and ratio > 0:
        at = _x(ratio, width)
        if not SCALE[0] <= ratio <= SCALE[1]:
            inward = 5.0 if ratio < SCALE[0] else -5.0
            tip = at - inward
            parts.append(polyline([(tip + inward, middle - 4), (tip, middle), (tip + inward, middle + 4)], "leader"))
            at += 2 * inward
        parts.append(mark(at, middle, standing, 3.6))
    return figure(Size(width, height, alone=True), Words(title, _told(ratio, band)), parts, "strip")


def _told(ratio: float | None, band: tuple[float, float]) -> str:
    """Return the numbers of the strip: the ratio, and in brackets the band."""
    return f"{ratio:.2f} ({band[0]:g}–{band[1]:g})" if is_number(ratio) else f"– ({band[0]:g}–{band[1]:g})"


def _x(ratio: float, width: float) -> float:
    """Return the place of a ratio, inside the drawing with room for half a mark at both ends."""
    low, high = (math.log10(end) for end in SCALE)
    share = (math.log10(min(max(ratio, SCALE[0]), SCALE[1])) - low) / (high - low)
    return 6.0 + share * (width - 12.0)
