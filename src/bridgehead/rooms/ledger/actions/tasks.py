"""Actions on tasks: giving, changing and ending one, and who has a part in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import fitting, give_reason, needed, today
from bridgehead.kernel.calendars import Due, Term
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.actions.common import body, read_period, refuse_closed
from bridgehead.rooms.ledger.models import Duty, Evidence, Part, Task, TaskPart
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.spells import restate
from bridgehead.rooms.ledger.who import DECIDE, KEEP
from bridgehead.rooms.statute.public import article_numbers

LONGEST_TITLE = 200
LONGEST_TEXT = 5000
MOST_WEIGHT = Decimal(10000)
MOST_NAMED = 10


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
        By when: a day, or a term such as ``10wd`` counted from the day it is given; one of both. As the clocks of
        the region have it (`Calendar.ending`), what would end on a day off ends on the next working day, be it
        counted or named.
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
        ``ledger.due_twice``, ``ledger.due_before_given``, ``ledger.subtask_after_parent``,
        ``ledger.subtask_before_parent``, ``ledger.part_doubled``, ``ledger.vertical_supervised``,
        ``ledger.period_closed``, ``period.unreadable``, ``calendar.bad_term``, ``task.bad_weight``, ``form.missing``,
        ``form.text_too_long``, ``coordination.unknown_article``; ``action.not_allowed``.

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
    check_whole(deed, above, begun, due, "due_on")
    check_weight(deed, weight, named)
    parts = _parts(deed, lead, joint, supervised)
    held = deed.lock(Duty, duty) if duty else None
    if article is not None and held is None and (known := article_numbers()) and article not in known:
        deed.refuse("coordination.unknown_article", {"article": article}, "article")
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
    weight: Decimal | None = None,
) -> Task:
    """Change a task. Another due day or another lead needs a reason, and the ladder begins anew for another day.

    A due day is moved from a day off as in `give_task`; another one is no term that was counted any more. Without a
    ``weight`` it keeps its own.

    Raises
    ------
    BridgeheadError
        ``action.changed_meanwhile``, ``task.cycle``, ``ledger.task_ended``, ``ledger.parts_outside`` and
        ``ledger.milestones_outside`` where open parts or milestones would be due later, ``form.missing`` for the
        reason, and what `give_task` raises.
    """
    record = deed.lock(Task, task, version)
    may_keep(deed, record)
    named = needed(deed, title, "title", LONGEST_TITLE)
    said = fitting(deed, what, "what", LONGEST_TEXT)
    leading = _lead(deed, lead)
    if record.state == Task.State.ENDED:
        deed.refuse("ledger.task_ended", {"title": record.title})
    due = _due(deed, record.given_on, due_on, "")
    above, before = _moved(deed, record, parent), record.parent_id
    # Where it stays in its place, what was agreed of its beginning stays agreed.
    check_whole(deed, above, record.given_on if parent != before else None, due, "due_on")
    check_parts(deed, record, due)
    check_milestones(deed, record, due)
    if record.parts.filter(office=lead, left_on=None).exists():
        deed.refuse("ledger.part_doubled", {"body": leading.name(language()) if leading else ""}, "lead")
    counts = record.weight if weight is None else weight
    check_weight(deed, counts, record.title)
    if due is None or (due.day, lead) != (record.due_on, record.office_id):
        give_reason(deed)
    deed.check()
    assert leading is not None
    assert due is not None
    told = {"term": record.term if due.day == record.due_on else "", "provisional": due.provisional, "weight": counts}
    deed.change(record, title=named, what=said, office=leading, due_on=due.day, parent=above, **told)
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
        ``ledger.task_ended`` where it was before, ``ledger.parts_open`` while parts of it are not done,
        ``form.missing`` without a reason.
    """
    record = deed.lock(Task, task, version)
    may_keep(deed, record)
    give_reason(deed)
    if record.state == Task.State.ENDED:
        deed.refuse("ledger.task_ended", {"title": record.title})
    if found := _open_parts(record):
        deed.refuse("ledger.parts_open", {"parts": _titles(found)})
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
        deed.refuse("ledger.part_doubled", {"body": one.name(language()) if one else ""}, "body")
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
        deed.refuse("ledger.part_left", {"body": record.office.name(language())})
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
    """Return the task another one is to be a part of, refusing a cycle and whoever may not put it there."""
    if parent == record.parent_id:
        with as_system("reading the task above"):
            return record.parent
    if parent is None:  # nobody above it any more: then it is its giver's, who must keep a ledger
        deed.require(KEEP, record.owner_id)
        return None
    above = deed.lock(Task, parent)
    if record.owner_id not in (above.office_id, above.owner_id):
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": KEEP})
    if above.state == Task.State.ENDED:
        deed.refuse("ledger.task_ended", {"title": above.title}, "parent")
    with as_system("looking for cycles"):
        up: Task | None = above
        while up is not None and up.pk != record.pk:
            up = up.parent
    if up is not None:
        raise BridgeheadError("task.cycle", {"tasks": _titles([record, above])}, Place(field="parent"))
    return above


