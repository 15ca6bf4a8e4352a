"""Descriptions as files: what YAML and JSON mean, lines of faults, and files that must not hurt the reader."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.simulation import documents
from bridgehead.engines.simulation.documents import read_document
from bridgehead.engines.simulation.model import (
    AppointmentArrivals,
)
from bridgehead.engines.simulation.reading import read_and_warn, read_model
from bridgehead.kernel.errors import messages, sentence
from tests.engines.simulation.descriptions import SMALL, changed, faults_of, found

GATE = ("stations", "gate")
SERVICE = (*GATE, "service")


def test_a_fault_in_a_text_has_its_line() -> None:
    text = "classes: {truck: {}}\nstations:\n  gate:\n    servers: 2\n    service:\n      '*': {exp: -1}\n"
    faults = faults_of(text + "sources:\n  - {class: truck, node: gate, interarrival: {exp: 2}}\n")
    assert [(fault.place.row, fault.place.field) for fault in faults] == [(6, "stations.gate.service.*.exp")]


def test_a_warning_has_its_line_too() -> None:
    text = "classes: {a: }\npools: {agv: 3}\nstations:\n  gate:\n"
    text += "    servers: 1\n    service: 4\n    takes:\n      agv: 1\n"
    _, warnings = read_and_warn(text + "sources: [{class: a, node: gate, interarrival: 2}]\n", name="p.yaml")
    assert [(one.code, one.place.row) for one in warnings] == [("model.pool_never_returned", 8), ("model.unstable", 4)]


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
        assert read_model(text).nodes[0].queue_capacity is None  # type: ignore[union-attr]
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


def test_a_text_too_long_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LONGEST_DOCUMENT", 10)
    assert {fault.code for fault in faults_of("classes: {}")} == {"model.too_long"}
