"""Validation on ports that are alike: every line worked out by hand, and the report read back as it was written."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date

import pytest

from bridgehead.engines.flows.calibration import Constant
from bridgehead.engines.flows.results import PortFlow
from bridgehead.engines.flows.train_goods import train_goods
from bridgehead.engines.flows.validation import (
    CHANGE,
    COUNTRY,
    LEFT_OUT,
    MODE,
    TARGET,
    UNUSED,
    Change,
    Evidence,
    Told,
    Validation,
    validate,
)
from bridgehead.engines.network.components import Port
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.source import Figure, Qualifier, Standing
from tests.engines.small import demand
from tests.engines.test_calibration import SPREAD, TONNES, WIDE, alike, target

GROWTH = 1.5


def told(kind: str, key: str, tonnes: float, *members: str, part: float = 1.0) -> Told:
    return Told(kind, members[0] if members else "all", members, key, Figure(tonnes, "t", Standing.REPORTED), part)


@pytest.fixture(scope="module")
def report() -> Validation:
    figure = Figure(
        0.5 * TONNES, "t", Standing.REPORTED, Qualifier.AT_LEAST, "", "A newspaper", "2025-01", date(2024, 1, 1),
        date(2024, 6, 30), "half a year",
    )  # fmt: skip
    evidence = Evidence(
        2023,
        (target(["gate"], 0.6 * TONNES), target(["door"], 0.3 * TONNES)),
        (
            told(UNUSED, "", 0.15 * TONNES, "pass"),
            told(MODE, "road", 0.5 * TONNES, part=0.5),
            told(COUNTRY, "FF", TONNES),
        ),
        (Change("gate", ("gate",), "", 2024, Figure(0.25 * TONNES, "t", Standing.DERIVED), figure),),
        {2024: GROWTH},
    )
    # A port that is not open yet shares the constant of the gate; it does not keep it where the gate is left out.
    constants = [Constant("gate", ("gate", "later"), -WIDE, WIDE), Constant("door", ("door",), -WIDE, WIDE)]
    tables = alike()
    later = Port("later", "rail", "planned", "HH", "FF", 43.6, 112.0)
    return validate(replace(tables, ports=(*tables.ports, later)), evidence, constants)


def test_what_was_used_is_reproduced_and_stands_beside_what_was_before(report: Validation) -> None:
    gate, door = report.of_kind(TARGET)
    assert gate.modelled == pytest.approx(0.6 * TONNES, rel=5e-3)
    assert door.modelled == pytest.approx(0.3 * TONNES, rel=5e-3)
    assert gate.naive == pytest.approx(TONNES / 3, rel=1e-3)
    assert gate.better
    assert report.misfit[1] < report.misfit[0] / 100


def test_what_was_not_used_is_compared_with_sign_and_beside_the_marks(report: Validation) -> None:
    (rest,) = report.of_kind(UNUSED)
    assert rest.modelled == pytest.approx(0.1 * TONNES, rel=0.03)
    assert rest.error == pytest.approx(rest.modelled - 0.15 * TONNES)
    assert rest.error_share == pytest.approx(-1 / 3, abs=0.02)
    assert rest.naive == 0.0, "all rows are marked with the gate"
    assert rest.better
    (mode,) = report.of_kind(MODE)
    assert mode.modelled == pytest.approx(0.5 * TONNES, rel=1e-4)
    assert mode.naive == pytest.approx(0.5 * TONNES)
    (country,) = report.of_kind(COUNTRY)
    assert country.modelled == pytest.approx(TONNES, rel=1e-4)


def test_without_queues_every_port_grows_as_the_whole_does(report: Validation) -> None:
    (line,) = report.of_kind(CHANGE)
    assert line.naive == pytest.approx(0.25 * TONNES * GROWTH)
    assert line.modelled == pytest.approx(line.naive, rel=1e-4)
    assert line.before == 0.25 * TONNES
    assert line.before_standing == "derived"
    assert line.figure.period_to == date(2024, 6, 30)
    assert line.figure.qualifier is Qualifier.AT_LEAST
    assert (line.source, line.source_date, line.note) == ("A newspaper", "2025-01", "half a year")


def test_a_port_left_out_is_found_from_the_others_alone(report: Validation) -> None:
    gate, door = report.of_kind(LEFT_OUT)
    assert gate.subject == "gate"
    # Door keeps 30 per cent; gate and pass, both without a constant of their own, share the rest.
    assert gate.modelled == pytest.approx(0.35 * TONNES, rel=0.02)
    assert door.modelled == pytest.approx(0.2 * TONNES, rel=0.02)
    assert gate.naive == pytest.approx(TONNES)


def test_trains_fall_short_where_the_goods_do() -> None:
    ports = (*alike().ports[:1], Port("line", "rail", "open", "HH", "FF", 43.6, 112.0))
    flows = [
        PortFlow("line", "import", "boxes", 3000.0, 0.0, 3.0),
        PortFlow(ports[0].id, "import", "boxes", 500.0, 0.0, 25.0),
    ]
    [found] = train_goods([("boxes", 4.0), ("boxes", 2.0)], [demand("abroad", "inland", 4000.0, "boxes")], flows, ports)
    assert (found.reported, found.demand_t, found.road_t, found.t_per_train, found.most) == (
        6.0,
        4000.0,
        500.0,
        1000.0,
        4.0,
    )


def test_constants_carry_bounds_and_the_report_reads_back(report: Validation) -> None:
    assert [one.id for one in report.constants] == ["gate", "door"]
    assert report.constants[0].value - report.constants[1].value == pytest.approx(-SPREAD * math.log(2), abs=0.2)
    assert Validation.from_json(report.to_json()) == report
    plain = json.loads(report.to_json())
    for spoilt in ("{", "[]", json.dumps(plain | {"version": 0}), json.dumps(plain | {"lines": [{"kind": "x"}]})):
        with pytest.raises(BridgeheadError) as refused:
            Validation.from_json(spoilt)
        assert refused.value.code == "flows.unreadable"
