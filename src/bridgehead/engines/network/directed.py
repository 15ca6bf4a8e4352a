"""Networks of one-way links between numbered nodes, as planning programs exchange them, and their trips.

A virtual network (`bridgehead.engines.network.topology`) is made from the tables of a region; a directed network comes
from a file (`bridgehead.engines.network.formats`) or a generator. `bridgehead.engines.flows` solves both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.delays import DelayTable

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]


@dataclass(frozen=True)
class DirectedNetwork:
    """One-way links with their delay functions; arrays run along nodes or links.

    Parameters
    ----------
    node_ids : tuple of str
        Labels of the nodes as the file has them.
    x, y : float64 arrays, shape (nodes,)
        Coordinates, NaN where unknown.
    zones : int32 array, shape (zones,)
        Positions of the nodes where trips begin and end.
    no_through : bool array, shape (nodes,)
        Nodes that a path may begin or end at but not pass.
    link_ids : tuple of str
        Labels of the links.
    tail, head : int32 arrays, shape (links,)
        Positions of the nodes a link leads from and to.
    length, toll : float64 arrays, shape (links,)
        In the units of the file.
    delays : DelayTable
        The delay function of each link.
    """

    node_ids: tuple[str, ...]
    x: Float64
    y: Float64
    zones: Int32
    no_through: npt.NDArray[np.bool_]
    link_ids: tuple[str, ...]
    tail: Int32
    head: Int32
    length: Float64
    toll: Float64
    delays: DelayTable

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.node_ids)

    @property
    def link_count(self) -> int:
        """Number of one-way links."""
        return len(self.tail)


@dataclass(frozen=True)
class Trips:
    """Demand between zones in coordinate form: `origin` and `destination` are positions in `DirectedNetwork.zones`.

    `amount` (float64) counts trips, vehicles or tonnes in the period of the network's capacities. `name` says what is
    moved; blank where there is only one kind.
    """

    origin: Int32
    destination: Int32
    amount: Float64
    name: str = ""

    @property
    def total(self) -> float:
        """Everything that is to be moved, also within zones."""
        return float(self.amount.sum())

    @classmethod
    def of_matrix(cls, matrix: npt.NDArray[Any], name: str = "") -> Trips:
        """Return the cells of a square matrix that are not zero."""
        origin, destination = np.nonzero(matrix)
        amount = np.asarray(matrix[origin, destination], dtype=np.float64)
        return cls(origin.astype(np.int32), destination.astype(np.int32), amount, name)

    def matrix(self, zones: int) -> Float64:
        """Return the trips as a square matrix; several rows of one pair add up."""
        found = np.zeros((zones, zones))
        np.add.at(found, (self.origin, self.destination), self.amount)
        return found
