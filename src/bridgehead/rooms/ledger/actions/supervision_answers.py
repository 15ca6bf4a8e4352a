"""Actions on what is owed in a case: answers to opinions, decided by somebody else, and longer terms."""

from __future__ import annotations

from datetime import date

from bridgehead.engines.obligations.templates import latest_extension
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.supervision import settle
from bridgehead.rooms.ledger.actions.supervision_parts import LONGEST_LINE, kept_file, today, told
from bridgehead.rooms.ledger.models import CaseExtension, Opinion, SupervisionCase, Vote
from bridgehead.rooms.ledger.procedures import CONGRESS_PARTS, course_of, owes, step_of
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.who import ANSWER, SUPERVISE


@action("supervision.answer_opinion", permission=ANSWER)
def answer_opinion(
    deed: Deed, *, opinion: int, answer: str, file: Received | None = None, version: int | None = None
) -> Opinion:
    """Answer an opinion for the body that handles it; one that was returned is answered once more.

    Raises
    ------
    BridgeheadError
        ``supervision.nothing_asked`` where it waits for the congress or was accepted; ``form.missing``.

    Articles: 83
    """
    record = deed.lock(Opinion, opinion, version)
    deed.require_in(record.office_id)
    if record.state not in (Opinion.State.OPEN, Opinion.State.RETURNED):
        deed.refuse("supervision.nothing_asked")
    answer = told(deed, answer, "answer")
    deed.check()
    return deed.change(
        record,
        state=Opinion.State.ANSWERED,
        answer=answer,
        file=kept_file(deed, file, record.office_id, record.owner_id) or record.file,
        author_id=deed.by.person_id,
        answered_at=deed.at,
        decided_by=None,
        decided_at=None,
    )


@action("supervision.decide_opinion", permission=SUPERVISE)
def decide_opinion(deed: Deed, *, opinion: int, accepted: bool, why: str = "", version: int | None = None) -> Opinion:
    """Accept the answer to an opinion, or return it with a reason.

    Raises
    ------
    BridgeheadError
        ``supervision.nothing_handed_in``, ``supervision.own_evidence`` for who wrote the answer, ``form.missing``
        where it is returned without a reason.

    Articles: 83
    """
    record = deed.lock(Opinion, opinion, version)
    deed.require_in(record.owner_id)
    if record.state != Opinion.State.ANSWERED:
        deed.refuse("supervision.nothing_handed_in")
    refuse_own(deed, record.author_id)
    why = told(deed, why, "why", needed=not accepted, longest=LONGEST_LINE)
    deed.check()
    state = Opinion.State.ACCEPTED if accepted else Opinion.State.RETURNED
    return deed.change(record, state=state, reason=why, decided_by=deed.by.person_id, decided_at=deed.at)


@action("supervision.take_back_step")
def take_back_step(deed: Deed, *, case: int, why: str, version: int | None = None) -> SupervisionCase:
    """Take back the step that was recorded last, by the side that recorded it; the journal keeps all it said.

    Raises
    ------
    BridgeheadError
        ``supervision.nothing_recorded``, ``supervision.rests_on_it`` where an opinion it issued was answered or a
        longer term was asked for since; ``form.missing`` without a reason.

    Articles: 83
    """
    record = deed.lock(SupervisionCase, case, version)
    last = record.events.order_by("-id").first()
    if last is None:
        raise BridgeheadError("supervision.nothing_recorded")
    congress = step_of(record, last.step)["who"] in CONGRESS_PARTS
    deed.require(SUPERVISE if congress else ANSWER, owes(record, last.step))
    deed.reason = told(deed, why, "why", longest=LONGEST_LINE)
    issued = list(record.opinions.filter(issued_on=last.on)) if step_of(record, last.step)["form"] == "opinions" else []
    waiting = record.extensions.filter(step=record.waits, taken=1 + record.events.filter(step=record.waits).count())
    if any(one.state != Opinion.State.OPEN or one.answered_at for one in issued) or waiting.exists():
        deed.refuse("supervision.rests_on_it")
    deed.check()
    for one in (*issued, *Vote.objects.filter(event=last), last):
        deed.remove(one)
    settle(deed, record)
    return record


def refuse_own(deed: Deed, author: int | None) -> None:
    """Note that somebody decides on what they handed in themselves."""
    if author is not None and author == deed.by.person_id:
        deed.refuse("supervision.own_evidence")


