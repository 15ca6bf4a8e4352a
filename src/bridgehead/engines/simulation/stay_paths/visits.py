"""The rows of a log as visits of stations: when a unit came, when there was a place for it, when it left its server."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.stay_paths.log_rows import Float64, Int64, LogRows
from bridgehead.engines.simulation.stay_paths.passages import NONE, Passages, passages, units_made
from bridgehead.engines.simulation.stay_paths.ways_between import WaysBetween


@dataclass(frozen=True, eq=False, slots=True)
class Visits:
    """Visits along the rows of a log.

    Parameters
    ----------
    rows : LogRows
        The log.
    model : Model or None
        The model it is of.
    passages : Passages
        What happened between the stations.
    made_in : array of int
        Along the units, the passage each was made in, `NONE` for those from outside.
    since_min : array of float
        When the unit was done where it came from: its arrival, the end of its service before, or when it was made.
    came_min : array of float
        When it came to the station: as `since_min`, or after a match on the way.
    entered_min : array of float
        When there was a place for it; later than `came_min` for who was held by a full station.
    left_min : array of float
        When it left its server; later than the end of its service where it was held.
    """

    rows: LogRows
    model: Model | None
    passages: Passages
    made_in: Int64
    since_min: Float64
    came_min: Float64
    entered_min: Float64
    left_min: Float64


def visits(rows: LogRows, model: Model | None = None) -> Visits:
    """Return the visits a log is of.

    Without a model units are taken to come to a station when they were done before, and to find a place there. Of who
    comes in no way known (the log begins later, or does not say) nothing is known before the first row.
    """
    ways = WaysBetween(model) if model is not None else None
    found = passages(rows, ways) if ways is not None else Passages()
    made = units_made(found, len(rows.units))
    since = _since(rows, found, made)
    came = since.copy()
    for row, number in found.before_row.items():
        came[row] = min(max(found.all[number].out_min, since[row]), rows.start_min[row])
    entered = came.copy()
    if ways is not None:
        for number, name in enumerate(rows.stations):
            station = ways.station(name)
            if station is not None and station.queue_capacity is not None and station.full.kind == "block":
                here = np.flatnonzero(rows.station == number)
                entered[here] = _entered(came[here], rows.start_min[here], station.queue_capacity)
    left = rows.end_min.copy()
    stays = ~rows.last_of_unit
    nexts = np.flatnonzero(stays) + 1
    # Who is held keeps its server; who went through a match on the way left it before.
    held = np.where(came[nexts] == since[nexts], entered[nexts], left[nexts - 1])
    left[nexts - 1] = np.maximum(left[nexts - 1], held)
    for row, until in found.held_until.items():
        if row != NONE:
            left[row] = max(left[row], until)
    return Visits(rows, model, found, made, since, came, entered, left)


def _since(rows: LogRows, found: Passages, made: Int64) -> Float64:
    """Return when each unit was done where it came from, never after the row begins."""
    before = np.append(np.nan, rows.end_min[:-1])[: rows.unit.size]
    first = rows.first_of_unit
    since = np.where(first, rows.arrived_min[rows.unit], before)
    child = np.flatnonzero(first & (made[rows.unit] != NONE))
    since[child] = [found.all[number].out_min for number in made[rows.unit[child]].tolist()]
    unknown: Float64 = np.where(np.isnan(since), rows.start_min, since)
    return np.minimum(unknown, rows.start_min)


def _entered(came: Float64, start: Float64, places: int) -> Float64:
    """Return when each unit found a place: the n-th to come gets in with the (n - places)-th start of a service."""
    order = np.lexsort((start, came))
    starts = np.sort(start)
    found = came.copy()
    late = order[places:]
    found[late] = np.maximum(came[late], starts[: late.size])
    return np.minimum(found, start)
