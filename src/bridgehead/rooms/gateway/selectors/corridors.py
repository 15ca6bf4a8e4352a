"""Corridors: ordered places, the links between them, their freight and use, and what the whole way takes and costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.network.components import Link
from bridgehead.engines.network.routes import Consignment, Route, find_route
from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names
from bridgehead.rooms.gateway.selectors.capacities import standing_of_capacity
from bridgehead.rooms.gateway.selectors.through import address as through_address
from bridgehead.rooms.gateway.selectors.throughput import cell, rows

SAMPLE_T = 1000.0
SAMPLE_TEU = 2.0
CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class CorridorLeg:
    """One stretch of a corridor.

    ``link`` is None where the tables have no link between the two places; ``use`` the modelled freight, None without
    any; ``reading`` what the model says with or without freight, None without a link. ``border`` and ``gauge_change``
    say what happens on it: a customs border, another gauge than before.
    """

    origin: str
    destination: str
    origin_name: str
    destination_name: str
    origin_href: str
    destination_href: str
    mode: str
    link: Link | None
    use: modelled.LinkUse | None
    reading: modelled.Reading | None
    border: bool
    gauge_change: tuple[int, ...]

    @property
    def gauge(self) -> str:
        """The gauges as they are written: 1520 / 1435."""
        return " / ".join(str(gauge) for gauge in self.link.gauges_mm) if self.link else ""

    @property
    def through_href(self) -> str:
        """Address of the page on who uses it, empty where nobody does."""
        return through_address(link=self.use.link.id) if self.use is not None else ""

    @property
    def capacity_words(self) -> str:
        """The capacity with its unit, empty where the link has none."""
        if self.link is None or not self.link.capacity:
            return ""
        return wording.measured_words(self.link.capacity, self.link.capacity_unit, language())

    @property
    def capacity_standing(self) -> Standing:
        """Whether the capacity was published, or is a peak, a guess or a placeholder of the class."""
        return standing_of_capacity(self.link.capacity_basis if self.link is not None else "")


@dataclass(frozen=True, slots=True)
class Corridor:
    """A corridor with its legs."""

    id: str
    name_zh: str
    name_en: str
    places: tuple[str, ...]
    legs: tuple[CorridorLeg, ...]
    standing: Standing
    notes: tuple[str, ...]

    @property
    def href(self) -> str:
        """Address of its page."""
        return reverse("gateway:corridor", kwargs={"corridor": self.id})

    @property
    def name(self) -> str:
        """Name in the language of the page."""
        return speak(language(), self.name_zh, self.name_en)

    @property
    def length_km(self) -> float:
        """Length of the legs that have a link."""
        return sum(leg.link.length_km for leg in self.legs if leg.link is not None)

    @property
    def missing(self) -> int:
        """Legs without a link in the tables."""
        return sum(leg.link is None for leg in self.legs)

    @property
    def modes(self) -> tuple[str, ...]:
        """Modes in order of first use."""
        return tuple(dict.fromkeys(leg.mode for leg in self.legs if leg.mode))

    @property
    def fullest(self) -> CorridorLeg | None:
        """The leg that uses most of its capacity."""
        known = [leg for leg in self.legs if leg.use is not None and leg.use.share is not None]
        return max(known, key=lambda leg: leg.use.share or 0.0) if known else None  # type: ignore[union-attr]

    @property
    def most_t(self) -> float | None:
        """Freight of the busiest leg, both directions; None where no leg carries any."""
        tonnes = [leg.use.tonnes for leg in self.legs if leg.use is not None]
        return max(tonnes) if tonnes else None

    @property
    def unfinished(self) -> tuple[CorridorLeg, ...]:
        """Legs whose link is not open."""
        return tuple(leg for leg in self.legs if leg.link is not None and leg.link.status != "open")


def _read(loaded: Loaded) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows(loaded, "corridors"):
        found.setdefault(cell(row, "id"), []).append(row)
    return {id_: sorted(listed, key=lambda row: row["sequence"]) for id_, listed in found.items()}  # type: ignore[arg-type, return-value]


def _corridor(loaded: Loaded, id_: str, listed: Sequence[Row]) -> Corridor:
    first = listed[0]
    places = tuple(cell(row, "place") for row in listed)
    legs: list[CorridorLeg] = []
    before: tuple[int, ...] = ()
    for start, row in zip(places, listed[1:], strict=False):
        leg = _leg(loaded, start, cell(row, "place"), cell(row, "mode"), before)
        legs.append(leg)
        if leg.link is not None and leg.link.gauges_mm:
            before = leg.link.gauges_mm
        elif leg.mode != "rail":
            before = ()
    notes = tuple(dict.fromkeys(cell(row, "note") for row in listed if cell(row, "note")))
    said = standing_of(cell(first, "standing"))
    return Corridor(id_, cell(first, "name_zh"), cell(first, "name_en"), places, tuple(legs), said, notes)


def _leg(loaded: Loaded, start: str, end: str, mode: str, before: tuple[int, ...]) -> CorridorLeg:
    tables = loaded.components
    link = tables.links_by_id.get(f"{start}--{end}--{mode}") or tables.links_by_id.get(f"{end}--{start}--{mode}")
    gauges = link.gauges_mm if link is not None else ()
    changed = before and gauges and not set(before) & set(gauges)
    return CorridorLeg(
        origin=start,
        destination=end,
        origin_name=names.distinct(loaded, start),
        destination_name=names.distinct(loaded, end),
        origin_href=names.href(start, loaded),
        destination_href=names.href(end, loaded),
        mode=mode,
        link=link,
        use=modelled.link_uses(loaded).get(link.id) if link is not None else None,
        reading=modelled.reading(loaded, link) if link is not None else None,
        border=tables.countries.get(start) != tables.countries.get(end),
        gauge_change=gauges if changed or len(gauges) > 1 else (),
    )


@kept
def corridors(loaded: Loaded) -> tuple[Corridor, ...]:
    """Return every corridor, in file order."""
    return tuple(_corridor(loaded, id_, listed) for id_, listed in _read(loaded).items())


def corridor(loaded: Loaded, id_: str) -> Corridor:
    """Return one corridor; ``gateway.unknown_corridor`` if there is none."""
    for one in corridors(loaded):
        if one.id == id_:
            return one
    raise BridgeheadError("gateway.unknown_corridor", {"corridor": id_}, Place(field="corridor"))


@kept
def statement(loaded: Loaded) -> str:
    """Return the sentence on all corridors: how many, and where the fullest stretch is."""
    every = corridors(loaded)
    if not every:
        return _("还没有登记通道")
    said = ngettext("%(count)s条通道", "%(count)s条通道", len(every)) % {"count": words.count(len(every))}
    full = [one.fullest for one in every if one.fullest is not None]
    if not full:
        return prose.capital(said)
    most = max(full, key=lambda leg: leg.use.share or 0.0)  # type: ignore[union-attr]
    where = _("最满的一段在%(a)s与%(b)s之间，占用 %(share)s") % {
        "a": most.origin_name,
        "b": most.destination_name,
        "share": wording.percent(most.use.share, language()),  # type: ignore[union-attr]
    }
    weak = "" if most.capacity_standing is Standing.REPORTED else _("（能力只是估计）")
    return prose.capital(prose.tidy(said + _("，") + where + weak))


def lead(one: Corridor) -> tuple[str, ...]:
    """Return the sentences above a corridor: legs and length, its fullest leg, what is not open yet."""
    values = {"n": len(one.legs), "km": wording.number(one.length_km, language(), 0)}
    said = [ngettext("%(n)s 段，%(km)s 公里。", "%(n)s 段，%(km)s 公里。", len(one.legs)) % values]
    leg = one.fullest
    if leg is not None and leg.use is not None:
        share = {
            "a": leg.origin_name,
            "b": leg.destination_name,
            "share": wording.percent(leg.use.share, language()),
        }
        said.append(_("按模型，最满的一段在%(a)s与%(b)s之间，占用能力的 %(share)s。") % share)
        if leg.capacity_standing is not Standing.REPORTED:
            said.append(_("这一段的能力只是估计。"))
    elif one.most_t is not None:
        freight = {"freight": prose.mass(one.most_t)}
        said.append(_("按模型，货最多的一段有 %(freight)s；有货的各段都没有能力数字，说不出占用。") % freight)
    else:
        said.append(_("模型没有在它的任何一段上放货。"))
    if one.unfinished:
        unfinished = len(one.unfinished)
        said.append(ngettext("%(n)s 段还没有通行。", "%(n)s 段还没有通行。", unfinished) % {"n": unfinished})
    return tuple(prose.tidy(sentence) for sentence in said)


@dataclass(frozen=True, slots=True)
class Passage:
    """What it takes to send a stated consignment over the whole corridor.

    ``route`` is None where the way is not open; ``scenario`` tells that links were taken as open that are not.
    """

    consignment: Consignment | None
    route: Route | None
    scenario: bool
    goods: str

    @property
    def amount(self) -> str:
        """The consignment in words: 1,000 吨炼焦煤, 2 标箱中欧班列集装箱."""
        if self.consignment is None:
            return ""
        number = self.consignment.tonnes if self.consignment.teu is None else self.consignment.teu
        unit = words.unit("t" if self.consignment.teu is None else "TEU")
        return _("%(number)s %(unit)s%(goods)s") % {
            "number": wording.number(number, language()),
            "unit": unit,
            "goods": self.goods,
        }


def _commodity(loaded: Loaded, one: Corridor) -> str:
    """Return the commodity with most tonne-km on the corridor; the first of the table where it carries nothing."""
    work: dict[str, float] = {}
    for leg in one.legs:
        if leg.use is not None and leg.link is not None:
            for commodity, tonnes in leg.use.commodities:
                work[commodity] = work.get(commodity, 0.0) + tonnes * leg.link.length_km
    if work:
        return max(sorted(work), key=lambda id_: work[id_])
    return next((commodity.id for commodity in loaded.components.commodities), "")


@kept
def passage(loaded: Loaded, id_: str) -> Passage:
    """Return time, cost and emissions of the whole corridor for the goods it carries most, over its own links only."""
    one = corridor(loaded, id_)
    commodity = _commodity(loaded, one)
    if not commodity or one.missing or not one.legs:
        return Passage(None, None, False, "")
    boxed = loaded.components.commodities_by_id[commodity].freight_class == CONTAINER
    amount = {"teu": SAMPLE_TEU} if boxed else {"tonnes": SAMPLE_T}
    year = loaded.region.settings.base_year
    asked = Consignment(one.places[0], one.places[-1], commodity, year=year, **amount)
    links = tuple(leg.link for leg in one.legs if leg.link is not None)
    tables = replace(loaded.components, links=links)
    goods = prose.inside(names.name(loaded, commodity))
    for include in ((), tuple(link.id for link in links if link.status != "open")):
        try:
            route = find_route(tables, asked, "cost", include=include, modes=one.modes)
        except BridgeheadError as error:
            if error.code != "route.no_path":
                raise
            continue
        return Passage(asked, route, bool(include), goods)
    return Passage(asked, None, False, goods)


@kept
def through(loaded: Loaded, place: str) -> tuple[Corridor, ...]:
    """Return the corridors that pass a place or port."""
    return tuple(one for one in corridors(loaded) if place in one.places)
