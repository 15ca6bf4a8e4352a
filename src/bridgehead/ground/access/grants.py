"""What a person may do today: memberships, mandates of their organisations, absences they stand in for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q
from django.utils import timezone

from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import ANONYMOUS, Grant, Viewer, as_system
from bridgehead.ground.models import Delegation, Mandate, Membership, Organisation, Person

DIRECTORY = "directory"
"""Whoever acts for an enterprise sees who it is."""


def today() -> date:
    """Return the day it is in the region, by which memberships and mandates begin and end."""
    return timezone.localdate()


def viewer_of(person: Person | None, request: str = "", on: date | None = None) -> Viewer:
    """Return a person as a viewer, with what they hold on a day.

    Parameters
    ----------
    person : Person or None
        None, or somebody who may not sign in any more, is an anonymous visitor.
    request : str
        Id of the request.
    on : date, optional
        Today by default.
    """
    if person is None or not person.is_active:
        return ANONYMOUS.in_request(request)
    day = on or today()
    with as_system("reading grants"):
        held = [*_memberships(person, day), *_delegations(person, day)]
        held += _mandates(held, day)
        needed = {grant.organisation_id for grant in held if "offices" in grant.meaning.sees}
        below = _below(needed)
        grants = tuple(
            grant if grant.organisation_id not in below else _with(grant, below[grant.organisation_id])
            for grant in held
        )
        bodies: frozenset[int] = frozenset()
        if any("public_bodies" in grant.meaning.sees for grant in grants):
            bodies = frozenset(Organisation.objects.filter(is_public=True).values_list("id", flat=True))
    return Viewer(int(person.pk), person.name, grants, bodies, request=request)


def _in_force(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def _memberships(person: Person, day: date) -> list[Grant]:
    rows = Membership.objects.filter(_in_force(day), person=person, organisation__closed_on__isnull=True)
    return [
        Grant(row.organisation_id, row.role, row.ends_on) for row in rows.order_by("id") if row.role in roles().roles
    ]


def _delegations(person: Person, day: date) -> list[Grant]:
    rows = Delegation.objects.filter(
        _in_force(day),
        Q(membership__ends_on__isnull=True) | Q(membership__ends_on__gte=day),
        delegate=person,
        withdrawn_on__isnull=True,
        delegator__is_active=True,
        organisation__closed_on__isnull=True,
    ).select_related("membership")
    return [
        Grant(row.organisation_id, row.membership.role, row.ends_on, delegation_id=int(row.pk))
        for row in rows.order_by("id")
    ]


def _mandates(held: Iterable[Grant], day: date) -> list[Grant]:
    """Return what brokers hold for the enterprises that mandated their organisation."""
    agents = {grant.organisation_id for grant in held if grant.role in ("broker", "enterprise_admin")}
    if not agents:
        return []
    rows = Mandate.objects.filter(
        _in_force(day), agent__in=agents, withdrawn_on__isnull=True, principal__closed_on__isnull=True
    )
    return [
        Grant(
            row.principal_id,
            "broker",
            row.ends_on,
            mandate_id=int(row.pk),
            scopes=frozenset(row.scopes) | {DIRECTORY},
            member_of=row.agent_id,
        )
        for row in rows.order_by("id")
    ]


def _with(grant: Grant, below: frozenset[int]) -> Grant:
    return Grant(
        grant.organisation_id, grant.role, grant.until, below, grant.mandate_id, grant.delegation_id, grant.scopes
    )


def _below(tops: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Return all organisations below each of some, read in one query."""
    tops = set(tops)
    if not tops:
        return {}
    children: dict[int, list[int]] = {}
    for pk, parent in Organisation.objects.filter(parent__isnull=False).values_list("id", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found: dict[int, frozenset[int]] = {}
    for top in tops:
        seen: set[int] = set()
        waiting = list(children.get(top, ()))
        while waiting:
            pk = waiting.pop()
            if pk not in seen:
                seen.add(pk)
                waiting += children.get(pk, ())
        found[top] = frozenset(seen)
    return found
