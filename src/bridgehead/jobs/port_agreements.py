"""The loop of flows and simulation for a port, made once for a question and kept; replications are kept one by one.

While it goes on the rounds so far lie under the key of the question, and say that they are not all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.flows.demand import demand_of
from bridgehead.engines.flows.equilibrium import Equilibrium
from bridgehead.engines.flows.freight import FreightProblem, freight_problem
from bridgehead.engines.flows.problem import AssignmentProblem
from bridgehead.engines.network.components import ComponentTables
from bridgehead.engines.network.virtual import Network
from bridgehead.engines.planning.freight_ports import freight_solver, port_in_freight
from bridgehead.engines.planning.port_loops import FIRST_LOADS, Agreement, Round, Solver, agree
from bridgehead.engines.planning.stay_curves import StayCurve
from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.outcomes import Outcome
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, Runner
from bridgehead.engines.simulation.results import STANDING, shown
from bridgehead.engines.simulation.running import Run
from bridgehead.engines.simulation.unit_stays import leaving_with
from bridgehead.jobs.answers import keep_answer, stored_answer
from bridgehead.jobs.port_reports import Question
from bridgehead.jobs.port_runs import stored_runner
from bridgehead.jobs.processes import WHOLE, Check
from bridgehead.jobs.reference_flows import engine_version
from bridgehead.jobs.replication_tasks import simulation_version
from bridgehead.jobs.store import Store, result_key

KIND = "port-agreement"
SCHEMA = "bridgehead-port-agreement/1"
Progress = Callable[[int, int, str], None]
SAMPLING, AGREEING = "sampling", "agreeing"
"""Steps: the curve is sampled; flows and simulation take turns."""


@dataclass(frozen=True, slots=True)
class LoopQuestion:
    """What is asked: a port, the freight it is to agree with, and how its model is run.

    Parameters
    ----------
    port, direction : str
        The port, and ``import`` or ``export``.
    classes : tuple of str
        Classes of the model that are this freight; all where none is named.
    tolerance : float
        Difference that counts as agreement, as a share of the stay.
    run : Question
        The model and how often and how long it is run at each load.
    """

    port: str
    direction: str
    classes: tuple[str, ...]
    tolerance: float
    run: Question

    def as_plain(self) -> dict[str, Any]:
        """Return it as plain values, for a row of the task table."""
        return {
            "port": self.port,
            "direction": self.direction,
            "classes": list(self.classes),
            "tolerance": self.tolerance,
            "run": self.run.as_plain(),
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> LoopQuestion:
        """Return the question `as_plain` wrote."""
        return cls(**{**plain, "classes": tuple(plain["classes"]), "run": Question.of_plain(plain["run"])})

    def key(self, tables: ComponentTables) -> str:
        """Return what the answer on some tables is kept under."""
        versions = {"flows": engine_version(), "simulation": simulation_version()}
        return result_key(KIND, {**self.as_plain(), "tables": tables.content_hash, "engine": versions})


def stored_agreement(question: LoopQuestion, tables: ComponentTables, store: Store) -> dict[str, Any] | None:
    """Return the answer to a question, None as long as it is not there as a whole."""
    found = rounds_so_far(question, tables, store)
    return found if found is not None and found["complete"] else None


def rounds_so_far(question: LoopQuestion, tables: ComponentTables, store: Store) -> dict[str, Any] | None:
    """Return what there is of an answer: at least one round of a loop that goes on, or all of one that ended."""
    return stored_answer(question.key(tables), store)


def make_agreement(
    question: LoopQuestion,
    tables: ComponentTables,
    store: Store,
    *,
    progress: Progress | None = None,
    check: Check | None = None,
) -> dict[str, Any]:
    """Return the answer to a question, running the loop unless it is there.

    Parameters
    ----------
    question : LoopQuestion
        What is asked.
    tables : ComponentTables
        Network and demand of the region.
    store : Store
        Where replications and answers are found and kept.
    progress : callable, optional
        Called with (replications done, known to be needed, step). The second grows with every round.
    check : callable, optional
        Called several times a second; what it raises ends the loop and is raised.

    Raises
    ------
    BridgeheadError
        What reading and running the model, the flows and the loop raise.

    Articles: 9, 12, 25
    """
    there = stored_agreement(question, tables, store)
    if there is not None:
        return there
    key = question.key(tables)
    model, run = read_model(question.run.description), question.run
    network = Network(tables, tables.base_year, home_ports_only=True)
    freight = freight_problem(network, demand_of(tables, network.year)[1])
    experiment = Experiment(run.horizon_min, run.warmup_min, run.replications, run.seed)
    port = port_in_freight(freight, question.port, question.direction, model, experiment, question.classes)
    told = _Progress(run.replications, progress)
    head = {**_head(question, leaving_with(model, question.classes)), "year": network.year}
    rounds: list[dict[str, Any]] = []

    def note(made: tuple[Round, ...]) -> None:
        rounds.extend(round_as_plain(one) for one in made)
        told.rounds += 1
        keep_answer(key, {**head, "complete": False, "rounds": rounds}, store)

    found = agree(
        freight.problem,
        [port],
        tolerance=question.tolerance,
        solver=_checked_solver(freight, check),
        runner=told.runner(store, check),
        told=note,
    )
    answer = {**head, "complete": True, **agreement_as_plain(found)}
    keep_answer(key, answer, store)
    return answer


def _head(question: LoopQuestion, leaving: Sequence[str]) -> dict[str, Any]:
    """Return what was asked as an answer tells it, without the model."""
    plain = question.as_plain()
    run = {name: value for name, value in plain.pop("run").items() if name != "description"}
    return {"schema": SCHEMA, "standing": STANDING, **plain, "leaving": list(leaving), "run": run}


def _checked_solver(freight: FreightProblem, check: Check | None) -> Solver:
    solve = freight_solver(freight)

    def solved(problem: AssignmentProblem) -> Equilibrium:
        if check is not None:
            check()
        return solve(problem)

    return solved


@dataclass
class _Progress:
    """Counts replications over a loop: the port as it stands, the first loads, one load more for each round."""

    replications: int
    tell: Progress | None
    rounds: int = 0
    done: int = 0

    def within(self, thousandths: int) -> None:
        """Take in how far one call of the runner is."""
        if self.tell is not None:
            first = (1 + len(FIRST_LOADS)) * self.replications
            done = self.done + thousandths // WHOLE
            total = max(first + (self.rounds + 1) * self.replications, done)
            self.tell(done, total, SAMPLING if done < first else AGREEING)

    def runner(self, store: Store, check: Check | None) -> Runner:
        """Return what runs replications and tells how far it is."""
        run = stored_runner(store, progress=self.within, check=check)

        def counted(compiled: Compiled, runs: Sequence[Run]) -> Sequence[Outcome]:
            found = run(compiled, runs)
            self.done += len(runs)
            self.within(0)
            return found

        return counted


def agreement_as_plain(found: Agreement) -> dict[str, Any]:
    """Return what a loop for one port came to as plain values."""
    return {
        "reached": found.reached,
        "stands_still": found.stands_still,
        "rounds": [round_as_plain(each[0]) for each in found.rounds],
        "curve": curve_as_plain(found.curves[0]),
    }


def round_as_plain(one: Round) -> dict[str, Any]:
    """Return a round as plain values."""
    return {
        "load_per_day": one.load_per_day,
        "reckoned_min": one.reckoned_min,
        "simulated_min": shown(one.simulated.stay_min),
        "difference_min": one.difference_min,
        "tolerated_min": one.tolerated_min,
        "agrees": one.agrees,
    }


def curve_as_plain(curve: StayCurve) -> list[dict[str, Any]]:
    """Return the points of a curve with the stay the flows reckon with there."""
    return [
        {"load_per_day": one.load_per_day, "stay_min": shown(one.stay_min), "reckoned_min": float(fitted)}
        for one, fitted in zip(curve.points, curve.stays_min, strict=True)
    ]
