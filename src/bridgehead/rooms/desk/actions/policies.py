"""Actions on the policy library: writing an edition, checking it against its source, a second person's approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import fitting, give_reason, needed, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.hashing import content_hash
from bridgehead.rooms.desk.models import Policy, PolicyEdition
from bridgehead.rooms.desk.rules import RULE, read_rule, shipped, unfit_to_publish
from bridgehead.rooms.desk.who import APPROVE, KEEP

LONGEST_RULE = 20_000
LONGEST_WORDS: Mapping[str, int] = {"title": 200, "gist": 600, "apply": 600, "issuer": 200, "number": 200}
LANGUAGES_NEEDED = ("zh", "en")
LONGEST_CHECK_DAYS = 400
State = PolicyEdition.State


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What came of taking over the region's policies: how many were new, changed, and held up by an open draft."""

    made: int
    changed: int
    held_up: tuple[str, ...]


@action("policy.take_over", permission=KEEP)
def take_over(deed: Deed, *, owner: int) -> TakenOver:
    """Enter the policies of the region's own file as drafts: those that are new, and those that say something else now.

    Articles: 76
    """
    deed.require_in(owner)
    known = {one.code: one for one in Policy.objects.select_for_update().all()}
    made = changed = 0
    held_up = []
    for one in shipped():
        policy = known.get(one.code)
        if policy is not None and policy.region_sha256 == one.sha256:
            continue
        if policy is not None and policy.editions.filter(state__in=(State.DRAFT, State.CHECKED)).exists():
            held_up.append(one.code)
            continue
        if policy is None:
            made += 1
            policy = deed.create(Policy(owner_id=owner, code=one.code, region_sha256=one.sha256))
        else:
            changed += 1
            deed.change(policy, region_sha256=one.sha256)
        _add_edition(deed, policy, Written(one.code, one.rule, one.words, one.holds_from))
    return TakenOver(made, changed, tuple(held_up))


@dataclass(frozen=True, slots=True)
class EditionTold:
    """What somebody writes of a policy; see `PolicyEdition`."""

    rule: str
    words: Mapping[str, Mapping[str, str]]
    holds_from: date | None = None
    change: str = ""


@action("policy.enter", permission=KEEP)
def enter_policy(deed: Deed, *, owner: int, told: EditionTold) -> PolicyEdition:
    """Enter a new policy as a draft, under the id its rule gives it.

    Raises
    ------
    BridgeheadError
        Whatever is wrong with the rule, with its line; ``policy.code_taken``, ``form.missing``,
        ``form.text_too_long``.

    Articles: 76
    """
    deed.require_in(owner)
    written = _written(deed, told)
    if written.code and Policy.objects.filter(code=written.code).exists():
        deed.refuse("policy.code_taken", {"code": written.code}, "rule")
    deed.check()
    policy = deed.create(Policy(owner_id=owner, code=written.code))
    return _add_edition(deed, policy, written, writer=True)


@action("policy.write", permission=KEEP)
def write_edition(deed: Deed, *, policy: int, version: int | None, told: EditionTold) -> PolicyEdition:
    """Write what a policy is to say from a day on: a new draft, or a change of the open one, which unchecks it.

    Parameters
    ----------
    deed : Deed
        Who writes.
    policy : int
        The policy.
    version : int or None
        Version of the open draft; None where there is none yet.
    told : EditionTold
        What it is to say.

    Raises
    ------
    BridgeheadError
        Those of `enter_policy`; ``policy.other_code`` where the rule is of another id; ``policy.change_in_the_past``
        where it would change what was told before today; ``policy.no_change``.

    Articles: 76
    """
    record = deed.lock(Policy, policy)
    deed.require_in(record.owner_id)
    written = _written(deed, told)
    if written.code and written.code != record.code:
        deed.refuse("policy.other_code", {"code": written.code, "policy": record.code}, "rule")
    _refuse_past(deed, record, written.holds_from)
    draft = record.editions.filter(state__in=(State.DRAFT, State.CHECKED)).first()
    if draft is not None and version is None:
        raise BridgeheadError("policy.draft_open", {"number": draft.number})
    if draft is None:
        last = record.editions.filter(state=State.PUBLISHED).first()
        if last is not None and last.sha256 == written.sha256 and last.holds_from == written.holds_from:
            deed.refuse("policy.no_change", {"number": last.number}, "rule")
        deed.check()
        return _add_edition(deed, record, written, writer=True)
    deed.check()
    row = deed.lock(PolicyEdition, draft.pk, version)
    return deed.change(row, **written.columns, writers=_with(row, deed), **_UNCHECKED, returned="")


