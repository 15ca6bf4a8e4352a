"""Who came and was never served is not served by the model either: turned away, gone at a queue, out of patience."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridgehead.engines.simulation.calibration.calibrating import Calibration, as_description, calibrate
from bridgehead.engines.simulation.calibration.event_log import read_event_log
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.event_logs import event_log, write_csv
from bridgehead.engines.simulation.model import Station
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.running import Run, simulate

DAY = 1440.0
DAYS = 40
CLOSED = {"open": ["08:00-18:00"], "at_close": "finish", "while_closed": "turn_away"}
HOLIDAYS = {"open": ["08:00-18:00"], "while_closed": "turn_away", "except": {"2025-03-11..2025-03-12": "closed"}}


def read_back(folder: Path, hall: dict[str, Any], seed: int = 5, **changes: Any) -> Calibration:
    model = read_model(
        {
            "schema": "bridgehead-port-model/1",
            "time_unit": "min",
            "start": "2025-03-03",
            "classes": {"car": {}},
            "stations": {"hall": {"servers": 1, "service": {"exp": 4}, **hall}},
            "sources": [{"class": "car", "node": "hall", "interarrival": {"exp": 4}}],
            **changes,
        }
    )
    write_csv(event_log(simulate(compile_model(model), Run(DAYS * DAY, seed=seed, log=True))), folder / "log.csv")
    found = calibrate(read_event_log(folder / "log.csv"))
    assert read_model(as_description(found)) == found.model
    return found


def hall_of(found: Calibration) -> Station:
    (hall,) = found.model.nodes
    assert isinstance(hall, Station)
    return hall


def said(found: Calibration) -> set[str]:
    codes = {"turned_away", "turned_back", "gave_up", "never_served"}
    return {fault.code for fault in found.findings} & {f"port_log.{code}" for code in codes}


def mean_stay(found: Calibration) -> float:
    types = simulate(compile_model(found.model), Run(DAYS * DAY, seed=6)).types
    return float(types["stay_sum"].sum() / types["done"].sum())


def test_who_comes_while_closed_is_turned_away_again(tmp_path: Path) -> None:
    found = read_back(tmp_path, {"servers": 3, "calendar": "day"}, calendars={"day": CLOSED})
    (calendar,) = found.model.calendars
    assert (calendar.while_closed, calendar.open) == ("turn_away", ((480.0, 1080.0),))
    assert said(found) == {"port_log.turned_away"}
    assert mean_stay(found) == pytest.approx(4.3, rel=0.1)
    share = next(one for one in found.estimates if one.name == "unserved")
    assert share.value == pytest.approx(14 / 24, abs=0.02)


def test_a_holiday_on_which_all_who_come_are_turned_away_is_closed(tmp_path: Path) -> None:
    source = {"class": "car", "node": "hall", "rate": {"08:00-18:00": 15}, "per": "h"}
    hall = {"servers": 3, "calendar": "day"}
    found = read_back(tmp_path, hall, calendars={"day": HOLIDAYS}, sources=[source])
    (calendar,) = found.model.calendars
    assert dict(calendar.exceptions) == {8: (), 9: ()}
    assert calendar.while_closed == "turn_away"


def test_who_waits_for_the_opening_is_not_turned_away(tmp_path: Path) -> None:
    hours = {"day": {**CLOSED, "while_closed": "wait"}}
    found = read_back(tmp_path, {"servers": 3, "calendar": "day"}, calendars=hours)
    assert [one.while_closed for one in found.model.calendars] == ["wait"]
    assert not said(found)


def test_patience_comes_out_of_who_was_never_served(tmp_path: Path) -> None:
    found = read_back(tmp_path, {"patience": {"exp": 8}})
    hall = hall_of(found)
    assert hall.balking is None
    assert hall.patience["*"].kind == "exp"
    assert hall.patience["*"].numbers[0] == pytest.approx(8.0, rel=0.1)
    assert said(found) == {"port_log.gave_up"}


@pytest.mark.parametrize(
    ("balk", "at", "share"),
    [({"from": 5, "probability": 0.8}, 5, 0.8), ({"from": 0, "probability": 0.3}, 0, 0.3)],
    ids=["at_a_queue", "always"],
)
def test_the_queue_at_which_units_turn_back_comes_out(
    balk: dict[str, float], at: int, share: float, tmp_path: Path
) -> None:
    found = read_back(tmp_path, {"balk": balk})
    hall = hall_of(found)
    assert not hall.patience
    assert hall.balking is not None
    assert hall.balking.at == at
    assert hall.balking.probability == pytest.approx(share, abs=0.05)
    assert said(found) == {"port_log.turned_back"}


def test_few_who_were_never_served_make_no_rule_and_are_said(tmp_path: Path) -> None:
    found = read_back(tmp_path, {"balk": {"from": 0, "probability": 0.0005}})
    assert hall_of(found).balking is None
    (fault,) = [fault for fault in found.findings if fault.code == "port_log.never_served"]
    assert 0 < fault.parameters["count"] < 20  # type: ignore[operator]
    assert fault.parameters["activity"] == "hall"


def test_who_still_waits_when_the_log_ends_has_not_gone(tmp_path: Path) -> None:
    """More come than can be served, so that at the end thousands wait."""
    found = read_back(tmp_path, {"service": {"exp": 6}})
    assert not said(found)
    assert found.evidence.unserved[0].gone == 0


@pytest.mark.parametrize("seed", range(5, 9))
def test_who_is_served_when_the_log_ends_has_not_gone(seed: int, tmp_path: Path) -> None:
    """Long services beside short ones: many who came later are through while some who came before are still served."""
    slow = {"servers": 20, "service": {"mix": [[0.8, {"exp": 5}], [0.2, {"exp": 300}]]}}
    found = read_back(tmp_path, slow, seed=seed)
    assert found.evidence.unserved[0].gone == 0
