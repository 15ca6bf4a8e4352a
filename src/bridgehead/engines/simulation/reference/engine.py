"""The reference engine: events in order of time, what each leaves to be done, and what is counted."""

from __future__ import annotations

import heapq
import math
from collections import Counter, deque
from collections.abc import Callable

from bridgehead.engines.simulation.compiled import Compiled, purpose
from bridgehead.engines.simulation.model import (
    Combine,
    ListedArrivals,
    Match,
    Source,
    Split,
    Station,
    UnitClass,
)
from bridgehead.engines.simulation.reference.assemblies import Collection, Division, MatchSide
from bridgehead.engines.simulation.reference.deadlocks import Standstill, knot_around
from bridgehead.engines.simulation.reference.events import Rank
from bridgehead.engines.simulation.reference.places import Place
from bridgehead.engines.simulation.reference.pools import Pools
from bridgehead.engines.simulation.reference.sources import SourceState
from bridgehead.engines.simulation.reference.stations import StationPlace
from bridgehead.engines.simulation.reference.tallies import Logged, ReferenceTally, TypeCounts, cell_of
from bridgehead.engines.simulation.reference.things import Event, Unit, Whereabouts
from bridgehead.engines.simulation.reference.ways import Ways
from bridgehead.engines.simulation.running import Run, run_key, source_key

Listener = Callable[["Port"], None]


def simulate_reference(compiled: Compiled, run: Run, *, after_each_event: Listener | None = None) -> ReferenceTally:
    """Run one replication in plain Python.

    Parameters
    ----------
    compiled : Compiled
        The model with its names; the arrays are not looked at.
    run : Run
        How long, which seed.
    after_each_event : callable, optional
        Sees the port whenever nothing is left to be done at a moment.

    Raises
    ------
    Standstill
        If some stations can never go on.
    """
    port = Port(compiled, run)
    port.run_to_horizon(after_each_event)
    return port.tally()


