"""The list of problems, filtered and page by page, and one problem with its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import Problem, ProblemStep
from bridgehead.rooms.ledger.models import articles as article_column
from bridgehead.rooms.ledger.selectors.as_of import known_alone
from bridgehead.rooms.ledger.selectors.coordination import (
    A_PAGE,
    named,
    not_there_yet,
    origin_word,
    problem_state,
    severity_word,
    step_word,
    today,
)
from bridgehead.rooms.ledger.selectors.problems_then import STATES as STATES_AFTER
from bridgehead.rooms.ledger.selectors.problems_then import stood_on
from bridgehead.rooms.ledger.who import ANSWER, KEEP, names_of
from bridgehead.rooms.ledger.wording import working_days_late

WAITING = "waiting"
RUNNING = "running"
ALL = "all"
STATES = (RUNNING, "open", "mending", WAITING, "reopened", "closed", ALL)
MOST_IN_A_FILE = 10_000


@dataclass(frozen=True, slots=True)
class Filter:
    """Which problems of the list are meant; what is empty does not narrow it."""

    office: int = 0
    article: int = 0
    state: str = RUNNING
    overdue: bool = False
    severity: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem of the list; ``code`` is its state, ``waits`` whether it is to be confirmed, on the day asked for."""

    record: Problem
    office: str
    origin: str
    severity: str
    state: str
    articles: tuple[int, ...]
    late_wd: int
    due_on: date
    code: str
    waits: bool


