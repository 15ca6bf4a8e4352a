"""Conditions against the rules of the format written down a second time, and the laws of three-valued logic."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.eligibility.assessment import Verdict, assess, decide
from bridgehead.engines.eligibility.explanation import ConditionLine
from bridgehead.engines.eligibility.nearest import nearest_change
from tests.engines.eligibility.drawn import VALUES, firms, plain_missing, plain_truth, policy_of, register, trees

DAY = date(2024, 6, 1)
VERDICTS = {"true": "eligible", "false": "not_eligible", "unknown": "unknown"}


def decided(conditions, firm):
    return decide(policy_of(conditions), register().typed(firm).values, DAY)


@given(trees(), firms())
def test_verdict_and_missing_are_those_of_the_rule(conditions, firm):
    found = decided(conditions, firm)
    assert found.verdict == VERDICTS[plain_truth(conditions, firm)]
    assert list(found.missing) == sorted(plain_missing(conditions, firm))


@given(trees(), firms(), st.data())
def test_filling_in_what_is_unknown_never_overturns_a_verdict(conditions, firm, data):
    before = decided(conditions, firm)
    unknown = [fact for fact, value in firm.items() if value is None]
    if not unknown:
        return
    fact = data.draw(st.sampled_from(unknown))
    after = decided(conditions, {**firm, fact: data.draw(st.sampled_from(VALUES[fact]))})
    if before.verdict is not Verdict.UNKNOWN:
        assert after.verdict is before.verdict
    elif fact not in before.missing:
        assert (after.verdict, after.missing) == (before.verdict, before.missing)


@given(trees(), firms(), st.data())
def test_what_is_missing_is_enough(conditions, firm, data):
    found = decided(conditions, firm)
    filled = {**firm, **{fact: data.draw(st.sampled_from(VALUES[fact])) for fact in found.missing}}
    assert decided(conditions, filled).verdict is not Verdict.UNKNOWN


@given(trees(), firms())
def test_every_leaf_has_its_line_in_the_order_of_the_file(conditions, firm):
    def leaves(node, at):
        for number, item in enumerate(node):
            here = f"{at}[{number}]"
            if "fact" in item:
                yield here, item
            else:
                ((kind, inside),) = item.items()
                yield from leaves(inside, f"{here}.{kind}")

    answer = assess(policy_of(conditions), register().typed(firm).values, DAY)
    expected = list(leaves(conditions, "conditions"))
    assert len(answer.explanation) == len(expected)
    for line, (path, leaf) in zip(answer.explanation, expected, strict=True):
        told = line.as_json()
        assert isinstance(line, ConditionLine)
        assert (told["path"], told["fact"], told["op"]) == (path, leaf["fact"], leaf["op"])
        assert told["threshold"] == leaf["value"]
        assert told["given"] == firm[leaf["fact"]]
        assert told["result"] == plain_truth(leaf, firm)
        numbers = isinstance(leaf["value"], int | float) and not isinstance(leaf["value"], bool)
        if numbers and firm[leaf["fact"]] is not None:
            assert told["margin"] == pytest.approx(firm[leaf["fact"]] - leaf["value"])
        elif leaf["op"] != "between":
            assert told["margin"] is None


@pytest.mark.parametrize(
    ("threshold", "given_value", "margin"),
    [(300, 301, 1), (300, 120, -180), (0.1, 0.3, 0.2), (1, 1, 0), (0.30000000000000004, 0.3, -4e-17)],
)
def test_margins_are_exact(threshold, given_value, margin):
    policy = policy_of([{"fact": "c.sum_cny", "op": "le", "value": threshold}])
    answer = assess(policy, register().typed({"c.sum_cny": given_value}).values, DAY)
    assert answer.explanation[0].as_json()["margin"] == margin


@pytest.mark.parametrize(("given_value", "margin"), [(1, -1), (2, 0), (2.5, 0.5), (5, 0), (6, 1)])
def test_the_margin_of_between_is_that_to_the_nearer_end(given_value, margin):
    policy = policy_of([{"fact": "c.sum_cny", "op": "between", "value": [2, 5]}])
    answer = assess(policy, register().typed({"c.sum_cny": given_value}).values, DAY)
    assert answer.explanation[0].as_json()["margin"] == margin


# The nearest change.

FEW = ("a.flag", "b.count", "e.size")


def smallest_by_trying(conditions, firm, facts):
    """Return the fewest facts to change, by trying every firm there can be."""
    from itertools import product

    least = None
    # 1.5 and the like stand between the thresholds that are drawn; there are none of whole numbers.
    for values in product(*((None, *VALUES[fact], *((5,) if fact == "b.count" else ())) for fact in facts)):
        other = dict(zip(facts, values, strict=True))
        if plain_truth(conditions, other) == "true":
            changed = sum(other[fact] != firm[fact] for fact in facts if other[fact] is not None)
            kept = all(other[fact] is not None or firm[fact] is None for fact in facts)
            if kept and (least is None or changed < least):
                least = changed
    return least


@settings(max_examples=150)
@given(trees(FEW, most=6), firms(FEW))
def test_no_smaller_change_would_do(conditions, firm):
    found = nearest_change(policy_of(conditions), register().typed(firm).values, register())
    least = smallest_by_trying(conditions, firm, FEW)
    assert (None if found is None else len(found)) == least


@given(trees(), firms())
def test_the_change_makes_it_fit(conditions, firm):
    policy, facts = policy_of(conditions), register().typed(firm).values
    found = nearest_change(policy, facts, register())
    if found is None:
        return
    for change in found:
        assert change.given == facts.get(change.fact)
        assert change.needed != change.given
        assert register().facts[change.fact].type.value(change.needed) == change.needed
        assert change.conditions
        assert all(leaf.holds(change.needed) for leaf in change.conditions)
    changed = {**facts, **{change.fact: change.needed for change in found}}
    assert policy.conditions.truth(changed) is True
    if policy.conditions.truth(facts):
        assert found == ()


def change_of(conditions, **firm):
    typed = register().typed({name.replace("_", ".", 1): value for name, value in firm.items()}).values
    found = nearest_change(policy_of(conditions), typed, register())
    return None if found is None else {change.fact: change.needed for change in found}


def test_a_change_of_what_nobody_told_is_to_what_the_policy_writes():
    assert change_of([{"fact": "b.count", "op": "ge", "value": 3}]) == {"b.count": 3}
    assert change_of([{"fact": "b.count", "op": "le", "value": 7}]) == {"b.count": 7}


def test_one_value_must_satisfy_all_conditions_on_its_fact():
    ends = [{"fact": "b.count", "op": "between", "value": [3, 5]}]
    assert change_of([*ends, {"fact": "b.count", "op": "eq", "value": 6}], b_count=1) is None
    assert change_of([*ends, {"fact": "b.count", "op": "gt", "value": 4}], b_count=1) == {"b.count": 5}
    assert change_of(ends, b_count=9) == {"b.count": 5}
    assert change_of(ends, b_count=1) == {"b.count": 3}
    narrow = [{"fact": "c.sum_cny", "op": "gt", "value": 2}, {"fact": "c.sum_cny", "op": "lt", "value": 2.005}]
    (needed,) = change_of(narrow, c_sum_cny=0).values()
    assert 2 < needed < 2.005


def test_one_change_is_taken_where_two_would_do_as_well():
    either = {
        "any": [
            {"all": [{"fact": "a.flag", "op": "eq", "value": True}, {"fact": "b.count", "op": "ge", "value": 2}]},
            {"fact": "e.size", "op": "eq", "value": "tiny"},
        ]
    }
    assert change_of([either], a_flag=False, b_count=0, e_size="big") == {"e.size": "tiny"}
    assert change_of([either], a_flag=True, b_count=0, e_size="big") == {"b.count": 2}
    assert change_of([either], a_flag=True, b_count=2) == {}


def test_a_tangled_tree_is_given_up_with_an_error():
    import random

    from bridgehead.kernel.errors import BridgeheadError

    rnd = random.Random(5)
    facts = "fact,types\n" + "".join(f"x.n{number},bool\n" for number in range(30))
    from bridgehead.engines.eligibility.facts import read_register
    from bridgehead.engines.eligibility.reading import read_policies

    tangle, _ = read_register(facts)
    clauses = [
        {"any": [{"fact": f"x.n{rnd.randrange(30)}", "op": "eq", "value": rnd.random() < 0.5} for _ in range(3)]}
        for _ in range(150)
    ]
    import json

    entry = {"id": "p", "valid_from": "2024-01-01", "valid_to": None, "conditions": clauses}
    entry["benefit"] = {"kind": "procedure", "measure": "none"}
    policy = read_policies(json.dumps({"policies": [entry]}), tangle).sound().policies["p"]
    with pytest.raises(BridgeheadError) as caught:
        nearest_change(policy, {}, tangle)
    assert caught.value.code == "eligibility.change_not_found"
