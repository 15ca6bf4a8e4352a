"""Corrections of an inspection by those who keep it: plan, questions, samples, findings, the day a fault is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bridgehead.ground.actions import Deed, action
from bridgehead.rooms.ledger.actions.inspections import place_found
from bridgehead.rooms.ledger.actions.supervision_parts import (
    LONGEST_LINE,
    LONGEST_TITLE,
    refuse_ended,
    refuse_handed_on,
    refuse_withdrawn,
    require_keeper,
    today,
    told,
)
from bridgehead.rooms.ledger.models import Finding, Inspection, Question, Rectification, Sample


@action("inspection.change_plan")
def change_plan(
    deed: Deed, *, inspection: int, plan: str, group: Iterable[str], ends_on: date, version: int | None = None
) -> Inspection:
    """Change the plan of an inspection, who inspects, and its last day.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a group, ``supervision.ends_before``, ``supervision.too_long``; all at once.

    Articles: 83
    """
    record = deed.lock(Inspection, inspection, version)
    require_keeper(deed, record.owner_id)
    refuse_ended(deed, record)
    plan = told(deed, plan, "plan", needed=False)
    names = [one.strip() for one in group if one.strip()]
    if not names:
        deed.refuse("form.missing", None, "group")
    if ends_on < record.starts_on:
        deed.refuse("supervision.ends_before", {"starts": str(record.starts_on), "ends": str(ends_on)}, "ends_on")
    deed.check()
    return deed.change(record, plan=plan, group=names, ends_on=ends_on)


@action("inspection.change_question")
def change_question(deed: Deed, *, question: int, text: str, check_what: str = "") -> Question:
    """Put a question in other words; its article stays, for findings were made under it.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``supervision.too_long``.

    Articles: 83
    """
    record = deed.lock(Question, question)
    require_keeper(deed, record.owner_id)
    refuse_ended(deed, record.inspection)
    text = told(deed, text, "text", longest=LONGEST_LINE)
    check_what = told(deed, check_what, "check_what", needed=False, longest=LONGEST_LINE)
    deed.check()
    return deed.change(record, text=text, check_what=check_what)


@action("inspection.change_sample")
def change_sample(deed: Deed, *, sample: int, place: str = "", visit_on: date | None = None) -> Sample:
    """Say where a sample is and when it is visited; what was drawn by lot stays what was drawn.

    Raises
    ------
    BridgeheadError
        ``supervision.too_long``.

    Articles: 83
    """
    record = deed.lock(Sample, sample)
    require_keeper(deed, record.owner_id)
    refuse_ended(deed, record.inspection)
    place = told(deed, place, "place", needed=False, longest=LONGEST_TITLE)
    deed.check()
    return deed.change(record, place=place, visit_on=visit_on)


@action("rectification.move")
def move_mending(
    deed: Deed, *, rectification: int, due_on: date, why: str, version: int | None = None
) -> Rectification:
    """Move the day a fault is to be mended by, with a reason that stays in the journal.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``supervision.mended_already``, ``supervision.finding_withdrawn``,
        ``supervision.handed_on``, ``supervision.due_before`` for a day before it was found; all at once.

    Articles: 83
    """
    record = deed.lock(Rectification, rectification, version)
    require_keeper(deed, record.owner_id)
    refuse_withdrawn(deed, record.finding)
    refuse_handed_on(deed, record)
    if record.state == Rectification.State.ACCEPTED:
        deed.refuse("supervision.mended_already")
    deed.reason = told(deed, why, "why", longest=LONGEST_LINE)
    found_on = record.finding.found_on
    if due_on < found_on:
        deed.refuse("supervision.due_before", {"due": str(due_on), "on": str(found_on)}, "due_on")
    deed.check()
    return deed.change(record, due_on=due_on)


@action("inspection.withdraw_finding")
def withdraw_finding(deed: Deed, *, finding: int, why: str, version: int | None = None) -> Finding:
    """Withdraw a finding that was recorded by mistake, with a reason; it counts no more, and stays to be read.

    A problem it became stays on its list, which is another office's; the page it leads to says what happened.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``supervision.finding_withdrawn``, ``supervision.mended_already``,
        ``supervision.inspection_ended``.

    Articles: 83
    """
    record = deed.lock(Finding, finding, version)
    require_keeper(deed, record.owner_id)
    _still_open(deed, record)
    why = told(deed, why, "why", longest=LONGEST_LINE)
    deed.reason = why
    deed.check()
    return deed.change(record, withdrawn_on=today(deed), withdrawn_why=why)


@action("inspection.correct_finding")
def correct_finding(
    deed: Deed,
    *,
    finding: int,
    text: str,
    why: str,
    article: int | None = None,
    question: int | None = None,
    sample: int | None = None,
    severity: str = "",
    version: int | None = None,
) -> Finding:
    """Correct what a finding says before its inspection ends, with a reason; the journal keeps what it said.

    Whether it is a fault, and whose, is not corrected: such a finding is withdrawn and recorded anew.

    Parameters
    ----------
    deed : Deed
        Who corrects it.
    finding : int
        The finding.
    text, why : str
        What it says from now on, and why it is corrected.
    article, question, sample : int, optional
        What it is about, as when it is recorded.
    severity : str
        How grave the fault is; none for what is in order.
    version : int, optional
        Version of the finding the form was filled in with.

    Raises
    ------
    BridgeheadError
        What `withdraw_finding` and `bridgehead.rooms.ledger.actions.inspections.record_finding` raise.

    Articles: 83
    """
    record = deed.lock(Finding, finding, version)
    require_keeper(deed, record.owner_id)
    _still_open(deed, record)
    asked, visited, about = place_found(deed, record.inspection, article, question, sample)
    said = told(deed, text, "text")
    if record.conforming and severity:
        deed.refuse("supervision.conforming_with_fault", None, "severity")
    if not record.conforming and severity not in Finding.Severity.values:
        deed.refuse("form.no_such_choice" if severity else "form.missing", {"value": severity}, "severity")
    deed.reason = told(deed, why, "why", longest=LONGEST_LINE)
    deed.check()
    return deed.change(record, text=said, article=about, question=asked, sample=visited, severity=severity)


def _still_open(deed: Deed, finding: Finding) -> None:
    """Note what cannot be corrected any more: it was withdrawn or mended, or its inspection ended."""
    refuse_withdrawn(deed, finding)
    refuse_ended(deed, finding.inspection)
    mending = Rectification.objects.filter(finding=finding).first()
    if mending is not None and mending.state == Rectification.State.ACCEPTED:
        deed.refuse("supervision.mended_already")
