"""Formulas of indicators over named series.

A formula is an expression such as ``100 * processed / imported`` or ``growth(port_freight)``. What is missing stays
missing: a figure is never made up, and a missing one is named.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException, localcontext
from types import MappingProxyType

from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.periods import Period

Lookup = Callable[[str, Period], Decimal | None]
"""Gives the value of a series in a period, None where there is none."""

_MOST_CHARACTERS = 500
_DIGITS = 28
_OPERATIONS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = MappingProxyType(
    {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
)
_FOLDS: Mapping[str, Callable[[list[Decimal]], Decimal]] = MappingProxyType(
    {"total": lambda values: sum(values, Decimal()), "mean": lambda values: sum(values, Decimal()) / len(values)}
    | {"least": min, "most": max}
)
_TIMES = ("before", "growth", "to_date")


@dataclass(frozen=True, slots=True)
class Missing:
    """A value a formula needed and did not get.

    Parameters
    ----------
    series : str
        Which series; empty where a division by zero is the reason.
    period : Period
        When.
    """

    series: str
    period: Period


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a formula came to.

    Parameters
    ----------
    value : Decimal or None
        The value, None where something was missing.
    missing : tuple of Missing
        What.
    """

    value: Decimal | None
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class Formula:
    """An expression over named series.

    ``+ - * /``, numbers, names of series, and

    - ``before(x)``: the same in the period a year before;
    - ``growth(x)``: the change on that, in per cent;
    - ``to_date(x)``: from the first of January on, as reported for that span;
    - ``total(x, y, ...)``, ``mean``, ``least``, ``most``: of several.

    Parameters
    ----------
    text : str
        The expression.

    Raises
    ------
    BridgeheadError
        ``formula.unreadable``, ``formula.not_allowed`` or ``formula.too_long``.
    """

    text: str
    series: tuple[str, ...] = field(init=False)
    _tree: ast.expr = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read the expression."""
        if len(self.text) > _MOST_CHARACTERS:
            parameters = {"most": _MOST_CHARACTERS, "length": len(self.text)}
            raise BridgeheadError("formula.too_long", parameters, Place(field="formula"))
        try:
            tree = ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise BridgeheadError("formula.unreadable", {"formula": self.text}, Place(field="formula")) from None
        object.__setattr__(self, "_tree", tree)
        object.__setattr__(self, "series", tuple(dict.fromkeys(self._names(tree))))

    def value(self, lookup: Lookup, period: Period) -> Outcome:
        """Return what it comes to in a period.

        Parameters
        ----------
        lookup : callable
            Gives the value of a series in a period.
        period : Period
            When.
        """
        missing: list[Missing] = []
        with localcontext() as context:
            context.prec = _DIGITS
            found = self._value(self._tree, lookup, period, missing)
        return Outcome(None if missing else found, tuple(dict.fromkeys(missing)))

    def _names(self, node: ast.expr) -> list[str]:
        """Return the series an expression names, and refuse whatever is more than arithmetic."""
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return []
            case ast.Name(id=name):
                return [name]
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self._names(inner)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                return self._names(left) + self._names(right)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                if (name in _FOLDS and arguments) or (name in _TIMES and len(arguments) == 1):
                    return [found for one in arguments for found in self._names(one)]
        parameters = {"formula": self.text, "part": ast.unparse(node)}
        raise BridgeheadError("formula.not_allowed", parameters, Place(field="formula"))

    def _value(self, node: ast.expr, lookup: Lookup, period: Period, missing: list[Missing]) -> Decimal:
        match node:
            case ast.Constant(value=number):
                return Decimal(ast.get_source_segment(self.text.strip(), node) or str(number))
            case ast.Name(id=name):
                value = lookup(name, period)
                if value is None:
                    missing.append(Missing(name, period))
                return Decimal(1) if value is None else value
            case ast.UnaryOp(operand=inner):
                return -self._value(inner, lookup, period, missing)
            case ast.BinOp(left=left, op=op, right=right):
                values = (self._value(left, lookup, period, missing), self._value(right, lookup, period, missing))
                return self._safely(lambda: _OPERATIONS[type(op)](*values), period, missing)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                if name in _FOLDS:
                    several = [self._value(one, lookup, period, missing) for one in arguments]
                    return self._safely(lambda: _FOLDS[name](several), period, missing)
                return self._in_time(name, arguments[0], lookup, period, missing)
        raise AssertionError(ast.dump(node))

    def _in_time(
        self, name: str, argument: ast.expr, lookup: Lookup, period: Period, missing: list[Missing]
    ) -> Decimal:
        if name == "to_date":
            return self._value(argument, lookup, period.year_to_date, missing)
        before = self._value(argument, lookup, period.year_before, missing)
        if name == "before":
            return before
        now = self._value(argument, lookup, period, missing)
        return self._safely(lambda: 100 * (now - before) / before, period, missing)

    @staticmethod
    def _safely(work: Callable[[], Decimal], period: Period, missing: list[Missing]) -> Decimal:
        try:
            return work()
        except DecimalException:
            missing.append(Missing("", period))
            return Decimal(1)
