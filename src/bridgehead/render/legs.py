"""Routes: the strip in time, the time- and cost-distance chart, the pieces of the ladder of legs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bridgehead.render.svg import Size, Words, grouped

KINDS = ("rail", "rail-other", "road", "sea", "air", "wait", "border")
"""rail = home gauge, rail-other = another gauge; wait = loading, transfer, storage; border = crossing, change of gauge."""


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
    """A route as a line in time: length = hours; give all routes of a page the same `longest_h`. `total` at the end."""
    raise NotImplementedError


def distance_chart(
    lines: Sequence[DistanceLine],
    km_word: str,
    words: Words,
    size: Size,
    *,
    show: Callable[[float], str] = grouped,
) -> str:
    """Running time or cost against distance (UNESCAP): slope = speed or rate, vertical steps at borders and transfers."""
    raise NotImplementedError


def leg_piece(kind: str) -> str:
    """The stretch of line beside one leg of the ladder; stretches to the height of its row."""
    raise NotImplementedError


def stop_piece(before: str = "", after: str = "") -> str:
    """The ring beside a stop of the ladder, with the ends of the lines that come in above and go out below."""
    raise NotImplementedError


def piece_key(kind: str) -> str:
    """A short sample of a kind for the key below strips and ladders."""
    raise NotImplementedError
