"""The next best question: the fact whose answer is expected to settle most of the policies that are still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bridgehead.engines.eligibility.facts import FactRegister, Value
from bridgehead.engines.eligibility.formula import Facts
from bridgehead.engines.eligibility.policies import Leaf, Policy
from bridgehead.engines.eligibility.values import representatives


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for.

    Parameters
    ----------
    fact : str
        The fact.
    policies : tuple of str
        The open policies its answer can change, in their order.
    settled : float
        How many of them its answer is expected to settle.
    """

    fact: str
    policies: tuple[str, ...]
    settled: float

    @property
    def topic(self) -> str:
        """What the fact is about: the first part of its name."""
        return self.fact.partition(".")[0]


def open_policies(policies: Iterable[Policy], facts: Facts, as_of: date) -> tuple[Policy, ...]:
    """Return the policies in force whose verdict is still unknown."""
    return tuple(one for one in policies if one.in_force(as_of) and one.conditions.truth(facts) is None)


def questions(policies: Iterable[Policy], facts: Facts, as_of: date, register: FactRegister) -> tuple[Question, ...]:
    """Return the questions worth asking, the best first; none where every policy is settled.

    A question is worth the number of policies its answer is expected to settle. The answers it distinguishes are those
    that differ for some condition on it: options of an enumeration are equally likely, and so are the ranges of a
    number that its conditions tell apart. Of questions worth the same, the one that brings more policies nearer to
    their verdict comes first, then the one that stands first in the policies.

    Parameters
    ----------
    policies : iterable of Policy
        Those one wants to settle.
    facts : mapping
        What is known of the firm; facts known are not asked for again.
    as_of : date
        The day.
    register : FactRegister
        The types of the facts.
    """
    still = open_policies(policies, facts, as_of)
    concerned: dict[str, list[Policy]] = {}
    order: dict[str, int] = {}
    for policy in still:
        missing = policy.conditions.missing(facts)
        for _, leaf in policy.leaves():
            if leaf.fact in missing:
                order.setdefault(leaf.fact, len(order))
        for fact in missing:
            concerned.setdefault(fact, []).append(policy)
    scored = [(fact, own, _gain(fact, own, facts, register)) for fact, own in concerned.items()]
    scored.sort(key=lambda one: (-one[2][0], -one[2][1], order[one[0]]))
    return tuple(Question(fact, tuple(policy.id for policy in own), gain[0]) for fact, own, gain in scored)


def next_question(policies: Iterable[Policy], facts: Facts, as_of: date, register: FactRegister) -> Question | None:
    """Return the best question, None where every policy is settled; parameters are those of `questions`."""
    return next(iter(questions(policies, facts, as_of, register)), None)


def next_topic(policies: Iterable[Policy], facts: Facts, as_of: date, register: FactRegister) -> tuple[Question, ...]:
    """Return what to ask together next: the best question, and the others about the same thing, the best first.

    What a fact is about is the first part of its name, such as ``vat`` or ``staff``. Asked together the facts of a firm
    fit on fewer screens, though now and then one is asked for that would not have been needed. Nothing is returned
    where every policy is settled; parameters are those of `questions`.
    """
    ranked = questions(policies, facts, as_of, register)
    return tuple(one for one in ranked if one.topic == ranked[0].topic)


def _gain(fact: str, policies: Sequence[Policy], facts: Facts, register: FactRegister) -> tuple[float, float]:
    """Return how many policies the answer is expected to settle, and by how many facts the others come nearer."""
    leaves = [leaf for policy in policies for _, leaf in policy.leaves() if leaf.fact == fact]
    answers = _answers(fact, leaves, register)
    settled, nearer = 0, 0.0
    for value, weight in answers.items():
        known: Mapping[str, Value] = {**facts, fact: value}
        for policy in policies:
            if policy.conditions.truth(known) is not None:
                settled += weight
            else:
                before, after = policy.conditions.missing(facts), policy.conditions.missing(known)
                nearer += (len(before) - len(after)) / len(before) * weight
    total = sum(answers.values())
    return settled / total, round(nearer / total, 9)  # so that questions worth the same are told so


def _answers(fact: str, leaves: Sequence[Leaf], register: FactRegister) -> Mapping[Value, int]:
    """Return one answer for each way the conditions come out, with how many representatives there are of it."""
    first: dict[tuple[bool, ...], Value] = {}
    weights: dict[Value, int] = {}
    type = register.facts[fact].type
    for value in representatives(type, leaves):
        outcome = tuple(leaf.holds(value) for leaf in leaves)
        answer = first.setdefault(outcome, value)
        weights[answer] = weights.get(answer, 0) + 1 if type.kind == "enum" else 1
    return weights
