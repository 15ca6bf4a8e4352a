"""A policy as data: when it is in force, its conditions as a tree over facts, its benefit and where it is from."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any

from bridgehead.engines.eligibility.facts import FactRegister, Value
from bridgehead.engines.eligibility.formula import Facts, Formula, half_up

Truth = bool | None
"""True, false, or None where it is unknown."""
Threshold = Value | tuple[Value, ...]

KINDS = (
    *("tax_exempt", "rate", "reduction", "deduction", "tax_credit", "cash", "cash_flow", "loan", "insurance"),
    *("tariff_preference", "origin", "procedure", "channel", "ceiling", "negative"),
)
"""Kinds of benefit; that a ``negative`` or a ``ceiling`` fits is bad news or a cap."""
MEASURES = ("tax_due", "tax_saved", "grant", "refund", "allowance", "rate", "none")
MODES = ("half_up", "half_even", "down", "up")
MONEY_UNIT = "CNY"
LONGEST_AMOUNT = 4_000
"""Digits an amount may have, decimals included: less than Python itself would write out."""


class TooLongError(ArithmeticError):
    """A number with more digits than are written out."""


class Op(StrEnum):
    """How a condition compares its fact."""

    EQ = "eq"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    BETWEEN = "between"
    IN = "in"
    NOT_IN = "not_in"


_TESTS: Mapping[Op, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        Op.EQ: lambda given, threshold: given == threshold,
        Op.GT: lambda given, threshold: given > threshold,
        Op.GE: lambda given, threshold: given >= threshold,
        Op.LT: lambda given, threshold: given < threshold,
        Op.LE: lambda given, threshold: given <= threshold,
        Op.BETWEEN: lambda given, ends: ends[0] <= given <= ends[1],
        Op.IN: lambda given, several: given in several,
        Op.NOT_IN: lambda given, several: given not in several,
    }
)


class Condition(ABC):
    """A node of the tree of conditions, in strong Kleene logic."""

    @abstractmethod
    def truth(self, facts: Facts) -> Truth:
        """Return whether it holds, None where that is unknown."""

    @abstractmethod
    def missing(self, facts: Facts) -> frozenset[str]:
        """Return the facts of the leaves one reaches through unknown nodes alone; none below what is decided."""

    @abstractmethod
    def leaves(self, path: str) -> Iterator[tuple[str, Leaf]]:
        """Go through the leaves in the order of the file, each with its place in the tree."""


@dataclass(frozen=True)
class Leaf(Condition):
    """A fact compared with a threshold.

    Parameters
    ----------
    fact : str
        Id of the fact.
    op : Op
        How it is compared.
    value : Value or tuple of Value
        The threshold; the two ends of ``between``, the list of ``in`` and ``not_in``.
    note : str
        Remark of the file.
    """

    fact: str
    op: Op
    value: Threshold
    note: str = ""

    @property
    def thresholds(self) -> tuple[Value, ...]:
        """The values it names."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    def holds(self, given: Value) -> bool:
        """Return whether it holds for a value of its fact."""
        return self._test(given, self.value)

    def truth(self, facts: Facts) -> Truth:
        """Return whether it holds; unknown with its fact, whatever the operator."""
        given = facts.get(self.fact)
        return None if given is None else self._test(given, self.value)

    def missing(self, facts: Facts) -> frozenset[str]:
        """Return its fact where that is unknown."""
        return frozenset((self.fact,)) if facts.get(self.fact) is None else frozenset()

    def leaves(self, path: str) -> Iterator[tuple[str, Leaf]]:
        """Give itself."""
        yield path, self

    def margin(self, given: Value | None) -> Decimal | None:
        """Return given minus threshold, None where these are no numbers; of ``between`` the nearer end counts."""
        if not isinstance(given, Decimal):
            return None
        if isinstance(self.value, Decimal):
            return _minus(given, self.value)
        if self.op is Op.BETWEEN and isinstance(self.value, tuple):
            ends = [_minus(given, end) for end in self.value if isinstance(end, Decimal)]
            return min(ends, key=abs)
        return None

    @cached_property
    def _test(self) -> Callable[[Any, Any], bool]:
        return _TESTS[self.op]


@dataclass(frozen=True)
class Group(Condition):
    """Conditions of which all must hold, or, where `any` is set, at least one."""

    items: tuple[Condition, ...]
    any: bool = False

    def truth(self, facts: Facts) -> Truth:
        """Return false (of `any` true) if any part is; else unknown if any part is; else the opposite."""
        found: Truth = not self.any
        for item in self.items:
            truth = item.truth(facts)
            if truth is self.any:
                return truth
            if truth is None:
                found = None
        return found

    def missing(self, facts: Facts) -> frozenset[str]:
        """Return what the unknown parts lack, if the whole is unknown."""
        if self.truth(facts) is not None:
            return frozenset()
        return frozenset().union(*(item.missing(facts) for item in self.items))

    def leaves(self, path: str) -> Iterator[tuple[str, Leaf]]:
        """Go through the leaves of all parts."""
        for at, item in enumerate(self.items):
            word = f".{'any' if item.any else 'all'}" if isinstance(item, Group) else ""
            yield from item.leaves(f"{path}[{at}]{word}")


