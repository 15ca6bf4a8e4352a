"""Trip tables of TNTP: for each origin the destinations with their amounts, ``destination : amount;``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.directed import Trips
from bridgehead.engines.network.formats.columns import (
    NO_INTEGER,
    Faults,
    floats,
    integers,
    note_repeated,
    number_texts,
)
from bridgehead.engines.network.formats.tntp_text import END, NODES, TOTAL, ZONES, TntpText, count, metadata_text, split
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

ORIGIN = "origin"
NAME = "USER TYPE"
PAIRS_PER_LINE = 5
ROUNDING_OF_TOTALS = 1e-5
"""Relative; some files state the total with six digits."""


# A whole line of pairs, which may be split without looking at each.
_LINE = re.compile(r"(?:\s*[0-9]+\s*:\s*[^\s:;]+\s*;)*\s*(?:[0-9]+\s*:\s*[^\s:;]+)?")


@dataclass(frozen=True)
class _Pairs:
    """Cells of a trip table with their rows; `blocks` says to which origin a pair belongs."""

    origins: list[str]
    origin_rows: list[int]
    destinations: list[str]
    amounts: list[str]
    rows: list[int]
    blocks: list[int]


@dataclass(frozen=True)
class TripsReading:
    """What could be read of a trip table, and what is odd or wrong with it.

    Parameters
    ----------
    trips : Trips
        The pairs whose zones are there, NaN where an amount is faulty.
    rows : int64 array
        The row of the file each of them stands in.
    first_row : int
        The row of the total, or of the first pair.
    faults, warnings : tuple of Fault
        In the order of the rows.
    """

    trips: Trips
    rows: Int64
    first_row: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def read_trips(
    text: str, zones: int | Sequence[int] | Int64, file: str = "trips.tntp", *, warnings: list[Fault] | None = None
) -> Trips:
    """Read a trip table.

    Parameters
    ----------
    text : str
        The file.
    zones : int or sequence of int
        Numbers of the zones (`TntpNetwork.zone_numbers`), or how many there are, numbered from 1.
    file : str
        How faults call it.
    warnings : list of Fault, optional
        Gets what is odd but no reason to stop: a total or a number of zones other than the file states.

    Returns
    -------
    Trips
        Every pair the file has, also those within a zone and those of zero, in its order.

    Raises
    ------
    BridgeheadError
        With every fault: zones that are not there, an origin or a pair that stands twice, what is no number, not
        finite or negative.
    """
    reading = try_trips(text, zones, file)
    if reading.faults:
        raise BridgeheadError.of(reading.faults)
    if warnings is not None:
        warnings.extend(reading.warnings)
    return reading.trips


def try_trips(text: str, zones: int | Sequence[int] | Int64 | None, file: str = "trips.tntp") -> TripsReading:
    """Read as much of a trip table as can be; see `read_trips`. Without zones any number above zero may be one."""
    faults = Faults(file)
    parts = split(text, faults)
    if parts.lines and not is_trips(parts) and NODES in parts.metadata:
        faults.note("tntp.other_kind", parts.rows[0])
        parts = replace(parts, lines=(), rows=())
    found = _pairs(parts, faults)
    rows = found.rows
    origins = integers(found.origins, found.origin_rows, None, faults)
    _check_origins(origins, found.origin_rows, faults)
    ends = integers(found.destinations, rows, None, faults)
    numbers = _numbers(zones, np.concatenate((origins, ends)))
    starts = _positions(origins, found.origin_rows, numbers, faults)
    destination = _positions(ends, rows, numbers, faults)
    amount = floats(found.amounts, rows, None, faults, least=0.0)
    origin = starts[np.array(found.blocks, dtype=np.int64)] if len(starts) else np.full(len(rows), -1)
    known = (origin >= 0) & (destination >= 0)
    origin, destination, amount = origin[known], destination[known], amount[known]
    at = np.array(rows, dtype=np.int64)[known]
    if len(np.unique(origins)) == len(origins):
        _check_pairs(origin, destination, at, numbers, faults)
    warnings = () if zones is None else tuple(_warnings(parts, len(numbers), amount, faults, file))
    trips = Trips(origin.astype(np.int32), destination.astype(np.int32), amount, parts.metadata.get(NAME, ""))
    first = parts.metadata_rows.get(TOTAL) or next(iter((*found.origin_rows, *parts.rows)), 1)
    return TripsReading(trips, at, first, tuple(faults.listed()), warnings)


def is_trips(parts: TntpText) -> bool:
    """Tell whether a file is a trip table: it begins with an origin."""
    return bool(parts.lines) and parts.lines[0].strip()[: len(ORIGIN)].lower() == ORIGIN


def _numbers(zones: int | Sequence[int] | Int64 | None, used: Int64) -> Int64:
    if zones is None:
        return np.unique(used[used > 0])
    return np.arange(1, zones + 1) if isinstance(zones, int | np.integer) else np.asarray(zones, dtype=np.int64)


def _pairs(parts: TntpText, faults: Faults) -> _Pairs:
    found = _Pairs([], [], [], [], [], [])
    for row, line in zip(parts.rows, parts.lines, strict=True):
        rest = line.strip()
        if rest[: len(ORIGIN)].lower() == ORIGIN:
            number, rest = (*rest[len(ORIGIN) :].split(None, 1), "", "")[:2]
            found.origins.append(number)
            found.origin_rows.append(row)
        if not found.origins and rest:
            faults.note("tntp.pair_without_origin", row)
        cells = _cells(rest, row, faults)
        pairs = len(cells) // 2
        found.destinations.extend(cells[0::2])
        found.amounts.extend(cells[1::2])
        found.rows.extend([row] * pairs)
        found.blocks.extend([len(found.origins) - 1] * pairs)
    return found


def _cells(text: str, row: int, faults: Faults) -> list[str]:
    if _LINE.fullmatch(text):
        return text.replace(":", " ").replace(";", " ").split()
    cells: list[str] = []
    for piece in text.split(";"):
        destination, mark, amount = piece.partition(":")
        if mark:
            cells += [destination, amount]
        elif piece.strip():
            faults.note("tntp.not_a_pair", row, None, value=piece.strip())
    return cells


def _positions(found: Int64, rows: Sequence[int], numbers: Int64, faults: Faults) -> Int64:
    order = np.append(np.argsort(numbers), -1)
    place = order[np.searchsorted(numbers, found, sorter=order[:-1])]
    known = place >= 0
    known[known] = numbers[place[known]] == found[known]
    for i in np.flatnonzero(~known).tolist():
        if found[i] != NO_INTEGER:
            faults.note("tntp.unknown_zone", rows[i], None, zone=int(found[i]), zones=len(numbers))
    return np.where(known, place, -1)


def _check_origins(origins: Int64, rows: Sequence[int], faults: Faults) -> None:
    numbered = [(number, row) for number, row in zip(origins.tolist(), rows, strict=True) if number != NO_INTEGER]
    note_repeated([number for number, _ in numbered], [row for _, row in numbered], None, faults, origin="yes")


def _check_pairs(origin: Int64, destination: Int64, rows: Int64, numbers: Int64, faults: Faults) -> None:
    key = origin * len(numbers) + destination
    if len(np.unique(key)) == len(key):
        return
    first: dict[int, int] = {}
    for i, pair in enumerate(key.tolist()):
        if first.setdefault(pair, i) != i:
            names = (int(numbers[origin[i]]), int(numbers[destination[i]]))
            value, before = f"{names[0]} - {names[1]}", int(rows[first[pair]])
            faults.note("network_file.repeated", int(rows[i]), None, value=value, first=before)


def _warnings(parts: TntpText, zones: int, amount: Float64, faults: Faults, file: str) -> Iterator[Fault]:
    stated_zones = count(parts, ZONES, faults, default=zones)
    if stated_zones != zones:
        place = Place(file, parts.metadata_rows.get(ZONES))
        yield Fault("tntp.zones_differ", {"stated": stated_zones, "found": zones}, place, "warning")
    if TOTAL in parts.metadata:
        row = parts.metadata_rows[TOTAL]
        stated = float(floats([metadata_text(parts, TOTAL)], [row], None, faults)[0])
        found = math.fsum(amount.tolist())
        if abs(stated - found) > ROUNDING_OF_TOTALS * max(abs(stated), found):
            yield Fault("tntp.total_differs", {"stated": stated, "found": found}, Place(file, row), "warning")


def write_trips(trips: Trips, zones: int | Sequence[int] | Int64, file: str = "trips.tntp") -> str:
    """Return a trip table, origins in the order of their first row; reading it gives the same amounts to the bit.

    Parameters
    ----------
    trips : Trips
        What to write.
    zones : int or sequence of int
        Numbers of the zones, or how many there are, numbered from 1.
    file : str
        How faults call it.

    Raises
    ------
    BridgeheadError
        If a pair stands twice, for readers do not agree what that means, or if the name would not come back.
    """
    if trips.name != " ".join(trips.name.split("\n")).strip() or "\r" in trips.name:
        raise BridgeheadError("network_file.not_writable", {"value": trips.name}, Place(file))
    numbers = _numbers(zones, np.empty(0, dtype=np.int64))
    key = trips.origin.astype(np.int64) * len(numbers) + trips.destination
    if len(np.unique(key)) != len(key):
        raise BridgeheadError("tntp.repeated_pairs", {"count": len(key) - len(np.unique(key))}, Place(file))
    lines = [f"<{ZONES}> {len(numbers)}", f"<{TOTAL}> {math.fsum(trips.amount.tolist())!r}"]
    if trips.name:
        lines.append(f"<{NAME}> {trips.name}")
    lines.append(f"<{END}>")
    found, first = np.unique(trips.origin, return_index=True)
    order = np.argsort(trips.origin, kind="stable")
    ends = np.searchsorted(trips.origin[order], found, side="right")
    names, amounts = number_texts(numbers[trips.destination[order]]), number_texts(trips.amount[order])
    for i in np.argsort(first).tolist():
        lines += ["", f"Origin {numbers[found[i]]}"]
        start, end = int(ends[i - 1]) if i else 0, int(ends[i])
        cells = [f"{names[j]} : {amounts[j]};" for j in range(start, end)]
        lines += ["\t" + "\t".join(cells[j : j + PAIRS_PER_LINE]) for j in range(0, len(cells), PAIRS_PER_LINE)]
    return "\n".join(lines) + "\n"
