"""Actions on evidence: drafted and handed in by one person, accepted or returned by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.actions import store_file
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.models import StoredFile
from bridgehead.ground.told import fitting, give_reason, needed, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.common import numbers_in, refuse_closed
from bridgehead.rooms.ledger.models import Evidence, Milestone, Part, Target, Task
from bridgehead.rooms.ledger.spells import kept_goals, restate
from bridgehead.rooms.ledger.units import unit_code
from bridgehead.rooms.ledger.who import DECIDE, HAND_IN

LONGEST_NAME = 200
LONGEST_SOURCE = 300


@dataclass(frozen=True, slots=True)
class Told:
    """What a piece of evidence says.

    Attributes
    ----------
    claim, issuer : str
        What it says was done, and who issued what it rests on.
    dated_on : date or None
        The day it bears.
    milestone, target : int or None
        Which part of the task it speaks of; neither for the task as a whole.
    completes : bool
        Whether it says that the task is done.
    value, unit, as_of : Decimal, str, date
        The figure, for a target: in which unit, for which day.
    source : str
        Where the figure stands.
    """

    claim: str = ""
    issuer: str = ""
    dated_on: date | None = None
    milestone: int | None = None
    target: int | None = None
    completes: bool = False
    value: Decimal | None = None
    unit: str = ""
    as_of: date | None = None
    source: str = ""


@action("evidence.draft")
def draft_evidence(
    deed: Deed, *, task: int, organisation: int, told: Told, file: Received | None = None, hand_in: bool = False
) -> Evidence:
    """Write down evidence of a task for an organisation that has a part in it, and hand it in if that is asked for.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``ledger.not_taking_part``, ``ledger.task_ended``,
        ``evidence.nothing_handed_in``, ``evidence.in_the_future``, ``evidence.figure_without_target``,
        ``evidence.unknown_part``, ``unit.unknown``, ``unit.other_kind``, ``ledger.period_closed``.
    """
    deed.require(HAND_IN, organisation)
    record = _task_for(deed, task, organisation)
    deciding = _decides(record, organisation)
    row = Evidence(task=record, owner_id=deciding, office_id=organisation, author_id=deed.by.person_id)
    _write(deed, row, record, told)
    _check(deed, row, told, file is not None, hand_in)
    deed.check()
    if file is not None:
        row.file = _stored(deed, organisation, file, row.claim if hand_in else "")
    row.authors = _with(row.authors, deed.by.person_id)
    if hand_in:
        row.state, row.handed_in_at = Evidence.State.HANDED_IN, deed.at
    return _told(deed, deed.create(row))


@action("evidence.revise")
def revise_evidence(
    deed: Deed, *, evidence: int, version: int, told: Told, file: Received | None = None, hand_in: bool = False
) -> Evidence:
    """Change a draft or what was returned, and hand it in (again) if that is asked for.

    What was returned says to others what it said then, until it is handed in again.

    Raises
    ------
    BridgeheadError
        ``evidence.not_open``, and what `draft_evidence` raises.
    """
    row = deed.lock(Evidence, evidence, version)
    deed.require(HAND_IN, row.office_id)
    if row.state not in (Evidence.State.DRAFT, Evidence.State.RETURNED):
        deed.refuse("evidence.not_open", {"state": row.state})
    record = _task_for(deed, row.task_id, row.office_id)
    filled = Evidence(task=record, owner_id=row.owner_id, office_id=row.office_id, dated_on=row.dated_on)
    _write(deed, filled, record, told)
    had = row.revised_file_id or row.file_id
    _check(deed, filled, told, file is not None or had is not None, hand_in)
    deed.check()
    kept = {name: getattr(filled, name) for name in _WRITTEN} | {"file_id": had, "author_id": deed.by.person_id}
    if file is not None:
        kept["file_id"] = _stored(deed, row.office_id, file, filled.claim if hand_in else "").pk
    authors = _with(row.authors, deed.by.person_id)
    if row.state == Evidence.State.RETURNED and not hand_in:
        return _told(deed, deed.change(row, authors=authors, **_revision(row, kept)))
    kept["authors"] = authors
    # What a draft or a revision said before is told to nobody it was not handed to.
    if row.state == Evidence.State.RETURNED:
        deed.change(row, revision=None, revised_file_id=None)
    elif hand_in:
        deed.change(row, **kept)
        kept = {}
    if hand_in:
        kept |= {"state": Evidence.State.HANDED_IN, "handed_in_at": deed.at, "decided_by": None, "decided_at": None}
    return _told(deed, deed.change(row, **kept))


@action("evidence.withdraw")
def withdraw_evidence(deed: Deed, *, evidence: int, version: int) -> Evidence:
    """Withdraw evidence nobody has decided on yet.

    Raises
    ------
    BridgeheadError
        ``evidence.decided``.
    """
    row = deed.lock(Evidence, evidence, version)
    deed.require(HAND_IN, row.office_id)
    if row.state not in (Evidence.State.DRAFT, Evidence.State.HANDED_IN, Evidence.State.RETURNED):
        deed.refuse("evidence.decided", {"state": row.state})
    deed.check()
    deed.change(row, revision=None)  # its file stays known as one that was never handed in
    return _told(deed, deed.change(row, state=Evidence.State.WITHDRAWN))


@action("evidence.accept", permission=DECIDE)
def accept_evidence(deed: Deed, *, evidence: int, version: int) -> Evidence:
    """Accept evidence somebody else handed in; from today on the task is as far as it says.

    Raises
    ------
    BridgeheadError
        ``evidence.own``, ``evidence.not_handed_in``, ``ledger.period_closed``, ``ledger.task_ended``.

    Articles: 6, 79
    """
    row = _to_decide(deed, evidence, version)
    refuse_closed(deed, row.owner_id, row.as_of or row.dated_on, row.as_of or row.dated_on, "dated_on")
    with as_system("reading the task of evidence"):
        task = row.task
    if task.state == Task.State.ENDED:
        deed.refuse("ledger.task_ended", {"title": task.title})
    deed.check()
    decided = {"decided_by": deed.by.person_id, "decided_at": deed.at, "accepted_on": today(deed)}
    return _told(deed, deed.change(row, state=Evidence.State.ACCEPTED, reason=deed.reason.strip()[:500], **decided))


@action("evidence.return", permission=DECIDE)
def return_evidence(deed: Deed, *, evidence: int, version: int) -> Evidence:
    """Return evidence somebody else handed in, with the reason.

    Raises
    ------
    BridgeheadError
        ``evidence.own``, ``evidence.not_handed_in``, ``form.missing`` without a reason.
    """
    row = _to_decide(deed, evidence, version)
    said = give_reason(deed)
    deed.check()
    decided = {"decided_by": deed.by.person_id, "decided_at": deed.at}
    return _told(deed, deed.change(row, state=Evidence.State.RETURNED, reason=said, **decided))


@action("evidence.take_back", permission=DECIDE)
def take_back_acceptance(deed: Deed, *, evidence: int, version: int) -> Evidence:
    """Take an acceptance back, with the reason: from today on the evidence counts no more.

    Raises
    ------
    BridgeheadError
        ``evidence.not_accepted``, ``form.missing`` without a reason.
    """
    row = deed.lock(Evidence, evidence, version)
    deed.require(DECIDE, row.owner_id)
    said = give_reason(deed)
    if row.state != Evidence.State.ACCEPTED:
        deed.refuse("evidence.not_accepted", {"state": row.state})
    deed.check()
    return _told(deed, deed.change(row, state=Evidence.State.TAKEN_BACK, reason=said, taken_back_on=today(deed)))


_WRITTEN = (
    *("claim", "issuer", "dated_on", "milestone_id", "target_id"),
    *("completes", "value", "unit", "as_of", "source"),
)


def _revision(row: Evidence, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a revision that is not handed in; a file of its own stands beside it."""
    plain = {name: value if value is None or isinstance(value, bool) else str(value) for name, value in kept.items()}
    del plain["file_id"]
    file = kept["file_id"]
    return {"revision": plain, "revised_file_id": file if file != row.file_id else None}


