"""Port models run many times: here, in local processes, or on a Dask cluster, with the same bytes from all of them.

Replications go out in blocks of about a second. Whoever runs one keeps every outcome on disk himself, so whoever is
killed, worker or parent, loses only what was being computed; the same call afterwards finds the rest and goes on. All
variants that are run together ask together, so that no process waits for the slowest of them.

Equal bytes need equal arithmetic: on a cluster of machines of different kinds the last digits may differ.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.outcomes import Outcome, unpacked
from bridgehead.engines.simulation.replications import Experiment, Runner, Study, replicate
from bridgehead.engines.simulation.running import Run
from bridgehead.jobs.clusters import Finished, cluster, run_on
from bridgehead.jobs.processes import WHOLE, Call, Check, Progress, Workers, run_all
from bridgehead.jobs.replication_tasks import Block, Done, compute, model_key, readable, run_key, simulation_version
from bridgehead.jobs.store import Store

BLOCK_S = 1.0
"""What a block takes, if its length is not given: much more than to hand it over, and not long to lose."""
_FIRST = 2
"""Replications of the first blocks of a model, which tell how long one takes."""


@dataclass(frozen=True)
class Variant:
    """A model and how it is run."""

    model: Model
    experiment: Experiment


def run_study(
    model: Model,
    experiment: Experiment,
    *,
    processes: int | None = None,
    store: Store | None = None,
    scheduler: str | None = None,
    block: int | None = None,
    progress: Progress | None = None,
    check: Check | None = None,
) -> Study:
    """Run one model; see `run_variants`."""
    return run_variants(
        [Variant(model, experiment)],
        processes=processes,
        store=store,
        scheduler=scheduler,
        block=block,
        progress=progress,
        check=check,
    )[0]


def run_variants(
    variants: Iterable[Variant],
    *,
    processes: int | None = None,
    store: Store | None = None,
    scheduler: str | None = None,
    block: int | None = None,
    progress: Progress | None = None,
    check: Check | None = None,
) -> tuple[Study, ...]:
    """Run variants as their experiments say and return their studies in the same order.

    Parameters
    ----------
    variants : iterable of Variant
        Models with their experiments; with the same seed they see the same random numbers.
    processes : int, optional
        How many local processes, one a core by default; 0 runs all here.
    store : Store, optional
        Where outcomes are found and kept; by default they are kept nowhere.
    scheduler : str, optional
        Address of the scheduler of a Dask cluster, which then does all the work.
    block : int, optional
        Replications in a block; by default as many as take about `BLOCK_S`.
    progress : callable, optional
        Called with (done, total) in thousandths of replications. The total is what is known to be needed so far: it
        grows where a warm-up is looked for, or a precision is asked for.
    check : callable, optional
        Called several times a second; what it raises ends everything and is raised. What is finished is in the store.

    Raises
    ------
    BridgeheadError
        What the engine raises; ``jobs.process_died``, ``jobs.no_dask``, ``jobs.no_scheduler``, ``jobs.other_engine``.
    """
    asked = [(compile_model(one.model), one.experiment) for one in variants]
    found: dict[int, Study] = {}
    with ExitStack() as stack:
        if scheduler is None:
            place: ProcessesPlace | ClusterPlace = ProcessesPlace(processes, stack.enter_context(Workers()))
        else:
            place = ClusterPlace(stack.enter_context(cluster(scheduler)))
        known = _Outcomes(store or Store(None), place, block, progress or _nothing, check)
        while len(found) < len(asked):
            missing: list[tuple[Compiled, Run]] = []
            for at, (compiled, experiment) in enumerate(asked):
                if at in found:
                    continue
                try:
                    found[at] = replicate(compiled, experiment, runner=known.runner)
                except _MissingError as error:
                    missing += error.runs
            if missing:
                known.compute(missing)
    return tuple(found[at] for at in range(len(asked)))


def stored_runner(
    store: Store,
    *,
    processes: int | None = 0,
    progress: Callable[[int], None] | None = None,
    check: Check | None = None,
) -> Runner:
    """Return what runs replications for a search or a loop that asks for one model after the other.

    Parameters
    ----------
    store : Store
        Where outcomes are found and kept.
    processes : int, optional
        As for `run_variants`; 0, the default, runs all here.
    progress : callable, optional
        Called with the thousandths of replications that one call has got, those from the store included.
    check : callable, optional
        As for `run_variants`.
    """

    def tell(done: int, _total: int) -> None:
        if progress is not None:
            progress(done)

    def run(compiled: Compiled, runs: Sequence[Run]) -> list[Outcome]:
        with Workers() as workers:
            known = _Outcomes(store, ProcessesPlace(processes, workers), None, tell, check)
            try:
                found = known.runner(compiled, runs)
            except _MissingError as error:
                known.compute(error.runs)
                found = known.runner(compiled, runs)
        return found

    return run


def _nothing(done: int, total: int) -> None:
    pass


class _MissingError(Exception):
    """Replications that a study needs before it can go on."""

    def __init__(self, runs: Sequence[tuple[Compiled, Run]]) -> None:
        super().__init__()
        self.runs = runs


@dataclass
class ProcessesPlace:
    """Local processes, or this one; they keep what they found themselves."""

    processes: int | None
    workers: Workers

    @property
    def count(self) -> int:
        """How many replications run at once."""
        return max(1, os.cpu_count() or 1 if self.processes is None else self.processes)

    def run(self, calls: Sequence[Call], progress: Progress, check: Check | None, finished: Finished) -> list[Any]:
        """Run calls and return their results in their order; `finished` is told the last one.

        Where a process could not keep it, whoever asked tries it again and knows why results are not kept.
        """
        found: list[Any] = run_all(
            calls, processes=self.processes, progress=progress, check=check, workers=self.workers
        )
        if found:
            finished(len(found) - 1, found[-1])
        return found


@dataclass
class ClusterPlace:
    """Machines of a cluster, which may not see the folder of the store."""

    client: Any

    @property
    def count(self) -> int:
        """How many replications run at once."""
        return max(1, sum(map(int, self.client.nthreads().values())))

    def run(self, calls: Sequence[Call], progress: Progress, check: Check | None, finished: Finished) -> list[Any]:
        """Run calls and return their results in their order; `finished` is told each as soon as it is there."""
        return run_on(self.client, calls, progress=progress, check=check, finished=finished)


@dataclass
class _Outcomes:
    """The outcomes that are there, and how others come about."""

    store: Store
    place: ProcessesPlace | ClusterPlace
    block: int | None
    progress: Progress
    check: Check | None
    outcomes: dict[tuple[int, Run], Outcome] = field(default_factory=dict)
    models: dict[int, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    done: int = 0

    def runner(self, compiled: Compiled, runs: Sequence[Run]) -> list[Outcome]:
        """Return the outcomes of replications, or raise which of them are missing."""
        found = [self._look(compiled, run) for run in runs]
        missing = [(compiled, run) for run, one in zip(runs, found, strict=True) if one is None]
        if missing:
            raise _MissingError(missing)
        return [one for one in found if one is not None]

    def _model(self, compiled: Compiled) -> str:
        """Return the key of a model; who asks for the studies keeps the compiled models, so none takes another's id."""
        if id(compiled) not in self.models:
            self.models[id(compiled)] = model_key(compiled.model)
        return self.models[id(compiled)]

    def _look(self, compiled: Compiled, run: Run) -> Outcome | None:
        at = id(compiled), run
        if at not in self.outcomes:
            stored = readable(self.store, run_key(self._model(compiled), run), compiled, run)
            if stored is None:
                return None
            self.outcomes[at] = unpacked(compiled, run, stored)
            self.done += 1
        return self.outcomes[at]

    def compute(self, missing: Sequence[tuple[Compiled, Run]]) -> None:
        """Run replications that are missing, those that two variants share once."""
        left: dict[str, dict[Run, Compiled]] = {}
        for compiled, run in missing:
            left.setdefault(self._model(compiled), {}).setdefault(run, compiled)
        packed: dict[tuple[str, Run], bytes] = {}
        while left:
            blocks = list(self._blocks(left))
            for block, done in zip(blocks, self._run(blocks, left), strict=True):
                packed |= {(block.key, run): one for run, one in zip(block.runs, done.outcomes, strict=True)}
                if done.fastest_s > 0.0:
                    self.seconds[block.key] = min(done.fastest_s, self.seconds.get(block.key, math.inf))
        for compiled, run in missing:
            self.outcomes[id(compiled), run] = unpacked(compiled, run, packed[self._model(compiled), run])

    def _blocks(self, left: dict[str, dict[Run, Compiled]]) -> Iterator[Block]:
        """Take blocks out of what is left: all, or of a model whose pace is unknown some to see it."""
        folder = None if self.store.folder is None else self.store.folder.absolute()
        for model, runs in list(left.items()):
            share = math.ceil(len(runs) / self.place.count)
            size, most = self.block or 1, len(runs)
            if self.block is None and model in self.seconds:
                size = max(1, min(round(BLOCK_S / self.seconds[model]), share))
            elif self.block is None:
                size = min(_FIRST, share)
                most = size * self.place.count
            chosen = list(runs)[:most]
            some = next(iter(runs.values())).model
            for begin in range(0, len(chosen), size):
                yield Block(some, model, tuple(chosen[begin : begin + size]), folder, simulation_version())
            for run in chosen:
                del runs[run]
            if not runs:
                del left[model]

    def _run(self, blocks: Sequence[Block], left: dict[str, dict[Run, Compiled]]) -> list[Done]:
        """Run blocks where they are to be run."""
        before, now = self.done, sum(len(one.runs) for one in blocks)
        whole = before + now + sum(map(len, left.values()))

        def tell(done: int, total: int) -> None:
            self.progress(WHOLE * before + WHOLE * now * done // max(total, 1), WHOLE * whole)

        def keep(at: int, done: Done) -> None:
            if self.store.folder is not None:
                for run, packed in zip(blocks[at].runs, done.outcomes, strict=True):
                    key = run_key(blocks[at].key, run)
                    if self.store.read(key) is None:
                        self.store.write(key, packed)

        found: list[Done] = self.place.run([Call(compute, (one,)) for one in blocks], tell, self.check, keep)
        self.done += now
        return found
