"""Actions on memberships: who holds which role where."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import language
from bridgehead.ground.models import Membership, Organisation, Person
from bridgehead.ground.people.accounts import refuse_without_administrator, register_person


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
        ``membership.ends_before_start``, ``membership.organisation_closed``, ``membership.person_inactive``.
    """
    at = deed.lock(Organisation, organisation)
    deed.require_in(at.pk)
    who = deed.lock(Person, person)
    begin = starts_on or today()
    if deed.by.person_id == who.pk:
        deed.refuse("membership.to_oneself", {"role": role_word(role)}, "person")
    if not who.is_active:
        deed.refuse("membership.person_inactive", {"person": who.name}, "person")
    _fits(deed, at, role)
    if ends_on is not None and ends_on < begin:
        deed.refuse("membership.ends_before_start", {"from": begin.isoformat(), "to": ends_on.isoformat()}, "ends_on")
    overlapping = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=begin), person=who, organisation=at, role=role, withdrawn_on=None
    )
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    if overlapping.exists():
        told = {"person": who.name, "role": role_word(role), "organisation": at.name_zh}
        deed.refuse("membership.already_held", told, "role")
    deed.check()
    deed.holds_from(begin)
    return deed.create(Membership(person=who, organisation=at, role=role, starts_on=begin, ends_on=ends_on))


@action("membership.enrol", permission="member.manage")
def enrol(
    deed: Deed,
    *,
    organisation: int,
    login: str,
    name: str,
    role: str,
    email: str = "",
    language: str = "zh",
    starts_on: date | None = None,
    ends_on: date | None = None,
    demo: bool = False,
) -> Membership:
    """Register somebody new in an organisation and give them a role there, both or neither.

    Raises
    ------
    BridgeheadError
        The faults of `register_person` or else those of `appoint`.
    """
    person = register_person(
        by=deed, login=login, name=name, email=email, language=language, organisation=organisation, demo=demo
    )
    return appoint(
        by=deed, person=person.pk, organisation=organisation, role=role, starts_on=starts_on, ends_on=ends_on
    )


def _fits(deed: Deed, at: Organisation, role: str) -> None:
    """Refuse a role that is none, that cannot be held there, or that the one who appoints may not give."""
    known = roles().roles
    if role not in known:
        deed.refuse("membership.unknown_role", {"role": role, "known": list(known)}, "role")
        return
    if at.closed_on is not None and at.closed_on <= today():
        deed.refuse("membership.organisation_closed", {"organisation": at.name_zh}, "organisation")
    if at.kind not in known[role].kinds:
        kind = roles().kinds[at.kind].in_language(language())
        told = {"role": role_word(role), "organisation": at.name_zh, "kind": kind}
        deed.refuse("membership.role_not_here", told, "role")
    if not may_give(deed.by, int(at.pk), role):
        deed.refuse("membership.not_yours_to_give", {"role": role_word(role)}, "role")


def role_word(role: str) -> str:
    """Return the name of a role in the language of whoever is told of it."""
    known = roles().roles.get(role)
    return known.word.in_language(language()) if known else role


def lasting_on(day: date) -> Q:
    """Return the filter for memberships that hold on a day or will."""
    return Q(withdrawn_on__isnull=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def may_give(viewer: Viewer, organisation_id: int, role: str) -> bool:
    """Tell whether somebody may give and take a role: by a membership of theirs, not as a stand-in."""
    if viewer.system:
        return True
    return any(
        role in grant.meaning.grants_everywhere
        or (role in grant.meaning.grants and grant.organisation_id == organisation_id)
        for grant in viewer.grants
        if grant.mandate_id is None and grant.delegation_id is None
    )


@action("membership.end", permission="member.manage")
def end_membership(deed: Deed, *, membership: int, version: int, on: date | None = None) -> Membership:
    """End a membership: at once, or with a day to come as its last. It is never made longer that way.

    Raises
    ------
    BridgeheadError
        ``membership.not_yours_to_give``, ``membership.last_administrator``, ``membership.ended``,
        ``membership.end_in_the_past``, ``membership.end_is_later``.
    """
    record = deed.lock(Membership, membership, version)
    deed.require_in(record.organisation_id)
    day = today()
    over = record.withdrawn_on or record.ends_on
    if record.withdrawn_on is not None or (record.ends_on is not None and record.ends_on < day):
        deed.refuse("membership.ended", {"on": over.isoformat() if over else ""})
    elif on is not None and on < max(day, record.starts_on):
        deed.refuse("membership.end_in_the_past", {"on": on.isoformat()}, "on")
    elif on is not None and record.ends_on is not None and on > record.ends_on:
        deed.refuse("membership.end_is_later", {"on": record.ends_on.isoformat()}, "on")
    if not may_give(deed.by, record.organisation_id, record.role):
        deed.refuse("membership.not_yours_to_give", {"role": role_word(record.role)})
    if record.role == "administrator":
        refuse_without_administrator(deed, Q(pk=record.pk))
    deed.check()
    if on is None:
        return deed.change(record, withdrawn_on=day)
    deed.holds_from(on + timedelta(days=1))  # the day is the last one in force
    return deed.change(record, ends_on=on)
