"""What the actions on programmes have in common: a programme of somebody who may keep it, and texts of a form."""

from __future__ import annotations

from datetime import date

from bridgehead.ground.access.grants import today
from bridgehead.ground.actions import Deed
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import Programme

LONGEST = {
    "name_zh": 200,
    "name_en": 200,
    "next_step": 300,
    "source": 300,
    "reason": 500,
}


def held(deed: Deed, programme: int, version: int | None = None) -> Programme:
    """Return a programme of somebody who may keep it: its owner's, or the office's that leads it."""
    record = deed.lock(Programme, programme, version)
    leads = deed.by.grant_for(deed.permission, record.office_id, to_write=True)
    deed.require_in(record.office_id if leads else record.owner_id)
    return record


def running(deed: Deed, record: Programme) -> None:
    """Note that a programme is not going on, if so."""
    if record.state != Programme.State.RUNNING:
        deed.refuse("programme.not_running", {"code": record.code})


def short(deed: Deed, name: str, text: str, *, needed: bool = False, limit: int = 0) -> str:
    """Return a text without blanks around it; note that it is missing or too long."""
    found = text.replace("\x00", "").strip()
    limit = limit or LONGEST.get(name, 300)
    if needed and not found:
        deed.refuse("form.missing", None, name)
    if len(found) > limit:
        deed.refuse("programme.too_long", {"limit": limit, "length": len(found)}, name)
    return found


def next_step(deed: Deed, text: str, due_on: date | None, record: Programme | None = None) -> dict[str, object]:
    """Return what comes next and by when; note what is missing, or a day that is over.

    Whatever runs needs both; what ended may say neither. A record that is changed otherwise may keep the day it has:
    it is overdue, and lists say so.
    """
    told = short(deed, "next_step", text)
    runs = record is None or record.state == Programme.State.RUNNING
    if runs or told or due_on is not None:
        if not told:
            deed.refuse("form.missing", None, "next_step")
        if due_on is None:
            deed.refuse("form.missing", None, "next_due_on")
        elif due_on < today() and (record is None or due_on != record.next_due_on):
            deed.refuse("programme.due_before_today", {"day": due_on.isoformat()}, "next_due_on")
    return {"next_step": told, "next_due_on": due_on}


def note_all(deed: Deed, refused: BridgeheadError) -> None:
    """Note every fault of a refusal."""
    for fault in refused.faults:
        deed.refuse(fault.code, fault.parameters, fault.place.field)
