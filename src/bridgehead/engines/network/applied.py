"""What a scenario is and what it comes to: tables after its edits, and what an assignment needs beside them.

Closures for days
-----------------
A port closed for ten days has two readings. Over the year it keeps 355/365 of what it can take, which hides the ten
days in a small difference; in those ten days it takes nothing. The second is what a planner asks, so an assignment runs
each `Period` by itself: the links closed in it are closed, and demand and yearly capacities are taken times its
``share`` of the year, while capacities a day are as they are. `Applied.open_share` is the first reading. Freight may
wait for a link that opens again (`Wait`).
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cached_property

from bridgehead.engines.network.components import ComponentTables, Demand, Link, Parameter, Port
from bridgehead.engines.network.edits import Edit, as_plain
from bridgehead.kernel.hashing import content_hash

Row = Port | Link | Demand | Parameter


@dataclass(frozen=True)
class Scenario:
    """Ordered edits on the tables whose content hash is ``base``, looked at in a year."""

    base: str
    year: int
    edits: tuple[Edit, ...]

    @cached_property
    def content_hash(self) -> str:
        """Hash of base, year and edits in their order."""
        return content_hash({"base": self.base, "year": self.year, "edits": [as_plain(one) for one in self.edits]})


@dataclass(frozen=True, slots=True)
class Change:
    """One row that an edit made otherwise.

    ``edit`` is the position of the edit from 1, ``table`` one of ports, links, demand and parameters, ``row`` the
    position in it. ``before`` is None where the row is new.
    """

    edit: int
    table: str
    row: int
    before: Row | None
    after: Row

    def differences(self) -> tuple[tuple[str, object, object], ...]:
        """Return the fields that differ, each with what it was and what it is; of a new row none."""
        if self.before is None:
            return ()
        pairs = (
            (one.name, getattr(self.before, one.name), getattr(self.after, one.name)) for one in fields(self.after)
        )
        return tuple(pair for pair in pairs if pair[1] != pair[2])


@dataclass(frozen=True, slots=True)
class Background:
    """Traffic on a link that is not in the demand: ``value`` in each direction.

    ``unit`` is trains or vehicles a day and direction, or that of a yearly capacity.
    """

    link: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Closure:
    """Links that are closed from a first day to a last."""

    links: frozenset[str]
    first_day: date
    last_day: date

    def covers(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a closed link is waited for, in the mean of the days of a period: until it opens, and since it closed.

    A day counts from its middle: of ten days in a row both are 5.
    """

    link: str
    days_left: float
    days_shut: float


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the year, not always in a row, on which the same links are closed; those of `waits` open again."""

    days: int
    days_in_year: int
    closed_links: frozenset[str]
    waits: tuple[Wait, ...] = ()

    @property
    def share(self) -> float:
        """Share of the year."""
        return self.days / self.days_in_year


@dataclass(frozen=True)
class Applied:
    """What a scenario comes to: the tables after its edits, and what an assignment needs beside them.

    ``periods`` begins with the days on which nothing is closed for a time, unless there are none; their days add up to
    the year. ``changes`` holds every row made otherwise, in the order of the edits.
    """

    scenario: Scenario
    tables: ComponentTables
    periods: tuple[Period, ...]
    background: Mapping[str, Background]
    changes: tuple[Change, ...]

    @property
    def days(self) -> int:
        """Days on which links are closed for a time; 0 where the scenario speaks of the whole year."""
        return sum(period.days for period in self.periods if period.closed_links)

    @property
    def runs(self) -> tuple[Period, ...]:
        """The periods an assignment runs: those with closures, or the whole year where there are none."""
        return tuple(period for period in self.periods if period.closed_links) or self.periods

    def open_share(self, link: str) -> float:
        """Return the share of the year on which a link is not closed for a time: 355/365 for ten days."""
        return 1.0 - sum(period.share for period in self.periods if link in period.closed_links)


def periods_of(year: int, closures: Sequence[Closure]) -> tuple[Period, ...]:
    """Return a year cut into periods by what is closed, the one with nothing closed first."""
    in_year = 366 if calendar.isleap(year) else 365
    first = date(year, 1, 1)
    closed = [
        frozenset[str]().union(*(one.links for one in closures if one.covers(first + timedelta(days=offset))))
        for offset in range(in_year)
    ]
    days: dict[frozenset[str], list[int]] = {frozenset(): []}
    for day, links in enumerate(closed):
        days.setdefault(links, []).append(day)
    return tuple(
        Period(len(those), in_year, links, tuple(_wait(link, those, closed) for link in sorted(links)))
        for links, those in days.items()
        if those
    )


def _wait(link: str, days: Sequence[int], closed: Sequence[frozenset[str]]) -> Wait:
    """Return the mean wait from the middle of some days for a link; one closed to the end of the year opens then."""
    left = shut = 0
    for day in days:
        begin = end = day
        while begin > 0 and link in closed[begin - 1]:
            begin -= 1
        while end + 1 < len(closed) and link in closed[end + 1]:
            end += 1
        left, shut = left + end - day, shut + day - begin
    return Wait(link, left / len(days) + 0.5, shut / len(days) + 0.5)
