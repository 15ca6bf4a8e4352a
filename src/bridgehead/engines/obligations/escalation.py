"""What is done when something is late: the rungs of a ladder, each so many working days before or after the due day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bridgehead.kernel.calendars import Calendar
from bridgehead.kernel.errors import BridgeheadError, Place


@dataclass(frozen=True, slots=True)
class Rung:
    """One thing that is done.

    Parameters
    ----------
    id : str
        Its id, such as ``prompt`` or ``circular``.
    after_wd : int
        How many working days after the due day; 0 on it, below 0 before it.
    wait_wd : int
        How many working days must have gone since the rung before it was taken.
    """

    id: str
    after_wd: int
    wait_wd: int = 0

    def on(self, due: date, calendar: Calendar) -> date:
        """Return the day on which it is reached."""
        return calendar.add(due, self.after_wd) if self.after_wd else due


@dataclass(frozen=True, slots=True)
class Ladder:
    """What is done one after the other.

    Parameters
    ----------
    version : str
        Which ladder it is: it may change, and what was done under the one before stays what it was.
    valid_from : date
        First due day it is for.
    rungs : sequence of Rung
        From the mildest to the gravest.

    Raises
    ------
    BridgeheadError
        ``ladder.no_rungs``, or ``ladder.not_rising`` where a graver rung is not reached later than a milder one.
    """

    version: str
    valid_from: date
    rungs: Sequence[Rung]

    def __post_init__(self) -> None:
        """Refuse a ladder that does not rise."""
        if not self.rungs:
            raise BridgeheadError("ladder.no_rungs", {"version": self.version}, Place(field="rungs"))
        for milder, graver in zip(self.rungs, self.rungs[1:], strict=False):
            if graver.after_wd <= milder.after_wd:
                parameters = {"version": self.version, "rung": graver.id, "before": milder.id}
                raise BridgeheadError("ladder.not_rising", parameters, Place(field="after_wd"))


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung and the day on which it is reached."""

    rung: Rung
    on: date


def ladder_for(ladders: Sequence[Ladder], due: date) -> Ladder | None:
    """Return the ladder that holds for a due day: the newest that was valid by then."""
    return max((one for one in ladders if one.valid_from <= due), key=lambda one: one.valid_from, default=None)


def reached(ladder: Ladder, due: date, on: date, calendar: Calendar, done_on: date | None = None) -> list[Reached]:
    """Return the rungs that are reached by a day; none after what was owed is done.

    Parameters
    ----------
    ladder : Ladder
        What is done.
    due : date
        Last day in time.
    on : date
        The day it is asked for.
    calendar : Calendar
        Which days are worked.
    done_on : date, optional
        The day it was done; done on that very day, a rung is not reached any more.
    """
    found = (Reached(rung, rung.on(due, calendar)) for rung in ladder.rungs)
    return [one for one in found if one.on <= on and (done_on is None or one.on < done_on)]


def follows_on(ladder: Ladder, rung: Rung, taken: Mapping[str, date], calendar: Calendar) -> date | None:
    """Return from which day a rung may follow the one that was taken before it; None where none was.

    Parameters
    ----------
    ladder : Ladder
        What is done.
    rung : Rung
        The rung that is to follow.
    taken : mapping
        Id of a rung to the day it was taken.
    calendar : Calendar
        Which days are worked.
    """
    milder = [taken[one.id] for one in ladder.rungs if one.after_wd < rung.after_wd and one.id in taken]
    if not milder:
        return None
    return calendar.add(max(milder), rung.wait_wd) if rung.wait_wd else max(milder)


def upcoming(ladder: Ladder, due: date, on: date, calendar: Calendar) -> Reached | None:
    """Return the next rung that is reached after a day if nothing is done, None where all are."""
    found = (Reached(rung, rung.on(due, calendar)) for rung in ladder.rungs)
    return next((one for one in found if one.on > on), None)
