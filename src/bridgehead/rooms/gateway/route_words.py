"""A route in words and drawings: the sentence, the ladder of legs, the strip in time, cost against distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.network.journey import Consignment, Leg, Route
from bridgehead.engines.network.profile import profile
from bridgehead.ground import routing, wording, words
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.ground.routing import HOURS_PER_DAY, Money, drawn_as, home_gauge_mm
from bridgehead.render import charts as render
from bridgehead.render.charts import Size, Words
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.drawings.maps import both, drawn
from bridgehead.rooms.gateway.selectors import names

STRIP_WIDE, STRIP_NARROW = Size(470, 34), Size(340, 34, narrow=True)
HALF_WIDE, HALF_NARROW = Size(568, 290), Size(358, 260, narrow=True)
MOST_VIA = 3


def kind_of(loaded: Loaded, leg: Leg) -> str:
    """Return how a leg is drawn: rail, rail-other, road, sea, air, wait or border."""
    return drawn_as(loaded, leg.kind, leg.mode, leg.gauge_mm)


def what(leg: Leg) -> str:
    """Return what happens on a leg, in words."""
    if leg.kind == "haul":
        mode = words.word("mode", leg.mode)
        said = _("%(mode)s，轨距 %(gauge)s") % {"mode": mode, "gauge": leg.gauge_mm} if leg.gauge_mm else mode
        return prose.capital(_("%(way)s，过境") % {"way": said} if leg.border else said)
    if leg.kind == "gauge_change":
        change = {"old": leg.gauge_mm, "new": leg.new_gauge_mm}
        return _("换轨 %(old)s → %(new)s") % change
    said = words.word("leg", leg.kind)
    if leg.kind in ("border_exit", "border_entry") and leg.countries:
        index = 0 if leg.kind == "border_exit" or len(leg.countries) < 2 else -1
        said = _("%(country)s%(clearing)s") % {"country": words.country(leg.countries[index]), "clearing": said}
    elif leg.mode:
        said = _("%(what)s（%(mode)s）") % {"what": said, "mode": words.word("mode", leg.mode)}
    return prose.capital(said)


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of the ladder: a stop (``name``) or a leg (``what``)."""

    stop: bool
    name: str
    href: str
    clock_h: float
    kind: str
    what: str
    via: str
    km: float
    hours: float
    usd_per_t: float
    kg_per_t: float
    piece: SafeString


def ladder(loaded: Loaded, route: Route) -> tuple[Rung, ...]:
    """Return the rows of the ladder: stops where the means, the country or the place changes, legs between them."""
    rungs: list[Rung] = []
    clock = 0.0
    here = ""
    kinds = [kind_of(loaded, leg) for leg in route.legs]
    for i, leg in enumerate(route.legs):
        if leg.origin != here:
            here = leg.origin
            rungs.append(_stop(loaded, here, clock, kinds[i - 1] if i else "", kinds[i]))
        piece = drawn(render.leg_piece(kinds[i]))
        rungs.append(
            Rung(
                stop=False,
                name="",
                href="",
                clock_h=clock,
                kind=kinds[i],
                what=what(leg),
                via=_via(loaded, leg),
                km=leg.km,
                hours=leg.hours,
                usd_per_t=leg.usd_per_t,
                kg_per_t=leg.kg_co2e_per_t,
                piece=piece,
            )
        )
        clock += leg.hours
        if leg.destination != here:
            here = leg.destination
            rungs.append(_stop(loaded, here, clock, kinds[i], kinds[i + 1] if i + 1 < len(kinds) else ""))
    return tuple(rungs)


def _stop(loaded: Loaded, place: str, clock: float, before: str, after: str) -> Rung:
    piece = drawn(render.stop_piece(before, after))
    return Rung(True, names.name(loaded, place), names.href(place, loaded), clock, "", "", "", 0, 0, 0, 0, piece)


def _via(loaded: Loaded, leg: Leg) -> str:
    """Return the places a haul passes, the first few by name."""
    between = [names.short(loaded, place) for place in leg.places[1:-1]]
    if leg.kind != "haul" or not between:
        return ""
    if len(between) <= MOST_VIA:
        return _("经%(places)s") % {"places": prose.listed(between)}
    step = (len(between) - 1) / (MOST_VIA - 1)
    chosen = [between[round(i * step)] for i in range(MOST_VIA)]
    return _("经%(places)s等 %(count)s 处") % {"places": prose.listed(chosen), "count": len(between)}


def money(loaded: Loaded, route: Route) -> tuple[Money, Money]:
    """Return the price of a whole consignment and of one tonne."""
    per_t = Decimal(repr(route.usd_per_t)).quantize(routing.CENT)
    return routing.money(loaded, route.money_usd), routing.money(loaded, per_t)


