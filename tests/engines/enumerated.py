"""Small random networks and every way over them by plain search: what k routes and Pareto sets are held against."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from bridgehead.engines.network.components import ComponentTables, Place, Port
from bridgehead.engines.network.journey import Route
from bridgehead.engines.network.routes import Consignment, Request
from tests.engines import small
from tests.engines.small import link, parameter, parameters

PLACES = ("a", "b", "c", "port", "gate", "far", "end")
HOME = {"a", "b", "c", "port", "gate"}
GOODS = Consignment("a", "end", "coal", tonnes=40.0)
EXTRA = (
    parameter("haul_speed", 65.0, "km/h", mode="road"),
    parameter("co2e_haul", 31.0, "g/tkm", mode="road"),
    parameter("freight_rate", 0.31, "USD/tkm", mode="road"),
    parameter("gauge_change_time", 6.5, "h", place="far"),
)


@st.composite
def networks(draw: st.DrawFn) -> ComponentTables:
    """Seven places in two countries with up to twelve links by rail of either gauge, road or sea."""
    pairs = [(one, other) for i, one in enumerate(PLACES) for other in PLACES[i + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=5, max_size=9, unique=True))
    links = []
    for number, (one, other) in enumerate(chosen):
        for mode in draw(st.sampled_from((("rail",), ("road",), ("rail", "road")))):
            # No sum of lengths equals another: ties would make the best way a matter of taste.
            km = 40.0 + draw(st.integers(0, 400)) + 0.001 * 2.0**number + 0.3 * (mode == "road")
            gauges = draw(st.sampled_from(((1435,), (1520,), (1435, 1520)))) if mode == "rail" else ()
            links.append(link(one, other, km, mode, gauges))
    places = tuple(
        Place(name, "HH" if name in HOME else "FF", "city", 40.0, 110.0)
        for name in PLACES
        if name not in {"port", "gate"}
    )
    ports = (
        Port("port", "rail", "open", "HH", "FF", 43.0, 112.0),
        Port("gate", "road", "open", "HH", "FF", 43.0, 112.0),
    )
    return small.tables(places=places, ports=ports, links=tuple(links), parameters=parameters(*EXTRA))


def every_route(request: Request) -> Iterator[Route]:
    """Yield every way that enters no place twice, found by going on from the origin in all directions."""
    topology = request.priced.topology
    if request.source < 0 or request.target < 0:
        return
    closed = topology.arcs_of(request.closed)
    place = topology.place_of_node

    def walk(node: int, arcs: list[int], entered: set[str], nodes: set[int]) -> Iterator[list[int]]:
        if node == request.target:
            yield arcs
            return
        for arc in range(int(topology.first[node]), int(topology.first[node + 1])):
            to = int(topology.head[arc])
            moved = place[to] != place[node]
            if closed[arc] or to in nodes or (moved and place[to] in entered):
                continue
            yield from walk(to, [*arcs, arc], entered | {place[to]}, nodes | {to})

    for arcs in walk(request.source, [], {place[request.source]}, {request.source}):
        yield request.route(arcs)


def in_common(tables: ComponentTables, route: Route, better: Route) -> float:
    """Return what a route has in common with a better one, out of the legs alone."""
    mine = {name for leg in route.legs for name in leg.links}
    km = {name: tables.links_by_id[name].length_km for leg in better.legs for name in leg.links}
    length = sum(value for name, value in km.items() if name in mine) / sum(km.values())
    points = _points(better)
    if not points:
        return length
    return 0.5 * length + 0.5 * len(points & _points(route)) / len(points)


def _points(route: Route) -> set[tuple[str, str]]:
    found = {("border", leg.links[0]) for leg in route.legs if leg.border}
    return found | {(leg.kind, leg.origin) for leg in route.legs if leg.kind == "gauge_change"}
