"""Actions on cases while they run: moves of the machine, hand-over, longer promises, and what the clock does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from bridgehead.engines.cases.machine import Move, Need, Role
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.told import fitting, give_reason
from bridgehead.kernel.cells import CellFault, parse_decimal
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.office_hours import Promise
from bridgehead.rooms.desk.actions.case_routes import routes_of
from bridgehead.rooms.desk.actions.case_steps import (
    LONGEST_TEXT,
    acting,
    attach,
    course_with,
    lock_case,
    office_named,
    record,
    settle,
    whose_files,
)
from bridgehead.rooms.desk.courses import stand
from bridgehead.rooms.desk.effects import EFFECTS, Prepared, Told
from bridgehead.rooms.desk.models import Case, CaseEvent
from bridgehead.rooms.desk.route_words import route_line
from bridgehead.rooms.desk.selectors.case_routes import KEPT
from bridgehead.rooms.desk.services import Service, registered, service_of
from bridgehead.rooms.desk.telling import tell_of_move, tell_of_new
from bridgehead.rooms.desk.who import DECIDE, HANDLE
from bridgehead.rooms.statute.public import provision

LONGEST_LINE = 200
WRITTEN = (Need.REASON, Need.ANSWER, Need.DECISION, Need.OFFER)
"""What a move comes with as a text of some length; the others are one line, a number, a day, a file or a provision."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a move comes with, as it was typed: texts by need, and files.

    Attributes
    ----------
    told : mapping
        Need to text: a reason, an answer, a provision by its id, an amount, a day.
    files : sequence of Received
        Papers; they come with any move.
    routes : sequence of str
        Keys of the routes an office offers, or of the one a firm chooses.
    effect : Told, optional
        What else the move is to do, where it does.
    """

    told: Mapping[str, str]
    files: Sequence[Received] = ()
    routes: Sequence[str] = ()
    effect: Told | None = None


@action("case.move")
def move_case(deed: Deed, *, case: int, version: int, move: str, given: Given | None = None) -> Case:
    """Make a move of the machine of a case: begin work, ask for papers, answer, decide, refuse, withdraw, open again.

    Parameters
    ----------
    deed : Deed
        Who makes it: somebody of the firm or its broker, an officer or the head of the office that has the case.
    case, version : int
        The case, and the version its form was filled in with.
    move : str
        Which.
    given : Given, optional
        What it comes with.

    Raises
    ------
    BridgeheadError
        ``case.ended`` for a case that is closed; ``case.move_not_open``, ``case.wrong_role``, ``case.lacks`` for
        everything the move needs, ``case.answer_otherwise``, ``case.not_as_before``, ``case.date_past``,
        ``case.date_to_come`` for its conditions, ``case.unknown_basis``, ``case.too_many_pauses``,
        ``case.pauses_used_up``, ``case.limit_run_out``, ``case.unknown_route``, ``form.not_a_number``,
        ``form.not_a_date``, ``form.text_too_long``; of what else it does, what `find_seats` and `item_of` note.

    Articles: 50, 51, 77
    """
    row = lock_case(deed, case, version)
    service = service_of(row.service)
    made = service.machine.move(row.state, move)
    role, body = acting(deed, row, made.who if made is not None else frozenset())
    asked = given or Given({})
    routes = routes_of(deed, row, role, asked.routes) if made is not None and Need.OFFER in made.needs else ()
    if routes and not asked.told.get(Need.OFFER, "").strip():
        asked = replace(asked, told={**asked.told, Need.OFFER: "\n".join(route_line(one).line for one in routes)})
    told, kept = _given(deed, made, asked)
    effect = _effect(deed, row, made, role, asked)
    if effect is not None and effect.day is not None:
        told[Need.DATE.value] = str(effect.day)
    event = CaseEvent(kind=CaseEvent.Kind.MOVED, at=deed.at, role=role, body_id=body, move=move, given=told)
    if made is not None:
        event.to_office = _office_after(service, made, row)
    try:
        _, found = course_with(row, event, deed.at)
    except BridgeheadError as refused:
        for fault in refused.faults:
            if effect is None or fault.place.field != Need.DATE:  # an effect says itself what is wrong with its day
                deed.refuse(fault.code, fault.parameters, fault.place.field)
        deed.check()
        raise
    deed.check()
    basis = {"id": told[Need.BASIS], "label": kept[Need.BASIS]} if Need.BASIS in told else None
    event.to_state, event.given = found.state.id, {**told, **kept}
    if routes:
        event.given[KEPT] = [one.kept(timezone.localdate(deed.at)) for one in routes]
    done = record(deed, row, event)
    attach(deed, asked.files, whose=whose_files(row, done))
    if effect is not None:
        effect.make()
    office = {"office_id": event.to_office.pk} if event.to_office is not None else {}
    settle(deed, row, found, basis=basis or row.basis, **office)
    tell_of_move(deed, row, role)
    if office:
        tell_of_new(deed, row)
    return row


def _effect(deed: Deed, case: Case, move: Move | None, role: Role, given: Given) -> Prepared | None:
    """Return what else a move does, noting whatever is wrong with it; None for nothing, and for one not theirs."""
    if move is None or move.effect is None or role not in move.who:
        return None
    return EFFECTS[move.effect].prepare(deed, case, given.effect)


def _given(deed: Deed, move: Move | None, given: Given) -> tuple[dict[str, str], dict[str, str]]:
    """Return what a move comes with as the engine takes it, and the label of its basis; note what cannot be read."""
    needed = move.asked if move is not None else frozenset()
    told: dict[str, str] = {}
    kept: dict[str, str] = {}
    for need in sorted(needed | {Need(one) for one in given.told if one in set(Need)}):
        text = given.told.get(need, "").strip()
        if need is Need.PAPERS:
            text = ", ".join(one.name for one in given.files)
        if not text:
            continue
        fitting(deed, text, need, LONGEST_TEXT if need in WRITTEN or need is Need.PAPERS else LONGEST_LINE)
        told[need.value] = _read(deed, need, text)
        if need is Need.BASIS:
            kept[need.value] = _basis(deed, text)
    return told, kept


def _read(deed: Deed, need: Need, text: str) -> str:
    if need is Need.AMOUNT:
        try:
            if parse_decimal(text) < Decimal(0):
                deed.refuse("form.too_small", {"value": text, "limit": "0"}, need)
        except CellFault:
            deed.refuse("form.not_a_number", {"value": text}, need)
    if need is Need.DATE:
        try:
            return datetime.strptime(text, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a day alone
        except ValueError:
            deed.refuse("form.not_a_date", {"value": text}, need)
    return text


def _basis(deed: Deed, id: str) -> str:
    """Return the name of the provision a decision rests on, noting the fault where there is none of its id."""
    found = provision(deed.by, id)
    if found is None:
        deed.refuse("case.unknown_basis", {"basis": id[:60]}, Need.BASIS)
        return ""
    return f"{found.title} {found.label}".strip()


def _office_after(service: Service, move: Move, case: Case) -> Any:
    """Return the office the case goes to with a move, None where it stays or the office is not on the platform."""
    with as_system("looking for the office that owns a case"):
        lead = case.lead.code
    found = registered(service.office_after(move.to, lead))
    return found if found is not None and found.pk != case.office_id else None


@action("case.hand_over", permission=HANDLE)
def hand_over(deed: Deed, *, case: int, version: int, office: int | None) -> Case:
    """Give a case to another office with a reason; its clock goes on from where it stood.

    Raises
    ------
    BridgeheadError
        ``case.unknown_office``, ``case.same_office``, ``case.ended``, ``form.missing`` without a reason.

    Articles: 50, 51
    """
    row = lock_case(deed, case, version)
    _require_either(deed, row)
    to = office_named(deed, office, "office")
    reason = give_reason(deed)
    deed.check()
    event = CaseEvent(kind=CaseEvent.Kind.HANDED_OVER, at=deed.at, role=Role.OFFICER, to_office=to, text=reason)
    _, found = course_with(row, event, deed.at)
    event.body_id = deed_office(deed, row)
    record(deed, row, event)
    assert to is not None
    settle(deed, row, found, office_id=to.pk)
    tell_of_new(deed, row)
    return row


def _require_either(deed: Deed, case: Case) -> None:
    """Refuse whoever handles cases neither for the office that has this one nor for the one that took it in."""
    offices = (case.office_id, case.lead_id)
    able = next((one for one in offices if deed.by.grant_for(HANDLE, one, to_write=True) is not None), case.office_id)
    deed.require(HANDLE, able)


def deed_office(deed: Deed, case: Case) -> int:
    """Return the office somebody acts for on a case: the one that has it, else the one that took it in."""
    has = deed.by.grant_for(HANDLE, case.office_id, to_write=True) is not None
    return case.office_id if has else case.lead_id


@action("case.extend", permission=DECIDE)
def extend(deed: Deed, *, case: int, version: int, longer: str, stage: str = "") -> Case:
    """Make a promise longer before it has run out, with a reason the firm is told.

    Parameters
    ----------
    deed, case, version
        As `move_case` has them; a head of the office that has it.
    longer : str
        By how much, such as ``5wd``.
    stage : str
        The stage whose promise it is, empty for that of the whole case.

    Raises
    ------
    BridgeheadError
        ``clock.bad_promise``, ``case.too_many_extensions``, ``case.nothing_to_extend``, ``case.extension_measure``,
        ``case.extension_too_late``, ``case.ended``, ``form.missing``.

    Articles: 50, 51
    """
    row = lock_case(deed, case, version)
    deed.require_in(row.office_id)
    try:
        Promise.read(longer)
    except BridgeheadError as refused:
        deed.refuse(refused.code, refused.parameters, "longer")
    reason = give_reason(deed)
    deed.check()
    told = {"longer": longer.strip(), "stage": stage, "text": reason, "body_id": row.office_id}
    event = CaseEvent(kind=CaseEvent.Kind.EXTENDED, at=deed.at, role=Role.HEAD, **told)
    _, found = course_with(row, event, deed.at)
    record(deed, row, event)
    return settle(deed, row, found)


@action("case.tick")
def tick_case(deed: Deed, *, case: int) -> Case:
    """Let the clock do what is due: end a pause that ran out, record a broken promise and the rungs reached.

    Raises
    ------
    BridgeheadError
        ``action.not_allowed`` for anybody but the platform.

    Articles: 50, 51, 81
    """
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"}, Place())
    row = lock_case(deed, case)
    found, _ = stand(row, deed.at)
    while found.limit is not None and found.limit_has_run_out:
        made = CaseEvent(kind=CaseEvent.Kind.MOVED, at=found.limit.at, role=Role.CLOCK, move=found.limit.move)
        made.body_id = row.office_id
        move = service_of(row.service).machine.move(row.state, found.limit.move)
        if move is not None:
            made.to_office = _office_after(service_of(row.service), move, row)
        _, found = course_with(row, made, deed.at)
        made.to_state = found.state.id
        record(deed, row, made)
        office = {"office_id": made.to_office.pk} if made.to_office is not None else {}
        settle(deed, row, found, **office)
        tell_of_move(deed, row, Role.CLOCK)
    return settle(deed, row, found)
