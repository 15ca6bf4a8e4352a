"""Actions on texts: importing one, saying from when it holds, withdrawing it, reading it anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bridgehead.engines.statute.versions import compare_duties
from bridgehead.ground.access.viewer import Viewer, viewing
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.kinds import plain_name
from bridgehead.ground.files.uploads import file_store, receive
from bridgehead.ground.journal.entries import was_done
from bridgehead.ground.models import Organisation
from bridgehead.ground.search.index import index_records
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.statute.derived import Answers, fitted, forget_derived, write_derived
from bridgehead.rooms.statute.models import Answer, DutyRow, StatuteVersion, Work
from bridgehead.rooms.statute.parsing import Reading, begins_on, edition, reading_of
from bridgehead.rooms.statute.proposal import IMPORT, Proposal, plain_title, propose, recognised

LONGEST_NOTE = 500
LONGEST_TITLE = 300
LONGEST_RULE = 40


def import_statute(
    *,
    by: Viewer,
    organisation: int,
    content: bytes,
    name: str,
    work: str = "",
    note: str = "",
    seen: str | None = None,
    once: str = "",
) -> StatuteVersion:
    """Import a text: as a new law, or as a new version of one that is there.

    Parameters
    ----------
    by : Viewer
        Who imports.
    organisation : int
        For which organisation.
    content, name
        Bytes and name of the file.
    work : str
        Id of the law it is a version of, ``new`` for a law of its own, empty to find out.
    note : str
        Where the text is from, in the words of who imports it.
    seen : str, optional
        What the preview showed, as `Proposal.state` gave it; the import does that or nothing.
    once : str
        Key of the form.

    Raises
    ------
    BridgeheadError
        What the reader refuses, ``statute.already_imported``, ``statute.other_law``, ``statute.no_such_statute_here``,
        ``statute.preview_outdated``, ``action.not_allowed``, ``action.repeated``. Nothing is stored then.

    Articles: 84, 86
    """
    _refuse_if_not_allowed(by, organisation)
    checked_note(note)
    with viewing(by):
        proposal = propose(by, content, plain_name(name), work)
        if proposal.same is not None:
            if once and was_done(once):
                raise BridgeheadError("action.repeated", {"action": IMPORT})
            raise BridgeheadError("statute.already_imported", {"title": proposal.same.title})
        if seen is not None and seen != proposal.state:
            raise BridgeheadError("statute.preview_outdated")
    if proposal.reading.statute.source.kind == "docx":
        receive(content, name, taken=("docx",))
    else:
        file_store().put([content])
    told = {"organisation": organisation, "proposal": proposal, "note": note.strip()}
    return _import(by=by, once=once, found_out=not work, **told)


def checked_note(note: str) -> None:
    """Refuse a note that is too long, before any work is done: ``statute.note_too_long``."""
    if len(note.strip()) > LONGEST_NOTE:
        raise BridgeheadError("statute.note_too_long", {"limit": LONGEST_NOTE}, Place(field="note"))


def _refuse_if_not_allowed(by: Viewer, organisation: int) -> None:
    """Refuse somebody who may not import, before any work is done."""
    if not by.system and by.grant_for(IMPORT, organisation, to_write=True) is None:
        given = {"action": IMPORT, "permission": IMPORT}
        raise BridgeheadError("action.not_allowed", given)


@action(IMPORT, permission=IMPORT)
def _import(deed: Deed, *, organisation: int, proposal: Proposal, note: str, found_out: bool) -> StatuteVersion:
    deed.require_in(organisation)
    owner = deed.lock(Organisation, organisation)
    reading = proposal.reading
    guessed_new = found_out and proposal.work is None
    # Somebody may have imported the law between the proposal and now: it must not be there twice.
    if guessed_new and recognised(deed.by, reading, proposal.agreement) != proposal.namesake:
        raise BridgeheadError("statute.preview_outdated")
    work = _known_work(deed, proposal) if proposal.work else _new_work(deed, owner, proposal)
    version = deed.create(_version(deed, work, owner, proposal, note))
    write_derived(version, reading, Answers(_standing_answers(work), _carried(proposal)))
    return version


def _known_work(deed: Deed, proposal: Proposal) -> Work:
    """Return the law a text is a version of, locked; one all of whose texts were withdrawn goes by the new title.

    A law known by an earlier draft alone becomes the region's regulation with the first text that agrees with it.
    """
    work = deed.lock(Work, proposal.work.pk if proposal.work else 0)
    emptied = not work.versions.filter(withdrawn_at=None).exists()
    title = _title(proposal) if emptied else work.title
    return deed.change(work, title=title, is_regulation=work.is_regulation or _is_first_own(proposal))


def _version(deed: Deed, work: Work, owner: Organisation, proposal: Proposal, note: str) -> StatuteVersion:
    statute = proposal.reading.statute
    return fitted(
        StatuteVersion(
            work=work,
            owner=owner,
            file_name=proposal.name,
            kind=statute.source.kind,
            sha256=statute.source.sha256,
            size_b=len(proposal.content),
            begins_on=begins_on(statute),
            note=note,
            **_told_by(proposal.reading),
            imported_by=deed.by.person_id,
            imported_at=deed.at,
        )
    )


def _new_work(deed: Deed, owner: Organisation, proposal: Proposal) -> Work:
    own = _is_first_own(proposal)
    return deed.create(Work(owner=owner, title=_title(proposal), is_regulation=own, created_at=deed.at))


def _is_first_own(proposal: Proposal) -> bool:
    """Tell whether a text is the region's regulation, and no law is known as that yet."""
    return proposal.agreement.is_regulation and not Work.objects.filter(is_regulation=True).exists()


