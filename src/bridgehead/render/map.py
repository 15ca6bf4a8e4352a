"""Maps of places, ports and corridors, without any boundary: what a page calls.

Two drawings of each map: :data:`WIDE` and :data:`NARROW`. Lines are as wide as their freight, strictly proportional,
with a floor of one pixel; their colour is the class of utilisation. Every shape is a link with a title.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bridgehead.render.geometry import LatLon, Projection, corners, great_circle_km
from bridgehead.render.legend import legend
from bridgehead.render.schematic import NARROW, WIDE, Frame, LegendWords, MapLink, MapPlace, MapWords, netted
from bridgehead.render.sheet import FOOT_PX, NARROW_INSET, Sheet, Style, words_of
from bridgehead.render.svg import Size, empty_figure

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
    "Projection",
    "Size",
    "corners",
    "corridor_map",
    "difference_map",
    "gateway_map",
    "hinterland_map",
    "legend",
    "locator",
]

HINTERLAND_WIDE = Size(670, 370)
HINTERLAND_NARROW = Size(358, 240, narrow=True)
LOCATOR = Size(240, 190, alone=True)


def gateway_map(
    places: Sequence[MapPlace],
    links: Sequence[MapLink],
    words: MapWords,
    size: Size = WIDE,
    *,
    frame: Frame | None = None,
) -> str:
    """Draw the whole gateway: all corridors, all ports as rings, cities, exits at the edge.

    Parameters
    ----------
    places, links
        What may be drawn; see :class:`MapPlace` and :class:`MapLink`.
    words
        Title, description, note, scale.
    size
        :data:`WIDE` or :data:`NARROW`, or any other.
    frame
        Projection, window and scale; None leaves all to the data.

    Returns
    -------
    str
        One SVG element of class ``fig map``.
    """
    if not places:
        return empty_figure(size, words_of(words), "map")
    sheet = Sheet(places, links, size, frame or Frame(), Style())
    sheet.draw_corridors()
    sheet.draw_ports()
    sheet.draw_cities()
    sheet.draw_exits()
    return sheet.svg(words)


def hinterland_map(
    places: Sequence[MapPlace],
    links: Sequence[MapLink],
    port: str,
    words: MapWords,
    size: Size = HINTERLAND_WIDE,
    *,
    frame: Frame | None = None,
) -> str:
    """Draw the freight of one port in the one accent colour; `links` carry the freight of that port only.

    Without a window the picture holds the places that see at least a fiftieth of the port's freight within 1,400 km;
    what goes farther leaves at the edge.
    """
    frame = frame or Frame()
    here = next((place for place in places if place.id == port), None)
    if here is None:
        return empty_figure(size, words_of(words), "map")
    if not frame.window:
        frame = replace(frame, window=_reach(places, links, here))
    inset = NARROW_INSET if size.narrow else (70.0, 26.0, 80.0, 44.0)
    sheet = Sheet(places, links, size, frame, Style(flow="ua", rings=(port,), inset=inset, widest=0.75))
    sheet.draw_corridors()
    sheet.draw_ports()
    sheet.draw_cities()
    sheet.draw_exits()
    return sheet.svg(words)


def difference_map(
    places: Sequence[MapPlace],
    links: Sequence[MapLink],
    words: MapWords,
    size: Size = HINTERLAND_WIDE,
    *,
    frame: Frame | None = None,
) -> str:
    """Draw where freight comes and where it goes: the tonnes of `links` are changes, of either sign.

    More freight is a whole line in the accent colour, less a dashed grey one, as wide as what changed.
    """
    if not places or not links:
        return empty_figure(size, words_of(words), "map")
    inset = NARROW_INSET if size.narrow else (70.0, 26.0, 80.0, 44.0)
    style = Style(flow="ua", inset=inset, widest=0.75)
    sheet = Sheet(places, netted(places, links), size, frame or Frame(), style)
    sheet.draw_corridors()
    sheet.draw_ports()
    sheet.draw_cities()
    return sheet.svg(words)


def corridor_map(
    places: Sequence[MapPlace],
    links: Sequence[MapLink],
    sequence: Sequence[str],
    words: MapWords,
    size: Size = WIDE,
    *,
    frame: Frame | None = None,
) -> str:
    """Draw one corridor or route in accent over the other links in the colour of a hairline.

    `sequence` are the ids of its places in order; ids that are not among the places are passed over. Its links are
    drawn at least 3 px wide, also those without freight. Where the sequence leaves out places on the way, the
    shortest way over the links is lit; where there is none, dashes join the two.
    The window is that of the sequence unless the frame has one.
    """
    on = [place for each in sequence for place in places if place.id == each]
    if not on:
        return empty_figure(size, words_of(words), "map")
    frame = frame or Frame()
    if not frame.window:
        frame = replace(frame, window=tuple((place.lat, place.lon) for place in on))
    inset = NARROW_INSET if size.narrow else (70.0, 30.0, 80.0, 48.0)
    ids = tuple(place.id for place in on)
    sheet = Sheet(places, links, size, frame, Style(rings=ids, sequence=ids, exits=False, inset=inset))
    sheet.draw_gaps()
    sheet.draw_corridors()
    sheet.draw_ports()
    sheet.draw_cities()
    return sheet.svg(words)


def locator(
    places: Sequence[MapPlace],
    links: Sequence[MapLink],
    at: str,
    words: MapWords,
    size: Size = LOCATOR,
    *,
    frame: Frame | None = None,
) -> str:
    """Draw a small map that shows where a place is: hairlines, dots of the ports, the place in accent with its name."""
    if all(place.id != at for place in places):
        return empty_figure(size, words_of(words), "map")
    frame = replace(frame or Frame(), px_per_mt=1e-9)
    sheet = Sheet(places, links, size, frame, Style(flow="hair", rings=(), exits=False, inset=(8.0, 8.0, 8.0, FOOT_PX)))
    sheet.draw_corridors()
    sheet.draw_pin(at)
    return sheet.svg(words, "map locator")


def _reach(places: Sequence[MapPlace], links: Sequence[MapLink], port: MapPlace) -> tuple[LatLon, ...]:
    """Places that see a fiftieth of the freight or more, within 1,400 km, and the port itself."""
    seen: dict[str, float] = {}
    for each in links:
        for end in (each.origin, each.destination):
            seen[end] = max(seen.get(end, 0.0), each.tonnes)
    least = max(seen.values(), default=0.0) / 50
    points = {(port.lat, port.lon)}
    for place in places:
        if seen.get(place.id, 0.0) > least and great_circle_km(port.lat, port.lon, place.lat, place.lon) <= 1400:
            points.add((place.lat, place.lon))
    return tuple(sorted(points))
