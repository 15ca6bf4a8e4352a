"""TNTP: networks, trips, nodes and flows as the collection Transportation Networks for Research has them.

The cost of a link at volume x is ``free_flow_time * (1 + b * (x / capacity) ** power)`` plus weights times toll and
length, which a file does not state. Paths may not pass nodes below the first thru node. Trips within a zone are kept
in the file and not assigned. Source: README of the collection, section TNTP Data format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.delays import DelayKind, DelayTable
from bridgehead.engines.network.directed import DirectedNetwork
from bridgehead.engines.network.formats.columns import NO_INTEGER, Faults, floats, integers, number_texts
from bridgehead.engines.network.formats.tntp_tables import (
    TntpFlows,
    TntpNodes,
    read_flows,
    read_nodes,
    write_flows,
    write_nodes,
)
from bridgehead.engines.network.formats.tntp_text import (
    END,
    FIRST_THRU_NODE,
    LINKS,
    NODES,
    ZONES,
    Grid,
    TntpText,
    count,
    grid,
    split,
)
from bridgehead.engines.network.formats.tntp_trips import TripsReading, is_trips, read_trips, try_trips, write_trips
from bridgehead.kernel.errors import BridgeheadError, Fault

__all__ = [
    "NetworkReading",
    "TntpFlows",
    "TntpNetwork",
    "TntpNodes",
    "TripsReading",
    "read_flows",
    "read_network",
    "read_nodes",
    "read_trips",
    "try_network",
    "try_trips",
    "write_flows",
    "write_network",
    "write_nodes",
    "write_trips",
]

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

COLUMNS = (
    "init_node",
    "term_node",
    "capacity",
    "length",
    "free_flow_time",
    "b",
    "power",
    "speed",
    "toll",
    "link_type",
)
"""Columns of a network file in the standard order."""

NEEDED = COLUMNS[:7]

_COUNTS = frozenset((ZONES, NODES, FIRST_THRU_NODE, LINKS))

OTHER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("init", "from", "from_node", "tail", "start_node"), "init_node"),
        **dict.fromkeys(("term", "to", "to_node", "head", "end_node"), "term_node"),
        **dict.fromkeys(("ftime", "fft", "fftt", "free_flow_travel_time"), "free_flow_time"),
        "alpha": "b",
        "beta": "power",
        "distance": "length",
        "speed_limit": "speed",
        "type": "link_type",
    }
)


@dataclass(frozen=True)
class TntpNetwork:
    """A network file as it is; arrays run along its links, in their order.

    Parameters
    ----------
    zones : int
        Zones are the first so many of the nodes.
    first_thru_node : int
        No path passes nodes with smaller numbers.
    node_numbers : int64 array, shape (nodes,)
        Numbers of the nodes, rising; 1 to their count unless the file numbers them otherwise.
    init_node, term_node : int64 arrays, shape (links,)
        Numbers of the nodes a link leads from and to.
    capacity, length, free_flow_time, b, power, speed, toll, link_type : float64 arrays, shape (links,)
        As in the file, in its units; zero where a file has no speed, toll or type.
    extra : mapping of str to float64 array
        Columns the format does not know; those that hold words are left out.
    metadata : mapping of str to str
        What else stands between angle brackets.
    """

    zones: int
    first_thru_node: int
    node_numbers: Int64
    init_node: Int64
    term_node: Int64
    capacity: Float64
    length: Float64
    free_flow_time: Float64
    b: Float64
    power: Float64
    speed: Float64
    toll: Float64
    link_type: Float64
    extra: Mapping[str, Float64]
    metadata: Mapping[str, str]

    @property
    def zone_numbers(self) -> Int64:
        """Numbers of the zones, in the order of positions in `Trips`."""
        return self.node_numbers[: self.zones]

    def directed(self, nodes: TntpNodes | None = None) -> DirectedNetwork:
        """Return the network as the solvers take it, with BPR functions.

        Parameters
        ----------
        nodes : TntpNodes, optional
            Coordinates; nodes without any get NaN, and those of other nodes are left out.
        """
        x = np.full(len(self.node_numbers), np.nan)
        y = x.copy()
        if nodes is not None and len(nodes.number):
            place = np.searchsorted(self.node_numbers, nodes.number)
            here = self.node_numbers[np.minimum(place, len(x) - 1)] == nodes.number
            x[place[here]], y[place[here]] = nodes.x[here], nodes.y[here]
        return DirectedNetwork(
            node_ids=tuple(map(str, self.node_numbers.tolist())),
            x=x,
            y=y,
            zones=np.arange(self.zones, dtype=np.int32),
            no_through=self.node_numbers < self.first_thru_node,
            link_ids=tuple(map(str, range(1, len(self.init_node) + 1))),
            tail=np.searchsorted(self.node_numbers, self.init_node).astype(np.int32),
            head=np.searchsorted(self.node_numbers, self.term_node).astype(np.int32),
            length=self.length,
            toll=self.toll,
            delays=DelayTable.of(DelayKind.BPR, self.free_flow_time, self.capacity, self.b, self.power),
        )


@dataclass(frozen=True)
class NetworkReading:
    """What could be read of a network file, and everything that is wrong with it.

    Parameters
    ----------
    network : TntpNetwork or None
        The network, NaN where a figure is faulty; None where faults leave open which nodes and links there are.
    zones : int64 array or None
        Numbers of the zones; None where they are not known.
    rows : sequence of int
        The row of the file each link stands in.
    faults : tuple of Fault
        In the order of the rows.
    """

    network: TntpNetwork | None
    zones: Int64 | None
    rows: Sequence[int]
    faults: tuple[Fault, ...]


def read_network(text: str, file: str = "net.tntp") -> TntpNetwork:
    """Read a network file.

    Parameters
    ----------
    text : str
        The file.
    file : str
        How faults call it.

    Raises
    ------
    BridgeheadError
        With every fault: missing metadata, a count of links that is not that of the rows, rows of another width, cells
        that are no numbers, not finite or negative, unknown nodes, no capacity where the time depends on it.
    """
    reading = try_network(text, file)
    if reading.faults or reading.network is None:
        raise BridgeheadError.of(reading.faults)
    return reading.network


def try_network(text: str, file: str = "net.tntp") -> NetworkReading:
    """Read as much of a network file as can be; see `read_network`."""
    faults = Faults(file)
    parts = split(text, faults)
    if is_trips(parts):
        faults.note("tntp.other_kind", parts.rows[0], None, trips="yes")
        return NetworkReading(None, None, (), tuple(faults.listed()))
    before = len(faults.found)
    zones, nodes = count(parts, ZONES, faults), count(parts, NODES, faults)
    both = len(faults.found) == before
    first_thru_node = count(parts, FIRST_THRU_NODE, faults, default=1)
    if zones > nodes and both:
        faults.note("tntp.more_zones_than_nodes", parts.metadata_rows[ZONES], None, zones=zones, nodes=nodes)
    counted = len(faults.found) == before
    found = grid(parts, COLUMNS, OTHER_WORDS, NEEDED, faults)
    init_node, term_node = (integers(found.cells.get(name, ()), found.rows, name, faults) for name in COLUMNS[:2])
    numbers = _node_numbers(nodes, init_node, term_node, found.rows, faults)
    whole = len(faults.found) == before
    _check_links(parts, found.found, faults)
    columns = dict(_columns(found, faults))
    if "capacity" in found.cells:  # the zeros that stand in for a missing column are no fault of the rows
        _check_capacity(columns, found.rows, faults)
    if not whole:
        plain = counted and (not len(numbers) or numbers[0] <= max(zones, 1))
        return NetworkReading(None, np.arange(1, zones + 1) if plain else None, (), tuple(faults.listed()))
    network = TntpNetwork(
        zones,
        first_thru_node,
        numbers,
        init_node,
        term_node,
        columns["capacity"],
        columns["length"],
        columns["free_flow_time"],
        columns["b"],
        columns["power"],
        columns["speed"],
        columns["toll"],
        columns["link_type"],
        extra=MappingProxyType({name: columns[name] for name in found.extra if name in columns}),
        metadata=MappingProxyType({name: value for name, value in parts.metadata.items() if name not in _COUNTS}),
    )
    return NetworkReading(network, network.zone_numbers, found.rows, tuple(faults.listed()))


def _columns(found: Grid, faults: Faults) -> Iterator[tuple[str, Float64]]:
    for name in COLUMNS[2:]:
        least = 0.0 if name in {*NEEDED, "toll"} else None
        if name in found.cells:
            falling = "yes" if name in {"b", "power"} else ""  # then the time falls as the link fills
            yield name, floats(found.cells[name], found.rows, name, faults, least=least, falling=falling)
        else:
            yield name, np.zeros(len(found.rows))
    for name in found.extra:
        words = Faults(faults.file)
        values = floats(found.cells[name], found.rows, name, words)
        if not words.found:
            yield name, values


def _check_links(parts: TntpText, rows: int, faults: Faults) -> None:
    stated = count(parts, LINKS, faults, default=-1)
    if stated >= 0 and stated != rows:
        faults.note("tntp.wrong_link_count", parts.metadata_rows[LINKS], None, stated=stated, found=rows)


def _node_numbers(nodes: int, init_node: Int64, term_node: Int64, rows: Sequence[int], faults: Faults) -> Int64:
    used = np.unique(np.concatenate((init_node, term_node)))
    if not len(used) or (used[0] >= 1 and used[-1] <= nodes):
        return np.arange(1, nodes + 1, dtype=np.int64)
    # Some files number their nodes by the ids of another program; then the count of numbers is that of the nodes.
    if used[0] >= 0 and len(used) == nodes:
        return used
    for name, ends in (("init_node", init_node), ("term_node", term_node)):
        for i in np.flatnonzero((ends < 1) | (ends > nodes)).tolist():
            if ends[i] != NO_INTEGER and nodes:
                faults.note("network_file.unknown_node", rows[i], name, node=int(ends[i]), nodes=nodes)
    return used


def _check_capacity(columns: Mapping[str, Float64], rows: Sequence[int], faults: Faults) -> None:
    depends = (columns["free_flow_time"] > 0.0) & (columns["b"] > 0.0) & (columns["power"] > 0.0)
    for i in np.flatnonzero(depends & (columns["capacity"] == 0.0)).tolist():
        faults.note("network_file.zero_capacity", rows[i], "capacity")


def write_network(network: TntpNetwork) -> str:
    """Return a network file; reading it gives the same numbers to the bit."""
    lines = [
        f"<{ZONES}> {network.zones}",
        f"<{NODES}> {len(network.node_numbers)}",
        f"<{FIRST_THRU_NODE}> {network.first_thru_node}",
        f"<{LINKS}> {len(network.init_node)}",
        *(f"<{name}> {value}".rstrip() for name, value in network.metadata.items()),
        f"<{END}>",
        "",
        "\t".join(("~", *COLUMNS, *network.extra, ";")),
    ]
    values = (*(getattr(network, name) for name in COLUMNS), *network.extra.values())
    lines.extend("\t" + "\t".join(cells) + "\t;" for cells in zip(*map(number_texts, values), strict=True))
    return "\n".join(lines) + "\n"
