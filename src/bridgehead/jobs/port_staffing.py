"""Searches for the staffing of a port that keeps a promise, made once for a question and kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, settled
from bridgehead.engines.simulation.staffing import search
from bridgehead.engines.simulation.staffing.advice import SCHEMA, plain
from bridgehead.engines.simulation.staffing.evidence import require_evidence
from bridgehead.engines.simulation.staffing.observing import evaluator_of
from bridgehead.jobs.kept_replications import keeping_runner
from bridgehead.jobs.port_lanes import staffing_version
from bridgehead.jobs.port_reports import description_text
from bridgehead.jobs.processes import Check, Progress
from bridgehead.jobs.store import Store
from bridgehead.kernel.hashing import content_hash

KIND = "port-staffing"


@dataclass(frozen=True, slots=True)
class StaffingQuestion:
    """What is asked: the fewest lane-hours that keep a promise.

    Parameters
    ----------
    description : mapping
        The model in its native form, as plain values.
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
            "promise": self.promise,
            "between": {name: list(bounds) for name, bounds in self.between.items()},
            "budget": self.budget,
            "seed": self.seed,
            "horizon_min": self.horizon_min,
            "warmup_min": self.warmup_min,
        }

    @property
    def key(self) -> str:
        """What the advice is kept under."""
        return f"{KIND}-{content_hash({'schema': SCHEMA, 'engine': staffing_version(), **self.as_plain()})[:40]}"


def stored_staffing(question: StaffingQuestion, store: Store) -> dict[str, Any] | None:
    """Return the advice that answers a question, or None as long as it is not there."""
    content = store.read(question.key)
    if content is None:
        return None
    found: dict[str, Any] = json.loads(content)
    return found


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
        ``staffing.*`` for the promise, the bounds, the budget and a model of which too little is reported; what reading
        and running the model raise.

    Articles: 11, 12, 13, 17, 25
    """
    there = stored_staffing(question, store)
    if there is not None:
        return there

    def tell(done: int) -> None:
        if progress is not None:
            progress(min(done, question.budget), question.budget)

    model, runner = read_model(question.description), keeping_runner(store, tell, check)
    require_evidence(model)
    run = Experiment(question.horizon_min, question.warmup_min, seed=question.seed)
    experiment = replace(settled(compile_model(model), run, runner), bin_min=run.horizon_min)
    between = {name: (low, high) for name, (low, high) in question.between.items()}
    asked = search.Question(between=between, budget=question.budget, experiment=experiment)
    made = plain(search.find_staffing(model, question.promise, asked, evaluator=evaluator_of(runner)))
    store.write(question.key, json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode())
    return made
