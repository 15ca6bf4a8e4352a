"""Calibration against closed forms: ports alike in all but a constant share freight as the logit says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from bridgehead.engines.flows.calibration import Calibration, Constant, Target, calibrate
from bridgehead.engines.flows.demand import demand_of
from bridgehead.engines.flows.freight import Settings
from bridgehead.engines.flows.freight_flows import equilibrate
from bridgehead.engines.network.components import ComponentTables, Place, Port
from bridgehead.engines.network.virtual import Network
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.source import Figure, Qualifier, Standing
from tests.engines.small import COMMODITIES, PLACES, demand, link, parameter, parameters

TONNES = 1e6
SPREAD = 8.0
NAMES = ("gate", "door", "pass")


def alike(names: Sequence[str] = NAMES, spread: float = SPREAD) -> ComponentTables:
    """Road ports side by side: same lengths, same costs, no capacity, one flow between the ends."""
    stations = tuple(Place(f"to-{name}", "FF", "border", 44.0, 112.0) for name in names)
    links = [
        one
        for name in names
        for one in (
            link("inland", name, 100.0, "road"),
            link(name, f"to-{name}", 10.0, "road"),
            link(f"to-{name}", "abroad", 200.0, "road"),
        )
    ]
    extra = (
        parameter("choice_constant", 0.0, "USD/t"),
        parameter("choice_spread", spread, "USD/t"),
        parameter("overflow_share", 2.0, "share"),
        parameter("queue_servers", 1.0, "servers"),
        parameter("queue_variability", 1.0, "share"),
    )
    own = tuple(row.quantity for row in extra)
    return ComponentTables(
        "HH", 2023, (*(place for place in PLACES if place.id != "station"), *stations),
        tuple(Port(name, "road", "open", "HH", "FF", 43.6, 112.0) for name in names), tuple(links), COMMODITIES,
        (demand("abroad", "inland", TONNES, calibration_port=names[0]),), parameters(*extra, without=own),
    )  # fmt: skip


def target(members: Sequence[str], tonnes: float, qualifier: str = "exact", part: float = 1.0) -> Target:
    return Target("+".join(members), tuple(members), Figure(tonnes, "t", Standing.REPORTED, Qualifier(qualifier)), part)


def calibrated(
    tables: ComponentTables, targets: Sequence[Target], constants: Sequence[Constant], **more: Mapping[str, float]
) -> Calibration:
    network = Network(tables, 2023, home_ports_only=True)
    return calibrate(network, demand_of(tables, 2023)[1], targets, constants, **more)  # type: ignore[arg-type]


WIDE = 1000.0
"""Bounds so wide that the wish for a small constant counts for nothing."""


@given(share=st.floats(0.05, 0.95), spread=st.floats(2.0, 20.0))
@settings(max_examples=12, deadline=None)
def test_a_constant_is_the_spread_times_the_logarithm_of_the_odds(share: float, spread: float) -> None:
    tables = alike(("gate", "door"), spread)
    found = calibrated(tables, [target(["gate"], share * TONNES)], [Constant("g", ("gate",), -WIDE, WIDE)])
    assert found.settled
    assert found.by_port["gate"] == pytest.approx(-spread * math.log(share / (1 - share)), abs=0.02 * spread)
    assert found.totals_t["gate"][0] == pytest.approx(TONNES / 2, rel=1e-3)
    assert found.fits[0].after_t == pytest.approx(share * TONNES, abs=0.002 * TONNES)


def test_shipped_on_the_table_the_constants_give_what_the_calibration_said() -> None:
    tables = alike()
    wanted = {"gate": 0.6 * TONNES, "door": 0.3 * TONNES}
    constants = [Constant(port, (port,), -WIDE, WIDE) for port in wanted]
    found = calibrated(tables, [target([port], t) for port, t in wanted.items()], constants)
    rows = tuple(parameter("choice_constant", value, "USD/t", place=port) for port, value in found.by_port.items())
    flows = equilibrate(replace(tables, parameters=(*tables.parameters, *rows)), 2023)
    for one in flows.flows.port_totals:
        assert one.modelled_t == pytest.approx(found.totals_t[one.port][1], rel=1e-4)
    by_settings = equilibrate(tables, 2023, settings=Settings(constants=found.by_port))
    assert by_settings.flows.port_totals == flows.flows.port_totals


def softmax_shares(constants: np.ndarray) -> np.ndarray:
    odds = np.exp(-constants / SPREAD)
    return np.asarray(odds / odds.sum())


def test_inconsistent_reports_are_weighed_as_an_independent_solver_weighs_them() -> None:
    """Three reports add up to more than all freight; the least sum of squares within bounds is known to scipy."""
    reported = {"gate": 0.62, "door": 0.30, "pass": 0.2}
    kinds = {"gate": "exact", "door": "about", "pass": "at_least"}
    bounds = {"gate": (-9.0, 9.0), "door": (-2.0, 2.0), "pass": (-12.0, 12.0)}
    targets = [target([port], share * TONNES, kinds[port]) for port, share in reported.items()]
    constants = [Constant(port, (port,), *bounds[port]) for port in reported]
    found = calibrated(alike(), targets, constants)

    def loss(x: np.ndarray) -> float:
        misses = (softmax_shares(x) * TONNES - [one.value_t for one in targets]) / [one.tolerance_t for one in targets]
        return float((misses**2).sum() + ((x / [one.scale for one in constants]) ** 2).sum())

    best = minimize(loss, np.zeros(3), bounds=list(bounds.values()), method="L-BFGS-B", tol=1e-12)
    mine = np.array([one.value for one in found.constants])
    assert loss(mine) <= best.fun * 1.01
    assert mine == pytest.approx(best.x, abs=0.3)
    assert [one.at_bound for one in found.constants] == [False, bool(abs(best.x[1]) > 1.99), False]


def test_a_bound_holds_and_is_said() -> None:
    found = calibrated(alike(("gate", "door")), [target(["gate"], 0.9 * TONNES)], [Constant("g", ("gate",), -2.0, 2.0)])
    assert found.constants[0].value == -2.0
    assert found.constants[0].at_bound
    assert found.fits[0].after_t == pytest.approx(TONNES / (1 + math.exp(-2.0 / SPREAD)), rel=1e-3)


def test_ports_reported_together_count_together_and_parts_of_a_year_as_parts() -> None:
    targets = [target(["gate", "door"], 0.4 * TONNES, part=0.5)]
    found = calibrated(alike(), targets, [Constant("two", ("gate", "door"), -WIDE, WIDE)])
    assert found.fits[0].before_t == pytest.approx(TONNES / 3, rel=1e-3)
    assert found.fits[0].after_t == pytest.approx(0.4 * TONNES, rel=5e-3)
    assert found.totals_t["gate"][1] == pytest.approx(0.4 * TONNES, rel=5e-3)
    assert found.totals_t["pass"][1] == pytest.approx(0.2 * TONNES, rel=5e-3)


def test_what_no_report_speaks_of_stays_at_zero_and_constants_of_one_port_add_up() -> None:
    constants = [Constant("gate", ("gate",), -20, 20), Constant("rest", ("gate", "door", "pass"), -20, 20)]
    found = calibrated(alike(), [target(["gate"], 0.5 * TONNES)], constants)
    values = {one.constant.id: one.value for one in found.constants}
    assert abs(values["rest"]) < 0.2
    assert found.by_port["gate"] == pytest.approx(values["gate"] + values["rest"])
    assert found.by_port["door"] == pytest.approx(values["rest"])


def test_it_is_the_same_twice_and_from_another_start() -> None:
    targets, constants = [target(["gate"], 0.7 * TONNES)], [Constant("g", ("gate",), -40, 40)]
    first = calibrated(alike(), targets, constants)
    assert calibrated(alike(), targets, constants) == first
    other = calibrated(alike(), targets, constants, start={"g": 15.0})
    assert other.by_port["gate"] == pytest.approx(first.by_port["gate"], abs=0.1)


def test_every_fault_of_what_is_asked_is_told_at_once() -> None:
    constants = [
        Constant("upside-down", ("gate",), 3.0, -3.0),
        Constant("no-room", ("gate",), 0.0, 0.0),
        Constant("above", ("gate",), 1.0, 5.0),
        Constant("far", ("nowhere",), -1.0, 1.0),
        Constant("far", ("gate",), -1.0, 1.0),
        Constant("endless", ("gate",), -math.inf, 1.0),
    ]
    with pytest.raises(BridgeheadError) as refused:
        calibrated(alike(), [], constants)
    codes = sorted(fault.code for fault in refused.value.faults)
    assert codes == ["calibration.bad_constant"] * 5 + ["calibration.no_target", "calibration.unknown_port"]
