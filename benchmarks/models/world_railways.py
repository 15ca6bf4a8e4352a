"""The railways of the world as the package scgraph_data holds them, if somebody installed it.

OpenStreetMap data (ODbL) by way of scgraph_data (MIT): read from the installed package, never copied. It is not
imported: its version 2.0.0 does not fit the scgraph of today.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np

from benchmarks.models.city import City

HOW = "pip install --no-deps --no-compile scgraph_data==2.0.0"
_ROW = re.compile(r"\{([^}]*)\}")
_PAIR = re.compile(r"(\d+): ([0-9.e+-]+)")


def world_railways() -> City | None:
    """Return the graph with lengths in km, or None if the package is not installed."""
    found = importlib.util.find_spec("scgraph_data")
    if found is None or not found.submodule_search_locations:
        return None
    text = (Path(found.submodule_search_locations[0]) / "world_railways.py").read_text(encoding="utf-8")
    begin = text.index("graph=[")
    heads, costs, counts = [], [], []
    for row in _ROW.finditer(text, begin, text.index("\nnodes", begin)):
        pairs = _PAIR.findall(row[1])
        counts.append(len(pairs))
        heads += [int(head) for head, _ in pairs]
        costs += [float(cost) for _, cost in pairs]
    first = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    return City(first, np.array(heads, dtype=np.int32), np.array(costs, dtype=np.float64))
