"""The map of a comparison: where freight comes, and where it goes."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.engines.flows.scenario_comparison import Comparison
from bridgehead.ground import words
from bridgehead.ground.region import Loaded
from bridgehead.render import map as maps
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.comparison_words import signed_mass
from bridgehead.rooms.gateway.drawings.maps import MAP_MODES, MOST_TOLD, both, frame, map_places, map_words
from bridgehead.rooms.gateway.selectors import names

WIDE, NARROW = maps.Size(773, 420), maps.Size(358, 300, narrow=True)


def difference_map(loaded: Loaded, title: str, found: Comparison) -> SafeString:
    """Return the map of the changes on land, wide and narrow; nothing where there are none."""
    links = changed_links(loaded, found)
    if not links:
        return SafeString("")
    largest = sorted(links, key=lambda one: -abs(one.tonnes))[:MOST_TOLD]
    desc = _("实线是增加，虚线是减少，线宽与变化的吨数成正比。变化大的几段：%(list)s") % {
        "list": _("；").join(one.title for one in largest)
    }
    said, places, shown = map_words(title, desc), map_places(loaded, exits=False), frame(loaded)
    return both(lambda size: maps.difference_map(places, links, said, size, frame=shown), WIDE, NARROW)


def changed_links(loaded: Loaded, found: Comparison) -> tuple[maps.MapLink, ...]:
    """Return the links on land whose freight changes, both directions together."""
    known = loaded.components.links_by_id
    sums: dict[tuple[str, str, str], float] = {}
    for one in found.links:
        mode = one.link.rpartition("--")[2] if one.link not in known else known[one.link].mode
        if mode in MAP_MODES and one.tonnes.told:
            key = (min(one.origin, one.destination), max(one.origin, one.destination), mode)
            sums[key] = sums.get(key, 0.0) + one.tonnes.change
    return tuple(
        maps.MapLink(a, b, change, title=_title(loaded, a, b, mode, change))
        for (a, b, mode), change in sorted(sums.items())
    )


def _title(loaded: Loaded, a: str, b: str, mode: str, change: float) -> str:
    told = {"a": names.short(loaded, a), "b": names.short(loaded, b), "mode": words.word("mode", mode)}
    return prose.tidy(_("%(a)s – %(b)s，%(mode)s：%(change)s（模型）") % (told | {"change": signed_mass(change)}))
