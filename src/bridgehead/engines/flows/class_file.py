"""A table of user classes for an assignment of trips: who they are, what they weigh, what an hour and a link cost them.

Columns of the CSV, one class a row: ``name``; ``share`` of the trips, or ``trips``, a trip file of their own;
``pce`` (volume of one trip, 1 by default); ``value_of_time`` (money per unit of time, 1 by default); and money a link
costs besides its time: ``per_link``, ``per_length`` and ``per_toll`` (0 by default).
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass

from bridgehead.kernel.errors import BridgeheadError, Fault, Place

SHARES_MAY_MISS = 1e-9
_NUMBERS = {"share": math.nan, "pce": 1.0, "value_of_time": 1.0, "per_link": 0.0, "per_length": 0.0, "per_toll": 0.0}
_POSITIVE = ("value_of_time",)
COLUMNS = ("name", "trips", *_NUMBERS)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class; `share` is NaN where it has trips of its own, in the file `trips`."""

    name: str
    share: float = 1.0
    trips: str = ""
    pce: float = 1.0
    value_of_time: float = 1.0
    per_link: float = 0.0
    per_length: float = 0.0
    per_toll: float = 0.0


def read_classes(text: str, file: str = "classes.csv") -> tuple[ClassRow, ...]:
    """Read a table of classes.

    Raises
    ------
    BridgeheadError
        With every fault: `flows.class_column` for a column that is missing or unknown, `flows.class_value` for a cell,
        `flows.class_shares` where the shares do not add up to one.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), skipinitialspace=True)
    names = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    faults = [
        Fault("flows.class_column", {"column": name, "known": ", ".join(COLUMNS)}, Place(file=file, row=1, column=name))
        for name in names
        if name not in COLUMNS
    ]
    if "name" not in names:
        faults.append(
            Fault("flows.class_column", {"column": "name", "known": ", ".join(COLUMNS)}, Place(file=file, row=1))
        )
    rows: list[ClassRow] = []
    for number, cells in enumerate(reader, start=2):
        if any((cells.get(name) or "").strip() for name in names):
            rows.append(_row(cells, file, number, faults))
    known = [row.name for row in rows]
    for number, name in enumerate(known, start=2):
        if not name or known.count(name) > 1:
            faults.append(_cell(file, number, "name", name, "empty or used twice"))
    shared = [row.share for row in rows if not row.trips]
    if not rows or (shared and abs(math.fsum(shared) - 1.0) > SHARES_MAY_MISS):
        faults.append(Fault("flows.class_shares", {"sum": math.fsum(shared)}, Place(file=file, column="share")))
    if faults:
        raise BridgeheadError.of(faults)
    return tuple(rows)


def _row(cells: dict[str, str], file: str, number: int, faults: list[Fault]) -> ClassRow:
    trips = (cells.get("trips") or "").strip()
    values = {}
    for name, default in _NUMBERS.items():
        written = (cells.get(name) or "").strip()
        value = default
        if written:
            try:
                value = float(written)
            except ValueError:
                faults.append(_cell(file, number, name, written, "not a number"))
                continue
            if not math.isfinite(value) or value < 0.0 or (name in _POSITIVE and value == 0.0):
                faults.append(_cell(file, number, name, written, "negative, zero or not finite"))
        elif name == "share" and not trips:
            faults.append(_cell(file, number, name, "", "neither a share nor trips"))
            value = 0.0
        values[name] = value
    return ClassRow(name=(cells.get("name") or "").strip(), trips=trips, **values)


def _cell(file: str, row: int, column: str, value: str, reason: str) -> Fault:
    return Fault("flows.class_value", {"value": value, "reason": reason}, Place(file=file, row=row, column=column))
