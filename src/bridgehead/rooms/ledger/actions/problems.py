"""Actions on the list of problems: entering one, taking it up, asking for it to be closed, confirming, reopening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.told import choice, fitting, needed
from bridgehead.rooms.ledger.actions.coordination_checks import (
    LONGEST_TEXT,
    articles_named,
    bodies_named,
    day_done,
    filed,
)
from bridgehead.rooms.ledger.models import Problem, ProblemStep
from bridgehead.rooms.ledger.who import ANSWER, KEEP

LONGEST_FINDING = 60
State, Kind = Problem.State, ProblemStep.Kind


@dataclass(frozen=True, slots=True)
class ProblemTold:
    """What somebody says of a problem; see `Problem`."""

    title: str
    due_on: date
    what: str = ""
    place: str = ""
    severity: str = Problem.Severity.ORDINARY
    articles: Sequence[int] = ()


@action("problem.open", permission=KEEP)
def open_problem(
    deed: Deed,
    *,
    organisation: int,
    office: int,
    origin: str,
    told: ProblemTold,
    finding: str = "",
    measures: str = "",
    found_on: date | None = None,
) -> Problem:
    """Enter a problem into the list: what it is, where it was found, who has to mend it by when.

    Parameters
    ----------
    deed : Deed
        Who enters it.
    organisation, office : int
        Who keeps the list; who has to mend it.
    origin, measures : str
        Where it was found; how it is to be mended, where that is known.
    told : ProblemTold
        What it is.
    found_on : date, optional
        When it was found, today by default.
    finding : str
        Id of what it came from, such as ``finding 7``; it makes one problem at most.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``form.no_such_choice``, ``ledger.unknown_body``, ``problem.due_before``,
        ``problem.finding_taken``, ``coordination.day_to_come``, ``coordination.unknown_article``.

    Articles: 5, 79
    """
    deed.require_in(organisation)
    day = day_done(deed, found_on, "found_on")
    fields = _fields(deed, told, day)
    mends = next(iter(bodies_named(deed, [office], "office")), None)
    finding = fitting(deed, finding, "finding", LONGEST_FINDING)
    if finding and Problem.objects.filter(finding=finding).exists():
        deed.refuse("problem.finding_taken", {"finding": finding}, "finding")
    choice(deed, origin, Problem.Origin.values, "origin")
    planned = fitting(deed, measures, "measures", LONGEST_TEXT)
    deed.check()
    problem = deed.create(
        Problem(
            owner_id=organisation,
            office=mends,
            origin=origin,
            finding=finding,
            measures=planned,
            found_on=day,
            **fields,
        )
    )
    return _step(deed, problem, Kind.OPENED, day)


@action("problem.edit", permission=KEEP)
def edit_problem(
    deed: Deed,
    *,
    problem: int,
    version: int,
    told: ProblemTold,
    note: str = "",
) -> Problem:
    """Change what a problem says or by when it is due; a new day needs a reason.

    Raises
    ------
    BridgeheadError
        ``problem.closed``, ``problem.new_day_without_reason``, ``action.changed_meanwhile``, and those of
        `open_problem`.

    Articles: 5, 79
    """
    record = _kept(deed, problem, version)
    _refuse_closed(deed, record)
    fields = _fields(deed, told, record.found_on)
    said = fitting(deed, note, "note", 500)
    moved = told.due_on != record.due_on
    if moved and not said:
        deed.refuse("problem.new_day_without_reason", None, "note")
    deed.check()
    deed.change(record, **fields)
    return _step(deed, record, Kind.CHANGED, day_done(deed, None, "on"), said) if moved else record


@action("problem.mend", permission=ANSWER)
def plan_measures(deed: Deed, *, problem: int, version: int, measures: str, on: date | None = None) -> Problem:
    """Say how a problem is being mended: what the body that has to do it takes up.

    Raises
    ------
    BridgeheadError
        ``problem.closed``, ``form.missing``, ``action.changed_meanwhile``.

    Articles: 79
    """
    record = _mended(deed, problem, version)
    said = needed(deed, measures, "measures", LONGEST_TEXT)
    day = day_done(deed, on, "on", _last_day(record))
    deed.check()
    deed.change(record, measures=said, state=State.MENDING)
    return _step(deed, record, Kind.MEASURES, day, said)


@action("problem.ask_to_close", permission=ANSWER)
def ask_to_close(
    deed: Deed, *, problem: int, version: int, result: str, file: Received | None = None, on: date | None = None
) -> Problem:
    """Report in writing that a problem is mended, and ask for it to be closed; somebody else confirms it.

    Raises
    ------
    BridgeheadError
        ``problem.closed``, ``problem.waits``, ``form.missing``, ``action.changed_meanwhile``.

    Articles: 79
    """
    record = _mended(deed, problem, version)
    if record.asked_on is not None:
        deed.refuse("problem.waits", {"day": record.asked_on.isoformat()})
    said = needed(deed, result, "result", LONGEST_TEXT)
    day = day_done(deed, on, "on", _last_day(record))
    deed.check()
    kept = filed(deed, record.office_id, file, record.title)
    deed.change(
        record,
        result=said,
        file=kept or record.file,
        asked_by=deed.by.person_id,
        asked_on=day,
        decided_by=None,
        state=State.MENDING,
    )
    return _step(deed, record, Kind.ASKED, day, said)


@action("problem.close", permission=KEEP)
def close_problem(deed: Deed, *, problem: int, version: int, note: str = "", on: date | None = None) -> Problem:
    """Confirm that a problem is mended; whoever asked for it cannot.

    Raises
    ------
    BridgeheadError
        ``problem.closed``, ``problem.not_asked``, ``problem.own_closing``, ``action.changed_meanwhile``.

    Articles: 5, 79
    """
    record = _asked(deed, problem, version)
    said = fitting(deed, note, "note", 500)
    day = day_done(deed, on, "on", _last_day(record))
    deed.check()
    deed.change(record, state=State.CLOSED, closed_on=day, asked_on=None, decided_by=deed.by.person_id)
    return _step(deed, record, Kind.CLOSED, day, said)


@action("problem.return", permission=KEEP)
def return_problem(deed: Deed, *, problem: int, version: int, note: str, on: date | None = None) -> Problem:
    """Return a problem that is not mended, and say what is missing.

    Raises
    ------
    BridgeheadError
        ``problem.closed``, ``problem.not_asked``, ``problem.own_closing``, ``form.missing``,
        ``action.changed_meanwhile``.

    Articles: 5, 79
    """
    record = _asked(deed, problem, version)
    said = needed(deed, note, "note", 500)
    day = day_done(deed, on, "on", _last_day(record))
    deed.check()
    deed.change(record, asked_on=None, decided_by=deed.by.person_id)
    return _step(deed, record, Kind.RETURNED, day, said)


@action("problem.reopen", permission=KEEP)
def reopen_problem(
    deed: Deed, *, problem: int, version: int, note: str, due_on: date, on: date | None = None
) -> Problem:
    """Open a closed problem again, with a new day and the reason.

    Raises
    ------
    BridgeheadError
        ``problem.not_closed``, ``problem.due_before``, ``form.missing``, ``action.changed_meanwhile``.

    Articles: 5, 79
    """
    record = _kept(deed, problem, version)
    if record.state != State.CLOSED:
        deed.refuse("problem.not_closed")
    said = needed(deed, note, "note", 500)
    day = day_done(deed, on, "on", _last_day(record))
    _refuse_due(deed, due_on, day)
    deed.check()
    deed.change(
        record, state=State.REOPENED, due_on=due_on, closed_on=None, asked_by=None, asked_on=None, decided_by=None
    )
    return _step(deed, record, Kind.REOPENED, day, said)


def _kept(deed: Deed, problem: int, version: int) -> Problem:
    record = deed.lock(Problem, problem, version)
    deed.require_in(record.owner_id)
    return record


def _mended(deed: Deed, problem: int, version: int) -> Problem:
    """Return a problem for the body that has to mend it."""
    record = deed.lock(Problem, problem, version)
    deed.require_in(record.office_id)
    _refuse_closed(deed, record)
    return record


def _asked(deed: Deed, problem: int, version: int) -> Problem:
    """Return a problem that waits for somebody other than who asked for it to be closed."""
    record = _kept(deed, problem, version)
    _refuse_closed(deed, record)
    if record.asked_on is None:
        deed.refuse("problem.not_asked")
    elif deed.by.person_id is not None and record.asked_by == deed.by.person_id:
        deed.refuse("problem.own_closing")
    return record


def _refuse_closed(deed: Deed, record: Problem) -> None:
    if record.state == State.CLOSED:
        deed.refuse("problem.closed", {"day": record.closed_on.isoformat() if record.closed_on else ""})


def _refuse_due(deed: Deed, due_on: date, day: date) -> None:
    if due_on < day:
        deed.refuse("problem.due_before", {"due": due_on.isoformat(), "day": day.isoformat()}, "due_on")


def _last_day(record: Problem) -> date | None:
    """Return the day of the last step: what comes after it is not dated before it."""
    last = ProblemStep.objects.filter(problem=record).order_by("-id").first()
    return last.on if last else None


def _step(deed: Deed, record: Problem, kind: str, day: date, note: str = "") -> Problem:
    deed.create(
        ProblemStep(
            problem=record,
            owner_id=record.owner_id,
            office_id=record.office_id,
            kind=kind,
            on=day,
            due_on=record.due_on,
            by=deed.by.person_id,
            note=note,
        )
    )
    return record


def _fields(deed: Deed, told: ProblemTold, found_on: date) -> dict[str, object]:
    """Return what a problem says as its record keeps it; note everything that is wrong with it."""
    _refuse_due(deed, told.due_on, found_on)
    return {
        "title": needed(deed, told.title, "title", 200),
        "what": fitting(deed, told.what, "what", LONGEST_TEXT),
        "place": fitting(deed, told.place, "place", 200),
        "severity": choice(deed, told.severity, Problem.Severity.values, "severity"),
        "articles": articles_named(deed, told.articles),
        "due_on": told.due_on,
    }
