"""The road port in other programs and in ours, each run in a process of its own: time, waits and memory.

SimPy: a process for every truck, a resource with priorities for every stage; while the port is closed, somebody with
the highest priority of all holds the servers. Ciw: a network of four nodes from its own description, with a cyclic
schedule of servers. C: `road_port.c`, the structure fixed. Timed is the simulation with what is needed for its means,
without imports, the making of arrivals and compilation.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.models.road_port import (
    CLASSES,
    CLOSES_MIN,
    DAY_MIN,
    OPENS_MIN,
    SERVERS,
    SERVICE_MIN,
    STAGES,
    Arrivals,
    arrivals,
    drawing_port,
    replaying_port,
)

OURS_REPEATS = 5
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Answer:
    """What a program took and found.

    Parameters
    ----------
    cpu_s : float
        CPU seconds, the median where it was repeated.
    trucks : int
        That came.
    wait_min : tuple of float
        Mean total wait of booked and others that left.
    peak_mb : float
        Most memory the process held.
    before_mb : float
        Most memory before the simulation: the interpreter, libraries, arrivals.
    """

    cpu_s: float
    trucks: int
    wait_min: tuple[float, float]
    peak_mb: float = 0.0
    before_mb: float = 0.0


def answer(name: str, days: int, seed: int = 1) -> Answer:
    """Run one of `PROGRAMS` on the arrivals of a seed in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.drivers.port_programs", name, str(days), str(seed)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{name} failed: {done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Answer(**{**told, "wait_min": tuple(told["wait_min"])})


def simpy_port(given: Arrivals, seed: int) -> tuple[float, tuple[float, float]]:
    """Run the port in SimPy; return CPU seconds and waits."""
    import random

    import simpy

    draw = random.Random(seed).expovariate
    times, kinds = given.time_min.tolist(), given.kind.tolist()
    begin = time.process_time()
    world = simpy.Environment()
    stages = [simpy.PriorityResource(world, capacity=count) for count in SERVERS]
    rates = [1.0 / mean for mean in SERVICE_MIN]
    left, waited = [0, 0], [0.0, 0.0]

    def truck(kind: int) -> Any:
        total = 0.0
        for stage, rate in zip(stages, rates, strict=True):
            came = world.now
            with stage.request(priority=kind) as turn:
                yield turn
                total += world.now - came
                yield world.timeout(draw(rate))
        left[kind] += 1
        waited[kind] += total

    def come() -> Any:
        for at, kind in zip(times, kinds, strict=True):
            yield world.timeout(at - world.now)
            world.process(truck(kind))

    def night(stage: Any) -> Any:
        until = OPENS_MIN
        while True:
            held = [stage.request(priority=-1) for _ in range(stage.capacity)]
            yield world.timeout(until - world.now)
            for one in held:
                one.cancel()
                stage.release(one)
            yield world.timeout(CLOSES_MIN - OPENS_MIN)
            until += DAY_MIN

    for stage in stages:
        world.process(night(stage))
    world.process(come())
    world.run(until=given.days * DAY_MIN)
    took = time.process_time() - begin
    return took, (waited[0] / left[0], waited[1] / left[1])


def ciw_port(given: Arrivals, seed: int) -> tuple[float, tuple[float, float]]:
    """Run the port in Ciw; return CPU seconds and waits."""
    import ciw

    gaps = [[*np.diff(given.of(kind), prepend=0.0).tolist(), float("inf")] for kind in (0, 1)]
    ciw.seed(seed)
    begin = time.process_time()
    nowhere, last = [None] * (len(STAGES) - 1), len(STAGES) - 1
    onward = [[1.0 if to == at + 1 and at < last else 0.0 for to in range(len(STAGES))] for at in range(len(STAGES))]
    network = ciw.create_network(
        arrival_distributions={name: [ciw.dists.Sequential(gaps[kind]), *nowhere] for kind, name in enumerate(CLASSES)},
        service_distributions={name: [ciw.dists.Exponential(1.0 / mean) for mean in SERVICE_MIN] for name in CLASSES},
        number_of_servers=[
            ciw.Schedule(numbers_of_servers=[0, count, 0], shift_end_dates=[OPENS_MIN, CLOSES_MIN, DAY_MIN])
            for count in SERVERS
        ],
        priority_classes={name: kind for kind, name in enumerate(CLASSES)},
        routing=dict.fromkeys(CLASSES, onward),
    )
    world = ciw.Simulation(network)
    world.simulate_until_max_time(given.days * DAY_MIN)
    records = world.get_all_records(only=["service"])
    took = time.process_time() - begin
    sums: dict[int, list[float]] = {}
    for record in records:
        known = sums.setdefault(record.id_number, [0.0, 0.0, float(CLASSES.index(record.customer_class))])
        known[0] += record.waiting_time
        known[1] += 1.0
    through = [
        [total for total, count, kind in sums.values() if count == len(STAGES) and kind == one] for one in (0, 1)
    ]
    return took, (float(np.mean(through[0])), float(np.mean(through[1])))


