"""Actions of a firm on its cases before they begin: keeping a draft, dropping it, lodging the case."""

from __future__ import annotations

from collections.abc import Mapping

from bridgehead.engines.cases.machine import Role
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import needed
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.case_steps import attach, body_of, record, whose_files
from bridgehead.rooms.desk.courses import begun_as
from bridgehead.rooms.desk.intake import read_form
from bridgehead.rooms.desk.models import Case, CaseDraft, CaseEvent, CaseFile
from bridgehead.rooms.desk.services import office_for, service_of
from bridgehead.rooms.desk.telling import tell_of_new
from bridgehead.rooms.desk.ticking import wake_at
from bridgehead.rooms.desk.who import ASK

LONGEST_TITLE = 200
LONGEST_DRAFT = 20_000
"""Characters of one field of a draft; what is too long for its field is told when it is lodged."""
MOST_FILES = 10


@action("case_draft.save", permission=ASK)
def save_draft(
    deed: Deed,
    *,
    firm: int,
    service: str,
    form: Mapping[str, str],
    title: str = "",
    draft: int | None = None,
    version: int | None = None,
    files: Mapping[str, Received] | None = None,
) -> CaseDraft:
    """Keep a form as far as it is filled in, whatever is wrong with it, until it is lodged or dropped.

    Parameters
    ----------
    deed : Deed
        Who fills it in.
    firm : int
        The firm it is for.
    service : str
        Which service.
    form : mapping
        Field to what was typed.
    title : str
        What it is about, in one line.
    draft : int, optional
        The draft it was begun as.
    version : int, optional
        The version of that draft it was filled in with.
    files : mapping, optional
        Field to file; one that takes the place of another, or is added to those there.

    Raises
    ------
    BridgeheadError
        ``case.unknown_service``; ``case.draft_gone`` for a draft that was lodged or dropped,
        ``action.changed_meanwhile`` for one that somebody else changed since.

    Articles: 51
    """
    deed.require_in(firm)
    known = [one.id for one in service_of(service).fields]
    kept = {id: form[id].strip()[:LONGEST_DRAFT] for id in known if form.get(id, "").strip()}
    said = {"title": title.strip()[:LONGEST_TITLE], "form": kept}
    if draft is None:
        told = {"owner_id": firm, "service": service, "changed_at": deed.at}
        row = deed.create(CaseDraft(**told, **said))
    else:
        row = _draft(deed, draft, version, firm, service)
        deed.change(row, changed_at=deed.at, **said)
    for field, file in (files or {}).items():
        for before in CaseFile.objects.filter(draft=row, field=field):
            deed.remove(before)
        attach(deed, {field: file}, whose={"owner_id": firm, "draft_id": row.pk})
    return row


@action("case_draft.drop", permission=ASK)
def drop_draft(deed: Deed, *, draft: int) -> None:
    """Drop a draft and its files.

    Articles: 51
    """
    row = deed.lock(CaseDraft, draft)
    deed.require_in(row.owner_id)
    for file in CaseFile.objects.filter(draft=row):
        deed.remove(file)
    deed.remove(row)


@action("case_draft.drop_file", permission=ASK)
def drop_draft_file(deed: Deed, *, file: int) -> None:
    """Take a file out of a draft.

    Raises
    ------
    BridgeheadError
        ``file.no_such_file`` for one of a case that was lodged.

    Articles: 51
    """
    row = deed.lock(CaseFile, file)
    if row.draft_id is None or row.owner_id is None:
        deed.refuse("file.no_such_file")
    deed.check()
    deed.require_in(int(row.owner_id or 0))
    deed.remove(row)


@action("case.lodge", permission=ASK)
def lodge(
    deed: Deed,
    *,
    firm: int,
    service: str,
    form: Mapping[str, str],
    title: str,
    draft: int | None = None,
    version: int | None = None,
    files: Mapping[str, Received] | None = None,
) -> Case:
    """Ask the desk for a service: the case is with the office that takes it in, and its clock runs.

    Parameters
    ----------
    deed, firm, service, form, title, draft, version, files
        As `save_draft` has them; the draft and its files become part of the case.

    Raises
    ------
    BridgeheadError
        With everything that is wrong with the form, each fault beside its field; ``case.unknown_service``,
        ``case.no_office``; of its draft what `save_draft` refuses.

    Articles: 50, 51, 77
    """
    deed.require_in(firm)
    asked = service_of(service)
    begun = _draft(deed, draft, version, firm, service) if draft is not None else None
    kept = list(CaseFile.objects.filter(draft=begun)) if begun is not None else []
    there = {one.field for one in kept} | set(files or {})
    values, faults = read_form(asked, form, there)
    for fault in faults:
        deed.refuse(fault.code, fault.parameters, fault.place.field)
    named = needed(deed, title, "title", LONGEST_TITLE)
    with as_system("looking for the office of a firm"):
        owner = Organisation.objects.select_related("office").get(pk=firm)
    deed.check()
    office = office_for(asked, owner, values)
    begins = CaseEvent(kind=CaseEvent.Kind.LODGED, at=deed.at, role=Role.TRADER, to_office=office)
    belongs = {"owner_id": firm, "lead": office, "office": office, "opened_at": deed.at}
    case = deed.create(begun_as(Case(**belongs, service=service, title=named, form=values), begins))
    begins.body_id = body_of(deed, firm)
    event = record(deed, case, begins)
    _move_files(deed, case, event, kept, files or {})
    if begun is not None:
        deed.remove(begun)
    if case.wakes_at is not None:
        wake_at(deed, case.wakes_at)
    tell_of_new(deed, case)
    return case


def _move_files(deed: Deed, case: Case, event: CaseEvent, kept: list[CaseFile], files: Mapping[str, Received]) -> None:
    """Make the files of a draft those of the case; a newer one of a field takes the place of the older."""
    whose = whose_files(case, event)
    for one in kept:
        if one.field in files:
            deed.remove(one)
        else:
            deed.change(one, draft_id=None, **whose)
    attach(deed, files, whose=whose)


def _draft(deed: Deed, draft: int, version: int | None, firm: int, service: str) -> CaseDraft:
    try:
        row = deed.lock(CaseDraft, draft, version)
    except BridgeheadError as refused:
        if refused.code != "action.no_such_record":
            raise
        raise BridgeheadError("case.draft_gone") from refused
    if row.owner_id != firm or row.service != service:
        deed.refuse("action.no_such_record", {"kind": CaseDraft.RECORD, "id": str(draft)})
        deed.check()
    return row
