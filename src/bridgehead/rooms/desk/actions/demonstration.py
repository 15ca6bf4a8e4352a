"""The action that takes the demonstration of the desk away."""

from __future__ import annotations

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.demonstration.people import MARK_ZH
from bridgehead.ground.told import today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import FirmProfile, Policy, PolicyAnswer, PolicyClaim, PolicyEdition


@action("desk_demonstration.remove")
def remove_demonstration(deed: Deed) -> tuple[int, int]:
    """Remove what the demonstration made at the desk; a policy that real answers or editions rest on is withdrawn.

    Returns
    -------
    tuple of int
        How many records were removed, and how many policies withdrawn.
    """
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"})
    removed = withdrawn = 0
    for model in (PolicyClaim, PolicyAnswer, FirmProfile):
        for row in model.objects.filter(owner__demo=True):
            deed.remove(row)
            removed += 1
    rested_on = {one["policy"] for results in PolicyAnswer.objects.values_list("results", flat=True) for one in results}
    rested_on |= set(PolicyClaim.objects.values_list("policy__code", flat=True))
    for policy in Policy.objects.prefetch_related("editions"):
        editions = list(policy.editions.all())
        shown = [one for one in editions if one.is_open]
        if shown and not all(one.compared_with.endswith(MARK_ZH) for one in shown):
            continue
        if policy.code not in rested_on and all(map(_is_demonstration, editions)):
            for row in (*editions, policy):
                deed.remove(row)
                removed += 1
        elif shown and policy.withdrawn_on is None:
            deed.reason = MARK_ZH
            deed.change(deed.lock(Policy, policy.pk), withdrawn_on=today(deed), reason=MARK_ZH)
            withdrawn += 1
    return removed, withdrawn


def _is_demonstration(row: PolicyEdition) -> bool:
    """Tell whether no real person had a hand in an edition."""
    return row.compared_with.endswith(MARK_ZH) or (row.state == PolicyEdition.State.DRAFT and not row.writers)
