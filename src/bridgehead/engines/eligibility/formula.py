"""Formulas of benefits: what a parsed formula is worth, and which unknown facts keep it from being worth anything.

Numbers are exact fractions of decimals, so nothing is rounded between steps whatever is divided: more than the 34
digits that the format of the policies asks for, and what one finds by hand. `bridgehead.engines.eligibility.parsing`
makes them out of text.
"""

from __future__ import annotations

import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from bridgehead.engines.eligibility.facts import Value

Facts = Mapping[str, Value]
Result = Fraction | bool | None
"""A number, a truth value, or None where it is unknown."""

COMPARISONS: Mapping[str, Callable[[Fraction, Fraction], bool]] = MappingProxyType(
    {
        "==": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)
FOLDS: Mapping[str, Callable[[list[Fraction]], Fraction]] = MappingProxyType({"min": min, "max": max})
STEPS: Mapping[str, Callable[[Fraction], int]] = MappingProxyType({"floor": math.floor, "ceil": math.ceil})


class DivisionByZeroError(Exception):
    """A division by zero was reached.

    Parameters
    ----------
    at : int
        Column of the division in the formula, from 1.
    """

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Expression(ABC):
    """A part of a formula; whether it is a number or a truth value is known before anything is computed."""

    __slots__ = ()
    truth: bool

    @abstractmethod
    def value(self, facts: Facts) -> Result:
        """Return what it is worth, None where that is unknown; raises `DivisionByZeroError`."""

    def parts(self) -> tuple[Expression, ...]:
        """Return what it is made of."""
        return ()

    def unknown(self, facts: Facts) -> frozenset[str]:
        """Return the facts that keep it from having a value; none where it has one."""
        if _known(self, facts) is not None:
            return frozenset()
        return frozenset().union(*(part.unknown(facts) for part in self.parts()))

    def names(self) -> frozenset[str]:
        """Return every fact that stands in it."""
        return frozenset().union(*(part.names() for part in self.parts()))


def _known(part: Expression, facts: Facts) -> Result:
    """Return the value of a part that may not be reached: a division by zero in it gives none."""
    try:
        return part.value(facts)
    except DivisionByZeroError:
        return None


@dataclass(frozen=True, slots=True)
class Number(Expression):
    """A written number."""

    number: Fraction
    truth: bool = False

    def value(self, facts: Facts) -> Result:
        """Return it."""
        return self.number


@dataclass(frozen=True, slots=True)
class Named(Expression):
    """A fact that is a number or a truth value."""

    fact: str
    truth: bool

    def value(self, facts: Facts) -> Result:
        """Return what is given of it."""
        given = facts.get(self.fact)
        return Fraction(given) if isinstance(given, Decimal) else given if isinstance(given, bool) else None

    def unknown(self, facts: Facts) -> frozenset[str]:
        """Return itself where it is not given."""
        return self.names() if facts.get(self.fact) is None else frozenset()

    def names(self) -> frozenset[str]:
        """Return its name."""
        return frozenset((self.fact,))


@dataclass(frozen=True, slots=True)
class TextTest(Expression):
    """A fact that is, or is not, a text."""

    fact: str
    text: str
    equal: bool
    truth: bool = True

    def value(self, facts: Facts) -> Result:
        """Return whether it is so."""
        given = facts.get(self.fact)
        return None if given is None else (given == self.text) == self.equal

    def unknown(self, facts: Facts) -> frozenset[str]:
        """Return the fact where it is not given."""
        return self.names() if facts.get(self.fact) is None else frozenset()

    def names(self) -> frozenset[str]:
        """Return the name of the fact."""
        return frozenset((self.fact,))


@dataclass(frozen=True, slots=True)
class Comparison(Expression):
    """Two numbers compared."""

    operator: str
    left: Expression
    right: Expression
    truth: bool = True

    def value(self, facts: Facts) -> Result:
        """Return whether it is so; unknown where either side is."""
        left, right = self.left.value(facts), self.right.value(facts)
        return None if left is None or right is None else COMPARISONS[self.operator](Fraction(left), Fraction(right))

    def parts(self) -> tuple[Expression, ...]:
        """Return both sides."""
        return self.left, self.right


@dataclass(frozen=True, slots=True)
class Junction(Expression):
    """Truth values joined by ``and``, or by ``or`` where `any` is set, in Kleene's logic."""

    any: bool
    items: tuple[Expression, ...]
    truth: bool = True

    def value(self, facts: Facts) -> Result:
        """Return what they come to; one that decides does so whatever is unknown beside it."""
        values = [item.value(facts) for item in self.items]
        return self.any if self.any in values else None if None in values else not self.any

    def parts(self) -> tuple[Expression, ...]:
        """Return what is joined."""
        return self.items


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """A truth value turned round."""

    item: Expression
    truth: bool = True

    def value(self, facts: Facts) -> Result:
        """Return the opposite."""
        found = self.item.value(facts)
        return None if found is None else not found

    def parts(self) -> tuple[Expression, ...]:
        """Return what is turned round."""
        return (self.item,)


@dataclass(frozen=True, slots=True)
class Sum(Expression):
    """Numbers added and taken away, from the left; the first has a plus."""

    signs: tuple[int, ...]
    items: tuple[Expression, ...]
    truth: bool = False

    def value(self, facts: Facts) -> Result:
        """Return the sum."""
        values = [item.value(facts) for item in self.items]
        numbers = [Fraction(value) for value in values if value is not None]
        if len(numbers) < len(values):
            return None
        return sum((sign * number for sign, number in zip(self.signs, numbers, strict=True)), Fraction())

    def parts(self) -> tuple[Expression, ...]:
        """Return the terms."""
        return self.items


@dataclass(frozen=True, slots=True)
class Product(Expression):
    """Numbers multiplied and divided, from the left; a divisor has the column of its sign, a factor 0."""

    divisions: tuple[int, ...]
    items: tuple[Expression, ...]
    truth: bool = False

    def value(self, facts: Facts) -> Result:
        """Return the product; what is unknown cannot be divided, even by zero."""
        found: Fraction | None = Fraction(1)
        for at, item in zip(self.divisions, self.items, strict=True):
            value = item.value(facts)
            if found is None or value is None:
                found = None
            elif not at:
                found *= value
            elif value == 0:
                raise DivisionByZeroError(at)
            else:
                found /= value
        return found

    def parts(self) -> tuple[Expression, ...]:
        """Return factors and divisors."""
        return self.items


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """``min``, ``max``, ``floor``, ``ceil``, or ``round`` to so many places."""

    function: str
    items: tuple[Expression, ...]
    places: int = 0
    truth: bool = False

    def value(self, facts: Facts) -> Result:
        """Return what the function gives."""
        values = [item.value(facts) for item in self.items]
        numbers = [Fraction(value) for value in values if value is not None]
        if len(numbers) < len(values):
            return None
        if self.function in FOLDS:
            return FOLDS[self.function](numbers)
        if self.function in STEPS:
            return Fraction(STEPS[self.function](numbers[0]))
        scale = 10**self.places
        return Fraction(half_up(numbers[0] * scale), scale)

    def parts(self) -> tuple[Expression, ...]:
        """Return the arguments."""
        return self.items


@dataclass(frozen=True, slots=True)
class Choice(Expression):
    """``if``: one branch or the other; the one that is not chosen is not looked at."""

    condition: Expression
    first: Expression
    second: Expression
    truth: bool = False

    def value(self, facts: Facts) -> Result:
        """Return the chosen branch; unknown with its condition, even where both branches agree."""
        chosen = self.condition.value(facts)
        return None if chosen is None else (self.first if chosen else self.second).value(facts)

    def parts(self) -> tuple[Expression, ...]:
        """Return condition and branches."""
        return self.condition, self.first, self.second

    def unknown(self, facts: Facts) -> frozenset[str]:
        """Return the facts missing in the chosen branch, or in all three parts where none is chosen."""
        if _known(self, facts) is not None:
            return frozenset()
        chosen = _known(self.condition, facts)
        if chosen is not None:
            return (self.first if chosen else self.second).unknown(facts)
        return frozenset().union(*(part.unknown(facts) for part in self.parts()))


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as written, and what it means.

    Parameters
    ----------
    text : str
        As written.
    expression : Expression
        A number.
    facts : frozenset of str
        Every fact that stands in it.
    """

    text: str
    expression: Expression
    facts: frozenset[str]

    def value(self, facts: Facts) -> Fraction | None:
        """Return the number it comes to, None where a fact it needs is unknown.

        Raises
        ------
        DivisionByZeroError
            Where one is reached.
        """
        found = self.expression.value(facts)
        return None if found is None else Fraction(found)

    def missing(self, facts: Facts) -> tuple[str, ...]:
        """Return the facts that keep it from having a value, sorted."""
        return tuple(sorted(self.expression.unknown(facts)))


def half_up(number: Fraction) -> int:
    """Return the nearest whole number; what lies half way goes away from zero."""
    whole = math.floor(abs(number) + Fraction(1, 2))
    return whole if number >= 0 else -whole
