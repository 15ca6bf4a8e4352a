"""What clearance costs a unit: the mean of all payments, with its interval, in the money they are made in.

Method: cost of border clearance (TFI2) as in the corridor performance measurement and monitoring of CAREC: all
payments, on both sides, for one unit. Only what is known to be paid is counted. Amounts of different currencies or
years are not added up: that needs a rate, which is no part of a port. Where nothing is known to be paid there is no
cost, not one of zero.

Who pays on leaving: a charge of no station that names a class is paid by every unit of it at the end of its way, be it
out of the port or into another unit; one of every class (``*``) only by units that leave the port as what they are. A
train that is taken apart into fifty wagons which leave pays nothing for that, each wagon pays once; wagons made up into
a train, and both sides of a match that go on as one unit, pay nothing, and what was made of them pays once.

How often a charge is paid: a charge that every unit of a class pays equally often, whatever way it takes, counts
exactly so often for each unit that left. Any other is counted where it is paid, over the units that left: in the
counted time there are units that paid before it and left in it, and the other way round, and payments of units that
then left unserved. That is a small part of a long run, and why the interval of such a cost is never quite zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bridgehead.engines.simulation.certain_visits import become_others, certain_visits
from bridgehead.engines.simulation.charges import ALL
from bridgehead.engines.simulation.intervals import estimate
from bridgehead.engines.simulation.model import Charge
from bridgehead.engines.simulation.outcomes import Outcome
from bridgehead.engines.simulation.reaching import Ways
from bridgehead.engines.simulation.replications import Study
from bridgehead.engines.simulation.unit_stays import main_unit

CENT = Decimal("0.01")
Counts = list[int]
"""One for each replication."""


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
        One for each currency and year; empty where no charge is known, or where those who pay are no units of which
        there is one mean.
    classes : tuple of str
        Those that are known to pay.
    units : tuple of str
        What one unit of these classes is, each word once.
    no_charge_known : tuple of str
        Classes that went through the port and are not counted, because nothing is known of what they pay.
    """

    amounts: tuple[MoneyEstimate, ...]
    classes: tuple[str, ...]
    units: tuple[str, ...]
    no_charge_known: tuple[str, ...]


def clearance_cost(study: Study, unit_class: str | None = None) -> ClearanceCost:
    """Return the cost of clearance (TFI2) of a class, or of a main unit of the port.

    The latter has amounts only where all who are known to pay are main units that leave: what wagons pay is no cost of
    a train, and a train that is taken apart is not cleared yet.
    """
    model = study.compiled.model
    names = [one.id for one in model.classes] if unit_class is None else [unit_class]
    done = {name: [_done(one, name) for one in study.outcomes] for name in names}
    passed = [name for name in names if any(done[name])]
    times = {name: _times(study, name, done[name]) for name in passed}
    paying = [name for name in passed if any(any(one) for one in times[name])]
    what = {one.id: one.unit for one in model.classes}
    moneys: Sequence[tuple[str, int]] = ()
    if unit_class is not None or _are_main(study, paying, what):
        paid = [one for at, one in enumerate(model.charges) if any(any(times[name][at]) for name in paying)]
        moneys = sorted({(one.currency, one.year) for one in paid})
    return ClearanceCost(
        amounts=tuple(_amount(model.charges, times, [done[name] for name in paying], *money) for money in moneys),
        classes=tuple(paying),
        units=tuple(dict.fromkeys(what[name] for name in paying)),
        no_charge_known=tuple(name for name in passed if name not in paying),
    )


def _are_main(study: Study, classes: Sequence[str], units: Mapping[str, str]) -> bool:
    """Tell whether units of these classes are main units of the port, and leave it."""
    main = main_unit(study.compiled.model)
    return all(name in study.compiled.main_classes and units[name] == main for name in classes)


def _times(study: Study, unit_class: str, done: Counts) -> list[Counts]:
    """Return how often units of a class paid each charge of the model."""
    model, ways = study.compiled.model, Ways(study.compiled.model)
    others = [node.id for node in model.nodes if become_others(node, unit_class)]
    known: dict[str, Counts] = {}
    found = []
    for charge in model.charges:
        if charge.unit_class not in (ALL, unit_class):
            found.append([0] * len(done))
        elif charge.node:
            if charge.node not in known:
                known[charge.node] = _services(study, ways, unit_class, charge.node, done)
            found.append(known[charge.node])
        elif charge.unit_class == ALL:
            changed = [_ended(one, others, unit_class) for one in study.outcomes]
            found.append([all_ - some for all_, some in zip(done, changed, strict=True)])
        else:
            found.append(done)
    return found


def _services(study: Study, ways: Ways, unit_class: str, node: str, done: Counts) -> Counts:
    """Return how often units of a class were served at a node: those that left, where that is known of each."""
    each = certain_visits(ways, unit_class, node)
    if each is not None:
        return [each * units for units in done]
    return [_ended(one, [node], unit_class) for one in study.outcomes]


def _ended(outcome: Outcome, nodes: Sequence[str], unit_class: str) -> int:
    compiled = outcome.compiled
    rows = [row for name in nodes for row in compiled.node_index[name]]
    return int(outcome.pairs[rows][:, list(compiled.type_index[unit_class])]["ended"].sum())


def _done(outcome: Outcome, unit_class: str) -> int:
    return int(outcome.types["done"][list(outcome.compiled.type_index[unit_class])].sum())


def _amount(
    charges: Sequence[Charge], times: Mapping[str, Sequence[Counts]], done: Sequence[Counts], currency: str, year: int
) -> MoneyEstimate:
    """Return what a unit pays in one money, over the replications in which units left the port."""
    wanted = [(at, one.amount) for at, one in enumerate(charges) if (one.currency, one.year) == (currency, year)]
    means = []
    for number, units in enumerate(map(sum, zip(*done, strict=True))):
        paid = sum((amount * counts[at][number] for at, amount in wanted for counts in times.values()), Decimal(0))
        if units:
            means.append(paid / units)
    half = estimate(float(one) for one in means).half_width
    mean = sum(means, Decimal(0)) / len(means)
    ends = [(mean + sign * Decimal(repr(half))) if half != float("inf") else None for sign in (-1, 1)]
    low, high = (None if one is None else _rounded(max(one, Decimal(0))) for one in ends)
    return MoneyEstimate(currency, year, _rounded(mean), low, high)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
