"""The native form: what it means, that every fault is said with its path, and that nothing is silently misread."""

from __future__ import annotations

import json
import math
import time
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.simulation import documents
from bridgehead.engines.simulation.documents import read_document
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
from bridgehead.engines.simulation.reading import read_and_warn, read_description, read_model, warnings_of, with_figures
from bridgehead.engines.simulation.written import as_mapping
from bridgehead.kernel.errors import BridgeheadError, messages, sentence
from tests.engines.simulation.descriptions import PORT, REMOVED, changed, faults_of, found

FEE = ("charges", 0)
SMALL: dict[str, Any] = {
    "classes": {"truck": {}},
    "stations": {"gate": {"servers": 1, "service": {"exp": 1}}},
    "sources": [{"class": "truck", "node": "gate", "interarrival": {"exp": 2}}],
}


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


GATE = ("stations", "gate")
SERVICE = (*GATE, "service")
WRONG: list[tuple[dict[tuple[str | int, ...], Any], str, str]] = [
    ({("clases",): {}}, "model.unknown_field", "clases"),
    ({("schema",): "other/1"}, "model.not_one_of", "schema"),
    ({("start",): "2025-02-30"}, "model.not_date", "start"),
    ({("time_unit",): "hour"}, "model.not_one_of", "time_unit"),
    ({("run", "horizon"): 0}, "model.no_time_passes", "run.horizon"),
    ({("run", "replications"): 2.5}, "model.not_whole", "run.replications"),
    ({("classes", "walk_in", "risk"): {"low": 0.9, "high": 0.2}}, "model.risk_sum", "classes.walk_in.risk"),
    ({("classes", "walk_in", "accrues"): 0.5}, "model.not_together", "classes.walk_in.accrues"),
    ({("classes", "*"): {}}, "model.bad_name", "classes.*"),
    ({("calendars", "day", "open"): []}, "model.never_opens", "calendars.day"),
    ({("calendars", "week", "open"): {"mon": "closed"}}, "model.never_opens", "calendars.week"),
    (
        {("calendars", "day", "open"): ["07:00-12:00", "11:00-13:00"]},
        "model.intervals_overlap",
        "calendars.day.open[1]",
    ),
    ({("calendars", "day", "open"): ["7-21"]}, "model.not_clock", "calendars.day.open[0]"),
    ({("calendars", "day", "open"): ["07:00"]}, "model.not_interval", "calendars.day.open[0]"),
    ({("calendars", "day", "open"): [[420, 300]]}, "model.interval_backwards", "calendars.day.open[0]"),
    (
        {("calendars", "day", "open"): [[420, 1500.5]], ("calendars", "day", "period"): 1000},
        "model.interval_outside",
        "calendars.day.open[0]",
    ),
    ({("calendars", "week", "open", "mon"): ["25:00-26:00"]}, "model.not_clock", "calendars.week.open.mon[0]"),
    ({("calendars", "week", "open", "monday"): ["08:00-09:00"]}, "model.not_days", "calendars.week.open.monday"),
    ({("calendars", "week", "period"): "1d"}, "model.week_has_seven_days", "calendars.week.open"),
    ({("calendars", "day", "except"): {"1 May": "closed"}}, "model.not_date", "calendars.day.except.1 May"),
    ({("start",): REMOVED}, "model.needs_start", "calendars.day.except.2025-10-01..2025-10-03"),
    ({("calendars", "day", "at_close"): "finnish"}, "model.not_one_of", "calendars.day.at_close"),
    ({("pools", "bay"): 0}, "model.out_of_range", "pools.bay.size"),
    (
        {("pools", "bay"): 1, ("stations", "inspect", "needs"): {"bay": 2}},
        "model.need_above_pool",
        "stations.inspect.needs.bay",
    ),
    ({("stations", "inspect", "needs"): ["crew"]}, "model.unknown_pool", "stations.inspect.needs.crew"),
    ({(*GATE, "kind"): "stations"}, "model.not_one_of", "stations.gate.kind"),
    ({(*GATE, "servers"): 0}, "model.out_of_range", "stations.gate.servers"),
    ({(*GATE, "servers"): -1}, "model.out_of_range", "stations.gate.servers"),
    ({(*GATE, "servers"): REMOVED}, "model.missing", "stations.gate.servers"),
    ({(*GATE, "servers"): {"06:00-24:00": 2}}, "model.shifts_start", "stations.gate.servers"),
    ({(*GATE, "servers"): {"00:00-24:00": 0}}, "model.no_servers", "stations.gate.servers"),
    (
        {(*GATE, "servers"): {"00:00-08:00": 1, "07:00-24:00": 2}},
        "model.intervals_overlap",
        "stations.gate.servers.07:00-24:00",
    ),
    ({("stations", "scan", "servers"): "inf"}, "model.endless_servers", "stations.scan.breakdown"),
    ({("stations", "exit", "servers"): 3}, "model.not_together", "stations.exit.servers"),
    ({(*GATE, "calendar"): "dya"}, "model.unknown_calendar", "stations.gate.calendar"),
    ({(*GATE, "queue_capacity"): -1}, "model.out_of_range", "stations.gate.queue_capacity"),
    ({(*GATE, "on_full"): "loose"}, "model.not_one_of", "stations.gate.on_full"),
    ({(*GATE, "on_full"): {"divert": "scann"}}, "model.unknown_station", "stations.gate.on_full.divert"),
    ({(*GATE, "balk"): {"from": 4, "probability": 2}}, "model.out_of_range", "stations.gate.balk.probability"),
    ({(*GATE, "balk"): {"from": 4, "to": "scann"}}, "model.unknown_station", "stations.gate.balk.to"),
    ({(*GATE, "gives_up_to"): "scan"}, "model.needs_other", "stations.gate.gives_up_to"),
    ({("stations", "inspect", "gives_up_to"): "exti"}, "model.unknown_station", "stations.inspect.gives_up_to"),
    ({("stations", "scan", "lanes", "close_when"): 40}, "model.lanes_order", "stations.scan.lanes"),
    ({("stations", "scan", "lanes", "delay"): -5}, "model.negative_time", "stations.scan.lanes.delay"),
    ({("stations", "scan", "breakdown", "up"): {"exp": 0}}, "model.no_time_passes", "stations.scan.breakdown.up"),
    ({("stations", "scan", "breakdown", "down"): REMOVED}, "model.missing", "stations.scan.breakdown.down"),
    ({("stations", "scan", "breakdown", "while_idle"): "yes"}, "model.not_truth", "stations.scan.breakdown.while_idle"),
    ({SERVICE: {"*": {"exp": -1.8}}}, "model.negative_time", "stations.gate.service.*.exp"),
    ({SERVICE: {"*": {"exp": "soon"}}}, "model.not_time", "stations.gate.service.*.exp"),
    ({SERVICE: {"*": {"exponential": 1.8}}}, "model.unknown_distribution", "stations.gate.service.*"),
    ({SERVICE: {"expp": 1.8}}, "model.unknown_distribution", "stations.gate.service"),
    ({SERVICE: {"*": {"poisson": 1.8}}}, "model.counts_no_times", "stations.gate.service.*"),
    ({SERVICE: {"*": {"erlang": {"mean": 2}}}}, "model.distribution_parameters", "stations.gate.service.*.erlang"),
    ({SERVICE: {"*": {"erlang": {"k": 1.5, "mean": 2}}}}, "model.not_whole", "stations.gate.service.*.erlang.k"),
    ({SERVICE: {"*": {"dist": "exp", "rate": 2}}}, "model.distribution_parameters", "stations.gate.service.*"),
    (
        {SERVICE: {"*": {"uniform": {"from": 3, "to": 2}}}},
        "model.distribution_order",
        "stations.gate.service.*.uniform",
    ),
    ({SERVICE: {"*": {"mix": [[0.5, {"exp": 1}], [0.6, 2]]}}}, "model.mix_sum", "stations.gate.service.*.mix"),
    (
        {SERVICE: {"*": {"mix": [[0.5, {"exp": 1}], [0.5, {"exp": -2}]]}}},
        "model.negative_time",
        "stations.gate.service.*.mix[1][1].exp",
    ),
    ({SERVICE: {"*": {"mix": [0.5, 0.5]}}}, "model.distribution_parameters", "stations.gate.service.*.mix[0]"),
    ({SERVICE: {"*": {"empirical": []}}}, "model.distribution_parameters", "stations.gate.service.*.empirical"),
    ({SERVICE: {"*": {"quantiles": [[0, 1], [0.9, 2]]}}}, "model.quantiles_order", "stations.gate.service.*.quantiles"),
    (
        {SERVICE: {"*": {"weibull": {"shape": 0, "scale": 2}}}},
        "model.out_of_range",
        "stations.gate.service.*.weibull.shape",
    ),
    ({SERVICE: {"*": 1, "lorry": 2}}, "model.unknown_class", "stations.gate.service.lorry"),
    ({SERVICE: {"booked": {"exp": 1}}}, "model.no_service", "stations.gate.service"),
    ({SERVICE: REMOVED}, "model.no_service", "stations.gate.service"),
    ({("stations", "pair", "inputs"): {"wagon": {}}}, "model.two_inputs", "stations.pair.inputs"),
    (
        {("stations", "pair", "inputs"): [{"class": "wagon"}, {"class": "wagon"}]},
        "model.same_inputs",
        "stations.pair.inputs[1]",
    ),
    (
        {("stations", "pair", "inputs", "empty"): {"capacity": 1.5}},
        "model.not_whole",
        "stations.pair.inputs.empty.capacity",
    ),
    ({("stations", "pair", "as"): "ful"}, "model.unknown_class", "stations.pair.as"),
    ({("stations", "unload", "into"): {"waggon": 20}}, "model.unknown_class", "stations.unload.into.waggon"),
    ({("stations", "unload", "into"): {"wagon": 0}}, "model.out_of_range", "stations.unload.into.wagon"),
    ({("stations", "form", "of"): "wagon"}, "model.never_fed", "stations.form"),
    ({("stations", "form", "of"): "wagon"}, "model.not_meant_for", "stations.form"),
    ({("sources", 3): {"class": "empty", "node": "gate", "interarrival": 40}}, "model.never_fed", "stations.pair"),
    ({("routes", "*", "gate"): {"scan": 0.8, "exit": 0.3}}, "model.shares_above_one", "routes.*.gate"),
    ({("routes", "*", "gate"): {"scan": -0.2, "exit": "rest"}}, "model.negative_share", "routes.*.gate.scan"),
    ({("routes", "*", "gate"): {"scan": "rest", "exit": "rest"}}, "model.two_rests", "routes.*.gate.exit"),
    ({("routes", "*", "gate"): "scna"}, "model.unknown_station", "routes.*.gate.scna"),
    ({("routes", "*", "gaet"): "scan"}, "model.unknown_station", "routes.*.gaet"),
    ({("routes", "lorry"): {"gate": "scan"}}, "model.unknown_class", "routes.lorry"),
    ({("routes", "*", "gate"): 3}, "model.route_form", "routes.*.gate"),
    ({("routes", "*", "gate"): {"shortest": ["scan", "pair"]}}, "model.no_queue_there", "routes.*.gate.shortest[1]"),
    (
        {("routes", "walk_in", "scan", "inspect"): {"rate": {"low": 0.1}}},
        "model.band_without_rate",
        "routes.walk_in.scan.inspect",
    ),
    (
        {("routes", "walk_in", "scan", "inspect"): {"rate": {"low": 0.1, "hihg": 0.1}}},
        "model.unknown_band",
        "routes.walk_in.scan.inspect.rate.hihg",
    ),
    ({("stations", "shed"): {"servers": 1, "service": 1}}, "model.nobody_reaches", "stations.shed"),
    ({("routes", "*", "exit"): "gate"}, "model.no_way_out", "stations.gate"),
    ({("sources", 0, "class"): "boked"}, "model.unknown_class", "sources[0].class"),
    ({("sources", 0, "node"): "gaet"}, "model.unknown_station", "sources[0].node"),
    ({("sources", 0, "node"): REMOVED}, "model.missing", "sources[0].node"),
    ({("sources", 0, "appointments", "slots"): "days"}, "model.unknown_calendar", "sources[0].appointments.slots"),
    ({("sources", 0, "appointments", "per_day"): 1.5}, "model.not_whole", "sources[0].appointments.per_day"),
    ({("sources", 0, "appointments", "no_show"): 1.5}, "model.out_of_range", "sources[0].appointments.no_show"),
    ({("sources", 0, "appointments", "slots"): REMOVED}, "model.missing", "sources[0].appointments.slots"),
    ({("sources", 1, "rate"): {"00:00-06:00": -1}}, "model.negative_number", "sources[1].rate.00:00-06:00"),
    ({("sources", 1, "times"): [1]}, "model.one_way_of_arriving", "sources[1]"),
    ({("sources", 1, "batch"): 2}, "model.needs_other", "sources[1].batch"),
    ({("sources", 2, "timetable"): ["03:10", "24:30"]}, "model.not_clock", "sources[2].timetable[1]"),
    ({("sources", 3, "interarrival"): {"det": 0}}, "model.no_time_passes", "sources[3].interarrival"),
    ({("sources", 3, "interarrival"): {"dett": 4}}, "model.unknown_distribution", "sources[3].interarrival"),
    ({("sources", 3, "batch"): 1.5}, "model.not_whole", "sources[3].batch"),
    ({("sources", 3, "batch"): 0}, "model.out_of_range", "sources[3].batch"),
    ({("sources", 4, "times"): [5, 4]}, "model.times_backwards", "sources[4].times[1]"),
    ({("sources", 4, "times"): [-5, 4]}, "model.negative_time", "sources[4].times[0]"),
    ({("population", 0, "count"): 0}, "model.out_of_range", "population[0].count"),
    ({("population", 0, "node"): "gaet"}, "model.unknown_station", "population[0].node"),
    ({("parameters", "lanes", "standing"): "guess"}, "model.not_one_of", "parameters.lanes.standing"),
    ({("parameters", "lanes", "value"): "$checked"}, "model.parameter_of_parameter", "parameters.lanes.value"),
    ({(*GATE, "servers"): "$lane"}, "model.unknown_parameter", "stations.gate.servers"),
]


