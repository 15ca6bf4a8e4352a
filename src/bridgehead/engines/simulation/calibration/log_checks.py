"""What can be wrong with the rows of an event log beyond single cells, and what they say once they are right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.calibration.log_cells import (
    MINUTES_A_DAY,
    Bool,
    Cells,
    Float64,
    Int64,
    Notes,
    Times,
    first_of,
    numbered,
    read_times,
)

ARRIVAL = "arrival"
ONLY_CLASS = "unit"
LONGEST_LOG_DAYS = 3660


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """The rows of a log in the order of the file, names as numbers; a resource of -1 for none."""

    cells: Cells
    notes: Notes
    times: Times
    units: tuple[str, ...]
    activities: tuple[str, ...]
    resources: tuple[str, ...]
    classes: tuple[str, ...]
    unit: Int64
    activity: Int64
    resource: Int64
    unit_class: Int64

    def line(self, place: int) -> int:
        """Return the row as a spreadsheet counts it."""
        return int(self.cells.rows[place])

    def text(self, column: str, place: int) -> str:
        """Return a cell as it is written."""
        return self.cells.columns[column][place]


@dataclass(frozen=True, eq=False, slots=True)
class Checked:
    """What the rows say: the services by unit and time, when their units came to them, arrivals and classes."""

    order: Int64
    joined_min: Float64
    arrived_min: Float64
    class_of_unit: Int64


def read_rows(cells: Cells, notes: Notes) -> Rows:
    """Return the rows of a log, and note cells that are empty or no time."""
    count = cells.rows.size
    if count == 0 and not notes.found:
        notes.note("event_log.no_rows", None, file=notes.file)
    for name in ("unit", "activity", "start"):
        for i in first_of(~_filled(cells, name), notes):
            notes.note("table.empty_cell", int(cells.rows[i]), name)
    times = read_times(cells, notes)
    unit, units = numbered(cells.columns["unit"])
    activity, activities = numbered(cells.columns["activity"])
    # The empty name comes first, so that no server is number -1.
    resource, resources = numbered(["", *cells.columns.get("resource", [""] * count)])
    unit_class, classes = numbered([text or ONLY_CLASS for text in cells.columns.get("class", [""] * count)])
    return Rows(
        cells, notes, times, units, activities, resources[1:], classes, unit, activity, resource[1:] - 1, unit_class
    )


def check(rows: Rows, tolerance_min: float) -> Checked:
    """Check the rows against each other and note every fault.

    Parameters
    ----------
    rows : Rows
        The rows.
    tolerance_min : float
        By how much times inside a unit or at a server may overlap.
    """
    _note_span(rows)
    usable = np.isfinite(rows.times.start_min) & _filled(rows.cells, "unit") & _filled(rows.cells, "activity")
    # A row that is wrong by itself must not make the next one look wrong too.
    usable &= ~_backward(rows)
    usable &= ~_repeated(rows)
    class_of_unit = _classes(rows)
    arriving = rows.activity == (rows.activities.index(ARRIVAL) if ARRIVAL in rows.activities else -1)
    arrived = _arrivals(rows, usable & arriving)
    order = np.flatnonzero(usable & ~arriving)
    order = order[np.argsort(rows.unit[order], kind="stable")]
    if order.size == 0:
        if not rows.notes.found:
            rows.notes.note("event_log.no_rows", None, file=rows.notes.file)
        return Checked(order, np.empty(0), arrived, class_of_unit)
    joined = _joined(rows, order, arrived, tolerance_min)
    _note_shared(rows, order, tolerance_min)
    return Checked(order, joined, arrived, class_of_unit)


def _filled(cells: Cells, column: str) -> Bool:
    texts = cells.columns[column]
    return np.fromiter((bool(text) for text in texts), np.bool_, len(texts))


def _note_span(rows: Rows) -> None:
    """Note a log of many years, which is a slip in one date."""
    start = rows.times.start_min
    if not np.isfinite(start).any():
        return
    latest = np.fmax(start, rows.times.end_min)
    last, first = int(np.nanargmax(latest)), int(np.nanargmin(start))
    days = float(latest[last]) / MINUTES_A_DAY
    if days > LONGEST_LOG_DAYS:
        # A slip may be of any size, and hundreds of digits tell nobody more than its power of ten.
        told = round(days) if days < 1e9 else f"{days:.1g}"
        named = {"days": told, "limit": LONGEST_LOG_DAYS, "first": rows.line(first)}
        rows.notes.note("event_log.too_long", rows.line(last), None, **named)


def _backward(rows: Rows) -> Bool:
    backward: Bool = rows.times.end_min < rows.times.start_min
    for i in first_of(backward, rows.notes):
        named = {"start": rows.text("start", i), "end": rows.text("end", i)}
        rows.notes.note("event_log.end_before_start", rows.line(i), "end", **named)
    return backward


def _repeated(rows: Rows) -> Bool:
    """Note rows that stand in the log twice."""
    starts, ends = (np.nan_to_num(times, nan=-1.0) for times in (rows.times.start_min, rows.times.end_min))
    keys = (rows.resource, ends, rows.activity, starts, rows.unit)
    # Equal rows come to lie side by side in the order of the file.
    order = np.lexsort(keys)
    same = np.ones(max(order.size - 1, 0), np.bool_)
    for key in keys:
        same &= key[order[1:]] == key[order[:-1]]
    same &= starts[order[1:]] >= 0.0
    again = np.zeros(rows.unit.size, np.bool_)
    again[order[1:][same]] = True
    # The first of a run of equal rows is the last one before it that is not again.
    firsts = order[np.maximum.accumulate(np.where(again[order], 0, np.arange(order.size)))]
    first = np.empty(order.size, np.int64)
    first[order] = firsts
    for i in first_of(again, rows.notes):
        rows.notes.note("event_log.repeated_row", rows.line(i), None, first=rows.line(int(first[i])))
    return again


def _classes(rows: Rows) -> Int64:
    """Return the class of each unit, and note rows that give it another."""
    first = np.full(len(rows.units), -1, np.int64)
    first[rows.unit[::-1]] = np.arange(rows.unit.size)[::-1]
    other = (rows.unit_class != rows.unit_class[first[rows.unit]]) & _filled(rows.cells, "unit")
    for i in first_of(other, rows.notes):
        named = {"unit": rows.text("unit", i), "first": rows.line(int(first[rows.unit[i]]))}
        rows.notes.note("event_log.two_classes", rows.line(i), "class", **named)
    return rows.unit_class[first]


def _arrivals(rows: Rows, which: Bool) -> Float64:
    """Return the arrival of each unit, and note a second one."""
    found = np.full(len(rows.units), np.nan)
    places = np.flatnonzero(which)
    first = np.full(len(rows.units), -1, np.int64)
    first[rows.unit[places[::-1]]] = places[::-1]
    second = np.zeros(rows.unit.size, np.bool_)
    second[places] = first[rows.unit[places]] != places
    for i in first_of(second, rows.notes):
        named = {"unit": rows.text("unit", i), "first": rows.line(int(first[rows.unit[i]]))}
        rows.notes.note("event_log.second_arrival", rows.line(i), "activity", **named)
    known = first >= 0
    found[known] = rows.times.start_min[first[known]]
    return found


def _joined(rows: Rows, order: Int64, arrived: Float64, tolerance_min: float) -> Float64:
    """Return when each unit came to each of its services, and note those that began before that."""
    owner, start, end = rows.unit[order], rows.times.start_min[order], rows.times.end_min[order]
    follows = np.append(False, owner[1:] == owner[:-1])
    joined = np.where(follows, np.append(np.nan, end[:-1]), arrived[owner])
    for i in first_of(follows & np.isnan(joined), rows.notes):
        rows.notes.note("event_log.end_missing", rows.line(order[i - 1]), "end", next=rows.line(order[i]))
    for i in first_of(start < joined - tolerance_min, rows.notes):
        row = int(order[i])
        named: dict[str, object] = {
            "unit": rows.text("unit", row),
            "activity": rows.text("activity", row),
            "previous": rows.text("activity", int(order[i - 1])) if follows[i] else ARRIVAL,
            "minutes": round(float(joined[i] - start[i]), 2),
        }
        rows.notes.note("event_log.runs_backwards", rows.line(row), "start", **named)
    return np.minimum(joined, start)


def _note_shared(rows: Rows, order: Int64, tolerance_min: float) -> None:
    """Warn of a server that is at work on two units at once."""
    held = order[rows.resource[order] >= 0]
    held = held[np.lexsort((rows.times.end_min[held], rows.times.start_min[held], rows.resource[held]))]
    if held.size < 2:
        return
    start, end = rows.times.start_min[held], rows.times.end_min[held]
    same = rows.resource[held[1:]] == rows.resource[held[:-1]]
    overlap = same & (start[1:] < end[:-1] - tolerance_min)
    for i in first_of(overlap, rows.notes):
        rows.notes.warn(
            "event_log.shared_resource",
            rows.line(held[i + 1]),
            "resource",
            resource=rows.text("resource", held[i + 1]),
            first=rows.line(held[i]),
            minutes=round(float(end[i] - start[i + 1]), 2),
        )
