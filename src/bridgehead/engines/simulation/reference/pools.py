"""Pools of the reference engine: what stations share, and who gets what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bridgehead.engines.simulation.model import Station
from bridgehead.engines.simulation.reference.draws import Stream, duration
from bridgehead.engines.simulation.reference.events import Rank
from bridgehead.engines.simulation.reference.things import PoolState, Unit

if TYPE_CHECKING:
    from bridgehead.engines.simulation.reference.engine import Port
    from bridgehead.engines.simulation.reference.stations import StationPlace


class Pools:
    """All pools of a port."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self.models = {one.id: one for one in port.compiled.model.pools}
        self.states = {one.id: PoolState(one.id, one.size, one.size) for one in port.compiled.model.pools}

    def wanted(self, station: Station, *, begun: bool) -> dict[str, int]:
        """Return what a service takes to begin; one that was interrupted has what it takes along."""
        wanted = dict(station.needs)
        for name, amount in {} if begun else station.takes.items():
            wanted[name] = wanted.get(name, 0) + amount
        return wanted

    def lacking(self, station: Station, *, begun: bool = False, given_back: bool = False) -> list[str]:
        """Return pools of which there is too little; with `given_back`, once another service here has ended."""
        found = []
        for name, amount in self.wanted(station, begun=begun).items():
            more = station.needs.get(name, 0) if given_back and self.models[name].return_min is None else 0
            if self.states[name].free + more < amount:
                found.append(name)
        return found

    def suffice(self, station: Station, *, begun: bool = False, given_back: bool = False) -> bool:
        """Tell whether all is there."""
        return not self.lacking(station, begun=begun, given_back=given_back)

    def take(self, station: Station, unit: Unit) -> None:
        """Take all at once what a service needs, and what the unit takes along."""
        for name, amount in self.wanted(station, begun=unit.left is not None).items():
            self.states[name].free -= amount
        if unit.left is None:
            for name, amount in station.takes.items():
                unit.carries[name] = unit.carries.get(name, 0) + amount

    def give_back_needs(self, station: Station) -> None:
        """Give back what a service held."""
        for name, amount in station.needs.items():
            self.give_back(name, amount)

    def give_back_carried(self, unit: Unit, amounts: Mapping[str, int]) -> None:
        """Give back of what a unit carries what is asked for, as far as it has it."""
        for name, amount in amounts.items():
            given = min(amount, unit.carries.get(name, 0))
            if given > 0:
                unit.carries[name] -= given
                self.give_back(name, given)

    def give_back_all(self, unit: Unit) -> None:
        """Give back all a unit carries at its end."""
        for name in self.states:
            self.give_back_carried(unit, {name: unit.carries.get(name, 0)})

    def give_back(self, name: str, amount: int) -> None:
        """Give back at once, or each thing after its way back."""
        state, way_back = self.states[name], self.models[name].return_min
        if way_back is None:
            state.free += amount
            self.port.later(self.serve)
            return
        for _ in range(amount):
            stream = Stream(state.returns, self.port.own_purpose("return", name))
            state.returns += 1
            state.away += 1
            self.port.schedule(self.port.now + duration(way_back, stream), Rank.RETURN, lambda: self.come_back(state))

    def come_back(self, state: PoolState) -> None:
        """Let a thing be there again."""
        state.free += 1
        state.away -= 1
        self.port.later(self.serve)

    def serve(self) -> None:
        """Let the station begin whose next unit is first of all; once more while there is one."""
        ready = [station for station in self.port.stations if self._can_begin(station)]
        if ready:
            station = min(ready, key=lambda one: one.rank(_next(one)))
            station.begin_next(_next(station))
            station.settle()
            self.port.later(self.serve)
            return
        for place in self.port.places:
            if place.outside:
                self.port.later(place.admit)
        for station in self.port.stations:
            if station.lacks_pools:
                self.port.suspect(station)

    def _can_begin(self, station: StationPlace) -> bool:
        uses = station.model.needs or station.model.takes
        if not uses or station.queue == 0 or station.available <= 0:
            return False
        unit = station.next_unit()
        return unit is not None and self.suffice(station.model, begun=unit.left is not None)


def _next(station: StationPlace) -> Unit:
    unit = station.next_unit()
    assert unit is not None
    return unit
