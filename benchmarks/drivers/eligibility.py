"""Many firms against many policies, and how many questions settle a firm, beside what one would write in an afternoon.

The peer of the sweep is a function that walks the conditions as they were read from YAML and says yes, no or unknown;
it checks nothing of what is given, names no missing fact and works no amount out. The peers of the questions are a
form with every fact, and the facts in the order of the file, without those of policies already settled.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from benchmarks.models.firms import Profile, firms, plain_facts
from benchmarks.registry import Figures, Subject
from bridgehead.engines.eligibility.facts import FactRegister
from bridgehead.engines.eligibility.policies import Policy, PolicySet
from bridgehead.engines.eligibility.questions import next_question, next_topic, open_policies
from bridgehead.engines.eligibility.reading import POLICIES_FILE
from bridgehead.engines.eligibility.sweep import sweep
from bridgehead.regions.load import SHIPPED_REGION
from bridgehead.regions.policies import read_policies_file

DAY = date(2025, 6, 30)
"""A day of the last year in which most of the shipped policies of today are in force."""

FEW = 12


@cache
def policies() -> PolicySet:
    """Return the policies of the shipped region."""
    return read_policies_file(SHIPPED_REGION / POLICIES_FILE).sound()


def sweeping(count: int) -> Figures:
    """Decide every policy for so many firms, with amounts; refuse to report when the peer finds another verdict."""
    rules, several = policies(), list(firms(policies(), count))
    written = yaml.safe_load((SHIPPED_REGION / POLICIES_FILE).read_text(encoding="utf-8"))["policies"]
    conditions = {one["id"]: ("all", one["conditions"]) for one in written}
    begin = time.perf_counter()
    found = list(sweep(rules, several, DAY, rules.facts))
    ours = time.perf_counter() - begin
    typed = [plain_facts(profile) for _, profile in several]
    begin = time.perf_counter()
    plain = [[_walk(conditions[policy.id], facts) for policy in rules if policy.in_force(DAY)] for facts in typed]
    peer = time.perf_counter() - begin
    words = {"eligible": True, "not_eligible": False, "unknown": None}
    for result, verdicts in zip(found, plain, strict=True):
        told = [words[one.verdict] for one in result.decisions if one.verdict in words]
        if not result.faults and told != verdicts:
            raise AssertionError(f"{result.firm}: {told} and {verdicts}")
    amounts = sum(one.amount is not None for result in found for one in result.decisions)
    return {
        "firms": float(count),
        "policies": float(len(rules)),
        "bad firms": f"{sum(bool(result.faults) for result in found)}",
        "amounts each": amounts / count,
        "ours s": ours,
        "firms/min": count / ours * 60.0,
        "decisions/s": count * len(rules) / ours,
        "walking s": peer,
        "ours / walking": ours / peer,
    }


def _walk(node: Any, facts: Mapping[str, Any]) -> bool | None:
    """Evaluate conditions as they stand in YAML."""
    if isinstance(node, tuple) or "fact" not in node:
        kind, items = node if isinstance(node, tuple) else next(one for one in node.items() if one[0] != "note")
        found = [_walk(item, facts) for item in items]
        if kind == "all":
            return False if False in found else None if None in found else True
        return True if True in found else None if None in found else False
    given, value = facts.get(node["fact"]), node["value"]
    if given is None:
        return None
    several = [_decimal(one) for one in (value if isinstance(value, list) else [value])]
    match node["op"]:
        case "eq" | "in":
            return given in several
        case "not_in":
            return given not in several
        case "ge":
            return bool(given >= several[0])
        case "gt":
            return bool(given > several[0])
        case "le":
            return bool(given <= several[0])
        case "lt":
            return bool(given < several[0])
        case _:
            return bool(several[0] <= given <= several[1])


def _decimal(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def asking(count: int) -> Figures:
    """Settle so many firms over the national policies for enterprises in force, by three orders of questions."""
    rules = policies().chosen({"national"}, {"enterprise"})
    in_force = [policy for policy in rules if policy.in_force(DAY)]
    asked, plain, screens, early, early_plain = [], [], [], [], []
    for _, profile in firms(policies(), count, seed=2):
        order, by_file = (one(in_force, profile, policies().facts) for one in (questions_asked, file_order))
        asked.append(len(order))
        plain.append(len(by_file))
        screens.append(len(topics_asked(in_force, profile, policies().facts)))
        early.append(settled(in_force, profile, order[:FEW]))
        early_plain.append(settled(in_force, profile, by_file[:FEW]))
    form = {leaf.fact for policy in in_force for _, leaf in policy.leaves()}
    return {
        "firms": float(count),
        "policies in force": float(len(in_force)),
        "facts": statistics.median(asked),
        "facts, 90 in 100": ninetieth(asked),
        "facts by file": statistics.median(plain),
        "facts of a form": float(len(form)),
        "screens": statistics.median(screens),
        "screens, 90 in 100": ninetieth(screens),
        f"settled by {FEW}": statistics.median(early),
        f"settled by {FEW} by file": statistics.median(early_plain),
    }


def questions_asked(rules: Sequence[Policy], profile: Profile, register: FactRegister) -> list[str]:
    """Return the facts asked for until every policy is settled, in our order."""
    asked: list[str] = []
    known: dict[str, Any] = {}
    while (question := next_question(rules, known, DAY, register)) is not None:
        asked.append(question.fact)
        known = dict(register.typed({fact: profile[fact] for fact in asked}).values)
    return asked


def topics_asked(rules: Sequence[Policy], profile: Profile, register: FactRegister) -> list[tuple[str, ...]]:
    """Return the facts of each screen until every policy is settled, those of one thing asked together."""
    screens: list[tuple[str, ...]] = []
    known: dict[str, Any] = {}
    while together := next_topic(rules, known, DAY, register):
        screens.append(tuple(one.fact for one in together))
        known = dict(register.typed({fact: profile[fact] for screen in screens for fact in screen}).values)
    return screens


def settled(rules: Sequence[Policy], profile: Profile, asked: Sequence[str]) -> int:
    """Return how many policies the first answers settle."""
    known = policies().facts.typed({fact: profile[fact] for fact in asked}).values
    return len(rules) - len(open_policies(rules, known, DAY))


def file_order(rules: Sequence[Policy], profile: Profile, register: FactRegister) -> list[str]:
    """Return the facts asked for by somebody who goes through the file and skips what is settled or known."""
    asked: list[str] = []
    known: dict[str, Any] = {}
    while still := open_policies(rules, known, DAY):
        missing = still[0].conditions.missing(known)
        asked.append(next(leaf.fact for _, leaf in still[0].leaves() if leaf.fact in missing))
        known = dict(register.typed({fact: profile[fact] for fact in asked}).values)
    return asked


def ninetieth(values: Sequence[int]) -> float:
    """Return the value that nine in ten do not exceed."""
    return float(sorted(values)[-(-len(values) * 9 // 10) - 1])


SUBJECTS = (
    Subject("policy-sweep", "all policies for many firms with amounts, one core", (2_000, 20_000), (50,), sweeping),
    Subject("policy-questions", "questions until every national policy is settled", (2_000,), (30,), asking),
)
