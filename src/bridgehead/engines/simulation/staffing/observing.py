"""What is asked of replications of a staffing, and what they say of a promise: a few numbers for each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.outcomes import Outcome, outcome_of
from bridgehead.engines.simulation.replications import Runner, run_here
from bridgehead.engines.simulation.running import Run, simulate
from bridgehead.engines.simulation.staffing.keeping import Seen, flows, seen
from bridgehead.engines.simulation.staffing.promises import Clause
from bridgehead.kernel.errors import BridgeheadError

IMPOSSIBLE = ("simulation.deadlock", "simulation.too_many_units")
"""Errors of the engine that say of a staffing that it does not work."""
Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Replications of a staffing.

    Parameters
    ----------
    model : Model
        The port with its servers.
    runs : tuple of Run
        Which replications.
    clauses : tuple of Clause
        What is promised, and last what is only shown.
    stations : tuple of str
        Whose queues may grow.
    """

    model: Model
    runs: tuple[Run, ...]
    clauses: tuple[Clause, ...]
    stations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """What one replication says: of each clause, and of each station how far it is from a queue without end."""

    seen: tuple[Seen, ...]
    flows: Any


@dataclass(frozen=True, slots=True)
class Observed:
    """All replications that were asked for, in their order; none with the code of the error that ended one of them."""

    observations: tuple[Observation, ...]
    failure: str = ""


Evaluator = Callable[[Sequence[Asked]], Sequence[Observed]]
"""Answers any number of questions at once, in their order."""


def evaluate_here(asked: Sequence[Asked]) -> list[Observed]:
    """Run all replications one after the other."""
    return [_observed(one, run_here) for one in asked]


def evaluator_of(runner: Runner) -> Evaluator:
    """Return what answers questions, one after the other, with the replications a runner runs or finds."""
    return lambda asked: [_observed(one, runner) for one in asked]


def _observed(asked: Asked, runner: Runner) -> Observed:
    try:
        return Observed(tuple(told(asked, outcome) for outcome in runner(compile_model(asked.model), asked.runs)))
    except BridgeheadError as error:
        return Observed((), failure_of(error))


def told(asked: Asked, outcome: Outcome) -> Observation:
    """Return what the outcome of a replication says of a promise."""
    return Observation(tuple(seen(clause, outcome) for clause in asked.clauses), flows(asked.stations, outcome))


def failure_of(error: BridgeheadError) -> str:
    """Return the code of an error that says of a staffing that it does not work; any other error is raised."""
    if error.code not in IMPOSSIBLE:
        raise error
    return error.code


def observe(asked: Asked, compiled: Compiled, run: Run, *, progress: Tell | None = None) -> Observation:
    """Run one replication and return what it says.

    Parameters
    ----------
    asked : Asked
        The question it belongs to.
    compiled : Compiled
        Its model.
    run : Run
        Which replication.
    progress : callable, optional
        Told the simulated time now and then.

    Raises
    ------
    BridgeheadError
        As `bridgehead.engines.simulation.running.simulate`.
    """
    return told(asked, outcome_of(simulate(compiled, run, progress=progress)))
