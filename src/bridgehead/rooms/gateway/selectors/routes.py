"""Routes: the question of a visitor with all its faults, the two answers, and what every number rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode

from bridgehead.engines.network.components import Parameter
from bridgehead.engines.network.routes import LARGEST_T, LARGEST_TEU, Consignment, Route, find_route
from bridgehead.engines.network.virtual import Network
from bridgehead.ground.region import Loaded
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway.editions import kept
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.throughput import cell, rows

FIELDS = ("origin", "destination", "commodity", "tonnes", "teu", "year", "by")
CRITERIA = ("cost", "time")
LONGEST_FIELD = 120
SAMPLE_T = 5000
SAMPLE_TEU = 2
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Question:
    """What a visitor asks: the fields as they were typed, and the consignment where they make one.

    ``given`` keeps every field for the form; ``faults`` are all faults at once, each at its field. ``begun`` says that
    an address only names one end, as a link from the page of a port or place does: a form to fill in, not a question.
    """

    given: Mapping[str, str]
    consignment: Consignment | None
    by: str
    faults: tuple[Fault, ...]
    begun: bool = False

    @property
    def asked(self) -> bool:
        """Whether anything was asked at all."""
        return not self.begun and any(self.given.get(name) for name in FIELDS if name not in ("by", "year"))

    def fault(self, name: str) -> Fault | None:
        """Return the fault at a field."""
        return next((fault for fault in self.faults if fault.place.field == name), None)


def _ids(loaded: Loaded) -> Mapping[str, str]:
    """Return the id of a place or port by its id and names, in small letters."""
    found: dict[str, str] = {}
    things = names.index(loaded)
    for table in (things.places, things.ports):
        for id_, row in table.items():
            for word in (cell(row, "name_zh"), cell(row, "name_en"), names.short(loaded, id_, "zh"),
                         names.short(loaded, id_, "en")):  # fmt: skip
                found.setdefault(word.casefold(), id_)
    for table in (things.places, things.ports):
        found.update({id_.casefold(): id_ for id_ in table})
    return found


def place_id(loaded: Loaded, word: str) -> str:
    """Return the id of a place or port that a visitor named by id or name; the word itself where there is none."""
    index: Mapping[str, str] = loaded.remember("gateway.place_ids", lambda: _ids(loaded))
    return index.get(" ".join(word.split()).casefold(), word)


def question(loaded: Loaded, given: Mapping[str, str]) -> Question:
    """Return what was asked, with every fault of it.

    Parameters
    ----------
    loaded : Loaded
        The region in use.
    given : mapping
        The fields of the form or address: origin, destination, commodity, tonnes or teu, year, by.
    """
    typed = {name: given.get(name, "").replace("\x00", "").strip()[:LONGEST_FIELD] for name in FIELDS}
    faults: list[Fault] = []
    origin, destination = (place_id(loaded, typed[name]) for name in ("origin", "destination"))
    countries = loaded.components.countries
    for name, place in (("origin", origin), ("destination", destination)):
        if not place:
            faults.append(Fault("route.missing_field", {}, Place(field=name)))
        elif place not in countries:
            faults.append(_alike("route.unknown_place", "place", typed[name], name, countries))
    if origin and origin == destination and origin in countries:
        faults.append(Fault("route.same_place", {"place": typed["destination"]}, Place(field="destination")))
    commodities = loaded.components.commodities_by_id
    if not typed["commodity"]:
        faults.append(Fault("route.missing_field", {}, Place(field="commodity")))
    elif typed["commodity"] not in commodities:
        faults.append(_alike("route.unknown_commodity", "commodity", typed["commodity"], "commodity", commodities))
    amounts = _amounts(typed, faults)
    year = _year(loaded, typed["year"], faults)
    by = typed["by"] or CRITERIA[0]
    if by not in CRITERIA:
        faults.append(Fault("route.bad_criterion", {"by": by, "known": list(CRITERIA)}, Place(field="by")))
    if faults:
        named = [name for name in FIELDS if name in given]
        begun = named in (["origin"], ["destination"]) and place_id(loaded, typed[named[0]]) in countries
        return Question(typed, None, by, tuple(faults), begun)
    consignment = Consignment(origin, destination, typed["commodity"], year=year, **amounts)
    return Question(typed, consignment, by, ())


def _alike(code: str, key: str, word: str, field: str, known: Mapping[str, object]) -> Fault:
    from bridgehead.engines.network.lookup import alike

    return Fault(code, {key: word, "close": ", ".join(alike(word, known)) or "–"}, Place(field=field))


def _amounts(typed: Mapping[str, str], faults: list[Fault]) -> dict[str, float]:
    """Return tonnes or TEU, noting what is wrong: neither, both, no number, not above zero, out of all reason."""
    found: dict[str, float] = {}
    limits = {"tonnes": LARGEST_T, "teu": LARGEST_TEU}
    detail = {"limit_t": int(LARGEST_T), "limit_teu": int(LARGEST_TEU)}
    for name in ("tonnes", "teu"):
        if not typed[name]:
            continue
        number = _number(typed[name])
        if number is None:
            faults.append(Fault("route.bad_number", {"value": typed[name]}, Place(field=name)))
        elif not 0 < number <= limits[name]:
            faults.append(
                Fault("route.bad_consignment", {"given": f"{name}={typed[name]}", **detail}, Place(field=name))
            )
        found[name] = number or 0.0
    if not found:
        faults.append(Fault("route.missing_field", {}, Place(field="tonnes")))
    if len(found) > 1:
        both = f"tonnes={typed['tonnes']}, teu={typed['teu']}"
        faults.append(Fault("route.bad_consignment", {"given": both, **detail}, Place(field="teu")))
    return found


def _number(text: str) -> float | None:
    """Return a finite number written with digits and a point, thousands separated or not; else None."""
    plain = text.replace(",", "").replace("，", "").replace(" ", "")
    if not plain.isascii() or not any(mark.isdigit() for mark in plain) or "_" in plain:
        return None
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _year(loaded: Loaded, text: str, faults: list[Fault]) -> int:
    if not text:
        return loaded.region.settings.base_year
    number = _number(text)
    if number is None or number != int(number):
        faults.append(Fault("route.bad_number", {"value": text}, Place(field="year")))
        return loaded.region.settings.base_year
    first, last = loaded.components.horizon
    if not first <= number <= last:
        faults.append(Fault("route.year_outside_data", {"year": int(number), "first": first, "last": last},
                            Place(field="year")))  # fmt: skip
    return int(number)


@dataclass(frozen=True, slots=True)
class Answer:
    """The cheapest and the fastest way; one and the same where ``same``."""

    cheapest: Route
    fastest: Route
    by: str

    @property
    def same(self) -> bool:
        """Whether the two ways are one."""
        return self.cheapest.legs == self.fastest.legs

    @property
    def first(self) -> Route:
        """The way that was asked for first."""
        return self.cheapest if self.by == "cost" else self.fastest

    @property
    def ways(self) -> tuple[Route, ...]:
        """The ways to show, the one asked for first."""
        if self.same:
            return (self.first,)
        return (self.cheapest, self.fastest) if self.by == "cost" else (self.fastest, self.cheapest)


def network(loaded: Loaded, year: int) -> Network:
    """Return the network of a year; the few years of the tables are kept."""
    found: Network = loaded.remember(("gateway.network", year), lambda: Network(loaded.components, year))
    return found


def answer(loaded: Loaded, asked: Question) -> Answer:
    """Return the cheapest and the fastest way.

    Raises
    ------
    BridgeheadError
        With all faults of the question, or ``route.no_path``.
    """
    if asked.consignment is None:
        raise BridgeheadError.of(asked.faults)
    net = network(loaded, asked.consignment.year or loaded.region.settings.base_year)
    found = [find_route(loaded.components, asked.consignment, by, network=net) for by in CRITERIA]  # type: ignore[arg-type]
    return Answer(found[0], found[1], asked.by)


def query_of(consignment: Consignment, by: str = "") -> str:
    """Return the query string of a question."""
    values = {
        "origin": consignment.origin,
        "destination": consignment.destination,
        "commodity": consignment.commodity,
        "tonnes": "" if consignment.tonnes is None else f"{consignment.tonnes:g}",
        "teu": "" if consignment.teu is None else f"{consignment.teu:g}",
        "year": consignment.year or "",
        "by": by,
    }
    return urlencode({key: value for key, value in values.items() if value != ""})


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money in USD and in the region's currency, with the rate between the two."""

    usd: Decimal
    local: Decimal | None
    currency: str
    rate: Parameter | None

    @property
    def rate_standing(self) -> Standing | None:
        """How far to trust the rate."""
        return None if self.rate is None else standing_of(self.rate.standing)


