"""The money of trees of programmes: totals against a plain recursion, transfers within counted never, the alarm."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.programmes.money import Entry, MoneyKind, Totals, own_totals, tree_totals
from bridgehead.kernel.errors import BridgeheadError

D = Decimal
MOST = 8


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[Entry], dict[int, int | None]]:
    """Return a forest of programmes in any order of numbers, and entries of money in it."""
    count = draw(st.integers(1, MOST))
    names = draw(st.permutations(range(count)))
    parents: dict[int, int | None] = {
        names[at]: names[draw(st.integers(0, at - 1))] if at and draw(st.booleans()) else None for at in range(count)
    }
    entries = []
    for _ in range(draw(st.integers(0, 12))):
        kind, one = draw(st.sampled_from(list(MoneyKind))), draw(st.sampled_from(names))
        giver = draw(st.sampled_from([None, *names])) if kind is MoneyKind.TRANSFER else None
        amount = D(draw(st.integers(-(10**9), 10**9))) / 100
        entries.append(Entry(one, kind, amount, giver if giver != one else None))
    return entries, parents


def plainly(programme: int, entries: list[Entry], parents: dict[int, int | None]) -> dict[str, Decimal]:
    """Return the sums of a programme by going down its tree, and counting what crosses its border."""

    def inside(one: int | None) -> bool:
        while one is not None and one != programme:
            one = parents[one]
        return one is not None

    sums = dict.fromkeys(map(str, MoneyKind), D())
    for entry in entries:
        received, gave = inside(entry.programme), inside(entry.giver)
        sums[entry.kind] += entry.amount * (received - gave)
    return sums


@given(trees())
def test_each_entry_counts_once_and_a_transfer_within_never(tree: tuple[list[Entry], dict[int, int | None]]) -> None:
    entries, parents = tree
    found = tree_totals(entries, parents)
    for programme in parents:
        assert {str(one): getattr(found[programme], one) for one in MoneyKind} == plainly(programme, entries, parents)
    tops = sum((found[one] for one, above in parents.items() if above is None), Totals())
    assert tops == sum(own_totals(entries).values(), Totals())


def test_a_transfer_to_a_child_moves_funds_and_adds_none() -> None:
    entries = [
        Entry(1, MoneyKind.APPROPRIATION, D(100)),
        Entry(2, MoneyKind.TRANSFER, D(40), giver=1),
        Entry(2, MoneyKind.PAYMENT, D(50)),
        Entry(2, MoneyKind.SPECIAL_BOND, D(5)),
    ]
    found = tree_totals(entries, {1: None, 2: 1})
    assert (found[1].funds, found[1].payment, found[1].over, found[1].executed) == (105, 50, False, D(5000) / 105)
    assert (found[2].funds, found[2].payment, found[2].over) == (45, 50, True)


@pytest.mark.parametrize(
    ("funds", "commitment", "payment", "over"),
    [("10", "10", "10", False), ("10", "10.01", "0", True), ("10", "0", "10.01", True), ("0", "0", "0.01", True)],
)
def test_the_alarm_rings_above_the_funds_and_not_at_them(funds: str, commitment: str, payment: str, over: bool) -> None:
    assert Totals(appropriation=D(funds), commitment=D(commitment), payment=D(payment)).over is over


def test_nothing_was_spent_of_nothing() -> None:
    assert Totals(payment=D(5)).executed is None


def test_programmes_that_are_parts_of_each_other_are_refused() -> None:
    with pytest.raises(BridgeheadError) as caught:
        tree_totals([], {1: 2, 2: 1, 3: None})
    assert caught.value.code == "programme.parent_cycle"
