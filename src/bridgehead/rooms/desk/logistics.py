"""Routes for a logistics request: what the network engine finds for its consignment, and what is kept of one chosen.

A route is a result of the model with its parameters, never the offer of a carrier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from bridgehead.engines.network.alternatives import find_routes
from bridgehead.engines.network.journey import Consignment, Leg, Route
from bridgehead.engines.network.routes import Request, prepare
from bridgehead.ground import consignments
from bridgehead.ground.kept import recent
from bridgehead.ground.region import Loaded, current
from bridgehead.ground.routing import drawn_as, money, network
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.hashing import content_hash
from bridgehead.kernel.source import standing_of

CRITERIA = ("cost", "time", "co2e")
"""The best by each of these is always among the routes."""
MOST_DIFFERENT = 4
FIELDS = {
    "origin": "from_place",
    "destination": "to_place",
    "commodity": "goods_name",
    "tonnes": "weight_t",
    "teu": "teu",
    "date": "ready_on",
}
"""The field of the form behind each part of a consignment."""
BOXES = ("container_20", "container_40")
_CODE = re.compile(r"(?<!\d)\d{4,10}(?!\d)", re.ASCII)
_PARTS = re.compile(r"[/、，,()（）]|与|\band\b")
SHORTEST_NAME = 2
Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OfferedLeg:
    """One leg of a route that is shown or kept; ``places`` are its two ends, ``drawn`` the kind of its line."""

    kind: str
    mode: str
    gauge_mm: int | None
    new_gauge_mm: int | None
    countries: tuple[str, ...]
    places: tuple[str, str]
    border: bool
    km: float
    hours: float
    usd_per_t: float
    kg_co2e_per_t: float
    drawn: str


@dataclass(frozen=True, slots=True)
class UsedParameter:
    """A parameter a route rests on, as it was."""

    id: str
    quantity: str
    value: float
    unit: str
    standing: str
    source: str
    year: int | None


@dataclass(frozen=True, slots=True)
class RouteOffer:
    """A route with everything that is told of it: nothing else is needed to show it again unchanged.

    Attributes
    ----------
    key : str
        The commodity, and a hash of consignment and course: the same way of the same goods has the same.
    best : tuple of str
        Criteria by which none is better.
    asked : mapping
        The consignment as the engine was asked.
    tonnes, teu : float
        The amount; containers only where they were asked for.
    hours, km, kg_co2e, usd_per_t : float
        Sums from door to door.
    usd, local : str
        Price of the consignment, exact to the cent, in USD and in ``currency``; the latter empty without a rate.
    rate : float or None
        The rate between the two.
    ports : tuple of str
        Ports of the home country where the border is crossed.
    names : mapping
        Name in Chinese and in English by id, for places, ports and the commodity.
    data : str
        Hash of the tables of the network.
    kept_on : str
        The day it was kept, empty for one that is not.
    """

    key: str
    best: tuple[str, ...]
    asked: Mapping[str, Any]
    tonnes: float
    teu: float | None
    hours: float
    km: float
    kg_co2e: float
    usd_per_t: float
    usd: str
    local: str
    currency: str
    rate: float | None
    ports: tuple[str, ...]
    legs: tuple[OfferedLeg, ...]
    parameters: tuple[UsedParameter, ...]
    names: Mapping[str, tuple[str, str]]
    data: str
    kept_on: str = ""

    def kept(self, on: date) -> dict[str, Any]:
        """Return it as JSON types, to be kept with a move."""
        return asdict(replace(self, kept_on=on.isoformat()))

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> RouteOffer:
        """Return one that was kept."""
        legs = [
            OfferedLeg(**{**one, "countries": tuple(one["countries"]), "places": tuple(one["places"])})
            for one in kept["legs"]
        ]
        lists = {name: tuple(kept[name]) for name in ("best", "ports")}
        names = {id: (zh, en) for id, (zh, en) in kept["names"].items()}
        parameters = tuple(UsedParameter(**one) for one in kept["parameters"])
        return cls(**{**kept, **lists, "legs": tuple(legs), "parameters": parameters, "names": names})


@dataclass(frozen=True, slots=True)
class Offers:
    """The routes of a consignment, the cheapest first; or every fault at its field, and no route.

    ``commodity`` is the one whose tariffs are used, empty where none was recognised.
    """

    consignment: Consignment | None
    commodity: str
    faults: tuple[Fault, ...]
    routes: tuple[RouteOffer, ...] = ()

    def get(self, key: str) -> RouteOffer | None:
        """Return the route of a key."""
        return next((one for one in self.routes if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Change:
    """That the network is another one since a route was kept; ``now`` is the same way today, None if it is not found.

    ``same`` says that time and price of the way are what they were.
    """

    now: RouteOffer | None
    same: bool


def routes_for(form: Form, commodity: str = "") -> Offers:
    """Return the routes the engine finds for the consignment of a logistics request.

    Parameters
    ----------
    form : mapping
        Field to value, as a case keeps them.
    commodity : str
        Whose tariffs to use; the one named in the form by default.

    Articles: 51
    """
    loaded = current()
    consignment, goods, faults = _consignment(loaded, form, commodity)
    if consignment is None:
        return Offers(None, goods, faults)
    try:
        found = _routes(loaded, consignment)
    except BridgeheadError as refused:
        told = [Fault(one.code, one.parameters, _at(one)) for one in refused.faults]
        return Offers(consignment, goods, tuple(told))
    return Offers(consignment, goods, (), found)


def changed_since(offer: RouteOffer) -> Change | None:
    """Return what became of a kept route, None where the network is still the same."""
    loaded = current()
    if offer.data == loaded.components.content_hash:
        return None
    day = offer.asked.get("date")
    consignment = Consignment(**{**offer.asked, "date": date.fromisoformat(day) if day else None})
    try:
        found = _routes(loaded, consignment)
    except BridgeheadError:
        return Change(None, same=False)
    now = next((one for one in found if one.key == offer.key), None)
    return Change(now, now is not None and (now.usd, round(now.hours, 1)) == (offer.usd, round(offer.hours, 1)))


def _at(fault: Fault) -> Place:
    return Place(field=FIELDS.get(fault.place.field or "", "to_place"))


def _consignment(loaded: Loaded, form: Form, commodity: str) -> tuple[Consignment | None, str, tuple[Fault, ...]]:
    faults: list[Fault] = []
    ends = {name: str(form.get(FIELDS[name]) or "").strip() for name in ("origin", "destination")}
    ids = {name: loaded.region.place_id(word) for name, word in ends.items()}
    known = loaded.components.countries
    for name, word in ends.items():
        if ids[name] not in known:
            faults.append(consignments.unknown_place(loaded.region, word, name, known))
    if ids["origin"] == ids["destination"]:
        faults.append(Fault("route.same_place", {"place": ends["destination"]}, Place(field="destination")))
    goods = commodity if commodity in loaded.components.commodities_by_id else commodity_of(loaded, form)
    if not goods:
        words = str(form.get("goods_name") or "")
        faults.append(consignments.unknown_commodity(loaded.region, words, loaded.components.commodities_by_id))
    amount = _amount(form)
    faults += [
        consignments.bad_amount(f"{name}={value:g}", name)
        for name, value in amount.items()
        if not consignments.in_reason(name, value)
    ]
    day = date.fromisoformat(told) if (told := str(form.get(FIELDS["date"]) or "")) else None
    first, last = loaded.components.horizon
    if day is None:  # a case may be older than the field
        faults.append(Fault("form.missing", {}, Place(field="date")))
    elif not first <= day.year <= last:
        detail = {"year": day.year, "first": first, "last": last}
        faults.append(Fault("route.year_outside_data", detail, Place(field="date")))
    if faults or day is None:
        return None, goods, tuple(Fault(one.code, one.parameters, _at(one)) for one in faults)
    return Consignment(ids["origin"], ids["destination"], goods, year=day.year, date=day, **amount), goods, ()


def _amount(form: Form) -> dict[str, float]:
    """Return containers where they are told and the goods travel in them, else tonnes."""
    boxes = form.get("teu")
    if boxes and form.get("packing") in BOXES:
        return {"teu": float(boxes)}
    return {"tonnes": float(form.get("weight_t") or 0)}


def commodity_of(loaded: Loaded, form: Form) -> str:
    """Return the commodity a form names: by name, by a code of the tariff, or by a name within its words; else empty.

    Of several the one with the longest match; a code is looked for only where one is asked for.
    """
    words = [str(form.get(name) or "").strip() for name in ("goods_name", "product_about")]
    found: list[tuple[int, str]] = []
    for commodity in loaded.components.commodities_by_id:
        names = {part.strip().casefold() for part in _names(loaded, commodity)}
        for said in (word.casefold() for word in words if word):
            found += [(len(name), commodity) for name in names if len(name) >= SHORTEST_NAME and name in said]
        chapters = loaded.region.row("commodities", commodity).get("hs_chapters") or ()
        for code in _CODE.findall(words[-1]):
            found += [(len(str(one)), commodity) for one in chapters if code.startswith(str(one))]  # type: ignore[union-attr]
    exact = next((id for word in words if (id := loaded.region.commodity_id(word)) != word), "")
    return exact or max(found, key=lambda pair: pair[0], default=(0, ""))[1]


def _names(loaded: Loaded, commodity: str) -> Iterable[str]:
    for language in ("zh", "en"):
        name = loaded.region.name(commodity, language)
        yield name
        yield from _PARTS.split(name)


def _routes(loaded: Loaded, asked: Consignment) -> tuple[RouteOffer, ...]:
    data = loaded.components.content_hash
    return recent(loaded, "desk.routes", (asked, data), lambda: _find(loaded, asked, data))


def _find(loaded: Loaded, asked: Consignment, data: str) -> tuple[RouteOffer, ...]:
    """Return the best by each criterion and those that differ from the cheapest, the cheapest first."""
    request = prepare(loaded.components, asked, "cost", network=network(loaded, asked.year or 0))
    found: dict[tuple[Leg, ...], tuple[Route, list[str]]] = {}
    for by in CRITERIA:
        one: Request = replace(request, by=by)
        route = one.route(one.best)
        found.setdefault(route.legs, (route, []))[1].append(by)
    for other in find_routes(request, MOST_DIFFERENT).routes:
        found.setdefault(other.route.legs, (other.route, []))
    offers = [_offer(loaded, route, tuple(best), data) for route, best in found.values()]
    return tuple(sorted(offers, key=lambda one: Decimal(one.usd)))


def _offer(loaded: Loaded, route: Route, best: tuple[str, ...], data: str) -> RouteOffer:
    asked = route.consignment.as_json()
    course = [(leg.kind, leg.mode, leg.places, leg.links) for leg in route.legs]
    price = money(loaded, route.money_usd)
    ids = {asked["commodity"], asked["origin"], asked["destination"], *route.ports}
    ids |= {end for leg in route.legs for end in (leg.origin, leg.destination)}
    return RouteOffer(
        key=f"{asked['commodity']}-{content_hash({'asked': asked, 'course': course})[:16]}",
        best=best,
        asked=asked,
        tonnes=route.tonnes,
        teu=route.teu,
        hours=route.hours,
        km=route.km,
        kg_co2e=route.kg_co2e,
        usd_per_t=route.usd_per_t,
        usd=str(price.usd),
        local="" if price.local is None else str(price.local),
        currency=price.currency,
        rate=None if price.rate is None else price.rate.value,
        ports=route.ports,
        legs=tuple(_leg(loaded, leg) for leg in route.legs),
        parameters=_parameters(loaded, route),
        names={id: (loaded.region.name(id, "zh"), loaded.region.name(id, "en")) for id in sorted(ids)},
        data=data,
    )


def _leg(loaded: Loaded, leg: Leg) -> OfferedLeg:
    return OfferedLeg(
        kind=leg.kind,
        mode=leg.mode,
        gauge_mm=leg.gauge_mm,
        new_gauge_mm=leg.new_gauge_mm,
        countries=leg.countries,
        places=(leg.origin, leg.destination),
        border=leg.border,
        km=leg.km,
        hours=leg.hours,
        usd_per_t=leg.usd_per_t,
        kg_co2e_per_t=leg.kg_co2e_per_t,
        drawn=drawn_as(loaded, leg.kind, leg.mode, leg.gauge_mm),
    )


def _parameters(loaded: Loaded, route: Route) -> tuple[UsedParameter, ...]:
    known = {one.id: one for one in loaded.components.parameters}
    return tuple(
        UsedParameter(one.id, one.quantity, one.value, one.unit, standing_of(one.standing), one.source, one.year)
        for one in (known[id] for id in route.parameters if id in known)
    )
