"""What is wrong with a description is said with its path, all at once, and with nothing that only follows from it."""

from __future__ import annotations

from typing import Any

import pytest

from bridgehead.kernel.errors import messages, sentence
from tests.engines.simulation.descriptions import REMOVED, SMALL, changed, faults_of, found

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


def test_the_nearest_word_is_offered() -> None:
    fault = faults_of(changed({SERVICE: {"*": {"lognormall": {"mean": 1, "cv": 1}}}}))[0]
    assert fault.parameters["near"] == "lognormal"
    assert "“lognormal”" in sentence(fault, "en").cure
    assert "weibull" in sentence(fault, "en").cure, "and all there are"


def test_names_of_a_section_that_cannot_be_read_are_not_called_unknown() -> None:
    assert found(faults_of(changed({("classes",): ["truck"]}, SMALL))) == {("model.not_mapping", "classes")}
