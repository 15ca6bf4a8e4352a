"""The hand-made cases of every policy, put as questions with their answers, and the shipped policies they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bridgehead.engines.eligibility.facts import FACTS_FILE, FactRegister, read_register
from bridgehead.engines.eligibility.policies import PolicySet
from bridgehead.engines.eligibility.reading import POLICIES_FILE, read_policies
from bridgehead.regions.load import SHIPPED_REGION

CASES = Path(__file__).parents[2] / "cases" / "eligibility"


@dataclass(frozen=True)
class Worked:
    """One question with the answer a person worked out."""

    policy: str
    as_of: date
    facts: Mapping[str, object]
    verdict: str
    missing: tuple[str, ...] = ()
    missing_for_amount: tuple[str, ...] = ()
    amount: str | None = None


@cache
def register() -> FactRegister:
    found, faults = read_register((SHIPPED_REGION / FACTS_FILE).read_text(encoding="utf-8"))
    assert not faults
    return found


@cache
def shipped() -> PolicySet:
    return read_policies((SHIPPED_REGION / POLICIES_FILE).read_text(encoding="utf-8"), register()).sound()


@cache
def entries() -> Mapping[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(CASES.glob("*.yaml")):
        for policy, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            assert policy not in found, policy
            found[policy] = entry
    return found


def worked(policy: str) -> Iterator[Worked]:
    """Go through the questions of one entry, in the order of its keys."""
    entry = entries()[policy]
    before, first, between, last, after = entry["days"]
    amount = None if entry["amount"] == "none" else entry["amount"]

    def put(given: Mapping[str, object], verdict: str, as_of: date = between, **answer: Any) -> Worked:
        return Worked(policy, as_of, {**entry["fits"], **given}, verdict, **answer)

    for day in filter(None, (first, between, last)):
        yield put({}, "eligible", day, amount=amount)
    nothing = dict.fromkeys(entry["fits"])
    yield from (put(given, "not_yet", before) for given in ({}, nothing, *entry["not"]))
    if after:
        yield from (put(given, "expired", after) for given in ({}, nothing, *entry["not"]))
    for given in entry.get("still", ()):
        yield put(given, "eligible", amount=amount)
    for given in entry["not"]:
        yield put(given, "not_eligible")
    for fact in entry["ask"]:
        yield put({fact: None}, "unknown", missing=(fact,))
    for one in entry.get("open", ()):
        yield put(one["given"], "unknown", missing=tuple(one["missing"]))
    for one in entry.get("amounts", ()):
        answer = {"missing_for_amount": tuple(one["without"])} if "without" in one else {"amount": one["amount"]}
        yield put(one["given"], "eligible", **answer)


def all_worked() -> Iterator[Worked]:
    for policy in entries():
        yield from worked(policy)
