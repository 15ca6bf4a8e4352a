"""The chain of services and waits that set when a unit was done, followed backwards from its end to its arrival.

A service begins when its unit has come, or when what it waited for is there: then the chain goes on with the service of
another unit that gave the server, the place or the pool free, or with the opening. What nobody's row explains is told
by the unit's own time. The steps cover the stay without a gap, so that their lengths add up to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.model import Station
from bridgehead.engines.simulation.stay_paths.causes import BLOCKED, QUEUE, RESOURCE, SERVICE, Cause
from bridgehead.engines.simulation.stay_paths.passages import NONE
from bridgehead.engines.simulation.stay_paths.timelines_of_units import SAME_MIN, Segment, Traced


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of a critical path: whose service it was, or what had to end before anything went on.

    Parameters
    ----------
    begin_min, end_min : float
        From when to when, inside the stay of the unit whose path it is.
    cause : str
        ``service`` of `unit`, or what it waited for.
    station, resource, unit : str
        Where, at which server, who.
    """

    begin_min: float
    end_min: float
    cause: Cause
    station: str
    resource: str
    unit: str

    @property
    def minutes(self) -> float:
        """How long it is."""
        return self.end_min - self.begin_min


def critical_path(traced: Traced, unit: int) -> tuple[Step, ...]:
    """Return the critical path of a unit, from its arrival to its end."""
    own = traced.segments(unit)
    if not own:
        return ()
    chain = _Chain(traced, own)
    rows = traced.rows
    row = int(rows.first[unit + 1]) - 1 if rows.first[unit + 1] > rows.first[unit] else NONE
    ended = traced.visits.passages.ended_in.get(unit)
    chain.follow(row if ended is None else chain.row_of_passage(traced.visits.passages.all[ended].completed_by))
    return tuple(reversed(chain.steps))


