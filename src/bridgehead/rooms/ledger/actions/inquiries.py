"""Actions on requests to several bodies: asking, answering, reminding, closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.told import fitting, needed, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.coordination_checks import (
    LONGEST_TEXT,
    articles_named,
    bodies_named,
    day_done,
    filed,
)
from bridgehead.rooms.ledger.models import Inquiry, Meeting, Reply
from bridgehead.rooms.ledger.who import HAND_IN, KEEP


@action("inquiry.ask", permission=KEEP)
def ask_bodies(
    deed: Deed,
    *,
    organisation: int,
    title: str,
    question: str,
    bodies: Sequence[int],
    due_on: date,
    articles: Sequence[int] = (),
    meeting: int | None = None,
    given_on: date | None = None,
) -> Inquiry:
    """Ask several bodies a question, to be answered by a day.

    Raises
    ------
    BridgeheadError
        ``inquiry.to_nobody``, ``inquiry.due_before``, ``inquiry.asks_itself``, ``ledger.unknown_body``,
        ``form.missing``, ``coordination.day_to_come``, ``coordination.unknown_article``.

    Articles: 5
    """
    deed.require_in(organisation)
    day = day_done(deed, given_on, "given_on")
    asked = bodies_named(deed, bodies, "bodies")
    if not bodies:
        deed.refuse("inquiry.to_nobody", None, "bodies")
    if organisation in bodies:
        deed.refuse("inquiry.asks_itself", None, "bodies")
    if due_on < day:
        deed.refuse("inquiry.due_before", {"due": due_on.isoformat(), "day": day.isoformat()}, "due_on")
    said = {"title": needed(deed, title, "title", 200), "question": needed(deed, question, "question", LONGEST_TEXT)}
    numbers = articles_named(deed, articles)
    deed.check()
    of = deed.lock(Meeting, meeting) if meeting is not None else None
    inquiry = deed.create(
        Inquiry(owner_id=organisation, meeting=of, articles=numbers, given_on=day, due_on=due_on, **said)
    )
    for body in asked:
        deed.create(Reply(inquiry=inquiry, owner_id=organisation, office=body))
    return inquiry


@action("inquiry.answer", permission=HAND_IN)
def answer_inquiry(
    deed: Deed, *, reply: int, version: int, text: str, file: Received | None = None, on: date | None = None
) -> Reply:
    """Answer for one body; an answer may be mended until the request is closed.

    Raises
    ------
    BridgeheadError
        ``inquiry.closed``, ``form.missing``, ``coordination.day_to_come``, ``coordination.before_last``,
        ``action.changed_meanwhile``.

    Articles: 5, 7
    """
    record = deed.lock(Reply, reply, version)
    deed.require_in(record.office_id)
    with as_system("reading what a body was asked"):
        inquiry = Inquiry.objects.get(pk=record.inquiry_id)
    if inquiry.state != Inquiry.State.OPEN:
        deed.refuse("inquiry.closed", {"title": inquiry.title})
    said = needed(deed, text, "text", LONGEST_TEXT)
    day = day_done(deed, on, "on", inquiry.given_on)
    deed.check()
    kept = filed(deed, record.office_id, file, inquiry.title)
    answered = {"answered_on": record.answered_on or day, "answered_by": deed.by.person_id}
    return deed.change(record, text=said, file=kept or record.file, **answered)


@action("inquiry.remind", permission=KEEP)
def remind_bodies(deed: Deed, *, inquiry: int, version: int) -> int:
    """Remind every body that has not answered, once a day; return how many were reminded.

    Raises
    ------
    BridgeheadError
        ``inquiry.closed``, ``inquiry.all_answered``, ``inquiry.reminded_today``, ``action.changed_meanwhile``.

    Articles: 5
    """
    record = _kept(deed, inquiry, version)
    silent = list(Reply.objects.filter(inquiry=record, answered_on=None))
    day = today(deed)
    due = [one for one in silent if one.reminded_on != day]
    if not silent:
        deed.refuse("inquiry.all_answered")
    elif not due:
        deed.refuse("inquiry.reminded_today")
    deed.check()
    for one in due:
        locked = deed.lock(Reply, one.pk)
        deed.change(locked, reminders=locked.reminders + 1, reminded_on=day)
    return len(due)


@action("inquiry.close", permission=KEEP)
def close_inquiry(deed: Deed, *, inquiry: int, version: int, note: str = "") -> Inquiry:
    """Close a request: no answer is taken any more; where some are missing, say why.

    Raises
    ------
    BridgeheadError
        ``inquiry.closed``, ``inquiry.closed_without_reason``, ``action.changed_meanwhile``.

    Articles: 5
    """
    record = _kept(deed, inquiry, version)
    said = fitting(deed, note, "note", 500)
    if not said and Reply.objects.filter(inquiry=record, answered_on=None).exists():
        deed.refuse("inquiry.closed_without_reason", None, "note")
    deed.check()
    return deed.change(record, state=Inquiry.State.CLOSED, closed_on=today(deed), note=said)


def _kept(deed: Deed, inquiry: int, version: int) -> Inquiry:
    record = deed.lock(Inquiry, inquiry, version)
    deed.require_in(record.owner_id)
    if record.state != Inquiry.State.OPEN:
        raise BridgeheadError("inquiry.closed", {"title": record.title})
    return record
