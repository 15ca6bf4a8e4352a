"""What stood against the next service at a station, moment by moment, told from all units' rows there and the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.engines.simulation.model import Distribution, Pool, Station
from bridgehead.engines.simulation.stay_paths.causes import (
    BLOCKED,
    BREAKDOWN,
    CAUSES,
    CLOSED,
    QUEUE,
    RESOURCE,
    UNSERVED,
    Cause,
)
from bridgehead.engines.simulation.stay_paths.log_rows import Float64, Int64, LogRows
from bridgehead.engines.simulation.stay_paths.visits import Visits
from bridgehead.engines.simulation.timelines import timeline

_CODE: Mapping[Cause, int] = {cause: code for code, cause in enumerate(CAUSES)}


@dataclass(frozen=True, eq=False, slots=True)
class Steps:
    """A figure that changes in steps: `value[i]` from `at_min[i]` on, `before` up to the first."""

    at_min: Float64
    value: Float64
    before: float = 0.0

    def at(self, moments: Float64) -> Float64:
        """Return the figure at some moments, what begins then included."""
        index = np.searchsorted(self.at_min, moments, side="right") - 1
        found: Float64 = np.where(index < 0, self.before, self.value[np.maximum(index, 0)] if self.value.size else 0.0)
        return found


def steps_of(begins: Float64, ends: Float64, amount: float = 1.0) -> Steps:
    """Return how many of some intervals are under way."""
    begins, ends = begins[ends > begins], ends[ends > begins]
    times = np.concatenate([begins, ends])
    changes = np.concatenate([np.full(begins.size, amount), np.full(ends.size, -amount)])
    moments, back = np.unique(times, return_inverse=True)
    return Steps(moments, np.cumsum(np.bincount(back.reshape(-1), changes, moments.size)))


@dataclass(frozen=True, eq=False)
class StationStates:
    """What stood against the next service at a station: `code[i]` from `at_min[i]` on, as numbers of `CAUSES`.

    Parameters
    ----------
    name : str
        The station.
    at_min, code : array
        Moments and codes; the first moment is minus infinity.
    spent : array of float
        Causes by moments: minutes with that cause from the second moment up to each.
    short : mapping
        Pool to the steps of what is free of it less what a service here takes.
    overtime : bool
        Whether those who wait at the closing are still served.
    pausing : bool
        Whether services stop at the closing.
    """

    name: str
    at_min: Float64
    code: Int64
    spent: Float64
    short: Mapping[str, Steps]
    overtime: bool = False
    pausing: bool = False

    def minutes(self, cause: Cause, begin: Float64, end: Float64) -> Float64:
        """Return how long a cause stood against services between pairs of moments."""
        return self._spent(cause, end) - self._spent(cause, begin)

    def _spent(self, cause: Cause, moments: Float64) -> Float64:
        index = np.searchsorted(self.at_min, moments, side="right") - 1
        here = self.code[index] == _CODE[cause]
        # Before the first change everything counts from it backwards.
        since = np.where(index > 0, moments - self.at_min[index], moments - self._origin)
        found: Float64 = self.spent[_CODE[cause], index] + np.where(here, since, 0.0)
        return found

    @property
    def _origin(self) -> float:
        return float(self.at_min[1]) if self.at_min.size > 1 else 0.0

    def pieces(self, begin: float, end: float) -> Iterable[tuple[float, float, Cause]]:
        """Yield what stood against services between two moments, piece by piece."""
        index = int(np.searchsorted(self.at_min, begin, side="right")) - 1
        at = begin
        while at < end:
            until = float(self.at_min[index + 1]) if index + 1 < self.at_min.size else np.inf
            yield at, min(until, end), CAUSES[int(self.code[index])]
            at, index = until, index + 1

    def closed_since(self, moments: Float64) -> Float64:
        """Return since when the station has been closed at some moments, NaN where it is open."""
        closed = self.code == _CODE[CLOSED]
        begins = closed & ~np.append(False, closed[:-1])
        last = np.maximum.accumulate(np.where(begins, np.arange(closed.size), 0))
        index = np.searchsorted(self.at_min, moments, side="right") - 1
        found: Float64 = np.where(closed[index], self.at_min[last[index]], np.nan)
        return found

    def lacking(self, moment: float) -> str:
        """Return a pool that a service here lacked at a moment, empty where none is known."""
        at = np.array([moment])
        lacking = [pool for pool, free in self.short.items() if free.at(at)[0] < 0.0]
        return lacking[0] if lacking else next(iter(self.short), "")


def station_states(found: Visits) -> tuple[StationStates, ...]:
    """Return the states of every station of a log, in its order."""
    rows = found.rows
    stations = {node.id: node for node in found.model.nodes if isinstance(node, Station)} if found.model else {}
    used = _pools_used(found, stations)
    states = []
    for number, name in enumerate(rows.stations):
        here = np.flatnonzero(rows.station == number)
        station = stations.get(name)
        if station is None or found.model is None:
            states.append(_told_by_rows_alone(name, rows, here))
        else:
            states.append(_told_by_model(found, station, here, used))
    return tuple(states)


def _busy(rows: LogRows, here: Int64) -> tuple[Float64, Float64]:
    """Return when servers were at work; one that is never seen again is taken to be so up to the end of the log."""
    begins, ends = rows.start_min[here], rows.end_min[here]
    servers = rows.resource[here]
    named = servers >= 0
    last: dict[int, float] = {}
    order = np.argsort(ends[named], kind="stable")
    last = dict(zip(servers[named][order].tolist(), ends[named][order].tolist(), strict=True))
    if not last:
        return begins, ends
    tails = np.array(list(last.values()))
    return np.append(begins, tails), np.append(ends, np.full(tails.size, rows.until_min))


def _told_by_rows_alone(name: str, rows: LogRows, here: Int64) -> StationStates:
    """Return the states without a model: others are served, or nobody is."""
    busy = steps_of(rows.start_min[here], rows.end_min[here])
    moments = np.append(-np.inf, busy.at_min)
    code = np.where(busy.at(moments) > 0.0, _CODE[QUEUE], _CODE[UNSERVED])
    return _summed(name, moments, code, {})


def _told_by_model(found: Visits, station: Station, here: Int64, used: Mapping[str, Steps]) -> StationStates:
    rows, model = found.rows, found.model
    assert model is not None
    busy = steps_of(*_busy(rows, here))
    calendar = next((one for one in model.calendars if one.id == station.calendar), None)
    line = timeline(station, calendar, rows.until_min + 1.0)
    level = Steps(np.array(line.times_min, dtype=np.float64), np.array(line.levels, dtype=np.float64), line.level)
    held = steps_of(rows.end_min[here], found.left_min[here])
    sizes = {pool.id: pool for pool in model.pools}
    short = {
        pool: _short(used[pool], sizes[pool], amount)
        for pool, amount in {**station.needs, **station.takes}.items()
        if pool in sizes
    }
    changes = [one.at_min for one in (busy, level, held, *short.values())]
    moments = np.append(-np.inf, np.unique(np.concatenate(changes)))
    code = _codes(station, moments, busy, held, level, short)
    at_close = calendar.at_close if calendar is not None else "finish"
    pausing = at_close == "pause" and station.servers is not None
    return _summed(station.id, moments, code, short, at_close == "empty", pausing)


def _codes(  # noqa: PLR0917 - figures of one station, side by side
    station: Station, moments: Float64, busy: Steps, held: Steps, level: Steps, short: Mapping[str, Steps]
) -> Int64:
    """Return what stands against the next service from each moment on; what is named later gives way."""
    working, stuck, open_ = busy.at(moments), held.at(moments), level.at(moments)
    code = np.full(moments.size, _CODE[UNSERVED], dtype=np.int64)
    if station.breakdown is not None:
        code[:] = _CODE[BREAKDOWN]
    if short:
        lacking = np.zeros(moments.size, dtype=np.bool_)
        for free in short.values():
            lacking |= free.at(moments) < 0.0
        # Where servers never fail nothing but a pool can be missing, such as one on its way back.
        code[lacking | (station.breakdown is None)] = _CODE[RESOURCE]
    full = (working + stuck >= open_) | (station.servers is None)
    code[full] = _CODE[QUEUE]
    code[full & (stuck > 0.0)] = _CODE[BLOCKED]
    code[open_ == 0.0] = _CODE[CLOSED]
    return code


def _summed(  # noqa: PLR0917 - fields of one record
    name: str,
    moments: Float64,
    code: Int64,
    short: Mapping[str, Steps],
    overtime: bool = False,
    pausing: bool = False,
) -> StationStates:
    """Return states from codes at moments, the first of which is minus infinity; those that say the same are one."""
    changes = np.append(True, code[1:] != code[:-1])
    at_min, codes = moments[changes], code[changes].astype(np.int64)
    spent = np.zeros((len(CAUSES), codes.size))
    if codes.size > 2:
        lengths = np.diff(at_min[1:])
        each: npt.NDArray[np.float64] = np.zeros((len(CAUSES), lengths.size))
        each[codes[1:-1], np.arange(lengths.size)] = lengths
        spent[:, 2:] = np.cumsum(each, axis=1)
    return StationStates(name, at_min, codes, spent, short, overtime, pausing)


def _short(used: Steps, pool: Pool, amount: int) -> Steps:
    """Return what is free of a pool less what is wanted: below zero where it is lacking."""
    return Steps(used.at_min, pool.size - used.value - amount, pool.size - amount)


def _pools_used(found: Visits, stations: Mapping[str, Station]) -> dict[str, Steps]:
    """Return how much of each pool is taken: for services, and by units that carry it to where they return it."""
    if found.model is None or not found.model.pools:
        return {}
    intervals: dict[str, list[tuple[Float64, Float64, float]]] = {pool.id: [] for pool in found.model.pools}
    rows = found.rows
    for number, name in enumerate(rows.stations):
        station = stations.get(name)
        if station is None:
            continue
        here = np.flatnonzero(rows.station == number)
        for pool, amount in station.needs.items():
            intervals[pool].append((rows.start_min[here], rows.end_min[here], float(amount)))
        for pool, amount in station.takes.items():
            intervals[pool].append((rows.start_min[here], _given_back(found, stations, here, pool), float(amount)))
    back = {pool.id: pool.return_min for pool in found.model.pools}
    return {pool: _used(parts, _way_back(back[pool])) for pool, parts in intervals.items()}


def _way_back(drawn: Distribution | None) -> float:
    """Return how long things of a pool are on their way back, 0 where that is drawn anew each time."""
    return drawn.numbers[0] if drawn is not None and drawn.kind == "det" else 0.0


def _used(parts: list[tuple[Float64, Float64, float]], way_back_min: float) -> Steps:
    begins = np.concatenate([np.repeat(begin, round(amount)) for begin, _, amount in parts] or [np.empty(0)])
    ends = np.concatenate([np.repeat(end, round(amount)) for _, end, amount in parts] or [np.empty(0)])
    return steps_of(begins, ends + way_back_min)


def _given_back(found: Visits, stations: Mapping[str, Station], here: Int64, pool: str) -> Float64:
    """Return when what was taken at some rows came back: at the end of a row that returns it, or of the unit's last."""
    rows = found.rows
    returning = np.array(
        [pool in stations[name].returns if name in stations else False for name in rows.stations], dtype=np.bool_
    )
    gives = returning[rows.station] | rows.last_of_unit
    ends = np.flatnonzero(gives)
    at = ends[np.searchsorted(ends, here, side="left")]
    return rows.end_min[at]
