"""Our time and money beside published figures, with their ratio.

A published figure may be the very source of a parameter that our figure rests on; such a row is *circular* and proves
nothing but the arithmetic. `compare` finds circular rows by the sources of the parameters used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bridgehead.engines.network.components import OPEN, RAIL, ROAD, ComponentTables, Parameter
from bridgehead.engines.network.costing import HOURS_PER_DAY, TEU_PER_FEU
from bridgehead.engines.network.parameters import ParameterBook
from bridgehead.engines.network.quantities import (
    PRICE_UNITS,
    TIME_METRICS,
    TIME_UNITS,
    currency_of,
    shape_of,
    why_not_comparable,
)
from bridgehead.engines.network.routes import Consignment, Leg, Route, find_route
from bridgehead.engines.network.virtual import DEFAULT_MODES, By, Network
from bridgehead.kernel.errors import BridgeheadError, Place

METRICS: Mapping[str, str] = MappingProxyType(
    {
        "time": "from door to door",
        "transit_time": "from departure to arrival: without loading, unloading and the wait for a departure",
        "price": "everything a shipper pays",
        "haulage_price": "line haul alone",
    }
)
UNITS = (*TIME_UNITS, *PRICE_UNITS)
LAND = (RAIL, ROAD)
PLAUSIBLE = (0.5, 2.0)
"""Ratios outside of this want an explanation."""

_QUANTITIES = {
    "time": (
        "haul_speed",
        "haul_stop_share",
        "border_exit_time",
        "border_entry_time",
        "border_entry_time_including_gauge_change",
    ),
    "price": ("freight_rate", "freight_rate_including_border", "terminal_charge"),
}


@dataclass(frozen=True, slots=True)
class Published:
    """A published time or price between two places.

    `via` names the port the way must take, blank for any; `explanation` says why ours may differ by more than a factor
    of two.
    """

    id: str
    origin: str
    destination: str
    commodity: str
    tonnes: float | None
    teu: float | None
    by: By
    modes: tuple[str, ...]
    via: str
    metric: str
    value: float
    unit: str
    source: str
    source_date: str = ""
    confidence: str = ""
    note: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our figure for a published one in its unit; `ratio` is ours over published.

    `circular` names the parameters that were made from the published figure itself. Where the row names no port and
    ours crosses the home border at places that are none of the region's ports, `over_ports` gives our figure for the
    way over each of those ports, the smallest first: a reader may well have thought of one of them.
    """

    published: Published
    route: Route
    ours: float
    ratio: float
    circular: tuple[str, ...]
    over_ports: tuple[tuple[str, float], ...] = ()

    @property
    def plausible(self) -> bool:
        """Whether the ratio lies within a factor of two."""
        return PLAUSIBLE[0] <= self.ratio <= PLAUSIBLE[1]

    @property
    def explained(self) -> bool:
        """Whether an implausible ratio comes with an explanation."""
        return self.plausible or bool(self.published.explanation)


def compare(tables: ComponentTables, published: Iterable[Published]) -> tuple[Comparison, ...]:
    """Work out our figure for every published one.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    published : iterable of Published
        What others have published.

    Raises
    ------
    BridgeheadError
        `published.unknown_metric` for a metric or unit that cannot be compared, and everything `find_route` raises.
    """
    networks: dict[tuple[str, ...], Network] = {}
    found = []
    for row in published:
        modes = row.modes or DEFAULT_MODES
        if modes not in networks:
            networks[modes] = Network(tables, modes=modes)
        net = networks[modes]
        route = _way(tables, row, net, row.via)
        ours = measure(route, row, net.book)
        others: tuple[tuple[str, float], ...] = ()
        if not row.via and not route.ports and _crosses_home(tables, route):
            others = tuple(sorted(_over_ports(tables, row, net), key=lambda other: other[1]))
        found.append(Comparison(row, route, ours, ours / row.value, _circular(route, row, net.book), others))
    return tuple(found)


def _way(tables: ComponentTables, row: Published, net: Network, via: str) -> Route:
    consignment = Consignment(row.origin, row.destination, row.commodity, row.tonnes, row.teu)
    return find_route(tables, consignment, row.by, via=via, network=net)


def _over_ports(tables: ComponentTables, row: Published, net: Network) -> Iterator[tuple[str, float]]:
    """Yield every port of the region that a way leads over, with our figure for it."""
    for port in tables.ports:
        if port.status == OPEN and port.mode in net.modes and port.mode in LAND:
            try:
                yield port.id, measure(_way(tables, row, net, port.id), row, net.book)
            except BridgeheadError as error:
                if error.code != "route.no_path":
                    raise


def _crosses_home(tables: ComponentTables, route: Route) -> bool:
    """Whether a way leaves or enters the home country on land."""
    return any(tables.home_country in {tables.countries[place] for place in pair} for pair in route.crossings)


def measure(route: Route, row: Published, book: ParameterBook) -> float:
    """Return what a published row measures, for a route of ours, in the row's unit."""
    currency = currency_of(row.unit)
    # A currency without a rate is named by the parameter book itself.
    if why_not_comparable(row.metric, row.unit, boxed=bool(route.teu), currencies=(currency or "",)):
        detail = {
            "id": row.id,
            "metric": row.metric,
            "unit": row.unit,
            "metrics": ", ".join(METRICS),
            "units": ", ".join(UNITS),
        }
        raise BridgeheadError("published.unknown_metric", detail, Place(file="published_routes.csv", column="metric"))
    legs = [leg for leg in route.legs if _counts(leg, row.metric)]
    if row.metric in TIME_METRICS:
        hours = sum(leg.hours for leg in legs)
        return hours / HOURS_PER_DAY if row.unit == "days" else hours
    rate = book.exchange(currency) if currency else None
    price = sum(leg.usd_per_t for leg in legs) * (rate.value if rate else 1.0)
    shape = shape_of(row.unit)
    if shape != "$/t" and route.teu:
        price *= route.tonnes / route.teu * (TEU_PER_FEU if shape == "$/FEU" else 1.0)
    return price


def _counts(leg: Leg, metric: str) -> bool:
    if metric == "haulage_price":
        return leg.kind == "haul"
    if metric == "transit_time":
        return leg.kind not in {"load", "unload"}
    return True


def _circular(route: Route, row: Published, book: ParameterBook) -> tuple[str, ...]:
    """Parameters of the route that are of the kind the row measures and are its value or made from it."""
    wanted = _QUANTITIES["time" if row.metric in TIME_METRICS else "price"]
    used: list[Parameter] = [book.by_id[name] for name in route.parameters]
    return tuple(
        p.id
        for p in used
        if p.quantity in wanted
        and row.source
        and p.source
        and (row.source in p.source or p.source in row.source)
        and (p.value == row.value or "derived" in {p.basis, p.standing})
    )
