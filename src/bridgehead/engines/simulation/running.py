"""One replication of a compiled model: the world is laid out, the kernel runs, what was counted comes back.

The same seed and replication give the same bytes on any machine of the same kind, whatever ran before.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.engines.simulation import layout
from bridgehead.engines.simulation.bookings import listed_arrivals
from bridgehead.engines.simulation.compiling import Compiled, purpose
from bridgehead.engines.simulation.deadlocks import Deadlock, deadlock_of
from bridgehead.engines.simulation.model import Station
from bridgehead.engines.simulation.timelines import timeline
from bridgehead.kernel.errors import BridgeheadError

Progress = Callable[[float], None]

_MASK = (1 << 64) - 1
_UNITS, _EVENTS, _WORK, _LOG = 1 << 12, 1 << 10, 1 << 10, 1 << 16
MOST_UNITS = 20_000_000
"""Units in a port at once beyond which a run is given up: the load is far beyond what the port can do."""
_SPAN = 2_000_000
"""Events between two looks at progress and cancelling."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a model is run.

    Parameters
    ----------
    horizon_min : float
        The end.
    warmup_min : float
        What is counted begins here.
    seed : int
        Of the whole experiment; common to all variants that are compared.
    replication : int
        Number of the replication.
    bin_min : float
        Width of the bins by which queues are kept over time; zero for one bin.
    log : bool
        Whether every service is kept.
    """

    horizon_min: float
    warmup_min: float = 0.0
    seed: int = 1
    replication: int = 0
    bin_min: float = 60.0
    log: bool = False


@dataclass(frozen=True)
class Tally:
    """What one replication counted, in the records of `bridgehead.engines.simulation.layout`."""

    compiled: Compiled
    run: Run
    nodes: Any
    pairs: Any
    types: Any
    pools: Any
    histograms: Any
    bins: Any
    counts: Any
    log: Any
    events: int
    system_area: float
    in_system: int
    units_made: int

    @property
    def counted_min(self) -> float:
        """Length of the time that was counted."""
        return self.run.horizon_min - self.run.warmup_min


def simulate(compiled: Compiled, run: Run, *, progress: Progress | None = None) -> Tally:
    """Run one replication.

    Parameters
    ----------
    compiled : Compiled
        The model.
    run : Run
        How long, which seed.
    progress : callable, optional
        Called with the simulated time in minutes several times a second; what it raises ends the run.

    Raises
    ------
    BridgeheadError
        ``simulation.deadlock`` with the cycle, ``simulation.too_many_units``, ``simulation.bad_run``.
    """
    from bridgehead.engines.simulation import port_kernels

    _check(run)
    world = _world(compiled, run)
    clock = world.clock[0]
    while True:
        clock["left"] = _SPAN
        reason = port_kernels.run(world)
        if progress is not None:
            progress(float(clock["now"]))
        if reason == layout.DONE:
            return _tally(compiled, run, world)
        if reason == layout.DEADLOCK:
            found: Deadlock = deadlock_of(compiled, world)
            raise BridgeheadError("simulation.deadlock", found.parameters())
        world = _more(world, reason)
        clock = world.clock[0]


def _check(run: Run) -> None:
    """Refuse a run that has no time to count."""
    sound = math.isfinite(run.horizon_min) and 0.0 <= run.warmup_min < run.horizon_min and run.bin_min >= 0.0
    if not sound:
        raise BridgeheadError(
            "simulation.bad_run", {"warmup_min": run.warmup_min, "horizon_min": run.horizon_min, "bin_min": run.bin_min}
        )


def source_key(seed: int, replication: int, source: str) -> int:
    """Return the key of a source in a replication."""
    return purpose("source", source, str(seed), str(replication))


def run_key(seed: int, replication: int) -> int:
    """Return what is added to the purposes of draws that belong to no unit."""
    return purpose("run", str(seed), str(replication))


def _world(compiled: Compiled, run: Run) -> layout.World:
    arrays = compiled.arrays
    nodes, sources, pools = arrays["nodes"].copy(), arrays["sources"].copy(), arrays["pools"].copy()
    own = np.uint64(run_key(run.seed, run.replication))
    with np.errstate(over="ignore"):
        nodes["up_purpose"] += own
        nodes["down_purpose"] += own
        pools["purpose"] += own
    times, levels = _timelines(compiled, nodes, run.horizon_min)
    listed, numbers = _listed(compiled, sources, run)
    width = run.bin_min if run.bin_min > 0.0 else run.horizon_min
    bins = int(math.ceil(run.horizon_min / width)) + 1
    nodes["bin_end"] = width
    types, groups = len(compiled.types), arrays["groups"].size
    lines = max(1, nodes.size * groups)
    clock = np.zeros(1, dtype=layout.CLOCK)
    clock["horizon"], clock["warmup"], clock["bin"], clock["system_bin_end"] = run.horizon_min, run.warmup_min, width, width
    clock["types"], clock["groups"], clock["pools"] = types, groups, len(compiled.model.pools)
    clock["logging"], clock["stuck"], clock["next_source"] = run.log, -1, -1
    clock["free_units"] = _UNITS
    real = np.zeros(1)
    slots = arrays["slots"].copy()
    return layout.World(
        clock=clock,
        nodes=nodes,
        pairs=arrays["pairs"].copy(),
        types=arrays["types"].copy(),
        groups=arrays["groups"],
        ages=arrays["ages"],
        ways=arrays["ways"],
        distributions=arrays["distributions"],
        values=arrays["values"],
        sources=sources,
        rates=arrays["rates"],
        bands=arrays["bands"],
        listed=listed,
        listed_number=numbers,
        timeline=times,
        timeline_level=levels,
        amounts=arrays["amounts"],
        first=np.full(lines, -1, dtype=np.int32),
        last=np.full(lines, -1, dtype=np.int32),
        units=np.zeros(_UNITS, dtype=layout.UNIT),
        free_units=np.arange(_UNITS - 1, -1, -1, dtype=np.int32),
        held=np.zeros(_UNITS * max(1, len(compiled.model.pools)), dtype=np.int32),
        slots=slots,
        free_slots=arrays["free_slots"].copy(),
        pools=pools,
        heap=np.zeros(_EVENTS + 4 * nodes.size + 2 * slots.size, dtype=layout.EVENT),
        work=np.zeros(_WORK + 4 * nodes.size, dtype=layout.WORK),
        histograms=np.zeros((arrays["histograms"], layout.CELLS), dtype=np.int64),
        bins=np.zeros((nodes.size + 1, bins)),
        counts=np.zeros((2 * types, bins), dtype=np.int64),
        log=np.zeros(_LOG if run.log else 1, dtype=layout.LOGGED),
        bits=real.view(np.int64),
        real=real,
    )


def _timelines(compiled: Compiled, nodes: Any, horizon_min: float) -> tuple[Any, Any]:
    """Set the first levels, and return the changes of all stations one after the other."""
    calendars = {one.id: one for one in compiled.model.calendars}
    times: list[float] = []
    levels: list[int] = []
    for at, part in enumerate(compiled.parts):
        node = part.node
        if not isinstance(node, Station):
            nodes["level"][at] = 1
            continue
        found = timeline(node, calendars.get(node.calendar or ""), horizon_min)
        nodes["level"][at], nodes["timeline"][at] = found.level, len(times)
        times += found.times_min
        levels += found.levels
        nodes["timeline_end"][at] = len(times)
    return np.array(times or [0.0]), np.array(levels or [0], dtype=np.int32)


def _listed(compiled: Compiled, sources: Any, run: Run) -> tuple[Any, Any]:
    """Give every source its key, and return the arrivals that are known beforehand."""
    times, numbers, begin = [np.zeros(0)], [np.zeros(0, dtype=np.int64)], 0
    for at in range(sources.size):
        key = source_key(run.seed, run.replication, compiled.source_names[at])
        sources["key"][at] = key
        if sources["kind"][at] == layout.LISTED:
            when, which = listed_arrivals(compiled, compiled.distribution_row, at, key, run.horizon_min)
            sources["position"][at], sources["position_end"][at] = begin, begin + when.size
            times.append(when)
            numbers.append(which)
            begin += when.size
    return np.concatenate([*times, [np.inf]]), np.concatenate([*numbers, [0]]).astype(np.int64)


def _more(world: layout.World, reason: int) -> layout.World:
    """Return the world with twice the room for what there was too little of."""
    clock = world.clock[0]
    if reason == layout.MORE_UNITS:
        return _more_units(world)
    if reason == layout.MORE_EVENTS:
        return world._replace(heap=_longer(world.heap))
    if reason == layout.MORE_LOG:
        return world._replace(log=_longer(world.log))
    if reason == layout.MORE_WORK:
        at, size = int(clock["work"]), world.work.size
        work = _longer(np.roll(world.work, -at))
        assert work.size >= size
        clock["work"] = 0
        return world._replace(work=work)
    return world


def _more_units(world: layout.World) -> layout.World:
    clock, size = world.clock[0], world.units.size
    if 2 * size > MOST_UNITS:
        raise BridgeheadError(
            "simulation.too_many_units", {"units": int(clock["in_system"]), "day": float(clock["now"]) / 1440.0}
        )
    free = np.empty(2 * size, dtype=np.int32)
    kept = int(clock["free_units"])
    free[:size] = np.arange(2 * size - 1, size - 1, -1)
    free[size : size + kept] = world.free_units[:kept]
    clock["free_units"] = size + kept
    return world._replace(units=_longer(world.units), free_units=free, held=_longer(world.held))


def _longer(array: Any) -> Any:
    made = np.zeros(2 * array.size, dtype=array.dtype)
    made[: array.size] = array
    return made


def _tally(compiled: Compiled, run: Run, world: layout.World) -> Tally:
    clock = world.clock[0]
    return Tally(
        compiled=compiled,
        run=run,
        nodes=world.nodes,
        pairs=world.pairs,
        types=world.types,
        pools=world.pools,
        histograms=world.histograms,
        bins=world.bins,
        counts=world.counts,
        log=world.log[: int(clock["logged"])].copy(),
        events=int(clock["events"]),
        system_area=float(clock["system_area"]),
        in_system=int(clock["in_system"]),
        units_made=int(world.types["born"].sum()),
    )
