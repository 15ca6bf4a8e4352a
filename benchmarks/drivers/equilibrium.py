"""User equilibrium beside AequilibraE's bi-conjugate Frank-Wolfe, with one class and with five, and warm starts.

Both programs get the same problem in the same run, one after the other. Ours is timed as a whole with its checks, its
kernels compiled before; the peer as `benchmarks.drivers.aequilibrae_peer` says. It gets a time for each network: where
that ends before the gap is reached, the ratio is a lower bound and marked with "at least". What either returned is then
judged by other code than its own: the gap of its flows, and whether as much leaves every node as enters it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from benchmarks.drivers import aequilibrae_peer as peer
from benchmarks.models.assignment_city import Case, assignment_city
from benchmarks.models.tntp import NAMES, present, published, tntp
from benchmarks.registry import Figures, Subject
from bridgehead.engines.flows.delay_kernels import times
from bridgehead.engines.flows.equilibrium import Equilibrium, solve
from bridgehead.engines.flows.path_store import PathStore
from bridgehead.engines.flows.problem import AssignmentProblem
from bridgehead.engines.network.delays import DelayTable

Float64 = npt.NDArray[np.float64]

REPEAT_S = 1.0
"""Runs are repeated, up to five times, until they took so long together; the median counts."""
VALUES_OF_TIME = (0.1, 0.2, 0.3, 0.4, 0.5)
"""Of the five classes, in money a minute."""
MONEY_PER_LENGTH = 0.1
"""What the classes pay for a mile (5,280 units of length in Anaheim)."""


@dataclass(frozen=True)
class Entry:
    """A network to measure: the collection's name of it if it is from there, gaps, seconds the peer is given, changes.

    `changes` says how many links get another capacity, one after the other, when warm starts are measured.
    """

    make: Callable[[], Case]
    name: str | None = None
    gaps: tuple[float, ...] = (1e-4, 1e-6)
    limit_s: float = 120.0
    changes: int = 12

    def case(self) -> Case | None:
        """Return the network, or None where its files are not there."""
        return None if self.name and not present(self.name) else self.make()


_SMALL = Entry(lambda: assignment_city(400), gaps=(1e-2, 1e-4), limit_s=1.5, changes=2)
ENTRIES = (
    _SMALL,
    Entry(lambda: tntp(NAMES[0]), NAMES[0]),
    Entry(lambda: tntp(NAMES[1]), NAMES[1]),
    Entry(lambda: assignment_city(3_000, zones=64)),
    Entry(lambda: assignment_city(3_000)),
    Entry(lambda: assignment_city(3_000, zones=317)),
    replace(_SMALL, limit_s=0.0),
)


def equilibrium(number: int) -> list[Figures]:
    """Measure one class on a network of `ENTRIES`, a row for each gap."""
    entry, case = ENTRIES[number], ENTRIES[number].case()
    return [] if case is None else _beside(case, case.problem(), entry.gaps, entry.limit_s)


def five_classes(number: int) -> list[Figures]:
    """Measure five classes with the same times, each with a fifth of the trips and a value of time of its own."""
    entry, case = ENTRIES[number], ENTRIES[number].case()
    if case is None:
        return []
    count = len(VALUES_OF_TIME)
    case = replace(case, trips=tuple(replace(case.trips[0], amount=case.trips[0].amount / count) for _ in range(count)))
    problem, length = case.problem(), case.network.length / (5280.0 if case.name == NAMES[1] else 1.0)
    money = MONEY_PER_LENGTH * length[problem.resource]
    classes = (replace(one, fixed=money / worth) for one, worth in zip(problem.classes, VALUES_OF_TIME, strict=True))
    return _beside(case, replace(problem, classes=tuple(classes)), entry.gaps[-1:], entry.limit_s)


def _beside(case: Case, problem: AssignmentProblem, gaps: tuple[float, ...], limit_s: float) -> list[Figures]:
    theirs = peer.answer(case, problem, gaps[-1], limit_s) if limit_s and peer.available() else None
    rows = []
    for gap in gaps:
        found, wall, cpu = _timed(problem, gap)
        row: Figures = {"network": case.name, "links": float(problem.arc_count), "pairs": float(len(problem.pairs))}
        row |= {"gap": f"{gap:.0e}", "ours s": wall, "ours CPU s": cpu, "ours gap": f"{found.relative_gap:.0e}"}
        row |= _theirs(theirs, gap, wall, cpu)
        last = gap == gaps[-1]
        row |= _judged(problem, found, theirs if last else None)
        rows.append(row)
    return rows


def _theirs(theirs: peer.Answer | None, gap: float, wall: float, cpu: float) -> Figures:
    """Return what the peer took until it was first below a gap, and by how much that is longer than ours."""
    names = ("AequilibraE s", "CPU s", "1-core CPU s", "AequilibraE gap", "wall ratio", "CPU ratio", "1-core ratio")
    if theirs is None:
        return dict.fromkeys(names, "-")
    at = theirs.first_below(gap)
    bound = "" if theirs.gap[at] <= gap else "at least "
    lone = theirs.lone_s * (at + 2)  # the first iteration has no gap
    ratios = (theirs.wall_s[at] / wall, theirs.cpu_s[at] / cpu, lone / cpu)
    said = [f"{bound}{ratio:,.1f}" for ratio in ratios]
    figures = (float(theirs.wall_s[at]), float(theirs.cpu_s[at]), lone, f"{theirs.gap[at]:.0e}", *said)
    return dict(zip(names, figures, strict=True))


def _judged(problem: AssignmentProblem, found: Equilibrium, theirs: peer.Answer | None) -> Figures:
    """Return gap and imbalance of both answers as worked out here; refuse what the gaps do not allow."""
    mine, imbalance = true_gap(problem, found.arc_flow), conservation_error(problem, found.arc_flow)
    if not found.reached or mine > 1.01 * float(found.parameters["gap"]) + 1e-12 or imbalance > 1e-9:
        raise AssertionError(f"our flows have gap {mine} and imbalance {imbalance}, not what they say")
    row: Figures = {"ours judged": f"{mine:.0e}", "ours imbalance": f"{imbalance:.0e}"}
    names = ("AequilibraE judged", "AequilibraE imbalance", "volumes differ")
    if theirs is None:
        return row | dict.fromkeys(names, "-")
    gap, lost = true_gap(problem, theirs.arc_flow), conservation_error(problem, theirs.arc_flow)
    volume = np.bincount(problem.resource, theirs.arc_flow.sum(axis=0), len(problem.delays))
    differ = float(np.abs(volume - found.volume).max() / found.volume.max())
    # Beckmann's function is convex, so its value at two answers differs by less than the larger excess cost; where
    # flow is lost on the way nothing follows.
    allowed = max(gap, mine) * found.total_cost
    if lost < 1e-9 and abs(_beckmann(problem, theirs.arc_flow) - _beckmann(problem, found.arc_flow)) > 1.01 * allowed:
        raise AssertionError(f"both answers differ by more than their gaps of {mine} and {gap} allow")
    return row | dict(zip(names, (f"{gap:.0e}", f"{lost:.0e}", f"{differ:.0e}"), strict=True))


def true_gap(problem: AssignmentProblem, arc_flow: Float64) -> float:
    """Return the relative gap of flows: their cost beside that of cheapest paths at the same times."""
    time_ = _times(problem, arc_flow)
    frozen = replace(problem, delays=DelayTable.constant(time_))
    least = solve(frozen, 1e-3).total_cost
    cost = sum(
        float((flow * (one.fixed + one.value_of_time * time_[problem.resource])).sum())
        for one, flow in zip(problem.classes, arc_flow, strict=True)
    )
    return (cost - least) / cost


def conservation_error(problem: AssignmentProblem, arc_flow: Float64) -> float:
    """Return the largest imbalance at any node of any class, as a share of all demand."""
    pairs, worst = problem.pairs, 0.0
    for group, flow in enumerate(arc_flow):
        mine = pairs.group == group
        balance = np.zeros(problem.node_count)
        np.add.at(balance, problem.head, flow)
        np.subtract.at(balance, problem.tail, flow)
        np.add.at(balance, pairs.origin[mine], pairs.amount[mine])
        np.subtract.at(balance, pairs.destination[mine], pairs.amount[mine])
        worst = max(worst, float(np.abs(balance).max()))
    return worst / float(pairs.amount.sum())


def _times(problem: AssignmentProblem, arc_flow: Float64) -> Float64:
    volume = np.bincount(problem.resource, arc_flow.sum(axis=0), len(problem.delays))
    return times(problem.delays, volume)[0]


def _beckmann(problem: AssignmentProblem, arc_flow: Float64) -> float:
    """Return Beckmann's function of flows on links with delays of the Bureau of Public Roads."""
    volume = np.bincount(problem.resource, arc_flow.sum(axis=0), len(problem.delays))
    free, capacity, b, power = problem.delays.parameters[:, :4].T
    area = free * (volume + b * capacity / (power + 1.0) * (volume / capacity) ** (power + 1.0))
    fixed = sum(float((flow * one.fixed).sum()) for one, flow in zip(problem.classes, arc_flow, strict=True))
    return float(area.sum()) + fixed


