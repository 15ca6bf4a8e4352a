"""The rules of the library: the text of an edition as the engine reads it, and the facts of the region it may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from bridgehead.engines.eligibility.facts import FactRegister, Value
from bridgehead.engines.eligibility.policies import Policy
from bridgehead.engines.eligibility.reading import read_policies
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.region import current
from bridgehead.kernel.cells import CellFault, parse_decimal
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.hashing import content_hash

RULE = "rule"
"""How faults call the text of a rule; their line is that of the text."""
SCOPES = ("national", "inner-mongolia")
"""Whose rules may be published, in the words of the policies file; a rule of any other place is for reference."""
EVIDENCE = ("seen",)
"""On what a rule that is published may rest: figures that were read in the source it names."""
RECALLED, OTHER_REGION = "recalled", "other-region"
_HEAD = "policies:\n"
_TRANSLATED = "（译自英文，没有对照原文）"
"""Stands behind a number that is a translation of our own; whoever checks it against the document takes it away."""
_YES_NO = {"yes": True, "no": False}


def register() -> FactRegister:
    """Return the facts that the policies of the region may name."""
    return current().region.policies().facts


def read_rule(text: str) -> Policy:
    """Return the policy the text of an edition says.

    Raises
    ------
    BridgeheadError
        With everything that is wrong, each with its line in the text; ``policy.one_rule`` where it is not one policy.
    """
    found: Policy = current().remember(("desk.rule", content_hash(text)), lambda: _read(text))
    return found


def _read(text: str) -> Policy:
    # The text is one entry of a policies file: its first line stands behind the dash of a list.
    lines = text.splitlines() or [""]
    entry = "\n".join([f"- {lines[0]}", *(f"  {line}" for line in lines[1:])])
    reading = read_policies(_HEAD + entry + "\n", register(), RULE)
    if reading.faults:
        raise BridgeheadError.of([_placed(one) for one in reading.faults])
    policies = list(reading.policies)
    if len(policies) != 1:
        raise BridgeheadError("policy.one_rule", {"count": len(policies)}, Place(RULE))
    return policies[0]


def unfit_to_publish(rule: Policy) -> list[Fault]:
    """Return what keeps a rule from being checked and published: its scope or evidence, both free text in a rule."""
    faults = []
    if rule.evidence == RECALLED:
        faults.append(Fault("policy.only_recalled", {}, Place(field=RULE)))
    elif rule.evidence not in EVIDENCE:
        told = {"evidence": rule.evidence[:100], "allowed": ", ".join(EVIDENCE)}
        faults.append(Fault("policy.evidence_not_allowed", told, Place(field=RULE)))
    if rule.scope == OTHER_REGION:
        faults.append(Fault("policy.of_another_region", {}, Place(field=RULE)))
    elif rule.scope not in SCOPES:
        told = {"scope": rule.scope[:100], "allowed": ", ".join(SCOPES)}
        faults.append(Fault("policy.scope_not_allowed", told, Place(field=RULE)))
    return faults


def _placed(fault: Fault) -> Fault:
    row = fault.place.row
    return replace(fault, place=replace(fault.place, row=max(1, row - 1) if row else None))


@dataclass(frozen=True, slots=True)
class Shipped:
    """A policy of the region's own file: its code, rule and words, from when it holds, and the digest of all that."""

    code: str
    rule: str
    words: Mapping[str, Mapping[str, str]]
    holds_from: date
    sha256: str


def shipped() -> tuple[Shipped, ...]:
    """Return the policies of the region's own file, none where it has none."""
    found: tuple[Shipped, ...] = current().remember("desk.shipped", _shipped)
    return found


def _shipped() -> tuple[Shipped, ...]:
    text = current().region.policies_text
    if not text:
        return ()
    titles = {row.text("policy"): row for row in current().region.rows("policy_titles")}
    found = []
    for entry in yaml.safe_load(text)["policies"]:
        rule = yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, width=100)
        row = titles.get(entry["id"])
        words: dict[str, dict[str, str]] = {"title": {"zh": entry.get("title_zh", ""), "en": entry.get("title", "")}}
        if row is not None:
            for kind in ("title", "gist", "apply", "issuer"):
                said = {language: row.text(f"{kind}_{language}") for language in LANGUAGES}
                words[kind] = {language: text for language, text in said.items() if text}
            words["number"] = {"zh": row.text("doc_no_zh") + (_TRANSLATED if row["derived"] else "")}
            words["number"]["en"] = entry.get("doc_no", "")
        holds_from = read_rule(rule).valid_from
        found.append(Shipped(entry["id"], rule, words, holds_from, content_hash({"rule": rule, "words": words})))
    return tuple(found)


def read_given(fact: str, text: str) -> Value:
    """Return what somebody typed for a fact as its value: yes or no, a number with a point, a text of its list.

    Raises
    ------
    BridgeheadError
        ``case.unknown_fact``, ``case.wrong_value``.
    """
    known = register().find(fact)
    given: object = text.strip()
    if known is not None and known.type.kind == "bool":
        given = _YES_NO.get(text.strip().lower(), text)
    elif known is not None and known.type.numeric:
        try:
            given = parse_decimal(text.strip())
        except CellFault:
            given = text
    return _typed(fact, given)


def as_kept(value: Value) -> Any:
    """Return a value as JSON keeps it: numbers as text, so that none is changed."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def as_known(facts: Mapping[str, Any]) -> dict[str, Value]:
    """Return facts that were kept as values; one the register no longer has is unknown."""
    found = {}
    for fact, kept in facts.items():
        known = register().find(fact)
        if known is None:
            continue
        try:
            found[fact] = _typed(fact, Decimal(kept) if known.type.numeric else kept)
        except (BridgeheadError, ArithmeticError):
            continue  # its type is another one by now
    return found


def _typed(fact: str, given: object) -> Value:
    typed = register().typed({fact: given})
    if typed.faults:
        raise BridgeheadError.of(typed.faults)
    return typed.values[fact]
