"""An assignment of trips out of files: network, trip tables and classes, with the faults of all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bridgehead.engines.flows.class_file import ClassRow, try_classes
from bridgehead.engines.flows.network_files import NetworkFile
from bridgehead.engines.flows.opened import OpenedFile
from bridgehead.engines.flows.problem import AssignmentProblem, problem_of
from bridgehead.engines.flows.reach import unreachable
from bridgehead.engines.flows.trip_files import TripTable, trip_table
from bridgehead.engines.network.directed import DirectedNetwork, Trips
from bridgehead.engines.network.formats.columns import Faults
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

LOST = "flows.disconnected"


@dataclass(frozen=True)
class AssignmentFiles:
    """What the files hold: a network, and `classes` (none: one class) with a table and trips for each."""

    source: NetworkFile
    network: DirectedNetwork
    classes: tuple[ClassRow, ...]
    tables: tuple[TripTable, ...]
    trips: tuple[Trips, ...]
    warnings: tuple[Fault, ...] = field(default=())

    def problem(self, *, toll_weight: float = 0.0, distance_weight: float = 0.0) -> AssignmentProblem:
        """Return the assignment; see `bridgehead.engines.flows.problem.problem_of`."""
        return problem_of(
            self.network,
            self.trips,
            toll_weight=toll_weight,
            distance_weight=distance_weight,
            classes=self.classes,
            limit=self.source.limit,
        )

    def located(self, error: BridgeheadError) -> BridgeheadError:
        """Return an error of a solver with every pair that has no path in the file and row of its trips."""
        if all(fault.code != LOST for fault in error.faults):
            return error
        lost = _lost(self.source, self.network, self.tables)
        return BridgeheadError.of([*(fault for fault in error.faults if fault.code != LOST), *lost])


def read_files(
    source: NetworkFile,
    trips: OpenedFile,
    classes: OpenedFile | None = None,
    other_trips: Callable[[str], OpenedFile] | None = None,
) -> AssignmentFiles:
    """Read the files of an assignment.

    Parameters
    ----------
    source : NetworkFile
        The network, in TNTP (`bridgehead.engines.flows.network_files.of_tntp`) or GMNS (`of_gmns`).
    trips : OpenedFile
        In TNTP, OMX or Parquet (`bridgehead.engines.flows.trip_files`).
    classes : OpenedFile, optional
        A table of classes (`bridgehead.engines.flows.class_file`).
    other_trips : callable, optional
        Finds a trip table that a class names.

    Raises
    ------
    BridgeheadError
        Every fault of all files: those that the readers of the formats and `read_classes` know; `flows.no_demand` for
        a table without trips between zones; and where the figures of the network are faulty, but not its links,
        `flows.disconnected` for every pair that has no path. In a network without faults a solver finds those
        (`AssignmentFiles.located`).
    """
    faults = list(source.faults)
    rows: tuple[ClassRow, ...] = ()
    if classes is not None:
        found = ((), ()) if classes.text is None else try_classes(classes.text, classes.name)
        rows = found[0]
        faults += [*classes.faults, *found[1]]
    tables = dict(_tables(source.zones, trips, rows, other_trips, faults))
    network = source.network
    if faults and network is not None:
        faults += _lost(source, network, tuple(tables.values()))
    if faults or network is None:
        raise BridgeheadError.of(faults)
    mine = tuple(tables[row.trips] for row in rows) or (tables[""],)
    amounts = tuple(one.trips for one in mine)
    if rows:
        amounts = tuple(
            one if row.trips else replace(one, amount=one.amount * row.share)
            for one, row in zip(amounts, rows, strict=True)
        )
    warnings = (*source.warnings, *(fault for one in tables.values() for fault in one.warnings))
    return AssignmentFiles(source, network, rows, mine, amounts, warnings)


def _tables(
    zones: Sequence[str] | None,
    trips: OpenedFile,
    rows: Sequence[ClassRow],
    other_trips: Callable[[str], OpenedFile] | None,
    faults: list[Fault],
) -> Iterator[tuple[str, TripTable]]:
    """Yield every trip table by the name the classes have for it, blank for that of all, and note what is wrong."""
    named: Mapping[str, OpenedFile] = {
        "": trips, **{row.trips: other_trips(row.trips) for row in rows if row.trips and other_trips}
    }  # fmt: skip
    for name, file in named.items():
        faults.extend(file.faults)
        if not file.found:
            continue
        table = trip_table(file, zones)
        faults.extend(table.faults)
        between = table.trips.origin != table.trips.destination
        used = name or not rows or not all(row.trips for row in rows)
        if used and not table.faults and not (table.trips.amount[between] > 0.0).any():
            faults.append(Fault("flows.no_demand", {}, Place(file.name, table.first_row)))
        yield name, table


def _lost(source: NetworkFile, network: DirectedNetwork, tables: Sequence[TripTable]) -> list[Fault]:
    """Return a fault for every pair with trips that no path joins."""
    found, labels = [], source.zones or ()
    for table in {(one.file, one.trips.name): one for one in tables}.values():
        trips = table.trips
        problem = problem_of(network, [trips])
        lost = unreachable(problem)
        size = problem.node_count
        ends = problem.pairs.origin.astype(np.int64) * size + problem.pairs.destination
        zones = network.zones.astype(np.int64)
        keys = zones[trips.origin] * size + zones[trips.destination]
        faults = Faults(table.file)
        for i in np.flatnonzero(np.isin(keys, ends[lost]) & (trips.amount != 0.0)).tolist():
            faults.note(
                LOST, int(table.rows[i]), None, **source.about_paths, origin=labels[trips.origin[i]],
                destination=labels[trips.destination[i]], amount=float(trips.amount[i]),
            )  # fmt: skip
        found += faults.listed()
    return found