def _timed(problem: AssignmentProblem, gap: float, start: PathStore | None = None) -> tuple[Equilibrium, float, float]:
    """Return a result with the median wall and CPU seconds it took."""
    solve(problem, 1.0, most_iterations=1)  # compiled and loaded before
    wall: list[float] = []
    cpu: list[float] = []
    while True:
        begin = time.perf_counter(), time.process_time()
        found = solve(problem, gap, start=start)
        wall.append(time.perf_counter() - begin[0])
        cpu.append(time.process_time() - begin[1])
        if len(wall) == 5 or sum(wall) > REPEAT_S:
            return found, statistics.median(wall), statistics.median(cpu)


def known_answers(number: int) -> list[Figures]:
    """Measure Sioux Falls or Anaheim to gaps far below what planners ask, beside the published answer."""
    case = ENTRIES[number].case()
    if case is None:
        return []
    problem, best, rows = case.problem(), published(case.name), []
    for gap in (1e-10, 1e-13):
        found, wall, _ = _timed(problem, gap)
        apart = np.abs(found.volume - best.volume)
        rows.append(
            {
                "network": case.name,
                "gap": f"{gap:.0e}",
                "reached": f"{found.relative_gap:.0e}",
                "s": wall,
                "iterations": float(found.iterations),
                "paths": float(found.paths.path_count),
                "objective": f"{found.objective:.10g}",
                "objective off": f"{abs((found.objective or 0.0) / best.objective - 1.0):.0e}",
                "volumes off": f"{apart.max():.0e}",
                "volumes off, relative": f"{(apart / np.maximum(best.volume, 1.0)).max():.0e}",
                "imbalance": f"{conservation_error(problem, found.arc_flow):.0e}",
            }
        )
    return rows


