"""How often every unit is served somewhere, by hand for each kind of way, and against runs that end empty."""

from __future__ import annotations

from typing import Any

import pytest

from bridgehead.engines.simulation.certain_visits import certain_visits
from bridgehead.engines.simulation.reaching import Ways
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, replicate

ONE = {"servers": 1, "service": {"*": {"exp": 1}}}
NEVER_FULL = {**ONE, "queue_capacity": 3}
STATIONS = {"gate": ONE, "left": ONE, "right": ONE}
EVEN = {"left": 0.5, "right": "rest"}


def described(routes: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "schema": "bridgehead-port-model/1",
        "classes": {"truck": {}, **others.pop("classes", {})},
        "stations": {**STATIONS, **others.pop("stations", {})},
        "routes": routes,
        "sources": [{"class": "truck", "node": "gate", "times": [0.3 * n for n in range(40)]}],
        **others,
    }


CASES: dict[str, tuple[dict[str, Any], dict[str, int | None]]] = {
    "one way": (described({"*": {"gate": "left", "left": "right", "right": "out"}}), {"gate": 1, "left": 1}),
    "a fork": (
        described({"*": {"gate": EVEN, "left": "out", "right": "out"}}),
        {"gate": 1, "left": None, "right": None},
    ),
    "a fork that joins again": (
        described({"*": {"gate": EVEN, "left": "last", "right": "last", "last": "out"}}, stations={"last": ONE}),
        {"gate": 1, "left": None, "last": 1},
    ),
    "the shorter queue": (
        described({"*": {"gate": {"shortest": ["left", "right"]}, "left": "out", "right": "out"}}),
        {"gate": 1, "left": None},
    ),
    "round again": (
        described({"*": {"gate": "left", "left": {"left": 0.3, "right": "rest"}, "right": "out"}}),
        {"gate": 1, "left": None, "right": 1},
    ),
    "a way nobody takes": (
        described({"*": {"gate": {"left": 0.0, "right": "rest"}, "left": "right", "right": "out"}}),
        {"gate": 1, "right": 1, "left": 0},
    ),
    "lost where it is full": (
        described({"*": {"gate": "left", "left": "right", "right": "out"}}, stations={"left": NEVER_FULL}),
        {"gate": 1, "left": 1, "right": 1},
    ),
    "past where it is full": (
        described(
            {"*": {"gate": "left", "left": "right", "right": "out"}},
            stations={"left": {**NEVER_FULL, "on_full": {"divert": "right"}}},
        ),
        {"gate": 1, "left": None, "right": 1},
    ),
    "gone out of patience to elsewhere": (
        described(
            {"*": {"gate": "left", "left": "right", "right": "out"}},
            stations={"left": {**ONE, "patience": {"*": {"det": 2}}, "gives_up_to": "right"}},
        ),
        {"gate": 1, "left": None, "right": 1},
    ),
    "there from the beginning": (
        described(
            {"*": {"gate": "left", "left": "right", "right": "out"}},
            population=[{"class": "truck", "node": "right", "count": 2}],
        ),
        {"gate": None, "right": 1},
    ),
    "of two entrances": (
        described(
            {"*": {"gate": "left", "left": "right", "right": "out"}},
            sources=[{"class": "truck", "node": node, "times": [0, 1, 2]} for node in ("gate", "left")],
        ),
        {"gate": None, "left": 1, "right": 1},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_the_same_for_every_unit_is_told_and_nothing_else(case: str) -> None:
    description, expected = CASES[case]
    ways = Ways(read_model(description))
    assert {node: certain_visits(ways, "truck", node) for node in expected} == expected


@pytest.mark.parametrize("case", CASES)
def test_runs_until_everybody_has_left_count_the_same(case: str) -> None:
    description, expected = CASES[case]
    run = replicate(read_model(description), Experiment(10_000.0, 0.0, 2, bin_min=10_000.0))
    of = list(run.compiled.type_index["truck"])
    for one in run.outcomes:
        assert one.in_system == 0
        done, dropped = int(one.types["done"][of].sum()), int(one.types["dropped"][of].sum())
        for node, times in expected.items():
            ended = int(one.pairs[list(run.compiled.node_index[node])][:, of]["ended"].sum())
            if times is None:
                assert 0 < ended != done
            elif node == "gate":
                assert ended == times * (done + dropped), "who is lost is lost after the gate"
            else:
                assert ended == times * done


def test_parts_begin_where_a_train_ends_and_end_where_they_are_made_up() -> None:
    description = described(
        {
            "truck": {"gate": "apart"},
            "part": {"apart": "left", "left": "side", "side": "right"},
            "both": {"side": "right", "right": "make"},
            "whole": {"make": "left", "left": "out"},
        },
        classes={name: {} for name in ("part", "other", "both", "whole")},
        stations={
            "apart": {"kind": "split", "into": {"part": 2, "other": 2}},
            "side": {"kind": "match", "inputs": {"part": {}, "other": {}}, "as": "both"},
            "make": {"kind": "combine", "of": "both", "size": 2, "as": "whole"},
        },
    )
    description["routes"]["other"] = {"apart": "side"}
    ways = Ways(read_model(description))
    nodes = ("gate", "apart", "left", "side", "right", "make")
    assert {name: [certain_visits(ways, name, node) for node in nodes] for name in description["classes"]} == {
        "truck": [1, 1, 0, 0, 0, 0],
        "part": [0, 0, 1, 1, 0, 0],
        "other": [0, 0, 0, 1, 0, 0],
        "both": [0, 0, 0, 0, 1, 1],
        "whole": [0, 0, 1, 0, 0, 0],
    }
