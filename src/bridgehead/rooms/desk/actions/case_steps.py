"""What the actions on cases have in common: who acts as what, one more event, the columns that follow, who is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from bridgehead.engines.cases.course import Course
from bridgehead.engines.cases.machine import Outcome, Role
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError, Fault
from bridgehead.rooms.desk.courses import FIRST_ANSWER, columns, counted, course_of, rungs
from bridgehead.rooms.desk.intake import answer_name
from bridgehead.rooms.desk.models import Case, CaseEvent, CaseFile
from bridgehead.rooms.desk.services import Service, move_name, service_of, state_name
from bridgehead.rooms.desk.strangers import refuse_strangers
from bridgehead.rooms.desk.telling import tell_of_rung
from bridgehead.rooms.desk.ticking import OVERDUE, REFUSED, wake_at
from bridgehead.rooms.desk.who import ASK, DECIDE, HANDLE

LONGEST_TEXT = 5000


def lock_case(deed: Deed, case: int, version: int | None = None) -> Case:
    """Return a case, held until the end of the transaction.

    Raises
    ------
    BridgeheadError
        As `Deed.lock` says; ``action.mandate_over`` also where the database itself shows nothing any more.
    """
    try:
        return deed.lock(Case, case, version)
    except BridgeheadError as refused:
        if refused.code == "action.no_such_record":
            refuse_strangers(deed.by, case)
        raise


def roles_in(deed: Deed, case: Case) -> list[tuple[Role, int]]:
    """Return as what somebody may act on a case, and for which organisation, the most telling first."""
    if deed.by.system:
        return [(Role.CLOCK, case.office_id)]
    found = []
    if deed.by.grant_for(ASK, case.owner_id, to_write=True) is not None:
        found.append((Role.TRADER, case.owner_id))
    if deed.by.grant_for(HANDLE, case.office_id, to_write=True) is not None:
        found.append((Role.OFFICER, case.office_id))
    if deed.by.grant_for(DECIDE, case.office_id, to_write=True) is not None:
        found.append((Role.HEAD, case.office_id))
    return found


def acting(deed: Deed, case: Case, who: frozenset[Role]) -> tuple[Role, int]:
    """Return as which of some roles somebody acts on a case, and for which organisation.

    Whoever has none of them acts as what they are, for the engine to say whom the move is for.

    Raises
    ------
    BridgeheadError
        ``action.not_allowed``, ``action.mandate_over`` for somebody who has nothing to do with the case.
    """
    found = roles_in(deed, case)
    if not found:
        deed.require(HANDLE if deed.by.is_official else ASK, case.office_id if deed.by.is_official else case.owner_id)
    role, body = next((one for one in found if one[0] in who), found[-1])
    if role is Role.CLOCK:
        return role, body
    deed.require({Role.TRADER: ASK, Role.OFFICER: HANDLE, Role.HEAD: DECIDE}[role], body)
    return role, body_of(deed, body) if role is Role.TRADER else body


def body_of(deed: Deed, firm: int) -> int:
    """Return for whom somebody acts for a firm: the broker it mandated, or the firm itself."""
    grant = deed.by.grant_for(ASK, firm, to_write=True)
    return grant.member_of if grant is not None and grant.member_of is not None else firm


def record(deed: Deed, case: Case, event: CaseEvent, *, inside: bool = False) -> CaseEvent:
    """Add an event to a case; one that is not dated happens now, an inside one is for the offices alone."""
    with as_system("counting the events of a case"):
        last = CaseEvent.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
        event.case, event.number = case, last + 1
        event.owner_id = None if inside else case.owner_id
        event.lead_id, event.office_id, event.person_id = case.lead_id, case.office_id, deed.by.person_id
        event.at = event.at or deed.at
        return deed.create(event)


def course_with(case: Case, event: CaseEvent, now: datetime) -> tuple[Service, Course]:
    """Return where a case would stand with one more event, which keeps the conditions of its move.

    Raises
    ------
    BridgeheadError
        What the engine says against it, with states and moves by their names.
    """
    service = service_of(case.service)
    with as_system("reading the events of a case"):
        events = counted(case)
    try:
        return service, course_of(service, events, now, case.form, event)
    except BridgeheadError as refused:
        raise BridgeheadError.of([_named(service, one) for one in refused.faults]) from None


def _named(service: Service, fault: Fault) -> Fault:
    """Return a fault of the engine with the names of states, moves and roles in it."""
    told = dict(fault.parameters)
    if "state" in told:
        told["state"] = state_name(service, str(told["state"]))
    if "move" in told:
        told["move"] = move_name(service, str(told["move"]))
    if isinstance(told.get("known"), list):
        told["known"] = [move_name(service, str(one)) for one in told["known"]] or "—"  # type: ignore[attr-defined]
    field = next((one for one in service.fields if one.id == told.get("field")), None)
    if field is not None:
        told |= {"field": field.name.of(language()), "answer": answer_name(field, str(told["answer"]))}
    return Fault(fault.code, told, fault.place, fault.severity)


def settle(deed: Deed, case: Case, found: Course, **fields: Any) -> Case:
    """Write the columns that follow from where a case stands, with fields of its own; leave what follows from that.

    The office that has it then may be one its last officer does not see: who may do that was asked before.
    """
    service = service_of(case.service)
    was_overdue, was_ended = case.overdue_at, case.ended_at
    before_office = case.office_id
    told = columns(service, found, deed.at, case)
    with as_system("writing where a case stands"):
        if fields.get("office_id", before_office) != before_office:
            # Whose they are is all that changes: they say what they said.
            for model in (CaseEvent, CaseFile):
                model.objects.filter(case=case).update(office_id=fields["office_id"])
        deed.change(case, **fields, **told)
        _climbed(deed, case, found)
        if case.overdue_at is not None and was_overdue is None:
            broken = {"kind": CaseEvent.Kind.OVERDUE, "at": case.overdue_at}
            record(deed, case, CaseEvent(**broken, body_id=before_office))
            deed.enqueue(OVERDUE, {"case": case.pk}, key=f"{OVERDUE}-{case.pk}")
    if case.ended_at is not None and was_ended is None and case.outcome == Outcome.REFUSED:
        deed.enqueue(REFUSED, {"case": case.pk}, key=f"{REFUSED}-{case.pk}")
    if case.wakes_at is not None:
        wake_at(deed, case.wakes_at)
    return case


def _climbed(deed: Deed, case: Case, found: Course) -> None:
    """Record the rungs of the ladder that were reached and not recorded yet."""
    ladder = service_of(case.service).ladder
    there = set(CaseEvent.objects.filter(case=case, kind=CaseEvent.Kind.RUNG).values_list("rung", "at", "stage"))
    for one in rungs(ladder, found):
        rung, at = one.reached.rung, one.reached.at
        if (rung.id, at, one.stage) not in there:
            reached = {"kind": CaseEvent.Kind.RUNG, "at": at, "rung": rung.id, "stage": one.stage}
            record(deed, case, CaseEvent(**reached, body_id=case.office_id))
            tell_of_rung(deed, case, rung.tells, first_answer=one.stage == FIRST_ANSWER)


def attach(
    deed: Deed, files: Mapping[str, Received] | Sequence[Received], *, whose: Mapping[str, Any]
) -> list[CaseFile]:
    """Keep files with a draft, a case or an event; by the field of the form they came in, if it was one."""
    named = files.items() if isinstance(files, Mapping) else (("", one) for one in files)
    with as_system("keeping the files of a case"):
        return [
            deed.create(
                CaseFile(
                    field=field,
                    name=one.name,
                    kind=one.kind.name,
                    media_type=one.kind.media_type,
                    sha256=one.sha256,
                    size_b=one.size_b,
                    uploaded_by=deed.by.person_id,
                    uploaded_at=deed.at,
                    **whose,
                )
            )
            for field, one in named
        ]


def whose_files(case: Case, event: CaseEvent) -> dict[str, Any]:
    """Return whose the files of an event are: whoever sees it."""
    return {
        "owner_id": event.owner_id,
        "lead_id": case.lead_id,
        "office_id": case.office_id,
        "case_id": case.pk,
        "event_id": event.pk,
    }


def office_named(deed: Deed, pk: int | None, field: str) -> Organisation | None:
    """Return a public body a case can go to, noting the fault where there is none of it that is open."""
    with as_system("looking for an office"):
        found = Organisation.objects.filter(pk=pk, is_public=True, closed_on=None).first() if pk else None
    if found is None:
        deed.refuse("case.unknown_office", {"office": pk or ""}, field)
    return found
