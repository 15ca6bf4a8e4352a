"""What the records say of a month or a half-year: counted by organisation, so that it can be frozen as it is.

The content is plain JSON: numbers, days, names in both languages. `circular_words` puts it into words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet
from django.utils.translation import override

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import OF_EVERY_PAGE, django_code
from bridgehead.ground.models import Organisation
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.rooms.ledger.circular_parts import PartAsked, blocks
from bridgehead.rooms.ledger.models import Decision, Escalation, Problem, ProblemStep, Reply, Spell
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


def content_of(viewer: Viewer, owner: int, period: Period, on: date, spoken: Sequence[str] = OF_EVERY_PAGE) -> Content:
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
    spoken : sequence of str
        Languages of the blocks that other subjects add; what is issued has them all.

    Articles: 5, 79
    """
    half = period.frequency is Frequency.HALF
    before = period.year_before if half else None
    said = [_Span(period, on)] + ([_Span(before, before.last)] if before is not None else [])
    _count(said, viewer, owner)
    span, *earlier = _told(said, viewer, owner)
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
        "parts": _parts(PartAsked(viewer, owner, period, before, on), spoken),
    }
    if earlier:
        found["before"] = earlier[0]
    return found


@dataclass(frozen=True, slots=True)
class _Span:
    """A period as of a day, with what is counted of it by office."""

    period: Period
    on: date
    counts: Counts = field(default_factory=lambda: defaultdict(lambda: dict.fromkeys(COUNTED, 0)))

    @property
    def days(self) -> tuple[date, date]:
        """Its first day, and its last or the day as of which it speaks."""
        return self.period.first, min(self.period.last, self.on)

    def within(self, column: str) -> Q:
        """Return what picks the rows with a day of it."""
        return Q(**{f"{column}__range": self.days})


Counted = Callable[[_Span], Mapping[str, Q]]


def _count(spans: Sequence[_Span], viewer: Viewer, owner: int) -> None:
    """Count what the records say of some periods, with one question for all of them where their rows are alike."""

    def of(model: type[Model]) -> QuerySet[Any]:
        return visible(model, viewer).filter(owner=owner)

    _add(spans, of(Spell).filter(reduce(or_, map(_due, spans))), _of_tasks)
    _add(spans, of(Escalation).filter(_any(spans, "taken_on")), lambda one: {"escalated": one.within("taken_on")})
    _add(spans, of(Decision).filter(decided_on__lte=max(one.on for one in spans)), _of_decisions)
    _add(spans, of(ProblemStep).filter(_any(spans, "on")), _of_problems)
    given = "inquiry__given_on"
    _add(spans, of(Reply).filter(_any(spans, given)), lambda one: {"asked": one.within(given)})
    for one in spans:
        late = stood_on(viewer, of(Problem), one.on).filter(due_then__lt=one.on).exclude(then=ProblemStep.Kind.CLOSED)
        _add([one], late, lambda _: {"problems_late": Q()})
        _add([one], owed_late(viewer, owner, one.on), lambda _: {"overdue": Q()})
        _add([one], silent_on(viewer, owner, one.on), lambda _: {"silent": Q()})


def _any(spans: Sequence[_Span], column: str) -> Q:
    return reduce(or_, (one.within(column) for one in spans))


def _add(spans: Sequence[_Span], rows: QuerySet[Any], counted: Counted) -> None:
    """Add to each of some spans what is counted of it by office."""
    wanted = {f"n{n}_{name}": (one, name, q) for n, one in enumerate(spans) for name, q in counted(one).items()}
    sums = {key: Count("id", filter=q) if q else Count("id") for key, (_, _, q) in wanted.items()}
    for row in rows.order_by().values("office").annotate(**sums):
        for key, (one, name, _) in wanted.items():
            if row[key]:
                one.counts[row["office"]][name] += row[key]


def _due(one: _Span) -> Q:
    """Return what picks the spells of tasks that were due in a period, by their terms of the day."""
    return Q(from_on__lte=one.on, until_on__gt=one.on) & one.within("due_on")


def _of_tasks(one: _Span) -> Mapping[str, Q]:
    """Return what was due in a period and how it stood on the day: a term moved since changes nothing."""
    due = _due(one) & (Q(task__ended_on=None) | Q(task__ended_on__gt=one.on))
    # In time is what was handed in by its day, however long it took to be accepted.
    in_time = Q(done_on__lte=F("due_on")) | Q(met_on__lte=F("due_on"))
    return {
        "due": due,
        "on_time": due & Q(done_on__isnull=False) & in_time,
        "late": due & Q(done_on__isnull=False) & ~in_time,
        "open": due & Q(done_on=None),
    }


def _of_decisions(one: _Span) -> Mapping[str, Q]:
    """Return what was decided, done and late; a decision that became a task is done when the task is."""
    settled = Q(state=Decision.State.SETTLED) & one.within("closed_on")
    return {
        "decided": one.within("decided_on"),
        "decisions_done": settled | one.within("task__done_on"),
        "decisions_late": late_on(one.on),
    }


def _of_problems(one: _Span) -> Mapping[str, Q]:
    """Return the problems that were entered or opened again, and closed, by their steps up to the day."""
    opened = (ProblemStep.Kind.OPENED, ProblemStep.Kind.REOPENED)
    return {
        "found": one.within("on") & Q(kind__in=opened),
        "closed": one.within("on") & Q(kind=ProblemStep.Kind.CLOSED),
    }


def _told(spans: Sequence[_Span], viewer: Viewer, owner: int) -> list[Content]:
    """Return the counts of some periods by organisation and in all, as they are kept."""
    bodies = {one.pk: one for one in Organisation.objects.filter(pk__in={pk for one in spans for pk in one.counts})}
    return [
        {
            "period": str(one.period),
            "first": one.period.first.isoformat(),
            "last": one.period.last.isoformat(),
            "on": one.on.isoformat(),
            "held": held_in(viewer, owner, one.period, one.on).count(),
            "offices": [
                {"office": pk, "zh": bodies[pk].name_zh, "en": bodies[pk].name_en, **one.counts[pk]}
                for pk in sorted(one.counts, key=lambda pk: bodies[pk].code)
            ],
            "total": {name: sum(counts[name] for counts in one.counts.values()) for name in COUNTED},
        }
        for one in spans
    ]


def _rungs(viewer: Viewer, owner: int, period: Period, on: date) -> list[Content]:
    """Return how often each rung of the ladder was taken."""
    taken = visible(Escalation, viewer).filter(owner=owner, taken_on__range=(period.first, min(period.last, on)))
    found = []
    for row in taken.order_by().values("ladder", "rung").annotate(n=Count("id")).order_by("ladder", "rung"):
        words = rung_words(row["ladder"], row["rung"])
        names = {"zh": words.zh, "en": words.en} if words else {"zh": row["rung"], "en": row["rung"]}
        found.append({"ladder": row["ladder"], "rung": row["rung"], **names, "count": row["n"]})
    return found


def _parts(asked: PartAsked, spoken: Sequence[str]) -> Mapping[str, list[Content]]:
    """Return the blocks of other subjects, in each of some languages."""
    found = {}
    for code in spoken:
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