class Port:
    """A port in the course of a run."""

    def __init__(self, compiled: Compiled, run: Run) -> None:
        self.compiled, self.run = compiled, run
        self.now = self.until = 0.0
        self.turns = self.scheduled = self.events = self.in_system = 0
        self.system_area = 0.0
        self.agenda: list[tuple[float, int, int, Event]] = []
        self.work: deque[Callable[[], None]] = deque()
        self.suspects: list[Place] = []
        self.log: list[Logged] = []
        self.units: dict[Unit, None] = {}
        self.types = [TypeCounts() for _ in compiled.types]
        self.arrived: list[Counter[int]] = [Counter() for _ in compiled.types]
        self.done: list[Counter[int]] = [Counter() for _ in compiled.types]
        self.pools = Pools(self)
        self.places = self._places()
        self.stations = [place for place in self.places if isinstance(place, StationPlace)]
        self.ways = Ways(self)
        self.width = run.bin_min if run.bin_min > 0.0 else run.horizon_min
        self.bins: list[Counter[int]] = [Counter() for _ in range(len(self.places) + 1)]
        self.sources = [SourceState(self, at, one, self._key_of(at)) for at, one in enumerate(self._all_sources())]
        self.batch_left, self.batch_of = 0, -1

    def _places(self) -> list[Place]:
        found: list[Place] = []
        servers = 0
        for number, part in enumerate(self.compiled.parts):
            if isinstance(part.node, Station):
                station = StationPlace(self, number, part, servers)
                servers += len(station.servers)
                found.append(station)
            elif isinstance(part.node, Match):
                found.append(MatchSide(self, number, part))
            elif isinstance(part.node, Split):
                found.append(Division(self, number, part))
            elif isinstance(part.node, Combine):
                found.append(Collection(self, number, part))
        for one in found:
            if isinstance(one, MatchSide):
                other = found[one.number + 1 - 2 * one.side]
                assert isinstance(other, MatchSide)
                one.partner = other
        return found

    def _all_sources(self) -> list[Source]:
        """Return the sources, and after them the closed population, which comes at time 0."""
        found = list(self.compiled.model.sources)
        for at, one in enumerate(self.compiled.model.population):
            name = f"population/{at}/{one.node}/{one.unit_class}"
            found.append(Source(name, one.node, one.unit_class, ListedArrivals((0.0,) * one.count)))
        return found

    def _key_of(self, source: int) -> int:
        return source_key(self.run.seed, self.run.replication, self._all_sources()[source].id)

    # Names.

    def own_purpose(self, word: str, name: str) -> int:
        """Return by what draws that belong to no unit are known in this replication."""
        return purpose(word, name) + run_key(self.run.seed, self.run.replication)

    def class_of(self, unit: Unit) -> UnitClass:
        """Return the class of a unit."""
        return self.compiled.types[unit.kind].unit_class

    def type_of(self, name: str) -> int:
        """Return the first type of a class."""
        return self.compiled.type_index[name][0]

    def station(self, name: str) -> StationPlace:
        """Return a station."""
        return next(one for one in self.stations if one.model.id == name)

    def next_turn(self) -> int:
        """Return the number of who joins now."""
        self.turns += 1
        return self.turns

    # Time.

    def schedule(self, time: float, rank: Rank, happens: Callable[[], None]) -> Event:
        """Plan an event."""
        event = Event(happens)
        heapq.heappush(self.agenda, (time, rank, self.scheduled, event))
        self.scheduled += 1
        return event

    def later(self, what: Callable[[], None]) -> None:
        """Leave something to be done before time goes on."""
        self.work.append(what)

    def suspect(self, place: Place) -> None:
        """Have it looked into, once the event is over, whether a station stands still for ever."""
        self.suspects.append(place)

    def run_to_horizon(self, after_each_event: Listener | None) -> None:
        """Let everything happen."""
        for station in self.stations:
            station.hours.plan()
            for server in station.servers:
                station.failures.plan(server)
        if self.run.warmup_min > 0.0:
            self.schedule(self.run.warmup_min, Rank.WARM_UP, self.forget)
        while self._step():
            while self.work:
                self.work.popleft()()
            suspects, self.suspects = self.suspects, []
            for place in sorted(suspects, key=lambda one: one.number):
                knot = knot_around(self, place)
                if knot:
                    raise Standstill(self.now, knot)
            if after_each_event is not None:
                after_each_event(self)
        self.pass_time(self.run.horizon_min)

    def _step(self) -> bool:
        """Let the next event or arrival happen; return whether there was one before the horizon."""
        if self.batch_left == 0:
            source = min(self.sources, key=lambda one: one.next, default=None)
            comes = (math.inf, Rank.ARRIVAL) if source is None else (source.next, Rank.ARRIVAL)
            planned = self.agenda[0][:2] if self.agenda else (math.inf, Rank.PATIENCE)
            time = min(comes, planned)[0]
            if time >= self.run.horizon_min:
                return False
            self.pass_time(time)
            self.events += 1
            if planned < comes:
                event = heapq.heappop(self.agenda)[3]
                if not event.off:
                    event.happens()
                return True
            assert source is not None
            self.batch_of, self.batch_left = source.number, source.batch()
            if self.batch_left == 0:
                source.arrived()
                return True
        else:
            self.events += 1
        self._arrive(self.sources[self.batch_of])
        return True

    def _arrive(self, source: SourceState) -> None:
        """Let one unit come from outside; the next arrival of its source is known with the last of a batch."""
        number, key = source.unit_key()
        unit = self.make(key, source.kind_of(key), self.now, number, source.number)
        self.batch_left -= 1
        if self.batch_left == 0:
            source.arrived()
        self.types[unit.kind].arrived += 1
        self.arrived[unit.kind][self._bin()] += 1
        place = self.ways.place(source.model.node, unit)
        if self.run.log:
            self.log.append(Logged(key, self.now, self.now, number, -1, source.number, unit.kind, -1 - place.number))
        self.send(unit, place)

    def pass_time(self, to: float) -> None:
        """Add up all that is as it is until the next event."""
        while self.now < to:
            at = int(self.now // self.width)
            if self.width * (at + 1) <= self.now:
                at += 1
            end = min(to, self.width * (at + 1))
            minutes = end - self.now
            for place in self.places:
                place.pass_time(minutes)
                self.bins[place.number][at] += place.queue * minutes  # type: ignore[assignment]
            self.bins[-1][at] += self.in_system * minutes  # type: ignore[assignment]
            self.system_area += self.in_system * minutes
            for pool in self.pools.states.values():
                pool.area += (pool.size - pool.free) * minutes
            self.now = end

    def _bin(self) -> int:
        return int(self.now / self.width)

    # Units.

    def make(self, key: int, kind: int, born: float, number: int, source: int) -> Unit:
        """Begin a unit."""
        unit = Unit(key, kind, born, number, source)
        self.units[unit] = None
        self.types[kind].born += 1
        self.in_system += 1
        return unit

    def send(self, unit: Unit, place: Place) -> None:
        """Let a unit enter a node; who is sent on more often than there are nodes is lost."""
        to: Place | None = place
        moves = 0
        while to is not None:
            at, to = to, to.enter(unit)
            moves += to is not None
            if moves > len(self.places):
                at.lose(unit)
                return

    def leave_for(self, unit: Unit, to: Place | None) -> None:
        """Let a unit enter a node, or leave, after what else is to be done."""
        self.later(lambda: self.finish(unit) if to is None else self.send(unit, to))

    def elsewhere(self, unit: Unit, node: str | None) -> Place | None:
        """Send a unit to another node, or away."""
        if node is None:
            self.drop(unit)
            return None
        unit.at = Whereabouts.NOWHERE
        unit.loop += 1
        return self.ways.place(node, unit)

    def finish(self, unit: Unit) -> None:
        """Count a unit that has come to the end of its way."""
        counts, stay = self.types[unit.kind], self.now - unit.born
        counts.done += 1
        counts.stay_sum += stay
        counts.stay_square += stay * stay
        counts.wait_sum += unit.waited
        counts.wait_square += unit.waited * unit.waited
        counts.stays[cell_of(stay)] += 1
        counts.waits[cell_of(unit.waited)] += 1
        self.done[unit.kind][self._bin()] += 1
        self._vanish(unit)

    def drop(self, unit: Unit) -> None:
        """Count a unit that leaves without having come to the end of its way."""
        counts = self.types[unit.kind]
        counts.dropped += 1
        counts.dropped_sum += self.now - unit.born
        self._vanish(unit)

    def _vanish(self, unit: Unit) -> None:
        self.pools.give_back_all(unit)
        del self.units[unit]
        self.in_system -= 1

    # Counts.

    def forget(self) -> None:
        """Forget what was counted in the warm-up; the state and what is kept by time of day stay."""
        for place in self.places:
            place.counts.forget()
            place.counts.longest = place.queue
            for pair in place.pairs:
                pair.forget()
        for kind in self.types:
            kind.forget()
        for pool in self.pools.states.values():
            pool.area = 0.0
        self.system_area = 0.0

    def log_service(self, unit: Unit, first_server: int) -> None:
        """Keep a service that ended."""
        if self.run.log:
            assert unit.place is not None
            server = first_server + unit.server.number if unit.server is not None else -1
            what = (unit.number, server, unit.source, unit.kind, unit.place.number)
            self.log.append(Logged(unit.key, unit.began, self.now, *what))

    def tally(self) -> ReferenceTally:
        """Return what was counted."""
        return ReferenceTally(
            nodes=[place.counts for place in self.places],
            pairs=[place.pairs for place in self.places],
            types=self.types,
            pools=[pool.area for pool in self.pools.states.values()],
            bins=self.bins,
            arrived=self.arrived,
            done=self.done,
            log=self.log,
            events=self.events,
            system_area=self.system_area,
            in_system=self.in_system,
        )