@dataclass(frozen=True)
class Rounding:
    """How an amount is rounded, once, at the end.

    Parameters
    ----------
    places : int
        Decimals.
    mode : str
        ``half_up`` (5 away from zero), ``half_even``, ``down`` (towards zero), ``up`` (away from zero).
    """

    places: int
    mode: str

    def of(self, number: Fraction) -> Decimal:
        """Return a number rounded, with exactly `places` decimals; never minus zero.

        Raises
        ------
        TooLongError
            If it has more than `LONGEST_AMOUNT` digits.
        """
        scaled = number * 10**self.places
        if self.mode == "half_up":
            whole = half_up(scaled)
        elif self.mode == "half_even":
            whole = round(scaled)
        else:
            size = math.floor(abs(scaled)) if self.mode == "down" else math.ceil(abs(scaled))
            whole = size if scaled >= 0 else -size
        if abs(whole) >= 10**LONGEST_AMOUNT:
            raise TooLongError
        digits = tuple(map(int, str(abs(whole))))
        return Decimal((int(whole < 0), digits, -self.places))


@dataclass(frozen=True)
class Benefit:
    """What whoever fits gets, or is bound by.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    measure : str
        What the number is, one of `MEASURES`.
    tax : str
        Which tax, where the source names one.
    unit : str
        ``CNY`` for amounts; another one is no amount; empty without a formula.
    formula : Formula or None
        The number; None where none can be worked out.
    rounding : Rounding or None
        Always there beside a formula.
    note : str
        Remark of the file.
    """

    kind: str
    measure: str
    tax: str = ""
    unit: str = ""
    formula: Formula | None = None
    rounding: Rounding | None = None
    note: str = ""


@dataclass(frozen=True)
class Policy:
    """One entry of a policies file.

    Parameters
    ----------
    id : str
        Its name among the policies.
    valid_from, valid_to : date
        First and last day it is in force; None where no end is known.
    conditions : Group
        All of them must hold.
    benefit : Benefit
        What it gives.
    title, title_zh, issuer, doc_no, scope, subject : str
        What it is called, whose it is, its number, where it applies, to whom.
    source, evidence, confidence, note : str
        Where its figures are from, whether they were ``seen`` or ``recalled``, how sure that is, and remarks.
    articles : tuple of int
        Articles of the regulation it serves.
    line : int
        Where it begins in its file, 0 where it was read from none.
    """

    id: str
    valid_from: date
    valid_to: date | None
    conditions: Group
    benefit: Benefit
    title: str = ""
    title_zh: str = ""
    issuer: str = ""
    doc_no: str = ""
    scope: str = ""
    subject: str = ""
    source: str = ""
    evidence: str = ""
    confidence: str = ""
    articles: tuple[int, ...] = ()
    note: str = ""
    line: int = field(default=0, compare=False)

    def in_force(self, on: date) -> bool:
        """Return whether it is in force on a day; both ends count."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def leaves(self) -> Iterator[tuple[str, Leaf]]:
        """Go through its conditions in the order of the file, each with its place, such as ``conditions[1].any[0]``."""
        return self.conditions.leaves("conditions")

    @cached_property
    def condition_facts(self) -> frozenset[str]:
        """The facts its conditions name."""
        return frozenset(leaf.fact for _, leaf in self.leaves())


@dataclass(frozen=True)
class PolicySet:
    """The policies of a file and the facts they may name.

    Parameters
    ----------
    policies : mapping
        Policy id to policy, in the order of the file.
    facts : FactRegister
        Every declared fact.
    """

    policies: Mapping[str, Policy]
    facts: FactRegister

    def __iter__(self) -> Iterator[Policy]:
        """Go through the policies in the order of the file."""
        return iter(self.policies.values())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.policies)

    def find(self, id: str) -> Policy | None:
        """Return a policy, None where there is none of that id."""
        return self.policies.get(id)

    def chosen(self, scopes: Collection[str] = (), subjects: Collection[str] = ()) -> tuple[Policy, ...]:
        """Return the policies of some scopes and subjects; nothing given means all."""
        return tuple(
            policy
            for policy in self
            if (not scopes or policy.scope in scopes) and (not subjects or policy.subject in subjects)
        )


def _minus(given: Decimal, threshold: Decimal) -> Decimal:
    """Return an exact difference, however many digits that takes; arithmetic of decimals would round it."""
    places = max(0, *(-int(number.as_tuple().exponent) for number in (given, threshold)))
    return Rounding(places, "down").of(Fraction(given) - Fraction(threshold))