@pytest.mark.parametrize(("change", "code", "path"), WRONG, ids=[f"{code[6:]}-{path}" for _, code, path in WRONG])
def test_a_fault_is_said_with_its_path(change: dict[tuple[str | int, ...], Any], code: str, path: str) -> None:
    faults = faults_of(changed(change))
    assert (code, path) in found(faults)
    assert all(fault.place.file == "port.yaml" for fault in faults)
    for fault in faults:
        for language in ("zh", "en"):
            assert fault.code in messages(language)
            said = sentence(fault, language)
            assert "{" not in said.message.replace("{divert", "").replace("{}", "").replace("{'", ""), said.message


FOLLOWING = {
    "model.no_queue_there",
    "model.needs_start",
    "model.never_fed",
    "model.not_meant_for",
    "model.no_way_out",
    "model.not_one_of",
}


@pytest.mark.parametrize(("change", "code", "path"), WRONG, ids=[f"{code[6:]}-{path}" for _, code, path in WRONG])
def test_one_fault_brings_no_other_with_it(change: dict[tuple[str | int, ...], Any], code: str, path: str) -> None:
    others = {other for other in found(faults_of(changed(change))) if other != (code, path)}
    assert code in FOLLOWING or not {one for one, _ in others} - {code, "model.no_service", "model.endless_servers"}


