"""The register of benchmark subjects and the table they print.

A subject is a function that measures one size and returns named figures. Machines differ, so what counts are the ratios
between programs measured in the same run, one after the other on the same input.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Figures = dict[str, float | str]


@dataclass(frozen=True)
class Subject:
    """One thing that is measured.

    Parameters
    ----------
    name : str
        Short name, used on the command line.
    title : str
        What a row of the table says, in one line.
    sizes, smoke : sequence of int
        Sizes of a full run, and of the quick run that only proves that everything still works.
    measure : callable
        Takes a size and returns the figures of one row, in column order, or those of several; none where what it
        needs is not there.
    """

    name: str
    title: str
    sizes: Sequence[int]
    smoke: Sequence[int]
    measure: Callable[[int], Figures | Sequence[Figures]]

    def rows(self, *, smoke: bool = False) -> list[Figures]:
        """Measure all sizes, and return one list of their rows."""
        found: list[Figures] = []
        for size in self.smoke if smoke else self.sizes:
            measured = self.measure(size)
            found += [measured] if isinstance(measured, dict) else measured
        return found


def subjects() -> tuple[Subject, ...]:
    """Return all registered subjects."""
    from benchmarks.drivers import eligibility, equilibrium, flows, growth, routes, shortest_paths, simulation, statutes

    return (
        *shortest_paths.SUBJECTS,
        *routes.SUBJECTS,
        *flows.SUBJECTS,
        *equilibrium.SUBJECTS,
        *growth.SUBJECTS,
        *statutes.SUBJECTS,
        *eligibility.SUBJECTS,
        *simulation.SUBJECTS,
    )


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """Return the median duration of a piece of work in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000.0


def side_by_side(works: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Return the median milliseconds of several works measured in turn, so that a busy moment hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) * 1000.0 for name, values in times.items()}


def table(rows: Sequence[Figures]) -> str:
    """Return rows of figures as a Markdown table."""
    if not rows:
        return "(nothing measured)"
    names = list(rows[0])
    cells = [names, *([_shown(row[name]) for name in names] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(names))]
    lines = [
        "| " + " | ".join(value.rjust(width) for value, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|")
    return "\n".join(lines)


def _shown(value: float | str) -> str:
    if isinstance(value, str):
        return value
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.1f}"
