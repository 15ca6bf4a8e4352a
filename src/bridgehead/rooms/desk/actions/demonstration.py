"""The actions of the demonstration of the desk: telling a case that has been going on, taking everything away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridgehead.engines.cases.machine import Need, Role
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.demonstration.people import MARK_ZH
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.case_steps import course_with, record, settle
from bridgehead.rooms.desk.courses import begun_as, stand
from bridgehead.rooms.desk.models import (
    Case,
    CaseDraft,
    CaseEvent,
    CaseFile,
    FirmProfile,
    Notice,
    Policy,
    PolicyAnswer,
    PolicyClaim,
    PolicyEdition,
    PublicReply,
)
from bridgehead.rooms.desk.services import office_for, registered, service_of

BASIS = "regulation:45"
"""What made-up refusals rest on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a made-up case: when, which, by whom, what it came with."""

    at: datetime
    move: str
    by: Role
    given: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Story:
    """A made-up case: the firm, the service, what was filled in, when it was lodged and what happened since."""

    firm: Organisation
    service: str
    title: str
    form: Mapping[str, object]
    begun: datetime
    steps: Sequence[Step] = ()
    rating: int | None = None


@action("desk_demonstration.tell")
def tell_case(deed: Deed, *, story: Story) -> Case:
    """Tell a case as if it had been going on: lodged and moved at moments that are over, its clock as of now."""
    _only_the_platform(deed)
    service = service_of(story.service)
    office = office_for(service, story.firm, story.form)
    begins = CaseEvent(kind=CaseEvent.Kind.LODGED, at=story.begun, role=Role.TRADER, to_office=office)
    belongs = {"owner": story.firm, "lead": office, "office": office, "opened_at": story.begun}
    case = Case(**belongs, service=story.service, title=story.title, form=dict(story.form))
    case = deed.create(begun_as(case, begins))
    begins.body_id = story.firm.pk
    record(deed, case, begins)
    holder, basis, state = office, None, case.state
    for step in story.steps:
        event = CaseEvent(kind=CaseEvent.Kind.MOVED, at=step.at, role=step.by, move=step.move, given=dict(step.given))
        event.body_id = story.firm.pk if step.by is Role.TRADER else holder.pk
        move = service.machine.move(state, step.move)
        event.to_office = registered(service.office_after(move.to, office.code)) if move is not None else None
        _, found = course_with(case, event, step.at)
        holder, state = event.to_office or holder, found.state.id
        event.to_state = state
        record(deed, case, event)
        basis = {"id": BASIS, "label": step.given[Need.BASIS]} if Need.BASIS in step.given else basis
    found, _ = stand(case, deed.at)
    settle(deed, case, found, basis=basis, office_id=holder.pk)
    return deed.change(case, rating=story.rating)


def _only_the_platform(deed: Deed) -> None:
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"})


@action("desk_demonstration.remove")
def remove_demonstration(deed: Deed) -> tuple[int, int]:
    """Remove what the demonstration made at the desk; a policy that real answers or editions rest on is withdrawn.

    Returns
    -------
    tuple of int
        How many records were removed, and how many policies withdrawn.
    """
    _only_the_platform(deed)
    removed = withdrawn = 0
    # A notice of a case goes to its office, too, and an event without an owner is of a case all the same.
    for row in Notice.objects.filter(page="desk:case", kwargs__case__in=_demonstration_cases()):
        deed.remove(row)
        removed += 1
    made_up = PublicReply.objects.filter(case__owner__demo=True)
    told = Notice.objects.filter(page="desk:reply", kwargs__reply__in=list(made_up.values_list("pk", flat=True)))
    for row in (*told, *made_up):
        deed.remove(row)
        removed += 1
    for model in (CaseFile, CaseEvent):
        for row in model.objects.filter(case__owner__demo=True):
            deed.remove(row)
            removed += 1
    for model in (CaseFile, CaseDraft, Case, PolicyClaim, PolicyAnswer, FirmProfile):
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


def _demonstration_cases() -> list[int]:
    return list(Case.objects.filter(owner__demo=True).values_list("pk", flat=True))


def _is_demonstration(row: PolicyEdition) -> bool:
    """Tell whether no real person had a hand in an edition."""
    return row.compared_with.endswith(MARK_ZH) or (row.state == PolicyEdition.State.DRAFT and not row.writers)
