"""The event log of a run: one row a service and one an arrival, as columns, in Parquet or in CSV.

Columns are ``unit, activity, start, end, resource, class``, which `bridgehead.engines.simulation.calibration` reads.
An activity is a station, by its id: stations of a model may share the word of their activity, and rows that said no
more than that word would make them one. A service that was still going on at the horizon is not there, nor when a unit
left that was never served. In Parquet times are minutes from time 0; in CSV they are times of the local clock where the
model has a first day, and minutes otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.model import Station
from bridgehead.engines.simulation.running import Tally

ARRIVAL = "arrival"
COLUMNS = ("unit", "activity", "start", "end", "resource", "class")
KEY = "bridgehead"
"""Of the metadata of a Parquet file, as networks and flows have it."""

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class SimulatedLog:
    """Rows in the order in which their services ended; names stand once, rows hold their numbers.

    Parameters
    ----------
    units, activities, resources, classes : tuple of str
        Names; the last resource is the empty one, for stations with as many servers as are needed.
    unit, activity, resource, unit_class : array of int
        Along the rows.
    start_min, end_min : array of float
        Minutes from time 0, equal for an arrival.
    first_day : date or None
        Day of time 0.
    """

    units: tuple[str, ...]
    activities: tuple[str, ...]
    resources: tuple[str, ...]
    classes: tuple[str, ...]
    unit: Int64
    activity: Int64
    resource: Int64
    unit_class: Int64
    start_min: Float64
    end_min: Float64
    first_day: date | None

    def columns(self) -> dict[str, Any]:
        """Return the columns as arrays of texts and of minutes."""

        def texts(names: Sequence[str], numbers: Int64) -> Any:
            return np.array(names, dtype=object)[numbers]

        return {
            "unit": texts(self.units, self.unit),
            "activity": texts(self.activities, self.activity),
            "start": self.start_min,
            "end": self.end_min,
            "resource": texts(self.resources, self.resource),
            "class": texts(self.classes, self.unit_class),
        }


def event_log(tally: Tally) -> SimulatedLog:
    """Return the log of a replication that was run with ``log=True``."""
    compiled, rows = tally.compiled, tally.log
    model = compiled.model
    activities = (*(part.node.id for part in compiled.parts), ARRIVAL)
    resources = _resources(compiled)
    units, unit = _units(rows, compiled.source_names)
    of_type = np.array([[one.id for one in model.classes].index(kind.unit_class.id) for kind in compiled.types])
    return SimulatedLog(
        units=units,
        activities=activities,
        resources=resources,
        classes=tuple(one.id for one in model.classes),
        unit=unit,
        activity=np.where(rows["node"] < 0, len(activities) - 1, rows["node"]).astype(np.int64),
        resource=np.where(rows["slot"] < 0, len(resources) - 1, rows["slot"]).astype(np.int64),
        unit_class=of_type[rows["type"]],
        start_min=np.ascontiguousarray(rows["start"]),
        end_min=np.ascontiguousarray(rows["end"]),
        first_day=model.start,
    )


def _resources(compiled: Compiled) -> tuple[str, ...]:
    """Return the names of all servers in the order of the kernel, and last the empty one."""
    names = []
    for part, row in zip(compiled.parts, compiled.tables["node"], strict=True):
        if isinstance(part.node, Station):
            names += [f"{part.node.id}-{number + 1}" for number in range(max(0, int(row["servers"])))]
    return (*names, "")


def _units(rows: Any, sources: Sequence[str]) -> tuple[tuple[str, ...], Int64]:
    """Return the names of units and the unit of each row.

    A unit is named by its source and its number there. What it is divided into, or becomes, has a name of its own:
    with a stroke and a number, in the order in which they are first seen.
    """
    _, first, unit = np.unique(rows["key"], return_index=True, return_inverse=True)
    seen = rows[first]
    order = np.lexsort((first, seen["number"], seen["source"]))
    names = [""] * first.size
    before, number = (-1, -1), 0
    for at, source, own in zip(order.tolist(), seen["source"][order], seen["number"][order], strict=True):
        number = number + 1 if (source, own) == before else 0
        before = source, own
        names[at] = f"{sources[source]}-{own + 1}" + (f"/{number}" if number else "")
    return tuple(names), unit.astype(np.int64)


def write_parquet(log: SimulatedLog, file: Path) -> None:
    """Write a log with its first day and the unit of its times in the metadata."""
    about = {"table": "event_log", "units": {"start": "min", "end": "min"}, "first_day": _text(log.first_day)}
    _frame(log).write_parquet(file, metadata={KEY: json.dumps(about)})


def write_csv(log: SimulatedLog, file: Path) -> None:
    """Write a log for programs that read tables of text; times of the clock are to the millisecond."""
    frame = _frame(log)
    if log.first_day is not None:
        import polars as pl

        begin = datetime.combine(log.first_day, time())
        of_clock = [
            (begin + pl.duration(milliseconds=(pl.col(name) * 60_000.0).round())).dt.to_string("%Y-%m-%d %H:%M:%S%.3f")
            for name in ("start", "end")
        ]
        frame = frame.with_columns(**dict(zip(("start", "end"), of_clock, strict=True)))
    frame.write_csv(file)


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _frame(log: SimulatedLog) -> Any:
    import polars as pl  # a quarter of a second, which nobody waits for who writes no log

    def texts(names: Sequence[str], numbers: Int64) -> Any:
        return pl.Series(values=names, dtype=pl.String).gather(pl.Series(values=numbers, dtype=pl.UInt32))

    return pl.DataFrame(
        {
            "unit": texts(log.units, log.unit),
            "activity": texts(log.activities, log.activity),
            "start": log.start_min,
            "end": log.end_min,
            "resource": texts(log.resources, log.resource),
            "class": texts(log.classes, log.unit_class),
        }
    )
