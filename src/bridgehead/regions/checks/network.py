"""Checks of the network: links, border crossings, what can be reached and what flows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

from bridgehead.kernel.errors import Fault, Severity
from bridgehead.kernel.schemas import Guesses
from bridgehead.kernel.tables import Row
from bridgehead.regions.checks.common import finding, readable, sound, word
from bridgehead.regions.folder import Folder

OPEN = "open"
LAND_MODES = ("rail", "road")
EARTH_RADIUS_KM = 6371.0
LENGTH_TOLERANCE = 0.01
"""Share of the great circle by which a length may fall short: coordinates are rounded and places are areas."""
LENGTH_TOLERANCE_KM = 1.0
IMPOSSIBLE_SHARE = 0.5
"""Share of the great circle below which a length is no rough figure but an error."""
LONGEST_DETOUR = 4.0
"""How many great circles a link may be long; ships around a continent sail less than three."""
LONGEST_DETOUR_KM = 50.0
MOST_LOST_ENDS = 50
"""How many ends of links that name nothing are looked for by distance."""
_UNREAD = "?"
"""Stands for the end of a link that could not be read; nothing joined to it is called unreachable."""


def great_circle_km(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the distance of two points (latitude, longitude in degrees) on a sphere, by the haversine formula."""
    lat1, lon1, lat2, lon2 = (math.radians(value) for value in (*first, *second))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def links_join_two_places(folder: Folder) -> Iterator[Fault]:
    """Check that a link joins two different places, and so does a flow."""
    for name, first, second in (("links", "from", "to"), ("demand", "origin", "destination")):
        table = folder.tables[name]
        for row in table.rows:
            if word(row, first) and row.text(first) == word(row, second):
                yield finding(table, row, second, "region.joined_to_itself", place=row.text(first))


def links_are_listed_once(folder: Folder) -> Iterator[Fault]:
    """Check that a pair of places has one link of a mode; links run both ways, so the reverse pair is the same link."""
    table = folder.tables["links"]
    seen: dict[tuple[str, ...], Row] = {}
    for row in table.rows:
        ends = word(row, "from"), word(row, "to")
        if not all(ends) or not word(row, "mode"):
            continue
        first = seen.setdefault((*sorted(ends), row.text("mode")), row)
        # The same order of ends is the duplicate key the schema already reports.
        if first is not row and first.text("from") != ends[0]:
            yield finding(
                table, row, "from", "region.link_twice", places=list(ends), mode=row.text("mode"), first=first.line
            )


def rail_links_have_a_gauge(folder: Folder) -> Iterator[Fault]:
    """Check that a rail link has a track gauge; without one no train could be put on it."""
    table = folder.tables["links"]
    if not readable(folder, "links", "gauge_mm", "mode"):
        return
    for row in table.rows:
        if word(row, "mode") == "rail" and sound(row, "gauge_mm") and row["gauge_mm"] is None:
            yield finding(
                table, row, "gauge_mm", "region.rail_without_gauge", places=[word(row, "from"), word(row, "to")]
            )


def capacities_have_a_unit(folder: Folder) -> Iterator[Fault]:
    """Check that a capacity says in which unit it counts; without one nothing can be held against it."""
    table = folder.tables["links"]
    if not readable(folder, "links", "capacity", "capacity_unit"):
        return
    for row in table.rows:
        if sound(row, "capacity", "capacity_unit") and row["capacity"] is not None and row["capacity_unit"] is None:
            yield finding(table, row, "capacity_unit", "region.capacity_without_unit", value=row.text("capacity"))


def length_suits_great_circle(folder: Folder) -> Iterator[Fault]:
    """Check that a link is not shorter than the great circle between its ends, nor many times as long."""
    table = folder.tables["links"]
    severity: Severity
    points = _points(folder)
    for row in table.rows:
        length = row["length_km"] if sound(row, "length_km") else None
        places = [word(row, "from"), word(row, "to")]
        ends = points.get(places[0]), points.get(places[1])
        if not isinstance(length, float) or ends[0] is None or ends[1] is None or places[0] == places[1]:
            continue
        circle = great_circle_km(ends[0], ends[1])
        if length < circle * (1 - LENGTH_TOLERANCE) - LENGTH_TOLERANCE_KM:
            code = "region.length_below_great_circle"
            # No error of a position comes to half the way; the figure itself is wrong.
            severity = "error" if length < circle * IMPOSSIBLE_SHARE - LENGTH_TOLERANCE_KM else "warning"
        elif length > circle * LONGEST_DETOUR + LONGEST_DETOUR_KM:
            code, severity = "region.length_far_above_great_circle", "warning"
        else:
            continue
        detail = {"places": places, "value": length, "great_circle": round(circle, 1)}
        yield finding(table, row, "length_km", code, severity, **detail)


