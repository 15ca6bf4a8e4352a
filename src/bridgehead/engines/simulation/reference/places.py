"""What all nodes of the reference engine have in common: lines of waiting units, and units that wait for a place."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from bridgehead.engines.simulation.compiled import NodePart, purpose
from bridgehead.engines.simulation.model import Full, UnitClass
from bridgehead.engines.simulation.reference.tallies import NodeCounts, PairCounts
from bridgehead.engines.simulation.reference.things import Unit, Whereabouts

if TYPE_CHECKING:
    from bridgehead.engines.simulation.reference.engine import Port


def priority_after(unit_class: UnitClass, waited: float) -> float:
    """Return the priority number of a unit that joined a queue so long ago."""
    steps = [step.to for step in unit_class.ages if waited >= step.after_min]
    return (steps[-1] if steps else unit_class.priority) - unit_class.accrues * waited


class Place:
    """A node, or one side of a match."""

    capacity: int | None = None
    full = Full()
    level = 1

    def __init__(self, port: Port, number: int, part: NodePart) -> None:
        self.port, self.number, self.name = port, number, part.name
        self.lines: dict[Any, deque[Unit]] = {}
        self.outside: deque[Unit] = deque()
        """Units that wait for a place here, at their servers or before the door."""
        self.counts = NodeCounts()
        self.pairs = [PairCounts() for _ in port.compiled.types]

    def __repr__(self) -> str:
        return self.name

    # What units meet here.

    def enter(self, unit: Unit) -> Place | None:
        """Let a unit enter; return where it goes on to at once, if it does."""
        raise NotImplementedError

    def has_room(self) -> bool:
        """Tell whether somebody who comes now begins at once or finds a waiting place."""
        return self.capacity is None or self.queue < self.capacity

    def makes_wait(self, unit: Unit) -> bool:
        """Tell whether a unit has to stay where it is until there is a place here."""
        return self.full.kind == "block" and (bool(self.outside) or not self.has_room())

    def no_place(self, unit: Unit) -> Place | None:
        """Turn back a unit that found no place: it waits outside, goes elsewhere, or is lost."""
        if self.full.kind == "block":
            self.wait_for_place(unit, Whereabouts.OUTSIDE)
            return None
        if self.full.kind == "divert":
            self.pairs[unit.kind].arrivals += 1
            self.pairs[unit.kind].diverted += 1
            return self.port.elsewhere(unit, self.full.to)
        self.pairs[unit.kind].arrivals += 1
        self.lose(unit)
        return None

    def lose(self, unit: Unit) -> None:
        """Let a unit be lost here."""
        self.pairs[unit.kind].lost += 1
        self.port.drop(unit)

    # Those who wait for a place.

    def wait_for_place(self, unit: Unit, at: Whereabouts) -> None:
        """Let a unit wait for a place, last of those who do."""
        unit.at, unit.target, unit.joined = at, self, self.port.now
        self.outside.append(unit)
        self.port.suspect(self)

    def is_behind(self, unit: Unit) -> bool:
        """Tell whether others have waited for a place here before a unit came."""
        return bool(self.outside) and unit.at not in {Whereabouts.BLOCKED, Whereabouts.OUTSIDE}

    def admit(self) -> None:
        """Let the first of those who wait for a place come in if there is one."""
        if not self.outside or not self.has_room():
            return
        unit = self.outside.popleft()
        if self.outside:
            self.port.later(self.admit)
        waited = self.port.now - unit.joined
        unit.target = None
        if unit.at is Whereabouts.BLOCKED:
            assert unit.place is not None
            unit.place.pairs[unit.kind].blocked_sum += waited
            unit.place.leave_server(unit)
            self.port.later(unit.place.refill)
        else:
            self.pairs[unit.kind].outside_sum += waited
        self.port.send(unit, self)

    def leave_server(self, unit: Unit) -> None:
        """Free the server of a unit."""

    def refill(self) -> None:
        """Begin all services that can begin."""

    # Lines.

    @property
    def queue(self) -> int:
        """Units that wait here."""
        return sum(len(line) for line in self.lines.values())

    @property
    def waiting(self) -> list[Unit]:
        """Units that wait here."""
        return [unit for line in self.lines.values() for unit in line]

    def line_of(self, unit: Unit) -> deque[Unit]:
        """Return the line of all units whose priority behaves like this one's."""
        one = self.port.class_of(unit)
        return self.lines.setdefault((one.priority, one.ages, one.accrues), deque())

    def join(self, unit: Unit) -> None:
        """Let a unit wait at the end of its line."""
        self.line_of(unit).append(unit)
        unit.at, unit.place = Whereabouts.WAITING, self
        self.counts.longest = max(self.counts.longest, self.queue)

    def comes_in(self, unit: Unit) -> None:
        """Note that a unit is in, and since when."""
        unit.place, unit.joined, unit.turn = self, self.port.now, self.port.next_turn()

    def take_out(self, unit: Unit) -> None:
        """Take a unit out of its line; a place opens for those outside."""
        self.line_of(unit).remove(unit)
        if self.outside:
            self.port.later(self.admit)

    def next_unit(self) -> Unit | None:
        """Return who is next: of the heads of the lines that with the smallest priority number, then the earliest."""
        heads = [line[0] for line in self.lines.values() if line and self.may_begin(line[0])]
        return min(heads, key=self.rank, default=None)

    def may_begin(self, unit: Unit) -> bool:
        """Tell whether a unit at the head of its line is to be served now."""
        return True

    def rank(self, unit: Unit) -> tuple[float, int]:
        """Return by what units are served first."""
        return priority_after(self.port.class_of(unit), self.port.now - unit.joined), unit.turn

    def purpose(self, word: str) -> int:
        """Return by what random numbers of this node are known."""
        return purpose(word, self.name)

    # Counts of the moment, for integrals over time.

    serving = blocked = stopped = stuck = down = 0
    idle: float = 0

    def pass_time(self, minutes: float) -> None:
        """Add up what is here over some time in which nothing changes."""
        counts, queue = self.counts, self.queue
        counts.queue_area += queue * minutes
        counts.serving_area += self.serving * minutes
        counts.blocked_area += self.blocked * minutes
        counts.stopped_area += self.stopped * minutes
        counts.stuck_area += self.stuck * minutes
        counts.down_area += self.down * minutes
        if self.level > 0:
            counts.open_time += minutes
            counts.idle_area += self.idle * minutes
        else:
            counts.closed_queue_area += queue * minutes
