"""Flows and simulation brought to agreement: how much comes to a port, and how long it stays there, decide each other.

The flows are solved with the stay against the load as it is known so far; the port is simulated at the load that came
out; what it found becomes one more point of the curve. The two agree when the stay the flows reckoned with lies inside
the interval of the simulated one, as far as that is narrow, or nearer to it than the tolerance: all loads run on the
same random numbers, so that the loop comes to an end also where the stay itself is known badly. Every round is kept,
with the difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from bridgehead.engines.flows.equilibrium import Equilibrium, solve
from bridgehead.engines.flows.problem import AssignmentProblem
from bridgehead.engines.planning.stay_curves import (
    StayCurve,
    StayPoint,
    base_load_per_day,
    sample_stays,
    stay_at,
    with_stay_curve,
)
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.replications import Experiment, Runner, run_here

FIRST_LOADS = (0.1, 0.5, 0.8, 1.0, 1.2)
"""Shares of the load as the model stands at which the curve is first sampled."""
MOST_ROUNDS = 12
MOST_NOISE = 0.05
"""Share of the simulated stay up to which its interval counts as agreement: a wide one must not stand for it."""
GAP = 1e-6
_SAME = 1e-6


@dataclass(frozen=True)
class PortInFlows:
    """A port as it stands in a flow problem.

    Parameters
    ----------
    name : str
        The port.
    row : int
        Row of its delay.
    model : Model
        How it works.
    experiment : Experiment
        How it is simulated.
    units_per_volume : float
        Units a day that a unit of the row's volume is.
    minutes_per_time : float
        Minutes in the problem's unit of time.
    classes : collection of str
        Classes of the model that are the row's flow; all where none is named.
    base_min : float or None
        Minutes of the stay that the problem counts elsewhere; None for the stay at the smallest load sampled.
    """

    name: str
    row: int
    model: Model
    experiment: Experiment
    units_per_volume: float = 1.0
    minutes_per_time: float = 1.0
    classes: Collection[str] = ()
    base_min: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Round:
    """One round for one port.

    Parameters
    ----------
    port : str
        Which port.
    load_per_day : float
        Units a day that the flows send.
    reckoned_min : float
        The stay the flows reckoned with.
    simulated : StayPoint
        The stay that simulation finds at that load.
    tolerated_min : float
        Largest difference that counts as agreement: half the interval, but no more than `MOST_NOISE` of the stay, or
        the tolerance where that is more.
    """

    port: str
    load_per_day: float
    reckoned_min: float
    simulated: StayPoint
    tolerated_min: float

    @property
    def agrees(self) -> bool:
        """Whether the two agree."""
        return abs(self.difference_min) <= self.tolerated_min

    @property
    def difference_min(self) -> float:
        """Simulated less reckoned."""
        return self.simulated.stay_min.mean - self.reckoned_min


@dataclass(frozen=True)
class Agreement:
    """What the loop came to.

    Parameters
    ----------
    reached : bool
        Whether all ports agree.
    rounds : tuple of tuple of Round
        By round and port.
    curves : tuple of StayCurve
        Along the ports, as they were at the end.
    equilibrium : Equilibrium
        The flows of the last round.
    stands_still : bool
        Whether it ended because nothing changes any more though the two do not agree: what the flows reckon with may
        not fall with the load, and the simulated stay does.
    """

    reached: bool
    rounds: tuple[tuple[Round, ...], ...]
    curves: tuple[StayCurve, ...]
    equilibrium: Equilibrium
    stands_still: bool = False


Solver = Callable[[AssignmentProblem], Equilibrium]


def agree(
    problem: AssignmentProblem,
    ports: Sequence[PortInFlows],
    *,
    tolerance: float = 0.01,
    most_rounds: int = MOST_ROUNDS,
    solver: Solver | None = None,
    runner: Runner = run_here,
    told: Callable[[tuple[Round, ...]], None] | None = None,
) -> Agreement:
    """Solve flows and simulate ports in turn until they agree.

    Parameters
    ----------
    problem : AssignmentProblem
        The flows; the delays of the ports' rows are replaced.
    ports : sequence of PortInFlows
        Ports that are simulated.
    tolerance : float
        Largest difference, as a share of the simulated stay, that counts as agreement even where it is significant.
    most_rounds : int
        After which the loop ends without agreement.
    solver : callable, optional
        Solves the problem; user equilibrium to a gap of 1e-6 by default.
    runner : callable
        Runs replications.
    told : callable, optional
        Called with every round; what it raises ends the loop.
    """
    solved = solver or (lambda asked: solve(asked, GAP))
    bases = [base_load_per_day(port.model, port.experiment, port.classes, runner=runner) for port in ports]
    curves = [
        sample_stays(
            port.model, [share * base for share in FIRST_LOADS], base, port.experiment, port.classes, runner=runner
        )
        for port, base in zip(ports, bases, strict=True)
    ]
    rounds: list[tuple[Round, ...]] = []
    while True:
        found = solved(_with_curves(problem, ports, curves))
        made = tuple(
            _round(port, base, curve, found, tolerance=tolerance, runner=runner)
            for port, base, curve in zip(ports, bases, curves, strict=True)
        )
        rounds.append(made)
        if told is not None:
            told(made)
        reached = all(one.agrees for one in made)
        stands = len(rounds) > 1 and _same(rounds[-2], made)
        if reached or stands or len(rounds) >= most_rounds:
            return Agreement(reached, tuple(rounds), tuple(curves), found, stands and not reached)
        curves = [curve.with_point(one.simulated) for curve, one in zip(curves, made, strict=True)]


def _same(before: Sequence[Round], now: Sequence[Round]) -> bool:
    """Tell whether two rounds say the same, so that all that follow would."""
    return all(
        math.isclose(one.load_per_day, other.load_per_day, rel_tol=_SAME)
        and math.isclose(one.reckoned_min, other.reckoned_min, rel_tol=_SAME)
        for one, other in zip(before, now, strict=True)
    )


def _with_curves(
    problem: AssignmentProblem, ports: Sequence[PortInFlows], curves: Sequence[StayCurve]
) -> AssignmentProblem:
    delays = problem.delays
    for port, curve in zip(ports, curves, strict=True):
        delays = with_stay_curve(
            delays,
            port.row,
            curve,
            units_per_volume=port.units_per_volume,
            minutes_per_time=port.minutes_per_time,
            base_min=float(curve.stays_min[0]) if port.base_min is None else port.base_min,
        )
    return replace(problem, delays=delays)


def _round(
    port: PortInFlows, base: float, curve: StayCurve, found: Equilibrium, *, tolerance: float, runner: Runner
) -> Round:
    load = float(found.volume[port.row] * port.units_per_volume)
    least = FIRST_LOADS[0] * base
    reckoned = curve.at(load)
    point = stay_at(port.model, max(load, least), base, port.experiment, port.classes, runner=runner)
    noise = min(point.stay_min.half_width, MOST_NOISE * point.stay_min.mean)
    tolerated = max(noise, tolerance * point.stay_min.mean)
    return Round(port.name, load, reckoned, point, tolerated)
