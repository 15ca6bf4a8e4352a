"""What the records say of a month or a half-year: counted by organisation, so that it can be frozen as it is.

The content is plain JSON: numbers, days, names in both languages. `circular_words` puts it into words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import override

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import LANGUAGES, django_code
from bridgehead.ground.models import Organisation
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.rooms.ledger.circular_parts import PartAsked, blocks
from bridgehead.rooms.ledger.models import Decision, Escalation, Problem, ProblemStep, Reply, Task
from bridgehead.rooms.ledger.region import rung_words
from bridgehead.rooms.ledger.selectors.circular_named import Named, held_in, owed_late, silent_on
from bridgehead.rooms.ledger.selectors.decisions_then import late_on
from bridgehead.rooms.ledger.selectors.problems_then import stood_on

COUNTED = (
    *("due", "on_time", "late", "open", "overdue", "escalated"),
    *("decided", "decisions_done", "decisions_late", "found", "closed", "problems_late", "asked", "silent"),
)
_LATE = {"tasks": "overdue", "problems": "problems_late", "decisions": "decisions_late"}

Counts = dict[int, dict[str, int]]
Content = dict[str, Any]


def content_of(viewer: Viewer, owner: int, period: Period, on: date) -> Content:
    """Return what the records of a coordination office say of a period.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    owner : int
        The office that gives the tasks and keeps the lists.
    period : Period
        A month or a half-year; a half-year comes with the same one of the year before.
    on : date
        The day as of which it speaks.

    Articles: 5, 79
    """
    half = period.frequency is Frequency.HALF
    before = period.year_before if half else None
    span = _span(viewer, owner, period, on)
    named = Named(viewer, owner, on)
    late = {"tasks": named.tasks(), "problems": named.problems(), "decisions": named.decisions()}
    found: Content = {
        "kind": "half" if half else "month",
        **span,
        "rungs": _rungs(viewer, owner, period, on),
        "late": late,
        "more": {key: span["total"][_LATE[key]] - len(rows) for key, rows in late.items()},
        "unanswered": named.unanswered(),
        "meetings": named.meetings(period),
        "parts": _parts(PartAsked(viewer, owner, period, before, on)),
    }
    if before is not None:
        found["before"] = _span(viewer, owner, before, before.last)
    return found


def _span(viewer: Viewer, owner: int, period: Period, on: date) -> Content:
    """Return the counts of a period by organisation and in all."""
    counts: Counts = defaultdict(lambda: dict.fromkeys(COUNTED, 0))
    _count_tasks(counts, viewer, owner, period, on)
    _count_decisions(counts, viewer, owner, period, on)
    _count_problems(counts, viewer, owner, period, on)
    asked = visible(Reply, viewer).filter(owner=owner, inquiry__given_on__range=(period.first, min(period.last, on)))
    _add(counts, asked, asked=Count("id"))
    _add(counts, silent_on(viewer, owner, on), silent=Count("id"))
    bodies = {one.pk: one for one in Organisation.objects.filter(pk__in=list(counts))}
    ordered = sorted(counts, key=lambda pk: bodies[pk].code)
    return {
        "period": str(period),
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "on": on.isoformat(),
        "held": held_in(viewer, owner, period, on).count(),
        "offices": [{"office": pk, "zh": bodies[pk].name_zh, "en": bodies[pk].name_en, **counts[pk]} for pk in ordered],
        "total": {name: sum(one[name] for one in counts.values()) for name in COUNTED},
    }


def _add(counts: Counts, rows: QuerySet[Any], **sums: Any) -> None:
    """Add what a query counts by office."""
    for row in rows.order_by().values("office").annotate(**{f"n_{name}": told for name, told in sums.items()}):
        for name in sums:
            counts[row["office"]][name] += row[f"n_{name}"]


def _count_tasks(counts: Counts, viewer: Viewer, owner: int, period: Period, on: date) -> None:
    """Count what was due in the period, and how it stood on the day; what was late then is read from the spells."""
    until = min(period.last, on)
    due = visible(Task, viewer).filter(owner=owner, due_on__range=(period.first, until))
    due = due.filter(Q(ended_on=None) | Q(ended_on__gt=on))
    # In time is what was handed in by its day, however long it took to be accepted.
    in_time = Q(met_on__lte=F("due_on"))
    on_time = Q(done_on__lte=F("due_on")) | Q(in_time, done_on__lte=on)
    late = Q(done_on__gt=F("due_on"), done_on__lte=on) & ~in_time
    _add(
        counts,
        due,
        due=Count("id"),
        on_time=Count("id", filter=on_time),
        late=Count("id", filter=late),
        open=Count("id", filter=Q(done_on=None) | Q(done_on__gt=on)),
    )
    _add(counts, owed_late(viewer, owner, on), overdue=Count("id"))
    taken = visible(Escalation, viewer).filter(owner=owner, taken_on__range=(period.first, until))
    _add(counts, taken, escalated=Count("id"))


def _count_decisions(counts: Counts, viewer: Viewer, owner: int, period: Period, on: date) -> None:
    """Count what was decided, done and late; a decision that became a task is done when the task is."""
    until = min(period.last, on)
    rows = visible(Decision, viewer).filter(owner=owner, decided_on__lte=on)
    within = (period.first, until)
    done = Q(state=Decision.State.SETTLED, closed_on__range=within) | Q(task__done_on__range=within)
    _add(
        counts,
        rows,
        decided=Count("id", filter=Q(decided_on__range=within)),
        decisions_done=Count("id", filter=done),
        decisions_late=Count("id", filter=late_on(on)),
    )


def _count_problems(counts: Counts, viewer: Viewer, owner: int, period: Period, on: date) -> None:
    """Count the problems that were entered or opened again, closed, and late: by their steps up to the day."""
    until = min(period.last, on)
    steps = visible(ProblemStep, viewer).filter(owner=owner, on__range=(period.first, until))
    opened = (ProblemStep.Kind.OPENED, ProblemStep.Kind.REOPENED)
    _add(
        counts,
        steps,
        found=Count("id", filter=Q(kind__in=opened)),
        closed=Count("id", filter=Q(kind=ProblemStep.Kind.CLOSED)),
    )
    late = visible(Problem, viewer).filter(owner=owner)
    late = stood_on(viewer, late, on).filter(due_then__lt=on).exclude(then=ProblemStep.Kind.CLOSED)
    _add(counts, late, problems_late=Count("id"))


def _rungs(viewer: Viewer, owner: int, period: Period, on: date) -> list[Content]:
    """Return how often each rung of the ladder was taken."""
    taken = visible(Escalation, viewer).filter(owner=owner, taken_on__range=(period.first, min(period.last, on)))
    found = []
    for row in taken.order_by().values("ladder", "rung").annotate(n=Count("id")).order_by("ladder", "rung"):
        words = rung_words(row["ladder"], row["rung"])
        names = {"zh": words.zh, "en": words.en} if words else {"zh": row["rung"], "en": row["rung"]}
        found.append({"ladder": row["ladder"], "rung": row["rung"], **names, "count": row["n"]})
    return found


def _parts(asked: PartAsked) -> Mapping[str, list[Content]]:
    """Return the blocks of other subjects, in each language."""
    found = {}
    for code in LANGUAGES:
        with override(django_code(code)):
            found[code] = [{"key": key, **_plain(asdict(block))} for key, block in blocks(asked)]
    return found


def _plain(block: Mapping[str, Any]) -> Content:
    """Return a block as JSON reads it back: lists, no tuples."""
    return {name: _listed(value) for name, value in block.items()}


def _listed(value: Any) -> Any:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_listed(one) for one in value]
    return value
