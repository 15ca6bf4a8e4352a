"""The paths of an assignment with their flows: who uses an arc, from where to where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.problem import AssignmentProblem, Pairs
from bridgehead.kernel.errors import BridgeheadError

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

    @classmethod
    def empty(cls, pairs: int) -> PathStore:
        """Return a store without any path."""
        first = np.zeros(pairs + 1, dtype=np.int64)
        return cls(first, np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int32), np.empty(0))

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
        return np.equal(np.diff(self.path_first), 0)

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

    def scaled(self, problem: AssignmentProblem) -> PathStore:
        """Return the store as the start of another problem with the same pairs, flows scaled to its demand.

        Paths that hold no flow or that their class may not take any more drop out; a pair that is left with none begins
        with its overflow, or without a path.

        Raises
        ------
        BridgeheadError
            `flows.other_problem` when the paths do not lead from the origins to the destinations of the problem.
        """
        from bridgehead.engines.flows.path_kernels import carry_over, fits

        pairs, own = problem.pairs, (self.pair_first, self.path_first, self.arcs, self.flow)
        ends = problem.tail, problem.head, pairs.origin, pairs.destination
        if len(self.pair_first) != len(pairs) + 1 or not fits(*ends, own):
            raise BridgeheadError("flows.other_problem", {"pairs": len(pairs), "stored": len(self.pair_first) - 1})
        shut = np.isinf([one.fixed for one in problem.classes]).reshape(-1, problem.arc_count)
        return PathStore(*carry_over(shut, pairs.group, pairs.amount, np.isfinite(pairs.overflow), own))

    def has_path(self) -> npt.NDArray[np.bool_]:
        """Return a mask of the pairs that have a path besides their overflow."""
        found = np.zeros(len(self.pair_first) - 1, dtype=np.bool_)
        found[self.pair_of_path[~self.is_overflow]] = True
        return found