def _stored(deed: Deed, organisation: int, file: Received, claim: str) -> StoredFile:
    """Keep the file of evidence; what a draft claims is not told to who may search for files."""
    return store_file(by=deed, owner=organisation, file=file, note=claim[:LONGEST_NAME])


def _task_for(deed: Deed, task: int, organisation: int) -> Task:
    """Return a task an organisation has a part in, whoever else may see it."""
    with as_system("looking for the part of an organisation in a task"):
        record = Task.objects.filter(pk=task).prefetch_related("parts", *kept_goals()).first()
        taking = record is not None and (
            record.office_id == organisation
            or any(
                one.office_id == organisation and one.part != Part.SUPERVISED and one.left_on is None
                for one in record.parts.all()
            )
        )
    if record is None or not taking:
        raise BridgeheadError("ledger.not_taking_part", {"task": task})
    if record.state == Task.State.ENDED:
        deed.refuse("ledger.task_ended", {"title": record.title})
    return record


def _decides(task: Task, organisation: int) -> int:
    """Return the body that decides on what an organisation hands in: who gave the task.

    Of a part it gave itself, that is who gave the whole: nobody makes another's task done by deciding on its own work.
    """
    with as_system("looking for the giver above"):
        given = task
        while given.owner_id == organisation and given.parent is not None:
            given = given.parent
    return given.owner_id


