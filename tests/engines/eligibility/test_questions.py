"""The next question, and what a firm is asked until every policy is settled."""

from __future__ import annotations

from datetime import date

import pytest
from benchmarks.drivers import eligibility as bench
from benchmarks.models.firms import firms
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.eligibility.facts import FactType
from bridgehead.engines.eligibility.policies import Leaf, Op
from bridgehead.engines.eligibility.questions import next_question, next_topic, open_policies, questions
from bridgehead.engines.eligibility.values import representatives
from tests.engines.eligibility import drawn
from tests.engines.eligibility.worked import register, shipped

DAY = date(2024, 6, 1)


def rules(*trees):
    return [drawn.policy_of(tree) for tree in trees]


def test_the_fact_that_settles_most_is_asked_first():
    one = [{"fact": "a.flag", "op": "eq", "value": True}]
    two = [{"fact": "e.size", "op": "eq", "value": "big"}, {"fact": "b.count", "op": "le", "value": 3}]
    three = [{"fact": "e.size", "op": "eq", "value": "tiny"}, {"fact": "b.count", "op": "le", "value": 3}]
    ranked = questions(rules(one, two, three), {}, DAY, drawn.register())
    # Two of three sizes settle each of two policies. A yes or no settles the first for certain, a number the other two
    # in half of all answers, and where it does not, it brings them nearer.
    assert [(q.fact, round(q.settled, 3)) for q in ranked] == [("e.size", 1.333), ("b.count", 1.0), ("a.flag", 1.0)]
    assert ranked[0].policies == ("p", "p")


def test_of_those_that_settle_as_much_the_one_that_brings_a_policy_nearer_is_asked_first():
    three = [
        {"fact": "a.flag", "op": "eq", "value": True},
        {"fact": "b.count", "op": "ge", "value": 3},
        {"fact": "c.sum_cny", "op": "ge", "value": 2},
    ]
    two = [{"fact": "d.part", "op": "ge", "value": 0.5}, {"fact": "h.loss_cny", "op": "ge", "value": 0}]
    ranked = questions(rules(three, two), {}, DAY, drawn.register())
    # Each settles its policy in half of all answers; in the other half one of two is left, or two of three.
    assert [q.settled for q in ranked] == [0.5] * 5
    assert [q.fact for q in ranked] == ["d.part", "h.loss_cny", "a.flag", "b.count", "c.sum_cny"]


def test_nothing_is_asked_that_cannot_change_a_verdict():
    tree = [{"fact": "a.flag", "op": "eq", "value": True}, {"fact": "b.count", "op": "le", "value": 3}]
    assert next_question(rules(tree), {"a.flag": False}, DAY, drawn.register()) is None
    assert next_question(rules(tree), {}, date(2020, 1, 1), drawn.register()) is None
    assert next_topic(rules(tree), {"a.flag": False}, DAY, drawn.register()) == ()
    known = drawn.register().typed({"a.flag": True}).values
    assert next_question(rules(tree), known, DAY, drawn.register()).fact == "b.count"


@given(st.lists(drawn.trees(most=5), min_size=1, max_size=4), drawn.firms())
def test_questions_end_when_all_is_settled_and_none_comes_twice(trees, firm):
    several, known, asked = rules(*trees), {}, []
    full = {fact: value if value is not None else drawn.VALUES[fact][0] for fact, value in firm.items()}
    while (question := next_question(several, known, DAY, drawn.register())) is not None:
        assert question.fact not in asked
        assert 0 <= question.settled <= len(several)
        asked.append(question.fact)
        known = drawn.register().typed({fact: full[fact] for fact in asked}).values
    assert not open_policies(several, known, DAY)


@pytest.mark.article(51)
def test_a_firm_gets_its_answers_from_what_it_is_asked():
    in_force = [rule for rule in shipped().chosen({"national"}, {"enterprise"}) if rule.in_force(bench.DAY)]
    assert len(in_force) == 13
    for _, profile in firms(shipped(), 20, seed=5):
        asked = bench.questions_asked(in_force, profile, register())
        known = register().typed({fact: profile[fact] for fact in asked}).values
        everything = register().typed(profile).values
        for rule in in_force:
            assert rule.conditions.truth(known) == rule.conditions.truth(everything) is not None


def test_fifteen_national_policies_are_for_enterprises():
    assert len(shipped().chosen({"national"}, {"enterprise"})) == 15


def test_a_typical_firm_is_settled_within_twelve_screens_and_most_of_it_within_twelve_facts():
    figures = bench.asking(40)
    assert figures["screens"] <= 12
    assert figures["settled by 12"] > figures["settled by 12 by file"]
    assert figures["facts"] <= figures["facts by file"]


@given(drawn.trees(("b.count", "c.sum_cny", "d.part", "e.size", "f.code", "g.day", "h.loss_cny"), most=6), st.data())
def test_representatives_stand_for_every_value(tree, data):
    """Whatever value one draws, one of the representatives comes out alike in all conditions."""
    policy = drawn.policy_of(tree)
    fact = data.draw(st.sampled_from(sorted(policy.condition_facts)))
    leaves = [leaf for _, leaf in policy.leaves() if leaf.fact == fact]
    type = drawn.register().facts[fact].type
    found = representatives(type, leaves)
    assert all(type.value(value) == value for value in found)
    outcomes = {tuple(leaf.holds(value) for leaf in leaves) for value in found}
    draws = {
        "int": st.integers(0, 9),
        "money": st.decimals(0, 9, places=3),
        "share": st.decimals(0, 1, places=3),
        "money_signed": st.decimals(-9, 9, places=3),
        "enum": st.sampled_from(type.options or ("x",)),
        "text": st.text(min_size=1, max_size=2),
        "date": st.dates(date(2023, 12, 1), date(2024, 2, 1)),
    }
    value = type.value(data.draw(draws[type.kind]))
    assert tuple(leaf.holds(value) for leaf in leaves) in outcomes


def test_representatives_keep_within_the_type_at_its_ends():
    share = FactType("share")
    assert max(representatives(share, [Leaf("a.b", Op.GT, share.value(0.995))])) > 0.995
    assert representatives(FactType("int"), [Leaf("a.b", Op.LE, FactType("int").value(0))]) == (0, 1)
    first = FactType("date").value("0001-01-01")
    assert len(representatives(FactType("date"), [Leaf("a.b", Op.LE, first)])) == 2
