"""Independent replications of a model: as many as wanted, or as many as a stated precision needs.

The functions here are pure; `bridgehead.jobs.port_runs` runs the same blocks in processes or on a cluster.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.intervals import Estimate, estimate
from bridgehead.engines.simulation.metrics import metric
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.outcomes import Outcome, outcome_of
from bridgehead.engines.simulation.running import Run, simulate
from bridgehead.engines.simulation.warm_up import warm_up_of

FEWEST, MOST = 5, 400
PILOTS = 5
"""Replications a warm-up is found from."""
_PILOT = 1_000_000
"""Number of the first pilot replication, far from those that count."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """How often and how long a model is run.

    Parameters
    ----------
    horizon_min : float
        The end of every replication.
    warmup_min : float or None
        What is counted begins here; None finds it from pilot runs.
    replications : int
        How many, or with `precision` how many at least.
    seed : int
        Common to all variants that are compared.
    bin_min : float
        Width of the bins of queues over time.
    precision : Precision, optional
        Until when replications are added.
    """

    horizon_min: float
    warmup_min: float | None = 0.0
    replications: int = 10
    seed: int = 1
    bin_min: float = 60.0
    precision: Precision | None = None


@dataclass(frozen=True, slots=True)
class Precision:
    """Replications go on until half the interval of a figure is at most this share of its mean.

    Parameters
    ----------
    relative : float
        The share.
    metric : str
        The figure, by its name in the case format.
    node, unit_class, q
        Which one.
    most : int
        Replications after which it is given up, which the study says.
    """

    relative: float
    metric: str = "stay_mean"
    node: str | None = None
    unit_class: str | None = None
    q: float | None = None
    most: int = MOST


@dataclass(frozen=True)
class Study:
    """The replications of a model.

    Parameters
    ----------
    compiled : Compiled
        The model.
    experiment : Experiment
        What was asked; its warm-up is the one that was used.
    outcomes : tuple of Outcome
        In the order of the replications.
    precise : bool
        Whether the precision that was asked for was reached.
    """

    compiled: Compiled
    experiment: Experiment
    outcomes: tuple[Outcome, ...]
    precise: bool = True

    def values(self, name: str, **which: Any) -> list[float]:
        """Return a figure of each replication; `which` as in `bridgehead.engines.simulation.metrics.metric`."""
        return [metric(one, name, **which) for one in self.outcomes]

    def estimate(self, name: str, **which: Any) -> Estimate:
        """Return a figure with its 95 % interval."""
        return estimate(self.values(name, **which))

    def histogram(self, rows: Sequence[int]) -> Any:
        """Return the sum of histograms over the replications."""
        return sum((one.histograms[list(rows)].sum(axis=0) for one in self.outcomes), np.zeros(1, dtype=np.int64))


Runner = Callable[[Compiled, Sequence[Run]], Sequence[Outcome]]


def run_here(compiled: Compiled, runs: Sequence[Run]) -> list[Outcome]:
    """Run replications one after the other."""
    return [outcome_of(simulate(compiled, run)) for run in runs]


def replicate(model: Model | Compiled, experiment: Experiment, *, runner: Runner = run_here) -> Study:
    """Run a model as an experiment says.

    Parameters
    ----------
    model : Model or Compiled
        What is run.
    experiment : Experiment
        How long and how often.
    runner : callable
        Runs replications of a compiled model and returns their outcomes in the same order.

    Raises
    ------
    BridgeheadError
        As `bridgehead.engines.simulation.running.simulate`.
    """
    compiled = model if isinstance(model, Compiled) else compile_model(model)
    experiment = settled(compiled, experiment, runner)
    outcomes = list(runner(compiled, runs_of(experiment, 0, experiment.replications)))
    wanted = experiment.precision
    if wanted is None:
        return Study(compiled, experiment, tuple(outcomes))
    while len(outcomes) < FEWEST or not precise(outcomes, wanted):
        if len(outcomes) >= wanted.most:
            return Study(compiled, experiment, tuple(outcomes), precise=False)
        more = next_block(outcomes, wanted)
        outcomes += runner(compiled, runs_of(experiment, len(outcomes), len(outcomes) + more))
    return Study(compiled, experiment, tuple(outcomes))


def settled(compiled: Compiled, experiment: Experiment, runner: Runner = run_here) -> Experiment:
    """Return the experiment with its warm-up, found from pilot runs where none is given."""
    if experiment.warmup_min is not None:
        return experiment
    pilots = [
        replace(run, warmup_min=0.0) for run in runs_of(replace(experiment, warmup_min=0.0), _PILOT, _PILOT + PILOTS)
    ]
    courses = np.array([one.course for one in runner(compiled, pilots)])
    found = warm_up_of(compiled.model, courses.mean(axis=0), experiment.bin_min, experiment.horizon_min)
    return replace(experiment, warmup_min=found)


def runs_of(experiment: Experiment, first: int, end: int) -> list[Run]:
    """Return the replications from `first` up to `end`."""
    assert experiment.warmup_min is not None
    return [
        Run(experiment.horizon_min, experiment.warmup_min, experiment.seed, number, experiment.bin_min)
        for number in range(first, end)
    ]


def precise(outcomes: Sequence[Outcome], wanted: Precision) -> bool:
    """Tell whether a figure is known as precisely as wanted."""
    found = _wanted(outcomes, wanted)
    return found.replications >= FEWEST and found.relative <= wanted.relative


def _wanted(outcomes: Sequence[Outcome], wanted: Precision) -> Estimate:
    which: dict[str, Any] = {"node": wanted.node, "unit_class": wanted.unit_class, "q": wanted.q}
    return estimate([metric(one, wanted.metric, **which) for one in outcomes])


def next_block(outcomes: Sequence[Outcome], wanted: Precision) -> int:
    """Return how many replications to add: half of what the interval so far lets expect, at least one."""
    left = wanted.most - len(outcomes)
    if len(outcomes) < FEWEST:
        return min(left, FEWEST - len(outcomes))
    relative = _wanted(outcomes, wanted).relative
    if not math.isfinite(relative):
        return min(left, FEWEST)
    expected = len(outcomes) * (relative / wanted.relative) ** 2
    return max(1, min(left, math.ceil((expected - len(outcomes)) / 2.0)))
