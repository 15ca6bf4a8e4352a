"""Every policy of the region against cases worked out by hand, and the example cases that come with the format."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from bridgehead.engines.eligibility.assessment import assess
from bridgehead.engines.eligibility.cases import answer_cases, read_cases
from bridgehead.engines.eligibility.facts import NUMERIC
from bridgehead.engines.eligibility.policies import Op
from bridgehead.engines.eligibility.reading import read_policies
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.eligibility.worked import all_worked, entries, register, shipped, worked

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
EXAMPLES = SHARED / "bench" / "policy_cases.yaml"
FACTS_FOLDER = SHARED / "facts" / "desk"


def test_every_policy_has_cases():
    assert set(entries()) == set(shipped().policies)
    assert len(shipped()) == 58


@pytest.mark.article(76)
@pytest.mark.parametrize("policy", sorted(entries()))
def test_a_policy_is_decided_as_by_hand(policy):
    for case in worked(policy):
        typed = register().typed(case.facts)
        assert not typed.faults, case
        answer = assess(shipped().policies[policy], typed.values, case.as_of)
        told = (answer.verdict, answer.missing, answer.missing_for_amount, answer.amount_text)
        assert told == (case.verdict, case.missing, case.missing_for_amount, case.amount), case


def test_a_rate_of_one_divides_by_zero():
    for policy, entry in entries().items():
        if "divides_by_zero" in entry:
            typed = register().typed({**entry["fits"], **entry["divides_by_zero"]})
            with pytest.raises(BridgeheadError) as caught:
                assess(shipped().policies[policy], typed.values, entry["days"][2])
            assert caught.value.code == "eligibility.division_by_zero"
            assert caught.value.parameters["policy"] == policy


@pytest.mark.parametrize("policy", sorted(entries()))
def test_the_cases_stand_on_both_sides_of_every_threshold_and_lack_every_fact(policy):
    """Without this a threshold that nobody tried could be wrong for years."""
    cases = [case for case in worked(policy) if case.verdict not in ("not_yet", "expired")]
    rule = shipped().policies[policy]
    for path, leaf in rule.leaves():
        given = [register().typed({leaf.fact: case.facts.get(leaf.fact)}).values.get(leaf.fact) for case in cases]
        known = [value for value in given if value is not None]
        assert {leaf.holds(value) for value in known} == {True, False}, path
        if register().facts[leaf.fact].type.kind in NUMERIC and leaf.op is not Op.IN:
            for threshold in leaf.thresholds:
                assert threshold in known, (path, "not tried at the threshold itself")
                close = max(Decimal(1), abs(threshold) * Decimal("0.02"))
                assert any(value != threshold and abs(value - threshold) <= close for value in known), path
    formula = rule.benefit.formula
    lacking = {fact for case in cases for fact in (*case.missing, *case.missing_for_amount)}
    assert lacking >= rule.condition_facts | (formula.facts if formula else set())


def test_the_first_and_the_last_day_count():
    day = timedelta(days=1)
    for rule in shipped():
        assert rule.in_force(rule.valid_from)
        assert not rule.in_force(rule.valid_from - day)
        if rule.valid_to is not None:
            assert rule.in_force(rule.valid_to)
            assert not rule.in_force(rule.valid_to + day)


def test_all_that_is_known_of_a_case_can_be_explained():
    for case in all_worked():
        answer = assess(shipped().policies[case.policy], register().typed(case.facts).values, case.as_of)
        rule = shipped().policies[case.policy]
        if answer.verdict in ("not_yet", "expired"):
            (line,) = answer.explanation
            assert line.day in (rule.valid_from, rule.valid_to)
            assert line.as_json()["date"] == line.day.isoformat()
        else:
            assert [(line.path, line.fact) for line in answer.conditions] == [
                (p, leaf.fact) for p, leaf in rule.leaves()
            ]


def test_the_example_cases_of_the_format():
    if not EXAMPLES.is_file():
        pytest.skip("the example cases are not beside the repository")
    text = EXAMPLES.read_text(encoding="utf-8")
    policies = read_policies((FACTS_FOLDER / "policies.yaml").read_text(encoding="utf-8"), register())
    cases, faults = read_cases(text, policies, "policy_cases.yaml")
    assert not faults
    answers, faults = answer_cases(cases, policies.sound())
    assert not faults
    expected = yaml.safe_load(text)
    assert len(answers) == len(expected) >= 12
    for answer, case, told in zip(answers, cases, expected, strict=True):
        assert case.id == told["id"]
        assert answer.verdict == told["expected"], told
        assert list(answer.missing) == told["missing"], told
        assert list(answer.missing_for_amount) == told["missing_for_amount"], told
        amount = None if told["amount_cny"] is None else Decimal(str(told["amount_cny"]))
        assert answer.amount == amount, told
