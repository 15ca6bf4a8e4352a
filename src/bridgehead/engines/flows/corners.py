"""Corners of piecewise delays in a system optimum: where a toll may be anything between those of the two sides.

Volumes of a system optimum like to rest at a corner, where the toll jumps. There the toll is the multiplier of a
constraint, and is found as one: the slope turns over a stretch wide enough to take steps on, and after each
equilibrium the stretch is moved, until the volume that belongs to its slope is the corner itself.

Method: the augmented Lagrangian, Rockafellar, R. T. (1976), Augmented Lagrangians and applications of the proximal
point algorithm in convex programming, Mathematics of Operations Research 1(2), 97-116.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.delays import DelayKind, DelayTable

Float64 = npt.NDArray[np.float64]

WIDENED = 1e4
"""How many times wider a stretch is at first than where it only keeps steps from swinging."""
SLOW, NARROWED = 0.25, 0.3
"""A stretch becomes narrower by the second where its corner is missed by more than the first share of the last miss."""
TOLERANCE = 1e-6
"""Share of a corner's volume by which a volume that rests there may miss it."""


class Corners:
    """The corners of a delay table where slopes rise.

    Parameters
    ----------
    table : DelayTable
        Delays of all resources.
    points : float64 array, shape (points, 4)
        Points of the piecewise ones as the kernels take them: volume as a share of the capacity, time as a share of the
        free time, and the middle and half the width of the stretch over which the slope turns, shares of the capacity
        too. The last two are changed in place.
    """

    def __init__(self, table: DelayTable, points: Float64) -> None:
        rows, at = [], []
        for row in np.flatnonzero((table.kind == DelayKind.PIECEWISE) & (table.parameters[:, 0] > 0.0)).tolist():
            x, y = table.points_of(row).T
            inner = np.flatnonzero(np.diff(np.diff(y) / np.diff(x)) > 0.0) + 1
            rows += [row] * len(inner)
            at += (int(table.point_first[row]) + inner).tolist()
        self.row, self.at = np.array(rows, dtype=np.int64), np.array(at, dtype=np.int64)
        self.capacity, self.points = table.parameters[self.row, 1], points
        points[self.at, 3] *= WIDENED
        self._last = np.full(len(self.at), np.inf)

    def move(self, volume: Float64) -> bool:
        """Move the stretches of corners by what volumes (float64, rows) say; return whether another round is needed.

        None is needed once every volume that rests on a stretch is at its corner, to within `TOLERANCE`.
        """
        corner, centre, half = self.points[self.at, 0], self.points[self.at, 2], self.points[self.at, 3]
        ratio = volume[self.row] / self.capacity
        turned = np.clip(0.5 + (ratio - centre) / (2.0 * half), 0.0, 1.0)
        wanted = np.clip(turned + (ratio - corner) / (2.0 * half), 0.0, 1.0)
        miss = np.abs(wanted - turned) * 2.0 * half
        if (miss <= TOLERANCE * corner).all():
            return False
        half = np.where(miss > SLOW * self._last, half * NARROWED, half)
        self._last = miss
        self.points[self.at, 2] = corner - (wanted - 0.5) * 2.0 * half
        self.points[self.at, 3] = half
        return True
