"""The case format: the bench file as it stands, systems of other kinds in its words, and faults with their paths."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.simulation.case_format import Case, CaseRun, Expected, read_cases, read_cases_apart
from bridgehead.engines.simulation.model import (
    Breakdown,
    Distribution,
    Full,
    Match,
    MatchInput,
    Population,
    RenewalArrivals,
    Share,
    Station,
)
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.descriptions import changed, found

BENCH = Path(__file__).resolve().parents[3].parent / "shared" / "bench" / "queueing.json"

MODEL: dict[str, Any] = {
    "time_unit": "min",
    "classes": [{"id": "a", "priority": 0}, {"id": "b"}],
    "nodes": [
        {
            "id": "gate",
            "kind": "station",
            "servers": 2,
            "service": {"*": {"dist": "exp", "mean": 1.0}, "b": {"dist": "mix", "parts": [
                [0.25, {"dist": "det", "value": 1}],
                [0.75, {"dist": "mix", "parts": [[1.0, {"dist": "erlang", "k": 2, "mean": 3}]]}],
            ]}},
            "queue_capacity": 5,
            "on_full": "lose",
            "patience": {"dist": "exp", "mean": 30},
            "calendar": {"period": 100, "open": [[10, 60]], "at_close": "finish"},
            "breakdown": {
                "up": {"dist": "exp", "mean": 50},
                "down": {"dist": "exp", "mean": 5},
                "while_idle": False,
                "mode": "resume",
            },
        },
        {"id": "road", "servers": "inf", "service": {"*": {"dist": "det", "value": 9}}},
        {"id": "desk", "servers": 1, "service": {"*": {"dist": "exp", "mean": 1}}, "queue_capacity": 0,
         "on_full": "block_upstream"},
        {
            "id": "pair",
            "kind": "match",
            "inputs": [
                {"class": "a", "queue_capacity": 4, "on_full": "lose"},
                {"class": "b", "capacity": 6, "on_full": "block_upstream"},
            ],
        },
    ],
    "sources": [
        {"node": "gate", "class": "a", "interarrival": {"dist": "exp", "mean": 4}, "batch": 3},
        {"node": "gate", "class": "b", "interarrival": {"dist": "det", "value": 4}},
    ],
    "routes": {"*": {"gate": [["road", 0.5], ["desk", 0.25]], "desk": [["pair", 1.0]]}, "a": {"gate": [["desk", 1.0]]}},
    "population": [{"node": "desk", "class": "a", "count": 1}],
}  # fmt: skip
CASE: dict[str, Any] = {
    "id": "x1",
    "title": "Everything",
    "source": "made up",
    "difficulty": "unknown fields of a case are its own business",
    "model": MODEL,
    "run": {"warmup": 10, "horizon": 1000, "replications": 4},
    "expect": [
        {"metric": "wait_quantile", "value": 3.0, "rel_tol": 0.02, "node": "gate", "class": "b", "q": 0.9},
        {"metric": "throughput", "value": 2, "rel_tol": 0.01, "node": "pair"},
    ],
}


def file_of(*cases: dict[str, Any]) -> dict[str, Any]:
    return {"schema": "bridgehead-queue-case/1", "cases": list(cases)}


def of_model(changes: dict[tuple[str | int, ...], Any]) -> Any:
    return read_cases(file_of({**CASE, "model": changed(changes, MODEL)})).cases[0].model


def faults_of(changes: dict[tuple[str | int, ...], Any]) -> set[tuple[str, str | None]]:
    with pytest.raises(BridgeheadError) as raised:
        read_cases(file_of(changed(changes, CASE)), name="x.json")
    return found(raised.value.faults)


def test_the_bench_file_is_read_as_it_stands() -> None:
    if not BENCH.is_file():
        pytest.skip("no ../shared/bench: the queueing cases are not in this checkout")
    text = BENCH.read_bytes()
    file = read_cases(text, name=BENCH.name)
    told = json.loads(text)
    assert [case.id for case in file.cases] == [case["id"] for case in told["cases"]]
    first = file.cases[0]
    assert first.run == CaseRun(5000.0, 3205000.0, 10)
    assert first.expect[-1] == Expected("wait_quantile", 26.422624605642074, 0.04, "booth", None, 0.95)
    assert [len(case.expect) for case in file.cases] == [len(case["expect"]) for case in told["cases"]]
    assert first.model.nodes == (
        Station("booth", 3, {"*": Distribution("exp", (5.0,))}, activity="booth"),
    )  # fmt: skip
    assert file.coverage == told["coverage"]
    assert file.common_random_numbers == told["common_random_numbers"]
    (port,) = file.performance
    assert port.told["reference"]["sojourn_mean"] == told["performance"][0]["reference"]["sojourn_mean"]
    assert len(port.model.calendars) == 4
    assert port.model.sources[0].arrivals.count == Distribution("poisson", (600.0,))  # type: ignore[union-attr]
    assert port.run.horizon_min == 525600.0


def test_all_kinds_of_systems_are_read() -> None:
    (case,) = read_cases(file_of(CASE)).cases
    model = case.model
    assert [one.priority for one in model.classes] == [0.0, 0.0]
    gate, road, desk, pair = model.nodes
    assert isinstance(gate, Station)
    assert isinstance(road, Station)
    assert isinstance(desk, Station)
    assert gate.service["b"] == Distribution(
        "mix",
        (0.25, 0.75),
        (Distribution("det", (1.0,)), Distribution("mix", (1.0,), (Distribution("erlang", (2.0, 3.0)),))),
    )
    assert (gate.queue_capacity, gate.full) == (5, Full("lose"))
    assert gate.patience == {"*": Distribution("exp", (30.0,))}
    assert gate.breakdown == Breakdown(Distribution("exp", (50.0,)), Distribution("exp", (5.0,)), False, "resume")
    assert (model.calendars[0].id, model.calendars[0].period_min) == ("gate", 100.0)
    assert model.calendars[0].open == ((10.0, 60.0),)
    assert road.servers is None
    assert (desk.queue_capacity, desk.full) == (0, Full("block"))
    assert isinstance(pair, Match)
    assert pair.inputs == (MatchInput("a", 4, Full("lose")), MatchInput("b", 6, Full("block")))
    assert model.sources[0].arrivals == RenewalArrivals(Distribution("exp", (4.0,)), Distribution("det", (3.0,)))
    gate_ways = next(one for one in model.routes if one.node == "gate" and one.unit_class == "*").ways
    assert gate_ways == (Share("road", {"*": 0.5}), Share("desk", {"*": 0.25}), Share(None, {"*": 0.25}))
    assert model.population == (Population("desk", "a", 1),)
    assert case.expect[0] == Expected("wait_quantile", 3.0, 0.02, "gate", "b", 0.9)


@pytest.mark.parametrize(
    "words",
    [
        {"inputs": {"a": {"capacity": 4}, "b": {"queue_capacity": 6, "on_full": "block_upstream"}}},
        {"inputs": {"a": 4, "b": 6}, "on_full": {"b": "block_upstream"}},
        {"inputs": ["a", "b"], "queue_capacity": {"a": 4, "b": 6}, "on_full": {"a": "lose", "b": "block_upstream"}},
        {"classes": ["a", "b"], "capacity": {"a": 4, "b": 6}, "on_full": {"b": "block_upstream"}},
        {"inputs": [{"id": "a", "capacity": 4}, {"class": "b", "capacity": 6, "on_full": "block_upstream"}]},
    ],
)
def test_a_match_may_be_spelled_in_several_ways(words: dict[str, Any]) -> None:
    model = of_model({("nodes", 3): {"id": "pair", "kind": "match", **words}})
    pair = next(node for node in model.nodes if node.id == "pair")
    assert pair.inputs == (MatchInput("a", 4, Full("lose")), MatchInput("b", 6, Full("block")))


def test_limits_may_be_left_out_or_endless() -> None:
    for word in ("inf", None, math.inf):
        model = of_model({("nodes", 0, "queue_capacity"): word, ("nodes", 3, "inputs", 0, "queue_capacity"): word})
        assert model.nodes[0].queue_capacity is None
        assert model.nodes[3].inputs[0].capacity is None


def test_routes_may_name_a_target_twice_or_nothing() -> None:
    model = of_model(
        {("routes", "a"): {"gate": [["desk", 0.25], [None, 0.5], ["desk", 0.25]]}, ("routes", "*", "pair"): []}
    )
    ways = {(one.unit_class, one.node): one.ways for one in model.routes}
    assert ways["a", "gate"] == (Share("desk", {"*": 0.5}), Share(None, {"*": 0.5}))
    assert ways["*", "pair"] == (Share(None, {"*": 1.0}),)


def test_other_units_of_time_become_minutes_in_model_run_and_answers() -> None:
    case = changed({("model", "time_unit"): "h", ("model", "calendars"): {}}, CASE)
    (read,) = read_cases(file_of(case)).cases
    assert read.unit_min == 60.0
    assert read.run == CaseRun(600.0, 60000.0, 4)
    assert read.model.nodes[0].service["*"].numbers == (60.0,)  # type: ignore[union-attr]
    assert read.model.calendars[0].open == ((600.0, 3600.0),)
    assert [one.value for one in read.expect] == [180.0, 2 / 60]


def test_a_class_may_be_a_bare_name_and_a_node_carry_remarks() -> None:
    model = of_model({("classes",): ["a", "b"], ("nodes", 1, "about"): "the road"})
    assert [one.id for one in model.classes] == ["a", "b"]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({("model", "nodes", 0, "servers"): 0}, "model.out_of_range", "cases[0].model.nodes[0].servers"),
        ({("model", "nodes", 0, "servers"): "two"}, "model.not_number", "cases[0].model.nodes[0].servers"),
        ({("model", "nodes", 0, "service", "b", "parts", 0, 0): 0.5}, "model.mix_sum",
         "cases[0].model.nodes[0].service.b.parts"),
        ({("model", "nodes", 0, "calendar", "open"): []}, "model.never_opens", "cases[0].model.nodes[0].calendar"),
        ({("model", "nodes", 0, "calendar", "open"): [[10, 160]]}, "model.interval_outside",
         "cases[0].model.nodes[0].calendar.open[0]"),
        ({("model", "nodes", 0, "calendar", "period"): 1e-9}, "model.interval_outside",
         "cases[0].model.nodes[0].calendar.open[0]"),
        ({("model", "nodes", 0, "capacity"): 5, ("model", "nodes", 0, "queue_capacity"): None}, "model.unknown_field",
         "cases[0].model.nodes[0].capacity"),
        ({("model", "nodes", 1): {"id": "road", "servers": 1, "service": 1, "capacity": 3}}, "model.which_capacity",
         "cases[0].model.nodes[1].capacity"),
        ({("model", "nodes", 1, "id"): "gate"}, "model.named_twice", "cases[0].model.nodes[1].id"),
        ({("model", "nodes", 3, "inputs", 1, "class"): "a"}, "model.same_inputs", "cases[0].model.nodes[3].inputs[1]"),
        ({("model", "nodes", 3, "inputs", 1, "class"): "c"}, "model.unknown_class",
         "cases[0].model.nodes[3].inputs[1].class"),
        ({("model", "nodes", 3, "inputs", 1, "capacity"): -6}, "model.out_of_range",
         "cases[0].model.nodes[3].inputs[1].capacity"),
        ({("model", "routes", "*", "gate", 1, 1): 0.75}, "model.shares_above_one", "cases[0].model.routes.*.gate"),
        ({("model", "routes", "*", "gate", 1, 1): -0.75}, "model.negative_share", "cases[0].model.routes.*.gate[1]"),
        ({("model", "routes", "*", "gate", 1, 0): "dseck"}, "model.unknown_station", "cases[0].model.routes.*.gate[1]"),
        ({("model", "routes", "*", "gate", 1): ["desk"]}, "model.route_form", "cases[0].model.routes.*.gate[1]"),
        ({("model", "sources", 1, "interarrival"): {"dist": "epx", "mean": 1}}, "model.unknown_distribution",
         "cases[0].model.sources[1].interarrival"),
        ({("model", "population", 0, "node"): "dseck"}, "model.unknown_station", "cases[0].model.population[0].node"),
        ({("run", "horizon"): 5}, "model.horizon_before_warmup", "cases[0].run.horizon"),
        ({("run", "warmup"): -5}, "model.negative_time", "cases[0].run.warmup"),
        ({("run",): {}}, "model.missing", "cases[0].run.horizon"),
        ({("expect", 0, "node"): "gaet"}, "model.not_one_of", "cases[0].expect[0].node"),
        ({("expect", 0, "value"): math.nan}, "model.not_number", "cases[0].expect[0].value"),
        ({("expect", 1): {"metric": "throughput"}}, "model.missing", "cases[0].expect[1].rel_tol"),
        ({("model",): 3}, "model.not_mapping", "cases[0]"),
        ({("model", "nodes"): 3}, "model.not_list", "cases[0].model.nodes"),
    ],
)  # fmt: skip
def test_a_fault_of_a_case_has_its_path(change: Any, code: str, path: str) -> None:
    assert (code, path) in faults_of(change)


def test_faults_of_all_cases_come_at_once() -> None:
    wrong = changed({("model", "nodes", 0, "servers"): 0}, CASE)
    with pytest.raises(BridgeheadError) as raised:
        read_cases(file_of(CASE, wrong, {**wrong, "id": "x2"}, {**CASE, "id": "x1"}), name="x.json")
    assert found(raised.value.faults) == {
        ("model.out_of_range", "cases[1].model.nodes[0].servers"),
        ("model.out_of_range", "cases[2].model.nodes[0].servers"),
    }
    odd = {(one.code, one.place.field) for one in raised.value.faults if one.severity == "warning"}
    assert odd == {("model.named_twice", "cases[1].id"), ("model.named_twice", "cases[3].id")}


@pytest.mark.parametrize("text", ["[]", "{}", '{"schema": "other/1", "cases": []}', '{"cases": 3}', '{"cases": [3]}'])
def test_what_is_no_file_of_cases_is_refused(text: str) -> None:
    with pytest.raises(BridgeheadError):
        read_cases(text)


def paths_of(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(one for name, part in inside for one in paths_of(part, (*path, name)))]


WORDS = st.sampled_from(["inf", "*", "a", "gate", "exp", "dist", "mean", "p", "to", "class", "exp(1)", "preempt", ""])
NUMBERS = st.sampled_from([0, 1, -1, 3, 0.5, 10**400]) | st.floats()
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([path for path in paths_of(CASE) if path]), ANYTHING), min_size=1, max_size=2)
)
def test_whatever_stands_in_a_case_the_case_beside_it_is_read(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    odd: Any = CASE
    for path, value in changes:
        if path in paths_of(odd):
            odd = changed({path: value}, odd)
    file = read_cases_apart({"cases": [odd, {**CASE, "id": "sound"}]})
    assert [one.id for one in file.entries][1:] == ["sound"]
    assert isinstance(file.entries[1], Case)
    assert not any(fault.code == "simulation.case_stopped" for fault in file.faults)
