"""Rows of a model as records of the kernel's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bridgehead.engines.simulation import layout
from bridgehead.engines.simulation.model import Distribution


def records(table: str, rows: Sequence[tuple[float, ...]]) -> Any:
    """Return rows as records of a table; one that is never read where there are none."""
    dtype = layout.TABLES[table]
    return np.array(list(rows), dtype=dtype) if rows else np.zeros(1, dtype=dtype)


def constants(given: Distribution) -> tuple[float, float, float]:
    """Return the three constants the kernel draws from."""
    n = given.numbers
    if given.kind == "lognormal":
        variance = float(np.log1p(n[1] * n[1]))
        return float(np.log(n[0])) - variance / 2.0, float(np.sqrt(variance)), 0.0
    if given.kind == "gamma":
        shape = 1.0 / (n[1] * n[1])
        return shape, n[0] / shape, 0.0
    if given.kind in {"mix", "empirical", "quantiles"}:
        return 0.0, 0.0, 0.0
    a, b, c = (*n, 0.0, 0.0, 0.0)[:3]
    return a, b, c