def test_all_faults_come_at_once() -> None:
    both = changed(
        {
            ("routes", "*", "gate"): {"scan": 0.8, "exit": 0.3},
            ("stations", "shed"): {"servers": 1, "service": 1},
            ("calendars", "week", "open"): {},
            ("stations", "yard", "service"): {"exp": -3},
            ("stations", "crane", "service"): {"expo": 3},
            ("sources", 3, "interarrival"): {"exq": 3},
            ("classes", "walk_in", "colour"): "red",
            ("stations", "pair", "colour"): "red",
        }
    )
    assert found(faults_of(both)) == {
        ("model.shares_above_one", "routes.*.gate"),
        ("model.nobody_reaches", "stations.shed"),
        ("model.never_opens", "calendars.week"),
        ("model.negative_time", "stations.yard.service.exp"),
        ("model.unknown_distribution", "stations.crane.service"),
        ("model.unknown_distribution", "sources[3].interarrival"),
        ("model.unknown_field", "classes.walk_in.colour"),
        ("model.unknown_field", "stations.pair.colour"),
    }


def test_a_fault_in_a_text_has_its_line() -> None:
    text = "classes: {truck: {}}\nstations:\n  gate:\n    servers: 2\n    service:\n      '*': {exp: -1}\n"
    faults = faults_of(text + "sources:\n  - {class: truck, node: gate, interarrival: {exp: 2}}\n")
    assert [(fault.place.row, fault.place.field) for fault in faults] == [(6, "stations.gate.service.*.exp")]


