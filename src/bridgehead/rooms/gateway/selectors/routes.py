"""Routes: those that differ, the cheapest, the fastest, those no other beats; and what every number rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bridgehead.engines.network.alternatives import Alternative, Alternatives, find_routes
from bridgehead.engines.network.components import RAIL, Parameter
from bridgehead.engines.network.journey import Consignment, Route
from bridgehead.engines.network.pareto import ParetoSet, pareto_set
from bridgehead.engines.network.routes import find_route, prepare
from bridgehead.engines.network.virtual import By
from bridgehead.ground.kept import kept
from bridgehead.ground.region import Loaded
from bridgehead.ground.routing import network
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.route_question import Question, query_of
from bridgehead.rooms.gateway.selectors.throughput import cell, rows

SAMPLE_T = 5000
SAMPLE_TEU = 2
EXTREMES: tuple[By, By] = ("cost", "time")
"""Criteria whose best routes are shown whatever was asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The routes that differ, best first by the criterion; the cheapest, the fastest; and all that no other beats.

    ``train`` is the best by rail all the way, None where there is none or it is shown already.
    """

    routes: Alternatives
    cheapest: Route
    fastest: Route
    by: str
    pareto: ParetoSet
    train: Route | None = None

    @property
    def same(self) -> bool:
        """Whether the cheapest and the fastest are one."""
        return self.cheapest.legs == self.fastest.legs

    @property
    def first(self) -> Route:
        """The best route by the criterion asked for."""
        return self.routes.routes[0].route

    @property
    def ways(self) -> tuple[tuple[tuple[str, ...], Route], ...]:
        """The routes that are best by some criterion, the one asked for first, each with the criteria it is best by."""
        keys = dict.fromkeys((self.by, *EXTREMES))
        best = {"cost": self.cheapest, "time": self.fastest, self.by: self.first}
        found: list[tuple[list[str], Route]] = []
        for key in keys:
            known = next((names for names, route in found if route.legs == best[key].legs), None)
            if known is None:
                found.append(([key], best[key]))
            else:
                known.append(key)
        return tuple((tuple(names), route) for names, route in found)

    @property
    def told(self) -> tuple[Route, ...]:
        """Every route that is told leg by leg: the best by some criterion, then those that differ."""
        found = (*(route for _names, route in self.ways), *(one.route for one in self.others))
        return found if self.train is None else (*found, self.train)

    @property
    def others(self) -> tuple[Alternative, ...]:
        """The routes that differ and are not the best by cost, time or the criterion."""
        shown = [route.legs for _, route in self.ways]
        return tuple(one for one in self.routes.routes if one.route.legs not in shown)


def answer(loaded: Loaded, asked: Question) -> Answer:
    """Return the routes that answer a question.

    Raises
    ------
    BridgeheadError
        With all faults of the question, or ``route.no_path``.
    """
    if asked.consignment is None:
        raise BridgeheadError.of(asked.faults)
    net = network(loaded, asked.consignment.year or loaded.region.settings.base_year, asked.modes)
    request = prepare(
        loaded.components, asked.consignment, asked.by, via=asked.via, avoid=asked.avoid,  # type: ignore[arg-type]
        usd_per_h=asked.value_of_time, usd_per_kg_co2e=asked.value_of_carbon, network=net,
    )  # fmt: skip
    cheap, fast = (replace(request, by=by, weights=None) for by in EXTREMES)
    routes = find_routes(request, asked.k, most_in_common=asked.most_in_common)
    found = Answer(routes, cheap.route(cheap.best), fast.route(fast.best), asked.by, pareto_set(cheap))
    train = _train(loaded, asked)
    return found if train is None or train.legs in [one.legs for one in found.told] else replace(found, train=train)


def _train(loaded: Loaded, asked: Question) -> Route | None:
    """Return the best way by rail alone, None where rail may not be used, is used alone anyway, or leads nowhere."""
    assert asked.consignment is not None
    if RAIL not in asked.modes or asked.modes == (RAIL,):
        return None
    net = network(loaded, asked.consignment.year or loaded.region.settings.base_year, (RAIL,))
    try:
        return find_route(
            loaded.components, asked.consignment, asked.by, via=asked.via, avoid=asked.avoid,  # type: ignore[arg-type]
            usd_per_h=asked.value_of_time, usd_per_kg_co2e=asked.value_of_carbon, network=net,
        )  # fmt: skip
    except BridgeheadError as error:
        if error.code != "route.no_path":
            raise
        return None


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
            prose.inside(names.name(loaded, asked.commodity)),
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
def port_choices(loaded: Loaded) -> tuple[Choice, ...]:
    """Return the ports at which the border may be crossed, by name."""
    ports = names.index(loaded).ports
    linked = {end for link in loaded.components.links for end in (link.origin, link.destination)}
    return tuple(Choice(names.name(loaded, id_), id_) for id_ in ports if id_ in linked)


@kept
def commodity_choices(loaded: Loaded) -> tuple[Choice, ...]:
    """Return the commodities."""
    return tuple(Choice(commodity.id, names.name(loaded, commodity.id)) for commodity in loaded.components.commodities)
