"""Invented firms of a border region with all that policies may ask: for measuring, not for judging policies.

Most are small: three quarters are small-scale taxpayers, half have at most fifteen people, one in five makes a loss,
one in four works in an encouraged industry, one in twelve trades in an e-commerce zone, one in fifty is certified by
customs. These shares are assumptions of ours, set before anything was measured, and not fitted to any figure. What a
rule asks of a lot, an order, a project or a person is drawn at random around its thresholds.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from bridgehead.engines.eligibility.facts import FactRegister
from bridgehead.engines.eligibility.policies import PolicySet

Profile = dict[str, Any]


def firms(policies: PolicySet, count: int, seed: int = 1) -> Iterator[tuple[str, Profile]]:
    """Give firms with a value for every declared fact, as they might be read from a file.

    Parameters
    ----------
    policies : PolicySet
        Their thresholds are where the facts of lots, orders and projects are drawn.
    count : int
        How many firms.
    seed : int
        Another one gives other firms; the same one the same.
    """
    rnd = random.Random(seed)
    thresholds: dict[str, list[Any]] = {}
    for policy in policies:
        for _, leaf in policy.leaves():
            thresholds.setdefault(leaf.fact, []).extend(leaf.thresholds)
    for number in range(count):
        yield f"firm-{number + 1}", _around(rnd, policies.facts, thresholds) | _enterprise(rnd)


def _around(rnd: random.Random, register: FactRegister, thresholds: Mapping[str, list[Any]]) -> Profile:
    """Return facts drawn around the thresholds that rules name for them."""
    profile: Profile = {}
    for fact in register.facts.values():
        kind, near = fact.type.kind, thresholds.get(fact.id)
        if kind == "bool":
            profile[fact.id] = rnd.random() < 0.5
        elif kind == "enum":
            profile[fact.id] = rnd.choice(fact.type.options)
        elif kind == "text":
            profile[fact.id] = rnd.choice([*map(str, near or ()), "elsewhere"])
        else:
            middle = float(rnd.choice(near)) if near else 1000.0 if kind != "share" else 0.1
            value = middle * rnd.choice((0.5, 0.9, 1.0, 1.1, 2.0))
            whole = round(value) if kind == "int" else round(value, 4)
            profile[fact.id] = min(whole, 1.0) if kind == "share" else whole
    return profile


def _enterprise(rnd: random.Random) -> Profile:
    """Return the facts of the firm itself; those that hang together are drawn together."""
    kinds = ("company", "individual_business", "foreign_invested", "ecommerce_platform", "other")
    kind = rnd.choices(kinds, (70, 18, 4, 2, 6))[0]
    staff = max(1, round(_lognormal(rnd, 15, 1.2)))
    income = round(_lognormal(rnd, 200_000, 1.5), 2) * (-1 if rnd.random() < 0.2 else 1)
    assets = round(_lognormal(rnd, 4_000_000, 1.5), 2)
    restricted, small_scale = rnd.random() < 0.03, rnd.random() < 0.75
    in_zone, hires, carrier = rnd.random() < 0.08, rnd.random() < 0.1, rnd.random() < 0.08
    encouraged = rnd.random() < 0.25
    size = "micro" if staff < 10 else "small" if staff < 50 else "medium" if staff < 300 else "large"
    return {
        "enterprise.kind": kind,
        "enterprise.size": size,
        "enterprise.small_low_profit": not restricted and income <= 3e6 and staff <= 300 and assets <= 5e7,
        "enterprise.registered_in_cbec_zone": in_zone,
        "vat.taxpayer_kind": "small_scale" if small_scale else "general",
        "vat.filing_period": rnd.choices(("quarter", "month", "per_transaction"), (70, 25, 5))[0],
        "vat.period_sales_cny": round(_lognormal(rnd, 180_000, 1.0), 2),
        "vat.levy_rate": rnd.choices((0.03, 0.05), (80, 20))[0],
        "industry.restricted_or_prohibited": restricted,
        "cit.taxable_income_cny": income,
        "staff.average": staff,
        "staff.total": staff,
        "staff.insured": round(staff * rnd.uniform(0.5, 1.0)),
        "staff.layoff_rate": 0 if rnd.random() < 0.6 else round(rnd.uniform(0, 0.3), 3),
        "assets.average_cny": assets,
        "location.western_region": True,
        "industry.encouraged_west": encouraged,
        "revenue.encouraged_share": round(rnd.betavariate(4, 1.5) if encouraged else rnd.betavariate(1, 8), 3),
        "export.platform_record_complete": in_zone and rnd.random() < 0.8,
        "export.declared_via_zone_customs": in_zone and rnd.random() < 0.8,
        "export.has_valid_purchase_invoice": rnd.random() < 0.6,
        "export.enjoys_no_invoice_exemption": in_zone and rnd.random() < 0.4,
        "ui.months_paid": 0 if rnd.random() < 0.2 else rnd.randint(1, 120),
        "hire.is_key_group": hires,
        "hire.contract_months": rnd.choice((6, 12, 12, 24, 36)),
        "hire.social_insurance_paid": rnd.random() < 0.8,
        "hire.new_share_of_staff": round(rnd.betavariate(1, 6), 3),
        "export_refund.class": rnd.choices((1, 2, 3, 4), (5, 25, 65, 5))[0],
        "service.kind": "international_transport" if carrier else "other",
        "service.has_transport_qualification": carrier and rnd.random() < 0.6,
        "customs.credit_level": rnd.choices(("advanced_certified", "other", "discredited"), (2, 95, 3))[0],
    }


def _lognormal(rnd: random.Random, median: float, spread: float) -> float:
    return math.exp(rnd.gauss(math.log(median), spread))


def plain_facts(profile: Profile) -> dict[str, Any]:
    """Return a profile as the plain evaluator wants it: numbers as decimals."""
    return {
        fact: Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value
        for fact, value in profile.items()
    }