def ports_are_fit_for_the_map(folder: Folder) -> Iterator[Fault]:
    """Check that an open port has a position, and an open land port a country on the other side."""
    table = folder.tables["ports"]
    if not readable(folder, "ports", "status", "mode"):
        return
    for row in table.rows:
        if word(row, "status") != OPEN:
            continue
        if (
            readable(folder, "ports", "lat", "lon")
            and sound(row, "lat", "lon")
            and (row["lat"] is None or row["lon"] is None)
        ):
            yield finding(table, row, "lat", "region.port_without_position", "warning", port=word(row, "id"))
        if (
            readable(folder, "ports", "counterpart_country")
            and word(row, "mode") in LAND_MODES
            and sound(row, "counterpart_country")
            and row["counterpart_country"] is None
        ):
            yield finding(
                table, row, "counterpart_country", "region.port_without_counterpart", "warning", port=word(row, "id")
            )


def open_land_ports_cross_the_border(folder: Folder) -> Iterator[Fault]:
    """Check that an open land port has an open link of its mode to a place abroad."""
    home = folder.settings.country
    if not home or not _network_readable(folder) or not readable(folder, "places", "country"):
        return
    ends_of = _Ends(folder).of
    # A place whose country could not be read may well be abroad.
    abroad = {word(row, "id") for row in folder.tables["places"].rows if word(row, "country") != home} | {_UNREAD}
    crossing: set[tuple[str, str]] = set()
    for row in folder.tables["links"].rows:
        ends = ends_of(row)
        if not _usable(row):
            continue
        if ends == (_UNREAD, _UNREAD):
            return
        modes = (word(row, "mode"),) if word(row, "mode") else LAND_MODES
        for here, there in (ends, ends[::-1]):
            if there in abroad:
                crossing.update((here, mode) for mode in modes)
    table = folder.tables["ports"]
    for row in table.rows:
        id_, mode = word(row, "id"), word(row, "mode")
        if id_ and word(row, "status") == OPEN and mode in LAND_MODES and (id_, mode) not in crossing:
            yield finding(table, row, "id", "region.no_border_link", "warning", port=id_, mode=mode)


def places_are_reachable(folder: Folder) -> Iterator[Fault]:
    """Check that every open land port is joined to the main network; other places cut off from it are warnings."""
    if not _network_readable(folder):
        return
    component = _components(folder)
    sizes = Counter(root for node, root in component.items() if node != _UNREAD)
    if not sizes:
        return
    main = max(sorted(sizes), key=lambda root: sizes[root])
    spared = {main, component.get(_UNREAD)}
    ends_of = _Ends(folder).of
    linked = {end for row in folder.tables["links"].rows for end in ends_of(row)}
    for name in ("ports", "places"):
        table = folder.tables[name]
        for row in table.rows:
            id_ = word(row, "id")
            if not id_ or component[id_] in spared:
                continue
            land_port = False
            if name == "ports":
                # A port that is not open, or of which that is not known, needs no link.
                if word(row, "status") != OPEN or not sound(row, "mode"):
                    continue
                land_port = word(row, "mode") in LAND_MODES
            code = "region.unreachable_place" if id_ in linked else "region.place_without_link"
            yield finding(table, row, "id", code, "error" if land_port else "warning", place=id_)


def demand_has_a_path(folder: Folder) -> Iterator[Fault]:
    """Check that every flow can go from its origin to its destination over open links."""
    if not _network_readable(folder) or not readable(folder, "demand", "origin", "destination"):
        return
    component = _components(folder)
    unread = component.get(_UNREAD)
    table = folder.tables["demand"]
    for row in table.rows:
        ends = [component.get(word(row, column)) for column in ("origin", "destination")]
        if None in ends or ends[0] == ends[1] or (unread is not None and unread in ends):
            continue
        yield finding(
            table,
            row,
            "destination",
            "region.demand_without_path",
            origin=row.text("origin"),
            destination=row.text("destination"),
            commodity=word(row, "commodity"),
        )