def _title(proposal: Proposal) -> str:
    return (plain_title(proposal.reading.statute.title) or proposal.name)[:LONGEST_TITLE]


def _told_by(reading: Reading) -> dict[str, Any]:
    """Return what a reading tells of a text and is kept with the version."""
    statute = reading.statute
    return {
        "title": statute.title[:LONGEST_TITLE],
        "adopted_on": statute.adopted,
        "last_event_on": statute.last_event,
        "effective_on": statute.effect.day,
        "effective_rule": (statute.effect.rule or "")[:LONGEST_RULE],
        "chapters": len(statute.chapters),
        "articles": len(statute.articles),
        "paragraphs": sum(len(one.paragraphs) for one in statute.articles),
        "duties": len(reading.duties),
        "anomalies": [[one.code, one.line, dict(one.parameters)] for one in statute.anomalies],
        "rules": edition(),
    }


def _standing_answers(work: Work) -> dict[str, Answer]:
    return {one.anchor: one for one in Answer.objects.filter(work=work, withdrawn_at=None)}


def _carried(proposal: Proposal) -> dict[str, Answer]:
    """Return the answers of the version before that a changed duty of this one should be held against, by its id."""
    if proposal.previous is None or proposal.comparison is None:
        return {}
    rows = DutyRow.objects.filter(statute=proposal.previous, answer__isnull=False).select_related("answer")
    answered = {row.eid: row.answer for row in rows}
    found: dict[str, Answer] = {}
    there, here = reading_of(proposal.previous).duties, proposal.reading.duties
    first, second = (here, there) if proposal.is_earlier else (there, here)
    for change in compare_duties(first, second, proposal.comparison):
        theirs, ours = (change.new, change.old) if proposal.is_earlier else (change.old, change.new)
        answer = answered.get(theirs or "")
        if answer is not None and ours is not None:
            found[ours] = answer
    return found


def _require_keeper(deed: Deed, record: StatuteVersion) -> None:
    """Refuse all but who handed a text in, and who keeps the law it is a text of."""
    keeper = record.work.owner_id
    keeps = deed.by.grant_for(deed.permission, keeper, to_write=True) is not None
    deed.require_in(keeper if keeps else record.owner_id)


