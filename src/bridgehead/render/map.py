"""Maps of places, ports and corridors, without any boundary: what a page calls.

Two drawings of each map: :data:`WIDE` and :data:`NARROW`. Lines are as wide as their freight, strictly proportional,
with a floor of one pixel; their colour is the class of utilisation. Every shape is a link with a title.
"""

from __future__ import annotations

from collections.abc import Sequence

from bridgehead.render.schematic import Frame, LegendWords, MapLink, MapPlace, MapWords
from bridgehead.render.svg import Size

__all__ = [
    "HINTERLAND_NARROW",
    "HINTERLAND_WIDE",
    "LOCATOR",
    "NARROW",
    "WIDE",
    "Frame",
    "LegendWords",
    "MapLink",
    "MapPlace",
    "MapWords",
    "Size",
    "corridor_map",
    "gateway_map",
    "hinterland_map",
    "legend",
    "locator",
]

WIDE = Size(773, 640)
NARROW = Size(358, 352, narrow=True)
HINTERLAND_WIDE = Size(670, 370)
HINTERLAND_NARROW = Size(358, 240, narrow=True)
LOCATOR = Size(240, 190, alone=True)


def gateway_map(
    places: Sequence[MapPlace], links: Sequence[MapLink], words: MapWords, size: Size = WIDE, frame: Frame | None = None
) -> str:
    """The map of the whole gateway: all corridors, all ports as rings, cities, exits at the edge."""
    raise NotImplementedError


def hinterland_map(
    places: Sequence[MapPlace],
    links: Sequence[MapLink],
    port: str,
    words: MapWords,
    size: Size = HINTERLAND_WIDE,
    frame: Frame | None = None,
) -> str:
    """The freight of one port on the map, in the one accent colour; `links` carry the freight of that port only."""
    raise NotImplementedError


def corridor_map(
    places: Sequence[MapPlace],
    links: Sequence[MapLink],
    sequence: Sequence[str],
    words: MapWords,
    size: Size = WIDE,
    frame: Frame | None = None,
) -> str:
    """One corridor in accent over the others in the colour of a hairline; `sequence` are its places in order.

    A route is drawn the same way. Two places of the sequence without a link between them are joined by a dashed line.
    """
    raise NotImplementedError


def locator(
    places: Sequence[MapPlace], links: Sequence[MapLink], at: str, words: MapWords, size: Size = LOCATOR
) -> str:
    """A small map that shows where one place is: hairlines, dots of the ports, the place in accent with its name."""
    raise NotImplementedError


def legend(
    places: Sequence[MapPlace],
    links: Sequence[MapLink],
    words: LegendWords,
    size: Size = WIDE,
    frame: Frame | None = None,
) -> str:
    """The legend of a gateway map; give it the same places, links, size and frame, so that its widths are true."""
    raise NotImplementedError