@action("supervision.ask_extension", permission=ANSWER)
def ask_extension(deed: Deed, *, case: int, until: date, why: str, version: int | None = None) -> CaseExtension:
    """Ask in writing for a longer term for the step that is owed, before it has run out.

    Raises
    ------
    BridgeheadError
        ``supervision.not_owed``, ``supervision.no_term``, ``supervision.extension_waits``,
        ``procedure.too_many_extensions``, ``supervision.extension_too_late``, ``supervision.extension_no_longer``,
        ``supervision.extension_too_long``, ``form.missing``; all at once.

    Articles: 83
    """
    record = deed.lock(SupervisionCase, case, version)
    deed.require_in(record.office_id)
    why = told(deed, why, "why", longest=LONGEST_LINE)
    if not record.waits or owes(record, record.waits) != record.office_id:
        deed.refuse("supervision.not_owed")
    elif record.due_on is None:
        deed.refuse("supervision.no_term")
    else:
        _check_longer(deed, record, until)
    deed.check()
    taken = 1 + record.events.filter(step=record.waits).count()
    return deed.create(
        CaseExtension(
            case=record,
            owner_id=record.owner_id,
            office_id=record.office_id,
            step=record.waits,
            taken=taken,
            until=until,
            reason=why,
            asked_on=today(deed),
            author_id=deed.by.person_id,
        )
    )


def _check_longer(deed: Deed, case: SupervisionCase, until: date) -> None:
    extensions = list(case.extensions.order_by("id"))
    stage = course_of(case, list(case.events.order_by("id")), extensions, today(deed)).waits
    if stage is None or stage.due is None or stage.begun is None:
        deed.refuse("supervision.no_term")
        return
    of_it = [one for one in extensions if (one.step, one.taken) == (stage.step.id, stage.taken)]
    if any(one.state == CaseExtension.State.ASKED for one in extensions):
        deed.refuse("supervision.extension_waits")
    elif sum(one.state == CaseExtension.State.GRANTED for one in of_it) >= stage.step.extensions:
        deed.refuse("procedure.too_many_extensions", {"step": stage.step.id}, "until")
    if today(deed) > stage.due.day:
        deed.refuse("supervision.extension_too_late", {"due": str(stage.due.day)}, "until")
    if until <= stage.due.day:
        deed.refuse("supervision.extension_no_longer", {"due": str(stage.due.day)}, "until")
    longest = str(step_of(case, stage.step.id)["longest"])
    latest = latest_extension(calendar(), stage.begun, stage.due, longest)
    if latest is not None and until > latest:
        deed.refuse("supervision.extension_too_long", {"latest": str(latest)}, "until")


@action("supervision.decide_extension", permission=SUPERVISE)
def decide_extension(
    deed: Deed, *, extension: int, granted: bool, note: str = "", version: int | None = None
) -> CaseExtension:
    """Grant a longer term before the one that runs is over, or refuse it with a reason.

    Opinions that were due with the step are due with it still.

    Raises
    ------
    BridgeheadError
        ``supervision.extension_decided``, ``supervision.extension_too_late``, ``supervision.own_evidence``,
        ``form.missing`` where it is refused without a reason.

    Articles: 83
    """
    record = deed.lock(CaseExtension, extension, version)
    deed.require_in(record.owner_id)
    case = deed.lock(SupervisionCase, record.case_id)
    waits_still = (case.waits, 1 + case.events.filter(step=record.step).count()) == (record.step, record.taken)
    if record.state != CaseExtension.State.ASKED or (granted and not waits_still):
        deed.refuse("supervision.extension_decided")
    elif granted and case.due_on is not None and today(deed) > case.due_on:
        deed.refuse("supervision.extension_too_late", {"due": str(case.due_on)})
    refuse_own(deed, record.author_id)
    note = told(deed, note, "note", needed=not granted, longest=LONGEST_LINE)
    deed.check()
    state = CaseExtension.State.GRANTED if granted else CaseExtension.State.REFUSED
    was = case.due_on
    deed.change(record, state=state, note=note, decided_on=today(deed), decided_by=deed.by.person_id)
    if granted:
        settle(deed, case)
        with_it = case.opinions.filter(due_on=was).exclude(state=Opinion.State.ACCEPTED)
        for pk in list(with_it.values_list("pk", flat=True)):
            deed.change(deed.lock(Opinion, pk), due_on=case.due_on)
    return record