def course(loaded: Loaded, route: Route) -> str:
    """Return the course of a route in a few words: its border ports and its means in order."""
    ports = prose.listed(names.distinct(loaded, port) for port in route.ports)
    means = []
    for leg in route.legs:
        if leg.kind == "haul":
            said = words.word("mode", leg.mode)
            if not means or means[-1] != said:
                means.append(said)
    chain = _("、再").join(means)
    if not ports:
        return _("不经本地区口岸：%(means)s") % {"means": chain}
    return _("经%(ports)s：%(means)s") % {"ports": ports, "means": chain}


def days(hours: float) -> str:
    """Return hours as days with one decimal."""
    return wording.number(hours / HOURS_PER_DAY, language(), 1)


def headline(loaded: Loaded, asked: Consignment) -> tuple[str, str]:
    """Return the heading of a result in two phrases: the ends, then the goods and the amount."""
    ends = _("%(origin)s到%(destination)s，") % {
        "origin": names.name(loaded, asked.origin),
        "destination": names.name(loaded, asked.destination),
    }
    goods = prose.inside(names.name(loaded, asked.commodity))
    if asked.teu is not None:
        amount = ngettext("%(goods)s %(n)s 标箱", "%(goods)s %(n)s 标箱", int(asked.teu))
        return ends, amount % {"goods": goods, "n": wording.number(asked.teu, language())}
    return ends, _("%(goods)s %(n)s 吨") % {"goods": goods, "n": wording.number(asked.tonnes, language())}


def strip(loaded: Loaded, route: Route, longest_h: float, name: str) -> SafeString:
    """Return the route as a line in time, all routes of a page on one scale."""
    pieces: list[render.Piece] = []
    for leg in route.legs:
        if leg.hours <= 0:
            continue
        kind = kind_of(loaded, leg)
        title = f"{what(leg)} {wording.number(leg.hours, language())} {words.unit('h')}"
        label = ""
        if kind == "border":
            label = names.short(loaded, leg.origin)
        last = pieces[-1] if pieces else None
        if last is not None and last.kind == kind:
            joined = render.Piece(kind, last.hours + leg.hours, last.label or label, f"{last.title}\n{title}")
            pieces[-1] = joined
        else:
            pieces.append(render.Piece(kind, leg.hours, label, title))
    total = _("%(days)s 天") % {"days": days(route.hours)}
    said = Words(_("%(way)s的时间构成") % {"way": name}, _("；").join(p.title.split("\n")[0] for p in pieces))
    return both(lambda size: render.route_strip(pieces, longest_h, total, said, size), STRIP_WIDE, STRIP_NARROW)


def _advances(loaded: Loaded, route: Route, cost: bool) -> tuple[render.Advance, ...]:
    return tuple(
        render.Advance(
            after.km - before.km,
            after.usd_per_t - before.usd_per_t if cost else after.hours - before.hours,
            kind_of(loaded, route.legs[after.leg]),
            what(route.legs[after.leg]),
        )
        for before, after in pairwise(profile(route))
    )


def distance_chart(loaded: Loaded, listed: Sequence[tuple[str, Route]], cost: bool) -> SafeString:
    """Return running time or cost against distance for named routes, at most three: the first meant, then ink, grey."""
    lines = [
        render.DistanceLine(name, _advances(loaded, route, cost), 1 + i) for i, (name, route) in enumerate(listed[:3])
    ]
    title = _("费用与距离") if cost else _("时间与距离")
    unit = words.unit("USD/t") if cost else words.unit("h")
    said = Words(title, _("累计曲线；竖直的一段是装卸、过境和换轨。"), unit)
    return both(lambda size: render.distance_chart(lines, words.unit("km"), said, size), HALF_WIDE, HALF_NARROW)


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A sample of a kind of line with its word."""

    piece: SafeString
    label: str


def key(loaded: Loaded, listed: Sequence[Route]) -> tuple[KeyEntry, ...]:
    """Return the key of the kinds of lines that occur."""
    seen = {kind_of(loaded, leg) for route in listed for leg in route.legs}
    home = home_gauge_mm(loaded)
    labels = {
        "rail": _("铁路，轨距 %(gauge)s") % {"gauge": home} if home else words.word("mode", "rail"),
        "rail-other": _("铁路，其他轨距"),
        "road": words.word("mode", "road"),
        "sea": words.word("mode", "sea"),
        "air": words.word("mode", "air"),
        "wait": _("装卸、换装、等待"),
        "border": _("过境、换轨"),
    }
    return tuple(
        KeyEntry(drawn(render.piece_key(kind)), prose.capital(label)) for kind, label in labels.items() if kind in seen
    )
