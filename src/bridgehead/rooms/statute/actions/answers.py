"""Actions on duties: saying who bears one and what it asks, that it is none, and taking that back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.db.models import Q

from bridgehead.engines.statute.model import Modality
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Organisation, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.statute.derived import CORRECTABLE, TERMS, apply_answer, read_asks, state_of
from bridgehead.rooms.statute.models import Answer, Bearer, DutyRow, Work
from bridgehead.rooms.statute.parsing import organ_named

REVIEW = "statute.review"
LONGEST_COMMENT = 500
LONGEST_TERM = 200
MOST_BEARERS = 60
_NAME = re.compile(r"(?=.*[^\W\d_])(?!(?:.*/)?\.{0,2}(?:/|$))[\w\u4e00-\u9fff ·（）()、/\-—“”《》.,&'’]+")
"""Names have a letter, nothing in them that cannot be seen, and no step that an address of a page would lose."""


@action("duty.answer", permission=REVIEW)
def answer_duty(
    deed: Deed,
    *,
    duty: int,
    organisation: int,
    bearers: Sequence[Mapping[str, str]],
    open_list: bool = False,
    asks: Mapping[str, str | bool] | None = None,
    comment: str = "",
    seen: str | None = None,
) -> Answer:
    """Say who bears a duty and what it asks: as it was read, or otherwise. A later answer replaces the one before.

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
    asks : mapping, optional
        ``modality``, ``deadline``, ``frequency``, ``reporting``, ``budget``, ``assessment``, as far as the person said
        anything about them; what is left out stays as the rules read it.
    comment : str
        Why.
    seen : str, optional
        What the person saw when they answered, as `state_of` gave it.

    Raises
    ------
    BridgeheadError
        ``statute.too_many_bearers``, ``statute.bearer_unnamed``, ``statute.bearer_doubled``, ``statute.unknown_part``,
        ``statute.bearer_bad_name``, ``statute.not_a_modality``, ``statute.term_too_long``,
        ``statute.comment_too_long``, ``statute.answered_by_other``, ``action.changed_meanwhile``,
        ``action.no_such_record``.

    Articles: 6
    """
    row, standing = _held(deed, duty, organisation, seen)
    told = _told(deed, bearers)
    corrections = _corrections(deed, row, asks or {})
    _check_comment(deed, comment)
    deed.check()
    same = {(one["organ"], one["part"]) for one in row.read["bearers"]} == {(one["organ"], one["part"]) for one in told}
    as_read = same and open_list == row.read["open_list"] and not corrections
    verdict = Answer.Verdict.CONFIRMED if as_read else Answer.Verdict.CORRECTED
    given = Answer(verdict=verdict, bearers=told, open_list=open_list, corrections=corrections, comment=comment.strip())
    given.asks = read_asks(row) | corrections
    return _give(deed, row, standing, organisation, given)


@action("duty.reject", permission=REVIEW)
def reject_duty(deed: Deed, *, duty: int, organisation: int, comment: str = "", seen: str | None = None) -> Answer:
    """Say that what the rules read is no duty; it stays on record with who said so and why, and counts nowhere.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a comment, ``statute.comment_too_long``, ``statute.answered_by_other``,
        ``action.changed_meanwhile``, ``action.no_such_record``.

    Articles: 6
    """
    row, standing = _held(deed, duty, organisation, seen)
    if not comment.strip():
        deed.refuse("form.missing", None, "comment")
    _check_comment(deed, comment)
    deed.check()
    given = Answer(verdict=Answer.Verdict.REJECTED, bearers=[], comment=comment.strip())
    return _give(deed, row, standing, organisation, given)


@action("duty.withdraw_answer", permission=REVIEW)
def withdraw_answer(deed: Deed, *, answer: int, version: int) -> Answer:
    """Take an answer back: the duty says again what it said before, and is looked at again.

    That is what the rules read, or an answer that was carried to it from other words.

    Raises
    ------
    BridgeheadError
        ``statute.answer_withdrawn`` if it was before.
    """
    for law in Answer.objects.filter(pk=answer).values_list("work_id", flat=True):
        deed.lock(Work, law)  # no text is imported or read anew with an answer that is just taken back
    record = deed.lock(Answer, answer, version)
    deed.require_in(record.owner_id)
    if record.withdrawn_at is not None:
        raise BridgeheadError("statute.answer_withdrawn")
    deed.change(record, withdrawn_at=deed.at)
    before = record.carried_from
    _lay(record, record, before if before is not None and before.withdrawn_at is None else None)
    return record


def _held(deed: Deed, duty: int, organisation: int, seen: str | None) -> tuple[DutyRow, Answer | None]:
    """Return a duty and the standing answer on it, held so that answers on one law come one after the other."""
    deed.require_in(organisation)
    deed.lock(Work, _row(duty).statute.work_id)
    row = _row(duty)
    standing = Answer.objects.filter(work=row.statute.work, anchor=row.anchor, withdrawn_at=None).first()
    _refuse_if_changed(row, standing, organisation, seen)
    return row, standing


def _row(duty: int) -> DutyRow:
    row = DutyRow.objects.select_related("statute__work", "answer").filter(pk=duty).first()
    if row is None:
        raise BridgeheadError("action.no_such_record", {"kind": "duty", "id": str(duty)})
    return row


def _refuse_if_changed(row: DutyRow, standing: Answer | None, organisation: int, seen: str | None) -> None:
    """Refuse an answer on what is no longer so, and one in the place of another organisation's."""
    if seen is not None and seen != state_of(row):
        by = Person.objects.filter(pk=standing.decided_by).first() if standing and standing.decided_by else None
        at = standing.decided_at.isoformat(timespec="seconds") if standing else ""
        given = {"kind": Answer.RECORD, "by": by.name if by else "", "at": at}
        raise BridgeheadError("action.changed_meanwhile", given)
    if standing is not None and organisation not in (standing.owner_id, row.statute.work.owner_id):
        raise BridgeheadError("statute.answered_by_other", {"organisation": standing.owner.name_zh})


