"""Terms that were counted before the days off of a year were announced: counted again once they are."""

from __future__ import annotations

from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import today
from bridgehead.kernel.calendars import Due, Term
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.questions import ANSWERED_IN
from bridgehead.rooms.ledger.actions.tasks import check_milestones, check_parts, check_whole
from bridgehead.rooms.ledger.models import PublicQuestion, Task
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.question_codes import WAITS
from bridgehead.rooms.ledger.spells import restate
from bridgehead.rooms.ledger.who import KEEP, PUBLISH

Record = Task | PublicQuestion


def unsettled() -> list[Record]:
    """Return what is owed by a day that was provisional when it was counted and is not any more; the oldest first."""
    tasks = Task.objects.filter(provisional=True, state=Task.State.OPEN, done_on=None).order_by("id")
    asked = PublicQuestion.objects.filter(provisional=True, state__in=WAITS).order_by("id")
    return [one for one in (*tasks, *asked) if not due_of(one).provisional]


def due_of(record: Record) -> Due:
    """Return the day something is owed by, as the days off are known now."""
    if isinstance(record, PublicQuestion):
        return calendar().due(record.again_on or record.asked_on, ANSWERED_IN)
    if record.term:
        return calendar().due(record.given_on, Term.read(record.term))
    return calendar().ending(record.due_on)


@action("ledger_task.settle_term")
def settle_task(deed: Deed, *, task: int) -> Task:
    """Count the term of a task again, now that the days off it spans are announced.

    Raises
    ------
    BridgeheadError
        ``ledger.subtask_after_parent``, ``ledger.parts_outside``, ``ledger.milestones_outside``: then somebody has to
        set the days.

    Articles: 6, 79
    """
    record = deed.lock(Task, task)
    deed.require(KEEP, record.owner_id)
    due = due_of(record)
    with as_system("reading the task above"):
        above = record.parent
    check_whole(deed, above, None, due, "due_on")
    check_parts(deed, record, due)
    check_milestones(deed, record, due)
    deed.check()
    deed.change(record, due_on=due.day, provisional=due.provisional)
    restate([record.pk], today(deed))
    record.refresh_from_db()
    return record


@action("public_question.settle_term", permission=PUBLISH)
def settle_question(deed: Deed, *, question: int) -> PublicQuestion:
    """Count the term of a question of the public again, now that the days off it spans are announced.

    Articles: 7
    """
    record = deed.lock(PublicQuestion, question)
    deed.require_in(record.owner_id)
    due = due_of(record)
    return deed.change(record, due_on=due.day, provisional=due.provisional)


def settle(by: Viewer) -> tuple[list[str], list[str]]:
    """Count again every term that can be; return what was settled, and what somebody has to look at."""
    settled: list[str] = []
    left: list[str] = []
    for one in unsettled():
        try:
            if isinstance(one, Task):
                settle_task(by=by, task=one.pk)
            else:
                settle_question(by=by, question=one.pk)
        except BridgeheadError as refused:
            left.append(f"{one.RECORD} {one.pk}: {refused.code}")
        else:
            settled.append(f"{one.RECORD} {one.pk}")
    return settled, left
