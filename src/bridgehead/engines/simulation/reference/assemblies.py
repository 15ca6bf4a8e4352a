"""Matches, divisions and collections of the reference engine: nodes that make units of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridgehead.engines.simulation.compiled import NodePart
from bridgehead.engines.simulation.model import Combine, Match, Split
from bridgehead.engines.simulation.reference.draws import GOLDEN, mix
from bridgehead.engines.simulation.reference.events import Rank
from bridgehead.engines.simulation.reference.places import Place
from bridgehead.engines.simulation.reference.things import Event, Unit

if TYPE_CHECKING:
    from bridgehead.engines.simulation.reference.engine import Port


class Making(Place):
    """A node that can let a unit go on as one of another class."""

    def leave_line(self, unit: Unit) -> None:
        """Count the wait of a unit that has found what it waited for."""
        waited = self.port.now - unit.joined
        self.pairs[unit.kind].begins_after(waited)
        self.pairs[unit.kind].ended += 1
        unit.waited += waited

    def go_on_as(self, unit: Unit, name: str) -> None:
        """End a unit and begin one of another class that was born when it was."""
        key = mix(unit.key + self.purpose("child"))
        self.port.finish(unit)
        made = self.port.make(key, self.port.type_of(name), unit.born, unit.number, unit.source)
        self.port.leave_for(made, self.port.ways.next_place(self, made))


class MatchSide(Making):
    """One side of a match."""

    partner: MatchSide

    def __init__(self, port: Port, number: int, part: NodePart) -> None:
        super().__init__(port, number, part)
        assert isinstance(part.node, Match)
        self.model, self.side = part.node, part.side
        self.input = part.node.inputs[part.side]
        self.capacity, self.full = self.input.capacity, self.input.full

    def has_room(self) -> bool:
        """Tell whether somebody who comes now finds a partner or a waiting place."""
        return super().has_room() or self.partner.queue > 0

    def enter(self, unit: Unit) -> Place | None:
        """Let a unit meet one of the other side, or wait for it."""
        unit.place = self
        if self.is_behind(unit):
            return self.no_place(unit)
        partner = self.partner.next_unit()
        if partner is None:
            if not super().has_room():
                return self.no_place(unit)
            self.pairs[unit.kind].arrivals += 1
            self.comes_in(unit)
            self.join(unit)
            if self.partner.outside:
                self.port.later(self.partner.admit)
            return None
        self.pairs[unit.kind].arrivals += 1
        self.comes_in(unit)
        self.partner.take_out(partner)
        self.partner.leave_line(partner)
        self.leave_line(unit)
        return self.go_together(unit, partner)

    def go_together(self, unit: Unit, partner: Unit) -> Place | None:
        """Send a pair on as one, or each on its own way, the newcomer first."""
        first_side = self if self.side == 0 else self.partner
        first_side.counts.pairs += 1
        if self.model.becomes is None:
            self.port.leave_for(partner, self.port.ways.next_place(self.partner, partner))
            to = self.port.ways.next_place(self, unit)
            if to is None:
                self.port.finish(unit)
            return to
        first, second = (unit, partner) if self.side == 0 else (partner, unit)
        self.port.finish(second)
        first_side.go_on_as(first, self.model.becomes)
        return None


class Division(Place):
    """A node that ends a unit and begins others, one after the other."""

    def __init__(self, port: Port, number: int, part: NodePart) -> None:
        super().__init__(port, number, part)
        assert isinstance(part.node, Split)
        self.parts = [name for name, count in part.node.into.items() for _ in range(count)]

    def enter(self, unit: Unit) -> Place | None:
        """Begin to divide a unit."""
        unit.place, counts = self, self.pairs[unit.kind]
        counts.arrivals += 1
        counts.begins_after(0.0)
        counts.ended += 1
        self.port.later(lambda: self.divide(unit, 0))
        return None

    def divide(self, unit: Unit, at: int) -> None:
        """Make the next part and let it go before the one after it is made; end the unit after the last."""
        if at == len(self.parts):
            self.port.finish(unit)
            return
        key = mix(unit.key + self.purpose("child") + (at + 1) * GOLDEN)
        made = self.port.make(key, self.port.type_of(self.parts[at]), unit.born, unit.number, unit.source)
        to = self.port.ways.next_place(self, made)
        self.port.later(lambda: self.divide(unit, at + 1))
        if to is None:
            self.port.finish(made)
        else:
            self.port.send(made, to)


class Collection(Making):
    """A node where units wait until there are enough of them."""

    def __init__(self, port: Port, number: int, part: NodePart) -> None:
        super().__init__(port, number, part)
        assert isinstance(part.node, Combine)
        self.model = part.node
        self.due: Event | None = None

    def enter(self, unit: Unit) -> Place | None:
        """Let a unit wait for the others."""
        self.pairs[unit.kind].arrivals += 1
        self.comes_in(unit)
        self.join(unit)
        if self.queue == 1 and self.model.after_min is not None and self.model.size > 1:
            self.due = self.port.schedule(self.port.now + self.model.after_min, Rank.COLLECTION, self.collect)
        if self.queue >= self.model.size:
            self.collect()
        return None

    def collect(self) -> None:
        """Let those who wait go on as one unit, in place of the first of them."""
        if self.due is not None:
            self.due.off, self.due = True, None
        members: list[Unit] = []
        while (unit := self.next_unit()) is not None:
            self.take_out(unit)
            self.leave_line(unit)
            if members:
                self.port.finish(unit)
            members.append(unit)
        self.counts.pairs += 1
        self.go_on_as(members[0], self.model.becomes)
