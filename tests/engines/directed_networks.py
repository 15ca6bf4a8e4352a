"""Random directed networks with every kind of delay function, and their comparison to the bit."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from hypothesis import strategies as st

from bridgehead.engines.network.delays import WIDTH, DelayKind, DelayTable
from bridgehead.engines.network.directed import DirectedNetwork

LABELS = st.text(alphabet=st.characters(exclude_categories=("C",)), min_size=1, max_size=4).filter(
    lambda text: text == text.strip() and text.lower() not in {"nan", "null"} and not text.endswith("-back")
)
AMOUNTS = st.floats(min_value=0.0, allow_infinity=False, allow_nan=False, allow_subnormal=True)
ABOVE = st.floats(min_value=1e-9, max_value=1e9)


def same(one: object, other: object) -> bool:
    """Compare two records to the bit."""
    for field in fields(one):  # type: ignore[arg-type]
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, np.ndarray):
            if a.dtype != b.dtype or a.shape != b.shape or a.tobytes() != b.tobytes():
                return False
        elif isinstance(a, DelayTable):
            if not same(a, b):
                return False
        elif hasattr(a, "items"):
            if list(a) != list(b) or any(np.asarray(a[name]).tobytes() != np.asarray(b[name]).tobytes() for name in a):
                return False
        elif a != b:
            return False
    return True


@st.composite
def delay_tables(draw: st.DrawFn, rows: int) -> DelayTable:
    kinds = [draw(st.sampled_from(DelayKind)) for _ in range(rows)]
    table = np.zeros((rows, WIDTH))
    points: list[list[float]] = []
    first = [0]
    for row, kind in enumerate(kinds):
        table[row, 0] = draw(AMOUNTS)
        if kind is DelayKind.BPR:
            table[row, 1:4] = draw(ABOVE), draw(AMOUNTS), draw(AMOUNTS)
        elif kind is DelayKind.CONICAL:
            table[row, 1:3] = draw(ABOVE), draw(st.floats(1.01, 20.0))
        elif kind is DelayKind.AKCELIK:
            table[row, 1:4] = draw(ABOVE), draw(AMOUNTS), draw(ABOVE)
        elif kind is DelayKind.PIECEWISE:
            table[row, 1] = draw(ABOVE)
            volumes = sorted(draw(st.sets(ABOVE, min_size=1, max_size=3)))
            times = sorted(draw(st.lists(AMOUNTS, min_size=len(volumes) + 1, max_size=len(volumes) + 1)))
            points.extend(map(list, zip([0.0, *volumes], times, strict=True)))
        elif kind is DelayKind.PORT_QUEUE:
            table[row, 1:5] = draw(ABOVE), draw(st.integers(1, 40)), draw(AMOUNTS), draw(st.floats(0.01, 0.99))
        first.append(len(points))
    return DelayTable(
        np.array(kinds, dtype=np.int8), table, np.array(first, dtype=np.int32), np.array(points, float).reshape(-1, 2)
    )


@st.composite
def directed_networks(draw: st.DrawFn, *, degrees: bool = False) -> DirectedNetwork:
    nodes = draw(st.lists(LABELS, min_size=1, max_size=5, unique=True))
    links = draw(st.lists(LABELS, max_size=4, unique=True))
    ends = st.lists(st.integers(0, len(nodes) - 1), min_size=len(links), max_size=len(links))
    column = st.lists(AMOUNTS, min_size=len(links), max_size=len(links))
    x, y = (
        st.floats(-limit, limit) if degrees else st.floats(allow_infinity=False, allow_nan=False) for limit in (180, 90)
    )
    places = [draw(st.one_of(st.just((np.nan, np.nan)), st.tuples(x, y))) for _ in nodes]
    zones = draw(st.lists(st.integers(0, len(nodes) - 1), unique=True))
    return DirectedNetwork(
        tuple(nodes),
        np.array([place[0] for place in places]),
        np.array([place[1] for place in places]),
        np.array(zones, dtype=np.int32),
        np.array(draw(st.lists(st.booleans(), min_size=len(nodes), max_size=len(nodes)))),
        tuple(links),
        np.array(draw(ends), dtype=np.int32),
        np.array(draw(ends), dtype=np.int32),
        np.array(draw(column), dtype=np.float64),
        np.array(draw(column), dtype=np.float64),
        draw(delay_tables(len(links))),
    )
