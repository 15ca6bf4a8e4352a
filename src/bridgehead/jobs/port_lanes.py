"""Lanes against stay: how long units stay with so many lanes at one place of a port, made once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.intervals import Estimate
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import PILOTS, Experiment, Runner, settled
from bridgehead.engines.simulation.staffing.advice import finite
from bridgehead.engines.simulation.staffing.curves import Point, lane_curve
from bridgehead.engines.simulation.staffing.evidence import require_evidence
from bridgehead.engines.simulation.staffing.keeping import Reading
from bridgehead.engines.simulation.staffing.lanes import lanes_of, present
from bridgehead.engines.simulation.staffing.observing import evaluator_of
from bridgehead.engines.simulation.staffing.screening import fewest_by_load
from bridgehead.jobs.answers import answered
from bridgehead.jobs.kept_replications import keeping_runner
from bridgehead.jobs.port_reports import description_of, description_text
from bridgehead.jobs.processes import Check, Progress
from bridgehead.jobs.staffing_tasks import staffing_version
from bridgehead.jobs.store import Store, result_key

KIND = "port-lanes"
SCHEMA = "bridgehead-port-lanes/1"
FIGURES = ("stay_mean_min", "stay_p50_min", "stay_p90_min")
"""Names of the figures of a point, in the order of the clauses of `_promise`."""


@dataclass(frozen=True, slots=True)
class LanesQuestion:
    """What is asked: the stay with each of several numbers of lanes at one place.

    Parameters
    ----------
    description : mapping
        The model in its native form, as plain values.
    shipped : mapping
        The model of the port before anything was changed: its figures decide whether there is an answer at all.
    lanes : str
        Whose lanes: a station, or a shift of one such as ``gate@07:00``.
    counts : tuple of int
        How many lanes, one after the other.
    units : str
        Whose stay: a class of the model, or all where it is empty.
    replications, seed : int
        How often each is run, and on which random numbers.
    horizon_min : float
        How long.
    warmup_min : float or None
        What is left out at the beginning; None finds it by itself.
    """

    description: Mapping[str, Any]
    shipped: Mapping[str, Any]
    lanes: str
    counts: tuple[int, ...]
    units: str
    replications: int
    seed: int
    horizon_min: float
    warmup_min: float | None

    def as_plain(self) -> dict[str, Any]:
        """Return it as plain values, for a row of the task table."""
        return {
            "description": description_text(self.description),
            "shipped": description_text(self.shipped),
            "lanes": self.lanes,
            "counts": list(self.counts),
            "units": self.units,
            "replications": self.replications,
            "seed": self.seed,
            "horizon_min": self.horizon_min,
            "warmup_min": self.warmup_min,
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> LanesQuestion:
        """Return the question `as_plain` wrote."""
        models = {name: description_of(plain[name]) for name in ("description", "shipped")}
        return cls(**{**plain, **models, "counts": tuple(plain["counts"])})

    @property
    def key(self) -> str:
        """What the answer is kept under; not under the shipped model, on which no figure of it depends."""
        asked = {**self.as_plain(), "schema": SCHEMA, "engine": staffing_version()}
        del asked["shipped"]
        return result_key(KIND, asked)


def make_lanes(
    question: LanesQuestion, store: Store, *, progress: Progress | None = None, check: Check | None = None
) -> dict[str, Any]:
    """Return the curve that answers a question, running the replications that are not there yet.

    Parameters
    ----------
    question : LanesQuestion
        What is asked.
    store : Store
        Where replications and curve are found and kept.
    progress, check : callable, optional
        Told how many replications of how many are there; asked several times a second whether to go on.

    Raises
    ------
    BridgeheadError
        ``staffing.illustrative`` for a port of which too little is reported; ``staffing.*`` for lanes and counts; what
        reading and running the model raise.

    Articles: 11, 12, 13, 17, 25
    """
    require_evidence(read_model(question.shipped))
    pilots = PILOTS if question.warmup_min is None else 0
    whole = question.replications * len(question.counts) + pilots

    def tell(done: int) -> None:
        if progress is not None:
            progress(min(done, whole), whole)

    return answered(question.key, store, lambda: _curve(question, keeping_runner(store, tell, check)))


def _curve(question: LanesQuestion, runner: Runner) -> dict[str, Any]:
    model = read_model(question.description)
    asked = Experiment(question.horizon_min, question.warmup_min, question.replications, question.seed)
    experiment = replace(settled(compile_model(model), asked, runner), bin_min=asked.horizon_min)
    points = lane_curve(
        model,
        question.lanes,
        question.counts,
        _promise(question),
        experiment=experiment,
        evaluator=evaluator_of(runner),
    )
    return _plain(model, question, experiment, points)


def _promise(question: LanesQuestion) -> str:
    """Return a promise nothing can break, for its figures: with a limit as long as the run it corrects none of them."""
    of = f" of {question.units}" if question.units else ""
    return "; ".join(f"{what} stay{of} <= {question.horizon_min:.0f} min" for what in ("mean", "median", "p90"))


def _plain(model: Model, question: LanesQuestion, run: Experiment, points: tuple[Point, ...]) -> dict[str, Any]:
    lanes = lanes_of(model, {question.lanes: (1, max(question.counts))})
    # A queue that grows slowly cannot be told from one that only waits for the opening; its load tells.
    fewest = fewest_by_load(model, lanes).get(lanes[0].station, 0)
    return {
        "schema": SCHEMA,
        "standing": "model",
        "lanes": question.lanes,
        "station": lanes[0].station,
        "units": question.units or None,
        "present": max(present(model, lanes)),
        "open_hours_a_week": sum(one.hours_a_week for one in lanes),
        "points": [_point(one, one.servers < fewest) for one in points],
        "run": {
            "replications": run.replications,
            "seed": run.seed,
            "horizon_min": run.horizon_min,
            "warmup_min": run.warmup_min,
        },
    }


def _point(one: Point, overloaded: bool) -> dict[str, Any]:
    figures = dict.fromkeys(FIGURES, None) | dict(zip(FIGURES, map(_reading, one.readings), strict=False))
    return {
        "lanes": one.servers,
        "lane_hours_a_week": one.lane_hours,
        **figures,
        "stay_mean_change_min": _estimate(one.steps[0]) if one.steps else None,
        "growing": overloaded or bool(one.growing),
        "failure": one.failure or None,
    }


def _reading(one: Reading) -> dict[str, float | None]:
    return {"mean": finite(one.value), "low": finite(one.low), "high": finite(one.high)}


def _estimate(one: Estimate) -> dict[str, float | None]:
    return {"mean": finite(one.mean), "low": finite(one.low), "high": finite(one.high)}
