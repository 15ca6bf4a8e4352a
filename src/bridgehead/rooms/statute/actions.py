"""Actions of the statute room: importing a text, withdrawing it, reading it anew, answering who bears a duty."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from bridgehead.engines.statute.versions import compare_duties
from bridgehead.ground.access.viewer import Viewer, viewing
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.kinds import plain_name
from bridgehead.ground.files.uploads import file_store, receive
from bridgehead.ground.models import Organisation, Person
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.statute.derived import Answers, apply_answer, fitted, forget_derived, state_of, write_derived
from bridgehead.rooms.statute.models import Answer, Bearer, DutyRow, StatuteVersion, Work
from bridgehead.rooms.statute.parsing import Reading, begins_on, edition, reading_of
from bridgehead.rooms.statute.proposal import Proposal, plain_title, propose

IMPORT = "statute.import"
LONGEST_NOTE = 500
MOST_BEARERS = 60
_NAME = re.compile(r"(?=.*[^\W\d_])[\w\u4e00-\u9fff ·（）()、/\-—“”《》.,&'’]+")
"""Names have a letter, and nothing in them that cannot be seen."""


def import_statute(
    *, by: Viewer, organisation: int, content: bytes, name: str, work: str = "", note: str = "", once: str = ""
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
    once : str
        Key of the form.

    Raises
    ------
    BridgeheadError
        What the reader refuses, ``statute.already_imported``, ``statute.other_law``, ``statute.no_such_statute_here``,
        ``action.not_allowed``, ``action.repeated``. Nothing is stored then.

    Articles: 84, 86
    """
    _refuse_if_not_allowed(by, organisation)
    checked_note(note)
    with viewing(by):
        proposal = propose(by, content, plain_name(name), work)
        if proposal.same is not None:
            raise BridgeheadError("statute.already_imported", {"title": proposal.same.title})
        carried = _carried(proposal)
    if proposal.reading.statute.source.kind == "docx":
        receive(content, name, taken=("docx",))
    else:
        file_store().put([content])
    return _import(by=by, once=once, organisation=organisation, proposal=proposal, note=note.strip(), carried=carried)


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
def _import(
    deed: Deed, *, organisation: int, proposal: Proposal, note: str, carried: Mapping[str, Answer]
) -> StatuteVersion:
    deed.require_in(organisation)
    owner = deed.lock(Organisation, organisation)
    reading = proposal.reading
    work = deed.lock(Work, proposal.work.pk) if proposal.work else _new_work(deed, owner, proposal)
    version = deed.create(_version(deed, work, owner, proposal, note))
    write_derived(version, reading, Answers(_standing_answers(work), carried))
    return version


def _version(deed: Deed, work: Work, owner: Organisation, proposal: Proposal, note: str) -> StatuteVersion:
    statute = proposal.reading.statute
    return fitted(
        StatuteVersion(
            work=work,
            owner=owner,
            file_name=proposal.name,
            title=statute.title,
            kind=statute.source.kind,
            sha256=statute.source.sha256,
            size_b=len(proposal.content),
            adopted_on=statute.adopted,
            last_event_on=statute.last_event,
            effective_on=statute.effect.day,
            effective_rule=statute.effect.rule or "",
            begins_on=begins_on(statute),
            note=note,
            **_counted(proposal.reading),
            imported_by=deed.by.person_id,
            imported_at=deed.at,
        )
    )


def _new_work(deed: Deed, owner: Organisation, proposal: Proposal) -> Work:
    title = plain_title(proposal.reading.statute.title) or proposal.name
    own = proposal.agreement.is_regulation and not Work.objects.filter(is_regulation=True).exists()
    return deed.create(Work(owner=owner, title=title[:300], is_regulation=own, created_at=deed.at))


