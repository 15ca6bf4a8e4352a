"""What a process or a machine beside this one does of a staffing search: a few replications, told in a few numbers.

What a replication says is kept on disk as soon as it is there, under a key of all it depends on: model, run, promise,
engine and libraries. So a search that was broken off finds what it had.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bridgehead.engines.simulation import staffing
from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.running import Run
from bridgehead.engines.simulation.staffing.keeping import Seen
from bridgehead.engines.simulation.staffing.observing import Asked, Observation, Observed, failure_of, observe
from bridgehead.jobs.processes import WHOLE, Progress
from bridgehead.jobs.replication_tasks import model_key, simulation_version
from bridgehead.jobs.store import Store, result_key
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.hashing import content_hash

KIND = "staffing"


@cache
def staffing_version() -> str:
    """Return what an observation depends on besides what was asked."""
    files = sorted(Path(staffing.__file__ or "").parent.glob("*.py"))
    code = [(file.name, content_hash(file.read_bytes())) for file in files]
    return content_hash({"simulation": simulation_version(), "code": code})


@dataclass(frozen=True)
class Part:
    """Some replications of a question.

    Parameters
    ----------
    asked : Asked
        The question, with no more runs than these.
    folder : Path or None
        Where observations are kept.
    version : str
        What the one who asks has for `staffing_version`.
    """

    asked: Asked
    folder: Path | None
    version: str


def answer(part: Part, *, progress: Progress) -> Observed:
    """Return what the replications of a part say, or which error says that the staffing does not work.

    Raises
    ------
    BridgeheadError
        ``jobs.other_engine`` on a machine with other code; other errors of the engine.
    """
    if part.version != staffing_version():
        raise BridgeheadError("jobs.other_engine", {"wanted": part.version[:12], "found": staffing_version()[:12]})
    store, asked, total = Store(part.folder), part.asked, WHOLE * len(part.asked.runs)
    compiled: Compiled | None = None
    found = []
    for at, run in enumerate(asked.runs):

        def tell(now_min: float, at: int = at, run: Run = run) -> None:
            progress(WHOLE * at + min(WHOLE, int(WHOLE * now_min / run.horizon_min)), total)

        one = kept(store, asked, run)
        if one is None:
            compiled = compiled or compile_model(asked.model)
            try:
                one = observe(asked, compiled, run, progress=tell)
            except BridgeheadError as error:
                return Observed((), failure_of(error))
            if part.folder is not None:
                store.write(key_of(asked, run), packed(one))
        found.append(one)
        progress(WHOLE * (at + 1), total)
    return Observed(tuple(found))


def kept(store: Store, asked: Asked, run: Run) -> Observation | None:
    """Return what a replication said when it was run before, None where it was not."""
    content = store.read(key_of(asked, run))
    try:
        return None if content is None else unpacked(content)
    except (ValueError, EOFError):
        return None


def key_of(asked: Asked, run: Run) -> str:
    """Return the key of what a replication says."""
    told = {"model": model_key(asked.model), "run": run, "engine": staffing_version()}
    question = {"clauses": [repr(one) for one in asked.clauses], "stations": list(asked.stations)}
    return result_key(KIND, {**told, **question})


def packed(one: Observation) -> bytes:
    """Return an observation as bytes."""
    out = io.BytesIO()
    for array in _arrays(one):
        np.save(out, array)
    return out.getvalue()


def _arrays(one: Observation) -> Iterator[Any]:
    yield np.array([[seen.amount, seen.of, float(seen.cells is not None)] for seen in one.seen])
    yield one.flows
    for seen in one.seen:
        if seen.cells is not None:
            yield seen.cells


def unpacked(content: bytes) -> Observation:
    """Return the observation that was packed."""
    source = io.BytesIO(content)
    table, flows = np.load(source), np.load(source)
    seen = tuple(
        Seen(float(amount), float(of), np.load(source) if cells else None) for amount, of, cells in table.tolist()
    )
    return Observation(seen, flows)


def parts(asked: Asked, size: int, folder: Path | None) -> Iterator[Part]:
    """Yield a question in parts of so many replications."""
    for begin in range(0, len(asked.runs), size):
        yield Part(replace(asked, runs=asked.runs[begin : begin + size]), folder, staffing_version())
