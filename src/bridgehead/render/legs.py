"""Routes: the strip in time, the time- and cost-distance chart, the pieces of the ladder of legs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bridgehead.render.axes import (
    NOTE_PX,
    TYPE_PX,
    Axes,
    EndName,
    is_number,
    left_pad,
    nice_ticks,
    right_pad,
    write_ends,
)
from bridgehead.render.labels import text_width
from bridgehead.render.series import EMPHASIS
from bridgehead.render.svg import (
    Point,
    Size,
    Words,
    circle,
    empty_figure,
    figure,
    grouped,
    hint,
    polyline,
    tag,
    text,
)

KINDS = ("rail", "rail-other", "road", "sea", "air", "wait", "border")
"""rail = home gauge, rail-other = another gauge; wait = loading, transfer; border = crossing, change of gauge."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a route in time: one of :data:`KINDS`, hours, a label above it where there is room, a tooltip."""

    kind: str
    hours: float
    label: str = ""
    title: str = ""


@dataclass(frozen=True)
class Advance:
    """A step along a route: `km` further and `rise` more (hours or money); without km it is a vertical step."""

    km: float
    rise: float
    kind: str = "rail"
    title: str = ""


@dataclass(frozen=True)
class DistanceLine:
    """A route in the distance chart, named at its end; `emphasis` 1 accent, 2 ink, 3 grey."""

    name: str
    steps: tuple[Advance, ...]
    emphasis: int = 1


def route_strip(pieces: Sequence[Piece], longest_h: float, total: str, words: Words, size: Size) -> str:
    """Draw a route as a line in time, its length the hours, a ring at both ends and the total after it.

    Parameters
    ----------
    pieces
        The stretches in order; those without a positive time are passed over.
    longest_h
        Hours of the longest route of the page, so that all stand on one scale.
    total
        Words after the end ("128 小时").
    words
        Title, description, sentence when there is nothing.
    size
        The drawing; 34 px high is enough.
    """
    shown = [piece for piece in pieces if is_number(piece.hours) and piece.hours > 0]
    if not shown:
        return empty_figure(size, words)
    hours = sum(piece.hours for piece in shown)
    room = max(20.0, size.width - 20 - text_width(total, TYPE_PX, bold=True))
    px_per_h = room / max(longest_h if is_number(longest_h) else 0.0, hours)
    x, y, free, parts = 6.0, size.height - 12.0, 0.0, []
    for piece in shown:
        end = x + piece.hours * px_per_h
        title = hint(piece.title)
        parts.append(tag("g", title + stroke(piece.kind, (x, y), (end, y), 8.0)))
        half = text_width(piece.label, NOTE_PX) / 2
        middle = min(max((x + end) / 2, half), size.width - half)
        if piece.label and middle - half >= free:
            parts.append(text(middle, y - 11, piece.label, "t2", anchor="middle", size=NOTE_PX))
            free = middle + half + 8
        x = end
    parts += [circle(6.0, y, 5, "stop-ring"), circle(x, y, 5, "stop-ring")]
    parts.append(text(x + 10, y + 4.5, total, "tb", size=TYPE_PX))
    return figure(size, words, parts, "strip")


