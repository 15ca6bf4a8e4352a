"""What a map is made of: places, links, and the merging of places that stand together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bridgehead.render.geometry import Edge, Projection
from bridgehead.render.svg import Point, Size

WIDE = Size(773, 640)
NARROW = Size(358, 352, narrow=True)


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
    address of the one that carries most, and a tooltip with the `title` of each, one a line. `loss` dashes the line.
    """

    origin: str
    destination: str
    tonnes: float
    utilisation: float | None = None
    href: str = ""
    title: str = ""
    loss: bool = False


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


@dataclass(frozen=True)
class Node:
    """A place as drawn: its head, what all its members together say, and what flows through it."""

    place: MapPlace
    members: tuple[str, ...]
    tonnes: float = 0.0
    degree: int = 0


@dataclass(frozen=True)
class Corridor:
    """All links between two nodes together; `a` sorts before `b`."""

    a: str
    b: str
    tonnes: float
    utilisation: float | None
    href: str
    title: str
    loss: bool = False


@dataclass(frozen=True)
class Schematic:
    """Nodes and corridors after merging; `into` gives the node of every place."""

    nodes: Mapping[str, Node]
    corridors: Mapping[Edge, Corridor]
    into: Mapping[str, str]


def merge(
    places: Sequence[MapPlace], links: Sequence[MapLink], at: Callable[[float, float], Point], near_px: float
) -> Schematic:
    """Merge places that stand together, and add up the links between them.

    `merged_into` decides when any place has one; otherwise places closer than `near_px` in the projection `at` are one.
    Links that name an unknown place, or whose freight is not a number from zero up, are left out.
    """
    known = {place.id: place for place in places}
    flow: dict[str, float] = defaultdict(float)
    for link in links:
        flow[link.origin] += link.tonnes
        flow[link.destination] += link.tonnes
    if any(place.merged_into for place in places):
        into = {place.id: _head(place.id, known) for place in places}
    else:
        into = _together(places, flow, at, near_px)
    members: dict[str, list[MapPlace]] = defaultdict(list)
    for place in places:
        members[into[place.id]].append(place)
    corridors = _corridors(links, into)
    tonnes: dict[str, float] = defaultdict(float)
    degree: dict[str, int] = defaultdict(int)
    for edge, corridor in corridors.items():
        for end in edge:
            tonnes[end] += corridor.tonnes
            degree[end] += 1
    nodes = {
        head: Node(_joined(known[head], group, flow), tuple(p.id for p in group), tonnes[head], degree[head])
        for head, group in members.items()
    }
    return Schematic(nodes, corridors, into)


def _head(place: str, known: Mapping[str, MapPlace]) -> str:
    """Follow `merged_into` to its end; a target that is not there, or a circle, ends it."""
    seen = {place}
    while (target := known[place].merged_into) and target in known and target not in seen:
        seen.add(target)
        place = target
    return place


def _together(
    places: Sequence[MapPlace], flow: Mapping[str, float], at: Callable[[float, float], Point], near_px: float
) -> dict[str, str]:
    """Group by distance: the more important place is the head, the next ones join the nearest head within reach."""
    order = sorted(places, key=lambda p: (p.ring is None, p.ring or 0, -flow.get(p.id, 0.0), p.id))
    heads: list[tuple[Point, str]] = []
    into: dict[str, str] = {}
    for place in order:
        point = at(place.lat, place.lon)
        nearest = min(((math.dist(point, spot), head) for spot, head in heads), default=(math.inf, ""))
        if nearest[0] < near_px:
            into[place.id] = nearest[1]
        else:
            into[place.id] = place.id
            heads.append((point, place.id))
    return into


def _joined(head: MapPlace, group: Sequence[MapPlace], flow: Mapping[str, float]) -> MapPlace:
    """Return the head with what its members add: the ring of the highest class, the fullest border, all titles."""
    ports = sorted((p for p in group if p.ring is not None), key=lambda p: (p.ring or 0, -flow.get(p.id, 0.0), p.id))
    if not ports:
        return head
    shares = [p.utilisation for p in ports if p.utilisation is not None]
    lead = head if head.ring is not None else ports[0]
    titles = dict.fromkeys(p.title for p in ports if p.title)
    return replace(
        head,
        ring=ports[0].ring,
        utilisation=max(shares) if shares else None,
        href=lead.href or ports[0].href,
        title="\n".join(titles) or head.title,
    )


def _corridors(links: Sequence[MapLink], into: Mapping[str, str]) -> dict[Edge, Corridor]:
    groups: dict[Edge, list[MapLink]] = defaultdict(list)
    for link in links:
        a, b = into.get(link.origin), into.get(link.destination)
        if a and b and a != b and link.tonnes >= 0 and math.isfinite(link.tonnes):
            groups[min(a, b), max(a, b)].append(link)
    corridors = {}
    for (a, b), group in groups.items():
        group.sort(key=lambda link: -link.tonnes)
        titles = dict.fromkeys(link.title for link in group if link.title)
        total = sum(link.tonnes for link in group)
        corridors[a, b] = Corridor(a, b, total, group[0].utilisation, group[0].href, "\n".join(titles), group[0].loss)
    return corridors


def netted(places: Sequence[MapPlace], links: Sequence[MapLink]) -> tuple[MapLink, ...]:
    """Return links whose tonnes are changes, of either sign, with those between the same two drawn places added up.

    What is lost is dashed; the tooltip keeps the title of each.
    """
    known = {place.id: place for place in places}
    into = {place.id: _head(place.id, known) for place in places}
    groups: dict[Edge, list[MapLink]] = defaultdict(list)
    for link in links:
        a, b = into.get(link.origin), into.get(link.destination)
        if a and b and a != b:
            groups[min(a, b), max(a, b)].append(link)
    found = []
    for (a, b), group in sorted(groups.items()):
        change = math.fsum(link.tonnes for link in group)
        title = "\n".join(dict.fromkeys(link.title for link in group if link.title))
        found.append(MapLink(a, b, abs(change), None, group[0].href, title, loss=change < 0.0))
    return tuple(found)


def rank_by_freight(schematic: Schematic) -> dict[str, int]:
    """Ranks for labels when the data give none: the busiest and best connected first, junctions last.

    A place without a link gets none, and so do bends: junctions with two neighbours.
    """
    if any(node.place.rank is not None for node in schematic.nodes.values()):
        return {}
    scored = []
    for key, node in schematic.nodes.items():
        kind = node.place.kind.casefold()
        if node.place.ring is not None or not node.degree or ("junction" in kind and node.degree < 3):
            continue
        settled = 3.0 if "city" in kind else 1.5 if "port" in kind or "mine" in kind else 1.0
        scored.append((-settled * node.tonnes * (1 + node.degree), key))
    return {key: 2 if i < 8 else 3 if i < 20 else 4 for i, (_, key) in enumerate(sorted(scored))}
