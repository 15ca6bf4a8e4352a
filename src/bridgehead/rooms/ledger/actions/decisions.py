"""Actions on decisions of a meeting: recording one, changing it, making it a task, settling or dropping it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils import timezone

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import give_reason, needed, today
from bridgehead.rooms.ledger.actions.coordination_checks import (
    LONGEST_TEXT,
    articles_named,
    bodies_named,
    day_done,
)
from bridgehead.rooms.ledger.actions.tasks import give_task
from bridgehead.rooms.ledger.models import Decision, DecisionPart, Meeting
from bridgehead.rooms.ledger.models import articles as article_column
from bridgehead.rooms.ledger.who import KEEP

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class DecisionTold:
    """What somebody says of a decision: ``office`` owns it, those in ``joint`` join in."""

    text: str
    office: int | None
    due_on: date
    joint: Sequence[int] = ()
    articles: Sequence[int] = ()


@action("decision.record", permission=KEEP)
def record_decision(deed: Deed, *, meeting: int, told: DecisionTold) -> Decision:
    """Record what a meeting decided, which organisation owns it and by when.

    Raises
    ------
    BridgeheadError
        ``ledger.decision_without_owner``, ``meeting.not_held``, ``decision.due_before``, ``decision.owner_joins``,
        ``ledger.unknown_body``, ``coordination.unknown_article``, ``form.missing``.

    Articles: 5, 79
    """
    record = deed.lock(Meeting, meeting)
    deed.require_in(record.owner_id)
    if record.state != Meeting.State.HELD or record.held_at is None:
        deed.refuse("meeting.not_held", {"title": record.title})
        deed.check()
    decided_on = timezone.localdate(record.held_at)
    fields = _fields(deed, told, decided_on)
    joining = bodies_named(deed, told.joint, "joint")
    deed.check()
    last = Decision.objects.filter(meeting=record).aggregate(last=Max("number"))["last"] or 0
    decision = deed.create(
        Decision(meeting=record, owner_id=record.owner_id, number=last + 1, decided_on=decided_on, **fields)
    )
    for body in joining:
        deed.create(DecisionPart(decision=decision, owner_id=record.owner_id, office=body))
    return decision


@action("decision.edit", permission=KEEP)
def edit_decision(deed: Deed, *, decision: int, version: int, told: DecisionTold) -> Decision:
    """Change a decision that has not become a task yet; a new day needs a reason.

    Raises
    ------
    BridgeheadError
        ``decision.not_open``, ``action.changed_meanwhile``, ``form.missing`` for the reason, and those of
        `record_decision`.

    Articles: 5, 79
    """
    record = _open(deed, decision, version)
    fields = _fields(deed, told, record.decided_on)
    joining = {body.pk: body for body in bodies_named(deed, told.joint, "joint")}
    if told.due_on != record.due_on and "due_on" not in deed.unread:
        give_reason(deed)
    deed.check()
    for part in list(DecisionPart.objects.filter(decision=record)):
        if joining.pop(part.office_id, None) is None:
            deed.remove(part)
    for body in joining.values():
        deed.create(DecisionPart(decision=record, owner_id=record.owner_id, office=body))
    return deed.change(record, **fields)


@action("decision.give", permission=KEEP)
def give_decision(deed: Deed, *, decision: int, version: int) -> Decision:
    """Make a decision a task of its owner, with who joins in; from then on its progress is that of the task.

    Raises
    ------
    BridgeheadError
        ``decision.not_open``, ``decision.due_over``, ``action.changed_meanwhile``, and those of `give_task`.

    Articles: 5, 79
    """
    record = _open(deed, decision, version)
    if record.due_on < today(deed):
        deed.refuse("decision.due_over", {"day": record.due_on.isoformat()}, "due_on")
    deed.check()
    numbers = article_column.told(record.articles)
    first = record.text.strip().splitlines()[0]
    task = give_task(
        by=deed,
        owner=record.owner_id,
        lead=record.office_id,
        title=first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…",
        due_on=record.due_on,
        article=numbers[0] if numbers else None,
        matter=f"decision {record.pk}",
        what=record.text,
        joint=list(DecisionPart.objects.filter(decision=record).values_list("office_id", flat=True)),
    )
    return deed.change(record, state=Decision.State.GIVEN, task=task)


@action("decision.settle", permission=KEEP)
def settle_decision(
    deed: Deed, *, decision: int, version: int, note: str, dropped: bool = False, on: date | None = None
) -> Decision:
    """Say that a decision is settled without a task, or dropped, and why.

    Raises
    ------
    BridgeheadError
        ``decision.not_open``, ``form.missing``, ``coordination.day_to_come``, ``coordination.before_last``,
        ``action.changed_meanwhile``.

    Articles: 5
    """
    record = _open(deed, decision, version)
    said = needed(deed, note, "note", 500)
    day = day_done(deed, on, "on", record.decided_on)
    deed.check()
    state = Decision.State.DROPPED if dropped else Decision.State.SETTLED
    return deed.change(record, state=state, closed_on=day, note=said)


def _open(deed: Deed, decision: int, version: int) -> Decision:
    record = deed.lock(Decision, decision, version)
    deed.require_in(record.owner_id)
    if record.state != Decision.State.OPEN:
        deed.refuse("decision.not_open", {"number": record.number})
        deed.check()
    return record


def _fields(deed: Deed, told: DecisionTold, decided_on: date) -> dict[str, object]:
    """Return what a decision says as its record keeps it; note everything that is wrong with it."""
    owner: Organisation | None = None
    if told.office is None:
        deed.refuse("ledger.decision_without_owner", None, "office")
    else:
        owner = next(iter(bodies_named(deed, [told.office], "office")), None)
        if told.office in told.joint:
            deed.refuse("decision.owner_joins", {"body": owner.name(language()) if owner else told.office}, "joint")
    if told.due_on < decided_on:
        deed.refuse("decision.due_before", {"due": str(told.due_on), "day": str(decided_on)}, "due_on")
    return {
        "text": needed(deed, told.text, "text", LONGEST_TEXT),
        "office": owner,
        "due_on": told.due_on,
        "articles": articles_named(deed, told.articles),
        "joint": sorted(set(told.joint)),
    }