def test_the_nearest_word_is_offered() -> None:
    fault = faults_of(changed({SERVICE: {"*": {"lognormall": {"mean": 1, "cv": 1}}}}))[0]
    assert fault.parameters["near"] == "lognormal"
    assert "“lognormal”" in sentence(fault, "en").cure
    assert "weibull" in sentence(fault, "en").cure, "and all there are"


# -- figures


def test_figures_keep_where_they_come_from_and_fill_in_with_their_unit() -> None:
    model = read_model(PORT)
    lanes = model.figures[0]
    assert (lanes.id, lanes.value, lanes.standing, lanes.source, lanes.date) == (
        "lanes", 4.0, "reported", "a paper", "2023-08",
    )  # fmt: skip
    assert station(model, "exit").service["*"].numbers == (1.5,), "90 s"
    assert route(model, "*", "scan").ways[0].shares == {"*": 0.12}, "12 %"


def test_an_unused_figure_is_a_warning() -> None:
    _, warnings = read_and_warn(changed({("parameters", "spare"): {"value": 1}}), name="p")
    assert [(one.code, one.place.field, one.severity) for one in warnings] == [
        ("model.unused_parameter", "parameters.spare", "warning")
    ]


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


# -- warnings


def test_pools_that_never_come_back_are_warned_of() -> None:
    model = read_model(changed({("stations", "crane", "returns"): REMOVED}))
    (warning,) = warnings_of(model)
    assert (warning.code, warning.place.field) == ("model.pool_never_returned", "stations.yard.takes.tractor")
    model = read_model(changed({("stations", "yard", "takes"): REMOVED}))
    (warning,) = warnings_of(model)
    assert (warning.code, warning.place.field) == ("model.pool_never_taken", "stations.crane.returns.tractor")


