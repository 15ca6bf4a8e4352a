"""How long units were at matches, collections and divisions, and whose life goes on in whom; logs have no rows of it.

What happens there follows from when units come: pairs and collections take units in the order in which they came, a
division takes no time. A unit made there has a name of its own, ``train-7/3`` after the unit ``train-7`` it was made
of; of several alike the first made is taken to be the first served.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from bridgehead.engines.simulation.model import Combine, Match, Split, Station
from bridgehead.engines.simulation.stay_paths.log_rows import Int64, LogRows
from bridgehead.engines.simulation.stay_paths.ways_between import SOURCE, Assembly, WaysBetween

NONE = -1
STROKE = "/"


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit at a match, a collection or a division.

    Parameters
    ----------
    node : str
        Where.
    unit : int
        Of the log, `NONE` for one that was made and has no row.
    before : int
        For one without a row the passage it was made in.
    in_min, out_min : float
        When it came, and when somebody went on.
    completed_by : int
        The passage of who came last and so let all go on.
    """

    node: str
    unit: int
    before: int
    in_min: float
    out_min: float
    completed_by: int


@dataclass(slots=True)
class Passages:
    """All of a log.

    Parameters
    ----------
    all : list of Passage
        By number.
    before_row : dict
        Row to the passage through a match just before it.
    made_in : dict
        Unit to the passage it was made in.
    ended_in : dict
        Unit to the passage its way as this unit ends in.
    held_until : dict
        Row to when its unit left its server, where it was held before a full match.
    """

    all: list[Passage] = field(default_factory=list)
    before_row: dict[int, int] = field(default_factory=dict)
    made_in: dict[int, int] = field(default_factory=dict)
    ended_in: dict[int, int] = field(default_factory=dict)
    held_until: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Coming:
    """Somebody who comes to an assembly.

    `row` is the row after it, `NONE` if the way of the unit ends here; `from_row` the one it came from, if any.
    """

    at_min: float
    unit: int
    before: int
    unit_class: str
    family: str
    row: int = NONE
    from_row: int = NONE


def passages(rows: LogRows, ways: WaysBetween) -> Passages:
    """Return what happened at the matches, collections and divisions of a model."""
    nodes = [node for node in ways.model.nodes if not isinstance(node, Station)]
    if not nodes:
        return Passages()
    found = _Finder(rows, ways)
    for node in _in_order(nodes, ways):
        found.pass_through(node)
    found.name_children()
    return found.found


def _in_order(nodes: Sequence[Assembly], ways: WaysBetween) -> list[Assembly]:
    """Return assemblies so that what one makes and sends straight to another comes after it."""
    ordered: list[Assembly] = []

    def visit(node: Assembly, on_the_way: frozenset[str]) -> None:
        if node in ordered or node.id in on_the_way:
            return
        for other in nodes:
            if any(node.id in ways.onward(other.id, one) for one in _made(other)):
                visit(other, on_the_way | {node.id})
        ordered.append(node)

    for node in nodes:
        visit(node, frozenset())
    return ordered


def _made(node: Assembly) -> tuple[str, ...]:
    match node:
        case Split():
            return tuple(node.into)
        case Combine():
            return (node.becomes,)
        case Match():
            return (node.becomes,) if node.becomes else tuple(one.unit_class for one in node.inputs)


