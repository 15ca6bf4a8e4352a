"""Routes: the cheapest, the fastest and further ways, and what every number rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bridgehead.engines.network.components import RAIL, Parameter
from bridgehead.engines.network.routes import Consignment, Route, find_route
from bridgehead.engines.network.virtual import DEFAULT_MODES, Network
from bridgehead.ground.region import Loaded
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.kept import kept, recent
from bridgehead.rooms.gateway.selectors.route_question import CRITERIA, Question, query_of
from bridgehead.rooms.gateway.selectors.throughput import cell, rows

MOST_OTHERS = 5
"""So many further ways are shown beside the cheapest and the fastest."""
SAMPLE_T = 5000
SAMPLE_TEU = 2
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Other:
    """A further way: the best by rail alone (``modes``), or the best through one port (``via``)."""

    route: Route
    via: str = ""
    modes: tuple[str, ...] = DEFAULT_MODES


@dataclass(frozen=True, slots=True)
class Answer:
    """The cheapest and the fastest way, one and the same where ``same``, and further ways, the best first."""

    cheapest: Route
    fastest: Route
    by: str
    others: tuple[Other, ...] = ()

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


def network(loaded: Loaded, year: int, modes: tuple[str, ...] = DEFAULT_MODES) -> Network:
    """Return the network of a year and of some modes; those asked for last are kept."""
    return recent(loaded, "network", (year, modes), lambda: Network(loaded.components, year, modes=modes))


def answer(loaded: Loaded, asked: Question) -> Answer:
    """Return the cheapest and the fastest way.

    Raises
    ------
    BridgeheadError
        With all faults of the question, or ``route.no_path``.
    """
    if asked.consignment is None:
        raise BridgeheadError.of(asked.faults)
    year = asked.consignment.year or loaded.region.settings.base_year
    net = network(loaded, year, asked.modes)
    found = [
        find_route(loaded.components, asked.consignment, by, via=asked.via, network=net)  # type: ignore[arg-type]
        for by in CRITERIA
    ]
    return Answer(found[0], found[1], asked.by, _others(loaded, asked, year, found))


def _others(loaded: Loaded, asked: Question, year: int, shown: list[Route]) -> tuple[Other, ...]:
    """Return the best ways through the other ports and by rail alone, apart from those already shown."""
    net = network(loaded, year, asked.modes)
    # Through another port the border is crossed there or not at all; the way around the region is shown already.
    found = [Other(route, port, asked.modes) for port in loaded.components.ports_by_id
             if (route := _best(loaded, asked, net, port)) is not None and port in route.ports]  # fmt: skip
    found = sorted(found, key=lambda one: _measure(one.route, asked.by))[: MOST_OTHERS + len(shown)]
    if RAIL in asked.modes and asked.modes != (RAIL,):
        train = _best(loaded, asked, network(loaded, year, (RAIL,)), asked.via)
        found = [*([Other(train, asked.via, (RAIL,))] if train is not None else []), *found]
    seen = [route.legs for route in shown]
    fresh: list[Other] = []
    for one in found:
        if one.route.legs not in seen:
            seen.append(one.route.legs)
            fresh.append(one)
    return tuple(sorted(fresh[:MOST_OTHERS], key=lambda one: _measure(one.route, asked.by)))


def _measure(route: Route, by: str) -> float:
    return route.usd_per_t if by == "cost" else route.hours


def _best(loaded: Loaded, asked: Question, net: Network, via: str) -> Route | None:
    """Return the best way through a port, or None where there is no way."""
    assert asked.consignment is not None
    try:
        return find_route(loaded.components, asked.consignment, asked.by, via=via, network=net)  # type: ignore[arg-type]
    except BridgeheadError as error:
        if error.code != "route.no_path":
            raise
        return None


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
