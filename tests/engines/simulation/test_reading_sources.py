"""Sources as people write them: rates in tables, so many a day, the only way in; and distributions of a given mean."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bridgehead.engines.simulation.distributions import mean
from bridgehead.engines.simulation.loads import mean_rate
from bridgehead.engines.simulation.model import Distribution, RateArrivals, RenewalArrivals, Share
from bridgehead.engines.simulation.reading import read_and_warn, read_description, read_model, with_figures
from bridgehead.engines.simulation.replications import Experiment, replicate
from bridgehead.engines.simulation.written import as_mapping
from bridgehead.kernel.errors import BridgeheadError, Fault, sentence
from tests.engines.simulation.descriptions import changed, found

GATE: dict[str, Any] = {
    "start": "2025-01-08",
    "classes": {"truck": {}},
    "stations": {"gate": {"servers": 1, "service": {"exp": 1}}},
    "sources": [{"class": "truck", "node": "gate", "rate": {"table": "hourly.csv"}, "per": "h"}],
}
NOTE = """
port: ganqimaodu
time_unit: min
start: 2025-01-01
classes: {booked: {priority: 0}, walk_in: {priority: 1, ages: {after: 120, to: 0}}}
calendars: {day: {open: ["07:00-21:00"], except: {2025-10-01: closed}, at_close: finish}}
stations:
  gate:    {servers: 4, calendar: day, service: {"*": {exp: 1.8}}, lanes: {open_when: 40, close_when: 5, delay: 15}}
  scan:    {servers: 6, calendar: day, service: {"*": {lognormal: {mean: 2.6, cv: 0.5}}},
            breakdown: {up: {exp: 2880}, down: {exp: 90}}}
  inspect: {servers: 3, calendar: day, service: {"*": {exp: 20}}, queue_capacity: 20, on_full: block_upstream,
            needs: [inspector, bay]}
pools: {inspector: 5, bay: 3}
routes: {"*": {gate: {scan: 1}, scan: {inspect: {rate: 0.12, by: risk_band}, exit: rest}}}
sources:
  - {class: booked, appointments: {per_day: 600, slots: day, lateness: {normal: {sd: 30}}, no_show: 0.05}}
  - {class: walk_in, rate: {table: hourly.csv}}