def test_a_load_above_one_is_warned_of_and_read_all_the_same() -> None:
    model, warnings = read_and_warn(changed({(*GATE, "service"): {"exp": 12}}), name="p.yaml")
    (warning,) = warnings
    assert (warning.code, warning.place.file, warning.place.field) == ("model.unstable", "p.yaml", "stations.gate")
    assert warning.parameters["node"] == "gate"
    assert warning.parameters["load"] == pytest.approx(
        (600 * 0.95 / 1440 + 600 / 1440 + 3 / 43200) * 12 / (4 * 14 / 24), rel=1e-3
    )
    assert model.nodes


# -- loops


def closed(service: Any) -> dict[str, Any]:
    return {
        "classes": {"agv": {}},
        "stations": {"a": {"servers": 1, "service": service}, "b": {"servers": 1, "service": service}},
        "routes": {"*": {"a": "b", "b": "a"}},
        "population": [{"node": "a", "class": "agv", "count": 5}],
    }


def test_a_closed_fleet_never_leaves_and_may() -> None:
    assert read_model(closed({"exp": 1})).population[0].count == 5


def test_a_loop_that_takes_no_time_is_refused() -> None:
    assert found(faults_of(closed(0))) == {("model.endless_loop", "stations.a")}


def test_a_loop_with_a_way_out_by_patience_or_loss_has_a_way_out() -> None:
    loop = changed({("routes",): {"*": {"gate": "gate"}}}, SMALL)
    assert found(faults_of(loop)) == {("model.no_way_out", "stations.gate")}
    for way in ({"patience": {"exp": 5}}, {"queue_capacity": 3}, {"balk": {"from": 3}}):
        assert read_model(changed({(*GATE, name): value for name, value in way.items()}, loop))


def test_a_share_of_zero_leads_somewhere_on_paper_only() -> None:
    two = changed(
        {("stations", "shed"): {"servers": 1, "service": 1}, ("routes",): {"*": {"gate": {"shed": 0}}}}, SMALL
    )
    assert read_model(two), "a variant without inspections is no fault"


def test_a_model_in_which_nothing_moves_is_refused() -> None:
    assert found(faults_of(changed({("sources",): []}, SMALL))) == {("model.nothing_enters", None)}


# -- YAML


def test_yaml_values_are_not_misread() -> None:
    text = (
        "a: 07:00\nb: 012\nc: no\nd: 2025-10-01\ne: 1e3\nf: .inf\ng: 1_000\nh: '5'\ni: 0x10\nj: ~\nk: 1.5\n07:30: x\n"
    )
    raw, _ = read_document(text, "x.yaml")
    assert raw == {
        "a": "07:00", "b": "012", "c": "no", "d": "2025-10-01", "e": 1000.0, "f": math.inf, "g": "1_000", "h": "5",
        "i": "0x10", "j": None, "k": 1.5, "07:30": "x",
    }  # fmt: skip


@pytest.mark.parametrize(
    "value", ["012", "1_000", "0x10", "yes", "'4'", ".inf", "07:00", "1e400", ".nan", "true", "4,5"]
)
def test_what_is_no_plain_number_is_no_number(value: str) -> None:
    text = yaml.safe_dump(changed({(*GATE, "queue_capacity"): "HERE"}, SMALL)).replace("HERE", value)
    if value == ".inf":
        assert station(read_model(text), "gate").queue_capacity is None
    else:
        assert {path for _, path in found(faults_of(text))} == {"stations.gate.queue_capacity"}


def test_hours_without_quotation_marks_are_read_as_hours() -> None:
    text = "calendars: {day: {open: [07:00-21:00], except: {2025-10-01: closed}}}\nstart: 2025-01-01\n"
    text += "classes: {truck: }\nstations: {gate: {servers: {00:00-24:00: 2}, service: {exp: 2}, calendar: day}}\n"
    text += "sources: [{class: truck, node: gate, timetable: [03:10, 9:00]}]\n"
    model = read_model(text)
    assert model.calendars[0].open == ((420.0, 1260.0),)
    assert model.calendars[0].exceptions == {273: ()}
    assert isinstance(model.sources[0].arrivals, AppointmentArrivals)
    assert model.sources[0].arrivals.slot_min == (190.0, 540.0)


def test_keys_that_stand_twice_are_faults() -> None:
    text = "classes: {truck: {}, truck: {}}\nstations: {gate: {servers: 1, servers: 2, service: 1}}\n"
    text += "sources: [{class: truck, node: gate, interarrival: 2}]\n"
    twice = {("model.repeated_key", "classes.truck"), ("model.repeated_key", "stations.gate.servers")}
    assert found(faults_of(text)) == twice
    assert {fault.code for fault in faults_of('{"classes": {}, "classes": {}}')} >= {"model.repeated_key"}