def check_whole(deed: Deed, above: Task | None, begun: date | None, due: Due | None, field: str) -> None:
    """Note the fault where a part would lie outside its whole."""
    if above is None:
        return
    if due is not None and due.day > above.due_on:
        deed.refuse("ledger.subtask_after_parent", {"due": str(above.due_on)}, field)
    if begun is not None and begun < above.given_on:
        deed.refuse("ledger.subtask_before_parent", {"given": str(above.given_on)}, "parent")


def check_parts(deed: Deed, record: Task, due: Due | None) -> None:
    """Note the fault where open parts of a task would be due after it."""
    outside = [one for one in _open_parts(record) if due is not None and one.due_on > due.day]
    if outside and due is not None:
        told = {"given": str(record.given_on), "due": str(due.day), "parts": _titles(outside)}
        deed.refuse("ledger.parts_outside", told, "due_on")


def check_milestones(deed: Deed, record: Task, due: Due | None) -> None:
    """Note the fault where milestones of a task that are not reached would be due after it."""
    if due is None or due.day >= record.due_on:
        return
    with as_system("looking at the milestones of a task"):
        reached = Evidence.objects.filter(task=record, state=Evidence.State.ACCEPTED, milestone__isnull=False)
        open_ = record.milestones.filter(dropped_on=None).exclude(pk__in=reached.values("milestone"))
        outside = list(open_.filter(due_on__gt=due.day).order_by("due_on", "id"))
    if outside:
        named = [one.title for one in outside]
        told = {"given": str(record.given_on), "due": str(due.day), "milestones": named}
        deed.refuse("ledger.milestones_outside", told, "due_on")


def _open_parts(record: Task) -> list[Task]:
    with as_system("looking at the parts of a task"):
        return list(Task.objects.filter(parent=record, state=Task.State.OPEN, done_on=None))


def _titles(tasks: Sequence[Task]) -> list[str]:
    return [one.title for one in tasks[:MOST_NAMED]]


def _due(deed: Deed, begun: date, due_on: date | None, term: str) -> Due | None:
    if due_on is not None and term:
        deed.refuse("ledger.due_twice", {}, "term")
    if due_on is None and not term:
        deed.refuse("ledger.no_due_day", {}, "due_on")
        return None
    try:
        due = calendar().due(begun, Term.read(term)) if due_on is None else calendar().ending(due_on)
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
                deed.refuse("ledger.part_doubled", {"body": one.name(language())}, field)
            elif one.kind == "vertical" and part == Part.SUPERVISED:
                deed.refuse("ledger.vertical_supervised", {"body": one.name(language())}, field)
            else:
                found.append((Part.VERTICAL if one.kind == "vertical" else part, one))
            seen.add(pk)
    return found


def check_weight(deed: Deed, weight: Decimal, task: str) -> None:
    """Note the fault where a weight is not above zero, or larger than any needs to be."""
    if not 0 < weight < MOST_WEIGHT:
        deed.refuse("task.bad_weight", {"task": task}, "weight")
