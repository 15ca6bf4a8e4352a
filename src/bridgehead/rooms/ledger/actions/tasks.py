"""Actions on tasks: giving, changing and ending one, and who has a part in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Organisation
from bridgehead.kernel.calendars import Due, Term
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.actions.common import (
    body,
    fitting,
    give_reason,
    needed,
    read_period,
    refuse_closed,
    today,
)
from bridgehead.rooms.ledger.models import Duty, Part, Task, TaskPart
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.spells import restate, tree_of
from bridgehead.rooms.ledger.who import DECIDE, KEEP

LONGEST_TITLE = 200
LONGEST_TEXT = 5000
MOST_WEIGHT = Decimal(10000)


@action("ledger_task.give")
def give_task(
    deed: Deed,
    *,
    owner: int,
    lead: int | None,
    title: str,
    due_on: date | None = None,
    term: str = "",
    duty: int | None = None,
    article: int | None = None,
    parent: int | None = None,
    matter: str = "",
    what: str = "",
    period: str = "",
    joint: Sequence[int] = (),
    supervised: Sequence[int] = (),
    given_on: date | None = None,
    weight: Decimal = Decimal(1),
) -> Task:
    """Give a task to an organisation.

    Parameters
    ----------
    deed : Deed
        Who gives it.
    owner : int
        The body that gives it: the coordination office, or whoever leads the task it is a part of.
    lead : int
        The organisation that leads it.
    title, what : str
        What is to be done.
    due_on, term : date, str
        By when: a day, or a term such as ``10wd`` counted from the day it is given; one of both.
    duty, article, matter : int, int, str
        What it is given for; the article is that of the duty where there is one.
    parent : int, optional
        The task it is a part of.
    period : str
        The period it belongs to, such as ``2025Q3``.
    joint, supervised : sequence of int
        Who has a part in it besides; of the joint ones vertical units stand apart.
    given_on : date, optional
        Today by default.
    weight : Decimal
        How much it counts among the parts of its parent.

    Raises
    ------
    BridgeheadError
        With all of ``ledger.task_without_lead``, ``ledger.unknown_body``, ``ledger.no_due_day``,
        ``ledger.due_twice``, ``ledger.due_before_given``, ``ledger.subtask_after_parent``, ``ledger.part_doubled``,
        ``ledger.vertical_supervised``, ``ledger.period_closed``, ``period.unreadable``, ``calendar.bad_term``,
        ``task.bad_weight``, ``form.missing``, ``ledger.text_too_long``; ``action.not_allowed``.

    Articles: 5, 6, 79
    """
    above = _above(deed, parent, owner)
    begun = given_on or today(deed)
    due = _due(deed, begun, due_on, term)
    leading = _lead(deed, lead)
    named = needed(deed, title, "title", LONGEST_TITLE)
    said = fitting(deed, what, "what", LONGEST_TEXT)
    told = read_period(deed, period)
    if told is not None:
        refuse_closed(deed, owner, told.first, told.last, "period")
    if above is not None and due is not None and due.day > above.due_on:
        deed.refuse("ledger.subtask_after_parent", {"due": str(above.due_on)}, "due_on")
    check_weight(deed, weight, named)
    parts = _parts(deed, lead, joint, supervised)
    held = deed.lock(Duty, duty) if duty else None
    deed.check()
    assert leading is not None
    assert due is not None
    task = deed.create(
        Task(
            owner_id=owner,
            office=leading,
            parent=above,
            duty=held,
            article=held.article if held else (article if above is None or article else above.article),
            matter=matter,
            title=named,
            what=said,
            period=str(told) if told else "",
            weight=weight,
            given_on=begun,
            due_on=due.day,
            term=term if due_on is None else "",
            provisional=due.provisional,
        )
    )
    for part, one in parts:
        deed.create(TaskPart(task=task, owner_id=owner, office=one, part=part, joined_on=begun))
    restate([task.pk], today(deed))
    task.refresh_from_db()
    return task


@action("ledger_task.change")
def change_task(
    deed: Deed,
    *,
    task: int,
    version: int,
    title: str,
    lead: int | None,
    due_on: date | None,
    what: str = "",
    parent: int | None = None,
) -> Task:
    """Change a task. Another due day or another lead needs a reason, and the ladder begins anew for another day.

    Raises
    ------
    BridgeheadError
        ``action.changed_meanwhile``, ``task.cycle``, ``ledger.task_ended``, ``form.missing`` for the reason, and
        what `give_task` raises.
    """
    record = deed.lock(Task, task, version)
    may_keep(deed, record)
    named = needed(deed, title, "title", LONGEST_TITLE)
    said = fitting(deed, what, "what", LONGEST_TEXT)
    leading = _lead(deed, lead)
    if record.state == Task.State.ENDED:
        deed.refuse("ledger.task_ended", {"title": record.title})
    if due_on is None:
        deed.refuse("ledger.no_due_day", {}, "due_on")
    elif due_on < record.given_on:
        deed.refuse("ledger.due_before_given", {"given": str(record.given_on), "due": str(due_on)}, "due_on")
    above = _moved(deed, record, parent)
    if above is not None and due_on is not None and due_on > above.due_on:
        deed.refuse("ledger.subtask_after_parent", {"due": str(above.due_on)}, "due_on")
    if (due_on, lead) != (record.due_on, record.office_id):
        give_reason(deed)
    deed.check()
    assert leading is not None
    assert due_on is not None
    before = record.parent_id
    deed.change(record, title=named, what=said, office=leading, due_on=due_on, parent=above)
    for one in [*record.milestones.filter(dropped_on=None), *record.targets.filter(dropped_on=None)]:
        deed.change(one, office=leading)
    restate([record.pk, *([before] if before and before != record.parent_id else [])], today(deed))
    record.refresh_from_db()
    return record


@action("ledger_task.end")
def end_task(deed: Deed, *, task: int, version: int) -> Task:
    """End a task that will not be done any more, with a reason; it counts nowhere from today on.

    Raises
    ------
    BridgeheadError
        ``ledger.task_ended`` where it was before, ``form.missing`` without a reason.
    """
    record = deed.lock(Task, task, version)
    may_keep(deed, record)
    give_reason(deed)
    if record.state == Task.State.ENDED:
        deed.refuse("ledger.task_ended", {"title": record.title})
    deed.check()
    deed.change(record, state=Task.State.ENDED, ended_on=today(deed))
    restate([record.pk], today(deed))
    return record


@action("ledger_task.join")
def join_in(deed: Deed, *, task: int, organisation: int | None, part: str) -> TaskPart:
    """Give an organisation a part in a task besides who leads it.

    Raises
    ------
    BridgeheadError
        ``ledger.part_doubled``, ``ledger.vertical_supervised``, ``ledger.unknown_body``, ``ledger.unknown_part``.
    """
    record = deed.lock(Task, task)
    may_keep(deed, record)
    if part not in (Part.JOINT, Part.SUPERVISED):
        deed.refuse("ledger.unknown_part", {"part": part}, "part")
    one = body(deed, organisation, "body")
    chosen = (one.pk,) if one is not None else ()
    others = _parts(deed, record.office_id, chosen if part == Part.JOINT else (), chosen if part != Part.JOINT else ())
    if record.parts.filter(office=organisation, left_on=None).exists():
        deed.refuse("ledger.part_doubled", {"body": one.name_zh if one else ""}, "body")
    deed.check()
    told = {"owner_id": record.owner_id, "office": others[0][1], "part": others[0][0], "joined_on": today(deed)}
    return deed.create(TaskPart(task=record, **told))


@action("ledger_task.leave")
def leave(deed: Deed, *, part: int, version: int) -> None:
    """Take the part of an organisation in a task away again; it stays on the page of days before.

    Raises
    ------
    BridgeheadError
        ``ledger.part_left``.
    """
    record = deed.lock(TaskPart, part, version)
    may_keep(deed, record.task)
    if record.left_on is not None:
        deed.refuse("ledger.part_left", {"body": record.office.name_zh})
        deed.check()
    deed.change(record, left_on=today(deed))


def may_keep(deed: Deed, task: Task) -> None:
    """Refuse whoever may not change a task: its giver does, by ``ledger.keep`` or, below it, by ``evidence.decide``."""
    if task.parent_id and deed.by.grant_for(DECIDE, task.owner_id, to_write=True):
        deed.require(DECIDE, task.owner_id)
        return
    deed.require(KEEP, task.owner_id)


def _above(deed: Deed, parent: int | None, owner: int) -> Task | None:
    """Return the task above, refusing whoever may not divide it."""
    if parent is None:
        deed.require(KEEP, owner)
        return None
    above = deed.lock(Task, parent)
    deed.require(DECIDE if owner == above.office_id else KEEP, owner)
    if owner not in (above.office_id, above.owner_id):
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": KEEP})
    if above.state == Task.State.ENDED:
        deed.refuse("ledger.task_ended", {"title": above.title}, "parent")
    return above


def _moved(deed: Deed, record: Task, parent: int | None) -> Task | None:
    """Return the task another one is to be a part of, noting a cycle."""
    if parent is None:
        return None
    if parent == record.parent_id:
        with as_system("reading the task above"):
            return record.parent
    above = deed.lock(Task, parent)
    with as_system("looking for cycles"):
        up: Task | None = above
        while up is not None and up.pk != record.pk:
            up = up.parent
    if up is not None:
        names = ", ".join(one.title for one in tree_of(record.pk)[:10])
        raise BridgeheadError("task.cycle", {"tasks": names}, Place(field="parent"))
    return above


def _due(deed: Deed, begun: date, due_on: date | None, term: str) -> Due | None:
    if due_on is not None and term:
        deed.refuse("ledger.due_twice", {}, "term")
    if due_on is None and not term:
        deed.refuse("ledger.no_due_day", {}, "due_on")
        return None
    try:
        due = calendar().due(begun, Term.read(term)) if due_on is None else Due(due_on)
    except BridgeheadError as refused:
        deed.refuse(refused.code, refused.faults[0].parameters, "term")
        return None
    if due.day < begun:
        deed.refuse("ledger.due_before_given", {"given": str(begun), "due": str(due.day)}, "due_on")
    return due


def _lead(deed: Deed, lead: int | None) -> Organisation | None:
    if not lead:
        deed.refuse("ledger.task_without_lead", {}, "lead")
        return None
    return body(deed, lead, "lead")


def _parts(
    deed: Deed, lead: int | None, joint: Sequence[int], supervised: Sequence[int]
) -> list[tuple[Part, Organisation]]:
    """Return who has which part, noting doubled ones and vertical units that would be supervised."""
    found: list[tuple[Part, Organisation]] = []
    seen = {lead}
    for part, field, chosen in ((Part.JOINT, "joint", joint), (Part.SUPERVISED, "supervised", supervised)):
        for pk in chosen:
            one = body(deed, pk, field)
            if one is None:
                continue
            if pk in seen:
                deed.refuse("ledger.part_doubled", {"body": one.name_zh}, field)
            elif one.kind == "vertical" and part == Part.SUPERVISED:
                deed.refuse("ledger.vertical_supervised", {"body": one.name_zh}, field)
            else:
                found.append((Part.VERTICAL if one.kind == "vertical" else part, one))
            seen.add(pk)
    return found


def check_weight(deed: Deed, weight: Decimal, task: str) -> None:
    """Note the fault where a weight is not above zero, or larger than any needs to be."""
    if not 0 < weight < MOST_WEIGHT:
        deed.refuse("task.bad_weight", {"task": task}, "weight")
