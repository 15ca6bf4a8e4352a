"""What is to be reached by when: targets of the region's table and of tasks, and what was accepted of the latter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.periods import Period
from bridgehead.kernel.source import Qualifier, Standing, standing_of
from bridgehead.kernel.units import convert
from bridgehead.rooms.ledger.indicators import YearTarget, indicators
from bridgehead.rooms.ledger.models import Evidence, Spell, Target, Task
from bridgehead.rooms.ledger.selectors.as_of import as_said_on
from bridgehead.rooms.ledger.selectors.figures_told import Reckoned
from bridgehead.rooms.ledger.selectors.tasks_then import titles_on

MOST_OF_TASKS = 300


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached: a target of the region's table, or of a task between the day it was given and its term.

    How far a target of a task is comes from its accepted evidence alone, as on the page of the task.
    """

    indicator: str
    year: int
    goal: Decimal
    baseline: Decimal
    qualifier: Qualifier
    source: str
    source_date: str
    standing: Standing
    task: int | None = None
    title: str = ""
    office: str = ""
    target: int | None = None
    span: tuple[date, date] | None = None


def goal_of(target: YearTarget) -> Goal:
    """Return a target of the region's table as a goal."""
    return Goal(
        target.indicator,
        target.year,
        target.goal,
        Decimal(),
        target.qualifier,
        target.source_words,
        target.source_date,
        standing_of(target.confidence),
    )


def goals_of_the_table(year: int, known_on: date) -> list[Goal]:
    """Return the targets the region's table has for a year, as far as they were set by a day."""
    return [goal_of(one) for one in indicators().targets if one.year == year and one.known_on(known_on)]


def goals_of_tasks(viewer: Viewer, year: int, on: date) -> list[Goal]:
    """Return the targets of tasks that were open on a day and then due in a year, what was due first first.

    What adds up over the days of a task is held against its goal; where its total began the year before, such as the
    freight of that year, is no part of the way.
    """
    tasks = visible(Task, viewer).filter(Q(ended_on=None) | Q(ended_on__gt=on), given_on__lte=on)
    terms = Spell.objects.filter(task=OuterRef("task"), from_on__lte=on, until_on__gt=on).values("due_on")
    set_then = Q(dropped_on=None) | Q(dropped_on__gt=on)
    rows = visible(Target, viewer).filter(set_then, task__in=tasks).select_related("task", "office")
    rows = rows.annotate(due_on=Coalesce(Subquery(terms[:1]), "task__due_on")).filter(due_on__year=year)
    found = []
    told = _first_known(rows.order_by("due_on", "id"), on)
    titles = titles_on({one.task_id for one in told}, on)
    for one in told:
        definition = indicators().latest(one.indicator)
        if definition is None:
            continue
        try:
            goal, baseline = (convert(value, one.unit, definition.unit) for value in (one.goal, one.baseline))
        except BridgeheadError:  # the definition changed its unit since the target was set
            continue
        adds = definition.adds and definition.direction != "down"
        words = (_("任务"), one.task.given_on.isoformat(), Standing.REPORTED)
        by = speak(language(), one.office.name_zh, one.office.name_en)
        span = (one.task.given_on, one.due_on)
        start = Decimal() if adds else baseline
        rest = (one.task_id, titles.get(one.task_id, one.task.title), by, one.pk, span)
        found.append(Goal(one.indicator, year, goal, start, Qualifier.EXACT, *words, *rest))
    return found


def _first_known(rows: QuerySet[Target], on: date) -> list[Target]:
    """Return the first targets that were known by a day: as many are read as it takes to have so many of them."""
    found: list[Target] = []
    for start in count(0, MOST_OF_TASKS):
        part = list(rows[start : start + MOST_OF_TASKS])
        found += as_said_on(part, on, entered_by_then=True)
        if len(found) >= MOST_OF_TASKS or len(part) < MOST_OF_TASKS:
            break
    return found[:MOST_OF_TASKS]


def accepted_of(viewer: Viewer, goals: Iterable[Goal], on: date, known_on: date) -> dict[int, Reckoned]:
    """Return the newest figure up to a day of each target of a task, by the number of the target.

    It must have been accepted by the day it is known on. The same evidence counts as on the page of the task
    (`engines.obligations.progress`).
    """
    asked = {one.target: one.indicator for one in goals if one.target is not None}
    if not asked:
        return {}
    counts = Q(accepted_on__lte=known_on) & (Q(taken_back_on=None) | Q(taken_back_on__gt=known_on))
    rows = visible(Evidence, viewer).filter(counts, target__in=asked, value__isnull=False).select_related("office")
    rows = rows.annotate(day=Coalesce("as_of", "accepted_on")).filter(day__lte=on)
    found: dict[int, Reckoned] = {}
    for one in rows.order_by("day", "accepted_on", "id"):  # the newest stays
        definition = indicators().latest(asked[one.target_id])
        if definition is None:
            continue
        try:
            value = convert(one.value, one.unit, definition.unit)
        except BridgeheadError:
            continue
        found[one.target_id] = Reckoned(
            definition.id,
            Period(one.day, one.day),
            definition.unit,
            value,
            "entered",
            Standing.REPORTED,
            source=one.source or one.claim,
            source_date=one.dated_on.isoformat(),
            by=speak(language(), one.office.name_zh, one.office.name_en),
        )
    return found