def _counted(reading: Reading) -> dict[str, Any]:
    """Return what is counted in a reading and kept with the version."""
    statute = reading.statute
    return {
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


@action("statute.withdraw", permission=IMPORT)
def withdraw_version(deed: Deed, *, statute: int, version: int) -> StatuteVersion:
    """Withdraw a version that should not have been imported; its text stays for proof, its duties go.

    Raises
    ------
    BridgeheadError
        ``statute.withdrawn`` if it was before.
    """
    record = deed.lock(StatuteVersion, statute, version)
    deed.require_in(record.owner_id)
    if record.withdrawn_at is not None:
        raise BridgeheadError("statute.withdrawn", {"title": record.title})
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
    deed.require_in(record.owner_id)
    if record.withdrawn_at is not None:
        raise BridgeheadError("statute.withdrawn", {"title": record.title})
    standing = _standing_answers(record.work)
    write_derived(record, reading, Answers(standing, _from_the_same_words(record, reading, standing)))
    return deed.change(record, **_counted(reading))


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


@action("duty.answer", permission="statute.review")
def answer_duty(
    deed: Deed,
    *,
    duty: int,
    organisation: int,
    bearers: Sequence[Mapping[str, str]],
    open_list: bool = False,
    comment: str = "",
    seen: str | None = None,
) -> Answer:
    """Say who bears a duty: as it was read, or otherwise. A later answer takes the place of the one before.

    Parameters
    ----------
    deed : Deed
        Who answers.
    duty : int
        The duty.
    organisation : int
        For which organisation they answer.
    bearers : sequence of mapping
        ``organ``, ``name`` and ``part`` (``actor``, ``co_actor``, ``lead``) of each; none where nobody is named.
    open_list : bool
        Whether the list ends open.
    comment : str
        Why.
    seen : str, optional
        What the person saw when they answered, as `state_of` gave it.

    Raises
    ------
    BridgeheadError
        ``statute.too_many_bearers``, ``statute.bearer_unnamed``, ``statute.bearer_doubled``, ``statute.unknown_part``,
        ``statute.bearer_bad_name``, ``statute.comment_too_long``, ``statute.answered_by_other``,
        ``action.changed_meanwhile``, ``action.no_such_record``.

    Articles: 6
    """
    deed.require_in(organisation)
    row = _row(duty)
    deed.lock(Work, row.statute.work_id)  # answers on one law come one after the other
    standing = Answer.objects.filter(work=row.statute.work, anchor=row.anchor, withdrawn_at=None).first()
    _refuse_if_changed(deed, _row(duty), standing, organisation, seen)
    told = _told(deed, bearers)
    if len(comment.strip()) > LONGEST_NOTE:
        deed.refuse("statute.comment_too_long", {"limit": LONGEST_NOTE}, "comment")
    deed.check()
    if standing is not None:
        deed.change(deed.lock(Answer, standing.pk), withdrawn_at=deed.at)
    same = {(one["organ"], one["part"]) for one in row.read["bearers"]} == {(one["organ"], one["part"]) for one in told}
    as_read = same and open_list == row.read["open_list"]
    answer = deed.create(
        Answer(
            work=row.statute.work,
            owner=deed.lock(Organisation, organisation),
            anchor=row.anchor,
            statute=row.statute,
            duty_eid=row.eid,
            verdict=Answer.Verdict.CONFIRMED if as_read else Answer.Verdict.CORRECTED,
            bearers=told,
            open_list=open_list,
            comment=comment.strip(),
            decided_by=deed.by.person_id,
            decided_at=deed.at,
        )
    )
    _apply(answer, standing, answer)
    return answer


@action("duty.withdraw_answer", permission="statute.review")
def withdraw_answer(deed: Deed, *, answer: int, version: int) -> Answer:
    """Take an answer back: the duty says again what the rules read, and is looked at again.

    Raises
    ------
    BridgeheadError
        ``statute.answer_withdrawn`` if it was before.
    """
    record = deed.lock(Answer, answer, version)
    deed.require_in(record.owner_id)
    if record.withdrawn_at is not None:
        raise BridgeheadError("statute.answer_withdrawn")
    deed.change(record, withdrawn_at=deed.at)
    _apply(record, record, None)
    return record


def _refuse_if_changed(deed: Deed, row: DutyRow, standing: Answer | None, organisation: int, seen: str | None) -> None:
    """Refuse an answer on what is no longer so, and one in the place of another organisation's."""
    if seen is not None and seen != state_of(row):
        by = Person.objects.filter(pk=standing.decided_by).first() if standing and standing.decided_by else None
        at = standing.decided_at.isoformat(timespec="seconds") if standing else ""
        given = {"kind": Answer.RECORD, "by": by.name if by else "", "at": at}
        raise BridgeheadError("action.changed_meanwhile", given)
    if standing is not None and organisation not in (standing.owner_id, row.statute.work.owner_id):
        raise BridgeheadError("statute.answered_by_other", {"organisation": standing.owner.name_zh})


def _row(duty: int) -> DutyRow:
    row = DutyRow.objects.select_related("statute__work", "answer").filter(pk=duty).first()
    if row is None:
        raise BridgeheadError("action.no_such_record", {"kind": "duty", "id": str(duty)})
    return row


def _told(deed: Deed, bearers: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the bearers as an answer keeps them; note everything that is wrong with them."""
    told = [
        {"organ": one.get("organ", "").strip(), "name": one.get("name", "").strip(), "part": one.get("part", "actor")}
        for one in bearers
    ]
    if len(told) > MOST_BEARERS:
        deed.refuse("statute.too_many_bearers", {"limit": MOST_BEARERS}, "bearers")
    seen: set[str] = set()
    for one in told:
        if not one["organ"]:
            deed.refuse("statute.bearer_unnamed", None, "bearers")
        elif not _NAME.fullmatch(one["organ"]):
            deed.refuse("statute.bearer_bad_name", {"organ": one["organ"][:60]}, "bearers")
        elif len(one["organ"]) > 120:
            deed.refuse("statute.bearer_too_long", {"limit": 120}, "bearers")
        elif one["organ"] in seen:
            deed.refuse("statute.bearer_doubled", {"organ": one["organ"]}, "bearers")
        if one["part"] not in Bearer.Part.values:
            deed.refuse("statute.unknown_part", {"part": one["part"]}, "bearers")
        seen.add(one["organ"])
    return told


def _apply(given: Answer, before: Answer | None, laid: Answer | None) -> None:
    """Lay an answer over the duty of its anchor in every version of the law, and over those the one before was on."""
    rows = DutyRow.objects.select_related("statute").filter(statute__work=given.work_id)
    for row in rows.filter(Q(anchor=given.anchor) | Q(answer=before or given)):
        apply_answer(row, laid)
