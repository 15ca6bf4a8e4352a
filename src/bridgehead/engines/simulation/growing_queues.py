"""Stations and pools whose queue grows without end, and those of which that cannot be said for sure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bridgehead.engines.simulation.loads import StationLoad, service_min, station_loads, visits_per_min
from bridgehead.engines.simulation.model import Match, Model, Node, Station
from bridgehead.engines.simulation.reaching import Ways
from bridgehead.kernel.errors import Fault, Place

_MOST_NAMED = 8


def load_warnings(model: Model) -> tuple[Fault, ...]:
    """Return a warning for each station and pool that has more to do than it can.

    ``model.unstable`` where the queue grows without end. Not where units are turned away when the queue is full, or
    give up: it stays bounded. Stations before pass on no more than they can do. Where units are lost on their way here
    or for a part of the day, the load is only an upper bound, and the warning is ``model.perhaps_unstable``.
    """
    nominal = {one.node: one for one in station_loads(model)}
    if not _anything_heavy(model, nominal):
        return ()
    return tuple(_Queues(model, nominal).warnings())


def _anything_heavy(model: Model, nominal: Mapping[str, StationLoad]) -> bool:
    pools = {pool.id: pool.size for pool in model.pools}
    busy: dict[str, float] = defaultdict(float)
    for node in model.nodes:
        for pool, amount in node.needs.items() if isinstance(node, Station) else ():
            busy[pool] += nominal[node.id].offered * amount
    return any(one.load >= 1.0 for one in nominal.values()) or any(busy[one] >= size for one, size in pools.items())


class _Queues:
    """What is known of the queues of a model in the long run."""

    def __init__(self, model: Model, nominal: Mapping[str, StationLoad]) -> None:
        self.model, self.nominal = model, nominal
        self.stations = {node.id: node for node in model.nodes if isinstance(node, Station)}
        self.visits = visits_per_min(model, held_up=True)
        self.coming: dict[str, dict[str, float]] = defaultdict(dict)
        for (node, unit_class), rate in self.visits.items():
            self.coming[node][unit_class] = rate
        self.loads = {one.node: one for one in station_loads(model, held_up=True)}
        self.turning_away = {one.id for one in model.calendars if one.while_closed == "turn_away"}
        self.before = self._before()
        self.lossy = {node.id for node in model.nodes if self._loses(node)}

    def _before(self) -> Mapping[str, set[str]]:
        """Return the nodes from which units come to each node directly."""
        ways = Ways(self.model)
        before: dict[str, set[str]] = defaultdict(set)
        for state, rate in self.visits.items():
            for flow in ways.flows(state) if rate > 0.0 else ():
                if flow.share > 0.0:
                    before[flow.to[0]].add(state[0])
        return before

    def warnings(self) -> Iterable[Fault]:
        """Yield what has to be said."""
        for node, one in self.loads.items():
            if one.load < 1.0 or self.bounded(self.stations[node]):
                continue
            behind = self.upstream(node)
            # What a station keeps waiting does not come round to it again; its load is told as if it did.
            first = not any(self.nominal[other].load >= 1.0 for other in (behind - {node}) & set(self.nominal))
            load = self.nominal[node].load if first else one.load
            yield _warning("stations", node, load, self.losing(behind - {node}) + self.closed_to(node))
        for pool in self.model.pools:
            users = [one for one in self.stations.values() if pool.id in one.needs]
            held = {one.id: self.loads[one.id].offered * one.needs[pool.id] for one in users}
            waiting = [one.id for one in users if not self.bounded(one)]
            busy = sum(held.values())
            if busy < pool.size or not waiting:
                continue
            bounded = [one for one in held if one not in waiting]
            doubt = self.losing(set().union(*(self.upstream(one) for one in held)) - set(bounded))
            yield _warning("pools", pool.id, busy / pool.size, doubt + bounded)

    def upstream(self, node: str) -> set[str]:
        """Return the nodes from which units come to a node, on whatever way."""
        found: set[str] = set()
        due = [node]
        while due:
            for other in self.before[due.pop()]:
                if other not in found:
                    found.add(other)
                    due.append(other)
        return found

    def losing(self, nodes: set[str]) -> list[str]:
        """Return those of some nodes that pass on fewer units, or of other classes, than was reckoned."""
        return [node.id for node in self.model.nodes if node.id in nodes & self.lossy]

    def _loses(self, node: Node) -> bool:
        if isinstance(node, Match):
            return any(one.capacity is not None and one.full.kind != "block" for one in node.inputs)
        if not isinstance(node, Station):
            return False
        turned_away = node.queue_capacity is not None and node.full.kind != "block"
        leaves = bool(node.patience) or (node.balking is not None and node.balking.probability > 0.0)
        return turned_away or leaves or bool(self.closed_to(node.id)) or self._chooses(node.id)

    def _chooses(self, node: str) -> bool:
        """Say whether a station cannot serve all and serves some classes before others."""
        priority = {one.id: one.priority for one in self.model.classes}
        here = {priority[one] for one, rate in self.coming[node].items() if rate > 0.0}
        return self.loads[node].load >= 1.0 and len(here) > 1

    def closed_to(self, node: str) -> list[str]:
        """Return the station if it turns away who comes while it is closed."""
        return [node] if self.stations[node].calendar in self.turning_away else []

    def bounded(self, station: Station) -> bool:
        """Say whether so many are turned away or give up that the queue of a station stays bounded."""
        if station.queue_capacity is not None and station.full.kind != "block":
            return True
        staying = sum(
            rate * service_min(station, one)
            for one, rate in self.coming[station.id].items()
            if one not in station.patience and "*" not in station.patience
        )
        if station.balking is not None:
            staying *= 1.0 - station.balking.probability
        one = self.loads[station.id]
        return one.load >= 1.0 and staying < one.servers and (bool(station.patience) or station.balking is not None)


def _warning(section: str, name: str, load: float, doubt: list[str]) -> Fault:
    told: dict[str, object] = {"node": name, "load": round(load, 4)}
    place = Place(field=f"{section}.{name}")
    if not doubt:
        return Fault("model.unstable", told, place, "warning")
    return Fault("model.perhaps_unstable", {**told, "before": doubt[:_MOST_NAMED]}, place, "warning")