LAUGHS = "a: &a [1]\n" + "".join(f"b{i}: &b{i} [{f'*b{i - 1}, ' * 9 if i else '*a'}]\n" for i in range(9))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [", "model.unreadable"),
        ("{", "model.unreadable"),
        ("- a", "model.no_description"),
        ("", "model.no_description"),
        ("a: 1\n---\nb: 2\n", "model.several_documents"),
        ("a: !!python/object/apply:os.system ['x']", "model.tag_not_allowed"),
        ("a: !!float 5", "model.tag_not_allowed"),
        ("? [a]\n: b", "model.key_not_text"),
        ("a: *b", "model.unreadable"),
        ("[" * 5000, "model.too_deep"),
        ("{\"a\":" * 100_000, "model.too_deep"),
        (LAUGHS, "model.too_many_values"),
        (b"\xff\xfea", "model.not_utf8"),
        ("a: \x00", "model.unreadable"),
    ],
)  # fmt: skip
def test_hostile_and_broken_files_are_refused(text: str | bytes, code: str) -> None:
    assert code in {fault.code for fault in faults_of(text)}


def test_a_mapping_nested_without_end_is_refused() -> None:
    deep: Any = {}
    for _ in range(10_000):
        deep = {"a": deep}
    assert {fault.code for fault in faults_of(deep)} == {"model.too_deep"}


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({(*GATE, "servers"): 1_000_000}, "model.out_of_range", "stations.gate.servers"),
        (
            {("calendars",): {"c": {"period": 1e-9, "open": [[0, 5e-10]]}}},
            "model.calendar_too_fine",
            "calendars.c.period",
        ),
        ({("sources", 0, "interarrival"): {"exp": 1e-9}}, "model.too_many_arrivals", "sources"),
        ({("sources", 0, "batch"): {"poisson": 1e9}}, "model.out_of_range", "sources[0].batch"),
        ({SERVICE: {"exp": 1e300}}, "model.out_of_range", "stations.gate.service.exp"),
        ({SERVICE: {"exp": math.nan}}, "model.not_number", "stations.gate.service.exp"),
        ({SERVICE: {"exp": math.inf}}, "model.not_number", "stations.gate.service.exp"),
        ({SERVICE: {"exp": 10**400}}, "model.not_number", "stations.gate.service.exp"),
        ({SERVICE: {"exp": True}}, "model.not_number", "stations.gate.service.exp"),
        ({SERVICE: {"erlang": {"k": 1e9, "mean": 1}}}, "model.out_of_range", "stations.gate.service.erlang.k"),
        ({("classes",): {f"c{i}": {} for i in range(6000)} | {"truck": {}}}, "model.too_many_entries", "classes"),
        ({("classes", "x" * 1000): {}}, "model.bad_name", "classes." + "x" * 1000),
        ({("stations", "gate"): [1]}, "model.not_mapping", "stations.gate"),
        ({("stations",): [1]}, "model.not_mapping", "stations"),
        ({("sources",): {"a": 1}}, "model.not_list", "sources"),
        ({("port",): 7}, "model.not_text", "port"),
        (
            {
                ("sources", 0): {
                    "class": "truck",
                    "node": "gate",
                    "appointments": {"per_day": 1, "slot": 5, "drop_outside_horizon": False},
                }
            },
            "model.only_true",
            "sources[0].appointments.drop_outside_horizon",
        ),
    ],
)
def test_absurd_sizes_and_numbers_are_refused(change: Any, code: str, path: str) -> None:
    assert (code, path) in found(faults_of(changed(change, SMALL)))


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["exp", "*", "mix", "rate", "open", "to", "class", "truck", "gate"]), inner),
        max_leaves=8,
    ),
    st.sampled_from(
        [
            (*GATE, "service"), (*GATE, "servers"), (*GATE, "patience"), (*GATE, "on_full"), (*GATE, "lanes"),
            (*GATE, "breakdown"), ("stations",), ("classes",), ("classes", "truck"), ("sources",), ("sources", 0),
            ("sources", 0, "interarrival"), ("calendars",), ("routes",), ("population",), ("run",), ("pools",),
            ("parameters",), ("start",), ("title",),
        ]
    ),
)  # fmt: skip
def test_any_nonsense_anywhere_is_read_or_refused_in_words(value: Any, path: tuple[str | int, ...]) -> None:
    for fault in faults_of(changed({path: value}, SMALL)):
        assert fault.code in messages("zh")
        assert "pydantic" not in sentence(fault, "en").message


# -- writing


def test_what_is_written_is_read_as_the_same_model() -> None:
    model = read_model(PORT)
    written = json.loads(json.dumps(as_mapping(model)))
    assert read_model(written) == model
    assert read_model(yaml.safe_dump(written, sort_keys=False, allow_unicode=True)) == model


