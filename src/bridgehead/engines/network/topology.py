"""The shape of the virtual network: which states exist and which moves lead from one to another, without any cost.

A *node* is a state of goods: at a place, on a means (mode, and on rail the gauge), in a customs stage. An *arc* is
something done to the goods: loading, a haul over a real link, a change of mode, a change of gauge, clearing out of or
into a country, unloading. Every arc keeps the real link and the place it belongs to, so results fold back to the map.
The idea of the virtual network is that of Jourquin, B. and Beuthe, M. (1996), Transportation policy analysis with a
geographic information system: the virtual network of freight transportation in Europe, Transportation Research C
4(6), 359-371.

Customs stages
-------------- `FREE` goods may be loaded, hauled inland, moved to another mode and unloaded. A haul over a border
link starts in stage `LEAVING`, reached from `FREE` by the exit arc of the near side, and ends in stage `ARRIVED`,
from which the entry arc of the far side leads back to `FREE`. So every crossing passes both controls exactly once.
Links between countries of one customs union need neither. Goods that were loaded or moved to another mode stand
`ABOARD` and must be hauled before they are moved or unloaded again: nobody puts goods on a truck to take them off.

Change of gauge
--------------- On a link with two gauges a train runs through on the gauge it came with and the change is made **at
the station of arrival**, before entry clearance: exports at the foreign station, imports at the home one. The gauge a
station's other rail links have is its own; a change away from the own gauge is therefore not offered at a station
that has such a link. Where links of different gauges simply meet, both changes are offered. Goods are put only onto
trains of a station's own gauge, but may be taken off any train.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.components import BILATERAL, RAIL, ComponentTables, Link
from bridgehead.engines.network.parameters import ParameterBook

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]


Arc = tuple[int, int, "Kind", int, bool, float, int]
"""Tail, head, kind, position of the link or -1, whether along it, km, position of the signature."""


class Stage(IntEnum):
    """Customs stage of goods at a node."""

    ORIGIN = 0
    FREE = 1
    LEAVING = 2
    ARRIVED = 3
    ENDING = 4
    DESTINATION = 5
    ABOARD = 6


class Kind(IntEnum):
    """What an arc does to the goods."""

    LOAD = 0
    HAUL = 1
    BORDER_EXIT = 2
    BORDER_ENTRY = 3
    GAUGE_CHANGE = 4
    TRANSFER = 5
    UNLOAD = 6


@dataclass(frozen=True, slots=True)
class Node:
    """A state of goods: place, mode, gauge (None off the rails) and customs stage."""

    place: str
    mode: str
    gauge_mm: int | None
    stage: Stage


@dataclass(frozen=True, slots=True)
class Signature:
    """Everything that decides the price and time of an arc except its length; arcs of one share a calculation.

    `countries` holds one country, or two for a haul across a border, half the way in each. `into` is the country
    whose tariff system the goods enter with this arc, blank if none. `places` are those places named in the parameter
    table. `break_of_gauge` marks an entry at a station where a stretch with two gauges comes across the border.
    """

    kind: Kind
    mode: str
    gauge_mm: int | None
    link_class: str
    countries: tuple[str, ...]
    places: tuple[str, ...]
    speed_kmh: float | None = None
    into: str = ""
    customs: bool = False
    break_of_gauge: bool = False


@dataclass(frozen=True)
class Topology:
    """Nodes and arcs of the virtual network in compressed sparse rows, for one year and one choice of links.

    `first` (int32, nodes + 1) and `head` (int32, arcs) are the rows; the other arrays run along the arcs in the same
    order. `bilateral` names the counterpart country of those border links at whose port third-country goods may not
    pass. `link` is the position of the real link in `links`, or -1; `forward` says whether the arc follows the link
    from origin to destination; `length_km` is 0 except on hauls; `signature` points into `signatures`.
    """

    year: int
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    signatures: tuple[Signature, ...]
    first: Int32
    head: Int32
    tail: Int32
    kind: npt.NDArray[np.int8]
    link: Int32
    forward: npt.NDArray[np.bool_]
    length_km: Float64
    signature: Int32
    origin_node: Mapping[str, int]
    destination_node: Mapping[str, int]
    border_links: frozenset[str]
    home_country: str
    bilateral: Mapping[str, str]

    @property
    def arc_count(self) -> int:
        """Number of arcs."""
        return len(self.head)

    def closed_to(self, ends: frozenset[str]) -> frozenset[str]:
        """Return the bilateral border links closed to goods whose journey begins and ends in the given countries."""
        return frozenset(
            link
            for link, country in self.bilateral.items()
            if country not in ends or not ends <= {country, self.home_country}
        )

    def arcs_of(self, links: frozenset[str]) -> npt.NDArray[np.bool_]:
        """Return a mask of the arcs that run over one of the given links."""
        chosen = np.array([link.id in links for link in self.links] + [False], dtype=np.bool_)
        return chosen[self.link]

    @cached_property
    def place_of_node(self) -> tuple[str, ...]:
        """Place of every node."""
        return tuple(node.place for node in self.nodes)

    @cached_property
    def place_number(self) -> Int32:
        """Number of the place of every node."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(p, len(numbers)) for p in self.place_of_node], dtype=np.int32)

    @cached_property
    def backward(self) -> tuple[Int32, Int32, Int32]:
        """The network turned around: row starts by head, tails, and the arc behind each entry."""
        arcs = np.argsort(self.head, kind="stable").astype(np.int32)
        counts = np.bincount(self.head, minlength=len(self.nodes))
        return np.concatenate(([0], np.cumsum(counts))).astype(np.int32), self.tail[arcs], arcs


