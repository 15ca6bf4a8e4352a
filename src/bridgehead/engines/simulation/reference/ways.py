"""Ways of the reference engine: where a unit goes from a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridgehead.engines.simulation.model import Match, Route, Share
from bridgehead.engines.simulation.reference.draws import Stream
from bridgehead.engines.simulation.reference.places import Place
from bridgehead.engines.simulation.reference.things import Unit

if TYPE_CHECKING:
    from bridgehead.engines.simulation.reference.engine import Port
    from bridgehead.engines.simulation.reference.stations import StationPlace


class Ways:
    """All routes of a port."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self.routes = {(one.node, one.unit_class): one for one in port.compiled.model.routes}
        self.onward: dict[str, set[str]] = {node.id: set() for node in port.compiled.model.nodes}
        for route in port.compiled.model.routes:
            self.onward[route.node].update(way.to for way in route.ways if way.to is not None)
            self.onward[route.node].update(route.shortest)

    def next_place(self, place: Place, unit: Unit) -> Place | None:
        """Draw where a unit goes from a node, None for out; a way that leads back counts as one more loop."""
        node = self.port.compiled.parts[place.number].node.id
        one = self.port.class_of(unit).id
        route = self.routes.get((node, one), self.routes.get((node, "*")))
        if route is None:
            return None
        to = self._shortest(route) if route.shortest else self._drawn(route, place, unit)
        if to is None:
            return None
        if node in self.reached_from(to):
            unit.loop += 1
        return self.place(to, unit)

    def place(self, node: str, unit: Unit) -> Place:
        """Return the place of a node a unit enters: of a match the side that is for its class."""
        at = self.port.compiled.node_index[node]
        model = self.port.compiled.parts[at[0]].node
        if isinstance(model, Match) and model.inputs[1].unit_class == self.port.class_of(unit).id:
            return self.port.places[at[1]]
        return self.port.places[at[0]]

    def _drawn(self, route: Route, place: Place, unit: Unit) -> str | None:
        band = self.port.compiled.types[unit.kind].band
        ways = [(way.to, _share(way, band)) for way in route.ways if _share(way, band) > 0.0]
        total = 0.0
        limits = [(to, total := total + share) for to, share in ways]
        if total < 1.0 - 1e-9:
            limits.append((None, 1.0))  # what is not said leaves
        if len(limits) == 1:
            return limits[0][0]
        x = Stream(unit.key, place.purpose("route"), unit.loop).uniform()
        return next((to for to, limit in limits if x < limit), limits[-1][0])

    def _shortest(self, route: Route) -> str:
        def load(name: str) -> float:
            station: StationPlace = self.port.station(name)
            at_servers = station.serving + station.blocked + station.stopped + station.stuck
            return (station.queue + at_servers) / max(1, len(station.servers))

        return min(route.shortest, key=load)

    def reached_from(self, node: str) -> set[str]:
        """Return the nodes that can be reached from a node along ways of any class, itself included."""
        seen, due = {node}, [node]
        while due:
            for near in self.onward[due.pop()] - seen:
                seen.add(near)
                due.append(near)
        return seen


def _share(way: Share, band: str | None) -> float:
    other = way.shares.get("*", 0.0)
    return other if band is None else way.shares.get(band, other)
