"""Replications for searches and curves, which ask for them bit by bit: run here, each kept on disk at once.

A search runs hundreds of them, so they are kept small: compressed, and without queues over time, which nobody asks of
them. What breaks off goes on where it was.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.outcomes import Outcome, outcome_of, unpacked
from bridgehead.engines.simulation.replications import Runner
from bridgehead.engines.simulation.running import Run, simulate
from bridgehead.jobs.processes import Check
from bridgehead.jobs.replication_tasks import model_key, simulation_version
from bridgehead.jobs.store import Store, result_key

KIND = "port-replication"


def keeping_runner(store: Store, done: Callable[[int], None] | None = None, check: Check | None = None) -> Runner:
    """Return what runs replications of any model and keeps them.

    Parameters
    ----------
    store : Store
        Where they are found and kept.
    done : callable, optional
        Called with how many there are so far, all calls together.
    check : callable, optional
        Asked several times a second whether to go on; what it raises ends the replication and is raised.
    """
    before = 0

    def go_on(_now_min: float = 0.0) -> None:
        if check is not None:
            check()

    def run(compiled: Compiled, runs: Sequence[Run]) -> list[Outcome]:
        nonlocal before
        model, found = model_key(compiled.model), []
        for one in runs:
            go_on()
            key = result_key(KIND, {"model": model, "run": one, "engine": simulation_version()})
            outcome = _kept(store, key, compiled, one)
            if outcome is None:
                outcome = outcome_of(simulate(compiled, one, progress=go_on))
                store.write(key, zlib.compress(outcome.packed()))
            found.append(outcome)
            before += 1
            if done is not None:
                done(before)
        return found

    return run


def _kept(store: Store, key: str, compiled: Compiled, run: Run) -> Outcome | None:
    """Return the outcome under a key, None if there is none in the form this version writes."""
    content = store.read(key)
    if content is None:
        return None
    try:
        return unpacked(compiled, run, zlib.decompress(content))
    except (ValueError, EOFError, zlib.error):
        return None
