"""Where the freight of a port comes from and goes to, and which goods it is, in the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.ground import wording
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names


@dataclass(frozen=True, slots=True)
class End:
    """Where freight of a port comes from or goes to, in the model."""

    id: str
    name: str
    href: str
    tonnes: float


@dataclass(frozen=True, slots=True)
class Hinterland:
    """The ends of the flows through a port: on the home side and abroad, the largest first."""

    home: tuple[End, ...]
    abroad: tuple[End, ...]
    total_t: float


MOST_ENDS = 9
MOST_TOLD = 2


@kept
def hinterland(loaded: Loaded, port: str) -> Hinterland:
    """Return where the freight through a port ends at home and abroad, in the model."""
    country = loaded.region.settings.country
    home: dict[str, float] = {}
    abroad: dict[str, float] = {}
    total = 0.0
    for path in modelled.paths_through(loaded, port):
        total += path.tonnes
        for end in (path.origin, path.destination):
            side = home if names.country_of(loaded, end) == country else abroad
            side[end] = side.get(end, 0.0) + path.tonnes
    return Hinterland(_ends(loaded, home), _ends(loaded, abroad), total)


def _ends(loaded: Loaded, tonnes: dict[str, float]) -> tuple[End, ...]:
    listed = sorted(tonnes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(End(id_, names.short(loaded, id_), names.href(id_, loaded), t) for id_, t in listed)


def first_ends(ends: Iterable[End], rest: str) -> list[tuple[str, float, str]]:
    """Return the largest ends as bars, what is left as one bar named ``rest``."""
    listed = list(ends)
    found = [(end.name, end.tonnes, end.href) for end in listed[:MOST_ENDS]]
    left = sum(end.tonnes for end in listed[MOST_ENDS:])
    return [*found, (rest, left, "")] if left else found


@kept
def hinterland_words(loaded: Loaded, port: str) -> str:
    """Return the sentence on where most of the freight of a port ends."""
    found = hinterland(loaded, port)
    if not found.total_t:
        return ""
    shares = [(end.name, wording.percent(end.tonnes / found.total_t, language())) for end in found.home[:MOST_TOLD]]
    said = [_("%(place)s占 %(share)s") % {"place": place, "share": share} for place, share in shares]
    far = [end.name for end in found.abroad[:MOST_TOLD]]
    if not said:
        return ""
    values = {"year": loaded.region.settings.base_year, "home": prose.listed(said), "abroad": prose.listed(far)}
    if far:
        return _("%(year)s 年模型里，境内%(home)s，境外主要是%(abroad)s。") % values
    return _("%(year)s 年模型里，境内%(home)s。") % values


@dataclass(frozen=True, slots=True)
class Goods:
    """Modelled freight of one commodity through a port."""

    id: str
    name: str
    import_t: float
    export_t: float

    @property
    def total_t(self) -> float:
        """Both directions."""
        return self.import_t + self.export_t


@kept
def modelled_goods(loaded: Loaded, port: str) -> tuple[Goods, ...]:
    """Return the modelled freight of a port by commodity and direction, the largest first."""
    return tuple(
        Goods(commodity, names.name(loaded, commodity), inward, outward)
        for commodity, inward, outward in modelled.by_commodity(loaded, port)
    )