@dataclass(frozen=True, slots=True)
class ProblemList:
    """One page of the list, what the whole list says, and who and what it can be narrowed to.

    ``running``, ``late`` and ``waiting`` count all that somebody may see; ``total`` what the filter leaves.
    """

    lines: Sequence[ProblemLine]
    total: int
    page: int
    pages: int
    running: int
    late: int
    waiting: int
    asked: Filter
    offices: Sequence[Organisation]
    on: date
    past: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the history of a problem."""

    record: ProblemStep
    word: str
    by: str


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """One problem, its history, and what somebody may do with it, as of a day.

    ``asked_on`` and ``closed_on`` are when it was asked to close it, and when it was closed, by then.
    """

    line: ProblemLine
    on: date
    today: bool
    asked_on: date | None
    closed_on: date | None
    keeper: str
    asked_by: str
    steps: Sequence[StepLine]
    keeps: bool
    mends: bool
    asked_it: bool

    @property
    def record(self) -> Problem:
        """The problem itself."""
        return self.line.record


def problem_list(viewer: Viewer, asked: Filter, page: int = 1, size: int = A_PAGE) -> ProblemList:
    """Return one page of the problems somebody may see, what is due first standing first.

    Of a day that is past the list is as it was then: what stood in it, by when it was due, how far it was.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    asked : Filter
        Which are meant.
    page, size : int
        Which page, and of how many.

    Articles: 5, 79
    """
    day = asked.on or today()
    seen, past = visible(Problem, viewer), day < today()
    if past:
        seen = stood_on(viewer, seen, day).order_by("due_then", "id")
    states = _THEN if past else _NOW
    told = seen.order_by().aggregate(
        running=Count("id", filter=states.runs),
        late=Count("id", filter=states.runs & Q(**{f"{states.due}__lt": day})),
        waiting=Count("id", filter=states.waits),
    )
    rows = narrowed(seen, asked, day, states)
    total = rows.count()
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    shown = rows.select_related("office")[(page - 1) * size : page * size]
    return ProblemList(
        lines=[line_of(one, day) for one in shown],
        total=total,
        page=page,
        pages=pages,
        asked=asked,
        offices=_offices(seen),
        on=day,
        past=past,
        **told,
    )


def filter_word(state: str) -> str:
    """Return what a state the list can be narrowed to is called."""
    if state == RUNNING:
        return pgettext("coordination", "没有销号的")
    return pgettext("coordination", "全部") if state == ALL else problem_state(state)


@dataclass(frozen=True, slots=True)
class _States:
    """How a query asks for the states of problems: as they are, or as they were on the day of `stood_on`."""

    runs: Q
    waits: Q
    due: str
    of: Callable[[str], Q]


_NOW = _States(
    runs=~Q(state=Problem.State.CLOSED),
    waits=~Q(state=Problem.State.CLOSED) & Q(asked_on__isnull=False),
    due="due_on",
    of=lambda state: Q(state=state),
)
_THEN = _States(
    runs=~Q(then=ProblemStep.Kind.CLOSED),
    waits=Q(closing=ProblemStep.Kind.ASKED),
    due="due_then",
    of=lambda state: Q(then__in=[kind for kind, after in STATES_AFTER.items() if after == state]),
)


def narrowed(rows: QuerySet[Problem], asked: Filter, on: date, states: _States = _NOW) -> QuerySet[Problem]:
    """Return the problems a filter leaves."""
    if asked.office:
        rows = rows.filter(office=asked.office)
    if asked.article:
        rows = rows.filter(articles__contains=article_column.sought(asked.article))
    if asked.severity:
        rows = rows.filter(severity=asked.severity)
    if asked.overdue:
        rows = rows.filter(states.runs, **{f"{states.due}__lt": on})
    if asked.state == WAITING:
        return rows.filter(states.waits)
    if asked.state == RUNNING:
        return rows.filter(states.runs)
    return rows if asked.state == ALL else rows.filter(states.of(asked.state))


def line_of(record: Problem, on: date) -> ProblemLine:
    """Return a problem as a line of the list on a day: as it stood then where `stood_on` read it, else as it is."""
    then = getattr(record, "then", None)
    code = STATES_AFTER[then] if then else record.state
    due_on = record.due_then if then else record.due_on  # type: ignore[attr-defined]
    closed = code == Problem.State.CLOSED
    waits = record.closing == ProblemStep.Kind.ASKED if then else record.asked_on is not None  # type: ignore[attr-defined]
    return ProblemLine(
        record=record,
        office=named(record.office),
        origin=origin_word(record.origin),
        severity=severity_word(record.severity),
        state=problem_state(WAITING if waits and not closed else code),
        articles=article_column.told(record.articles),
        late_wd=0 if closed else working_days_late(due_on, on),
        due_on=due_on,
        code=code,
        waits=waits,
    )


def problem_page(viewer: Viewer, problem: int, on: date | None = None) -> ProblemPage:
    """Return one problem with its history as it was known at the end of a day, today by default.

    Raises
    ------
    BridgeheadError
        ``problem.no_such_problem``; ``ledger.not_there_yet`` for a day on which it was not in the list yet.

    Articles: 5, 79
    """
    day = on or today()
    past = day < today()
    rows = visible(Problem, viewer).filter(pk=problem).select_related("office", "owner", "file")
    record = rows.first()
    if record is None:
        raise BridgeheadError("problem.no_such_problem")
    if past:
        record = _then(viewer, rows, record.title, day)
    told = visible(ProblemStep, viewer).filter(problem=record)
    steps = list((told.filter(on__lte=day) if past else told).order_by("id"))
    people = names_of({one.by for one in steps} | {record.asked_by})
    return ProblemPage(
        line=line_of(record, day),
        on=day,
        today=day == today(),
        asked_on=_last(steps, ProblemStep.Kind.ASKED) if past else record.asked_on,
        closed_on=_last(steps, ProblemStep.Kind.CLOSED) if past else record.closed_on,
        keeper=named(record.owner),
        asked_by=people.get(record.asked_by or 0, ""),
        steps=[StepLine(one, step_word(one.kind), people.get(one.by or 0, "")) for one in steps],
        keeps=viewer.grant_for(KEEP, record.owner_id, to_write=True) is not None,
        mends=viewer.grant_for(ANSWER, record.office_id, to_write=True) is not None,
        asked_it=viewer.person_id is not None and viewer.person_id == record.asked_by,
    )


def _then(viewer: Viewer, rows: QuerySet[Problem], title: str, on: date) -> Problem:
    """Return a problem as it stood on a day that is past, in the words of that day."""
    stood = stood_on(viewer, rows, on).first()
    found = known_alone(stood, on, "office", "file", as_entered=True) if stood is not None else None
    if found is None:
        raise not_there_yet(title, on)
    return found


def _last(steps: Sequence[ProblemStep], kind: str) -> date | None:
    return next((one.on for one in reversed(steps) if one.kind == kind), None)


def _offices(seen: QuerySet[Problem]) -> list[Organisation]:
    return list(Organisation.objects.filter(pk__in=seen.order_by().values("office")).order_by("code"))
