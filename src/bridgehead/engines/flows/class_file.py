"""A table of user classes for an assignment of trips: who they are, what they weigh, what an hour and a link cost them.

Columns of the CSV, one class a row: ``name``; ``share`` of the trips, or ``trips``, a trip file of their own;
``pce`` (volume of one trip, 1 by default); ``value_of_time`` (money per unit of time, 1 by default); and money a link
costs besides its time: ``per_link``, ``per_length`` and ``per_toll`` (0 by default).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.tables import split_records

SHARES_MAY_MISS = 1e-9
_NUMBERS = {"share": math.nan, "pce": 1.0, "value_of_time": 1.0, "per_link": 0.0, "per_length": 0.0, "per_toll": 0.0}
_POSITIVE = ("value_of_time",)
COLUMNS = ("name", "trips", *_NUMBERS)
OTHER_SEPARATORS = (";", "\t", "|", "，", "；")


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
        `flows.class_shares` where the shares do not add up to one, `table.` with what keeps a text from being a table.
    """
    rows, faults = try_classes(text, file)
    if faults:
        raise BridgeheadError.of(faults)
    return rows


def try_classes(text: str, file: str = "classes.csv") -> tuple[tuple[ClassRow, ...], tuple[Fault, ...]]:
    """Return the classes as far as they can be read, and everything that is wrong; see `read_classes`."""
    records, broken = split_records(text.lstrip("\ufeff"), ",", file)
    faults = list(broken)
    if not records:
        return (), (*faults, Fault("table.empty_file", {"file": file}, Place(file=file)))
    header_line, header = records[0]
    names = [name.strip() for name in header]
    if len(names) == 1 and (other := next((mark for mark in OTHER_SEPARATORS if mark in names[0]), "")):
        shown = {"file": file, "separator": "Tab" if other == "\t" else other}
        return (), (*faults, Fault("table.wrong_separator", shown, Place(file=file, row=header_line)))
    faults += _header(header_line, names, file)
    if "name" not in names:
        return (), tuple(faults)
    rows = [(line, _row(line, cells, names, file, faults)) for line, cells in records[1:]]
    first: dict[str, int] = {}
    for line, row in rows:
        if not row.name:
            faults.append(_cell(file, line, "name", "", "unnamed"))
        elif first.setdefault(row.name, line) != line:
            faults.append(_cell(file, line, "name", row.name, "repeated"))
    shared = [row.share for _, row in rows if not row.trips]
    if not rows or (shared and abs(math.fsum(shared) - 1.0) > SHARES_MAY_MISS):
        # NaN stands for a share that is a fault already.
        faults.append(Fault("flows.class_shares", {"sum": math.fsum(shared)}, Place(file, header_line, "share")))
    return tuple(row for _, row in rows), tuple(sorted(faults, key=lambda fault: fault.place.row or math.inf))


def _header(line: int, names: list[str], file: str) -> Iterator[Fault]:
    known = ", ".join(COLUMNS)
    for i, name in enumerate(names):
        if name in names[:i]:
            yield Fault("table.duplicate_column", {}, Place(file=file, row=line, column=name))
        elif name not in COLUMNS and (name or len(names) == 1):
            yield Fault("flows.class_column", {"column": name, "known": known}, Place(file=file, row=line, column=name))
    if "name" not in names:
        yield Fault("flows.class_column", {"column": "name", "known": known}, Place(file=file, row=line))


def _row(line: int, listed: list[str], names: list[str], file: str, faults: list[Fault]) -> ClassRow:
    if len(listed) != len(names) and any(listed[len(names) :] or names[len(listed) :]):
        given = {"found": len(listed), "expected": len(names)}
        faults.append(Fault("table.ragged_row", given, Place(file=file, row=line)))
    cells = {name: cell.strip() for name, cell in zip(names, listed, strict=False)}
    trips, share = cells.get("trips", ""), cells.get("share", "")
    if bool(trips) == bool(share):
        faults.append(_cell(file, line, "share", share, "both" if share else "neither"))
    values = {}
    for name, default in _NUMBERS.items():
        values[name] = default
        if written := cells.get(name, ""):
            value = _number(written)
            if value is None:
                faults.append(_cell(file, line, name, written, "not_number"))
            elif not math.isfinite(value) or value < 0.0 or (name in _POSITIVE and value == 0.0):
                faults.append(_cell(file, line, name, written, "out_of_range"))
            else:
                values[name] = value
    return ClassRow(name=cells.get("name", ""), trips=trips, **values)


def _number(text: str) -> float | None:
    if not text.isascii() or "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _cell(file: str, row: int, column: str, value: str, reason: str) -> Fault:
    return Fault("flows.class_value", {"value": value, reason: "yes"}, Place(file=file, row=row, column=column))