@kept
def exchange(loaded: Loaded) -> Parameter | None:
    """Return the rate of the region's currency against the US dollar, or None where the parameters have none."""
    currency = loaded.region.settings.currency
    rates = [p for p in loaded.components.parameters if p.quantity == "exchange_rate"]
    return next((p for p in rates if p.unit.partition("/")[0] == currency), None)


def money(loaded: Loaded, usd: Decimal) -> Money:
    """Return an amount in both currencies; the region's is missing where the parameters have no rate for it."""
    currency = loaded.region.settings.currency
    rate = exchange(loaded)
    if currency == "USD" or rate is None:
        return Money(usd, None, currency, None)
    local = (usd * Decimal(repr(rate.value))).quantize(CENT, ROUND_HALF_UP)
    return Money(usd, local, currency, rate)


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A parameter a route rests on: the row, the items it serves, and the row of the costs table behind it."""

    parameter: Parameter
    standing: Standing
    items: tuple[str, ...]
    cost_key: str
    formula: str


def _parameter_rows(loaded: Loaded) -> Mapping[str, Row]:
    return {cell(row, "id"): row for row in rows(loaded, "parameters")}


def parameters(loaded: Loaded, ids: tuple[str, ...], routes: tuple[Route, ...] = ()) -> tuple[ParameterUse, ...]:
    """Return the parameters of the ids in their order, with what they serve in the routes."""
    known = {parameter.id: parameter for parameter in loaded.components.parameters}
    table: Mapping[str, Row] = loaded.remember("gateway.parameters", lambda: _parameter_rows(loaded))
    serves: dict[str, list[str]] = {}
    for route in routes:
        for leg in route.legs:
            for use in leg.uses:
                serves.setdefault(use.parameter, []).append(use.item)
    found = []
    for id_ in dict.fromkeys(ids):
        if id_ not in known:
            continue
        row = table.get(id_)
        found.append(
            ParameterUse(
                known[id_],
                standing_of(known[id_].standing),
                tuple(dict.fromkeys(serves.get(id_, ()))),
                cell(row, "cost_key") if row is not None else "",
                cell(row, "formula") if row is not None else "",
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Example:
    """A question somebody may ask: the consignment and its address."""

    origin: str
    destination: str
    commodity: str
    tonnes: int | None
    teu: int | None
    query: str


@kept
def examples(loaded: Loaded) -> tuple[Example, ...]:
    """Return questions for the empty form: the largest flow of each of the first freight classes, as a consignment."""
    tables = loaded.components
    best: dict[str, tuple[float, Consignment]] = {}
    for flow in tables.demand:
        freight_class = tables.commodities_by_id[flow.commodity].freight_class
        boxed = bool(flow.teu)
        amount = {"teu": float(SAMPLE_TEU)} if boxed else {"tonnes": float(SAMPLE_T)}
        asked = Consignment(flow.origin, flow.destination, flow.commodity, **amount)
        if flow.tonnes > best.get(freight_class, (0.0, None))[0]:
            best[freight_class] = (flow.tonnes, asked)
    largest = sorted(best.values(), key=lambda item: -item[0])[:4]
    return tuple(
        Example(
            names.name(loaded, asked.origin),
            names.name(loaded, asked.destination),
            names.name(loaded, asked.commodity),
            SAMPLE_T if asked.tonnes else None,
            SAMPLE_TEU if asked.teu else None,
            query_of(asked),
        )
        for _tonnes, asked in largest
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a select or a list of suggestions."""

    value: str
    label: str
    hint: str = ""


@kept
def place_choices(loaded: Loaded) -> tuple[Choice, ...]:
    """Return the ends a route may have: places and ports by name, with their ids where two share a name."""
    things = names.index(loaded)
    linked = {end for link in loaded.components.links for end in (link.origin, link.destination)}
    found = [
        Choice(names.name(loaded, id_), id_, cell(row, "name_en"))
        for table in (things.places, things.ports)
        for id_, row in table.items()
        if id_ in linked
    ]
    return tuple(sorted(found, key=lambda choice: choice.hint.casefold()))


@kept
def commodity_choices(loaded: Loaded) -> tuple[Choice, ...]:
    """Return the commodities."""
    return tuple(Choice(commodity.id, names.name(loaded, commodity.id)) for commodity in loaded.components.commodities)
