"""Which pairs of origin and destination have no path at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from bridgehead.engines.flows.problem import AssignmentProblem


def unreachable(problem: AssignmentProblem) -> npt.NDArray[np.bool_]:
    """Return a mask of the pairs whose destination cannot be reached by their class."""
    from bridgehead.engines.network.kernels import heap_tree

    nodes, pairs = problem.node_count, problem.pairs
    lost = np.zeros(len(pairs), dtype=np.bool_)
    distance, key = np.empty(nodes), np.empty(nodes)
    arc, heap, slot = (np.empty(nodes, dtype=np.int32) for _ in range(3))
    for group in np.unique(pairs.group):
        open_ = np.where(np.isposinf(problem.classes[group].fixed), np.inf, 1.0)
        mine = np.flatnonzero(pairs.group == group)
        for origin in np.unique(pairs.origin[mine]):
            rows = mine[pairs.origin[mine] == origin]
            shut = problem.no_through
            heap_tree(problem.first, problem.head, open_, shut, origin, shut, 0, distance, arc, key, heap, slot)
            lost[rows] = np.isinf(distance[pairs.destination[rows]])
    return lost