def warm_start(number: int) -> list[Figures]:
    """Measure how much of the cold time a start from the old paths takes after one capacity changed by a tenth."""
    entry, case = ENTRIES[number], ENTRIES[number].case()
    if case is None:
        return []
    problem, gap = case.problem(), entry.gaps[-1]
    base = solve(problem, gap)
    shares, cold_s = [], []
    for row, factor in _changes(problem, base, entry.changes):
        parameters = problem.delays.parameters.copy()
        parameters[row, 1] *= factor
        changed = replace(problem, delays=replace(problem.delays, parameters=parameters))
        cold, warm = _timed(changed, gap), _timed(changed, gap, base.paths)
        if not (cold[0].reached and warm[0].reached):
            raise AssertionError(f"gap {gap} not reached after a change of link {row}")
        shares.append(warm[2] / cold[2])
        cold_s.append(cold[2])
    return [
        {
            "network": case.name,
            "links": float(problem.arc_count),
            "gap": f"{gap:.0e}",
            "changes": float(len(shares)),
            "cold CPU s": statistics.median(cold_s),
            "warm / cold": statistics.median(shares),
            "worst": max(shares),
            "best": min(shares),
        }
    ]


def _changes(problem: AssignmentProblem, base: Equilibrium, count: int) -> list[tuple[int, float]]:
    """Return links with the factor of their capacity: the fullest and some used ones at random, each up or down."""
    parameters = problem.delays.parameters
    ratio = np.where(parameters[:, 2] > 0.0, base.volume / parameters[:, 1], 0.0)
    fullest = np.argsort(-ratio, kind="stable")[: count // 2]
    others = np.setdiff1d(np.flatnonzero(ratio > 0.0), fullest)
    chosen = np.random.default_rng(1).choice(others, count - len(fullest), replace=False)
    return [(int(row), 0.9 if at % 2 else 1.1) for at, row in enumerate((*fullest, *chosen))]


SUBJECTS = (
    Subject(
        "equilibrium",
        "user equilibrium beside AequilibraE (bi-conjugate Frank-Wolfe, 2 cores); ours warm, with checks, 1 core",
        (1, 2, 3, 4, 5),
        (0,),
        equilibrium,
    ),
    Subject("five-classes", "the same with five classes of one time and own fixed costs", (2,), (6,), five_classes),
    Subject(
        "warm-start",
        "one capacity changed by 10 %, start from the old paths: share of the CPU time from nothing",
        (1, 2, 3, 4, 5),
        (0,),
        warm_start,
    ),
    Subject("known-answers", "published equilibria to the last digits", (1, 2), (1, 2), known_answers),
)