class _Finder:
    """Lets units through the assemblies, one after the other."""

    def __init__(self, rows: LogRows, ways: WaysBetween) -> None:
        self.rows, self.ways = rows, ways
        self.found = Passages()
        self.coming: dict[str, list[_Coming]] = {}
        self.children: dict[tuple[str, str], list[tuple[float, int]]] = {}
        for node, one in self._of_log():
            self.coming.setdefault(node, []).append(one)

    def _family(self, unit: int) -> str:
        return self.rows.units[unit].partition(STROKE)[0]

    def _of_log(self) -> Iterator[tuple[str, _Coming]]:
        """Yield the units that come to an assembly from a station or from outside."""
        rows = self.rows
        names = np.array([*rows.stations, SOURCE], dtype=object)
        silent = np.flatnonzero((np.diff(rows.first) == 0) & np.isfinite(rows.arrived_min))
        for unit in silent.tolist():
            yield from self._between(SOURCE, unit, float(rows.arrived_min[unit]), NONE, NONE)
        first, last = rows.first_of_unit, rows.last_of_unit
        for row in np.flatnonzero(first & np.isfinite(rows.arrived_min[rows.unit])).tolist():
            unit = int(rows.unit[row])
            yield from self._between(SOURCE, unit, float(rows.arrived_min[unit]), NONE, row)
        for row in range(rows.unit.size):
            after = NONE if last[row] else row + 1
            yield from self._between(
                names[rows.station[row]], int(rows.unit[row]), float(rows.end_min[row]), row, after
            )

    def _between(self, origin: str, unit: int, at_min: float, before: int, row: int) -> Iterator[tuple[str, _Coming]]:
        unit_class = self.rows.classes[self.rows.class_of_unit[unit]]
        to = None if row == NONE else self.rows.stations[self.rows.station[row]]
        node = self.ways.assembly_at(origin, unit_class, to)
        if node is not None:
            yield node.id, _Coming(at_min, unit, NONE, unit_class, self._family(unit), row, before)

    def pass_through(self, node: Assembly) -> None:
        """Let all who come to a node through it."""
        come = sorted(self.coming.get(node.id, ()), key=lambda one: one.at_min)
        match node:
            case Split():
                for one in come:
                    number = self._note(node.id, one, one.at_min, len(self.found.all))
                    for name, count in node.into.items():
                        for _ in range(count):
                            self._make(node.id, name, one.family, one.at_min, number)
            case Match():
                self._match(node, come)
            case Combine():
                self._combine(node, come)

    def _note(self, node: str, one: _Coming, out_min: float, completed_by: int) -> int:
        number = len(self.found.all)
        self.found.all.append(Passage(node, one.unit, one.before, one.at_min, out_min, completed_by))
        if NONE not in (one.unit, one.row):
            self.found.before_row[one.row] = number
        elif one.unit != NONE:
            self.found.ended_in[one.unit] = number
        return number

    def _make(self, node: str, unit_class: str, family: str, at_min: float, passage: int) -> None:
        """Send a unit on that was made: straight to the next assembly, or to a station where the log has it."""
        for name in self.ways.onward(node, unit_class):
            if name is not None and not isinstance(self.ways.nodes[name], Station):
                self.coming.setdefault(name, []).append(_Coming(at_min, NONE, passage, unit_class, family))
                return
        self.children.setdefault((family, unit_class), []).append((at_min, passage))

    def _match(self, node: Match, come: Sequence[_Coming]) -> None:
        sides: tuple[deque[_Coming], deque[_Coming]] = (deque(), deque())
        classes = [one.unit_class for one in node.inputs]
        for one in come:
            if one.unit_class not in classes:
                continue
            side = classes.index(one.unit_class)
            if sides[1 - side]:
                self._pair(node, one, sides[1 - side].popleft(), side)
                room = node.inputs[1 - side].capacity
                if room is not None and len(sides[1 - side]) >= room > 0:
                    self.found.held_until[sides[1 - side][room - 1].from_row] = one.at_min
                continue
            room = node.inputs[side].capacity
            if room is None or len(sides[side]) < room or node.inputs[side].full.kind == "block":
                sides[side].append(one)

    def _pair(self, node: Match, last: _Coming, waiting: _Coming, side: int) -> None:
        number = len(self.found.all)
        came, waited = number, number + 1
        self._note(node.id, last, last.at_min, came)
        self._note(node.id, waiting, last.at_min, came)
        if node.becomes is not None:
            first, passage = (last, came) if side == 0 else (waiting, waited)
            self._make(node.id, node.becomes, first.family, last.at_min, passage)
            return
        for one, passage in ((waiting, waited), (last, came)):
            if one.unit == NONE:
                self._make(node.id, one.unit_class, one.family, last.at_min, passage)

    def _combine(self, node: Combine, come: Sequence[_Coming]) -> None:
        members: list[_Coming] = []
        for one in come:
            if members and node.after_min is not None and one.at_min > members[0].at_min + node.after_min:
                self._collect(node, members, members[0].at_min + node.after_min)
                members = []
            members.append(one)
            if len(members) == node.size:
                self._collect(node, members, one.at_min)
                members = []
        if members and node.after_min is not None and members[0].at_min + node.after_min < self.rows.until_min:
            self._collect(node, members, members[0].at_min + node.after_min)

    def _collect(self, node: Combine, members: Sequence[_Coming], out_min: float) -> None:
        number = len(self.found.all)
        for one in members:
            self._note(node.id, one, out_min, number + len(members) - 1)
        self._make(node.id, node.becomes, members[0].family, out_min, number)

    def name_children(self) -> None:
        """Say of each unit of the log that did not come from outside in which passage it was made."""
        rows = self.rows
        made = np.flatnonzero(np.isnan(rows.arrived_min) & (np.diff(rows.first) > 0))
        begins = rows.start_min[rows.first[made]]
        waiting = {key: deque(sorted(one)) for key, one in self.children.items()}
        for unit in made[np.argsort(begins, kind="stable")].tolist():
            left = waiting.get((self._family(unit), rows.classes[rows.class_of_unit[unit]]))
            # The first that was made, if it was before this one began.
            if left and left[0][0] <= rows.start_min[rows.first[unit]] + _SLACK_MIN:
                self.found.made_in[unit] = left.popleft()[1]


_SLACK_MIN = 0.01
"""By how much times of the clock in a log may be rounded."""


def units_made(found: Passages, count: int) -> Int64:
    """Return for each unit the passage it was made in, `NONE` for those from outside."""
    made = np.full(count, NONE, dtype=np.int64)
    if found.made_in:
        made[list(found.made_in)] = list(found.made_in.values())
    return made
