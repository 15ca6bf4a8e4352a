"""The replications a staffing search asks for: here, in local processes, or on a Dask cluster, with the same answers.

A search asks for many replications at once, always the same ones, so that its advice does not depend on who runs them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bridgehead.engines.simulation.staffing.observing import Asked, Evaluator, Observed
from bridgehead.jobs.clusters import cluster
from bridgehead.jobs.port_runs import BLOCK_S, ClusterPlace, ProcessesPlace
from bridgehead.jobs.processes import Call, Check, Workers
from bridgehead.jobs.staffing_tasks import answer, key_of, packed, parts
from bridgehead.jobs.store import Store

Told = Callable[[float], None]
"""Told how many replications have been run so far, those under way in part."""


@contextmanager
def evaluator(
    *,
    processes: int | None = None,
    store: Store | None = None,
    scheduler: str | None = None,
    progress: Told | None = None,
    check: Check | None = None,
) -> Iterator[Evaluator]:
    """Yield what runs the replications of `bridgehead.engines.simulation.staffing.search.find_staffing`.

    Parameters
    ----------
    processes : int, optional
        How many local processes, one a core by default; 0 runs all here.
    store : Store, optional
        Where what replications say is found and kept; by default nowhere.
    scheduler : str, optional
        Address of the scheduler of a Dask cluster, which then does all the work.
    progress : callable, optional
        Told how many replications there were.
    check : callable, optional
        Called several times a second; what it raises ends everything and is raised.

    Raises
    ------
    BridgeheadError
        ``jobs.no_dask``, ``jobs.no_scheduler``; the evaluator also ``jobs.process_died`` and ``jobs.other_engine``.
    """
    kept, told = store or Store(None), progress or _nothing
    if scheduler is None:
        with Workers() as workers:
            yield _Evaluator(ProcessesPlace(processes, workers), kept, told, check)
    else:
        with cluster(scheduler) as client:
            yield _Evaluator(ClusterPlace(client), kept, told, check)


def _nothing(done: float) -> None:
    pass


class _Evaluator:
    """Hands out replications in parts of about a second, but so that nobody waits for the slowest."""

    def __init__(self, place: ProcessesPlace | ClusterPlace, store: Store, told: Told, check: Check | None) -> None:
        self.place, self.store, self.told, self.check = place, store, told, check
        self.done, self.each_s = 0, 0.0

    def __call__(self, asked: Sequence[Asked]) -> list[Observed]:
        """Answer questions, in their order."""
        runs = sum(len(one.runs) for one in asked)
        folder = None if self.store.folder is None else self.store.folder.absolute()
        size = self._size(runs)
        split = [list(parts(one, size, folder)) for one in asked]
        every = [part for of_one in split for part in of_one]

        def tell(done: int, total: int) -> None:
            self.told(self.done + runs * done / max(total, 1))

        def keep(at: int, observed: Observed) -> None:
            if folder is not None:
                for run, one in zip(every[at].asked.runs, observed.observations, strict=False):
                    key = key_of(every[at].asked, run)
                    if self.store.read(key) is None:
                        self.store.write(key, packed(one))

        begin = time.perf_counter()
        found: list[Any] = self.place.run([Call(answer, (part,)) for part in every], tell, self.check, keep)
        self.each_s = (time.perf_counter() - begin) * min(self.place.count, len(every)) / max(runs, 1)
        self.done += runs
        self.told(float(self.done))
        answers = iter(found)
        return [_joined([next(answers) for _ in of_one]) for of_one in split]

    def _size(self, runs: int) -> int:
        """Return how many replications a part has; a few for each process, and one where it takes long."""
        share = math.ceil(runs / (2 * self.place.count))
        return max(1, min(share, int(BLOCK_S / self.each_s) if self.each_s else 1))


def _joined(found: Sequence[Observed]) -> Observed:
    """Return the parts of an answer as one; the first error is that of the whole."""
    failure = next((one.failure for one in found if one.failure), "")
    return Observed(() if failure else tuple(one for part in found for one in part.observations), failure)
