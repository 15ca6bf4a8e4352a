"""The port simulation beside SimPy, Ciw and C; two workers beside one; and whether its intervals are honest.

All programs run the road port on the same arrivals, one after the other, each in a process of its own. Services are
drawn by each, so waits differ by chance: how much is seen from runs of ours that differ in their services only, and
nothing is reported of programs that differ by more.
"""

from __future__ import annotations

import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks.drivers.port_programs import PROGRAMS, Answer, C, answer, c_answer, installed
from benchmarks.models.road_port import CLASSES, DAY_MIN, arrivals, drawing_port, replaying_port
from benchmarks.registry import Figures, Subject
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.intervals import t_quantile
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, replicate
from bridgehead.jobs.port_runs import run_study

YEAR_MIN = 365.0 * DAY_MIN
SPREAD_RUNS = 20
LIKELY = 1.0 - 1e-5
"""Programs that are alike are refused with a chance of two in a hundred thousand for each mean."""


def port_simulation(days: int) -> list[Figures]:
    """Measure the road port in every program that is there."""
    answers = {name: answer(name, days) for name in PROGRAMS if "once" not in name and installed(name)}
    fixed = c_answer(days)
    if fixed is not None:
        answers[C] = fixed
    bounds = _bounds(days)
    for name, one in answers.items():
        if name != "ours, drawing arrivals":
            refuse_other_waits(name, one.wait_min, bounds)
    return [
        {
            "program": name,
            "trucks": float(one.trucks),
            "CPU s": one.cpu_s,
            "trucks per CPU s": one.trucks / one.cpu_s,
            "times SimPy": _times(one, answers.get("SimPy")),
            "times C": _times(one, fixed),
            "wait booked min": one.wait_min[0],
            "wait walk-in min": one.wait_min[1],
        }
        for name, one in answers.items()
    ]


def _times(one: Answer, other: Answer | None) -> float | str:
    """Return how many times faster one program is than another."""
    return "-" if other is None else other.cpu_s / one.cpu_s


def _bounds(days: int) -> list[tuple[float, float]]:
    """Return between which bounds a right program's mean waits lie, from runs that differ in services only."""
    compiled = compile_model(replaying_port(arrivals(days)))
    study = replicate(compiled, Experiment(days * DAY_MIN, replications=SPREAD_RUNS, seed=99, bin_min=0.0))
    found = []
    for name in CLASSES:
        values = study.values("wait_total_mean", unit_class=name)
        reach = t_quantile(LIKELY, SPREAD_RUNS - 1.0) * statistics.stdev(values) * math.sqrt(1.0 + 1.0 / SPREAD_RUNS)
        found.append((statistics.mean(values) - reach, statistics.mean(values) + reach))
    return found


def refuse_other_waits(name: str, waits: tuple[float, float], bounds: list[tuple[float, float]]) -> None:
    """Raise an error if a program's waits are not those of the same port."""
    for unit_class, wait, (low, high) in zip(CLASSES, waits, bounds, strict=True):
        if not low <= wait <= high:
            raise AssertionError(f"{name}: {unit_class} waited {wait:.3f} min, not between {low:.3f} and {high:.3f}")


def port_memory(days: int) -> list[Figures]:
    """Measure the most memory of one run: the whole process, and what it took beyond Python and the arrivals."""
    rows: list[Figures] = []
    for name in ("Ciw", "ours, once", "ours, drawing arrivals, once"):
        if installed(name):
            one = answer(name, days)
            rows.append({"program": name, "peak MB": one.peak_mb, "before the run MB": one.before_mb})
    for row in rows:
        row["share of Ciw"] = float(row["peak MB"]) / float(rows[0]["peak MB"]) if len(rows) > 1 else "-"
    return rows


_FIRST = """
import time; begin = time.perf_counter()
from benchmarks.models.road_port import drawing_port
from bridgehead.engines.simulation.replications import Experiment, replicate
study = replicate(drawing_port(), Experiment(14400.0, replications=1))
assert study.values("sojourn_mean")[0] > 0.0
print(time.perf_counter() - begin)
"""


def port_start(cold: int) -> list[Figures]:
    """Measure a new process to its first result, with kernels on disk, or with `cold` compiled anew too."""
    rows: list[Figures] = []
    with tempfile.TemporaryDirectory() as empty:
        anew = {**os.environ, "NUMBA_CACHE_DIR": empty}
        for name, environment in [("compiled anew", anew)] * cold + [("kernels on disk", None)] * 3:
            begin = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", _FIRST], env=environment, capture_output=True, text=True, check=True
            )
            whole = time.perf_counter() - begin
            rows.append({"start": name, "s": whole, "of it after Python's start": float(done.stdout)})
    return rows