TIMES = st.floats(0, 1e6)
SPREAD = st.floats(0.01, 50)


def distributions() -> st.SearchStrategy[Any]:
    simple = st.one_of(
        TIMES,
        st.builds(lambda mean: {"exp": mean}, TIMES),
        st.builds(lambda value: {"det": f"{value!r} s"}, TIMES),
        st.builds(lambda k, mean: {"erlang": {"k": k, "mean": mean}}, st.integers(1, 1000), TIMES),
        st.builds(lambda a, b: {"uniform": {"from": min(a, b), "to": max(a, b)}}, TIMES, TIMES),
        st.builds(lambda mean, cv: {"gamma": {"mean": mean, "cv": cv}}, TIMES, SPREAD),
        st.builds(lambda mean, cv: {"dist": "lognormal", "mean": mean, "cv": cv}, TIMES, SPREAD),
        st.builds(lambda shape, scale: {"weibull": {"shape": shape, "scale": scale}}, st.floats(0.05, 9), TIMES),
        st.builds(lambda abc: {"triangular": dict(zip(("from", "mode", "to"), sorted(abc), strict=True))},
                  st.tuples(TIMES, TIMES, TIMES)),
        st.builds(lambda values: {"empirical": values}, st.lists(TIMES, min_size=1, max_size=5)),
    )  # fmt: skip
    mixed = st.builds(lambda p, a, b: {"mix": [[p, a], [1 - p, b]]}, st.floats(0, 1), simple, simple)
    return simple | mixed


@st.composite
def descriptions(draw: st.DrawFn) -> dict[str, Any]:
    names = [f"s{i}" for i in range(draw(st.integers(1, 4)))]
    classes = ["a", "b"]
    stations = {}
    for name in names:
        one: dict[str, Any] = {
            "service": {"*": draw(distributions())},
            "servers": draw(st.integers(1, 50) | st.just("inf")),
        }
        if draw(st.booleans()):
            one |= {
                "queue_capacity": draw(st.integers(0, 100)),
                "on_full": draw(st.sampled_from(["lose", "block_upstream"])),
            }
        if draw(st.booleans()):
            one |= {
                "patience": draw(distributions()),
                "service": {"a": draw(distributions()), "b": draw(distributions())},
            }
        if draw(st.booleans()):
            one["calendar"] = "hours"
        stations[name] = one
    routes = {}
    for unit_class in [*draw(st.lists(st.sampled_from(classes), unique=True)), "*"]:
        table: dict[str, Any] = {}
        for at, following in pairwise(names):
            share = draw(st.floats(0.001, 1))
            table[at] = draw(st.sampled_from([following, {following: share}, {following: share, "out": "rest"}]))
        routes[unit_class] = table
    begin, length = draw(st.integers(0, 1438)), draw(st.integers(1, 1439))
    clock = [f"{at // 60:02d}:{at % 60:02d}" for at in (begin, (begin + length) % 1440)]
    hours = draw(st.sampled_from([["-".join(clock)], {"mon-fri": ["-".join(clock)]}, [[0, begin + 1]]]))
    day = draw(st.dates().filter(lambda one: 1970 < one.year < 2100))
    return {
        "start": draw(st.sampled_from([None, day.isoformat()])),
        "time_unit": draw(st.sampled_from(["min", "s"])),
        "classes": {"a": {"priority": draw(st.integers(-3, 3))}, "b": {"accrues": draw(st.floats(0, 1))}},
        "calendars": {
            "hours": {"open": hours if hours != [[0, begin + 1]] else [["00:00", clock[0] if begin else "00:01"]]}
        },
        "stations": stations,
        "routes": routes,
        "sources": [
            {
                "class": one,
                "node": names[0],
                "interarrival": {"exp": draw(st.floats(0.1, 1e5))},
                "batch": draw(st.integers(1, 9)),
            }
            for one in classes
        ]
        + [{"class": "a", "node": names[0], "per": "h", "rate": {clock[0]: draw(st.floats(0, 99)), "00:00": 5}}],
    }


@settings(max_examples=120, deadline=None)
@given(descriptions())
def test_any_description_is_read_and_its_dump_is_read_as_the_same_model(description: dict[str, Any]) -> None:
    model = read_model(description)
    assert read_model(json.dumps(as_mapping(model)), name="m.json") == model
    assert read_model(yaml.safe_dump(description, sort_keys=False)) == model


def test_a_description_can_be_had_as_plain_values() -> None:
    assert read_description(yaml.safe_dump(PORT)) == PORT
    with pytest.raises(BridgeheadError):
        read_description("- a")


