"""Node and flow files of TNTP: coordinates of nodes, volumes and costs of links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.formats.columns import Faults, floats, integers, note_repeated, number_texts
from bridgehead.engines.network.formats.tntp_text import grid, split

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

NODE_COLUMNS = ("node", "x", "y")
NODE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("nodeid", "node_id", "id", "number"), "node"),
        **dict.fromkeys(("xcoord", "x_coord", "lon", "longitude", "easting"), "x"),
        **dict.fromkeys(("ycoord", "y_coord", "lat", "latitude", "northing"), "y"),
    }
)
FLOW_COLUMNS = ("from", "to", "volume", "cost")
FLOW_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("tail", "init_node", "from_node", "a"), "from"),
        **dict.fromkeys(("head", "term_node", "to_node", "b"), "to"),
        **dict.fromkeys(("flow", "link_flow"), "volume"),
        **dict.fromkeys(("travel_time", "time"), "cost"),
    }
)


@dataclass(frozen=True)
class TntpNodes:
    """A node file: `number` (int64) and the coordinates `x`, `y` (float64), degrees or a unit of the file's own."""

    number: Int64
    x: Float64
    y: Float64


@dataclass(frozen=True)
class TntpFlows:
    """A flow file: `init_node`, `term_node` (int64), `volume` and `cost` (float64; NaN where it has none)."""

    init_node: Int64
    term_node: Int64
    volume: Float64
    cost: Float64


def read_nodes(text: str, file: str = "node.tntp") -> TntpNodes:
    """Read a node file, with or without the names of its columns.

    Raises
    ------
    BridgeheadError
        With every fault: a node that stands twice, rows of another width, what is no number or not finite.
    """
    faults = Faults(file)
    found = grid(split(text, faults), NODE_COLUMNS, NODE_WORDS, NODE_COLUMNS, faults)
    number = integers(found.cells.get("node", ()), found.rows, "node", faults)
    note_repeated(number.tolist(), found.rows, "node", faults)
    x, y = (floats(found.cells.get(name, ()), found.rows, name, faults) for name in ("x", "y"))
    faults.stop()
    return TntpNodes(number, x, y)


def write_nodes(nodes: TntpNodes) -> str:
    """Return a node file; reading it gives the same numbers to the bit."""
    cells = zip(number_texts(nodes.number), number_texts(nodes.x), number_texts(nodes.y), strict=True)
    return "".join(["node\tX\tY\t;\n", *("\t".join(row) + "\t;\n" for row in cells)])


def read_flows(text: str, file: str = "flow.tntp") -> TntpFlows:
    """Read a flow file, with or without the names of its columns, and with or without costs.

    Raises
    ------
    BridgeheadError
        With every fault: rows of another width, what is no number or not finite.
    """
    faults = Faults(file)
    found = grid(split(text, faults), FLOW_COLUMNS, FLOW_WORDS, FLOW_COLUMNS[:3], faults)
    init_node, term_node = (integers(found.cells.get(name, ()), found.rows, name, faults) for name in ("from", "to"))
    volume = floats(found.cells.get("volume", ()), found.rows, "volume", faults)
    if "cost" in found.cells:
        cost = floats(found.cells["cost"], found.rows, "cost", faults)
    else:
        cost = np.full(len(volume), np.nan)
    faults.stop()
    return TntpFlows(init_node, term_node, volume, cost)


def write_flows(flows: TntpFlows) -> str:
    """Return a flow file; reading it gives the same numbers to the bit. Costs that are NaN leave their column out."""
    columns: list[Int64 | Float64] = [flows.init_node, flows.term_node, flows.volume]
    names = ["From", "To", "Volume"]
    if not np.isnan(flows.cost).any():
        columns.append(flows.cost)
        names.append("Cost")
    rows = zip(*map(number_texts, columns), strict=True)
    return "".join(["\t".join(names) + "\n", *("\t".join(row) + "\n" for row in rows)])
