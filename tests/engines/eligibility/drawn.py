"""Small registers, trees and firms drawn at random, and the rules of the format written down a second time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from bridgehead.engines.eligibility.facts import FactRegister, read_register
from bridgehead.engines.eligibility.policies import Policy
from bridgehead.engines.eligibility.reading import read_policies

REGISTER_TEXT = """fact,types,ops
a.flag,bool,eq
b.count,int,le
c.sum_cny,money,le
d.part,share,le
e.size,enum(big|mid|tiny),eq
f.code,text,eq
g.day,date,le
h.loss_cny,money_signed,le
"""
VALUES: Mapping[str, tuple[Any, ...]] = {
    "a.flag": (True, False),
    "b.count": (0, 1, 2, 3, 4),
    "c.sum_cny": (0, 0.5, 1, 2, 2.5),
    "d.part": (0, 0.1, 0.25, 0.5, 1),
    "e.size": ("big", "mid", "tiny"),
    "f.code": ("x", "y", "z"),
    "g.day": ("2024-01-01", "2024-01-02", "2024-01-03"),
    "h.loss_cny": (-2, -1, 0, 1),
}
ORDERED = ("b.count", "c.sum_cny", "d.part", "g.day", "h.loss_cny")


def register() -> FactRegister:
    found, faults = read_register(REGISTER_TEXT)
    assert not faults
    return found


def policy_of(conditions: list[Any], **more: Any) -> Policy:
    """Return a policy with these conditions, through the reader like any other."""
    import json

    benefit = {"kind": "procedure", "measure": "none", **more}
    entry = {"id": "p", "valid_from": "2024-01-01", "valid_to": None, "conditions": conditions, "benefit": benefit}
    return read_policies(json.dumps({"policies": [entry]}), register()).sound().policies["p"]


@st.composite
def leaves(draw: st.DrawFn, facts: tuple[str, ...] = tuple(VALUES)) -> dict[str, Any]:
    fact = draw(st.sampled_from(facts))
    values = VALUES[fact]
    ops = ["eq"]
    if fact != "a.flag":
        ops += ["in", "not_in"]
    if fact in ORDERED:
        ops += ["gt", "ge", "lt", "le", "between"]
    op = draw(st.sampled_from(ops))
    if op in ("in", "not_in"):
        value: Any = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3))
    elif op == "between":
        value = sorted(draw(st.tuples(st.sampled_from(values), st.sampled_from(values))))
    else:
        value = draw(st.sampled_from(values))
    return {"fact": fact, "op": op, "value": value}


def trees(facts: tuple[str, ...] = tuple(VALUES), most: int = 8) -> st.SearchStrategy[list[Any]]:
    """Draw the list of conditions of a policy."""
    inner = st.recursive(
        leaves(facts),
        lambda child: st.builds(
            lambda kind, items: {kind: items}, st.sampled_from(("all", "any")), st.lists(child, min_size=1, max_size=3)
        ),
        max_leaves=most,
    )
    return st.lists(inner, min_size=1, max_size=3)


def firms(facts: tuple[str, ...] = tuple(VALUES)) -> st.SearchStrategy[dict[str, Any]]:
    """Draw what is given of a firm; None is unknown."""
    return st.fixed_dictionaries({fact: st.sampled_from((None, *VALUES[fact])) for fact in facts})


def plain_truth(node: Any, facts: Mapping[str, Any]) -> str:
    """Return the truth of a node as the format tells it, in words: true, false, unknown."""
    if isinstance(node, list):
        return plain_truth({"all": node}, facts)
    if "fact" in node:
        given, value = facts.get(node["fact"]), node["value"]
        if given is None:
            return "unknown"
        if node["op"] == "between":
            return "true" if value[0] <= given <= value[1] else "false"
        found = {
            "eq": lambda: given == value,
            "gt": lambda: given > value,
            "ge": lambda: given >= value,
            "lt": lambda: given < value,
            "le": lambda: given <= value,
            "in": lambda: given in value,
            "not_in": lambda: given not in value,
        }[node["op"]]()
        return "true" if found else "false"
    kind = "all" if "all" in node else "any"
    inside = [plain_truth(item, facts) for item in node[kind]]
    for word in ("false", "unknown", "true") if kind == "all" else ("true", "unknown", "false"):
        if word in inside:
            return word
    raise AssertionError(node)


def plain_missing(node: Any, facts: Mapping[str, Any]) -> set[str]:
    """Start at the root, go down only into children whose value is unknown, and collect the facts of the leaves."""
    if isinstance(node, list):
        return plain_missing({"all": node}, facts)
    if plain_truth(node, facts) != "unknown":
        return set()
    if "fact" in node:
        return {node["fact"]}
    return set().union(*(plain_missing(item, facts) for item in node.get("all", node.get("any"))))
