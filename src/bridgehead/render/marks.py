"""The five standing marks: how a figure came about, as a shape.

The same shapes are the badges beside words, the points of the charts and the legend: measured = filled square,
reported = filled dot, derived = ring, estimate = dashed ring, model = diamond.
"""

from __future__ import annotations

from bridgehead.render.svg import circle, hint, num, rect, tag

STANDINGS = ("measured", "reported", "derived", "estimate", "model")


def mark(x: float, y: float, standing: str, r: float = 4.0, title: str = "") -> str:
    """Return a data point whose shape says how the figure came about.

    Parameters
    ----------
    x, y
        Centre in pixels.
    standing
        One of :data:`STANDINGS` (a ``kernel.source.Standing`` is one).
    r
        Radius in pixels.
    title
        Words shown on hover.

    Raises
    ------
    ValueError
        If the standing is not one of the five.
    """
    standing = str(standing)
    if standing not in STANDINGS:
        raise ValueError(f"unknown standing {standing!r}; one of {', '.join(STANDINGS)}")
    cls = f"m m-{standing}"
    if standing == "measured":
        return rect(x - r, y - r, 2 * r, 2 * r, cls, title=title)
    if standing == "model":
        k = r + 1
        d = f"M{num(x)} {num(y - k)}L{num(x + k)} {num(y)}L{num(x)} {num(y + k)}L{num(x - k)} {num(y)}Z"
        return tag("path", hint(title) or None, d=d, class_=cls)
    return circle(x, y, r, cls, title)


def glyph(standing: str) -> str:
    """Return the mark as an inline picture of 12 px that stands before its word; hidden from screen readers."""
    body = mark(6, 6, standing, 4)
    return tag("svg", body, class_="glyph", viewBox="0 0 12 12", width="12", height="12", aria_hidden="true")
