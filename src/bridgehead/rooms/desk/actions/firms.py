"""Actions of a firm: telling about itself, agreeing to be looked at, keeping an answer, saying where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import choice, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import FirmProfile, Policy, PolicyAnswer, PolicyClaim
from bridgehead.rooms.desk.rules import as_kept, read_given
from bridgehead.rooms.desk.selectors.answering import as_answer, told_of
from bridgehead.rooms.desk.who import ASK

SUBJECT_OF_FIRMS = "enterprise"


@action("firm.tell", permission=ASK)
def tell_facts(deed: Deed, *, firm: int, version: int | None, facts: Mapping[str, str | None]) -> FirmProfile:
    """Say facts about a firm, or take them back; what is not named stays as it was told.

    Parameters
    ----------
    deed : Deed
        Who tells.
    firm : int
        The firm.
    version : int or None
        Version of its profile; None where it has none yet, or for facts that follow from questions answered.
    facts : mapping
        Fact to value as it is typed, None or nothing to take it back.

    Raises
    ------
    BridgeheadError
        Whatever is no value of its fact, beside its field.

    Articles: 51, 76
    """
    deed.require_in(firm)
    given = {fact: text for fact, text in facts.items() if text is not None and text.strip()}
    read = _read(deed, given)
    record = _profile(deed, firm, version)
    day = today(deed).isoformat()
    kept = {fact: one for fact, one in record.facts.items() if fact not in facts}
    for fact, value in read.items():
        before = record.facts.get(fact)
        said = as_kept(value)
        kept[fact] = before if before and before["value"] == said else {"value": said, "on": day}
    return deed.change(record, facts=dict(sorted(kept.items())))


@action("firm.consent", permission=ASK)
def consent(deed: Deed, *, firm: int, agrees: bool) -> FirmProfile:
    """Agree that the offices look for policies that fit the firm and tell it; or take that back.

    Articles: 51, 76
    """
    deed.require_in(firm)
    record = _profile(deed, firm, None)
    return deed.change(record, consents_on=(record.consents_on or today(deed)) if agrees else None)


@action("policy_answer.keep", permission=ASK)
def keep_answer(deed: Deed, *, firm: int, as_of: date, subject: str, facts: Mapping[str, str]) -> PolicyAnswer:
    """Keep what a firm was told: the facts, the edition of each policy, and what came out, worked out here.

    What it said of itself goes into its profile, too, so that it is not asked again.

    Raises
    ------
    BridgeheadError
        Whatever is no value of its fact; ``policy.nothing_known`` where there is not one fact.

    Articles: 51, 76
    """
    deed.require_in(firm)
    read = _read(deed, facts)
    if not read:
        deed.refuse("policy.nothing_known", {})
    deed.check()
    said = {fact: as_kept(value) for fact, value in sorted(read.items())}
    if subject == SUBJECT_OF_FIRMS:
        tell_facts(by=deed, firm=firm, version=None, facts=facts)
    row = as_answer(told_of(read, as_of, deed.at, subject), said, as_of, subject)
    row.owner_id, row.asked_by, row.asked_at = firm, deed.by.person_id, deed.at
    return deed.create(row)


@action("policy_claim.say", permission=ASK)
def say_claim(deed: Deed, *, firm: int, policy: int, state: str) -> PolicyClaim:
    """Say how a firm stands to a policy: it applied, had it, or does not want it.

    Raises
    ------
    BridgeheadError
        ``form.no_such_choice``, ``action.no_such_record``.

    Articles: 76
    """
    deed.require_in(firm)
    choice(deed, state, (PolicyClaim.State.APPLIED, PolicyClaim.State.RECEIVED, PolicyClaim.State.UNWANTED), "state")
    record = deed.lock(Policy, policy)
    deed.check()
    claim = PolicyClaim.objects.select_for_update().filter(owner=firm, policy=record).first()
    if claim is not None:
        return deed.change(claim, state=state, on=today(deed))
    return deed.create(PolicyClaim(owner_id=firm, policy=record, state=state, on=today(deed)))


def _read(deed: Deed, facts: Mapping[str, str]) -> dict[str, object]:
    """Return typed facts as values, noting what is none."""
    read: dict[str, object] = {}
    for fact, text in facts.items():
        try:
            read[fact] = read_given(fact, text)
        except BridgeheadError as refused:
            for fault in refused.faults:
                deed.refuse(fault.code, fault.parameters, fact)
    deed.check()
    return read


def _profile(deed: Deed, firm: int, version: int | None) -> FirmProfile:
    """Return the profile of a firm, held; a new one where there was none."""
    there = FirmProfile.objects.filter(owner=firm).first()
    if there is None:
        return deed.create(FirmProfile(owner_id=firm))
    return deed.lock(FirmProfile, there.pk, version)
