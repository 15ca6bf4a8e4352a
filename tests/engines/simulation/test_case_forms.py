"""What a case may write in several ways is read as the same model."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from bridgehead.engines.simulation.case_format import Case, read_cases_apart
from bridgehead.engines.simulation.model import Model


def exp(mean: float) -> dict[str, Any]:
    return {"dist": "exp", "mean": mean}


def det(value: float) -> dict[str, Any]:
    return {"dist": "det", "value": value}


STATION = {"id": "a", "kind": "station", "servers": 1, "service": {"*": exp(1)}}
TWO = [{"id": "c", "priority": 0}, {"id": "w", "priority": 1}]
PAIRED = [{"node": "m", "class": one, "interarrival": exp(2)} for one in ("c", "w")]
RING = {"*": {"a": [["b", 1.0]], "b": [["a", 1.0]]}}
FLEET = {"node": "a", "class": "u", "count": 5}


def model(**changes: Any) -> dict[str, Any]:
    plain = {
        "time_unit": "min",
        "classes": [{"id": "u", "priority": 0}],
        "nodes": [STATION],
        "sources": [{"node": "a", "class": "u", "interarrival": exp(2)}],
        "routes": {"*": {}},
    }
    return {name: value for name, value in {**plain, **changes}.items() if value is not ...}


def station(**rules: Any) -> dict[str, Any]:
    return model(nodes=[{**STATION, **rules}])


def source(**fields: Any) -> dict[str, Any]:
    given = {"node": "a", "class": "u", "interarrival": exp(2), **fields}
    return model(sources=[{name: value for name, value in given.items() if value is not ...}])


def several(**rules: Any) -> dict[str, Any]:
    """Two classes of different priority at one station."""
    sources = [{"node": "a", "class": one, "interarrival": exp(4)} for one in ("c", "w")]
    return model(classes=TWO, nodes=[{**STATION, **rules}], sources=sources)


def match(**fields: Any) -> dict[str, Any]:
    return model(nodes=[{"id": "m", "kind": "match", **fields}], sources=PAIRED, classes=TWO)


def ring(**fields: Any) -> dict[str, Any]:
    nodes = [STATION, {**STATION, "id": "b"}]
    return model(**{"nodes": nodes, "sources": [], "routes": RING, "population": [FLEET], **fields})


def line(routes: Any, **fields: Any) -> dict[str, Any]:
    return model(nodes=[STATION, {**STATION, "id": "b"}], routes=routes, **fields)


EXPECT = {"metric": "in_system_mean", "value": 1, "rel_tol": 0.1}


def entry(told: dict[str, Any], **fields: Any) -> Any:
    run = {"warmup": 10, "horizon": 1000, "replications": 2}
    case = {"id": "x", "model": told, "run": run, "expect": EXPECT, **fields}
    file = read_cases_apart({"schema": "bridgehead-queue-case/1", "cases": [case]})
    return file.entries[0]


def read(told: dict[str, Any]) -> Model:
    found = entry(told)
    assert isinstance(found, Case), [(one.code, one.place.field) for one in found.faults]
    return found.model


def same(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> Any:
    return pytest.mark.parametrize(("told", "plain"), pairs, ids=[str(at) for at in range(len(pairs))])


def distributed(*given: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(station(service={"*": one}), station(service={"*": given[-1]})) for one in given[:-1]]


SIDES = [{"class": one, "capacity": 5, "on_full": "lose"} for one in ("c", "w")]


@same(
    [
        (match(**told), match(inputs=SIDES))
        for told in (
            {"inputs": [{"class": one, "queue_capacity": 5} for one in ("c", "w")]},
            {"inputs": ["c", "w"], "queue_capacity": [5, 5], "on_full": ["lose", "lose"]},
            {"inputs": ["c", "w"], "capacities": [5, 5]},
            {"queue_capacity": {"c": 5, "w": 5}},
            {"capacity": {"c": 5, "w": 5}, "on_full": "loss"},
            {"inputs": [["c", 5], ["w", 5]]},
            {"inputs": [["c", 5, "lose"], ["w", 5, "lose"]]},
            {"sides": [{"class": one, "waiting_capacity": 5} for one in ("c", "w")]},
            {"pair": ["c", "w"], "waiting_capacity": 5},
            {"input": ["c", "w"], "waiting_places": {"*": 5}},
            {"classes": ["c", "w"], "queue_capacities": {"c": 5, "w": 5}},
            {"a": {"class": "c", "queue_capacity": 5}, "b": {"class": "w", "queue_capacity": 5}},
            {"inputs": SIDES, "servers": 1, "service": {"*": det(0)}},
            {"capacity": 5},
        )
    ]
)
def test_a_match(told: dict[str, Any], plain: dict[str, Any]) -> None:
    assert read(told) == read(plain)


def test_each_side_of_a_match_keeps_its_own_rule() -> None:
    told = read(match(inputs=["c", "w"], queue_capacity=[3, None], on_full=["lose", "block_upstream"]))
    sides = [(one.unit_class, one.capacity, one.full.kind) for one in told.nodes[0].inputs]  # type: ignore[union-attr]
    assert sides == [("c", 3, "lose"), ("w", None, "block")]


@same(
    [
        (ring(population=FLEET), ring()),
        (ring(population=[FLEET, {"node": "b", "class": "u", "count": 0}]), ring()),
        (ring(population=[{"node": "a", "count": 5}]), ring()),
        (ring(population={"a": 5, "b": 0}), ring()),
        (ring(population=[{"node": "a", "class": "u", "number": 5}]), ring()),
        (ring(sources=...), ring()),
        (ring(sources=None), ring()),
    ]
)
def test_a_closed_fleet(told: dict[str, Any], plain: dict[str, Any]) -> None:
    assert read(told) == read(plain)


@same(
    [
        (model(sources={"node": "a", "class": "u", "interarrival": exp(2)}), model()),
        (source(**{"class": ...}), model()),
        (source(start=0), model()),
        (source(interarrival={"dist": "exp", "rate": 0.5}), model()),
        (source(batch={"size": 3}), source(batch=3)),
        (
            source(batch=[[0.25, 1], [0.75, 3]]),
            source(batch={"dist": "mix", "parts": [[0.25, det(1)], [0.75, det(3)]]}),
        ),
        (source(batch=[[1, 0.25], [3, 0.75]]), source(batch=[[0.25, 1], [0.75, 3]])),
        (source(batch={"1": 0.25, "3": 0.75}), source(batch=[[0.25, 1], [0.75, 3]])),
        (source(batch={"dist": "discrete", "values": [1, 3], "p": [0.25, 0.75]}), source(batch=[[0.25, 1], [0.75, 3]])),
        (source(batch=None), model()),
        (model(classes=["u"]), model()),
        (model(classes={"u": {}}), model()),
    ]
)
def test_sources_and_batches(told: dict[str, Any], plain: dict[str, Any]) -> None:
    assert read(told) == read(plain)


def test_a_geometric_batch_has_its_mean_and_its_shares() -> None:
    (found,) = read(source(batch={"dist": "geometric", "mean": 4})).sources
    batch = found.arrivals.batch  # type: ignore[union-attr]
    sizes = [part.numbers[0] for part in batch.parts]
    assert sum(batch.numbers) == pytest.approx(1.0, abs=1e-12)
    assert sum(p * n for p, n in zip(batch.numbers, sizes, strict=True)) == pytest.approx(4.0, rel=1e-9)
    assert batch.numbers[:2] == pytest.approx((0.25, 0.1875))


@same(
    [
        (several(preempt=False), several()),
        (several(preemptive=False), several()),
        (several(preempt=None), several()),
        (several(discipline="priority"), several()),
        (several(discipline="non-preemptive"), several()),
        (several(preempt=True), several(preempt="resume")),
        (several(preemptive="preemptive_resume"), several(preempt="resume")),
        (several(discipline="preemptive-resume"), several(preempt="resume")),
        ({**several(), "classes": [{**TWO[0], "preemptive": True}, TWO[1]]}, several(preempt="resume")),
        ({**several(), "classes": [{**TWO[0], "preempt": False}, TWO[1]]}, several()),
        ({**several(), "preemptive": True}, several(preempt="resume")),
        (several(discipline="fifo"), {**several(), "classes": ["c", "w"]}),
        ({**several(), "discipline": "FCFS"}, {**several(), "classes": ["c", "w"]}),
        (station(discipline="fifo"), model()),
        (station(servers="inf", preempt=True), station(servers="inf")),
    ]
)
def test_who_is_next(told: dict[str, Any], plain: dict[str, Any]) -> None:
    assert read(told) == read(plain)


@same(
    [
        (line({"*": {"a": [["b", 0.5], ["exit", 0.5]]}}), line({"*": {"a": [["b", 0.5]]}})),
        (line({"*": {"a": [["b", 0.5], ["leave", 0.5]]}}), line({"*": {"a": [["b", 0.5]]}})),
        (line({"*": {"a": [["b", 0.5], [None, 0.5]]}}), line({"*": {"a": [["b", 0.5]]}})),
        (line({"*": {"a": [{"to": "b", "p": 0.5}]}}), line({"*": {"a": [["b", 0.5]]}})),
        (line({"*": {"a": {"b": 0.5, "out": 0.5}}}), line({"*": {"a": [["b", 0.5]]}})),
        (line({"*": {"a": {"to": "b"}}}), line({"*": {"a": [["b", 1]]}})),
        (line({"*": {"a": "b", "b": "exit"}}), line({"*": {"a": [["b", 1]], "b": []}})),
        (line({"*": {"a": ["b"]}}), line({"*": {"a": [["b", 1]]}})),
        (line({"a": [["b", 0.5]]}), line({"*": {"a": [["b", 0.5]]}})),
    ]
)
def test_routes(told: dict[str, Any], plain: dict[str, Any]) -> None:
    assert read(told) == read(plain)


def test_a_node_may_be_called_like_a_word_of_ours_and_comes_before_it() -> None:
    names = ["out", "rest", "shortest", "inf", "exit"]
    nodes = [{**STATION, "id": name} for name in names]
    routes = {"*": {a: [[b, 1.0]] for a, b in pairwise(names)}}
    told = model(nodes=nodes, sources=[{"node": "out", "class": "u", "interarrival": exp(2)}], routes=routes)
    found = entry(told, expect=[{"metric": "wait_mean", "node": name, "value": 1, "rel_tol": 1} for name in names])
    assert [one.faults for one in found.expect] == [()] * 5
    assert [one.node for one in found.expect] == names
    assert [one.asked.node for one in found.expect] == [node.id for node in found.model.nodes]
    ways = {one.node: [way.to for way in one.ways] for one in found.model.routes}
    inside = [node.id for node in found.model.nodes]
    assert ways == {a: [b] for a, b in pairwise(inside)}
    assert read({**several(), "classes": ["rest", "w"], "sources": [
        {"node": "a", "class": one, "interarrival": exp(4)} for one in ("rest", "w")]})  # fmt: skip


def test_names_may_be_numbers() -> None:
    told = model(nodes=[{**STATION, "id": 1}, {**STATION, "id": 2}], routes={"*": {"1": [[2, 1.0]]}},
                 sources=[{"node": 1, "class": "u", "interarrival": exp(2)}])  # fmt: skip
    assert [node.id for node in read(told).nodes] == ["1", "2"]


def test_a_node_nobody_comes_to_is_odd_but_no_fault() -> None:
    case = {"id": "x", "model": line({"*": {}}), "run": {"horizon": 10}, "expect": EXPECT}
    file = read_cases_apart({"cases": [case]})
    assert len(file.cases) == 1
    assert [(one.code, one.severity) for one in file.faults] == [("model.nobody_reaches", "warning")]


@same(
    [
        (several(patience={"c": exp(3), "*": None}), several(patience={"c": exp(3)})),
        (several(patience={"w": "inf", "*": exp(3)}), several(patience={"c": exp(3)})),
        (several(patience={"c": exp(3), "w": det(float("inf"))}), several(patience={"c": exp(3)})),
        (several(patience={"c": None, "w": None}), several()),
        (station(patience="inf"), model()),
        (several(service={"*": exp(1), "c": None}), several()),
        (station(queue_capacity=2, on_full="loss"), station(queue_capacity=2)),
        (station(queue_capacity=2, on_full="lost"), station(queue_capacity=2)),
        (station(buffer=2), station(queue_capacity=2)),
        (station(system_capacity=3), station(queue_capacity=2)),
        (station(queue_capacity=2, on_full="block"), station(queue_capacity=2, on_full="block_upstream")),
        (station(servers="infinite"), station(servers="inf")),
        (station(servers="Inf"), station(servers="inf")),
        (station(servers=None), station(servers="inf")),
        (station(kind="queue", about="x", name="A"), model()),
        (station(breakdown=[{"mtbf": exp(9), "mttr": exp(1)}]), station(breakdown={"up": exp(9), "down": exp(1)})),
        (
            station(breakdown={"up": exp(9), "down": exp(1), "mode": "preemptive_resume"}),
            station(breakdown={"up": exp(9), "down": exp(1), "mode": "resume"}),
        ),
        (station(breakdown=None, calendar=None), model()),
    ]
)
def test_stations(told: dict[str, Any], plain: dict[str, Any]) -> None:
    assert read(told) == read(plain)


def open_at(*spans: list[float], period: float = 60, **more: Any) -> dict[str, Any]:
    return station(calendar={"period": period, "open": list(spans), "at_close": "finish", **more})


@same(
    [
        (open_at([50, 70]), open_at([0, 10], [50, 60])),
        (open_at([50, 10]), open_at([0, 10], [50, 60])),
        (open_at([1260, 420], period=1440), open_at([0, 420], [1260, 1440], period=1440)),
        (station(calendar={"period": 60, "open": [10, 50]}), open_at([10, 50])),
        (station(calendar={"period": 60, "open": [{"from": 10, "to": 50}]}), open_at([10, 50])),
        (station(calendar={"period": 60, "open": [[10, 50]], "at_close": "complete"}), open_at([10, 50])),
        (open_at([10, 50], at_close="preemptive_resume"), open_at([10, 50], at_close="pause")),
        (
            {**station(calendar="day"), "calendars": [{"id": "day", "period": 60, "open": [[50, 70]]}]},
            {**station(calendar="day"), "calendars": {"day": {"period": 60, "open": [[0, 10], [50, 60]]}}},
        ),
        (station(calendar="always"), model()),
    ]
)
def test_opening_hours(told: dict[str, Any], plain: dict[str, Any]) -> None:
    assert read(told) == read(plain)


def test_hours_in_other_units_wrap_as_well() -> None:
    told = read({**station(calendar={"period": 24, "open": [[22, 6]]}), "time_unit": "hours"})
    assert told.calendars[0].open == ((0.0, 360.0), (1320.0, 1440.0))
    without = read({**station(calendar={"open": [[22, 6]]}), "time_unit": "hour"})
    assert without.calendars[0].open == told.calendars[0].open


@same(
    [
        *distributed({"dist": "exp", "rate": 0.5}, {"dist": "exponential", "mean": 2}, {"type": "exp", "mean": 2},
                     {"dist": "exp", "mean": 2, "about": "x"}, "exp(2)", exp(2)),
        *distributed({"dist": "deterministic", "value": 2}, {"dist": "const", "value": 2}, {"dist": "det", "mean": 2},
                     2, det(2)),
        *distributed({"dist": "erlang", "k": 4, "rate": 2}, {"dist": "erlang", "shape": 4, "mean": 2}, "erlang(4, 2)",
                     {"dist": "erlang", "k": 4, "mean": 2}),
        *distributed({"dist": "hyperexp", "p": [0.25, 0.75], "means": [1, 2]},
                     {"dist": "hyperexponential", "p": 0.25, "rates": [1, 0.5]},
                     {"dist": "mix", "parts": [{"p": 0.25, "dist": exp(1)}, {"p": 0.75, "dist": exp(2)}]},
                     {"dist": "mix", "p": [0.25, 0.75], "parts": [exp(1), exp(2)]},
                     {"dist": "mix", "parts": [[0.25, exp(1)], [0.75, exp(2)]]}),
        *distributed({"dist": "uniform", "low": 1, "high": 3}, {"dist": "uniform", "min": 1, "max": 3},
                     {"dist": "uniform", "a": 1, "b": 3}, {"dist": "uniform", "from": 1, "to": 3}),
        *distributed({"dist": "gamma", "k": 4, "mean": 2}, {"dist": "gamma", "shape": 4, "scale": 0.5},
                     {"dist": "gamma", "mean": 2, "sd": 1}, {"dist": "gamma", "mean": 2, "cv": 0.5}),
        *distributed({"dist": "lognormal", "mean": 2, "sd": 1}, {"dist": "lognormal", "mean": 2, "scv": 0.25},
                     {"dist": "lognormal", "mean": 2, "cv": 0.5}),
        *distributed({"dist": "weibull", "k": 1, "mean": 2}, {"dist": "weibull", "shape": 1, "scale": 2}),
    ]
)  # fmt: skip
def test_distributions(told: dict[str, Any], plain: dict[str, Any]) -> None:
    assert read(told) == read(plain)


def test_a_lognormal_may_be_told_by_its_logarithm() -> None:
    service = read(station(service={"*": {"dist": "lognormal", "mu": 0.5, "sigma": 1.0}})).nodes[0].service  # type: ignore[union-attr]
    assert service["*"].numbers == pytest.approx((2.718281828459045, 1.3108324944320863))


UNITS = [("minutes", "min"), ("hour", "h"), ("hours", "h"), ("day", "d"), ("sec", "s"), ("weeks", "min"), (None, "min")]


@same([({**model(), "time_unit": word}, {**model(), "time_unit": unit}) for word, unit in UNITS])
def test_units_of_time(told: dict[str, Any], plain: dict[str, Any]) -> None:
    assert read(told) == read(plain)


def test_a_run_needs_no_warmup_and_no_number_of_replications() -> None:
    found = read_cases_apart({"cases": [{"id": 7, "model": model(), "run": {"horizon": 100}, "expect": EXPECT}]}).cases[
        0
    ]
    assert (found.id, found.run.warmup_min, found.run.replications) == ("7", 0.0, 10)


@pytest.mark.parametrize(
    ("told", "code", "path"),
    [
        (several(discipline="lifo"), "model.not_one_of", "cases[0].model.nodes[0].discipline"),
        (several(preempt="repeat"), "model.not_one_of", "cases[0].model.nodes[0].preempt"),
        (station(buffer=-1), "model.out_of_range", "cases[0].model.nodes[0].buffer"),
        (open_at([50, 170]), "model.interval_outside", "cases[0].model.nodes[0].calendar.open[0]"),
        (open_at([50, 70], [5, 20]), "model.intervals_overlap", "cases[0].model.nodes[0].calendar.open[1]"),
        (station(breakdown={"up": exp(1), "down": exp(1), "mode": "explode"}), "model.not_one_of",
         "cases[0].model.nodes[0].breakdown.mode"),
        (match(inputs=["c", "w"], service=exp(1)), "model.unknown_field", "cases[0].model.nodes[0].service"),
        (match(inputs=[["c", -5], ["w", 5]]), "model.out_of_range", "cases[0].model.nodes[0].inputs[0].capacity"),
        (source(size=0.5), "model.not_whole", "cases[0].model.sources[0].size"),
        (ring(population={**FLEET, "count": -1}), "model.out_of_range", "cases[0].model.population.count"),
        (model(time_unit="fortnight"), "model.not_one_of", "cases[0].model.time_unit"),
    ],
)  # fmt: skip
def test_what_is_meant_by_nobody_is_refused_with_its_path(told: dict[str, Any], code: str, path: str) -> None:
    found = entry(told)
    assert (code, path) in [(one.code, one.place.field) for one in found.faults]
