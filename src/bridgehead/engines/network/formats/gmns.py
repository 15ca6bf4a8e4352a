"""GMNS: networks as tables ``node.csv``, ``link.csv`` and ``zone.csv``, with ``link_delay.csv`` of our own beside them.

Source: General Modeling Network Specification (Zephyr Foundation, github.com/zephyr-data-specs/GMNS), tables node,
link and zone. The specification has no delay functions; `link_delay.csv` gives each link a kind and the parameters of
that kind by name (`bridgehead.engines.network.delays`), points of piecewise functions as ``volume/capacity time/time``
pairs with ``;`` between them. Its column `limit`, which may be left out or empty, is a volume that is not exceeded. A
node whose `zone_id` is filled is where the trips of that zone begin and end. The column `no_through` of `node.csv` is
ours, too: 1 says that no path passes the node.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.delays import DelayTable
from bridgehead.engines.network.directed import DirectedNetwork
from bridgehead.engines.network.formats.columns import Faults, floats, note_repeated, number_texts, stop
from bridgehead.engines.network.formats.labelled import (
    DELAY_COLUMNS,
    DelayRows,
    LinkRows,
    NodeRows,
    assemble,
    delay_rows,
    delay_table,
    picked,
    refuse_ids,
)
from bridgehead.kernel.errors import Fault, Place
from bridgehead.kernel.tables import split_records

Float64 = npt.NDArray[np.float64]

NODE, LINK, ZONE, LINK_DELAY = "node.csv", "link.csv", "zone.csv", "link_delay.csv"
NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        NODE: ("node_id", "x_coord", "y_coord"),
        LINK: ("link_id", "from_node_id", "to_node_id"),
        ZONE: ("zone_id",),
        LINK_DELAY: ("link_id", "kind"),
    }
)
"""Columns a table must have."""

BACK = "-back"
"""What the way back over a link that is not directed has behind its id."""

_YES, _NO = frozenset(("1", "true", "t", "yes", "y", "")), frozenset(("0", "false", "f", "no", "n"))
_NOTHING = frozenset(("", "nan", "null"))

# What would make everything after it look wrong.
_STOPPERS = frozenset(("network_file.missing_table", "table.missing_column"))

Cells = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class GmnsNetwork:
    """The tables as they are, name to columns to cells, and the network they describe.

    Parameters
    ----------
    tables : mapping of str to mapping of str to sequence of str
        Cells by table and column.
    directed : DirectedNetwork
        The network.
    zone_ids : tuple of str
        Labels of its zones, in the order of `DirectedNetwork.zones`.
    limit : float64 array, shape (links,)
        Largest volume of each link, infinite where there is none.
    delay_rows : tuple of int
        The row of ``link_delay.csv`` for each link; empty where there is no such table.
    """

    tables: Mapping[str, Cells]
    directed: DirectedNetwork
    zone_ids: tuple[str, ...]
    limit: Float64
    delay_rows: tuple[int, ...]


@dataclass(frozen=True)
class _Table:
    cells: Cells
    rows: Sequence[int]
    faults: Faults

    def texts(self, name: str) -> list[str]:
        """Return a column without blanks around its cells and without the marks of nothing; empty if it is absent."""
        found = [cell.strip() for cell in self.cells.get(name, ())] or [""] * len(self.rows)
        return ["" if cell.lower() in _NOTHING else cell for cell in found]

    def numbers(self, name: str, empty: float, least: float | None = None) -> Float64:
        texts = self.texts(name)
        filled = [i for i, cell in enumerate(texts) if cell]
        values = np.full(len(texts), empty)
        values[filled] = floats(
            [texts[i] for i in filled], [self.rows[i] for i in filled], name, self.faults, least=least
        )
        return values

    def switches(self, name: str, empty: bool) -> npt.NDArray[np.bool_]:
        found = np.full(len(self.rows), empty)
        for i, cell in enumerate(self.texts(name)):
            if cell and cell.lower() in _YES | _NO:
                found[i] = cell.lower() in _YES
            elif cell:
                self.faults.note("table.bad_boolean", self.rows[i], name, value=cell)
        return found

    def note_empty(self, *names: str) -> None:
        for name in names:
            for i, cell in enumerate(self.texts(name)):
                if not cell and name in self.cells:
                    self.faults.note("network_file.empty_cell", self.rows[i], name)


def read_network(tables: Mapping[str, str], *, warnings: list[Fault] | None = None) -> GmnsNetwork:
    """Read a network.

    Parameters
    ----------
    tables : mapping of str to str
        Texts of the tables by the names of their files. ``node.csv`` and ``link.csv`` must be there, ``zone.csv`` and
        ``link_delay.csv`` may be; columns may stand in any order, and columns the model does not use are kept.
    warnings : list of Fault, optional
        Gets one if there is no ``link_delay.csv``: links then take ``length / free_speed`` at any volume.

    Raises
    ------
    BridgeheadError
        With every fault of all tables: missing tables and columns, ids that stand twice, nodes, zones and links that
        are not there, cells that are no numbers, not finite or negative, links without a delay function, limits that
        are zero.
    """
    found = {name: _table(tables[name], name) for name in NEEDED if name in tables}
    several = [table.faults for table in found.values()]
    for name in (NODE, LINK):
        if name not in found:
            several.append(Faults(name))
            several[-1].note("network_file.missing_table")
    if any(fault.code in _STOPPERS for faults in several for fault in faults.found):
        stop(several)
    node, link = found[NODE], found[LINK]
    nodes, zone_ids = _nodes(node, found.get(ZONE))
    links, source = _links(link)
    limit, delay_rows = np.full(len(links.ids), np.inf), tuple[int, ...]()
    if LINK_DELAY in found:
        delays, limit, delay_rows = _delays(found[LINK_DELAY], links, link)
    else:
        delays = DelayTable.constant(_free_flow(link)[source])
        if warnings is not None:
            warnings.append(Fault("gmns.no_delays", {}, Place(LINK_DELAY), "warning"))
    directed = assemble(nodes, links, delays, node.faults, link.faults)
    stop(several)
    kept = {name: MappingProxyType(dict(table.cells)) for name, table in found.items()}
    return GmnsNetwork(MappingProxyType(kept), directed, zone_ids, limit, delay_rows)


def _table(text: str, name: str) -> _Table:
    faults = Faults(name)
    records, broken = split_records(text.removeprefix("\ufeff"), ",", name)
    for fault in broken:
        faults.keep(fault)
    header = [cell.strip() for cell in records[0][1]] if records else []
    whole = []
    for row, cells in records[1:]:
        if len(cells) != len(header):
            faults.note("table.ragged_row", row, None, found=len(cells), expected=len(header))
        else:
            whole.append((row, cells))
    for i, column in enumerate(header):
        if not column:
            faults.note("table.unnamed_column", 1, None, number=i + 1)
        elif column in header[:i]:
            faults.note("table.duplicate_column", 1, column)
    for column in NEEDED[name]:
        if column not in header:
            faults.note("table.missing_column", 1, column)
    columns = list(zip(*(cells for _, cells in whole), strict=True)) or [()] * len(header)
    return _Table(dict(zip(header, columns, strict=True)), [row for row, _ in whole], faults)


def _nodes(node: _Table, zone: _Table | None) -> tuple[NodeRows, tuple[str, ...]]:
    node.note_empty("node_id")
    of_nodes = node.texts("zone_id")
    filled = [i for i, name in enumerate(of_nodes) if name]
    note_repeated([of_nodes[i] for i in filled], [node.rows[i] for i in filled], "zone_id", node.faults)
    place = {of_nodes[i]: i for i in filled}
    order = list(place)
    if zone is not None:
        zone.note_empty("zone_id")
        order = zone.texts("zone_id")
        note_repeated(order, zone.rows, "zone_id", zone.faults)
        known = set(order)
        for i in filled:
            if of_nodes[i] not in known:
                node.faults.note("gmns.unknown_zone", node.rows[i], "zone_id", zone=of_nodes[i])
    zones = tuple(name for name in order if name in place)
    rows = NodeRows(
        node.texts("node_id"),
        node.numbers("x_coord", np.nan),
        node.numbers("y_coord", np.nan),
        node.switches("no_through", False),
        np.array([place[name] for name in zones], dtype=np.int32),
        node.rows,
    )
    return rows, zones


def _links(link: _Table) -> tuple[LinkRows, npt.NDArray[np.int64]]:
    link.note_empty("link_id", "from_node_id", "to_node_id")
    ids, tail, head = (link.texts(name) for name in ("link_id", "from_node_id", "to_node_id"))
    back = np.flatnonzero(~link.switches("directed", True))
    source = np.concatenate((np.arange(len(ids)), back))
    rows = LinkRows(
        [*ids, *(ids[i] + BACK for i in back)],
        [*tail, *(head[i] for i in back)],
        [*head, *(tail[i] for i in back)],
        link.numbers("length", 0.0, 0.0)[source],
        link.numbers("toll", 0.0, 0.0)[source],
        [link.rows[i] for i in source],
    )
    return rows, source


def _free_flow(link: _Table) -> Float64:
    speed = link.numbers("free_speed", np.nan, 0.0)
    told = {fault.place.row for fault in link.faults.found if fault.place.column in {"length", "free_speed"}}
    # The faults of the length are told already.
    length = replace(link, faults=Faults(link.faults.file)).numbers("length", np.nan, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        time = np.where(length == 0.0, 0.0, length / speed)
    for i in np.flatnonzero(~np.isfinite(time)).tolist():
        if link.rows[i] not in told:
            link.faults.note("gmns.no_time", link.rows[i])
    return time


def _delays(table: _Table, links: LinkRows, link: _Table) -> tuple[DelayTable, Float64, tuple[int, ...]]:
    """Return the delay function, the limit and the row of each link."""
    table.note_empty("link_id", "kind")
    ids = table.texts("link_id")
    note_repeated(ids, table.rows, "link_id", table.faults)
    known = set(links.ids)
    for row, name in zip(table.rows, ids, strict=True):
        if name not in known and name:
            table.faults.note("network_file.unknown_link", row, "link_id", link=name)
    given = DelayRows(
        [kind.lower() for kind in table.texts("kind")],
        {name: table.numbers(name, np.nan) for name in DELAY_COLUMNS},
        [_points(cell, row, table.faults) for cell, row in zip(table.texts("points"), table.rows, strict=True)],
        table.rows,
    )
    place = {name: i for i, name in enumerate(ids)}
    order = []
    for row, name in zip(links.rows, links.ids, strict=True):
        # The way back of a link that is not directed may have a row of its own.
        found = place.get(name, place.get(name.removesuffix(BACK), -1))
        order.append(max(found, 0))
        if found < 0 and name and len(order) <= len(link.rows):
            link.faults.note("network_file.no_delay", row, "link_id", link=name)
    limit = table.numbers("limit", np.inf, 0.0)
    for i in np.flatnonzero(limit == 0.0).tolist():
        table.faults.note("gmns.zero_limit", table.rows[i], "limit")
    delays = delay_table(given, table.faults)
    if not ids:
        return DelayTable.constant([]), np.empty(0), ()
    return picked(delays, order), limit[order], tuple(table.rows[i] for i in order)


def _points(cell: str, row: int, faults: Faults) -> list[tuple[float, float]]:
    if not cell:
        return []
    pairs = [pair.split() for pair in cell.split(";")]
    if any(len(pair) != 2 for pair in pairs):
        faults.note("gmns.bad_points", row, "points", value=cell)
        return []
    flat = floats([text for pair in pairs for text in pair], [row] * (2 * len(pairs)), "points", faults)
    return [(x, y) for x, y in flat.reshape(-1, 2).tolist()]


def write_network(network: GmnsNetwork) -> dict[str, str]:
    """Return the texts of the tables by the names of their files; reading gives the same cells."""
    return {name: _text(cells) for name, cells in network.tables.items()}


def _text(cells: Cells) -> str:
    lines = [",".join(map(_quoted, cells)), *(",".join(map(_quoted, row)) for row in zip(*cells.values(), strict=True))]
    return "\n".join(lines) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set('",\r\n') else cell


def of_directed(network: DirectedNetwork, limit: Float64 | None = None) -> GmnsNetwork:
    """Return a network as tables; reading them back gives the same arrays to the bit.

    Parameters
    ----------
    network : DirectedNetwork
        What to write.
    limit : float64 array, shape (links,), optional
        Largest volume of each link, infinite where there is none.

    Raises
    ------
    BridgeheadError
        With every id that would not come back: empty, with blanks around it, a word for nothing, or there already.
    """
    refuse_ids(network, NODE, LINK, nothing=_NOTHING)
    zone_of = dict.fromkeys(network.node_ids, "")
    zones = [network.node_ids[i] for i in network.zones.tolist()]
    zone_of.update({name: name for name in zones})
    given = delay_rows(network.delays)
    tail, head = ([network.node_ids[i] for i in end.tolist()] for end in (network.tail, network.head))
    tables: dict[str, Cells] = {
        NODE: {
            "node_id": network.node_ids,
            "x_coord": _cells(network.x),
            "y_coord": _cells(network.y),
            "zone_id": [zone_of[name] for name in network.node_ids],
            "no_through": [str(int(closed)) for closed in network.no_through.tolist()],
        },
        LINK: {
            "link_id": network.link_ids,
            "from_node_id": tail,
            "to_node_id": head,
            "directed": ["1"] * network.link_count,
            "length": _cells(network.length),
            "toll": _cells(network.toll),
        },
        ZONE: {"zone_id": zones},
        LINK_DELAY: {
            "link_id": network.link_ids,
            "kind": given.kinds,
            **{name: _cells(values) for name, values in given.values.items()},
            **({} if limit is None else {"limit": _cells(np.where(np.isinf(limit), np.nan, limit))}),
            "points": [
                "; ".join(" ".join(number_texts(np.array(point))) for point in points) for points in given.points
            ],
        },
    }
    most = np.full(network.link_count, np.inf) if limit is None else limit
    return GmnsNetwork(MappingProxyType(tables), network, tuple(zones), most, tuple(range(2, network.link_count + 2)))


def _cells(values: Float64) -> list[str]:
    return ["" if text == "nan" else text for text in number_texts(values)]
