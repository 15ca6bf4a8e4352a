"""What a person may do today: memberships, mandates of their organisations, absences they stand in for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.utils import timezone

from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import ANONYMOUS, Grant, Viewer, as_system
from bridgehead.ground.models import Delegation, Mandate, Membership, Organisation, Person
from bridgehead.kernel.errors import BridgeheadError

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
        held = _memberships(person, day)
        held += _delegations(person, day, (grant.organisation_id for grant in held))
        held += _mandates(held, day)
        needed = {grant.organisation_id for grant in held if "offices" in grant.meaning.sees}
        below = _below(needed)
        grants = tuple(
            replace(grant, below=below[grant.organisation_id]) if grant.organisation_id in below else grant
            for grant in held
        )
        bodies: frozenset[int] = frozenset()
        if any("public_bodies" in grant.meaning.sees for grant in grants):
            bodies = frozenset(Organisation.objects.filter(is_public=True).values_list("id", flat=True))
    return Viewer(int(person.pk), person.name, grants, bodies, request=request)


def in_force(day: date, prefix: str = "") -> Q:
    """Return the filter for memberships, mandates or delegations that hold on a day."""
    begun = Q(**{f"{prefix}starts_on__lte": day})
    lasting = Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    not_taken_back = Q(**{f"{prefix}withdrawn_on__isnull": True}) | Q(**{f"{prefix}withdrawn_on__gt": day})
    return begun & lasting & not_taken_back


def open_on(day: date, prefix: str = "") -> Q:
    """Return the filter for organisations that are not closed on a day."""
    return Q(**{f"{prefix}closed_on__isnull": True}) | Q(**{f"{prefix}closed_on__gt": day})


def _memberships(person: Person, day: date) -> list[Grant]:
    rows = Membership.objects.filter(in_force(day), open_on(day, "organisation__"), person=person)
    return [
        Grant(row.organisation_id, row.role, row.ends_on) for row in rows.order_by("id") if row.role in roles().roles
    ]


def _delegations(person: Person, day: date, colleagues_in: Iterable[int]) -> list[Grant]:
    """Return what somebody holds as a stand-in: while they are colleagues and the membership itself holds."""
    rows = Delegation.objects.filter(
        in_force(day),
        in_force(day, "membership__"),
        open_on(day, "organisation__"),
        delegate=person,
        delegator__is_active=True,
        organisation__in=set(colleagues_in),
    ).select_related("membership")
    return [
        Grant(row.organisation_id, row.membership.role, _earlier(row), delegation_id=int(row.pk))
        for row in rows.order_by("id")
        if row.membership.role in roles().roles
    ]


def _earlier(row: Delegation) -> date:
    last = row.membership.ends_on
    return row.ends_on if last is None else min(row.ends_on, last)


def _mandates(held: Iterable[Grant], day: date) -> list[Grant]:
    """Return what brokers hold for the enterprises that mandated their organisation."""
    agents = {grant.organisation_id for grant in held if grant.role in ("broker", "enterprise_admin")}
    if not agents:
        return []
    rows = Mandate.objects.filter(in_force(day), open_on(day, "principal__"), agent__in=agents)
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


def _below(tops: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Return all organisations below each of some, read in one query."""
    wanted = set(tops)
    if not wanted:
        return {}
    children: dict[int, list[int]] = {}
    above = Q(parent__isnull=False) | Q(reports_to__isnull=False)
    for pk, *tops_of in Organisation.objects.filter(above).values_list("id", "parent_id", "reports_to_id"):
        for top in filter(None, tops_of):
            children.setdefault(top, []).append(pk)
    found: dict[int, frozenset[int]] = {}
    for top in wanted:
        seen: set[int] = set()
        waiting = list(children.get(top, ()))
        while waiting:
            pk = waiting.pop()
            if pk not in seen:
                seen.add(pk)
                waiting += children.get(pk, ())
        found[top] = frozenset(seen)
    return found


def refuse_after_mandate(viewer: Viewer, principal_id: int | None) -> None:
    """Tell somebody that a mandate they acted under is over, if that is why they may not act for an enterprise.

    Raises
    ------
    BridgeheadError
        ``action.mandate_over``; nothing is raised for whoever never had one.
    """
    agents = {grant.organisation_id for grant in viewer.grants if grant.mandate_id is None}
    if principal_id is None or not agents or any(grant.organisation_id == principal_id for grant in viewer.grants):
        return
    with as_system("looking for an earlier mandate"):
        rows = Mandate.objects.filter(principal_id=principal_id, agent__in=agents, starts_on__lte=today())
        last = rows.select_related("principal").order_by("-ends_on", "-id").first()
    if last is not None and (last.withdrawn_on is not None or last.ends_on < today()):
        ended = min(last.ends_on, last.withdrawn_on or last.ends_on)
        raise BridgeheadError("action.mandate_over", {"principal": last.principal.name_zh, "on": ended.isoformat()})
