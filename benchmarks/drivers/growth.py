"""How time, paths and memory of an equilibrium grow with the network."""

from __future__ import annotations

import math
import time
from pathlib import Path

from benchmarks.models.assignment_city import assignment_city
from benchmarks.registry import Figures, Subject
from bridgehead.engines.flows.equilibrium import solve

LINKS = (1_000, 3_000, 10_000, 30_000, 100_000)
NEAREST = 30
"""Zones that each zone sends trips to: pairs grow as links do."""
GAPS = (1e-4, 1e-6)
PATIENCE_S = 240.0
"""The finer gap is tried where the coarser took less than a fourth of this."""


def growth(largest: int) -> list[Figures]:
    """Measure city networks up to a size; exponents are those of CPU seconds since the row of the same gap before."""
    rows: list[Figures] = []
    before: dict[float, tuple[float, float]] = {}
    for links in (size for size in LINKS if size <= largest):
        problem = assignment_city(links, nearest=NEAREST).problem()
        solve(problem, 1.0, most_iterations=1)
        cpu = 0.0
        for gap in GAPS:
            if cpu > PATIENCE_S / 4.0:
                print(f"{links} links to {gap:.0e} is left out: the coarser gap took {cpu:.0f} s")
                continue
            _forget_peak()
            begin = time.perf_counter(), time.process_time()
            found = solve(problem, gap)
            wall, cpu = time.perf_counter() - begin[0], time.process_time() - begin[1]
            if not found.reached:
                raise AssertionError(f"{links} links: gap {found.relative_gap} instead of {gap}")
            old = before.get(gap)
            rows.append(
                {
                    "links": float(problem.arc_count),
                    "pairs": float(len(problem.pairs)),
                    "gap": f"{gap:.0e}",
                    "s": wall,
                    "CPU s": cpu,
                    "iterations": float(found.iterations),
                    "paths": float(found.paths.path_count),
                    "peak MB": _peak_mb(),
                    "exponent": math.log(cpu / old[1]) / math.log(problem.arc_count / old[0]) if old else "-",
                }
            )
            before[gap] = float(problem.arc_count), cpu
    return rows


def _forget_peak() -> None:
    """Let the peak of memory begin anew, so that no subject before counts: proc(5), Linux only."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024.0


SUBJECTS = (
    Subject(
        "growth",
        f"user equilibrium of city networks, each zone to its {NEAREST} nearest; memory of the whole process",
        (LINKS[-1],),
        (LINKS[0],),
        growth,
    ),
)
