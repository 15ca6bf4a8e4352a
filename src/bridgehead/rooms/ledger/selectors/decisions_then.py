"""Which decisions were not done on a day: one that became a task is done when the task is."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q


def undone_on(on: date, prefix: str = "") -> Q:
    """Return the filter for decisions that were neither done, settled nor dropped on a day."""
    ends = ("closed_on", "task__done_on", "task__ended_on")
    over = Q()
    for name in ends:
        over |= Q(**{f"{prefix}{name}__lte": on})
    return Q(**{f"{prefix}decided_on__lte": on}) & ~over


def late_on(on: date, prefix: str = "") -> Q:
    """Return the filter for decisions that were past their day and not done on a day, nor handed in by then."""
    own = Q(**{f"{prefix}task": None, f"{prefix}due_on__lt": on})
    given = Q(**{f"{prefix}task__due_on__lt": on}) & ~Q(**{f"{prefix}task__met_on__lte": F(f"{prefix}task__due_on")})
    return (own | given) & undone_on(on, prefix)
