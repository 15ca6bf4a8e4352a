"""What clearance costs a unit: the mean of all payments, with its interval, in the money they are made in.

Method: cost of border clearance (TFI2) as in the corridor performance measurement and monitoring of CAREC: all
payments, on both sides, for one unit. Only what is known to be paid is counted. Amounts of different currencies or
years are not added up: that needs a rate, which is no part of a port. Where nothing is known to be paid there is no
cost, not one of zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bridgehead.engines.simulation.charges import ALL
from bridgehead.engines.simulation.intervals import estimate
from bridgehead.engines.simulation.model import Charge
from bridgehead.engines.simulation.outcomes import Outcome
from bridgehead.engines.simulation.replications import Study

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class MoneyEstimate:
    """A mean amount in money of one currency and year, with its 95 % interval where there are several replications."""

    currency: str
    year: int
    mean: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class ClearanceCost:
    """What clearance costs a unit.

    Parameters
    ----------
    amounts : tuple of MoneyEstimate
        One for each currency and year; empty where no charge is known.
    classes : tuple of str
        Whose units are counted: those that are known to pay.
    no_charge_known : tuple of str
        Classes that went through the port and are not counted, because nothing is known of what they pay.
    """

    amounts: tuple[MoneyEstimate, ...]
    classes: tuple[str, ...]
    no_charge_known: tuple[str, ...]


def clearance_cost(study: Study, unit_class: str | None = None) -> ClearanceCost:
    """Return the cost of clearance (TFI2) of a class, or of the units of all classes that are known to pay."""
    names = [one.id for one in study.compiled.model.classes] if unit_class is None else [unit_class]
    passed = [name for name in names if any(_done(one, name) for one in study.outcomes)]
    paying = [name for name in passed if any(_paid(study, charge, name) for charge in study.compiled.model.charges)]
    moneys = sorted({(one.currency, one.year) for one in _charges_of(study, paying)})
    amounts = [_amount(study, paying, *money) for money in moneys]
    return ClearanceCost(tuple(amounts), tuple(paying), tuple(name for name in passed if name not in paying))


def _charges_of(study: Study, classes: Iterable[str]) -> Iterator[Charge]:
    wanted = list(classes)
    for charge in study.compiled.model.charges:
        if any(_paid(study, charge, name) for name in wanted):
            yield charge


def _paid(study: Study, charge: Charge, unit_class: str) -> bool:
    """Tell whether units of a class ever paid a charge."""
    return any(_times(one, charge, unit_class) for one in study.outcomes)


def _times(outcome: Outcome, charge: Charge, unit_class: str) -> int:
    """Return how often a charge was paid by units of a class in a replication."""
    if charge.unit_class not in (ALL, unit_class):
        return 0
    if not charge.node:
        return _done(outcome, unit_class)
    compiled = outcome.compiled
    rows, types = list(compiled.node_index[charge.node]), list(compiled.type_index[unit_class])
    return int(outcome.pairs[rows][:, types]["ended"].sum())


def _done(outcome: Outcome, unit_class: str) -> int:
    return int(outcome.types["done"][list(outcome.compiled.type_index[unit_class])].sum())


def _amount(study: Study, classes: list[str], currency: str, year: int) -> MoneyEstimate:
    """Return what a unit pays in one money, over the replications in which units left the port."""
    charges = [one for one in study.compiled.model.charges if (one.currency, one.year) == (currency, year)]
    means = []
    for outcome in study.outcomes:
        units = sum(_done(outcome, name) for name in classes)
        paid = sum((one.amount * _times(outcome, one, name) for one in charges for name in classes), Decimal(0))
        if units:
            means.append(paid / units)
    half = estimate(float(one) for one in means).half_width
    mean = sum(means, Decimal(0)) / len(means)
    ends = [(mean + sign * Decimal(repr(half))) if half != float("inf") else None for sign in (-1, 1)]
    low, high = (None if one is None else _rounded(max(one, Decimal(0))) for one in ends)
    return MoneyEstimate(currency, year, _rounded(mean), low, high)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
