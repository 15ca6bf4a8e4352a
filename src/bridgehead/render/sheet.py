"""One map being drawn: projection, corridors, rings, dots, labels, exits, scale bar."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bridgehead.render.geometry import (
    Edge,
    Fitted,
    LatLon,
    Projection,
    beside,
    bezier_points,
    fit,
    round_below,
    smooth_links,
    width_px,
)
from bridgehead.render.labels import Label, LabelLine, PlacedLabel, Placement, place_labels, text_width
from bridgehead.render.schematic import (
    Corridor,
    Frame,
    MapLink,
    MapPlace,
    MapWords,
    Node,
    merge,
    rank_by_freight,
)
from bridgehead.render.svg import (
    Point,
    Size,
    Words,
    circle,
    figure,
    hint,
    line,
    link,
    num,
    tag,
    text,
    utilisation_class,
)
from bridgehead.render.ways import nodes_of, way_through

Inset = tuple[float, float, float, float]

FOOT_PX = 24.0
LIT_LEAST_PX = 3.0
CITY_PX = 2.6
CLEAR_PX = 4.0
NARROW_INSET: Inset = (22.0, 16.0, 26.0, 40.0)
RING_PX = (8.5, 6.5, 4.5)
_WIDEST_PX = {False: 16.0, True: 8.8}
_PORT_TYPE = {False: (17.0, 15.0, 13.0), True: (14.0, 13.0, 12.0)}


@dataclass(frozen=True)
class Style:
    """How one kind of map draws.

    `flow` is the class of every line, empty for its utilisation; `rings` the only ports that get a ring, None for all;
    `sequence` the places of a corridor that is lit, over the others in hairline colour; `inset` the free margin;
    `widest` scales the width which the widest line may have.
    """

    flow: str = ""
    rings: tuple[str, ...] | None = None
    sequence: tuple[str, ...] = ()
    exits: bool = True
    inset: Inset | None = None
    widest: float = 1.0


def derived_window(places: Sequence[MapPlace], links: Sequence[MapLink], margin: float = 0.12) -> tuple[LatLon, ...]:
    """Return what to show when nobody says: all ports with some room around, or all ends of links, or all places."""
    chosen = [place for place in places if place.ring is not None]
    if len(chosen) < 2:
        ends = {end for each in links for end in (each.origin, each.destination)}
        chosen = [place for place in places if place.id in ends or place.ring is not None] or list(places)
        margin = 0.04
    points = [(place.lat, place.lon) for place in chosen]
    if not points:
        return ()
    projection = Projection.around(points)
    lons = [(lon - projection.centre_lon + 180.0) % 360.0 - 180.0 for _, lon in points]
    south, north = min(lat for lat, _ in points), max(lat for lat, _ in points)
    east, tall = max(lons), north - south
    grow_lat = max(0.3, margin * max(tall, 0.6 * (east - min(lons))))
    grow_lon = grow_lat / max(0.2, math.cos(math.radians((south + north) / 2)))
    west, east = projection.centre_lon + min(lons) - grow_lon, projection.centre_lon + east + grow_lon
    low, high = max(-89.0, south - grow_lat), min(89.0, north + grow_lat)
    return ((low, west), (low, east), (high, west), (high, east))


class Sheet:
    """A map on the drawing board; build it, call the ``draw_`` methods in order, then :meth:`svg`."""

    def __init__(
        self,
        places: Sequence[MapPlace],
        links: Sequence[MapLink],
        size: Size,
        frame: Frame,
        style: Style,
    ) -> None:
        self.size, self.style = size, style
        self.bounds = (4.0, 4.0, size.width - 4.0, size.height - FOOT_PX - 2.0)
        self.project = self._fit(places, links, frame)
        self.schematic = merge(places, links, self.project, frame.merge_px)
        self.at: dict[str, Point] = {
            key: self.project(node.place.lat, node.place.lon) for key, node in self.schematic.nodes.items()
        }
        self.stops = nodes_of(self.schematic, style.sequence)
        self.path = way_through(self.stops, self.at, self.schematic.corridors)
        self.lit = frozenset((min(a, b), max(a, b)) for a, b in pairwise(self.path))
        self.rings = None if style.rings is None else frozenset(nodes_of(self.schematic, style.rings))
        self.edges = self._edges(frame)
        self.px_per_mt = frame.px_per_mt or self._scale()
        self.ranks = rank_by_freight(self.schematic)
        tonnes = {edge: c.tonnes for edge, c in self.edges.items()}
        self.curves = smooth_links(self.at, tonnes)
        if self._step_aside():
            self.curves = smooth_links(self.at, tonnes)
        self.lines: list[str] = []
        self.spots: list[tuple[str, str]] = []
        self.labels: list[Label] = []
        self.markers: list[tuple[float, float, float]] = []
        self.inked: list[tuple[float, float, float]] = []
        self.half_px: dict[str, float] = {}
        self.placement = Placement((), ())

    def _fit(self, places: Sequence[MapPlace], links: Sequence[MapLink], frame: Frame) -> Fitted:
        window = frame.window or derived_window(places, links) or ((0.0, 0.0),)
        projection = frame.projection or Projection.around(window)
        usual = (0.0, 6.0, 0.0, FOOT_PX) if self.size.narrow else (6.0, 10.0, 6.0, FOOT_PX + 10)
        return fit(projection, window, self.size.width, self.size.height, inset=self.style.inset or usual)

    def _edges(self, frame: Frame) -> dict[Edge, Corridor]:
        """Corridors worth a line: not below the least freight, and not wholly beside the picture."""
        every = self.schematic.corridors
        most = max((c.tonnes for c in every.values()), default=0.0)
        least = most / 600 if frame.least_tonnes is None else frame.least_tonnes
        return {edge: c for edge, c in every.items() if (c.tonnes > 0 and c.tonnes >= least) or edge in self.lit}

    def _step_aside(self) -> bool:
        """Move places from under a line which is not their own, where they would be read as its stops; tell if any."""
        moved: dict[str, Point] = {}
        for key, node in self.schematic.nodes.items():
            if node.place.ring is not None or key in self.stops or self._city_rank(key, node) is None:
                continue
            for edge, corridor in self.edges.items():
                room = width_px(corridor.tonnes, self.px_per_mt) / 2 + CITY_PX + CLEAR_PX
                spot = beside(self.at[key], self.curves[edge], room) if key not in edge else None
                if spot is not None and self._holds(spot, CLEAR_PX + CITY_PX):
                    moved[key] = spot
        self.at |= moved
        return bool(moved)

    def _scale(self) -> float:
        seen = [c.tonnes for edge, c in self.edges.items() if self.inside(edge[0]) or self.inside(edge[1])]
        most = max(seen, default=0.0) or max((c.tonnes for c in self.edges.values()), default=0.0)
        if most <= 0:
            return 1.0
        return round_below(
            self.style.widest * _WIDEST_PX[self.size.narrow] / (most / 1e6),
            (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0),
        )

    def inside(self, node: str, margin: float = 0.0) -> bool:
        """Tell whether a node lies inside the picture."""
        return self._holds(self.at[node], margin)

    def _holds(self, spot: Point, margin: float) -> bool:
        x, y = spot
        left, top, right, bottom = self.bounds
        return left + margin <= x <= right - margin and top + margin <= y <= bottom - margin

    # --- corridors ------------------------------------------------------------

    def draw_corridors(self) -> None:
        """Casings first, then lines, the busiest on top; remember where there is ink so that labels keep off it."""
        casing, strokes = [], []
        for edge, corridor in sorted(self.edges.items(), key=lambda e: (e[0] in self.lit, e[1].tonnes, e[0])):
            points = bezier_points(self.curves[edge], 5.0)
            if not any(self._in_frame(p) for p in points):
                continue
            w = width_px(corridor.tonnes, self.px_per_mt, LIT_LEAST_PX if edge in self.lit else 1.0)
            self.inked += [(x, y, w / 2) for x, y in points]
            for end in edge:
                self.half_px[end] = max(self.half_px.get(end, 0.0), w / 2)
            (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.curves[edge]
            d = f"M{num(x0)} {num(y0)}C{num(x1)} {num(y1)} {num(x2)} {num(y2)} {num(x3)} {num(y3)}"
            casing.append(tag("path", d=d, class_="casing", stroke_width=w + 2.4))
            gaps = f"{num(w / 2 + 2)} {num(1.6 * w + 3)}" if corridor.loss else None  # round ends fill gaps
            cls = f"flow {self._flow_class(edge, corridor)}"
            wire = tag("path", d=d, class_=cls, stroke_width=w, stroke_dasharray=gaps)
            grip = "" if w >= 8 or self.size.narrow else tag("path", d=d, class_="grip")
            title = corridor.title or self._ends(edge)
            strokes.append(link(hint(title) + grip + wire, corridor.href, quiet=True))
        self.lines += casing + strokes

    def _flow_class(self, edge: Edge, corridor: Corridor) -> str:
        if self.stops:
            return "ua" if edge in self.lit else "back"
        return "un" if corridor.loss else self.style.flow or utilisation_class(corridor.utilisation)

    def _ends(self, edge: Edge) -> str:
        return " – ".join(self.schematic.nodes[end].place.name for end in edge)

    def _in_frame(self, point: Point) -> bool:
        return 0 <= point[0] <= self.size.width and 0 <= point[1] <= self.size.height - FOOT_PX

    def draw_gaps(self) -> None:
        """Join places of the sequence that have no link between them by dashes: the way is not in the data."""
        for a, b in pairwise(self.path):
            if (min(a, b), max(a, b)) not in self.edges:
                (x0, y0), (x1, y1) = self.at[a], self.at[b]
                self.lines.append(line(x0, y0, x1, y1, "gap-line"))

    # --- places ---------------------------------------------------------------

    def draw_ports(self) -> None:
        """Rings by class; a ring takes the alarm colour when the border links are nearly full."""
        for key, node in self._by_importance():
            ring = node.place.ring
            if ring is None or not self._ringed(key) or not self.inside(key):
                continue
            step = min(max(ring, 0), 2)
            r = RING_PX[step] * (0.8 if self.size.narrow else 1.0)
            full = (node.place.utilisation or 0.0) >= 0.9 and self.rings is None
            x, y = self.at[key]
            shape = circle(x, y, r + 3.2, "port-case") + circle(x, y, r, "port full" if full else "port")
            if step == 0:
                shape += circle(x, y, r * 0.42, "port-dot")
            type_px = _PORT_TYPE[self.size.narrow][step]
            rank = node.place.rank if node.place.rank is not None else (0, 0, 2 if self.size.narrow else 1)[step]
            self._spot(key, shape, r, LabelLine(node.place.name, type_px, "l-port", bold=True), rank)

    def draw_cities(self) -> None:
        """Dots and names of the places that have a rank and lie inside."""
        used = {end for edge in self.edges for end in edge} | set(self.path)
        for key, node in self._by_importance():
            rank = self._city_rank(key, node)
            if rank is None or (node.place.ring is not None and self._ringed(key)) or not self.inside(key, 6):
                continue
            if (self.size.narrow and rank > 2) or (key not in used and (rank > 2 or bool(self.style.flow))):
                continue
            x, y = self.at[key]
            name = LabelLine(node.place.name, 11.5 if self.size.narrow else 12.0, "l-city")
            if key in self.stops:
                r = 5.0 if rank == 0 else 3.5
                self._spot(key, circle(x, y, r, "stop-ring"), r, name, rank)
            else:
                self._spot(key, circle(x, y, CITY_PX, "city"), CITY_PX, name, rank)

        self._draw_ends()

    def _draw_ends(self) -> None:
        """Put a dot where a line ends at a place that got no mark, so that none ends in mid-air."""
        marked = {key for key, _ in self.spots}
        ends = Counter(end for edge in self.edges for end in edge)
        for key, lines in sorted(ends.items()):
            if lines == 1 and key not in marked and self.inside(key) and not self.stops:
                x, y = self.at[key]
                self.markers.append((x, y, CITY_PX))
                place = self.schematic.nodes[key].place
                dot = hint(place.title or place.name) + circle(x, y, CITY_PX, "city")
                self.lines.append(link(dot, place.href, quiet=True))

    def _ringed(self, key: str) -> bool:
        return self.rings is None or key in self.rings

    def _city_rank(self, key: str, node: Node) -> int | None:
        if self.stops:
            if key not in self.stops:
                return None
            return 0 if key in (self.stops[0], self.stops[-1]) else 3 if "junction" in node.place.kind else 2
        return node.place.rank if node.place.rank is not None else self.ranks.get(key)

    def _by_importance(self) -> list[tuple[str, Node]]:
        return sorted(self.schematic.nodes.items(), key=lambda n: (-n[1].tonnes, n[0]))

    def _spot(self, key: str, shape: str, r: float, name: LabelLine, rank: int) -> None:
        place = self.schematic.nodes[key].place
        x, y = self.at[key]
        self.markers.append((x, y, r))
        self.spots.append((key, hint(place.title or place.name) + circle(x, y, max(r, 9.0), "grip") + shape))
        rows = [name]
        if place.second and not self.size.narrow:
            rows.append(LabelLine(place.second, 11.5 if place.ring is not None else 11.0, "l-en", place.second_lang))
        self.labels.append(Label(key, x, y, max(r, self.half_px.get(key, 0.0)), tuple(rows), rank, place.prefer))

    def draw_pin(self, at: str) -> None:
        """Draw all ports as small dots and one place as a pin with its name."""
        pinned = self.schematic.into[at]
        for key, node in self._by_importance():
            if node.place.ring is not None and key != pinned and self.inside(key):
                x, y = self.at[key]
                self.lines.append(circle(x, y, 2.0, "city"))
                self.markers.append((x, y, 2.0))
        name = LabelLine(self.schematic.nodes[pinned].place.name, 13.0, "l-port", bold=True)
        self._spot(pinned, circle(*self.at[pinned], 5.0, "pin"), 5.0, name, 0)

    # --- exits ----------------------------------------------------------------

    def draw_exits(self) -> None:
        """Where a corridor leaves the picture, say where it goes, once for each name.

        Without names that the region declares, and in the narrow drawing, only the wider lines get one.
        """
        if not self.style.exits:
            return
        declared = any(node.place.exit for node in self.schematic.nodes.values())
        most = max((c.tonnes for c in self.edges.values()), default=0.0)
        least = most / 12 if self.size.narrow else 0.0 if declared else most / 60
        said: set[str] = set()
        for edge, corridor in sorted(self.edges.items(), key=lambda e: (-e[1].tonnes, e[0])):
            out = [end for end in edge if not self.inside(end)]
            if len(out) != 1 or corridor.tonnes < least:
                continue
            place = self.schematic.nodes[out[0]].place
            name = place.exit if declared else place.name
            second = place.exit_second if declared else place.second
            if not name or name in said:
                continue
            said.add(name)
            self._exit(edge, name, second, place.second_lang, width_px(corridor.tonnes, self.px_per_mt) / 2)

    def _exit(self, edge: Edge, name: str, second: str, second_lang: str, half: float) -> None:
        left, top, right, bottom = self.bounds
        points = bezier_points(self.curves[edge], 3.0)
        if not self.inside(edge[0]):
            points.reverse()
        seen = [p for p in points if left + 2 <= p[0] <= right - 2 and top + 2 <= p[1] <= bottom - 2]
        if not seen:
            return
        x, y = seen[-1]
        arrow = "←" if x < left + 8 else "↑" if y < top + 8 else "↓"
        words = f"{name} →" if x > right - 8 else f"{arrow} {name}"
        axis = "x" if left + 8 <= x <= right - 8 else "y"
        rows = [LabelLine(words, 11.5, "l-exit")]
        if second and not self.size.narrow:
            rows.append(LabelLine(second, 11.0, "l-en", second_lang))
        self.labels.append(Label(f"exit {edge[0]} {edge[1]}", x, y, half, tuple(rows), 5, slide=axis))

    # --- the whole ------------------------------------------------------------

    def place(self) -> Placement:
        """Place the labels collected so far."""
        self.placement = place_labels(self.labels, self.bounds, markers=self.markers, inked=self.inked)
        return self.placement

    def foot(self, words: MapWords) -> list[str]:
        """Draw the scale bar at the left, where there is room for it, and the note at the right."""
        y, type_px = self.size.height - 10, 11.5
        km = round_below(min(110.0, self.size.width / 3) / self.project.px_per_km)
        bar = km * self.project.px_per_km
        told = words.scale.replace("{km}", f"{km:,.0f}" if km >= 1 else f"{km:g}")
        out = []
        if 12 + bar + text_width(told, type_px) + text_width(words.note, type_px) < self.size.width:
            out += [line(0, y, bar, y, "scale"), text(8 + bar, y + 4, told, "t2", size=type_px)]
        if words.note:
            out.append(text(self.size.width, y + 4, words.note, "t2", anchor="end", size=type_px))
        return out

    def svg(self, words: MapWords, cls: str = "map") -> str:
        """Put lines, marks and labels together; each place is one link that holds its mark and its name."""
        stands = {placed.label.key: placed for placed in self.place().placed}
        body = [self._clipped("".join(self.lines))]
        for key, shape in self.spots:
            placed = stands.pop(key, None)
            written = _written(placed) if placed else ""
            place = self.schematic.nodes[key].place
            body.append(link(shape + written, place.href, quiet=place.ring is None))
        body += [_written(placed) for placed in stands.values()]
        return figure(self.size, words_of(words), [*body, *self.foot(words)], cls, group=True)

    def _clipped(self, markup: str) -> str:
        """Cut lines at the frame: a nested drawing clips without needing an id that could meet its double."""
        return tag("svg", markup, width=float(self.size.width), height=float(self.size.height - FOOT_PX))


def words_of(words: MapWords) -> Words:
    """Return title, description and empty sentence of a map."""
    return Words(words.title, words.desc, empty=words.empty)


def _written(placed: PlacedLabel) -> str:
    out = []
    if placed.leader:
        (x0, y0), (x1, y1) = placed.tether()
        out.append(line(x0, y0, x1, y1, "leader"))
    for x, y, row in placed.baselines():
        out.append(text(x, y, row.words, row.cls, anchor=placed.anchor, lang=row.lang or None, size=row.size))
    return "".join(out)
