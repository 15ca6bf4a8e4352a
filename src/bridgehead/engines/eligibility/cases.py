"""Questions put as cases: read, checked whole before anything is decided, and answered in their order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bridgehead.engines.eligibility.assessment import Answer, assess
from bridgehead.engines.eligibility.documents import Node, read_document
from bridgehead.engines.eligibility.facts import (
    MOST_DIGITS,
    FactRegister,
    Value,
    WrongValueError,
    day_of,
    hint,
    shown,
)
from bridgehead.engines.eligibility.policies import PolicySet
from bridgehead.engines.eligibility.reading import Reading
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.schemas import Guesses, nearest

MOST_VALUES = 5_000_000
_KEYS = ("id", "policy", "as_of", "facts")
_LONGEST_SLIP = 12
"""Characters of a key that may be a mistyped one of these."""


@dataclass(frozen=True)
class Case:
    """One question: whether a policy fits on a day, with what is known.

    Parameters
    ----------
    id : str, int or float
        As the asker calls it; two cases may be called alike.
    policy : str
        Id of the policy.
    as_of : date
        The day asked for.
    facts : mapping
        Typed values of what is known.
    place : Place
        Where it was read.
    """

    id: str | int | float
    policy: str
    as_of: date
    facts: Mapping[str, Value]
    place: Place


def read_cases(text: str, policies: Reading, file: str) -> tuple[tuple[Case, ...], tuple[Fault, ...]]:
    """Read a list of cases.

    Parameters
    ----------
    text : str
        YAML or JSON: a list of mappings with ``id``, ``policy``, ``as_of`` and ``facts``; other keys are ignored,
        but not those that look like one of these which is not there, nor ``<<``.
    policies : Reading
        What was read of the policies; one with faults counts as known.
    file : str
        How faults call the cases.

    Returns
    -------
    tuple of Case
        Those without a fault.
    tuple of Fault
        Every fault of every case.
    """
    try:
        root = read_document(text, file, MOST_VALUES)
    except BridgeheadError as refused:
        return (), refused.faults
    if root.items is None:
        return (), (Fault("case.no_list", {}, Place(file, root.line)),)
    reader = _CaseReader(policies, file)
    found = [reader.case(node, number) for number, node in enumerate(root.items)]
    return tuple(case for case in found if case is not None), tuple(reader.faults)


def answer_cases(cases: Iterable[Case], policies: PolicySet) -> tuple[tuple[Answer, ...], tuple[Fault, ...]]:
    """Answer cases in their order.

    Returns
    -------
    tuple of Answer
        One for each case that could be computed.
    tuple of Fault
        Divisions by zero that were reached and amounts too long to write out, each with its case.
    """
    answers: list[Answer] = []
    faults: list[Fault] = []
    for case in cases:
        policy = policies.policies[case.policy]
        try:
            answers.append(assess(policy, case.facts, case.as_of))
        except BridgeheadError as refused:
            faults += [
                replace(fault, parameters={**fault.parameters, "case": case.id}, place=case.place)
                for fault in refused.faults
            ]
    return tuple(answers), tuple(faults)


def _names(id: object) -> bool:
    """Return whether a value can name a case: a text, or a number that can be written out."""
    if isinstance(id, bool) or not isinstance(id, str | int | float):
        return False
    if isinstance(id, int):
        return id.bit_length() <= 4 * MOST_DIGITS
    return math.isfinite(id) if isinstance(id, float) else bool(id)


class _CaseReader:
    def __init__(self, policies: Reading, file: str) -> None:
        self.register: FactRegister = policies.policies.facts
        self.ids = policies.ids
        self.file = file
        self.faults: list[Fault] = []
        self.near_policies = Guesses(policies.ids)
        self.near_facts = Guesses(self.register.facts)

    def case(self, node: Node, number: int) -> Case | None:
        """Read one case; None where something is wrong with it."""
        before = len(self.faults)
        at = f"[{number}]"
        place = Place(self.file, node.line, None, at)
        own = node.mapping
        if own is None:
            self.faults.append(Fault("case.not_a_mapping", {"number": number + 1}, place))
            return None
        id = own["id"].value if "id" in own else None
        if not _names(id):
            self.faults.append(Fault("case.no_id", {"number": number + 1}, self._at(own, "id", node, at)))
            id = f"#{number + 1}"
        for key, line in node.repeated:
            told = {"case": id, "key": key}
            self.faults.append(Fault("case.key_twice", told, Place(self.file, line, None, f"{at}.{key}")))
        self._misspelt(own, id, at)
        policy = self._policy(own, id, self._at(own, "policy", node, at))
        as_of = self._as_of(own, id, self._at(own, "as_of", node, at))
        facts = self._facts(own.get("facts"), id, at)
        if policy is None or as_of is None or not isinstance(id, str | int | float) or len(self.faults) > before:
            return None
        return Case(id, policy, as_of, facts, place)

    def _misspelt(self, own: Mapping[str, Node], id: object, at: str) -> None:
        """Keep keys that look like a known one which is not there, and a merge key, which would merge nothing."""
        for key, node in own.items():
            if key in _KEYS or len(key) > _LONGEST_SLIP:
                continue
            low = key.lower()
            near = low if low in _KEYS else nearest(low, [one for one in _KEYS if one not in own])
            if near or key == "<<":
                told = {"case": id, "key": key, "keys": _KEYS, **hint(near)}
                self.faults.append(Fault("case.unknown_key", told, Place(self.file, node.line, None, f"{at}.{key}")))

    def _at(self, own: Mapping[str, Node], key: str, node: Node, at: str) -> Place:
        return Place(self.file, own.get(key, node).line, None, f"{at}.{key}")

    def _policy(self, own: Mapping[str, Node], id: object, place: Place) -> str | None:
        name = own["policy"].text if "policy" in own else None
        if name is not None and name in self.ids:
            return name
        value = shown(own["policy"].plain()) if "policy" in own else shown(None)
        told = {"case": id, "policy": value, **hint(self.near_policies.of(name or ""))}
        self.faults.append(Fault("case.unknown_policy", told, place))
        return None

    def _as_of(self, own: Mapping[str, Node], id: object, place: Place) -> date | None:
        given = own["as_of"].plain() if "as_of" in own else None
        try:
            return day_of(given)
        except WrongValueError:
            code = "case.no_day" if given is None else "case.wrong_day"
            self.faults.append(Fault(code, {"case": id, "value": shown(given)}, place))
            return None

    def _facts(self, node: Node | None, id: object, at: str) -> Mapping[str, Value]:
        if node is None or node.value is None:
            return {}
        if node.mapping is None:
            place = Place(self.file, node.line, None, f"{at}.facts")
            self.faults.append(Fault("case.facts_not_a_mapping", {"case": id}, place))
            return {}
        for key, line in node.repeated:
            told = {"case": id, "key": key}
            self.faults.append(Fault("case.key_twice", told, Place(self.file, line, None, f"{at}.facts.{key}")))
        given = {key: one.plain() for key, one in node.mapping.items()}
        typed = self.register.typed(given, case=id, guesses=self.near_facts)
        for fault in typed.faults:
            fact = str(fault.parameters["fact"])
            place = Place(self.file, node.mapping[fact].line, None, f"{at}.facts.{fact}")
            self.faults.append(replace(fault, place=place))
        return typed.values
