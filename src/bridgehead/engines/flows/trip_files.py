"""Trip tables for an assignment: TNTP, OMX or Parquet by the end of the file's name, with everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.opened import OpenedFile
from bridgehead.engines.network.directed import Trips
from bridgehead.engines.network.formats import omx, parquet
from bridgehead.engines.network.formats.tntp import try_trips
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

OMX, PARQUET = ".omx", ".parquet"
BINARY = (OMX, PARQUET)
"""Ends of the names of files that are no text."""

Int64 = npt.NDArray[np.int64]
T = TypeVar("T")
FEW = 10
"""Most zones that a fault names."""
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
NOTHING = Trips(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0))


@dataclass(frozen=True)
class TripTable:
    """What was read of a trip table: its trips, the row each pair stands in, and what is wrong or odd.

    `first_row` is where to point for the table as a whole, None where it has no such row.
    """

    file: str
    trips: Trips
    rows: Int64
    first_row: int | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def trip_table(file: OpenedFile, zones: Sequence[str] | None) -> TripTable:
    """Read a trip table.

    Parameters
    ----------
    file : OpenedFile
        What was found; its `table` says which one is meant where it holds several.
    zones : sequence of str or None
        Labels of the zones of the network; None where they are not known, and any label may be one.
    """
    if file.text is not None:
        return _of_tntp(file.name, file.text, zones)
    assert file.data is not None
    read = _of_omx if file.name.lower().endswith(OMX) else _of_parquet
    try:
        trips, rows = read(file, file.data, zones)
    except BridgeheadError as error:
        return TripTable(file.name, NOTHING, np.empty(0, dtype=np.int64), None, error.faults)
    return TripTable(file.name, trips, rows, None)


def _of_tntp(name: str, text: str, zones: Sequence[str] | None) -> TripTable:
    if words := [label for label in zones or () if not _NUMBER.fullmatch(label)]:
        # Its numbers cannot be held against such zones, but what else is wrong can be told.
        faults = (
            Fault("flows.zones_not_numbers", {"zones": words[:FEW]}, Place(name)),
            *try_trips(text, None, name).faults,
        )
        return TripTable(name, NOTHING, np.empty(0, dtype=np.int64), None, faults)
    numbers = None if zones is None else np.array(list(map(int, zones)), dtype=np.int64)
    read = try_trips(text, numbers, name)
    return TripTable(name, read.trips, read.rows, read.first_row, read.faults, read.warnings)


def _of_omx(file: OpenedFile, data: bytes, zones: Sequence[str] | None) -> tuple[Trips, Int64]:
    found = omx.read_matrices(data, file.name)
    chosen = _chosen(file, {name: name for name in found.matrices})
    fitting = [name for name, labels in found.lookups.items() if zones is None or set(labels) == set(zones)]
    lookup = next(iter(fitting), None)
    labels = found.lookups[lookup] if lookup else tuple(map(str, range(1, len(found.matrices[chosen]) + 1)))
    known = labels if zones is None else zones
    trips = found.trips(chosen, known, lookup=lookup, file=file.name)
    row = {label: i for i, label in enumerate(labels, 1)} if lookup else {zone: i for i, zone in enumerate(known, 1)}
    return trips, np.array([row[known[i]] for i in trips.origin.tolist()], dtype=np.int64)


def _of_parquet(file: OpenedFile, data: bytes, zones: Sequence[str] | None) -> tuple[Trips, Int64]:
    found = {trips.name: (trips, rows) for trips, rows in parquet.trips_with_rows(data, zones, file.name)}
    return _chosen(file, found) if found else (NOTHING, np.empty(0, dtype=np.int64))


def _chosen(file: OpenedFile, tables: Mapping[str, T]) -> T:
    """Return the table that is meant."""
    if not file.table and len(tables) == 1:
        return next(iter(tables.values()))
    if file.table in tables:
        return tables[file.table]
    given = {"known": list(tables), "name": file.table}
    raise BridgeheadError("omx.unknown_name" if file.table else "flows.several_tables", given, Place(file.name))
