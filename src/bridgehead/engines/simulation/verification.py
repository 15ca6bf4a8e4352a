"""Cases with known answers run through the engine, one line for every value: expected, estimate, tolerance, verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bridgehead.engines.simulation.case_format import RATES, TIMES, Case, Expected
from bridgehead.engines.simulation.intervals import Estimate
from bridgehead.engines.simulation.replications import Experiment, Runner, Study, replicate, run_here


@dataclass(frozen=True, slots=True)
class Checked:
    """One expected value and what the engine found.

    Parameters
    ----------
    case : str
        Its id.
    expected : Expected
        The metric, which one, the answer and the tolerance.
    found : Estimate
        Over the replications.
    unit_min : float
        Minutes in the time unit of the case, in which `value` and `estimate` are given.
    """

    case: str
    expected: Expected
    found: Estimate
    unit_min: float = 1.0

    @property
    def ok(self) -> bool:
        """Whether the estimate is inside the tolerance."""
        return abs(self.found.mean - self.expected.value) <= self.expected.rel_tol * abs(self.expected.value)

    @property
    def scale(self) -> float:
        """By what a value in minutes is multiplied to be in the unit of the case."""
        if self.expected.metric in TIMES:
            return 1.0 / self.unit_min
        return self.unit_min if self.expected.metric in RATES else 1.0


def study_of(case: Case, *, seed: int = 1, runner: Runner = run_here) -> Study:
    """Run a case as it says."""
    run = case.run
    bins = run.horizon_min  # the course over time is not asked for
    return replicate(
        case.model, Experiment(run.horizon_min, run.warmup_min, run.replications, seed, bins), runner=runner
    )


def check(case: Case, *, seed: int = 1, runner: Runner = run_here) -> Iterator[Checked]:
    """Run a case and yield its expected values with what was found."""
    study = study_of(case, seed=seed, runner=runner)
    for one in case.expect:
        found = study.estimate(one.metric, node=one.node, unit_class=one.unit_class, q=one.q)
        yield Checked(case.id, one, found, case.unit_min)
