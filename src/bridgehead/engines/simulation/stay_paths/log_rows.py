"""The rows of an event log by unit and time, each at a station; from a run, a CSV or a Parquet file."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.simulation.calibration.event_log import (
    EventLog,
    parse_event_log,
    read_event_log,
    unreadable,
)
from bridgehead.engines.simulation.calibration.log_checks import ONLY_CLASS
from bridgehead.engines.simulation.event_logs import ARRIVAL, COLUMNS, KEY, SimulatedLog
from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model, Station
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

PARQUET = ".parquet"


@dataclass(frozen=True, eq=False, slots=True)
class LogRows:
    """Finished services, by unit and in time inside each; times are minutes from time 0 of the model.

    Parameters
    ----------
    units, stations, resources, classes : tuple of str
        Names; arrays hold their numbers. A station is a node of the model where that can be told, else an activity.
    unit, station, resource : array of int
        Along the rows; a resource of -1 for none.
    start_min, end_min : array of float
        Along the rows.
    first : array of int
        Where the rows of each unit begin, and last the number of rows.
    class_of_unit : array of int
        Along the units.
    arrived_min : array of float
        Along the units, NaN for those that did not come from outside.
    until_min : float
        Last moment of the log.
    first_day : date or None
        Day of time 0.
    """

    units: tuple[str, ...]
    stations: tuple[str, ...]
    resources: tuple[str, ...]
    classes: tuple[str, ...]
    unit: Int64
    station: Int64
    resource: Int64
    start_min: Float64
    end_min: Float64
    first: Int64
    class_of_unit: Int64
    arrived_min: Float64
    until_min: float
    first_day: date | None

    @property
    def last_of_unit(self) -> Bool:
        """Whether a row is the last of its unit."""
        follows = np.append(self.unit[1:] == self.unit[:-1], False)
        return ~follows[: self.unit.size]

    @property
    def first_of_unit(self) -> Bool:
        """Whether a row is the first of its unit."""
        return np.append(True, self.unit[1:] != self.unit[:-1])[: self.unit.size]


def rows_of_run(log: SimulatedLog, model: Model) -> LogRows:
    """Return the rows of a log that a run has just made."""
    arrival = log.activities.index(ARRIVAL)
    arrived = np.full(len(log.units), np.nan)
    coming = log.activity == arrival
    arrived[log.unit[coming]] = log.start_min[coming]
    class_of_unit = np.zeros(len(log.units), dtype=np.int64)
    class_of_unit[log.unit] = log.unit_class
    unnamed = len(log.resources) - 1
    return _rows(
        log,
        model,
        np.flatnonzero(~coming),
        np.where(log.resource == unnamed, -1, log.resource),
        arrived,
        class_of_unit,
        float(log.end_min.max(initial=0.0)),
    )


def rows_of_log(log: EventLog, model: Model | None = None) -> LogRows:
    """Return the rows of a log that was read; with a model its times are counted from the model's first day."""
    done = np.flatnonzero(np.isfinite(log.end_min))
    found = _rows(log, model, done, log.resource, log.arrived_min, log.class_of_unit, log.until_min)
    if model is None or model.start is None or log.first_day is None:
        return found
    shift = (log.first_day - model.start).days * MINUTES_A_DAY
    return replace(
        found,
        start_min=found.start_min + shift,
        end_min=found.end_min + shift,
        arrived_min=found.arrived_min + shift,
        until_min=found.until_min + shift,
        first_day=model.start,
    )


def read_log_rows(file: Path, model: Model | None = None) -> LogRows:
    """Return the rows of a log in Parquet or CSV; what is wrong with it is told as for a calibration.

    Raises
    ------
    BridgeheadError
        With every fault, codes ``event_log.*`` and ``table.*``.
    """
    return rows_of_log(_read_parquet(file) if file.suffix.lower() == PARQUET else read_event_log(file), model)