"""


def rates(table: str, **more: Any) -> RateArrivals:
    read = {**GATE, "sources": [{**GATE["sources"][0], **more}]}
    arrivals = read_model(read, tables={"hourly.csv": table}.__getitem__).sources[0].arrivals
    assert isinstance(arrivals, RateArrivals)
    return arrivals


def faults(description: Any, table: str | None = None) -> tuple[Fault, ...]:
    try:
        read_model(description, name="port.yaml", tables=None if table is None else (lambda name: table))
    except BridgeheadError as error:
        return error.faults
    return ()


def test_the_example_of_the_design_is_read_with_its_table_its_exit_and_its_only_way_in() -> None:
    model = read_model(NOTE, tables={"hourly.csv": "hour,rate\n0,0.2\n7,0.6\n21,0.1\n"}.__getitem__)
    assert [one.node for one in model.sources] == ["gate", "gate"]
    assert model.sources[1].arrivals == RateArrivals(1440.0, ((0.0, 0.2), (420.0, 0.6), (1260.0, 0.1)))
    (scan,) = [one for one in model.routes if one.node == "scan"]
    assert scan.ways == (Share("inspect", {"*": 0.12}), Share(None, {"*": 0.88}))
    assert replicate(model, Experiment(2880.0, 0.0, 1)).estimate("system_throughput").mean > 0


def test_rates_of_a_table_are_those_of_its_hours() -> None:
    assert rates("hour,rate\n0,6\n6,60\n22,12\n").rates == ((0.0, 0.1), (360.0, 1.0), (1320.0, 0.2))
    assert rates("\ufeffHour, Rate\n00:00-06:00,6\n06:00-24:00,60\n").rates == ((0.0, 0.1), (360.0, 1.0))
    whole = "hour,rate\n" + "".join(f"{hour},{hour % 2}\n" for hour in range(24))
    assert len(rates(whole, per="min").rates) == 24


def test_a_table_with_days_makes_a_week_that_begins_with_the_first_day() -> None:
    found = rates("day,hour,rate\nmon-fri,0,60\nsat,0,6\nsat,12,0\n")
    assert found.period_min == 10080.0
    day = 1440.0  # the first day is a Wednesday
    assert found.rates == ((0.0, 1.0), (3 * day, 0.1), (3.5 * day, 0.0), (5 * day, 1.0))


@pytest.mark.parametrize(
    ("table", "code", "path"),
    [
        (None, "model.no_table", "sources[0].rate.table"),
        ("clock,rate\n0,1\n", "model.table_columns", "sources[0].rate.table"),
        ("", "model.table_columns", "sources[0].rate.table"),
        ("hour,rate\n0,many\n", "model.not_number", "sources[0].rate.table.hourly.csv:2"),
        ("hour,rate\n0,1\n0,2\n", "model.named_twice", "sources[0].rate.table.hourly.csv:3"),
        ("hour,rate\n25,1\n", "model.not_clock", "sources[0].rate.25:00"),
        ("hour,rate\n0,-1\n", "model.negative_number", "sources[0].rate.00:00"),
        ("day,hour,rate\nmonday,0,1\n", "model.not_days", "sources[0].rate.monday"),
        ("hour,rate\n", "model.not_interval", "sources[0].rate"),
        ('hour,rate\n"' + "x" * 200_000 + '",1\n', "model.no_table", "sources[0].rate.table"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_place(table: str | None, code: str, path: str) -> None:
    wrong = faults(GATE, table)
    assert (code, path) in found(wrong)
    assert {one.code for one in wrong} == {code}
    for one in wrong:
        for language in ("zh", "en"):
            assert "{" not in sentence(one, language).message.replace("{}", "")


def test_a_table_at_fault_hides_no_other_fault() -> None:
    wrong = changed({("stations", "gate", "servers"): 0, ("sources", 0, "class"): "lorry"}, GATE)
    assert {one.code for one in faults(wrong)} == {"model.no_table", "model.out_of_range", "model.unknown_class"}


def test_a_station_called_exit_is_a_station() -> None:
    stations = {**GATE["stations"], "exit": {"kind": "delay", "service": 1}}
    source = {"class": "truck", "node": "gate", "interarrival": 2}
    model = read_model({**GATE, "stations": stations, "routes": {"*": {"gate": "exit"}}, "sources": [source]})
    assert model.routes[0].ways == (Share("exit", {"*": 1.0}),)
    left = read_model({**GATE, "routes": {"*": {"gate": "exit"}}, "sources": [source]})
    assert left.routes[0].ways == (Share(None, {"*": 1.0}),)


def test_a_source_that_names_no_node_needs_exactly_one_way_in() -> None:
    two = {**GATE["stations"], "door": {"servers": 1, "service": 1}}
    source = {"class": "truck", "interarrival": 2}
    assert read_model({**GATE, "sources": [source]}).sources[0].node == "gate"
    behind = {**GATE, "stations": two, "routes": {"*": {"gate": "door"}}, "sources": [source]}
    assert read_model(behind).sources[0].node == "gate"
    assert found(faults({**behind, "routes": {}})) == {("model.missing", "sources[0].node")}


def test_so_many_a_day_come_in_the_course_of_the_rates() -> None:
    source = {"class": "truck", "node": "gate", "rate": {"00:00-12:00": 1, "12:00-24:00": 3}, "per_day": 1440}
    arrivals = read_model({**GATE, "sources": [source]}).sources[0].arrivals
    assert arrivals == RateArrivals(1440.0, ((0.0, 0.5), (720.0, 1.5)))
    week = read_model({**GATE, "sources": [{**source, "rate": {"mon-fri": 7}, "per_day": 100}]}).sources[0].arrivals
    assert mean_rate(week, 1440.0) * 1440.0 == pytest.approx(100)
    none = read_model({**GATE, "sources": [{**source, "per_day": 0}]})
    assert replicate(none, Experiment(1440.0, 0.0, 1)).estimate("system_arrival_rate").mean == 0.0


def test_a_rate_of_zero_at_all_hours_brings_nobody_and_ends() -> None:
    for rate in (0, {"06:00-09:00": 0}, {"mon": 0}):
        model = read_model({**GATE, "sources": [{"class": "truck", "node": "gate", "rate": rate}]})
        assert read_model(as_mapping(model)) == model
        assert replicate(model, Experiment(1440.0, 0.0, 1)).estimate("system_arrival_rate").mean == 0.0


def test_so_many_a_day_come_at_intervals_of_the_same_shape_batches_counted() -> None:
    source = {
        "class": "truck",
        "node": "gate",
        "interarrival": {"erlang": {"k": 3, "mean": 7}},
        "batch": 4,
        "per_day": 96,
    }
    arrivals = read_model({**GATE, "sources": [source]}).sources[0].arrivals
    assert isinstance(arrivals, RenewalArrivals)
    assert arrivals.interarrival_min.numbers == (3.0, pytest.approx(60.0))


@pytest.mark.parametrize(
    ("source", "code", "field"),
    [
        ({"rate": {"00:00": 0}, "per_day": 5}, "model.nobody_comes", "rate"),
        ({"rate": 5, "per_day": -1}, "model.negative_number", "per_day"),
        ({"times": [5], "per_day": 5}, "model.needs_other", "per_day"),
    ],
)
def test_what_cannot_be_so_many_a_day_is_refused(source: dict[str, Any], code: str, field: str) -> None:
    wrong = faults({**GATE, "sources": [{"class": "truck", "node": "gate", **source}]})
    assert found(wrong) == {(code, f"sources[0].{field}")}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ({"dist": "quantiles", "points": [[0, 1], [0.5, 2], [1, 9]], "mean": 8}, "quantiles"),
        ({"dist": "empirical", "values": [1, 2, 6], "mean": 8}, "empirical"),
        ({"dist": "weibull", "shape": 1.7, "scale": 2, "mean": 8}, "weibull"),
        ({"triangular": {"from": 1, "mode": 2, "to": 6, "mean": 8}}, "triangular"),
        ({"mix": {"parts": [[0.5, 2], [0.5, {"exp": 4}]], "mean": 8}}, "mix"),
    ],
)
def test_a_distribution_of_a_shape_is_stretched_to_the_mean_beside_it(written: Any, kind: str) -> None:
    def service(value: Any) -> Distribution:
        source = {"class": "truck", "node": "gate", "interarrival": 20}
        gate = {"gate": {"servers": 1, "service": {"*": value}}}
        model = read_model({**GATE, "stations": gate, "sources": [source]})
        assert read_model(as_mapping(model)) == model
        return model.nodes[0].service["*"]  # type: ignore[union-attr]

    stretched = service(written)
    assert (stretched.kind, mean(stretched)) == (kind, pytest.approx(8))
    head = next(iter(written))
    inner = {name: one for name, one in (written if head == "dist" else written[head]).items() if name != "mean"}
    shape = service(inner if head == "dist" else {head: inner})
    same = {"mean": mean(shape)}
    assert service({**inner, **same} if head == "dist" else {head: {**inner, **same}}) == shape


def test_a_mean_beside_a_shape_must_be_a_time_and_the_shape_must_have_one() -> None:
    def wrong(value: Any) -> set[tuple[str, str | None]]:
        source = {"class": "truck", "node": "gate", "interarrival": 20}
        gate = {"gate": {"servers": 1, "service": {"*": value}}}
        return found(faults({**GATE, "stations": gate, "sources": [source]}))

    place = "stations.gate.service.*"
    assert wrong({"dist": "empirical", "values": [0, 0], "mean": 8}) == {("model.no_time_passes", f"{place}.mean")}
    assert wrong({"empirical": {"values": [1], "mean": -8}}) == {("model.negative_time", f"{place}.empirical.mean")}


def test_a_station_without_servers_that_units_reach_has_that_fault_alone() -> None:
    stations = {**GATE["stations"], "door": {"servers": 0, "service": 1}}
    source = {"class": "truck", "node": "gate", "interarrival": 2}
    port = {**GATE, "stations": stations, "routes": {"*": {"gate": {"door": 0.4}}}, "sources": [source]}
    assert found(faults(port)) == {("model.out_of_range", "stations.door.servers")}


def test_a_table_stays_a_table_in_variants() -> None:
    table = {"hourly.csv": "hour,rate\n0,60\n"}.__getitem__
    port = {**GATE, "parameters": {"lanes": {"value": 1}}, "stations": {"gate": {"servers": "$lanes", "service": 1}}}
    made = with_figures(read_description(yaml.safe_dump(port)), {"lanes": 3})
    model, _ = read_and_warn(made, tables=table)
    assert model.nodes[0].servers == 3  # type: ignore[union-attr]
    assert model.sources[0].arrivals == RateArrivals(1440.0, ((0.0, 1.0),))
