"""What is written of a model is read as the same model."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.written import as_mapping
from tests.engines.simulation.descriptions import PORT


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
def stations(draw: st.DrawFn) -> dict[str, Any]:
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
    return one


@st.composite
def descriptions(draw: st.DrawFn) -> dict[str, Any]:
    names = [f"s{i}" for i in range(draw(st.integers(1, 4)))]
    classes = ["a", "b"]
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
        "stations": {name: draw(stations()) for name in names},
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
