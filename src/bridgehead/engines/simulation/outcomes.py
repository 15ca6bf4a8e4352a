"""What is kept of one replication: the counts, the histograms, and the queues by day and by hour of the week.

An outcome can be written as bytes and read back without a difference, so that it can be kept on disk, come from another
process, and be compared by its hash.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.model import MINUTES_A_DAY
from bridgehead.engines.simulation.running import Run, Tally

HOURS_A_WEEK = 168
_ARRAYS = ("nodes", "pairs", "types", "pools", "histograms", "daily", "weekly", "born_weekly", "done_weekly", "course")


@dataclass(frozen=True)
class Outcome:
    """One replication.

    Parameters
    ----------
    compiled : Compiled
        The model.
    run : Run
        How it was run.
    nodes, pairs, types, pools : array of records
        As in `bridgehead.engines.simulation.layout`, pairs by node and type.
    histograms : array of int
        Histograms along the numbers in pairs and types.
    daily : array of float
        Mean queue of every kernel node, and last the mean number in the system, by day.
    weekly : array of float
        The same by hour of the week from time 0 on (168), over the days that were counted.
    born_weekly, done_weekly : array of float
        Arrivals and departures an hour of every type, by hour of the week.
    course : array of float
        Mean number in the system by bin.
    system_area : float
        Integral of the number in the system over the counted time.
    events, in_system : int
        Events that happened; units that were still there.
    """

    compiled: Compiled
    run: Run
    nodes: Any
    pairs: Any
    types: Any
    pools: Any
    histograms: Any
    daily: Any
    weekly: Any
    born_weekly: Any
    done_weekly: Any
    course: Any
    system_area: float
    events: int
    in_system: int

    @property
    def counted_min(self) -> float:
        """Length of the time that was counted."""
        return self.run.horizon_min - self.run.warmup_min

    def packed(self) -> bytes:
        """Return the outcome as bytes; the model is not in them."""
        out = io.BytesIO()
        np.save(out, np.array([self.system_area, float(self.events), float(self.in_system)]))
        for name in _ARRAYS:
            np.save(out, _without_gaps(getattr(self, name)))
        return out.getvalue()

    @property
    def content_hash(self) -> str:
        """Hash of all that was counted."""
        return hashlib.sha256(self.packed()).hexdigest()


def _without_gaps(array: Any) -> Any:
    """Return an array whose records have zeros between their fields, where a copy may have left anything."""
    clean = np.zeros(array.shape, dtype=array.dtype)
    for field_name in array.dtype.names or ():
        clean[field_name] = array[field_name]
    return clean if array.dtype.names else np.ascontiguousarray(array)


def unpacked(compiled: Compiled, run: Run, content: bytes) -> Outcome:
    """Return the outcome `Outcome.packed` wrote."""
    source = io.BytesIO(content)
    area, events, in_system = np.load(source)
    arrays = {name: np.load(source) for name in _ARRAYS}
    return Outcome(
        compiled=compiled, run=run, system_area=float(area), events=int(events), in_system=int(in_system), **arrays
    )


def outcome_of(tally: Tally) -> Outcome:
    """Return what is kept of a replication."""
    run = tally.run
    width = run.bin_min if run.bin_min > 0.0 else run.horizon_min
    lengths = _lengths(tally.bins.shape[1], width, run.horizon_min)
    kept = {field.name: getattr(tally, field.name) for field in fields(Outcome) if hasattr(tally, field.name)}
    return Outcome(
        **kept,
        daily=_daily(tally.bins, lengths, width),
        weekly=_weekly(tally.bins, lengths, width, run),
        born_weekly=_weekly(tally.counts[0], lengths, width, run) * 60.0,
        done_weekly=_weekly(tally.counts[1], lengths, width, run) * 60.0,
        course=tally.bins[-1] / np.maximum(lengths, 1e-12),
    )


def _lengths(bins: int, width: float, horizon: float) -> Any:
    """Return how much of each bin lies before the horizon."""
    begin = np.arange(bins) * width
    return np.clip(horizon - begin, 0.0, width)


def _daily(areas: Any, lengths: Any, width: float) -> Any:
    """Return means by day; bins that do not divide a day give one mean for all time."""
    per_day = MINUTES_A_DAY / width
    if per_day != int(per_day):
        return (areas.sum(axis=1) / lengths.sum())[:, None]
    days = -(-areas.shape[1] // int(per_day))
    padded = np.zeros((areas.shape[0], days * int(per_day)))
    padded[:, : areas.shape[1]] = areas
    long = np.zeros(days * int(per_day))
    long[: lengths.size] = lengths
    sums, times = padded.reshape(areas.shape[0], days, -1).sum(axis=2), long.reshape(days, -1).sum(axis=1)
    return sums[:, times > 0] / times[times > 0]


def _weekly(areas: Any, lengths: Any, width: float, run: Run) -> Any:
    """Return means (or counts a minute) by hour of the week over the counted time; none where bins are no hours."""
    if width != 60.0:
        return np.zeros((areas.shape[0], 0))
    hours = np.arange(areas.shape[1])
    use = (hours * 60.0 >= run.warmup_min) & (lengths > 0)
    of_week = hours[use] % HOURS_A_WEEK
    times = np.bincount(of_week, weights=lengths[use], minlength=HOURS_A_WEEK)
    found = np.zeros((areas.shape[0], HOURS_A_WEEK))
    for row in range(areas.shape[0]):
        found[row] = np.bincount(of_week, weights=areas[row, use], minlength=HOURS_A_WEEK)
    with np.errstate(invalid="ignore"):
        return np.where(times > 0, found / times, np.nan)
