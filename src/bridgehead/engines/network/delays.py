"""Delay functions of links and ports as one table: a kind and up to six parameters a row.

How long a link takes at a volume is worked out by `bridgehead.engines.flows`; here is what the rows mean, so that files
can be read and written without it. Times are in the unit of the table (minutes, hours, money), volumes in that of the
demand in the same period.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from bridgehead.kernel.errors import Fault, Place

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]

WIDTH = 6
"""Parameters a row has room for."""


class DelayKind(IntEnum):
    """The form of a delay function."""

    CONSTANT = 0
    BPR = 1
    CONICAL = 2
    AKCELIK = 3
    PIECEWISE = 4
    PORT_QUEUE = 5


KINDS = frozenset(map(int, DelayKind))
"""The numbers of the kinds."""

MOST_SERVERS = 1000
"""Servers a port queue may have: its wait is worked out with one step a server, at every look at the volume."""

MOST_POWER = 60.0
"""Power a BPR row may have: beyond it a link at a hundred thousand times its capacity takes longer than numbers go."""

PARAMETERS: Mapping[DelayKind, tuple[str, ...]] = MappingProxyType(
    {
        DelayKind.CONSTANT: ("free_flow_time",),
        DelayKind.BPR: ("free_flow_time", "capacity", "b", "power"),
        DelayKind.CONICAL: ("free_flow_time", "capacity", "alpha"),
        DelayKind.AKCELIK: ("free_flow_time", "capacity", "delay_parameter", "period"),
        DelayKind.PIECEWISE: ("free_flow_time", "capacity"),
        DelayKind.PORT_QUEUE: ("free_flow_time", "capacity", "servers", "variability", "join"),
    }
)
"""What the parameters of each kind are, in order.

- CONSTANT: the time, whatever the volume.
- BPR: ``free_flow_time * (1 + b * (volume / capacity) ** power)`` (Bureau of Public Roads, Traffic Assignment Manual,
  1964). A power of zero makes it constant.
- CONICAL: ``free_flow_time * (2 + sqrt(a^2 s^2 + b^2) - a s - b)`` with ``s = 1 - volume / capacity``, ``a`` the
  parameter ``alpha`` > 1 and ``b = (2 a - 1) / (2 a - 2)`` (Spiess, H. (1990), Conical volume-delay functions,
  Transportation Science 24(2), 153-158).
- AKCELIK: ``free_flow_time + period / 4 * (z + sqrt(z^2 + 8 * delay_parameter * r / (capacity * period)))`` with
  ``r = volume / capacity`` and ``z = r - 1``, capacity and volume per unit of time (Akcelik, R. (1991), Travel time
  functions for transport planning purposes, Australian Road Research 21(3), 49-59).
- PIECEWISE: straight lines through the points of the row, each ``(volume / capacity, time / free_flow_time)``; the last
  line goes on beyond the last point.
- PORT_QUEUE: ``free_flow_time`` plus the mean wait before ``servers`` equal servers whose joint rate is ``capacity``,
  with ``variability = (squared variation of arrivals + that of services) / 2`` (1 is M/M/c, 0.5 M/D/c): Erlang's
  formula times ``variability`` (Allen, A. O. (1990), Probability, statistics and queueing theory) up to the
  utilisation ``join``, a straight line with the same slope from there on, so that it stays finite.
