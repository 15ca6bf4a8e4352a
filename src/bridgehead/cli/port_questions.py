"""What ``bridgehead port staff`` is asked, read from its options with every fault at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bridgehead.cli.port_files import Named
from bridgehead.engines.simulation.replications import Experiment
from bridgehead.engines.simulation.staffing.lanes import read_between, read_costs
from bridgehead.engines.simulation.staffing.search import Question, settled_question
from bridgehead.kernel.errors import BridgeheadError, Fault

T = TypeVar("T")

_FOLLOWING = frozenset({"staffing.cost_missing", "staffing.nothing_to_decide"})
"""What may only seem wrong because a bound or a cost could not be read."""


def asked(  # noqa: PLR0917 - what was given, in its order
    read: Callable[[Sequence[str]], Named],
    promise: str,
    changed: Sequence[str] | None,
    between: Sequence[str] | None,
    cost: Sequence[str] | None,
    budget: int,
    seed: int,
) -> tuple[Named, Question]:
    """Return a model and what is asked of it; what cannot be read and what the model does not have is told at once.

    Parameters
    ----------
    read : callable
        Gives the model with changes such as ``lanes=3``.
    promise, changed, between, cost, budget, seed
        As on the command line.

    Raises
    ------
    BridgeheadError
        With every fault. Where the changes are at fault, the rest is held against the model as it stands.
    """
    bounds, unread_bounds = _readable(between or (), read_between)
    costs, unread_costs = _readable(cost or (), read_costs)
    unread = [*unread_bounds, *unread_costs]
    faults: list[Fault] = []
    try:
        named = read(changed or ())
    except BridgeheadError as error:
        if not changed:
            raise BridgeheadError.of([*error.faults, *unread]) from None
        faults += error.faults
        named = _as_it_stands(read, [*faults, *unread])
    run = named.model.run
    question = Question(bounds, costs, budget, Experiment(run.horizon_min, run.warmup_min, seed=seed), named.shipped)
    try:
        settled_question(named.model, promise, question)
    except BridgeheadError as error:
        faults += [one for one in error.faults if not unread or one.code not in _FOLLOWING]
    faults += unread
    if faults:
        raise BridgeheadError.of(faults)
    return named, question


def _as_it_stands(read: Callable[[Sequence[str]], Named], faults: Sequence[Fault]) -> Named:
    """Return the model without changes, or raise the faults of the changes where there is none."""
    try:
        return read(())
    except BridgeheadError:
        raise BridgeheadError.of(faults) from None


def _readable(texts: Sequence[str], read: Callable[[Sequence[str]], dict[str, T]]) -> tuple[dict[str, T], list[Fault]]:
    """Return what can be read of the values of an option, and what is wrong with the others."""
    found: dict[str, T] = {}
    faults: list[Fault] = []
    for text in texts:
        try:
            found |= read([text])
        except BridgeheadError as error:
            faults += error.faults
    return found, faults