@action("policy.check", permission=KEEP)
def check_edition(
    deed: Deed, *, edition: int, version: int, compared_with: str, expires_on: date | None
) -> PolicyEdition:
    """Sign that an edition agrees with its source, and until when that may be relied on.

    A published edition is checked anew the same way when its check runs out; whoever published it cannot.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``policy.check_ends_too_soon``,
        ``policy.check_ends_too_late``, ``policy.only_recalled``, ``policy.evidence_not_allowed``,
        ``policy.of_another_region``, ``policy.scope_not_allowed``, ``policy.own_publication``,
        ``policy.not_to_check``.

    Articles: 76
    """
    row = deed.lock(PolicyEdition, edition, version)
    deed.require_in(row.owner_id)
    said = needed(deed, compared_with, "compared_with")
    day = today(deed)
    if expires_on is None:
        deed.refuse("form.missing", {}, "expires_on")
    elif expires_on <= day:
        deed.refuse("policy.check_ends_too_soon", {"day": str(expires_on)}, "expires_on")
    elif expires_on > day + timedelta(days=LONGEST_CHECK_DAYS):
        deed.refuse("policy.check_ends_too_late", {"day": str(expires_on), "days": LONGEST_CHECK_DAYS}, "expires_on")
    if row.state == State.DROPPED:
        deed.refuse("policy.not_to_check", {})
    for fault in unfit_to_publish(read_rule(row.rule)):
        deed.refuse(fault.code, fault.parameters, RULE)
    if deed.by.person_id is not None and deed.by.person_id == row.published_by:
        deed.refuse("policy.own_publication", {})
    deed.check()
    checked = {
        "checked_by": deed.by.person_id or 0,
        "checker": deed.by.name,
        "checked_on": day,
        "check_expires_on": expires_on,
        "compared_with": said,
        "returned": "",
    }
    if row.state == State.PUBLISHED:
        return deed.change(row, **checked)
    return deed.change(row, **checked, state=State.CHECKED, writers=_with(row, deed))


@action("policy.publish", permission=APPROVE)
def publish_edition(deed: Deed, *, edition: int, version: int) -> PolicyEdition:
    """Publish an edition others wrote and checked: from its day on, questions are answered by it.

    Raises
    ------
    BridgeheadError
        With all of ``policy.not_checked``, ``policy.check_over``, ``policy.own_work``, ``policy.only_recalled``,
        ``policy.evidence_not_allowed``, ``policy.of_another_region``, ``policy.scope_not_allowed``,
        ``policy.change_in_the_past``.

    Articles: 76
    """
    row, policy = _waiting(deed, edition, version)
    if row.check_expires_on is not None and row.check_expires_on < today(deed):
        deed.refuse("policy.check_over", {"day": str(row.check_expires_on)})
    for fault in unfit_to_publish(read_rule(row.rule)):
        deed.refuse(fault.code, fault.parameters, RULE)
    _refuse_past(deed, policy, row.holds_from)
    deed.check()
    row = deed.change(
        row, state=State.PUBLISHED, is_open=True, published_by=deed.by.person_id, published_at=deed.at, returned=""
    )
    deed.change(policy, is_open=True, published=row.number, withdrawn_on=None, reason="")
    return row


@action("policy.return", permission=APPROVE)
def return_edition(deed: Deed, *, edition: int, version: int) -> PolicyEdition:
    """Send a checked edition back to whoever wrote it, with a reason.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``policy.not_checked``, ``policy.own_work``.
    """
    row, _ = _waiting(deed, edition, version)
    reason = give_reason(deed)
    deed.check()
    return deed.change(row, **_UNCHECKED, returned=reason)


@action("policy.drop", permission=KEEP)
def drop_edition(deed: Deed, *, edition: int, version: int) -> PolicyEdition:
    """Drop a draft that is not wanted any more; its text is kept.

    Raises
    ------
    BridgeheadError
        ``policy.not_a_draft``.
    """
    row = deed.lock(PolicyEdition, edition, version)
    deed.require_in(row.owner_id)
    if row.state not in (State.DRAFT, State.CHECKED):
        deed.refuse("policy.not_a_draft", {})
    deed.check()
    return deed.change(row, **{**_UNCHECKED, "state": State.DROPPED})


