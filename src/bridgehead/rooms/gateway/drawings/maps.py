"""The maps of the gateway: the region's places and the model's freight handed to the drawing functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bridgehead.engines.flows.paths import FlowPath
from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept, recent
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.tables import Row
from bridgehead.render import map as maps
from bridgehead.render.geometry import Projection, corners
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names, queues, through
from bridgehead.rooms.gateway.selectors.ports import class_of, line
from bridgehead.rooms.gateway.selectors.throughput import cell, rows

MAP_MODES = ("rail", "road", "water")
"""Links by sea and air are not on the schematic map: their ends lie a world apart."""


MOST_TOLD = 4
"""How many stretches the description of a map names."""


def drawn(markup: str) -> SafeString:
    """Mark a drawing as safe: the drawing functions escape every word they are given."""
    return mark_safe(markup)  # noqa: S308


def both(draw: object, wide: maps.Size, narrow: maps.Size) -> SafeString:
    """Return the wide and the narrow drawing of a figure."""
    return drawn(draw(wide) + draw(narrow))  # type: ignore[operator]


def frame(loaded: Loaded, *, whole: bool = False) -> maps.Frame:
    """Return projection and, with ``whole``, the window that the region chooses for itself; the rest is derived."""
    chosen = loaded.region.settings.map
    projection = None
    if chosen.parallels is not None and chosen.centre_lon is not None:
        projection = Projection(chosen.parallels, chosen.centre_lon)
    window = corners(*chosen.window) if whole and chosen.window is not None else ()
    return maps.Frame(projection=projection, window=window)


def link_title(loaded: Loaded, use: modelled.LinkUse) -> str:
    """Return what a line on the map says when pointed at."""
    share = use.share
    said = _("%(a)s – %(b)s，%(mode)s：%(freight)s") % {
        "a": names.short(loaded, use.link.origin),
        "b": names.short(loaded, use.link.destination),
        "mode": words.word("mode", use.link.mode),
        "freight": prose.mass(use.tonnes),
    }
    if share is not None:
        said += _("，能力占用 %(share)s") % {"share": wording.percent(share, language())}
    wait_h = queues.link_waits(loaded).get(use.link.id, 0.0)
    if wait_h >= modelled.WAITING_H:
        said += _("，等候 %(hours)s") % {"hours": wording.hours(wait_h, language())}
    return said + _("（模型）")


@kept
def map_links(loaded: Loaded) -> tuple[maps.MapLink, ...]:
    """Return the links on land with their modelled freight."""
    found = []
    for use in modelled.link_uses(loaded).values():
        if use.link.mode in MAP_MODES:
            address = through.address(link=use.link.id)
            found.append(
                maps.MapLink(
                    use.link.origin, use.link.destination, use.tonnes, use.share, address, link_title(loaded, use)
                )
            )
    return tuple(found)


@kept
def map_places(loaded: Loaded, exits: bool = True) -> tuple[maps.MapPlace, ...]:
    """Return every port and place that has a position, as the map shows them."""
    things = names.index(loaded)
    found = [_port(loaded, row) for row in things.ports.values()]
    found += [_place(loaded, row, exits) for row in things.places.values()]
    return tuple(one for one in found if one is not None)


def _labels(loaded: Loaded, id_: str) -> tuple[str, str, str]:
    """Return the name in the language of the page, the small one below it, and that one's language."""
    here, other = ("zh", "en") if language() == "zh" else ("en", "zh")
    first, second = names.short(loaded, id_, here), names.short(loaded, id_, other)
    return first, second if second != first and language() == "zh" else "", other


def _int(row: Row | None, column: str) -> int | None:
    value = row.get(column) if row is not None else None
    return value if isinstance(value, int) else None


def _port(loaded: Loaded, row: Row) -> maps.MapPlace | None:
    port = cell(row, "id")
    lat, lon = row.get("lat"), row.get("lon")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    on_map = names.index(loaded).on_map.get(port)
    first, second, other = _labels(loaded, port)
    ring = class_of(row).ring if names.is_open(row) and names.is_land(row) else None
    use = modelled.border_utilisation(loaded, port) if ring is not None else None
    title = names.name(loaded, port)
    if use is not None:
        # The picture says no more than the table beside it: a use that tells nothing is given with its reservation.
        said = line(loaded, row).use
        title += _("：跨境段占用 %(share)s（模型）") % {
            "share": f"{wording.percent(use, language())}{_('，')}{said.note}" if said.note else said.words
        }
    return maps.MapPlace(
        id=port,
        lat=float(lat),
        lon=float(lon),
        name=first,
        second=second,
        second_lang=other,
        kind="port",
        ring=ring,
        href=names.href(port, loaded),
        title=title,
        utilisation=use,
        merged_into=cell(on_map, "merged_into") if on_map is not None else "",
        rank=_int(on_map, "rank"),
        prefer=cell(on_map, "prefer") if on_map is not None else "",
    )


