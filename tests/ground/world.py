"""A small world for the tests of the ground: offices, two enterprises, brokers, and people in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bridgehead.ground.access.grants import today, viewer_of
from bridgehead.ground.access.viewer import Viewer, system
from bridgehead.ground.models import Mandate, Organisation, Person
from bridgehead.ground.people.accounts import register_person
from bridgehead.ground.people.memberships import appoint
from bridgehead.ground.people.organisations import create_organisation
from bridgehead.ground.people.standing_in import give_mandate

BY = system("tests")
BEGAN = date(2026, 1, 1)


def organisation(
    code: str, kind: str, name: str = "", parent: Organisation | None = None, office: Organisation | None = None
) -> Organisation:
    """Return a new organisation."""
    return create_organisation(
        by=BY,
        code=code,
        kind=kind,
        name_zh=name or f"单位 {code}",
        parent=parent.pk if parent else None,
        office=office.pk if office else None,
    )


def member(at: Organisation, role: str, login: str = "", name: str = "") -> Person:
    """Return a new person with a role in an organisation."""
    login = login or f"{at.code}-{role}".replace("_", "-")
    person = register_person(by=BY, login=login, name=name or login)
    appoint(by=BY, person=person.pk, organisation=at.pk, role=role, starts_on=BEGAN)
    return person


def mandate(principal: Organisation, agent: Organisation, *scopes: str, days: int = 30, note: str = "") -> Mandate:
    """Return a new mandate that began with the year."""
    return give_mandate(
        by=BY,
        principal=principal.pk,
        agent=agent.pk,
        scopes=scopes,
        starts_on=BEGAN,
        ends_on=today() + timedelta(days=days),
        note=note,
    )


@dataclass(frozen=True)
class World:
    """Who is there."""

    region: Organisation
    office: Organisation
    other_office: Organisation
    alpha: Organisation
    bravo: Organisation
    broker: Organisation

    def viewer(self, at: Organisation, role: str) -> Viewer:
        """Return a new person with a role as a viewer."""
        return viewer_of(member(at, role))


def world() -> World:
    """Make the world."""
    region = organisation("region", "government")
    office = organisation("office", "department", parent=region)
    other = organisation("other-office", "department", parent=region)
    return World(
        region,
        office,
        other,
        organisation("alpha", "enterprise", "甲公司", office=office),
        organisation("bravo", "enterprise", "乙公司", office=other),
        organisation("broker", "broker", "报关行", office=office),
    )
