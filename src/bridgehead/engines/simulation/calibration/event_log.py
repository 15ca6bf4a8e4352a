"""An event log read and checked: one row an activity of a unit, with its start, end, server and class.

Columns ``unit, activity, start, end`` are needed, ``resource`` and ``class`` may be there, others are not looked at.
Times are minutes, or times of the local clock such as ``2025-03-01 08:15:30``, one kind in the whole log. The rows of
one unit follow each other in time. A row with the activity ``arrival`` says when the unit came. An empty end says that
the activity was still going on when the log ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from bridgehead.engines.simulation.calibration.log_cells import (
    MINUTES_A_DAY,
    Float64,
    Int64,
    Notes,
    split,
)
from bridgehead.engines.simulation.calibration.log_checks import ARRIVAL, Checked, Rows, check, read_rows
from bridgehead.kernel.decoding import decode
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

MOST_ROWS = 5_000_000
LARGEST_LOG = 1024 * 1024 * 1024
"""Bytes; a row takes some seventy."""
TOLERANCE_MIN = 1.0
"""By how much times inside a unit or at a server may overlap: clocks of two booths are never quite alike."""


@dataclass(frozen=True, eq=False, slots=True)
class EventLog:
    """Services of all units, in the order of units and in time inside each; times in minutes from the first midnight.

    Parameters
    ----------
    file : str
        How faults call it.
    first_day : date or None
        Day of time 0; None where times are minutes.
    units, activities, resources, classes : tuple of str
        Names; arrays hold their numbers.
    unit, activity, resource, unit_class, row : ndarray of int
        One entry a service; a resource of -1 for none, the row as a spreadsheet counts it.
    start_min, end_min : ndarray
        Its start and end; an end of NaN for a service that was going on when the log ended.
    joined_min : ndarray
        When the unit came to it: the end of its service before, or its arrival; NaN where nobody knows.
    arrived_min : ndarray
        Arrival of each unit, NaN where the log has none.
    class_of_unit : ndarray of int
        Class of each unit.
    until_min : float
        Last moment of the log.
    warnings : tuple of Fault
        What looks wrong and does not keep the log from being used.
    """

    file: str
    first_day: date | None
    units: tuple[str, ...]
    activities: tuple[str, ...]
    resources: tuple[str, ...]
    classes: tuple[str, ...]
    unit: Int64
    activity: Int64
    resource: Int64
    unit_class: Int64
    row: Int64
    start_min: Float64
    end_min: Float64
    joined_min: Float64
    arrived_min: Float64
    class_of_unit: Int64
    until_min: float
    warnings: tuple[Fault, ...] = ()

    @property
    def days(self) -> int:
        """How many days the log touches."""
        return int(self.until_min // MINUTES_A_DAY) + 1

    @property
    def from_min(self) -> float:
        """First moment of the log."""
        arrived = self.arrived_min[np.isfinite(self.arrived_min)]
        return float(min(self.start_min.min(initial=np.inf), arrived.min(initial=np.inf)))

    @property
    def weekday(self) -> int | None:
        """Weekday of time 0, Monday 0, None where the log has no dates."""
        return None if self.first_day is None else self.first_day.weekday()


def read_event_log(path: Path, *, most_rows: int = MOST_ROWS, tolerance_min: float = TOLERANCE_MIN) -> EventLog:
    """Read an event log from a CSV file; see `parse_event_log`."""
    try:
        size = path.stat().st_size
        if size > LARGEST_LOG:
            limits = {"size_mb": round(size / 1e6), "limit_mb": round(LARGEST_LOG / 1e6)}
            raise BridgeheadError("table.too_large", limits, Place(path.name))
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error.strerror or "?") from None
    content = decode(data, path.name)
    if content.text is None:
        raise BridgeheadError.of(content.faults)
    return parse_event_log(content.text, path.name, most_rows=most_rows, tolerance_min=tolerance_min)


def unreadable(path: Path, reason: str) -> BridgeheadError:
    """Return the error that says why the file of a log cannot be read."""
    return BridgeheadError("event_log.unreadable_file", {"file": str(path), "reason": reason}, Place(path.name))


def parse_event_log(
    text: str, file: str = "log.csv", *, most_rows: int = MOST_ROWS, tolerance_min: float = TOLERANCE_MIN
) -> EventLog:
    """Read an event log from a text.

    Parameters
    ----------
    text : str
        The table, with commas.
    file : str
        How faults call it.
    most_rows : int
        A longer log is refused.
    tolerance_min : float
        By how much times may overlap.

    Raises
    ------
    BridgeheadError
        With every fault, each with row and column.
    """
    notes = Notes(file)
    cells = split(text, notes, most_rows)
    if cells is None:
        raise BridgeheadError.of(notes.listed())
    rows = read_rows(cells, notes)
    checked = check(rows, tolerance_min)
    faults = notes.listed()
    if checked.order.size == 0 or any(fault.severity == "error" for fault in faults):
        raise BridgeheadError.of(faults)
    return _log(rows, checked, faults)


def _log(rows: Rows, checked: Checked, warnings: tuple[Fault, ...]) -> EventLog:
    """Return the services of checked rows, activities numbered without arrivals."""
    order = checked.order
    number = np.cumsum(np.array([name != ARRIVAL for name in rows.activities], np.int64)) - 1
    unit = rows.unit[order]
    last = np.concatenate([rows.times.start_min, rows.times.end_min])
    return EventLog(
        file=rows.notes.file,
        first_day=rows.times.first_day,
        units=rows.units,
        activities=tuple(name for name in rows.activities if name != ARRIVAL),
        resources=rows.resources,
        classes=rows.classes,
        unit=unit,
        activity=number[rows.activity[order]],
        resource=rows.resource[order],
        unit_class=checked.class_of_unit[unit],
        row=rows.cells.rows[order],
        start_min=rows.times.start_min[order],
        end_min=rows.times.end_min[order],
        joined_min=checked.joined_min,
        arrived_min=checked.arrived_min,
        class_of_unit=checked.class_of_unit,
        until_min=float(np.nanmax(last)),
        warnings=warnings,
    )
