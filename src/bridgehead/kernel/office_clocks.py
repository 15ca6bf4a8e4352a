"""The clock of an office: working minutes between two moments, when so many have gone, when a promise is due.

A moment is cut down to the minute it lies in, whatever its seconds, and the minutes from one moment up to another are
the open minutes from the first up to and without the last. So the minute in which something is lodged counts and the
one in which it is answered does not, and the minutes of two stretches that follow each other add up to those of both.
A minute is open where the clock on the wall says so; on the days clocks are changed it is looked at one by one, and a
closed or doubled hour counts for what it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from itertools import accumulate

from bridgehead.kernel.calendars import Calendar, Term, Unit
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.office_hours import OfficeHours, Promise

LONGEST_CLOSED_YEARS = 10
"""An office that has not opened for so long will not be waited for."""

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DueMoment:
    """The end of a promise.

    Parameters
    ----------
    at : datetime
        The minute with which it ends, in the zone of the office; who answers before it, or in it, is in time.
    provisional : bool
        Whether it reaches beyond the days whose holidays have been announced, so that it may still move.
    """

    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class _Year:
    """The open stretches of a year in minutes since 1970, with the open minutes before each."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def position(self, minute: int) -> int:
        """Return how many open minutes of the year lie before a minute."""
        at = bisect_right(self.opens, minute) - 1
        return 0 if at < 0 else self.before[at] + min(minute, self.closes[at]) - self.opens[at]

    def ending(self, count: int) -> int:
        """Return the minute with which so many open minutes of the year, from 1 to all, have gone."""
        at = bisect_right(self.before, count - 1) - 1
        return self.opens[at] + count - self.before[at]