"""


@dataclass(frozen=True)
class DelayTable:
    """The delay functions of a network: `kind` (int8, rows) and `parameters` (float64, rows x 6), as `PARAMETERS` says.

    `points` (float64, n x 2) holds the points of all piecewise rows, those of row i from `point_first[i]` to
    `point_first[i + 1]`.
    """

    kind: npt.NDArray[np.int8]
    parameters: Float64
    point_first: Int32
    points: Float64

    def __len__(self) -> int:
        return len(self.kind)

    @classmethod
    def constant(cls, times: Sequence[float] | Float64) -> DelayTable:
        """Return constant rows with these times."""
        return cls.of(DelayKind.CONSTANT, np.asarray(times, dtype=np.float64))

    @classmethod
    def of(cls, kind: DelayKind, *columns: Float64 | Sequence[float]) -> DelayTable:
        """Return rows of one kind from its parameters, a column each in the order of `PARAMETERS`."""
        rows = len(columns[0])
        table = np.zeros((rows, WIDTH))
        for i, column in enumerate(columns):
            table[:, i] = column
        return cls(np.full(rows, kind, dtype=np.int8), table, np.zeros(rows + 1, dtype=np.int32), np.empty((0, 2)))

    def column(self, name: str) -> Float64:
        """Return a parameter of all rows by name, NaN where a row's kind has no such parameter."""
        found = np.full(len(self), np.nan)
        for kind, names in PARAMETERS.items():
            if name in names:
                here = self.kind == kind
                found[here] = self.parameters[here, names.index(name)]
        return found

    def points_of(self, row: int) -> Float64:
        """Return the points of a piecewise row."""
        return self.points[self.point_first[row] : self.point_first[row + 1]]

    def faults(self, *, file: str | None = None, first_row: int | None = None) -> Iterator[Fault]:
        """Yield everything that keeps a row from being finite, not negative and not decreasing.

        Parameters
        ----------
        file : str, optional
            Name of the file the rows come from.
        first_row : int, optional
            Its line that holds row 0, when rows stand one below the other.
        """
        for row in np.flatnonzero(self._suspect()).tolist():
            place = Place(file=file, row=None if first_row is None else first_row + row)
            kind, values = int(self.kind[row]), self.parameters[row]
            name = DelayKind(kind).name.lower() if kind in KINDS else str(kind)
            found = _faults(DelayKind(kind), values, self.points_of(row)) if kind in KINDS else [("unknown", name)]
            for reason, about in found:
                yield Fault("delays.bad_row", {"row": row, "kind": name, reason: about}, place)

    def _suspect(self) -> npt.NDArray[np.bool_]:
        """Return a mask of the rows worth looking at one by one: all but sound constant, BPR and queue rows."""
        values = self.parameters
        bpr = (self.kind == DelayKind.BPR) & (values[:, 1] > 0.0) & (values[:, 3] <= MOST_POWER)
        servers, join = values[:, 2], values[:, 4]
        queue = (self.kind == DelayKind.PORT_QUEUE) & (values[:, 1] > 0.0) & (join > 0.0) & (join < 1.0)
        queue &= (servers >= 1.0) & (servers <= MOST_SERVERS) & (servers == np.floor(servers))
        plain = bpr | queue | (self.kind == DelayKind.CONSTANT)
        suspect: npt.NDArray[np.bool_] = ~(plain & np.all(np.isfinite(values) & (values >= 0.0), axis=1))
        return suspect


def _faults(kind: DelayKind, values: Float64, points: Float64) -> Iterator[tuple[str, object]]:
    """Yield reasons, each a parameter that chooses the wording of `delays.bad_row`, with what is wrong."""
    given = dict(zip(PARAMETERS[kind], values.tolist(), strict=False))
    for name, value in given.items():
        if not np.isfinite(value):
            yield "not_finite", name
        elif value < 0:
            yield "negative", name
    if kind is DelayKind.BPR and MOST_POWER < given["power"] < np.inf:
        yield "power", given["power"]
    if kind is DelayKind.PIECEWISE:
        yield from _point_faults(points)
    if not all(np.isfinite(value) for value in given.values()):
        return
    depends = kind is not DelayKind.CONSTANT and given["free_flow_time"] != 0.0
    if kind is DelayKind.BPR:
        depends = depends and given["b"] != 0.0 and given["power"] != 0.0
    if kind in {DelayKind.AKCELIK, DelayKind.PORT_QUEUE}:
        depends = True
    if depends and given["capacity"] <= 0.0:
        yield "no_capacity", given["capacity"]
    if kind is DelayKind.CONICAL and given["alpha"] <= 1.0:
        yield "alpha", given["alpha"]
    if kind is DelayKind.AKCELIK and given["period"] <= 0.0:
        yield "period", given["period"]
    if kind is DelayKind.PORT_QUEUE:
        if not 1.0 <= given["servers"] <= MOST_SERVERS or given["servers"] != np.floor(given["servers"]):
            yield "servers", given["servers"]
        if not 0.0 < given["join"] < 1.0:
            yield "join", given["join"]


def _point_faults(points: Float64) -> Iterator[tuple[str, object]]:
    if len(points) < 2:
        yield "few_points", len(points)
    elif not np.isfinite(points).all() or points[0, 0] != 0.0:
        yield "first_point", points[0].tolist()
    else:
        if (down := np.flatnonzero(np.diff(points[:, 0]) <= 0.0)).size:
            yield "backward", points[down[0] + 1].tolist()
        if (down := np.flatnonzero(np.diff(points[:, 1], prepend=0.0) < 0.0)).size:
            yield "falling", points[down[0]].tolist()
