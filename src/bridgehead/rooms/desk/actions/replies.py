"""Actions on public replies: wording an answered question anew, a second person's release, withdrawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import category, normalize

from bridgehead.engines.cases.machine import Outcome
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.models import Membership
from bridgehead.ground.told import give_reason, today
from bridgehead.kernel.bigrams import Part, phrase, spans
from bridgehead.rooms.desk.models import Case, Policy, PublicReply
from bridgehead.rooms.desk.notices import notify
from bridgehead.rooms.desk.tags import listed
from bridgehead.rooms.desk.texts import Texts, checked
from bridgehead.rooms.desk.who import HANDLE, OFFER, RELEASE

LIMITS = {"question": 300, "answer": 6_000}
LONGEST_LIFE = timedelta(days=800)
MOST_POLICIES = 5
SERVICE, MAY_PUBLISH = "policy_question", "may_publish"
SHORTEST_NAME = 2
State = PublicReply.State


@dataclass(frozen=True, slots=True)
class ReplyTold:
    """What somebody writes of a reply; the codes of its policies, separated by commas."""

    texts: Texts
    expires_on: date | None
    policies: str = ""


def may_become_public(case: Case) -> bool:
    """Tell whether a case is a question that was answered and whose asker lets the answer be published."""
    return case.service == SERVICE and case.outcome == Outcome.ANSWERED and case.form.get(MAY_PUBLISH) is True


@action("reply.write", permission=OFFER)
def write_reply(deed: Deed, *, case: int, told: ReplyTold) -> PublicReply:
    """Word an answered question and its answer for everybody, as a draft.

    Raises
    ------
    BridgeheadError
        With all of ``reply.not_for_the_public``, ``reply.there_is_one``, ``reply.tells_who_asked``,
        ``reply.unknown_policy``, ``reply.withdrawn_policy``, ``reply.too_many_policies``, ``reply.expires_too_soon``,
        ``reply.expires_too_late``,
        ``form.missing``, ``form.text_too_long``.

    Articles: 51
    """
    row = deed.lock(Case, case)
    deed.require_in(row.office_id)
    deed.require(HANDLE, row.office_id)
    if not may_become_public(row):
        deed.refuse("reply.not_for_the_public", {})
    with as_system("looking for a reply another office may have begun"):
        if PublicReply.objects.filter(case=row).exclude(state=State.WITHDRAWN).exists():
            deed.refuse("reply.there_is_one", {})
    columns = _columns(deed, told, row)
    deed.check()
    by = deed.by.person_id
    return deed.create(
        PublicReply(owner_id=row.office_id, case=row, written_by=by, writers=[by] if by else [], **columns)
    )


@action("reply.change", permission=OFFER)
def change_reply(deed: Deed, *, reply: int, version: int, told: ReplyTold) -> PublicReply:
    """Change a draft.

    Raises
    ------
    BridgeheadError
        Those of `write_reply`, ``reply.not_a_draft``.

    Articles: 51
    """
    row = _draft(deed, reply, version)
    columns = _columns(deed, told, _case(row))
    deed.check()
    by = deed.by.person_id
    return deed.change(row, **columns, writers=sorted({*row.writers, by} - {None}), written_by=by, returned="")


@action("reply.release", permission=RELEASE)
def release_reply(deed: Deed, *, reply: int, version: int) -> PublicReply:
    """Release a reply others wrote: everybody reads it, and whoever asked is told.

    Raises
    ------
    BridgeheadError
        With all of ``reply.not_a_draft``, ``reply.own_work``, ``reply.not_for_the_public``, ``reply.tells_who_asked``,
        ``reply.withdrawn_policy``, ``reply.expires_too_soon``.

    Articles: 51
    """
    row = _draft(deed, reply, version)
    case = _case(row)
    _refuse_own_work(deed, row)
    if not may_become_public(case):
        deed.refuse("reply.not_for_the_public", {})
    _refuse_telling(deed, row.texts, case)
    _refuse_withdrawn(deed, listed(row.policies))
    if row.expires_on < today(deed):
        deed.refuse("reply.expires_too_soon", {"day": str(row.expires_on)}, "expires_on")
    deed.check()
    released = {"state": State.RELEASED, "is_open": True, "released_by": deed.by.person_id, "released_at": deed.at}
    row = deed.change(row, **released, returned="")
    about, words = ("desk:reply", {"reply": row.pk}), {"question": row.texts["question"]}
    notify(deed, firm=case.owner_id, kind="question_public", about=about, words=words)
    return row


@action("reply.return", permission=RELEASE)
def return_reply(deed: Deed, *, reply: int, version: int) -> PublicReply:
    """Send a draft back to whoever wrote it, with a reason.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``reply.not_a_draft``, ``reply.own_work``.
    """
    row = _draft(deed, reply, version)
    reason = give_reason(deed)
    _refuse_own_work(deed, row)
    deed.check()
    return deed.change(row, returned=reason)


@action("reply.withdraw", permission=RELEASE)
def withdraw_reply(deed: Deed, *, reply: int, version: int) -> PublicReply:
    """Withdraw a reply, with a reason: nobody outside its office reads it any more.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``reply.not_released``.
    """
    row = deed.lock(PublicReply, reply, version)
    deed.require_in(row.owner_id)
    reason = give_reason(deed)
    if row.state != State.RELEASED:
        deed.refuse("reply.not_released", {})
    deed.check()
    return deed.change(row, state=State.WITHDRAWN, is_open=False, reason=reason)


def _draft(deed: Deed, reply: int, version: int) -> PublicReply:
    row = deed.lock(PublicReply, reply, version)
    deed.require_in(row.owner_id)
    if row.state != State.DRAFT:
        deed.refuse("reply.not_a_draft", {})
    return row


def _case(row: PublicReply) -> Case:
    """Return the case of a reply; whoever keeps replies of an office need not see its cases."""
    with as_system("comparing a public reply with the case it came from"):
        return Case.objects.select_related("owner").get(pk=row.case_id)


def _refuse_own_work(deed: Deed, row: PublicReply) -> None:
    if deed.by.person_id is not None and deed.by.person_id in row.writers:
        deed.refuse("reply.own_work", {})


def _columns(deed: Deed, told: ReplyTold, case: Case) -> dict[str, object]:
    texts = checked(deed, told.texts, LIMITS, must=("question", "answer"))
    _refuse_telling(deed, told.texts, case)
    day = today(deed)
    if told.expires_on is None:
        deed.refuse("form.missing", {}, "expires_on")
    elif told.expires_on <= day:
        deed.refuse("reply.expires_too_soon", {"day": str(told.expires_on)}, "expires_on")
    elif told.expires_on > day + LONGEST_LIFE:
        deed.refuse("reply.expires_too_late", {"days": LONGEST_LIFE.days}, "expires_on")
    return {"texts": texts, "policies": _policies(deed, told.policies), "expires_on": told.expires_on}


def _policies(deed: Deed, text: str) -> str:
    """Return the codes of policies as they are kept, noting those that are not published."""
    codes = list(dict.fromkeys(listed(text.replace("，", ",").replace(" ", ""))))
    if len(codes) > MOST_POLICIES:
        deed.refuse("reply.too_many_policies", {"most": MOST_POLICIES}, "policies")
        return ""
    known = set(Policy.objects.filter(code__in=codes, is_open=True).values_list("code", flat=True))
    for code in codes:
        if code not in known:
            deed.refuse("reply.unknown_policy", {"policy": code[:100]}, "policies")
    _refuse_withdrawn(deed, codes)
    return f",{','.join(codes)}," if codes else ""


def _refuse_withdrawn(deed: Deed, codes: Sequence[str]) -> None:
    """Note every policy that a reply would rest on and that is no longer in use."""
    for policy in Policy.objects.filter(code__in=codes, withdrawn_on__isnull=False).order_by("code"):
        told = {"policy": policy.code, "on": str(policy.withdrawn_on)}
        deed.refuse("reply.withdrawn_policy", told, "policies")


def _refuse_telling(deed: Deed, texts: Texts, case: Case) -> None:
    """Note every field in which a name or number of whoever asked stands."""
    names = {one: phrase(Part(one, quoted=True)) for one in _telling(case) if len(one) >= SHORTEST_NAME}
    for kind in LIMITS:
        for code in LANGUAGES:
            text = _seen(texts.get(kind, {}).get(code, ""))
            closed_up = "".join(text.split())  # a blank inside a name hides nothing
            found = next((one for one, sought in names.items() if spans(f"{text}\n{closed_up}", (sought,))), "")
            if found:
                deed.refuse("reply.tells_who_asked", {"words": found}, f"{kind}_{code}")


def _seen(text: str) -> str:
    """Return a text as a reader sees it: without characters that show nothing, wide letters as narrow ones."""
    return "".join(one for one in normalize("NFKC", text) if category(one) != "Cf")


def _telling(case: Case) -> Iterable[str]:
    """Yield by what somebody would know who asked: names and numbers of the firm, its people, the case."""
    with as_system("looking for names that must not become public"):
        firm = case.owner
        yield from (firm.name_zh, firm.name_en, firm.uscc or "", case.number)
        yield from Membership.objects.filter(organisation=firm).values_list("person__name", flat=True)
