"""Compiled checks and changes of stored paths; the arrays are those of `bridgehead.engines.flows.path_store`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.cost_kernels import STORE
from bridgehead.engines.network.kernels import compiled

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

_I, _F, _B = "int32[::1]", "float64[::1]", "boolean[::1]"


@compiled(f"boolean({_I},{_I},{_I},{_I},{STORE})")
def fits(tail: Int32, head: Int32, origin: Int32, destination: Int32, store: Any) -> bool:
    """Whether every path joins the ends of its pair."""
    first, place, pool, _ = store
    for pair in range(origin.size):
        for path in range(first[pair], first[pair + 1]):
            node = destination[pair]
            for i in range(place[path], place[path + 1]):
                arc = pool[i]
                if not 0 <= arc < tail.size or head[arc] != node:
                    return False
                node = tail[arc]
            if place[path] < place[path + 1] and node != origin[pair]:
                return False
    return True


@compiled(f"{STORE}(boolean[:,::1],{_I},{_F},{_B},{STORE})", allocates=True)
def carry_over(shut: npt.NDArray[np.bool_], group: Int32, amount: Float64, elastic: Mask, store: Any) -> Any:
    """Return the paths that hold flow and are open to their class, with the flows of each pair scaled to its demand.

    `shut` (bool, classes x arcs) says who may not go where. Pairs that may leave demand unserved keep their overflow,
    first of their paths, and begin with it alone when nothing else is left.
    """
    first, place, pool, flow = store
    most = flow.size + amount.size
    new_first, new_place = np.zeros(amount.size + 1, np.int64), np.zeros(most + 1, np.int64)
    new_pool, new_flow = np.empty(pool.size, np.int32), np.empty(most)
    paths, used = 0, 0
    for pair in range(amount.size):
        begin, total = paths, 0.0
        if elastic[pair]:
            new_flow[paths] = 0.0
            for path in range(first[pair], first[pair + 1]):
                if place[path] == place[path + 1]:
                    new_flow[paths] += flow[path]
            total += new_flow[paths]
            paths += 1
            new_place[paths] = used
        for path in range(first[pair], first[pair + 1]):
            open_ = flow[path] > 0.0 and place[path] < place[path + 1]
            for i in range(place[path], place[path + 1]):
                open_ = open_ and not shut[group[pair], pool[i]]
            if not open_:
                continue
            for i in range(place[path], place[path + 1]):
                new_pool[used] = pool[i]
                used += 1
            new_flow[paths] = flow[path]
            total += flow[path]
            paths += 1
            new_place[paths] = used
        if elastic[pair] and total <= 0.0:
            new_flow[begin] = total = 1.0
        for path in range(begin, paths):
            new_flow[path] *= amount[pair] / total
        new_first[pair + 1] = paths
    return new_first, new_place[: paths + 1].copy(), new_pool[:used].copy(), new_flow[:paths].copy()
