"""The paths of an assignment with their flows: who uses an arc, from where to where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.problem import Pairs

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PathStore:
    """Paths in compressed rows, two levels deep.

    Parameters
    ----------
    pair_first : int64 array, shape (pairs + 1,)
        Paths of pair i are `pair_first[i]` to `pair_first[i + 1]`.
    path_first : int64 array, shape (paths + 1,)
        Arcs of path p are `arcs[path_first[p]:path_first[p + 1]]`, from the destination back to the origin. A path
        without arcs is the overflow: demand that is not sent.
    arcs : int32 array
        Positions of arcs.
    flow : float64 array, shape (paths,)
        Flow of each path.
    """

    pair_first: Int64
    path_first: Int64
    arcs: Int32
    flow: Float64

    @classmethod
    def overflow_only(cls, pairs: Pairs) -> PathStore:
        """Return the store in which every pair that has an overflow sends nothing, and the others have no path."""
        has = np.isfinite(pairs.overflow)
        first = np.concatenate(([0], np.cumsum(has))).astype(np.int64)
        return cls(
            first, np.zeros(first[-1] + 1, dtype=np.int64), np.empty(0, dtype=np.int32), pairs.amount[has].copy()
        )

    @property
    def path_count(self) -> int:
        """Number of paths."""
        return len(self.flow)

    @property
    def pair_of_path(self) -> Int64:
        """Pair of every path."""
        return np.repeat(np.arange(len(self.pair_first) - 1), np.diff(self.pair_first))

    @property
    def is_overflow(self) -> npt.NDArray[np.bool_]:
        """Mask of the paths without arcs."""
        return np.asarray(np.diff(self.path_first) == 0, dtype=np.bool_)

    def path(self, path: int) -> Int32:
        """Return the arcs of a path from origin to destination."""
        return self.arcs[self.path_first[path] : self.path_first[path + 1]][::-1]

    def unserved(self, pairs: int) -> Float64:
        """Return the flow on the overflow of each pair."""
        over = self.is_overflow
        return np.bincount(self.pair_of_path[over], self.flow[over], minlength=pairs).astype(np.float64)

    def paths_over(self, arcs: npt.ArrayLike) -> Int64:
        """Return the paths that run over any of some arcs: a select-link analysis."""
        chosen = np.isin(self.arcs, np.asarray(arcs))
        hits = np.concatenate(([0], np.cumsum(chosen)))
        return np.flatnonzero(hits[self.path_first[1:]] > hits[self.path_first[:-1]])

    def scaled(self, pairs: Pairs) -> PathStore:
        """Return the store with the flows of each pair scaled to its demand; it must hold the same pairs in order."""
        pair = self.pair_of_path
        total = np.bincount(pair, self.flow, minlength=len(pairs))
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(total > 0.0, pairs.amount / total, 0.0)
        return PathStore(self.pair_first, self.path_first, self.arcs, self.flow * factor[pair])
