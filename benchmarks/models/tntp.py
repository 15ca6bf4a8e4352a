"""Sioux Falls and Anaheim of the collection Transportation Networks for Research, if the operator has them.

The collection is for academic research only, so its files are not part of the project. They are looked for in the
folder `TNTP` names, or beside the repository in `shared/bench/tntp`.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.models.assignment_city import Case
from bridgehead.engines.network.formats import tntp as formats

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
    network = formats.read_network(_text(f"{name}_net.tntp"))
    trips = formats.read_trips(_text(f"{name}_trips.tntp"), network.zone_numbers)
    return Case(name, network.directed(), (trips,))


def _text(file: str) -> str:
    return (folder() / file).read_text(encoding="utf-8")


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
    found = formats.read_flows(_text(f"{name}_flow.tntp"))
    ends = zip(found.init_node.tolist(), found.term_node.tolist(), strict=True)
    volume = dict(zip(ends, found.volume.tolist(), strict=True))
    network = formats.read_network(_text(f"{name}_net.tntp"))
    links = zip(network.init_node.tolist(), network.term_node.tolist(), strict=True)
    return Published(objectives[name], np.array([volume[link] for link in links]))
