"""User equilibrium and system optimum of an assignment by path-based gradient projection with column generation.

One call, `solve`. The kernels are in `bridgehead.engines.flows.equilibrium_kernels` and, for steps over all pairs at
once, in `bridgehead.engines.flows.newton_kernels`; here stands in which order they run and when it is enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.corners import Corners
from bridgehead.engines.flows.path_store import PathStore
from bridgehead.engines.flows.problem import AssignmentProblem
from bridgehead.engines.flows.totals import imbalance, plain_cost, potential
from bridgehead.engines.network.delays import PARAMETERS, DelayKind, DelayTable
from bridgehead.kernel.errors import BridgeheadError, Place

Float64 = npt.NDArray[np.float64]
Progress = Callable[[int, float], None]

MOST_ITERATIONS = 500
MOST_PASSES = 40
"""Passes over the known paths between two searches for new ones."""
COARSE = 1e-4
"""Above this gap new paths matter more than equal costs of the known ones."""
ENOUGH_COARSE, ENOUGH_FINE = 0.3, 0.05
"""Passes end when the excess cost over known paths is below this share of that of the last search. With `PASS_CUT` and
`PASS_ALL` chosen by measuring Sioux Falls, Anaheim and generated city networks of 1,000 to 10,000 links."""
PASS_CUT = 3.0
"""Pairs whose excess cost is below this many times the mean they may end with are passed over,"""
PASS_ALL = 10
"""except in every so many passes."""
SLOW = 4.0
"""More passes than these to come, at the speed of the last two, are worth a Newton step over all pairs at once,"""
PASS_WORK = 8
"""once the passes since the last step took as much work as that step; an arc of a path is in a pass so many times the
work that it is in a product with the matrix of the step."""
FIRST_PRODUCTS = 100
"""Products by which the work of the first step is guessed."""
PATIENCE = 60
"""Iterations without a smaller gap after which a run ends: rounding allows no more."""
TIGHT, BEYOND, SMALLEST_GAP = 1e-9, 1e-4, 1e-14
"""A gap asked for that is not above the first is overshot by the second, as far as rounding allows."""
LIMIT_TOLERANCE = 1e-6
"""Share of a limit by which a volume may be above it."""
MOST_ROUNDS = 60
"""Times that the prices of limits are raised; more help only where the demand does not fit at all."""
MOST_PENALTY = 1e8
"""How many times its first value the penalty of a limit may grow to."""


@dataclass(frozen=True)
class Equilibrium:
    """The result of an assignment.

    Parameters
    ----------
    arc_flow : float64 array, shape (classes, arcs)
        Flow of each class.
    volume, time : float64 arrays, shape (resources,)
        Weighted flow of all classes, and the time at it.
    price : float64 array, shape (resources,)
        What a unit of volume pays besides its time: the shadow price of a limit, and in a system optimum the toll that
        makes users choose it.
    unserved : float64 array, shape (pairs,)
        Demand that is not sent because that costs less.
    relative_gap : float
        (cost of all flow - cost if all went on cheapest paths) / cost of all flow, at the final costs.
    average_excess_cost : float
        The same difference per unit of demand.
    objective : float or None
        What the equilibrium minimises (Beckmann's function, or the total cost of a system optimum); None where no such
        function exists: classes weigh differently on different arcs, or classes of unequal value of time pay the price
        of a limit in money. A system optimum of classes whose weight and value of time are not in proportion need not
        be the only one, for then the total cost is not convex.
    total_cost : float
        Cost of all flow without prices, overflow included.
    conservation_error : float
        Largest imbalance at any node of any class, as a share of all demand.
    iterations, passes : int
        Searches for new paths, and passes over known ones.
    limit_excess : float
        Largest share by which a volume is above its limit.
    reached : bool
        Whether the gap asked for was reached, with all limits kept and no price without need.
    seconds : float or None
        How long it took, if a clock was given.
    parameters : mapping
        What was asked for.
    input_hash : str
        Content hash of the problem.
    paths : PathStore
        Who goes where; empty from a method that keeps no paths.
    """

    arc_flow: Float64
    volume: Float64
    time: Float64
    price: Float64
    unserved: Float64
    relative_gap: float
    average_excess_cost: float
    objective: float | None
    total_cost: float
    conservation_error: float
    iterations: int
    passes: int
    limit_excess: float
    reached: bool
    seconds: float | None
    parameters: Mapping[str, Any]
    input_hash: str
    paths: PathStore


def solve(
    problem: AssignmentProblem,
    gap: float = 1e-6,
    *,
    system_optimum: bool = False,
    start: PathStore | None = None,
    most_iterations: int = MOST_ITERATIONS,
    clock: Callable[[], float] | None = None,
    progress: Progress | None = None,
) -> Equilibrium:
    """Find the flows at which nobody can save by another path, or whose total cost is least.

    Parameters
    ----------
    problem : AssignmentProblem
        Graph, delays, classes and demand.
    gap : float
        Relative gap to reach. Limits are kept to within a millionth of themselves.
    system_optimum : bool
        Whether users pay for the delay they cause to others.
    start : PathStore, optional
        Paths of an earlier result on the same graph, to begin from; their flows are scaled to the demand.
    most_iterations : int
        Searches for new paths after which the run ends with the gap it has.
    clock : callable, optional
        Gives seconds; the engine itself has no clock.
    progress : callable, optional
        Called with the iteration and its gap; what it raises ends the run.

    Raises
    ------
    BridgeheadError
        `flows.bad_gap`, every fault that `AssignmentProblem.check` finds, and `flows.other_problem`.
    """
    from bridgehead.engines.flows import newton_kernels, path_kernels  # noqa: F401 - compiled before the clock starts

    begin = clock() if clock else 0.0
    if not 0.0 < gap < math.inf:
        raise BridgeheadError("flows.bad_gap", {"gap": gap}, Place(field="gap"))
    problem.check(reach=False)  # the first search finds pairs without a path
    store = PathStore.overflow_only(problem.pairs) if start is None else start.scaled(problem)
    run = Run(problem, system_optimum, store)
    # Link flows converge like the root of the gap: who asks for a tight one wants them exact.
    inner = gap if gap > TIGHT else max(BEYOND * gap, SMALLEST_GAP)
    found, settled = run.until(inner, most_iterations, progress), False
    for _ in range(MOST_ROUNDS):
        if run.iterations >= most_iterations or (settled := not run.reprice()):
            break
        found = run.until(inner, most_iterations, progress)
    asked = {
        "gap": gap,
        "system_optimum": system_optimum,
        "most_iterations": most_iterations,
        "warm": start is not None,
    }
    seconds = clock() - begin if clock else None
    return run.result(found <= gap and settled and run.limit_excess() <= LIMIT_TOLERANCE, found, seconds, asked)


class Run:
    """The arrays of one run, and the order in which the kernels work on them."""

    def __init__(self, problem: AssignmentProblem, system_optimum: bool, store: PathStore) -> None:
        from bridgehead.engines.flows import cost_kernels, equilibrium_kernels
        from bridgehead.engines.flows.delay_kernels import arrays_of
        from bridgehead.engines.flows.newton_kernels import newton

        self.kernels, self.costs, self.newton = equilibrium_kernels, cost_kernels, newton
        self.problem = problem
        self.marginal = system_optimum
        rows, pairs = len(problem.delays), problem.pairs
        own = np.argsort(problem.resource, kind="stable").astype(np.int32)
        own_first = np.concatenate(([0], np.cumsum(np.bincount(problem.resource, minlength=rows + 1)))).astype(np.int32)
        ways = (problem.first, problem.head, problem.tail, problem.no_through)
        self.graph = (*ways, problem.resource, own_first, own)
        self.prices = np.empty((len(problem.classes), problem.arc_count, 3))
        for i, one in enumerate(problem.classes):
            self.prices[i] = np.stack((one.fixed, one.weight, one.value_of_time), axis=1)
        self.shadow, self.penalty = np.zeros(rows + 1), np.zeros(rows + 1)
        self.limit, self.background = np.append(problem.limit, np.inf), np.append(problem.background, 0.0)
        careful = system_optimum or bool(np.isfinite(problem.limit).any()) or not _steady(problem.delays)
        extra = (self.background, self.limit, self.shadow, self.penalty, bool(system_optimum), careful)
        arrays = arrays_of(problem.delays)
        self.delays = (*arrays, *extra)
        self.corners = Corners(problem.delays, arrays[3]) if system_optimum else None
        arcs = np.zeros(problem.arc_count), np.zeros(problem.arc_count)
        self.load = (np.zeros(rows + 1), np.zeros(rows + 1), np.zeros((rows + 1, 4)), *arcs)
        self.demand = (
            *_groups(problem),
            pairs.group,
            pairs.destination,
            pairs.amount,
            pairs.overflow,
            pairs.overflow_slope,
        )
        self.stamp = (np.zeros(problem.arc_count, dtype=np.int64), np.zeros(1, dtype=np.int64))
        self.excess = np.zeros(len(pairs))
        self.arc_flow = np.zeros((len(problem.classes), problem.arc_count))
        self.store: Any = (store.pair_first, store.path_first, store.arcs, store.flow)
        self.iterations = self.passes = self.step_work = self.credit = 0
        # Where a search has found the only path a pair knows, it says nothing of the gap.
        self.blind = 0 if store.has_path().all() else 1
        self.reload()

    def reload(self) -> None:
        """Add up the volumes of all paths anew."""
        self.costs.reload(self.graph, self.prices, self.demand, self.store, self.load, self.arc_flow)
        self.costs.refresh_all(self.delays, self.load)

    def until(self, target: float, most: int, progress: Progress | None) -> float:
        """Search and balance until the gap is small enough, or nothing more can be gained; return the gap."""
        common = (self.graph, self.prices, self.delays, self.load, self.demand)
        best, since, running = math.inf, 0, math.inf if self.blind else 0.0
        if self.iterations == 0 and not self.blind:
            self._settle_known(target)
        while True:
            # Far from equilibrium a search moves flow at once; near it, it only looks, and so its gap is exact.
            look = running <= COARSE
            if look:
                self.reload()
            least = math.inf if look else 0.0
            self.store, gap, total, _ = self.kernels.sweep(*common, self.store, self.stamp, self.excess, least)
            self.iterations += 1
            if self.iterations == 1:
                self.problem.refuse_lost(np.diff(self.store[0]) == 0)
            running = gap / total if total > 0.0 else 0.0
            if progress is not None:
                progress(self.iterations, running)
            last = since >= PATIENCE or self.iterations >= most
            if last or (running <= target and self.iterations > self.blind):
                self._totals = total, total - gap
                exact = running if look else self.exact()
                if last or exact <= target:
                    return exact
            if self.iterations > self.blind:
                best, since = (running, 0) if running < best else (best, since + 1)
            self._balance(gap, total, target)

    def _balance(self, outer: float, total: float, target: float) -> None:
        """Pass over the pairs with several paths until their excess cost is small beside that of the last search.

        Where that takes many passes, a Newton step over all pairs at once goes before the next.
        """
        common = (self.graph, self.prices, self.delays, self.load, self.demand, self.store, self.stamp)
        share = ENOUGH_COARSE if self.blind and outer > COARSE * total else ENOUGH_FINE
        enough = max(share * outer, 0.1 * target * total)
        before = outer
        for count in range(MOST_PASSES):
            cut = 0.0 if count % PASS_ALL == 0 else PASS_CUT * enough / max(len(self.excess), 1)
            gap, _, arcs = self.kernels.pass_over(*common, self.excess, 0.0, cut)
            self.passes += 1
            if gap <= enough:
                return
            to_come = math.log(enough / gap) / math.log(gap / before) if gap < before else math.inf
            self.credit += PASS_WORK * arcs
            if to_come > SLOW and self.credit > (self.step_work or FIRST_PRODUCTS * arcs) and self.worth is not None:
                self.step_work = self.newton(*common, self.worth)
                self.credit -= self.step_work
            before = gap

    def _settle_known(self, target: float) -> None:
        """Balance the paths that a run begins with before the first search, unless they are balanced enough."""
        self.excess[np.diff(self.store[0]) > 1] = np.inf
        common = (self.graph, self.prices, self.delays, self.load, self.demand, self.store, self.stamp)
        gap, total, _ = self.kernels.pass_over(*common, self.excess, 0.0, 0.0)
        self.passes += 1
        if gap > target * total:
            self._balance(gap, total, target)

    @cached_property
    def worth(self) -> Float64 | None:
        """What each class pays for a unit of time by its weight; None where the equilibrium minimises no one function.

        There a Newton step over all pairs would not know where to go.
        """
        scale = np.array([one.scale or 0.0 for one in self.problem.classes])
        paid = self.marginal or bool(np.isfinite(self.problem.limit).any())
        if not scale.all() or (paid and (scale != scale[0]).any()):
            return None
        return 1.0 / scale

    def exact(self) -> float:
        """Add all volumes up anew and return the gap at the costs that follow from them."""
        self.reload()
        total, least = self.costs.exact_gap(self.graph, self.prices, self.load, self.demand, self.store)
        self._totals = total, least
        return max(total - least, 0.0) / total if total > 0.0 else 0.0

    def limit_excess(self) -> float:
        """Return the largest share by which a volume is above its limit."""
        rows = np.flatnonzero(np.isfinite(self.limit))
        over = (self.load[0] + self.background)[rows] / self.limit[rows] - 1.0
        return float(over.max(initial=0.0))

    def reprice(self) -> bool:
        """Bring prices nearer to what keeps limits and corners; return whether another round is needed."""
        moved = self.corners is not None and self.corners.move((self.load[0] + self.background)[:-1])
        raised = self.raise_prices()
        if moved or raised:
            self.costs.refresh_all(self.delays, self.load)
        return moved or raised

    def raise_prices(self) -> bool:
        """Bring shadow prices nearer to what keeps the limits; return whether another round is needed."""
        limit, volume = self.limit, self.load[0] + self.background
        rows = np.flatnonzero(np.isfinite(limit))
        over = volume[rows] - limit[rows]
        if not self.penalty[rows].any():
            if not (over > LIMIT_TOLERANCE * limit[rows]).any():
                return False
            mean = self._totals[0] / float(self.demand[5].sum()) or 1.0
            self.penalty[rows] = mean / (float(self.prices[:, :, 1].max()) * limit[rows])
            self._most = MOST_PENALTY * self.penalty[rows]
            self._last = np.abs(over)
            return True
        new = np.maximum(self.shadow[rows] + self.penalty[rows] * over, 0.0)
        miss = np.abs(np.maximum(over, -self.shadow[rows] / self.penalty[rows]))
        if (miss <= 0.5 * LIMIT_TOLERANCE * limit[rows]).all():
            return False
        self.shadow[rows] = new
        slow = miss > 0.25 * self._last
        self.penalty[rows[slow]] = np.minimum(4.0 * self.penalty[rows], self._most)[slow]
        self._last = miss
        return True

    def result(self, reached: bool, gap: float, seconds: float | None, asked: Mapping[str, Any]) -> Equilibrium:
        """Gather what the run leaves behind."""
        problem, demand = self.problem, float(self.problem.pairs.amount.sum())
        store = PathStore(*self.store)
        volume, state = self.load[0][:-1], self.load[2]
        total, least = self._totals
        unserved = store.unserved(len(problem.pairs))
        cost = plain_cost(problem, self.arc_flow, state[:-1, 0], unserved)
        return Equilibrium(
            arc_flow=self.arc_flow,
            volume=volume.copy(),
            time=state[:-1, 0].copy(),
            price=state[:-1, 2].copy(),
            unserved=unserved,
            relative_gap=gap,
            average_excess_cost=max(total - least, 0.0) / demand if demand else 0.0,
            objective=cost if self.marginal else self._potential(unserved),
            total_cost=cost,
            conservation_error=imbalance(problem, self.arc_flow, unserved) / demand if demand else 0.0,
            iterations=self.iterations,
            passes=self.passes,
            limit_excess=self.limit_excess(),
            reached=reached,
            seconds=seconds,
            parameters=dict(asked),
            input_hash=problem.content_hash,
            paths=store,
        )

    def _potential(self, unserved: Float64) -> float | None:
        hours = {float(one.value_of_time[0]) for one in self.problem.classes if len(one.value_of_time)}
        if len(hours) > 1 and self.load[2][:-1, 2].any():
            return None
        return potential(self.problem, self.arc_flow, self.load[0][:-1], unserved)


def _steady(delays: DelayTable) -> bool:
    """Whether all slopes grow with volume and without bends, so that steps of Newton's method cannot swing."""
    kind = delays.kind
    steady = (kind == DelayKind.CONSTANT) | (kind == DelayKind.CONICAL)
    power = delays.parameters[:, PARAMETERS[DelayKind.BPR].index("power")]
    return bool((steady | ((kind == DelayKind.BPR) & ((power >= 1.0) | (power == 0.0)))).all())


def _groups(problem: AssignmentProblem) -> tuple[Any, Any, Any]:
    """Return class, origin and first pair of every run of pairs that one tree serves."""
    pairs = problem.pairs
    fresh = np.ones(len(pairs), dtype=bool)
    fresh[1:] = (pairs.group[1:] != pairs.group[:-1]) | (pairs.origin[1:] != pairs.origin[:-1])
    starts = np.flatnonzero(fresh)
    return pairs.group[starts], pairs.origin[starts], np.append(starts, len(pairs)).astype(np.int64)
