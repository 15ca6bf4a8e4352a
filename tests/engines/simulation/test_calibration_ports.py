"""Whole ports: a model read from the log of a run keeps units as long and serves as many of each class as the port."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridgehead.engines.simulation.calibration.calibrating import Calibration, as_description, calibrate
from bridgehead.engines.simulation.calibration.event_log import read_event_log
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.event_logs import ARRIVAL, event_log, write_csv
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.running import Run, simulate
from bridgehead.regions.load import load_region
from bridgehead.regions.port_models import port_model_text

DAY = 1440.0
TOLERANCE = 0.15
AGEING_TOLERANCE = 0.35
"""Of 90 % quantiles where a priority grows with waiting, which is said to be unknown and not read from a log."""
FEWEST = 300
"""Classes with fewer units are not compared."""

BOTH_WAYS: dict[str, Any] = {
    "schema": "bridgehead-port-model/1",
    "time_unit": "min",
    "start": "2025-03-03",
    "classes": {"truck": {}, "empty": {}, "booked": {}, "car": {}},
    "calendars": {
        "freight": {"open": {"mon-sat": ["08:00-20:00"]}, "except": {"2025-03-12": "closed", "2025-04-04": "closed"}},
        "hall": {"open": ["08:00-18:00"], "while_closed": "turn_away", "except": {"2025-03-12": "closed"}},
    },
    "stations": {
        "gate_in": {
            "servers": 2,
            "calendar": "freight",
            "service": {"erlang": {"k": 3, "mean": 4}},
            "balk": {"from": 150, "probability": 0.7},
            "activity": "gate",
        },
        "scan": {"servers": 1, "service": {"exp": 2}},
        "gate_out": {"servers": 3, "service": {"lognormal": {"mean": 6, "cv": 0.5}}, "activity": "gate"},
        "hall": {"servers": 4, "calendar": "hall", "service": {"exp": 5}, "activity": "gate"},
    },
    "routes": {"*": {"gate_in": {"scan": 0.4, "gate_out": "rest"}, "scan": "gate_out"}},
    "sources": [
        {"class": "truck", "node": "gate_in", "rate": {"mon-sat": {"00:00-24:00": 6}}, "per": "h"},
        {"class": "empty", "node": "gate_out", "rate": {"08:00-20:00": 9}, "per": "h"},
        {
            "class": "booked",
            "node": "gate_in",
            "appointments": {"per_day": 90, "slots": "freight", "lateness": {"normal": {"mean": 0, "sd": 20}}},
        },
        {"class": "car", "node": "hall", "rate": {"07:00-19:00": 30}, "per": "h"},
    ],
}


def figures(model: Model, days: float, seed: int, file: Path | None = None) -> dict[str, tuple[float, ...]]:
    """Return of each class how many came, the share served, and mean and 90 % quantile of their stay in hours."""
    log = event_log(simulate(compile_model(model), Run(days * DAY, seed=seed, log=True)))
    if file is not None:
        write_csv(log, file)
    arrival = log.activities.index(ARRIVAL)
    came, out = np.full(len(log.units), np.nan), np.full(len(log.units), np.nan)
    coming = log.activity == arrival
    came[log.unit[coming]] = log.start_min[coming]
    np.fmax.at(out, log.unit[~coming], log.end_min[~coming])
    of_unit = np.zeros(len(log.units), dtype=np.int64)
    of_unit[log.unit] = log.unit_class
    found = {}
    for kind, name in enumerate(log.classes):
        mine = (of_unit == kind) & np.isfinite(came)
        stays = (out - came)[mine & np.isfinite(out)] / 60.0
        if stays.size >= FEWEST:
            served = stays.size / np.count_nonzero(mine)
            found[name] = (float(mine.sum()), served, float(stays.mean()), float(np.quantile(stays, 0.9)))
    return found


def compare(
    model: Model, days: float, booked: frozenset[str], folder: Path, of_quantile: float = TOLERANCE
) -> Calibration:
    """Run a port, read its log, run what was read, and hold the figures of all classes against each other."""
    figures(model, days, 1, folder / "log.csv")
    found = calibrate(read_event_log(folder / "log.csv"), booked=booked)
    assert read_model(as_description(found)) == found.model
    runs = [[figures(one, days, seed) for seed in (2, 3)] for one in (model, found.model)]
    port, again = ({name: np.mean([run[name] for run in seeds], axis=0) for name in seeds[0]} for seeds in runs)
    assert again.keys() == port.keys()
    off = {name: again[name] / port[name] - 1.0 for name in port}
    most = np.array([TOLERANCE, TOLERANCE, TOLERANCE, of_quantile])
    assert all((np.abs(differences) <= most).all() for differences in off.values()), off
    return found


def test_a_port_of_both_directions_comes_back_from_its_log(tmp_path: Path) -> None:
    found = compare(read_model(BOTH_WAYS), 56.0, frozenset({"booked"}), tmp_path)
    assert {node.id for node in found.model.nodes} == {"gate_in", "scan", "gate_out", "hall"}


def test_bookings_that_are_not_named_are_asked_for(tmp_path: Path) -> None:
    figures(read_model(BOTH_WAYS), 56.0, 1, tmp_path / "log.csv")
    log = read_event_log(tmp_path / "log.csv")
    asked = [
        [fault.parameters["unit_class"] for fault in calibrate(log, booked=named).findings if fault.code == CODE]
        for named in (frozenset[str](), frozenset({"booked"}))
    ]
    assert asked == [["booked"], []]


CODE = "port_log.come_on_open_days"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("port", "days", "booked", "of_quantile"),
    [
        ("ganqimaodu", 180.0, ("booked", "copper", "agv"), AGEING_TOLERANCE),
        ("erenhot-road", 180.0, (), TOLERANCE),
        ("manzhouli-rail", 365.0, (), TOLERANCE),
    ],
)
def test_a_port_of_the_region_comes_back_from_its_log(
    port: str, days: float, booked: tuple[str, ...], of_quantile: float, tmp_path: Path
) -> None:
    compare(read_model(port_model_text(load_region(), port)), days, frozenset(booked), tmp_path, of_quantile)
