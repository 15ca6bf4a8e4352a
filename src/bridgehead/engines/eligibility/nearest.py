"""The nearest change that would make a policy fit: the fewest facts that would have to be otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bridgehead.engines.eligibility.facts import FactRegister, Value
from bridgehead.engines.eligibility.formula import Facts
from bridgehead.engines.eligibility.policies import Condition, Group, Leaf, Policy
from bridgehead.engines.eligibility.values import representatives
from bridgehead.kernel.errors import BridgeheadError

MOST_STEPS = 20_000
"""Trees of a few dozen conditions need some hundred; a hostile one would go on for ever."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that would have to be otherwise.

    Parameters
    ----------
    fact : str
        The fact.
    given : Value or None
        What it is, None where it is not known.
    needed : Value
        The value nearest to it with which the policy fits.
    conditions : tuple of Leaf
        What that value fulfils and the given one does not, such as ``staff.average le 300``.
    """

    fact: str
    given: Value | None
    needed: Value
    conditions: tuple[Leaf, ...]


def nearest_change(policy: Policy, facts: Facts, register: FactRegister) -> tuple[Change, ...] | None:
    """Return the fewest facts that would have to be otherwise for the conditions to hold, whatever the day.

    Parameters
    ----------
    policy : Policy
        The policy.
    facts : mapping
        What is known of the firm; an unknown fact that would have to be known counts as a change.
    register : FactRegister
        The types of the facts.

    Returns
    -------
    tuple of Change or None
        In the order of the file; empty where the conditions hold already, None where no values can fulfil them.

    Raises
    ------
    BridgeheadError
        ``eligibility.change_not_found`` for a tree so tangled that the search is given up.
    """
    search = _Search(policy, facts, register)
    if not search.can_hold():
        return None
    for most in range(len(search.values) + 1):
        found = search.within(dict(facts), {}, most)
        if found is not None:
            return tuple(search.change(fact, found[fact]) for fact in search.values if fact in found)
    return None


class _Search:
    """Looks for a set of changes of a given size, so that the first one found is a smallest one."""

    def __init__(self, policy: Policy, facts: Facts, register: FactRegister) -> None:
        self.policy = policy
        self.given = facts
        self.steps = 0
        leaves: dict[str, list[Leaf]] = {}
        for _, leaf in policy.leaves():
            leaves.setdefault(leaf.fact, []).append(leaf)
        self.leaves = leaves
        self.values: Mapping[str, tuple[Value, ...]] = {
            fact: tuple(sorted(representatives(register.facts[fact].type, own), key=self._distance(fact)))
            for fact, own in leaves.items()
        }

    def can_hold(self) -> bool:
        """Say at once no where a condition that must hold cannot, as where it asks one fact for two values."""
        return all(any(self._holds_all(fact, value) for value in values) for fact, values in self.values.items())

    def _holds_all(self, fact: str, value: Value) -> bool:
        must = [item for item in self.policy.conditions.items if isinstance(item, Leaf) and item.fact == fact]
        return all(leaf.holds(value) for leaf in must)

    def within(self, facts: dict[str, Value], changed: Mapping[str, Value], most: int) -> Mapping[str, Value] | None:
        """Return the changes of a way with at most so many more of them, None where there is none."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise BridgeheadError("eligibility.change_not_found", {"policy": self.policy.id})
        conditions = self.policy.conditions
        if conditions.truth(facts):
            return changed
        if most == 0:
            return None
        # One of the leaves that block must hold in the end, so its fact must change: no way is left out.
        for leaf in _blocking(conditions, facts):
            if leaf.fact in changed:
                continue
            for value in self.values[leaf.fact]:
                if leaf.holds(value):
                    found = self.within({**facts, leaf.fact: value}, {**changed, leaf.fact: value}, most - 1)
                    if found is not None:
                        return found
        return None

    def change(self, fact: str, needed: Value) -> Change:
        """Return a change with the conditions it fulfils."""
        given = self.given.get(fact)
        new = [leaf for leaf in self.leaves[fact] if leaf.holds(needed) and not leaf.truth(self.given)]
        return Change(fact, given, needed, tuple(dict.fromkeys(new)))

    def _distance(self, fact: str) -> _Distance:
        written = {value for leaf in self.leaves[fact] for value in leaf.thresholds}
        return _Distance(self.given.get(fact), frozenset(written))


@dataclass(frozen=True, slots=True)
class _Distance:
    """How far a value is from the given one; where that says nothing, what the policy itself writes comes first."""

    given: Value | None
    written: frozenset[Value]

    def __call__(self, value: Value) -> Decimal:
        """Return the distance."""
        if isinstance(value, Decimal) and isinstance(self.given, Decimal):
            return abs(value - self.given)
        if isinstance(value, date) and isinstance(self.given, date):
            return Decimal(abs((value - self.given).days))
        return Decimal(value not in self.written)


def _blocking(node: Condition, facts: Facts) -> Iterator[Leaf]:
    """Go through leaves that do not hold, one of which must before the whole does."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Group):
        open = [item for item in node.items if not item.truth(facts)]
        for item in open if node.any else open[:1]:
            yield from _blocking(item, facts)
