"""AequilibraE as a peer: bi-conjugate Frank-Wolfe on two cores, in a process of its own.

Run as a program it reads a problem and writes an answer. It stops at its gap or after a time; when it first was below
each gap, it reads off its own iterations. What is timed is the assignment alone, after a short one that is thrown away:
not the import, nor the building of graphs and matrices.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.models.assignment_city import Case
from bridgehead.engines.flows.problem import AssignmentProblem

CORES = 2
LONE_ITERATIONS = 20
GRACE_S = 120.0
"""Time for import and preparation, beyond which the peer is given up."""


@dataclass(frozen=True)
class Answer:
    """What AequilibraE found: gap, wall and CPU seconds after each iteration, and the flow of every class and arc.

    `lone_s` is what an iteration takes on one core in CPU seconds: threads that wait for each other on a busy machine
    spin, which one alone does not.
    """

    gap: npt.NDArray[np.float64]
    wall_s: npt.NDArray[np.float64]
    cpu_s: npt.NDArray[np.float64]
    arc_flow: npt.NDArray[np.float64]
    lone_s: float = 0.0

    def first_below(self, gap: float) -> int:
        """Return the first iteration at which the gap is small enough, or the last one."""
        found = np.flatnonzero(self.gap <= gap)
        return int(found[0]) if len(found) else len(self.gap) - 1


def available() -> bool:
    """Whether AequilibraE is installed; its absence is said on the screen."""
    if importlib.util.find_spec("aequilibrae") is not None:
        return True
    print("AequilibraE is not installed here (make bench installs it): ours is measured alone")
    return False


def answer(case: Case, problem: AssignmentProblem, gap: float, limit_s: float) -> Answer:
    """Let AequilibraE solve a problem whose classes see one time, a fixed cost each, and weigh alike."""
    network = case.network
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fixed = np.empty((len(case.trips), network.link_count))
        fixed[:, problem.resource] = [one.fixed for one in problem.classes]
        np.savez(
            folder / "problem.npz",
            tail=network.tail,
            head=network.head,
            nodes=network.node_count,
            zones=network.zones,
            blocked=bool(network.no_through.any()),
            delays=network.delays.parameters[:, :4],
            fixed=fixed,
            matrices=np.stack([one.matrix(len(network.zones)) for one in case.trips]),
            gap=gap,
            limit_s=limit_s,
        )
        # Its progress goes to the screen in bars; only what it says when it fails is of use.
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.drivers.aequilibrae_peer", name],
            capture_output=True, text=True, errors="replace", timeout=limit_s + GRACE_S, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"AequilibraE failed: {done.stderr[-2000:]}")
        with np.load(folder / "answer.npz") as found:
            links = found["flow"]
            flow, lone_s = links[:, problem.resource], float(found["lone_s"])
            return Answer(found["gap"], found["wall_s"], found["cpu_s"], flow, lone_s)


def _main(folder: Path) -> None:
    with np.load(folder / "problem.npz") as file:
        problem = dict(file)
    _assignment(problem, 1.0, 2, CORES).execute()
    found = _assignment(problem, float(problem["gap"]), 1_000_000, CORES)
    wall, cpu = _stopped_in_time(found, float(problem["limit_s"]))
    found.execute()
    flow = [one.results.get_load_results()["trips_ab"].to_numpy() for one in found.classes]
    gaps = np.array(found.assignment.convergence_report["rgap"])
    lone = _assignment(problem, 0.0, LONE_ITERATIONS, 1)
    begin = time.process_time()
    lone.execute()
    lone_s = (time.process_time() - begin) / LONE_ITERATIONS
    np.savez(folder / "answer.npz", gap=gaps[1:], wall_s=wall, cpu_s=cpu, flow=np.stack(flow), lone_s=lone_s)


def _assignment(problem: dict[str, Any], gap: float, iterations: int, cores: int) -> Any:
    import pandas
    from aequilibrae.paths import TrafficAssignment, TrafficClass

    label, delays = _labels(problem), problem["delays"]
    links = pandas.DataFrame(
        {
            "link_id": np.arange(1, len(delays) + 1),
            "a_node": label[problem["tail"]],
            "b_node": label[problem["head"]],
            "direction": 1,
            "free_flow_time": delays[:, 0],
            "capacity": delays[:, 1],
            "b": delays[:, 2],
            "power": np.maximum(delays[:, 3], 1.0),
            **{f"fixed{i}": row for i, row in enumerate(problem["fixed"])},
        }
    )
    classes = []
    for i, matrix in enumerate(problem["matrices"]):
        one = TrafficClass(f"class{i}", _graph(links, problem), _matrix(matrix))
        # Its fixed cost is divided by its value of time, which stays 1: both are times here.
        one.set_fixed_cost(f"fixed{i}")
        classes.append(one)
    found = TrafficAssignment()
    found.set_classes(classes)
    found.set_vdf("BPR")
    found.set_vdf_parameters({"alpha": "b", "beta": "power"})
    found.set_capacity_field("capacity")
    found.set_time_field("free_flow_time")
    found.max_iter = iterations
    found.rgap_target = gap
    found.set_cores(cores)
    found.set_algorithm("bfw")
    return found


def _labels(problem: dict[str, Any]) -> npt.NDArray[np.int64]:
    """Return the number of every node; zones come first, as AequilibraE wants them."""
    label = np.empty(int(problem["nodes"]), dtype=np.int64)
    zones = problem["zones"]
    others = np.setdiff1d(np.arange(len(label)), zones)
    label[zones] = np.arange(1, len(zones) + 1)
    label[others] = np.arange(len(zones) + 1, len(label) + 1)
    return label


def _graph(links: Any, problem: dict[str, Any]) -> Any:
    from aequilibrae.paths import Graph

    graph = Graph()
    graph.network = links.copy()
    graph.prepare_graph(np.arange(1, len(problem["zones"]) + 1))
    graph.set_graph("free_flow_time")
    graph.set_blocked_centroid_flows(bool(problem["blocked"]))
    return graph


def _matrix(cells: npt.NDArray[np.float64]) -> Any:
    from aequilibrae.matrix import AequilibraeMatrix

    found = AequilibraeMatrix()
    found.create_empty(zones=len(cells), matrix_names=["trips"], memory_only=True)
    found.index[:] = np.arange(1, len(cells) + 1)
    found.matrices[:, :, 0] = cells
    found.computational_view(["trips"])
    return found


def _stopped_in_time(assignment: Any, limit_s: float) -> tuple[list[float], list[float]]:
    """Let an assignment end after a time too; return lists that it fills with seconds after each iteration."""
    wall: list[float] = []
    cpu: list[float] = []
    begin = time.perf_counter(), time.process_time()
    converged = assignment.assignment.check_convergence

    def check() -> bool:
        enough = bool(converged())
        wall.append(time.perf_counter() - begin[0])
        cpu.append(time.process_time() - begin[1])
        return enough or wall[-1] > limit_s

    assignment.assignment.check_convergence = check
    return wall, cpu


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