@action("statute.date", permission=IMPORT)
def date_version(deed: Deed, *, statute: int, version: int, day: date | None) -> StatuteVersion:
    """Say from which day a text holds, where the text itself does not say it; None for what the text says.

    Raises
    ------
    BridgeheadError
        ``statute.withdrawn``, ``statute.day_before_adoption``, ``action.changed_meanwhile``, ``action.no_such_record``.
    """
    record = deed.lock(StatuteVersion, statute, version)
    _require_keeper(deed, record)
    if record.withdrawn_at is not None:
        raise BridgeheadError("statute.withdrawn", {"title": record.title})
    if day is not None and record.adopted_on is not None and day < record.adopted_on:
        deed.refuse("statute.day_before_adoption", {"adopted": record.adopted_on.isoformat()}, "day")
    deed.check()
    begins = begins_on(reading_of(record).statute) if day is None else day
    changed = deed.change(record, begins_on=begins, begins_given=day is not None)
    index_records(list(record.provisions.select_related("statute")))
    index_records(list(record.duty_rows.select_related("statute").prefetch_related("bearers")))
    return changed


@action("statute.withdraw", permission=IMPORT)
def withdraw_version(deed: Deed, *, statute: int, version: int) -> StatuteVersion:
    """Withdraw a version that should not have been imported; its text stays for proof, its duties go.

    Raises
    ------
    BridgeheadError
        ``statute.withdrawn`` if it was before.
    """
    record = deed.lock(StatuteVersion, statute, version)
    _require_keeper(deed, record)
    if record.withdrawn_at is not None:
        raise BridgeheadError("statute.withdrawn", {"title": record.title})
    deed.lock(Work, record.work_id)  # nobody answers on a duty while it goes
    forget_derived(record)
    return deed.change(record, withdrawn_at=deed.at)


def reread_version(*, by: Viewer, statute: int, version: int | None = None, once: str = "") -> StatuteVersion:
    """Read a version anew by the rules there are now; what people answered stays.

    An answer whose duty is cut or asked otherwise by the new rules is carried to the duty read from the same words, and
    looked at again.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``, ``statute.withdrawn``, ``action.changed_meanwhile``.
    """
    with viewing(by):
        record = StatuteVersion.objects.filter(pk=statute).first()
        if record is None:
            raise BridgeheadError("action.no_such_record", {"kind": StatuteVersion.RECORD, "id": str(statute)})
        reading = reading_of(record)
    return _reread(by=by, once=once, statute=statute, version=version, reading=reading)


@action("statute.reread", permission=IMPORT)
def _reread(deed: Deed, *, statute: int, version: int | None, reading: Reading) -> StatuteVersion:
    record = deed.lock(StatuteVersion, statute, version)
    _require_keeper(deed, record)
    if record.withdrawn_at is not None:
        raise BridgeheadError("statute.withdrawn", {"title": record.title})
    standing = _standing_answers(deed.lock(Work, record.work_id))
    begins = record.begins_on if record.begins_given else begins_on(reading.statute)
    changed = deed.change(record, begins_on=begins, **_told_by(reading))
    write_derived(changed, reading, Answers(standing, _from_the_same_words(changed, reading, standing)))
    return changed


def _from_the_same_words(record: StatuteVersion, reading: Reading, standing: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the answers whose duty is read otherwise now, by the id of the duty that shares most of its words."""
    anchors = {duty.anchor for duty in reading.duties}
    found: dict[str, Answer] = {}
    for row in record.duty_rows.filter(answer__isnull=False).select_related("answer"):
        if row.answer.anchor in anchors and row.answer.anchor in standing:
            continue
        shared = {
            duty.id: min(row.end, duty.evidence.end) - max(row.start, duty.evidence.start) for duty in reading.duties
        }
        best = max(shared, key=lambda one: shared[one], default="")
        if best and shared[best] > 0:
            found.setdefault(best, row.answer)
    return found
