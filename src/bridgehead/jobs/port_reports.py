"""Reports of port models, made once for a question and kept; replications are kept by `bridgehead.jobs.port_runs`.

What a report is kept under follows from the description, how often and how long it is run, and the engine: the same
question asked again, by whomever, is answered from the store.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment
from bridgehead.engines.simulation.reports import report
from bridgehead.jobs.answers import answered
from bridgehead.jobs.port_runs import run_study
from bridgehead.jobs.processes import WHOLE, Check, Progress
from bridgehead.jobs.replication_tasks import simulation_version
from bridgehead.jobs.store import Store, result_key

KIND = "port-report"


def description_text(description: Mapping[str, Any]) -> str:
    """Return a description of a port as one text, for places that may change the order of keys.

    The class that is named first says what the main unit of a port is, and a database may keep the keys of an object in
    an order of its own.
    """
    return json.dumps(dict(description), ensure_ascii=False)


def description_of(kept: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the description of a port that was kept as text, or as an object."""
    if isinstance(kept, str):
        found: dict[str, Any] = json.loads(kept)
        return found
    return kept


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a port model.

    Parameters
    ----------
    description : mapping
        The model in its native form, as plain values.
    replications, seed : int
        How often it is run, and on which random numbers.
    horizon_min : float
        How long.
    warmup_min : float or None
        What is left out at the beginning; None finds it by itself.
    """

    description: Mapping[str, Any]
    replications: int
    seed: int
    horizon_min: float
    warmup_min: float | None

    def as_plain(self) -> dict[str, Any]:
        """Return it as plain values, for a row of the task table."""
        return {
            "description": description_text(self.description),
            "replications": self.replications,
            "seed": self.seed,
            "horizon_min": self.horizon_min,
            "warmup_min": self.warmup_min,
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Question:
        """Return the question `as_plain` wrote."""
        return cls(**{**plain, "description": description_of(plain["description"])})

    @property
    def key(self) -> str:
        """What the report is kept under."""
        return result_key(KIND, {**self.as_plain(), "engine": simulation_version()})


def make_report(
    question: Question, store: Store, *, progress: Progress | None = None, check: Check | None = None
) -> dict[str, Any]:
    """Return the report that answers a question, running the replications that are not there yet.

    Parameters
    ----------
    question : Question
        What is asked.
    store : Store
        Where replications and report are found and kept.
    progress, check : callable, optional
        Told how many replications of how many are there; asked several times a second whether to go on.

    Raises
    ------
    BridgeheadError
        What reading and running the model raise.
    """

    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress(done // WHOLE, -(-total // WHOLE))

    def made() -> dict[str, Any]:
        model = read_model(question.description)
        experiment = Experiment(question.horizon_min, question.warmup_min, question.replications, question.seed)
        return report(run_study(model, experiment, processes=0, store=store, progress=tell, check=check))

    return answered(question.key, store, made)
