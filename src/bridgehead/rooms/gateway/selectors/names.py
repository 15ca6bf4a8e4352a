"""What things are called and where their pages are: ports, places, groups of ports, countries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from bridgehead.ground import words
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway.selectors.throughput import cell, rows

LAND = ("rail", "road", "water")
OPEN = "open"
MODE_ORDER = {"rail": 0, "road": 1, "water": 2, "air": 3}


@dataclass(frozen=True, slots=True)
class Group:
    """A group of ports that figures may speak of together (a row of ``aggregates.csv`` with members)."""

    id: str
    kind: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """The region's things by id, and what the map calls them."""

    ports: Mapping[str, Row]
    places: Mapping[str, Row]
    groups: Mapping[str, Group]
    aggregates: Mapping[str, Row]
    commodities: Mapping[str, Row]
    orgs: Mapping[str, Row]
    on_map: Mapping[str, Row]
    districts: Mapping[str, str] = field(default_factory=dict)


def _by_id(loaded: Loaded, table: str, key: str = "id") -> Mapping[str, Row]:
    return {cell(row, key): row for row in rows(loaded, table)}


def _index(loaded: Loaded) -> Index:
    aggregates = _by_id(loaded, "aggregates")
    groups = {}
    for id_, row in aggregates.items():
        members = row.get("members") or ()
        groups[id_] = Group(id_, cell(row, "kind"), tuple(str(m) for m in members))  # type: ignore[union-attr]
    return Index(
        ports=_by_id(loaded, "ports"),
        places=_by_id(loaded, "places"),
        groups=groups,
        aggregates=aggregates,
        commodities=_by_id(loaded, "commodities"),
        orgs=_by_id(loaded, "orgs"),
        on_map=_by_id(loaded, "map_places", "place"),
        districts={cell(row, "place"): cell(row, "district") for row in rows(loaded, "place_districts")},
    )


def index(loaded: Loaded) -> Index:
    """Return the region's things by id."""
    found: Index = loaded.remember("gateway.names", lambda: _index(loaded))
    return found


def port_row(loaded: Loaded, port: str) -> Row:
    """Return the row of a port; ``gateway.unknown_port`` if there is none."""
    found = index(loaded).ports.get(port)
    if found is None:
        raise BridgeheadError("gateway.unknown_port", {"port": port}, Place(field="port"))
    return found


def place_row(loaded: Loaded, place: str) -> Row:
    """Return the row of a place; ``gateway.unknown_place`` if there is none."""
    found = index(loaded).places.get(place)
    if found is None:
        raise BridgeheadError("gateway.unknown_place", {"place": place}, Place(field="place"))
    return found


def whole(loaded: Loaded) -> str:
    """Return the id under which figures speak of the whole region, or an empty string."""
    return next((id_ for id_, group in index(loaded).groups.items() if group.kind == "region"), "")


def groups_of(loaded: Loaded, port: str) -> tuple[Group, ...]:
    """Return the groups of ports whose freight a land port may be counted in, smallest first, without the whole region.

    Freight of a town's ports says nothing of its airport, which has none of these groups.
    """
    row = index(loaded).ports.get(port)
    if row is None or not is_land(row):
        return ()
    found = [g for g in index(loaded).groups.values() if port in g.members and g.kind == "port_group"]
    return tuple(sorted(found, key=lambda g: (len(g.members), g.id)))


def own_subjects(loaded: Loaded) -> frozenset[str]:
    """Return the ids of the region itself, its ports and its groups of ports."""
    things = index(loaded)
    groups = (id_ for id_, group in things.groups.items() if group.kind in ("region", "port_group"))
    return frozenset((*things.ports, *groups))


def is_land(row: Row) -> bool:
    """Tell whether freight passes the port on the ground or on water."""
    return cell(row, "mode") in LAND


def is_open(row: Row) -> bool:
    """Tell whether a port is open."""
    return cell(row, "status") == OPEN


def opened_by(row: Row, year: int) -> bool:
    """Tell whether a port was open in a year; one that is open since an unknown day counts as long open."""
    since = cell(row, "status_since")[:4]
    return is_open(row) and (not since.isdigit() or int(since) <= year)


def twins(loaded: Loaded, port: str) -> tuple[str, ...]:
    """Return ports drawn at the same place that are not open yet: the railway port being built beside the road port."""
    things = index(loaded)
    root = cell(things.on_map[port], "merged_into") if port in things.on_map else ""
    return tuple(
        other
        for other, row in things.ports.items()
        if other != port and not is_open(row) and other in things.on_map
        and cell(things.on_map[other], "merged_into") in {port, root} - {""}
    )  # fmt: skip


def _row(loaded: Loaded, id_: str) -> Row | None:
    things = index(loaded)
    for table in (things.ports, things.places, things.aggregates, things.commodities, things.orgs):
        if id_ in table:
            return table[id_]
    return None


