"""Many firms: the same decisions as one by one, and a bad firm does not stop the others."""

from __future__ import annotations

import time
from datetime import date

import pytest
from benchmarks.drivers import eligibility as bench
from benchmarks.models.firms import firms

from bridgehead.engines.eligibility.assessment import assess
from bridgehead.engines.eligibility.sweep import sweep
from tests.engines.eligibility.worked import register, shipped

DAY = date(2025, 6, 30)


def test_a_sweep_decides_as_one_by_one():
    several = list(firms(shipped(), 30, seed=9))
    for (firm, profile), result in zip(several, sweep(shipped(), several, DAY, register()), strict=True):
        assert result.firm == firm
        assert not result.faults
        typed = register().typed(profile).values
        for rule, decision in zip(shipped(), result.decisions, strict=True):
            answer = assess(rule, typed, DAY)
            one = (answer.policy, answer.verdict, answer.missing, answer.missing_for_amount, answer.amount)
            told = (decision.policy, decision.verdict, decision.missing, decision.missing_for_amount, decision.amount)
            assert told == one


def test_a_bad_firm_is_reported_and_the_others_go_on():
    loan = {"enterprise.size": "small", "hire.new_share_of_staff": 0.2, "loan.requested_cny": 5}
    order = {
        "order.value_cny": 100,
        "buyer.year_total_after_order_cny": 100,
        "goods.in_cbec_positive_list": True,
        "goods.consumption_tax_rate": 1,
        "goods.vat_rate": 0.13,
    }
    asked = [("a", {"turnover": 5}), ("b", loan), ("c", {"staff.total": -1}), ("d", loan | order), ("e", loan)]
    found = {result.firm: result for result in sweep(shipped(), asked, DAY, register())}
    assert list(found) == ["a", "b", "c", "d", "e"]
    assert [fault.code for fault in found["a"].faults] == ["case.unknown_fact"]
    assert [fault.code for fault in found["c"].faults] == ["case.wrong_value"]
    assert not found["a"].decisions
    (zero,) = found["d"].faults
    assert zero.code == "eligibility.division_by_zero"
    assert zero.parameters["case"] == "d"
    assert zero.parameters["policy"] == "cn-cbec-import-within-limit"
    assert len(found["d"].decisions) == len(shipped()) - 1
    for firm in ("b", "e"):
        by_policy = {one.policy: one for one in found[firm].decisions}
        assert by_policy["cn-startup-loan"].amount_text == "5.00"


def test_the_sweep_and_the_peer_agree():
    figures = bench.sweeping(60)
    assert figures["bad firms"] == "0"
    assert float(figures["amounts each"]) > 1


@pytest.mark.slow
def test_twenty_thousand_firms_take_less_than_a_minute():
    several = list(firms(shipped(), 20_000))
    begin = time.perf_counter()
    count = sum(len(result.decisions) for result in sweep(shipped(), several, DAY, register()))
    assert count == 20_000 * 58
    assert time.perf_counter() - begin < 60
