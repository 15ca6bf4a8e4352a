"""Sioux Falls and Anaheim of the collection Transportation Networks for Research, if the operator has them.

The collection is for academic research only, so its files are not part of the project. They are looked for in the
folder `TNTP` names, or beside the repository in `shared/bench/tntp`.
"""

from __future__ import annotations

import csv
import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.models.assignment_city import Case
from bridgehead.engines.network.delays import DelayKind, DelayTable
from bridgehead.engines.network.directed import DirectedNetwork, Trips

BESIDE = Path(__file__).parents[3] / "shared" / "bench" / "tntp"
NAMES = ("SiouxFalls", "Anaheim")


def folder() -> Path:
    """Return where the files are looked for."""
    return Path(os.environ.get("TNTP", BESIDE))


def present(name: str) -> bool:
    """Whether a network of the collection is there; what is missing is said on the screen."""
    if (folder() / f"{name}_net.tntp").is_file():
        return True
    print(f"{name} is left out: {folder()} does not hold it (TNTP=folder names another)")
    return False


def tntp(name: str) -> Case:
    """Read a network and its trips."""
    text = (folder() / f"{name}_net.tntp").read_text()
    said = {found[1]: int(found[2]) for found in re.finditer(r"<([A-Z ]+)> *(\d+)\s", text)}
    nodes, zones = said["NUMBER OF NODES"], said["NUMBER OF ZONES"]
    lines = text.partition("<END OF METADATA>")[2].splitlines()
    rows = np.array([line.split()[:10] for line in lines if re.match(r"\s*\d", line)], dtype=np.float64)
    delays = DelayTable.of(DelayKind.BPR, rows[:, 4], rows[:, 2], rows[:, 5], rows[:, 6])
    tail, head = (rows[:, :2].T - 1).astype(np.int32)
    network = DirectedNetwork(
        tuple(map(str, range(1, nodes + 1))), np.full(nodes, np.nan), np.full(nodes, np.nan),
        np.arange(zones, dtype=np.int32), np.arange(1, nodes + 1) < said["FIRST THRU NODE"],
        tuple(map(str, range(1, len(rows) + 1))), tail, head, rows[:, 3].copy(), rows[:, 8].copy(), delays,
    )  # fmt: skip
    return Case(name, network, (_trips((folder() / f"{name}_trips.tntp").read_text()),))


def _trips(text: str) -> Trips:
    rows = []
    for block in text.split("Origin")[1:]:
        origin = int(block.split(None, 1)[0])
        rows += [(origin, *found) for found in re.findall(r"(\d+)\s*:\s*([\d.eE+-]+)", block)]
    table = np.array(rows, dtype=np.float64)
    return Trips(table[:, 0].astype(np.int32) - 1, table[:, 1].astype(np.int32) - 1, table[:, 2].copy())


@dataclass(frozen=True)
class Published:
    """The best known answer: objective, and volume of every link in the order of the network's file."""

    objective: float
    volume: npt.NDArray[np.float64]


def published(name: str) -> Published:
    """Read the best known answer of a network."""
    with (folder() / "TRUTH.csv").open() as file:
        objectives = {
            row["network"]: float(row["beckmann_objective_of_published_flows"]) for row in csv.DictReader(file)
        }
    lines = (folder() / f"{name}_flow.tntp").read_text().splitlines()
    rows = [line.split()[:3] for line in lines if re.match(r"\s*\d", line)]
    flows = {(int(tail) - 1, int(head) - 1): float(volume) for tail, head, volume in rows}
    network = tntp(name).network
    links = zip(network.tail.tolist(), network.head.tolist(), strict=True)
    return Published(objectives[name], np.array([flows[link] for link in links]))
