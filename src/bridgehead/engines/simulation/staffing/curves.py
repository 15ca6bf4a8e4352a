"""What each further server of a station does for a promise: the curve of lanes against stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.intervals import Estimate
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.replications import Experiment, settled
from bridgehead.engines.simulation.staffing.keeping import Reading
from bridgehead.engines.simulation.staffing.lanes import lanes_of
from bridgehead.engines.simulation.staffing.observing import Evaluator, evaluate_here
from bridgehead.engines.simulation.staffing.promises import read_promise
from bridgehead.engines.simulation.staffing.trials import Spent, Trials
from bridgehead.kernel.errors import BridgeheadError, Place

REPLICATIONS = 16


@dataclass(frozen=True, slots=True)
class Point:
    """A number of servers and what comes of it.

    Parameters
    ----------
    servers : int
        How many.
    lane_hours : float
        Of the station a week.
    readings : tuple of Reading
        Estimates along the clauses, none where its runs broke off.
    steps : tuple of Estimate
        By how much the figure of each clause is larger than with the number before, on the same random numbers; none
        for the first.
    failure : str
        Code of the error that ended its runs.
    growing : tuple of str
        The station, where its queue grows without end: its stays then say how long the run is, and nothing else.
    """

    servers: int
    lane_hours: float
    readings: tuple[Reading, ...]
    steps: tuple[Estimate, ...] = ()
    failure: str = ""
    growing: tuple[str, ...] = ()


def lane_curve(
    model: Model,
    station: str,
    counts: Sequence[int],
    promise: str,
    *,
    experiment: Experiment | None = None,
    evaluator: Evaluator = evaluate_here,
) -> tuple[Point, ...]:
    """Return what a promise says for several numbers of servers of one station, all on common random numbers.

    Parameters
    ----------
    model : Model
        The port; it need not be good enough for advice, a curve only shows how the model behaves.
    station : str
        Whose servers, or those of a shift such as ``gate@07:00``.
    counts : sequence of int
        How many, each at least one.
    promise : str
        Whose figures are shown.
    experiment : Experiment, optional
        Horizon, warm-up, seed and replications.
    evaluator : callable
        Runs replications.

    Raises
    ------
    BridgeheadError
        Codes ``staffing.*`` for the promise, the station and the counts.
    """
    wanted = sorted(set(counts))
    if not wanted:
        raise BridgeheadError("staffing.nothing_to_decide", {}, Place(field="counts"))
    lanes = lanes_of(model, {station: (wanted[0], wanted[-1])})
    run = settled(
        compile_model(model), experiment or Experiment(model.run.horizon_min, model.run.warmup_min, REPLICATIONS)
    )
    allowed, error = run.replications * len(wanted), 0.05 / len(wanted)
    trials = Trials(model, lanes, read_promise(promise, model), run, Spent(), allowed, error, evaluator)
    every = {count: (count,) * len(lanes) for count in wanted}
    trials.ask(dict.fromkeys(every.values(), run.replications))
    points: list[Point] = []
    before: tuple[int, ...] | None = None
    for count, at in every.items():
        trials.look(at)
        clauses = range(len(trials.promise.clauses))
        steps = tuple(trials.difference(before, at, number) for number in clauses) if before else ()
        hours = sum(one.hours_a_week for one in lanes) * count
        trial = trials.trial(at)
        points.append(Point(count, hours, trials.readings(at), steps, trial.failure, trial.growing))
        before = at
    return tuple(points)
