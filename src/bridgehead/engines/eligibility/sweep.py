"""Many firms and many policies at once: who is entitled to what. A bad firm is reported, and the others go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bridgehead.engines.eligibility.assessment import Decision, decide
from bridgehead.engines.eligibility.facts import FactRegister
from bridgehead.engines.eligibility.policies import Policy
from bridgehead.kernel.errors import BridgeheadError, Fault
from bridgehead.kernel.schemas import Guesses


@dataclass(frozen=True, slots=True)
class FirmResult:
    """What a sweep found of one firm.

    Parameters
    ----------
    firm : str
        Its id.
    decisions : tuple of Decision
        One for each policy in their order; none where a given fact was wrong, and none for a policy whose amount
        divides by zero.
    faults : tuple of Fault
        What was wrong.
    """

    firm: str
    decisions: tuple[Decision, ...]
    faults: tuple[Fault, ...] = ()


def sweep(
    policies: Iterable[Policy],
    firms: Iterable[tuple[str, Mapping[str, object]]],
    as_of: date,
    register: FactRegister,
) -> Iterator[FirmResult]:
    """Decide every policy for every firm, one firm after the other.

    Parameters
    ----------
    policies : iterable of Policy
        The policies.
    firms : iterable of (str, mapping)
        Id of a firm, and what is given of it as it was read; it is checked here.
    as_of : date
        The day.
    register : FactRegister
        The declared facts.
    """
    several = tuple(policies)
    guesses = Guesses(register.facts)
    for firm, given in firms:
        typed = register.typed(given, case=firm, guesses=guesses)
        faults = list(typed.faults)
        decisions: list[Decision] = []
        for policy in several if not faults else ():
            try:
                decisions.append(decide(policy, typed.values, as_of))
            except BridgeheadError as refused:
                faults += [replace(one, parameters={**one.parameters, "case": firm}) for one in refused.faults]
        yield FirmResult(firm, tuple(decisions), tuple(faults))
