"""What a circular names one by one: what was late on its day, who was silent, and the meetings that were held."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation
from bridgehead.kernel.periods import Period
from bridgehead.rooms.ledger.models import (
    Attendance,
    Decision,
    Inquiry,
    Meeting,
    Problem,
    ProblemStep,
    Reply,
    Spell,
)
from bridgehead.rooms.ledger.selectors.as_of import as_said_on
from bridgehead.rooms.ledger.selectors.decisions_then import due_then, late_on, task_then
from bridgehead.rooms.ledger.selectors.problems_then import state_after, stood_on
from bridgehead.rooms.ledger.selectors.tasks_then import late_on as task_late_on
from bridgehead.rooms.ledger.selectors.tasks_then import titles_on
from bridgehead.rooms.ledger.wording import working_days_late

MOST_NAMED = 100
"""How many late tasks, problems or decisions a circular names."""

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """What a coordination office names on a day, as far as somebody may see it."""

    viewer: Viewer
    owner: int
    on: date

    def tasks(self) -> list[Content]:
        """Return the tasks that were late, those that are it longest first."""
        rows = owed_late(self.viewer, self.owner, self.on).select_related("task", "office").order_by("due_on", "id")
        found = list(rows[:MOST_NAMED])
        titles = titles_on({one.task_id for one in found}, self.on)
        return [
            {"task": one.task_id, **self._late(titles.get(one.task_id, one.task.title), one.office, one.due_on)}
            for one in found
        ]

    def problems(self) -> list[Content]:
        """Return the problems that were late, with how they stood."""
        rows = stood_on(self.viewer, visible(Problem, self.viewer).filter(owner=self.owner), self.on)
        rows = rows.filter(due_then__lt=self.on).exclude(then=ProblemStep.Kind.CLOSED)
        found: list[Any] = list(rows.select_related("office").order_by("due_then", "id")[:MOST_NAMED])
        return [
            {
                "problem": one.pk,
                **self._late(said.title, one.office, one.due_then),
                "state": state_after(one.then, one.closing),
            }
            for one, said in zip(found, as_said_on(found, self.on), strict=True)
        ]

    def decisions(self) -> list[Content]:
        """Return the decisions that were late; one that became a task is due when the task is."""
        rows = visible(Decision, self.viewer).filter(late_on(self.on), owner=self.owner)
        due = Coalesce(Subquery(task_then(self.on).values("due_on")[:1]), due_then(self.on))
        rows = rows.annotate(day=due).select_related("office", "task")
        found: list[Any] = list(rows.order_by("day", "id")[:MOST_NAMED])
        given, open_ = Decision.State.GIVEN.value, Decision.State.OPEN.value
        return [
            {
                "decision": one.pk,
                **self._late(said.text, said.office, one.day),
                "state": given if one.task and one.task.given_on <= self.on else open_,
            }
            for one, said in zip(found, as_said_on(found, self.on), strict=True)
        ]

    def unanswered(self) -> list[Content]:
        """Return the requests that were not wholly answered after their day, with who was silent."""
        silent: dict[int, list[Organisation]] = defaultdict(list)
        for one in silent_on(self.viewer, self.owner, self.on).select_related("office").order_by("office__code"):
            silent[one.inquiry_id].append(one.office)
        rows = visible(Inquiry, self.viewer).filter(pk__in=list(silent)).order_by("due_on", "id")
        return [
            {
                "inquiry": one.pk,
                "title": one.title,
                "due_on": one.due_on.isoformat(),
                "bodies": [{"zh": body.name_zh, "en": body.name_en} for body in silent[one.pk]],
            }
            for one in rows
        ]

    def meetings(self, period: Period) -> list[Content]:
        """Return the meetings that were held in a period: who came, and how much was decided."""
        came = Count("attendances", filter=Q(attendances__state=Attendance.State.ATTENDED), distinct=True)
        counted = {"came": came, "seats": Count("attendances", distinct=True)}
        rows = held_in(self.viewer, self.owner, period, self.on).annotate(
            decided=Count("decisions", distinct=True), **counted
        )
        found: list[Any] = list(rows.order_by("held_at", "id")[:MOST_NAMED])
        return [
            {
                "meeting": one.pk,
                "title": one.title,
                "kind": one.kind,
                "on": timezone.localdate(one.held_at).isoformat(),
                "came": one.came,
                "asked": one.seats,
                "decided": one.decided,
            }
            for one in found
        ]

    def _late(self, title: str, office: Organisation, due_on: date) -> Content:
        return {
            "title": title,
            "zh": office.name_zh,
            "en": office.name_en,
            "due_on": due_on.isoformat(),
            "late_wd": working_days_late(due_on, self.on),
        }


def owed_late(viewer: Viewer, owner: int, on: date) -> QuerySet[Spell]:
    """Return the spells of tasks that were late on a day."""
    rows = visible(Spell, viewer).filter(task_late_on(on), owed=True, until_on__gt=on, from_on__lte=on)
    return rows.filter(owner=owner)


def silent_on(viewer: Viewer, owner: int, on: date) -> QuerySet[Reply]:
    """Return the replies that were late on a day."""
    rows = visible(Reply, viewer).filter(owner=owner, inquiry__due_on__lt=on)
    rows = rows.filter(Q(inquiry__closed_on=None) | Q(inquiry__closed_on__gt=on))
    return rows.filter(Q(answered_on=None) | Q(answered_on__gt=on))


def held_in(viewer: Viewer, owner: int, period: Period, on: date) -> QuerySet[Meeting]:
    """Return the meetings an office held in a period, up to a day."""
    rows = visible(Meeting, viewer).filter(owner=owner, state=Meeting.State.HELD)
    return rows.filter(held_at__date__range=(period.first, min(period.last, on)))