def name(loaded: Loaded, id_: str, code: str | None = None) -> str:
    """Return the name of a port, place, group, commodity or organisation; an unknown id stands as it is."""
    row = _row(loaded, id_)
    if row is None:
        return id_
    zh, en = cell(row, "name_zh"), cell(row, "name_en")
    return speak(code or language(), zh or en or id_, en or zh or id_)


def both(loaded: Loaded, id_: str) -> tuple[str, str]:
    """Return the Chinese and the English name."""
    return name(loaded, id_, "zh"), name(loaded, id_, "en")


def short(loaded: Loaded, id_: str, code: str | None = None) -> str:
    """Return the short name a map uses, of the thing itself or, for a port, of what it is drawn with; else the name."""
    code = code or language()
    things = index(loaded)
    row = things.on_map.get(id_)
    for _ in range(4):
        if row is None:
            break
        said = cell(row, "short_zh" if code == "zh" else "short_en")
        if said:
            return said
        row = things.on_map.get(cell(row, "merged_into")) if id_ in things.ports else None
    return name(loaded, id_, code)


def distinct(loaded: Loaded, id_: str) -> str:
    """Return the short name, for a port with its mode where something else has the same name: 二连浩特铁路."""
    said = short(loaded, id_)
    row = index(loaded).ports.get(id_)
    if row is None or _bearers(loaded).get(said, 0) < 2:
        return said
    mode = words.word("mode", cell(row, "mode"))
    return f"{said}{mode}" if language() == "zh" else f"{said} {mode}"


def _bearers(loaded: Loaded) -> Mapping[str, int]:
    """Return how many ports and places share each short name, in the language of the page."""

    def count() -> Mapping[str, int]:
        found: dict[str, int] = {}
        things = index(loaded)
        for id_ in (*things.ports, *things.places):
            said = short(loaded, id_)
            found[said] = found.get(said, 0) + 1
        return found

    counted: Mapping[str, int] = loaded.remember(("gateway.bearers", language()), count)
    return counted


def href(id_: str, loaded: Loaded) -> str:
    """Return the address of the page of a port, place or corridor in the language of the request, or nothing."""
    things = index(loaded)
    if id_ in things.ports:
        return reverse("gateway:port", kwargs={"port": id_})
    if id_ in things.places:
        return reverse("gateway:place", kwargs={"place": id_})
    return ""


def named_part(loaded: Loaded, slug: str) -> str:
    """Return the name of a place, port or country that a part of a metric's name means, or nothing."""
    things = index(loaded)
    if slug in things.places or slug in things.ports:
        return short(loaded, slug)
    code = words.country_code(slug)
    return words.country(code) if code else ""


def metric(loaded: Loaded, metric_name: str) -> str:
    """Return the name of a metric, with places and countries in it by their names."""
    return words.metric(metric_name, lambda slug: named_part(loaded, slug))


def country_of(loaded: Loaded, id_: str) -> str:
    """Return the country code of a place, or the home country for a port."""
    things = index(loaded)
    if id_ in things.places:
        return cell(things.places[id_], "country")
    return loaded.region.settings.country if id_ in things.ports else ""


def district(loaded: Loaded, place: str) -> str:
    """Return the id of the league or city a place belongs to, or nothing."""
    return index(loaded).districts.get(place, "")


def bare(name: str) -> str:
    """Return a name without what stands in brackets behind it: 呼伦贝尔市(海拉尔) is 呼伦贝尔市."""
    return re.split("[(（]", name, maxsplit=1)[0].strip()


def area(loaded: Loaded, name_zh: str) -> str:
    """Return the name of a league, city or banner that a table gives in Chinese, in the language of the page.

    It is looked for among the places, without what stands in brackets behind their names, and then among the
    organisations; what is not found stands as it is.
    """
    if language() == "zh" or not name_zh:
        return name_zh
    things = index(loaded)
    for row in things.places.values():
        if bare(cell(row, "name_zh")) == name_zh:
            return bare(cell(row, "name_en"))
    for row in things.orgs.values():
        if cell(row, "name_zh").startswith(name_zh) and cell(row, "level") != "region":
            return cell(row, "name_en")
    return name_zh


def district_name(loaded: Loaded, place: str) -> str:
    """Return the name of the league or city a place belongs to, of the area and not of its government, or nothing."""
    id_ = district(loaded, place)
    org = index(loaded).orgs.get(id_)
    if org is None:
        return name(loaded, id_) if id_ else ""
    for other, row in index(loaded).places.items():
        zh = bare(cell(row, "name_zh"))
        if district(loaded, other) == id_ and zh and cell(org, "name_zh").startswith(zh):
            return speak(language(), zh, bare(cell(row, "name_en")))
    return name(loaded, id_)
