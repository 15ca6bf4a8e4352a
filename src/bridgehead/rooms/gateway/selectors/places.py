"""Places: what they are, what they are linked to, the freight that begins, ends or passes there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.network.components import Link
from bridgehead.ground import wording
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import demand as demand_table
from bridgehead.rooms.gateway.selectors import modelled, names
from bridgehead.rooms.gateway.selectors.throughput import cell, rows


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One row of the list of places: demand of the base year that begins (``out_t``) and ends (``in_t``) there.

    ``standing`` is that of the weakest row summed, None where there is none.
    """

    id: str
    name_zh: str
    name_en: str
    kind: str
    country: str
    district: str
    out_t: float
    in_t: float
    links: int
    href: str
    standing: Standing | None

    @property
    def total_t(self) -> float:
        """Demand with an end here."""
        return self.out_t + self.in_t


@kept
def lines(loaded: Loaded) -> tuple[PlaceLine, ...]:
    """Return every place, those with most freight first."""
    out: dict[str, float] = {}
    into: dict[str, float] = {}
    for flow in demand_table.demand_rows(loaded):
        out[flow.origin] = out.get(flow.origin, 0.0) + flow.tonnes
        into[flow.destination] = into.get(flow.destination, 0.0) + flow.tonnes
    degree: dict[str, int] = {}
    for link in loaded.components.links:
        for end in (link.origin, link.destination):
            degree[end] = degree.get(end, 0) + 1
    found = [
        PlaceLine(
            id=cell(row, "id"),
            name_zh=cell(row, "name_zh"),
            name_en=cell(row, "name_en"),
            kind=cell(row, "kind"),
            country=cell(row, "country"),
            district=names.district_name(loaded, cell(row, "id")),
            out_t=out.get(cell(row, "id"), 0.0),
            in_t=into.get(cell(row, "id"), 0.0),
            links=degree.get(cell(row, "id"), 0),
            href=names.href(cell(row, "id"), loaded),
            standing=_standing(loaded, cell(row, "id")),
        )
        for row in rows(loaded, "places")
    ]
    return tuple(sorted(found, key=lambda one: (-one.total_t, one.name_en)))


def _standing(loaded: Loaded, place: str) -> Standing | None:
    """Return the standing of the demand of a place, None without any."""
    listed = demand_table.by_end(loaded).get(place, ())
    return demand_table.standing(listed) if listed else None


