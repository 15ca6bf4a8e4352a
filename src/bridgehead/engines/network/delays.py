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
            kind = DelayKind(int(self.kind[row]))
            place = Place(file=file, row=None if first_row is None else first_row + row)
            for reason in _faults(kind, self.parameters[row], self.points_of(row)):
                yield Fault("delays.bad_row", {"row": row, "kind": kind.name.lower(), "reason": reason}, place)

    def _suspect(self) -> npt.NDArray[np.bool_]:
        """Return a mask of the rows worth looking at one by one: all but constant and BPR rows that are sound."""
        values = self.parameters
        sound = (np.isfinite(values) & (values >= 0.0)).all(axis=1)
        sound &= (self.kind == DelayKind.CONSTANT) | ((self.kind == DelayKind.BPR) & (values[:, 1] > 0.0))
        return np.asarray(~sound, dtype=np.bool_)


def _faults(kind: DelayKind, values: Float64, points: Float64) -> Iterator[str]:
    given = dict(zip(PARAMETERS[kind], values.tolist(), strict=False))
    for name, value in given.items():
        if not np.isfinite(value):
            yield f"{name} is not a finite number"
        elif value < 0:
            yield f"{name} is negative"
    if not all(np.isfinite(value) for value in given.values()):
        return
    depends = kind is not DelayKind.CONSTANT and given["free_flow_time"] != 0.0
    if kind is DelayKind.BPR:
        depends = depends and given["b"] != 0.0 and given["power"] != 0.0
    if kind in {DelayKind.AKCELIK, DelayKind.PORT_QUEUE}:
        depends = True
    if depends and given["capacity"] <= 0.0:
        yield "capacity is not positive although the time depends on it"
    if kind is DelayKind.CONICAL and given["alpha"] <= 1.0:
        yield "alpha is not above 1"
    if kind is DelayKind.AKCELIK and given["period"] <= 0.0:
        yield "period is not positive"
    if kind is DelayKind.PORT_QUEUE:
        if given["servers"] < 1.0 or given["servers"] != np.floor(given["servers"]):
            yield "servers is not a whole number of at least 1"
        if not 0.0 < given["join"] < 1.0:
            yield "join does not lie between 0 and 1"
    if kind is DelayKind.PIECEWISE:
        yield from _point_faults(points)


def _point_faults(points: Float64) -> Iterator[str]:
    if len(points) < 2:
        yield "it has fewer than two points"
        return
    if not np.isfinite(points).all() or points[0, 0] != 0.0:
        yield "its points are not finite or do not begin at volume 0"
    elif (np.diff(points[:, 0]) <= 0.0).any():
        yield "the volumes of its points do not increase"
    elif (np.diff(points[:, 1]) < 0.0).any() or points[0, 1] < 0.0:
        yield "it decreases or is negative"