def test_nodes_keep_their_order() -> None:
    assert [node.id for node in read_model(PORT).nodes] == list(PORT["stations"])
    assert isinstance(read_model(PORT).nodes[0], Station)


def ring(length: int, classes: int) -> dict[str, Any]:
    names = [f"s{i}" for i in range(length)]
    return {
        "classes": {f"c{i}": {} for i in range(classes)},
        "stations": {name: {"servers": 1, "service": 0.001} for name in names},
        "routes": {"*": dict(zip(names, [*names[1:], "out"], strict=True))},
        "sources": [{"class": f"c{i}", "node": "s0", "interarrival": 2} for i in range(classes)],
    }


def test_long_models_are_checked_in_time_that_grows_with_their_length() -> None:
    begun = time.process_time()
    assert len(read_and_warn(ring(3000, 2))[0].nodes) == 3000
    assert time.process_time() - begun < 10


def test_a_model_whose_ways_nobody_could_follow_is_refused() -> None:
    assert found(faults_of(ring(400, 300))) == {("model.too_many_ways", "routes")}


def test_a_text_too_long_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LONGEST_DOCUMENT", 10)
    assert {fault.code for fault in faults_of("classes: {}")} == {"model.too_long"}


def test_names_of_a_section_that_cannot_be_read_are_not_called_unknown() -> None:
    assert found(faults_of(changed({("classes",): ["truck"]}, SMALL))) == {("model.not_mapping", "classes")}


def test_a_warning_has_its_line_too() -> None:
    text = "classes: {a: }\npools: {agv: 3}\nstations:\n  gate:\n"
    text += "    servers: 1\n    service: 4\n    takes:\n      agv: 1\n"
    _, warnings = read_and_warn(text + "sources: [{class: a, node: gate, interarrival: 2}]\n", name="p.yaml")
    assert [(one.code, one.place.row) for one in warnings] == [("model.pool_never_returned", 8), ("model.unstable", 4)]


def test_a_charge_keeps_its_money_and_where_it_is_known_from() -> None:
    model = read_model(PORT)
    fee, stamp = model.charges
    assert (fee.unit_class, fee.node, fee.side, fee.figure) == ("walk_in", "scan", "CN", "scan_fee")
    assert (fee.amount, fee.currency, fee.year) == (Decimal("120.5"), "USD", 2023)
    assert (fee.standing, fee.source, fee.date) == ("reported", "a report", "2023-08")
    assert (stamp.unit_class, stamp.node, stamp.figure) == ("*", "", "")
    assert (stamp.amount, stamp.currency, stamp.year) == (Decimal("7.10"), "CNY", 2024)
    assert (stamp.standing, stamp.note["en"]) == ("estimate", "stamp of the gate")
    assert read_model(as_mapping(model)).charges == model.charges


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ((*FEE, "amount"), -1, "model.out_of_range"),
        ((*FEE, "amount"), "a lot", "model.not_amount"),
        ((*FEE, "amount"), True, "model.not_amount"),
        ((*FEE, "amount"), "NaN", "model.not_amount"),
        ((*FEE, "amount"), "$scan_fees", "model.unknown_parameter"),
        ((*FEE, "amount"), 5, "model.missing"),
        ((*FEE, "currency"), "dollars", "model.not_currency"),
        ((*FEE, "currency"), "CNY", "model.other_currency"),
        ((*FEE, "year"), 1066, "model.out_of_range"),
        ((*FEE, "year"), "soon", "model.not_number"),
        ((*FEE, "class"), "walk_ins", "model.unknown_class"),
        ((*FEE, "station"), "scam", "model.unknown_station"),
        ((*FEE, "price"), 5, "model.unknown_field"),
        ((*FEE, "standing"), "rumour", "model.not_one_of"),
        (("charges",), {"gate": 5}, "model.not_list"),
    ],
)
def test_what_is_wrong_with_a_charge_is_said_with_its_path(path: Any, value: Any, code: str) -> None:
    whole = {} if path == ("charges",) or value == "$scan_fees" else {(*FEE, "currency"): "USD"}
    if (path, value) == ((*FEE, "amount"), 5):
        whole = {}
    faults = [one for one in faults_of(changed({**whole, path: value})) if one.severity == "error"]
    assert {one.code for one in faults} == {code}
    for one in faults:
        assert str(one.place.field).startswith("charges")
        assert set(sentence(one, "zh").message) & set("：")


def test_all_faults_of_charges_are_said_at_once() -> None:
    wrong = {(*FEE, "class"): "walk_ins", (*FEE, "currency"): "usd", ("charges", 1, "year"): REMOVED}
    assert found(faults_of(changed(wrong))) == {
        ("model.unknown_class", "charges[0].class"),
        ("model.not_currency", "charges[0].currency"),
        ("model.missing", "charges[1].year"),
    }
