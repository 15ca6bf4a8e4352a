"""The time of one unit from its arrival on, piece by piece: services and waits with their causes, rows of a Gantt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.stay_paths.causes import (
    BLOCKED,
    CLOSED,
    PARTNER,
    QUEUE,
    RESOURCE,
    SERVICE,
    UNSERVED,
    Cause,
)
from bridgehead.engines.simulation.stay_paths.log_rows import Bool, Float64, Int64, LogRows
from bridgehead.engines.simulation.stay_paths.passages import NONE, Passage
from bridgehead.engines.simulation.stay_paths.station_states import StationStates, station_states
from bridgehead.engines.simulation.stay_paths.visits import Visits, visits
from bridgehead.engines.simulation.stay_paths.ways_between import WaysBetween
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.schemas import nearest

SAME_MIN = 1e-5
"""Times of one event that a log has rounded to the millisecond differ by less."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a unit's time.

    Parameters
    ----------
    begin_min, end_min : float
        From when to when.
    cause : str
        What it went into; see `bridgehead.engines.simulation.stay_paths.causes`.
    station : str
        Where.
    unit : str
        Who was there: the unit itself, or the one it was made of.
    resource : str
        The server, for a service.
    by : str
        Whom or what it waited for: the unit that had its server before, the station that was full, the pool, the unit
        that completed the match.
    ahead : int
        For a queue, how many others began to be served while it waited.
    """

    begin_min: float
    end_min: float
    cause: Cause
    station: str
    unit: str
    resource: str = ""
    by: str = ""
    ahead: int = 0

    @property
    def minutes(self) -> float:
        """How long it is."""
        return self.end_min - self.begin_min


@dataclass(frozen=True, eq=False)
class Traced:
    """A log with what stood against services at every station; built once, asked for many units."""

    visits: Visits
    states: tuple[StationStates, ...]

    @property
    def rows(self) -> LogRows:
        """The rows of the log."""
        return self.visits.rows

    @cached_property
    def unit_index(self) -> dict[str, int]:
        """Numbers of the units by name."""
        return {name: number for number, name in enumerate(self.rows.units)}

    @cached_property
    def born_min(self) -> Float64:
        """When each unit, or what it was made of, came; where nobody knows, when it is first seen."""
        rows, all_ = self.rows, self.visits.passages.all
        born = rows.arrived_min.copy()
        seen = np.flatnonzero(np.diff(rows.first) > 0)
        unknown = seen[np.isnan(born[seen])]
        for unit in unknown[np.argsort(rows.start_min[rows.first[unknown]], kind="stable")].tolist():
            number = int(self.visits.made_in[unit])
            while number != NONE and all_[number].unit == NONE:
                number = all_[number].before
            known = number != NONE and not np.isnan(born[all_[number].unit])
            born[unit] = born[all_[number].unit] if known else self.visits.since_min[rows.first[unit]]
        return born

    @cached_property
    def done_min(self) -> Float64:
        """When each unit left the port or went on as another, NaN for those that are not known to have."""
        rows = self.rows
        done = np.full(len(rows.units), np.nan)
        seen = np.flatnonzero(np.diff(rows.first) > 0)
        last = rows.first[seen + 1] - 1
        done[seen] = np.where(self._leaves(last), rows.end_min[last], np.nan)
        for unit, number in self.visits.passages.ended_in.items():
            done[unit] = self.visits.passages.all[number].out_min
        return done

    def _leaves(self, last: Int64) -> Bool:
        """Tell for the last rows of units whether they may have left the port from there."""
        rows, model = self.rows, self.visits.model
        if model is None:
            return np.ones(last.size, dtype=np.bool_)
        ways = WaysBetween(model)
        out = np.array(
            [[ways.station(s) is None or ways.leaves_after(s, c) for c in rows.classes] for s in rows.stations],
            dtype=np.bool_,
        ).reshape(len(rows.stations), len(rows.classes))
        return out[rows.station[last], rows.class_of_unit[rows.unit[last]]]

    @cached_property
    def by_server(self) -> tuple[Int64, Int64]:
        """Rows by server (stations without names of servers as one) and time, and the place of each row among them."""
        rows = self.rows
        server = np.where(rows.resource >= 0, rows.resource, -1 - rows.station)
        order = np.lexsort((rows.end_min, rows.start_min, server))
        place = np.empty(order.size, dtype=np.int64)
        place[order] = np.arange(order.size)
        return order, place

    @cached_property
    def by_start(self) -> tuple[Int64, ...]:
        """Rows of each station by their start."""
        rows = self.rows
        found = []
        for station in range(len(rows.stations)):
            here = np.flatnonzero(rows.station == station)
            found.append(here[np.argsort(rows.start_min[here], kind="stable")])
        return tuple(found)

    def before_on_server(self, row: int) -> int:
        """Return the row before this one on the same server, `NONE` for the first."""
        order, place = self.by_server
        at = int(place[row])
        if at == 0:
            return NONE
        other, rows = int(order[at - 1]), self.rows
        same = rows.resource[other] == rows.resource[row] and rows.station[other] == rows.station[row]
        return other if same else NONE

    def unit_named(self, name: str) -> int:
        """Return the number of a unit.

        Raises
        ------
        BridgeheadError
            ``event_log.unknown_unit``.
        """
        if name in self.unit_index:
            return self.unit_index[name]
        near = nearest(name, self.rows.units[:10_000])
        raise BridgeheadError("event_log.unknown_unit", {"unit": name, **({"near": near} if near else {})}, Place())

    def segments(self, unit: int) -> tuple[Segment, ...]:
        """Return the time of a unit that has rows, or ends in a match, from its arrival to its end without a gap."""
        return tuple(_joined(self._pieces(unit)))

    def _pieces(self, unit: int) -> Iterator[Segment]:
        rows = self.rows
        made = int(self.visits.made_in[unit])
        if made != NONE:
            yield from self._until(made)
        for row in range(int(rows.first[unit]), int(rows.first[unit + 1])):
            yield from self._visit(row)
        ended = self.visits.passages.ended_in.get(unit)
        if ended is not None:
            yield self._passing(ended)

    def _until(self, number: int) -> Iterator[Segment]:
        """Yield the time of whoever a unit was made of, up to when it was made."""
        passage = self.visits.passages.all[number]
        if passage.unit != NONE:
            yield from self._pieces(passage.unit)
            return
        if passage.before != NONE:
            yield from self._until(passage.before)
        yield self._passing(number)

    def name_of(self, passage: Passage) -> str:
        """Return the name of who passed, or of what it was made of."""
        while passage.unit == NONE and passage.before != NONE:
            passage = self.visits.passages.all[passage.before]
        return self.rows.units[passage.unit] if passage.unit != NONE else ""

    def _passing(self, number: int) -> Segment:
        all_ = self.visits.passages.all
        one = all_[number]
        last = all_[one.completed_by]
        return Segment(one.in_min, one.out_min, PARTNER, one.node, self.name_of(one), by=self.name_of(last))

    def _visit(self, row: int) -> Iterator[Segment]:
        found, rows = self.visits, self.rows
        name, station = rows.units[rows.unit[row]], rows.stations[rows.station[row]]
        since, came, entered = (float(one[row]) for one in (found.since_min, found.came_min, found.entered_min))
        passage = found.passages.before_row.get(row)
        if came > since and passage is not None:
            one = found.passages.all[passage]
            last = found.passages.all[one.completed_by]
            yield Segment(since, came, PARTNER, one.node, name, by=self.name_of(last))
        if entered > came:
            yield Segment(came, entered, BLOCKED, station, name, by=station)
        for begin, end, cause in self.waiting(row):
            yield self._wait(row, begin, end, cause)
        server = rows.resources[rows.resource[row]] if rows.resource[row] >= 0 else ""
        for begin, end, cause in self.serving(row):
            yield Segment(begin, end, cause, station, name, server)

    def waiting(self, row: int) -> Iterator[tuple[float, float, Cause]]:
        """Yield what a unit waited for in the queue before a row, piece by piece."""
        rows = self.rows
        begin, end = float(self.visits.entered_min[row]), float(rows.start_min[row])
        if end <= begin:
            return
        state = self.states[rows.station[row]]
        until = end
        if state.overtime and not np.isnan(over := float(state.closed_since(np.array([end]))[0])):
            until = min(end, max(begin, over))
        yield from state.pieces(begin, until)
        if until < end:
            yield until, end, QUEUE

    def serving(self, row: int) -> Iterator[tuple[float, float, Cause]]:
        """Yield the pieces of a service: under way, or paused because the station is closed."""
        rows = self.rows
        state = self.states[rows.station[row]]
        begin, end = float(rows.start_min[row]), float(rows.end_min[row])
        if not state.pausing:
            yield begin, end, SERVICE
            return
        for a, b, cause in state.pieces(begin, end):
            yield a, b, CLOSED if cause == CLOSED else SERVICE

    def _wait(self, row: int, begin: float, end: float, cause: Cause) -> Segment:
        rows = self.rows
        station, by, ahead = int(rows.station[row]), "", 0
        if cause in (QUEUE, BLOCKED):
            starts = self.by_start[station]
            low, high = np.searchsorted(rows.start_min[starts], (begin, end))
            ahead = int(high - low)
            other = self.before_on_server(row)
            by = rows.units[rows.unit[other]] if other != NONE else ""
        if cause == BLOCKED:
            by = self._full_behind(station, begin, end) or by
        if cause == RESOURCE:
            by = self.states[station].lacking((begin + end) / 2.0)
        return Segment(begin, end, cause, rows.stations[station], rows.units[rows.unit[row]], "", by, ahead)

    def _full_behind(self, station: int, begin: float, end: float) -> str:
        """Return the station before which units of this one were held some time between two moments."""
        rows = self.rows
        here = self.by_start[station]
        held = here[(rows.end_min[here] < end) & (self.visits.left_min[here] > begin) & ~rows.last_of_unit[here]]
        return rows.stations[rows.station[held[0] + 1]] if held.size else ""


def _joined(pieces: Iterator[Segment]) -> Iterator[Segment]:
    """Yield segments without empty ones, and those of one cause that touch as one; slivers go to the one before."""
    last: Segment | None = None
    for one in pieces:
        if one.end_min <= one.begin_min:
            continue
        if last is None:
            last = one
            continue
        same = (last.cause, last.station, last.unit, last.resource) == (one.cause, one.station, one.unit, one.resource)
        if same or (one.minutes < SAME_MIN and one.cause == UNSERVED):
            by = one.by or last.by
            last = Segment(
                last.begin_min, one.end_min, last.cause, last.station, last.unit, last.resource, by,
                last.ahead + one.ahead,
            )  # fmt: skip
            continue
        yield last
        last = one
    if last is not None:
        yield last


def trace(rows: LogRows, model: Model | None = None) -> Traced:
    """Return a log ready to be asked what set the stay of its units.

    Parameters
    ----------
    rows : LogRows
        The log.
    model : Model, optional
        Whose log it is: its opening hours, servers, places, pools and routes tell causes apart that rows alone do not.
    """
    found = visits(rows, model)
    return Traced(found, station_states(found))
