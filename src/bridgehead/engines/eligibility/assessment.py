"""Whether a policy fits a firm on a day, which facts are missing, how much it is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bridgehead.engines.eligibility.explanation import ConditionLine, DateLine, Line, ValueLine, condition_lines
from bridgehead.engines.eligibility.formula import DivisionByZeroError, Facts
from bridgehead.engines.eligibility.policies import LONGEST_AMOUNT, MONEY_UNIT, Policy, TooLongError
from bridgehead.kernel.errors import BridgeheadError, Place

FORMULA = "benefit.formula"


class Verdict(StrEnum):
    """What an answer says."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer without its reasons.

    Parameters
    ----------
    policy : str
        Id of the policy.
    verdict : Verdict
        ``eligible`` means that the rule applies; of a ``negative`` or ``ceiling`` policy that is bad news or a cap.
    missing : tuple of str
        Facts that could still change an unknown verdict, sorted.
    missing_for_amount : tuple of str
        Facts without which the amount of an eligible firm cannot be worked out, sorted.
    amount : Decimal or None
        Yuan, rounded, with exactly the decimals of the policy; 0 is an amount, None is none.
    value : Decimal or None
        The same in a unit that is no money.
    """

    policy: str
    verdict: Verdict
    missing: tuple[str, ...] = ()
    missing_for_amount: tuple[str, ...] = ()
    amount: Decimal | None = None
    value: Decimal | None = None

    @property
    def amount_text(self) -> str | None:
        """The amount as a text with exactly its decimals."""
        return None if self.amount is None else f"{self.amount:f}"


@dataclass(frozen=True, slots=True)
class Answer(Decision):
    """An answer with its reasons.

    Parameters
    ----------
    explanation : tuple of Line
        A line for each condition in the order of the file, and one for a value that is no money; of a policy that is
        not in force the line with the date that decided.
    """

    explanation: tuple[Line, ...] = ()

    def as_json(self, id: object) -> dict[str, Any]:
        """Return it in JSON types under the id of its case."""
        return {
            "id": id,
            "verdict": self.verdict.value,
            "missing": list(self.missing),
            "missing_for_amount": list(self.missing_for_amount),
            "amount_cny": self.amount_text,
            "explanation": [line.as_json() for line in self.explanation],
        }

    @property
    def conditions(self) -> tuple[ConditionLine, ...]:
        """The lines of conditions alone."""
        return tuple(line for line in self.explanation if isinstance(line, ConditionLine))


def decide(policy: Policy, facts: Facts, as_of: date) -> Decision:
    """Return whether a policy fits, what is missing and how much it is.

    Parameters
    ----------
    policy : Policy
        Exactly this version of it.
    facts : mapping
        What is known of the firm, as `FactRegister.typed` gives it. What is absent is unknown, never zero or false.
    as_of : date
        The day asked for.

    Raises
    ------
    BridgeheadError
        ``eligibility.division_by_zero`` where the formula reaches one, ``eligibility.amount_too_long`` where the number
        has more digits than are written out.
    """
    if as_of < policy.valid_from:
        return Decision(policy.id, Verdict.NOT_YET)
    if policy.valid_to is not None and as_of > policy.valid_to:
        return Decision(policy.id, Verdict.EXPIRED)
    truth = policy.conditions.truth(facts)
    if truth is None:
        return Decision(policy.id, Verdict.UNKNOWN, tuple(sorted(policy.conditions.missing(facts))))
    if not truth:
        return Decision(policy.id, Verdict.NOT_ELIGIBLE)
    formula, rounding = policy.benefit.formula, policy.benefit.rounding
    if formula is None or rounding is None:
        return Decision(policy.id, Verdict.ELIGIBLE)
    try:
        number = formula.value(facts)
    except DivisionByZeroError as reached:
        told = {"policy": policy.id, "formula": formula.text, "at": reached.at, "facts": sorted(formula.facts)}
        raise BridgeheadError("eligibility.division_by_zero", told, Place(field=FORMULA)) from None
    if number is None:
        return Decision(policy.id, Verdict.ELIGIBLE, (), formula.missing(facts))
    try:
        rounded = rounding.of(number)
    except TooLongError:
        told = {"policy": policy.id, "formula": formula.text, "most": LONGEST_AMOUNT, "facts": sorted(formula.facts)}
        raise BridgeheadError("eligibility.amount_too_long", told, Place(field=FORMULA)) from None
    if policy.benefit.unit == MONEY_UNIT:
        return Decision(policy.id, Verdict.ELIGIBLE, amount=rounded)
    return Decision(policy.id, Verdict.ELIGIBLE, value=rounded)


def assess(policy: Policy, facts: Facts, as_of: date) -> Answer:
    """Return the decision on a policy with its reasons; parameters and errors are those of `decide`."""
    found = decide(policy, facts, as_of)
    lines: list[Line]
    if found.verdict is Verdict.NOT_YET:
        lines = [DateLine("valid_from", policy.valid_from, as_of)]
    elif found.verdict is Verdict.EXPIRED and policy.valid_to is not None:
        lines = [DateLine("valid_to", policy.valid_to, as_of)]
    else:
        lines = [*condition_lines(policy, facts)]
    if found.value is not None:
        lines.append(ValueLine(policy.benefit.unit, found.value))
    told = (found.missing, found.missing_for_amount, found.amount, found.value)
    return Answer(policy.id, found.verdict, *told, tuple(lines))
