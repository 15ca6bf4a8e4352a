"""An assignment of trips out of texts: network, trip tables and classes, with the faults of all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bridgehead.engines.flows.class_file import ClassRow, try_classes
from bridgehead.engines.flows.problem import AssignmentProblem, problem_of
from bridgehead.engines.flows.reach import unreachable
from bridgehead.engines.network.directed import DirectedNetwork, Trips
from bridgehead.engines.network.formats.columns import Faults
from bridgehead.engines.network.formats.tntp import NetworkReading, TntpNetwork, TripsReading, try_network, try_trips
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

LOST = "flows.disconnected"


@dataclass(frozen=True)
class TextFile:
    """A file as whoever opens files found it: its text, or None with the faults that say why there is none."""

    name: str
    text: str | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Table:
    """A trip table of a file: what was read of it."""

    file: str
    reading: TripsReading


@dataclass(frozen=True)
class AssignmentFiles:
    """What the files hold: `network`, and `classes` (none: one class) with a table and trips for each."""

    network: TntpNetwork
    classes: tuple[ClassRow, ...]
    tables: tuple[Table, ...]
    trips: tuple[Trips, ...]
    warnings: tuple[Fault, ...] = field(default=())

    def problem(self, *, toll_weight: float = 0.0, distance_weight: float = 0.0) -> AssignmentProblem:
        """Return the assignment; see `bridgehead.engines.flows.problem.problem_of`."""
        return problem_of(
            self.network.directed(),
            self.trips,
            toll_weight=toll_weight,
            distance_weight=distance_weight,
            classes=self.classes,
        )

    def located(self, error: BridgeheadError) -> BridgeheadError:
        """Return an error of a solver with every pair that has no path in the file and row of its trips."""
        if all(fault.code != LOST for fault in error.faults):
            return error
        lost = _lost(self.network, self.network.directed(), self.tables)
        return BridgeheadError.of([*(fault for fault in error.faults if fault.code != LOST), *lost])


def read_files(
    network: TextFile,
    trips: TextFile,
    classes: TextFile | None = None,
    other_trips: Callable[[str], TextFile] | None = None,
) -> AssignmentFiles:
    """Read the files of an assignment.

    Parameters
    ----------
    network, trips : TextFile
        In the format TNTP.
    classes : TextFile, optional
        A table of classes (`bridgehead.engines.flows.class_file`).
    other_trips : callable, optional
        Finds a trip table that a class names.

    Raises
    ------
    BridgeheadError
        Every fault of all files: those that `read_network`, `read_trips` and `read_classes` know; `flows.no_demand`
        for a table without trips between zones; `delays.bad_row` for a power that is too large; and where the figures
        of the network are faulty, but not its links, `flows.disconnected` for every pair that has no path. In a
        network without faults a solver finds those (`AssignmentFiles.located`).
    """
    net = None if network.text is None else try_network(network.text, network.name)
    faults = [*network.faults, *(net.faults if net else ()), *_delay_faults(net, network.name)]
    rows: tuple[ClassRow, ...] = ()
    if classes is not None:
        found = ((), ()) if classes.text is None else try_classes(classes.text, classes.name)
        rows = found[0]
        faults += [*classes.faults, *found[1]]
    tables = dict(_tables(net, trips, rows, other_trips, faults))
    if faults and net is not None and net.network is not None:
        faults += _lost(net.network, net.network.directed(), tuple(tables.values()))
    if faults or net is None or net.network is None:
        raise BridgeheadError.of(faults)
    mine = tuple(tables[row.trips] for row in rows) or (tables[""],)
    amounts = tuple(one.reading.trips for one in mine)
    if rows:
        amounts = tuple(
            one if row.trips else replace(one, amount=one.amount * row.share)
            for one, row in zip(amounts, rows, strict=True)
        )
    warnings = tuple(fault for one in tables.values() for fault in one.reading.warnings)
    return AssignmentFiles(net.network, rows, mine, amounts, warnings)


def _tables(
    net: NetworkReading | None,
    trips: TextFile,
    rows: Sequence[ClassRow],
    other_trips: Callable[[str], TextFile] | None,
    faults: list[Fault],
) -> Iterator[tuple[str, Table]]:
    """Yield every trip table by the name the classes have for it, blank for that of all, and note what is wrong."""
    named: Mapping[str, TextFile] = {
        "": trips, **{row.trips: other_trips(row.trips) for row in rows if row.trips and other_trips}
    }  # fmt: skip
    for name, file in named.items():
        faults.extend(file.faults)
        if file.text is None:
            continue
        reading = try_trips(file.text, None if net is None else net.zones, file.name)
        faults.extend(reading.faults)
        between = reading.trips.origin != reading.trips.destination
        used = name or not rows or not all(row.trips for row in rows)
        if used and not reading.faults and not (reading.trips.amount[between] > 0.0).any():
            faults.append(Fault("flows.no_demand", {}, Place(file.name, reading.first_row)))
        yield name, Table(file.name, reading)


def _delay_faults(net: NetworkReading | None, file: str) -> Iterator[Fault]:
    for fault in net.network.directed().delays.faults() if net and net.network else ():
        if "power" in fault.parameters:  # everything else is a fault of the file already
            link = int(str(fault.parameters["row"]))
            told = {**fault.parameters, "row": str(link + 1)}
            assert net is not None
            yield replace(fault, parameters=told, place=Place(file, net.rows[link], "power"))


def _lost(source: TntpNetwork, network: DirectedNetwork, tables: Sequence[Table]) -> list[Fault]:
    """Return a fault for every pair with trips that no path joins."""
    found = []
    for one in dict.fromkeys(table.file for table in tables):
        reading = next(table.reading for table in tables if table.file == one)
        problem = problem_of(network, [reading.trips])
        lost = unreachable(problem)
        size = problem.node_count
        ends = problem.pairs.origin.astype(np.int64) * size + problem.pairs.destination
        zones = network.zones.astype(np.int64)
        keys = zones[reading.trips.origin] * size + zones[reading.trips.destination]
        faults = Faults(one)
        for i in np.flatnonzero(np.isin(keys, ends[lost]) & (reading.trips.amount != 0.0)).tolist():
            numbers = source.zone_numbers[[reading.trips.origin[i], reading.trips.destination[i]]]
            faults.note(
                LOST, int(reading.rows[i]), None, origin=int(numbers[0]), destination=int(numbers[1]),
                amount=float(reading.trips.amount[i]), first_thru_node=source.first_thru_node,
            )  # fmt: skip
        found += faults.listed()
    return found
