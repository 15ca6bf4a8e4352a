"""Searches for the staffing of a port that keeps a promise, made once for a question and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, Runner, settled
from bridgehead.engines.simulation.staffing import search
from bridgehead.engines.simulation.staffing.advice import SCHEMA, plain
from bridgehead.engines.simulation.staffing.evidence import require_evidence
from bridgehead.engines.simulation.staffing.observing import evaluator_of
from bridgehead.jobs.answers import answered
from bridgehead.jobs.kept_replications import keeping_runner
from bridgehead.jobs.port_reports import description_of, description_text
from bridgehead.jobs.processes import Check, Progress
from bridgehead.jobs.staffing_tasks import staffing_version
from bridgehead.jobs.store import Store, result_key

KIND = "port-staffing"


@dataclass(frozen=True, slots=True)
class StaffingQuestion:
    """What is asked: the fewest lane-hours that keep a promise.

    Parameters
    ----------
    description : mapping
        The model in its native form, as plain values.
    shipped : mapping
        The model of the port before anything was changed: its figures decide whether there is an answer at all.
    promise : str
        As `bridgehead.engines.simulation.staffing.promises` reads it.
    between : mapping
        Fewest and most lanes of each place that is decided.
    budget, seed : int
        Runs that may be spent, and on which random numbers.
    horizon_min : float
        How long each is.
    warmup_min : float or None
        What is left out at the beginning; None finds it by itself.
    """

    description: Mapping[str, Any]
    shipped: Mapping[str, Any]
    promise: str
    between: Mapping[str, tuple[int, int]]
    budget: int
    seed: int
    horizon_min: float
    warmup_min: float | None

    def as_plain(self) -> dict[str, Any]:
        """Return it as plain values, for a row of the task table."""
        return {
            "description": description_text(self.description),
            "shipped": description_text(self.shipped),
            "promise": self.promise,
            "between": {name: list(bounds) for name, bounds in self.between.items()},
            "budget": self.budget,
            "seed": self.seed,
            "horizon_min": self.horizon_min,
            "warmup_min": self.warmup_min,
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> StaffingQuestion:
        """Return the question `as_plain` wrote."""
        models = {name: description_of(plain[name]) for name in ("description", "shipped")}
        between = {name: (low, high) for name, (low, high) in plain["between"].items()}
        return cls(**{**plain, **models, "between": between})

    @property
    def key(self) -> str:
        """What the advice is kept under; not under the shipped model, on which no figure of it depends."""
        asked = {**self.as_plain(), "schema": SCHEMA, "engine": staffing_version()}
        del asked["shipped"]
        return result_key(KIND, asked)


def make_staffing(
    question: StaffingQuestion, store: Store, *, progress: Progress | None = None, check: Check | None = None
) -> dict[str, Any]:
    """Return the advice that answers a question, searching with the replications that are there and with new ones.

    Parameters
    ----------
    question : StaffingQuestion
        What is asked.
    store : Store
        Where replications and advice are found and kept.
    progress, check : callable, optional
        Told how many runs of those allowed were spent; asked several times a second whether to go on.

    Raises
    ------
    BridgeheadError
        ``staffing.*`` for the promise, the bounds, the budget and a port of which too little is reported; what reading
        and running the model raise.

    Articles: 11, 12, 13, 17, 25
    """
    shipped = read_model(question.shipped)
    require_evidence(shipped)

    def tell(done: int) -> None:
        if progress is not None:
            progress(min(done, question.budget), question.budget)

    return answered(question.key, store, lambda: _advice(question, shipped, keeping_runner(store, tell, check)))


def _advice(question: StaffingQuestion, shipped: Model, runner: Runner) -> dict[str, Any]:
    model = read_model(question.description)
    run = Experiment(question.horizon_min, question.warmup_min, seed=question.seed)
    experiment = replace(settled(compile_model(model), run, runner), bin_min=run.horizon_min)
    asked = search.Question(between=question.between, budget=question.budget, experiment=experiment, shipped=shipped)
    return plain(search.find_staffing(model, question.promise, asked, evaluator=evaluator_of(runner)))
