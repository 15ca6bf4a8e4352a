"""Port roles for the pages: what each port carries, whom it resembles, whom it serves, what ends beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.engines.flows import port_roles as engine
from bridgehead.engines.flows.hinterlands import Area, Nearby, Site
from bridgehead.engines.flows.port_costs import BEYOND, EXPORT, IMPORT, PortCosts, port_costs
from bridgehead.engines.flows.port_profiles import APPORTIONED, BASES, DEMAND, MODEL, REPORTED, Profile, Reported
from bridgehead.engines.flows.port_roles import PortRoles
from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names
from bridgehead.rooms.gateway.selectors.throughput import Point, best, by_metric, cell, rows

STANDINGS: Mapping[str, Standing] = {
    REPORTED: Standing.REPORTED,
    APPORTIONED: Standing.DERIVED,
    DEMAND: Standing.ESTIMATE,
    MODEL: Standing.MODEL,
}
"""The standing of tonnes by what they rest on; the demand is an estimate, for how it is split is assumed."""

MOST_LINES = 3
MOST_AREAS = 3
PROCESSING_PROJECTS = ("processing_park", "bonded_zone", "zone_infrastructure")
BESIDE_KM = 30.0
"""A place for processing without any demand is named only where it is this near."""


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """A reported figure that names goods and a direction, as the engine takes it, with its name and its source."""

    name: str
    reported: Reported
    point: Point


@kept
def reported_lines(loaded: Loaded) -> tuple[ReportedLine, ...]:
    """Return the reports of the base year's whole freight of named goods at one port.

    A metric ``import_tonnes_<words>`` speaks of the commodities whose English names hold all its words.
    """
    year = loaded.region.settings.base_year
    goods = {
        id_: set(names.name(loaded, id_, "en").casefold().replace("-", " ").split())
        for id_ in names.index(loaded).commodities
    }
    found = []
    for port in names.index(loaded).ports:
        for metric, listed in by_metric(loaded, port).items():
            direction, parted, named = metric.partition("_tonnes_")
            if not parted or direction not in (IMPORT, EXPORT):
                continue
            meant = frozenset(id_ for id_, held in goods.items() if set(named.split("_")) <= held)
            point = best(listed, year)
            if meant and point is not None and point.full_year and point.figure.unit == "t":
                name = f"{names.distinct(loaded, port)} {names.metric(loaded, metric)}"
                found.append(ReportedLine(name, Reported(port, direction, meant, point.figure.value or 0.0), point))
    return tuple(found)


def costs(loaded: Loaded) -> tuple[PortCosts, ...]:
    """Return what every flow of the base year would cost over each port."""
    year = loaded.region.settings.base_year
    found: tuple[PortCosts, ...] = loaded.remember("gateway.port_costs", lambda: port_costs(loaded.components, year))
    return found


def roles(loaded: Loaded) -> PortRoles:
    """Return the roles of the ports in the base year."""

    def compute() -> PortRoles:
        return engine.port_roles(
            loaded.components,
            loaded.flows,
            modelled.paths(loaded),
            costs(loaded),
            reported=[line.reported for line in reported_lines(loaded)],
            areas=names.index(loaded).districts,
        )

    found: PortRoles = loaded.remember("gateway.port_roles", compute)
    return found


@kept
def statement(loaded: Loaded) -> str:
    """Return the sentence on which ports are most alike and how many have freight to lead in."""
    found = roles(loaded)
    pairs = found.pairs()
    if not pairs:
        return _("还说不出口岸之间有什么不同")
    one, other, share = pairs[0]
    values = {
        "one": names.distinct(loaded, one),
        "other": names.distinct(loaded, other),
        "share": wording.percent(share, language()),
        "leaders": wording.number(len({market.leader for market in found.assignments} - {""}), language()),
        "ports": wording.number(len(found.profiles), language()),
    }
    return (
        _("%(one)s和%(other)s运的货有 %(share)s 相同；按规则分工，%(ports)s 个口岸里 %(leaders)s 个有牵头的货") % values
    )


def goods_words(loaded: Loaded, direction: str, commodity: str, partner: str = "") -> str:
    """Return a line of freight or, with a partner, a market in words: 进口炼焦煤（蒙古国）."""
    values = {"goods": names.name(loaded, commodity), "direction": words.word("direction", direction)}
    if not partner:
        return _("%(direction)s%(goods)s") % values
    values["partner"] = _("第三国") if partner == BEYOND else words.country(partner)
    return _("%(direction)s%(goods)s（%(partner)s）") % values


def area_name(loaded: Loaded, id_: str) -> str:
    """Return the name of a league or city or of a country; the home country stands for its other parts."""
    if id_ == loaded.region.settings.country:
        return _("国内其他地区")
    place = next((place for place, district in names.index(loaded).districts.items() if district == id_), "")
    return names.district_name(loaded, place) if place else words.country(id_)


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a profile in words: share of the port's freight and location quotient."""

    name: str
    tonnes: float
    share: float
    quotient: float
    standing: Standing


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A port in the table of profiles and hinterlands; what is not known is None or empty.

    ``standing`` is that of the weakest tonnes of the profile. ``alike`` is the port most like it, with how much.
    """

    id: str
    name: str
    href: str
    profile: Profile
    standing: Standing
    firm_share: float
    lines: tuple[Share, ...]
    alike: tuple[str, float] | None
    rival: tuple[str, float] | None
    home: tuple[tuple[str, float], ...]
    abroad: tuple[tuple[str, float], ...]
    hinterland: engine.Hinterland | None
    nearby: Nearby | None
    sites: tuple[tuple[str, str, float, float], ...]
    projects: tuple[tuple[str, str], ...]

    @property
    def first(self) -> tuple[Share, ...]:
        """The largest lines, without those that round to nothing."""
        return tuple(line for line in self.lines[:MOST_LINES] if line.share >= modelled.NOTHING)

    @property
    def cuts(self) -> tuple[float, ...]:
        """The shares as a strip shows them: the first ones, what is left stays empty."""
        return tuple(line.share for line in self.first)

    @property
    def hinterland_standing(self) -> Standing:
        """What the hinterland rests on."""
        return STANDINGS[self.hinterland.basis] if self.hinterland else Standing.ESTIMATE


@kept
def role_lines(loaded: Loaded) -> tuple[RoleLine, ...]:
    """Return every port with freight, the largest first."""
    return tuple(_line(loaded, profile) for profile in roles(loaded).profiles)


def role_line(loaded: Loaded, port: str) -> RoleLine | None:
    """Return the roles of one port, None where no freight of it is known."""
    return next((line for line in role_lines(loaded) if line.id == port), None)


def _line(loaded: Loaded, profile: Profile) -> RoleLine:
    found, port = roles(loaded), profile.port
    basis_t = dict(profile.basis_t)
    alike = [(names.distinct(loaded, other), share) for other, share in found.alike(port)]
    rival = next((one for one in found.rivals if one.port == port and one.contestable_share >= modelled.NOTHING), None)
    land, near = found.hinterland.get(port), found.near.get(port)
    return RoleLine(
        id=port,
        name=names.distinct(loaded, port),
        href=names.href(port, loaded),
        profile=profile,
        standing=STANDINGS[max(basis_t, key=BASES.index)],
        firm_share=sum(basis_t.get(basis, 0.0) for basis in (REPORTED, APPORTIONED)) / profile.tonnes,
        lines=tuple(
            Share(goods_words(loaded, one.direction, one.commodity), one.tonnes, one.share, one.quotient,
                  STANDINGS[one.basis])
            for one in profile.lines
        ),
        alike=alike[0] if alike else None,
        rival=(names.distinct(loaded, rival.other), rival.contestable_share) if rival else None,
        home=_areas(loaded, land.home if land else ()),
        abroad=_areas(loaded, land.abroad if land else ()),
        hinterland=land,
        nearby=near,
        sites=_sites(loaded, near),
        projects=_projects(loaded, port, near),
    )  # fmt: skip


def _areas(loaded: Loaded, areas: Iterable[Area]) -> tuple[tuple[str, float], ...]:
    return tuple((area_name(loaded, area.id), area.share) for area in areas)[:MOST_AREAS]


def _sites(loaded: Loaded, near: Nearby | None) -> tuple[tuple[str, str, float, float], ...]:
    """Return the places for processing that matter: name, address, km, tonnes."""
    return tuple(
        (names.short(loaded, site.place), names.href(site.place, loaded), site.km, site.tonnes)
        for site in _near_enough(near)
    )


def _near_enough(near: Nearby | None) -> list[Site]:
    return [site for site in (near.sites if near else ()) if site.tonnes or site.km <= BESIDE_KM]


def _projects(loaded: Loaded, port: str, near: Nearby | None) -> tuple[tuple[str, str], ...]:
    """Return the projects for processing at a port or at the places named with it: name and state in words."""
    spots = {port, *(site.place for site in _near_enough(near))}
    return tuple(
        (
            speak(language(), cell(row, "name_zh"), cell(row, "name_en")),
            words.word("project_status", cell(row, "status")),
        )
        for row in rows(loaded, "projects")
        if cell(row, "kind") in PROCESSING_PROJECTS and cell(row, "place_id") in spots
    )


@dataclass(frozen=True, slots=True)
class Basis:
    """How much of all freight rests on what."""

    standing: Standing
    words: str
    tonnes: float
    share: float


@kept
def bases(loaded: Loaded) -> tuple[Basis, ...]:
    """Return what the freight of all ports rests on, the firmest first."""
    sums: dict[str, float] = {}
    for row in roles(loaded).freight:
        sums[row.basis] = sums.get(row.basis, 0.0) + row.tonnes
    whole = sum(sums.values())
    said = {
        REPORTED: _("报告按货物给出"),
        APPORTIONED: _("报告合计，按需求表分开"),
        DEMAND: _("需求表，按口岸标定，分法是假设"),
        MODEL: _("没有标定，取模型的流量"),
    }
    return tuple(
        Basis(STANDINGS[basis], said[basis], sums[basis], sums[basis] / whole) for basis in BASES if basis in sums
    )


@kept
def without(loaded: Loaded) -> str:
    """Return the names of open land ports of which no freight is known."""
    return prose.listed(names.distinct(loaded, port) for port in roles(loaded).without)
