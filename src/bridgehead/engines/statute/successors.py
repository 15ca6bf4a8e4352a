"""Organs that are no more, and who bears their tasks now: the reforms of the organs of the State Council since 2008.

A statute goes on naming an organ after a reform did away with it. The duty keeps the name the text has; beside it
stands who took the tasks over, from when, and by which decision. Local reforms may have divided them otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from bridgehead.engines.statute.rules import table


@dataclass(frozen=True, slots=True)
class Succession:
    """One handing over of tasks.

    Parameters
    ----------
    former : str
        Canonical name of the organ that is no more.
    successors : tuple of str
        Canonical names of those that took its tasks over.
    since : date
        Day of the decision; of a plan of the party, the day it was made public.
    basis : str
        The decision.
    note : str
        Which tasks went elsewhere, in words.
    """

    former: str
    successors: tuple[str, ...]
    since: date
    basis: str
    note: str = ""


@cache
def successions() -> dict[str, Succession]:
    """Return every handing over there is a row for, by the organ that is no more."""
    return {
        row["former"]: Succession(
            row["former"],
            tuple(row["successors"].split("；")),
            date.fromisoformat(row["since"]),
            row["basis"],
            row["note"],
        )
        for row in table("successors")
    }


def chain_of(organ: str) -> tuple[Succession, ...]:
    """Return how the tasks of an organ were handed on, step after step; none where the organ is still there."""
    found: list[Succession] = []
    waiting = [organ]
    for name in waiting:
        step = successions().get(name)
        if step is not None and step not in found:
            found.append(step)
            waiting += step.successors
    return tuple(found)


def formers_of(organ: str) -> tuple[str, ...]:
    """Return the organs that are no more whose tasks an organ bears now."""
    return tuple(name for name in successions() if organ in successors_of(name))


def successors_of(organ: str) -> tuple[str, ...]:
    """Return who bears the tasks of an organ now, in their canonical names; none where the organ is still there."""
    chain = chain_of(organ)
    named = dict.fromkeys(name for step in chain for name in step.successors)
    return tuple(name for name in named if name not in successions())
