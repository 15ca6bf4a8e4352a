"""Parquet: networks, trips and link flows as columns, with their units in the metadata of the file.

Source: Apache Parquet, through polars. The key ``bridgehead`` of the metadata holds what the columns are and the unit
of each. A network is two tables, ``node.parquet`` and ``link.parquet``. A file made to do harm can end the process
inside polars: what strangers upload belongs in a process of its own.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.directed import DirectedNetwork, Trips
from bridgehead.engines.network.formats.columns import Faults, check, note_repeated, stop
from bridgehead.engines.network.formats.labelled import (
    DELAY_COLUMNS,
    DelayRows,
    LinkRows,
    NodeRows,
    assemble,
    delay_rows,
    delay_table,
    refuse_ids,
)
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

if TYPE_CHECKING:
    import polars as pl

Float64 = npt.NDArray[np.float64]

NODE, LINK, FLOWS = "node.parquet", "link.parquet", "link_flows.parquet"
KEY = "bridgehead"

Units = Mapping[str, str]


@dataclass(frozen=True)
class LinkFlows:
    """What flows on links: ids of links and of the nodes they join, and columns such as volume and cost with units.

    `columns` holds float64 arrays along the links; `units` the unit of a column by its name, such as ``t/year``.
    """

    link_ids: tuple[str, ...]
    from_node_ids: tuple[str, ...]
    to_node_ids: tuple[str, ...]
    columns: Mapping[str, Float64]
    units: Units = field(default_factory=dict)

    @classmethod
    def of(cls, network: DirectedNetwork, columns: Mapping[str, Float64], units: Units | None = None) -> LinkFlows:
        """Return flows on the links of a network."""
        tail, head = (tuple(network.node_ids[i] for i in end.tolist()) for end in (network.tail, network.head))
        return cls(network.link_ids, tail, head, columns, units or {})


class _Table:
    """A table that was read, with the faults of its file."""

    def __init__(self, data: bytes, file: str) -> None:
        import polars as pl
        from polars.exceptions import PanicException, PolarsError

        self.faults = Faults(file)
        try:
            self.frame = pl.read_parquet(io.BytesIO(data))
            about = json.loads(pl.read_parquet_metadata(io.BytesIO(data)).get(KEY, "{}"))
        except (PolarsError, PanicException, OSError, ValueError):
            raise BridgeheadError("parquet.unreadable", {}, Place(file)) from None
        self.about: Mapping[str, Any] = about if isinstance(about, dict) else {}
        self.rows = range(1, len(self.frame) + 1)

    def column(self, name: str, *wanted: str) -> pl.Series | None:
        """Return a column of one of these types, or None and a fault."""
        if name not in self.frame.columns:
            self.faults.note("network_file.missing_column", None, name, column=name, columns=self.frame.columns)
            return None
        found = self.frame[name]
        if str(found.dtype) not in wanted:
            self.faults.note("parquet.wrong_type", None, name, column=name, found=str(found.dtype), wanted=wanted[0])
            return None
        return found

    def texts(self, name: str) -> list[str]:
        """Return a column of labels; an empty one is a fault."""
        found = self.column(name, "String")
        if found is None:
            return [""] * len(self.frame)
        texts: list[str] = found.fill_null("").to_list()
        for row in (i + 1 for i, text in enumerate(texts) if not text):
            self.faults.note("network_file.empty_cell", row, name)
        return texts

    def numbers(self, name: str, *, least: float | None = None, empty: bool = False) -> Float64:
        """Return a column of numbers; cells without one are NaN where they may be, and otherwise a fault."""
        found = self.column(name, *_NUMBERS)
        if found is None:
            return np.zeros(len(self.frame))
        values = found.cast(_polars().Float64).fill_null(np.nan).to_numpy().copy()
        known = np.where(np.isnan(values), 0.0, values) if empty else values
        check(known, name, self.faults, least=least)
        return values


_NUMBERS = ("Float64", "Float32", "Int64", "Int32", "Int16", "Int8", "UInt64", "UInt32", "UInt16", "UInt8")


def _polars() -> Any:
    # Importing it takes a quarter of a second, and most commands need none of it.
    import polars

    return polars


def _bytes(columns: Mapping[str, object], types: Mapping[str, object], about: Mapping[str, object]) -> bytes:
    stream = io.BytesIO()
    frame = _polars().DataFrame(columns, schema_overrides=types)
    frame.write_parquet(stream, metadata={KEY: json.dumps(about, ensure_ascii=False)})
    return stream.getvalue()


def _strings(names: Sequence[str]) -> dict[str, object]:
    return dict.fromkeys(names, _polars().String)


def write_network(network: DirectedNetwork, units: Units | None = None) -> dict[str, bytes]:
    """Return the two tables of a network by the names of their files; reading gives the same arrays to the bit.

    Parameters
    ----------
    network : DirectedNetwork
        What to write.
    units : mapping of str to str, optional
        Units of columns by their names, such as ``length``, for the metadata.

    Raises
    ------
    BridgeheadError
        With every id that is empty or there already.
    """
    refuse_ids(network, NODE, LINK)
    pl = _polars()
    zones: list[int | None] = [None] * network.node_count
    for i, node in enumerate(network.zones.tolist()):
        zones[node] = i
    given = delay_rows(network.delays)
    flows = LinkFlows.of(network, {})
    ends = {"link_id": flows.link_ids, "from_node_id": flows.from_node_ids, "to_node_id": flows.to_node_ids}
    node = {
        "node_id": network.node_ids,
        "x": network.x,
        "y": network.y,
        "zone": zones,
        "no_through": network.no_through,
    }
    link = {
        **ends,
        "length": network.length,
        "toll": network.toll,
        "kind": given.kinds,
        **given.values,
        "volume_points": [[x for x, _ in points] for points in given.points],
        "time_points": [[y for _, y in points] for points in given.points],
    }
    of_points = dict.fromkeys(("volume_points", "time_points"), pl.List(pl.Float64))
    return {
        NODE: _bytes(node, {"node_id": pl.String, "zone": pl.Int32}, {"table": "node", "units": dict(units or {})}),
        LINK: _bytes(link, {**_strings([*ends, "kind"]), **of_points}, {"table": "link", "units": dict(units or {})}),
    }


def read_network(tables: Mapping[str, bytes]) -> DirectedNetwork:
    """Read a network from its two tables.

    Parameters
    ----------
    tables : mapping of str to bytes
        ``node.parquet`` and ``link.parquet``.

    Raises
    ------
    BridgeheadError
        With every fault of both: what is no Parquet, columns that are missing or of another type, ids that stand
        twice, nodes that are not there, numbers that are not finite or negative, delay functions that cannot be. Rows
        count from 1, without a header.
    """
    missing = [Fault("network_file.missing_table", {}, Place(name)) for name in (NODE, LINK) if name not in tables]
    if missing:
        raise BridgeheadError.of(missing)
    node, link = _Table(tables[NODE], NODE), _Table(tables[LINK], LINK)
    nodes = NodeRows(
        node.texts("node_id"),
        node.numbers("x", empty=True),
        node.numbers("y", empty=True),
        _closed(node),
        _zones(node),
        node.rows,
    )
    links = LinkRows(
        link.texts("link_id"),
        link.texts("from_node_id"),
        link.texts("to_node_id"),
        link.numbers("length", least=0.0),
        link.numbers("toll", least=0.0),
        link.rows,
    )
    values = {name: link.numbers(name, empty=True) for name in DELAY_COLUMNS}
    kinds, points = link.texts("kind"), _points(link)
    delays = delay_table(DelayRows(kinds, values, points, link.rows), link.faults)
    network = assemble(nodes, links, delays, node.faults, link.faults)
    stop((node.faults, link.faults))
    return network


def _closed(node: _Table) -> npt.NDArray[np.bool_]:
    found = node.column("no_through", "Boolean")
    cells = [False] * len(node.frame) if found is None else found.fill_null(False).to_list()
    return np.array(cells, dtype=np.bool_)


def _zones(node: _Table) -> npt.NDArray[np.int32]:
    numbers = node.numbers("zone", empty=True)
    filled = np.flatnonzero(~np.isnan(numbers))
    note_repeated(numbers[filled].tolist(), (filled + 1).tolist(), "zone", node.faults)
    return filled[np.argsort(numbers[filled], kind="stable")].astype(np.int32)


def _points(link: _Table) -> list[list[tuple[float, float]]]:
    columns = [link.column(name, "List(Float64)") for name in ("volume_points", "time_points")]
    if columns[0] is None or columns[1] is None:
        return [[] for _ in link.rows]
    found = []
    for row, volumes, times in zip(
        link.rows, *(column.to_list() for column in columns if column is not None), strict=True
    ):
        if len(volumes or ()) != len(times or ()):
            link.faults.note(
                "network_file.wrong_width", row, "time_points", expected=len(volumes or ()), found=len(times or ())
            )
        found.append(list(zip(volumes or (), times or (), strict=False)))
    return found


def write_trips(several: Sequence[Trips], zones: Sequence[str], unit: str = "") -> bytes:
    """Return trips as one table with the labels of their zones; reading gives the same amounts to the bit.

    Parameters
    ----------
    several : sequence of Trips
        What is moved, each with a name of its own.
    zones : sequence of str
        Labels of the zones.
    unit : str
        Unit of the amounts, such as ``t/year``.

    Raises
    ------
    BridgeheadError
        If two of them have the same name.
    """
    faults = Faults("")
    note_repeated([trips.name for trips in several], range(1, len(several) + 1), "name", faults)
    faults.stop()
    columns = {
        "name": [trips.name for trips in several for _ in range(len(trips.amount))],
        "origin": [zones[i] for trips in several for i in trips.origin.tolist()],
        "destination": [zones[i] for trips in several for i in trips.destination.tolist()],
        "amount": np.concatenate([np.empty(0), *(trips.amount for trips in several)]),
    }
    about = {"table": "trips", "units": {"amount": unit}, "names": [trips.name for trips in several]}
    return _bytes(columns, _strings(["name", "origin", "destination"]), about)


def read_trips(data: bytes, zones: Sequence[str], file: str = "trips.parquet") -> tuple[Trips, ...]:
    """Read trips between the zones of a network.

    Parameters
    ----------
    data : bytes
        The file.
    zones : sequence of str
        Labels of the zones of the network.
    file : str
        How faults call it.

    Raises
    ------
    BridgeheadError
        With every fault: what is no Parquet, columns that are missing or of another type, zones that are not there,
        amounts that are not finite or negative. Rows count from 1, without a header.
    """
    return tuple(trips for trips, _ in trips_with_rows(data, zones, file))


def trips_with_rows(
    data: bytes, zones: Sequence[str] | None, file: str = "trips.parquet"
) -> tuple[tuple[Trips, npt.NDArray[np.int64]], ...]:
    """Return trips with the row each of their pairs stands in; see `read_trips`. Without zones any label is one."""
    table = _Table(data, file)
    amount = table.numbers("amount", least=0.0)
    columns = {name: table.texts(name) for name in ("origin", "destination")}
    zones = list(dict.fromkeys(label for found in columns.values() for label in found)) if zones is None else zones
    place = {label: i for i, label in enumerate(zones)}
    ends = []
    for column, found in columns.items():
        for row in (i + 1 for i, label in enumerate(found) if label and label not in place):
            table.faults.note("tntp.unknown_zone", row, column, zone=found[row - 1], zones=len(zones))
        ends.append(np.array([place.get(label, 0) for label in found], dtype=np.int32))
    given = table.column("name", "String")
    names = [] if given is None else given.fill_null("").to_list()
    table.faults.stop()
    known = table.about.get("names", [])
    several = tuple(dict.fromkeys([*(known if isinstance(known, list) else []), *names]))
    numbers = {name: i for i, name in enumerate(several)}
    which = np.array([numbers[name] for name in names], dtype=np.int64)
    parts = [np.flatnonzero(which == i) for i in range(len(several))]
    return tuple(
        (Trips(ends[0][here], ends[1][here], amount[here], name), here + 1)
        for name, here in zip(several, parts, strict=True)
    )


def write_flows(flows: LinkFlows) -> bytes:
    """Return flows on links as a table; reading gives the same numbers to the bit.

    Raises
    ------
    BridgeheadError
        If a column is called like one of those that name the links.
    """
    ends = {"link_id": flows.link_ids, "from_node_id": flows.from_node_ids, "to_node_id": flows.to_node_ids}
    if taken := sorted(ends.keys() & flows.columns.keys()):
        raise BridgeheadError.of(
            Fault("network_file.not_writable", {"value": one}, Place(FLOWS, column=one)) for one in taken
        )
    return _bytes({**ends, **flows.columns}, _strings(list(ends)), {"table": "flows", "units": dict(flows.units)})


def read_flows(data: bytes, file: str = FLOWS) -> LinkFlows:
    """Read flows on links.

    Raises
    ------
    BridgeheadError
        With every fault: what is no Parquet, columns that are missing or are no numbers.
    """
    table = _Table(data, file)
    ends = [tuple(table.texts(name)) for name in ("link_id", "from_node_id", "to_node_id")]
    others = [name for name in table.frame.columns if name not in {"link_id", "from_node_id", "to_node_id"}]
    columns = {name: table.numbers(name, empty=True) for name in others}
    table.faults.stop()
    units = table.about.get("units", {})
    return LinkFlows(ends[0], ends[1], ends[2], MappingProxyType(columns), units if isinstance(units, dict) else {})