def _place(loaded: Loaded, row: Row, exits: bool) -> maps.MapPlace | None:
    place = cell(row, "id")
    lat, lon = row.get("lat"), row.get("lon")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    on_map = names.index(loaded).on_map.get(place)
    first, second, other = _labels(loaded, place)
    leaves = leaves_second = ""
    if on_map is not None and exits:
        zh, en = cell(on_map, "exit_zh"), cell(on_map, "exit_en")
        leaves, leaves_second = (zh, en) if language() == "zh" else (en, "")
    return maps.MapPlace(
        id=place,
        lat=float(lat),
        lon=float(lon),
        name=first,
        second=second,
        second_lang=other,
        kind=cell(row, "kind"),
        href=names.href(place, loaded),
        title=names.name(loaded, place),
        merged_into=cell(on_map, "merged_into") if on_map is not None else "",
        rank=_int(on_map, "rank"),
        prefer=cell(on_map, "prefer") if on_map is not None else "",
        exit=leaves,
        exit_second=leaves_second,
    )


def map_words(title: str, desc: str = "", empty: str = "") -> maps.MapWords:
    """Return the words of a map."""
    return maps.MapWords(
        title=title,
        desc=desc,
        note=_("示意图，不表示任何界线"),
        scale=_("{km} 公里"),
        empty=empty or _("没有带坐标的地点，画不出图。"),
    )


@kept
def gateway_map(loaded: Loaded, users: bool = False) -> SafeString:
    """Return the map of the whole gateway, wide and narrow; a port leads to its page, or with ``users`` to who uses it.

    A corridor leads to who uses it.
    """
    places, links = map_places(loaded), map_links(loaded)
    if users:
        places = tuple(replace(one, href=through.address(port=one.id)) if one.kind == "port" else one for one in places)
    largest = sorted(modelled.link_uses(loaded).values(), key=lambda use: -use.tonnes)[:MOST_TOLD]
    desc = _("线宽表示 %(year)s 年货运量，颜色表示能力占用。最大的几段：%(list)s") % {
        "year": loaded.region.settings.base_year,
        "list": _("；").join(link_title(loaded, use) for use in largest if use.link.mode in MAP_MODES),
    }
    said = map_words(_("口岸与通道"), desc)
    shown = frame(loaded, whole=True)
    return both(lambda size: maps.gateway_map(places, links, said, size, frame=shown), maps.WIDE, maps.NARROW)


@kept
def gateway_legend(loaded: Loaded) -> SafeString:
    """Return the legend of the first page's map, wide and narrow."""
    places, links = map_places(loaded), map_links(loaded)
    open_land = [row for row in rows(loaded, "ports") if names.is_open(row) and names.is_land(row)]
    rings: dict[int, list[str]] = {}
    statutory = False
    for row in open_land:
        found = class_of(row)
        statutory |= found.kind == "statutory"
        label = found.label or _("未分类")
        if label not in rings.setdefault(found.ring, []):
            rings[found.ring].append(label)
    said = maps.LegendWords(
        title=_("图例"),
        freight=_("货运量，%(unit)s/年") % {"unit": wording.mass_unit(language())},
        tonnes_per_unit=1e4 if language() == "zh" else 1e6,
        utilisation=_("能力占用"),
        ports=_("口岸类别（红圈：跨境段占用 ≥90%）"),
        rings=tuple((ring, _(" / ").join(labels)) for ring, labels in sorted(rings.items())),
    )
    shown = frame(loaded, whole=True)
    return both(lambda size: maps.legend(places, links, said, size, frame=shown), maps.WIDE, maps.NARROW)


def _only(loaded: Loaded, tonnes: Mapping[tuple[str, str], Mapping[str, float]]) -> tuple[maps.MapLink, ...]:
    """Return links with some freight only; where two run side by side, the address is that of the fuller one."""
    found = []
    for (a, b), carried in sorted(tonnes.items()):
        total = sum(carried.values())
        told = {"a": names.short(loaded, a), "b": names.short(loaded, b), "freight": prose.mass(total)}
        address = through.address(link=max(carried, key=lambda link: (carried[link], link)))
        found.append(maps.MapLink(a, b, total, None, address, _("%(a)s – %(b)s：%(freight)s（模型）") % told))
    return tuple(found)


@kept
def hinterland_map(loaded: Loaded, port: str) -> SafeString:
    """Return where the freight of one port runs, in the model."""
    title = _("%(port)s的货运腹地") % {"port": names.short(loaded, port)}
    return _flow_map(loaded, modelled.paths_through(loaded, port), port, title)


