"""Cases with known answers run through the engine, one line for every value: expected, estimate, tolerance, verdict."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bridgehead.engines.simulation.case_expectations import Expected
from bridgehead.engines.simulation.case_format import Case, UnreadCase
from bridgehead.engines.simulation.intervals import Estimate
from bridgehead.engines.simulation.metrics import in_unit
from bridgehead.engines.simulation.replications import Experiment, Runner, Study, replicate, run_here
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

NOTHING = Estimate(math.nan, math.nan, 0)


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
        Over the replications, `NOTHING` where there is none.
    unit_min : float
        Minutes in the time unit of the case, in which `value` and `estimate` are given.
    faults : tuple of Fault
        Why there is no estimate.
    """

    case: str
    expected: Expected
    found: Estimate
    unit_min: float = 1.0
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the estimate is inside the tolerance."""
        return not self.faults and abs(self.found.mean - self.expected.value) <= self.expected.tolerance

    @property
    def scale(self) -> float:
        """By what a value in minutes is multiplied to be in the unit of the case."""
        return in_unit(self.expected.asked.metric, self.unit_min)


def study_of(case: Case, *, seed: int = 1, runner: Runner = run_here) -> Study:
    """Run a case as it says."""
    run = case.run
    bins = run.horizon_min  # the course over time is not asked for
    return replicate(
        case.model, Experiment(run.horizon_min, run.warmup_min, run.replications, seed, bins), runner=runner
    )


def check(case: Case | UnreadCase, *, seed: int = 1, runner: Runner = run_here) -> Iterator[Checked]:
    """Run a case and yield its expected values with what was found.

    A case that cannot be run, or that stops, yields its values without estimates, and so does a value nobody can judge.
    """
    if isinstance(case, UnreadCase):
        yield from (_unjudged(case, one, (*case.faults, *one.faults)) for one in case.expect)
        return
    if all(one.faults for one in case.expect):
        yield from (_unjudged(case, one, one.faults) for one in case.expect)
        return
    try:
        study = study_of(case, seed=seed, runner=runner)
    except BridgeheadError as error:
        faults = tuple(replace(fault, place=Place(field=case.id)) for fault in error.faults)
    except Exception as reason:  # one odd case must not take the others with it
        told = {"case": case.id, "reason": f"{type(reason).__name__}: {reason}"}
        faults = (Fault("simulation.case_stopped", told, Place(field=case.id)),)
    else:
        faults = ()
    if faults:
        yield from (_unjudged(case, one, (*faults, *one.faults)) for one in case.expect)
        return
    for one in case.expect:
        yield _unjudged(case, one, one.faults) if one.faults else _judged(case, one, study)


def _unjudged(case: Case | UnreadCase, expected: Expected, faults: tuple[Fault, ...]) -> Checked:
    return Checked(case.id, expected, NOTHING, case.unit_min, faults)


def _judged(case: Case, expected: Expected, study: Study) -> Checked:
    asked = expected.asked
    try:
        found = study.estimate(asked.metric, node=asked.node, unit_class=asked.unit_class, q=asked.q)
    except BridgeheadError as error:
        return _unjudged(case, expected, error.faults)
    if math.isnan(found.mean):
        told = {"metric": expected.metric, "case": case.id}
        return _unjudged(case, expected, (Fault("simulation.nothing_counted", told, Place(field=case.id)),))
    return Checked(case.id, expected, found, case.unit_min)
