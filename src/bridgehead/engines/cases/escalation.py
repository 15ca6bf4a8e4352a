"""Who is told when a promise runs out: rungs at shares of the promise and at times over it.

The ladder of late tasks (`engines.obligations.escalation`) counts whole working days around a day; a case is due at a
minute of its offices' time, stands while it waits for the trader and goes from office to office, so its rungs are
counted by its own clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridgehead.engines.cases.clocks import Clock, ClockOf, after_moment, runs_out
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.office_hours import Promise


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: either a share of the promise, or a time over it.

    Parameters
    ----------
    id : str
        Its id.
    tells : str
        Which part of the office, or of the one above it, is told.
    percent : int
        How much of the promise has been used, from 1 to 100; 0 for a rung over it.
    over : Promise, optional
        How long the clock has run after it was due.
    """

    id: str
    tells: str
    percent: int = 0
    over: Promise | None = None


@dataclass(frozen=True)
class Ladder:
    """Rungs in the order in which they are reached: shares first, then times over.

    Raises
    ------
    BridgeheadError
        ``case.bad_rung`` for each rung that is neither or both, and ``case.ladder_not_rising``.
    """

    rungs: Sequence[Rung]

    def __post_init__(self) -> None:
        """Refuse a ladder that does not rise."""
        faults = [
            Fault("case.bad_rung", {"rung": one.id}, Place(field="rungs"))
            for one in self.rungs
            if (not 1 <= one.percent <= 100 if one.over is None else one.percent)
        ]
        for milder, graver in zip(self.rungs, self.rungs[1:], strict=False):
            if not faults and _height(graver) <= _height(milder):
                parameters = {"rung": graver.id, "before": milder.id}
                faults.append(Fault("case.ladder_not_rising", parameters, Place(field="rungs")))
        if faults:
            raise BridgeheadError.of(faults)


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung and the moment it is reached."""

    rung: Rung
    at: datetime


def reached(ladder: Ladder, clock: Clock, clock_of: ClockOf) -> list[Reached]:
    """Return the rungs a clock has reached by the moment it was looked at; none without a promise.

    Parameters
    ----------
    ladder : Ladder
        Whom to tell when.
    clock : Clock
        The clock of a case or of a stage.
    clock_of : callable
        The clock of each office.
    """
    return [one for one in _moments(ladder, clock, clock_of) if one.at <= clock.until]


def upcoming(ladder: Ladder, clock: Clock, clock_of: ClockOf) -> Reached | None:
    """Return the next rung that is reached if the clock runs on, None where all have been."""
    return next((one for one in _moments(ladder, clock, clock_of) if one.at > clock.until), None)


def _moments(ladder: Ladder, clock: Clock, clock_of: ClockOf) -> list[Reached]:
    if clock.promise is None or clock.due is None:
        return []
    in_days, due = clock.promise.in_days, clock.due.at
    found = []
    for rung in ladder.rungs:
        if rung.over is None:
            amount = -(-clock.allowed * rung.percent // 100)
            at = runs_out(clock.stays, amount, in_days, clock_of).at
        else:
            # A day over begins with the day it was due, also where that ends at midnight.
            begins = due - timedelta(minutes=1) if rung.over.in_days else due
            after = after_moment(clock.stays, begins, clock_of)
            after = after or [replace(clock.stays[-1], begun=begins, until=begins, minutes=0)]
            at = runs_out(after, rung.over.amount, rung.over.in_days, clock_of).at
        found.append(Reached(rung, at))
    return found


def _height(rung: Rung) -> tuple[int, int]:
    """Return what a rung that is further up has more of; a working day is taken for one of 24 hours."""
    if rung.over is None:
        return (0, rung.percent)
    return (1, rung.over.amount * (24 * 60 if rung.over.in_days else 1))
