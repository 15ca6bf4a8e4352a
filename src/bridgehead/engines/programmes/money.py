"""The money of a tree of programmes: each entry counts once above it, and transfers within cancel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bridgehead.kernel.errors import BridgeheadError, Place


class MoneyKind(StrEnum):
    """What an entry says."""

    APPROPRIATION = "appropriation"
    SPECIAL_BOND = "special_bond"
    TRANSFER = "transfer"
    COMMITMENT = "commitment"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Parameters
    ----------
    programme : int
        Whose money.
    kind : MoneyKind
        What it says.
    amount : Decimal
        How much; a counter-entry is below zero.
    giver : int, optional
        The programme a transfer comes from; None where it comes from outside, as from a budget above.
    """

    programme: int
    kind: MoneyKind
    amount: Decimal
    giver: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """What the entries of a programme, or of a tree of them, come to.

    ``transfer`` is what came in less what was given away: between two programmes of the tree it cancels.
    """

    appropriation: Decimal = Decimal()
    special_bond: Decimal = Decimal()
    transfer: Decimal = Decimal()
    commitment: Decimal = Decimal()
    payment: Decimal = Decimal()

    @property
    def funds(self) -> Decimal:
        """What there is to spend: appropriations, special bonds and transfers."""
        return self.appropriation + self.special_bond + self.transfer

    @property
    def over(self) -> bool:
        """Whether more was committed or paid than there is."""
        return self.commitment > self.funds or self.payment > self.funds

    @property
    def executed(self) -> Decimal | None:
        """Return the share of the funds that was paid, in per cent; None without funds."""
        return 100 * self.payment / self.funds if self.funds > 0 else None

    def __add__(self, other: Totals) -> Totals:
        """Return both together."""
        return Totals(*(getattr(self, name) + getattr(other, name) for name in MoneyKind))

    def plus(self, kind: MoneyKind, amount: Decimal) -> Totals:
        """Return the totals with one amount more."""
        return replace(self, **{kind.value: getattr(self, kind.value) + amount})


SPENT = ("funds", "commitment", "payment")
"""What a budget is compared by: what there is, what was committed and what was paid."""


def over_years(years: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the years in which more was committed or paid than there is, and an empty text where in all."""
    amounts = {year: {name: Decimal(sums.get(name, "0")) for name in SPENT} for year, sums in years.items()}
    amounts[""] = {name: sum((one[name] for one in amounts.values()), Decimal()) for name in SPENT}
    return sorted(year for year, one in amounts.items() if max(one["commitment"], one["payment"]) > one["funds"])


def own_totals(entries: Iterable[Entry]) -> dict[int, Totals]:
    """Return what the entries of each programme come to, its children apart."""
    found: dict[int, Totals] = {}
    for one in entries:
        found[one.programme] = found.get(one.programme, Totals()).plus(one.kind, one.amount)
        if one.giver is not None:
            found[one.giver] = found.get(one.giver, Totals()).plus(MoneyKind.TRANSFER, -one.amount)
    return found


def tree_totals(entries: Iterable[Entry], parents: Mapping[int, int | None]) -> dict[int, Totals]:
    """Return what each programme comes to with all programmes below it, each counted once.

    Parameters
    ----------
    entries : iterable of Entry
        Of all programmes.
    parents : mapping
        Programme to the one it is a part of, None at the top.

    Raises
    ------
    BridgeheadError
        ``programme.parent_cycle`` where programmes are parts of each other.
    """
    own = own_totals(entries)
    found = {one: own.get(one, Totals()) for one in parents}
    waiting = dict.fromkeys(parents, 0)
    for above in parents.values():
        if above is not None:
            waiting[above] += 1
    ready = [one for one, count in waiting.items() if not count]
    folded = 0
    while ready:
        one = ready.pop()
        folded += 1
        above = parents[one]
        if above is not None:
            found[above] += found[one]
            waiting[above] -= 1
            if not waiting[above]:
                ready.append(above)
    if folded < len(parents):
        raise BridgeheadError("programme.parent_cycle", {}, Place(field="parent"))
    return found
