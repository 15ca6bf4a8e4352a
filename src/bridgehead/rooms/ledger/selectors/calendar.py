"""The calendar: what every subject of the ledger puts on its days, days off and days worked instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from bridgehead.ground.access.gate import condition, visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.kernel.tables import Row
from bridgehead.rooms.ledger.falling import KINDS, Between, Coming, Fallen, falling, place
from bridgehead.rooms.ledger.models import FOREVER, KEPT, Evidence, Milestone, Spell, Task, TaskPart
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.tasks import taking_part

DAY = timedelta(days=1)
MOST_A_DAY = 12
MOST_IN_A_FILE = 2000
AHEAD = 45 * DAY
COMING = ("meeting", "inspection", "programme", "milestone", "recurring")
"""Kinds that the morning tells ahead of their day; it says of the others what waits already."""
SATURDAY = 5
TASK = "task"
RECURRING = {"month": Frequency.MONTH, "quarter": Frequency.QUARTER, "half": Frequency.HALF, "year": Frequency.YEAR}


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
    kinds: tuple[str, ...]
    cut: bool

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


def kinds_of(asked: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of things that are asked for, in order; all of them where none is named.

    Raises
    ------
    BridgeheadError
        ``request.bad_filter`` for what is no kind.
    """
    for one in asked:
        if one not in KINDS:
            raise BridgeheadError("request.bad_filter", {"value": one, "allowed": list(KINDS)}, Place(field="kind"))
    return tuple(one for one in KINDS if one in asked) or KINDS


def month(viewer: Viewer, asked: Period, kinds: Sequence[str] = KINDS) -> Month:
    """Return a month with all that falls into it, or with the kinds that are asked for.

    Articles: 5, 79
    """
    fallen = falling(Between(viewer, asked.first, asked.last), kinds)
    due: dict[date, list[int]] = {}
    for task, on in _due(viewer, asked.first, asked.last) if TASK in kinds else ():
        due.setdefault(on, []).append(task)
    shown = _tasks({task: on for on, tasks in due.items() for task in tasks[:MOST_A_DAY]})
    found: dict[date, list[Coming]] = {}
    for one in sorted([*fallen.things, *shown], key=place):
        found.setdefault(one.on, []).append(one)
    until = calendar().announced_until
    return Month(
        asked.first,
        [_day(asked.first + step * DAY, found, due) for step in range((asked.last - asked.first).days + 1)],
        range(asked.first.weekday()),
        str(Period.of(Frequency.MONTH, asked.first - DAY)),
        str(Period.of(Frequency.MONTH, asked.last + DAY)),
        sum(map(len, due.values())) + len(fallen.things),
        until is None or asked.last <= until,
        tuple(kinds),
        fallen.cut,
    )


def _day(on: date, found: Mapping[date, Sequence[Coming]], due: Mapping[date, Sequence[int]]) -> Day:
    """Return a day with the first of what falls on it; of tasks no more were read than it shows."""
    there, tasks = found.get(on, ()), len(due.get(on, ()))
    several = len(there) - min(tasks, MOST_A_DAY) + tasks
    worked = calendar().is_worked(on)
    shown = there[:MOST_A_DAY]
    today = on == timezone.localdate()
    return Day(on, not worked, worked and on.weekday() >= SATURDAY, today, shown, several - len(shown))


def coming(viewer: Viewer, on: date, most: int) -> list[Coming]:
    """Return the next things of the calendar after a day."""
    return list(falling(Between(viewer, on + DAY, on + AHEAD), COMING).things[:most])


def things(viewer: Viewer, first: date, last: date, kinds: Sequence[str] = KINDS) -> Fallen:
    """Return what falls between two days, in order, and whether that is more than a file is given."""
    fallen = falling(Between(viewer, first, last, MOST_IN_A_FILE), kinds)
    due = _due(viewer, first, last)[: MOST_IN_A_FILE + 1] if TASK in kinds else []
    tasks = _tasks(dict(due[:MOST_IN_A_FILE]))
    return Fallen(sorted([*fallen.things, *tasks], key=place), fallen.cut or len(due) > MOST_IN_A_FILE)


def _due(viewer: Viewer, first: date, last: date) -> list[tuple[int, date]]:
    """Return the tasks that are owed today and due between two days, in order; read from an index alone.

    They are those somebody sees, and those in which a body of theirs takes part, whose spells are another's.
    """
    rows = Spell.objects.filter(owed=True, until_on=FOREVER, due_on__gte=first, due_on__lte=last)
    if not viewer.wholly(KEPT.scope):
        joined = taking_part(viewer)
        rows = rows.filter(condition(KEPT, viewer) | Q(task__in=joined)) if joined else visible(rows, viewer)
    with as_system("reading when the tasks of somebody's bodies are due"):
        return list(rows.order_by("due_on", "task").values_list("task", "due_on"))


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


def milestones(asked: Between) -> Iterator[Coming]:
    """Yield the milestones of tasks that run on their days, until they are reached.

    They are those somebody sees, and those of tasks in which a body of theirs takes part.
    """
    viewer = asked.viewer
    reached = Evidence.objects.filter(milestone=OuterRef("pk"), state=Evidence.State.ACCEPTED)
    rows = Milestone.objects.filter(~Exists(reached), dropped_on=None, due_on__range=asked.days)
    rows = rows.filter(task__state=Task.State.OPEN, task__done_on=None)
    if not viewer.wholly(KEPT.scope):
        joined = visible(TaskPart, viewer).filter(office__in=viewer.organisations, left_on=None)
        rows = rows.filter(condition(KEPT, viewer) | Q(task__in=joined.values("task")))
    with as_system("reading milestones of the tasks of somebody's bodies"):
        found = list(rows.select_related("office").order_by("due_on", "task", "id")[: asked.most + 1])
    for row in found:
        address = reverse("ledger:task", args=[row.task_id])
        assert row.due_on is not None
        yield Coming(row.due_on, row.title, row.office.name(language()), address, kind="milestone")


def recurring_days(asked: Between) -> Iterator[Coming]:
    """Yield what recurs between the days asked for."""
    return recurring(asked.first, asked.last)


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