def distance_chart(
    lines: Sequence[DistanceLine],
    km_word: str,
    words: Words,
    size: Size,
    *,
    show: Callable[[float], str] = grouped,
) -> str:
    """Draw running time or cost against distance: slope = speed or rate, vertical steps at borders and transfers.

    `km_word` is written with the last value of the horizontal axis ("{km} 公里"). A step at the border is a red dot,
    another step a small grey one.

    Notes
    -----
    Method of the time/cost-distance chart: UNESCAP, *Time/Cost-Distance Methodology* (2006).
    """
    known = [(each, _running(each.steps)) for each in lines]
    known = [(each, points) for each, points in known if len(points) > 1]
    if not known:
        return empty_figure(size, words)
    up = nice_ticks(0.0, max(p[1] for _, points in known for p in points))
    far = nice_ticks(0.0, max(p[0] for _, points in known for p in points), 6)
    reach = max(p[0] for _, points in known for p in points) or far[-1]
    pad = (left_pad(up, show), 34.0, right_pad([(each.name,) for each, _ in known], size), 30.0)
    axes = Axes(size, (0.0, reach), (up[0], up[-1]), pad)
    last = max((km for km in far if km <= reach), default=0.0)
    along = [(km, km_word.replace("{km}", grouped(km)) if km == last else grouped(km)) for km in far if km <= reach]
    parts = [*axes.rules(up, show, words.unit), *axes.ticks(along)]
    ends, paths, dots = [], [], []
    for each, points in sorted(known, key=lambda pair: -pair[0].emphasis):
        cls, _, tone = EMPHASIS[each.emphasis]
        at = [(axes.x(km), axes.y(rise)) for km, rise in points]
        parts.append(polyline(at, cls))
        for step, (a, b) in zip(_kept(each.steps), pairwise(at), strict=True):
            if step.km == 0 and step.rise > 0:
                spot = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
                border = step.kind == "border"
                parts.append(circle(*spot, 3.8 if border else 2.8, "mw" if border else "mg", step.title or each.name))
                dots.append(spot)
        paths.append(at)
        ends.append(EndName(at[-1], (each.name,), tone))
    frame = (axes.left + 2, 2.0, size.width, axes.bottom + 12)
    return figure(size, words, [*parts, *write_ends(ends, frame, paths, dots)])


def _kept(steps: Sequence[Advance]) -> list[Advance]:
    return [step for step in steps if is_number(step.km) and is_number(step.rise) and step.km >= 0]


def _running(steps: Sequence[Advance]) -> list[Point]:
    out, km, rise = [(0.0, 0.0)], 0.0, 0.0
    for step in _kept(steps):
        km, rise = km + step.km, rise + step.rise
        out.append((km, rise))
    return out


def stroke(kind: str, start: Point, end: Point, width: float) -> str:
    """Draw a stretch of line by its kind; the shape repeats what the colour says.

    rail = solid, rail-other = two thin rails, road, sea, air = dashes of different length, wait = hatched.

    Raises
    ------
    ValueError
        If the kind is not one of :data:`KINDS`.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of leg {kind!r}; one of {', '.join(KINDS)}")

    def drawn(cls: str, wide: float) -> str:
        (x1, y1), (x2, y2) = start, end
        return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=cls, stroke_width=wide)

    return drawn(f"k-{kind}", width) + (drawn("k-core", width * 0.4) if kind == "rail-other" else "")


def _column(kind: str, top: str, bottom: str, width: float = 6.0) -> str:
    """Draw a vertical stretch in the middle of a column of 22 px, between two heights in percent."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of leg {kind!r}; one of {', '.join(KINDS)}")
    body = tag("line", x1=11, x2=11, y1=top, y2=bottom, class_=f"k-{kind}", stroke_width=width)
    if kind == "rail-other":
        body += tag("line", x1=11, x2=11, y1=top, y2=bottom, class_="k-core", stroke_width=width * 0.4)
    return body


def leg_piece(kind: str) -> str:
    """Draw the stretch of line beside one leg of the ladder, as high as its row; hidden from screen readers."""
    return tag("svg", _column(kind, "0", "100%"), width="22", height="100%", aria_hidden="true")


def stop_piece(before: str = "", after: str = "") -> str:
    """Draw the ring beside a stop of the ladder with the lines that come in above and go out below."""
    body = _column(before, "0", "50%") if before else ""
    body += _column(after, "50%", "100%") if after else ""
    body += tag("circle", cx="11", cy="50%", r="6", class_="stop-ring")
    return tag("svg", body, width="22", height="100%", aria_hidden="true")


def piece_key(kind: str) -> str:
    """Draw a short sample of a kind for the key below strips and ladders."""
    return tag("svg", stroke(kind, (0.0, 5.0), (34.0, 5.0), 8.0), width="34", height="10", aria_hidden="true")