def strangers(rows: LogRows, model: Model, file: str) -> tuple[Fault, ...]:
    """Return as a warning what of a log is not in the model it is said to be of.

    Raises
    ------
    BridgeheadError
        ``event_log.other_model`` where the model has none of its stations or none of its classes.
    """
    words = {word for one in model.nodes for word in (one.id, one.activity)}
    classes = {ONLY_CLASS, *(one.id for one in model.classes)}
    stations = [name for name in rows.stations if name not in words]
    units = [name for name in rows.classes if name not in classes]
    if not stations and not units:
        return ()
    told = {"names": [*stations, *units], "model": model.port or "model"}
    if len(stations) == len(rows.stations) or len(units) == len(rows.classes):
        raise BridgeheadError("event_log.other_model", told, Place(file, field="model"))
    return (Fault("event_log.partly_other_model", told, Place(file, field="model"), "warning"),)


def _read_parquet(file: Path) -> EventLog:
    import polars as pl

    if not file.is_file():
        raise unreadable(file, os.strerror(errno.EISDIR if file.is_dir() else errno.ENOENT))
    try:
        frame, about = pl.read_parquet(file), pl.read_parquet_metadata(file)
        text = frame.select([name for name in COLUMNS if name in frame.columns]).write_csv()
    except (pl.exceptions.PolarsError, OSError) as reason:
        raise unreadable(file, str(reason).split("\n")[0]) from None
    found = parse_event_log(text, file.name)
    if found.first_day is not None:
        return found
    return replace(found, first_day=_first_day(about.get(KEY, "")))


def _first_day(about: str) -> date | None:
    try:
        return date.fromisoformat(json.loads(about)["first_day"])
    except (ValueError, KeyError, TypeError):
        return None


def _rows(  # noqa: PLR0917 - columns of one table
    log: Any, model: Model | None, which: Int64, resource: Int64, arrived: Float64, class_of_unit: Int64, until: float
) -> LogRows:
    start, end = log.start_min[which], log.end_min[which]
    order = np.lexsort((which, end, start, log.unit[which]))
    which = which[order]
    stations, station = _stations(log.activities, log.resources, log.activity[which], resource[which], model)
    unit = log.unit[which]
    counts = np.bincount(unit, minlength=len(log.units))
    return LogRows(
        units=tuple(log.units),
        stations=stations,
        resources=tuple(log.resources),
        classes=tuple(log.classes),
        unit=unit,
        station=station,
        resource=resource[which],
        start_min=start[order],
        end_min=end[order],
        first=np.append(0, np.cumsum(counts)).astype(np.int64),
        class_of_unit=class_of_unit,
        arrived_min=arrived.copy(),
        until_min=until,
        first_day=log.first_day,
    )


def _stations(
    activities: Sequence[str], resources: Sequence[str], activity: Int64, resource: Int64, model: Model | None
) -> tuple[tuple[str, ...], Int64]:
    """Return names of stations and the station of each row: that of its server, else the one the activity names.

    An activity is the id of a station, or the word that one or more stations have for what they do.
    """
    nodes = [node for node in model.nodes if isinstance(node, Station)] if model else []
    of_server = {one.id: one.id for one in nodes}
    of_word: dict[str, list[str]] = {}
    for one in nodes:
        of_word.setdefault(one.activity or one.id, []).append(one.id)
    pairs, back = np.unique(np.stack([activity, resource]), axis=1, return_inverse=True)
    names = []
    for at, server in pairs.T.tolist():
        word = activities[at]
        by_server = of_server.get(resources[server].rpartition("-")[0]) if server >= 0 else None
        alike = [word] if word in of_server else of_word.get(word, [word])
        # Of several stations with one activity and no named servers only those without servers are left.
        endless = [id_ for id_ in alike if any(one.id == id_ and one.servers is None for one in nodes)]
        names.append(by_server or (alike[0] if len(alike) == 1 else endless[0] if len(endless) == 1 else word))
    stations = tuple(dict.fromkeys(names))
    numbers = np.array([stations.index(name) for name in names], dtype=np.int64)
    return stations, numbers[back.reshape(-1)] if names else np.empty(0, dtype=np.int64)
