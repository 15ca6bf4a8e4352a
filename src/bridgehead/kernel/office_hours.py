"""When an office is open: hours of the week with breaks, hours of a season, days with hours of their own.

Hours are those of the clock on the wall, such as ``08:30-12:00 14:30-17:30``; an office that works through midnight has
one interval until ``24:00`` and one from ``00:00`` on the next day. `bridgehead.kernel.office_clocks` counts with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from bridgehead.kernel.calendars import Calendar
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

Hours = tuple[tuple[int, int], ...]
"""Open intervals of a day in minutes after midnight, the first included, the last not; none on a day it is closed."""

CLOSED: Hours = ()
_DAY_MIN = 24 * 60
_SATURDAY = 5
_INTERVAL = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)", re.ASCII)
_PROMISE = re.compile(r"(\d{1,5})(wmin|wh|wd)", re.ASCII)


def read_hours(text: str) -> Hours:
    """Return the open intervals of a day a text such as ``08:30-12:00 14:30-17:30`` stands for.

    Raises
    ------
    BridgeheadError
        ``hours.unreadable`` for any other text, ``hours.not_rising`` where an interval ends before it begins or begins
        before the one before it has ended.
    """
    found: list[tuple[int, int]] = []
    for part in text.replace(",", " ").replace(";", " ").split():
        match = _INTERVAL.fullmatch(part)
        if match is None or int(match[2]) > 59 or int(match[4]) > 59:
            raise BridgeheadError("hours.unreadable", {"hours": text}, Place(field="hours"))
        opens, closes = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if not (found[-1][1] if found else 0) <= opens < closes <= _DAY_MIN:
            raise BridgeheadError("hours.not_rising", {"hours": text, "part": part}, Place(field="hours"))
        found.append((opens, closes))
    return tuple(found)


def hours_text(hours: Hours) -> str:
    """Return the text `read_hours` takes, empty for a day on which the office is closed."""
    return " ".join("-".join(f"{at // 60:02}:{at % 60:02}" for at in interval) for interval in hours)


def read_month_day(text: str) -> tuple[int, int]:
    """Return month and day of a text such as ``05-01``.

    Raises
    ------
    BridgeheadError
        ``hours.bad_month_day``.
    """
    try:
        if not text.isascii():
            raise ValueError(text)
        day = datetime.strptime(f"2000-{text}", "%Y-%m-%d")  # noqa: DTZ007 - a leap year, for 29 February
    except ValueError:
        raise BridgeheadError("hours.bad_month_day", {"text": text}, Place(field="season")) from None
    return day.month, day.day


@dataclass(frozen=True, slots=True)
class Season:
    """The hours of a part of every year.

    Parameters
    ----------
    first, last : tuple of int
        Month and day it begins and ends with; it may run over the end of the year.
    week : sequence of Hours
        Hours of the seven days of the week, Monday first.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    week: Sequence[Hours]

    def covers(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True)
class OfficeHours:
    """When an office is open.

    Parameters
    ----------
    zone : str
        Its zone of time, such as ``Asia/Shanghai``.
    week : sequence of Hours
        Hours of the seven days of the week, Monday first.
    seasons : sequence of Season
        Hours that hold for a part of every year instead.
    special : mapping of date to Hours
        Days with hours of their own; they go before everything else.
    make_up_weekday : int
        Whose hours a Saturday or Sunday has that is worked to make up for a holiday: 1 for Monday, 7 for Sunday.
    on_holidays : bool
        Whether holidays change nothing.

    Raises
    ------
    BridgeheadError
        With every fault: ``hours.unknown_zone``, ``hours.bad_week``, ``hours.bad_make_up``, ``hours.seasons_overlap``
        and ``hours.never_open``.
    """

    zone: str
    week: Sequence[Hours]
    seasons: Sequence[Season] = ()
    special: Mapping[date, Hours] = field(default_factory=dict)
    make_up_weekday: int = 1
    on_holidays: bool = False

    def __post_init__(self) -> None:
        """Refuse hours that cannot be."""
        if faults := list(self._faults()):
            raise BridgeheadError.of(faults)

    @cached_property
    def time_zone(self) -> ZoneInfo:
        """The zone of time."""
        return ZoneInfo(self.zone)

    def on(self, day: date, calendar: Calendar) -> Hours:
        """Return the hours of a day.

        Parameters
        ----------
        day : date
            The day in the zone of the office.
        calendar : Calendar
            Which days are off, and which weekends are worked.
        """
        if day in self.special:
            return self.special[day]
        weekday = day.weekday()
        if weekday >= _SATURDAY and day in calendar.worked:
            weekday = self.make_up_weekday - 1
        elif day in calendar.off and not self.on_holidays:
            return CLOSED
        return next((one.week for one in self.seasons if one.covers(day)), self.week)[weekday]

    def _faults(self) -> Iterator[Fault]:
        try:
            self.time_zone  # noqa: B018 - asked for what it raises
        except (KeyError, ValueError, OSError):
            yield Fault("hours.unknown_zone", {"zone": self.zone}, Place(field="zone"))
        weeks = [self.week, *(one.week for one in self.seasons)]
        if any(len(one) != 7 for one in weeks):
            yield Fault("hours.bad_week", {}, Place(field="week"))
        if not 1 <= self.make_up_weekday <= 7:
            yield Fault("hours.bad_make_up", {"weekday": self.make_up_weekday}, Place(field="make_up_weekday"))
        leap_year = (date(2000, 1, 1) + number * timedelta(1) for number in range(366))
        if doubled := next((day for day in leap_year if sum(one.covers(day) for one in self.seasons) > 1), None):
            yield Fault("hours.seasons_overlap", {"day": f"{doubled:%m-%d}"}, Place(field="seasons"))
        if not any(hours for week in weeks for hours in week):
            yield Fault("hours.never_open", {}, Place(field="week"))


class Measure(StrEnum):
    """What a promise counts."""

    MINUTE = "wmin"
    HOUR = "wh"
    DAY = "wd"


@dataclass(frozen=True, slots=True)
class Promise:
    """How long an office takes at most: so many working minutes, working hours or working days.

    Parameters
    ----------
    count : int
        How many, at least one.
    measure : Measure
        Of what.
    """

    count: int
    measure: Measure

    @classmethod
    def read(cls, text: str) -> Promise:
        """Return the promise a text such as ``90wmin``, ``8wh`` or ``5wd`` stands for.

        Raises
        ------
        BridgeheadError
            ``clock.bad_promise`` for any other text, and for none at all of something.
        """
        found = _PROMISE.fullmatch(text.strip())
        if found is None or not int(found[1]):
            raise BridgeheadError("clock.bad_promise", {"promise": text}, Place(field="promise"))
        return cls(int(found[1]), Measure(found[2]))

    def __str__(self) -> str:
        """Return the text `read` takes."""
        return f"{self.count}{self.measure}"

    @property
    def in_days(self) -> bool:
        """Whether it counts days and ends with one, rather than with the minute."""
        return self.measure is Measure.DAY

    @property
    def amount(self) -> int:
        """Working days of one that counts days, working minutes of any other."""
        return self.count * 60 if self.measure is Measure.HOUR else self.count
