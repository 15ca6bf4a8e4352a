"""What the gateway shows about an article or an organisation on the pages of other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridgehead.ground.panels import register
from bridgehead.ground.region import Loaded, current
from bridgehead.rooms.gateway.drawings import charts
from bridgehead.rooms.gateway.selectors import corridors, home, names, ports
from bridgehead.rooms.gateway.selectors.throughput import cell

MOST_ROWS = 8


def pages_of(loaded: Loaded, article: str) -> frozenset[str]:
    """Return the pages that the region's own trace names for an article; none for a region without a trace."""
    entry = (loaded.region.trace.get("article") or {}).get(article) or {}
    return frozenset(str(page) for page in entry.get("pages") or ())


def ports_of_article(article: str) -> Mapping[str, Any] | None:
    """Return the open land ports by class, where an article is served by the pages of the ports."""
    loaded = current()
    if not pages_of(loaded, article) & {"gateway:ports", "gateway:port"}:
        return None
    listed = ports.ordered(ports.sites(loaded), "freight")
    if not listed:
        return None
    statutory = sum(1 for one in ports.all_lines(loaded) if one.port_class.kind == "statutory")
    return {
        "lines": listed[:MOST_ROWS],
        "more": max(0, len(listed) - MOST_ROWS),
        "assigned": statutory,
        "every": len(ports.all_lines(loaded)),
        "base_year": loaded.region.settings.base_year,
    }


def corridors_of_article(article: str) -> Mapping[str, Any] | None:
    """Return the corridors, where an article is served by their pages."""
    loaded = current()
    if not pages_of(loaded, article) & {"gateway:corridors", "gateway:corridor"}:
        return None
    listed = sorted(corridors.corridors(loaded), key=lambda one: -(one.most_t or 0.0))
    if not listed:
        return None
    return {"corridors": listed[:MOST_ROWS], "more": max(0, len(listed) - MOST_ROWS)}


def targets_of_article(article: str) -> Mapping[str, Any] | None:
    """Return the pace of the targets, where an article is served by the first page."""
    loaded = current()
    if "gateway:home" not in pages_of(loaded, article):
        return None
    pace = home.pace(loaded)
    if not pace.lines:
        return None
    return {"year": pace.year, "lines": [(line, charts.pace_bar(line.target, line.name)) for line in pace.lines]}


def places_of_organisation(organisation: str) -> Mapping[str, Any] | None:
    """Return the ports and places of a league or city, by its id among the organisations."""
    loaded = current()
    things = names.index(loaded)
    row = things.orgs.get(organisation)
    if row is None:
        return None
    name = cell(row, "name_zh")
    places = [place for place, district in things.districts.items() if district == organisation]
    here = [
        one
        for one in ports.all_lines(loaded)
        if names.is_open(things.ports[one.id]) and cell(things.ports[one.id], "league_city")
        and name.startswith(cell(things.ports[one.id], "league_city"))
    ]  # fmt: skip
    if not places and not here:
        return None
    return {
        "ports": here,
        "places": [(names.href(id_, loaded), names.name(loaded, id_)) for id_ in places if id_ in things.places],
    }


def register_panels() -> None:
    """Register the panels of the gateway."""
    register("article", "口岸", "Ports", ports_of_article, "gateway/panel_ports.html", order=40)
    register("article", "通道", "Corridors", corridors_of_article, "gateway/panel_corridors.html", order=50)
    register("article", "目标与进度", "Targets and pace", targets_of_article, "gateway/panel_targets.html", order=60)
    register(
        "organisation", "口岸与地点", "Ports and places", places_of_organisation, "gateway/panel_places.html", order=40
    )
