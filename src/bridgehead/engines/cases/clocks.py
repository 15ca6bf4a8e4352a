"""The clock of a case: what its offices took, what the trader took, and when a promise is due.

A case stays in one state with one office at a time. Working minutes of each stay are those of the office that has the
case, so a case that goes from one office to another keeps one clock. In a pause the clock stands: a promise in minutes
goes on where it stood, one in days becomes longer by the working days of the pause, those after the day it began up to
and with the day it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridgehead.engines.cases.machine import Kind, State
from bridgehead.kernel.office_clocks import DueMoment, OfficeClock
from bridgehead.kernel.office_hours import Promise

ClockOf = Callable[[str], OfficeClock]
"""The clock of an office by its id."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch a case spends in one state with one office.

    Parameters
    ----------
    state : State
        Which.
    office : str
        Whose.
    begun, until : datetime
        From when until when; the one that lasts goes until the moment it is looked at.
    minutes : int
        Working minutes of the office in it.
    """

    state: State
    office: str
    begun: datetime
    until: datetime
    minutes: int

    @property
    def runs(self) -> bool:
        """Whether the clock runs."""
        return self.state.kind is Kind.OPEN


@dataclass(frozen=True, slots=True)
class Clock:
    """A stretch of a case against a promise.

    Parameters
    ----------
    promise : Promise or None
        What was promised; None where nothing was.
    stays : tuple of Stay
        The stretch.
    allowed, used : int
        What the promise with its extensions allows and what has been used of it: working days where it counts days,
        working minutes otherwise.
    due : DueMoment or None
        When it is due. While the clock stands: when it would be if the clock ran again at once.
    late_minutes, late_wd : int
        How many working minutes and days the clock ran after that; 0 and 0 in time. What falls between the close of
        the office and its next opening is not late.
    """

    promise: Promise | None
    stays: tuple[Stay, ...]
    allowed: int = 0
    used: int = 0
    due: DueMoment | None = None
    late_minutes: int = 0
    late_wd: int = 0

    @property
    def begun(self) -> datetime:
        """When it began."""
        return self.stays[0].begun

    @property
    def until(self) -> datetime:
        """When it ended, or the moment it was looked at."""
        return self.stays[-1].until

    @property
    def gross_minutes(self) -> int:
        """All working minutes of the offices that had the case."""
        return sum(one.minutes for one in self.stays)

    @property
    def paused_minutes(self) -> int:
        """Those of them in which the case waited for the trader."""
        return sum(one.minutes for one in self.stays if not one.runs)

    @property
    def net_minutes(self) -> int:
        """Those in which it waited for an office."""
        return self.gross_minutes - self.paused_minutes

    @property
    def late(self) -> bool:
        """Whether the promise was not kept so far."""
        return self.late_minutes > 0

    @property
    def used_percent(self) -> int | None:
        """Share of the promise that has been used, in whole percent; None without a promise."""
        return 100 * self.used // self.allowed if self.allowed else None


def clock_over(
    stays: Sequence[Stay], promise: Promise | None, clock_of: ClockOf, longer: Sequence[Promise] = ()
) -> Clock:
    """Return the clock over a stretch of a case.

    Parameters
    ----------
    stays : sequence of Stay
        The stretch, at least one.
    promise : Promise or None
        What was promised for it.
    clock_of : callable
        The clock of each office.
    longer : sequence of Promise
        Extensions, in the same measure.
    """
    if promise is None:
        return Clock(None, tuple(stays))
    running = [one for one in stays if one.runs]
    allowed = promise.amount + sum(one.amount for one in longer)
    due = runs_out(stays, allowed, promise.in_days, clock_of)
    late_minutes = sum(one.minutes for one in after_moment(running, due.at, clock_of))
    # Days are counted from the day it was due, also where that ended at midnight.
    late_wd = sum(_working_days(one, clock_of) for one in after_moment(running, due.at - _MINUTE, clock_of))
    used = sum(_working_days(one, clock_of) if promise.in_days else one.minutes for one in running)
    return Clock(promise, tuple(stays), allowed, used, due, late_minutes, late_wd if late_minutes else 0)


def runs_out(stays: Sequence[Stay], amount: int, in_days: bool, clock_of: ClockOf) -> DueMoment:
    """Return when an amount of working minutes or days has gone, if the clock runs on after the last stay.

    Parameters
    ----------
    stays : sequence of Stay
        What has been, at least one.
    amount : int
        Working days or minutes, at least one.
    in_days : bool
        Which of the two.
    clock_of : callable
        The clock of each office.
    """
    left = amount
    for at, one in enumerate(stays):
        clock = clock_of(one.office)
        if in_days and not left and (closed := _closed_that_day(stays, at, clock_of)):
            return clock.due_moment(closed)
        if not one.runs:
            continue
        if in_days:
            ends = _closing(clock, one.begun, left)
            if ends <= one.until:
                return clock.due_moment(ends)
            left = max(0, left - _working_days(one, clock_of))
        elif left <= one.minutes:
            return clock.due_moment(clock.add(one.begun, left))
        else:
            left -= one.minutes
    clock, now = clock_of(stays[-1].office), stays[-1].until
    if not in_days:
        return clock.due_moment(clock.add(now, left))
    closed = None if left else _closed_that_day(stays, len(stays), clock_of)
    return clock.due_moment(closed or _closing(clock, now, left))


def after_moment(stays: Sequence[Stay], moment: datetime, clock_of: ClockOf) -> list[Stay]:
    """Return what lies after a moment."""
    found = []
    for one in stays:
        if one.until > moment:
            begun = max(one.begun, moment)
            found.append(replace(one, begun=begun, minutes=clock_of(one.office).minutes_between(begun, one.until)))
    return found


def _closed_that_day(stays: Sequence[Stay], at: int, clock_of: ClockOf) -> datetime | None:
    """Return the last minute an office with the case was open on the day a stay begins, if that was before it.

    So a hand-over to an office that closes sooner makes no promise longer by a day. None where an office with the case
    opens again that day, and where the case waited for the trader in that minute.

    Parameters
    ----------
    stays : sequence of Stay
        What has been; the clock is taken to run on after the last.
    at : int
        The place of the stay; one behind the last is what follows now.
    clock_of : callable
        The clock of each office.
    """
    here, last = stays[min(at, len(stays) - 1)], stays[-1]
    clock = clock_of(here.office)
    day = clock.day_of(here.begun if at < len(stays) else here.until)
    midnight, morrow = clock.midnight(day), clock.midnight(day + timedelta(days=1))
    on = replace(last, begun=last.until, until=max(last.until, morrow))
    if clock.calendar.on_or_after(day) != day or _open_minutes(on, midnight, morrow, clock_of):
        return None
    for number, one in reversed(list(enumerate(stays))):
        if minutes := _open_minutes(one, midnight, morrow, clock_of):
            ends = clock_of(one.office).add(max(one.begun, midnight), minutes)
            return ends if one.runs and number < at else None
    return None


def _open_minutes(stay: Stay, begins: datetime, ends: datetime, clock_of: ClockOf) -> int:
    first, last = max(stay.begun, begins), min(stay.until, ends)
    return clock_of(stay.office).minutes_between(first, last) if first < last else 0


def _closing(clock: OfficeClock, begins: datetime, working_days: int) -> datetime:
    """Return the close of the office so many working days after a moment; for none, the next one on a working day."""
    day = clock.day_of(begins)
    return clock.closing(clock.calendar.add(day, working_days) if working_days else day, begins)


def _working_days(stay: Stay, clock_of: ClockOf) -> int:
    clock = clock_of(stay.office)
    return clock.calendar.working_days(clock.day_of(stay.begun), clock.day_of(stay.until))
