"""Many scenarios run in local processes, each result kept on disk as soon as it is there.

A process writes what it found itself, so whoever is killed, worker or parent, loses only what was being computed; the
same call afterwards finds the rest in the store and goes on. Results have no clock and no order in them: they are the
same bytes whoever computed them. What a scenario is held against, the base on its days, is run once for all that share
it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridgehead.engines.flows.scenario_runs import Outcome, Workbench, base_periods, run_base, run_key, run_scenario
from bridgehead.engines.network.applied import Applied, Period, Scenario
from bridgehead.engines.network.components import ComponentTables
from bridgehead.engines.network.scenarios import apply
from bridgehead.jobs.processes import Call, Check, Progress, run_all
from bridgehead.jobs.reference_flows import engine_version
from bridgehead.jobs.store import Store, result_key

KIND = "scenario"
MOST_PROCESSES = 2


@dataclass(frozen=True)
class Wanted:
    """One run that is wanted: a scenario, or the base on some days (`scenario` None), under the key of its result.

    `base` is the content hash of the tables.
    """

    key: str
    base: str
    scenario: Scenario | None
    year: int
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class Plan:
    """The runs that some scenarios need, each once: the bases first. `base_of` and `key_of` run along the scenarios."""

    wanted: tuple[Wanted, ...]
    base_of: tuple[str, ...]
    key_of: tuple[str, ...]


def plan(made: Sequence[Applied], tables: ComponentTables) -> Plan:
    """Return what has to be run for scenarios, as they come to on `tables`, to be held against their bases."""
    bases: dict[str, Wanted] = {}
    runs: dict[str, Wanted] = {}
    base_of, key_of = [], []
    for one in made:
        scenario, days = one.scenario, base_periods(one.runs)
        base_key = _key(run_key(tables.content_hash, scenario.year, days))
        own_key = _key(run_key(scenario.content_hash, scenario.year))
        bases[base_key] = Wanted(base_key, scenario.base, None, scenario.year, days)
        runs[own_key] = Wanted(own_key, scenario.base, scenario, scenario.year, ())
        base_of.append(base_key)
        key_of.append(own_key)
    return Plan((*bases.values(), *runs.values()), tuple(base_of), tuple(key_of))


def _key(run: str) -> str:
    return result_key(KIND, {"run": run, "engine": engine_version()})


def missing(plan: Plan, store: Store) -> tuple[Wanted, ...]:
    """Return the runs of a plan whose results are not in the store."""
    return tuple(one for one in plan.wanted if store.read(one.key) is None)


def outcomes(plan: Plan, store: Store) -> Mapping[str, Outcome] | None:
    """Return the results of a plan by key, or None as long as one is not there or not readable."""
    found = {}
    for one in plan.wanted:
        outcome = store.get(one.key, Outcome.from_json)
        if outcome is None:
            return None
        found[one.key] = outcome
    return found


def run_plan(
    plan: Plan,
    tables: ComponentTables,
    store: Store,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
    check: Check | None = None,
) -> Mapping[str, Outcome]:
    """Return the results of a plan by key, computing and keeping those that are not there.

    Parameters
    ----------
    plan : Plan
        What is wanted.
    tables : ComponentTables
        The base.
    store : Store
        Where results are found and kept.
    processes : int, optional
        How many processes at once, two by default; 0 computes here.
    progress, check : callable, optional
        As for `bridgehead.jobs.processes.run_all`; progress counts the runs that are not there yet.

    Raises
    ------
    BridgeheadError
        What the engine raises; ``jobs.process_died``.
    """
    found: dict[str, Outcome] = {}
    open_: list[Wanted] = []
    for one in plan.wanted:
        outcome = store.get(one.key, Outcome.from_json)
        if outcome is None:
            open_.append(one)
        else:
            found[one.key] = outcome
    chosen = MOST_PROCESSES if processes is None else processes
    calls = [Call(compute, (one, tables, store)) for one in open_]
    texts = run_all(calls, processes=chosen, progress=progress, check=check) if calls else []
    for one, text in zip(open_, texts, strict=True):
        if store.folder is None:  # what another process wrote into memory is not here
            store.write(one.key, text.encode())
        found[one.key] = Outcome.from_json(text)
    return found


def compute(wanted: Wanted, tables: ComponentTables, store: Store, *, progress: Progress) -> str:
    """Run one scenario or base and keep its result; what stands in a process beside this one."""
    tables, bench = _shared(wanted.base, tables)
    if wanted.scenario is None:
        outcome = run_base(tables, wanted.year, wanted.periods, workbench=bench, progress=progress)
    else:
        outcome = run_scenario(apply(wanted.scenario, tables), workbench=bench, progress=progress)
    text = outcome.to_json()
    store.write(wanted.key, text.encode())
    return text


_kept: tuple[str, ComponentTables, Workbench] | None = None


def _shared(base: str, tables: ComponentTables) -> tuple[ComponentTables, Workbench]:
    """Return the tables that runs of this process on the same base share, and what was built of them."""
    global _kept  # noqa: PLW0603 - a process runs many scenarios on one base
    if _kept is None or _kept[0] != base:
        _kept = (base, tables, Workbench())
    return _kept[1:]
