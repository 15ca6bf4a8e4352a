"""Dates known to the year, the month or the day; and the periods figures are reported for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bridgehead.kernel.errors import BridgeheadError, Place

_DAY = timedelta(days=1)


def span(partial_date: str) -> tuple[date, date]:
    """Return the first and the last day of a partial date.

    Parameters
    ----------
    partial_date : str
        ``2023``, ``2023-07`` or ``2023-07-31``.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    parts = [int(part) for part in partial_date.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        year, month = parts
        return date(year, month, 1), _month_end(year, month)
    year, month, day = parts
    return date(year, month, day), date(year, month, day)


class Frequency(StrEnum):
    """How long a period of a series is."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"


_MONTHS = {Frequency.YEAR: 12, Frequency.HALF: 6, Frequency.QUARTER: 3, Frequency.MONTH: 1}
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|-(?P<month>\d\d)(?:\.\.(?P<last>\d\d)|-(?P<day>\d\d))?)?"
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days a figure covers: whole months of one year, or one day.

    Parameters
    ----------
    first, last : date
        First and last day.
    """

    first: date
    last: date

    @classmethod
    def read(cls, text: str) -> Period:
        """Return the period that a text stands for.

        Parameters
        ----------
        text : str
            ``2025``, ``2025H1``, ``2025Q3``, ``2025-07``, ``2025-01..11`` (months from and to) or ``2025-07-31``.

        Raises
        ------
        BridgeheadError
            ``period.unreadable`` for any other text.
        """
        found = _WRITTEN.fullmatch(text.strip())
        try:
            if found is None:
                raise ValueError
            year = int(found["year"])
            if found["day"]:
                day = date(year, int(found["month"]), int(found["day"]))
                return cls(day, day)
            begins, ends = 1, 12
            for name, months in (("half", 6), ("quarter", 3), ("month", 1)):
                if found[name]:
                    begins = (int(found[name]) - 1) * months + 1
                    ends = begins + months - 1
            if found["last"]:
                ends = int(found["last"])
                if ends < begins:
                    raise ValueError
            return cls(date(year, begins, 1), _month_end(year, ends))
        except ValueError:
            raise BridgeheadError("period.unreadable", {"period": text}, Place(field="period")) from None

    @classmethod
    def of(cls, frequency: Frequency, day: date) -> Period:
        """Return the period of a frequency that a day lies in."""
        if frequency is Frequency.DAY:
            return cls(day, day)
        months = _MONTHS[frequency]
        begins = (day.month - 1) // months * months + 1
        return cls(date(day.year, begins, 1), _month_end(day.year, begins + months - 1))

    @property
    def frequency(self) -> Frequency | None:
        """Its frequency, None for months that are no month, quarter, half or year, such as January to November."""
        if self.first == self.last:
            return Frequency.DAY
        return next((one for one in _MONTHS if self == Period.of(one, self.first)), None)

    @property
    def year_before(self) -> Period:
        """The same period of the year before; of 29 February the 28th."""
        year = self.first.year - 1
        if self.frequency is Frequency.DAY:
            there = date(year, self.first.month, min(self.first.day, _month_end(year, self.first.month).day))
            return Period(there, there)
        return Period(date(year, self.first.month, 1), _month_end(year, self.last.month))

    @property
    def year_to_date(self) -> Period:
        """From the first of January to its last day."""
        return Period(date(self.last.year, 1, 1), self.last)

    def holds(self, other: Period) -> bool:
        """Tell whether another period lies in this one."""
        return self.first <= other.first and other.last <= self.last

    def parts(self, frequency: Frequency) -> Iterator[Period]:
        """Yield the periods of a frequency that begin in this one."""
        one = Period.of(frequency, self.first)
        if one.first < self.first:
            one = Period.of(frequency, one.last + _DAY)
        while one.first <= self.last:
            yield one
            one = Period.of(frequency, one.last + _DAY)

    def __str__(self) -> str:
        """Return the text `read` takes."""
        year = f"{self.first.year:04}"
        match self.frequency:
            case Frequency.DAY:
                return self.first.isoformat()
            case Frequency.YEAR:
                return year
            case Frequency.HALF:
                return f"{year}H{1 + self.first.month // 7}"
            case Frequency.QUARTER:
                return f"{year}Q{(self.first.month + 2) // 3}"
            case Frequency.MONTH:
                return f"{year}-{self.first.month:02}"
            case _:
                return f"{year}-{self.first.month:02}..{self.last.month:02}"


def _month_end(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(month)
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - _DAY
