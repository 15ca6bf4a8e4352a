"""What a process or a machine beside this one does of a study: a block of replications of one port model.

Each replication is kept on disk as soon as it is there, by the one who ran it, under a key of all it depends on: the
model, how it was run, the number of the replication, and the engine with its libraries. So the same replication is the
same file whatever block it was run in.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from bridgehead import kernel
from bridgehead.engines import network as engines_network
from bridgehead.engines import simulation as engines_simulation
from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.model import Model, RunDefaults
from bridgehead.engines.simulation.outcomes import outcome_of, unpacked
from bridgehead.engines.simulation.running import Run, simulate
from bridgehead.jobs.processes import WHOLE, Progress
from bridgehead.jobs.store import Store, result_key
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.hashing import content_hash

KIND = "port"
KEPT_MODELS = 8
"""Compiled models a process keeps."""


@cache
def simulation_version() -> str:
    """Return what outcomes depend on besides the model and its run: the code they come from, and its libraries."""
    folders = [Path(package.__file__ or "").parent for package in (engines_simulation, kernel)]
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    files.append(Path(engines_network.__file__ or "").with_name("kernels.py"))  # by which kernels are compiled
    code = [(file.name, content_hash(file.read_bytes())) for file in files]
    return content_hash({"code": code, "libraries": {name: version(name) for name in ("numba", "numpy")}})


def model_key(model: Model) -> str:
    """Return the content of a model as a hash without what changes no outcome.

    That is titles, the origin of figures, charges and defaults of runs.
    The canonical form would lose the order of risk bands and of what a train is split into, on which draws depend.
    """
    bare = replace(model, title={}, port="", figures=(), charges=(), run=RunDefaults())
    return hashlib.sha256(repr(bare).encode()).hexdigest()


def run_key(model: str, run: Run) -> str:
    """Return the key of a replication of the model with this key."""
    return result_key(KIND, {"model": model, "run": run, "engine": simulation_version()})


@dataclass(frozen=True)
class Block:
    """Replications of one model that are run one after the other.

    Parameters
    ----------
    model : Model
        What is run.
    key : str
        Its key.
    runs : tuple of Run
        The replications.
    folder : Path or None
        Where outcomes are kept.
    engine : str
        The version that is asked for.
    """

    model: Model
    key: str
    runs: tuple[Run, ...]
    folder: Path | None
    engine: str


@dataclass(frozen=True)
class Done:
    """A block that was run: its outcomes as bytes, and the seconds the fastest took (0 where all were on disk)."""

    outcomes: tuple[bytes, ...]
    fastest_s: float


def compute(block: Block, *, progress: Progress) -> Done:
    """Run a block, but for what is on disk, and keep its outcomes.

    Raises
    ------
    BridgeheadError
        ``jobs.other_engine`` on a machine with other code; what the engine raises.
    """
    if block.engine != simulation_version():
        raise BridgeheadError("jobs.other_engine", {"wanted": block.engine[:12], "found": simulation_version()[:12]})
    store, total = Store(block.folder), WHOLE * len(block.runs)
    found, fastest = [], 0.0
    for at, run in enumerate(block.runs):

        def tell(now_min: float, at: int = at, run: Run = run) -> None:
            progress(WHOLE * at + min(WHOLE, int(WHOLE * now_min / run.horizon_min)), total)

        key = run_key(block.key, run)
        packed = readable(store, key, _compiled(block), run)
        if packed is None:
            begin = time.perf_counter()
            packed = outcome_of(simulate(_compiled(block), run, progress=tell)).packed()
            took = time.perf_counter() - begin
            fastest = min(fastest or took, took)
            if block.folder is not None:
                store.write(key, packed)
        found.append(packed)
        progress(WHOLE * (at + 1), total)
    return Done(tuple(found), fastest)


def readable(store: Store, key: str, compiled: Compiled, run: Run) -> bytes | None:
    """Return the outcome under a key, or None if there is none in the form this version writes."""
    packed = store.read(key)
    try:
        if packed is not None:
            unpacked(compiled, run, packed)
    except (ValueError, EOFError):
        return None
    return packed


_models: OrderedDict[str, Compiled] = OrderedDict()


def _compiled(block: Block) -> Compiled:
    """Return the compiled model of a block; a process compiles it once."""
    if block.key not in _models:
        _models[block.key] = compile_model(block.model)
        while len(_models) > KEPT_MODELS:
            _models.popitem(last=False)
    _models.move_to_end(block.key)
    return _models[block.key]
