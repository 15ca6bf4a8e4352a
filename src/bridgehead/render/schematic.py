"""What a map is made of: places, links, and the merging of places that stand together."""

from __future__ import annotations

from dataclasses import dataclass

from bridgehead.render.geometry import Projection


@dataclass(frozen=True)
class MapPlace:
    """A place that may be drawn.

    Parameters
    ----------
    id
        The id that links name.
    lat, lon
        WGS84 degrees.
    name
        Short name in the language of the page; the label.
    second, second_lang
        A smaller line below in another language, and that language (``en``, ``zh``). Empty: one line.
    kind
        Kind word of the places table; used only to rank labels when no place carries a rank.
    ring
        None for a place; for a port the step of its class: 0 largest ring with a dot, 1 middle, 2 small.
    href, title
        Where the shape leads and what it says on hover.
    utilisation
        Ports: share of capacity of the border links. At 0.9 and above the ring takes the alarm colour.
    merged_into
        Id of the place this one is drawn as, empty when it stands for itself.
    rank
        Importance of the label: 0 to 2 are always labelled, from 3 on where there is room, 4 only in the wide drawing;
        None: no label, unless no place has a rank (then ranks come from freight and degree).
    prefer
        Side of the point where the label would rather stand: N, NE, E, SE, S, SW, W, NW.
    exit, exit_second
        When the place lies outside the frame: what the arrow at the edge says, in both languages.
    """

    id: str
    lat: float
    lon: float
    name: str
    second: str = ""
    second_lang: str = ""
    kind: str = ""
    ring: int | None = None
    href: str = ""
    title: str = ""
    utilisation: float | None = None
    merged_into: str = ""
    rank: int | None = None
    prefer: str = ""
    exit: str = ""
    exit_second: str = ""


@dataclass(frozen=True)
class MapLink:
    """Freight between two places, both directions together.

    Parallel links (rail and road) and links between merged places are added up; the sum takes the utilisation and the
    address of the one that carries most, and a tooltip with the `title` of each, one a line.
    """

    origin: str
    destination: str
    tonnes: float
    utilisation: float | None = None
    href: str = ""
    title: str = ""


@dataclass(frozen=True)
class Frame:
    """What part of the world is drawn and on which scale; everything may be left to the data.

    Parameters
    ----------
    projection
        None: a Lambert conic is derived from the window.
    window
        Points (lat, lon) that must be inside; empty: derived from the ports and their surroundings.
    px_per_mt
        Line width in pixels a million tonnes; None: the largest round value at which the widest line stays in bounds.
    least_tonnes
        Links below are not drawn; None: one six-hundredth of the largest.
    merge_px
        Without any `merged_into`, places closer than this are drawn as one.
    """

    projection: Projection | None = None
    window: tuple[tuple[float, float], ...] = ()
    px_per_mt: float | None = None
    least_tonnes: float | None = None
    merge_px: float = 9.0


@dataclass(frozen=True)
class MapWords:
    """The words of a map: title, description, the note in the corner, the scale bar, the sentence when it is empty."""

    title: str
    desc: str = ""
    note: str = ""
    scale: str = "{km} km"
    empty: str = ""


@dataclass(frozen=True)
class LegendWords:
    """The words of the map legend.

    Parameters
    ----------
    title
        Name of the figure.
    freight
        Head of the widths with the unit: "货运量，万吨/年".
    tonnes_per_unit
        Tonnes in one unit shown: 1e4 for 万吨, 1e6 for Mt.
    utilisation
        Head of the colours.
    steps
        Five words, from below 25 % to 90 % and above.
    ports
        Head of the rings, and what a red ring means.
    rings
        Words of the ring classes that occur: (step 0 to 2, word).
    """

    title: str
    freight: str
    tonnes_per_unit: float
    utilisation: str
    steps: tuple[str, str, str, str, str] = ("<25%", "25–50", "50–75", "75–90", "≥90%")
    ports: str = ""
    rings: tuple[tuple[int, str], ...] = ()
