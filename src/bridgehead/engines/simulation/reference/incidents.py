"""What happens at a station of the reference engine besides its services: opening hours, failures, lanes more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridgehead.engines.simulation.reference.draws import Stream, duration
from bridgehead.engines.simulation.reference.events import Rank
from bridgehead.engines.simulation.reference.things import Server, Unit, Whereabouts
from bridgehead.engines.simulation.timelines import timeline

if TYPE_CHECKING:
    from bridgehead.engines.simulation.reference.stations import StationPlace


class Hours:
    """Opening hours and shifts of a station."""

    def __init__(self, station: StationPlace) -> None:
        self.station, port = station, station.port
        calendars = {one.id: one for one in port.compiled.model.calendars}
        calendar = calendars.get(station.model.calendar or "")
        self.at_close = calendar.at_close if calendar else "finish"
        self.turn_away = calendar is not None and calendar.while_closed == "turn_away"
        found = timeline(station.model, calendar, port.run.horizon_min)
        self.level = found.level
        self.changes = list(zip(found.times_min, found.levels, strict=True))
        self.overtime = False
        self.last_turn = 0
        """Who joined the queue after this one is not served in overtime."""

    def plan(self) -> None:
        """Plan the next change."""
        if self.changes:
            self.station.port.schedule(self.changes[0][0], Rank.LEVEL, self.change)

    def change(self) -> None:
        """Open, close, or change how many servers work."""
        station, before = self.station, self.level
        _, now = self.changes.pop(0)
        self.plan()
        if now == 0 and before > 0 and self.at_close == "empty" and station.queue > 0:
            self.overtime, self.last_turn = True, station.port.turns
            station.port.later(station.refill)
            return
        self.overtime, self.level = False, now
        station.port.suspect(station)
        if now == 0:
            station.lanes.extra = 0
            if self.at_close == "pause":
                for unit in station.served:
                    station.stop(unit)
            return
        if before == 0 and self.at_close == "pause":
            for server in station.servers:
                if server.unit and not server.down and server.unit.at is Whereabouts.INTERRUPTED:
                    station.go_on(server.unit)
        station.lanes.order()
        station.port.later(station.refill)

    def end_overtime(self) -> None:
        """Close after all who waited at the closing have begun."""
        self.overtime, self.level = False, 0
        self.station.lanes.extra = 0

    @property
    def rests(self) -> bool:
        """Tell whether services rest because the station is closed."""
        return self.level == 0 and self.at_close == "pause"


class Lanes:
    """Lanes opened by the length of the queue."""

    def __init__(self, station: StationPlace) -> None:
        self.station, self.model = station, station.model.lanes
        self.extra = 0
        self.ordered = False

    def order(self) -> None:
        """Order one lane more where the queue is long, none is ordered, and the station is open."""
        model, station = self.model, self.station
        if model is None or self.ordered or self.extra >= model.extra or station.level == 0:
            return
        if station.queue >= model.open_when:
            self.ordered = True
            station.port.schedule(station.port.now + model.delay_min, Rank.LANE, self.open)

    def open(self) -> None:
        """Open the lane that was ordered, unless it is not needed any more."""
        assert self.model is not None
        self.ordered = False
        self.station.port.suspect(self.station)
        if self.station.level > 0 and self.station.queue > self.model.close_when:
            self.extra += 1
            self.station.port.later(self.station.refill)
            self.order()

    def after_shortening(self) -> None:
        """Close one lane when somebody leaves a queue that is short then."""
        if self.model is not None and self.extra > 0 and self.station.queue <= self.model.close_when:
            self.extra -= 1


class Failures:
    """Breakdowns of the servers of a station, each by itself."""

    def __init__(self, station: StationPlace) -> None:
        self.station, self.model = station, station.model.breakdown

    def plan(self, server: Server) -> None:
        """Draw how long a server lives, by the clock or by its work."""
        if self.model is None:
            return
        station, port = self.station, self.station.port
        stream = Stream(server.number, port.own_purpose("up", station.name), server.failures)
        life = duration(self.model.up_min, stream)
        if self.model.while_idle:
            server.failure = port.schedule(port.now + life, Rank.BREAKDOWN, lambda: self.break_down(server))
        else:
            server.life = life

    def at_work(self, unit: Unit) -> None:
        """Plan the failure of a server that fails by work, if it comes before the end of the service that begins."""
        server, port = unit.server, self.station.port
        if self.model is None or self.model.while_idle or server is None:
            return
        assert unit.left is not None
        if server.life < unit.left:
            at = port.now + max(0.0, server.life)
            server.failure = port.schedule(at, Rank.BREAKDOWN, lambda: self.break_down(server))

    def wear(self, unit: Unit, worked_min: float) -> None:
        """Take work off the life of a server that fails by work."""
        server = unit.server
        if self.model is None or self.model.while_idle or server is None:
            return
        server.life -= worked_min
        if server.failure is not None:
            server.failure.off, server.failure = True, None

    def break_down(self, server: Server) -> None:
        """Let a server fail, with what that means for the service under way."""
        assert self.model is not None
        station, port = self.station, self.station.port
        server.failure = None
        unit = server.unit
        stream = Stream(server.number, port.own_purpose("down", station.name), server.failures)
        port.schedule(port.now + duration(self.model.down_min, stream), Rank.REPAIR, lambda: self.repair(server))
        server.down = True
        if unit is None:
            station.free.remove(server)
            return
        if unit.at is not Whereabouts.SERVED:
            return
        station.stop(unit)
        if self.model.mode == "repeat":
            unit.left = unit.total
        elif self.model.mode == "rejoin":
            station.leave_server(unit)
            port.pools.give_back_needs(station.model)
            station.put_first(unit)
            port.later(station.refill)

    def repair(self, server: Server) -> None:
        """Let a server work again, and a service it interrupted go on."""
        station = self.station
        server.down = False
        server.failures += 1
        self.plan(server)
        unit = server.unit
        if unit is None:
            station.free.append(server)
        elif unit.at is Whereabouts.BLOCKED:
            station.port.suspect(station)
        elif not station.hours.rests:
            station.go_on(unit)
        station.port.later(station.refill)