def _write(deed: Deed, row: Evidence, task: Task, told: Told) -> None:
    """Lay what was told over a row, a figure in the unit of its target."""
    row.claim = needed(deed, told.claim, "claim")
    row.issuer = needed(deed, told.issuer, "issuer", LONGEST_NAME)
    row.source = fitting(deed, told.source, "source", LONGEST_SOURCE)
    if told.dated_on is None:
        deed.refuse("form.missing", {}, "dated_on")
    else:
        row.dated_on = told.dated_on
    milestone: Milestone | None = next((one for one in task.milestones.all() if one.pk == told.milestone), None)
    target: Target | None = next((one for one in task.targets.all() if one.pk == told.target), None)
    if (told.milestone and milestone is None) or (told.target and target is None) or (milestone and target):
        deed.refuse("evidence.unknown_part", {}, "part")
    row.milestone_id = milestone.pk if milestone else None
    row.target_id = target.pk if target else None
    row.completes = told.completes
    row.value, row.unit, row.as_of = told.value, unit_code(told.unit, target.unit if target else ""), told.as_of
    if told.value is not None and target is not None:
        if not row.unit:
            deed.refuse("form.missing", {}, "unit")
        else:
            [row.value] = numbers_in(deed, {"value": told.value}, row.unit, target.unit)
            row.unit = target.unit


def _check(deed: Deed, row: Evidence, told: Told, has_file: bool, hand_in: bool) -> None:
    """Note what is amiss; what only handing in needs may still lack in a draft."""
    if told.value is not None and row.target_id is None:
        deed.refuse("evidence.figure_without_target", {}, "value")
    if told.value is not None and told.as_of is None:
        deed.refuse("form.missing", {}, "as_of")
    for field, on in (("dated_on", told.dated_on), ("as_of", told.as_of)):
        if on is not None and on > today(deed):
            deed.refuse("evidence.in_the_future", {"day": str(on)}, field)
    if not hand_in:
        return
    if not has_file and told.value is None and "value" not in deed.unread:
        deed.refuse("evidence.nothing_handed_in", {}, "file")
    if row.target_id is not None and told.value is None:
        deed.refuse("form.missing", {}, "value")
    if told.dated_on is not None:
        on = told.as_of or told.dated_on
        refuse_closed(deed, row.owner_id, on, on, "as_of" if told.as_of else "dated_on")


def _to_decide(deed: Deed, evidence: int, version: int) -> Evidence:
    row = deed.lock(Evidence, evidence, version)
    deed.require(DECIDE, row.owner_id)
    if row.state != Evidence.State.HANDED_IN:
        deed.refuse("evidence.not_handed_in", {"state": row.state})
    if deed.by.person_id is not None and deed.by.person_id in (row.author_id, *row.authors):
        deed.refuse("evidence.own", {})
    return row


def _told(deed: Deed, row: Evidence) -> Evidence:
    """Return evidence of which the task stands as it says: by what was accepted, and by what waits for that."""
    restate([row.task_id], today(deed))
    return row


def _with(people: list[int], person: int | None) -> list[int]:
    return people if person is None or person in people else [*people, person]