@dataclass(frozen=True)
class OfficeClock:
    """The clock of an office.

    Parameters
    ----------
    hours : OfficeHours
        When it is open.
    calendar : Calendar
        Which days are worked.
    """

    hours: OfficeHours
    calendar: Calendar
    _years: dict[int, _Year] = field(init=False, repr=False, compare=False, default_factory=dict)

    def minutes_between(self, begins: datetime, ends: datetime) -> int:
        """Return how many working minutes lie between two moments; negative where the second is the earlier one.

        Raises
        ------
        BridgeheadError
            ``clock.no_zone`` for a moment without a zone of time, ``clock.beyond_dates``.
        """
        first, last = _minute_of(begins), _minute_of(ends)
        if last < first:
            return -self.minutes_between(ends, begins)
        year, until = self._year_of(begins), self._year_of(ends)
        whole = sum(self._year(between).total for between in range(year, until))
        return whole + self._year(until).position(last) - self._year(year).position(first)

    def add(self, moment: datetime, minutes: int) -> datetime:
        """Return the moment with which so many working minutes after a moment have gone.

        It is the end of the last of them, so the closing hour rather than the next opening; for none at all it is the
        moment itself, cut down to its minute.

        Raises
        ------
        BridgeheadError
            ``clock.not_open`` where the office does not open any more, ``clock.no_zone``, ``clock.beyond_dates``.
        ValueError
            For a negative number.
        """
        if minutes < 0:
            raise ValueError("a number of minutes that is not negative")
        if not minutes:
            return self._at(_minute_of(moment))
        year = self._year_of(moment)
        left = minutes + self._year(year).position(_minute_of(moment))
        while left > self._year(year).total:
            left -= self._year(year).total
            year = self._next_open_year(year)
        return self._at(self._year(year).ending(left))

    def is_open(self, moment: datetime) -> bool:
        """Tell whether the office is open in the minute of a moment."""
        minute = _minute_of(moment)
        year = self._year(self._year_of(moment))
        at = bisect_right(year.opens, minute) - 1
        return at >= 0 and minute < year.closes[at]

    def next_open(self, moment: datetime) -> datetime:
        """Return the first open minute that is not before the minute of a moment.

        Raises
        ------
        BridgeheadError
            ``clock.not_open``, ``clock.no_zone``, ``clock.beyond_dates``.
        """
        return self.add(moment, 1) - _MINUTE if not self.is_open(moment) else self._at(_minute_of(moment))

    def closing(self, day: date, after: datetime) -> datetime:
        """Return the close of the office on a working day: the first that is not before a day and lies after a moment.

        Raises
        ------
        BridgeheadError
            ``clock.not_open``, ``clock.beyond_dates``.
        """
        for _ in range(366 * LONGEST_CLOSED_YEARS):
            day = self.calendar.on_or_after(day)
            if self.hours.on(day, self.calendar):
                year = self._year(day.year)
                morrow = _minute_of(datetime.combine(day + _DAY, time(), self.hours.time_zone))
                closes = year.closes[bisect_right(year.opens, morrow - 1) - 1]
                if closes > _minute_of(after):
                    return self._at(closes)
            day += _DAY
        raise BridgeheadError("clock.not_open", {"after": str(day)}, Place(field="hours"))

    def term_ends(self, begins: datetime, term: Term) -> DueMoment:
        """Return when a term ends: with the close of the office on its last day, as `Calendar.due` counts it.

        The day of the event does not count. Where the office is closed on the last day, the term ends on the next
        working day on which it opens.
        """
        due = self.calendar.due(self.day_of(begins), term)
        return self.due_moment(self.closing(due.day, begins))

    def due(self, begins: datetime, promise: Promise) -> DueMoment:
        """Return when a promise ends that begins with a moment: with its last minute, or as `term_ends` says."""
        if promise.in_days:
            return self.term_ends(begins, Term(promise.count, Unit.WORKING_DAY))
        return self.due_moment(self.add(begins, promise.amount))

    def due_moment(self, at: datetime) -> DueMoment:
        """Return a moment with whether it lies beyond the days that have been announced."""
        announced = self.calendar.announced_until
        return DueMoment(at, announced is not None and self.day_of(at - _MINUTE) > announced)

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment in the zone of the office.

        Raises
        ------
        BridgeheadError
            ``clock.no_zone``, ``clock.beyond_dates``.
        """
        _minute_of(moment)
        try:
            return moment.astimezone(self.hours.time_zone).date()
        except OverflowError:  # the first or last day of all, which is another one in the zone
            raise BridgeheadError("clock.beyond_dates", {"year": moment.year}, Place(field="moment")) from None

    def midnight(self, day: date) -> datetime:
        """Return the moment a day begins in the zone of the office."""
        return datetime.combine(day, time(), self.hours.time_zone)

    def _at(self, minute: int) -> datetime:
        return datetime.fromtimestamp(minute * 60, self.hours.time_zone)

    def _year_of(self, moment: datetime) -> int:
        return self.day_of(moment).year

    def _next_open_year(self, year: int) -> int:
        for following in range(year + 1, year + 1 + LONGEST_CLOSED_YEARS):
            if self._year(following).total:
                return following
        raise BridgeheadError("clock.not_open", {"after": str(year)}, Place(field="hours"))

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            if not MINYEAR < year < MAXYEAR:
                raise BridgeheadError("clock.beyond_dates", {"year": year}, Place(field="moment"))
            stretches = list(self._stretches(year))
            *before, total = accumulate((last - first for first, last in stretches), initial=0)
            opens, closes = ([one[end] for one in stretches] for end in (0, 1))
            self._years[year] = _Year(tuple(opens), tuple(closes), tuple(before), total)
        return self._years[year]

    def _stretches(self, year: int) -> Iterator[tuple[int, int]]:
        """Yield the open stretches of a year, one after the other."""
        zone = self.hours.time_zone
        midnight = datetime(year, 1, 1, tzinfo=zone)
        while midnight.year == year:
            following = datetime.combine(midnight.date() + _DAY, time(), zone)
            if midnight.utcoffset() == following.utcoffset():
                begins = _minute_of(midnight)
                yield from (
                    (begins + opens, begins + closes) for opens, closes in self.hours.on(midnight.date(), self.calendar)
                )
            else:
                yield from self._minute_by_minute(_minute_of(midnight), _minute_of(following))
            midnight = following

    def _minute_by_minute(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield the open stretches of a day on which clocks are changed."""
        for minute in range(first, last):
            wall = self._at(minute)
            at = wall.hour * 60 + wall.minute
            if any(opens <= at < closes for opens, closes in self.hours.on(wall.date(), self.calendar)):
                yield minute, minute + 1


def _minute_of(moment: datetime) -> int:
    """Return the minute since 1970 a moment lies in."""
    if moment.utcoffset() is None:
        raise BridgeheadError("clock.no_zone", {"moment": str(moment)}, Place(field="moment"))
    return int(moment.timestamp() // 60)
