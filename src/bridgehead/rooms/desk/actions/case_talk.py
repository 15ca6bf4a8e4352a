"""What is said about a case: messages to the other side, notes of the offices, what the firm thought of it."""

from __future__ import annotations

from collections.abc import Sequence

from bridgehead.engines.cases.machine import Role
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.told import fitting, needed
from bridgehead.rooms.desk.actions.case_moves import deed_office
from bridgehead.rooms.desk.actions.case_steps import LONGEST_TEXT, attach, body_of, lock_case, record, whose_files
from bridgehead.rooms.desk.models import Case, CaseEvent
from bridgehead.rooms.desk.models.cases import Turn
from bridgehead.rooms.desk.telling import tell_firm, tell_office
from bridgehead.rooms.desk.who import ASK, HANDLE

LONGEST_WORDS = 1000


@action("case.write")
def write(deed: Deed, *, case: int, text: str, files: Sequence[Received] = ()) -> CaseEvent:
    """Write to the other side: the firm to the office, or an office to the firm; no clock changes by it.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``form.text_too_long``; ``action.not_allowed``, ``action.mandate_over``.

    Articles: 51
    """
    row = lock_case(deed, case)
    by_firm = deed.by.grant_for(ASK, row.owner_id, to_write=True) is not None
    if by_firm or not deed.by.is_official:
        deed.require(ASK, row.owner_id)
    else:
        deed.require(HANDLE, deed_office(deed, row))
    said = needed(deed, text, "text", LONGEST_TEXT)
    deed.check()
    role, body = (Role.TRADER, body_of(deed, row.owner_id)) if by_firm else (Role.OFFICER, deed_office(deed, row))
    event = record(deed, row, CaseEvent(kind=CaseEvent.Kind.MESSAGE, role=role, body_id=body, text=said))
    attach(deed, files, whose=whose_files(row, event))
    if by_firm:
        tell_office(deed, row, "case_written")
    else:
        tell_firm(deed, row, "case_message")
    return event


@action("case.note", permission=HANDLE)
def note(deed: Deed, *, case: int, text: str, files: Sequence[Received] = ()) -> CaseEvent:
    """Write something down for the offices alone: the firm never sees it.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``form.text_too_long``.

    Articles: 51
    """
    row = lock_case(deed, case)
    deed.require_in(deed_office(deed, row))
    said = needed(deed, text, "text", LONGEST_TEXT)
    deed.check()
    told = {"role": Role.OFFICER, "body_id": deed_office(deed, row), "text": said}
    event = record(deed, row, CaseEvent(kind=CaseEvent.Kind.NOTE, **told), inside=True)
    attach(deed, files, whose=whose_files(row, event))
    return event


@action("case.rate", permission=ASK)
def rate(deed: Deed, *, case: int, version: int, rating: int | None, words: str = "") -> Case:
    """Say what the firm thinks of a case that has ended, once: from 1 to 5, with words.

    Raises
    ------
    BridgeheadError
        ``case.not_ended``, ``case.rated``, ``form.no_such_choice``, ``form.text_too_long``.

    Articles: 51, 77
    """
    row = lock_case(deed, case, version)
    deed.require_in(row.owner_id)
    if row.turn != Turn.NOBODY:
        deed.refuse("case.not_ended")
    elif row.rating is not None:
        deed.refuse("case.rated", {"rating": row.rating})
    if rating is None or not 1 <= rating <= 5:
        deed.refuse("form.no_such_choice", {"value": "" if rating is None else rating}, "rating")
    said = fitting(deed, words, "words", LONGEST_WORDS)
    deed.check()
    told = {"role": Role.TRADER, "body_id": body_of(deed, row.owner_id), "text": said}
    record(deed, row, CaseEvent(kind=CaseEvent.Kind.RATED, given={"rating": str(rating)}, **told))
    return deed.change(row, rating=rating)
