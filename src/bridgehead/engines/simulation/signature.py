"""The type of a world, for which the kernels are compiled once and kept on disk."""

from __future__ import annotations

import numba
import numpy as np

from bridgehead.engines.simulation import layout


def _one(dtype: np.dtype) -> numba.types.Type:
    return numba.types.Array(numba.from_dtype(dtype), 1, "C")


_RECORDS = {
    "clock": layout.CLOCK,
    "nodes": layout.NODE,
    "pairs": layout.PAIR,
    "types": layout.TYPE,
    "groups": layout.GROUP,
    "ways": layout.WAY,
    "distributions": layout.DISTRIBUTION,
    "sources": layout.SOURCE,
    "units": layout.UNIT,
    "slots": layout.SLOT,
    "pools": layout.POOL,
    "heap": layout.EVENT,
    "work": layout.WORK,
    "log": layout.LOGGED,
}
_ARRAYS = {
    "ages": numba.float64[:, ::1],
    "values": numba.float64[::1],
    "rates": numba.float64[:, ::1],
    "bands": numba.float64[::1],
    "listed": numba.float64[::1],
    "listed_number": numba.int64[::1],
    "timeline": numba.float64[::1],
    "timeline_level": numba.int32[::1],
    "amounts": numba.int32[:, ::1],
    "first": numba.int32[::1],
    "last": numba.int32[::1],
    "free_units": numba.int32[::1],
    "held": numba.int32[::1],
    "free_slots": numba.int32[::1],
    "histograms": numba.int64[:, ::1],
    "bins": numba.float64[:, ::1],
    "counts": numba.int64[:, ::1],
    "bits": numba.int64[::1],
    "real": numba.float64[::1],
}

WORLD = numba.types.NamedTuple(
    tuple(_one(_RECORDS[name]) if name in _RECORDS else _ARRAYS[name] for name in layout.World._fields), layout.World
)