@kept
def statement(loaded: Loaded) -> str:
    """Return the sentence on all places."""
    every = lines(loaded)
    home = sum(one.country == loaded.region.settings.country for one in every)
    said = ngettext("%(every)s 个地点，%(home)s 个在境内", "%(every)s 个地点，%(home)s 个在境内", len(every))
    return said % {"every": len(every), "home": home}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A link of a place: the other end, the link, its modelled freight and use; see `modelled.reading`."""

    id: str
    name: str
    href: str
    link: Link
    use: modelled.LinkUse | None
    reading: modelled.Reading


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand of the base year between a place and another one; ``standing`` is that of the weakest row summed."""

    direction: str
    other: str
    other_name: str
    other_href: str
    commodity: str
    tonnes: float
    standing: Standing
    confidence: str


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What the page of a place shows."""

    id: str
    name_zh: str
    name_en: str
    kind: str
    country: str
    district: str
    position: tuple[float, float]
    standing: Standing
    source: str
    note: str
    answer: tuple[str, ...]
    links: tuple[Neighbour, ...]
    demand: tuple[Demand, ...]
    out_t: float
    in_t: float
    demand_standing: Standing | None
    passing_t: float
    ports: tuple[tuple[str, str, float], ...]


@kept
def place(loaded: Loaded, id_: str) -> PlacePage:
    """Return what is known of a place; ``gateway.unknown_place`` if there is none."""
    row = names.place_row(loaded, id_)
    demand = _demand(loaded, id_)
    out_t = sum(one.tonnes for one in demand if one.direction == "out")
    in_t = sum(one.tonnes for one in demand if one.direction == "in")
    links = _links(loaded, id_)
    passing = _passing(loaded, id_)
    ports = _ports(loaded, id_)
    return PlacePage(
        id=id_,
        name_zh=cell(row, "name_zh"),
        name_en=cell(row, "name_en"),
        kind=cell(row, "kind"),
        country=cell(row, "country"),
        district=names.district_name(loaded, id_),
        position=(float(row["lat"]), float(row["lon"])),  # type: ignore[arg-type]
        standing=standing_of(cell(row, "confidence")),
        source=cell(row, "source"),
        note=cell(row, "note"),
        answer=_answer(loaded, row, _Freight(out_t, in_t, passing, ports), len(links)),
        links=links,
        demand=demand,
        out_t=out_t,
        in_t=in_t,
        demand_standing=_standing(loaded, id_),
        passing_t=passing,
        ports=ports,
    )


def _links(loaded: Loaded, id_: str) -> tuple[Neighbour, ...]:
    uses = modelled.link_uses(loaded)
    found = []
    for link in loaded.components.links:
        if id_ in (link.origin, link.destination):
            other = link.destination if link.origin == id_ else link.origin
            found.append(
                Neighbour(
                    other,
                    names.name(loaded, other),
                    names.href(other, loaded),
                    link,
                    uses.get(link.id),
                    modelled.reading(loaded, link),
                )
            )
    return tuple(sorted(found, key=lambda one: (-(one.reading.tonnes or 0.0), one.link.length_km)))


def _demand(loaded: Loaded, id_: str) -> tuple[Demand, ...]:
    found: dict[tuple[str, str, str], list[demand_table.DemandRow]] = {}
    for row in demand_table.by_end(loaded).get(id_, ()):
        for direction, here, other in (("out", row.origin, row.destination), ("in", row.destination, row.origin)):
            if here == id_:
                found.setdefault((direction, other, row.commodity), []).append(row)
    listed = [
        Demand(
            direction=direction,
            other=other,
            other_name=names.name(loaded, other),
            other_href=names.href(other, loaded),
            commodity=names.name(loaded, commodity),
            tonnes=sum(row.tonnes for row in summed),
            standing=demand_table.standing(summed),
            confidence=max(summed, key=lambda row: list(Standing).index(row.standing)).confidence,
        )
        for (direction, other, commodity), summed in found.items()
    ]
    return tuple(sorted(listed, key=lambda one: (-one.tonnes, one.other, one.commodity)))


def _passing(loaded: Loaded, id_: str) -> float:
    """Return the modelled tonnes that pass through without beginning or ending here."""
    return sum(
        path.tonnes
        for path in modelled.paths(loaded)
        if id_ not in (path.origin, path.destination)
        and any(id_ in (step.origin, step.destination) for step in path.steps)
    )


def _ports(loaded: Loaded, id_: str) -> tuple[tuple[str, str, float], ...]:
    """Return the ports that the freight of a place uses in the model: (id, name, tonnes), the largest first."""
    found: dict[str, float] = {}
    for path in modelled.paths(loaded):
        if id_ in (path.origin, path.destination):
            for port in path.ports:
                found[port] = found.get(port, 0.0) + path.tonnes
    listed = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple((port, names.name(loaded, port), tonnes) for port, tonnes in listed)


class _Freight(NamedTuple):
    out_t: float
    in_t: float
    passing_t: float
    ports: tuple[tuple[str, str, float], ...]


def _answer(loaded: Loaded, row: Row, freight: _Freight, links: int) -> tuple[str, ...]:
    out_t, in_t, passing_t, ports = freight
    code = language()
    year = demand_table.year(loaded)
    said = []
    standing = _standing(loaded, cell(row, "id"))
    if standing is not None:
        values = {
            "year": year,
            "out": prose.mass(out_t),
            "into": prose.mass(in_t),
            "standing": wording.standing_label(standing, code),
        }
        if out_t and in_t:
            said.append(_("按需求表（%(standing)s），%(year)s 年有 %(out)s 货从这里出发，%(into)s 货到这里。") % values)
        elif out_t:
            said.append(_("按需求表（%(standing)s），%(year)s 年有 %(out)s 货从这里出发。") % values)
        else:
            said.append(_("按需求表（%(standing)s），%(year)s 年有 %(into)s 货到这里。") % values)
    if ports:
        most = ports[0]
        share = wording.percent(most[2] / sum(tonnes for _id, _name, tonnes in ports), code)
        said.append(_("按模型，其中过境的 %(share)s 走%(port)s。") % {"share": share, "port": most[1]})
    if passing_t:
        passing = {"freight": prose.mass(passing_t)}
        also = _("按模型，另有 %(freight)s 货只是路过。") if said else _("按模型，有 %(freight)s 货路过这里。")
        said.append(also % passing)
    said.append(ngettext("这里连着 %(links)s 条线路。", "这里连着 %(links)s 条线路。", links) % {"links": links})
    return tuple(prose.tidy(sentence) for sentence in said)
