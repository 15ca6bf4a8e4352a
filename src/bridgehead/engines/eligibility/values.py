"""The values of a fact that differ for some conditions: one for each way its conditions can come out together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext

from bridgehead.engines.eligibility.facts import MOST_DIGITS, FactType, Value
from bridgehead.engines.eligibility.policies import Leaf

STEPS = {"int": Decimal(1), "number": Decimal(1), "share": Decimal("0.01")}
"""How far beyond a threshold one goes where nothing is nearer; money goes a fen."""
_FEN = Decimal("0.01")


def representatives(type: FactType, leaves: Iterable[Leaf]) -> tuple[Value, ...]:
    """Return values of a fact such that every value it may have is alike to one of them in all these conditions.

    Parameters
    ----------
    type : FactType
        What values it may have.
    leaves : iterable of Leaf
        The conditions on it.

    Returns
    -------
    tuple of Value
        The thresholds, and one value before, between and behind them; every option of an enumeration.
    """
    thresholds = [value for leaf in leaves for value in leaf.thresholds]
    if type.kind == "bool":
        return True, False
    if type.kind == "enum":
        return type.options
    if type.kind == "text":
        texts = list(dict.fromkeys(str(value) for value in thresholds))
        other = "other"
        while other in texts:
            other += "-"
        return *texts, other
    if type.kind == "date":
        days = {value for value in thresholds if isinstance(value, date)}
        beside = {_day(day, step) for day in days for step in (-1, 1)}
        return tuple(sorted(days | {day for day in beside if day is not None}))
    with localcontext() as exact:
        exact.prec = 3 * MOST_DIGITS
        return _numbers(type, sorted({value for value in thresholds if isinstance(value, Decimal)}))


def _day(day: date, step: int) -> date | None:
    try:
        return day + timedelta(days=step)
    except OverflowError:
        return None


def _numbers(type: FactType, thresholds: Sequence[Decimal]) -> tuple[Value, ...]:
    """Return the thresholds, and numbers before, between and behind them that the type allows."""
    step = STEPS.get(type.kind, _FEN)
    found: list[Decimal] = []
    for at, threshold in enumerate(thresholds):
        before = thresholds[at - 1] if at else None
        below, above = threshold - step, before + step if before is not None else None
        if before is None or above is None:
            found += [below, threshold / 2]  # what lies between 0 and a threshold smaller than a step
        elif above < threshold:
            found += [above, below]
        else:
            found.append((before + threshold) / 2)
        found.append(threshold)
    if thresholds:
        found += [thresholds[-1] + step, (thresholds[-1] + 1) / 2]
    return tuple(dict.fromkeys(number for number in found if _allowed(type, number)))


def _allowed(type: FactType, number: Decimal) -> bool:
    try:
        type.value(number)
    except ValueError:
        return False
    return True
