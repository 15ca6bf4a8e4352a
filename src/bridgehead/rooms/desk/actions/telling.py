"""Telling firms of policies they are entitled to and have not applied for."""

from __future__ import annotations

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import today
from bridgehead.rooms.desk.models import Policy, PolicyClaim
from bridgehead.rooms.desk.notices import notify
from bridgehead.rooms.desk.selectors.editions import answering
from bridgehead.rooms.desk.selectors.firms import untold
from bridgehead.rooms.desk.who import KEEP


@action("policy.tell_firms", permission=KEEP)
def tell_firms(deed: Deed, *, policy: int) -> int:
    """Tell the firms that consented, are entitled to a policy and have neither applied nor been told; return how many.

    Who it fits is worked out here anew. A firm is told once: from then on it says itself how it stands.

    Raises
    ------
    BridgeheadError
        ``policy.no_such_policy`` for one that answers nothing today, ``policy.nobody_to_tell``.

    Articles: 51, 76
    """
    record = deed.lock(Policy, policy)
    deed.require_in(record.owner_id)
    found = untold(record.code)
    if not found:
        deed.refuse("policy.nobody_to_tell", {})
    deed.check()
    edition = next(one.edition for one in answering() if one.policy.pk == record.pk)
    about = ("desk:policy", {"policy": record.code})
    with as_system("telling firms of a policy that fits them"):
        for firm in found:
            deed.create(PolicyClaim(owner=firm, policy=record, state=PolicyClaim.State.TOLD, on=today(deed)))
            notify(deed, firm=firm.pk, kind="policy_fits", about=about, words={"title": edition.words["title"]})
    return len(found)
