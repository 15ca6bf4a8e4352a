"""A log of the simulator read back: what closing does to those who wait or are served comes out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridgehead.engines.simulation.calibration.calibrating import Calibration, as_description, calibrate
from bridgehead.engines.simulation.calibration.event_log import parse_event_log, read_event_log
from bridgehead.engines.simulation.calibration.overtime import overtime
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.event_logs import event_log, write_csv
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.running import Run, simulate
from bridgehead.kernel.errors import BridgeheadError

DAY = 1440.0


def gate(at_close: str, **changes: Any) -> Model:
    """Return a gate open by day, with a queue at closing on some days, which trucks come to at all hours."""
    return read_model(
        {
            "schema": "bridgehead-port-model/1",
            "time_unit": "min",
            "start": "2025-03-03",
            "run": {"warmup": "0d", "horizon": "28d"},
            "classes": {"truck": {}},
            "calendars": {"day": {"open": ["07:00-19:00"], "at_close": at_close}},
            "stations": {"gate": {"servers": 2, "calendar": "day", "service": {"erlang": {"k": 3, "mean": 12}}}},
            "routes": {"*": {"gate": "out"}},
            "sources": [{"class": "truck", "node": "gate", "rate": {"00:00-06:00": 1, "06:00-24:00": 6.5}, "per": "h"}],
            **changes,
        }
    )


def read_back(model: Model, folder: Path, seed: int, days: float = 28.0) -> Calibration:
    log = event_log(simulate(compile_model(model), Run(days * DAY, seed=seed, log=True)))
    write_csv(log, folder / "log.csv")
    return calibrate(read_event_log(folder / "log.csv"))


@pytest.mark.parametrize("at_close", ["finish", "pause", "empty"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_happens_at_closing_time_comes_out_of_the_log(at_close: str, seed: int, tmp_path: Path) -> None:
    found = read_back(gate(at_close), tmp_path, seed)
    (calendar,) = found.model.calendars
    assert (calendar.at_close, calendar.open) == (at_close, ((420.0, 1140.0),))
    assert found.model.nodes[0].servers == 2  # type: ignore[union-attr]
    (fit,) = found.evidence.fits[0].fits.values()
    assert fit.low_min <= 12.0 * 1.02
    assert fit.high_min >= 12.0 * 0.98
    assert read_model(as_description(found)) == found.model


def test_overtime_is_said_with_its_starts(tmp_path: Path) -> None:
    found = read_back(gate("empty"), tmp_path, 4)
    gaps = [gap for gaps in found.evidence.services.hours[0].gaps.values() for gap in gaps]
    assert sum(gap.overtime for gap in gaps) > 50
    assert all(gap.close_between[0] <= 1140.0 <= gap.close_between[1] for gap in gaps if gap.overtime)
    codes = {fault.code for fault in found.findings}
    assert "port_log.emptied_at_closing" in codes
    assert "port_log.starts_while_closed" not in codes


def test_a_queue_that_is_left_at_closing_is_no_overtime() -> None:
    """One day the last who was served came at 12, the other day the first who was not came at 11."""
    joined = np.array([480.0, 720.0, 800.0, DAY + 480.0, DAY + 660.0])
    started = np.array([490.0, 1130.0, DAY + 425.0, DAY + 1100.0, 2 * DAY + 430.0])
    assert overtime(joined, started, np.array([0, 1]), DAY + 420.0) is None


@pytest.mark.parametrize("names", [("gate", "check", "gate"), ("one", "two", "three")])
def test_several_places_of_one_name_are_warned_of(names: tuple[str, ...]) -> None:
    rows = [f"u{n},{name},{9 * n + 3 * at},{9 * n + 3 * at + 2}" for n in range(60) for at, name in enumerate(names)]
    found = calibrate(parse_event_log("\n".join(["unit,activity,start,end", *rows])))
    said = [fault.parameters["activity"] for fault in found.findings if fault.code == "port_log.routes_by_visit"]
    assert said == (["gate"] if names[0] == names[2] else [])


@pytest.mark.parametrize("name", ["out", "rest", "x" * 81])
def test_a_log_whose_names_mean_something_else_in_a_model_is_refused_with_all_of_them(name: str) -> None:
    text = f"unit,activity,start,end,class\nu1,{name},1,2,*\nu2,{name},3,4,*\n"
    with pytest.raises(BridgeheadError) as raised:
        calibrate(parse_event_log(text), booked=frozenset({"nobody"}))
    found = [(fault.code, fault.place.field) for fault in raised.value.faults]
    assert found == [
        ("model.bad_name", "activity"),
        ("model.bad_name", "class"),
        ("simulation.unknown_class", "booked"),
    ]


@pytest.mark.parametrize(
    "rows", [["u1,gate,1,2,a"], ["u1,gate,5,5,a", "u2,gate,5,5,a", "u3,gate,5,5,a"]], ids=["one", "at_once"]
)
def test_a_log_too_short_for_a_rate_makes_a_model_that_runs(rows: list[str]) -> None:
    found = calibrate(parse_event_log("\n".join(["unit,activity,start,end,class", *rows])))
    again = read_model(as_description(found))
    assert again == found.model
    assert simulate(compile_model(again), Run(DAY)).types["done"].sum() == len(rows)
