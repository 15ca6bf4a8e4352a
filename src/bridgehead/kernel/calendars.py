"""Working days and the clocks that count them: holidays, weekends that are worked to make up for them, due dates.

Terms are counted as the Civil Code of China does (articles 201 to 203): the day of the event does not count, a term
in months ends on the day of the same number or, where there is none, on the last of the month, and one that would end
on a day off ends on the next working day.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bridgehead.kernel.errors import BridgeheadError, Place

_DAY = timedelta(days=1)
_SATURDAY = 5
_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()
_CLOCK = re.compile(r"(\d{1,4})(wd|d|w|m|y)", re.ASCII)


class Unit(StrEnum):
    """What a term counts."""

    WORKING_DAY = "wd"
    DAY = "d"
    WEEK = "w"
    MONTH = "m"
    YEAR = "y"


@dataclass(frozen=True, slots=True)
class Term:
    """How long somebody has: so many working days, days, weeks, months or years.

    Parameters
    ----------
    count : int
        How many, at least one.
    unit : Unit
        Of what.
    """

    count: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> Term:
        """Return the term a text such as ``7wd``, ``15d``, ``2w``, ``6m`` or ``1y`` stands for.

        Raises
        ------
        BridgeheadError
            ``calendar.bad_term`` for any other text, and for none at all of something.
        """
        found = _CLOCK.fullmatch(text.strip())
        if found is None or not int(found[1]):
            raise BridgeheadError("calendar.bad_term", {"term": text}, Place(field="term"))
        return cls(int(found[1]), Unit(found[2]))

    def __str__(self) -> str:
        """Return the text `read` takes."""
        return f"{self.count}{self.unit}"


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a term.

    Parameters
    ----------
    day : date
        The day itself; whoever acts on it is in time.
    provisional : bool
        Whether the term reaches beyond the days whose holidays have been announced, so that it may still move.
    """

    day: date
    provisional: bool = False


@dataclass(frozen=True)
class Calendar:
    """Which days are worked.

    Parameters
    ----------
    off : iterable of date
        Holidays. Saturdays and Sundays among them are off anyway; they tell an office that opens on weekends to close.
    worked : iterable of date
        Saturdays and Sundays that are worked; others are ignored.
    announced_until : date, optional
        Last day whose holidays are known; None where every day is.

    Raises
    ------
    BridgeheadError
        ``calendar.both`` where a day is said to be off and worked.
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    announced_until: date | None = None
    _off: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _worked: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __init__(
        self, off: Iterable[date] = (), worked: Iterable[date] = (), announced_until: date | None = None
    ) -> None:
        off, worked = frozenset(off), frozenset(worked)
        if both := sorted(off & worked):
            raise BridgeheadError("calendar.both", {"days": ", ".join(map(str, both))}, Place(field="day"))
        keep = object.__setattr__
        keep(self, "off", off)
        keep(self, "worked", frozenset(day for day in worked if day.weekday() >= _SATURDAY))
        keep(self, "announced_until", announced_until)
        keep(self, "_off", tuple(sorted(day.toordinal() for day in off if day.weekday() < _SATURDAY)))
        keep(self, "_worked", tuple(sorted(day.toordinal() for day in self.worked)))

    def is_worked(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        return day in self.worked if day.weekday() >= _SATURDAY else day not in self.off

    def working_days(self, after: date, until: date) -> int:
        """Return how many working days lie after a day, up to and with another; negative where that one is earlier."""
        return self._count(until.toordinal()) - self._count(after.toordinal())

    def add(self, day: date, working_days: int) -> date:
        """Return the working day so many working days after a day, or before it where the number is negative.

        Where days have no date any more, such as after the last of 9999, it is the last or the first day there is: who
        gives a thing without an end by such a day finds it undone, and nothing broken.

        Raises
        ------
        ValueError
            For none at all: the day itself may be no working day.
        """
        if not working_days:
            raise ValueError("a number of working days other than 0")
        wanted = self._count(day.toordinal() - (working_days < 0)) + working_days + (working_days < 0)
        low = high = day.toordinal()
        if working_days > 0:
            step = 2 * working_days + 7
            while self._count(high) < wanted:
                high += step
        else:
            step = -2 * working_days + 7
            while self._count(low) >= wanted:
                low -= step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._count(middle) < wanted else (low, middle)
        return date.fromordinal(min(max(high, _FIRST), _LAST))

    def on_or_after(self, day: date) -> date:
        """Return the first working day that is not before a day."""
        return day if self.is_worked(day) else self.add(day, 1)

    def due(self, begins: date, term: Term) -> Due:
        """Return the last day of a term that begins with an event on a day.

        Parameters
        ----------
        begins : date
            Day of the event, which itself does not count.
        term : Term
            How long.

        Raises
        ------
        BridgeheadError
            ``calendar.bad_term`` for a term that ends on no day there is a date for.
        """
        try:
            day = self.add(begins, term.count) if term.unit is Unit.WORKING_DAY else _plain(begins, term)
        except (ValueError, OverflowError):
            raise BridgeheadError("calendar.bad_term", {"term": str(term)}, Place(field="term")) from None
        return self.ending(day)

    def ending(self, day: date) -> Due:
        """Return the last day of a term that ends on a day, or on the next working day where that is a day off."""
        day = self.on_or_after(day)
        return Due(day, self.announced_until is not None and day > self.announced_until)

    def _count(self, ordinal: int) -> int:
        """Return how many working days there are from 0001-01-01, a Monday, up to and with a day."""
        weeks, rest = divmod(ordinal, 7)
        return 5 * weeks + min(rest, 5) - bisect_right(self._off, ordinal) + bisect_right(self._worked, ordinal)


def _plain(begins: date, term: Term) -> date:
    """Return the end of a term without a look at days off."""
    if term.unit is Unit.DAY:
        return begins + term.count * _DAY
    if term.unit is Unit.WEEK:
        return begins + 7 * term.count * _DAY
    months = begins.year * 12 + begins.month - 1 + term.count * (12 if term.unit is Unit.YEAR else 1)
    year, month = divmod(months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + (begins.day - 1) * _DAY, following - _DAY)
