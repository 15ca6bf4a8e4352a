"""The log of a run: what was counted is in it, units keep their names, and a calibration finds the port again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bridgehead.engines.simulation.calibration.calibrating import Calibration, calibrate
from bridgehead.engines.simulation.calibration.estimates import Estimate
from bridgehead.engines.simulation.calibration.event_log import read_event_log
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.event_logs import ARRIVAL, COLUMNS, SimulatedLog, event_log, write_csv, write_parquet
from bridgehead.engines.simulation.model import Station
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.running import Run, Tally, simulate

DAY = 1440.0
DAYS = 42
OPEN = (420.0, 1260.0)


def two_stages(start: str | None = "2025-03-03") -> Tally:
    """A gate with hours, and a yard that a third goes on to; both classes, one of them first."""
    model = read_model(
        {
            "schema": "bridgehead-port-model/1",
            **({"start": start} if start else {}),
            "classes": {"booked": {"priority": 0}, "walk_in": {"priority": 1}},
            "calendars": {"day": {"open": ["07:00-21:00"]}},
            "stations": {
                "gate": {"servers": 3, "calendar": "day", "service": {"booked": {"exp": 3}, "*": {"exp": 4}}},
                "yard": {"servers": 4, "calendar": "day", "service": {"*": {"lognormal": {"mean": 14, "cv": 0.5}}}},
            },
            "routes": {"*": {"gate": {"yard": 0.35, "out": "rest"}}},
            "sources": [
                {"class": "booked", "node": "gate", "interarrival": {"exp": 8}},
                {"class": "walk_in", "node": "gate", "interarrival": {"exp": 5}},
            ],
        }
    )
    return simulate(compile_model(model), Run(DAYS * DAY, seed=11, log=True))


@pytest.fixture(scope="module")
def tally() -> Tally:
    return two_stages()


@pytest.fixture(scope="module")
def log(tally: Tally) -> SimulatedLog:
    return event_log(tally)


@pytest.fixture(scope="module")
def found(log: SimulatedLog, tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    file = tmp_path_factory.mktemp("log") / "port.csv"
    write_csv(log, file)
    return calibrate(read_event_log(file))


def the(found: Calibration, name: str, activity: str, unit_class: str = "", to: str = "") -> Estimate:
    (one,) = (
        e for e in found.estimates if (e.name, e.activity, e.unit_class, e.to) == (name, activity, unit_class, to)
    )
    return one


def test_the_log_holds_what_was_counted(tally: Tally, log: SimulatedLog) -> None:
    columns = log.columns()
    assert tuple(columns) == COLUMNS
    arrived = columns["activity"] == ARRIVAL
    assert arrived.sum() == tally.types["born"].sum() == len(log.units)
    for at, name in enumerate(("gate", "yard")):
        for kind, unit_class in enumerate(("booked", "walk_in")):
            here = (columns["activity"] == name) & (columns["class"] == unit_class)
            pair = tally.pairs[at, kind]
            assert here.sum() == pair["ended"]
            assert np.isclose((columns["end"] - columns["start"])[here].sum(), pair["service_sum"])
    assert (columns["start"][arrived] == columns["end"][arrived]).all()
    assert set(columns["resource"][~arrived]) == {
        *(f"gate-{n}" for n in (1, 2, 3)),
        *(f"yard-{n}" for n in (1, 2, 3, 4)),
    }
    assert set(columns["resource"][arrived]) == {""}
    assert (np.diff(columns["end"]) >= 0.0).all()


def test_a_server_serves_one_unit_at_a_time_and_a_unit_is_at_one_place(log: SimulatedLog) -> None:
    served = log.resource < len(log.resources) - 1
    for of in (log.resource, log.unit):
        order = np.lexsort((log.start_min[served], of[served]))
        start, end, who = log.start_min[served][order], log.end_min[served][order], of[served][order]
        assert (start[1:] >= end[:-1] - 1e-9)[who[1:] == who[:-1]].all()


def test_a_run_without_log_has_none() -> None:
    model = two_stages().compiled
    assert simulate(model, Run(DAY)).log.size == 0


def test_parts_of_a_train_and_what_they_become_have_names_of_their_own() -> None:
    model = read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"train": {}, "wagon": {}, "block": {}},
            "stations": {
                "yard": {"servers": 1, "service": {"det": 5}, "activity": "shunting"},
                "break": {"kind": "split", "into": {"wagon": 4}},
                "lift": {"servers": 2, "service": {"det": 3}},
                "form": {"kind": "combine", "of": "wagon", "size": 2, "as": "block"},
                "leave": {"servers": "inf", "service": {"det": 7}},
            },
            "routes": {"*": {"yard": "break", "break": "lift", "lift": "form", "form": "leave"}},
            "sources": [{"class": "train", "node": "yard", "times": [0, 100]}],
        }
    )
    log = event_log(simulate(compile_model(model), Run(DAY, log=True)))
    assert len(set(log.units)) == len(log.units) == 2 * (1 + 4 + 2)
    columns = log.columns()
    wagons = columns["unit"][columns["activity"] == "lift"]
    assert len(wagons) == len(set(wagons)) == 8
    (train, other) = columns["unit"][columns["activity"] == "yard"]
    assert all(name.startswith((f"{train}/", f"{other}/")) for name in wagons)
    assert set(columns["resource"][columns["activity"] == "leave"]) == {""}
    for name in set(log.units):
        assert len(set(columns["class"][columns["unit"] == name])) == 1


def test_parquet_holds_the_columns_to_the_bit(log: SimulatedLog, tmp_path: Path) -> None:
    write_parquet(log, tmp_path / "log.parquet")
    frame = pl.read_parquet(tmp_path / "log.parquet")
    assert tuple(frame.columns) == COLUMNS
    for name, column in log.columns().items():
        assert frame[name].to_list() == column.tolist()
    about = json.loads(pl.read_parquet_metadata(tmp_path / "log.parquet")["bridgehead"])
    assert about == {"table": "event_log", "units": {"start": "min", "end": "min"}, "first_day": "2025-03-03"}


@pytest.mark.parametrize("start", ["2025-03-03", None])
def test_csv_is_read_again_with_its_days_or_as_minutes(start: str | None, tmp_path: Path) -> None:
    written = event_log(two_stages(start))
    write_csv(written, tmp_path / "log.csv")
    read = read_event_log(tmp_path / "log.csv")
    assert (read.first_day is None) == (start is None)
    assert not read.warnings
    services = written.activity != written.activities.index(ARRIVAL)
    exact = 1e-9 if start is None else 1e-5
    assert np.allclose(np.sort(read.start_min), np.sort(written.start_min[services]), rtol=0.0, atol=exact)
    assert np.isfinite(read.arrived_min).all()
    assert len(read.units) == len(written.units)


def test_a_calibration_finds_the_hours_of_the_port_again(found: Calibration) -> None:
    (calendar,) = found.model.calendars
    assert calendar.open == (OPEN,)
    assert calendar.at_close == "finish"
    for activity in ("gate", "yard"):
        opens, closes = the(found, "opens", activity), the(found, "closes", activity)
        assert opens.low <= OPEN[0] <= opens.high
        assert closes.low <= OPEN[1] <= closes.high


def test_a_calibration_finds_services_shares_servers_and_priority_again(found: Calibration) -> None:
    for activity, unit_class, mean, family in (
        ("gate", "booked", 3.0, "exp"),
        ("gate", "walk_in", 4.0, "exp"),
        ("yard", "", 14.0, "lognormal"),
    ):
        one = the(found, "service_mean", activity, unit_class)
        assert one.low <= mean <= one.high
        assert one.high - one.low < 0.1 * mean
        assert one.method == family
    shares = [e for e in found.estimates if e.name == "share" and e.to == "yard"]
    assert shares
    assert all(one.low <= 0.35 <= one.high for one in shares)
    servers = {node.id: node.servers for node in found.model.nodes if isinstance(node, Station)}
    assert servers == {"gate": 3, "yard": 4}
    assert {one.id: one.priority for one in found.model.classes} == {"booked": 0.0, "walk_in": 1.0}
    for unit_class, a_day in (("booked", DAY / 8.0), ("walk_in", DAY / 5.0)):
        rate = the(found, "arrivals_per_day", "gate", unit_class)
        assert rate.low <= a_day <= rate.high


def test_stations_that_do_the_same_are_told_apart() -> None:
    """Two stages share the word of their activity and a third one lies between them, which costs another time."""
    model = read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"car": {}},
            "stations": {
                "one": {"servers": 2, "service": {"det": 3}, "activity": "gate"},
                "two": {"servers": "inf", "service": {"det": 10}},
                "three": {"servers": "inf", "service": {"det": 5}, "activity": "gate"},
            },
            "routes": {"*": {"one": "two", "two": "three"}},
            "sources": [{"class": "car", "node": "one", "interarrival": {"exp": 4}}],
        }
    )
    columns = event_log(simulate(compile_model(model), Run(DAY, log=True))).columns()
    lasted = columns["end"] - columns["start"]
    for station, minutes in (("one", 3.0), ("two", 10.0), ("three", 5.0)):
        here = lasted[columns["activity"] == station]
        assert here.size > 300
        assert np.allclose(here, minutes)
