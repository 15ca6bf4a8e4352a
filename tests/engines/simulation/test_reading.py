"""The native form: what a sound description means."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bridgehead.engines.simulation.model import (
    Ageing,
    AppointmentArrivals,
    Combine,
    Distribution,
    Full,
    ListedArrivals,
    Match,
    RateArrivals,
    RenewalArrivals,
    Share,
    Split,
    Station,
)
from bridgehead.engines.simulation.reading import read_and_warn, read_description, read_model, with_figures
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.descriptions import PORT, SMALL, changed, faults_of, found


def station(model: Any, name: str) -> Any:
    return next(node for node in model.nodes if node.id == name)


def route(model: Any, unit_class: str, node: str) -> Any:
    return next(one for one in model.routes if (one.unit_class, one.node) == (unit_class, node))


def test_a_port_is_read_whole() -> None:
    model, warnings = read_and_warn(PORT, name="port.yaml")
    assert warnings == ()
    assert (model.port, str(model.start), model.title["zh"]) == ("north-gate", "2025-01-06", "北口")
    assert (model.run.warmup_min, model.run.horizon_min, model.run.replications) == (1440.0, 43200.0, 5)
    assert [one.id for one in model.classes][:2] == ["booked", "walk_in"]
    assert model.classes[1].ages == (Ageing(120.0, 0.0),)
    assert station(model, "gate").servers == 4
    scan = station(model, "scan")
    assert (scan.servers, scan.shifts) == (6, ((0.0, 2), (420.0, 6)))
    assert scan.breakdown.up_min == Distribution("exp", (2880.0,))
    assert scan.service["booked"] == Distribution("det", (2.0,))
    inspect = station(model, "inspect")
    assert (inspect.queue_capacity, inspect.full, inspect.needs) == (20, Full("block"), {"inspector": 1, "bay": 1})
    leaving = station(model, "exit")
    assert (leaving.servers, leaving.activity, leaving.service["*"].numbers) == (None, "leaving", (1.5,))
    assert isinstance(station(model, "unload"), Split)
    pair = station(model, "pair")
    assert isinstance(pair, Match)
    assert [one.unit_class for one in pair.inputs] == ["wagon", "empty"]
    assert (pair.inputs[0].capacity, pair.inputs[0].full, pair.becomes) == (50, Full("block"), "loaded")
    assert station(model, "form") == Combine("form", "loaded", 20, "block", 720.0, "form")


def test_shares_are_those_of_figures_and_the_rest_is_what_is_left() -> None:
    model = read_model(PORT)
    assert route(model, "*", "scan").ways == (Share("inspect", {"*": 0.12}), Share("exit", {"*": 0.88}))
    banded = route(model, "walk_in", "scan").ways
    assert banded[0] == Share("inspect", {"low": 0.02, "high": 0.3})
    assert banded[1].shares == pytest.approx({"low": 0.98, "high": 0.7})
    assert route(model, "*", "gate").ways == (Share("scan", {"*": 1.0}),)


def test_what_shares_leave_over_leaves() -> None:
    model = read_model(changed({("routes",): {"*": {"gate": {"gate": 0.25}}}}, SMALL))
    assert route(model, "*", "gate").ways == (Share("gate", {"*": 0.25}), Share(None, {"*": 0.75}))


def test_sources_of_all_kinds() -> None:
    model = read_model(PORT)
    booked, walk_in, train, empty, listed = (one.arrivals for one in model.sources)
    assert isinstance(booked, AppointmentArrivals)
    assert (booked.calendar, booked.no_show, booked.count) == ("day", 0.05, Distribution("det", (600.0,)))
    assert booked.lateness_min == Distribution("normal", (0.0, 30.0))
    assert walk_in == RateArrivals(1440.0, ((0.0, 10 / 60), (360.0, 0.5)))
    assert isinstance(train, AppointmentArrivals)
    assert (train.slot_min, train.count, train.no_show) == ((190.0, 540.0), Distribution("det", (2.0,)), 0.05)
    assert empty == RenewalArrivals(Distribution("exp", (40.0,)))
    assert listed == ListedArrivals((5.0, 10.0, 12.5))
    assert len({one.id for one in model.sources}) == 5


def test_hours_of_days_weeks_and_dates() -> None:
    model = read_model(PORT)
    day, week = model.calendars
    assert (day.period_min, day.open) == (1440.0, ((420.0, 1260.0),))
    assert day.exceptions == {268: (), 269: (), 270: ()}, "1 October 2025 is day 268 from 6 January"
    assert week.period_min == 10080.0
    assert week.open[:2] == ((480.0, 720.0), (840.0, 1080.0))
    assert week.open[-1] == (5 * 1440 + 540.0, 5 * 1440 + 720.0)
    assert week.at_close == "pause"


@pytest.mark.parametrize(("start", "first_opening"), [("2025-01-06", 480.0), ("2025-01-08", 480.0), (None, 480.0)])
def test_a_week_begins_with_the_first_day(start: str | None, first_opening: float) -> None:
    given_ = changed({("start",): start, ("calendars", "day", "except"): {}})
    hours = read_model(given_).calendars[1].open
    assert hours[0][0] == first_opening
    saturday = {"2025-01-06": 5, "2025-01-08": 3, None: 5}[start]
    assert (saturday * 1440 + 540.0, saturday * 1440 + 720.0) in hours


def test_hours_over_midnight_end_the_day_after_and_touching_ones_are_one() -> None:
    def hours(of: Any) -> Any:
        given_ = changed({("calendars",): {"c": {"open": of}}, ("stations", "gate", "calendar"): "c"}, SMALL)
        return read_model(given_).calendars[0].open

    assert hours(["22:00-06:00"]) == ((0.0, 360.0), (1320.0, 1440.0))
    assert hours(["00:00-12:00", "12:00-24:00"]) == ((0.0, 1440.0),)
    assert hours({"sun": ["20:00-02:00"]}) == ((0.0, 120.0), (6 * 1440 + 1200.0, 10080.0))
    assert hours({"fri-sun": ["00:00-24:00"]}) == ((4 * 1440.0, 10080.0),)


def test_units_of_time_are_minutes_inside() -> None:
    hours = changed(
        {
            ("time_unit",): "h",
            ("stations", "gate", "service"): {"mix": [[0.5, {"exp": 0.5}], [0.5, {"det": "90s"}]]},
            ("calendars",): {"c": {"period": 24, "open": [[7, 21]]}},
            ("stations", "gate", "calendar"): "c",
        },
        SMALL,
    )
    model = read_model(hours)
    assert model.sources[0].arrivals == RenewalArrivals(Distribution("exp", (120.0,)))
    parts = station(model, "gate").service["*"].parts
    assert parts == (Distribution("exp", (30.0,)), Distribution("det", (1.5,)))
    assert model.calendars[0].open == ((420.0, 1260.0),)


def test_rates_by_day_of_the_week() -> None:
    source = {"class": "truck", "node": "gate", "per": "d", "rate": {"mon-fri": {"08:00-18:00": 1440}, "sat": 720}}
    model = read_model(changed({("sources",): [source]}, SMALL))
    arrivals = model.sources[0].arrivals
    assert isinstance(arrivals, RateArrivals)
    assert arrivals.period_min == 10080.0
    assert arrivals.rates[:3] == ((0.0, 0.0), (480.0, 1.0), (1080.0, 0.0))
    assert arrivals.rates[-2:] == ((5 * 1440.0, 0.5), (6 * 1440.0, 0.0))


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ({"exp": 5}, ("exp", (5.0,))),
        ({"dist": "exp", "mean": 5}, ("exp", (5.0,))),
        ({"det": "1h"}, ("det", (60.0,))),
        (7, ("det", (7.0,))),
        ({"erlang": {"k": 3, "mean": 6}}, ("erlang", (3.0, 6.0))),
        ({"uniform": {"from": 1, "to": 2}}, ("uniform", (1.0, 2.0))),
        ({"normal": {"mean": 9, "sd": 2}}, ("normal", (9.0, 2.0))),
        ({"gamma": {"mean": 9, "cv": 2}}, ("gamma", (9.0, 2.0))),
        ({"weibull": {"shape": 1.5, "scale": "2h"}}, ("weibull", (1.5, 120.0))),
        ({"triangular": {"from": 1, "mode": 2, "to": 5}}, ("triangular", (1.0, 2.0, 5.0))),
        ({"empirical": [3, "1h", 4]}, ("empirical", (3.0, 60.0, 4.0))),
        ({"quantiles": [[0, 1], [0.5, 3], [1, 9]]}, ("quantiles", (0.0, 1.0, 0.5, 3.0, 1.0, 9.0))),
        ({"lognormal": {"mean": 4, "cv": 0}}, ("det", (4.0,))),
    ],
)
def test_distributions_as_they_are_written(written: Any, numbers: tuple[str, tuple[float, ...]]) -> None:
    model = read_model(changed({("stations", "gate", "service"): written}, SMALL))
    assert station(model, "gate").service["*"] == Distribution(*numbers)


def test_figures_keep_where_they_come_from_and_fill_in_with_their_unit() -> None:
    model = read_model(PORT)
    lanes = model.figures[0]
    assert (lanes.id, lanes.value, lanes.standing, lanes.source, lanes.date) == (
        "lanes", 4.0, "reported", "a paper", "2023-08",
    )  # fmt: skip
    assert station(model, "exit").service["*"].numbers == (1.5,), "90 s"
    assert route(model, "*", "scan").ways[0].shares == {"*": 0.12}, "12 %"


def test_another_value_of_a_figure_is_an_assumption_and_leaves_the_description_alone() -> None:
    other = with_figures(PORT, {"lanes": 6, "checked": 12})
    model = read_model(other)
    assert station(model, "gate").servers == 6
    lanes, _, checked, _ = model.figures
    assert (lanes.standing, lanes.source, lanes.unit) == ("assumption", "", "lanes")
    assert checked.standing == "estimate", "the same value keeps its standing"
    assert PORT["parameters"]["lanes"]["value"] == 4
    with pytest.raises(BridgeheadError) as raised:
        with_figures(PORT, {"lane": 6, "speed": 1})
    assert [fault.place.field for fault in raised.value.faults] == ["parameters.lane", "parameters.speed"]
    assert raised.value.faults[0].parameters["near"] == "lanes"


def test_a_figure_in_seconds_cannot_be_a_number_of_lanes() -> None:
    wrong = changed({("parameters", "lanes", "unit"): "s"})
    assert found(faults_of(wrong)) == {("model.not_number", "stations.gate.servers")}


def test_a_description_can_be_had_as_plain_values() -> None:
    assert read_description(yaml.safe_dump(PORT)) == PORT
    with pytest.raises(BridgeheadError):
        read_description("- a")


def test_nodes_keep_their_order() -> None:
    assert [node.id for node in read_model(PORT).nodes] == list(PORT["stations"])
    assert isinstance(read_model(PORT).nodes[0], Station)
