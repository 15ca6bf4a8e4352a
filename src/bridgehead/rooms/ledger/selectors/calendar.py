"""The calendar: tasks and milestones that are due, obligations that recur, days off and days worked instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.kernel.tables import Row
from bridgehead.rooms.ledger.models import FOREVER, Milestone, Spell, Task
from bridgehead.rooms.ledger.region import calendar

DAY = timedelta(days=1)
MOST_A_DAY = 12
MOST_TASKS, MOST_MILESTONES = 2000, 500
SATURDAY = 5
RECURRING = {"month": Frequency.MONTH, "quarter": Frequency.QUARTER, "half": Frequency.HALF, "year": Frequency.YEAR}


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing in the calendar: what is due on a day, by whom, and where it stands."""

    on: date
    title: str
    who: str
    address: str = ""
    articles: tuple[int, ...] = ()
    kind: str = "task"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month; ``off`` and ``worked`` say what differs from the week."""

    on: date
    off: bool
    worked: bool
    today: bool
    things: Sequence[Coming]
    more: int = 0

    @property
    def holiday(self) -> bool:
        """Whether it is off though it lies within the week."""
        return self.off and self.on.weekday() < SATURDAY


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its days, and how many empty cells stand before the first, a Monday being first."""

    first: date
    days: Sequence[Day]
    before: range
    previous: str
    following: str
    due: int
    announced: bool

    @property
    def weekdays(self) -> list[str]:
        """The days of the week, a Monday being first, in the language of the request."""
        return [date_format(self.first + (at - self.first.weekday()) * DAY, "D") for at in range(7)]


def month_of(text: str) -> Period:
    """Return the month asked for, the running one where none is named.

    Raises
    ------
    BridgeheadError
        ``period.unreadable`` for what is no month.
    """
    if not text.strip():
        return Period.of(Frequency.MONTH, timezone.localdate())
    found = Period.read(text)
    if found.frequency is not Frequency.MONTH:
        raise BridgeheadError("period.unreadable", {"period": text}, Place(field="month"))
    return found


def month(viewer: Viewer, asked: Period) -> Month:
    """Return a month with all that falls into it.

    Articles: 5, 79
    """
    today = timezone.localdate()
    others: dict[date, list[Coming]] = {}
    for one in [*_milestones(viewer, asked.first, asked.last), *recurring(asked.first, asked.last)]:
        others.setdefault(one.on, []).append(one)
    due: dict[date, list[int]] = {}
    for task, on in _due(viewer, asked.first, asked.last):
        due.setdefault(on, []).append(task)
    shown = _tasks({task: on for on, tasks in due.items() for task in tasks[:MOST_A_DAY]})
    found: dict[date, list[Coming]] = {}
    for one in sorted([*chain.from_iterable(others.values()), *shown], key=_place):
        found.setdefault(one.on, []).append(one)
    working = calendar()
    days = []
    for step in range((asked.last - asked.first).days + 1):
        on = asked.first + step * DAY
        there = found.get(on, [])[:MOST_A_DAY]
        several = len(due.get(on, ())) + len(others.get(on, ()))
        worked = working.is_worked(on)
        days.append(
            Day(
                on,
                not worked,
                worked and on.weekday() >= SATURDAY,
                on == today,
                there,
                several - len(there),
            )
        )
    until = working.announced_until
    return Month(
        asked.first,
        days,
        range(asked.first.weekday()),
        str(Period.of(Frequency.MONTH, asked.first - DAY)),
        str(Period.of(Frequency.MONTH, asked.last + DAY)),
        sum(len(one) for one in (*due.values(), *others.values())),
        until is None or asked.last <= until,
    )


def coming(viewer: Viewer, on: date, most: int) -> list[Coming]:
    """Return the next things of the calendar after a day."""
    first, last = on + DAY, on + 45 * DAY
    return sorted([*_milestones(viewer, first, last, most), *recurring(first, last)], key=_place)[:most]


def things(viewer: Viewer, first: date, last: date) -> list[Coming]:
    """Return what falls between two days, in order: tasks and milestones somebody sees, and what recurs."""
    tasks = _tasks(dict(_due(viewer, first, last)[:MOST_TASKS]))
    return sorted([*tasks, *_milestones(viewer, first, last), *recurring(first, last)], key=_place)


def _place(one: Coming) -> tuple[date, str, str]:
    return (one.on, one.kind, one.title)


def _due(viewer: Viewer, first: date, last: date) -> list[tuple[int, date]]:
    """Return the tasks that are owed today and due between two days, in order; read from an index alone."""
    rows = Spell.objects.filter(owed=True, until_on=FOREVER, due_on__gte=first, due_on__lte=last)
    return list(visible(rows, viewer).order_by("due_on", "task").values_list("task", "due_on"))


def _tasks(due: Mapping[int, date]) -> Iterator[Coming]:
    """Yield tasks, by number, with their due days; that they may be seen was asked of their spells."""
    with as_system("reading tasks whose spells somebody sees"):
        rows = Task.objects.in_bulk(list(due))
        names = Organisation.objects.in_bulk({one.office_id for one in rows.values()})
    for task, on in due.items():
        row = rows[task]
        articles = (row.article,) if row.article else ()
        address = reverse("ledger:task", args=[task])
        yield Coming(on, row.title, names[row.office_id].name(language()), address, articles)


def _milestones(viewer: Viewer, first: date, last: date, most: int = MOST_MILESTONES) -> Iterator[Coming]:
    rows = visible(Milestone.objects.filter(dropped_on=None, due_on__gte=first, due_on__lte=last), viewer)
    for row in rows.select_related("office").order_by("due_on", "task")[:most]:
        address = reverse("ledger:task", args=[row.task_id])
        assert row.due_on is not None
        yield Coming(row.due_on, row.title, row.office.name(language()), address, kind="milestone")


def recurring(first: date, last: date) -> Iterator[Coming]:
    """Yield the obligations of the region's table that fall between two days; what is daily is not listed."""
    for row in current().region.rows("obligations"):
        frequency = RECURRING.get(row.text("frequency"))
        if frequency is None:
            continue
        if frequency is Frequency.YEAR:
            spans = [Period.read(str(year)) for year in range(first.year, last.year + 1)]
        else:
            spans = list(Period(date(first.year, 1, 1), date(last.year, 12, 31)).parts(frequency))
        for span in spans:
            on = _falls(row, span)
            if first <= on <= last:
                yield Coming(
                    on,
                    speak(language(), row.text("name_zh"), row.text("name_en") or row.text("name_zh")),
                    who_of(row),
                    articles=tuple(row["articles"] or ()),  # type: ignore[arg-type]
                    kind="recurring",
                    note=row.text("source"),
                )


def who_of(row: Row) -> str:
    """Return who an obligation is with."""
    return current().region.name(row.text("org"), language()) if row.text("org") else row.text("who_zh")


def _falls(row: Row, span: Period) -> date:
    """Return the day of a period on which something falls: the one the table names, else its last working day."""
    begins = span.first.replace(month=int(row.text("month"))) if row.text("month") else span.last.replace(day=1)
    month = Period.of(Frequency.MONTH, begins)
    if row.text("day"):
        return min(month.first + (int(row.text("day")) - 1) * DAY, month.last)
    last = month.last
    return last if calendar().is_worked(last) else calendar().add(last, -1)
