"""Actions on memberships: who holds which role where."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.roles import roles
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Membership, Organisation, Person


@action("membership.appoint", permission="member.manage")
def appoint(
    deed: Deed,
    *,
    person: int,
    organisation: int,
    role: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Give somebody a role in an organisation.

    Raises
    ------
    BridgeheadError
        ``membership.to_oneself`` for a role given to oneself; ``membership.unknown_role``,
        ``membership.role_not_here``, ``membership.not_yours_to_give``, ``membership.already_held``,
        ``membership.ends_before_start``, ``membership.organisation_closed``.
    """
    at = deed.lock(Organisation, organisation)
    deed.require_in(at.pk)
    who = deed.lock(Person, person)
    begin = starts_on or today()
    if deed.by.person_id == who.pk:
        deed.refuse("membership.to_oneself", {"role": role}, "person")
    _fits(deed, at, role)
    if ends_on is not None and ends_on < begin:
        deed.refuse("membership.ends_before_start", {"from": begin.isoformat(), "to": ends_on.isoformat()}, "ends_on")
    overlapping = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=begin), person=who, organisation=at, role=role
    )
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    if overlapping.exists():
        deed.refuse("membership.already_held", {"person": who.name, "role": role, "organisation": at.name_zh}, "role")
    deed.check()
    return deed.create(Membership(person=who, organisation=at, role=role, starts_on=begin, ends_on=ends_on))


def _fits(deed: Deed, at: Organisation, role: str) -> None:
    """Refuse a role that is none, that cannot be held there, or that the one who appoints may not give."""
    known = roles().roles
    if role not in known:
        deed.refuse("membership.unknown_role", {"role": role, "known": list(known)}, "role")
        return
    if at.closed_on is not None:
        deed.refuse("membership.organisation_closed", {"organisation": at.name_zh}, "organisation")
    if at.kind not in known[role].kinds:
        deed.refuse("membership.role_not_here", {"role": role, "organisation": at.name_zh, "kind": at.kind}, "role")
    if not _may_give(deed, at, role):
        deed.refuse("membership.not_yours_to_give", {"role": role}, "role")


def _may_give(deed: Deed, at: Organisation, role: str) -> bool:
    """Tell whether the one who acts may give and take a role: by a membership of theirs, not as a stand-in."""
    if deed.by.system:
        return True
    return any(
        role in grant.meaning.grants_everywhere or (role in grant.meaning.grants and grant.organisation_id == at.pk)
        for grant in deed.by.grants
        if grant.mandate_id is None and grant.delegation_id is None
    )


@action("membership.end", permission="member.manage")
def end_membership(deed: Deed, *, membership: int, version: int, on: date | None = None) -> Membership:
    """End a membership after a day, today by default; one that would begin later never begins.

    Raises
    ------
    BridgeheadError
        ``membership.not_yours_to_give``, ``membership.last_administrator``, ``membership.ended``.
    """
    record = deed.lock(Membership, membership, version)
    deed.require_in(record.organisation_id)
    last = max(on or today(), record.starts_on)
    if record.ends_on is not None and record.ends_on < today():
        deed.refuse("membership.ended", {"on": record.ends_on.isoformat()})
    if not _may_give(deed, record.organisation, record.role):
        deed.refuse("membership.not_yours_to_give", {"role": record.role})
    if record.role == "administrator" and not _another_administrator(record, last):
        deed.refuse("membership.last_administrator", {})
    deed.check()
    # The last day counts, so a role taken today would hold until midnight: it ends yesterday where it can.
    if on is None and record.starts_on < last:
        last -= timedelta(days=1)
    return deed.change(record, ends_on=last)


def _another_administrator(record: Membership, day: date) -> bool:
    others = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day), role="administrator", starts_on__lte=day, person__is_active=True
    )
    return others.exclude(pk=record.pk).exclude(person_id=record.person_id).exists()
