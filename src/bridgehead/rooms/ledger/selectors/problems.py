"""The list of problems, filtered and page by page, and one problem with its history."""

from __future__ import annotations

from collections.abc import Sequence
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
from bridgehead.rooms.ledger.selectors.coordination import (
    A_PAGE,
    named,
    origin_word,
    problem_state,
    severity_word,
    step_word,
    today,
)
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


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem of the list."""

    record: Problem
    office: str
    origin: str
    severity: str
    state: str
    articles: tuple[int, ...]
    late_wd: int


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


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the history of a problem."""

    record: ProblemStep
    word: str
    by: str


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """One problem, its history, and what somebody may do with it."""

    line: ProblemLine
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
    day = today()
    seen = visible(Problem, viewer)
    runs = ~Q(state=Problem.State.CLOSED)
    told = seen.order_by().aggregate(
        running=Count("id", filter=runs),
        late=Count("id", filter=runs & Q(due_on__lt=day)),
        waiting=Count("id", filter=runs & Q(asked_on__isnull=False)),
    )
    rows = narrowed(seen, asked, day)
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
        **told,
    )


def filter_word(state: str) -> str:
    """Return what a state the list can be narrowed to is called."""
    if state == RUNNING:
        return pgettext("coordination", "没有销号的")
    return pgettext("coordination", "全部") if state == ALL else problem_state(state)


def narrowed(rows: QuerySet[Problem], asked: Filter, on: date) -> QuerySet[Problem]:
    """Return the problems a filter leaves."""
    if asked.office:
        rows = rows.filter(office=asked.office)
    if asked.article:
        rows = rows.filter(articles__contains=article_column.sought(asked.article))
    if asked.severity:
        rows = rows.filter(severity=asked.severity)
    if asked.overdue:
        rows = rows.filter(due_on__lt=on).exclude(state=Problem.State.CLOSED)
    if asked.state == WAITING:
        return rows.filter(asked_on__isnull=False).exclude(state=Problem.State.CLOSED)
    if asked.state == RUNNING:
        return rows.exclude(state=Problem.State.CLOSED)
    return rows if asked.state == ALL else rows.filter(state=asked.state)


def line_of(record: Problem, on: date) -> ProblemLine:
    """Return a problem as a line of the list on a day."""
    closed = record.state == Problem.State.CLOSED
    return ProblemLine(
        record=record,
        office=named(record.office),
        origin=origin_word(record.origin),
        severity=severity_word(record.severity),
        state=problem_state(WAITING if record.asked_on and not closed else record.state),
        articles=article_column.told(record.articles),
        late_wd=0 if closed else working_days_late(record.due_on, on),
    )


def problem_page(viewer: Viewer, problem: int) -> ProblemPage:
    """Return one problem with its history.

    Raises
    ------
    BridgeheadError
        ``problem.no_such_problem``.

    Articles: 5, 79
    """
    record = visible(Problem, viewer).filter(pk=problem).select_related("office", "owner", "file").first()
    if record is None:
        raise BridgeheadError("problem.no_such_problem")
    steps = list(visible(ProblemStep, viewer).filter(problem=record).order_by("id"))
    people = names_of({one.by for one in steps} | {record.asked_by})
    return ProblemPage(
        line=line_of(record, today()),
        keeper=named(record.owner),
        asked_by=people.get(record.asked_by or 0, ""),
        steps=[StepLine(one, step_word(one.kind), people.get(one.by or 0, "")) for one in steps],
        keeps=viewer.grant_for(KEEP, record.owner_id, to_write=True) is not None,
        mends=viewer.grant_for(ANSWER, record.office_id, to_write=True) is not None,
        asked_it=viewer.person_id is not None and viewer.person_id == record.asked_by,
    )


def _offices(seen: QuerySet[Problem]) -> list[Organisation]:
    return list(Organisation.objects.filter(pk__in=seen.order_by().values("office")).order_by("code"))
