"""One replication of a compiled model: the world is laid out, the kernel runs, what was counted comes back.

The same seed and replication give the same bytes on any machine of the same kind, whatever ran before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.engines.simulation import layout
from bridgehead.engines.simulation.bookings import listed_arrivals
from bridgehead.engines.simulation.compiled import Compiled, purpose
from bridgehead.engines.simulation.deadlocks import deadlock_of
from bridgehead.engines.simulation.model import MINUTES_A_DAY, Station
from bridgehead.engines.simulation.timelines import timeline
from bridgehead.kernel.errors import BridgeheadError

Progress = Callable[[float], None]

_MASK = (1 << 64) - 1
_CHANGED = {"node", "pair", "type", "source", "slot", "free_slot", "pool"}
"""Tables of the model that a run changes."""
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


@dataclass(frozen=True, slots=True)
class Room:
    """For how many units, events, pieces of work and logged services there is room at first; it doubles as needed.

    Room for the log is memory that is asked for, but not used before something is written there.
    """

    units: int = 1 << 12
    events: int = 1 << 10
    work: int = 1 << 10
    log: int = 1 << 22


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

    @property
    def counted_min(self) -> float:
        """Length of the time that was counted."""
        return self.run.horizon_min - self.run.warmup_min


def simulate(
    compiled: Compiled, run: Run, *, progress: Progress | None = None, room: Room = Room(), events_a_look: int = _SPAN
) -> Tally:
    """Run one replication.

    Parameters
    ----------
    compiled : Compiled
        The model.
    run : Run
        How long, which seed.
    progress : callable, optional
        Called with the simulated time in minutes several times a second; what it raises ends the run.
    room : Room
        Room to begin with; it changes nothing of what is found.
    events_a_look : int
        Events between two calls of `progress`; it changes nothing either.

    Raises
    ------
    BridgeheadError
        ``simulation.deadlock`` with the cycle, ``simulation.too_many_units``, ``simulation.bad_run``,
        ``simulation.no_time_passes``.
    """
    from bridgehead.engines.simulation import port_kernels

    _check(run)
    place = _Place(compiled, run, room)
    while True:
        place.world["left"] = events_a_look
        reason = port_kernels.run(place.world)
        if progress is not None:
            progress(float(place.world["now"][0]))
        if reason == layout.DONE:
            return place.tally()
        if reason == layout.DEADLOCK:
            found = deadlock_of(compiled, place.tables, place.world[0])
            raise BridgeheadError("simulation.deadlock", found.parameters())
        if reason == layout.NOT_RISING:
            raise BridgeheadError("simulation.no_time_passes", {"minute": round(float(place.world["now"][0]), 1)})
        place.make_room(reason)


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


class _Place:
    """The tables of one run, and the world that knows where they are."""

    def __init__(self, compiled: Compiled, run: Run, room: Room) -> None:
        self.compiled, self.run, self.room = compiled, run, room
        self.world = np.zeros(1, dtype=layout.WORLD)
        self.tables = {name: table.copy() if name in _CHANGED else table for name, table in compiled.tables.items()}
        own = np.uint64(run_key(run.seed, run.replication))
        nodes = self.tables["node"]
        with np.errstate(over="ignore"):
            nodes["up_purpose"] += own
            nodes["down_purpose"] += own
            self.tables["pool"]["purpose"] += own
        self.room_for_state(nodes)
        self.tables["change"] = _timelines(compiled, nodes, run.horizon_min)
        self.point()
        self.tables["listed"] = _listed(compiled, self.world, self.tables["source"], run)
        self.point()

    def room_for_state(self, nodes: Any) -> None:
        """Make the tables of a state that is empty, and the numbers of the world."""
        run, world, tables, compiled = self.run, self.world, self.tables, self.compiled
        width = run.bin_min if run.bin_min > 0.0 else run.horizon_min
        bins, types, groups = math.ceil(run.horizon_min / width) + 1, len(compiled.types), tables["group"].size
        nodes["bin_end"] = width
        world["horizon"], world["warmup"], world["bin_width"], world["system_bin_end"] = (
            run.horizon_min,
            run.warmup_min,
            width,
            width,
        )
        world["node_count"], world["type_count"], world["group_count"] = nodes.size, types, groups
        world["pool_count"], world["source_count"] = len(compiled.model.pools), tables["source"].size
        world["histogram_count"], world["bin_count"] = compiled.histograms, bins
        room = self.room
        world["logging"], world["next_source"], world["free_units"], world["freed"] = run.log, -1, room.units, -1
        world["event_margin"], world["work_margin"] = _margins(tables, nodes)
        tables["line"] = np.full(max(1, nodes.size * groups), -1, dtype=np.int32).repeat(2).view(layout.LINE)
        tables["unit"] = _zeros(room.units, layout.UNIT)
        tables["free_unit"] = np.arange(room.units - 1, -1, -1, dtype=np.int32).view(layout.INDEX)
        tables["held"] = np.zeros(room.units * max(1, len(compiled.model.pools)), dtype=layout.INDEX)
        tables["event"] = np.zeros(room.events + 2 * int(world["event_margin"][0]), dtype=layout.EVENT)
        tables["work"] = np.zeros(room.work + 2 * int(world["work_margin"][0]), dtype=layout.WORK)
        tables["cell"] = np.zeros(compiled.histograms * layout.CELLS, dtype=layout.WHOLE)
        tables["bin"] = np.zeros((nodes.size + 1) * bins, dtype=layout.REAL)
        tables["count"] = np.zeros(2 * types * bins, dtype=layout.WHOLE)
        tables["logged"] = np.empty(room.log if run.log else 1, dtype=layout.LOGGED)

    def point(self) -> None:
        """Tell the world where its tables are."""
        for name, table in self.tables.items():
            assert table.dtype == layout.TABLES[name], name
            assert table.flags["C_CONTIGUOUS"], name
            self.world[f"{name}_address"] = table.ctypes.data
        self.world["event_room"], self.world["work_room"] = self.tables["event"].size, self.tables["work"].size
        self.world["log_room"], self.world["unit_room"] = self.tables["logged"].size, self.tables["unit"].size

    def make_room(self, reason: int) -> None:
        """Double what there is too little of."""
        if reason == layout.MORE_UNITS:
            self._more_units()
        elif reason == layout.MORE_WORK:
            self.tables["work"] = _longer(np.roll(self.tables["work"], -int(self.world["work_first"][0])))
            self.world["work_first"] = 0
        elif reason == layout.MORE_EVENTS:
            self.tables["event"] = _longer(self.tables["event"])
        elif reason == layout.MORE_LOG:
            logged = self.tables["logged"]
            self.tables["logged"] = np.empty(2 * logged.size, dtype=layout.LOGGED)
            self.tables["logged"][: logged.size] = logged
        self.point()

    def _more_units(self) -> None:
        size, kept = self.tables["unit"].size, int(self.world["free_units"][0])
        if 2 * size > MOST_UNITS:
            raise BridgeheadError(
                "simulation.too_many_units",
                {
                    "units": int(self.world["in_system"][0]),
                    "day": round(float(self.world["now"][0]) / MINUTES_A_DAY, 1),
                },
            )
        free = np.empty(2 * size, dtype=layout.INDEX)
        free["value"][:size] = np.arange(2 * size - 1, size - 1, -1)
        free[size : size + kept] = self.tables["free_unit"][:kept]
        self.world["free_units"] = size + kept
        self.tables["free_unit"] = free
        self.tables["unit"], self.tables["held"] = _longer(self.tables["unit"]), _longer(self.tables["held"])

    def tally(self) -> Tally:
        """Return what was counted."""
        world, tables = self.world[0], self.tables
        tables["logged"].resize(int(world["logged"]), refcheck=False)
        return Tally(
            compiled=self.compiled,
            run=self.run,
            nodes=tables["node"],
            pairs=tables["pair"].reshape(len(self.compiled.parts), len(self.compiled.types)),
            types=tables["type"],
            pools=tables["pool"],
            histograms=tables["cell"]["value"].reshape(-1, layout.CELLS),
            bins=tables["bin"]["value"].reshape(len(self.compiled.parts) + 1, -1),
            counts=tables["count"]["value"].reshape(2, len(self.compiled.types), -1),
            log=tables["logged"],
            events=int(world["events"]),
            system_area=float(world["system_area"]),
            in_system=int(world["in_system"]),
        )


def _margins(tables: Mapping[str, Any], nodes: Any) -> tuple[int, int]:
    """Return how many entries of the event list, and of the work list, one step of the kernel may need.

    An opening lets the services of all servers go on, each with its failure; a unit may give back all pools at once,
    and so may those who take its place; a collection ends as many units as it holds.
    """
    pools, slots = tables["pool"], tables["slot"].size
    collected = int(nodes["size"][nodes["kind"] == layout.COMBINE].sum())
    events = 2 * slots + int(pools["size"].sum()) * (1 + collected) + 2 * nodes.size + 256
    return events, 2 * nodes.size + (4 + collected) * (1 + pools.size) + 256


def _timelines(compiled: Compiled, nodes: Any, horizon_min: float) -> Any:
    """Set the first levels, and return the changes of all stations one after the other."""
    calendars = {one.id: one for one in compiled.model.calendars}
    changes: list[tuple[float, int]] = []
    for at, part in enumerate(compiled.parts):
        node = part.node
        if not isinstance(node, Station):
            nodes["level"][at] = 1
            continue
        found = timeline(node, calendars.get(node.calendar or ""), horizon_min)
        nodes["level"][at], nodes["timeline"][at] = found.level, len(changes)
        changes += zip(found.times_min, found.levels, strict=True)
        nodes["timeline_end"][at] = len(changes)
    return np.array(changes or [(0.0, 0)], dtype=layout.CHANGE)


def _listed(compiled: Compiled, world: Any, sources: Any, run: Run) -> Any:
    """Give every source its key, and return the arrivals that are known beforehand."""
    found = {}
    for at in range(sources.size):
        key = source_key(run.seed, run.replication, compiled.source_names[at])
        sources["key"][at] = key
        if sources["kind"][at] == layout.LISTED:
            found[at] = listed_arrivals(compiled, world, at, key, run.horizon_min)
    listed, begin = np.zeros(sum(times.size for times, _ in found.values()) + 1, dtype=layout.LISTED_ARRIVAL), 0
    for at, (times, numbers) in found.items():
        end = begin + times.size
        listed["time"][begin:end], listed["number"][begin:end] = times, numbers
        sources["position"][at], sources["position_end"][at] = begin, end
        begin = end
    return listed


def _zeros(size: int, dtype: Any) -> Any:
    """Return records that begin with a line of the cache."""
    line = 64
    room = np.zeros(size * dtype.itemsize + line, dtype=np.uint8)
    begin = -room.ctypes.data % line
    return room[begin : begin + size * dtype.itemsize].view(dtype)


def _longer(array: Any) -> Any:
    made = _zeros(2 * array.size, array.dtype)
    made[: array.size] = array
    return made
