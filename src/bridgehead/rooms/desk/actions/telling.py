"""Telling firms of policies they are entitled to and have not applied for."""

from __future__ import annotations

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import today
from bridgehead.rooms.desk.models import Policy, PolicyClaim
from bridgehead.rooms.desk.notices import notify
from bridgehead.rooms.desk.rules import as_known
from bridgehead.rooms.desk.selectors.answering import as_answer, told_by
from bridgehead.rooms.desk.selectors.firms import untold
from bridgehead.rooms.desk.who import KEEP


@action("policy.tell_firms", permission=KEEP)
def tell_firms(deed: Deed, *, policy: int) -> int:
    """Tell the firms that consented, are entitled to a policy and have neither applied nor been told; return how many.

    Who it fits is worked out here anew. What each is told is kept as the answers it asks for itself are: the facts, the
    edition, the verdict and the amount. A firm is told once: from then on it says itself how it stands.

    Raises
    ------
    BridgeheadError
        ``policy.no_such_policy`` for one that answers nothing today, ``policy.nobody_to_tell``.

    Articles: 51, 76
    """
    record = deed.lock(Policy, policy)
    deed.require_in(record.owner_id)
    by, found = untold(record.code)
    if not found:
        deed.refuse("policy.nobody_to_tell", {})
    deed.check()
    about, words = ("desk:policy", {"policy": record.code}), {"title": by.edition.words["title"]}
    day = today(deed)
    with as_system("telling firms of a policy that fits them"):
        for firm, facts in found:
            answer = as_answer([told_by(by, as_known(facts), day)], facts, day, by.rule.subject)
            answer.owner, answer.told_by_id, answer.asked_at = firm, record.owner_id, deed.at
            claim = PolicyClaim(owner=firm, policy=record, state=PolicyClaim.State.TOLD, on=day)
            claim.answer = deed.create(answer)
            deed.create(claim)
            notify(deed, firm=firm.pk, kind="policy_fits", about=about, words=words)
    return len(found)
