"""The receipt of a step: the congress says when it received what the side that answers dated itself."""

from __future__ import annotations

from datetime import date

from bridgehead.ground.actions import Deed, action
from bridgehead.rooms.ledger.actions.supervision import settle
from bridgehead.rooms.ledger.actions.supervision_answers import refuse_own
from bridgehead.rooms.ledger.actions.supervision_parts import not_later
from bridgehead.rooms.ledger.models import CaseEvent, SupervisionCase
from bridgehead.rooms.ledger.procedures import CONGRESS_PARTS, step_of
from bridgehead.rooms.ledger.who import SUPERVISE


@action("supervision.confirm_receipt")
def confirm_receipt(deed: Deed, *, event: int, received_on: date, version: int | None = None) -> CaseEvent:
    """Say on which day the congress received a step it was owed; lateness and what follows count from that day.

    Parameters
    ----------
    deed : Deed
        Who received it, for the congress.
    event : int
        The step as it was recorded; the last one of its case.
    received_on : date
        The day.
    version : int, optional
        Version of the step the form was filled in with.

    Raises
    ------
    BridgeheadError
        ``supervision.own_step`` for a step of the congress itself, ``supervision.own_evidence`` for who recorded it,
        ``supervision.step_followed`` where another step was taken since, ``supervision.received_before``,
        ``supervision.not_yet``; all at once.

    Articles: 83
    """
    record = deed.lock(CaseEvent, event, version)
    case = deed.lock(SupervisionCase, record.case_id)
    deed.require(SUPERVISE, case.owner_id)
    if step_of(case, record.step)["who"] in CONGRESS_PARTS:
        deed.refuse("supervision.own_step")
    else:
        refuse_own(deed, record.author_id)
    if case.events.filter(pk__gt=record.pk).exists():
        deed.refuse("supervision.step_followed")
    if received_on < record.on:
        deed.refuse("supervision.received_before", {"on": str(record.on)}, "received_on")
    not_later(deed, received_on, "received_on")
    deed.check()
    deed.holds_from(received_on)
    found = deed.change(record, received_on=received_on, received_by=deed.by.person_id)
    settle(deed, case)
    return found