def _told(deed: Deed, bearers: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the bearers as an answer keeps them; note everything that is wrong with them."""
    told = [
        {"organ": _counted(one.get("organ", "")), "name": one.get("name", "").strip(), "part": one.get("part", "actor")}
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


def _counted(given: str) -> str:
    """Return the name under which a body is counted, so that it stands in one row with what the rules read."""
    name = given.strip()
    return organ_named(name)[0] if _NAME.fullmatch(name) and len(name) <= 120 else name


def _corrections(deed: Deed, row: DutyRow, asks: Mapping[str, str | bool]) -> dict[str, str | bool]:
    """Return what a person says otherwise than the rules read it; note everything that is wrong with it."""
    told = {name: value.strip() if isinstance(value, str) else value for name, value in asks.items()}
    if told.get("modality", Modality.MUST) not in list(Modality):
        deed.refuse("statute.not_a_modality", {"modality": str(told["modality"])[:40]}, "modality")
    for name in TERMS:
        if len(str(told.get(name, ""))) > LONGEST_TERM:
            deed.refuse("statute.term_too_long", {"limit": LONGEST_TERM}, name)
    read = read_asks(row)
    return {name: told[name] for name in CORRECTABLE if name in told and told[name] != read[name]}


def _check_comment(deed: Deed, comment: str) -> None:
    if len(comment.strip()) > LONGEST_COMMENT:
        deed.refuse("statute.comment_too_long", {"limit": LONGEST_COMMENT}, "comment")


def _give(deed: Deed, row: DutyRow, standing: Answer | None, organisation: int, given: Answer) -> Answer:
    """Put an answer in the place of the one before, and lay it over the duty."""
    if standing is not None:
        deed.change(deed.lock(Answer, standing.pk), withdrawn_at=deed.at)
    given.work = row.statute.work
    given.owner = deed.lock(Organisation, organisation)
    given.anchor = row.anchor
    given.statute = row.statute
    given.duty_eid = row.eid
    given.decided_by = deed.by.person_id
    given.decided_at = deed.at
    given.carried_from = standing.carried_from if standing else row.answer
    answer = deed.create(given)
    _lay(answer, standing, answer)
    return answer


def _lay(given: Answer, before: Answer | None, laid: Answer | None) -> None:
    """Lay an answer over the duty of its anchor in every version of the law, and over those the one before was on."""
    rows = DutyRow.objects.select_related("statute").filter(statute__work=given.work_id)
    for row in rows.filter(Q(anchor=given.anchor) | Q(answer=before or given)):
        apply_answer(row, laid)
