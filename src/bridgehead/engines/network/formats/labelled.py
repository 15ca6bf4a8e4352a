"""From rows with labels to the arrays of a directed network, and the delay functions as columns.

What GMNS, GeoJSON and Parquet have in common: nodes and links carry texts as names, a link names its two nodes, and
its delay function is a kind with the parameters of that kind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.delays import PARAMETERS, WIDTH, DelayKind, DelayTable
from bridgehead.engines.network.directed import DirectedNetwork
from bridgehead.engines.network.formats.columns import Faults, note_repeated, stop
from bridgehead.kernel.errors import Fault, Place

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]

Points = Sequence[tuple[float, float]]

DELAY_COLUMNS = tuple(dict.fromkeys(name for names in PARAMETERS.values() for name in names))
"""Every parameter a delay function can have, each once."""

KINDS = {kind.name.lower(): kind for kind in DelayKind}


@dataclass(frozen=True)
class NodeRows:
    """Nodes as a file has them, with their rows in it; `zones` holds positions, NaN an unknown coordinate."""

    ids: Sequence[str]
    x: Float64
    y: Float64
    no_through: npt.NDArray[np.bool_]
    zones: Int32
    rows: Sequence[int]


@dataclass(frozen=True)
class LinkRows:
    """Links as a file has them, with their rows in it; `tail` and `head` hold ids of nodes."""

    ids: Sequence[str]
    tail: Sequence[str]
    head: Sequence[str]
    length: Float64
    toll: Float64
    rows: Sequence[int]


@dataclass(frozen=True)
class DelayRows:
    """Delay functions as a file has them: names of kinds, parameters by name (NaN where a cell is empty), points."""

    kinds: Sequence[str]
    values: Mapping[str, Float64]
    points: Sequence[Points]
    rows: Sequence[int]


def assemble(
    nodes: NodeRows, links: LinkRows, delays: DelayTable, node_faults: Faults, link_faults: Faults
) -> DirectedNetwork:
    """Return the network and note ids that stand twice and nodes that are not there.

    Parameters
    ----------
    nodes, links : NodeRows, LinkRows
        What the file has.
    delays : DelayTable
        A row each link.
    node_faults, link_faults : Faults
        Where to note what is wrong; the network is not to be used if anything is.
    """
    note_repeated(nodes.ids, nodes.rows, "node_id", node_faults)
    note_repeated(links.ids, links.rows, "link_id", link_faults)
    place = {name: i for i, name in enumerate(nodes.ids)}
    ends: list[Int32] = []
    for column, names in (("from_node_id", links.tail), ("to_node_id", links.head)):
        found = [place.get(name, -1) for name in names]
        for i, position in enumerate(found):
            if position < 0:
                link_faults.note(
                    "network_file.unknown_node", links.rows[i], column, node=names[i], nodes=len(nodes.ids)
                )
        ends.append(np.array(found, dtype=np.int32))
    return DirectedNetwork(
        tuple(nodes.ids),
        nodes.x,
        nodes.y,
        nodes.zones,
        nodes.no_through,
        tuple(links.ids),
        ends[0],
        ends[1],
        links.length,
        links.toll,
        delays,
    )


def refuse_ids(network: DirectedNetwork, node_file: str, link_file: str, *, nothing: Collection[str] = ("",)) -> None:
    """Refuse to write a network whose ids would not come back.

    Parameters
    ----------
    network : DirectedNetwork
        What is to be written.
    node_file, link_file : str
        How faults call the files; rows count nodes and links.
    nothing : collection of str
        What readers of the format take for an empty cell, in small letters; if it is more than the empty text, they
        also drop blanks around a cell.

    Raises
    ------
    BridgeheadError
        With every id that is empty or stands twice.
    """
    several = []
    for file, column, ids in ((node_file, "node_id", network.node_ids), (link_file, "link_id", network.link_ids)):
        faults = Faults(file)
        rows = range(1, len(ids) + 1)
        for row, name in zip(rows, ids, strict=True):
            if name.lower() in nothing or (len(nothing) > 1 and name != name.strip()):
                faults.note("network_file.not_writable", row, column, value=name)
        note_repeated(ids, rows, column, faults)
        several.append(faults)
    stop(several)


def delay_rows(delays: DelayTable) -> DelayRows:
    """Return delay functions as the columns a file has."""
    names = [DelayKind(kind).name.lower() for kind in range(len(DelayKind))]
    points: list[Points] = [()] * len(delays)
    for row in np.flatnonzero(np.diff(delays.point_first)).tolist():
        points[row] = [(x, y) for x, y in delays.points_of(row).tolist()]
    return DelayRows(
        [names[kind] for kind in delays.kind.tolist()],
        {name: delays.column(name) for name in DELAY_COLUMNS},
        points,
        range(len(delays)),
    )


def delay_table(given: DelayRows, faults: Faults) -> DelayTable:
    """Return delay functions from the columns of a file.

    Parameters
    ----------
    given : DelayRows
        What the file has.
    faults : Faults
        Where to note kinds that are none, parameters that are missing or that the kind has not, and functions that
        are not finite or decrease.
    """
    kind = np.array([KINDS.get(name, -1) for name in given.kinds], dtype=np.int8)
    about = {"points", "volume_points", "time_points", *DELAY_COLUMNS}
    noted = {(fault.place.row, fault.place.column) for fault in faults.found if fault.place.column in about}
    rows = {row for row, _ in noted}
    faulty = {i for i, row in enumerate(given.rows) if row in rows} if rows else set()
    unknown = np.flatnonzero(kind < 0).tolist()
    faulty.update(unknown)
    for i in unknown:
        faults.note("table.not_allowed", given.rows[i], "kind", value=given.kinds[i], allowed=list(KINDS))
    parameters = np.zeros((len(kind), WIDTH))
    for one in DelayKind:
        here = kind == one
        for name, values in given.values.items():
            if name in PARAMETERS[one]:
                parameters[here, PARAMETERS[one].index(name)] = values[here]
            empty = np.isnan(values)
            wrong = here & (empty if name in PARAMETERS[one] else ~empty)
            code = "network_file.empty_cell" if name in PARAMETERS[one] else "network_file.unused_cell"
            for i in np.flatnonzero(wrong).tolist():
                faulty.add(i)
                if (given.rows[i], name) not in noted:
                    faults.note(code, given.rows[i], name, kind=given.kinds[i])
    for i, points in enumerate(given.points):
        if points and kind[i] != DelayKind.PIECEWISE:
            faults.note("network_file.unused_cell", given.rows[i], "points", kind=given.kinds[i])
            faulty.add(i)
    first = np.concatenate(([0], np.cumsum([len(points) for points in given.points]))).astype(np.int32)
    flat = np.array([point for points in given.points for point in points], dtype=np.float64).reshape(-1, 2)
    table = DelayTable(np.maximum(kind, 0), parameters, first, flat)
    doubtful = [i for i in _doubtful(table) if i not in faulty]
    for fault in picked(table, doubtful).faults():
        row = given.rows[doubtful[int(str(fault.parameters["row"]))]]
        faults.keep(Fault(fault.code, {**fault.parameters, "row": row}, Place(faults.file, row)))
    return table


def _doubtful(table: DelayTable) -> list[int]:
    # Looking at rows one by one takes long where there are many; what is plainly right is passed over.
    plain = (table.kind == DelayKind.CONSTANT) | ((table.kind == DelayKind.BPR) & (table.parameters[:, 1] > 0.0))
    plain &= (np.isfinite(table.parameters) & (table.parameters >= 0.0)).all(axis=1)
    rows: list[int] = np.flatnonzero(~plain).tolist()
    return rows


def picked(delays: DelayTable, order: Sequence[int]) -> DelayTable:
    """Return some rows of a table, in this order."""
    order = list(order)
    sizes = np.diff(delays.point_first)[order]
    points = [delays.points_of(row) for row in order if delays.point_first[row] < delays.point_first[row + 1]]
    return DelayTable(
        delays.kind[order],
        delays.parameters[order],
        np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        np.concatenate(points) if points else np.empty((0, 2)),
    )
