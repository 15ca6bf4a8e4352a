"""Actions on what is late: taking the rungs of the ladder, one after the other."""

from __future__ import annotations

from bridgehead.engines.obligations.escalation import reached
from bridgehead.ground.actions import Deed, action
from bridgehead.rooms.ledger.actions.common import body, fitting, today
from bridgehead.rooms.ledger.models import Escalation, Task
from bridgehead.rooms.ledger.region import calendar, ladder_of
from bridgehead.rooms.ledger.who import KEEP


@action("ledger_task.escalate", permission=KEEP)
def take_rung(deed: Deed, *, task: int, rung: str, to: int | None = None, note: str = "") -> Escalation:
    """Take a rung of the ladder that holds for the due day of a task.

    Parameters
    ----------
    deed : Deed
        Who takes it.
    task : int
        What is late.
    rung : str
        Which rung; milder ones come first.
    to : int, optional
        Whom it is addressed to, where that is not who leads the task.
    note : str
        What is asked for.

    Raises
    ------
    BridgeheadError
        ``ledger.nothing_owed``, ``ledger.waits_for_acceptance``, ``ledger.no_ladder``, ``ledger.unknown_rung``,
        ``ledger.rung_not_reached``, ``ledger.rung_taken``, ``ledger.rung_out_of_order``, ``ledger.unknown_body``.

    Articles: 5, 79, 85
    """
    record = deed.lock(Task, task)
    deed.require(KEEP, record.owner_id)
    said = fitting(deed, note, "note")
    addressed = body(deed, to or record.office_id, "to")
    if record.state == Task.State.ENDED or record.done_on is not None:
        deed.refuse("ledger.nothing_owed", {"title": record.title})
    elif record.met_on is not None and record.met_on <= record.due_on:
        deed.refuse("ledger.waits_for_acceptance", {"title": record.title, "on": str(record.met_on)})
    ladder = ladder_of(record.due_on, record.office.kind == "vertical")
    if ladder is None:
        deed.refuse("ledger.no_ladder", {"due": str(record.due_on)}, "rung")
    deed.check()
    assert ladder is not None
    assert addressed is not None
    ids = [one.id for one in ladder.rungs]
    if rung not in ids:
        deed.refuse("ledger.unknown_rung", {"rung": rung, "known": ids}, "rung")
        deed.check()
    wanted = ladder.rungs[ids.index(rung)]
    there = [one.rung.id for one in reached(ladder, record.due_on, today(deed), calendar())]
    taken = set(record.escalations.filter(due_on=record.due_on).values_list("rung", flat=True))
    if rung not in there:
        on = wanted.on(record.due_on, calendar())
        deed.refuse("ledger.rung_not_reached", {"rung": rung, "on": str(on)}, "rung")
    if rung in taken:
        deed.refuse("ledger.rung_taken", {"rung": rung, "due": str(record.due_on)}, "rung")
    # A reminder sent before the due day may have been left out; what follows being late may not.
    before = [one.id for one in ladder.rungs if 0 <= one.after_wd < wanted.after_wd and one.id not in taken]
    if before:
        deed.refuse("ledger.rung_out_of_order", {"rung": rung, "before": before[0]}, "rung")
    deed.check()
    return deed.create(
        Escalation(
            task=record,
            owner_id=record.owner_id,
            office_id=record.office_id,
            ladder=ladder.version,
            rung=rung,
            due_on=record.due_on,
            taken_on=today(deed),
            to=addressed,
            note=said,
        )
    )