def port_workers(replications: int) -> list[Figures]:
    """Measure years of the road port with one worker and with two, in turn; the bytes must be the same."""
    model, asked = drawing_port(), Experiment(YEAR_MIN, replications=replications)
    seconds: dict[int, list[float]] = {1: [], 2: []}
    cpu: dict[int, list[float]] = {1: [], 2: []}
    hashes: set[tuple[str, ...]] = set()
    for _ in range(2):
        for workers, times in seconds.items():
            begin, before = time.perf_counter(), _cpu_s()
            study = run_study(model, asked, processes=workers)
            times.append(time.perf_counter() - begin)
            cpu[workers].append(_cpu_s() - before)
            hashes.add(tuple(one.content_hash for one in study.outcomes))
    if len(hashes) != 1:
        raise AssertionError("one and two workers found different bytes")
    one, two = (min(times) for times in seconds.values())
    return [
        {
            "replications": float(replications),
            "1 worker s": one,
            "2 workers s": two,
            "times faster": one / two,
            "1 worker CPU s": min(cpu[1]),
            "2 workers CPU s": min(cpu[2]),
        }
    ]


def _cpu_s() -> float:
    """Return the CPU seconds of this process and of those it began that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def booths(servers: int, service_min: float, interarrival_min: float) -> Model:
    """Return booths with Poisson arrivals and exponential services."""
    return read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"truck": {}},
            "stations": {"booth": {"servers": servers, "service": {"exp": service_min}}},
            "sources": [{"class": "truck", "node": "booth", "interarrival": {"exp": interarrival_min}}],
        }
    )


def erlang_wait(servers: int, service_min: float, interarrival_min: float) -> float:
    """Return the mean wait before booths by Erlang's formula C."""
    load = service_min / interarrival_min
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    waits = blocked / (1.0 - load / servers * (1.0 - blocked))
    return waits * service_min / (servers - load)


COVERED_WARMUP_MIN, COVERED_MIN, COVERED_RUNS = 5_000.0, 40_000.0, 10


def port_coverage(repeats: int) -> list[Figures]:
    """Count how often the 95 % interval of ten short runs covers the mean wait at three booths."""
    compiled, exact = compile_model(booths(3, 5.0, 2.0)), erlang_wait(3, 5.0, 2.0)
    until = COVERED_WARMUP_MIN + COVERED_MIN
    covered, widths = 0, []
    for repeat in range(repeats):
        asked = Experiment(until, COVERED_WARMUP_MIN, COVERED_RUNS, seed=1_000 + repeat, bin_min=0.0)
        found = replicate(compiled, asked).estimate("wait_mean", node="booth")
        covered += found.low <= exact <= found.high
        widths.append(found.relative)
    return [
        {
            "repeats": float(repeats),
            "exact wait min": exact,
            "covered": covered / repeats,
            "to be expected": _between(repeats),
            "half width / mean": statistics.mean(widths),
        }
    ]


def _between(repeats: int, share: float = 0.95) -> str:
    """Return in which shares honest intervals cover, in 99 of 100 measurements."""
    reach = 2.576 * math.sqrt(share * (1.0 - share) / repeats)
    return f"{max(0.0, share - reach):.3f}-{min(1.0, share + reach):.3f}"


FASTER = 0.95
COUNTED_FROM_MIN, COUNTED_TO_MIN = 2_000.0, 20_000.0


def port_common_random_numbers(pairs: int) -> list[Figures]:
    """Measure by how much common random numbers lower the variance of what five per cent faster services save."""
    asked = Experiment(COUNTED_TO_MIN, COUNTED_FROM_MIN, pairs, seed=1, bin_min=0.0)
    other = Experiment(COUNTED_TO_MIN, COUNTED_FROM_MIN, pairs, seed=2, bin_min=0.0)
    slow, fast = booths(5, 4.4, 1.0), booths(5, FASTER * 4.4, 1.0)
    base = replicate(slow, asked).values("wait_mean", node="booth")
    same = replicate(fast, asked).values("wait_mean", node="booth")
    apart = replicate(fast, other).values("wait_mean", node="booth")
    variances = [statistics.variance([b - a for a, b in zip(base, one, strict=True)]) for one in (apart, same)]
    return [
        {
            "pairs": float(pairs),
            "exact saving min": erlang_wait(5, 4.4, 1.0) - erlang_wait(5, FASTER * 4.4, 1.0),
            "saving min": statistics.mean(base) - statistics.mean(same),
            "variance, independent": variances[0],
            "variance, common": variances[1],
            "ratio": variances[0] / variances[1],
        }
    ]


SUBJECTS = (
    Subject(
        "port-simulation",
        "the road port for so many days beside SimPy, Ciw and a fixed model in C, on the same arrivals",
        (365,),
        (20,),
        port_simulation,
    ),
    Subject(
        "port-memory", "the most memory of one run of the road port, each in its process", (365,), (20,), port_memory
    ),
    Subject("port-start", "a new process to the first result of the road port", (1,), (0,), port_start),
    Subject(
        "port-workers", "years of the road port with two workers beside one, wall clock", (100,), (3,), port_workers
    ),
    Subject("port-coverage", "how often 95 % intervals cover Erlang's wait", (200,), (20,), port_coverage),
    Subject(
        "port-common-random-numbers",
        "services 5 % faster at five booths: variance of the difference, independent by common random numbers",
        (300,),
        (30,),
        port_common_random_numbers,
    ),
)