@kept
def through_map(loaded: Loaded, question: through.Question) -> SafeString:
    """Return where the freight runs that passes a link or a port, both directions together."""
    asked = {passage for listed in through.passages(loaded, question).values() for passage in listed}
    passing = [
        path
        for path in modelled.paths(loaded)
        if any((step.link, step.origin, step.destination) in asked for step in path.steps)
    ]
    at = question.port or loaded.components.links_by_id[question.link].origin
    return _flow_map(loaded, passing, at, _("经过%(name)s的货") % {"name": through.answer(loaded, question).name})


def _flow_map(loaded: Loaded, paths: Iterable[FlowPath], at: str, title: str) -> SafeString:
    """Return the links that some flows use, in accent, around a place; nothing without any on land."""
    tonnes: dict[tuple[str, str], dict[str, float]] = {}
    links = loaded.components.links_by_id
    for path in paths:
        for step in path.steps:
            if links[step.link].mode in MAP_MODES:
                ends = (min(step.origin, step.destination), max(step.origin, step.destination))
                of_ends = tonnes.setdefault(ends, {})
                of_ends[step.link] = of_ends.get(step.link, 0.0) + path.tonnes
    if not tonnes:
        return SafeString("")
    places, carried = map_places(loaded), _only(loaded, tonnes)
    busiest = sorted(carried, key=lambda link: -link.tonnes)[:MOST_TOLD]
    desc = _("货多的几段：%(list)s") % {"list": _("；").join(link.title for link in busiest)}
    said = map_words(title, desc)
    shown = frame(loaded)
    return both(
        lambda size: maps.hinterland_map(places, carried, at, said, size, frame=shown),
        maps.HINTERLAND_WIDE,
        maps.HINTERLAND_NARROW,
    )


WAY_WIDE, WAY_NARROW = maps.Size(773, 420), maps.Size(358, 300, narrow=True)
WAY_SMALL = maps.Size(358, 300, narrow=True, alone=True)


def way_map(
    loaded: Loaded, title: str, sequence: Sequence[str], links: Iterable[str], *, small: bool = False
) -> SafeString:
    """Return a corridor or route over the other links, wide and narrow or small only; the most recent are kept."""
    on = tuple(links)
    key = (title, tuple(sequence), on, small)
    return recent(loaded, "way_map", key, lambda: _way_map(loaded, title, sequence, frozenset(on), small))


def _way_map(loaded: Loaded, title: str, sequence: Sequence[str], on: frozenset[str], small: bool) -> SafeString:
    known = loaded.components.links_by_id
    # A small map beside others shows the way alone: with all links each it would be half the page.
    shown = [] if small else list(map_links(loaded))
    have = {(link.origin, link.destination) for link in shown}
    for id_ in sorted(on):
        link = known.get(id_)
        if link is not None and link.mode in MAP_MODES and (link.origin, link.destination) not in have:
            shown.append(maps.MapLink(link.origin, link.destination, 0.0))
    places = tuple(_as_passed(map_places(loaded, exits=False), sequence))
    passed = prose.listed(names.short(loaded, place) for place in sequence)
    said = map_words(title, _("依次经过：%(list)s") % {"list": passed})
    at = frame(loaded)

    def draw(size: maps.Size) -> str:
        return maps.corridor_map(places, tuple(shown), sequence, said, size, frame=at)

    return drawn(draw(WAY_SMALL)) if small else both(draw, WAY_WIDE, WAY_NARROW)


def _as_passed(places: Sequence[maps.MapPlace], sequence: Sequence[str]) -> Iterator[maps.MapPlace]:
    """Yield the places; where a way passes a spot but neither its place nor a port, it has the name of what is passed.

    A place before the border is drawn at the spot of the port, and the way would seem to cross there.
    """
    known = {place.id: place for place in places}
    stops: dict[str, list[maps.MapPlace]] = {}
    for one in [known[id_] for id_ in sequence if id_ in known]:
        stops.setdefault(one.merged_into or one.id, []).append(one)
    for place in places:
        spot = place.merged_into or place.id
        passed = stops.get(spot, [])
        if not passed or any(one.kind == "port" or one.id == spot for one in passed):
            yield place
        elif place.id == spot:
            yield replace(passed[0], id=spot, lat=place.lat, lon=place.lon, merged_into="", prefer=place.prefer)
        else:
            yield replace(place, ring=None)


@kept
def place_map(loaded: Loaded, place: str) -> SafeString:
    """Return a small map that shows where a place is."""
    name = names.short(loaded, place)
    said = map_words(_("%(place)s的位置") % {"place": name})
    return drawn(maps.locator(map_places(loaded), map_links(loaded), place, said, frame=frame(loaded, whole=True)))