def ours(
    given: Arrivals, seed: int, *, log: bool = False, draws: bool = False, repeats: int = OURS_REPEATS
) -> tuple[float, tuple[float, float]]:
    """Run the port in our engine; return CPU seconds and waits."""
    from bridgehead.engines.simulation.compiling import compile_model
    from bridgehead.engines.simulation.metrics import metric
    from bridgehead.engines.simulation.outcomes import outcome_of
    from bridgehead.engines.simulation.running import Run, simulate

    compiled = compile_model(drawing_port() if draws else replaying_port(given))
    horizon = given.days * DAY_MIN
    simulate(compiled, Run(DAY_MIN, log=log))  # compiled and loaded before
    took, waits = [], (0.0, 0.0)
    for repeat in range(repeats):
        begin = time.process_time()
        outcome = outcome_of(simulate(compiled, Run(horizon, seed=seed, replication=repeat, log=log)))
        took.append(time.process_time() - begin)
        found = [metric(outcome, "wait_total_mean", unit_class=name) for name in CLASSES]
        waits = waits if repeat else (found[0], found[1])
    return float(np.median(took)), waits


PROGRAMS: dict[str, Callable[[Arrivals, int], tuple[float, tuple[float, float]]]] = {
    "SimPy": simpy_port,
    "Ciw": ciw_port,
    "ours": ours,
    "ours, with event log": lambda given, seed: ours(given, seed, log=True),
    "ours, drawing arrivals": lambda given, seed: ours(given, seed, draws=True),
    "ours, once": lambda given, seed: ours(given, seed, repeats=1),
    "ours, drawing arrivals, once": lambda given, seed: ours(given, seed, draws=True, repeats=1),
}
"""In the order in which they are measured."""
C = "C, structure fixed"


def c_answer(days: int, seed: int = 1) -> Answer | None:
    """Compile and run the fixed model in C; None where there is no compiler, which is said."""
    compiler = shutil.which("cc")
    if compiler is None:
        print("there is no C compiler here: the fixed model is left out")
        return None
    given = arrivals(days, seed)
    with tempfile.TemporaryDirectory() as name:
        program, file = Path(name) / "road_port", Path(name) / "arrivals"
        options = ["-O3", "-march=native", "-o", str(program), str(HERE / "road_port.c"), "-lm"]
        subprocess.run([compiler, *options], check=True)
        file.write_bytes(given.time_min.tobytes() + given.kind.tobytes())
        words = [str(program), str(file), str(given.time_min.size), str(days), str(OURS_REPEATS)]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    rows = [[float(word) for word in line.split()] for line in told.splitlines()]
    return Answer(float(np.median([row[0] for row in rows])), given.time_min.size, (rows[0][2], rows[0][4]))


def installed(name: str) -> bool:
    """Whether a program is there; its absence is said on the screen."""
    import importlib.util

    if name.startswith("ours") or importlib.util.find_spec(name.lower()) is not None:
        return True
    print(f"{name} is not installed here (make bench installs it): it is left out")
    return False


def _peak_mb() -> float:
    """Return the most memory this process held: proc(5), Linux only; what the system counts begins in the parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024.0


def _main(name: str, days: int, seed: int) -> None:
    given = arrivals(days, seed)
    before = _peak_mb()
    took, waits = PROGRAMS[name](given, seed)
    print(json.dumps(asdict(Answer(took, given.time_min.size, waits, _peak_mb(), before))))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
