"""What waits in the policy library for those who keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.eligibility.policies import Policy as Rule
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.desk.models import Policy, PolicyEdition
from bridgehead.rooms.desk.rules import read_rule, shipped, unfit_to_publish
from bridgehead.rooms.desk.selectors.editions import answering
from bridgehead.rooms.desk.selectors.library import word_of

State = PolicyEdition.State


@dataclass(frozen=True, slots=True)
class Waiting:
    """An edition somebody has to do something about."""

    edition: PolicyEdition
    rule: Rule

    @property
    def title(self) -> str:
        """Its title in the language of the request."""
        return word_of(self.edition)


@dataclass(frozen=True, slots=True)
class PolicyDesk:
    """What waits in the library: to be approved, to be checked, checked again soon, and what must stay a draft."""

    says: str
    to_approve: Sequence[Waiting]
    to_check: Sequence[Waiting]
    runs_out: Sequence[Waiting]
    kept_back: Sequence[Waiting]
    to_take_over: int


SOON_DAYS = 30


def policy_desk(viewer: Viewer) -> PolicyDesk:
    """Return what waits in the library for somebody who keeps it.

    Articles: 76
    """
    today = timezone.localdate()
    owners = viewer.owners_in("policies")
    rows = visible(PolicyEdition, viewer).filter(owner__in=owners).select_related("policy").order_by("policy__code")
    if viewer.wholly("policies"):
        rows = visible(PolicyEdition, viewer).select_related("policy").order_by("policy__code")
    to_approve, to_check, kept_back = [], [], []
    for row in rows.filter(state__in=(State.DRAFT, State.CHECKED)):
        one = Waiting(row, read_rule(row.rule))
        if row.state == State.CHECKED:
            to_approve.append(one)
        elif unfit_to_publish(one.rule):
            kept_back.append(one)
        else:
            to_check.append(one)
    current_ids = {one.edition.pk for one in answering()}
    runs_out = [
        Waiting(row, read_rule(row.rule))
        for row in rows.filter(state=State.PUBLISHED, pk__in=current_ids).order_by("check_expires_on")
        if row.check_expires_on and (row.check_expires_on - today).days <= SOON_DAYS
    ]
    known = dict(Policy.objects.values_list("code", "region_sha256"))
    new = sum(known.get(one.code) != one.sha256 for one in shipped())
    return PolicyDesk(_says(len(to_approve), len(to_check)), to_approve, to_check, runs_out, kept_back, new)


def _says(to_approve: int, to_check: int) -> str:
    if to_approve:
        return ngettext("%(n)s 项政策等您批准", "%(n)s 项政策等您批准", to_approve) % {"n": to_approve}
    if to_check:
        return ngettext("%(n)s 项政策等核对", "%(n)s 项政策等核对", to_check) % {"n": to_check}
    return pgettext("desk", "没有等着办的政策")
