"""Calibration: a few named constants of ports, so that modelled port totals come near the reported ones.

The constants minimise ``sum(((model - reported) / tolerance)^2) + sum((constant / scale)^2)`` within bounds. The
tolerance of a report follows from how exactly it is stated; the scale of a constant is half the width of its bounds, so
of many constants that fit alike the smallest are taken. Steps are those of Gauss and Newton in a box, with the slopes
of the logit where nothing queues, mended after every step by Broyden, C. G. (1965), A class of methods for solving
nonlinear simultaneous equations, Mathematics of Computation 19, 577-593. Nothing is drawn at random.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bridgehead.engines.flows.choice_sets import path_size, port_arcs
from bridgehead.engines.flows.freight import FreightProblem, Settings, freight_problem, with_constants
from bridgehead.engines.flows.freight_flows import Solution, solution, spread_of
from bridgehead.engines.flows.path_store import PathStore
from bridgehead.engines.flows.stochastic import solve_stochastic
from bridgehead.engines.network.components import Demand
from bridgehead.engines.network.topology import Float64
from bridgehead.engines.network.virtual import Network
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.hashing import content_hash
from bridgehead.kernel.source import Figure, Qualifier, Standing

TOLERANCE_EXACT, TOLERANCE_ROUGH = 0.01, 0.05
"""Share of a report that a model may miss it by as a matter of course: of exact figures, and of all others."""
LEAST_TOLERANCE_T = 20_000.0
GAP = 1e-6
"""Gap of the equilibria between steps; the last one has that of `bridgehead.engines.flows.freight_flows`."""
MOST_ROUNDS, MOST_STEPS, MOST_HALVINGS, MOST_SWEEPS = 4, 12, 3, 1000
STILL = 5e-4
"""Gain of a step or a round, as a share of what is minimised, below which it is the last."""
DECIMALS = 2
"""Constants are given to the cent."""
Progress = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class Constant:
    """What may be adjusted: USD per tonne that speak against some ports, between `lower` and `upper`.

    A port may be named by several constants; they add up.
    """

    id: str
    ports: tuple[str, ...]
    lower: float
    upper: float

    @property
    def scale(self) -> float:
        """USD per tonne at which the wish for a small constant weighs as much as a report missed by its tolerance."""
        return (self.upper - self.lower) / 2.0


@dataclass(frozen=True, slots=True)
class Target:
    """A reported total that the model is held to: of the ports `members` together, for `part` of the year."""

    subject: str
    members: tuple[str, ...]
    figure: Figure
    part: float

    @property
    def value_t(self) -> float:
        """The reported tonnes."""
        return float(self.figure.value or 0.0)

    @property
    def tolerance_t(self) -> float:
        """How far off a model may be as a matter of course: more where a report is not exact or was derived."""
        exact = self.figure.qualifier is Qualifier.EXACT and self.figure.standing in _FIRM
        return max(self.value_t * (TOLERANCE_EXACT if exact else TOLERANCE_ROUGH), LEAST_TOLERANCE_T)


_FIRM = (Standing.MEASURED, Standing.REPORTED)


@dataclass(frozen=True, slots=True)
class Fit:
    """A target with what the model had for it before and after, in tonnes and for the same part of the year."""

    target: Target
    before_t: float
    after_t: float


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A constant with its value in USD per tonne."""

    constant: Constant
    value: float

    @property
    def at_bound(self) -> bool:
        """Whether the bounds kept it from going further."""
        return self.value <= self.constant.lower or self.value >= self.constant.upper


@dataclass(frozen=True)
class Calibration:
    """The result of a calibration.

    Parameters
    ----------
    year : int
        Year of network and demand.
    constants : tuple of Calibrated
        The constants.
    fits : tuple of Fit
        What was targeted, before and after.
    totals_t : mapping of str to (float, float)
        Yearly tonnes of every port before and after.
    misfit : (float, float)
        Mean square of the misses in tolerances before and after.
    rounds, equilibria : int
        How often ways were searched anew, and how many equilibria were found.
    settled : bool
        Whether the last round gained next to nothing.
    input_hash : str
        Content hash of problem, targets and bounds.
    """

    year: int
    constants: tuple[Calibrated, ...]
    fits: tuple[Fit, ...]
    totals_t: Mapping[str, tuple[float, float]]
    misfit: tuple[float, float]
    rounds: int
    equilibria: int
    settled: bool
    input_hash: str

    @property
    def by_port(self) -> dict[str, float]:
        """Return the sum of the constants of every port, in USD per tonne: what `Settings.constants` takes."""
        return constants_by_port({one.constant: one.value for one in self.constants})