def build_topology(tables: ComponentTables, book: ParameterBook, links: Sequence[Link], year: int) -> Topology:
    """Build the nodes and arcs that a set of links gives rise to.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    book : ParameterBook
        Its parameters: customs unions, places closed to through traffic and the places that rows name are read here.
    links : sequence of Link
        Links that carry freight, as from `bridgehead.engines.network.opening.open_links`.
    year : int
        Year the result is for.
    """
    return _Builder(tables, book, links).build(year)


class _Builder:
    """Collects arcs node by node; one object for one call of `build_topology`."""

    def __init__(self, tables: ComponentTables, book: ParameterBook, links: Sequence[Link]) -> None:
        self.tables = tables
        self.countries = tables.countries
        self.links = tuple(sorted(links, key=lambda link: link.id))
        self.closed = {row.place for row in book.register("closed_to_through_traffic") if row.value}
        self.union = {row.country: row.value for row in book.register("customs_union")}
        self.named_places = {row.place for row in book.rows if row.place}
        self.own, self.dual = self._gauges()
        self.broken = {
            end
            for link in self.links
            if len(link.gauges_mm) > 1 and self._customs(link)
            for end in (link.origin, link.destination)
        }
        self.number: dict[Node, int] = {}
        self.arcs: list[Arc] = []
        self.signatures: dict[Signature, int] = {}
        self.borders: set[str] = set()

    def build(self, year: int) -> Topology:
        for index, link in enumerate(self.links):
            self._haul(index, link)
        for node in list(self.number):
            self._here(node)
        self._ends()
        return self._finish(year)

    def _gauges(self) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
        """Return the own gauges of every station and the gauges of its inland links with two gauges."""
        own: dict[str, set[int]] = defaultdict(set)
        dual: dict[str, set[int]] = defaultdict(set)
        for link in self.links:
            for end in (link.origin, link.destination):
                if len(link.gauges_mm) == 1:
                    own[end].update(link.gauges_mm)
                elif not self._customs(link):
                    dual[end].update(link.gauges_mm)
        return own, dual

    def _customs(self, link: Link) -> bool:
        """Whether a customs border lies between the ends of a link."""
        one, other = self.countries[link.origin], self.countries[link.destination]
        return one != other and self.union.get(one, one) != self.union.get(other, other)

    def _node(self, place: str, mode: str, gauge: int | None, stage: Stage) -> int:
        return self.number.setdefault(Node(place, mode, gauge, stage), len(self.number))

    def _sign(self, signature: Signature) -> int:
        return self.signatures.setdefault(signature, len(self.signatures))

    def _known(self, *places: str) -> tuple[str, ...]:
        return tuple(place for place in places if place in self.named_places)

    def _add(self, tail: int, head: int, signature: Signature, *, link: int = -1, forward: bool = True) -> None:
        km = self.links[link].length_km if link >= 0 else 0.0
        self.arcs.append((tail, head, signature.kind, link, forward, km, self._sign(signature)))

    def _haul(self, index: int, link: Link) -> None:
        ends = (link.origin, link.destination)
        countries = tuple(self.countries[end] for end in ends)
        abroad = countries[0] != countries[1]
        customs = self._customs(link)
        if customs:
            self.borders.add(link.id)
        for gauge in link.gauges_mm or (None,):
            for forward in (True, False):
                start, end = ends if forward else ends[::-1]
                there = self.countries[end]
                leaving, arriving = (Stage.LEAVING, Stage.ARRIVED) if customs else (Stage.FREE, self._arrival(end))
                signature = Signature(
                    Kind.HAUL,
                    link.mode,
                    gauge,
                    link.link_class,
                    countries if abroad else countries[:1],
                    self._known(*ends),
                    link.speed_kmh,
                    into=there if abroad else "",
                    customs=customs,
                )
                tail = self._node(start, link.mode, gauge, leaving)
                head = self._node(end, link.mode, gauge, arriving)
                self._add(tail, head, signature, link=index, forward=forward)

    def _arrival(self, place: str) -> Stage:
        """Stage in which goods stand after an inland haul or entry: at a closed place they can only be unloaded."""
        return Stage.ENDING if place in self.closed else Stage.FREE

    def _here(self, node: Node) -> None:
        """Add the border arcs of a node and the changes of gauge that may be made in it."""
        if node.stage is Stage.LEAVING:
            tail = self._node(node.place, node.mode, node.gauge_mm, Stage.FREE)
            self._add(tail, self.number[node], self._spot(Kind.BORDER_EXIT, node))
        elif node.stage is Stage.ARRIVED:
            self._enter(node)
        if node.mode == RAIL and node.gauge_mm is not None:
            for new_gauge in sorted(self._changes(node) - {node.gauge_mm}):
                self._change(node, new_gauge)

    def _enter(self, node: Node) -> None:
        head = self._node(node.place, node.mode, node.gauge_mm, self._arrival(node.place))
        broken = node.mode == RAIL and node.place in self.broken
        self._add(self.number[node], head, replace(self._spot(Kind.BORDER_ENTRY, node), break_of_gauge=broken))

    def _changes(self, node: Node) -> set[int]:
        """Gauges for which goods may be put on other bogies or wagons in this state."""
        own, dual = self.own[node.place], self.dual[node.place]
        if node.stage is Stage.ARRIVED:
            return own | dual
        if node.stage is Stage.FREE:
            return own if node.gauge_mm in own | dual else set()
        return set()

    def _change(self, node: Node, gauge_mm: int) -> None:
        new = Node(node.place, node.mode, gauge_mm, node.stage)
        fresh = new not in self.number
        head = self._node(new.place, new.mode, new.gauge_mm, new.stage)
        self._add(self.number[node], head, self._spot(Kind.GAUGE_CHANGE, node, customs=node.stage is Stage.ARRIVED))
        if fresh and node.stage is Stage.ARRIVED:
            self._enter(new)

    def _spot(self, kind: Kind, node: Node, *, into: str = "", customs: bool = False) -> Signature:
        country = self.countries[node.place]
        return Signature(
            kind, node.mode, node.gauge_mm, "", (country,), self._known(node.place), into=into, customs=customs
        )

    def _ends(self) -> None:
        """Add loading, unloading and changes of mode at every place."""
        at: dict[str, list[Node]] = defaultdict(list)
        for node in list(self.number):
            if node.stage in {Stage.FREE, Stage.ENDING}:
                at[node.place].append(node)
        leaving = self._departures()
        for place, standing in at.items():
            source = self._node(place, "", None, Stage.ORIGIN)
            sink = self._node(place, "", None, Stage.DESTINATION)
            country = self.countries[place]
            for node in standing:
                self._add(self.number[node], sink, self._spot(Kind.UNLOAD, node))
                departures = leaving.get(self.number[node], ())
                if self._loads(node) and departures:
                    aboard = self._node(node.place, node.mode, node.gauge_mm, Stage.ABOARD)
                    self.arcs += [(aboard, *arc[1:]) for arc in departures]
                    self._add(source, aboard, self._spot(Kind.LOAD, node, into=country))
                    self._transfers(node, aboard, standing, country)

    def _departures(self) -> Mapping[int, list[Arc]]:
        """Return the arcs by which goods leave a node: hauls, and the exit clearance before a haul over the border."""
        found: dict[int, list[Arc]] = defaultdict(list)
        for arc in self.arcs:
            if arc[2] in {Kind.HAUL, Kind.BORDER_EXIT}:
                found[arc[0]].append(arc)
        return found

    def _transfers(self, onto: Node, aboard: int, standing: Sequence[Node], country: str) -> None:
        for off in standing:
            if off.mode != onto.mode and off.stage is Stage.FREE:
                self._add(self.number[off], aboard, self._spot(Kind.TRANSFER, onto, into=country))

    def _loads(self, node: Node) -> bool:
        """Goods are put onto trains of a station's own gauge; trains of the other gauge only pass or end there."""
        own = self.own[node.place]
        return node.stage is Stage.FREE and (node.mode != RAIL or not own or node.gauge_mm in own)

    def _finish(self, year: int) -> Topology:
        nodes = tuple(self.number)
        order = sorted(range(len(self.arcs)), key=lambda i: self.arcs[i][0])
        arcs = [self.arcs[i] for i in order]
        tail, head, kind, link, forward, km, signature = zip(*arcs, strict=True) if arcs else ((),) * 7
        counts = np.bincount(np.asarray(tail, dtype=np.int64), minlength=len(nodes))
        return Topology(
            year=year,
            nodes=nodes,
            links=self.links,
            signatures=tuple(self.signatures),
            first=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
            head=np.asarray(head, dtype=np.int32),
            tail=np.asarray(tail, dtype=np.int32),
            kind=np.asarray(kind, dtype=np.int8),
            link=np.asarray(link, dtype=np.int32),
            forward=np.asarray(forward, dtype=np.bool_),
            length_km=np.asarray(km, dtype=np.float64),
            signature=np.asarray(signature, dtype=np.int32),
            origin_node={node.place: i for i, node in enumerate(nodes) if node.stage is Stage.ORIGIN},
            destination_node={node.place: i for i, node in enumerate(nodes) if node.stage is Stage.DESTINATION},
            border_links=frozenset(self.borders),
            home_country=self.tables.home_country,
            bilateral=self._bilateral(),
        )

    def _bilateral(self) -> dict[str, str]:
        ports = self.tables.ports_by_id
        found = {}
        for link in self.links:
            for end, far in ((link.origin, link.destination), (link.destination, link.origin)):
                if link.id in self.borders and end in ports and ports[end].opening_scope == BILATERAL:
                    found[link.id] = self.countries[far]
        return found