@action("policy.withdraw", permission=APPROVE)
def withdraw_policy(deed: Deed, *, policy: int, version: int) -> Policy:
    """Withdraw a policy from today on, with a reason: no question is answered by it any more, old answers stay.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``policy.not_published``, ``policy.withdrawn``.
    """
    record = deed.lock(Policy, policy, version)
    deed.require_in(record.owner_id)
    reason = give_reason(deed)
    if record.withdrawn_on is not None:
        deed.refuse("policy.withdrawn", {"on": str(record.withdrawn_on)})
    elif not record.is_open:
        deed.refuse("policy.not_published", {})
    deed.check()
    return deed.change(record, withdrawn_on=today(deed), reason=reason)


_UNCHECKED = {
    "state": State.DRAFT,
    "checked_by": None,
    "checker": "",
    "checked_on": None,
    "check_expires_on": None,
    "compared_with": "",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, read: the id of its rule, and what an edition keeps of it."""

    code: str
    rule: str
    words: Mapping[str, Mapping[str, str]]
    holds_from: date
    change: str = ""

    @property
    def sha256(self) -> str:
        """Digest of the rule and its words."""
        return content_hash({"rule": self.rule, "words": self.words})

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of an edition that it fills."""
        told = {"rule": self.rule, "words": self.words, "sha256": self.sha256}
        return {**told, "holds_from": self.holds_from, "change": self.change}


def _written(deed: Deed, told: EditionTold) -> Written:
    """Return what was written, noting everything that is wrong with it."""
    rule = fitting(deed, told.rule, "rule", LONGEST_RULE)
    code, valid_from = "", today(deed)
    if not rule:
        deed.refuse("form.missing", {}, "rule")
    else:
        try:
            read = read_rule(rule)
            code, valid_from = read.id, read.valid_from
        except BridgeheadError as refused:
            for fault in refused.faults:
                deed.refuse(fault.code, {**fault.parameters, "line": fault.place.row}, "rule")
    words = {
        kind: {
            language: said
            for language, text in told.words.get(kind, {}).items()
            if (said := fitting(deed, text, f"{kind}_{language}", most))
        }
        for kind, most in LONGEST_WORDS.items()
    }
    for language in LANGUAGES_NEEDED:
        if not words["title"].get(language):
            deed.refuse("form.missing", {}, f"title_{language}")
    change = fitting(deed, told.change, "change")
    return Written(code, rule, words, told.holds_from or valid_from, change)


def _refuse_past(deed: Deed, policy: Policy, holds_from: date) -> None:
    """Note the fault where an edition would change what a policy said before today."""
    before = policy.editions.filter(state=State.PUBLISHED).exists()
    if before and holds_from < today(deed):
        deed.refuse("policy.change_in_the_past", {"day": str(holds_from)}, "holds_from")


def _add_edition(deed: Deed, policy: Policy, written: Written, *, writer: bool = False) -> PolicyEdition:
    last = policy.editions.order_by("-number").values_list("number", flat=True).first()
    return deed.create(
        PolicyEdition(
            policy=policy,
            owner_id=policy.owner_id,
            number=(last or 0) + 1,
            writers=[deed.by.person_id] if writer and deed.by.person_id is not None else [],
            **written.columns,
        )
    )


def _with(row: PolicyEdition, deed: Deed) -> list[int]:
    """Return who wrote at an edition, with whoever writes now."""
    now = {deed.by.person_id} - {None}
    return sorted({*row.writers, *now})


def _waiting(deed: Deed, edition: int, version: int) -> tuple[PolicyEdition, Policy]:
    """Return an edition that waits for a second person, and its policy, both held."""
    row = deed.lock(PolicyEdition, edition, version)
    deed.require_in(row.owner_id)
    if row.state != State.CHECKED:
        deed.refuse("policy.not_checked", {})
    if deed.by.person_id is not None and deed.by.person_id in row.writers:
        deed.refuse("policy.own_work", {})
    deed.check()
    return row, deed.lock(Policy, row.policy_id)
