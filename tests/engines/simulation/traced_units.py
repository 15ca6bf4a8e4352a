"""Small ports of which every stay can be worked out by hand, and their units as the log tells them."""

from __future__ import annotations

from typing import Any

from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.event_logs import event_log
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.running import Run, simulate
from bridgehead.engines.simulation.stay_paths.critical_paths import critical_path
from bridgehead.engines.simulation.stay_paths.log_rows import rows_of_run
from bridgehead.engines.simulation.stay_paths.timelines_of_units import Traced, trace

TRUCKS: dict[str, Any] = {"schema": "bridgehead-port-model/1", "classes": {"truck": {}}}


def traced(description: dict[str, Any], horizon_min: float = 1000.0) -> Traced:
    """Run a port of trucks and trace its units."""
    model = read_model({**TRUCKS, **description})
    tally = simulate(compile_model(model), Run(horizon_min, log=True))
    return trace(rows_of_run(event_log(tally), model), model)


def come(*times: float, node: str = "a", unit_class: str = "truck") -> dict[str, Any]:
    """Return a source of units at these times."""
    return {"class": unit_class, "node": node, "times": list(times)}


def unit(found: Traced, number: int, source: str = "truck@a") -> int:
    """Return the row of the unit a source made as the first, second and so on."""
    return found.unit_named(f"{source}-{number}")


def pieces(found: Traced, number: int, source: str = "truck@a") -> list[tuple[float, float, str, str, str]]:
    """Return what a unit's stay is made of: begin, end, cause, station, and by whom or what."""
    return [
        (one.begin_min, one.end_min, one.cause, one.station, one.by)
        for one in found.segments(unit(found, number, source))
    ]


def path(found: Traced, number: int, source: str = "truck@a") -> list[tuple[float, float, str, str, str]]:
    """Return the steps that set when a unit was done: begin, end, cause, station and unit."""
    return [
        (one.begin_min, one.end_min, one.cause, one.station, one.unit)
        for one in critical_path(found, unit(found, number, source))
    ]


def det(minutes: float, **more: Any) -> dict[str, Any]:
    """Return a station with one server that takes the same time for each."""
    return {"servers": 1, "service": {"*": {"det": minutes}}, **more}