class _Chain:
    """Goes back in time along what had to happen first."""

    def __init__(self, traced: Traced, own: tuple[Segment, ...]) -> None:
        self.traced, self.rows, self.visits = traced, traced.rows, traced.visits
        self.own = own
        self.from_min, self.at = own[0].begin_min, own[-1].end_min
        self.steps: list[Step] = []
        self.seen: set[int] = set()
        model = traced.visits.model
        self.stations = {one.id: one for one in model.nodes if isinstance(one, Station)} if model else {}

    def follow(self, row: int) -> None:
        """Add steps until the arrival is reached; `row` is the service under way at the moment, `NONE` for none."""
        while self.at > self.from_min + SAME_MIN:
            if row == NONE or row in self.seen or self.rows.start_min[row] > self.at + SAME_MIN:
                row = self._by_own_time()
                continue
            self.seen.add(row)
            begin = float(self.rows.start_min[row])
            self._add(begin, SERVICE, row)
            row = self._before(row)
        if self.steps and self.steps[-1].begin_min > self.from_min:
            last = self.steps[-1]
            self.steps[-1] = Step(self.from_min, last.end_min, last.cause, last.station, last.resource, last.unit)

    def _add(self, begin: float, cause: Cause, row: int) -> None:
        """Add what lies between a moment and the one reached so far."""
        rows = self.rows
        begin = max(begin, self.from_min)
        if begin >= self.at:
            return
        server = rows.resources[rows.resource[row]] if rows.resource[row] >= 0 and cause == SERVICE else ""
        where, who = rows.stations[rows.station[row]], rows.units[rows.unit[row]]
        self.steps.append(Step(begin, self.at, cause, where, server, who))
        self.at = begin

    def _by_own_time(self) -> int:
        """Add the piece of the unit's own time that lies before the moment; return its service that ends there."""
        piece = next(one for one in reversed(self.own) if one.begin_min < self.at - SAME_MIN / 2.0)
        self.steps.append(Step(piece.begin_min, self.at, piece.cause, piece.station, piece.resource, piece.unit))
        self.at = piece.begin_min
        unit = self.traced.unit_index[piece.unit]
        first, end = int(self.rows.first[unit]), int(self.rows.first[unit + 1])
        ends = np.flatnonzero(np.abs(self.rows.end_min[first:end] - self.at) < SAME_MIN)
        return first + int(ends[-1]) if ends.size else NONE

    def _before(self, row: int) -> int:
        """Return the service that had to end before a row could begin; adds what was no service."""
        visits, begin = self.visits, float(self.rows.start_min[row])
        if self.at <= self.from_min:
            return NONE
        if begin > visits.entered_min[row] + SAME_MIN:
            return self._out_of_queue(row)
        if visits.entered_min[row] > visits.came_min[row] + SAME_MIN:
            return self._made_room(row)
        return self._on_the_way(row)

    def _out_of_queue(self, row: int) -> int:
        begin, _, cause = list(self.traced.waiting(row))[-1]
        if cause == RESOURCE:
            other = self._gave_back(row)
            if other != NONE:
                return other
        if cause in (QUEUE, BLOCKED):
            other = self.traced.before_on_server(row)
            if other != NONE and self.rows.end_min[other] > self.visits.entered_min[row] - SAME_MIN:
                return self._released(other)
            if other != NONE and self.visits.left_min[other] > self.visits.entered_min[row] - SAME_MIN:
                return self._released(other)
        self._add(begin, cause, row)
        if self.at > self.visits.entered_min[row] + SAME_MIN:
            return self._under_way(int(self.rows.station[row]))
        came = float(self.visits.came_min[row])
        return self._on_the_way(row) if self.visits.entered_min[row] <= came + SAME_MIN else self._made_room(row)

    def _released(self, other: int) -> int:
        """Return the service after which a server was free: its own last one, or what its unit was held for."""
        end, left = float(self.rows.end_min[other]), float(self.visits.left_min[other])
        if left <= end + SAME_MIN or left < self.at - SAME_MIN:
            if end < self.at - SAME_MIN:
                self._add(end, QUEUE, other)
            return other
        blocker = self._opener(int(self.rows.station[other + 1]), other + 1)
        if blocker != NONE:
            return blocker
        self._add(end, BLOCKED, other)
        return other

    def _opener(self, station: int, row: int) -> int:
        """Return the service whose end at this moment opened a place at a station for the unit of a row."""
        rows, here = self.rows, self.traced.by_start[station]
        low, high = np.searchsorted(rows.start_min[here], (self.at - SAME_MIN, self.at + SAME_MIN))
        for began in (row, *here[low:high].tolist()):
            other = self.traced.before_on_server(began)
            if other != NONE and abs(rows.end_min[other] - self.at) < SAME_MIN and other not in self.seen:
                return other
        return NONE

    def _made_room(self, row: int) -> int:
        other = self._opener(int(self.rows.station[row]), row)
        if other != NONE:
            return other
        self._add(float(self.visits.came_min[row]), BLOCKED, row)
        return self._on_the_way(row)

    def _gave_back(self, row: int) -> int:
        """Return a service whose end at this moment gave back what a row wanted of a pool."""
        wanted = self.stations.get(self.rows.stations[self.rows.station[row]])
        if wanted is None:
            return NONE
        pools = {*wanted.needs, *wanted.takes}
        for number, name in enumerate(self.rows.stations):
            giver = self.stations.get(name)
            if giver is None or not pools & {*giver.needs, *giver.returns}:
                continue
            here = self.traced.by_start[number]
            ended = here[np.abs(self.rows.end_min[here] - self.at) < SAME_MIN]
            if ended.size and int(ended[-1]) != row:
                return int(ended[-1])
        return NONE

    def _under_way(self, station: int) -> int:
        """Return the service under way at a station at this moment that began last: the one just ahead in the queue."""
        rows, here = self.rows, self.traced.by_start[station]
        at = int(np.searchsorted(rows.start_min[here], self.at - SAME_MIN))
        for row in reversed(here[:at].tolist()[-64:]):
            if rows.end_min[row] >= self.at - SAME_MIN:
                return int(row)
        return NONE

    def _on_the_way(self, row: int) -> int:
        """Return the service after which a unit came to a station: its own, or that of who completed its match."""
        passage = self.visits.passages.before_row.get(row)
        if passage is not None:
            return self.row_of_passage(self.visits.passages.all[passage].completed_by)
        unit = int(self.rows.unit[row])
        if row > self.rows.first[unit]:
            return row - 1
        made = int(self.visits.made_in[unit])
        return NONE if made == NONE else self.row_of_passage(self.visits.passages.all[made].completed_by)

    def row_of_passage(self, number: int) -> int:
        """Return the service after which somebody came to a match, a collection or a division, `NONE` if unknown."""
        all_ = self.visits.passages.all
        one = all_[number]
        while one.unit == NONE:
            if one.before == NONE:
                return NONE
            one = all_[all_[one.before].completed_by]
        first, end = int(self.rows.first[one.unit]), int(self.rows.first[one.unit + 1])
        ends = np.flatnonzero(np.abs(self.rows.end_min[first:end] - one.in_min) < SAME_MIN)
        return first + int(ends[-1]) if ends.size else NONE
