"""Why an answer is what it is, as data: a line for every condition, for the date that decided, for other values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from bridgehead.engines.eligibility.facts import Value
from bridgehead.engines.eligibility.formula import Facts
from bridgehead.engines.eligibility.policies import Op, Policy, Threshold, Truth


@dataclass(frozen=True)
class ConditionLine:
    """What became of one condition.

    Parameters
    ----------
    path : str
        Its place in the tree as the file has it, such as ``conditions[1].any[0].all[1]``.
    fact : str
        The fact asked for.
    op : Op
        How it is compared.
    threshold : Value or tuple of Value
        With what.
    given : Value or None
        What is known of the firm.
    result : bool or None
        Whether it holds.
    margin : Decimal or None
        Given minus threshold, of numbers; of ``between`` the nearer end.
    note : str
        Remark of the file.
    """

    path: str
    fact: str
    op: Op
    threshold: Threshold
    given: Value | None
    result: Truth
    margin: Decimal | None = None
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON types."""
        return {
            "kind": "condition",
            "path": self.path,
            "fact": self.fact,
            "op": self.op.value,
            "threshold": _plain(self.threshold),
            "given": _plain(self.given),
            "result": word_of(self.result),
            "margin": _plain(self.margin),
            "note": self.note,
        }


@dataclass(frozen=True)
class DateLine:
    """The date that decided: the policy had not begun, or had ended.

    Parameters
    ----------
    end : str
        ``valid_from`` or ``valid_to``.
    day : date
        That day, the first or last in force.
    as_of : date
        The day asked for.
    """

    end: Literal["valid_from", "valid_to"]
    day: date
    as_of: date

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON types."""
        days = {"date": self.day.isoformat(), "as_of": self.as_of.isoformat()}
        return {"kind": "date", "end": self.end, **days, "result": word_of(False)}


@dataclass(frozen=True)
class ValueLine:
    """What a formula came to in a unit that is no money.

    Parameters
    ----------
    unit : str
        Such as ``share``.
    value : Decimal
        Rounded as the policy says.
    """

    unit: str
    value: Decimal

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON types; the value as a text with exactly its decimals."""
        return {"kind": "value", "unit": self.unit, "value": f"{self.value:f}"}


Line = ConditionLine | DateLine | ValueLine


def condition_lines(policy: Policy, facts: Facts) -> Iterator[ConditionLine]:
    """Go through the conditions of a policy in the order of the file, each with what became of it."""
    for path, leaf in policy.leaves():
        given = facts.get(leaf.fact)
        result, margin = leaf.truth(facts), leaf.margin(given)
        yield ConditionLine(path, leaf.fact, leaf.op, leaf.value, given, result, margin, leaf.note)


def word_of(truth: Truth) -> str:
    """Return ``true``, ``false`` or ``unknown``."""
    return "unknown" if truth is None else "true" if truth else "false"


def _plain(value: Threshold | None) -> Any:
    """Return a value in JSON types; a number that JSON's own would change is a text."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and abs(value) < 2**53:
            return int(value)
        return float(value) if Decimal(str(float(value))) == value else f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
