"""Places: what they are, what they are linked to, the freight that begins, ends or passes there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.network.components import Link
from bridgehead.ground import wording, words
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names
from bridgehead.rooms.gateway.selectors.kept import kept
from bridgehead.rooms.gateway.selectors.throughput import cell, rows


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One row of the list of places: demand that begins (``out_t``) and ends (``in_t``) there."""

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

    @property
    def total_t(self) -> float:
        """Demand with an end here."""
        return self.out_t + self.in_t


@kept
def lines(loaded: Loaded) -> tuple[PlaceLine, ...]:
    """Return every place, those with most freight first."""
    out: dict[str, float] = {}
    into: dict[str, float] = {}
    for flow in loaded.components.demand:
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
        )
        for row in rows(loaded, "places")
    ]
    return tuple(sorted(found, key=lambda one: (-one.total_t, one.name_en)))


@kept
def statement(loaded: Loaded) -> str:
    """Return the sentence on all places."""
    every = lines(loaded)
    home = sum(one.country == loaded.region.settings.country for one in every)
    said = ngettext("%(every)s 个地点，%(home)s 个在境内", "%(every)s 个地点，%(home)s 个在境内", len(every))
    return said % {"every": len(every), "home": home}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A link of a place: the other end, the link, its modelled freight."""

    id: str
    name: str
    href: str
    link: Link
    use: modelled.LinkUse | None


@dataclass(frozen=True, slots=True)
class Demand:
    """Yearly demand between a place and another one; ``standing`` is that of the split over places."""

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
                Neighbour(other, names.name(loaded, other), names.href(other, loaded), link, uses.get(link.id))
            )
    return tuple(sorted(found, key=lambda one: (-(one.use.tonnes if one.use else 0.0), one.link.length_km)))


def _demand(loaded: Loaded, id_: str) -> tuple[Demand, ...]:
    found: dict[tuple[str, str, str], list[object]] = {}
    for row in rows(loaded, "demand"):
        for direction, here, other in (("out", "origin", "destination"), ("in", "destination", "origin")):
            if cell(row, here) == id_:
                key = (direction, cell(row, other), cell(row, "commodity"))
                known = found.setdefault(key, [0.0, cell(row, "confidence")])
                known[0] = float(known[0]) + float(row["tonnes_per_year"] or 0.0)  # type: ignore[arg-type]
    listed = [
        Demand(
            direction=direction,
            other=other,
            other_name=names.name(loaded, other),
            other_href=names.href(other, loaded),
            commodity=names.name(loaded, commodity),
            tonnes=float(tonnes),  # type: ignore[arg-type]
            standing=standing_of(str(confidence)),
            confidence=str(confidence),
        )
        for (direction, other, commodity), (tonnes, confidence) in found.items()
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
    kind = words.word("place_kind", cell(row, "kind"))
    name = speak(code, cell(row, "name_zh"), cell(row, "name_en"))
    year = loaded.region.settings.base_year
    said = [
        ngettext("%(name)s是%(kind)s，连着 %(links)s 条线路。", "%(name)s是%(kind)s，连着 %(links)s 条线路。", links)
        % {"name": name, "kind": kind, "links": links}
    ]
    if out_t or in_t:
        values = {"year": year, "out": prose.mass(out_t), "into": prose.mass(in_t)}
        if out_t and in_t:
            said.append(_("%(year)s 年有 %(out)s 货从这里出发，%(into)s 货到这里。") % values)
        elif out_t:
            said.append(_("%(year)s 年有 %(out)s 货从这里出发。") % values)
        else:
            said.append(_("%(year)s 年有 %(into)s 货到这里。") % values)
    if ports:
        most = ports[0]
        share = wording.percent(most[2] / sum(tonnes for _id, _name, tonnes in ports), code)
        said.append(_("按模型，其中过境的 %(share)s 走%(port)s。") % {"share": share, "port": most[1]})
    if passing_t:
        said.append(_("按模型，另有 %(freight)s 货只是路过。") % {"freight": prose.mass(passing_t)})
    return tuple(prose.tidy(sentence) for sentence in said)
