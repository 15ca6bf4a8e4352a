"""Small SVG vocabulary shared by all figures.

Marks carry class names, colours live in the stylesheet; sizes of type are attributes, because the layout is computed
with them. Everything that comes from outside passes through :func:`clean`, so a figure is well-formed whatever the
names are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

LEAST_TYPE_PX = 10.5
"""No text in a figure is smaller than this."""

UTILISATION_STEPS = (0.25, 0.50, 0.75, 0.90)

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Point = tuple[float, float]


@dataclass(frozen=True)
class Size:
    """Width and height of one drawing in pixels, and for which screens it is made.

    Every figure of a page is drawn twice, as wide as its column on a desk and as wide as a phone; the stylesheet shows
    one of them (``only-wide``, ``only-narrow``). A figure that stands ``alone`` is shown everywhere.
    """

    width: float
    height: float
    narrow: bool = False
    alone: bool = False

    @property
    def shows(self) -> str:
        """Class name that decides on which screens the drawing is seen."""
        if self.alone:
            return ""
        return "only-narrow" if self.narrow else "only-wide"


@dataclass(frozen=True)
class Words:
    """The words of one figure, in the language of the page: title, description, unit, what to say when it is empty."""

    title: str
    desc: str = ""
    unit: str = ""
    empty: str = ""


def clean(words: object) -> str:
    """Return text that may stand in XML: characters which XML forbids are dropped."""
    return _NOT_XML.sub("", str(words))


def num(value: float) -> str:
    """Return a coordinate with at most one decimal; raises ValueError when it is not finite."""
    if not math.isfinite(value):
        raise ValueError(f"a coordinate must be finite, not {value}")
    rounded = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if rounded in ("-0", "") else rounded


def tag(name: str, body: str | None = None, **attributes: object) -> str:
    """Return an element; `body` is markup, attribute values are escaped, None leaves an attribute out.

    A trailing underscore of an attribute name is dropped and the others become hyphens: ``class_``, ``text_anchor``.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None or value == "":
            continue
        written = num(value) if isinstance(value, float) else clean(value)
        parts.append(f"{key.rstrip('_').replace('_', '-')}={quoteattr(written)}")
    opening = " ".join(parts)
    return f"<{opening}/>" if body is None else f"<{opening}>{body}</{name}>"


def hint(words: str) -> str:
    """Return the `title` element that browsers show on hover and readers speak; empty for no words."""
    return tag("title", escape(clean(words))) if words else ""


def text(
    x: float,
    y: float,
    words: str,
    cls: str = "t",
    *,
    anchor: str | None = None,
    lang: str | None = None,
    size: float = 12.0,
) -> str:
    """Return a line of text with its baseline at `y`; `size` in pixels, never below :data:`LEAST_TYPE_PX`."""
    return tag(
        "text",
        escape(clean(words)),
        x=float(x),
        y=float(y),
        class_=cls,
        font_size=float(max(size, LEAST_TYPE_PX)),
        text_anchor=None if anchor == "start" else anchor,
        lang=lang,
    )


def line(x1: float, y1: float, x2: float, y2: float, cls: str) -> str:
    """Return a straight line."""
    return tag("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), class_=cls)


def rect(x: float, y: float, width: float, height: float, cls: str, *, title: str = "") -> str:
    """Return a rectangle; a negative extent counts as nothing."""
    return tag(
        "rect",
        hint(title) or None,
        x=float(x),
        y=float(y),
        width=max(0.0, float(width)),
        height=max(0.0, float(height)),
        class_=cls,
    )


def circle(x: float, y: float, r: float, cls: str, title: str = "") -> str:
    """Return a circle."""
    return tag("circle", hint(title) or None, cx=float(x), cy=float(y), r=float(r), class_=cls)


def polyline(points: Iterable[Point], cls: str, title: str = "") -> str:
    """Return a line through the points; fewer than two points draw nothing."""
    steps = [f"{num(x)} {num(y)}" for x, y in points]
    return tag("path", hint(title) or None, d="M" + "L".join(steps), class_=cls) if len(steps) > 1 else ""


def area(upper: Sequence[Point], lower: Sequence[Point], cls: str) -> str:
    """Return the area between two lines."""
    ring = [*upper, *reversed(lower)]
    return tag("path", d="M" + "L".join(f"{num(x)} {num(y)}" for x, y in ring) + "Z", class_=cls) if ring else ""


def link(body: str, href: str, *, quiet: bool = False) -> str:
    """Wrap markup into a link, or into a plain group when there is no address; a `quiet` link is not a tab stop."""
    if not href:
        return tag("g", body)
    return tag("a", body, href=href, tabindex="-1" if quiet else None)


def figure(size: Size, words: Words, parts: Iterable[str], cls: str = "", *, group: bool = False) -> str:
    """Wrap parts into an SVG that scales down but never up, with title and description.

    A figure that holds links is a `group`, because an image hides its children from screen readers.
    """
    head = hint(words.title) + (tag("desc", escape(clean(words.desc))) if words.desc else "")
    return tag(
        "svg",
        head + "".join(parts),
        class_=" ".join(part for part in ("fig", cls, size.shows) if part),
        viewBox=f"0 0 {num(size.width)} {num(size.height)}",
        width=float(size.width),
        height=float(size.height),
        role="group" if group else "img",
        aria_label=words.title,
    )


def empty_figure(size: Size, words: Words, cls: str = "") -> str:
    """Return the honest drawing of nothing: a bare zero rule and the sentence that says what is missing."""
    height = min(size.height, 64.0)
    small = Size(size.width, height, size.narrow, size.alone)
    says = Words(words.title, words.empty or words.desc)
    parts = [
        line(0, height - 8, size.width, height - 8, "zero dash"),
        text(0, height - 20, words.empty, "t2", size=13.0),
    ]
    return figure(small, says, parts, f"{cls} none".strip())


def both(draw: Callable[[Size], str], wide: Size, narrow: Size) -> str:
    """Return the two drawings of a figure one after the other; the stylesheet shows the one that fits the screen."""
    return draw(wide) + draw(narrow)


def utilisation_class(share: float | None) -> str:
    """Return the class of a share of capacity: five steps, only the last (90 % and above) in the alarm colour.

    Nothing known is ``un``, drawn in the grey of a second series.
    """
    if share is None or not math.isfinite(share):
        return "un"
    return f"u{sum(share >= step for step in UTILISATION_STEPS)}"


def grouped(value: float) -> str:
    """Return a number with thousands separated and as many decimals as its size needs: 3,800 / 26.4 / 0.35 / 0.0012."""
    if not math.isfinite(value):
        return ""
    size = abs(value)
    if size >= 1e15:
        return f"{value:.3g}"
    if size >= 100 or value == round(value):
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:,.1f}".rstrip("0").rstrip(".")
    if size >= 0.01:
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return f"{value:.2g}"
