"""The paths of an assignment with their flows: who uses an arc, from where to where."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
        pairs, pair = problem.pairs, self.pair_of_path
        if len(self.pair_first) != len(pairs) + 1 or not self._fits(problem):
            raise BridgeheadError("flows.other_problem", {"pairs": len(pairs), "stored": len(self.pair_first) - 1})
        closed = self._closed(problem)
        elastic = np.flatnonzero(np.isfinite(pairs.overflow))
        whole = (self.flow > 0.0).all() and (np.diff(self.pair_first) > 0).all() and not self.is_overflow.any()
        if whole and not len(elastic) and not closed.any():
            total = np.add.reduceat(self.flow, self.pair_first[:-1]) if len(pairs) else np.empty(0)
            return replace(self, flow=self.flow * (pairs.amount / total)[pair])
        hits = np.concatenate(([0], np.cumsum(closed)))
        over = self.is_overflow
        kept = np.flatnonzero((hits[self.path_first[1:]] == hits[self.path_first[:-1]]) & (self.flow > 0.0) & ~over)
        unsent = self.unserved(len(pairs))[elastic]
        total = np.bincount(pair[kept], self.flow[kept], len(pairs)).astype(np.float64)
        unsent[total[elastic] + unsent <= 0.0] = 1.0
        total[elastic] += unsent
        owner = np.concatenate((elastic, pair[kept]))
        flow = np.concatenate((unsent, self.flow[kept])) * (pairs.amount[owner] / total[owner])
        order = np.argsort(owner, kind="stable")
        begin = np.concatenate((0 * elastic, self.path_first[kept]))[order]
        length = np.concatenate((0 * elastic, np.diff(self.path_first)[kept]))[order]
        place = np.concatenate(([0], np.cumsum(length))).astype(np.int64)
        arcs = self.arcs[np.repeat(begin - place[:-1], length) + np.arange(place[-1])]
        first = np.searchsorted(owner[order], np.arange(len(pairs) + 1)).astype(np.int64)
        return PathStore(first, place, arcs, flow[order])

    def has_path(self) -> npt.NDArray[np.bool_]:
        """Return a mask of the pairs that have a path besides their overflow."""
        found = np.zeros(len(self.pair_first) - 1, dtype=np.bool_)
        found[self.pair_of_path[~self.is_overflow]] = True
        return found

    def _closed(self, problem: AssignmentProblem) -> npt.NDArray[np.bool_]:
        """Return a mask of `arcs`: those that the class of their path may not take."""
        closed = np.zeros(len(self.arcs), dtype=np.bool_)
        shut = [np.isinf(one.fixed) for one in problem.classes]
        if any(one.any() for one in shut):
            group = np.repeat(problem.pairs.group[self.pair_of_path], np.diff(self.path_first))
            for i, one in enumerate(shut):
                closed |= (group == i) & one[self.arcs]
        return closed

    def _fits(self, problem: AssignmentProblem) -> bool:
        """Whether every path joins the ends of its pair in the graph of a problem."""
        if self.arcs.size and not 0 <= self.arcs.min() <= self.arcs.max() < problem.arc_count:
            return False
        real = np.flatnonzero(~self.is_overflow)
        last, first = self.arcs[self.path_first[real + 1] - 1], self.arcs[self.path_first[real]]
        pair = self.pair_of_path[real]
        inner = np.ones(max(len(self.arcs) - 1, 0), dtype=np.bool_)
        inner[self.path_first[real[1:]] - 1] = False
        joined = problem.tail[self.arcs[:-1]] == problem.head[self.arcs[1:]]
        ends = (problem.tail[last] == problem.pairs.origin[pair]) & (
            problem.head[first] == problem.pairs.destination[pair]
        )
        return bool(joined[inner].all() and ends.all())
