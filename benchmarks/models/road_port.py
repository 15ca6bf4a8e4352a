"""A road port of four stages with opening hours and booked trucks first: 1,500 trucks a day, invented.

The structure is that of the performance model of the queueing cases: gate, scan, customs and exit, open from 07:00 to
21:00; services under way at closing are finished. Booked trucks have a slot and come early or late; the others come
around the clock. All programs get the same arrivals and draw their own services.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.engines.simulation.model import ListedArrivals, Model, Source
from bridgehead.engines.simulation.reading import read_model

DAY_MIN = 1440.0
OPENS_MIN, CLOSES_MIN = 420.0, 1260.0
STAGES = ("gate", "scan", "customs", "exit")
SERVERS = (4, 6, 10, 4)
SERVICE_MIN = (1.8, 2.6, 4.5, 1.6)
CLASSES = ("booked", "walk_in")
BOOKED_A_DAY, WALK_IN_A_DAY = 600, 900
LATENESS_SD_MIN = 30.0


@dataclass(frozen=True)
class Arrivals:
    """Times in minutes, rising, and the class of each: 0 for booked, 1 for those who just come."""

    time_min: npt.NDArray[np.float64]
    kind: npt.NDArray[np.int8]
    days: int

    def of(self, kind: int) -> npt.NDArray[np.float64]:
        """Return the times of a class."""
        return self.time_min[self.kind == kind]


def arrivals(days: int, seed: int = 1) -> Arrivals:
    """Draw the arrivals of so many days."""
    rng = np.random.default_rng(seed)
    end = days * DAY_MIN
    walk_in = np.cumsum(rng.exponential(DAY_MIN / WALK_IN_A_DAY, size=int(1.2 * WALK_IN_A_DAY * days) + 1000))
    booked = []
    for day, count in enumerate(rng.poisson(BOOKED_A_DAY, days)):
        slots = rng.uniform(OPENS_MIN, CLOSES_MIN, count)
        booked.append(day * DAY_MIN + slots + LATENESS_SD_MIN * rng.standard_normal(count))
    times = np.concatenate([*booked, walk_in])
    kinds = np.ones(times.size, dtype=np.int8)
    kinds[: times.size - walk_in.size] = 0
    order = np.argsort(times, kind="stable")
    order = order[(times[order] > 0.0) & (times[order] < end)]
    return Arrivals(times[order], kinds[order], days)


def description() -> dict[str, Any]:
    """Return the port in the words of port models."""
    stations = {
        name: {"servers": servers, "calendar": "day", "service": {"*": {"exp": mean}}}
        for name, servers, mean in zip(STAGES, SERVERS, SERVICE_MIN, strict=True)
    }
    booked = {"per_day": {"poisson": BOOKED_A_DAY}, "slots": {"uniform": {"from": OPENS_MIN, "to": CLOSES_MIN}}}
    return {
        "schema": "bridgehead-port-model/1",
        "time_unit": "min",
        "classes": {name: {"priority": number} for number, name in enumerate(CLASSES)},
        "calendars": {"day": {"period": DAY_MIN, "open": [[OPENS_MIN, CLOSES_MIN]], "at_close": "finish"}},
        "stations": stations,
        "routes": {"*": {**dict(pairwise(STAGES)), STAGES[-1]: "out"}},
        "sources": [
            {
                "class": CLASSES[0],
                "node": STAGES[0],
                "appointments": {**booked, "lateness": {"normal": {"sd": LATENESS_SD_MIN}}},
            },
            {"class": CLASSES[1], "node": STAGES[0], "interarrival": {"exp": DAY_MIN / WALK_IN_A_DAY}},
        ],
    }


def drawing_port() -> Model:
    """Return the port that draws its own arrivals."""
    return read_model(description())


def replaying_port(given: Arrivals) -> Model:
    """Return the port with given arrivals."""
    sources = tuple(Source(name, STAGES[0], name, ListedArrivals(given.of(kind))) for kind, name in enumerate(CLASSES))
    return replace(drawing_port(), sources=sources)
