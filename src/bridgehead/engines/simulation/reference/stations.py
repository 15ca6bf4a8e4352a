"""Stations of the reference engine: who begins when, what the end of a service does, what a full station does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bridgehead.engines.simulation.compiled import NodePart
from bridgehead.engines.simulation.model import Distribution, Station
from bridgehead.engines.simulation.reference.draws import Stream, duration
from bridgehead.engines.simulation.reference.events import Rank
from bridgehead.engines.simulation.reference.incidents import Failures, Hours, Lanes
from bridgehead.engines.simulation.reference.places import Place
from bridgehead.engines.simulation.reference.things import Server, Unit, Whereabouts

if TYPE_CHECKING:
    from bridgehead.engines.simulation.reference.engine import Port


class StationPlace(Place):
    """A node where units wait for one of several servers."""

    def __init__(self, port: Port, number: int, part: NodePart, first_server: int) -> None:
        super().__init__(port, number, part)
        assert isinstance(part.node, Station)
        self.model = part.node
        self.capacity, self.full = self.model.queue_capacity, self.model.full
        self.first_server = first_server
        self.servers: list[Server] = []
        if self.model.servers is not None:
            most = self.model.servers + (self.model.lanes.extra if self.model.lanes else 0)
            self.servers = [Server(at) for at in range(most)]
        self.free = self.servers[::-1]
        """Servers nobody is at and that are not down; the last is taken first."""
        self.present: dict[Unit, None] = {}
        """Units that are being served, or keep their server for another reason."""
        self.hours = Hours(self)
        self.failures = Failures(self)
        self.lanes = Lanes(self)
        self.lacks_pools = False

    # Numbers of the moment.

    @property
    def level(self) -> int:  # type: ignore[override]
        """Servers at work by opening hours and shifts."""
        return self.hours.level

    def _present_as(self, at: Whereabouts) -> int:
        return sum(unit.at is at and not _is_down(unit.server) for unit in self.present)

    @property
    def serving(self) -> int:  # type: ignore[override]
        """Units in service."""
        return self._present_as(Whereabouts.SERVED)

    @property
    def blocked(self) -> int:  # type: ignore[override]
        """Units that have been served and wait for a place at the next node."""
        return self._present_as(Whereabouts.BLOCKED)

    @property
    def stopped(self) -> int:  # type: ignore[override]
        """Units whose service rests because the station is closed."""
        return self._present_as(Whereabouts.INTERRUPTED)

    @property
    def stuck(self) -> int:  # type: ignore[override]
        """Units at servers that are down."""
        return sum(_is_down(unit.server) for unit in self.present)

    @property
    def down(self) -> int:  # type: ignore[override]
        """Servers that are down."""
        return sum(server.down for server in self.servers)

    @property
    def idle(self) -> float:  # type: ignore[override]
        """Servers that could begin a service."""
        return max(0, self.available) if self.servers else 0

    @property
    def available(self) -> float:
        """Servers that could begin a service; fewer than none after a shift has ended with all at work."""
        if self.level == 0:
            return 0
        if self.model.servers is None:
            return math.inf
        working = min(self.level + self.lanes.extra, len(self.servers) - self.down)
        return working - self.serving - self.blocked - self.stopped

    @property
    def is_closed(self) -> bool:
        """Tell whether newcomers find the station closed."""
        return self.level == 0 or self.hours.overtime

    # Entering.

    def enter(self, unit: Unit) -> Place | None:
        """Let a unit be turned away, go away, begin, interrupt somebody, wait, or find no place."""
        unit.place, counts = self, self.pairs[unit.kind]
        if self.is_closed and self.hours.turn_away:
            counts.arrivals += 1
            self.lose(unit)
            return None
        if self.balks(unit):
            counts.arrivals += 1
            counts.balked += 1
            assert self.model.balking is not None
            return self.port.elsewhere(unit, self.model.balking.to)
        behind = self.is_behind(unit)
        if not behind and self.begins_at_once():
            counts.arrivals += 1
            self.comes_in(unit)
            self.begin(unit, 0.0)
            return None
        victim = self.victim_of(unit)
        if victim is not None:
            counts.arrivals += 1
            self.push_aside(victim)
            self.comes_in(unit)
            self.begin(unit, 0.0)
            return None
        if behind or not super().has_room():
            return self.no_place(unit)
        counts.arrivals += 1
        if self.available > 0 and not self.port.pools.suffice(self.model):
            self.lacks_pools = True
            self.port.suspect(self)
        self.comes_in(unit)
        self.join(unit)
        self.begin_patience(unit)
        self.lanes.order()
        return None

    def begins_at_once(self) -> bool:
        """Tell whether somebody who comes now needs not wait."""
        return (
            self.queue == 0 and not self.hours.overtime and self.available > 0 and self.port.pools.suffice(self.model)
        )

    def has_room(self) -> bool:
        """Tell whether somebody who comes now begins at once or finds a waiting place."""
        return super().has_room() or self.begins_at_once()

    def makes_wait(self, unit: Unit) -> bool:
        """Tell whether a unit has to stay where it is; who would leave, or begin at another's cost, need not."""
        if (self.is_closed and self.hours.turn_away) or self.balks(unit) or self.victim_of(unit) is not None:
            return False
        return super().makes_wait(unit)

    def balks(self, unit: Unit) -> bool:
        """Tell whether the sight of the queue makes a newcomer go away."""
        balking = self.model.balking
        if balking is None or self.queue < balking.at:
            return False
        return Stream(unit.key, self.purpose("balk"), unit.loop).uniform() < balking.probability

    def victim_of(self, newcomer: Unit) -> Unit | None:
        """Return whose service a newcomer interrupts: of those of worse priority the worst, then the latest begun."""
        if not self.model.preempt or self.is_closed or self.available > 0:
            return None
        if not self.port.pools.suffice(self.model, given_back=True):
            return None
        mine = self.port.class_of(newcomer).priority
        worse = [unit for unit in self.served if self.port.class_of(unit).priority > mine]
        return max(worse, key=lambda unit: (self.port.class_of(unit).priority, unit.running_since), default=None)

    @property
    def served(self) -> list[Unit]:
        """Units in service in the order of their servers."""
        here = [server.unit for server in self.servers]
        return [unit for unit in here if unit is not None and unit.at is Whereabouts.SERVED]

    def push_aside(self, victim: Unit) -> None:
        """Send somebody in service back to the head of its line, with what remains of its service."""
        self.stop(victim)
        self.leave_server(victim)
        self.port.pools.give_back_needs(self.model)
        self.put_first(victim)

    def put_first(self, unit: Unit) -> None:
        """Put a unit whose service was interrupted back at the head of its line."""
        self.line_of(unit).appendleft(unit)
        unit.at = Whereabouts.WAITING
        self.counts.longest = max(self.counts.longest, self.queue)

    # Services.

    def begin(self, unit: Unit, waited: float) -> None:
        """Begin a service, or go on with one that was interrupted, at a free server."""
        self.port.pools.take(self.model, unit)
        if self.servers:
            unit.server = self.free.pop()
            unit.server.unit = unit
        self.present[unit] = None
        if unit.patience is not None:
            unit.patience.off, unit.patience = True, None
        if unit.left is None:
            self.pairs[unit.kind].begins_after(waited)
            unit.waited += max(0.0, waited)
            unit.began = self.port.now
            service = self.of_class(self.model.service, unit)
            assert service is not None
            unit.total = duration(service, Stream(unit.key, self.purpose("service"), unit.loop))
            unit.left = unit.total
        self.go_on(unit)

    def go_on(self, unit: Unit) -> None:
        """Let a service run; its end is certain but for interruptions."""
        assert unit.left is not None
        unit.at, unit.running_since = Whereabouts.SERVED, self.port.now
        self.failures.at_work(unit)
        unit.end = self.port.schedule(self.port.now + unit.left, Rank.END, lambda: self.end(unit))

    def stop(self, unit: Unit) -> None:
        """Interrupt a service: what remains of it is kept."""
        assert unit.left is not None
        assert unit.end is not None
        ran = self.port.now - unit.running_since
        unit.left = max(0.0, unit.left - ran)
        unit.end.off = True
        unit.at = Whereabouts.INTERRUPTED
        self.failures.wear(unit, ran)

    def end(self, unit: Unit) -> None:
        """End a service: give back, and go on, or keep the server until there is a place at the next node."""
        counts = self.pairs[unit.kind]
        counts.ended += 1
        counts.service_sum += self.port.now - unit.began
        unit.left = None
        self.port.log_service(unit, self.first_server)
        self.port.pools.give_back_needs(self.model)
        self.port.pools.give_back_carried(unit, self.model.returns)
        self.failures.wear(unit, self.port.now - unit.running_since)
        unit.at = Whereabouts.NOWHERE  # its own server counts as free for it
        to = self.port.ways.next_place(self, unit)
        if to is not None and to.makes_wait(unit):
            to.wait_for_place(unit, Whereabouts.BLOCKED)
            self.port.suspect(self)
            return
        self.leave_server(unit)
        self.port.later(self.refill)
        if to is None:
            self.port.finish(unit)
        else:
            self.port.send(unit, to)

    def leave_server(self, unit: Unit) -> None:
        """Free the server of a unit; one that is down is not free before it is repaired."""
        del self.present[unit]
        server, unit.server = unit.server, None
        if server is not None:
            server.unit = None
            if not server.down:
                self.free.append(server)

    def refill(self) -> None:
        """Begin all services that can begin; only who is next is tried."""
        while self.queue > 0 and self.available > 0:
            unit = self.next_unit()
            if unit is None:
                break
            if not self.port.pools.suffice(self.model, begun=unit.left is not None):
                self.lacks_pools = True
                self.port.suspect(self)
                break
            self.begin_next(unit)
        self.settle()

    def begin_next(self, unit: Unit) -> None:
        """Begin the service of somebody who waits."""
        self.lacks_pools = False
        self.take_out(unit)
        self.begin(unit, self.port.now - unit.joined)

    def settle(self) -> None:
        """End the overtime when all it was for are served; let somebody from outside begin where nobody waits."""
        if self.queue == 0:
            self.lacks_pools = False
        if self.hours.overtime and self.next_unit() is None:
            self.hours.end_overtime()
        if self.queue == 0 and self.outside and self.available > 0:
            self.port.later(self.admit)

    def take_out(self, unit: Unit) -> None:
        """Take a unit out of its line; a short one closes a lane."""
        super().take_out(unit)
        self.lanes.after_shortening()

    def may_begin(self, unit: Unit) -> bool:
        """Tell whether a unit is to be served now: in overtime only who had come before the closing."""
        return not self.hours.overtime or unit.turn <= self.hours.last_turn

    # Patience.

    def of_class(self, table: Mapping[str, Distribution], unit: Unit) -> Distribution | None:
        """Return what a table says of the class of a unit, or of all."""
        return table.get(self.port.class_of(unit).id, table.get("*"))

    def begin_patience(self, unit: Unit) -> None:
        """Plan when a unit that joined the queue gives up."""
        patience = self.of_class(self.model.patience, unit)
        if patience is not None:
            after = duration(patience, Stream(unit.key, self.purpose("patience"), unit.loop))
            unit.patience = self.port.schedule(self.port.now + after, Rank.PATIENCE, lambda: self.give_up(unit))

    def give_up(self, unit: Unit) -> None:
        """Let a unit go that has waited too long."""
        counts, waited = self.pairs[unit.kind], self.port.now - unit.joined
        counts.gave_up += 1
        counts.gave_up_sum += waited
        unit.waited += waited
        unit.patience = None
        self.take_out(unit)
        self.port.suspect(self)
        if self.lacks_pools or self.hours.overtime:
            self.port.later(self.refill)
        to = self.port.elsewhere(unit, self.model.gives_up_to)
        if to is not None:
            self.port.send(unit, to)


def _is_down(server: Server | None) -> bool:
    return server is not None and server.down