def _network_readable(folder: Folder) -> bool:
    """Say whether places, ports and links could be read well enough to speak of connections."""
    return (
        readable(folder, "places", "id")
        and readable(folder, "ports", "id", "status", "mode")
        and readable(folder, "links", "from", "to", "mode", "status")
    )


def known_ids(folder: Folder) -> frozenset[str]:
    """Return the ids of all places and ports."""
    return folder.tables["places"].texts("id") | folder.tables["ports"].texts("id")


def _points(folder: Folder) -> Mapping[str, tuple[float, float]]:
    """Return latitude and longitude of the places and ports that have them."""
    found: dict[str, tuple[float, float]] = {}
    for name in ("places", "ports"):
        for row in folder.tables[name].rows:
            lat, lon = row["lat"], row["lon"]
            if isinstance(lat, float) and isinstance(lon, float):
                found[word(row, "id")] = (lat, lon)
    return found


class _Ends:
    """Finds the two ends of links, also of those that name an id nobody knows."""

    def __init__(self, folder: Folder) -> None:
        self.known = known_ids(folder)
        self.points = _points(folder)
        self.guesses = Guesses(self.known)
        self.distant: dict[tuple[str, float], str] = {}

    def of(self, row: Row) -> tuple[str, str]:
        """Return the ends of a link; for an unknown id the one that was probably meant, else the unread end.

        Meant is the id that looks most like it, or else the place that lies as far from the other end as the row says.
        """
        first, second = (row.text(column) for column in ("from", "to"))
        return self._meant(first, second, row), self._meant(second, first, row)

    def _meant(self, end: str, other: str, row: Row) -> str:
        if end in self.known:
            return end
        return self.guesses.of(end) or self._at_distance(other, row) or _UNREAD

    def _at_distance(self, other: str, row: Row) -> str:
        distance_km = row["great_circle_km"] if sound(row, "great_circle_km") else None
        start = self.points.get(other)
        if start is None or not isinstance(distance_km, float):
            return ""
        if (other, distance_km) not in self.distant and len(self.distant) < MOST_LOST_ENDS:
            gaps = {id_: abs(great_circle_km(start, point) - distance_km) for id_, point in self.points.items()}
            found = min(sorted(gaps), key=lambda id_: gaps[id_])
            near = gaps[found] < 0.1 + LENGTH_TOLERANCE * distance_km
            self.distant[other, distance_km] = found if near else ""
        return self.distant.get((other, distance_km), "")


class _Closed:
    """Knows the ports that are surely not open, and which links across the home border that closes."""

    def __init__(self, folder: Folder) -> None:
        self.home = folder.settings.country
        self.country = {word(row, "id"): word(row, "country") for row in folder.tables["places"].rows}
        ports = folder.tables["ports"].rows
        self.country.update({word(row, "id"): self.home for row in ports})
        self.ports = {word(row, "id") for row in ports if word(row, "status") not in ("", OPEN)}

    def crossing(self, ends: tuple[str, str]) -> bool:
        """Say whether a link between these ends crosses the home border at a port that is not open."""
        first, second = (self.country.get(end, "") for end in ends)
        known = bool(self.home and first and second)
        return known and first != second and self.home in (first, second) and not self.ports.isdisjoint(ends)


def _usable(row: Row) -> bool:
    """Say whether a link is open; one whose state could not be read gets the benefit of the doubt."""
    return not sound(row, "status") or row["status"] == OPEN


def _components(folder: Folder) -> Mapping[str, str]:
    """Return for every place and port the representative of what it is joined to over open links of any mode.

    As in the model, a link across the home border is closed while the port at its end is not open.
    """
    ends_of = _Ends(folder).of
    closed = _Closed(folder)
    root = {node: node for node in known_ids(folder)}

    def find(node: str) -> str:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for row in folder.tables["links"].rows:
        if not _usable(row):
            continue
        ends = ends_of(row)
        if closed.crossing(ends):
            continue
        for end in ends:
            root.setdefault(end, end)
        first, second = sorted(find(end) for end in ends)
        root[second] = first
    return {node: find(node) for node in root}