def constants_by_port(values: Mapping[Constant, float]) -> dict[str, float]:
    """Return the sum of the constants that name a port, for each port named, in USD per tonne."""
    found: dict[str, float] = {}
    for constant, value in values.items():
        for port in constant.ports:
            found[port] = round(found.get(port, 0.0) + value, DECIMALS)
    return dict(sorted(found.items()))


def calibrate(
    network: Network,
    rows: Iterable[Demand],
    targets: Sequence[Target],
    constants: Sequence[Constant],
    *,
    settings: Settings | None = None,
    start: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Adjust constants within bounds until modelled port totals are as near to the reported ones as they get.

    Parameters
    ----------
    network : Network
        The virtual network, with home ports only.
    rows : iterable of Demand
        Yearly flows.
    targets : sequence of Target
        Reported totals.
    constants : sequence of Constant
        What may be adjusted.
    settings : Settings, optional
        Closures and background traffic; its constants are not used.
    start : mapping of str to float, optional
        Values to begin from by constant; zero if not given.
    progress : callable, optional
        Called with the number of equilibria found and the misfit.

    Raises
    ------
    BridgeheadError
        `calibration.bad_constant`, `calibration.unknown_port`, `calibration.no_target`, `calibration.no_demand` where
        the demand is of another year than the network; what the problem raises.
    """
    rows = tuple(rows)
    _refuse(network, rows, targets, constants)
    plain = replace(settings or Settings(), constants={})
    freight = freight_problem(network, rows, plain)
    run = _Run(freight, tuple(targets), tuple(constants), progress)
    begin = np.array([(start or {}).get(one.id, 0.0) for one in constants])
    return run.result(network.year, begin)


def _refuse(network: Network, rows: Sequence[Demand], targets: Sequence[Target], constants: Sequence[Constant]) -> None:
    faults = []
    if stale := sorted({row.year for row in rows} - {network.year}):
        faults.append(Fault("calibration.no_demand", {"year": network.year, "demand_year": stale[-1]}))
    known = network.tables.ports_by_id
    seen: set[str] = set()
    for one in constants:
        moves = -math.inf < one.lower <= 0.0 <= one.upper < math.inf and one.lower < one.upper
        if not moves or one.id in seen:
            faults.append(Fault("calibration.bad_constant", {"id": one.id, "lower": one.lower, "upper": one.upper}))
        seen.add(one.id)
    named = [(one.id, port) for one in constants for port in one.ports]
    named += [(one.subject, port) for one in targets for port in one.members]
    faults += [Fault("calibration.unknown_port", {"id": id_, "port": port}, Place(field=id_))
               for id_, port in named if port not in known]  # fmt: skip
    if not targets:
        faults.append(Fault("calibration.no_target", {"year": network.year}))
    if faults:
        raise BridgeheadError.of(faults)


class _Run:
    """One calibration at work; arrays run along constants (`j`), targets (`i`), ports and paths."""

    def __init__(
        self, freight: FreightProblem, targets: tuple[Target, ...], constants: tuple[Constant, ...],
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.freight, self.targets, self.constants, self.progress = freight, targets, constants, progress
        self.masks = port_arcs(freight)
        self.ports = tuple(self.masks)
        self.spread = spread_of(freight)
        self.of_target = np.array([[port in one.members for port in self.ports] for one in targets]).T * np.array(
            [one.part for one in targets]
        )
        self.of_constant = np.array([[port in one.ports for port in self.ports] for one in constants]).T * 1.0
        self.of_constant = self.of_constant.reshape(len(self.ports), len(constants))
        self.value = np.array([one.value_t for one in targets])
        self.tolerance = np.array([one.tolerance_t for one in targets])
        self.scale = np.array([one.scale for one in constants])
        self.low = np.array([one.lower for one in constants])
        self.high = np.array([one.upper for one in constants])
        self.equilibria = 0

    def result(self, year: int, begin: Float64) -> Calibration:
        x = np.clip(begin, self.low, self.high)
        zero = self._solve(np.zeros_like(x))
        before, now = self._totals(zero), (zero if not x.any() else self._solve(x))
        best, best_totals, settled, rounds = x, self._totals(now), not len(x), 0
        while rounds < MOST_ROUNDS and not settled:
            rounds += 1
            x = np.round(self._steps(now.equilibrium.paths, x), DECIMALS)
            now = self._solve(x)
            loss, least = self._loss(x, self._totals(now)), self._loss(best, best_totals)
            settled = loss >= (1.0 - STILL) * least
            if loss < least:
                best, best_totals = x, self._totals(now)
        values = tuple(Calibrated(one, float(value)) for one, value in zip(self.constants, best, strict=True))
        then, after = before @ self.of_target, best_totals @ self.of_target
        fits = tuple(Fit(one, float(a), float(b)) for one, a, b in zip(self.targets, then, after, strict=True))
        totals_by_port = {
            port: (float(a), float(b)) for port, a, b in zip(self.ports, before, best_totals, strict=True)
        }
        misfit = (float(np.mean(self._misses(before) ** 2)), float(np.mean(self._misses(best_totals) ** 2)))
        return Calibration(year, values, fits, totals_by_port, misfit, rounds, self.equilibria, settled, self._hash())

    def _hash(self) -> str:
        targets = [[one.subject, list(one.members), one.value_t, one.part, one.tolerance_t] for one in self.targets]
        bounds = [[one.id, list(one.ports), one.lower, one.upper] for one in self.constants]
        return content_hash({"problem": self.freight.problem.content_hash, "targets": targets, "constants": bounds})

    def _with(self, x: Float64) -> FreightProblem:
        values = dict(zip(self.constants, x.tolist(), strict=True))
        return with_constants(self.freight, constants_by_port(values), self.masks)

    def _solve(self, x: Float64) -> Solution:
        self.equilibria += 1
        return solution(self._with(x))

    def _totals(self, found: Solution) -> Float64:
        """Return the yearly tonnes over the home border at every port."""
        flow = found.equilibrium.arc_flow.sum(axis=0)
        return np.array([flow[mask].sum() for mask in self.masks.values()])

    def _misses(self, totals: Float64) -> Float64:
        return np.asarray((totals @ self.of_target - self.value) / self.tolerance)

    def _loss(self, x: Float64, totals: Float64) -> float:
        return float((self._misses(totals) ** 2).sum() + ((x / self.scale) ** 2).sum())

    def _steps(self, paths: PathStore, x: Float64) -> Float64:
        """Return the best constants when ways are chosen from these paths only."""
        size = path_size(self.freight.network.topology, paths)
        cross = self._crossings(paths)

        def at(point: Float64, flows: PathStore) -> tuple[Float64, PathStore]:
            self.equilibria += 1
            problem = self._with(point).problem
            found = solve_stochastic(problem, flows, self.spread, GAP, size=size, warm=True).paths
            totals = np.asarray(found.flow @ cross)
            if self.progress is not None:
                self.progress(self.equilibria, float(np.mean(self._misses(totals) ** 2)))
            return totals, found

        totals, store = at(x, paths)
        slopes = self._slopes(store, cross)
        for _ in range(MOST_STEPS):
            step = self._step(x, totals, slopes)
            for _ in range(MOST_HALVINGS):
                new, moved = at(x + step, store)
                change = new - totals
                slopes = slopes + np.outer(change - slopes @ step, step) / max(float(step @ step), 1e-12)
                if self._loss(x + step, new) < self._loss(x, totals):
                    break
                step = step / 2.0
            else:
                return x
            still = self._loss(x, totals) - self._loss(x + step, new) <= STILL * self._loss(x + step, new)
            x, totals, store = x + step, new, moved
            if still:
                break
        return x

    def _crossings(self, paths: PathStore) -> Float64:
        """Return how often every path crosses the home border at every port, shape (paths, ports)."""
        path_of = np.repeat(np.arange(paths.path_count), np.diff(paths.path_first))
        return np.stack(
            [np.bincount(path_of, mask[paths.arcs], paths.path_count) for mask in self.masks.values()], axis=1
        )

    def _slopes(self, paths: PathStore, cross: Float64) -> Float64:
        """Return tonnes that a port gains with a USD on a constant, were there no queues: (ports, constants)."""
        pair = paths.pair_of_path
        pairs = len(self.spread)
        amount = np.bincount(pair, paths.flow, pairs)
        charged = cross @ self.of_constant
        mean = np.zeros((pairs, charged.shape[1]))
        np.add.at(mean, pair, paths.flow[:, None] * charged)
        mean = np.divide(mean, amount[:, None], out=np.zeros_like(mean), where=amount[:, None] > 0.0)
        change = -(paths.flow / self.spread[pair])[:, None] * (charged - mean[pair])
        return np.asarray(cross.T @ change)

    def _step(self, x: Float64, totals: Float64, slopes: Float64) -> Float64:
        """Return the step to the least of the quadratic model within the bounds, one coordinate after the other."""
        design = np.vstack(((self.of_target.T @ slopes) / self.tolerance[:, None], np.diag(1.0 / self.scale)))
        wanted = -np.concatenate((self._misses(totals), x / self.scale))
        square, pull = design.T @ design, design.T @ wanted
        step = np.zeros_like(x)
        for _ in range(MOST_SWEEPS):
            largest = 0.0
            for j in range(len(x)):
                free = step[j] + (pull[j] - square[j] @ step) / square[j, j]
                new = min(max(free, self.low[j] - x[j]), self.high[j] - x[j])
                largest, step[j] = max(largest, abs(new - step[j])), new
            if largest < 1e-5:
                break
        return step
